"""Whole cases with known passwords, and then a search for them everywhere they must not be."""

import datetime as dt
import io
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings as project_settings
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, reverse
from django.views.debug import get_exception_reporter_class
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts_requests import (
    audit,
    clock,
    credentials,
    mail_texts,
    outbox,
    password_links,
    smtp,
    workflow,
)
from accounts_requests.admin.site import site
from accounts_requests.models import (
    Account,
    Credential,
    Document,
    DocumentContent,
    Message,
)
from accounts_requests.states import CaseState, DocumentKind, DocumentState, MessageKind
from accounts_requests.views import password_link, passwords
from accounts_requests.worker import Worker
from sopregistry.log_lines import Line
from sopregistry.urls import urlpatterns

from . import cases, link_cases
from .cases import OfficePeople
from .reading import url
from .smtp_fixtures import Answer, MailServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]

BY_SCRIPT = {"Accept": "application/json"}
SHOWING = ("password_reveal", "password_new", "password_link")
"""The only addresses whose answer to a press may hold a password."""

# Far from any line that fails: a report shows the code around it.
KNOWN = "Kab7-Ten4-Wup9-Haz3-Red6-Mus2"
TOKEN = "Zk3vQ8nT-w5mLr2_pX7cD4sHj9aBf6yGuE1oWiKqNtS"


