"""Lembar SOP: the SOP itself on paper, with its flow chart and the office's reading.

It belongs to no case: it is made when somebody asks for it and is not stored.
"""

import datetime as dt

from accounts_requests import sop_sheet, words
from accounts_requests.models import Office, Reading, SopRevision

from .paper import file_name, office_context
from .renderer import RenderedPdf, render_pdf

TEMPLATE = "documents/sop_sheet.html"


def render(revision: SopRevision, *, at: dt.datetime) -> RenderedPdf:
    """The sheet of ``revision`` as a PDF made at ``at`` (aware).

    Raises RenderingFailed when the paper cannot be made.
    """
    today = at.astimezone(words.ZONE).date()
    sheet = sop_sheet.sheet_of(revision, Reading.in_force(revision, on=today))
    return render_pdf(
        TEMPLATE,
        {**office_context(Office.current()), "sheet": sheet},
        title=f"SOP {revision.number} {revision.title}",
        identifier=f"sop:{revision.revision}",
        created=at,
    )


def name_of(revision: SopRevision) -> str:
    """The file's name: ``SOP-000-310624-BPLPSE-B.PBJ-rev-1.pdf``."""
    return file_name("SOP", revision.number, "rev", str(revision.revision))
