"""What needs whom now: the queues of Beranda, read from the open step runs alone.

Open work is small and history large: every figure here comes from open runs (a partial index),
from runs finished today, or is a count. No query grows with the number of cases.
"""

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Subquery

from accounts_requests import (
    deadline_warnings,
    deviation_states,
    executor_roles,
    forecasts,
    health,
    late_entry_rules,
    readings,
    timers,
    words,
)
from accounts_requests.models import (
    AccountRequest,
    Document,
    LateEntry,
    Message,
    StepRun,
    User,
    WorkerHeartbeat,
)
from accounts_requests.next_steps import Button, Progress, Turn, turn
from accounts_requests.readings import TimeCell
from accounts_requests.roles import EXECUTORS, Role
from accounts_requests.states import (
    STEP4_NEEDS_A_PERSON,
    STEP4_SETTLED,
    UNSENT_MESSAGES,
    WITHOUT_ACCOUNT,
    AccountState,
    CaseState,
    DocumentState,
    MessageState,
    SmtpStage,
)

# The keeper is warned this long before the office's hours and holidays end.
CALENDAR_WARNING = dt.timedelta(days=90)

# What was returned is looked into before it is ordered again.
_LOOK_INTO = Button(label="Periksa", url_name="request_detail")


@dataclass(frozen=True, kw_only=True)
class Task:
    """One open case as a line: what is to be done, by whom, and the time left.

    ``hindrance`` tells a reader whose turn it would be why somebody else must do it; ``warning``
    is the last announcement of its deadline; ``forecast`` what taking or opening the task will
    begin, where that cannot end today.
    """

    case: AccountRequest
    step: int
    turn: Turn
    detail: str
    cell: TimeCell
    is_returned: bool
    button: Button | None
    hindrance: str = ""
    warning: str = ""
    forecast: str = ""

    @property
    def urgency(self) -> str:
        """The modifier of the line's look: "late", "soon" or ""."""
        return self.cell.state if self.cell.state in ("late", "soon") else ""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A person's day: ``mine`` to do, ``unclaimed`` to take, ``others`` to watch, done today.

    ``to_decide``: the late entries that wait for Kepala LPSE, the oldest first.
    """

    mine: list[Task] = field(default_factory=list)
    unclaimed: list[Task] = field(default_factory=list)
    others: list[Task] = field(default_factory=list)
    done_today: list[StepRun] = field(default_factory=list)
    to_decide: list[LateEntry] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Glance:
    """The state of the office in counts."""

    open: int
    overdue: int
    archived_this_week: int
    archived_this_month: int
    unanswered_deviations: int


@dataclass(frozen=True, kw_only=True)
class Engine:
    """What keeps the application going: workers, what they owe, and the calendar's end.

    ``next_attempt`` is when mail that did not go is tried again, ``stopped_at`` how far the last
    attempt came; never the server's words, which may name a person.
    """

    workers: list[WorkerHeartbeat]
    is_working: bool
    unsent: int
    oldest_unsent: dt.datetime | None
    next_attempt: dt.datetime | None
    stopped_at: str
    owed: int
    failed: int
    calendar_ends: dt.date | None
    calendar_ends_soon: bool


def desk(user: User, held: frozenset[Role], at: dt.datetime) -> Desk:
    """The day of ``user``, who holds the roles ``held``, at ``at`` (UTC).

    Sorted by time left, what is late first; for Kepala LPSE what was returned comes before all.
    """
    mine, unclaimed, others = [], [], []
    acts_as_executor = not held.isdisjoint(EXECUTORS)
    acted = executor_roles.acted_as_in_open_cases(user) if acts_as_executor else {}
    hindrance = cache(executor_roles.hindrance)  # asked for each task; a handful of answers
    awaited = _awaited()
    for task in open_tasks(at):
        if (entry := awaited.get(task.case.pk)) is not None:
            waiting = replace(task.turn, whose=late_entry_rules.AWAITED, button=None)
            said = late_entry_rules.awaiting_words(entry)
            others.append(replace(task, turn=waiting, button=None, hindrance=said))
            continue
        if not task.turn.is_for(user, held, task.case):
            others.append(replace(task, forecast=""))
        elif sentence := hindrance(task.turn.role, acted.get(task.case.pk, frozenset())):
            others.append(replace(task, hindrance=sentence, forecast=""))
        elif task.turn.role == Role.ADMIN_PPE and task.turn.holder is None:
            unclaimed.append(task)
        else:
            mine.append(task)
    return Desk(
        mine=sorted(mine, key=lambda task: (not task.is_returned, _by_time_left(task))),
        unclaimed=unclaimed,
        others=others,
        done_today=_done_today(user, at),
        to_decide=list(awaited.values()) if Role.KEPALA_LPSE in held else [],
    )


def _awaited() -> dict[int, LateEntry]:
    """The late entries that wait for a decision, by the key of their case (one each at most)."""
    waiting = LateEntry.objects.filter(state=LateEntry.State.PROPOSED).select_related(
        "request", "proposed_by"
    )
    return {entry.request_id: entry for entry in waiting}


def open_tasks(at: dt.datetime) -> list[Task]:
    """Every open case as a task, sorted by time left; those without a limit follow, oldest first.

    Four queries, however many there are.
    """
    clock = timers.working_time()
    tasks = []
    runs = list(_open_runs())
    warned = deadline_warnings.latest(runs)
    for run in runs:
        case = run.request
        progress = Progress(
            people=run.people,
            with_outcome=run.with_outcome,
            created=run.with_outcome - run.without_account,
            unanswered=run.unanswered,
            in_doubt=run.in_doubt,
            settled=run.settled,
        )
        whose = turn(case, progress)
        if whose is None:
            continue
        is_returned = case.state == CaseState.DECREE_ISSUED and bool(case.return_reason)
        tasks.append(
            Task(
                case=case,
                step=run.step.number,
                turn=whose,
                detail=_detail(case, progress),
                cell=readings.read(run, at, clock),
                is_returned=is_returned,
                button=_LOOK_INTO if is_returned else whose.button,
                warning=deadline_warnings.say(warned[run.pk]) if run.pk in warned else "",
                forecast=forecasts.of_run(run, at, clock),
            )
        )
    return sorted(tasks, key=_by_time_left)


def glance(at: dt.datetime) -> Glance:
    """Counts of the office; weeks begin on Monday and months on the 1st, in the office's zone.

    A deviation counts as unanswered until an answer to it is accepted, or it is found to be none.
    """
    today = at.astimezone(words.ZONE).date()
    month = _midnight(today.replace(day=1))
    week = _midnight(today - dt.timedelta(days=today.weekday()))
    runs = StepRun.objects.filter(finished_at__isnull=True, paused_at__isnull=True).aggregate(
        open=Count("pk"), overdue=Count("pk", filter=StepRun.overdue(at))
    )
    archived = AccountRequest.objects.filter(archived_at__gte=min(month, week)).aggregate(
        month=Count("pk", filter=Q(archived_at__gte=month)),
        week=Count("pk", filter=Q(archived_at__gte=week)),
    )
    return Glance(
        open=runs["open"],
        overdue=runs["overdue"],
        archived_this_week=archived["week"],
        archived_this_month=archived["month"],
        unanswered_deviations=deviation_states.open_ones().count(),
    )


def engine(at: dt.datetime) -> Engine:
    """The keeper's view at ``at`` (UTC)."""
    waits = Message.objects.filter(state=MessageState.QUEUED, attempts__gt=0)
    unsent = Message.objects.filter(state__in=UNSENT_MESSAGES).aggregate(
        count=Count("pk"),
        oldest=Min("queued_at"),
        next=Min("next_attempt_at", filter=Q(state=MessageState.QUEUED, attempts__gt=0)),
        stage=Max(Subquery(waits.order_by("next_attempt_at", "pk").values("stage")[:1])),
    )
    unfinished = Document.objects.filter(
        superseded_at__isnull=True, state__in=[DocumentState.OWED, DocumentState.FAILED]
    )
    papers = unfinished.aggregate(
        owed=Count("pk", filter=Q(state=DocumentState.OWED)),
        failed=Count("pk", filter=Q(state=DocumentState.FAILED)),
    )
    ends = timers.working_time().last_date
    workers = list(WorkerHeartbeat.objects.order_by("-beat_at"))
    return Engine(
        workers=workers,
        is_working=bool(workers) and at - workers[0].beat_at <= health.STOPPED_AFTER,
        unsent=unsent["count"],
        oldest_unsent=unsent["oldest"],
        next_attempt=unsent["next"],
        stopped_at=SmtpStage(unsent["stage"]).label.lower() if unsent["stage"] else "",
        owed=papers["owed"],
        failed=papers["failed"],
        calendar_ends=ends,
        calendar_ends_soon=ends - at.astimezone(words.ZONE).date() <= CALENDAR_WARNING,
    )


