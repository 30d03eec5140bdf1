"""The case: one SK-and-forms request, a state machine over the SOP's five steps.

Transition bodies set fields on ``self`` only; everything else happens in ``workflow.py``, which is
the only module that may call them.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django_fsm import FSMField, transition

from accounts_requests.roles import Role
from accounts_requests.states import OPEN_STATES, CaseState, SigningMethod, Stage

from .user import User


def _by(role: Role) -> Callable[[Any, Any], bool]:
    """A django-fsm permission: the user holds ``role`` today.

    django-fsm never asks it by itself when a transition is called: the gate must
    (``has_transition_perm``).
    """
    return lambda _request, user: isinstance(user, User) and user.holds(role)


class CaseNumber(models.Model):
    """The last number given out in a series and year; locked while the next one is taken."""

    class Series(models.TextChoices):
        """What is numbered by the application itself (never the secretariat's SK numbers)."""

        REQUEST = "request", "Permohonan"
        ARCHIVE = "archive", "Berkas arsip"
        ANSWER = "answer", "Jawaban penyimpangan"
        DESTRUCTION = "destroy", "Usul musnah"

    series = models.CharField(max_length=10, choices=Series.choices)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "year"], name="one_counter_per_year")
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"


# The instants that a case has in each state; it has none of the others.
_INSTANTS_OF: dict[CaseState, tuple[str, ...]] = {
    CaseState.DRAFT: (),
    CaseState.DECREE_ISSUED: ("issued_at",),
    CaseState.ORDERED: ("issued_at", "ordered_at"),
    CaseState.ACCOUNTS_CREATED: ("issued_at", "ordered_at", "accounts_created_at"),
    CaseState.EMAIL_SENT: ("issued_at", "ordered_at", "accounts_created_at", "email_sent_at"),
    CaseState.ARCHIVED: (
        "issued_at",
        "ordered_at",
        "accounts_created_at",
        "email_sent_at",
        "archived_at",
    ),
}
_LATER_THAN_AN_ORDER = ("accounts_created_at", "email_sent_at", "archived_at")


def _instants_match_state() -> Q:
    """Each state and its instants belong together; a cancelled case may have been ordered."""
    every = (*_INSTANTS_OF[CaseState.ARCHIVED], "cancelled_at")
    condition = Q(
        state=CaseState.CANCELLED,
        cancelled_at__isnull=False,
        **{f"{name}__isnull": True for name in _LATER_THAN_AN_ORDER},
    )
    for state, instants in _INSTANTS_OF.items():
        condition |= Q(state=state, **{f"{name}__isnull": name not in instants for name in every})
    return condition


