"""SPSE passwords between their generation and their hand-over, and encrypted fields.

A NULLed secret is not gone: journals, heaps and backups keep its bytes. So each password is
encrypted with a key of its own, the key lies in a file outside the database and its backups
(settings.CREDENTIAL_KEYS_DIR), and handing over the password destroys that file. The key file is
itself wrapped with settings.ENCRYPTION_KEYS: neither the files nor the database alone reveal
anything. Nothing here logs, and no exception carries a password or a key.
"""

import datetime as dt
import os
import secrets
import string
import uuid
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import connection, transaction
from django.views.decorators.debug import sensitive_variables

from accounts_requests import clock
from accounts_requests.exceptions import SecretUnavailable
from accounts_requests.models import Account, Credential

# A password is six groups like "Kab7": a closed syllable, then a digit, with hyphens between.
# Each place of a group has its own alphabet without look-alikes (no l, I, 1, O, 0, o, Q, q, x), so
# that the place decides between 5 and S or u and v: it can be read out on the telephone. It
# has capitals, small letters, digits and a sign, as SPSE asks.
# Entropy: 6 × log2(18 · 4 · 18 · 8) = 80.04 bits, from the operating system's generator.
GROUPS = 6
CONSONANTS = "bcdfghjkmnprstvwyz"
VOWELS = "aeiu"
DIGITS = "23456789"
SEPARATOR = "-"

KEY_SUFFIX = ".key"
# So many key files are flushed at once: the disk takes several in one turn (measured with 200:
# a tenth of the time that one after the other takes).
WRITERS = 8
# A key file without a row belongs to a transaction that is not over, or was rolled back. None
# lives this long.
ORPHAN_AGE = dt.timedelta(hours=1)
# For how long after a destruction the journal is emptied again at each sweep: one sweep may
# meet a reader that holds it.
SCRUB_FOR = dt.timedelta(minutes=10)

GONE = (
    "Password akun ini tidak tersimpan lagi: sudah dimusnahkan atau belum pernah dibuat. "
    "Silakan buat password baru dan setel di SPSE terlebih dahulu."
)
KEY_LOST = (
    "Kunci password akun ini tidak ditemukan, misalnya karena basis data dipulihkan dari cadangan. "
    "Silakan buat password baru dan setel di SPSE terlebih dahulu."
)
KEY_UNREADABLE = (
    "Kunci password akun ini tidak dapat dibuka dengan ENCRYPTION_KEYS yang berlaku. "
    "Silakan hubungi Pengelola Aplikasi."
)
FIELD_UNREADABLE = (
    "Data tersandi ini tidak dapat dibuka dengan ENCRYPTION_KEYS yang berlaku. "
    "Silakan hubungi Pengelola Aplikasi."
)


class KeyLost(SecretUnavailable):
    """The row waits for its password, but the key file is gone (a restored backup)."""


class KeyUnreadable(SecretUnavailable):
    """The key file is there, but no key of settings.ENCRYPTION_KEYS opens it."""


@sensitive_variables()
def generate_password() -> str:
    """Return a new password such as ``Kab7-Ten4-Wup9-Haz3-Red6-Mus2``.

    29 characters, at least 80 bits of entropy, from ``secrets``; the hyphens belong to it.
    """
    return SEPARATOR.join(
        secrets.choice(CONSONANTS).upper()
        + secrets.choice(VOWELS)
        + secrets.choice(CONSONANTS)
        + secrets.choice(DIGITS)
        for _ in range(GROUPS)
    )


@dataclass(frozen=True)
class SpareKey:
    """A key that lies durably in its file and belongs to no password yet."""

    key_id: uuid.UUID
    key: bytes

    def __repr__(self) -> str:
        return f"SpareKey({self.key_id})"


@contextmanager
def spare_keys(count: int) -> Iterator[list[SpareKey]]:
    """Lay ``count`` keys ready before a transaction, so that nobody waits for the disk inside it.

    Each file is on disk, and the directory's entries with one flush for all, before this yields.
    ``keep_new`` takes from the list; what is left at the end is removed. Keys that were taken by
    a transaction that did not come about are swept later.
    """
    spare = [SpareKey(uuid.uuid4(), Fernet.generate_key()) for _ in range(count)]
    try:
        if spare:
            now = clock.now()  # told to the threads, in which a moved clock stands elsewhere
            with ThreadPoolExecutor(WRITERS) as writers:
                list(writers.map(lambda each: _write_key(each.key_id, each.key, now), spare))
            _sync_directory()
        yield spare
    finally:
        for each in spare:
            _erase_key(each.key_id)


