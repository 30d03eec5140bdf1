"""Nobody is led from here to another site, whatever an address or a form asks for."""

import re
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests.models import AuditEntry
from accounts_requests.states import Act

from .cases import OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]

ELSEWHERE = (
    "https://evil.example/",
    "http://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f..",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "HtTpS://evil.example",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "http://evil.example#@testserver/",
    "http://evil.example\\@testserver/",
    "//evil。example",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "ftp://testserver/",
    "%2f%2fevil.example",
    "/%09/evil.example",
    "\x00//evil.example",
    "http://[::1",
)
WITHIN = ("/permohonan/?cari=a", "/arsip/")


def leads_away(location: str) -> bool:
    """Whether a browser on http://testserver/ would go to another site.

    As browsers read it (WHATWG URL): controls and spaces around are dropped, tabs and line ends
    anywhere, and a backslash is a slash.
    """
    read = location.strip("".join(map(chr, range(33))))
    for letter in "\t\r\n":
        read = read.replace(letter, "")
    read = read.replace("\\", "/")
    return read.startswith("//") or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", read) is not None


def test_the_measure_itself_sees_where_a_browser_would_go() -> None:
    assert [leads_away(text) for text in ("//a", "/\\a", "/\t/a", "https:a", "data:a")] == [
        True
    ] * 5
    assert [leads_away(text) for text in ("/", "/a//b", "/?next=//a", "%2f%2fa")] == [False] * 4


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_after_the_sign_in_nobody_is_elsewhere(office_people: OfficePeople, wanted: str) -> None:
    typed = {"username": "kepala", "password": "rahasia-contoh", "next": wanted}
    login = reverse("account_login")

    by_form = Client().post(login, typed)
    by_address = Client().post(
        f"{login}?next={quote(wanted)}", {key: typed[key] for key in ("username", "password")}
    )
    inside = Client()
    inside.force_login(office_people.kepala)
    already = inside.get(f"{login}?next={quote(wanted)}")

    led = [answer.headers.get("Location", "/") for answer in (by_form, by_address, already)]
    assert [where for where in led if leads_away(where)] == []
    assert AuditEntry.objects.filter(act=Act.SIGN_IN).count() == 2 - ("\x00" in wanted)


@pytest.mark.parametrize("wanted", WITHIN)
def test_after_the_sign_in_one_is_where_one_wanted_to_be(
    office_people: OfficePeople, wanted: str
) -> None:
    typed = {"username": "kepala", "password": "rahasia-contoh", "next": wanted}

    assert Client().post(reverse("account_login"), typed).headers["Location"] == wanted


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_no_other_address_that_takes_next_leads_away(
    office_people: OfficePeople, wanted: str
) -> None:
    asked = f"?next={quote(wanted)}"
    inside = Client()
    inside.force_login(office_people.keeper)

    answers = [
        Client().get(f"/admin/login/{asked}"),
        inside.get(f"/admin/login/{asked}"),
        inside.post(
            f"{reverse('account_reauthenticate')}{asked}",
            {"password": "rahasia-contoh", "next": wanted},
        ),
        inside.get(f"{reverse('mfa_activate_totp')}{asked}"),
        inside.post(f"{reverse('account_logout')}{asked}", {"next": wanted}),
    ]

    assert [
        answer.headers["Location"]
        for answer in answers
        if answer.status_code // 100 == 3 and leads_away(answer.headers["Location"])
    ] == []


@pytest.mark.parametrize("wanted", [text for text in ELSEWHERE if leads_away(text)])
def test_a_press_shown_by_another_site_leads_back_to_one_of_our_pages(wanted: str) -> None:
    # As a header it can carry no line ends.
    shown = wanted.replace("\n", "").replace("\x00", "")

    pressed = Client().post(reverse("request_new"), headers={"Referer": shown})

    assert pressed.headers["Location"] == f"{reverse('account_login')}?next=/"


@pytest.mark.parametrize(
    "path", ["//evil.example", "//evil.example/..", "/\\evil.example", "/%2f/"]
)
def test_an_address_without_its_last_slash_is_not_completed_into_another_site(path: str) -> None:
    response = Client().get(path)

    assert response.status_code in {302, 404}
    assert not leads_away(response.headers.get("Location", "/"))
