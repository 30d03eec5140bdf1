"""Step 4 as Admin PPE meets it: previews, the board, and what a person must decide."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts_requests import clock, credentials, outbox, workflow
from accounts_requests.models import AccountRequest, Message
from accounts_requests.outbox import Delivery
from accounts_requests.states import AccountState, DocumentKind, SmtpStage

from . import cases
from .case_fixtures import EMPTY_PDF
from .cases import MONDAY, OfficePeople
from .query_counts import queries
from .reading import html_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

PREVIEW_QUERIES = 20
BOARD_QUERIES = 18
BY_SCRIPT = {"Accept": "application/json"}
BY_HTMX = {"HX-Request": "true"}


def met(case: AccountRequest) -> dict[str, str]:
    return {f"requirement_{key}": "ya" for key in cases.all_met(case)}


def by_person(answers: dict[int, Delivery]) -> Callable[[Message], Delivery]:
    """Answers of the mail server by the person's position; the others are accepted."""

    def answer(message: Message) -> Delivery:
        assert message.account is not None
        return answers.get(message.account.registrant.position_in_list, cases.ACCEPTED)

    return answer


@pytest.fixture
def admin(client: Client, office_people: OfficePeople) -> Client:
    """The browser of the Admin PPE who holds the cases."""
    client.force_login(office_people.admin1)
    return client


@pytest.fixture
def failed(office_people: OfficePeople) -> AccountRequest:
    """A case of three: the first was refused by the server, the second is uncertain."""
    case = cases.sent(office_people, people=3)
    cases.settle(case, by_person({1: cases.REFUSED, 2: cases.LOST}))
    return cases.fresh(case)


# -- before -------------------------------------------------------------------------------------


