"""Workers are killed a hundred times while fifty messages go out through a mail server that fails.

Nothing is lost, nothing is sent twice, and what nobody can be sure of is shown to a person.
"""

import datetime as dt
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts_requests import clock, credentials, outbox, verifying, workflow
from accounts_requests.models import Account, AccountRequest, AuditEntry, Message
from accounts_requests.states import (
    UNSENT_MESSAGES,
    AccountState,
    Act,
    MessageKind,
    MessageState,
    SigningMethod,
)

from . import cases, processes
from .cases import OfficePeople
from .processes import Told
from .unsteady_server import ANSWERED, UnsteadyServer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quick_papers"),
]

SEED = 20260706
WAVES, PEOPLE, KILLS_A_WAVE = 5, 10, 20
# Two where several machines would share the database, one where it is embedded.
WORKERS = 2 if connection.vendor == "postgresql" else 1
# Every claim of a killed worker is left behind by then, and every message that waits is due.
LATER = dt.timedelta(minutes=61)
# When a worker is killed: some time after its start, or as the server comes to a moment.
MOMENTS = ("", "", "envelope", "body", "after the dot", "after the dot")


@pytest.fixture
def server() -> Iterator[UnsteadyServer]:
    unsteady = UnsteadyServer(SEED)
    unsteady.start()
    yield unsteady
    unsteady.stop()


@pytest.fixture
def monday_for_every_process() -> None:
    clock.set_shared_offset(cases.MONDAY - dt.datetime.now(dt.UTC))


def forward(step: dt.timedelta) -> None:
    """Move the clock of every process."""
    clock.set_shared_offset(clock.shared_offset() + step)


def recorded_case(staff: OfficePeople, wave: int) -> AccountRequest:
    """A case of PEOPLE whose accounts are created and whose messages are not queued yet."""
    request = workflow.create_request(actor=staff.drafter, decree=cases.decree())
    for number in range(wave * PEOPLE + 1, (wave + 1) * PEOPLE + 1):
        workflow.add_registrant(request, actor=staff.drafter, person=cases.person(number))
    workflow.submit_for_initials(request, actor=staff.drafter, signing_method=SigningMethod.IN_APP)
    cases.render_papers(request)
    workflow.issue_decree(
        request,
        actor=staff.kepala,
        number=f"000.3/{wave}/2026",
        date=clock.today(),
        password=cases.PASSWORD,
    )
    workflow.order_accounts(request, actor=staff.kepala)
    workflow.claim(request, actor=staff.admin1)
    for account in cases.accounts(request):
        cases.record_created(account, staff.admin1)
    workflow.record_accounts(request, actor=staff.admin1, answers=cases.all_met(request))
    cases.render_papers(request)
    return cases.fresh(request)


def kill(nursery: Told, pid: int) -> None:
    """SIGKILL, and wait until the process is gone."""
    os.kill(pid, signal.SIGKILL)
    assert nursery.ask(f"wait {pid}") == "-9"


def messages_to_people() -> list[Message]:
    return list(Message.objects.filter(kind=MessageKind.CREDENTIALS).order_by("pk"))


def send_and_kill(
    requests: list[AccountRequest], staff: OfficePeople, server: UnsteadyServer, nursery: Told
) -> list[int]:
    """Queue wave after wave and kill; for each kill, how many claims were left behind by then."""
    chance = random.Random(SEED)  # noqa: S311  repeatable, not secret
    running: list[int] = []
    left_behind: list[int] = []
    for request in requests:
        workflow.send_accounts(request, actor=staff.admin1, answers=cases.all_met(request))
        for _ in range(KILLS_A_WAVE):
            while len(running) < WORKERS:
                running.append(int(nursery.ask("run")))
            moment = chance.choice(MOMENTS)
            if moment:
                server.await_moment(moment, seconds=1)
            time.sleep(chance.uniform(0, 0.03) if moment else chance.uniform(0, 0.5))
            kill(nursery, running.pop(chance.randrange(len(running))))
            left_behind.append(Message.objects.filter(state=MessageState.SENDING).count())
            forward(LATER)
    for pid in running:
        os.kill(pid, signal.SIGTERM)
        assert nursery.ask(f"wait {pid}") == "0"
    return left_behind


