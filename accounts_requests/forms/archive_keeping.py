"""Keeping the archive: the register's filters, a file's data, its moves, *usul musnah*."""

from dataclasses import asdict
from typing import Any, cast

from django import forms

from accounts_requests import archive_register
from accounts_requests.archive_register import Filters
from accounts_requests.archive_rules import LABELS, MOST_YEARS, FileData, MoveData
from accounts_requests.forms.base import NOT_ONES_OWN, DateField, LongText, SopForm, row
from accounts_requests.models import (
    ArchiveMove,
    DestructionDecision,
    Development,
    FinalDisposition,
    Media,
    RetentionTrigger,
    SecurityClass,
)

_LONGEST_TEXT = 2000


class FileFilterForm(forms.Form):
    """Search and filters; the names are those of the address. What does not fit is left out."""

    cari = forms.CharField(
        label="Cari",
        required=False,
        max_length=100,
        widget=forms.TextInput(
            {"type": "search", "placeholder": "Nomor berkas, SK, tentang, lokasi"}
        ),
    )
    tahun = forms.TypedChoiceField(
        label="Tahun pengarsipan", required=False, coerce=int, empty_value=None
    )
    keadaan = forms.ChoiceField(
        label="Keadaan", required=False, choices=[("", "Semua"), *archive_register.STATES]
    )

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year = cast("forms.TypedChoiceField", self.fields["tahun"])
        year.choices = [("", "Semua"), *((each, str(each)) for each in years)]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control" if name == "cari" else "form-select"

    def filters(self) -> Filters:
        """The filters that were understood."""
        self.is_valid()
        given = self.cleaned_data
        return Filters(
            text=given.get("cari", "").strip(),
            year=given.get("tahun"),
            state=given.get("keadaan", ""),
        )


def _text(name: str, longest: int, *, required: bool = False, help_text: str = "") -> Any:
    return forms.CharField(
        label=LABELS[name],
        required=required,
        max_length=longest,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
        help_text=help_text,
        error_messages={"required": f"{LABELS[name]} wajib diisi."},
    )


def _choice(name: str, choices: Any) -> Any:
    return forms.ChoiceField(
        label=LABELS[name],
        choices=choices,
        error_messages={"required": f"Pilih {LABELS[name].lower()}."},
    )


def _years(name: str) -> Any:
    return forms.IntegerField(
        label=f"{LABELS[name]} (tahun)",
        min_value=0,
        max_value=MOST_YEARS,
        error_messages={"required": f"{LABELS[name]} wajib diisi."},
    )


class FileDataForm(SopForm):
    """The *data kearsipan* of one file, and why they change."""

    code = _text("code", 30, required=True)
    security = _choice("security", SecurityClass.choices)
    counts_from = _choice("counts_from", RetentionTrigger.choices)
    active_years = _years("active_years")
    inactive_years = _years("inactive_years")
    disposition = _choice("disposition", FinalDisposition.choices)
    development = _choice("development", Development.choices)
    # Not "media": under that name a form keeps its scripts and styles.
    kept_on = _choice("media", Media.choices)
    amount = _text("amount", 60, help_text="Misalnya “1 map”. Dokumen elektronik dihitung sendiri.")
    location = _text("location", 200, help_text="Ruang atau lemari berkas kertasnya.")
    rack = _text("rack", 30)
    box = _text("box", 30)
    reason = LongText(
        label="Alasan perubahan",
        rows=2,
        max_length=400,
        error_messages={"required": "Tuliskan alasan perubahannya."},
    )

    def sections(self) -> list[Any]:
        """Classification, retention, description, place, reason."""
        return [
            row(("code", 6), ("security", 6)),
            row(("counts_from", 6), ("disposition", 6)),
            row(("active_years", 6), ("inactive_years", 6)),
            row(("development", 6), ("kept_on", 6)),
            row(("amount", 6), ("location", 6)),
            row(("rack", 6), ("box", 6)),
            row(("reason", 12)),
        ]

    def data_given(self) -> FileData:
        """The data, once the form is valid."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "reason"}
        return FileData(media=given.pop("kept_on"), **given)

    @classmethod
    def initial_of(cls, data: FileData) -> dict[str, Any]:
        """What the form shows of ``data``."""
        return asdict(data) | {"kept_on": data.media}


class MoveForm(SopForm):
    """Where a file went, when, and on which minutes."""

    kind = forms.ChoiceField(
        label="Jenis",
        choices=ArchiveMove.Kind.choices,
        error_messages={"required": "Pilih jenis pemindahan."},
    )
    moved_on = DateField(label="Tanggal", error_messages={"required": "Isi tanggalnya."})
    place = forms.CharField(
        label="Tempat tujuan",
        max_length=120,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
        error_messages={"required": "Isi tempat tujuannya."},
    )
    received_by = forms.CharField(
        label="Diterima oleh",
        max_length=150,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
        help_text="Nama atau jabatan yang menerima.",
        error_messages={"required": "Isi nama atau jabatan yang menerima."},
    )
    paper_number = forms.CharField(
        label="Nomor berita acara",
        max_length=80,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
        error_messages={"required": "Isi nomor berita acaranya."},
    )
    note = LongText(label="Catatan", rows=2, required=False, max_length=500)

    def sections(self) -> list[Any]:
        """Kind and day, then place and hands."""
        return [
            row(("kind", 7), ("moved_on", 5)),
            row(("place", 6), ("received_by", 6)),
            row(("paper_number", 12)),
            row(("note", 12)),
        ]

    def data_given(self) -> MoveData:
        """The move, once the form is valid."""
        return MoveData(**self.cleaned_data)


class ProposalForm(SopForm):
    """Why the chosen files may be destroyed, and on which basis."""

    reason = LongText(
        label="Alasan",
        rows=3,
        max_length=_LONGEST_TEXT,
        error_messages={"required": "Tuliskan alasan pemusnahan."},
    )
    legal_basis = LongText(
        label="Dasar hukum",
        rows=3,
        max_length=_LONGEST_TEXT,
        help_text="Satu baris untuk setiap dasar, misalnya Jadwal Retensi Arsip yang berlaku.",
        error_messages={"required": "Tuliskan dasar hukumnya."},
    )


class DecisionForm(SopForm):
    """What the pengesah decides of a proposal."""

    verdict = forms.ChoiceField(
        label="Keputusan",
        choices=DestructionDecision.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih disetujui atau ditolak."},
    )
    minutes_number = forms.CharField(
        label="Nomor berita acara",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
        help_text="Wajib bila disetujui; nomornya dari tata usaha.",
    )
    ground = LongText(
        label="Alasan atau catatan",
        rows=3,
        required=False,
        max_length=_LONGEST_TEXT,
        help_text="Wajib bila ditolak.",
    )
