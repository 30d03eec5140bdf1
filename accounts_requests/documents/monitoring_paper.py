"""Laporan Pemantauan dan Evaluasi Penerapan SOP on paper, in the table of PermenPANRB 35/2012.

Made once, when a judgement is written, and kept with it (``monitoring.keep``).
"""

from accounts_requests import words
from accounts_requests.document_codes import code_of
from accounts_requests.identity_numbers import format_nip
from accounts_requests.models import AuditChain, Monitoring, Office
from accounts_requests.models.monitoring import Conclusion
from accounts_requests.monitoring import JUDGEMENTS, Paper
from accounts_requests.report_periods import Period

from .paper import Signatory, file_name, office_context
from .renderer import render_pdf

TEMPLATE = "documents/monitoring.html"


def render(report: Monitoring) -> Paper:
    """The paper of a judgement, saved or not. Raises RenderingFailed."""
    period = Period(report.first, report.last)
    chain = AuditChain.objects.filter(pk=1).first()
    office = Office.current()
    judge = report.judged_by
    pdf = render_pdf(
        TEMPLATE,
        {
            **office_context(office),
            "report": report,
            "code": code_of(report.public_id),
            "period": period,
            "rows": [{**row, "judged": JUDGEMENTS[row["judgement"]]} for row in report.rows],
            "verdict": Conclusion(report.verdict).label,
            "judged_at": words.instant(report.judged_at),
            "place_and_date": f"{office.city}, "
            f"{words.long_date(report.judged_at.astimezone(words.ZONE).date())}",
            "signatory": Signatory(
                (f"{report.judged_as},",), judge.titled_name, judge.rank, format_nip(judge.nip)
            ),
            "approved_at": words.instant(report.judged_at),
            "chain_count": chain.count if chain else 0,
            "chain_head": words.grouped(chain.head) if chain else "",
        },
        title=f"Laporan Pemantauan dan Evaluasi Penerapan SOP {period}",
        identifier=f"monitoring:{report.public_id}",
        created=report.judged_at,
    )
    return Paper(data=pdf.data, pages=pdf.pages)


def name_of(report: Monitoring) -> str:
    """The file's name: ``Pemantauan-SOP-2026-01-01-2026-06-30-v1.pdf``."""
    return file_name("Pemantauan", "SOP", str(report.first), str(report.last), f"v{report.version}")
