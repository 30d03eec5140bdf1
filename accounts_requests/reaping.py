"""Messages of workers that are gone: what is known of each attempt, and how it goes on.

Every attempt says on its row how far it came (``outbox``), so that nothing is lost and nothing is
sent twice: what surely did not arrive is tried again, the rest is the gate's to settle.
"""

import datetime as dt

from django.db.models import Q

from accounts_requests.models import Message
from accounts_requests.outbox import STALE_AFTER, ClaimLost, claim_of, retry_later
from accounts_requests.smtp import Delivery, Outcome
from accounts_requests.states import MessageState, SmtpStage

STOPPED_AFTER_DOT = (
    "Pengirim berhenti setelah isi pesan terkirim dan sebelum jawaban server e-mail tercatat."
)
STOPPED_BEFORE_DOT = "Pengirim berhenti sebelum pesan selesai dikirim."


def reap(at: dt.datetime) -> list[tuple[int, Delivery]]:
    """Take over the messages of workers that are gone (claims older than STALE_AFTER).

    What surely was not sent goes back into the queue. Returns what the gate must settle, as
    (message id, delivery): an answer that was recorded, an uncertain send, or a message out of
    attempts. Two workers never get the same one.
    """
    owed: list[tuple[int, Delivery]] = []
    stale = Message.objects.filter(_is_left_behind(at), state=MessageState.SENDING).order_by("id")
    for message in stale:
        if not claim_of(message).update(claimed_at=at):
            continue
        # Its worker may only have been slow, and gone on to the dot since the row was read. From
        # here on it can write nothing more, so what the row says now is the last word.
        message.refresh_from_db(fields=["claimed_at", "stage", "answer_code", "answer"])
        delivery: Delivery | None = _judge_left_behind(message)
        if delivery is not None and delivery.outcome == "retry":
            try:
                delivery = retry_later(message, delivery, at=at)
            except ClaimLost:  # its worker was slow, not gone, and has settled it just now
                continue
        if delivery is not None:
            owed.append((message.pk, delivery))
    return owed


def _is_left_behind(at: dt.datetime) -> Q:
    """A claim that is too old, or further ahead than clocks may differ: it was set back since."""
    return Q(claimed_at__lte=at - STALE_AFTER) | Q(claimed_at__gt=at + STALE_AFTER)


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
