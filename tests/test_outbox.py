"""The outbox: what is queued is sent once, what is unsure is shown, and no secret stays behind."""

import datetime as dt
import logging
import threading
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.db.models import QuerySet

from accounts_requests import clock, credentials, outbox, reaping
from accounts_requests.exceptions import InvalidInput, SecretUnavailable
from accounts_requests.models import Account, AccountRequest, Credential, Message
from accounts_requests.outbox import Delivery
from accounts_requests.states import MessageKind, MessageState, SmtpStage
from tests import mail_cases
from tests.mail_cases import NOW
from tests.smtp_fixtures import REPLIES, Answer, MailServer

TO = "budi1@contoh.go.id"
ACCEPTED = Delivery("accepted", SmtpStage.ANSWERED, 250, "2.0.0 OK diterima")
BUSY = Delivery("retry", SmtpStage.ENVELOPE, 450, "4.2.1 Kotak surat sedang sibuk")

CREDENTIALS_TEXT = """\
Yth. Bapak/Ibu/Saudara Ir. Budi Santoso, M.T.,

Berdasarkan Keputusan Nomor 000.3/2026-0001/B.PBJ-II tanggal 12 Maret 2026,
akun Verifikator atas nama Bapak/Ibu/Saudara pada aplikasi SPSE 4.x
telah dibuat dengan rincian sebagai berikut.

    Alamat login : https://spse.contoh.go.id/
    Jenis akun   : Verifikator
    User ID      : budi.1
    Password     : {password}
    Berlaku s.d. : 31 Desember 2026

Huruf besar dan huruf kecil dibedakan; tanda hubung (-) merupakan bagian dari password.

Mohon perhatian Bapak/Ibu/Saudara atas hal-hal berikut:

1. SEGERA LAKUKAN LOGIN dengan user id dan password tersebut.
2. Setelah login, Bapak/Ibu/Saudara WAJIB MENGUBAH PASSWORD pada kesempatan itu juga.
3. User id dan password bersifat rahasia dan pribadi. Jangan memberitahukan atau meminjamkannya
   kepada siapa pun. Petugas kami tidak pernah meminta password.
4. Setelah password diubah, hapuslah e-mail ini.
5. Panduan penggunaan aplikasi tersedia pada https://spse.contoh.go.id/panduan

Apabila Bapak/Ibu/Saudara mengalami kendala, atau tidak merasa mengajukan permohonan akun ini,
silakan menghubungi LPSE Provinsi Contoh, telepon (0541) 700000, e-mail lpse@contoh.go.id.

Atas perhatian dan kerja sama Bapak/Ibu/Saudara, kami ucapkan terima kasih.

Admin PPE
LPSE Provinsi Contoh
Biro Pengadaan Barang dan Jasa
Sekretariat Daerah
Pemerintah Provinsi Contoh

--
E-mail ini dikirim secara otomatis oleh aplikasi registrasi akun dan hanya ditujukan kepada
penerima yang disebutkan di atas.
"""


@pytest.fixture(autouse=True)
def _settings(settings: Any, tmp_path: Path) -> None:
    settings.CREDENTIAL_KEYS_DIR = tmp_path / "keys"
    settings.CREDENTIAL_KEYS_DIR.mkdir(mode=0o700)
    settings.DEFAULT_FROM_EMAIL = "LPSE Provinsi Contoh <lpse@contoh.go.id>"
    settings.PUBLIC_URL = "https://registri.contoh.go.id"


@pytest.fixture
def case(db: None) -> AccountRequest:
    return mail_cases.case()


@pytest.fixture
def account(case: AccountRequest) -> Account:
    return mail_cases.account(case)


def _queue(account: Account) -> Message:
    return outbox.queue_credentials(account, by=mail_cases.person(), at=NOW)


def _claim(at: dt.datetime = NOW) -> Message:
    message = outbox.claim_next("pekerja-1", at)
    assert message is not None
    return message


def _row(message: Message) -> dict[str, Any]:
    row = Message.objects.values(
        "state", "stage", "answer_code", "answer", "attempts", "next_attempt_at", "claimed_by"
    ).get(pk=message.pk)
    return dict(row)


# -- queueing -----------------------------------------------------------------------------------


def test_a_queued_message_names_everything_but_the_secret(account: Account) -> None:
    message = _queue(account)
    assert (message.kind, message.state) == (MessageKind.CREDENTIALS, MessageState.QUEUED)
    assert message.to_address == TO
    assert message.subject == "Informasi akun Verifikator pada SPSE 4.x"
    assert message.context == {}
    assert message.message_id.endswith("@contoh.go.id>")
    assert len(message.template_version) == 12
    assert (message.queued_at, message.next_attempt_at) == (NOW, NOW)


