"""One-time links to passwords: reading consumes nothing, the press does, and only once."""

import datetime as dt
import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from accounts_requests import clock, credentials, mail_texts, outbox, password_links, workflow
from accounts_requests.documents import control_sheet, mail_proof
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.models import (
    Account,
    AccountRequest,
    AuditEntry,
    Credential,
    Deviation,
    Document,
    Message,
    Office,
    PasswordDelivery,
    PasswordLink,
)
from accounts_requests.office_rules import check_password_times
from accounts_requests.outbox import Delivery
from accounts_requests.states import (
    AccountState,
    Act,
    CaseState,
    DocumentKind,
    MessageKind,
    MessageState,
    SmtpStage,
)
from accounts_requests.worker import Worker

from . import cases, link_cases
from .cases import OfficePeople
from .link_cases import page_of, press, send_again, token_for
from .reading import html_of, url
from .smtp_fixtures import Answer, MailServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers", "empty_cache")]

HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
UNKNOWN = "A" * 43


@pytest.fixture(autouse=True)
def monday_morning(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.CREDENTIAL_KEYS_DIR = tmp_path / "keys"
    settings.CREDENTIAL_KEYS_DIR.mkdir(mode=0o700)
    settings.PUBLIC_URL = "https://registri.contoh.go.id"
    with clock.moved_to(cases.MONDAY):
        yield


@pytest.fixture
def staff(office_people: OfficePeople) -> OfficePeople:
    """The office people, in an office that chose links."""
    link_cases.choose_links()
    return office_people


@pytest.fixture
def case(staff: OfficePeople, smtp_server: MailServer) -> AccountRequest:
    """A case of one person whose link was accepted by the mail server."""
    return link_cases.mailed(staff, smtp_server)


def only(case: AccountRequest) -> Account:
    (account,) = cases.accounts(case)
    return account


def shape(response: HttpResponse) -> tuple[int, bytes, dict[str, str]]:
    """All that somebody outside can tell of an answer."""
    return response.status_code, response.content, dict(response.headers)


# -- the mail -------------------------------------------------------------------------------------


def test_the_mail_carries_the_user_id_the_link_and_both_demands_but_no_password(
    case: AccountRequest, smtp_server: MailServer
) -> None:
    (received,) = smtp_server.received_by(link_cases.address(1))
    password = credentials.reveal(only(case))
    token = token_for(smtp_server)

    for body in (received.body("plain"), received.body("html")):
        assert "personel.001" in body
        assert f"https://registri.contoh.go.id/password/{token}/" in body
        assert "Kamis, 9 Juli 2026, 10.00 WITA" in body
        assert "segera lakukan login" in body.lower()
        assert "wajib mengubah password" in body.lower()
        assert password not in body
    assert password.encode() not in received.data


def test_only_the_hash_of_the_token_is_kept(case: AccountRequest, smtp_server: MailServer) -> None:
    token = token_for(smtp_server)

    link = link_cases.link_of(only(case))

    assert link.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert (link.expires_at, link.opened_at) == (cases.MONDAY + 72 * HOUR, None)


def test_a_preview_makes_no_token(staff: OfficePeople) -> None:
    case = cases.recorded(staff, people=1)

    text = outbox.preview(only(case)).text

    assert "/password/••••••••••••/" in text
    assert "72 jam sesudah e-mail ini dikirim" in text
    assert PasswordLink.objects.count() == 0


def test_what_waits_in_the_queue_has_no_token_yet(staff: OfficePeople) -> None:
    case = cases.sent(staff, people=1)

    link = link_cases.link_of(only(case))

    assert (link.token_hash, link.expires_at) == ("", None)
    assert password_links.words_of(link, clock.now()) == "tautan belum dikirim"


def test_a_message_with_a_link_never_falls_back_to_the_password(staff: OfficePeople) -> None:
    case = cases.sent(staff, people=1)
    message = Message.objects.get(account=only(case))

    with pytest.raises(ValueError, match="token of its attempt"):
        outbox.compose(message)


def test_each_attempt_has_a_token_of_its_own_and_the_former_opens_nothing(
    staff: OfficePeople, smtp_server: MailServer
) -> None:
    smtp_server.will(link_cases.address(1), Answer.DEFER_CONTENT)
    case = cases.sent(staff, people=1)
    tokens = []
    for _ in range(2):
        message = outbox.claim_next("pekerja", clock.now())
        while message is not None and message.kind != MessageKind.CREDENTIALS:
            outbox.deliver(message)
            message = outbox.claim_next("pekerja", clock.now())
        assert message is not None
        delivery = outbox.deliver(message)
        tokens.append(link_cases.link_of(only(case)).token_hash)
        if delivery.outcome == "retry":
            outbox.retry_later(message, delivery, at=clock.now())
        clock.advance(2 * MINUTE)

    assert len(set(tokens)) == 2
    assert PasswordLink.objects.filter(token_hash=tokens[0]).count() == 0


def test_a_worker_that_lost_its_claim_leaves_the_token_of_the_other(
    staff: OfficePeople, smtp_server: MailServer
) -> None:
    case = cases.sent(staff, people=1)
    Message.objects.exclude(kind=MessageKind.CREDENTIALS).delete()
    message = outbox.claim_next("lambat", clock.now())
    assert message is not None
    Message.objects.filter(pk=message.pk).update(claimed_by="lain")

    with pytest.raises(outbox.ClaimLost):
        outbox.deliver(message)

    assert link_cases.link_of(only(case)).token_hash == ""
    assert smtp_server.received == []


def test_a_server_that_quotes_the_link_is_not_recorded() -> None:
    message = Message(account=Account(pk=1))
    token = "Zk3vQ8nT-w5mLr2_pX7cD4sHj9aBf6yGuE1oWiKqNtS"
    spoken = Delivery("failed", SmtpStage.ANSWERED, 554, f"5.7.1 http /password/{token[3:22]}")

    assert outbox._without_secret(message, spoken, token).answer == outbox.QUOTED_SECRET
    plain = Delivery("failed", SmtpStage.ANSWERED, 554, "5.7.1 Isi ditolak")
    assert outbox._without_secret(message, plain, token) == plain


def test_the_office_chooses_for_messages_that_are_queued_afterwards(
    staff: OfficePeople, smtp_server: MailServer
) -> None:
    by_link = cases.sent(staff, people=1)
    Office.objects.update(password_delivery=PasswordDelivery.MAIL)
    Worker().drain()

    assert len(link_cases.tokens_of(smtp_server.received_by(link_cases.address(1))[0])) == 1
    assert credentials.has_live(only(by_link))


# -- reading --------------------------------------------------------------------------------------


def test_reading_consumes_nothing_and_tells_nothing(
    client: Client, case: AccountRequest, smtp_server: MailServer
) -> None:
    token = token_for(smtp_server)
    before = AuditEntry.objects.count()

    answers = [client.get(page_of(token)), client.head(page_of(token)), client.get(page_of(token))]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    html = " ".join(answers[0].content.decode().split())
    assert f"akun Anda pada {Office.current().target_name}" in html
    assert "berlaku sampai Kamis, 9 Juli 2026, 10.00 WITA" in html
    assert "personel.001" not in html
    assert "Contoh Personel" not in html
    assert credentials.reveal(only(case)) not in html
    assert AuditEntry.objects.count() == before
    assert link_cases.link_of(only(case)).opened_at is None
    assert press(token)


def test_no_answer_may_be_stored_or_named_elsewhere(
    client: Client, case: AccountRequest, smtp_server: MailServer
) -> None:
    token = token_for(smtp_server)

    for answer in (
        client.get(page_of(token)),
        client.post(page_of(token)),
        client.post(page_of(token)),
        client.get(page_of(UNKNOWN)),
    ):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert {"no-store", "private"} <= set(answer.headers["Cache-Control"].split(", "))
        assert answer.cookies == {}


def test_other_methods_are_refused(client: Client, staff: OfficePeople) -> None:
    assert client.put(page_of(UNKNOWN)).status_code == 405
    assert client.delete(page_of(UNKNOWN)).status_code == 405


# -- the press ------------------------------------------------------------------------------------


def test_the_press_shows_user_id_and_password_once(
    case: AccountRequest, smtp_server: MailServer
) -> None:
    token, password = token_for(smtp_server), credentials.reveal(only(case))

    first = press(token, Client(enforce_csrf_checks=True))
    again = Client().post(page_of(token))

    assert (password in first, "personel.001" in first) == (True, True)
    assert again.status_code == 404
    assert password not in again.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_press_destroys_the_password_and_leaves_a_receipt(
    case: AccountRequest, smtp_server: MailServer, settings: Settings
) -> None:
    clock.advance(HOUR)

    Client(REMOTE_ADDR="198.51.100.7").post(page_of(token_for(smtp_server)))

    link = link_cases.link_of(only(case))
    entry = AuditEntry.objects.latest("sequence")
    (row,) = Credential.objects.filter(account=only(case))
    assert (link.opened_at, link.opened_from) == (cases.MONDAY + HOUR, "198.51.100.7")
    assert (bytes(row.ciphertext), row.destroyed_at) == (b"", cases.MONDAY + HOUR)
    assert list(settings.CREDENTIAL_KEYS_DIR.iterdir()) == []
    assert (entry.act, entry.actor, entry.actor_role, entry.address, entry.summary) == (
        Act.OPEN_LINK,
        None,
        "Pemegang tautan",
        "198.51.100.7",
        (
            "Tautan password personel nomor 1 dibuka; password ditampilkan satu kali, lalu "
            "dimusnahkan."
        ),
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_browsers_at_once_exactly_one_is_shown_the_password(
    case: AccountRequest, smtp_server: MailServer
) -> None:
    token, password = token_for(smtp_server), credentials.reveal(only(case))
    together = threading.Barrier(4)
    seen: list[bool] = []

    def browser() -> None:
        with clock.moved_to(cases.MONDAY):
            together.wait()
            seen.append(password in Client().post(page_of(token)).content.decode())
        connection.close()

    presses = [threading.Thread(target=browser) for _ in range(4)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()

    assert sorted(seen) == [False, False, False, True]
    assert AuditEntry.objects.filter(act=Act.OPEN_LINK).count() == 1


def test_unknown_used_expired_and_revoked_look_the_same(
    staff: OfficePeople, smtp_server: MailServer
) -> None:
    case = link_cases.mailed(staff, smtp_server, people=3)
    used, expired, revoked = (token_for(smtp_server, position) for position in (1, 2, 3))
    press(used)
    workflow.new_password(cases.accounts(case)[2], actor=staff.admin1)
    PasswordLink.objects.filter(account=cases.accounts(case)[1]).update(expires_at=clock.now())

    for method in ("get", "post"):
        told = [
            shape(getattr(Client(), method)(page_of(token)))
            for token in (UNKNOWN, used, expired, revoked, "terpotong")
        ]
        assert told == [told[0]] * 5
        assert told[0][0] == 404


def test_a_link_is_good_to_its_last_second(case: AccountRequest, smtp_server: MailServer) -> None:
    token = token_for(smtp_server)

    with clock.moved_to(cases.MONDAY + 72 * HOUR):
        assert Client().get(page_of(token)).status_code == 404
        assert Client().post(page_of(token)).status_code == 404
    with clock.moved_to(cases.MONDAY + 72 * HOUR - dt.timedelta(seconds=1)):
        press(token)


def test_a_password_that_cannot_be_read_leaves_the_link_as_it_is(
    case: AccountRequest, smtp_server: MailServer, settings: Settings, tmp_path: Path
) -> None:
    token, keys = token_for(smtp_server), settings.CREDENTIAL_KEYS_DIR
    settings.CREDENTIAL_KEYS_DIR = tmp_path

    assert Client().post(page_of(token)).status_code == 404

    settings.CREDENTIAL_KEYS_DIR = keys
    press(token)


def test_guessing_tires_an_address_without_locking_its_office_out(
    case: AccountRequest, smtp_server: MailServer
) -> None:
    client = Client(REMOTE_ADDR="198.51.100.7")
    told = [client.get(page_of(f"{guess:043d}")).status_code for guess in range(62)]

    assert told == [404] * password_links.MISSES + [429, 429]
    assert Client(REMOTE_ADDR="198.51.100.8").get(page_of(UNKNOWN)).status_code == 404
    assert client.get(page_of(token_for(smtp_server))).status_code == 200
    press(token_for(smtp_server), client)
    clock.advance(password_links.MISSES_WINDOW)
    assert client.get(page_of(UNKNOWN)).status_code == 404


# -- what it means for the case -------------------------------------------------------------------


def test_acceptance_completes_step_4_and_the_password_waits(
    case: AccountRequest, smtp_server: MailServer
) -> None:
    account = only(case)

    assert (case.state, account.state) == (CaseState.EMAIL_SENT, AccountState.ACCEPTED)
    assert account.delivered_at == cases.MONDAY
    assert credentials.has_live(account)
    press(token_for(smtp_server))
    assert not credentials.has_live(account)


def test_a_refused_message_closes_its_link(staff: OfficePeople, smtp_server: MailServer) -> None:
    smtp_server.will(link_cases.address(1), Answer.REFUSE_CONTENT)
    case = cases.sent(staff, people=1)
    Worker().drain()

    link = link_cases.link_of(only(case))

    assert only(case).state == AccountState.FAILED
    assert password_links.words_of(link, clock.now()).startswith("tautan dicabut tanpa dibuka")


def test_an_uncertain_message_whose_link_is_opened_has_arrived(
    staff: OfficePeople, smtp_server: MailServer
) -> None:
    smtp_server.will(link_cases.address(1), Answer.HANG_UP_AFTER)
    case = cases.sent(staff, people=1)
    Worker().drain()
    assert only(case).state == AccountState.UNCERTAIN

    clock.advance(MINUTE)
    press(token_for(smtp_server))

    account = only(case)
    assert (account.state, account.delivered_at) == (
        AccountState.ACCEPTED,
        cases.MONDAY + MINUTE,
    )
    assert cases.fresh(case).state == CaseState.EMAIL_SENT
    assert [row.rule for row in Deviation.objects.all()] == ["message_not_accepted"]


def test_a_link_that_is_opened_before_the_answer_proves_the_message(
    staff: OfficePeople, smtp_server: MailServer
) -> None:
    case = cases.sent(staff, people=1)
    Message.objects.exclude(kind=MessageKind.CREDENTIALS).delete()
    message = outbox.claim_next("pekerja", clock.now())
    assert message is not None
    outbox.deliver(message)
    press(token_for(smtp_server))

    lost = Delivery("uncertain", SmtpStage.FINAL_DOT, None, "")
    workflow.settle_message(message.pk, lost, at=clock.now())

    assert Message.objects.get(pk=message.pk).state == MessageState.ACCEPTED
    assert only(case).state == AccountState.ACCEPTED
    assert not Deviation.objects.exists()


def test_admin_ppe_is_not_shown_what_waits_for_its_person(
    case: AccountRequest, staff: OfficePeople, client: Client
) -> None:
    with pytest.raises(NotAllowedNow, match="menunggu dibuka oleh personelnya"):
        workflow.reveal_password(only(case), actor=staff.admin1)
    client.force_login(staff.admin1)
    assert client.post(url("password_reveal", case, 1)).status_code == 409


@pytest.mark.parametrize("fate", ["opened", "expired", "waiting"])
def test_a_link_may_be_followed_by_another_whatever_became_of_it(
    case: AccountRequest, staff: OfficePeople, smtp_server: MailServer, fate: str
) -> None:
    run = case.step_runs.get(step__number=4)
    former = token_for(smtp_server)
    if fate == "opened":
        press(former)
    if fate == "expired":
        clock.advance(73 * HOUR)
        Worker().sweep()
    clock.advance(MINUTE)

    password = send_again(only(case), staff)
    Worker().drain()

    case = cases.fresh(case)
    assert (case.state, only(case).state) == (CaseState.EMAIL_SENT, AccountState.ACCEPTED)
    assert case.step_runs.get(step__number=4).finished_at == run.finished_at
    assert Client().post(page_of(former)).status_code == 404
    assert password in press(token_for(smtp_server))


def test_sending_again_asks_for_a_new_password_that_is_in_spse(
    case: AccountRequest, staff: OfficePeople, smtp_server: MailServer
) -> None:
    press(token_for(smtp_server))
    answers: dict[str, Any] = {
        "actor": staff.admin1,
        "address": link_cases.address(1),
        "reason": "Halaman tertutup sebelum terbaca",
        "had_signed_in": False,
    }

    with pytest.raises(NotAllowedNow, match="memerlukan password baru"):
        workflow.resend(only(case), changed_in_spse=True, **answers)
    clock.advance(MINUTE)
    workflow.new_password(only(case), actor=staff.admin1)
    with pytest.raises(InvalidInput, match="Ganti dahulu password"):
        workflow.resend(only(case), changed_in_spse=False, **answers)
    workflow.resend(only(case), changed_in_spse=True, **answers)
    with pytest.raises(NotAllowedNow, match="telah diselesaikan oleh Anda sendiri"):
        workflow.resend(only(case), changed_in_spse=True, **answers)


def test_a_further_message_that_is_refused_is_a_departure_and_may_go_again(
    case: AccountRequest, staff: OfficePeople, smtp_server: MailServer
) -> None:
    clock.advance(MINUTE)
    smtp_server.will(link_cases.address(1), Answer.REFUSE)
    send_again(only(case), staff)
    Worker().drain()

    assert only(case).state == AccountState.ACCEPTED
    assert [row.rule for row in Deviation.objects.all()] == ["message_not_accepted"]
    clock.advance(MINUTE)
    password = send_again(only(case), staff)
    Worker().drain()
    assert password in press(token_for(smtp_server))


def test_the_proof_of_sending_is_made_anew_after_a_further_message(
    case: AccountRequest, staff: OfficePeople
) -> None:
    clock.advance(MINUTE)
    send_again(only(case), staff)
    Worker().drain()

    proofs = Document.objects.filter(request=case, kind=DocumentKind.MAIL_PROOF)
    assert proofs.filter(superseded_at__isnull=True).count() == 1
    assert proofs.count() == 3


def test_a_link_lives_on_after_the_file_is_archived_and_changes_nothing_in_it(
    case: AccountRequest, staff: OfficePeople, smtp_server: MailServer
) -> None:
    workflow.archive(case, actor=staff.admin1, answers=cases.all_met(case))
    Worker().drain()
    before = AccountRequest.objects.filter(pk=case.pk).values().get()
    papers = list(Document.objects.filter(request=case).values("pk", "sha256", "superseded_at"))
    clock.advance(HOUR)

    press(token_for(smtp_server))
    Worker().drain()

    assert AccountRequest.objects.filter(pk=case.pk).values().get() == before
    now = list(Document.objects.filter(request=case).values("pk", "sha256", "superseded_at"))
    assert now == papers
    assert AuditEntry.objects.filter(request=case, act=Act.OPEN_LINK).count() == 1
    # Who lost what the page showed is sent a new one all the same.
    workflow.new_password(only(case), actor=staff.admin1)
    assert credentials.has_live(only(case))


# -- what pages and papers say --------------------------------------------------------------------


def test_the_papers_say_what_became_of_each_link_at_their_own_instant(
    staff: OfficePeople, smtp_server: MailServer
) -> None:
    case = link_cases.mailed(staff, smtp_server, people=3)
    press(token_for(smtp_server, 1))
    clock.advance(HOUR)
    press(token_for(smtp_server, 2))
    at = cases.MONDAY + MINUTE

    proof: Any = mail_proof.draft(case, at=at, code="").context
    sheet: Any = control_sheet.draft(case, at=at, code="").context

    assert [message["link"] for message in proof["messages"]] == [
        "tautan dibuka pada Senin, 6 Juli 2026, 10.00 WITA",
        "tautan belum dibuka, berlaku sampai Kamis, 9 Juli 2026, 10.00 WITA",
        "tautan belum dibuka, berlaku sampai Kamis, 9 Juli 2026, 10.00 WITA",
    ]
    assert all("/password/••••••••••••/" in message["body"] for message in proof["messages"])
    assert "1 dari 3 tautan password dibuka" in sheet["rows"][3]["results"]


def test_papers_of_an_office_without_links_do_not_mention_them(
    office_people: OfficePeople,
) -> None:
    case = cases.emailed(office_people, people=1)

    proof: Any = mail_proof.draft(case, at=clock.now(), code="").context
    sheet: Any = control_sheet.draft(case, at=clock.now(), code="").context

    assert (proof["by_link"], proof["messages"][0]["link"]) == (False, "")
    assert not any("tautan" in result for result in sheet["rows"][3]["results"])


FATES = {
    "waiting": "tautan belum dibuka, berlaku sampai Kamis, 9 Juli 2026, 10.00 WITA",
    "opened": "tautan dibuka pada Senin, 6 Juli 2026, 10.00 WITA",
    "expired": "tautan kedaluwarsa tanpa dibuka pada Kamis, 9 Juli 2026, 10.00 WITA",
    "revoked": "tautan dicabut tanpa dibuka pada Senin, 6 Juli 2026, 10.00 WITA",
}


@pytest.mark.parametrize("fate", FATES)
def test_case_board_and_account_say_what_became_of_the_link(
    case: AccountRequest, staff: OfficePeople, smtp_server: MailServer, client: Client, fate: str
) -> None:
    said = FATES[fate]
    if fate == "opened":
        press(token_for(smtp_server))
    if fate == "expired":
        clock.advance(73 * HOUR)
    if fate == "revoked":
        workflow.new_password(only(case), actor=staff.admin1)
    client.force_login(staff.admin1)

    board = html_of(client, url("send", case))
    account = html_of(client, url("delivery", case, 1))

    assert said in html_of(client, url("request_detail", case))
    assert said in board
    assert said in account
    assert f'href="{url("delivery", case, 1)}"' in board
    assert "Buat password baru" in account
    assert "Sudah diserahkan dengan cara lain" not in account


def test_the_account_is_sent_again_from_its_page(
    case: AccountRequest, staff: OfficePeople, smtp_server: MailServer, client: Client
) -> None:
    press(token_for(smtp_server))
    clock.advance(MINUTE)
    client.force_login(staff.admin1)
    made = client.post(url("password_new", case, 1), headers={"Accept": "application/json"})
    clock.advance(MINUTE)

    pressed = client.post(
        url("delivery", case, 1),
        {
            "way": "kirim-ulang",
            "address": link_cases.address(1),
            "reason": "Halaman tertutup sebelum terbaca",
            "had_signed_in": "tidak",
            "changed_in_spse": "on",
        },
    )
    board = html_of(client, url("send", case))
    Worker().drain()

    assert pressed.status_code == 302
    assert "Dalam antrean" in board
    assert "pengiriman ke-2" in board
    assert made.json()["password"] in press(token_for(smtp_server))


def test_the_page_before_sending_says_that_a_link_goes_out(
    staff: OfficePeople, client: Client
) -> None:
    client.force_login(staff.admin1)

    html = html_of(client, url("send", cases.recorded(staff, people=1)))

    assert "tautan disembunyikan di sini" in html
    assert "dimusnahkan begitu dibuka atau masanya berakhir (72 jam)" in html


# -- the office's choice --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "days", "said"),
    [
        ("0", "14", "Isi antara 1 dan 336 jam."),
        ("337", "14", "Isi antara 1 dan 336 jam."),
        ("72", "0", "Isi antara 1 dan 90 hari."),
        ("72", "91", "Isi antara 1 dan 90 hari."),
    ],
)
def test_no_secret_may_live_for_ever(hours: str, days: str, said: str) -> None:
    found = check_password_times(int(hours), int(days))
    assert list(found.values()) == [[said]]


def test_limits_that_can_be_kept_pass() -> None:
    assert check_password_times(1, 1) == check_password_times(336, 90) == {}
    assert check_password_times(None, None) == {}


def test_the_wording_of_both_kinds_of_mail_is_told_apart() -> None:
    by_mail = mail_texts.template_version(mail_texts.credentials_template(by_link=False))
    by_link = mail_texts.template_version(mail_texts.credentials_template(by_link=True))
    assert by_mail != by_link
