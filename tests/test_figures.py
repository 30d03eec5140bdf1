"""The report's figures, each counted a second time from raw rows by other means."""

import datetime as dt
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts_requests import clock, figure_rows, figures
from accounts_requests.figure_rows import UnknownFigure
from accounts_requests.figures import Figures, percent
from accounts_requests.finished_runs import Measure
from accounts_requests.models import (
    Account,
    AccountRequest,
    Deviation,
    Holiday,
    LatenessEnd,
    StepRun,
)
from accounts_requests.report_periods import Period, half_year, half_year_before

from . import half_years
from .cases import OfficePeople
from .query_counts import queries

WITA = ZoneInfo("Asia/Makassar")
PERIOD = half_year(dt.date(2026, 3, 12))
QUERIES = 6


@pytest.fixture
def half_year_of_cases(office_people: OfficePeople) -> None:
    half_years.make(office_people, count=500, seed=20260630)


def days_of(at: dt.datetime | None) -> dt.date:
    """The office's date; the epoch for None, which lies in no period."""
    return at.astimezone(WITA).date() if at else dt.date(1970, 1, 1)


def inside(at: dt.datetime | None) -> bool:
    return dt.date(2026, 1, 1) <= days_of(at) <= dt.date(2026, 6, 30)


def finished() -> list[dict[str, Any]]:
    """Every finished run of the half year as a raw row."""
    rows = StepRun.objects.filter(abandoned=False).values(
        "pk",
        "step__number",
        "limit_amount",
        "limit_unit",
        "started_at",
        "finished_at",
        "counted_seconds",
        "waiting_seconds",
        "worked_seconds",
        "late_seconds",
        "request__number",
    )
    return [dict(row) for row in rows if inside(row["finished_at"])]


def value_of(row: dict[str, Any], closed: set[dt.date]) -> int:
    """How long a run took: days for limits in days, else seconds."""
    if row["limit_unit"] not in {"working_days", "calendar_days"}:
        return int(row["counted_seconds"])
    on, last, days = days_of(row["started_at"]), days_of(row["finished_at"]), 0
    while on < last:
        on += dt.timedelta(days=1)
        at_work = on.weekday() < 5 and on not in closed
        days += at_work or row["limit_unit"] == "calendar_days"
    return days


