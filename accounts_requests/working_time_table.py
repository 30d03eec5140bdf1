"""The prefix-sum table under `working_time`: opening hours as integers.

Instants are microseconds since 1970 in UTC, so that sums, comparisons and binary searches are
exact and cheap. No datetimes come out of here and none but the days' own go in.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import Final
from zoneinfo import ZoneInfo

from accounts_requests.office_days import Day

SECOND: Final = 1_000_000
_DAY: Final = 86_400 * SECOND
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def to_count(at: datetime) -> int:
    """An aware instant as microseconds since 1970. Raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    since = at - _EPOCH
    return since.days * _DAY + since.seconds * SECOND + since.microseconds


def to_instant(count: int) -> datetime:
    """Microseconds since 1970 as an instant in UTC."""
    return _EPOCH + timedelta(microseconds=count)


@dataclass(frozen=True, slots=True)
class WorkingTimeTable:
    """When the office is open on consecutive days, and how much of it has gone by.

    One entry a day: `midnights` (and one more, where the last day ends), `ordinals` (working
    days up to and including it). One entry a stretch of some length: `opens`, `closes`, `before`
    (working time until it opens), `after` (and until it closes). `closings`: one entry for each
    working day.
    """

    midnights: tuple[int, ...]
    ordinals: tuple[int, ...]
    opens: tuple[int, ...]
    closes: tuple[int, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    closings: tuple[int, ...]

    @classmethod
    def of(cls, days: Sequence[Day], tz: ZoneInfo) -> WorkingTimeTable:
        """The table of these days.

        Raises ValueError when there is none, when they are not consecutive, or when a span ends
        before it begins or overlaps the one before.
        """
        if not days:
            raise ValueError("a calendar needs at least one day")
        midnights: list[int] = []
        ordinals: list[int] = []
        opens: list[int] = []
        closes: list[int] = []
        closings: list[int] = []
        expected = days[0].date
        for day in days:
            if day.date != expected:
                raise ValueError(f"the calendar goes on with {day.date} instead of {expected}")
            expected += timedelta(days=1)
            midnights.append(_midnight(day.date, tz))
            spans = list(_spans(day, tz))
            opens.extend(opened for opened, _ in spans)
            closes.extend(closed for _, closed in spans)
            if spans:
                closings.append(closes[-1])
            ordinals.append(len(closings))
        midnights.append(_midnight(expected, tz))
        lengths = (closed - opened for opened, closed in zip(opens, closes, strict=True))
        used = tuple(accumulate(lengths, initial=0))
        return cls(
            midnights=tuple(midnights),
            ordinals=tuple(ordinals),
            opens=tuple(opens),
            closes=tuple(closes),
            before=used[:-1],
            after=used[1:],
            closings=tuple(closings),
        )

    def covers(self, count: int) -> bool:
        """Whether this instant lies on one of the days."""
        return self.midnights[0] <= count < self.midnights[-1]

    def index_at(self, count: int) -> int:
        """Which day, from 0, this covered instant lies on."""
        return bisect_right(self.midnights, count) - 1

    def used(self, count: int) -> int:
        """Working time gone by from the first day's midnight to this covered instant."""
        i = bisect_right(self.opens, count) - 1
        if i < 0:
            return 0
        return self.before[i] + min(count, self.closes[i]) - self.opens[i]

    def when_used(self, target: int) -> int | None:
        """The first instant by which so much working time (more than none) has gone by.

        None when the table holds less.
        """
        i = bisect_left(self.after, target)
        return self.opens[i] + target - self.before[i] if i < len(self.after) else None

    def next_open(self, count: int) -> int | None:
        """This instant while the office is open, the next opening otherwise, None without one."""
        i = bisect_right(self.closes, count)
        return max(count, self.opens[i]) if i < len(self.closes) else None

    def closing_on(self, index: int) -> int | None:
        """When the day of this index closes, None when it has no hours."""
        earlier = self.ordinals[index - 1] if index else 0
        return self.closings[earlier] if self.ordinals[index] > earlier else None

    def hours_on(self, index: int) -> tuple[tuple[int, int], ...]:
        """The stretches of some length on the day of this index."""
        low = bisect_left(self.opens, self.midnights[index])
        high = bisect_left(self.opens, self.midnights[index + 1])
        return tuple(zip(self.opens[low:high], self.closes[low:high], strict=True))


def _midnight(on: date, tz: ZoneInfo) -> int:
    return to_count(datetime.combine(on, time.min, tz))


def _spans(day: Day, tz: ZoneInfo) -> Iterator[tuple[int, int]]:
    """The spans of some length. Raises ValueError when they overlap or run backwards."""
    reached = _midnight(day.date, tz)
    for opening, closing in day.spans:
        opened = to_count(datetime.combine(day.date, opening, tz))
        closed = to_count(datetime.combine(day.date, closing, tz))
        if not reached <= opened <= closed:
            raise ValueError(f"the hours of {day.date} overlap or run backwards")
        reached = closed
        if opened < closed:
            yield opened, closed
