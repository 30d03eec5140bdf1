"""The clock of the cases: opening, pausing and finishing step runs, and their deadlines.

Every instant is UTC; durations are whole seconds. The arithmetic is ``working_time.py``'s; here the
office's reading of each limit is applied (unit, start, basis: fields of the SOP step).
"""

import datetime as dt
import hashlib
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, Max

from accounts_requests import clock, office_days
from accounts_requests.models import (
    AccountRequest,
    Holiday,
    HoursTable,
    Office,
    StepRun,
    StepRunHolding,
    StepRunPause,
    User,
)
from accounts_requests.states import LimitBasis, LimitStart, LimitUnit
from accounts_requests.working_time import OutsideCalendar, WorkingTime

ZONE = ZoneInfo(settings.TIME_ZONE)

# Where a machine ends a step (the mail server's last answer) the next begins when its executor is
# first shown it, at the latest after this much working time (office's reading of the SOP).
LATEST_START_SECONDS = 60 * 60


# -- the office's calendar ----------------------------------------------------------------------


def adopt_calendar() -> str:
    """Take the rows of hours and holidays into use; returns the version that they make.

    Call it whenever such rows have changed. The version is a hash of their content, so the same
    calendar always bears the same version. Raises ``OutsideCalendar`` where a day has no hours.
    """
    tables, holidays = _rows()
    version = hashlib.sha256(repr((tables, holidays)).encode()).hexdigest()[:12]
    _built(version, tables, holidays)
    Office.objects.filter(pk=1).update(calendar_version=version)
    return version


def calendar_version() -> str:
    """The version in use now."""
    return Office.objects.values_list("calendar_version", flat=True).get(pk=1)


def working_time() -> WorkingTime:
    """The arithmetic on the calendar in use; built once per process and version."""
    version = calendar_version()
    cached = _calendars.get(version)
    if cached is None:
        tables, holidays = _rows()
        cached = _built(version, tables, holidays)
    return cached


_calendars: dict[str, WorkingTime] = {}


def _built(
    version: str,
    tables: tuple[office_days.HoursTable, ...],
    holidays: tuple[office_days.Holiday, ...],
) -> WorkingTime:
    if not tables:
        raise OutsideCalendar("Kalender kantor", clock.today(), clock.today())
    first = min(table.valid_from for table in tables)
    last = max(table.valid_until for table in tables)
    days = office_days.days_from(tables, holidays, first, last)
    _calendars.clear()  # only the calendar in use is ever asked
    _calendars[version] = WorkingTime(days, ZONE)
    return _calendars[version]


def _rows() -> tuple[tuple[office_days.HoursTable, ...], tuple[office_days.Holiday, ...]]:
    tables = []
    for table in HoursTable.objects.prefetch_related("spans").order_by("valid_from", "pk"):
        week: list[list[office_days.Span]] = [[] for _ in office_days.WEEKDAYS]
        for span in table.spans.all():
            week[span.weekday].append((span.opens, span.closes))
        tables.append(
            office_days.HoursTable(
                name=table.name,
                kind=office_days.HoursKind(table.kind),
                valid_from=table.valid_from,
                valid_until=table.valid_until,
                legal_basis=table.legal_basis,
                confirmed=table.confirmed,
                note=table.note,
                week=tuple(tuple(spans) for spans in week),
            )
        )
    holidays = tuple(
        office_days.Holiday(
            date=holiday.date,
            name=holiday.name,
            kind=office_days.HolidayKind(holiday.kind),
            legal_basis=holiday.legal_basis,
            confirmed=holiday.confirmed,
        )
        for holiday in Holiday.objects.order_by("date")
    )
    return tuple(tables), holidays


# -- step runs ----------------------------------------------------------------------------------


