"""Where the chain stood at a moment, as it was told outside: the only thing a forger cannot reach.

Whoever owns the database can write every hash anew, from any entry on. Then the chain fits
together again, and only what is on paper, in mail and beside the backups says otherwise.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from accounts_requests import words
from accounts_requests.exceptions import InvalidInput
from accounts_requests.models import AuditAnchor, AuditEntry, Backup
from accounts_requests.states import Act

from .report import Report

FILE_NAME = "anchors.txt"
# Typed from paper, so many digits are enough: nobody finds another entry that begins like that.
MIN_TYPED = 16
_LINE = re.compile(r"(\d{4}-\d\d-\d\d) (\d{1,18}) ([0-9a-f]{64})")
_TYPED = re.compile(r"(\d{1,18}):([0-9a-f]+)")


@dataclass(frozen=True)
class Anchor:
    """The entry ``sequence`` had a hash that begins with ``head``; ``source`` is who says so."""

    sequence: int
    head: str
    source: str


@dataclass(frozen=True)
class Restore:
    """A restore on record: the chain went back to ``restored_to``, and what followed is lost."""

    entry: int
    restored_to: int
    lost_through: int

    def explains(self, sequence: int) -> bool:
        """Was the entry of this number lost by it?"""
        return self.restored_to < sequence <= self.lost_through


def typed(text: str) -> Anchor:
    """The anchor that somebody typed: ``812:0a1b2c3d 4e5f…``, spaces and hyphens left out.

    Raises InvalidInput with a sentence.
    """
    plain = re.sub(r"[\s-]", "", text).lower()
    found = _TYPED.fullmatch(plain)
    if found is None or not MIN_TYPED <= len(found[2]) <= 64:
        raise InvalidInput(
            f"Tambatan “{text}” tidak terbaca. Tulis nomor entri, titik dua, lalu hash-nya "
            f"(paling sedikit {MIN_TYPED} angka heksadesimal), misalnya 812:0a1b2c3d4e5f6071."
        )
    return Anchor(int(found[1]), found[2], "tambatan yang Anda ketik")


def known() -> Iterator[Anchor]:
    """The anchors that this installation has at hand: its own rows, its backups, and their file."""
    for row in AuditAnchor.objects.order_by("day").iterator():
        yield Anchor(row.sequence, row.head, f"tambatan {words.long_date(row.day)}")
    backups = Backup.objects.exclude(chain_head="").order_by("pk")
    for name, count, head in backups.values_list("file_name", "chain_count", "chain_head"):
        yield Anchor(count, head, f"cadangan {name}")
    yield from of_the_backups()


def of_the_backups() -> Iterator[Anchor]:
    """The file that is kept with the backups, where there is one; a line it cannot be is left."""
    folder = settings.BACKUP_DIR
    path = Path(folder) / FILE_NAME if folder else None
    if path is None or not path.is_file():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            if found := _LINE.fullmatch(line.strip()):
                source = f"berkas {FILE_NAME} baris {number} ({found[1]})"
                yield Anchor(int(found[2]), found[3], source)


class Comparison:
    """Compares anchors with the entries that are shown to it one after the other."""

    def __init__(self, anchors: Sequence[Anchor], report: Report) -> None:
        self._report = report
        self._wanted: dict[int, list[Anchor]] = {}
        for anchor in dict.fromkeys(anchors):
            self._wanted.setdefault(anchor.sequence, []).append(anchor)
            report.anchors += 1
        self._unlike: list[Anchor] = []
        self._restores: list[Restore] = []
        self._told: dict[str, tuple[int, tuple[object, ...]]] = {}
        self._compare(0, "0" * 64)

    def look_at(self, entry: AuditEntry) -> None:
        """Take in the next entry of the chain."""
        self._compare(entry.sequence, entry.hash)
        told = entry.changes if isinstance(entry.changes, dict) else {}
        if entry.act == Act.ANCHOR:
            day = str(told.get("day"))
            stands = (told.get("sequence"), told.get("head"), entry.at)
            self._told[day] = (entry.sequence, stands)
        if entry.act == Act.RESTORE:
            self._take_in_restore(
                entry, _number(told.get("restored_to")), _number(told.get("lost_through"))
            )

    def conclude(self) -> None:
        """Say what the anchors say, once the chain has been walked to its end."""
        beyond = [anchor for anchors in self._wanted.values() for anchor in anchors]
        for anchor in sorted(beyond, key=lambda one: one.sequence):
            end = f"sedangkan rantai berakhir pada entri {self._report.count}"
            self._tell(anchor, f"menyebut entri {anchor.sequence}, {end}")
        for anchor in self._unlike:
            self._tell(anchor, f"menyebut hash lain untuk entri {anchor.sequence}")
        self._compare_rows()

    def _compare(self, sequence: int, found: str) -> None:
        for anchor in self._wanted.pop(sequence, ()):
            if not found.startswith(anchor.head):
                self._unlike.append(anchor)

    def _take_in_restore(self, entry: AuditEntry, restored_to: int, lost_through: int) -> None:
        restore = Restore(entry.sequence, restored_to, lost_through)
        if restore.restored_to >= entry.sequence:
            self._report.breaks.append(
                f"Entri {entry.sequence} mencatat pemulihan sampai entri {restore.restored_to}, "
                "padahal entri itu belum ada saat itu."
            )
            return
        self._restores.append(restore)
        lost = (
            f"entri {restore.restored_to + 1} sampai {restore.lost_through} dari sebelum "
            "pemulihan hilang"
            if restore.lost_through > restore.restored_to
            else "tidak ada entri yang hilang"
        )
        self._report.remarks.append(
            f"pada {words.instant(entry.at)} basis data dipulihkan dari cadangan "
            f"(entri {entry.sequence}); {lost}."
        )

    def _tell(self, anchor: Anchor, what: str) -> None:
        restore = next((one for one in self._restores if one.explains(anchor.sequence)), None)
        source = anchor.source[0].upper() + anchor.source[1:]
        if restore is not None:
            self._report.remarks.append(
                f"{source} (entri {anchor.sequence}) hilang karena pemulihan pada entri "
                f"{restore.entry}."
            )
            return
        self._report.breaks.append(f"{source} {what}.")

    def _compare_rows(self) -> None:
        """The rows of anchors themselves: each one as the entry that made it says."""
        rows = {
            row.day.isoformat(): (row.sequence, row.head, row.at)
            for row in AuditAnchor.objects.order_by("day").iterator()
        }
        for day, (entry, stands) in self._told.items():
            found = rows.pop(day, None)
            if found is None:
                self._report.breaks.append(
                    f"Tambatan {day}, yang dicatat pada entri {entry}, tidak ada lagi."
                )
            elif found != stands:
                self._report.breaks.append(
                    f"Tambatan {day} tidak sama dengan yang dicatat pada entri {entry}."
                )
        for day in sorted(rows):
            self._report.breaks.append(f"Tambatan {day} ada tanpa entri yang mencatatnya.")


def _number(told: object) -> int:
    return told if isinstance(told, int) else 0
