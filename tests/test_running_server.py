"""What gunicorn itself answers, before and around the application."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sopregistry import refusals

from .smtp_fixtures import free_port

PROJECT = Path(__file__).resolve().parent.parent


def test_the_words_for_each_status_are_ours() -> None:
    headings = {
        status: refusals.answer(status).decode().partition("<h1>")[2].partition("</h1>")[0]
        for status in (400, 403, 414, 417, 431, 500, 501)
    }

    assert headings == {
        400: "Permintaan tidak dapat dibaca",
        403: "Permintaan tidak dapat dibaca",
        414: "Alamat terlalu panjang",
        417: "Permintaan tidak dapat dibaca",
        431: "Alamat terlalu panjang",
        500: "Terjadi gangguan pada aplikasi",
        501: "Terjadi gangguan pada aplikasi",
    }


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A web server as it is run, in a demo without people or cases."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "SOPREGISTRY_MODE": "demo",
        "DATA_DIR": str(tmp_path_factory.mktemp("server")),
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
    }
    for command in (["migrate"], ["createcachetable"], ["collectstatic", "--noinput"]):
        subprocess.run(
            [sys.executable, "manage.py", *command, "--verbosity", "0"],
            cwd=PROJECT,
            env=environment,
            check=True,
        )
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "sopregistry.wsgi"], cwd=PROJECT, env=environment
    )
    for _ in range(300):
        assert process.poll() is None
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            break
        time.sleep(0.2)
    yield port
    process.terminate()
    assert process.wait(timeout=30) == 0


def answer(port: int, request: bytes) -> tuple[int, dict[str, str], str]:
    """Status, headers and body of the answer to these very bytes."""
    with socket.create_connection(("127.0.0.1", port), 20) as connection:
        connection.sendall(request)
        response = http.client.HTTPResponse(connection)
        response.begin()
        return response.status, dict(response.headers), response.read().decode()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("request_line", "headers", "status", "words"),
    [
        ("GET /?cari=" + "a" * 5000 + " HTTP/1.1", "", 414, "Alamat terlalu panjang"),
        ("GET / HTTP/1.1", "Cookie: a=" + "b" * 9000, 431, "Alamat terlalu panjang"),
        ("GET / HTTP/1.1", "\r\n".join(f"A{n}: b" for n in range(70)), 431, "terlalu panjang"),
        ("GET / HTTP/9.9", "", 400, "Permintaan tidak dapat dibaca"),
        ("G\x01T / HTTP/1.1", "", 400, "Permintaan tidak dapat dibaca"),
        ("GET / HTTP/1.1", "A b: c", 400, "Permintaan tidak dapat dibaca"),
        (
            "POST / HTTP/1.1",
            "Content-Length: 1\r\nTransfer-Encoding: chunked",
            400,
            "Permintaan tidak dapat dibaca",
        ),
    ],
    ids=["long address", "long header", "many headers", "version", "method", "header", "smuggling"],
)
def test_what_gunicorn_refuses_is_refused_in_indonesian_without_an_echo(
    port: int, request_line: str, headers: str, status: int, words: str
) -> None:
    head = filter(None, [request_line, "Host: localhost", headers])

    told, named, page = answer(port, ("\r\n".join(head) + "\r\n\r\n").encode())

    assert told == status
    assert words in page
    assert "aaaaaaaaaa" not in page
    assert "Server" not in named
    assert named["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.slow
def test_the_servers_name_is_not_told_and_another_hosts_page_is_kind(port: int) -> None:
    status, headers, page = answer(port, b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")

    assert status == 400
    assert "Permintaan tidak dapat dibaca" in page
    assert headers.get("Server", "") == ""


@pytest.mark.slow
def test_a_static_file_never_changes_under_its_name(port: int) -> None:
    manifest = answer(port, b"GET /masuk/ HTTP/1.1\r\nHost: localhost\r\n\r\n")[2]
    name = manifest.partition("/static/css/tokens.")[2].partition(".css")[0]
    address = f"/static/css/tokens.{name}.css"

    status, headers, _ = answer(port, f"GET {address} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())

    assert (status, headers["Cache-Control"]) == (200, "max-age=315360000, public, immutable")
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.slow
def test_a_request_that_announces_too_much_is_refused_unread(port: int) -> None:
    head = (
        "POST /masuk/ HTTP/1.1",
        "Host: localhost",
        f"Cookie: csrf={'a' * 32}",
        "Content-Type: multipart/form-data; boundary=a",
        f"Content-Length: {200 * 1024 * 1024}",
    )

    status, _, page = answer(port, "\r\n".join((*head, "", "")).encode())

    assert status == 413
    assert "Berkas terlalu besar" in page
