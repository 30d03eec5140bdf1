"""``verify`` finds whatever was bent, and says where: with the triggers off, as an owner can."""

import datetime as dt
import threading
import uuid
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models

from accounts_requests import (
    audit,
    clock,
    monitoring,
    questionnaires,
    record_seals,
    verifying,
    workflow,
)
from accounts_requests.models import (
    AccountRequest,
    Attestation,
    AuditAnchor,
    AuditChain,
    AuditEntry,
    CaseNote,
    DeadlineVersion,
    Deviation,
    Document,
    DocumentContent,
    EvidenceHandOver,
    EvidencePackage,
    Monitoring,
    Questionnaire,
    RecordSeal,
    Registrant,
    StageRun,
    StepRun,
    StepRunHolding,
    StepRunPause,
    TrustAnchor,
)
from accounts_requests.record_parts import PARTS
from accounts_requests.states import Act, DocumentKind, DocumentState
from accounts_requests.uploads import Upload
from accounts_requests.verifying.anchors import Comparison
from accounts_requests.verifying.chain import named
from accounts_requests.words import grouped, instant

from . import anchor_cases, cases, evidence_cases, monitoring_cases, trail_cases
from .cases import OfficePeople
from .test_gate_matrix import PIXEL

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("quick_papers", "without_guard_rails"),
]

NOTHING: list[str] = []


@pytest.fixture
def story(office_people: OfficePeople) -> AccountRequest:
    with clock.moved_to(cases.MONDAY):
        case = trail_cases.told_story(office_people)
        monitoring_cases.other_questions(office_people)
        monitoring_cases.judged(office_people)
        evidence_cases.made(case, actor=office_people.inspector)
        anchor_cases.in_use_and_taken_out(office_people.keeper)
        return case


def told() -> list[str]:
    return verifying.verify().breaks


def seal(record: str) -> int:
    """The number of the entry that sealed the record."""
    return RecordSeal.objects.get(record=record).sequence


def of(record: str, request: AccountRequest) -> str:
    """How a break names the record: with its case."""
    name = named(record)
    return f"{name[0].upper()}{name[1:]} dari permohonan {request.number}"


def changed(record: str, request: AccountRequest) -> list[str]:
    return [f"{of(record, request)} berubah sejak disegel pada entri {seal(record)}."]


def gone(record: str, request: AccountRequest) -> list[str]:
    entry = seal(record)
    return [f"{of(record, request)}, disegel pada entri {entry}, tidak ada lagi."]


def slipped_in(record: str, request: AccountRequest) -> list[str]:
    return [
        f"{of(record, request)} tidak pernah disegel: masuk atau berubah di luar aplikasi.",
    ]


def lapsed(record: str, request: AccountRequest) -> list[str]:
    entry = seal(record)
    return [f"{of(record, request)} disegel pada entri {entry}, tetapi kini hilang."]


def entry_named(sequence: int) -> str:
    entry = AuditEntry.objects.get(sequence=sequence)
    return f"Entri {sequence} ({Act(entry.act).label}, {instant(entry.at)})"


# -- a whole record -------------------------------------------------------------------------------


def test_a_whole_record_is_called_whole(story: AccountRequest) -> None:
    last = AuditEntry.objects.latest("sequence")
    sealed = RecordSeal.objects.count()
    stored = Document.objects.filter(state=DocumentState.STORED)
    report = verifying.verify()
    assert report.lines() == [
        (
            f"Diperiksa: {last.sequence} entri jejak audit, {sealed} segel catatan, "
            f"{stored.count()} isi dokumen, 1 tambatan."
        ),
        f"Rantai berakhir pada entri {last.sequence}, hash {grouped(last.hash)}.",
        "Utuh: tidak ditemukan perubahan maupun kehilangan.",
    ]
    assert report.is_whole


