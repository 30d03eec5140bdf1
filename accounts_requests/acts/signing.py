"""Signing through the office's e-sign service: hand a Konsep over, take in what the service says.

What comes back signed is not the SK by itself: it waits until Kepala LPSE issues it
(``deciding.issue_decree``), looked at as an uploaded PDF is. The signer's press in the service
issues nothing.
"""

import copy
import datetime as dt
import hashlib
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts_requests import (
    audit,
    clock,
    documents,
    papers,
    permissions,
    policies,
    signing_policies,
    signing_queue,
    uploads,
)
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.models import AccountRequest, Document, SigningRequest, User
from accounts_requests.signatures import service
from accounts_requests.signing_queue import State, Told
from accounts_requests.states import Act, DocumentKind
from accounts_requests.uploads import Upload

from .gate import Acting, acting, locked
from .instants import instant_of_act
from .signature_checks import look_at_signed

RETURNED_NAME = "SK dari layanan tanda tangan.pdf"
NOT_SENT_YET = "Konsep belum sampai di layanan."
MAY_HOLD_IT = "Layanan mungkin masih menyimpannya; batalkan juga di sana."
_MAY_BE_SETTLED = (State.SENDING, State.SENT, State.UNCERTAIN)


def send_for_signing(request: AccountRequest, *, actor: User) -> SigningRequest:
    """Queue the Konsep as the record stands for the office's service; returns the row.

    The Konsep is rendered here, stored, and kept as what was sent. Nothing that an official signs
    with is asked for. Raises NotPermitted, NotAllowedNow, AlreadyDone, RenderingFailed.
    """
    permissions.require(Act.SEND_FOR_SIGNING, actor)
    proposed = AccountRequest.objects.select_related("sop_revision", "reading").get(pk=request.pk)
    policies.check(Act.SEND_FOR_SIGNING, proposed, actor)
    _check_can_send(proposed)
    rendered = documents.render(DocumentKind.DECREE_CONCEPT, copy.copy(proposed), at=clock.now())
    with acting(Act.SEND_FOR_SIGNING, request, actor=actor) as case:
        _check_can_send(case.request)
        if case.request.version != proposed.version:
            raise NotAllowedNow(
                "Permohonan ini berubah saat Konsep sedang disiapkan, sehingga belum ada yang "
                "dikirim. Periksa kembali, lalu kirim sekali lagi."
            )
        concept = papers.store_rendered(
            case.request,
            DocumentKind.DECREE_CONCEPT,
            rendered,
            at=case.recorded_at,
            by=actor,
            number=case.request.decree_number,
            dated=case.request.decree_date,
        )
        row = SigningRequest.objects.create(
            request=case.request,
            document=concept,
            sha256=concept.sha256,
            service=service.name(),
            queued_at=case.recorded_at,
            queued_by=actor,
            next_try_at=case.recorded_at,
        )
        case.changes = {"sha256": concept.sha256, "our_reference": str(row.public_id)}
        case.summary = f"Konsep SK dikirim ke {row.service} untuk ditandatangani."
        return row


def withdraw_signing(request: AccountRequest, *, actor: User, seen: UUID | None) -> None:
    """Take back the sending ``seen``, here: the service may hold it still, and is not told.

    Raises NotPermitted, NotAllowedNow, AlreadyDone.
    """
    with acting(Act.WITHDRAW_SIGNING, request, actor=actor) as case:
        signing_policies.check_offered(case.request)
        row = _requests(case.request).filter(public_id=seen).first() if seen else None
        signing_policies.check_can_withdraw(row)
        let_go(case, because=f"Ditarik kembali oleh {actor.titled_name}.")
        case.summary = "Permintaan tanda tangan ditarik kembali."


def let_go(case: Acting, *, because: str) -> None:
    """End what the service holds or has given back for the case, if anything: it is stale now.

    Part of an act that changes what was sent; ``because`` is the sentence that stays on the row,
    followed by what is to be done at the service, which is not told.
    """
    row = _requests(case.request).filter(state__in=SigningRequest.OPEN).first()
    if row is None:
        return
    case.changes["signing_withdrawn"] = row.reference or str(row.public_id)
    rest = NOT_SENT_YET if row.state == State.QUEUED else MAY_HOLD_IT
    _end(row, State.WITHDRAWN, f"{because} {rest}", case.recorded_at)


