"""The database refuses what would bend the record, whichever way it is written."""

import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, models, transaction
from django.db.models.signals import post_migrate, pre_migrate
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts_requests import clock, guard_rails, outages
from accounts_requests.checks import refuse_unsafe_start
from accounts_requests.guarded_tables import RAILS
from accounts_requests.models import (
    AuditChain,
    AuditEntry,
    ContentFault,
    ContentFaultSeen,
    Deviation,
    Document,
    LateEntry,
    Outage,
    RecordSeal,
    StepRun,
    StepRunHolding,
    StepRunPause,
    TrustAnchor,
    User,
)
from accounts_requests.rail import Rail
from accounts_requests.states import DocumentKind, DocumentState
from accounts_requests.views.support import page

from . import anchor_cases, archive_cases, cases, evidence_cases, monitoring_cases, trail_cases
from .cases import OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="INSERT OR REPLACE and table rebuilds are SQLite's"
)
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="TRUNCATE and disabled triggers are PostgreSQL's"
)


@pytest.fixture
def story(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        case = trail_cases.told_story(office_people)
        monitoring_cases.other_questions(office_people)
        monitoring_cases.judged(office_people)
        evidence_cases.made(case, actor=office_people.inspector)
        paper = Document.objects.filter(state=DocumentState.STORED).order_by("pk")[0]
        for position, good_again_at in enumerate((None, clock.now())):
            fault = ContentFault.objects.create(
                record=f"document:{paper.pk + position}",
                label="SK",
                kind=ContentFault.Kind.MISSING,
                expected=paper.sha256,
                found_at=clock.now(),
                good_again_at=good_again_at,
            )
            ContentFaultSeen.objects.create(
                fault=fault, person=office_people.keeper, seen_at=clock.now()
            )
        archive_cases.destroyed(office_people)
        anchor_cases.in_use_and_taken_out(office_people.keeper)


def refused(write: Callable[[], object]) -> str:
    """What the database says to this write; "" when it lets it pass."""
    try:
        with transaction.atomic():
            write()
            transaction.set_rollback(True)
    except IntegrityError as error:
        return guard_rails.refusal(error) or str(error)
    return ""


def run(statement: str, rail: Rail | None = None) -> Callable[[], object]:
    """A call that executes the statement, on the table and the key of ``rail`` where it says so."""

    def execute() -> None:
        told = statement.format(table=rail.table, key=rail.key) if rail else statement
        with connection.cursor() as cursor:
            cursor.execute(told)

    return execute


def rows_of(rail: Rail) -> "models.QuerySet[Any]":
    return rail.model._default_manager.all()


# -- changing -------------------------------------------------------------------------------------

FROZEN_RUN = {"id", "request", "step", "attempt"} | {
    f"limit_{name}" for name in ("amount", "unit", "start", "basis")
}
# Rows that still may change: how to find one, and the columns that may.
CHANGEABLE: dict[str, tuple[Callable[[], Any], set[str]]] = {
    "a stored paper that is in force": (
        lambda: Document.objects.filter(
            state=DocumentState.STORED, superseded_at=None, registrant=None
        )[0],
        {"superseded_at"},
    ),
    "a stored paper that is out of force": (
        lambda: Document.objects.filter(superseded_at__isnull=False, registrant=None)[0],
        set(),
    ),
    "a running step": (
        lambda: StepRun.objects.get(finished_at=None),
        # Not its ends either, alone: a finished run is measured, and nothing is measured before it
        # begins (constraints of the table).
        {field.name for field in StepRun._meta.fields}
        - FROZEN_RUN
        - {"finished_at", "measured_until"},
    ),
    "a finished step": (lambda: StepRun.objects.filter(finished_at__isnull=False)[0], set()),
    "a pause that is over": (StepRunPause.objects.get, set()),
    "who holds a step": (lambda: StepRunHolding.objects.get(until=None), {"until"}),
    "who held a step": (
        lambda: StepRunHolding.objects.filter(until__isnull=False)[0],
        set(),
    ),
    "an outage that goes on": (lambda: Outage.objects.get(until=None), {"until"}),
    "an outage that is over": (
        lambda: outages.close(
            Outage.objects.get(until=None),
            actor=User.objects.get(username="kepala"),
            until=clock.now(),
        ),
        set(),
    ),
    "a damaged content": (lambda: ContentFault.objects.get(good_again_at=None), {"good_again_at"}),
    "a content that is good again": (
        lambda: ContentFault.objects.get(good_again_at__isnull=False),
        set(),
    ),
    "a late entry": (lambda: LateEntry.objects.all()[0], set()),
    # Taking it out writes three columns at once.
    "a trust anchor in use": (lambda: TrustAnchor.objects.get(removed_at=None), set()),
    "a trust anchor that was taken out": (
        lambda: TrustAnchor.objects.get(removed_at__isnull=False),
        set(),
    ),
    "a seal": (lambda: RecordSeal.objects.filter(record__startswith="deviation:")[0], set()),
}


def other_value(row: models.Model, field: Any) -> Any:
    return trail_cases.another(field, field.value_from_object(row))


def changeable_columns(row: models.Model) -> set[str]:
    """The columns of the row that can be given another value, alone."""
    same_row = type(row)._default_manager.filter(pk=row.pk)
    return {
        field.name
        for field in row._meta.fields
        if not refused(partial(same_row.update, **{field.name: other_value(row, field)}))
    }


def test_of_what_may_change_only_that_may(story: None) -> None:
    found = {what: changeable_columns(find()) for what, (find, _) in CHANGEABLE.items()}
    assert found == {what: columns for what, (_, columns) in CHANGEABLE.items()}


def test_no_column_of_an_append_only_table_can_be_changed(story: None) -> None:
    for rail in RAILS:
        if not rail.is_never_updated:
            continue
        row = rows_of(rail)[0]
        sentence = f"Catatan dilindungi: {rail.name} hanya boleh ditambah, tidak boleh diubah."
        assert changeable_columns(row) == set()
        assert refused(row.save) == sentence
        assert refused(run("UPDATE {table} SET {key} = {key}", rail)) == sentence


def test_the_chain_only_moves_on(story: None) -> None:
    sentence = "Catatan dilindungi: kepala rantai jejak audit hanya boleh maju."
    chain = AuditChain.objects.get()
    back, on = chain.count - 1, chain.count + 1
    assert refused(lambda: AuditChain.objects.update(head="f" * 64)) == sentence
    assert refused(lambda: AuditChain.objects.update(head="f" * 64, count=back)) == sentence
    assert refused(lambda: AuditChain.objects.update(count=on)) == sentence
    assert refused(lambda: AuditChain.objects.update(head="f" * 64, count=on)) == ""


def test_a_paper_may_lose_its_person_but_never_get_another(story: None) -> None:
    form = Document.objects.filter(registrant__isnull=False, superseded_at=None)[0]
    other = form.request.registrants.exclude(documents=form)[0]
    papers = Document.objects.filter(pk=form.pk)
    assert refused(lambda: papers.update(registrant=None)) == ""
    assert refused(lambda: papers.update(registrant=other)) == (
        "Catatan dilindungi: dokumen yang sudah tidak berlaku tetap demikian, dan tidak berpindah "
        "personel."
    )


# -- deleting and replacing -----------------------------------------------------------------------


def test_nothing_is_ever_deleted(story: None) -> None:
    for rail in RAILS:
        sentence = f"Catatan dilindungi: {rail.name} tidak boleh dihapus."
        first = rows_of(rail)[0]
        one = rows_of(rail).filter(pk=first.pk)
        assert refused(partial(one._raw_delete, "default")) == sentence
        assert refused(run("DELETE FROM {table}", rail)) == sentence
        with pytest.raises(IntegrityError), transaction.atomic():
            first.delete()


@on_sqlite
def test_a_row_cannot_be_replaced_by_its_key(story: None) -> None:
    for rail in RAILS:
        replacement = run("INSERT OR REPLACE INTO {table} SELECT * FROM {table}", rail)
        assert refused(replacement) == f"Catatan dilindungi: {rail.name} tidak boleh diganti."


@on_sqlite
def test_each_unique_column_alone_stops_a_replacement(story: None) -> None:
    for rail in RAILS:
        for columns, condition in rail.unique:
            if not condition:
                assert _replaced_by(rail, columns) == (
                    f"Catatan dilindungi: {rail.name} tidak boleh diganti."
                )


def _replaced_by(rail: Rail, columns: tuple[str, ...]) -> str:
    """What is said to a row with a key of its own that shares only ``columns`` with another."""
    row = rows_of(rail).order_by("pk")[0]
    for field in row._meta.fields:
        if field.column not in columns and (field.unique or field.primary_key):
            setattr(row, field.attname, trail_cases.another(field, field.value_from_object(row)))
    with connection.execute_wrapper(_as_replacement):
        return refused(lambda: row.save(force_insert=True))


def _as_replacement(execute: Any, statement: str, *arguments: Any) -> Any:
    return execute(statement.replace("INSERT INTO", "INSERT OR REPLACE INTO"), *arguments)


@on_sqlite
def test_what_is_unique_only_among_some_rows_stops_a_replacement(story: None) -> None:
    running = StepRun.objects.get(finished_at=None)
    running.pk, running.attempt = None, 9
    sheet = Document.objects.filter(kind=DocumentKind.ACCOUNT_SHEET)[0]
    sheet.pk, sheet.public_id, sheet.version = None, uuid.uuid4(), 9
    form = Document.objects.filter(registrant__isnull=False, superseded_at=None)[0]
    form.pk, form.public_id, form.version = None, uuid.uuid4(), 9
    for row, name in ((running, "pelaksanaan langkah"), (sheet, "dokumen"), (form, "dokumen")):
        with connection.execute_wrapper(_as_replacement):
            sentence = refused(partial(row.save, force_insert=True))
        assert sentence == f"Catatan dilindungi: {name} tidak boleh diganti."


@on_postgresql
def test_no_table_can_be_emptied_at_once(story: None) -> None:
    run("SET CONSTRAINTS ALL IMMEDIATE")()  # or each table waits for checks that are due later
    for rail in RAILS:
        # The tables that refer to this one go with it, and theirs may refuse first.
        sentence = refused(run("TRUNCATE {table} CASCADE", rail))
        assert sentence.startswith("Catatan dilindungi: ")
        assert sentence.endswith("tidak boleh dikosongkan.")


def test_what_tells_two_rows_apart_is_what_the_models_say() -> None:
    for rail in RAILS:
        meta = rail.model._meta
        columns = {field.name: field.column for field in meta.fields}
        told = {columns for columns, _ in rail.unique}
        single = {
            (field.column,) for field in meta.fields if field.unique and not field.primary_key
        }
        together = {
            tuple(columns[name] for name in constraint.fields)
            for constraint in meta.constraints
            if isinstance(constraint, models.UniqueConstraint)
        }
        assert told == single | together, rail.table


# -- being there ----------------------------------------------------------------------------------


def test_nobody_starts_while_a_trigger_is_missing() -> None:
    refuse_unsafe_start()
    trigger = next(
        one for one in guard_rails.triggers(connection.vendor) if one.name.startswith("guard_dev")
    )
    on = f' ON "{trigger.table}"' if connection.vendor == "postgresql" else ""
    run(f'DROP TRIGGER "{trigger.name}"{on}')()
    with pytest.raises(
        ImproperlyConfigured,
        match=r"Pelindung catatan \(trigger\) tidak lengkap pada tabel accounts_requests_deviation",
    ):
        refuse_unsafe_start()
    guard_rails.install()
    refuse_unsafe_start()


def test_an_outdated_trigger_counts_as_missing_and_is_replaced() -> None:
    trigger = guard_rails.triggers(connection.vendor)[0]
    on = f' ON "{trigger.table}"' if connection.vendor == "postgresql" else ""
    run(f'DROP TRIGGER "{trigger.name}"{on}')()
    former = f"{trigger.name[:-8]}00000000"
    run(trigger.statement.replace(trigger.name, former))()
    assert guard_rails.missing() == ["accounts_requests_auditentry"]
    guard_rails.install()
    assert guard_rails.missing() == []
    assert (trigger.table, former) not in guard_rails._present(connection)


@on_postgresql
def test_a_trigger_that_is_switched_off_counts_as_missing() -> None:
    run("ALTER TABLE accounts_requests_document DISABLE TRIGGER USER")()
    assert guard_rails.missing() == ["accounts_requests_document"]
    guard_rails.install()
    assert guard_rails.missing() == []


def end_of_migrate(plan: Sequence[str] = ()) -> None:
    """What Django sends when a migrate has ended, ``plan`` being what it did."""
    config = apps.get_app_config("accounts_requests")
    post_migrate.send(
        sender=config,
        app_config=config,
        verbosity=0,
        interactive=False,
        using="default",
        plan=list(plan),
        apps=apps,
    )


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_rebuilt_table_gets_its_triggers_back_after_the_migration() -> None:
    with connection.schema_editor() as editor:
        editor._remake_table(AuditEntry)  # type: ignore[attr-defined]  # what AlterField does
    assert guard_rails.missing() == ["accounts_requests_auditentry"]
    end_of_migrate()
    assert guard_rails.missing() == []


def test_a_migration_that_changes_tables_finds_no_trigger_in_its_way() -> None:
    sender = apps.get_app_config("accounts_requests")
    pre_migrate.send(sender=sender, using="default", plan=[])
    assert guard_rails.missing() == []
    pre_migrate.send(sender=sender, using="default", plan=["a migration"])
    assert guard_rails.missing() == sorted(rail.table for rail in RAILS)
    end_of_migrate()
    assert guard_rails.missing() == []


def test_who_meets_a_refusal_on_a_page_reads_a_sentence(
    rf: RequestFactory, office_people: OfficePeople, story: None
) -> None:
    @page
    def bend(_request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            Deviation.objects.update(norm="Tidak ada batas")
        raise AssertionError("the database let it pass")

    request = rf.post("/")
    request.user = office_people.kepala
    answer = bend(request)
    assert answer.status_code == 409
    text = " ".join(answer.content.decode().split())
    assert (
        "Catatan dilindungi: penyimpangan hanya boleh ditambah, tidak boleh diubah. "
        "Tidak ada yang berubah, dan semua yang tersimpan tetap utuh. Laporkan kejadian ini kepada "
        "Pengelola Aplikasi." in text
    )
