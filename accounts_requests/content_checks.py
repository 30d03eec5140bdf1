"""The nightly re-check: every stored content against its SHA-256, in slices that may be cut off.

``manage.py verify`` holds the record against its seals when a person asks; this looks at the bytes
alone, every night, unasked, and raises an alarm that lasts until they are as they were stored.
Nothing is ever repaired from here: which copy is the right one is for people to say.
"""

import datetime as dt
import time
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from accounts_requests import audit, clock, outbox, words
from accounts_requests.models import (
    Appointment,
    ContentCheck,
    ContentFault,
    ContentFaultSeen,
    Document,
    User,
)
from accounts_requests.permissions import require_content_watcher, require_keeper
from accounts_requests.roles import Role
from accounts_requests.states import Act, MessageKind
from accounts_requests.stored_contents import Item, fault_of, item, items

# The night's check begins after the night's backup, in the office's zone.
BEGINS = dt.time(2)
# So long a worker looks at contents before mail and papers have their turn again.
SLICE_SECONDS = 2.0
# A slice that was claimed longer ago belongs to a process that is gone.
STALE_AFTER = dt.timedelta(minutes=10)
# So many are named in an entry of the trail; the rows name them all.
_NAMED = 5


def look_after(at: dt.datetime) -> int:
    """The worker's part at ``at`` (UTC): one slice of the night's check, if one is owed.

    Returns how many contents were looked at. Many workers may ask; one at a time works on it. A
    check that was cut off goes on where it stood, also on a later night.
    """
    check = _owed(at)
    return 0 if check is None else go_on(check, at, seconds=SLICE_SECONDS)


def by_hand(at: dt.datetime) -> ContentCheck:
    """The check that somebody starts, or the one that they started and that was cut off."""
    begun = ContentCheck.objects.filter(night=None, finished_at=None).order_by("pk").first()
    return begun or ContentCheck.objects.create(started_at=at)


def _owed(at: dt.datetime) -> ContentCheck | None:
    begun = ContentCheck.objects.filter(night__isnull=False, finished_at=None).order_by("pk")
    if (check := begun.first()) is not None:
        return check
    local = at.astimezone(words.ZONE)
    night = local.date()
    if local.time() < BEGINS or ContentCheck.objects.filter(night=night).exists():
        return None
    try:
        with transaction.atomic():
            return ContentCheck.objects.create(started_at=at, night=night)
    except IntegrityError:  # another worker was first
        return None


def go_on(check: ContentCheck, at: dt.datetime, *, seconds: float | None = None) -> int:
    """Look at contents for so many ``seconds`` (None: to the end), from where ``check`` stands.

    Returns how many were looked at; 0 when another process has it. ``check`` is brought up to
    date; its ``finished_at`` tells whether it came to the end.
    """
    if not _claim(check, at):
        return 0
    check.refresh_from_db()
    until = None if seconds is None else time.monotonic() + seconds
    known = {fault.record: fault for fault in ContentFault.objects.filter(good_again_at=None)}
    looked, found, new, good = 0, 0, list[ContentFault](), list[ContentFault]()
    place, after, at_end = check.place, check.after, True
    for one in items(place, after):
        kind, met = fault_of(one)
        if kind is not None:
            found += 1
            if one.record not in known:
                new.append(_fault(one, kind, met, at, check))
        elif one.record in known:
            good.append(known[one.record])
        looked += 1
        place, after = one.store.name, one.pk
        if until is not None and time.monotonic() >= until:
            at_end = False
            break
    with transaction.atomic():
        ContentCheck.objects.filter(pk=check.pk, claimed_at=at).update(
            place=place,
            after=after,
            checked=F("checked") + looked,
            found=F("found") + found,
            claimed_at=None,
            finished_at=clock.now() if at_end else None,
        )
        _raise_alarm(new, at)
        _calm(good, at, by=None)
    check.refresh_from_db()
    return looked


def _claim(check: ContentCheck, at: dt.datetime) -> bool:
    free = Q(claimed_at=None) | Q(claimed_at__lte=at - STALE_AFTER)
    # Further ahead than clocks may differ: the clock was set back since.
    free |= Q(claimed_at__gt=at + STALE_AFTER)
    mine = ContentCheck.objects.filter(free, pk=check.pk, finished_at=None)
    return bool(mine.update(claimed_at=at))


