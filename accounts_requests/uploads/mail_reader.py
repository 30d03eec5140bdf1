"""Reads a foreign mail (.eml), in a process of its own that cannot use much.

Run by its path, with the limits as JSON for its argument and the mail on standard input; it writes
one JSON object and imports nothing of the application. A header of a hundred kilobytes keeps
Python's own parser of mails busy for minutes: here it ends at the limit instead of with the server.
"""

import datetime as dt
import json
import re
import resource
import sys
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime
from typing import Any, Final

_MAX_PARTS: Final = 50
_RETURNED: Final = ("message/rfc822", "text/rfc822-headers", "message/global")
_MESSAGE_ID: Final = re.compile(r"^message-id:\s*(<[^>\s]+>)", re.IGNORECASE | re.MULTILINE)

# What no page shows and no database takes: control characters but tab and line feed, and halves of
# characters.
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def confine(memory: int, seconds: int) -> None:
    """Bound this process: bytes of address space, seconds of work, no file, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def look(data: bytes, limits: dict[str, int]) -> dict[str, Any]:
    """``verdict`` (read, damaged); of one that is read, what the mail itself says.

    ``text`` is its plain text and the fields of its delivery status; ``date`` its time in UTC
    (ISO; "" where it tells none with a zone); ``message_ids`` are those of the messages that it
    returns. What those say is left out.
    """
    try:
        mail = message_from_bytes(data, policy=policy.default)
        parts = list(_own_parts(mail))
        texts = [_text(part) for part in parts if part.get_content_type() == "text/plain"]
        status = [_status(part) for part in parts if "delivery-status" in part.get_content_type()]
        text = "\n\n".join(one.strip() for one in (*texts, *status) if one.strip())
        found = {
            "verdict": "read" if mail["From"] is not None else "damaged",
            "text": _UNSEEN.sub("", text[: limits["text"]]),
            "date": _date(mail),
            "message_ids": sorted(set(_MESSAGE_ID.findall(_returned(mail)))),
        }
    except Exception:  # noqa: BLE001  whatever a parser says of foreign bytes, they are damaged
        return {"verdict": "damaged"}
    return found


def _own_parts(mail: Message) -> Iterator[EmailMessage]:
    """The parts of the returning mail itself; the message that it returns is not entered."""
    waiting: list[Message] = [mail]
    seen = 0
    while waiting and seen < _MAX_PARTS:
        part = waiting.pop(0)
        seen += 1
        kind = part.get_content_type()
        if kind in _RETURNED:
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
        str(part)[:20_000] for part in mail.walk() if part.get_content_type() in _RETURNED
    )


def _date(mail: Message) -> str:
    told = mail["Date"]
    if told is None:
        return ""
    found = parsedate_to_datetime(str(told))
    return found.astimezone(dt.UTC).isoformat() if found.tzinfo is not None else ""


def main() -> None:
    """Read, look, answer."""
    limits = json.loads(sys.argv[1])
    confine(limits["memory"], limits["seconds"])
    sys.stdout.write(json.dumps(look(sys.stdin.buffer.read(), limits)))


if __name__ == "__main__":
    main()
