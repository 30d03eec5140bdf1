"""What the clock of a step run says to people: norm, actual, what is left. Pure reading.

One ``TimeCell`` serves the case page, the queues and the control sheet alike.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

from accounts_requests import day_limits, timers, words
from accounts_requests.limit_terms import LimitBasis, LimitUnit
from accounts_requests.models import SopStep, StepRun
from accounts_requests.working_time import OutsideCalendar, WorkingTime

TimeState = Literal["left", "soon", "late", "done", "late_done", "none", "waiting", "paused"]

# From this share of the limit on, an open step is *segera*.
SOON_AT = 0.8

_WALL = (LimitUnit.CALENDAR_DAYS, LimitUnit.CLOCK_MINUTES)


@dataclass(frozen=True, kw_only=True)
class TimeCell:
    """The Waktu cell of one step (see ``templates/_time_cell.html``); seconds are counted ones."""

    state: TimeState
    norm: str = ""
    actual: str = ""
    word: str
    name: str = ""
    server_now: dt.datetime | None = None
    remaining_seconds: int | None = None
    limit_seconds: int | None = None
    open_until: dt.datetime | None = None
    resumes_at: dt.datetime | None = None
    resumes_label: str = ""
    due_at: dt.datetime | None = None
    note: str = ""
    basis_url: str = ""


def norm_words(step: SopStep) -> str:
    """The limit as the SOP prints it; "—" for a blank cell."""
    return step.printed_limit or "—"


def not_begun(step: SopStep) -> TimeCell:
    """The cell of a step that no run exists for."""
    word = "tanpa batas waktu" if step.limit_amount is None else "belum mulai"
    state: TimeState = "none" if step.limit_amount is None else "waiting"
    return TimeCell(state=state, norm=norm_words(step), word=word, name=_name(step))


def read(run: StepRun, at: dt.datetime, clock: WorkingTime | None = None) -> TimeCell:
    """The cell of ``run`` as it stands at ``at`` (UTC).

    For a list, prefetch ``step`` and ``pauses`` and pass ``timers.working_time()`` as ``clock``:
    then no run costs a query.
    """
    step = run.step
    norm = norm_words(step)
    if run.limit_basis == LimitBasis.PERSON and run.limit_amount is not None:
        norm = f"{norm} tiap personel"
    clock = clock or timers.working_time()
    actual = _actual(run, at, clock)
    name = _name(step)
    if run.finished_at is not None:
        return _finished(run, norm, actual, name)
    if run.paused_at is not None:
        return TimeCell(
            state="paused",
            norm=norm,
            actual=actual,
            word="dijeda karena dikembalikan",
            name=name,
        )
    if run.limit_amount is None:
        return TimeCell(state="none", norm=norm, actual=actual, word="tanpa batas waktu", name=name)
    if run.due_at is None:
        return TimeCell(
            state="waiting",
            norm=norm,
            actual=actual,
            word="waktu belum mulai dihitung",
            name=name,
            note=f"dihitung {timers_start_words(run)}",
        )
    if run.started_at is None and run.latest_start_at is not None and at < run.latest_start_at:
        return TimeCell(
            state="waiting",
            norm=norm,
            word="dihitung sejak ditampilkan",
            name=name,
            due_at=run.due_at,
            note=f"paling lambat mulai {words.instant(run.latest_start_at)}",
        )
    cell = _running if run.measured_until is None else _measured
    return replace(cell(run, at, run.due_at, clock), norm=norm, actual=actual, name=name)


def timers_start_words(run: StepRun) -> str:
    """From when the limit counts, in words."""
    if run.latest_start_at is not None and run.started_at is None:
        return f"sejak ditampilkan, paling lambat {words.instant(run.latest_start_at)}"
    return f"sejak {run.get_limit_start_display()}"


def due_words(run: StepRun) -> str:
    """``tenggat Kamis, 12 Maret 2026, 09.30 WITA``, marked where it rests on an estimate."""
    if run.due_at is None:
        return ""
    estimate = " (perkiraan)" if run.due_is_estimate else ""
    return f"tenggat {words.instant(run.due_at)}{estimate}"


def _finished(run: StepRun, norm: str, actual: str, name: str) -> TimeCell:
    if run.abandoned:
        return TimeCell(
            state="none", norm=norm, actual=actual, word="dihentikan (dibatalkan)", name=name
        )
    if run.late_seconds and run.due_at is not None:
        return TimeCell(
            state="late_done",
            norm=norm,
            actual=actual,
            word=f"terlambat {words.duration(run.late_seconds)}",
            name=name,
            due_at=run.due_at,
            note="; ".join(filter(None, [due_words(run), measured_words(run)])),
        )
    if run.limit_amount is None:
        return TimeCell(state="none", norm=norm, actual=actual, word="tanpa batas waktu", name=name)
    return TimeCell(
        state="done",
        norm=norm,
        actual=actual,
        word="tepat waktu",
        name=name,
        due_at=run.due_at,
        note=measured_words(run),
    )


def _measured(run: StepRun, at: dt.datetime, due: dt.datetime, clock: WorkingTime) -> TimeCell:
    """What the limit came to of an open run that only waits for the step's own end."""
    late = timers.late_seconds(run, at, clock)
    return TimeCell(
        state="late_done" if late else "done",
        word=f"terlambat {words.duration(late)}" if late else "tepat waktu",
        due_at=due,
        note=f"{measured_words(run)}; langkahnya belum selesai",
    )


