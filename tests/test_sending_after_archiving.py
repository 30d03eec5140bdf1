"""Sending an account again when its case is archived: the case stays, additions join the file."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import (
    clock,
    credentials,
    deadline_warnings,
    figures,
    later_deliveries,
    outbox,
    verifying,
    workflow,
)
from accounts_requests.documents import resend_proof
from accounts_requests.exceptions import AlreadyDone, InvalidInput, NotAllowedNow, NotPermitted
from accounts_requests.models import (
    Account,
    AccountRequest,
    AuditEntry,
    Credential,
    Deviation,
    Document,
    Message,
    Office,
    StepRun,
)
from accounts_requests.outbox import Delivery
from accounts_requests.report_periods import half_year
from accounts_requests.states import AccountState, Act, CaseState, DocumentKind

from . import archive_cases, cases, mail_proofs
from .cases import MONDAY, OfficePeople
from .page_forms import form_on
from .reading import html_of, html_of_paper, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def everything_is_whole_afterwards() -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield
    assert verifying.verify().is_whole


@pytest.fixture
def case(office_people: OfficePeople) -> AccountRequest:
    """Archived on Monday; it is Tuesday."""
    case = cases.archived(office_people)
    clock.advance(DAY)
    return case


def first(case: AccountRequest) -> Account:
    return cases.accounts(case)[0]


def closed(case: AccountRequest) -> dict[str, Any]:
    """What must not change whatever is sent: the case (but for its version), steps, the file."""
    request = AccountRequest.objects.filter(pk=case.pk).values().get()
    return {
        "case": {name: value for name, value in request.items() if name != "version"},
        "runs": list(StepRun.objects.filter(request=case).order_by("pk").values()),
        "deviations": list(Deviation.objects.filter(request=case).order_by("pk").values()),
        "file": list(case.documents.filter(addendum=None).order_by("pk").values()),
    }


def send_again(case: AccountRequest, staff: OfficePeople, **changes: Any) -> str:
    """With a new password; returns it."""
    account = first(case)
    password = workflow.new_password(account, actor=staff.admin1)
    clock.advance(MINUTE)
    values = {
        "actor": staff.admin1,
        "address": account.registered_email,
        "reason": "Personel kehilangan password",
        "had_signed_in": True,
        "changed_in_spse": True,
        **changes,
    }
    workflow.resend(account, **values)
    return password


def additions(case: AccountRequest) -> list[tuple[int | None, str]]:
    rows = case.documents.filter(addendum__isnull=False).order_by("addendum")
    return list(rows.values_list("addendum", "kind"))


def proof(case: AccountRequest, number: int) -> str:
    """The words of an addition to the file."""
    paper = case.documents.get(addendum=number)
    assert paper.registrant is not None
    draft = resend_proof.draft(paper.registrant, at=paper.created_at, code="kode", document=paper)
    return html_of_paper(draft)


def test_a_person_who_lost_the_password_gets_a_new_one_and_the_file_an_addition(
    case: AccountRequest, office_people: OfficePeople
) -> None:
    before = closed(case)
    delivered = first(case).delivered_at
    password = send_again(case, office_people)
    assert first(case).state == AccountState.QUEUED
    assert additions(case) == []  # nothing is proven before the server's answer
    cases.settle(case)
    cases.render_papers(case)

    account = first(case)
    assert (account.state, account.delivered_at) == (AccountState.ACCEPTED, delivered)
    assert closed(case) == before
    assert additions(case) == [(1, DocumentKind.RESEND_PROOF)]
    told = proof(case, 1)
    assert password not in told
    assert "Tambahan ke-1 pada berkas 0001/2026" in told
    assert "Personel kehilangan password" in told
    assert "sudah pernah" in told
    assert "250 2.0.0 Ok" in told
    assert not Credential.objects.filter(destroyed_at__isnull=True).exists()
    assert [note.text for note in case.notes.all()][-1] == (
        "Setelah berkas diarsipkan, akun personel nomor 1 dikirim ulang. Alasan: Personel "
        "kehilangan password"
    )
    message = account.messages.latest("pk")
    assert message.to_address == account.registered_email


def test_any_admin_ppe_may_and_nobody_else(
    case: AccountRequest, office_people: OfficePeople
) -> None:
    """An archived case is nobody's task, and whoever held it may have left."""
    with pytest.raises(NotPermitted):
        workflow.new_password(first(case), actor=office_people.kepala)
    workflow.new_password(first(case), actor=office_people.admin2)
    send_again(case, office_people, actor=office_people.admin2)
    assert first(case).state == AccountState.QUEUED


