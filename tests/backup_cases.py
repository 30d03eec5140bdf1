"""What tests of backups need: keys, a wiped database, other processes, and what a dump says."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import pyrage
import pytest
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from accounts_requests import backup_files, dumps
from accounts_requests.backup_files import Manifest
from accounts_requests.dumps import postgresql
from accounts_requests.models import AuditChain

from . import processes

needs_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="about PostgreSQL's own programs"
)


def key_pair(folder: Path, name: str = "kunci") -> tuple[str, Path]:
    """A new recipient, and the file with its secret key as age-keygen writes it."""
    identity = pyrage.x25519.Identity.generate()
    file = folder / f"{name}.txt"
    file.write_text(f"# public key: {identity.to_public()}\n{identity}\n", encoding="utf-8")
    return str(identity.to_public()), file


def files(folder: Path) -> list[str]:
    """The names of everything in ``folder`` but the anchors, hidden files too."""
    return sorted(path.name for path in folder.iterdir() if path.name != "anchors.txt")


def back_up(folder: Path) -> Path:
    """Make a backup in ``folder`` by the command; returns the one file that is new."""
    before = set(files(folder))
    call_command("backup", to=folder, stdout=sys.stderr)
    (name,) = set(files(folder)) - before
    return folder / name


def read(path: Path, identity: Path | None = None) -> Manifest:
    """The manifest, once every hash was right."""
    with tempfile.TemporaryDirectory() as work:
        return backup_files.read(path, identity=identity, work=Path(work))[0]


def words_of(path: Path, identity: Path | None = None) -> bytes:
    """Everything that the dump in ``path`` holds, with PostgreSQL's bytes spelled out."""
    with tempfile.TemporaryDirectory() as work:
        _manifest, dump = backup_files.read(path, identity=identity, work=Path(work))
        if connection.vendor == "sqlite":
            return dump.read_bytes()
        told = subprocess.run(
            ["pg_restore", "--file=-", dump], capture_output=True, check=True
        ).stdout
    hidden = re.findall(rb"\\\\x([0-9a-f]+)", told)
    return told + b"".join(bytes.fromhex(digits.decode()) for digits in hidden)


def opened_with_the_application_keys(words: bytes) -> list[bytes]:
    """Every text in ``words`` that settings.ENCRYPTION_KEYS open."""
    keys = MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])
    found = []
    for token in re.findall(rb"gAAAA[A-Za-z0-9_=-]{60,}", words):
        try:
            found.append(keys.decrypt(token))
        except InvalidToken:
            continue
    return found


def counts() -> dict[str, int]:
    """The rows of every table, without what no backup holds."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608  from the catalogue
            found[table] = 0 if table in dumps.LEFT_OUT else cursor.fetchone()[0]
    return found


def state() -> tuple[dict[str, int], str]:
    """What tells whether the database was changed: its counts and the head of the chain."""
    return counts(), AuditChain.objects.get(pk=1).head


def wipe() -> None:
    """Lose the database: its files, or everything in its schema."""
    if connection.vendor == "sqlite":
        connection.close()
        name = connection.settings_dict["NAME"]
        for suffix in ("", "-wal", "-shm"):
            Path(f"{name}{suffix}").unlink(missing_ok=True)
        return
    with connection.cursor() as cursor:
        cursor.execute(postgresql._DROP_EVERYTHING)
    connection.close()


def mend() -> None:
    """Whatever a test left of the database: tables for the tests that follow."""
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {dumps.MARKER}")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def manage(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in a process of its own on this test's database."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=processes.ROOT,
        env=processes.environment(**environment),
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def halted(prepare: str, *command: str, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that runs ``command`` and stands still where ``prepare`` puts ``halt``.

    It is killed (SIGKILL) when the block ends.
    """
    program = (
        "import django, time; django.setup()\n"
        "from django.core.management import call_command\n"
        "def halt(*_args, **_kwargs):\n"
        "    print('here', flush=True)\n"
        "    time.sleep(600)\n"
        f"{prepare}\n"
        f"call_command(*{list(command)!r})\n"
    )
    connection.close()
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=processes.ROOT,
        env=processes.environment(**environment),
        stdout=subprocess.PIPE,
        text=True,
    )
    output = cast("IO[str]", process.stdout)
    try:
        # What the command itself says comes before.
        while (line := output.readline()) and line != "here\n":
            pass
        assert line == "here\n"
        yield process
    finally:
        process.kill()
        process.wait()
        output.close()
