"""Why a calendar cannot be taken into use: sentences for people. Pure; nothing here is read."""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import pairwise

from accounts_requests import words
from accounts_requests.calendar_changes import KIND_WORDS
from accounts_requests.office_days import HoursKind, HoursTable, OfficeCalendar, OutsideCalendar
from accounts_requests.working_time import WorkingTime


def faults_of(calendar: OfficeCalendar) -> list[str]:
    """What is wrong with the calendar in itself: overlaps, or no table at all.

    Days without hours are found when its arithmetic is built (``without_hours``).
    """
    if not calendar.tables:
        return ["Kalender kerja memerlukan sedikitnya satu tabel jam kerja."]
    return [
        *_backwards(calendar.tables),
        *_overlapping_tables(calendar),
        *_overlapping_hours(calendar.tables),
    ]


def without_hours(error: OutsideCalendar) -> str:
    """A day between the tables has no hours."""
    return (
        f"{error} Setiap hari di antara tabel pertama dan tabel terakhir memerlukan jam kerja; "
        "sesuaikan tanggal berlakunya."
    )


def outside(clock: WorkingTime, needed: Iterable[tuple[str, dt.datetime | None]]) -> list[str]:
    """What of ``needed`` (what it is, with its instant) does not lie on the calendar."""
    return [
        f"Kalender kerja tidak memuat {words.long_date(at.astimezone(words.ZONE).date())}, {what}."
        for what, at in needed
        if at is not None and not clock.covers(at)
    ]


def _backwards(tables: Iterable[HoursTable]) -> Iterator[str]:
    for table in tables:
        if table.valid_until < table.valid_from:
            yield f"Tabel “{table.name}” berakhir sebelum mulai. Periksa kedua tanggalnya."


def _overlapping_tables(calendar: OfficeCalendar) -> Iterator[str]:
    for kind in HoursKind:
        tables = sorted(
            (table for table in calendar.tables if table.kind is kind),
            key=lambda table: table.valid_from,
        )
        for one, other in pairwise(tables):
            if other.valid_from <= one.valid_until:
                yield (
                    f"Tabel “{one.name}” dan “{other.name}” sama-sama berjenis {KIND_WORDS[kind]} "
                    f"dan berlaku pada {words.long_date(other.valid_from)}. Akhiri salah satunya "
                    "sebelum yang lain mulai."
                )


def _overlapping_hours(tables: Iterable[HoursTable]) -> Iterator[str]:
    for table in tables:
        for weekday, spans in enumerate(table.week):
            for one, other in pairwise(sorted(spans)):
                if other[0] < one[1]:
                    yield (
                        f"Jam buka hari {words.WEEKDAYS[weekday]} pada tabel “{table.name}” "
                        f"bertumpuk: {one[0]:%H.%M}–{one[1]:%H.%M} dan "
                        f"{other[0]:%H.%M}–{other[1]:%H.%M}."
                    )
