"""The worker's sign of life: shown on pages, so that a dead clock is seen."""

from django.db import models


class WorkerHeartbeat(models.Model):
    """One row per worker name; ``beat_at`` is its last loop, ``swept_at`` its last sweep (UTC)."""

    name = models.CharField("nama", max_length=80, primary_key=True)
    started_at = models.DateTimeField("mulai")
    beat_at = models.DateTimeField("detak terakhir")
    swept_at = models.DateTimeField("pemeriksaan tenggat terakhir", null=True, blank=True)

    class Meta:
        verbose_name = "detak pekerja"
        verbose_name_plural = "detak pekerja"

    def __str__(self) -> str:
        return self.name
