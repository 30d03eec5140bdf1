"""Time in the queue apart from time in hand; a take-over keeps both people's shares."""

import datetime as dt

import pytest

from accounts_requests import clock, time_shares, workflow
from accounts_requests.models import AccountRequest, StepRun

from . import cases
from .cases import MONDAY, OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

MINUTE = dt.timedelta(minutes=1)


def run_of(case: AccountRequest, step: int) -> StepRun:
    return StepRun.objects.get(request=case, step__number=step)


def test_waiting_in_the_queue_is_told_apart_from_work(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = cases.ordered(office_people)
    with clock.moved_to(MONDAY + 12 * MINUTE):
        workflow.claim(case, actor=office_people.admin1)
    shares = time_shares.of(run_of(case, 3), MONDAY + 43 * MINUTE)
    assert shares is not None
    assert (shares.waiting, shares.in_hand, shares.paused) == (720, 31 * 60, 0)
    assert shares.said() == "antre 12 menit, dikerjakan 31 menit"


def test_a_take_over_keeps_both_shares(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = cases.claimed(office_people)
    with clock.moved_to(MONDAY + 20 * MINUTE):
        workflow.take_over(case, actor=office_people.admin2, reason="Admin pertama sakit")
    shares = time_shares.of(run_of(case, 3), MONDAY + 31 * MINUTE)
    assert shares is not None
    assert [(share.person, share.seconds) for share in shares.holders] == [
        (office_people.admin1, 20 * 60),
        (office_people.admin2, 11 * 60),
    ]
    assert shares.said() == (
        "dikerjakan 31 menit (Admin Contoh Satu 20 menit, Admin Contoh Dua 11 menit)"
    )


def test_a_return_is_nobodys_time(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = cases.claimed(office_people)
    with clock.moved_to(MONDAY + 10 * MINUTE):
        workflow.return_to_head(case, actor=office_people.admin1, reason="Data belum lengkap")
    with clock.moved_to(MONDAY + 40 * MINUTE):
        workflow.order_accounts(
            cases.fresh(case), actor=office_people.kepala, order_number="094/2/B.PBJ-II/2026"
        )
    shares = time_shares.of(run_of(case, 3), MONDAY + 45 * MINUTE)
    assert shares is not None
    assert (shares.in_hand, shares.paused) == (15 * 60, 30 * 60)
    assert shares.said() == "dikerjakan 15 menit, dijeda 30 menit"


def test_an_evening_between_two_people_counts_for_neither(office_people: OfficePeople) -> None:
    late = MONDAY + 5 * 60 * MINUTE + 50 * MINUTE  # 15.50, the office closes at 16.00
    with clock.moved_to(late):
        case = cases.claimed(office_people)
    tomorrow = MONDAY + dt.timedelta(days=1)  # 10.00, the office has been open since 07.30
    with clock.moved_to(tomorrow):
        workflow.take_over(case, actor=office_people.admin2, reason="Admin pertama sakit")
    shares = time_shares.of(run_of(case, 3), tomorrow + 5 * MINUTE)
    assert shares is not None
    assert [share.seconds for share in shares.holders] == [160 * 60, 5 * 60]


def test_who_held_it_while_the_limit_passed_answers_for_it(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = cases.claimed(office_people)
    with clock.moved_to(MONDAY + 100 * MINUTE):  # due after 60
        workflow.take_over(case, actor=office_people.admin2, reason="Admin pertama sakit")
    share = time_shares.answers_for(run_of(case, 3), MONDAY + 110 * MINUTE)
    assert share is not None
    assert (share.person, share.after_due) == (office_people.admin1, 40 * 60)


def test_a_run_that_nobody_took_yet_has_no_shares(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = cases.ordered(office_people)
    run = run_of(case, 3)
    assert (time_shares.of(run, MONDAY), time_shares.answers_for(run, MONDAY)) == (None, None)
