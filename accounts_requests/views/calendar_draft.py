"""The draft of a change: what it would do, taking it back in parts, and taking it into use."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts_requests import (
    calendar_changes,
    calendar_content,
    calendar_keeping,
    calendar_proposals,
    clock,
    permissions,
)
from accounts_requests.calendar_changes import Change
from accounts_requests.calendar_proposals import Proposal
from accounts_requests.deadline_moves import Move
from accounts_requests.exceptions import AlreadyDone, InvalidInput
from accounts_requests.forms.calendar import ApplyForm
from accounts_requests.models import CalendarVersion

from .calendar import MOVES_SHOWN, frame
from .support import actor, add_errors, page

_CHANGED_ELSEWHERE = (
    "Rancangan ini berubah sejak pratinjau Anda buka, mungkin pada tab lain. Belum ada yang "
    "diberlakukan. Periksa pratinjau di bawah, lalu berlakukan kembali."
)

_DRAFT_IN_THE_WAY = (
    "Anda masih mempunyai rancangan yang belum diberlakukan, dan rancangan itu tidak diubah. "
    "Berlakukan atau buang dahulu, lalu kembalikan versi yang lama."
)


@page
def draft(request: HttpRequest) -> HttpResponse:
    """What the draft changes and moves; a press applies it with its reason."""
    user = actor(request)
    permissions.require_keeper(user)
    proposal = calendar_proposals.draft_of(user)
    form = ApplyForm(request.POST or None)
    overtaken = ""
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["mark"] != calendar_proposals.mark_of(proposal):
            overtaken = _CHANGED_ELSEWHERE
        else:
            try:
                kept = calendar_keeping.apply(
                    proposal,
                    reason=form.reason_with_basis(),
                    actor=user,
                    expected_version=form.cleaned_data["version"],
                )
            except AlreadyDone as error:
                overtaken = str(error)
            except InvalidInput as error:
                add_errors(form, error)
            else:
                calendar_proposals.keep_draft(user, Proposal())
                messages.success(request, _said(kept))
                return HttpResponseRedirect(reverse("calendar_version", args=[kept.number]))
    return _show(request, proposal, form, overtaken)


@require_POST
@page
def undo(request: HttpRequest) -> HttpResponse:
    """Take one part of the draft back."""
    user = actor(request)
    permissions.require_keeper(user)
    proposal = calendar_proposals.draft_of(user)
    token = request.POST.get("bagian", "")
    calendar_proposals.keep_draft(user, calendar_changes.taken_back(proposal, token))
    return HttpResponseRedirect(reverse("calendar_draft"))


@require_POST
@page
def discard(request: HttpRequest) -> HttpResponse:
    """Throw the whole draft away."""
    user = actor(request)
    permissions.require_keeper(user)
    calendar_proposals.keep_draft(user, Proposal())
    messages.success(request, "Rancangan dibuang. Kalender yang berlaku tidak berubah.")
    return HttpResponseRedirect(reverse("calendar"))


@require_POST
@page
def restore(request: HttpRequest, version: int) -> HttpResponse:
    """Draft what brings a former version back; a draft that waits is left as it is."""
    user = actor(request)
    permissions.require_keeper(user)
    kept = get_object_or_404(CalendarVersion, number=version)
    waiting = calendar_proposals.draft_of(user)
    if waiting.holidays or waiting.tables:
        messages.warning(request, _DRAFT_IN_THE_WAY)
    else:
        calendar_proposals.keep_draft(user, calendar_keeping.back_to(kept))
    return HttpResponseRedirect(reverse("calendar_draft"))


def _show(
    request: HttpRequest, proposal: Proposal, form: ApplyForm, overtaken: str
) -> HttpResponse:
    at = clock.now()
    seen = calendar_keeping.preview(proposal, at)
    if not form.is_bound:
        form = ApplyForm(initial={"legal_basis": _basis_of(seen.changes)})
    foresight = seen.foresight
    context = frame(request, calendar_content.in_use(), here="draft", year=clock.today().year) | {
        "form": form,
        "seen": seen,
        "mark": calendar_proposals.mark_of(proposal),
        "is_empty": not seen.changes,
        "count": len(foresight.shifts),
        "shifts": [_line(move, at) for move in foresight.shifts[:MOVES_SHOWN]],
        "marks": [_line(move, at) for move in foresight.moves if not move.is_shift],
        "moves_shown": MOVES_SHOWN,
        "overtaken": overtaken,
        "finished_form": _finished_form(request),
    }
    return render(request, "calendar/draft.html", context)


def _line(move: Move, at: dt.datetime) -> dict[str, Any]:
    """One deadline as it was and as it would be, and whether that makes it late or not."""
    late_before, late_after = move.was_overdue(at), move.is_overdue(at)
    turn = ""
    if late_before and late_after:
        turn = "stays_late"
    elif late_after:
        turn = "becomes_late"
    elif late_before:
        turn = "no_longer_late"
    return {
        "case": move.run.request,
        "step": move.run.step,
        "former": move.former,
        "deadline": move.deadline,
        "turn": turn,
    }


def _basis_of(changes: list[Change]) -> str:
    """The legal bases of what is proposed, as far as they fit into one line."""
    bases = dict.fromkeys(
        change.proposed.legal_basis for change in changes if change.proposed is not None
    )
    return "; ".join(basis for basis in bases if basis)[:250]


def _finished_form(request: HttpRequest) -> str:
    """The form whose words are in the draft now: the browser need not keep them any longer."""
    key = request.GET.get("selesai", "")
    return key if key.startswith("kalender-") else "kalender-"


def _said(kept: CalendarVersion) -> str:
    moved = (
        f"{kept.moved} tenggat bergeser, dan setiap permohonannya mencatat sebabnya."
        if kept.moved
        else "Tidak ada tenggat yang bergeser."
    )
    return f"Kalender versi {kept.number} berlaku sekarang. {moved}"
