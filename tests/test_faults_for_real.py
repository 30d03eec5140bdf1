"""Faults with everything real: gunicorn, the worker's command, the database server, sockets."""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection
from django.urls import reverse

from accounts_requests import clock, papers, workflow
from accounts_requests.models import (
    AccountRequest,
    AuditEntry,
    Document,
    Message,
    WorkerHeartbeat,
)
from accounts_requests.states import (
    Act,
    CaseState,
    DocumentKind,
    DocumentState,
    MessageKind,
    MessageState,
    SigningMethod,
)

from . import cases, processes
from .cases import OfficePeople
from .smtp_fixtures import MailServer
from .test_faults import AWAY, BUSY, picture
from .test_stateful import all_rows
from .web_server import Browser, web_server
from .wire import wire_to

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quick_papers", "monday_for_every_process"),
]

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no server that could be away"
)
on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL does not lock as a whole"
)
NO_NUMBER = {"order_number": "", "note": ""}


@pytest.fixture
def monday_for_every_process() -> None:
    clock.set_shared_offset(cases.MONDAY - dt.datetime.now(dt.UTC))


def wait_until(question: Callable[[], bool], what: str) -> None:
    """Until it is so; at most a minute and a half."""
    for _ in range(900):
        if question():
            return
        time.sleep(0.1)
    raise AssertionError(f"It never came about: {what}")


def url(name: str, case: AccountRequest, *more: object) -> str:
    return reverse(name, args=[case.number, *more])


# -- the browser is gone in the middle ------------------------------------------------------------


def test_a_browser_that_hangs_up_during_an_upload_leaves_nothing_behind(
    office_people: OfficePeople, tmp_path: Path
) -> None:
    case = cases.draft(office_people)
    data = picture(side=1500).getvalue()
    with web_server(tmp_path / "web.log") as port:
        browser = Browser(port, office_people.drafter)
        form = browser.form(url("attachments", case), having="title")
        body = multipart(form.fields | {"title": "Surat"}, data)
        before = all_rows()
        for share in (0.1, 0.5, 0.99):
            part = body[: int(len(body) * share)]
            browser.post_and_hang_up(form.action, part, MULTIPART, announced=len(body))
        # Answered in turn: what was begun is over now.
        assert browser.get(url("attachments", case)).status == 200
        assert all_rows() == before
        browser.post_and_hang_up(form.action, body, MULTIPART)
        assert browser.get(url("attachments", case)).status == 200
    assert case.documents.filter(kind=DocumentKind.SCAN).count() == 1


def test_a_browser_that_hangs_up_before_the_answer_meets_its_own_act(
    office_people: OfficePeople, tmp_path: Path
) -> None:
    case = cases.issued(office_people)
    with web_server(tmp_path / "web.log") as port:
        browser = Browser(port, office_people.kepala)
        form = browser.form(url("order", case), having="order_number")
        body = urlencode(form.fields).encode()
        browser.post_and_hang_up(form.action, body, "application/x-www-form-urlencoded")
        again = browser.post(form.action, form.fields)
    assert cases.fresh(case).state == CaseState.ORDERED
    assert again.status == 409
    assert "Langkah ini telah diselesaikan oleh Anda sendiri pukul 10." in again.page
    assert AuditEntry.objects.filter(act=Act.ORDER).count() == 1


BOUNDARY = "----batas"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def multipart(fields: dict[str, str], data: bytes) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    file = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="surat.png"\r\n'
        "Content-Type: image/png\r\n\r\n"
    ).encode()
    return b"".join([*parts, file, data, f"\r\n--{BOUNDARY}--\r\n".encode()])


# -- the database is away, or busy ----------------------------------------------------------------


HOLDS_THE_FILE = """
import sqlite3, sys
base = sqlite3.connect(sys.argv[1], timeout=20)
base.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
"""


