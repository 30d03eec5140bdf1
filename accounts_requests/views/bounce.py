"""A message that came back after the mail server had accepted it, put on record."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts_requests import account_policies, permissions, policies, workflow
from accounts_requests.exceptions import InvalidInput
from accounts_requests.forms.bounce import BounceForm
from accounts_requests.models import Account, Message, User
from accounts_requests.repeats import refuse_repeated
from accounts_requests.states import Act, CaseState, MessageState

from .execution import find_account, frame, running_step
from .held_files import hold
from .sending import credentials_messages
from .support import actor, add_errors, find_request, page


@page
def bounce(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """Which message of the person came back, when, and what it says; then on to the board."""
    case = find_request(number)
    user = actor(request)
    permissions.require(Act.RECORD_BOUNCE, user)
    account = find_account(case, position)
    policies.check(Act.RECORD_BOUNCE, case, user)
    sendings = _returnable(account)
    if not sendings:
        label = f"Personel nomor {position}"
        refuse_repeated(Act.RECORD_BOUNCE, case, user, label=label, what="Pencatatan ini")
        account_policies.accepted_message(None)
    form = BounceForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        sendings=sendings,
    )
    held = hold(request, form, case, owner=user, page="bounce")
    if request.method == "POST" and form.is_valid() and _carried_out(account, form, user):
        held.release()
        messages.success(
            request,
            f"Pesan kembali dari {account.registrant.titled_name} tercatat"
            f"{'' if case.state == CaseState.ARCHIVED else ' sebagai penyimpangan output'}. "
            "Jawaban server dan waktu langkah 4 tetap seperti semula.",
        )
        return redirect("send", case.number)
    held.keep()
    context = frame(request, case, running_step(case)) | {
        "account": account,
        "person": account.registrant,
        "form": form,
        "is_archived": case.state == CaseState.ARCHIVED,
    }
    return render(request, "executing/bounce.html", context)


def _returnable(account: Account) -> list[Message]:
    """The person's accepted messages that are not on record as returned, oldest first."""
    sent = credentials_messages(account.registrant.request).filter(account=account)
    return list(sent.filter(state=MessageState.ACCEPTED, bounce__isnull=True))


def _carried_out(account: Account, form: BounceForm, user: User) -> bool:
    """Carry the form to the gate; False with the gate's sentences on the form."""
    data = form.cleaned_data
    try:
        workflow.record_bounce(
            account,
            data["message"],
            actor=user,
            returned_at=data["returned_at"],
            text=data["text"],
            proof=data["proof"],
            blacked_out=data["blacked_out"],
        )
    except InvalidInput as error:
        add_errors(form, error)
        return False
    return True
