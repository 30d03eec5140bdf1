"""Foreign pictures: intact to their end, and of bearable size once they are unpacked."""

from typing import Final

from accounts_requests.exceptions import InvalidInput

from .examination import MAX_PIXELS, examine
from .files import Upload, check_size, damaged

MAX_SCANS: Final = 100
"""Passes of a progressive JPEG; programs make about ten. Each costs a walk over all its blocks."""
_START_OF_SCAN: Final = b"\xff\xda"


def check_jpeg(upload: Upload) -> tuple[int, int]:
    """Return width and height of an intact JPEG."""
    if upload.data.count(_START_OF_SCAN) > MAX_SCANS:
        raise damaged(upload, "JPEG", "Pindai ulang dokumennya")
    return _size(upload, "JPEG")


def check_png(upload: Upload) -> tuple[int, int]:
    """Return width and height of an intact PNG."""
    return _size(upload, "PNG")


def _size(upload: Upload, kind: str) -> tuple[int, int]:
    check_size(upload)
    found = examine(upload.data, kind)
    if found["verdict"] == "too-much":
        raise InvalidInput(
            f"Gambar {upload.file_name} terlalu besar: paling banyak {MAX_PIXELS // 1_000_000} "
            "juta piksel. Pindai ulang dengan resolusi 300 dpi, lalu unggah kembali."
        )
    if found["verdict"] != "intact":
        raise damaged(upload, kind, "Pindai ulang dokumennya")
    return found["width"], found["height"]
