"""The account of one person in SPSE: its small state machine, and its short-lived password."""

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django_fsm import FSMField, transition

from accounts_requests.states import (
    ON_THE_WAY,
    STEP3_OUTCOMES,
    STEP4_SETTLED,
    AccountState,
)

from .registrant import Registrant

_EXISTS = (
    AccountState.CREATED,
    AccountState.QUEUED,
    AccountState.ACCEPTED,
    AccountState.FAILED,
    AccountState.UNCERTAIN,
    AccountState.HANDED_OVER,
    AccountState.NOT_DELIVERED,
    AccountState.SENT_OUTSIDE,
)

# An outcome may be corrected until step 3 closes.
_WHILE_STEP_3_RUNS = [AccountState.PENDING, *STEP3_OUTCOMES]


class Account(models.Model):
    """What became of one Formulir in SPSE.

    ``registered_email`` is the address entered in SPSE: mail goes there (step 4, kelengkapan 1).
    """

    registrant = models.OneToOneField(Registrant, models.PROTECT, related_name="account")
    state = FSMField(
        "keadaan", default=AccountState.PENDING, choices=AccountState.choices, protected=True
    )
    user_id = models.CharField("user id", max_length=30, blank=True)
    registered_email = models.EmailField("e-mail terdaftar di SPSE", blank=True)
    matches_form = models.BooleanField("data sama dengan Formulir", default=False)
    difference = models.TextField("perbedaan dengan Formulir", blank=True)
    reason = models.TextField("alasan", blank=True)
    hand_over_note = models.TextField("cara penyerahan", blank=True)
    recorded_by = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField("dicatat", null=True, blank=True)
    delivered_at = models.DateTimeField("diserahkan", null=True, blank=True)
    sent_from = models.EmailField("dikirim dari kotak surat", blank=True)

    class Meta:
        verbose_name = "akun"
        verbose_name_plural = "akun"
        ordering = ["registrant__position_in_list"]
        indexes = [
            # Beranda asks for those of archived cases, which are few among all that ever were.
            models.Index(
                fields=["state"],
                name="accounts_on_the_way",
                condition=Q(state__in=ON_THE_WAY),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=AccountState.values), name="account_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_EXISTS) | (~Q(user_id="") & ~Q(registered_email="")),
                name="created_account_has_user_id_and_address",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[
                        AccountState.REFUSED,
                        AccountState.POSTPONED,
                        AccountState.NOT_DELIVERED,
                    ]
                )
                | ~Q(reason=""),
                name="unhappy_account_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=AccountState.SENT_OUTSIDE)
                | (~Q(reason="") & ~Q(sent_from="") & Q(delivered_at__isnull=False)),
                name="account_sent_outside_says_how_and_when",
            ),
            models.UniqueConstraint(
                Lower("user_id"), condition=~Q(user_id=""), name="account_user_id_unique"
            ),
            models.CheckConstraint(
                condition=~Q(state=AccountState.HANDED_OVER) | ~Q(hand_over_note=""),
                name="handed_over_account_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registrant}: {self.get_state_display()}"

    @transition(
        field=state,
        source=_WHILE_STEP_3_RUNS,
        target=AccountState.CREATED,
    )
    def record_created(self, *, user_id: str, registered_email: str) -> None:
        """The account exists in SPSE under ``user_id``; may be corrected while step 3 runs."""
        self.user_id = user_id
        self.registered_email = registered_email
        self.reason = ""

    @transition(field=state, source=AccountState.CREATED, target=AccountState.PENDING)
    def reopen(self) -> None:
        """Its password was replaced in step 3: to be entered in SPSE and recorded once more."""

    @transition(
        field=state,
        source=_WHILE_STEP_3_RUNS,
        target=AccountState.REFUSED,
    )
    def record_refused(self, *, reason: str) -> None:
        """The account cannot be created."""
        self._does_not_exist(reason)

    @transition(
        field=state,
        source=_WHILE_STEP_3_RUNS,
        target=AccountState.POSTPONED,
    )
    def record_postponed(self, *, reason: str) -> None:
        """The account is left for later."""
        self._does_not_exist(reason)

    @transition(
        field=state,
        source=[AccountState.CREATED, AccountState.FAILED, AccountState.UNCERTAIN],
        target=AccountState.QUEUED,
    )
    def queue(self) -> None:
        """A message with user id and password is owed to the person."""

    @transition(field=state, source=list(STEP4_SETTLED), target=AccountState.QUEUED)
    def queue_after_archiving(self) -> None:
        """A further message is owed to the person, long after step 4 settled the account."""

    @transition(field=state, source=AccountState.QUEUED, target=AccountState.ACCEPTED)
    def accept(self) -> None:
        """The mail server answered 250 after the final dot."""

    @transition(field=state, source=AccountState.QUEUED, target=AccountState.FAILED)
    def fail(self) -> None:
        """The mail server refused for good."""

    @transition(field=state, source=AccountState.QUEUED, target=AccountState.UNCERTAIN)
    def doubt(self) -> None:
        """The connection was lost after the final dot: nobody knows."""

    @transition(field=state, source=AccountState.UNCERTAIN, target=AccountState.ACCEPTED)
    def prove(self) -> None:
        """The person opened the link that only this message carried: it did arrive."""

    @transition(
        field=state,
        source=[AccountState.FAILED, AccountState.UNCERTAIN],
        target=AccountState.HANDED_OVER,
    )
    def hand_over(self, *, note: str) -> None:
        """The person got it another way; ``note`` says how, with proof."""
        self.hand_over_note = note

    @transition(
        field=state,
        source=[AccountState.FAILED, AccountState.UNCERTAIN],
        target=AccountState.NOT_DELIVERED,
    )
    def give_up(self, *, reason: str) -> None:
        """The account could not be handed to its person."""
        self.reason = reason

    @transition(
        field=state,
        source=[AccountState.QUEUED, AccountState.FAILED, AccountState.UNCERTAIN],
        target=AccountState.SENT_OUTSIDE,
    )
    def record_sent_outside(self, *, mailbox: str, sent_at: dt.datetime, reason: str) -> None:
        """A person mailed it from ``mailbox`` of their own at ``sent_at`` (UTC), with proof."""
        self.sent_from = mailbox
        self.delivered_at = sent_at
        self.reason = reason

    def _does_not_exist(self, reason: str) -> None:
        """What was entered for an account that is not in SPSE after all is no fact about it."""
        self.user_id = self.registered_email = self.difference = ""
        self.matches_form = False
        self.reason = reason


class Credential(models.Model):
    """An SPSE password between its generation and its hand-over.

    ``ciphertext`` is worthless without the key file ``key_id``, which lives outside the database
    and its backups and is destroyed at the hand-over (``credentials.py``). The row stays as the
    receipt of the destruction, emptied.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="credentials")
    key_id = models.UUIDField("kunci", default=uuid.uuid4, unique=True)
    ciphertext = models.BinaryField("sandi", blank=True)
    created_at = models.DateTimeField("dibuat")
    destroyed_at = models.DateTimeField("dimusnahkan", null=True, blank=True)

    class Meta:
        verbose_name = "password tersandi"
        verbose_name_plural = "password tersandi"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(destroyed_at__isnull=True),
                name="one_live_credential_per_account",
            ),
            models.CheckConstraint(
                condition=Q(destroyed_at__isnull=True) | Q(ciphertext=b""),
                name="destroyed_credential_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key_id}"
