"""What joins a file after it was archived: numbered additions; the file itself never changes."""

import datetime as dt

from django.db.models import Max

from accounts_requests.models import AccountRequest, DeviationAnswer, Document
from accounts_requests.states import DocumentKind


def next_number(request: AccountRequest, answer: DeviationAnswer | None) -> int | None:
    """The number under which a paper on ``answer`` joins the archived file; None before that.

    Gapless: the case is locked. Papers that are made of the closing act itself belong to the file.
    """
    if answer is None or request.archived_at is None:
        return None
    last = request.documents.aggregate(last=Max("addendum"))["last"] or 0
    return int(last) + 1


def supersede_sheets(answer: DeviationAnswer, *, at: dt.datetime) -> int:
    """Take the sheets of ``answer`` out of force in every case: a new judgement says otherwise."""
    sheets = Document.objects.filter(answer=answer, kind=DocumentKind.ANSWER_SHEET)
    return sheets.filter(superseded_at__isnull=True).update(superseded_at=at)
