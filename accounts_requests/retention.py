"""The days on which the two parts of a file's retention end. Pure arithmetic on dates."""

import datetime as dt
from dataclasses import dataclass

DECEMBER = 12


@dataclass(frozen=True)
class Retention:
    """The last day of the active part and that of the inactive part, both inclusive."""

    active_until: dt.date
    inactive_until: dt.date


def of(
    archived_on: dt.date, *, active_years: int, inactive_years: int, from_year_end: bool
) -> Retention:
    """The retention of a file archived on the office-zone day ``archived_on``.

    ``from_year_end``: it counts from 31 December of that year instead of the day itself.
    """
    begins = archived_on.replace(month=DECEMBER, day=31) if from_year_end else archived_on
    return Retention(
        active_until=years_later(begins, active_years),
        inactive_until=years_later(begins, active_years + inactive_years),
    )


def archived_before(today: dt.date, *, years: int, from_year_end: bool) -> dt.date:
    """The day before which a file was archived whose ``years`` have ended by ``today``.

    For databases, which count no years: ``archived_on`` lies before it exactly where ``of`` gives
    a last day before ``today``.
    """
    if from_year_end:
        return dt.date(today.year - years, 1, 1)
    earlier = years_later(today, -years)
    # A 29 February that the earlier year does not have: its 28 February has ended as well.
    return earlier if earlier.day == today.day else earlier + dt.timedelta(days=1)


def years_later(day: dt.date, years: int) -> dt.date:
    """The same day ``years`` later (earlier, where negative); 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
