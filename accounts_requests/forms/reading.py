"""The draft of a Lembar Penafsiran: one field for each choice that the SOP leaves open."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts_requests.forms.base import (
    NOT_ONES_OWN,
    DateField,
    LongText,
    Noted,
    SopForm,
    section,
)
from accounts_requests.reading_content import OF_ONE_STEP, Norm

_SUBJECTS = (
    ("unit", "Satuan"),
    ("start", "Mulai dihitung"),
    ("basis", "Cakupan"),
)


class WarningsField(forms.CharField):
    """Percents of the limit, typed as ``50, 80, 100``; the cleaned value is a list of numbers."""

    def clean(self, value: Any) -> Any:
        """Read the numbers; whether they may be so is the rules' matter."""
        parts = [part for part in re.split(r"[\s,;%]+", super().clean(value)) if part]
        if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
            raise ValidationError(
                "Tuliskan peringatan sebagai persen batas waktu, misalnya 50, 80, 100."
            )
        return [int(part) for part in parts]


class ReadingForm(SopForm):
    """The choices of ``norms`` as ``content`` makes them, and why they change."""

    reason = LongText(
        label="Alasan",
        rows=3,
        max_length=2000,
        required=False,
        help_text="Mengapa kantor membaca SOP demikian. Wajib ada sebelum disahkan; tercetak pada "
        "lembarnya.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(
        self, data: Any = None, *, content: Mapping[str, Any], norms: Sequence[Norm], **kwargs: Any
    ) -> None:
        self._norms = norms
        kwargs["initial"] = {**_initial(content, norms), **kwargs.get("initial", {})}
        super().__init__(data, **kwargs)
        for norm in norms:
            for name, field in _fields_of(norm):
                self.fields[name] = field
        self.arrange()

    def sections(self) -> Sequence[Any]:
        """A part for each step, then the reason; the page shows ``seen`` itself."""
        if not any(name.startswith("step") for name in self.fields):
            return []  # arranged again once the fields of the steps are there
        parts = [
            section(
                f"Langkah {norm.number}: {norm.name} ({norm.printed})",
                *(Noted(name) for name, _field in _fields_of(norm)),
            )
            for norm in self._norms
            if norm.is_limited
        ]
        return [*parts, section("Dasar", Noted("reason"))]

    def choices(self) -> dict[str, Any]:
        """What was chosen, by the keys of ``reading_content``, once the form is valid."""
        return {name: value for name, value in self.cleaned_data.items() if name.startswith("step")}


class ApproveForm(SopForm):
    """From which day on the sheet counts; ``seen`` is the mark of the draft as shown."""

    in_force_from = DateField(
        label="Berlaku sejak",
        error_messages={"required": "Tanggal berlaku wajib diisi."},
        help_text="Hari ini atau sesudahnya. Permohonan yang sudah dimulai tetap memakai "
        "lembarnya sendiri.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def sections(self) -> Sequence[Any]:
        """The page shows ``seen`` itself."""
        return [Noted("in_force_from")]


def _fields_of(norm: Norm) -> list[tuple[str, forms.Field]]:
    """The choices of one step; what can only be read in one way is no choice."""
    if not norm.is_limited:
        return []
    found: list[tuple[str, forms.Field]] = [
        (name, _choice(subject, [(str(value), str(label)) for value, label in choices.choices]))
        for name, number, subject, choices in OF_ONE_STEP
        if number == norm.number
    ]
    for name, subject in _SUBJECTS:
        possible = getattr(norm, {"unit": "units", "start": "starts", "basis": "bases"}[name])
        if len(possible) > 1:
            choices_of_step = [(str(one.value), str(one.label)) for one in possible]
            found.append((f"step_{norm.number}_{name}", _choice(subject, choices_of_step)))
    warnings = WarningsField(
        label="Peringatan (persen batas waktu)",
        max_length=60,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
        error_messages={"required": "Tuliskan paling sedikit 100 (saat tenggat)."},
        help_text="Urut dari yang terkecil; 100 adalah tenggatnya sendiri.",
    )
    return [*found, (f"step_{norm.number}_warnings", warnings)]


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": f"Pilih {label[0].lower()}{label[1:]}.",
            "invalid_choice": f"Pilih {label[0].lower()}{label[1:]} dari daftar.",
        },
    )


def _initial(content: Mapping[str, Any], norms: Sequence[Norm]) -> dict[str, Any]:
    initial: dict[str, Any] = {name: content[name] for name, *_rest in OF_ONE_STEP}
    for norm in norms:
        read = content["steps"][str(norm.number)]
        for name, _subject in _SUBJECTS:
            initial[f"step_{norm.number}_{name}"] = read[name]
        initial[f"step_{norm.number}_warnings"] = ", ".join(map(str, read["warnings"]))
    return initial
