"""The answers to requests that cannot be served; the words are in templates/errors/."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

FORBIDDEN = (
    "Halaman atau langkah ini di luar wewenang peran Anda. "
    "Apabila seharusnya termasuk wewenang Anda, silakan hubungi Pengelola Aplikasi."
)
LAST_RESORT = (
    '<!doctype html><html lang="id"><head><meta charset="utf-8"><title>Gangguan aplikasi</title>'
    "</head><body><h1>Terjadi gangguan pada aplikasi</h1><p>Semua yang sudah tersimpan tetap utuh. "
    "Silakan coba lagi; bila gangguan berlanjut, beri tahu Pengelola Aplikasi.</p></body></html>"
)
"""What is said when even the page about the error cannot be made."""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400, or 413 when Django refused the request for its size."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return too_large(request)
    return _alone("errors/400.html", 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 with the sentence given to PermissionDenied, or with a general one."""
    message = str(exception) or FORBIDDEN
    return render(request, "errors/403.html", {"message": message}, status=403)


def method_not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """Answer 405: an address that was opened and only takes presses; `allowed` are its methods."""
    response = render(request, "errors/405.html", status=405)
    response["Allow"] = allowed
    return response


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Answer 404. The exception's text is for developers and is not shown."""
    return render(request, "errors/404.html", status=404)


def conflict(
    request: HttpRequest, message: str, *, next_url: str = "/", next_label: str = "Ke Beranda"
) -> HttpResponse:
    """Answer 409 with `message`: who was there first and when, or what stands against the act.

    `next_url` and `next_label` are where the person goes on.
    """
    context = {"message": message, "next_url": next_url, "next_label": next_label}
    return render(request, "errors/409.html", context, status=409)


def too_large(request: HttpRequest, message: str = "") -> HttpResponse:  # noqa: ARG001  called like the others
    """Answer 413: a file or a form beyond the limits in the settings.

    `message` says which one and what to do, where a view knows it.
    """
    return _alone("errors/413.html", 413, message)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django's signature
    """Answer 403 to a form whose token is missing or stale; `reason` is for developers."""
    return _alone("errors/csrf.html", 403)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Answer 500 without the database, and in bare HTML when the templates fail too."""
    try:
        return _alone("errors/500.html", 500)
    except Exception:  # noqa: BLE001  whatever is broken, the person still gets an answer
        return HttpResponse(LAST_RESORT, status=500)


def _alone(template: str, status: int, message: str = "") -> HttpResponse:
    """Render without the request: no session, no user, no query."""
    return HttpResponse(render_to_string(template, {"message": message}), status=status)
