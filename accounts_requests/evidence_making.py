"""The worker's part of a paket bukti: one claimed file at a time, so that mail need not wait.

Each case's bundle is made on disk and kept in stretches; when all are there, the package is put
together from them. Nothing large is ever in memory as a whole.
"""

import datetime as dt
import logging
from collections.abc import Iterable
from tempfile import TemporaryFile

from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef, Q

from accounts_requests import audit, bundles, exports
from accounts_requests.bundles.package import Bundled, chunks_of
from accounts_requests.bundles.package import write as write_package
from accounts_requests.documents import hand_over_paper
from accounts_requests.evidence_packages import KEPT_FOR, name_of, parts_of
from accounts_requests.models import EvidenceHandOver, EvidenceItem, EvidencePackage, EvidencePart
from accounts_requests.states import Act

logger = logging.getLogger(__name__)

# Seconds until the next try, after the first and the second failure; after the third: FAILED.
BACK_OFF_SECONDS = (30, 5 * 60)
MAX_ATTEMPTS = len(BACK_OFF_SECONDS) + 1
# A claim older than this belongs to a worker that is gone.
STALE_AFTER = dt.timedelta(minutes=30)

_OWED = EvidenceItem.State.OWED


def claim_next(at: dt.datetime) -> EvidenceItem | None:
    """Claim the file that is due the longest; None when none is.

    A package itself is due once every bundle of it is stored. One conditional UPDATE decides.
    """
    missing = EvidenceItem.objects.filter(
        package=OuterRef("package"), request__isnull=False
    ).exclude(state=EvidenceItem.State.STORED)
    longest = dt.timedelta(seconds=max(BACK_OFF_SECONDS))
    due = (
        EvidenceItem.objects.filter(state=_OWED, claimed_at__isnull=True)
        # A time beyond the longest back-off was written by a clock that has been set back since.
        .filter(
            Q(next_attempt_at__isnull=True)
            | Q(next_attempt_at__lte=at)
            | Q(next_attempt_at__gt=at + longest)
        )
        .filter(Q(request__isnull=False) | ~Exists(missing))
        .order_by("package", "position")
    )
    while (pk := due.values_list("pk", flat=True).first()) is not None:
        free = EvidenceItem.objects.filter(pk=pk, state=_OWED, claimed_at__isnull=True)
        if free.update(claimed_at=at):
            return EvidenceItem.objects.select_related("package__asked_by", "request").get(pk=pk)
    return None


def make_claimed(item: EvidenceItem, at: dt.datetime) -> bool:
    """Make the file of a claimed item and store it. False when it failed.

    A failure is tried again after BACK_OFF_SECONDS; after MAX_ATTEMPTS the item is FAILED and a
    person must see to it. Nothing is stored when the claim was lost meanwhile.
    """
    try:
        if item.request is not None:
            _bundle(item, at)
        else:
            _package(item, at)
    except Exception as error:  # whatever went wrong, the row says how to go on
        logger.exception("evidence item %s could not be made", item.pk)
        # What a database quotes is not kept: it may be about people.
        told = "" if isinstance(error, DatabaseError) else str(error)
        _put_back(item, at, told or type(error).__name__)
        return False
    return True


def release_stale(at: dt.datetime) -> int:
    """Take files back from workers that are gone; it counts as an attempt. Returns how many."""
    stale = EvidenceItem.objects.filter(
        # Further ahead than clocks may differ: the clock was set back since.
        Q(claimed_at__lte=at - STALE_AFTER) | Q(claimed_at__gt=at + STALE_AFTER),
        state=_OWED,
    )
    return sum(_put_back(item, at, "Penyiapan terhenti di tengah jalan.") for item in stale)


def forget_old(at: dt.datetime) -> int:
    """Take away the bytes of packages that were kept for long enough; returns how many stretches.

    What was handed over, and its SHA-256, stays on record. Of a package that was never finished
    the bundles go as well; should somebody have it tried again, they are made anew.
    """
    old = EvidencePart.objects.filter(item__made_at__lt=at - KEPT_FOR)
    return old.delete()[0] if old.exists() else 0


