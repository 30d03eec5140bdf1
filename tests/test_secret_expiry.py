"""Passwords do not wait for ever: what time destroys, what it leaves alone, and the way on."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from accounts_requests import clock, credentials, outbox, workflow
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.models import (
    Account,
    AccountRequest,
    AuditEntry,
    Credential,
    Deviation,
    Message,
    Office,
    PasswordLink,
)
from accounts_requests.states import AccountState, Act, CaseState, MessageKind, MessageState
from accounts_requests.worker import Worker

from . import cases, link_cases
from .cases import OfficePeople
from .reading import html_of, url
from .smtp_fixtures import Answer, MailServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers", "empty_cache")]

KEPT = dt.timedelta(days=14)
SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def monday_morning(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.CREDENTIAL_KEYS_DIR = tmp_path / "keys"
    settings.CREDENTIAL_KEYS_DIR.mkdir(mode=0o700)
    with clock.moved_to(cases.MONDAY):
        yield


def live(case: AccountRequest) -> list[bool]:
    """Which people of the case still have a password."""
    return [credentials.has_live(account) for account in cases.accounts(case)]


def states(case: AccountRequest) -> list[str]:
    return [account.state for account in cases.accounts(case)]


def entries(case: AccountRequest) -> list[tuple[str, str]]:
    """What the trail tells of destroyed passwords: about whom, and why."""
    found = AuditEntry.objects.filter(request=case, act=Act.EXPIRE_PASSWORD, actor=None)
    return [(entry.object_label, entry.summary) for entry in found.order_by("sequence")]


def first(case: AccountRequest) -> Account:
    return cases.accounts(case)[0]


OLD = "Password personel nomor 1 telah menunggu 14 hari; password dimusnahkan."


# -- by age ---------------------------------------------------------------------------------------


def test_a_password_is_kept_to_the_last_second_of_its_days(office_people: OfficePeople) -> None:
    case = cases.claimed(office_people, people=1)

    clock.advance(KEPT - SECOND)
    Worker().sweep()
    assert live(case) == [True]
    clock.advance(SECOND)
    Worker().sweep()

    assert live(case) == [False]
    assert entries(case) == [("Personel nomor 1", OLD)]


@pytest.mark.django_db(transaction=True)
def test_its_key_is_gone_with_it(office_people: OfficePeople, settings: Settings) -> None:
    cases.claimed(office_people, people=2)
    assert len(list(settings.CREDENTIAL_KEYS_DIR.iterdir())) == 2

    clock.advance(KEPT)
    Worker().sweep()

    assert list(settings.CREDENTIAL_KEYS_DIR.iterdir()) == []
    assert set(Credential.objects.values_list("ciphertext", flat=True)) == {b""}


def test_the_office_says_how_long(office_people: OfficePeople) -> None:
    case = cases.claimed(office_people, people=1)
    Office.objects.update(password_keep_days=3)

    clock.advance(dt.timedelta(days=3))
    Worker().sweep()

    assert entries(case) == [
        (
            "Personel nomor 1",
            "Password personel nomor 1 telah menunggu 3 hari; password dimusnahkan.",
        )
    ]


def test_an_account_that_is_still_to_be_made_gets_a_new_one(
    office_people: OfficePeople, client: Client
) -> None:
    case = cases.claimed(office_people, people=2)
    clock.advance(KEPT)
    Worker().sweep()
    client.force_login(office_people.admin1)

    entry = html_of(client, url("account_entry", case, 1))
    whole = html_of(client, url("request_detail", case))
    with pytest.raises(NotAllowedNow, match="Tekan “Buat password baru”"):
        cases.record_created(first(case), office_people.admin1)
    workflow.new_password(first(case), actor=office_people.admin1)
    cases.record_created(first(case), office_people.admin1)

    assert (
        "Password yang lama dimusnahkan pada Senin, 20 Juli 2026, 10.00 WITA dan tidak tersimpan "
        "lagi."
    ) in entry
    assert "Password 2 personel telah dimusnahkan dengan sendirinya" in whole
    assert states(case) == [AccountState.CREATED, AccountState.PENDING]


def test_who_takes_over_finds_new_passwords_for_what_is_still_to_be_made(
    office_people: OfficePeople,
) -> None:
    case = cases.claimed(office_people, people=2)
    cases.record_created(first(case), office_people.admin1)
    clock.advance(KEPT)
    Worker().sweep()

    workflow.take_over(case, actor=office_people.admin2, reason="Pemegangnya sakit")

    assert live(case) == [False, True]


def test_what_was_created_but_not_sent_is_not_sent_without_its_password(
    office_people: OfficePeople, client: Client
) -> None:
    case = cases.recorded(office_people, people=2)
    clock.advance(KEPT)
    Worker().sweep()
    client.force_login(office_people.admin1)
    answers = {f"requirement_{key}": "ya" for key in cases.all_met(case)}

    page = html_of(client, url("send", case))
    refused = client.post(url("send", case), answers)
    way_on = html_of(client, url("delivery", case, 2))

    assert "Password berikut telah dimusnahkan" in page
    assert f'href="{url("delivery", case, 2)}"' in page
    assert "Password personel nomor 1, 2 telah dimusnahkan" in refused.content.decode()
    assert "Buat password baru" in way_on
    assert not Message.objects.filter(kind=MessageKind.CREDENTIALS).exists()


def test_a_new_password_before_sending_must_be_in_spse_first(
    office_people: OfficePeople, client: Client, smtp_server: MailServer
) -> None:
    case = cases.recorded(office_people, people=2)
    clock.advance(KEPT)
    Worker().sweep()
    passwords = [
        workflow.new_password(account, actor=office_people.admin1)
        for account in cases.accounts(case)
    ]
    client.force_login(office_people.admin1)
    answers = {f"requirement_{key}": "ya" for key in cases.all_met(case)}

    unconfirmed = client.post(url("send", case), answers)
    with pytest.raises(InvalidInput, match="Ganti dahulu password"):
        workflow.send_accounts(case, actor=office_people.admin1, answers=cases.all_met(case))
    confirmed = client.post(url("send", case), answers | {"changed_in_spse": "on"})
    Worker().drain()

    assert states(case) == [AccountState.ACCEPTED] * 2
    assert "Password baru sudah diganti di SPSE" in unconfirmed.content.decode()
    assert (unconfirmed.status_code, confirmed.status_code) == (200, 302)
    for position, password in enumerate(passwords, start=1):
        (received,) = smtp_server.received_by(link_cases.address(position))
        assert password in received.body("plain")


def test_a_page_of_one_account_before_sending_is_for_accounts_that_exist(
    office_people: OfficePeople, client: Client
) -> None:
    case = cases.recorded(office_people, people=2, refused=1)
    client.force_login(office_people.admin1)

    assert client.get(url("delivery", case, 1)).status_code == 200
    assert client.get(url("delivery", case, 2)).status_code == 404
    client.force_login(office_people.admin2)
    assert "pemegang tugas: Admin Contoh Satu" in html_of(client, url("delivery", case, 1))


def test_a_message_in_the_queue_is_withdrawn_and_needs_a_person(
    office_people: OfficePeople, client: Client, smtp_server: MailServer
) -> None:
    case = cases.sent(office_people, people=2)
    clock.advance(KEPT)
    Worker().sweep()
    client.force_login(office_people.admin1)

    account = html_of(client, url("delivery", case, 1))
    board = html_of(client, url("send", case))
    Worker().drain()

    assert states(case) == [AccountState.FAILED] * 2
    withdrawn = Message.objects.filter(kind=MessageKind.CREDENTIALS)
    assert {(row.state, row.settled_at) for row in withdrawn} == {
        (MessageState.WITHDRAWN, cases.MONDAY + KEPT)
    }
    assert smtp_server.received_by(link_cases.address(1)) == []
    assert "ditarik sebelum dikirim" in account
    assert "Password dimusnahkan setelah 14 hari, sebelum pesan ini terkirim." in account
    assert "Password yang lama dimusnahkan pada" in account
    assert "2 pesan perlu keputusan." in board
    assert [row.actual for row in Deviation.objects.filter(rule="message_not_accepted")] == [
        f"Personel nomor {number}: pesan ditarik sebelum dikirim karena passwordnya dimusnahkan"
        for number in (1, 2)
    ]


def test_a_withdrawn_message_is_followed_by_another(
    office_people: OfficePeople, smtp_server: MailServer
) -> None:
    case = cases.sent(office_people, people=1)
    clock.advance(KEPT)
    Worker().sweep()
    clock.advance(SECOND)

    password = link_cases.send_again(first(case), office_people)
    Worker().drain()

    assert cases.fresh(case).state == CaseState.EMAIL_SENT
    (received,) = smtp_server.received_by(link_cases.address(1))
    assert password in received.body("plain")


def test_a_message_that_a_worker_has_is_left_alone_until_its_answer(
    office_people: OfficePeople, smtp_server: MailServer
) -> None:
    case = cases.sent(office_people, people=1)
    Message.objects.exclude(kind=MessageKind.CREDENTIALS).delete()
    clock.advance(KEPT)
    message = outbox.claim_next("pekerja", clock.now())
    assert message is not None

    due = workflow.passwords_due(clock.now())
    Worker().sweep()
    delivery = outbox.deliver(message)
    outbox.record_answer(message, delivery)
    workflow.settle_message(message.pk, delivery, at=clock.now())

    assert due == []
    assert entries(case) == []
    assert (states(case), live(case)) == ([AccountState.ACCEPTED], [False])


def test_a_message_that_is_claimed_at_the_last_moment_keeps_its_password(
    office_people: OfficePeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cases.sent(office_people, people=1)
    clock.advance(KEPT)
    (due,) = workflow.passwords_due(clock.now())
    withdraw = outbox.withdraw

    def claimed_just_before(message: Message, at: dt.datetime, *, because: str) -> bool:
        Message.objects.filter(pk=message.pk).update(
            state=MessageState.SENDING, claimed_by="pekerja", claimed_at=at
        )
        return withdraw(message, at, because=because)

    monkeypatch.setattr(outbox, "withdraw", claimed_just_before)

    assert workflow.expire_password(due, at=clock.now()) is False
    assert live(case) == [True]
    assert entries(case) == []


@pytest.mark.parametrize("answer", [Answer.REFUSE, Answer.HANG_UP_AFTER])
def test_a_password_whose_message_needs_a_person_is_destroyed_and_the_ways_stay(
    office_people: OfficePeople, client: Client, smtp_server: MailServer, answer: Answer
) -> None:
    smtp_server.will(link_cases.address(1), answer)
    case = cases.sent(office_people, people=1)
    Worker().drain()
    before = states(case)
    clock.advance(KEPT)
    Worker().sweep()
    client.force_login(office_people.admin1)

    page = html_of(client, url("delivery", case, 1))
    link_cases.send_again(first(case), office_people)
    Worker().drain()

    assert before in ([AccountState.FAILED], [AccountState.UNCERTAIN])
    assert entries(case) == [("Personel nomor 1", OLD)]
    assert "Password yang lama dimusnahkan pada" in page
    assert "Sudah diserahkan dengan cara lain" in page
    assert states(case) == [AccountState.ACCEPTED]


def test_a_returned_case_loses_its_passwords_too(office_people: OfficePeople) -> None:
    case = cases.claimed(office_people, people=1)
    workflow.return_to_head(case, actor=office_people.admin1, reason="Formulir keliru")

    clock.advance(KEPT)
    Worker().sweep()

    assert live(case) == [False]
    assert cases.fresh(case).state == CaseState.DECREE_ISSUED


# -- links ----------------------------------------------------------------------------------------


@pytest.fixture
def by_link(office_people: OfficePeople, smtp_server: MailServer) -> AccountRequest:
    """A case of one person whose link was accepted and not opened."""
    link_cases.choose_links()
    return link_cases.mailed(office_people, smtp_server)


LINK = (
    "Tautan password personel nomor 1 tidak dibuka sampai masanya berakhir; password dimusnahkan."
)


def test_a_link_that_nobody_opened_ends_as_a_departure_from_the_output(
    by_link: AccountRequest,
) -> None:
    clock.advance(72 * HOUR)
    Worker().sweep()
    Worker().sweep()

    (deviation,) = Deviation.objects.filter(request=by_link, aspect="output")
    assert (deviation.rule, deviation.aspect, deviation.step_run.step.number) == (
        "link_not_opened",
        "output",
        4,
    )
    assert deviation.actual == ("Personel nomor 1: tautan password kedaluwarsa tanpa dibuka")
    assert live(by_link) == [False]
    assert entries(by_link) == [("Personel nomor 1", LINK)]
    assert states(by_link) == [AccountState.ACCEPTED]


def test_nobody_is_blamed_for_a_link_that_may_have_been_opened_before_a_restore(
    by_link: AccountRequest, settings: Settings
) -> None:
    for key in settings.CREDENTIAL_KEYS_DIR.iterdir():
        key.unlink()

    clock.advance(72 * HOUR)
    Worker().sweep()

    assert not Deviation.objects.filter(rule="link_not_opened").exists()
    assert entries(by_link) == [
        (
            "Personel nomor 1",
            (
                "Kunci password personel nomor 1 sudah tidak ada, mungkin tautannya dibuka; "
                "password dimusnahkan."
            ),
        )
    ]


def test_a_link_that_was_opened_or_replaced_is_no_departure(
    by_link: AccountRequest, office_people: OfficePeople, smtp_server: MailServer
) -> None:
    link_cases.press(link_cases.token_for(smtp_server))
    clock.advance(HOUR)
    link_cases.send_again(first(by_link), office_people)
    Worker().drain()
    clock.advance(HOUR)
    link_cases.send_again(first(by_link), office_people)
    Worker().drain()
    link_cases.press(link_cases.token_for(smtp_server))

    clock.advance(100 * HOUR)
    Worker().sweep()

    assert not Deviation.objects.filter(request=by_link, aspect="output").exists()
    assert entries(by_link) == []


def test_a_link_that_ends_after_archiving_is_on_record_all_the_same(
    by_link: AccountRequest, office_people: OfficePeople
) -> None:
    workflow.archive(by_link, actor=office_people.admin1, answers=cases.all_met(by_link))
    before = AccountRequest.objects.filter(pk=by_link.pk).values().get()

    clock.advance(72 * HOUR)
    Worker().sweep()

    assert live(by_link) == [False]
    assert [row.rule for row in Deviation.objects.filter(request=by_link, aspect="output")] == [
        "link_not_opened"
    ]
    assert entries(by_link) == [("Personel nomor 1", LINK)]
    assert AccountRequest.objects.filter(pk=by_link.pk).values().get() == before


def test_a_password_behind_an_open_link_has_the_links_time(
    office_people: OfficePeople, smtp_server: MailServer
) -> None:
    link_cases.choose_links()
    case = cases.recorded(office_people, people=1)
    clock.advance(KEPT - HOUR)
    workflow.send_accounts(case, actor=office_people.admin1, answers=cases.all_met(case))
    Worker().drain()

    clock.advance(2 * HOUR)
    Worker().sweep()

    assert live(case) == [True]
    link_cases.press(link_cases.token_for(smtp_server))


def test_a_link_whose_message_is_tried_again_is_not_counted_as_ended(
    office_people: OfficePeople, smtp_server: MailServer
) -> None:
    link_cases.choose_links()
    Office.objects.update(password_link_hours=1)
    smtp_server.will(link_cases.address(1), Answer.DEFER_CONTENT)
    cases.sent(office_people, people=1)
    Worker().drain()
    clock.advance(2 * HOUR)

    assert workflow.passwords_due(clock.now()) == []
    Worker().drain()
    link_cases.press(link_cases.token_for(smtp_server))
    assert not Deviation.objects.filter(rule="link_not_opened").exists()


def test_an_uncertain_link_ends_without_a_second_departure(
    office_people: OfficePeople, smtp_server: MailServer
) -> None:
    link_cases.choose_links()
    smtp_server.will(link_cases.address(1), Answer.HANG_UP_AFTER)
    case = cases.sent(office_people, people=1)
    Worker().drain()

    clock.advance(72 * HOUR)
    Worker().sweep()

    assert (states(case), live(case)) == ([AccountState.UNCERTAIN], [False])
    assert [row.rule for row in Deviation.objects.filter(aspect="output")] == [
        "message_not_accepted"
    ]


def test_a_new_password_outlives_the_link_that_ended_before_it(
    by_link: AccountRequest, office_people: OfficePeople
) -> None:
    clock.advance(73 * HOUR)
    workflow.new_password(first(by_link), actor=office_people.admin1)
    Worker().sweep()

    assert live(by_link) == [True]
    assert PasswordLink.objects.get().revoked_at is None
    assert [row.rule for row in Deviation.objects.filter(aspect="output")] == ["link_not_opened"]


def test_a_new_password_that_is_never_sent_is_destroyed_like_any_other(
    by_link: AccountRequest, office_people: OfficePeople
) -> None:
    workflow.new_password(first(by_link), actor=office_people.admin1)
    workflow.archive(by_link, actor=office_people.admin1, answers=cases.all_met(by_link))

    clock.advance(KEPT)
    Worker().sweep()

    assert live(by_link) == [False]
    assert entries(by_link) == [("Personel nomor 1", OLD)]


# -- many workers, and one that fails -------------------------------------------------------------


def test_a_password_is_destroyed_once_however_often_it_is_asked(
    office_people: OfficePeople,
) -> None:
    case = cases.claimed(office_people, people=1)
    clock.advance(KEPT)
    (due,) = workflow.passwords_due(clock.now())

    assert [workflow.expire_password(due, at=clock.now()) for _ in range(3)] == [True, False, False]
    assert len(entries(case)) == 1


def test_one_that_fails_stops_no_other(office_people: OfficePeople) -> None:
    case = cases.claimed(office_people, people=3)
    clock.advance(KEPT)
    _, second, _ = workflow.passwords_due(clock.now())

    def expire(credential_pk: int, *, at: dt.datetime) -> None:
        if credential_pk == second:
            raise RuntimeError
        workflow.expire_password(credential_pk, at=at)

    worker = Worker(expire_password=expire)
    worker.sweep()

    assert (live(case), worker.failures) == ([False, True, False], 1)
    Worker().sweep()
    assert live(case) == [False, False, False]
