"""Admin PPE's acts up to the end of step 3: take the task, record each account, return."""

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, transaction

from accounts_requests import (
    account_policies,
    audit,
    clock,
    credentials,
    deviations,
    executor_roles,
    lateness,
    outbox,
    papers,
    permissions,
    timers,
    words,
)
from accounts_requests.answers import Answer
from accounts_requests.answers import check as check_answers
from accounts_requests.credentials import SpareKey
from accounts_requests.exceptions import AlreadyDone, InvalidInput, NotAllowedNow
from accounts_requests.models import (
    Account,
    AccountRequest,
    Appointment,
    Attestation,
    Office,
    StepRun,
    User,
)
from accounts_requests.person_rules import check_email
from accounts_requests.repeats import refuse_repeated
from accounts_requests.roles import Role
from accounts_requests.states import (
    WITHOUT_ACCOUNT,
    AccountState,
    Act,
    DocumentKind,
    MessageKind,
)
from accounts_requests.user_ids import check_user_id

from .gate import (
    Acting,
    acting,
    calendar_must_reach,
    fresh_account,
    locked,
    mark_of,
    required_reason,
)
from .instants import instant_of_act
from .passwords import keys_for, person_label, unmade


def claim(request: AccountRequest, *, actor: User, happened_at: dt.datetime | None = None) -> None:
    """*Ambil tugas*: the actor holds steps 3 to 5 of this case from now on.

    A password is made for every account that has none yet. ``happened_at`` as for ``acting``.
    """
    with (
        keys_for(request, Act.CLAIM, actor) as spare,
        acting(Act.CLAIM, request, actor=actor, happened_at=happened_at) as case,
    ):
        holder = case.request.assignee
        if holder is not None:
            who = "Anda sendiri" if holder == actor else holder.titled_name
            raise AlreadyDone(
                f"Tugas ini telah diambil oleh {who}"
                f"{_since(case)}. "
                + (
                    "Anda dapat langsung melanjutkannya."
                    if holder == actor
                    else "Bila perlu melanjutkannya, tekan “Ambil alih” dan tuliskan alasannya."
                )
            )
        _hold(case, spare, reason="")
        case.summary = f"Tugas diambil oleh {actor.titled_name}."


def take_over(request: AccountRequest, *, actor: User, reason: str, seen: str = "") -> None:
    """*Ambil alih*: the actor continues what another Admin PPE held; both shares are kept.

    ``seen`` is the key of the holder whom the page showed: of two who take over from the same
    person one does.
    """
    reason = required_reason(reason, "pengambilalihan")
    with (
        keys_for(request, Act.TAKE_OVER, actor) as spare,
        acting(Act.TAKE_OVER, request, actor=actor) as case,
    ):
        former = case.request.assignee
        if former is None:
            raise NotAllowedNow("Tugas ini belum diambil siapa pun. Tekan “Ambil tugas”.")
        if seen and seen != str(former.pk):
            refuse_repeated(Act.TAKE_OVER, case.request, actor)
        if former == actor:
            raise NotAllowedNow("Anda sendiri yang memegang tugas ini; silakan melanjutkan.")
        _hold(case, spare, reason=reason)
        run = case.run()
        for person in (actor, former):
            if person.email:
                outbox.queue_notice(
                    MessageKind.TAKE_OVER_NOTICE,
                    case.request,
                    recipient=person,
                    by=actor,
                    at=case.at,
                    context={"due": words.instant(run.due_at) if run.due_at else ""},
                )
        case.request.notes.create(
            at=case.at,
            by=actor,
            text=f"Tugas diambil alih dari {former.titled_name}: {reason}",
        )
        case.summary = f"Tugas diambil alih dari {former.titled_name} dengan alasan: {reason}"


def mark_opened(request: AccountRequest, *, actor: User) -> None:
    """The executor is shown the step that runs: it may start the limit. Safe to repeat.

    Not an act on the case: it changes no state. The run keeps the time, and the audit trail tells
    of it where something was kept.
    """
    if not request.is_open or not actor.holds(Role.ADMIN_PPE):
        return
    with calendar_must_reach(), transaction.atomic():
        fresh = locked(request.pk)
        run = (
            StepRun.objects.filter(
                request=fresh,
                step__executor=Role.ADMIN_PPE,
                finished_at__isnull=True,
                paused_at__isnull=True,
            )
            .select_related("step")
            .first()
        )
        if run is None or fresh.assignee_id not in (None, actor.pk):
            return
        # Somebody who may not do the step because of the other executor role is not its executor.
        acted = executor_roles.acted_as(fresh, actor)
        at = instant_of_act(fresh, clock.now())
        if not executor_roles.hindrance(Role.ADMIN_PPE, acted) and timers.mark_opened(run, at):
            audit.record(
                Act.OPEN_STEP,
                actor=actor,
                at=at,
                role=permissions.title_of(Role.ADMIN_PPE, actor),
                request=fresh,
                label=f"Langkah {run.step.number}",
                summary=f"Langkah {run.step.number} dibuka pertama kali oleh pelaksananya.",
            )


