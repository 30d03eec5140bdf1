"""The worker: every item once, no failing item stops the others, and it ends when told to."""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from model_bakery import baker

from accounts_requests import clock, outbox, reaping, workflow
from accounts_requests.models import AccountRequest, Message, User, WorkerHeartbeat
from accounts_requests.outbox import Delivery
from accounts_requests.states import MessageKind, MessageState, SmtpStage
from accounts_requests.worker import FORGET_AFTER, Worker
from tests import mail_cases
from tests.mail_cases import NOW
from tests.smtp_fixtures import Answer, MailServer

PROJECT = Path(__file__).resolve().parent.parent


def _notices(case: AccountRequest, count: int, *, at: dt.datetime = NOW) -> list[Message]:
    """Queue a notice to each of ``count`` people, orang0@, orang1@ …"""
    return [
        outbox.queue_notice(
            MessageKind.RETURN_NOTICE,
            case,
            recipient=mail_cases.person(f"orang{number}", f"orang{number}@contoh.go.id"),
            by=None,
            at=at,
            context={},
        )
        for number in range(count)
    ]


def _states(messages: list[Message]) -> list[str]:
    return [Message.objects.get(pk=message.pk).state for message in messages]


@pytest.fixture
def case(db: None) -> Iterator[AccountRequest]:
    with clock.moved_to(NOW):
        yield mail_cases.case()


# -- one item after the other -------------------------------------------------------------------


def test_drained_each_message_has_the_state_of_its_answer(
    case: AccountRequest, smtp_server: MailServer
) -> None:
    smtp_server.will("orang1@contoh.go.id", Answer.REFUSE)
    smtp_server.will("orang2@contoh.go.id", Answer.DEFER)
    smtp_server.will("orang3@contoh.go.id", Answer.HANG_UP_AFTER)
    messages = _notices(case, 5)
    worker = Worker()
    worker.drain()
    assert _states(messages) == [
        MessageState.ACCEPTED,
        MessageState.FAILED,
        MessageState.QUEUED,
        MessageState.UNCERTAIN,
        MessageState.ACCEPTED,
    ]
    assert smtp_server.attempts == [f"orang{number}@contoh.go.id" for number in range(5)]
    assert worker.failures == 0


