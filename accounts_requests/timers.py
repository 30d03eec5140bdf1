"""The clock of the cases: opening, pausing and finishing step runs, and their deadlines.

Every instant is UTC; durations are whole seconds. The arithmetic is ``working_time.py``'s; here the
office's reading of each limit is applied (unit, start, basis: ``step_limits``).
"""

import datetime as dt
import logging
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F, Max, QuerySet

from accounts_requests import audit, day_limits, record_seals
from accounts_requests.calendar_clock import (
    UnknownCalendar,
    adopt_calendar,
    calendar_in_use,
    calendar_version,
    hold_calendar,
    working_time,
)
from accounts_requests.limit_terms import LimitStart, LimitUnit
from accounts_requests.models import AccountRequest, StepRun, StepRunHolding, StepRunPause, User
from accounts_requests.states import Act
from accounts_requests.step_limits import limit_of
from accounts_requests.working_time import WorkingTime

__all__ = [
    "LATEST_START_SECONDS",
    "ZONE",
    "Deadline",
    "UnknownCalendar",
    "adopt_calendar",
    "begin_by",
    "calendar_in_use",
    "calendar_version",
    "counted_seconds",
    "counts_since",
    "finish",
    "hold",
    "hold_calendar",
    "late_seconds",
    "limit_of",
    "mark_opened",
    "measure_until",
    "open_run",
    "overdrawn",
    "pause",
    "plan_run",
    "reckon",
    "restart",
    "resume",
    "start_counting",
    "sweep",
    "working_time",
]

logger = logging.getLogger(__name__)

ZONE = ZoneInfo(settings.TIME_ZONE)

# Where a machine ends a step (the mail server's last answer) the next begins when its executor is
# first shown it, at the latest after this much working time (office's reading of the SOP).
LATEST_START_SECONDS = 60 * 60


class Deadline(NamedTuple):
    """When a run is due (UTC; None without a limit or a start), and does that rest on estimates?"""

    due_at: dt.datetime | None
    is_estimate: bool


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
    run = plan_run(request, number, at=at, ended_by_machine=ended_by_machine, holder=holder)
    run.save(force_insert=True)
    if holder:
        StepRunHolding.objects.create(step_run=run, person=holder, since=at)
    return run


def plan_run(
    request: AccountRequest,
    number: int,
    *,
    at: dt.datetime,
    ended_by_machine: bool = False,
    holder: User | None = None,
) -> StepRun:
    """The run that ``open_run`` would open, with its deadline; nothing is saved."""
    step = request.sop_revision.steps.get(number=number)
    attempts = request.step_runs.filter(step=step).aggregate(last=Max("attempt"))
    limit = limit_of(request, step)
    run = StepRun(
        request=request,
        step=step,
        attempt=(attempts["last"] or 0) + 1,
        limit_amount=limit.amount,
        limit_unit=limit.unit,
        limit_start=limit.start,
        limit_basis=limit.basis,
        offered_at=at,
        claimed_at=at if holder else None,
    )
    if limit.start == LimitStart.PREVIOUS_END or limit.amount is None:
        if ended_by_machine:
            run.latest_start_at = working_time().add_seconds(at, LATEST_START_SECONDS)
        else:
            run.started_at = at
    elif limit.start == LimitStart.CLAIMED and holder:
        run.started_at = at
    _set_due(run)
    return run


def start_counting(run: StepRun, at: dt.datetime) -> None:
    """The instant from which the limit counts has come. Saves the run; does nothing twice."""
    if run.started_at is None:
        run.started_at = min(at, run.latest_start_at) if run.latest_start_at else at
        _set_due(run)
        run.save(update_fields=["started_at", *_DUE_FIELDS])


def restart(run: StepRun, at: dt.datetime) -> None:
    """Move the start of an open run (the receipt date of a draft was corrected). Saves it."""
    run.offered_at = at
    if run.started_at is not None and run.limit_start != LimitStart.COMPLETE:
        run.started_at = at
    _set_due(run)
    run.save(update_fields=["offered_at", "started_at", *_DUE_FIELDS])


def measure_until(run: StepRun, at: dt.datetime) -> None:
    """The limit of an open run ends at ``at``, before the step itself does (the reading has it so).

    From now on the run is as late as it was then, and no more is counted. Saves it.
    """
    run.measured_until = at
    run.save(update_fields=["measured_until"])


