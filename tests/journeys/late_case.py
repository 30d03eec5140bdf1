"""Makes an archived case whose step 3 was late a week ago, as a process of its own.

The installation's worker rests meanwhile: its clock shows today, and no case goes back in time.
"""

import datetime as dt
import os
import signal
import time

import django

django.setup()

from django.db import transaction  # noqa: E402  after the settings

from accounts_requests.models import User, WorkerHeartbeat  # noqa: E402  after the settings
from tests import accountability_cases as told  # noqa: E402  after the settings
from tests import cases  # noqa: E402  after the settings

WEEK = dt.timedelta(days=7)


def worker() -> int:
    """The process of the worker, as its heartbeat names it."""
    for _ in range(300):
        beat = WorkerHeartbeat.objects.first()
        if beat is not None:
            return int(beat.name.rpartition("-")[2])
        time.sleep(0.2)
    raise AssertionError("The worker never showed itself.")


def main() -> None:
    """Make it."""
    people = {user.username: user for user in User.objects.all()}
    staff = cases.OfficePeople(
        kepala=people["kepala"],
        drafter=people["penyusun"],
        admin1=people["admin1"],
        admin2=people["admin2"],
        biro=people["biro"],
        inspector=people["inspektur"],
        keeper=people["pengelola"],
        nobody=people["tamu"],
    )
    process = worker()
    with transaction.atomic():  # nobody else is writing while this stands (SQLite)
        os.kill(process, signal.SIGSTOP)
    try:
        case = told.late_step3(staff, begun=cases.MONDAY - WEEK)
        told.to_the_archive(case, staff, begun=cases.MONDAY - WEEK)
    finally:
        os.kill(process, signal.SIGCONT)


if __name__ == "__main__":
    main()
