"""The calendars as arithmetic: the one in use, and every former one that was kept.

Which calendar is in use is one column of the office's row; ``calendar_keeping`` changes it.
"""

from threading import Lock
from typing import Final

from django.db import connection

from accounts_requests import calendar_content
from accounts_requests.models import CalendarVersion, Office
from accounts_requests.working_time import WorkingTime

# So many calendars are kept ready in each process: the one in use, and former ones that explain.
_KEPT_READY: Final = 8


class UnknownCalendar(LookupError):
    """No calendar of that version was kept (runs of installations older than the versions)."""


def adopt_calendar() -> str:
    """Take the rows of hours and holidays into use; returns the version that they make.

    For whoever has written the rows (``calendar_keeping``, ``seeding``): open runs are not moved
    here. Raises ``OutsideCalendar`` where a day has no hours.
    """
    calendar = calendar_content.in_use()
    version = calendar_content.version_of(calendar)
    _keep_ready(version, calendar_content.working_time_of(calendar))
    Office.objects.filter(pk=1).update(calendar_version=version)
    return version


def calendar_version() -> str:
    """The version in use now."""
    return Office.objects.values_list("calendar_version", flat=True).get(pk=1)


def hold_calendar() -> None:
    """Keep the calendar in use as it is until the transaction ends.

    Every act on a case holds it before it locks the case; whoever changes the calendar waits for
    those acts and locks the office alone. So no run is opened or measured by a calendar that has
    just been replaced. On SQLite transactions never overlap, and there is nothing to do.
    """
    if connection.features.has_select_for_update:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {Office._meta.db_table} WHERE id = 1 FOR SHARE")  # noqa: S608  our own table's name


def calendar_in_use() -> tuple[str, WorkingTime]:
    """The version in use now, and the arithmetic on it."""
    version = calendar_version()
    return version, _ready_for(version, is_in_use=True)


def working_time(version: str | None = None) -> WorkingTime:
    """The arithmetic on the calendar in use, or on that of ``version``; built once per process.

    Raises ``UnknownCalendar`` for a version that was never kept.
    """
    if version is None:
        return calendar_in_use()[1]
    return _ready_for(version, is_in_use=False)


_ready: dict[str, WorkingTime] = {}
_ready_lock = Lock()


def _ready_for(wanted: str, *, is_in_use: bool) -> WorkingTime:
    with _ready_lock:
        ready = _ready.pop(wanted, None)
        if ready is not None:
            _ready[wanted] = ready  # the last one used is the last one to go
            return ready
    return _build(wanted, is_in_use=is_in_use)


def _build(version: str, *, is_in_use: bool) -> WorkingTime:
    kept = CalendarVersion.objects.filter(version=version).order_by("-number").first()
    if kept is not None:
        calendar = calendar_content.from_json(kept.content)
        return _keep_ready(version, calendar_content.working_time_of(calendar))
    calendar = calendar_content.in_use()
    if calendar_content.version_of(calendar) == version:
        return _keep_ready(version, calendar_content.working_time_of(calendar))
    if is_in_use:  # nobody has adopted these rows: what they say now is all that there is
        return calendar_content.working_time_of(calendar)
    raise UnknownCalendar(f"calendar {version} was not kept")


def _keep_ready(version: str, clock: WorkingTime) -> WorkingTime:
    with _ready_lock:
        _ready[version] = clock
        while len(_ready) > _KEPT_READY:
            del _ready[next(iter(_ready))]
    return clock
