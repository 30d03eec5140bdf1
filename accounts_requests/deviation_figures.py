"""What became of the deviations: how those of a period stand, why they came about, what is open.

Of the period are those that were recorded in it; the open ones are all that were recorded until its
end, as old as they are. Both are told as they stand at one instant: a later answer changes them.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from accounts_requests import words
from accounts_requests.deviation_states import open_ones, with_state
from accounts_requests.models import Deviation, DeviationAnswer
from accounts_requests.report_periods import Period
from accounts_requests.states import OPEN_DEVIATIONS, DeviationState

# The ages of open deviations, in days of the calendar: up to so many.
AGES = (7, 30, 90)


@dataclass(frozen=True, kw_only=True)
class Count:
    """A line of a table: ``key`` for an address, the words, and how many."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, kw_only=True)
class DeviationFigures:
    """Those of the period by state and by cause; all open ones by age, and the oldest's days."""

    states: Sequence[Count]
    causes: Sequence[Count]
    ages: Sequence[Count]
    oldest_days: int | None

    @property
    def open(self) -> int:
        """How many are not answered for yet."""
        return sum(age.count for age in self.ages)


def of(period: Period, *, at: dt.datetime) -> DeviationFigures:
    """Count them as they stand at ``at`` (UTC), or stood when the period ended: two queries."""
    then = min(at, period.end)
    cause = DeviationAnswer.objects.filter(pk=OuterRef("answer_pk")).values("cause_label")[:1]
    recorded = Deviation.objects.filter(period.holds("recorded_at"))
    rows = with_state(recorded, at=at).annotate(cause_told=Subquery(cause))
    states: Counter[str] = Counter()
    causes: Counter[str] = Counter()
    for state, told in rows.values_list("state", "cause_told"):
        states[state] += 1
        if told:
            causes[told] += 1
    still_open = with_state(Deviation.objects.filter(recorded_at__lt=then), at=then).filter(
        state__in=[str(state) for state in OPEN_DEVIATIONS]
    )
    days = [days_between(on, then) for on in still_open.values_list("recorded_at", flat=True)]
    return DeviationFigures(
        states=[
            Count(key=state.value, label=state.label, count=states[state.value])
            for state in DeviationState
            if states[state.value]
        ],
        causes=[
            Count(key="", label=label, count=count)
            for label, count in sorted(causes.items(), key=lambda item: (-item[1], item[0]))
        ],
        ages=_by_age(days),
        oldest_days=max(days, default=None),
    )


def open_by_age(at: dt.datetime) -> Sequence[Count]:
    """All that are not answered for at ``at`` (UTC), by their age. One query."""
    found = open_ones().values_list("recorded_at", flat=True)
    return _by_age([days_between(on, at) for on in found])


def days_between(recorded: dt.datetime, then: dt.datetime) -> int:
    """Days of the office's calendar from the record until ``then``."""
    return (then.astimezone(words.ZONE).date() - recorded.astimezone(words.ZONE).date()).days


def _by_age(days: Sequence[int]) -> list[Count]:
    """One line for each of AGES and one for what is older; each with how many."""
    lines, before = [], -1
    for most in AGES:
        label = f"sampai {most} hari" if before < 0 else f"{before + 1} sampai {most} hari"
        count = sum(before < age <= most for age in days)
        lines.append(Count(key=str(most), label=label, count=count))
        before = most
    older = sum(age > before for age in days)
    return [*lines, Count(key="", label=f"lebih dari {before} hari", count=older)]