def measured_words(run: StepRun) -> str:
    """``diukur sampai Kamis, …``; "" where the limit ends with the step itself."""
    return f"diukur sampai {words.instant(run.measured_until)}" if run.measured_until else ""


def _running(run: StepRun, at: dt.datetime, due: dt.datetime, clock: WorkingTime) -> TimeCell:
    """What ticks: state, word, remaining time and the office's doors."""
    wall = run.limit_unit in _WALL
    late = at > due
    limit = _limit_seconds(run, due, clock)
    remaining = _between(clock, at, due, wall=wall)
    if late:  # by no working time yet, over a weekend say, is late all the same
        remaining = min(remaining, -1) - timers.overdrawn(run, clock)
    state: TimeState = "late" if late else "left"
    if not late and remaining <= limit * (1 - SOON_AT):
        state = "soon"
    left = _span(run, at, due, clock) if not late else words.duration(-remaining)
    word = {
        "left": f"sisa {left}",
        "soon": f"segera: sisa {left}",
        "late": f"terlambat {left}",
    }[state]
    open_until, resumes_at, label = (None, None, "") if wall else _doors(clock, at)
    return TimeCell(
        state=state,
        word=word,
        server_now=at,
        remaining_seconds=remaining,
        limit_seconds=limit,
        open_until=open_until,
        resumes_at=resumes_at,
        resumes_label=label,
        due_at=due,
        note=due_words(run),
    )


def _limit_seconds(run: StepRun, due: dt.datetime, clock: WorkingTime) -> int:
    """The whole limit in the seconds in which it is counted; never less than one."""
    if run.limit_amount is None:
        return 1
    if run.limit_unit in day_limits.IN_DAYS:
        begin = timers.counts_since(run, due) or run.offered_at
        left = _between(clock, begin, due, wall=run.limit_unit in _WALL)
        return max(1, run.used_before_pause + left)
    return run.limit_amount * words.MINUTE


def _doors(
    clock: WorkingTime, at: dt.datetime
) -> tuple[dt.datetime | None, dt.datetime | None, str]:
    """Until when the office is open now, when it opens next, and how that is said."""
    try:
        if clock.is_open(at):
            closes = clock.closing_of(at.astimezone(words.ZONE).date())
            if closes is None:
                return None, None, ""
            opens = clock.next_opening(closes)
            return closes, opens, words.instant(opens)
        opens = clock.next_opening(at)
    except OutsideCalendar:
        return None, None, ""
    return None, opens, words.instant(opens)


def _actual(run: StepRun, at: dt.datetime, clock: WorkingTime) -> str:
    end = run.measured_end(run.finished_at or run.paused_at or at)
    if run.counted_seconds is not None:
        counted = run.counted_seconds
    else:
        counted = timers.counted_seconds(run, end, clock)
    if run.limit_unit in day_limits.IN_DAYS and run.limit_amount is not None:
        ended, since = day_limits.spans(run)
        last = [] if run.paused_at else [day_limits.Span(since or run.offered_at, end)]
        parts = [_whole_days(clock, *span) for span in [*ended, *last]]
        return words.days_and_duration(
            sum(days for days, _ in parts), sum(rest for _, rest in parts)
        )
    return words.duration(counted)


def _span(run: StepRun, at: dt.datetime, due: dt.datetime, clock: WorkingTime) -> str:
    """What is left: whole working days and time for limits in days, else time alone."""
    if run.limit_unit in _WALL:
        return words.duration(int((due - at).total_seconds()))
    if run.limit_unit == LimitUnit.WORKING_DAYS:
        days, rest = _whole_days(clock, at, due)
        return words.days_and_duration(days, rest)
    return words.duration(clock.seconds_between(at, due))


def _whole_days(clock: WorkingTime, start: dt.datetime, end: dt.datetime) -> tuple[int, int]:
    """Working days that closed after ``start``'s own day up to ``end``, and the rest in seconds.

    The rest is the working time on ``start``'s day when nothing closed since, otherwise that of
    the day of ``end`` that is still open.
    """
    first = start.astimezone(words.ZONE).date()
    last = end.astimezone(words.ZONE).date()
    days, on = 0, first + dt.timedelta(days=1)
    since = start
    while on <= last:
        closing = clock.closing_of(on)
        if closing is not None and closing <= end:
            days += 1
            since = closing
        on += dt.timedelta(days=1)
    return days, max(0, clock.seconds_between(since, end))


def _between(clock: WorkingTime, a: dt.datetime, b: dt.datetime, *, wall: bool) -> int:
    return int((b - a).total_seconds()) if wall else clock.seconds_between(a, b)


def _name(step: SopStep) -> str:
    return f"Langkah {step.number}"
