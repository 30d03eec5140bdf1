"""Working-time arithmetic on the office's days.

From the days a prefix-sum table is built once; adding working time to an instant and measuring
working time between two instants are then one or two binary searches.

Rules (the SOP's *mutu baku waktu*, read as the office reads it):

* A limit in working minutes ends at the instant at which they have been used up. One that ends
  exactly at closing time ends at closing time that day, not at the next opening.
* What begins outside hours counts from the next opening.
* "3 Hari" counts whole working days after the day of receipt and ends at closing time of the
  third.
* An instant that the table does not cover raises `OutsideCalendar`: there is no silent default.

Instants are timezone-aware; those returned are in UTC. Arithmetic is exact to the microsecond;
durations are whole seconds or minutes, rounded towards zero. Nothing here reads a clock, a
database or a file.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from accounts_requests.office_days import Day, OutsideCalendar, in_words
from accounts_requests.working_time_table import SECOND, WorkingTimeTable, to_count, to_instant

__all__ = ["Day", "OutsideCalendar", "Stretch", "StretchKind", "WorkingTime"]


class StretchKind(StrEnum):
    """What a piece of time is in the explanation of a deadline."""

    COUNTED = "counted"
    OUTSIDE_HOURS = "outside_hours"
    BREAK = "break"
    CLOSED_DAY = "closed_day"
    RECEIPT_DAY = "receipt_day"


_OWN_WORDS: Final = {
    StretchKind.OUTSIDE_HOURS: "Di luar jam kerja",
    StretchKind.BREAK: "Istirahat",
    StretchKind.RECEIPT_DAY: "Hari penerimaan, tidak dihitung",
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """One piece of the time between a start and a due instant: counted, or skipped.

    `start` and `end` are in UTC; `seconds` is the working time it contributes, 0 when skipped;
    `reason` is Indonesian; `confirmed` is false where the hours or holiday are an estimate.
    """

    start: datetime
    end: datetime
    kind: StretchKind
    seconds: int
    reason: str
    legal_basis: str
    confirmed: bool

    @property
    def counted(self) -> bool:
        """Whether this piece counts towards the limit."""
        return self.kind is StretchKind.COUNTED


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class WorkingTime:
    """Working time on a run of consecutive days in one time zone. Immutable.

    Raises ValueError when `days` is empty, has a gap or a repetition, or holds a span that ends
    before it begins or overlaps the one before. Every method raises ValueError for a naive
    instant and OutsideCalendar for one that the days do not cover.
    """

    days: tuple[Day, ...]
    tz: ZoneInfo
    _table: WorkingTimeTable
    _unconfirmed: tuple[int, ...]

    def __init__(self, days: Sequence[Day], tz: ZoneInfo) -> None:
        object.__setattr__(self, "days", tuple(days))
        object.__setattr__(self, "tz", tz)
        object.__setattr__(self, "_table", WorkingTimeTable.of(self.days, tz))
        estimates = tuple(i for i, day in enumerate(self.days) if not day.confirmed)
        object.__setattr__(self, "_unconfirmed", estimates)

    # What is covered

    @property
    def first_date(self) -> date:
        """The first local date that is covered."""
        return self.days[0].date

    @property
    def last_date(self) -> date:
        """The last local date that is covered."""
        return self.days[-1].date

    def covers(self, at: datetime) -> bool:
        """Whether the local date of this instant is covered."""
        return self._table.covers(to_count(at))

    def day_of(self, at: datetime) -> Day:
        """The day, in local time, of this instant."""
        return self.days[self._table.index_at(self._covered(at))]

    def day(self, on: date) -> Day:
        """The day of this local date. Raises OutsideCalendar."""
        return self.days[self._index_on(on)]

    # Working minutes and seconds

    def add(self, start: datetime, minutes: int) -> datetime:
        """The first UTC instant at which so many working minutes since `start` have been used.

        None end at `start` itself. Raises ValueError for a negative number, OutsideCalendar when
        the days end first.
        """
        return self.add_seconds(start, minutes * 60)

    def add_seconds(self, start: datetime, seconds: int) -> datetime:
        """`add` for working seconds."""
        if seconds < 0:
            raise ValueError("working time to add must not be negative")
        begun = self._covered(start)
        if seconds == 0:
            return to_instant(begun)
        due = self._table.when_used(self._table.used(begun) + seconds * SECOND)
        if due is None:
            raise self._ends_before("Tenggat")
        return to_instant(due)

    def between(self, a: datetime, b: datetime) -> int:
        """Whole working minutes from `a` to `b`; negative when `b` is earlier.

        `between(start, add(start, n)) == n` for every n.
        """
        seconds = self.seconds_between(a, b)
        return seconds // 60 if seconds >= 0 else -(-seconds // 60)

    def seconds_between(self, a: datetime, b: datetime) -> int:
        """Whole working seconds from `a` to `b`; negative when `b` is earlier.

        `seconds_between(start, add_seconds(start, n)) == n` for every n.
        """
        used = self._table.used(self._covered(b)) - self._table.used(self._covered(a))
        return used // SECOND if used >= 0 else -(-used // SECOND)

    # Days, and plain clock time

    def add_working_days(self, start: datetime, days: int) -> datetime:
        """Closing time (UTC) of the n-th working day after the local day of `start`.

        A working day is one with hours of some length. Raises ValueError for fewer than one day,
        OutsideCalendar when the days end first.
        """
        if days < 1:
            raise ValueError("a limit in days is at least one day")
        table = self._table
        i = table.ordinals[table.index_at(self._covered(start))] + days - 1
        if i >= len(table.closings):
            raise self._ends_before("Tenggat")
        return to_instant(table.closings[i])

    def working_days_between(self, a: datetime, b: datetime) -> int:
        """The working days after the local day of `a` up to and including that of `b`.

        `working_days_between(a, add_working_days(a, n)) == n` for every n. Negative when `b` lies
        on an earlier day.
        """
        table = self._table
        first, last = table.index_at(self._covered(a)), table.index_at(self._covered(b))
        return table.ordinals[last] - table.ordinals[first]

    def add_calendar_days(self, start: datetime, days: int, closing: time) -> datetime:
        """The local time `closing` (in UTC) on the n-th calendar day after the day of `start`.

        Every day counts, so it need not be covered. Raises ValueError for fewer than one day.
        """
        if days < 1:
            raise ValueError("a limit in days is at least one day")
        local = to_instant(to_count(start)).astimezone(self.tz)
        due = datetime.combine(local.date() + timedelta(days=days), closing, self.tz)
        return due.astimezone(UTC)

    @staticmethod
    def add_clock_minutes(start: datetime, minutes: int) -> datetime:
        """`start` plus plain minutes of the clock, nights and holidays included, in UTC.

        Raises ValueError for a negative number.
        """
        if minutes < 0:
            raise ValueError("time to add must not be negative")
        return to_instant(to_count(start) + minutes * 60 * SECOND)

    # The office's doors

    def is_open(self, at: datetime) -> bool:
        """Whether working time runs at this instant; at closing time itself it does not."""
        count = self._covered(at)
        return self._table.next_open(count) == count

    def next_opening(self, at: datetime) -> datetime:
        """The UTC instant from which working time counts for something begun at `at`.

        That is `at` itself while the office is open, the next opening otherwise. Raises
        OutsideCalendar when the office does not open again within the days.
        """
        opening = self._table.next_open(self._covered(at))
        if opening is None:
            raise self._ends_before("Jam buka berikutnya")
        return to_instant(opening)

    def closing_of(self, on: date) -> datetime | None:
        """Closing time (UTC) of this local date, None when the office has no hours on it."""
        closing = self._table.closing_on(self._index_on(on))
        return None if closing is None else to_instant(closing)

    # Why a deadline is what it is

    def explain(self, start: datetime, due: datetime) -> tuple[Stretch, ...]:
        """Every counted and every skipped piece from `start` to `due`, in order, without gaps.

        Their seconds add up to `seconds_between(start, due)`. Raises ValueError when `due` is
        before `start`.
        """
        begun, ended = self._period(start, due)
        table = self._table
        base = table.used(begun)
        pieces: list[Stretch] = []
        for i in range(table.index_at(begun), table.index_at(ended) + 1):
            for low, high, kind in self._pieces_of_day(i, begun, ended):
                # Differences of rounded sums, so that the pieces add up to the rounded whole;
                # nothing is used up in a skipped piece.
                upto, after = table.used(low) - base, table.used(high) - base
                piece = self._stretch(i, low, high, kind, after // SECOND - upto // SECOND)
                if pieces and pieces[-1].kind is kind is StretchKind.OUTSIDE_HOURS:
                    piece = _joined(pieces.pop(), piece)
                pieces.append(piece)
        return tuple(pieces)

    def explain_days(self, start: datetime, due: datetime) -> tuple[Stretch, ...]:
        """One piece for each local date from that of `start` to that of `due`.

        For limits in working days: the day of receipt is not counted, each later day is counted
        or skipped as a whole. `seconds` of a counted day is its working time within the period.
        Raises as `explain`.
        """
        begun, ended = self._period(start, due)
        table = self._table
        receipt = table.index_at(begun)
        pieces = []
        for i in range(receipt, table.index_at(ended) + 1):
            low, high = max(begun, table.midnights[i]), min(ended, table.midnights[i + 1])
            kind, seconds = StretchKind.CLOSED_DAY, 0
            if i == receipt:
                kind = StretchKind.RECEIPT_DAY
            elif table.closing_on(i) is not None:
                kind, seconds = StretchKind.COUNTED, (table.used(high) - table.used(low)) // SECOND
            pieces.append(self._stretch(i, low, high, kind, seconds))
        return tuple(pieces)

    def touches_unconfirmed(self, start: datetime, due: datetime) -> tuple[Day, ...]:
        """The days from that of `start` to that of `due` that are only an estimate.

        Raises as `explain`.
        """
        begun, ended = self._period(start, due)
        low = bisect_left(self._unconfirmed, self._table.index_at(begun))
        high = bisect_right(self._unconfirmed, self._table.index_at(ended))
        return tuple(self.days[i] for i in self._unconfirmed[low:high])

    def _covered(self, at: datetime) -> int:
        count = to_count(at)
        if not self._table.covers(count):
            local = at.astimezone(self.tz)
            raise self._outside(f"{in_words(local.date())} pukul {local:%H.%M}")
        return count

    def _index_on(self, on: date) -> int:
        if not self.first_date <= on <= self.last_date:
            raise self._outside(in_words(on))
        return (on - self.first_date).days

    def _period(self, start: datetime, due: datetime) -> tuple[int, int]:
        begun, ended = self._covered(start), self._covered(due)
        if ended < begun:
            raise ValueError("the end of a period lies before its start")
        return begun, ended

    def _outside(self, what: str) -> OutsideCalendar:
        covered = f"{in_words(self.first_date)} sampai dengan {in_words(self.last_date)}"
        return OutsideCalendar(f"{what} berada di luar kalender kerja, yang memuat {covered}.")

    def _ends_before(self, what: str) -> OutsideCalendar:
        last = in_words(self.last_date)
        return OutsideCalendar(f"{what} melewati akhir kalender kerja, yaitu {last}.")

    def _pieces_of_day(
        self, index: int, begun: int, ended: int
    ) -> tuple[tuple[int, int, StretchKind], ...]:
        """A day cut into counted and skipped pieces, limited to the period begun to ended."""
        reached, dusk = self._table.midnights[index], self._table.midnights[index + 1]
        hours = self._table.hours_on(index)
        around = StretchKind.OUTSIDE_HOURS if hours else StretchKind.CLOSED_DAY
        cuts: list[tuple[int, int, StretchKind]] = []
        gap = around
        for opened, closed in hours:
            cuts += [(reached, opened, gap), (opened, closed, StretchKind.COUNTED)]
            reached, gap = closed, StretchKind.BREAK
        cuts.append((reached, dusk, around))
        limited = ((max(low, begun), min(high, ended), kind) for low, high, kind in cuts)
        return tuple(cut for cut in limited if cut[0] < cut[1])

    def _stretch(self, index: int, low: int, high: int, kind: StretchKind, seconds: int) -> Stretch:
        day = self.days[index]
        return Stretch(
            start=to_instant(low),
            end=to_instant(high),
            kind=kind,
            seconds=seconds,
            reason=_OWN_WORDS.get(kind, day.reason),
            legal_basis=day.legal_basis,
            confirmed=day.confirmed,
        )


def _joined(evening: Stretch, morning: Stretch) -> Stretch:
    """The hours between one working day's closing and the next one's opening, as one piece."""
    bases = dict.fromkeys(basis for basis in (evening.legal_basis, morning.legal_basis) if basis)
    return Stretch(
        start=evening.start,
        end=morning.end,
        kind=evening.kind,
        seconds=0,
        reason=evening.reason,
        legal_basis="; ".join(bases),
        confirmed=evening.confirmed and morning.confirmed,
    )
