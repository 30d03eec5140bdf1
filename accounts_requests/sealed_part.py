"""A part of a row that is sealed: the form in which ``record_parts`` are written down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet

from accounts_requests.states import Act

OF_STEP_RUN = "step_run__request"


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """What of a row is sealed together, under the record name ``name:pk``.

    ``columns`` go into the digest. A later one may be added at the end as long as it is NULL in
    older rows: NULLs are left out of the digest. ``when``: the lookups under which a row has this
    part. ``request``: the way to the case.

    Where the seal stands is known too: an honest entry has the instant that the row names
    (``instant``), or is one of ``acts``. A row that was slipped in cannot foresee that instant.

    A row may lose a part that ``lapses``: another part is sealed then. ``resealed``: sealed anew
    whenever it has changed.
    """

    name: str
    label: str
    model: type[Model]
    columns: tuple[str, ...]
    request: str = "request"
    when: Mapping[str, object] = field(default_factory=dict)
    instant: str = ""
    acts: tuple[Act, ...] = ()
    resealed: bool = False
    lapses: bool = False

    def applies(self, values: Mapping[str, Any]) -> bool:
        """Has a row with these values (those of ``when`` among them) this part?"""
        return all(
            (values[column] is None) is wanted if kind == "isnull" else values[column] == wanted
            for (column, _, kind), wanted in (
                (lookup.partition("__"), wanted) for lookup, wanted in self.when.items()
            )
        )

    def rows(self) -> QuerySet[Any]:
        """Every row that has this part."""
        return self.model._default_manager.filter(**self.when)

    def record(self, pk: object) -> str:
        """The name under which this part of the row ``pk`` is sealed."""
        return f"{self.name}:{pk}"
