"""*Pencatatan susulan*: what happened while nothing could be recorded counts from when it happened.

The story of most tests: ordered on Monday at 10.00; the application is away until 14.05.
"""

import ast
import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts_requests import audit, clock, late_effects, verifying, workflow
from accounts_requests.deviation_states import verdict, with_state
from accounts_requests.exceptions import AlreadyDone, InvalidInput, NotAllowedNow, NotPermitted
from accounts_requests.limit_terms import LimitStart
from accounts_requests.models import (
    AccountRequest,
    Appointment,
    AuditEntry,
    Deviation,
    LateEntry,
    Message,
    Outage,
    StepRun,
    User,
)
from accounts_requests.roles import Capacity, Role
from accounts_requests.states import Act, CaseState, DocumentKind, MessageKind, SigningMethod
from accounts_requests.uploads import Upload
from accounts_requests.workflow import LateDetails

from . import cases, reading_cases
from .cases import MONDAY, OfficePeople
from .test_architecture import APP
from .test_gate_matrix import PIXEL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

BACK = MONDAY + dt.timedelta(hours=4, minutes=5)
"""14.05 WITA: the application is there again."""


def at(hour: int, minute: int = 0) -> dt.datetime:
    """An instant of that Monday, in WITA hours."""
    return MONDAY.replace(hour=hour - 8, minute=minute)


def evidence() -> Upload:
    return Upload(file_name="lembar-kerja.png", data=PIXEL)


@pytest.fixture(autouse=True)
def everything_is_whole_afterwards() -> Iterator[None]:
    yield
    assert verifying.verify().breaks == []


def at_ten(build: Callable[[OfficePeople], AccountRequest], staff: OfficePeople) -> AccountRequest:
    with clock.moved_to(MONDAY):
        return build(staff)


def proposed(
    request: AccountRequest,
    actor: User,
    act: Act = Act.RECORD_ACCOUNTS,
    happened_at: dt.datetime | None = None,
    **more: object,
) -> LateEntry:
    given: dict[str, object] = {
        "reason": "Listrik padam sejak pukul 10.15",
        "evidence": evidence(),
        "details": LateDetails(answers=cases.all_met(request)),
    }
    return workflow.propose_late_entry(
        request,
        actor=actor,
        act=act,
        happened_at=happened_at or at(10, 40),
        **given | more,  # type: ignore[arg-type]
    )


def recorded_one_by_one(request: AccountRequest, actor: User) -> None:
    for account in cases.accounts(request):
        cases.record_created(account, actor)


def run(request: AccountRequest, number: int) -> StepRun:
    return request.step_runs.filter(step__number=number).latest("attempt")


def told(request: AccountRequest, *acts: Act) -> list[tuple[str, str, dt.datetime]]:
    entries = AuditEntry.objects.filter(request=request, act__in=acts).order_by("sequence")
    return [(entry.act, entry.actor_name, entry.at) for entry in entries]


# -- steps end when they ended --------------------------------------------------------------------


