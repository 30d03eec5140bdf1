"""Backups: one file a night with the whole database and where the audit trail stood in it.

Made beside the running application, from one consistent state (``dumps``), written so that a file
with a backup's name is always a whole one (``backup_files``). The keys of SPSE passwords
(settings.CREDENTIAL_KEYS_DIR) are never in it: a backup cannot bring a destroyed password back.
"""

import datetime as dt
import errno
import fcntl
import logging
import os
import re
import shutil
import subprocess
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction

from accounts_requests import audit, backup_files, clock, dumps, words
from accounts_requests.backup_files import ENCRYPTED_SUFFIX, Manifest, Written
from accounts_requests.exceptions import BackupError
from accounts_requests.models import Backup
from accounts_requests.states import Act

logger = logging.getLogger(__name__)

ANCHORS = "anchors.txt"
# Only these are ever deleted; a copy made before a restore has another name.
_NIGHTLY_NAME = re.compile(r"sopregistry-\d{8}T\d{6}Z\.tar(?:\.age)?")
_TRIES_FOR_A_NAME, _PAUSE_SECONDS = 15, 0.1  # together longer than the second of a file's name
SAFETY_PREFIX = "sopregistry-sebelum-pemulihan"

BUSY = "Cadangan atau pemulihan lain sedang berjalan pada server ini. Ulangi setelah selesai."
INTERRUPTED = "Pembuatan cadangan terhenti sebelum selesai."
NO_TABLES = (
    "Basis data tidak dapat dibaca, atau tabelnya belum sesuai dengan versi aplikasi ini. Periksa "
    "DATABASE_URL, jalankan manage.py migrate, lalu ulangi."
)
NO_PLACE = (
    "Tempat cadangan belum ditentukan. Isi variabel BACKUP_DIR, atau sebutkan direktorinya dengan "
    "--to."
)


@dataclass(frozen=True)
class Made:
    """A backup that is complete: its file, its size in bytes, and where the trail stands in it."""

    path: Path
    size: int
    encrypted: bool
    chain_count: int


def make(
    to: Path | None = None,
    *,
    attempt: Backup | None = None,
    prefix: str = "sopregistry",
    work: Path | None = None,
) -> Made:
    """Make a backup in the existing directory ``to`` (settings.BACKUP_DIR without one).

    ``work`` is a directory inside ``working_directory``, for a caller that is in there already.

    Records it, in ``attempt`` where one was claimed, and in the audit trail; deletes the oldest
    files beyond settings.BACKUP_KEEP. Raises BackupError, after the reason was recorded.
    """
    try:
        attempt = attempt or Backup.objects.create(started_at=clock.now())
    except DatabaseError as error:
        raise BackupError(NO_TABLES) from error
    try:
        return _make(to or settings.BACKUP_DIR, attempt, prefix, work)
    except BackupError as error:
        _failed(attempt, str(error))
        raise
    except (OSError, DatabaseError) as error:
        sentence = _sentence(error)
        _failed(attempt, sentence)
        raise BackupError(sentence) from error
    except (KeyboardInterrupt, SystemExit):
        _failed(attempt, INTERRUPTED)
        raise


def told_outside(*folders: Path | None) -> int:
    """The highest number of the audit trail that a file of anchors in ``folders`` tells; 0 without.

    A line is ``YYYY-MM-DD number hash``; what is no such line is passed over.
    """
    highest = 0
    for folder in {*folders, settings.BACKUP_DIR} - {None}:
        path = Path(str(folder)) / ANCHORS
        if path.is_file():
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
                if found := re.fullmatch(r"\d{4}-\d\d-\d\d (\d+) [0-9a-f]{64}", line.strip()):
                    highest = max(highest, int(found[1]))
    return highest


