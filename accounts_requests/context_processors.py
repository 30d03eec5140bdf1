"""What every page's frame needs: the office, the menu, the reader's roles, and the clock's pulse.

Everything that costs a query is lazy: a page or fragment that does not print it does not pay.
"""

import datetime as dt
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Max
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts_requests import clock
from accounts_requests.models import Office, User, WorkerHeartbeat
from accounts_requests.permissions import MAY, may_keep
from accounts_requests.roles import Role
from accounts_requests.states import Act

# A sweep is due every few seconds; after this long without one the clock counts as stopped.
CLOCK_STOPPED_AFTER = dt.timedelta(minutes=2)

# Label and name of the address, in the order of the menu.
_MENU = (
    ("Beranda", "home"),
    ("Permohonan", "request_list"),
    ("Permohonan baru", "request_new"),
    ("Arsip", "archive"),
    ("SOP", "sop"),
    ("Pengelolaan", "admin:index"),
)


class NavItem(NamedTuple):
    """One entry of the menu; ``active`` when the page belongs to it."""

    label: str
    url_name: str
    active: bool


class ClockStatus(NamedTuple):
    """Is the counting of deadlines alive, and the sentence that says so."""

    alive: bool
    text: str


def frame(request: HttpRequest) -> dict[str, object]:
    """Return ``office``, ``demo_mode``, ``nav``, ``role_labels`` and ``clock_status``.

    ``office`` is falsy before the first seed; the menu, the roles and the clock are for people who
    are signed in and are empty or falsy otherwise.
    """
    context: dict[str, object] = {
        "demo_mode": settings.DEMO,
        "office": SimpleLazyObject(_office),
    }
    user = getattr(request, "user", AnonymousUser())
    if isinstance(user, AnonymousUser) or not user.is_authenticated:
        return {**context, "nav": (), "role_labels": (), "clock_status": None}
    roles: frozenset[Role] = SimpleLazyObject(user.current_roles)  # type: ignore[assignment]
    return {
        **context,
        "nav": SimpleLazyObject(lambda: _menu(request, user, roles)),
        "role_labels": SimpleLazyObject(lambda: _labels(roles)),
        "clock_status": SimpleLazyObject(clock_status),
    }


def clock_status() -> ClockStatus:
    """Say when the deadlines were last swept, and whether that is recent enough."""
    swept_at = WorkerHeartbeat.objects.aggregate(last=Max("swept_at"))["last"]
    if swept_at is None:
        return ClockStatus(False, "Penghitungan tenggat belum berjalan")
    age = max(clock.now() - swept_at, dt.timedelta(0))
    if age > CLOCK_STOPPED_AFTER:
        return ClockStatus(False, f"Penghitungan tenggat berhenti · diperiksa {_ago(age)} lalu")
    return ClockStatus(True, f"Penghitungan tenggat aktif · diperiksa {_ago(age)} lalu")


def _office() -> Office | None:
    return Office.objects.filter(pk=1).first()


def _labels(roles: frozenset[Role]) -> tuple[str, ...]:
    return tuple(role.label for role in Role if role in roles)


def _menu(request: HttpRequest, user: User, roles: frozenset[Role]) -> tuple[NavItem, ...]:
    match = request.resolver_match
    here = (match.url_name if match is not None else None) or ""
    inside_a_case = here.startswith("request_") and here != "request_new"
    current = "request_list" if inside_a_case else here
    shown = {
        "request_new": any(role in roles for role in MAY[Act.CREATE]),
        "admin:index": may_keep(user, roles),
    }
    return tuple(
        NavItem(label, url_name, url_name == current)
        for label, url_name in _MENU
        if shown.get(url_name, True)
    )


def _ago(age: dt.timedelta) -> str:
    seconds = int(age.total_seconds())
    for size, word in ((24 * 3600, "hari"), (3600, "jam"), (60, "menit")):
        if seconds >= size:
            return f"{seconds // size} {word}"
    return f"{seconds} detik"
