"""Berkas bukti: a case as one ZIP that an examiner checks on a machine that has none of ours.

Every stored paper byte for byte, the records with the seals that the audit trail holds of them, the
trail's own entries, the calendar, SOP and reading that were used, the proof of each mail without
any secret; a manifest with SHA-256, a plain ``verify.py`` and a page that says how to use it.
"""

import hashlib
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.template.loader import render_to_string

from accounts_requests import words
from accounts_requests.models import AccountRequest, AuditChain, Office, User
from accounts_requests.one_state import one_state

from .contents import Piece, pieces

VERIFIER = Path(__file__).parent / "verifier.py"
FORMAT = "berkas-bukti/1"


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """What was written: the SHA-256 of the whole ZIP, its size in bytes, and how many files."""

    sha256: str
    size: int
    files: int


def name_of(request: AccountRequest) -> str:
    """The file's name: ``berkas-bukti-P-2026-0001.zip``."""
    return f"berkas-bukti-{request.number}.zip"


def write(
    request: AccountRequest, file: IO[bytes], *, at: datetime, by: User | None, letter: str = ""
) -> Bundle:
    """Write the bundle of ``request`` as of ``at`` (UTC) into ``file``, opened for both ways.

    ``letter`` is the request that it answers. The same record, instant and person give the same
    bytes; what is recorded meanwhile is not in it. One paper at a time is in memory. Raises
    PaperDamaged where a stored paper is not as it was stored; nothing is written to the database.
    """
    manifest: list[dict[str, object]] = []
    with one_state(), zipfile.ZipFile(file, "w") as package:
        chain = AuditChain.objects.get(pk=1)
        for piece in pieces(request):
            manifest.append(_described(piece))
            _add(package, piece.path, piece.data, at)
        told = {
            "format": FORMAT,
            "case": request.number,
            "decree": request.decree_number,
            "made_at": at.isoformat(timespec="seconds"),
            "made_by": by.titled_name if by else "Pemasang aplikasi",
            "letter": letter,
            "office": Office.current().name,
            "chain_count": chain.count,
            "chain_head": chain.head,
            "files": manifest,
        }
        readme = render_to_string(
            "bundles/readme.html",
            {"told": told, "made_at": words.instant(at), "chain_head": words.grouped(chain.head)},
        )
        _add(package, "BACA-SAYA.html", readme.encode(), at)
        _add(package, "verify.py", VERIFIER.read_bytes(), at)
        _add(package, "MANIFEST.json", _pretty(told), at)
    return _sealed(file, len(manifest) + 3)


def _sealed(file: IO[bytes], files: int) -> Bundle:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    size = file.seek(0, 2)
    file.seek(0)
    return Bundle(sha256=digest, size=size, files=files)


def _described(piece: Piece) -> dict[str, object]:
    return {
        "path": piece.path,
        "title": piece.title,
        "size": len(piece.data),
        "sha256": hashlib.sha256(piece.data).hexdigest(),
    }


def _add(package: zipfile.ZipFile, path: str, data: bytes, at: datetime) -> None:
    """Add one file, dated ``at`` in the office's zone; PDFs and pictures are packed already."""
    local = at.astimezone(words.ZONE)
    entry = zipfile.ZipInfo(path, date_time=local.timetuple()[:6])
    packed = path.endswith((".pdf", ".jpg", ".png", ".zip"))
    entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    package.writestr(entry, data)


def _pretty(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


__all__ = ["FORMAT", "Bundle", "name_of", "write"]
