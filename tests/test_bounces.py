"""A message that the mail server had accepted comes back later, and is put on record."""

import datetime as dt
import time
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts_requests import clock, uploads, verifying, workflow
from accounts_requests.deviation_states import verdict, with_state
from accounts_requests.documents import bounce_sheet, mail_proof
from accounts_requests.exceptions import AlreadyDone, InvalidInput, NotAllowedNow
from accounts_requests.models import Account, AccountRequest, Bounce, Deviation, Message
from accounts_requests.states import CaseState, DocumentKind, MessageState
from accounts_requests.uploads import Upload, examination

from . import cases, mail_proofs
from .cases import MONDAY, OfficePeople
from .page_forms import form_on
from .query_counts import queries
from .reading import html_of, html_of_paper, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

HOUR = dt.timedelta(hours=1)
SECRET = "Rahasia-Sekali-9x"
PAGE_QUERIES = 14


@pytest.fixture(autouse=True)
def everything_is_whole_afterwards() -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield
    assert verifying.verify().is_whole


def returned(message_id: str, *, at: dt.datetime = MONDAY + HOUR) -> Upload:
    """A returned mail as mail servers write them, with the message that it returns."""
    mail = EmailMessage()
    mail["From"] = "Mail Delivery System <MAILER-DAEMON@server.example>"
    mail["To"] = "lpse@contoh.example"
    mail["Date"] = at
    mail["Subject"] = "Undelivered Mail Returned to Sender"
    mail.set_content(
        "Alamat berikut tidak dapat dijangkau:\n550 5.1.1 kotak surat tidak ada\n"
        f"Password     : {SECRET}\nhttps://spse.example/tautan/abc\n"
        f"--- Below this line is a copy of the message.\n    Password : {SECRET}\n"
    )
    original = EmailMessage()
    original["Message-ID"] = message_id
    original["Subject"] = "Informasi akun"
    original.set_content(f"User ID : contoh\nPassword : {SECRET}\n")
    mail.add_attachment(original)
    return Upload("kembali.eml", mail.as_bytes())


def first_account(case: AccountRequest) -> Account:
    return cases.accounts(case)[0]


def message_to(account: Account) -> Message:
    return account.messages.latest("pk")


def came_back(case: AccountRequest, staff: OfficePeople, **changes: object) -> Bounce:
    account = first_account(case)
    values: dict[str, object] = {"returned_at": clock.now(), "text": "550 tidak ada", **changes}
    return workflow.record_bounce(
        account,
        message_to(account).pk,
        actor=staff.admin1,
        **values,  # type: ignore[arg-type]  # one of the gate's own fields each
    )


def faults(case: AccountRequest, staff: OfficePeople, **changes: object) -> dict[str, list[str]]:
    with pytest.raises(InvalidInput) as caught:
        came_back(case, staff, **changes)
    assert Bounce.objects.count() == 0
    return caught.value.errors


def test_it_is_a_deviation_of_output_and_leaves_the_servers_answer_alone(
    office_people: OfficePeople,
) -> None:
    case = cases.emailed(office_people)
    account = first_account(case)
    before = Message.objects.filter(pk=message_to(account).pk).values().get()
    clock.advance(2 * HOUR)
    came_back(case, office_people, returned_at=MONDAY + HOUR)
    assert Message.objects.filter(pk=message_to(account).pk).values().get() == before
    assert first_account(case).state == "accepted"
    (found,) = with_state(case.deviations.all())
    assert (
        found.step_run.step.number,
        found.aspect,
        found.rule,
        found.norm,
        found.actual,
        found.difference,
        found.account,
        found.responsible,
        verdict([found]),
    ) == (
        4,
        "output",
        "message_came_back",
        "Email informasi akun Verifikator/ Helpdesk/Admin Agency LPSE",
        (
            "Personel nomor 1: e-mail diterima server Senin, 6 Juli 2026, 10.00 WITA, kembali "
            "Senin, 6 Juli 2026, 11.00 WITA"
        ),
        "tidak sampai kepada personel",
        account,
        office_people.admin1,
        "Terdapat penyimpangan (1 belum dipertanggungjawabkan)",
    )
    proof = case.documents.get(kind=DocumentKind.MAIL_PROOF, superseded_at=None)
    told = html_of_paper(mail_proof.draft(case, at=proof.created_at, code="kode"))
    assert "Senin, 6 Juli 2026, 11.00 WITA: 550 tidak ada" in told


