"""What the scripts of the pages do, in a real browser and without a server."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import django_htmx
import pytest
from playwright.sync_api import Page, Route, expect

SCRIPTS = Path(__file__).resolve().parent.parent / "static" / "js"
HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
ADDRESS = "http://halaman.test/"
HEAD = '<meta name="csrf-token" content="tanda"><meta name="person" content="7">'
VOICE = '<div id="voice" role="status" aria-live="polite"></div>'
COUNTDOWN = """
<div class="time time-left" data-countdown data-state="left" data-name="Langkah 3"
     data-server-now="2026-03-12T01:30:00Z" data-remaining-seconds="1400"
     data-limit-seconds="3600" {more}>
  <span class="shape shape-left"></span><span class="time-word">sisa 23 menit</span>
  <progress max="3600" value="0"></progress>
  <span class="time-note time-paused-note" hidden></span>
</div>"""

Show = Callable[..., None]


@pytest.fixture
def posts() -> list[tuple[str, str | None]]:
    """Every POST that a page made: path and CSRF header."""
    return []


@pytest.fixture
def show(page: Page, posts: list[tuple[str, str | None]]) -> Show:
    """Open a page with this body and the scripts as they are served."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            posts.append((route.request.url, route.request.headers.get("x-csrftoken")))
        route.fulfill(status=200, content_type="text/html; charset=utf-8", body=show_page.body)

    class show_page:  # noqa: N801  a holder for the page that is served now
        body = ""

    page.route(f"{ADDRESS}**", answer)

    def open_page(body: str, *names: str) -> None:
        scripts = "".join(
            f"<script>{(SCRIPTS / f'{name}.js').read_text(encoding='utf-8')}</script>"
            for name in ("app", *names)
        )
        show_page.body = (
            f"<!doctype html><html><head>{HEAD}{scripts}</head><body>{body}{VOICE}</body></html>"
        )
        page.goto(ADDRESS)
        assert errors == []

    return open_page


def test_time_left_counts_down_turns_amber_and_then_late(page: Page, show: Show) -> None:
    page.clock.install()
    show(COUNTDOWN.format(more='data-open-until="2026-03-12T08:00:00Z"'), "countdown")
    word, cell = page.locator(".time-word"), page.locator("[data-countdown]")
    expect(word).to_have_text("sisa 23 menit")

    page.clock.run_for(12 * 60_000)
    expect(word).to_have_text("segera: sisa 11 menit")
    expect(cell).to_have_class("time time-soon")

    page.clock.run_for(17 * 60_000)
    expect(word).to_have_text("terlambat 5 menit")
    expect(cell).to_have_class("time time-late")
    expect(page.locator(".shape")).to_have_class("shape shape-late")
    expect(page.locator("#voice")).to_have_text("Langkah 3: terlambat kurang dari 1 menit")


def test_time_left_stands_still_while_the_office_is_closed(page: Page, show: Show) -> None:
    page.clock.install()
    show(
        COUNTDOWN.format(
            more='data-open-until="2026-03-12T01:31:00Z" data-resumes-at="2026-03-12T02:30:00Z"'
            ' data-resumes-label="Senin, 08.00 WITA"'
        ),
        "countdown",
    )

    page.clock.run_for(30 * 60_000)
    expect(page.locator(".time-word")).to_have_text("sisa 22 menit")
    expect(page.locator(".time-paused-note")).to_have_text("dilanjutkan Senin, 08.00 WITA")

    page.clock.run_for(40 * 60_000)
    expect(page.locator(".time-word")).to_have_text("sisa 12 menit")
    expect(page.locator(".time-paused-note")).to_be_hidden()


def test_copying_works_without_a_clipboard_and_says_so(page: Page, show: Show) -> None:
    show(
        '<button data-copy-text="1972" data-copy-name="NIP">'
        '<span class="copy-word">salin</span></button><textarea></textarea>',
        "copy",
    )

    page.get_by_role("button").click()

    expect(page.get_by_role("button")).to_have_text("tersalin")
    expect(page.locator("#voice")).to_have_text("NIP tersalin")
    page.locator("textarea").focus()
    page.keyboard.press("Control+V")
    expect(page.locator("textarea")).to_have_value("1972")


