"""A ralat, perubahan or pencabutan of an issued SK: its kind, number, date, and about whom."""

from typing import Any, cast

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
    section,
)
from accounts_requests.forms.reason import reason_field
from accounts_requests.models import AccountRequest
from accounts_requests.states import ABOUT_THE_DECREE, DocumentKind
from accounts_requests.workflow import DecreePaper

WHOLE, SOME = "seluruh", "tertentu"
_EXPLAINED = {
    DocumentKind.DECREE_CORRECTION: "Ralat: membetulkan salah ketik tanpa mengubah maksud SK",
    DocumentKind.DECREE_AMENDMENT: "Perubahan: mengubah isi SK",
    DocumentKind.DECREE_REVOCATION: "Pencabutan: menyatakan SK tidak berlaku lagi",
}


class DecreePaperForm(SopForm):
    """`paper()` is what was given, once the form is valid."""

    kind = forms.ChoiceField(
        label="Jenis dokumen",
        choices=[(kind.value, _EXPLAINED[kind]) for kind in ABOUT_THE_DECREE],
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih jenis dokumen."},
    )
    number = forms.CharField(
        label="Nomor dokumen",
        max_length=80,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
        error_messages={"required": "Nomor dokumen wajib diisi."},
    )
    date = DateField(
        label="Tanggal dokumen", error_messages={"required": "Tanggal dokumen wajib diisi."}
    )
    scope = forms.ChoiceField(
        label="Mengenai",
        choices=[(WHOLE, "Seluruh SK"), (SOME, "Personel tertentu dalam Lampiran")],
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih apakah dokumen ini mengenai seluruh SK."},
    )
    positions = forms.TypedMultipleChoiceField(
        label="Personel",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="Diisi bila dokumen hanya mengenai personel tertentu.",
        error_messages={"invalid_choice": "Personel nomor %(value)s tidak ada dalam Lampiran."},
    )
    file = UploadField(
        label="Berkas dokumen",
        check=uploads.check_scan,
        accept=SCAN_TYPES,
        error_messages={"required": "Unggah dokumen yang sudah ditandatangani."},
        help_text="Dokumen yang sudah ditandatangani: PDF, JPEG, atau PNG. Disimpan apa adanya.",
    )
    reason = reason_field("Alasan")

    def __init__(
        self, data: Any = None, files: Any = None, *, request: AccountRequest, **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        people = request.registrants.order_by("position_in_list")
        positions = cast(forms.TypedMultipleChoiceField, self.fields["positions"])
        positions.choices = [
            (person.position_in_list, f"{person.position_in_list}. {person.titled_name}")
            for person in people
        ]

    def sections(self) -> list[Any]:
        return [
            section("Dokumen", Noted("kind"), row(("number", 8), ("date", 4)), Noted("file")),
            section("Mengenai siapa", Noted("scope"), Noted("positions")),
            Noted("reason"),
        ]

    def clean(self) -> dict[str, Any]:
        """People are named just where the paper is about some of them. Its date is not to come."""
        super().clean()
        scope, positions = self.cleaned_data.get("scope"), self.cleaned_data.get("positions")
        if scope == SOME and not positions and "positions" not in self.errors:
            self.add_error("positions", "Pilih paling sedikit satu personel.")
        if scope == WHOLE and positions:
            self.add_error(
                "positions", "Kosongkan pilihan personel bila dokumen mengenai seluruh SK."
            )
        dated = self.cleaned_data.get("date")
        if dated is not None and dated > clock.today():
            self.add_error(
                "date", "Tanggal dokumen belum tiba. Isi tanggal yang tertulis pada dokumen."
            )
        return self.cleaned_data

    def paper(self) -> DecreePaper:
        """What the form gives, once it is valid."""
        typed = self.cleaned_data
        return DecreePaper(
            kind=DocumentKind(typed["kind"]),
            number=typed["number"],
            date=typed["date"],
            positions=typed["positions"],
            upload=typed["file"],
        )
