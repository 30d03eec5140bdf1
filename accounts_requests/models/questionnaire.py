"""The office's evaluation questionnaire (PermenPANRB 35/2012), by version."""

from django.db import models
from django.db.models import Q


class Questionnaire(models.Model):
    """One version: the questions in their order. A draft until it is taken into use, then fixed.

    ``number`` counts from 1; version 0 is the State's own list (``data/monitoring.toml``).
    """

    number = models.PositiveSmallIntegerField("versi", unique=True)
    questions = models.JSONField("pertanyaan")
    drafted_by = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("diubah")
    reason = models.CharField("alasan perubahan", max_length=250, blank=True)
    adopted_by = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    adopted_at = models.DateTimeField("diberlakukan", null=True, blank=True)

    class Meta:
        verbose_name = "kuesioner evaluasi"
        verbose_name_plural = "kuesioner evaluasi"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(adopted_at__isnull=True),
                name="one_draft_of_the_questionnaire",
            ),
            models.CheckConstraint(
                condition=Q(adopted_at__isnull=True, adopted_by__isnull=True)
                | (Q(adopted_at__isnull=False, adopted_by__isnull=False) & ~Q(reason="")),
                name="adopted_questionnaire_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"Kuesioner versi {self.number}"


class MonitoringDraft(models.Model):
    """What one judge has typed of the judgement of one half year and not kept yet.

    ``typed`` holds the form's fields as they were sent, whatever is missing of them;
    ``questionnaire`` is the version whose questions they answer. Nobody else's business, and gone
    once the judgement is kept.
    """

    judge = models.ForeignKey(
        "accounts_requests.User", models.CASCADE, related_name="monitoring_drafts"
    )
    first = models.DateField()
    questionnaire = models.PositiveSmallIntegerField()
    typed = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["judge", "first"], name="one_monitoring_draft_each")
        ]

    def __str__(self) -> str:
        return f"{self.first}: {self.judge_id}"
