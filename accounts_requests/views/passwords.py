"""The password of one account, shown to the Admin PPE who enters it into SPSE.

Only the answer to a POST carries it, never a GET, a URL, a message or the session; no answer of
this module may be stored by anybody.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from accounts_requests import workflow
from accounts_requests.exceptions import NotPermitted, WorkflowError
from accounts_requests.models import Account, User
from accounts_requests.states import CaseState

from .execution import find_account
from .support import actor, find_request, page


@require_POST
@cache_control(no_store=True, private=True)
@page
@sensitive_variables()
def password_reveal(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """Show the password that waits for its entry into SPSE."""
    account = find_account(find_request(number), position)
    # Before the look: should a newer one be made meanwhile, the page must not take it for seen.
    mark = workflow.password_mark(account)
    return _answer(
        request,
        account,
        lambda user: workflow.reveal_password(account, actor=user),
        mark=lambda: mark,
    )


@require_POST
@cache_control(no_store=True, private=True)
@page
@sensitive_variables()
def password_new(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """Make a new password, which ends the former one, and show it.

    The page carries which one was the newest when it was shown: of two presses one makes it.
    """
    account = find_account(find_request(number), position)
    seen = request.POST.get("password_seen", "")
    return _answer(
        request,
        account,
        lambda user: workflow.new_password(account, actor=user, seen=seen),
        mark=lambda: workflow.password_mark(account),
        is_new=True,
    )


def back_url(account: Account) -> str:
    """The page that the password belongs to: step 3's, or that of the delivery."""
    registrant = account.registrant
    name = "account_entry" if registrant.request.state == CaseState.ORDERED else "delivery"
    return reverse(name, args=[registrant.request.number, registrant.position_in_list])


@sensitive_variables()
def _answer(
    request: HttpRequest,
    account: Account,
    act: Callable[[User], str],
    *,
    mark: Callable[[], str],
    is_new: bool = False,
) -> HttpResponse:
    """JSON for the page's script ({"password", "mark"} or {"message"}); else a page of its own."""
    by_script = request.headers.get("Accept") == "application/json"
    try:
        password = act(actor(request))
    except WorkflowError as error:
        if not by_script:
            raise
        status = 403 if isinstance(error, NotPermitted) else 409
        return JsonResponse({"message": str(error)}, status=status)
    if by_script:
        return JsonResponse({"password": password, "mark": mark()})
    context = {
        "case": account.registrant.request,
        "person": account.registrant,
        "password": password,
        "is_new": is_new,
        "back_url": back_url(account),
    }
    return render(request, "executing/password.html", context)
