"""The conversation with a mail server, against real servers on loopback: good ones and bad ones."""

import datetime as dt
import ipaddress
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Self

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from accounts_requests import smtp
from accounts_requests.smtp import Delivery, Parcel, Server, converse
from accounts_requests.states import SmtpStage
from tests.smtp_fixtures import Answer, MailServer, free_port

TO = "budi@contoh.go.id"
PARCEL = Parcel("lpse@contoh.go.id", TO, b"Subject: Uji\r\n\r\n.titik di muka\r\nisi\r\n")
UNREACHABLE = "Server e-mail tidak dapat dihubungi atau tidak menjawab."
CUT_OFF = "Sambungan dengan server e-mail terputus sebelum pesan selesai dikirim."
UNANSWERED = (
    "Isi pesan telah terkirim seluruhnya, tetapi sambungan berakhir sebelum server e-mail menjawab."
)


def _server(port: int, *, timeout: float = 5) -> Server:
    return Server(
        host="127.0.0.1",
        port=port,
        user="",
        password="",
        starttls=False,
        implicit_tls=False,
        timeout=timeout,
    )


def _nothing() -> None:
    """Stands for the mark on a row, where a test has none."""


Turn = Callable[[socket.socket, BinaryIO], None]


class RawServer:
    """Plays a script for one connection: bytes to say, or a callable that gets the socket
    and the lines read from it.

    After saying something it reads one line, until the script ends; then it closes.
    ``heard`` is everything that it read; ``closed`` is set when it has hung up.
    """

    def __init__(self, *script: bytes | Turn) -> None:
        self.script = script
        self.heard = b""
        self.closed = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._play, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.thread.join(timeout=10)
        self.listener.close()
        assert not self.thread.is_alive()

    def _play(self) -> None:
        connection, _ = self.listener.accept()
        connection.settimeout(10)
        with connection, connection.makefile("rb") as lines:
            for line in self.script:
                if callable(line):
                    line(connection, lines)
                    continue
                connection.sendall(line)
                self.heard += lines.readline()
        self.closed.set()


def _until_the_dot(_: socket.socket, lines: BinaryIO) -> None:
    """Read the message up to the line with the final dot."""
    assert b".\r\n" in iter(lines)


