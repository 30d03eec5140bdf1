"""The office's readings of what the SOP leaves open: the Lembar Penafsiran SOP, version by version.

The source of the choices is the SOP's own silence (unit, start, basis and end of each limit).
"""

import datetime as dt

from django.db import models
from django.db.models import Q

from .sop import SopRevision


class Reading(models.Model):
    """One Lembar Penafsiran of one SOP revision; a case keeps the one that it began under.

    ``content`` is what ``reading_content`` checks: for each step amount, unit, start, basis and
    warnings; the start and end of step 1; the end of step 4; and sentences for people.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Konsep"
        APPROVED = "approved", "Disahkan"
        WITHDRAWN = "withdrawn", "Ditarik"

    revision = models.ForeignKey(SopRevision, models.PROTECT, related_name="readings")
    number = models.PositiveSmallIntegerField("nomor", unique=True)
    state = models.CharField("keadaan", max_length=10, choices=State.choices, default=State.DRAFT)
    content = models.JSONField("isi")
    reason = models.TextField("alasan", blank=True)
    in_force_from = models.DateField("berlaku sejak", null=True, blank=True)
    drafted_by = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    drafted_at = models.DateTimeField("disusun")
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
        verbose_name = "lembar penafsiran"
        verbose_name_plural = "lembar penafsiran"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(in_force_from__isnull=False, approved_at__isnull=False),
                name="approved_reading_has_its_dates",
            ),
            models.UniqueConstraint(
                fields=["revision"],
                condition=Q(state="draft"),
                name="one_draft_reading_per_revision",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at__isnull=True)),
                name="withdrawn_reading_has_its_date",
            ),
        ]

    def __str__(self) -> str:
        return f"Lembar Penafsiran {self.number}"

    @classmethod
    def in_force(cls, revision: SopRevision, *, on: dt.date) -> "Reading | None":
        """The approved reading of ``revision`` that is in force on the office-zone date ``on``."""
        approved = cls.objects.filter(
            revision=revision, state=cls.State.APPROVED, in_force_from__lte=on
        )
        return approved.order_by("in_force_from", "number").last()
