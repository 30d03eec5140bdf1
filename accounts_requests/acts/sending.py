"""Step 4: queue one message per account, take in the mail server's answers, settle the rest.

``email_sent`` means that every created account is settled by the server's answer or by a person's
word; not that a button was pressed.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.db import transaction

from accounts_requests import (
    account_policies,
    audit,
    clock,
    credentials,
    deviations,
    lateness,
    outbox,
    papers,
    password_links,
    policies,
    step_limits,
    timers,
    uploads,
)
from accounts_requests.answers import Answer
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.models import (
    Account,
    AccountRequest,
    Appointment,
    Message,
    PasswordLink,
    User,
)
from accounts_requests.outbox import Delivery
from accounts_requests.person_rules import check_email
from accounts_requests.roles import Role
from accounts_requests.states import (
    STEP4_NEEDS_A_PERSON,
    UNSENT_MESSAGES,
    AccountState,
    Act,
    CaseState,
    DocumentKind,
    MessageKind,
    MessageState,
)
from accounts_requests.uploads import Upload

from .executing import attest
from .gate import acting, fresh_account, locked, required_reason, sending_run
from .instants import instant_of_act
from .passwords import person_label

CHANGE_FIRST = "Ganti dahulu password (dan alamat e-mail) di SPSE, lalu beri tanda di sini."

_UNSETTLED = (
    AccountState.CREATED,
    AccountState.QUEUED,
    AccountState.FAILED,
    AccountState.UNCERTAIN,
)


_FINAL_STATES: dict[str, MessageState] = {
    "accepted": MessageState.ACCEPTED,
    "failed": MessageState.FAILED,
    "uncertain": MessageState.UNCERTAIN,
}


def send_accounts(
    request: AccountRequest,
    *,
    actor: User,
    answers: Mapping[int, Answer],
    changed_in_spse: bool = False,
) -> None:
    """Answer step 4's kelengkapan and queue one message for each created account.

    With no account created, step 4 closes with this act. ``changed_in_spse`` confirms that SPSE
    has the passwords that were made anew since step 3 (``replaced_passwords``).
    """
    with acting(Act.SEND, request, actor=actor) as case:
        policies.check_not_sent(case.request, actor)
        account_policies.check_passwords_ready(case.request)
        attest(case, case.run(), answers)
        accounts = Account.objects.filter(
            registrant__request=case.request, state=AccountState.CREATED
        ).select_related("registrant")
        if not changed_in_spse and replaced_passwords(accounts, credentials.live_since(accounts)):
            raise InvalidInput({"changed_in_spse": [CHANGE_FIRST]})
        count = 0
        for account in accounts:
            account.queue()
            account.save()
            outbox.queue_credentials(account, by=actor, at=case.at)
            count += 1
        case.request.save()
        if count and step_limits.ends_when_queued(case.request):
            timers.measure_until(case.run(), case.at)
        if count:
            case.summary = f"{count} e-mail informasi akun diantrekan."
        else:
            complete_if_settled(case.request, at=case.at, by_machine=False)
            case.summary = "Tidak ada akun yang dibuat; langkah 4 selesai tanpa e-mail."


def replaced_passwords(
    accounts: Iterable[Account], made: Mapping[int, dt.datetime]
) -> list[Account]:
    """Those whose password is newer than the record of step 3: SPSE may have the former one.

    ``made`` is when the live passwords were made (``credentials.live_since``).
    """
    return [
        account
        for account in accounts
        if account.recorded_at and made.get(account.pk, account.recorded_at) > account.recorded_at
    ]


def settle_message(message_pk: int, delivery: Delivery, *, at: dt.datetime) -> None:
    """Take in what became of a message: accepted, failed or uncertain. Called by the worker.

    Idempotent: a message that is settled already is left alone. On acceptance a password that
    went out is destroyed; one behind a link waits for its person. The last settlement completes
    step 4 and tells Kepala LPSE. A further message to an account that was accepted before changes
    neither the account nor the step.
    """
    with transaction.atomic():
        case_pk = Message.objects.only("request_id").get(pk=message_pk).request_id
        request = locked(case_pk) if case_pk is not None else None
        message = Message.objects.get(pk=message_pk)
        if message.state not in UNSENT_MESSAGES:
            return
        if request is not None:
            at = instant_of_act(request, at)
        link = PasswordLink.objects.filter(message=message).first()
        if link is not None and link.opened_at is not None:
            delivery = replace(delivery, outcome="accepted")  # only this message had its token
        state = _answered(message, delivery, at)
        if message.account_id is None or request is None:
            return
        account = Account.objects.select_related("registrant").get(pk=message.account_id)
        _settle_account(account, state, at)
        if state == MessageState.ACCEPTED:
            if link is None:
                credentials.destroy(account, at=at)
        else:
            if state == MessageState.FAILED:
                password_links.revoke(account, at=at)
            deviations.not_accepted(
                sending_run(request),
                account,
                message_pk=message.pk,
                actual=f"e-mail {state.label.lower()}",
                at=at,
            )
        if request.state == CaseState.EMAIL_SENT:
            papers.owe(request, DocumentKind.MAIL_PROOF, at=at, by=request.assignee)
        complete_if_settled(request, at=at, by_machine=True)
        if request.is_open:
            request.version += 1
            request.save()
        audit.record(
            Act.SETTLE,
            actor=None,
            at=at,
            request=request,
            label=f"Personel nomor {account.registrant.position_in_list}",
            summary=f"Server e-mail: {state.label.lower()}.",
            changes={"message_id": message.message_id, "code": delivery.code},
        )


def resend(
    account: Account,
    *,
    actor: User,
    address: str,
    reason: str,
    had_signed_in: bool,
    changed_in_spse: bool,
) -> None:
    """Queue a further message after a failed or uncertain one, with a new password.

    Also after one with a link, whatever became of the link, until the file is archived: then the
    account stays accepted, step 4 keeps its times, and the proof of sending is made anew.

    The new password (``new_password``) and the address must both have been set in SPSE first:
    Admin PPE confirms it. A mail is never sent again by itself.
    """
    reason = required_reason(reason, "pengiriman ulang")
    address = address.strip()
    with acting(Act.RESEND, account.registrant.request, actor=actor) as case:
        fresh = fresh_account(account, case.request)
        account_policies.check_can_send_again(fresh, Act.RESEND, actor)
        errors: dict[str, list[str]] = {}
        if sentences := check_email(address):
            errors["address"] = sentences
        if not changed_in_spse:
            errors["changed_in_spse"] = [CHANGE_FIRST]
        if errors:
            raise InvalidInput(errors)
        last = fresh.messages.filter(kind=MessageKind.CREDENTIALS).latest("pk")
        live = fresh.credentials.filter(destroyed_at__isnull=True).first()
        if live is None or last.settled_at is None or live.created_at <= last.settled_at:
            raise NotAllowedNow(
                "Pengiriman ulang memerlukan password baru. Tekan “Buat password baru”, masukkan "
                "ke SPSE, lalu kirim ulang."
            )
        known = (fresh.registered_email.lower(), fresh.registrant.email.lower())
        fresh.registered_email = address
        if fresh.state != AccountState.ACCEPTED:
            fresh.queue()
        fresh.save()
        password_links.revoke(fresh, at=case.at)
        outbox.queue_credentials(fresh, by=actor, at=case.at)
        if address.lower() not in known:  # a difference of step 3 is on record already
            deviations.data_differ(sending_run(case.request), fresh, at=case.at)
        if case.request.state == CaseState.EMAIL_SENT:
            papers.owe(case.request, DocumentKind.MAIL_PROOF, at=case.at, by=actor)
        case.label = f"Personel nomor {fresh.registrant.position_in_list}"
        case.changes = {
            "registered_email": audit.hashed(address),
            "had_signed_in": had_signed_in,
        }
        case.summary = f"E-mail {case.label.lower()} dikirim ulang dengan alasan: {reason}"


def hand_over(account: Account, *, actor: User, note: str, proof: Upload | None = None) -> None:
    """The person received the account another way: ``note`` says how, ``proof`` shows it."""
    note = required_reason(note, "cara penyerahan")
    media_type = uploads.check_scan(proof) if proof else ""
    with acting(
        Act.HAND_OVER, account.registrant.request, actor=actor, about=person_label(account)
    ) as case:
        fresh = fresh_account(account, case.request)
        account_policies.check_account_state(fresh, STEP4_NEEDS_A_PERSON, Act.HAND_OVER, actor)
        fresh.hand_over(note=note)
        fresh.delivered_at = case.at
        fresh.save()
        if proof is not None:
            shown = papers.store_upload(
                case.request,
                DocumentKind.HAND_OVER_PROOF,
                proof,
                media_type,
                at=case.at,
                by=actor,
                registrant=fresh.registrant,
                title=f"Bukti penyerahan personel nomor {fresh.registrant.position_in_list}",
            )
            case.changes["sha256"] = shown.sha256
        password_links.revoke(fresh, at=case.at)
        credentials.destroy(fresh, at=case.at)
        deviations.delivered_otherwise(case.run(), fresh, at=case.at)
        case.label = f"Personel nomor {fresh.registrant.position_in_list}"
        case.summary = f"Akun {case.label.lower()} diserahkan dengan cara lain."
        complete_if_settled(case.request, at=case.at, by_machine=False)


def give_up(account: Account, *, actor: User, reason: str) -> None:
    """The account could not be handed to its person, with a reason."""
    reason = required_reason(reason, "mengapa akun tidak dapat diserahkan")
    with acting(
        Act.NOT_DELIVERED, account.registrant.request, actor=actor, about=person_label(account)
    ) as case:
        fresh = fresh_account(account, case.request)
        account_policies.check_account_state(fresh, STEP4_NEEDS_A_PERSON, Act.NOT_DELIVERED, actor)
        fresh.give_up(reason=reason)
        fresh.save()
        password_links.revoke(fresh, at=case.at)
        credentials.destroy(fresh, at=case.at)
        deviations.delivered_otherwise(case.run(), fresh, at=case.at)
        case.label = f"Personel nomor {fresh.registrant.position_in_list}"
        case.summary = f"Akun {case.label.lower()} dicatat tidak dapat diserahkan."
        complete_if_settled(case.request, at=case.at, by_machine=False)


def _answered(message: Message, delivery: Delivery, at: dt.datetime) -> MessageState:
    """Write the answer on the message's row; returns its final state."""
    state = _FINAL_STATES[delivery.outcome]
    message.state = state
    message.settled_at = at
    message.next_attempt_at = None
    message.stage = delivery.stage
    message.answer_code = delivery.code
    message.answer = delivery.answer
    message.save()
    return state


