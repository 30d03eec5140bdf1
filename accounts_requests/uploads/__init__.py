"""What may come in as a file: judged by its content, never by its name or its declared type.

Every refusal is InvalidInput with one sentence that names the file and says what to do. Whatever
the bytes, nothing else is raised; and whatever they are, looking at them takes bounded time and
memory (``examination``).
"""

import hashlib
from typing import Final

from accounts_requests.exceptions import InvalidInput

from .files import JPEG, PDF, PEM, PNG, XLSX, Upload, check_size, harmless_name, read_upload
from .pdfs import check_pdf, is_pdf, pages_of
from .pictures import check_jpeg, check_png
from .readable import Readable
from .returned_mail import LONGEST_MAIL, ReturnedMail, is_mail, read_returned, without_secrets
from .workbooks import check_workbook

__all__ = [
    "JPEG",
    "LONGEST_MAIL",
    "PDF",
    "PEM",
    "PNG",
    "XLSX",
    "Readable",
    "ReturnedMail",
    "Upload",
    "check_pdf",
    "check_png",
    "check_scan",
    "check_workbook",
    "harmless_name",
    "is_mail",
    "pages_of",
    "read_returned",
    "read_upload",
    "sha256",
    "without_secrets",
]


def sha256(upload: Upload) -> str:
    """The SHA-256 (hex) of its bytes."""
    return hashlib.sha256(upload.data).hexdigest()


_JPEG_STARTS: Final = b"\xff\xd8\xff"
_PNG_STARTS: Final = b"\x89PNG\r\n\x1a\n"


def check_scan(upload: Upload) -> str:
    """Return the media type of a scan: a PDF, JPEG or PNG that really opens, to its end."""
    check_size(upload)
    if is_pdf(upload.data):
        check_pdf(upload)
        return PDF
    if upload.data.startswith(_JPEG_STARTS):
        check_jpeg(upload)
        return JPEG
    if upload.data.startswith(_PNG_STARTS):
        check_png(upload)
        return PNG
    raise InvalidInput(
        f"Berkas {upload.file_name} bukan PDF, JPEG, atau PNG, walaupun namanya mungkin demikian. "
        "Pindai ulang ke salah satu bentuk itu, lalu unggah kembali."
    )
