"""A pasted table of holidays beside the calendar: what taking it in would do, row by row."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from accounts_requests.calendar_changes import change_of_day
from accounts_requests.calendar_pages import HolidayLine, holidays_of
from accounts_requests.calendar_proposals import Proposal, by_date
from accounts_requests.calendar_typing import PastedRow
from accounts_requests.office_days import OfficeCalendar


@dataclass(frozen=True, kw_only=True)
class ComparedRow:
    """A pasted row beside the calendar: ``status`` says what taking it in would do."""

    row: PastedRow
    status: Literal["baru", "berubah", "sama", "keliru"]
    detail: str


def compare(calendar: OfficeCalendar, rows: Sequence[PastedRow]) -> list[ComparedRow]:
    """Each pasted row with what it would change."""
    days = by_date(calendar)
    found = []
    for row in rows:
        if row.holiday is None:
            found.append(ComparedRow(row=row, status="keliru", detail=" ".join(row.problems)))
            continue
        former = days.get(row.holiday.date)
        if former is None:
            found.append(ComparedRow(row=row, status="baru", detail=""))
        elif former == row.holiday:
            found.append(ComparedRow(row=row, status="sama", detail=""))
        else:
            detail = change_of_day(row.holiday.date, former, row.holiday).detail
            found.append(ComparedRow(row=row, status="berubah", detail=detail))
    return found


def left_out(calendar: OfficeCalendar, rows: Sequence[PastedRow]) -> list[HolidayLine]:
    """The holidays of the years of a pasted table that it does not name."""
    pasted = {row.holiday.date for row in rows if row.holiday is not None}
    years = sorted({day.year for day in pasted})
    return [
        line
        for year in years
        for line in holidays_of(calendar, year)
        if line.holiday.date not in pasted
    ]


def taken_in(proposal: Proposal, rows: Iterable[PastedRow], dropped: Iterable[dt.date]) -> Proposal:
    """The proposal with the pasted holidays in it, and without those on the dates ``dropped``."""
    for row in rows:
        if row.holiday is not None:
            proposal = proposal.with_holiday(row.holiday)
    for day in dropped:
        proposal = proposal.without_holiday(day)
    return proposal
