#!/usr/bin/env python3
"""Memeriksa berkas bukti ini tanpa aplikasi apa pun selain Python 3.9 atau yang lebih baru.

Cara memakai: ekstrak ZIP ini ke satu folder, lalu jalankan  python3 verify.py  di dalamnya.
Yang diperiksa: setiap berkas terhadap MANIFEST.json; hash setiap entri jejak audit; segel setiap
catatan di dalam jejak audit; SHA-256 setiap dokumen terhadap catatan yang disegel.
Berakhir dengan kode 0 bila semuanya utuh, 1 bila ada yang tidak.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

OWN = {"MANIFEST.json", "BACA-SAYA.html", "verify.py"}
Row = dict[str, Any]


def canonical(content: Row) -> bytes:
    """Isi dalam bentuk yang dipakai untuk membuat hash."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8")


def sha256(data: bytes) -> str:
    """SHA-256 dalam heksadesimal."""
    return hashlib.sha256(data).hexdigest()


def rows_of(path: Path) -> list[Row]:
    """Satu objek JSON setiap baris."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


class Check:
    """Satu pemeriksaan atas satu folder; ``problems`` adalah yang tidak utuh."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []
        self.manifest: Row = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
        self.entries = rows_of(folder / "catatan" / "jejak-audit.jsonl")
        self.records = rows_of(folder / "catatan" / "catatan.jsonl")
        self.anchors = rows_of(folder / "catatan" / "tambatan.jsonl")

    def files(self) -> str:
        """Setiap berkas yang disebut MANIFEST.json, dan tidak ada yang lain."""
        told = {row["path"]: row for row in self.manifest["files"]}
        for path, row in sorted(told.items()):
            place = self.folder / path
            if not place.is_file():
                self.problems.append(f"Berkas {path} tidak ada.")
            elif sha256(place.read_bytes()) != row["sha256"]:
                self.problems.append(f"Berkas {path} tidak sama dengan MANIFEST.json.")
        for place in sorted(self.folder.rglob("*")):
            path = place.relative_to(self.folder).as_posix()
            if place.is_file() and path not in told and path not in OWN:
                self.problems.append(f"Berkas {path} tidak disebut di MANIFEST.json.")
        return f"{len(told)} berkas"

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


def main(folder: Path) -> int:
    """Periksa folder itu dan cetak hasilnya; 0 bila utuh."""
    try:
        check = Check(folder)
        print(f"Permohonan {check.manifest['case']}, dibuat {check.manifest['made_at']}")
        for part in (check.files, check.trail, check.seals, check.papers, check.tied):
            print(f"- {part()} diperiksa")
        print(f"Kepala rantai: entri {check.manifest['chain_count']}")
        print(f"  {check.manifest['chain_head']}")
        print("Bandingkan dengan tambatan harian yang diterima Kepala Biro melalui e-mail.")
        problems = check.problems
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        problems = [f"Berkas bukti tidak dapat dibaca ({type(error).__name__})."]
    if problems:
        print(f"TIDAK UTUH: {len(problems)} masalah")
        for problem in problems:
            print(f"- {problem}")
        return 1
    print("UTUH: semua yang ada di dalam berkas bukti ini sama dengan saat dicatat.")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent))
