"""The office: its letterhead, its choices. One row, changed and never added or deleted."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts_requests.documents.paper import SIDES, Paper, office_context
from accounts_requests.forms.base import UploadField
from accounts_requests.models import FinalDisposition, Office, SecurityClass
from accounts_requests.office_rules import (
    STAGE_ORDERS,
    check_emblem,
    check_margins,
    check_number_pattern,
    check_password_times,
    check_session_limits,
    check_user_id_pattern,
)
from accounts_requests.roles import Role
from accounts_requests.states import AccountKind
from accounts_requests.uploads import Upload

from .site import KeeperAdmin, KeeperForm, site

_JOIN = ","


class OfficeForm(KeeperForm):
    """The office's data, with the emblem as a file and the lists as choices."""

    account_kinds = forms.MultipleChoiceField(
        label="Jenis akun yang dilayani",
        choices=AccountKind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Pilih sedikitnya satu jenis akun."},
        help_text="Judul SOP mencakup Verifikator, Helpdesk, dan Admin Agency.",
    )
    stage_order = forms.ChoiceField(
        label="Urutan tahap SK",
        choices=[
            (_JOIN.join(order), " → ".join(str(stage.label) for stage in order))
            for order in STAGE_ORDERS
        ],
    )
    second_factor_roles = forms.MultipleChoiceField(
        label="Peran yang wajib memakai faktor kedua",
        required=False,
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Yang memegang peran ini dan belum memasangnya diminta memasang saat masuk, dan "
        "belum dapat membuka halaman lain.",
    )
    final_disposition = forms.ChoiceField(
        label="Nasib akhir", choices=[(one.label, one.label) for one in FinalDisposition]
    )
    security_class = forms.ChoiceField(
        label="Klasifikasi keamanan", choices=[(one.label, one.label) for one in SecurityClass]
    )
    emblem_file = UploadField(
        label="Lambang",
        required=False,
        check=check_emblem,
        accept="image/png",
        help_text="PNG untuk kop surat; kosong berarti lambang yang ada tetap dipakai.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["stage_order"] = _JOIN.join(self.instance.stage_order)

    def clean_stage_order(self) -> list[str]:
        """The order as the row keeps it."""
        return str(self.cleaned_data["stage_order"]).split(_JOIN)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.add_sentences(
            {
                "user_id_pattern": check_user_id_pattern(data.get("user_id_pattern", "")),
                "decree_number_pattern": check_number_pattern(
                    data.get("decree_number_pattern", "")
                ),
            }
        )
        self.add_sentences(
            check_password_times(data.get("password_link_hours"), data.get("password_keep_days"))
        )
        self.add_sentences(
            check_session_limits(data.get("idle_minutes"), data.get("session_hours"))
        )
        for genre in ("decree", "letter"):
            self._check_sheet(genre, data)
        return data

    def _check_sheet(self, genre: str, data: dict[str, Any]) -> None:
        """The paper of a genre, and the margins on it."""
        name, size = f"{genre}_paper", None
        try:
            paper: Paper = office_context(Office(**{name: data.get(name, "")}))[name]
            size = (paper.width, paper.height)
        except ValueError as error:
            self.add_sentences({name: [f"{error}."]})
        sides = {side: data.get(f"{genre}_margin_{side}") for side in SIDES}
        self.add_sentences(check_margins(genre, size, sides))


@admin.register(Office, site=site)
class OfficeAdmin(KeeperAdmin):
    """The one office of this installation."""

    form = OfficeForm
    readonly_fields = ("calendar_version",)
    fieldsets = (
        (
            "Kop surat",
            {
                "fields": (
                    "government",
                    "secretariat",
                    "name",
                    "address",
                    ("phone", "website", "email"),
                    "emblem_file",
                )
            },
        ),
        ("LPSE", {"fields": ("lpse_name", "unit_name", "city", "is_demo")}),
        ("Sistem tujuan", {"fields": ("target_name", "target_url", "target_guide_url")}),
        (
            "Pilihan kantor",
            {
                "fields": (
                    "account_kinds",
                    "collects_nik",
                    "user_id_pattern",
                    "stage_order",
                    "default_signing_method",
                    "order_document",
                    "allows_both_executor_roles",
                )
            },
        ),
        (
            "SK dan surat",
            {
                "fields": (
                    "decree_number_pattern",
                    "decree_signer_title",
                    "decree_signer_on_behalf",
                    "decree_names_titles",
                    ("decree_font", "decree_paper"),
                    ("letter_font", "letter_paper"),
                )
            },
        ),
        (
            "Tepi kertas",
            {
                "description": "Ruang kosong di sekeliling naskah, dalam milimeter, antara 10 dan "
                "60. Surat ialah Surat Perintah dan Nota Dinas. Formulir dan lembar lainnya "
                "memakai tepinya sendiri; bila tepi kiri surat dilebarkan melebihi 25 mm karena "
                "berkas dijilid, lembar itu ikut dilebarkan sebanyak kelebihannya: yang tegak pada "
                "tepi kiri, yang melintang pada tepi atas. Lampiran SK mengikuti tepi kiri SK "
                "dengan cara yang sama. Dokumen yang sudah dibuat tidak berubah.",
                "fields": tuple(
                    tuple(f"{genre}_margin_{side}" for side in SIDES)
                    for genre in ("decree", "letter")
                ),
            },
        ),
        (
            "Verifikasi dokumen oleh umum",
            {
                "description": "Setelah dibuka, siapa pun dapat memeriksa keaslian SK dan surat "
                "perintah pada alamat /verifikasi/ tanpa masuk; daftar personel tidak pernah "
                "ditampilkan. Kode QR dicetak pada dokumen yang disetujui sejak tanggal itu.",
                "fields": ("verification_since", "official_verifier_url"),
            },
        ),
        (
            "Konsep SK untuk Word dan SRIKANDI",
            {
                "description": "Penanda yang diisi program lain pada Konsep SK yang ditandatangani "
                "di luar aplikasi; kosong berarti titik-titik.",
                "fields": ("placeholder_number", "placeholder_date", "placeholder_signature"),
            },
        ),
        (
            "Arsip",
            {
                "description": "Berlaku bagi berkas yang diarsipkan sesudahnya; data setiap berkas "
                "diubah pada halaman berkasnya.",
                "fields": (
                    "classification_code",
                    "retention_trigger",
                    ("retention_active_years", "retention_inactive_years"),
                    "final_disposition",
                    "security_class",
                ),
            },
        ),
        (
            "Penyimpangan",
            {
                "description": "Siapa menilai pertanggungjawaban siapa. Selama masa uji coba "
                "penyimpangan dicatat dan tidak dinilai; yang sudah tercatat tidak berubah.",
                "fields": (
                    ("judge_of_admin_ppe", "judge_of_kepala_lpse"),
                    "trial_until",
                    "missing_scan_is_deviation",
                ),
            },
        ),
        (
            "Password SPSE",
            {
                "description": "Cara menyampaikan berlaku untuk pesan yang diantrekan sesudahnya. "
                "SOP menyebut user id dan password di dalam e-mail; tautan sekali pakai adalah "
                "pilihan kantor.",
                "fields": ("password_delivery", "password_link_hours", "password_keep_days"),
            },
        ),
        (
            "Masuk ke aplikasi",
            {
                "description": "Berlaku dalam semenit, juga bagi yang sedang masuk.",
                "fields": ("second_factor_roles", ("idle_minutes", "session_hours")),
            },
        ),
        ("Kalender kerja", {"fields": ("calendar_version",)}),
    )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one office: its page stands for the list."""
        office = Office.objects.first()
        if office is None:
            return super().changelist_view(request, extra_context)
        return HttpResponseRedirect(
            reverse("admin:accounts_requests_office_change", args=[office.pk])
        )

    def save_model(self, request: HttpRequest, obj: Office, form: Any, change: Any) -> None:
        """Save, with the new emblem where one was sent."""
        emblem: Upload | None = form.cleaned_data["emblem_file"]
        if emblem is not None:
            obj.emblem = emblem.data
        super().save_model(request, obj, form, change)