def record_created(
    account: Account,
    *,
    actor: User,
    user_id: str,
    registered_email: str,
    matches_form: bool,
    difference: str = "",
    seen: str = "",
) -> None:
    """The account exists in SPSE with this user id, this address and the password shown.

    ``seen`` is ``outcome_mark`` of the account that the page showed.

    Data that differ from the Formulir must be explained; they become a deviation when the step
    ends (kelengkapan 1 of step 3). Raises NotAllowedNow where the SK was revoked for the person.
    """
    user_id, registered_email = user_id.strip().lower(), registered_email.strip()
    difference = difference.strip()
    with acting(Act.RECORD_ACCOUNT, account.registrant.request, actor=actor) as case:
        fresh = _unrecorded(case, account, seen)
        account_policies.check_not_revoked(fresh)
        errors: dict[str, list[str]] = {}
        if sentences := check_user_id(user_id, office=Office.current()):
            errors["user_id"] = sentences
        elif clash := _user_id_clash(fresh, user_id):
            errors["user_id"] = [clash]
        if sentences := check_email(registered_email):
            errors["registered_email"] = sentences
        differs = registered_email.lower() != fresh.registrant.email.lower() or not matches_form
        if differs and not difference:
            errors["difference"] = [
                "Data di SPSE berbeda dengan Formulir. Jelaskan apa yang berbeda dan mengapa."
            ]
        if errors:
            raise InvalidInput(errors)
        if not credentials.has_live(fresh):
            raise NotAllowedNow(
                "Belum ada password untuk akun ini. Tekan “Buat password baru”, masukkan ke SPSE, "
                "lalu simpan."
            )
        fresh.record_created(user_id=user_id, registered_email=registered_email)
        fresh.matches_form = matches_form
        fresh.difference = difference if differs else ""
        _save_account(case, fresh)
        case.changes |= {
            "user_id": audit.hashed(user_id),
            "registered_email": audit.hashed(registered_email),
            "matches_form": matches_form,
        }
        case.summary = f"Akun {case.label.lower()} dibuat di SPSE."


def record_refused(account: Account, *, actor: User, reason: str, seen: str = "") -> None:
    """The account cannot be created, with a reason. ``seen`` as for ``record_created``."""
    reason = required_reason(reason, "mengapa akun tidak dapat dibuat")
    with acting(Act.RECORD_ACCOUNT, account.registrant.request, actor=actor) as case:
        fresh = _unrecorded(case, account, seen)
        fresh.record_refused(reason=reason)
        _save_account(case, fresh)
        case.summary = f"Akun {case.label.lower()} dicatat tidak dapat dibuat."


def record_postponed(account: Account, *, actor: User, reason: str, seen: str = "") -> None:
    """The account is left for a later request. ``seen`` as for ``record_created``."""
    reason = required_reason(reason, "penundaan")
    with acting(Act.RECORD_ACCOUNT, account.registrant.request, actor=actor) as case:
        fresh = _unrecorded(case, account, seen)
        fresh.record_postponed(reason=reason)
        _save_account(case, fresh)
        case.summary = f"Akun {case.label.lower()} dicatat ditunda."


def outcome_mark(account: Account) -> str:
    """The mark of the last recording of the account's outcome; the page of the outcome carries it.

    A new password, which sends a created account back to its recording, does not change it.
    """
    return mark_of(account.recorded_at)