def mark_opened(run: StepRun, at: dt.datetime) -> bool:
    """The executor is shown the step: remember the first time; it may start the limit.

    Returns whether anything was written.
    """
    before = (run.opened_at, run.started_at)
    if run.opened_at is None:
        run.opened_at = at
        run.save(update_fields=["opened_at"])
    if run.started_at is None and (run.latest_start_at or run.limit_start == LimitStart.BEGUN):
        start_counting(run, at)
    return before != (run.opened_at, run.started_at)


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
    if run.started_at is None and run.latest_start_at and run.latest_start_at <= at:
        run.started_at = run.latest_start_at  # it had come, though no sweep has written it yet
    run.calendar_version, clock = calendar_in_use()
    run.used_before_pause = counted_seconds(run, at, clock)
    run.paused_at = at
    run.due_at = None
    run.save(
        update_fields=[
            "started_at",
            "used_before_pause",
            "paused_at",
            "due_at",
            "calendar_version",
        ]
    )
    StepRunPause.objects.create(step_run=run, since=at, reason=reason)


def resume(run: StepRun, at: dt.datetime) -> None:
    """Let a paused run count again from ``at``, with what was left of its limit. Saves it.

    A limit that had not begun does not begin by this: it waits to be opened or claimed as before,
    and a latest start is asked anew from ``at``.
    """
    _unpause(run, at)
    run.save(update_fields=["paused_at", "latest_start_at", *_DUE_FIELDS])


def finish(run: StepRun, at: dt.datetime, *, by: User | None, abandoned: bool = False) -> StepRun:
    """Close the run at ``at`` and store what it took: waiting, worked, counted, wall, late.

    waiting: working time from the offer until somebody took or opened it; worked: the counted
    time after that; counted: what the limit is compared with; wall: plain time since the offer.
    """
    if run.paused_at is not None:
        _unpause(run, at)  # saved with the end: meanwhile another run is the running one
    begin_by(run, at)
    run.calendar_version, clock = calendar_in_use()
    taken_up = min(run.claimed_at or run.opened_at or at, at)
    run.waiting_seconds = max(0, clock.seconds_between(run.offered_at, taken_up))
    run.counted_seconds = counted_seconds(run, at, clock)
    paused = sum(
        clock.seconds_between(pause.since, pause.until or at) for pause in run.pauses.all()
    )
    run.worked_seconds = max(0, clock.seconds_between(taken_up, at) - paused)
    run.wall_seconds = int((at - run.offered_at).total_seconds())
    run.late_seconds = late_seconds(run, at, clock)
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
    at = run.measured_end(at)
    begin = counts_since(run, at)
    if begin is None:
        return 0
    if run.paused_at is not None or at <= begin:
        return run.used_before_pause
    if run.limit_unit in (LimitUnit.CALENDAR_DAYS, LimitUnit.CLOCK_MINUTES):
        return run.used_before_pause + int((at - begin).total_seconds())
    return run.used_before_pause + (clock or working_time()).seconds_between(begin, at)


def sweep(at: dt.datetime) -> int:
    """Start the limits whose latest start has passed; returns how many. One bad run stops none.

    Idempotent: several workers may sweep at once. Each start is on the audit trail.
    """
    waiting = StepRun.objects.filter(
        finished_at__isnull=True,
        paused_at__isnull=True,
        started_at__isnull=True,
        latest_start_at__lte=at,
    )
    started = 0
    for run in waiting.select_related("step").order_by("pk"):
        try:
            started += _start_at_the_latest(run, waiting.filter(pk=run.pk), at)
        except DatabaseError as error:  # its text may quote the row
            logger.error("step run %s cannot be started: %s", run.pk, type(error).__name__)  # noqa: TRY400  see above
    return started


@transaction.atomic
def _start_at_the_latest(run: StepRun, waiting: QuerySet[StepRun], at: dt.datetime) -> int:
    """Start the run, the one row of ``waiting``, unless it was started meanwhile; 1 or 0."""
    # Calendar and case first, as every act does: two orders of locks would wait for each other.
    hold_calendar()
    request = AccountRequest.objects.select_for_update().get(pk=run.request_id)
    request.changed_outside = record_seals.changed_outside(request.pk)
    started = waiting.update(started_at=F("latest_start_at"))
    if started:
        audit.record(
            Act.OPEN_STEP,
            actor=None,
            at=at,
            request=request,
            label=f"Langkah {run.step.number}",
            summary=f"Waktu langkah {run.step.number} mulai dihitung: paling lambat satu jam kerja "
            "setelah langkah sebelumnya selesai.",
        )
    return started