def test_the_first_message_is_shown_whole_without_its_password(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.recorded(office_people, people=2)
    password = credentials.reveal(cases.accounts(case)[0])

    html = html_of(admin, url("send", case))

    assert "Yth. Bapak/Ibu/Saudara Contoh Personel 001, S.Kom." in html
    assert "Yth. Bapak/Ibu/Saudara Contoh Personel 002" not in html
    assert f'hx-get="{url("message_preview", case, 2)}"' in html
    assert "Password : ••••••••••••" in html
    assert password not in html
    assert "Kirim 2 e-mail" in html


def test_the_other_messages_come_when_they_are_opened(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.recorded(office_people, people=2, refused=1)
    address = url("message_preview", case, 1)

    part = admin.get(address, headers=BY_HTMX).content.decode()
    page = admin.get(address).content.decode()

    assert "Yth. Bapak/Ibu/Saudara Contoh Personel 001" in part
    assert "<html" not in part
    assert "<html" in page
    assert admin.get(url("message_preview", case, 2)).status_code == 404


def test_an_address_that_is_not_the_formulirs_is_marked(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people, people=1)
    workflow.record_created(
        cases.accounts(case)[0],
        actor=office_people.admin1,
        user_id="personel.001",
        registered_email="lain@contoh.example",
        matches_form=True,
        difference="Alamat pada Formulir salah tulis",
    )
    workflow.record_accounts(case, actor=office_people.admin1, answers=cases.all_met(case))

    html = html_of(admin, url("send", case))

    assert "Berbeda dengan Formulir" in html
    assert "lain@contoh.example" in html
    assert "Alamat pada Formulir salah tulis" in html


@pytest.mark.parametrize("people", [1, 3])
def test_the_previews_ask_as_often_for_one_person_as_for_three(
    admin: Client, office_people: OfficePeople, people: int
) -> None:
    case = cases.recorded(office_people, people=people)

    with queries() as asked:
        admin.get(url("send", case))

    assert len(asked) == PREVIEW_QUERIES


def test_sending_queues_a_message_for_each_account_and_shows_the_board(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.recorded(office_people, people=3, refused=1)

    response = admin.post(url("send", case), met(case), follow=True)

    html = " ".join(response.content.decode().split())
    assert response.redirect_chain == [(url("send", case), 302)]
    assert "2 e-mail masuk antrean." in html
    assert "0 selesai · 2 dalam perjalanan · 0 menunggu keputusan" in html
    assert [account.state for account in cases.accounts(case)] == ["queued", "queued", "refused"]


def test_sending_without_an_answer_sends_nothing(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.recorded(office_people)

    response = admin.post(url("send", case), {})

    assert response.status_code == 200
    assert "Jawab kelengkapan ini" in response.content.decode()
    assert not Message.objects.filter(account__isnull=False).exists()


def test_a_second_press_sends_nothing_twice(admin: Client, office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = cases.sent(office_people)
        response = admin.post(url("send", case), met(case))

    assert response.status_code == 409
    assert "telah diselesaikan oleh Anda sendiri pukul 10.00" in response.content.decode()
    assert Message.objects.filter(account__isnull=False).count() == 2


def test_with_no_account_created_step_4_closes_without_mail(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.recorded(office_people, people=1, refused=1)

    before = html_of(admin, url("send", case))
    response = admin.post(url("send", case), met(case), follow=True)

    assert "Tidak ada akun yang dibuat." in before
    assert "Selesaikan langkah 4" in before
    assert response.redirect_chain == [(url("archive_case", case), 302)]
    assert "Langkah 4 selesai tanpa e-mail" in response.content.decode()
    assert "langkah 4 selesai tanpa e-mail" in html_of(admin, url("send", case))


def test_the_press_belongs_to_who_holds_the_task(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.recorded(office_people)
    client.force_login(office_people.admin2)

    assert client.get(url("send", case)).status_code == 409
    assert client.post(url("send", case), met(case)).status_code == 409
    assert not Message.objects.filter(account__isnull=False).exists()


# -- the board ----------------------------------------------------------------------------------


def test_the_board_asks_again_while_a_message_is_on_its_way(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.sent(office_people)
    polls = f'hx-get="{url("send_board", case)}" hx-trigger="every 3s"'

    before = html_of(admin, url("send", case))
    part = admin.get(url("send_board", case), headers=BY_HTMX)
    cases.settle(case)
    after = html_of(admin, url("send", case))
    last = admin.get(url("send_board", case), headers=BY_HTMX)

    assert polls in before
    assert polls in " ".join(part.content.decode().split())
    assert polls not in after
    assert "Langkah 4 selesai." in after
    assert last["HX-Refresh"] == "true"


def test_a_message_that_waits_says_when_it_is_tried_again(
    admin: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.sent(office_people, people=1)
        Message.objects.filter(account__isnull=True).delete()
        assert "segera dikirim" in html_of(admin, url("send", case))
        message = outbox.claim_next("tests", clock.now())
        assert message is not None
        assert "Sedang dikirim" in html_of(admin, url("send", case))
        busy = Delivery("retry", SmtpStage.ENVELOPE, 451, "4.7.1 Try again later")
        outbox.retry_later(message, busy, at=clock.now())

        html = html_of(admin, url("send", case))

    assert "dicoba lagi pukul 10.01 WITA" in html
    assert "451 4.7.1 Try again later" in html
    assert "1 percobaan" in html


def test_what_needs_a_person_comes_first_with_its_button(
    admin: Client, failed: AccountRequest
) -> None:
    response = admin.get(url("send", failed))

    html = " ".join(response.content.decode().split())
    rows = response.context["rows"]
    assert [(row.person.position_in_list, row.state) for row in rows] == [
        (1, AccountState.FAILED),
        (2, AccountState.UNCERTAIN),
        (3, AccountState.ACCEPTED),
    ]
    assert "2 pesan perlu keputusan." in html
    assert "550 5.1.1 No such user" in html
    assert f'href="{url("delivery", failed, 1)}"' in html
    assert f'href="{url("delivery", failed, 3)}"' not in html
    for message in Message.objects.filter(account__isnull=False):
        assert message.message_id.strip("<>") in html


def test_readers_see_the_board_without_its_buttons(
    client: Client, office_people: OfficePeople, failed: AccountRequest
) -> None:
    client.force_login(office_people.inspector)
    html = html_of(client, url("send", failed))
    client.force_login(office_people.keeper)
    keeper = client.get(url("send", failed))

    assert "Menunggu Admin Contoh Satu." in html
    assert url("delivery", failed, 1) not in html
    assert keeper.status_code == 403


@pytest.mark.parametrize("people", [1, 3])
def test_the_board_asks_as_often_for_one_message_as_for_three(
    admin: Client, office_people: OfficePeople, people: int
) -> None:
    case = cases.sent(office_people, people=people)

    with queries() as asked:
        admin.get(url("send", case))

    assert len(asked) == BOARD_QUERIES


# -- what a person must decide ------------------------------------------------------------------


def resending(**changes: str) -> dict[str, str]:
    return {
        "way": "kirim-ulang",
        "address": "benar@contoh.example",
        "reason": "Alamat pada Formulir salah tulis",
        "had_signed_in": "tidak",
        "changed_in_spse": "on",
    } | changes


def test_a_refusal_and_an_uncertain_send_are_explained_in_plain_words(
    admin: Client, failed: AccountRequest
) -> None:
    refused = html_of(admin, url("delivery", failed, 1))
    uncertain = html_of(admin, url("delivery", failed, 2))
    accepted = html_of(admin, url("delivery", failed, 3))

    assert "<strong>tidak diterima</strong> server e-mail" in refused
    assert "550 5.1.1 No such user" in refused
    assert "terputus setelah isi pesan terkirim" in uncertain
    assert "<strong>mungkin sudah diterima, mungkin belum</strong>" in uncertain
    assert "Sistem tidak mengirim ulang sendiri" in uncertain
    assert "tidak menunggu keputusan lagi" in accepted
    assert "Pilih salah satu jalan" not in accepted


def test_a_message_goes_again_after_a_new_password(
    admin: Client, office_people: OfficePeople, failed: AccountRequest
) -> None:
    address = url("delivery", failed, 1)

    too_early = admin.post(address, resending())
    made = admin.post(url("password_new", failed, 1), headers=BY_SCRIPT)
    page = html_of(admin, address)
    sent = admin.post(address, resending())

    assert too_early.status_code == 200
    assert "Pengiriman ulang memerlukan password baru." in too_early.content.decode()
    assert 'value="benar@contoh.example"' in too_early.content.decode()
    assert "Password baru dibuat" in page
    assert made.json()["password"] not in page
    assert sent["Location"] == url("send", failed)
    board = html_of(admin, url("send", failed))
    assert "pengiriman ke-2" in board
    assert cases.accounts(failed)[0].registered_email == "benar@contoh.example"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": ""}, "Alasan pengiriman ulang wajib diisi."),
        ({"had_signed_in": ""}, "Jawab dahulu: sudah atau belum pernah masuk."),
        ({"changed_in_spse": ""}, "Ganti dahulu password di SPSE"),
        ({"address": "bukan alamat"}, "alamat email yang valid"),
    ],
)
def test_sending_again_needs_every_answer(
    admin: Client, failed: AccountRequest, changes: dict[str, str], sentence: str
) -> None:
    admin.post(url("password_new", failed, 1))

    response = admin.post(url("delivery", failed, 1), resending(**changes))

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert cases.accounts(failed)[0].state == AccountState.FAILED


def test_the_password_for_another_way_is_asked_for_on_this_page(
    admin: Client, failed: AccountRequest
) -> None:
    password = credentials.reveal(cases.accounts(failed)[0])

    response = admin.post(url("password_reveal", failed, 1))

    assert password in response.content.decode()
    assert response.context["back_url"] == url("delivery", failed, 1)
    assert password not in html_of(admin, url("delivery", failed, 1))


def test_an_account_handed_over_another_way_keeps_its_proof(
    admin: Client, failed: AccountRequest
) -> None:
    proof = SimpleUploadedFile("tanda-terima.pdf", EMPTY_PDF, content_type="application/pdf")
    data: dict[str, Any] = {
        "way": "cara-lain",
        "note": "Diserahkan langsung dalam amplop tertutup",
        "proof": proof,
    }

    response = admin.post(url("delivery", failed, 2), data)

    assert response["Location"] == url("send", failed)
    assert cases.accounts(failed)[1].state == AccountState.HANDED_OVER
    assert failed.documents.filter(kind=DocumentKind.HAND_OVER_PROOF).count() == 1
    assert "Diserahkan langsung dalam amplop tertutup" in html_of(admin, url("send", failed))


def test_a_proof_that_is_no_scan_is_refused_beside_its_field(
    admin: Client, failed: AccountRequest
) -> None:
    data: dict[str, Any] = {
        "way": "cara-lain",
        "note": "Diserahkan langsung dalam amplop tertutup",
        "proof": SimpleUploadedFile("tanda-terima.pdf", b"bukan PDF"),
    }

    response = admin.post(url("delivery", failed, 2), data)

    assert response.status_code == 200
    assert list(response.context["hand_over_form"].errors) == ["proof"]
    assert "Diserahkan langsung dalam amplop tertutup</textarea>" in response.content.decode()
    assert cases.accounts(failed)[1].state == AccountState.UNCERTAIN


def test_the_last_decision_completes_step_4_and_leads_to_the_archive(
    admin: Client, failed: AccountRequest
) -> None:
    give_up = {"way": "tidak-dapat", "reason": "Personel tidak dapat dihubungi lagi"}

    first = admin.post(url("delivery", failed, 1), give_up)
    last = admin.post(url("delivery", failed, 2), give_up)
    again = admin.post(url("delivery", failed, 2), give_up)

    assert first["Location"] == url("send", failed)
    assert last["Location"] == url("archive_case", failed)
    assert cases.fresh(failed).state == "email_sent"
    assert again.status_code == 409


def test_a_decision_that_was_made_already_is_not_made_again(
    admin: Client, failed: AccountRequest
) -> None:
    give_up = {"way": "tidak-dapat", "reason": "Personel tidak dapat dihubungi lagi"}
    admin.post(url("delivery", failed, 1), give_up)

    response = admin.post(url("delivery", failed, 1), give_up)

    assert response.status_code == 409
    said = "Tindakan ini telah diselesaikan oleh Anda sendiri pukul"
    assert said in response.content.decode()


def test_decisions_belong_to_who_holds_the_task(
    client: Client, office_people: OfficePeople, failed: AccountRequest
) -> None:
    address = url("delivery", failed, 1)
    give_up = {"way": "tidak-dapat", "reason": "Personel tidak dapat dihubungi lagi"}

    client.force_login(office_people.admin2)
    page = html_of(client, address)
    pressed = client.post(address, give_up)
    client.force_login(office_people.kepala)
    head = client.get(address)

    assert "diambil oleh pemegang tugas: Admin Contoh Satu" in page
    assert "Pilih salah satu jalan" not in page
    assert pressed.status_code == 409
    assert head.status_code == 403


def test_an_unknown_way_and_an_account_without_messages_are_not_found(
    admin: Client, office_people: OfficePeople, failed: AccountRequest
) -> None:
    assert admin.post(url("delivery", failed, 1), {"way": "lain"}).status_code == 404
    assert admin.get(url("delivery", failed, 9)).status_code == 404