def _bundle(item: EvidenceItem, at: dt.datetime) -> None:
    assert item.request is not None  # noqa: S101  the caller asked
    package = item.package
    letter = letter_words(package)
    with TemporaryFile() as file:
        made = bundles.write(item.request, file, at=at, by=package.asked_by, letter=letter)
        with transaction.atomic():
            if _store(item, chunks_of(file), sha256=made.sha256, size=made.size, at=at):
                exports.bundled(item.request, made, actor=package.asked_by, at=at, letter=letter)


def _package(item: EvidenceItem, at: dt.datetime) -> None:
    package = item.package
    stored = package.items.filter(request__isnull=False).select_related("request")
    if _make_lost_ones_again(item):
        return
    bundled = [
        Bundled(
            case=one.request.number,
            file=bundles.name_of(one.request),
            sha256=one.sha256,
            size=one.size,
            chunks=parts_of(one),
        )
        for one in stored.order_by("position")
        if one.request is not None
    ]
    content = [one.told for one in bundled]
    paper = hand_over_paper.render(package, content, at=at)
    with TemporaryFile() as file:
        sha256, size = write_package(package, bundled, paper.data, file, at=at)
        with transaction.atomic():
            if not _store(item, chunks_of(file), sha256=sha256, size=size, at=at):
                return
            EvidencePart.objects.filter(item__in=stored).delete()
            made = EvidenceHandOver(
                package=package,
                made_at=at,
                file_name=name_of(package),
                sha256=sha256,
                size=size,
                content=content,
            )
            made.save(force_insert=True)
            audit.record(
                Act.HAND_OVER_EVIDENCE,
                actor=None,
                at=at,
                label=made.file_name,
                summary=f"Paket bukti {len(content)} permohonan untuk surat "
                f"{package.letter_number} selesai disusun.",
                changes={"sha256": sha256, "files": len(content)},
                rows=[made],
            )


def _make_lost_ones_again(item: EvidenceItem) -> bool:
    """Owe the bundles anew whose bytes are gone (they are in no backup); was there one?"""
    parts = EvidencePart.objects.filter(item=OuterRef("pk"))
    lost = item.package.items.filter(~Exists(parts), request__isnull=False)
    with transaction.atomic():
        if not lost.update(state=_OWED, attempts=0, sha256="", size=0, made_at=None):
            return False
        held = EvidenceItem.objects.filter(pk=item.pk, claimed_at=item.claimed_at)
        held.update(claimed_at=None)
    return True


def letter_words(package: EvidencePackage) -> str:
    """The letter as each bundle names it: ``700/1/Itda tanggal 2026-07-06``."""
    return f"{package.letter_number} tanggal {package.letter_date.isoformat()}"


def _store(
    item: EvidenceItem, chunks: Iterable[bytes], *, sha256: str, size: int, at: dt.datetime
) -> bool:
    """Keep the bytes; False when the claim was lost. Part of the caller's transaction."""
    held = EvidenceItem.objects.filter(pk=item.pk, state=_OWED, claimed_at=item.claimed_at)
    if not held.update(
        state=EvidenceItem.State.STORED,
        attempts=item.attempts + 1,
        claimed_at=None,
        next_attempt_at=None,
        last_error="",
        sha256=sha256,
        size=size,
        made_at=at,
    ):
        return False
    for position, chunk in enumerate(chunks):
        EvidencePart.objects.create(item=item, position=position, data=chunk)
    return True


def _put_back(item: EvidenceItem, at: dt.datetime, error: str) -> bool:
    attempts = item.attempts + 1
    failed = attempts >= MAX_ATTEMPTS
    wait = dt.timedelta(seconds=0 if failed else BACK_OFF_SECONDS[attempts - 1])
    held = EvidenceItem.objects.filter(pk=item.pk, state=_OWED, claimed_at=item.claimed_at)
    return bool(
        held.update(
            state=EvidenceItem.State.FAILED if failed else _OWED,
            attempts=attempts,
            claimed_at=None,
            next_attempt_at=None if failed else at + wait,
            last_error=error[:250],
        )
    )
