"""Deadlines are announced before they pass: once each, in order, to whom they concern."""

import datetime as dt
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from accounts_requests import audit, clock, deadline_warnings, timers, workflow
from accounts_requests.limit_terms import LimitUnit
from accounts_requests.models import (
    AccountRequest,
    AuditEntry,
    DeadlineWarning,
    Message,
    Reading,
    SopStep,
    WorkerHeartbeat,
)
from accounts_requests.states import Act, MessageKind
from accounts_requests.worker import Worker

from . import cases
from .cases import MONDAY, OfficePeople
from .processes import Told
from .processes import told as told_process

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

MINUTE = dt.timedelta(minutes=1)


def told() -> list[tuple[str, str, str]]:
    """Kind, address and percent of every deadline mail, in the order of queueing."""
    kinds = (MessageKind.DEADLINE_WARNING, MessageKind.DEADLINE_PASSED)
    rows = Message.objects.filter(kind__in=kinds).order_by("pk")
    return [
        (row.kind, row.to_address.partition("@")[0], str(row.context["percent"])) for row in rows
    ]


def fired(case: AccountRequest) -> list[tuple[int, int, bool]]:
    """Step, percent and lateness of every warning of the case, in the order of firing."""
    rows = DeadlineWarning.objects.filter(step_run__request=case).order_by("pk")
    return [(row.step_run.step.number, row.percent, row.is_late) for row in rows]


def sweep_at(at: dt.datetime) -> int:
    with clock.moved_to(at):
        return deadline_warnings.sweep(at)


