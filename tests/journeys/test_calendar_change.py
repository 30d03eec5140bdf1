"""A day of cuti bersama is decreed for tomorrow: what Pengelola Aplikasi sees, does and leaves."""

import io
import re
import subprocess
import sys
from collections.abc import Callable

import pikepdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import ROOT, Desk, System

pytestmark = pytest.mark.browser

SIZES = ((390, 844), (1366, 768))
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
MOVES = [
    ("P-2026-0003", "Selasa, 7 Juli 2026, 16.00 WITA", "Rabu, 8 Juli 2026, 16.00 WITA"),
    ("P-2026-0002", "Rabu, 8 Juli 2026, 16.00 WITA", "Kamis, 9 Juli 2026, 16.00 WITA"),
    ("P-2026-0001", "Kamis, 9 Juli 2026, 16.00 WITA", "Jumat, 10 Juli 2026, 11.00 WITA"),
]
DAY_OFF = "Cuti bersama tambahan"
DECREE = "SKB 3 Menteri contoh Nomor 9 Tahun 2026"


def words_of(page: Page) -> str:
    """What the page's main part says."""
    return " ".join(page.get_by_role("main").inner_text().split())


def look(page: Page) -> None:
    """Nothing overflows, and axe finds nothing, on a telephone and on a laptop."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_day_of_joint_leave_tomorrow_moves_three_cases_and_each_says_why(
    system: System, desk: Callable[[str], Desk]
) -> None:
    subprocess.run(
        [sys.executable, "-m", "tests.journeys.open_cases"],
        cwd=ROOT,
        env=system.environment,
        check=True,
    )
    keeper = desk("pengelola")
    page = keeper.page

    page.get_by_role("banner").get_by_role("link", name="Kalender", exact=True).click()
    look(page)
    page.get_by_role("link", name="Juli", exact=True).click()
    look(page)
    page.get_by_role("link", name="Liburkan 7 Juli 2026", exact=True).click()
    expect(page.get_by_label("Tanggal")).to_have_value("2026-07-07")
    page.get_by_label("Nama").fill(DAY_OFF)
    look(page)
    page.reload()
    expect(page.get_by_label("Nama")).to_have_value(DAY_OFF)  # what was typed is not lost
    page.get_by_label("Cuti bersama", exact=True).check()
    page.get_by_label("Dasar hukum").fill(DECREE)
    page.get_by_label("Dipastikan").check()
    keeper.press("Lihat akibatnya")

    expect(page.get_by_role("heading", name="Perubahan ini menggeser 3 tenggat")).to_be_visible()
    look(page)
    rows = [
        [" ".join(cell.split()) for cell in row.get_by_role("cell").all_inner_texts()]
        for row in page.get_by_role("table").get_by_role("row").all()[1:]
    ]
    numbers = page.get_by_role("rowheader").all_inner_texts()
    assert [(number, row[1], row[2]) for number, row in zip(numbers, rows, strict=True)] == MOVES
    page.get_by_label("Alasan").fill("Pemerintah menetapkan cuti bersama tambahan")
    expect(page.get_by_label("Dasar hukum")).to_have_value(DECREE)
    keeper.press("Berlakukan kalender")

    expect(page.get_by_role("heading", name="Kalender versi 2")).to_be_visible()
    look(page)
    keeper.go("/kalender/hari-libur/tambah/")
    expect(page.get_by_label("Nama")).to_have_value("")  # the words are in the calendar now
    for number, former, due in MOVES:
        keeper.go("/kalender/versi/2/")
        page.get_by_role("link", name=number).click()
        basis = words_of(page)
        assert f"Tenggat {due}" in basis
        assert re.search(rf"Selasa, 7 Juli 2026 · {DAY_OFF} {DECREE} —", basis)
        keeper.go(f"/permohonan/{number}/")
        assert (
            f"Tenggat langkah 1 bergeser dari {former} menjadi {due} karena kalender kerja versi "
            f"2. Alasan: Pemerintah menetapkan cuti bersama tambahan. Dasar hukum: {DECREE}"
        ) in words_of(page)
    for number in ("P-2026-0004", "P-2026-0005"):
        keeper.go(f"/permohonan/{number}/")
        assert "bergeser" not in words_of(page)

    for path in ("2026/hari-libur/", "jam-kerja/", "versi/", "hari-libur/tempel/", "rancangan/"):
        keeper.go(f"/kalender/{path}")
        look(page)
    keeper.go("/kalender/jam-kerja/tambah/")
    look(page)


def test_the_year_is_one_sheet_of_a4_lying(desk: Callable[[str], Desk]) -> None:
    kepala = desk("kepala")
    sizes = []
    for year in (2026, 2027):
        kepala.go(f"/kalender/{year}/")
        with pikepdf.open(io.BytesIO(kepala.page.pdf(prefer_css_page_size=True))) as paper:
            sizes += [
                tuple(round(float(side) / 72 * 25.4) for side in page.mediabox[2:])
                for page in paper.pages
            ]

    assert sizes == [(297, 210), (297, 210)]
