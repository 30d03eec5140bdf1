"""Every form of every page, sent wrong: never a failure, and nothing half done.

The forms are those that the pages show to whoever may use them, with sensible values where they
are empty; each is then sent with some of it damaged (``mutations``), and undone.
"""

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.test import Client

from accounts_requests import audit, clock
from accounts_requests.models import AuditEntry, StepRun

from . import cases
from .cases import OfficePeople
from .mutations import Chance, mistyped, seeded
from .post_forms import PageForm, forms_of
from .test_address_table import SITUATIONS, Situation, address, routes, watched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache", "quick_papers")]

WHO: Final = ("kepala", "drafter", "admin1", "keeper")
# What a careful person would type where a form is empty.
SENSIBLE: Final = {
    "number": "000.3/77/B.PBJ-II/2026",
    "decree_number": "000.3/77/B.PBJ-II/2026",
    "order_number": "094/77/B.PBJ-II/2026",
    "date": "2026-07-06",
    "decree_date": "2026-07-06",
    "reason": "Ada yang perlu diperbaiki pada Formulir",
    "note": "Diserahkan di kantor",
    "title": "Nota dinas",
    "location": "Rak 1",
    "outcome": "created",
    "way": "tidak-dapat",
    "address": "baru@contoh.example",
    "full_name": "Contoh Baru",
    "nip": "198501012010011099",
    "position": "Pengelola Pengadaan",
    "work_unit": "Biro Pengadaan Barang dan Jasa",
    "email": "baru@contoh.example",
    "mobile": "081234567890",
    "office_address": "Jalan Contoh 1",
    "proposed_user_id": "contoh.baru",
    "statement_date": "2026-07-06",
    "subject": "Akun Verifikator",
    "received_at": "2026-07-06T09:00",
    "considerations": "bahwa perlu",
    "legal_bases": "Peraturan Presiden",
}
# What is put on record although the form is shown again: who asked for a password, and wrong ones.
LEAVES_A_TRACE: Final = re.compile(
    r"/(masuk|keluar|akun-saya)/.*|.*/password(-baru)?/|.*/dibuka/|/permohonan/ekspor.xlsx"
    r"|/permohonan/[^/]+/terbitkan/"
)
# Taken with a page instead of a redirect: a link to sign in is shown once, in the answer itself,
# and a berkas bukti is the answer.
ANSWERS_ITSELF: Final = re.compile(
    r"/pengguna/(tambah|\d+/(tautan|pulihkan|aktifkan))/|/permohonan/[^/]+/berkas-bukti/"
)


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(cases.MONDAY):
        yield


def pages(situation: Situation | None, people: OfficePeople) -> list[str]:
    """The addresses of the situation; without one those of no case, and of Pengelolaan."""
    found = [
        address(pattern, situation, people)
        for pattern in routes(of_a_case=situation is not None).values()
    ]
    if situation is None:
        names = [
            model._meta.model_name
            for model in apps.get_app_config("accounts_requests").get_models()
        ]
        found += [
            f"/admin/accounts_requests/{name}/{what}/"
            for name in names
            for what in ("add", "1/change")
        ]
    return sorted(set(found))


def harvest(urls: list[str], browsers: dict[str, Client]) -> list[tuple[str, PageForm]]:
    """Who is shown which form; each form once, and every address as a form without fields."""
    found: dict[tuple[str, tuple[str, ...]], tuple[str, PageForm]] = {}
    for url in urls:
        for who, browser in browsers.items():
            answer = browser.get(url)
            if answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]:
                for form in forms_of(answer.content.decode(), url):
                    for name, value in form.typed.items():
                        form.typed[name] = value or SENSIBLE.get(name, "")
                    form.typed.pop("csrfmiddlewaretoken", None)
                    found.setdefault((form.action, tuple(form.names)), (who, form))
            elif answer.status_code == 405:
                found.setdefault((url, ()), (who, PageForm(url)))
    return list(found.values())