def test_a_step_of_sixty_minutes_is_announced_at_half_at_eighty_percent_and_when_due(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.claimed(office_people)
    answers = [sweep_at(MONDAY + number * MINUTE) for number in (29, 30, 31, 47, 48, 59, 60, 61)]
    assert answers == [0, 1, 0, 0, 1, 0, 1, 0]
    assert fired(case) == [(3, 50, False), (3, 80, False), (3, 100, False)]


def test_a_step_of_ten_minutes_is_announced_late_in_it_and_when_due(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.emailed(office_people)
        run = case.step_runs.get(step__number=5)
        timers.mark_opened(run, MONDAY)
    answers = [sweep_at(MONDAY + number * MINUTE) for number in (5, 7, 8, 9, 10, 11)]
    assert answers == [0, 0, 1, 0, 1, 0]
    assert fired(case) == [(5, 80, False), (5, 100, False)]


def test_a_step_of_days_is_announced_by_mail_too_and_its_passing_to_the_superior(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.draft(office_people)
    run = case.step_runs.get()
    assert run.due_at is not None
    working = timers.working_time()
    whole = working.seconds_between(MONDAY, run.due_at)
    half = working.add_seconds(MONDAY, whole // 2)
    assert [sweep_at(half - MINUTE), sweep_at(half)] == [0, 1]
    assert sweep_at(run.due_at - MINUTE) == 1
    assert sweep_at(run.due_at) == 1
    assert told() == [
        ("deadline_warning", "kepala", "50"),
        ("deadline_warning", "penyusun", "50"),
        ("deadline_warning", "kepala", "80"),
        ("deadline_warning", "penyusun", "80"),
        ("deadline_passed", "kepala", "100"),
        ("deadline_passed", "penyusun", "100"),
        ("deadline_passed", "biro", "100"),
    ]


def test_a_step_of_minutes_writes_mail_only_when_due_and_only_to_the_superior(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(MONDAY):
        cases.claimed(office_people)
    sweep_at(MONDAY + 59 * MINUTE)
    assert told() == []
    sweep_at(MONDAY + 60 * MINUTE)
    assert told() == [("deadline_passed", "kepala", "100")]


def test_what_a_stand_still_missed_fires_in_order_once_and_says_that_it_is_late(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(MONDAY):
        first = cases.claimed(office_people)
    with clock.moved_to(MONDAY + 20 * MINUTE):
        second = cases.draft(office_people)
    assert second.number != first.number
    at = MONDAY + 3 * 60 * MINUTE
    assert [sweep_at(at), sweep_at(at + MINUTE)] == [3, 0]
    assert fired(first) == [(3, 50, True), (3, 80, True), (3, 100, True)]
    assert fired(second) == []
    message = Message.objects.get(kind=MessageKind.DEADLINE_PASSED)
    assert message.context["said_late"] == "Senin, 6 Juli 2026, 11.00 WITA"


def test_a_late_warning_says_so_in_the_mail_and_on_the_page(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = cases.claimed(office_people)
    at = MONDAY + 60 * MINUTE + 90 * MINUTE
    sweep_at(at)
    warning = DeadlineWarning.objects.get(step_run__request=case, percent=100)
    assert deadline_warnings.say(warning) == (
        "Batas waktu telah terlewati (Senin, 6 Juli 2026, 11.00 WITA; baru disampaikan "
        "Senin, 6 Juli 2026, 12.30 WITA karena penghitungan sempat terhenti)."
    )


def test_a_finished_or_paused_step_is_announced_no_more(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = cases.claimed(office_people)
        workflow.return_to_head(case, actor=office_people.admin1, reason="Data belum lengkap")
    assert sweep_at(MONDAY + 120 * MINUTE) == 0
    assert fired(case) == []


def test_what_was_used_before_a_return_counts_towards_the_next_rung(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.claimed(office_people)
    with clock.moved_to(MONDAY + 40 * MINUTE):
        workflow.return_to_head(case, actor=office_people.admin1, reason="Data belum lengkap")
    with clock.moved_to(MONDAY + 60 * MINUTE):
        workflow.order_accounts(
            cases.fresh(case), actor=office_people.kepala, order_number="094/2/B.PBJ-II/2026"
        )
    # Forty minutes are used: half passed before the return and is owed, 80 % comes eight later.
    resumed = MONDAY + 60 * MINUTE
    answers = [sweep_at(resumed + number * MINUTE) for number in (0, 7, 8, 19, 20)]
    assert answers == [1, 0, 1, 0, 1]


def test_each_warning_is_on_the_audit_trail(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = cases.claimed(office_people)
    sweep_at(MONDAY + 30 * MINUTE)
    entry = AuditEntry.objects.get(act=Act.WARN)
    assert (entry.request, entry.actor, entry.summary) == (
        case,
        None,
        "Langkah 3: 50 % batas waktu telah terpakai (Senin, 6 Juli 2026, 10.30 WITA).",
    )


def test_one_case_that_cannot_be_reckoned_stops_no_other(
    office_people: OfficePeople, caplog: pytest.LogCaptureFixture
) -> None:
    with clock.moved_to(MONDAY):
        broken = cases.claimed(office_people)
        whole = cases.claimed(office_people, number="000.3/2/B.PBJ-II/2026")
    reading = Reading.objects.create(
        revision=broken.sop_revision,
        number=99,
        content={"steps": {"3": {"warnings": ["separuh"]}}},
        drafted_at=MONDAY,
    )
    AccountRequest.objects.filter(pk=broken.pk).update(reading=reading)
    assert sweep_at(MONDAY + 30 * MINUTE) == 1
    assert (fired(broken), fired(whole)) == ([], [(3, 50, False)])
    run = broken.step_runs.get(step__number=3)
    assert [record.getMessage() for record in caplog.records] == [
        f"the warnings of step run {run.pk} cannot be reckoned"
    ]


def test_a_failing_warning_is_tried_again_at_the_next_sweep(
    office_people: OfficePeople, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.claimed(office_people)
    run = case.step_runs.get(step__number=3)
    with monkeypatch.context() as broken:
        broken.setattr(audit, "record", lambda *_, **__: 1 / 0)
        assert sweep_at(MONDAY + 30 * MINUTE) == 0
    assert fired(case) == []
    assert sweep_at(MONDAY + 31 * MINUTE) == 1
    assert [record.getMessage() for record in caplog.records] == [
        f"warning 50% of step run {run.pk} failed"
    ]


def test_a_limit_in_calendar_days_is_announced_in_wall_time(office_people: OfficePeople) -> None:
    reading = Reading.objects.get()
    reading.content["steps"]["1"]["unit"] = LimitUnit.CALENDAR_DAYS
    reading.save()
    SopStep.objects.filter(number=1).update(limit_unit=LimitUnit.CALENDAR_DAYS)
    with clock.moved_to(MONDAY):
        case = cases.draft(office_people)
    run = case.step_runs.get()
    assert run.due_at is not None
    half = MONDAY + (run.due_at - MONDAY) / 2
    assert half.astimezone(timers.ZONE).hour == 4  # nights are counted too
    assert sweep_at(half - dt.timedelta(seconds=2)) == 0
    assert sweep_at(half) == 1


def test_the_worker_announces_in_its_sweep(office_people: OfficePeople, settings: Settings) -> None:
    with clock.moved_to(MONDAY):
        case = cases.claimed(office_people)
    with clock.moved_to(MONDAY + 30 * MINUTE):
        worker = Worker()
        worker.sweep()
    assert (fired(case), worker.failures) == ([(3, 50, False)], 0)


@pytest.mark.django_db(transaction=True)
def test_workers_that_sweep_at_the_same_moment_announce_each_thing_once(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(MONDAY):
        numbers = [f"000.3/{number}/B.PBJ-II/2026" for number in range(1, 4)]
        every = [cases.claimed(office_people, number=number) for number in numbers]
    at = MONDAY + 3 * 60 * MINUTE
    counts: list[int] = []
    start = threading.Barrier(3)

    def one_worker() -> None:
        start.wait()
        counts.append(deadline_warnings.sweep(at))
        connection.close()

    with clock.moved_to(at):
        workers = [threading.Thread(target=one_worker) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert sum(counts) == 9
    assert [fired(case) for case in every] == [[(3, 50, True), (3, 80, True), (3, 100, True)]] * 3
    assert told() == [("deadline_passed", "kepala", "100")] * 3


# -- real workers, stopped for three hours --------------------------------------------------------


def at_wita(hour: int, minute: int) -> None:
    """Put the clock of every process at this time of MONDAY."""
    wanted = dt.datetime(2026, 7, 6, hour, minute, tzinfo=timers.ZONE)
    clock.set_shared_offset(wanted - dt.datetime.now(dt.UTC))


def run_until_swept(nursery: Told, *, workers: int) -> None:
    """Start so many workers at once, wait until each has swept, and stop them."""
    before = set(WorkerHeartbeat.objects.values_list("name", flat=True))
    for _ in range(workers):
        nursery.tell("run")
    running = [int(nursery.hear()) for _ in range(workers)]
    for _ in range(600):
        swept = WorkerHeartbeat.objects.filter(swept_at__isnull=False).exclude(name__in=before)
        if swept.count() == workers:
            break
        time.sleep(0.1)
    assert swept.count() == workers
    for pid in running:
        os.kill(pid, signal.SIGTERM)
        assert nursery.ask(f"wait {pid}") == "0"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_workers_after_three_hours_of_stand_still_tell_everything_once(
    office_people: OfficePeople, tmp_path: Path
) -> None:
    at_wita(10, 0)
    first = cases.claimed(office_people)
    with told_process("tests.worker_nursery", tmp_path / "workers.log") as nursery:
        at_wita(10, 31)
        run_until_swept(nursery, workers=1)
        assert fired(first) == [(3, 50, False)]
        second = cases.recorded(office_people, number="000.3/2/B.PBJ-II/2026")
        # Nobody sweeps from here on; meanwhile two deadlines pass, and warnings before them.
        at_wita(13, 36)
        run_until_swept(nursery, workers=2)
    assert fired(first) == [(3, 50, False), (3, 80, True), (3, 100, True)]
    assert fired(second) == [(4, 50, True), (4, 80, True), (4, 100, True)]
    in_order = DeadlineWarning.objects.filter(is_late=True).order_by("pk")
    planned = [warning.planned_at for warning in in_order]
    assert sorted(planned) == planned
    assert told() == [("deadline_passed", "kepala", "100")] * 2
    assert AuditEntry.objects.filter(act=Act.WARN).count() == 6
