"""The calendar a new installation starts with, and how days are put together from it."""

import subprocess
import sys
import tomllib
from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays as holidays_package
import pytest

from accounts_requests.office_days import (
    SEED_FILE,
    Holiday,
    HolidayKind,
    HoursKind,
    HoursTable,
    OutsideCalendar,
    days_from,
    parse_span,
    read_calendar,
)
from accounts_requests.working_time import Day, WorkingTime

FIRST, LAST = date(2023, 1, 1), date(2027, 12, 31)
WITA = ZoneInfo("Asia/Makassar")
SCRIPT = Path(__file__).parent.parent / "script" / "make_calendar_data"
CALENDAR = read_calendar()
DAYS = {day.date: day for day in days_from(CALENDAR.tables, CALENDAR.holidays, FIRST, LAST)}
HOLIDAYS = {holiday.date: holiday for holiday in CALENDAR.holidays}


class TestTheFile:
    def test_it_explains_its_marks(self) -> None:
        meta = tomllib.loads(SEED_FILE.read_text(encoding="utf-8"))["meta"]
        assert set(meta) == {
            "office",
            "time_zone",
            "valid_from",
            "valid_until",
            "marks",
            "hours",
            "holidays",
        }
        assert (meta["valid_from"], meta["valid_until"]) == (FIRST, LAST)
        assert meta["time_zone"] == "Asia/Makassar"

    def test_it_covers_every_day_from_2023_to_2027(self) -> None:
        assert len(DAYS) == (LAST - FIRST).days + 1 == 1826
        with pytest.raises(OutsideCalendar) as caught:
            days_from(CALENDAR.tables, CALENDAR.holidays, LAST, LAST + timedelta(days=1))
        assert str(caught.value) == (
            "Kalender kerja belum memuat tabel jam kerja untuk 1 Januari 2028."
        )

    def test_no_two_tables_of_one_kind_overlap(self) -> None:
        for kind in HoursKind:
            tables = sorted(
                (table for table in CALENDAR.tables if table.kind is kind),
                key=lambda table: table.valid_from,
            )
            for earlier, later in pairwise(tables):
                assert earlier.valid_until < later.valid_from

    def test_no_date_is_a_holiday_twice(self) -> None:
        assert len(HOLIDAYS) == len(CALENDAR.holidays)

    def test_holidays_equal_what_the_package_yields(self) -> None:
        expected: dict[date, tuple[str, HolidayKind]] = {}
        for year in range(2023, 2028):
            public = holidays_package.country_holidays(
                "ID", years=year, categories=("public",), language="id"
            )
            leave = holidays_package.country_holidays(
                "ID", years=year, categories=("government",), language="id"
            )
            expected |= {day: (name, HolidayKind.JOINT_LEAVE) for day, name in leave.items()}
            expected |= {day: (name, HolidayKind.NATIONAL) for day, name in public.items()}
        assert {day: (found.name, found.kind) for day, found in HOLIDAYS.items()} == {
            day: (name.removesuffix(" (perkiraan)"), kind) for day, (name, kind) in expected.items()
        }
        estimated = {day for day, (name, _) in expected.items() if name.endswith(" (perkiraan)")}
        assert not any(HOLIDAYS[day].confirmed for day in estimated)

    def test_the_script_would_write_the_same_file_again(self) -> None:
        assert subprocess.run([sys.executable, SCRIPT, "--check"], check=False).returncode == 0

    def test_each_year_has_as_many_days_off_as_were_decreed(self) -> None:
        counts = Counter((day.year, found.kind.value) for day, found in HOLIDAYS.items())
        assert counts == {
            (2023, "libur nasional"): 16,
            (2023, "cuti bersama"): 11,
            (2024, "libur nasional"): 19,  # two of them election days
            (2024, "cuti bersama"): 10,
            (2025, "libur nasional"): 17,
            (2025, "cuti bersama"): 11,
            (2026, "libur nasional"): 17,
            (2026, "cuti bersama"): 8,
            (2027, "libur nasional"): 18,
            (2027, "cuti bersama"): 8,
        }