@pytest.mark.django_db
@pytest.mark.usefixtures("half_year_of_cases")
def test_every_figure_of_a_step_is_what_the_raw_rows_give() -> None:
    closed = set(Holiday.objects.values_list("date", flat=True))
    raw: dict[tuple[int, bool], list[dict[str, Any]]] = {}
    for row in finished():
        in_days = row["limit_unit"] in {"working_days", "calendar_days"}
        raw.setdefault((row["step__number"], in_days), []).append(row)

    found = figures.of(PERIOD, at=clock.now())

    assert [(step.number, step.measure is Measure.DAYS) for step in found.steps] == sorted(raw)
    for step in found.steps:
        rows = raw[step.number, step.measure is Measure.DAYS]
        values = sorted(value_of(row, closed) for row in rows)
        count = len(values)
        limited = [row for row in rows if row["limit_amount"] is not None]
        late = [row for row in limited if row["late_seconds"]]
        assert len(step.runs) == count > 10
        assert len(step.limited) == len(limited)
        assert len(step.late) == len(late)
        assert step.on_time == len(limited) - len(late)
        assert step.median.value == values[ceil(0.5 * count) - 1]
        assert step.ninth.value == values[ceil(0.9 * count) - 1]
        assert step.worst.value == max(values)
        assert step.share == share(len(limited) - len(late), len(limited))
        for run, name in ((step.waiting, "waiting_seconds"), (step.worked, "worked_seconds")):
            middle = sorted(row[name] for row in rows)[ceil(0.5 * count) - 1]
            hours, minutes = divmod(middle // 60, 60)
            said = " ".join([f"{hours} jam"] * bool(hours) + [f"{minutes} menit"] * bool(minutes))
            assert run == (said or "kurang dari 1 menit")


def share(part: int, whole: int) -> str:
    """The percentage in decimal arithmetic."""
    if not whole:
        return "—"
    exact = Decimal(100 * part) / Decimal(whole)
    return f"{exact.quantize(Decimal('0.1'), ROUND_HALF_UP)} %".replace(".", ",")


@pytest.mark.django_db
@pytest.mark.usefixtures("half_year_of_cases")
def test_cases_accounts_and_deviations_are_what_the_raw_rows_give() -> None:
    found = figures.of(PERIOD, at=clock.now())
    cases = list(AccountRequest.objects.all())
    end = dt.datetime(2026, 7, 1, tzinfo=WITA)
    assert (found.cases.received, found.cases.archived, found.cases.cancelled) == (
        sum(inside(case.received_at) for case in cases),
        sum(inside(case.archived_at) for case in cases),
        sum(inside(case.cancelled_at) for case in cases),
    )
    assert found.cases.still_open == sum(
        case.received_at < end
        and not (case.archived_at and case.archived_at < end)
        and not (case.cancelled_at and case.cancelled_at < end)
        for case in cases
    )

    outcomes: Counter[tuple[str, str]] = Counter()
    for account in Account.objects.select_related("registrant"):
        kind = account.registrant.account_kind
        if inside(account.recorded_at):
            unmade = account.state in {"refused", "postponed"}
            outcomes[kind, account.state if unmade else "created"] += 1
        outcomes[kind, "delivered"] += inside(account.delivered_at)
    assert [
        (row.kind, row.created, row.refused, row.postponed, row.delivered) for row in found.kinds
    ] == [
        (kind, *(outcomes[kind, name] for name in ("created", "refused", "postponed", "delivered")))
        for kind in ("verifikator", "helpdesk", "admin_agency")
    ]

    deviated = Counter(
        (row.aspect, row.step_run.step.number)
        for row in Deviation.objects.select_related("step_run__step")
        if inside(row.recorded_at)
    )
    assert {
        (aspect, number): count
        for aspect, counts, _total in found.by_aspect
        for number, count in counts
        if count
    } == deviated
    assert found.deviated == deviated.total() > 50


@pytest.mark.django_db
@pytest.mark.usefixtures("half_year_of_cases")
def test_what_became_of_deviations_is_what_their_last_answers_and_judgements_say(
    office_people: OfficePeople,
) -> None:
    half_years.answer(office_people, seed=5)
    at = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)  # later than every judgement but some
    end = dt.datetime(2026, 7, 1, tzinfo=WITA)
    found = figures.of(PERIOD, at=at).answered

    states: Counter[str] = Counter()
    causes: Counter[str] = Counter()
    ages: list[int] = []
    for deviation in Deviation.objects.all():
        if inside(deviation.recorded_at):
            state, cause = stood(deviation, at)
            states[state] += 1
            causes[cause] += 1
        if deviation.recorded_at < end and stood(deviation, end)[0] in {
            "running",
            "unanswered",
            "waiting",
            "returned",
        }:
            ages.append((dt.date(2026, 7, 1) - days_of(deviation.recorded_at)).days)
    del causes[""]

    assert {line.key: line.count for line in found.states} == states
    assert {line.label: line.count for line in found.causes} == causes
    assert [line.count for line in found.ages] == [
        sum(age <= 7 for age in ages),
        sum(8 <= age <= 30 for age in ages),
        sum(31 <= age <= 90 for age in ages),
        sum(age > 90 for age in ages),
    ]
    assert (found.open, found.oldest_days) == (len(ages), max(ages))
    assert len(states) == 7


def stood(deviation: Deviation, at: dt.datetime) -> tuple[str, str]:
    """State and cause of a deviation at an instant, by walking through its rows."""
    ends = LatenessEnd.objects.filter(deviation=deviation, at__lte=at)
    if deviation.rule == "limit_passed" and not ends:
        return "running", ""
    if ends and ends[0].outcome == "lifted":
        return "lifted", ""
    answers = [one.answer for one in deviation.answered.order_by("pk") if one.at <= at]
    if not answers:
        return "unanswered", ""
    last = answers[-1]
    verdicts = [one.verdict for one in last.judgements.order_by("pk") if one.at <= at]
    return (verdicts[-1] if verdicts else "waiting"), last.cause_label


@pytest.mark.django_db
@pytest.mark.usefixtures("half_year_of_cases")
def test_the_months_add_up_to_the_half_year() -> None:
    found = figures.of(PERIOD, at=clock.now())
    assert [month.name for month in found.months] == [
        "Januari 2026",
        "Februari 2026",
        "Maret 2026",
        "April 2026",
        "Mei 2026",
        "Juni 2026",
    ]
    assert sum(month.received for month in found.months) == found.cases.received
    assert sum(month.archived for month in found.months) == found.cases.archived
    assert sum(month.deviations for month in found.months) == found.deviated
    for step in found.steps:
        if not step.limited:
            continue
        parts = [month.steps[step.key] for month in found.months]
        assert sum(on_time for on_time, _ in parts) == step.on_time
        assert sum(late for _, late in parts) == len(step.late)


