"""The certificates that the office believes (*sertifikat induk*), as its keeper put them here."""

from django.db import models
from django.db.models import Q


class TrustAnchor(models.Model):
    """One certificate of an authority, from when it was put here until it was taken out.

    ``sha256`` (hex) is that of the certificate itself, ``pem`` the certificate. ``origin``: where
    it was got and on what basis it is believed. ``added_as`` and ``removed_as`` are how those
    people were styled then. Never deleted; one that was taken out may be put here again as a
    further row.
    """

    name = models.CharField("nama", max_length=200)
    issuer = models.CharField("penerbit", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    valid_from = models.DateTimeField("berlaku sejak")
    valid_until = models.DateTimeField("berlaku sampai")
    pem = models.TextField("sertifikat")
    origin = models.TextField("asal dan dasar")
    added_by = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="+")
    added_as = models.CharField("dipasang sebagai", max_length=60)
    added_at = models.DateTimeField("dipasang")
    removed_by = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_as = models.CharField("dikeluarkan sebagai", max_length=60, blank=True)
    removed_at = models.DateTimeField("dikeluarkan", null=True, blank=True)
    removal_reason = models.TextField("alasan dikeluarkan", blank=True)

    class Meta:
        verbose_name = "sertifikat induk"
        verbose_name_plural = "sertifikat induk"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"],
                condition=Q(removed_at__isnull=True),
                name="trust_anchor_in_use_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    removed_at__isnull=True,
                    removed_by__isnull=True,
                    removed_as="",
                    removal_reason="",
                )
                | (Q(removed_at__isnull=False, removed_by__isnull=False) & ~Q(removal_reason="")),
                name="trust_anchor_is_taken_out_whole",
            ),
            models.CheckConstraint(condition=~Q(origin=""), name="trust_anchor_has_an_origin"),
        ]

    def __str__(self) -> str:
        return self.name
