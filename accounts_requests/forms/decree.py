"""The data of an SK: a new case's first page, and the draft's while it may be edited."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from accounts_requests import clock, decree_data
from accounts_requests.decree_data import FIELD_TITLES, DecreeData
from accounts_requests.forms.base import (
    NOT_ONES_OWN,
    DateField,
    InstantField,
    LongText,
    Noted,
    SopForm,
    row,
    section,
)
from accounts_requests.models import AccountRequest
from accounts_requests.states import SigningMethod

_ONE_A_LINE = "Satu butir satu baris, tanpa huruf atau nomor; aplikasi yang memberinya."


def _required(name: str) -> dict[str, str]:
    return {"required": f"{FIELD_TITLES[name]} wajib diisi."}


class DecreeForm(SopForm):
    """What an SK says. `decree()` is the data once the form is valid."""

    subject = forms.CharField(
        label=FIELD_TITLES["subject"],
        max_length=400,
        error_messages=_required("subject"),
        widget=forms.Textarea(attrs={**NOT_ONES_OWN, "rows": 2}),
        help_text="Judul SK sesudah kata TENTANG; dicetak dengan huruf besar.",
    )
    received_at = InstantField(
        label=FIELD_TITLES["received_at"],
        error_messages=_required("received_at"),
        help_text="Waktu (WITA) berkas diterima; langkah 1 dihitung sejak waktu ini, kecuali "
        "Lembar Penafsiran menghitungnya sejak berkas lengkap.",
    )
    considerations = LongText(
        label=FIELD_TITLES["considerations"],
        error_messages=_required("considerations"),
        help_text=_ONE_A_LINE,
    )
    legal_bases = LongText(
        label=FIELD_TITLES["legal_bases"],
        rows=6,
        error_messages=_required("legal_bases"),
        help_text=_ONE_A_LINE,
    )
    noted = LongText(label=FIELD_TITLES["noted"], required=False, rows=2, help_text=_ONE_A_LINE)
    valid_from = DateField(label=FIELD_TITLES["valid_from"], required=False)
    valid_until = DateField(
        label=FIELD_TITLES["valid_until"],
        required=False,
        help_text="Masa berlaku akun tidak dapat melewatinya.",
    )
    copies_to = LongText(
        label=FIELD_TITLES["copies_to"], required=False, rows=3, help_text=_ONE_A_LINE
    )
    signing_method = forms.ChoiceField(
        label=FIELD_TITLES["signing_method"],
        choices=SigningMethod.choices,
        widget=forms.RadioSelect,
        error_messages=_required("signing_method"),
        help_text="Dipilih sebelum SK dicetak. Kode QR bukan tanda tangan elektronik "
        "tersertifikasi (PP 71/2019).",
    )
    decree_number = forms.CharField(
        label=FIELD_TITLES["decree_number"],
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
        help_text="Diberikan tata usaha; boleh kosong sampai SK diterbitkan.",
    )
    decree_date = DateField(
        label=FIELD_TITLES["decree_date"],
        required=False,
        help_text="Boleh kosong sampai SK diterbitkan.",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        today: dt.date | None = None,
        request: AccountRequest | None = None,
        **kwargs: Any,
    ) -> None:
        self._today = today or clock.today()
        if request is not None:
            stored = dataclasses.asdict(decree_data.decree_data(request))
            kwargs["initial"] = {**stored, **kwargs.get("initial", {})}
        super().__init__(data, **kwargs)

    def sections(self) -> Sequence[Any]:
        return [
            section("Permohonan", row(("received_at", 6))),
            section(
                "Isi SK",
                *map(Noted, ("subject", "considerations", "legal_bases", "noted")),
                row(("valid_from", 6), ("valid_until", 6)),
                Noted("copies_to"),
            ),
            section(
                "Penetapan",
                Noted("signing_method"),
                row(("decree_number", 8), ("decree_date", 4)),
            ),
        ]

    def clean(self) -> dict[str, Any]:
        """Ask the rules of the SK about what has the right shape."""
        super().clean()
        self.add_sentences(decree_data.check(self.decree(), today=self._today))
        return self.cleaned_data

    def decree(self) -> DecreeData:
        """What was typed, in order."""
        data = self.cleaned_data
        return decree_data.normalise(
            DecreeData(
                subject=data.get("subject", ""),
                considerations=data.get("considerations", ""),
                legal_bases=data.get("legal_bases", ""),
                # Only while its own error of shape is shown does it have no value.
                received_at=data.get("received_at") or clock.now(),
                signing_method=data.get("signing_method", ""),
                noted=data.get("noted", ""),
                copies_to=data.get("copies_to", ""),
                valid_from=data.get("valid_from"),
                valid_until=data.get("valid_until"),
                decree_number=data.get("decree_number", ""),
                decree_date=data.get("decree_date"),
            )
        )
