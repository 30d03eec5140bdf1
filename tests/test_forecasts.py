"""Before you begin: what cannot end within the hours of today is said beside the button."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import clock, forecasts, timers, workflow
from accounts_requests.limit_terms import LimitStart
from accounts_requests.models import AccountRequest, StepRun
from accounts_requests.states import Act

from . import cases, reading_cases
from .cases import OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]


def wita(day: int, hour: int, minute: int) -> dt.datetime:
    """An instant of July 2026 (6 July is a Monday; the office closes at 16.00, Fridays 11.00)."""
    return dt.datetime(2026, 7, day, hour, minute, tzinfo=timers.ZONE).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("minutes", "at", "said"),
    [
        (30, wita(6, 15, 30), ""),
        (
            30,
            wita(6, 15, 50),
            (
                "Waktu 30 menit akan mulai dihitung pukul 15.50; kantor tutup pukul 16.00, "
                "sehingga tenggatnya besok pukul 07.50."
            ),
        ),
        (
            60,
            wita(10, 10, 30),
            (
                "Waktu 60 menit akan mulai dihitung pukul 10.30; kantor tutup pukul 11.00, "
                "sehingga tenggatnya Senin, 13 Juli 2026, pukul 08.00."
            ),
        ),
        (
            60,
            wita(6, 6, 0),
            (
                "Kantor sedang tutup. Waktu 60 menit akan mulai dihitung pukul 07.30, "
                "sehingga tenggatnya pukul 08.30."
            ),
        ),
        (
            10,
            wita(6, 18, 0),
            (
                "Kantor sedang tutup. Waktu 10 menit akan mulai dihitung besok pukul 07.30, "
                "sehingga tenggatnya besok pukul 07.40."
            ),
        ),
        (None, wita(6, 15, 50), ""),
    ],
    ids=["in time", "over the evening", "over a weekend", "early", "evening", "without a limit"],
)
@pytest.mark.usefixtures("seeded")
def test_the_sentence_tells_when_it_will_be_due(
    minutes: int | None, at: dt.datetime, said: str
) -> None:
    assert forecasts.sentence(minutes, at) == said


@pytest.mark.usefixtures("seeded")
def test_beyond_the_calendar_nothing_is_foretold() -> None:
    last = timers.working_time().last_date
    evening = dt.datetime.combine(last, dt.time(20, 0), timers.ZONE)
    assert forecasts.sentence(60, evening) == ""


def test_what_is_foretold_is_what_happens(office_people: OfficePeople) -> None:
    with clock.moved_to(wita(6, 9, 0)):
        case = cases.issued(office_people)
    at = wita(6, 15, 30)
    said = forecasts.before(Act.ORDER, case, at)
    assert said == (
        "Waktu 60 menit akan mulai dihitung pukul 15.30; kantor tutup pukul 16.00, sehingga "
        "tenggatnya besok pukul 08.00."
    )
    with clock.moved_to(at):
        workflow.order_accounts(case, actor=office_people.kepala, order_number="094/1/2026")
    run = StepRun.objects.get(request=case, step__number=3)
    assert run.due_at == wita(7, 8, 0)


def test_acts_that_start_no_clock_foretell_nothing(office_people: OfficePeople) -> None:
    with clock.moved_to(wita(6, 9, 0)):
        case = cases.ordered(office_people)
    evening = wita(6, 18, 0)
    assert [forecasts.before(act, case, evening) for act in (Act.CLAIM, Act.ARCHIVE)] == ["", ""]


def shown(client: Client, name: str, case: AccountRequest) -> str:
    return client.get(reverse(name, args=[case.number])).content.decode()


def test_the_pages_of_the_buttons_say_so(client: Client, office_people: OfficePeople) -> None:
    with clock.moved_to(wita(6, 9, 0)):
        case = cases.issued(office_people)
    client.force_login(office_people.kepala)
    with clock.moved_to(wita(6, 15, 30)):
        assert "sehingga tenggatnya besok pukul 08.00." in shown(client, "order", case)
    with clock.moved_to(wita(6, 10, 0)):
        assert "sehingga tenggatnya" not in shown(client, "order", case)
        workflow.order_accounts(case, actor=office_people.kepala, order_number="094/1/2026")
        cases.render_papers(case)
        workflow.claim(cases.fresh(case), actor=office_people.admin1)
        for account in cases.accounts(case):
            cases.record_created(account, office_people.admin1)
    client.force_login(office_people.admin1)
    with clock.moved_to(wita(6, 15, 50)):
        assert (
            "Waktu 30 menit akan mulai dihitung pukul 15.50; kantor tutup pukul 16.00, "
            "sehingga tenggatnya besok pukul 07.50."
        ) in shown(client, "accounts", case)


@pytest.mark.parametrize("start", [LimitStart.CLAIMED, LimitStart.BEGUN])
def test_where_taking_or_opening_begins_the_limit_the_button_says_so(
    client: Client, office_people: OfficePeople, start: LimitStart
) -> None:
    reading_cases.read_otherwise(step_3_start=start)
    with clock.moved_to(wita(6, 9, 0)):
        case = cases.ordered(office_people)
    said = (
        "Waktu 60 menit akan mulai dihitung pukul 15.30; kantor tutup pukul 16.00, sehingga "
        "tenggatnya besok pukul 08.00."
    )
    told = {}
    for who in ("admin1", "kepala"):
        client.force_login(getattr(office_people, who))
        with clock.moved_to(wita(6, 15, 30)):
            home = client.get(reverse("home")).content.decode()
            told[who] = (home.count(said), shown(client, "request_detail", case).count(said))
    assert told == {"admin1": (1, 1), "kepala": (0, 0)}
    with clock.moved_to(wita(6, 9, 0)):
        client.force_login(office_people.admin1)
        assert "sehingga tenggatnya" not in shown(client, "request_detail", case)
