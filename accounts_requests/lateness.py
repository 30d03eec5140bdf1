"""The deviation of a limit that passed, finished or not: aspect waktu.

It is recorded when its deadline has passed, while the step still runs, and ends with the step
(``LatenessEnd``); a run that was late between two looks is recorded when it ends. One deviation for
one lateness. Each function belongs into the transaction of an act, with the case locked.
"""

import datetime as dt
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts_requests import deviations, time_shares, timers, words
from accounts_requests.models import (
    Appointment,
    DeadlineVersion,
    Deviation,
    LatenessEnd,
    StepRun,
    User,
)
from accounts_requests.models.deviation import LIMIT_PASSED
from accounts_requests.roles import Role
from accounts_requests.states import Aspect, LatenessOutcome

LATE_FINISH = "late_finish"
STILL_RUNNING = "masih berjalan"
IN_TIME_AFTER_ALL = "dicatat kemudian; menurut waktu kejadiannya langkah ini selesai tepat waktu"


class Words(NamedTuple):
    """The words of a finished run's lateness."""

    actual: str
    difference: str


def of_runs(at: dt.datetime) -> QuerySet[StepRun]:
    """The open, unpaused runs whose lateness is not on record as it stands at ``at`` (UTC)."""
    told = Exists(Deviation.objects.filter(step_run=OuterRef("pk"), **_RUNNING))
    in_time = Q(measured_until__isnull=True, due_at__gt=at) | Q(due_at__gte=F("measured_until"))
    return (
        StepRun.objects.filter(finished_at__isnull=True, paused_at__isnull=True)
        .annotate(is_told=told)
        .filter(Q(StepRun.overdue(at), is_told=False) | Q(in_time, is_told=True))
        .order_by("due_at", "pk")
    )


def passed(run: StepRun, *, at: dt.datetime) -> Deviation | None:
    """The limit of an open run has passed at ``at``. None when it has not, or is on record."""
    if not run.is_overdue(at) or run.due_at is None or _running(run) is not None:
        return None
    return deviations.record(
        run,
        key=_key(run),
        aspect=Aspect.TIME,
        rule=LIMIT_PASSED,
        norm=deviations.limit_words(run),
        actual=f"Belum selesai, tenggat {words.instant(run.due_at)}",
        difference=STILL_RUNNING,
        responsible=answerable_now(run, at),
        at=at,
    )


def lifted(run: StepRun, *, at: dt.datetime) -> LatenessEnd | None:
    """An open run whose lateness is on record is not late any more. None when it still is.

    Its deadline has moved, or what was used of its limit is counted otherwise after a return.
    """
    found = _running(run)
    if found is None or run.due_at is None or run.is_overdue(at):
        return None
    if timers.late_seconds(run, at, timers.working_time()):
        return None
    return _lift(found, run, ground=_why_moved(run), at=at)


def finished(run: StepRun, *, at: dt.datetime) -> Deviation | None:
    """``run`` has ended: its lateness is final. None when it was in time and never said to be late.

    ``at`` (UTC) is the instant of the record; the run tells its own. Safe to repeat.
    """
    found = _running(run)
    if not run.late_seconds or run.due_at is None or run.finished_at is None:
        if found is not None:
            ground = IN_TIME_AFTER_ALL
            if run.finished_at is None or run.finished_at >= found.recorded_at:
                ground = _why_moved(run)
            _lift(found, run, ground=ground, at=at)
        return found
    told = _told(run, run.finished_at)
    if found is None:
        ended = Q(rule=LATE_FINISH) | Q(end__outcome=LatenessOutcome.ENDED)
        known = run.deviations.filter(ended).first()
        return known or deviations.record(
            run,
            key=_key(run),
            aspect=Aspect.TIME,
            rule=LATE_FINISH,
            norm=deviations.limit_words(run),
            actual=told.actual,
            difference=told.difference,
            late_seconds=run.late_seconds,
            responsible=_held_while_late(run, at) or deviations.responsible_for(run),
            at=at,
        )
    LatenessEnd.objects.create(
        deviation=found,
        request=run.request,
        outcome=LatenessOutcome.ENDED,
        actual=told.actual,
        difference=told.difference,
        late_seconds=run.late_seconds,
        responsible=_held_while_late(run, at) or deviations.responsible_for(run),
        at=at,
    )
    deviations.share_out(found, run, at=at)
    return found


def answerable_now(run: StepRun, at: dt.datetime) -> User | None:
    """Who answers for an open run: its holder, else the one person who holds the step's role.

    None where several could have taken the step and nobody has: then nobody is blamed before its
    end tells who held it.
    """
    holding = run.holdings.order_by("-since", "-id").select_related("person").first()
    if holding is not None:
        return holding.person
    if run.step.executor == Role.ADMIN_PPE and run.request.assignee is not None:
        return run.request.assignee
    held = Appointment.objects.in_force(at.astimezone(words.ZONE).date()).filter(
        role=run.step.executor, person__is_active=True
    )
    people = {one.person_id: one.person for one in held.select_related("person")}
    return next(iter(people.values())) if len(people) == 1 else None


_RUNNING: dict[str, object] = {"rule": LIMIT_PASSED, "end__isnull": True}


def _running(run: StepRun) -> Deviation | None:
    """The lateness of the run that is on record and has not ended."""
    return run.deviations.filter(**_RUNNING).first()


def _key(run: StepRun) -> str:
    """``late:5``; after one that was lifted, the next lateness of the run is ``late:5:2``."""
    before = run.deviations.filter(rule__in=(LIMIT_PASSED, LATE_FINISH)).count()
    return f"late:{run.pk}:{before + 1}" if before else f"late:{run.pk}"


def _held_while_late(run: StepRun, at: dt.datetime) -> User | None:
    share = time_shares.answers_for(run, at)
    return share.person if share else None


def _lift(found: Deviation, run: StepRun, *, ground: str, at: dt.datetime) -> LatenessEnd:
    due = f"; tenggat {words.instant(run.due_at)}" if run.due_at else ""
    return LatenessEnd.objects.create(
        deviation=found,
        request=run.request,
        outcome=LatenessOutcome.LIFTED,
        actual=f"Tidak lagi melewati tenggat{due}",
        responsible=found.responsible,
        ground=ground,
        at=at,
    )


def _why_moved(run: StepRun) -> str:
    """What moved the deadline last, in words."""
    version = run.deadline_versions.order_by("-number").first()
    if version is None:
        return "waktu langkah ini dihitung ulang"
    cause = DeadlineVersion.Cause(version.cause).label
    return f"tenggat bergeser ({cause[:1].lower()}{cause[1:]}): {version.reason}"


def _told(run: StepRun, finished_at: dt.datetime) -> Words:
    """When the step ended; first the instant that the deadline was compared with, where it is
    another one under the office's reading.
    """
    ended = f"Selesai {words.instant(finished_at)}"
    if run.measured_until is not None:
        ended = f"Diukur sampai {words.instant(run.measured_until)}, s{ended[1:]}"
    due = f", tenggat {words.instant(run.due_at)}" if run.due_at else ""
    return Words(f"{ended}{due}", f"terlambat {words.duration(run.late_seconds)}")
