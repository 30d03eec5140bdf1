"""Berkas bukti: everything of a case in one ZIP, which finds by itself what was changed in it."""

import csv
import datetime as dt
import hashlib
import io
import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts_requests import bundles, clock, credentials, verifying, workflow
from accounts_requests.bundles import contents
from accounts_requests.models import AccountRequest, AuditEntry, Document, DocumentContent
from accounts_requests.states import Act

from . import cases, trail_cases
from .cases import MONDAY, OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

AT = MONDAY + dt.timedelta(days=2)


@pytest.fixture
def told(office_people: OfficePeople) -> AccountRequest:
    """A case with a record of every kind."""
    with clock.moved_to(MONDAY):
        return trail_cases.told_story(office_people)


def bundle_of(request: AccountRequest, staff: OfficePeople) -> bytes:
    file = io.BytesIO()
    made = bundles.write(request, file, at=AT, by=staff.inspector, letter="700/1/Itda")
    data = file.getvalue()
    assert (made.sha256, made.size) == (hashlib.sha256(data).hexdigest(), len(data))
    return data


def unpacked(data: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        package.extractall(folder)
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


def problems(folder: Path) -> list[str]:
    code, lines = check(folder)
    assert code == 1
    start = next(i for i, line in enumerate(lines) if line.startswith("TIDAK UTUH"))
    return [line.removeprefix("- ") for line in lines[start + 1 :]]


def rewrite(folder: Path, path: str, change: Callable[[str], str]) -> None:
    """Change a text file and put its new SHA-256 into the manifest, as a forger would."""
    place = folder / path
    place.write_text(change(place.read_text(encoding="utf-8")), encoding="utf-8")
    manifest = json.loads((folder / "MANIFEST.json").read_text())
    for row in manifest["files"]:
        if row["path"] == path:
            row["sha256"] = hashlib.sha256(place.read_bytes()).hexdigest()
    (folder / "MANIFEST.json").write_text(json.dumps(manifest))


def test_a_whole_bundle_checks_itself(
    told: AccountRequest, office_people: OfficePeople, tmp_path: Path
) -> None:
    folder = unpacked(bundle_of(told, office_people), tmp_path)
    code, lines = check(folder)
    entries = AuditEntry.objects.filter(request=told).count()
    papers = Document.objects.filter(request=told).count()
    manifest = json.loads((folder / "MANIFEST.json").read_text())
    records = len((folder / "catatan/catatan.jsonl").read_text().splitlines())
    assert (code, lines) == (
        0,
        [
            "Permohonan P-2026-0001, dibuat 2026-07-08T02:00:00+00:00",
            f"- {len(manifest['files'])} berkas diperiksa",
            f"- {entries} entri jejak audit diperiksa",
            f"- {records} catatan diperiksa",
            f"- {papers} dokumen diperiksa",
            "- 1 tambatan diperiksa",
            f"Kepala rantai: entri {manifest['chain_count']}",
            f"  {manifest['chain_head']}",
            "Bandingkan dengan tambatan harian yang diterima Kepala Biro melalui e-mail.",
            "UTUH: semua yang ada di dalam berkas bukti ini sama dengan saat dicatat.",
        ],
    )
    assert records > 40
    assert (manifest["made_by"], manifest["letter"]) == (
        office_people.inspector.titled_name,
        "700/1/Itda",
    )


def test_one_flipped_byte_in_any_file_is_found(
    told: AccountRequest, office_people: OfficePeople, tmp_path: Path
) -> None:
    folder = unpacked(bundle_of(told, office_people), tmp_path)
    manifest = json.loads((folder / "MANIFEST.json").read_text())
    for row in manifest["files"]:
        place = folder / row["path"]
        whole = place.read_bytes()
        middle = len(whole) // 2
        place.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
        code, lines = check(folder)
        said = [line for line in lines if row["path"] in line or "tidak dapat dibaca" in line]
        assert (code, len(said)) == (1, 1), row["path"]
        place.write_bytes(whole)
    assert check(folder)[0] == 0


def test_what_is_missing_and_what_was_put_beside_is_found(
    told: AccountRequest, office_people: OfficePeople, tmp_path: Path
) -> None:
    folder = unpacked(bundle_of(told, office_people), tmp_path)
    (folder / "dasar/sop.json").unlink()
    (folder / "dokumen/000-tambahan.pdf").write_bytes(b"%PDF")
    assert problems(folder) == [
        "Berkas dasar/sop.json tidak ada.",
        "Berkas dokumen/000-tambahan.pdf tidak disebut di MANIFEST.json.",
    ]


def test_who_changes_an_entry_and_the_manifest_is_found_by_its_hash(
    told: AccountRequest, office_people: OfficePeople, tmp_path: Path
) -> None:
    folder = unpacked(bundle_of(told, office_people), tmp_path)
    rewrite(
        folder,
        "catatan/jejak-audit.jsonl",
        lambda text: text.replace('"Kepala Contoh"', '"Orang Lain"', 1),
    )
    (said,) = problems(folder)
    assert said.endswith("tidak sama dengan hash-nya.")


def test_who_changes_a_record_and_the_manifest_is_found_by_its_seal(
    told: AccountRequest, office_people: OfficePeople, tmp_path: Path
) -> None:
    folder = unpacked(bundle_of(told, office_people), tmp_path)
    rewrite(
        folder,
        "catatan/catatan.jsonl",
        lambda text: text.replace('"aspect":"perlengkapan"', '"aspect":"output"', 1),
    )
    (said,) = problems(folder)
    assert said.startswith("Catatan deviation:")
    assert said.endswith("tidak sama dengan segelnya.")


def test_who_exchanges_a_paper_and_its_hashes_is_found_by_the_sealed_record(
    told: AccountRequest, office_people: OfficePeople, tmp_path: Path
) -> None:
    folder = unpacked(bundle_of(told, office_people), tmp_path)
    manifest = json.loads((folder / "MANIFEST.json").read_text())
    row = manifest["files"][0]
    (folder / row["path"]).write_bytes(b"%PDF-palsu")
    former, row["sha256"] = row["sha256"], hashlib.sha256(b"%PDF-palsu").hexdigest()
    (folder / "MANIFEST.json").write_text(json.dumps(manifest))
    assert problems(folder) == [
        f"Dokumen {former} tercatat tetapi tidak disertakan.",
        f"Dokumen {row['sha256']} disertakan tetapi tidak tercatat.",
    ]


@pytest.mark.parametrize(
    ("path", "data"),
    [("MANIFEST.json", b"{"), ("MANIFEST.json", b"[]"), ("catatan/catatan.jsonl", b"\xff")],
)
def test_a_bundle_that_cannot_be_read_says_so(
    told: AccountRequest, office_people: OfficePeople, tmp_path: Path, path: str, data: bytes
) -> None:
    folder = unpacked(bundle_of(told, office_people), tmp_path)
    (folder / path).write_bytes(data)
    (said,) = problems(folder)
    assert said.startswith("Berkas bukti tidak dapat dibaca (")


def test_the_same_record_gives_the_same_bytes(
    told: AccountRequest, office_people: OfficePeople
) -> None:
    assert bundle_of(told, office_people) == bundle_of(told, office_people)


def test_no_password_is_in_it(office_people: OfficePeople, tmp_path: Path) -> None:
    with clock.moved_to(MONDAY):
        request = cases.recorded(office_people)
        passwords = [credentials.reveal(account) for account in cases.accounts(request)]
        folder = unpacked(bundle_of(request, office_people), tmp_path)
    held = b"".join(place.read_bytes() for place in folder.rglob("*") if place.is_file())
    assert len(passwords) == 2
    assert [password for password in passwords if password.encode() in held] == []
    assert [part for part in passwords[0].split("-") if part.encode() in held] == []


def test_the_metadata_tells_each_paper_and_holds_no_formula(
    told: AccountRequest, office_people: OfficePeople, tmp_path: Path
) -> None:
    Document.objects.filter(request=told).first()
    folder = unpacked(bundle_of(told, office_people), tmp_path)
    text = (folder / "metadata-srikandi.csv").read_bytes().decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head[:6] == [
        "No",
        "Kode klasifikasi",
        "Nomor berkas",
        "Jenis naskah",
        "Nomor naskah",
        "Uraian",
    ]
    assert head[6:9] == ["Tanggal", "Jumlah", "Tingkat perkembangan"]
    current = Document.objects.filter(request=told, superseded_at=None)
    assert sorted(row[16] for row in rows) == sorted(current.values_list("sha256", flat=True))
    assert bundles.contents._harmless('=HYPERLINK("x")') == '\'=HYPERLINK("x")'
    assert bundles.contents._harmless("SK 1") == "SK 1"


# -- taking one -----------------------------------------------------------------------------------


def test_taking_one_is_on_record_with_the_letter_that_it_answers(
    client: Client, told: AccountRequest, office_people: OfficePeople, tmp_path: Path
) -> None:
    with clock.moved_to(AT):
        client.force_login(office_people.inspector)
        address = reverse("request_evidence", args=[told.number])
        answer = client.post(address, {"surat": " 700/12/Itda   tanggal 3 Juli 2026 "})
        data = answer.content
        page = client.get(address).content.decode()
    assert answer["Content-Disposition"] == ('attachment; filename="berkas-bukti-P-2026-0001.zip"')
    assert answer["Cache-Control"] == "private, no-store"
    assert check(unpacked(data, tmp_path))[0] == 0
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.act, entry.actor, entry.request) == (Act.EXPORT, office_people.inspector, told)
    assert entry.changes["letter"] == "700/12/Itda tanggal 3 Juli 2026"
    assert entry.changes["sha256"] == hashlib.sha256(data).hexdigest()
    assert "700/12/Itda tanggal 3 Juli 2026" in page
    assert entry.changes["sha256"] in page
    assert verifying.verify([]).breaks == []


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("kepala", 200),
        ("biro", 200),
        ("inspector", 200),
        ("admin1", 403),
        ("drafter", 403),
        ("keeper", 403),
        ("nobody", 403),
    ],
)
def test_it_is_taken_by_those_who_answer_judge_and_examine(
    client: Client, told: AccountRequest, office_people: OfficePeople, who: str, status: int
) -> None:
    with clock.moved_to(AT):
        client.force_login(getattr(office_people, who))
        address = reverse("request_evidence", args=[told.number])
        assert client.get(address).status_code == status
        answer = client.post(address)
        assert answer.status_code == status
        page = client.get(reverse("request_detail", args=[told.number])).content.decode()
    assert (address in page) == (status == 200)