def test_an_installation_without_entries_is_whole(db: None) -> None:
    assert verifying.verify().lines() == [
        "Diperiksa: 0 entri jejak audit, 0 segel catatan, 0 isi dokumen, 0 tambatan.",
        f"Rantai berakhir pada entri 0, hash {grouped('0' * 64)}.",
        "Utuh: tidak ditemukan perubahan maupun kehilangan.",
    ]


# -- any single row -------------------------------------------------------------------------------

COVERED: dict[type[models.Model], Callable[[], Any]] = {
    AuditEntry: lambda: AuditEntry.objects.get(act=Act.ISSUE_DECREE),
    Deviation: lambda: Deviation.objects.order_by("pk")[0],
    Document: lambda: Document.objects.filter(
        state=DocumentState.STORED, superseded_at=None, registrant__isnull=False
    )[0],
    Attestation: lambda: Attestation.objects.order_by("pk")[0],
    CaseNote: lambda: CaseNote.objects.order_by("pk")[0],
    DeadlineVersion: DeadlineVersion.objects.get,
    StepRun: lambda: StepRun.objects.filter(finished_at__isnull=False)[0],
    StepRunPause: StepRunPause.objects.get,
    StepRunHolding: lambda: StepRunHolding.objects.filter(until__isnull=False)[0],
    StageRun: lambda: StageRun.objects.filter(until__isnull=False)[0],
    DocumentContent: lambda: DocumentContent.objects.order_by("pk")[0],
    AuditAnchor: AuditAnchor.objects.get,
    Monitoring: Monitoring.objects.get,
    Questionnaire: Questionnaire.objects.get,
    EvidencePackage: EvidencePackage.objects.get,
    EvidenceHandOver: EvidenceHandOver.objects.get,
    TrustAnchor: lambda: TrustAnchor.objects.get(removed_at__isnull=False),
}


def test_a_change_in_any_single_column_is_found(story: AccountRequest) -> None:
    unseen = []
    for model, find in COVERED.items():
        row = find()
        for field in model._meta.fields:
            if field.primary_key and model is not DocumentContent:
                continue
            other = trail_cases.another(field, field.value_from_object(row))
            with trail_cases.undone():
                model._default_manager.filter(pk=row.pk).update(**{field.name: other})
                if verifying.verify().is_whole:
                    unseen.append((model.__name__, field.name))
    assert unseen == []


def test_any_single_missing_row_is_found(story: AccountRequest) -> None:
    unseen = []
    for model in COVERED:
        for row in model._default_manager.all():
            with trail_cases.undone():
                model._default_manager.filter(pk=row.pk)._raw_delete("default")
                if verifying.verify().is_whole:
                    unseen.append((model.__name__, row.pk))
    assert unseen == []


def test_every_column_of_the_record_is_in_one_of_its_parts() -> None:
    for model in {part.model for part in PARTS}:
        sealed = {column for part in PARTS if part.model is model for column in part.columns}
        assert sealed == {field.column for field in model._meta.fields if not field.primary_key}


# -- what is said ---------------------------------------------------------------------------------


def _change_entry(request: AccountRequest) -> list[str]:
    AuditEntry.objects.filter(sequence=5).update(summary="Tidak terjadi apa-apa.")
    return [f"{entry_named(5)} berubah: isinya tidak sesuai dengan hash-nya."]


def _rehash_entry(request: AccountRequest) -> list[str]:
    entry = AuditEntry.objects.get(sequence=5)
    entry.summary = "Tidak terjadi apa-apa."
    entry.hash = audit.digest(entry)
    entry.save()
    return [f"{entry_named(6)} tidak bersambung pada entri 5: salah satunya diganti."]


def _remove_entries(request: AccountRequest) -> list[str]:
    AuditEntry.objects.filter(sequence__in=(5, 6)).delete()
    return ["Entri 5 sampai 6 hilang dari jejak audit."]


def _cut_tail(request: AccountRequest) -> list[str]:
    last = AuditEntry.objects.latest("sequence")
    last.delete()
    return [f"Entri {last.sequence} hilang dari ujung jejak audit."]


