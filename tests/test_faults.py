"""What fails outside the application: each fault has an outcome, and a sentence on the screen.

Faults that need processes of their own are in test_faults_for_real.py; mail trouble has its own
file (test_mail_trouble.py), and so have killed workers (test_killed_workers.py).
"""

import contextlib
import datetime as dt
import errno
import io
import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.core.mail.backends import filebased
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from accounts_requests import (
    clock,
    faults,
    outbox,
    papers,
    safe_start,
    workflow,
)
from accounts_requests.faults import Fault
from accounts_requests.models import (
    AccountRequest,
    AuditEntry,
    Document,
    Message,
    StagedUpload,
)
from accounts_requests.states import (
    AccountState,
    Act,
    DocumentKind,
    MessageKind,
    MessageState,
    SigningMethod,
)
from accounts_requests.worker import IDLE_SECONDS, LONGEST_PAUSE_SECONDS, Worker
from sopregistry.log_lines import Line

from . import cases, mail_cases
from .cases import MONDAY, OfficePeople
from .page_forms import form_on
from .smtp_fixtures import MailServer
from .test_pages_people import file, filled, row
from .test_stateful import all_rows

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)

AWAY = "Basis data sedang tidak dapat dihubungi"
BUSY = "Basis data sedang sibuk"
FULL = "Ruang simpan server penuh"


def url(name: str, case: AccountRequest, *more: object) -> str:
    return reverse(name, args=[case.number, *more])


def browser_of(user: Any, **options: Any) -> Client:
    """A browser in which an exception becomes the page that people get."""
    client = Client(raise_request_exception=False, **options)
    client.force_login(user)
    return client


def picture(side: int = 8) -> io.BytesIO:
    """A PNG that does not compress."""
    target = io.BytesIO()
    Image.frombytes("L", (side, side), os.urandom(side * side)).save(target, "PNG")
    target.seek(0)
    target.name = "pindai.png"
    return target


def raised_from(driver: BaseException, error: type[Exception] = OperationalError) -> Exception:
    """Django's error as it comes from the driver's."""
    try:
        raise error(str(driver)) from driver
    except error as raised:
        return raised


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database …")
    error.sqlite_errorcode = code
    return error


# -- which fault it is ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (raised_from(sqlite_error(sqlite3.SQLITE_FULL)), Fault.STORAGE_FULL),
        (raised_from(sqlite_error(sqlite3.SQLITE_BUSY)), Fault.DATABASE_BUSY),
        (raised_from(sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT)), Fault.DATABASE_BUSY),
        (raised_from(sqlite_error(sqlite3.SQLITE_CANTOPEN)), Fault.DATABASE_AWAY),
        (raised_from(sqlite_error(sqlite3.SQLITE_IOERR)), Fault.DATABASE_AWAY),
        (raised_from(sqlite_error(sqlite3.SQLITE_ERROR)), None),
        (raised_from(psycopg.errors.DiskFull()), Fault.STORAGE_FULL),
        (raised_from(psycopg.errors.DeadlockDetected()), Fault.DATABASE_BUSY),
        (raised_from(psycopg.errors.QueryCanceled()), Fault.DATABASE_BUSY),
        (raised_from(psycopg.errors.AdminShutdown()), Fault.DATABASE_AWAY),
        (raised_from(psycopg.OperationalError("refused")), Fault.DATABASE_AWAY),
        (raised_from(psycopg.InterfaceError("closed"), InterfaceError), Fault.DATABASE_AWAY),
        (OSError(errno.ENOSPC, "No space left on device"), Fault.STORAGE_FULL),
        (raised_from(OSError(errno.EDQUOT, "Quota"), RuntimeError), Fault.STORAGE_FULL),
        (OSError(errno.ENOENT, "No such file"), None),
        (ValueError("ours"), None),
        (None, None),
    ],
    ids=repr,
)
def test_a_fault_is_told_from_a_mistake_of_ours(error: Exception | None, fault: Fault) -> None:
    assert faults.judge(error) == fault


# -- the disk is full -----------------------------------------------------------------------------


@contextlib.contextmanager
def full_database() -> Iterator[None]:
    """From here on the database takes nothing that needs room."""

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001  Django's signature
        if sql.startswith(("INSERT", "UPDATE")):
            raise raised_from(psycopg.errors.DiskFull())
        return execute(sql, params, many, context)

    if connection.vendor == "postgresql":
        with connection.execute_wrapper(refuse):
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count={pages}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count=1073741823")


