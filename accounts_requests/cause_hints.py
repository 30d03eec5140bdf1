"""What the records show of the time in which a deviation came about: proposals, never a verdict.

``sources`` is the list to extend: each looks at some deviations and tells what overlapped.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from accounts_requests import words
from accounts_requests.models import Deviation, DeviationCause, Message, Outage, StepRun
from accounts_requests.states import MessageKind, MessageState

# By these words a cause of the office's own list is recognised as one that a hint speaks for.
_WORDS: dict[str, tuple[str, ...]] = {
    Outage.Subject.MAIL: ("e-mail", "surel"),
    Outage.Subject.TARGET: ("spse",),
    Outage.Subject.NETWORK: ("jaringan",),
    Outage.Subject.POWER: ("listrik",),
    Outage.Subject.APPLICATION: ("aplikasi ini", "registri"),
}


@dataclass(frozen=True, kw_only=True)
class Hint:
    """One thing that overlapped: the sentence, and the subject (``Outage.Subject``) it is about."""

    text: str
    subject: str


def of(deviations: Sequence[Deviation]) -> list[Hint]:
    """What overlapped the steps of ``deviations``, each thing once. A fixed number of queries."""
    runs = {one.step_run_id: one.step_run for one in deviations}
    found = [hint for source in sources for hint in source(list(runs.values()))]
    return list({hint.text: hint for hint in found}.values())


def proposed(hints: Sequence[Hint], causes: Sequence[DeviationCause]) -> DeviationCause | None:
    """The cause of the office's list that the first speaking hint stands for, or None."""
    for hint in hints:
        for cause in causes:
            if any(word in cause.label.lower() for word in _WORDS.get(hint.subject, ())):
                return cause
    return None


def _outages(runs: Sequence[StepRun]) -> list[Hint]:
    overlapping = Q()
    for run in runs:
        since, until = _stretch(run)
        ended = Q(until__isnull=True) | Q(until__gte=since)
        overlapping |= Q(since__lte=until) & ended
    return [
        Hint(
            text=f"Gangguan {outage.get_subject_display()} sejak {words.instant(outage.since)}"
            + (f" sampai {words.instant(outage.until)}" if outage.until else ", belum berakhir")
            + f" ({outage.get_source_display().lower()}).",
            subject=outage.subject,
        )
        for outage in Outage.objects.filter(overlapping).order_by("since")[:10]
    ]


def _mail_failures(runs: Sequence[StepRun]) -> list[Hint]:
    troubled = Q()
    for run in runs:
        since, until = _stretch(run)
        troubled |= Q(request=run.request_id, queued_at__lte=until) & (
            Q(settled_at__isnull=True) | Q(settled_at__gte=since)
        )
    count = (
        Message.objects.filter(troubled, kind=MessageKind.CREDENTIALS)
        .filter(Q(attempts__gt=1) | Q(state__in=[MessageState.FAILED, MessageState.UNCERTAIN]))
        .count()
    )
    if not count:
        return []
    return [
        Hint(
            text=f"{count} pesan tidak langsung diterima server e-mail (catatan pengiriman).",
            subject=Outage.Subject.MAIL,
        )
    ]


def _stretch(run: StepRun) -> tuple[dt.datetime, dt.datetime]:
    """From when it was offered to its end; what has not ended reaches to its last known instant."""
    last = run.finished_at or run.due_at or run.offered_at
    return run.offered_at, max(last, run.offered_at)


sources: list[Callable[[Sequence[StepRun]], list[Hint]]] = [_outages, _mail_failures]
