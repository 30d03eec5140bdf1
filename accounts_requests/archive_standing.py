"""How archived files stand today: derived from their latest data, moves and proposals.

A file archived before data were kept for each has none: the office's own settings count for it
until somebody writes some.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, TextChoices

from accounts_requests import retention, words
from accounts_requests.archive_rules import FileData, Standing
from accounts_requests.models import (
    AccountRequest,
    ArchiveDescription,
    ArchiveMove,
    DestructionDecision,
    DestructionItem,
    Development,
    FinalDisposition,
    Media,
    Office,
    RetentionTrigger,
    SecurityClass,
)

_APPROVED = DestructionDecision.Verdict.APPROVED


class FileState(TextChoices):
    """Where a file is in its life; the values are those of the register's address."""

    ACTIVE = "aktif", "Aktif"
    DUE_INACTIVE = "jatuh-tempo-inaktif", "Jatuh tempo inaktif"
    INACTIVE = "inaktif", "Inaktif"
    RETENTION_OVER = "jatuh-tempo-penilaian", "Jatuh tempo penilaian"
    PROPOSED = "diusulkan-musnah", "Diusulkan musnah"
    APPROVED = "disetujui-musnah", "Disetujui musnah"
    HANDED_OVER = "diserahkan", "Diserahkan ke lembaga kearsipan"


class FileTask(TextChoices):
    """What a file whose retention is over waits for, by its *nasib akhir*."""

    TO_HAND_OVER = "menunggu-penyerahan", "Permanen: menunggu penyerahan"
    MAY_BE_DESTROYED = "dapat-diusulkan-musnah", "Dapat diusulkan musnah"
    TO_REVIEW = "menunggu-nasib-akhir", "Menunggu penetapan nasib akhir"


_DISPOSITION_OF = {
    FileTask.TO_HAND_OVER: FinalDisposition.PERMANENT,
    FileTask.MAY_BE_DESTROYED: FinalDisposition.DESTROY,
    FileTask.TO_REVIEW: FinalDisposition.REVIEW,
}


def office_data(request: AccountRequest, office: Office) -> FileData:
    """What the office's settings say of a file whose data nobody has written."""
    return FileData(
        code=request.classification_code or office.classification_code,
        counts_from=office.retention_trigger,
        active_years=office.retention_active_years,
        inactive_years=office.retention_inactive_years,
        disposition=_chosen(FinalDisposition, office.final_disposition, FinalDisposition.PERMANENT),
        security=_chosen(SecurityClass, office.security_class, SecurityClass.RESTRICTED),
        development=Development.ORIGINAL,
        media=Media.BOTH if request.archive_location else Media.ELECTRONIC,
        location=request.archive_location,
    )


def data_of(request: AccountRequest, office: Office) -> FileData:
    """The data of one case's file as they stand: the latest version, or the office's settings."""
    latest = request.archive_descriptions.order_by("-version").first()
    return FileData.of(latest) if latest else office_data(request, office)


def record_of(
    request: AccountRequest, office: Office, archived_at: dt.datetime
) -> tuple[FileData, retention.Retention]:
    """``data_of`` one case's file, and when the parts of its retention end.

    ``archived_at`` (aware) counts where nobody has written data yet.
    """
    latest = request.archive_descriptions.order_by("-version").first()
    return _told(request, office, archived_at, latest)


def _told(
    request: AccountRequest,
    office: Office,
    archived_at: dt.datetime,
    latest: ArchiveDescription | None,
) -> tuple[FileData, retention.Retention]:
    if latest:
        return FileData.of(latest), retention.Retention(latest.active_until, latest.inactive_until)
    data = office_data(request, office)
    return data, retention_of(data, archived_at)


def retention_of(data: FileData, archived_at: dt.datetime) -> retention.Retention:
    """When the parts of the retention end for a file archived at ``archived_at``."""
    return retention.of(
        archived_at.astimezone(words.ZONE).date(),
        active_years=data.active_years,
        inactive_years=data.inactive_years,
        from_year_end=data.counts_from == RetentionTrigger.YEAR_END,
    )


def with_records(cases: QuerySet[Any]) -> QuerySet[Any]:
    """The archived cases with what ``standing`` reads of them: three queries for all."""
    return cases.prefetch_related(
        Prefetch(
            "archive_descriptions", ArchiveDescription.objects.order_by("-version"), "described"
        ),
        Prefetch("archive_moves", ArchiveMove.objects.order_by("pk"), "moved"),
        Prefetch(
            "destruction_items",
            DestructionItem.objects.select_related("proposal__decision").order_by("-pk"),
            "proposed",
        ),
    )


