"""A departure from the mutu baku (Peringatan 2 of the SOP): recorded by itself, never erased."""

from django.db import models
from django.db.models import Q

from accounts_requests.states import Aspect

from .account import Account
from .account_request import AccountRequest
from .step_run import Attestation, StepRun


class Deviation(models.Model):
    """One penyimpangan in one of the SOP's three aspects.

    ``norm``, ``actual`` and ``difference`` are the words shown, stored as they were;
    ``late_seconds`` is the lateness in counted seconds (aspect waktu only).
    ``rule`` names the check that found it; ``key`` (rule and object) makes recording idempotent.
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
        "accounts_requests.User", models.PROTECT, related_name="deviations"
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
        ]

    def __str__(self) -> str:
        return f"{self.get_aspect_display()}: {self.actual}"
