"""The chain itself: numbers, links and hashes, and what its entries say of the seals."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from accounts_requests import words
from accounts_requests.audit import CHANGED_OUTSIDE, digest
from accounts_requests.models import AuditChain, AuditEntry, RecordSeal
from accounts_requests.record_parts import BY_NAME
from accounts_requests.states import Act

from .anchors import Comparison
from .report import Report

START = "0" * 64


@dataclass
class _Walk:
    """Where the walk stands. ``pending``: seals that a later entry must have renewed, by record."""

    report: Report
    previous: str = START
    sequence: int = 0
    has_sealed: bool = False
    has_sealed_the_office: bool = False
    gaps: list[range] = field(default_factory=list)
    pending: dict[str, int] = field(default_factory=dict)


def walk(report: Report, comparison: Comparison) -> None:
    """Walk the chain from its first entry to its head, and say what the anchors say of it.

    One entry at a time is in memory.
    """
    seals = _Seals()
    walked = _Walk(report)
    for entry in AuditEntry.objects.order_by("sequence").iterator(chunk_size=1000):
        _check_entry(walked, entry)
        _check_seals(walked, entry, seals)
        comparison.look_at(entry)
        report.entries += 1
    _check_head(walked)
    for record, sequence in seals.rest():
        _stray(walked, record, sequence)
    for record, sequence in sorted(walked.pending.items(), key=lambda item: item[1]):
        report.breaks.append(f"Segel {named(record)} dari entri {sequence} tidak ada lagi.")
    report.count, report.head = walked.sequence, walked.previous
    comparison.conclude()


def named(record: str) -> str:
    """A record for people: ``penyimpangan (deviation:5)``."""
    part = BY_NAME.get(record.partition(":")[0])
    return f"{part.label if part else 'catatan'} ({record})"


def _check_entry(walked: _Walk, entry: AuditEntry) -> None:
    """Number, link and content; then the walk goes on from what the entry says itself."""
    expected = walked.sequence + 1
    breaks = walked.report.breaks
    if entry.sequence != expected:
        missing = range(expected, entry.sequence)
        walked.gaps.append(missing)
        breaks.append(f"{_entries(missing)} hilang dari jejak audit.")
    elif entry.previous_hash != walked.previous:
        breaks.append(
            f"{_told(entry)} tidak bersambung pada entri {walked.sequence}: salah satunya diganti."
        )
    if _digest(entry) != entry.hash:
        breaks.append(f"{_told(entry)} berubah: isinya tidak sesuai dengan hash-nya.")
    if isinstance(entry.changes, dict):
        breaks.extend(
            f"{_told(entry)} mendapati {named(str(record))} sudah berubah di luar aplikasi."
            for record in entry.changes.get(CHANGED_OUTSIDE, ())
        )
    is_of_a_case = entry.request_id is not None
    done = walked.has_sealed if is_of_a_case else walked.has_sealed_the_office
    if entry.act == Act.SEAL and done:
        breaks.append(f"{_told(entry)} menyegel catatan lama sekali lagi; itu hanya boleh sekali.")
    if entry.records and is_of_a_case:
        walked.has_sealed |= entry.act != Act.SEAL
    elif entry.records:
        walked.has_sealed_the_office = True
    walked.previous, walked.sequence = entry.hash, entry.sequence


def _check_seals(walked: _Walk, entry: AuditEntry, seals: "_Seals") -> None:
    """The index of seals says of this entry what the entry says itself."""
    for record, sequence in seals.before(entry.sequence):
        _stray(walked, record, sequence)
    indexed = seals.of(entry.sequence)
    told = entry.records if isinstance(entry.records, dict) else {}
    for record, sealed in told.items():
        found = indexed.pop(record, None)
        renewed = walked.pending.pop(record, None)
        part = BY_NAME.get(record.partition(":")[0])
        if found is None:
            # Renewed later, or gone: the end of the walk tells.
            walked.pending[record] = entry.sequence
        elif found != sealed:
            walked.report.breaks.append(
                f"Segel {named(record)} tidak sama dengan yang tertulis pada entri "
                f"{entry.sequence}."
            )
        if renewed is not None and (part is None or not part.resealed):
            walked.report.breaks.append(
                f"{named(record).capitalize()} disegel dua kali: pada entri {renewed} dan "
                f"{entry.sequence}."
            )
    for record in indexed:
        _stray(walked, record, entry.sequence)


def _stray(walked: _Walk, record: str, sequence: int) -> None:
    """A seal of which its entry knows nothing; the lost entries have been told already."""
    if any(sequence in gap for gap in walked.gaps):
        walked.pending.pop(record, None)
        return
    walked.report.breaks.append(
        f"Segel {named(record)} menunjuk entri {sequence}, yang tidak memuatnya."
    )


def _check_head(walked: _Walk) -> None:
    """The end of the chain is where its head says: a tail that was cut leaves no other trace."""
    chain = AuditChain.objects.filter(pk=1).first()
    breaks = walked.report.breaks
    if chain is None:
        if walked.sequence:
            breaks.append("Kepala rantai jejak audit tidak ada.")
        return
    if chain.count > walked.sequence:
        missing = range(walked.sequence + 1, chain.count + 1)
        walked.gaps.append(missing)
        breaks.append(f"{_entries(missing)} hilang dari ujung jejak audit.")
    elif chain.count < walked.sequence:
        breaks.append(
            f"Kepala rantai hanya mengenal {chain.count} entri, sedangkan ada {walked.sequence}."
        )
    elif chain.head != walked.previous:
        breaks.append(f"Kepala rantai tidak sama dengan hash entri {walked.sequence}.")


def _entries(missing: range) -> str:
    if len(missing) == 1:
        return f"Entri {missing[0]}"
    return f"Entri {missing[0]} sampai {missing[-1]}"


def _told(entry: AuditEntry) -> str:
    label = dict(Act.choices).get(entry.act, entry.act)
    at: dt.datetime | None = entry.at  # None where the database holds no instant at all
    return f"Entri {entry.sequence} ({label}, {words.instant(at) if at else 'waktu tak terbaca'})"


def _digest(entry: AuditEntry) -> str:
    """The entry's digest; "" where its values cannot even be read."""
    try:
        return digest(entry)
    except (AttributeError, TypeError, ValueError):
        return ""


class _Seals:
    """The index of seals, read once in the order of its entries."""

    def __init__(self) -> None:
        rows = RecordSeal.objects.order_by("sequence", "pk")
        self._rows: Iterator[tuple[str, str, int]] = rows.values_list(
            "record", "digest", "sequence"
        ).iterator(chunk_size=1000)
        self._next = next(self._rows, None)

    def before(self, sequence: int) -> Iterator[tuple[str, int]]:
        """The seals of entries before this one that nobody has asked for, with their entries."""
        while self._next is not None and self._next[2] < sequence:
            yield self._next[0], self._next[2]
            self._next = next(self._rows, None)

    def of(self, sequence: int) -> dict[str, str]:
        """The seals of this entry: digest by record."""
        found: dict[str, str] = {}
        while self._next is not None and self._next[2] == sequence:
            found[self._next[0]] = self._next[1]
            self._next = next(self._rows, None)
        return found

    def rest(self) -> Iterator[tuple[str, int]]:
        """What is left when the chain has ended."""
        while self._next is not None:
            yield self._next[0], self._next[2]
            self._next = next(self._rows, None)