def test_it_is_recorded_once(office_people: OfficePeople) -> None:
    case = cases.emailed(office_people)
    came_back(case, office_people)
    with pytest.raises(AlreadyDone):
        came_back(case, office_people)
    assert (Bounce.objects.count(), Deviation.objects.count()) == (1, 1)


def test_a_returned_mail_is_read_without_the_message_that_it_returns(
    office_people: OfficePeople,
) -> None:
    case = cases.emailed(office_people)
    clock.advance(2 * HOUR)
    file = returned(message_to(first_account(case)).message_id)
    bounce = came_back(case, office_people, text="", returned_at=None, proof=file)
    assert (bounce.returned_at, bounce.text, bounce.proof, bounce.source_sha256) == (
        MONDAY + HOUR,
        (
            "Alamat berikut tidak dapat dijangkau:\n550 5.1.1 kotak surat tidak ada\n"
            "Password     : (dihapus)\n(alamat dihapus)"
        ),
        None,
        uploads.sha256(file),
    )


def test_what_was_typed_loses_a_password_that_was_pasted_with_it(
    office_people: OfficePeople,
) -> None:
    case = cases.emailed(office_people)
    bounce = came_back(case, office_people, text=f"550 penuh\n  Password : {SECRET}\nSalam")
    assert bounce.text == "550 penuh\n  Password : (dihapus)\nSalam"


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        (
            f"User ID\tcontoh\nPassword\t{SECRET}\nSalam",
            "User ID\tcontoh\nPassword (dihapus)\nSalam",
        ),
        (f"Password:\n\n    {SECRET}\nSalam", "Password: (dihapus)\nSalam"),
        (f"Password\n{SECRET}\nSalam", "Password (dihapus)\nSalam"),
        (f"> *Password*: {SECRET}", "> *Password (dihapus)"),
        ("Mohon segera mengubah password", "Mohon segera mengubah password"),
    ],
)
def test_a_password_is_blotted_out_however_a_mailbox_shows_the_table_it_stood_in(
    pasted: str, kept: str
) -> None:
    assert uploads.without_secrets(pasted) == kept


def test_text_that_makes_a_reader_try_again_and_again_is_read_at_once() -> None:
    began = time.process_time()
    uploads.without_secrets("password" + " " * 200_000)
    uploads.without_secrets("password\n" * 20_000)
    assert time.process_time() - began < 2


