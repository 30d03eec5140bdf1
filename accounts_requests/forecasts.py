"""Before you begin: what an act will start, where that cannot end within today's office hours.

Pure foretelling: nothing is written, nothing is forbidden. The words are for the page on which the
button is.
"""

import datetime as dt

from accounts_requests import timers, words
from accounts_requests.limit_terms import LimitStart, LimitUnit
from accounts_requests.models import AccountRequest, StepRun
from accounts_requests.states import Act
from accounts_requests.working_time import OutsideCalendar, WorkingTime

# The step whose time begins with the act, where the office reads its start as the end of the
# step before.
_STARTS = {Act.ORDER: 3, Act.RECORD_ACCOUNTS: 4}


def before(act: Act, request: AccountRequest, at: dt.datetime) -> str:
    """What ``act`` on ``request`` at ``at`` (UTC) would begin, in a sentence; "" for no surprise.

    Speaks only of limits in working minutes: a limit in days is known to go beyond today. Says
    nothing where the calendar does not reach: the act itself will say what to do.
    """
    if act == Act.CLAIM:
        return _before_claiming(request, at)
    if act == Act.ORDER and (paused := _paused(request)) is not None:
        return _before_resuming(paused, at)
    number = _STARTS.get(act)
    if number is None:
        return ""
    step = request.sop_revision.steps.get(number=number)
    limit = timers.limit_of(request, step)
    if limit.start != LimitStart.PREVIOUS_END or limit.unit != LimitUnit.WORKING_MINUTES:
        return ""
    return sentence(limit.amount, at)


def sentence(
    minutes: int | None,
    at: dt.datetime,
    clock: WorkingTime | None = None,
    *,
    resumed: bool = False,
) -> str:
    """What becomes of a limit of so many working minutes begun at ``at`` (UTC); "" when it ends
    within the hours of the same day, or without a limit. ``resumed``: they are what a return left.
    """
    if not minutes:
        return ""
    what = f"Sisa waktu {minutes} menit" if resumed else f"Waktu {minutes} menit"
    will = "akan dihitung lagi" if resumed else "akan mulai dihitung"
    clock = clock or timers.working_time()
    try:
        due = clock.add(at, minutes)
        if clock.is_open(at):
            closes = clock.closing_of(at.astimezone(words.ZONE).date())
            if closes is None or due <= closes:
                return ""
            return (
                f"{what} {will} {_hour(at)}; kantor tutup {_hour(closes)}, sehingga tenggatnya "
                f"{_when(due, at)}."
            )
        opens = clock.next_opening(at)
    except OutsideCalendar:
        return ""
    return (
        f"Kantor sedang tutup. {what} {will} {_when(opens, at)}, sehingga tenggatnya "
        f"{_when(due, at)}."
    )


def _paused(request: AccountRequest) -> StepRun | None:
    """The run that a return has paused and that the next order resumes."""
    return request.step_runs.filter(
        step__number=3, finished_at__isnull=True, paused_at__isnull=False
    ).first()


def _before_resuming(run: StepRun, at: dt.datetime) -> str:
    """What was left of a limit in minutes goes on; one that had not begun does not by this."""
    if (
        run.started_at is None
        or run.limit_amount is None
        or run.limit_unit != LimitUnit.WORKING_MINUTES
    ):
        return ""
    seconds = run.limit_amount * words.MINUTE - run.used_before_pause
    return sentence(max(0, seconds // words.MINUTE), at, resumed=True)


def _before_claiming(request: AccountRequest, at: dt.datetime) -> str:
    """Where the office reads a limit as beginning when the task is taken."""
    run = request.step_runs.filter(
        finished_at__isnull=True, paused_at__isnull=True, limit_start=LimitStart.CLAIMED
    ).first()
    return of_run(run, at) if run else ""


def of_run(run: StepRun, at: dt.datetime, clock: WorkingTime | None = None) -> str:
    """What taking or opening the task at ``at`` would begin, where the limit begins with that.

    "" for no surprise, and for a limit that has begun or begins with something else. No query
    where ``clock``, the calendar in use, is given.
    """
    if (
        run.started_at is not None
        or run.limit_start == LimitStart.PREVIOUS_END
        or run.limit_unit != LimitUnit.WORKING_MINUTES
    ):
        return ""
    return sentence(run.limit_amount, at, clock)


def _hour(at: dt.datetime) -> str:
    return f"pukul {at.astimezone(words.ZONE):%H.%M}"


def _when(at: dt.datetime, now: dt.datetime) -> str:
    """``pukul 15.50``, ``besok pukul 07.50`` or ``Senin, 9 Maret 2026, pukul 07.50``."""
    days = (at.astimezone(words.ZONE).date() - now.astimezone(words.ZONE).date()).days
    if days == 0:
        return _hour(at)
    if days == 1:
        return f"besok {_hour(at)}"
    return f"{words.day_and_date(at.astimezone(words.ZONE).date())}, {_hour(at)}"
