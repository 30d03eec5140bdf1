"""How the archive words a file and its papers: one wording for page, paper, spreadsheet and CSV.

*Jumlah* counts *naskah* and their pages; *tingkat perkembangan* is asli or salinan: the words of
the lists of archives (Permendagri 83/2022), whoever reads them.
"""

import datetime as dt

from accounts_requests import words
from accounts_requests.archive_rules import FileData, said
from accounts_requests.models import AccountRequest, Development, Document, Office
from accounts_requests.retention import Retention
from accounts_requests.states import DocumentKind, SigningMethod

_NO_PLACE = "Arsip elektronik pada aplikasi"


def file_amount(papers: int, pages: int, on_paper: str = "") -> str:
    """The *jumlah* of a file: "9 naskah, 13 halaman; 1 map kertas".

    ``on_paper`` is what people wrote of the paper beside it, if anything.
    """
    counted = f"{papers} naskah, {paper_amount(pages)}"
    return f"{counted}; {on_paper}" if on_paper else counted


def paper_amount(pages: int) -> str:
    """The *jumlah* of one paper."""
    return f"{pages} halaman"


def development_of(document: Document) -> str:
    """The *tingkat perkembangan* of a paper of the file, in words.

    What came in is a copy of paper, except an SK with a certified signature: that file is the SK.
    """
    signed_file = (
        document.kind == DocumentKind.DECREE
        and document.request.signing_method == SigningMethod.CERTIFIED
    )
    kind = Development.COPY if document.uploaded and not signed_file else Development.ORIGINAL
    return str(kind.label)


def media_of(document: Document) -> str:
    """What a paper of the file is kept on, in words."""
    is_pdf = document.media_type == "application/pdf"
    return "Elektronik (PDF)" if is_pdf else "Elektronik (gambar)"


def unit(office: Office) -> str:
    """The *unit pengolah*."""
    return office.unit_name or office.name


def description(request: AccountRequest) -> str:
    """The *uraian* of a file."""
    subject = request.subject.strip().rstrip(".")
    return f"Registrasi akun SPSE: {subject}. SK nomor {request.decree_number or '—'}"


def period(request: AccountRequest, until: dt.datetime) -> str:
    """The *kurun waktu*: from the receipt to ``until`` (aware), the archiving."""
    first = words.long_date(request.received_at.astimezone(words.ZONE).date())
    last = words.long_date(until.astimezone(words.ZONE).date())
    return first if first == last else f"{first} s.d. {last}"


def place(data: FileData) -> str:
    """The *lokasi*; a file without paper is in the application alone."""
    return data.place or _NO_PLACE


def facts(data: FileData, days: Retention) -> list[tuple[str, str]]:
    """What the *data kearsipan* say of a file beside the columns of the register."""
    return [
        ("Tingkat perkembangan", said("development", data)),
        ("Media", said("media", data)),
        ("Klasifikasi keamanan", said("security", data)),
        (
            "Retensi",
            (
                f"aktif {data.active_years} tahun sampai dengan "
                f"{words.long_date(days.active_until)}, inaktif {data.inactive_years} tahun "
                f"sampai dengan {words.long_date(days.inactive_until)}; dihitung sejak "
                f"{said('counts_from', data).lower()}"
            ),
        ),
        ("Nasib akhir", said("disposition", data)),
        ("Lokasi", place(data)),
    ]
