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
)
from accounts_requests.answers import Answer
from accounts_requests.exceptions import InvalidInput
from accounts_requests.models import (
    Account,
    AccountRequest,
    Appointment,
    Message,
    PasswordLink,
    User,
)
from accounts_requests.outbox import Delivery
from accounts_requests.roles import Role
from accounts_requests.states import (
    UNSENT_MESSAGES,
    AccountState,
    Act,
    CaseState,
    DocumentKind,
    MessageKind,
    MessageState,
)

from .after_archiving import came_after, owe_proof
from .executing import attest
from .gate import acting, locked, sending_run
from .instants import instant_of_act

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
    neither the account nor the step; after archiving it changes the account alone, and its proof
    joins the file.
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
            if not came_after(request, message):
                deviations.not_accepted(
                    sending_run(request),
                    account,
                    message_pk=message.pk,
                    actual=f"e-mail {state.label.lower()}",
                    at=at,
                )
        owe_proof(account, request, at=at, by=message.queued_by)
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
        # The figures of a half-year that is over tell of the first time.
        account.delivered_at = account.delivered_at or at
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