class AccountRequest(models.Model):
    """One case. ``version`` grows with every act; forms carry it to detect a stale page."""

    number = models.CharField("nomor permohonan", max_length=20, unique=True)
    state = FSMField("keadaan", default=CaseState.DRAFT, choices=CaseState.choices, protected=True)
    version = models.PositiveIntegerField(default=0)
    sop_revision = models.ForeignKey(
        "accounts_requests.SopRevision", models.PROTECT, related_name="requests"
    )
    # The office's reading of the SOP under which the case began (Lembar Penafsiran).
    reading = models.ForeignKey(
        "accounts_requests.Reading", models.PROTECT, null=True, blank=True, related_name="requests"
    )
    created_by = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField("dicatat")
    received_at = models.DateTimeField("diterima")
    # Where the office reads step 1 as beginning with a complete file.
    complete_at = models.DateTimeField("berkas lengkap", null=True, blank=True)

    # The decree (SK)
    decree_number = models.CharField("nomor SK", max_length=80, blank=True)
    decree_date = models.DateField("tanggal SK", null=True, blank=True)
    subject = models.CharField("tentang", max_length=400)
    considerations = models.TextField("menimbang")
    legal_bases = models.TextField("mengingat")
    noted = models.TextField("memperhatikan", blank=True)
    valid_from = models.DateField("berlaku sejak", null=True, blank=True)
    valid_until = models.DateField("berlaku sampai dengan", null=True, blank=True)
    copies_to = models.TextField("tembusan", blank=True)
    signing_method = models.CharField(
        "cara penandatanganan", max_length=10, choices=SigningMethod.choices
    )
    signer_name = models.CharField("nama penanda tangan", max_length=260)
    signer_title = models.CharField("jabatan penanda tangan", max_length=200)
    signer_rank = models.CharField("pangkat penanda tangan", max_length=80, blank=True)
    signer_nip = models.CharField("NIP penanda tangan", max_length=18, blank=True)
    stage = models.CharField(
        "tahap SK", max_length=12, choices=Stage.choices, default=Stage.CONCEPT
    )
    people_locked_at = models.DateTimeField("personel dikunci", null=True, blank=True)
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="copies"
    )

    # What came of it
    issued_at = models.DateTimeField("SK terbit", null=True, blank=True)
    ordered_at = models.DateTimeField("diperintahkan", null=True, blank=True)
    order_number = models.CharField("nomor surat perintah", max_length=80, blank=True)
    order_note = models.TextField("catatan perintah", blank=True)
    accounts_created_at = models.DateTimeField("akun dibuat", null=True, blank=True)
    email_sent_at = models.DateTimeField("e-mail terkirim", null=True, blank=True)
    archived_at = models.DateTimeField("diarsipkan", null=True, blank=True)
    cancelled_at = models.DateTimeField("dibatalkan", null=True, blank=True)
    cancel_reason = models.TextField("alasan pembatalan", blank=True)
    return_reason = models.TextField("alasan pengembalian terakhir", blank=True)
    assignee = models.ForeignKey(
        "accounts_requests.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="held_requests",
        verbose_name="pemegang tugas",
    )

    # The archive
    archive_number = models.CharField("nomor berkas", max_length=40, blank=True)
    classification_code = models.CharField("kode klasifikasi", max_length=30, blank=True)
    archive_location = models.CharField("lokasi simpan", max_length=120, blank=True)
    is_demo = models.BooleanField("contoh", default=False)

    # No column: the records that were not as sealed when the case was locked (``record_seals``).
    changed_outside: tuple[str, ...] = ()

    class Meta:
        verbose_name = "permohonan"
        verbose_name_plural = "permohonan"
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["state"], name="open_requests", condition=Q(state__in=OPEN_STATES)
            ),
            models.Index(fields=["-archived_at", "-id"], name="archive_register"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CaseState.values), name="request_state_is_known"
            ),
            models.UniqueConstraint(
                Lower("decree_number"),
                condition=~Q(decree_number="") & ~Q(state=CaseState.CANCELLED),
                name="decree_number_unique",
                violation_error_message="Nomor SK ini telah digunakan.",
            ),
            models.UniqueConstraint(
                fields=["archive_number"],
                condition=~Q(archive_number=""),
                name="archive_number_unique",
            ),
            models.CheckConstraint(
                name="request_instants_match_state", condition=_instants_match_state()
            ),
            models.CheckConstraint(
                name="issued_decree_has_number_and_date",
                condition=Q(issued_at__isnull=True)
                | (~Q(decree_number="") & Q(decree_date__isnull=False)),
            ),
            models.CheckConstraint(
                name="issued_decree_has_locked_people",
                condition=Q(issued_at__isnull=True) | Q(people_locked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="cancelled_with_a_reason",
                condition=Q(cancelled_at__isnull=True) | ~Q(cancel_reason=""),
            ),
            models.CheckConstraint(
                name="archived_with_a_number",
                condition=Q(archived_at__isnull=True) | ~Q(archive_number=""),
            ),
            models.CheckConstraint(
                name="accounts_created_by_a_holder",
                condition=Q(accounts_created_at__isnull=True) | Q(assignee__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def reference(self) -> str:
        """What people call the case: its SK number once known, else its own number."""
        return self.decree_number or self.number

    # -- the five steps and the two side doors ------------------------------------------------

    @transition(
        field=state,
        source=CaseState.DRAFT,
        target=CaseState.DECREE_ISSUED,
        permission=_by(Role.KEPALA_LPSE),
    )
    def issue_decree(self, *, at: dt.datetime) -> None:
        """Step 1: the SK exists. ``at`` is UTC."""
        self.issued_at = at

    @transition(
        field=state,
        source=CaseState.DECREE_ISSUED,
        target=CaseState.ORDERED,
        permission=_by(Role.KEPALA_LPSE),
    )
    def order(self, *, at: dt.datetime) -> None:
        """Step 2: Admin PPE is ordered to create the accounts."""
        self.ordered_at = at

    @transition(
        field=state,
        source=CaseState.ORDERED,
        target=CaseState.ACCOUNTS_CREATED,
        permission=_by(Role.ADMIN_PPE),
    )
    def record_accounts(self, *, at: dt.datetime) -> None:
        """Step 3: every person has an outcome in SPSE."""
        self.accounts_created_at = at

    @transition(
        field=state,
        source=CaseState.ACCOUNTS_CREATED,
        target=CaseState.EMAIL_SENT,
    )
    def complete_sending(self, *, at: dt.datetime) -> None:
        """Step 4: every created account is settled; the last settlement may be a machine's."""
        self.email_sent_at = at

    @transition(
        field=state,
        source=CaseState.EMAIL_SENT,
        target=CaseState.ARCHIVED,
        permission=_by(Role.ADMIN_PPE),
    )
    def archive(self, *, at: dt.datetime, archive_number: str) -> None:
        """Step 5: the file is archived."""
        self.archived_at = at
        self.archive_number = archive_number

    @transition(
        field=state,
        source=CaseState.ORDERED,
        target=CaseState.DECREE_ISSUED,
        permission=_by(Role.ADMIN_PPE),
    )
    def return_to_head(self, *, reason: str) -> None:
        """Back to Kepala LPSE with a reason, so that the case can be mended."""
        self.ordered_at = None
        self.return_reason = reason

    @transition(
        field=state,
        source=[CaseState.DRAFT, CaseState.DECREE_ISSUED, CaseState.ORDERED],
        target=CaseState.CANCELLED,
        permission=_by(Role.KEPALA_LPSE),
    )
    def cancel(self, *, at: dt.datetime, reason: str) -> None:
        """The case ends without accounts."""
        self.cancelled_at = at
        self.cancel_reason = reason


class CaseNote(models.Model):
    """A *catatan*: something out of the ordinary that is not a deviation. Care is not punished."""

    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="notes")
    at = models.DateTimeField("waktu")
    by = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="+")
    text = models.TextField("catatan")

    class Meta:
        verbose_name = "catatan"
        verbose_name_plural = "catatan"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text