class TestKnownDays:
    @pytest.mark.parametrize(
        ("on", "name", "kind"),
        [
            (date(2023, 4, 19), "Cuti Bersama Hari Raya Idul Fitri", HolidayKind.JOINT_LEAVE),
            (date(2024, 2, 14), "Hari Pemilihan Umum", HolidayKind.NATIONAL),
            (date(2024, 4, 10), "Hari Raya Idul Fitri", HolidayKind.NATIONAL),
            (date(2026, 3, 21), "Hari Raya Idul Fitri", HolidayKind.NATIONAL),
            (date(2026, 3, 19), "Hari Suci Nyepi", HolidayKind.NATIONAL),
            (date(2026, 12, 24), "Cuti Bersama Hari Raya Natal", HolidayKind.JOINT_LEAVE),
        ],
    )
    def test_a_feast_stands_where_it_was(self, on: date, name: str, kind: HolidayKind) -> None:
        assert (HOLIDAYS[on].name, HOLIDAYS[on].kind) == (name, kind)
        assert HOLIDAYS[on].confirmed
        assert DAYS[on].spans == ()
        assert DAYS[on].reason == name

    @pytest.mark.parametrize(
        ("on", "basis"),
        [
            (
                date(2023, 1, 1),
                "SKB 3 Menteri Nomor 1066 Tahun 2022, Nomor 3 Tahun 2022, Nomor 3 Tahun 2022",
            ),
            (
                date(2023, 6, 28),
                "SKB 3 Menteri Nomor 624 Tahun 2023, Nomor 2 Tahun 2023, Nomor 2 Tahun 2023",
            ),
            (date(2024, 11, 27), "Keputusan Presiden Nomor 33 Tahun 2024"),
            (
                date(2025, 8, 18),
                "SKB 3 Menteri Nomor 933 Tahun 2025, Nomor 1 Tahun 2025, Nomor 3 Tahun 2025",
            ),
            (
                date(2026, 8, 17),
                "SKB 3 Menteri Nomor 1497 Tahun 2025, Nomor 2 Tahun 2025, Nomor 5 Tahun 2025",
            ),
            (date(2027, 1, 1), ""),
        ],
    )
    def test_it_names_its_legal_basis(self, on: date, basis: str) -> None:
        assert HOLIDAYS[on].legal_basis == basis

    def test_what_follows_the_moon_of_2027_is_an_estimate_with_its_joint_leave(self) -> None:
        assert [day for day, found in HOLIDAYS.items() if not found.confirmed] == [
            date(2027, 3, 9),
            date(2027, 3, 10),
            date(2027, 3, 11),
            date(2027, 3, 12),
            date(2027, 3, 15),
            date(2027, 5, 17),
            date(2027, 5, 18),
        ]

    @pytest.mark.parametrize(
        ("on", "spans", "reason", "confirmed"),
        [
            (date(2025, 6, 2), "07.30-16.00", "Jam kerja normal", True),
            (date(2025, 6, 13), "07.30-11.00", "Jam kerja normal", True),
            (date(2025, 5, 28), "07.30-16.00", "Jam kerja normal", False),
            (date(2026, 2, 18), "07.30-16.00", "Jam kerja normal", True),
            (date(2026, 2, 19), "08.00-15.30", "Jam kerja Ramadan 1447 H", False),
            (date(2026, 2, 20), "08.00-11.00", "Jam kerja Ramadan 1447 H", False),
            (date(2026, 3, 25), "07.30-16.00", "Jam kerja normal", True),
            (date(2024, 3, 15), "08.00-11.30", "Jam kerja Ramadan 1445 H", False),
        ],
    )
    def test_the_hours_of_a_day(
        self,
        on: date,
        spans: str,
        reason: str,
        confirmed: bool,  # noqa: FBT001  a table's column
    ) -> None:
        day = DAYS[on]
        assert (day.spans, day.reason, day.confirmed) == ((parse_span(spans),), reason, confirmed)

    def test_saturday_and_sunday_are_named(self) -> None:
        assert (DAYS[date(2026, 11, 21)].reason, DAYS[date(2026, 11, 22)].reason) == (
            "Sabtu",
            "Minggu",
        )
        assert not any(day.spans for day in DAYS.values() if day.date.weekday() > 4)

    def test_every_ramadan_ends_on_the_eve_of_idul_fitri_after_29_or_30_days(self) -> None:
        tables = [table for table in CALENDAR.tables if table.kind is HoursKind.RAMADAN]
        eids = sorted(day for day, h in HOLIDAYS.items() if h.name == "Hari Raya Idul Fitri")
        assert [table.valid_until + timedelta(days=1) for table in tables] == eids
        lengths = [(table.valid_until - table.valid_from).days + 1 for table in tables]
        assert lengths == [30, 29, 30, 30, 30]

    def test_a_limit_runs_over_idul_fitri_2026(self) -> None:
        calendar = WorkingTime(tuple(DAYS.values()), WITA)
        received = datetime(2026, 3, 17, 10, tzinfo=WITA)  # the last working day before the feast
        assert calendar.add_working_days(received, 3) == datetime(2026, 3, 27, 11, tzinfo=WITA)
        # Ramadan's hours until 15.30 that day, normal hours from 07.30 after the feast
        assert calendar.add(received.replace(hour=15), 60) == datetime(2026, 3, 25, 8, tzinfo=WITA)


