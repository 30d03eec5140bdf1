"""A file as it was sent: its bytes untouched, its name made harmless, its size bounded."""

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from accounts_requests.exceptions import InvalidInput

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PEM: Final = "application/x-pem-file"

MAX_NAME: Final = 150
"""Characters of a file name that a document's row holds."""

_SUFFIXES: Final = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png", XLSX: ".xlsx", PEM: ".pem"}
_SAME_SUFFIX: Final = {".jpeg": ".jpg", ".jpe": ".jpg", ".crt": ".pem", ".cer": ".pem"}


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


def check_size(upload: Upload) -> None:
    """Refuse an empty file and one over the limit."""
    if not upload.data:
        raise InvalidInput(
            f"Berkas {upload.file_name} kosong (0 byte). Periksa berkasnya, lalu unggah kembali."
        )
    if len(upload.data) > settings.MAX_UPLOAD_BYTES:
        raise _too_large(upload.file_name, len(upload.data))


def damaged(upload: Upload, kind: str, remedy: str) -> InvalidInput:
    """The refusal of a file that cannot be read to its end."""
    return InvalidInput(
        f"Berkas {kind} {upload.file_name} rusak atau tidak lengkap. {remedy}, lalu unggah kembali."
    )


def _too_large(name: str, size: int) -> InvalidInput:
    limit = f"{settings.MAX_UPLOAD_BYTES / 1024 / 1024:.0f}"
    actual = f"{size / 1024 / 1024:.1f}".replace(".", ",")
    return InvalidInput(
        f"Berkas {name} terlalu besar: {actual} MB, sedangkan batasnya {limit} MB. Pindai ulang "
        "dengan resolusi lebih rendah atau bagi dokumennya, lalu unggah kembali."
    )
