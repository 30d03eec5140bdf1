"""The Lembar Penafsiran with which a revision of the SOP comes into force.

Each case needs a reading, so a revision never comes without one: the first is what the application
proposes, every later one carries the reading before it over, with the new limits.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db.models import Max

from accounts_requests.models import Reading, SopRevision, User
from accounts_requests.revision_content import StepWords

# What a step that gets its first limit is announced at, in percent of it.
_WARNINGS: Final = [50, 80, 100]


def put_in_force(
    revision: SopRevision,
    content: Mapping[str, Any],
    *,
    since: dt.date,
    at: dt.datetime,
    drafted_by: User | None = None,
    approved_by: User | None = None,
    reason: str = "",
) -> Reading:
    """The approved reading of ``revision``, in force since ``since``; made at ``at`` (UTC).

    Without ``approved_by`` pages say that no pengesah has put a name to it yet.
    """
    last = Reading.objects.aggregate(last=Max("number"))["last"] or 0
    return Reading.objects.create(
        revision=revision,
        number=last + 1,
        state=Reading.State.APPROVED,
        content=dict(content),
        reason=reason,
        in_force_from=since,
        drafted_by=drafted_by,
        drafted_at=at,
        approved_by=approved_by,
        approved_at=at,
    )


def carried_over(
    former: Mapping[str, Any],
    before: Sequence[StepWords],
    after: Sequence[StepWords],
    notes: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """The reading ``former`` for a revision whose steps say ``after`` instead of ``before``.

    A limit that the revision changed is the revision's; one that it left alone stays as the office
    reads it. ``notes`` are the sentences of the new revision.
    """
    steps = {number: dict(step) for number, step in former["steps"].items()}
    for old, new in zip(before, after, strict=True):
        if (old.amount, old.unit) == (new.amount, new.unit):
            continue
        step = steps[str(new.number)]
        step |= {"amount": new.amount, "unit": new.unit}
        if new.amount is None:
            step["warnings"] = []
        elif not step["warnings"]:
            step["warnings"] = _WARNINGS
    return {**former, "steps": steps, "notes": [dict(note) for note in notes]}
