"""What may come in as a file: judged by its content, never by its name or its declared type.

Every refusal is InvalidInput with one sentence that names the file and says what to do. Whatever
the bytes, nothing else is raised.
"""

import unicodedata
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

import pikepdf
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from PIL import Image

from accounts_requests.exceptions import InvalidInput

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MAX_NAME: Final = 150
"""Characters of a file name that a document's row holds."""
MAX_PIXELS: Final = 50_000_000
"""An F4 page at 600 dpi has 40 million."""
MAX_PAGES: Final = 500
MAX_UNPACKED: Final = 50 * 1024 * 1024
"""Bytes a workbook may unpack to: some 200 times what a list of 200 people needs."""
MAX_RATIO: Final = 200
"""Unpacked to packed, counted only above RATIO_COUNTS_FROM: small sheets pack well."""
RATIO_COUNTS_FROM: Final = 10 * 1024 * 1024
MAX_PARTS: Final = 500

_SUFFIXES: Final = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png", XLSX: ".xlsx"}
_SAME_SUFFIX: Final = {".jpeg": ".jpg", ".jpe": ".jpg"}
_WORKBOOK_TYPE: Final = (
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
)
# What Office wraps an encrypted workbook in, and what an old .xls is.
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_FLAG: Final = 0x1


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent. `file_name` is made harmless; its bytes are untouched."""

    file_name: str
    data: bytes

    def __post_init__(self) -> None:
        object.__setattr__(self, "file_name", harmless_name(self.file_name))

    def name_for(self, media_type: str) -> str:
        """The file name with an ending that says what the content is."""
        wanted = _SUFFIXES[media_type]
        path = PurePosixPath(self.file_name)
        ending = path.suffix.lower()
        if _SAME_SUFFIX.get(ending, ending) == wanted:
            return self.file_name
        return f"{self.file_name[: MAX_NAME - len(wanted)]}{wanted}"


def harmless_name(name: str) -> str:
    """The last part of a path, visible characters only, at most MAX_NAME of them, never empty."""
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(
        letter
        for letter in unicodedata.normalize("NFC", last)
        if unicodedata.category(letter)[0] != "C" and letter not in '<>:"|?*'
    )
    visible = " ".join(visible.split()).lstrip(".")
    if len(visible) > MAX_NAME:
        stem, dot, ending = visible.rpartition(".")
        keep = MAX_NAME - len(ending) - 1
        visible = f"{stem[:keep]}{dot}{ending}" if dot and keep > 0 else visible[:MAX_NAME]
    return visible or "berkas"


def read_upload(uploaded: "UploadedFile[bytes]") -> Upload:
    """Take a form's file into memory. Raises InvalidInput before reading one that is too large."""
    name = harmless_name(uploaded.name or "")
    if (uploaded.size or 0) > settings.MAX_UPLOAD_BYTES:
        raise _too_large(name, uploaded.size or 0)
    uploaded.seek(0)
    return Upload(name, uploaded.read())


def check_scan(upload: Upload) -> str:
    """Return the media type of a scan: a PDF, JPEG or PNG that really opens, to its end."""
    _check_size(upload)
    if _is_pdf(upload.data):
        check_pdf(upload)
        return PDF
    if upload.data.startswith(b"\xff\xd8\xff"):
        _check_image(upload, "JPEG")
        return JPEG
    if upload.data.startswith(b"\x89PNG\r\n\x1a\n"):
        _check_image(upload, "PNG")
        return PNG
    raise InvalidInput(
        f"Berkas {upload.file_name} bukan PDF, JPEG, atau PNG, walaupun namanya mungkin demikian. "
        "Pindai ulang ke salah satu bentuk itu, lalu unggah kembali."
    )


