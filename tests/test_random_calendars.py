"""Two thousand made-up offices, each reckoned a second time minute by minute.

The second reckoning reads the hour tables and holidays themselves and shares nothing with the
product but their types: neither the days that are put together from them nor the arithmetic.
"""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts_requests.office_days import (
    Holiday,
    HolidayKind,
    HoursKind,
    HoursTable,
    OutsideCalendar,
    Span,
    days_from,
)
from accounts_requests.working_time import WorkingTime

pytestmark = pytest.mark.slow

OFFICES = 2000
QUESTIONS = 12  # of each kind, for each office
DAY = 24 * 60
# The more particular goes first: a special table before Ramadan's before the normal one.
FIRST_COMES = [HoursKind.SPECIAL, HoursKind.RAMADAN, HoursKind.NORMAL]
ZONES = [ZoneInfo("Asia/Makassar"), ZoneInfo("Asia/Jakarta"), ZoneInfo("UTC")]


@dataclass(frozen=True)
class MadeUp:
    """An office's rows, and every minute of its period reckoned one by one."""

    zone: ZoneInfo
    first: date
    days: int
    product: WorkingTime
    is_open: list[bool]

    def minute(self, number: int) -> datetime:
        """The instant at which minute ``number`` of the period begins, on the office's wall."""
        at = datetime.combine(self.first, time.min, self.zone)
        return (at + timedelta(minutes=number)).astimezone(UTC)


def some_spans(chance: random.Random) -> tuple[Span, ...]:
    """None, one or two stretches of a day; now and then one of no length."""
    kind = chance.random()
    if kind < 0.15:
        return ()
    marks = sorted(chance.sample(range(DAY), 4))
    times = [time(mark // 60, mark % 60) for mark in marks]
    if kind < 0.3:
        return ((times[0], times[0]), (times[1], times[2]))
    if kind < 0.65:
        return ((times[0], times[3]),)
    return ((times[0], times[1]), (times[2], times[3]))


def table(chance: random.Random, kind: HoursKind, since: date, until: date) -> HoursTable:
    return HoursTable(
        name=kind.value,
        kind=kind,
        valid_from=since,
        valid_until=until,
        legal_basis="",
        confirmed=chance.random() < 0.5,
        note="",
        week=tuple(some_spans(chance) for _ in range(7)),
    )


def made_up_office(chance: random.Random) -> MadeUp:
    """Up to 16 days that cross the turn of a year, their hours changing once or more."""
    days = chance.randint(2, 16)
    first = date(2026, 12, 31) - timedelta(days=chance.randint(0, days - 2))
    last = first + timedelta(days=days - 1)
    change = first + timedelta(days=chance.randint(1, days - 1))
    tables = [
        table(chance, HoursKind.NORMAL, first, change - timedelta(days=1)),
        table(chance, HoursKind.NORMAL, change, last),
    ]
    for kind in (HoursKind.RAMADAN, HoursKind.SPECIAL):
        if chance.random() < 0.5:
            since = first + timedelta(days=chance.randint(0, days - 1))
            until = min(last, since + timedelta(days=chance.randint(0, 5)))
            tables.append(table(chance, kind, since, until))
    chance.shuffle(tables)
    off = {first + timedelta(days=chance.randrange(days)) for _ in range(chance.randint(0, 3))}
    holidays = [
        Holiday(on, "Libur", HolidayKind.JOINT_LEAVE, "", confirmed=chance.random() < 0.5)
        for on in off
    ]
    zone = chance.choice(ZONES)
    return MadeUp(
        zone=zone,
        first=first,
        days=days,
        product=WorkingTime(days_from(tables, holidays, first, last), zone),
        is_open=reckoned(tables, off, first, days),
    )


def reckoned(tables: list[HoursTable], off: set[date], first: date, days: int) -> list[bool]:
    """For every minute of the period: is the office open in it?"""
    minutes: list[bool] = []
    for on in (first + timedelta(days=number) for number in range(days)):
        today = [False] * DAY
        valid = [one for one in tables if one.valid_from <= on <= one.valid_until]
        chosen = min(valid, key=lambda one: FIRST_COMES.index(one.kind))
        for opens, closes in () if on in off else chosen.week[on.weekday()]:
            begin, end = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute
            today[begin:end] = [True] * (end - begin)
        minutes += today
    return minutes


def due_by_walking(office: MadeUp, start: int, minutes: int) -> int | None:
    """The minute at whose beginning ``minutes`` open ones since ``start`` are used, or None."""
    left = minutes
    for number in range(start, len(office.is_open)):
        left -= office.is_open[number]
        if left == 0:
            return number + 1
    return None


@pytest.mark.parametrize("part", range(4))
def test_two_thousand_offices_agree_with_a_minute_by_minute_reckoning(part: int) -> None:
    asked = ended_outside = 0
    for seed in range(part, OFFICES, 4):
        chance = random.Random(seed)  # noqa: S311  no secret
        office = made_up_office(chance)
        for _ in range(QUESTIONS):
            asked += 1
            start, other = sorted(chance.choices(range(office.days * DAY), k=2))
            used = sum(office.is_open[start:other])
            a, b = office.minute(start), office.minute(other)
            assert office.product.between(a, b) == used, seed
            assert office.product.between(b, a) == -used, seed
            minutes = chance.randint(1, max(1, sum(office.is_open) // 2))
            due = due_by_walking(office, start, minutes)
            if due is None:
                ended_outside += 1
                with pytest.raises(OutsideCalendar):
                    office.product.add(a, minutes)
                continue
            found = office.product.add(a, minutes)
            assert found == office.minute(due), seed
            assert office.product.between(a, found) == minutes, seed
    # The test means something only while both ends are met.
    assert asked == OFFICES // 4 * QUESTIONS
    assert 0 < ended_outside < asked / 2


@pytest.mark.parametrize("seed", range(20))
def test_what_lies_outside_the_table_is_an_error_and_never_a_guess(seed: int) -> None:
    office = made_up_office(random.Random(seed))  # noqa: S311  no secret
    before, after = office.minute(-1), office.minute(office.days * DAY)
    inside = office.minute(0)
    for at in (before, after):
        for ask in (
            lambda at=at: office.product.add(at, 1),
            lambda at=at: office.product.between(at, inside),
            lambda at=at: office.product.between(inside, at),
            lambda at=at: office.product.is_open(at),
        ):
            with pytest.raises(OutsideCalendar, match=r"[Kk]alender"):
                ask()
