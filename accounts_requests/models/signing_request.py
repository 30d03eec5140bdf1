"""One sending of a Konsep SK to the office's e-sign service: the row is queue and record."""

import uuid

from django.db import models
from django.db.models import Q, TextChoices

from .account_request import AccountRequest
from .document import Document


class SigningRequest(models.Model):
    """A Konsep that was handed to the service to be signed; a further sending is a further row.

    ``public_id`` is our own reference, told to the service; ``reference`` is the service's.
    ``document`` is the Konsep that was sent, ``sha256`` that of its bytes. ``answer`` is the last
    thing that the service said (or what became of asking), in words; ``answered_at`` when.
    ``attempts`` counts conversations since the last change of state. ``signed_pdf`` is what came
    back, kept until it is issued or withdrawn; ``signed_sha256`` stays.
    Nothing with which an official signs is ever here: the official signs in the service itself.
    """

    class State(TextChoices):
        QUEUED = "queued", "Dalam antrean"
        SENDING = "sending", "Sedang dikirim"
        SENT = "sent", "Menunggu tanda tangan"
        SIGNED = "signed", "Sudah ditandatangani"
        REFUSED = "refused", "Ditolak"
        FAILED = "failed", "Gagal"
        UNCERTAIN = "uncertain", "Tidak pasti"
        WITHDRAWN = "withdrawn", "Ditarik kembali"
        ISSUED = "issued", "Diterbitkan sebagai SK"

    OPEN = (State.QUEUED, State.SENDING, State.SENT, State.SIGNED, State.UNCERTAIN)
    """At most one of a case is in these: nothing else is sent before a person or SK ends it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="signing_requests")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    sha256 = models.CharField("SHA-256 Konsep", max_length=64)
    service = models.CharField("layanan", max_length=120)
    queued_at = models.DateTimeField("diantrekan")
    queued_by = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="+")
    state = models.CharField("keadaan", max_length=10, choices=State.choices, default=State.QUEUED)
    reference = models.CharField("rujukan layanan", max_length=200, blank=True)
    sent_at = models.DateTimeField("dikirim", null=True, blank=True)
    attempts = models.PositiveIntegerField("percobaan", default=0)
    next_try_at = models.DateTimeField("percobaan berikutnya", null=True, blank=True)
    claimed_at = models.DateTimeField("sedang dikerjakan sejak", null=True, blank=True)
    claimed_by = models.CharField("pekerja", max_length=80, blank=True)
    answer = models.TextField("jawaban terakhir", blank=True)
    answered_at = models.DateTimeField("waktu jawaban", null=True, blank=True)
    signed_pdf = models.BinaryField("PDF yang kembali", null=True)
    signed_sha256 = models.CharField("SHA-256 PDF yang kembali", max_length=64, blank=True)
    ended_at = models.DateTimeField("berakhir", null=True, blank=True)

    class Meta:
        verbose_name = "permintaan tanda tangan"
        verbose_name_plural = "permintaan tanda tangan"
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                name="due_signing_requests",
                condition=Q(state__in=["queued", "sent"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state__in=["queued", "sending", "sent", "signed", "uncertain"]),
                name="one_open_signing_request_per_case",
            ),
            models.CheckConstraint(
                condition=Q(state="signed", signed_pdf__isnull=False)
                | Q(~Q(state="signed"), signed_pdf__isnull=True),
                name="signed_pdf_until_it_is_issued",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "signed", "issued"]) | ~Q(reference=""),
                name="sent_signing_request_has_a_reference",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["queued", "sending", "sent", "signed", "uncertain"],
                    ended_at__isnull=True,
                )
                | Q(
                    state__in=["refused", "failed", "withdrawn", "issued"],
                    ended_at__isnull=False,
                ),
                name="signing_request_ended_when_final",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}: {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        """Nothing else may be sent for the case yet."""
        return self.State(self.state) in self.OPEN

    @property
    def is_with_a_machine(self) -> bool:
        """The worker goes on by itself: the page is worth looking at again."""
        return self.State(self.state) in (self.State.QUEUED, self.State.SENDING, self.State.SENT)
