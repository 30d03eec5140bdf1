"""The whole application as it really runs: web server, worker, mail server, database, browser."""

import contextlib
import datetime as dt
import http.client
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page
from psycopg import sql

from tests import prepared
from tests.smtp_fixtures import MailServer, free_port

ROOT = Path(__file__).resolve().parent.parent.parent
# Monday, 6 July 2026, 09.00 WITA: a plain working day in the middle of the calendar.
START = dt.datetime(2026, 7, 6, 1, 0, tzinfo=dt.UTC)
PASSWORD = "rahasia-contoh"
TEMPLATE = "template"


def wait_for(question: Callable[[], bool], what: str) -> None:
    """Until it is so; at most two minutes."""
    for _ in range(600):
        if question():
            return
        time.sleep(0.2)
    raise AssertionError(f"It never came about: {what}")


@dataclass
class System:
    """A running installation. ``data_dir`` is its DATA_DIR; ``database_url`` its database."""

    url: str
    data_dir: Path
    database_url: str
    mail: MailServer
    environment: dict[str, str]

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows of a read-only statement, asked of the database itself."""
        if self.database_url.startswith("sqlite"):
            with sqlite3.connect(self.data_dir / "db.sqlite3", timeout=20) as connection:
                return connection.execute(statement).fetchall()
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(sql.SQL(statement)).fetchall()

    def papers(self, kind: str) -> list[str]:
        """The addresses of the current papers of a kind, in the order of their making."""
        rows = self.query(
            "SELECT kind, public_id FROM accounts_requests_document "
            "WHERE superseded_at IS NULL AND state = 'stored' ORDER BY id"
        )
        return [f"/dokumen/{uuid.UUID(str(row[1]))}/" for row in rows if row[0] == kind]

    def everything_stored(self) -> bytes:
        """Every byte of the database and of the data directory, as far as the system keeps it."""
        parts = [
            path.read_bytes()
            for path in sorted(self.data_dir.rglob("*"))
            if path.is_file() and "static" not in path.relative_to(self.data_dir).parts
        ]
        if not self.database_url.startswith("sqlite"):
            with psycopg.connect(self.database_url) as connection:
                tables = connection.execute(
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                ).fetchall()
                for (table,) in tables:
                    name = sql.Identifier(table)
                    with connection.cursor().copy(
                        sql.SQL("COPY {} TO STDOUT").format(name)
                    ) as copy:
                        parts.extend(bytes(chunk) for chunk in copy)
        return b"\n".join(parts)


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    """Web and worker as processes of their own, on the database that the tests run on."""
    mail = MailServer()
    controller = Controller(mail, hostname=mail.host, port=mail.port)
    controller.start()
    data_dir = tmp_path / "var"
    shutil.copytree(_installation(), data_dir)
    _stand_at(START, data_dir)
    database_url, drop = _database(data_dir)
    port = free_port()
    environment = {
        **_environment(data_dir, database_url),
        "EMAIL_URL": f"smtp://{mail.host}:{mail.port}",
        "DEFAULT_FROM_EMAIL": "LPSE Contoh <lpse@kantor.example>",
        "PORT": str(port),
    }
    processes = [
        subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment)
        for command in (["-m", "gunicorn", "sopregistry.wsgi"], ["manage.py", "run_worker"])
    ]
    running = System(f"http://localhost:{port}", data_dir, database_url, mail, environment)
    try:
        _until_it_answers(port, processes)
        yield running
    finally:
        for process in processes:
            process.terminate()
        codes = [process.wait(timeout=30) for process in processes]
        controller.stop()
        drop()
    assert codes == [0, 0]


def _environment(data_dir: Path, database_url: str) -> dict[str, str]:
    return {
        **os.environ,
        "SOPREGISTRY_MODE": "demo",
        "DJANGO_SETTINGS_MODULE": "sopregistry.settings",
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": database_url,
        "PYTHONPATH": str(ROOT),
    }


def _stand_at(instant: dt.datetime, data_dir: Path) -> None:
    """Move the clock of every process of the installation."""
    offset = instant - dt.datetime.now(dt.UTC)
    (data_dir / "clock.json").write_text(json.dumps({"offset_seconds": offset.total_seconds()}))


def _on_postgresql() -> bool:
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def _url(name: str) -> str:
    """The address of a database beside the one that DATABASE_URL names."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def _installation() -> Path:
    """A DATA_DIR as the commands of an installation leave it, with the staff; made once for a run.

    On PostgreSQL the file ``template`` in it names the database that belongs to it.
    """
    data_dir = prepared.SHARED / "installation"
    done = prepared.SHARED / "installation-is-made"
    with prepared.alone():
        if done.exists():
            return data_dir
        data_dir.mkdir(mode=0o700)
        # Nothing that happens at the start of a journey comes before what it finds.
        _stand_at(START - dt.timedelta(minutes=10), data_dir)
        database_url = f"sqlite:///{data_dir / 'db.sqlite3'}"
        if _on_postgresql():
            name = f"journeys_{os.getpid()}"
            prepared.drop_when_the_run_ends(name)
            prepared.on_server("CREATE DATABASE {}", name)
            (data_dir / TEMPLATE).write_text(name, encoding="utf-8")
            database_url = _url(name)
        for command in (
            ["manage.py", "migrate", "--verbosity", "0"],
            ["manage.py", "createcachetable"],
            ["manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
            ["-m", "tests.journeys.prepare"],
        ):
            environment = _environment(data_dir, database_url)
            subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True)
        done.touch()
    return data_dir


