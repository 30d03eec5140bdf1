"""The calendar as people look at it: a year of small months, a month with its hours, its lists.

Pure reading of an ``OfficeCalendar``; dates are local, nothing asks the clock.
"""

import calendar as months_of
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

from accounts_requests import words
from accounts_requests.calendar_changes import certainty, hours_in_words
from accounts_requests.calendar_proposals import by_date
from accounts_requests.office_days import (
    Holiday,
    HolidayKind,
    HoursKind,
    HoursTable,
    OfficeCalendar,
)

DayKind = Literal["national", "joint", "local", "special", "ramadan", "plain", "uncovered"]

LEGEND: Final[tuple[tuple[DayKind, str], ...]] = (
    ("national", "Libur nasional"),
    ("joint", "Cuti bersama"),
    ("local", "Libur daerah"),
    ("special", "Jam khusus"),
    ("ramadan", "Jam Ramadan"),
)
_WORDS: Final = dict(LEGEND)
_HOLIDAY_KINDS: Final[dict[HolidayKind, DayKind]] = {
    HolidayKind.NATIONAL: "national",
    HolidayKind.JOINT_LEAVE: "joint",
    HolidayKind.LOCAL: "local",
}
_HOURS_KINDS: Final[dict[HoursKind, DayKind]] = {
    HoursKind.NORMAL: "plain",
    HoursKind.RAMADAN: "ramadan",
    HoursKind.SPECIAL: "special",
}
_PRECEDENCE: Final = (HoursKind.SPECIAL, HoursKind.RAMADAN, HoursKind.NORMAL)


@dataclass(frozen=True, kw_only=True)
class DayCell:
    """One day: what kind of day it is, its hours in words, and what is behind it.

    ``hours`` is "" when the office is closed; ``name`` is the holiday's, else the hour table's.
    ``is_estimate``: the holiday or the hours are not confirmed.
    """

    date: dt.date
    kind: DayKind
    name: str
    hours: str
    legal_basis: str
    is_estimate: bool
    is_holiday: bool
    is_today: bool

    @property
    def is_closed(self) -> bool:
        return not self.hours

    @property
    def is_marked(self) -> bool:
        """Out of the ordinary: it has a mark in the small months."""
        return self.kind != "plain"

    @property
    def in_words(self) -> str:
        """``Senin, 17 Agustus 2026: Hari Kemerdekaan, libur nasional, perkiraan``."""
        said = [self.name] if self.name else []
        if self.kind in _WORDS:
            said.append(_WORDS[self.kind].lower())
        if self.kind == "uncovered":
            said.append("belum ada jam kerja")
        elif not self.is_holiday and self.hours:
            said.append(self.hours)
        if self.is_estimate:
            said.append("perkiraan")
        return f"{words.day_and_date(self.date)}: {', '.join(said)}"


@dataclass(frozen=True, kw_only=True)
class Note:
    """A line below a small month: ``days`` ("17", "20–24"), what they are, and their mark."""

    days: str
    name: str
    kind: DayKind
    is_estimate: bool


@dataclass(frozen=True, kw_only=True)
class Month:
    """One month: weeks of seven cells from Monday, None outside the month."""

    year: int
    number: int
    weeks: list[list[DayCell | None]]
    notes: list[Note]

    @property
    def name(self) -> str:
        return words.MONTHS[self.number - 1]

    @property
    def days(self) -> list[DayCell]:
        """The days of the month in order."""
        return [cell for week in self.weeks for cell in week if cell is not None]

    @property
    def working_days(self) -> int:
        """Days on which the office has hours."""
        return sum(not cell.is_closed for cell in self.days)


@dataclass(frozen=True, kw_only=True)
class HolidayLine:
    """One holiday of a year's list; ``certainty`` is ``dipastikan`` or ``perkiraan``."""

    holiday: Holiday
    kind: DayKind
    kind_words: str
    certainty: str


def covered_years(calendar: OfficeCalendar) -> list[int]:
    """Every year about which the calendar says something."""
    days = [day.date for day in calendar.holidays]
    days += [day for table in calendar.tables for day in (table.valid_from, table.valid_until)]
    return list(range(min(days).year, max(days).year + 1)) if days else []


def year_of(calendar: OfficeCalendar, year: int, today: dt.date) -> list[Month]:
    """The twelve months of ``year``."""
    return [month_of(calendar, year, number, today) for number in range(1, 13)]


