"""Laporan Pelaksanaan SOP: the figures and pictures of a period on paper.

It belongs to no case: it is made when somebody asks for it and is not stored. It prints where the
audit trail stood, so that the records it was counted from can be told from later ones.
"""

import datetime as dt

from accounts_requests import pictures, words
from accounts_requests.figures import Figures
from accounts_requests.models import AuditChain, Office, User
from accounts_requests.report_periods import Period

from .paper import file_name, office_context
from .renderer import RenderedPdf, render_pdf

TEMPLATE = "documents/figures.html"


def render(found: Figures, *, at: dt.datetime, by: User) -> RenderedPdf:
    """The report as a PDF made at ``at`` (aware) for ``by``. Raises RenderingFailed."""
    chain = AuditChain.objects.filter(pk=1).first()
    return render_pdf(
        TEMPLATE,
        {
            **office_context(Office.current()),
            "figures": found,
            "pictures": pictures.of(found),
            "made_at": words.instant(at),
            "made_by": by.titled_name,
            "chain_count": chain.count if chain else 0,
            "chain_head": words.grouped(chain.head) if chain else "",
        },
        title=f"Laporan Pelaksanaan SOP {found.period}",
        identifier=f"figures:{found.period.first}:{found.period.last}:{at.isoformat()}",
        created=at,
    )


def name_of(period: Period) -> str:
    """The file's name: ``Laporan-SOP-2026-01-01-2026-06-30.pdf``."""
    return file_name("Laporan", "SOP", str(period.first), str(period.last))
