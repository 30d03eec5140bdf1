"""Laporan: who reads it, that each number leads to its cases, and what is taken away."""

import datetime as dt
import io
import re
import subprocess

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import clock, workflow
from accounts_requests.models import AuditEntry
from accounts_requests.states import Act

from . import cases, half_years
from .cases import MONDAY, OfficePeople
from .query_counts import queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

SECOND_HALF = {"dari": "2026-07-01", "sampai": "2026-12-31"}
QUERIES = 12


def text_of(page: bytes) -> str:
    """The words of a page in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.decode()).split())


def late_case(people: OfficePeople) -> str:
    """A case whose step 3 took 65 minutes of 60 and lost one of three accounts."""
    request = cases.claimed(people, people=3)
    clock.advance(dt.timedelta(minutes=65))
    found = cases.accounts(request)
    for account in found[1:]:
        cases.record_created(account, people.admin1)
    workflow.record_refused(found[0], actor=people.admin1, reason="NIP tidak dikenal SPSE")
    workflow.record_accounts(request, actor=people.admin1, answers=cases.all_met(request))
    return request.number


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("kepala", 200),
        ("biro", 200),
        ("inspector", 200),
        ("drafter", 403),
        ("admin1", 403),
        ("keeper", 403),
        ("nobody", 403),
    ],
)
def test_the_report_is_read_by_those_who_answer_judge_and_examine(
    client: Client, office_people: OfficePeople, who: str, status: int
) -> None:
    client.force_login(getattr(office_people, who))
    addresses = [reverse("report"), reverse("report_pdf"), reverse("report_xlsx")]
    assert [client.get(address).status_code for address in addresses] == [status] * 3
    menu = reverse("report") in client.get(reverse("home")).content.decode()
    assert menu == (status == 200)


def test_each_number_leads_to_its_cases(client: Client, office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        number = late_case(office_people)
        client.force_login(office_people.kepala)
        page = client.get(reverse("report"), SECOND_HALF).content.decode()
        links = re.findall(
            r'href="(/laporan/(?:permohonan|langkah|akun|penyimpangan)/[^"]*)"', page
        )
        shown = {}
        for link in links:
            answer = client.get(link.replace("&amp;", "&"))
            assert answer.status_code == 200
            shown[link.partition("?")[0] + ("!" if "hanya" in link else "")] = len(
                re.findall(
                    rf'<a class="nowrap" href="/permohonan/{number}/">', answer.content.decode()
                )
            )
    assert shown == {
        "/laporan/permohonan/diterima/": 1,
        "/laporan/permohonan/diarsipkan/": 0,
        "/laporan/permohonan/dibatalkan/": 0,
        "/laporan/permohonan/terbuka/": 1,
        "/laporan/penyimpangan/": 1,
        "/laporan/langkah/1-hari/": 1,
        "/laporan/langkah/2-detik/": 1,
        "/laporan/langkah/3-detik/": 1,
        "/laporan/langkah/3-detik/!": 1,
        "/laporan/akun/verifikator/dibuat/": 0,
        "/laporan/akun/verifikator/ditolak/": 1,
        "/laporan/akun/verifikator/ditunda/": 0,
        "/laporan/akun/verifikator/diserahkan/": 0,
        "/laporan/akun/helpdesk/dibuat/": 1,
        "/laporan/akun/helpdesk/ditolak/": 0,
        "/laporan/akun/helpdesk/ditunda/": 0,
        "/laporan/akun/helpdesk/diserahkan/": 0,
        "/laporan/akun/admin_agency/dibuat/": 1,
        "/laporan/akun/admin_agency/ditolak/": 0,
        "/laporan/akun/admin_agency/ditunda/": 0,
        "/laporan/akun/admin_agency/diserahkan/": 0,
    }


def test_the_late_step_says_by_how_much(client: Client, office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        late_case(office_people)
        client.force_login(office_people.biro)
        rows = client.get(
            reverse("report_step", args=["3-detik"]), {**SECOND_HALF, "hanya": "terlambat"}
        )
    assert "1 jam 5 menit, terlambat 5 menit" in text_of(rows.content)


def test_the_paper_says_the_same_and_where_the_trail_stood(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        late_case(office_people)
        client.force_login(office_people.inspector)
        before = AuditEntry.objects.latest("sequence")
        answer = client.get(reverse("report_pdf"), SECOND_HALF)
    read = subprocess.run(
        ["pdftotext", "-layout", "-", "-"],
        input=answer.content,
        capture_output=True,
        check=True,
    )
    text = " ".join(read.stdout.decode().split())
    assert answer["Content-Type"] == "application/pdf"
    assert "LAPORAN PELAKSANAAN SOP Semester II 2026" in text
    assert "3. Membuat akun 1 jam 1 0,0 % (0 dari 1) 1 1 jam 5 menit" in text
    assert f"Jejak audit ketika itu berada pada entri {before.sequence}" in text
    assert before.hash[:8] in text
    assert "batas 60" in text  # the limit in the picture
    taken = AuditEntry.objects.latest("sequence")
    assert (taken.act, taken.actor, taken.object_label) == (
        Act.EXPORT,
        office_people.inspector,
        "Laporan Semester II 2026 (PDF)",
    )


def test_the_workbook_holds_every_run_and_no_formula(
    client: Client, office_people: OfficePeople
) -> None:
    half_years.make(office_people, count=40, seed=7)
    client.force_login(office_people.kepala)
    answer = client.get(reverse("report_xlsx"), {"dari": "2026-01-01", "sampai": "2026-06-30"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == [
        "Permohonan",
        "Langkah",
        "Akun",
        "Penyimpangan",
        "Pertanggungjawaban",
        "Per bulan",
        "Pelaksanaan",
    ]
    runs = list(book["Pelaksanaan"].iter_rows(min_row=2, values_only=True))
    counts = [row[3] for row in book["Langkah"].iter_rows(min_row=2, values_only=True)]
    assert len(runs) == sum(int(str(count)) for count in counts) > 30
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    taken = AuditEntry.objects.get(act=Act.EXPORT)
    assert taken.object_label == "Laporan Semester I 2026 (XLSX)"


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"dari": "2026-07-01"}, "Isi kedua tanggal, atau kosongkan keduanya."),
        ({"sampai": "2026-07-01"}, "Isi kedua tanggal, atau kosongkan keduanya."),
        (
            {"dari": "2026-07-02", "sampai": "2026-07-01"},
            "Tanggal akhir mendahului tanggal awal.",
        ),
        ({"dari": "kemarin", "sampai": "2026-07-01"}, "Tuliskan tanggal awal"),
        ({"dari": "2020-01-01", "sampai": "2026-01-01"}, "Masa laporan paling panjang lima tahun."),
        ({"dari": "1999-01-01", "sampai": "1999-01-02"}, "terlalu lampau"),
        ({"dari": "2201-01-01", "sampai": "2201-01-02"}, "terlalu jauh ke depan"),
    ],
)
def test_a_period_that_cannot_be_is_explained_and_today_is_shown(
    client: Client, office_people: OfficePeople, asked: dict[str, str], sentence: str
) -> None:
    with clock.moved_to(MONDAY):
        client.force_login(office_people.kepala)
        answer = client.get(reverse("report"), asked)
    assert answer.status_code == 200
    assert sentence in text_of(answer.content)
    assert "Laporan pelaksanaan SOP, Semester II 2026" in text_of(answer.content)


@pytest.mark.parametrize("count", [15, 60])
def test_the_page_costs_the_same_for_few_cases_as_for_many(
    client: Client, office_people: OfficePeople, count: int
) -> None:
    half_years.make(office_people, count=count, seed=3)
    client.force_login(office_people.kepala)
    asked = {"dari": "2026-01-01", "sampai": "2026-06-30"}
    client.get(reverse("report"), asked)
    with queries() as counted:
        client.get(reverse("report"), asked)
    assert len(counted) == QUERIES, counted


def test_a_figure_that_nobody_counts_is_not_found(
    client: Client, office_people: OfficePeople
) -> None:
    client.force_login(office_people.kepala)
    addresses = [
        "/laporan/permohonan/semua/",
        "/laporan/langkah/9/",
        "/laporan/akun/direktur/dibuat/",
        "/laporan/penyimpangan/?aspek=biaya",
    ]
    assert [client.get(address).status_code for address in addresses] == [404] * 4
