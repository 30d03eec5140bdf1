"""A mail server that fails at random, but always the same way, and keeps a ledger of what it took.

It drops connections before the final dot, after it without a word, after it having taken the
message, and after its "250"; it defers; and now and then it does its work.
"""

import asyncio
import random
import threading
from collections import Counter
from email import message_from_bytes, policy
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

from .smtp_fixtures import free_port

# What the server makes of an attempt, and how often of a hundred times.
TAKE, DEFER, CUT_AT_ENVELOPE, CUT_IN_BODY = "take", "defer", "cut at envelope", "cut in body"
TAKE_AND_CUT, CUT_AFTER_DOT, ANSWER_AND_CUT = "take and cut", "cut after dot", "answer and cut"
SHARES = {
    TAKE: 34,
    DEFER: 13,
    CUT_AT_ENVELOPE: 15,
    CUT_IN_BODY: 15,
    TAKE_AND_CUT: 7,
    CUT_AFTER_DOT: 6,
    ANSWER_AND_CUT: 10,
}

ANSWERED, UNANSWERED = "answered 250", "taken without an answer"
"""What the ledger says of a message that the server took."""


class UnsteadyServer:
    """Listens between ``start`` and ``stop``. ``moments`` counts what it has gone through."""

    def __init__(self, seed: int) -> None:
        self.host, self.port = "127.0.0.1", free_port()
        self.ledger: list[tuple[str, str]] = []
        self.moments: Counter[str] = Counter()
        self._random = random.Random(seed)  # noqa: S311  repeatable, not secret
        self._plans: dict[Any, str] = {}
        self._moved = threading.Condition()
        self._controller = _Controller(self, hostname=self.host, port=self.port)

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    def taken(self) -> dict[str, list[str]]:
        """By Message-ID, how the server took it, each time that it did."""
        found: dict[str, list[str]] = {}
        for message_id, how in self.ledger:
            found.setdefault(message_id, []).append(how)
        return found

    def await_moment(self, name: str, seconds: float) -> None:
        """Until some conversation comes to this moment; at most so long."""
        with self._moved:
            before = self.moments[name]
            self._moved.wait_for(lambda: self.moments[name] > before, timeout=seconds)

    async def pass_moment(self, name: str) -> None:
        """Tell whoever waits, and take a little time, in which workers are killed."""
        with self._moved:
            self.moments[name] += 1
            self._moved.notify_all()
        await asyncio.sleep(self._random.uniform(0, 0.04))

    def plan(self, session: Session) -> str:
        """What becomes of the message that this connection is about."""
        return self._plans[session.peer]

    # -- what aiosmtpd calls, in its own thread ---------------------------------------------------

    async def handle_MAIL(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _more: list[str]
    ) -> str:
        self._plans[session.peer] = self._random.choices(
            list(SHARES), weights=list(SHARES.values())
        )[0]
        envelope.mail_from = address
        await self.pass_moment("envelope")
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _more: list[str]
    ) -> str:
        plan = self.plan(session)
        if plan == DEFER:
            return "450 4.2.1 Kotak surat sedang sibuk"
        if plan == CUT_AT_ENVELOPE:
            cast(Any, server.transport).abort()
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        transport = cast(Any, server.transport)
        await self.pass_moment("after the dot")
        plan = self.plan(session)
        if plan == CUT_AFTER_DOT:
            transport.abort()
            return "451 4.3.0 nobody hears this"
        answered = plan != TAKE_AND_CUT
        content = message_from_bytes(cast(bytes, envelope.original_content), policy=policy.default)
        self.ledger.append((str(content["Message-ID"]), ANSWERED if answered else UNANSWERED))
        if not answered:
            transport.abort()
            return "451 4.3.0 nobody hears this"
        if plan == ANSWER_AND_CUT:
            await server.push("250 2.0.0 OK diterima")
            transport.close()
        return "250 2.0.0 OK diterima"


class _Smtp(SMTP):
    """Knows one thing more: to hang up while the body is coming in."""

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  aiosmtpd's name
        server = cast(UnsteadyServer, self.event_handler)
        await server.pass_moment("body")
        if self.session is not None and server.plan(self.session) == CUT_IN_BODY:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            cast(Any, self.transport).abort()
            return
        await super().smtp_DATA(arg)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Smtp(self.handler, **self.SMTP_kwargs)