@pytest.mark.django_db
def test_a_full_database_undoes_the_act_and_says_what_was_kept(
    office_people: OfficePeople, quick_papers: None
) -> None:
    browser = browser_of(office_people.drafter)
    with clock.moved_to(MONDAY):
        case = cases.draft(office_people)
        scan = picture(side=700)
        before = all_rows()
        with full_database():
            refused = browser.post(
                url("attachments", case), {"title": "Surat pengantar", "file": scan}
            )
        assert refused.status_code == 507
        page = refused.content.decode()
        assert f"<h1>{FULL}</h1>" in page
        assert "Tindakan terakhir dibatalkan seluruhnya; tidak ada yang tersimpan sebagian." in page
        assert "Beri tahu Pengelola Aplikasi sekarang" in page
        assert all_rows() == before
        scan.seek(0)
        again = browser.post(url("attachments", case), {"title": "Surat pengantar", "file": scan})
    assert again.status_code == 302
    assert case.documents.filter(kind=DocumentKind.SCAN).count() == 1


@pytest.mark.django_db
def test_a_list_that_waits_is_kept_when_its_successor_finds_no_room(
    office_people: OfficePeople,
) -> None:
    browser = browser_of(office_people.drafter)
    with clock.moved_to(MONDAY):
        case = cases.draft(office_people, people=0)
        first = browser.post(url("people_upload", case), {"file": file(filled(row(1)))})
        waiting = StagedUpload.objects.get()
        with full_database():
            larger = file(filled(*(row(number) for number in range(1, 90))))
            refused = browser.post(url("people_upload", case), {"file": larger})
    assert (first.status_code, refused.status_code) == (302, 507)
    assert StagedUpload.objects.get() == waiting


