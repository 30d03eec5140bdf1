"""What the trail covers: each act seals what it wrote, and no later act seals what it did not."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts_requests import audit, clock, papers, record_seals, timers, verifying, workflow
from accounts_requests.models import (
    AccountRequest,
    AuditAnchor,
    AuditChain,
    AuditEntry,
    CaseNote,
    Deviation,
    Document,
    DocumentContent,
    RecordSeal,
    StageRun,
    StepRun,
)
from accounts_requests.states import Act, DocumentKind, DocumentState
from accounts_requests.verifying.chain import named

from . import cases, trail_cases
from .cases import OfficePeople
from .query_counts import queries
from .test_guard_rails import end_of_migrate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

HOUR = dt.timedelta(hours=1)


def sealed_by(act: Act) -> set[str]:
    """The kinds of records that the entries of this act seal."""
    return {
        record.partition(":")[0]
        for entry in AuditEntry.objects.filter(act=act)
        for record in entry.records
    }


# -- what is covered -----------------------------------------------------------------------------


def test_each_act_seals_what_it_wrote(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = trail_cases.told_story(office_people)
        clock.advance(HOUR)
        workflow.archive(
            request, actor=office_people.admin2, answers=cases.all_met(request), location=""
        )
    assert {act: kinds for act in Act if (kinds := sealed_by(act))} == {
        Act.CREATE: {"step_run_open", "stage_run"},
        Act.EDIT: {"step_run_open", "deadline_version"},
        Act.SUBMIT_FOR_INITIALS: {"stage_run", "document", "document_person"},
        Act.STORE_DOCUMENT: {"document_content"},
        Act.UNLOCK: {"stage_run", "note", "document_end"},
        Act.REMOVE_REGISTRANT: {"document_freed"},
        Act.ATTACH: {"document", "document_content"},
        Act.ISSUE_DECREE: {
            "step_run",
            "step_run_open",
            "stage_run",
            "holding",
            "holding_end",
            "lateness_end",
            "document",
            "document_content",
        },
        Act.ORDER: {
            "step_run",
            "step_run_open",
            "holding_end",
            "pause_end",
            "document",
            "document_end",
        },
        Act.CHECK_SIGNATURE: {"signature_check"},
        Act.CLAIM: {"step_run_open", "holding"},
        Act.RETURN: {"step_run_open", "pause", "note"},
        Act.TAKE_OVER: {"holding", "holding_end", "note"},
        Act.RECORD_ACCOUNT: {"step_run_open"},
        Act.RECORD_ACCOUNTS: {
            "step_run",
            "step_run_open",
            "holding",
            "holding_end",
            "attestation",
            "deviation",
            "deviation_share",
            "document",
        },
        Act.PROPOSE_LATE_ENTRY: {"document", "document_content", "late_entry"},
        Act.REFUSE_LATE_ENTRY: {"late_entry_decision", "note"},
        Act.CONFIRM_LATE_ENTRY: {"late_entry_decision", "note"},
        Act.ANSWER_DEVIATION: {"deviation_answer", "answered_deviation"},
        Act.JUDGE_DEVIATION: {"deviation_judgement"},
        Act.SEND: {"attestation"},
        Act.COMPLETE_SENDING: {
            "step_run",
            "step_run_open",
            "holding",
            "holding_end",
            "document",
        },
        Act.ARCHIVE: {
            "step_run",
            "holding_end",
            "attestation",
            "document",
            "note",
            "archive_description",
        },
        Act.PASS_DEADLINE: {"deviation"},
        Act.RECORD_BOUNCE: {"bounce", "deviation", "document", "document_end"},
    }
    assert verifying.verify().breaks == []


def test_a_paper_that_the_worker_made_is_told_with_its_hash(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.submitted(office_people)
    paper = request.documents.get(kind=DocumentKind.DECREE_CONCEPT)
    entry = AuditEntry.objects.get(object_label=f"Konsep SK {paper.public_id}")
    assert (entry.act, entry.actor_name, entry.request, entry.at) == (
        Act.STORE_DOCUMENT,
        "Sistem",
        request,
        cases.MONDAY,
    )
    assert entry.changes == {"sha256": paper.sha256}
    assert list(entry.records) == [f"document_content:{paper.pk}"]


def test_a_step_that_is_shown_first_is_on_the_trail_once(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.emailed(office_people)
        workflow.mark_opened(request, actor=office_people.admin1)
        clock.advance(HOUR)
        workflow.mark_opened(request, actor=office_people.admin1)
    entry = AuditEntry.objects.get(act=Act.OPEN_STEP)
    assert (entry.actor, entry.actor_role, entry.object_label, entry.summary) == (
        office_people.admin1,
        "Admin PPE",
        "Langkah 5",
        "Langkah 5 dibuka pertama kali oleh pelaksananya.",
    )
    assert verifying.verify().breaks == []


def test_a_limit_that_the_sweep_starts_is_on_the_trail(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.emailed(office_people)
        run = StepRun.objects.get(request=request, step__number=5)
        assert run.latest_start_at is not None
        assert timers.sweep(run.latest_start_at) == 1
        assert timers.sweep(run.latest_start_at) == 0
    entry = AuditEntry.objects.get(act=Act.OPEN_STEP)
    assert (entry.actor_name, entry.object_label, list(entry.records)) == (
        "Sistem",
        "Langkah 5",
        [f"step_run_open:{run.pk}"],
    )
    assert verifying.verify().breaks == []


def test_entries_from_before_records_were_sealed_keep_their_hash() -> None:
    entry = AuditEntry(
        sequence=1,
        at=cases.MONDAY,
        act=Act.SIGN_IN,
        actor=None,
        actor_name="Sistem",
        summary="Masuk ke aplikasi.",
        previous_hash="0" * 64,
    )
    # As it was reckoned before an entry knew of records.
    assert audit.digest(entry) == (
        "e5cbf32c2ca1174db57f48c70b769b9800d7b44639cb7b5c9398d06426599da6"
    )


def test_the_records_of_an_older_installation_are_sealed_once_by_the_migration(
    office_people: OfficePeople, without_guard_rails: None
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = trail_cases.told_story(office_people)
        sealed = dict(RecordSeal.objects.values_list("record", "digest"))
        forget_seals()
        end_of_migrate(plan=["the migration that brought the seals"])
        count = AuditEntry.objects.count()
        end_of_migrate(plan=["another migration"])
    assert AuditEntry.objects.count() == count
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.act, entry.request, entry.summary) == (
        Act.SEAL,
        request,
        f"Catatan permohonan {request.number} disegel sebagaimana adanya.",
    )
    # A step that has ended is sealed as it ended; a paper without a person never had one.
    ended = {
        f"step_run_open:{pk}"
        for pk in StepRun.objects.filter(finished_at__isnull=False).values_list("pk", flat=True)
    }
    freed = Document.objects.get(kind=DocumentKind.FORM, registrant=None)
    gone = {*ended, f"document_freed:{freed.pk}", f"document_person:{freed.pk}"}
    assert entry.records == {name: value for name, value in sealed.items() if name not in gone}
    assert verifying.verify().breaks == []


def forget_seals() -> None:
    """The trail as it was written before records were sealed."""
    RecordSeal.objects.all().delete()
    previous = "0" * 64
    for entry in AuditEntry.objects.order_by("sequence"):
        entry.records, entry.previous_hash = {}, previous
        if entry.act == Act.ANCHOR:  # it stood right before its own entry
            AuditAnchor.objects.update(head=previous)
            entry.changes["head"] = previous
        entry.hash = previous = audit.digest(entry)
        entry.save()
    AuditChain.objects.update(head=previous)


def test_a_second_sealing_of_what_stands_is_a_break(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.draft(office_people)
        audit.record(Act.SEAL, actor=None, at=clock.now(), request=request, summary="Disegel.")
    assert verifying.verify().breaks == [
        (
            "Entri 4 (Menyegel catatan, Senin, 6 Juli 2026, 10.00 WITA) menyegel catatan lama "
            "sekali lagi; itu hanya boleh sekali."
        )
    ]


# -- no later act makes it good ------------------------------------------------------------------


def bend_and_act(
    request: AccountRequest, staff: OfficePeople, bend: Callable[[], object]
) -> AuditEntry:
    """Bend the record behind the application's back, then carry out an act; returns its entry."""
    bend()
    with clock.moved_to(cases.MONDAY + HOUR):
        trail_cases.next_act(request, staff)
    return AuditEntry.objects.filter(act=Act.ATTACH).latest("sequence")


