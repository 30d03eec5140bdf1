"""Sessions of people: how long one lasts, which are open, and ending them.

A session ends when its person has done nothing for the office's idle time, or when it has lasted
for the office's hours. The last activity is marked at most once a minute, in the session itself,
so that a request costs no write; idle time is therefore judged up to a minute late, never early.
"""

import datetime as dt
from typing import NamedTuple

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts_requests import audit, second_factors, words
from accounts_requests.models import Office, User
from accounts_requests.sign_ins import roles_of
from accounts_requests.states import Act

# Keys in the session: instants in seconds since the epoch, by clock.now().
BEGUN = "begun_at"
SEEN = "seen_at"
OWES_FACTOR = "owes_second_factor"

MARK_EVERY = dt.timedelta(minutes=1)
# For how long the sign-in itself counts as "the password was just given".
FRESH_FOR = dt.timedelta(minutes=5)


class Visitor(NamedTuple):
    """Where a request came from: the client's address and its browser's name for itself."""

    address: str
    browser: str


class OpenSession(NamedTuple):
    """One session of a person, as it is listed."""

    pk: int
    device: str
    address: str
    begun_at: dt.datetime
    seen_at: dt.datetime
    is_this_one: bool


def office_limits() -> Office:
    """The office, or one with the default limits before the first seed."""
    return Office.objects.filter(pk=1).first() or Office()


# -- how long -------------------------------------------------------------------------------------


def begin(session: SessionBase, person: User, visitor: Visitor, at: dt.datetime) -> None:
    """Start the clocks of ``person``'s session at ``at`` (UTC), and list it."""
    session[BEGUN] = session[SEEN] = at.timestamp()
    session[OWES_FACTOR] = second_factors.owes_one(person, office_limits())
    keep_listed(session, person, visitor, at)


def reason_to_end(
    session: SessionBase, person: User, visitor: Visitor, at: dt.datetime, *, acted: bool
) -> str | None:
    """Judge the session at ``at``: the sentence why it is over, or None while it goes on.

    ``acted`` tells that the person did something; a page that asks by itself does not count.
    Writes at most once a minute, and asks for the office's limits no more often than that.
    """
    if SEEN not in session:  # begun by other means than our sign-in
        begin(session, person, visitor, at)
        return None
    silent_for = at - _instant(session, SEEN)
    if silent_for < MARK_EVERY:
        return None
    office = office_limits()
    if silent_for >= dt.timedelta(minutes=office.idle_minutes) + MARK_EVERY:
        return f"tidak ada kegiatan selama {words.duration(office.idle_minutes * 60)}"
    if at - _instant(session, BEGUN) >= dt.timedelta(hours=office.session_hours):
        return f"sudah berlangsung {office.session_hours} jam"
    if acted:
        session[SEEN] = at.timestamp()
        session[OWES_FACTOR] = second_factors.owes_one(person, office)
        keep_listed(session, person, visitor, at)
    return None


def owes_factor(session: SessionBase, person: User) -> bool:
    """Must this person set up a second factor before anything else?

    A duty that begins is noticed within a minute; one that is met, at once.
    """
    if not session.get(OWES_FACTOR):
        return False
    if not second_factors.owes_one(person, office_limits()):
        session[OWES_FACTOR] = False
    return bool(session[OWES_FACTOR])


def is_fresh(session: SessionBase, at: dt.datetime) -> bool:
    """Was the password given for this session within the last FRESH_FOR?"""
    return SEEN in session and dt.timedelta(0) <= at - _instant(session, BEGUN) < FRESH_FOR


def _instant(session: SessionBase, key: str) -> dt.datetime:
    return dt.datetime.fromtimestamp(session[key], dt.UTC)


# -- which ----------------------------------------------------------------------------------------


