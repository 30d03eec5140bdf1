"""What happens around every request: whose it is, whether it may go on, what caches may keep."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.cache import patch_cache_control

from accounts_requests import audit, clock, user_sessions
from accounts_requests.adapters import visitor
from accounts_requests.models import User
from accounts_requests.views import errors

Handler = Callable[[HttpRequest], HttpResponse]

_OURS_ALONE = ("clipboard-write", "publickey-credentials-create", "publickey-credentials-get")
_NOBODYS = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read"),
    *("display-capture", "encrypted-media", "geolocation", "gyroscope", "hid", "idle-detection"),
    *("local-fonts", "magnetometer", "microphone", "midi", "payment", "picture-in-picture"),
    *("screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)
_PERMISSIONS = ", ".join(
    [*(f"{name}=(self)" for name in _OURS_ALONE), *(f"{name}=()" for name in _NOBODYS)]
)

BACKGROUND = "X-Background"
"""The header with which app.js and seen.js mark what a page asks by itself: nobody acted."""

NOT_SAVED = (
    "Yang baru saja Anda kirim belum tersimpan, karena sesi Anda sudah berakhir. Setelah masuk, "
    "periksa isian pada halaman tadi, lalu kirim kembali; berkas perlu dipilih ulang."
)
FACTOR_FIRST = (
    "Yang baru saja Anda kirim belum tersimpan: pasang dahulu faktor kedua yang diwajibkan bagi "
    "peran Anda."
)
# What somebody who owes a second factor can still open: to set it up, and to leave.
_BEFORE_THE_FACTOR = frozenset(
    {
        "account_change_password",
        "account_logout",
        "account_reauthenticate",
        "admin_sign_out",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_index",
        "session_end",
        "session_end_others",
        "usersessions_list",
    }
)


def client_address(get_response: Handler) -> Handler:
    """Behind a proxy that is trusted to name it, take the client's address from the proxy.

    The last address of X-Forwarded-For is the one that the proxy itself saw; those before it are
    the client's own words.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if settings.TRUST_PROXY_CLIENT_ADDRESS:
            named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
            if named:
                request.META["REMOTE_ADDR"] = named
        return get_response(request)

    return answer


def readable_addresses(get_response: Handler) -> Handler:
    """Refuse a query with a NUL: nobody types one, and PostgreSQL fails on it."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            return errors.bad_request(request, SuspiciousOperation("NUL in the query"))
        return get_response(request)

    return answer


def audit_origin(get_response: Handler) -> Handler:
    """Tell the audit trail the client's address while the request is answered."""

    def answer(request: HttpRequest) -> HttpResponse:
        token = audit.origin.set(request.META.get("REMOTE_ADDR", ""))
        try:
            return get_response(request)
        finally:
            audit.origin.reset(token)

    return answer


def private_pages(get_response: Handler) -> Handler:
    """Let no answer of the application stay in a cache or behind "Back".

    Those to people who are not signed in neither: a one-time link shows them what is theirs alone.
    Static files do not come by here.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return answer


def closed_by_default(get_response: Handler) -> Handler:
    """Tell browsers what no page here needs, and that nothing here is for other sites."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return answer


def spoken_refusals(get_response: Handler) -> Handler:
    """Say in words what Django answers with an empty page: an address that cannot be opened."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            return errors.method_not_allowed(request, response.headers.get("Allow", ""))
        return response

    return answer


def live_sessions(get_response: Handler) -> Handler:
    """End sessions that were idle or lasted too long, and say why; lose no press in silence.

    The request goes on as one of nobody, so that each page asks for the sign-in in its own way
    and leads back.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        acted = BACKGROUND not in request.headers
        person = request.user
        if isinstance(person, User):
            at = clock.now()
            reason = user_sessions.reason_to_end(
                request.session, person, visitor(request), at, acted=acted
            )
            if reason is not None:
                user_sessions.ended_by_time(person, reason, at=at)
                logout(request)
                messages.warning(
                    request,
                    f"Sesi Anda berakhir karena {reason}. Masuk kembali untuk melanjutkan; Anda "
                    "dibawa ke halaman tadi.",
                )
        response = get_response(request)
        if acted and _was_turned_away(request, response):
            messages.warning(request, NOT_SAVED)
        return response

    return answer


def _was_turned_away(request: HttpRequest, response: HttpResponse) -> bool:
    """Was something sent that now waits behind the sign-in?"""
    return (
        request.method not in {"GET", "HEAD", "OPTIONS"}
        and not request.user.is_authenticated
        and isinstance(response, HttpResponseRedirect)
        and response.url.startswith(f"{resolve_url(settings.LOGIN_URL)}?")
    )


class SecondFactorFirst:
    """Let who owes a second factor set it up before anything else."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],  # noqa: ARG002  Django's signature
        args: Any,  # noqa: ARG002  Django's signature
        kwargs: Any,  # noqa: ARG002  Django's signature
    ) -> HttpResponse | None:
        """Lead to the page where factors are set up, by the way that fits the request."""
        person, match = request.user, request.resolver_match
        if not isinstance(person, User) or match is None or match.view_name in _BEFORE_THE_FACTOR:
            return None
        if not user_sessions.owes_factor(request.session, person):
            return None
        if BACKGROUND in request.headers:  # the page may be the one where a code is being typed
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        if request.method not in {"GET", "HEAD"}:
            messages.warning(request, FACTOR_FIRST)
        if "HX-Request" in request.headers:
            return HttpResponse(headers={"HX-Redirect": reverse("mfa_index")})
        return HttpResponseRedirect(reverse("mfa_index"))
