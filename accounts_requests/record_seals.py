"""Seals: the SHA-256 of each record that judges a person, written into the audit trail.

A record is sealed in the entry of the act that wrote it (``audit.record``), part by part: what a
row says when it is made, what it says when it ends (``record_parts``). Each part is sealed once,
so that whoever changes a row behind the application's back finds no later act that seals the
change. Two parts change while their step runs and are sealed anew (``resealed``); they are compared
whenever a case is locked for an act (``changed_outside``).

``RecordSeal`` is only the index of what the entries hold; ``verifying`` compares all three.
"""

import datetime as dt
import functools
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model

from accounts_requests.models import RecordSeal, StepRun
from accounts_requests.record_parts import BY_NAME, OF_A_CASE, ONLY_AFTER, PARTS
from accounts_requests.sealed_part import OF_STEP_RUN, Part


@dataclass(frozen=True)
class Seals:
    """Digests by record name: sealed for the first time, and sealed anew."""

    first: dict[str, str]
    again: dict[str, str]

    @property
    def records(self) -> dict[str, str]:
        """What the entry of the act holds."""
        return {**self.first, **self.again}


NOTHING = Seals({}, {})


def digest(record: str, values: Mapping[str, Any]) -> str:
    """The SHA-256 (hex) over a part's record name and its columns that are not NULL."""
    return hashlib.sha256(canonical(content(record, values)).encode()).hexdigest()


