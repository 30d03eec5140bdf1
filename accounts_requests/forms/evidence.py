"""For which letter a berkas bukti is taken, and for which one a paket bukti of several cases."""

import datetime as dt
from typing import Any

from django import forms

from accounts_requests.evidence_packages import Letter
from accounts_requests.forms.base import NOT_ONES_OWN, DateField, DateInput, SopForm, row
from accounts_requests.forms.register_filters import RegisterFilterForm


class EvidenceForm(SopForm):
    """The request letter that it answers, or nothing."""

    surat = forms.CharField(
        label="Menjawab surat",
        required=False,
        max_length=200,
        help_text="Nomor dan tanggal surat permintaan, misalnya 700/12/Itda tanggal 3 Maret 2026. "
        "Tercatat pada jejak audit dan tertulis di dalam berkas bukti. Boleh kosong.",
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
    )

    def letter(self) -> str:
        """What was typed, in one line."""
        return " ".join(self.cleaned_data["surat"].split())


class LetterForm(SopForm):
    """The letter that a paket bukti answers, as it lies on the desk."""

    number = forms.CharField(
        label="Nomor surat",
        max_length=120,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
        error_messages={"required": "Tuliskan nomor surat."},
    )
    date = DateField(
        label="Tanggal surat",
        error_messages={
            "required": "Isi tanggal surat.",
            "invalid": "Tanggal surat tidak dapat dibaca. Contoh: 12-03-2026.",
        },
    )
    subject = forms.CharField(
        label="Perihal",
        max_length=250,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
        error_messages={"required": "Tuliskan perihal surat."},
    )
    requester = forms.CharField(
        label="Peminta",
        max_length=200,
        help_text="Instansi, atau pejabat dan instansinya, misalnya Inspektur Pembantu Wilayah I.",
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
        error_messages={"required": "Tuliskan siapa yang meminta."},
    )

    def sections(self) -> list[Any]:
        return [row(("number", 8), ("date", 4)), row(("subject", 6), ("requester", 6))]

    def letter(self) -> Letter:
        """The letter, each text in one line, once the form is valid."""
        texts = {
            name: " ".join(self.cleaned_data[name].split())
            for name in ("number", "subject", "requester")
        }
        return Letter(date=self.cleaned_data["date"], **texts)


class ChoiceFilterForm(RegisterFilterForm):
    """Which cases may go into a paket bukti: the register's filters, and when they came in."""

    dari = DateField(label="Diterima sejak", required=False, widget=DateInput)
    sampai = DateField(label="sampai dengan", required=False, widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("dari", "sampai"):
            self.fields[name].widget.attrs["class"] = "form-control"

    def days(self) -> tuple[dt.date | None, dt.date | None]:
        """The days between which the cases came in, as far as they were understood."""
        self.is_valid()
        return self.cleaned_data.get("dari"), self.cleaned_data.get("sampai")
