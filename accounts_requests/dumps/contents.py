"""What both engines' dumps have in common: what is left out, what is told, what is put on hold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from accounts_requests.states import UNSENT_MESSAGES, MessageState, SmtpStage

# Nobody's sign-in outlives a restore, and a stolen backup is nobody's sign-in: sessions and what
# is counted for a few minutes stay out. Their tables come back empty.
# Evidence packages are copies of what the backup holds, for a few weeks.
LEFT_OUT = (
    "django_session",
    "usersessions_usersession",
    "accounts_requests_evidencepart",
    settings.CACHES["default"]["LOCATION"],
)

# While this table exists a restore is not finished (``checks``).
MARKER = "unfinished_restore"
HELD_BY = "pemulihan"


@dataclass(frozen=True)
class Contents:
    """What a dump holds: applied migrations, rows per table, and where the chain stands."""

    migrations: list[str]
    counts: dict[str, int]
    chain_count: int
    chain_head: str


def read(query: Callable[[str], Sequence[Any]], tables: Sequence[str]) -> Contents:
    """Tell what is in the snapshot that ``query`` looks at; ``tables`` are those of the dump."""
    counts = {
        table: 0 if table in LEFT_OUT else query(f'SELECT count(*) FROM "{table}"')[0][0]  # noqa: S608  names from the catalogue
        for table in sorted(tables)
    }
    migrations = query("SELECT app, name FROM django_migrations ORDER BY id")
    ((count, head),) = query("SELECT count, head FROM accounts_requests_auditchain") or ((0, ""),)
    return Contents([f"{app}.{name}" for app, name in migrations], counts, count, head)


def holding() -> list[str]:
    """The statements that put a loaded database on hold, for either engine.

    A message on hold looks as if its sender had gone right after the final dot: no worker takes
    it, and should the restore never be finished, the worker's own rule makes it uncertain.
    """
    unsent = ", ".join(f"'{state}'" for state in UNSENT_MESSAGES)
    hold = (
        "UPDATE accounts_requests_message SET "  # noqa: S608  our own names and values
        f"state = '{MessageState.SENDING}', stage = '{SmtpStage.FINAL_DOT}', "
        f"claimed_by = '{HELD_BY}', claimed_at = CURRENT_TIMESTAMP, next_attempt_at = NULL "
        f"WHERE state IN ({unsent})"
    )
    return [f"CREATE TABLE {MARKER} (mark integer)", hold]
