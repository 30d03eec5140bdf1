"""Beranda of those who judge and examine, and that an examiner is offered nothing to change."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import clock, workflow
from accounts_requests.models import Appointment, User
from accounts_requests.roles import Role
from accounts_requests.states import DocumentKind

from . import accountability_cases as told
from . import cases, evidence_cases, monitoring_cases
from .cases import MONDAY, OfficePeople
from .post_forms import forms_of
from .test_hostile import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache", "quick_papers")]


def home(client: Client, person: User) -> str:
    client.force_login(person)
    page = client.get(reverse("home")).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def test_kepala_biro_sees_what_waits_since_when_and_how_the_office_does(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.submitted(office_people)
    with clock.moved_to(MONDAY + dt.timedelta(days=10)):
        workflow.issue_decree(
            case,
            actor=office_people.kepala,
            number="000.3/1/X",
            date=clock.today(),
            password=cases.PASSWORD,
        )
        told.late_step3(office_people, number="000.3/2/X", begun=clock.now())
        monitoring_cases.judged(office_people)
        first = told.answered(case, actor=office_people.kepala)
    with clock.moved_to(MONDAY + dt.timedelta(days=19)):
        shown = home(client, office_people.biro)

    assert "Menunggu penilaian Anda (1, paling lama di atas) Jawaban" in shown
    assert f"{first.number} Kepala Contoh" in shown
    assert "9 hari Kamis, 16 Juli 2026" in shown
    assert "33,3 % langkah tepat waktu, Semester II 2026 (1 dari 3)" in shown
    assert "SOP tetap digunakan pemantauan terakhir, dinilai Kamis, 16 Juli 2026" in shown
    assert (
        "menurut umur Sampai 7 hari 8 sampai 30 hari 31 sampai 90 hari Lebih dari 90 hari 0 2 0 0"
    ) in shown
    assert "Surat tugas" not in shown


def test_an_inspector_sees_the_letter_the_days_left_and_what_they_took(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.issued(office_people)
        Appointment.objects.filter(person=office_people.inspector).update(
            assignment_letter="800/7/Itda", until=clock.today() + dt.timedelta(days=12)
        )
        package = evidence_cases.made(case, actor=office_people.inspector)
        shown = home(client, office_people.inspector)
        Appointment.objects.filter(role=Role.INSPEKTORAT).update(until=clock.today())
        last = home(client, office_people.inspector)
        others = home(client, office_people.biro)

    assert "Surat tugas Anda Segera berakhir Nomor 800/7/Itda" in shown
    assert "Sabtu, 18 Juli 2026 (sisa 12 hari)" in shown
    assert f"Berkas bukti permohonan {case.number} diambil untuk menjawab surat" in shown
    assert package.hand_over.content[0]["sha256"] in shown
    assert "Senin, 6 Juli 2026 (hari terakhir)" in last
    assert "800/7/Itda" not in others


def test_no_page_offers_an_inspector_anything_to_change(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = told.late_step3(office_people)
        answer = told.answered(case, actor=office_people.admin1)
        package = evidence_cases.made(case, actor=office_people.inspector)
        pages = {url for urls in addresses(case).values() for url in urls}
        pages |= {
            reverse("deviation_detail", args=[answer.number]),
            reverse("report_package", args=[package.public_id]),
            f"{reverse('report_package_new')}?keadaan={case.state}",
        }
        client.force_login(office_people.inspector)
        offered: dict[str, str] = {}
        for url in sorted(pages):
            response = client.get(url)
            if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
                for form in forms_of(response.content.decode(), url):
                    offered.setdefault(form.action, url)

    own = {action for action in offered if action.startswith(("/akun-saya", "/keluar", "/masuk"))}
    assert set(offered) - own == {
        reverse("request_evidence", args=[case.number]),
        f"?keadaan={case.state}",  # asking for a package
        reverse("report_package_download", args=[package.public_id]),
    }
    assert case.documents.filter(kind=DocumentKind.DECREE).exists()
