"""Akun saya › Keamanan: one's own second factors. Each page asks for the password again (allauth).

Every change and its entry on the trail are one transaction.
"""

from typing import Any

from allauth.mfa.base import views as base_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as passkey_views
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from accounts_requests import clock, second_factors, user_sessions
from accounts_requests.forms.sign_in import AddPasskeyForm, SetUpTotpForm


class Security(base_views.IndexView):
    """What protects one's account: the password, second factors, recovery codes, sessions."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.request.user
        rows = {
            type_: list(Authenticator.objects.filter(user=person, type=type_).order_by("pk"))
            for type_ in Authenticator.Type
        }
        codes = rows[Authenticator.Type.RECOVERY_CODES]
        factors = [row for type_ in second_factors.FACTORS for row in rows[type_]]
        demanded_by = second_factors.demanding_roles(person, user_sessions.office_limits())
        return {
            **super(base_views.IndexView, self).get_context_data(**kwargs),
            "totp": next(iter(rows[Authenticator.Type.TOTP]), None),
            "passkeys": rows[Authenticator.Type.WEBAUTHN],
            "has_codes": bool(codes),
            "codes_left": len(codes[0].wrap().get_unused_codes()) if codes else 0,
            "demanded_by": [role.label for role in demanded_by],
            "owes_one": bool(demanded_by) and not factors,
        }


@method_decorator(sensitive_post_parameters(), name="dispatch")
class SetUpTotp(totp_views.ActivateTOTPView):
    """Shows the secret as a QR code and as text, and asks for the first code."""

    form_class = SetUpTotpForm

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            _record(self.request, "Memasang aplikasi autentikator.")
        return response


# allauth's view looks for somebody's factor before it asks whether anybody is signed in.
@method_decorator(login_required, name="dispatch")
class RemoveTotp(totp_views.DeactivateTOTPView):
    """Takes the authenticator away, unless a role demands it."""

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            _record(self.request, "Menghapus aplikasi autentikator.")
        return response


@method_decorator(sensitive_post_parameters(), name="dispatch")
class AddPasskey(passkey_views.AddWebAuthnView):
    """Adds a passkey; the browser makes it (passkey.js)."""

    form_class = AddPasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # allauth's own view leaves the form that came back with errors out.
        return {**super().get_context_data(**kwargs), **kwargs}

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            _record(self.request, "Menambah passkey.")
        return response


class RemovePasskey(passkey_views.RemoveWebAuthnView):
    """Takes a passkey away, unless it is the last factor and a role demands one."""

    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        if not second_factors.may_remove(self.object, user_sessions.office_limits()):
            messages.error(self.request, second_factors.NEEDED)
            return HttpResponseRedirect(reverse("mfa_index"))
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            _record(self.request, "Menghapus passkey.")
        return response


class RecoveryCodes(code_views.ViewRecoveryCodesView):
    """The recovery codes, shown once."""


class NewRecoveryCodes(code_views.GenerateRecoveryCodesView):
    """Makes new recovery codes; the old ones end."""

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            _record(self.request, "Membuat kode pemulihan baru; yang lama tidak berlaku lagi.")
        return response


def _record(request: Any, summary: str) -> None:
    second_factors.record(request.user, summary, at=clock.now())
