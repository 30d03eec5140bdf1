"""On PostgreSQL the application runs under a role that owns nothing and can bend nothing."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from psycopg import sql
from pytest_django import Settings

from accounts_requests import anchoring, clock, database_roles, verifying, workflow
from accounts_requests.checks import refuse_unsafe_start
from accounts_requests.guarded_tables import RAILS
from accounts_requests.worker import Worker

from . import cases, trail_cases
from .cases import OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no roles: who reads the file owns it"
)
ROLE = f"sopreg_app_{os.getpid()}"


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(ROLE)))


@pytest.fixture
def role(db: None) -> str:
    """A role that may sign in and nothing else; gone with the test's transaction."""
    run("CREATE ROLE {} LOGIN")
    return ROLE


@pytest.fixture
def application(role: str) -> str:
    """The role after ``grant_application``."""
    call_command("grant_application", role, stdout=StringIO())
    return role


@contextmanager
def as_application() -> Iterator[None]:
    """Everything in this block is done under the application's role."""
    run("SET LOCAL ROLE {}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


# -- what it may ----------------------------------------------------------------------------------


@on_postgresql
def test_the_whole_sop_runs_under_it(office_people: OfficePeople, application: str) -> None:
    with clock.moved_to(cases.MONDAY), as_application():
        request = trail_cases.told_story(office_people)
        workflow.archive(
            request, actor=office_people.admin2, answers=cases.all_met(request), location=""
        )
        anchoring.anchor_of_the_day(clock.now())
        worker = Worker()
        worker.drain()
        report = verifying.verify()
    assert (report.breaks, worker.failures) == ([], 0)


@on_postgresql
def test_production_starts_under_it(settings: Settings, application: str) -> None:
    settings.PRODUCTION = True
    with as_application():
        assert database_roles.fault_of_current_role(connection) == ""
        refuse_unsafe_start()


# -- what it may not ------------------------------------------------------------------------------

BENDING = (
    "ALTER TABLE accounts_requests_auditentry DISABLE TRIGGER ALL",
    "DROP TRIGGER {trigger} ON accounts_requests_auditentry",
    "ALTER TABLE accounts_requests_auditentry DROP COLUMN summary",
    "DROP TABLE accounts_requests_deviation",
    (
        "CREATE OR REPLACE FUNCTION sopregistry_refuse() RETURNS trigger LANGUAGE plpgsql "
        "AS 'BEGIN RETURN NEW; END'"
    ),
    "CREATE TABLE public.lain (id int)",
    "SET session_replication_role = replica",
    "UPDATE django_migrations SET name = name",
)


def refused(statement: str) -> bool:
    """Does the server say that this role may not?"""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        return isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege)
    return False


@on_postgresql
def test_it_cannot_bend_what_keeps_the_record(
    office_people: OfficePeople, application: str
) -> None:
    with clock.moved_to(cases.MONDAY):
        trail_cases.told_story(office_people)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'guard_auditentry_del%'")
        (trigger,) = cursor.fetchone()
    with as_application():
        allowed = [
            statement
            for statement in BENDING
            if not refused(statement.replace("{trigger}", trigger))
        ]
    assert allowed == []


@on_postgresql
def test_of_the_record_it_changes_only_what_an_act_changes(application: str) -> None:
    found = {}
    with as_application():
        for rail in RAILS:
            key = f'"{rail.key}"'
            found[rail.table] = [
                word
                for word, statement in {
                    "UPDATE": f'UPDATE "{rail.table}" SET {key} = {key}',  # noqa: S608  our own
                    "DELETE": f'DELETE FROM "{rail.table}"',  # noqa: S608  tables
                    "TRUNCATE": f'TRUNCATE "{rail.table}" CASCADE',
                }.items()
                if not refused(statement)
            ]
    assert {table for table, words in found.items() if words == ["UPDATE"]} == {
        f"accounts_requests_{name}"
        for name in (
            "auditchain",
            "reading",
            "questionnaire",
            "recordseal",
            "document",
            "contentfault",
            "steprun",
            "steprunpause",
            "steprunholding",
            "stagerun",
            "outage",
            "lateentry",
            "trustanchor",
        )
    }
    assert {table for table, words in found.items() if words != ["UPDATE"]} == {
        rail.table for rail in RAILS if rail.is_never_updated
    }
    assert [words for words in found.values() if words not in ([], ["UPDATE"])] == []


@on_postgresql
def test_what_the_role_could_do_before_is_taken_from_it(role: str) -> None:
    run("GRANT ALL ON accounts_requests_deviation TO {}")
    call_command("grant_application", role, stdout=StringIO())
    with as_application():
        assert refused("DELETE FROM accounts_requests_deviation")


# -- refusing to start ----------------------------------------------------------------------------


@on_postgresql
def test_production_refuses_a_superuser(settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(ImproperlyConfigured, match="adalah superuser PostgreSQL"):
        refuse_unsafe_start()


@on_postgresql
def test_production_refuses_who_owns_a_table(settings: Settings, application: str) -> None:
    settings.PRODUCTION = True
    run("ALTER TABLE accounts_requests_auditentry OWNER TO {}")
    with (
        as_application(),
        pytest.raises(ImproperlyConfigured, match=f"{ROLE} memiliki 1 tabel aplikasi ini"),
    ):
        refuse_unsafe_start()


@on_postgresql
def test_production_refuses_a_member_of_the_owner(settings: Settings, application: str) -> None:
    settings.PRODUCTION = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}_owner")
        cursor.execute(f"ALTER TABLE accounts_requests_auditentry OWNER TO {ROLE}_owner")
        cursor.execute(f"GRANT {ROLE}_owner TO {ROLE}")
    with as_application(), pytest.raises(ImproperlyConfigured, match="memiliki 1 tabel"):
        refuse_unsafe_start()


@on_postgresql
def test_production_refuses_a_role_that_was_not_granted_a_new_table(
    settings: Settings, application: str
) -> None:
    settings.PRODUCTION = True
    run("REVOKE ALL ON accounts_requests_message FROM {}")
    with (
        as_application(),
        pytest.raises(
            ImproperlyConfigured,
            match=r"belum diberi hak atas tabel accounts_requests_message\. Jalankan manage\.py "
            "grant_application",
        ),
    ):
        refuse_unsafe_start()


@on_postgresql
def test_outside_production_nobody_asks_for_roles() -> None:
    refuse_unsafe_start()


# -- the command ----------------------------------------------------------------------------------


@on_postgresql
def test_the_command_tells_what_it_did(role: str) -> None:
    output = StringIO()
    call_command("grant_application", role, stdout=output)
    tables = len(connection.introspection.table_names())
    assert output.getvalue() == f"Peran {ROLE} kini dapat memakai {tables} tabel.\n"


@on_postgresql
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("tidak_ada", "Peran tidak_ada tidak ada pada server PostgreSQL ini."),
        (
            "postgres",
            (
                "Peran postgres adalah superuser atau pemilik tabel, sehingga dapat mematikan "
                "pelindung catatan. Buat peran tersendiri untuk aplikasi."
            ),
        ),
    ],
)
def test_a_role_that_will_not_do_is_refused(name: str, sentence: str) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("grant_application", name)
    assert str(refusal.value) == sentence


@pytest.mark.skipif(connection.vendor == "postgresql", reason="about SQLite")
def test_sqlite_has_no_roles_and_production_starts_on_it(settings: Settings) -> None:
    settings.PRODUCTION = True
    refuse_unsafe_start()
    with pytest.raises(CommandError, match="Peran basis data hanya ada pada PostgreSQL"):
        call_command("grant_application", "siapa")
