"""The office's dated hours and holidays, as rows that people edit.

``timers.py`` turns them into the arithmetic of ``working_time.py``.
"""

from django.db import models
from django.db.models import F, Q

from accounts_requests.words import WEEKDAYS


class HoursTable(models.Model):
    """Office hours in force between two dates; a special table wins over Ramadan over normal."""

    class Kind(models.TextChoices):
        NORMAL = "normal", "Biasa"
        RAMADAN = "ramadan", "Ramadan"
        SPECIAL = "special", "Khusus"

    name = models.CharField("nama", max_length=120)
    kind = models.CharField("jenis", max_length=10, choices=Kind.choices)
    valid_from = models.DateField("berlaku sejak")
    valid_until = models.DateField("berlaku sampai dengan")
    legal_basis = models.CharField("dasar hukum", max_length=250, blank=True)
    confirmed = models.BooleanField("dipastikan", default=False)
    note = models.TextField("catatan", blank=True)

    class Meta:
        verbose_name = "tabel jam kerja"
        verbose_name_plural = "tabel jam kerja"
        ordering = ["valid_from", "kind"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")),
                name="hours_table_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.name


class HoursSpan(models.Model):
    """One open stretch of a weekday (0 = Senin) in the office's wall-clock time."""

    table = models.ForeignKey(HoursTable, models.CASCADE, related_name="spans")
    weekday = models.PositiveSmallIntegerField("hari")
    opens = models.TimeField("buka")
    closes = models.TimeField("tutup")

    class Meta:
        verbose_name = "jam buka"
        verbose_name_plural = "jam buka"
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gte=F("opens")), name="hours_span_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(weekday__lte=6), name="hours_span_weekday_is_0_to_6"
            ),
        ]

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]}, {self.opens:%H.%M}–{self.closes:%H.%M}"


class Holiday(models.Model):
    """A day on which the office is closed, with the decree that says so or an estimate's mark."""

    class Kind(models.TextChoices):
        PUBLIC = "libur nasional", "Libur nasional"
        JOINT_LEAVE = "cuti bersama", "Cuti bersama"
        LOCAL = "libur daerah", "Libur daerah"

    date = models.DateField("tanggal", unique=True)
    name = models.CharField("nama", max_length=200)
    kind = models.CharField("jenis", max_length=20, choices=Kind.choices)
    legal_basis = models.CharField("dasar hukum", max_length=250, blank=True)
    confirmed = models.BooleanField("dipastikan", default=False)

    class Meta:
        verbose_name = "hari libur"
        verbose_name_plural = "hari libur"
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date:%d-%m-%Y} {self.name}"


class CalendarVersion(models.Model):
    """The office's calendar as it was taken into use at one time, whole, with the reason.

    ``content`` holds every hour table and holiday in the form of ``calendar_content``; with it a
    run that was measured by this version can be explained for ever. ``version`` is the hash of
    that content, which step runs carry; the same content taken into use again bears it again.
    """

    number = models.PositiveIntegerField("nomor", unique=True)
    version = models.CharField("versi", max_length=16, db_index=True)
    content = models.JSONField("isi")
    reason = models.TextField("alasan")
    adopted_at = models.DateTimeField("dipakai sejak")
    adopted_by = models.ForeignKey(
        "accounts_requests.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    moved = models.PositiveIntegerField("tenggat yang bergeser", default=0)

    class Meta:
        verbose_name = "versi kalender"
        verbose_name_plural = "versi kalender"
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"Kalender versi {self.number}"


class CalendarDraft(models.Model):
    """What one keeper proposes to change in the calendar and has not applied yet (*rancangan*).

    ``content`` has the form of ``calendar_proposals``: it lies over the calendar in use.
    """

    owner = models.OneToOneField(
        "accounts_requests.User", models.PROTECT, related_name="calendar_draft"
    )
    content = models.JSONField("isi")
    saved_at = models.DateTimeField("disimpan")

    class Meta:
        verbose_name = "rancangan kalender"
        verbose_name_plural = "rancangan kalender"

    def __str__(self) -> str:
        return f"Rancangan kalender {self.owner}"