@sensitive_variables()
def keep(account: Account, password: str, *, at: dt.datetime) -> Credential:
    """Keep ``password`` for ``account`` until it is destroyed; returns its row.

    An earlier live one is destroyed in the same transaction (``at``, UTC). Rolled back, the
    earlier one stays and the new key file is swept later.
    """
    with transaction.atomic():
        destroy(account, at=at)
        spare = SpareKey(uuid.uuid4(), Fernet.generate_key())
        _write_key(spare.key_id, spare.key, clock.now())
        _sync_directory()
        credential = _sealed(account, password, spare, at)
        credential.save()
    return credential


@sensitive_variables()
def keep_new(accounts: Sequence[Account], *, spare: list[SpareKey], at: dt.datetime) -> None:
    """Make a password for each of ``accounts`` that has none, each under a key of its own.

    Keys are taken from ``spare``; where it runs out (somebody added people meanwhile) they are
    made here. Part of the caller's transaction; ``at`` is UTC.
    """
    has_one = live_since(accounts)
    without = [account for account in accounts if account.pk not in has_one]
    taken = [spare.pop() for _ in without[: len(spare)]]
    with spare_keys(len(without) - len(taken)) as more:
        taken += [more.pop() for _ in range(len(more))]
    Credential.objects.bulk_create(
        _sealed(account, generate_password(), key, at)
        for account, key in zip(without, taken, strict=True)
    )


@sensitive_variables()
def _sealed(account: Account, password: str, spare: SpareKey, at: dt.datetime) -> Credential:
    """Return the row, not saved yet, of ``password`` under a key that is on disk already."""
    return Credential(
        account=account,
        key_id=spare.key_id,
        ciphertext=Fernet(spare.key).encrypt(password.encode()),
        created_at=at,
    )


@sensitive_variables()
def reveal(account: Account, *, made_by: dt.datetime | None = None) -> str:
    """Return the live password of ``account``. Who may ask and the audit entry are the gate's.

    With ``made_by`` (UTC) one that was made later does not count. Raises SecretUnavailable when
    there is none, KeyLost when its key file is gone and KeyUnreadable when it cannot be opened.
    """
    credential = account.credentials.filter(destroyed_at__isnull=True).first()
    if credential is None or (made_by is not None and credential.created_at > made_by):
        raise SecretUnavailable(GONE)
    try:
        wrapped = _key_path(credential.key_id).read_bytes()
    except FileNotFoundError:
        raise KeyLost(KEY_LOST) from None
    try:
        key = _application_keys().decrypt(wrapped)
        return Fernet(key).decrypt(bytes(credential.ciphertext)).decode()
    except (InvalidToken, ValueError):
        raise KeyUnreadable(KEY_UNREADABLE) from None


def has_live(account: Account) -> bool:
    """Does a password of ``account`` wait for its hand-over?"""
    return account.credentials.filter(destroyed_at__isnull=True).exists()


def count_lost_keys() -> int:
    """How many live passwords have no key file (any more), as after a restore."""
    live = Credential.objects.filter(destroyed_at__isnull=True).values_list("key_id", flat=True)
    return len(set(live) - set(_key_files()))


def has_key(credential: Credential) -> bool:
    """Is the key of ``credential`` there? Not in a restored backup, once it was destroyed."""
    return _key_path(credential.key_id).exists()


def live_since(accounts: Iterable[Account]) -> dict[int, dt.datetime]:
    """When the live password of each of ``accounts`` was made, by the account's key."""
    rows = Credential.objects.filter(
        account__in=[account.pk for account in accounts], destroyed_at__isnull=True
    )
    return dict(rows.values_list("account_id", "created_at"))


def destroyed_at(account: Account) -> dt.datetime | None:
    """When the password of ``account`` was destroyed; None while it has one or never had."""
    last = account.credentials.order_by("pk").last()
    return last.destroyed_at if last is not None else None


