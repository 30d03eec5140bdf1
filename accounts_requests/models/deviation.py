"""A departure from the mutu baku (Peringatan 2 of the SOP): recorded by itself, never erased."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts_requests.states import Aspect

from .account import Account
from .account_request import AccountRequest
from .step_run import Attestation, StepRun

if TYPE_CHECKING:
    from .lateness import LatenessEnd
    from .user import User

# The rule of a lateness that is recorded while its step still runs.
LIMIT_PASSED = "limit_passed"

# How each rule found it, for people.
FOUND_BY = {
    LIMIT_PASSED: "tenggat terlewati selagi langkah berjalan",
    "late_finish": "penghitungan waktu saat langkah selesai",
    "unmet_requirement": "jawaban kelengkapan oleh pelaksana",
    "data_differ": "hasil akun dibandingkan dengan Formulir",
    "account_missing": "hasil akun saat langkah selesai",
    "message_not_accepted": "jawaban server e-mail",
    "message_came_back": "pesan kembali yang dicatat",
    "handed_over": "pencatatan penyerahan",
    "not_delivered": "pencatatan tidak dapat diserahkan",
    "link_not_opened": "masa tautan berakhir",
    "scans_missing": "isi berkas saat diarsipkan",
}


class Deviation(models.Model):
    """One penyimpangan in one of the SOP's three aspects.

    ``norm``, ``actual`` and ``difference`` are the words shown, stored as they were;
    ``late_seconds`` is the lateness in counted seconds (aspect waktu only).
    ``rule`` names the check that found it; ``key`` (rule and object) makes recording idempotent.
    ``responsible`` is unknown (None) only of a limit that passed while nobody held the step.

    What is true at last is told by ``final_actual`` and its like: of an open lateness that is what
    its end says. Join ``end__responsible`` (``deviation_states.with_state`` does).
    """

    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="deviations")
    step_run = models.ForeignKey(StepRun, models.PROTECT, related_name="deviations")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="deviations"
    )
    attestation = models.ForeignKey(
        Attestation, models.PROTECT, null=True, blank=True, related_name="deviations"
    )
    aspect = models.CharField("aspek", max_length=15, choices=Aspect.choices)
    rule = models.CharField("ditemukan oleh aturan", max_length=40)
    key = models.CharField("kunci", max_length=120, unique=True)
    norm = models.TextField("mutu baku")
    actual = models.TextField("kenyataan")
    difference = models.TextField("selisih", blank=True)
    late_seconds = models.PositiveIntegerField("keterlambatan (detik)", default=0)
    responsible = models.ForeignKey(
        "accounts_requests.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deviations",
    )
    explanation = models.TextField("penjelasan awal pelaksana", blank=True)
    recorded_at = models.DateTimeField("dicatat")
    # The end of the office's trial period as it stood then; NULL outside of one. A fact of that
    # day: a later change of the setting judges nothing anew.
    trial_until = models.DateField("masa uji coba sampai", null=True, blank=True)

    class Meta:
        verbose_name = "penyimpangan"
        verbose_name_plural = "penyimpangan"
        ordering = ["recorded_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(aspect__in=Aspect.values), name="deviation_aspect_is_known"
            ),
            models.CheckConstraint(
                condition=Q(rule=LIMIT_PASSED) | Q(responsible__isnull=False),
                name="deviation_names_its_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_aspect_display()}: {self.actual}"

    @property
    def ending(self) -> "LatenessEnd | None":
        """How this open lateness ended; None while it runs, and of any other deviation."""
        return getattr(self, "end", None)

    @property
    def found_by(self) -> str:
        """How it was found, in words."""
        return FOUND_BY.get(self.rule, self.rule)

    @property
    def final_actual(self) -> str:
        return self.ending.actual if self.ending else self.actual

    @property
    def final_difference(self) -> str:
        return self.ending.difference if self.ending else self.difference

    @property
    def final_late_seconds(self) -> int:
        return self.ending.late_seconds if self.ending else self.late_seconds

    @property
    def answerable(self) -> "User | None":
        """Who answers for it; None while nobody has held the step."""
        return self.ending.responsible if self.ending else self.responsible

    @property
    def answerable_name(self) -> str:
        """The name of whoever answers for it, for pages and papers."""
        return self.answerable.titled_name if self.answerable else "belum ada yang memegang"
