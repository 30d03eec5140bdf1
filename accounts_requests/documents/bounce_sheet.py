"""Catatan Pesan Kembali: what came back of one person's messages, as an addition to the file.

Made for an archived case, whose own proof of sending is never rendered anew.
"""

import datetime as dt

from accounts_requests import words
from accounts_requests.models import Bounce, Document, Office, Registrant
from accounts_requests.states import MessageState

from .decree import described
from .paper import Draft, file_name, office_context

TEMPLATE = "documents/bounce_sheet.html"


def draft(registrant: Registrant, *, at: dt.datetime, code: str, document: Document) -> Draft:
    """The messages to ``registrant`` that were on record as returned at ``at``.

    ``document`` is the row that owes it: as which addition it joins the file.
    """
    case = document.request
    bounces = (
        Bounce.objects.filter(account__registrant=registrant, at__lte=at)
        .select_related("message", "recorded_by", "proof")
        .order_by("pk")
    )
    context = {
        **office_context(Office.current()),
        "case": case,
        "decree": described(case),
        "addendum": document.addendum,
        "number": registrant.position_in_list,
        "name": registrant.titled_name,
        "bounces": [_shown(bounce) for bounce in bounces],
        "code": code,
    }
    return Draft(
        TEMPLATE,
        context,
        f"Catatan Pesan Kembali ({case.reference})",
        file_name("Catatan-Pesan-Kembali", case.decree_number or case.number),
    )


def _shown(bounce: Bounce) -> dict[str, object]:
    message = bounce.message
    return {
        "to": message.to_address,
        "message_id": message.message_id,
        "state": MessageState(message.state).label,
        "settled": words.instant(message.settled_at) if message.settled_at else "—",
        "answer": f"{message.answer_code or ''} {message.answer}".strip() or "—",
        "returned": words.instant(bounce.returned_at),
        "recorded": words.instant(bounce.at),
        "by": bounce.recorded_by.titled_name,
        "proof": bounce.proof.title if bounce.proof else "",
        "sha256": words.grouped(bounce.proof.sha256 if bounce.proof else bounce.source_sha256),
        "text": bounce.text,
    }