def _forge_head(request: AccountRequest) -> list[str]:
    AuditChain.objects.update(head="f" * 64)
    return [f"Kepala rantai tidak sama dengan hash entri {AuditEntry.objects.count()}."]


def _remove_head(request: AccountRequest) -> list[str]:
    AuditChain.objects.all().delete()
    return ["Kepala rantai jejak audit tidak ada."]


def _append_without_head(request: AccountRequest) -> list[str]:
    last = AuditEntry.objects.latest("sequence")
    last.pk, last.previous_hash, last.records = None, last.hash, {}
    last.sequence += 1
    last.hash = audit.digest(last)
    last.save(force_insert=True)
    return [
        f"Kepala rantai hanya mengenal {last.sequence - 1} entri, sedangkan ada {last.sequence}."
    ]


def _change_deviation(request: AccountRequest) -> list[str]:
    row = Deviation.objects.order_by("pk")[0]
    Deviation.objects.filter(pk=row.pk).update(explanation="Bukan salah saya")
    return changed(f"deviation:{row.pk}", request)


def _remove_deviation(request: AccountRequest) -> list[str]:
    row = Deviation.objects.latest("pk")
    broken = gone(f"deviation:{row.pk}", request)
    row.delete()
    return broken


def _insert_deviation(request: AccountRequest) -> list[str]:
    row = Deviation.objects.order_by("pk")[0]
    row.pk, row.key = None, "late:999"
    row.save(force_insert=True)
    return slipped_in(f"deviation:{row.pk}", request)


def _retitle_document(request: AccountRequest) -> list[str]:
    row = Document.objects.get(kind=DocumentKind.DECREE)
    Document.objects.filter(pk=row.pk).update(title="SK lain")
    return changed(f"document_content:{row.pk}", request)


def _remove_document(request: AccountRequest) -> list[str]:
    row = Document.objects.get(kind=DocumentKind.MAIL_PROOF, superseded_at=None)
    broken = gone(f"document:{row.pk}", request)
    DocumentContent.objects.filter(document=row).delete()
    Document.objects.filter(pk=row.pk)._raw_delete("default")
    return broken


def _insert_document(request: AccountRequest) -> list[str]:
    row = Document.objects.get(kind=DocumentKind.SCAN)
    content = DocumentContent.objects.get(document=row)
    row.pk, row.public_id = None, uuid.uuid4()
    row.save(force_insert=True)
    DocumentContent.objects.create(document=row, data=content.data)
    return slipped_in(f"document:{row.pk}", request)


def _supersede_document(request: AccountRequest) -> list[str]:
    row = Document.objects.get(kind=DocumentKind.DECREE)
    Document.objects.filter(pk=row.pk).update(superseded_at=cases.MONDAY)
    return slipped_in(f"document_end:{row.pk}", request)


def _bring_document_back(request: AccountRequest) -> list[str]:
    row = Document.objects.get(kind=DocumentKind.FORM, registrant=None)
    Document.objects.filter(pk=row.pk).update(superseded_at=None)
    return lapsed(f"document_end:{row.pk}", request)


def _give_form_to_another(request: AccountRequest) -> list[str]:
    forms = Document.objects.filter(kind=DocumentKind.FORM, registrant__isnull=False)
    row = forms.filter(superseded_at__isnull=False)[0]
    other = Registrant.objects.exclude(documents=row)[0]
    Document.objects.filter(pk=row.pk).update(registrant=other)
    return changed(f"document_person:{row.pk}", request)


def _take_form_from_its_person(request: AccountRequest) -> list[str]:
    row = Document.objects.filter(kind=DocumentKind.FORM, registrant__isnull=False)[0]
    Document.objects.filter(pk=row.pk).update(registrant=None)
    return slipped_in(f"document_freed:{row.pk}", request)


