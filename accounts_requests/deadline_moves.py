"""Moving the deadline of open runs: each move is a version of the deadline, with its reason.

A finished run never changes, nor does a paused one: it gets its deadline when it counts again.
What was recorded of a run is left alone: a breach on record stays on record. Of an open run the
next sweep tells that it is late no more (``lateness``); of a finished one the judge may weigh the
decree that moved the deadline. The first deadline of a run has no row; the first move keeps it as
``former_due_at``.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet

from accounts_requests import audit_many, timers, words
from accounts_requests.models import DeadlineVersion, StepRun, User
from accounts_requests.states import Act
from accounts_requests.timers import Deadline
from accounts_requests.working_time import OutsideCalendar, WorkingTime

Cause = DeadlineVersion.Cause


@dataclass(frozen=True, kw_only=True)
class Move:
    """An open run whose deadline would be another one; ``run`` is still as it was.

    ``latest_start_at`` is the new latest start of a run that waits to be shown, None otherwise.
    """

    run: StepRun
    former: Deadline
    deadline: Deadline
    latest_start_at: dt.datetime | None = None

    @property
    def is_shift(self) -> bool:
        """Another instant; otherwise only the mark of an estimate changes."""
        return self.former.due_at != self.deadline.due_at

    def was_overdue(self, at: dt.datetime) -> bool:
        """Had the former deadline passed at ``at``?"""
        return self.former.due_at is not None and self.former.due_at < at

    def is_overdue(self, at: dt.datetime) -> bool:
        """Has the new deadline passed at ``at``?"""
        return self.deadline.due_at is not None and self.deadline.due_at < at


@dataclass(frozen=True, kw_only=True)
class Foresight:
    """What another calendar would do to the open deadlines.

    ``moves`` in the order of the new deadlines; ``unreachable`` holds a sentence for each run
    whose deadline that calendar does not reach.
    """

    moves: list[Move]
    unreachable: list[str]

    @property
    def shifts(self) -> list[Move]:
        """The deadlines that move to another instant."""
        return [move for move in self.moves if move.is_shift]


def counting_runs() -> QuerySet[StepRun]:
    """Every run with a deadline that may move: open, not paused, limited, its start known."""
    return (
        StepRun.objects.filter(
            Q(started_at__isnull=False) | Q(latest_start_at__isnull=False),
            finished_at__isnull=True,
            paused_at__isnull=True,
            measured_until__isnull=True,  # its limit has ended, as that of a finished run has
            limit_amount__isnull=False,
        )
        .select_related("step", "request")
        .prefetch_related("pauses")
        .order_by("due_at", "pk")
    )


def foresee(clock: WorkingTime, at: dt.datetime) -> Foresight:
    """What becomes of the open deadlines when ``clock`` counts from ``at`` (UTC) on.

    Two queries, however many runs are open; nothing is written.
    """
    moves, unreachable = [], []
    for run in counting_runs():
        former = Deadline(run.due_at, is_estimate=run.due_is_estimate)
        try:
            latest = _latest_start(run, clock, at)
            deadline = _reckoned(run, latest, clock)
        except OutsideCalendar as error:
            unreachable.append(
                f"Langkah {run.step.number} permohonan {run.request.number}: {error}"
            )
            continue
        if deadline != former:
            moves.append(Move(run=run, former=former, deadline=deadline, latest_start_at=latest))
    moves.sort(key=lambda move: (move.deadline.due_at, move.run.pk))
    return Foresight(moves=moves, unreachable=unreachable)


def carry_out(
    moves: Sequence[Move],
    *,
    cause: DeadlineVersion.Cause,
    version: str,
    reason: str,
    because: str,
    at: dt.datetime,
    by: User | None,
    role: str = "",
) -> None:
    """Give each run its new deadline, as a version of it and with an entry on the case's trail.

    ``version`` is the calendar by which the moves were foreseen; ``because`` names the cause in
    the entry ("kalender kerja versi 2"). The caller's transaction keeps acts on cases away
    (``calendar_keeping``) and ends with this. The number of statements grows with the batches that
    the database takes at once, not with each run.
    """
    if not moves:
        return
    numbers = _last_numbers(move.run for move in moves)
    audit_many.note_changed_outside([move.run for move in moves])
    for move in moves:
        run = move.run
        run.due_at, run.due_is_estimate = move.deadline
        run.calendar_version = version
        if move.latest_start_at is not None:
            run.latest_start_at = move.latest_start_at
    StepRun.objects.bulk_update(
        [move.run for move in moves],
        ["due_at", "due_is_estimate", "calendar_version", "latest_start_at"],
    )
    kept = DeadlineVersion.objects.bulk_create(
        DeadlineVersion(
            step_run=move.run,
            number=numbers.get(move.run.pk, 0) + 1,
            cause=cause,
            former_due_at=move.former.due_at,
            due_at=move.deadline.due_at,
            due_is_estimate=move.deadline.is_estimate,
            calendar_version=version,
            reason=reason,
            at=at,
            by=by,
        )
        for move in moves
    )
    audit_many.record_many(
        [
            audit_many.Told(
                request=move.run.request,
                label=f"Langkah {move.run.step.number}",
                summary=f"{in_words(move)} karena {because}. Alasan: {reason}",
                changes={
                    "due_at": str(move.deadline.due_at),
                    "due_is_estimate": move.deadline.is_estimate,
                    "calendar_version": version,
                },
                rows=[move.run, row],
            )
            for move, row in zip(moves, kept, strict=True)
        ],
        act=Act.MOVE_DEADLINE,
        actor=by,
        at=at,
        role=role,
    )


def restart(
    run: StepRun,
    start: dt.datetime,
    *,
    cause: DeadlineVersion.Cause,
    reason: str,
    at: dt.datetime,
    by: User | None,
) -> DeadlineVersion | None:
    """The open run began at ``start`` (UTC): its deadline follows, as a version when it moves.

    For an act on the case (a corrected receipt, a late entry), whose own audit entry tells of it.
    Returns the version, None when the deadline stays.
    """
    former = Deadline(run.due_at, is_estimate=run.due_is_estimate)
    timers.restart(run, start)
    if (run.due_at, run.due_is_estimate) == former:
        return None
    return DeadlineVersion.objects.create(
        step_run=run,
        number=_last_numbers([run]).get(run.pk, 0) + 1,
        cause=cause,
        former_due_at=former.due_at,
        due_at=run.due_at,
        due_is_estimate=run.due_is_estimate,
        calendar_version=run.calendar_version,
        reason=reason,
        at=at,
        by=by,
    )


def in_words(move: Move) -> str:
    """``Tenggat langkah 3 bergeser dari Kamis, … menjadi Jumat, …``, as the trail tells it."""
    step = f"Tenggat langkah {move.run.step.number}"
    if not move.is_shift:
        mark = "bersandar pada perkiraan" if move.deadline.is_estimate else "tidak lagi perkiraan"
        return f"{step} tetap {_said(move.deadline.due_at)} dan kini {mark}"
    return f"{step} bergeser dari {_said(move.former.due_at)} menjadi {_said(move.deadline.due_at)}"


def _said(due_at: dt.datetime | None) -> str:
    return words.instant(due_at) if due_at else "tanpa tenggat"


def _last_numbers(runs: Iterable[StepRun]) -> dict[int, int]:
    """The number of the last version of each run's deadline; runs without one are left out."""
    versions = DeadlineVersion.objects.filter(step_run__in=[run.pk for run in runs])
    return dict(versions.order_by().values_list("step_run").annotate(Max("number")))


def _latest_start(run: StepRun, clock: WorkingTime, at: dt.datetime) -> dt.datetime | None:
    """When a run that waits to be shown begins at the latest; None for one that has begun."""
    if run.started_at is not None or run.latest_start_at is None or run.latest_start_at <= at:
        return None
    # A return asks it anew from the resumption.
    resumed = [pause.until for pause in run.pauses.all() if pause.until is not None]
    since = max([run.offered_at, *resumed])
    # Never before now: a limit does not begin in the past because a day was opened.
    return max(at, clock.add_seconds(since, timers.LATEST_START_SECONDS))


def _reckoned(run: StepRun, latest: dt.datetime | None, clock: WorkingTime) -> Deadline:
    """The deadline with another latest start; the run itself stays as it is."""
    if latest is None:
        return timers.reckon(run, clock)
    before = run.latest_start_at
    run.latest_start_at = latest
    try:
        return timers.reckon(run, clock)
    finally:
        run.latest_start_at = before
