"""Stretches in which something that the work needs was away: declared, or seen by the heartbeat."""

from django.db import models
from django.db.models import F, Q

from accounts_requests.states import LATE_STEP_OF, Act

from .document import Document


class Outage(models.Model):
    """One *gangguan*. It excuses nobody by itself; it explains.

    Never edited: only its end is added, once. A further explanation is an entry of the audit trail.
    """

    class Subject(models.TextChoices):
        APPLICATION = "application", "Aplikasi ini"
        MAIL = "mail", "Server e-mail"
        TARGET = "target", "Aplikasi SPSE"
        NETWORK = "network", "Jaringan kantor"
        POWER = "power", "Listrik"
        OTHER = "other", "Lainnya"

    class Source(models.TextChoices):
        HEARTBEAT = "heartbeat", "Terlihat dari detak aplikasi"
        MAIL_LOG = "mail_log", "Terlihat dari pengiriman e-mail"
        DECLARED = "declared", "Dinyatakan"

    subject = models.CharField("yang terganggu", max_length=12, choices=Subject.choices)
    source = models.CharField("diketahui dari", max_length=12, choices=Source.choices)
    since = models.DateTimeField("sejak")
    until = models.DateTimeField("sampai", null=True, blank=True)
    explanation = models.TextField("keterangan", blank=True)
    declared_by = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField("dicatat")

    class Meta:
        verbose_name = "gangguan"
        verbose_name_plural = "gangguan"
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="outage_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["subject", "source", "since"], name="one_outage_row_per_beginning"
            ),
            # Two workers that notice at once record one.
            models.UniqueConstraint(
                fields=["subject", "source"],
                condition=Q(source="mail_log", until__isnull=True),
                name="one_open_outage_of_the_mail_server",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()} {self.since:%Y-%m-%d %H:%M}"


class LateEntry(models.Model):
    """A *pencatatan susulan*: an act that happened while it could not be recorded.

    It waits for Kepala LPSE's confirmation and is carried out with it: the step is then measured
    by ``happened_at``. ``details`` holds what the act needs, as its form gave it (no secret).
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "Menunggu konfirmasi"
        CONFIRMED = "confirmed", "Dikonfirmasi"
        REFUSED = "refused", "Ditolak"

    request = models.ForeignKey(
        "accounts_requests.AccountRequest", models.PROTECT, related_name="late_entries"
    )
    act = models.CharField("tindakan", max_length=30)
    state = models.CharField(
        "keadaan", max_length=10, choices=State.choices, default=State.PROPOSED
    )
    happened_at = models.DateTimeField("terjadi")
    details = models.JSONField("rincian", default=dict, blank=True)
    reason = models.TextField("alasan")
    outage = models.ForeignKey(
        Outage, models.PROTECT, null=True, blank=True, related_name="late_entries"
    )
    evidence = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="late_entries"
    )
    proposed_by = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("diajukan")
    decided_by = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("diputuskan", null=True, blank=True)
    decision_note = models.TextField("catatan keputusan", blank=True)

    class Meta:
        verbose_name = "pencatatan susulan"
        verbose_name_plural = "pencatatan susulan"
        ordering = ["proposed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state="proposed"),
                name="one_proposed_late_entry_per_case",
            ),
            models.CheckConstraint(
                condition=Q(happened_at__lte=F("proposed_at")), name="late_entry_is_of_the_past"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True)
                | Q(~Q(state="proposed"), decided_at__isnull=False),
                name="late_entry_decided_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.act}"

    @property
    def step(self) -> int:
        """The step of the SOP that the act belongs to."""
        return LATE_STEP_OF[self.act]

    @property
    def act_label(self) -> str:
        """The act as the trail names it."""
        return Act(self.act).label

    @property
    def number(self) -> str:
        """``PS-1``: its number within the case, borne by its evidence."""
        return self.evidence.number if self.evidence else "—"
