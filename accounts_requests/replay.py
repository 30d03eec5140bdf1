"""Had the SOP been read otherwise: which finished steps would have been late, and which not.

Each finished run of a period is reckoned again under another reading, with the arithmetic of the
clock itself (``timers``) and the calendar in use now. What the record does not tell (when a file
was complete, when an SK was signed outside) is not guessed: such a run is not judged.
"""

import copy
import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts_requests import clock, step_limits, timers, words
from accounts_requests.limit_terms import LimitBasis, LimitStart, LimitUnit, StepFourEnd, StepOneEnd
from accounts_requests.models import Message, Reading, Registrant, SopRevision, StepRun
from accounts_requests.states import EXTERNAL_SIGNING, MessageKind
from accounts_requests.step_limits import Limit
from accounts_requests.working_time import OutsideCalendar, WorkingTime

PERIOD: Final = dt.timedelta(days=365)
"""How far back is looked, unless somebody asks otherwise."""


class _Unknown(Exception):
    """The record does not tell what the other reading would need; says what is missing."""


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A run that would have been judged otherwise; ``late_seconds`` are those of the replay."""

    number: str
    reference: str
    step: int
    finished_at: dt.datetime
    was_late: bool
    would_be_late: bool
    late_seconds: int


@dataclass(kw_only=True)
class StepReplay:
    """One step in the period. ``late`` and ``would_be_late`` count among the ``judged`` runs.

    ``unjudged`` counts the others by what the record does not tell.
    """

    number: int
    name: str
    judged: int = 0
    late: int = 0
    would_be_late: int = 0
    unjudged: Counter[str] = field(default_factory=Counter)

    @property
    def finished(self) -> int:
        """Every finished run of the step in the period."""
        return self.judged + self.unjudged.total()

    @property
    def missing(self) -> list[tuple[str, int]]:
        """What the record does not tell, and of how many runs, the most first."""
        return self.unjudged.most_common()


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What another reading would have made of a period (instants in UTC, ``until`` excluded)."""

    since: dt.datetime
    until: dt.datetime
    steps: list[StepReplay]
    changed: list[Changed]

    @property
    def unjudged(self) -> int:
        """The runs that could not be judged."""
        return sum(step.unjudged.total() for step in self.steps)


