"""Dates, durations and numbers in the words of the office, for templates.

Each filter gives "" for a value that is not there, so that templates need no condition around it.
"""

import datetime as dt

from django import template

from accounts_requests import clock, password_links, words
from accounts_requests.identity_numbers import format_nip
from accounts_requests.models import Message
from accounts_requests.states import DeviationState

register = template.Library()

_DEVIATION_MARKS = {
    DeviationState.RUNNING: "late",
    DeviationState.UNANSWERED: "deviation",
    DeviationState.RETURNED: "deviation",
    DeviationState.WAITING: "waiting",
    DeviationState.ACCEPTED: "done",
    DeviationState.NO_DEVIATION: "note",
    DeviationState.LIFTED: "note",
    DeviationState.TRIAL: "note",
}


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
def grouped(digits: str) -> str:
    """A hash in groups of eight, as papers print it."""
    return words.grouped(digits)


@register.filter
def duration(seconds: int | None) -> str:
    """``1 jam 4 menit``."""
    return "" if seconds is None else words.duration(seconds)


@register.filter
def link_words(message: Message) -> str:
    """What became of the one-time link that ``message`` carried; "" where it carried none."""
    link = password_links.of_message(message)
    return password_links.words_of(link, clock.now()) if link is not None else ""


@register.filter
def deviation_state(state: str) -> str:
    """``Menunggu penilaian``."""
    return str(DeviationState(state).label)


@register.filter
def deviation_mark(state: str) -> str:
    """The kind of mark (``_badge.html``) of a deviation's state."""
    return _DEVIATION_MARKS[DeviationState(state)]


@register.filter
def nip(number: str) -> str:
    """A NIP or NI PPPK as papers print it, 8-6-1-3."""
    return format_nip(number) if number else ""
