"""Mail trouble through a real conversation and the real worker: none of it locks a case."""

import datetime as dt

import pytest

from accounts_requests import clock, credentials, workflow
from accounts_requests.models import AccountRequest, Message
from accounts_requests.states import AccountState, CaseState, MessageKind, MessageState
from accounts_requests.worker import Worker

from . import cases
from .cases import OfficePeople
from .smtp_fixtures import Answer, MailServer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quick_papers"),
]


def address(number: int) -> str:
    return f"personel{number:03d}@contoh.example"


def states(request: AccountRequest) -> list[str]:
    return [account.state for account in cases.accounts(request)]


def test_a_dead_mailbox_and_a_server_that_hangs_up_lock_no_case(
    office_people: OfficePeople, smtp_server: MailServer
) -> None:
    smtp_server.always(address(1), Answer.REFUSE)
    smtp_server.will(address(2), Answer.HANG_UP_BEFORE)
    smtp_server.will(address(3), Answer.HANG_UP_AFTER)
    smtp_server.will(address(4), Answer.DEFER)
    with clock.moved_to(cases.MONDAY):
        request = cases.sent(office_people, people=5)
        worker = Worker()
        worker.drain()
        assert states(request) == [
            AccountState.FAILED,
            AccountState.QUEUED,
            AccountState.UNCERTAIN,
            AccountState.QUEUED,
            AccountState.ACCEPTED,
        ]
        clock.advance(dt.timedelta(minutes=2))
        worker.drain()
        assert states(request) == [
            AccountState.FAILED,
            AccountState.ACCEPTED,
            AccountState.UNCERTAIN,
            AccountState.ACCEPTED,
            AccountState.ACCEPTED,
        ]
        refused, _, uncertain, _, _ = cases.accounts(request)
        workflow.hand_over(uncertain, actor=office_people.admin1, note="Diterima, lewat telepon")
        workflow.new_password(refused, actor=office_people.admin1)
        workflow.resend(
            refused,
            actor=office_people.admin1,
            address="benar@contoh.example",
            reason="Kotak surat tidak ada",
            had_signed_in=False,
            changed_in_spse=True,
        )
        worker.drain()
    request = cases.fresh(request)
    assert request.state == CaseState.EMAIL_SENT
    assert [len(smtp_server.received_by(address(number))) for number in range(1, 6)] == [
        0,
        1,
        1,
        1,
        1,
    ]
    assert len(smtp_server.received_by("benar@contoh.example")) == 1
    assert [credentials.has_live(account) for account in cases.accounts(request)] == [False] * 5
    assert worker.failures == 0


def test_an_uncertain_message_is_never_sent_again_by_itself(
    office_people: OfficePeople, smtp_server: MailServer
) -> None:
    smtp_server.always(address(1), Answer.HANG_UP_AFTER)
    with clock.moved_to(cases.MONDAY):
        request = cases.sent(office_people, people=1)
        for _ in range(5):
            Worker().drain()
            clock.advance(dt.timedelta(hours=3))
    message = Message.objects.get(request=request, kind=MessageKind.CREDENTIALS)
    assert (message.state, message.attempts) == (MessageState.UNCERTAIN, 1)
    assert len(smtp_server.received_by(address(1))) == 1
