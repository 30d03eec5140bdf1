"""SQLite: a dump is a database file of its own; a load is one transaction of the live database."""

import errno
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from accounts_requests.exceptions import BackupError

from . import contents
from .contents import LEFT_OUT, Contents

logger = logging.getLogger(__name__)

NAME = "database.sqlite3"
PAGES_AT_ONCE = 1000
# A writer holds the database for milliseconds; so many tries at 0.1 s are patience enough.
PATIENCE = 300
_IN_USE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_GIVEN_UP = "in use"


def make(folder: Path) -> tuple[Path, Contents]:
    """Dump into ``folder``; returns the file and what is in it.

    VACUUM INTO reads one snapshot in one go beside any number of writers, where the online backup
    would begin again after every write. It leaves freed pages out, too.
    """
    target = folder / NAME
    with _spoken("disalin"):
        with closing(_open(_live(), mode="rw")) as live:
            live.execute("VACUUM INTO ?", (str(target),))
        target.chmod(0o600)
        with closing(_open(target, mode="rw")) as dump:
            dump.execute("PRAGMA secure_delete=ON")
            tables = _tables(dump)
            for table in set(LEFT_OUT) & set(tables):
                dump.execute(f'DELETE FROM "{table}"')  # noqa: S608  a constant's name
            _require_sound(dump, "quick_check")
            found = contents.read(lambda sql: dump.execute(sql).fetchall(), tables)
    return target, found


def load(dump: Path, counts: dict[str, int]) -> None:
    """Replace the live database by the file ``dump``, in one transaction of SQLite's own.

    Others may have the database open: they see the old state or the new one, and a killed load
    leaves the old one. (Renaming a file into place would leave them on the file that is gone, and
    its journal to the new one.)
    """
    with _spoken("dipulihkan"), closing(_open(dump, mode="rw")) as staged:
        _require_sound(staged, "integrity_check")
        if staged.execute("PRAGMA foreign_key_check").fetchone():
            raise BackupError(_unsound("foreign_key_check"))
        found = contents.read(lambda sql: staged.execute(sql).fetchall(), _tables(staged))
        if found.counts != counts:
            raise BackupError(
                "Jumlah baris di dalam cadangan tidak sesuai dengan manifesnya. Tidak ada yang "
                "diubah. Gunakan salinan lain dari cadangan ini, atau cadangan sebelumnya."
            )
        staged.execute("BEGIN IMMEDIATE")
        for statement in contents.holding():
            staged.execute(statement)
        staged.execute("COMMIT")
        _copy(staged, _live())
    dump.unlink()


def _copy(staged: sqlite3.Connection, path: Path) -> None:
    tries = 0

    def patiently(status: int, _remaining: int, _total: int) -> None:
        nonlocal tries
        tries = tries + 1 if status in _IN_USE else 0
        if tries > PATIENCE:
            raise sqlite3.OperationalError(_GIVEN_UP)

    with closing(_open(path, mode="rwc", seconds=0)) as live:
        staged.backup(live, pages=PAGES_AT_ONCE, progress=patiently, sleep=0.1)
        live.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _live() -> Path:
    return Path(connection.settings_dict["NAME"])


def _open(path: Path, *, mode: str, seconds: float = 20) -> sqlite3.Connection:
    uri = f"file:{quote(str(path))}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=seconds, isolation_level=None)


def _tables(database: sqlite3.Connection) -> list[str]:
    rows = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'"
    )
    return [name for (name,) in rows]


def _require_sound(database: sqlite3.Connection, check: str) -> None:
    if database.execute(f"PRAGMA {check}(1)").fetchone() != ("ok",):
        raise BackupError(_unsound(check))


def _unsound(check: str) -> str:
    return (
        f"Basis data di dalam cadangan tidak utuh (PRAGMA {check}). Periksa basis data dan disk "
        "server ini, dan simpan cadangan-cadangan yang lama."
    )


@contextmanager
def _spoken(what: str) -> Iterator[None]:
    """Say in words what SQLite refuses."""
    try:
        yield
    except sqlite3.Error as error:
        logger.error("SQLite: %s", error)  # noqa: TRY400  its words are for the operator
        name = getattr(error, "sqlite_errorname", "") or str(error)
        if name == "SQLITE_FULL":
            raise OSError(errno.ENOSPC, "sqlite") from error
        if name.startswith("SQLITE_IOERR"):
            raise BackupError(
                f"Disk tidak dapat dibaca atau ditulis ketika basis data {what} ({name}). Periksa "
                "ruang kosong dan keadaan disk server, lalu ulangi."
            ) from error
        if name in {"SQLITE_BUSY", "SQLITE_LOCKED", _GIVEN_UP}:
            raise BackupError(
                "Basis data sedang dipakai terus-menerus oleh proses lain, sehingga tidak dapat "
                f"{what}. Hentikan web dan pekerja, lalu ulangi."
            ) from error
        raise BackupError(
            f"Basis data SQLite tidak dapat {what} ({name}). Bila berkasnya rusak, pindahkan "
            f"{_live().name} beserta -wal dan -shm ke tempat lain, lalu pulihkan cadangan terakhir."
        ) from error
