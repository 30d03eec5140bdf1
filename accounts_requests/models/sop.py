"""The SOP as data: a revision's printed words, its steps, limits and requirements.

Blank cells of the source stay blank here; pages print "—" for them.
"""

from django.db import models
from django.db.models import Q

from accounts_requests.roles import Role
from accounts_requests.states import LimitBasis, LimitStart, LimitUnit


class SopRevision(models.Model):
    """One revision of the SOP.

    ``content`` holds every printed word that is not a step's, and the office's reading, in the
    form of ``data/sop.toml``.
    """

    number = models.CharField("nomor SOP", max_length=80)
    revision = models.PositiveSmallIntegerField("revisi", unique=True)
    title = models.CharField("nama SOP", max_length=200)
    content = models.JSONField("isi")
    legal_note = models.TextField("catatan keberlakuan dasar hukum", blank=True)
    in_force_from = models.DateField("berlaku sejak")

    class Meta:
        verbose_name = "revisi SOP"
        verbose_name_plural = "revisi SOP"
        ordering = ["revision"]

    def __str__(self) -> str:
        return f"SOP {self.number} rev. {self.revision}"


class SopStep(models.Model):
    """One activity of the SOP with its mutu baku and the office's reading of its limit.

    ``limit_amount`` is None where the source says N/A. The ``*_interpreted`` marks tell what the
    source leaves open and the office has read into it.
    """

    revision = models.ForeignKey(SopRevision, models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField("nomor")
    printed_number = models.CharField("nomor tercetak", max_length=5, blank=True)
    short_name = models.CharField("nama pendek", max_length=60)
    activity = models.TextField("aktivitas")
    executor = models.CharField("pelaksana", max_length=30, choices=Role.choices)
    executor_interpreted = models.BooleanField("pelaksana ditafsirkan", default=False)
    printed_limit = models.CharField("waktu tercetak", max_length=40, blank=True)
    output = models.TextField("output", blank=True)
    remarks = models.TextField("keterangan", blank=True)
    limit_amount = models.PositiveIntegerField("batas waktu", null=True, blank=True)
    limit_unit = models.CharField(
        "satuan", max_length=20, choices=LimitUnit.choices, default=LimitUnit.WORKING_MINUTES
    )
    limit_start = models.CharField(
        "mulai dihitung", max_length=20, choices=LimitStart.choices, default=LimitStart.PREVIOUS_END
    )
    limit_basis = models.CharField(
        "dasar", max_length=10, choices=LimitBasis.choices, default=LimitBasis.CASE
    )

    class Meta:
        verbose_name = "langkah SOP"
        verbose_name_plural = "langkah SOP"
        ordering = ["revision", "number"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "number"], name="sop_step_number_unique"),
            models.CheckConstraint(
                condition=Q(limit_amount__isnull=True) | Q(limit_amount__gt=0),
                name="sop_step_limit_positive_or_absent",
            ),
        ]

    def __str__(self) -> str:
        return f"Langkah {self.number}: {self.short_name}"


class SopRequirement(models.Model):
    """One kelengkapan of a step: a check that the executor answers for."""

    step = models.ForeignKey(SopStep, models.PROTECT, related_name="requirements")
    position = models.PositiveSmallIntegerField("urutan")
    text = models.TextField("kelengkapan")

    class Meta:
        verbose_name = "kelengkapan"
        verbose_name_plural = "kelengkapan"
        ordering = ["step", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["step", "position"], name="sop_requirement_position_unique"
            )
        ]

    def __str__(self) -> str:
        return self.text
