"""What is typed over a draft of the SOP: the sheet beside its activities, and one activity.

The fields follow the revision's own cells and labels. A blank field is a blank cell.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms

from accounts_requests import revision_content
from accounts_requests.forms.base import NOT_ONES_OWN, DateField, LongText, SopForm, row, section
from accounts_requests.forms.reason import reason_field
from accounts_requests.limit_terms import LimitUnit
from accounts_requests.revision_content import (
    FACTS,
    LONGEST_CELL,
    LONGEST_LIMIT,
    MOST_REQUIREMENTS,
    SheetWords,
    StepWords,
)

_ONE_A_LINE: Final = "Satu butir satu baris."
_REQUIREMENT: Final = "requirement_"


def _line(label: str, longest: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=False,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
        **kwargs,
    )


def _text(label: str, rows: int = 3, **kwargs: Any) -> LongText:
    return LongText(label=label, rows=rows, max_length=LONGEST_CELL, required=False, **kwargs)


def _lines_of(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


class SheetForm(SopForm):
    """Everything beside the activities; `words()` is it once the form is valid.

    ``content`` is the revision's, whose labels the fields carry.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, data: Any = None, *, content: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.cell_keys = [cell["key"] for cell in content["identity"]]
        labels = revision_content.fact_labels(content["header"])
        self.fields["letterhead"] = _text("Kop", help_text="Satu baris cetak satu baris.")
        for key, longest in FACTS.items():
            self.fields[key] = _line(labels[key], longest)
        for cell in content["identity"]:
            self.fields[f"cell_{cell['key']}"] = _text(
                cell["label"].capitalize(),
                rows=len(cell["items"]) + 2,
                help_text=_ONE_A_LINE + (" Nomor urut dicetak aplikasi." * cell["numbered"]),
            )
        self.fields["legal_note"] = _text(
            "Catatan keberlakuan dasar hukum", help_text="Ditampilkan di samping naskah SOP."
        )
        self.fields["table_title"] = _text(
            "Judul tabel aktivitas", help_text="Satu baris cetak satu baris."
        )
        self.note_count = len(content["reading"]["note"])
        for place, note in enumerate(content["reading"]["note"]):
            self.fields[f"note_{place}"] = _text(note["subject"], rows=2)
        self.arrange()

    @staticmethod
    def initial_of(words: SheetWords) -> dict[str, Any]:
        """The fields as they stand for ``words``."""
        return {
            "letterhead": "\n".join(words.letterhead),
            **words.facts,
            **{f"cell_{key}": "\n".join(items) for key, items in words.cells.items()},
            "legal_note": words.legal_note,
            "table_title": "\n".join(words.table_title),
            **{f"note_{place}": text for place, text in enumerate(words.notes)},
        }

    def sections(self) -> Sequence[Any]:
        if "letterhead" not in self.fields:  # laid out again once the fields are there
            return []
        return [
            "seen",
            section(
                "Kepala lembar",
                row(("number", 6), ("name", 6)),
                row(("created", 4), ("revised", 4), ("approved", 4)),
                row(("approver_title", 5), ("approver_name", 4), ("approver_nip", 3)),
                "letterhead",
            ),
            section("Identitas", *(f"cell_{key}" for key in self.cell_keys), "legal_note"),
            section("Tabel aktivitas", "table_title"),
            section(
                "Penafsiran kantor (bukan naskah SOP)",
                *(f"note_{place}" for place in range(self.note_count)),
            ),
        ]

    def words(self) -> SheetWords:
        """What was typed."""
        data = self.cleaned_data
        return SheetWords(
            letterhead=_lines_of(data["letterhead"]),
            facts={key: data[key] for key in FACTS},
            cells={key: _lines_of(data[f"cell_{key}"]) for key in self.cell_keys},
            table_title=_lines_of(data["table_title"]),
            legal_note=data["legal_note"].replace("\r\n", "\n"),
            notes=tuple(
                " ".join(data[f"note_{place}"].split()) for place in range(self.note_count)
            ),
        )


