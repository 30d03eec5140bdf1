"""Each choice of a Lembar Penafsiran, through the real gate: when it starts, ends and is late."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from accounts_requests import (
    case_register,
    clock,
    deadline_basis,
    deadline_moves,
    deadline_warnings,
    forecasts,
    readings,
    step_limits,
    verifying,
    work_queues,
    workflow,
)
from accounts_requests.exceptions import AlreadyDone, InvalidInput, NotAllowedNow
from accounts_requests.models import AccountRequest, AuditEntry, DeadlineWarning, StepRun
from accounts_requests.states import Act, SigningMethod
from accounts_requests.uploads import Upload

from . import cases
from .case_fixtures import EMPTY_PDF
from .cases import OfficePeople
from .reading_cases import read_otherwise

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

WITA = ZoneInfo("Asia/Makassar")
NUMBER = "000.3/9/B.PBJ-II/2026"


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """An instant of July 2026: Monday is the 6th, Friday (open until 11.00) the 10th."""
    return dt.datetime(2026, 7, day, hour, minute, tzinfo=WITA)


MON, TUE, WED, THU, FRI = 6, 7, 8, 9, 10


def run_of(case: AccountRequest, step: int) -> StepRun:
    return case.step_runs.select_related("step").get(step__number=step)


def late_deviations(case: AccountRequest) -> list[tuple[int, str, str]]:
    """Step, actual and difference of every deviation of time."""
    rows = case.deviations.filter(rule="late_finish").order_by("pk")
    return [(row.step_run.step.number, row.actual, row.difference) for row in rows]


def received(staff: OfficePeople, when: dt.datetime, **changes: object) -> AccountRequest:
    with clock.moved_to(when):
        return cases.draft(staff, **changes)  # type: ignore[arg-type]


# -- unit -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "begun", "due"),
    [
        ("working_days", at(MON, 10), at(THU, 16)),
        ("working_days", at(WED, 10), at(13, 16)),
        ("calendar_days", at(MON, 10), dt.datetime(2026, 7, 9, 23, 59, 59, tzinfo=WITA)),
        ("calendar_days", at(FRI, 10), dt.datetime(2026, 7, 13, 23, 59, 59, tzinfo=WITA)),
    ],
)
def test_three_days_in_working_and_in_calendar_days(
    office_people: OfficePeople, unit: str, begun: dt.datetime, due: dt.datetime
) -> None:
    read_otherwise(step_1_unit=unit)

    run = run_of(received(office_people, begun), 1)

    assert (run.limit_amount, run.limit_unit, run.started_at, run.due_at) == (3, unit, begun, due)


@pytest.mark.parametrize(
    ("unit", "due"),
    [("working_minutes", at(13, 8)), ("clock_minutes", at(FRI, 11, 30))],
)
def test_sixty_minutes_begun_on_friday_at_half_past_ten(
    office_people: OfficePeople, unit: str, due: dt.datetime
) -> None:
    read_otherwise(step_3_unit=unit)
    with clock.moved_to(at(FRI, 10, 30)):
        case = cases.ordered(office_people)

    assert (run_of(case, 3).limit_unit, run_of(case, 3).due_at) == (unit, due)


# -- start ----------------------------------------------------------------------------------------


def test_from_the_claim_on(office_people: OfficePeople) -> None:
    read_otherwise(step_3_start="claimed")
    with clock.moved_to(at(MON, 10)):
        case = cases.ordered(office_people)
    assert (run_of(case, 3).started_at, run_of(case, 3).due_at) == (None, None)

    with clock.moved_to(at(MON, 13)):
        workflow.claim(case, actor=office_people.admin1)

    assert (run_of(case, 3).started_at, run_of(case, 3).due_at) == (at(MON, 13), at(MON, 14))


def test_from_the_beginning_of_the_work_on(office_people: OfficePeople) -> None:
    read_otherwise(step_3_start="begun")
    with clock.moved_to(at(MON, 10)):
        case = cases.claimed(office_people)
    assert (run_of(case, 3).started_at, run_of(case, 3).due_at) == (None, None)

    with clock.moved_to(at(MON, 13, 30)):
        workflow.mark_opened(case, actor=office_people.admin1)

    assert run_of(case, 3).due_at == at(MON, 14, 30)


# -- basis ----------------------------------------------------------------------------------------


def test_for_each_person_three_people_have_three_times_as_long(
    office_people: OfficePeople,
) -> None:
    read_otherwise(step_3_basis="person")
    with clock.moved_to(at(MON, 10)):
        case = cases.ordered(office_people, people=3)

    run = run_of(case, 3)
    assert (run.limit_amount, run.limit_basis, run.due_at) == (180, "person", at(MON, 13))
    assert step_limits.limit_of(case, run.step) == (
        180,
        "working_minutes",
        "previous_end",
        "person",
    )


def test_what_an_order_would_begin_is_foretold_under_the_reading(
    office_people: OfficePeople,
) -> None:
    read_otherwise(step_3_basis="person")
    with clock.moved_to(at(MON, 14, 30)):
        case = cases.issued(office_people, people=3)

    assert forecasts.before(Act.ORDER, case, at(MON, 14, 30)) == (
        "Waktu 180 menit akan mulai dihitung pukul 14.30; kantor tutup pukul 16.00, sehingga "
        "tenggatnya besok pukul 09.00."
    )


# -- step 1 begins with a complete file -----------------------------------------------------------


def test_step_1_begins_when_the_file_is_declared_complete(office_people: OfficePeople) -> None:
    read_otherwise(step1_start="complete")
    case = received(office_people, at(MON, 10))
    run = run_of(case, 1)
    assert (run.offered_at, run.started_at, run.due_at) == (at(MON, 10), None, None)
    cell = readings.read(run, at(MON, 15))
    assert (cell.word, cell.note) == (
        "waktu belum mulai dihitung",
        "dihitung sejak berkas dinyatakan lengkap",
    )

    with clock.moved_to(at(TUE, 9)):
        workflow.declare_complete(case, actor=office_people.drafter)

    run = run_of(case, 1)
    assert cases.fresh(case).complete_at == at(TUE, 9)
    assert (run.offered_at, run.started_at, run.due_at) == (at(MON, 10), at(TUE, 9), at(FRI, 11))
    entry = AuditEntry.objects.filter(request=case).latest("sequence")
    assert (entry.act, entry.summary) == (
        Act.DECLARE_COMPLETE,
        "Berkas dinyatakan lengkap; waktu langkah 1 mulai dihitung.",
    )


def test_a_file_is_declared_complete_once(office_people: OfficePeople) -> None:
    read_otherwise(step1_start="complete")
    case = received(office_people, at(MON, 10))
    with clock.moved_to(at(TUE, 9)):
        workflow.declare_complete(case, actor=office_people.drafter)
        with pytest.raises(AlreadyDone, match="Anda tidak perlu mengulanginya"):
            workflow.declare_complete(case, actor=office_people.kepala)

    assert cases.fresh(case).complete_at == at(TUE, 9)


def test_under_the_proposed_reading_there_is_nothing_to_declare(
    office_people: OfficePeople,
) -> None:
    case = received(office_people, at(MON, 10))

    with pytest.raises(NotAllowedNow, match="dihitung sejak permohonan diterima"):
        workflow.declare_complete(case, actor=office_people.drafter)

    assert cases.fresh(case).complete_at is None


def test_a_concept_that_goes_for_paraf_is_complete_whoever_forgot_to_say_so(
    office_people: OfficePeople,
) -> None:
    read_otherwise(step1_start="complete")
    case = received(office_people, at(MON, 10))
    with clock.moved_to(at(WED, 9)):
        workflow.submit_for_initials(
            case, actor=office_people.drafter, signing_method=SigningMethod.IN_APP
        )

    assert cases.fresh(case).complete_at == at(WED, 9)
    assert run_of(case, 1).due_at == at(13, 16)
    assert [note.text for note in case.notes.all()] == [
        "Berkas dianggap lengkap saat paraf diajukan, Rabu, 8 Juli 2026, 09.00 WITA."
    ]


def test_a_corrected_receipt_does_not_move_what_counts_from_a_complete_file(
    office_people: OfficePeople,
) -> None:
    read_otherwise(step1_start="complete")
    case = received(office_people, at(MON, 10))
    with clock.moved_to(at(TUE, 9)):
        workflow.declare_complete(case, actor=office_people.drafter)
    with clock.moved_to(at(TUE, 11)):
        workflow.edit_decree(
            case, actor=office_people.drafter, decree=cases.decree(received_at=at(MON, 8))
        )
        with pytest.raises(InvalidInput, match="Berkas sudah dinyatakan lengkap"):
            workflow.edit_decree(
                case, actor=office_people.drafter, decree=cases.decree(received_at=at(TUE, 10))
            )

    run = run_of(case, 1)
    assert (run.offered_at, run.started_at, run.due_at) == (at(MON, 8), at(TUE, 9), at(FRI, 11))


def test_a_draft_that_is_cancelled_before_it_was_complete_is_not_late(
    office_people: OfficePeople,
) -> None:
    read_otherwise(step1_start="complete")
    case = received(office_people, at(MON, 10))
    with clock.moved_to(at(20, 10)):
        workflow.cancel(case, actor=office_people.kepala, reason="Tidak jadi diperlukan")

    run = run_of(case, 1)
    assert (run.abandoned, run.counted_seconds, run.late_seconds) == (True, 0, 0)


# -- step 1 ends with the signature ---------------------------------------------------------------


def signed_outside(staff: OfficePeople) -> AccountRequest:
    """A case received on Monday at 10.00 (due Thursday 16.00), signed with ink."""
    with clock.moved_to(at(MON, 10)):
        return cases.submitted(staff, signing_method=SigningMethod.INK)


def issue(staff: OfficePeople, case: AccountRequest, signed_at: dt.datetime | None) -> None:
    """Record on Friday at 09.00 that the SK was signed."""
    with clock.moved_to(at(FRI, 9)):
        workflow.issue_decree(
            case,
            actor=staff.kepala,
            number=NUMBER,
            date=dt.date(2026, 7, 9),
            signed_file=Upload(file_name="sk.pdf", data=EMPTY_PDF),
            signed_at=signed_at,
        )


def test_an_sk_signed_in_time_and_entered_later_is_in_time(office_people: OfficePeople) -> None:
    read_otherwise(step1_end="signed")
    case = signed_outside(office_people)

    issue(office_people, case, at(THU, 15, 30))

    run = run_of(case, 1)
    assert (run.measured_until, run.finished_at) == (at(THU, 15, 30), at(FRI, 9))
    assert (run.late_seconds, late_deviations(case)) == (0, [])
    assert cases.fresh(case).issued_at == at(FRI, 9)
    assert verifying.verify().breaks == []
    basis = deadline_basis.explain(run, at(FRI, 10))
    assert basis is not None
    assert basis.used == (
        "Selesai Jumat, 10 Juli 2026, 09.00 WITA, diukur sampai Kamis, 9 Juli 2026, 15.30 WITA; "
        "terhitung 31 jam pada jam kerja."
    )
    cell = readings.read(run, at(FRI, 10))
    assert (cell.word, cell.note) == (
        "tepat waktu",
        "diukur sampai Kamis, 9 Juli 2026, 15.30 WITA",
    )


def test_an_sk_signed_too_late_is_late_by_its_signature(office_people: OfficePeople) -> None:
    read_otherwise(step1_end="signed")
    case = signed_outside(office_people)

    issue(office_people, case, at(FRI, 8))

    assert run_of(case, 1).late_seconds == 30 * 60
    assert late_deviations(case) == [
        (
            1,
            (
                "Diukur sampai Jumat, 10 Juli 2026, 08.00 WITA, selesai Jumat, 10 Juli 2026, "
                "09.00 WITA, tenggat Kamis, 9 Juli 2026, 16.00 WITA"
            ),
            "terlambat 30 menit",
        )
    ]


def test_under_the_proposed_reading_the_entry_counts_whatever_was_signed_when(
    office_people: OfficePeople,
) -> None:
    case = signed_outside(office_people)

    issue(office_people, case, at(THU, 15, 30))

    run = run_of(case, 1)
    assert (run.measured_until, run.late_seconds) == (None, 90 * 60)


@pytest.mark.parametrize(
    ("signed_at", "sentence"),
    [
        (None, "Isi tanggal dan jam SK ditandatangani; tenggat langkah 1 dinilai dengannya."),
        (
            at(FRI, 9, 1),
            "Waktu tanda tangan belum tiba. Isi saat SK benar-benar ditandatangani.",
        ),
        (
            at(MON, 9, 59),
            (
                "Waktu tanda tangan lebih awal daripada penerimaan berkas "
                "(Senin, 6 Juli 2026, 10.00 WITA)."
            ),
        ),
    ],
)
def test_a_signature_at_no_possible_time_is_refused_and_nothing_changes(
    office_people: OfficePeople, signed_at: dt.datetime | None, sentence: str
) -> None:
    read_otherwise(step1_end="signed")
    case = signed_outside(office_people)

    with pytest.raises(InvalidInput) as refused:
        issue(office_people, case, signed_at)

    assert refused.value.errors == {"signed_at": [sentence]}
    assert (cases.fresh(case).state, run_of(case, 1).measured_until) == ("draft", None)


def test_an_approval_in_the_application_is_signed_when_it_is_pressed(
    office_people: OfficePeople,
) -> None:
    read_otherwise(step1_end="signed")
    with clock.moved_to(at(MON, 10)):
        case = cases.submitted(office_people)
    with clock.moved_to(at(TUE, 10)):
        workflow.issue_decree(
            case,
            actor=office_people.kepala,
            number=NUMBER,
            date=dt.date(2026, 7, 7),
            password=cases.PASSWORD,
        )

    run = run_of(case, 1)
    assert (run.finished_at, run.measured_until) == (at(TUE, 10), None)


# -- step 4 ends when every message is queued -----------------------------------------------------


def queued(staff: OfficePeople, when: dt.datetime, *, refused: int = 0) -> AccountRequest:
    """Step 4 begins on Monday at 10.00 and is due at 10.30; its messages are queued at ``when``."""
    with clock.moved_to(at(MON, 10)):
        case = cases.recorded(staff, refused=refused)
    with clock.moved_to(when):
        workflow.send_accounts(case, actor=staff.admin1, answers=cases.all_met(case))
    return cases.fresh(case)


def test_messages_queued_in_time_make_step_4_in_time_whenever_the_server_answers(
    office_people: OfficePeople,
) -> None:
    read_otherwise(step4_end="queued")
    case = queued(office_people, at(MON, 10, 20))
    run = run_of(case, 4)
    assert (run.measured_until, run.finished_at, case.state) == (
        at(MON, 10, 20),
        None,
        "accounts_created",
    )
    cell = readings.read(run, at(MON, 13))
    assert (cell.state, cell.word, cell.actual, cell.note) == (
        "done",
        "tepat waktu",
        "20 menit",
        "diukur sampai Senin, 6 Juli 2026, 10.20 WITA; langkahnya belum selesai",
    )

    with clock.moved_to(at(MON, 11)):
        cases.settle(case)

    run = run_of(case, 4)
    assert verifying.verify().breaks == []
    assert cases.fresh(case).state == "email_sent"
    assert (run.finished_at, run.counted_seconds, run.late_seconds) == (at(MON, 11), 1200, 0)
    assert (run.wall_seconds, late_deviations(case)) == (3600, [])


def test_under_the_proposed_reading_the_servers_answer_counts(office_people: OfficePeople) -> None:
    case = queued(office_people, at(MON, 10, 20))
    with clock.moved_to(at(MON, 11)):
        cases.settle(case)

    run = run_of(case, 4)
    assert (run.measured_until, run.counted_seconds, run.late_seconds) == (None, 3600, 1800)


def test_messages_queued_too_late_are_late_by_then_and_by_no_more(
    office_people: OfficePeople,
) -> None:
    read_otherwise(step4_end="queued")
    case = queued(office_people, at(MON, 10, 40))
    cell = readings.read(run_of(case, 4), at(TUE, 13))
    assert (cell.state, cell.word) == ("late_done", "terlambat 10 menit")

    with clock.moved_to(at(TUE, 13)):
        cases.settle(case)

    assert run_of(case, 4).late_seconds == 600
    assert late_deviations(case) == [
        (
            4,
            (
                "Diukur sampai Senin, 6 Juli 2026, 10.40 WITA, selesai Selasa, 7 Juli 2026, "
                "13.00 WITA, tenggat Senin, 6 Juli 2026, 10.30 WITA"
            ),
            "terlambat 10 menit",
        )
    ]


@pytest.mark.parametrize(("minute", "overdue"), [(20, False), (30, False), (40, True)])
def test_lists_and_counts_know_whether_a_measured_step_was_late(
    office_people: OfficePeople, *, minute: int, overdue: bool
) -> None:
    read_otherwise(step4_end="queued")
    case = queued(office_people, at(MON, 10, minute))
    later = at(MON, 15)

    assert run_of(case, 4).is_overdue(later) is overdue
    assert work_queues.glance(later).overdue == int(overdue)
    found = case_register.find(
        case_register.Filters(flag=case_register.LATE), at=later, reads_people=True
    )
    assert list(found) == ([case] if overdue else [])


def test_what_is_queued_is_announced_no_more_and_what_was_missed_before_still_is(
    office_people: OfficePeople,
) -> None:
    read_otherwise(step4_end="queued")
    case = queued(office_people, at(MON, 10, 20))

    with clock.moved_to(at(MON, 11)):
        deadline_warnings.sweep(at(MON, 11))

    fired = DeadlineWarning.objects.filter(step_run__request=case, step_run__step__number=4)
    assert [row.percent for row in fired] == [50]


def test_a_changed_calendar_moves_no_limit_that_has_ended(office_people: OfficePeople) -> None:
    read_otherwise(step4_end="queued")
    queued(office_people, at(MON, 10, 20))

    assert list(deadline_moves.counting_runs()) == []


def test_with_no_account_created_step_4_ends_with_the_act(office_people: OfficePeople) -> None:
    read_otherwise(step4_end="queued")
    case = queued(office_people, at(MON, 10, 20), refused=2)

    run = run_of(case, 4)
    assert (case.state, run.measured_until, run.finished_at) == (
        "email_sent",
        None,
        at(MON, 10, 20),
    )


# -- pinned ---------------------------------------------------------------------------------------


def test_a_case_without_a_sheet_is_read_as_its_sop_step_says(office_people: OfficePeople) -> None:
    read_otherwise(step_3_unit="clock_minutes", step1_start="complete", step4_end="queued")
    with clock.moved_to(at(MON, 10)):
        case = cases.issued(office_people)
    AccountRequest.objects.filter(pk=case.pk).update(reading=None)
    old = cases.fresh(case)

    step = old.sop_revision.steps.get(number=3)
    assert step_limits.limit_of(old, step) == (60, "working_minutes", "previous_end", "case")
    assert (
        step_limits.starts_when_complete(old),
        step_limits.ends_when_signed(old),
        step_limits.ends_when_queued(old),
    ) == (False, False, False)