def test_where_copying_is_impossible_the_text_is_selected(page: Page, show: Show) -> None:
    show(
        '<span id="nip">1972</span>'
        '<button data-copy-from="#nip" data-copy-name="NIP">salin</button>',
        "copy",
    )
    page.evaluate("document.execCommand = () => false")

    page.get_by_role("button").click()

    expect(page.get_by_role("button")).to_have_text("tekan Ctrl+C")
    assert page.evaluate("getSelection().toString()") == "1972"


FORM = """
<form method="post" data-keep="baru"><input name="subject" aria-label="Tentang" value="">
<input name="secret" type="password" aria-label="Sandi"></form>"""


def test_what_was_typed_survives_a_reload_but_a_password_does_not(page: Page, show: Show) -> None:
    show(FORM, "keep_typed")
    page.get_by_label("Tentang").fill("Akun Verifikator")
    page.get_by_label("Sandi").fill("rahasia")

    page.reload()

    expect(page.get_by_label("Tentang")).to_have_value("Akun Verifikator")
    expect(page.get_by_label("Sandi")).to_have_value("")
    assert "rahasia" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_restored_words_can_be_thrown_away(page: Page, show: Show) -> None:
    show(FORM, "keep_typed")
    page.get_by_label("Tentang").fill("Akun Verifikator")
    page.reload()

    page.get_by_role("button", name="Buang isian ini").click()

    expect(page.get_by_label("Tentang")).to_have_value("")
    assert page.evaluate("sessionStorage.length") == 0


def test_what_the_server_accepted_is_forgotten(page: Page, show: Show) -> None:
    show(FORM, "keep_typed")
    page.get_by_label("Tentang").fill("Akun Verifikator")

    show('<div data-keep-clear="baru"></div>', "keep_typed")

    assert page.evaluate("sessionStorage.length") == 0


def test_what_the_server_shows_with_an_error_wins_over_what_was_kept(
    page: Page, show: Show
) -> None:
    show(FORM, "keep_typed")
    page.get_by_label("Tentang").fill("lama")

    show(FORM.replace('value=""', 'class="is-invalid" value="baru"'), "keep_typed")

    expect(page.get_by_label("Tentang")).to_have_value("baru")


def test_being_shown_is_reported_once_with_the_csrf_token(
    page: Page, show: Show, posts: list[tuple[str, str | None]]
) -> None:
    with page.expect_response("**/dilihat/"):
        show('<p data-seen-url="/dilihat/">Perintah</p>', "seen")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(100)

    assert posts == [(f"{ADDRESS}dilihat/", "tanda")]


def test_a_password_is_shown_on_demand_and_hidden_again(page: Page, show: Show) -> None:
    show(
        '<input id="p" type="password"><button data-reveal="#p" aria-pressed="false">'
        '<span class="reveal-word">tampilkan</span></button>',
        "reveal",
    )
    button = page.get_by_role("button")

    button.click()
    expect(page.locator("#p")).to_have_attribute("type", "text")
    expect(button).to_have_text("sembunyikan")

    button.click()
    expect(page.locator("#p")).to_have_attribute("type", "password")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_a_file_that_is_too_large_is_refused_with_a_sentence(page: Page, show: Show) -> None:
    show(
        '<input id="scan" type="file" data-max-bytes="10" data-max-label="10 bita">',
        "upload_guard",
    )
    field = page.locator("#scan")

    field.set_input_files({"name": "sk.pdf", "mimeType": "application/pdf", "buffer": b"x" * 11})
    expect(page.get_by_role("alert")).to_have_text(
        "Berkas “sk.pdf” lebih besar dari 10 bita dan tidak diunggah. Isian lain tetap ada. "
        "Silakan perkecil hasil pindai, lalu pilih kembali."
    )
    expect(field).to_have_value("")

    field.set_input_files({"name": "sk.pdf", "mimeType": "application/pdf", "buffer": b"x" * 10})
    expect(page.get_by_role("alert")).to_have_text("")


def test_a_second_press_sends_nothing_more(
    page: Page, show: Show, posts: list[tuple[str, str | None]]
) -> None:
    show('<form method="post" action="/kirim/"><button>Kirim</button></form>')

    with page.expect_navigation():
        page.evaluate("const b = document.querySelector('button'); b.click(); b.click();")

    assert [address for address, _ in posts] == [f"{ADDRESS}kirim/"]


