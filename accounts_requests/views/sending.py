"""Step 4: the messages before they go, the board while they go, and what a person must decide."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts_requests import (
    bounces,
    clock,
    credentials,
    mail_texts,
    outbox,
    password_links,
    permissions,
    policies,
    words,
    workflow,
)
from accounts_requests.exceptions import InvalidInput, NotAllowedNow, NotPermitted
from accounts_requests.forms.attestations import AttestationsForm
from accounts_requests.models import Account, AccountRequest, Bounce, Message, Registrant, User
from accounts_requests.states import (
    STEP4_NEEDS_A_PERSON,
    STEP4_SETTLED,
    UNSENT_MESSAGES,
    WITHOUT_ACCOUNT,
    AccountState,
    Act,
    CaseState,
    MessageKind,
    MessageState,
)

from .execution import (
    accounts_of,
    attestation_pairs,
    find_account,
    frame,
    guard,
    requirements,
    running_step,
    say_on_form,
    task_url,
)
from .support import actor, add_errors, find_request, page


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """One message that step 4 would send, and whether its address differs from the Formulir's."""

    account: Account
    person: Registrant
    differs: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """One account on the board: its last message, and what comes next.

    ``state`` and ``word`` are the mark's; ``sendings`` counts the messages so far; ``link`` says
    what became of the one-time link, where the message carried one. ``may_be_sent_outside``: it
    has waited since a first attempt, and somebody may have sent it from elsewhere. ``bounce``: its
    last message came back after it was accepted.
    """

    account: Account
    person: Registrant
    message: Message | None
    state: str
    word: str
    answer: str
    coming: str
    link: str
    sendings: int
    needs_a_person: bool
    may_go_again: bool
    may_be_sent_outside: bool
    bounce: Bounce | None


@page
def send(request: HttpRequest, number: str) -> HttpResponse:
    """Before: previews, addresses, kelengkapan. Afterwards: the board, also when archived."""
    case = find_request(number)
    user = actor(request)
    if request.method != "POST" and was_sent(case):
        return _board_page(request, case, user)
    guard(Act.SEND, case, user)
    policies.check_not_sent(case, user)
    run = running_step(case)
    asked = requirements(run)
    form = AttestationsForm(request.POST if request.method == "POST" else None, requirements=asked)
    rows = accounts_of(case)
    created = [account for account in rows if account.state == AccountState.CREATED]
    changed_in_spse = request.POST.get("changed_in_spse") == "on"
    if request.method == "POST" and form.is_valid():
        try:
            workflow.send_accounts(
                case, actor=user, answers=form.answers(), changed_in_spse=changed_in_spse
            )
        except InvalidInput as error:
            add_errors(form, error)
        except NotAllowedNow as error:
            say_on_form(form, error, Act.SEND, case, user)
        else:
            messages.success(request, _queued(len(created)))
            return redirect(task_url(find_request(number)))
    passwords = credentials.live_since(created)
    context = frame(request, case, run) | {
        "lacking": [account.registrant for account in created if account.pk not in passwords],
        "replaced": [
            account.registrant for account in workflow.replaced_passwords(created, passwords)
        ],
        "changed_in_spse": changed_in_spse,
        "addressees": [_addressee(account) for account in created],
        "without_account": len(rows) - len(created),
        "first": outbox.preview(_with_case(created[0], case)) if created else None,
        "form": form,
        "pairs": attestation_pairs(form, asked),
    }
    context["by_link"] = mail_texts.goes_by_link(context["office"])
    return render(request, "executing/send.html", context)


@page
def message_preview(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """One message as its person will read it, the password hidden; a part of the page for htmx."""
    case = find_request(number)
    guard(Act.SEND, case, actor(request))
    account = find_account(case, position)
    if account.state != AccountState.CREATED:
        raise Http404
    partial = request.headers.get("HX-Request") == "true"
    template = "executing/_message.html" if partial else "executing/message.html"
    context = {"case": case, "person": account.registrant, "preview": outbox.preview(account)}
    return render(request, template, context)


@page
def send_board(request: HttpRequest, number: str) -> HttpResponse:
    """The board alone, asked for again while messages are on their way; then the whole page."""
    case = find_request(number)
    _require_reader_of_people(actor(request))
    context = board_context(case, actor(request))
    if not context["unsent"]:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "executing/_board.html", context)


def was_sent(case: AccountRequest) -> bool:
    """Has step 4 been pressed: messages queued, or closed without any?"""
    return case.email_sent_at is not None or credentials_messages(case).exists()


def credentials_messages(case: AccountRequest) -> "QuerySet[Message]":
    """The messages to the people of the case, oldest first."""
    messages = case.messages.filter(kind=MessageKind.CREDENTIALS)
    return messages.select_related("password_link", "bounce").order_by("pk")


