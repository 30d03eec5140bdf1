"""Starts workers quickly: one process that has loaded the application forks one for each order.

``python -m tests.worker_nursery`` reads a line from standard input for each order and answers with
one line:

    run           a worker that runs until it is told to stop or killed  → its process id
    once          ``run_worker --once``                                  → its process id
    wait <pid>    until that process is gone                  → its exit code, -9 if it was killed

A forked child is a process of the operating system like any other, with memory, file handles and
database connections of its own; killing it is killing a worker. Only the two seconds that each
would take to load Django are spared. Nothing is connected to the database before the fork.
"""

import os
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402  after the settings
from django.db import connections  # noqa: E402  after the settings

from accounts_requests import documents, worker  # noqa: E402, F401  loaded once for all children


def _work(*arguments: str) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        call_command("run_worker", *arguments)
        status = 0
    except BaseException as error:  # noqa: BLE001  whatever it was, this child must not go on
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.stderr.flush()
        status = 1
    os._exit(status)


def main() -> None:
    """Take orders until standard input ends."""
    connections.close_all()
    for line in sys.stdin:
        order, *arguments = line.split()
        if order == "wait":
            _, status = os.waitpid(int(arguments[0]), 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = _work(*(["--once"] if order == "once" else []))
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