def month_of(calendar: OfficeCalendar, year: int, number: int, today: dt.date) -> Month:
    """One month."""
    first = dt.date(year, number, 1)
    last = dt.date(year, number, months_of.monthrange(year, number)[1])
    tables = [
        table
        for table in calendar.tables
        if table.valid_from <= last and first <= table.valid_until
    ]
    days = by_date(calendar)
    cells = [
        _cell(tables, days.get(on), on, today)
        for on in (dt.date(year, number, day) for day in range(1, last.day + 1))
    ]
    padded: list[DayCell | None] = [None] * first.weekday() + list(cells)
    padded += [None] * (-len(padded) % 7)
    weeks = [padded[start : start + 7] for start in range(0, len(padded), 7)]
    return Month(
        year=year, number=number, weeks=weeks, notes=list(_notes(cells, tables, first, last))
    )


def holidays_of(calendar: OfficeCalendar, year: int) -> list[HolidayLine]:
    """The holidays of ``year`` in order."""
    return [
        HolidayLine(
            holiday=holiday,
            kind=_HOLIDAY_KINDS[holiday.kind],
            kind_words=_WORDS[_HOLIDAY_KINDS[holiday.kind]],
            certainty=certainty(holiday.confirmed),
        )
        for holiday in calendar.holidays
        if holiday.date.year == year
    ]


def tables_of(calendar: OfficeCalendar, year: int) -> list[HoursTable]:
    """The hour tables that are valid on some day of ``year``."""
    return [
        table
        for table in calendar.tables
        if table.valid_from.year <= year <= table.valid_until.year
    ]


def week_in_words(table: HoursTable) -> list[tuple[str, str]]:
    """``("Senin–Kamis", "07.30–16.00")``, …: weekdays with the same hours together."""
    lines: list[tuple[str, str]] = []
    begun = 0
    for weekday in range(1, 8):
        if weekday < 7 and table.week[weekday] == table.week[begun]:
            continue
        last = weekday - 1
        days = words.WEEKDAYS[begun]
        if last > begun:
            days += f"{'–' if last - begun > 1 else ', '}{words.WEEKDAYS[last]}"
        lines.append((days, hours_in_words(table.week[begun])))
        begun = weekday
    return lines


def _cell(
    tables: list[HoursTable], holiday: Holiday | None, on: dt.date, today: dt.date
) -> DayCell:
    table = _table_on(tables, on)
    spans = table.week[on.weekday()] if table is not None else ()
    is_weekend = not spans and on.weekday() >= words.WEEKDAYS.index("Sabtu")
    kind: DayKind = "uncovered" if table is None else _HOURS_KINDS[table.kind]
    cell = DayCell(
        date=on,
        kind="plain" if table is not None and is_weekend else kind,
        name=table.name if table is not None and spans else words.WEEKDAYS[on.weekday()],
        hours=hours_in_words(spans) if spans else "",
        legal_basis=table.legal_basis if table is not None else "",
        is_estimate=table is not None and not table.confirmed and not is_weekend,
        is_holiday=False,
        is_today=on == today,
    )
    if holiday is None:
        return cell
    return replace(
        cell,
        kind=_HOLIDAY_KINDS[holiday.kind],
        name=holiday.name,
        hours="",
        legal_basis=holiday.legal_basis,
        is_estimate=not holiday.confirmed,
        is_holiday=True,
    )


def _table_on(tables: list[HoursTable], on: dt.date) -> HoursTable | None:
    valid = [table for table in tables if table.valid_from <= on <= table.valid_until]
    return next((table for kind in _PRECEDENCE for table in valid if table.kind is kind), None)


def _notes(
    cells: list[DayCell], tables: list[HoursTable], first: dt.date, last: dt.date
) -> Iterator[Note]:
    """Holidays of the month, days in a row with one name together; then special hours."""
    run: list[DayCell] = []
    for cell, following in pairwise([*cells, None]):
        if cell is None or not cell.is_holiday:
            continue
        run.append(cell)
        goes_on = following is not None and following.is_holiday and _alike(cell, following)
        if not goes_on:
            yield Note(
                days=_days(run[0].date, cell.date),
                name=cell.name,
                kind=cell.kind,
                is_estimate=cell.is_estimate,
            )
            run = []
    for table in tables:
        if table.kind is not HoursKind.NORMAL:
            yield Note(
                days=_days(max(first, table.valid_from), min(last, table.valid_until)),
                name=table.name,
                kind=_HOURS_KINDS[table.kind],
                is_estimate=not table.confirmed,
            )


def _alike(one: DayCell, other: DayCell) -> bool:
    return (one.name, one.kind, one.is_estimate) == (other.name, other.kind, other.is_estimate)


def _days(first: dt.date, last: dt.date) -> str:
    return f"{first.day}–{last.day}" if last > first else str(first.day)
