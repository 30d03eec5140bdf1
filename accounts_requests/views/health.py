"""The pulse of the application: a line for people on every page, one answer for machines."""

from http import HTTPStatus

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from accounts_requests import clock, content_alarm, health

from .support import page


@require_GET
@page
def pulse(request: HttpRequest) -> HttpResponse:
    """The status line again, for a page that stays open."""
    return render(request, "_clock.html")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  a view's signature
    """For a monitor: 200 while the clock runs, 503 when it has stopped or the database is away.

    Ages are whole seconds, null where there is nothing yet. Nothing here is about a person.
    """
    try:
        felt = health.pulse(clock.now())
        contents = content_alarm.for_machines()
    except DatabaseError:
        return JsonResponse({"status": "database away"}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    ages = {
        "swept_seconds_ago": felt.swept_at,
        "oldest_message_seconds": felt.oldest_waiting_at,
        "last_mail_seconds_ago": felt.last_mail_at,
        "contents_checked_seconds_ago": contents.checked_at,
    }
    return JsonResponse(
        {
            "status": "ok" if felt.alive else "clock stopped",
            "workers": felt.workers,
            "damaged_contents": contents.damaged,
            **{
                name: None if when is None else int((felt.at - when).total_seconds())
                for name, when in ages.items()
            },
        },
        status=HTTPStatus.OK if felt.alive else HTTPStatus.SERVICE_UNAVAILABLE,
    )