def what(record: str, request: AccountRequest) -> str:
    name = named(record)
    return f"{name[0].upper()}{name[1:]} dari permohonan {request.number}"


def test_a_running_step_that_was_changed_outside_is_told_by_the_next_act(
    office_people: OfficePeople, without_guard_rails: None
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = trail_cases.told_story(office_people)
    run = StepRun.objects.get(finished_at=None)
    entry = bend_and_act(
        request,
        office_people,
        lambda: StepRun.objects.filter(pk=run.pk).update(due_at=cases.MONDAY + 99 * HOUR),
    )
    record = f"step_run_open:{run.pk}"
    assert entry.changes["changed_outside"] == [record]
    assert verifying.verify().breaks == [
        (
            f"Entri {entry.sequence} (Melampirkan hasil pindai, Senin, 6 Juli 2026, 11.00 WITA) "
            f"mendapati {named(record)} sudah berubah di luar aplikasi."
        )
    ]


def test_a_stage_that_was_changed_outside_is_told_by_the_next_act(
    office_people: OfficePeople, without_guard_rails: None
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = trail_cases.told_story(office_people)
    stage = StageRun.objects.order_by("pk")[0]
    entry = bend_and_act(
        request,
        office_people,
        lambda: StageRun.objects.filter(pk=stage.pk).update(note="Tidak ada apa-apa"),
    )
    assert entry.changes["changed_outside"] == [f"stage_run:{stage.pk}"]


def test_an_act_on_an_untouched_case_tells_of_nothing(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        trail_cases.told_story(office_people)
    assert [entry for entry in AuditEntry.objects.all() if "changed_outside" in entry.changes] == []


def test_what_is_sealed_once_is_not_sealed_again_by_a_later_act(
    office_people: OfficePeople, without_guard_rails: None
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = trail_cases.told_story(office_people)
    run = StepRun.objects.get(step__number=4)
    before = RecordSeal.objects.get(record=f"step_run:{run.pk}")
    bend_and_act(
        request,
        office_people,
        lambda: StepRun.objects.filter(pk=run.pk).update(late_seconds=0, wall_seconds=1),
    )
    assert verifying.verify().breaks == [
        (
            f"{what(f'step_run:{run.pk}', request)} berubah sejak disegel pada entri "
            f"{before.sequence}."
        )
    ]


def slip_in_a_deviation() -> str:
    row = Deviation.objects.order_by("pk")[0]
    row.pk, row.key = None, "late:999"
    row.save(force_insert=True)
    return f"deviation:{row.pk}"


def slip_in_a_note() -> str:
    row = CaseNote.objects.order_by("pk")[0]
    row.pk = None
    row.save(force_insert=True)
    return f"note:{row.pk}"


def slip_in_the_end_of_an_sk() -> str:
    row = Document.objects.get(kind=DocumentKind.DECREE)
    Document.objects.filter(pk=row.pk).update(superseded_at=cases.MONDAY)
    return f"document_end:{row.pk}"


def slip_in_the_content_of_a_paper() -> str:
    row = Document.objects.get(kind=DocumentKind.MAIL_PROOF, superseded_at=None)
    assert row.state == DocumentState.OWED
    made = Document.objects.get(kind=DocumentKind.DECREE)
    Document.objects.filter(pk=row.pk).update(
        state=DocumentState.STORED, sha256=made.sha256, size=made.size
    )
    DocumentContent.objects.create(document=row, data=papers.read(made))
    return f"document_content:{row.pk}"


def slip_in_a_lost_person() -> str:
    row = Document.objects.filter(kind=DocumentKind.FORM, registrant__isnull=False)[0]
    Document.objects.filter(pk=row.pk).update(registrant=None)
    return f"document_freed:{row.pk}"


@pytest.mark.parametrize(
    "slip_in",
    [
        slip_in_a_deviation,
        slip_in_a_note,
        slip_in_the_end_of_an_sk,
        slip_in_the_content_of_a_paper,
        slip_in_a_lost_person,
    ],
)
def test_what_was_slipped_in_is_found_after_an_act_has_sealed_it(
    slip_in: Callable[[], str],
    office_people: OfficePeople,
    without_guard_rails: None,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = trail_cases.told_story(office_people, last_paper_is_owed=True)
    record: list[str] = []
    entry = bend_and_act(request, office_people, lambda: record.append(slip_in()))
    assert record[0] in entry.records
    assert verifying.verify().breaks == [
        (
            f"{what(record[0], request)} disegel pada entri {entry.sequence}, yang tidak "
            "menuliskannya: catatan itu masuk atau berubah di luar aplikasi."
        )
    ]


# -- several at once -----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_acts_at_the_same_moment_keep_the_chain_whole(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        numbers = ["000.3/1/B.PBJ-II/2026", "000.3/2/B.PBJ-II/2026"]
        requests = [cases.claimed(office_people, people=3, number=number) for number in numbers]
    faults: list[BaseException] = []

    def work(request: AccountRequest) -> None:
        try:
            with clock.moved_to(cases.MONDAY + HOUR):
                for account in cases.accounts(request):
                    workflow.record_created(
                        account,
                        actor=office_people.admin1,
                        user_id=f"akun.{account.pk}",
                        registered_email=account.registrant.email,
                        matches_form=True,
                    )
                workflow.record_accounts(
                    request, actor=office_people.admin1, answers=cases.all_met(request)
                )
                cases.render_papers(request)
        except BaseException as fault:
            faults.append(fault)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[request]) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    entries = AuditEntry.objects.filter(act=Act.RECORD_ACCOUNT)
    assert {request.pk: 3 for request in requests} == {
        request.pk: entries.filter(request=request).count() for request in requests
    }
    assert verifying.verify().breaks == []


# -- what is taken away --------------------------------------------------------------------------


def test_the_register_that_is_taken_as_xlsx_is_on_the_trail(
    client: Client, office_people: OfficePeople
) -> None:
    client.force_login(office_people.inspector)
    with clock.moved_to(cases.MONDAY):
        cases.draft(office_people)
        client.get(reverse("request_list"), {"q": "Verifikator"})
        client.get(reverse("request_export"), {"q": "Verifikator"})
    entry = AuditEntry.objects.get(act=Act.EXPORT)
    assert (entry.actor, entry.actor_role, entry.address) == (
        office_people.inspector,
        "Inspektorat",
        "127.0.0.1",
    )
    assert (entry.object_label, entry.summary) == (
        "Daftar permohonan (XLSX)",
        "Daftar 1 permohonan diunduh sebagai XLSX.",
    )
    assert entry.changes == {"rows": 1, "query": audit.hashed("q=Verifikator")}


def test_a_paper_that_is_downloaded_is_on_the_trail_and_one_that_is_read_is_not(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.issued(office_people)
        decree = request.documents.get(kind=DocumentKind.DECREE)
        address = reverse("document", args=[decree.public_id])
        client.force_login(office_people.inspector)
        assert client.get(address).status_code == 200
        assert not AuditEntry.objects.filter(act=Act.EXPORT).exists()
        assert client.get(address, {"unduh": "1"}).status_code == 200
    entry = AuditEntry.objects.get(act=Act.EXPORT)
    assert (entry.request, entry.object_label, entry.summary, entry.changes, entry.records) == (
        request,
        f"SK {decree.public_id}",
        "Dokumen SK diunduh.",
        {"sha256": decree.sha256},
        {},
    )


def test_the_history_of_a_case_is_what_people_did(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.submitted(office_people)
        client.force_login(office_people.kepala)
        html = client.get(reverse("request_detail", args=[request.number])).content.decode()
    assert AuditEntry.objects.filter(request=request, act=Act.STORE_DOCUMENT).count() == 3
    assert Act.STORE_DOCUMENT.label not in html
    assert Act.SUBMIT_FOR_INITIALS.label in html


# -- what it costs -------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [2, 20])
def test_sealing_asks_the_same_few_questions_however_large_the_case(
    people: int, office_people: OfficePeople
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.claimed(office_people, people=people)
    with queries() as before:
        record_seals.changed_outside(request.pk)
    with queries() as after:
        record_seals.unsealed(request.pk)
    assert (len(before), len(after)) == (2, 3)
