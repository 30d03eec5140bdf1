"""The data of an SK as a person typed them, and the rules that they keep.

Texts of several items (menimbang, mengingat, memperhatikan, tembusan) hold one item a line,
without its letter or number: the paper adds those.
"""

import dataclasses
import datetime as dt
import re
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts_requests import clock, words
from accounts_requests.models import AccountRequest
from accounts_requests.person_data import clean_text
from accounts_requests.states import SigningMethod

FIELD_TITLES: Final[dict[str, str]] = {
    "subject": "Tentang",
    "considerations": "Menimbang",
    "legal_bases": "Mengingat",
    "noted": "Memperhatikan",
    "copies_to": "Tembusan",
    "valid_from": "Berlaku sejak",
    "valid_until": "Berlaku sampai dengan",
    "received_at": "Berkas diterima",
    "signing_method": "Cara penandatanganan",
    "decree_number": "Nomor SK",
    "decree_date": "Tanggal SK",
}

MAX_ITEMS: Final = 100
MAX_TEXT: Final = 20_000
"""Items and characters of one text: many times what an SK holds, and still rendered in seconds."""

_TEXTS: Final = ("considerations", "legal_bases", "noted", "copies_to")
_REQUIRED: Final = ("subject", "considerations", "legal_bases", "signing_method")

# "1. ", "a) ", "(b) ", "- " before an item; a sentence never begins so.
_NUMBERING: Final = re.compile(r"(?:\(?(?:[0-9]{1,2}|[a-z])[.)]|[-•*])(?:\s+|$)")


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class DecreeData:
    """What an SK says. `received_at` is aware: the instant at which the file came in."""

    subject: str
    considerations: str
    legal_bases: str
    received_at: dt.datetime
    signing_method: str
    noted: str = ""
    copies_to: str = ""
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    decree_number: str = ""
    decree_date: dt.date | None = None


def normalise(data: DecreeData) -> DecreeData:
    """The same SK with white space in order, empty lines and typed numbering dropped."""
    return dataclasses.replace(
        data,
        subject=clean_text(data.subject),
        considerations="\n".join(items(data.considerations)),
        legal_bases="\n".join(items(data.legal_bases)),
        noted="\n".join(items(data.noted)),
        copies_to="\n".join(items(data.copies_to)),
        decree_number=clean_text(data.decree_number),
    )


def items(text: str) -> list[str]:
    """The items of a text, one for each line that says something, without their numbering."""
    lines = (clean_text(line) for line in text.splitlines())
    return [item for line in lines if (item := _NUMBERING.sub("", line, count=1).strip())]


def decree_data(request: AccountRequest) -> DecreeData:
    """What the SK of a stored case says."""
    return DecreeData(**{name: getattr(request, name) for name in FIELD_TITLES})


def check(
    data: DecreeData, *, today: dt.date, now: dt.datetime | None = None
) -> dict[str, list[str]]:
    """Sentences by field about an SK's data; {} when they keep the rules.

    `today` is the office's date; `now` (aware) the present instant, by default the clock's.
    """
    data = normalise(data)
    errors: dict[str, list[str]] = {
        name: [f"{FIELD_TITLES[name]} wajib diisi."]
        for name in _REQUIRED
        if not getattr(data, name)
    }
    for name in ("subject", "decree_number"):
        limit: int | None = getattr(AccountRequest._meta.get_field(name), "max_length", None)
        length = len(getattr(data, name))
        if limit is not None and length > limit:
            errors.setdefault(name, []).append(
                f"{FIELD_TITLES[name]} paling panjang {limit} karakter; yang diisikan {length}. "
                "Persingkat isian ini."
            )
    for name in _TEXTS:
        text = getattr(data, name)
        count = len(text.splitlines())
        if count > MAX_ITEMS or len(text) > MAX_TEXT:
            errors.setdefault(name, []).append(
                f"{FIELD_TITLES[name]} paling banyak {MAX_ITEMS} butir dan {MAX_TEXT} karakter; "
                f"yang diisikan {count} butir dan {len(text)} karakter. Persingkat isian ini."
            )
    if data.signing_method and data.signing_method not in SigningMethod.values:
        errors["signing_method"] = [
            "Cara penandatanganan tidak dikenal. Pilih salah satu yang tersedia."
        ]
    if data.received_at > (now or clock.now()):
        errors["received_at"] = [
            (
                f"Berkas diterima {words.instant(data.received_at)} belum terjadi. Isikan waktu "
                "berkas benar-benar diterima."
            )
        ]
    dates = {
        "valid_until": _validity_errors(data, today),
        "decree_date": check_decree_date(data.decree_date, data.received_at, today=today),
    }
    return errors | {name: sentences for name, sentences in dates.items() if sentences}


def check_decree_date(
    dated: dt.date | None, received_at: dt.datetime, *, today: dt.date
) -> list[str]:
    """Sentences about the date of an SK: not to come, and not before its file came in."""
    if dated is None:
        return []
    if dated > today:
        return [
            f"Tanggal SK {words.long_date(dated)} belum tiba. Isikan tanggal yang tertulis pada SK."
        ]
    received_on = received_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    if dated < received_on:
        return [
            (
                f"Tanggal SK {words.long_date(dated)} mendahului penerimaan berkas pada "
                f"{words.long_date(received_on)}. Perbaiki tanggal SK atau waktu berkas diterima."
            )
        ]
    return []


def _validity_errors(data: DecreeData, today: dt.date) -> list[str]:
    until = data.valid_until
    if until is None:
        return []
    if data.valid_from is not None and until <= data.valid_from:
        return [
            (
                f"Berlaku sampai dengan {words.long_date(until)} harus sesudah tanggal mulai "
                f"berlakunya, {words.long_date(data.valid_from)}. Perbaiki salah satunya."
            )
        ]
    if until < today:
        return [
            (
                f"Berlaku sampai dengan {words.long_date(until)} sudah lewat. Isikan tanggal yang "
                "akan datang, atau kosongkan bila SK tidak berbatas waktu."
            )
        ]
    return []