def test_the_new_password_must_be_in_spse_first(
    case: AccountRequest, office_people: OfficePeople
) -> None:
    with pytest.raises(InvalidInput) as caught:
        send_again(case, office_people, changed_in_spse=False)
    assert list(caught.value.errors) == ["changed_in_spse"]
    second = cases.accounts(case)[1]
    with pytest.raises(NotAllowedNow, match="memerlukan password baru"):
        workflow.resend(
            second,
            actor=office_people.admin1,
            address=second.registered_email,
            reason="Personel kehilangan password",
            had_signed_in=False,
            changed_in_spse=True,
        )
    assert Message.objects.filter(account__in=cases.accounts(case)).count() == 2


@pytest.mark.parametrize(
    ("answer", "state"),
    [(cases.REFUSED, AccountState.FAILED), (cases.LOST, AccountState.UNCERTAIN)],
)
def test_what_fails_again_is_tried_again_and_is_no_deviation(
    case: AccountRequest, office_people: OfficePeople, answer: Delivery, state: AccountState
) -> None:
    before = closed(case)
    send_again(case, office_people)
    cases.settle(case, lambda _message: answer)
    assert first(case).state == state
    clock.advance(30 * DAY)
    assert deadline_warnings.owed(clock.now()) == []
    send_again(case, office_people, reason="Kotak surat sudah diperbaiki")
    cases.settle(case)
    cases.render_papers(case)

    assert first(case).state == AccountState.ACCEPTED
    assert closed(case) == before
    assert additions(case) == [(1, DocumentKind.RESEND_PROOF), (2, DocumentKind.RESEND_PROOF)]
    assert ("Personel kehilangan password" in proof(case, 1), "250 2.0.0" in proof(case, 1)) == (
        True,
        False,
    )
    assert "Kotak surat sudah diperbaiki" in proof(case, 2)


def test_what_fails_again_is_handed_over_another_way(
    case: AccountRequest, office_people: OfficePeople
) -> None:
    before, delivered = closed(case), first(case).delivered_at
    send_again(case, office_people)
    cases.settle(case, lambda _message: cases.REFUSED)
    clock.advance(MINUTE)
    workflow.hand_over(
        first(case),
        actor=office_people.admin1,
        note="Diantar dalam amplop tertutup",
        proof=mail_proofs.picture(),
    )
    cases.render_papers(case)

    account = first(case)
    assert (account.state, account.delivered_at) == (AccountState.HANDED_OVER, delivered)
    assert closed(case) == before
    assert additions(case) == [
        (1, DocumentKind.RESEND_PROOF),
        (2, DocumentKind.HAND_OVER_PROOF),
        (3, DocumentKind.RESEND_PROOF),
    ]
    # Each tells what was known when it was owed.
    assert ["Diantar dalam amplop" in proof(case, number) for number in (1, 3)] == [False, True]
    assert not credentials.has_live(account)
    with pytest.raises(AlreadyDone):
        workflow.hand_over(account, actor=office_people.admin1, note="Diantar sekali lagi")


def test_what_fails_again_is_given_up_and_may_go_again_later(
    case: AccountRequest, office_people: OfficePeople
) -> None:
    before = closed(case)
    send_again(case, office_people)
    cases.settle(case, lambda _message: cases.REFUSED)
    workflow.give_up(first(case), actor=office_people.admin1, reason="Pindah tugas")
    assert first(case).state == AccountState.NOT_DELIVERED
    assert not credentials.has_live(first(case))
    clock.advance(DAY)
    send_again(case, office_people, reason="Kembali bertugas")
    cases.settle(case)
    cases.render_papers(case)

    assert first(case).state == AccountState.ACCEPTED
    assert closed(case) == before
    assert len(additions(case)) == 3


def test_a_message_that_failed_late_is_answered_after_archiving(
    office_people: OfficePeople,
) -> None:
    """It was queued while step 5 ran, after the first one came back; the file is closed since."""
    staff = office_people
    case = cases.emailed(staff)
    account = first(case)
    clock.advance(MINUTE)
    workflow.record_bounce(
        account,
        account.messages.get().pk,
        actor=staff.admin1,
        returned_at=clock.now(),
        text="550 penuh",
    )
    clock.advance(MINUTE)
    send_again(case, staff)
    cases.render_papers(case)
    workflow.archive(case, actor=staff.admin1, answers=cases.all_met(case))
    cases.render_papers(case)
    deviations = Deviation.objects.count()
    clock.advance(MINUTE)
    cases.settle(case, lambda _message: cases.REFUSED)
    cases.render_papers(case)

    # The message belongs to step 4, and so does its failure.
    assert Deviation.objects.count() == deviations + 1
    assert additions(case) == [(1, DocumentKind.RESEND_PROOF)]
    assert cases.fresh(case).state == CaseState.ARCHIVED
    clock.advance(MINUTE)
    send_again(case, staff)
    assert first(case).state == AccountState.QUEUED


