"""The draft of a Lembar Penafsiran: its choices, what they would have meant, its approval."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts_requests import (
    clock,
    permissions,
    reading_content,
    reading_keeping,
    reading_sheet,
    replay,
)
from accounts_requests.exceptions import InvalidInput
from accounts_requests.forms.reading import ApproveForm, ReadingForm
from accounts_requests.models import Reading
from accounts_requests.roles import Role

from .readings import may_withdraw
from .support import actor, add_errors, page

# So many of the cases that would have been judged otherwise are listed, the newest.
CHANGES_SHOWN = 50


@require_POST
@page
def begin(request: HttpRequest) -> HttpResponse:
    """A draft from the sheet in force; the one that exists, where there is one."""
    reading_keeping.begin_draft(actor=actor(request))
    return redirect("reading_draft")


@page
def draft(request: HttpRequest) -> HttpResponse:
    """The choices of the draft; saving leads to what they would mean."""
    user = actor(request)
    permissions.require_reading_drafter(user)
    reading = reading_keeping.draft_in_hand()
    if reading is None:
        return redirect("reading")
    form = ReadingForm(
        request.POST or None,
        content=reading.content,
        norms=reading_keeping.norms_of(reading),
        initial={"reason": reading.reason},
    )
    if request.method == "POST" and form.is_valid():
        try:
            reading_keeping.edit_draft(
                reading,
                actor=user,
                choices=form.choices(),
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"],
            )
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(request, f"Konsep {reading} disimpan.")
            return redirect("reading_compare")
    context = {
        "reading": reading,
        "form": form,
        "seen": request.POST.get("seen") or reading_keeping.mark_of(reading),
        "may_withdraw": may_withdraw(user, reading),
    }
    return render(request, "readings/draft.html", context)


@page
def compare(request: HttpRequest) -> HttpResponse:
    """The draft beside the sheet in force, the past year read so, and its approval."""
    user = actor(request)
    held = permissions.require_reader(user)
    reading = reading_keeping.draft_in_hand()
    if reading is None:
        if request.method == "POST":
            permissions.require_approver(user)
        messages.info(request, "Tidak ada konsep Lembar Penafsiran; mungkin baru saja disahkan.")
        return redirect("reading")
    form = ApproveForm(request.POST or None, initial={"in_force_from": clock.today()})
    if request.method == "POST":
        permissions.require_approver(user)
        if form.is_valid():
            try:
                approved = reading_keeping.approve(
                    reading,
                    actor=user,
                    in_force_from=form.cleaned_data["in_force_from"],
                    seen=form.cleaned_data["seen"],
                )
            except InvalidInput as error:
                add_errors(form, error)
            else:
                messages.success(request, f"{approved} disahkan.")
                return redirect("reading_sheet", approved.number)
    return render(request, "readings/compare.html", _comparison(held, reading, form))


def _comparison(held: frozenset[Role], reading: Reading, form: ApproveForm) -> dict[str, Any]:
    base = reading_keeping.in_force()
    norms = reading_keeping.norms_of(reading)
    pairs = reading_sheet.side_by_side(
        base.content if base else reading.content, reading.content, norms
    )
    is_sound = not reading_content.check(reading.content, norms)
    had = replay.replay(reading.content, reading.revision) if is_sound else None
    return {
        "reading": reading,
        "base": base,
        "sheet": reading_sheet.sheet_of(reading, norms, today=clock.today(), in_force=base),
        "differing": [pair for pair in pairs if pair.differs],
        "same": [pair for pair in pairs if not pair.differs],
        "replay": had,
        "changed": [(one, replay.said(one)) for one in had.changed[:CHANGES_SHOWN]] if had else [],
        "changes_shown": CHANGES_SHOWN,
        "scheduled": Reading.objects.filter(
            revision=reading.revision,
            state=Reading.State.APPROVED,
            in_force_from__gt=clock.today(),
        ).first(),
        "form": form,
        "seen": reading_keeping.mark_of(reading),
        "approves": Role.KEPALA_BIRO in held,
        "drafts": permissions.drafts_readings(held),
    }
