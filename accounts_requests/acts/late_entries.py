"""*Pencatatan susulan*: an act is entered with the time at which it happened, after an outage.

Admin PPE proposes, with a reason and evidence; Kepala LPSE confirms, and with the confirmation the
act goes through the gate in the name of whoever did it. Kepala LPSE's own acts are entered by
Kepala LPSE at once, and Kepala Biro is told. It is a catatan on the case, no deviation; what the
act itself brings to light (a step that was late at its true end) is one all the same.
"""

import datetime as dt

from django.db import transaction

from accounts_requests import (
    audit,
    clock,
    late_entry_rules,
    papers,
    permissions,
    policies,
    timers,
    uploads,
)
from accounts_requests.exceptions import InvalidInput, NotAllowedNow, NotPermitted
from accounts_requests.late_entry_rules import OWN_ACTS, PROPOSED_ACTS
from accounts_requests.models import AccountRequest, Document, LateEntry, Outage, User
from accounts_requests.repeats import refuse_repeated
from accounts_requests.roles import Role
from accounts_requests.states import Act, CaseState, DocumentKind, MessageKind
from accounts_requests.uploads import Upload

from .gate import acting, calendar_must_reach, locked, required_reason
from .instants import instant_of_act
from .late_acts import LateDetails, carry_out, check_act
from .late_telling import label, leave_note, tell, tell_proposer, what

STAYS = "Usulan tetap menunggu: perbaiki dahulu sebabnya, atau tolak usulan ini dengan catatan."


def propose_late_entry(
    request: AccountRequest,
    *,
    actor: User,
    act: Act,
    happened_at: dt.datetime,
    reason: str,
    evidence: Upload,
    details: LateDetails | None = None,
    outage: Outage | None = None,
) -> LateEntry:
    """Admin PPE asks that ``act`` be recorded as of ``happened_at`` (UTC); Kepala LPSE is told.

    Nothing of the case moves yet. ``evidence`` becomes a document of the case. Raises InvalidInput
    (happened_at, reason, evidence, outage, answers), NotAllowedNow, AlreadyDone, NotPermitted.
    """
    if act not in PROPOSED_ACTS:
        raise ValueError(f"{act} is not proposed.")
    details = details or LateDetails()
    reason = required_reason(reason, "mengapa baru dicatat sekarang")
    media_type = uploads.check_scan(evidence)
    with acting(Act.PROPOSE_LATE_ENTRY, request, actor=actor) as case:
        _refuse_second(case.request, actor)
        policies.check(act, case.request, actor, late=True)
        check_act(act, case.request, details)
        happened_at = _checked_instant(act, case.request, actor, happened_at, case.at)
        _check_outage(outage, happened_at)
        entry = LateEntry.objects.create(
            request=case.request,
            act=act,
            happened_at=happened_at,
            details=details.stored(),
            reason=reason,
            outage=outage,
            evidence=_keep_evidence(case.request, evidence, media_type, by=actor, at=case.at),
            proposed_by=actor,
            proposed_at=case.at,
        )
        case.label = label(entry)
        case.changes = {"act": str(act)}
        case.summary = f"{case.label} diajukan: {what(entry)}{audit.REASON}{reason}"
        tell(
            MessageKind.LATE_ENTRY_PROPOSED,
            entry,
            Role.KEPALA_LPSE,
            by=actor,
            at=case.at,
            title=case.title,
        )
    return entry