def test_a_message_that_came_back_after_archiving_goes_again(
    case: AccountRequest, office_people: OfficePeople
) -> None:
    staff = office_people
    came_back(case, staff)
    deviations = Deviation.objects.count()
    send_again(case, staff)
    cases.settle(case)
    clock.advance(MINUTE)
    came_back(case, staff)  # the second one too: a note, no deviation
    cases.render_papers(case)

    assert (deviations, Deviation.objects.count()) == (1, 1)
    assert additions(case) == [
        (1, DocumentKind.BOUNCE_SHEET),
        (2, DocumentKind.RESEND_PROOF),
        (3, DocumentKind.BOUNCE_SHEET),
    ]


def came_back(case: AccountRequest, staff: OfficePeople) -> None:
    account = first(case)
    workflow.record_bounce(
        account,
        account.messages.latest("pk").pk,
        actor=staff.admin1,
        returned_at=clock.now(),
        text="550 penuh",
    )


def test_a_second_press_is_told_and_sends_nothing(
    case: AccountRequest, office_people: OfficePeople
) -> None:
    send_again(case, office_people)
    with pytest.raises(AlreadyDone):
        workflow.resend(
            first(case),
            actor=office_people.admin1,
            address="lain@contoh.example",
            reason="Personel kehilangan password",
            had_signed_in=True,
            changed_in_spse=True,
        )
    with pytest.raises(NotAllowedNow, match="E-mail dalam antrean"):
        workflow.new_password(first(case), actor=office_people.admin1)
    assert first(case).messages.count() == 2


def test_an_account_that_was_never_made_is_not_sent(office_people: OfficePeople) -> None:
    case = cases.archived(office_people, refused=1)
    with pytest.raises(NotAllowedNow, match="Tidak dapat dibuat"):
        workflow.new_password(cases.accounts(case)[1], actor=office_people.admin1)


def test_nothing_is_sent_before_the_file_is_stored(office_people: OfficePeople) -> None:
    """Its control sheet tells of the accounts as they were when the file was closed."""
    case = cases.emailed(office_people)
    workflow.archive(case, actor=office_people.admin1, answers=cases.all_met(case))
    with pytest.raises(NotAllowedNow, match="Berkas 0001/2026 masih disiapkan"):
        workflow.new_password(first(case), actor=office_people.admin1)
    cases.render_papers(case)
    workflow.new_password(first(case), actor=office_people.admin1)


def test_nothing_is_sent_once_the_destruction_of_the_file_is_approved(
    client: Client, office_people: OfficePeople
) -> None:
    staff = office_people
    case = archive_cases.destroyed(staff)
    with pytest.raises(NotAllowedNow) as caught:
        workflow.new_password(first(case), actor=staff.admin1)
    assert str(caught.value).startswith("Pemusnahan berkas 0001/2026 telah disetujui ")
    client.force_login(staff.admin1)
    page = html_of(client, url("delivery", case, 1))
    assert "Pemusnahan berkas 0001/2026 telah disetujui" in page
    assert "Buat password baru" not in page


def test_a_password_that_nobody_sends_is_destroyed_and_waits_on_beranda_until_then(
    case: AccountRequest, office_people: OfficePeople
) -> None:
    before = closed(case)
    workflow.new_password(first(case), actor=office_people.admin1)
    assert [line.word for line in later_deliveries.waiting(clock.now())] == [
        "password baru sudah dibuat dan belum dikirim"
    ]
    clock.advance(dt.timedelta(days=Office.current().password_keep_days, minutes=1))
    for key in workflow.passwords_due(clock.now()):
        workflow.expire_password(key, at=clock.now())
    assert later_deliveries.waiting(clock.now()) == []
    assert first(case).state == AccountState.ACCEPTED
    assert closed(case) == before


def test_a_message_whose_password_expires_in_the_queue_is_withdrawn_with_an_addition(
    case: AccountRequest, office_people: OfficePeople
) -> None:
    before = closed(case)
    send_again(case, office_people)
    clock.advance(dt.timedelta(days=Office.current().password_keep_days, minutes=1))
    for key in workflow.passwords_due(clock.now()):
        workflow.expire_password(key, at=clock.now())
    assert outbox.claim_next("uji", clock.now()) is None
    assert first(case).state == AccountState.FAILED
    assert additions(case) == [(1, DocumentKind.RESEND_PROOF)]
    assert closed(case) == before


def test_figures_of_a_half_year_keep_the_first_delivery(
    case: AccountRequest, office_people: OfficePeople
) -> None:
    period, later = half_year(MONDAY.date()), half_year(dt.date(2027, 1, 1))
    before = figures.of(period, at=clock.now()).kinds
    clock.advance(200 * DAY)
    send_again(case, office_people)
    cases.settle(case)
    assert figures.of(period, at=clock.now()).kinds == before
    assert figures.of(later, at=clock.now()).kinds == []