def _settle_account(account: Account, state: MessageState, at: dt.datetime) -> None:
    """Move the account as its message went; one that was accepted before stays so."""
    if account.state != AccountState.QUEUED:
        return
    if state == MessageState.ACCEPTED:
        account.accept()
        account.delivered_at = at
    elif state == MessageState.FAILED:
        account.fail()
    else:
        account.doubt()
    account.save()


def complete_if_settled(request: AccountRequest, *, at: dt.datetime, by_machine: bool) -> None:
    """Step 4 ends when no created account is left unsettled; step 5 begins. Caller saves."""
    if request.state != CaseState.ACCOUNTS_CREATED:
        return
    accounts = Account.objects.filter(registrant__request=request)
    if accounts.filter(state__in=_UNSETTLED).exists():
        return
    run = sending_run(request)
    timers.finish(run, at, by=request.assignee)
    lateness.finished(run, at=at)
    request.complete_sending(at=at)
    timers.open_run(request, 5, at=at, ended_by_machine=by_machine, holder=request.assignee)
    request.save()
    papers.owe(request, DocumentKind.MAIL_PROOF, at=at, by=request.assignee)
    states = list(accounts.values_list("state", flat=True))
    for held in (
        Appointment.objects.in_force(clock.today())
        .filter(role=Role.KEPALA_LPSE, person__is_active=True)
        .exclude(person__email="")
        .select_related("person")
    ):
        outbox.queue_notice(
            MessageKind.COMPLETION_NOTICE,
            request,
            recipient=held.person,
            by=None,
            at=at,
            context={
                "people": len(states),
                "accepted": states.count(AccountState.ACCEPTED),
                "sent_outside": states.count(AccountState.SENT_OUTSIDE),
                "handed_over": states.count(AccountState.HANDED_OVER),
                "not_delivered": states.count(AccountState.NOT_DELIVERED),
                "without_account": states.count(AccountState.REFUSED)
                + states.count(AccountState.POSTPONED),
            },
        )
    audit.record(
        Act.COMPLETE_SENDING,
        actor=None,
        at=at,
        request=request,
        summary="Semua akun selesai disampaikan atau diputuskan; langkah 4 selesai.",
    )
