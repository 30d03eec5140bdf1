"""What the gate does at its edges: races, second thoughts, and states that must not be the end."""

import datetime as dt
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts_requests import (
    clock,
    credentials,
    decree_data,
    paper_retries,
    papers,
    readings,
    timers,
    workflow,
)
from accounts_requests.exceptions import AlreadyDone, InvalidInput, NotAllowedNow
from accounts_requests.models import (
    Account,
    AccountRequest,
    AuditEntry,
    Deviation,
    Document,
    StepRun,
)
from accounts_requests.registrants import person_data
from accounts_requests.states import (
    AccountState,
    Act,
    CaseState,
    DocumentKind,
    DocumentState,
    SigningMethod,
)

from . import cases
from .cases import OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

MINUTE = dt.timedelta(minutes=1)


def run_of(request: AccountRequest, step: int) -> StepRun:
    return StepRun.objects.get(request=request, step__number=step, attempt=1)


def give_back(request: AccountRequest, staff: OfficePeople) -> None:
    workflow.return_to_head(request, actor=staff.admin1, reason="Formulir kurang lengkap")


def finish_step_3(request: AccountRequest, staff: OfficePeople) -> None:
    for account in cases.accounts(request):
        cases.record_created(account, staff.admin1)
    workflow.record_accounts(request, actor=staff.admin1, answers=cases.all_met(request))


def give_up_papers(request: AccountRequest, kind: DocumentKind) -> None:
    """The worker has tried this paper for the last time."""
    Document.objects.filter(request=request, kind=kind, state=DocumentState.OWED).update(
        state=DocumentState.FAILED, attempts=papers.MAX_ATTEMPTS, next_attempt_at=None
    )


def mailed_without_proof(staff: OfficePeople) -> AccountRequest:
    """A case whose messages went out, but whose Bukti Pengiriman could not be made."""
    request = cases.sent(staff)
    cases.settle(request)
    give_up_papers(request, DocumentKind.MAIL_PROOF)
    return cases.fresh(request)


# -- returned cases -----------------------------------------------------------------------------


