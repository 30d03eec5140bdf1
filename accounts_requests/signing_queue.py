"""The queue of what goes to the office's e-sign service: rows of ``SigningRequest``.

As with mail (``outbox``) exactly once is impossible, so the claim of a submission is committed
before the service is called: what was begun and has no answer is uncertain and never sent again by
itself. Asking is harmless and is simply repeated. What an answer means is the gate's to settle.
"""

import datetime as dt
import hashlib
import logging
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When

from accounts_requests import papers
from accounts_requests.models import AccountRequest, SigningRequest
from accounts_requests.signatures import service

logger = logging.getLogger(__name__)

State = SigningRequest.State

# Until the next try, after the first, second, … time that the service could not be reached.
BACK_OFF_MINUTES = (1, 5, 15, 30, 60, 60, 60, 60)
MAX_ATTEMPTS = len(BACK_OFF_MINUTES) + 1
# Until the service is asked again; the last holds for as long as the official takes.
POLL_SECONDS = (15, 30, 60, 120, 300)
# A claim older than this belongs to a worker that is gone: no call takes longer than a minute.
STALE_AFTER = dt.timedelta(minutes=10)

STOPPED = (
    "Pengirim berhenti saat mengirim, sebelum jawaban layanan tercatat. Layanan mungkin sudah "
    "menerima Konsep."
)
BROKEN_OFF = (
    "Hubungan dengan layanan terputus saat mengirim ({kind}). Layanan mungkin sudah menerima "
    "Konsep."
)
RESTORED = (
    "Basis data dipulihkan dari cadangan yang dibuat sebelum Konsep ini tercatat terkirim. Layanan "
    "mungkin sudah menerima Konsep."
)
NO_REFERENCE = "Layanan tidak memberi nomor rujukan, sehingga tidak dapat ditanya kembali."
UNREADABLE = "Jawaban layanan tidak dapat dibaca ({kind})."
WAITING = "Belum ditandatangani."


class ClaimLost(Exception):
    """Somebody withdrew the request or another worker took it over: this answer comes too late."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What became of one conversation. ``state`` is what the row becomes; the one that it had
    been claimed in (QUEUED, SENT) where it is to be tried again.

    ``reference`` comes with SENT after a submission, ``data`` with SIGNED.
    """

    state: SigningRequest.State
    answer: str = ""
    reference: str = ""
    data: bytes = b""

    def is_to_be_tried_again(self, row: SigningRequest) -> bool:
        """Nothing has come of it yet: a claimed ``row`` waits for its next try."""
        return self.state in (State.QUEUED, row.state)


# -- what is there ------------------------------------------------------------------------------


def of(request: AccountRequest) -> list[SigningRequest]:
    """Every sending of the case, newest first, without the bytes that came back."""
    rows = request.signing_requests.defer("signed_pdf").select_related("queued_by", "document")
    return list(rows.order_by("-pk"))


def latest(request: AccountRequest) -> SigningRequest | None:
    """The newest sending of the case, without the bytes that came back."""
    return next(iter(of(request)), None)


def returned(request: AccountRequest) -> SigningRequest | None:
    """The sending whose signed PDF waits to be issued, with its bytes.

    Raises papers.PaperDamaged where they are not the ones that came.
    """
    found = request.signing_requests.filter(state=State.SIGNED).first()
    if found is None or found.signed_pdf is None:
        return None
    if hashlib.sha256(bytes(found.signed_pdf)).hexdigest() != found.signed_sha256:
        logger.error("the PDF of signing request %s differs from its SHA-256", found.pk)
        raise papers.PaperDamaged(
            "PDF yang kembali dari layanan tanda tangan tidak sama dengan saat diterima (SHA-256 "
            "berbeda), sehingga tidak dipakai. Laporkan kepada Pengelola Aplikasi; PDF itu dapat "
            "diunduh lagi di layanan dan diunggah setelah permintaan di sini ditarik kembali."
        )
    return found


# -- one conversation ---------------------------------------------------------------------------


def claim_next(worker: str, at: dt.datetime) -> SigningRequest | None:
    """Claim for ``worker`` what has been due the longest; None when nothing is, or without service.

    Committed when this returns: two workers never hold the same row, and what is SENDING from here
    on is never submitted a second time.
    """
    if not service.is_on():
        return None
    free = SigningRequest.objects.filter(
        _is_due(at), state__in=(State.QUEUED, State.SENT), claimed_at__isnull=True
    )
    due = free.order_by("next_try_at", "pk").values_list("pk", flat=True)
    while (pk := due.first()) is not None:
        with transaction.atomic(durable=True):
            claimed = free.filter(pk=pk).update(
                state=Case(When(state=State.QUEUED, then=Value(State.SENDING)), default=F("state")),
                claimed_by=worker,
                claimed_at=at,
                attempts=F("attempts") + 1,
            )
        if claimed:
            return SigningRequest.objects.select_related("request", "document").get(pk=pk)
    return None


def converse(row: SigningRequest) -> Told:
    """Submit a claimed request, or ask for it, once; the row is settled by others.

    Raises nothing of the adapter's: of what it raised unforeseen only the kind is kept, for its
    text may quote with what the application signs in to the service.
    """
    adapter = service.current()
    if adapter is None:  # switched off since the claim
        return Told(state=State.QUEUED if row.state == State.SENDING else State.SENT)
    return _submit(adapter, row) if row.state == State.SENDING else _ask(adapter, row)


