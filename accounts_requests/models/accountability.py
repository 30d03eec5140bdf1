"""Deviations that are answered for (Peringatan 2 of the SOP): an account, and what its judge says.

All of it is append-only: a correction is a further record, and how a deviation stands follows from
the latest ones (``deviation_states``). No state is stored.
"""

from django.db import models
from django.db.models import Q

from accounts_requests.roles import Role
from accounts_requests.states import Verdict

from .account_request import AccountRequest
from .deviation import Deviation

_EXECUTORS = (Role.KEPALA_LPSE, Role.ADMIN_PPE)


class DeviationCause(models.Model):
    """One cause of the office's own list. What was answered keeps the words as they were."""

    label = models.CharField("sebab", max_length=120, unique=True)
    position = models.PositiveSmallIntegerField("urutan", default=0)
    is_active = models.BooleanField("dapat dipilih", default=True)

    class Meta:
        verbose_name = "sebab penyimpangan"
        verbose_name_plural = "sebab penyimpangan"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label


class DeviationAnswer(models.Model):
    """One *jawaban*: an account of one or several deviations of one person, with one cause.

    They may belong to several cases; ``request`` is the first of them, with which the answer is
    sealed and its evidence kept. ``responsible`` answers for the deviations, as ``role`` of the
    SOP; ``answered_by`` is the same person unless ``on_behalf`` says why a superior answers.
    ``title`` is how whoever answered was styled then.
    """

    number = models.CharField("nomor jawaban", max_length=20, unique=True)
    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="deviation_answers")
    responsible = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, related_name="deviation_answers"
    )
    role = models.CharField("sebagai", max_length=30, choices=Role.choices)
    answered_by = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="+")
    title = models.CharField("jabatan saat menjawab", max_length=60)
    on_behalf = models.CharField("alasan dijawab atasan", max_length=250, blank=True)
    at = models.DateTimeField("dijawab")
    cause = models.ForeignKey(DeviationCause, models.PROTECT, related_name="answers")
    cause_label = models.CharField("sebab", max_length=120)
    explanation = models.TextField("uraian sebab")
    remedy = models.TextField("yang sudah dilakukan")
    prevention = models.TextField("pencegahan")

    class Meta:
        verbose_name = "jawaban penyimpangan"
        verbose_name_plural = "jawaban penyimpangan"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[str(role) for role in _EXECUTORS]),
                name="answer_is_an_executors",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=models.F("responsible"), on_behalf="")
                | (~Q(answered_by=models.F("responsible")) & ~Q(on_behalf="")),
                name="answer_on_behalf_says_so",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class AnsweredDeviation(models.Model):
    """One deviation that an answer accounts for; the latest answer to it counts."""

    answer = models.ForeignKey(DeviationAnswer, models.PROTECT, related_name="items")
    deviation = models.ForeignKey(Deviation, models.PROTECT, related_name="answered")
    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="+")
    at = models.DateTimeField("dijawab")

    class Meta:
        verbose_name = "penyimpangan yang dijawab"
        verbose_name_plural = "penyimpangan yang dijawab"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "deviation"], name="deviation_once_in_an_answer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.deviation_id}"


class DeviationJudgement(models.Model):
    """What the superior says of an answer; the latest one counts, a correction is a further one.

    ``judge_name`` and ``title`` are as they were then. A superior who does not sign in here judges
    by a signed paper (``paper``, with its number and date): ``recorded_by`` is then whoever
    uploaded it, otherwise the judge.
    """

    answer = models.ForeignKey(DeviationAnswer, models.PROTECT, related_name="judgements")
    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="+")
    verdict = models.CharField("penilaian", max_length=15, choices=Verdict.choices)
    ground = models.TextField("alasan atau dasar", blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    at = models.DateTimeField("dinilai")
    recorded_by = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="+")
    judge_name = models.CharField("penilai", max_length=260)
    title = models.CharField("jabatan penilai", max_length=150)
    paper = models.ForeignKey(
        "accounts_requests.Document", models.PROTECT, null=True, blank=True, related_name="+"
    )
    paper_number = models.CharField("nomor surat", max_length=80, blank=True)
    paper_date = models.DateField("tanggal surat", null=True, blank=True)

    class Meta:
        verbose_name = "penilaian penyimpangan"
        verbose_name_plural = "penilaian penyimpangan"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="judgement_is_known"
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.ACCEPTED) | ~Q(ground=""),
                name="judgement_gives_its_ground",
            ),
            models.CheckConstraint(
                condition=Q(paper__isnull=True, paper_number="", paper_date__isnull=True)
                | (Q(paper__isnull=False, paper_date__isnull=False) & ~Q(paper_number="")),
                name="outside_judgement_names_its_paper",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.get_verdict_display()}"


class DeviationReminder(models.Model):
    """The reminders of one day were queued: the unique row is the claim of whoever swept first."""

    day = models.DateField("hari", unique=True)
    at = models.DateTimeField("waktu")
    people = models.PositiveSmallIntegerField("penerima")

    class Meta:
        verbose_name = "pengingat penyimpangan"
        verbose_name_plural = "pengingat penyimpangan"
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.people}"
