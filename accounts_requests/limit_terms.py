"""The vocabulary of limits: from when, for what and until when a limit of the SOP is counted.

Imports nothing of ours. The choices make a Lembar Penafsiran (decision 13).
"""

from django.db.models import TextChoices


class LimitUnit(TextChoices):
    """The unit in which a limit is counted (the office's reading)."""

    WORKING_DAYS = "working_days", "hari kerja"
    CALENDAR_DAYS = "calendar_days", "hari kalender"
    WORKING_MINUTES = "working_minutes", "menit jam kerja"
    CLOCK_MINUTES = "clock_minutes", "menit jam dinding"


class LimitStart(TextChoices):
    """From when a limit is counted (the office's reading)."""

    PREVIOUS_END = "previous_end", "akhir langkah sebelumnya"
    CLAIMED = "claimed", "saat tugas diambil"
    BEGUN = "begun", "saat mulai dikerjakan"
    COMPLETE = "complete", "berkas dinyatakan lengkap"  # step 1 alone


class LimitBasis(TextChoices):
    """For what a limit is counted (the office's reading)."""

    CASE = "case", "seluruh permohonan"
    PERSON = "person", "tiap personel"


class StepOneStart(TextChoices):
    """From when step 1 is counted (the office's reading)."""

    RECEIVED = "received", "permohonan diterima"
    COMPLETE = "complete", "berkas dinyatakan lengkap"


class StepOneEnd(TextChoices):
    """With which instant the deadline of step 1 is compared (the office's reading)."""

    ENTERED = "entered", "SK diterbitkan di dalam aplikasi"
    SIGNED = "signed", "SK ditandatangani"


class StepFourEnd(TextChoices):
    """Until when the time of step 4 is measured (the office's reading)."""

    ACCEPTED = "accepted", "server e-mail menerima setiap pesan"
    QUEUED = "queued", "setiap pesan masuk antrean pengiriman"