def _change_bytes(request: AccountRequest) -> list[str]:
    row = Document.objects.get(kind=DocumentKind.DECREE)
    DocumentContent.objects.filter(document=row).update(data=b"%PDF-1.7 lain")
    return [
        (
            f"Isi dokumen SK (document:{row.pk}) dari permohonan {request.number} "
            "tidak sama dengan SHA-256-nya."
        )
    ]


def _remove_bytes(request: AccountRequest) -> list[str]:
    row = Document.objects.get(kind=DocumentKind.DECREE)
    DocumentContent.objects.filter(document=row).delete()
    return [
        (f"Isi dokumen SK (document:{row.pk}) dari permohonan {request.number} tidak ada lagi.")
    ]


def _unstore_document(request: AccountRequest) -> list[str]:
    row = Document.objects.get(kind=DocumentKind.DECREE)
    Document.objects.filter(pk=row.pk).update(state=DocumentState.OWED)
    return [
        *lapsed(f"document_content:{row.pk}", request),
        f"Isi dokumen (document:{row.pk}) ada, padahal dokumennya belum disimpan.",
    ]


def _shorten_step(request: AccountRequest) -> list[str]:
    row = StepRun.objects.get(step__number=3)
    StepRun.objects.filter(pk=row.pk).update(late_seconds=0, counted_seconds=60)
    return changed(f"step_run:{row.pk}", request)


def _reopen_step(request: AccountRequest) -> list[str]:
    row = StepRun.objects.filter(step__number=2).latest("pk")
    StepRun.objects.filter(pk=row.pk).update(
        paused_at=cases.MONDAY,
        **dict.fromkeys(
            (
                "finished_at",
                "finished_by",
                "waiting_seconds",
                "worked_seconds",
                "counted_seconds",
                "wall_seconds",
            )
        ),
    )
    return changed(f"step_run_open:{row.pk}", request)


def _move_running_deadline(request: AccountRequest) -> list[str]:
    row = StepRun.objects.get(finished_at=None)
    StepRun.objects.filter(pk=row.pk).update(due_at=cases.MONDAY + dt.timedelta(days=9))
    return changed(f"step_run_open:{row.pk}", request)


def _remove_note(request: AccountRequest) -> list[str]:
    row = CaseNote.objects.order_by("pk")[0]
    broken = gone(f"note:{row.pk}", request)
    row.delete()
    return broken


def _of_the_office(record: str) -> str:
    """How a break names a record that belongs to no case."""
    name = named(record)
    return f"{name[0].upper()}{name[1:]}"


def _soften_monitoring(request: AccountRequest) -> list[str]:
    row = Monitoring.objects.get()
    Monitoring.objects.update(verdict_reason="Sangat baik")
    record = f"monitoring:{row.pk}"
    return [f"{_of_the_office(record)} berubah sejak disegel pada entri {seal(record)}."]


def _remove_monitoring(request: AccountRequest) -> list[str]:
    row = Monitoring.objects.get()
    record = f"monitoring:{row.pk}"
    broken = [f"{_of_the_office(record)}, disegel pada entri {seal(record)}, tidak ada lagi."]
    row.delete()
    return broken


def _insert_monitoring(request: AccountRequest) -> list[str]:
    row = Monitoring.objects.get()
    row.pk, row.public_id, row.version = None, uuid.uuid4(), 2
    row.save(force_insert=True)
    return [
        (
            f"{_of_the_office(f'monitoring:{row.pk}')} tidak pernah disegel: masuk atau berubah "
            "di luar aplikasi."
        )
    ]


def _remove_holding(request: AccountRequest) -> list[str]:
    row = StepRunHolding.objects.order_by("pk")[0]
    broken = gone(f"holding:{row.pk}", request)
    row.delete()
    return broken


def _blame_another(request: AccountRequest) -> list[str]:
    row = StepRunHolding.objects.get(person__username="admin1")
    other = StepRunHolding.objects.filter(person__username="admin2")[0].person
    StepRunHolding.objects.filter(pk=row.pk).update(person=other)
    return changed(f"holding:{row.pk}", request)


