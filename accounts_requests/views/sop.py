"""The SOP itself: its sheet on the screen, one revision at a time, and as a PDF."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts_requests import clock, revision_standing, sop_sheet
from accounts_requests.documents import sop_sheet as sop_paper
from accounts_requests.models import Reading, SopRevision
from accounts_requests.revision_standing import Standing

from .downloads import PDF, file_answer
from .support import actor, page


@page
def sheet(request: HttpRequest, revision: int | None = None) -> HttpResponse:
    """The sheet of ``revision``, or of the one in force today; 404 for one that is not there.

    A draft and a withdrawn revision are shown to their makers, and say so.
    """
    shown = _find(revision)
    if not revision_standing.is_public(shown):
        held = actor(request).current_roles()
        if not revision_standing.may_read(shown, held):
            raise Http404
    revisions = list(SopRevision.approved())
    today = clock.today()
    reading = Reading.in_force(shown, on=today)
    context = {
        "sheet": sop_sheet.sheet_of(shown, reading),
        "reading": reading,
        "revisions": revisions,
        "standing": _standing(shown, revisions, today),
    }
    return render(request, "sop/sheet.html", context)


@page
def pdf(request: HttpRequest, revision: int) -> HttpResponse:  # noqa: ARG001  Django's signature
    """The same sheet on paper, in the browser's window. There is no paper of a draft."""
    shown = _find(revision)
    if not revision_standing.is_public(shown):
        raise Http404
    paper = sop_paper.render(shown, at=clock.now())
    return file_answer(paper.data, name=sop_paper.name_of(shown), media_type=PDF, shown=True)


def _standing(shown: SopRevision, approved: list[SopRevision], today: dt.date) -> Standing:
    begun = [one for one in approved if one.in_force_from and one.in_force_from <= today]
    return revision_standing.standing_of(shown, today, begun[-1] if begun else None)


def _find(revision: int | None) -> SopRevision:
    if revision is not None:
        return get_object_or_404(SopRevision, revision=revision)
    found = SopRevision.in_force(clock.today())
    if found is None:
        raise Http404("No revision of the SOP is in force.")
    return found
