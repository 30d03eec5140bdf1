"""What joins a file after it was archived: numbered additions; the file itself never changes."""

import datetime as dt

from django.db.models import Max

from accounts_requests.models import AccountRequest, DeviationAnswer, Document
from accounts_requests.states import ABOUT_THE_DECREE, DocumentKind


def next_number(request: AccountRequest, kind: str, answer: DeviationAnswer | None) -> int | None:
    """The number under which a paper on ``answer``, or of ``kind`` about the SK, joins the archived
    file; None before that.

    Gapless: the case is locked. Papers that are made of the closing act itself belong to the file.
    """
    if (answer is None and kind not in ABOUT_THE_DECREE) or request.archived_at is None:
        return None
    last = request.documents.aggregate(last=Max("addendum"))["last"] or 0
    return int(last) + 1


def supersede_sheets(answer: DeviationAnswer, *, at: dt.datetime) -> int:
    """Take the sheets of ``answer`` out of force in every case: a new judgement says otherwise."""
    sheets = Document.objects.filter(answer=answer, kind=DocumentKind.ANSWER_SHEET)
    return sheets.filter(superseded_at__isnull=True).update(superseded_at=at)
