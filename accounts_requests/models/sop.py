"""The SOP as data: a revision's printed words, its steps, limits and requirements.

Blank cells of the source stay blank here; pages print "—" for them.
"""

import datetime as dt

from django.db import models
from django.db.models import Q

from accounts_requests.limit_terms import LimitBasis, LimitStart, LimitUnit
from accounts_requests.roles import Role


class SopRevision(models.Model):
    """One revision of the SOP.

    ``content`` holds every printed word that is not a step's, and the office's reading, in the
    form of ``data/sop.toml``. A draft has no date; an approved revision is in force from its date
    (in the office's zone) until that of the next. One that was withdrawn never is; it stays on
    record.
    """

    number = models.CharField("nomor SOP", max_length=80)
    revision = models.PositiveSmallIntegerField("revisi", unique=True)
    title = models.CharField("nama SOP", max_length=200)
    content = models.JSONField("isi")
    legal_note = models.TextField("catatan keberlakuan dasar hukum", blank=True)
    in_force_from = models.DateField("berlaku sejak", null=True, blank=True)
    # A revision is drafted, compared with the one in force, and approved by the pengesah.
    is_draft = models.BooleanField("konsep", default=False)
    reason = models.TextField("alasan revisi", blank=True)
    drafted_by = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    drafted_at = models.DateTimeField("disusun", null=True, blank=True)
    approved_by = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField("disahkan", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField("ditarik", null=True, blank=True)
    withdrawal_reason = models.TextField("alasan penarikan", blank=True)

    class Meta:
        verbose_name = "revisi SOP"
        verbose_name_plural = "revisi SOP"
        ordering = ["revision"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_draft=True, in_force_from__isnull=True)
                | Q(is_draft=False, in_force_from__isnull=False),
                name="sop_revision_has_a_date_once_approved",
            ),
            models.UniqueConstraint(
                fields=["in_force_from"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_sop_revision_a_day",
            ),
            models.UniqueConstraint(
                fields=["is_draft"],
                condition=Q(is_draft=True, withdrawn_at__isnull=True),
                name="one_sop_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"SOP {self.number} rev. {self.revision}"

    @classmethod
    def approved(cls) -> "models.QuerySet[SopRevision]":
        """Every revision that is, was or will be in force, the earliest first."""
        return cls.objects.filter(is_draft=False, withdrawn_at__isnull=True).order_by(
            "in_force_from", "revision"
        )

    @classmethod
    def in_force(cls, on: dt.date) -> "SopRevision | None":
        """The revision in force on ``on`` (a date in the office's zone); None before the first."""
        return cls.approved().filter(in_force_from__lte=on).last()


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
