"""Announcing deadlines before they pass: at shares of the limit, once each, to whom they concern.

The rungs (percent of the limit, 100 being the deadline) are data of the office's reading, per step.
A fired rung is a row; its uniqueness is the claim, so that many workers may sweep at once. After a
stand-still what was missed fires in the order in which it should have, and says that it is late.
"""

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts_requests import audit, day_limits, outbox, timers, words
from accounts_requests.limit_terms import LimitUnit
from accounts_requests.models import (
    AccountRequest,
    Appointment,
    DeadlineWarning,
    StepRun,
    User,
)
from accounts_requests.roles import Role
from accounts_requests.states import Act, MessageKind
from accounts_requests.working_time import WorkingTime

logger = logging.getLogger(__name__)

DUE = 100
# A rung that fires later than this after its time says so: the sweep comes every 30 seconds.
LATE_AFTER = dt.timedelta(minutes=2)

# Who is told when a limit has passed, beside the executor.
SUPERIOR_OF = {Role.KEPALA_LPSE: Role.KEPALA_BIRO, Role.ADMIN_PPE: Role.KEPALA_LPSE}


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One warning that is owed: ``percent`` of the limit of ``run`` was used at ``planned_at``."""

    run: StepRun
    percent: int
    planned_at: dt.datetime


def rungs_of(run: StepRun) -> tuple[int, ...]:
    """The shares of the limit, ascending, at which this run is announced; none without a limit."""
    reading = run.request.reading
    if reading is None or run.limit_amount is None:
        return ()
    step = reading.content["steps"].get(str(run.step.number), {})
    return tuple(sorted(step.get("warnings", ())))


def planned_at(run: StepRun, percent: int, clock: WorkingTime) -> dt.datetime | None:
    """The instant (UTC) at which ``percent`` of the limit of ``run`` is used; None without one.

    Prefetch ``pauses``. For a limit in days the working (or clock) time between the start and the
    deadline is the whole. What was used before a pause counts.
    """
    if run.due_at is None or run.started_at is None:
        return None
    if percent >= DUE:
        return run.due_at
    begin = timers.counts_since(run, run.started_at) or run.started_at
    in_wall_time = run.limit_unit in (LimitUnit.CALENDAR_DAYS, LimitUnit.CLOCK_MINUTES)
    left = (
        int((run.due_at - begin).total_seconds())
        if in_wall_time
        else clock.seconds_between(begin, run.due_at)
    )
    used = run.used_before_pause
    wait = max(0, (used + left) * percent // 100 - used)
    if in_wall_time:
        return begin + dt.timedelta(seconds=wait)
    return min(clock.add_seconds(begin, wait), run.due_at)


def owed(at: dt.datetime) -> list[Rung]:
    """Every rung of a counting run whose time has come and that has not fired, oldest first.

    A handful of queries, however many cases are open. A run whose rungs cannot be reckoned is
    logged and left out: one broken case never stops the sweep.
    """
    runs = list(_counting_runs(at))
    if not runs:  # an installation without a calendar has no running clock either
        return []
    clock = timers.working_time()
    found = []
    for run in runs:
        fired = {warning.percent for warning in run.warnings.all()}
        try:
            # What the reading measured no longer uses up its limit, whatever it still waits for.
            end = run.measured_end(at)
            for percent in rungs_of(run):
                when = planned_at(run, percent, clock) if percent not in fired else None
                if when is not None and when <= end:
                    found.append(Rung(run=run, percent=percent, planned_at=when))
        except Exception:
            logger.exception("the warnings of step run %s cannot be reckoned", run.pk)
    return sorted(found, key=lambda rung: (rung.planned_at, rung.run.pk))


def sweep(at: dt.datetime) -> int:
    """Fire what is owed at ``at`` (UTC), in order; returns how many this worker fired.

    A failing rung is logged and tried again at the next sweep; the others go on.
    """
    fired = 0
    for rung in owed(at):
        try:
            fired += _fire(rung, at)
        except Exception:
            logger.exception("warning %s%% of step run %s failed", rung.percent, rung.run.pk)
    return fired


def latest(runs: Iterable[StepRun]) -> dict[int, DeadlineWarning]:
    """The last warning of each of ``runs`` (by the run's key), for pages. One query."""
    rows = DeadlineWarning.objects.filter(step_run__in=[run.pk for run in runs])
    return {row.step_run_id: row for row in rows.order_by("percent")}


def say(warning: DeadlineWarning) -> str:
    """``80 % batas waktu telah terpakai (pukul …)``: one line about a warning that has fired."""
    what = (
        "Batas waktu telah terlewati"
        if warning.percent >= DUE
        else f"{warning.percent} % batas waktu telah terpakai"
    )
    when = words.instant(warning.planned_at)
    late = (
        f"; baru disampaikan {words.instant(warning.fired_at)} karena penghitungan sempat terhenti"
        if warning.is_late
        else ""
    )
    return f"{what} ({when}{late})."


def _counting_runs(at: dt.datetime) -> QuerySet[StepRun]:
    return (
        StepRun.objects.filter(
            finished_at__isnull=True,
            paused_at__isnull=True,
            due_at__isnull=False,
            started_at__lte=at,
        )
        .select_related("step", "request__reading")
        .prefetch_related("pauses", "warnings")
    )


def _fire(rung: Rung, at: dt.datetime) -> bool:
    """Fire one rung; False when another worker has, or the run no longer counts."""
    with transaction.atomic():
        # The case first, as every act does: two locks in two orders would wait for each other.
        AccountRequest.objects.select_for_update().only("pk").get(pk=rung.run.request_id)
        run = (
            StepRun.objects.filter(
                pk=rung.run.pk,
                finished_at__isnull=True,
                paused_at__isnull=True,
                due_at=rung.run.due_at,
            )
            .select_related("step", "request__assignee", "request__created_by")
            .first()
        )
        if run is None or run.due_at is None:
            return False
        try:
            with transaction.atomic():
                warning = DeadlineWarning.objects.create(
                    step_run=run,
                    percent=rung.percent,
                    planned_at=rung.planned_at,
                    fired_at=at,
                    due_at=run.due_at,
                    is_late=at - rung.planned_at > LATE_AFTER,
                )
        except IntegrityError:
            return False
        for person in _told_by_mail(run, rung.percent, at):
            _queue(warning, run, person, at)
        audit.record(
            Act.WARN,
            actor=None,
            at=at,
            request=run.request,
            label=f"Langkah {run.step.number}",
            summary=f"Langkah {run.step.number}: {say(warning)}",
        )
    return True


def _told_by_mail(run: StepRun, percent: int, at: dt.datetime) -> list[User]:
    """The executor where the limit is in days; when it has passed, the executor's superior too."""
    told: list[User] = []
    if run.limit_unit in day_limits.IN_DAYS:
        told += _executors(run, at)
    if percent >= DUE:
        told += _holders(SUPERIOR_OF[Role(run.step.executor)], at)
    return list({person.pk: person for person in told}.values())


def _executors(run: StepRun, at: dt.datetime) -> list[User]:
    """Whose turn it is: the task's holder, else all who may take it; in step 1 the drafter too."""
    if run.step.executor == Role.ADMIN_PPE:
        holder = run.request.assignee
        return [holder] if holder is not None else _holders(Role.ADMIN_PPE, at)
    drafter = [run.request.created_by] if run.step.number == 1 else []
    return [*_holders(Role(run.step.executor), at), *drafter]


def _holders(role: Role, at: dt.datetime) -> list[User]:
    held = (
        Appointment.objects.in_force(at.astimezone(words.ZONE).date())
        .filter(role=role, person__is_active=True)
        .exclude(person__email="")
        .select_related("person")
        .order_by("person_id")
    )
    return [appointment.person for appointment in held]


def _queue(warning: DeadlineWarning, run: StepRun, person: User, at: dt.datetime) -> None:
    passed = warning.percent >= DUE
    outbox.queue_notice(
        MessageKind.DEADLINE_PASSED if passed else MessageKind.DEADLINE_WARNING,
        run.request,
        recipient=person,
        by=None,
        at=at,
        context={
            "step": run.step.number,
            "step_name": run.step.short_name,
            "percent": warning.percent,
            "due": words.instant(warning.due_at),
            "said_late": words.instant(warning.planned_at) if warning.is_late else "",
        },
    )
