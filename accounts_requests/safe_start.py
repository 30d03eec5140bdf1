"""Nobody is served before the checks of a safe start have passed.

They ask the database. Where it is away at that moment the process starts all the same and waits:
a web server that gives up would have to be brought back by a person, long after the database is.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, InterfaceError, close_old_connections

from accounts_requests import faults
from accounts_requests.checks import refuse_unsafe_start
from accounts_requests.faults import Fault
from accounts_requests.views import errors

logger = logging.getLogger(__name__)

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def fault_at_start() -> Fault | None:
    """Run the checks of a safe start; the fault that keeps them from being asked, or None.

    Raises ImproperlyConfigured when one of them fails.
    """
    try:
        refuse_unsafe_start()
    except (DatabaseError, InterfaceError) as error:
        close_old_connections()
        fault = faults.judge(error)
        if fault is None:
            raise
        logger.error("the start cannot be checked yet: %s", fault.name)  # noqa: TRY400  its text may name the server
        return fault
    return None


class CheckedFirst:
    """A WSGI application in front of another: answers 503 until the checks have passed once.

    They are run when it is made, and again at each request as long as the database was away.
    Raises ImproperlyConfigured when one of them fails.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._lock = threading.Lock()
        self._fault = fault_at_start()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if self._fault is not None and not _is_static(environ):
            fault = self._ask_again()
            if fault is not None:
                return _refusal(environ, start_response, fault)
        return self._application(environ, start_response)

    def _ask_again(self) -> Fault | None:
        with self._lock:
            if self._fault is not None:
                self._fault = fault_at_start()
            return self._fault


def _is_static(environ: dict[str, Any]) -> bool:
    """Style sheets and pictures need no database; the page that says 503 needs them."""
    return str(environ.get("PATH_INFO", "")).startswith(settings.STATIC_URL)


def _refusal(
    environ: dict[str, Any], start_response: Callable[..., Any], fault: Fault
) -> Iterable[bytes]:
    response = errors.unavailable(WSGIRequest(environ), fault)
    status = HTTPStatus(response.status_code)
    start_response(f"{status.value} {status.phrase}", list(response.items()))
    return [response.content]
