"""Pages of a long list by key: the next page starts after a row, not after a count of rows."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

T = TypeVar("T", bound=Model)


@dataclass(frozen=True, kw_only=True)
class KeyPage(Generic[T]):
    """Rows in descending order of their primary key; the neighbours' keys, None at the ends.

    ``older`` is for ``before`` (rows with smaller keys), ``newer`` for ``after``.
    """

    rows: list[T]
    older: int | None
    newer: int | None


def page_of(
    rows: "QuerySet[T, Any]", *, size: int, before: int | None = None, after: int | None = None
) -> KeyPage[T]:
    """The page of ``size`` rows just before or just after a key, or the newest one.

    One query: a row more than the page tells whether it goes on in that direction; the other
    direction is where the reader came from.
    """
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: size + 1])
        further, found = len(found) > size, found[:size][::-1]
        if found:
            newer = found[0].pk if further else None
            return KeyPage(rows=found, older=found[-1].pk, newer=newer)
        before = None
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: size + 1])
    further, found = len(found) > size, found[:size]
    return KeyPage(
        rows=found,
        older=found[-1].pk if further else None,
        newer=found[0].pk if before is not None and found else None,
    )
