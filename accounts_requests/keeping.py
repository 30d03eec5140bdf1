"""What Pengelola Aplikasi changes: on record, and refused where the office could not go on with it.

The callers save first, inside a transaction, and ask afterwards: what must hold is judged on the
rows as they would be. A refusal is InvalidInput with sentences for people, and the transaction
is rolled back.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from django.db.models import Max, Min, Model

from accounts_requests import audit, clock, timers, words
from accounts_requests.exceptions import InvalidInput
from accounts_requests.models import (
    Appointment,
    AuditEntry,
    HoursSpan,
    HoursTable,
    StepRun,
    User,
)
from accounts_requests.roles import Role
from accounts_requests.states import Act
from accounts_requests.working_time import OutsideCalendar

FIRST_INSTALLER = "Pemasang aplikasi"
"""In which role a superuser who holds no appointment is on record."""

# What of a row is somebody's own: on the trail as keyed hashes.
_PERSONAL: dict[type[Model], frozenset[str]] = {
    User: frozenset(
        {
            "username",
            "email",
            "full_name",
            "title_before",
            "title_after",
            "nip",
            "rank",
            "position",
        }
    )
}


def values_for_trail(row: Model, names: Iterable[str]) -> dict[str, str]:
    """The fields ``names`` of ``row`` with their values; keyed hashes for what is personal.

    A name that is no attribute of the row (an uploaded file, say) is only said to be given.
    """
    personal = _PERSONAL.get(type(row), frozenset())
    values = {name: getattr(row, name, "diisi") for name in names}
    return {
        name: audit.hashed(value) if name in personal else str(value)
        for name, value in values.items()
    }


def record(actor: User, *, label: str, summary: str, changes: Mapping[str, Any]) -> AuditEntry:
    """Put a change of settings on the audit trail, in its transaction.

    ``changes`` holds field names with values, which are keyed hashes for anything about a person.
    """
    held = actor.current_roles()
    keeper = Role.PENGELOLA_APLIKASI
    return audit.record(
        Act.SETTINGS,
        actor=actor,
        at=clock.now(),
        role=keeper.label if keeper in held else FIRST_INSTALLER,
        label=label,
        summary=summary,
        changes=changes,
    )


def require_a_keeper() -> None:
    """Somebody can still sign in and keep the application. Raises InvalidInput."""
    keepers = Appointment.objects.in_force(clock.today()).filter(
        role=Role.PENGELOLA_APLIKASI, person__is_active=True
    )
    if not keepers.exists() and not User.objects.filter(is_superuser=True, is_active=True).exists():
        raise InvalidInput(
            "Perubahan ini tidak menyisakan seorang pun Pengelola Aplikasi, sehingga pengaturan "
            "tidak dapat diubah lagi. Tetapkan dahulu penggantinya."
        )


# -- the calendar ---------------------------------------------------------------------------------


def end_running_table(table: HoursTable) -> HoursTable | None:
    """End the table of the same kind that is in force when ``table`` begins, the day before it.

    Returns the table that was shortened, None when there was none. Raises InvalidInput when it
    begins on the same day: then one of the two is superfluous.
    """
    running = (
        HoursTable.objects.filter(
            kind=table.kind,
            valid_from__lte=table.valid_from,
            valid_until__gte=table.valid_from,
        )
        .exclude(pk=table.pk)
        .first()
    )
    if running is None:
        return None
    if running.valid_from == table.valid_from:
        raise InvalidInput(
            f"Tabel “{running}” mulai pada tanggal yang sama. Ubah atau hapus tabel itu."
        )
    running.valid_until = table.valid_from - dt.timedelta(days=1)
    running.save(update_fields=["valid_until"])
    return running


def adopt_calendar() -> str:
    """Take the rows of hours and holidays into use; returns the calendar's version.

    Raises InvalidInput, with sentences that name the tables or the days, when hours overlap, when a
    day has none, or when today or the running step of an open case would lie outside.
    """
    sentences = [*_overlapping_tables(), *_overlapping_hours()]
    if not HoursTable.objects.exists():
        sentences = ["Kalender kerja memerlukan sedikitnya satu tabel jam kerja."]
    if sentences:
        raise InvalidInput({"": sentences})
    try:
        version = timers.adopt_calendar()
    except OutsideCalendar as error:
        raise InvalidInput(
            f"{error} Setiap hari di antara tabel pertama dan tabel terakhir memerlukan jam kerja; "
            "sesuaikan tanggal berlakunya."
        ) from error
    _require_open_work_inside()
    return version


def _overlapping_tables() -> Iterator[str]:
    for kind in HoursTable.Kind:
        tables = HoursTable.objects.filter(kind=kind).order_by("valid_from", "pk")
        for one, other in pairwise(tables):
            if other.valid_from <= one.valid_until:
                yield (
                    f"Tabel “{one}” dan “{other}” sama-sama berjenis {kind.label.lower()} dan "
                    f"berlaku pada {words.long_date(other.valid_from)}. Akhiri salah satunya "
                    "sebelum yang lain mulai."
                )


def _overlapping_hours() -> Iterator[str]:
    spans = HoursSpan.objects.select_related("table").order_by("table", "weekday", "opens")
    for one, other in pairwise(spans):
        same_day = (one.table_id, one.weekday) == (other.table_id, other.weekday)
        if same_day and other.opens < one.closes:
            yield (
                f"Jam buka hari {words.WEEKDAYS[one.weekday]} pada tabel “{one.table}” bertumpuk: "
                f"{one.opens:%H.%M}–{one.closes:%H.%M} dan "
                f"{other.opens:%H.%M}–{other.closes:%H.%M}."
            )


def _require_open_work_inside() -> None:
    """Today, and every running step from its beginning to its deadline, lie on the calendar."""
    calendar = timers.working_time()
    open_runs = StepRun.objects.filter(finished_at__isnull=True).aggregate(
        first=Min("offered_at"), last=Max("due_at")
    )
    needed = {
        "hari ini": clock.now(),
        "awal langkah tertua yang masih berjalan": open_runs["first"],
        "tenggat terakhir yang masih berjalan": open_runs["last"],
    }
    sentences = [
        f"Kalender kerja tidak memuat {words.long_date(at.astimezone(words.ZONE).date())}, {what}."
        for what, at in needed.items()
        if at is not None and not calendar.covers(at)
    ]
    if sentences:
        raise InvalidInput({"": sentences})
