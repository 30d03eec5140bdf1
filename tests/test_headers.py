"""What every answer tells the browser: pages, parts of pages, errors, files, static files."""

import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts_requests import clock, workflow
from accounts_requests.states import DocumentKind
from accounts_requests.uploads import Upload
from accounts_requests.views.downloads import file_answer
from sopregistry.log_lines import Line

from . import cases
from .cases import OfficePeople
from .upload_samples import image_bytes

PROJECT = Path(__file__).resolve().parent.parent
PAGES = {
    "base-uri 'none'",
    "default-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "object-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
}
PAPERS = {
    "base-uri 'none'",
    "default-src 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
}
OTHER_FILES = {*PAPERS, "sandbox"}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def told(response: HttpResponseBase) -> tuple[int, frozenset[str], str]:
    """Status, policy and what caches may keep; what must always be there is asserted."""
    assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS
    permissions = response.headers["Permissions-Policy"].split(", ")
    assert "camera=()" in permissions
    assert "geolocation=()" in permissions
    assert "clipboard-write=(self)" in permissions
    policy = frozenset(response.headers["Content-Security-Policy"].split("; "))
    kept = response.headers["Cache-Control"]
    nowhere = {"no-store", "private"} <= set(kept.split(", "))
    return response.status_code, policy, "nowhere" if nowhere else kept


@pytest.mark.django_db
@pytest.mark.usefixtures("empty_cache", "quick_papers")
def test_every_kind_of_answer_is_closed_to_others_and_to_caches(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        case = cases.sent(office_people)
        picture = workflow.attach_scan(
            case,
            actor=office_people.admin1,
            upload=Upload("foto.jpg", image_bytes("JPEG")),
            title="Foto",
        )
        decree = case.documents.get(kind=DocumentKind.DECREE)
        within, without = Client(), Client()
        within.force_login(office_people.admin1)
        number = case.number

        answers = {
            "page": within.get(reverse("request_detail", args=[number])),
            "part of a page": within.get(
                reverse("send_board", args=[number]), headers={"HX-Request": "true"}
            ),
            "sign-in": without.get(reverse("account_login")),
            "asked to sign in": without.get(reverse("home")),
            "pressed elsewhere": Client(enforce_csrf_checks=True).post(reverse("account_login")),
            "another host": within.get("/", headers={"Host": "evil.example"}),
            "refused": within.get(reverse("request_new")),
            "not there": within.get("/tidak-ada/"),
            "no static file": within.get("/static/tidak-ada.css"),
            "a button's address": within.get(reverse("claim", args=[number])),
            "unreadable": within.get("/?cari=%00"),
            "paper": within.get(reverse("document", args=[decree.public_id])),
            "paper as a download": within.get(
                reverse("document", args=[decree.public_id]), {"unduh": "1"}
            ),
            "picture": within.get(reverse("document", args=[picture.public_id])),
            "workbook": within.get(reverse("request_export")),
        }
        seen = {name: told(answer) for name, answer in answers.items()}

    pages = frozenset(PAGES)
    assert seen == {
        "page": (200, pages, "nowhere"),
        "part of a page": (200, pages, "nowhere"),
        "sign-in": (200, pages, "nowhere"),
        "asked to sign in": (302, pages, "nowhere"),
        "pressed elsewhere": (403, pages, "nowhere"),
        "another host": (400, pages, "nowhere"),
        "refused": (403, pages, "nowhere"),
        "not there": (404, pages, "nowhere"),
        "no static file": (404, pages, "nowhere"),
        "a button's address": (405, pages, "nowhere"),
        "unreadable": (400, pages, "nowhere"),
        "paper": (200, frozenset(PAPERS), "nowhere"),
        "paper as a download": (200, frozenset(OTHER_FILES), "nowhere"),
        "picture": (200, frozenset(OTHER_FILES), "nowhere"),
        "workbook": (200, frozenset(OTHER_FILES), "nowhere"),
    }


def test_a_static_file_is_closed_to_others_and_may_be_kept() -> None:
    response = Client().get("/static/css/app.css")
    assert b"".join(response) != b""

    assert told(response) == (200, frozenset(PAGES), "max-age=60, public")


def test_a_plain_request_is_led_to_https_with_every_header(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True

    response = Client().get("/permohonan/?cari=a")

    assert response.headers["Location"] == "https://testserver/permohonan/?cari=a"
    assert "Content-Security-Policy" in response.headers


# -- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("SK 1.pdf", 'inline; filename="SK 1.pdf"'),
        ("Sūrat é.pdf", "inline; filename*=utf-8''S%C5%ABrat%20%C3%A9.pdf"),
        ('a"; filename=b.html', 'inline; filename="a; filename=b.html"'),
        ("../../a.pdf", 'inline; filename="a.pdf"'),
        ("a\r\nSet-Cookie: b=c.pdf", 'inline; filename="aSet-Cookie b=c.pdf"'),
        ("\u202efdp.exe", 'inline; filename="fdp.exe"'),
        ("", 'inline; filename="berkas"'),
    ],
)
def test_the_name_of_a_file_is_told_so_that_it_stays_a_name(name: str, told: str) -> None:
    response = file_answer(b"%PDF-", name=name, media_type="application/pdf", shown=True)

    assert response.headers["Content-Disposition"] == told


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/octet-stream"])
def test_what_a_browser_might_run_is_only_downloaded(kind: str) -> None:
    response = file_answer(b"<script>", name="a.html", media_type=kind, shown=True)

    assert response.headers["Content-Disposition"] == 'attachment; filename="a.html"'
    assert set(response.headers["Content-Security-Policy"].split("; ")) == OTHER_FILES


