"""Putting a backup in the place of the database, and what must be true before anybody works again.

A message that nobody has accepted may have gone out after the backup was made. So each becomes
uncertain, by the gate's own rule, and people decide; nothing is sent again by itself. Sign-ins end,
links that were open are closed, and the audit trail tells what was restored and what is lost.

Whatever stops a restore half-way, the database is the old or the new one as a whole; and until the
new one has been through all of this, web and worker refuse to start (``checks``).
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from accounts_requests import (
    audit,
    backup_files,
    backups,
    clock,
    credentials,
    deadline_warnings,
    dumps,
    signing_queue,
    workflow,
)
from accounts_requests.backup_files import Manifest
from accounts_requests.exceptions import BackupError
from accounts_requests.models import (
    AccountRequest,
    AuditEntry,
    Backup,
    Invitation,
    Message,
    User,
    WorkerHeartbeat,
)
from accounts_requests.outbox import Delivery
from accounts_requests.states import UNSENT_MESSAGES, Act, SmtpStage

logger = logging.getLogger(__name__)

# A worker leaves a sign of life every five seconds, and only a slow mail server keeps it longer.
WORKER_GONE_AFTER = dt.timedelta(seconds=45)

UNCERTAIN = (
    "Pesan ini belum diterima server e-mail ketika cadangan dibuat, dan basis data kemudian "
    "dipulihkan dari cadangan itu. Tidak diketahui apakah pesan sudah terkirim sesudahnya; pesan "
    "tidak dikirim ulang dengan sendirinya."
)


UNFINISHED = (
    "Isi cadangan sudah berada di basis data, tetapi penyesuaian sesudahnya gagal; sebabnya "
    "tercatat di atas. Web dan pekerja menolak berjalan sampai pemulihan selesai. Perbaiki "
    "sebabnya, lalu jalankan lagi perintah restore yang sama."
)
NOT_RESTORED = (
    "Cadangan tidak dapat dipulihkan; sebabnya tercatat di atas. Tidak ada yang diubah. Periksa "
    "ruang kosong pada DATA_DIR (dua kali besar basis data) dan hubungan dengan basis data, lalu "
    "ulangi."
)
UNREADABLE = (
    "Basis data yang ada tidak dapat dibaca. Tidak ada yang diubah. Periksa DATABASE_URL; basis "
    "data PostgreSQL yang kosong harus dibuat lebih dahulu, dan berkas SQLite yang rusak (beserta "
    "-wal dan -shm) dipindahkan ke tempat lain."
)


@dataclass(frozen=True)
class Lost:
    """The entries of the audit trail that are lost: after ``restored_to``, up to ``through``.

    The highest number that is known from the former database, or was told outside; equal when
    nothing is lost.
    """

    restored_to: int
    through: int


@dataclass(frozen=True)
class Restored:
    """What was done: the manifest, each table's rows as they stood right after the load, and more.

    ``uncertain`` messages were made so, ``unsettled`` ones are on hold; ``lost_keys`` are live
    passwords whose key files are gone. ``copy`` is the file in which the former state was kept.
    """

    manifest: Manifest
    counts: dict[str, int]
    lost: Lost
    uncertain: int
    unsettled: int
    lost_keys: int
    copy: Path | None


def restore(
    path: Path,
    *,
    identity: Path | None = None,
    replace: bool = False,
    force: bool = False,
    tell: Callable[[str], object] = logger.info,
) -> Restored:
    """Restore the backup ``path`` into the configured database; ``tell`` hears of each stage.

    ``replace`` allows a database that holds something; that is backed up first. ``force`` goes on
    beside workers that seem to run. Raises BackupError; unless its sentence says otherwise,
    nothing was changed then.
    """
    if not force:
        _require_no_workers(clock.now())
    copy, former = None, list[str]()
    try:
        with backups.working_directory() as work:
            tell("Memeriksa berkas cadangan …")
            manifest, dump = backup_files.read(path, identity=identity, work=work)
            _require_fitting(manifest)
            if _holds_something(replace):
                tell("Menyimpan isi basis data yang sekarang …")
                copy = _keep_what_is_there(path.parent, work / "copy")
                former = _former_chain()
            tell("Memulihkan basis data …")
            dumps.load(dump, manifest.counts)
    except (OSError, DatabaseError) as error:
        logger.exception("nothing was restored")
        raise BackupError(NOT_RESTORED) from error
    try:
        return _finish(path, manifest, former, copy, tell)
    except Exception as error:
        logger.exception("the restored database could not be put in order")
        raise BackupError(UNFINISHED) from error


def told_lost(lost: Lost) -> str:
    """The sentence for people."""
    if lost.through == lost.restored_to:
        return "Tidak ada entri yang diketahui hilang."
    return (
        f"Entri {lost.restored_to + 1} sampai {lost.through} dari sebelum pemulihan tidak ada lagi."
    )


def is_unfinished() -> bool:
    """Was a restore of this database begun and not finished? Asks the database."""
    return dumps.MARKER in connection.introspection.table_names()


# -- before anything is touched -----------------------------------------------------------------


def _require_no_workers(at: dt.datetime) -> None:
    """Raises BackupError while a worker is seen; a database that cannot tell has none."""
    try:
        beats = WorkerHeartbeat.objects.filter(beat_at__gt=at - WORKER_GONE_AFTER)
        names = ", ".join(beats.order_by("name").values_list("name", flat=True))
    except DatabaseError:
        return
    finally:
        connection.close()
    if names:
        raise BackupError(
            f"Pekerja masih terlihat berjalan: {names}. Tidak ada yang diubah. Hentikan web dan "
            f"pekerja, tunggu {int(WORKER_GONE_AFTER.total_seconds())} detik, lalu ulangi; atau "
            "gunakan --force bila pekerja itu sudah pasti mati."
        )


def _holds_something(replace: bool) -> bool:  # noqa: FBT001  the option as it was given
    """Is there something to keep? Raises BackupError when there is, and it may not be replaced."""
    try:
        tables = set(connection.introspection.table_names())
        if dumps.MARKER in tables:  # a restore that was interrupted; what was there is kept already
            return False
        kinds = (AuditEntry, AccountRequest, User)
        held = any(kind._meta.db_table in tables and kind.objects.exists() for kind in kinds)
    except DatabaseError as error:
        raise BackupError(UNREADABLE) from error
    finally:
        connection.close()
    if held and not replace:
        raise BackupError(
            "Basis data ini tidak kosong. Tidak ada yang diubah. Gunakan --replace untuk "
            "menggantinya; isinya yang sekarang lebih dahulu disimpan sebagai cadangan."
        )
    return held


def _keep_what_is_there(folder: Path, work: Path) -> Path:
    work.mkdir(mode=0o700)
    try:
        place = settings.BACKUP_DIR or folder
        return backups.make(place, prefix=backups.SAFETY_PREFIX, work=work).path
    except BackupError as error:
        raise BackupError(
            f"Isi basis data yang sekarang tidak dapat disimpan lebih dahulu: {error} Tidak ada "
            "yang dipulihkan. Perbaiki sebabnya, atau pindahkan basis data itu dan arahkan "
            "DATABASE_URL ke basis data baru yang kosong."
        ) from error


def _require_fitting(manifest: Manifest) -> None:
    """Raises BackupError unless this code can take over what ``manifest`` tells of."""
    if manifest.engine != dumps.engine():
        names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        raise BackupError(
            f"Cadangan ini berasal dari {names.get(manifest.engine, manifest.engine)}, sedangkan "
            f"DATABASE_URL menunjuk {names[dumps.engine()]}. Tidak ada yang diubah. Arahkan "
            "DATABASE_URL ke basis data dari jenis yang sama."
        )
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    installed = {config.label for config in apps.get_app_configs()}
    unknown = [
        name
        for name in manifest.migrations
        if tuple(name.split(".", 1)) not in known and name.split(".", 1)[0] in installed
    ]
    if unknown:
        raise BackupError(backup_files.NEWER)


def _former_chain() -> list[str]:
    """The hashes of the trail that is about to be replaced, from its first entry on."""
    try:
        return list(AuditEntry.objects.order_by("sequence").values_list("hash", flat=True))
    finally:
        connection.close()


# -- after the load -----------------------------------------------------------------------------


def _finish(
    path: Path,
    manifest: Manifest,
    former: list[str],
    copy: Path | None,
    tell: Callable[[str], object],
) -> Restored:
    counts = _counts(manifest)
    tell("Menyesuaikan basis data dengan versi aplikasi ini …")
    call_command("migrate", interactive=False, verbosity=0)
    at = clock.now()
    lost = _lost(manifest, former, backups.told_outside(path.parent))
    _put_in_order(path, manifest, lost, at)
    uncertain, unsettled = _doubt_unsent(at)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {dumps.MARKER}")
    return Restored(
        manifest=manifest,
        counts=counts,
        lost=lost,
        uncertain=uncertain,
        unsettled=unsettled,
        lost_keys=credentials.count_lost_keys(),
        copy=copy,
    )


def _counts(manifest: Manifest) -> dict[str, int]:
    """The rows that each of the manifest's tables holds now."""
    with connection.cursor() as cursor:
        found = {}
        for table in manifest.counts:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608  quoted
            found[table] = cursor.fetchone()[0]
    return found


