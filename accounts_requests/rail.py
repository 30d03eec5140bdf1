"""What may not happen to the rows of a table, and the conditions in which it is said."""

from dataclasses import dataclass

from django.db.models import Model


@dataclass(frozen=True, kw_only=True)
class Rail:
    """What may not happen to the rows of one table. None may ever be deleted.

    ``updates``: the conditions over OLD and NEW under which an UPDATE is refused, with what the
    refusal says; an empty condition refuses every one. ``unique``: the columns (and the condition
    over a row) that tell two rows apart, beside the primary key: SQLite's INSERT OR REPLACE would
    delete the row that it meets, past the triggers on DELETE.
    """

    model: type[Model]
    name: str
    updates: tuple[tuple[str, str], ...]
    unique: tuple[tuple[tuple[str, ...], str], ...] = ()

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def is_never_updated(self) -> bool:
        return any(not condition for condition, _ in self.updates)

    @property
    def key(self) -> str:
        return str(self.model._meta.pk.column)


def differs(*columns: str) -> str:
    """SQL: one of the columns is not what it was."""
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


def only_from_null(column: str) -> str:
    """SQL: the column was filled already and is not what it was."""
    return f"(OLD.{column} IS NOT NULL AND OLD.{column} IS DISTINCT FROM NEW.{column})"


NEVER = (("", "hanya boleh ditambah, tidak boleh diubah"),)
BEGUN = "yang sudah dicatat tidak boleh diubah; yang boleh ditambahkan hanya akhirnya"
