"""What a message says: subject, plain text and HTML, made from a row and the office's data.

The password of a credentials message exists here only while the message is being made, in
memory. Nothing here sends or stores.
"""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import utf8_charset_qp
from django.template.loader import get_template, render_to_string
from django.utils import translation
from django.utils.encoding import punycode
from django.views.decorators.debug import sensitive_variables

from accounts_requests import clock, credentials, words
from accounts_requests.models import Account, AccountRequest, Message, Office
from accounts_requests.states import MessageKind

HIDDEN_PASSWORD = "••••••••••••"  # noqa: S105  what stands in its place

# What a notice may say beside the case's numbers, with the value where the caller gives none.
# An instant in words (``due``) and counts only: a notice carries no personal data, and its
# context is stored.
NOTICE_FIELDS: dict[MessageKind, dict[str, str | int]] = {
    MessageKind.ORDER_NOTICE: {"due": ""},
    MessageKind.TAKE_OVER_NOTICE: {"due": ""},
    MessageKind.RETURN_NOTICE: {"due": ""},
    MessageKind.COMPLETION_NOTICE: {
        "people": 0,
        "accepted": 0,
        "handed_over": 0,
        "not_delivered": 0,
        "without_account": 0,
    },
}
NOTICE_SUBJECTS: dict[MessageKind, str] = {
    MessageKind.ORDER_NOTICE: "Perintah pembuatan akun {target}, permohonan {number}",
    MessageKind.TAKE_OVER_NOTICE: "Pengambilalihan tugas, permohonan {number}",
    MessageKind.RETURN_NOTICE: "Pengembalian permohonan {number}",
    MessageKind.COMPLETION_NOTICE: "Penyampaian informasi akun selesai, permohonan {number}",
}


@dataclass(frozen=True)
class Preview:
    """A message as its recipient will read it, the password hidden."""

    subject: str
    to: str
    text: str
    html: str


def new_message_id() -> str:
    """Return a Message-ID of ours: random, in the domain of settings.DEFAULT_FROM_EMAIL.

    It is made when the message is queued and stays the same at each attempt, so that a server
    that meets it twice can tell.
    """
    domain = punycode(parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2])
    return f"<{uuid.uuid4()}@{domain}>"


def template_version(kind: str) -> str:
    """Return a hash of the kind's two templates: which wording a message had."""
    digest = hashlib.sha256()
    for ending in ("txt", "html"):
        # Django's loader returns the backend's wrapper; its ``template`` holds the source.
        template: Any = get_template(f"mail/{kind}.{ending}")
        digest.update(template.template.source.encode())
    return digest.hexdigest()[:12]


def credentials_subject(account: Account) -> str:
    """Return the subject of a credentials message: the kind of account, nothing secret."""
    kind = account.registrant.get_account_kind_display()
    return _one_line(f"Informasi akun {kind} pada {Office.current().target_name}")


def notice_subject(kind: MessageKind, request: AccountRequest) -> str:
    """Return the subject of a notice about ``request``."""
    target = Office.current().target_name
    return _one_line(NOTICE_SUBJECTS[kind].format(target=target, number=request.number))


def notice_context(kind: MessageKind, given: Mapping[str, str | int]) -> dict[str, str | int]:
    """Return ``given`` as it is stored, with the defaults of NOTICE_FIELDS for what is missing.

    Raises ValueError for a key that this kind of notice does not know.
    """
    fields = NOTICE_FIELDS[kind]
    if unknown := sorted(given.keys() - fields.keys()):
        raise ValueError(f"{kind} does not say {', '.join(unknown)}.")
    return {**fields, **given}


def preview(account: Account) -> Preview:
    """Return the credentials message for ``account`` as it would be sent, password hidden."""
    text, html = _render_credentials(account, HIDDEN_PASSWORD)
    return Preview(
        subject=credentials_subject(account), to=account.registered_email, text=text, html=html
    )


@sensitive_variables()
def compose(message: Message) -> EmailMultiAlternatives:
    """Return the mail that the row ``message`` stands for, to its one address.

    For credentials the live password is revealed into it: keep it in memory, for one attempt.
    Raises SecretUnavailable (see ``credentials.reveal``) when there is none, and
    BadHeaderError for an address with a line break.
    """
    if message.kind == MessageKind.CREDENTIALS:
        account = Account.objects.select_related("registrant__request").get(messages=message)
        text, html = _render_credentials(account, credentials.reveal(account))
    else:
        text, html = _render_notice(message)
    office = Office.current()
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.to_address],
        reply_to=[office.email] if office.email else None,
        headers={
            "Message-ID": message.message_id,
            "Date": format_datetime(clock.now().astimezone(words.ZONE)),
            "Content-Language": "id",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(html, "text/html")
    # Quoted-printable: plain ASCII on the wire, for servers without 8BITMIME.
    mail.encoding = utf8_charset_qp
    return mail


@sensitive_variables()
def _render_credentials(account: Account, password: str) -> tuple[str, str]:
    registrant = account.registrant
    request = registrant.request
    return _render(
        MessageKind.CREDENTIALS,
        {
            "name": registrant.titled_name,
            "account_kind": registrant.get_account_kind_display(),
            "agency": registrant.agency,
            "valid_until": words.long_date(registrant.valid_until)
            if registrant.valid_until
            else "",
            "decree_number": request.decree_number,
            "decree_date": words.long_date(request.decree_date) if request.decree_date else "",
            "user_id": account.user_id,
            "password": password,
        },
    )


def _render_notice(message: Message) -> tuple[str, str]:
    request = message.request
    kind = MessageKind(message.kind)
    return _render(
        kind,
        {
            **NOTICE_FIELDS[kind],
            **message.context,
            "name": message.recipient.titled_name if message.recipient else "",
            "case_number": request.number,
            "decree_number": request.decree_number,
            "public_url": settings.PUBLIC_URL,
        },
    )


def _render(kind: MessageKind, context: dict[str, Any]) -> tuple[str, str]:
    """Return text and HTML of ``kind``, in Indonesian whatever the process's language is."""
    context = {**context, "office": Office.current()}
    with translation.override("id"):
        return (
            render_to_string(f"mail/{kind}.txt", context).strip() + "\n",
            render_to_string(f"mail/{kind}.html", context),
        )


def _one_line(text: str) -> str:
    """Return ``text`` as a header can carry it: without line breaks and doubled spaces."""
    return " ".join(text.split())[:250]
