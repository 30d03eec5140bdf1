"""What all kinds of papers share: the letterhead, the signatory, and how official texts are set.

A module per kind builds a ``Draft`` (template, context, title, file name) from the case's rows;
``documents.render`` makes a PDF of it.
"""

import base64
import re
import unicodedata
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from accounts_requests.models import Office, User
from accounts_requests.models.office import Appointment
from accounts_requests.roles import Role, titled
from accounts_requests.states import AccountKind

DOTS = "…" * 12
"""A blank that a pen fills in."""


@dataclass(frozen=True)
class Draft:
    """A paper before it is set: which template with which context, and what it is called."""

    template: str
    context: dict[str, Any]
    title: str
    file_name: str


@dataclass(frozen=True)
class Rendered:
    """A finished paper, ready to be stored by ``papers``.

    ``public_id`` is the identity that the stored row takes over: the paper itself prints it.
    """

    data: bytes
    pages: int
    title: str
    file_name: str
    template_version: str
    public_id: uuid.UUID = field(default_factory=uuid.uuid4)


SIDES: Final = ("top", "right", "bottom", "left")
"""The sides of a sheet in the order in which CSS names them."""

USUAL_LEFT: Final = 25
"""Millimetres that a letter and a decree leave on the left; what is more is for the binding."""


@dataclass(frozen=True)
class Paper:
    """A sheet, upright: millimetres; and its CSS size, upright and turned."""

    width: float
    height: float

    @property
    def upright(self) -> str:
        """As ``@page`` takes it."""
        return f"{self.width:g}mm {self.height:g}mm"

    @property
    def css_width(self) -> str:
        """The width alone, upright."""
        return f"{self.width:g}mm"

    @property
    def landscape(self) -> str:
        """The same sheet turned."""
        return f"{self.height:g}mm {self.width:g}mm"


@dataclass(frozen=True)
class Margins:
    """What stays white around the text of a genre, in whole millimetres."""

    top: int
    right: int
    bottom: int
    left: int

    @property
    def css(self) -> str:
        """As ``margin`` and ``padding`` take it."""
        return f"{self.top}mm {self.right}mm {self.bottom}mm {self.left}mm"

    @property
    def binding(self) -> int:
        """What the office leaves for the binding, beyond the usual left margin.

        The sheets that have margins of their own leave as much beside these: upright ones on the
        left, turned ones on top, for that is the edge by which a file holds them.
        """
        return max(0, self.left - USUAL_LEFT)


@dataclass(frozen=True)
class Signatory:
    """A signature block: lines of the office (a.n., Plt.), then the person."""

    office_lines: Sequence[str]
    name: str
    rank: str = ""
    nip: str = ""


def office_context(office: Office) -> dict[str, Any]:
    """What the letterhead and the style of every paper need of the office.

    Fonts and sizes end up in CSS, so they are reduced to what CSS can mean by them. Raises
    ValueError for a paper size that is not two lengths in millimetres.
    """
    contact = [
        ("Telepon", office.phone),
        ("Laman", office.website),
        ("Pos-el", office.email),
    ]
    emblem = base64.b64encode(bytes(office.emblem)).decode()
    return {
        "office": office,
        "emblem": f"data:image/png;base64,{emblem}" if emblem else "",
        "contact": ", ".join(f"{name} {value}" for name, value in contact if value),
        "decree_font": _font(office.decree_font),
        "letter_font": _font(office.letter_font),
        "decree_paper": _paper(office.decree_paper),
        "letter_paper": _paper(office.letter_paper),
        "decree_margins": Margins(*(getattr(office, f"decree_margin_{side}") for side in SIDES)),
        "letter_margins": (
            letter := Margins(*(getattr(office, f"letter_margin_{side}") for side in SIDES))
        ),
        "binding": letter.binding,
        "dots": DOTS,
    }


def _font(name: str) -> str:
    return re.sub(r"[^\w ,-]", "", name)


def _paper(size: str) -> Paper:
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)mm\s+(\d+(?:\.\d+)?)mm\s*", size)
    if match is None:
        raise ValueError(f"Ukuran kertas {size!r} bukan dua ukuran dalam mm, misalnya 215mm 330mm")
    return Paper(float(match[1]), float(match[2]))


def appointed(user: User, role: Role, on: Any) -> Appointment | None:
    """The appointment under which ``user`` holds ``role`` on the date ``on``: definitive first."""
    held = user.appointments.in_force(on).filter(role=role)
    return held.order_by("capacity", "-since", "-pk").first()


def with_capacity(title: str, appointment: Appointment | None) -> str:
    """``Plt. Kepala LPSE`` for an acting official, else the title as it is."""
    return title if appointment is None else titled(title, appointment.capacity)


def listed(text: str) -> list[str]:
    """A text with one item per line as items; numbering that was typed along is taken off."""
    lines = (
        re.sub(r"^\(?(?:[a-z]|\d{1,2})[.)]\s+", "", line.strip()) for line in text.splitlines()
    )
    return [line for line in lines if line]


def clauses(text: str) -> list[str]:
    """Items as Menimbang and Mengingat set them: each ends in ``;``, the last in a full stop."""
    items = [item.rstrip(" ;.,") for item in listed(text)]
    return [f"{item};" for item in items[:-1]] + [f"{item}." for item in items[-1:]]


def enumerated(names: Sequence[str]) -> str:
    """``Verifikator, Helpdesk, dan Admin Agency``."""
    if len(names) < 3:
        return " dan ".join(names)
    return f"{', '.join(names[:-1])}, dan {names[-1]}"


def kinds_of(kinds: Iterable[str]) -> list[AccountKind]:
    """The account kinds that occur, once each, in the SOP's own order."""
    present = set(kinds)
    return [kind for kind in AccountKind if kind in present]


def file_name(*parts: str) -> str:
    """A tidy ASCII file name: ``SK-000.3-12-B.PBJ-II-2026.pdf``. At most 120 characters."""
    text = unicodedata.normalize("NFKD", "-".join(part for part in parts if part))
    ascii_text = text.encode("ascii", "ignore").decode()
    slug = re.sub(r"-{2,}", "-", re.sub(r"[^A-Za-z0-9.]+", "-", ascii_text)).strip("-.")
    return f"{slug[:116].rstrip('-.')}.pdf"
