"""Foreign PDFs: intact, open to all, of bearable size, and nothing but a paper."""

from io import BytesIO
from typing import Final

import pikepdf

from accounts_requests.exceptions import InvalidInput

from .examination import MAX_PAGES, examine
from .files import Upload, check_size, damaged

# What stands before the header of some programs' files. Anything more could be another file that
# only looks like a PDF from inside.
_BEFORE: Final = b"\xef\xbb\xbf\x00\t\n\x0c\r "
_ACTING: Final = {
    "script": (
        "memuat skrip (misalnya JavaScript), padahal naskah dinas hanya berisi halaman. Cetak "
        "dokumennya ke PDF atau pindai ulang"
    ),
    "program": (
        "memuat perintah yang menjalankan program, mengirim data, atau membuka berkas lain. Cetak "
        "dokumennya ke PDF atau pindai ulang"
    ),
    "attachment": (
        "memuat berkas lain sebagai lampiran di dalamnya, yang tidak tampak pada halamannya. "
        "Unggah lampiran itu tersendiri dan simpan PDF ini tanpa lampiran"
    ),
}


def is_pdf(data: bytes) -> bool:
    """Whether the bytes begin as a PDF does."""
    return data.lstrip(_BEFORE).startswith(b"%PDF-")


def check_pdf(upload: Upload) -> int:
    """Return the number of pages of an intact PDF without password, scripts or attachments."""
    check_size(upload)
    name = upload.file_name
    if not is_pdf(upload.data):
        raise InvalidInput(
            f"Berkas {name} bukan PDF, walaupun namanya mungkin demikian. Simpan "
            "dokumennya sebagai PDF, lalu unggah kembali."
        )
    found = examine(upload.data, "PDF")
    verdict: str = found["verdict"]
    if verdict == "damaged":
        raise damaged(upload, "PDF", "Simpan ulang dokumennya sebagai PDF")
    if verdict == "encrypted":
        raise InvalidInput(f"PDF {name} dilindungi sandi. Simpan tanpa sandi, lalu unggah kembali.")
    if verdict == "too-much":
        raise InvalidInput(
            f"PDF {name} memuat terlalu banyak bagian untuk diperiksa. Pindai ulang atau bagi "
            "dokumennya, lalu unggah kembali."
        )
    if verdict in _ACTING:
        raise InvalidInput(f"PDF {name} {_ACTING[verdict]}, lalu unggah kembali.")
    pages: int = found["pages"]
    if not 1 <= pages <= MAX_PAGES:
        raise InvalidInput(
            f"PDF {name} memuat {pages} halaman; yang dapat disimpan 1 sampai dengan "
            f"{MAX_PAGES} halaman. Bagi atau pindai ulang dokumennya, lalu unggah kembali."
        )
    return pages


def pages_of(data: bytes) -> int:
    """The number of pages of a PDF that was checked."""
    with pikepdf.open(BytesIO(data)) as opened:
        return len(opened.pages)
