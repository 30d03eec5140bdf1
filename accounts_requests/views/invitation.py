"""The page behind a one-time link: somebody sets their own password. Open to everybody."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts_requests import clock, invitations
from accounts_requests.exceptions import InvalidInput
from accounts_requests.forms.users import NewPasswordForm

from .support import add_errors


# The token in the address is the authority: who knows it needs no forgery, who does not can forge
# nothing. Browsers send "Origin: null" from a page without a referrer, which CSRF would refuse.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """For whom the link is, and twice the new password; a link that is dead says only that."""
    response = _answer(request, token)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


@sensitive_variables()
def _answer(request: HttpRequest, token: str) -> HttpResponse:
    at = clock.now()
    found = invitations.find(token, at=at)
    if found is None:
        return _dead(request)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            invitations.accept(token, form.cleaned_data["password"], at=at)
        except InvalidInput as error:
            add_errors(form, error, {"": "password"})
        except invitations.LinkDead:
            return _dead(request)
        else:
            messages.success(
                request,
                "Password Anda tersimpan dan tautannya sudah tidak berlaku. Silakan masuk.",
            )
            return redirect("account_login")
    return render(
        request, "invitation/password.html", {"form": form, "person": found.person, "link": found}
    )


def _dead(request: HttpRequest) -> HttpResponse:
    """Unknown, used, revoked or expired: the same page for all of them."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    too_often = invitations.missed_too_often(address, clock.now())
    status = HTTPStatus.TOO_MANY_REQUESTS if too_often else HTTPStatus.NOT_FOUND
    return render(request, "invitation/dead.html", {"too_often": too_often}, status=status)