def keep_listed(session: SessionBase, person: User, visitor: Visitor, at: dt.datetime) -> None:
    """Have the list show this session as of ``at``, also after its key has changed."""
    UserSession.objects.update_or_create(
        session_key=session.session_key,
        defaults={
            "user": person,
            "ip": visitor.address,
            "user_agent": visitor.browser[:200],
            "created_at": _instant(session, BEGUN),
            "last_seen_at": at,
        },
    )


def open_sessions(person: User, session: SessionBase, at: dt.datetime) -> list[OpenSession]:
    """The sessions of ``person`` that go on at ``at``; this one first, then the latest seen."""
    office = office_limits()
    rows = UserSession.objects.filter(
        user=person,
        session_key__in=Session.objects.values("session_key"),
        created_at__gt=at - dt.timedelta(hours=office.session_hours),
        last_seen_at__gt=at - dt.timedelta(minutes=office.idle_minutes) - MARK_EVERY,
    ).order_by("-last_seen_at", "-pk")
    listed = [
        OpenSession(
            pk=row.pk,
            device=device_words(row.user_agent),
            address=row.ip,
            begun_at=row.created_at,
            seen_at=row.last_seen_at,
            is_this_one=row.session_key == session.session_key,
        )
        for row in rows
    ]
    return sorted(listed, key=lambda one: not one.is_this_one)


# In this order: the names of the later ones are in what the earlier ones say of themselves.
_BROWSERS = (
    ("Edg", "Microsoft Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def device_words(browser: str) -> str:
    """``Chrome pada Windows``: what a browser says of itself, in plain words."""
    name = next((name for sign, name in _BROWSERS if sign in browser), "Peramban lain")
    system = next((name for sign, name in _SYSTEMS if sign in browser), "")
    return f"{name} pada {system}" if system else name


# -- ending them ----------------------------------------------------------------------------------


def ended_by_time(person: User, reason: str, *, at: dt.datetime) -> None:
    """Record that the session at hand ended because of ``reason`` (as ``reason_to_end`` says)."""
    with transaction.atomic():
        audit.record(
            Act.END_SESSION,
            actor=person,
            at=at,
            role=roles_of(person),
            summary=f"Sesi berakhir karena {reason}.",
        )


def end_one(person: User, pk: int, session: SessionBase, *, at: dt.datetime) -> str | None:
    """End another session of ``person``; the device it was on, or None when it is gone already."""
    with transaction.atomic():
        row = (
            UserSession.objects.filter(user=person, pk=pk)
            .exclude(session_key=session.session_key)
            .first()
        )
        if row is None:
            return None
        device = device_words(row.user_agent)
        _delete([row])
        audit.record(
            Act.END_SESSION,
            actor=person,
            at=at,
            role=roles_of(person),
            summary=f"Mengakhiri sesi sendiri: {device}, {row.ip}.",
        )
    return device


def end_others(person: User, session: SessionBase, *, at: dt.datetime) -> int:
    """End every session of ``person`` but this one; how many there were."""
    with transaction.atomic():
        rows = _rows_of(person, session)
        if rows:
            audit.record(
                Act.END_SESSION,
                actor=person,
                at=at,
                role=roles_of(person),
                summary=f"Mengakhiri {len(rows)} sesi sendiri yang lain.",
            )
            _delete(rows)
    return len(rows)


def end_all(person: User, session: SessionBase | None = None) -> int:
    """End the sessions of ``person`` in the surrounding act, which records itself; how many.

    With ``session``, that one goes on.
    """
    with transaction.atomic():
        rows = _rows_of(person, session)
        _delete(rows)
    return len(rows)


def sweep() -> None:
    """Forget sessions whose cookie has run out, and rows of the list that have no session."""
    SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def _rows_of(person: User, session: SessionBase | None) -> list[UserSession]:
    rows = UserSession.objects.filter(user=person)
    return list(rows.exclude(session_key=session.session_key) if session is not None else rows)


def _delete(rows: list[UserSession]) -> None:
    Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
    UserSession.objects.filter(pk__in=[row.pk for row in rows]).delete()
