"""An act on a case and a change of the calendar at the same moment: one waits for the other."""

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from accounts_requests import clock
from accounts_requests.models import DeadlineVersion, StepRun
from accounts_requests.words import ZONE

from . import cases
from .calendars import adopted, days_off
from .cases import MONDAY, OfficePeople

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite lets one transaction write at a time"
    ),
]

TUESDAY = dt.date(2026, 7, 7)
FRIDAY_NOON = dt.datetime(2026, 7, 10, 11, tzinfo=ZONE)


@contextmanager
def meanwhile(work: Callable[[], object]) -> Iterator[None]:
    """Do ``work`` in another thread, which must wait for what the block's transaction holds."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            with clock.moved_to(MONDAY):
                work()
        except BaseException as error:  # noqa: BLE001  told by the test
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        yield
        thread.start()
        _until_somebody_waits()
    thread.join(60)
    assert failures == []
    assert not thread.is_alive()


def _until_somebody_waits() -> None:
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # it lasts for the transaction
            cursor.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) "
                "WHERE NOT granted AND datname = current_database()"
            )
            if cursor.fetchone() != (0,):
                return
        time.sleep(0.1)
    raise AssertionError("Nobody waited for the other.")


def test_a_case_that_is_being_opened_is_moved_by_the_calendar_that_waits_for_it(
    office_people: OfficePeople,
) -> None:
    with (
        clock.moved_to(MONDAY),
        meanwhile(lambda: adopted(days_off(TUESDAY), office_people.keeper)),
    ):
        cases.draft(office_people, people=0)

    assert StepRun.objects.get().due_at == FRIDAY_NOON
    assert DeadlineVersion.objects.count() == 1


def test_a_case_that_waits_for_a_new_calendar_is_opened_by_it(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY), meanwhile(lambda: cases.draft(office_people, people=0)):
        version = adopted(days_off(TUESDAY), office_people.keeper)

    run = StepRun.objects.get()
    assert (run.due_at, run.calendar_version) == (FRIDAY_NOON, version.version)
    assert not DeadlineVersion.objects.exists()
