"""The register of outages on screen, and where outages stand beside a case."""

import datetime as dt
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts_requests import clock, outages
from accounts_requests.documents import control_sheet
from accounts_requests.models import AccountRequest, Message, Outage
from accounts_requests.outage_register import PAGE_SIZE

from . import cases
from .cases import MONDAY, OfficePeople
from .page_forms import form_on
from .query_counts import queries
from .reading import html_of, html_of_paper, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

REGISTER = "/gangguan/"
REGISTER_QUERIES = 8
DETAIL_QUERIES = 9
BASIS_QUERIES = 13
HOUR = dt.timedelta(hours=1)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield


@pytest.fixture
def admin(client: Client, office_people: OfficePeople) -> Client:
    client.force_login(office_people.admin1)
    return client


def noticed(since: dt.datetime, until: dt.datetime) -> Outage:
    """A silence that a worker has recorded."""
    return Outage.objects.create(
        subject="application", source="heartbeat", since=since, until=until, recorded_at=until
    )


def declared(staff: OfficePeople, since: dt.datetime, **changes: object) -> Outage:
    values = {
        "actor": staff.admin1,
        "subject": "target",
        "since": since,
        "until": None,
        "explanation": "SPSE tidak dapat dibuka dari kantor",
    }
    return outages.declare(**{**values, **changes})  # type: ignore[arg-type]


# -- the register ----------------------------------------------------------------------------------


def test_the_register_says_what_was_away_when_and_how_it_is_known(
    admin: Client, office_people: OfficePeople
) -> None:
    declared(office_people, MONDAY - HOUR)
    html = html_of(admin, REGISTER)
    for words in (
        "Aplikasi SPSE",
        "Senin, 6 Juli 2026, 09.00 WITA",
        "belum berakhir",
        "1 jam di dalam jam kerja",
        "Dinyatakan",
        "Admin Contoh Satu",
        "SPSE tidak dapat dibuka dari kantor",
    ):
        assert words in html


def test_a_night_is_marked_as_out_of_hours_and_a_day_is_not(admin: Client) -> None:
    evening = MONDAY + 12 * HOUR
    noticed(evening, evening + 6 * HOUR)
    with clock.moved_to(MONDAY + 24 * HOUR):
        night = html_of(admin, REGISTER)
        noticed(MONDAY, MONDAY + HOUR)
        both = html_of(admin, REGISTER)
    assert (night.count("di luar jam kerja"), both.count("di luar jam kerja")) == (1, 1)
    assert both.count("1 jam di dalam jam kerja") == 1


def test_a_time_that_the_calendar_does_not_reach_is_not_judged(admin: Client) -> None:
    long_ago = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
    noticed(long_ago, long_ago + HOUR)
    html = html_of(admin, REGISTER)
    assert "1 jam" in html
    assert "jam kerja" not in html.partition("<tbody>")[2].partition("</tbody>")[0]


@pytest.mark.parametrize(
    ("period", "shown"),
    [
        ("", 2),
        ("?dari=2026-07-06", 1),
        ("?sampai=2026-07-05", 1),
        ("?dari=2026-07-03&sampai=2026-07-06", 2),
        ("?dari=2026-07-07", 0),
        ("?dari=bukan-tanggal&sampai=", 2),
    ],
)
def test_a_period_shows_the_outages_that_touch_it(admin: Client, period: str, shown: int) -> None:
    friday = MONDAY - 72 * HOUR
    noticed(friday, friday + HOUR)
    noticed(MONDAY - HOUR, MONDAY)
    with clock.moved_to(MONDAY + HOUR):
        html = html_of(admin, REGISTER + period)
    assert html.partition("<tbody>")[2].count("<tr>") == shown


def test_the_register_turns_its_pages_by_key(admin: Client) -> None:
    for number in range(PAGE_SIZE + 1):
        noticed(MONDAY + number * HOUR, MONDAY + number * HOUR + HOUR)
    first = admin.get(REGISTER)
    second = admin.get(REGISTER + first.context["older_url"])
    back = admin.get(REGISTER + second.context["newer_url"])
    assert [len(page.context["lines"]) for page in (first, second, back)] == [
        PAGE_SIZE,
        1,
        PAGE_SIZE,
    ]
    assert second.context["lines"][0].outage.since == MONDAY


@pytest.mark.parametrize("rows", [1, 30])
def test_the_register_asks_as_often_for_one_outage_as_for_thirty(admin: Client, rows: int) -> None:
    for number in range(rows):
        noticed(MONDAY + number * HOUR, MONDAY + number * HOUR + HOUR)
    with queries() as asked:
        admin.get(REGISTER)
    assert len(asked) == REGISTER_QUERIES, asked


# -- declaring -------------------------------------------------------------------------------------


def test_an_outage_is_declared_ended_and_explained_through_the_pages(
    admin: Client, office_people: OfficePeople
) -> None:
    page = html_of(admin, "/gangguan/catat/")
    form = form_on(page, having="explanation")
    answer = admin.post(
        "/gangguan/catat/",
        form.fields
        | {
            "subject": "mail",
            "since": "2026-07-06T08:15",
            "until": "",
            "explanation": "Server e-mail dipindahkan",
        },
    )
    outage = Outage.objects.get()
    assert answer["Location"] == reverse("outage", args=[outage.pk])
    clock.advance(HOUR)
    address = reverse("outage", args=[outage.pk])
    ending = form_on(html_of(admin, address), button="akhiri").fields
    admin.post(address, ending | {"until": "2026-07-06T10:30"})
    telling = form_on(html_of(admin, address), button="jelaskan").fields
    admin.post(address, telling | {"explanation": "Pemindahan selesai lebih cepat"})
    html = html_of(admin, address)
    with queries() as asked:
        admin.get(address)
    outage = Outage.objects.get()
    assert (outage.since, outage.until) == (
        MONDAY - HOUR - dt.timedelta(minutes=45),
        MONDAY + dt.timedelta(minutes=30),
    )
    assert "Pemindahan selesai lebih cepat" in html
    assert 'value="akhiri"' not in html
    assert len(asked) == DETAIL_QUERIES, asked


