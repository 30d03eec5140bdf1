"""The night's backup: when it is owed, who makes it, and what the pages say of its age.

The worker has it made by a process of its own (``manage.py backup --nightly``): mail goes out
meanwhile, the memory of a dump is given back, and what goes wrong there takes no worker along.
"""

import datetime as dt
import logging
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.defaultfilters import filesizeformat

from accounts_requests import words
from accounts_requests.backups import INTERRUPTED
from accounts_requests.models import Backup

logger = logging.getLogger(__name__)

# The night begins when nobody works, in the office's zone.
BEGINS = dt.time(1)
# A failed night is tried again after the one; after the other an attempt without an end belongs to
# a process that is gone.
RETRY_AFTER = dt.timedelta(hours=1)
STALE_AFTER = dt.timedelta(hours=3)
# A good backup older than this says that a night went by without one.
OLD_AFTER = dt.timedelta(hours=26)


def is_due(at: dt.datetime) -> bool:
    """Is the nightly backup owed at ``at`` (UTC)? Never without settings.BACKUP_DIR."""
    night = _night(at)
    if settings.BACKUP_DIR is None or night is None:
        return False
    return _may_begin(Backup.objects.filter(night=night).first(), at)


def claim(at: dt.datetime) -> Backup | None:
    """The attempt at the nightly backup that is owed at ``at`` (UTC); None when another has it.

    Committed when this returns: the night is unique, so two workers never make the same one. An
    attempt that failed or was left behind stays on record, and gives the night up.
    """
    night = _night(at)
    if settings.BACKUP_DIR is None or night is None:
        return None
    try:
        with transaction.atomic(durable=True):
            before = Backup.objects.select_for_update().filter(night=night).first()
            if not _may_begin(before, at):
                return None
            if before is not None:
                before.night = None
                if before.finished_at is None:
                    before.finished_at = at
                    before.error = INTERRUPTED
                before.save(update_fields=["night", "finished_at", "error"])
            return Backup.objects.create(started_at=at, night=night)
    except IntegrityError:
        return None


def _night(at: dt.datetime) -> dt.date | None:
    """The night that has begun by ``at`` (UTC), named by its date in the office's zone."""
    local = at.astimezone(words.ZONE)
    return local.date() if local.time() >= BEGINS else None


def _may_begin(before: Backup | None, at: dt.datetime) -> bool:
    """May an attempt begin, with ``before`` as the last one for the same night?"""
    if before is None:
        return True
    # As far ahead as behind: an attempt to come was written before the clock was set back.
    if before.finished_at is None:
        return abs(at - before.started_at) >= STALE_AFTER
    return bool(before.error) and abs(at - before.finished_at) >= RETRY_AFTER


# -- in a process of its own --------------------------------------------------------------------


def command() -> list[str]:
    """The command that claims the night and makes its backup."""
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "backup", "--nightly"]


@dataclass
class NightlyBackup:
    """The worker's part: starts the process when a backup is owed, and looks after it."""

    command: Sequence[str] = field(default_factory=command)
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    _started_at: dt.datetime | None = field(default=None, init=False)

    def look_after(self, at: dt.datetime) -> None:
        """Start the process when a backup is owed at ``at`` (UTC); never waits for it."""
        if self._process is not None:
            status = self._process.poll()
            if status is None:
                return
            if status:
                logger.error("the nightly backup ended with status %s", status)
            self._process = None
        # A process that failed before it could claim the night must not be started every sweep.
        if self._started_at is not None and abs(at - self._started_at) < RETRY_AFTER:
            return
        if is_due(at):
            self._started_at = at
            self._process = subprocess.Popen(  # noqa: S603  our own command
                list(self.command), stdin=subprocess.DEVNULL
            )

    def wait(self) -> None:
        """Wait for the process, if one is running."""
        if self._process is not None:
            self._process.wait()

    def stop(self) -> None:
        """End the process, if one is running; it records that it was interrupted."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait()


# -- on the pages -------------------------------------------------------------------------------


@dataclass(frozen=True)
class BackupStatus:
    """What the keeper reads: a badge (``kind`` of _badge.html, ``label``), and sentences."""

    kind: Literal["done", "soon", "late", "waiting"]
    label: str
    text: str


NOT_SET_UP = BackupStatus(
    "late", "Belum diatur", "Cadangan belum diatur: isi variabel BACKUP_DIR pada server."
)
NOT_WANTED = BackupStatus(
    "waiting", "Belum diatur", "Cadangan belum diatur; peragaan tidak memerlukannya."
)


def status(at: dt.datetime) -> BackupStatus:
    """How old the last good backup is at ``at`` (UTC), and what went wrong since."""
    finished = Backup.objects.filter(finished_at__isnull=False).order_by("-finished_at")
    last = finished.first()
    if last is None and settings.BACKUP_DIR is None:
        return NOT_SET_UP if settings.PRODUCTION else NOT_WANTED
    trouble = f" Percobaan terakhir gagal: {last.error}" if last is not None and last.error else ""
    good = finished.filter(error="").first() if trouble else last
    if good is None or good.finished_at is None:
        return BackupStatus("late", "Belum ada", f"Belum ada cadangan.{trouble}")
    age = max(at - good.finished_at, dt.timedelta(0))
    text = (
        f"Cadangan terakhir: {words.instant(good.finished_at)}, {_age(age)} lalu "
        f"({filesizeformat(good.size)}).{trouble}"
    )
    if age > OLD_AFTER or trouble:
        return BackupStatus("late", "Gagal" if trouble else "Terlambat", text)
    if settings.PRODUCTION and not good.encrypted:
        unsafe = " Tidak terenkripsi: isi BACKUP_RECIPIENTS dengan kunci publik age."
        return BackupStatus("soon", "Tidak terenkripsi", text + unsafe)
    return BackupStatus("done", "Ada", text)


def _age(age: dt.timedelta) -> str:
    hours = int(age.total_seconds()) // words.HOUR
    if hours >= 48:
        return f"{hours // 24} hari"
    return f"{hours} jam" if hours else "kurang dari 1 jam"