def test_accounts_that_were_made_in_the_outage_end_step_3_when_they_were_made(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    request = at_ten(cases.claimed, staff)
    with clock.moved_to(BACK):
        recorded_one_by_one(request, staff.admin1)
        entry = proposed(request, staff.admin1)
        workflow.confirm_late_entry(entry, actor=staff.kepala)

    third, fourth = run(request, 3), run(request, 4)
    assert (third.finished_at, third.finished_by, third.late_seconds) == (
        at(10, 40),
        staff.admin1,
        0,
    )
    assert (third.counted_seconds, third.wall_seconds) == (40 * 60, 40 * 60)
    assert (fourth.offered_at, fourth.due_at) == (at(10, 40), at(11, 10))
    case = cases.fresh(request)
    assert (case.state, case.accounts_created_at) == (CaseState.ACCOUNTS_CREATED, at(10, 40))
    assert told(request, Act.RECORD_ACCOUNTS, Act.CONFIRM_LATE_ENTRY) == [
        ("record_accounts", "Admin Contoh Satu", BACK),
        ("confirm_late_entry", "Kepala Contoh", BACK),
    ]
    act = AuditEntry.objects.get(request=request, act=Act.RECORD_ACCOUNTS)
    assert act.changes["happened_at"] == "2026-07-06T02:40:00+00:00"
    assert act.summary == (
        "2 dari 2 akun dibuat di SPSE. Dicatat susulan: terjadi Senin, 6 Juli 2026, 10.40 WITA."
    )
    sheet = request.documents.get(kind=DocumentKind.ACCOUNT_SHEET)
    assert sheet.created_at == BACK


def test_without_the_late_entry_the_same_work_is_late(office_people: OfficePeople) -> None:
    staff = office_people
    request = at_ten(cases.claimed, staff)
    with clock.moved_to(BACK):
        recorded_one_by_one(request, staff.admin1)
        workflow.record_accounts(request, actor=staff.admin1, answers=cases.all_met(request))

    assert run(request, 3).late_seconds == (3 * 60 + 5) * 60
    assert list(request.deviations.values_list("rule", flat=True)) == ["late_finish"]


def test_a_case_with_a_late_entry_and_no_deviation_is_clean_and_bears_a_catatan(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    request = at_ten(cases.claimed, staff)
    with clock.moved_to(BACK):
        recorded_one_by_one(request, staff.admin1)
        workflow.confirm_late_entry(proposed(request, staff.admin1), actor=staff.kepala)

    assert verdict(list(request.deviations.all())) == "Sesuai mutu baku"
    assert [note.text for note in request.notes.all()] == [
        (
            "Pencatatan susulan PS-1: langkah 3, menyelesaikan pembuatan akun, terjadi Senin, "
            "6 Juli 2026, 10.40 WITA, dicatat Senin, 6 Juli 2026, 14.05 WITA. Bukti nomor PS-1. "
            "Diajukan oleh Admin Contoh Satu, dikonfirmasi oleh Kepala Contoh. Alasan: Listrik "
            "padam sejak pukul 10.15"
        )
    ]


def test_a_step_that_was_late_at_its_true_end_is_a_deviation_recorded_now(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    request = at_ten(cases.claimed, staff)
    with clock.moved_to(BACK):
        recorded_one_by_one(request, staff.admin1)
        entry = proposed(request, staff.admin1, happened_at=at(11, 20))
        workflow.confirm_late_entry(entry, actor=staff.kepala)

    (deviation,) = request.deviations.all()
    assert (deviation.rule, deviation.late_seconds, deviation.recorded_at) == (
        "late_finish",
        20 * 60,
        BACK,
    )


def test_a_lateness_that_is_on_record_stays_and_is_told_to_be_none(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    request = at_ten(cases.claimed, staff)
    with clock.moved_to(BACK):
        workflow.look_at_deadline(run(request, 3).pk, at=BACK)
        recorded_one_by_one(request, staff.admin1)
        entry = proposed(request, staff.admin1)
        workflow.confirm_late_entry(entry, actor=staff.kepala)

    assert run(request, 3).late_seconds == 0
    assert [
        (found.rule, found.difference, found.state, found.ending.ground, found.ending.at)
        for found in with_state(request.deviations.all())
    ] == [
        (
            "limit_passed",
            "masih berjalan",
            "lifted",
            "dicatat kemudian; menurut waktu kejadiannya langkah ini selesai tepat waktu",
            BACK,
        )
    ]


def test_a_task_that_was_taken_in_the_outage_is_held_since_then(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    request = at_ten(cases.ordered, staff)
    with clock.moved_to(BACK):
        entry = proposed(request, staff.admin1, Act.CLAIM, at(10, 10))
        workflow.confirm_late_entry(entry, actor=staff.kepala)
        shown = workflow.reveal_password(cases.accounts(request)[0], actor=staff.admin1)

    third = run(request, 3)
    assert (third.claimed_at, third.due_at) == (at(10, 10), at(11))
    assert list(third.holdings.values_list("person", "since", "until")) == [
        (staff.admin1.pk, at(10, 10), None)
    ]
    assert cases.fresh(request).assignee == staff.admin1
    assert len(shown) > 10


def test_a_file_that_was_archived_in_the_outage_is_closed_as_of_then(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    request = at_ten(cases.emailed, staff)
    with clock.moved_to(BACK):
        # Shown again only now, when the limit has begun to count by itself an hour after the mail.
        workflow.mark_opened(request, actor=staff.admin1)
        assert run(request, 5).started_at == at(11)
        entry = proposed(
            request,
            staff.admin1,
            Act.ARCHIVE,
            at(10, 8),
            details=LateDetails(answers=cases.all_met(request), location="Rak 1"),
        )
        workflow.confirm_late_entry(entry, actor=staff.kepala)

    case, fifth = cases.fresh(request), run(request, 5)
    assert (case.state, case.archived_at, case.archive_location) == (
        CaseState.ARCHIVED,
        at(10, 8),
        "Rak 1",
    )
    assert (fifth.started_at, fifth.finished_at, fifth.counted_seconds, fifth.late_seconds) == (
        at(10, 8),
        at(10, 8),
        0,
        0,
    )
    with clock.moved_to(BACK):
        cases.render_papers(case)
    assert not Deviation.objects.exists()


def test_kepala_lpse_enters_an_order_alone_and_kepala_biro_is_told(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    request = at_ten(cases.issued, staff)
    with clock.moved_to(BACK):
        entry = workflow.record_late(
            request,
            actor=staff.kepala,
            act=Act.ORDER,
            happened_at=at(13, 30),
            reason="Jaringan kantor terputus",
            evidence=evidence(),
            details=LateDetails(number="094/7/2026", note="Segera"),
        )

    second, third = run(request, 2), run(request, 3)
    assert (second.finished_at, third.offered_at, third.due_at) == (
        at(13, 30),
        at(13, 30),
        at(14, 30),
    )
    assert (entry.state, entry.proposed_by, entry.decided_by, entry.decided_at) == (
        LateEntry.State.CONFIRMED,
        staff.kepala,
        staff.kepala,
        BACK,
    )
    order = request.documents.get(kind=DocumentKind.ORDER)
    assert (order.dated, order.created_at) == (MONDAY.date(), BACK)
    notices = Message.objects.filter(kind=MessageKind.LATE_ENTRY_RECORDED)
    assert [(one.recipient, one.context) for one in notices] == [
        (
            staff.biro,
            {
                "step": 2,
                "act": "Memerintahkan pembuatan akun",
                "happened": "Senin, 6 Juli 2026, 13.30 WITA",
                "by": "Kepala LPSE",
                "differences": 0,
            },
        )
    ]
    assert told(request, Act.ORDER, Act.RECORD_LATE_ENTRY) == [
        ("order", "Kepala Contoh", BACK),
        ("record_late_entry", "Kepala Contoh", BACK),
    ]


def test_an_sk_that_was_signed_on_paper_in_the_outage_is_the_scan_as_of_then(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    request = at_ten(cases.submitted, staff)
    assert request.signing_method == SigningMethod.IN_APP
    with clock.moved_to(BACK):
        workflow.record_late(
            request,
            actor=staff.kepala,
            act=Act.ISSUE_DECREE,
            happened_at=at(11),
            reason="Aplikasi tidak dapat dibuka",
            evidence=evidence(),
            details=LateDetails(number="000.3/9/2026", date=MONDAY.date(), signed_file=evidence()),
        )

    case = cases.fresh(request)
    assert (case.state, case.issued_at, case.signing_method) == (
        CaseState.DECREE_ISSUED,
        at(11),
        SigningMethod.INK,
    )
    assert (run(case, 1).finished_at, run(case, 2).offered_at) == (at(11), at(11))
    assert case.documents.get(kind=DocumentKind.DECREE, superseded_at=None).uploaded


def test_an_sk_without_its_scan_is_not_entered_late(office_people: OfficePeople) -> None:
    request = at_ten(cases.submitted, office_people)
    with clock.moved_to(BACK), pytest.raises(InvalidInput) as refusal:
        workflow.record_late(
            request,
            actor=office_people.kepala,
            act=Act.ISSUE_DECREE,
            happened_at=at(11),
            reason="Aplikasi tidak dapat dibuka",
            evidence=evidence(),
            details=LateDetails(number="000.3/9/2026", date=MONDAY.date()),
        )

    assert list(refusal.value.errors) == ["signed_file"]
    assert not LateEntry.objects.exists()


def test_where_a_limit_begins_with_the_task_a_late_taking_begins_it_as_foretold(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    reading_cases.read_otherwise(step_3_start=LimitStart.CLAIMED)
    request = at_ten(cases.ordered, staff)
    with clock.moved_to(BACK):
        entry = proposed(request, staff.admin1, Act.CLAIM, at(13, 30))
        foretold = late_effects.foretell(Act.CLAIM, cases.fresh(request), at(13, 30), BACK)
        workflow.confirm_late_entry(entry, actor=staff.kepala)

    assert foretold == [
        "Tugas tercatat diambil Senin, 6 Juli 2026, 13.30 WITA (bukan 14.05).",
        "Langkah 3 bertenggat Senin, 6 Juli 2026, 14.30 WITA.",
    ]
    assert (run(request, 3).started_at, run(request, 3).due_at) == (at(13, 30), at(14, 30))


def test_an_acting_official_bears_the_title_of_that_hour(office_people: OfficePeople) -> None:
    staff = office_people
    Appointment.objects.create(
        person=staff.biro,
        role=Role.KEPALA_LPSE,
        capacity=Capacity.PLH,
        since=dt.date(2026, 7, 1),
    )
    request = at_ten(cases.issued, staff)
    with clock.moved_to(BACK):
        workflow.record_late(
            request,
            actor=staff.biro,
            act=Act.ORDER,
            happened_at=at(13),
            reason="Jaringan kantor terputus",
            evidence=evidence(),
        )

    assert audit.acting_titles(request) == {
        (staff.biro.pk, at(13)): "Plh. Kepala LPSE",
        (staff.biro.pk, BACK): "Plh. Kepala LPSE",
    }


# -- what cannot have been ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("happened_at", "sentence"),
    [
        (
            at(14, 6),
            (
                "Waktu kejadian belum tiba; sekarang Senin, 6 Juli 2026, 14.05 WITA. Yang dicatat "
                "susulan hanya yang sudah terjadi."
            ),
        ),
        (
            at(9, 59),
            (
                "Waktu kejadian mendahului awal langkah 3, Senin, 6 Juli 2026, 10.00 WITA. "
                "Isilah waktu sesudahnya."
            ),
        ),
        (
            dt.datetime(1999, 1, 1, tzinfo=dt.UTC),
            "Waktu kejadian berada di luar kalender kerja kantor. Periksa tanggalnya.",
        ),
    ],
)
def test_an_impossible_time_is_refused_in_words(
    office_people: OfficePeople, happened_at: dt.datetime, sentence: str
) -> None:
    staff = office_people
    request = at_ten(cases.claimed, staff)
    with clock.moved_to(BACK):
        recorded_one_by_one(request, staff.admin1)
        with pytest.raises(InvalidInput) as refusal:
            proposed(request, staff.admin1, happened_at=happened_at)

    assert refusal.value.errors == {"happened_at": [sentence]}
    assert not LateEntry.objects.exists()
    assert not request.documents.filter(kind=DocumentKind.LATE_EVIDENCE).exists()


def test_the_minute_in_which_the_step_began_is_no_contradiction(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    with clock.moved_to(MONDAY + dt.timedelta(seconds=23)):
        request = cases.ordered(staff)
    with clock.moved_to(BACK):
        entry = proposed(request, staff.admin1, Act.CLAIM, at(10))
        assert entry.happened_at == run(request, 3).offered_at
        workflow.refuse_late_entry(entry, actor=staff.kepala, note="Tidak sesuai buku tamu")


def test_who_was_not_admin_ppe_yet_on_that_day_cannot_have_done_it(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    request = at_ten(cases.ordered, staff)
    Appointment.objects.filter(person=staff.admin2, role=Role.ADMIN_PPE).delete()
    Appointment.objects.create(person=staff.admin2, role=Role.ADMIN_PPE, since=dt.date(2026, 7, 7))
    with clock.moved_to(BACK + dt.timedelta(days=1)), pytest.raises(InvalidInput) as refusal:
        proposed(request, staff.admin2, Act.CLAIM, at(10, 10))

    assert refusal.value.errors == {
        "happened_at": [
            (
                "Pada Senin, 6 Juli 2026 pelaksananya tidak memegang peran Admin PPE, sehingga "
                "tindakan ini tidak dapat dicatat pada hari itu."
            )
        ]
    }


def test_an_outage_that_was_over_explains_nothing(office_people: OfficePeople) -> None:
    staff = office_people
    request = at_ten(cases.ordered, staff)
    outage = Outage.objects.create(
        subject=Outage.Subject.POWER,
        source=Outage.Source.DECLARED,
        since=at(10, 15),
        until=at(14),
        recorded_at=BACK,
    )
    with clock.moved_to(BACK):
        with pytest.raises(InvalidInput) as refusal:
            proposed(request, staff.admin1, Act.CLAIM, at(10, 10), outage=outage)
        entry = proposed(request, staff.admin1, Act.CLAIM, at(10, 20), outage=outage)

    assert refusal.value.errors == {
        "outage": [
            (
                "Gangguan yang dipilih tidak berlangsung pada waktu kejadian. Pilih gangguan "
                "lain, atau kosongkan."
            )
        ]
    }
    assert entry.outage == outage


def test_what_the_act_asks_for_is_asked_before_anybody_must_confirm(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    request = at_ten(cases.claimed, staff)
    with clock.moved_to(BACK):
        with pytest.raises(NotAllowedNow, match="2 personel belum mempunyai hasil"):
            proposed(request, staff.admin1)
        recorded_one_by_one(request, staff.admin1)
        with pytest.raises(InvalidInput) as refusal:
            proposed(request, staff.admin1, details=LateDetails())
        with pytest.raises(NotAllowedNow, match="sedang dipegang oleh Admin Contoh Satu"):
            proposed(request, staff.admin2)
        with pytest.raises(InvalidInput, match="Tuliskan alasan"):
            proposed(request, staff.admin1, reason="  a ")
        with pytest.raises(NotPermitted):
            proposed(request, staff.kepala)

    assert sorted(refusal.value.errors) == sorted(
        f"requirement_{key}" for key in cases.all_met(request)
    )
    assert not LateEntry.objects.exists()


# -- one at a time, decided once ------------------------------------------------------------------


def test_while_one_waits_its_act_rests_and_no_second_is_proposed(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    request = at_ten(cases.ordered, staff)
    with clock.moved_to(BACK):
        proposed(request, staff.admin1, Act.CLAIM, at(10, 10))
        with pytest.raises(NotAllowedNow) as rests:
            workflow.claim(request, actor=staff.admin2)
        with pytest.raises(AlreadyDone, match="Pengajuan ini telah diselesaikan oleh Anda"):
            proposed(request, staff.admin1, Act.CLAIM, at(10, 11))

    assert str(rests.value) == (
        "Pencatatan susulan “Mengambil tugas” (terjadi Senin, 6 Juli 2026, 10.10 WITA) menunggu "
        "keputusan Kepala LPSE. Sebelum diputuskan, tindakan itu tidak dapat dilakukan dengan "
        "cara biasa. Tidak ada yang berubah pada permohonan ini."
    )
    assert LateEntry.objects.count() == 1


def test_a_refusal_frees_the_act_and_the_proposer_is_told_why(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    request = at_ten(cases.ordered, staff)
    with clock.moved_to(BACK):
        entry = proposed(request, staff.admin1, Act.CLAIM, at(10, 10))
        workflow.refuse_late_entry(entry, actor=staff.kepala, note="Buku kerja tidak memuatnya")
        workflow.claim(request, actor=staff.admin2)

    entry = LateEntry.objects.get()
    assert (entry.state, entry.decided_by, entry.decision_note) == (
        LateEntry.State.REFUSED,
        staff.kepala,
        "Buku kerja tidak memuatnya",
    )
    assert [note.text for note in request.notes.all()] == [
        (
            "Pencatatan susulan PS-1 ditolak: langkah 3, mengambil tugas, terjadi Senin, 6 Juli "
            "2026, 10.10 WITA. Catatan penolakan: Buku kerja tidak memuatnya"
        )
    ]
    told = Message.objects.filter(kind__startswith="late_entry").order_by("pk")
    assert [(one.kind, one.recipient, one.context.get("decision")) for one in told] == [
        ("late_entry_proposed", staff.kepala, None),
        ("late_entry_decided", staff.admin1, "ditolak"),
    ]
    assert run(request, 3).claimed_at == BACK


def test_who_confirms_second_is_told_who_was_first(office_people: OfficePeople) -> None:
    staff = office_people
    request = at_ten(cases.ordered, staff)
    with clock.moved_to(BACK):
        entry = proposed(request, staff.admin1, Act.CLAIM, at(10, 10))
        workflow.confirm_late_entry(entry, actor=staff.kepala)
        with pytest.raises(AlreadyDone) as second:
            workflow.confirm_late_entry(entry, actor=staff.kepala)
        with pytest.raises(AlreadyDone):
            workflow.refuse_late_entry(entry, actor=staff.kepala, note="Berubah pikiran")

    assert str(second.value) == (
        "Keputusan atas usulan ini telah diselesaikan oleh Anda sendiri pukul 14.05 WITA: "
        "Pencatatan susulan PS-1 dikonfirmasi: langkah 3, mengambil tugas, terjadi Senin, 6 Juli "
        "2026, 10.10 WITA. Anda tidak perlu mengulanginya."
    )
    assert told(request, Act.CLAIM) == [("claim", "Admin Contoh Satu", BACK)]


def test_what_can_no_longer_be_done_stays_proposed_with_a_kind_answer(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    request = at_ten(cases.claimed, staff)
    with clock.moved_to(BACK):
        recorded_one_by_one(request, staff.admin1)
        entry = proposed(request, staff.admin1)
        # A new password sends its account back to be recorded: step 3 lacks an outcome again.
        workflow.new_password(cases.accounts(request)[0], actor=staff.admin1)
        with pytest.raises(NotAllowedNow) as refusal:
            workflow.confirm_late_entry(entry, actor=staff.kepala)

    assert str(refusal.value) == (
        "Pencatatan susulan ini tidak dapat dilaksanakan lagi. 1 personel belum mempunyai hasil. "
        "Catat untuk tiap personel: akun dibuat, tidak dapat dibuat, atau ditunda; yang sudah "
        "dicatat tetap tersimpan. Usulan tetap menunggu: perbaiki dahulu sebabnya, atau tolak "
        "usulan ini dengan catatan."
    )
    assert LateEntry.objects.get().state == LateEntry.State.PROPOSED
    assert cases.fresh(request).state == CaseState.ORDERED
    assert told(request, Act.RECORD_ACCOUNTS, Act.CONFIRM_LATE_ENTRY) == []


def test_a_proposal_outlives_its_case_only_to_be_refused(office_people: OfficePeople) -> None:
    staff = office_people
    request = at_ten(cases.ordered, staff)
    with clock.moved_to(BACK):
        entry = proposed(request, staff.admin1, Act.CLAIM, at(10, 10))
        workflow.cancel(request, actor=staff.kepala, reason="Tidak jadi diperlukan")
        with pytest.raises(NotAllowedNow, match="telah dibatalkan"):
            workflow.confirm_late_entry(entry, actor=staff.kepala)
        workflow.refuse_late_entry(entry, actor=staff.kepala, note="Permohonan dibatalkan")

    assert LateEntry.objects.get().state == LateEntry.State.REFUSED


def test_nobody_confirms_what_they_proposed_themselves(office_people: OfficePeople) -> None:
    staff = office_people
    request = at_ten(cases.ordered, staff)
    with clock.moved_to(BACK):
        entry = proposed(request, staff.admin1, Act.CLAIM, at(10, 10))
        Appointment.objects.create(
            person=staff.admin1, role=Role.KEPALA_LPSE, since=dt.date(2026, 7, 1)
        )
        with pytest.raises(NotAllowedNow, match="Usulan ini Anda ajukan sendiri"):
            workflow.confirm_late_entry(entry, actor=staff.admin1)

    assert LateEntry.objects.get().state == LateEntry.State.PROPOSED


def test_a_proposer_who_lost_the_role_keeps_the_proposal_waiting(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    request = at_ten(cases.ordered, staff)
    with clock.moved_to(BACK):
        entry = proposed(request, staff.admin1, Act.CLAIM, at(10, 10))
        Appointment.objects.filter(person=staff.admin1).delete()
        with pytest.raises(NotAllowedNow, match="hanya dapat dilakukan oleh Admin PPE"):
            workflow.confirm_late_entry(entry, actor=staff.kepala)

    assert LateEntry.objects.get().state == LateEntry.State.PROPOSED


def test_only_the_five_acts_are_entered_late(office_people: OfficePeople) -> None:
    staff = office_people
    request = at_ten(cases.claimed, staff)
    with clock.moved_to(BACK):
        for act in set(Act) - {Act.CLAIM, Act.RECORD_ACCOUNTS, Act.ARCHIVE}:
            with pytest.raises(ValueError, match="is not proposed"):
                proposed(request, staff.admin1, act)
        for act in set(Act) - {Act.ISSUE_DECREE, Act.ORDER}:
            with pytest.raises(ValueError, match="is not Kepala LPSE's own"):
                workflow.record_late(
                    request,
                    actor=staff.kepala,
                    act=act,
                    happened_at=at(10, 10),
                    reason="Listrik padam",
                    evidence=evidence(),
                )


def test_nothing_but_a_late_entry_says_when_an_act_happened() -> None:
    """Reason, evidence and confirmation stand before the instant: no other caller may give one."""
    says = {
        path.relative_to(APP).as_posix()
        for path in APP.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", ""))
        in {"archive", "claim", "issue_decree", "order_accounts", "record_accounts"}
        and any(keyword.arg == "happened_at" for keyword in node.keywords)
    }
    assert says == {"acts/late_acts.py"}


# -- what stands is guarded -----------------------------------------------------------------------


def test_deadlines_after_a_late_return_and_order_go_on_from_when_they_happened(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    request = at_ten(cases.claimed, staff)
    with clock.moved_to(at(10, 20)):
        workflow.return_to_head(request, actor=staff.admin1, reason="Formulir kurang lengkap")
    with clock.moved_to(BACK):
        workflow.record_late(
            request,
            actor=staff.kepala,
            act=Act.ORDER,
            happened_at=at(13),
            reason="Jaringan kantor terputus",
            evidence=evidence(),
        )

    third = run(request, 3)
    assert list(third.pauses.values_list("since", "until")) == [(at(10, 20), at(13))]
    assert third.due_at == at(13, 40)


def test_an_uploaded_page_of_html_is_no_evidence(office_people: OfficePeople) -> None:
    staff = office_people
    request = at_ten(cases.ordered, staff)
    page = SimpleUploadedFile("bukti.png", b"<html></html>")
    with clock.moved_to(BACK), pytest.raises(InvalidInput, match="bukan PDF, JPEG, atau PNG"):
        proposed(
            request,
            staff.admin1,
            Act.CLAIM,
            at(10, 10),
            evidence=Upload(file_name="bukti.png", data=page.read()),
        )
