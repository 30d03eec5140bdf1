"""Bukti Pengiriman E-mail: each message of step 4 with the mail server's answer.

The body is shown as the person read it, the password or the link to it left out. What became of
a link is told as of the proof's own instant; what happens later is in the audit trail.
"""

import datetime as dt

from accounts_requests import bounces, mail_texts, password_links, words
from accounts_requests.models import Account, AccountRequest, Message, Office
from accounts_requests.states import (
    STEP4_SETTLED,
    AccountState,
    MessageKind,
    MessageState,
    SmtpStage,
)

from .decree import described
from .paper import Draft, file_name, office_context

TEMPLATE = "documents/mail_proof.html"


def draft(request: AccountRequest, *, at: dt.datetime, code: str) -> Draft:
    """The proof of the case's credentials messages as they stand when it is rendered."""
    office = Office.current()
    messages = list(
        Message.objects.filter(request=request, kind=MessageKind.CREDENTIALS)
        .select_related("account__registrant__request", "queued_by", "password_link", "bounce")
        .order_by("account__registrant__position_in_list", "id")
    )
    accepted = sum(message.state == MessageState.ACCEPTED for message in messages)
    context = {
        **office_context(office),
        "case": request,
        "decree": described(request),
        "messages": [shown(message, at) for message in messages],
        "by_link": any(password_links.of_message(message) for message in messages),
        "told_at": words.instant(at),
        "accepted": accepted,
        "closed_at": words.instant(request.email_sent_at or at),
        "code": code,
    }
    return Draft(
        TEMPLATE,
        context,
        f"Bukti Pengiriman E-mail ({request.reference})",
        file_name("Bukti-Pengiriman-E-mail", request.decree_number or request.number),
    )


def shown(message: Message, at: dt.datetime) -> dict[str, object]:
    """One message as a proof tells it, as of ``at``: never its password.

    Join ``account__registrant__request``, ``queued_by``, ``password_link`` and ``bounce``.
    """
    account = message.account
    if account is None:
        raise ValueError("A credentials message has an account: a constraint of its table.")
    registrant = account.registrant
    settled = message.settled_at
    link = password_links.of_message(message)
    otherwise = (
        account.state in STEP4_SETTLED and account.state != AccountState.ACCEPTED
    ) and message.state in (MessageState.FAILED, MessageState.UNCERTAIN, MessageState.WITHDRAWN)
    return {
        "number": registrant.position_in_list,
        "name": registrant.titled_name,
        "to": message.to_address,
        "subject": message.subject,
        "message_id": message.message_id,
        "queued": words.instant(message.queued_at),
        "queued_by": message.queued_by.titled_name if message.queued_by else "—",
        "settled": words.instant(settled) if settled else "belum ada jawaban",
        "state": MessageState(message.state).label,
        "is_accepted": message.state == MessageState.ACCEPTED,
        "stage": SmtpStage(message.stage).label,
        "answer": f"{message.answer_code or ''} {message.answer}".strip() or "—",
        "attempts": message.attempts,
        "otherwise": AccountState(account.state).label if otherwise else "",
        "otherwise_words": _how(account) if otherwise else "",
        "bounce": _came_back(message, at),
        "link": password_links.words_of(link, at) if link is not None else "",
        "body": mail_texts.preview(account, message).text.strip(),
    }


def _came_back(message: Message, at: dt.datetime) -> str:
    """When it came back and what the returned mail says; "" while it has not."""
    bounce = bounces.of_message(message)
    if bounce is None or bounce.at > at:
        return ""
    said = f": {bounce.text}" if bounce.text else ", lihat buktinya"
    return f"{words.instant(bounce.returned_at)}{said}"


def _how(account: Account) -> str:
    """How an account was settled without the mail server, in the words of whoever settled it."""
    if account.state == AccountState.SENT_OUTSIDE and account.delivered_at is not None:
        sent = words.instant(account.delivered_at)
        return f"{sent}, dari kotak surat {account.sent_from}. Alasan: {account.reason}"
    return account.hand_over_note or account.reason
