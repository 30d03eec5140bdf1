"""What a returned mail (.eml) says: why it came back, and never the message that it returns.

The returned message held a user id and a password. So its part is left out, a copy that was pasted
below the text is cut off, and lines that name a password or an address of ours are blotted out.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime
from typing import Final

from accounts_requests.exceptions import InvalidInput

from .files import Upload, check_size

LONGEST_MAIL: Final = 4000
"""Characters of the text that are kept."""

_MAX_PARTS: Final = 50
_BELOW: Final = re.compile(
    r"^.*(below this line is a copy|copy of the (original )?message|original message|"
    r"original-nachricht|pesan asli).*$",
    re.IGNORECASE | re.MULTILINE,
)
_SECRET: Final = re.compile(r"(?im)^(.*\b(?:password|kata sandi)\b\s*[:=]).*$")
_ADDRESS: Final = re.compile(r"https?://\S+")
_MESSAGE_ID: Final = re.compile(r"^message-id:\s*(<[^>\s]+>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class ReturnedMail:
    """``text`` without secrets; when it was sent back (UTC; None unknown), and whose ids it names.

    ``message_ids`` are those of the messages that it returns.
    """

    text: str
    returned_at: dt.datetime | None
    message_ids: frozenset[str]


def is_mail(upload: Upload) -> bool:
    """Whether it is offered as a mail: a PDF or a picture never is."""
    return upload.file_name.lower().endswith(".eml")


def without_secrets(text: str) -> str:
    """The text up to a copy of the original, with what could be a secret blotted out."""
    copy = _BELOW.search(text)
    if copy is not None:
        text = text[: copy.start()]
    text = _SECRET.sub(r"\1 (dihapus)", text)
    return _ADDRESS.sub("(alamat dihapus)", text).strip()[:LONGEST_MAIL]


def read_returned(upload: Upload) -> ReturnedMail:
    """Read it. Raises InvalidInput where it is no mail, or says nothing that can be kept."""
    check_size(upload)
    try:
        mail = message_from_bytes(upload.data, policy=policy.default)
        parts = list(_own_parts(mail))
        texts = [_text(part) for part in parts if part.get_content_type() == "text/plain"]
        status = [_status(part) for part in parts if "delivery-status" in part.get_content_type()]
        told = without_secrets("\n\n".join(one.strip() for one in (*texts, *status) if one.strip()))
        found = frozenset(_MESSAGE_ID.findall(_returned(mail)))
        returned_at = _date(mail)
    except (MessageError, LookupError, ValueError, TypeError, AttributeError, RecursionError):
        raise _unreadable(upload) from None
    if not told or mail["From"] is None:
        raise _unreadable(upload)
    return ReturnedMail(text=told, returned_at=returned_at, message_ids=found)


def _own_parts(mail: Message) -> Iterator[EmailMessage]:
    """The parts of the returning mail itself; the message that it returns is not entered."""
    waiting: list[Message] = [mail]
    seen = 0
    while waiting and seen < _MAX_PARTS:
        part = waiting.pop(0)
        seen += 1
        kind = part.get_content_type()
        if kind in ("message/rfc822", "text/rfc822-headers", "message/global"):
            continue
        if part.is_multipart() and "delivery-status" not in kind:
            waiting += [one for one in part.get_payload() if isinstance(one, Message)]
        elif isinstance(part, EmailMessage):
            yield part


def _text(part: EmailMessage) -> str:
    content = part.get_content()
    return content if isinstance(content, str) else ""


def _status(part: EmailMessage) -> str:
    """The fields of a delivery status: block by block, as the server wrote them."""
    blocks = part.get_payload() if part.is_multipart() else []
    return "\n".join(
        f"{name}: {value}"
        for block in blocks
        if isinstance(block, Message)
        for name, value in block.items()
    )


def _returned(mail: Message) -> str:
    """The beginning of every message that it returns: their headers."""
    return "\n".join(
        str(part)[:20_000]
        for part in mail.walk()
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers", "message/global")
    )


def _date(mail: Message) -> dt.datetime | None:
    told = mail["Date"]
    if told is None:
        return None
    found = parsedate_to_datetime(str(told))
    return found.astimezone(dt.UTC) if found.tzinfo is not None else None


def _unreadable(upload: Upload) -> InvalidInput:
    return InvalidInput(
        f"Isi pesan kembali pada berkas {upload.file_name} tidak dapat dibaca. Salin teksnya ke "
        "kolom isi pesan, atau unggah tangkapan layarnya."
    )
