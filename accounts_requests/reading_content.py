"""What a Lembar Penafsiran says: its shape, its rules, and its choices in words. Pure.

The SOP's own words (amounts of its limits among them) are never changed by a reading; it chooses
how they are counted: unit, start, basis and warnings of each step, the start and end of step 1,
the end of step 4. ``Reading.content`` holds the choices as this module checks them.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from accounts_requests.limit_terms import (
    LimitBasis,
    LimitStart,
    LimitUnit,
    StepFourEnd,
    StepOneEnd,
    StepOneStart,
)
from accounts_requests.models import SopStep
from accounts_requests.roles import Role

Content = dict[str, Any]

DAYS: Final = (LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS)
MINUTES: Final = (LimitUnit.WORKING_MINUTES, LimitUnit.CLOCK_MINUTES)
DUE: Final = 100
"""The rung of warnings that is the deadline itself."""
MOST_WARNINGS: Final = 5

# The choices that belong to one step as a whole: name, the step, what is chosen, and from what.
OF_ONE_STEP: Final = (
    ("step1_start", 1, "Awal langkah 1", StepOneStart),
    ("step1_end", 1, "Akhir langkah 1", StepOneEnd),
    ("step4_end", 4, "Akhir langkah 4", StepFourEnd),
)
_KEYS: Final = {"steps", "notes", *(name for name, *_rest in OF_ONE_STEP)}
_OF_A_STEP: Final = {"amount", "unit", "start", "basis", "warnings"}


@dataclass(frozen=True, kw_only=True)
class Norm:
    """The SOP's own of one step: its number, name, printed limit, amount (None: N/A) and unit.

    ``is_claimed``: its executor takes it from a queue, so that it can count from then.
    """

    number: int
    name: str
    printed: str
    amount: int | None
    unit: str
    is_claimed: bool

    @property
    def is_limited(self) -> bool:
        """Can the step be late at all?"""
        return self.amount is not None

    @property
    def units(self) -> tuple[LimitUnit, ...]:
        """How the printed word may be read: days stay days, minutes stay minutes."""
        return DAYS if self.unit in DAYS else MINUTES

    @property
    def starts(self) -> tuple[LimitStart, ...]:
        """From when the step can be counted; step 1 has a choice of its own (``step1_start``)."""
        if not (self.is_limited and self.is_claimed):
            return (LimitStart.PREVIOUS_END,)
        return (LimitStart.PREVIOUS_END, LimitStart.CLAIMED, LimitStart.BEGUN)

    @property
    def bases(self) -> tuple[LimitBasis, ...]:
        """For what the limit can be meant; in step 1 the people are not known when it begins."""
        if not (self.is_limited and self.is_claimed):
            return (LimitBasis.CASE,)
        return (LimitBasis.CASE, LimitBasis.PERSON)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One choice in words. ``key`` is its name in forms and errors (``step_3_unit``)."""

    key: str
    step: int
    subject: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A choice that two readings make differently, in words."""

    key: str
    step: int
    subject: str
    before: str
    after: str


def norms_of(steps: Iterable[SopStep]) -> list[Norm]:
    """The SOP's own of these steps, in their order."""
    return [
        Norm(
            number=step.number,
            name=step.short_name,
            printed=step.printed_limit or "—",
            amount=step.limit_amount,
            unit=step.limit_unit,
            is_claimed=step.executor == Role.ADMIN_PPE,
        )
        for step in steps
    ]


def check(content: object, norms: Sequence[Norm]) -> dict[str, list[str]]:
    """What is wrong with ``content`` under the SOP's ``norms``; nothing when it may be used.

    Sentences by the key of the choice ("" for what belongs to none).
    """
    if not isinstance(content, dict) or set(content) != _KEYS:
        return {"": ["Isi lembar penafsiran tidak lengkap. Susun kembali dari yang berlaku."]}
    steps = content["steps"]
    if not isinstance(steps, dict) or set(steps) != {str(norm.number) for norm in norms}:
        return {"": ["Lembar penafsiran harus memuat setiap langkah SOP, dan tidak yang lain."]}
    errors: dict[str, list[str]] = {}
    for norm in norms:
        errors |= _check_step(steps[str(norm.number)], norm)
    for name, _step, subject, choices in OF_ONE_STEP:
        if content[name] not in choices.values:
            errors[name] = [f"Pilih {subject[0].lower()}{subject[1:]}."]
    if not _are_notes(content["notes"]):
        errors.setdefault("", []).append("Setiap penafsiran memerlukan pokok dan kalimatnya.")
    return errors


def choices_of(content: Mapping[str, Any], norms: Sequence[Norm]) -> list[Choice]:
    """Every choice of a checked ``content``, step by step, in words."""
    found = []
    for norm in norms:
        found += [
            Choice(key=name, step=number, subject=subject, words=str(choices(content[name]).label))
            for name, number, subject, choices in OF_ONE_STEP
            if number == norm.number
        ]
        if not norm.is_limited:
            continue
        read = content["steps"][str(norm.number)]
        key = f"step_{norm.number}"
        lines = [("unit", "Satuan", LimitUnit(read["unit"]).label)]
        if norm.is_claimed:
            start = LimitStart(read["start"]).label
            lines += [
                ("start", "Mulai dihitung", start),
                ("basis", "Cakupan", LimitBasis(read["basis"]).label),
            ]
        lines.append(("warnings", "Peringatan", warnings_in_words(read["warnings"])))
        found += [
            Choice(key=f"{key}_{name}", step=norm.number, subject=subject, words=str(words))
            for name, subject, words in lines
        ]
    return found