def test_beranda_of_admin_ppe_shows_what_waits(
    client: Client, case: AccountRequest, office_people: OfficePeople
) -> None:
    client.force_login(office_people.admin2)
    assert 'id="kirim-ulang"' not in html_of(client, reverse("home"))
    send_again(case, office_people)
    assert "pesan menunggu jawaban server e-mail" in html_of(client, reverse("home"))
    cases.settle(case, lambda _message: cases.REFUSED)
    page = html_of(client, reverse("home"))
    assert "e-mail ditolak: perlu keputusan" in page
    assert url("delivery", case, 1) in page
    client.force_login(office_people.kepala)
    assert "perlu keputusan" not in html_of(client, reverse("home"))


def test_admin_ppe_sends_again_on_the_page(
    client: Client, case: AccountRequest, office_people: OfficePeople
) -> None:
    client.force_login(office_people.admin2)
    address = url("delivery", case, 1)
    assert address in html_of(client, url("request_detail", case))
    assert address in html_of(client, url("send", case))
    page = html_of(client, address)
    assert "Permohonan ini sudah diarsipkan</span> sebagai berkas 0001/2026" in page
    assert "waktu langkah, penyimpangan, dan berkas yang diarsipkan tetap" in page
    clock.advance(MINUTE)
    made = form_on(page, action=url("password_new", case, 1))
    assert client.post(url("password_new", case, 1), made.fields).status_code == 200
    typed = form_on(html_of(client, address), button="kirim-ulang").fields | {
        "reason": "Personel kehilangan password",
        "had_signed_in": "ya",
        "changed_in_spse": "on",
    }
    assert client.post(address, typed)["Location"] == url("send", case)
    board = html_of(client, url("send", case))
    assert "Pesan susulan masih menunggu jawaban server e-mail" in board
    assert client.post(address, typed).status_code == 409
    cases.settle(case, lambda _message: cases.REFUSED)
    page = html_of(client, address)
    assert "Sudah dikirim dari luar sistem" not in page
    hand_over = form_on(page, button="cara-lain").fields | {"note": "Diantar langsung"}
    assert client.post(address, hand_over)["Location"] == url("send", case)
    assert first(case).state == AccountState.HANDED_OVER


# -- a new password, pressed twice ----------------------------------------------------------------


def test_of_two_presses_for_a_new_password_one_makes_it(
    client: Client, case: AccountRequest, office_people: OfficePeople
) -> None:
    """Two tabs, or a double click: the first one may be in SPSE already."""
    client.force_login(office_people.admin1)
    address = url("password_new", case, 1)
    fields = form_on(html_of(client, url("delivery", case, 1)), action=address).fields
    script = {"Accept": "application/json"}
    one = client.post(address, fields, headers=script)
    other = client.post(address, fields, headers=script)
    plain = client.post(address, fields)

    assert (one.status_code, other.status_code, plain.status_code) == (200, 409, 409)
    assert credentials.reveal(first(case)) == one.json()["password"]
    assert other.json()["message"].startswith(
        "Password baru sudah dibuat oleh Anda sendiri pukul 10.00 WITA, sesudah halaman ini Anda "
        "buka."
    )
    assert AuditEntry.objects.filter(act=Act.NEW_PASSWORD).count() == 1
    again = client.post(address, fields | {"password_seen": one.json()["mark"]}, headers=script)
    assert credentials.reveal(first(case)) == again.json()["password"]


def test_what_a_newer_password_has_replaced_is_not_sent_for_it(
    client: Client, case: AccountRequest, office_people: OfficePeople
) -> None:
    client.force_login(office_people.admin1)
    workflow.new_password(first(case), actor=office_people.admin1)
    clock.advance(MINUTE)
    address = url("delivery", case, 1)
    typed = form_on(html_of(client, address), button="kirim-ulang").fields | {
        "reason": "Personel kehilangan password",
        "had_signed_in": "ya",
        "changed_in_spse": "on",
    }
    workflow.new_password(first(case), actor=office_people.admin2)
    page = client.post(address, typed).content.decode()
    assert "Password baru dibuat lagi sesudah halaman ini Anda buka" in page
    assert "Personel kehilangan password" in page
    assert first(case).messages.count() == 1
    now = form_on(page, button="kirim-ulang").fields
    assert client.post(address, now)["Location"] == url("send", case)


def test_every_addition_is_a_paper_without_the_password(
    case: AccountRequest, office_people: OfficePeople
) -> None:
    password = send_again(case, office_people)
    cases.settle(case)
    cases.render_papers(case)
    paper = Document.objects.get(kind=DocumentKind.RESEND_PROOF)
    assert (paper.state, paper.registrant, paper.version) == ("stored", first(case).registrant, 1)
    assert password not in proof(case, 1)
