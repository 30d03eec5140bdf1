"""What the records say about a period, in numbers: the basis of every report.

Each number is a count of rows or the value of one row, so that it can be followed to the cases
behind it (``figure_rows``) and found again by anybody who counts. Shares are kept as counts and
rounded only where they are said.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from accounts_requests import deviation_figures, words
from accounts_requests.deviation_figures import DeviationFigures
from accounts_requests.finished_runs import Measure, Run, finished_runs, middle, ranked, said
from accounts_requests.models import Account, AccountRequest, Deviation
from accounts_requests.report_periods import Period
from accounts_requests.states import NOT_CREATED, AccountKind, AccountState, Aspect


@dataclass(frozen=True, kw_only=True)
class StepFigures:
    """The finished runs of one step whose limit is told in one measure; never without a run."""

    number: int
    name: str
    measure: Measure
    runs: Sequence[Run]

    @property
    def key(self) -> str:
        """What names these figures in an address: ``3-detik``."""
        return self.runs[0].key

    @property
    def limits(self) -> Sequence[int]:
        """The different limits that the runs had, the least first; empty without a limit."""
        return sorted({run.limit for run in self.runs if run.limit is not None})

    @property
    def limit_words(self) -> str:
        """The limit, or the span of limits where they differed; "—" without one."""
        if not self.limits:
            return "—"
        least, most = self.limits[0], self.limits[-1]
        if least == most:
            return said(least, self.measure)
        return f"{said(least, self.measure)} sampai {said(most, self.measure)}"

    @property
    def limited(self) -> Sequence[Run]:
        """The runs that had a limit: only these can be on time or late."""
        return [run for run in self.runs if run.limit is not None]

    @property
    def late(self) -> Sequence[Run]:
        """The runs that passed their limit."""
        return [run for run in self.limited if run.late]

    @property
    def on_time(self) -> int:
        """How many runs kept their limit."""
        return len(self.limited) - len(self.late)

    @property
    def share(self) -> str:
        """``87,5 %`` of the runs with a limit kept it; "—" where none had one."""
        return percent(self.on_time, len(self.limited))

    @property
    def median(self) -> Run:
        """The run in the middle (the earlier of two)."""
        return ranked(self.runs, 50)

    @property
    def ninth(self) -> Run:
        """The run at the 90th percentile: nine of ten took no longer."""
        return ranked(self.runs, 90)

    @property
    def worst(self) -> Run:
        """The run that took the longest."""
        return ranked(self.runs, 100)

    @property
    def waiting(self) -> str:
        """The median of the time in the queue."""
        return words.duration(middle([run.waiting for run in self.runs]))

    @property
    def worked(self) -> str:
        """The median of the time in hand."""
        return words.duration(middle([run.worked for run in self.runs]))


@dataclass(frozen=True, kw_only=True)
class KindFigures:
    """What became of the accounts of one kind: by step 3 in the period, and by hand-over in it."""

    kind: str
    label: str
    created: int
    refused: int
    postponed: int
    delivered: int


@dataclass(frozen=True, kw_only=True)
class CaseFigures:
    """How many cases came in, were archived and cancelled, and were open as the period ended."""

    received: int
    archived: int
    cancelled: int
    still_open: int


@dataclass(frozen=True, kw_only=True)
class DeviationCell:
    """How many deviations of one aspect were recorded for one step."""

    aspect: str
    step: int
    count: int


@dataclass(frozen=True, kw_only=True)
class MonthFigures:
    """One month: cases in and out; for each step with a limit (on time, late) of its finished runs.

    ``steps`` has the keys of ``StepFigures.key``.
    """

    period: Period
    received: int
    archived: int
    deviations: int
    steps: Mapping[str, tuple[int, int]]

    @property
    def label(self) -> str:
        """``Jan``."""
        return self.name[:3]

    @property
    def name(self) -> str:
        """``Januari 2026``."""
        return f"{words.MONTHS[self.period.first.month - 1]} {self.period.first.year}"

    @property
    def shares(self) -> Sequence[tuple[str, str]]:
        """For each step with a limit what it is called and which share kept it."""
        return [
            (f"Langkah {key.partition('-')[0]} tepat waktu", percent(on_time, on_time + late))
            for key, (on_time, late) in self.steps.items()
        ]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Everything about one period. ``steps`` holds only steps that finished in it."""

    period: Period
    cases: CaseFigures
    kinds: Sequence[KindFigures]
    steps: Sequence[StepFigures]
    deviations: Sequence[DeviationCell]
    answered: DeviationFigures
    months: Sequence[MonthFigures]

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all happened."""
        return not (self.steps or self.cases.received or self.cases.still_open or self.deviated)

    @property
    def deviated(self) -> int:
        """How many deviations were recorded."""
        return sum(cell.count for cell in self.deviations)

    @property
    def by_aspect(self) -> Sequence[tuple[str, Sequence[tuple[int, int]], int]]:
        """For each aspect of the SOP its label, (step, count) for steps 1 to 5, and the sum."""
        counts = {(cell.aspect, cell.step): cell.count for cell in self.deviations}
        numbers = sorted({*range(1, 6), *(cell.step for cell in self.deviations)})
        return [
            (
                aspect.value,
                [(number, counts.get((aspect.value, number), 0)) for number in numbers],
                sum(counts.get((aspect.value, number), 0) for number in numbers),
            )
            for aspect in Aspect
        ]


def of(period: Period, *, at: dt.datetime) -> Figures:
    """Count everything about ``period`` as it stands at ``at`` (UTC).

    Six queries, and one for each calendar that is not at hand yet.
    Runs, accounts and deviations belong to the period in which they ended, were recorded or handed
    over; an abandoned run (a cancelled case) is no finished one.
    """
    steps = _by_step(finished_runs(period))
    received, archived, cases = _cases(period)
    deviated = list(
        Deviation.objects.filter(period.holds("recorded_at")).values_list(
            "aspect", "step_run__step__number", "recorded_at"
        )
    )
    cells = Counter((aspect, number) for aspect, number, _ in deviated)
    days = Counter(at.astimezone(words.ZONE).date() for _, _, at in deviated)
    return Figures(
        period=period,
        cases=cases,
        kinds=_kinds(period),
        steps=steps,
        deviations=[
            DeviationCell(aspect=aspect, step=number, count=count)
            for (aspect, number), count in sorted(cells.items())
        ],
        answered=deviation_figures.of(period, at=at),
        months=[
            MonthFigures(
                period=month,
                received=_in(received, month),
                archived=_in(archived, month),
                deviations=_in(days, month),
                steps={step.key: _in_month(step, month) for step in steps if step.limited},
            )
            for month in period.months()
        ],
    )


def percent(part: int, whole: int) -> str:
    """``87,5 %``, rounded half up to one decimal; "—" of nothing."""
    if not whole:
        return "—"
    tenths = (2 * 1000 * part + whole) // (2 * whole)
    return f"{tenths // 10},{tenths % 10} %"


def _by_step(runs: Iterable[Run]) -> list[StepFigures]:
    """The runs by step and measure, with the name that the step had last; in the SOP's order."""
    found: dict[tuple[int, Measure], list[Run]] = {}
    for run in runs:
        found.setdefault((run.step, run.measure), []).append(run)
    return [
        StepFigures(number=number, name=same[-1].name, measure=measure, runs=same)
        for (number, measure), same in sorted(found.items())
    ]


