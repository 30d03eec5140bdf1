"""Evidence handed over in answer to one letter: several cases in one package (*paket bukti*).

What was asked for and what was handed over is written once and sealed; what is made in between are
working rows, one a case and one for the whole, each claimed by a worker.
"""

import uuid

from django.db import models
from django.db.models import Q

from .account_request import AccountRequest


class EvidencePackage(models.Model):
    """What was asked for: the letter, who asked, and (``items``) the cases. Never changed.

    ``asked_as`` is how ``asked_by`` was styled then.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    letter_number = models.CharField("nomor surat", max_length=120)
    letter_date = models.DateField("tanggal surat")
    subject = models.CharField("perihal", max_length=250)
    requester = models.CharField("peminta", max_length=200)
    asked_by = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="+")
    asked_as = models.CharField("sebagai", max_length=150)
    asked_at = models.DateTimeField("disusun")

    class Meta:
        verbose_name = "paket bukti"
        verbose_name_plural = "paket bukti"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.letter_number}: {self.subject}"


class EvidenceItem(models.Model):
    """One file that is owed: the bundle of ``request``, or without one the package itself.

    The package's own item (the last ``position``) is due once all others are stored. ``sha256``,
    ``size`` and ``made_at`` are those of the file.
    """

    class State(models.TextChoices):
        OWED = "owed", "Sedang disiapkan"
        STORED = "stored", "Siap"
        FAILED = "failed", "Gagal disiapkan"

    package = models.ForeignKey(EvidencePackage, models.PROTECT, related_name="items")
    request = models.ForeignKey(
        AccountRequest, models.PROTECT, null=True, blank=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField("urutan")
    state = models.CharField("keadaan", max_length=10, choices=State.choices, default=State.OWED)
    attempts = models.PositiveSmallIntegerField("percobaan", default=0)
    next_attempt_at = models.DateTimeField("dicoba lagi", null=True, blank=True)
    claimed_at = models.DateTimeField("dikerjakan sejak", null=True, blank=True)
    last_error = models.CharField("kegagalan terakhir", max_length=250, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    size = models.PositiveBigIntegerField("ukuran (byte)", default=0)
    made_at = models.DateTimeField("dibuat", null=True, blank=True)

    class Meta:
        verbose_name = "isi paket bukti"
        verbose_name_plural = "isi paket bukti"
        ordering = ["package", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["package", "position"], name="evidence_item_has_its_place"
            ),
            models.UniqueConstraint(
                fields=["package", "request"], name="case_once_in_an_evidence_package"
            ),
            models.CheckConstraint(
                condition=~Q(state="stored")
                | (Q(made_at__isnull=False, claimed_at__isnull=True) & ~Q(sha256="")),
                name="stored_evidence_is_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["package", "position"],
                condition=Q(state="owed"),
                name="owed_evidence",
            )
        ]

    def __str__(self) -> str:
        return f"{self.package_id}: {self.position}"


class EvidencePart(models.Model):
    """A stretch of the bytes of a stored item; large files are never in memory as a whole.

    Copies of what is stored elsewhere: taken away when the package is whole, or was kept for long
    enough, and in no backup.
    """

    item = models.ForeignKey(EvidenceItem, models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ["item", "position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "position"], name="evidence_part_has_its_place")
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.position}"


class EvidenceHandOver(models.Model):
    """The package as it was finished: which files with which SHA-256, and that of the whole ZIP.

    ``content`` lists ``{"case", "file", "sha256", "size"}`` in the order of the package. Written
    once.
    """

    package = models.OneToOneField(EvidencePackage, models.PROTECT, related_name="hand_over")
    made_at = models.DateTimeField("selesai disusun")
    file_name = models.CharField("nama berkas", max_length=120)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField("ukuran (byte)")
    content = models.JSONField("isi")

    class Meta:
        verbose_name = "penyerahan bukti"
        verbose_name_plural = "penyerahan bukti"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name