def table(kind: HoursKind, first: date, last: date, hours: str) -> HoursTable:
    return HoursTable(
        name=f"Jam {kind}",
        kind=kind,
        valid_from=first,
        valid_until=last,
        legal_basis="SE",
        confirmed=True,
        note="",
        week=((parse_span(hours),),) * 5 + ((), ()),
    )


class TestPuttingDaysTogether:
    MONDAY = date(2026, 11, 2)
    NORMAL = table(HoursKind.NORMAL, date(2026, 11, 1), date(2026, 11, 30), "07.30-16.00")

    def test_the_most_particular_table_applies(self) -> None:
        ramadan = table(HoursKind.RAMADAN, self.MONDAY, date(2026, 11, 6), "08.00-15.30")
        special = table(HoursKind.SPECIAL, self.MONDAY, self.MONDAY, "09.00-12.00")
        days = days_from((self.NORMAL, special, ramadan), (), self.MONDAY, date(2026, 11, 9))
        assert [day.reason for day in days] == [
            "Jam special",
            *["Jam ramadan"] * 4,
            "Sabtu",
            "Minggu",
            "Jam normal",
        ]

    @pytest.mark.parametrize("kind", ["libur nasional", "cuti bersama", "libur daerah"])
    def test_a_holiday_closes_its_day_whatever_the_hours(self, kind: str) -> None:
        holiday = Holiday(self.MONDAY, "Libur", HolidayKind(kind), "SKB", confirmed=False)
        assert days_from((self.NORMAL,), (holiday,), self.MONDAY, self.MONDAY) == (
            Day(self.MONDAY, (), "Libur", "SKB", confirmed=False),
        )

    def test_two_tables_of_one_kind_on_a_date_are_an_error(self) -> None:
        with pytest.raises(ValueError, match="two tables of kind normal are valid on 2026-11-02"):
            days_from((self.NORMAL, self.NORMAL), (), self.MONDAY, self.MONDAY)

    def test_two_holidays_on_a_date_are_an_error(self) -> None:
        holiday = Holiday(self.MONDAY, "Libur", HolidayKind.NATIONAL, "SKB", confirmed=True)
        with pytest.raises(ValueError, match="two holidays on 2026-11-02"):
            days_from((self.NORMAL,), (holiday, holiday), self.MONDAY, self.MONDAY)

    def test_a_holiday_does_not_stand_in_for_a_missing_table(self) -> None:
        holiday = Holiday(date(2026, 12, 1), "Libur", HolidayKind.NATIONAL, "", confirmed=True)
        with pytest.raises(OutsideCalendar):
            days_from((self.NORMAL,), (holiday,), date(2026, 12, 1), date(2026, 12, 1))

    def test_a_span_is_written_with_dots(self) -> None:
        assert parse_span("07.30-16.00") == (time(7, 30), time(16))
        assert parse_span(" 07.30 – 16.00 ") == (time(7, 30), time(16))

    @pytest.mark.parametrize("text", ["07:30-16:00", "7.30-16.00", "07.30", "", "25.00-26.00"])
    def test_anything_else_is_no_span(self, text: str) -> None:
        with pytest.raises(ValueError):
            parse_span(text)

    def test_a_span_does_not_run_backwards(self) -> None:
        with pytest.raises(ValueError, match="runs backwards"):
            parse_span("16.00-07.30")

    def test_a_misspelt_weekday_in_the_file_is_an_error(self, tmp_path: Path) -> None:
        text = SEED_FILE.read_text(encoding="utf-8").replace("senin =", "senen =", 1)
        file = tmp_path / "calendar.toml"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match="not a weekday: senen"):
            read_calendar(file)