def _reset(connection: socket.socket, _: BinaryIO) -> None:
    """Hang up at once, as a killed process would."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.shutdown(socket.SHUT_RDWR)


def _stay_silent_until(event: threading.Event) -> Turn:
    def wait(_: socket.socket, __: BinaryIO) -> None:
        event.wait(timeout=10)

    return wait


TO_THE_BODY = (b"220 siap\r\n", b"250 halo\r\n", b"250 pengirim\r\n", b"250 penerima\r\n")


# -- answers ------------------------------------------------------------------------------------


def test_an_accepted_message_arrives_byte_for_byte(smtp_server: MailServer) -> None:
    delivery = converse(_server(smtp_server.port), PARCEL, before_final_dot=_nothing)
    assert delivery == Delivery("accepted", SmtpStage.ANSWERED, 250, "2.0.0 OK diterima")
    (received,) = smtp_server.received
    assert (received.sender, received.recipients) == ("lpse@contoh.go.id", [TO])
    assert received.data == PARCEL.data


def test_a_message_without_a_last_line_end_gets_one(smtp_server: MailServer) -> None:
    parcel = replace(PARCEL, data=b"Subject: Uji\r\n\r\nisi")
    assert converse(_server(smtp_server.port), parcel, before_final_dot=_nothing).code == 250
    assert smtp_server.received[0].data == b"Subject: Uji\r\n\r\nisi\r\n"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            Answer.DEFER,
            Delivery("retry", SmtpStage.ENVELOPE, 450, "4.2.1 Kotak surat sedang sibuk"),
        ),
        (
            Answer.REFUSE,
            Delivery("failed", SmtpStage.ENVELOPE, 550, "5.1.1 Penerima tidak dikenal"),
        ),
        (
            Answer.DEFER_CONTENT,
            Delivery("retry", SmtpStage.ANSWERED, 451, "4.3.0 Coba lagi nanti"),
        ),
        (
            Answer.REFUSE_CONTENT,
            Delivery("failed", SmtpStage.ANSWERED, 554, "5.7.1 Isi ditolak"),
        ),
        (Answer.HANG_UP_BEFORE, Delivery("retry", SmtpStage.DATA, None, CUT_OFF)),
        (Answer.HANG_UP_AFTER, Delivery("uncertain", SmtpStage.FINAL_DOT, None, UNANSWERED)),
    ],
)
def test_each_answer_has_its_outcome(
    smtp_server: MailServer, answer: Answer, expected: Delivery
) -> None:
    smtp_server.will(TO, answer)
    delivery = converse(_server(smtp_server.port), PARCEL, before_final_dot=_nothing)
    if answer is Answer.HANG_UP_BEFORE:
        # Whether the loss is met at the recipient or at DATA is the network's timing.
        assert delivery.stage in {SmtpStage.ENVELOPE, SmtpStage.DATA}
        delivery = replace(delivery, stage=SmtpStage.DATA)
    assert delivery == expected
    assert len(smtp_server.received) == (1 if answer is Answer.HANG_UP_AFTER else 0)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            [b"554 tidak melayani\r\n"],
            Delivery("retry", SmtpStage.CONNECT, 554, "tidak melayani"),
        ),
        (
            [b"220 siap\r\n", b"250 halo\r\n", b"550-pengirim\r\n550 ditolak\r\n", b"221 \r\n"],
            Delivery("failed", SmtpStage.ENVELOPE, 550, "pengirim ditolak"),
        ),
        (
            [*TO_THE_BODY, b"554 tanpa isi\r\n"],
            Delivery("failed", SmtpStage.DATA, 554, "tanpa isi"),
        ),
        (
            [*TO_THE_BODY, b"421 sibuk\r\n"],
            Delivery("retry", SmtpStage.DATA, 421, "sibuk"),
        ),
        (
            [b"220 siap\r\n", b"250 halo\r\n", b"tidak jelas\r\n", b"221 \r\n"],
            Delivery("retry", SmtpStage.ENVELOPE, None, "k jelas"),
        ),
    ],
)
def test_refusals_before_the_body(script: list[bytes], expected: Delivery) -> None:
    with RawServer(*script) as raw:
        assert converse(_server(raw.port), PARCEL, before_final_dot=_nothing) == expected


# -- losses: before the dot is not after the dot ------------------------------------------------


def test_nobody_listening_is_tried_again() -> None:
    assert converse(_server(free_port()), PARCEL, before_final_dot=_nothing) == Delivery(
        "retry", SmtpStage.CONNECT, None, UNREACHABLE
    )


def test_a_silent_server_is_tried_again() -> None:
    over = threading.Event()
    with RawServer(_stay_silent_until(over)) as raw:
        delivery = converse(_server(raw.port, timeout=0.2), PARCEL, before_final_dot=_nothing)
        over.set()
    assert delivery == Delivery("retry", SmtpStage.CONNECT, None, UNREACHABLE)


def test_a_hang_up_before_data_is_tried_again() -> None:
    with RawServer(*TO_THE_BODY) as raw:
        delivery = converse(_server(raw.port), PARCEL, before_final_dot=_nothing)
    assert delivery == Delivery("retry", SmtpStage.DATA, None, CUT_OFF)


def test_a_hang_up_amid_the_body_is_tried_again_and_the_dot_is_not_sent() -> None:
    with RawServer(*TO_THE_BODY, b"354 isi\r\n", _reset) as raw:

        def wait_for_the_hang_up() -> None:
            assert raw.closed.wait(timeout=5)

        delivery = converse(_server(raw.port), PARCEL, before_final_dot=wait_for_the_hang_up)
    assert delivery == Delivery("retry", SmtpStage.DATA, None, CUT_OFF)


def test_a_hang_up_after_the_dot_is_uncertain() -> None:
    with RawServer(*TO_THE_BODY, b"354 isi\r\n", _until_the_dot) as raw:
        delivery = converse(_server(raw.port), PARCEL, before_final_dot=_nothing)
    assert delivery == Delivery("uncertain", SmtpStage.FINAL_DOT, None, UNANSWERED)


def test_silence_after_the_dot_is_uncertain() -> None:
    over = threading.Event()
    with RawServer(*TO_THE_BODY, b"354 isi\r\n", _stay_silent_until(over)) as raw:
        delivery = converse(_server(raw.port, timeout=0.1), PARCEL, before_final_dot=_nothing)
        over.set()
    assert delivery == Delivery("uncertain", SmtpStage.FINAL_DOT, None, UNANSWERED)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"??? \r\n", ""),
        (b"354 lagi\r\n", "lagi"),
        (b"250 " + b"x" * 9000 + b"\r\n", "Jawaban server tidak dapat dibaca."),
    ],
)
def test_an_answer_that_means_nothing_is_uncertain(answer: bytes, words: str) -> None:
    with RawServer(
        *TO_THE_BODY,
        b"354 isi\r\n",
        _until_the_dot,
        lambda connection, _: connection.sendall(answer),
    ) as raw:
        delivery = converse(_server(raw.port), PARCEL, before_final_dot=_nothing)
    assert delivery == Delivery("uncertain", SmtpStage.FINAL_DOT, None, words)


def test_the_mark_is_made_when_the_body_is_out_and_the_dot_is_not(
    smtp_server: MailServer,
) -> None:
    taken: list[int] = []
    converse(
        _server(smtp_server.port),
        PARCEL,
        before_final_dot=lambda: taken.append(len(smtp_server.received)),
    )
    assert taken == [0]
    assert len(smtp_server.received) == 1


def test_a_mark_that_cannot_be_made_keeps_the_message_from_being_sent(
    smtp_server: MailServer,
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        converse(_server(smtp_server.port), PARCEL, before_final_dot=fail)
    assert smtp_server.attempts == [TO]
    assert smtp_server.received == []


def test_a_conversation_that_drags_on_is_given_up_before_the_dot(
    smtp_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "LONGEST_BEFORE_DOT", -1)
    delivery = converse(_server(smtp_server.port), PARCEL, before_final_dot=_nothing)
    assert delivery == Delivery("retry", SmtpStage.ENVELOPE, None, CUT_OFF)
    assert smtp_server.received == []


# -- encryption and sign-in ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return certificate and key for 127.0.0.1, signed by itself."""
    directory = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(dt.datetime.now(dt.UTC) - dt.timedelta(days=1))
        .not_valid_after(dt.datetime.now(dt.UTC) + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = directory / "cert.pem", directory / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert_file, key_file


@pytest.fixture
def tls_server(certificate: tuple[Path, Path]) -> Iterator[MailServer]:
    """Run a server that requires STARTTLS and the sign-in lpse / benar."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)

    def authenticate(*arguments: object) -> AuthResult:
        data = arguments[-1]
        assert isinstance(data, LoginPassword)
        # A refusal that is "handled" would be answered by nobody.
        right = data == LoginPassword(b"lpse", b"benar")
        return AuthResult(success=right, handled=right)

    server = MailServer()
    controller = Controller(
        server,
        hostname=server.host,
        port=server.port,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=authenticate,
    )
    controller.start()
    yield server
    controller.stop()


def test_an_encrypted_and_signed_in_conversation(
    tls_server: MailServer, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    server = replace(_server(tls_server.port), starttls=True, user="lpse", password="benar")
    delivery = converse(server, PARCEL, before_final_dot=_nothing)
    assert (delivery.outcome, delivery.code) == ("accepted", 250)
    assert tls_server.received[0].data == PARCEL.data


def test_a_refused_sign_in_is_the_operators_to_mend(
    tls_server: MailServer, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    server = replace(_server(tls_server.port), starttls=True, user="lpse", password="salah")
    assert converse(server, PARCEL, before_final_dot=_nothing) == Delivery(
        "retry", SmtpStage.CONNECT, 535, "5.7.8 Authentication credentials invalid"
    )
    assert "salah" not in repr(server)


def test_a_certificate_nobody_vouches_for_ends_the_conversation(tls_server: MailServer) -> None:
    server = replace(_server(tls_server.port), starttls=True)
    assert converse(server, PARCEL, before_final_dot=_nothing) == Delivery(
        "retry",
        SmtpStage.CONNECT,
        None,
        "Sertifikat server e-mail tidak dapat dipercaya; pesan tidak dikirim.",
    )
    assert tls_server.attempts == []


def test_nothing_is_said_in_the_clear_where_encryption_is_required(
    smtp_server: MailServer,
) -> None:
    server = replace(_server(smtp_server.port), starttls=True)
    assert converse(server, PARCEL, before_final_dot=_nothing) == Delivery(
        "retry",
        SmtpStage.CONNECT,
        None,
        "Server e-mail tidak menawarkan STARTTLS atau cara masuk yang diwajibkan; "
        "pesan tidak dikirim.",
    )
    assert smtp_server.attempts == []


def test_a_parcel_does_not_show_what_it_carries() -> None:
    assert repr(PARCEL) == f"Parcel({len(PARCEL.data)} bytes)"