def record_accounts(
    request: AccountRequest,
    *,
    actor: User,
    answers: Mapping[int, Answer],
    happened_at: dt.datetime | None = None,
) -> None:
    """Step 3 ends: every person has an outcome, each kelengkapan is answered. Step 4 begins.

    ``happened_at`` as for ``acting``.
    """
    with acting(Act.RECORD_ACCOUNTS, request, actor=actor, happened_at=happened_at) as case:
        account_policies.check_all_have_outcome(case.request)
        run = case.run()
        attest(case, run, answers)
        accounts = list(
            Account.objects.filter(registrant__request=case.request).select_related("registrant")
        )
        timers.finish(run, case.at, by=actor)
        lateness.finished(run, at=case.recorded_at)
        for account in accounts:
            if account.state in WITHOUT_ACCOUNT:
                deviations.account_missing(run, account, at=case.recorded_at)
                credentials.destroy(account, at=case.recorded_at)
            else:
                deviations.data_differ(run, account, at=case.recorded_at)
        case.request.record_accounts(at=case.at)
        timers.open_run(case.request, 4, at=case.at, holder=case.request.assignee)
        case.request.save()
        papers.owe(case.request, DocumentKind.ACCOUNT_SHEET, at=case.recorded_at, by=actor)
        created = sum(account.state == AccountState.CREATED for account in accounts)
        case.summary = f"{created} dari {len(accounts)} akun dibuat di SPSE."


def return_to_head(request: AccountRequest, *, actor: User, reason: str) -> None:
    """Back to Kepala LPSE with a reason: step 3 pauses, step 2 runs again. A catatan, no fault."""
    reason = required_reason(reason, "pengembalian")
    with acting(Act.RETURN, request, actor=actor) as case:
        run = case.run()
        lateness.passed(run, at=case.at)  # a return forgives nothing
        timers.pause(run, case.at, reason=reason)
        case.request.return_to_head(reason=reason)
        timers.open_run(case.request, 2, at=case.at)
        case.request.notes.create(
            at=case.at, by=actor, text=f"Dikembalikan kepada Kepala LPSE: {reason}"
        )
        for held in (
            Appointment.objects.in_force(clock.today())
            .filter(role=Role.KEPALA_LPSE, person__is_active=True)
            .exclude(person__email="")
            .select_related("person")
        ):
            outbox.queue_notice(
                MessageKind.RETURN_NOTICE,
                case.request,
                recipient=held.person,
                by=actor,
                at=case.at,
                context={"by": case.title},
            )
        case.summary = f"Permohonan dikembalikan kepada Kepala LPSE dengan alasan: {reason}"


def attest(case: Acting, run: StepRun, answers: Mapping[int, Answer]) -> None:
    """Store the executor's answer to each kelengkapan of the step; each must be answered.

    An unmet one needs an explanation and is a deviation (perlengkapan).
    """
    requirements = list(run.step.requirements.all())
    errors = check_answers(answers, [requirement.pk for requirement in requirements])
    if errors:
        raise InvalidInput(errors)
    for requirement in requirements:
        answer = answers[requirement.pk]
        attestation = Attestation.objects.create(
            step_run=run,
            requirement=requirement,
            met=answer.met,
            explanation="" if answer.met else answer.explanation.strip(),
            by=case.actor,
            at=case.at,
        )
        deviations.unmet(attestation, at=case.recorded_at)


def _hold(case: Acting, spare: list[SpareKey], *, reason: str) -> None:
    case.request.assignee = case.actor
    timers.hold(case.run(), case.actor, case.at, reason=reason)
    credentials.keep_new(list(unmade(case.request)), spare=spare, at=case.recorded_at)


def _unrecorded(case: Acting, account: Account, seen: str) -> Account:
    """The account again, in the lock. Raises AlreadyDone when it was recorded since ``seen``."""
    fresh = fresh_account(account, case.request)
    if seen and seen != outcome_mark(fresh):
        refuse_repeated(
            Act.RECORD_ACCOUNT,
            case.request,
            case.actor,
            label=person_label(fresh),
            what="Pencatatan ini",
        )
    return fresh


def _save_account(case: Acting, account: Account) -> None:
    account.recorded_by = case.actor
    account.recorded_at = case.at
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:  # somebody recorded the same user id at the same moment
        clash = _user_id_clash(account, account.user_id)
        if not clash:
            raise
        raise InvalidInput({"user_id": [clash]}) from error
    timers.mark_opened(case.run(), case.at)
    case.label = person_label(account)
    case.changes = {"state": account.state}


def _since(case: Acting) -> str:
    holding = case.run().holdings.filter(until__isnull=True).first()
    return f" {words.short_instant(holding.since, now=case.at)}" if holding else ""


def _user_id_clash(account: Account, user_id: str) -> str:
    clash = (
        Account.objects.filter(user_id__iexact=user_id)
        .exclude(pk=account.pk)
        .select_related("registrant__request")
        .first()
    )
    if clash is None:
        return ""
    return (
        f"User id “{user_id}” sudah tercatat pada permohonan "
        f"{clash.registrant.request.reference}. Periksa user id yang dibuat di SPSE."
    )