def content(record: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the digest is made of: the record's name, and the columns that are not NULL, plain."""
    return {"record": record} | {
        name: plain(value) for name, value in values.items() if value is not None
    }


def canonical(row: Mapping[str, Any]) -> str:
    """The one way to write a row down as JSON, for whoever makes a hash of it."""
    return json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def contents_of(request_pk: int) -> Iterator[dict[str, Any]]:
    """Every record of the case that has a seal, as it stands now, in the order of the parts."""
    sealed = set(RecordSeal.objects.filter(request_id=request_pk).values_list("record", flat=True))
    for part in OF_A_CASE:
        rows = part.rows().filter(**{part.request: request_pk}).order_by("pk")
        for row in rows.values("pk", *part.columns):
            record = part.record(row["pk"])
            if record in sealed:
                yield content(record, {column: row[column] for column in part.columns})


def unsealed(request_pk: int, rows: Sequence[Model] | None = None) -> Seals:
    """What of the case is not sealed as it stands now, or of ``rows`` alone where they are given.

    For rows alone, of which some may belong to no case, the case does not matter.

    A handful of queries, whatever the case's size. Call it in the transaction that wrote the rows.
    """
    first: dict[str, str] = {}
    again: dict[str, str] = {}
    for part, condition, values in _candidates(request_pk, rows):
        for record, found, sealed in _digests(part, condition, values):
            if sealed is None:
                first[record] = found
            elif part.resealed and sealed != found:
                again[record] = found
    return Seals(first, again)


def changed_outside(request_pk: int) -> tuple[str, ...]:
    """The running records of the case that are not as they were sealed: no act has changed them.

    Asked before an act writes anything. What is sealed once needs no asking: an act cannot seal
    it anew.
    """
    return tuple(
        record
        for part in _RESEALED
        for record, found, sealed in _digests(part, _OF_THE_CASE, [request_pk])
        if sealed != found
    )


def any_changed_outside(keys: Sequence[int]) -> bool:
    """Whether ``changed_outside`` finds anything in any of the cases with these ``keys``."""
    if not keys:  # PostgreSQL knows no empty list
        return False
    return any(
        sealed != found
        for part in _RESEALED
        for _, found, sealed in _digests(part, _among("t.request_id", keys), list(keys))
    )


def keep(seals: Seals, *, request_pk: int | None, sequence: int) -> None:
    """Write the seals of the entry ``sequence`` into the index."""
    RecordSeal.objects.bulk_create(
        RecordSeal(record=record, request_id=request_pk, digest=found, sequence=sequence)
        for record, found in seals.first.items()
    )
    for record, found in seals.again.items():
        RecordSeal.objects.filter(record=record).update(digest=found, sequence=sequence)


# -- finding the rows ---------------------------------------------------------------------------
#
# Every act pays for this, and Django would need several times longer to put these queries together
# than the database to answer them. So they are written out; nothing but names of our own tables
# and columns goes into the text.

_RESEALED = tuple(part for part in OF_A_CASE if part.resealed)
_ONCE = tuple(part for part in OF_A_CASE if not part.resealed)
_OF_THE_CASE = "t.request_id = %s"


def _candidates(
    request_pk: int, rows: Sequence[Model] | None
) -> Iterator[tuple[Part, str, list[int]]]:
    """The parts that may have to be sealed: each with a condition on its rows and its values."""
    if rows is None:
        for part in _RESEALED:
            yield part, _OF_THE_CASE, [request_pk]
        chosen = _never_sealed(request_pk)
    else:
        chosen = {
            part: [row.pk for row in rows if isinstance(row, part.model)]
            for part in PARTS
            if part.name not in ONLY_AFTER
        }
    for part, pks in chosen.items():
        if pks:
            yield part, _one_of(pks), pks


def _one_of(pks: list[int]) -> str:
    return _among("t.id", pks)


def _among(column: str, values: Sequence[int]) -> str:
    return f"{column} IN ({', '.join(['%s'] * len(values))})"


def _digests(
    part: Part, condition: str, values: list[int]
) -> Iterator[tuple[str, str, str | None]]:
    """For each row: record name, digest as it stands, and the digest that is sealed (or None)."""
    statement = f"{_select(part)} AND {condition} ORDER BY t.id"
    for row in part.model._default_manager.raw(statement, values):
        record = part.record(row.pk)
        found = digest(record, {column: getattr(row, column) for column in part.columns})
        yield record, found, getattr(row, "sealed_as")  # noqa: B009  the statement's own column


@functools.cache
def _select(part: Part) -> str:
    """The rows that have the part, with its columns and the digest that is sealed."""
    columns = ", ".join(f"t.{column}" for column in ("id", *part.columns))
    conditions = ["1 = 1", *(_condition(*item) for item in part.when.items())]
    return (
        f"SELECT {columns}, (SELECT s.digest {_seal(part.name)}) AS sealed_as "  # noqa: S608  see above
        f"FROM {part.model._meta.db_table} t WHERE {' AND '.join(conditions)}"
    )


def _never_sealed(request_pk: int) -> dict[Part, list[int]]:
    """The rows of the case whose part has no seal, by part: one query."""
    found: dict[Part, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_never_sealed_in_any_part(), [request_pk] * len(_ONCE))
        for name, pk in cursor.fetchall():
            found.setdefault(BY_NAME[name], []).append(pk)
    return found


@functools.cache
def _never_sealed_in_any_part() -> str:
    return " UNION ALL ".join(_never_sealed_in(part) for part in _ONCE)


def _never_sealed_in(part: Part) -> str:
    table = part.model._meta.db_table
    join, owner = "", _OF_THE_CASE
    if part.request == OF_STEP_RUN:
        join = f" JOIN {StepRun._meta.db_table} r ON r.id = t.step_run_id"
        owner = "r.request_id = %s"
    conditions = [owner, *(_condition(*item) for item in part.when.items())]
    conditions.append(f"NOT EXISTS (SELECT 1 {_seal(part.name)})")
    if part.name in ONLY_AFTER:
        conditions.append(f"EXISTS (SELECT 1 {_seal(ONLY_AFTER[part.name])})")
    return f"SELECT '{part.name}', t.id FROM {table} t{join} WHERE {' AND '.join(conditions)}"  # noqa: S608  see above


def _seal(name: str) -> str:
    return f"FROM {RecordSeal._meta.db_table} s WHERE s.record = '{name}:' || t.id"


def _condition(lookup: str, value: object) -> str:
    column, _, kind = lookup.partition("__")
    if kind == "isnull":
        return f"t.{column} IS {'' if value else 'NOT '}NULL"
    return f"t.{column} = '{value}'"


def plain(value: Any) -> Any:
    """The value as JSON knows it: instants in UTC to the microsecond, all else as text.

    Of bytes their SHA-256.
    """
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, bool | int | str | dict | list):
        return value
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    return str(value)  # a date, a UUID
