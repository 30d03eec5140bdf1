"""Step 5: the file is archived; its control sheet and archive file are owed to the worker."""

import datetime as dt
from collections.abc import Mapping

from django.db.models import Exists, OuterRef

from accounts_requests import deviations, lateness, papers, policies, timers, words
from accounts_requests.answers import Answer
from accounts_requests.models import (
    AccountRequest,
    CaseNumber,
    Document,
    Office,
    StepRun,
    User,
)
from accounts_requests.models.archive import place_of
from accounts_requests.states import Act, DocumentKind

from .archive_keeping import first_description
from .executing import attest
from .gate import Acting, acting, next_number

_LONGEST_PLACE = 120


def archive(
    request: AccountRequest,
    *,
    actor: User,
    answers: Mapping[int, Answer],
    location: str = "",
    rack: str = "",
    box: str = "",
    happened_at: dt.datetime | None = None,
) -> None:
    """Step 5 ends: the file gets its number; nothing in it changes any more.

    The control sheet shows this very step finished, so it and the archived file are rendered by
    the worker from the closed record. Where the paper is kept, and what the office's settings say
    of retention and security today, becomes the first version of the file's data.
    ``happened_at`` as for ``acting``.
    """
    with acting(Act.ARCHIVE, request, actor=actor, happened_at=happened_at) as case:
        policies.check_papers_ready(papers.owed(case.request), papers.failed(case.request))
        run = case.run()
        attest(case, run, answers)
        timers.finish(run, case.at, by=actor)
        lateness.finished(run, at=case.recorded_at)
        _tell_missing_scans(case, run)
        year = case.at.astimezone(words.ZONE).year
        number = next_number(CaseNumber.Series.ARCHIVE, year)
        case.request.archive_location = place_of(location, rack, box)[:_LONGEST_PLACE]
        case.request.archive(at=case.at, archive_number=f"{number:04d}/{year}")
        case.request.save()
        first_description(case, location=location, rack=rack, box=box)
        papers.owe(case.request, DocumentKind.CONTROL_SHEET, at=case.recorded_at, by=actor)
        papers.owe(case.request, DocumentKind.ARCHIVE_FILE, at=case.recorded_at, by=actor)
        case.summary = f"Berkas diarsipkan dengan nomor {case.request.archive_number}."


def _tell_missing_scans(case: Acting, run: StepRun) -> None:
    """People whose Formulir was never scanned: a catatan, or a deviation where the office says so.

    Asked at the end: a scan may be attached until then.
    """
    scans = Document.objects.filter(
        registrant=OuterRef("pk"), kind=DocumentKind.SCAN, superseded_at__isnull=True
    )
    people = case.request.registrants.filter(~Exists(scans)).order_by("position_in_list")
    positions = list(people.values_list("position_in_list", flat=True))
    if not positions:
        return
    if Office.current().missing_scan_is_deviation:
        deviations.scans_missing(run, positions, at=case.recorded_at)
        return
    case.request.notes.create(
        at=case.recorded_at, by=case.actor, text=f"{deviations.scans_missing_words(positions)}."
    )
