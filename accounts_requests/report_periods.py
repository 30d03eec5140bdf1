"""The stretch of days that a report is about: whole days of the office's zone, both ends in it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from accounts_requests import words

# A report over more than this is not one that a person reads; the State asks for half years.
LONGEST_DAYS = 5 * 366


@dataclass(frozen=True)
class Period:
    """From ``first`` to ``last``, both inclusive (dates in the office's zone).

    Raises ValueError when it ends before it begins.
    """

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("the period ends before it begins")

    @property
    def begin(self) -> dt.datetime:
        """The instant (UTC) at which the first day begins."""
        return _midnight(self.first)

    @property
    def end(self) -> dt.datetime:
        """The instant (UTC) after the last day: not in the period any more."""
        return _midnight(self.last + dt.timedelta(days=1))

    def holds(self, name: str) -> Q:
        """The condition that the instant in the column (or lookup) ``name`` lies in the period."""
        return Q(**{f"{name}__gte": self.begin, f"{name}__lt": self.end})

    def __contains__(self, at: dt.datetime) -> bool:
        return self.begin <= at < self.end

    @property
    def is_half_year(self) -> bool:
        """Whether it is one of the half years that PermenPANRB 35/2012 asks a report for."""
        return self == half_year(self.first)

    def __str__(self) -> str:
        if self.is_half_year:
            return f"Semester {'I' if self.first.month == 1 else 'II'} {self.first.year}"
        if (self.first.month, self.first.day, self.last) == (
            1,
            1,
            dt.date(self.first.year, 12, 31),
        ):
            return f"Tahun {self.first.year}"
        return f"{words.long_date(self.first)} sampai dengan {words.long_date(self.last)}"

    def days(self) -> str:
        """Both ends in words, also where the period has a name."""
        return f"{words.long_date(self.first)} sampai dengan {words.long_date(self.last)}"

    def months(self) -> Iterator["Period"]:
        """The calendar months in it, the first and the last cut where it begins and ends."""
        first = self.first
        while first <= self.last:
            following = (first.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
            yield Period(first, min(self.last, following - dt.timedelta(days=1)))
            first = following


def half_year(on: dt.date) -> Period:
    """The half year in which the date ``on`` lies."""
    if on.month <= 6:
        return Period(dt.date(on.year, 1, 1), dt.date(on.year, 6, 30))
    return Period(dt.date(on.year, 7, 1), dt.date(on.year, 12, 31))


def half_year_before(period: Period) -> Period:
    """The half year before the one in which ``period`` begins."""
    return half_year(half_year(period.first).first - dt.timedelta(days=1))


def _midnight(on: dt.date) -> dt.datetime:
    return dt.datetime.combine(on, dt.time(), words.ZONE).astimezone(dt.UTC)