def _database(data_dir: Path) -> tuple[str, Callable[[], None]]:
    """The database of the copied installation, and how to drop it again."""
    if not _on_postgresql():
        return f"sqlite:///{data_dir / 'db.sqlite3'}", lambda: None
    name = f"journey_{os.getpid()}_{time.monotonic_ns()}"
    template = data_dir / TEMPLATE
    prepared.on_server("CREATE DATABASE {} TEMPLATE {}", name, template.read_text(encoding="utf-8"))
    template.unlink()
    return _url(name), lambda: prepared.on_server("DROP DATABASE {} WITH (FORCE)", name)


def _until_it_answers(port: int, processes: list[subprocess.Popen[bytes]]) -> None:
    for _ in range(300):
        assert [process.poll() for process in processes] == [None, None]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.closing(connection), contextlib.suppress(OSError):
            connection.request("GET", "/masuk/", headers={"Host": "localhost"})
            if connection.getresponse().read():
                return
        time.sleep(0.2)
    raise AssertionError("The web server did not answer.")


class Desk:
    """One person at their own browser window; errors on the page's console fail the journey."""

    def __init__(self, browser: Browser, system: System, username: str) -> None:
        self.system = system
        self.page: Page = browser.new_context(
            viewport={"width": 1366, "height": 768}, locale="id-ID", timezone_id="Asia/Jakarta"
        ).new_page()
        self.page.set_default_timeout(60_000)
        self.complaints: list[str] = []
        self.page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text) if message.type == "error" else None
            ),
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{system.url}/masuk/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", PASSWORD)
        self.press("Masuk")

    def go(self, path: str) -> None:
        """Open an address of the application."""
        self.page.goto(self.system.url + path)

    def press(self, name: str) -> None:
        """Press the main area's button of exactly this name."""
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    def attest_all(self) -> None:
        """Answer every kelengkapan of the page: terpenuhi."""
        for choice in self.page.locator("input[type=radio][value=ya]").all():
            choice.check()

    def wait_for_papers(self, kind: str, count: int) -> None:
        """Until the worker has rendered so many papers of the kind."""
        wait_for(lambda: len(self.system.papers(kind)) == count, f"{count} × {kind}")

    def fetch(self, path: str) -> bytes:
        """The bytes at an address, fetched with this person's session."""
        response = self.page.context.request.get(self.system.url + path)
        assert response.status == 200
        return response.body()


@pytest.fixture
def desk(browser: Browser, system: System) -> Iterator[Callable[[str], Desk]]:
    """Sit somebody down: ``desk("kepala")``."""
    desks: list[Desk] = []

    def sit(username: str) -> Desk:
        desks.append(Desk(browser, system, username))
        return desks[-1]

    yield sit
    for one in desks:
        assert one.complaints == []
        one.page.context.close()
