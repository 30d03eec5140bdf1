"""Time in the queue apart from time in hand, and whose hands: what a step run was spent on.

Working time throughout, by the calendar that measured the run; what a return paused belongs to
nobody. A take-over keeps both people's shares.
"""

import datetime as dt
from dataclasses import dataclass

from accounts_requests import timers, words
from accounts_requests.models import StepRun, User
from accounts_requests.working_time import OutsideCalendar, WorkingTime


@dataclass(frozen=True, kw_only=True)
class Share:
    """What one person held of a run: from when to when (UTC), and the working seconds in it."""

    person: User
    since: dt.datetime
    until: dt.datetime
    seconds: int
    after_due: int


@dataclass(frozen=True, kw_only=True)
class Shares:
    """A run's working seconds: waiting until somebody took or opened it, in hand, and paused."""

    waiting: int
    in_hand: int
    paused: int
    holders: list[Share]

    def said(self) -> str:
        """``antre 12 menit, dikerjakan 31 menit (Admin Satu 20 menit, Admin Dua 11 menit)``."""
        parts = []
        if self.waiting >= words.MINUTE:
            parts.append(f"antre {words.duration(self.waiting)}")
        hands = f"dikerjakan {words.duration(self.in_hand)}"
        if len(self.holders) > 1:
            each = ", ".join(
                f"{share.person.titled_name} {words.duration(share.seconds)}"
                for share in self.holders
            )
            hands += f" ({each})"
        parts.append(hands)
        if self.paused >= words.MINUTE:
            parts.append(f"dijeda {words.duration(self.paused)}")
        return ", ".join(parts)


def of(run: StepRun, at: dt.datetime, clock: WorkingTime | None = None) -> Shares | None:
    """The shares of ``run`` as they stand at ``at`` (UTC); None while nobody has begun.

    ``clock`` is the calendar in use, for an open run; a finished one is told by its own calendar.
    Prefetch ``pauses`` and ``holdings__person``. None, too, where the calendar does not reach or
    was never kept.
    """
    end = run.finished_at or run.paused_at or at
    taken_up = min((one for one in (run.claimed_at, run.opened_at) if one), default=None)
    if taken_up is None and run.finished_at is None:
        return None
    try:
        if clock is None or run.finished_at is not None:
            clock = timers.working_time(run.calendar_version)
        return _reckoned(run, min(taken_up or end, end), end, clock)
    except (OutsideCalendar, timers.UnknownCalendar):
        return None


def answers_for(run: StepRun, at: dt.datetime) -> Share | None:
    """Who held the run while its limit passed: the largest share after the deadline, else the last.

    None where nobody held it. For whoever names the person who must answer for a late step.
    """
    shares = of(run, at)
    if shares is None or not shares.holders:
        return None
    late = [share for share in shares.holders if share.after_due]
    return max(late, key=lambda share: share.after_due) if late else shares.holders[-1]


def _reckoned(run: StepRun, taken_up: dt.datetime, end: dt.datetime, clock: WorkingTime) -> Shares:
    pauses = [(pause.since, pause.until or end) for pause in run.pauses.all()]
    holders = [
        Share(
            person=holding.person,
            since=holding.since,
            until=min(holding.until or end, end),
            seconds=_without(pauses, holding.since, min(holding.until or end, end), clock),
            after_due=_after_due(run, pauses, holding.since, min(holding.until or end, end), clock),
        )
        for holding in run.holdings.all()
    ]
    return Shares(
        waiting=max(0, clock.seconds_between(run.offered_at, taken_up)),
        in_hand=_without(pauses, taken_up, end, clock),
        paused=sum(clock.seconds_between(since, min(until, end)) for since, until in pauses),
        holders=holders,
    )


def _without(
    pauses: list[tuple[dt.datetime, dt.datetime]],
    since: dt.datetime,
    until: dt.datetime,
    clock: WorkingTime,
) -> int:
    """The working seconds between two instants, the pauses in them taken out; never negative."""
    if until <= since:
        return 0
    taken_out = 0
    for begin, finish in pauses:
        first, last = max(begin, since), min(finish, until)
        if first < last:
            taken_out += clock.seconds_between(first, last)
    return max(0, clock.seconds_between(since, until) - taken_out)


def _after_due(
    run: StepRun,
    pauses: list[tuple[dt.datetime, dt.datetime]],
    since: dt.datetime,
    until: dt.datetime,
    clock: WorkingTime,
) -> int:
    if run.due_at is None or until <= run.due_at:
        return 0
    return _without(pauses, max(since, run.due_at), until, clock)