# -- the alarm ------------------------------------------------------------------------------------


def met_when_opened(document: Document, at: dt.datetime) -> None:
    """A paper was opened and is not as it was stored: raise the alarm now, not only at night."""
    one = item(f"document:{document.pk}")
    if one is None:
        return
    kind, met = fault_of(one)
    if kind is None or ContentFault.objects.filter(record=one.record, good_again_at=None).exists():
        return
    with transaction.atomic():
        _raise_alarm([_fault(one, kind, met, at, None)], at)


def look_again(at: dt.datetime, *, actor: User) -> tuple[int, int]:
    """Look at what is told as damaged once more; how many are good again, and how many are not.

    Raises NotPermitted for anybody but Pengelola Aplikasi.
    """
    require_keeper(actor)
    good, bad = [], 0
    for fault in ContentFault.objects.filter(good_again_at=None).order_by("pk"):
        one = item(fault.record)
        if one is not None and fault_of(one)[0] is None:
            good.append(fault)
        else:
            bad += 1
    with transaction.atomic():
        _calm(good, at, by=actor)
    return len(good), bad


def acknowledge(at: dt.datetime, *, actor: User) -> int:
    """``actor`` has read of every fault that stands; returns how many were new to them.

    Raises NotPermitted for those whom the alarm does not concern.
    """
    require_content_watcher(actor)
    unread = ContentFault.objects.filter(good_again_at=None).exclude(seen__person=actor)
    new = [ContentFaultSeen(fault=fault, person=actor, seen_at=at) for fault in unread]
    ContentFaultSeen.objects.bulk_create(new)
    return len(new)


def _fault(
    one: Item, kind: ContentFault.Kind, met: str, at: dt.datetime, check: ContentCheck | None
) -> ContentFault:
    return ContentFault(
        check_run=check,
        record=one.record,
        label=one.label,
        kind=kind,
        expected=one.sha256,
        met=met,
        found_at=at,
    )


def _raise_alarm(new: list[ContentFault], at: dt.datetime) -> None:
    # Somebody may have opened the same paper meanwhile.
    told = set(ContentFault.objects.filter(good_again_at=None).values_list("record", flat=True))
    new = [fault for fault in new if fault.record not in told]
    if not new:
        return
    ContentFault.objects.bulk_create(new)
    for person in _keepers(at):
        outbox.queue_notice(
            MessageKind.CONTENT_ALARM,
            None,
            recipient=person,
            by=None,
            at=at,
            context={"count": len(new), "found": words.instant(at), "named": _named(new)},
        )
    audit.record(
        Act.CHECK_CONTENTS,
        actor=None,
        at=at,
        label=f"{len(new)} isi",
        summary=f"{len(new)} isi tersimpan tidak utuh: {_named(new)}.",
        changes={"records": [fault.record for fault in new], "state": "damaged"},
    )


def _calm(good: list[ContentFault], at: dt.datetime, *, by: User | None) -> None:
    if not good:
        return
    ContentFault.objects.filter(pk__in=[fault.pk for fault in good]).update(good_again_at=at)
    audit.record(
        Act.CHECK_CONTENTS,
        actor=by,
        at=at,
        role=Role.PENGELOLA_APLIKASI.label if by else "",
        label=f"{len(good)} isi",
        summary=f"{len(good)} isi tersimpan utuh kembali: {_named(good)}.",
        changes={"records": [fault.record for fault in good], "state": "good"},
    )


def _named(faults: Iterable[ContentFault]) -> str:
    labels = [fault.label for fault in faults]
    more = len(labels) - _NAMED
    return "; ".join(labels[:_NAMED]) + (f"; dan {more} lainnya" if more > 0 else "")


def _keepers(at: dt.datetime) -> list[User]:
    """Pengelola Aplikasi on the day of ``at``, each once."""
    day = at.astimezone(words.ZONE).date()
    held = (
        Appointment.objects.in_force(day)
        .filter(role=Role.PENGELOLA_APLIKASI, person__is_active=True)
        .exclude(person__email="")
        .select_related("person")
        .order_by("person_id")
    )
    return list(dict.fromkeys(appointment.person for appointment in held))
