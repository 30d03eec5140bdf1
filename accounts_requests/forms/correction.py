"""A ralat: the document that corrects an issued SK, with its number and date."""

from typing import Any

from django import forms

from accounts_requests import clock, uploads
from accounts_requests.forms.base import (
    NOT_ONES_OWN,
    SCAN_TYPES,
    DateField,
    Noted,
    SopForm,
    UploadField,
    row,
)
from accounts_requests.uploads import Upload
from accounts_requests.workflow import DecreeCorrection


class CorrectionForm(SopForm):
    """All of a ralat or nothing of it; `correction()` is the ralat, None when there is none."""

    correction_number = forms.CharField(
        label="Nomor ralat",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
    )
    correction_date = DateField(label="Tanggal ralat", required=False)
    correction_file = UploadField(
        label="Berkas ralat",
        required=False,
        check=uploads.check_scan,
        accept=SCAN_TYPES,
        help_text="Ralat yang sudah ditandatangani: PDF, JPEG, atau PNG.",
    )

    def sections(self) -> list[Any]:
        return [row(("correction_number", 8), ("correction_date", 4)), Noted("correction_file")]

    def clean(self) -> dict[str, Any]:
        """Half a ralat is none: each part asks for the others. Its date is not to come."""
        super().clean()
        given = {name for name in self.fields if self.cleaned_data.get(name)}
        if given:
            for name in self.fields.keys() - given - self.errors.keys():
                label = self.fields[name].label
                self.add_error(name, f"{label} wajib diisi bila SK diralat.")
        dated = self.cleaned_data.get("correction_date")
        if dated is not None and dated > clock.today():
            self.add_error(
                "correction_date", "Tanggal ralat belum tiba. Isi tanggal yang tertulis pada ralat."
            )
        return self.cleaned_data

    def correction(self) -> DecreeCorrection | None:
        """The ralat, once the form is valid."""
        upload: Upload | None = self.cleaned_data["correction_file"]
        if upload is None:
            return None
        return DecreeCorrection(
            number=self.cleaned_data["correction_number"],
            date=self.cleaned_data["correction_date"],
            upload=upload,
        )
