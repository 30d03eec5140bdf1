"""The outbox: message rows are the queue, and the worker's every step stands on the row.

Exactly once is impossible: a crash between the server's answer and our commit leaves a send
that nobody can be sure of. So each row says how far its last attempt came; what surely did not
arrive is tried again by itself, what may have arrived is shown to a person and never resent.

A claim is (claimed_by, claimed_at). Every write of an attempt is conditional on it, so a worker
that lost its claim can neither finish the message nor send its final dot.
"""

import datetime as dt
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils.encoding import punycode
from django.views.decorators.debug import sensitive_variables

from accounts_requests import clock, credentials, mail_texts, password_links
from accounts_requests.exceptions import InvalidInput, SecretUnavailable
from accounts_requests.mail_texts import Preview, compose, preview
from accounts_requests.models import (
    Account,
    AccountRequest,
    Message,
    Office,
    PasswordLink,
    User,
)
from accounts_requests.smtp import Delivery, Outcome, Parcel, Server, converse
from accounts_requests.states import MessageKind, MessageState, SmtpStage

__all__ = [
    "Delivery",
    "Outcome",
    "Preview",
    "claim_next",
    "claim_of",
    "compose",
    "deliver",
    "preview",
    "queue_credentials",
    "queue_notice",
    "record_answer",
    "retry_later",
    "withdraw",
]

logger = logging.getLogger(__name__)

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"

# Minutes until the next attempt, after the first, second, … one. A server that greylists lets a
# message in after minutes; one that is being repaired is back within the office day.
BACK_OFF_MINUTES = (1, 5, 15, 30, 60, 60, 60, 60)
MAX_ATTEMPTS = len(BACK_OFF_MINUTES) + 1
# A claim older than this belongs to a worker that is gone: longer than any conversation.
STALE_AFTER = dt.timedelta(minutes=15)

BAD_ADDRESS = "Alamat e-mail penerima kosong atau tidak benar."
QUOTED_SECRET = "Jawaban server e-mail mengutip isi pesan dan karena itu tidak disimpan."  # noqa: S105


class ClaimLost(Exception):
    """Another worker has taken the message over; this attempt must not go on."""


# -- queueing -----------------------------------------------------------------------------------


def queue_credentials(account: Account, *, by: User, at: dt.datetime) -> Message:
    """Queue user id and password to the address registered in SPSE; returns the row.

    The office's choice of this moment decides for all attempts whether the mail carries the
    password or a link to it.

    Raises SecretUnavailable without a live password and InvalidInput for an address that no
    mail can go to. Part of the caller's transaction; ``at`` is UTC.
    """
    if not credentials.has_live(account):
        raise SecretUnavailable(credentials.GONE)
    if not _is_address(account.registered_email):
        raise InvalidInput({"registered_email": [BAD_ADDRESS]})
    by_link = mail_texts.goes_by_link(Office.current())
    message = Message.objects.create(
        request=account.registrant.request,
        account=account,
        kind=MessageKind.CREDENTIALS,
        to_address=account.registered_email,
        subject=mail_texts.credentials_subject(account),
        message_id=mail_texts.new_message_id(),
        template_version=mail_texts.template_version(
            mail_texts.credentials_template(by_link=by_link)
        ),
        queued_at=at,
        queued_by=by,
        next_attempt_at=at,
    )
    if by_link:
        password_links.prepare(message, account, at=at)
    return message


def queue_notice(
    kind: MessageKind,
    request: AccountRequest | None,
    *,
    recipient: User,
    by: User | None,
    at: dt.datetime,
    context: Mapping[str, str | int],
) -> Message:
    """Queue a notice to somebody who signs in here, about a case or about none; returns the row.

    ``context`` knows the keys of ``mail_texts.NOTICE_FIELDS`` only (ValueError otherwise): no
    personal data. A notice never stops an act: one without a usable address is stored as failed.
    """
    message = Message(
        request=request,
        recipient=recipient,
        kind=kind,
        to_address=recipient.email,
        subject=mail_texts.notice_subject(kind, request),
        context=mail_texts.notice_context(kind, context),
        message_id=mail_texts.new_message_id(),
        template_version=mail_texts.template_version(kind),
        queued_at=at,
        queued_by=by,
        next_attempt_at=at,
    )
    if not _is_address(recipient.email):
        message.state = MessageState.FAILED
        message.answer = BAD_ADDRESS
        message.settled_at = at
        message.next_attempt_at = None
    message.save()
    return message


