"""The public page behind a one-time link: nobody signs in, and only the press shows the password.

The token is in the address because a plain link in a mail must work without scripts; so the
answers name no referrer, stay in no cache, and the log shows no token (``log_lines``). Links that
are unknown, used, expired or revoked are answered alike.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts_requests import clock, password_links, workflow
from accounts_requests.models import Office
from accounts_requests.password_links import LinkState


# No cookie gives any right here: who forges the press needs the token, and then the link is theirs
# anyway. With Django's check the press would fail, because a page without a referrer has no origin.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True, private=True)
@sensitive_variables()
def password_link(request: HttpRequest, token: str) -> HttpResponse:
    """Say what the link is (GET, which consumes nothing), or show the password once (POST)."""
    if request.method == "POST":
        opened = workflow.open_link(token)
        if opened is not None:
            return _page(request, "password_link/opened.html", {"opened": opened})
    else:
        now = clock.now()
        link = password_links.find(token)
        if link is not None and password_links.state_of(link, now) == LinkState.LIVE:
            return _page(request, "password_link/ready.html", {"expires_at": link.expires_at})
    if password_links.missed_too_often(request.META.get("REMOTE_ADDR", ""), clock.now()):
        return _page(request, "password_link/too_many.html", {}, HTTPStatus.TOO_MANY_REQUESTS)
    return _page(request, "password_link/closed.html", {}, HTTPStatus.NOT_FOUND)


@sensitive_variables()
def _page(
    request: HttpRequest,
    template: str,
    context: dict[str, object],
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    response = render(request, template, {"office": Office.current(), **context}, status=status)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
