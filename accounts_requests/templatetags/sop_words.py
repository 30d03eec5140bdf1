"""Dates, durations and numbers in the words of the office, for templates.

Each filter gives "" for a value that is not there, so that templates need no condition around it.
"""

import datetime as dt

from django import template

from accounts_requests import words
from accounts_requests.identity_numbers import format_nip

register = template.Library()


@register.filter
def instant(at: dt.datetime | None) -> str:
    """``Kamis, 12 Maret 2026, 09.30 WITA``."""
    return words.instant(at) if at else ""


@register.filter
def long_date(on: dt.date | None) -> str:
    """``12 Maret 2026``."""
    return words.long_date(on) if on else ""


@register.filter
def day_and_date(on: dt.date | None) -> str:
    """``Kamis, 12 Maret 2026``."""
    return words.day_and_date(on) if on else ""


@register.filter
def duration(seconds: int | None) -> str:
    """``1 jam 4 menit``."""
    return "" if seconds is None else words.duration(seconds)


@register.filter
def nip(number: str) -> str:
    """A NIP or NI PPPK as papers print it, 8-6-1-3."""
    return format_nip(number) if number else ""
