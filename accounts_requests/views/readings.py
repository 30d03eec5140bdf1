"""The Lembar Penafsiran SOP to be read: the one in force, each other one, and as a PDF."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts_requests import clock, permissions, reading_keeping, reading_sheet
from accounts_requests.documents import reading_sheet as reading_paper
from accounts_requests.exceptions import InvalidInput
from accounts_requests.forms.reason import ReasonForm
from accounts_requests.models import Reading, User
from accounts_requests.roles import Role

from .downloads import PDF, file_answer
from .support import actor, add_errors, page

# So many sheets are listed, the newest.
HISTORY_SHOWN = 50


@page
def sheet(request: HttpRequest, sheet: int | None = None) -> HttpResponse:
    """One sheet in words with the history of all; the one in force without a number."""
    shown = find(sheet)
    return render(request, "readings/sheet.html", _context(actor(request), shown, ReasonForm()))


@page
def pdf(request: HttpRequest, sheet: int) -> HttpResponse:  # noqa: ARG001  Django's signature
    """The same sheet on paper, in the browser's window."""
    shown = find(sheet)
    paper = reading_paper.render(shown, at=clock.now())
    return file_answer(paper.data, name=reading_paper.name_of(shown), media_type=PDF, shown=True)


@require_POST
@page
def withdraw(request: HttpRequest, sheet: int) -> HttpResponse:
    """Withdraw a draft, or a sheet that is not in force yet."""
    shown = find(sheet)
    user = actor(request)
    form = ReasonForm(request.POST, label="Alasan penarikan")
    if form.is_valid():
        try:
            reading_keeping.withdraw(shown, actor=user, reason=form.reason())
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(request, f"{shown} ditarik. Isinya tetap tersimpan.")
            return redirect("reading")
    else:  # whoever may not withdraw it is told so, whatever was typed
        may_withdraw(user, shown, ask=True)
    return render(request, "readings/sheet.html", _context(user, shown, form))


def find(number: int | None) -> Reading:
    """The sheet of that number, or the one in force; 404 for one that is not there."""
    if number is not None:
        return get_object_or_404(
            Reading.objects.select_related("revision", "drafted_by", "approved_by", "withdrawn_by"),
            number=number,
        )
    found = reading_keeping.in_force()
    if found is None:
        raise Http404("No reading is in force.")
    return found


def may_withdraw(user: User, reading: Reading, *, ask: bool = False) -> bool:
    """Would the keeping let ``user`` withdraw it? ``ask``: raise NotPermitted where not."""
    held = user.current_roles()
    is_draft = reading.state == Reading.State.DRAFT
    allowed = Role.KEPALA_BIRO in held or (is_draft and permissions.drafts_readings(held))
    if ask and not allowed:
        permissions.require_approver(user)
    waits = reading.state == Reading.State.APPROVED and (
        reading.in_force_from is not None and reading.in_force_from > clock.today()
    )
    return allowed and (is_draft or waits)


def _context(user: User, shown: Reading, form: ReasonForm) -> dict[str, Any]:
    today = clock.today()
    in_force = reading_keeping.in_force(today)
    held = user.current_roles()
    history = Reading.objects.select_related("drafted_by", "approved_by").order_by("-number")
    return {
        "sheet": reading_sheet.sheet_of(
            shown, reading_keeping.norms_of(shown), today=today, in_force=in_force
        ),
        "sop": shown.revision,
        "history": [
            (one, *reading_sheet.standing_of(one, today=today, in_force=in_force))
            for one in history[:HISTORY_SHOWN]
        ],
        "draft": reading_keeping.draft_in_hand(),
        "drafts": permissions.drafts_readings(held),
        "approves": Role.KEPALA_BIRO in held,
        "may_withdraw": may_withdraw(user, shown),
        "withdraw_form": form,
    }