def withdraw(message: Message, at: dt.datetime, *, because: str = "") -> bool:
    """Take a message back before it is sent; False when it is being sent or settled already.

    ``because`` is the sentence that stands where the mail server's answer would.
    """
    changes = {"answer": because, "answer_code": None} if because else {}
    return bool(
        Message.objects.filter(pk=message.pk, state=MessageState.QUEUED).update(
            state=MessageState.WITHDRAWN, settled_at=at, next_attempt_at=None, **changes
        )
    )


# -- one attempt --------------------------------------------------------------------------------


def claim_next(worker: str, at: dt.datetime) -> Message | None:
    """Claim the message that has been due the longest, for ``worker``; None when none is due.

    Committed when this returns: two workers never hold the same message.
    """
    due = Message.objects.filter(_is_due(at), state=MessageState.QUEUED).order_by(
        "next_attempt_at", "id"
    )
    while due.exists():
        with transaction.atomic(durable=True):
            rows = due
            if connection.features.has_select_for_update_skip_locked:
                rows = due.select_for_update(skip_locked=True)
            pk = rows.values_list("pk", flat=True).first()
            if pk is None:
                return None
            claimed = Message.objects.filter(pk=pk, state=MessageState.QUEUED).update(
                state=MessageState.SENDING,
                claimed_by=worker,
                claimed_at=at,
                attempts=F("attempts") + 1,
                stage=SmtpStage.NONE,
                answer_code=None,
                answer="",
            )
        if claimed:
            return Message.objects.select_related("request", "recipient").get(pk=pk)
    return None


@sensitive_variables()
def deliver(message: Message) -> Delivery:
    """Send a claimed message once and return what came of it; the row is settled by others.

    Over SMTP the row is marked FINAL_DOT and committed right before the dot that lets the server
    take the message, so that after a crash ``reaping`` can tell. Raises ClaimLost when the claim
    was lost by then (nothing was sent), and the database's errors from that mark.
    """
    token = ""
    try:
        token = _issue_link(message)
        mail = compose(message, token=token)
        mime: Any = mail.message()  # Django's own class, which knows line ends
        data = mime.as_bytes(linesep="\r\n")
    except ClaimLost:
        raise
    except credentials.KeyLost as loss:
        # In a restored backup the message may have gone out before: never resend by itself.
        return Delivery("uncertain", SmtpStage.NONE, None, str(loss))
    except credentials.KeyUnreadable as loss:
        return Delivery("retry", SmtpStage.NONE, None, str(loss))
    except SecretUnavailable as loss:
        return Delivery("failed", SmtpStage.NONE, None, str(loss))
    except Exception as error:  # noqa: BLE001  one bad message must not stop the others
        # Its text may hold what was being written: only its kind is kept.
        kind = type(error).__name__
        logger.error("message %s could not be composed: %s", message.pk, kind)  # noqa: TRY400
        return Delivery("retry", SmtpStage.NONE, None, f"Pesan tidak dapat disusun ({kind}).")
    if settings.EMAIL_BACKEND != SMTP_BACKEND:
        return _store(message, mail)
    parcel = Parcel(
        sender=_envelope_address(settings.DEFAULT_FROM_EMAIL),
        recipient=_envelope_address(message.to_address),
        data=data,
    )
    delivery = converse(
        Server.from_settings(), parcel, before_final_dot=lambda: _mark_final_dot(message)
    )
    return _without_secret(message, delivery, token)


def record_answer(message: Message, delivery: Delivery) -> None:
    """Keep on the claimed row how far it came and what the server said, before it is settled.

    Should settling fail, ``reaping`` finds the answer here. Raises ClaimLost.
    """
    updated = claim_of(message).update(
        stage=delivery.stage, answer_code=delivery.code, answer=delivery.answer
    )
    if not updated:
        raise ClaimLost


