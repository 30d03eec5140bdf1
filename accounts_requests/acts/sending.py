"""Step 4: queue one message per account, take in the mail server's answers, settle the rest.

``email_sent`` means that every created account is settled by the server's answer or by a person's
word; not that a button was pressed.
"""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from accounts_requests import (
    audit,
    clock,
    credentials,
    deviations,
    outbox,
    papers,
    policies,
    timers,
    uploads,
)
from accounts_requests.answers import Answer
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.models import Account, AccountRequest, Appointment, Message, User
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
from .gate import acting, fresh_account, locked, open_run_of, required_reason

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


def send_accounts(request: AccountRequest, *, actor: User, answers: Mapping[int, Answer]) -> None:
    """Answer step 4's kelengkapan and queue one message for each created account.

    With no account created, step 4 closes with this act.
    """
    with acting(Act.SEND, request, actor=actor) as case:
        policies.check_not_sent(case.request)
        attest(case, case.run(), answers)
        accounts = Account.objects.filter(
            registrant__request=case.request, state=AccountState.CREATED
        ).select_related("registrant")
        count = 0
        for account in accounts:
            account.queue()
            account.save()
            outbox.queue_credentials(account, by=actor, at=case.at)
            count += 1
        case.request.save()
        if count:
            case.summary = f"{count} e-mail informasi akun diantrekan."
        else:
            _complete_if_settled(case.request, at=case.at, by_machine=False)
            case.summary = "Tidak ada akun yang dibuat; langkah 4 selesai tanpa e-mail."


def settle_message(message_pk: int, delivery: Delivery, *, at: dt.datetime) -> None:
    """Take in what became of a message: accepted, failed or uncertain. Called by the worker.

    Idempotent: a message that is settled already is left alone. On acceptance the password is
    destroyed; the last settlement completes step 4 and tells Kepala LPSE.
    """
    with transaction.atomic():
        request = locked(Message.objects.only("request_id").get(pk=message_pk).request_id)
        message = Message.objects.get(pk=message_pk)
        if message.state not in UNSENT_MESSAGES:
            return
        state = _FINAL_STATES[delivery.outcome]
        message.state = state
        message.settled_at = at
        message.next_attempt_at = None
        message.stage = delivery.stage
        message.answer_code = delivery.code
        message.answer = delivery.answer
        message.save()
        if message.account_id is None:
            return
        account = Account.objects.select_related("registrant").get(pk=message.account_id)
        run = open_run_of(request) if request.state == CaseState.ACCOUNTS_CREATED else None
        if state == MessageState.ACCEPTED:
            account.accept()
            account.delivered_at = at
            credentials.destroy(account, at=at)
        else:
            account.fail() if state == MessageState.FAILED else account.doubt()
            if run is not None:
                deviations.not_accepted(
                    run,
                    account,
                    message_pk=message.pk,
                    actual=f"e-mail {state.label.lower()}",
                    at=at,
                )
        account.save()
        _complete_if_settled(request, at=at, by_machine=True)
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

    The new password (``new_password``) and the address must both have been set in SPSE first:
    Admin PPE confirms it. A mail is never sent again by itself.
    """
    reason = required_reason(reason, "pengiriman ulang")
    address = address.strip()
    with acting(Act.RESEND, account.registrant.request, actor=actor) as case:
        fresh = fresh_account(account, case.request)
        policies.check_account_state(fresh, STEP4_NEEDS_A_PERSON, Act.RESEND)
        errors: dict[str, list[str]] = {}
        if sentences := check_email(address):
            errors["address"] = sentences
        if not changed_in_spse:
            errors["changed_in_spse"] = [
                "Ganti dahulu password (dan alamat e-mail) di SPSE, lalu beri tanda di sini."
            ]
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
        fresh.queue()
        fresh.save()
        outbox.queue_credentials(fresh, by=actor, at=case.at)
        if address.lower() not in known:  # a difference of step 3 is on record already
            deviations.data_differ(case.run(), fresh, at=case.at)
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
    with acting(Act.HAND_OVER, account.registrant.request, actor=actor) as case:
        fresh = fresh_account(account, case.request)
        policies.check_account_state(fresh, STEP4_NEEDS_A_PERSON, Act.HAND_OVER)
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
        credentials.destroy(fresh, at=case.at)
        deviations.delivered_otherwise(case.run(), fresh, at=case.at)
        case.label = f"Personel nomor {fresh.registrant.position_in_list}"
        case.summary = f"Akun {case.label.lower()} diserahkan dengan cara lain."
        _complete_if_settled(case.request, at=case.at, by_machine=False)


def give_up(account: Account, *, actor: User, reason: str) -> None:
    """The account could not be handed to its person, with a reason."""
    reason = required_reason(reason, "mengapa akun tidak dapat diserahkan")
    with acting(Act.NOT_DELIVERED, account.registrant.request, actor=actor) as case:
        fresh = fresh_account(account, case.request)
        policies.check_account_state(fresh, STEP4_NEEDS_A_PERSON, Act.NOT_DELIVERED)
        fresh.give_up(reason=reason)
        fresh.save()
        credentials.destroy(fresh, at=case.at)
        deviations.delivered_otherwise(case.run(), fresh, at=case.at)
        case.label = f"Personel nomor {fresh.registrant.position_in_list}"
        case.summary = f"Akun {case.label.lower()} dicatat tidak dapat diserahkan."
        _complete_if_settled(case.request, at=case.at, by_machine=False)


def _complete_if_settled(request: AccountRequest, *, at: dt.datetime, by_machine: bool) -> None:
    """Step 4 ends when no created account is left unsettled; step 5 begins. Caller saves."""
    if request.state != CaseState.ACCOUNTS_CREATED:
        return
    accounts = Account.objects.filter(registrant__request=request)
    if accounts.filter(state__in=_UNSETTLED).exists():
        return
    run = open_run_of(request)
    timers.finish(run, at, by=request.assignee)
    deviations.late(run, at=at)
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
