"""Step 4: an account that Admin PPE has mailed from another mailbox, put on record."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts_requests import account_policies, permissions, policies, workflow
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.forms.sent_outside import SentOutsideForm
from accounts_requests.models import Account, User
from accounts_requests.states import Act

from .execution import find_account, frame, running_step, say_on_form, task_url
from .held_files import hold
from .sending import credentials_messages, row
from .support import actor, add_errors, find_request, page


@page
def sent_outside(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """What was sent where and when, with its proof; then on to the board."""
    case = find_request(number)
    user = actor(request)
    permissions.require(Act.SENT_OUTSIDE, user)
    account = find_account(case, position)
    # Whoever presses again after the last account is told that it was done, not that it is late.
    policies.check(Act.SENT_OUTSIDE, case, user, about=f"Personel nomor {position}")
    if request.method != "POST":
        account_policies.check_account_state(
            account, workflow.MAY_BE_SENT_OUTSIDE, Act.SENT_OUTSIDE, user
        )
    form = SentOutsideForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    held = hold(request, form, case, owner=user, page="sent_outside")
    if request.method == "POST" and form.is_valid() and _carried_out(account, form, user):
        held.release()
        name = account.registrant.titled_name
        messages.success(
            request,
            f"E-mail kepada {name} tercatat sebagai dikirim dari luar sistem; pesannya ditarik dan "
            "passwordnya dimusnahkan.",
        )
        return redirect(task_url(find_request(number)))
    held.keep()
    context = frame(request, case, running_step(case)) | {
        "account": account,
        "person": account.registrant,
        "row": row(account, list(credentials_messages(case).filter(account=account))),
        "form": form,
    }
    return render(request, "executing/sent_outside.html", context)


def _carried_out(account: Account, form: SentOutsideForm, user: User) -> bool:
    """Carry the form to the gate; False with the gate's sentences on the form."""
    data = form.cleaned_data
    try:
        workflow.record_sent_outside(
            account,
            actor=user,
            sent_at=data["sent_at"],
            mailbox=data["mailbox"],
            reason=data["reason"],
            proof=form.upload(),
            blacked_out=data["blacked_out"],
        )
    except InvalidInput as error:
        add_errors(form, error)
        return False
    except NotAllowedNow as error:
        case = account.registrant.request
        fresh = find_account(case, account.registrant.position_in_list)
        if fresh.state not in workflow.MAY_BE_SENT_OUTSIDE:
            raise
        say_on_form(form, error, Act.SENT_OUTSIDE, case, user)
        return False
    return True
