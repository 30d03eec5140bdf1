"""What the public may learn of a paper, by the code that it prints or by the SHA-256 of its file.

Only papers that leave the office and name nobody's personal data on this page can be asked for;
every other one, and one that is not stored yet, is as unknown as one that never existed. Never
told: the people of a Lampiran, or anything about a case that the paper itself does not say.
"""

import datetime as dt
import enum
from dataclasses import dataclass, field
from typing import Final

from django.db.models import F, Q, QuerySet

from accounts_requests import attempts, document_codes, words
from accounts_requests.documents.paper import appointed, with_capacity
from accounts_requests.models import AccountRequest, Document
from accounts_requests.roles import Role
from accounts_requests.states import (
    ABOUT_THE_DECREE,
    CaseState,
    DocumentKind,
    DocumentState,
    SigningMethod,
)

ORDERS: Final = (DocumentKind.ORDER, DocumentKind.ORDER_MEMO)
VERIFIABLE: Final = (DocumentKind.DECREE, *ABOUT_THE_DECREE, *ORDERS)
"""The Formulir, proofs and sheets are about people, or for the file alone."""

# Questions of one address. Codes need no limit against guessing (100 bits); the database does.
QUESTIONS: Final = 120
QUESTIONS_WINDOW: Final = dt.timedelta(minutes=15)


class Standing(enum.Enum):
    """What a paper is today: the word that the page says first."""

    GENUINE = "asli"
    REPLACED = "digantikan"
    REVOKED = "dicabut"
    UNKNOWN = "tidak dikenal"


class Approval(enum.Enum):
    """How a paper was signed, as far as the application knows."""

    IN_APP = "in_app"
    CERTIFIED = "certified"
    INK = "ink"
    OUTSIDE = "outside"  # a file that came in; the record does not say how it was signed


@dataclass(frozen=True, kw_only=True)
class Relation:
    """Another paper that bears on this one: ``Dicabut sebagian dengan`` + its number and date."""

    joint: str
    title: str
    number: str
    dated: dt.date | None
    code: str


@dataclass(frozen=True, kw_only=True)
class Verified:
    """One paper as the public page shows it. ``signer`` is "" where the record does not know."""

    standing: Standing
    code: str
    kind: str
    title: str
    number: str
    dated: dt.date | None
    signer: str
    approval: Approval
    approved_at: dt.datetime | None
    sha256: str
    relations: list[Relation] = field(default_factory=list)


def asked_too_often(address: str, at: dt.datetime) -> bool:
    """Count a question of ``address`` at ``at`` (UTC), whatever its answer; True: too many."""
    return attempts.too_many("verification", address, at, limit=QUESTIONS, window=QUESTIONS_WINDOW)


def by_code(code: str) -> Verified | None:
    """The paper that prints ``code`` (as ``document_codes.read`` gives it), None for no such."""
    ranges = Q()
    for first, last in document_codes.ids_of(code):
        ranges |= Q(public_id__gte=first, public_id__lte=last)
    return _verified(_verifiable().filter(ranges))


def by_hash(sha256: str) -> Verified | None:
    """The paper whose stored bytes have this SHA-256 (64 small hexadecimal digits)."""
    return _verified(_verifiable().filter(sha256=sha256))


def _verifiable() -> QuerySet[Document]:
    return (
        Document.objects.filter(kind__in=VERIFIABLE, state=DocumentState.STORED)
        .select_related("request", "created_by")
        # The same file may have come in twice: what is in force speaks for it.
        .order_by(F("superseded_at").asc(nulls_first=True), "-pk")
    )


def _verified(found: QuerySet[Document]) -> Verified | None:
    document = found.first()
    if document is None:
        return None
    family = list(
        Document.objects.filter(
            request=document.request, kind__in=VERIFIABLE, state=DocumentState.STORED
        ).order_by("pk")
    )
    approval = _approval(document)
    return Verified(
        standing=_standing(document, family),
        code=document_codes.code_of(document.public_id),
        kind=document.get_kind_display(),
        title=document.title if document.kind == DocumentKind.DECREE else "",
        number=document.number,
        dated=document.dated,
        signer=_signer(document),
        approval=approval,
        approved_at=document.created_at if approval == Approval.IN_APP else None,
        sha256=document.sha256,
        relations=_relations(document, family),
    )


def _standing(document: Document, family: list[Document]) -> Standing:
    if document.superseded_at is not None:
        return Standing.REPLACED
    if document.kind == DocumentKind.DECREE and any(_revokes_whole(one) for one in family):
        return Standing.REVOKED
    if document.kind in ORDERS and document.request.state == CaseState.CANCELLED:
        return Standing.REVOKED  # an order ends with its case; the SK does not
    return Standing.GENUINE


def _revokes_whole(document: Document) -> bool:
    return (
        document.kind == DocumentKind.DECREE_REVOCATION
        and document.superseded_at is None
        and document.concerns == []
    )


def _approval(document: Document) -> Approval:
    if not document.uploaded:
        return Approval.IN_APP
    if document.kind != DocumentKind.DECREE:
        return Approval.OUTSIDE
    if document.request.signing_method == SigningMethod.CERTIFIED:
        return Approval.CERTIFIED
    return Approval.INK


def _signer(document: Document) -> str:
    request: AccountRequest = document.request
    if document.kind == DocumentKind.DECREE:
        return f"{request.signer_name}, {request.signer_title}"
    if document.uploaded or document.created_by is None:
        return ""
    on = document.dated or document.created_at.astimezone(words.ZONE).date()
    held = appointed(document.created_by, Role.KEPALA_LPSE, on)
    return f"{document.created_by.titled_name}, {with_capacity('Kepala LPSE', held)}"


# How the page of an SK names a paper about it, and how that paper's page names the SK.
_OF_THE_DECREE: Final = {
    DocumentKind.DECREE_CORRECTION: ("Diralat dengan", "Ralat atas"),
    DocumentKind.DECREE_AMENDMENT: ("Diubah dengan", "Perubahan atas"),
    DocumentKind.DECREE_REVOCATION: ("Dicabut dengan", "Pencabutan atas"),
}


def _relations(document: Document, family: list[Document]) -> list[Relation]:
    if document.kind == DocumentKind.DECREE:
        return [
            _relation(_told_of_decree(one), one)
            for one in family
            if one.kind in ABOUT_THE_DECREE and one.superseded_at is None
        ]
    if document.kind in ABOUT_THE_DECREE:
        back = _OF_THE_DECREE[DocumentKind(document.kind)][1]
        return [
            _relation(back, one)
            for one in family
            if one.kind == DocumentKind.DECREE and one.superseded_at is None
        ]
    if document.superseded_at is None:
        return []
    return [
        _relation("Digantikan oleh", one)
        for one in family
        if one.kind in ORDERS and one.superseded_at is None
    ]


def _told_of_decree(document: Document) -> str:
    told = _OF_THE_DECREE[DocumentKind(document.kind)][0]
    if document.concerns == []:
        return told
    return told.replace(" dengan", " untuk sebagian personel dengan")


def _relation(joint: str, document: Document) -> Relation:
    return Relation(
        joint=joint,
        title=document.get_kind_display(),
        number=document.number,
        dated=document.dated,
        code=document_codes.code_of(document.public_id),
    )
