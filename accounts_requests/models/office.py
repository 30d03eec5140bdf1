"""The office: its letterhead, its choices, and who holds which role in it from when to when."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q

from accounts_requests.roles import Capacity, Role
from accounts_requests.states import SigningMethod

from .archive import RetentionTrigger

MARGIN_RANGE = (10, 60)
"""Millimetres, both included: page numbers and feet need 10; beyond 60 it is no margin."""


class OrderDocument(models.TextChoices):
    """Which paper step 2 leaves; the SOP names none, so it is the office's choice."""

    LETTER = "letter", "Surat Perintah"
    MEMO = "memo", "Nota Dinas"
    NONE = "none", "Tanpa dokumen"


class PasswordDelivery(models.TextChoices):
    """How a person gets the SPSE password: by e-mail, as the SOP says, or by a link."""

    MAIL = "mail", "Ditulis di dalam e-mail"
    LINK = "link", "Melalui tautan sekali pakai di dalam e-mail"


class Judge(models.TextChoices):
    """Whose judgement an executor's answers to deviations wait for."""

    KEPALA_LPSE = "kepala_lpse", "Kepala LPSE"
    KEPALA_BIRO = "kepala_biro", "Kepala Biro"
    OUTSIDE = "outside", "Pejabat di luar aplikasi (surat penilaian diunggah)"


