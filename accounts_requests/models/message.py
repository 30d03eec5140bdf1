"""The outbox: a message is a row before it is a mail. The row is the queue and the proof."""

from django.db import models
from django.db.models import Q

from accounts_requests.states import MessageKind, MessageState, SmtpStage

from .account import Account
from .account_request import AccountRequest

_ABOUT_NO_CASE = [
    MessageKind.ANCHOR_NOTICE,
    MessageKind.DEVIATION_REMINDER,
    MessageKind.CONTENT_ALARM,
]


class Message(models.Model):
    """One message to one address. The body of a credentials message is never stored.

    ``context`` holds what the template of a notice needs (no personal data, no secret).
    ``stage`` is how far the last attempt came; ``answer`` the server's own words.
    """

    # None only where a message is about no single case.
    request = models.ForeignKey(
        AccountRequest, models.PROTECT, null=True, blank=True, related_name="messages"
    )
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="messages"
    )
    recipient = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField("jenis", max_length=20, choices=MessageKind.choices)
    state = models.CharField(
        "keadaan", max_length=12, choices=MessageState.choices, default=MessageState.QUEUED
    )
    to_address = models.EmailField("alamat")
    subject = models.CharField("perihal", max_length=250)
    context = models.JSONField("isi pemberitahuan", default=dict, blank=True)
    message_id = models.CharField("Message-ID", max_length=200, unique=True)
    queued_at = models.DateTimeField("diantrekan")
    queued_by = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    attempts = models.PositiveSmallIntegerField("percobaan", default=0)
    next_attempt_at = models.DateTimeField("percobaan berikutnya", null=True, blank=True)
    claimed_at = models.DateTimeField("sedang dikirim sejak", null=True, blank=True)
    claimed_by = models.CharField("pengirim", max_length=80, blank=True)
    stage = models.CharField(
        "tahap terakhir", max_length=12, choices=SmtpStage.choices, blank=True, default=""
    )
    answer_code = models.PositiveSmallIntegerField("kode jawaban", null=True, blank=True)
    answer = models.TextField("jawaban server", blank=True)
    settled_at = models.DateTimeField("diputuskan", null=True, blank=True)
    template_version = models.CharField("versi templat", max_length=40, blank=True)

    class Meta:
        verbose_name = "pesan"
        verbose_name_plural = "pesan"
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                name="unsent_messages",
                condition=Q(state__in=[MessageState.QUEUED, MessageState.SENDING]),
            ),
            # When the last mail went out is told on every page.
            models.Index(
                fields=["-settled_at"],
                name="accepted_messages",
                condition=Q(state=MessageState.ACCEPTED),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(
                    kind=MessageKind.CREDENTIALS,
                    state__in=[MessageState.QUEUED, MessageState.SENDING],
                ),
                name="one_unsent_message_per_account",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=_ABOUT_NO_CASE, request__isnull=True)
                | Q(~Q(kind__in=_ABOUT_NO_CASE), request__isnull=False),
                name="message_belongs_to_a_case",
            ),
            models.CheckConstraint(
                condition=~Q(kind=MessageKind.CREDENTIALS) | Q(account__isnull=False),
                name="credentials_message_has_an_account",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[MessageState.QUEUED, MessageState.SENDING], settled_at__isnull=True
                )
                | Q(
                    state__in=[
                        MessageState.ACCEPTED,
                        MessageState.FAILED,
                        MessageState.UNCERTAIN,
                        MessageState.WITHDRAWN,
                    ],
                    settled_at__isnull=False,
                ),
                name="message_settled_when_final",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} kepada {self.to_address}"