def everything() -> dict[str, list[object]]:
    """Every row of the application."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_app_config("accounts_requests").get_models()
    }


def send(browser: Client, form: PageForm, sent: list[tuple[str, str]], chance: Chance) -> int:
    """The status of the answer to what is sent, now and then under a false name for its kind."""
    kind = "application/x-www-form-urlencoded"
    body = urlencode(sent, errors="surrogatepass").encode()
    if chance.random() < 0.08:
        kind = chance.choice(
            [
                "application/json",
                "text/plain",
                "multipart/form-data",
                "multipart/form-data; boundary=a",
                f"{kind}; charset=utf-16",
                f"{kind}; charset=nonsense",
            ]
        )
    elif chance.random() < 0.3:
        body = b"".join(
            b'--a\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
            % (name.encode(errors="replace"), value.encode(errors="surrogatepass"))
            for name, value in sent
        )
        body = body[: chance.randrange(len(body) + 1)] if chance.random() < 0.2 else body + b"--a--"
        kind = "multipart/form-data; boundary=a"
    answer: Any = browser.generic("POST", form.action, body, content_type=kind)
    if answer.streaming:
        list(answer)  # read to its end, which closes the file
    return int(answer.status_code)


def values_of_others(people: OfficePeople) -> list[str]:
    """Ids and words that exist, but belong elsewhere."""
    other = cases.draft(people, people=1, subject="Milik orang lain")
    person = other.registrants.get()
    return [
        other.number,
        str(other.pk),
        str(person.pk),
        person.email,
        person.nip,
        str(people.nobody.pk),
        "1",
        "2",
        "P-2026-9999",
    ]


def fuzz(title: str, people: OfficePeople, count: int) -> int:
    """Send so many damaged forms of the situation; how many of them were accepted."""
    others = values_of_others(people)
    situation = SITUATIONS[title](people) if title else None
    browsers = {who: Client() for who in WHO}
    for who, browser in browsers.items():
        browser.force_login(getattr(people, who))
    shown = harvest(pages(situation, people), browsers)
    before, accepted = everything(), 0
    for number in range(count):
        chance = seeded("post", title, number)
        who, form = shown[number % len(shown)]
        sent = mistyped(form.typed, form.names, others, chance)
        browser = browsers[who if chance.random() < 0.9 else chance.choice(WHO)]
        cookies = SimpleCookie(browser.cookies.output(header="", sep=";"))
        where = f"{title} {number} {who} {form.action}"
        with watched() as tables:
            status = send(browser, form, sent, chance)
            assert status < 500, where
            if tables and (status == 302 or ANSWERS_ITSELF.fullmatch(form.action)):
                accepted += 1
                chain_is_whole()
            elif tables and not LEAVES_A_TRACE.fullmatch(form.action):
                assert everything() == before, where
        browser.cookies = cookies
    assert everything() == before
    return accepted


def chain_is_whole() -> None:
    """Each entry follows the one before, and no case has two steps running."""
    previous = AuditEntry.objects.order_by("-sequence")[:3]
    for later, earlier in zip(previous, list(previous)[1:], strict=False):
        assert later.previous_hash == earlier.hash
        assert later.hash == audit.digest(later)
    running = StepRun.objects.filter(finished_at__isnull=True, paused_at__isnull=True)
    assert running.count() == running.values("request").distinct().count()


@pytest.mark.parametrize("title", ["a draft of dra", "a case at step 3 that ad1 holds"])
def test_a_form_sent_wrong_is_answered_in_words(title: str, office_people: OfficePeople) -> None:
    assert fuzz(title, office_people, 60) > 0


@pytest.mark.slow
@pytest.mark.parametrize("title", ["", *SITUATIONS])
def test_two_thousand_forms_sent_wrong(title: str, office_people: OfficePeople) -> None:
    accepted = fuzz(title, office_people, 250)  # × eight situations

    assert accepted > 0 or title in {"an archived case of ad1", "a cancelled case"}
