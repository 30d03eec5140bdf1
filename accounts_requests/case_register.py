"""The register of cases: search, filters, a page by key, and the rows of its spreadsheet."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts_requests import readings, timers, words
from accounts_requests.deviation_states import open_ones, with_state
from accounts_requests.key_pages import page_of
from accounts_requests.models import (
    Account,
    AccountRequest,
    Deviation,
    Registrant,
    StepRun,
)
from accounts_requests.next_steps import Progress, turn
from accounts_requests.readings import TimeCell
from accounts_requests.spreadsheets.register_export import RegisterRow
from accounts_requests.states import VOID_DEVIATIONS, CaseState

PAGE_SIZE = 25
# What the filter "penanda" offers.
LATE, DEVIATING, UNSETTLED = "terlambat", "penyimpangan", "belum-selesai"
FLAGS = (
    (LATE, "Terlambat"),
    (DEVIATING, "Ada penyimpangan"),
    (UNSETTLED, "Penyimpangan belum diterima"),
)


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the reader asked for; "" and None mean no filter. ``year`` is that of the record."""

    text: str = ""
    state: str = ""
    year: int | None = None
    kind: str = ""
    flag: str = ""

    @property
    def are_set(self) -> bool:
        """Whether anything is filtered at all."""
        return self != Filters()


@dataclass(frozen=True, kw_only=True)
class Line:
    """One case in the register; ``cell`` is the time of its running step, None when closed."""

    case: AccountRequest
    people: int
    deviations: int
    open_deviations: int
    void_deviations: int
    whose: str
    cell: TimeCell | None
    was_late: bool


@dataclass(frozen=True, kw_only=True)
class RegisterPage:
    """A page of the register with the keys of its neighbours (None at the ends)."""

    lines: list[Line]
    older: int | None
    newer: int | None


def find(filters: Filters, *, at: dt.datetime, reads_people: bool) -> QuerySet[Any]:
    """The cases that match, unordered, with ``people``, ``was_late`` and counts of deviations.

    ``deviation_count`` are those that stand, ``open_deviations`` those of them that nobody has
    accepted an answer to, ``void_deviations`` those that were found to be none.

    Names, NIP and user ids are searched only where the reader may read people: a search must not
    tell what the page hides.
    """
    cases: QuerySet[Any] = AccountRequest.objects.all()
    if filters.text:
        cases = cases.filter(_matching(filters.text, reads_people=reads_people))
    if filters.state:
        cases = cases.filter(state=filters.state)
    if filters.year:
        start = dt.datetime(filters.year, 1, 1, tzinfo=words.ZONE)
        end = dt.datetime(filters.year + 1, 1, 1, tzinfo=words.ZONE)
        cases = cases.filter(created_at__gte=start, created_at__lt=end)
    if filters.kind:
        people = Registrant.objects.filter(request=OuterRef("pk"), account_kind=filters.kind)
        cases = cases.filter(Exists(people))
    late = StepRun.objects.filter(request=OuterRef("pk")).filter(
        Q(late_seconds__gt=0) | StepRun.overdue(at)
    )
    if filters.flag == LATE:
        cases = cases.filter(Exists(late))
    if filters.flag == DEVIATING:
        cases = cases.filter(Exists(Deviation.objects.filter(request=OuterRef("pk"))))
    if filters.flag == UNSETTLED:
        cases = cases.filter(Exists(open_ones().filter(request=OuterRef("pk"))))
    found: QuerySet[Any] = cases.annotate(
        people=_count(Registrant.objects.all()),
        deviation_count=_count(with_state().exclude(state__in=VOID_DEVIATIONS)),
        open_deviations=_count(open_ones()),
        void_deviations=_count(with_state().filter(state__in=VOID_DEVIATIONS)),
        was_late=Exists(late),
    )
    return found


def page(
    cases: QuerySet[Any], *, at: dt.datetime, before: int | None = None, after: int | None = None
) -> RegisterPage:
    """A page of ``find``'s cases, newest first, in a fixed number of queries."""
    found = page_of(_with_open_runs(cases), size=PAGE_SIZE, before=before, after=after)
    clock = timers.working_time()
    lines = []
    for case in found.rows:
        run = next(iter(case.open_runs), None)
        whose = turn(case, Progress(people=case.people))
        lines.append(
            Line(
                case=case,
                people=case.people,
                deviations=case.deviation_count,
                open_deviations=case.open_deviations,
                void_deviations=case.void_deviations,
                whose=whose.whose if whose else "",
                cell=readings.read(run, at, clock) if run else None,
                was_late=case.was_late,
            )
        )
    return RegisterPage(lines=lines, older=found.older, newer=found.newer)


def export_rows(cases: QuerySet[Any]) -> Iterator[RegisterRow]:
    """Every case of ``find`` as a row of the spreadsheet, newest first."""
    for case in _with_open_runs(cases).order_by("-pk").iterator(chunk_size=500):
        run = next(iter(case.open_runs), None)
        yield RegisterRow(
            number=case.number,
            decree_number=case.decree_number,
            decree_date=case.decree_date,
            subject=case.subject,
            state=CaseState(case.state).label,
            people=case.people,
            received_at=case.received_at,
            due_at=run.due_at if run else None,
            holder=case.assignee.titled_name if case.assignee else "",
            deviations=case.deviation_count,
            unanswered=case.open_deviations,
            archived_at=case.archived_at,
            archive_number=case.archive_number,
        )


def years() -> list[int]:
    """The years in which cases were recorded, newest first."""
    found = AccountRequest.objects.dates("created_at", "year", order="DESC")
    return [day.year for day in found]


def _matching(text: str, *, reads_people: bool) -> Q:
    matching = (
        Q(number__icontains=text) | Q(decree_number__icontains=text) | Q(subject__icontains=text)
    )
    if not reads_people:
        return matching
    digits = text.replace(" ", "").replace(".", "")
    person = Q(full_name__icontains=text) | Q(proposed_user_id__iexact=text)
    if digits.isdigit():
        person |= Q(nip__startswith=digits)
    people = Registrant.objects.filter(person, request=OuterRef("pk"))
    accounts = Account.objects.filter(user_id__iexact=text, registrant__request=OuterRef("pk"))
    return matching | Q(Exists(people)) | Q(Exists(accounts))


def _with_open_runs(cases: QuerySet[Any]) -> QuerySet[Any]:
    running = (
        StepRun.objects.filter(finished_at__isnull=True, paused_at__isnull=True)
        .select_related("step")
        .prefetch_related("pauses")
    )
    return cases.select_related("assignee").prefetch_related(
        Prefetch("step_runs", queryset=running, to_attr="open_runs")
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    own = rows.filter(request=OuterRef("pk")).order_by().values("request")
    return Coalesce(Subquery(own.annotate(count=Count("pk")).values("count")), 0)
