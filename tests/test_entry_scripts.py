"""The password's box and the keys of step 3, in a real browser and without a server."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page, Route, expect

SCRIPTS = Path(__file__).resolve().parent.parent / "static" / "js"
ADDRESS = "http://localhost:9/"
ASKED = "/permohonan/P-2026-0001/akun/2/password/"
MADE = "/permohonan/P-2026-0001/akun/2/password-baru/"
NEIGHBOURS = '<nav data-arrows><a rel="prev" href="/1/">‹</a><a rel="next" href="/3/">›</a></nav>'
ENTRY = """<form id="isian" data-form-email="a@contoh.example" method="get">
  <input name="registered_email" value="a@contoh.example">
  <details class="differs"><summary>Ada yang berbeda …</summary><textarea></textarea></details>
</form>"""


class Server:
    """Answers the page and its two questions; ``refusal`` instead of a password when it is set."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.posts: list[str] = []
        self.refusal = ""
        self.body = ""
        page.route(f"{ADDRESS}**", self._answer)

    def show(self, *, has_password: bool = True) -> None:
        """Open a page with the box as the templates make it."""
        context = {
            "case": SimpleNamespace(number="P-2026-0001"),
            "person": SimpleNamespace(position_in_list=2),
            "has_password": has_password,
            "password_gone_at": None,
            "password_mark": "dilihat",
            "explain": "Password yang lama dimusnahkan.",
            "csrf_token": "tanda",
        }
        parts = [
            render_to_string(f"executing/{name}.html", context)
            for name in ("_password", "_new_password")
        ]
        scripts = "".join(
            f"<script>{(SCRIPTS / f'{name}.js').read_text(encoding='utf-8')}</script>"
            for name in ("app", "copy", "reveal", "password_box", "entry")
        )
        self.body = (
            '<!doctype html><html><head><meta name="csrf-token" content="tanda">'
            f"{scripts}</head><body>{NEIGHBOURS}{ENTRY}{''.join(parts)}"
            '<div id="voice"></div></body></html>'
        )
        self.page.goto(ADDRESS)

    def _answer(self, route: Route) -> None:
        request = route.request
        if request.method != "POST":
            route.fulfill(status=200, content_type="text/html; charset=utf-8", body=self.body)
            return
        path = request.url.removeprefix(ADDRESS.rstrip("/"))
        assert request.headers["accept"] == "application/json"
        assert request.headers["x-csrftoken"] == "tanda"
        self.posts.append(path)
        known = {"password": "Lama1", "mark": "dilihat"}
        if path == MADE:
            assert "password_seen=dilihat" in str(request.post_data)
            known = {"password": "Baru2", "mark": "terbaru"}
        answer = {"message": self.refusal} if self.refusal else known
        route.fulfill(
            status=409 if self.refusal else 200,
            content_type="application/json",
            body=json.dumps(answer),
        )


@pytest.fixture
def server(page: Page) -> Iterator[Server]:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=ADDRESS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Server(page)
    assert errors == []


def test_a_password_is_copied_without_being_shown(page: Page, server: Server) -> None:
    server.show()
    expect(page.locator("#password")).to_have_value("")

    page.locator("#password-box .btn-copy").click()

    expect(page.locator("#password-box .copy-word")).to_have_text("tersalin")
    assert page.evaluate("navigator.clipboard.readText()") == "Lama1"
    expect(page.locator("#password")).to_have_attribute("type", "password")
    assert server.posts == [ASKED]


def test_a_password_is_asked_for_once_and_hidden_again(page: Page, server: Server) -> None:
    server.show()
    reveal = page.locator("#password-box [data-reveal]")

    reveal.click()
    expect(page.locator("#password")).to_have_attribute("type", "text")
    expect(page.locator("#password")).to_have_value("Lama1")
    reveal.click()
    expect(page.locator("#password")).to_have_attribute("type", "password")
    page.locator("#password-box .btn-copy").click()
    expect(page.locator("#password-box .copy-word")).to_have_text("tersalin")

    assert server.posts == [ASKED]


def test_a_new_password_is_shown_at_once(page: Page, server: Server) -> None:
    server.show(has_password=False)
    expect(page.locator(".password-buttons")).to_be_hidden()

    page.get_by_text("Buat password baru …").click()
    page.locator("#password-new button").click()

    expect(page.locator("#password")).to_have_value("Baru2")
    expect(page.locator("#password")).to_have_attribute("type", "text")
    expect(page.locator("#password-note")).to_have_text(
        "Password baru dibuat. Masukkan ke SPSE; yang lama sudah dimusnahkan."
    )
    assert server.posts == [MADE]
    # The next press tells the server that this one was seen.
    expect(page.locator("input[name=password_seen]")).to_have_value("terbaru")


def test_a_refusal_is_read_in_the_gates_words(page: Page, server: Server) -> None:
    server.show()
    server.refusal = "Tugas ini sedang dipegang oleh Admin Contoh Satu."

    page.locator("#password-box [data-reveal]").click()

    expect(page.locator("#password-note")).to_have_text(server.refusal)
    expect(page.locator("#password")).to_have_value("")


def test_arrows_turn_to_the_neighbours_unless_somebody_types(page: Page, server: Server) -> None:
    server.show()

    page.locator("[name=registered_email]").press("ArrowRight")
    assert page.url == ADDRESS
    page.locator("[name=registered_email]").blur()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"{ADDRESS}3/")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"{ADDRESS}1/")


def test_another_address_opens_the_question_why(page: Page, server: Server) -> None:
    server.show()
    differs = page.locator(".differs")
    expect(differs).not_to_have_attribute("open", "")

    page.locator("[name=registered_email]").fill("b@contoh.example")
    page.locator("[name=registered_email]").press("Tab")

    expect(differs).to_have_attribute("open", "")
