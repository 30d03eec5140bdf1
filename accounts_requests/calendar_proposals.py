"""A proposed change of the office's calendar: what it would say of some days and tables.

A proposal lies over the calendar in use: each holiday by its date, each hour table by its kind and
first day, and nothing else. So it stays what its author meant when somebody else changes other
days meanwhile, and one of its parts can be taken back without the others. It is kept as each
keeper's own draft (*rancangan*) until it is applied or thrown away; nothing typed is lost.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction

from accounts_requests import calendar_content, clock
from accounts_requests.models import CalendarDraft, User
from accounts_requests.office_days import Holiday, HoursKind, HoursTable, OfficeCalendar

TableKey = tuple[HoursKind, dt.date]


def key_of(table: HoursTable) -> TableKey:
    """By what a table is known: two of one kind never begin on the same day."""
    return table.kind, table.valid_from


@dataclass(frozen=True)
class Proposal:
    """Days and tables as they would be; None means that there would be none."""

    holidays: Mapping[dt.date, Holiday | None] = field(default_factory=dict)
    tables: Mapping[TableKey, HoursTable | None] = field(default_factory=dict)

    @classmethod
    def between(cls, before: OfficeCalendar, after: OfficeCalendar) -> "Proposal":
        """What turns one calendar into another."""
        days, tables = by_date(before), by_key(before)
        new_days, new_tables = by_date(after), by_key(after)
        return cls(
            {
                day: new_days.get(day)
                for day in days | new_days
                if days.get(day) != new_days.get(day)
            },
            {
                key: new_tables.get(key)
                for key in tables | new_tables
                if tables.get(key) != new_tables.get(key)
            },
        )

    def on(self, calendar: OfficeCalendar) -> OfficeCalendar:
        """The calendar with the proposal laid over it."""
        days = {**by_date(calendar), **self.holidays}
        tables = {**by_key(calendar), **self.tables}
        return calendar_content.canonical(
            filter(None, tables.values()), filter(None, days.values())
        )

    def with_holiday(self, holiday: Holiday, former: dt.date | None = None) -> "Proposal":
        """Set that day; ``former`` is the date on which the same holiday stood until now."""
        days = dict(self.holidays)
        if former is not None and former != holiday.date:
            days[former] = None
        return replace(self, holidays={**days, holiday.date: holiday})

    def without_holiday(self, date: dt.date) -> "Proposal":
        """That day is no holiday."""
        return replace(self, holidays={**self.holidays, date: None})

    def with_table(self, table: HoursTable, former: TableKey | None = None) -> "Proposal":
        """Set that table; ``former`` is the key under which it stood until now."""
        tables = dict(self.tables)
        if former is not None and former != key_of(table):
            tables[former] = None
        return replace(self, tables={**tables, key_of(table): table})

    def without_table(self, key: TableKey) -> "Proposal":
        """There is no such table."""
        return replace(self, tables={**self.tables, key: None})

    def reduced_to_changes_of(self, calendar: OfficeCalendar) -> "Proposal":
        """The proposal without what ``calendar`` says already."""
        days, tables = by_date(calendar), by_key(calendar)
        return Proposal(
            {day: value for day, value in self.holidays.items() if days.get(day) != value},
            {key: value for key, value in self.tables.items() if tables.get(key) != value},
        )


def running_table(calendar: OfficeCalendar, kind: HoursKind, on: dt.date) -> HoursTable | None:
    """The table of that kind that is valid on that day."""
    return next(
        (
            table
            for table in calendar.tables
            if table.kind is kind and table.valid_from <= on <= table.valid_until
        ),
        None,
    )


def ending_the_running_table(
    proposal: Proposal, calendar: OfficeCalendar, table: HoursTable
) -> Proposal:
    """``table`` added to the proposal; the one of its kind that runs when it begins ends before.

    ``calendar`` is the calendar with the proposal already over it.
    """
    running = running_table(calendar, table.kind, table.valid_from)
    if running is not None and running.valid_from < table.valid_from:
        ended = replace(running, valid_until=table.valid_from - dt.timedelta(days=1))
        proposal = proposal.with_table(ended)
    return proposal.with_table(table)


# -- the draft of each keeper ---------------------------------------------------------------------


def draft_of(user: User) -> Proposal:
    """What ``user`` has proposed and not applied yet; an empty proposal when there is nothing."""
    row = CalendarDraft.objects.filter(owner=user).first()
    return from_json(row.content) if row is not None else Proposal()


def keep_draft(user: User, proposal: Proposal) -> None:
    """Keep the proposal for ``user`` instead of what was kept before; empty, it goes."""
    if not proposal.holidays and not proposal.tables:
        CalendarDraft.objects.filter(owner=user).delete()
        return
    with transaction.atomic():
        CalendarDraft.objects.update_or_create(
            owner=user, defaults={"content": as_json(proposal), "saved_at": clock.now()}
        )


def as_json(proposal: Proposal) -> dict[str, Any]:
    """The proposal as it is kept."""
    return {
        "holidays": [
            [day.isoformat(), calendar_content.holiday_as_json(value) if value else None]
            for day, value in sorted(proposal.holidays.items())
        ],
        "tables": [
            [
                key[0].value,
                key[1].isoformat(),
                calendar_content.table_as_json(value) if value else None,
            ]
            for key, value in sorted(proposal.tables.items())
        ],
    }


def from_json(content: Mapping[str, Any]) -> Proposal:
    """The proposal that ``as_json`` kept."""
    return Proposal(
        {
            dt.date.fromisoformat(day): calendar_content.holiday_from_json(value) if value else None
            for day, value in content["holidays"]
        },
        {
            (HoursKind(kind), dt.date.fromisoformat(day)): (
                calendar_content.table_from_json(value) if value else None
            )
            for kind, day, value in content["tables"]
        },
    )


def mark_of(proposal: Proposal) -> str:
    """A mark of the whole proposal: what is applied is what was shown."""
    content = json.dumps(as_json(proposal), sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def day_token(day: dt.date) -> str:
    """The name of a proposal's part about that day."""
    return f"libur-{day.isoformat()}"


def table_token(key: TableKey) -> str:
    """The name of a proposal's part about that table."""
    return f"tabel-{key[0].value}-{key[1].isoformat()}"


def by_date(calendar: OfficeCalendar) -> dict[dt.date, Holiday]:
    """The holidays of a calendar by their dates."""
    return {holiday.date: holiday for holiday in calendar.holidays}


def by_key(calendar: OfficeCalendar) -> dict[TableKey, HoursTable]:
    """The hour tables of a calendar by what they are known by."""
    return {key_of(table): table for table in calendar.tables}