def compare(
    before: Mapping[str, Any], after: Mapping[str, Any], norms: Sequence[Norm]
) -> list[Difference]:
    """The choices that ``after`` makes otherwise than ``before``, in the order of the steps."""
    former = {choice.key: choice.words for choice in choices_of(before, norms)}
    return [
        Difference(
            key=choice.key,
            step=choice.step,
            subject=choice.subject,
            before=former[choice.key],
            after=choice.words,
        )
        for choice in choices_of(after, norms)
        if former[choice.key] != choice.words
    ]


def chosen(
    content: Mapping[str, Any], choices: Mapping[str, Any], norms: Sequence[Norm]
) -> Content:
    """``content`` with other ``choices`` by their keys, its sentences following them. A copy.

    Amounts and whatever a step has no choice in stay the SOP's.
    """
    new = deepcopy(dict(content))
    for norm in norms:
        read = new["steps"][str(norm.number)]
        read["amount"] = norm.amount
        for name in ("unit", "start", "basis", "warnings"):
            read[name] = choices.get(f"step_{norm.number}_{name}", read[name])
    for name, *_rest in OF_ONE_STEP:
        new[name] = choices.get(name, new[name])
    return new


def start_words(number: int, start: str) -> str:
    """From when step ``number`` is counted: step 1 has no step before it, but a receipt."""
    if start == LimitStart.PREVIOUS_END and number == 1:
        return str(StepOneStart.RECEIVED.label)
    return str(LimitStart(start).label)


def limit_words(
    number: int,
    amount: int | None,
    *,
    unit: str,
    start: str,
    basis: str,
) -> str:
    """How a limit is counted: ``3 hari kerja, sejak permohonan diterima, untuk …``.

    Step 1 has no step before it: it begins with the receipt, or with the file declared complete.
    """
    if amount is None:
        return "tanpa batas waktu"
    since = start_words(number, start).removeprefix("saat ")
    return f"{amount} {LimitUnit(unit).label}, sejak {since}, untuk {LimitBasis(basis).label}"


def counted_as(content: Mapping[str, Any], norm: Norm) -> str:
    """``limit_words`` of one step under ``content``, with its end where that is a choice."""
    read = content["steps"][str(norm.number)]
    from_complete = content["step1_start"] == StepOneStart.COMPLETE
    words = limit_words(
        norm.number,
        norm.amount,
        unit=read["unit"],
        start=LimitStart.COMPLETE if norm.number == 1 and from_complete else read["start"],
        basis=read["basis"],
    )
    ends = {
        1: StepOneEnd(content["step1_end"]).label,
        4: StepFourEnd(content["step4_end"]).label,
    }
    end = ends.get(norm.number)
    return f"{words}, sampai {end}" if end and norm.is_limited else words


def warnings_in_words(warnings: Sequence[int]) -> str:
    """``50 %, 80 %, dan saat tenggat``."""
    said = ["saat tenggat" if percent >= DUE else f"{percent} %" for percent in warnings]
    if len(said) < 3:
        return " dan ".join(said)
    return f"{', '.join(said[:-1])}, dan {said[-1]}"


def _check_step(read: object, norm: Norm) -> dict[str, list[str]]:
    key = f"step_{norm.number}"
    if not isinstance(read, dict) or set(read) != _OF_A_STEP:
        return {"": [f"Penafsiran langkah {norm.number} tidak lengkap."]}
    errors: dict[str, list[str]] = {}
    if read["amount"] != norm.amount:
        sentence = (
            f"Batas waktu langkah {norm.number} ditetapkan oleh SOP ({norm.printed}) dan tidak "
            "diubah oleh penafsiran."
        )
        errors[key] = [sentence]
    named = (
        ("unit", "Satuan", norm.units),
        ("start", "Awal penghitungan", norm.starts),
        ("basis", "Cakupan", norm.bases),
    )
    for name, subject, possible in named:
        if read[name] not in possible:
            said = " atau ".join(str(choice.label) for choice in possible)
            errors[f"{key}_{name}"] = [f"{subject} langkah {norm.number} hanya dapat {said}."]
    if sentence := _check_warnings(read["warnings"], norm):
        errors[f"{key}_warnings"] = [sentence]
    return errors


def _check_warnings(warnings: object, norm: Norm) -> str:
    if not isinstance(warnings, list) or not all(type(percent) is int for percent in warnings):
        return "Tuliskan peringatan sebagai persen batas waktu, misalnya 50, 80, 100."
    if not norm.is_limited:
        return "Langkah tanpa batas waktu tidak diperingatkan." if warnings else ""
    return _check_rungs(warnings)


def _check_rungs(warnings: list[int]) -> str:
    if not all(1 <= percent <= DUE for percent in warnings):
        return "Persen peringatan paling kecil 1 dan paling besar 100."
    if warnings != sorted(set(warnings)):
        return "Urutkan persen peringatan dari yang terkecil, masing-masing satu kali."
    if len(warnings) > MOST_WARNINGS:
        return f"Paling banyak {MOST_WARNINGS} peringatan untuk satu langkah."
    if DUE not in warnings:
        return "Peringatan pada 100 (saat tenggat) wajib ada: atasan diberi tahu saat itu."
    return ""


def _are_notes(notes: object) -> bool:
    return isinstance(notes, list) and all(
        isinstance(note, dict) and note.get("subject") and note.get("text") for note in notes
    )
