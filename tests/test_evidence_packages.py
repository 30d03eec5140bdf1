"""Paket bukti: several cases in answer to one letter, made by the worker, checked by anybody."""

import datetime as dt
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import clock, credentials, evidence_making, evidence_packages, verifying
from accounts_requests.evidence_packages import Letter
from accounts_requests.exceptions import InvalidInput, NotAllowedNow, NotPermitted
from accounts_requests.models import (
    AccountRequest,
    AuditEntry,
    DocumentContent,
    EvidenceHandOver,
    EvidenceItem,
    EvidencePackage,
    EvidencePart,
)
from accounts_requests.states import Act
from accounts_requests.worker import Worker

from . import cases, evidence_cases
from .cases import MONDAY, OfficePeople
from .query_counts import queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

AT = MONDAY + dt.timedelta(days=1)


@pytest.fixture
def two(office_people: OfficePeople) -> list[AccountRequest]:
    """Two cases, the first with accounts and mail."""
    with clock.moved_to(MONDAY):
        first = cases.claimed(office_people, people=1)
        for account in cases.accounts(first):
            cases.record_created(account, office_people.admin1)
        second = cases.issued(office_people, number="000.3/2/B.PBJ-II/2026")
    return [first, second]


@pytest.fixture(autouse=True)
def tuesday(two: list[AccountRequest]) -> Iterator[None]:
    with clock.moved_to(AT):
        yield


def unpacked(package: EvidencePackage, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(evidence_cases.bytes_of(package))) as found:
        found.extractall(folder)
    return folder


