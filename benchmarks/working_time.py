"""How long one question to the office's calendar takes, beside a library. Run by hand:

    .venv/bin/python -m benchmarks.working_time

Five years of days, starts and limits spread over them at random but always the same. The
library is businesstimedelta, on a calendar that both can express (one table of hours, and the
holidays); their answers must be equal before their times are told.
"""

import random
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from timeit import repeat
from zoneinfo import ZoneInfo

import businesstimedelta
import pytz

from accounts_requests.office_days import HoursKind, days_from, read_calendar
from accounts_requests.working_time import WorkingTime

QUESTIONS = 10_000
QUESTIONS_TO_THE_LIBRARY = 100
# What the product promises: so many times faster than the library. Ours takes the same time for
# any two instants; the library's grows with the days between them.
PROMISED = {"add": 150, "between, any two": 1_500}
WITA = ZoneInfo("Asia/Makassar")


def measured(name: str, ask: Callable[[], object], questions: int = QUESTIONS) -> float:
    """Print and return the best of five runs, in microseconds for one question."""
    best = min(repeat(ask, number=1, repeat=5)) / questions * 1e6
    print(f"  {name:<32}{best:10.2f}")
    return best


def main() -> None:
    """Print one line for each kind of question."""
    calendar = read_calendar()
    days = days_from(calendar.tables, calendar.holidays, date(2023, 1, 1), date(2027, 12, 31))
    office = WorkingTime(days, WITA)
    chance = random.Random(1)  # noqa: S311  no secret
    dawn = datetime.combine(days[0].date, time.min, WITA).astimezone(UTC)
    four_years = 4 * 365 * 86_400
    starts = [dawn + timedelta(seconds=chance.randrange(four_years)) for _ in range(QUESTIONS)]
    limits = [chance.randrange(1, 5_000) for _ in starts]
    dues = list(map(office.add, starts, limits))
    assert list(map(office.between, starts, dues)) == limits

    def ask(question: Callable[..., object], *columns: Iterable[object]) -> Callable[[], object]:
        """The question put to every row; the deque keeps no answer."""
        return lambda: deque(map(question, *columns), maxlen=0)

    print(f"{len(days)} days; microseconds a call, best of five")
    measured("add", ask(office.add, starts, limits))
    measured("between", ask(office.between, starts, dues))
    measured("add_working_days", ask(office.add_working_days, starts, [3] * QUESTIONS))
    measured("is_open", ask(office.is_open, starts))
    measured("explain", ask(office.explain, starts[:500], dues[:500]), 500)
    measured("build the table", lambda: WorkingTime(days, WITA), 1)
    beside_the_library()


def beside_the_library() -> None:
    """Print what both need for the same questions, and how many times faster ours is.

    Ends with an error when an answer differs or a promise is not kept.
    """
    calendar = read_calendar()
    normal = [table for table in calendar.tables if table.kind is HoursKind.NORMAL][-1]
    first, last = normal.valid_from, normal.valid_until
    days = days_from([normal], calendar.holidays, first, last)
    office = WorkingTime(days, WITA)
    zone = pytz.timezone("Asia/Makassar")
    rules = [
        businesstimedelta.WorkDayRule(opens, closes, [weekday], tz=zone)
        for weekday, spans in enumerate(normal.week)
        for opens, closes in spans
    ]
    closed = {holiday.date: holiday.name for holiday in calendar.holidays}
    # Behind the last holiday the library finds no next one and stops.
    closed[last + timedelta(days=30)] = "after the end"
    hours = businesstimedelta.Rules([*rules, businesstimedelta.HolidayRule(closed, tz=zone)])

    chance = random.Random(2)  # noqa: S311  no secret
    dawn = datetime.combine(first, time.min, WITA).astimezone(UTC)
    span = (last - first).days * 86_400 // 2
    starts = [dawn + timedelta(seconds=chance.randrange(span)) for _ in range(QUESTIONS)]
    limits = [chance.randrange(1, 5_000) for _ in starts]
    dues = list(map(office.add, starts, limits))
    few = slice(0, QUESTIONS_TO_THE_LIBRARY)

    def library_add(start: datetime, minutes: int) -> datetime:
        due: datetime = start + businesstimedelta.BusinessTimeDelta(hours, hours=minutes / 60)
        return due

    def library_between(start: datetime, end: datetime) -> float:
        seconds: float = hours.difference(start, end).timedelta.total_seconds()
        return seconds

    def later() -> datetime:
        return dawn + timedelta(seconds=span + chance.randrange(span))

    others = [later() for _ in starts]
    for start, minutes, due, other in zip(
        starts[few], limits[few], dues[few], others[few], strict=True
    ):
        if abs(library_add(start, minutes) - due) > timedelta(seconds=1):
            raise SystemExit(f"The two disagree on {minutes} minutes from {start}.")
        for end in (due, other):
            if abs(library_between(start, end) - office.seconds_between(start, end)) > 1:
                raise SystemExit(f"The two disagree on the time from {start} to {end}.")

    print(f"\nbeside businesstimedelta, {len(days)} days with one table of hours")
    questions: dict[str, tuple[Callable[..., object], Callable[..., object], list[object]]] = {
        "add": (office.add, library_add, list(limits)),
        "between, start and due": (office.between, library_between, list(dues)),
        "between, any two": (office.between, library_between, list(others)),
    }
    for name, (ours, theirs, second) in questions.items():
        fast = measured(name, lambda: deque(map(ours, starts, second), maxlen=0))  # noqa: B023
        slow = measured(
            f"{name}, the library",
            lambda: deque(map(theirs, starts[few], second[few]), maxlen=0),  # noqa: B023
            QUESTIONS_TO_THE_LIBRARY,
        )
        promised = PROMISED.get(name)
        print(f"  {'':<32}{slow / fast:10.0f} times" + (f", promised {promised}" * bool(promised)))
        if promised and slow / fast < promised:
            raise SystemExit(f"The promise for {name} is not kept.")


if __name__ == "__main__":
    main()
