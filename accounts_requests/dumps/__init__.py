"""Dumps of the whole database, and loading them: all of it or nothing, on SQLite and PostgreSQL.

A dump is one consistent state, taken while others write; what is told about it (``Contents``) comes
from the same snapshot. A load replaces everything in one commit of the database. In that commit
every message that nobody has accepted is put on hold, and a marker stands until the restore is
finished: whatever is interrupted, nothing is sent again.
"""

from pathlib import Path
from types import ModuleType

from django.db import connection

from . import postgresql, sqlite
from .contents import HELD_BY, LEFT_OUT, MARKER, Contents

__all__ = ["HELD_BY", "LEFT_OUT", "MARKER", "Contents", "engine", "load", "make"]

_ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def engine() -> str:
    """The database's engine, as manifests name it: "sqlite" or "postgresql"."""
    return connection.vendor


def make(folder: Path) -> tuple[Path, Contents]:
    """Dump the database into a file in ``folder``; returns it and what is in it.

    Raises BackupError, OSError or django.db.DatabaseError.
    """
    made: tuple[Path, Contents] = _module().make(folder)
    return made


def load(dump: Path, counts: dict[str, int]) -> None:
    """Replace the database by ``dump``, which must hold just ``counts`` rows in each table.

    Uses ``dump`` up. Raises BackupError, OSError or DatabaseError; then the database is as it was.
    """
    connection.close()
    _module().load(dump, counts)


def _module() -> ModuleType:
    return _ENGINES[connection.vendor]
