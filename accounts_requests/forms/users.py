"""What Pengelola Aplikasi types about people, and the password that somebody sets by a link."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from accounts_requests import clock
from accounts_requests.appointing import AppointmentData
from accounts_requests.forms.base import NOT_ONES_OWN, DateField, Noted, SopForm, row, section
from accounts_requests.models import Appointment, User
from accounts_requests.roles import Capacity, Role
from accounts_requests.user_keeping import Identity
from accounts_requests.user_register import Filters, UserState

_TEXT = forms.TextInput(attrs=NOT_ONES_OWN)


def _text(
    label: str, field: str, *, required: bool = False, help_text: str = ""
) -> forms.CharField:
    """A line of text as long as the person's row can keep."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=getattr(User._meta.get_field(field), "max_length", None),
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
        help_text=help_text,
        error_messages={"required": f"{label} wajib diisi."},
    )


class UserFilterForm(forms.Form):
    """Search and filters; the field names are those of the page's address."""

    cari = forms.CharField(
        label="Cari",
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "placeholder": "Nama atau NIP"}),
    )
    peran = forms.ChoiceField(
        label="Peran hari ini", required=False, choices=[("", "Semua"), *Role.choices]
    )
    keadaan = forms.ChoiceField(
        label="Keadaan",
        required=False,
        choices=[("", "Semua"), *((state.value, state.value.title()) for state in UserState)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control" if name == "cari" else "form-select"

    def filters(self) -> Filters:
        """The filters that were understood; what does not fit is left out."""
        self.is_valid()
        given = self.cleaned_data
        return Filters(
            text=given.get("cari", "").strip(),
            role=given.get("peran", ""),
            state=given.get("keadaan", ""),
        )


class IdentityForm(SopForm):
    """Who somebody is. `identity()` is the data once the form is valid."""

    title_before = _text("Gelar depan", "title_before")
    full_name = _text("Nama lengkap", "full_name", required=True, help_text="Tanpa gelar.")
    title_after = _text("Gelar belakang", "title_after")
    email = forms.CharField(
        label="Alamat e-mail",
        max_length=254,
        widget=forms.EmailInput(attrs=NOT_ONES_OWN),
        help_text="Pemberitahuan dikirim ke alamat ini.",
        error_messages={"required": "Alamat e-mail wajib diisi."},
    )
    nip = forms.CharField(
        label="NIP atau NI PPPK",
        required=False,
        max_length=30,
        widget=_TEXT,
        help_text="Dicetak pada dokumen; spasi dan titik diabaikan.",
    )
    rank = _text("Pangkat/golongan", "rank")
    position = _text("Jabatan", "position")

    def sections(self) -> Sequence[Any]:
        return [
            row(("title_before", 3), ("full_name", 6), ("title_after", 3)),
            row(("nip", 6), ("email", 6)),
            row(("rank", 6), ("position", 6)),
        ]

    def identity(self) -> Identity:
        """What was typed."""
        given = self.cleaned_data
        return Identity(
            **{name: given[name] for name in Identity.__dataclass_fields__}  # its own names
        )


class AppointmentForm(SopForm):
    """One role, from when to when, on which basis. `appointment()` is it once the form is valid."""

    role = forms.TypedChoiceField(
        label="Peran",
        choices=[("", "Pilih peran"), *Role.choices],
        coerce=Role,
        empty_value=None,
        error_messages={"required": "Peran wajib dipilih."},
    )
    capacity = forms.TypedChoiceField(
        label="Kedudukan",
        choices=Capacity.choices,
        coerce=Capacity,
        initial=Capacity.DEFINITIVE,
        help_text="Plt. dan Plh. dicetak di depan jabatan.",
    )
    since = DateField(label="Sejak", error_messages={"required": "Tanggal mulai wajib diisi."})
    until = DateField(
        label="Sampai dengan",
        required=False,
        help_text="Hari terakhir. Wajib bagi Plt., Plh., dan Inspektorat.",
    )
    legal_basis = forms.CharField(
        label="Dasar hukum",
        required=False,
        max_length=Appointment._meta.get_field("legal_basis").max_length,
        widget=_TEXT,
        help_text="Keputusan atau surat perintahnya. Wajib bagi Plt. dan Plh.",
    )
    assignment_letter = forms.CharField(
        label="Nomor surat tugas",
        required=False,
        max_length=Appointment._meta.get_field("assignment_letter").max_length,
        widget=_TEXT,
        help_text="Wajib bagi Inspektorat.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = clock.today()

    def sections(self) -> Sequence[Any]:
        return _appointment_rows()

    def appointment(self) -> AppointmentData:
        """What was typed."""
        return _appointment_data(self.cleaned_data)


class InviteForm(IdentityForm):
    """A new person: the name to sign in with, who it is, and the first role."""

    username = forms.CharField(
        label="Nama pengguna",
        max_length=40,
        widget=_TEXT,
        help_text="Untuk masuk: huruf kecil, angka, dan . _ - saja. Tidak dapat diubah kemudian.",
        error_messages={"required": "Nama pengguna wajib diisi."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= AppointmentForm().fields
        self.fields["role"].required = self.fields["since"].required = False
        self.fields["role"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", "Ditetapkan kemudian"),
            *Role.choices,
        ]
        self.arrange()

    def sections(self) -> Sequence[Any]:
        if "role" not in self.fields:  # before __init__ has added it
            return []
        return [
            section("Siapa", row(("username", 6)), *super().sections()),
            section("Peran pertama", *_appointment_rows()),
        ]

    def clean(self) -> dict[str, Any]:
        """A role needs a day on which it begins."""
        super().clean()
        if self.cleaned_data.get("role") and not self.cleaned_data.get("since"):
            self.add_sentences({"since": ["Tanggal mulai wajib diisi."]})
        return self.cleaned_data

    def appointment(self) -> AppointmentData | None:
        """The first role; None where it is left for later."""
        return _appointment_data(self.cleaned_data) if self.cleaned_data["role"] else None


class EndForm(SopForm):
    """The last day on which a role is held."""

    until = DateField(
        label="Hari terakhir",
        help_text="Peran masih dipegang pada hari itu.",
        error_messages={"required": "Isi hari terakhir peran ini dipegang."},
    )

    def until_day(self) -> dt.date:
        """What was typed."""
        day: dt.date = self.cleaned_data["until"]
        return day


class NewPasswordForm(SopForm):
    """Twice the password that somebody chooses; its strength is the service's matter."""

    password = forms.CharField(
        label="Password baru",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Sedikitnya 12 karakter; bukan angka saja, bukan password yang lazim, dan tidak "
        "mirip dengan data diri Anda. Beberapa kata yang tidak berhubungan mudah diingat.",
        error_messages={"required": "Password baru wajib diisi."},
    )
    repeated = forms.CharField(
        label="Ulangi password baru",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Ulangi password baru."},
    )

    def sections(self) -> Sequence[Any]:
        return [Noted("password"), Noted("repeated")]

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        super().clean()
        given = self.cleaned_data
        if "password" in given and "repeated" in given and given["password"] != given["repeated"]:
            self.add_sentences({"repeated": ["Kedua password tidak sama. Ketik sekali lagi."]})
        return given


def _appointment_rows() -> list[Any]:
    return [
        row(("role", 6), ("capacity", 6)),
        row(("since", 6), ("until", 6)),
        row(("legal_basis", 6), ("assignment_letter", 6)),
    ]


def _appointment_data(given: dict[str, Any]) -> AppointmentData:
    return AppointmentData(**{name: given[name] for name in AppointmentData.__dataclass_fields__})
