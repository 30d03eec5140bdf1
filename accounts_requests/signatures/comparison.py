"""Does a signed PDF say what the record says? Number, date, names and NIPs, by its text.

What a picture shows a machine does not read; then a person compares and says so.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from accounts_requests import words
from accounts_requests.identity_numbers import format_nip
from accounts_requests.models import AccountRequest, Registrant

from . import examination

NOT_FOUND: Final = "Tidak ditemukan"
# What stands between the words of a heading and the number or date, in text without any spaces.
_NUMBER: Final = re.compile(r"NOMOR:?(.{1,90}?)(?=TENTANG|TANGGAL)")
_DATES: Final = (
    re.compile(r"Ditetapkandi\D{1,80}?padatanggal(\d{1,2}[A-Za-z]{3,12}\d{4})"),
    re.compile(r"TANGGAL:?(\d{1,2}[A-Za-z]{3,12}\d{4})"),
)
_NIP: Final = re.compile(r"(?<!\d)\d{8}\s?\d{6}\s?\d\s?\d{3}(?!\d)")
_WORD: Final = re.compile(r"[^\W_]+")
_EXCERPT: Final = 70
_NEAR: Final = 1000
_MOST_STRANGERS: Final = 50
"""Each is looked for in the whole text: a paper full of numbers must not keep the server busy."""


@dataclass(frozen=True)
class Difference:
    """One thing that the paper says otherwise than the record, or that is doubtful about it."""

    label: str
    record: str
    paper: str

    @property
    def key(self) -> str:
        """What a confirmation names: it holds for these very words."""
        told = f"{self.label}\n{self.record}\n{self.paper}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def stored(self) -> dict[str, str]:
        """As a check keeps it."""
        return {"label": self.label, "record": self.record, "paper": self.paper}


@dataclass(frozen=True)
class Paper:
    """The text of a PDF, and what can be found in it."""

    text: str

    @classmethod
    def of(cls, data: bytes) -> "Paper":
        """The paper whose bytes these are; without any text where it cannot be read."""
        return cls(examination.words(data) or "")

    @property
    def is_readable(self) -> bool:
        return len(_letters(self.text)) > 40

    def numbers(self) -> list[str]:
        """What stands where the number of the SK belongs, without spaces; each once."""
        return _once(_NUMBER.findall(_closed(self.text)))

    def dates(self) -> list[str]:
        """What stands where the date of the SK belongs, as ``6 Juli 2026``; each once."""
        closed = _closed(self.text)
        found = [each for pattern in _DATES for each in pattern.findall(closed)]
        return _once(re.sub(r"([A-Za-z]+)", lambda m: f" {m[1].title()} ", each) for each in found)

    def date(self) -> dt.date | None:
        """The date of the SK, where the paper names one alone."""
        dates = self.dates()
        match = re.fullmatch(r"(\d{1,2}) (\w+) (\d{4})", dates[0]) if len(dates) == 1 else None
        if match is None or match[2] not in words.MONTHS:
            return None
        try:
            return dt.date(int(match[3]), words.MONTHS.index(match[2]) + 1, int(match[1]))
        except ValueError:
            return None

    def number(self) -> str:
        """The number of the SK, where the paper names one alone; empty without it."""
        numbers = [each for each in self.numbers() if re.search(r"\d", each)]
        return numbers[0] if len(numbers) == 1 else ""

    def nips(self) -> list[str]:
        """Every number of 18 digits that is written as a NIP is, in digits alone; each once."""
        return _once(re.sub(r"\s", "", each) for each in _NIP.findall(self.text))

    def names(self, name: str) -> bool:
        """Is this name written, in whatever letters, spaces and line breaks?

        By itself: ``Ali`` is not written where ``Alimuddin`` or ``kembali`` is.
        """
        wanted, (written, words_begin) = _letters(name), self._written
        at = written.find(wanted)
        while at >= 0:
            if {at, at + len(wanted)} <= words_begin:
                return True
            at = written.find(wanted, at + 1)
        return False

    @cached_property
    def _written(self) -> tuple[str, frozenset[int]]:
        """All letters and digits in a row, and the places in it where a word begins or all end."""
        words, begin = [_letters(each) for each in _WORD.findall(self.text)], [0]
        for each in words:
            begin.append(begin[-1] + len(each))
        return "".join(words), frozenset(begin)

    def before(self, digits: str) -> str:
        """The words in front of a number, as far as they may be a name; empty without it."""
        spaced = r"\s?".join(digits)
        match = re.search(rf"(?<!\d){spaced}(?!\d)", self.text)
        if match is None:
            return ""
        near = self.text[max(0, match.start() - _NEAR) : match.start()]
        line = " ".join(near.split())[-_EXCERPT:]
        return re.split(r"(?<=\d)\s", line)[-1]


def differences(request: AccountRequest, data: bytes) -> list[Difference]:
    """Where the PDF says something else than ``request``: number and date as they stand on the
    instance (typed, not saved perhaps), people as they are in the database.
    """
    paper = Paper.of(data)
    if not paper.is_readable:
        return [
            Difference(
                "Isi naskah",
                f"Nomor {request.decree_number}, {_date(request.decree_date)}, nama, dan NIP",
                "Teks tidak dapat dibaca mesin; bandingkan sendiri dengan naskahnya",
            )
        ]
    people = list(request.registrants.order_by("position_in_list"))
    return [
        *_number_and_date(request, paper),
        *_people(people, paper),
        *_strangers(request, people, paper),
    ]


def _number_and_date(request: AccountRequest, paper: Paper) -> Iterator[Difference]:
    numbers = paper.numbers()
    if numbers != [_closed(request.decree_number)]:
        yield Difference("Nomor SK", request.decree_number, "; ".join(numbers) or NOT_FOUND)
    dates = paper.dates()
    recorded = _date(request.decree_date)
    if dates != [recorded]:
        yield Difference("Tanggal SK", recorded, "; ".join(dates) or NOT_FOUND)


def _people(people: list[Registrant], paper: Paper) -> Iterator[Difference]:
    written = set(paper.nips())
    for person in people:
        label = f"No. {person.position_in_list}"
        has_nip = person.nip in written
        if not paper.names(person.titled_name):
            near = paper.before(person.nip) if has_nip else ""
            told = f"Di depan NIP-nya tertulis: {near}" if near else NOT_FOUND
            yield Difference(f"{label}: nama", person.titled_name, told)
        if person.nip and not has_nip:
            yield Difference(f"{label}: NIP", format_nip(person.nip), NOT_FOUND)


def _strangers(
    request: AccountRequest, people: list[Registrant], paper: Paper
) -> Iterator[Difference]:
    known = {person.nip for person in people} | {request.signer_nip}
    strangers = [nip for nip in paper.nips() if nip not in known]
    for nip in strangers[:_MOST_STRANGERS]:
        near = paper.before(nip)
        yield Difference(
            "NIP lain", "Tidak ada dalam permohonan", f"{near} {format_nip(nip)}".strip()
        )
    if (more := len(strangers) - _MOST_STRANGERS) > 0:
        yield Difference("NIP lain", "Tidak ada dalam permohonan", f"{more} NIP lainnya")


def _date(on: dt.date | None) -> str:
    return words.long_date(on) if on else "—"


def _closed(text: str) -> str:
    return "".join(text.split())


def _letters(text: str) -> str:
    return "".join(each for each in text.casefold() if each.isalnum())


def _once(found: Iterator[str] | list[str]) -> list[str]:
    return list(dict.fromkeys(each.strip() for each in found))
