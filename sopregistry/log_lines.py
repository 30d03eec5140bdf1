"""Log lines that may hold a traceback but never what a database error quotes, nor a working link.

The text of such an error repeats the row that was written or the value that was refused (in
PostgreSQL: "Failing row contains (…)"), and with it personal data. Its class and the places in the
code are enough to find the mistake.
"""

import copy
import logging
import re
import traceback
from types import TracebackType

_DATABASE_MODULES = ("django.db", "psycopg", "sqlite3")

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


# Codes of documents and the tokens of one-time links are parts of addresses: long, without a dot.
_CODES = re.compile(r"(?<=/)[A-Za-z0-9_-]{32,}(?![\w.-])")


def without_codes(text: str) -> str:
    """``text`` with "…" for what could open something when it is read in an address."""
    return _CODES.sub("…", text)


class Line(logging.Formatter):
    """One line for each event; below it the traceback, where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """As always, but an address in it opens nothing, and what Django refused has no traceback.

        Somebody's odd request (another host's name, too many fields) is no mistake in the code.
        """
        if record.name.startswith("django.security."):
            record = copy.copy(record)
            record.exc_info = record.exc_text = None
        return without_codes(super().format(record))

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802  logging's name
        """The traceback of ``ei`` and of what it was raised from, innermost first.

        Errors of the database show their class alone, all others their text as well.
        """
        parts: list[str] = []
        seen: set[int] = set()
        error = ei[1]
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            lines = ["Traceback (most recent call last):\n"]
            lines += traceback.format_tb(error.__traceback__)
            parts.append("".join(lines) + _name(error))
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n\n".join(reversed(parts))


def _name(error: BaseException) -> str:
    kind = type(error)
    name = (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else f"{kind.__module__}.{kind.__qualname__}"
    )
    if kind.__module__.startswith(_DATABASE_MODULES):
        return name
    return f"{name}: {error}"
