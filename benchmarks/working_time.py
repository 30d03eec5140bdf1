"""How long one question to the office's calendar takes. Run by hand:

    .venv/bin/python -m benchmarks.working_time

Five years of days, starts and limits spread over them at random but always the same.
"""

import random
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from timeit import repeat
from zoneinfo import ZoneInfo

from accounts_requests.office_days import days_from, read_calendar
from accounts_requests.working_time import WorkingTime

QUESTIONS = 10_000
WITA = ZoneInfo("Asia/Makassar")


def measured(name: str, ask: Callable[[], object], questions: int = QUESTIONS) -> None:
    """Print the best of five runs, in microseconds for one question."""
    best = min(repeat(ask, number=1, repeat=5)) / questions * 1e6
    print(f"  {name:<18}{best:10.2f}")


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


if __name__ == "__main__":
    main()
