"""Why a deadline falls where it does: each counted stretch and each skipped one, with its reason.

The pieces are those of the calendar that measured the run, which is kept for ever; the SOP's
revision and the office's reading are those under which the case began.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from accounts_requests import day_limits, readings, timers, words
from accounts_requests.limit_terms import LimitBasis, LimitStart, LimitUnit
from accounts_requests.models import CalendarVersion, DeadlineVersion, StepRun, StepRunPause
from accounts_requests.working_time import OutsideCalendar, Stretch, StretchKind, WorkingTime


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
    """The explanation of one run's deadline, in words; ``due`` is "" while it is paused.

    ``sources``: the SOP, the reading and the calendar that were applied. ``moved``: what became
    of earlier deadlines, oldest first. ``unconfirmed``: the days whose hours or holiday are an
    estimate. ``used``: what a finished run has used, otherwise "". ``problem``: why the pieces
    cannot be told.
    """

    step: int
    rule: str
    starts: str
    due: str
    total: str
    used: str
    pieces: list[Piece]
    sources: list[str]
    moved: list[str]
    unconfirmed: list[str]
    is_estimate: bool
    problem: str


def explain(run: StepRun, at: dt.datetime, *, tells_reasons: bool = True) -> Basis | None:
    """The basis of ``run``'s deadline; None where the step has no limit or has not started.

    ``tells_reasons``: whether the reader may see why a case was returned (free text that may name
    people). Prefetch ``pauses``. The stretch up to the deadline is explained; while the run is
    paused, the stretch up to the pause.
    """
    start = run.started_at or run.latest_start_at
    end = run.due_at or run.paused_at
    if run.limit_amount is None or start is None or end is None:
        return None
    problem = ""
    pieces: list[Piece] = []
    unconfirmed: list[str] = []
    try:
        clock = timers.working_time(run.calendar_version)
        pieces = list(_pieces(run, end, clock, tells_reasons=tells_reasons))
        unconfirmed = _unconfirmed(run, start, end, clock)
    except OutsideCalendar as error:
        problem = str(error)
    except timers.UnknownCalendar:
        problem = (
            "Kalender yang dipakai saat tenggat ini dihitung tidak tersimpan, sehingga uraiannya "
            "tidak dapat ditampilkan. Tenggatnya sendiri tidak berubah."
        )
    return Basis(
        step=run.step.number,
        rule=_rule(run),
        starts=_starts(run, start, at),
        due=words.instant(run.due_at) if run.due_at else "",
        total=_total(run),
        used=_used(run),
        pieces=pieces,
        sources=_sources(run),
        moved=[_moved(version) for version in run.deadline_versions.select_related("by")],
        unconfirmed=unconfirmed,
        is_estimate=run.due_is_estimate,
        problem=problem,
    )


def _sources(run: StepRun) -> list[str]:
    """The SOP, the Lembar Penafsiran and the calendar behind the deadline, one line each."""
    case = run.request
    found = [str(case.sop_revision)]
    if case.reading is not None and case.reading.in_force_from is not None:
        since = words.long_date(case.reading.in_force_from)
        signed = "" if case.reading.approved_by_id else "; belum disahkan oleh pengesah"
        found.append(f"{case.reading}, berlaku sejak {since}{signed}")
    calendar = CalendarVersion.objects.filter(version=run.calendar_version).last()
    if calendar is not None:
        found.append(f"{calendar}, dipakai sejak {words.instant(calendar.adopted_at)}")
    return found


def _moved(version: DeadlineVersion) -> str:
    former = words.instant(version.former_due_at) if version.former_due_at else "tanpa tenggat"
    due = words.instant(version.due_at) if version.due_at else "tanpa tenggat"
    by = f" oleh {version.by.titled_name}" if version.by else ""
    return (
        f"{words.instant(version.at)}: {former} menjadi {due}. {version.get_cause_display()}{by}: "
        f"{version.reason}"
    )


def _used(run: StepRun) -> str:
    """What a finished run has used of its limit; "" while it is open."""
    if run.finished_at is None or run.counted_seconds is None:
        return ""
    late = f", terlambat {words.duration(run.late_seconds)}" if run.late_seconds else ""
    measured = f", {readings.measured_words(run)}" if run.measured_until else ""
    return (
        f"Selesai {words.instant(run.finished_at)}{measured}; terhitung "
        f"{words.duration(run.counted_seconds)} pada jam kerja{late}."
        if run.limit_unit in (LimitUnit.WORKING_DAYS, LimitUnit.WORKING_MINUTES)
        else f"Selesai {words.instant(run.finished_at)}{measured}{late}."
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


def _unconfirmed(
    run: StepRun, start: dt.datetime, end: dt.datetime, clock: WorkingTime
) -> list[str]:
    """The days on which the deadline rests and that are an estimate; days of a pause are none."""
    ended, since = day_limits.spans(run)
    last = [] if since is None else [day_limits.Span(since, end)]
    days = {
        day.date: day
        for span in [*ended, *last] or [day_limits.Span(start, end)]
        for day in clock.touches_unconfirmed(*span)
    }
    return [f"{words.day_and_date(day.date)} ({day.reason})" for day in days.values()]


def _pieces(
    run: StepRun, end: dt.datetime, clock: WorkingTime, *, tells_reasons: bool
) -> Iterator[Piece]:
    ended, since = day_limits.spans(run)
    left = [""] * len(ended)
    if run.limit_unit in day_limits.IN_DAYS and run.limit_amount is not None:
        left = day_limits.said_left(ended, run.limit_amount, run.limit_unit, clock)
    resumed = ""  # what is said of the day on which a limit in days goes on
    for span, pause, said in zip(ended, day_limits.pauses_of(run), left, strict=True):
        yield from _stretch(run, span, clock, resumed=resumed)
        yield _pause(pause, said, tells_reason=tells_reasons)
        resumed = said and f"Hari dilanjutkan, {said}"
    if since is not None:
        yield from _stretch(run, day_limits.Span(since, end), clock, resumed=resumed)


def _pause(pause: StepRunPause, left: str, *, tells_reason: bool) -> Piece:
    """A return: nothing counts. ``left`` is what a limit in days still had, in words."""
    since = words.instant(pause.since)
    what = f"Dijeda, {left}" if left else "Dijeda karena dikembalikan"
    return Piece(
        when=f"{since} – {words.instant(pause.until)}" if pause.until else f"sejak {since}",
        adds="",
        reason=f"{what}: {pause.reason}" if tells_reason else what,
        legal_basis="",
        is_counted=False,
        is_estimate=False,
    )


def _stretch(
    run: StepRun, span: day_limits.Span, clock: WorkingTime, *, resumed: str
) -> Iterator[Piece]:
    """The pieces of one stretch; ``resumed`` is said of the first day of one after a return."""
    since, until = span
    if until < since:
        return
    match run.limit_unit:
        case LimitUnit.WORKING_MINUTES:
            for stretch in clock.explain(since, until):
                yield _piece(stretch, words.duration(stretch.seconds))
        case LimitUnit.WORKING_DAYS:
            for stretch in clock.explain_days(since, until):
                if resumed and stretch.kind is StretchKind.RECEIPT_DAY:
                    stretch = replace(stretch, reason=resumed)  # noqa: PLW2901  the same, reworded
                yield _piece(stretch, "1 hari", whole_day=True)
        case LimitUnit.CALENDAR_DAYS:
            days = day_limits.used_days(span, run.limit_unit, clock)
            yield _wall(span, f"{days} hari", "Hari kalender: hari libur ikut dihitung")
        case _:
            adds = words.duration(int((until - since).total_seconds()))
            yield _wall(span, adds, "Waktu jam dinding: malam dan hari libur ikut dihitung")


def _wall(span: day_limits.Span, adds: str, reason: str) -> Piece:
    """A stretch in which every hour counts."""
    return Piece(
        when=f"{words.instant(span.since)} – {words.instant(span.until)}",
        adds=adds,
        reason=reason,
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
