"""The audit trail: one entry per act, each carrying the hash of the one before.

An entry is written in the transaction of the act that it tells of; the chain's head is locked only
while it is added, so the lock is held for the shortest time (take it last).
"""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model, Q

from accounts_requests import record_seals
from accounts_requests.models import AccountRequest, AuditChain, AuditEntry, RecordSeal, User
from accounts_requests.record_parts import OF_THE_OFFICE
from accounts_requests.roles import Capacity
from accounts_requests.states import Act

# Where the act came from: the client's address, set per request by the middleware.
origin: ContextVar[str] = ContextVar("audit_origin", default="")

SYSTEM = "Sistem"

# What separates the act from the reason that somebody typed, in every summary that has one.
REASON = " dengan alasan: "

# The name under which ``changes`` tells of records that were not as they had been sealed.
CHANGED_OUTSIDE = "changed_outside"


# The name under which ``changes`` tells when an act happened that was entered later.
HAPPENED_AT = "happened_at"


def record(
    act: Act,
    *,
    actor: User | None,
    at: dt.datetime,
    summary: str,
    role: str = "",
    request: AccountRequest | None = None,
    label: str = "",
    changes: Mapping[str, Any] | None = None,
    rows: Sequence[Model] | None = None,
) -> AuditEntry:
    """Append one entry to the chain. Call it last in the act's transaction.

    ``at`` is UTC. ``summary`` is shown to people and holds no personal data of registrants and no
    secret; ``changes`` holds field names with keyed hashes (``hashed``) or harmless values.

    The entry seals what the act wrote of the case's records (``record_seals``), or of ``rows``
    alone: for an entry that is no act on the whole case, whose caller does not hold its lock, or
    that is about no case at all.
    It tells of records that were not as sealed when the case was locked.
    """
    seals = record_seals.NOTHING
    if request is not None:
        seals = record_seals.unsealed(request.pk, rows)
    elif rows:
        seals = record_seals.unsealed(0, rows)
    entry = AuditEntry(
        at=at,
        act=act,
        actor=actor,
        actor_role=role,
        request=request,
        object_label=label,
        summary=summary,
        changes=dict(changes or {}),
        records=seals.records,
    )
    chain = AuditChain.objects.select_for_update().get(pk=1)
    link(entry, chain)
    entry.save(force_insert=True)
    chain.save(update_fields=["head", "count"])
    if seals.records:
        record_seals.keep(
            seals, request_pk=request.pk if request else None, sequence=entry.sequence
        )
    return entry


def link(entry: AuditEntry, chain: AuditChain) -> None:
    """Make ``entry`` the next one of the (locked) chain. Saves neither.

    Actor, act, instant, case and content are set; the name, the address, what was changed outside,
    the place in the chain and the hash are added here, for whoever records one entry or many.
    """
    entry.actor_name = entry.actor.titled_name if entry.actor else SYSTEM
    entry.address = origin.get()
    if entry.request is not None and entry.request.changed_outside:
        entry.changes[CHANGED_OUTSIDE] = list(entry.request.changed_outside)
        entry.request.changed_outside = ()  # once; an act may leave two entries
    entry.sequence = chain.count + 1
    entry.previous_hash = chain.head
    entry.hash = digest(entry)
    chain.head, chain.count = entry.hash, entry.sequence


def digest(entry: AuditEntry) -> str:
    """The SHA-256 (hex) over the entry's content and the hash of the entry before it."""
    content: dict[str, Any] = {
        "sequence": entry.sequence,
        "at": entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "act": str(entry.act),
        "actor": entry.actor_id,
        "actor_name": entry.actor_name,
        "actor_role": entry.actor_role,
        "address": entry.address,
        "request": entry.request_id,
        "object": entry.object_label,
        "summary": entry.summary,
        "changes": entry.changes,
        "previous": entry.previous_hash,
    }
    if entry.records:  # entries from before records were sealed have none, and keep their hash
        content["records"] = entry.records
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def hashed(value: object) -> str:
    """A keyed hash (first 16 hex digits) that lets two entries be compared, not read."""
    key = settings.ENCRYPTION_KEYS[-1].encode()
    return hmac.new(key, str(value).encode(), hashlib.sha256).hexdigest()[:16]


def without_reason(summary: str) -> str:
    """The summary for a reader who may not know people: reasons are free text and may name them."""
    what, reason, _ = summary.partition(REASON)
    return f"{what} (alasannya tidak ditampilkan bagi peran Anda)." if reason else summary


def reason_of(summary: str) -> str:
    """The reason that somebody gave for an act, as its summary tells it; "" without one."""
    return summary.partition(REASON)[2]


def acting_titles(request: AccountRequest) -> dict[tuple[int | None, dt.datetime], str]:
    """``Plh. Kepala LPSE`` by person and instant, for what acting officials did in the case.

    A step ends at the instant of the entry that tells of it, so that a page can print the title
    that somebody bore then, whatever they are appointed to today.
    """
    styled = Q()
    for capacity in (Capacity.PLT, Capacity.PLH):
        styled |= Q(actor_role__startswith=capacity.label)
    entries = AuditEntry.objects.filter(styled, request=request)
    return {(entry.actor_id, happened_at(entry)): entry.actor_role for entry in entries}


def happened_at(entry: AuditEntry) -> dt.datetime:
    """When the act of the entry happened (UTC): ``at``, unless it was entered later than that."""
    told = entry.changes.get(HAPPENED_AT)
    return dt.datetime.fromisoformat(told) if told else entry.at


def last_act(request: AccountRequest, acts: Sequence[Act], *, label: str = "") -> AuditEntry | None:
    """The latest entry of one of ``acts`` on this case (about its object ``label``), or None."""
    about = {"object_label": label} if label else {}
    return (
        AuditEntry.objects.filter(request=request, act__in=acts, **about)
        .select_related("actor")
        .order_by("-sequence")
        .first()
    )


@transaction.atomic
def seal_what_stands(at: dt.datetime) -> int:
    """Seal the records of an installation from before records were sealed; returns how many cases.

    Done once, for the cases and for what belongs to none: where one seal exists, each record has
    been sealed by the act that wrote it.
    """
    _seal_what_belongs_to_no_case(at)
    if RecordSeal.objects.filter(request__isnull=False).exists():
        return 0
    sealed = 0
    for request in AccountRequest.objects.order_by("pk").iterator():
        record(
            Act.SEAL,
            actor=None,
            at=at,
            request=request,
            summary=f"Catatan permohonan {request.number} disegel sebagaimana adanya.",
        )
        sealed += 1
    return sealed


def _seal_what_belongs_to_no_case(at: dt.datetime) -> None:
    if RecordSeal.objects.filter(request__isnull=True).exists():
        return
    rows = [row for part in OF_THE_OFFICE for row in part.rows().order_by("pk")]
    if rows:
        record(
            Act.SEAL,
            actor=None,
            at=at,
            rows=rows,
            summary="Catatan kantor disegel sebagaimana adanya.",
        )
