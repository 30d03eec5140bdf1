"""Kepala LPSE's acts: issue the SK (step 1), order (step 2), cancel."""

import copy
import datetime as dt
from collections.abc import Collection

from django.views.decorators.debug import sensitive_variables

from accounts_requests import (
    clock,
    credentials,
    documents,
    lateness,
    outbox,
    papers,
    permissions,
    policies,
    sign_ins,
    step_limits,
    timers,
    uploads,
    words,
)
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.models import Account, AccountRequest, Appointment, Office, User
from accounts_requests.models.office import OrderDocument
from accounts_requests.person_data import clean_text
from accounts_requests.roles import Role
from accounts_requests.states import (
    EXTERNAL_SIGNING,
    AccountState,
    Act,
    DocumentKind,
    MessageKind,
    SigningMethod,
)
from accounts_requests.uploads import Upload

from .decree_number import require_issue_data, save_decree_number
from .gate import Acting, acting, required_reason
from .signature_checks import keep, look_at_signed, require_confirmed
from .signer import appointment_of, sign_with
from .signing import issued_with, let_go


@sensitive_variables("password")
def issue_decree(
    request: AccountRequest,
    *,
    actor: User,
    number: str,
    date: dt.date | None,
    password: str = "",
    signed_file: Upload | None = None,
    signed_at: dt.datetime | None = None,
    confirmed: Collection[str] = (),
    happened_at: dt.datetime | None = None,
) -> None:
    """Step 1 ends: the SK exists. Step 2 begins.

    Approval in the app: ``password`` is the actor's own, given again (decision 22), and the SK is
    rendered here, before the transaction that stores it. Signed outside: ``signed_file`` (the
    signed PDF or the scan) *is* the SK, its bytes kept as they are. A PDF that is to be signed
    electronically must be, and be as it was signed; where it differs from the case, ``confirmed``
    holds the key of every difference (``signature_checks``). ``happened_at`` as for ``acting``:
    an SK that came about while the application was away was signed on paper, so it is the scan
    also where approval in the app was foreseen.
    ``signed_at`` (aware): when it was signed outside, asked for where the case's reading compares
    the deadline with the signature; what is recorded is recorded now all the same.
    Raises InvalidInput (number, date, password, signed_file, signed_at), NotAllowedNow,
    AlreadyDone, NotPermitted.
    """
    permissions.require(Act.ISSUE_DECREE, actor)
    proposed = AccountRequest.objects.select_related("sop_revision", "reading").get(pk=request.pk)
    policies.check(Act.ISSUE_DECREE, proposed, actor)
    policies.check_people_locked(proposed)
    policies.check_papers_ready(papers.owed(proposed), papers.failed(proposed))
    _fill_in(proposed, actor, number, date, happened_at)
    require_issue_data(proposed, complete=True)
    external = SigningMethod(proposed.signing_method) in EXTERNAL_SIGNING
    rendered, media_type, found = None, "", None
    if external:
        if signed_file is None:
            raise InvalidInput(
                {"signed_file": ["Unggah SK yang sudah ditandatangani (PDF atau hasil pindai)."]}
            )
        media_type = uploads.check_scan(signed_file)
        if proposed.signing_method == SigningMethod.CERTIFIED:
            uploads.check_pdf(signed_file)
            found = look_at_signed(proposed, signed_file)
            require_confirmed(found, confirmed)
    else:
        sign_ins.confirm(actor, password, clock.now())
        rendered = documents.render(DocumentKind.DECREE, copy.copy(proposed), at=clock.now())
    # An SK that is recorded afterwards was signed when it came about.
    measured = _measured_by_signature(proposed, signed_at or happened_at)
    seen = proposed.version
    with acting(Act.ISSUE_DECREE, request, actor=actor, happened_at=happened_at) as case:
        if case.request.version != seen:
            raise NotAllowedNow(
                "Permohonan ini berubah saat SK sedang disiapkan. Periksa kembali, lalu terbitkan "
                "sekali lagi; nomor dan tanggal yang Anda isi tidak dipakai."
            )
        _fill_in(case.request, actor, number, date, happened_at)
        save_decree_number(case.request)
        if signed_file is not None and external:
            decree = papers.store_upload(
                case.request,
                DocumentKind.DECREE,
                signed_file,
                media_type,
                at=case.recorded_at,
                by=actor,
                title=f"SK nomor {case.request.decree_number}",
                number=case.request.decree_number,
                dated=case.request.decree_date,
            )
            case.changes["sha256"] = decree.sha256
            if found is not None:
                keep(case, decree, found)
        elif rendered is not None:
            decree = papers.store_rendered(
                case.request,
                DocumentKind.DECREE,
                rendered,
                at=case.recorded_at,
                by=actor,
                number=case.request.decree_number,
                dated=case.request.decree_date,
            )
            case.changes["sha256"] = decree.sha256
            case.changes["confirmed_by"] = "password"
        issued_with(case, decree)
        case.request.stage_runs.filter(until__isnull=True).update(until=case.at, finished_by=actor)
        run = case.run()
        timers.hold(run, actor, run.offered_at)
        if measured is not None:
            timers.measure_until(run, min(measured, case.at))
            case.changes["signed_at"] = measured.astimezone(dt.UTC).isoformat()
        lateness.finished(timers.finish(run, case.at, by=actor), at=case.recorded_at)
        case.request.issue_decree(at=case.at)
        timers.open_run(case.request, 2, at=case.at, holder=actor)
        case.changes["decree_number"] = case.request.decree_number
        case.summary = f"SK nomor {case.request.decree_number} diterbitkan."


