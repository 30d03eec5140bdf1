"""Lembar Penafsiran SOP on paper: how the office counts what the SOP leaves open, with signatures.

It belongs to no case: it is made when somebody asks for it and is not stored.
"""

import datetime as dt

from accounts_requests import reading_keeping, reading_sheet, words
from accounts_requests.identity_numbers import format_nip
from accounts_requests.models import Office, Reading
from accounts_requests.roles import Role

from .paper import appointed, file_name, office_context, with_capacity
from .renderer import RenderedPdf, render_pdf

TEMPLATE = "documents/reading_sheet.html"


def render(reading: Reading, *, at: dt.datetime) -> RenderedPdf:
    """The sheet as a PDF made at ``at`` (aware).

    Raises RenderingFailed when the paper cannot be made.
    """
    today = at.astimezone(words.ZONE).date()
    sheet = reading_sheet.sheet_of(
        reading,
        reading_keeping.norms_of(reading),
        today=today,
        in_force=reading_keeping.in_force(today),
    )
    return render_pdf(
        TEMPLATE,
        {
            **office_context(Office.current()),
            "sheet": sheet,
            "sop": reading.revision,
            "pengesah_title": _title(reading),
            "approver_nip": format_nip(reading.approved_by.nip) if reading.approved_by else "",
            "mark": words.grouped(reading_keeping.content_digest(reading)),
        },
        title=f"{reading} atas SOP {reading.revision.number}",
        identifier=f"reading:{reading.number}:{reading.state}:{reading_keeping.mark_of(reading)}",
        created=at,
    )


def _title(reading: Reading) -> str:
    """The title that the pengesah bore on the day of the approval (``Plh. Kepala Biro``)."""
    title = str(Role.KEPALA_BIRO.label)
    if reading.approved_by is None or reading.approved_at is None:
        return title
    on = reading.approved_at.astimezone(words.ZONE).date()
    return with_capacity(title, appointed(reading.approved_by, Role.KEPALA_BIRO, on))


def name_of(reading: Reading) -> str:
    """The file's name: ``Lembar-Penafsiran-2-SOP-rev-1.pdf``."""
    return file_name(
        "Lembar-Penafsiran", str(reading.number), f"SOP-rev-{reading.revision.revision}"
    )
