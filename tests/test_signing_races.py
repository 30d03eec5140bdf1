"""Workers as processes of their own at one e-sign service: killed in the middle, two at once."""

import datetime as dt
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts_requests import clock, signing_queue, workflow
from accounts_requests.models import AccountRequest, SigningRequest
from accounts_requests.states import SigningMethod

from . import cases, processes, signing_service
from .processes import Told
from .signing_service import SLOW, Service, row

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quick_papers"),
]

State = SigningRequest.State
LATER = dt.timedelta(minutes=15)
"""Every claim of a killed worker is left behind by then."""


@pytest.fixture(autouse=True)
def monday_for_every_process() -> None:
    clock.set_shared_offset(cases.MONDAY - dt.datetime.now(dt.UTC))


@pytest.fixture
def office_service(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Service:
    return signing_service.switched_on(settings, monkeypatch)


@pytest.fixture
def nursery(office_service: Service, tmp_path: Path) -> Iterator[Told]:
    log = tmp_path / "workers.log"
    with processes.told(
        "tests.worker_nursery", log, SIGNING_SERVICE=signing_service.PATH
    ) as started:
        yield started


@pytest.fixture
def queued(office_people: cases.OfficePeople, office_service: Service) -> AccountRequest:
    """A case whose Konsep waits to be handed in."""
    case = cases.submitted(office_people, signing_method=SigningMethod.CERTIFIED)
    workflow.set_decree_number(
        case, actor=office_people.drafter, number="000.3/1/2026", date=clock.today()
    )
    workflow.send_for_signing(case, actor=office_people.drafter)
    return cases.fresh(case)


def handed_in(service: Service) -> None:
    """Wait until the service has a submission; it has not answered it while it is slow."""
    until = time.monotonic() + 30
    while not service.submissions():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_worker_killed_before_the_answer_leaves_a_doubt_and_no_second_sending(
    queued: AccountRequest,
    office_people: cases.OfficePeople,
    office_service: Service,
    nursery: Told,
) -> None:
    (office_service.folder / SLOW).touch()
    pid = int(nursery.ask("run"))
    handed_in(office_service)
    os.kill(pid, signal.SIGKILL)
    assert nursery.ask(f"wait {pid}") == "-9"
    (office_service.folder / SLOW).unlink()
    assert row(queued).state == State.SENDING

    for _ in range(2):
        clock.set_shared_offset(clock.shared_offset() + LATER)
        assert nursery.ask(f"wait {nursery.ask('once')}") == "0"
    assert (row(queued).state, row(queued).answer) == (State.UNCERTAIN, signing_queue.STOPPED)
    assert len(office_service.submissions()) == 1

    browser = Client()
    browser.force_login(office_people.drafter)
    address = reverse("signing", args=[queued.number])
    page = browser.get(address).content.decode()
    assert "Konsep tidak dikirim lagi dengan sendirinya." in page
    assert ">Kirim ulang</button>" not in page
    browser.post(
        reverse("signing_withdraw", args=[queued.number]), {"seen": str(row(queued).public_id)}
    )
    browser.post(reverse("signing_send", args=[queued.number]))
    assert nursery.ask(f"wait {nursery.ask('once')}") == "0"
    assert row(queued).state == State.SENT
    assert len(office_service.submissions()) == 2


def test_of_two_workers_at_once_one_hands_the_konsep_in(
    queued: AccountRequest, office_service: Service, nursery: Told
) -> None:
    (office_service.folder / SLOW).touch()
    workers = [int(nursery.ask("run")) for _ in range(2)]
    handed_in(office_service)
    time.sleep(2)  # the other one looks for work meanwhile
    (office_service.folder / SLOW).unlink()
    until = time.monotonic() + 30
    while row(queued).state != State.SENT:
        assert time.monotonic() < until
        time.sleep(0.05)
    for pid in workers:
        os.kill(pid, signal.SIGTERM)
        assert nursery.ask(f"wait {pid}") == "0"
    assert [ours for ours, _ in office_service.submissions()] == [str(row(queued).public_id)]