@pytest.mark.django_db
def test_a_key_that_finds_no_room_undoes_the_claim_and_leaves_no_half_key(
    office_people: OfficePeople,
    quick_papers: None,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    browser = browser_of(office_people.admin1)
    with clock.moved_to(MONDAY):
        case = cases.ordered(office_people)
        before, keys = all_rows(), set(Path(settings.CREDENTIAL_KEYS_DIR).iterdir())
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", full)
            refused = browser.post(url("claim", case))
        assert refused.status_code == 507
        assert f"<h1>{FULL}</h1>" in refused.content.decode()
        assert all_rows() == before
        assert set(Path(settings.CREDENTIAL_KEYS_DIR).iterdir()) == keys
        assert browser.post(url("claim", case)).status_code == 302
    assert cases.fresh(case).assignee == office_people.admin1


@pytest.mark.django_db
def test_an_upload_that_finds_no_room_on_its_way_in_is_refused_in_words(
    office_people: OfficePeople, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """Django writes it to a temporary file as it looks for the form's token, before any view."""

    def full(handler: TemporaryFileUploadHandler, *_: object) -> None:
        handler.file.close()  # Django leaves it to the garbage collector
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", full)
    settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
    browser = browser_of(office_people.drafter, enforce_csrf_checks=True)
    with clock.moved_to(MONDAY):
        case = cases.draft(office_people)
        form = form_on(browser.get(url("attachments", case)).content.decode(), having="title")
        before = all_rows()
        refused = browser.post(url("attachments", case), form.fields | {"file": picture()})
    assert refused.status_code == 507
    assert f"<h1>{FULL}</h1>" in refused.content.decode()
    assert all_rows() == before


@pytest.mark.django_db
def test_a_script_hears_the_same_in_one_sentence(
    office_people: OfficePeople, quick_papers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with clock.moved_to(MONDAY):
        case = cases.claimed(office_people)
        monkeypatch.setattr(os, "fsync", full)
        answer = browser_of(office_people.admin1).post(
            url("password_new", case, 1), headers={"Accept": "application/json"}
        )
    assert (answer.status_code, answer.json()) == (
        507,
        {
            "message": "Ruang simpan server penuh, sehingga tidak ada yang disimpan. Beri tahu "
            "Pengelola Aplikasi, lalu coba lagi setelah ruangnya ditambah."
        },
    )


@pytest.mark.django_db
def test_the_worker_goes_on_where_a_paper_finds_no_room(
    office_people: OfficePeople, quick_papers: None, smtp_server: MailServer
) -> None:
    """The paper comes back by itself once its claim is old; the mail is not kept waiting."""
    with clock.moved_to(MONDAY):
        case = cases.draft(office_people)
        workflow.submit_for_initials(
            case, actor=office_people.drafter, signing_method=SigningMethod.IN_APP
        )
        notice = outbox.queue_notice(
            MessageKind.RETURN_NOTICE,
            case,
            recipient=office_people.admin1,
            by=None,
            at=clock.now(),
            context={},
        )
        owed = papers.owed(case)

        def full(_document: Document, _at: dt.datetime) -> None:
            raise raised_from(sqlite_error(sqlite3.SQLITE_FULL))

        worker = Worker(render_paper=full)
        worker.drain()
        notice.refresh_from_db()
        assert (worker.failures, notice.state) == (owed, MessageState.ACCEPTED)
        assert papers.owed(case) == owed
        clock.advance(papers.STALE_AFTER)
        Worker().drain()  # takes them back
        clock.advance(dt.timedelta(seconds=papers.BACK_OFF_SECONDS[0]))
        Worker().drain()
    assert papers.owed(case) == 0


@pytest.mark.django_db
def test_a_mail_file_that_finds_no_room_waits_and_the_next_one_goes(
    db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    real, full = filebased.EmailBackend.write_message, [True]

    def write(self: Any, message: Any) -> None:
        if full and full.pop():
            raise OSError(errno.ENOSPC, "No space left on device")
        real(self, message)

    monkeypatch.setattr(filebased.EmailBackend, "write_message", write)
    with clock.moved_to(mail_cases.NOW):
        case = mail_cases.case()
        notices = [
            outbox.queue_notice(
                MessageKind.RETURN_NOTICE,
                case,
                recipient=mail_cases.person(name, f"{name}@contoh.go.id"),
                by=None,
                at=clock.now(),
                context={},
            )
            for name in ("satu", "dua")
        ]
        worker = Worker()
        while worker.work_once():
            pass
    assert [Message.objects.get(pk=notice.pk).state for notice in notices] == [
        MessageState.QUEUED,
        MessageState.ACCEPTED,
    ]
    assert worker.failures == 0


# -- the database is away, or busy ----------------------------------------------------------------


@contextlib.contextmanager
def database_that_raises(error: Exception) -> Iterator[None]:
    """From here on no statement goes through."""

    def refuse(*_: object) -> None:
        raise error

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "heading"),
    [
        (raised_from(psycopg.OperationalError("server closed the connection")), AWAY),
        (raised_from(psycopg.InterfaceError("the connection is closed"), InterfaceError), AWAY),
        (raised_from(sqlite_error(sqlite3.SQLITE_CANTOPEN)), AWAY),
        (raised_from(sqlite_error(sqlite3.SQLITE_BUSY)), BUSY),
        (raised_from(psycopg.errors.DeadlockDetected("deadlock detected")), BUSY),
    ],
    ids=repr,
)
@pytest.mark.parametrize("name", ["home", "request_list", "account_login"])
def test_a_page_that_needs_no_database_says_that_it_is_away(
    office_people: OfficePeople, error: Exception, heading: str, name: str
) -> None:
    browser = browser_of(office_people.admin1)
    with database_that_raises(error):
        answer = browser.get(reverse(name))
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "no-store" in answer["Cache-Control"]
    assert f"<h1>{heading}</h1>" in page
    assert "Isian yang telah Anda ketik masih ada pada halaman sebelumnya." in page
    assert "setengah menit" in page
    assert str(error) not in page


@pytest.mark.django_db
def test_a_page_that_does_not_exist_needs_no_database_to_say_that_it_is_away(
    office_people: OfficePeople,
) -> None:
    browser = browser_of(office_people.admin1)
    with database_that_raises(raised_from(psycopg.OperationalError("refused"))):
        answer = browser.get("/alamat-yang-tidak-ada/")
    assert answer.status_code == 503
    assert f"<h1>{AWAY}</h1>" in answer.content.decode()


@pytest.mark.django_db
def test_a_mistake_of_ours_is_not_called_a_fault(
    office_people: OfficePeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of(office_people.admin1)
    missing = raised_from(sqlite_error(sqlite3.SQLITE_ERROR))
    with database_that_raises(missing):
        answer = browser.get(reverse("home"))
    assert answer.status_code == 500
    assert "Terjadi gangguan pada aplikasi" in answer.content.decode()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL does not lock as a whole")
@pytest.mark.django_db(transaction=True)
def test_a_database_that_stays_locked_is_told_and_the_next_press_goes_through(
    office_people: OfficePeople, quick_papers: None
) -> None:
    browser = browser_of(office_people.kepala)
    with clock.moved_to(MONDAY):
        case = cases.issued(office_people)
        before = all_rows()
        with locked_database():
            refused = browser.post(url("order", case), {"order_number": "", "note": ""})
        assert refused.status_code == 503
        assert f"<h1>{BUSY}</h1>" in refused.content.decode()
        assert "Tindakan terakhir Anda belum dijalankan." in refused.content.decode()
        assert all_rows() == before
        again = browser.post(url("order", case), {"order_number": "", "note": ""})
    assert again.status_code == 302
    assert AuditEntry.objects.filter(act=Act.ORDER).count() == 1


@contextlib.contextmanager
def locked_database(patience_ms: int = 50) -> Iterator[None]:
    """Another process writes and does not end; we wait for it, but not for 20 seconds."""
    other = sqlite3.connect(connection.settings_dict["NAME"])
    other.execute("BEGIN IMMEDIATE")
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout={patience_ms}")
    try:
        yield
    finally:
        other.rollback()
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=20000")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL does not lock as a whole")
@pytest.mark.django_db(transaction=True)
def test_the_worker_outlives_a_locked_database_and_sends_afterwards(
    smtp_server: MailServer, office_people: OfficePeople, quick_papers: None
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.sent(office_people, people=1)
        worker = Worker()
        with locked_database():
            assert not worker.work_once()
        assert worker.failures > 0
        assert cases.accounts(case)[0].state == AccountState.QUEUED
        worker.drain()
    assert cases.accounts(case)[0].state == AccountState.ACCEPTED


@pytest.mark.django_db
def test_a_worker_without_a_database_asks_less_and_less_often() -> None:
    pauses: list[float] = []

    def away(_name: str, _at: dt.datetime) -> None:
        raise OperationalError

    class Patient(Worker):
        def _sleep(self, seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 8:
                self.stop()

        def sweep(self) -> None:
            self.failures += 1

    Patient(claim_message=away, claim_paper=lambda _at: None).run()
    assert pauses == [1, 2, 4, 8, 15, 15, 15, 15]
    assert (IDLE_SECONDS, LONGEST_PAUSE_SECONDS) == (0.5, 15)


def test_a_worker_that_waits_stops_when_it_is_told_to() -> None:
    worker = Worker()
    threading.Timer(0.1, worker.stop).start()
    worker.wait_while(lambda: True)
    assert worker._is_stopping()


# -- what the log tells of it ---------------------------------------------------------------------


def test_the_log_holds_the_places_and_never_what_the_database_quotes() -> None:
    personal = "Failing row contains (7, Contoh Personel, 198501012010011001)"
    try:
        try:
            raise psycopg.errors.CheckViolation(personal)
        except psycopg.Error as cause:
            raise OperationalError(personal) from cause
    except OperationalError as error:
        record = logging.LogRecord("uji", logging.ERROR, __file__, 1, "Gagal", (), None)
        record.exc_info = (type(error), error, error.__traceback__)
    told = Line("{levelname} {message}", style="{").format(record)
    assert told.splitlines()[0] == "ERROR Gagal"
    assert "in test_the_log_holds_the_places_and_never_what_the_database_quotes" in told
    assert told.endswith("django.db.utils.OperationalError")
    assert "psycopg.errors.CheckViolation" in told
    assert "Contoh Personel" not in told


def test_the_log_keeps_the_words_of_other_errors() -> None:
    try:
        raise ValueError("a step without a number")
    except ValueError as error:
        told = Line().formatException((type(error), error, error.__traceback__))
    assert told.endswith("ValueError: a step without a number")


# -- a start while the database is away -----------------------------------------------------------


Served = tuple[str, dict[str, str], bytes]


def served(application: Any, path: str = "/") -> Served:
    """What a WSGI application answers to a GET: status, headers, body."""
    told: list[Any] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(),
    }
    body = b"".join(application(environ, lambda status, headers: told.extend((status, headers))))
    return told[0], dict(told[1]), body


def ours(_environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [])
    return [b"Beranda"]


@pytest.mark.django_db
def test_nobody_is_served_before_the_start_could_be_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers: list[Exception | None] = [
        raised_from(psycopg.OperationalError("refused")),
        raised_from(psycopg.OperationalError("refused")),
        None,
    ]

    def check() -> None:
        if (error := answers.pop(0)) is not None:
            raise error

    monkeypatch.setattr(safe_start, "refuse_unsafe_start", check)
    application = safe_start.CheckedFirst(ours)
    assert served(application, "/static/css/app.css")[0] == "200 OK"
    status, headers, page = served(application)
    assert (status, headers["Retry-After"]) == ("503 Service Unavailable", "30")
    assert f"<h1>{AWAY}</h1>" in page.decode()
    assert served(application)[2] == b"Beranda"
    assert served(application)[2] == b"Beranda"
    assert answers == []


@pytest.mark.django_db
def test_an_unsafe_start_is_refused_as_soon_as_it_can_be_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers: list[Exception] = [
        raised_from(psycopg.OperationalError("refused")),
        ImproperlyConfigured("demo"),
        ImproperlyConfigured("demo"),
    ]

    def check() -> None:
        raise answers.pop(0)

    monkeypatch.setattr(safe_start, "refuse_unsafe_start", check)
    application = safe_start.CheckedFirst(ours)
    for _ in range(2):
        with pytest.raises(ImproperlyConfigured):
            served(application)


@pytest.mark.django_db
def test_a_mistake_at_the_start_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def check() -> None:
        raise raised_from(sqlite_error(sqlite3.SQLITE_ERROR))

    monkeypatch.setattr(safe_start, "refuse_unsafe_start", check)
    with pytest.raises(OperationalError):
        safe_start.CheckedFirst(ours)
