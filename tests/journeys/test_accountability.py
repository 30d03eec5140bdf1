"""A late step 3: answered for, returned, answered again, accepted; the file gets its addition."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import accountability_cases as told
from tests.journeys.conftest import ROOT, Desk, System

pytestmark = pytest.mark.browser

SIZES = ((390, 844), (1366, 768))
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def look(page: Page) -> None:
    """Nothing overflows, and axe finds nothing, on a telephone and on a laptop."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def answer(admin: Desk, explanation: str, evidence: Path | None = None) -> None:
    """Admin PPE answers for everything that waits."""
    admin.go("/")
    admin.page.get_by_role("link", name="Jawab penyimpangan", exact=True).click()
    look(admin.page)
    for box in admin.page.get_by_role("checkbox").all():
        box.check()
    admin.press("Jawab yang dipilih")
    admin.page.get_by_label("Sebab", exact=False).first.select_option("Gangguan aplikasi SPSE")
    admin.page.get_by_label("Uraian sebab").fill(explanation)
    admin.page.get_by_label("Yang sudah dilakukan").fill("Akun dibuat begitu SPSE pulih.")
    admin.page.get_by_label("Pencegahan").fill("Gangguan dilaporkan lebih awal.")
    if evidence is not None:
        admin.page.get_by_label("Bukti 1").set_input_files(evidence)
    look(admin.page)
    admin.press("Kirim jawaban")


def judge(head: Desk, verdict: str, ground: str = "") -> None:
    """Kepala LPSE judges the answer that waits."""
    head.go("/")
    head.page.get_by_role("link", name="Nilai jawaban", exact=True).click()
    look(head.page)
    head.page.get_by_role("link", name=re.compile("^Nilai")).last.click()
    head.page.get_by_label(verdict, exact=True).check()
    head.page.get_by_label("Alasan atau dasar").fill(ground)
    look(head.page)
    head.press("Simpan penilaian")


def test_a_late_step_is_answered_for_until_the_file_bears_its_addition(
    system: System, desk: Callable[[str], Desk], tmp_path: Path
) -> None:
    subprocess.run(
        [sys.executable, "-m", "tests.journeys.late_case"],
        cwd=ROOT,
        env=system.environment,
        check=True,
    )
    proof = tmp_path / "pengumuman.png"
    proof.write_bytes(told.picture().data)
    [file] = system.papers("archive_file")
    admin, head = desk("admin1"), desk("kepala")
    before = admin.fetch(file)

    answer(admin, "SPSE tidak dapat dibuka.")
    expect(admin.page.get_by_text("Jawaban PJ-2026-0001 tersimpan")).to_be_visible()
    judge(head, "Dikembalikan", "Lampirkan pengumuman gangguannya.")
    expect(head.page.get_by_text("PJ-2026-0001 dinilai “Dikembalikan”")).to_be_visible()
    answer(admin, "SPSE terganggu nasional; pengumumannya terlampir.", proof)
    look(admin.page)
    judge(head, "Diterima")
    look(head.page)
    head.wait_for_papers("answer_sheet", 1)

    head.go("/arsip/")
    look(head.page)
    link = "Lembar Pertanggungjawaban Penyimpangan PJ-2026-0002"
    expect(head.page.get_by_text(f"Tambahan ke-2: {link}")).to_be_visible()
    [sheet] = system.papers("answer_sheet")
    assert head.fetch(sheet).startswith(b"%PDF")
    assert head.fetch(file) == before
    head.go("/permohonan/P-2026-0001/")
    look(head.page)
    expect(
        head.page.get_by_text("Terdapat penyimpangan (1 dipertanggungjawabkan dan diterima)").first
    ).to_be_visible()
    head.go("/penyimpangan/?keadaan=accepted")
    look(head.page)
