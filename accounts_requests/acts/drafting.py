"""Step 1 up to paraf: a new case, the decree's data, and the concept that goes for paraf."""

import dataclasses
import datetime as dt

from django.db import transaction

from accounts_requests import audit, clock, deadline_moves, papers, permissions, timers, words
from accounts_requests.decree_data import DecreeData, decree_data
from accounts_requests.decree_data import check as check_decree
from accounts_requests.exceptions import AlreadyDone, InvalidInput, NotAllowedNow
from accounts_requests.models import (
    AccountRequest,
    AuditEntry,
    CaseNumber,
    Office,
    Reading,
    Registrant,
    SopRevision,
    StageRun,
    User,
)
from accounts_requests.policies import check_can_submit
from accounts_requests.registrants import check_batch, person_data
from accounts_requests.repeats import refuse_repeated, told
from accounts_requests.states import Act, DocumentKind, SigningMethod, Stage
from accounts_requests.working_time import OutsideCalendar

from .completeness import complete_at_the_latest
from .decree_number import save_decree_number
from .gate import Acting, acting, mark_of, next_number, require_unchanged
from .signer import sign_with, signer_of_the_day
from .stages import next_stage

# Under this name the trail keeps which form opened a case, for as long as it may be sent again.
_FORM_KEY = "form"
_FORM_LIVES = dt.timedelta(days=2)

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
    *,
    actor: User,
    decree: DecreeData,
    copy_from: AccountRequest | None = None,
    form_key: str = "",
) -> AccountRequest:
    """Open a new case in draft; step 1 runs from ``decree.received_at``.

    ``form_key`` names the form that was filled in: one form opens one case (AlreadyDone).

    ``copy_from``: "salin dari SK sebelumnya" – its people are copied as draft rows too, with
    fresh dates to be filled. The case keeps the SOP's revision and the reading of today. Raises
    NotPermitted, InvalidInput (field errors), NotAllowedNow (no revision is in force).
    """
    role = permissions.require(Act.CREATE, actor)
    at = clock.now()
    _require_valid(decree)
    signer = signer_of_the_day(at)
    with transaction.atomic():
        timers.hold_calendar()
        year = at.astimezone(words.ZONE).year
        number = next_number(CaseNumber.Series.REQUEST, year)
        _refuse_second_case(actor, form_key, at)
        revision = SopRevision.in_force(clock.today())
        if revision is None:
            raise NotAllowedNow(
                "Belum ada revisi SOP yang berlaku hari ini, sehingga permohonan belum dapat "
                "dibuat. Minta Pengelola Aplikasi memeriksa halaman SOP."
            )
        request = AccountRequest(
            number=f"P-{year}-{number:04d}",
            sop_revision=revision,
            reading=Reading.in_force(revision, on=clock.today()),
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
            role=permissions.title_of(role, actor),
            request=request,
            summary=f"Permohonan {request.number} dibuat."
            + (f" Disalin dari {copy_from.reference}." if copy_from else ""),
            changes={_FORM_KEY: form_key} if form_key else {},
        )
    return request


def unsaved_request(decree: DecreeData, *, at: dt.datetime) -> AccountRequest:
    """The case that would be opened at ``at`` with ``decree``, valid or not, for its paper only.

    Nothing is stored and no number is taken; it has neither people nor steps.
    """
    request = AccountRequest(received_at=decree.received_at)
    _apply(request, decree)
    sign_with(request, signer_of_the_day(at))
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
        stored = decree_data(case.request)
        if seen and seen != mark_of(stored) and _to_the_minute(stored) == _to_the_minute(decree):
            refuse_repeated(Act.EDIT, case.request, actor, what="Perubahan ini")
        require_unchanged(stored, seen)
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
        check_can_submit(case.request, actor)
        _require_valid_people(case.request)
        case.request.signing_method = signing_method
        case.request.people_locked_at = case.at
        sign_with(case.request, signer_of_the_day(case.at))
        if not case.request.signer_name:
            raise NotAllowedNow(
                "Tidak ada Kepala LPSE (atau Plt./Plh.) yang ditetapkan untuk hari ini, sehingga "
                "penanda tangan SK tidak diketahui. Hubungi Pengelola Aplikasi."
            )
        complete_at_the_latest(case)
        next_stage(case)
        case.request.save()
        _owe_papers(case)
        count = case.request.registrants.count()
        case.summary = f"Konsep SK diajukan untuk paraf dengan {count} personel."


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


def _move_receipt(case: Acting, received_at: dt.datetime) -> None:
    """Correct the receipt, from which step 1 counts. Never silently: it moves a deadline."""
    first = case.request.stage_runs.order_by("id").first()
    if first is not None and first.until is not None and received_at > first.until:
        sentence = (
            f"Konsep sudah diajukan untuk paraf pada {words.instant(first.until)}, jadi berkas "
            "diterima sebelum itu. Isikan waktu berkas benar-benar diterima."
        )
        raise InvalidInput({"received_at": [sentence]})
    complete_at = case.request.complete_at
    if complete_at is not None and received_at > complete_at:
        sentence = (
            f"Berkas sudah dinyatakan lengkap pada {words.instant(complete_at)}, jadi diterima "
            "sebelum itu. Isikan waktu berkas benar-benar diterima."
        )
        raise InvalidInput({"received_at": [sentence]})
    former, case.request.received_at = case.request.received_at, received_at
    moved = f"dari {words.instant(former)} menjadi {words.instant(received_at)}"
    try:
        deadline_moves.restart(
            case.run(),
            received_at,
            cause=deadline_moves.Cause.RECEIPT,
            reason=f"Waktu penerimaan berkas diperbaiki {moved}.",
            at=case.at,
            by=case.actor,
        )
    except OutsideCalendar as error:
        raise InvalidInput({"received_at": [str(error)]}) from error
    if first is not None:
        first.since = received_at
        first.save(update_fields=["since"])
    case.request.notes.create(
        at=case.at, by=case.actor, text=f"Waktu penerimaan berkas diperbaiki {moved}."
    )
    case.changes["received_at"] = received_at.astimezone(dt.UTC).isoformat()
    case.summary = f"Data SK diperbarui; waktu penerimaan berkas diperbaiki {moved}."


def _refuse_second_case(actor: User, form_key: str, at: dt.datetime) -> None:
    """Raise AlreadyDone when the form opened a case before. Asked under the lock of the numbers."""
    if not form_key:
        return
    earlier = AuditEntry.objects.filter(
        act=Act.CREATE, actor=actor, at__gte=at - _FORM_LIVES, **{f"changes__{_FORM_KEY}": form_key}
    ).first()
    if earlier is not None:
        raise AlreadyDone(told(earlier, actor, what="Permohonan dari isian ini"))


def _to_the_minute(decree: DecreeData) -> DecreeData:
    return dataclasses.replace(decree, received_at=_minute(decree.received_at))


def _minute(at: dt.datetime) -> dt.datetime:
    return at.replace(second=0, microsecond=0)


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
