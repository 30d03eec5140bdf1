"""Whose answer, and whose judgement, a deviation waits for: queues, their counts, the register.

Answers that wait are open work and few; the register is long and is read page by page.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts_requests import accountability_rules as rules
from accounts_requests import clock, words
from accounts_requests.accountability_rules import RECORDERS, Way
from accounts_requests.deviation_states import with_state
from accounts_requests.key_pages import KeyPage, page_of
from accounts_requests.models import (
    AnsweredDeviation,
    Appointment,
    Deviation,
    DeviationAnswer,
    Office,
    SopStep,
    User,
)
from accounts_requests.roles import EXECUTORS, Role
from accounts_requests.states import OPEN_DEVIATIONS, OWED_DEVIATIONS

PAGE_SIZE = 50
# Not a state of a deviation: those that are answered for by nobody yet, whatever is missing.
OPEN = "terbuka"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a reader of the register asks for; "" and None mean no filter. Days are the office's."""

    state: str = ""
    aspect: str = ""
    step: int | None = None
    person: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None

    @property
    def are_set(self) -> bool:
        """Whether anything is filtered at all."""
        return self != Filters()


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An answer that ``user`` may judge, and ``way`` how."""

    answer: DeviationAnswer
    way: Way


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How much waits for one person."""

    to_answer: int
    to_judge: int


def to_answer(user: User, roles: frozenset[Role]) -> "QuerySet[Any, Any]":
    """The deviations that ``user``, holding ``roles`` today, has to answer for, oldest first.

    Their own, and those of people who have left whose superior they are.
    """
    return (
        with_state(Deviation.objects.select_related("request", "responsible", "step_run__step"))
        .filter(_answered_by(user, roles))
        .filter(state__in=[str(state) for state in OWED_DEVIATIONS])
        .order_by("pk")
    )


def to_judge(user: User, roles: frozenset[Role]) -> list[Waiting]:
    """The answers that wait for the judgement of ``user``, holding ``roles``, oldest first."""
    if roles.isdisjoint(RECORDERS):
        return []
    answers = list(waiting_answers())
    if not answers:
        return []
    office, held = Office.current(), rules.holders()
    found = [
        Waiting(
            answer=answer,
            way=rules.way_of(answer, user, roles=roles, office=office, held=held),
        )
        for answer in answers
    ]
    return [one for one in found if one.way]


def counts(user: User, roles: frozenset[Role]) -> Counts:
    """How much waits for ``user``. One query for the answers, one to three for the judgements."""
    return Counts(to_answer=to_answer(user, roles).count(), to_judge=len(to_judge(user, roles)))


def waiting_answers() -> "QuerySet[Any, Any]":
    """The answers that nobody has judged and that still count for some deviation, oldest first.

    Each with ``covered``, how many deviations it is about.
    """
    later = AnsweredDeviation.objects.filter(deviation=OuterRef("deviation"), pk__gt=OuterRef("pk"))
    covered = (
        AnsweredDeviation.objects.filter(answer=OuterRef("pk"))
        .order_by()
        .values("answer")
        .annotate(count=Count("pk"))
        .values("count")
    )
    latest = AnsweredDeviation.objects.filter(answer=OuterRef("pk")).filter(~Exists(later))
    return (
        DeviationAnswer.objects.filter(Exists(latest), judgements__isnull=True)
        .select_related("responsible", "answered_by", "request")
        .annotate(covered=Coalesce(Subquery(covered), 0))
        .order_by("pk")
    )


def find(filters: Filters) -> "QuerySet[Any, Any]":
    """The deviations of the register that match, with their state, unordered."""
    rows = with_state(
        Deviation.objects.select_related("request", "responsible", "step_run__step")
    ).prefetch_related("shares__person")
    if filters.state == OPEN:
        rows = rows.filter(state__in=[str(state) for state in OPEN_DEVIATIONS])
    elif filters.state:
        rows = rows.filter(state=filters.state)
    if filters.aspect:
        rows = rows.filter(aspect=filters.aspect)
    if filters.step:
        rows = rows.filter(step_run__step__number=filters.step)
    if filters.person:
        rows = rows.filter(answerable_pk=filters.person)
    if filters.since:
        rows = rows.filter(recorded_at__gte=_midnight(filters.since))
    if filters.until:
        rows = rows.filter(recorded_at__lt=_midnight(filters.until + dt.timedelta(days=1)))
    return rows


def page(
    rows: "QuerySet[Any, Any]", *, before: int | None = None, after: int | None = None
) -> KeyPage[Any]:
    """A page of ``find``'s deviations, newest first. One query."""
    return page_of(rows, size=PAGE_SIZE, before=before, after=after)


def people() -> list[User]:
    """Who answers for any deviation, by name: for the filter."""
    answerable = with_state().filter(answerable_pk=OuterRef("pk"))
    return list(User.objects.filter(Exists(answerable)).order_by("full_name", "pk"))


def steps() -> list[int]:
    """The numbers of the steps of all revisions: for the filter."""
    return list(SopStep.objects.order_by("number").values_list("number", flat=True).distinct())


def _answered_by(user: User, roles: frozenset[Role]) -> Q:
    """The condition on deviations of ``with_state``."""
    own = Q(answerable_pk=user.pk)
    office = Office.current() if not roles.isdisjoint((*EXECUTORS, Role.KEPALA_BIRO)) else None
    if office is None:
        return own
    below = [str(role) for role in EXECUTORS if (rules.superior_of(role, office) or role) in roles]
    if not below:
        return own
    appointed = Appointment.objects.in_force(clock.today()).filter(
        person=OuterRef("answerable_pk"), person__is_active=True
    )
    return own | (~Exists(appointed) & Q(step_run__step__executor__in=below))


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, words.ZONE).astimezone(dt.UTC)
