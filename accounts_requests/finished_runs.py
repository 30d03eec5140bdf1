"""The finished step runs of a period, each with one value that its limit can be compared with.

Median and percentile are by nearest rank: a duration that really happened, which leads to its case,
never a mean of two.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from accounts_requests import timers, words
from accounts_requests.limit_terms import LimitUnit
from accounts_requests.models import StepRun
from accounts_requests.report_periods import Period


class Measure(StrEnum):
    """In what the duration of a run is told: as its limit is."""

    DAYS = "hari"
    SECONDS = "detik"


@dataclass(frozen=True, kw_only=True)
class Run:
    """One finished run: ``value`` and ``limit`` in the measure, the rest in working seconds.

    ``value`` in days is the number of the day on which the step ended, the day of receipt being
    none; in seconds it is what the limit was compared with.
    """

    pk: int
    case: str
    step: int
    name: str
    finished_at: dt.datetime
    measure: Measure
    value: int
    limit: int | None
    late: int
    waiting: int
    worked: int

    @property
    def key(self) -> str:
        """Step and measure, as an address names them: ``3-detik``."""
        return f"{self.step}-{self.measure}"

    @property
    def finished_on(self) -> dt.date:
        """The day in the office's zone."""
        return self.finished_at.astimezone(words.ZONE).date()

    def said(self) -> str:
        """The value in words: ``2 hari``, ``48 menit``."""
        return said(self.value, self.measure)


def said(value: int, measure: Measure) -> str:
    """A value in words."""
    return f"{value} hari" if measure is Measure.DAYS else words.duration(value)


def finished_runs(period: Period) -> list[Run]:
    """The runs that ended in ``period``, by step and then as they ended."""
    rows = (
        StepRun.objects.filter(period.holds("finished_at"), abandoned=False)
        .select_related("step", "request")
        .order_by("step__number", "finished_at", "pk")
    )
    return [_read(run) for run in rows]


def ranked(runs: Sequence[Run], percentile: int) -> Run:
    """The run at the nearest rank of ``percentile`` (1 to 100) by value; of equals the first."""
    ordered = sorted(runs, key=lambda run: (run.value, run.pk))
    return ordered[max(1, -(-len(ordered) * percentile // 100)) - 1]


def middle(values: Sequence[int]) -> int:
    """The value in the middle (the lower of two) of at least one."""
    return sorted(values)[(len(values) - 1) // 2]


def _read(run: StepRun) -> Run:
    in_days = run.limit_amount is not None and run.limit_unit in (
        LimitUnit.WORKING_DAYS,
        LimitUnit.CALENDAR_DAYS,
    )
    amount = run.limit_amount
    if run.finished_at is None:
        raise ValueError("the run is not finished")
    return Run(
        pk=run.pk,
        case=run.request.number,
        step=run.step.number,
        name=run.step.short_name,
        finished_at=run.finished_at,
        measure=Measure.DAYS if in_days else Measure.SECONDS,
        value=_days(run, run.finished_at) if in_days else (run.counted_seconds or 0),
        limit=amount if in_days or amount is None else amount * words.MINUTE,
        late=run.late_seconds if amount is not None else 0,
        waiting=run.waiting_seconds or 0,
        worked=run.worked_seconds or 0,
    )


def _days(run: StepRun, end: dt.datetime) -> int:
    """On which day after the day of receipt the run ended; 0 on that day itself.

    Working days are those of the calendar that measured the run.
    """
    first = (run.started_at or run.offered_at).astimezone(words.ZONE).date()
    last = end.astimezone(words.ZONE).date()
    if run.limit_unit == LimitUnit.CALENDAR_DAYS:
        return (last - first).days
    clock = timers.working_time(run.calendar_version)
    later = (first + dt.timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(clock.closing_of(on) is not None for on in later)
