"""Several bundles in one ZIP, with the list that goes with them; it checks itself and each of them.

The bundles are put in as they are, read a stretch at a time.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.template.loader import render_to_string

from accounts_requests import words
from accounts_requests.models import AuditChain, EvidencePackage, Office

FORMAT = "paket-bukti/1"
PAPER = "daftar-serah-terima.pdf"
_VERIFIER = Path(__file__).parent / "verifier.py"


@dataclass(frozen=True, kw_only=True)
class Bundled:
    """A bundle on its way into the package: of which case, and its bytes a stretch at a time."""

    case: str
    file: str
    sha256: str
    size: int
    chunks: Iterable[bytes]

    @property
    def told(self) -> dict[str, Any]:
        """How the record of the hand-over lists it."""
        return {"case": self.case, "file": self.file, "sha256": self.sha256, "size": self.size}


def write(
    package: EvidencePackage,
    bundled: Sequence[Bundled],
    paper: bytes,
    file: IO[bytes],
    *,
    at: datetime,
) -> tuple[str, int]:
    """Write the ZIP into ``file``, opened for both ways; returns its SHA-256 and size in bytes.

    ``paper`` is the covering list as PDF. One stretch is in memory at a time.
    """
    chain = AuditChain.objects.get(pk=1)
    told = {
        "format": FORMAT,
        "letter": {
            "number": package.letter_number,
            "date": package.letter_date.isoformat(),
            "subject": package.subject,
            "requester": package.requester,
        },
        "made_at": at.isoformat(timespec="seconds"),
        "made_by": package.asked_by.titled_name,
        "made_as": package.asked_as,
        "office": Office.current().name,
        "chain_count": chain.count,
        "chain_head": chain.head,
        "files": [
            {
                "path": PAPER,
                "title": "Daftar serah terima",
                "size": len(paper),
                "sha256": hashlib.sha256(paper).hexdigest(),
            },
            *(
                {
                    "path": one.file,
                    "title": f"Berkas bukti permohonan {one.case}",
                    "case": one.case,
                    "size": one.size,
                    "sha256": one.sha256,
                }
                for one in bundled
            ),
        ],
    }
    readme = render_to_string(
        "bundles/package.html",
        {
            "told": told,
            "letter_date": words.long_date(package.letter_date),
            "made_at": words.instant(at),
            "chain_head": words.grouped(chain.head),
        },
    )
    with zipfile.ZipFile(file, "w") as target:
        _add(target, PAPER, [paper], at)
        for one in bundled:
            _add(target, one.file, one.chunks, at)
        _add(target, "BACA-SAYA.html", [readme.encode()], at)
        _add(target, "verify.py", [_VERIFIER.read_bytes()], at)
        manifest = json.dumps(told, ensure_ascii=False, indent=1)
        _add(target, "MANIFEST.json", [manifest.encode()], at)
    return _digest(file)


def _add(target: zipfile.ZipFile, path: str, chunks: Iterable[bytes], at: datetime) -> None:
    entry = zipfile.ZipInfo(path, date_time=at.astimezone(words.ZONE).timetuple()[:6])
    packed = path.endswith((".pdf", ".zip"))
    entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    with target.open(entry, "w", force_zip64=True) as place:
        for chunk in chunks:
            place.write(chunk)


def _digest(file: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks_of(file):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def chunks_of(file: IO[bytes], length: int = 1024 * 1024) -> Iterator[bytes]:
    """The whole of ``file`` from its beginning, in stretches of ``length`` bytes."""
    file.seek(0)
    while chunk := file.read(length):
        yield chunk
