"""What allauth asks the application: its words, its limits, and what goes on record.

Named in settings (ACCOUNT_ADAPTER, MFA_ADAPTER). Every hook translates; the rules are in
sign_ins.py, second_factors.py and user_sessions.py.
"""

from collections.abc import Callable
from typing import Any, ClassVar, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context, ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_variables

from accounts_requests import clock, credentials, second_factors, sign_ins, user_sessions
from accounts_requests.exceptions import InvalidInput
from accounts_requests.models import User
from accounts_requests.user_sessions import Visitor

NOWHERE = "0.0.0.0"  # noqa: S104  nothing is bound: it stands for an address nobody knows
WRONG_CODE = (
    "Kode tidak sesuai atau sudah dipakai. Tunggu kode berikutnya di aplikasi autentikator, lalu "
    "ketikkan keenam angkanya."
)


def visitor(request: HttpRequest) -> Visitor:
    """Where ``request`` comes from."""
    return Visitor(
        address=AccountAdapter().get_client_ip(request),
        browser=request.META.get("HTTP_USER_AGENT", ""),
    )


class AccountAdapter(DefaultAccountAdapter):
    """Passwords and sessions."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": sign_ins.REFUSED,
        "too_many_login_attempts": sign_ins.LOCKED,
        "rate_limited": "Terlalu banyak percobaan. Tunggu 15 menit, lalu coba kembali.",
        "incorrect_password": "Password tidak sesuai. Ketik kembali password masuk Anda.",
        "enter_current_password": "Password yang sekarang tidak sesuai. Ketik kembali.",
        "incorrect_code": WRONG_CODE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's signature
        return False

    def is_ajax(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's signature
        return False  # pages only; nothing here answers in JSON

    def get_client_ip(self, request: HttpRequest) -> str:
        try:
            return str(super().get_client_ip(request))
        except PermissionDenied:  # a server behind a socket that names no client
            return NOWHERE

    def is_safe_url(self, url: str | None) -> bool:
        """Only pages of the host that is asked.

        allauth's own takes any of ALLOWED_HOSTS, whole domains included, and fails on an address
        that cannot be read.
        """
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, {request.get_host()}, require_https=request.is_secure()
        )

    # -- attempts -----------------------------------------------------------------------------

    _take_back: Callable[[], None] | None = None

    def _get_login_attempts_cache_key(self, request: HttpRequest, **typed: Any) -> str:
        return sign_ins.limit_key(_typed_name(typed), self.get_client_ip(request))

    @sensitive_variables("typed")
    def pre_authenticate(self, request: HttpRequest, **typed: Any) -> None:
        """Count the attempt before the password is looked at. Raises ValidationError."""
        super().pre_authenticate(request, **typed)
        self._take_back = sign_ins.count_from_here(request)
        if self._take_back is None:
            raise self.validation_error("too_many_login_attempts")
        key = sign_ins.limit_key(_typed_name(typed))
        if not ratelimit.consume(request, action="login_failed_anywhere", key=key):
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        """The password was right: this attempt, and no other, counts no longer."""
        super()._rollback_login_failed_rl_usage()
        if self._take_back is not None:
            self._take_back()

    @sensitive_variables("typed")
    def authentication_failed(self, request: HttpRequest, **typed: Any) -> None:
        """Put a refused password on record, at the sign-in or where it was asked for again."""
        if request.user.is_authenticated:
            sign_ins.confirmation_failed(request.user, clock.now())
        else:
            sign_ins.failed(_typed_name(typed), clock.now())

    # -- in and out ---------------------------------------------------------------------------

    def login(self, request: HttpRequest, user: Any) -> None:
        """Let ``user`` in, who may have been suspended while the second factor was asked."""
        if not User.objects.filter(pk=user.pk, is_active=True).exists():
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        at = clock.now()
        response: HttpResponse = super().post_login(request, user, **kwargs)
        user_sessions.begin(request.session, user, visitor(request), at)
        factors = [
            record["type"]
            for record in get_authentication_records(request, user)
            if record["method"] == "mfa"
        ]
        sign_ins.signed_in(user, at, factor=factors[-1] if factors else "")
        return response

    def logout(self, request: HttpRequest) -> None:
        sign_ins.signed_out(cast(User, request.user), clock.now())
        super().logout(request)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:  # noqa: ARG002  allauth's signature
        return HttpResponseRedirect(reverse("account_login"))

    # -- the password, again and new ----------------------------------------------------------

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        """Only the password: a signature is confirmed by what its owner knows."""
        if not user.is_authenticated:
            return []
        return [
            {
                "id": "reauthenticate",
                "description": "Password",
                "url": reverse("account_reauthenticate"),
            }
        ]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for the password again; for one's own second factor a sign-in just now will do."""
        if app == "allauth.mfa" and user_sessions.is_fresh(context.request.session, clock.now()):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    @sensitive_variables("password")
    def clean_password(self, password: str, user: Any = None) -> str:
        try:
            sign_ins.require_strong(password, user)
        except InvalidInput as error:
            raise ValidationError(error.errors[""]) from None
        return password

    @sensitive_variables("password")
    def set_password(self, user: Any, password: str) -> None:
        """Set it, end the person's other sessions and record both, in one transaction."""
        with transaction.atomic():
            super().set_password(user, password)
            user_sessions.end_all(user, context.request.session)
            sign_ins.password_changed(user, clock.now())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002  allauth's signature
        return reverse("mfa_index")


class SecondFactorAdapter(DefaultMFAAdapter):
    """TOTP, passkeys and recovery codes; their secrets are encrypted in the database."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": second_factors.NEEDED,
        "cannot_generate_recovery_codes": "Pasang dahulu faktor kedua, baru kode pemulihannya.",
        "incorrect_code": WRONG_CODE,
    }

    def encrypt(self, text: str) -> str:
        return credentials.encrypt_field(text)

    def decrypt(self, encrypted_text: str) -> str:
        return credentials.decrypt_field(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return second_factors.may_remove(authenticator, user_sessions.office_limits())

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": self.get_totp_issuer()}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return {**entity, "name": user.username, "display_name": str(user)}

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002  allauth's signature
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}"


def _typed_name(given: dict[str, Any]) -> str:
    return str(given.get("username", ""))
