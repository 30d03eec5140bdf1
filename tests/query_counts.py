"""Counting the queries of a page, without those that only mark a transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext


@contextmanager
def queries() -> Iterator[list[str]]:
    """The SQL of the block, savepoints and transaction marks left out; filled at its end."""
    counted: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield counted
    marks = ("SAVEPOINT", "RELEASE", "BEGIN", "ROLLBACK", "COMMIT")
    counted.extend(
        query["sql"] for query in captured.captured_queries if not query["sql"].startswith(marks)
    )