# -- another host's name -------------------------------------------------------------------------


class Log(logging.Handler):
    """Keeps what Django says, as the application writes it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(Line("{name}: {message}", style="{"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log() -> Iterator[Log]:
    kept = Log()
    logging.getLogger("django").addHandler(kept)
    yield kept
    logging.getLogger("django").removeHandler(kept)


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "a b", "[::1"]
)
def test_another_hosts_name_gets_a_kind_page_and_one_line_in_the_log(host: str, log: Log) -> None:
    response = Client().get("/permohonan/", headers={"Host": host})

    assert response.status_code == 400
    assert "Permintaan tidak dapat dibaca" in response.content.decode()
    assert [line.partition(": ")[0] for line in log.lines] == ["django.security.DisallowedHost"]
    assert "\n" not in log.lines[0]


def test_no_address_in_mail_or_on_paper_is_taken_from_the_request() -> None:
    asking = re.compile(r"build_absolute_uri|get_current_site|get_host\b|HTTP_HOST")
    found = [
        f"{path.relative_to(PROJECT)}: {line.strip()}"
        for folder in ("accounts_requests", "sopregistry", "templates")
        for path in sorted((PROJECT / folder).rglob("*"))
        if path.suffix in {".py", ".html", ".txt"}
        for line in path.read_text(encoding="utf-8").splitlines()
        if asking.search(line)
    ]

    # The way back after a sign-in must be one of our own.
    assert found == [
        (
            "accounts_requests/adapters.py: "
            "url, {request.get_host()}, require_https=request.is_secure()"
        ),
        (
            "accounts_requests/views/support.py: "
            "shown, {request.get_host()}, require_https=request.is_secure()"
        ),
    ]


# -- Django's own list ---------------------------------------------------------------------------


def test_djangos_checks_for_production_find_nothing(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "k" * 30 + "0123456789abcdefghijklmnopqrstuvwxyz",
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "EMAIL_URL": "smtp+tls://lpse:sandi@mail.example.go.id:587",
        "ALLOWED_HOSTS": "lpse.example.go.id",
    }

    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "INFO"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    # Two are the operator's to decide, by SECURE_HSTS_INCLUDE_SUBDOMAINS and _PRELOAD.
    assert checked.stdout == "System check identified no issues (2 silenced).\n"
    assert (checked.stderr, checked.returncode) == ("", 0)