def _lost(manifest: Manifest, former: list[str], told: int) -> Lost:
    """What is lost of the trail whose hashes were ``former``, and of what was ``told`` outside.

    The trails part where the backup is older, or where an earlier restore had made them part.
    """
    restored_to = 0
    hashes = AuditEntry.objects.order_by("sequence").values_list("hash", flat=True)
    for mine, other in zip(hashes.iterator(), former, strict=False):
        if mine != other:
            break
        restored_to += 1
    if restored_to == len(former):  # nothing but what is in the backup as well
        restored_to = manifest.chain_count
    beyond = told if told > manifest.chain_count else 0
    return Lost(restored_to, max(restored_to, len(former), beyond))


def _put_in_order(path: Path, manifest: Manifest, lost: Lost, at: dt.datetime) -> None:
    """End what must not outlive the restore, and record it: one transaction."""
    with transaction.atomic():
        Session.objects.all().delete()
        UserSession.objects.all().delete()
        Invitation.objects.filter(used_at=None, revoked_at=None).update(revoked_at=at)
        signing_queue.doubt_unsent(at)
        open_attempts = Backup.objects.filter(finished_at=None)
        # The file holds the state in which its own attempt was not over yet.
        open_attempts.filter(file_name=path.name).update(
            finished_at=manifest.made_at,
            size=path.stat().st_size,
            sha256=backup_files.sha256_of(path),
            chain_count=manifest.chain_count,
            chain_head=manifest.chain_head,
        )
        open_attempts.update(finished_at=at, error=backups.INTERRUPTED)
        audit.record(
            Act.RESTORE,
            actor=None,
            at=at,
            label=path.name[:200],
            summary=f"Basis data dipulihkan dari cadangan {path.name}, yang memuat jejak audit "
            f"sampai urutan {manifest.chain_count}. {told_lost(lost)}",
            changes={"restored_to": lost.restored_to, "lost_through": lost.through},
        )


def _doubt_unsent(at: dt.datetime) -> tuple[int, int]:
    """Make every unsent message uncertain, in their order; how many were, and how many failed.

    Warnings that the time since the backup has brought are among them: they were sent already.
    """
    try:
        deadline_warnings.sweep(at)
    except Exception:
        logger.exception("the warnings since the backup could not be reckoned")
    uncertain = unsettled = 0
    unsent = Message.objects.filter(state__in=UNSENT_MESSAGES).order_by("id")
    for pk, answer in list(unsent.values_list("pk", "answer")):
        sentence = f"{UNCERTAIN} Jawaban sebelumnya: {answer}" if answer else UNCERTAIN
        try:
            workflow.settle_message(
                pk, Delivery("uncertain", SmtpStage.NONE, None, sentence), at=at
            )
            uncertain += 1
        except Exception:
            # It stays on hold; the worker makes it uncertain later, and never sends it.
            logger.exception("message %s could not be settled", pk)
            unsettled += 1
    return uncertain, unsettled
