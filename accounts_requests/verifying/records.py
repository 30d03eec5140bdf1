"""Each record against its seal, and the bytes of each paper against their SHA-256.

Rows and seals are read side by side in the order of their keys, so nothing but the present pair
is in memory, and what stands on one side alone is seen.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    CharField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Concat, Length

from accounts_requests.audit import HAPPENED_AT
from accounts_requests.models import (
    AccountRequest,
    AuditEntry,
    DestructionDecision,
    DestructionMinutes,
    Document,
    DocumentContent,
    RecordSeal,
)
from accounts_requests.record_parts import ONLY_AFTER, PARTS
from accounts_requests.record_seals import digest
from accounts_requests.sealed_part import Part
from accounts_requests.states import Act, DocumentKind, DocumentState

from .chain import named
from .report import Report

_CHUNK = 1000


_HAPPENED = KeyTextTransform(HAPPENED_AT, "changes")


class _Seal(NamedTuple):
    """A seal with its entry: instants and act, None where that entry is gone.

    ``request`` is the number of its case, None for a record of the office. ``happened`` is the
    instant of an act that was entered later than it happened (ISO, UTC).
    """

    pk: int
    digest: str
    sequence: int
    request: str | None
    at: dt.datetime | None
    act: str | None
    happened: str | None


@dataclass
class _Check:
    """What was told of one table already: a row that is gone has lost all its parts at once."""

    report: Report
    told: set[tuple[str, int]] = field(default_factory=set)

    def tell(self, part: Part, pk: int, sentence: str) -> None:
        """Say it once for the row."""
        key = (part.model._meta.db_table, pk)
        if key not in self.told:
            self.told.add(key)
            self.report.breaks.append(sentence)


def compare_records(report: Report) -> None:
    """Compare every record with its seal: changed, gone, or there without having been sealed."""
    check = _Check(report)
    for part in PARTS:
        _compare_part(check, part)


def compare_papers(report: Report) -> None:
    """Compare the bytes of every stored paper with its SHA-256, one paper at a time."""
    stored = Document.objects.filter(state=DocumentState.STORED).order_by("pk")
    fields = ("pk", "sha256", "kind", "request__number")
    for pk, sha256, kind, number in stored.values_list(*fields).iterator(chunk_size=_CHUNK):
        content = DocumentContent.objects.filter(document_id=pk).values_list("data", flat=True)
        data = content.first()
        # Not its title, which may hold a person's name.
        label = dict(DocumentKind.choices).get(kind, kind)
        where = f"Isi dokumen {label} (document:{pk}) dari permohonan {number}"
        if data is None:
            report.breaks.append(f"{where} tidak ada lagi.")
        elif hashlib.sha256(bytes(data)).hexdigest() != sha256:
            report.breaks.append(f"{where} tidak sama dengan SHA-256-nya.")
        report.documents += 1
    _compare_minutes(report)
    strays = DocumentContent.objects.exclude(document__state=DocumentState.STORED)
    for pk in strays.order_by("pk").values_list("document_id", flat=True).iterator():
        report.breaks.append(f"Isi dokumen (document:{pk}) ada, padahal dokumennya belum disimpan.")


def _compare_minutes(report: Report) -> None:
    """Compare the minutes of every approved *usul musnah* with their SHA-256."""
    approved = DestructionDecision.objects.exclude(minutes_sha256="").order_by("pk")
    for pk, sha256, number in approved.values_list("pk", "minutes_sha256", "proposal__number"):
        minutes = DestructionMinutes.objects.filter(decision_id=pk)
        data = minutes.values_list("data", flat=True).first()
        if data is None:
            report.breaks.append(f"Berita acara usul {number} tidak ada lagi.")
        elif hashlib.sha256(bytes(data)).hexdigest() != sha256:
            report.breaks.append(f"Berita acara usul {number} tidak sama dengan SHA-256-nya.")


def _compare_part(check: _Check, part: Part) -> None:
    rows, seals = _rows(part), _seals(part)
    row, seal = next(rows, None), next(seals, None)
    while row is not None or seal is not None:
        if seal is None or (row is not None and row["pk"] < seal.pk):
            assert row is not None  # noqa: S101  one of the two is there
            _unsealed(check, part, row)
            row = next(rows, None)
        elif row is None or seal.pk < row["pk"]:
            _without_row(check, part, seal)
            seal = next(seals, None)
        else:
            _pair(check, part, row, seal)
            row, seal = next(rows, None), next(seals, None)


def _rows(part: Part) -> Iterator[dict[str, Any]]:
    """Every row of the part's table (of one only after another: those that had the other)."""
    none = Value(None, output_field=BigIntegerField())
    rows: QuerySet[Any] = part.model._default_manager.order_by("pk").annotate(
        case_pk=F(f"{part.request}_id") if part.request else none
    )
    if part.name in ONLY_AFTER:
        former = Concat(Value(f"{ONLY_AFTER[part.name]}:"), Cast(OuterRef("pk"), CharField()))
        rows = rows.filter(Exists(RecordSeal.objects.filter(record=former)), **part.when)
    conditions = [lookup.partition("__")[0] for lookup in part.when]
    instants = [part.instant] if part.instant else []
    names = dict.fromkeys(["pk", "case_pk", *conditions, *instants, *part.columns])
    return rows.values(*names).iterator(chunk_size=_CHUNK)


