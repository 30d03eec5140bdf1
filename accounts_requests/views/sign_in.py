"""Signing in and out, the second factor, the password again. What is recorded: adapters.py."""

from http import HTTPStatus
from typing import Any

from allauth.account import views as account_views
from allauth.decorators import rate_limit
from allauth.mfa.base import views as factor_views
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from accounts_requests import clock, demo, second_factors, sign_ins, user_sessions
from accounts_requests.adapters import visitor
from accounts_requests.forms.sign_in import (
    CodeForm,
    NewPasswordForm,
    PasskeyForm,
    PasswordAgainForm,
    SignInForm,
)


class SignIn(account_views.LoginView):
    """The sign-in page; in a demonstration it lists the example sign-ins."""

    form_class = SignInForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "HX-Request" in request.headers:
            # A session ended under a page that polls: the whole page goes to the sign-in.
            return HttpResponse(headers={"HX-Refresh": "true"})
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        return _with_status(super().form_invalid(form), form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = demo.sign_ins() if settings.DEMO else []
        context: dict[str, Any] = super().get_context_data(demo_sign_ins=shown, **kwargs)
        return context


class SignOut(account_views.LogoutView):
    """Signing out, by POST only; also the way back from the second factor."""

    http_method_names = ["post", "options"]


@method_decorator(rate_limit(action="login"), name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")
class SecondFactor(factor_views.AuthenticateView):
    """The second step of a sign-in: a code, a passkey or a recovery code."""

    form_class = CodeForm
    webauthn_form_class = PasskeyForm

    def form_valid(self, form: Any) -> HttpResponse:
        person = self.stage.login.user
        used = form.authenticator if isinstance(form, CodeForm) else None
        if used is not None and used.type == Authenticator.Type.RECOVERY_CODES:
            left = second_factors.unused_recovery_codes(person)
            summary = f"Kode pemulihan dipakai untuk masuk; tersisa {left}."
            second_factors.record(person, summary, at=clock.now())
        response: HttpResponse = super().form_valid(form)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        if _is_wrong(form):
            sign_ins.factor_failed(self.stage.login.user, clock.now())
        return _with_status(super().form_invalid(form), form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        held = set(
            Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True)
        )
        return {
            **context,
            "has_totp": Authenticator.Type.TOTP in held,
            "has_passkey": Authenticator.Type.WEBAUTHN in held,
        }


class PasswordAgain(account_views.ReauthenticateView):
    """Asks for the password again before something grave.

    A page asks for it with allauth's ``reauthentication_required``; what was pressed there goes on
    once the password was right, without the files that were sent along.
    """

    form_class = PasswordAgainForm

    @method_decorator(sensitive_post_parameters())
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().dispatch(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        return _with_status(super().form_invalid(form), form)


class ChangePassword(account_views.PasswordChangeView):
    """One's own password, given anew; the other sessions end."""

    form_class = NewPasswordForm

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            # The session goes on under a new key.
            user_sessions.keep_listed(
                self.request.session, self.request.user, visitor(self.request), clock.now()
            )
        return response


def _is_wrong(form: BaseForm) -> bool:
    """Was something given that did not fit (not: nothing given, or asked too often)?"""
    return any(form.has_error(name, "incorrect_code") for name in form.fields)


def _with_status(response: HttpResponse, form: BaseForm) -> HttpResponse:
    """429 where somebody is locked out; the page says the same."""
    names = (NON_FIELD_ERRORS, *form.fields)
    if any(form.has_error(name, "too_many_login_attempts") for name in names):
        response.status_code = HTTPStatus.TOO_MANY_REQUESTS
    return response