def record_late(
    request: AccountRequest,
    *,
    actor: User,
    act: Act,
    happened_at: dt.datetime,
    reason: str,
    evidence: Upload,
    details: LateDetails | None = None,
    outage: Outage | None = None,
) -> LateEntry:
    """Kepala LPSE enters an act of their own as of ``happened_at`` (UTC); Kepala Biro is told.

    Raises as ``propose_late_entry`` and as the act itself.
    """
    if act not in OWN_ACTS:
        raise ValueError(f"{act} is not Kepala LPSE's own.")
    role = permissions.require(Act.RECORD_LATE_ENTRY, actor)
    details = details or LateDetails()
    reason = required_reason(reason, "mengapa baru dicatat sekarang")
    media_type = uploads.check_scan(evidence)
    with calendar_must_reach(), transaction.atomic():
        case = locked(request.pk)
        policies.check(act, case, actor, late=True)
        policies.check(Act.RECORD_LATE_ENTRY, case, actor)
        happened_at = _checked_instant(act, case, actor, happened_at, clock.now())
        _check_outage(outage, happened_at)
        carry_out(act, case, actor, details, happened_at)
        case = AccountRequest.objects.get(pk=case.pk)
        at = instant_of_act(case, clock.now())
        stored = details.stored()
        if differing := _differences_in(case):
            stored["differences"] = differing
        entry = LateEntry.objects.create(
            request=case,
            act=act,
            state=LateEntry.State.CONFIRMED,
            happened_at=happened_at,
            details=stored,
            reason=reason,
            outage=outage,
            evidence=_keep_evidence(case, evidence, media_type, by=actor, at=at),
            proposed_by=actor,
            proposed_at=at,
            decided_by=actor,
            decided_at=at,
        )
        leave_note(entry, actor, at, f"Dicatat oleh {actor.titled_name}.{_confirmed(entry)}")
        title = permissions.title_of(role, actor)
        tell(MessageKind.LATE_ENTRY_RECORDED, entry, Role.KEPALA_BIRO, by=actor, at=at, title=title)
        audit.record(
            Act.RECORD_LATE_ENTRY,
            actor=actor,
            at=at,
            role=title,
            request=case,
            label=label(entry),
            summary=f"{label(entry)} dicatat: {what(entry)}{audit.REASON}{reason}",
        )
    return entry


def confirm_late_entry(entry: LateEntry, *, actor: User, note: str = "") -> None:
    """Kepala LPSE confirms: the act is carried out in the proposer's name as of when it happened.

    Raises AlreadyDone when it is decided, NotAllowedNow when the case has moved on since: then it
    stays proposed. Not by the proposer.
    """
    role = permissions.require(Act.CONFIRM_LATE_ENTRY, actor)
    with calendar_must_reach(), transaction.atomic():
        case = locked(entry.request_id)
        fresh = _undecided(entry, case, actor)
        policies.check(Act.CONFIRM_LATE_ENTRY, case, actor)
        if fresh.proposed_by == actor:
            raise NotAllowedNow(
                "Usulan ini Anda ajukan sendiri, sehingga tidak dapat Anda konfirmasi. Minta Plt. "
                f"atau Plh. Kepala LPSE memutuskannya. {STAYS}"
            )
        # The proposer's act is done from Kepala LPSE's machine: the trail names no address for it.
        token = audit.origin.set("")
        try:
            carry_out(
                Act(fresh.act), case, fresh.proposed_by, LateDetails.of(fresh), fresh.happened_at
            )
        except (InvalidInput, NotAllowedNow, NotPermitted) as error:
            raise NotAllowedNow(
                f"Pencatatan susulan ini tidak dapat dilaksanakan lagi. {error} {STAYS}"
            ) from error
        finally:
            audit.origin.reset(token)
        case = AccountRequest.objects.get(pk=case.pk)
        at = instant_of_act(case, clock.now())
        title = permissions.title_of(role, actor)
        _decide(fresh, LateEntry.State.CONFIRMED, actor, at, note=note.strip(), title=title)
        leave_note(
            fresh,
            actor,
            at,
            f"Diajukan oleh {fresh.proposed_by.titled_name}, dikonfirmasi oleh "
            f"{actor.titled_name}.",
        )
        audit.record(
            Act.CONFIRM_LATE_ENTRY,
            actor=actor,
            at=at,
            role=title,
            request=case,
            label=label(fresh),
            summary=f"{label(fresh)} dikonfirmasi: {what(fresh)}.",
        )


