"""The SOP sheet as people know it: header, identity table, activities with lanes, readings.

Made from a revision's rows for the SOP page and its PDF alike; printed words pass through as they
stand, and a blank stays "" (templates show "—").
"""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts_requests import reading_content, step_limits
from accounts_requests.limit_terms import StepFourEnd, StepOneEnd
from accounts_requests.models import Reading, SopRevision, SopStep
from accounts_requests.roles import EXECUTORS, Role
from accounts_requests.sheet_flow import FlowCell, draw_flow


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell of the identity table; ``items`` is empty where the print is blank."""

    key: str
    label: str
    items: Sequence[str]
    numbered: bool


@dataclass(frozen=True, kw_only=True)
class ReadingNote:
    """One point that the print leaves open, and how the office reads it; ``letter`` marks it."""

    letter: str
    steps: Sequence[int]
    subject: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One activity. ``limit`` is printed, ``limit_reading`` is how the office counts it.

    ``stray`` is a printed word whose meaning is open. The ``*_mark`` are letters of reading notes.
    """

    number: int
    activity: str
    stray: str
    requirements: Sequence[str]
    limit: str
    limit_reading: str
    output: str
    remarks: str
    number_mark: str
    executor_mark: str
    stray_mark: str
    lanes: Sequence[tuple[str, FlowCell]]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The whole sheet. ``header`` and ``table`` are those parts of ``data/sop.toml``."""

    revision: SopRevision
    header: Mapping[str, Any]
    pairs: Sequence[tuple[Cell, Cell | None]]
    table: Mapping[str, Any]
    lanes: Sequence[str]
    rows: Sequence[Row]
    reading_title: str
    reading_intro: str
    notes: Sequence[ReadingNote]


def sheet_of(revision: SopRevision, reading: Reading | None = None) -> Sheet:
    """Read the sheet of ``revision`` as ``reading`` reads it: two queries for any number of steps.

    Without a reading its steps are counted as they stand, and its own notes are shown.
    """
    content = revision.content
    cells = [
        Cell(
            key=cell["key"],
            label=cell["label"],
            items=tuple(cell["items"]),
            numbered=cell["numbered"],
        )
        for cell in content["identity"]
    ]
    steps = list(revision.steps.order_by("number").prefetch_related("requirements"))
    notes = reading.content["notes"] if reading is not None else content["reading"]["note"]
    return Sheet(
        revision=revision,
        header=content["header"],
        pairs=[
            (left, cells[index + 1] if index + 1 < len(cells) else None)
            for index, left in list(enumerate(cells))[::2]
        ],
        table=content["table"],
        lanes=_lanes(steps),
        rows=_rows(steps, content["rows"], notes, reading),
        reading_title=content["reading"]["title"],
        reading_intro=content["reading"]["intro"],
        notes=[
            ReadingNote(
                letter=letter, steps=note["steps"], subject=note["subject"], text=note["text"]
            )
            for letter, note in zip(string.ascii_lowercase, notes, strict=False)
        ],
    )


def limit_reading(step: SopStep, reading: Reading | None = None) -> str:
    """How the office counts the limit: ``3 hari kerja, sejak permohonan diterima, …``.

    Its end is told where the office has chosen another one than the step's own.
    """
    limit = step_limits.read_limit(step, reading)
    said = reading_content.limit_words(
        step.number, limit.amount, unit=limit.unit, start=limit.start, basis=limit.basis
    )
    chosen = reading.content if reading is not None else {}
    ends_sooner = (chosen.get("step1_end"), chosen.get("step4_end")) != (
        StepOneEnd.ENTERED,
        StepFourEnd.ACCEPTED,
    )
    end = step_limits.end_words(step, reading) if ends_sooner else ""
    return f"{said}, sampai {end}" if end and limit.amount is not None else said


def _lanes(steps: Sequence[SopStep]) -> list[str]:
    """The SOP's own two executors first, then whoever else a revision names."""
    others = [Role(step.executor) for step in steps if step.executor not in EXECUTORS]
    return [role.label for role in dict.fromkeys([*EXECUTORS, *others])]


def _rows(
    steps: Sequence[SopStep],
    words: Mapping[str, Mapping[str, Any]],
    notes: Sequence[Mapping[str, Any]],
    reading: Reading | None,
) -> list[Row]:
    lanes = _lanes(steps)
    flow = draw_flow(
        [Role(step.executor).label for step in steps],
        ["plain"] * len(steps),
        lanes,
        finished=True,
    )
    return [
        Row(
            number=step.number,
            activity=step.activity,
            stray=words[str(step.number)]["stray"],
            requirements=[requirement.text for requirement in step.requirements.all()],
            limit=step.printed_limit,
            limit_reading=limit_reading(step, reading),
            output=step.output,
            remarks=step.remarks,
            number_mark=_mark(notes, step.number, "number"),
            executor_mark=_mark(notes, step.number, "executor"),
            stray_mark=_mark(notes, step.number, "stray"),
            lanes=list(zip(lanes, cells, strict=True)),
        )
        for step, cells in zip(steps, flow, strict=True)
    ]


def _mark(notes: Sequence[Mapping[str, Any]], number: int, what: str) -> str:
    """The letter of the note about ``what`` in that row, or ""."""
    for letter, note in zip(string.ascii_lowercase, notes, strict=False):
        if number in note["steps"] and what in note["marks"]:
            return letter
    return ""
