"""The SOP itself: its sheet on the screen, one revision at a time, and as a PDF."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts_requests import clock, sop_sheet
from accounts_requests.documents import sop_sheet as sop_paper
from accounts_requests.models import SopRevision

from .support import page


@page
def sheet(request: HttpRequest, revision: int | None = None) -> HttpResponse:
    """The sheet of ``revision``, or of the one in force today; 404 for one that is not there."""
    shown = _find(revision)
    return render(
        request,
        "sop/sheet.html",
        {
            "sheet": sop_sheet.sheet_of(shown),
            "revisions": SopRevision.objects.only("revision", "in_force_from"),
        },
    )


@page
def pdf(request: HttpRequest, revision: int) -> HttpResponse:  # noqa: ARG001  Django's signature
    """The same sheet on paper, in the browser's window."""
    shown = _find(revision)
    paper = sop_paper.render(shown, at=clock.now())
    response = HttpResponse(paper.data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{sop_paper.name_of(shown)}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _find(revision: int | None) -> SopRevision:
    if revision is not None:
        return get_object_or_404(SopRevision, revision=revision)
    found = sop_sheet.in_force(clock.today())
    if found is None:
        raise Http404("No revision of the SOP is in force.")
    return found