def counts_since(run: StepRun, at: dt.datetime) -> dt.datetime | None:
    """The instant since which the present stretch counts: the start, or the last resumption."""
    if run.started_at is None:
        return run.latest_start_at if run.latest_start_at and run.latest_start_at <= at else None
    if run.pk:
        last = max((pause.until for pause in run.pauses.all() if pause.until), default=None)
        if last is not None and last > run.started_at:
            return last
    return run.started_at


def begin_by(run: StepRun, at: dt.datetime) -> None:
    """A run that ends at ``at`` has begun by then.

    Where a machine ended the step before, an end that is entered later (*susulan*) may lie before
    the instant from which the limit would have counted.
    """
    if run.started_at is None or run.started_at > at:
        run.started_at = min(at, run.latest_start_at) if run.latest_start_at else at
        _set_due(run)


def _unpause(run: StepRun, at: dt.datetime) -> None:
    run.pauses.filter(until__isnull=True).update(until=at)
    run.paused_at = None
    if run.started_at is None and run.latest_start_at is not None:
        run.latest_start_at = working_time().add_seconds(at, LATEST_START_SECONDS)
    _set_due(run)


def reckon(run: StepRun, clock: WorkingTime) -> Deadline:
    """The deadline of an open, unpaused run as ``clock`` has it, from its limit and its start.

    What a limit in minutes used before a pause stays as it was measured; days are counted anew
    (``day_limits``). Overdue at a pause is overdue at the resumption. Prefetched pauses are used.
    Raises ``OutsideCalendar`` when the calendar does not reach the deadline.
    """
    ended, anchor = day_limits.spans(run)
    if run.limit_amount is None or anchor is None:
        return Deadline(None, is_estimate=False)
    match run.limit_unit:
        case LimitUnit.WORKING_DAYS | LimitUnit.CALENDAR_DAYS:
            left = day_limits.left_after(ended, run.limit_amount, run.limit_unit, clock)
            due = (
                anchor
                if left.overdrawn
                else day_limits.due_after(anchor, left.days, run.limit_unit, clock)
            )
        case LimitUnit.WORKING_MINUTES:
            due = clock.add_seconds(anchor, _seconds_left(run))
        case _:
            due = anchor + dt.timedelta(seconds=_seconds_left(run))
    # A latest start rests on the days since the offer, too; days left rest on the days used.
    since = anchor if run.started_at else min(run.offered_at, anchor)
    rests_on = [day_limits.Span(since, due)]
    if run.limit_unit in day_limits.IN_DAYS:
        rests_on += ended
    return Deadline(due, is_estimate=any(clock.touches_unconfirmed(*span) for span in rests_on))


_DUE_FIELDS = ("due_at", "due_is_estimate", "calendar_version")


def _set_due(run: StepRun) -> None:
    """Reckon the deadline of the run by the calendar in use."""
    run.calendar_version, clock = calendar_in_use()
    run.due_at, run.due_is_estimate = reckon(run, clock)


def overdrawn(run: StepRun, clock: WorkingTime) -> int:
    """The seconds by which the limit was overrun before the last pause, in its unit of counting.

    A return forgives nothing. Prefetched pauses are used.
    """
    if run.limit_amount is None:
        return 0
    if run.limit_unit in day_limits.IN_DAYS:
        ended, _ = day_limits.spans(run)
        return day_limits.left_after(ended, run.limit_amount, run.limit_unit, clock).overdrawn
    return max(0, run.used_before_pause - run.limit_amount * 60)


def _seconds_left(run: StepRun) -> int:
    """What a limit in minutes still has after its pauses; never less than none."""
    return max(0, (run.limit_amount or 0) * 60 - run.used_before_pause)


def late_seconds(run: StepRun, at: dt.datetime, clock: WorkingTime) -> int:
    """By how many seconds ``run`` is late when it ends at ``at``, counted as its limit is."""
    at = run.measured_end(at)
    late = overdrawn(run, clock)
    if run.due_at is None or at <= run.due_at:
        return late
    if run.limit_unit in (LimitUnit.CALENDAR_DAYS, LimitUnit.CLOCK_MINUTES):
        return late + int((at - run.due_at).total_seconds())
    # Finished after the deadline but before working time ran again: still late, by the least unit.
    return max(1, late + clock.seconds_between(run.due_at, at))