def board_context(case: AccountRequest, user: User) -> dict[str, object]:
    """The board: a row for each account that exists in SPSE, those that need a person first."""
    is_archived = case.state == CaseState.ARCHIVED
    sent: dict[int | None, list[Message]] = {}
    for message in credentials_messages(case):
        sent.setdefault(message.account_id, []).append(message)
    rows = [
        row(account, sent.get(account.pk, []), is_archived=is_archived)
        for account in accounts_of(case)
        if account.state not in WITHOUT_ACCOUNT
    ]
    rows.sort(key=lambda line: not line.needs_a_person)
    unsent = sum(line.message is not None and _is_unsent(line.message) for line in rows)
    waiting = sum(line.needs_a_person for line in rows)
    held = user.current_roles()
    return {
        "case": case,
        "rows": rows,
        "by_link": any(line.link for line in rows),
        "is_archived": is_archived,
        "unsent": unsent,
        "waiting": waiting,
        "settled": len(rows) - unsent - waiting,
        "may_deliver": not held.isdisjoint(permissions.MAY[Act.RESEND])
        and policies.allows(Act.RESEND, case, user),
        "may_record_bounce": not held.isdisjoint(permissions.MAY[Act.RECORD_BOUNCE])
        and case.state in policies.STATES[Act.RECORD_BOUNCE],
    }


def row(account: Account, sent: Sequence[Message], *, is_archived: bool = False) -> Row:
    """One account as the board shows it; ``sent`` are its messages, oldest first.

    Once its case ``is_archived``, every settled account may go again.
    """
    message = sent[-1] if sent else None
    link = password_links.of_message(message) if message is not None else None
    state, word, coming = account.state, AccountState(account.state).label, ""
    follows = account.state == AccountState.ACCEPTED and len(sent) > 1
    if message is not None and (account.state == AccountState.QUEUED or follows):
        state, word = message.state, MessageState(message.state).label
        coming = _coming(message)
    bounce = bounces.of_message(message) if message is not None else None
    may_follow = account.state == AccountState.ACCEPTED and _may_follow(sent)
    return Row(
        account=account,
        person=account.registrant,
        message=message,
        state=state,
        word=word,
        answer=server_words(message),
        coming=coming,
        link=password_links.words_of(link, clock.now()) if link is not None else "",
        sendings=len(sent),
        needs_a_person=account.state in STEP4_NEEDS_A_PERSON,
        may_go_again=(may_follow or (is_archived and account.state in STEP4_SETTLED))
        and message is not None
        and not _is_unsent(message),
        may_be_sent_outside=account.state == AccountState.QUEUED
        and message is not None
        and message.state == MessageState.QUEUED
        and message.attempts > 0,
        bounce=bounce,
    )


def server_words(message: Message | None) -> str:
    """What the mail server said last, with its code; "" while it has said nothing."""
    if message is None:
        return ""
    return f"{message.answer_code or ''} {message.answer}".strip()


def _board_page(request: HttpRequest, case: AccountRequest, user: User) -> HttpResponse:
    _require_reader_of_people(user)
    context = frame(request, case, running_step(case)) | board_context(case, user)
    # An archived case is nobody's task any more: every Admin PPE may see to it.
    context["is_mine"] = case.assignee == user or (
        case.state == CaseState.ARCHIVED and permissions.may(Act.RESEND, user)
    )
    context["is_done"] = case.state != CaseState.ACCOUNTS_CREATED
    context["may_archive"] = permissions.may(Act.ARCHIVE, user) and policies.allows(
        Act.ARCHIVE, case, user
    )
    return render(request, "executing/board.html", context)


def _require_reader_of_people(user: User) -> None:
    if not permissions.reads_people(permissions.require_reader(user)):
        raise NotPermitted(
            "Pengiriman e-mail memuat data pribadi personel dan tidak termasuk kewenangan peran "
            "Anda. Keadaan permohonannya tetap dapat Anda lihat."
        )


def _addressee(account: Account) -> Addressee:
    person = account.registrant
    return Addressee(
        account=account,
        person=person,
        differs=account.registered_email.lower() != person.email.lower(),
    )


def _with_case(account: Account, case: AccountRequest) -> Account:
    """The account with its case at hand, so that the preview need not fetch it."""
    account.registrant.request = case
    return account


def _queued(count: int) -> str:
    if not count:
        return "Langkah 4 selesai tanpa e-mail, karena tidak ada akun yang dibuat."
    return (
        f"{count} e-mail masuk antrean. Langkah 4 selesai setelah server e-mail menjawab semuanya."
    )


def _may_follow(sent: Sequence[Message]) -> bool:
    """As the gate has it: a link, a message that came back, or a failure after one that did."""
    if any(password_links.of_message(each) for each in sent):
        return True
    came_back = [bounces.of_message(each) is not None for each in sent]
    return any(came_back) and (came_back[-1] or sent[-1].state != MessageState.ACCEPTED)


def _is_unsent(message: Message) -> bool:
    return MessageState(message.state) in UNSENT_MESSAGES


def _coming(message: Message) -> str:
    """When a message that waits is tried again."""
    if message.state != MessageState.QUEUED or message.next_attempt_at is None:
        return ""
    if not message.attempts or message.next_attempt_at <= clock.now():
        return "segera dikirim"
    at = words.short_instant(message.next_attempt_at, now=clock.now())
    return f"dicoba lagi {at}"
