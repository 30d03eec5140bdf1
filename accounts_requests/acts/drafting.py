"""Step 1 up to the signature: the decree's data and its stages (konsep, paraf, nomor)."""

import dataclasses
import datetime as dt

from django.db import IntegrityError, transaction

from accounts_requests import audit, clock, papers, permissions, timers, words
from accounts_requests.decree_data import DecreeData, check_decree_date, decree_data
from accounts_requests.decree_data import check as check_decree
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.models import (
    AccountRequest,
    CaseNumber,
    Office,
    Registrant,
    SopRevision,
    StageRun,
    User,
)
from accounts_requests.person_data import clean_text
from accounts_requests.policies import check_can_submit
from accounts_requests.registrants import check_batch, person_data
from accounts_requests.states import Act, CaseState, DocumentKind, SigningMethod, Stage
from accounts_requests.working_time import OutsideCalendar

from .gate import Acting, acting, next_number, require_unchanged, required_reason
from .signer import sign_with, signer_of_the_day

# Fields of the decree's data that the case stores as they are.
_PLAIN = (
    "subject",
    "considerations",
    "legal_bases",
    "noted",
    "copies_to",
    "valid_from",
    "valid_until",
    "signing_method",
    "decree_number",
    "decree_date",
)


def create_request(
    *, actor: User, decree: DecreeData, copy_from: AccountRequest | None = None
) -> AccountRequest:
    """Open a new case in draft; step 1 runs from ``decree.received_at``.

    ``copy_from``: "salin dari SK sebelumnya" – its people are copied as draft rows too, with
    fresh dates to be filled. Raises NotPermitted, InvalidInput (field errors).
    """
    role = permissions.require(Act.CREATE, actor)
    at = clock.now()
    _require_valid(decree)
    signer = signer_of_the_day(at)
    with transaction.atomic():
        year = at.astimezone(words.ZONE).year
        number = next_number(CaseNumber.Series.REQUEST, year)
        revision = SopRevision.objects.filter(in_force_from__lte=clock.today()).latest("revision")
        request = AccountRequest(
            number=f"P-{year}-{number:04d}",
            sop_revision=revision,
            created_by=actor,
            created_at=at,
            received_at=decree.received_at,
            copied_from=copy_from,
            classification_code=Office.current().classification_code,
            is_demo=actor.is_demo,
        )
        _apply(request, decree)
        sign_with(request, signer)
        save_decree_number(request)
        try:
            timers.open_run(request, 1, at=decree.received_at)
        except OutsideCalendar as error:
            raise InvalidInput({"received_at": [str(error)]}) from error
        StageRun.objects.create(request=request, stage=Stage.CONCEPT, since=decree.received_at)
        if copy_from is not None:
            _copy_people(copy_from, request, at)
        audit.record(
            Act.CREATE,
            actor=actor,
            at=at,
            role=role.label,
            request=request,
            summary=f"Permohonan {request.number} dibuat."
            + (f" Disalin dari {copy_from.reference}." if copy_from else ""),
        )
    return request


def edit_decree(
    request: AccountRequest, *, actor: User, decree: DecreeData, seen: str = ""
) -> None:
    """Change the SK's data while the case is a draft that is not locked for paraf.

    ``seen`` is ``mark_of`` the decree data that the typist was shown: what somebody else saved
    meanwhile is not overwritten unread. After paraf the number and the date may still be entered
    (``set_decree_number``).
    """
    _require_valid(decree)
    with acting(Act.EDIT, request, actor=actor) as case:
        if case.request.people_locked_at is not None:
            raise NotAllowedNow(
                "Konsep SK telah diajukan untuk paraf, sehingga isinya dikunci. Buka kuncinya "
                "dengan alasan bila memang perlu diubah."
            )
        require_unchanged(decree_data(case.request), seen)
        before = {name: getattr(case.request, name) for name in _PLAIN}
        _apply(case.request, decree)
        case.summary = "Data SK diperbarui."
        # People type minutes: the seconds that a record may hold are no correction.
        if _minute(case.request.received_at) != _minute(decree.received_at):
            _move_receipt(case, decree.received_at)
        save_decree_number(case.request)
        case.changes |= {
            name: audit.hashed(getattr(case.request, name))
            for name in _PLAIN
            if before[name] != getattr(case.request, name)
        }


