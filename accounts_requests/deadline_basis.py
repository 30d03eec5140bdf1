"""Why a deadline falls where it does: each counted stretch and each skipped one, with its reason.

The pieces are those of the calendar in use; where a run was measured with another version, the
basis says so, because closed runs are never measured again.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from accounts_requests import readings, timers, words
from accounts_requests.models import StepRun
from accounts_requests.states import LimitBasis, LimitStart, LimitUnit
from accounts_requests.working_time import OutsideCalendar, Stretch, WorkingTime


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One line: from when to when, what it adds ("" when skipped), and why."""

    when: str
    adds: str
    reason: str
    legal_basis: str
    is_counted: bool
    is_estimate: bool


@dataclass(frozen=True, kw_only=True)
class Basis:
    """The explanation of one run's deadline, in words; ``due`` is "" while it is paused."""

    rule: str
    starts: str
    due: str
    total: str
    pieces: list[Piece]
    is_estimate: bool
    other_calendar: str
    problem: str


def explain(run: StepRun, at: dt.datetime) -> Basis | None:
    """The basis of ``run``'s deadline; None where the step has no limit or has not started.

    Prefetch ``pauses``. The stretch up to the deadline is explained; while the run is paused, the
    stretch up to the pause.
    """
    start = run.started_at or run.latest_start_at
    end = run.due_at or run.paused_at
    if run.limit_amount is None or start is None or end is None:
        return None
    clock = timers.working_time()
    problem = ""
    pieces: list[Piece] = []
    try:
        pieces = list(_pieces(run, start, end, clock))
    except OutsideCalendar as error:
        problem = str(error)
    version = timers.calendar_version()
    return Basis(
        rule=_rule(run),
        starts=_starts(run, start, at),
        due=words.instant(run.due_at) if run.due_at else "",
        total=_total(run),
        pieces=pieces,
        is_estimate=run.due_is_estimate,
        other_calendar=run.calendar_version if run.calendar_version != version else "",
        problem=problem,
    )


def _rule(run: StepRun) -> str:
    unit = LimitUnit(run.limit_unit).label
    basis = " untuk seluruh permohonan"
    if run.limit_basis == LimitBasis.PERSON:
        basis = ", dihitung tiap personel"
    start = LimitStart(run.limit_start).label
    if run.step.number == 1 and run.limit_start == LimitStart.PREVIOUS_END:
        start = "berkas diterima"  # nothing comes before the first step
    return (
        f"SOP menulis “{readings.norm_words(run.step)}”; dibaca sebagai "
        f"{run.limit_amount} {unit}{basis}, dihitung sejak {start}."
    )


def _starts(run: StepRun, start: dt.datetime, at: dt.datetime) -> str:
    when = words.instant(start)
    if run.started_at is None and start > at:
        return f"paling lambat {when}, atau saat pertama kali ditampilkan kepada pelaksana"
    return when


def _total(run: StepRun) -> str:
    return f"{run.limit_amount} {LimitUnit(run.limit_unit).label}"


def _pieces(
    run: StepRun, start: dt.datetime, end: dt.datetime, clock: WorkingTime
) -> Iterator[Piece]:
    since = start
    for pause in run.pauses.all():
        if pause.until is None or pause.until > end:
            continue
        yield from _stretch(run, since, pause.since, clock)
        yield Piece(
            when=f"{words.instant(pause.since)} – {words.instant(pause.until)}",
            adds="",
            reason=f"Dijeda karena dikembalikan: {pause.reason}",
            legal_basis="",
            is_counted=False,
            is_estimate=False,
        )
        since = pause.until
    yield from _stretch(run, since, end, clock)


def _stretch(
    run: StepRun, since: dt.datetime, until: dt.datetime, clock: WorkingTime
) -> Iterator[Piece]:
    if until < since:
        return
    match run.limit_unit:
        case LimitUnit.WORKING_MINUTES:
            for stretch in clock.explain(since, until):
                yield _piece(stretch, words.duration(stretch.seconds))
        case LimitUnit.WORKING_DAYS:
            for stretch in clock.explain_days(since, until):
                yield _piece(stretch, "1 hari", whole_day=True)
        case _:
            yield Piece(
                when=f"{words.instant(since)} – {words.instant(until)}",
                adds=words.duration(int((until - since).total_seconds())),
                reason="Waktu jam dinding: malam dan hari libur ikut dihitung",
                legal_basis="",
                is_counted=True,
                is_estimate=False,
            )


def _piece(stretch: Stretch, adds: str, *, whole_day: bool = False) -> Piece:
    start, end = stretch.start.astimezone(words.ZONE), stretch.end.astimezone(words.ZONE)
    if whole_day:
        when = words.day_and_date(start.date())
    elif start.date() == (end - dt.timedelta(microseconds=1)).date():
        last = "24.00" if end.date() != start.date() else f"{end:%H.%M}"
        when = f"{words.day_and_date(start.date())}, {start:%H.%M}–{last}"
    else:
        when = (
            f"{words.day_and_date(start.date())}, {start:%H.%M} – "
            f"{words.day_and_date(end.date())}, {end:%H.%M}"
        )
    return Piece(
        when=when,
        adds=adds if stretch.counted else "",
        reason=stretch.reason,
        legal_basis=stretch.legal_basis,
        is_counted=stretch.counted,
        is_estimate=not stretch.confirmed,
    )