def test_nothing_is_queued_without_a_password(account: Account) -> None:
    credentials.destroy(account, at=NOW)
    with pytest.raises(SecretUnavailable):
        _queue(account)
    assert Message.objects.count() == 0


@pytest.mark.parametrize("address", ["", "bukan alamat", "a@b.go.id\nBcc: c@d.go.id"])
def test_nothing_is_queued_to_what_is_no_address(account: Account, address: str) -> None:
    account.registered_email = address
    with pytest.raises(InvalidInput) as refusal:
        _queue(account)
    assert refusal.value.errors == {
        "registered_email": ["Alamat e-mail penerima kosong atau tidak benar."]
    }


def test_a_subject_is_one_line_whatever_the_office_typed(account: Account) -> None:
    office = mail_cases.office()
    office.target_name = "SPSE\r\nBcc: lain@contoh.go.id"
    office.save()
    assert _queue(account).subject == (
        "Informasi akun Verifikator pada SPSE Bcc: lain@contoh.go.id"
    )


def test_a_notice_without_an_address_fails_without_stopping_the_act(case: AccountRequest) -> None:
    message = outbox.queue_notice(
        MessageKind.RETURN_NOTICE,
        case,
        recipient=mail_cases.person("kepala", email=""),
        by=None,
        at=NOW,
        context={},
    )
    assert (message.state, message.settled_at, message.next_attempt_at) == (
        MessageState.FAILED,
        NOW,
        None,
    )
    assert outbox.claim_next("pekerja-1", NOW) is None


def test_a_notice_stores_only_what_its_kind_may_say(case: AccountRequest) -> None:
    with pytest.raises(ValueError, match="order_notice does not say full_name"):
        outbox.queue_notice(
            MessageKind.ORDER_NOTICE,
            case,
            recipient=mail_cases.person(),
            by=None,
            at=NOW,
            context={"due": "", "full_name": "Budi"},
        )


def test_a_message_is_withdrawn_only_before_it_is_sent(account: Account) -> None:
    message = _queue(account)
    assert outbox.withdraw(message, NOW)
    assert outbox.claim_next("pekerja-1", NOW) is None
    assert not outbox.withdraw(message, NOW)


# -- what it says -------------------------------------------------------------------------------


def test_the_credentials_message_as_it_arrives(account: Account, smtp_server: MailServer) -> None:
    password = credentials.reveal(account)
    queued = _queue(account)
    with clock.moved_to(NOW):
        assert outbox.deliver(_claim()) == ACCEPTED
    (received,) = smtp_server.received
    assert (received.sender, received.recipients) == ("lpse@contoh.go.id", [TO])
    message = received.message
    kept = {name: value for name, value in message.items() if name != "Content-Type"}
    assert kept == {
        "MIME-Version": "1.0",
        "Subject": "Informasi akun Verifikator pada SPSE 4.x",
        "From": "LPSE Provinsi Contoh <lpse@contoh.go.id>",
        "To": TO,
        "Reply-To": "lpse@contoh.go.id",
        "Message-ID": queued.message_id,
        "Date": "Thu, 12 Mar 2026 09:30:00 +0800",
        "Content-Language": "id",
        "Auto-Submitted": "auto-generated",
    }
    assert parsedate_to_datetime(message["Date"]) == NOW
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == [
        "text/plain",
        "text/html",
    ]
    assert received.body("plain") == CREDENTIALS_TEXT.format(password=password)
    html = received.body("html")
    assert f"<td nowrap><code>{password}</code></td>" in html
    assert "<strong>Segera lakukan login</strong>" in html
    assert "<strong>wajib mengubah password</strong>" in html
    assert received.data.isascii()


def test_names_are_escaped_in_html_and_left_alone_in_text(
    account: Account, smtp_server: MailServer
) -> None:
    account.registrant.full_name = "Ni'matul <b>& Šimić"
    account.registrant.save()
    _queue(account)
    outbox.deliver(_claim())
    (received,) = smtp_server.received
    assert "Saudara Ir. Ni'matul <b>& Šimić, M.T.,\n" in received.body("plain")
    assert "Saudara Ir. Ni&#x27;matul &lt;b&gt;&amp; Šimić, M.T.,</p>" in received.body("html")


