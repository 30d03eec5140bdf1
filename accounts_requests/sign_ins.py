"""Signing in and out on record, and the limit on guessing.

Failures are counted in the shared cache (the database), so the limit holds across restarts and
processes. Names that were typed are kept as keyed hashes only: people mistype passwords there.
"""

import datetime as dt

from django.core.cache import cache
from django.db import transaction

from accounts_requests import audit
from accounts_requests.models import User
from accounts_requests.states import Act

WINDOW = dt.timedelta(minutes=15)
# Failures within the window after which nobody is asked any more: for one name from one address,
# and for one address (a whole office may stand behind it).
PER_NAME = 5
PER_ADDRESS = 50

LOCKED = (
    "Terlalu banyak percobaan masuk yang gagal. Tunggu 15 menit, lalu coba kembali, atau hubungi "
    "Pengelola Aplikasi bila Anda lupa password."
)


def is_locked(username: str, address: str, at: dt.datetime) -> bool:
    """Has this name from this address, or this address, failed too often just before ``at``?"""
    name_key, address_key = _keys(username, address)
    return _count(name_key, at) >= PER_NAME or _count(address_key, at) >= PER_ADDRESS


def failed(username: str, address: str, at: dt.datetime) -> None:
    """Count and record a refused sign-in at ``at`` (UTC)."""
    for key in _keys(username, address):
        _add(key, at)
    with transaction.atomic():
        audit.record(
            Act.SIGN_IN_FAILED,
            actor=None,
            at=at,
            summary="Percobaan masuk ditolak.",
            changes={"username": audit.hashed(username.casefold())},
        )


def signed_in(user: User, address: str, at: dt.datetime) -> None:
    """Record that ``user`` is in; the failures counted for the name are forgotten."""
    cache.delete(_keys(user.username, address)[0])
    _record(Act.SIGN_IN, user, at, "Masuk ke aplikasi.")


def signed_out(user: User, at: dt.datetime) -> None:
    """Record that ``user`` left."""
    _record(Act.SIGN_OUT, user, at, "Keluar dari aplikasi.")


def _record(act: Act, user: User, at: dt.datetime, summary: str) -> None:
    roles = ", ".join(sorted(role.label for role in user.current_roles()))
    with transaction.atomic():
        audit.record(act, actor=user, at=at, role=roles[:60], summary=summary)


def _keys(username: str, address: str) -> tuple[str, str]:
    name = audit.hashed(username.casefold())
    where = audit.hashed(address)
    return f"sign-in-failed:{name}:{where}", f"sign-in-failed:{where}"


def _count(key: str, at: dt.datetime) -> int:
    count, since = cache.get(key) or (0, at)
    return int(count) if at - since < WINDOW else 0


def _add(key: str, at: dt.datetime) -> None:
    count, since = cache.get(key) or (0, at)
    if at - since >= WINDOW:
        count, since = 0, at
    cache.set(key, (count + 1, since), timeout=WINDOW.total_seconds())
