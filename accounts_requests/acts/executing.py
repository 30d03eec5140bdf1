"""Admin PPE's acts up to the end of step 3: take the task, record each account, return."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from accounts_requests import (
    audit,
    clock,
    credentials,
    deviations,
    outbox,
    papers,
    policies,
    timers,
    words,
)
from accounts_requests.answers import Answer
from accounts_requests.answers import check as check_answers
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
from accounts_requests.roles import Role
from accounts_requests.states import (
    STEP3_OUTCOMES,
    WITHOUT_ACCOUNT,
    AccountState,
    Act,
    CaseState,
    DocumentKind,
    MessageKind,
)
from accounts_requests.user_ids import check_user_id

from .gate import Acting, acting, calendar_must_reach, fresh_account, locked, required_reason

# The accounts that may get a new password while the case is in this state: none that will never
# be handed to anybody, or its password would wait for ever.
_MAY_GET_A_PASSWORD: dict[str, tuple[AccountState, ...]] = {
    CaseState.ORDERED: (AccountState.PENDING, *STEP3_OUTCOMES),
    CaseState.ACCOUNTS_CREATED: (
        AccountState.CREATED,
        AccountState.FAILED,
        AccountState.UNCERTAIN,
    ),
}


def claim(request: AccountRequest, *, actor: User) -> None:
    """*Ambil tugas*: the actor holds steps 3 to 5 of this case from now on.

    A password is prepared for every account that has none yet.
    """
    with acting(Act.CLAIM, request, actor=actor) as case:
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
        _hold(case, reason="")
        case.summary = f"Tugas diambil oleh {actor.titled_name}."


def take_over(request: AccountRequest, *, actor: User, reason: str) -> None:
    """*Ambil alih*: the actor continues what another Admin PPE held; both shares are kept."""
    reason = required_reason(reason, "pengambilalihan")
    with acting(Act.TAKE_OVER, request, actor=actor) as case:
        former = case.request.assignee
        if former is None:
            raise NotAllowedNow("Tugas ini belum diambil siapa pun. Tekan “Ambil tugas”.")
        if former == actor:
            raise NotAllowedNow("Anda sendiri yang memegang tugas ini; silakan melanjutkan.")
        _hold(case, reason=reason)
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

    Not an act on the case: it changes no state and leaves no audit entry; the run keeps the time.
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
        if run is not None and fresh.assignee_id in (None, actor.pk):
            timers.mark_opened(run, clock.now())


def new_password(account: Account, *, actor: User) -> str:
    """Make a new password for the account (the former one is destroyed) and show it once.

    While step 3 runs, and for a message that failed or is uncertain. An account that was recorded
    as created becomes pending again: SPSE still has the former password, so the new one must be
    entered there and the account recorded once more.
    """
    with acting(Act.NEW_PASSWORD, account.registrant.request, actor=actor) as case:
        fresh = fresh_account(account, case.request)
        policies.check_account_state(
            fresh, _MAY_GET_A_PASSWORD[case.request.state], Act.NEW_PASSWORD
        )
        password = credentials.generate_password()
        credentials.keep(fresh, password, at=case.at)
        if fresh.state == AccountState.CREATED:
            fresh.reopen()
            fresh.save()
        case.label = _label(fresh)
        case.summary = f"Password baru dibuat untuk {case.label.lower()}."
        return password


def reveal_password(account: Account, *, actor: User) -> str:
    """Show the password for entry into SPSE; each reveal is in the audit trail."""
    with acting(Act.REVEAL, account.registrant.request, actor=actor) as case:
        fresh = fresh_account(account, case.request)
        password = credentials.reveal(fresh)
        case.label = _label(fresh)
        case.summary = f"Password {case.label.lower()} ditampilkan untuk dimasukkan ke SPSE."
        return password


def record_created(
    account: Account,
    *,
    actor: User,
    user_id: str,
    registered_email: str,
    matches_form: bool,
    difference: str = "",
) -> None:
    """The account exists in SPSE with this user id, this address and the password shown.

    Data that differ from the Formulir must be explained; they become a deviation when the step
    ends (kelengkapan 1 of step 3).
    """
    user_id, registered_email = user_id.strip().lower(), registered_email.strip()
    difference = difference.strip()
    with acting(Act.RECORD_ACCOUNT, account.registrant.request, actor=actor) as case:
        fresh = fresh_account(account, case.request)
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


def record_refused(account: Account, *, actor: User, reason: str) -> None:
    """The account cannot be created, with a reason."""
    reason = required_reason(reason, "mengapa akun tidak dapat dibuat")
    with acting(Act.RECORD_ACCOUNT, account.registrant.request, actor=actor) as case:
        fresh = fresh_account(account, case.request)
        fresh.record_refused(reason=reason)
        _save_account(case, fresh)
        case.summary = f"Akun {case.label.lower()} dicatat tidak dapat dibuat."


def record_postponed(account: Account, *, actor: User, reason: str) -> None:
    """The account is left for a later request, with a reason."""
    reason = required_reason(reason, "penundaan")
    with acting(Act.RECORD_ACCOUNT, account.registrant.request, actor=actor) as case:
        fresh = fresh_account(account, case.request)
        fresh.record_postponed(reason=reason)
        _save_account(case, fresh)
        case.summary = f"Akun {case.label.lower()} dicatat ditunda."


def record_accounts(request: AccountRequest, *, actor: User, answers: Mapping[int, Answer]) -> None:
    """Step 3 ends: every person has an outcome, each kelengkapan is answered. Step 4 begins."""
    with acting(Act.RECORD_ACCOUNTS, request, actor=actor) as case:
        policies.check_all_have_outcome(case.request)
        run = case.run()
        attest(case, run, answers)
        accounts = list(
            Account.objects.filter(registrant__request=case.request).select_related("registrant")
        )
        timers.finish(run, case.at, by=actor)
        deviations.late(run, at=case.at)
        for account in accounts:
            if account.state in WITHOUT_ACCOUNT:
                deviations.account_missing(run, account, at=case.at)
                credentials.destroy(account, at=case.at)
            else:
                deviations.data_differ(run, account, at=case.at)
        case.request.record_accounts(at=case.at)
        timers.open_run(case.request, 4, at=case.at, holder=case.request.assignee)
        case.request.save()
        papers.owe(case.request, DocumentKind.ACCOUNT_SHEET, at=case.at, by=actor)
        created = sum(account.state == AccountState.CREATED for account in accounts)
        case.summary = f"{created} dari {len(accounts)} akun dibuat di SPSE."


def return_to_head(request: AccountRequest, *, actor: User, reason: str) -> None:
    """Back to Kepala LPSE with a reason: step 3 pauses, step 2 runs again. A catatan, no fault."""
    reason = required_reason(reason, "pengembalian")
    with acting(Act.RETURN, request, actor=actor) as case:
        timers.pause(case.run(), case.at, reason=reason)
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
                context={},
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
        deviations.unmet(attestation, at=case.at)


def _hold(case: Acting, *, reason: str) -> None:
    case.request.assignee = case.actor
    timers.hold(case.run(), case.actor, case.at, reason=reason)
    pending = Account.objects.filter(registrant__request=case.request, state=AccountState.PENDING)
    for account in pending:
        if not credentials.has_live(account):
            credentials.keep(account, credentials.generate_password(), at=case.at)


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
    case.label = _label(account)
    case.changes = {"state": account.state}


def _label(account: Account) -> str:
    return f"Personel nomor {account.registrant.position_in_list}"


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
