"""What Pengelola Aplikasi types about the calendar: a holiday, a week of hours, a pasted table."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts_requests import calendar_typing, words
from accounts_requests.calendar_changes import KIND_WORDS, hours_in_words
from accounts_requests.calendar_keeping import SHORTEST_REASON
from accounts_requests.forms.base import (
    NOT_ONES_OWN,
    DateField,
    LongText,
    Noted,
    SopForm,
    row,
    section,
)
from accounts_requests.office_days import (
    WEEKDAYS,
    Holiday,
    HolidayKind,
    HoursKind,
    HoursTable,
    Span,
)
from accounts_requests.office_rules import check_period

_CONFIRMED_HELP = (
    "Sudah ada ketetapannya. Tanpa tanda ini, tenggat yang menyentuhnya disebut perkiraan."
)
_LONGEST_LEGAL_BASIS = 250


def _text(label: str, max_length: int, help_text: str = "", **kwargs: Any) -> forms.CharField:
    kwargs.setdefault("error_messages", {"required": f"{label} wajib diisi."})
    return forms.CharField(
        label=label,
        max_length=max_length,
        help_text=help_text,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
        **kwargs,
    )


class HolidayForm(SopForm):
    """One day on which the office is closed. ``holiday()`` is it once the form is valid."""

    date = DateField(label="Tanggal", error_messages={"required": "Tanggal wajib diisi."})
    name = _text("Nama", 200)
    kind = forms.ChoiceField(
        label="Jenis",
        choices=[(kind.value, kind.value.capitalize()) for kind in HolidayKind],
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih jenis hari liburnya."},
    )
    legal_basis = _text(
        "Dasar hukum", _LONGEST_LEGAL_BASIS, "Nomor keputusan atau surat edaran.", required=False
    )
    confirmed = forms.BooleanField(label="Dipastikan", required=False, help_text=_CONFIRMED_HELP)

    @staticmethod
    def initial_of(holiday: Holiday) -> dict[str, Any]:
        """The fields as they stand for ``holiday``."""
        return {
            "date": holiday.date,
            "name": holiday.name,
            "kind": holiday.kind.value,
            "legal_basis": holiday.legal_basis,
            "confirmed": holiday.confirmed,
        }

    def sections(self) -> Sequence[Any]:
        return [
            row(("date", 5), ("name", 7)),
            Noted("kind"),
            Noted("legal_basis"),
            Noted("confirmed"),
        ]

    def holiday(self) -> Holiday:
        """What was typed."""
        data = self.cleaned_data
        return Holiday(
            date=data["date"],
            name=data["name"],
            kind=HolidayKind(data["kind"]),
            legal_basis=data["legal_basis"],
            confirmed=data["confirmed"],
        )


class HoursOfDayField(forms.CharField):
    """The open stretches of a weekday; the cleaned value is a tuple of spans."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("required", False)
        attributes = {**NOT_ONES_OWN, "placeholder": "tutup"}
        super().__init__(widget=forms.TextInput(attrs=attributes), **kwargs)

    def clean(self, value: Any) -> tuple[Span, ...]:
        try:
            return calendar_typing.parse_hours(super().clean(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error


class HoursForm(SopForm):
    """A table of office hours. ``table()`` is it once the form is valid."""

    name = _text("Nama", 120)
    kind = forms.ChoiceField(
        label="Jenis",
        choices=[(kind.value, text.capitalize()) for kind, text in KIND_WORDS.items()],
        help_text="Pada hari yang sama tabel khusus didahulukan dari Ramadan, dan Ramadan dari "
        "biasa.",
    )
    valid_from = DateField(
        label="Berlaku sejak", error_messages={"required": "Berlaku sejak wajib diisi."}
    )
    valid_until = DateField(
        label="Berlaku sampai dengan",
        error_messages={"required": "Berlaku sampai dengan wajib diisi."},
    )
    ends_running = forms.BooleanField(
        label="Akhiri tabel sejenis yang sedang berjalan",
        required=False,
        help_text="Tabel sejenis yang berlaku pada tanggal mulai tabel ini berakhir sehari "
        "sebelumnya.",
    )
    legal_basis = _text("Dasar hukum", _LONGEST_LEGAL_BASIS, required=False)
    confirmed = forms.BooleanField(label="Dipastikan", required=False, help_text=_CONFIRMED_HELP)
    note = LongText(label="Catatan", required=False, rows=2, max_length=2000)

    def __init__(self, data: Any = None, *, is_new: bool, **kwargs: Any) -> None:
        self._is_new = is_new
        super().__init__(data, **kwargs)
        if not is_new:
            del self.fields["ends_running"]
        for key, label in zip(WEEKDAYS, words.WEEKDAYS, strict=True):
            self.fields[key] = HoursOfDayField(label=label)
        self.fields[WEEKDAYS[0]].help_text = (
            "Misalnya 07.30-16.00, atau 07.30-12.00, 13.00-16.00 bila ada istirahat yang "
            "dikurangkan. Kosong berarti tutup."
        )
        self.arrange()

    @staticmethod
    def initial_of(table: HoursTable) -> dict[str, Any]:
        """The fields as they stand for ``table``."""
        return {
            "name": table.name,
            "kind": table.kind.value,
            "valid_from": table.valid_from,
            "valid_until": table.valid_until,
            "legal_basis": table.legal_basis,
            "confirmed": table.confirmed,
            "note": table.note,
            **{
                key: hours_in_words(spans) if spans else ""
                for key, spans in zip(WEEKDAYS, table.week, strict=True)
            },
        }

    def sections(self) -> Sequence[Any]:
        if WEEKDAYS[0] not in self.fields:
            return []  # arranged again once the weekdays are there
        return [
            section(
                "Tabel",
                row(("name", 8), ("kind", 4)),
                row(("valid_from", 6), ("valid_until", 6)),
                *([Noted("ends_running")] if self._is_new else []),
            ),
            section("Jam buka", *(Noted(key) for key in WEEKDAYS)),
            section("Ketetapan", Noted("legal_basis"), Noted("confirmed"), Noted("note")),
        ]

    def clean(self) -> dict[str, Any]:
        """A table may not end before it begins."""
        super().clean()
        data = self.cleaned_data
        self.add_sentences(
            {"valid_until": check_period(data.get("valid_from"), data.get("valid_until"))}
        )
        return data

    def table(self) -> HoursTable:
        """What was typed."""
        data = self.cleaned_data
        return HoursTable(
            name=data["name"],
            kind=HoursKind(data["kind"]),
            valid_from=data["valid_from"],
            valid_until=data["valid_until"],
            legal_basis=data["legal_basis"],
            confirmed=data["confirmed"],
            note=data["note"],
            week=tuple(data[key] for key in WEEKDAYS),
        )


class PasteForm(SopForm):
    """Holidays copied from a spreadsheet. ``rows`` are they once the form is valid."""

    table = LongText(
        label="Tabel hari libur",
        rows=10,
        strip=False,
        error_messages={"required": "Tempelkan dahulu tabelnya."},
        help_text="Kolom: tanggal, nama, jenis (libur nasional, cuti bersama, libur daerah), "
        "dasar hukum, dipastikan (ya atau tidak). Salin dari Excel, atau pisahkan dengan titik "
        "koma. Baris judul boleh ada.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.rows: list[calendar_typing.PastedRow] = []
        super().__init__(*args, **kwargs)

    def clean_table(self) -> str:
        """Read the rows; what is wrong with one of them is said beside it."""
        text: str = self.cleaned_data["table"]
        try:
            self.rows = calendar_typing.read_holidays(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if not self.rows:
            raise ValidationError("Tabel ini tidak memuat satu pun baris hari libur.")
        return text


class ApplyForm(SopForm):
    """Why the calendar changes. ``version`` and ``mark``: the calendar and proposal as shown."""

    reason = LongText(
        label="Alasan",
        rows=3,
        max_length=2000,
        min_length=SHORTEST_REASON,
        error_messages={
            "required": "Alasan wajib diisi.",
            "min_length": "Alasan terlalu singkat. Tuliskan sedikitnya %(limit_value)d karakter "
            "agar dapat dipahami kemudian.",
        },
        help_text="Dibaca oleh semua yang membuka permohonan yang tenggatnya bergeser.",
    )
    legal_basis = _text(
        "Dasar hukum", _LONGEST_LEGAL_BASIS, "Dicatat di belakang alasan.", required=False
    )
    version = forms.CharField(widget=forms.HiddenInput, max_length=16)
    mark = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def sections(self) -> Sequence[Any]:
        return [Noted("reason"), Noted("legal_basis")]  # the page shows its own calendar and draft

    def reason_with_basis(self) -> str:
        """``Cuti bersama tambahan. Dasar hukum: SKB …``."""
        data = self.cleaned_data
        reason: str = data["reason"].strip()
        if not data["legal_basis"]:
            return reason
        return f"{reason.rstrip('.')}. Dasar hukum: {data['legal_basis']}"


def date_from(text: str) -> dt.date | None:
    """A date of an address (``?tanggal=2026-07-07``); None when it is none."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