def retry_later(message: Message, delivery: Delivery, *, at: dt.datetime) -> Delivery | None:
    """Put a claimed message back for its next attempt; None once that is done.

    When BACK_OFF_MINUTES is used up nothing is written: the delivery comes back as failed, for
    the gate to settle. Raises ClaimLost.
    """
    if message.attempts >= MAX_ATTEMPTS:
        return replace(
            delivery,
            outcome="failed",
            answer=f"Tidak berhasil setelah {message.attempts} kali percobaan. {delivery.answer}",
        )
    wait = dt.timedelta(minutes=BACK_OFF_MINUTES[message.attempts - 1])
    updated = claim_of(message).update(
        state=MessageState.QUEUED,
        claimed_by="",
        claimed_at=None,
        next_attempt_at=at + wait,
        stage=delivery.stage,
        answer_code=delivery.code,
        answer=delivery.answer,
    )
    if not updated:
        raise ClaimLost
    return None


def _is_due(at: dt.datetime) -> Q:
    """What never waited goes at once, what waits when its time has come.

    Nothing waits longer than the longest back-off: a time beyond it was written by a clock that
    has been set back since.
    """
    longest = dt.timedelta(minutes=max(BACK_OFF_MINUTES))
    return (
        Q(attempts=0, next_attempt_at__isnull=False)
        | Q(next_attempt_at__lte=at)
        | Q(next_attempt_at__gt=at + longest)
    )


def claim_of(message: Message) -> QuerySet[Message]:
    """Select the row of ``message`` as long as its claim holds."""
    return Message.objects.filter(
        pk=message.pk,
        state=MessageState.SENDING,
        claimed_by=message.claimed_by,
        claimed_at=message.claimed_at,
    )


@sensitive_variables()
def _issue_link(message: Message) -> str:
    """Make the token of this attempt, committed before the mail may go; "" without a link.

    Raises ClaimLost, or whatever keeps the password behind the link from being shown.
    """
    link = PasswordLink.objects.filter(message=message).select_related("account").first()
    if link is None:
        return ""
    credentials.reveal(link.account, made_by=link.created_at)
    with transaction.atomic(durable=True):
        if claim_of(message).select_for_update().first() is None:
            raise ClaimLost
        return password_links.issue(link, at=clock.now())


def _mark_final_dot(message: Message) -> None:
    """Commit that from here on the server may have the message. Raises ClaimLost."""
    with transaction.atomic(durable=True):
        if not claim_of(message).update(stage=SmtpStage.FINAL_DOT):
            raise ClaimLost


def _store(message: Message, mail: EmailMultiAlternatives) -> Delivery:
    """Hand ``mail`` to Django's backend where no mail server is used (demo and tests)."""
    _mark_final_dot(message)
    backend = mail.connection = get_connection()
    try:
        mail.send()
    except OSError:
        with suppress(OSError):
            backend.close()  # which Django leaves open when it fails
        return Delivery("retry", SmtpStage.DATA, None, "Pesan tidak dapat disimpan.")
    if settings.EMAIL_BACKEND == FILE_BACKEND:
        answer = "Disimpan sebagai berkas; tidak dikirim melalui server e-mail."
    else:
        answer = f"Diserahkan kepada {settings.EMAIL_BACKEND}."
    return Delivery("accepted", SmtpStage.ANSWERED, None, answer)


@sensitive_variables()
def _without_secret(message: Message, delivery: Delivery, token: str) -> Delivery:
    """Return ``delivery`` without the secret, should a server have quoted the message.

    That is the ``token`` of a link where the mail carried one, otherwise the password.
    """
    if message.account is None:
        return delivery
    if token:
        # Any part that would spare somebody most of the guessing.
        parts = [token[start : start + 8] for start in range(0, len(token) - 7, 8)]
        quoted = any(part in delivery.answer for part in parts)
        return replace(delivery, answer=QUOTED_SECRET) if quoted else delivery
    try:
        password = credentials.reveal(message.account)
    except SecretUnavailable:
        return replace(delivery, answer="")
    # Any part of it: the answer may have been cut in the middle.
    if any(group in delivery.answer for group in password.split(credentials.SEPARATOR)):
        return replace(delivery, answer=QUOTED_SECRET)
    return delivery


def _is_address(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def _envelope_address(header: str) -> str:
    """Return the bare address of a header value, its domain in ASCII."""
    local, _, domain = parseaddr(header)[1].rpartition("@")
    return f"{local}@{punycode(domain)}"
