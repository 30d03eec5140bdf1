#!/usr/bin/env python3
"""Memeriksa berkas bukti atau paket bukti ini; yang diperlukan hanya Python 3.9 atau lebih baru.

Cara memakai: ekstrak ZIP ini ke satu folder, lalu jalankan  python3 verify.py  di dalamnya.
Yang diperiksa: setiap berkas terhadap MANIFEST.json; hash setiap entri jejak audit; segel setiap
catatan di dalam jejak audit; SHA-256 setiap dokumen terhadap catatan yang disegel. Pada paket
bukti: setiap berkas bukti di dalamnya, dengan cara yang sama.
Berakhir dengan kode 0 bila semuanya utuh, 1 bila ada yang tidak.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

OWN = {"MANIFEST.json", "BACA-SAYA.html", "verify.py"}
PACKAGE = "paket-bukti/1"
Row = dict[str, Any]


def canonical(content: Row) -> bytes:
    """Isi dalam bentuk yang dipakai untuk membuat hash."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8")


def sha256(data: bytes) -> str:
    """SHA-256 dalam heksadesimal."""
    return hashlib.sha256(data).hexdigest()


def sha256_of(path: Path) -> str:
    """SHA-256 sebuah berkas, dibaca sepotong demi sepotong."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
    return digest.hexdigest()


def manifest_of(folder: Path) -> Row:
    """Isi MANIFEST.json di folder itu."""
    found: Row = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    return found


def check_files(folder: Path, manifest: Row, problems: list[str]) -> int:
    """Setiap berkas yang disebut MANIFEST.json, dan tidak ada yang lain; berapa banyaknya."""
    told = {row["path"]: row for row in manifest["files"]}
    for path, row in sorted(told.items()):
        place = folder / path
        if not place.is_file():
            problems.append(f"Berkas {path} tidak ada.")
        elif sha256_of(place) != row["sha256"]:
            problems.append(f"Berkas {path} tidak sama dengan MANIFEST.json.")
    for place in sorted(folder.rglob("*")):
        path = place.relative_to(folder).as_posix()
        if place.is_file() and path not in told and path not in OWN:
            problems.append(f"Berkas {path} tidak disebut di MANIFEST.json.")
    return len(told)


def rows_of(path: Path) -> list[Row]:
    """Satu objek JSON setiap baris."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