def replay(
    content: Mapping[str, Any],
    revision: SopRevision,
    *,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> Replay:
    """The runs of ``revision`` that finished in [since, until), reckoned under ``content``.

    ``content`` is a reading that ``reading_content`` has checked. The last twelve months by
    default. Three queries beside those for the calendar, however many runs there are.
    """
    until = until or clock.now()
    since = since or until - PERIOD
    hypothetical = Reading(revision=revision, content=content)
    limited = revision.steps.filter(limit_amount__isnull=False).order_by("number")
    limits = {step.number: step_limits.read_limit(step, hypothetical) for step in limited}
    steps = {step.number: StepReplay(number=step.number, name=step.short_name) for step in limited}
    changed = []
    arithmetic = timers.working_time()
    for run in _runs(revision, since, until):
        told = steps[run.step.number]
        try:
            late = _late_seconds(run, limits[run.step.number], content, arithmetic)
        except _Unknown as missing:
            told.unjudged[str(missing)] += 1
            continue
        except OutsideCalendar:
            told.unjudged["di luar kalender kerja"] += 1
            continue
        told.judged += 1
        told.late += bool(run.late_seconds)
        told.would_be_late += bool(late)
        if bool(late) != bool(run.late_seconds):
            changed.append(_changed(run, late))
    changed.sort(key=lambda one: one.finished_at, reverse=True)
    return Replay(since=since, until=until, steps=list(steps.values()), changed=changed)


def said(change: Changed) -> str:
    """``tepat waktu menjadi terlambat 2 jam``, or the other way round."""
    if change.would_be_late:
        return f"tepat waktu menjadi terlambat {words.duration(change.late_seconds)}"
    return "terlambat menjadi tepat waktu"


def _runs(revision: SopRevision, since: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    """The finished, limited runs with what the record tells beside them."""
    settled = Message.objects.filter(
        request=OuterRef("request"), kind=MessageKind.CREDENTIALS, settled_at=OuterRef("offered_at")
    )
    sent = Message.objects.filter(request=OuterRef("request"), kind=MessageKind.CREDENTIALS)
    people = Registrant.objects.filter(request=OuterRef("request")).order_by().values("request")
    return (
        StepRun.objects.filter(
            step__revision=revision,
            finished_at__gte=since,
            finished_at__lt=until,
            abandoned=False,
            limit_amount__isnull=False,
        )
        .select_related("step", "request")
        .prefetch_related("pauses")
        .annotate(
            people=Coalesce(Subquery(people.annotate(n=Count("pk")).values("n")), 0),
            first_queued=Subquery(sent.order_by("queued_at").values("queued_at")[:1]),
            after_a_machine=Exists(settled),
        )
        .order_by("finished_at", "pk")
    )


def _late_seconds(
    run: Any, limit: Limit, content: Mapping[str, Any], arithmetic: WorkingTime
) -> int:
    """By how much ``run`` would have been late; 0 when in time. Raises _Unknown, OutsideCalendar.

    A copy of the run goes through its stretches as the clock took it through them.
    """
    other = copy.copy(run)
    amount = limit.amount or 0
    if limit.basis == LimitBasis.PERSON:
        amount *= max(1, run.people)
    other.limit_amount, other.limit_unit = amount, limit.unit
    other.limit_start, other.limit_basis = limit.start, limit.basis
    end = _end_of(run, content)
    other.measured_until = end if end != run.finished_at else None
    other.latest_start_at, other.used_before_pause = None, 0
    other.started_at = _start_of(run, limit, arithmetic)
    other.used_before_pause = _used_before(other, arithmetic)
    other.due_at = timers.reckon(other, arithmetic).due_at
    return timers.late_seconds(other, end, arithmetic)


def _start_of(run: Any, limit: Limit, arithmetic: WorkingTime) -> dt.datetime:
    """From when the run would have counted (UTC)."""
    if limit.start == run.limit_start and run.started_at is not None:
        found = run.started_at
    elif limit.start == LimitStart.COMPLETE:
        found = _known(run.request.complete_at, "waktu berkas lengkap tidak tercatat")
    elif limit.start == LimitStart.CLAIMED:
        found = _known(run.claimed_at, "waktu pengambilan tugas tidak tercatat")
    elif limit.start == LimitStart.BEGUN:
        found = _known(run.opened_at, "waktu mulai dikerjakan tidak tercatat")
    elif run.after_a_machine:
        latest = arithmetic.add_seconds(run.offered_at, timers.LATEST_START_SECONDS)
        found = min(run.opened_at or run.finished_at, latest)
    else:
        found = run.offered_at
    started: dt.datetime = found
    return started


def _end_of(run: Any, content: Mapping[str, Any]) -> dt.datetime:
    """With which instant the deadline would have been compared (UTC)."""
    finished: dt.datetime = run.finished_at
    number = run.step.number
    if number == 1 and content["step1_end"] == StepOneEnd.SIGNED:
        if run.request.signing_method in EXTERNAL_SIGNING:
            return _known(run.measured_until, "waktu tanda tangan tidak tercatat")
    elif number == 4 and content["step4_end"] == StepFourEnd.QUEUED:
        queued = run.measured_until or run.first_queued
        return min(finished, queued) if queued else finished
    return finished


def _known(instant: dt.datetime | None, missing: str) -> dt.datetime:
    if instant is None:
        raise _Unknown(missing)
    return instant


def _used_before(run: StepRun, arithmetic: WorkingTime) -> int:
    """What was used of the limit up to the last pause, stretch by stretch, as ``timers.pause``."""
    used, since = 0, run.started_at
    for pause in sorted(run.pauses.all(), key=lambda one: one.since):
        if since is not None and pause.since > since:
            if run.limit_unit in (LimitUnit.WORKING_DAYS, LimitUnit.WORKING_MINUTES):
                used += arithmetic.seconds_between(since, pause.since)
            else:
                used += int((pause.since - since).total_seconds())
        if pause.until is not None and (since is None or pause.until > since):
            since = pause.until
    return used


def _changed(run: Any, late: int) -> Changed:
    return Changed(
        number=run.request.number,
        reference=run.request.reference,
        step=run.step.number,
        finished_at=run.finished_at,
        was_late=bool(run.late_seconds),
        would_be_late=bool(late),
        late_seconds=late,
    )