def _lengthen_pause(request: AccountRequest) -> list[str]:
    row = StepRunPause.objects.get()
    StepRunPause.objects.update(until=cases.MONDAY + dt.timedelta(days=1))
    return changed(f"pause_end:{row.pk}", request)


def _change_seal(request: AccountRequest) -> list[str]:
    row = RecordSeal.objects.filter(record__startswith="note:")[0]
    RecordSeal.objects.filter(pk=row.pk).update(digest="f" * 64)
    return [
        f"Segel {named(row.record)} tidak sama dengan yang tertulis pada entri {row.sequence}.",
        *changed(row.record, request),
    ]


def _remove_seal(request: AccountRequest) -> list[str]:
    row = RecordSeal.objects.filter(record__startswith="note:")[0]
    broken = [
        f"Segel {named(row.record)} dari entri {row.sequence} tidak ada lagi.",
        *slipped_in(row.record, request),
    ]
    row.delete()
    return broken


def _forge_row_and_seal(request: AccountRequest) -> list[str]:
    """The row, and the index of seals with it: the entry in the chain still says otherwise."""
    row = CaseNote.objects.order_by("pk")[0]
    CaseNote.objects.filter(pk=row.pk).update(text="Tidak ada apa-apa")
    before = record_seals.changed_outside(request.pk)
    assert before == ()
    record = f"note:{row.pk}"
    RecordSeal.objects.filter(record=record).delete()
    found = record_seals.unsealed(request.pk, [row])
    RecordSeal.objects.create(
        record=record, request=request, digest=found.first[record], sequence=_entry_of(record)
    )
    return [
        f"Segel {named(record)} tidak sama dengan yang tertulis pada entri {_entry_of(record)}."
    ]


def _entry_of(record: str) -> int:
    return next(entry.sequence for entry in AuditEntry.objects.all() if record in entry.records)


def _change_anchor(request: AccountRequest) -> list[str]:
    row = AuditAnchor.objects.get()
    entry = AuditEntry.objects.get(act=Act.ANCHOR).sequence
    AuditAnchor.objects.update(head="f" * 64)
    return [
        f"Tambatan 6 Juli 2026 menyebut hash lain untuk entri {row.sequence}.",
        f"Tambatan 2026-07-06 tidak sama dengan yang dicatat pada entri {entry}.",
    ]


def _remove_anchor(request: AccountRequest) -> list[str]:
    entry = AuditEntry.objects.get(act=Act.ANCHOR).sequence
    AuditAnchor.objects.all().delete()
    return [f"Tambatan 2026-07-06, yang dicatat pada entri {entry}, tidak ada lagi."]


def _insert_anchor(request: AccountRequest) -> list[str]:
    entry = AuditEntry.objects.get(sequence=3)
    AuditAnchor.objects.create(day=dt.date(2026, 7, 5), at=entry.at, sequence=3, head=entry.hash)
    return ["Tambatan 2026-07-05 ada tanpa entri yang mencatatnya."]