@on_sqlite
def test_a_press_that_waited_in_vain_for_a_locked_file_says_so_and_is_repeated(
    office_people: OfficePeople, tmp_path: Path
) -> None:
    """The other process holds the file for longer than the 20 seconds that a press waits."""
    case = cases.issued(office_people)
    with web_server(tmp_path / "web.log") as port:
        browser = Browser(port, office_people.kepala)
        form = browser.form(url("order", case), having="order_number")
        holder = subprocess.Popen(
            [
                sys.executable,
                "-c",
                HOLDS_THE_FILE,
                str(connection.settings_dict["NAME"]),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        refused = browser.post(form.action, form.fields)
        shown = browser.get(url("request_detail", case))
        holder.communicate("\n")
        again = browser.post(form.action, form.fields)
    assert refused.status == 503
    assert f"<h1>{BUSY}</h1>" in refused.page
    assert shown.status == 200  # reading waits for nobody
    assert again.status == 302
    assert AuditEntry.objects.filter(act=Act.ORDER).count() == 1


@on_postgresql
def test_a_connection_that_is_killed_in_the_middle_of_a_press_undoes_it(
    office_people: OfficePeople, tmp_path: Path
) -> None:
    case = cases.issued(office_people)
    with web_server(tmp_path / "web.log") as port:
        browser = Browser(port, office_people.kepala)
        form = browser.form(url("order", case), having="order_number")
        answers = []
        with psycopg.connect(processes.database_url()) as other:
            other.execute("SELECT 1 FROM accounts_requests_accountrequest FOR UPDATE")
            press = threading.Thread(
                target=lambda: answers.append(browser.post(form.action, form.fields))
            )
            press.start()
            wait_until(lambda: waiting_backends() != [], "the press waits for the lock")
            kill_backends(waiting_backends())
            press.join(timeout=60)
            other.rollback()
        again = browser.post(form.action, form.fields)
    assert [answer.status for answer in answers] == [503]
    assert f"<h1>{AWAY}</h1>" in answers[0].page
    assert again.status == 302
    assert AuditEntry.objects.filter(act=Act.ORDER).count() == 1


@on_postgresql
def test_web_and_worker_outlive_a_database_that_goes_away_and_comes_back(
    office_people: OfficePeople, smtp_server: MailServer, tmp_path: Path
) -> None:
    case = cases.sent(office_people, people=1)
    address = urlsplit(processes.database_url())
    message = Message.objects.get(request=case, kind=MessageKind.CREDENTIALS)
    with wire_to((address.hostname or "127.0.0.1", address.port or 5432)) as wire:
        behind = address._replace(netloc=f"{address.username}@127.0.0.1:{wire.port}")
        through = {"DATABASE_URL": urlunsplit(behind)}
        with web_server(tmp_path / "web.log", **through) as port:
            browser = Browser(port, office_people.admin1)
            assert browser.get("/").status == 200
            wire.cut()
            away = browser.get("/")
            with running_worker(smtp_server, tmp_path / "worker.log", **through) as worker:
                time.sleep(3)
                assert worker.poll() is None
                message.refresh_from_db()
                assert message.state == MessageState.QUEUED
                wire.mend()
                wait_until(lambda: state_of(message) == MessageState.ACCEPTED, "it is sent")
                wire.cut()
                time.sleep(2)
                wire.mend()
                beats = WorkerHeartbeat.objects.get().beat_at
                wait_until(lambda: WorkerHeartbeat.objects.get().beat_at > beats, "it beats again")
            back = browser.get("/")
    assert away.status == 503
    assert f"<h1>{AWAY}</h1>" in away.page
    assert back.status == 200
    assert len(smtp_server.received_by(message.to_address)) == 1


def waiting_backends() -> list[int]:
    """The backends of this database that wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return [pid for (pid,) in cursor.fetchall()]


def kill_backends(pids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", [pids])


def state_of(message: Message) -> str:
    return Message.objects.values_list("state", flat=True).get(pk=message.pk)


class running_worker:  # noqa: N801  reads as what it is
    """``manage.py run_worker`` in a process of its own; ended with SIGTERM, and well."""

    def __init__(self, server: MailServer, log: Path, **more: str) -> None:
        self._log = log.open("ab")
        mail = f"smtp://{server.host}:{server.port}"
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "run_worker"],
            cwd=processes.ROOT,
            env=processes.environment(EMAIL_URL=mail, **more),
            stderr=self._log,
        )

    def __enter__(self) -> "subprocess.Popen[bytes]":
        return self.process

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=60) == 0
        self._log.close()


# -- a worker is killed with a paper in hand ------------------------------------------------------


def test_a_paper_that_a_killed_worker_held_is_made_by_the_next_one(
    office_people: OfficePeople, tmp_path: Path
) -> None:
    case = cases.draft(office_people, people=1)
    workflow.submit_for_initials(
        case, actor=office_people.drafter, signing_method=SigningMethod.IN_APP
    )
    with processes.told("tests.worker_nursery", tmp_path / "workers.log") as nursery:
        held = Document.objects.filter(request=case, claimed_at__isnull=False)
        pid = int(nursery.ask("run"))
        wait_until(held.exists, "a paper is claimed")
        os.kill(pid, signal.SIGKILL)
        assert nursery.ask(f"wait {pid}") == "-9"
        left = list(held.values_list("pk", flat=True))
        for step in (papers.STALE_AFTER, dt.timedelta(seconds=papers.BACK_OFF_SECONDS[0])):
            clock.set_shared_offset(clock.shared_offset() + step)
            assert nursery.ask(f"wait {nursery.ask('once')}") == "0"
    made = Document.objects.filter(request=case, state=DocumentState.STORED)
    assert len(left) == 1
    assert set(left) < set(made.values_list("pk", flat=True))
    assert papers.owed(case) == 0
    assert AuditEntry.objects.filter(act=Act.STORE_DOCUMENT).count() == made.count()