def check(folder: Path) -> tuple[int, list[str]]:
    """What ``verify.py`` says, run alone: no package of ours or of others can be imported."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py")],
        capture_output=True,
        check=False,
        cwd="/",
    )
    assert done.stderr == b""
    return done.returncode, done.stdout.decode().splitlines()


def test_one_letter_is_answered_with_one_zip_that_checks_all_that_is_in_it(
    two: list[AccountRequest], office_people: OfficePeople, tmp_path: Path
) -> None:
    package = evidence_cases.made(*two, actor=office_people.inspector)

    data = evidence_cases.bytes_of(package)
    folder = unpacked(package, tmp_path)
    manifest = json.loads((folder / "MANIFEST.json").read_text())
    code, lines = check(folder)

    assert sorted(path.name for path in folder.iterdir()) == [
        "BACA-SAYA.html",
        "MANIFEST.json",
        "berkas-bukti-P-2026-0001.zip",
        "berkas-bukti-P-2026-0002.zip",
        "daftar-serah-terima.pdf",
        "verify.py",
    ]
    made = package.hand_over
    assert (made.sha256, made.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert [(row["case"], row["sha256"]) for row in made.content] == [
        (row["case"], row["sha256"]) for row in manifest["files"] if "case" in row
    ]
    assert manifest["letter"] == {
        "number": "700/12/Itda",
        "date": "2026-07-06",
        "subject": "Permintaan data pemeriksaan",
        "requester": "Inspektur Pembantu Wilayah I",
    }
    assert (code, lines[0], lines[1], lines[-1]) == (
        0,
        f"Paket bukti untuk surat 700/12/Itda, dibuat {AT.isoformat(timespec='seconds')}",
        "- 3 berkas diperiksa",
        "UTUH: semua yang ada di dalam paket bukti ini sama dengan saat dicatat.",
    )
    assert [line.partition(":")[0] for line in lines[2:4]] == [
        "- berkas-bukti-P-2026-0001.zip",
        "- berkas-bukti-P-2026-0002.zip",
    ]
    assert verifying.verify().breaks == []


def test_what_is_bent_in_a_bundle_inside_is_found_even_with_a_new_manifest(
    two: list[AccountRequest], office_people: OfficePeople, tmp_path: Path
) -> None:
    folder = unpacked(evidence_cases.made(*two, actor=office_people.inspector), tmp_path)
    place = folder / "berkas-bukti-P-2026-0002.zip"
    with zipfile.ZipFile(place) as bundle:
        pieces = {name: bundle.read(name) for name in bundle.namelist()}
    pieces["dasar/sop.json"] += b" "
    with zipfile.ZipFile(place, "w") as bundle:
        for name, piece in pieces.items():
            bundle.writestr(name, piece)
    first = check(folder)
    manifest = json.loads((folder / "MANIFEST.json").read_text())
    for row in manifest["files"]:
        row["sha256"] = hashlib.sha256((folder / row["path"]).read_bytes()).hexdigest()
    (folder / "MANIFEST.json").write_text(json.dumps(manifest))

    assert first[1][-3:] == [
        "TIDAK UTUH: 2 masalah",
        "- Berkas berkas-bukti-P-2026-0002.zip tidak sama dengan MANIFEST.json.",
        ("- berkas-bukti-P-2026-0002.zip: Berkas dasar/sop.json tidak sama dengan MANIFEST.json."),
    ]
    assert check(folder)[1][-2:] == [
        "TIDAK UTUH: 1 masalah",
        ("- berkas-bukti-P-2026-0002.zip: Berkas dasar/sop.json tidak sama dengan MANIFEST.json."),
    ]


def test_the_covering_list_names_files_and_letter_and_nobody_of_a_case(
    two: list[AccountRequest], office_people: OfficePeople, tmp_path: Path
) -> None:
    package = evidence_cases.made(*two, actor=office_people.inspector)
    folder = unpacked(package, tmp_path)
    read = subprocess.run(
        ["pdftotext", "-layout", str(folder / "daftar-serah-terima.pdf"), "-"],
        capture_output=True,
        check=True,
    )
    words = " ".join(read.stdout.decode().split())

    for said in (
        "DAFTAR SERAH TERIMA PAKET BUKTI",
        "700/12/Itda tanggal 6 Juli 2026",
        "Inspektur Pembantu Wilayah I",
        "Selasa, 7 Juli 2026",
        office_people.inspector.titled_name,
        "Yang menyerahkan",
        "000.3/2/B.PBJ-II/2026",
    ):
        assert said in words
    for row in package.hand_over.content:
        assert row["sha256"][:24] in words
    assert "Contoh Personel" not in words


def test_no_password_is_inside(
    two: list[AccountRequest], office_people: OfficePeople, tmp_path: Path
) -> None:
    (account,) = cases.accounts(two[0])
    password = credentials.reveal(account).encode()
    folder = unpacked(evidence_cases.made(*two, actor=office_people.kepala), tmp_path)
    found: dict[tuple[str, str], bytes] = {}
    for place in folder.glob("*.zip"):
        with zipfile.ZipFile(place) as bundle:
            found |= {(place.name, name): bundle.read(name) for name in bundle.namelist()}

    assert len(password) >= 12
    assert [name for name, data in found.items() if password in data] == []


def test_what_was_asked_made_and_taken_is_on_record_with_hashes(
    client: Client, two: list[AccountRequest], office_people: OfficePeople
) -> None:
    package = evidence_cases.made(*two, actor=office_people.inspector)
    client.force_login(office_people.biro)
    answer = client.post(reverse("report_package_download", args=[package.public_id]))
    data = answer.getvalue()

    sha256 = hashlib.sha256(data).hexdigest()
    asked, *bundled, made, taken = AuditEntry.objects.filter(
        act__in=[Act.ASK_EVIDENCE, Act.EXPORT, Act.HAND_OVER_EVIDENCE]
    ).order_by("sequence")
    assert (asked.actor, asked.changes["cases"]) == (
        office_people.inspector,
        ["P-2026-0001", "P-2026-0002"],
    )
    assert "Wilayah" not in str(asked.changes)
    assert [(entry.request, entry.changes["sha256"]) for entry in bundled] == [
        (case, row["sha256"]) for case, row in zip(two, package.hand_over.content, strict=True)
    ]
    assert (made.act, made.changes) == (Act.HAND_OVER_EVIDENCE, {"sha256": sha256, "files": 2})
    assert (taken.actor, taken.object_label, taken.changes) == (
        office_people.biro,
        f"paket-bukti-{package.pk:04}.zip",
        {"sha256": sha256},
    )
    assert (answer["Content-Length"], answer["Content-Type"]) == (
        str(len(data)),
        "application/zip",
    )


def test_a_case_at_a_time_so_that_mail_need_not_wait(
    two: list[AccountRequest], office_people: OfficePeople, client: Client
) -> None:
    package = evidence_cases.asked(*two, actor=office_people.inspector)
    client.force_login(office_people.inspector)
    page = reverse("report_package", args=[package.public_id])
    progress = reverse("report_package_progress", args=[package.public_id])
    worker = Worker(claim_message=lambda *_: None, claim_paper=lambda _: None)
    told = []
    for _ in range(3):
        shown = " ".join(client.get(page).content.decode().split())
        told.append(shown.partition("<strong>")[2].partition("</strong>")[0])
        assert progress in shown
        assert worker.work_once()
    finished = client.get(page).content.decode()

    assert told == ["0 dari 2", "1 dari 2", "2 dari 2"]
    assert not worker.work_once()
    assert progress not in finished
    assert "Unduh paket" in finished
    # What the package was put together from is not kept beside it.
    assert set(EvidencePart.objects.values_list("item__request", flat=True)) == {None}


def test_a_file_that_cannot_be_made_holds_the_package_back_until_somebody_presses(
    two: list[AccountRequest],
    office_people: OfficePeople,
    client: Client,
    without_guard_rails: None,
) -> None:
    content = DocumentContent.objects.filter(document__request=two[1]).order_by("pk")[0]
    whole = bytes(content.data)
    DocumentContent.objects.filter(pk=content.pk).update(data=b"%PDF-lain")
    package = evidence_cases.asked(*two, actor=office_people.inspector)
    evidence_cases.work()
    for wait in evidence_making.BACK_OFF_SECONDS:
        clock.advance(dt.timedelta(seconds=wait))
        assert evidence_cases.work() == [False]
    clock.advance(dt.timedelta(days=1))
    assert evidence_cases.work() == []
    client.force_login(office_people.inspector)
    shown = client.get(reverse("report_package", args=[package.public_id])).content.decode()
    assert "1 berkas gagal disiapkan" in shown
    assert "SHA-256 berbeda" in shown
    with pytest.raises(NotAllowedNow, match="masih disiapkan"):
        evidence_packages.chunks(package)

    DocumentContent.objects.filter(pk=content.pk).update(data=whole)
    client.post(reverse("report_package_retry", args=[package.public_id]))

    assert evidence_cases.work() == [True, True]
    assert EvidenceHandOver.objects.get().package == package


def test_what_a_dead_worker_held_is_taken_back_and_two_never_hold_the_same(
    two: list[AccountRequest], office_people: OfficePeople
) -> None:
    evidence_cases.asked(*two, actor=office_people.inspector)
    held = [evidence_making.claim_next(clock.now()) for _ in range(3)]
    assert [item and item.position for item in held] == [1, 2, None]

    clock.advance(evidence_making.STALE_AFTER)
    assert evidence_making.release_stale(clock.now()) == 2
    assert held[0] is not None
    assert evidence_making.make_claimed(held[0], clock.now())  # too late: the claim is lost
    assert EvidenceItem.objects.filter(state=EvidenceItem.State.STORED).count() == 0
    assert AuditEntry.objects.filter(act=Act.EXPORT).count() == 0


def test_what_a_restore_left_out_is_made_again(
    two: list[AccountRequest], office_people: OfficePeople
) -> None:
    package = evidence_cases.asked(*two, actor=office_people.inspector)
    for _ in two:
        item = evidence_making.claim_next(clock.now())
        assert item is not None
        evidence_making.make_claimed(item, clock.now())
    EvidencePart.objects.filter(item__request=two[0]).delete()

    evidence_cases.work()

    with zipfile.ZipFile(io.BytesIO(evidence_cases.bytes_of(package))) as found:
        sizes = {entry.filename: entry.file_size for entry in found.infolist()}
    assert [sizes[row["file"]] for row in EvidenceHandOver.objects.get().content] == [
        row["size"] for row in EvidenceHandOver.objects.get().content
    ]


def test_the_bytes_go_after_a_month_and_the_record_stays(
    client: Client, two: list[AccountRequest], office_people: OfficePeople
) -> None:
    package = evidence_cases.made(*two, actor=office_people.inspector)
    clock.advance(evidence_packages.KEPT_FOR)
    assert evidence_making.forget_old(clock.now()) == 0
    clock.advance(dt.timedelta(seconds=1))
    assert evidence_making.forget_old(clock.now()) > 0
    client.force_login(office_people.inspector)

    answer = client.post(reverse("report_package_download", args=[package.public_id]))
    listed = client.get(reverse("report_packages")).content.decode()

    assert answer.status_code == 409
    assert "Isi paket bukti dihapus 30 hari setelah disusun" in answer.content.decode()
    assert package.hand_over.sha256 in listed
    assert AuditEntry.objects.filter(act=Act.EXPORT, request=None).count() == 0


def test_bundles_of_a_package_that_was_never_finished_go_too_and_are_made_anew_when_asked(
    two: list[AccountRequest], office_people: OfficePeople
) -> None:
    package = evidence_cases.asked(*two, actor=office_people.inspector)
    first = evidence_making.claim_next(clock.now())
    assert first is not None
    evidence_making.make_claimed(first, clock.now())
    package.items.filter(request=two[1]).update(state=EvidenceItem.State.FAILED)

    clock.advance(evidence_packages.KEPT_FOR + dt.timedelta(seconds=1))
    assert evidence_making.forget_old(clock.now()) > 0
    assert EvidencePart.objects.count() == 0

    assert evidence_packages.retry(package, actor=office_people.inspector) == 1
    evidence_cases.work()
    with zipfile.ZipFile(io.BytesIO(evidence_cases.bytes_of(package))) as found:
        assert found.testzip() is None


def test_cases_are_searched_chosen_and_asked_for_on_one_page(
    client: Client, two: list[AccountRequest], office_people: OfficePeople
) -> None:
    client.force_login(office_people.inspector)
    page = reverse("report_package_new")
    nothing = client.get(page).content.decode()
    both = client.get(page, {"dari": "2026-07-06", "sampai": "2026-07-06"}).content.decode()
    issued = client.get(page, {"keadaan": "decree_issued"}).content.decode()
    none = client.get(page, {"sampai": "2026-07-05"}).content.decode()
    typed = {
        "number": "700/12/Itda",
        "date": "2026-07-08",
        "subject": "Permintaan  data",
        "requester": "Inspektorat",
    }
    refused = client.post(f"{page}?tahun=2026", {**typed, "pilih": [two[1].number]})
    kept = refused.content.decode()
    answer = client.post(
        f"{page}?tahun=2026", {**typed, "date": "2026-07-07", "pilih": [two[1].number]}
    )

    shown = [html.count('name="pilih"') for html in (nothing, both, issued, none)]
    assert shown == [0, 2, 1, 0]
    assert "Tidak ada permohonan yang cocok" in none
    assert "Tanggal surat belum tiba" in kept
    assert (f'value="{two[0].number}">' in kept, f'value="{two[1].number}" checked>' in kept) == (
        True,
        True,
    )
    package = EvidencePackage.objects.get()
    assert answer["Location"] == reverse("report_package", args=[package.public_id])
    assert (package.letter_number, package.subject, package.asked_as) == (
        "700/12/Itda",
        "Permintaan data",
        "Inspektorat",
    )
    chosen = package.items.filter(request__isnull=False).values_list("request", flat=True)
    assert list(chosen) == [two[1].pk]


def test_a_package_needs_a_letter_and_cases_and_has_an_end(
    two: list[AccountRequest], office_people: OfficePeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = Letter(number=" ", date=AT.date(), subject="", requester="")
    with pytest.raises(InvalidInput) as refusal:
        evidence_packages.ask(empty, [], actor=office_people.inspector)
    assert refusal.value.errors == {
        "number": ["Tuliskan nomor surat."],
        "subject": ["Tuliskan perihal surat."],
        "requester": ["Tuliskan siapa yang meminta."],
        "cases": ["Pilih sekurang-kurangnya satu permohonan."],
    }
    monkeypatch.setattr(evidence_packages, "MOST_CASES", 1)
    with pytest.raises(InvalidInput, match="paling banyak 1 permohonan; yang dipilih 2"):
        evidence_cases.asked(*two, actor=office_people.inspector)
    with pytest.raises(NotPermitted, match="Kepala LPSE, Kepala Biro, dan Inspektorat"):
        evidence_cases.asked(*two, actor=office_people.admin1)


@pytest.mark.parametrize("who", ["admin1", "drafter", "keeper", "nobody"])
def test_others_neither_ask_nor_read_nor_take(
    client: Client, two: list[AccountRequest], office_people: OfficePeople, who: str
) -> None:
    package = evidence_cases.made(two[1], actor=office_people.inspector)
    client.force_login(getattr(office_people, who))
    one = [package.public_id]

    codes = [
        client.get(reverse("report_packages")).status_code,
        client.get(reverse("report_package_new")).status_code,
        client.post(reverse("report_package_new"), {"pilih": two[1].number}).status_code,
        client.get(reverse("report_package", args=one)).status_code,
        client.get(reverse("report_package_progress", args=one)).status_code,
        client.post(reverse("report_package_download", args=one)).status_code,
        client.post(reverse("report_package_retry", args=one)).status_code,
    ]

    assert codes == [403] * 7


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_no_more_when_there_is_more(
    count: int, client: Client, two: list[AccountRequest], office_people: OfficePeople
) -> None:
    for _ in range(count):
        evidence_cases.asked(*two, actor=office_people.inspector)
    client.force_login(office_people.kepala)
    with queries() as counted:
        shown = client.get(reverse("report_packages")).content.decode()

    assert shown.count("Sedang disiapkan") == count
    assert len(counted) == 9, counted