class Check:
    """Satu pemeriksaan atas satu folder; ``problems`` adalah yang tidak utuh."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []
        self.manifest = manifest_of(folder)
        self.entries = rows_of(folder / "catatan" / "jejak-audit.jsonl")
        self.records = rows_of(folder / "catatan" / "catatan.jsonl")
        self.anchors = rows_of(folder / "catatan" / "tambatan.jsonl")

    def files(self) -> str:
        """Setiap berkas yang disebut MANIFEST.json, dan tidak ada yang lain."""
        return f"{check_files(self.folder, self.manifest, self.problems)} berkas"

    def trail(self) -> str:
        """Hash setiap entri, urutannya, dan sambungan entri yang berdampingan."""
        before: Row = {"sequence": 0, "hash": ""}
        for entry in self.entries:
            number = entry["sequence"]
            content = {name: value for name, value in entry.items() if name != "hash"}
            if not content["records"]:
                del content["records"]
            if sha256(canonical(content)) != entry["hash"]:
                self.problems.append(f"Entri jejak audit {number} tidak sama dengan hash-nya.")
            if not before["sequence"] < number <= self.manifest["chain_count"]:
                self.problems.append(f"Entri jejak audit {number} tidak pada tempatnya.")
            if before["sequence"] == number - 1 and before["hash"] not in {"", entry["previous"]}:
                self.problems.append(f"Entri jejak audit {number} tidak menyambung.")
            before = entry
        if before["sequence"] == self.manifest["chain_count"] and before["hash"] not in {
            "",
            self.manifest["chain_head"],
        }:
            self.problems.append("Kepala rantai tidak sama dengan entri terakhir.")
        return f"{len(self.entries)} entri jejak audit"

    def seals(self) -> str:
        """Setiap catatan terhadap entri terakhir yang menyegelnya."""
        sealed: dict[str, str] = {}
        for entry in self.entries:
            sealed.update(entry["records"])
        for record in self.records:
            name = record["record"]
            if name not in sealed:
                self.problems.append(f"Catatan {name} tidak disegel oleh jejak audit.")
            elif sha256(canonical(record)) != sealed[name]:
                self.problems.append(f"Catatan {name} tidak sama dengan segelnya.")
        return f"{len(self.records)} catatan"

    def papers(self) -> str:
        """Dokumen yang disertakan adalah yang SHA-256-nya tercatat dan disegel."""
        rows = self.manifest["files"]
        told = Counter(row["sha256"] for row in rows if row["path"].startswith("dokumen/"))
        known = Counter(record["sha256"] for record in self.records if record.get("sha256"))
        for missing in sorted((known - told).elements()):
            self.problems.append(f"Dokumen {missing} tercatat tetapi tidak disertakan.")
        for unknown in sorted((told - known).elements()):
            self.problems.append(f"Dokumen {unknown} disertakan tetapi tidak tercatat.")
        return f"{sum(told.values())} dokumen"

    def tied(self) -> str:
        """Tambatan harian yang jatuh pada entri permohonan ini."""
        by_place = {entry["sequence"]: entry["hash"] for entry in self.entries}
        for anchor in self.anchors:
            if by_place.get(anchor["sequence"], anchor["head"]) != anchor["head"]:
                self.problems.append(f"Tambatan {anchor['day']} tidak sama dengan jejak audit.")
        return f"{len(self.anchors)} tambatan"

    def all(self) -> list[str]:
        """Semua pemeriksaan; apa yang diperiksa, satu baris untuk setiap hal."""
        parts = (self.files, self.trail, self.seals, self.papers, self.tied)
        return [f"{part()} diperiksa" for part in parts]


UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    zipfile.BadZipFile,
)


def check_case(folder: Path) -> list[str]:
    """Periksa satu berkas bukti dan cetak hasilnya; yang tidak utuh."""
    check = Check(folder)
    print(f"Permohonan {check.manifest['case']}, dibuat {check.manifest['made_at']}")
    for line in check.all():
        print(f"- {line}")
    return check.problems


def check_bundle(place: Path, case: str) -> list[str]:
    """Periksa satu berkas bukti di dalam paket; yang tidak utuh."""
    try:
        with TemporaryDirectory() as folder, zipfile.ZipFile(place) as bundle:
            bundle.extractall(folder)
            check = Check(Path(folder))
            looked_at = "; ".join(check.all())
            if check.manifest["case"] != case:
                check.problems.append("Isinya permohonan lain.")
            problems = check.problems
        print(f"- {place.name}: {looked_at}")
    except UNREADABLE as error:
        problems = [f"Tidak dapat dibaca ({type(error).__name__})."]
    return [f"{place.name}: {problem}" for problem in problems]


def check_package(folder: Path, manifest: Row) -> list[str]:
    """Periksa setiap berkas bukti di dalam paket dan cetak hasilnya; yang tidak utuh."""
    print(f"Paket bukti untuk surat {manifest['letter']['number']}, dibuat {manifest['made_at']}")
    problems: list[str] = []
    print(f"- {check_files(folder, manifest, problems)} berkas diperiksa")
    for row in manifest["files"]:
        if "case" in row and (folder / row["path"]).is_file():
            problems += check_bundle(folder / row["path"], row["case"])
    return problems


def main(folder: Path) -> int:
    """Periksa folder itu dan cetak hasilnya; 0 bila utuh."""
    what = "berkas bukti"
    try:
        manifest = manifest_of(folder)
        if manifest["format"] == PACKAGE:
            what = "paket bukti"
            problems = check_package(folder, manifest)
        else:
            problems = check_case(folder)
        print(f"Kepala rantai: entri {manifest['chain_count']}")
        print(f"  {manifest['chain_head']}")
        print("Bandingkan dengan tambatan harian yang diterima Kepala Biro melalui e-mail.")
    except UNREADABLE as error:
        problems = [f"{what.capitalize()} tidak dapat dibaca ({type(error).__name__})."]
    if problems:
        print(f"TIDAK UTUH: {len(problems)} masalah")
        for problem in problems:
            print(f"- {problem}")
        return 1
    print(f"UTUH: semua yang ada di dalam {what} ini sama dengan saat dicatat.")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent))
