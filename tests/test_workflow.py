"""The five steps and their side doors, told through the gate."""

import datetime as dt

import pytest

from accounts_requests import clock, credentials, verifying, workflow
from accounts_requests.answers import Answer
from accounts_requests.exceptions import AlreadyDone, InvalidInput, NotAllowedNow
from accounts_requests.models import (
    Account,
    AccountRequest,
    AuditEntry,
    Deviation,
    Message,
    StepRun,
)
from accounts_requests.states import (
    AccountState,
    Act,
    Aspect,
    CaseState,
    DocumentKind,
    DocumentState,
    MessageKind,
    SigningMethod,
)
from accounts_requests.uploads import Upload

from . import cases
from .case_fixtures import EMPTY_PDF
from .cases import OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

MINUTE = dt.timedelta(minutes=1)


def deviations(request: AccountRequest) -> list[tuple[str, str, str]]:
    """Aspect, rule and responsible person of each deviation of the case."""
    return [
        (row.aspect, row.rule, row.answerable.username if row.answerable else "")
        for row in Deviation.objects.filter(request=request).select_related("responsible")
    ]


def run_of(request: AccountRequest, step: int, attempt: int = 1) -> StepRun:
    return StepRun.objects.get(request=request, step__number=step, attempt=attempt)


def test_a_case_that_goes_all_the_way_in_time_has_no_deviation(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.archived(office_people, people=3)
    assert request.state == CaseState.ARCHIVED
    assert request.archive_number == "0001/2026"
    assert deviations(request) == []
    assert [
        (run.step.number, run.late_seconds, run.finished_at is not None)
        for run in request.step_runs.select_related("step")
    ] == [(number, 0, True) for number in range(1, 6)]


def test_every_account_is_accepted_and_its_password_gone(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.emailed(office_people, people=3)
    accounts = cases.accounts(request)
    assert [account.state for account in accounts] == [AccountState.ACCEPTED] * 3
    assert [credentials.has_live(account) for account in accounts] == [False] * 3


def test_each_case_is_numbered_in_its_year(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        numbers = [cases.draft(office_people, people=0).number for _ in range(2)]
    with clock.moved_to(dt.datetime(2027, 1, 5, 2, 0, tzinfo=dt.UTC)):
        numbers.append(
            workflow.create_request(
                actor=office_people.drafter,
                decree=cases.decree(valid_from=None, valid_until=None),
            ).number
        )
    assert numbers == ["P-2026-0001", "P-2026-0002", "P-2027-0001"]


def test_a_late_step_3_is_a_deviation_of_time_by_itself(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.claimed(office_people)
        clock.advance(75 * MINUTE)
        for account in cases.accounts(request):
            cases.record_created(account, office_people.admin1)
        workflow.record_accounts(
            request, actor=office_people.admin1, answers=cases.all_met(request)
        )
    deviation = Deviation.objects.get(request=request)
    assert (deviation.aspect, deviation.late_seconds, deviation.difference) == (
        Aspect.TIME,
        15 * 60,
        "terlambat 15 menit",
    )
    assert deviation.responsible == office_people.admin1
    assert deviation.norm == "60 Menit (dibaca: 60 menit jam kerja)"


def test_a_late_sk_is_kepala_lpses_to_answer_for(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.submitted(office_people)
        clock.advance(dt.timedelta(days=7))
        workflow.issue_decree(
            request,
            actor=office_people.kepala,
            number="1/2026",
            date=clock.today(),
            password=cases.PASSWORD,
        )
    assert deviations(request) == [("waktu", "late_finish", "kepala")]


def test_an_unmet_kelengkapan_needs_an_explanation_and_is_a_deviation(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.claimed(office_people)
        for account in cases.accounts(request):
            cases.record_created(account, office_people.admin1)
        answers = cases.all_met(request)
        second = list(answers)[1]
        with pytest.raises(InvalidInput) as refused:
            workflow.record_accounts(
                request,
                actor=office_people.admin1,
                answers={**answers, second: Answer(met=False)},
            )
        assert list(refused.value.errors) == [f"explanation_{second}"]
        assert cases.fresh(request).state == CaseState.ORDERED
        workflow.record_accounts(
            request,
            actor=office_people.admin1,
            answers={**answers, second: Answer(met=False, explanation="Panduan belum terbit")},
        )
    deviation = Deviation.objects.get(request=request)
    assert (deviation.aspect, deviation.explanation) == (Aspect.EQUIPMENT, "Panduan belum terbit")


def test_an_address_in_spse_that_differs_from_the_formulir_is_a_deviation(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.claimed(office_people, people=1)
        (account,) = cases.accounts(request)
        with pytest.raises(InvalidInput) as refused:
            workflow.record_created(
                account,
                actor=office_people.admin1,
                user_id="personel.001",
                registered_email="lain@contoh.example",
                matches_form=True,
            )
        assert list(refused.value.errors) == ["difference"]
        workflow.record_created(
            account,
            actor=office_people.admin1,
            user_id="personel.001",
            registered_email="lain@contoh.example",
            matches_form=True,
            difference="Alamat pada Formulir sudah tidak aktif",
        )
        workflow.record_accounts(
            request, actor=office_people.admin1, answers=cases.all_met(request)
        )
    assert deviations(request) == [("perlengkapan", "data_differ", "admin1")]


def test_step_3_waits_for_an_outcome_of_every_person(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.claimed(office_people, people=3)
        cases.record_created(cases.accounts(request)[0], office_people.admin1)
        with pytest.raises(NotAllowedNow) as refused:
            workflow.record_accounts(
                request, actor=office_people.admin1, answers=cases.all_met(request)
            )
    assert str(refused.value).startswith("2 personel belum mempunyai hasil.")


def test_an_account_that_cannot_be_created_is_an_output_deviation_and_loses_its_password(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.recorded(office_people, people=2, refused=1)
    assert deviations(request) == [("output", "account_missing", "admin1")]
    assert [credentials.has_live(account) for account in cases.accounts(request)] == [True, False]


def test_a_case_in_which_no_account_could_be_created_ends_without_mail(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.recorded(office_people, people=2, refused=2)
        workflow.send_accounts(request, actor=office_people.admin1, answers=cases.all_met(request))
        request = cases.fresh(request)
        assert request.state == CaseState.EMAIL_SENT
        cases.render_papers(request)
        workflow.archive(request, actor=office_people.admin1, answers=cases.all_met(request))
    assert cases.fresh(request).state == CaseState.ARCHIVED
    assert Message.objects.filter(request=request, kind=MessageKind.CREDENTIALS).count() == 0


def test_the_step_after_the_mail_servers_answer_counts_from_when_it_is_shown(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.emailed(office_people)
        run = run_of(request, 5)
        assert (run.started_at, run.latest_start_at) == (None, cases.MONDAY + 60 * MINUTE)
        assert run.due_at == cases.MONDAY + 70 * MINUTE
        clock.advance(20 * MINUTE)
        workflow.mark_opened(request, actor=office_people.admin1)
        run = run_of(request, 5)
    assert run.started_at == cases.MONDAY + 20 * MINUTE
    assert run.due_at == cases.MONDAY + 30 * MINUTE


def test_the_step_after_the_mail_servers_answer_begins_at_the_latest_after_a_working_hour(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.emailed(office_people)
        clock.advance(90 * MINUTE)
        workflow.archive(request, actor=office_people.admin1, answers=cases.all_met(request))
    run = run_of(request, 5)
    assert (run.started_at, run.late_seconds) == (cases.MONDAY + 60 * MINUTE, 20 * 60)


def test_a_return_pauses_step_3_and_gives_back_what_was_left(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.claimed(office_people)
        clock.advance(20 * MINUTE)
        workflow.return_to_head(
            request, actor=office_people.admin1, reason="Alamat e-mail salah ketik"
        )
        assert cases.fresh(request).state == CaseState.DECREE_ISSUED
        clock.advance(120 * MINUTE)
        workflow.mend_registrant(
            request.registrants.get(position_in_list=1),
            actor=office_people.drafter,
            person=cases.person(1, email="benar@contoh.example"),
            reason="Alamat e-mail salah ketik",
        )
        cases.render_papers(request)
        workflow.order_accounts(request, actor=office_people.kepala)
        cases.render_papers(request)
        run = run_of(request, 3)
        assert run.due_at == cases.MONDAY + 180 * MINUTE
        assert cases.fresh(request).assignee == office_people.admin1
        clock.advance(39 * MINUTE)
        for account in cases.accounts(request):
            cases.record_created(account, office_people.admin1)
        workflow.record_accounts(
            request, actor=office_people.admin1, answers=cases.all_met(request)
        )
    run = run_of(request, 3)
    assert (run.counted_seconds, run.late_seconds, run.worked_seconds) == (59 * 60, 0, 59 * 60)
    assert run_of(request, 2, attempt=2).counted_seconds == 120 * 60
    assert deviations(request) == []
    assert [note.text for note in request.notes.all()] == [
        "Dikembalikan kepada Kepala LPSE: Alamat e-mail salah ketik",
        "Formulir personel nomor 1 diperbaiki: Alamat e-mail salah ketik",
    ]
    forms = request.documents.filter(kind=DocumentKind.FORM, registrant__position_in_list=1)
    assert [(form.version, form.superseded_at is None) for form in forms] == [(1, False), (2, True)]


def test_what_the_lampiran_prints_is_mended_only_with_a_ralat(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.issued(office_people)
        registrant = request.registrants.get(position_in_list=1)
        changed = cases.person(1, full_name="Contoh Personel Satu")
        with pytest.raises(InvalidInput) as refused:
            workflow.mend_registrant(
                registrant, actor=office_people.drafter, person=changed, reason="Nama salah ketik"
            )
        assert list(refused.value.errors) == ["correction_number"]
        workflow.mend_registrant(
            registrant,
            actor=office_people.drafter,
            person=changed,
            reason="Nama salah ketik",
            correction=workflow.DecreeCorrection(
                number="R-1/2026",
                date=clock.today(),
                upload=Upload(file_name="ralat.pdf", data=EMPTY_PDF),
            ),
        )
    registrant.refresh_from_db()
    assert registrant.full_name == "Contoh Personel Satu"
    assert request.documents.get(kind=DocumentKind.DECREE_CORRECTION).number == "R-1/2026"


def test_cancelling_keeps_the_reason_and_destroys_the_passwords(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.claimed(office_people)
        workflow.cancel(request, actor=office_people.kepala, reason="Kegiatan ditiadakan")
    request = cases.fresh(request)
    assert (request.state, request.cancel_reason) == (CaseState.CANCELLED, "Kegiatan ditiadakan")
    assert [credentials.has_live(account) for account in cases.accounts(request)] == [False, False]
    assert run_of(request, 3).abandoned
    assert request.step_runs.filter(finished_at__isnull=True).count() == 0


def test_an_account_that_exists_in_spse_cannot_be_cancelled_away(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.claimed(office_people)
        cases.record_created(cases.accounts(request)[0], office_people.admin1)
        with pytest.raises(NotAllowedNow):
            workflow.cancel(request, actor=office_people.kepala, reason="Kegiatan ditiadakan")


def test_the_second_presser_reads_who_did_it_when_and_what_came_of_it(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.issued(office_people)
        clock.advance(5 * MINUTE)
        workflow.order_accounts(request, actor=office_people.kepala)
        clock.advance(5 * MINUTE)
        with pytest.raises(AlreadyDone) as refused:
            workflow.order_accounts(request, actor=office_people.kepala)
    assert str(refused.value) == (
        "Langkah ini telah diselesaikan oleh Anda sendiri pukul 10.05 WITA: "
        "Admin PPE diperintahkan membuat akun. Anda tidak perlu mengulanginya."
    )
    assert AuditEntry.objects.filter(request=request, act=Act.ORDER).count() == 1


def test_the_second_admin_reads_who_took_the_task(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.claimed(office_people)
        clock.advance(5 * MINUTE)
        with pytest.raises(AlreadyDone) as refused:
            workflow.claim(request, actor=office_people.admin2)
    assert str(refused.value) == (
        "Tugas ini telah diambil oleh Admin Contoh Satu pukul 10.00 WITA. Bila perlu "
        "melanjutkannya, tekan “Ambil alih” dan tuliskan alasannya."
    )


def test_a_take_over_keeps_both_shares_and_tells_both(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.claimed(office_people)
        before = {account.pk: credentials.reveal(account) for account in cases.accounts(request)}
        clock.advance(10 * MINUTE)
        workflow.take_over(request, actor=office_people.admin2, reason="Admin satu sakit")
        with pytest.raises(NotAllowedNow):
            cases.record_created(cases.accounts(request)[0], office_people.admin1)
    holdings = run_of(request, 3).holdings.all()
    assert [(h.person.username, h.since, h.until) for h in holdings] == [
        ("admin1", cases.MONDAY, cases.MONDAY + 10 * MINUTE),
        ("admin2", cases.MONDAY + 10 * MINUTE, None),
    ]
    notices = Message.objects.filter(request=request, kind=MessageKind.TAKE_OVER_NOTICE)
    assert sorted(message.to_address for message in notices) == [
        "admin1@kantor.example",
        "admin2@kantor.example",
    ]
    assert {
        account.pk: credentials.reveal(account) for account in cases.accounts(request)
    } == before


def test_an_order_tells_every_admin_ppe(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.ordered(office_people)
    notices = Message.objects.filter(request=request, kind=MessageKind.ORDER_NOTICE)
    told = {"due": "Senin, 6 Juli 2026, 11.00 WITA", "by": "Kepala LPSE"}
    assert [(notice.to_address, notice.context) for notice in notices] == [
        ("admin1@kantor.example", told),
        ("admin2@kantor.example", told),
    ]


def test_a_refused_message_waits_for_a_person_and_locks_nothing(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.sent(office_people, people=3)
        bad = cases.accounts(request)[1]
        cases.settle(request, lambda m: cases.REFUSED if m.account_id == bad.pk else cases.ACCEPTED)
        assert cases.fresh(request).state == CaseState.ACCOUNTS_CREATED
        bad = cases.accounts(request)[1]
        assert (bad.state, credentials.has_live(bad)) == (AccountState.FAILED, True)
        with pytest.raises(NotAllowedNow, match="Pengiriman ulang memerlukan password baru"):
            _resend(bad, office_people)
        clock.advance(MINUTE)
        old = credentials.reveal(bad)
        new = workflow.new_password(bad, actor=office_people.admin1)
        assert new != old
        with pytest.raises(InvalidInput) as refused:
            _resend(bad, office_people, changed=False)
        assert list(refused.value.errors) == ["changed_in_spse"]
        _resend(bad, office_people)
        cases.settle(request)
    request = cases.fresh(request)
    assert request.state == CaseState.EMAIL_SENT
    assert cases.accounts(request)[1].registered_email == "benar@contoh.example"
    assert deviations(request) == [
        ("output", "message_not_accepted", "admin1"),
        ("perlengkapan", "data_differ", "admin1"),
    ]


def test_an_uncertain_message_is_decided_by_a_person(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.sent(office_people, people=2)
        cases.settle(request, lambda _message: cases.LOST)
        first, second = cases.accounts(request)
        assert [first.state, second.state] == [AccountState.UNCERTAIN] * 2
        workflow.hand_over(first, actor=office_people.admin1, note="Dikonfirmasi lewat telepon")
        workflow.give_up(second, actor=office_people.admin1, reason="Pindah ke instansi lain")
        request = cases.fresh(request)
    assert request.state == CaseState.EMAIL_SENT
    assert [account.state for account in cases.accounts(request)] == [
        AccountState.HANDED_OVER,
        AccountState.NOT_DELIVERED,
    ]
    assert [rule for _, rule, _ in deviations(request)] == [
        "message_not_accepted",
        "message_not_accepted",
        "handed_over",
        "not_delivered",
    ]
    assert [credentials.has_live(account) for account in cases.accounts(request)] == [False, False]


def test_settling_a_message_twice_changes_nothing(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.emailed(office_people, people=1)
        message = Message.objects.get(request=request, kind=MessageKind.CREDENTIALS)
        count = AuditEntry.objects.count()
        workflow.settle_message(message.pk, cases.REFUSED, at=clock.now())
    assert AuditEntry.objects.count() == count
    assert cases.accounts(request)[0].state == AccountState.ACCEPTED


def test_kepala_lpse_hears_of_the_completion_without_any_personal_data(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.emailed(office_people, people=3, refused=1)
    notice = Message.objects.get(request=request, kind=MessageKind.COMPLETION_NOTICE)
    assert notice.to_address == "kepala@kantor.example"
    assert notice.context == {
        "people": 3,
        "accepted": 2,
        "sent_outside": 0,
        "handed_over": 0,
        "not_delivered": 0,
        "without_account": 1,
    }


def test_an_sk_number_belongs_to_one_case(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        first = cases.issued(office_people, number="000.3/9/2026")
        second = cases.submitted(office_people)
        with pytest.raises(InvalidInput) as refused:
            workflow.issue_decree(
                second,
                actor=office_people.kepala,
                number="000.3/9/2026 ",
                date=clock.today(),
                password=cases.PASSWORD,
            )
    assert f"telah digunakan pada permohonan {first.number}" in str(refused.value)
    assert cases.fresh(second).state == CaseState.DRAFT


def test_an_sk_is_not_dated_in_the_future(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.submitted(office_people)
        with pytest.raises(InvalidInput) as refused:
            workflow.issue_decree(
                request,
                actor=office_people.kepala,
                number="1",
                date=dt.date(2026, 7, 7),
                password=cases.PASSWORD,
            )
    assert refused.value.errors == {
        "date": ["Tanggal SK 7 Juli 2026 belum tiba. Isi tanggal hari ini atau sebelumnya."]
    }


def test_an_empty_lampiran_does_not_go_for_paraf(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.draft(office_people, people=0)
        with pytest.raises(NotAllowedNow, match="Lampiran SK masih kosong"):
            workflow.submit_for_initials(
                request, actor=office_people.drafter, signing_method=SigningMethod.IN_APP
            )


def test_issuing_waits_until_every_formulir_is_rendered(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.draft(office_people)
        workflow.submit_for_initials(
            request, actor=office_people.drafter, signing_method=SigningMethod.IN_APP
        )
        with pytest.raises(NotAllowedNow, match="3 dokumen masih disiapkan"):
            workflow.issue_decree(
                request,
                actor=office_people.kepala,
                number="1",
                date=clock.today(),
                password=cases.PASSWORD,
            )


def test_the_signed_file_that_comes_back_is_the_sk_byte_for_byte(
    office_people: OfficePeople,
) -> None:
    signed = EMPTY_PDF
    with clock.moved_to(cases.MONDAY):
        request = cases.submitted(office_people, signing_method=SigningMethod.INK)
        with pytest.raises(InvalidInput) as refused:
            workflow.issue_decree(
                request,
                actor=office_people.kepala,
                number="1",
                date=clock.today(),
                password=cases.PASSWORD,
            )
        assert list(refused.value.errors) == ["signed_file"]
        workflow.issue_decree(
            request,
            actor=office_people.kepala,
            number="1",
            date=clock.today(),
            signed_file=Upload(file_name="sk.pdf", data=signed),
        )
    document = request.documents.get(kind=DocumentKind.DECREE)
    assert (bytes(document.content.data), document.uploaded) == (signed, True)


def test_the_stages_of_step_1_are_timed_without_gaps(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.draft(office_people)
        clock.advance(10 * MINUTE)
        workflow.submit_for_initials(
            request, actor=office_people.drafter, signing_method=SigningMethod.IN_APP
        )
        cases.render_papers(request)
        clock.advance(10 * MINUTE)
        workflow.complete_stage(request, actor=office_people.drafter)
        clock.advance(10 * MINUTE)
        workflow.set_decree_number(
            request, actor=office_people.drafter, number="7/2026", date=clock.today()
        )
        clock.advance(10 * MINUTE)
        workflow.issue_decree(
            request,
            actor=office_people.kepala,
            number="7/2026",
            date=clock.today(),
            password=cases.PASSWORD,
        )
    at = [cases.MONDAY + step * 10 * MINUTE for step in range(5)]
    assert [(run.stage, run.since, run.until) for run in request.stage_runs.all()] == [
        ("concept", at[0], at[1]),
        ("initials", at[1], at[2]),
        ("number", at[2], at[3]),
        ("signature", at[3], at[4]),
    ]


def test_unlocking_supersedes_the_formulir_and_keeps_the_reason(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.submitted(office_people)
        workflow.unlock_people(
            request, actor=office_people.drafter, reason="Ada personel yang tertinggal"
        )
        workflow.add_registrant(request, actor=office_people.drafter, person=cases.person(3))
        workflow.submit_for_initials(
            request, actor=office_people.drafter, signing_method=SigningMethod.IN_APP
        )
        cases.render_papers(request)
    current = request.documents.filter(superseded_at__isnull=True, state=DocumentState.STORED)
    assert sorted(current.values_list("kind", "version")) == [
        ("decree_concept", 2),
        ("form", 1),
        ("form", 2),
        ("form", 2),
    ]


def test_copying_an_earlier_sk_brings_its_people(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        earlier = cases.archived(office_people)
        copied = workflow.create_request(
            actor=office_people.drafter, decree=cases.decree(), copy_from=earlier
        )
    assert [row.full_name for row in copied.registrants.all()] == [
        "Contoh Personel 001",
        "Contoh Personel 002",
    ]


def test_the_trail_of_a_whole_case_is_one_unbroken_chain(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.archived(office_people)
    assert [entry.act for entry in AuditEntry.objects.filter(request=request)] == [
        Act.CREATE,
        Act.ADD_REGISTRANT,
        Act.ADD_REGISTRANT,
        Act.SUBMIT_FOR_INITIALS,
        *[Act.STORE_DOCUMENT] * 3,  # the concept and two Formulir
        Act.ISSUE_DECREE,
        Act.ORDER,
        Act.STORE_DOCUMENT,
        Act.CLAIM,
        Act.RECORD_ACCOUNT,
        Act.RECORD_ACCOUNT,
        Act.RECORD_ACCOUNTS,
        Act.STORE_DOCUMENT,
        Act.SEND,
        Act.SETTLE,
        Act.COMPLETE_SENDING,
        Act.SETTLE,
        Act.STORE_DOCUMENT,
        Act.ARCHIVE,
        *[Act.STORE_DOCUMENT] * 2,  # the control sheet and the archive file
    ]
    assert verifying.verify().breaks == []


def test_the_trail_holds_no_name_number_or_address_of_a_registrant(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.archived(office_people, people=2)
    text = " ".join(
        f"{entry.summary} {entry.object_label} {entry.changes}"
        for entry in AuditEntry.objects.all()
    )
    for row in request.registrants.all():
        for secret in (row.full_name, row.nip, row.email, row.mobile):
            assert text.count(secret) == 0


def _resend(account: Account, staff: OfficePeople, *, changed: bool = True) -> None:
    workflow.resend(
        account,
        actor=staff.admin1,
        address="benar@contoh.example",
        reason="Alamat salah ketik",
        had_signed_in=False,
        changed_in_spse=changed,
    )