def test_a_large_one_is_sent_piece_by_piece(
    client: Client,
    told: AccountRequest,
    office_people: OfficePeople,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("accounts_requests.views.evidence._IN_MEMORY", 0)
    with clock.moved_to(AT):
        client.force_login(office_people.biro)
        answer: Any = client.post(reverse("request_evidence", args=[told.number]))
        assert answer.streaming
        data = b"".join(answer.streaming_content)
    assert answer["Cache-Control"] == "private, no-store"
    assert check(unpacked(data, tmp_path))[0] == 0


@pytest.mark.usefixtures("without_guard_rails")
def test_a_damaged_paper_is_said_and_nothing_is_taken(
    client: Client, told: AccountRequest, office_people: OfficePeople
) -> None:
    content = DocumentContent.objects.filter(document__request=told).first()
    assert content is not None
    DocumentContent.objects.filter(pk=content.pk).update(data=b"lain")
    before = AuditEntry.objects.count()
    with clock.moved_to(AT):
        client.force_login(office_people.kepala)
        answer = client.post(reverse("request_evidence", args=[told.number]))
    assert answer.status_code == 409
    assert "tidak sama dengan saat disimpan" in answer.content.decode()
    assert AuditEntry.objects.count() == before


def test_the_command_writes_one_and_never_over_another_file(
    told: AccountRequest, tmp_path: Path, capsys: Any
) -> None:
    target = tmp_path / "bukti.zip"
    call_command("export_bundle", told.number, to=target, letter="700/1/Itda")
    said = capsys.readouterr().out
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    assert f"SHA-256: {digest}" in said
    assert target.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="sudah ada dan tidak ditimpa"):
        call_command("export_bundle", told.number, to=target)
    with pytest.raises(CommandError, match="Permohonan P-2026-9999 tidak ada"):
        call_command("export_bundle", "P-2026-9999", to=tmp_path / "lain.zip")
    assert hashlib.sha256(target.read_bytes()).hexdigest() == digest
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.actor, entry.actor_role) == (None, "Pemasang aplikasi")


@pytest.mark.django_db(transaction=True)
def test_what_is_done_while_a_bundle_is_made_is_not_in_it_and_does_not_make_it_look_forged(
    office_people: OfficePeople, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.issued(office_people)
        before = AuditEntry.objects.filter(request=case).count()

        def act() -> None:
            with clock.moved_to(MONDAY):
                workflow.order_accounts(case, actor=office_people.kepala)
            connection.close()

        trail = contents._trail

        def interrupted(request: AccountRequest) -> Iterator[dict[str, Any]]:
            thread = threading.Thread(target=act)
            thread.start()
            thread.join(timeout=60)
            yield from trail(request)

        monkeypatch.setattr(contents, "_trail", interrupted)
        folder = unpacked(bundle_of(case, office_people), tmp_path)
    assert AuditEntry.objects.filter(request=case).count() == before + 1
    assert check(folder)[0] == 0
    entries = (folder / "catatan" / "jejak-audit.jsonl").read_text().splitlines()
    assert len(entries) == before
