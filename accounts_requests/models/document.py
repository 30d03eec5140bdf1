"""Papers: rendered once, stored as bytes with their SHA-256, never rendered again."""

import uuid

from django.db import models
from django.db.models import Q

from accounts_requests.states import DocumentKind, DocumentState

from .account_request import AccountRequest
from .registrant import Registrant


class Document(models.Model):
    """One paper of a case, in one version. A newer version supersedes it; both are kept.

    ``public_id`` is what URLs carry. Bytes live in ``DocumentContent`` so that lists never load
    them. An OWED document is a job for the worker.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="documents")
    registrant = models.ForeignKey(
        Registrant, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    kind = models.CharField("jenis", max_length=20, choices=DocumentKind.choices)
    version = models.PositiveSmallIntegerField("versi", default=1)
    state = models.CharField(
        "keadaan", max_length=10, choices=DocumentState.choices, default=DocumentState.OWED
    )
    title = models.CharField("judul", max_length=250)
    number = models.CharField("nomor", max_length=80, blank=True)
    dated = models.DateField("tanggal", null=True, blank=True)
    file_name = models.CharField("nama berkas", max_length=150, blank=True)
    media_type = models.CharField("jenis media", max_length=60, default="application/pdf")
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    size = models.PositiveIntegerField("ukuran (byte)", default=0)
    pages = models.PositiveSmallIntegerField("jumlah halaman", default=0)
    template_version = models.CharField("versi templat", max_length=40, blank=True)
    uploaded = models.BooleanField("diunggah", default=False)
    answer = models.ForeignKey(
        "accounts_requests.DeviationAnswer",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
    )
    # Of a paper about the SK itself (ralat, perubahan, pencabutan): which people of its Lampiran it
    # is about, by their numbers there; an empty list is the whole SK. NULL for every other paper.
    concerns = models.JSONField("mengenai personel nomor", null=True, blank=True)
    # Which addition to the archived file this is; NULL for what the file itself holds.
    addendum = models.PositiveSmallIntegerField("tambahan berkas ke-", null=True, blank=True)
    created_by = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("dibuat")
    superseded_at = models.DateTimeField("digantikan", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("percobaan", default=0)
    next_attempt_at = models.DateTimeField("percobaan berikutnya", null=True, blank=True)
    claimed_at = models.DateTimeField("dikerjakan sejak", null=True, blank=True)
    last_error = models.CharField("galat terakhir", max_length=250, blank=True)

    class Meta:
        verbose_name = "dokumen"
        verbose_name_plural = "dokumen"
        ordering = ["request", "created_at", "id"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="owed_documents",
                condition=Q(state=DocumentState.OWED),
            ),
            models.Index(fields=["sha256"], name="documents_by_hash"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=DocumentState.STORED) | ~Q(sha256=""),
                name="stored_document_has_a_hash",
            ),
            models.UniqueConstraint(
                fields=["request", "kind"],
                condition=Q(
                    superseded_at__isnull=True,
                    uploaded=False,
                    registrant__isnull=True,
                    answer__isnull=True,
                ),
                name="one_current_rendering_per_kind",
            ),
            models.UniqueConstraint(
                fields=["request", "answer", "kind"],
                condition=Q(superseded_at__isnull=True, uploaded=False, answer__isnull=False),
                name="one_current_rendering_per_answer",
            ),
            models.UniqueConstraint(fields=["request", "addendum"], name="one_addendum_per_number"),
            models.UniqueConstraint(
                fields=["registrant", "kind"],
                # Proofs of further messages stand side by side: none replaces another.
                condition=Q(superseded_at__isnull=True, uploaded=False, registrant__isnull=False)
                & ~Q(kind=DocumentKind.RESEND_PROOF),
                name="one_current_rendering_per_person",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DocumentContent(models.Model):
    """The bytes of a stored document."""

    document = models.OneToOneField(
        Document, models.PROTECT, related_name="content", primary_key=True
    )
    data = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.document_id}"


class StagedUpload(models.Model):
    """A file that was uploaded but not yet accepted: kept so that an error loses nothing."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(
        AccountRequest, models.PROTECT, null=True, blank=True, related_name="staged_uploads"
    )
    owner = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="+")
    purpose = models.CharField("keperluan", max_length=30)
    file_name = models.CharField("nama berkas", max_length=150)
    media_type = models.CharField("jenis media", max_length=100)
    data = models.BinaryField()
    created_at = models.DateTimeField("diunggah")

    class Meta:
        verbose_name = "unggahan sementara"
        verbose_name_plural = "unggahan sementara"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name
