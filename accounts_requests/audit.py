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

from accounts_requests.models import AccountRequest, AuditChain, AuditEntry, User
from accounts_requests.states import Act

# Where the act came from: the client's address, set per request by the middleware.
origin: ContextVar[str] = ContextVar("audit_origin", default="")

SYSTEM = "Sistem"


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
) -> AuditEntry:
    """Append one entry to the chain. Call it last in the act's transaction.

    ``at`` is UTC. ``summary`` is shown to people and holds no personal data of registrants and no
    secret; ``changes`` holds field names with keyed hashes (``hashed``) or harmless values.
    """
    chain = AuditChain.objects.select_for_update().get(pk=1)
    entry = AuditEntry(
        sequence=chain.count + 1,
        at=at,
        act=act,
        actor=actor,
        actor_name=actor.titled_name if actor else SYSTEM,
        actor_role=role,
        address=origin.get(),
        request=request,
        object_label=label,
        summary=summary,
        changes=dict(changes or {}),
        previous_hash=chain.head,
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    chain.head = entry.hash
    chain.count = entry.sequence
    chain.save(update_fields=["head", "count"])
    return entry


def digest(entry: AuditEntry) -> str:
    """The SHA-256 (hex) over the entry's content and the hash of the entry before it."""
    content = {
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
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def hashed(value: object) -> str:
    """A keyed hash (first 16 hex digits) that lets two entries be compared, not read."""
    key = settings.ENCRYPTION_KEYS[-1].encode()
    return hmac.new(key, str(value).encode(), hashlib.sha256).hexdigest()[:16]


def last_act(request: AccountRequest, acts: Sequence[Act]) -> AuditEntry | None:
    """The latest entry of one of ``acts`` on this case, or None."""
    return (
        AuditEntry.objects.filter(request=request, act__in=acts)
        .select_related("actor")
        .order_by("-sequence")
        .first()
    )


def first_broken_entry() -> AuditEntry | None:
    """Walk the chain; the first entry whose hash, link or number is wrong, or None.

    Compares the end with the chain's head too: a cut tail makes the last entry the broken one.
    """
    previous, count, entry = "0" * 64, 0, None
    for entry in AuditEntry.objects.order_by("sequence").iterator():
        count += 1
        if (
            entry.sequence != count
            or entry.previous_hash != previous
            or entry.hash != digest(entry)
        ):
            return entry
        previous = entry.hash
    chain = AuditChain.objects.get(pk=1)
    if (chain.head, chain.count) != (previous, count):
        return entry
    return None