def test_a_mail_that_keeps_a_parser_busy_is_refused_and_nobody_waits_for_it(
    office_people: OfficePeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cases.emailed(office_people)
    monkeypatch.setitem(examination._LIMITS, "seconds", 1)
    header = b"Content-Type: text/plain" + b";a" * 100_000
    file = Upload(
        "lama.eml", b"From: server@contoh.example\n" + header + b"\n\nkotak surat penuh\n"
    )
    assert faults(case, office_people, proof=file) == {
        "proof": [
            (
                "Isi pesan kembali pada berkas lama.eml tidak dapat dibaca. Salin teksnya ke "
                "kolom isi pesan, atau unggah tangkapan layarnya."
            )
        ]
    }


def test_what_no_database_takes_is_left_out_of_a_returned_mail(
    office_people: OfficePeople,
) -> None:
    case = cases.emailed(office_people)
    head = b"From: server@contoh.example\nDate: Mon, 6 Jul 2026 01:00:00 +0000\n\n"
    file = Upload("nol.eml", head + b"550 kotak\0 surat\x1b penuh\n")
    clock.advance(2 * HOUR)
    bounce = came_back(case, office_people, text="", proof=file)
    assert bounce.text == "550 kotak surat penuh"


def test_what_cannot_be_right_is_refused_by_field(office_people: OfficePeople) -> None:
    case = cases.emailed(office_people)
    picture = mail_proofs.picture()
    assert faults(case, office_people, returned_at=None) == {
        "returned_at": ["Isi waktu pesan itu kembali."]
    }
    assert faults(case, office_people, returned_at=clock.now() + HOUR) == {
        "returned_at": ["Waktu kembali belum tiba: sekarang Senin, 6 Juli 2026, 10.00 WITA."]
    }
    assert faults(case, office_people, returned_at=MONDAY - HOUR) == {
        "returned_at": [
            "Waktu kembali mendahului jawaban server e-mail, Senin, 6 Juli 2026, 10.00 WITA."
        ]
    }
    assert faults(case, office_people, text=" ") == {
        "text": ["Salin isi pesan kembali, atau unggah berkasnya (.eml, PDF, JPEG, atau PNG)."]
    }
    assert faults(case, office_people, proof=picture) == {
        "blacked_out": ["Periksa berkas bukti, lalu nyatakan bahwa passwordnya tidak terbaca."]
    }
    assert faults(case, office_people, proof=returned("<lain@contoh.example>")) == {
        "proof": [
            (
                "Berkas ini mengembalikan pesan lain: Message-ID di dalamnya bukan Message-ID "
                "pesan yang dipilih. Periksa berkas atau pesannya."
            )
        ]
    }
    assert faults(case, office_people, proof=Upload("surat.eml", b"bukan e-mail")) == {
        "proof": [
            (
                "Isi pesan kembali pada berkas surat.eml tidak dapat dibaca. Salin teksnya ke "
                "kolom isi pesan, atau unggah tangkapan layarnya."
            )
        ]
    }


def test_the_account_is_sent_again_with_a_new_password(office_people: OfficePeople) -> None:
    staff = office_people
    case = cases.emailed(staff)
    account = first_account(case)
    with pytest.raises(NotAllowedNow):
        workflow.new_password(account, actor=staff.admin1)
    came_back(case, staff)
    clock.advance(HOUR / 60)
    workflow.new_password(account, actor=staff.admin1)
    workflow.resend(
        account,
        actor=staff.admin1,
        address=account.registered_email,
        reason="Kotak surat sudah aktif",
        had_signed_in=False,
        changed_in_spse=True,
    )
    cases.settle(case)
    assert list(account.messages.order_by("pk").values_list("state", flat=True)) == [
        MessageState.ACCEPTED,
        MessageState.ACCEPTED,
    ]
    with pytest.raises(NotAllowedNow):  # the second one has not come back
        workflow.new_password(account, actor=staff.admin1)
    cases.render_papers(case)


def test_after_archiving_it_joins_the_file_as_numbered_additions(
    office_people: OfficePeople,
) -> None:
    staff = office_people
    case = cases.archived(staff)
    closed = list(case.step_runs.order_by("pk").values())
    file = case.documents.get(kind=DocumentKind.ARCHIVE_FILE)
    clock.advance(24 * HOUR)
    came_back(case, staff, proof=mail_proofs.picture(), blacked_out=True)
    cases.render_papers(case)
    assert list(case.step_runs.order_by("pk").values()) == closed
    added = case.documents.filter(addendum__isnull=False).order_by("addendum")
    assert list(added.values_list("addendum", "kind", "state")) == [
        (1, DocumentKind.BOUNCE_PROOF, "stored"),
        (2, DocumentKind.BOUNCE_SHEET, "stored"),
    ]
    assert case.documents.get(kind=DocumentKind.ARCHIVE_FILE).sha256 == file.sha256
    assert cases.fresh(case).state == CaseState.ARCHIVED
    sheet = added[1]
    assert sheet.registrant is not None
    told = html_of_paper(
        bounce_sheet.draft(sheet.registrant, at=sheet.created_at, code="kode", document=sheet)
    )
    assert "Tambahan ke-2 pada berkas" in told
    assert "550 tidak ada" in told


def test_admin_ppe_records_it_on_the_page(client: Client, office_people: OfficePeople) -> None:
    case = cases.emailed(office_people)
    client.force_login(office_people.admin1)
    address = url("bounce", case, 1)
    assert address in html_of(client, url("send", case))
    with queries() as asked:
        page = html_of(client, address)
    assert len(asked) == PAGE_QUERIES
    typed = form_on(page, having="returned_at").fields | {
        "returned_at": "2026-07-06T10:00",
        "text": "550 5.1.1 kotak surat tidak ada",
        "proof": "",
    }
    assert client.post(address, typed)["Location"] == url("send", case)
    board = html_of(client, url("send", case))
    assert "tercatat sebagai penyimpangan output" in board
    assert "Pesan kembali</span> Senin, 6 Juli 2026, 10.00 WITA" in board
    assert "550 5.1.1 kotak surat tidak ada" in html_of(client, url("delivery", case, 1))
    assert client.post(address, typed).status_code == 409
    assert Bounce.objects.count() == 1

    address = url("bounce", case, 2)
    file = returned(message_to(cases.accounts(case)[1]).message_id, at=MONDAY)
    fields = form_on(html_of(client, address), having="returned_at").fields
    upload = SimpleUploadedFile(file.file_name, file.data)
    client.post(address, fields | {"proof": upload, "returned_at": ""})
    assert Bounce.objects.latest("pk").returned_at == MONDAY
