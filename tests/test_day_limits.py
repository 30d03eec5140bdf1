"""A limit in days over pauses: against a reckoning day by day, and through real returns."""

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts_requests import (
    calendar_clock,
    clock,
    day_limits,
    deadline_basis,
    deadline_moves,
    deadline_warnings,
    forecasts,
    readings,
    timers,
    workflow,
)
from accounts_requests.day_limits import Span
from accounts_requests.limit_terms import LimitStart, LimitUnit
from accounts_requests.models import AccountRequest, Holiday, Reading, SopStep, StepRun
from accounts_requests.office_days import Day, OutsideCalendar
from accounts_requests.states import Act
from accounts_requests.working_time import WorkingTime

from . import cases
from .cases import OfficePeople

ZONE = ZoneInfo("Asia/Makassar")
OFFICES = 400
FIRST = dt.date(2026, 7, 1)
LENGTH = 24


def at_minute(number: int) -> dt.datetime:
    """Minute ``number`` after the first midnight, in UTC."""
    return (
        dt.datetime.combine(FIRST, dt.time.min, ZONE) + dt.timedelta(minutes=number)
    ).astimezone(dt.UTC)


def of_day(minute: int) -> dt.time:
    return dt.time(minute // 60, minute % 60)


@dataclass
class MadeUp:
    """Office hours of each day as minutes since midnight (None: closed), and a story of pauses."""

    hours: list[tuple[int, int] | None]
    story: list[int]  # start, pause, resumption, pause, …: an odd number of minutes
    amount: int

    @property
    def clock(self) -> WorkingTime:
        days = [
            Day(
                date=FIRST + dt.timedelta(days=number),
                spans=() if hours is None else ((of_day(hours[0]), of_day(hours[1])),),
                reason="",
                legal_basis="",
                confirmed=True,
            )
            for number, hours in enumerate(self.hours)
        ]
        return WorkingTime(days, ZONE)

    @property
    def ended(self) -> list[Span]:
        """The stretches that pauses ended."""
        marks = [at_minute(minute) for minute in self.story]
        return [Span(*marks[place : place + 2]) for place in range(0, len(marks) - 1, 2)]


def made_up(chance: random.Random) -> MadeUp:
    hours: list[tuple[int, int] | None] = []
    for number in range(LENGTH):
        is_weekend = (FIRST + dt.timedelta(days=number)).weekday() > 4
        if is_weekend or chance.random() < 0.2:
            hours.append(None)
        else:
            hours.append((chance.randint(420, 480), chance.randint(660, 1000)))
    pauses = chance.randint(0, 3)
    story = sorted(chance.sample(range(12 * 24 * 60), 1 + 2 * pauses))
    return MadeUp(hours, story, chance.randint(1, 6))


@dataclass
class Walk:
    """The same limit day by day and minute by minute; sharing nothing with the product."""

    office: MadeUp
    every_day: bool

    def closes(self, day: int) -> int | None:
        """The minute of the whole period in which the day ends, None where it does not count."""
        if self.every_day:
            return day * 1440 + 1439
        found = self.office.hours[day]
        return None if found is None else day * 1440 + found[1]

    def due(self, minute: int, left: int) -> int | None:
        """The minute in which ``left`` days are over; None beyond the calendar."""
        day = minute // 1440
        today = self.closes(day)
        if left == 0 and today is not None and minute < today + self.every_day:
            return today
        left = max(1, left)
        while left and day + 1 < LENGTH:
            day += 1
            left -= self.closes(day) is not None
        return None if left else self.closes(day)

    def is_open(self, minute: int) -> bool:
        hours = self.office.hours[minute // 1440]
        return self.every_day or (hours is not None and hours[0] <= minute % 1440 < hours[1])

    def end(self) -> tuple[int, int]:
        """At the last resumption: whole days left, and the seconds overdrawn."""
        left, overdrawn = self.office.amount, 0
        story = self.office.story
        for begin, stop in zip(story[:-1:2], story[1::2], strict=True):
            due = begin if overdrawn else self.due(begin, left)
            assert due is not None
            if stop > due:
                seconds = 60 * sum(self.is_open(minute) for minute in range(due, stop))
                # A calendar day ends at 23.59.59, not with the minute.
                overdrawn += max(1, seconds - (59 if self.every_day and not overdrawn else 0))
                left = 0
                continue
            for day in range(begin // 1440 + 1, stop // 1440 + 1):
                left = max(0, left - (self.closes(day) is not None))
        return left, overdrawn


@pytest.mark.parametrize("unit", [LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS])
def test_four_hundred_offices_agree_with_a_reckoning_day_by_day(unit: LimitUnit) -> None:
    overdue = nothing_left = beyond = 0
    for seed in range(OFFICES):
        office = made_up(random.Random(seed))  # noqa: S311  no secret
        every_day = unit == LimitUnit.CALENDAR_DAYS
        walk = Walk(office, every_day=every_day)
        days, overdrawn = walk.end()
        left = day_limits.left_after(office.ended, office.amount, unit, office.clock)
        assert left == (days, overdrawn), seed
        overdue += bool(overdrawn)
        nothing_left += not overdrawn and not days
        if overdrawn:
            continue
        since, due = at_minute(office.story[-1]), walk.due(office.story[-1], days)
        if due is None:
            beyond += 1
            with pytest.raises(OutsideCalendar):
                day_limits.due_after(since, days, unit, office.clock)
            continue
        second = dt.timedelta(seconds=59 if every_day else 0)
        found = day_limits.due_after(since, days, unit, office.clock)
        assert found == at_minute(due) + second, seed
    # The test means something only while each kind is met.
    assert (overdue > 20, nothing_left > 10, beyond < OFFICES / 4) == (True, True, True)


def test_a_stretch_without_a_pause_uses_what_was_added() -> None:
    for seed in range(100):
        chance = random.Random(seed)  # noqa: S311  no secret
        office = made_up(chance)
        start, days = at_minute(chance.randrange(10 * 1440)), chance.randint(1, 6)
        due = office.clock.add_working_days(start, days)
        assert office.clock.working_days_between(start, due) == days
        assert office.clock.working_days_between(due, start) == -days


# Through real cases: step 3 is read as three days, and returned.


def wita(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """An instant of July 2026 (6 July is a Monday; the office closes at 16.00, Fridays 11.00)."""
    return dt.datetime(2026, 7, day, hour, minute, tzinfo=ZONE).astimezone(dt.UTC)


def read_step_3(**fields: Any) -> None:
    """The office reads the limit of step 3 so, before the case begins."""
    SopStep.objects.filter(number=3).update(**fields)
    reading = Reading.objects.get()
    for name in ("unit", "start"):
        if f"limit_{name}" in fields:
            reading.content["steps"]["3"][name] = fields[f"limit_{name}"]
    reading.save()


def run_of(case: AccountRequest) -> StepRun:
    return StepRun.objects.prefetch_related("pauses").get(request=case, step__number=3)


def begin(staff: OfficePeople, at: dt.datetime) -> AccountRequest:
    with clock.moved_to(at):
        return cases.claimed(staff)


def give_back(case: AccountRequest, staff: OfficePeople, at: dt.datetime) -> None:
    with clock.moved_to(at):
        workflow.return_to_head(cases.fresh(case), actor=staff.admin1, reason="NIP salah ketik")


def order_again(case: AccountRequest, staff: OfficePeople, at: dt.datetime) -> None:
    with clock.moved_to(at):
        workflow.order_accounts(
            cases.fresh(case), actor=staff.kepala, order_number="094/2/B.PBJ-II/2026"
        )


@pytest.fixture
def three_days(seeded: None) -> None:
    read_step_3(limit_amount=3, limit_unit=LimitUnit.WORKING_DAYS)


@pytest.mark.django_db
@pytest.mark.usefixtures("quick_papers", "three_days")
def test_two_days_left_count_from_the_day_of_resumption(office_people: OfficePeople) -> None:
    case = begin(office_people, wita(6, 10))  # Monday: due on Thursday
    assert run_of(case).due_at == wita(9, 16)
    give_back(case, office_people, wita(7, 9))  # Tuesday: one day used, two left
    order_again(case, office_people, wita(9, 10))  # Thursday: Friday and Monday
    run = run_of(case)
    assert run.due_at == wita(13, 16)
    basis = deadline_basis.explain(run, wita(9, 10))
    assert basis is not None
    assert [(piece.when, piece.adds) for piece in basis.pieces] == [
        ("Senin, 6 Juli 2026", ""),
        ("Selasa, 7 Juli 2026", "1 hari"),
        ("Selasa, 7 Juli 2026, 09.00 WITA – Kamis, 9 Juli 2026, 10.00 WITA", ""),
        ("Kamis, 9 Juli 2026", ""),
        ("Jumat, 10 Juli 2026", "1 hari"),
        ("Sabtu, 11 Juli 2026", ""),
        ("Minggu, 12 Juli 2026", ""),
        ("Senin, 13 Juli 2026", "1 hari"),
    ]
    assert basis.pieces[2].reason == (
        "Dijeda, tersisa 2 hari kerja ketika dikembalikan: NIP salah ketik"
    )
    assert basis.pieces[3].reason == "Hari dilanjutkan, tersisa 2 hari kerja ketika dikembalikan"


@pytest.mark.django_db
@pytest.mark.usefixtures("quick_papers", "three_days")
def test_nothing_left_is_the_rest_of_the_day_of_resumption(office_people: OfficePeople) -> None:
    case = begin(office_people, wita(6, 10))
    give_back(case, office_people, wita(9, 15))  # on the third day, in time
    order_again(case, office_people, wita(10, 9))
    assert run_of(case).due_at == wita(10, 11)  # Friday's closing


@pytest.mark.django_db
@pytest.mark.usefixtures("quick_papers", "three_days")
def test_a_return_forgives_no_day_that_had_passed(office_people: OfficePeople) -> None:
    case = begin(office_people, wita(6, 10))
    give_back(case, office_people, wita(10, 8, 30))  # one working hour after Thursday's closing
    resumed = wita(13, 10)
    order_again(case, office_people, resumed)
    run = run_of(case)
    assert (run.due_at, run.is_overdue(wita(13, 10, 1))) == (resumed, True)
    assert readings.read(run, wita(13, 10, 30)).word == "terlambat 1 jam 30 menit"
    with clock.moved_to(wita(13, 11)):
        for account in cases.accounts(case):
            cases.record_created(account, office_people.admin1)
        workflow.record_accounts(case, actor=office_people.admin1, answers=cases.all_met(case))
    assert run_of(case).late_seconds == 2 * 3600


@pytest.mark.django_db
@pytest.mark.usefixtures("quick_papers")
def test_calendar_days_go_on_through_the_weekend(
    office_people: OfficePeople,
) -> None:
    read_step_3(limit_amount=3, limit_unit=LimitUnit.CALENDAR_DAYS)
    case = begin(office_people, wita(6, 10))
    give_back(case, office_people, wita(7, 9))
    order_again(case, office_people, wita(9, 10))
    run = run_of(case)
    assert run.due_at == wita(11, 23, 59) + dt.timedelta(seconds=59)
    basis = deadline_basis.explain(run, wita(9, 10))
    assert basis is not None
    assert [piece.adds for piece in basis.pieces] == ["1 hari", "", "2 hari"]


@pytest.mark.django_db
@pytest.mark.usefixtures("quick_papers", "three_days")
def test_a_day_off_decreed_afterwards_moves_what_is_left(office_people: OfficePeople) -> None:
    case = begin(office_people, wita(6, 10))
    give_back(case, office_people, wita(7, 9))
    order_again(case, office_people, wita(9, 10))
    Holiday.objects.create(
        date=dt.date(2026, 7, 10), name="Cuti bersama", kind="cuti bersama", confirmed=True
    )
    calendar_clock.adopt_calendar()
    assert timers.reckon(run_of(case), timers.working_time()).due_at == wita(14, 16)


@pytest.mark.django_db
@pytest.mark.usefixtures("quick_papers", "three_days")
def test_warnings_count_what_was_used_before_the_return(office_people: OfficePeople) -> None:
    case = begin(office_people, wita(6, 10))
    give_back(case, office_people, wita(8, 16))  # two days: 6 + 8.5 + 8.5 working hours
    order_again(case, office_people, wita(9, 7, 30))  # one left: Friday, 8.5 + 3.5 hours
    when = deadline_warnings.planned_at(run_of(case), 80, timers.working_time())
    assert when == wita(9, 7, 30) + dt.timedelta(seconds=int((23 + 12) * 0.8 * 3600) - 23 * 3600)


@pytest.mark.django_db
@pytest.mark.usefixtures("quick_papers")
@pytest.mark.parametrize("start", [LimitStart.CLAIMED, LimitStart.BEGUN])
def test_a_limit_that_had_not_begun_does_not_begin_by_a_new_order(
    office_people: OfficePeople, start: LimitStart
) -> None:
    read_step_3(limit_start=start)
    with clock.moved_to(wita(6, 10)):
        case = cases.ordered(office_people)
    run = run_of(case)
    timers.pause(run, wita(6, 10, 30), reason="NIP salah ketik")
    timers.resume(run, wita(6, 11))
    run = run_of(case)
    assert (run.paused_at, run.started_at, run.due_at) == (None, None, None)
    with clock.moved_to(wita(6, 13)):
        if start == LimitStart.CLAIMED:
            workflow.claim(cases.fresh(case), actor=office_people.admin1)
        else:
            workflow.mark_opened(cases.fresh(case), actor=office_people.admin1)
    run = run_of(case)
    assert (run.started_at, run.due_at) == (wita(6, 13), wita(6, 14))
    basis = deadline_basis.explain(run, wita(6, 13))
    assert basis is not None
    assert [piece.adds for piece in basis.pieces] == ["1 jam"]


@pytest.mark.django_db
@pytest.mark.usefixtures("quick_papers")
def test_a_latest_start_is_asked_anew_from_the_resumption(office_people: OfficePeople) -> None:
    case = begin(office_people, wita(6, 10))
    run = run_of(case)
    run.started_at, run.latest_start_at = None, wita(6, 10, 40)
    timers.pause(run, wita(6, 10, 30), reason="NIP salah ketik")
    assert (run.started_at, timers.sweep(wita(6, 11))) == (None, 0)
    timers.resume(run, wita(6, 12))
    assert (run.started_at, run.latest_start_at, run.due_at) == (None, wita(6, 13), wita(6, 14))
    # The calendar, taken into use again, moves nothing: it asks from the resumption, too.
    assert deadline_moves.foresee(timers.working_time(), wita(6, 12, 5)).moves == []


@pytest.mark.django_db
@pytest.mark.usefixtures("quick_papers")
def test_a_latest_start_that_had_come_is_a_start_though_nobody_swept(
    office_people: OfficePeople,
) -> None:
    case = begin(office_people, wita(6, 10))
    run = run_of(case)
    run.started_at, run.latest_start_at = None, wita(6, 10, 10)
    timers.pause(run, wita(6, 10, 30), reason="NIP salah ketik")
    kept = run_of(case)
    assert (kept.started_at, kept.used_before_pause) == (wita(6, 10, 10), 20 * 60)


@pytest.mark.django_db
@pytest.mark.usefixtures("quick_papers")
def test_ordering_again_foretells_what_is_left(office_people: OfficePeople) -> None:
    case = begin(office_people, wita(6, 10))
    give_back(case, office_people, wita(6, 10, 40))
    assert forecasts.before(Act.ORDER, cases.fresh(case), wita(6, 15, 50)) == (
        "Sisa waktu 20 menit akan dihitung lagi pukul 15.50; kantor tutup pukul 16.00, sehingga "
        "tenggatnya besok pukul 07.40."
    )
