"""The clock's record: one run of one SOP step in one case, who held it, what was attested."""

import datetime as dt

from django.db import models
from django.db.models import F, Q

from accounts_requests.limit_terms import LimitBasis, LimitStart, LimitUnit
from accounts_requests.states import Stage

from .account_request import AccountRequest
from .sop import SopRequirement, SopStep


class StepRun(models.Model):
    """One run of a step. All instants are UTC; durations are whole seconds.

    ``offered_at`` is the end of the step before; ``started_at`` the instant from which the limit
    counts under the office's reading (None while that instant has not come); ``due_at`` the
    deadline (None where the step has no limit or has not started). While a return pauses the run,
    ``paused_at`` is set and ``used_before_pause`` keeps what was used of the limit.
    ``measured_until`` is set where the office's reading ends the limit before the step itself ends
    (the signature of an SK, the queueing of the messages): the deadline is compared with it.
    The limit is copied from the SOP step and the case's reading (``step_limits``), so that a later
    revision or reading never changes a running case.
    """

    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="step_runs")
    step = models.ForeignKey(SopStep, models.PROTECT, related_name="runs")
    attempt = models.PositiveSmallIntegerField("percobaan", default=1)
    limit_amount = models.PositiveIntegerField("batas waktu", null=True, blank=True)
    limit_unit = models.CharField("satuan", max_length=20, choices=LimitUnit.choices)
    limit_start = models.CharField("mulai dihitung", max_length=20, choices=LimitStart.choices)
    limit_basis = models.CharField("dasar", max_length=10, choices=LimitBasis.choices)
    offered_at = models.DateTimeField("ditawarkan")
    started_at = models.DateTimeField("mulai dihitung pada", null=True, blank=True)
    latest_start_at = models.DateTimeField("paling lambat mulai", null=True, blank=True)
    due_at = models.DateTimeField("tenggat", null=True, blank=True)
    due_is_estimate = models.BooleanField("tenggat bersandar pada perkiraan", default=False)
    claimed_at = models.DateTimeField("diambil", null=True, blank=True)
    opened_at = models.DateTimeField("dibuka pertama kali", null=True, blank=True)
    paused_at = models.DateTimeField("dijeda", null=True, blank=True)
    used_before_pause = models.PositiveIntegerField("terpakai sebelum jeda (detik)", default=0)
    measured_until = models.DateTimeField("diukur sampai", null=True, blank=True)
    finished_at = models.DateTimeField("selesai", null=True, blank=True)
    finished_by = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    abandoned = models.BooleanField("dihentikan oleh pembatalan", default=False)
    waiting_seconds = models.PositiveIntegerField("waktu tunggu", null=True, blank=True)
    worked_seconds = models.PositiveIntegerField("waktu pengerjaan", null=True, blank=True)
    counted_seconds = models.PositiveIntegerField("waktu terhitung", null=True, blank=True)
    wall_seconds = models.PositiveIntegerField("waktu kalender", null=True, blank=True)
    late_seconds = models.PositiveIntegerField("keterlambatan", default=0)
    calendar_version = models.CharField("versi kalender", max_length=16)

    class Meta:
        verbose_name = "pelaksanaan langkah"
        verbose_name_plural = "pelaksanaan langkah"
        ordering = ["request", "offered_at", "id"]
        indexes = [
            models.Index(
                fields=["due_at"], name="open_step_runs", condition=Q(finished_at__isnull=True)
            ),
            models.Index(fields=["finished_at"], name="finished_step_runs"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(finished_at__isnull=True, paused_at__isnull=True),
                name="one_running_step_run_per_request",
            ),
            models.UniqueConstraint(
                fields=["request", "step", "attempt"], name="step_run_attempt_unique"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True)
                | Q(
                    waiting_seconds__isnull=False,
                    worked_seconds__isnull=False,
                    counted_seconds__isnull=False,
                    wall_seconds__isnull=False,
                    started_at__isnull=False,
                ),
                name="finished_step_run_is_measured",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("offered_at")),
                name="step_run_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(limit_amount__isnull=False),
                name="due_only_with_a_limit",
            ),
            models.CheckConstraint(
                condition=Q(measured_until__isnull=True)
                | Q(measured_until__gte=F("offered_at"), finished_at__isnull=True)
                | Q(measured_until__gte=F("offered_at"), finished_at__gte=F("measured_until")),
                name="step_run_is_measured_within_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} langkah {self.step.number}"

    def is_overdue(self, at: dt.datetime) -> bool:
        """Has the deadline passed at ``at`` while the run is open and not paused?"""
        return (
            self.finished_at is None
            and self.paused_at is None
            and self.due_at is not None
            and self.measured_end(at) > self.due_at
        )

    def measured_end(self, at: dt.datetime) -> dt.datetime:
        """``at``, or the instant at which the limit ended before it (``measured_until``)."""
        return at if self.measured_until is None else min(at, self.measured_until)

    @staticmethod
    def overdue(at: dt.datetime) -> Q:
        """The condition of an open, unpaused run whose deadline has passed at ``at``.

        As ``is_overdue`` asks it of one row.
        """
        return Q(finished_at__isnull=True, paused_at__isnull=True) & (
            Q(measured_until__isnull=True, due_at__lt=at) | Q(due_at__lt=F("measured_until"))
        )


class StepRunPause(models.Model):
    """A stretch in which a run did not count (a return), kept for the reckoning."""

    step_run = models.ForeignKey(StepRun, models.PROTECT, related_name="pauses")
    since = models.DateTimeField("sejak")
    until = models.DateTimeField("sampai", null=True, blank=True)
    reason = models.TextField("alasan")

    class Meta:
        verbose_name = "jeda"
        verbose_name_plural = "jeda"
        ordering = ["since"]

    def __str__(self) -> str:
        return self.reason


class StepRunHolding(models.Model):
    """Who held a step run from when to when: a take-over keeps both people's shares."""

    step_run = models.ForeignKey(StepRun, models.PROTECT, related_name="holdings")
    person = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="holdings")
    since = models.DateTimeField("sejak")
    until = models.DateTimeField("sampai", null=True, blank=True)
    reason = models.TextField("alasan pengambilalihan", blank=True)

    class Meta:
        verbose_name = "pemegang langkah"
        verbose_name_plural = "pemegang langkah"
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["step_run"],
                condition=Q(until__isnull=True),
                name="one_holder_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}"


