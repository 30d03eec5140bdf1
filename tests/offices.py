"""An office that is in no database, with the kinds and stages of a seeded one; a bare SOP."""

import datetime as dt
from typing import Any

from model_bakery import baker

from accounts_requests.models import Office, SopRevision


def office(**changes: Any) -> Office:
    """The office's row, unsaved."""
    seeded: dict[str, Any] = {
        "account_kinds": ["verifikator", "helpdesk", "admin_agency"],
        "stage_order": ["concept", "initials", "number", "signature"],
    }
    return Office(**{**seeded, **changes})


def a_revision() -> SopRevision:
    """The SOP's revision that the database has, or one without steps that is in force."""
    return SopRevision.objects.first() or baker.make(
        SopRevision,
        number="000-310624/BPLPSE/B.PBJ",
        revision=1,
        in_force_from=dt.date(2023, 2, 28),
    )
