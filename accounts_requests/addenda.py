"""What joins a file after it was archived: numbered additions; the file itself never changes."""

import datetime as dt

from django.db.models import Max

from accounts_requests.models import AccountRequest, DeviationAnswer, Document
from accounts_requests.states import ABOUT_THE_DECREE, DocumentKind

# Papers on what happens after the file was archived, beside those on an answer.
_LATER = (
    DocumentKind.BOUNCE_PROOF,
    DocumentKind.BOUNCE_SHEET,
    DocumentKind.RESEND_PROOF,
    DocumentKind.HAND_OVER_PROOF,
    *ABOUT_THE_DECREE,
)


def next_number(request: AccountRequest, kind: str, answer: DeviationAnswer | None) -> int | None:
    """The number under which a paper joins the archived file: one on ``answer``, on a message that
    came back or went once more, or about the SK. None before that.

    Gapless: the case is locked. Papers that are made of the closing act itself belong to the file.
    """
    if request.archived_at is None or (answer is None and kind not in _LATER):
        return None
    last = request.documents.aggregate(last=Max("addendum"))["last"] or 0
    return int(last) + 1


def supersede_sheets(answer: DeviationAnswer, *, at: dt.datetime) -> int:
    """Take the sheets of ``answer`` out of force in every case: a new judgement says otherwise."""
    sheets = Document.objects.filter(answer=answer, kind=DocumentKind.ANSWER_SHEET)
    return sheets.filter(superseded_at__isnull=True).update(superseded_at=at)
