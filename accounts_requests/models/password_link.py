"""One-time links to the SPSE password, where the office chose that way of handing it over."""

import uuid

from django.db import models
from django.db.models import Q

from .account import Account
from .message import Message


class PasswordLink(models.Model):
    """The link of one message. Only the hash of its token is kept; empty until it is sent.

    Reading the page consumes nothing; the POST does: ``opened_at`` is the receipt.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="password_links")
    message = models.OneToOneField(Message, models.PROTECT, related_name="password_link")
    token_hash = models.CharField("hash tautan", max_length=64, blank=True)
    created_at = models.DateTimeField("dibuat")
    expires_at = models.DateTimeField("berlaku sampai", null=True, blank=True)
    opened_at = models.DateTimeField("dibuka", null=True, blank=True)
    opened_from = models.CharField("dibuka dari", max_length=45, blank=True)
    revoked_at = models.DateTimeField("dicabut", null=True, blank=True)

    class Meta:
        verbose_name = "tautan password"
        verbose_name_plural = "tautan password"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["token_hash"],
                condition=~Q(token_hash=""),
                name="password_link_token_unique",
            ),
            models.CheckConstraint(
                condition=Q(token_hash="") | Q(expires_at__isnull=False),
                name="password_link_expires",
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | Q(revoked_at__isnull=True),
                name="password_link_opened_or_revoked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}"