def standing(case: AccountRequest, office: Office) -> Standing:
    """How a file (of ``with_records``) stands. Raises ValueError for one that is not archived."""
    if case.archived_at is None:
        raise ValueError(f"{case.number} is not archived.")
    described: Sequence[ArchiveDescription] = getattr(case, "described")  # noqa: B009  see with_records
    moved: Sequence[ArchiveMove] = getattr(case, "moved")  # noqa: B009  see with_records
    proposed: Sequence[DestructionItem] = getattr(case, "proposed")  # noqa: B009  see with_records
    data, days = _told(case, office, case.archived_at, described[0] if described else None)
    number, approved = "", None
    if proposed:
        proposal = proposed[0].proposal
        decision = proposal.decided
        if decision is None or decision.verdict == _APPROVED:
            number = proposal.number
        if decision is not None and decision.verdict == _APPROVED:
            approved = decision.at.astimezone(words.ZONE).date()
    return Standing(
        data=data,
        active_until=days.active_until,
        inactive_until=days.inactive_until,
        moves=frozenset(move.kind for move in moved),
        proposal=number,
        destruction_approved=approved,
    )


def state_of(found: Standing, today: dt.date) -> FileState:
    """The state of a file on the office-zone day ``today``."""
    if found.destruction_approved is not None:
        return FileState.APPROVED
    if found.proposal:
        return FileState.PROPOSED
    if ArchiveMove.Kind.TO_ARCHIVES in found.moves:
        return FileState.HANDED_OVER
    if today > found.inactive_until:
        return FileState.RETENTION_OVER
    if ArchiveMove.Kind.TO_INACTIVE in found.moves:
        return FileState.INACTIVE
    return FileState.DUE_INACTIVE if today > found.active_until else FileState.ACTIVE


# -- the same, asked of the database ------------------------------------------------------------


def in_state(state: str, office: Office, today: dt.date) -> Q:
    """The condition on ``described_by_latest`` cases that ``state_of`` says ``state``.

    The words of FileTask are understood too. Raises ValueError for another.
    """
    if state in FileTask.values:
        over = in_state(FileState.RETENTION_OVER, office, today)
        return over & _disposed(_DISPOSITION_OF[FileTask(state)], office)
    items = DestructionItem.objects.filter(request=OuterRef("pk"))
    approved = Q(Exists(items.filter(proposal__decision__verdict=_APPROVED)))
    pending = ~approved & Q(Exists(items.filter(proposal__decision__isnull=True)))
    moves = ArchiveMove.objects.filter(request=OuterRef("pk"))
    handed_over = Q(Exists(moves.filter(kind=ArchiveMove.Kind.TO_ARCHIVES)))
    moved = Q(Exists(moves.filter(kind=ArchiveMove.Kind.TO_INACTIVE)))
    kept = ~approved & ~pending & ~handed_over
    over = _ended("inactive_until", office, today)
    active_over = _ended("active_until", office, today)
    conditions = {
        FileState.APPROVED: approved,
        FileState.PROPOSED: pending,
        FileState.HANDED_OVER: ~approved & ~pending & handed_over,
        FileState.RETENTION_OVER: kept & over,
        FileState.INACTIVE: kept & ~over & moved,
        FileState.DUE_INACTIVE: kept & ~over & ~moved & active_over,
        FileState.ACTIVE: kept & ~over & ~moved & ~active_over,
    }
    return conditions[FileState(state)]


def described_by_latest(cases: QuerySet[Any]) -> QuerySet[Any]:
    """The cases with ``description``, the key of their latest data (None without any)."""
    latest = ArchiveDescription.objects.filter(request=OuterRef("pk")).order_by("-version")
    found: QuerySet[Any] = cases.annotate(description=Subquery(latest.values("pk")[:1]))
    return found


def _latest(**wanted: object) -> Q:
    return Q(Exists(ArchiveDescription.objects.filter(pk=OuterRef("description"), **wanted)))


def _ended(name: str, office: Office, today: dt.date) -> Q:
    """Whether that part of the retention is over."""
    years = office.retention_active_years
    if name == "inactive_until":
        years += office.retention_inactive_years
    day = retention.archived_before(
        today,
        years=years,
        from_year_end=office.retention_trigger == RetentionTrigger.YEAR_END,
    )
    begins = dt.datetime.combine(day, dt.time(), tzinfo=words.ZONE)
    undescribed = Q(description__isnull=True, archived_at__lt=begins)
    return _latest(**{f"{name}__lt": today}) | undescribed


def _disposed(disposition: FinalDisposition, office: Office) -> Q:
    of_office = _chosen(FinalDisposition, office.final_disposition, FinalDisposition.PERMANENT)
    found = _latest(disposition=disposition)
    return found | Q(description__isnull=True) if of_office == disposition else found


def _chosen(choices: type[TextChoices], label: str, otherwise: TextChoices) -> str:
    """The choice with that label; the office's settings are words that people may have typed."""
    wanted = label.strip().lower()
    return str(next((one for one in choices if str(one.label).lower() == wanted), otherwise).value)
