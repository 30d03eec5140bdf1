"""What the pages say of the nightly re-check: the alarm while it stands, the last run."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from django.db.models import Count, Max, Min

from accounts_requests import words
from accounts_requests.models import ContentCheck, ContentFault, ContentFaultSeen, User

# A good check that ended longer ago says that a night went by without one.
OLD_AFTER = dt.timedelta(hours=26)
SHOWN = 30


@dataclass(frozen=True)
class Alarm:
    """How many contents are damaged now, and since when that is known (UTC)."""

    count: int
    since: dt.datetime


@dataclass(frozen=True)
class CheckStatus:
    """What the keeper reads: a badge (``kind`` of _badge.html, ``label``), and sentences."""

    kind: Literal["done", "soon", "late", "waiting"]
    label: str
    text: str


@dataclass(frozen=True)
class ForMachines:
    """What a monitor is told: damaged contents, and the end of the last run (UTC, None before)."""

    damaged: int
    checked_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class FaultLine:
    """A fault with who has read of it, and when the check before the one that met it ended."""

    fault: ContentFault
    seen: list[ContentFaultSeen]
    checked_before: dt.datetime | None


def standing() -> Alarm | None:
    """The alarm that stands, None while everything is as it was stored. One query."""
    found = ContentFault.objects.filter(good_again_at=None).aggregate(
        count=Count("pk"), since=Min("found_at")
    )
    return Alarm(found["count"], found["since"]) if found["count"] else None


def status(at: dt.datetime) -> CheckStatus:
    """The last run and what stands at ``at`` (UTC). Two queries."""
    alarm = standing()
    last = ContentCheck.objects.filter(finished_at__isnull=False).order_by("-finished_at").first()
    if last is None or last.finished_at is None:
        told = "Isi dokumen belum pernah diperiksa ulang; pekerja memeriksanya setiap malam."
    else:
        told = (
            f"Pemeriksaan isi terakhir selesai {words.instant(last.finished_at)}: "
            f"{last.checked} isi diperiksa, {last.found} tidak utuh."
        )
    if alarm is not None:
        return CheckStatus("late", "Tidak utuh", f"{alarm.count} isi tidak utuh. {told}")
    if last is None or last.finished_at is None:
        return CheckStatus("waiting", "Belum ada", told)
    if at - last.finished_at > OLD_AFTER:
        return CheckStatus("late", "Terlambat", told)
    return CheckStatus("done", "Utuh", told)


def for_machines() -> ForMachines:
    """How many contents are damaged, and when the last run ended. Two queries."""
    damaged = ContentFault.objects.filter(good_again_at=None).count()
    last = ContentCheck.objects.aggregate(at=Max("finished_at"))["at"]
    return ForMachines(damaged, last)


def runs() -> list[ContentCheck]:
    """The last runs, the newest first; those under way among them."""
    return list(ContentCheck.objects.order_by("-started_at", "-pk")[:SHOWN])


def open_faults() -> list[FaultLine]:
    """What is damaged now, in the order in which it was found."""
    faults = ContentFault.objects.filter(good_again_at=None).order_by("found_at", "pk")
    ended = list(
        ContentCheck.objects.filter(finished_at__isnull=False)
        .order_by("-finished_at")
        .values_list("pk", "finished_at")[:SHOWN]
    )
    return [
        FaultLine(
            fault=fault,
            seen=list(fault.seen.all()),
            checked_before=next(
                (
                    at
                    for pk, at in ended
                    if at is not None and pk != fault.check_run_id and at <= fault.found_at
                ),
                None,
            ),
        )
        for fault in faults.prefetch_related("seen__person")[:SHOWN]
    ]


def past_faults() -> list[ContentFault]:
    """What was damaged and is good again, the newest first."""
    return list(ContentFault.objects.filter(good_again_at__isnull=False)[:SHOWN])


def has_read(user: User) -> bool:
    """Has ``user`` read of every fault that stands?"""
    unread = ContentFault.objects.filter(good_again_at=None).exclude(seen__person=user)
    return not unread.exists()
