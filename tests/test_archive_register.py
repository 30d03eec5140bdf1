"""The register of archived files in its official columns."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import clock
from accounts_requests.models import Account, User
from accounts_requests.states import DocumentKind

from . import cases
from .cases import MONDAY, OfficePeople
from .query_counts import queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

QUERIES = 14


def show(client: Client, user: User, **asked: str) -> str:
    client.force_login(user)
    response = client.get(reverse("archive"), asked)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_columns_are_the_official_ones(client: Client, office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        cases.archived(office_people)
        html = show(client, office_people.kepala)

    table = html.split("<table")[1]
    assert re.findall(r'<th(?: class="number")? scope="col">([^<]*)</th>', table) == [
        "No",
        "Kode",
        "No. Berkas",
        "Unit Pengolah",
        "Uraian",
        "Kurun Waktu",
        "Jumlah",
        "Keterangan",
    ]


def test_a_file_is_described_and_leads_to_its_bundle(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.archived(office_people, people=2)
        html = show(client, office_people.inspector)
        keeper = show(client, office_people.keeper)
    bundle = case.documents.get(kind=DocumentKind.ARCHIVE_FILE)
    link = reverse("document", args=[bundle.public_id])

    assert "0001/2026" in html
    assert "000.3.5" in html
    assert "6 Juli 2026</span>" in html
    # SK, two Formulir, Surat Perintah, account sheet, mail proof, control sheet: the items of the
    # file, among which its concept is none
    assert "7 naskah, 7 halaman" in html
    assert "Lokasi: Rak 1, Boks 2" in html
    assert link in html
    assert link not in keeper


def test_open_cases_are_not_in_the_archive(client: Client, office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        cases.emailed(office_people)
        html = show(client, office_people.kepala)

    assert "Belum ada berkas yang diarsipkan" in html


def test_a_year_without_files_shows_them_all(client: Client, office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        cases.archived(office_people)

        assert "0001/2026" in show(client, office_people.kepala, tahun="2026")
        assert "<h1>Daftar Berkas</h1>" in show(client, office_people.kepala, tahun="1999")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_file_as_for_three(
    client: Client, office_people: OfficePeople, rows: int
) -> None:
    with clock.moved_to(MONDAY):
        for number in range(rows):
            case = cases.archived(office_people, people=1, number=f"000.3/{number}/X")
            # The next case's people are the same examples: their user ids must be free again.
            Account.objects.filter(registrant__request=case).update(user_id=f"lama.{number}")
        client.force_login(office_people.kepala)
        with queries() as counted:
            client.get(reverse("archive"))

    assert len(counted) == QUERIES, counted