def test_what_was_typed_comes_back_beside_the_sentence(admin: Client) -> None:
    typed = {
        "subject": "power",
        "since": "2026-07-06T11:00",
        "explanation": "Listrik gedung padam",
    }
    html = " ".join(admin.post("/gangguan/catat/", typed).content.decode().split())
    assert "Waktu mulai belum tiba: sekarang Senin, 6 Juli 2026, 10.00 WITA." in html
    assert "Listrik gedung padam" in html
    assert 'value="2026-07-06T11:00"' in html
    assert Outage.objects.count() == 0


def test_readers_see_the_register_and_no_button(
    client: Client, office_people: OfficePeople
) -> None:
    outage = declared(office_people, MONDAY - HOUR)
    client.force_login(office_people.inspector)
    register = html_of(client, REGISTER)
    detail = html_of(client, reverse("outage", args=[outage.pk]))
    pressed = client.post(
        reverse("outage", args=[outage.pk]), {"act": "akhiri", "until": "2026-07-06T10:00"}
    )
    assert "Catat gangguan" not in register
    assert "Tambahkan penjelasan" not in detail
    assert pressed.status_code == 403
    assert client.get("/gangguan/catat/").status_code == 403
    assert Outage.objects.get().until is None


# -- beside a case ---------------------------------------------------------------------------------


@pytest.fixture
def case(office_people: OfficePeople) -> AccountRequest:
    """A case at step 3 since 10.00, with an outage from 09.00 to 10.30; it is 11.00 now."""
    case = cases.claimed(office_people, people=1)
    clock.advance(HOUR)
    declared(office_people, MONDAY - HOUR, until=MONDAY + HOUR / 2)
    return case


def test_an_outage_stands_beside_the_steps_that_it_met(admin: Client, case: AccountRequest) -> None:
    html = html_of(admin, url("request_detail", case))
    section = html.partition('id="gangguan"')[2].partition("</section>")[0]
    assert section.count("Aplikasi SPSE") == 1
    assert "30 menit jam kerja" in section
    basis = html_of(admin, url("request_basis", case, 3))
    assert "30 menit jam kerja" in basis


def test_an_outage_before_a_case_or_after_its_end_is_not_told_of(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.archived(office_people, people=1)
    declared(office_people, MONDAY - 2 * HOUR, until=MONDAY)
    clock.advance(HOUR)
    declared(office_people, MONDAY + HOUR / 2)
    html = html_of(admin, url("request_detail", case))
    assert "Gangguan yang bersamaan" not in html
    assert "Gangguan yang bersamaan" not in sheet(case)


def test_the_deadline_stays_where_it_is(admin: Client, case: AccountRequest) -> None:
    run = case.step_runs.get(step__number=3)
    assert run.due_at == MONDAY + HOUR


@pytest.mark.parametrize("met", [1, 5])
def test_the_basis_asks_as_often_for_one_outage_as_for_five(
    admin: Client, office_people: OfficePeople, case: AccountRequest, met: int
) -> None:
    for number in range(1, met):
        noticed(MONDAY + number * HOUR / 10, MONDAY + HOUR)
    with queries() as asked:
        html = html_of(admin, url("request_basis", case, 3))
    assert html.count("Aplikasi ini") == met - 1
    assert len(asked) == BASIS_QUERIES, asked


def sheet(case: AccountRequest) -> str:
    """The control sheet as its template renders it."""
    draft = control_sheet.draft(cases.fresh(case), at=clock.now(), code="K")
    return html_of_paper(draft)


def test_the_control_sheet_tells_of_it_too(
    case: AccountRequest, office_people: OfficePeople
) -> None:
    told = sheet(case)
    assert "Gangguan yang bersamaan (menjelaskan, tidak mengubah tenggat)" in told
    assert "<td>30 menit jam kerja</td><td>Dinyatakan</td>" in told


# -- in a browser ----------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_are_for_everybody_on_a_laptop_and_on_a_telephone(
    live_server: LiveServer, page: Page, office_people: OfficePeople
) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    signed_in = Client()
    signed_in.force_login(office_people.admin1)
    cookie = signed_in.cookies["session"].value
    page.context.add_cookies([{"name": "session", "value": cookie, "url": live_server.url}])
    case = cases.sent(office_people, people=1)
    message = case.messages.get(account__isnull=False)
    Message.objects.filter(pk=message.pk).update(attempts=1)
    clock.advance(HOUR)
    outage = declared(office_people, MONDAY - HOUR)
    for address in (
        REGISTER,
        "/gangguan/catat/",
        reverse("outage", args=[outage.pk]),
        url("request_basis", case, 4),
        url("send", case),
        url("delivery", case, 1),
        url("sent_outside", case, 1),
    ):
        page.goto(f"{live_server.url}{address}")
        for size in ({"width": 1366, "height": 768}, {"width": 390, "height": 844}):
            page.set_viewport_size(size)  # type: ignore[arg-type]  # a ViewportSize
            found = Axe().run(page, options={"runOnly": WCAG})
            assert found.violations_count == 0, (address, size, found.generate_report())
            wider = page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
            assert not wider, (address, size)
    assert complaints == []