@pytest.mark.django_db
@pytest.mark.usefixtures("half_year_of_cases")
def test_each_figure_leads_to_as_many_rows_as_it_says() -> None:
    found = figures.of(PERIOD, at=clock.now())
    for which, number in (
        ("diterima", found.cases.received),
        ("diarsipkan", found.cases.archived),
        ("dibatalkan", found.cases.cancelled),
        ("terbuka", found.cases.still_open),
    ):
        assert len(figure_rows.of_cases(PERIOD, which).rows) == number
    for step in found.steps:
        every = figure_rows.of_step(PERIOD, step.key, late_only=False)
        late = figure_rows.of_step(PERIOD, step.key, late_only=True)
        assert [row.case for row in every.rows] == [run.case for run in step.runs]
        assert [row.case for row in late.rows] == [run.case for run in step.late]
    for kind in found.kinds:
        for outcome, number in (
            ("dibuat", kind.created),
            ("ditolak", kind.refused),
            ("ditunda", kind.postponed),
            ("diserahkan", kind.delivered),
        ):
            assert len(figure_rows.of_accounts(PERIOD, kind.kind, outcome).rows) == number
    for aspect, counts, total in found.by_aspect:
        assert len(figure_rows.of_deviations(PERIOD, aspect, None).rows) == total
        for step_number, number in counts:
            assert len(figure_rows.of_deviations(PERIOD, aspect, step_number).rows) == number


@pytest.mark.django_db
def test_the_queries_do_not_grow_with_the_cases(office_people: OfficePeople) -> None:
    half_years.make(office_people, count=20, seed=1)
    figures.of(PERIOD, at=clock.now())  # the calendar is at hand from now on
    with queries() as few:
        figures.of(PERIOD, at=clock.now())
    half_years.make(office_people, count=60, seed=2, after=20)
    with queries() as many:
        figures.of(PERIOD, at=clock.now())
    assert (len(few), len(many)) == (QUERIES, QUERIES)


@pytest.mark.django_db
def test_a_period_without_anything_is_empty(office_people: OfficePeople) -> None:
    found: Figures = figures.of(PERIOD, at=clock.now())
    assert found.is_empty
    assert [(aspect, total) for aspect, _, total in found.by_aspect] == [
        ("perlengkapan", 0),
        ("waktu", 0),
        ("output", 0),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "ask",
    [
        lambda: figure_rows.of_cases(PERIOD, "semua"),
        lambda: figure_rows.of_step(PERIOD, "3-jam", late_only=False),
        lambda: figure_rows.of_step(PERIOD, "x-detik", late_only=False),
        lambda: figure_rows.of_accounts(PERIOD, "direktur", "dibuat"),
        lambda: figure_rows.of_accounts(PERIOD, "helpdesk", "hilang"),
        lambda: figure_rows.of_deviations(PERIOD, "biaya", None),
    ],
)
def test_a_figure_that_does_not_exist_is_said_to_be_unknown(ask: Any) -> None:
    with pytest.raises(UnknownFigure):
        ask()


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 0, "—"),
        (0, 7, "0,0 %"),
        (7, 7, "100,0 %"),
        (1, 3, "33,3 %"),
        (2, 3, "66,7 %"),
        (1, 16, "6,3 %"),  # 6.25 is rounded half up
        (1999, 2000, "100,0 %"),
    ],
)
def test_a_share_is_rounded_half_up_to_one_decimal(part: int, whole: int, said: str) -> None:
    assert percent(part, whole) == said


@pytest.mark.parametrize(
    ("on", "first", "last", "name"),
    [
        (dt.date(2026, 1, 1), dt.date(2026, 1, 1), dt.date(2026, 6, 30), "Semester I 2026"),
        (dt.date(2026, 6, 30), dt.date(2026, 1, 1), dt.date(2026, 6, 30), "Semester I 2026"),
        (dt.date(2026, 7, 1), dt.date(2026, 7, 1), dt.date(2026, 12, 31), "Semester II 2026"),
    ],
)
def test_a_half_year_runs_from_january_or_july(
    on: dt.date, first: dt.date, last: dt.date, name: str
) -> None:
    period = half_year(on)
    assert (period.first, period.last, str(period)) == (first, last, name)


def test_a_period_is_whole_days_of_the_office() -> None:
    period = Period(dt.date(2026, 1, 15), dt.date(2026, 3, 1))
    assert period.begin == dt.datetime(2026, 1, 14, 16, 0, tzinfo=dt.UTC)
    assert period.end == dt.datetime(2026, 3, 1, 16, 0, tzinfo=dt.UTC)
    assert str(period) == "15 Januari 2026 sampai dengan 1 Maret 2026"
    assert list(period.months()) == [
        Period(dt.date(2026, 1, 15), dt.date(2026, 1, 31)),
        Period(dt.date(2026, 2, 1), dt.date(2026, 2, 28)),
        Period(dt.date(2026, 3, 1), dt.date(2026, 3, 1)),
    ]
    assert str(Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))) == "Tahun 2026"
    assert half_year_before(period) == half_year(dt.date(2025, 12, 31))
    with pytest.raises(ValueError, match="ends before"):
        Period(dt.date(2026, 2, 1), dt.date(2026, 1, 31))
