"""Bukti Pengiriman Ulang E-mail: one further message to one person, as an addition to the file.

Made for an archived case, whose own proof of sending is never rendered anew. The body is shown as
the person read it, the password or the link to it left out.
"""

import datetime as dt

from accounts_requests import audit, words
from accounts_requests.models import AuditEntry, Document, Message, Office, Registrant
from accounts_requests.states import Act, MessageKind

from . import mail_proof
from .decree import described
from .paper import Draft, file_name, office_context

TEMPLATE = "documents/resend_proof.html"

# How a person settled it when the mail server would not.
_DECIDED = (Act.HAND_OVER, Act.NOT_DELIVERED)


def draft(registrant: Registrant, *, at: dt.datetime, code: str, document: Document) -> Draft:
    """The last message to ``registrant`` that was answered by ``at``, and how it ended by then.

    ``document`` is the row that owes it: as which addition it joins the file.
    """
    case = document.request
    message = (
        Message.objects.filter(
            account__registrant=registrant, kind=MessageKind.CREDENTIALS, settled_at__lte=at
        )
        .select_related("account__registrant__request", "queued_by", "password_link", "bounce")
        .order_by("settled_at", "pk")
        .last()
    )
    asked = _entry(registrant, (Act.RESEND,), message.queued_at) if message else None
    context = {
        **office_context(Office.current()),
        "case": case,
        "decree": described(case),
        "addendum": document.addendum,
        "archived": words.instant(case.archived_at) if case.archived_at else "–",
        "reason": audit.reason_of(asked.summary) if asked else "",
        "had_signed_in": _signed_in(asked),
        "decided": _decided(registrant, message, at) if message else "",
        # How it ended is told above, as of the paper's own instant.
        "message": {**mail_proof.shown(message, at), "otherwise": ""} if message else None,
        "told_at": words.instant(at),
        "code": code,
    }
    return Draft(
        TEMPLATE,
        context,
        f"Bukti Pengiriman Ulang E-mail ({case.reference})",
        file_name("Bukti-Pengiriman-Ulang-E-mail", case.decree_number or case.number),
    )


def _entry(registrant: Registrant, acts: tuple[Act, ...], until: dt.datetime) -> AuditEntry | None:
    """The latest entry of ``acts`` on the person, by ``until``; the trail names them by number."""
    return (
        AuditEntry.objects.filter(
            request=registrant.request,
            act__in=acts,
            object_label=f"Personel nomor {registrant.position_in_list}",
            at__lte=until,
        )
        .order_by("-sequence")
        .first()
    )


def _signed_in(asked: AuditEntry | None) -> str:
    if asked is None or "had_signed_in" not in asked.changes:
        return "–"
    return "sudah pernah" if asked.changes["had_signed_in"] else "belum pernah"


def _decided(registrant: Registrant, message: Message, at: dt.datetime) -> str:
    """What a person decided after the answer to ``message``; "" while nobody has."""
    entry = _entry(registrant, _DECIDED, at)
    if entry is None or message.settled_at is None or entry.at < message.settled_at:
        return ""
    note = registrant.request.notes.filter(at=entry.at).last()
    said = note.text if note else entry.summary
    return f"{words.instant(entry.at)}, oleh {entry.actor_name}: {said}"
