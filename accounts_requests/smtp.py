"""One conversation with the mail server, told stage by stage.

``smtplib`` raises the same SMTPServerDisconnected before and after the final dot. The difference
decides everything: before the dot the server has nothing and the message is tried again; after
it nobody knows, and a person decides. So the conversation is led here, with smtplib's parts.
"""

import logging
import re
import selectors
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.core.mail.utils import DNS_NAME

from accounts_requests.states import SmtpStage

logger = logging.getLogger(__name__)

Outcome = Literal["accepted", "retry", "failed", "uncertain"]

# The longest that a conversation may take up to the final dot, in seconds. A claim is given up
# by outbox.STALE_AFTER, which is longer than this and the wait for the answer together.
LONGEST_BEFORE_DOT = 300
# After the final dot a server may examine the message; RFC 5321 (4.5.3.2.6) grants it more time
# than for any command. This many times settings.EMAIL_TIMEOUT.
PATIENCE_AFTER_DOT = 4
FAREWELL_SECONDS = 5
ANSWER_LENGTH = 500


@dataclass(frozen=True)
class Delivery:
    """What came of one attempt.

    ``stage`` is how far it came, ``code`` the server's last code (None without one), ``answer``
    its own words, or a sentence in Indonesian where it had none.
    """

    outcome: Outcome
    stage: SmtpStage
    code: int | None
    answer: str


@dataclass(frozen=True)
class Server:
    """Where and how to speak to the mail server; ``timeout`` in seconds for each answer."""

    host: str
    port: int
    user: str
    password: str
    starttls: bool
    implicit_tls: bool
    timeout: float

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port})"

    @classmethod
    def from_settings(cls) -> "Server":
        """The server of the EMAIL_* settings."""
        return cls(
            host=settings.EMAIL_HOST,
            port=settings.EMAIL_PORT,
            user=settings.EMAIL_HOST_USER,
            password=settings.EMAIL_HOST_PASSWORD,
            starttls=settings.EMAIL_USE_TLS,
            implicit_tls=settings.EMAIL_USE_SSL,
            timeout=settings.EMAIL_TIMEOUT,
        )


@dataclass(frozen=True)
class Parcel:
    """An envelope with one recipient, and the message's bytes (lines end with CR LF)."""

    sender: str
    recipient: str
    data: bytes

    def __repr__(self) -> str:
        # The bytes may hold a password.
        return f"Parcel({len(self.data)} bytes)"


def converse(server: Server, parcel: Parcel, *, before_final_dot: Callable[[], None]) -> Delivery:
    """Hand ``parcel`` to ``server`` and return what came of it.

    ``before_final_dot`` is called when the whole body is out and only the dot is missing: from
    its return on the message may be delivered. What it raises ends the conversation without the
    dot and goes to the caller; nothing else is raised.

    * 2xx after the dot: accepted. 4xx anywhere: retry. 5xx to the envelope, to DATA or to the
      message: failed.
    * A refusal before the envelope (greeting, encryption, sign-in) says nothing about the
      message and is for the operator to mend: retry, also for 5xx.
    * Connection lost or silence: retry before the dot, uncertain after it.
    """
    talk = _Conversation(server)
    try:
        return talk.hand_over(parcel, before_final_dot)
    except smtplib.SMTPResponseException as refusal:
        if talk.stage == SmtpStage.FINAL_DOT:
            # smtplib's own word for an answer too long to read.
            return Delivery("uncertain", talk.stage, None, "Jawaban server tidak dapat dibaca.")
        return Delivery("retry", talk.stage, refusal.smtp_code, _words(refusal.smtp_error))
    except (OSError, UnicodeError) as loss:
        after_dot = talk.stage == SmtpStage.FINAL_DOT
        outcome: Outcome = "uncertain" if after_dot else "retry"
        return Delivery(outcome, talk.stage, None, _explain(loss, talk.stage, server))
    finally:
        talk.leave()