def open_run(
    request: AccountRequest,
    number: int,
    *,
    at: dt.datetime,
    ended_by_machine: bool = False,
    holder: User | None = None,
) -> StepRun:
    """Start the record of step ``number`` of the case at ``at`` (the end of the step before).

    ``ended_by_machine``: the step before ended by the mail server's answer; then the limit counts
    from the moment the executor is first shown the step, at the latest one working hour later.
    ``holder`` already holds the task (it goes on with the same person).
    Raises ``OutsideCalendar`` when the calendar does not reach the deadline.
    """
    step = request.sop_revision.steps.get(number=number)
    attempts = request.step_runs.filter(step=step).aggregate(last=Max("attempt"))
    amount = step.limit_amount
    if amount is not None and step.limit_basis == LimitBasis.PERSON:
        amount *= max(1, request.registrants.count())
    run = StepRun(
        request=request,
        step=step,
        attempt=(attempts["last"] or 0) + 1,
        limit_amount=amount,
        limit_unit=step.limit_unit,
        limit_start=step.limit_start,
        limit_basis=step.limit_basis,
        offered_at=at,
        claimed_at=at if holder else None,
        calendar_version=calendar_version(),
    )
    if step.limit_start == LimitStart.PREVIOUS_END or amount is None:
        if ended_by_machine:
            run.latest_start_at = working_time().add_seconds(at, LATEST_START_SECONDS)
        else:
            run.started_at = at
    elif step.limit_start == LimitStart.CLAIMED and holder:
        run.started_at = at
    _set_due(run)
    run.save(force_insert=True)
    if holder:
        StepRunHolding.objects.create(step_run=run, person=holder, since=at)
    return run


def start_counting(run: StepRun, at: dt.datetime) -> None:
    """The instant from which the limit counts has come. Saves the run; does nothing twice."""
    if run.started_at is None:
        run.started_at = min(at, run.latest_start_at) if run.latest_start_at else at
        _set_due(run)
        run.save(update_fields=["started_at", "due_at", "due_is_estimate"])


def restart(run: StepRun, at: dt.datetime) -> None:
    """Move the start of an open run (the receipt date of a draft was corrected). Saves it."""
    run.offered_at = at
    if run.started_at is not None:
        run.started_at = at
    _set_due(run)
    run.save(update_fields=["offered_at", "started_at", "due_at", "due_is_estimate"])


def mark_opened(run: StepRun, at: dt.datetime) -> None:
    """The executor is shown the step: remember the first time; it may start the limit."""
    if run.opened_at is None:
        run.opened_at = at
        run.save(update_fields=["opened_at"])
    if run.started_at is None and (run.latest_start_at or run.limit_start == LimitStart.BEGUN):
        start_counting(run, at)


def hold(run: StepRun, person: User, at: dt.datetime, *, reason: str = "") -> None:
    """``person`` holds the run from ``at`` on; whoever held it before keeps their share."""
    run.holdings.filter(until__isnull=True).update(until=at)
    StepRunHolding.objects.create(step_run=run, person=person, since=at, reason=reason)
    if run.claimed_at is None:
        run.claimed_at = at
        run.save(update_fields=["claimed_at"])
    if run.started_at is None and run.limit_start == LimitStart.CLAIMED:
        start_counting(run, at)


def pause(run: StepRun, at: dt.datetime, *, reason: str) -> None:
    """Stop the clock of an open run (a return). What was used of the limit is kept."""
    run.used_before_pause = counted_seconds(run, at)
    run.paused_at = at
    run.due_at = None
    run.save(update_fields=["used_before_pause", "paused_at", "due_at"])
    StepRunPause.objects.create(step_run=run, since=at, reason=reason)


def resume(run: StepRun, at: dt.datetime) -> None:
    """Let a paused run count again from ``at``, with what was left of its limit. Saves it."""
    _unpause(run, at)
    run.save(update_fields=["paused_at", "started_at", "due_at", "due_is_estimate"])


def finish(run: StepRun, at: dt.datetime, *, by: User | None, abandoned: bool = False) -> StepRun:
    """Close the run at ``at`` and store what it took: waiting, worked, counted, wall, late.

    waiting: working time from the offer until somebody took or opened it; worked: the counted
    time after that; counted: what the limit is compared with; wall: plain time since the offer.
    """
    if run.paused_at is not None:
        _unpause(run, at)  # saved with the end: meanwhile another run is the running one
    if run.started_at is None:
        run.started_at = min(at, run.latest_start_at) if run.latest_start_at else at
        _set_due(run)
    clock = working_time()
    taken_up = min(run.claimed_at or run.opened_at or at, at)
    run.waiting_seconds = max(0, clock.seconds_between(run.offered_at, taken_up))
    run.counted_seconds = counted_seconds(run, at)
    paused = sum(
        clock.seconds_between(pause.since, pause.until or at) for pause in run.pauses.all()
    )
    run.worked_seconds = max(0, clock.seconds_between(taken_up, at) - paused)
    run.wall_seconds = int((at - run.offered_at).total_seconds())
    run.late_seconds = _late_seconds(run, at, clock)
    run.finished_at = at
    run.finished_by = by
    run.abandoned = abandoned
    run.save()
    run.holdings.filter(until__isnull=True).update(until=at)
    return run


