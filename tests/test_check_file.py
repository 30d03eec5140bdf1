"""A file is compared without leaving the reader's device: the real form, the real script."""

import hashlib
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page, Route, expect

SCRIPT = Path(__file__).resolve().parent.parent / "static" / "js" / "check_file.js"
DATA = b"%PDF-1.7 contoh"
SHA256 = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def asked(page: Page) -> list[tuple[str, str, str | None]]:
    """Every request that a page made: method, address and body."""
    form = render_to_string("verification/_file.html", {"action": "/verifikasi/", "hash_error": ""})
    script = SCRIPT.read_text(encoding="utf-8")
    body = f'<!doctype html><html lang="id"><script>{script}</script><body>{form}</body></html>'
    seen: list[tuple[str, str, str | None]] = []

    def answer(route: Route) -> None:
        request = route.request
        seen.append((request.method, request.url, request.post_data))
        route.fulfill(status=200, content_type="text/html; charset=utf-8", body=body)

    page.route("**/*", answer)
    return seen


@pytest.mark.parametrize("way", ["chosen", "dropped"])
def test_only_the_sha256_of_a_file_is_asked_for(
    page: Page, asked: list[tuple[str, str, str | None]], way: str
) -> None:
    page.goto("https://lpse.test/verifikasi/")
    if way == "chosen":
        file = {"name": "sk.pdf", "mimeType": "application/pdf", "buffer": DATA}
        page.set_input_files("#berkas", file)  # type: ignore[arg-type]  # a payload is a dict
    else:
        transfer = page.evaluate_handle(
            """text => {
                 const transfer = new DataTransfer();
                 transfer.items.add(new File([text], "sk.pdf", {type: "application/pdf"}));
                 return transfer;
               }""",
            DATA.decode(),
        )
        page.dispatch_event("[data-drop]", "drop", {"dataTransfer": transfer})
    page.wait_for_url("**sha256=*")

    address = "https://lpse.test/verifikasi/"
    assert asked == [("GET", address, None), ("GET", f"{address}?sha256={SHA256}", None)]


def test_without_https_the_page_says_what_to_do_instead(
    page: Page, asked: list[tuple[str, str, str | None]]
) -> None:
    page.goto("http://lpse.test/verifikasi/")

    expect(page.locator("[data-drop]")).to_be_hidden()
    expect(
        page.get_by_text("tidak dapat menghitung SHA-256 pada alamat tanpa HTTPS")
    ).to_be_visible()
    page.get_by_text("Isikan SHA-256 sendiri").click()
    page.get_by_label("SHA-256 berkas").fill(SHA256)
    page.get_by_role("button", name="Periksa SHA-256").click()
    page.wait_for_url(f"http://lpse.test/verifikasi/?sha256={SHA256}")
    assert len(asked) == 2
