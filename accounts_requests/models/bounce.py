"""A message that the mail server had accepted and that came back later (*pesan kembali*)."""

from django.db import models
from django.db.models import Q

from .account import Account
from .account_request import AccountRequest
from .message import Message


class Bounce(models.Model):
    """One accepted message came back. What the server had answered stays as it is.

    ``returned_at`` is when it came back, as the returned mail or the person says; ``text`` what the
    returned mail says, without the message that it returns (that one held a password). ``proof`` is
    a picture or PDF of it; ``source_sha256`` the hash of an .eml, of which the text alone is kept.
    """

    message = models.OneToOneField(Message, models.PROTECT, related_name="bounce")
    account = models.ForeignKey(Account, models.PROTECT, related_name="bounces")
    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="bounces")
    returned_at = models.DateTimeField("kembali pada")
    text = models.TextField("isi pesan kembali", blank=True)
    proof = models.ForeignKey(
        "accounts_requests.Document", models.PROTECT, null=True, blank=True, related_name="+"
    )
    source_sha256 = models.CharField("SHA-256 berkas .eml", max_length=64, blank=True)
    recorded_by = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="+")
    at = models.DateTimeField("dicatat")

    class Meta:
        verbose_name = "pesan kembali"
        verbose_name_plural = "pesan kembali"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | Q(proof__isnull=False), name="bounce_is_proven"
            ),
            models.CheckConstraint(
                condition=Q(returned_at__lte=models.F("at")), name="bounce_comes_before_its_record"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message}"