def test_the_preview_is_the_message_with_the_password_hidden(account: Account) -> None:
    shown = outbox.preview(account)
    assert shown.to == TO
    assert shown.subject == "Informasi akun Verifikator pada SPSE 4.x"
    assert shown.text == CREDENTIALS_TEXT.format(password="••••••••••••")
    assert credentials.reveal(account) not in shown.html


def test_optional_facts_are_left_out_when_the_office_has_none(account: Account) -> None:
    office = mail_cases.office()
    office.phone = office.email = office.secretariat = ""
    office.save()
    account.registrant.valid_until = None
    text = outbox.preview(account).text
    assert "silakan menghubungi LPSE Provinsi Contoh.\n" in text
    assert "Berlaku s.d." not in text
    assert "Biro Pengadaan Barang dan Jasa\nPemerintah Provinsi Contoh\n" in text


NOTICE_FACTS: dict[MessageKind, tuple[dict[str, str | int], str]] = {
    MessageKind.ORDER_NOTICE: (
        {"due": "Kamis, 12 Maret 2026, 10.30 WITA"},
        "    Tenggat          : Kamis, 12 Maret 2026, 10.30 WITA\n",
    ),
    MessageKind.TAKE_OVER_NOTICE: (
        {"due": "Kamis, 12 Maret 2026, 10.30 WITA"},
        "    Tenggat          : Kamis, 12 Maret 2026, 10.30 WITA\n",
    ),
    MessageKind.RETURN_NOTICE: ({}, ""),
    MessageKind.COMPLETION_NOTICE: (
        {
            "people": 12,
            "accepted": 8,
            "sent_outside": 1,
            "handed_over": 1,
            "not_delivered": 1,
            "without_account": 1,
        },
        (
            "    Jumlah personel             : 12\n"
            "    Diterima server e-mail      : 8\n"
            "    Dikirim dari luar sistem    : 1\n"
            "    Diserahkan dengan cara lain : 1\n"
            "    Tidak dapat diserahkan      : 1\n"
            "    Tidak dibuat atau ditunda   : 1\n"
        ),
    ),
    MessageKind.DEADLINE_WARNING: (
        {
            "step": 1,
            "step_name": "Menerbitkan SK",
            "percent": 80,
            "due": "Kamis, 12 Maret 2026, 16.00 WITA",
        },
        (
            "    Langkah          : 1. Menerbitkan SK\n"
            "    Tenggat          : Kamis, 12 Maret 2026, 16.00 WITA\n"
        ),
    ),
    MessageKind.LATE_ENTRY_PROPOSED: (
        {
            "step": 3,
            "act": "Menyelesaikan pembuatan akun",
            "happened": "Kamis, 12 Maret 2026, 09.40 WITA",
            "by": "Admin PPE",
        },
        (
            "    Langkah          : 3\n"
            "    Tindakan         : Menyelesaikan pembuatan akun\n"
            "    Terjadi          : Kamis, 12 Maret 2026, 09.40 WITA\n"
        ),
    ),
    MessageKind.LATE_ENTRY_DECIDED: (
        {
            "step": 3,
            "act": "Menyelesaikan pembuatan akun",
            "happened": "Kamis, 12 Maret 2026, 09.40 WITA",
            "by": "Plh. Kepala LPSE",
            "decision": "dikonfirmasi",
        },
        "atas tindakan berikut telah dikonfirmasi oleh Plh. Kepala LPSE.",
    ),
    MessageKind.LATE_ENTRY_RECORDED: (
        {
            "step": 2,
            "act": "Memerintahkan pembuatan akun",
            "happened": "Kamis, 12 Maret 2026, 09.40 WITA",
            "by": "Kepala LPSE",
        },
        "Kepala LPSE mencatat secara susulan tindakannya sendiri berikut ini.",
    ),
    MessageKind.DEADLINE_PASSED: (
        {
            "step": 3,
            "step_name": "Membuat akun",
            "percent": 100,
            "due": "Kamis, 12 Maret 2026, 09.00 WITA",
            "said_late": "Kamis, 12 Maret 2026, 09.00 WITA",
        },
        (
            "Pemberitahuan ini seharusnya disampaikan Kamis, 12 Maret 2026, 09.00 WITA. "
            "Penghitungan tenggat sempat terhenti."
        ),
    ),
}


