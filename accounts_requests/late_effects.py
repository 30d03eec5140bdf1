"""What a *pencatatan susulan* would bring about, told before anybody presses. Writes nothing."""

import copy
import datetime as dt

from accounts_requests import timers, words
from accounts_requests.limit_terms import LimitStart
from accounts_requests.models import AccountRequest, StepRun
from accounts_requests.models.deviation import LIMIT_PASSED
from accounts_requests.readings import due_words
from accounts_requests.states import LATE_STEP_OF, Act
from accounts_requests.working_time import OutsideCalendar


def foretell(
    act: Act, request: AccountRequest, happened_at: dt.datetime, now: dt.datetime
) -> list[str]:
    """The effect of ``act`` entered as of ``happened_at`` instead of ``now`` (both UTC), in
    sentences; [] where the case is past it or the instant is impossible.
    """
    run = (
        request.step_runs.filter(
            step__number=LATE_STEP_OF[act],
            finished_at__isnull=True,
            paused_at__isnull=True,
        )
        .select_related("step")
        .prefetch_related("pauses")
        .first()
    )
    if run is None or not run.offered_at <= happened_at <= now:
        return []
    try:
        if act == Act.CLAIM:
            return _claiming(run, happened_at, now)
        sentences = _ending(run, happened_at, now)
        if following := _following(request, run.step.number + 1, happened_at, now):
            sentences.append(following)
    except OutsideCalendar:  # the act itself will say what to do
        return []
    return sentences


def _claiming(run: StepRun, happened_at: dt.datetime, now: dt.datetime) -> list[str]:
    number = run.step.number
    sentences = [
        f"Tugas tercatat diambil {words.instant(happened_at)} (bukan {_briefly(now, happened_at)})."
    ]
    begun = copy.copy(run)
    if begun.started_at is None and begun.limit_start == LimitStart.CLAIMED:
        begun.started_at = happened_at
        begun.due_at, begun.due_is_estimate = timers.reckon(begun, timers.working_time())
    if begun.due_at is not None:
        passed = ", yang sudah lewat" if begun.due_at < now else ""
        sentences.append(f"Langkah {number} bertenggat {_when(begun)}{passed}.")
    return sentences


def _ending(run: StepRun, happened_at: dt.datetime, now: dt.datetime) -> list[str]:
    """``Langkah 3 selesai Senin 10.40 (bukan 14.05); batas Senin 11.00: tepat waktu.``"""
    ended = copy.copy(run)
    timers.begin_by(ended, happened_at)
    late = timers.late_seconds(ended, happened_at, timers.working_time())
    first = (
        f"Langkah {run.step.number} selesai {words.instant(happened_at)} "
        f"(bukan {_briefly(now, happened_at)}); "
    )
    if ended.due_at is None:
        return [f"{first}langkah ini tanpa batas waktu."]
    if not late:
        sentences = [f"{first}batas {_when(ended)}: tepat waktu."]
    else:
        sentences = [
            f"{first}batas {_when(ended)}: terlambat {words.duration(late)}.",
            "Keterlambatan itu dicatat sebagai penyimpangan.",
        ]
    told = run.deviations.exclude(rule=LIMIT_PASSED, end__isnull=True)
    if not late and run.deviations.exclude(pk__in=told).exists():
        sentences.append(
            "Penyimpangan waktu yang sudah tercatat tetap tersimpan, dengan keterangan bahwa "
            "langkah ini tidak lagi melewati tenggat."
        )
    if told.exists():
        sentences.append(
            "Penyimpangan yang sudah tercatat pada langkah ini tetap tercatat; atasan menilainya "
            "kemudian."
        )
    return sentences


def _following(
    request: AccountRequest, number: int, happened_at: dt.datetime, now: dt.datetime
) -> str:
    """When the next step's time begins, and whether its deadline has passed already."""
    if not request.sop_revision.steps.filter(number=number).exists():
        return ""
    if request.step_runs.filter(
        step__number=number, finished_at__isnull=True, paused_at__isnull=False
    ).exists():
        return f"Waktu langkah {number} dilanjutkan sejak saat itu."
    planned = timers.plan_run(request, number, at=happened_at, holder=request.assignee)
    if planned.due_at is None:
        return f"Langkah {number} dimulai saat itu."
    passed = ", yang sudah lewat" if planned.due_at < now else ""
    return f"Langkah {number} dimulai saat itu dan bertenggat {_when(planned)}{passed}."


def _when(run: StepRun) -> str:
    return due_words(run).removeprefix("tenggat ")


def _briefly(at: dt.datetime, other: dt.datetime) -> str:
    """``14.05`` on the day of ``other``, else the whole instant."""
    local = at.astimezone(words.ZONE)
    if local.date() == other.astimezone(words.ZONE).date():
        return f"{local:%H.%M}"
    return words.instant(at)
