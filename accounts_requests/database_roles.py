"""PostgreSQL's roles: one owns the tables and migrates, another, which owns none, runs everything.

Whoever owns a table can switch its triggers off; the role of web and worker must not be able to.
"""

from collections.abc import Iterator

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from accounts_requests.guarded_tables import RAILS

_EVERYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE")
_READ_ONLY = {"django_migrations": ("SELECT",)}


def privileges(table: str) -> tuple[str, ...]:
    """What the application's role may do with ``table``; never TRUNCATE.

    Nothing is deleted from the record; of most of it nothing is changed either.
    """
    for rail in RAILS:
        if rail.table == table:
            return ("SELECT", "INSERT") if rail.is_never_updated else ("SELECT", "INSERT", "UPDATE")
    return _READ_ONLY.get(table, _EVERYTHING)


def grant(role: str, connection: BaseDatabaseWrapper) -> int:
    """Let ``role`` do what the application needs and nothing more; returns the number of tables.

    To be run by the owner of the tables, after every migrate. What the role could do before is
    taken from it first. Raises ImproperlyConfigured when the role cannot be the application's.
    """
    if connection.vendor != "postgresql":
        raise ImproperlyConfigured("Peran basis data hanya ada pada PostgreSQL.")
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
        if found is None:
            raise ImproperlyConfigured(f"Peran {role} tidak ada pada server PostgreSQL ini.")
        cursor.execute("SELECT current_user")
        if found[0] or cursor.fetchone() == (role,):
            raise ImproperlyConfigured(
                f"Peran {role} adalah superuser atau pemilik tabel, sehingga dapat mematikan "
                "pelindung catatan. Buat peran tersendiri untuk aplikasi."
            )
        tables = _tables(connection)
        for statement in _grants(role, tables):
            cursor.execute(statement)
    return len(tables)


def fault_of_current_role(connection: BaseDatabaseWrapper) -> str:
    """Why the connected role must not run the application, as a sentence; "" when it may."""
    if connection.vendor != "postgresql":
        return ""
    tables = _tables(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
        role, is_superuser = cursor.fetchone()
        if is_superuser:
            return f"Peran basis data {role} adalah superuser PostgreSQL."
        cursor.execute(
            "SELECT relname, pg_has_role(relowner, 'MEMBER') FROM pg_class "
            "WHERE relkind = 'r' AND pg_table_is_visible(oid) AND relname = ANY(%s)",
            [tables],
        )
        owned = sorted(name for name, is_owner in cursor.fetchall() if is_owner)
        if owned:
            return f"Peran basis data {role} memiliki {len(owned)} tabel aplikasi ini."
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) AS name "
            "WHERE NOT has_table_privilege(quote_ident(name), 'SELECT')",
            [tables],
        )
        closed = sorted(name for (name,) in cursor.fetchall())
        if closed:
            return (
                f"Peran basis data {role} belum diberi hak atas tabel {', '.join(closed)}. "
                "Jalankan manage.py grant_application sebagai pemilik basis data."
            )
    return ""


def _tables(connection: BaseDatabaseWrapper) -> list[str]:
    """Every table of the application's schema, those of libraries and the cache among them."""
    return sorted(connection.introspection.table_names())


def _grants(role: str, tables: list[str]) -> Iterator[sql.Composed]:
    name = sql.Identifier(role)
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name)
    yield sql.SQL("REVOKE CREATE ON SCHEMA public FROM {}").format(name)
    yield sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(name)
    for table in tables:
        identifier = sql.Identifier(table)
        yield sql.SQL("REVOKE ALL ON {} FROM {}").format(identifier, name)
        allowed = sql.SQL(", ").join(sql.SQL(word) for word in privileges(table))
        yield sql.SQL("GRANT {} ON {} TO {}").format(allowed, identifier, name)
