"""Signing in as it really happens: second factors in a browser, and limits over processes."""

import contextlib
import datetime as dt
import http.client
import re
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests import totp
from tests.journeys.conftest import PASSWORD, ROOT, System, wait_for
from tests.smtp_fixtures import free_port

SIZES = ((390, 844), (1366, 768))
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# A passkey of the machine itself, whose owner always agrees.
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Visitor:
    """Somebody at a browser of their own, who looks at every page at both sizes."""

    def __init__(self, browser: Browser, system: System) -> None:
        self.url = system.url
        self.page: Page = browser.new_context(locale="id-ID").new_page()
        self.page.set_default_timeout(60_000)
        self.complaints: list[str] = []
        self.page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sign_in(self, username: str = "kepala") -> None:
        """Give name and password."""
        self.page.goto(f"{self.url}/masuk/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", PASSWORD)
        self.press("Masuk")

    def sign_out(self) -> None:
        """Press Keluar in the bar."""
        self.page.get_by_role("banner").get_by_role("button", name="Keluar").click()
        self.page.wait_for_url(f"{self.url}/masuk/")

    def press(self, name: str) -> None:
        """Press the button of exactly this name on the page."""
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    def open(self, path: str) -> None:
        """Open an address, and look at it."""
        self.page.goto(self.url + path)
        self.look()

    def look(self) -> None:
        """Nothing overflows, and axe finds nothing, on a telephone and on a laptop."""
        for width, height in SIZES:
            self.page.set_viewport_size({"width": width, "height": height})
            found = Axe().run(self.page, options=RULES).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_a_passkey_and_an_authenticator_are_set_up_and_used(
    browser: Browser, system: System, tmp_path: Path
) -> None:
    kepala = Visitor(browser, system)
    page = kepala.page
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    kepala.open("/masuk/")
    kepala.sign_in()
    for path in ("", "password/", "../sesi/", "passkey/tambah/"):
        kepala.open(f"/akun-saya/keamanan/{path}")

    page.fill("[name=name]", "Laptop kantor")
    kepala.press("Buat passkey")
    page.wait_for_url("**/kode-pemulihan/")
    kepala.look()
    codes = page.locator("#kode-pemulihan").inner_text().split()
    with page.expect_download() as saving:
        kepala.press("Simpan sebagai berkas")
    saving.value.save_as(tmp_path / "kode.txt")
    assert (tmp_path / "kode.txt").read_text(encoding="utf-8").split() == codes
    assert saving.value.suggested_filename == "kode-pemulihan-kepala.txt"
    assert len(codes) == 10

    kepala.sign_out()
    kepala.sign_in()
    page.wait_for_url("**/masuk/faktor-kedua/")
    kepala.look()
    kepala.press("Gunakan passkey")
    page.wait_for_url(f"{system.url}/")

    kepala.open("/akun-saya/keamanan/autentikator/pasang/")
    secret = page.locator("#kunci-autentikator").inner_text()
    page.fill("[name=code]", totp.code(secret, dt.datetime.now(dt.UTC)))
    kepala.press("Pasang")
    expect(page.get_by_role("main")).to_contain_text("Aplikasi autentikator terpasang.")
    kepala.look()
    for path in ("autentikator/hapus/", "kode-pemulihan/buat/", "konfirmasi/"):
        kepala.open(f"/akun-saya/keamanan/{path}")
    kepala.sign_out()
    kepala.sign_in()
    page.fill("[name=code]", codes[0])
    kepala.press("Masuk dengan kode")
    page.wait_for_url(f"{system.url}/")

    devices.send("WebAuthn.disable")
    kepala.sign_out()
    kepala.sign_in()
    page.fill("[name=code]", totp.code(secret, dt.datetime.now(dt.UTC)))
    kepala.press("Masuk dengan kode")
    page.wait_for_url(f"{system.url}/")
    factors = system.query(
        "SELECT changes FROM accounts_requests_auditentry WHERE act = 'sign_in' ORDER BY sequence"
    )
    assert [re.findall(r"webauthn|totp|recovery_codes", str(row)) for row in factors] == [
        [],
        ["webauthn"],
        ["recovery_codes"],
        ["totp"],
    ]
    assert kepala.complaints == []


@pytest.mark.slow
@pytest.mark.browser
def test_where_the_browser_allows_no_passkey_the_page_says_why(
    browser: Browser, system: System
) -> None:
    visitor = Visitor(browser, system)
    visitor.url = system.url.replace("localhost", "127.0.0.1")
    visitor.sign_in("biro")

    visitor.open("/akun-saya/keamanan/passkey/tambah/")

    main = visitor.page.get_by_role("main")
    expect(main.get_by_role("button", name="Buat passkey")).to_be_disabled()
    expect(main).to_contain_text("Peramban tidak mengizinkan passkey pada alamat berupa angka.")


# -- the limits over processes -------------------------------------------------------------------


def try_in(port: int, username: str, password: str) -> int:
    """The status of one sign-in, by a client that keeps nothing."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", "/masuk/", headers={"Host": "localhost"})
        shown = connection.getresponse()
        token = re.search(
            r'name="csrfmiddlewaretoken" value="([^"]+)"', shown.read().decode("utf-8")
        )
        cookie = str(shown.getheader("Set-Cookie")).partition(";")[0]
        assert token is not None
        body = urlencode(
            {"csrfmiddlewaretoken": token[1], "username": username, "password": password}
        )
        headers = {
            "Host": "localhost",
            "Cookie": cookie,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request("POST", "/masuk/", body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status


def answers(port: int) -> bool:
    """Does a server answer on this port?"""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with contextlib.closing(connection), contextlib.suppress(OSError):
        connection.request("GET", "/masuk/", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    return False


@pytest.mark.slow
def test_a_lock_out_holds_over_processes_and_a_restart(system: System) -> None:
    port = urlsplit(system.url).port
    assert port is not None
    with ThreadPoolExecutor(8) as guessers:
        statuses = Counter(guessers.map(lambda _: try_in(port, "kepala", "salah"), range(16)))
    another = free_port()
    restarted = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "sopregistry.wsgi"],
        cwd=ROOT,
        env={**system.environment, "PORT": str(another)},
    )
    try:
        wait_for(lambda: answers(another), "the second server")
        locked = try_in(another, "kepala", PASSWORD)
        others = try_in(another, "biro", PASSWORD)
    finally:
        restarted.terminate()
        restarted.wait(timeout=30)

    assert statuses == {200: 5, 429: 11}
    assert (locked, others) == (429, 302)
    refused = "SELECT COUNT(*) FROM accounts_requests_auditentry WHERE act = 'sign_in_failed'"
    assert system.query(refused) == [(5,)]
