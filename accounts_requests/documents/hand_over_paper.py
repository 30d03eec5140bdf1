"""Daftar Serah Terima: what goes with a paket bukti, to be signed by both sides.

It lists each file with its SHA-256; made by the worker together with the package.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from accounts_requests import words
from accounts_requests.models import AccountRequest, AuditChain, EvidencePackage, Office

from .paper import office_context
from .renderer import RenderedPdf, render_pdf

TEMPLATE = "documents/hand_over.html"


def render(
    package: EvidencePackage, content: Sequence[dict[str, Any]], *, at: dt.datetime
) -> RenderedPdf:
    """The list as of ``at`` (UTC); ``content`` as in ``EvidenceHandOver``. Raises RenderingFailed.

    No person of a case is named: a case has its number and the decree's.
    """
    office = Office.current()
    chain = AuditChain.objects.get(pk=1)
    numbers = [row["case"] for row in content]
    decrees = dict(
        AccountRequest.objects.filter(number__in=numbers).values_list("number", "decree_number")
    )
    on = at.astimezone(words.ZONE).date()
    return render_pdf(
        TEMPLATE,
        {
            **office_context(office),
            "package": package,
            "letter_date": words.long_date(package.letter_date),
            "rows": [{**row, "decree": decrees.get(row["case"], "")} for row in content],
            "made_at": words.instant(at),
            "place_and_date": f"{office.city}, {words.long_date(on)}",
            "chain_count": chain.count,
            "chain_head": words.grouped(chain.head),
        },
        title=f"Daftar Serah Terima Paket Bukti untuk surat {package.letter_number}",
        identifier=f"hand-over:{package.public_id}",
        created=at,
    )
