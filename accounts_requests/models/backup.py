"""The backups that were made: how old the last good one is, and where the chain stood in it."""

from django.db import models
from django.db.models import Q


class Backup(models.Model):
    """One attempt at a backup. ``error`` is empty for a good one; never a secret in it."""

    started_at = models.DateTimeField("mulai")
    # The night whose backup this is, so that two workers make one; None for one made by hand, and
    # for an attempt that failed and was followed by another.
    night = models.DateField("malam", null=True, blank=True, unique=True)
    finished_at = models.DateTimeField("selesai", null=True, blank=True)
    file_name = models.CharField("nama berkas", max_length=120, blank=True)
    size = models.PositiveBigIntegerField("ukuran (byte)", default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    encrypted = models.BooleanField("terenkripsi", default=False)
    chain_count = models.PositiveBigIntegerField("urutan jejak audit", default=0)
    chain_head = models.CharField("hash jejak audit", max_length=64, blank=True)
    error = models.CharField("galat", max_length=250, blank=True)

    class Meta:
        verbose_name = "cadangan"
        verbose_name_plural = "cadangan"
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | ~Q(error="") | ~Q(sha256=""),
                name="good_backup_has_a_hash",
            )
        ]

    def __str__(self) -> str:
        return self.file_name or f"{self.started_at:%Y-%m-%d}"
