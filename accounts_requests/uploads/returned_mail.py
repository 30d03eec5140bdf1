"""What a returned mail (.eml) says: why it came back, and never the message that it returns.

The returned message held a user id and a password. So its part is left out, a copy that was pasted
below the text is cut off, and what stands behind the word for a password, and every address of
ours, is blotted out. The mail is read in a process of its own (``mail_reader.py``).
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from accounts_requests.exceptions import InvalidInput

from . import examination
from .files import Upload, check_size

LONGEST_MAIL: Final = 4000
"""Characters of the text that are kept."""

_BELOW: Final = re.compile(
    r"^.*(below this line is a copy|copy of the (original )?message|original message|"
    r"original-nachricht|pesan asli).*$",
    re.IGNORECASE | re.MULTILINE,
)
# The table of our own mail loses its colon where a mailbox shows it as text: what follows the word
# is blotted out, on its line or on the next that says anything. Nothing is ever tried twice: a
# text of spaces alone must not keep anybody waiting.
_SECRET: Final = re.compile(
    r"(\b(?:password|kata sandi)\b[^\S\n]*+[:=]?+)\s*+\S[^\n]*+", re.IGNORECASE
)
_ADDRESS: Final = re.compile(r"https?://\S+")


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
    text = _SECRET.sub(lambda match: f"{match[1].rstrip()} (dihapus)", text)
    return _ADDRESS.sub("(alamat dihapus)", text).strip()[:LONGEST_MAIL]


def read_returned(upload: Upload) -> ReturnedMail:
    """Read it. Raises InvalidInput where it is no mail, or says nothing that can be kept."""
    check_size(upload)
    found = examination.read_mail(upload.data)
    told = without_secrets(found["text"]) if found["verdict"] == "read" else ""
    if not told:
        raise InvalidInput(
            f"Isi pesan kembali pada berkas {upload.file_name} tidak dapat dibaca. Salin teksnya "
            "ke kolom isi pesan, atau unggah tangkapan layarnya."
        )
    return ReturnedMail(
        text=told,
        returned_at=dt.datetime.fromisoformat(found["date"]) if found["date"] else None,
        message_ids=frozenset(found["message_ids"]),
    )
