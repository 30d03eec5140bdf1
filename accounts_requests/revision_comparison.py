"""What a revision of the SOP changes, cell by cell and word by word. Pure reading."""

import difflib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from accounts_requests import revision_content
from accounts_requests.models import SopRevision

Kind = Literal["same", "gone", "new"]


@dataclass(frozen=True, kw_only=True)
class Words:
    """A run of words: in both, in the former alone, or in the new one alone."""

    kind: Kind
    text: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """One cell that says something else; ``lines`` hold its texts, one a line, in runs of words.

    ``was_blank``, ``is_blank``: the cell had nothing before, has nothing now.
    """

    key: str
    where: str
    label: str
    lines: list[list[Words]]
    was_blank: bool
    is_blank: bool

    @property
    def name(self) -> str:
        """The cell as a sentence names it: ``Langkah 3, Waktu``."""
        return f"{self.where}, {self.label}"


def changes_between(before: SopRevision, after: SopRevision) -> list[Change]:
    """The cells of ``after`` that differ from those of ``before``, in the order of the print."""
    former = {
        cell.key: cell.items
        for cell in revision_content.cells_of(revision_content.read(before), before.content)
    }
    return [
        Change(
            key=cell.key,
            where=cell.where,
            label=cell.label,
            lines=list(_lines(former.get(cell.key, ()), cell.items)),
            was_blank=not former.get(cell.key, ()),
            is_blank=not cell.items,
        )
        for cell in revision_content.cells_of(revision_content.read(after), after.content)
        if cell.items != former.get(cell.key, ())
    ]


def word_by_word(before: str, after: str) -> list[Words]:
    """The two texts as one, in runs of words that are in both or in one of them."""
    old, new = before.split(), after.split()
    runs: list[Words] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            runs.append(Words(kind="same", text=" ".join(new[c:d])))
            continue
        if a < b:
            runs.append(Words(kind="gone", text=" ".join(old[a:b])))
        if c < d:
            runs.append(Words(kind="new", text=" ".join(new[c:d])))
    return runs


def _lines(before: Sequence[str], after: Sequence[str]) -> Iterator[list[Words]]:
    """The texts of a cell aligned with one another, so that an added one does not move the rest."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield from ([Words(kind="same", text=text)] for text in after[c:d])
            continue
        for old, new in itertools.zip_longest(before[a:b], after[c:d], fillvalue=""):
            yield word_by_word(old, new)
