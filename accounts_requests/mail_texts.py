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

from accounts_requests import clock, credentials, password_links, words
from accounts_requests.models import (
    Account,
    AccountRequest,
    Message,
    Office,
    PasswordDelivery,
    PasswordLink,
)
from accounts_requests.roles import Role
from accounts_requests.states import MessageKind

HIDDEN_PASSWORD = "••••••••••••"  # noqa: S105  what stands in its place

# What a notice may say beside the case's numbers, with the value where the caller gives none.
# An instant in words (``due``), the title of whoever acted (``by``: an acting official's bears
# "Plt." or "Plh.") and counts only: a notice carries no personal data, and its context is stored.
_DEADLINE: dict[str, str | int] = {
    "step": 0,
    "step_name": "",
    "percent": 0,
    "due": "",
    "said_late": "",
}
_LATE_ENTRY: dict[str, str | int] = {"step": 0, "act": "", "happened": "", "by": ""}
NOTICE_FIELDS: dict[MessageKind, dict[str, str | int]] = {
    MessageKind.ORDER_NOTICE: {"due": "", "by": Role.KEPALA_LPSE.label},
    MessageKind.TAKE_OVER_NOTICE: {"due": ""},
    MessageKind.RETURN_NOTICE: {"due": "", "by": Role.ADMIN_PPE.label},
    MessageKind.COMPLETION_NOTICE: {
        "people": 0,
        "accepted": 0,
        "sent_outside": 0,
        "handed_over": 0,
        "not_delivered": 0,
        "without_account": 0,
    },
    MessageKind.DEADLINE_WARNING: _DEADLINE,
    MessageKind.DEADLINE_PASSED: _DEADLINE,
    MessageKind.LATE_ENTRY_PROPOSED: _LATE_ENTRY,
    MessageKind.LATE_ENTRY_DECIDED: {**_LATE_ENTRY, "decision": ""},
    MessageKind.LATE_ENTRY_RECORDED: {**_LATE_ENTRY, "differences": 0},
    MessageKind.DEVIATION_REMINDER: {"to_answer": 0, "to_judge": 0},
    MessageKind.ANCHOR_NOTICE: {"day": "", "sequence": 0, "head": ""},
    MessageKind.CONTENT_ALARM: {"count": 0, "found": "", "named": ""},
}
NOTICE_SUBJECTS: dict[MessageKind, str] = {
    MessageKind.ORDER_NOTICE: "Perintah pembuatan akun {target}, permohonan {number}",
    MessageKind.TAKE_OVER_NOTICE: "Pengambilalihan tugas, permohonan {number}",
    MessageKind.RETURN_NOTICE: "Pengembalian permohonan {number}",
    MessageKind.DEADLINE_WARNING: "Peringatan tenggat, permohonan {number}",
    MessageKind.DEVIATION_REMINDER: "Penyimpangan menunggu tindakan Bapak/Ibu/Saudara",
    MessageKind.ANCHOR_NOTICE: "Tambatan harian jejak audit",
    MessageKind.CONTENT_ALARM: "ALARM: isi dokumen tersimpan tidak utuh",
    MessageKind.DEADLINE_PASSED: "Tenggat terlewati, permohonan {number}",
    MessageKind.LATE_ENTRY_PROPOSED: "Usulan pencatatan susulan, permohonan {number}",
    MessageKind.LATE_ENTRY_DECIDED: "Keputusan pencatatan susulan, permohonan {number}",
    MessageKind.LATE_ENTRY_RECORDED: "Pencatatan susulan oleh Kepala LPSE, permohonan {number}",
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


def notice_subject(kind: MessageKind, request: AccountRequest | None) -> str:
    """Return the subject of a notice about ``request``, if it is about one case."""
    target = Office.current().target_name
    number = request.number if request else ""
    return _one_line(NOTICE_SUBJECTS[kind].format(target=target, number=number))


def notice_context(kind: MessageKind, given: Mapping[str, str | int]) -> dict[str, str | int]:
    """Return ``given`` as it is stored, with the defaults of NOTICE_FIELDS for what is missing.

    Raises ValueError for a key that this kind of notice does not know.
    """
    fields = NOTICE_FIELDS[kind]
    if unknown := sorted(given.keys() - fields.keys()):
        raise ValueError(f"{kind} does not say {', '.join(unknown)}.")
    return {**fields, **given}


def goes_by_link(office: Office) -> bool:
    """Does ``office`` hand passwords over through one-time links?"""
    return office.password_delivery == PasswordDelivery.LINK


def credentials_template(*, by_link: bool) -> str:
    """The name of the template of a credentials message."""
    return "credentials_link" if by_link else str(MessageKind.CREDENTIALS)


def preview(account: Account, message: Message | None = None) -> Preview:
    """Return the credentials message for ``account`` as it is read, its secret hidden.

    ``message`` is one that was queued; without it, as the office would send it now.
    """
    if message is None:
        office = Office.current()
        until = f"{office.password_link_hours} jam sesudah e-mail ini dikirim"
        by_link = goes_by_link(office)
    else:
        link = password_links.of_message(message)
        by_link = link is not None
        until = words.instant(link.expires_at) if link is not None and link.expires_at else "—"
    if by_link:
        link_shown = f"{settings.PUBLIC_URL}/password/{HIDDEN_PASSWORD}/"
        text, html = _render_credentials(account, link=link_shown, until=until)
    else:
        text, html = _render_credentials(account, password=HIDDEN_PASSWORD)
    return Preview(
        subject=credentials_subject(account), to=account.registered_email, text=text, html=html
    )


@sensitive_variables()
def compose(message: Message, *, token: str = "") -> EmailMultiAlternatives:
    """Return the mail that the row ``message`` stands for, to its one address.

    For credentials the live password is revealed into it, or the link with the ``token`` that
    was made for this attempt: keep it in memory. Raises SecretUnavailable (see
    ``credentials.reveal``) when there is no password, and BadHeaderError for an address with a
    line break.
    """
    if message.kind == MessageKind.CREDENTIALS:
        account = Account.objects.select_related("registrant__request").get(messages=message)
        link = PasswordLink.objects.filter(message=message).first()
        if link is None:
            text, html = _render_credentials(account, password=credentials.reveal(account))
        elif token and link.expires_at:
            text, html = _render_credentials(
                account, link=password_links.url_of(token), until=words.instant(link.expires_at)
            )
        else:
            raise ValueError("A message with a link is composed with the token of its attempt.")
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
def _render_credentials(
    account: Account, *, password: str = "", link: str = "", until: str = ""
) -> tuple[str, str]:
    """Return text and HTML with the ``password``, or with the ``link`` that is good ``until``."""
    registrant = account.registrant
    request = registrant.request
    return _render(
        credentials_template(by_link=bool(link)),
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
            **({"link": link, "until": until} if link else {"password": password}),
        },
    )


def _render_notice(message: Message) -> tuple[str, str]:
    kind = MessageKind(message.kind)
    case = message.request
    return _render(
        kind,
        {
            **NOTICE_FIELDS[kind],
            **message.context,
            "name": message.recipient.titled_name if message.recipient else "",
            "case_number": case.number if case else "",
            "decree_number": case.decree_number if case else "",
            "public_url": settings.PUBLIC_URL,
        },
    )


@sensitive_variables()
def _render(kind: str, context: dict[str, Any]) -> tuple[str, str]:
    """Return text and HTML of the templates ``kind``.

    In Indonesian whatever the process's language is.
    """
    context = {**context, "office": Office.current()}
    with translation.override("id"):
        return (
            render_to_string(f"mail/{kind}.txt", context).strip() + "\n",
            render_to_string(f"mail/{kind}.html", context),
        )


def _one_line(text: str) -> str:
    """Return ``text`` as a header can carry it: without line breaks and doubled spaces."""
    return " ".join(text.split())[:250]