def destroy(account: Account, *, at: dt.datetime) -> None:
    """Destroy the live password of ``account``, if there is one.

    The row is emptied and marked with ``at`` (UTC) in the surrounding transaction; the key file
    is overwritten and removed when that commits. Should removing fail, ``sweep_keys`` does it.
    """
    with transaction.atomic():
        for credential in account.credentials.filter(destroyed_at__isnull=True):
            credential.ciphertext = b""
            credential.destroyed_at = at
            credential.save(update_fields=["ciphertext", "destroyed_at"])
            transaction.on_commit(partial(_erase_key, credential.key_id), robust=True)


def sweep_keys() -> int:
    """Remove key files that no live password needs; returns how many.

    Those of destroyed passwords go at once; files without any row (rolled back, or from another
    state of the database) after ORPHAN_AGE. On SQLite the journal is emptied after recent
    destructions. Other files in the directory are left alone.
    """
    files = _key_files()
    live = set(
        Credential.objects.filter(destroyed_at__isnull=True).values_list("key_id", flat=True)
    )
    needless = [key_id for key_id in files if key_id not in live]
    destroyed = set(
        Credential.objects.filter(key_id__in=needless, destroyed_at__isnull=False).values_list(
            "key_id", flat=True
        )
    )
    oldest = (clock.now() - ORPHAN_AGE).timestamp()
    erased = 0
    for key_id in needless:
        if key_id in destroyed or files[key_id] < oldest:
            _erase_key(key_id)
            erased += 1
    _empty_journal()
    return erased


def encrypt_field(text: str) -> str:
    """Return ``text`` encrypted with the newest of settings.ENCRYPTION_KEYS; "" stays ""."""
    return _application_keys().encrypt(text.encode()).decode() if text else ""


def decrypt_field(token: str) -> str:
    """Return what ``encrypt_field`` was given, under any of settings.ENCRYPTION_KEYS.

    Raises SecretUnavailable when no key opens it.
    """
    if not token:
        return ""
    try:
        return _application_keys().decrypt(token.encode()).decode()
    except InvalidToken:
        raise SecretUnavailable(FIELD_UNREADABLE) from None


def _application_keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])


def _key_path(key_id: uuid.UUID) -> Path:
    return Path(settings.CREDENTIAL_KEYS_DIR) / f"{key_id}{KEY_SUFFIX}"


def _key_files() -> dict[uuid.UUID, float]:
    """Return the key files by their id, with their instants (seconds since the epoch)."""
    files: dict[uuid.UUID, float] = {}
    for path in Path(settings.CREDENTIAL_KEYS_DIR).glob(f"*{KEY_SUFFIX}"):
        if len(path.stem) != 36 or set(path.stem) - set(string.hexdigits + "-"):
            continue
        try:
            files[uuid.UUID(path.stem)] = path.stat().st_mtime
        except FileNotFoundError:  # another process has swept it
            continue
    return files


@sensitive_variables()
def _write_key(key_id: uuid.UUID, key: bytes, now: dt.datetime) -> None:
    """Store ``key``, wrapped, readable by this user alone; its bytes are on disk on return.

    Its name in the directory is not: ``_sync_directory`` before the row is committed.
    """
    path = _key_path(key_id)
    # 0600 from its first byte on; "excl" because a key is never replaced.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_application_keys().encrypt(key))
            file.flush()
            os.fsync(file.fileno())
    except OSError:  # a full disk, say: half a key is none
        path.unlink(missing_ok=True)
        raise
    # Its age is told in the application's time, which a demo may move.
    instant = now.timestamp()
    os.utime(path, (instant, instant))


def _erase_key(key_id: uuid.UUID) -> None:
    """Overwrite and remove a key file; without one, do nothing.

    On a disk that takes no more it is removed all the same: a key must not outlive its password.
    """
    path = _key_path(key_id)
    try:
        with suppress(OSError), path.open("r+b") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            file.write(secrets.token_bytes(size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return
    _sync_directory()


def _sync_directory() -> None:
    """Make the directory's entries durable."""
    handle = os.open(settings.CREDENTIAL_KEYS_DIR, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _empty_journal() -> None:
    """On SQLite, move the journal (WAL) into the database and cut it to nothing.

    What was emptied is then overwritten in both (secure_delete). Waits for nobody: a journal
    that is being read is cut at a later sweep.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    if not Credential.objects.filter(destroyed_at__gt=clock.now() - SCRUB_FOR).exists():
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (patience,) = cursor.fetchone()
        cursor.execute("PRAGMA busy_timeout=0")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            cursor.execute(f"PRAGMA busy_timeout={int(patience)}")
