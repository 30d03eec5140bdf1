"""The SK (Keputusan) with its Lampiran, as a concept and as issued (Permendagri 1/2023).

A decree names people; never their NIK, telephone or e-mail.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from accounts_requests import words
from accounts_requests.identity_numbers import format_nip
from accounts_requests.models import AccountRequest, Document, Office, Registrant
from accounts_requests.states import EXTERNAL_SIGNING, AccountKind, DocumentKind

from .check_mark import check_mark
from .paper import (
    DOTS,
    Draft,
    Signatory,
    clauses,
    enumerated,
    file_name,
    kinds_of,
    listed,
    office_context,
)

TEMPLATE = "documents/decree.html"

# What the holder of each kind of account does in SPSE; diktum KEDUA lists those that occur.
DUTIES = {
    AccountKind.VERIFIKATOR: (
        "memeriksa dan memverifikasi dokumen pendaftaran pelaku usaha, lalu menyetujui atau "
        "menolak pendaftarannya sesuai dengan ketentuan"
    ),
    AccountKind.HELPDESK: (
        "memberikan layanan informasi, konsultasi, dan bantuan teknis penggunaan aplikasi kepada "
        "pengguna LPSE, serta mencatat dan meneruskan permasalahan yang disampaikan"
    ),
    AccountKind.ADMIN_AGENCY: (
        "mengelola data satuan kerja dan akun pengguna pada Kementerian/Lembaga/Perangkat Daerah "
        "yang menjadi tanggung jawabnya"
    ),
    AccountKind.AUDITOR: (
        "melakukan pemeriksaan atas paket pengadaan sesuai dengan surat tugas, terbatas pada hak "
        "akses membaca"
    ),
}
ORDINALS = ("KESATU", "KEDUA", "KETIGA", "KEEMPAT", "KELIMA")


@dataclass(frozen=True)
class Row:
    """One line of the Lampiran."""

    number: int
    name: str
    nip: str
    rank: str
    position: str
    kind: str
    agency: str
    valid_until: str


def draft(
    kind: DocumentKind,
    request: AccountRequest,
    *,
    at: dt.datetime,
    code: str,
    people: Sequence[Registrant] | None = None,
) -> Draft:
    """The decree of ``request``; ``at`` is the instant of approval, ``code`` what identifies it.

    ``people`` are those of the Lampiran where they are not the stored ones of ``request``.
    DECREE is only ever rendered for approval inside the application: signed outside, the file
    that comes back is the SK. Raises ValueError otherwise.
    """
    external = request.signing_method in EXTERNAL_SIGNING
    concept = kind == DocumentKind.DECREE_CONCEPT
    if external and not concept:
        raise ValueError("A decree signed outside the application is uploaded, never rendered.")
    office = Office.current()
    if people is None:
        people = list(request.registrants.order_by("position_in_list"))
    holder = _office_holder(request, office)
    context = {
        **office_context(office),
        "decree": request,
        "holder": holder,
        "subject": request.subject.strip().rstrip(".") or DOTS,
        "number": request.decree_number or DOTS,
        "dated": words.long_date(request.decree_date) if request.decree_date else DOTS,
        "considerations": clauses(request.considerations),
        "legal_bases": clauses(request.legal_bases),
        "noted": clauses(request.noted),
        "rulings": list(zip(ORDINALS, _rulings(request, office, people), strict=True)),
        "rows": [_row(request, person) for person in people],
        "copies_to": clauses(request.copies_to) if listed(request.copies_to) else [],
        "signatory": _signatory(request, office),
        "is_concept": concept,
        "is_external": external,
        "approved_at": "" if concept else words.instant(at),
        "code": "" if external else code,
        "check": None if concept else check_mark(office, code, at.astimezone(words.ZONE).date()),
    }
    if concept:
        title = f"Konsep SK tentang {context['subject']}"
        name = file_name("Konsep-SK", request.number)
    else:
        title = f"SK nomor {request.decree_number} tentang {context['subject']}"
        name = file_name("SK", request.decree_number)
    return Draft(TEMPLATE, context, title[:250], name)


def described(request: AccountRequest) -> str:
    """``Keputusan Kepala LPSE Nomor … tanggal … tentang …``, as other papers cite it."""
    holder = _office_holder(request, Office.current())
    dated = words.long_date(request.decree_date) if request.decree_date else DOTS
    return (
        f"Keputusan {_capitalised(holder)} Nomor {request.decree_number or DOTS} tanggal {dated} "
        f"tentang {request.subject.strip().rstrip('.')}"
    )


def current_decree(request: AccountRequest) -> Document | None:
    """The SK that is in force for the case, or None before it was issued."""
    return request.documents.filter(kind=DocumentKind.DECREE, superseded_at__isnull=True).first()


def _office_holder(request: AccountRequest, office: Office) -> str:
    """Whose decree it is: the principal of an a.n. line, else the office without Plt./Plh."""
    title = office.decree_signer_on_behalf or request.signer_title
    return re.sub(r"^(?:Plt|Plh|a\.n)\.\s*", "", title, flags=re.IGNORECASE).upper()


def _capitalised(title: str) -> str:
    """KEPALA LPSE as it stands within a sentence: Kepala LPSE; abbreviations stay capital."""
    known = {"DAN": "dan", "LPSE": "LPSE", "PPE": "PPE", "UKPBJ": "UKPBJ", "A.N.": "a.n."}
    return " ".join(known.get(word, word.capitalize()) for word in title.split())


def _signatory(request: AccountRequest, office: Office) -> Signatory:
    lines = []
    if office.decree_signer_on_behalf:
        lines.append(f"a.n. {office.decree_signer_on_behalf.upper()}")
    prefix = re.match(r"(?:Plt|Plh)\.\s*", request.signer_title, flags=re.IGNORECASE)
    start = prefix.end() if prefix else 0
    lines.append(f"{request.signer_title[:start]}{request.signer_title[start:].upper()},")
    name = request.signer_name
    return Signatory(
        office_lines=lines,
        name=name if office.decree_names_titles else name.upper(),
        rank=request.signer_rank,
        nip=format_nip(request.signer_nip),
    )


def _rulings(request: AccountRequest, office: Office, people: Sequence[Registrant]) -> list[object]:
    kinds = kinds_of(person.account_kind for person in people)
    names = enumerated([kind.label for kind in kinds]) or DOTS
    return [
        (
            f"Menetapkan pembuatan akun {names} pada aplikasi {office.target_name} bagi personel "
            "sebagaimana tercantum dalam Lampiran yang merupakan bagian tidak terpisahkan dari "
            "Keputusan ini."
        ),
        _duties(kinds),
        (
            "Memerintahkan Admin PPE untuk membuat akun (user id dan password) sesuai dengan "
            "Keputusan ini dan Formulir Pembuatan Akun masing-masing personel, serta "
            "menyampaikannya melalui e-mail kepada masing-masing personel."
        ),
        _validity(request),
        (
            f"Keputusan ini mulai berlaku pada tanggal {_in_force(request)}, dengan ketentuan "
            "apabila di kemudian hari terdapat kekeliruan akan diadakan perbaikan sebagaimana "
            "mestinya."
        ),
    ]


def _duties(kinds: list[AccountKind]) -> object:
    intro = "Pemegang akun sebagaimana dimaksud dalam diktum KESATU mempunyai tugas"
    if not kinds:
        return f"{intro} {DOTS}."
    if len(kinds) == 1:
        return f"{intro} {DUTIES[kinds[0]]}."
    return {
        "intro": f"{intro}:",
        "items": [
            f"{kind.label}: {DUTIES[kind]}{'.' if kind == kinds[-1] else ';'}" for kind in kinds
        ],
    }


def _in_force(request: AccountRequest) -> str:
    return words.long_date(request.valid_from) if request.valid_from else "ditetapkan"


def _validity(request: AccountRequest) -> str:
    if request.valid_until is None:
        return (
            "Akun sebagaimana dimaksud dalam diktum KESATU berlaku sampai dengan dicabut, kecuali "
            "ditentukan lain dalam Lampiran Keputusan ini."
        )
    return (
        "Akun sebagaimana dimaksud dalam diktum KESATU berlaku sampai dengan tanggal "
        f"{words.long_date(request.valid_until)}, kecuali ditentukan lebih awal dalam Lampiran "
        "Keputusan ini."
    )


def _row(request: AccountRequest, person: Registrant) -> Row:
    until = person.valid_until or request.valid_until
    return Row(
        number=person.position_in_list,
        name=person.titled_name,
        nip=format_nip(person.nip) or "—",
        rank=person.rank_and_grade or "—",
        position=person.position,
        kind=AccountKind(person.account_kind).label,
        agency=person.agency or "—",
        valid_until=f"{until:%d-%m-%Y}" if until else "—",
    )
