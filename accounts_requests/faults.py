"""What fails outside the application: database away, database busy, disk full.

Such a failure is nobody's mistake and nothing is half done: an act is one transaction. People get
a page that says so and when to come again (``views.errors``); the worker waits longer and longer
(``worker``).
"""

import enum
import errno
import sqlite3
from collections.abc import Iterator

import psycopg
from django.db import InterfaceError, OperationalError


class Fault(enum.Enum):
    """What is missing, as far as it can be told from what was raised."""

    DATABASE_AWAY = enum.auto()
    DATABASE_BUSY = enum.auto()
    STORAGE_FULL = enum.auto()


_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
# The primary codes of SQLite (https://sqlite.org/rescode.html): the low byte of a code.
_SQLITE_GENERIC = sqlite3.SQLITE_ERROR  # a mistake in a statement, a missing table: ours to mend
_SQLITE_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
# SQLSTATE of PostgreSQL (its manual, appendix A): serialization failure, deadlock, lock not
# available, statement cancelled; too many connections is the server's being busy as well.
_POSTGRESQL_BUSY = frozenset({"40001", "40P01", "55P03", "57014", "53300"})
_POSTGRESQL_FULL = "53100"


def judge(error: BaseException | None) -> Fault | None:
    """Which fault stands behind ``error`` (or behind what it was raised from); None for others."""
    for link in _chain(error):
        if isinstance(link, OSError) and link.errno in _NO_ROOM:
            return Fault.STORAGE_FULL
        if isinstance(link, InterfaceError):
            return Fault.DATABASE_AWAY
        if isinstance(link, OperationalError):
            return _judge_database(link.__cause__)
    return None


def _judge_database(cause: BaseException | None) -> Fault | None:
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_IOERR) & 0xFF
        if code == _SQLITE_GENERIC:
            return None
        if code == sqlite3.SQLITE_FULL:
            return Fault.STORAGE_FULL
        return Fault.DATABASE_BUSY if code in _SQLITE_BUSY else Fault.DATABASE_AWAY
    if isinstance(cause, psycopg.Error):
        if cause.sqlstate == _POSTGRESQL_FULL:
            return Fault.STORAGE_FULL
        if cause.sqlstate in _POSTGRESQL_BUSY:
            return Fault.DATABASE_BUSY
    return Fault.DATABASE_AWAY


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """``error``, then what it was raised from or while handling, and so on."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
