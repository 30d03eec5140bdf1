"""The audit trail: who did what, when, from where; each entry carries the hash of the one before.

Of personal data it holds field names and keyed hashes, never values.
"""

from django.db import models
from django.db.models import Q

from accounts_requests.states import Act

from .account_request import AccountRequest


class AuditChain(models.Model):
    """The head of the chain: locked last in a transaction while an entry is added."""

    head = models.CharField(max_length=64, default="0" * 64)
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="audit_chain_is_one_row")]

    def __str__(self) -> str:
        return f"{self.count}: {self.head}"


class AuditEntry(models.Model):
    """One act. ``summary`` is the text that people read, stored as it was at that moment."""

    sequence = models.PositiveBigIntegerField("urutan", unique=True)
    at = models.DateTimeField("waktu")
    act = models.CharField("tindakan", max_length=30, choices=Act.choices)
    actor = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    actor_name = models.CharField("nama pelaku", max_length=260)
    actor_role = models.CharField("peran pelaku", max_length=60, blank=True)
    address = models.CharField("asal", max_length=45, blank=True)
    request = models.ForeignKey(
        AccountRequest, models.PROTECT, null=True, blank=True, related_name="audit_entries"
    )
    object_label = models.CharField("objek", max_length=200, blank=True)
    summary = models.TextField("uraian")
    changes = models.JSONField("perubahan", default=dict, blank=True)
    # The records that the act wrote, as {"step_run:12": SHA-256}: the chain covers them too.
    records = models.JSONField("catatan tersegel", default=dict, blank=True)
    previous_hash = models.CharField("hash sebelumnya", max_length=64)
    hash = models.CharField("hash", max_length=64, unique=True)

    class Meta:
        verbose_name = "jejak audit"
        verbose_name_plural = "jejak audit"
        ordering = ["sequence"]
        indexes = [models.Index(fields=["request", "act", "-sequence"], name="audit_by_act")]

    def __str__(self) -> str:
        return f"{self.sequence}: {self.summary}"


class RecordSeal(models.Model):
    """The last SHA-256 under which the chain covers one record: an index of ``AuditEntry.records``.

    It spares each act a walk through the trail; the chain itself is the proof.
    """

    record = models.CharField("catatan", max_length=60, unique=True)  # "step_run:12"
    # None for a record of the office that belongs to no case.
    request = models.ForeignKey(
        AccountRequest, models.PROTECT, null=True, blank=True, related_name="seals"
    )
    digest = models.CharField("SHA-256", max_length=64)
    sequence = models.PositiveBigIntegerField("entri jejak audit")

    class Meta:
        verbose_name = "segel catatan"
        verbose_name_plural = "segel catatan"

    def __str__(self) -> str:
        return self.record


class AuditAnchor(models.Model):
    """Head and count of the chain on one day, as they were also told outside the database."""

    day = models.DateField("tanggal", unique=True)
    at = models.DateTimeField("waktu")
    sequence = models.PositiveBigIntegerField("urutan")
    head = models.CharField("hash", max_length=64)

    class Meta:
        verbose_name = "tambatan jejak audit"
        verbose_name_plural = "tambatan jejak audit"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.sequence} {self.head}"
