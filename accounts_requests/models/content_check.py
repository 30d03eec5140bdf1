"""The nightly re-check of stored contents: how far each went, what it found, who has read of it."""

from django.db import models
from django.db.models import Q


class ContentCheck(models.Model):
    """One walk over everything that is stored as bytes with a SHA-256.

    ``place`` and ``after`` say where it goes on: the store (``stored_contents.STORES``) and the
    key of the last item looked at. ``found`` counts the items that were not as they were stored.
    """

    # The night whose check this is, so that many workers do one; None for one started by hand.
    night = models.DateField("malam", null=True, blank=True, unique=True)
    started_at = models.DateTimeField("mulai")
    finished_at = models.DateTimeField("selesai", null=True, blank=True)
    claimed_at = models.DateTimeField("dikerjakan sejak", null=True, blank=True)
    place = models.CharField("bagian", max_length=30, blank=True)
    after = models.PositiveBigIntegerField("sesudah nomor", default=0)
    checked = models.PositiveBigIntegerField("isi yang diperiksa", default=0)
    found = models.PositiveBigIntegerField("isi yang tidak utuh", default=0)

    class Meta:
        verbose_name = "pemeriksaan isi"
        verbose_name_plural = "pemeriksaan isi"
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d}"


class ContentFault(models.Model):
    """A stored content that is not as it was stored, until it is again. Never repaired by itself.

    ``record`` is the store and the key (``document:12``); ``label`` names it without a person.
    """

    class Kind(models.TextChoices):
        DIFFERENT = "different", "Isi berbeda"
        MISSING = "missing", "Isi tidak ada"
        UNREADABLE = "unreadable", "Isi tidak terbaca"

    # None for one that was met when somebody opened the paper.
    check_run = models.ForeignKey(
        ContentCheck,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="faults",
        verbose_name="pemeriksaan",
    )
    record = models.CharField("catatan", max_length=60)
    label = models.CharField("yang rusak", max_length=160)
    kind = models.CharField("kerusakan", max_length=12, choices=Kind.choices)
    expected = models.CharField("SHA-256 saat disimpan", max_length=64)
    met = models.CharField("SHA-256 sekarang", max_length=64, blank=True)
    found_at = models.DateTimeField("ditemukan")
    good_again_at = models.DateTimeField("utuh kembali", null=True, blank=True)

    class Meta:
        verbose_name = "isi yang rusak"
        verbose_name_plural = "isi yang rusak"
        ordering = ["-found_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(good_again_at__isnull=True),
                name="one_open_fault_per_content",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["different", "missing", "unreadable"]),
                name="content_fault_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class ContentFaultSeen(models.Model):
    """That somebody who answers for it has read of a fault."""

    fault = models.ForeignKey(ContentFault, models.PROTECT, related_name="seen")
    person = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="+")
    seen_at = models.DateTimeField("dibaca")

    class Meta:
        verbose_name = "kerusakan yang dibaca"
        verbose_name_plural = "kerusakan yang dibaca"
        ordering = ["seen_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["fault", "person"], name="fault_is_seen_once")
        ]

    def __str__(self) -> str:
        return f"{self.fault_id}"
