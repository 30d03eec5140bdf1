"""Database triggers that keep the record append-only, whatever code or person writes to it.

A guard-rail against mistakes and quick hands, not the proof: whoever owns the database can switch
triggers off. The proof is the chain (``verifying``).

What is forbidden is data (``guarded_tables``), rendered for SQLite and PostgreSQL. The triggers
are installed after every migrate, because SQLite drops a table's triggers when it rebuilds the
table, and taken away before one that changes tables. The application does not start while one is
missing (``checks``).
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import DatabaseError, transaction
from django.db import connection as default_connection
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts_requests.guarded_tables import RAILS
from accounts_requests.rail import Rail

PREFIX = "guard_"
FUNCTION = "sopregistry_refuse"
# With these words every refusal begins, so that a page can tell them from other errors.
MARK = "Catatan dilindungi: "


@dataclass(frozen=True)
class Trigger:
    """One trigger: its table and its name, which holds a hash of what it says."""

    table: str
    name: str
    statement: str


def triggers(vendor: str) -> tuple[Trigger, ...]:
    """Every trigger of the record as a statement for ``sqlite`` or ``postgresql``."""
    make = _on_postgresql if vendor == "postgresql" else _on_sqlite
    return tuple(trigger for rail in RAILS for trigger in make(rail))


def install(connection: BaseDatabaseWrapper = default_connection) -> None:
    """Put up what is missing and take down what is outdated. Safe to repeat.

    Tables that do not exist, or lack a column (half-way through the migrations), are left out.
    """
    wanted = _wanted(connection)
    present = _present(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        _drop(connection, present.keys() - wanted.keys())
        for (_table, name), trigger in wanted.items():
            if not present.get((trigger.table, name), False):
                _drop(connection, {(trigger.table, name)})
                cursor.execute(trigger.statement)


def remove(connection: BaseDatabaseWrapper = default_connection) -> None:
    """Take all of them down: before a migration that changes tables, and for ``lifted``."""
    with transaction.atomic(using=connection.alias):
        _drop(connection, _present(connection).keys())


@contextmanager
def lifted(connection: BaseDatabaseWrapper = default_connection) -> Iterator[None]:
    """A stretch without the triggers. For tests and their flush; no code of the office needs it."""
    remove(connection)
    try:
        yield
    finally:
        install(connection)


def missing(connection: BaseDatabaseWrapper = default_connection) -> list[str]:
    """The tables of which a trigger is missing, outdated or switched off."""
    present = _present(connection)
    return sorted({key[0] for key in _wanted(connection) if not present.get(key, False)})


def refusal(error: DatabaseError) -> str:
    """What a trigger said, as a sentence for people; "" when the error is none of theirs."""
    _, mark, rest = str(error).partition(MARK)
    return f"{MARK}{rest.splitlines()[0].strip()}." if mark else ""


def _wanted(connection: BaseDatabaseWrapper) -> dict[tuple[str, str], Trigger]:
    tables = set(connection.introspection.table_names())
    whole = {rail.table for rail in RAILS if rail.table in tables and _is_whole(connection, rail)}
    return {
        (trigger.table, trigger.name): trigger
        for trigger in triggers(connection.vendor)
        if trigger.table in whole
    }


def _is_whole(connection: BaseDatabaseWrapper, rail: Rail) -> bool:
    """Whether the table has every column of its model, and so all that a trigger may speak of."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, rail.table)
    return {field.column for field in rail.model._meta.concrete_fields} <= {
        column.name for column in found
    }


def _present(connection: BaseDatabaseWrapper) -> dict[tuple[str, str], bool]:
    """Our triggers in the database by table and name: are they switched on?"""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT c.relname, t.tgname, t.tgenabled IN ('O', 'A') FROM pg_trigger t "
                "JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal "
                "AND pg_table_is_visible(c.oid) AND starts_with(t.tgname, %s)",
                [PREFIX],
            )
        else:
            cursor.execute(
                "SELECT tbl_name, name, 1 FROM sqlite_master WHERE type = 'trigger' "
                "AND substr(name, 1, %s) = %s",
                [len(PREFIX), PREFIX],
            )
        return {(table, name): bool(on) for table, name, on in cursor.fetchall()}


def _drop(connection: BaseDatabaseWrapper, keys: Iterable[tuple[str, str]]) -> None:
    with connection.cursor() as cursor:
        for table, name in sorted(keys):
            on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


def _told(rail: Rail, what: str) -> str:
    return f"{MARK}{rail.name} {what}"


def _trigger(rail: Rail, what: str, statement: str) -> Trigger:
    """``statement`` with its ``{name}`` filled in: the hash in it tells an outdated one."""
    seal = hashlib.sha256(statement.encode()).hexdigest()[:8]
    name = f"{PREFIX}{rail.model._meta.model_name}_{what}_{seal}"
    return Trigger(rail.table, name, statement.replace("{name}", name))


def _events(rail: Rail) -> Iterator[tuple[str, str, str, str]]:
    """Name, event, condition and refusal of each trigger on one row."""
    yield "delete", "DELETE", "", "tidak boleh dihapus"
    for number, (condition, what) in enumerate(rail.updates, start=1):
        yield f"update{number}", "UPDATE", condition, what


def _on_sqlite(rail: Rail) -> Iterator[Trigger]:
    for name, event, condition, what in _events(rail):
        when = f" WHEN {condition}" if condition else ""
        yield _trigger(
            rail,
            name,
            f'CREATE TRIGGER "{{name}}" BEFORE {event} ON "{rail.table}"{when} '
            f"BEGIN SELECT RAISE(ABORT, '{_told(rail, what)}'); END",
        )
    yield _trigger(
        rail,
        "replace",
        f'CREATE TRIGGER "{{name}}" BEFORE INSERT ON "{rail.table}" WHEN {_meets_a_row(rail)} '
        f"BEGIN SELECT RAISE(ABORT, '{_told(rail, 'tidak boleh diganti')}'); END",
    )


def _meets_a_row(rail: Rail) -> str:
    """Does the row to be inserted meet one that INSERT OR REPLACE would delete?"""
    tests = []
    for columns, condition in (((rail.key,), ""), *rail.unique):
        same = " AND ".join(
            [
                *(f"met.{column} = NEW.{column}" for column in columns),
                *(condition.format(row=row) for row in ("met", "NEW") if condition),
            ]
        )
        tests.append(f'EXISTS (SELECT 1 FROM "{rail.table}" met WHERE {same})')  # noqa: S608  our own names only
    return " OR ".join(tests)


def _on_postgresql(rail: Rail) -> Iterator[Trigger]:
    for name, event, condition, what in _events(rail):
        when = f" WHEN ({condition})" if condition else ""
        yield _trigger(
            rail,
            name,
            f'CREATE TRIGGER "{{name}}" BEFORE {event} ON "{rail.table}" FOR EACH ROW{when} '
            f"EXECUTE FUNCTION {FUNCTION}('{_told(rail, what)}')",
        )
    yield _trigger(
        rail,
        "truncate",
        f'CREATE TRIGGER "{{name}}" BEFORE TRUNCATE ON "{rail.table}" FOR EACH STATEMENT '
        f"EXECUTE FUNCTION {FUNCTION}('{_told(rail, 'tidak boleh dikosongkan')}')",
    )


# Class 23 of SQLSTATE, so that Django raises IntegrityError on both databases.
_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation';
END
$$
"""
