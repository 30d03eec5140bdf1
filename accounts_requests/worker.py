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

from django.db import close_old_connections, connection, transaction

from accounts_requests import (
    anchoring,
    clock,
    content_checks,
    credentials,
    deadline_warnings,
    deviation_reminders,
    evidence_making,
    outages,
    outbox,
    papers,
    reaping,
    signing_queue,
    staged_uploads,
    timers,
    user_sessions,
    workflow,
)
from accounts_requests.models import (
    Document,
    EvidenceItem,
    Message,
    SigningRequest,
    WorkerHeartbeat,
)
from accounts_requests.nightly_backup import NightlyBackup
from accounts_requests.outbox import Delivery
from accounts_requests.signing_queue import Told

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 30
BEAT_SECONDS = 5
IDLE_SECONDS = 0.5
# While the database is away the worker asks less and less often, down to once in so many seconds.
LONGEST_PAUSE_SECONDS = 15.0
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
    claim_signing: Callable[[str, dt.datetime], SigningRequest | None] = signing_queue.claim_next
    ask_service: Callable[[SigningRequest], Told] = signing_queue.converse
    settle_signing: Callable[..., Any] = workflow.settle_signing
    signing_left_behind: Callable[[dt.datetime], list[tuple[int, Told]]] = signing_queue.left_behind
    claim_evidence: Callable[[dt.datetime], EvidenceItem | None] = evidence_making.claim_next
    make_evidence: Callable[[EvidenceItem, dt.datetime], Any] = evidence_making.make_claimed
    reap: Callable[[dt.datetime], list[tuple[int, Delivery]]] = reaping.reap
    sweep_timers: Callable[[dt.datetime], Any] = timers.sweep
    deadlines_due: Callable[[dt.datetime], list[int]] = workflow.deadlines_due
    look_at_deadline: Callable[..., Any] = workflow.look_at_deadline
    sweep_warnings: Callable[[dt.datetime], Any] = deadline_warnings.sweep
    remind: Callable[[dt.datetime], Any] = deviation_reminders.sweep
    passwords_due: Callable[[dt.datetime], list[int]] = workflow.passwords_due
    expire_password: Callable[..., Any] = workflow.expire_password
    follow_mail: Callable[[dt.datetime], Any] = outages.follow_mail
    anchor: Callable[[dt.datetime], Any] = anchoring.anchor_of_the_day
    sweep_keys: Callable[[], int] = credentials.sweep_keys
    sweep_sessions: Callable[[], Any] = user_sessions.sweep
    check_contents: Callable[[dt.datetime], Any] = content_checks.look_after
    release_papers: Callable[[dt.datetime], Any] = papers.release_stale
    release_evidence: Callable[[dt.datetime], Any] = evidence_making.release_stale
    forget_evidence: Callable[[dt.datetime], Any] = evidence_making.forget_old
    forget_held: Callable[[dt.datetime], Any] = staged_uploads.forget_held
    nightly: NightlyBackup = field(default_factory=NightlyBackup)
    failures: int = field(default=0, init=False)
    _stopping: bool = field(default=False, init=False)
    _started_at: dt.datetime = field(default_factory=clock.now, init=False)
    _beaten_at: dt.datetime | None = field(default=None, init=False)
    _worked: float = field(default=0.0, init=False)  # seconds since the last beat

    def stop(self) -> None:
        """End after the item in hand. Only sets a flag: safe in a signal handler."""
        self._stopping = True

    def run(self) -> None:
        """Work until ``stop`` is called. Sweeps at once and then every SWEEP_SECONDS."""
        swept = beaten = -float(SWEEP_SECONDS)
        pause = IDLE_SECONDS
        logger.info("worker %s has started", self.name)
        while not self._is_stopping():
            failures = self.failures
            now = time.monotonic()
            if now - swept >= SWEEP_SECONDS:
                self.sweep()
                swept = beaten = now
            elif now - beaten >= BEAT_SECONDS:
                self.beat()
                beaten = now
            if self._is_stopping() or self._work_and_count():
                continue
            pause = _longer(pause) if self.failures > failures else IDLE_SECONDS
            self._sleep(pause)
        self.nightly.stop()
        logger.info("worker %s has stopped", self.name)

    def wait_while(self, is_away: Callable[[], bool]) -> None:
        """Ask less and less often until ``is_away`` says no, or ``stop`` is called."""
        pause = IDLE_SECONDS
        while not self._is_stopping() and is_away():
            self._sleep(pause)
            pause = _longer(pause)

    def drain(self) -> None:
        """Sweep once, work until nothing is due, and return. What waits for later stays."""
        self.sweep()
        while not self._is_stopping() and self.work_once():
            pass
        self.nightly.wait()

    def work_once(self) -> bool:
        """Do one item, mail first; True when there was one (also when it failed)."""
        return (
            self._send_one() or self._render_one() or self._sign_one() or self._make_evidence_one()
        )

    def _work_and_count(self) -> bool:
        began = time.monotonic()
        try:
            return self.work_once()
        finally:
            self._worked += time.monotonic() - began

    def sweep(self) -> None:
        """Do what time brings: deadlines, old passwords and needless keys, what others left behind.

        Each part is tried whatever became of the others; the heartbeat tells of a sweep only
        when all of them succeeded.
        """
        at = clock.now()
        before = self.failures
        self._guarded("timers", lambda: self.sweep_timers(at))
        for run_pk in self._guarded("deadlines", lambda: self.deadlines_due(at)) or []:
            look = partial(self.look_at_deadline, run_pk, at=at)
            self._guarded(f"deadline of step run {run_pk}", look)
        self._guarded("warnings", lambda: self.sweep_warnings(at))
        self._guarded("reminders", lambda: self.remind(at))
        for credential_pk in self._guarded("passwords", lambda: self.passwords_due(at)) or []:
            expire = partial(self.expire_password, credential_pk, at=at)
            self._guarded(f"password {credential_pk}", expire)
        self._guarded("mail server", lambda: self.follow_mail(at))
        self._guarded("anchor", lambda: self.anchor(at))
        self._guarded("keys", self.sweep_keys)
        self._guarded("sessions", self.sweep_sessions)
        self._guarded("papers left behind", lambda: self.release_papers(at))
        self._guarded("evidence left behind", lambda: self.release_evidence(at))
        self._guarded("old evidence", lambda: self.forget_evidence(at))
        self._guarded("files of forms", lambda: self.forget_held(at))
        self._guarded("messages left behind", lambda: self._settle_left_behind(at))
        self._guarded("signing left behind", lambda: self._settle_signing_left_behind(at))
        self.beat(swept=self.failures == before)
        # The clock is looked after, whatever becomes of these.
        self._guarded("contents", lambda: self.check_contents(at))
        self._guarded("backup", lambda: self.nightly.look_after(at))

    def beat(self, *, swept: bool = False) -> None:
        """Leave a sign of life for the pages; with ``swept``, that the clock was looked after."""
        self._guarded("heartbeat", lambda: self._write_beat(swept=swept))

    def _is_stopping(self) -> bool:
        return self._stopping

    def _sleep(self, seconds: float) -> None:
        """Sleep in short stretches: whoever tells the worker to stop does not wait."""
        until = time.monotonic() + seconds
        while not self._is_stopping() and time.monotonic() < until:
            time.sleep(IDLE_SECONDS)

    def _write_beat(self, *, swept: bool) -> None:
        """Beat; a silence before it is on record first, or it could not be seen any more.

        Work that took long, a package of a hundred cases say, was no silence.
        """
        at = clock.now()
        worked = dt.timedelta(seconds=self._worked)
        values = {"beat_at": at} | ({"swept_at": at} if swept else {})
        with transaction.atomic():
            if self._beaten_at is None or at - self._beaten_at > outages.SILENT_AFTER + worked:
                outages.note_silence(at)
            _, is_new = WorkerHeartbeat.objects.update_or_create(
                name=self.name,
                defaults=values,
                create_defaults={**values, "started_at": self._started_at},
            )
            if is_new:
                WorkerHeartbeat.objects.filter(beat_at__lt=at - FORGET_AFTER).delete()
        self._beaten_at, self._worked = at, 0.0

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

    def _sign_one(self) -> bool:
        """Hand one Konsep to the e-sign service, or ask what became of one."""
        row = self._guarded("signing", lambda: self.claim_signing(self.name, clock.now()))
        if row is None:
            return False
        self._guarded(f"signing request {row.pk}", lambda: self._converse(row))
        return True

    def _converse(self, row: SigningRequest) -> None:
        """Speak with the service about a claimed row and have what it said settled."""
        told = self.ask_service(row)
        if told.is_to_be_tried_again(row):
            try:
                later = signing_queue.try_later(row, told, at=clock.now())
            except signing_queue.ClaimLost:
                logger.warning("signing request %s was withdrawn or taken over", row.pk)
                return
            if later is None:
                return
            told = later
        self.settle_signing(row.pk, told, at=clock.now())

    def _settle_signing_left_behind(self, at: dt.datetime) -> None:
        for row_pk, told in self.signing_left_behind(at):
            settle = partial(self.settle_signing, row_pk, told, at=clock.now())
            self._guarded(f"signing request {row_pk}", settle)

    def _make_evidence_one(self) -> bool:
        item = self._guarded("evidence", lambda: self.claim_evidence(clock.now()))
        if item is None:
            return False
        self._guarded(f"evidence {item.pk}", lambda: self.make_evidence(item, clock.now()))
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


def _longer(pause: float) -> float:
    return min(pause * 2, LONGEST_PAUSE_SECONDS)


def _places(error: Exception) -> str:
    """Return where ``error`` was raised and the last places of ours before, innermost first."""
    frames = traceback.extract_tb(error.__traceback__)
    here = Path(__file__).parent
    ours = [frame for frame in frames[:-1] if here in Path(frame.filename).parents]
    told = [*ours[-4:], *frames[-1:]]
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(told))
