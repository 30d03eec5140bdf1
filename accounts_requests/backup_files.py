"""The file of a backup: a tar with a manifest and the database's dump, encrypted with age.

    sopregistry-20261104T170000Z.tar[.age]
        manifest.json      what the dump holds, told from the same snapshot
        manifest.sha256    the manifest's own hash; the dump's stands in the manifest
        database.…         the dump (``dumps``)

Encrypted or not, no more than a few hundred kilobytes are in memory at once. A file gets its name
only when it is complete and on disk.
"""

import datetime as dt
import errno
import hashlib
import io
import json
import os
import shutil
import socket
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import pyrage

from accounts_requests.exceptions import BackupError

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_SUM = "manifest.sha256"
ENCRYPTED_SUFFIX = ".age"
PARTIAL_SUFFIX = ".partial"
# No manifest comes near this; a larger one is no manifest.
MAX_MANIFEST_BYTES = 16 * 1024 * 1024
_AGE_MAGIC = b"age-encryption.org/"

NEWER = (
    "Cadangan ini dibuat oleh versi aplikasi yang lebih baru daripada yang terpasang di sini. "
    "Tidak ada yang diubah. Perbarui aplikasi, lalu ulangi pemulihan."
)


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. ``made_at`` is UTC; ``migrations`` are "app.name", in their order."""

    version: str
    commit: str
    engine: str
    made_at: dt.datetime
    migrations: list[str]
    counts: dict[str, int]
    chain_count: int
    chain_head: str
    dump_name: str
    dump_sha256: str

    def to_json(self) -> bytes:
        """The manifest as it stands in the file."""
        content = {"format": FORMAT, **asdict(self), "made_at": self.made_at.isoformat()}
        return json.dumps(content, ensure_ascii=False, indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        """What ``to_json`` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        content: dict[str, Any] = json.loads(text)
        if content.pop("format") > FORMAT:
            raise BackupError(NEWER)
        made_at = dt.datetime.fromisoformat(content.pop("made_at"))
        return cls(made_at=made_at, **content)


@dataclass(frozen=True)
class Written:
    """A finished file: its size in bytes and its SHA-256 (hex)."""

    size: int
    sha256: str


def write(
    path: Path, *, manifest: Manifest, dump: Path, recipients: Sequence[str], work: Path
) -> Written:
    """Write the backup ``path``; ``dump`` is used up.

    ``work`` is a private directory for what is not encrypted yet. Raises OSError or BackupError;
    then nothing of the name ``path`` exists.
    """
    tar = work / "backup.tar"
    _pack(tar, manifest, dump)
    dump.unlink()
    partial = path.with_name(f".{path.name}.{socket.gethostname()}-{os.getpid()}{PARTIAL_SUFFIX}")
    try:
        with tar.open("rb") as source, _private(partial) as target:
            hashing = _Hashing(target)
            if recipients:
                _encrypt(source, hashing, recipients)
            else:
                shutil.copyfileobj(source, hashing)
            target.flush()
            os.fsync(target.fileno())
        if path.exists():
            raise BackupError(
                f"Berkas {path.name} sudah ada dan tidak ditimpa. Ulangi sebentar lagi."
            )
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    tar.unlink()
    sync_directory(path.parent)
    return Written(hashing.size, hashing.digest.hexdigest())


def read(path: Path, *, identity: Path | None, work: Path) -> tuple[Manifest, Path]:
    """The manifest and the dump of the backup ``path``, once every hash is right.

    The dump is unpacked into ``work``, a private directory. ``identity`` is the file with age's
    secret key, for an encrypted backup. Raises BackupError.
    """
    try:
        with path.open("rb") as file:
            encrypted = file.read(len(_AGE_MAGIC)) == _AGE_MAGIC
    except OSError as error:
        raise BackupError(
            f"Berkas cadangan {path} tidak dapat dibaca ({_code(error)}). Tidak ada yang diubah."
        ) from error
    tar = path
    if encrypted:
        tar = work / "backup.tar"
        _decrypt(path, tar, identity)
    try:
        manifest, dump, found = _unpack(tar, work)
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError) as error:
        raise _damaged(path) from error
    if found != manifest.dump_sha256:
        raise _damaged(path)
    if encrypted:
        tar.unlink()
    return manifest, dump


def sha256_of(path: Path) -> str:
    """The SHA-256 (hex) of a file, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove_partials(folder: Path) -> None:
    """Take away what an attempt of this machine left behind when it was killed."""
    for partial in folder.glob(f".sopregistry-*.{socket.gethostname()}-*{PARTIAL_SUFFIX}"):
        partial.unlink(missing_ok=True)


def sync_directory(folder: Path) -> None:
    """Make the directory's entries durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# -- packing ------------------------------------------------------------------------------------