def submit_for_initials(
    request: AccountRequest, *, actor: User, signing_method: SigningMethod
) -> None:
    """Send the concept for paraf: the people are locked, their Formulir and the concept owed.

    The way of signing is chosen here, before anything is rendered.
    """
    with acting(Act.SUBMIT_FOR_INITIALS, request, actor=actor) as case:
        check_can_submit(case.request)
        _require_valid_people(case.request)
        case.request.signing_method = signing_method
        case.request.people_locked_at = case.at
        sign_with(case.request, signer_of_the_day(case.at))
        if not case.request.signer_name:
            raise NotAllowedNow(
                "Tidak ada Kepala LPSE (atau Plt./Plh.) yang ditetapkan untuk hari ini, sehingga "
                "penanda tangan SK tidak diketahui. Hubungi Pengelola Aplikasi."
            )
        _next_stage(case)
        case.request.save()
        _owe_papers(case)
        count = case.request.registrants.count()
        case.summary = f"Konsep SK diajukan untuk paraf dengan {count} personel."


def unlock_people(request: AccountRequest, *, actor: User, reason: str) -> None:
    """Back to the concept stage with a reason; the Formulir will be rendered anew."""
    reason = required_reason(reason, "membuka kunci")
    with acting(Act.UNLOCK, request, actor=actor) as case:
        if case.request.people_locked_at is None:
            raise NotAllowedNow("Daftar personel tidak sedang dikunci.")
        case.request.people_locked_at = None
        papers.supersede(case.request, (DocumentKind.FORM, DocumentKind.DECREE_CONCEPT), at=case.at)
        _enter_stage(case, Stage.CONCEPT, note=reason)
        case.request.notes.create(
            at=case.at, by=actor, text=f"Kunci personel dibuka kembali: {reason}"
        )
        case.summary = f"Kunci personel dibuka dengan alasan: {reason}"


def complete_stage(request: AccountRequest, *, actor: User, note: str = "") -> None:
    """The present stage (paraf, nomor) is done; the next one of the office's order begins."""
    with acting(Act.ADVANCE_STAGE, request, actor=actor) as case:
        stage = Stage(case.request.stage)
        if stage == Stage.CONCEPT:
            raise NotAllowedNow("Tahap konsep selesai dengan mengajukan paraf.")
        if stage == Stage.SIGNATURE:
            raise NotAllowedNow("Tahap tanda tangan selesai dengan menerbitkan SK.")
        _next_stage(case, note=note)
        case.summary = f"Tahap {stage.label.lower()} selesai."


def set_decree_number(
    request: AccountRequest, *, actor: User, number: str, date: dt.date | None
) -> None:
    """Enter the secretariat's number (and the date); ends the stage "nomor" when it is on."""
    with acting(Act.SET_NUMBER, request, actor=actor) as case:
        case.request.decree_number = clean_text(number)
        case.request.decree_date = date
        require_issue_data(case.request, complete=False)
        save_decree_number(case.request)
        if case.request.stage == Stage.NUMBER:
            _next_stage(case)
        case.changes = {
            "decree_number": case.request.decree_number,
            "decree_date": str(date or ""),
        }
        case.summary = f"Nomor SK dicatat: {case.request.decree_number}."


def require_issue_data(request: AccountRequest, *, complete: bool) -> None:
    """The number, and the date (needed when ``complete``): neither to come nor before the receipt.

    Raises InvalidInput (number, date).
    """
    errors: dict[str, list[str]] = {}
    if not request.decree_number:
        errors["number"] = ["Isi nomor SK yang diberikan tata usaha."]
    if request.decree_date is None:
        if complete:
            errors["date"] = ["Isi tanggal SK."]
    elif request.decree_date > clock.today():
        errors["date"] = [
            (
                f"Tanggal SK {words.long_date(request.decree_date)} belum tiba. "
                "Isi tanggal hari ini atau sebelumnya."
            )
        ]
    elif sentences := check_decree_date(
        request.decree_date, request.received_at, today=clock.today()
    ):
        errors["date"] = sentences
    if errors:
        raise InvalidInput(errors)


def _require_valid(decree: DecreeData) -> None:
    errors = check_decree(decree, today=clock.today())
    if decree.received_at > clock.now():
        errors.setdefault("received_at", []).append(
            "Tanggal dan jam penerimaan belum tiba. Isi saat berkas diterima."
        )
    if errors:
        raise InvalidInput(errors)


def _apply(request: AccountRequest, decree: DecreeData) -> None:
    values = dataclasses.asdict(decree)
    for name in _PLAIN:
        setattr(request, name, values[name])


