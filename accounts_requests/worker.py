"""What ``manage.py run_worker`` does, one claimed row at a time: deliver, render, sweep.

Many copies may run at once: every item is claimed first. One failing item never stops the loop:
it is logged by its kind and number, and its row says how to go on. The worker decides nothing
about a case; what a delivery means is the gate's (``workflow.settle_message``).
"""

import datetime as dt
import logging
import os
import socket
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.db import close_old_connections, connection

from accounts_requests import clock, credentials, outbox, papers, timers, workflow
from accounts_requests.models import Document, Message, WorkerHeartbeat
from accounts_requests.outbox import Delivery

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 30
BEAT_SECONDS = 5
IDLE_SECONDS = 0.5
# Rows of workers that have not been seen for this long are taken away.
FORGET_AFTER = dt.timedelta(days=7)


def default_name() -> str:
    """Return a name for this process among all workers: machine and process id."""
    return f"{socket.gethostname()}-{os.getpid()}"[:80]


@dataclass
class Worker:
    """One worker. Its work is named in its fields, so that a test can put another in place.

    ``failures`` counts items and sweeps that ended in an exception since the start.
    """

    name: str = field(default_factory=default_name)
    claim_message: Callable[[str, dt.datetime], Message | None] = outbox.claim_next
    deliver: Callable[[Message], Delivery] = outbox.deliver
    settle: Callable[..., Any] = workflow.settle_message
    claim_paper: Callable[[dt.datetime], Document | None] = papers.claim_owed
    render_paper: Callable[[Document, dt.datetime], Any] = papers.render_claimed
    reap: Callable[[dt.datetime], list[tuple[int, Delivery]]] = outbox.reap
    sweep_timers: Callable[[dt.datetime], Any] = timers.sweep
    sweep_keys: Callable[[], int] = credentials.sweep_keys
    release_papers: Callable[[dt.datetime], Any] = papers.release_stale
    failures: int = field(default=0, init=False)
    _stopping: bool = field(default=False, init=False)
    _started_at: dt.datetime = field(default_factory=clock.now, init=False)

    def stop(self) -> None:
        """End after the item in hand. Only sets a flag: safe in a signal handler."""
        self._stopping = True

    def run(self) -> None:
        """Work until ``stop`` is called. Sweeps at once and then every SWEEP_SECONDS."""
        swept = beaten = -float(SWEEP_SECONDS)
        logger.info("worker %s has started", self.name)
        while not self._is_stopping():
            now = time.monotonic()
            if now - swept >= SWEEP_SECONDS:
                self.sweep()
                swept = beaten = now
            elif now - beaten >= BEAT_SECONDS:
                self.beat()
                beaten = now
            if not self._is_stopping() and not self.work_once():
                time.sleep(IDLE_SECONDS)
        logger.info("worker %s has stopped", self.name)

    def drain(self) -> None:
        """Sweep once, work until nothing is due, and return. What waits for later stays."""
        self.sweep()
        while not self._is_stopping() and self.work_once():
            pass

    def work_once(self) -> bool:
        """Do one item, mail first; True when there was one (also when it failed)."""
        return self._send_one() or self._render_one()

    def sweep(self) -> None:
        """Do what time brings: deadlines, needless keys, work left by workers that are gone.

        Each part is tried whatever became of the others; the heartbeat tells of a sweep only
        when all of them succeeded.
        """
        at = clock.now()
        before = self.failures
        self._guarded("timers", lambda: self.sweep_timers(at))
        self._guarded("keys", self.sweep_keys)
        self._guarded("papers left behind", lambda: self.release_papers(at))
        self._guarded("messages left behind", lambda: self._settle_left_behind(at))
        self.beat(swept=self.failures == before)

    def beat(self, *, swept: bool = False) -> None:
        """Leave a sign of life for the pages; with ``swept``, that the clock was looked after."""
        self._guarded("heartbeat", lambda: self._write_beat(swept=swept))

    def _is_stopping(self) -> bool:
        return self._stopping

    def _write_beat(self, *, swept: bool) -> None:
        at = clock.now()
        values = {"beat_at": at} | ({"swept_at": at} if swept else {})
        _, is_new = WorkerHeartbeat.objects.update_or_create(
            name=self.name,
            defaults=values,
            create_defaults={**values, "started_at": self._started_at},
        )
        if is_new:
            WorkerHeartbeat.objects.filter(beat_at__lt=at - FORGET_AFTER).delete()

    def _settle_left_behind(self, at: dt.datetime) -> None:
        for message_pk, delivery in self.reap(at):
            settle = partial(self.settle, message_pk, delivery, at=clock.now())
            self._guarded(f"message {message_pk}", settle)

    def _send_one(self) -> bool:
        message = self._guarded("queue", lambda: self.claim_message(self.name, clock.now()))
        if message is None:
            return False
        self._guarded(f"message {message.pk}", lambda: self._send(message))
        return True

    def _send(self, message: Message) -> None:
        """Send a claimed message and have its outcome settled."""
        try:
            delivery: Delivery | None = self.deliver(message)
            if delivery is not None and delivery.outcome == "retry":
                delivery = outbox.retry_later(message, delivery, at=clock.now())
            if delivery is None:
                return
            outbox.record_answer(message, delivery)
        except outbox.ClaimLost:
            logger.warning("message %s was taken over by another worker", message.pk)
            return
        self.settle(message.pk, delivery, at=clock.now())

    def _render_one(self) -> bool:
        document = self._guarded("papers", lambda: self.claim_paper(clock.now()))
        if document is None:
            return False
        self._guarded(f"document {document.pk}", lambda: self.render_paper(document, clock.now()))
        return True

    def _guarded(self, subject: str, work: Callable[[], Any]) -> Any:
        """Do ``work`` and return its result; None when it raised, which is logged and counted.

        The places in the code are logged; the exception's text is not: it may quote what it
        was working on, a password among it.
        """
        try:
            return work()
        except Exception as error:  # noqa: BLE001  one failing item must not stop the others
            self.failures += 1
            if not connection.in_atomic_block:
                # Should the database have gone away, the next item opens a new connection.
                close_old_connections()
            logger.error(  # noqa: TRY400  logger.exception would print the text
                "%s: %s at %s", subject, type(error).__name__, _places(error)
            )
            return None


def _places(error: Exception) -> str:
    """Return where ``error`` was raised and the last places of ours before, innermost first."""
    frames = traceback.extract_tb(error.__traceback__)
    here = Path(__file__).parent
    ours = [frame for frame in frames[:-1] if here in Path(frame.filename).parents]
    told = [*ours[-4:], *frames[-1:]]
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(told))
