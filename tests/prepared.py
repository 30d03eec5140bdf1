"""What a run of the tests prepares once and copies afterwards: databases that are migrated.

To migrate from nothing takes many seconds, to copy what came of it nearly none. The processes of
pytest-xdist share one directory; the first that needs something makes it, the others wait for it.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.creation import BaseDatabaseCreation
from psycopg import sql

SHARED: Final = Path(os.environ["SOPREGISTRY_TESTS_SHARED"])
"""Gone when the run ends (``tests/conftest.py``)."""

_TO_DROP: Final = SHARED / "databases"


@contextmanager
def alone() -> Iterator[None]:
    """No other process of this run is inside such a block."""
    with (SHARED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def on_server(statement: str, *names: str) -> None:
    """Run a statement about databases on the server of DATABASE_URL; {} stand for the names."""
    server = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def drop_when_the_run_ends(name: str) -> None:
    """Remember a database of the server that is copied until then; drop what an end left of it."""
    on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    with _TO_DROP.open("a", encoding="utf-8") as names:
        names.write(f"{name}\n")


def end() -> None:
    """Leave nothing behind; for the process that made the directory."""
    if _TO_DROP.exists():
        for name in _TO_DROP.read_text(encoding="utf-8").splitlines():
            on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    shutil.rmtree(SHARED, ignore_errors=True)


@contextmanager
def once_migrated() -> Iterator[None]:
    """Let Django make the first test database of the run, and the others be copies of it."""
    create = BaseDatabaseCreation.create_test_db

    def create_or_copy(self: BaseDatabaseCreation, *args: Any, **kwargs: Any) -> str:
        if kwargs.get("keepdb"):
            return create(self, *args, **kwargs)
        with alone():
            if _migrated(self.connection).exists():
                name = _copied(self)
            else:
                name = create(self, *args, **kwargs)
                _keep(self.connection)
        if self.connection.vendor == "postgresql":
            _do_not_wait_for_the_disk(self.connection)
        return name

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseCreation, "create_test_db", create_or_copy)
        yield


def _migrated(connection: BaseDatabaseWrapper) -> Path:
    """SQLite: the migrated database itself. PostgreSQL: the name of the one to copy."""
    return SHARED / f"migrated-{connection.vendor}"


def _keep(connection: BaseDatabaseWrapper) -> None:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(_migrated(connection))])
        return
    template = f"{re.sub('_gw[0-9]+$', '', name)}_migrated"
    connection.close()  # PostgreSQL copies no database in use
    drop_when_the_run_ends(template)
    on_server("CREATE DATABASE {} TEMPLATE {}", template, name)
    connection.ensure_connection()
    _migrated(connection).write_text(template, encoding="utf-8")


def _copied(creation: Any) -> str:
    """What ``create_test_db`` does, with a copy in the place of ``migrate``."""
    connection: BaseDatabaseWrapper = creation.connection
    name = str(creation._get_test_db_name())
    connection.close()
    if connection.vendor == "sqlite":
        shutil.copyfile(_migrated(connection), name)
    else:
        on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        template = _migrated(connection).read_text(encoding="utf-8")
        on_server("CREATE DATABASE {} TEMPLATE {}", name, template)
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    return name


def _do_not_wait_for_the_disk(connection: BaseDatabaseWrapper) -> None:
    """A commit is a commit, only no power cut is survived: no test cuts the server's."""
    name = str(connection.settings_dict["NAME"])
    on_server("ALTER DATABASE {} SET synchronous_commit = off", name)
    connection.close()  # it holds for connections made from now on
    connection.ensure_connection()