def check_pdf(upload: Upload) -> int:
    """Return the number of pages of an intact PDF without a password."""
    _check_size(upload)
    if not _is_pdf(upload.data):
        raise InvalidInput(
            f"Berkas {upload.file_name} bukan PDF, walaupun namanya mungkin demikian. Simpan "
            "dokumennya sebagai PDF, lalu unggah kembali."
        )
    try:
        # No recovery: what a repair leaves out would be missing from the archive.
        with pikepdf.open(BytesIO(upload.data), attempt_recovery=False) as pdf:
            encrypted = pdf.is_encrypted
            pages = len([page.mediabox for page in pdf.pages])
    except pikepdf.PasswordError:
        raise _protected_pdf(upload) from None
    except Exception:  # noqa: BLE001  whatever a parser says of foreign bytes, they are damaged
        raise _damaged(upload, "PDF", "Simpan ulang dokumennya sebagai PDF") from None
    if encrypted:
        raise _protected_pdf(upload)
    if not 1 <= pages <= MAX_PAGES:
        raise InvalidInput(
            f"PDF {upload.file_name} memuat {pages} halaman; yang dapat disimpan 1 sampai dengan "
            f"{MAX_PAGES} halaman. Bagi atau pindai ulang dokumennya, lalu unggah kembali."
        )
    return pages


def check_workbook(upload: Upload) -> None:
    """Let a plain `.xlsx` pass: no macros, no password, nothing that unpacks to a flood."""
    _check_size(upload)
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
        raise _damaged(upload, "Excel", "Simpan ulang buku kerjanya sebagai .xlsx") from None


def _check_parts(name: str, archive: zipfile.ZipFile) -> None:
    """Judge the directory first, then read each part once, so that its checksum is compared."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    flood = unpacked > RATIO_COUNTS_FROM and unpacked > MAX_RATIO * max(packed, 1)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or flood:
        raise InvalidInput(
            f"Berkas {name} memuat jauh lebih banyak isi daripada daftar personel. Salin "
            "baris-barisnya ke templat yang baru, lalu unggah kembali."
        )
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


def _check_image(upload: Upload, kind: str) -> None:
    """Decode the whole picture: a cut-off one opens well and fails at its end."""
    remedy = "Pindai ulang dokumennya"
    too_many = InvalidInput(
        f"Gambar {upload.file_name} terlalu besar: paling banyak {MAX_PIXELS // 1_000_000} juta "
        "piksel. Pindai ulang dengan resolusi 300 dpi, lalu unggah kembali."
    )
    try:
        with Image.open(BytesIO(upload.data), formats=[kind]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise too_many
            image.verify()
        with Image.open(BytesIO(upload.data), formats=[kind]) as image:
            # A JPEG is decoded at an eighth of its size: enough to meet every byte.
            image.draft("L", (image.width // 8, image.height // 8))
            image.load()
    except InvalidInput:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_many from None
    except Exception:  # noqa: BLE001  whatever a decoder says of foreign bytes, they are damaged
        raise _damaged(upload, kind, remedy) from None


def _check_size(upload: Upload) -> None:
    if not upload.data:
        raise InvalidInput(
            f"Berkas {upload.file_name} kosong (0 byte). Periksa berkasnya, lalu unggah kembali."
        )
    if len(upload.data) > settings.MAX_UPLOAD_BYTES:
        raise _too_large(upload.file_name, len(upload.data))


def _is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:1024]


def _too_large(name: str, size: int) -> InvalidInput:
    limit = f"{settings.MAX_UPLOAD_BYTES / 1024 / 1024:.0f}"
    actual = f"{size / 1024 / 1024:.1f}".replace(".", ",")
    return InvalidInput(
        f"Berkas {name} terlalu besar: {actual} MB, sedangkan batasnya {limit} MB. Pindai ulang "
        "dengan resolusi lebih rendah atau bagi dokumennya, lalu unggah kembali."
    )


def _damaged(upload: Upload, kind: str, remedy: str) -> InvalidInput:
    return InvalidInput(
        f"Berkas {kind} {upload.file_name} rusak atau tidak lengkap. {remedy}, lalu unggah kembali."
    )


def _protected_pdf(upload: Upload) -> InvalidInput:
    return InvalidInput(
        f"PDF {upload.file_name} dilindungi sandi. Simpan tanpa sandi, lalu unggah kembali."
    )


def _not_a_workbook(name: str) -> InvalidInput:
    return InvalidInput(
        f"Berkas {name} bukan buku kerja Excel (.xlsx), walaupun namanya mungkin demikian. Simpan "
        "daftar personel sebagai .xlsx, lalu unggah kembali."
    )
