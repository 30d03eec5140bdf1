"""What happens to a deadline on the way: it is moved with a reason, and it is announced."""

from django.db import models

from .step_run import StepRun


class DeadlineVersion(models.Model):
    """One change of an open run's deadline: from, to, and why. The first deadline has no row."""

    class Cause(models.TextChoices):
        """What moved it."""

        CALENDAR = "calendar", "Perubahan kalender kerja"
        RECEIPT = "receipt", "Perbaikan waktu penerimaan"
        LATE_ENTRY = "late_entry", "Pencatatan susulan"

    step_run = models.ForeignKey(StepRun, models.PROTECT, related_name="deadline_versions")
    number = models.PositiveSmallIntegerField("nomor")
    cause = models.CharField("penyebab", max_length=12, choices=Cause.choices)
    former_due_at = models.DateTimeField("tenggat semula", null=True, blank=True)
    due_at = models.DateTimeField("tenggat", null=True, blank=True)
    due_is_estimate = models.BooleanField("bersandar pada perkiraan", default=False)
    calendar_version = models.CharField("versi kalender", max_length=16)
    reason = models.TextField("alasan")
    at = models.DateTimeField("waktu")
    by = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "versi tenggat"
        verbose_name_plural = "versi tenggat"
        ordering = ["step_run", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["step_run", "number"], name="deadline_version_number_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.step_run} tenggat {self.number}"


class DeadlineWarning(models.Model):
    """One rung of a run's warnings that has fired: the unique row is the claim.

    ``percent`` is the share of the limit (100: the deadline). ``planned_at`` is when it should have
    fired; later than that by more than a sweep or two (``is_late``), the warning says so.
    """

    step_run = models.ForeignKey(StepRun, models.PROTECT, related_name="warnings")
    percent = models.PositiveSmallIntegerField("persen batas waktu")
    planned_at = models.DateTimeField("seharusnya")
    fired_at = models.DateTimeField("diberikan")
    due_at = models.DateTimeField("tenggat saat itu")
    is_late = models.BooleanField("terlambat diberikan", default=False)

    class Meta:
        verbose_name = "peringatan tenggat"
        verbose_name_plural = "peringatan tenggat"
        ordering = ["fired_at", "percent"]
        constraints = [
            models.UniqueConstraint(
                fields=["step_run", "percent"], name="one_warning_per_run_and_rung"
            )
        ]

    def __str__(self) -> str:
        return f"{self.step_run}: {self.percent} %"