def counted_seconds(run: StepRun, at: dt.datetime, clock: WorkingTime | None = None) -> int:
    """How much of the limit is used at ``at``, in the limit's own unit of counting.

    ``clock`` is the arithmetic in use, where the caller has it at hand; prefetched pauses are
    used, so that a list of runs costs no query for each.
    """
    begin = _counts_since(run, at)
    if begin is None:
        return 0
    if run.paused_at is not None or at <= begin:
        return run.used_before_pause
    if run.limit_unit in (LimitUnit.CALENDAR_DAYS, LimitUnit.CLOCK_MINUTES):
        return run.used_before_pause + int((at - begin).total_seconds())
    return run.used_before_pause + (clock or working_time()).seconds_between(begin, at)


def sweep(at: dt.datetime) -> int:
    """Start the limits whose latest start has passed; returns how many. One bad run stops none.

    Idempotent: several workers may sweep at once.
    """
    return StepRun.objects.filter(
        finished_at__isnull=True, started_at__isnull=True, latest_start_at__lte=at
    ).update(started_at=F("latest_start_at"))


def _counts_since(run: StepRun, at: dt.datetime) -> dt.datetime | None:
    """The instant since which the present stretch counts: the start, or the last resumption."""
    if run.started_at is None:
        return run.latest_start_at if run.latest_start_at and run.latest_start_at <= at else None
    if run.pk:
        last = max((pause.until for pause in run.pauses.all() if pause.until), default=None)
        if last is not None and last > run.started_at:
            return last
    return run.started_at


def _unpause(run: StepRun, at: dt.datetime) -> None:
    run.pauses.filter(until__isnull=True).update(until=at)
    run.paused_at = None
    if run.started_at is None:
        run.started_at = at
    _set_due(run)


def _set_due(run: StepRun) -> None:
    """Set ``due_at`` from the limit and its start; None without a limit or a start."""
    anchor = run.started_at or run.latest_start_at
    run.due_at, run.due_is_estimate = None, False
    if run.limit_amount is None or anchor is None:
        return
    clock = working_time()
    if run.pk:
        anchor = _counts_since(run, anchor) or anchor
    left = run.limit_amount * 60 - run.used_before_pause
    match run.limit_unit:
        case LimitUnit.WORKING_DAYS:
            run.due_at = clock.add_working_days(anchor, run.limit_amount)
        case LimitUnit.CALENDAR_DAYS:
            closing = dt.time(23, 59, 59)
            run.due_at = clock.add_calendar_days(anchor, run.limit_amount, closing)
        case LimitUnit.WORKING_MINUTES:
            run.due_at = clock.add_seconds(anchor, max(0, left))
        case _:
            run.due_at = anchor + dt.timedelta(seconds=max(0, left))
    run.due_at = max(run.due_at, anchor)  # the limit may have been used up before the pause
    run.due_is_estimate = bool(clock.touches_unconfirmed(anchor, run.due_at))


def _late_seconds(run: StepRun, at: dt.datetime, clock: WorkingTime) -> int:
    late = _overdrawn(run)
    if run.due_at is None or at <= run.due_at:
        return late
    if run.limit_unit in (LimitUnit.CALENDAR_DAYS, LimitUnit.CLOCK_MINUTES):
        return late + int((at - run.due_at).total_seconds())
    # Finished after the deadline but before working time ran again: still late, by the least unit.
    return max(1, late + clock.seconds_between(run.due_at, at))


def _overdrawn(run: StepRun) -> int:
    """The seconds by which a limit in minutes was overrun before the last pause.

    A return forgives nothing.
    """
    if run.limit_amount is None or run.limit_unit in (
        LimitUnit.WORKING_DAYS,
        LimitUnit.CALENDAR_DAYS,
    ):
        return 0
    return max(0, run.used_before_pause - run.limit_amount * 60)
