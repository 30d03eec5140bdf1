"""Many entries of the audit trail at once: one act that touches many cases, an entry for each.

The entries stand in the chain one after the other like any others; only the statements are fewer.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from accounts_requests import audit, record_seals
from accounts_requests.models import (
    AccountRequest,
    AuditChain,
    AuditEntry,
    RecordSeal,
    StepRun,
    User,
)
from accounts_requests.record_parts import BY_NAME, PARTS
from accounts_requests.record_seals import Seals
from accounts_requests.states import Act


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one case's entry tells, and the ``rows`` of the case that it seals."""

    request: AccountRequest
    label: str
    summary: str
    changes: dict[str, Any]
    rows: Sequence[Model]


def note_changed_outside(runs: Sequence[StepRun]) -> None:
    """Look, before anything is written, which of the running ``runs`` are not as they were sealed.

    Each run's own ``request`` keeps it, for the entry that follows (as ``acts.gate.locked`` does
    for one case).
    """
    owners = {run.pk: run for run in runs}
    for record in record_seals.unsealed(0, runs).records:
        name, _, pk = record.partition(":")
        if BY_NAME[name].resealed:
            owners[int(pk)].request.changed_outside = (record,)


def record_many(
    told: Sequence[Told], *, act: Act, actor: User | None, at: dt.datetime, role: str = ""
) -> list[AuditEntry]:
    """Append an entry for each of ``told`` (one a case), in order; see ``audit.record``.

    The number of statements grows with the batches that the database takes at once. Call it last
    in the act's transaction, or right before the act's own entry.
    """
    seals = _unsealed(told)
    entries = [
        AuditEntry(
            at=at,
            act=act,
            actor=actor,
            actor_role=role,
            request=one.request,
            object_label=one.label,
            summary=one.summary,
            changes=dict(one.changes),
            records=seals[one.request.pk].records,
        )
        for one in told
    ]
    chain = AuditChain.objects.select_for_update().get(pk=1)
    for entry in entries:
        audit.link(entry, chain)
    AuditEntry.objects.bulk_create(entries)
    chain.save(update_fields=["head", "count"])
    _keep(seals, {entry.request_id: entry.sequence for entry in entries if entry.request_id})
    return entries


def _unsealed(told: Sequence[Told]) -> dict[int, Seals]:
    """What each case's rows leave unsealed, by the case's key; a query for each part."""
    owners = {
        part.record(row.pk): one.request.pk
        for one in told
        for row in one.rows
        for part in PARTS
        if isinstance(row, part.model)
    }
    together = record_seals.unsealed(0, [row for one in told for row in one.rows])
    seals = {one.request.pk: Seals({}, {}) for one in told}
    for record, found in together.first.items():
        seals[owners[record]].first[record] = found
    for record, found in together.again.items():
        seals[owners[record]].again[record] = found
    return seals


def _keep(seals: Mapping[int, Seals], sequences: Mapping[int, int]) -> None:
    """Write the seals of all entries into the index; ``sequences`` by the case's key."""
    RecordSeal.objects.bulk_create(
        RecordSeal(
            record=record, request_id=request_pk, digest=found, sequence=sequences[request_pk]
        )
        for request_pk, sealed in seals.items()
        for record, found in sealed.first.items()
    )
    anew = {
        record: (found, sequences[request_pk])
        for request_pk, sealed in seals.items()
        for record, found in sealed.again.items()
    }
    rows = list(RecordSeal.objects.filter(record__in=anew))
    for row in rows:
        row.digest, row.sequence = anew[row.record]
    RecordSeal.objects.bulk_update(rows, ["digest", "sequence"])
