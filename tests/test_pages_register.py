"""The register: search, filters, pages by key, XLSX."""

import datetime as dt
import io
import re

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import case_register, clock
from accounts_requests.models import User

from . import cases
from .cases import MONDAY, OfficePeople
from .query_counts import queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

QUERIES = 11


def found(client: Client, user: User, **asked: str) -> list[str]:
    """The numbers of the cases on the page, in order."""
    client.force_login(user)
    response = client.get(reverse("request_list"), asked)
    assert response.status_code == 200
    return re.findall(r'<a class="nowrap" href="[^"]*">([^<]*)</a>', response.content.decode())


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("P-2026-0002", ["P-2026-0002"]),
        ("000.3/1", ["P-2026-0001"]),
        ("verifikator, helpdesk", ["P-2026-0002", "P-2026-0001"]),
        ("Contoh Personel 003", ["P-2026-0002"]),
        ("19850101 201001 1 003", ["P-2026-0002"]),
        ("personel.003", ["P-2026-0002"]),
        ("tidak ada", []),
    ],
)
def test_a_case_is_found_by_what_people_know_of_it(
    client: Client, office_people: OfficePeople, text: str, matches: list[str]
) -> None:
    with clock.moved_to(MONDAY):
        cases.issued(office_people, number="000.3/1/X")
        cases.draft(office_people, people=3)

        assert found(client, office_people.kepala, cari=text) == matches


def test_who_may_not_read_people_cannot_search_for_them_either(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        cases.draft(office_people)

        assert found(client, office_people.keeper, cari="Contoh Personel 001") == []
        assert found(client, office_people.keeper, cari="P-2026") == ["P-2026-0001"]


def test_filters_narrow_the_list_and_nonsense_is_ignored(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        cases.recorded(office_people, people=2, refused=1, number="000.3/1/X")
        cases.draft(office_people, people=1)
        clock.advance(dt.timedelta(minutes=31))
        kepala = office_people.kepala

        assert found(client, kepala, keadaan="draft") == ["P-2026-0002"]
        assert found(client, kepala, jenis="helpdesk") == ["P-2026-0001"]
        assert found(client, kepala, penanda="terlambat") == ["P-2026-0001"]
        assert found(client, kepala, penanda="penyimpangan") == ["P-2026-0001"]
        assert found(client, kepala, tahun="2026") == ["P-2026-0002", "P-2026-0001"]
        assert found(client, kepala, tahun="1999", keadaan="x", sebelum="y") == [
            "P-2026-0002",
            "P-2026-0001",
        ]


def test_pages_go_on_by_key_and_come_back(
    client: Client, office_people: OfficePeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_register, "PAGE_SIZE", 2)
    with clock.moved_to(MONDAY):
        for _ in range(5):
            cases.draft(office_people, people=0)
        client.force_login(office_people.kepala)
        url, seen = f"{reverse('request_list')}?keadaan=draft", []
        while url:
            html = client.get(url).content.decode()
            seen.append(re.findall(r'<a class="nowrap" href="[^"]*">([^<]*)</a>', html))
            older = re.search(r'rel="next" href="([^"]*)"', html)
            newer = re.search(r'rel="prev" href="([^"]*)"', html)
            url = f"{reverse('request_list')}{older[1].replace('&amp;', '&')}" if older else ""
        assert newer is not None
        back = client.get(f"{reverse('request_list')}{newer[1].replace('&amp;', '&')}")

    assert seen == [["P-2026-0005", "P-2026-0004"], ["P-2026-0003", "P-2026-0002"], ["P-2026-0001"]]
    assert re.findall(r'<a class="nowrap" href="[^"]*">([^<]*)</a>', back.content.decode()) == [
        "P-2026-0003",
        "P-2026-0002",
    ]


def test_the_spreadsheet_holds_what_was_filtered_and_no_names(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        cases.issued(office_people, number="000.3/1/X")
        cases.draft(office_people, people=1)
        client.force_login(office_people.inspector)
        response = client.get(reverse("request_export"), {"keadaan": "decree_issued"})

    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[1:3] for row in rows] == [["P-2026-0001", "000.3/1/X"]]
    assert "Contoh Personel" not in str(rows)


def test_an_empty_register_and_an_empty_search_say_different_things(
    client: Client, office_people: OfficePeople
) -> None:
    client.force_login(office_people.kepala)

    assert "Belum ada permohonan" in client.get(reverse("request_list")).content.decode()
    searched = client.get(reverse("request_list"), {"cari": "x"}).content.decode()
    assert "Tidak ada permohonan yang cocok" in searched


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_case_as_for_three(
    client: Client, office_people: OfficePeople, rows: int
) -> None:
    with clock.moved_to(MONDAY):
        for number in range(rows):
            cases.claimed(office_people, number=f"000.3/{number}/X")
        client.force_login(office_people.kepala)
        with queries() as counted:
            client.get(reverse("request_list"))

    assert len(counted) == QUERIES, counted
