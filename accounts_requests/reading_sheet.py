"""A Lembar Penafsiran as people read it, for its page, its PDF and the control sheet of a case."""

import datetime as dt
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts_requests import reading_content, words
from accounts_requests.models import Reading
from accounts_requests.reading_content import Norm


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """How one step is counted; ``warnings`` is "" without a limit."""

    number: int
    name: str
    printed: str
    counted: str
    warnings: str


@dataclass(frozen=True, kw_only=True)
class Note:
    """One point that the SOP leaves open, and how the office reads it."""

    letter: str
    subject: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ReadingSheet:
    """The whole sheet. ``standing`` says in a line what it is: in force, to come, draft …"""

    reading: Reading
    standing: str
    kind: str
    steps: Sequence[StepLine]
    notes: Sequence[Note]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One choice in two sheets side by side."""

    step: int
    subject: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        """Is it chosen otherwise?"""
        return self.before != self.after


def sheet_of(
    reading: Reading, norms: Sequence[Norm], *, today: dt.date, in_force: Reading | None
) -> ReadingSheet:
    """``reading`` in words; ``in_force`` is the sheet that holds on the office-zone date ``today``.

    No query: what is needed was read before.
    """
    kind, standing = standing_of(reading, today=today, in_force=in_force)
    return ReadingSheet(
        reading=reading,
        standing=standing,
        kind=kind,
        steps=[
            StepLine(
                number=norm.number,
                name=norm.name,
                printed=norm.printed,
                counted=reading_content.counted_as(reading.content, norm),
                warnings=reading_content.warnings_in_words(
                    reading.content["steps"][str(norm.number)]["warnings"]
                ),
            )
            for norm in norms
        ],
        notes=[
            Note(letter=letter, subject=note["subject"], text=note["text"])
            for letter, note in zip(string.ascii_lowercase, reading.content["notes"], strict=False)
        ],
    )


def standing_of(reading: Reading, *, today: dt.date, in_force: Reading | None) -> tuple[str, str]:
    """What has become of a sheet: the kind of its mark (``_badge.html``), and the words."""
    if reading.state == Reading.State.DRAFT:
        return "waiting", "Konsep, belum disahkan"
    if reading.state == Reading.State.WITHDRAWN:
        return "cancelled", "Ditarik sebelum berlaku"
    since = words.long_date(reading.in_force_from) if reading.in_force_from else "—"
    if in_force is not None and reading.pk == in_force.pk:
        return "open", f"Berlaku sejak {since}"
    if reading.in_force_from is not None and reading.in_force_from > today:
        return "soon", f"Akan berlaku sejak {since}"
    return "done", f"Pernah berlaku sejak {since}"


def side_by_side(
    before: Mapping[str, Any], after: Mapping[str, Any], norms: Sequence[Norm]
) -> list[Pair]:
    """Every choice in two sheets, step by step."""
    former = {choice.key: choice.words for choice in reading_content.choices_of(before, norms)}
    return [
        Pair(
            step=choice.step,
            subject=choice.subject,
            before=former[choice.key],
            after=choice.words,
        )
        for choice in reading_content.choices_of(after, norms)
    ]


def pinned_words(reading: Reading | None) -> str:
    """``Lembar Penafsiran 1, berlaku sejak 28 Februari 2023``; "" for a case without one."""
    if reading is None or reading.in_force_from is None:
        return ""
    return f"{reading}, berlaku sejak {words.long_date(reading.in_force_from)}"
