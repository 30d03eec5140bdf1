"""A deadline that passes while its step still runs is a deviation at once; nobody has to press.

The worker asks for the runs whose lateness is not on record as it stands (``deadlines_due``), and
has each looked at in a transaction of its own. Several workers may do so at once.
"""

import datetime as dt

from django.db import transaction

from accounts_requests import audit, lateness, words
from accounts_requests.models import StepRun
from accounts_requests.states import Act

from .gate import locked
from .instants import instant_of_act


def deadlines_due(at: dt.datetime) -> list[int]:
    """The runs (keys) that are late without a record, or in time with one, at ``at`` (UTC)."""
    return list(lateness.of_runs(at).values_list("pk", flat=True))


def look_at_deadline(run_pk: int, *, at: dt.datetime) -> bool:
    """Put the lateness of an open run on record, or that it is none any more; False for neither.

    The trail tells of it without an actor. Idempotent: what is on record is left alone.
    """
    with transaction.atomic():
        request = locked(StepRun.objects.values_list("request", flat=True).get(pk=run_pk))
        run = (
            StepRun.objects.filter(pk=run_pk, finished_at__isnull=True, paused_at__isnull=True)
            .select_related("step", "request__assignee")
            .first()
        )
        if run is None:
            return False
        at = instant_of_act(request, at)
        label = f"Langkah {run.step.number}"
        if (found := lateness.passed(run, at=at)) is not None:
            act = Act.PASS_DEADLINE
            due = words.instant(run.due_at) if run.due_at else ""
            summary = f"{label} melewati tenggat {due} dan belum selesai; dicatat sebagai "
            summary += f"penyimpangan {found.get_aspect_display().lower()}."
        elif (end := lateness.lifted(run, at=at)) is not None:
            act = Act.LIFT_LATENESS
            summary = f"{label} tidak lagi melewati tenggat{audit.REASON}{end.ground}"
        else:
            return False
        if request.is_open:
            request.version += 1
            request.save(update_fields=["version"])
        audit.record(act, actor=None, at=at, request=request, label=label, summary=summary)
    return True