class _Hashing(io.RawIOBase):
    """Writes to ``target`` and knows the hash and the size of what went through."""

    def __init__(self, target: IO[bytes]) -> None:
        self.digest = hashlib.sha256()
        self.size = 0
        self._target = target

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._target.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file that is readable by this user alone from its first byte on."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        yield file


def _pack(tar: Path, manifest: Manifest, dump: Path) -> None:
    text = manifest.to_json()
    mark = f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}\n".encode()
    with _private(tar) as file, tarfile.open(fileobj=file, mode="w") as archive:
        for name, content in ((MANIFEST, text), (MANIFEST_SUM, mark)):
            archive.addfile(_member(name, len(content), manifest), io.BytesIO(content))
        with dump.open("rb") as source:
            size = os.fstat(source.fileno()).st_size
            archive.addfile(_member(manifest.dump_name, size, manifest), source)


def _member(name: str, size: int, manifest: Manifest) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size = size
    member.mode = 0o600
    member.mtime = int(manifest.made_at.timestamp())
    return member


def _unpack(tar: Path, work: Path) -> tuple[Manifest, Path, str]:
    """Manifest, dump and the SHA-256 that the dump really has. Raises what ``read`` catches."""
    with tarfile.open(tar, "r:") as archive:
        text = _content(archive, MANIFEST)
        if _content(archive, MANIFEST_SUM).split()[0] != hashlib.sha256(text).hexdigest().encode():
            raise ValueError("manifest")
        manifest = Manifest.from_json(text)
        if archive.getnames() != [MANIFEST, MANIFEST_SUM, manifest.dump_name]:
            raise ValueError("members")
        source = archive.extractfile(manifest.dump_name)
        if source is None:
            raise ValueError("dump")
        dump = work / "dump"
        with source, _private(dump) as target:
            hashing = _Hashing(target)
            shutil.copyfileobj(source, hashing)
    return manifest, dump, hashing.digest.hexdigest()


def _content(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.getmember(name)
    file = archive.extractfile(member)
    if file is None or member.size > MAX_MANIFEST_BYTES:
        raise ValueError(name)
    with file:
        return file.read()


# -- encryption ---------------------------------------------------------------------------------


def _encrypt(source: IO[bytes], target: _Hashing, recipients: Sequence[str]) -> None:
    keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
    try:
        pyrage.encrypt_io(source, target, keys)
    except pyrage.EncryptError as error:
        # The library tells of a full disk in words only.
        full = f"Errno {errno.ENOSPC}]" in str(error)
        raise OSError(errno.ENOSPC if full else errno.EIO, "encryption") from error


def _decrypt(path: Path, tar: Path, identity: Path | None) -> None:
    if identity is None:
        raise BackupError(
            f"Cadangan {path.name} terenkripsi. Tidak ada yang diubah. Sebutkan berkas kunci "
            "rahasianya dengan --identity."
        )
    keys = _secret_keys(identity)
    try:
        with path.open("rb") as source, _private(tar) as target:
            pyrage.decrypt_io(source, target, keys)
    except (OSError, pyrage.DecryptError) as error:
        if getattr(error, "errno", None) is not None:  # the machine's; the file's has no number
            raise
        if str(error) == "No matching keys found":
            raise BackupError(
                f"Kunci pada {identity} tidak membuka cadangan {path.name}. Tidak ada yang diubah. "
                "Gunakan kunci rahasia pasangan BACKUP_RECIPIENTS yang berlaku ketika cadangan "
                "dibuat."
            ) from error
        raise _damaged(path) from error


def _secret_keys(identity: Path) -> list[Any]:
    """The secret keys in a file as age-keygen writes it; no message ever quotes one."""
    unusable = BackupError(
        f"Berkas {identity} tidak memuat kunci rahasia age (AGE-SECRET-KEY-1…) yang dapat dibaca. "
        "Tidak ada yang diubah."
    )
    try:
        lines = [line.strip() for line in identity.read_text(encoding="utf-8").splitlines()]
        keys = [
            pyrage.x25519.Identity.from_str(line)
            for line in lines
            if line and not line.startswith("#")
        ]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError):
        raise unusable from None
    if not keys:
        raise unusable
    return keys


def _damaged(path: Path) -> BackupError:
    return BackupError(
        f"Cadangan {path.name} rusak atau terpotong: isinya tidak sesuai dengan hash di dalamnya. "
        "Tidak ada yang diubah. Gunakan salinan lain dari cadangan ini, atau cadangan sebelumnya."
    )


def _code(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, type(error).__name__)
