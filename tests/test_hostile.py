"""What attackers and clumsy people try: every address by everybody, ended sessions, odd values."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence

import pytest
from django.conf import settings as project_settings
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from pytest_django import Settings

from accounts_requests import clock, decree_data, staged_uploads, workflow
from accounts_requests.admin import site
from accounts_requests.forms.decree import DecreeForm
from accounts_requests.forms.person import PersonForm
from accounts_requests.models import AccountRequest, Appointment, AuditEntry, Office, User
from accounts_requests.roles import Role
from accounts_requests.states import DocumentKind
from accounts_requests.uploads import XLSX, Upload
from sopregistry.urls import urlpatterns

from . import cases
from .cases import OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache", "quick_papers")]

UNKNOWN = uuid.UUID(int=0)


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(cases.MONDAY):
        yield


# -- every address; what it answers to everybody is in address_table.txt ------------------------

WHO = ("", "kepala", "drafter", "admin1", "admin2", "biro", "inspector", "keeper", "nobody")
"""Who opens; "" is somebody who is not signed in."""


def patterns(found: Sequence[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    """Every address of the project; those of Pengelolaan have a test of their own below."""
    for one in found:
        if isinstance(one, URLPattern):
            yield one
        elif one.namespace != "admin":
            yield from patterns(one.url_patterns)


def addresses(case: AccountRequest) -> dict[str, list[str]]:
    """Every address of the application by its name, those of a case on ``case``."""
    decree = case.documents.get(kind=DocumentKind.DECREE)
    known = {
        "answer": "PJ-2026-9999",
        "code": "0000-0000-0000-0000-0000",
        "proposal": "UM-2026-9999",
        "number": case.number,
        "position": 1,
        "step": 3,
        "sheet": 1,
        "revision": 1,
        "public_id": decree.public_id,
        "outage_pk": cases.an_outage().pk,
        "anchor": 1,
        "pk": case.created_by_id,
        "session": 1,
        "token": "tidak-dikenal",
        "appointment": case.created_by.appointments.get().pk,
        "year": 2026,
        # The report's figures.
        "which": "diterima",
        "key": "3-detik",
        "account_kind": "helpdesk",
        "outcome": "dibuat",
        "half": 1,
        "report": uuid.UUID(int=0),
        "package": uuid.UUID(int=0),
        "month": 7,
        "version": 1,
        # A holiday, and the first day of the ordinary hours.
        "date": dt.date(2025, 6, 1),
        "kind": "normal",
        "entry": 1,
    }
    found: dict[str, list[str]] = {}
    for pattern in patterns(urlpatterns):
        wanted = {name: known[name] for name in pattern.pattern.converters}
        name = str(pattern.name)
        found.setdefault(name, []).append(reverse(name, kwargs=wanted))
    return found


def clients(people: OfficePeople) -> dict[str, Client]:
    """A browser for each of WHO."""
    found = {}
    for who in WHO:
        found[who] = Client()
        if who:
            found[who].force_login(getattr(people, who))
    return found


def test_every_address_of_pengelolaan_is_closed_to_all_but_its_keeper(
    office_people: OfficePeople,
) -> None:
    others = [who for who in WHO if who != "keeper"]
    browsers = clients(office_people)
    # Django's own sign-in and sign-out there are ours, in the table above.
    shadowed = {"login/", "logout/", "(?P<url>.*)$"}
    routes = {str(one.pattern) for one in patterns(site.urls[0])} - shadowed
    known = {"<path:object_id>": "1", "^(?P<app_label>accounts_requests)/$": "accounts_requests/"}
    urls = {f"/admin/{route}" for route in routes}
    for wanted, value in known.items():
        urls = {url.replace(wanted, value) for url in urls}

    seen = {
        url: " ".join(str(browsers[who].get(url).status_code) for who in others) for url in urls
    }

    assert seen == dict.fromkeys(urls, "302 403 403 403 403 403 403 403")


def test_who_is_not_signed_in_is_shown_nothing_but_the_sign_in(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people)
    shown = {
        name
        for name, urls in addresses(case).items()
        for url in urls
        for response in (client.get(url), client.post(url))
        if response.status_code not in {302, 405}
    }

    # The public pages on papers are closed here, and say no more than any unknown address.
    public = {"verification", "verification_paper"}
    assert shown == {"account_login", "healthz", "invitation", "password_link", *public}


@pytest.mark.parametrize(
    "address",
    [
        "/permohonan/?tahun=99999999999999999999&sebelum=999999999999999999",
        "/permohonan/?cari=%ff%fe&keadaan=x&jenis=%F0%9F%98%80",
        "/arsip/?tahun=-1&sebelum=999999999999999999",
        "/arsip/?sebelum=%D9%A3&sesudah=%C2%B2&sesudah=1e3&tahun=",
        "/permohonan/?keadaan=draft&keadaan=archived&tahun=2026&tahun=x&sesudah=-1&sebelum=abc",
        "/permohonan/?cari=" + "a" * 3000 + "&penanda[]=terlambat&o=1;DROP&urut=-pk&jenis=",
        "/permohonan/P-2026-0001%00/",
        f"/permohonan/P-2026-{'9' * 300}/",
        f"/sop/{'9' * 30}/",
        "/%ff%fe%00",
    ],
)
def test_no_address_makes_the_application_fail(
    client: Client, office_people: OfficePeople, address: str
) -> None:
    client.force_login(office_people.kepala)

    assert client.get(address).status_code in {200, 404}


@pytest.mark.parametrize(
    "address",
    [
        "/permohonan/baru/?salin=%00",
        "/permohonan/?cari=a%00b",
        "/admin/accounts_requests/auditentry/?object_label__exact=%00",
    ],
)
def test_a_nul_in_an_address_never_reaches_the_database(
    client: Client, office_people: OfficePeople, address: str
) -> None:
    Appointment.objects.create(
        person=office_people.keeper, role=Role.PENYUSUN_KONSEP, since=dt.date(2023, 1, 1)
    )
    client.force_login(office_people.keeper)

    response = client.get(address)

    assert response.status_code == 400
    assert "Permintaan tidak dapat dibaca" in response.content.decode()


# -- addresses of buttons ------------------------------------------------------------------------


def test_an_address_of_a_button_that_is_opened_says_so_in_words(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.ordered(office_people)
    client.force_login(office_people.admin1)

    response = client.get(reverse("claim", args=[case.number]))

    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "Alamat ini tidak dapat dibuka langsung" in response.content.decode()


@pytest.mark.parametrize(
    ("shown", "back"),
    [
        ("http://testserver/?hal=2", "/?hal=2"),
        ("http://testserver/permohonan/", "/permohonan/"),
        ("https://evil.example/permohonan/", "/permohonan/{number}/"),
        ("", "/permohonan/{number}/"),
    ],
)
def test_a_press_after_the_session_ended_leads_back_to_a_page_that_can_be_opened(
    client: Client, office_people: OfficePeople, shown: str, back: str
) -> None:
    case = cases.ordered(office_people)
    headers = {"Referer": shown} if shown else {}

    pressed = client.post(reverse("claim", args=[case.number]), headers=headers)
    typed = {"username": "admin1", "password": "rahasia-contoh"}
    inside = client.post(pressed.headers["Location"], typed)

    where = back.format(number=case.number)
    assert inside.headers["Location"] == where
    assert client.get(where).status_code == 200
    assert cases.fresh(case).assignee is None


def test_a_form_sent_after_the_session_ended_leads_back_to_the_form(client: Client) -> None:
    url = reverse("request_new")

    sent = client.post(url, {"subject": "x"}, headers={"Referer": f"http://testserver{url}"})

    assert sent.headers["Location"] == f"{reverse('account_login')}?next={url}"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example"]
)
def test_nobody_is_led_to_another_site_after_the_sign_in(
    client: Client, office_people: OfficePeople, elsewhere: str
) -> None:
    typed = {"username": "kepala", "password": "rahasia-contoh", "next": elsewhere}

    assert client.post(reverse("account_login"), typed).headers["Location"] == reverse("home")


# -- whose a request is --------------------------------------------------------------------------


def failed_from(forwarded: str) -> str:
    """The address on record after a refused sign-in."""
    typed = {"username": "kepala", "password": "salah"}
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    Client().post(reverse("account_login"), typed, REMOTE_ADDR="127.0.0.1", headers=headers)
    return AuditEntry.objects.latest("pk").address


def test_behind_a_trusted_proxy_a_client_has_the_address_that_the_proxy_saw(
    office_people: OfficePeople, settings: Settings
) -> None:
    settings.TRUST_PROXY_CLIENT_ADDRESS = True

    assert failed_from("10.0.0.9") == "10.0.0.9"
    assert failed_from("1.2.3.4, 10.0.0.9") == "10.0.0.9"
    assert failed_from("") == "127.0.0.1"


def test_without_such_a_proxy_nobody_chooses_an_address(office_people: OfficePeople) -> None:
    assert project_settings.TRUST_PROXY_CLIENT_ADDRESS is False
    assert failed_from("1.2.3.4") == "127.0.0.1"


def test_guesses_through_a_trusted_proxy_do_not_lock_the_office_out(
    client: Client, office_people: OfficePeople, settings: Settings
) -> None:
    settings.TRUST_PROXY_CLIENT_ADDRESS = True
    for _ in range(5):  # as many as settings.ACCOUNT_RATE_LIMITS allow
        failed_from("198.51.100.7")

    typed = {"username": "kepala", "password": "rahasia-contoh"}
    inside = client.post(reverse("account_login"), typed, headers={"X-Forwarded-For": "10.0.0.9"})

    assert inside.status_code == 302


# -- odd values ----------------------------------------------------------------------------------


def decree_errors(**changes: str) -> dict[str, list[str]]:
    """What the form of an SK says about some odd values."""
    form = DecreeForm(
        {
            "subject": "Akun",
            "received_at": "2026-07-06T09:00",
            "considerations": "bahwa perlu",
            "legal_bases": "Peraturan",
            "signing_method": "in_app",
            **changes,
        }
    )
    return {name: [str(text) for text in texts] for name, texts in form.errors.items()}


@pytest.mark.parametrize(
    ("field", "typed", "year"),
    [
        ("received_at", "0001-01-01T00:00", "0001"),
        ("received_at", "0026-07-06T09:00", "0026"),
        ("valid_from", "0026-07-06", "0026"),
        ("valid_until", "9999-12-31", "9999"),
        ("decree_date", "0001-01-01", "0001"),
    ],
)
def test_a_year_that_nobody_means_is_asked_about(
    seeded: None, field: str, typed: str, year: str
) -> None:
    assert decree_errors(**{field: typed}) == {
        field: [f"Tahun {year} tidak wajar. Periksa kembali angka tahunnya."]
    }


def test_a_statement_signed_in_the_year_26_is_asked_about(office_people: OfficePeople) -> None:
    form = PersonForm(
        {"statement_date": "0026-07-06"},
        request=cases.draft(office_people),
        office=Office.current(),
        today=clock.today(),
    )

    assert form.errors["statement_date"] == [
        "Tahun 0026 tidak wajar. Periksa kembali angka tahunnya."
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\n" * 101, "101 butir dan 201 karakter"),
        ("a" * 20_001, "1 butir dan 20001 karakter"),
    ],
)
def test_a_text_that_would_take_minutes_to_print_is_refused(
    seeded: None, text: str, said: str
) -> None:
    assert decree_errors(legal_bases=text) == {
        "legal_bases": [
            (
                f"Mengingat paling banyak 100 butir dan 20000 karakter; yang diisikan {said}. "
                "Persingkat isian ini."
            )
        ]
    }
    at_the_limit = "\n".join("a" * 199 for _ in range(decree_data.MAX_ITEMS))
    assert decree_errors(legal_bases=at_the_limit) == {}


@pytest.mark.parametrize("outcome", ["rubbish", "", "\0"])
def test_an_outcome_that_does_not_exist_is_refused_aloud(
    client: Client, office_people: OfficePeople, outcome: str
) -> None:
    case = cases.claimed(office_people)
    client.force_login(office_people.admin1)

    response = client.post(reverse("account_entry", args=[case.number, 1]), {"outcome": outcome})

    assert response.status_code == 200
    assert "error-summary" in response.content.decode()


# -- files that wait -----------------------------------------------------------------------------


def waiting_file(case: AccountRequest, owner: User) -> str:
    """The address of a list that ``owner`` uploaded and has not taken in."""
    staged = staged_uploads.stage(
        case,
        owner=owner,
        purpose=staged_uploads.PEOPLE,
        upload=Upload("daftar.xlsx", b"PK"),
        media_type=XLSX,
    )
    return reverse("staged_download", args=[case.number, staged.public_id])


def test_a_waiting_file_is_its_owners_and_only_while_the_role_lasts(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.draft(office_people)
    url = waiting_file(case, office_people.drafter)
    other = cases.draft(office_people, people=0)

    client.force_login(office_people.kepala)
    assert client.get(url).status_code == 404
    client.force_login(office_people.drafter)
    assert client.get(url).status_code == 200
    assert client.get(url.replace(case.number, other.number)).status_code == 404
    Appointment.objects.filter(role=Role.PENYUSUN_KONSEP).update(until=dt.date(2026, 7, 1))
    assert client.get(url).status_code == 403


def test_nobody_is_told_of_throwing_away_a_file_that_they_may_not_have(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.draft(office_people)
    waiting_file(case, office_people.drafter)
    client.force_login(office_people.biro)

    response = client.post(reverse("people_discard", args=[case.number]))

    assert response.status_code == 403


def test_a_paper_of_another_case_is_not_taken_off_through_this_one(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.draft(office_people)
    issued = cases.issued(office_people)
    decree = issued.documents.get(kind=DocumentKind.DECREE)
    client.force_login(office_people.drafter)

    answers = [
        client.post(reverse("attachment_remove", args=[each.number, decree.public_id])).status_code
        for each in (case, issued)
    ]

    assert answers == [404, 404]


# -- text that wants to be more than text ---------------------------------------------------------

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def test_hostile_text_stays_text_on_every_page_of_the_case(
    client: Client, office_people: OfficePeople
) -> None:
    case = workflow.create_request(
        actor=office_people.drafter,
        decree=cases.decree(subject=HOSTILE, considerations=HOSTILE, copies_to=HOSTILE),
    )
    person = cases.person(1, full_name=HOSTILE, position=HOSTILE, work_unit=HOSTILE)
    workflow.add_registrant(case, actor=office_people.drafter, person=person)
    client.force_login(office_people.drafter)

    pages = [
        client.get(reverse(name, args=[case.number])).content.decode()
        for name in ("request_detail", "draft_edit", "people", "attachments", "submit_for_initials")
    ]
    pages += [client.get(reverse(name)).content.decode() for name in ("home", "request_list")]

    assert [text for text in pages if "<script>alert" in text or "<img src=x" in text] == []
    assert ["&lt;script&gt;alert" in text for text in pages] == [True] * len(pages)
