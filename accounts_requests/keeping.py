"""What Pengelola Aplikasi changes: on record, and refused where the office could not go on with it.

The callers save first, inside a transaction, and ask afterwards: what must hold is judged on the
rows as they would be. A refusal is InvalidInput with sentences for people, and the transaction
is rolled back.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Model

from accounts_requests import audit, clock, permissions
from accounts_requests.exceptions import InvalidInput
from accounts_requests.models import (
    Appointment,
    AuditEntry,
    User,
)
from accounts_requests.roles import Role
from accounts_requests.states import Act

INSTALLER = "Pemasang aplikasi"
"""In which role whoever installs the application, and has no sign-in, is on record."""

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


def label_of(person: User) -> str:
    """How the trail names a person as the object of an act."""
    return f"pengguna {person.pk}"


def record(
    actor: User | None,
    *,
    label: str,
    summary: str,
    changes: Mapping[str, Any],
    act: Act = Act.SETTINGS,
    at: dt.datetime | None = None,
    rows: Sequence[Model] | None = None,
) -> AuditEntry:
    """Put a change of settings (or ``act``) on the audit trail, in its transaction.

    ``actor`` is None for whoever installs the application. ``changes`` holds field names with
    values, which are keyed hashes for anything about a person. ``rows`` are what the entry seals,
    written at ``at`` (UTC; now).
    """
    role = permissions.title_of(Role.PENGELOLA_APLIKASI, actor) if actor else INSTALLER
    return audit.record(
        act,
        actor=actor,
        at=at or clock.now(),
        role=role,
        label=label,
        summary=summary,
        changes=changes,
        rows=rows,
    )


def require_a_keeper(on: dt.date | None = None) -> None:
    """Somebody can sign in and keep the application on that day (today). Raises InvalidInput.

    Who was invited and has no password yet does not count.
    """
    keepers = Appointment.objects.in_force(on or clock.today()).filter(
        role=Role.PENGELOLA_APLIKASI, person__is_active=True
    )
    if not keepers.exclude(person__password__startswith=UNUSABLE_PASSWORD_PREFIX).exists():
        raise InvalidInput(
            "Perubahan ini tidak menyisakan seorang pun Pengelola Aplikasi, sehingga pengaturan "
            "tidak dapat diubah lagi. Tetapkan dahulu penggantinya."
        )
