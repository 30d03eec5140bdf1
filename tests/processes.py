"""Other processes on the database of the running test: their environment, and how they are led."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def environment(**more: str) -> dict[str, str]:
    """What a process needs to stand on this test's database, keys, clock and mode."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "sopregistry.settings",
        "DATABASE_URL": database_url(),
        "PYTHONPATH": str(ROOT),
        **more,
    }


def database_url() -> str:
    """The address of the database on which the test runs."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    password = f":{quote(settings['PASSWORD'], safe='')}" if settings["PASSWORD"] else ""
    place = f"{settings['HOST']}:{settings['PORT'] or 5432}"
    return f"postgres://{quote(settings['USER'], safe='')}{password}@{place}/{settings['NAME']}"


class Told:
    """A process that is told something line by line and answers each line with one line."""

    def __init__(self, module: str, log: Path, **more: str) -> None:
        self._log = log.open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env=environment(**more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self._input = cast("IO[str]", self.process.stdin)
        self._output = cast("IO[str]", self.process.stdout)

    def tell(self, line: str) -> None:
        """Say ``line`` and do not wait."""
        self._input.write(f"{line}\n")
        self._input.flush()

    def hear(self) -> str:
        """Wait for the answer to a line; the log says why there is none."""
        answer = self._output.readline()
        assert answer, (
            f"{self.process.args!r} is silent: {Path(self._log.name).read_text()[-2000:]}"
        )
        return answer.rstrip("\n")

    def ask(self, line: str) -> str:
        """Say ``line`` and wait for its answer."""
        self.tell(line)
        return self.hear()

    def end(self) -> None:
        """End its input, and with it the process."""
        self._input.close()
        self.process.wait(timeout=60)
        self._output.close()
        self._log.close()


@contextmanager
def told(module: str, log: Path, **more: str) -> Iterator[Told]:
    """Run ``module`` for the length of a block; its standard error goes to the file ``log``."""
    process = Told(module, log, **more)
    try:
        yield process
    finally:
        process.end()
