"""What people get when a request cannot be served."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.template import Context, Template
from django.template.engine import Engine
from django.test import Client, RequestFactory
from pytest_django import Settings

from accounts_requests.views import errors
from tests.conftest import TEMPLATES, UndefinedVariable


@pytest.fixture
def request_of_a_visitor(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/permohonan/1/")
    request.user = AnonymousUser()
    return request


def _said(response: HttpResponse) -> tuple[int, str]:
    """Return the status and the heading of a page."""
    heading = re.search(r"<h1>(.*?)</h1>", response.content.decode())
    assert heading is not None
    return response.status_code, heading.group(1)


def test_an_unreadable_request(request_of_a_visitor: HttpRequest) -> None:
    response = errors.bad_request(request_of_a_visitor, SuspiciousOperation("Invalid header"))
    assert _said(response) == (400, "Permintaan tidak dapat dibaca")
    assert b"Invalid header" not in response.content


@pytest.mark.parametrize("refusal", [RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent])
def test_what_django_finds_too_large_is_called_too_large(
    request_of_a_visitor: HttpRequest, refusal: type[Exception]
) -> None:
    response = errors.bad_request(request_of_a_visitor, refusal())
    assert _said(response) == (413, "Berkas terlalu besar")


@pytest.mark.django_db
def test_a_refusal_tells_its_reason_and_escapes_it(request_of_a_visitor: HttpRequest) -> None:
    response = errors.permission_denied(
        request_of_a_visitor, PermissionDenied("Hanya Admin PPE & <b>Kepala LPSE</b>.")
    )
    assert response.status_code == 403
    assert "Hanya Admin PPE &amp; &lt;b&gt;Kepala LPSE&lt;/b&gt;." in response.content.decode()


@pytest.mark.django_db
def test_a_refusal_without_a_reason_still_says_what_to_do(
    request_of_a_visitor: HttpRequest,
) -> None:
    response = errors.permission_denied(request_of_a_visitor, PermissionDenied())
    assert f"<p>{errors.FORBIDDEN}</p>" in response.content.decode()


@pytest.mark.django_db
def test_a_missing_page_keeps_the_developers_words_to_itself(
    request_of_a_visitor: HttpRequest,
) -> None:
    response = errors.page_not_found(request_of_a_visitor, Http404("No AccountRequest matches"))
    assert _said(response) == (404, "Halaman tidak ditemukan")
    assert b"AccountRequest" not in response.content


@pytest.mark.django_db
def test_a_conflict_says_who_was_first_and_where_to_go_on(
    request_of_a_visitor: HttpRequest,
) -> None:
    sentence = "Langkah ini telah diselesaikan oleh Sri pukul 09.42 WITA."
    response = errors.conflict(
        request_of_a_visitor, sentence, next_url="/permohonan/1/", next_label="Buka permohonan"
    )
    assert _said(response) == (409, "Keadaan permohonan telah berubah")
    page = response.content.decode()
    assert sentence in page
    assert '<a class="btn btn-primary" href="/permohonan/1/">Buka permohonan</a>' in page


def test_a_stale_form_is_refused_kindly_and_without_the_database() -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/")
    assert isinstance(response, HttpResponse)
    assert _said(response) == (403, "Kiriman belum diterima")


def test_a_failure_is_told_without_the_database(request_of_a_visitor: HttpRequest) -> None:
    response = errors.server_error(request_of_a_visitor)
    assert _said(response) == (500, "Terjadi gangguan pada aplikasi")


def test_a_failure_of_the_templates_too_is_told(
    request_of_a_visitor: HttpRequest, settings: Settings
) -> None:
    settings.TEMPLATES = [
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": []}
    ]
    response = errors.server_error(request_of_a_visitor)
    assert (response.status_code, response.content.decode()) == (500, errors.LAST_RESORT)


@pytest.mark.django_db
def test_pages_carry_the_strict_policy() -> None:
    response = Client().get("/alamat-yang-tidak-ada/" + "x" * 20)
    policy = response.headers["Content-Security-Policy"].split("; ")
    assert sorted(policy) == [
        "base-uri 'none'",
        "default-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "object-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
    ]
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_tests_themselves_notice_an_undefined_variable() -> None:
    assert isinstance(Engine.get_default().string_if_invalid, UndefinedVariable)
    ours = Template("{{ forgotten }}")
    ours.origin.name = str(TEMPLATES / "page.html")
    with pytest.raises(AssertionError, match=r"Undefined variable in page\.html: forgotten"):
        ours.render(Context())
    theirs = Template("{{ forgotten|default:'—' }}")
    assert theirs.render(Context()) == "—"
