"""Calendars for tests: a small one, days to add, and proposals of them."""

import datetime as dt

from accounts_requests.calendar_proposals import Proposal
from accounts_requests.models import CalendarVersion, User
from accounts_requests.office_days import Holiday, HolidayKind, HoursKind, HoursTable

OPEN = (dt.time(7, 30), dt.time(16))
FRIDAY = (dt.time(7, 30), dt.time(11))
WEEK = ((OPEN,), (OPEN,), (OPEN,), (OPEN,), (FRIDAY,), (), ())


def table(first: dt.date, last: dt.date, **changes: object) -> HoursTable:
    """Ordinary hours between two dates."""
    values = {
        "name": "Jam kerja contoh",
        "kind": HoursKind.NORMAL,
        "valid_from": first,
        "valid_until": last,
        "legal_basis": "Surat Edaran contoh",
        "confirmed": True,
        "note": "",
        "week": WEEK,
    }
    return HoursTable(**{**values, **changes})  # type: ignore[arg-type]


def day_off(on: dt.date, **changes: object) -> Holiday:
    """A day of joint leave that was decreed."""
    values = {
        "date": on,
        "name": "Cuti bersama contoh",
        "kind": HolidayKind.JOINT_LEAVE,
        "legal_basis": "SKB 3 Menteri contoh",
        "confirmed": True,
    }
    return Holiday(**{**values, **changes})  # type: ignore[arg-type]


def days_off(*days: dt.date) -> Proposal:
    """The proposal of joint leave on these days."""
    return Proposal({day: day_off(day) for day in days})


def adopted(
    proposal: Proposal, actor: User, reason: str = "Keputusan bersama contoh"
) -> CalendarVersion:
    """Take the proposal into use over whatever calendar is in use."""
    from accounts_requests import calendar_keeping, timers

    return calendar_keeping.apply(
        proposal, reason=reason, actor=actor, expected_version=timers.calendar_version()
    )
