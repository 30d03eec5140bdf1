"""What those who judge and examine see first: what waits and since when, and how the office does.

For Beranda: a handful of queries, none of which grows with the number of cases.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts_requests import deviation_figures, deviation_queues, figures, words
from accounts_requests.models import Appointment, AuditEntry, Monitoring, StepRun, User
from accounts_requests.report_periods import Period, half_year
from accounts_requests.roles import Role
from accounts_requests.states import Act

# What somebody took away lately, on Beranda; all of it is on the audit trail.
EXPORTS_SHOWN = 10
# An assignment that ends within so many days is told as ending soon.
ENDS_SOON_DAYS = 14


@dataclass(frozen=True, kw_only=True)
class Judging:
    """An answer that waits for the reader's judgement, and for how many days of the calendar."""

    waiting: deviation_queues.Waiting
    days: int


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The office in a half year: runs with a limit that ended in it, and how many kept it."""

    period: Period
    limited: int
    on_time: int
    last_monitoring: Monitoring | None
    open_by_age: Sequence[deviation_figures.Count]

    @property
    def share(self) -> str:
        """``87,5 %``; "—" where no run with a limit ended."""
        return figures.percent(self.on_time, self.limited)


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """On which letter an examiner reads, until when (None: no end), and the days that are left."""

    letter: str
    until: dt.date | None
    days_left: int | None

    @property
    def ends_soon(self) -> bool:
        """Whether it is time to ask for a further letter."""
        return self.days_left is not None and self.days_left <= ENDS_SOON_DAYS


def judging(user: User, roles: frozenset[Role], at: dt.datetime) -> list[Judging]:
    """The answers that wait for ``user``'s judgement, the oldest first. At most four queries."""
    return [
        Judging(waiting=one, days=deviation_figures.days_between(one.answer.at, at))
        for one in deviation_queues.to_judge(user, roles)
    ]


def standing(at: dt.datetime) -> Standing:
    """The office as it stands at ``at`` (UTC) in the half year of that day. Three queries."""
    period = half_year(at.astimezone(words.ZONE).date())
    limited = Q(limit_amount__isnull=False)
    counted = StepRun.objects.filter(period.holds("finished_at"), abandoned=False).aggregate(
        limited=Count("pk", filter=limited),
        on_time=Count("pk", filter=limited & ~Q(late_seconds__gt=0)),
    )
    return Standing(
        period=period,
        limited=counted["limited"],
        on_time=counted["on_time"],
        last_monitoring=Monitoring.objects.defer("pdf", "rows", "answers").first(),
        open_by_age=deviation_figures.open_by_age(at),
    )


def assignment(user: User, today: dt.date) -> Assignment | None:
    """The surat tugas on which ``user`` reads today, the one that lasts longest; None without."""
    held = Appointment.objects.in_force(today).filter(person=user, role=Role.INSPEKTORAT)
    found = max(held, key=lambda one: one.until or dt.date.max, default=None)
    if found is None:
        return None
    return Assignment(
        letter=found.assignment_letter,
        until=found.until,
        days_left=(found.until - today).days if found.until else None,
    )


def taken_by(user: User) -> Sequence[AuditEntry]:
    """What ``user`` took away lately, the latest first."""
    entries = AuditEntry.objects.filter(actor=user, act=Act.EXPORT).select_related("request")
    return list(entries.order_by("-sequence")[:EXPORTS_SHOWN])