class Office(models.Model):
    """One row: the LPSE that uses this installation. Every wording of a paper is its data."""

    # The letterhead, called kop.
    government = models.CharField("pemerintah daerah", max_length=150)
    secretariat = models.CharField("sekretariat", max_length=150, blank=True)
    name = models.CharField("nama biro", max_length=150)
    address = models.CharField("alamat", max_length=250, blank=True)
    phone = models.CharField("telepon", max_length=60, blank=True)
    website = models.CharField("situs", max_length=120, blank=True)
    email = models.EmailField("surel kantor", blank=True)
    emblem = models.BinaryField("lambang (PNG)", blank=True, default=b"")
    city = models.CharField("tempat penetapan", max_length=80)
    lpse_name = models.CharField("nama LPSE", max_length=150)
    unit_name = models.CharField("unit pengolah", max_length=150, blank=True)
    is_demo = models.BooleanField("data contoh", default=False)

    # The target system
    target_name = models.CharField("nama sistem tujuan", max_length=60, default="SPSE 4.x")
    target_url = models.URLField("alamat sistem tujuan")
    target_guide_url = models.URLField("alamat panduan pengguna")

    # The office's choices
    order_document = models.CharField(
        "dokumen perintah",
        max_length=10,
        choices=OrderDocument.choices,
        default=OrderDocument.LETTER,
    )
    default_signing_method = models.CharField(
        "cara penandatanganan",
        max_length=10,
        choices=SigningMethod.choices,
        default=SigningMethod.IN_APP,
    )
    stage_order = models.JSONField("urutan tahap SK", default=list)
    account_kinds = models.JSONField("jenis akun", default=list)
    collects_nik = models.BooleanField("mengumpulkan NIK", default=False)
    user_id_pattern = models.CharField("aturan user id", max_length=80, default=r"[a-z0-9._]{4,30}")
    decree_number_pattern = models.CharField(
        "pola nomor SK",
        max_length=120,
        blank=True,
        default="{klasifikasi}/{nomor}/B.PBJ-II/{tahun}",
    )
    decree_signer_title = models.CharField(
        "jabatan penanda tangan SK", max_length=200, default="KEPALA LPSE"
    )
    decree_signer_on_behalf = models.CharField(
        "atas nama (a.n.)", max_length=200, blank=True, help_text="Kosong bila tidak atas nama."
    )
    decree_names_titles = models.BooleanField("SK menyebut gelar", default=False)
    classification_code = models.CharField("kode klasifikasi", max_length=30, default="000.3.5")
    retention_active_years = models.PositiveSmallIntegerField("retensi aktif (tahun)", default=2)
    retention_inactive_years = models.PositiveSmallIntegerField(
        "retensi inaktif (tahun)", default=3
    )
    retention_trigger = models.CharField(
        "retensi dihitung sejak",
        max_length=12,
        choices=RetentionTrigger.choices,
        default=RetentionTrigger.YEAR_END,
    )
    final_disposition = models.CharField("nasib akhir", max_length=40, default="Permanen")
    security_class = models.CharField("klasifikasi keamanan", max_length=20, default="Terbatas")
    decree_font = models.CharField("huruf SK", max_length=120, default="URW Bookman")
    letter_font = models.CharField("huruf surat", max_length=120, default="Liberation Sans")
    decree_paper = models.CharField("kertas SK", max_length=30, default="215mm 330mm")
    # What other programs fill in on a Konsep that is signed elsewhere (SRIKANDI's defaults).
    placeholder_number = models.CharField(
        "penanda nomor naskah", max_length=60, blank=True, default="${nomor_naskah}"
    )
    placeholder_date = models.CharField(
        "penanda tanggal naskah", max_length=60, blank=True, default="${tanggal_naskah}"
    )
    placeholder_signature = models.CharField(
        "penanda tanda tangan", max_length=60, blank=True, default="${ttd_pengirim}"
    )
    calendar_version = models.CharField("versi kalender", max_length=16, blank=True)
    letter_paper = models.CharField("kertas surat", max_length=30, default="210mm 297mm")
    # What stays white around the text, in millimetres
    decree_margin_top = models.PositiveSmallIntegerField("SK: tepi atas (mm)", default=20)
    decree_margin_right = models.PositiveSmallIntegerField("SK: tepi kanan (mm)", default=20)
    decree_margin_bottom = models.PositiveSmallIntegerField("SK: tepi bawah (mm)", default=22)
    decree_margin_left = models.PositiveSmallIntegerField("SK: tepi kiri (mm)", default=25)
    letter_margin_top = models.PositiveSmallIntegerField("surat: tepi atas (mm)", default=18)
    letter_margin_right = models.PositiveSmallIntegerField("surat: tepi kanan (mm)", default=20)
    letter_margin_bottom = models.PositiveSmallIntegerField("surat: tepi bawah (mm)", default=20)
    letter_margin_left = models.PositiveSmallIntegerField("surat: tepi kiri (mm)", default=25)

    # Who may sign in how, and how long a secret lives
    second_factor_roles = models.JSONField(
        "peran yang wajib memakai faktor kedua", default=list, blank=True
    )
    idle_minutes = models.PositiveSmallIntegerField("batas diam (menit)", default=60)
    session_hours = models.PositiveSmallIntegerField("batas sesi (jam)", default=10)
    allows_both_executor_roles = models.BooleanField(
        "satu orang boleh menjadi Kepala LPSE dan Admin PPE dalam satu permohonan", default=False
    )
    password_delivery = models.CharField(
        "cara menyampaikan password",
        max_length=10,
        choices=PasswordDelivery.choices,
        default=PasswordDelivery.MAIL,
    )
    password_link_hours = models.PositiveSmallIntegerField(
        "masa berlaku tautan password (jam)", default=72
    )
    password_keep_days = models.PositiveSmallIntegerField(
        "password dimusnahkan paling lambat setelah (hari)", default=14
    )

    # Public verification of papers
    verification_since = models.DateField(
        "verifikasi dokumen dibuka untuk umum sejak",
        null=True,
        blank=True,
        help_text="Kosong berarti halaman verifikasi tertutup dan dokumen tidak bercetak kode QR.",
    )
    official_verifier_url = models.URLField(
        "alamat verifikasi tanda tangan elektronik tersertifikasi",
        blank=True,
        default="https://tte.komdigi.go.id/verifyPDF",
        help_text="Ditunjukkan kepada umum untuk SK yang ditandatangani melalui BSrE.",
    )

    # Deviations: who judges whom, and until when they are only recorded
    judge_of_admin_ppe = models.CharField(
        "penilai Admin PPE", max_length=15, choices=Judge.choices, default=Judge.KEPALA_LPSE
    )
    judge_of_kepala_lpse = models.CharField(
        "penilai Kepala LPSE",
        max_length=15,
        choices=Judge.choices[1:],
        default=Judge.KEPALA_BIRO,
    )
    trial_until = models.DateField("masa uji coba sampai dengan", null=True, blank=True)
    missing_scan_is_deviation = models.BooleanField(
        "hasil pindai Formulir yang tidak ada adalah penyimpangan",
        default=False,
        help_text="Bila tidak dipilih, berkas yang diarsipkan tanpa hasil pindai Formulir hanya "
        "diberi catatan.",
    )

    class Meta:
        verbose_name = "kantor"
        verbose_name_plural = "kantor"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="office_is_one_row"),
            models.CheckConstraint(
                condition=Q(
                    idle_minutes__gte=5,
                    session_hours__range=(1, 24),
                    password_link_hours__gte=1,
                    password_keep_days__gte=1,
                ),
                name="office_time_limits_are_sensible",
            ),
            models.CheckConstraint(
                condition=Q(
                    decree_margin_top__range=MARGIN_RANGE,
                    decree_margin_right__range=MARGIN_RANGE,
                    decree_margin_bottom__range=MARGIN_RANGE,
                    decree_margin_left__range=MARGIN_RANGE,
                    letter_margin_top__range=MARGIN_RANGE,
                    letter_margin_right__range=MARGIN_RANGE,
                    letter_margin_bottom__range=MARGIN_RANGE,
                    letter_margin_left__range=MARGIN_RANGE,
                ),
                name="office_margins_are_sensible",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> "Office":
        """The one office. Raises ``Office.DoesNotExist`` before ``manage.py seed`` has run."""
        return cls.objects.get(pk=1)

    def verifies_publicly(self, on: dt.date) -> bool:
        """Has the office opened the public page that checks papers by the day ``on``?"""
        return self.verification_since is not None and self.verification_since <= on


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments, by the day on which they are in force."""

    def in_force(self, on: dt.date) -> "AppointmentQuerySet":
        """Appointments valid on the office-zone date ``on``, both ends included."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on)


class Appointment(models.Model):
    """Who holds which role, in which capacity, between which dates, on which legal basis."""

    person = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, related_name="appointments"
    )
    role = models.CharField("peran", max_length=30, choices=Role.choices)
    capacity = models.CharField(
        "kedudukan", max_length=12, choices=Capacity.choices, default=Capacity.DEFINITIVE
    )
    since = models.DateField("sejak")
    until = models.DateField("sampai dengan", null=True, blank=True)
    legal_basis = models.CharField("dasar hukum", max_length=250, blank=True)
    assignment_letter = models.CharField("nomor surat tugas", max_length=120, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = "penetapan peran"
        verbose_name_plural = "penetapan peran"
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="appointment_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="appointment_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"