def try_later(row: SigningRequest, told: Told, *, at: dt.datetime) -> Told | None:
    """Put a claimed row back for its next try; None once that is done.

    When BACK_OFF_MINUTES is used up nothing is written: what was told comes back as failed, for
    the gate to settle. Raises ClaimLost.
    """
    if told.state == State.QUEUED:
        if row.attempts >= MAX_ATTEMPTS:
            answer = f"Tidak berhasil setelah {row.attempts} kali percobaan. {told.answer}"
            return Told(state=State.FAILED, answer=answer)
        wait = dt.timedelta(minutes=BACK_OFF_MINUTES[row.attempts - 1])
    else:
        wait = dt.timedelta(seconds=POLL_SECONDS[min(row.attempts, len(POLL_SECONDS)) - 1])
    updated = claim_of(row).update(
        state=told.state,
        claimed_by="",
        claimed_at=None,
        next_try_at=at + wait,
        answer=told.answer,
        answered_at=at,
    )
    if not updated:
        raise ClaimLost
    return None


def claim_of(row: SigningRequest) -> "QuerySet[SigningRequest]":
    """The row as long as its claim holds."""
    return SigningRequest.objects.filter(
        pk=row.pk, state=row.state, claimed_by=row.claimed_by, claimed_at=row.claimed_at
    )


def left_behind(at: dt.datetime) -> list[tuple[int, Told]]:
    """What workers that are gone have left: what was being asked is asked again, and returned is
    what was being submitted, (key, told), for the gate to settle as uncertain.
    """
    if not service.is_on():
        return []
    stale = SigningRequest.objects.filter(
        # Further ahead than clocks may differ: the clock was set back since.
        Q(claimed_at__lte=at - STALE_AFTER) | Q(claimed_at__gt=at + STALE_AFTER)
    )
    keys = list(stale.filter(state=State.SENDING).order_by("pk").values_list("pk", flat=True))
    if stale.filter(state=State.SENT).exists():
        stale.filter(state=State.SENT).update(claimed_by="", claimed_at=None)
    return [(key, Told(state=State.UNCERTAIN, answer=STOPPED)) for key in keys]


def doubt_unsent(at: dt.datetime) -> int:
    """After a restore: what the backup holds unsent may have gone out since; returns how many.

    Part of the caller's transaction.
    """
    unsent = SigningRequest.objects.filter(state__in=(State.QUEUED, State.SENDING))
    return unsent.update(
        state=State.UNCERTAIN,
        claimed_by="",
        claimed_at=None,
        next_try_at=None,
        answer=RESTORED,
        answered_at=at,
    )


def _submit(adapter: service.SigningService, row: SigningRequest) -> Told:
    case = row.request
    try:
        data = papers.read(row.document)
    except (papers.PaperDamaged, papers.PaperNotReady) as error:
        return Told(state=State.FAILED, answer=str(error))
    submission = service.Submission(
        data=data,
        title=f"SK nomor {case.decree_number} tentang {case.subject}"[:250],
        signer_name=case.signer_name,
        signer_nip=case.signer_nip,
        our_reference=str(row.public_id),
    )
    try:
        reference: object = adapter.submit(submission)
    except service.Unreachable as error:
        return Told(state=State.QUEUED, answer=str(error))
    except service.Rejected as error:
        return Told(state=State.FAILED, answer=str(error))
    except Exception as error:  # noqa: BLE001  whatever a foreign adapter raises: nobody knows
        kind = type(error).__name__
        logger.error("signing request %s broke off: %s", row.pk, kind)  # noqa: TRY400  see above
        return Told(state=State.UNCERTAIN, answer=BROKEN_OFF.format(kind=kind))
    if not isinstance(reference, str) or not 0 < len(reference) <= service.LONGEST_REFERENCE:
        return Told(state=State.UNCERTAIN, answer=NO_REFERENCE)
    return Told(state=State.SENT, reference=reference, answer=WAITING)


def _ask(adapter: service.SigningService, row: SigningRequest) -> Told:
    try:
        answer: object = adapter.ask(row.reference)
    except service.Unreachable as error:
        return Told(state=State.SENT, answer=str(error))
    except service.Rejected as error:
        return Told(state=State.FAILED, answer=str(error))
    except Exception as error:  # noqa: BLE001  whatever a foreign adapter raises: ask again
        kind = type(error).__name__
        logger.error("signing request %s was not answered: %s", row.pk, kind)  # noqa: TRY400
        return Told(state=State.SENT, answer=UNREADABLE.format(kind=kind))
    return _told(answer)


def _told(answer: object) -> Told:
    """What an answer means; one of no known shape says nothing, so the service is asked again."""
    match answer:
        case service.Signed(bytes(data)):
            return Told(state=State.SIGNED, data=data, answer="Sudah ditandatangani.")
        case service.Refused(str(reason)):
            return Told(state=State.REFUSED, answer=reason)
        case service.Waiting():
            return Told(state=State.SENT, answer=WAITING)
        case _:
            return Told(state=State.SENT, answer=UNREADABLE.format(kind=type(answer).__name__))


def _is_due(at: dt.datetime) -> Q:
    """What waits when its time has come; a time beyond the longest wait was written by a clock that
    has been set back since.
    """
    longest = dt.timedelta(minutes=max(BACK_OFF_MINUTES))
    return Q(next_try_at__lte=at) | Q(next_try_at__gt=at + longest)