def finish(nursery: Told) -> None:
    """Let a worker that nobody kills do what is left, until nothing is."""
    for _ in range(2 * outbox.MAX_ATTEMPTS):
        if not Message.objects.filter(state__in=UNSENT_MESSAGES).exists():
            return
        forward(LATER)
        assert nursery.ask(f"wait {nursery.ask('once')}") == "0"


def shown_to_a_person(case: AccountRequest, staff: OfficePeople) -> set[str]:
    """The addresses in those rows of the delivery board that ask for a decision."""
    browser = Client()
    browser.force_login(staff.admin1)
    page = browser.get(reverse("send", args=[case.number])).content.decode()
    rows = page.split('<tr class="needs-a-person">')[1:]
    return {
        account.registered_email
        for account in cases.accounts(case)
        if any(account.registered_email in row.split("</tr>")[0] for row in rows)
    }


@pytest.mark.usefixtures("monday_for_every_process")
def test_no_message_is_lost_or_sent_twice_and_each_doubt_is_shown(
    office_people: OfficePeople, server: UnsteadyServer, tmp_path: Path
) -> None:
    requests = [recorded_case(office_people, wave) for wave in range(WAVES)]
    cases.settle(requests[0])  # the notices of the orders are not what this is about
    address = f"smtp://{server.host}:{server.port}"
    log = tmp_path / "workers.log"
    with processes.told("tests.worker_nursery", log, EMAIL_URL=address) as nursery:
        left_behind = send_and_kill(requests, office_people, server, nursery)
        finish(nursery)

    assert len(left_behind) == 100
    assert any(left_behind)  # workers were killed while they held messages
    messages = messages_to_people()
    assert len(messages) == 50
    state = {message.message_id: message.state for message in messages}
    taken = server.taken()

    # Nothing is lost: every message came to an end, and one that the server never had says so.
    ends = {MessageState.ACCEPTED, MessageState.FAILED, MessageState.UNCERTAIN}
    assert [key for key, end in state.items() if end not in ends] == []
    failed = [message for message in messages if message.state == MessageState.FAILED]
    assert [message for message in failed if message.message_id in taken] == []
    assert [message.attempts for message in failed] == [outbox.MAX_ATTEMPTS] * len(failed)

    # Nothing is sent twice by the system, and "accepted" is the server's own word.
    assert {key: how for key, how in taken.items() if len(how) > 1} == {}
    accepted = [key for key, end in state.items() if end == MessageState.ACCEPTED]
    assert [key for key in accepted if taken.get(key) != [ANSWERED]] == []

    # Whatever the server may have without our knowing is uncertain, and shown to a person.
    assert [
        key
        for key in state
        if key in taken and state[key] not in {MessageState.ACCEPTED, MessageState.UNCERTAIN}
    ] == []
    for request in requests:
        undecided = [
            account.registered_email
            for account in cases.accounts(request)
            if account.state in {AccountState.UNCERTAIN, AccountState.FAILED}
        ]
        assert shown_to_a_person(request, office_people) == set(undecided)

    # The record agrees with the messages: one settlement each, no password kept after "accepted".
    ends_of_accounts = {
        MessageState.ACCEPTED: AccountState.ACCEPTED,
        MessageState.FAILED: AccountState.FAILED,
        MessageState.UNCERTAIN: AccountState.UNCERTAIN,
    }
    accounts = {account.pk: account for account in Account.objects.all()}
    assert [accounts[message.account_id or 0].state for message in messages] == [
        ends_of_accounts[MessageState(message.state)] for message in messages
    ]
    assert [credentials.has_live(accounts[message.account_id or 0]) for message in messages] == [
        message.state != MessageState.ACCEPTED for message in messages
    ]
    settled = AuditEntry.objects.filter(act=Act.SETTLE).values_list("changes", flat=True)
    assert sorted(entry["message_id"] for entry in settled) == sorted(state)
    assert verifying.verify().breaks == []
