"""The office's calendar as plain data: from the rows and back, as JSON and back, and its name.

``CalendarVersion.content`` holds what ``as_json`` makes, so that a calendar of years ago can be
built again. A version's name is a hash of the whole content, legal bases and notes included: the
same content always bears the same name. It is the hash that step runs have carried since the first
release, so that an older installation's runs still name the calendar that it has today.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

from accounts_requests import models
from accounts_requests.office_days import (
    WEEKDAYS,
    Holiday,
    HolidayKind,
    HoursKind,
    HoursTable,
    OfficeCalendar,
    OutsideCalendar,
    Span,
    days_from,
)
from accounts_requests.words import ZONE
from accounts_requests.working_time import WorkingTime

VERSION_LENGTH: Final = 12


def in_use() -> OfficeCalendar:
    """The calendar of the rows that are in force now, in canonical order. Three queries."""
    tables = []
    for row in models.HoursTable.objects.prefetch_related("spans"):
        week: list[list[Span]] = [[] for _ in WEEKDAYS]
        for span in row.spans.all():
            week[span.weekday].append((span.opens, span.closes))
        tables.append(
            HoursTable(
                name=row.name,
                kind=HoursKind(row.kind),
                valid_from=row.valid_from,
                valid_until=row.valid_until,
                legal_basis=row.legal_basis,
                confirmed=row.confirmed,
                note=row.note,
                week=tuple(tuple(spans) for spans in week),
            )
        )
    holidays = (
        Holiday(
            date=row.date,
            name=row.name,
            kind=HolidayKind(row.kind),
            legal_basis=row.legal_basis,
            confirmed=row.confirmed,
        )
        for row in models.Holiday.objects.all()
    )
    return canonical(tables, holidays)


def canonical(tables: Iterable[HoursTable], holidays: Iterable[Holiday]) -> OfficeCalendar:
    """The calendar in the one order that its name is made from: by day, then by kind."""
    return OfficeCalendar(
        tables=tuple(sorted(tables, key=lambda table: (table.valid_from, table.kind))),
        holidays=tuple(sorted(holidays, key=lambda holiday: holiday.date)),
    )


def version_of(calendar: OfficeCalendar) -> str:
    """The name of a calendar in canonical order."""
    content = repr((calendar.tables, calendar.holidays))
    return hashlib.sha256(content.encode()).hexdigest()[:VERSION_LENGTH]


def working_time_of(calendar: OfficeCalendar) -> WorkingTime:
    """The arithmetic on this calendar, from its first table's beginning to its last one's end.

    Raises OutsideCalendar when a day in between has no table, or when there is none at all;
    ValueError when tables, hours or holidays overlap (see ``calendar_checks``).
    """
    if not calendar.tables:
        raise OutsideCalendar("Kalender kerja belum memuat satu pun tabel jam kerja.")
    first = min(table.valid_from for table in calendar.tables)
    last = max(table.valid_until for table in calendar.tables)
    return WorkingTime(days_from(calendar.tables, calendar.holidays, first, last), ZONE)


# -- as JSON ------------------------------------------------------------------------------------


def as_json(calendar: OfficeCalendar) -> dict[str, Any]:
    """The calendar as it is kept: ISO dates and times, seven weekdays from Monday."""
    return {
        "tables": [table_as_json(table) for table in calendar.tables],
        "holidays": [holiday_as_json(holiday) for holiday in calendar.holidays],
    }


def from_json(content: Mapping[str, Any]) -> OfficeCalendar:
    """The calendar that ``as_json`` kept. Raises ValueError or KeyError for anything else."""
    return canonical(
        map(table_from_json, content["tables"]), map(holiday_from_json, content["holidays"])
    )


def table_as_json(table: HoursTable) -> dict[str, Any]:
    """One hour table as it is kept."""
    return {
        "name": table.name,
        "kind": table.kind.value,
        "valid_from": table.valid_from.isoformat(),
        "valid_until": table.valid_until.isoformat(),
        "legal_basis": table.legal_basis,
        "confirmed": table.confirmed,
        "note": table.note,
        "week": [
            [[opens.isoformat(), closes.isoformat()] for opens, closes in spans]
            for spans in table.week
        ],
    }


def table_from_json(row: Mapping[str, Any]) -> HoursTable:
    """The hour table that was kept so."""
    return HoursTable(
        name=row["name"],
        kind=HoursKind(row["kind"]),
        valid_from=dt.date.fromisoformat(row["valid_from"]),
        valid_until=dt.date.fromisoformat(row["valid_until"]),
        legal_basis=row["legal_basis"],
        confirmed=row["confirmed"],
        note=row["note"],
        week=tuple(
            tuple(
                (dt.time.fromisoformat(opens), dt.time.fromisoformat(closes))
                for opens, closes in spans
            )
            for spans in row["week"]
        ),
    )


def holiday_as_json(holiday: Holiday) -> dict[str, Any]:
    """One holiday as it is kept."""
    return {
        "date": holiday.date.isoformat(),
        "name": holiday.name,
        "kind": holiday.kind.value,
        "legal_basis": holiday.legal_basis,
        "confirmed": holiday.confirmed,
    }


def holiday_from_json(row: Mapping[str, Any]) -> Holiday:
    """The holiday that was kept so."""
    return Holiday(
        date=dt.date.fromisoformat(row["date"]),
        name=row["name"],
        kind=HolidayKind(row["kind"]),
        legal_basis=row["legal_basis"],
        confirmed=row["confirmed"],
    )


# -- into the rows --------------------------------------------------------------------------------


def write(calendar: OfficeCalendar) -> None:
    """Make the rows say what ``calendar`` says; rows that say it already are left alone.

    Call it in a transaction. The number of statements does not grow with what stays as it is.
    """
    before = in_use()
    kept_tables, kept_holidays = set(before.tables), set(before.holidays)
    _delete_tables(kept_tables - set(calendar.tables))
    for table in calendar.tables:
        if table not in kept_tables:
            _create_table(table)
    gone = [holiday.date for holiday in kept_holidays - set(calendar.holidays)]
    models.Holiday.objects.filter(date__in=gone).delete()
    models.Holiday.objects.bulk_create(
        models.Holiday(
            date=holiday.date,
            name=holiday.name,
            kind=holiday.kind.value,
            legal_basis=holiday.legal_basis,
            confirmed=holiday.confirmed,
        )
        for holiday in calendar.holidays
        if holiday not in kept_holidays
    )


def _delete_tables(tables: Iterable[HoursTable]) -> None:
    for table in tables:
        models.HoursTable.objects.filter(
            kind=table.kind.value, valid_from=table.valid_from, valid_until=table.valid_until
        ).delete()


def _create_table(table: HoursTable) -> None:
    row = models.HoursTable.objects.create(
        name=table.name,
        kind=table.kind.value,
        valid_from=table.valid_from,
        valid_until=table.valid_until,
        legal_basis=table.legal_basis,
        confirmed=table.confirmed,
        note=table.note,
    )
    models.HoursSpan.objects.bulk_create(
        models.HoursSpan(table=row, weekday=weekday, opens=opens, closes=closes)
        for weekday, spans in enumerate(table.week)
        for opens, closes in spans
    )
