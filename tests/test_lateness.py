"""A limit that passes while its step still runs is a deviation at once, and one for the lateness.

The story of most tests: ordered and claimed on Monday at 10.00, so that step 3 is due at 11.00.
"""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError

from accounts_requests import (
    accountability_rules,
    clock,
    deviation_queues,
    verifying,
    workflow,
)
from accounts_requests.deviation_states import is_clean, verdict, with_state
from accounts_requests.exceptions import NotAllowedNow
from accounts_requests.models import (
    AccountRequest,
    AuditEntry,
    Deviation,
    DeviationShare,
    LatenessEnd,
    StepRun,
)
from accounts_requests.roles import Role
from accounts_requests.states import Act
from accounts_requests.worker import Worker

from . import accountability_cases, calendars, cases
from .cases import MONDAY, OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

MINUTE = dt.timedelta(minutes=1)


def swept(request: AccountRequest) -> list[Any]:
    """The deviations of the case after a worker's sweep, as they stand."""
    worker = Worker()
    worker.sweep()
    assert worker.failures == 0
    return told(request)


def told(request: AccountRequest) -> list[Any]:
    return list(with_state(request.deviations.all()).order_by("pk"))


def step3(request: AccountRequest) -> StepRun:
    return request.step_runs.get(step__number=3)


def finish_step_3(request: AccountRequest, actor: Any) -> None:
    for account in cases.accounts(request):
        cases.record_created(account, actor)
    workflow.record_accounts(request, actor=actor, answers=cases.all_met(request))