BENT: dict[str, Callable[[AccountRequest], list[str]]] = {
    "an entry's words are changed": _change_entry,
    "an entry is changed and hashed anew": _rehash_entry,
    "two entries are removed": _remove_entries,
    "the last entry is cut off": _cut_tail,
    "the head of the chain is changed": _forge_head,
    "the head of the chain is removed": _remove_head,
    "an entry is added behind the head": _append_without_head,
    "a deviation is changed": _change_deviation,
    "a deviation is removed": _remove_deviation,
    "a deviation is slipped in": _insert_deviation,
    "a paper is retitled": _retitle_document,
    "a paper is removed with its bytes": _remove_document,
    "a paper is slipped in": _insert_document,
    "an SK is put out of force": _supersede_document,
    "a former paper is put back into force": _bring_document_back,
    "a Formulir is given to another person": _give_form_to_another,
    "a Formulir is taken from its person": _take_form_from_its_person,
    "the bytes of an SK are changed": _change_bytes,
    "the bytes of an SK are removed": _remove_bytes,
    "a stored SK is made an owed one": _unstore_document,
    "a step is made shorter": _shorten_step,
    "a finished step is opened again": _reopen_step,
    "the deadline of the running step is moved": _move_running_deadline,
    "a note is removed": _remove_note,
    "a judged half year is told more kindly": _soften_monitoring,
    "a judged half year is removed": _remove_monitoring,
    "a judged half year is slipped in": _insert_monitoring,
    "who held a step is removed": _remove_holding,
    "another person is said to have held a step": _blame_another,
    "a pause is made longer": _lengthen_pause,
    "a seal is changed": _change_seal,
    "a seal is removed": _remove_seal,
    "a row and its seal are changed": _forge_row_and_seal,
    "an anchor is changed": _change_anchor,
    "an anchor is removed": _remove_anchor,
    "an anchor is slipped in": _insert_anchor,
}


def test_each_break_is_told_with_its_place(story: AccountRequest) -> None:
    expected, found = {}, {}
    for what, bend in BENT.items():
        with trail_cases.undone():
            expected[what] = bend(story)
            found[what] = told()
    assert found == expected
    assert told() == NOTHING


def test_many_breaks_are_told_up_to_a_number(story: AccountRequest) -> None:
    Document.objects.update(title="Lain")
    CaseNote.objects.update(text="Lain")
    DocumentContent.objects.update(data=b"lain")
    AuditEntry.objects.update(summary="Lain")
    report = verifying.verify()
    lines = report.lines()
    assert len([line for line in lines if line.startswith("RUSAK: ")]) == 50
    assert lines[-1] == f"… dan {len(report.breaks) - 50} kerusakan lain."


# -- while others work, and on the command line ---------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_it_looks_at_one_state_and_keeps_nobody_from_writing(
    office_people: OfficePeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.moved_to(cases.MONDAY):
        cases.issued(office_people)
        before = AuditChain.objects.get().count

        def act() -> None:
            with clock.moved_to(cases.MONDAY):
                cases.issued(office_people, number="000.3/2/B.PBJ-II/2026")
            connection.close()

        look_at, first = Comparison.look_at, threading.Event()

        def interrupted(self: Comparison, entry: AuditEntry) -> None:
            if not first.is_set():
                first.set()
                thread = threading.Thread(target=act)
                thread.start()
                thread.join(timeout=60)
            look_at(self, entry)

        monkeypatch.setattr(Comparison, "look_at", interrupted)
        report = verifying.verify()
    assert (report.count, report.breaks) == (before, [])
    assert AuditChain.objects.get().count > before


def verify(*arguments: str) -> str:
    output = StringIO()
    call_command("verify", *arguments, stdout=output)
    return output.getvalue()


def test_the_command_prints_the_report_and_fails_when_something_is_broken(
    story: AccountRequest,
) -> None:
    assert verify().splitlines() == verifying.verify().lines()
    Deviation.objects.update(norm="Tidak ada batas")
    output = StringIO()
    with pytest.raises(CommandError, match=r"^4 kerusakan ditemukan\.$"):
        call_command("verify", stdout=output)
    assert output.getvalue().splitlines() == verifying.verify().lines()
    assert output.getvalue().count("RUSAK: Penyimpangan (deviation:") == 4


def test_an_anchor_from_paper_is_compared_whichever_way_it_is_typed(story: AccountRequest) -> None:
    entry = AuditEntry.objects.get(sequence=7)
    for text in (
        entry.hash,
        grouped(entry.hash),
        entry.hash[:16].upper(),
        grouped(entry.hash)[:26],
    ):
        assert "2 tambatan." in verify("--anchor", f"7:{text}")
    other = f"7: {'0' * 16}"
    with pytest.raises(CommandError, match="1 kerusakan"):
        verify("--anchor", other)


