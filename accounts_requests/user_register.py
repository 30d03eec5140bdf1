"""The people who sign in, as Pengelola Aplikasi reads them: a list, and one with a history."""

import datetime as dt
import enum
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Prefetch, Q, QuerySet

from accounts_requests import appointing, clock, keeping, second_factors
from accounts_requests.identity_numbers import normalise_number
from accounts_requests.models import Appointment, AuditEntry, Invitation, User
from accounts_requests.states import Act

# An office has dozens of people; whoever has more narrows the search.
SHOWN = 200
HISTORY_SHOWN = 50

# The acts that are about a person, by themselves or by others.
_ABOUT_PEOPLE = (
    Act.SETTINGS,
    Act.INVITE,
    Act.ACCEPT_INVITATION,
    Act.SUSPEND,
    Act.REACTIVATE,
    Act.APPOINT,
    Act.SECOND_FACTOR,
    Act.CHANGE_PASSWORD,
    Act.END_SESSION,
    Act.SIGN_IN,
    Act.SIGN_OUT,
)
_OWN_ACTS = (
    Act.ACCEPT_INVITATION,
    Act.SECOND_FACTOR,
    Act.CHANGE_PASSWORD,
    Act.END_SESSION,
    Act.SIGN_IN,
    Act.SIGN_OUT,
)


class UserState(enum.Enum):
    """How far somebody is on the way in."""

    INVITED = "diundang"
    ACTIVE = "aktif"
    SUSPENDED = "nonaktif"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the reader asked for; "" means no filter. ``role`` is one held today."""

    text: str = ""
    role: str = ""
    state: str = ""

    @property
    def are_set(self) -> bool:
        """Whether anything is filtered at all."""
        return self != Filters()


@dataclass(frozen=True, kw_only=True)
class Line:
    """One person in the list; ``titles`` are the roles of today ("Plh. Kepala LPSE").

    ``link_until`` is the end of a link that waits for an invited person, None without a usable one.
    """

    person: User
    titles: list[str]
    state: UserState
    has_second_factor: bool
    link_until: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class AppointmentLine:
    """One role of one person; ``status`` is "berlaku", "akan berlaku" or "berakhir"."""

    appointment: Appointment
    title: str
    status: str


def state_of(person: User) -> UserState:
    """Suspended, invited (no password set yet, or none any more), or active."""
    if not person.is_active:
        return UserState.SUSPENDED
    return UserState.ACTIVE if person.has_usable_password() else UserState.INVITED


def find(filters: Filters) -> tuple[list[Line], bool]:
    """The people who match, by name, and whether there are more than ``SHOWN`` of them."""
    rows = _with_what_is_shown(_matching(filters)).order_by("full_name", "username")
    people = list(rows[: SHOWN + 1])
    return _lines(people[:SHOWN]), len(people) > SHOWN


def line_of(person: User) -> Line:
    """``person`` as the list shows them."""
    return _lines(list(_with_what_is_shown(User.objects.filter(pk=person.pk))))[0]


def appointments_of(person: User) -> list[AppointmentLine]:
    """Every role that ``person`` holds, held or will hold; the newest first."""
    today = clock.today()
    lines = []
    for appointment in person.appointments.order_by("-since", "-pk"):
        if appointment.since > today:
            status = "akan berlaku"
        elif appointment.until is not None and appointment.until < today:
            status = "berakhir"
        else:
            status = "berlaku"
        title = appointing.title_of(appointment)
        lines.append(AppointmentLine(appointment=appointment, title=title, status=status))
    return lines


def history_of(person: User) -> list[AuditEntry]:
    """The newest entries of the trail about ``person``'s sign-in and roles, newest first."""
    about = Q(object_label=keeping.label_of(person)) | Q(actor=person, act__in=_OWN_ACTS)
    entries = AuditEntry.objects.filter(about, request__isnull=True, act__in=_ABOUT_PEOPLE)
    return list(entries.order_by("-sequence")[:HISTORY_SHOWN])


def _matching(filters: Filters) -> "QuerySet[User]":
    people = User.objects.all()
    for word in filters.text.split():
        number = normalise_number(word)
        found = (
            Q(full_name__icontains=word) | Q(username__icontains=word) | Q(email__icontains=word)
        )
        if number.isdecimal():
            found |= Q(nip__contains=number)
        people = people.filter(found)
    if filters.role:
        held = Appointment.objects.in_force(clock.today()).filter(role=filters.role)
        people = people.filter(pk__in=held.values("person"))
    if filters.state == UserState.SUSPENDED.value:
        people = people.filter(is_active=False)
    elif filters.state:
        people = people.filter(is_active=True)
        invited = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        people = people.filter(invited if filters.state == UserState.INVITED.value else ~invited)
    return people


def _with_what_is_shown(people: "QuerySet[User]") -> "QuerySet[User]":
    held = Appointment.objects.in_force(clock.today()).order_by("since", "pk")
    links = Invitation.objects.filter(used_at=None, revoked_at=None, expires_at__gt=clock.now())
    return people.prefetch_related(
        Prefetch("appointments", queryset=held, to_attr="in_force_today"),
        Prefetch("invitations", queryset=links, to_attr="open_links"),
    )


def _lines(people: list[User]) -> list[Line]:
    secured = second_factors.people_with_one(people)
    lines = []
    for person in people:
        held: list[Appointment] = getattr(person, "in_force_today", [])
        links: list[Invitation] = getattr(person, "open_links", [])
        lines.append(
            Line(
                person=person,
                titles=[appointing.title_of(appointment) for appointment in held],
                state=state_of(person),
                has_second_factor=person.pk in secured,
                link_until=links[0].expires_at if links else None,
            )
        )
    return lines
