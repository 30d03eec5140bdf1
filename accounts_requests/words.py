"""How durations and instants are said in Bahasa Indonesia, in one place."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings

ZONE = ZoneInfo(settings.TIME_ZONE)
ZONE_NAME = "WITA"

WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)

MINUTE = 60
HOUR = 60 * MINUTE


def duration(seconds: int) -> str:
    """``1 jam 4 menit``; below a minute ``kurang dari 1 menit``. Hours are hours of the clock."""
    if seconds < MINUTE:
        return "kurang dari 1 menit"
    hours, minutes = divmod(seconds // MINUTE, 60)
    parts = [f"{hours} jam"] if hours else []
    if minutes:
        parts.append(f"{minutes} menit")
    return " ".join(parts)


def days_and_duration(days: int, seconds: int) -> str:
    """``2 hari 3 jam``: whole working days and what is left of one."""
    if not days:
        return duration(seconds)
    return f"{days} hari {duration(seconds)}" if seconds >= MINUTE else f"{days} hari"


def grouped(digits: str) -> str:
    """A hash in groups of eight, as people compare it with paper: ``0a1b2c3d 4e5f6071 …``."""
    return " ".join(digits[start : start + 8] for start in range(0, len(digits), 8))


def long_date(on: dt.date) -> str:
    """``12 Maret 2026``, as papers date themselves."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def day_and_date(on: dt.date) -> str:
    """``Kamis, 12 Maret 2026``."""
    return f"{WEEKDAYS[on.weekday()]}, {long_date(on)}"


def instant(at: dt.datetime) -> str:
    """``Kamis, 12 Maret 2026, 09.30 WITA`` for a UTC (or any aware) instant."""
    local = at.astimezone(ZONE)
    return f"{day_and_date(local.date())}, {local:%H.%M} {ZONE_NAME}"


def short_instant(at: dt.datetime, *, now: dt.datetime) -> str:
    """``pukul 09.42 WITA`` today, otherwise with weekday and date before it."""
    local = at.astimezone(ZONE)
    clock = f"pukul {local:%H.%M} {ZONE_NAME}"
    if local.date() == now.astimezone(ZONE).date():
        return clock
    return f"{day_and_date(local.date())}, {clock}"
