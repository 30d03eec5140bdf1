"""What one revision of the SOP says, cell by cell: to be shown, typed over, checked and compared.

The machine fixes what is not here: five steps, their executors and their order. A blank cell is
blank on purpose and stays so; only what the SOP cannot do without is asked for.
"""

import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from accounts_requests.limit_terms import LimitUnit
from accounts_requests.models import SopRequirement, SopRevision, SopStep

STEPS: Final = 5
LONGEST_CELL: Final = 4000
LONGEST_LIMIT: Final = 40
MOST_REQUIREMENTS: Final = 12
MOST_LINES: Final = 60
"""Texts of one cell; more would not be a sheet any more, and would take minutes to print."""

MOST_UNITS: Final = 100_000
"""A limit beyond this is a slip of the hand: two hundred working days in minutes."""

ATTESTED_STEPS: Final = frozenset({3, 4, 5})
"""The steps whose executor answers for each kelengkapan when they close."""

# The header's facts by their keys in ``data/sop.toml``, with the longest text of each.
FACTS: Final = {
    "number": 80,
    "name": 200,
    "created": 80,
    "revised": 80,
    "approved": 80,
    "approver_title": 200,
    "approver_name": 200,
    "approver_nip": 40,
}
_NEEDED: Final = ("number", "name")


@dataclass(frozen=True, kw_only=True)
class StepWords:
    """One activity as it is printed, and the limit as it is counted (None: without)."""

    number: int
    printed_number: str
    activity: str
    stray: str
    requirements: tuple[str, ...]
    printed_limit: str
    amount: int | None
    unit: str
    output: str
    remarks: str