@pytest.mark.parametrize(
    "text", ["7", "7:abc", f"tujuh:{'a' * 16}", f"7:{'a' * 65}", f"7:{'g' * 16}"]
)
def test_an_anchor_that_cannot_be_read_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(CommandError) as refused:
        verify("--anchor", text)
    assert str(refused.value) == (
        f"Tambatan “{text}” tidak terbaca. Tulis nomor entri, titik dua, lalu hash-nya (paling "
        "sedikit 16 angka heksadesimal), misalnya 812:0a1b2c3d4e5f6071."
    )


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL stores no text where an instant belongs"
)
@pytest.mark.parametrize(
    ("instant", "told_of_it"),
    [
        (
            "kemarin",
            (
                "Entri 3 (Menambah personel, waktu tak terbaca) berubah: isinya tidak sesuai "
                "dengan hash-nya."
            ),
        ),
        (
            "2026-13-45 10:00:00",
            "Bagian jejak audit tidak dapat dibaca sampai selesai: ada isi basis data yang rusak.",
        ),
    ],
)
def test_what_cannot_even_be_read_is_a_break_that_hides_no_other(
    instant: str, told_of_it: str, story: AccountRequest
) -> None:
    row = Deviation.objects.order_by("pk")[0]
    Deviation.objects.filter(pk=row.pk).update(norm="Lain")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_requests_auditentry SET at = %s WHERE sequence = 3", [instant]
        )
    assert told() == [told_of_it, *changed(f"deviation:{row.pk}", story)]


def test_a_late_entry_excuses_no_row_that_was_slipped_in_beside_it(
    office_people: OfficePeople,
) -> None:
    """Only what bears the very instant that its act tells is explained by it."""
    staff = office_people
    with clock.moved_to(cases.MONDAY):
        request = cases.ordered(staff)
    with clock.moved_to(cases.MONDAY + dt.timedelta(hours=4)):
        entry = workflow.propose_late_entry(
            request,
            actor=staff.admin1,
            act=Act.CLAIM,
            happened_at=cases.MONDAY + dt.timedelta(minutes=10),
            reason="Listrik padam",
            evidence=Upload(file_name="bukti.png", data=PIXEL),
        )
        slipped = request.notes.create(
            at=cases.MONDAY + dt.timedelta(minutes=11), by=staff.admin1, text="Semua baik"
        )
        workflow.confirm_late_entry(entry, actor=staff.kepala)
    claim = AuditEntry.objects.get(act=Act.CLAIM)

    assert verifying.verify().breaks == [
        (
            f"Catatan (note:{slipped.pk}) dari permohonan {request.number} disegel pada entri "
            f"{claim.sequence}, yang tidak menuliskannya: catatan itu masuk atau berubah di luar "
            "aplikasi."
        )
    ]


def test_what_the_office_judged_before_such_records_were_sealed_is_sealed_once(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        lines = monitoring_cases.prepared()
        older = [
            monitoring.drafted(
                monitoring_cases.PERIOD,
                monitoring.revision_for(monitoring_cases.PERIOD),
                lines,
                monitoring_cases.all_well(lines),
                questionnaires.standard(),
                actor=office_people.kepala,
                role=monitoring.require_judge(office_people.kepala),
                at=clock.now(),
            )
            for _ in range(2)
        ]
        for version, row in enumerate(older, start=1):
            row.version, row.pdf, row.pages, row.sha256 = version, b"%PDF", 1, "0" * 64
        older[0].save()
        audit.seal_what_stands(clock.now())
        whole = told()
        older[1].save()
        audit.seal_what_stands(clock.now())

    assert whole == []
    assert told() == [
        (
            f"{_of_the_office(f'monitoring:{older[1].pk}')} tidak pernah disegel: masuk atau "
            "berubah di luar aplikasi."
        )
    ]
    assert AuditEntry.objects.filter(act=Act.SEAL).count() == 1