@pytest.fixture(autouse=True)
def monday_morning(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.CREDENTIAL_KEYS_DIR = tmp_path / "keys"
    settings.CREDENTIAL_KEYS_DIR.mkdir(mode=0o700)
    with clock.moved_to(cases.MONDAY):
        yield


# -- a whole case ---------------------------------------------------------------------------------


class Watcher(Client):
    """A browser whose every answer is kept: ``shown`` holds what a page or a header said."""

    shown: list[tuple[str, str, bytes]]

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        method, path = request["REQUEST_METHOD"], request["PATH_INFO"]
        head = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
        head += response.cookies.output()
        body = b"".join(response) if response.streaming else response.content
        name = response.resolver_match.url_name if hasattr(response, "resolver_match") else ""
        if method == "POST" and name in SHOWING:
            body = b""
        self.shown.append((f"{method} {path}", head, body))
        return response


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, at DEBUG, as LOG_LEVEL=DEBUG would write it."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(Line("{asctime} {levelname} {name}: {message}", style="{"))
    # The other side's mail server, which the test runs in this process, writes what it is given.
    handler.addFilter(lambda record: record.name != "mail.log")
    loggers = [logging.getLogger(name) for name in ("", "django", "gunicorn")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield text
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


class Story:
    """A case of three people from claim to archive, told through the pages.

    The first message is refused once, so that one password is made anew. ``secrets`` grows by
    every password and token that ever existed, with the address of the one it was meant for.
    """

    def __init__(self, staff: OfficePeople, server: MailServer, *, by_link: bool) -> None:
        self.staff, self.server, self.by_link = staff, server, by_link
        self.secrets: dict[str, str] = {}
        self.ciphertexts: list[bytes] = []
        self.shown: list[tuple[str, str, bytes]] = []
        self.admin = self.browser(staff.admin1)
        self.case = cases.ordered(staff, people=3)

    def browser(self, user: Any) -> Watcher:
        client = Watcher()
        client.shown = self.shown
        if user is not None:
            client.force_login(user)
        return client

    def remember(self) -> None:
        """Keep what lives now, to look for it later."""
        for account in cases.accounts(self.case):
            if credentials.has_live(account):
                row = Credential.objects.get(account=account, destroyed_at=None)
                self.ciphertexts.append(bytes(row.ciphertext))
                to = link_cases.address(account.registrant.position_in_list)
                self.secrets[credentials.reveal(account)] = to

    def tell(self) -> None:
        case, admin = self.case, self.admin
        admin.post(url("claim", case))
        self.remember()
        for position in (1, 2, 3):
            admin.get(url("account_entry", case, position))
            admin.post(url("password_reveal", case, position), headers=BY_SCRIPT)
            admin.post(url("password_reveal", case, position))
            admin.post(url("account_entry", case, position), self.created(position))
        admin.post(url("accounts", case), self.met())
        Worker().drain()
        admin.get(url("send", case))
        admin.get(url("message_preview", case, 2))
        self.server.will(link_cases.address(1), Answer.REFUSE_CONTENT)
        admin.post(url("send", case), self.met())
        Worker().drain()
        self.take_tokens()
        clock.advance(dt.timedelta(minutes=1))
        admin.post(url("password_new", case, 1), headers=BY_SCRIPT)
        self.remember()
        admin.post(url("delivery", case, 1), self.resending())
        Worker().drain()
        self.take_tokens()
        if self.by_link:
            self.open_links()
        admin.get(url("archive_case", case))
        admin.post(url("archive_case", case), self.met())
        Worker().drain()
        assert cases.fresh(case).state == CaseState.ARCHIVED
        # The journal is cut by the sweep that follows a destruction.
        Worker().sweep()

    def created(self, position: int) -> dict[str, str]:
        return {
            "outcome": "created",
            "user_id": f"personel.{position:03d}",
            "registered_email": link_cases.address(position),
            "matches_form": "on",
        }

    def met(self) -> dict[str, str]:
        return {f"requirement_{key}": "ya" for key in cases.all_met(self.case)}

    def resending(self) -> dict[str, str]:
        return {
            "way": "kirim-ulang",
            "address": link_cases.address(1),
            "reason": "Kotak surat tadi menolak",
            "had_signed_in": "tidak",
            "changed_in_spse": "on",
        }

    def take_tokens(self) -> None:
        for received in self.server.received:
            for token in link_cases.tokens_of(received):
                self.secrets[token] = received.recipients[0]

    def open_links(self) -> None:
        for position in (1, 2, 3):
            visitor = self.browser(None)
            page = link_cases.page_of(link_cases.token_for(self.server, position))
            visitor.get(page)
            assert b"password" in visitor.post(page).content
            visitor.post(page)

    def read_everything(self) -> None:
        """Everybody opens every page there is of the case, and every page of the admin."""
        known = {"number": self.case.number, "position": 1, "step": 4, "revision": 1}
        staff = self.staff
        for user in (staff.kepala, staff.drafter, staff.admin1, staff.inspector, staff.keeper):
            client = self.browser(user)
            client.raise_request_exception = False
            for pattern in patterns(urlpatterns):
                if set(pattern.pattern.converters) <= known.keys():
                    wanted = {name: known[name] for name in pattern.pattern.converters}
                    client.get(reverse(str(pattern.name), kwargs=wanted))
        for document in Document.objects.filter(state=DocumentState.STORED):
            self.admin.get(reverse("document", args=[document.public_id]))
        keeper = self.browser(staff.keeper)
        keeper.raise_request_exception = False
        for model in site._registry:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            keeper.get(reverse(f"{name}_changelist"))
            for row in model._default_manager.all()[:5]:
                keeper.get(reverse(f"{name}_change", args=[row.pk]))

    def found_in(self, what: bytes | str) -> list[str]:
        """Which secrets ``what`` holds."""
        data = what.encode() if isinstance(what, str) else what
        return [secret for secret in self.secrets if secret.encode() in data]


def patterns(found: Sequence[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    """Every address of the project but those of the admin, which come by its models."""
    for one in found:
        if isinstance(one, URLPattern):
            yield one
        elif one.namespace != "admin":
            yield from patterns(one.url_patterns)


def rows() -> str:
    """Every value of every table of the database, as text."""
    parts: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  tables of the test's own database
            for row in cursor.fetchall():
                parts += [
                    bytes(value).decode("latin-1")
                    if isinstance(value, bytes | memoryview)
                    else str(value)
                    for value in row
                ]
    return "\n".join(parts)


def files(directory: Path) -> bytes:
    """Every byte of every file below."""
    return b"\n".join(path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file())


def printed(data: bytes) -> str:
    command = ["pdftotext", "-", "-"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "by_link",
    [
        # The journey through the whole SOP looks for passwords in the mail's way too.
        pytest.param(False, id="in the mail", marks=pytest.mark.slow),
        pytest.param(True, id="behind a link"),
    ],
)
def test_a_whole_case_leaves_its_passwords_nowhere(
    office_people: OfficePeople,
    smtp_server: MailServer,
    log: io.StringIO,
    settings: Settings,
    *,
    by_link: bool,
) -> None:
    if by_link:
        link_cases.choose_links()
    story = Story(office_people, smtp_server, by_link=by_link)

    story.tell()
    story.read_everything()

    # Four passwords; behind links a token for each message that the server was given.
    assert len(story.secrets) == (7 if by_link else 4)
    logging.getLogger("accounts_requests.worker").debug("the log is listened to")
    assert "DEBUG accounts_requests.worker: the log is listened to" in log.getvalue()
    assert story.found_in(log.getvalue()) == []
    assert story.found_in(rows()) == []
    assert story.found_in(files(project_settings.DATA_DIR)) == []
    assert list(settings.CREDENTIAL_KEYS_DIR.iterdir()) == []
    told = [
        (where, secret)
        for where, head, body in story.shown
        for secret in story.found_in(head.encode() + body)
        if not (by_link and secret in where)
    ]
    assert told == []
    papers = Document.objects.filter(request=story.case, state=DocumentState.STORED)
    assert {DocumentKind.MAIL_PROOF, DocumentKind.ARCHIVE_FILE} <= set(
        papers.values_list("kind", flat=True)
    )
    for paper in papers:
        data = bytes(DocumentContent.objects.get(document=paper).data)
        assert story.found_in(data) == []
        assert story.found_in(printed(data)) == []
    for received in smtp_server.received:
        for secret in story.found_in(received.data.replace(b"=\r\n", b"")):
            assert received.recipients == [story.secrets[secret]]
            assert not by_link or len(secret) == 43


@pytest.mark.django_db(transaction=True)
def test_what_the_database_kept_meanwhile_opens_with_no_key_that_is_left(
    office_people: OfficePeople, smtp_server: MailServer
) -> None:
    story = Story(office_people, smtp_server, by_link=False)

    story.tell()

    assert len(story.ciphertexts) == 4
    keys = [*project_settings.ENCRYPTION_KEYS]
    for ciphertext in story.ciphertexts:
        for key in keys:
            with pytest.raises(InvalidToken):
                Fernet(key).decrypt(ciphertext)
    if connection.vendor == "sqlite":
        # Emptied rows are overwritten in the file, and the journal is cut (secure_delete).
        kept = files(Path(str(connection.settings_dict["NAME"])).parent)
        assert [text for text in story.ciphertexts if text in kept] == []


# -- answers that show a password -----------------------------------------------------------------


def test_no_answer_with_a_password_may_be_stored_by_anybody(
    office_people: OfficePeople, smtp_server: MailServer, client: Client
) -> None:
    link_cases.choose_links()
    case = cases.claimed(office_people, people=1)
    client.force_login(office_people.admin1)
    answers = [
        client.post(url("password_reveal", case, 1)),
        client.post(url("password_reveal", case, 1), headers=BY_SCRIPT),
        client.post(url("password_new", case, 1)),
        client.post(url("password_new", case, 1), headers=BY_SCRIPT),
    ]
    cases.record_created(cases.accounts(case)[0], office_people.admin1)
    workflow.record_accounts(case, actor=office_people.admin1, answers=cases.all_met(case))
    workflow.send_accounts(case, actor=office_people.admin1, answers=cases.all_met(case))
    Worker().drain()
    password = credentials.reveal(cases.accounts(case)[0])
    answers.append(Client().post(link_cases.page_of(link_cases.token_for(smtp_server))))

    assert password in answers[-1].content.decode()
    for answer in answers:
        assert answer.status_code == 200
        assert {"no-store", "private"} <= set(answer.headers["Cache-Control"].split(", "))
        assert "Location" not in answer.headers
        assert answer.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("quick_papers")
def test_a_password_goes_with_its_page_and_the_page_is_for_everybody(
    office_people: OfficePeople, page: Page, live_server: LiveServer
) -> None:
    # The server's thread has a clock of its own.
    clock.set_shared_offset(cases.MONDAY - dt.datetime.now(dt.UTC))
    scene = Scene(office_people)
    token = scene.with_link()
    password = credentials.reveal(scene.account)
    address = live_server.url + link_cases.page_of(token)

    page.goto(address)
    complaints = seen_at_both_sizes(page)
    page.get_by_role("button", name="Tampilkan password").click()
    expect(page.locator("#password")).to_have_text(password)
    expect(page.get_by_text("Password tidak ditampilkan lagi.")).to_be_hidden()
    complaints += seen_at_both_sizes(page)
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    expect(page.get_by_text("Password tidak ditampilkan lagi.")).to_be_visible()
    assert password not in page.content()
    page.goto("about:blank")
    with pytest.raises(PlaywrightError, match="ERR_CACHE_MISS"):  # the answer was not kept at all
        page.go_back()
    page = page.context.new_page()
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tautan ini tidak berlaku")
    complaints += seen_at_both_sizes(page)

    assert complaints == []


def seen_at_both_sizes(page: Page) -> list[str]:
    """What axe says of the page on a laptop and on a phone, and whether it is too wide."""
    said = []
    for width, height in ((1366, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        said += [found["id"] for found in Axe().run(page).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            said.append(f"wider than {width}")
    return said


# -- when something breaks ------------------------------------------------------------------------


def broken(*_: object, **__: object) -> Any:
    """Fail, as anything may."""
    raise ZeroDivisionError


class Broken:
    """One place that fails while a password is in somebody's hands."""

    def __init__(self, where: object, name: str, call: Callable[["Scene"], object]) -> None:
        self.where, self.name, self.call = where, name, call


class Scene:
    """A case of one person whose password is KNOWN, at the step that a call needs."""

    def __init__(self, staff: OfficePeople) -> None:
        self.staff = staff
        self.case = cases.claimed(staff, people=1)
        self.web = RequestFactory()
        self.message: Message = Message()

    @property
    def account(self) -> Account:
        return cases.accounts(self.case)[0]

    def new(self) -> object:
        return workflow.new_password(self.account, actor=self.staff.admin1)

    def reveal(self) -> object:
        return workflow.reveal_password(self.account, actor=self.staff.admin1)

    def show(self) -> object:
        request = self.web.post("/")
        request.user = self.staff.admin1
        return passwords.password_reveal(request, number=self.case.number, position=1)

    def claimed_message(self) -> Message:
        cases.record_created(self.account, self.staff.admin1)
        staff = self.staff.admin1
        workflow.record_accounts(self.case, actor=staff, answers=cases.all_met(self.case))
        workflow.send_accounts(self.case, actor=staff, answers=cases.all_met(self.case))
        Message.objects.exclude(kind=MessageKind.CREDENTIALS).delete()
        message = outbox.claim_next("pekerja", clock.now())
        assert message is not None
        return message

    def with_link(self) -> str:
        """Let the link be with its person; returns its token."""
        link_cases.choose_links()
        return outbox._issue_link(self.claimed_message())

    def take_anew(self) -> None:
        Credential.objects.update(ciphertext=b"", destroyed_at=clock.now())
        workflow.take_over(self.case, actor=self.staff.admin2, reason="Pemegangnya sakit")


def deliver(scene: Scene) -> object:
    return outbox.deliver(scene.message)


def press(scene: Scene) -> object:
    return password_link.password_link(scene.web.post(f"/password/{TOKEN}/"), token=TOKEN)


BREAKS = {
    "writing a key": Broken(credentials, "_write_key", Scene.new),
    "sealing": Broken(credentials, "_sealed", Scene.new),
    "the trail of a new password": Broken(audit, "record", Scene.new),
    "opening": Broken(Fernet, "decrypt", Scene.reveal),
    "the trail of a reveal": Broken(audit, "record", Scene.reveal),
    "many at once": Broken(Credential.objects.__class__, "bulk_create", Scene.take_anew),
    "a page that shows it": Broken(passwords, "render", Scene.show),
    "a mail's template": Broken(
        mail_texts,
        "render_to_string",
        lambda scene: outbox.compose(scene.message),
    ),
    "a mail's headers": Broken(
        mail_texts,
        "EmailMultiAlternatives",
        lambda scene: outbox.compose(scene.message),
    ),
    "the way to the mail server": Broken(smtp, "_dot_stuffed", deliver),
    "the conversation": Broken(outbox, "converse", deliver),
    "reading the answer": Broken(outbox, "_without_secret", deliver),
    "the trail of an opened link": Broken(audit, "record", press),
    "the receipt": Broken(credentials, "destroy", press),
    "the page behind a link": Broken(password_link, "render", press),
    "looking for a link": Broken(password_links, "find", press),
}


@pytest.mark.parametrize("place", BREAKS)
@pytest.mark.usefixtures("quick_papers", "smtp_server")
def test_no_report_of_an_error_shows_a_password_or_a_token(
    office_people: OfficePeople, monkeypatch: pytest.MonkeyPatch, settings: Settings, place: str
) -> None:
    monkeypatch.setattr(credentials, "generate_password", lambda: KNOWN)
    monkeypatch.setattr("secrets.token_urlsafe", lambda _size: TOKEN)
    scene = Scene(office_people)
    found = BREAKS[place]
    if found.call is press:
        scene.with_link()
    elif found.where in (mail_texts, smtp, outbox):
        scene.message = scene.claimed_message()
    monkeypatch.setattr(found.where, found.name, broken)

    with pytest.raises(ZeroDivisionError) as caught:
        found.call(scene)
    reports = [Line().formatException((caught.type, caught.value, caught.tb))]
    for debug in (False, True):
        settings.DEBUG = debug
        request = scene.web.post(f"/password/{TOKEN}/")
        reporter: Any = get_exception_reporter_class(request)
        report = reporter(request, caught.type, caught.value, caught.tb)
        reports += [str(report.get_traceback_html()), str(report.get_traceback_text())]

    assert ["ZeroDivisionError" in text for text in reports] == [True] * 5
    assert [secret for secret in (KNOWN, TOKEN) for text in reports if secret in text] == []


@pytest.mark.parametrize("debug", [False, True], ids=["production", "debug"])
def test_the_page_of_an_error_shows_neither(
    office_people: OfficePeople,
    quick_papers: None,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    log: io.StringIO,
    *,
    debug: bool,
) -> None:
    monkeypatch.setattr(credentials, "generate_password", lambda: KNOWN)
    monkeypatch.setattr("secrets.token_urlsafe", lambda _size: TOKEN)
    scene = Scene(office_people)
    scene.with_link()
    settings.DEBUG = debug
    client = Client(raise_request_exception=False)
    monkeypatch.setattr(credentials, "destroy", broken)

    answer = client.post(f"/password/{TOKEN}/")

    assert answer.status_code == 500
    assert ("ZeroDivisionError" in answer.content.decode()) is debug
    assert "ZeroDivisionError" in log.getvalue()
    told = answer.content.decode() + log.getvalue()
    assert [secret for secret in (KNOWN, TOKEN) if secret in told] == []


# -- lines of the log -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (f"Internal Server Error: /password/{TOKEN}/", "Internal Server Error: /password/…/"),
        (f"Error handling request /password/{TOKEN}", "Error handling request /password/…"),
        (f"Forbidden: /password/{TOKEN}/?a=1", "Forbidden: /password/…/?a=1"),
        ("GET /dokumen/0f2c9a4e-5d0b-4c39-8a51-7c1d2e3f4a5b/ 500", "GET /dokumen/…/ 500"),
        ("/permohonan/P-2026-0001/kirim/", "/permohonan/P-2026-0001/kirim/"),
        (
            'File "/srv/migrations/0002_trail_sessions_links_and_backups.py", line 3',
            'File "/srv/migrations/0002_trail_sessions_links_and_backups.py", line 3',
        ),
    ],
)
def test_an_address_in_the_log_opens_nothing(said: str, written: str) -> None:
    record = logging.LogRecord("x", logging.ERROR, "", 0, said, None, None)

    assert Line("%(message)s").format(record) == written
    assert urlsplit(written)


def test_the_web_servers_own_log_writes_such_lines(tmp_path: Path) -> None:
    script = (
        "from gunicorn.app.wsgiapp import WSGIApplication\n"
        "import sys; sys.argv = ['gunicorn', 'sopregistry.wsgi']\n"
        "app = WSGIApplication()\n"
        "log = app.cfg.logger_class(app.cfg)\n"
        f"log.error('Error handling request %s', '/password/{TOKEN}/')\n"
    )
    root = Path(__file__).resolve().parent.parent
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )

    assert "Error handling request /password/…/" in ran.stderr
    assert TOKEN not in ran.stderr + ran.stdout


def test_every_model_that_holds_something_secret_is_kept_from_the_admin() -> None:
    shown = {model.__name__ for model in site._registry}
    secret = {"Credential", "PasswordLink"}

    assert secret <= {model.__name__ for model in apps.get_models()}
    assert shown & secret == set()
