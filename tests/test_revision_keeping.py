"""Revisions of the SOP: drafted, compared, approved, in force for new cases alone, withdrawn."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from accounts_requests import (
    clock,
    deadline_warnings,
    reading_content,
    reading_notes,
    revision_comparison,
    revision_content,
    revision_keeping,
    revision_standing,
    seeding,
    timers,
    workflow,
)
from accounts_requests.documents import control_sheet
from accounts_requests.exceptions import (
    AlreadyDone,
    InvalidInput,
    NotAllowedNow,
    NotPermitted,
    WorkflowError,
)
from accounts_requests.limit_terms import LimitUnit
from accounts_requests.models import AuditEntry, Reading, SopRevision, SopStep, StepRun
from accounts_requests.revision_standing import Standing
from accounts_requests.states import Act

from . import cases, revisions
from .cases import OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

TODAY = dt.date(2026, 7, 6)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(cases.MONDAY):
        yield


def refused(act: Callable[[], Any]) -> WorkflowError:
    with pytest.raises(WorkflowError) as caught:
        act()
    return caught.value


def standings(on: dt.date) -> list[tuple[int, Standing]]:
    return [
        (revision.revision, revision_standing.standing_of(revision, on))
        for revision in SopRevision.objects.all()
    ]


def trail(act: Act) -> list[tuple[str, str, str]]:
    return list(
        AuditEntry.objects.filter(act=act)
        .order_by("sequence")
        .values_list("actor_role", "object_label", "summary")
    )


# -- drafting -----------------------------------------------------------------------------------


def test_a_draft_is_a_copy_of_the_revision_in_force(office_people: OfficePeople) -> None:
    draft = revision_keeping.begin(actor=office_people.keeper)
    first = SopRevision.objects.get(revision=1)
    assert revision_content.read(draft) == revision_content.read(first)
    assert (draft.revision, draft.is_draft, draft.in_force_from) == (2, True, None)
    assert (draft.drafted_by, draft.drafted_at) == (office_people.keeper, cases.MONDAY)
    assert SopStep.objects.filter(revision=draft).count() == 5
    assert SopRevision.in_force(TODAY) == first
    assert trail(Act.DRAFT_REVISION) == [
        ("Pengelola Aplikasi", "SOP revisi 2", "Konsep revisi 2 disusun dari revisi 1.")
    ]


def test_one_revision_is_on_its_way_at_a_time(office_people: OfficePeople) -> None:
    draft = revisions.drafted(office_people)
    error = refused(lambda: revision_keeping.begin(actor=office_people.keeper))
    assert str(error) == (
        "Revisi 2 masih berupa konsep disusun oleh Pengelola Contoh. Lanjutkan atau tarik konsep "
        "itu dahulu; tidak ada yang berubah."
    )
    revisions.approve(draft, office_people, TODAY + DAY)
    error = refused(lambda: revision_keeping.begin(actor=office_people.keeper))
    assert str(error) == (
        "Revisi 2 sudah disahkan dan berlaku sejak 7 Juli 2026. Revisi berikutnya disusun dari "
        "revisi itu, sesudah berlaku; tidak ada yang berubah."
    )


def test_every_cell_can_be_typed_over_and_blank_stays_blank(office_people: OfficePeople) -> None:
    draft = revisions.drafted(office_people)
    assert revisions.change_facts(draft, office_people, revised="1 JULI 2026", created="")
    draft = revisions.fresh(draft)
    cells = {**revision_content.read(draft).sheet.cells, "warnings": ("Satu peringatan saja.",)}
    changes: dict[str, Any] = {
        "cells": cells,
        "legal_note": "",
        "letterhead": ("BIRO CONTOH",),
    }
    words = revisions.sheet_of(draft, **changes)
    assert revisions.save_sheet(draft, office_people, **changes)
    requirements = ("Kedua.", "Pertama.", "Ketiga.")
    assert revisions.change_step(
        draft,
        office_people,
        4,
        requirements=requirements,
        stray="",
        output="",
        remarks="Baru.",
        printed_limit="1 Hari",
        amount=1,
        unit=LimitUnit.WORKING_DAYS,
    )
    stored = revision_content.read(revisions.fresh(draft))
    assert stored.sheet == words
    assert stored.steps[3].requirements == requirements
    assert (stored.steps[3].stray, stored.steps[3].output) == ("", "")
    assert (stored.sheet.facts["revised"], stored.sheet.facts["created"]) == ("1 JULI 2026", "")
    first = revision_content.read(SopRevision.objects.get(revision=1))
    assert (first.sheet.facts["revised"], first.steps[3].printed_limit) == ("", "30 Menit")


def test_saving_what_is_there_already_writes_nothing(office_people: OfficePeople) -> None:
    draft = revisions.drafted(office_people)
    entries = AuditEntry.objects.count()
    assert revisions.change_step(draft, office_people, 3) is False
    assert revisions.change_facts(draft, office_people) is False
    assert AuditEntry.objects.count() == entries


@pytest.mark.parametrize(
    ("number", "changes", "errors"),
    [
        (
            3,
            {"activity": ""},
            {"activity": ["Aktivitas wajib diisi. Banyaknya langkah tetap lima."]},
        ),
        (
            3,
            {"printed_limit": ""},
            {
                "printed_limit": [
                    (
                        "Batas waktu yang dihitung harus tercetak pada SOP. Tuliskan, misalnya "
                        "“3 Hari”."
                    )
                ]
            },
        ),
        (
            3,
            {"amount": 0},
            {"amount": ["Banyaknya tidak wajar. Periksa kembali angka dan satuannya."]},
        ),
        (
            1,
            {"requirements": ("Surat permohonan.",)},
            {
                "requirements": [
                    (
                        "Kelengkapan langkah 1 tidak dijawab satu per satu di aplikasi. Tuliskan "
                        "pada aktivitas atau keterangannya."
                    )
                ]
            },
        ),
    ],
    ids=["no activity", "not printed", "no amount", "nobody would answer"],
)
def test_what_cannot_stand_is_refused_in_words(
    office_people: OfficePeople, number: int, changes: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    draft = revisions.drafted(office_people)
    error = refused(lambda: revisions.change_step(draft, office_people, number, **changes))
    assert isinstance(error, InvalidInput)
    assert error.errors == errors


def test_a_number_and_a_name_cannot_be_blank(office_people: OfficePeople) -> None:
    draft = revisions.drafted(office_people)
    error = refused(lambda: revisions.change_facts(draft, office_people, number="", name=""))
    assert isinstance(error, InvalidInput)
    assert error.errors == {
        "number": ["Nomor SOP wajib diisi."],
        "name": ["Nama SOP wajib diisi."],
    }


def test_a_cell_that_would_take_minutes_to_print_is_refused(office_people: OfficePeople) -> None:
    draft = revisions.drafted(office_people)
    cells = {**revision_content.read(draft).sheet.cells, "warnings": ("a",) * 61}
    error = refused(lambda: revisions.save_sheet(draft, office_people, cells=cells))
    assert isinstance(error, InvalidInput)
    assert error.errors == {"cell_warnings": ["Paling banyak 60 baris; yang diisikan 61."]}


def test_what_another_tab_saved_is_not_overwritten_unread(office_people: OfficePeople) -> None:
    draft = revisions.drafted(office_people)
    seen = revision_content.mark_of(revisions.step_of(draft, 5))
    revisions.change_step(draft, office_people, 5, remarks="Dari tab lain.")
    error = refused(
        lambda: revision_keeping.save_step(
            draft,
            revisions.step_of(draft, 5, remarks="Dari tab ini."),
            actor=office_people.keeper,
            seen=seen,
        )
    )
    assert str(error).startswith("Bagian ini diubah sejak halaman ini Anda buka")
    assert revisions.step_of(revisions.fresh(draft), 5).remarks == "Dari tab lain."


@pytest.mark.parametrize("who", ["kepala", "drafter", "admin1", "biro", "inspector", "nobody"])
def test_only_the_keeper_drafts(office_people: OfficePeople, who: str) -> None:
    person = getattr(office_people, who)
    assert isinstance(refused(lambda: revision_keeping.begin(actor=person)), NotPermitted)
    draft = revisions.drafted(office_people)
    words = revisions.step_of(draft, 5, remarks="Baru.")
    error = refused(
        lambda: revision_keeping.save_step(draft, words, actor=person, seen=revisions.mark(draft))
    )
    assert isinstance(error, NotPermitted)


# -- comparing ----------------------------------------------------------------------------------


def test_the_comparison_tells_each_cell_word_by_word(office_people: OfficePeople) -> None:
    draft = revisions.drafted(office_people)
    revisions.change_facts(draft, office_people, revised="1 JULI 2026")
    first = SopRevision.objects.get(revision=1)
    changes = revision_comparison.changes_between(first, revisions.fresh(draft))
    told = [
        (
            change.name,
            [[(words.kind, words.text) for words in line] for line in change.lines],
        )
        for change in changes
    ]
    assert told == [
        ("Kepala lembar, TGL REVISI", [[("new", "1 JULI 2026")]]),
        ("Langkah 3, Waktu", [[("gone", "60"), ("new", "90"), ("same", "Menit")]]),
        (
            "Langkah 3, Waktu yang dihitung",
            [[("gone", "60"), ("new", "90"), ("same", "menit jam kerja")]],
        ),
    ]
    assert [change.was_blank for change in changes] == [True, False, False]


def test_an_added_requirement_does_not_move_the_others(office_people: OfficePeople) -> None:
    draft = revisions.drafted(office_people)
    first = SopRevision.objects.get(revision=1)
    old = revisions.step_of(first, 3).requirements
    revisions.change_step(draft, office_people, 3, requirements=("Lebih dahulu.", *old))
    change = next(
        one
        for one in revision_comparison.changes_between(first, revisions.fresh(draft))
        if one.key == "step_3_requirements"
    )
    assert [[words.kind for words in line] for line in change.lines] == [
        ["new"],
        ["same"],
        ["same"],
    ]


def test_a_printed_limit_that_is_counted_otherwise_is_pointed_out(
    office_people: OfficePeople,
) -> None:
    draft = revisions.drafted(office_people)
    words = revisions.step_of(draft, 3, printed_limit="2 Jam")
    assert revision_content.doubts_of(words) == [
        "Langkah 3: tercetak “2 Jam”, dihitung 90 menit jam kerja."
    ]
    assert revision_content.doubts_of(revisions.step_of(draft, 3)) == []
    assert revision_content.doubts_of(revisions.step_of(draft, 2)) == []


# -- approving ----------------------------------------------------------------------------------


def test_an_approved_revision_is_for_new_cases_and_running_ones_keep_theirs(
    office_people: OfficePeople,
) -> None:
    running = cases.claimed(office_people)
    draft = revisions.drafted(office_people)
    revisions.approve(draft, office_people, TODAY + DAY)
    assert standings(TODAY) == [(1, Standing.IN_FORCE), (2, Standing.AWAITED)]
    assert standings(TODAY + DAY) == [(1, Standing.FORMER), (2, Standing.IN_FORCE)]
    same_day = cases.draft(office_people)
    with clock.moved_to(cases.MONDAY + DAY):
        new = cases.ordered(office_people, number="000.3/2/B.PBJ-II/2026")
        workflow.return_to_head(running, actor=office_people.admin1, reason="NIP salah ketik")
    assert [case.sop_revision.revision for case in (cases.fresh(running), same_day, new)] == [
        1,
        1,
        2,
    ]
    assert [case.reading.number if case.reading else 0 for case in (running, same_day, new)] == [
        1,
        1,
        2,
    ]
    runs = StepRun.objects.filter(step__number=3).order_by("pk")
    assert [(run.limit_amount, run.step.revision.revision) for run in runs] == [(60, 1), (90, 2)]


def test_the_reading_of_a_revision_is_the_one_before_with_the_new_limits(
    office_people: OfficePeople,
) -> None:
    first = Reading.objects.get()
    first.content["steps"]["4"]["start"] = "claimed"  # the office reads it so
    first.content["steps"]["4"]["amount"] = 25
    first.save()
    draft = revisions.drafted(office_people)
    revisions.change_step(draft, office_people, 2, printed_limit="1 Hari", amount=1)
    revisions.change_step(draft, office_people, 5, printed_limit="N/A", amount=None)
    reading = revisions.approve(draft, office_people)
    expected = {number: dict(step) for number, step in first.content["steps"].items()}
    expected["2"] |= {"amount": 1, "warnings": [50, 80, 100]}
    expected["3"] |= {"amount": 90}
    expected["5"] |= {"amount": None, "warnings": []}
    norms = reading_content.norms_of(draft.steps.order_by("number"))
    carried = {**first.content, "steps": expected}
    assert reading.content == reading_notes.following(carried, norms)
    assert (reading.number, reading.state, reading.revision_id) == (2, "approved", draft.pk)
    assert (reading.in_force_from, reading.approved_by, reading.drafted_by) == (
        TODAY,
        office_people.biro,
        office_people.keeper,
    )


def test_the_trail_tells_who_approved_what_and_which_words(office_people: OfficePeople) -> None:
    cases.claimed(office_people)
    draft = revisions.drafted(office_people)
    revisions.approve(draft, office_people, TODAY + DAY)
    entry = AuditEntry.objects.get(act=Act.APPROVE_REVISION)
    assert (entry.actor_role, entry.object_label) == ("Kepala Biro", "SOP revisi 2")
    assert entry.summary == (
        "Revisi 2 disahkan, berlaku sejak 7 Juli 2026 untuk permohonan baru. 1 permohonan yang "
        f"berjalan tetap memakai revisi 1. Alasan: {revisions.REASON}"
    )
    assert entry.changes == {
        "in_force_from": "2026-07-07",
        "cells": ["Langkah 3, Waktu", "Langkah 3, Waktu yang dihitung"],
        "sha256": revisions.mark(draft),
        "reading": 2,
    }


@pytest.mark.parametrize("who", ["kepala", "drafter", "admin1", "keeper", "inspector", "nobody"])
def test_only_the_pengesah_approves(office_people: OfficePeople, who: str) -> None:
    draft = revisions.drafted(office_people)
    error = refused(
        lambda: revision_keeping.approve(
            draft,
            actor=getattr(office_people, who),
            since=TODAY,
            reason=revisions.REASON,
            seen=revisions.mark(draft),
        )
    )
    assert isinstance(error, NotPermitted)
    assert standings(TODAY) == [(1, Standing.IN_FORCE), (2, Standing.DRAFT)]


@pytest.mark.parametrize(
    ("since", "sentence"),
    [
        (TODAY - DAY, "Tanggal berlaku tidak boleh di masa lalu"),
        (TODAY + 400 * DAY, "Tanggal berlaku lebih dari satu tahun ke depan"),
    ],
    ids=["past", "far future"],
)
def test_a_revision_is_in_force_from_today_or_soon(
    office_people: OfficePeople, since: dt.date, sentence: str
) -> None:
    draft = revisions.drafted(office_people)
    error = refused(lambda: revisions.approve(draft, office_people, since))
    assert isinstance(error, InvalidInput)
    assert list(error.errors) == ["since"]
    assert str(error).startswith(sentence)


def test_two_revisions_never_begin_on_one_day(office_people: OfficePeople) -> None:
    revisions.approve(revisions.drafted(office_people), office_people)
    third = revision_keeping.begin(actor=office_people.keeper)
    revisions.change_step(third, office_people, 3, printed_limit="45 Menit", amount=45)
    error = refused(lambda: revisions.approve(third, office_people))
    assert str(error) == (
        "Revisi 2 berlaku sejak 6 Juli 2026. Dua revisi tidak dapat berlaku sejak hari yang sama; "
        "pilih hari sesudahnya."
    )
    revisions.approve(third, office_people, TODAY + DAY)
    assert [revision.revision for revision in SopRevision.approved()] == [1, 2, 3]


def test_a_draft_that_changes_nothing_is_not_approved(office_people: OfficePeople) -> None:
    draft = revision_keeping.begin(actor=office_people.keeper)
    error = refused(lambda: revisions.approve(draft, office_people))
    assert str(error) == "Konsep ini belum mengubah apa pun, sehingga tidak ada yang disahkan."


def test_what_is_approved_is_what_was_read(office_people: OfficePeople) -> None:
    draft = revisions.drafted(office_people)
    seen = revisions.mark(draft)
    revisions.change_step(draft, office_people, 5, remarks="Sesudah dibaca.")
    error = refused(
        lambda: revision_keeping.approve(
            draft, actor=office_people.biro, since=TODAY, reason=revisions.REASON, seen=seen
        )
    )
    assert str(error).startswith("Konsep ini diubah sejak perbandingannya Anda buka")


def test_an_approved_revision_is_neither_edited_nor_approved_again(
    office_people: OfficePeople,
) -> None:
    draft = revisions.drafted(office_people)
    revisions.approve(draft, office_people)
    said = (
        "Revisi 2 sudah disahkan oleh Biro Contoh dan berlaku sejak 6 Juli 2026, sehingga tidak "
        "dapat diubah lagi. Susun revisi baru untuk mengubahnya."
    )
    again = refused(lambda: revisions.approve(draft, office_people, TODAY + DAY))
    edited = refused(lambda: revisions.change_step(draft, office_people, 5, remarks="Baru."))
    assert [(type(error), str(error)) for error in (again, edited)] == [(AlreadyDone, said)] * 2


# -- withdrawing --------------------------------------------------------------------------------


def test_a_revision_that_is_not_in_force_yet_is_withdrawn_and_stays_on_record(
    office_people: OfficePeople,
) -> None:
    draft = revisions.drafted(office_people)
    reading = revisions.approve(draft, office_people, TODAY + DAY)
    revision_keeping.withdraw(draft, actor=office_people.biro, reason="Menunggu aturan baru.")
    reading = Reading.objects.get(pk=reading.pk)
    assert (standings(TODAY + DAY), reading.state) == (
        [(1, Standing.IN_FORCE), (2, Standing.WITHDRAWN)],
        "withdrawn",
    )
    assert trail(Act.WITHDRAW_REVISION) == [
        (
            "Kepala Biro",
            "SOP revisi 2",
            "Revisi 2 ditarik sebelum berlaku. Alasan: Menunggu aturan baru.",
        )
    ]
    with clock.moved_to(cases.MONDAY + DAY):
        assert cases.draft(office_people).sop_revision.revision == 1
        third = revisions.drafted(office_people)
        assert (third.revision, revision_standing.before(third)) == (
            3,
            SopRevision.objects.get(revision=1),
        )
        revisions.approve(third, office_people)
    assert Reading.objects.get(revision=third).number == 3


def test_a_revision_in_force_is_not_withdrawn(office_people: OfficePeople) -> None:
    draft = revisions.drafted(office_people)
    revisions.approve(draft, office_people)
    error = refused(
        lambda: revision_keeping.withdraw(
            draft, actor=office_people.biro, reason="Menunggu aturan baru."
        )
    )
    assert (type(error), str(error)) == (
        NotAllowedNow,
        (
            "Revisi 2 sudah berlaku, sehingga tidak dapat ditarik. Susun revisi baru untuk "
            "mengubahnya."
        ),
    )


def test_the_keeper_withdraws_a_draft_but_nothing_that_was_approved(
    office_people: OfficePeople,
) -> None:
    draft = revisions.drafted(office_people)
    revision_keeping.withdraw(draft, actor=office_people.keeper, reason="Salah menyalin.")
    again = refused(
        lambda: revision_keeping.withdraw(
            draft, actor=office_people.keeper, reason="Salah menyalin."
        )
    )
    assert str(again).startswith("Revisi 2 sudah ditarik oleh Pengelola Contoh pada Senin, 6 Juli")
    third = revisions.drafted(office_people)
    revisions.approve(third, office_people, TODAY + DAY)
    for stale in (third, revisions.fresh(third)):  # also from a page of before the approval
        with pytest.raises(NotPermitted):
            revision_keeping.withdraw(stale, actor=office_people.keeper, reason="Salah menyalin.")
    assert standings(TODAY)[2] == (3, Standing.AWAITED)


# -- what else must go on -----------------------------------------------------------------------


def test_seeding_again_undoes_no_revision(office_people: OfficePeople) -> None:
    revisions.approve(revisions.drafted(office_people), office_people)
    before = [revisions.mark(revision) for revision in SopRevision.objects.all()]
    assert seeding.seed() == seeding.Seeded(0, 0, 0, 0)
    assert [revisions.mark(revision) for revision in SopRevision.objects.all()] == before
    assert [reading.number for reading in Reading.objects.all()] == [1, 2]


def test_warnings_and_the_control_sheet_follow_the_revision_of_the_case(
    office_people: OfficePeople,
) -> None:
    old = cases.claimed(office_people)
    draft = revisions.drafted(office_people)
    revisions.approve(draft, office_people, TODAY + DAY)
    with clock.moved_to(cases.MONDAY + DAY):
        new = cases.ordered(office_people, number="000.3/2/B.PBJ-II/2026")
        papers = [
            str(control_sheet.draft(cases.fresh(case), at=clock.now(), code="").context)
            for case in (old, new)
        ]
    planned = []
    for case in (old, new):
        run = StepRun.objects.select_related("request__reading").get(request=case, step__number=3)
        when = deadline_warnings.planned_at(run, 50, timers.working_time())
        assert when is not None
        planned.append((deadline_warnings.rungs_of(run), when - run.offered_at))
    assert planned == [
        ((50, 80, 100), dt.timedelta(minutes=30)),
        ((50, 80, 100), dt.timedelta(minutes=45)),
    ]
    limits = ("'printed': '60 Menit'", "'printed': '90 Menit'")
    assert [tuple(limit in paper for limit in limits) for paper in papers] == [
        (True, False),
        (False, True),
    ]


def test_the_database_refuses_what_the_rules_refuse(office_people: OfficePeople) -> None:
    draft = revisions.drafted(office_people)
    wrong: list[dict[str, Any]] = [
        {"in_force_from": TODAY},
        {"is_draft": False},
        {"is_draft": False, "in_force_from": dt.date(2023, 2, 28)},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            SopRevision.objects.filter(pk=draft.pk).update(**fields)


@pytest.mark.django_db(transaction=True)
def test_going_back_over_the_migration_puts_no_draft_in_force(office_people: OfficePeople) -> None:
    revisions.drafted(office_people)
    former = "0003_calendar_readings_outages_and_warnings"
    loader = MigrationExecutor(connection).loader
    # The command, as an operator gives it: it takes the triggers down and puts them up again.
    call_command("migrate", "accounts_requests", former, verbosity=0)
    try:
        old = loader.project_state([("accounts_requests", former)]).apps
        rows = old.get_model("accounts_requests", "SopRevision").objects.order_by("revision")
        assert [(row.is_draft, row.in_force_from) for row in rows] == [
            (False, dt.date(2023, 2, 28)),
            (True, dt.date(9999, 12, 31)),
        ]
    finally:
        call_command("migrate", "accounts_requests", verbosity=0)
    assert standings(TODAY) == [(1, Standing.IN_FORCE), (2, Standing.DRAFT)]