class StageRun(models.Model):
    """One stage inside step 1 (konsep, paraf, nomor, tanda tangan), timed without a limit."""

    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="stage_runs")
    stage = models.CharField("tahap", max_length=12, choices=Stage.choices)
    since = models.DateTimeField("sejak")
    until = models.DateTimeField("sampai", null=True, blank=True)
    finished_by = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField("catatan", blank=True)

    class Meta:
        verbose_name = "tahap SK"
        verbose_name_plural = "tahap SK"
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(until__isnull=True),
                name="one_open_stage_per_request",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}"


class Attestation(models.Model):
    """The executor's answer to one kelengkapan; an unmet one carries an explanation."""

    step_run = models.ForeignKey(StepRun, models.PROTECT, related_name="attestations")
    requirement = models.ForeignKey(SopRequirement, models.PROTECT, related_name="attestations")
    met = models.BooleanField("terpenuhi")
    explanation = models.TextField("penjelasan", blank=True)
    by = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="+")
    at = models.DateTimeField("waktu")

    class Meta:
        verbose_name = "pemenuhan kelengkapan"
        verbose_name_plural = "pemenuhan kelengkapan"
        ordering = ["requirement__position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["step_run", "requirement"], name="one_attestation_per_requirement"
            ),
            models.CheckConstraint(
                condition=Q(met=True) | ~Q(explanation=""),
                name="unmet_requirement_is_explained",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement}: {'terpenuhi' if self.met else 'tidak terpenuhi'}"
