"""Signing in and out on record, and what a password must be.

Attempts are counted by allauth in the shared cache (settings.ACCOUNT_RATE_LIMITS), so the limits
hold across restarts and processes. Names that were typed are kept as keyed hashes only: people
mistype passwords there.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from allauth.core import ratelimit
from allauth.core.internal import ratelimit as counting
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from accounts_requests import audit
from accounts_requests.exceptions import InvalidInput
from accounts_requests.models import User
from accounts_requests.roles import titled
from accounts_requests.states import Act

REFUSED = (
    "Nama pengguna atau password tidak sesuai. Periksa keduanya; huruf besar dan kecil pada "
    "password dibedakan."
)
"""For a wrong password, an unknown name and somebody who may no longer sign in alike."""

LOCKED = (
    "Terlalu banyak percobaan masuk yang gagal. Tunggu 15 menit, lalu coba kembali, atau hubungi "
    "Pengelola Aplikasi bila Anda tidak dapat masuk."
)

TYPE_PASSWORD = "Ketik password masuk Anda untuk menyetujui SK ini."  # noqa: S105  a sentence
WRONG_PASSWORD = (
    "Password tidak sesuai, sehingga SK belum diterbitkan. Isian lain tetap ada; ketik kembali "  # noqa: S105  a sentence
    "password masuk Anda."
)
TOO_MANY_CONFIRMATIONS = (
    "Terlalu banyak percobaan password, sehingga SK belum diterbitkan. Isian lain tetap ada; "
    "tunggu 15 menit, lalu coba kembali."
)

# The second factors by allauth's names, as the trail tells them.
_WITH = {
    "totp": "aplikasi autentikator",
    "webauthn": "passkey",
    "recovery_codes": "kode pemulihan",
}

_WEAK = {
    "password_too_short": "Password terlalu pendek. Gunakan sedikitnya {min_length} karakter.",
    "password_too_similar": "Password terlalu mirip dengan data diri Anda.",
    "password_too_common": "Password ini terlalu lazim sehingga mudah ditebak.",
    "password_entirely_numeric": "Password tidak boleh terdiri dari angka saja.",
}


def limit_key(username: str, address: str = "") -> str:
    """Under which attempts for that name are counted: from one address, or from anywhere."""
    return audit.hashed(f"{username.strip().casefold()} {address}")


def count_from_here(request: HttpRequest) -> Callable[[], None] | None:
    """Count an attempt from the address of ``request``, before it is looked at.

    Returns what takes this one attempt back, for one that was right: others stay counted. None
    where the address has used up what it may (settings.ACCOUNT_RATE_LIMITS).
    """
    usage = counting.consume(request, app="allauth.account", action="login_failed_from_here")
    return usage.rollback if usage else None


def failed(username: str, at: dt.datetime) -> None:
    """Record that a sign-in under this name was refused at ``at`` (UTC)."""
    with transaction.atomic():
        audit.record(
            Act.SIGN_IN_FAILED,
            actor=None,
            at=at,
            summary="Percobaan masuk ditolak.",
            changes={"username": _name(username)},
        )


def factor_failed(person: User, at: dt.datetime) -> None:
    """Record that the second factor did not fit after ``person``'s password had."""
    with transaction.atomic():
        audit.record(
            Act.SIGN_IN_FAILED,
            actor=None,
            at=at,
            label=str(person),
            summary="Password sesuai, tetapi faktor kedua ditolak.",
            changes={"username": _name(person.username)},
        )


def confirmation_failed(person: User, at: dt.datetime) -> None:
    """Record that somebody in ``person``'s session could not repeat the password."""
    _record(Act.SIGN_IN_FAILED, person, at, "Password ditolak saat diminta kembali.")


@sensitive_variables("password")
def confirm(person: User, password: str, at: dt.datetime) -> None:
    """Make sure that ``person`` is at the keys: the password again, right before an approval.

    Attempts are counted before the password is looked at, together with those on the page that
    asks for it again (settings.ACCOUNT_RATE_LIMITS, "reauthenticate"); the right one clears them.
    A refusal at ``at`` (UTC) goes on record, so call it outside the transaction of the act.
    Raises InvalidInput (password).
    """
    if not password:
        raise InvalidInput({"password": [TYPE_PASSWORD]})
    no_page = HttpRequest()  # the limit is the person's own and asks nothing of the request
    if not ratelimit.consume(no_page, action="reauthenticate", user=person):
        raise InvalidInput({"password": [TOO_MANY_CONFIRMATIONS]})
    if not person.check_password(password):
        confirmation_failed(person, at)
        raise InvalidInput({"password": [WRONG_PASSWORD]})
    ratelimit.clear(no_page, action="reauthenticate", user=person)


def signed_in(person: User, at: dt.datetime, *, factor: str = "") -> None:
    """Record that ``person`` is in; ``factor`` is allauth's name of the second factor, if any."""
    if factor:
        summary = f"Masuk ke aplikasi dengan password dan {_WITH[factor]}."
        _record(Act.SIGN_IN, person, at, summary, {"second_factor": factor})
    else:
        _record(Act.SIGN_IN, person, at, "Masuk ke aplikasi.")


def signed_out(person: User, at: dt.datetime) -> None:
    """Record that ``person`` left."""
    _record(Act.SIGN_OUT, person, at, "Keluar dari aplikasi.")


def password_changed(person: User, at: dt.datetime) -> None:
    """Record that ``person`` chose a new password; call it in the transaction of the change."""
    _record(Act.CHANGE_PASSWORD, person, at, "Mengganti password masuk; sesi lain diakhiri.")


@sensitive_variables("password")
def require_strong(password: str, person: User | None) -> None:
    """Raises InvalidInput with a sentence for each of settings.AUTH_PASSWORD_VALIDATORS it breaks.

    ``person`` (None where there is none yet) is whose data the password may not resemble.
    """
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise InvalidInput(
            {"": [_WEAK[str(one.code)].format(**(one.params or {})) for one in error.error_list]}
        ) from None


def _name(username: str) -> str:
    return audit.hashed(username.casefold())


def _record(
    act: Act, person: User, at: dt.datetime, summary: str, changes: dict[str, Any] | None = None
) -> None:
    with transaction.atomic():
        audit.record(
            act, actor=person, at=at, role=roles_of(person), summary=summary, changes=changes
        )


def roles_of(person: User) -> str:
    """The roles held today, in words, as the trail keeps them beside an act of one's own."""
    held = person.current_capacities()
    return ", ".join(sorted(titled(role.label, how) for role, how in held.items()))[:60]
