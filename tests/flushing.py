"""How the tables are emptied after a test with real transactions."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations

from accounts_requests import guard_rails


@contextmanager
def past_the_guard_rails() -> Iterator[None]:
    """Let the flush empty tables that nobody else may."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def lifted(self: BaseDatabaseOperations, sql_list: Sequence[str]) -> None:
        connection = self.connection
        counts_anew = "RESTART IDENTITY" in " ".join(sql_list)
        if connection.vendor == "sqlite":
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                _delete_on_sqlite(cursor, sql_list)
        elif _is_superuser(connection) and not counts_anew:
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                _delete_on_postgresql(cursor, connection)
        else:
            with guard_rails.lifted(connection):
                flush(self, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", lifted)
        yield


def _delete_on_sqlite(cursor: Any, statements: Sequence[str]) -> None:
    """Run Django's own statements without the triggers, which come back word for word."""
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, %s) = %s",
        [len(guard_rails.PREFIX), guard_rails.PREFIX],
    )
    triggers = cursor.fetchall()
    for name, _ in triggers:
        cursor.execute(f'DROP TRIGGER "{name}"')
    for statement in statements:
        cursor.execute(statement)
    for _, again in triggers:
        cursor.execute(again)


def _is_superuser(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        return bool(cursor.fetchone() == ("on",))


def _delete_on_postgresql(cursor: Any, connection: BaseDatabaseWrapper) -> None:
    """Empty the tables that hold something, past every trigger.

    TRUNCATE, which Django would use, makes the files of every table and index anew: seconds.
    """
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    quoted = {table: connection.ops.quote_name(table) for table in sorted(tables)}
    filled = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {name})"  # noqa: S608  our own tables
        for table, name in quoted.items()
    )
    # Foreign keys are triggers, too: the order of the tables does not matter.
    cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute(filled)
    for (table,) in cursor.fetchall():
        cursor.execute(f"DELETE FROM {quoted[table]}")  # noqa: S608  our own tables
