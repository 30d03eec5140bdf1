"""gunicorn on the database of the running test, and a browser that can hang up on it."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from accounts_requests.models import User

from . import processes
from .page_forms import Form, form_on
from .smtp_fixtures import free_port


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    page: str


@contextmanager
def web_server(log: Path, **more: str) -> Iterator[int]:
    """Serve with one process, so that requests are answered in turn; yields the port."""
    port = free_port()
    with log.open("ab") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "sopregistry.wsgi"],
            cwd=processes.ROOT,
            env=processes.environment(PORT=str(port), WEB_CONCURRENCY="1", **more),
            stderr=told,
        )
        try:
            _until_it_answers(port, process, log)
            yield port
        finally:
            process.terminate()
            code = process.wait(timeout=60)
    assert code == 0


def _until_it_answers(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()[-2000:]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        with suppress(OSError):
            connection.request("GET", "/static/img/mark.svg")
            if connection.getresponse().status == 200:
                connection.close()
                return
        connection.close()
        time.sleep(0.1)
    raise AssertionError(log.read_text()[-2000:])


class Browser:
    """One person's browser; signed in through the database, everything else over the wire."""

    def __init__(self, port: int, user: User) -> None:
        self.port = port
        inside = Client()
        inside.force_login(user)
        self.cookies = {name: morsel.value for name, morsel in inside.cookies.items()}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def form(self, path: str, *, having: str = "", action: str = "") -> Form:
        """The form of a page, as it would be sent; ``action`` is its address in any case."""
        form = form_on(self.get(path).page, having=having, action=action)
        form.action = form.action or path
        return form

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(fields).encode())

    def post_and_hang_up(
        self, path: str, body: bytes, content_type: str, *, announced: int | None = None
    ) -> None:
        """Send a request and close without an answer, perhaps before all that was announced."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {self._cookie_header()}\r\n"
            f"Content-Type: {content_type}\r\n"
            f"Content-Length: {len(body) if announced is None else announced}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as plug:
            plug.sendall(head.encode() + body)

    def _cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _ask(self, method: str, path: str, body: bytes | None = None) -> Answer:
        headers = {"Host": "localhost", "Cookie": self._cookie_header()}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        page = response.read().decode(errors="replace")
        connection.close()
        for line in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        assert settings.SESSION_COOKIE_NAME in self.cookies
        return Answer(response.status, response.headers.get("Location", ""), page)
