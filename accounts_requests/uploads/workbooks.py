"""Foreign workbooks: plain `.xlsx`, without macros, passwords or floods."""

import zipfile
from io import BytesIO
from typing import Final

from accounts_requests.exceptions import InvalidInput

from .files import Upload, check_size, damaged

MAX_UNPACKED: Final = 50 * 1024 * 1024
"""Bytes a workbook may unpack to, its pictures included."""
MAX_TABLE: Final = 8 * 1024 * 1024
"""Bytes of one sheet or of the texts: some 30 times what a list of 200 people needs. Reading so
much of the worst kind takes some seconds and half a gigabyte."""
MAX_XML: Final = 1024 * 1024
"""Bytes of any other part: a million make the reader work for as long as a sheet of MAX_TABLE."""
MAX_RATIO: Final = 200
"""Unpacked to packed, counted only above RATIO_COUNTS_FROM: small sheets pack well."""
RATIO_COUNTS_FROM: Final = 10 * 1024 * 1024
MAX_PARTS: Final = 500

_WORKBOOK_TYPE: Final = (
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
)
_PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
_TABLES: Final = ("xl/worksheets/", "xl/sharedstrings.xml")
# No part of a workbook may declare a document type (ECMA-376 part 2): only attacks do.
_DOCUMENT_TYPE: Final = tuple(
    "<!DOCTYPE".encode(name) for name in ("ascii", "utf-16-le", "utf-16-be")
)
# What Office wraps an encrypted workbook in, and what an old .xls is.
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_FLAG: Final = 0x1


def check_workbook(upload: Upload) -> None:
    """Let a plain `.xlsx` pass: no macros, no password, nothing that unpacks to a flood."""
    check_size(upload)
    name, data = upload.file_name, upload.data
    if data.startswith(_OLE):
        raise InvalidInput(
            f"Berkas {name} adalah buku kerja Excel lama (.xls) atau dilindungi sandi. Buka di "
            "Excel, lepas sandinya, simpan sebagai “Excel Workbook (.xlsx)”, lalu unggah kembali."
        )
    if not data.startswith(b"PK\x03\x04"):
        raise _not_a_workbook(name)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_parts(name, archive)
    except InvalidInput:
        raise
    except Exception:  # noqa: BLE001  whatever a parser says of foreign bytes, they are damaged
        raise damaged(upload, "Excel", "Simpan ulang buku kerjanya sebagai .xlsx") from None


def _check_parts(name: str, archive: zipfile.ZipFile) -> None:
    """Judge the directory first, then read each part once, so that its checksum is compared."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    flood = unpacked > RATIO_COUNTS_FROM and unpacked > MAX_RATIO * max(packed, 1)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or flood:
        raise _flood(name)
    if any(part.flag_bits & _ENCRYPTED_FLAG for part in parts):
        raise InvalidInput(
            f"Berkas {name} dilindungi sandi. Lepas sandinya, simpan, lalu unggah kembali."
        )
    names = {part.filename.lower() for part in parts}
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise _not_a_workbook(name)
    if len(names) != len(parts) or any(
        part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for part in parts
    ):
        raise zipfile.BadZipFile
    content_types = b""
    for part in parts:
        content = archive.read(part)
        _check_part(name, part.filename.lower(), content)
        if part.filename.lower() == "[content_types].xml":
            content_types = content
    if any("vbaproject" in part or "/macrosheets/" in part for part in names) or (
        b"macroEnabled" in content_types
    ):
        raise InvalidInput(
            f"Berkas {name} memuat makro. Simpan sebagai “Excel Workbook (.xlsx)” tanpa makro, "
            "lalu unggah kembali."
        )
    if _WORKBOOK_TYPE not in content_types:
        raise _not_a_workbook(name)


def _check_part(name: str, part: str, content: bytes) -> None:
    """Judge by content: a part may be called a picture and be used as a sheet."""
    if content.startswith(_PICTURES):
        return
    if len(content) > (MAX_TABLE if part.startswith(_TABLES) else MAX_XML):
        raise _flood(name)
    if any(declared in content for declared in _DOCUMENT_TYPE):
        raise InvalidInput(
            f"Berkas {name} memuat deklarasi yang tidak dibuat oleh Excel. Salin baris-barisnya "
            "ke templat yang baru, lalu unggah kembali."
        )


def _flood(name: str) -> InvalidInput:
    return InvalidInput(
        f"Berkas {name} memuat jauh lebih banyak isi daripada daftar personel. Salin "
        "baris-barisnya ke templat yang baru, lalu unggah kembali."
    )


def _not_a_workbook(name: str) -> InvalidInput:
    return InvalidInput(
        f"Berkas {name} bukan buku kerja Excel (.xlsx), walaupun namanya mungkin demikian. Simpan "
        "daftar personel sebagai .xlsx, lalu unggah kembali."
    )