def issued_with(case: Acting, decree: Document) -> None:
    """The SK exists: what the service gave back is it, or is needed no more."""
    row = _requests(case.request).filter(state__in=SigningRequest.OPEN).first()
    if row is None:
        return
    if row.state == State.SIGNED and row.signed_sha256 == decree.sha256:
        case.changes["signing_reference"] = row.reference
        _end(row, State.ISSUED, "Diterbitkan sebagai SK oleh Kepala LPSE.", case.recorded_at)
    else:
        let_go(case, because="SK diterbitkan dengan PDF lain; permintaan ini tidak dipakai lagi.")


def settle_signing(row_pk: int, told: Told, *, at: dt.datetime) -> None:
    """Take in what became of a request at the service. Called by the worker.

    Idempotent: a request that has ended or come back is left alone; of one that was withdrawn while
    it was on its way the service's reference is kept, so that people find it there. A PDF that
    cannot be an SK (unsigned, changed, no PDF) fails here, with the sentence that an upload gets.
    """
    found = SigningRequest.objects.select_related("request").defer("signed_pdf").get(pk=row_pk)
    if told.state == State.SIGNED:
        told = _examined(found.request, told)
    with transaction.atomic():
        request = locked(found.request_id)
        row = _requests(request).get(pk=row_pk)
        if told.reference and not row.reference:
            row.reference = told.reference
            row.sent_at = at
            row.save(update_fields=["reference", "sent_at"])
        if row.state not in _MAY_BE_SETTLED or row.state == told.state:
            return
        at = instant_of_act(request, at)
        if told.state in SigningRequest.OPEN:
            _go_on(row, told, at)
        else:
            _end(row, told.state, told.answer, at)
        if request.is_open:
            request.version += 1
            request.save()
        audit.record(
            Act.ANSWER_SIGNING,
            actor=None,
            at=at,
            request=request,
            label=row.service,
            summary=f"Layanan tanda tangan: {row.get_state_display().lower()}.",
            changes={
                "our_reference": str(row.public_id),
                "reference": row.reference,
                "sha256": row.signed_sha256,
            },
        )


def _examined(request: AccountRequest, told: Told) -> Told:
    """``told`` as it is, or failed where the PDF cannot be an SK at all."""
    upload = Upload(RETURNED_NAME, told.data)
    try:
        uploads.check_pdf(upload)
        look_at_signed(request, upload)
    except InvalidInput as error:
        answer = f"Yang dikembalikan layanan tidak dapat menjadi SK. {error}"
        return replace(told, state=State.FAILED, answer=answer, data=b"")
    return told


def _check_can_send(request: AccountRequest) -> None:
    signing_policies.check_can_send(
        request, owed=papers.owed(request), failed=papers.failed(request)
    )


def _requests(request: AccountRequest) -> "QuerySet[SigningRequest]":
    return SigningRequest.objects.filter(request=request).defer("signed_pdf")


def _go_on(row: SigningRequest, told: Told, at: dt.datetime) -> None:
    """The request stays open in another state; what is SENT is asked for from now on."""
    row.state = told.state
    row.answer, row.answered_at = told.answer, at
    row.claimed_by, row.claimed_at, row.attempts = "", None, 0
    row.next_try_at = None
    if told.state == State.SENT:
        first = dt.timedelta(seconds=signing_queue.POLL_SECONDS[0])
        row.next_try_at = at + first
    if told.state == State.SIGNED:
        row.signed_pdf = told.data
        row.signed_sha256 = hashlib.sha256(told.data).hexdigest()
    row.save()


def _end(row: SigningRequest, state: State, answer: str, at: dt.datetime) -> None:
    """Nothing more comes of it; the bytes that came back are needed no more, their hash stays."""
    row.state = state
    row.answer, row.answered_at, row.ended_at = answer, at, at
    row.claimed_by, row.claimed_at, row.next_try_at = "", None, None
    row.signed_pdf = None
    row.save()