def test_a_returned_case_can_be_cancelled(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.claimed(office_people)
        clock.advance(10 * MINUTE)
        give_back(request, office_people)
        clock.advance(20 * MINUTE)
        workflow.cancel(request, actor=office_people.kepala, reason="Kegiatan ditiadakan")
    assert cases.fresh(request).state == CaseState.CANCELLED
    run = run_of(request, 3)
    assert (run.abandoned, run.counted_seconds, run.late_seconds) == (True, 10 * 60, 0)
    assert [pause.until for pause in run.pauses.all()] == [cases.MONDAY + 30 * MINUTE]


def test_a_return_does_not_forgive_what_was_late_before_it(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.claimed(office_people)
        clock.advance(90 * MINUTE)
        give_back(request, office_people)
        clock.advance(30 * MINUTE)
        workflow.order_accounts(request, actor=office_people.kepala)
        clock.advance(5 * MINUTE)
        finish_step_3(request, office_people)
    run = run_of(request, 3)
    assert (run.counted_seconds, run.late_seconds) == (95 * 60, 35 * 60)
    assert [
        (row.rule, row.difference, row.recorded_at, row.final_difference, row.answerable)
        for row in Deviation.objects.filter(request=request)
    ] == [
        (
            "limit_passed",
            "masih berjalan",
            cases.MONDAY + 90 * MINUTE,
            "terlambat 35 menit",
            office_people.admin1,
        )
    ]


def test_a_late_step_that_was_returned_and_cancelled_stays_late(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.claimed(office_people)
        clock.advance(75 * MINUTE)
        give_back(request, office_people)
        workflow.cancel(request, actor=office_people.kepala, reason="Kegiatan ditiadakan")
    assert run_of(request, 3).late_seconds == 15 * 60


def test_an_earlier_return_is_not_taken_for_the_one_that_comes_too_late(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.claimed(office_people)
        give_back(request, office_people)
        with pytest.raises(AlreadyDone, match="Permohonan dikembalikan kepada Kepala LPSE"):
            give_back(request, office_people)
        workflow.order_accounts(request, actor=office_people.kepala)
        finish_step_3(request, office_people)
        with pytest.raises(NotAllowedNow) as refused:
            give_back(request, office_people)
    assert str(refused.value) == (
        "Tindakan “Mengembalikan” tidak dapat dilakukan lagi: permohonan ini sudah pada keadaan "
        "“Akun dibuat”."
    )


def test_who_presses_in_a_cancelled_case_reads_that_it_was_cancelled(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.ordered(office_people)
        workflow.cancel(request, actor=office_people.kepala, reason="Kegiatan ditiadakan")
        with pytest.raises(NotAllowedNow) as refused:
            workflow.order_accounts(request, actor=office_people.kepala)
    assert (
        str(refused.value) == "Permohonan ini telah dibatalkan dengan alasan: Kegiatan ditiadakan"
    )


# -- passwords and accounts ---------------------------------------------------------------------


def test_no_password_is_made_for_an_account_that_will_never_be_mailed(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.recorded(office_people, people=2, refused=1)
        created, refused = cases.accounts(request)
        with pytest.raises(NotAllowedNow, match="Tidak dapat dibuat"):
            workflow.new_password(refused, actor=office_people.admin1)
        workflow.new_password(created, actor=office_people.admin1)
    assert [credentials.has_live(account) for account in (created, refused)] == [True, False]


def test_an_account_that_is_not_in_spse_after_all_gives_its_user_id_back(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.claimed(office_people)
        first, second = cases.accounts(request)
        mistaken = {"user_id": "personel.002", "registered_email": "personel002@contoh.example"}
        workflow.record_created(
            first,
            actor=office_people.admin1,
            matches_form=False,
            difference="Tertukar",
            **mistaken,
        )
        workflow.record_postponed(first, actor=office_people.admin1, reason="Tertukar orang")
        workflow.record_created(second, actor=office_people.admin1, matches_form=True, **mistaken)
    first, second = cases.accounts(request)
    assert (first.state, first.user_id, first.registered_email, first.difference) == (
        AccountState.POSTPONED,
        "",
        "",
        "",
    )
    assert (second.state, second.user_id) == (AccountState.CREATED, "personel.002")


def test_the_trail_tells_a_corrected_user_id_from_the_one_before(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.claimed(office_people, people=1)
        (account,) = cases.accounts(request)
        cases.record_created(account, office_people.admin1)
        workflow.record_created(
            account,
            actor=office_people.admin1,
            user_id="personel.satu",
            registered_email=account.registrant.email,
            matches_form=True,
        )
    before, after = AuditEntry.objects.filter(request=request, act=Act.RECORD_ACCOUNT)
    assert {name for name in after.changes if after.changes[name] != before.changes[name]} == {
        "user_id"
    }


def test_a_difference_that_is_on_record_is_not_held_against_the_second_message(
    office_people: OfficePeople,
) -> None:
    elsewhere = "lain@contoh.example"
    with clock.moved_to(cases.MONDAY):
        request = cases.claimed(office_people, people=1)
        (account,) = cases.accounts(request)
        workflow.record_created(
            account,
            actor=office_people.admin1,
            user_id="personel.001",
            registered_email=elsewhere,
            matches_form=True,
            difference="Alamat pada Formulir sudah tidak aktif",
        )
        workflow.record_accounts(
            request, actor=office_people.admin1, answers=cases.all_met(request)
        )
        workflow.send_accounts(request, actor=office_people.admin1, answers=cases.all_met(request))
        cases.settle(request, lambda _message: cases.REFUSED)
        clock.advance(MINUTE)
        resend(account, office_people, elsewhere)
    assert rules(request) == ["data_differ", "message_not_accepted"]


def resend(account: Account, staff: OfficePeople, address: str) -> None:
    workflow.new_password(account, actor=staff.admin1)
    workflow.resend(
        account,
        actor=staff.admin1,
        address=address,
        reason="Kotak surat tadi penuh",
        had_signed_in=False,
        changed_in_spse=True,
    )


def rules(request: AccountRequest) -> list[str]:
    return [row.rule for row in Deviation.objects.filter(request=request)]


def test_who_holds_the_task_by_now_starts_its_clock_not_who_looks_at_an_old_page(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        old_page = cases.ordered(office_people)
        workflow.claim(old_page, actor=office_people.admin2)
        workflow.mark_opened(old_page, actor=office_people.admin1)
        assert run_of(old_page, 3).opened_at is None
        workflow.mark_opened(old_page, actor=office_people.admin2)
        assert run_of(old_page, 3).opened_at == cases.MONDAY


# -- the decree ---------------------------------------------------------------------------------


def test_an_issued_sk_keeps_its_number_when_its_case_is_cancelled(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        issued = cases.issued(office_people, number="000.3/9/2026")
        workflow.cancel(issued, actor=office_people.kepala, reason="Kegiatan ditiadakan")
        other = cases.submitted(office_people)
        with pytest.raises(InvalidInput, match=f"telah digunakan pada permohonan {issued.number}"):
            workflow.issue_decree(
                other,
                actor=office_people.kepala,
                number="000.3/9/2026",
                date=clock.today(),
                password=cases.PASSWORD,
            )


def test_a_number_that_was_never_issued_is_free_again_after_a_cancellation(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        first = cases.submitted(office_people)
        workflow.set_decree_number(
            first, actor=office_people.drafter, number="000.3/9/2026", date=None
        )
        workflow.cancel(first, actor=office_people.kepala, reason="Kegiatan ditiadakan")
        second = cases.submitted(office_people)
        workflow.issue_decree(
            second,
            actor=office_people.kepala,
            number="000.3/9/2026",
            date=clock.today(),
            password=cases.PASSWORD,
        )
    assert cases.fresh(second).state == CaseState.DECREE_ISSUED


def test_an_sk_is_not_dated_before_its_file_came_in(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.submitted(office_people)
        with pytest.raises(InvalidInput) as refused:
            workflow.issue_decree(
                request,
                actor=office_people.kepala,
                number="1",
                date=dt.date(2026, 7, 3),
                password=cases.PASSWORD,
            )
    assert list(refused.value.errors) == ["date"]


def test_the_stage_of_the_number_does_not_end_without_one(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.submitted(office_people)
        workflow.complete_stage(request, actor=office_people.drafter)
        with pytest.raises(InvalidInput) as refused:
            workflow.set_decree_number(request, actor=office_people.drafter, number=" ", date=None)
    assert list(refused.value.errors) == ["number"]
    assert cases.fresh(request).stage == "number"


def test_a_receipt_that_is_moved_is_told_in_the_trail_and_as_a_note(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY + 4 * 24 * 60 * MINUTE):
        request = cases.draft(office_people, received_at=cases.MONDAY)
        later = cases.MONDAY + 2 * 24 * 60 * MINUTE
        stored = decree_data.decree_data(request)
        workflow.edit_decree(
            request, actor=office_people.drafter, decree=replace(stored, received_at=later)
        )
    moved = "dari Senin, 6 Juli 2026, 10.00 WITA menjadi Rabu, 8 Juli 2026, 10.00 WITA"
    entry = AuditEntry.objects.get(request=request, act=Act.EDIT)
    assert entry.summary == f"Data SK diperbarui; waktu penerimaan berkas diperbaiki {moved}."
    assert entry.changes == {"received_at": later.isoformat()}
    assert [note.text for note in request.notes.all()] == [
        f"Waktu penerimaan berkas diperbaiki {moved}."
    ]
    assert cases.fresh(request).received_at == run_of(request, 1).started_at == later


def test_seconds_that_a_form_does_not_show_move_no_receipt(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY + dt.timedelta(seconds=40)):
        request = cases.draft(office_people)
        stored = decree_data.decree_data(request)
        typed = replace(stored, received_at=cases.MONDAY, subject="Judul lain")
        workflow.edit_decree(request, actor=office_people.drafter, decree=typed)
    assert cases.fresh(request).received_at == stored.received_at
    assert request.notes.count() == 0


def test_a_file_is_not_received_after_its_concept_went_for_paraf(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.submitted(office_people)
        clock.advance(60 * MINUTE)
        workflow.unlock_people(request, actor=office_people.drafter, reason="Judul salah ketik")
        typed = replace(decree_data.decree_data(request), received_at=clock.now())
        with pytest.raises(InvalidInput) as refused:
            workflow.edit_decree(request, actor=office_people.drafter, decree=typed)
    assert list(refused.value.errors) == ["received_at"]


def test_the_trail_holds_the_hash_of_the_sk(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.issued(office_people)
    entry = AuditEntry.objects.get(request=request, act=Act.ISSUE_DECREE)
    assert entry.changes == {
        "decree_number": request.decree_number,
        "sha256": request.documents.get(kind=DocumentKind.DECREE).sha256,
        "confirmed_by": "password",
    }


def test_what_another_drafter_saved_meanwhile_is_not_overwritten_unread(
    office_people: OfficePeople, client: Client
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.draft(office_people)
        shown = decree_data.decree_data(request)
        seen = workflow.mark_of(shown)
        workflow.edit_decree(
            request, actor=office_people.kepala, decree=replace(shown, subject="Judul Kepala")
        )
        mine = replace(shown, subject="Judul penyusun")
        with pytest.raises(InvalidInput, match="diubah oleh orang lain"):
            workflow.edit_decree(request, actor=office_people.drafter, decree=mine, seen=seen)
        client.force_login(office_people.drafter)
        page = client.get(reverse("draft_edit", args=[request.number])).content.decode()
        fresh_mark = workflow.mark_of(decree_data.decree_data(cases.fresh(request)))
        assert page.count(f'name="seen" value="{fresh_mark}"') == 1
        workflow.edit_decree(request, actor=office_people.drafter, decree=mine, seen=fresh_mark)
    assert cases.fresh(request).subject == "Judul penyusun"


# -- people -------------------------------------------------------------------------------------


def test_who_edits_a_person_that_somebody_removed_reads_so(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.draft(office_people)
        person = request.registrants.get(position_in_list=2)
        workflow.remove_registrant(
            request.registrants.get(position_in_list=2), actor=office_people.kepala
        )
        with pytest.raises(NotAllowedNow, match="sudah dihapus dari konsep"):
            workflow.edit_registrant(
                person, actor=office_people.drafter, person=cases.person(2, position="Analis")
            )


def test_an_old_page_about_one_person_never_changes_the_next_one(
    office_people: OfficePeople, client: Client
) -> None:
    client.force_login(office_people.drafter)
    with clock.moved_to(cases.MONDAY):
        request = cases.draft(office_people, people=3)
        second = request.registrants.get(position_in_list=2)
        workflow.remove_registrant(second, actor=office_people.kepala)
        address = reverse("person_edit", args=[request.number, 2])
        answer = client.post(address, {"pk": second.pk, "full_name": "Siapa Saja"})
    assert answer.status_code == 409
    assert [row.full_name for row in request.registrants.all()] == [
        "Contoh Personel 001",
        "Contoh Personel 003",
    ]


def test_a_persons_page_carries_the_mark_of_what_it_shows(
    office_people: OfficePeople, client: Client
) -> None:
    client.force_login(office_people.drafter)
    with clock.moved_to(cases.MONDAY):
        request = cases.draft(office_people)
        row = request.registrants.get(position_in_list=1)
        seen = workflow.mark_of(person_data(row))
        page = client.get(reverse("person_edit", args=[request.number, 1])).content.decode()
        assert page.count(f'name="seen" value="{seen}"') == 1
        workflow.edit_registrant(
            row, actor=office_people.kepala, person=cases.person(1, position="Analis"), seen=seen
        )
        with pytest.raises(InvalidInput, match="diubah oleh orang lain"):
            workflow.edit_registrant(
                row, actor=office_people.drafter, person=cases.person(1), seen=seen
            )
    assert request.registrants.get(position_in_list=1).position == "Analis"


def test_papers_of_a_removed_person_keep_the_instant_at_which_they_ended(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.submitted(office_people)
        form = request.documents.get(registrant__position_in_list=2)
        clock.advance(10 * MINUTE)
        workflow.unlock_people(request, actor=office_people.drafter, reason="Ada yang pindah")
        clock.advance(10 * MINUTE)
        person = request.registrants.get(position_in_list=2)
        workflow.remove_registrant(person, actor=office_people.drafter)
    form.refresh_from_db()
    assert (form.superseded_at, form.registrant) == (cases.MONDAY + 10 * MINUTE, None)


def test_a_mended_formulir_bears_the_number_that_is_printed_on_it(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.issued(office_people)
        workflow.mend_registrant(
            request.registrants.get(position_in_list=1),
            actor=office_people.drafter,
            person=cases.person(1, form_number="F-101"),
            reason="Nomor Formulir salah ketik",
        )
    forms = request.documents.filter(registrant__position_in_list=1, superseded_at__isnull=True)
    assert [form.number for form in forms] == ["F-101"]


# -- papers that could not be made --------------------------------------------------------------


def test_an_act_that_needs_a_failed_paper_does_not_say_wait(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = mailed_without_proof(office_people)
        with pytest.raises(NotAllowedNow) as refused:
            workflow.archive(request, actor=office_people.admin1, answers=cases.all_met(request))
    assert str(refused.value) == (
        "1 dokumen gagal disiapkan, sedangkan langkah ini memerlukannya. Minta Pengelola Aplikasi "
        "menyiapkannya kembali, lalu ulangi."
    )


def test_failed_papers_are_tried_again_on_request_and_the_case_goes_on(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = mailed_without_proof(office_people)
        said = StringIO()
        call_command("retry_papers", stdout=said)
        cases.render_papers(request)
        workflow.archive(request, actor=office_people.admin1, answers=cases.all_met(request))
    assert said.getvalue() == "1 dokumen akan disiapkan kembali oleh run_worker.\n"
    assert cases.fresh(request).state == CaseState.ARCHIVED


def test_a_superseded_paper_that_failed_is_not_made_after_all(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.draft(office_people)
        workflow.submit_for_initials(
            request, actor=office_people.drafter, signing_method=SigningMethod.IN_APP
        )
        give_up_papers(request, DocumentKind.DECREE_CONCEPT)
        workflow.unlock_people(request, actor=office_people.drafter, reason="Templat diperbaiki")
        assert paper_retries.owe_again(clock.now()) == 0


# -- the end of the calendar --------------------------------------------------------------------


def last_office_minute() -> dt.datetime:
    """An instant at which the office's calendar has less than an hour to go."""
    clock_in_use = timers.working_time()
    closings = (clock_in_use.closing_of(day.date) for day in reversed(clock_in_use.days))
    return next(closing for closing in closings if closing is not None) - MINUTE


def test_a_deadline_beyond_the_calendar_is_said_in_a_sentence_and_changes_nothing(
    office_people: OfficePeople,
) -> None:
    end = last_office_minute()
    with clock.moved_to(end - 14 * 24 * 60 * MINUTE):
        request = workflow.create_request(
            actor=office_people.drafter, decree=cases.decree(valid_from=None, valid_until=None)
        )
        workflow.add_registrant(
            request, actor=office_people.drafter, person=cases.person(1, valid_until=None)
        )
        workflow.submit_for_initials(
            request, actor=office_people.drafter, signing_method=SigningMethod.IN_APP
        )
        cases.render_papers(request)
        workflow.issue_decree(
            request,
            actor=office_people.kepala,
            number="1",
            date=clock.today(),
            password=cases.PASSWORD,
        )
    with clock.moved_to(end), pytest.raises(NotAllowedNow, match="akhir kalender kerja"):
        workflow.order_accounts(request, actor=office_people.kepala)
    assert cases.fresh(request).state == CaseState.DECREE_ISSUED


def test_pages_after_the_end_of_the_calendar_say_so(
    office_people: OfficePeople, client: Client
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.ordered(office_people)
    client.force_login(office_people.admin1)
    with clock.moved_to(last_office_minute() + 400 * 24 * 60 * MINUTE):
        answer = client.get(reverse("request_detail", args=[request.number]))
    assert answer.status_code == 409
    assert answer.content.decode().count("melengkapi kalender kerja") == 1


def test_a_new_password_for_a_recorded_account_must_be_recorded_again(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.claimed(office_people, people=1)
        (account,) = cases.accounts(request)
        cases.record_created(account, office_people.admin1)
        workflow.new_password(account, actor=office_people.admin1)
        with pytest.raises(NotAllowedNow, match="1 personel belum mempunyai hasil"):
            workflow.record_accounts(
                request, actor=office_people.admin1, answers=cases.all_met(request)
            )
        (account,) = cases.accounts(request)
    assert account.state == AccountState.PENDING


def test_two_cases_cannot_record_one_user_id(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        first = cases.claimed(office_people, people=1, number="1/2026")
        second = cases.claimed(office_people, people=1, number="2/2026")
        cases.record_created(cases.accounts(first)[0], office_people.admin1)
        with pytest.raises(InvalidInput, match="sudah tercatat pada permohonan 1/2026"):
            cases.record_created(cases.accounts(second)[0], office_people.admin1)


def test_a_resumed_step_is_urgent_only_when_little_of_its_limit_is_left(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.claimed(office_people, people=1)
        clock.advance(dt.timedelta(minutes=10))
        workflow.return_to_head(request, actor=office_people.admin1, reason="Formulir keliru")
        clock.advance(dt.timedelta(minutes=180))
        workflow.order_accounts(request, actor=office_people.kepala)
        run = request.step_runs.select_related("step").get(step__number=3)
        cell = readings.read(run, clock.now())
    assert (cell.state, cell.word, cell.limit_seconds) == ("left", "sisa 50 menit", 3600)