def _open_runs() -> QuerySet[Any]:
    """The runs that count now, with the counts of their people as ``Progress`` names them."""
    account = "request__registrants__account__state"
    people = "request__registrants"

    def counted(**states: object) -> Count:
        return Count(people, filter=Q(**states), distinct=True)

    return (
        StepRun.objects.filter(finished_at__isnull=True, paused_at__isnull=True)
        .select_related("step", "request__assignee", "request__sop_revision")
        .prefetch_related("pauses")
        .annotate(
            people=Count(people, distinct=True),
            with_outcome=Count(
                people,
                filter=Q(**{f"{account}__isnull": False}) & ~Q(**{account: AccountState.PENDING}),
                distinct=True,
            ),
            without_account=counted(**{f"{account}__in": WITHOUT_ACCOUNT}),
            unanswered=counted(**{account: AccountState.QUEUED}),
            in_doubt=counted(**{f"{account}__in": STEP4_NEEDS_A_PERSON}),
            settled=counted(**{f"{account}__in": STEP4_SETTLED}),
        )
        .order_by("offered_at", "pk")
    )


def _detail(case: AccountRequest, progress: Progress) -> str:
    people = f"{progress.people} personel" if progress.people else "belum ada personel"
    if case.state == CaseState.ORDERED and progress.with_outcome:
        return f"{people}, {progress.with_outcome} selesai"
    if case.state == CaseState.ACCOUNTS_CREATED and progress.is_sent:
        doubt = f", {progress.in_doubt} perlu keputusan" if progress.in_doubt else ""
        return f"{people}, {progress.settled} dari {progress.created} e-mail selesai{doubt}"
    return people


def _by_time_left(task: Task) -> tuple[bool, int]:
    left = task.cell.remaining_seconds
    return (left is None, left or 0)


def _done_today(user: User, at: dt.datetime) -> list[StepRun]:
    since = _midnight(at.astimezone(words.ZONE).date())
    return list(
        StepRun.objects.filter(finished_by=user, finished_at__gte=since, abandoned=False)
        .select_related("step", "request")
        .order_by("-finished_at")
    )


def _midnight(day: dt.date) -> dt.datetime:
    """The start of ``day`` in the office's zone, as an instant."""
    return dt.datetime.combine(day, dt.time.min, words.ZONE).astimezone(dt.UTC)