def save_decree_number(request: AccountRequest) -> None:
    """Save a case whose number may clash: InvalidInput names the case that has it.

    What was issued keeps its number, cancelled or not.
    """
    clash = (
        AccountRequest.objects.filter(decree_number__iexact=request.decree_number)
        .exclude(pk=request.pk)
        .exclude(state=CaseState.CANCELLED, issued_at__isnull=True)
        .first()
        if request.decree_number
        else None
    )
    sentence = "Nomor SK ini telah digunakan pada permohonan lain."
    if clash is not None:
        sentence = (
            f"Nomor SK ini telah digunakan pada permohonan {clash.number}. Isian Anda tersimpan "
            "pada formulir ini. Silakan perbaiki nomor SK, lalu simpan kembali."
        )
        raise InvalidInput({"decree_number": [sentence], "number": [sentence]})
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError as error:
        if "decree_number" not in str(error):
            raise
        raise InvalidInput({"decree_number": [sentence], "number": [sentence]}) from error


def _move_receipt(case: Acting, received_at: dt.datetime) -> None:
    """Correct the receipt, from which step 1 counts. Never silently: it moves a deadline."""
    first = case.request.stage_runs.order_by("id").first()
    if first is not None and first.until is not None and received_at > first.until:
        sentence = (
            f"Konsep sudah diajukan untuk paraf pada {words.instant(first.until)}, jadi berkas "
            "diterima sebelum itu. Isikan waktu berkas benar-benar diterima."
        )
        raise InvalidInput({"received_at": [sentence]})
    try:
        timers.restart(case.run(), received_at)
    except OutsideCalendar as error:
        raise InvalidInput({"received_at": [str(error)]}) from error
    if first is not None:
        first.since = received_at
        first.save(update_fields=["since"])
    former, case.request.received_at = case.request.received_at, received_at
    moved = f"dari {words.instant(former)} menjadi {words.instant(received_at)}"
    case.request.notes.create(
        at=case.at, by=case.actor, text=f"Waktu penerimaan berkas diperbaiki {moved}."
    )
    case.changes["received_at"] = received_at.astimezone(dt.UTC).isoformat()
    case.summary = f"Data SK diperbarui; waktu penerimaan berkas diperbaiki {moved}."


def _minute(at: dt.datetime) -> dt.datetime:
    return at.replace(second=0, microsecond=0)


def _next_stage(case: Acting, *, note: str = "") -> None:
    order = [Stage(name) for name in Office.current().stage_order]
    following = order[order.index(Stage(case.request.stage)) + 1]
    _enter_stage(case, following, note=note)


def _enter_stage(case: Acting, stage: Stage, *, note: str) -> None:
    case.request.stage_runs.filter(until__isnull=True).update(
        until=case.at, finished_by=case.actor, note=note
    )
    StageRun.objects.create(request=case.request, stage=stage, since=case.at)
    case.request.stage = stage


def _require_valid_people(request: AccountRequest) -> None:
    """The people still keep every rule: the SK's validity may have changed since they were typed.

    Raises NotAllowedNow with the first sentences, each naming the person's number.
    """
    rows = list(request.registrants.order_by("position_in_list"))
    findings = check_batch(
        [person_data(row) for row in rows],
        office=Office.current(),
        decree_valid_until=request.valid_until,
        today=clock.today(),
        request=request,
    )
    sentences = [
        f"Personel nomor {row.position_in_list}: {sentence}"
        for row, found in zip(rows, findings, strict=True)
        for texts in found.errors.values()
        for sentence in texts
    ]
    if sentences:
        raise NotAllowedNow(
            f"Konsep belum dapat diajukan untuk paraf. {' '.join(sentences[:3])} "
            "Perbaiki data personel atau masa berlaku SK, lalu ajukan kembali."
        )


def _owe_papers(case: Acting) -> None:
    papers.owe(case.request, DocumentKind.DECREE_CONCEPT, at=case.at, by=case.actor)
    for registrant in case.request.registrants.all():
        papers.owe(
            case.request,
            DocumentKind.FORM,
            at=case.at,
            by=case.actor,
            registrant=registrant,
            number=registrant.form_number,
        )


def _copy_people(source: AccountRequest, target: AccountRequest, at: dt.datetime) -> None:
    """Copy the people of an earlier case as draft rows; dates start anew."""
    today = at.astimezone(words.ZONE).date()
    for row in source.registrants.order_by("position_in_list"):
        row.pk = None
        row.request = target
        row.statement_date = today
        row.form_number = ""
        row.valid_until = None
        row.save(force_insert=True)
    Registrant.objects.filter(request=target).update(nik="")
