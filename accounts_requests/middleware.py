"""What happens around every request: whose it is, what caches may keep, no empty answer."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from accounts_requests import audit
from accounts_requests.views import errors

Handler = Callable[[HttpRequest], HttpResponse]


def client_address(get_response: Handler) -> Handler:
    """Behind a proxy that is trusted to name it, take the client's address from the proxy.

    The last address of X-Forwarded-For is the one that the proxy itself saw; those before it are
    the client's own words.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if settings.TRUST_PROXY_CLIENT_ADDRESS:
            named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
            if named:
                request.META["REMOTE_ADDR"] = named
        return get_response(request)

    return answer


def readable_addresses(get_response: Handler) -> Handler:
    """Refuse a query with a NUL: nobody types one, and PostgreSQL fails on it."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            return errors.bad_request(request, SuspiciousOperation("NUL in the query"))
        return get_response(request)

    return answer


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


def spoken_refusals(get_response: Handler) -> Handler:
    """Say in words what Django answers with an empty page: an address that cannot be opened."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            return errors.method_not_allowed(request, response.headers.get("Allow", ""))
        return response

    return answer