def test_a_limit_that_passes_is_on_record_while_the_step_still_runs(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    with clock.moved_to(MONDAY):
        request = cases.claimed(staff, people=1)
        clock.advance(60 * MINUTE)
        assert swept(request) == []  # due is in time
        clock.advance(MINUTE)
        (found,) = swept(request)
        assert [row.pk for row in swept(request)] == [found.pk]  # once
    assert (
        found.step_run,
        found.aspect,
        found.rule,
        found.key,
        found.norm,
        found.actual,
        found.difference,
        found.late_seconds,
        found.responsible,
        found.recorded_at,
        found.state,
    ) == (
        step3(request),
        "waktu",
        "limit_passed",
        f"late:{step3(request).pk}",
        "60 Menit (dibaca: 60 menit jam kerja)",
        "Belum selesai, tenggat Senin, 6 Juli 2026, 11.00 WITA",
        "masih berjalan",
        0,
        staff.admin1,
        MONDAY + 61 * MINUTE,
        "running",
    )
    entry = AuditEntry.objects.get(act=Act.PASS_DEADLINE)
    assert (entry.actor, entry.actor_name, entry.at, entry.summary) == (
        None,
        "Sistem",
        found.recorded_at,
        (
            "Langkah 3 melewati tenggat Senin, 6 Juli 2026, 11.00 WITA dan belum selesai; dicatat "
            "sebagai penyimpangan waktu."
        ),
    )
    assert verdict([found]) == "Terdapat penyimpangan (1 masih berjalan)"
    assert verifying.verify().is_whole


def test_it_ends_with_its_step_and_stays_the_same_deviation(office_people: OfficePeople) -> None:
    staff = office_people
    with clock.moved_to(MONDAY):
        request = cases.claimed(staff, people=1)
        clock.advance(61 * MINUTE)
        (open_one,) = swept(request)
        with pytest.raises(NotAllowedNow) as refusal:
            accountability_cases.answered(request, actor=staff.admin1)
        assert str(refusal.value) == accountability_rules.STILL_RUNNING
        roles = frozenset({Role.ADMIN_PPE})
        assert list(deviation_queues.to_answer(staff.admin1, roles)) == []
        clock.advance(29 * MINUTE)
        finish_step_3(request, staff.admin1)
        (found,) = swept(request)
        assert list(deviation_queues.to_answer(staff.admin1, roles)) == [open_one]
        answer = accountability_cases.answered(request, actor=staff.admin1)
    assert (found.pk, found.state, found.actual, found.difference, found.late_seconds) == (
        open_one.pk,
        "unanswered",
        open_one.actual,
        "masih berjalan",
        0,
    )
    assert (
        found.final_actual,
        found.final_difference,
        found.final_late_seconds,
        found.answerable,
        answer.responsible,
    ) == (
        "Selesai Senin, 6 Juli 2026, 11.30 WITA, tenggat Senin, 6 Juli 2026, 11.00 WITA",
        "terlambat 30 menit",
        30 * 60,
        staff.admin1,
        staff.admin1,
    )
    assert verifying.verify().is_whole


def test_several_workers_and_a_crash_leave_one(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        cases.claimed(office_people, people=1)
        clock.advance(61 * MINUTE)
        (due,) = workflow.deadlines_due(clock.now())  # both workers have read this
        assert workflow.look_at_deadline(due, at=clock.now()) is True
        assert workflow.look_at_deadline(due, at=clock.now()) is False
        assert workflow.deadlines_due(clock.now()) == []
    assert AuditEntry.objects.filter(act=Act.PASS_DEADLINE).count() == 1
    assert Deviation.objects.count() == 1
    row = Deviation.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError):
        row.save(force_insert=True)


def test_nobody_is_blamed_while_several_could_have_taken_the_step(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    with clock.moved_to(MONDAY):
        request = cases.ordered(staff)
        clock.advance(70 * MINUTE)
        (found,) = swept(request)
        assert (found.responsible, found.answerable_name) == (None, "belum ada yang memegang")
        workflow.claim(request, actor=staff.admin2)
        clock.advance(10 * MINUTE)
        finish_step_3(request, staff.admin2)
    (found,) = told(request)
    assert (found.responsible, found.answerable) == (None, staff.admin2)


def test_whoever_held_it_longest_while_late_answers_and_both_shares_are_kept(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    with clock.moved_to(MONDAY):
        request = cases.claimed(staff, people=1)
        clock.advance(90 * MINUTE)
        (found,) = swept(request)
        workflow.take_over(request, actor=staff.admin2, reason="Rekan sedang sakit")
        clock.advance(10 * MINUTE)
        finish_step_3(request, staff.admin2)
    (found,) = told(request)
    assert (found.responsible, found.answerable) == (staff.admin1, staff.admin1)
    assert [(share.person, share.seconds, share.after_due) for share in found.shares.all()] == [
        (staff.admin1, 90 * 60, 30 * 60),
        (staff.admin2, 10 * 60, 10 * 60),
    ]
    assert [share.said() for share in found.shares.all()] == [
        "Admin Contoh Satu memegang 1 jam 30 menit, 30 menit di antaranya sesudah tenggat",
        "Admin Contoh Dua memegang 10 menit, 10 menit di antaranya sesudah tenggat",
    ]


def test_a_return_after_the_deadline_is_on_record_at_once(office_people: OfficePeople) -> None:
    staff = office_people
    with clock.moved_to(MONDAY):
        request = cases.claimed(staff, people=1)
        clock.advance(75 * MINUTE)
        workflow.return_to_head(request, actor=staff.admin1, reason="NIP belum benar")
        assert [(row.rule, row.state) for row in swept(request)] == [("limit_passed", "running")]
        clock.advance(30 * MINUTE)
        workflow.order_accounts(request, actor=staff.kepala)
        clock.advance(5 * MINUTE)
        finish_step_3(request, staff.admin1)
    (found,) = told(request)
    assert (found.final_difference, found.state) == ("terlambat 20 menit", "unanswered")


def test_a_deadline_that_moves_lifts_it_and_a_second_lateness_is_a_second_record(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    with clock.moved_to(MONDAY):
        request = cases.claimed(staff, people=1)
        clock.advance(61 * MINUTE)
        (first,) = swept(request)
        calendars.adopted(calendars.days_off(MONDAY.date()), staff.keeper)
        (first,) = swept(request)
        assert (first.state, is_clean([first]), verdict([first])) == (
            "lifted",
            True,
            "Sesuai mutu baku; 1 tidak lagi melewati tenggat",
        )
        due = step3(request).due_at
        assert due is not None
        clock.advance(due + MINUTE - clock.now())
        first, second = swept(request)
    assert due == MONDAY + dt.timedelta(hours=22, minutes=30)  # Tuesday, 8.30 WITA
    assert [(row.key, row.state) for row in (first, second)] == [
        (f"late:{step3(request).pk}", "lifted"),
        (f"late:{step3(request).pk}:2", "running"),
    ]
    end = LatenessEnd.objects.get()
    assert (end.outcome, end.ground) == (
        "lifted",
        "tenggat bergeser (perubahan kalender kerja): Keputusan bersama contoh",
    )
    assert verifying.verify().is_whole


def test_a_cancelled_case_ends_its_lateness_too(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        request = cases.claimed(office_people, people=1)
        clock.advance(75 * MINUTE)
        swept(request)
        workflow.cancel(request, actor=office_people.kepala, reason="Kegiatan ditiadakan")
    assert [(row.state, row.final_difference) for row in told(request)] == [
        ("unanswered", "terlambat 15 menit")
    ]


def test_a_step_held_by_one_person_has_no_shares(office_people: OfficePeople) -> None:
    accountability_cases.late_step3(office_people)
    assert DeviationShare.objects.count() == 0
