"""Recording a mail from another mailbox, as Admin PPE meets it; and what papers say of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts_requests import clock, credentials, outbox, workflow
from accounts_requests.acts import outside
from accounts_requests.documents import control_sheet, mail_proof
from accounts_requests.models import AccountRequest, Message
from accounts_requests.outbox import Delivery
from accounts_requests.states import AccountState, CaseState, DocumentKind, MessageKind, SmtpStage
from accounts_requests.uploads import Upload

from . import cases, mail_proofs
from .cases import MONDAY, OfficePeople
from .page_forms import form_on
from .query_counts import queries
from .reading import html_of, html_of_paper, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

PAGE_QUERIES = 14
AWAY = "Server e-mail tidak terjangkau sejak pagi"
MAILBOX = "lpse.cadangan@contoh.example"
UNREACHED = Delivery("retry", SmtpStage.CONNECT, None, "Server e-mail tidak dapat dihubungi.")


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield


@pytest.fixture
def admin(client: Client, office_people: OfficePeople) -> Client:
    client.force_login(office_people.admin1)
    return client


@pytest.fixture
def waiting(office_people: OfficePeople) -> AccountRequest:
    """A case of two whose messages wait after a first attempt."""
    case = cases.sent(office_people, people=2)
    while (message := outbox.claim_next("tests", clock.now())) is not None:
        outbox.retry_later(message, UNREACHED, at=clock.now())
    return cases.fresh(case)


def typed(proof: Upload | None = None, **changes: Any) -> dict[str, Any]:
    proof = proof or mail_proofs.picture()
    values: dict[str, Any] = {
        "sent_at": "2026-07-06T10:00",
        "mailbox": MAILBOX,
        "reason": AWAY,
        "blacked_out": "on",
        **changes,
        "proof": SimpleUploadedFile(proof.file_name, proof.data),
    }
    return {name: value for name, value in values.items() if value}


def states(case: AccountRequest) -> list[str]:
    return [account.state for account in cases.accounts(case)]


def press(admin: Client, case: AccountRequest, data: dict[str, Any]) -> tuple[int, str]:
    answer = admin.post(url("sent_outside", case, 1), data)
    return answer.status_code, " ".join(answer.content.decode().split())


def test_a_row_that_waits_leads_to_the_form_and_the_form_back_to_the_board(
    admin: Client, waiting: AccountRequest
) -> None:
    address = url("sent_outside", waiting, 1)
    assert html_of(admin, url("send", waiting)).count("/luar-sistem/") == 2
    assert address in html_of(admin, url("delivery", waiting, 1))
    form = form_on(html_of(admin, address), having="mailbox")
    answer = admin.post(address, form.fields | typed())
    assert answer["Location"] == url("send", waiting)
    assert states(waiting) == [AccountState.SENT_OUTSIDE, AccountState.QUEUED]
    board = html_of(admin, url("send", waiting))
    assert "Dikirim dari luar sistem" in board
    assert f"Dikirim Senin, 6 Juli 2026, 10.00 WITA dari {MAILBOX}. {AWAY}" in board
    assert f"dari kotak surat {MAILBOX}" in html_of(admin, url("delivery", waiting, 1))


def test_a_message_that_was_never_tried_is_left_to_the_worker_on_the_board(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.sent(office_people, people=1)
    assert "/luar-sistem/" not in html_of(admin, url("send", case))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sent_at": ""}, "Isi waktu pengirimannya."),
        ({"sent_at": "2026-07-06T10:01"}, "Waktu pengiriman belum tiba"),
        ({"sent_at": "2026-07-06T09:59"}, "mendahului langkah 4"),
        ({"mailbox": "lpse"}, "Tuliskan alamat yang lengkap"),
        ({"reason": "mati"}, "terlalu singkat"),
        ({"blacked_out": ""}, "nyatakan bahwa passwordnya sudah dihitamkan"),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(
    admin: Client, waiting: AccountRequest, changes: dict[str, Any], sentence: str
) -> None:
    status, html = press(admin, waiting, typed(**changes))
    assert status == 200
    assert sentence in html
    kept = {"mailbox": MAILBOX, "reason": AWAY} | changes
    assert kept["mailbox"] in html
    assert kept["reason"] in html
    assert states(waiting) == [AccountState.QUEUED, AccountState.QUEUED]


def test_a_proof_with_the_password_under_a_black_box_is_refused_beside_the_file(
    admin: Client, waiting: AccountRequest
) -> None:
    password = credentials.reveal(cases.accounts(waiting)[0])
    status, html = press(admin, waiting, typed(mail_proofs.page_saying(password)))
    assert status == 200
    assert outside.STILL_READABLE in html
    assert password not in html
    assert states(waiting) == [AccountState.QUEUED, AccountState.QUEUED]


def test_a_message_that_is_being_sent_is_said_on_the_form(
    admin: Client, waiting: AccountRequest
) -> None:
    Message.objects.filter(account__registrant__position_in_list=1).update(
        state="sending", claimed_by="worker", claimed_at=clock.now()
    )
    status, html = press(admin, waiting, typed())
    assert status == 200
    assert outside.BEING_SENT in html
    assert AWAY in html


def test_others_and_later_presses_are_answered_kindly(
    client: Client, office_people: OfficePeople, waiting: AccountRequest
) -> None:
    client.force_login(office_people.admin2)
    assert press(client, waiting, typed())[0] == 409
    client.force_login(office_people.kepala)
    assert press(client, waiting, typed())[0] == 403
    client.force_login(office_people.admin1)
    assert press(client, waiting, typed())[0] == 302
    status, html = press(client, waiting, typed())
    assert status == 409
    assert "Anda tidak perlu mengulanginya" in html
    assert client.get(url("sent_outside", waiting, 1)).status_code == 409


def test_who_presses_again_after_the_last_account_is_told_who_did_it(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.sent(office_people, people=1)
    assert press(admin, case, typed())[0] == 302
    assert cases.fresh(case).state == CaseState.EMAIL_SENT
    status, html = press(admin, case, typed())
    assert status == 409
    assert "Anda tidak perlu mengulanginya" in html


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_asks_as_often_for_one_person_as_for_three(
    admin: Client, office_people: OfficePeople, people: int
) -> None:
    case = cases.sent(office_people, people=people)
    with queries() as asked:
        admin.get(url("sent_outside", case, 1))
    assert len(asked) == PAGE_QUERIES, asked


# -- the papers ------------------------------------------------------------------------------------


def test_the_papers_say_what_was_sent_outside(
    office_people: OfficePeople, waiting: AccountRequest
) -> None:
    first, second = cases.accounts(waiting)
    for account in (first, second):
        workflow.record_sent_outside(
            account,
            actor=office_people.admin1,
            sent_at=clock.now(),
            mailbox=MAILBOX,
            reason=AWAY,
            proof=mail_proofs.picture(),
            blacked_out=True,
        )
    case = cases.fresh(waiting)
    assert case.state == CaseState.EMAIL_SENT
    sheet = html_of_paper(control_sheet.draft(case, at=clock.now(), code="K"))
    assert "0 dari 2 e-mail diterima server" in sheet
    assert "2 e-mail dikirim dari luar sistem" in sheet
    assert sheet.count("Bukti e-mail dari luar sistem") == 2
    assert f"dari kotak surat {MAILBOX}. Alasan: {AWAY}" in sheet
    proof = html_of_paper(mail_proof.draft(case, at=clock.now(), code="K"))
    assert proof.count("Ditarik sebelum dikirim") == 2
    assert (
        proof.count(
            "Dikirim dari luar sistem: Senin, 6 Juli 2026, 10.00 WITA, dari kotak surat "
            f"{MAILBOX}. Alasan: {AWAY}"
        )
        == 2
    )
    notice = Message.objects.get(kind=MessageKind.COMPLETION_NOTICE)
    assert "Dikirim dari luar sistem    : 2" in outbox.compose(notice).body


def test_the_proof_is_listed_with_the_papers_that_go_into_the_archive(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.sent(office_people, people=1)
    assert press(admin, case, typed())[0] == 302
    cases.render_papers(case)
    proof = case.documents.get(kind=DocumentKind.OUTSIDE_PROOF)
    for address in (url("archive_case", case), url("request_detail", case)):
        assert str(proof.public_id) in html_of(admin, address)
