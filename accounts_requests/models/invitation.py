"""One-time links by which a person sets their own password; nobody else ever sees it."""

from django.db import models
from django.db.models import F, Q


class Invitation(models.Model):
    """A link that Pengelola Aplikasi hands over. Only the hash of its token is kept.

    ``NEW`` for somebody who has never signed in, ``RESET`` for somebody who cannot any more.
    """

    class Purpose(models.TextChoices):
        NEW = "new", "Pengguna baru"
        RESET = "reset", "Penggantian password"

    person = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="invitations")
    purpose = models.CharField("keperluan", max_length=10, choices=Purpose.choices)
    token_hash = models.CharField("hash tautan", max_length=64, unique=True)
    created_by = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("dibuat")
    expires_at = models.DateTimeField("berlaku sampai")
    used_at = models.DateTimeField("dipakai", null=True, blank=True)
    used_from = models.CharField("dipakai dari", max_length=45, blank=True)
    revoked_at = models.DateTimeField("dicabut", null=True, blank=True)

    class Meta:
        verbose_name = "tautan masuk"
        verbose_name_plural = "tautan masuk"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="invitation_expires"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.person}"