class _Conversation:
    """The stages of one conversation; ``stage`` is the one that is under way."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.stage = SmtpStage.CONNECT
        self.client: smtplib.SMTP | None = None
        self.latest = time.monotonic() + LONGEST_BEFORE_DOT

    def hand_over(self, parcel: Parcel, before_final_dot: Callable[[], None]) -> Delivery:
        client = self.client = self._connect()
        self._sign_in(client)

        self._enter(SmtpStage.ENVELOPE)
        code, answer = client.mail(parcel.sender)
        if not _is_positive(code):
            return self._refused(code, answer)
        self._enter(SmtpStage.ENVELOPE)
        code, answer = client.rcpt(parcel.recipient)
        if not _is_positive(code):
            return self._refused(code, answer)

        self._enter(SmtpStage.DATA)
        code, answer = client.docmd("DATA")
        if code != 354:
            return self._refused(code, answer)
        client.send(_dot_stuffed(parcel.data))
        self._enter(SmtpStage.DATA)
        before_final_dot()
        if self._has_hung_up(client):
            raise smtplib.SMTPServerDisconnected("The server has closed the connection.")

        self.stage = SmtpStage.FINAL_DOT
        if client.sock is not None:
            client.sock.settimeout(self.server.timeout * PATIENCE_AFTER_DOT)
        client.send(b".\r\n")
        code, answer = client.getreply()
        if not 200 <= code < 600 or 300 <= code < 400:
            return Delivery("uncertain", self.stage, None, _words(answer))
        self.stage = SmtpStage.ANSWERED
        if _is_positive(code):
            return Delivery("accepted", self.stage, code, _words(answer))
        return self._refused(code, answer)

    def leave(self) -> None:
        """Say QUIT where the server awaits a command; otherwise hang up. Changes no outcome."""
        if self.client is None:
            return
        with suppress(OSError):
            if self.stage not in {SmtpStage.DATA, SmtpStage.FINAL_DOT} and self.client.sock:
                self.client.sock.settimeout(FAREWELL_SECONDS)
                self.client.quit()
        self.client.close()

    def _connect(self) -> smtplib.SMTP:
        """Open the connection and hear the greeting."""
        server = self.server
        if server.implicit_tls:
            return smtplib.SMTP_SSL(
                server.host,
                server.port,
                local_hostname=DNS_NAME.get_fqdn(),
                timeout=server.timeout,
                context=ssl.create_default_context(),
            )
        return smtplib.SMTP(
            server.host,
            server.port,
            local_hostname=DNS_NAME.get_fqdn(),
            timeout=server.timeout,
        )

    def _sign_in(self, client: smtplib.SMTP) -> None:
        """Greet, encrypt where it is required (never without, then), and sign in where asked."""
        client.ehlo_or_helo_if_needed()
        if self.server.starttls:
            client.starttls(context=ssl.create_default_context())
            client.ehlo_or_helo_if_needed()
        if self.server.user:
            client.login(self.server.user, self.server.password)

    def _enter(self, stage: SmtpStage) -> None:
        self.stage = stage
        if time.monotonic() > self.latest:
            raise TimeoutError("The conversation has taken too long.")

    def _refused(self, code: int, answer: bytes) -> Delivery:
        """Judge an answer that is not positive: 5xx is final, all else is tried again."""
        outcome: Outcome = "failed" if 500 <= code < 600 else "retry"
        return Delivery(outcome, self.stage, code if code > 0 else None, _words(answer))

    @staticmethod
    def _has_hung_up(client: smtplib.SMTP) -> bool:
        """Has the server closed the connection? Looks at what has arrived; never waits."""
        if client.sock is None:
            return True
        with selectors.DefaultSelector() as selector:
            selector.register(client.sock, selectors.EVENT_READ)
            if not selector.select(timeout=0):
                return False
        try:
            # Under TLS, too, the plain socket tells the end; its other bytes are left alone.
            return socket.socket.recv(client.sock, 1, socket.MSG_PEEK) == b""
        except OSError:
            return True


def _is_positive(code: int) -> bool:
    return 200 <= code < 300


def _dot_stuffed(data: bytes) -> bytes:
    """Return ``data`` for the wire: leading dots doubled (RFC 5321, 4.5.2), CR LF at its end."""
    stuffed = re.sub(rb"(?m)^\.", b"..", data)
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"


def _words(answer: bytes | str) -> str:
    """Return a server's words as one printable line."""
    text = answer if isinstance(answer, str) else answer.decode("utf-8", errors="replace")
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(printable.split())[:ANSWER_LENGTH]


def _explain(loss: Exception, stage: SmtpStage, server: Server) -> str:
    """Return a sentence for an end without an answer."""
    if isinstance(loss, smtplib.SMTPNotSupportedError):
        return (
            "Server e-mail tidak menawarkan STARTTLS atau cara masuk yang diwajibkan; "
            "pesan tidak dikirim."
        )
    if isinstance(loss, ssl.SSLCertVerificationError):
        return "Sertifikat server e-mail tidak dapat dipercaya; pesan tidak dikirim."
    if stage == SmtpStage.FINAL_DOT:
        return (
            "Isi pesan telah terkirim seluruhnya, tetapi sambungan berakhir sebelum server "
            "e-mail menjawab."
        )
    # The kind of loss is the operator's to read; its text may quote what was said.
    logger.warning("mail server %s: %s at stage %s", server, type(loss).__name__, stage)
    if stage == SmtpStage.CONNECT:
        return "Server e-mail tidak dapat dihubungi atau tidak menjawab."
    return "Sambungan dengan server e-mail terputus sebelum pesan selesai dikirim."
