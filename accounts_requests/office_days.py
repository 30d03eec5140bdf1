"""The office's days: put together from its dated hour tables and its holidays.

One rule, used wherever a calendar is put together: a holiday closes its day; otherwise the hours
of that date are those of the most particular table that is valid on it (special before Ramadan
before normal). A date without any table is an error, never a silent default.

Also reads `data/office_calendar.toml`, the calendar that a new installation starts with.
Working time is counted on these days in `working_time`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

SEED_FILE: Final = Path(__file__).parent / "data" / "office_calendar.toml"

WEEKDAYS: Final = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")

MONTHS: Final = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)

Span = tuple[time, time]


class OutsideCalendar(ValueError):
    """An instant, day or limit lies where the office's calendar says nothing.

    The message is an Indonesian sentence that may be shown to people.
    """


@dataclass(frozen=True, slots=True)
class Day:
    """One local date and when the office is open on it.

    `spans` are (opening, closing) in local wall-clock time, ascending, not overlapping; a span of
    no length counts as none. `reason` says in Indonesian why there are no hours ("Sabtu",
    "Hari Raya Idul Fitri") or which hours apply ("Jam kerja Ramadan"). `confirmed` is false while
    the hours or the holiday are only an estimate.
    """

    date: date
    spans: tuple[Span, ...]
    reason: str
    legal_basis: str
    confirmed: bool


class HoursKind(StrEnum):
    """Why a table of hours exists; a later member goes before an earlier one."""

    NORMAL = "normal"
    RAMADAN = "ramadan"
    SPECIAL = "special"


class HolidayKind(StrEnum):
    """What kind of day off it is: by the yearly joint decree, or by a regional one."""

    NATIONAL = "libur nasional"
    JOINT_LEAVE = "cuti bersama"
    LOCAL = "libur daerah"


_PRECEDENCE: Final = (HoursKind.SPECIAL, HoursKind.RAMADAN, HoursKind.NORMAL)


@dataclass(frozen=True, slots=True)
class HoursTable:
    """The office's hours for a period, both ends included.

    `week` holds seven entries, Monday first, each the spans of that weekday in local time.
    """

    name: str
    kind: HoursKind
    valid_from: date
    valid_until: date
    legal_basis: str
    confirmed: bool
    note: str
    week: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class Holiday:
    """A date on which the office is closed."""

    date: date
    name: str
    kind: HolidayKind
    legal_basis: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class OfficeCalendar:
    """Hour tables and holidays, as edited by hand."""

    tables: tuple[HoursTable, ...]
    holidays: tuple[Holiday, ...]


def days_from(
    tables: Iterable[HoursTable], holidays: Iterable[Holiday], first: date, last: date
) -> tuple[Day, ...]:
    """The days from `first` to `last`, both included, ready for `WorkingTime`.

    Raises OutsideCalendar when a date has no table, ValueError when two tables of the same kind
    are valid on one date or two holidays share one.
    """
    tables = tuple(tables)
    closed: dict[date, Holiday] = {}
    for holiday in holidays:
        if holiday.date in closed:
            raise ValueError(f"two holidays on {holiday.date}")
        closed[holiday.date] = holiday
    days = []
    for offset in range((last - first).days + 1):
        on = first + timedelta(days=offset)
        table = _table_on(tables, on)
        off = closed.get(on)
        if off is not None:
            days.append(Day(on, (), off.name, off.legal_basis, off.confirmed))
            continue
        spans = table.week[on.weekday()]
        reason = table.name if spans else WEEKDAYS[on.weekday()].capitalize()
        days.append(Day(on, spans, reason, table.legal_basis, table.confirmed))
    return tuple(days)


def _table_on(tables: tuple[HoursTable, ...], on: date) -> HoursTable:
    valid = [table for table in tables if table.valid_from <= on <= table.valid_until]
    for kind in _PRECEDENCE:
        of_kind = [table for table in valid if table.kind is kind]
        if len(of_kind) > 1:
            raise ValueError(f"two tables of kind {kind} are valid on {on}")
        if of_kind:
            return of_kind[0]
    raise OutsideCalendar(f"Kalender kerja belum memuat tabel jam kerja untuk {in_words(on)}.")


def in_words(on: date) -> str:
    """A date as it is written in Indonesian: "12 Maret 2026"."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def read_calendar(path: Path = SEED_FILE) -> OfficeCalendar:
    """The calendar written in a TOML file such as `data/office_calendar.toml`.

    Raises ValueError (also as tomllib.TOMLDecodeError) or KeyError when the file is not of that
    form.
    """
    with path.open("rb") as file:
        content = tomllib.load(file)
    return OfficeCalendar(
        tables=tuple(_hours(row) for row in content["hours"]),
        holidays=tuple(_holiday(row) for row in content["holiday"]),
    )


def parse_span(text: str) -> Span:
    """A span such as "07.30-16.00" in local time. Raises ValueError."""
    match = re.fullmatch(r"(\d\d)\.(\d\d)\s*[-–]\s*(\d\d)\.(\d\d)", text.strip())
    if match is None:
        raise ValueError(f"a span is written as 07.30-16.00, not as {text}")
    h1, m1, h2, m2 = map(int, match.groups())
    opening, closing = time(h1, m1), time(h2, m2)
    if closing < opening:
        raise ValueError(f"the span {text} runs backwards")
    return opening, closing


def _hours(row: Mapping[str, Any]) -> HoursTable:
    week: Mapping[str, list[str]] = row["week"]
    unknown = set(week) - set(WEEKDAYS)
    if unknown:
        raise ValueError(f"not a weekday: {', '.join(sorted(unknown))}")
    return HoursTable(
        name=row["name"],
        kind=HoursKind(row["kind"]),
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        legal_basis=row["legal_basis"],
        confirmed=row["confirmed"],
        note=row["note"],
        week=tuple(tuple(parse_span(span) for span in week.get(day, [])) for day in WEEKDAYS),
    )


def _holiday(row: Mapping[str, Any]) -> Holiday:
    return Holiday(
        date=row["date"],
        name=row["name"],
        kind=HolidayKind(row["kind"]),
        legal_basis=row["legal_basis"],
        confirmed=row["confirmed"],
    )