@pytest.mark.parametrize("kind", [kind for kind in MessageKind if kind in NOTICE_FACTS])
def test_a_notice_tells_the_case_and_no_personal_data(
    account: Account, smtp_server: MailServer, kind: MessageKind
) -> None:
    context, facts = NOTICE_FACTS[kind]
    message = outbox.queue_notice(
        kind,
        account.registrant.request,
        recipient=mail_cases.person(),
        by=None,
        at=NOW,
        context=context,
    )
    assert message.subject.endswith("permohonan 2026-0001")
    assert outbox.deliver(_claim()) == ACCEPTED
    (received,) = smtp_server.received
    assert received.recipients == ["admin.ppe@contoh.go.id"]
    text, html = received.body("plain"), received.body("html")
    assert text.startswith("Yth. Bapak/Ibu/Saudara Siti Aminah, S.Kom.,\n\n")
    assert "    Nomor SK" in text
    assert facts in text
    assert ("Tenggat" in text) == ("due" in context)
    assert "aplikasi: https://registri.contoh.go.id/\n" in text
    for body in (text, html):
        assert "2026-0001" in body
        assert "Budi" not in body
        assert credentials.reveal(account) not in body


def test_every_kind_of_message_is_covered_here() -> None:
    # These are about no case (test_anchoring, test_pages_deviations, test_content_checks).
    general = {
        MessageKind.ANCHOR_NOTICE,
        MessageKind.DEVIATION_REMINDER,
        MessageKind.CONTENT_ALARM,
    }
    assert {MessageKind.CREDENTIALS, *general, *NOTICE_FACTS} == set(MessageKind)


# -- one attempt --------------------------------------------------------------------------------


def test_deferred_once_it_goes_out_at_the_second_attempt(
    account: Account, smtp_server: MailServer
) -> None:
    smtp_server.will(TO, Answer.DEFER)
    queued = _queue(account)
    first = _claim()
    assert outbox.deliver(first) == BUSY
    assert outbox.retry_later(first, BUSY, at=NOW) is None
    assert _row(first) == {
        "state": MessageState.QUEUED,
        "stage": SmtpStage.ENVELOPE,
        "answer_code": 450,
        "answer": "4.2.1 Kotak surat sedang sibuk",
        "attempts": 1,
        "next_attempt_at": NOW + dt.timedelta(minutes=1),
        "claimed_by": "",
    }
    assert outbox.claim_next("pekerja-1", NOW) is None
    second = _claim(NOW + dt.timedelta(minutes=1))
    assert outbox.deliver(second) == ACCEPTED
    assert [item.message["Message-ID"] for item in smtp_server.received] == [queued.message_id]


def test_attempts_come_less_and_less_often_and_end(account: Account) -> None:
    _queue(account)
    at, waits = NOW, []
    while True:
        message = _claim(at)
        final = outbox.retry_later(message, BUSY, at=at)
        if final is not None:
            break
        message.refresh_from_db()
        assert message.next_attempt_at is not None
        waits.append((message.next_attempt_at - at).total_seconds() / 60)
        at = message.next_attempt_at
    assert waits == [1, 5, 15, 30, 60, 60, 60, 60]
    assert final == Delivery(
        "failed",
        SmtpStage.ENVELOPE,
        450,
        "Tidak berhasil setelah 9 kali percobaan. 4.2.1 Kotak surat sedang sibuk",
    )


def test_a_refused_recipient_fails_at_the_envelope(
    account: Account, smtp_server: MailServer
) -> None:
    smtp_server.will(TO, Answer.REFUSE)
    _queue(account)
    assert outbox.deliver(_claim()) == Delivery(
        "failed", SmtpStage.ENVELOPE, 550, "5.1.1 Penerima tidak dikenal"
    )
    assert smtp_server.received == []


def test_the_row_says_final_dot_when_the_server_may_have_the_message(
    account: Account, smtp_server: MailServer
) -> None:
    smtp_server.will(TO, Answer.HANG_UP_AFTER)
    _queue(account)
    message = _claim()
    assert outbox.deliver(message).outcome == "uncertain"
    assert _row(message)["stage"] == SmtpStage.FINAL_DOT


def test_a_worker_that_lost_its_claim_does_not_send(
    account: Account, smtp_server: MailServer
) -> None:
    _queue(account)
    message = _claim()
    Message.objects.update(claimed_by="pekerja-2")
    with pytest.raises(outbox.ClaimLost):
        outbox.deliver(message)
    with pytest.raises(outbox.ClaimLost):
        outbox.record_answer(message, ACCEPTED)
    with pytest.raises(outbox.ClaimLost):
        outbox.retry_later(message, BUSY, at=NOW)
    assert smtp_server.received == []
    assert _row(message)["stage"] == SmtpStage.NONE


