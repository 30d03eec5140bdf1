"""Working time: the office's fixed points, and an independent reckoning minute by minute."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from accounts_requests.working_time import (
    Day,
    OutsideCalendar,
    Stretch,
    StretchKind,
    WorkingTime,
)

WITA = ZoneInfo("Asia/Makassar")
NAMES = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
BASIS = "Surat Edaran Jam Kerja"


def span(text: str) -> tuple[time, time]:
    opening, closing = text.split("-")
    return time.fromisoformat(opening), time.fromisoformat(closing)


def office(
    first: date,
    last: date,
    holidays: dict[date, str] | None = None,
    estimates: frozenset[date] = frozenset(),
) -> WorkingTime:
    """Monday to Thursday 07.30-16.00, Friday 07.30-11.00, and these holidays."""
    days = []
    for offset in range((last - first).days + 1):
        on = first + timedelta(days=offset)
        sure = on not in estimates
        if holidays and on in holidays:
            days.append(Day(on, (), holidays[on], "SKB 3 Menteri", sure))
        elif on.weekday() < 4:
            days.append(Day(on, (span("07:30-16:00"),), "Jam kerja normal", BASIS, sure))
        elif on.weekday() == 4:
            days.append(Day(on, (span("07:30-11:00"),), "Jam kerja normal", BASIS, sure))
        else:
            days.append(Day(on, (), NAMES[on.weekday()], BASIS, sure))
    return WorkingTime(days, WITA)


def wita(day: int, clock: str, month: int = 11) -> datetime:
    return datetime.combine(date(2026, month, day), time.fromisoformat(clock), WITA)


NOVEMBER = office(date(2026, 11, 1), date(2026, 12, 31))  # 2 November is a Monday


class TestLimitsInMinutes:
    def test_60_minutes_begun_friday_half_past_ten_are_due_monday_at_eight(self) -> None:
        assert NOVEMBER.add(wita(6, "10:30"), 60) == wita(9, "08:00")

    def test_a_limit_that_ends_at_closing_time_ends_that_day(self) -> None:
        assert NOVEMBER.add(wita(6, "10:30"), 30) == wita(6, "11:00")
        assert NOVEMBER.add(wita(2, "07:30"), 510) == wita(2, "16:00")

    def test_one_minute_more_ends_after_the_next_opening(self) -> None:
        assert NOVEMBER.add(wita(6, "10:30"), 31) == wita(9, "07:31")

    @pytest.mark.parametrize("begun", ["11:00", "13:15", "23:59:59.999999"])
    def test_what_begins_after_closing_time_counts_from_the_next_opening(self, begun: str) -> None:
        assert NOVEMBER.add(wita(6, begun), 10) == wita(9, "07:40")

    def test_what_begins_before_opening_counts_from_the_opening(self) -> None:
        assert NOVEMBER.add(wita(9, "05:00"), 10) == wita(9, "07:40")

    def test_a_holiday_moves_it_on(self) -> None:
        calendar = office(
            date(2026, 11, 1), date(2026, 11, 30), {date(2026, 11, 9): "Hari libur daerah"}
        )
        assert calendar.add(wita(6, "10:30"), 60) == wita(10, "08:00")

    def test_no_minutes_end_where_they_begin(self) -> None:
        assert NOVEMBER.add(wita(7, "12:00"), 0) == wita(7, "12:00")

    def test_a_start_within_a_minute_keeps_its_seconds_and_microseconds(self) -> None:
        assert NOVEMBER.add(wita(6, "10:59:30.250000"), 1) == wita(9, "07:30:30.250000")
        assert NOVEMBER.add_seconds(wita(6, "10:59:30.250000"), 29) == wita(6, "10:59:59.250000")

    def test_the_answer_is_in_utc(self) -> None:
        due = NOVEMBER.add(wita(6, "10:30"), 60)
        assert due.tzinfo is UTC
        assert due.isoformat() == "2026-11-09T00:00:00+00:00"

    def test_the_zone_of_the_start_does_not_matter(self) -> None:
        start = wita(6, "10:30")
        assert NOVEMBER.add(start.astimezone(UTC), 60) == NOVEMBER.add(start, 60)
        assert NOVEMBER.add(start.astimezone(ZoneInfo("America/Lima")), 60) == NOVEMBER.add(
            start, 60
        )

    def test_a_negative_limit_is_refused(self) -> None:
        with pytest.raises(ValueError, match="must not be negative"):
            NOVEMBER.add(wita(6, "10:30"), -1)

    def test_minutes_of_the_clock_run_through_night_and_holiday(self) -> None:
        assert WorkingTime.add_clock_minutes(wita(6, "10:30"), 24 * 60) == wita(7, "10:30")
        with pytest.raises(ValueError, match="must not be negative"):
            WorkingTime.add_clock_minutes(wita(6, "10:30"), -1)


class TestTimeBetween:
    def test_only_opening_hours_count(self) -> None:
        assert NOVEMBER.between(wita(6, "10:30"), wita(9, "08:00")) == 60
        assert NOVEMBER.seconds_between(wita(6, "10:30:15"), wita(9, "08:00")) == 3585

    def test_a_weekend_holds_none(self) -> None:
        assert NOVEMBER.seconds_between(wita(6, "11:00"), wita(9, "07:30")) == 0

    def test_an_earlier_end_counts_backwards(self) -> None:
        assert NOVEMBER.between(wita(9, "08:00"), wita(6, "10:30")) == -60

    def test_parts_of_a_minute_and_of_a_second_are_dropped_towards_zero(self) -> None:
        a, b = wita(2, "08:00"), wita(2, "08:01:59.900000")
        assert NOVEMBER.between(a, b) == 1
        assert NOVEMBER.between(b, a) == -1
        assert NOVEMBER.seconds_between(a, b) == 119
        assert NOVEMBER.seconds_between(b, a) == -119


class TestLimitsInDays:
    def test_three_days_from_monday_end_thursday_at_closing_time(self) -> None:
        assert NOVEMBER.add_working_days(wita(2, "10:00"), 3) == wita(5, "16:00")

    def test_three_days_from_wednesday_end_monday_at_closing_time(self) -> None:
        assert NOVEMBER.add_working_days(wita(4, "10:00"), 3) == wita(9, "16:00")

    def test_a_holiday_in_between_moves_them_on(self) -> None:
        calendar = office(
            date(2026, 11, 1), date(2026, 11, 30), {date(2026, 11, 4): "Hari libur daerah"}
        )
        assert calendar.add_working_days(wita(2, "10:00"), 3) == wita(6, "11:00")
        assert calendar.add_working_days(wita(3, "10:00"), 3) == wita(9, "16:00")

    @pytest.mark.parametrize("received", ["00:00", "07:29", "15:59", "23:59"])
    def test_the_hour_of_receipt_does_not_matter(self, received: str) -> None:
        assert NOVEMBER.add_working_days(wita(2, received), 3) == wita(5, "16:00")

    def test_received_on_a_day_off_the_next_working_day_is_the_first(self) -> None:
        assert NOVEMBER.add_working_days(wita(7, "09:00"), 3) == wita(11, "16:00")

    def test_the_local_date_decides_and_not_that_of_utc(self) -> None:
        start = datetime(2026, 11, 2, 17, 0, tzinfo=UTC)  # 3 November, 01.00 WITA
        assert NOVEMBER.add_working_days(start, 1) == wita(4, "16:00")

    def test_a_day_with_hours_of_no_length_is_no_working_day(self) -> None:
        calendar = WorkingTime(
            [
                Day(date(2026, 11, 2), (span("08:00-16:00"),), "", "", confirmed=True),
                Day(date(2026, 11, 3), (span("08:00-08:00"),), "", "", confirmed=True),
                Day(date(2026, 11, 4), (span("08:00-12:00"),), "", "", confirmed=True),
            ],
            WITA,
        )
        assert calendar.add_working_days(wita(2, "10:00"), 1) == wita(4, "12:00")
        assert calendar.closing_of(date(2026, 11, 3)) is None
        assert calendar.add(wita(2, "15:59"), 2) == wita(4, "08:01")

    def test_calendar_days_count_the_weekend_too(self) -> None:
        assert NOVEMBER.add_calendar_days(wita(6, "10:00"), 3, time(16)) == wita(9, "16:00")

    def test_a_limit_of_no_days_is_refused(self) -> None:
        with pytest.raises(ValueError, match="at least one day"):
            NOVEMBER.add_working_days(wita(2, "10:00"), 0)
        with pytest.raises(ValueError, match="at least one day"):
            NOVEMBER.add_calendar_days(wita(2, "10:00"), 0, time(16))

    def test_the_turn_of_the_year_is_a_day_like_another(self) -> None:
        calendar = office(
            date(2026, 12, 1), date(2027, 1, 31), {date(2027, 1, 1): "Tahun Baru Masehi"}
        )
        start = wita(31, "15:30", month=12)  # a Thursday
        monday = datetime(2027, 1, 4, tzinfo=WITA)
        assert calendar.add(start, 60) == monday.replace(hour=8)
        assert calendar.add_working_days(start, 1) == monday.replace(hour=16)
        assert calendar.between(start, monday.replace(hour=8)) == 60


class TestDoors:
    def test_open_from_opening_until_just_before_closing(self) -> None:
        states = {
            clock: NOVEMBER.is_open(wita(6, clock))
            for clock in ("07:29:59", "07:30", "10:59:59", "11:00", "12:00")
        }
        assert states == {
            "07:29:59": False,
            "07:30": True,
            "10:59:59": True,
            "11:00": False,
            "12:00": False,
        }

    def test_the_next_opening_is_now_while_it_is_open(self) -> None:
        assert NOVEMBER.next_opening(wita(6, "10:00")) == wita(6, "10:00")

    @pytest.mark.parametrize("at", [(6, "11:00"), (7, "09:00"), (9, "07:30")])
    def test_the_next_opening_is_mondays(self, at: tuple[int, str]) -> None:
        assert NOVEMBER.next_opening(wita(*at)) == wita(9, "07:30")

    def test_closing_time_of_a_date(self) -> None:
        assert NOVEMBER.closing_of(date(2026, 11, 5)) == wita(5, "16:00")
        assert NOVEMBER.closing_of(date(2026, 11, 6)) == wita(6, "11:00")
        assert NOVEMBER.closing_of(date(2026, 11, 7)) is None
        assert NOVEMBER.closing_of(date(2026, 11, 1)) is None

    def test_a_day_is_found_by_instant_and_by_date(self) -> None:
        saturday = Day(date(2026, 11, 7), (), "Sabtu", BASIS, confirmed=True)
        assert NOVEMBER.day_of(wita(7, "00:00")) == saturday
        assert NOVEMBER.day(date(2026, 11, 7)) == saturday


class TestOutsideTheCalendar:
    SHORT = office(date(2026, 11, 2), date(2026, 11, 8))

    def test_an_instant_before_or_after_it_is_an_error_that_says_so(self) -> None:
        covered = "kalender kerja, yang memuat 2 November 2026 sampai dengan 8 November 2026."
        for day, words in ((1, "1 November 2026 pukul 23.59"), (9, "9 November 2026 pukul 23.59")):
            with pytest.raises(OutsideCalendar) as caught:
                self.SHORT.add(wita(day, "23:59"), 1)
            assert str(caught.value) == f"{words} berada di luar {covered}"

    def test_every_question_refuses_it(self) -> None:
        inside, outside = wita(3, "09:00"), wita(9, "00:00")
        questions: tuple[Callable[[], object], ...] = (
            lambda: self.SHORT.add(outside, 0),
            lambda: self.SHORT.between(inside, outside),
            lambda: self.SHORT.between(outside, inside),
            lambda: self.SHORT.add_working_days(outside, 1),
            lambda: self.SHORT.is_open(outside),
            lambda: self.SHORT.next_opening(outside),
            lambda: self.SHORT.day_of(outside),
            lambda: self.SHORT.day(date(2026, 11, 1)),
            lambda: self.SHORT.closing_of(date(2026, 11, 9)),
            lambda: self.SHORT.explain(inside, outside),
            lambda: self.SHORT.explain_days(inside, outside),
            lambda: self.SHORT.touches_unconfirmed(inside, outside),
        )
        for ask in questions:
            with pytest.raises(OutsideCalendar):
                ask()
        assert self.SHORT.covers(inside)
        assert not self.SHORT.covers(outside)

    def test_a_limit_that_the_table_cannot_hold_is_an_error_and_no_guess(self) -> None:
        assert self.SHORT.add(wita(6, "10:00"), 60) == wita(6, "11:00")
        questions: tuple[Callable[[], object], ...] = (
            lambda: self.SHORT.add(wita(6, "10:00"), 61),
            lambda: self.SHORT.add_working_days(wita(5, "10:00"), 2),
        )
        for ask in questions:
            with pytest.raises(OutsideCalendar) as caught:
                ask()
            assert str(caught.value) == (
                "Tenggat melewati akhir kalender kerja, yaitu 8 November 2026."
            )
        with pytest.raises(OutsideCalendar, match="Jam buka berikutnya melewati akhir"):
            self.SHORT.next_opening(wita(6, "11:00"))

    def test_a_calendar_without_any_hours_holds_no_time(self) -> None:
        closed = WorkingTime([Day(date(2026, 11, 7), (), "Sabtu", "", confirmed=True)], WITA)
        assert closed.seconds_between(wita(7, "00:00"), wita(7, "23:59")) == 0
        assert not closed.is_open(wita(7, "09:00"))
        with pytest.raises(OutsideCalendar):
            closed.add(wita(7, "09:00"), 1)

    def test_a_naive_instant_is_refused(self) -> None:
        with pytest.raises(ValueError, match="needs a time zone"):
            self.SHORT.add(datetime(2026, 11, 3, 9), 1)


class TestTheTable:
    @pytest.mark.parametrize(
        "spans",
        [("08:00-12:00", "11:59-15:00"), ("13:00-15:00", "08:00-12:00"), ("12:00-08:00",)],
    )
    def test_hours_that_overlap_or_run_backwards_are_refused(self, spans: tuple[str, ...]) -> None:
        hours = tuple(span(text) for text in spans)
        with pytest.raises(ValueError, match="the hours of 2026-11-02 overlap or run backwards"):
            WorkingTime([Day(date(2026, 11, 2), hours, "", "", confirmed=True)], WITA)

    def test_a_missing_day_and_no_day_at_all_are_refused(self) -> None:
        monday = Day(date(2026, 11, 2), (), "", "", confirmed=True)
        wednesday = Day(date(2026, 11, 4), (), "", "", confirmed=True)
        with pytest.raises(ValueError, match="goes on with 2026-11-04 instead of 2026-11-03"):
            WorkingTime([monday, wednesday], WITA)
        with pytest.raises(ValueError, match="at least one day"):
            WorkingTime([], WITA)

    def test_it_cannot_be_changed(self) -> None:
        with pytest.raises(FrozenInstanceError):
            NOVEMBER.tz = ZoneInfo("Asia/Jakarta")  # type: ignore[misc]

    def test_it_knows_its_first_and_last_date(self) -> None:
        assert (NOVEMBER.first_date, NOVEMBER.last_date) == (date(2026, 11, 1), date(2026, 12, 31))


def told(stretches: tuple[Stretch, ...]) -> list[tuple[str, str, int, str]]:
    return [
        (
            f"{piece.start.astimezone(WITA):%d %H.%M}",
            f"{piece.end.astimezone(WITA):%d %H.%M}",
            piece.seconds,
            piece.reason,
        )
        for piece in stretches
    ]


class TestExplanation:
    def test_it_tells_each_counted_stretch_and_each_skipped_piece(self) -> None:
        stretches = NOVEMBER.explain(wita(5, "15:50"), wita(9, "08:00"))
        assert told(stretches) == [
            ("05 15.50", "05 16.00", 600, "Jam kerja normal"),
            ("05 16.00", "06 07.30", 0, "Di luar jam kerja"),
            ("06 07.30", "06 11.00", 12600, "Jam kerja normal"),
            ("06 11.00", "07 00.00", 0, "Di luar jam kerja"),
            ("07 00.00", "08 00.00", 0, "Sabtu"),
            ("08 00.00", "09 00.00", 0, "Minggu"),
            ("09 00.00", "09 07.30", 0, "Di luar jam kerja"),
            ("09 07.30", "09 08.00", 1800, "Jam kerja normal"),
        ]
        assert [piece.counted for piece in stretches] == [
            piece.kind is StretchKind.COUNTED for piece in stretches
        ]

    def test_a_skipped_holiday_carries_its_name_basis_and_mark(self) -> None:
        feast = date(2026, 11, 3)
        calendar = office(
            date(2026, 11, 1), date(2026, 11, 30), {feast: "Hari Raya"}, frozenset({feast})
        )
        holiday = calendar.explain(wita(2, "15:00"), wita(4, "08:00"))[2]
        assert holiday == Stretch(
            start=wita(3, "00:00"),
            end=wita(4, "00:00"),
            kind=StretchKind.CLOSED_DAY,
            seconds=0,
            reason="Hari Raya",
            legal_basis="SKB 3 Menteri",
            confirmed=False,
        )

    def test_a_pause_between_two_stretches_of_a_day_is_a_break(self) -> None:
        hours = (span("08:00-12:00"), span("13:00-16:00"))
        calendar = WorkingTime([Day(date(2026, 11, 2), hours, "Siang", "", confirmed=True)], WITA)
        assert told(calendar.explain(wita(2, "11:30"), wita(2, "13:30"))) == [
            ("02 11.30", "02 12.00", 1800, "Siang"),
            ("02 12.00", "02 13.00", 0, "Istirahat"),
            ("02 13.00", "02 13.30", 1800, "Siang"),
        ]

    def test_a_night_between_two_decrees_names_both(self) -> None:
        hours = (span("08:00-12:00"),)
        calendar = WorkingTime(
            [
                Day(date(2026, 11, 2), hours, "Lama", "SE 1", confirmed=True),
                Day(date(2026, 11, 3), hours, "Baru", "SE 2", confirmed=False),
            ],
            WITA,
        )
        night = calendar.explain(wita(2, "11:00"), wita(3, "09:00"))[1]
        assert (night.legal_basis, night.confirmed) == ("SE 1; SE 2", False)

    def test_a_limit_in_days_is_told_day_by_day(self) -> None:
        start = wita(4, "10:00")
        stretches = NOVEMBER.explain_days(start, NOVEMBER.add_working_days(start, 3))
        assert [(piece.kind.value, piece.seconds, piece.reason) for piece in stretches] == [
            ("receipt_day", 0, "Hari penerimaan, tidak dihitung"),
            ("counted", 30600, "Jam kerja normal"),
            ("counted", 12600, "Jam kerja normal"),
            ("closed_day", 0, "Sabtu"),
            ("closed_day", 0, "Minggu"),
            ("counted", 30600, "Jam kerja normal"),
        ]
        assert (stretches[0].start, stretches[-1].end) == (start, wita(9, "16:00"))

    def test_parts_of_seconds_on_both_sides_of_a_night_are_not_lost(self) -> None:
        start, due = wita(2, "15:59:30.500000"), wita(3, "07:30:30.500000")
        assert NOVEMBER.seconds_between(start, due) == 60
        assert [piece.seconds for piece in NOVEMBER.explain(start, due)] == [29, 0, 31]

    def test_nothing_to_explain_between_an_instant_and_itself(self) -> None:
        assert NOVEMBER.explain(wita(2, "09:00"), wita(2, "09:00")) == ()

    def test_a_due_date_before_the_start_is_refused(self) -> None:
        with pytest.raises(ValueError, match="lies before its start"):
            NOVEMBER.explain(wita(3, "09:00"), wita(2, "09:00"))

    def test_it_names_the_days_that_are_only_an_estimate(self) -> None:
        estimates = frozenset({date(2026, 11, 2), date(2026, 11, 4), date(2026, 11, 9)})
        calendar = office(date(2026, 11, 1), date(2026, 11, 30), None, estimates)

        def touched(start: datetime, due: datetime) -> list[date]:
            return [day.date for day in calendar.touches_unconfirmed(start, due)]

        assert touched(wita(3, "09:00"), wita(5, "09:00")) == [date(2026, 11, 4)]
        assert touched(wita(2, "23:00"), wita(9, "00:00")) == sorted(estimates)
        assert touched(wita(5, "09:00"), wita(8, "23:59")) == []


# An independent reckoning: every minute of every day is looked at by its wall-clock time.


@st.composite
def calendars(draw: st.DrawFn) -> WorkingTime:
    """Up to ten days around the turn of a year, with none, one or two stretches each."""
    first = date(2026, 12, 31) - timedelta(days=draw(st.integers(0, 9)))
    days = []
    for offset in range(draw(st.integers(1, 10))):
        marks = sorted(draw(st.lists(st.integers(0, 24 * 60 - 1), max_size=4)))
        if len(marks) % 2:
            marks.pop()
        times = [time(mark // 60, mark % 60) for mark in marks]
        spans = tuple(zip(times[::2], times[1::2], strict=True))
        days.append(
            Day(first + timedelta(days=offset), spans, "", "", confirmed=draw(st.booleans()))
        )
    return WorkingTime(
        days, draw(st.sampled_from([WITA, ZoneInfo("Asia/Jakarta"), ZoneInfo("UTC")]))
    )


def open_minutes(calendar: WorkingTime) -> list[datetime]:
    """The beginning of every minute at which the office is open."""
    found = []
    for day in calendar.days:
        at = datetime.combine(day.date, time.min, calendar.tz)
        for minute in range(24 * 60):
            now = at + timedelta(minutes=minute)
            if any(opening <= now.time() < closing for opening, closing in day.spans):
                found.append(now)
    return found


@st.composite
def instants(draw: st.DrawFn, calendar: WorkingTime, *, whole_minutes: bool) -> datetime:
    day = draw(st.sampled_from(calendar.days))
    start = datetime.combine(day.date, time.min, calendar.tz)
    if whole_minutes:
        return start + timedelta(minutes=draw(st.integers(0, 24 * 60 - 1)))
    return start + timedelta(microseconds=draw(st.integers(0, 24 * 3600 * 1_000_000 - 1)))


@given(st.data())
def test_adding_agrees_with_looking_at_every_minute(data: st.DataObject) -> None:
    calendar = data.draw(calendars())
    start = data.draw(instants(calendar, whole_minutes=True))
    left = [minute for minute in open_minutes(calendar) if minute >= start]
    minutes = data.draw(st.integers(1, len(left) + 1))
    if minutes > len(left):
        with pytest.raises(OutsideCalendar):
            calendar.add(start, minutes)
    else:
        assert calendar.add(start, minutes) == left[minutes - 1] + timedelta(minutes=1)


@given(st.data())
def test_measuring_agrees_with_looking_at_every_minute(data: st.DataObject) -> None:
    calendar = data.draw(calendars())
    a = data.draw(instants(calendar, whole_minutes=True))
    b = data.draw(instants(calendar, whole_minutes=True))
    expected = sum(1 for minute in open_minutes(calendar) if min(a, b) <= minute < max(a, b))
    assert calendar.between(a, b) == (expected if a <= b else -expected)
    assert calendar.is_open(a) == (a in open_minutes(calendar))


@given(st.data())
def test_what_was_added_is_what_is_measured(data: st.DataObject) -> None:
    calendar = data.draw(calendars())
    start = data.draw(instants(calendar, whole_minutes=False))
    last = datetime.combine(calendar.last_date, time.max, calendar.tz)
    seconds = data.draw(st.integers(0, calendar.seconds_between(start, last)))
    due = calendar.add_seconds(start, seconds)
    assert calendar.seconds_between(start, due) == seconds
    assert calendar.between(start, calendar.add(start, seconds // 60)) == seconds // 60
    # And not a moment later than needed.
    assume(seconds)
    assert calendar.seconds_between(start, due - timedelta(microseconds=1)) == seconds - 1


@given(st.data())
def test_an_explanation_has_no_gaps_and_adds_up(data: st.DataObject) -> None:
    calendar = data.draw(calendars())
    start, due = sorted(data.draw(instants(calendar, whole_minutes=False)) for _ in range(2))
    assume(start < due)
    stretches = calendar.explain(start, due)
    assert (stretches[0].start, stretches[-1].end) == (start, due)
    assert all(one.end == other.start for one, other in pairwise(stretches))
    assert sum(piece.seconds for piece in stretches) == calendar.seconds_between(start, due)
    for piece in stretches:
        middle = piece.start + (piece.end - piece.start) / 2
        assert calendar.is_open(middle) == piece.counted


@given(st.data())
def test_working_days_agree_with_walking_from_day_to_day(data: st.DataObject) -> None:
    calendar = data.draw(calendars())
    start = data.draw(instants(calendar, whole_minutes=False))
    closings = [
        datetime.combine(day.date, max(closing for _, closing in spans), calendar.tz)
        for day in calendar.days
        if day.date > start.date()
        and (spans := [(opening, closing) for opening, closing in day.spans if opening < closing])
    ]
    days = data.draw(st.integers(1, len(closings) + 1))
    if days > len(closings):
        with pytest.raises(OutsideCalendar):
            calendar.add_working_days(start, days)
    else:
        due = calendar.add_working_days(start, days)
        assert due == closings[days - 1]
        counted = [piece for piece in calendar.explain_days(start, due) if piece.counted]
        assert len(counted) == days
