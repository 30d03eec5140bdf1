"""What a proposal changes in the calendar, part by part, in words for people and for the trail."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from accounts_requests import words
from accounts_requests.calendar_proposals import (
    Proposal,
    TableKey,
    by_date,
    by_key,
    day_token,
    table_token,
)
from accounts_requests.office_days import Holiday, HoursKind, HoursTable, OfficeCalendar

Verb = Literal["ditambahkan", "diubah", "dihapus"]

KIND_WORDS: Final = {
    HoursKind.NORMAL: "biasa",
    HoursKind.RAMADAN: "Ramadan",
    HoursKind.SPECIAL: "khusus",
}
# Facts that say by themselves what they are.
_PLAIN: Final = frozenset({"jenis", "kepastian"})


@dataclass(frozen=True, kw_only=True)
class Change:
    """One part of a proposal for people; ``token`` names it when it is taken back.

    ``former`` and ``proposed`` are the values themselves, one of them None where something is
    added or removed.
    """

    token: str
    verb: Verb
    what: str
    detail: str
    former: Holiday | HoursTable | None
    proposed: Holiday | HoursTable | None

    @property
    def sentence(self) -> str:
        """``Hari libur 7 Juli 2026 (Hari jadi) ditambahkan: libur daerah; perkiraan.``"""
        return f"{self.what} {self.verb}{f': {self.detail}' if self.detail else ''}."


def changes_of(proposal: Proposal, calendar: OfficeCalendar) -> list[Change]:
    """What the proposal changes in ``calendar``, tables first, then days in order."""
    tables, days = by_key(calendar), by_date(calendar)
    reduced = proposal.reduced_to_changes_of(calendar)
    found = [
        _change_of_table(key, tables.get(key), value)
        for key, value in sorted(reduced.tables.items(), key=lambda item: (item[0][1], item[0][0]))
    ]
    found += [
        change_of_day(day, days.get(day), value) for day, value in sorted(reduced.holidays.items())
    ]
    return found


def taken_back(proposal: Proposal, token: str) -> Proposal:
    """The proposal without the part of that token; unchanged when it has no such part."""
    return Proposal(
        {day: value for day, value in proposal.holidays.items() if day_token(day) != token},
        {key: value for key, value in proposal.tables.items() if table_token(key) != token},
    )


def change_of_day(day: dt.date, former: Holiday | None, proposed: Holiday | None) -> Change:
    """What happens to one day; None where there is no holiday."""
    named = proposed or former
    name = named.name if named else ""
    return Change(
        token=day_token(day),
        verb=_verb(former, proposed),
        what=f"Hari libur {words.long_date(day)} ({name})",
        detail=_difference(_facts_of_day(former), _facts_of_day(proposed)),
        former=former,
        proposed=proposed,
    )


def _change_of_table(
    key: TableKey, former: HoursTable | None, proposed: HoursTable | None
) -> Change:
    named = proposed or former
    name = named.name if named else ""
    return Change(
        token=table_token(key),
        verb=_verb(former, proposed),
        what=f"Tabel jam kerja “{name}” yang berlaku sejak {words.long_date(key[1])}",
        detail=_difference(_facts_of_table(former), _facts_of_table(proposed)),
        former=former,
        proposed=proposed,
    )


def _verb(former: object, proposed: object) -> Verb:
    if former is None:
        return "ditambahkan"
    return "dihapus" if proposed is None else "diubah"


def _difference(former: dict[str, str], proposed: dict[str, str]) -> str:
    """What is said of a part: everything when it is new, what differs when it changes."""
    if not proposed:
        return ""
    if not former:
        return "; ".join(
            value if name in _PLAIN else f"{name} {value}"
            for name, value in proposed.items()
            if value and name != "nama"
        )
    return "; ".join(
        f"{name} “{former[name] or '—'}” menjadi “{value or '—'}”"
        for name, value in proposed.items()
        if former[name] != value
    )


def _facts_of_day(holiday: Holiday | None) -> dict[str, str]:
    if holiday is None:
        return {}
    return {
        "nama": holiday.name,
        "jenis": holiday.kind.value,
        "dasar hukum": holiday.legal_basis,
        "kepastian": certainty(holiday.confirmed),
    }


def _facts_of_table(table: HoursTable | None) -> dict[str, str]:
    if table is None:
        return {}
    return {
        "nama": table.name,
        "jenis": f"jam kerja {KIND_WORDS[table.kind]}",
        "berlaku sampai": words.long_date(table.valid_until),
        **{
            day: hours_in_words(spans)
            for day, spans in zip(words.WEEKDAYS, table.week, strict=True)
        },
        "dasar hukum": table.legal_basis,
        "kepastian": certainty(table.confirmed),
        "catatan": table.note,
    }


def certainty(confirmed: bool) -> str:  # noqa: FBT001  the mark's own value
    """``dipastikan`` or ``perkiraan``."""
    return "dipastikan" if confirmed else "perkiraan"


def hours_in_words(spans: Iterable[tuple[dt.time, dt.time]]) -> str:
    """``07.30–12.00, 13.00–16.00``; ``tutup`` without hours."""
    return ", ".join(f"{opens:%H.%M}–{closes:%H.%M}" for opens, closes in spans) or "tutup"
