"""A limit in days over pauses: what a stretch uses, what is left, and when that is due.

The rule (the office's reading of "3 Hari", carried over a return): a stretch uses as many days as
there are office days (every day, for calendar days) after its first day up to and including its
last. What is left counts from the day of resumption; nothing left is the rest of that very day.
A deadline that had passed at the pause stays passed: a return forgives nothing.

Everything follows from the start and the pauses of a run, so that it can be told day by day. A
changed calendar counts the days of a stretch anew.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from accounts_requests import words
from accounts_requests.limit_terms import LimitUnit
from accounts_requests.models import StepRun, StepRunPause
from accounts_requests.working_time import WorkingTime

IN_DAYS: Final = (LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS)

# A calendar day ends with its last whole second.
_LAST_SECOND: Final = dt.time(23, 59, 59)
_DAY: Final = dt.timedelta(days=1)


class Span(NamedTuple):
    """One stretch in which a run counted, both ends UTC."""

    since: dt.datetime
    until: dt.datetime


class Left(NamedTuple):
    """What a limit still has when a stretch begins.

    ``days``: whole days, never less than none. ``overdrawn``: the seconds (working ones, for
    working days) by which earlier stretches overran their deadline; more than none says overdue.
    """

    days: int
    overdrawn: int


def pauses_of(run: StepRun) -> list[StepRunPause]:
    """The pauses that stopped the limit of ``run``, in order; one before it began is none.

    Prefetched pauses are used.
    """
    begin = run.started_at or run.latest_start_at
    if begin is None or not run.pk:
        return []
    stopped = [one for one in run.pauses.all() if one.until is None or one.until > begin]
    return sorted(stopped, key=lambda one: one.since)


def spans(run: StepRun) -> tuple[list[Span], dt.datetime | None]:
    """The stretches of ``run`` that pauses have ended, and since when the present one counts.

    None while it is paused, or where nothing counts yet. Each of the stretches was ended by the
    pause of the same place in ``pauses_of``.
    """
    begin = run.started_at or run.latest_start_at
    ended: list[Span] = []
    for pause in pauses_of(run):
        if begin is not None:
            ended.append(Span(begin, max(begin, pause.since)))
        begin = pause.until
    return ended, begin


def used_days(span: Span, unit: str, clock: WorkingTime) -> int:
    """The days of a limit in ``unit`` that the stretch uses.

    Raises ``OutsideCalendar`` where working days lie beyond the calendar.
    """
    if unit == LimitUnit.CALENDAR_DAYS:
        return (_local(span.until) - _local(span.since)).days
    return clock.working_days_between(span.since, span.until)


def due_after(since: dt.datetime, days: int, unit: str, clock: WorkingTime) -> dt.datetime:
    """When ``days`` that are left at ``since`` are used up (UTC): closing time of the last of them.

    None left: closing time of the day of ``since``, or of the next office day where the office is
    closed then. Raises ``OutsideCalendar`` when the calendar does not reach it.
    """
    if unit == LimitUnit.CALENDAR_DAYS:
        due = dt.datetime.combine(_local(since) + days * _DAY, _LAST_SECOND, words.ZONE)
        return max(due.astimezone(dt.UTC), since)
    if days:
        return clock.add_working_days(since, days)
    closing = clock.closing_of(_local(since))
    return closing if closing and since < closing else clock.add_working_days(since, 1)


def left_after(ended: Sequence[Span], amount: int, unit: str, clock: WorkingTime) -> Left:
    """What is left of ``amount`` days after these stretches, one after the other."""
    return list(_course(ended, amount, unit, clock))[-1]


def said_left(ended: Sequence[Span], amount: int, unit: str, clock: WorkingTime) -> list[str]:
    """After each of these stretches, in words: ``tersisa 2 hari kerja ketika dikembalikan``."""
    return [_said(left, unit) for left in list(_course(ended, amount, unit, clock))[1:]]


def _course(ended: Sequence[Span], amount: int, unit: str, clock: WorkingTime) -> Iterator[Left]:
    """What is left before the first of these stretches, and after each of them."""
    left = Left(amount, 0)
    yield left
    for span in ended:
        # Once passed, the deadline lies behind whatever comes.
        due = span.since if left.overdrawn else due_after(span.since, left.days, unit, clock)
        if span.until > due:
            over = left.overdrawn + max(1, _seconds(due, span.until, unit, clock))
            left = Left(0, over)
        else:
            left = Left(max(0, left.days - used_days(span, unit, clock)), 0)
        yield left


def _said(left: Left, unit: str) -> str:
    if left.overdrawn:
        return f"sudah terlambat {words.duration(left.overdrawn)} ketika dikembalikan"
    name = "hari kerja" if unit == LimitUnit.WORKING_DAYS else "hari kalender"
    if not left.days:
        closing = "tutup kantor" if unit == LimitUnit.WORKING_DAYS else "akhir hari"
        return f"tersisa 0 {name} ketika dikembalikan, jadi sampai {closing} saat dilanjutkan"
    return f"tersisa {left.days} {name} ketika dikembalikan"


def _seconds(a: dt.datetime, b: dt.datetime, unit: str, clock: WorkingTime) -> int:
    if unit == LimitUnit.CALENDAR_DAYS:
        return int((b - a).total_seconds())
    return clock.seconds_between(a, b)


def _local(at: dt.datetime) -> dt.date:
    return at.astimezone(words.ZONE).date()
