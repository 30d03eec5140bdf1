"""The register of outages as people read it, and the outages that coincided with a case's steps."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from accounts_requests import words
from accounts_requests.key_pages import page_of
from accounts_requests.models import Outage, StepRun
from accounts_requests.office_days import OutsideCalendar
from accounts_requests.working_time import WorkingTime

PAGE_SIZE = 50


@dataclass(frozen=True, kw_only=True)
class Line:
    """One outage. ``until`` is "" while it goes on; ``took`` is its length by the clock.

    ``working`` is the office's working time in it, "" where the calendar does not reach.
    ``is_out_of_hours``: it lay wholly outside office hours.
    """

    outage: Outage
    since: str
    until: str
    took: str
    working: str
    is_out_of_hours: bool


@dataclass(frozen=True, kw_only=True)
class Coincidence:
    """An outage while a step ran; ``shared`` is the working time that the two have in common."""

    step: int
    line: Line
    shared: str


@dataclass(frozen=True, kw_only=True)
class OutagePage:
    """A page of the register with the keys of its neighbours (None at the ends)."""

    lines: list[Line]
    older: int | None
    newer: int | None


def page(
    clock: WorkingTime,
    *,
    at: dt.datetime,
    since: dt.date | None = None,
    until: dt.date | None = None,
    before: int | None = None,
    after: int | None = None,
) -> OutagePage:
    """The outages that touch the days from ``since`` to ``until`` (office zone, both included).

    In the order of their recording, the last one first. One query.
    """
    rows = Outage.objects.select_related("declared_by")
    if since is not None:
        rows = rows.filter(Q(until__isnull=True) | Q(until__gte=_midnight(since)))
    if until is not None:
        rows = rows.filter(since__lt=_midnight(until + dt.timedelta(days=1)))
    found = page_of(rows, size=PAGE_SIZE, before=before, after=after)
    lines = [line_of(outage, clock, at) for outage in found.rows]
    return OutagePage(lines=lines, older=found.older, newer=found.newer)


def line_of(outage: Outage, clock: WorkingTime, at: dt.datetime) -> Line:
    """``outage`` in words, as it stands at ``at`` (UTC)."""
    end = outage.until or at
    working = _working_seconds(outage.since, end, clock)
    return Line(
        outage=outage,
        since=words.instant(outage.since),
        until=words.instant(outage.until) if outage.until else "",
        took=words.duration(int((end - outage.since).total_seconds())),
        working=words.duration(working) if working else "",
        is_out_of_hours=working == 0 and outage.until is not None,
    )


def coinciding(
    runs: Iterable[StepRun], clock: WorkingTime, *, at: dt.datetime
) -> list[Coincidence]:
    """What was away while each of ``runs`` ran, as it stands at ``at`` (UTC); by step and time.

    One query, whatever the number of runs. Prefetch their ``step``.
    """
    spans = [(run, run.started_at or run.offered_at, run.finished_at or at) for run in runs]
    if not spans:
        return []
    first, last = min(since for _, since, _ in spans), max(until for _, _, until in spans)
    outages = Outage.objects.filter(
        Q(until__isnull=True) | Q(until__gt=first), since__lt=last
    ).order_by("since", "pk")
    return _in_common(spans, list(outages), clock, at)


def _in_common(
    spans: Sequence[tuple[StepRun, dt.datetime, dt.datetime]],
    outages: Sequence[Outage],
    clock: WorkingTime,
    at: dt.datetime,
) -> list[Coincidence]:
    found = []
    for run, since, until in sorted(spans, key=lambda span: (span[0].step.number, span[1])):
        for outage in outages:
            begins, ends = max(since, outage.since), min(until, outage.until or at)
            if begins >= ends:
                continue
            shared = _working_seconds(begins, ends, clock)
            found.append(
                Coincidence(
                    step=run.step.number,
                    line=line_of(outage, clock, at),
                    shared=words.duration(shared) if shared else "",
                )
            )
    return found


def _working_seconds(since: dt.datetime, until: dt.datetime, clock: WorkingTime) -> int | None:
    """Working seconds between two instants; None where the calendar says nothing."""
    try:
        return max(0, clock.seconds_between(since, until))
    except OutsideCalendar:
        return None


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), words.ZONE)