def refuse_late_entry(entry: LateEntry, *, actor: User, note: str) -> None:
    """Kepala LPSE refuses, with a note; the act may then be done in the ordinary way."""
    note = required_reason(note, "penolakan")
    with acting(Act.REFUSE_LATE_ENTRY, AccountRequest(pk=entry.request_id), actor=actor) as case:
        fresh = _undecided(entry, case.request, actor)
        _decide(fresh, LateEntry.State.REFUSED, actor, case.at, note=note, title=case.title)
        case.request.notes.create(
            at=case.at,
            by=actor,
            text=f"{label(fresh)} ditolak: {what(fresh)}. Catatan penolakan: {note}",
        )
        case.label = label(fresh)
        case.summary = f"{case.label} ditolak: {what(fresh)}{audit.REASON}{note}"


def _checked_instant(
    act: Act, case: AccountRequest, actor: User, typed: dt.datetime, now: dt.datetime
) -> dt.datetime:
    """The instant (UTC) at which the act happened. Raises InvalidInput (happened_at)."""
    if not timers.working_time().covers(typed):
        raise InvalidInput(
            {
                "happened_at": [
                    "Waktu kejadian berada di luar kalender kerja kantor. Periksa tanggalnya."
                ]
            }
        )
    happened_at = late_entry_rules.to_the_minute(case, typed.astimezone(dt.UTC))
    late_entry_rules.check_instant(act, case, actor, happened_at, now=now)
    return happened_at


def _differences_in(case: AccountRequest) -> list[str]:
    """In what the signed SK, just issued, differs from the record: labels, without any name."""
    if case.state != CaseState.DECREE_ISSUED:
        return []
    check = case.signature_checks.first()
    return [each["label"] for each in check.differences] if check else []


def _confirmed(entry: LateEntry) -> str:
    differing = entry.details.get("differences")
    if not differing:
        return ""
    return f" PDF yang ditandatangani berbeda, dinyatakan tetap sah: {'; '.join(differing)}."


def _check_outage(outage: Outage | None, happened_at: dt.datetime) -> None:
    """The outage that is named was going on when the act happened, or it explains nothing."""
    if outage is None:
        return
    if happened_at < outage.since or (outage.until is not None and happened_at > outage.until):
        sentence = (
            "Gangguan yang dipilih tidak berlangsung pada waktu kejadian. Pilih gangguan lain, "
            "atau kosongkan."
        )
        raise InvalidInput({"outage": [sentence]})


def _refuse_second(case: AccountRequest, actor: User) -> None:
    entry = late_entry_rules.awaited(case)
    if entry is None:
        return
    refuse_repeated(Act.PROPOSE_LATE_ENTRY, case, actor, label=label(entry), what="Pengajuan ini")
    raise NotAllowedNow(late_entry_rules.awaiting_words(entry))


def _undecided(entry: LateEntry, case: AccountRequest, actor: User) -> LateEntry:
    """The entry again, in the lock. Raises AlreadyDone when somebody has decided it."""
    fresh = case.late_entries.select_related("proposed_by", "evidence").filter(pk=entry.pk).first()
    if fresh is None:
        raise NotAllowedNow("Pencatatan susulan ini tidak ada pada permohonan ini.")
    if fresh.state != LateEntry.State.PROPOSED:
        for act in (Act.CONFIRM_LATE_ENTRY, Act.REFUSE_LATE_ENTRY, Act.RECORD_LATE_ENTRY):
            refuse_repeated(act, case, actor, label=label(fresh), what="Keputusan atas usulan ini")
    return fresh


def _decide(
    entry: LateEntry,
    state: LateEntry.State,
    actor: User,
    at: dt.datetime,
    *,
    note: str,
    title: str,
) -> None:
    """Write the decision down and tell the proposer; ``title`` is how the decider is styled."""
    entry.state = state
    entry.decided_by = actor
    entry.decided_at = at
    entry.decision_note = note
    entry.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
    tell_proposer(entry, by=actor, at=at, title=title)


def _keep_evidence(
    case: AccountRequest, evidence: Upload, media_type: str, *, by: User, at: dt.datetime
) -> Document:
    """The evidence as a document of the case, numbered within it: the number names the entry."""
    number = f"PS-{case.late_entries.count() + 1}"
    return papers.store_upload(
        case,
        DocumentKind.LATE_EVIDENCE,
        evidence,
        media_type,
        at=at,
        by=by,
        title=f"{DocumentKind.LATE_EVIDENCE.label} {number}",
        number=number,
    )
