"""The six-monthly judgement of the SOP's application (PermenPANRB 35/2012), kept as a document."""

import uuid

from django.db import models
from django.db.models import F, Q

from .sop import SopRevision


class Conclusion(models.TextChoices):
    """What the evaluation says of the SOP itself."""

    KEPT = "tetap", "SOP tetap digunakan"
    REVISED = "direvisi", "SOP perlu direvisi"


class Monitoring(models.Model):
    """One judgement of one half year. A correction is a further version; none is ever changed.

    ``rows`` are the lines of the table as they were judged, ``answers`` the questionnaire with its
    questions as they were asked (``monitoring.Judged`` and ``monitoring.Answered``), those of the
    office's version ``questionnaire``. ``pdf`` is the paper, rendered once.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    first = models.DateField("dari")
    last = models.DateField("sampai dengan")
    version = models.PositiveSmallIntegerField("versi", default=1)
    revision = models.ForeignKey(SopRevision, models.PROTECT, related_name="monitorings")
    rows = models.JSONField("penilaian")
    answers = models.JSONField("evaluasi")
    questionnaire = models.PositiveSmallIntegerField("versi kuesioner", default=0)
    verdict = models.CharField("putusan", max_length=10, choices=Conclusion.choices)
    verdict_reason = models.TextField("alasan putusan")
    judged_by = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="+")
    judged_as = models.CharField("sebagai", max_length=120)
    judged_at = models.DateTimeField("dinilai")
    pdf = models.BinaryField("dokumen")
    pages = models.PositiveSmallIntegerField("jumlah halaman")
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        verbose_name = "laporan pemantauan"
        verbose_name_plural = "laporan pemantauan"
        ordering = ["-first", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "last", "version"], name="one_monitoring_per_version"
            ),
            models.CheckConstraint(
                condition=Q(last__gt=F("first")), name="monitoring_period_is_in_order"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=Conclusion.values), name="monitoring_verdict_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} sampai {self.last}, versi {self.version}"
