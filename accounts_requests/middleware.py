"""What happens around every request: the audit trail's origin, and what caches may keep."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from accounts_requests import audit

Handler = Callable[[HttpRequest], HttpResponse]


def audit_origin(get_response: Handler) -> Handler:
    """Tell the audit trail the client's address while the request is answered."""

    def answer(request: HttpRequest) -> HttpResponse:
        token = audit.origin.set(request.META.get("REMOTE_ADDR", ""))
        try:
            return get_response(request)
        finally:
            audit.origin.reset(token)

    return answer


def private_pages(get_response: Handler) -> Handler:
    """Let nothing that was shown to somebody signed in stay in a cache or behind "Back".

    Told by the session's cookie, so that a page without one costs no look at the session.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            patch_cache_control(response, private=True, no_store=True)
        return response

    return answer