def _seals(part: Part) -> Iterator[_Seal]:
    entry = AuditEntry.objects.filter(sequence=OuterRef("sequence"))
    rows = (
        RecordSeal.objects.filter(record__startswith=f"{part.name}:")
        .annotate(
            length=Length("record"),
            at=Subquery(entry.values("at")[:1]),
            act=Subquery(entry.values("act")[:1]),
            happened=Subquery(entry.values(told=_HAPPENED)[:1]),
        )
        .order_by("length", "record")
        .values_list("record", "digest", "sequence", "request__number", "at", "act", "happened")
    )
    for record, *rest in rows.iterator(chunk_size=_CHUNK):
        yield _Seal(int(record.partition(":")[2]), *rest)


def _pair(check: _Check, part: Part, row: dict[str, Any], seal: _Seal) -> None:
    check.report.records += 1
    what = _named(part, seal.pk) + _of_case(seal.request)
    if not part.applies(row):
        if not part.lapses:
            check.tell(
                part, seal.pk, f"{what} disegel pada entri {seal.sequence}, tetapi kini hilang."
            )
        return
    values = {column: row[column] for column in part.columns}
    if digest(part.record(seal.pk), values) != seal.digest:
        check.tell(part, seal.pk, f"{what} berubah sejak disegel pada entri {seal.sequence}.")
    elif not _is_explained(part, row, seal):
        check.tell(
            part,
            seal.pk,
            f"{what} disegel pada entri {seal.sequence}, yang tidak menuliskannya: catatan itu "
            "masuk atau berubah di luar aplikasi.",
        )


def _unsealed(check: _Check, part: Part, row: dict[str, Any]) -> None:
    if not part.applies(row):
        return
    number = AccountRequest.objects.filter(pk=row["case_pk"]).values_list("number", flat=True)
    check.tell(
        part,
        row["pk"],
        f"{_named(part, row['pk'])}{_of_case(number.first())} tidak pernah disegel: "
        "masuk atau berubah di luar aplikasi.",
    )


def _without_row(check: _Check, part: Part, seal: _Seal) -> None:
    check.report.records += 1
    check.tell(
        part,
        seal.pk,
        f"{_named(part, seal.pk)}{_of_case(seal.request)}, disegel pada entri "
        f"{seal.sequence}, tidak ada lagi.",
    )


def _is_explained(part: Part, row: dict[str, Any], seal: _Seal) -> bool:
    """Is the entry that sealed it one that writes such a record? (A lost entry was told before.)"""
    if seal.act is None or seal.act in _ALWAYS or not (part.instant or part.acts):
        return True
    return seal.act in part.acts or (bool(part.instant) and row[part.instant] in _told(seal))


# The first seals of what stood already.
_ALWAYS = (Act.SEAL,)


def _told(seal: _Seal) -> tuple[dt.datetime | None, ...]:
    """The instants that the entry tells: when it was recorded, and when the act happened."""
    try:
        return (seal.at, dt.datetime.fromisoformat(seal.happened or ""))
    except ValueError:
        return (seal.at,)


def _of_case(number: str | None) -> str:
    return f" dari permohonan {number}" if number else ""


def _named(part: Part, pk: int) -> str:
    name = named(part.record(pk))
    return name[0].upper() + name[1:]
