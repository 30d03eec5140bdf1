"""What is known of a deviation later than its record: how an open lateness ended, whose shares.

Both only grow. A lateness that is recorded while its step still runs says so for ever; the row
that ends it stands beside it.
"""

from django.db import models
from django.db.models import Q

from accounts_requests import words
from accounts_requests.states import LatenessOutcome

from .account_request import AccountRequest
from .deviation import Deviation


class LatenessEnd(models.Model):
    """How a lateness ended that was recorded while its step was still running; one for each.

    ENDED: the step has ended; ``actual``, ``difference``, ``late_seconds`` (counted) and
    ``responsible`` are the final ones. LIFTED: the run is not late after all (its deadline moved,
    or its end was entered later than it happened), and ``ground`` says why.
    """

    deviation = models.OneToOneField(Deviation, models.PROTECT, related_name="end")
    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="+")
    outcome = models.CharField("akhir", max_length=10, choices=LatenessOutcome.choices)
    actual = models.TextField("kenyataan")
    difference = models.TextField("selisih", blank=True)
    late_seconds = models.PositiveIntegerField("keterlambatan (detik)", default=0)
    responsible = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    ground = models.TextField("dasar", blank=True)
    at = models.DateTimeField("dicatat")

    class Meta:
        verbose_name = "akhir keterlambatan"
        verbose_name_plural = "akhir keterlambatan"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    outcome=LatenessOutcome.ENDED, responsible__isnull=False, late_seconds__gt=0
                )
                | (Q(outcome=LatenessOutcome.LIFTED, late_seconds=0) & ~Q(ground="")),
                name="lateness_ends_with_its_facts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deviation_id}: {self.get_outcome_display()}"


class DeviationShare(models.Model):
    """What one of several people held of the step of a deviation, in working seconds.

    Only where more than one person held it; with the record, or with the end of an open lateness.
    ``after_due``: how much of it lay after the deadline.
    """

    deviation = models.ForeignKey(Deviation, models.PROTECT, related_name="shares")
    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="+")
    person = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="+")
    seconds = models.PositiveIntegerField("dipegang (detik)")
    after_due = models.PositiveIntegerField("sesudah tenggat (detik)")
    at = models.DateTimeField("dicatat")

    class Meta:
        verbose_name = "bagian penyimpangan"
        verbose_name_plural = "bagian penyimpangan"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["deviation", "person"], name="one_share_for_each_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.deviation_id}: {self.person_id}"

    def said(self) -> str:
        """``Admin Satu memegang 40 menit, 10 menit di antaranya sesudah tenggat``."""
        held = f"{self.person.titled_name} memegang {words.duration(self.seconds)}"
        if not self.after_due:
            return held
        return f"{held}, {words.duration(self.after_due)} di antaranya sesudah tenggat"