def _cases(period: Period) -> tuple[Counter[dt.date], Counter[dt.date], CaseFigures]:
    """By date in the office's zone: cases received, cases archived; and the counts of all."""
    open_at_end = Q(received_at__lt=period.end) & ~(
        Q(archived_at__lt=period.end) | Q(cancelled_at__lt=period.end)
    )
    happened = [period.holds(name) for name in ("received_at", "archived_at", "cancelled_at")]
    rows = AccountRequest.objects.filter(happened[0] | happened[1] | happened[2] | open_at_end)
    received: Counter[dt.date] = Counter()
    archived: Counter[dt.date] = Counter()
    cancelled = still_open = 0
    for came, went, ended in rows.values_list("received_at", "archived_at", "cancelled_at"):
        if came in period:
            received[came.astimezone(words.ZONE).date()] += 1
        if went and went in period:
            archived[went.astimezone(words.ZONE).date()] += 1
        cancelled += bool(ended and ended in period)
        closed = went or ended
        still_open += came < period.end and (closed is None or closed >= period.end)
    return (
        received,
        archived,
        CaseFigures(
            received=received.total(),
            archived=archived.total(),
            cancelled=cancelled,
            still_open=still_open,
        ),
    )


def _kinds(period: Period) -> list[KindFigures]:
    """The kinds that occurred, in the SOP's order."""
    rows = Account.objects.filter(period.holds("recorded_at") | period.holds("delivered_at"))
    counts: Counter[tuple[str, str]] = Counter()
    for kind, state, recorded, delivered in rows.values_list(
        "registrant__account_kind", "state", "recorded_at", "delivered_at"
    ):
        if recorded and recorded in period:
            counts[kind, state if state in NOT_CREATED else AccountState.CREATED] += 1
        if delivered and delivered in period:
            counts[kind, "delivered"] += 1
    return [
        KindFigures(
            kind=kind.value,
            label=kind.label,
            created=counts[kind, AccountState.CREATED],
            refused=counts[kind, AccountState.REFUSED],
            postponed=counts[kind, AccountState.POSTPONED],
            delivered=counts[kind, "delivered"],
        )
        for kind in AccountKind
        if any(counted[0] == kind for counted in counts)
    ]


def _in(days: Counter[dt.date], month: Period) -> int:
    return sum(count for on, count in days.items() if month.first <= on <= month.last)


def _in_month(step: StepFigures, month: Period) -> tuple[int, int]:
    found = [run for run in step.limited if month.first <= run.finished_on <= month.last]
    late = sum(bool(run.late) for run in found)
    return len(found) - late, late