def _measured_by_signature(
    request: AccountRequest, signed_at: dt.datetime | None
) -> dt.datetime | None:
    """The time of the signature where the deadline of step 1 is compared with it, else None.

    An approval in the application is signed when it is pressed. Raises InvalidInput (signed_at)
    for a time that is missing, to come, or before the receipt.
    """
    external = SigningMethod(request.signing_method) in EXTERNAL_SIGNING
    if not external or not step_limits.ends_when_signed(request):
        return None
    if signed_at is None:
        sentence = "Isi tanggal dan jam SK ditandatangani; tenggat langkah 1 dinilai dengannya."
    elif signed_at > clock.now():
        sentence = "Waktu tanda tangan belum tiba. Isi saat SK benar-benar ditandatangani."
    elif signed_at < request.received_at:
        received = words.instant(request.received_at)
        sentence = f"Waktu tanda tangan lebih awal daripada penerimaan berkas ({received})."
    else:
        return signed_at
    raise InvalidInput({"signed_at": [sentence]})


def order_accounts(
    request: AccountRequest,
    *,
    actor: User,
    order_number: str = "",
    note: str = "",
    happened_at: dt.datetime | None = None,
) -> None:
    """Step 2 ends: Admin PPE is ordered; step 3 begins (or goes on, after a return).

    Every Admin PPE (or the one who already holds the task) gets mail with the due time.
    ``happened_at`` as for ``acting``. Raises NotAllowedNow, also where the SK was revoked.
    """
    with acting(Act.ORDER, request, actor=actor, happened_at=happened_at) as case:
        if happened_at is None:  # what was ordered while the SK stood is recorded afterwards
            policies.check_decree_orders(case.request)
        policies.check_papers_ready(papers.owed(case.request), papers.failed(case.request))
        run = case.run()
        lateness.finished(timers.finish(run, case.at, by=actor), at=case.recorded_at)
        case.request.order_number = order_number.strip()
        case.request.order_note = note.strip()
        case.request.order(at=case.at)
        for registrant in case.request.registrants.all():
            Account.objects.get_or_create(registrant=registrant)
        paused = case.request.step_runs.filter(
            step__number=3, finished_at__isnull=True, paused_at__isnull=False
        ).first()
        if paused is not None:
            timers.resume(paused, case.at)
            next_run = paused
        else:
            next_run = timers.open_run(case.request, 3, at=case.at, holder=case.request.assignee)
        case.request.save()
        kind = Office.current().order_document
        if kind != OrderDocument.NONE:
            papers.owe(
                case.request,
                DocumentKind.ORDER if kind == OrderDocument.LETTER else DocumentKind.ORDER_MEMO,
                at=case.recorded_at,
                by=actor,
                number=case.request.order_number,
                dated=case.at.astimezone(words.ZONE).date(),
            )
        _notify_executors(case, next_run.due_at)
        case.summary = "Admin PPE diperintahkan membuat akun."


def cancel(request: AccountRequest, *, actor: User, reason: str) -> None:
    """The case ends without accounts, with a reason. Its papers and its record stay."""
    reason = required_reason(reason, "pembatalan")
    with acting(Act.CANCEL, request, actor=actor) as case:
        accounts = Account.objects.filter(registrant__request=case.request)
        if accounts.filter(state=AccountState.CREATED).exists():
            raise NotAllowedNow(
                "Sebagian akun sudah dibuat di SPSE, sehingga permohonan ini tidak dapat "
                "dibatalkan. Selesaikan langkah 3 sampai 5 untuk akun yang sudah ada."
            )
        for run in case.request.step_runs.filter(finished_at__isnull=True):
            timers.finish(run, case.at, by=actor, abandoned=True)
            lateness.finished(run, at=case.at)
        case.request.stage_runs.filter(until__isnull=True).update(until=case.at, finished_by=actor)
        for account in accounts:
            credentials.destroy(account, at=case.at)
        let_go(case, because="Permohonan dibatalkan.")
        papers.release(case.request, at=case.at)
        case.request.cancel(at=case.at, reason=reason)
        case.summary = f"Permohonan dibatalkan dengan alasan: {reason}"


def _fill_in(
    request: AccountRequest,
    actor: User,
    number: str,
    date: dt.date | None,
    happened_at: dt.datetime | None,
) -> None:
    """What issuing adds to the decree: number, date, and the name of who issues it."""
    if happened_at is not None and request.signing_method == SigningMethod.IN_APP:
        request.signing_method = SigningMethod.INK
    request.decree_number = clean_text(number)
    request.decree_date = date
    appointment = appointment_of(actor, happened_at or clock.now())
    if appointment is not None:
        sign_with(request, appointment)


def _notify_executors(case: Acting, due_at: dt.datetime | None) -> None:
    holder = case.request.assignee
    executors = (
        [holder]
        if holder is not None
        else [
            held.person
            for held in Appointment.objects.in_force(clock.today())
            .filter(role=Role.ADMIN_PPE, person__is_active=True)
            .exclude(person__email="")
            .select_related("person")
            .order_by("person__username")
        ]
    )
    for executor in executors:
        outbox.queue_notice(
            MessageKind.ORDER_NOTICE,
            case.request,
            recipient=executor,
            by=case.actor,
            at=case.recorded_at,
            context={"due": words.instant(due_at) if due_at else "", "by": case.title},
        )
