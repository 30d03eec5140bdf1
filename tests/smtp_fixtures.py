"""A real mail server on loopback that does what a test asks of it, for each recipient.

``smtp_server.will("a@example.go.id", Answer.DEFER, Answer.DEFER)`` defers that recipient's next two
attempts and takes the third; ``smtp_server.always(…)`` does the same at every attempt.
"""

import asyncio
import enum
import socket
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Answer(enum.Enum):
    """What the server does with one attempt to reach a recipient."""

    TAKE = enum.auto()
    DEFER = enum.auto()  # 450 to the recipient
    REFUSE = enum.auto()  # 550 to the recipient
    DEFER_CONTENT = enum.auto()  # 451 after the message
    REFUSE_CONTENT = enum.auto()  # 554 after the message
    HANG_UP_BEFORE = enum.auto()  # closes the connection at the recipient
    HANG_UP_AFTER = enum.auto()  # takes the message and closes without an answer


REPLIES = {
    Answer.TAKE: "250 2.0.0 OK diterima",
    Answer.DEFER: "450 4.2.1 Kotak surat sedang sibuk",
    Answer.REFUSE: "550 5.1.1 Penerima tidak dikenal",
    Answer.DEFER_CONTENT: "451 4.3.0 Coba lagi nanti",
    Answer.REFUSE_CONTENT: "554 5.7.1 Isi ditolak",
}
AT_RECIPIENT = {Answer.DEFER, Answer.REFUSE, Answer.HANG_UP_BEFORE}


@dataclass(frozen=True)
class Received:
    """A message that the server took, with its envelope and its bytes as they came."""

    sender: str
    recipients: list[str]
    data: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.data, policy=policy.default)

    def body(self, subtype: str) -> str:
        """Return the decoded part text/``subtype``, its lines ending as Python's do."""
        part = self.message.get_body((subtype,))
        assert part is not None
        return cast(str, part.get_content()).replace("\r\n", "\n")


class MailServer:
    """Listens while a test runs; also the handler that aiosmtpd calls in its own thread."""

    def __init__(self) -> None:
        self.host = "127.0.0.1"
        self.port = free_port()
        self.received: list[Received] = []
        self.attempts: list[str] = []
        # Where a test sets one, the server keeps its answer to a message until the event is set.
        self.answer_when: threading.Event | None = None
        self._next: defaultdict[str, deque[Answer]] = defaultdict(deque)
        self._always: dict[str, Answer] = {}
        self._present: dict[str, Answer] = {}

    def will(self, address: str, *answers: Answer) -> None:
        """Answer the next attempts for ``address`` so, one by one; then take everything."""
        self._next[address].extend(answers)

    def always(self, address: str, answer: Answer) -> None:
        """Answer every attempt for ``address`` so."""
        self._always[address] = answer

    def received_by(self, address: str) -> list[Received]:
        return [item for item in self.received if item.recipients == [address]]

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self,
        server: SMTP,
        session: Session,  # noqa: ARG002  aiosmtpd's signature
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],  # noqa: ARG002  aiosmtpd's signature
    ) -> str:
        self.attempts.append(address)
        queued = self._next[address]
        answer = queued.popleft() if queued else self._always.get(address, Answer.TAKE)
        self._present[address] = answer
        if answer is Answer.HANG_UP_BEFORE:
            cast(Any, server.transport).abort()
        elif answer in AT_RECIPIENT:
            return REPLIES[answer]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self,
        server: SMTP,
        session: Session,  # noqa: ARG002  aiosmtpd's signature
        envelope: Envelope,
    ) -> str:
        answer = self._present[envelope.rcpt_tos[0]]
        if answer in {Answer.TAKE, Answer.HANG_UP_AFTER}:
            content = cast(bytes, envelope.original_content)
            self.received.append(
                Received(str(envelope.mail_from), list(envelope.rcpt_tos), content)
            )
        if self.answer_when is not None:
            await asyncio.to_thread(self.answer_when.wait, 30)
        if answer is Answer.HANG_UP_AFTER:
            cast(Any, server.transport).abort()
            answer = Answer.TAKE
        return REPLIES[answer]


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return cast(int, probe.getsockname()[1])


@pytest.fixture
def smtp_server(settings: Any) -> Iterator[MailServer]:
    """Run a mail server and point the EMAIL_* settings at it."""
    server = MailServer()
    controller = Controller(server, hostname=server.host, port=server.port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = server.host
    settings.EMAIL_PORT = server.port
    settings.EMAIL_HOST_USER = ""
    settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = False
    settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 5
    yield server
    controller.stop()