@dataclass(frozen=True, kw_only=True)
class SheetWords:
    """Everything beside the activities.

    ``facts`` has the keys of ``FACTS``; ``cells`` are the identity table's, by key, one text an
    item; ``notes`` the texts of the office's reading, in their order.
    """

    letterhead: tuple[str, ...]
    facts: Mapping[str, str]
    cells: Mapping[str, tuple[str, ...]]
    table_title: tuple[str, ...]
    legal_note: str
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RevisionWords:
    """One revision, whole."""

    sheet: SheetWords
    steps: tuple[StepWords, ...]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell for people: where it stands, its label, and its texts (none: blank)."""

    key: str
    where: str
    label: str
    items: tuple[str, ...]


def mark_of(words: RevisionWords | SheetWords | StepWords) -> str:
    """The SHA-256 of every word: two with one mark say the same."""
    text = json.dumps(dataclasses.asdict(words), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def read(revision: SopRevision) -> RevisionWords:
    """What ``revision`` says now. Two queries."""
    content = revision.content
    steps = revision.steps.order_by("number").prefetch_related("requirements")
    return RevisionWords(
        sheet=SheetWords(
            letterhead=tuple(content["header"]["letterhead"]),
            facts={key: content["header"][key] for key in FACTS},
            cells={cell["key"]: tuple(cell["items"]) for cell in content["identity"]},
            table_title=tuple(content["table"]["title"]),
            legal_note=revision.legal_note,
            notes=tuple(note["text"] for note in content["reading"]["note"]),
        ),
        steps=tuple(_step_words(step, content["rows"][str(step.number)]) for step in steps),
    )


def write_sheet(revision: SopRevision, words: SheetWords) -> None:
    """Put the words beside the activities into ``revision`` and save it."""
    content = dict(revision.content)
    content["header"] = {**content["header"], **words.facts, "letterhead": list(words.letterhead)}
    content["identity"] = [
        {**cell, "items": list(words.cells[cell["key"]])} for cell in content["identity"]
    ]
    content["table"] = {**content["table"], "title": list(words.table_title)}
    notes = zip(content["reading"]["note"], words.notes, strict=True)
    content["reading"] = {
        **content["reading"],
        "note": [{**note, "text": text} for note, text in notes],
    }
    revision.content = content
    revision.number = words.facts["number"]
    revision.title = words.facts["name"]
    revision.legal_note = words.legal_note
    revision.save(update_fields=["content", "number", "title", "legal_note"])


def write_step(revision: SopRevision, words: StepWords) -> None:
    """Put the words of one activity into its step of ``revision`` and save them."""
    step = revision.steps.get(number=words.number)
    step.printed_number = words.printed_number
    step.activity = words.activity
    step.printed_limit = words.printed_limit
    step.limit_amount = words.amount
    step.limit_unit = words.unit
    step.output = words.output
    step.remarks = words.remarks
    step.save()
    step.requirements.all().delete()
    SopRequirement.objects.bulk_create(
        SopRequirement(step=step, position=position, text=text)
        for position, text in enumerate(words.requirements, start=1)
    )
    key = str(words.number)
    rows = revision.content["rows"]
    content = {**revision.content, "rows": {**rows, key: {**rows[key], "stray": words.stray}}}
    revision.content = content
    revision.save(update_fields=["content"])


def check_sheet(words: SheetWords) -> dict[str, list[str]]:
    """Sentences by field; nothing where the words can stand."""
    labels = {"number": "Nomor SOP", "name": "Nama SOP"}
    errors = {key: [f"{labels[key]} wajib diisi."] for key in _NEEDED if not words.facts[key]}
    if not words.table_title:
        errors["table_title"] = ["Judul tabel aktivitas wajib diisi."]
    lists = {"letterhead": words.letterhead, "table_title": words.table_title} | {
        f"cell_{key}": items for key, items in words.cells.items()
    }
    for name, items in lists.items():
        if len(items) > MOST_LINES:
            errors[name] = [f"Paling banyak {MOST_LINES} baris; yang diisikan {len(items)}."]
    for place, text in enumerate(words.notes):
        if not text:
            errors[f"note_{place}"] = [
                "Penafsiran tidak boleh kosong. Bila naskah SOP sudah mengaturnya, tuliskan begitu."
            ]
    return errors


def check_step(words: StepWords) -> dict[str, list[str]]:
    """Sentences by field; nothing where the words can stand."""
    errors: dict[str, list[str]] = {}
    if not words.activity:
        errors["activity"] = ["Aktivitas wajib diisi. Banyaknya langkah tetap lima."]
    if words.amount is not None and not words.printed_limit:
        errors["printed_limit"] = [
            "Batas waktu yang dihitung harus tercetak pada SOP. Tuliskan, misalnya “3 Hari”."
        ]
    if words.amount is not None and not 1 <= words.amount <= MOST_UNITS:
        errors["amount"] = ["Banyaknya tidak wajar. Periksa kembali angka dan satuannya."]
    if words.requirements and words.number not in ATTESTED_STEPS:
        sentence = (
            f"Kelengkapan langkah {words.number} tidak dijawab satu per satu di aplikasi. "
            "Tuliskan pada aktivitas atau keterangannya."
        )
        errors["requirements"] = [sentence]
    elif len(words.requirements) > MOST_REQUIREMENTS:
        errors["requirements"] = [
            f"Paling banyak {MOST_REQUIREMENTS} kelengkapan pada satu langkah."
        ]
    return errors


def doubts_of(words: StepWords) -> list[str]:
    """What looks wrong and may be right, in sentences for whoever approves."""
    printed = [int(number) for number in re.findall(r"\d{1,6}", words.printed_limit)]
    if words.amount is None and printed:
        return [f"Langkah {words.number}: tercetak “{words.printed_limit}”, dihitung tanpa batas."]
    if words.amount is not None and printed and words.amount not in printed:
        return [
            f"Langkah {words.number}: tercetak “{words.printed_limit}”, dihitung {limit_of(words)}."
        ]
    return []


def limit_of(words: StepWords) -> str:
    """How the limit is counted: ``3 hari kerja``, or ``tanpa batas waktu``."""
    if words.amount is None:
        return "tanpa batas waktu"
    return f"{words.amount} {LimitUnit(words.unit).label}"


def cells_of(words: RevisionWords, content: Mapping[str, Any]) -> list[Cell]:
    """Every cell in the order of the print, with the labels of ``content`` (the revision's own)."""
    return [*_sheet_cells(words.sheet, content), *_step_cells(words.steps, content["table"])]


def fact_labels(header: Mapping[str, Any]) -> dict[str, str]:
    """What the print calls each fact of the header."""
    approver = header["approver_label"]
    return {
        **{key: header[f"{key}_label"] for key in ("number", "name", "created", "revised")},
        "approved": header["approved_label"],
        "approver_title": f"{approver}: jabatan",
        "approver_name": f"{approver}: nama",
        "approver_nip": f"{approver}: NIP",
    }


def _sheet_cells(sheet: SheetWords, content: Mapping[str, Any]) -> list[Cell]:
    head, beside = "Kepala lembar", "Penafsiran kantor"
    labels = fact_labels(content["header"])
    found = [Cell(key="letterhead", where=head, label="Kop", items=sheet.letterhead)]
    found += [
        Cell(key=key, where=head, label=labels[key], items=_one(sheet.facts[key])) for key in FACTS
    ]
    found += [
        Cell(
            key=f"cell_{cell['key']}",
            where="Identitas",
            label=cell["label"],
            items=sheet.cells[cell["key"]],
        )
        for cell in content["identity"]
    ]
    found += [
        Cell(
            key="legal_note",
            where="Identitas",
            label="Catatan keberlakuan dasar hukum",
            items=_one(sheet.legal_note),
        ),
        Cell(
            key="table_title",
            where="Tabel aktivitas",
            label="Judul",
            items=sheet.table_title,
        ),
    ]
    notes = zip(content["reading"]["note"], sheet.notes, strict=True)
    return found + [
        Cell(key=f"note_{place}", where=beside, label=note["subject"], items=_one(text))
        for place, (note, text) in enumerate(notes)
    ]


def _step_cells(steps: Sequence[StepWords], table: Mapping[str, Any]) -> list[Cell]:
    found = []
    for step in steps:
        texts = {
            "printed_number": (table["number_label"], _one(step.printed_number)),
            "activity": (table["activity_label"], _one(step.activity)),
            "stray": ("Kata lepas pada aktivitas", _one(step.stray)),
            "requirements": (table["requirements_label"], step.requirements),
            "printed_limit": (table["limit_label"], _one(step.printed_limit)),
            "counted": ("Waktu yang dihitung", (limit_of(step),)),
            "output": (table["output_label"], _one(step.output)),
            "remarks": (table["remarks_label"], _one(step.remarks)),
        }
        found += [
            Cell(
                key=f"step_{step.number}_{name}",
                where=f"Langkah {step.number}",
                label=label,
                items=items,
            )
            for name, (label, items) in texts.items()
        ]
    return found


def _step_words(step: SopStep, row: Mapping[str, Any]) -> StepWords:
    requirements = sorted(step.requirements.all(), key=lambda each: each.position)
    return StepWords(
        number=step.number,
        printed_number=step.printed_number,
        activity=step.activity,
        stray=row["stray"],
        requirements=tuple(each.text for each in requirements),
        printed_limit=step.printed_limit,
        amount=step.limit_amount,
        unit=step.limit_unit,
        output=step.output,
        remarks=step.remarks,
    )


def _one(text: str) -> tuple[str, ...]:
    return (text,) if text else ()