@contextmanager
def working_directory() -> Iterator[Path]:
    """A private directory on the server's own disk, for what is not encrypted yet.

    Only one process of this installation is inside at a time (BackupError BUSY); what a killed
    one left there is removed.
    """
    work = Path(settings.DATA_DIR) / "backup-work"
    with (Path(settings.DATA_DIR) / "backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BackupError(BUSY) from error
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


# -- one backup ---------------------------------------------------------------------------------


def _make(folder: Path | None, attempt: Backup, prefix: str, within: Path | None) -> Made:
    if folder is None:
        raise BackupError(NO_PLACE)
    if not folder.is_dir():
        raise BackupError(
            f"Direktori cadangan {folder} tidak ada. Buat direktorinya, atau pasang (mount) "
            "disknya, lalu ulangi."
        )
    recipients = settings.BACKUP_RECIPIENTS
    attempt.encrypted = bool(recipients)
    with nullcontext(within) if within else working_directory() as work:
        backup_files.remove_partials(folder)
        at, path = _name(folder, prefix, ENCRYPTED_SUFFIX if recipients else "")
        attempt.file_name = path.name
        # In the snapshot, too: a restore tells by the name which attempt its file came from.
        attempt.save(update_fields=["file_name", "encrypted"])
        dump, found = dumps.make(work)
        manifest = Manifest(
            version=_version(),
            commit=_commit(),
            engine=dumps.engine(),
            made_at=at,
            migrations=found.migrations,
            counts=found.counts,
            chain_count=found.chain_count,
            chain_head=found.chain_head,
            dump_name=dump.name,
            dump_sha256=backup_files.sha256_of(dump),
        )
        written = backup_files.write(
            path, manifest=manifest, dump=dump, recipients=recipients, work=work
        )
    for place in {folder, settings.BACKUP_DIR} - {None}:
        _tell_outside(Path(str(place)), manifest)
    _made(attempt, manifest, written)
    _delete_oldest(folder)
    return Made(path, written.size, attempt.encrypted, manifest.chain_count)


def _name(folder: Path, prefix: str, suffix: str) -> tuple[dt.datetime, Path]:
    """When the backup is made, and its file, named by that second (UTC).

    A second that has its backup already, made right before a kill or a restore, is waited out:
    two files of one name cannot be told apart, and none is ever written over. A clock that
    stands still is not waited for; ``backup_files.write`` then refuses in words.
    """
    for _ in range(_TRIES_FOR_A_NAME):
        at = clock.now()
        path = folder / f"{prefix}-{at:%Y%m%dT%H%M%SZ}.tar{suffix}"
        if not path.exists():
            break
        time.sleep(_PAUSE_SECONDS)
    return at, path


def _tell_outside(folder: Path, manifest: Manifest) -> None:
    """Append where the chain stands to the file of anchors, and make it durable."""
    day = manifest.made_at.astimezone(words.ZONE).date()
    path = folder / ANCHORS
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "r+b") as file:
        # A line that was cut when the machine went down must not swallow this one.
        size = file.seek(0, os.SEEK_END)
        cut = False
        if size:
            file.seek(size - 1)
            cut = file.read(1) != b"\n"
        line = f"{day.isoformat()} {manifest.chain_count} {manifest.chain_head}\n"
        file.write(("\n" if cut else "").encode() + line.encode())
        file.flush()
        os.fsync(file.fileno())
    backup_files.sync_directory(folder)


def _made(attempt: Backup, manifest: Manifest, written: Written) -> None:
    with transaction.atomic():
        at = clock.now()
        attempt.finished_at = at
        attempt.size = written.size
        attempt.sha256 = written.sha256
        attempt.chain_count = manifest.chain_count
        attempt.chain_head = manifest.chain_head
        attempt.save()
        audit.record(
            Act.BACK_UP,
            actor=None,
            at=at,
            label=attempt.file_name,
            summary=f"Cadangan {attempt.file_name} dibuat"
            f"{' dan dienkripsi' if attempt.encrypted else ', tidak dienkripsi'}.",
            changes={
                "sha256": written.sha256,
                "size": written.size,
                "chain_count": manifest.chain_count,
                "chain_head": manifest.chain_head,
            },
        )


def _failed(attempt: Backup, reason: str) -> None:
    """Record why there is no backup; a database that cannot take it either is only logged."""
    logger.error("backup failed: %s", reason)
    try:
        Backup.objects.filter(pk=attempt.pk, sha256="").update(
            finished_at=clock.now(), error=reason[:250]
        )
    except DatabaseError as error:
        logger.error("the failure could not be recorded: %s", type(error).__name__)  # noqa: TRY400  its text may quote a row


def _delete_oldest(folder: Path) -> None:
    """Keep the newest settings.BACKUP_KEEP files, at least one; what cannot be deleted stays."""
    names = sorted(path.name for path in folder.iterdir() if _NIGHTLY_NAME.fullmatch(path.name))
    for name in names[: -max(1, settings.BACKUP_KEEP)]:
        try:
            (folder / name).unlink()
        except OSError:
            logger.warning("the old backup %s could not be deleted", name)


def _sentence(error: OSError | DatabaseError) -> str:
    if isinstance(error, DatabaseError):
        return f"Basis data tidak dapat disalin ({type(error).__name__})."
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return (
            "Ruang disk tidak cukup untuk cadangan; cadangan yang lama tetap ada. Kosongkan ruang "
            "pada BACKUP_DIR dan DATA_DIR, lalu ulangi."
        )
    name = errno.errorcode.get(error.errno or 0, type(error).__name__)
    return f"Berkas cadangan tidak dapat ditulis ({name}). Periksa BACKUP_DIR dan hak aksesnya."


# -- what made it -------------------------------------------------------------------------------


def _version() -> str:
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def _commit() -> str:
    """The commit that is installed; "" where the application is no clone or git is missing."""
    git = shutil.which("git")
    if git is None:
        return ""
    told = subprocess.run(  # noqa: S603  git itself, on our own directory
        [git, "-C", str(settings.BASE_DIR), "rev-parse", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip() if told.returncode == 0 else ""
