"""Papers about an issued SK: *ralat*, *perubahan*, *pencabutan*. The SK itself is never edited.

Each is a document of its own, signed outside, with its own number and date; it is about the whole
SK or about named people of its Lampiran. What becomes of accounts in SPSE is outside this SOP.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from accounts_requests import clock, papers, policies, uploads, words
from accounts_requests.exceptions import InvalidInput
from accounts_requests.models import AccountRequest, Document, User
from accounts_requests.person_data import clean_text
from accounts_requests.states import ABOUT_THE_DECREE, Act, DocumentKind
from accounts_requests.uploads import Upload

from .gate import acting, required_reason


@dataclass(frozen=True, kw_only=True)
class DecreePaper:
    """One of ABOUT_THE_DECREE. ``positions`` are the numbers of the people in the Lampiran whom it
    is about; none of them means the whole SK.
    """

    kind: DocumentKind
    number: str
    date: dt.date | None
    positions: Sequence[int]
    upload: Upload


def amend_decree(
    request: AccountRequest, *, actor: User, paper: DecreePaper, reason: str
) -> Document:
    """Put ``paper`` beside the issued SK, with the reason as a catatan; returns it as stored.

    Once the file is archived it joins it as a numbered addition. Raises InvalidInput (kind, number,
    date, positions, file, reason), NotAllowedNow, NotPermitted.
    """
    reason = required_reason(reason, "pencatatan")
    if paper.kind not in ABOUT_THE_DECREE:
        raise InvalidInput({"kind": ["Pilih ralat, perubahan, atau pencabutan."]})
    media_type = uploads.check_scan(paper.upload)
    with acting(Act.AMEND_DECREE, request, actor=actor) as case:
        policies.check_decree_in_force(case.request)
        number = clean_text(paper.number)
        concerns = sorted(set(paper.positions))
        _require_sound(case.request, number, paper.date, concerns)
        label = DocumentKind(paper.kind).label
        about = about_whom(concerns)
        document = papers.store_upload(
            case.request,
            paper.kind,
            paper.upload,
            media_type,
            at=case.at,
            by=actor,
            title=f"{label} nomor {number}, mengenai {about}",
            number=number,
            dated=paper.date,
            concerns=concerns,
        )
        case.request.notes.create(
            at=case.at, by=actor, text=f"{label} nomor {number} dicatat, mengenai {about}: {reason}"
        )
        case.label = label
        case.changes = {"number": number, "concerns": concerns, "sha256": document.sha256}
        case.summary = f"{label} nomor {number} dicatat, mengenai {about}, dengan alasan: {reason}"
    return document


def about_whom(concerns: Sequence[int]) -> str:
    """``seluruh SK``, or ``personel nomor 1, 3 dalam Lampiran``."""
    if not concerns:
        return "seluruh SK"
    return f"personel nomor {', '.join(str(number) for number in concerns)} dalam Lampiran"


def _require_sound(
    request: AccountRequest, number: str, dated: dt.date | None, concerns: list[int]
) -> None:
    errors: dict[str, list[str]] = {}
    if not number:
        errors["number"] = ["Isi nomor dokumen yang diberikan tata usaha."]
    elif number == request.decree_number:
        errors["number"] = ["Nomor ini adalah nomor SK-nya sendiri. Isi nomor dokumen yang baru."]
    elif request.documents.filter(kind__in=ABOUT_THE_DECREE, number=number).exists():
        errors["number"] = [
            (
                "Dokumen dengan nomor ini sudah tercatat pada permohonan ini. Anda tidak perlu "
                "mengulanginya."
            )
        ]
    if dated is None:
        errors["date"] = ["Isi tanggal yang tertulis pada dokumen."]
    elif dated > clock.today():
        errors["date"] = [
            f"Tanggal {words.long_date(dated)} belum tiba. Isi tanggal yang tertulis pada dokumen."
        ]
    elif request.decree_date is not None and dated < request.decree_date:
        errors["date"] = [
            (
                f"Tanggal {words.long_date(dated)} mendahului SK-nya "
                f"({words.long_date(request.decree_date)})."
            )
        ]
    known = set(request.registrants.values_list("position_in_list", flat=True))
    if not known.issuperset(concerns):
        errors["positions"] = ["Personel yang dipilih tidak ada dalam Lampiran SK ini."]
    if errors:
        raise InvalidInput(errors)
