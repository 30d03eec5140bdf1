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
from dataclasses import replace
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.encoding import punycode
from django.views.decorators.debug import sensitive_variables

from accounts_requests import credentials, mail_texts
from accounts_requests.exceptions import InvalidInput, SecretUnavailable
from accounts_requests.mail_texts import Preview, compose, preview
from accounts_requests.models import Account, AccountRequest, Message, User
from accounts_requests.smtp import Delivery, Outcome, Parcel, Server, converse
from accounts_requests.states import MessageKind, MessageState, SmtpStage

__all__ = [
    "Delivery",
    "Outcome",
    "Preview",
    "claim_next",
    "compose",
    "deliver",
    "preview",
    "queue_credentials",
    "queue_notice",
    "reap",
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
STOPPED_AFTER_DOT = (
    "Pengirim berhenti setelah isi pesan terkirim dan sebelum jawaban server e-mail tercatat."
)
STOPPED_BEFORE_DOT = "Pengirim berhenti sebelum pesan selesai dikirim."


class ClaimLost(Exception):
    """Another worker has taken the message over; this attempt must not go on."""


# -- queueing -----------------------------------------------------------------------------------


def queue_credentials(account: Account, *, by: User, at: dt.datetime) -> Message:
    """Queue user id and password to the address registered in SPSE; returns the row.

    Raises SecretUnavailable without a live password and InvalidInput for an address that no
    mail can go to. Part of the caller's transaction; ``at`` is UTC.
    """
    if not credentials.has_live(account):
        raise SecretUnavailable(credentials.GONE)
    if not _is_address(account.registered_email):
        raise InvalidInput({"registered_email": [BAD_ADDRESS]})
    return Message.objects.create(
        request=account.registrant.request,
        account=account,
        kind=MessageKind.CREDENTIALS,
        to_address=account.registered_email,
        subject=mail_texts.credentials_subject(account),
        message_id=mail_texts.new_message_id(),
        template_version=mail_texts.template_version(MessageKind.CREDENTIALS),
        queued_at=at,
        queued_by=by,
        next_attempt_at=at,
    )


def queue_notice(
    kind: MessageKind,
    request: AccountRequest,
    *,
    recipient: User,
    by: User | None,
    at: dt.datetime,
    context: Mapping[str, str | int],
) -> Message:
    """Queue a notice to somebody who signs in here; returns the row.

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


def withdraw(message: Message, at: dt.datetime) -> bool:
    """Take a message back before it is sent; False when it is being sent or settled already."""
    return bool(
        Message.objects.filter(pk=message.pk, state=MessageState.QUEUED).update(
            state=MessageState.WITHDRAWN, settled_at=at, next_attempt_at=None
        )
    )


# -- one attempt --------------------------------------------------------------------------------


def claim_next(worker: str, at: dt.datetime) -> Message | None:
    """Claim the message that has been due the longest, for ``worker``; None when none is due.

    Committed when this returns: two workers never hold the same message.
    """
    due = Message.objects.filter(state=MessageState.QUEUED, next_attempt_at__lte=at).order_by(
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
    take the message, so that after a crash ``reap`` can tell. Raises ClaimLost when the claim
    was lost by then (nothing was sent), and the database's errors from that mark.
    """
    try:
        mail = compose(message)
        mime: Any = mail.message()  # Django's own class, which knows line ends
        data = mime.as_bytes(linesep="\r\n")
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
    return _without_secret(message, delivery)


def record_answer(message: Message, delivery: Delivery) -> None:
    """Keep on the claimed row how far it came and what the server said, before it is settled.

    Should settling fail, ``reap`` finds the answer here. Raises ClaimLost.
    """
    updated = _claim_of(message).update(
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
    updated = _claim_of(message).update(
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


def reap(at: dt.datetime) -> list[tuple[int, Delivery]]:
    """Take over the messages of workers that are gone (claims older than STALE_AFTER).

    What surely was not sent goes back into the queue. Returns what the gate must settle, as
    (message id, delivery): an answer that was recorded, an uncertain send, or a message out of
    attempts. Two workers never get the same one.
    """
    owed: list[tuple[int, Delivery]] = []
    stale = Message.objects.filter(
        state=MessageState.SENDING, claimed_at__lte=at - STALE_AFTER
    ).order_by("id")
    for message in stale:
        if not _claim_of(message).update(claimed_at=at):
            continue
        message.claimed_at = at
        delivery: Delivery | None = _judge_left_behind(message)
        if delivery is not None and delivery.outcome == "retry":
            try:
                delivery = retry_later(message, delivery, at=at)
            except ClaimLost:  # its worker was slow, not gone, and has settled it just now
                continue
        if delivery is not None:
            owed.append((message.pk, delivery))
    return owed


def _judge_left_behind(message: Message) -> Delivery:
    """Return what is known of an attempt whose worker is gone."""
    stage = SmtpStage(message.stage)
    code = message.answer_code
    if stage == SmtpStage.ANSWERED:
        outcome: Outcome = "accepted"
        if code is not None and code >= 400:
            outcome = "failed" if code >= 500 else "retry"
        return Delivery(outcome, stage, code, message.answer)
    if stage == SmtpStage.FINAL_DOT:
        return Delivery("uncertain", stage, code, message.answer or STOPPED_AFTER_DOT)
    return Delivery("retry", stage, code, message.answer or STOPPED_BEFORE_DOT)


def _claim_of(message: Message) -> QuerySet[Message]:
    """Select the row of ``message`` as long as its claim holds."""
    return Message.objects.filter(
        pk=message.pk,
        state=MessageState.SENDING,
        claimed_by=message.claimed_by,
        claimed_at=message.claimed_at,
    )


def _mark_final_dot(message: Message) -> None:
    """Commit that from here on the server may have the message. Raises ClaimLost."""
    with transaction.atomic(durable=True):
        if not _claim_of(message).update(stage=SmtpStage.FINAL_DOT):
            raise ClaimLost


def _store(message: Message, mail: EmailMultiAlternatives) -> Delivery:
    """Hand ``mail`` to Django's backend where no mail server is used (demo and tests)."""
    _mark_final_dot(message)
    try:
        mail.connection = get_connection()
        mail.send()
    except OSError:
        return Delivery("retry", SmtpStage.DATA, None, "Pesan tidak dapat disimpan.")
    if settings.EMAIL_BACKEND == FILE_BACKEND:
        answer = "Disimpan sebagai berkas; tidak dikirim melalui server e-mail."
    else:
        answer = f"Diserahkan kepada {settings.EMAIL_BACKEND}."
    return Delivery("accepted", SmtpStage.ANSWERED, None, answer)


@sensitive_variables()
def _without_secret(message: Message, delivery: Delivery) -> Delivery:
    """Return ``delivery`` without the password, should a server have quoted the message."""
    if message.account is None:
        return delivery
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