def test_a_message_of_a_restored_backup_is_uncertain_and_not_sent(
    account: Account, smtp_server: MailServer, settings: Any
) -> None:
    _queue(account)
    for file in settings.CREDENTIAL_KEYS_DIR.iterdir():
        file.unlink()
    assert outbox.deliver(_claim()) == Delivery(
        "uncertain", SmtpStage.NONE, None, credentials.KEY_LOST
    )
    assert smtp_server.attempts == []


def test_a_destroyed_password_fails_and_an_unreadable_key_waits(
    account: Account, smtp_server: MailServer, settings: Any
) -> None:
    _queue(account)
    message = _claim()
    (key_file,) = settings.CREDENTIAL_KEYS_DIR.iterdir()
    key_file.write_bytes(b"rusak")
    assert outbox.deliver(message) == Delivery(
        "retry", SmtpStage.NONE, None, credentials.KEY_UNREADABLE
    )
    Credential.objects.update(ciphertext=b"", destroyed_at=NOW)
    assert outbox.deliver(message) == Delivery("failed", SmtpStage.NONE, None, credentials.GONE)
    assert smtp_server.attempts == []


def test_a_message_that_cannot_be_written_is_tried_later_without_a_word_of_it(
    account: Account, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = credentials.reveal(account)
    _queue(account)
    message = _claim()

    def break_down(*_: object) -> None:
        raise RuntimeError(f"context was {password}")

    monkeypatch.setattr("accounts_requests.mail_texts.render_to_string", break_down)
    assert outbox.deliver(message) == Delivery(
        "retry", SmtpStage.NONE, None, "Pesan tidak dapat disusun (RuntimeError)."
    )
    assert password not in caplog.text


def test_a_server_that_quotes_the_message_does_not_put_the_password_on_the_row(
    account: Account, smtp_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = credentials.reveal(account)
    smtp_server.will(TO, Answer.REFUSE_CONTENT)
    monkeypatch.setitem(
        REPLIES,
        Answer.REFUSE_CONTENT,
        f"554 ditolak karena {password[7:]}",
    )
    _queue(account)
    assert outbox.deliver(_claim()) == Delivery(
        "failed", SmtpStage.ANSWERED, 554, outbox.QUOTED_SECRET
    )


def test_the_password_is_in_the_mail_and_nowhere_else(
    account: Account, smtp_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    password = credentials.reveal(account)
    # aiosmtpd logs what the client says; that is the test's server, not us.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    caplog.set_level(logging.DEBUG)
    _queue(account)
    message = _claim()
    outbox.record_answer(message, outbox.deliver(message))
    assert password in smtp_server.received[0].body("plain")
    assert password not in caplog.text
    rows = [str(list(model.objects.values())) for model in (Message, Account, Credential)]
    assert password not in "".join(rows)


# -- without a mail server ----------------------------------------------------------------------


def test_in_a_demo_the_message_becomes_a_file(
    account: Account, settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    _queue(account)
    assert outbox.deliver(_claim()) == Delivery(
        "accepted",
        SmtpStage.ANSWERED,
        None,
        "Disimpan sebagai berkas; tidak dikirim melalui server e-mail.",
    )
    (file,) = (tmp_path / "mail").iterdir()
    assert f"To: {TO}\n" in file.read_text()


def test_another_backend_is_named(account: Account) -> None:
    _queue(account)
    assert outbox.deliver(_claim()) == Delivery(
        "accepted",
        SmtpStage.ANSWERED,
        None,
        "Diserahkan kepada django.core.mail.backends.locmem.EmailBackend.",
    )
    (sent,) = mail.outbox
    assert (sent.to, sent.cc, sent.bcc) == ([TO], [], [])


def test_a_file_that_cannot_be_written_is_tried_again(
    account: Account, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", full_disk)
    _queue(account)
    assert outbox.deliver(_claim()) == Delivery(
        "retry", SmtpStage.DATA, None, "Pesan tidak dapat disimpan."
    )


# -- claims -------------------------------------------------------------------------------------


def test_the_longest_due_goes_first_and_the_future_waits(case: AccountRequest) -> None:
    first, second, third = (_queue(mail_cases.account(case, position)) for position in (1, 2, 3))
    Message.objects.filter(pk=first.pk).update(
        attempts=1, next_attempt_at=NOW + dt.timedelta(seconds=1)
    )
    Message.objects.filter(pk=third.pk).update(next_attempt_at=NOW - dt.timedelta(seconds=1))
    assert [_claim(), _claim()] == [third, second]
    assert outbox.claim_next("pekerja-1", NOW) is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_claim_each_message_once() -> None:
    case = mail_cases.case()
    queued = {_queue(mail_cases.account(case, position)).pk for position in range(1, 21)}
    start = threading.Barrier(3)
    claimed: dict[str, list[int]] = {"a": [], "b": [], "c": []}

    def work(name: str) -> None:
        start.wait()
        try:
            while (message := outbox.claim_next(name, NOW)) is not None:
                claimed[name].append(message.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in claimed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    taken = [pk for pks in claimed.values() for pk in pks]
    assert len(taken) == 20
    assert set(taken) == queued
    assert set(Message.objects.values_list("state", "attempts")) == {(MessageState.SENDING, 1)}


# -- workers that are gone ----------------------------------------------------------------------


STALE = NOW + outbox.STALE_AFTER


def test_a_claim_is_left_alone_while_its_worker_may_live(account: Account) -> None:
    _queue(account)
    message = _claim()
    assert reaping.reap(STALE - dt.timedelta(seconds=1)) == []
    assert _row(message)["claimed_by"] == "pekerja-1"


def test_what_was_surely_not_sent_goes_back_into_the_queue(account: Account) -> None:
    _queue(account)
    message = _claim()
    assert reaping.reap(STALE) == []
    assert _row(message) == {
        "state": MessageState.QUEUED,
        "stage": SmtpStage.NONE,
        "answer_code": None,
        "answer": "Pengirim berhenti sebelum pesan selesai dikirim.",
        "attempts": 1,
        "next_attempt_at": STALE + dt.timedelta(minutes=1),
        "claimed_by": "",
    }


def test_what_may_have_arrived_is_uncertain_and_reaped_once(account: Account) -> None:
    _queue(account)
    message = _claim()
    Message.objects.update(stage=SmtpStage.FINAL_DOT)
    assert reaping.reap(STALE) == [
        (
            message.pk,
            Delivery("uncertain", SmtpStage.FINAL_DOT, None, reaping.STOPPED_AFTER_DOT),
        )
    ]
    assert reaping.reap(STALE) == []


def test_a_slow_worker_that_reaches_the_dot_while_it_is_reaped_is_not_sent_again(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    _queue(account)
    slow = _claim()
    claim_of = outbox.claim_of

    def to_the_dot_first(message: Message) -> QuerySet[Message]:
        """The row has been read already; its worker goes on to the dot only now."""
        outbox._mark_final_dot(slow)
        return claim_of(message)

    monkeypatch.setattr(reaping, "claim_of", to_the_dot_first)
    assert reaping.reap(STALE) == [
        (slow.pk, Delivery("uncertain", SmtpStage.FINAL_DOT, None, reaping.STOPPED_AFTER_DOT))
    ]
    assert _row(slow)["state"] == MessageState.SENDING
    with pytest.raises(outbox.ClaimLost):
        outbox.record_answer(slow, ACCEPTED)


@pytest.mark.parametrize(
    ("recorded", "owed"),
    [
        (ACCEPTED, ACCEPTED),
        (
            Delivery("failed", SmtpStage.ANSWERED, 554, "ditolak"),
            Delivery("failed", SmtpStage.ANSWERED, 554, "ditolak"),
        ),
        (Delivery("retry", SmtpStage.ANSWERED, 451, "nanti"), None),
    ],
)
def test_an_answer_that_was_recorded_is_not_lost(
    account: Account, recorded: Delivery, owed: Delivery | None
) -> None:
    _queue(account)
    message = _claim()
    outbox.record_answer(message, recorded)
    assert reaping.reap(STALE) == ([(message.pk, owed)] if owed else [])
    expected = MessageState.SENDING if owed else MessageState.QUEUED
    assert _row(message)["state"] == expected


def test_a_worker_that_dies_each_time_is_not_tried_for_ever(account: Account) -> None:
    _queue(account)
    message = _claim()
    Message.objects.update(attempts=outbox.MAX_ATTEMPTS)
    assert reaping.reap(STALE) == [
        (
            message.pk,
            Delivery(
                "failed",
                SmtpStage.NONE,
                None,
                "Tidak berhasil setelah 9 kali percobaan. "
                "Pengirim berhenti sebelum pesan selesai dikirim.",
            ),
        )
    ]
