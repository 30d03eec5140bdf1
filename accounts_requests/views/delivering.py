"""One account of step 4: what is known of its messages, and the ways on.

Three where a message failed or is uncertain; one (sending again) where it carried a link or came
back, or its case is archived; and before sending, a new password for one that waited too long.
"""

import datetime as dt

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control

from accounts_requests import account_policies, credentials, permissions, policies, workflow
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.forms.base import SopForm
from accounts_requests.forms.hand_over import HandOverForm
from accounts_requests.forms.reason import ReasonForm
from accounts_requests.forms.resend import ResendForm
from accounts_requests.models import Account, AccountRequest, Message, User
from accounts_requests.states import (
    STEP4_NEEDS_A_PERSON,
    AccountState,
    Act,
    CaseState,
    MessageState,
    SmtpStage,
)

from .execution import find_account, frame, running_step, say_on_form, task_url
from .held_files import hold
from .sending import credentials_messages, row
from .support import actor, add_errors, find_request, page

# The three ways, as the buttons name them.
RESEND, HAND_OVER, GIVE_UP = "kirim-ulang", "cara-lain", "tidak-dapat"


@cache_control(no_store=True, private=True)
@page
def delivery(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """The account's messages so far, and its ways on while there are any."""
    case = find_request(number)
    user = actor(request)
    permissions.require(Act.RESEND, user)
    account = find_account(case, position)
    is_archived = case.state == CaseState.ARCHIVED
    sendings = list(credentials_messages(case).filter(account=account))
    if not sendings:
        return _before_sending(request, case, account, user)
    way = request.POST.get("way", "")
    forms = _forms(request, account, way)
    held = hold(request, forms[HAND_OVER], case, owner=user, page="hand_over")
    if request.method == "POST":
        if way not in forms:
            raise Http404
        seen = request.POST.get("password_seen", "")
        if forms[way].is_valid() and _carried_out(account, forms[way], user, seen):
            held.release()
            messages.success(request, _done(account, way))
            return redirect("send", number) if is_archived else redirect(_way_on(number))
    held.keep()
    line = row(account, sendings, is_archived=is_archived)
    context = (
        frame(request, case, running_step(case))
        | _password(account)
        | {
            "account": account,
            "person": account.registrant,
            "row": line,
            "sendings": [row(account, [message]) for message in reversed(sendings)],
            "is_uncertain": account.state == AccountState.UNCERTAIN,
            "is_withdrawn": sendings[-1].state == MessageState.WITHDRAWN,
            "lost_after_dot": sendings[-1].stage == SmtpStage.FINAL_DOT,
            "may_act": (line.needs_a_person or line.may_go_again)
            and policies.allows(Act.RESEND, case, user),
            "may_record_bounce": policies.allows(Act.RECORD_BOUNCE, case, user),
            "may_send_outside": policies.allows(Act.SENT_OUTSIDE, case, user),
            "is_archived": is_archived,
            "hindrance": _hindrance(case, user) if is_archived else "",
            "holder_words": _holder_words(case, user),
            "new_password_at": _new_password_at(account, sendings[-1]),
            "resend_form": forms[RESEND],
            "hand_over_form": forms[HAND_OVER],
            "give_up_form": forms[GIVE_UP],
            "opened": way,
        }
    )
    return render(request, "executing/delivery.html", context)


def _before_sending(
    request: HttpRequest, case: AccountRequest, account: Account, user: User
) -> HttpResponse:
    """Where a created account that has not been mailed gets a new password."""
    if case.state != CaseState.ACCOUNTS_CREATED or account.state != AccountState.CREATED:
        raise Http404
    context = (
        frame(request, case, running_step(case))
        | _password(account)
        | {
            "account": account,
            "person": account.registrant,
            "may_act": policies.allows(Act.NEW_PASSWORD, case, user),
            "holder_words": _holder_words(case, user),
        }
    )
    return render(request, "executing/replace_password.html", context)


def _password(account: Account) -> dict[str, object]:
    """What the password's box says: is there one, and if not, when it was destroyed."""
    has_one = credentials.has_live(account)
    gone_at = None if has_one else credentials.destroyed_at(account)
    mark = workflow.password_mark(account)
    return {"has_password": has_one, "password_gone_at": gone_at, "password_mark": mark}


def _forms(request: HttpRequest, account: Account, way: str) -> dict[str, SopForm]:
    """The form of each way; only the one that was pressed is bound."""

    def data(name: str) -> object:
        return request.POST if way == name else None

    return {
        RESEND: ResendForm(data(RESEND), account=account, auto_id="resend_%s"),
        HAND_OVER: HandOverForm(
            data(HAND_OVER),
            request.FILES if way == HAND_OVER else None,
            auto_id="hand_over_%s",
        ),
        GIVE_UP: ReasonForm(
            data(GIVE_UP), label="Alasan tidak dapat diserahkan", auto_id="give_up_%s"
        ),
    }


def _carried_out(account: Account, form: BaseForm, user: User, seen: str) -> bool:
    """Carry the pressed way to the gate; False with the gate's sentences on the form.

    ``seen`` is the mark of the newest password when the page was shown.
    """
    data = form.cleaned_data
    try:
        if isinstance(form, ResendForm):
            workflow.resend(
                account,
                actor=user,
                address=data["address"],
                reason=data["reason"],
                had_signed_in=data["had_signed_in"],
                changed_in_spse=data["changed_in_spse"],
                seen=seen,
            )
        elif isinstance(form, HandOverForm):
            workflow.hand_over(account, actor=user, note=data["note"], proof=form.upload())
        else:
            workflow.give_up(account, actor=user, reason=data["reason"])
    except InvalidInput as error:
        names = {"reason": "note", "": "proof"} if isinstance(form, HandOverForm) else None
        add_errors(form, error, names)
        return False
    except NotAllowedNow as error:
        case = account.registrant.request
        fresh = find_account(case, account.registrant.position_in_list)
        if fresh.state not in STEP4_NEEDS_A_PERSON:
            if not isinstance(form, ResendForm):
                raise
            account_policies.check_can_send_again(fresh, Act.RESEND, user)
        say_on_form(form, error, Act.RESEND, case, user)
        return False
    return True


def _done(account: Account, way: str) -> str:
    name = account.registrant.titled_name
    return {
        RESEND: f"E-mail kepada {name} masuk antrean dengan password baru.",
        HAND_OVER: f"Penyerahan dengan cara lain kepada {name} tercatat; password dimusnahkan.",
        GIVE_UP: f"Akun {name} tercatat tidak dapat diserahkan; password dimusnahkan.",
    }[way]


def _holder_words(case: AccountRequest, user: User) -> str:
    """Who must decide, where that is somebody else; "" otherwise."""
    if case.assignee is None or case.assignee == user or case.state == CaseState.ARCHIVED:
        return ""
    return case.assignee.titled_name


def _hindrance(case: AccountRequest, user: User) -> str:
    """Why nothing more can be sent to anybody of an archived case; "" where it can."""
    try:
        policies.check(Act.RESEND, case, user)
    except NotAllowedNow as error:
        return str(error)
    return ""


def _way_on(number: str) -> str:
    return task_url(find_request(number))


def _new_password_at(account: Account, last: Message) -> dt.datetime | None:
    """When a password was made after the last message was settled; None while there is none."""
    if last.settled_at is None:
        return None
    return (
        account.credentials.filter(destroyed_at__isnull=True, created_at__gte=last.settled_at)
        .values_list("created_at", flat=True)
        .first()
    )