def test_one_failing_item_does_not_stop_the_others(
    case: AccountRequest, smtp_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    messages = _notices(case, 3)
    second = messages[1]

    def settle(message_pk: int, delivery: Delivery, *, at: dt.datetime) -> None:
        if message_pk == second.pk:
            raise RuntimeError("rahasia")
        workflow.settle_message(message_pk, delivery, at=at)

    worker = Worker(settle=settle)
    worker.drain()
    assert _states(messages) == [
        MessageState.ACCEPTED,
        MessageState.SENDING,
        MessageState.ACCEPTED,
    ]
    assert worker.failures == 1
    assert f"message {second.pk}: RuntimeError at test_worker.py:" in caplog.text
    assert "rahasia" not in caplog.text


def test_an_answer_that_could_not_be_settled_is_settled_later_without_sending_again(
    case: AccountRequest, smtp_server: MailServer
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    (message,) = _notices(case, 1)
    Worker(settle=fail).drain()
    clock.advance(outbox.STALE_AFTER)
    Worker().drain()
    message.refresh_from_db()
    assert (message.state, message.stage, message.answer_code) == (
        MessageState.ACCEPTED,
        SmtpStage.ANSWERED,
        250,
    )
    assert len(smtp_server.received) == 1


def test_a_message_that_another_worker_took_over_is_left_to_it(
    case: AccountRequest, smtp_server: MailServer
) -> None:
    (message,) = _notices(case, 1)

    def lose_the_claim(claimed: Message) -> Delivery:
        Message.objects.update(claimed_by="lain")
        return outbox.deliver(claimed)

    worker = Worker(deliver=lose_the_claim)
    worker.drain()
    assert _states([message]) == [MessageState.SENDING]
    assert (worker.failures, smtp_server.received) == (0, [])


def test_a_queue_that_cannot_be_read_does_not_keep_papers_waiting(db: None) -> None:
    rendered: list[dt.datetime] = []
    waiting = [object()]

    def unreadable(_name: str, _at: dt.datetime) -> None:
        raise ConnectionError

    worker = Worker(
        claim_message=unreadable,
        claim_paper=lambda _at: (
            baker.prepare("accounts_requests.Document") if waiting and waiting.pop() else None
        ),
        render_paper=lambda _document, at: rendered.append(at),
    )
    with clock.moved_to(NOW):
        worker.drain()
    assert rendered == [NOW]
    assert worker.failures == 2


def test_it_stops_after_the_item_in_hand(case: AccountRequest, smtp_server: MailServer) -> None:
    messages = _notices(case, 2)

    def deliver(message: Message) -> Delivery:
        worker.stop()
        return outbox.deliver(message)

    worker = Worker(deliver=deliver)
    worker.run()
    assert _states(messages) == [MessageState.ACCEPTED, MessageState.QUEUED]


# -- sweeping -----------------------------------------------------------------------------------


def test_a_sweep_does_all_its_parts_though_one_fails(db: None) -> None:
    done: list[str] = []

    def fail(_at: dt.datetime) -> None:
        done.append("timers")
        raise RuntimeError

    def sweep_keys() -> int:
        done.append("keys")
        return 0

    def reap(_at: dt.datetime) -> list[tuple[int, Delivery]]:
        done.append("messages")
        return []

    worker = Worker(
        name="uji",
        sweep_timers=fail,
        sweep_keys=sweep_keys,
        release_papers=lambda _at: done.append("papers"),
        reap=reap,
    )
    with clock.moved_to(NOW):
        worker.sweep()
    assert done == ["timers", "keys", "papers", "messages"]
    # It lives, but the clock was not looked after: the pages must not say that it was.
    beat = WorkerHeartbeat.objects.get(name="uji")
    assert (beat.beat_at, beat.swept_at) == (NOW, None)


def test_the_heartbeat_tells_start_life_and_last_sweep(db: None) -> None:
    with clock.moved_to(NOW):
        worker = Worker(name="uji")
        worker.sweep()
        clock.advance(dt.timedelta(seconds=10))
        worker.beat()
    beat = WorkerHeartbeat.objects.get(name="uji")
    assert (beat.started_at, beat.beat_at, beat.swept_at) == (
        NOW,
        NOW + dt.timedelta(seconds=10),
        NOW,
    )


def test_a_new_worker_forgets_those_not_seen_for_long(db: None) -> None:
    with clock.moved_to(NOW - FORGET_AFTER - dt.timedelta(seconds=1)):
        Worker(name="lama").beat()
    with clock.moved_to(NOW - FORGET_AFTER):
        Worker(name="belum lama").beat()
    with clock.moved_to(NOW):
        Worker(name="baru").beat()
    assert set(WorkerHeartbeat.objects.values_list("name", flat=True)) == {"belum lama", "baru"}


# -- the command --------------------------------------------------------------------------------


def test_once_does_what_is_due_and_ends(case: AccountRequest, smtp_server: MailServer) -> None:
    due = _notices(case, 2)
    (later,) = _notices(case, 1, at=NOW + dt.timedelta(hours=1))
    Message.objects.filter(pk=later.pk).update(attempts=1)
    call_command("run_worker", "--once")
    assert _states([*due, later]) == [
        MessageState.ACCEPTED,
        MessageState.ACCEPTED,
        MessageState.QUEUED,
    ]


def test_once_says_that_something_failed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_worker: Worker, *, swept: bool) -> None:
        raise RuntimeError

    monkeypatch.setattr(Worker, "_write_beat", fail)
    with pytest.raises(CommandError, match=r"^1 pekerjaan gagal; lihat catatan di atas\.$"):
        call_command("run_worker", "--once")


def test_it_refuses_to_work_on_a_demo_in_production(db: None, settings: Any) -> None:
    settings.PRODUCTION = True
    baker.make(User, is_demo=True)
    with pytest.raises(ImproperlyConfigured):
        call_command("run_worker", "--once")
    assert WorkerHeartbeat.objects.count() == 0


@contextmanager
def _running_worker(server: MailServer) -> Iterator[subprocess.Popen[str]]:
    """Run the command in a process of its own on this test's database; ended at the latest."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run_worker"],
        cwd=PROJECT,
        env={
            **os.environ,
            "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
            "EMAIL_URL": f"smtp://{server.host}:{server.port}",
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _wait_for(condition: Callable[[], bool]) -> None:
    """Wait until ``condition`` holds; the process has to import Django first."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


needs_a_file_database = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the process opens the test's database file"
)


@needs_a_file_database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_finishes_the_message_in_hand_and_no_other(
    smtp_server: MailServer, number: signal.Signals
) -> None:
    smtp_server.answer_when = threading.Event()
    messages = _notices(mail_cases.case(), 2)
    with _running_worker(smtp_server) as process:
        _wait_for(lambda: len(smtp_server.received) == 1)
        assert WorkerHeartbeat.objects.count() == 1
        process.send_signal(number)
        time.sleep(0.2)
        assert process.poll() is None
        smtp_server.answer_when.set()
        assert process.wait(timeout=30) == 0
    assert _states(messages) == [MessageState.ACCEPTED, MessageState.QUEUED]


@needs_a_file_database
@pytest.mark.django_db(transaction=True)
def test_killed_after_the_final_dot_the_message_becomes_uncertain(smtp_server: MailServer) -> None:
    smtp_server.answer_when = threading.Event()
    (message,) = _notices(mail_cases.case(), 1)
    with _running_worker(smtp_server) as process:
        _wait_for(lambda: len(smtp_server.received) == 1)
        process.kill()
        process.wait(timeout=30)
    smtp_server.answer_when.set()
    message.refresh_from_db()
    assert (message.state, message.stage) == (MessageState.SENDING, SmtpStage.FINAL_DOT)
    with clock.moved_to(clock.now() + outbox.STALE_AFTER):
        Worker().drain()
    message.refresh_from_db()
    assert (message.state, message.answer) == (
        MessageState.UNCERTAIN,
        reaping.STOPPED_AFTER_DOT,
    )
    assert len(smtp_server.received) == 1
