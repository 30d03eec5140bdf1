"""The answers to requests that cannot be served; the words are in templates/errors/."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts_requests import faults
from accounts_requests.faults import Fault

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

RETRY_AFTER_SECONDS = 30
"""When a browser or a proxy may ask again while the database is away or busy."""

# What each fault is called: the template of its page, its status, and one sentence for scripts.
_FAULTS: dict[Fault, tuple[str, int, str]] = {
    Fault.DATABASE_AWAY: (
        "errors/503.html",
        503,
        "Basis data sedang tidak dapat dihubungi. Tunggu sebentar, lalu coba lagi.",
    ),
    Fault.DATABASE_BUSY: (
        "errors/busy.html",
        503,
        "Basis data sedang sibuk. Tunggu sebentar, lalu coba lagi.",
    ),
    Fault.STORAGE_FULL: (
        "errors/507.html",
        507,
        (
            "Ruang simpan server penuh, sehingga tidak ada yang disimpan. Beri tahu Pengelola "
            "Aplikasi, lalu coba lagi setelah ruangnya ditambah."
        ),
    ),
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400, or 413 when Django refused the request for its size."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return too_large(request)
    return alone("errors/400.html", 400)


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
    return alone("errors/413.html", 413, message)


def too_many_requests(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  called like the others
    """Answer 429: the same was asked too often; it is answered again after a while."""
    return alone("errors/429.html", 429)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django's signature
    """Answer 403 to a form whose token is missing or stale; `reason` is for developers."""
    return alone("errors/csrf.html", 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what nothing else has answered, without the database: 500, or 503 and 507 for faults.

    Called by Django while it handles the exception, whichever layer it came from. Bare HTML when
    the templates fail too.
    """
    fault = faults.judge(sys.exception())
    try:
        if fault is not None:
            return unavailable(request, fault)
        return alone("errors/500.html", 500)
    except Exception:  # noqa: BLE001  whatever is broken, the person still gets an answer
        return HttpResponse(LAST_RESORT, status=500)


def unavailable(request: HttpRequest, fault: Fault) -> HttpResponse:
    """Answer 503 (database) or 507 (disk full): what happened, what was kept, when to come again.

    A script that asks for JSON gets the sentence; htmx leaves the page as it is and app.js says
    that it is asked again.
    """
    template, status, sentence = _FAULTS[fault]
    if request.headers.get("Accept") == "application/json":
        response: HttpResponse = JsonResponse({"message": sentence}, status=status)
    else:
        response = alone(template, status)
    if status == 503:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def alone(template: str, status: int, message: str = "") -> HttpResponse:
    """Render without the request: no session, no user, no query."""
    return HttpResponse(render_to_string(template, {"message": message}), status=status)
