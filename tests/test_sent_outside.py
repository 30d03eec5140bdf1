"""Step 4 while the mail server is away: mail from another mailbox, on record with its proof."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Barrier, Thread
from typing import Any

import pytest
from django.apps import apps
from django.db import close_old_connections, connection, transaction

from accounts_requests import clock, credentials, outbox, papers, workflow
from accounts_requests.acts import outside
from accounts_requests.exceptions import AlreadyDone, InvalidInput, NotAllowedNow
from accounts_requests.models import Account, AccountRequest, AuditEntry, Document, Message
from accounts_requests.states import (
    AccountState,
    Act,
    CaseState,
    DocumentKind,
    MessageKind,
    MessageState,
)
from accounts_requests.uploads import Readable, Upload
from accounts_requests.verifying import verify
from accounts_requests.worker import Worker

from . import cases, link_cases, mail_proofs
from .cases import MONDAY, OfficePeople
from .smtp_fixtures import MailServer, free_port
from .upload_samples import flat_image

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

MINUTE = dt.timedelta(minutes=1)
AWAY = "Server e-mail tidak terjangkau sejak pagi"
MAILBOX = "lpse.cadangan@contoh.example"
KNOWN = "Kab7-Ten4-Wup9-Haz3-Red6-Mus2"


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield


def record(account: Account, staff: OfficePeople, **changes: Any) -> None:
    values = {
        "actor": staff.admin1,
        "sent_at": clock.now(),
        "mailbox": MAILBOX,
        "reason": AWAY,
        "proof": mail_proofs.picture(),
        "blacked_out": True,
    }
    workflow.record_sent_outside(account, **{**values, **changes})


def refusal(act: Callable[[], object]) -> dict[str, list[str]]:
    with pytest.raises(InvalidInput) as refused:
        act()
    return refused.value.errors


def messages_of(account: Account) -> list[tuple[str, str]]:
    rows = account.messages.filter(kind=MessageKind.CREDENTIALS)
    return list(rows.values_list("state", "answer"))


def states(case: AccountRequest) -> list[str]:
    return [account.state for account in cases.accounts(case)]


# -- what it does ----------------------------------------------------------------------------------


def test_a_mail_from_outside_settles_its_account_with_a_note_and_no_deviation(
    office_people: OfficePeople,
) -> None:
    case = cases.sent(office_people, people=2)
    first, second = cases.accounts(case)
    sent_at = clock.advance(10 * MINUTE)
    clock.advance(5 * MINUTE)
    record(first, office_people, sent_at=sent_at)
    first, second = cases.accounts(case)
    assert (first.state, first.delivered_at, first.sent_from, first.reason) == (
        AccountState.SENT_OUTSIDE,
        sent_at,
        MAILBOX,
        AWAY,
    )
    assert messages_of(first) == [(MessageState.WITHDRAWN, outside.WITHDRAWN)]
    assert [credentials.has_live(each) for each in (first, second)] == [False, True]
    assert second.state == AccountState.QUEUED
    assert list(case.deviations.all()) == []
    assert [note.text for note in case.notes.all()] == [
        (
            "E-mail personel nomor 1 dikirim dari luar sistem pada Senin, 6 Juli 2026, 10.10 WITA, "
            f"dari kotak surat {MAILBOX}. Alasan: {AWAY}"
        )
    ]
    assert cases.fresh(case).state == CaseState.ACCOUNTS_CREATED


def test_its_proof_is_a_paper_of_the_case_and_its_act_is_on_the_trail(
    office_people: OfficePeople,
) -> None:
    case = cases.sent(office_people)
    proof = mail_proofs.picture()
    record(cases.accounts(case)[0], office_people, proof=proof)
    paper = Document.objects.get(kind=DocumentKind.OUTSIDE_PROOF)
    assert (paper.title, paper.media_type, paper.uploaded, papers.read(paper)) == (
        "Bukti e-mail dari luar sistem, personel nomor 1",
        "image/png",
        True,
        proof.data,
    )
    entry = AuditEntry.objects.get(act=Act.SENT_OUTSIDE)
    assert (entry.actor, entry.object_label, entry.changes["sha256"], entry.summary) == (
        office_people.admin1,
        "Personel nomor 1",
        paper.sha256,
        (
            "E-mail personel nomor 1 dikirim dari luar sistem pada Senin, 6 Juli 2026, 10.00 WITA "
            f"dengan alasan: {AWAY}"
        ),
    )
    assert verify().is_whole


def test_the_last_account_ends_step_4_at_the_time_of_its_recording(
    office_people: OfficePeople,
) -> None:
    case = cases.sent(office_people, people=2)
    sent_at = clock.now()
    first, second = cases.accounts(case)
    record(first, office_people)
    recorded_at = clock.advance(20 * MINUTE)
    record(second, office_people, sent_at=sent_at)
    case = cases.fresh(case)
    run = case.step_runs.get(step__number=4)
    assert (case.state, run.finished_at, case.email_sent_at) == (
        CaseState.EMAIL_SENT,
        recorded_at,
        recorded_at,
    )
    assert case.step_runs.get(step__number=5).started_at == recorded_at
    notice = Message.objects.get(kind=MessageKind.COMPLETION_NOTICE)
    assert (notice.context["accepted"], notice.context["sent_outside"]) == (0, 2)
    assert verify().is_whole


@pytest.mark.parametrize("answer", [cases.REFUSED, cases.LOST])
def test_a_failed_or_uncertain_message_may_be_followed_by_one_from_outside(
    office_people: OfficePeople, answer: outbox.Delivery
) -> None:
    case = cases.sent(office_people, people=1)
    cases.settle(case, lambda _message: answer)
    before = list(case.deviations.values_list("rule", flat=True))
    record(cases.accounts(case)[0], office_people)
    assert states(case) == [AccountState.SENT_OUTSIDE]
    assert cases.fresh(case).state == CaseState.EMAIL_SENT
    # What was found before stays on record; nothing is added.
    assert before == ["message_not_accepted"]
    assert list(case.deviations.values_list("rule", flat=True)) == before


def test_it_goes_on_to_the_archive_with_its_proof(office_people: OfficePeople) -> None:
    case = cases.sent(office_people, people=1)
    record(cases.accounts(case)[0], office_people)
    cases.render_papers(case)
    workflow.archive(case, actor=office_people.admin1, answers=cases.all_met(case), location="")
    cases.render_papers(case)
    assert cases.fresh(case).state == CaseState.ARCHIVED
    assert verify().is_whole


# -- the worker ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_worker_never_sends_what_was_sent_outside(
    office_people: OfficePeople, smtp_server: MailServer, settings: Any
) -> None:
    case = cases.sent(office_people, people=2)
    settings.EMAIL_PORT = free_port()
    worker = Worker()
    worker.drain()
    assert states(case) == [AccountState.QUEUED, AccountState.QUEUED]
    record(cases.accounts(case)[0], office_people)
    settings.EMAIL_PORT = smtp_server.port
    for _ in range(5):
        clock.advance(30 * MINUTE)
        worker.drain()
    assert states(case) == [AccountState.SENT_OUTSIDE, AccountState.ACCEPTED]
    assert len(smtp_server.received_by("personel002@contoh.example")) == 1
    assert smtp_server.received_by("personel001@contoh.example") == []
    assert cases.fresh(case).state == CaseState.EMAIL_SENT
    assert worker.failures == 0


def test_a_link_that_waits_with_its_message_is_revoked(office_people: OfficePeople) -> None:
    link_cases.choose_links()
    case = cases.sent(office_people, people=1)
    account = cases.accounts(case)[0]
    record(account, office_people)
    link = link_cases.link_of(account)
    assert (link.revoked_at, link.opened_at) == (MONDAY, None)
    assert cases.fresh(case).state == CaseState.EMAIL_SENT


def test_a_message_that_is_being_sent_is_waited_for(office_people: OfficePeople) -> None:
    case = cases.sent(office_people, people=1)
    account = cases.accounts(case)[0]
    message = account.messages.get(kind=MessageKind.CREDENTIALS)
    while (claimed := outbox.claim_next("worker", clock.now())) != message:
        assert claimed is not None
    with pytest.raises(NotAllowedNow) as refused:
        record(account, office_people)
    assert str(refused.value) == outside.BEING_SENT
    assert not case.documents.filter(kind=DocumentKind.OUTSIDE_PROOF).exists()
    assert credentials.has_live(account)
    workflow.settle_message(message.pk, cases.ACCEPTED, at=clock.now())
    assert states(case) == [AccountState.ACCEPTED]


@pytest.mark.django_db(transaction=True)
def test_of_a_worker_and_a_person_at_once_one_gets_the_message(
    office_people: OfficePeople,
) -> None:
    case = cases.sent(office_people, people=5)
    # Only the messages to people, so that each claim meets a record.
    Message.objects.exclude(kind=MessageKind.CREDENTIALS).update(
        state=MessageState.WITHDRAWN, settled_at=MONDAY
    )
    claimed: list[str] = []
    recorded: list[str] = []
    for account in cases.accounts(case):
        ready = Barrier(2)

        def claim(ready: Barrier = ready) -> None:
            with clock.moved_to(MONDAY):
                ready.wait()
                if (message := outbox.claim_next("worker", MONDAY)) is not None:
                    claimed.append(message.to_address)
            connection.close()

        def press(account: Account = account, ready: Barrier = ready) -> None:
            with clock.moved_to(MONDAY):
                ready.wait()
                with suppress(NotAllowedNow):
                    record(account, office_people)
                    recorded.append(account.registered_email)
            connection.close()

        threads = [Thread(target=claim), Thread(target=press)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    close_old_connections()
    assert set(claimed) & set(recorded) == set()
    assert len(claimed) == len(set(claimed))
    by_state = {
        state: sorted(
            Message.objects.filter(kind=MessageKind.CREDENTIALS, state=state).values_list(
                "to_address", flat=True
            )
        )
        for state in (MessageState.SENDING, MessageState.WITHDRAWN, MessageState.QUEUED)
    }
    assert by_state == {
        MessageState.SENDING: sorted(claimed),
        MessageState.WITHDRAWN: sorted(recorded),
        MessageState.QUEUED: [],
    }


def test_an_answer_that_comes_too_late_changes_nothing(office_people: OfficePeople) -> None:
    case = cases.sent(office_people, people=1)
    account = cases.accounts(case)[0]
    message = account.messages.get(kind=MessageKind.CREDENTIALS)
    record(account, office_people)
    workflow.settle_message(message.pk, cases.ACCEPTED, at=clock.now())
    assert states(case) == [AccountState.SENT_OUTSIDE]
    assert messages_of(account) == [(MessageState.WITHDRAWN, outside.WITHDRAWN)]


# -- what is refused -------------------------------------------------------------------------------


def test_who_presses_twice_is_told_so(office_people: OfficePeople) -> None:
    case = cases.sent(office_people, people=2)
    account = cases.accounts(case)[0]
    record(account, office_people)
    with pytest.raises(AlreadyDone):
        record(account, office_people)
    assert case.documents.filter(kind=DocumentKind.OUTSIDE_PROOF).count() == 1


def test_it_was_sent_after_step_4_began_and_before_now(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY + dt.timedelta(seconds=30)):
        case = cases.sent(office_people, people=1)
        account = cases.accounts(case)[0]
        clock.advance(10 * MINUTE)
        now = clock.now()
        assert refusal(
            lambda: record(account, office_people, sent_at=now + dt.timedelta(seconds=1))
        ) == {"sent_at": ["Waktu pengiriman belum tiba: sekarang Senin, 6 Juli 2026, 10.10 WITA."]}
        assert refusal(
            lambda: record(account, office_people, sent_at=MONDAY - dt.timedelta(seconds=1))
        ) == {
            "sent_at": [
                (
                    "Waktu pengiriman mendahului langkah 4, yang dimulai Senin, 6 Juli 2026, "
                    "10.00 WITA."
                )
            ]
        }
        record(account, office_people, sent_at=MONDAY)  # the minute in which it began
        assert states(case) == [AccountState.SENT_OUTSIDE]


def test_mailbox_reason_proof_and_the_person_s_word_are_required(
    office_people: OfficePeople,
) -> None:
    case = cases.sent(office_people, people=1)
    account = cases.accounts(case)[0]
    assert refusal(lambda: record(account, office_people, mailbox="lpse", blacked_out=False)) == {
        "mailbox": [
            "Kotak surat “lpse” bukan alamat yang lengkap. Tuliskan seperti nama@instansi.go.id."
        ],
        "blacked_out": [outside.NOT_CONFIRMED],
    }
    assert list(refusal(lambda: record(account, office_people, reason=" "))) == ["reason"]
    empty = Upload("bukti.png", b"")
    assert list(refusal(lambda: record(account, office_people, proof=empty))) == ["proof"]
    assert states(case) == [AccountState.QUEUED]
    assert messages_of(account) == [(MessageState.QUEUED, "")]


# -- the password ----------------------------------------------------------------------------------


def known_password(account: Account) -> None:
    credentials.keep(account, KNOWN, at=clock.now())


READABLE: dict[str, Callable[[], Upload]] = {
    "under a black box": lambda: mail_proofs.page_saying(f"Password: {KNOWN}"),
    "half of it": lambda: mail_proofs.page_saying("Password: ****-****-****-Haz3-****"),
    "spaced out": lambda: mail_proofs.page_saying("K a b 7 - T e n 4"),
    "black on black": lambda: mail_proofs.printed_page_saying(KNOWN),
    "in a remark": lambda: mail_proofs.page_with_remark(f"sandinya {KNOWN}"),
    "in the file's name": lambda: mail_proofs.picture(f"bukti {KNOWN}.png"),
    "in a picture's properties": lambda: Upload(
        "bukti.jpg", flat_image("JPEG", (64, 64)) + KNOWN.encode()
    ),
}


@pytest.mark.parametrize("how", READABLE)
def test_a_proof_in_which_a_machine_still_reads_the_password_is_refused(
    office_people: OfficePeople, how: str
) -> None:
    case = cases.sent(office_people, people=1)
    account = cases.accounts(case)[0]
    known_password(account)
    assert refusal(lambda: record(account, office_people, proof=READABLE[how]())) == {
        "proof": [outside.STILL_READABLE]
    }
    assert case.documents.filter(kind=DocumentKind.OUTSIDE_PROOF).count() == 0
    assert credentials.has_live(account)


def test_a_proof_that_shows_somebody_else_s_password_is_refused_too(
    office_people: OfficePeople,
) -> None:
    case = cases.sent(office_people, people=2)
    first, second = cases.accounts(case)
    known_password(second)
    proof = mail_proofs.page_saying(KNOWN)
    assert refusal(lambda: record(first, office_people, proof=proof)) == {
        "proof": [outside.STILL_READABLE]
    }


@pytest.mark.parametrize(
    "proof",
    [
        mail_proofs.picture,
        mail_proofs.page_of_picture,
        lambda: mail_proofs.page_saying("User id personel.001, password [dihitamkan]"),
        lambda: mail_proofs.printed_page_saying("dihitamkan"),
    ],
)
def test_a_proof_without_the_password_is_taken(
    office_people: OfficePeople, proof: Callable[[], Upload]
) -> None:
    case = cases.sent(office_people, people=1)
    account = cases.accounts(case)[0]
    known_password(account)
    record(account, office_people, proof=proof())
    assert states(case) == [AccountState.SENT_OUTSIDE]


def test_a_password_that_is_typed_along_is_refused(office_people: OfficePeople) -> None:
    case = cases.sent(office_people, people=1)
    account = cases.accounts(case)[0]
    known_password(account)
    assert refusal(lambda: record(account, office_people, reason=f"{AWAY}, {KNOWN}")) == {
        "reason": [outside.TYPED]
    }


def test_without_its_key_there_is_nothing_to_compare_and_the_act_goes_on(
    office_people: OfficePeople, settings: Any, tmp_path: Any
) -> None:
    case = cases.sent(office_people, people=1)
    settings.CREDENTIAL_KEYS_DIR = tmp_path
    record(cases.accounts(case)[0], office_people)
    assert states(case) == [AccountState.SENT_OUTSIDE]


def test_the_password_is_nowhere_afterwards(office_people: OfficePeople) -> None:
    case = cases.sent(office_people, people=1)
    account = cases.accounts(case)[0]
    known_password(account)
    with pytest.raises(InvalidInput) as refused:
        record(account, office_people, proof=mail_proofs.page_saying(KNOWN))
    record(account, office_people)
    parts = [KNOWN, *KNOWN.split("-")]
    told = str(refused.value) + repr(Readable(mail_proofs.page_saying(KNOWN), ""))
    for model in apps.get_app_config("accounts_requests").get_models():
        told += repr(list(model._default_manager.values()))
    assert [part for part in parts if part in told] == []
    assert not credentials.has_live(account)


# -- the database ----------------------------------------------------------------------------------


def test_an_account_sent_outside_says_how_when_and_why(office_people: OfficePeople) -> None:
    case = cases.sent(office_people, people=1)
    record(cases.accounts(case)[0], office_people)
    for column, nothing in (("sent_from", ""), ("reason", ""), ("delivered_at", None)):
        with pytest.raises(Exception, match=r"sent_outside_says|CHECK"), transaction.atomic():
            Account.objects.update(**{column: nothing})
    assert connection.is_usable()
