"""The one place that knows what time it is.

Everything that asks for the time asks here, so that a test can stand at an instant and a
demo can be moved by days without touching the machine's clock. In production nothing can
move it: the time is the machine's.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

_moved: ContextVar[datetime | None] = ContextVar("moved_clock", default=None)
# The offset last read, with the file and the state of it that it was read from.
_cached_offset: tuple[Path, tuple[int, int], timedelta] | None = None


def now() -> datetime:
    """Return the present instant, aware, in UTC.

    Inside `moved_to` it is the instant chosen there. Otherwise it is the machine's time plus,
    in demo and test, the offset that `set_shared_offset` left for all processes.
    """
    moved = _moved.get()
    if moved is not None:
        return moved
    return datetime.now(UTC) + shared_offset()


def today() -> date:
    """Return the present date in the office's zone (settings.TIME_ZONE)."""
    return now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()


@contextmanager
def moved_to(instant: datetime) -> Iterator[None]:
    """Stand still at `instant` (aware) in this thread or task; nestable.

    Leaving the block returns to the clock as it was before. Raises ValueError for a naive
    instant: it would be a guess whose noon is meant.
    """
    token = _moved.set(_aware_utc(instant))
    try:
        yield
    finally:
        _moved.reset(token)


def advance(step: timedelta) -> datetime:
    """Move the clock of the innermost `moved_to` block forward by `step`; return the new now.

    Raises RuntimeError outside such a block, ValueError for a step backwards.
    """
    moved = _moved.get()
    if moved is None:
        raise RuntimeError("advance() needs a surrounding moved_to() block.")
    if step < timedelta(0):
        raise ValueError("The clock moves forward only.")
    _moved.set(moved + step)
    return moved + step


def shared_offset() -> timedelta:
    """Return by how much all processes are ahead of the machine's clock.

    Zero in production whatever the file says, and zero without a file. The file
    (settings.CLOCK_FILE, `{"offset_seconds": number}`) is read again when it has changed.
    Raises ValueError when it is not of that form.
    """
    global _cached_offset  # noqa: PLW0603  one cache for each process is the point
    if not settings.CLOCK_MAY_MOVE:
        return timedelta(0)
    path = Path(settings.CLOCK_FILE)
    try:
        status = path.stat()
    except FileNotFoundError:
        return timedelta(0)
    version = (status.st_mtime_ns, status.st_ino)
    if _cached_offset is not None and _cached_offset[:2] == (path, version):
        return _cached_offset[2]
    try:
        offset = timedelta(seconds=json.loads(path.read_text(encoding="utf-8"))["offset_seconds"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path} does not hold an offset in seconds.") from error
    _cached_offset = (path, version, offset)
    return offset


def set_shared_offset(offset: timedelta) -> None:
    """Put every process of this installation `offset` ahead of the machine's clock.

    The file is replaced in one piece, so no reader sees half of it. Raises RuntimeError in
    production.
    """
    if not settings.CLOCK_MAY_MOVE:
        raise RuntimeError("In production the time is the machine's; it cannot be moved.")
    path = Path(settings.CLOCK_FILE)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(json.dumps({"offset_seconds": offset.total_seconds()}), encoding="utf-8")
    fresh.replace(path)


def _aware_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone.")
    return instant.astimezone(UTC)
