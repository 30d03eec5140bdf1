"""What every page's frame needs: the office, the menu, the reader's roles, and the clock's pulse.

Everything that costs a query is lazy: a page or fragment that does not print it does not pay.
"""

from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts_requests import content_alarm, health
from accounts_requests.models import Office, User
from accounts_requests.permissions import MAY, may_keep, reads_reports, watches_contents
from accounts_requests.roles import Capacity, Role, titled
from accounts_requests.states import Act

# Label and name of the address, in the order of the menu.
_MENU = (
    ("Beranda", "home"),
    ("Permohonan", "request_list"),
    ("Permohonan baru", "request_new"),
    ("Penyimpangan", "deviation_list"),
    ("Arsip", "archive"),
    ("Laporan", "report"),
    ("SOP", "sop"),
    ("Kalender", "calendar"),
    ("Gangguan", "outage_list"),
    ("Pengguna", "user_list"),
    ("Pengelolaan", "admin:index"),
)

_FAMILIES = (
    ("request_", "request_list"),
    ("deviation_", "deviation_list"),
    ("report", "report"),
    ("reading", "sop"),
    ("revision", "sop"),
    ("questionnaire", "sop"),
    ("calendar", "calendar"),
    ("outage", "outage_list"),
    ("user_", "user_list"),
    ("trust_anchor", "admin:index"),
)


class NavItem(NamedTuple):
    """One entry of the menu; ``active`` when the page belongs to it."""

    label: str
    url_name: str
    active: bool


class ClockStatus(NamedTuple):
    """Is the counting of deadlines alive, and the sentence that says so.

    ``details`` is for those who must know more, otherwise ""; ``mail_waits`` marks mail that has
    waited too long.
    """

    alive: bool
    text: str
    details: str = ""
    mail_waits: bool = False


def frame(request: HttpRequest) -> dict[str, object]:
    """Return ``office``, ``demo_mode``, ``nav``, ``role_labels``, ``clock_status``, ``alarm``.

    ``office`` is falsy before the first seed; the menu, the roles and the clock are for people who
    are signed in and are empty or falsy otherwise. ``alarm`` (``content_alarm.Alarm``) is falsy for
    those whom a damaged content does not concern, who do not pay its query either.
    """
    context: dict[str, object] = {
        "demo_mode": settings.DEMO,
        "office": SimpleLazyObject(_office),
    }
    user = getattr(request, "user", AnonymousUser())
    if isinstance(user, AnonymousUser) or not user.is_authenticated:
        return {**context, "nav": (), "role_labels": (), "clock_status": None, "alarm": None}
    held: dict[Role, Capacity] = SimpleLazyObject(user.current_capacities)  # type: ignore[assignment]
    return {
        **context,
        "nav": SimpleLazyObject(lambda: _menu(request, user, frozenset(held))),
        "role_labels": SimpleLazyObject(lambda: _labels(held)),
        "clock_status": SimpleLazyObject(lambda: clock_status(frozenset(held))),
        "alarm": SimpleLazyObject(lambda: _alarm(frozenset(held))),
    }


def clock_status(roles: frozenset[Role] = frozenset()) -> ClockStatus:
    """Say when the deadlines were last swept, and whether that is recent enough.

    Those who hold one of ``health.WATCHERS`` are told of workers and mail as well. One query.
    """
    felt = health.pulse()
    watches = not roles.isdisjoint(health.WATCHERS)
    return ClockStatus(
        alive=felt.alive and not felt.is_set_back,
        text=health.clock_words(felt),
        details=health.engine_words(felt) if watches else "",
        mail_waits=watches and felt.mail_waits_long,
    )


def _alarm(roles: frozenset[Role]) -> content_alarm.Alarm | None:
    return content_alarm.standing() if watches_contents(roles) else None


def _office() -> Office | None:
    return Office.objects.filter(pk=1).first()


def _labels(held: dict[Role, Capacity]) -> tuple[str, ...]:
    """An acting official reads "Plt." or "Plh." before the role."""
    return tuple(titled(role.label, held[role]) for role in Role if role in held)


def _menu(request: HttpRequest, user: User, roles: frozenset[Role]) -> tuple[NavItem, ...]:
    match = request.resolver_match
    here = (match.url_name if match is not None else None) or ""
    current = here
    if here != "request_new":
        # An address belongs to the entry whose family its name begins with.
        current = next((entry for family, entry in _FAMILIES if here.startswith(family)), here)
    keeps = may_keep(user, roles)
    shown = {
        "request_new": any(role in roles for role in MAY[Act.CREATE]),
        "report": reads_reports(roles),
        "user_list": keeps,
        "admin:index": keeps,
    }
    return tuple(
        NavItem(label, url_name, url_name == current)
        for label, url_name in _MENU
        if shown.get(url_name, True)
    )