def test_the_reader_is_led_to_the_list_of_errors(page: Page, show: Show) -> None:
    show('<div class="error-summary" role="alert" tabindex="-1">Belum dapat disimpan</div>')

    expect(page.locator(".error-summary")).to_be_focused()


def stop_the_clock(page: Page) -> None:
    """From here on the page's time goes only where a test lets it go, and nothing is under way.

    Stopping leaps to that hour, and what was due until then is done first: a page that asks every
    second may ask once more. Its answer is waited for, or a test would take it for its own.
    """
    page.evaluate(
        "window.answered = 0;"
        "document.addEventListener('htmx:afterRequest', () => { window.answered += 1; });"
    )
    page.clock.pause_at(dt.datetime(2100, 1, 1, tzinfo=dt.UTC))
    expect(page.locator(".htmx-request")).to_have_count(0)


def asks_by_itself(page: Page) -> str | None:
    """Let the page ask and be answered, and tell how it marked that.

    It does not ask again while it waits for an answer: whoever lets it ask twice must wait, too.
    """
    answered = page.evaluate("window.answered")
    with page.expect_request("**/berkala") as asked:
        page.clock.run_for(1000)
    expect(page.locator(".htmx-request")).to_have_count(0)
    assert page.evaluate("window.answered") == answered + 1
    marked: str | None = asked.value.headers.get("x-background")
    return marked


def test_what_a_page_asks_by_itself_is_marked_and_what_a_person_does_is_not(
    page: Page, show: Show
) -> None:
    page.clock.install()
    asked: dict[str, str | None] = {}
    page.on(
        "request",
        lambda request: asked.update(
            {request.url.removeprefix(ADDRESS): request.headers.get("x-background")}
        ),
    )
    show(
        f"<script>{HTMX.read_text(encoding='utf-8')}</script>"
        '<div hx-get="/berkala" hx-trigger="every 1s" hx-swap="none"></div>'
        '<div hx-get="/dimuat" hx-trigger="load" hx-swap="none"></div>'
        '<button type="button" hx-get="/ditekan" hx-swap="none">Tekan</button>'
        '<div data-seen-url="/terlihat">Tampak</div>',
        "seen",
    )
    stop_the_clock(page)

    assert asks_by_itself(page) == "1"
    with page.expect_request("**/ditekan"):
        page.get_by_role("button", name="Tekan").click()
    assert asked == {"": None, "berkala": "1", "dimuat": "1", "terlihat": "1", "ditekan": None}


def test_who_types_while_a_page_asks_by_itself_is_not_taken_for_away(
    page: Page, show: Show
) -> None:
    page.clock.install()
    show(
        f"<script>{HTMX.read_text(encoding='utf-8')}</script>"
        '<div hx-get="/berkala" hx-trigger="every 1s" hx-swap="none"></div>'
        "<label>Alasan <textarea></textarea></label>"
    )
    stop_the_clock(page)
    marks = [asks_by_itself(page)]
    page.get_by_label("Alasan").press("a")
    marks += [asks_by_itself(page), asks_by_itself(page)]

    assert marks == ["1", None, "1"]


def test_a_server_that_does_not_answer_is_told_of_until_it_does(page: Page, show: Show) -> None:
    page.clock.install()
    show(
        f"<script>{HTMX.read_text(encoding='utf-8')}</script>"
        '<main><div hx-get="/berkala" hx-trigger="every 1s" hx-swap="none"></div></main>'
    )
    stop_the_clock(page)
    answers = [503, 503, 200]
    page.route("**/berkala", lambda route: route.fulfill(status=answers.pop(0), body=""))
    note = page.locator("#stalled")
    for _ in range(2):
        asks_by_itself(page)
        expect(note).to_have_text(
            "Bagian halaman ini belum dapat diperbarui karena server belum menjawab. Halaman "
            "mencoba lagi dengan sendirinya; yang Anda ketik tetap ada."
        )
        expect(note).to_have_count(1)
    asks_by_itself(page)
    expect(note).to_be_hidden()
    assert answers == []