class StepForm(SopForm):
    """One activity; `words()` is it once the form is valid.

    ``requirements`` are as many fields as the page shows. ``has_stray``: the print has a stray
    word beside the activity.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    printed_number = _line("Nomor tercetak", 5, help_text="Kosong bila baris tidak bernomor.")
    activity = _text("Aktivitas")
    stray = _line("Kata lepas sesudah aktivitas", 80)
    printed_limit = _line("Waktu tercetak", LONGEST_LIMIT, help_text="Seperti pada naskah.")
    amount = forms.IntegerField(
        label="Banyaknya",
        required=False,
        help_text="Kosong berarti tanpa batas waktu.",
        widget=forms.NumberInput(attrs={**NOT_ONES_OWN, "min": 1, "inputmode": "numeric"}),
        error_messages={"invalid": "Banyaknya diisi dengan angka bulat, misalnya 60."},
    )
    unit = forms.ChoiceField(label="Satuan", choices=LimitUnit.choices)
    output = _text("Output", rows=2)
    remarks = _text("Keterangan", rows=2)

    def __init__(
        self, data: Any = None, *, requirements: int, has_stray: bool, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        if not has_stray:
            del self.fields["stray"]
        for place in range(requirements):
            self.fields[f"{_REQUIREMENT}{place}"] = _text(f"Kelengkapan {place + 1}", rows=2)
        self.arrange()

    @staticmethod
    def initial_of(words: StepWords) -> dict[str, Any]:
        """The fields as they stand for ``words``."""
        return {
            "printed_number": words.printed_number,
            "activity": words.activity,
            "stray": words.stray,
            "printed_limit": words.printed_limit,
            "amount": words.amount,
            "unit": words.unit,
            "output": words.output,
            "remarks": words.remarks,
            **requirement_fields(words.requirements),
        }

    def requirement_rows(self) -> list[Any]:
        """The fields of the requirements, in order."""
        return [self[name] for name in self.fields if name.startswith(_REQUIREMENT)]

    def words(self, number: int) -> StepWords:
        """What was typed of step ``number``; a requirement left blank is none."""
        data = self.cleaned_data
        typed = [data[name] for name in self.fields if name.startswith(_REQUIREMENT)]
        return StepWords(
            number=number,
            printed_number=data["printed_number"],
            activity=_single(data["activity"]),
            stray=data.get("stray", ""),
            requirements=tuple(text for text in map(_single, typed) if text),
            printed_limit=data["printed_limit"],
            amount=data["amount"],
            unit=data["unit"],
            output=_single(data["output"]),
            remarks=_single(data["remarks"]),
        )


def requirement_fields(texts: Sequence[str]) -> dict[str, str]:
    """The texts under the names of their fields."""
    return {f"{_REQUIREMENT}{place}": text for place, text in enumerate(texts)}


def typed_requirements(data: Mapping[str, str]) -> list[str]:
    """The requirements as they were sent, blank ones too; never more than can be kept and one."""
    texts: list[str] = []
    while (name := f"{_REQUIREMENT}{len(texts)}") in data and len(texts) <= MOST_REQUIREMENTS:
        texts.append(data[name])
    return texts


def rearranged(texts: list[str], order: str) -> list[str]:
    """The texts after a press: ``tambah``, ``naik-2``, ``turun-2`` or ``hapus-2`` (from 0).

    Anything else changes nothing.
    """
    verb, _, place = order.partition("-")
    if verb == "tambah":
        return [*texts, ""] if len(texts) < MOST_REQUIREMENTS else texts
    if not place.isdecimal() or len(place) > 3 or int(place) >= len(texts):
        return texts
    here = int(place)
    if verb == "hapus":
        return [*texts[:here], *texts[here + 1 :]]
    there = here + {"naik": -1, "turun": 1}.get(verb, 0)
    moved = list(texts)
    if 0 <= there < len(texts):
        moved[here], moved[there] = moved[there], moved[here]
    return moved


class ApproveForm(SopForm):
    """From when the draft is in force, and why; ``seen`` marks what was read."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    since = DateField(
        label="Berlaku sejak",
        help_text="Hari ini atau sesudahnya; berlaku untuk permohonan yang dibuat sejak hari itu.",
        error_messages={"required": "Tanggal berlaku wajib diisi."},
    )
    reason = reason_field("Alasan revisi")

    def since_date(self) -> dt.date:
        """The day, once the form is valid."""
        since: dt.date = self.cleaned_data["since"]
        return since


def _single(text: str) -> str:
    """A cell is one paragraph, however it was typed."""
    return " ".join(text.split())
