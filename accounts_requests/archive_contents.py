"""*Daftar isi berkas*: the papers of an archived file, item by item, and what joined it later."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from accounts_requests import archive_words, words
from accounts_requests.models import AccountRequest, Document
from accounts_requests.states import ABOUT_THE_DECREE, DocumentKind, DocumentState

# A concept is no paper of the file once its SK exists; the archive file is the file itself.
NOT_ITEMS = (DocumentKind.DECREE_CONCEPT, DocumentKind.ARCHIVE_FILE)
# The order of the file, in the archived file itself and in every list of what it holds.
ORDER = (
    DocumentKind.CONTROL_SHEET,
    DocumentKind.DECREE,
    *ABOUT_THE_DECREE,
    DocumentKind.FORM,
    DocumentKind.SCAN,
    DocumentKind.ORDER,
    DocumentKind.ORDER_MEMO,
    DocumentKind.ACCOUNT_SHEET,
    DocumentKind.MAIL_PROOF,
    DocumentKind.HAND_OVER_PROOF,
    DocumentKind.OUTSIDE_PROOF,
    DocumentKind.BOUNCE_PROOF,
    DocumentKind.LATE_EVIDENCE,
    DocumentKind.ANSWER_SHEET,
    DocumentKind.ANSWER_PROOF,
    DocumentKind.JUDGEMENT_PAPER,
)

ITEMS = (
    Q(documents__superseded_at__isnull=True)
    & Q(documents__state=DocumentState.STORED)
    & Q(documents__addendum__isnull=True)
    & ~Q(documents__kind__in=NOT_ITEMS)
)
"""The items of a case, seen from the case: for counting them."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item. ``dated`` is the paper's own date, else that of its making (office zone).

    ``addendum`` is which addition to the file it is, None for what was archived.
    """

    number: int
    code: str
    description: str
    dated: dt.date
    pages: int
    remarks: str
    development: str
    media: str
    addendum: int | None
    document: Document

    @property
    def amount(self) -> str:
        """The *jumlah*."""
        return archive_words.paper_amount(self.pages)


def items(case: AccountRequest, code: str, *, reads_people: bool) -> list[Item]:
    """The file's papers in its order, then the additions in theirs. One query.

    Titles name people: where ``reads_people`` is false, the kind of paper stands for its title.
    """
    found = list(
        case.documents.filter(state=DocumentState.STORED)
        .filter(Q(superseded_at__isnull=True) | Q(addendum__isnull=False))
        .exclude(kind__in=NOT_ITEMS)
        .select_related("registrant", "request")
    )
    found.sort(
        key=lambda paper: (
            paper.addendum or 0,
            ORDER.index(DocumentKind(paper.kind)) if paper.kind in ORDER else len(ORDER),
            paper.registrant.position_in_list if paper.registrant else 0,
            paper.pk,
        )
    )
    return [
        _item(number, paper, code, reads_people=reads_people)
        for number, paper in enumerate(found, start=1)
    ]


def _item(number: int, paper: Document, code: str, *, reads_people: bool) -> Item:
    label = str(DocumentKind(paper.kind).label)
    if not reads_people and paper.registrant:
        label = f"{label} personel nomor {paper.registrant.position_in_list}"
    remarks = [f"nomor {paper.number}"] if paper.number else []
    if paper.version > 1:
        remarks.append(f"versi {paper.version}")
    if paper.addendum:
        remarks.append(f"tambahan ke-{paper.addendum}")
    if paper.superseded_at:
        remarks.append("digantikan")
    return Item(
        number=number,
        code=code,
        description=paper.title if reads_people else label,
        dated=paper.dated or paper.created_at.astimezone(words.ZONE).date(),
        pages=paper.pages,
        remarks=", ".join(remarks),
        development=archive_words.development_of(paper),
        media=archive_words.media_of(paper),
        addendum=paper.addendum,
        document=paper,
    )
