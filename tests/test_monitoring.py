"""Pemantauan: facts from the records, a judgement by a person, a paper that never changes."""

import datetime as dt
import hashlib
import re
import subprocess
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import clock, monitoring, questionnaires, workflow
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.models import AuditEntry, Monitoring
from accounts_requests.models.monitoring import Conclusion
from accounts_requests.monitoring import NOT_RUN, NOT_WELL, WELL, Given, Prepared
from accounts_requests.report_periods import Period
from accounts_requests.states import Act

from . import cases, half_years, monitoring_cases
from .cases import MONDAY, OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

# A Monday in January 2027: the second half of 2026, in which MONDAY lies, has ended.
JANUARY = dt.datetime(2027, 1, 4, 2, 0, tzinfo=dt.UTC)
PAGE = "/laporan/pemantauan/2026/2/"


def words_of(data: bytes) -> str:
    read = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True)
    return " ".join(read.stdout.decode().split())


def answers(**changes: str) -> dict[str, str]:
    """What somebody presses who is content with the four steps that were run."""
    given = {}
    for number in (1, 2, 3, 4):
        given[f"penilaian_{number}"] = WELL
    given["penilaian_5"] = NOT_RUN
    given |= {f"jawaban_{number}": "ya" for number in range(1, 8)}
    given |= {
        "kuesioner": "0",
        "putusan": Conclusion.KEPT,
        "alasan_putusan": "Berjalan sebagaimana mestinya",
    }
    return given | changes


def test_the_table_is_filled_from_the_records_judged_and_kept_as_a_paper(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        request = cases.claimed(office_people, people=1)
        clock.advance(dt.timedelta(minutes=65))
        cases.record_created(cases.accounts(request)[0], office_people.admin1)
        met = cases.all_met(request)
        workflow.record_accounts(request, actor=office_people.admin1, answers=met)
        cases.render_papers(request)
        workflow.send_accounts(request, actor=office_people.admin1, answers=cases.all_met(request))
        cases.settle(request)
    with clock.moved_to(JANUARY):
        client.force_login(office_people.kepala)
        answer = client.post(
            PAGE,
            answers(
                penilaian_3=NOT_WELL,
                catatan_3="Satu kali terlambat 5 menit",
                tindakan_3="Menambah Admin PPE pada hari Senin",
                jawaban_3="tidak",
                alasan_3="Panduan SPSE berubah",
            ),
            follow=True,
        )
        shown = " ".join(answer.content.decode().split())
        report = Monitoring.objects.get()
    assert "Penilaian Semester II 2026 disimpan sebagai dokumen." in shown
    assert (report.version, report.verdict, report.judged_as) == (1, "tetap", "Kepala LPSE")
    assert report.sha256 == hashlib.sha256(bytes(report.pdf)).hexdigest()
    third = report.rows[2]
    assert third["facts"] == (
        "1 pelaksanaan, 0,0 % tepat waktu (0 dari 1, batas 1 jam), median 1 jam 5 menit, "
        "persentil ke-90 1 jam 5 menit, terlama 1 jam 5 menit (P-2026-0001); 1 penyimpangan waktu."
    )
    paper = words_of(bytes(report.pdf))
    for said in (
        "LAPORAN PEMANTAUAN DAN EVALUASI PENERAPAN SOP Semester II 2026",
        "Tidak berjalan baik",
        "Satu kali terlambat 5 menit",
        "Menambah Admin PPE pada hari Senin",
        "Panduan SPSE berubah",
        "SOP tetap digunakan. Berjalan sebagaimana mestinya",
        "Samarinda, 4 Januari 2027",
    ):
        assert said in paper
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.act, entry.changes["sha256"], entry.actor_role) == (
        Act.MONITOR,
        report.sha256,
        "Kepala LPSE",
    )


def test_the_paper_is_given_out_as_it_was_made_and_that_is_on_record(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        report = monitoring_cases.judged(office_people)
        client.force_login(office_people.inspector)
        answer = client.get(reverse("report_monitoring_pdf", args=[report.public_id]))
    assert (answer.content, answer["Content-Type"]) == (b"%PDF-contoh", "application/pdf")
    assert AuditEntry.objects.latest("sequence").act == Act.EXPORT


def test_a_second_judgement_is_a_second_version_and_the_first_stays(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        first = monitoring_cases.judged(office_people)
        second = monitoring_cases.judged(office_people)
        client.force_login(office_people.biro)
        page = client.get(reverse("report_monitoring")).content.decode()
    assert (first.version, second.version) == (1, 2)
    assert re.findall(r"Laporan versi (\d)", page) == ["2", "1"]
    assert "Nilai ulang" in page


def test_who_was_slower_than_another_judge_is_told_so(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        lines = monitoring_cases.prepared()
        role = monitoring.require_judge(office_people.biro)
        slow = monitoring.drafted(
            monitoring_cases.PERIOD,
            monitoring.revision_for(monitoring_cases.PERIOD),
            lines,
            monitoring_cases.all_well(lines),
            questionnaires.in_use(),
            actor=office_people.biro,
            role=role,
            at=clock.now(),
        )
        monitoring_cases.judged(office_people)
        paper = monitoring.Paper(data=b"%PDF", pages=1)
        with pytest.raises(NotAllowedNow, match="baru saja disimpan oleh orang lain"):
            monitoring.keep(slow, paper, actor=office_people.biro, role=role)
    assert Monitoring.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "reads", "judges"),
    [
        ("kepala", 200, 200),
        ("biro", 200, 200),
        ("inspector", 200, 403),
        ("admin1", 403, 403),
        ("drafter", 403, 403),
        ("keeper", 403, 403),
        ("nobody", 403, 403),
    ],
)
def test_some_read_and_fewer_judge(
    client: Client, office_people: OfficePeople, who: str, reads: int, judges: int
) -> None:
    with clock.moved_to(JANUARY):
        client.force_login(getattr(office_people, who))
        assert client.get(reverse("report_monitoring")).status_code == reads
        assert client.get(PAGE).status_code == judges
        assert client.post(PAGE).status_code == judges


def test_a_half_year_is_judged_once_it_has_ended(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        client.force_login(office_people.kepala)
        answer = client.get(PAGE)
        assert answer.status_code == 409
        assert "Semester II 2026 berakhir 31 Desember 2026" in answer.content.decode()
        assert client.get("/laporan/pemantauan/2026/3/").status_code == 404
        assert client.get("/laporan/pemantauan/1999/1/").status_code == 404
    with pytest.raises(NotAllowedNow, match="setiap enam bulan"):
        monitoring.require_ended(
            Period(dt.date(2026, 1, 1), dt.date(2026, 3, 31)), dt.date(2026, 7, 6)
        )


LINES = [
    Prepared(step=1, procedure="Menerbitkan SK", facts="…", was_run=True),
    Prepared(step=2, procedure="Memerintahkan", facts="…", was_run=False),
]


def decided(**changes: Any) -> Given:
    given: dict[str, Any] = {
        "lines": {1: (WELL, "", ""), 2: (NOT_RUN, "", "")},
        "answers": [(True, "")] * 7,
        "verdict": Conclusion.KEPT,
        "verdict_reason": "Baik",
    }
    return Given(**(given | changes))


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        (
            decided(lines={}),
            {"penilaian_1": ["Nilai prosedur 1."], "penilaian_2": ["Nilai prosedur 2."]},
        ),
        (
            decided(lines={1: (NOT_RUN, "", ""), 2: (WELL, "", "")}),
            {
                "penilaian_1": ["Prosedur 1 dilaksanakan pada masa ini: nilai baik atau tidak."],
                "penilaian_2": [
                    "Prosedur 2 tidak dilaksanakan pada masa ini, sehingga tidak dinilai."
                ],
            },
        ),
        (
            decided(lines={1: (NOT_WELL, " ", ""), 2: (NOT_RUN, "", "")}),
            {
                "catatan_1": ["Tuliskan catatan hasil prosedur 1."],
                "tindakan_1": ["Tuliskan tindakan yang harus diambil untuk prosedur 1."],
            },
        ),
        (
            decided(answers=[(True, "")] * 6 + [(False, " ")]),
            {"alasan_7": ["Jelaskan mengapa tidak: SOP bersinergi dengan SOP lain."]},
        ),
        (
            decided(verdict="entah", verdict_reason=""),
            {
                "putusan": ["Pilih putusan: tetap atau direvisi."],
                "alasan_putusan": ["Tuliskan alasan putusan."],
            },
        ),
    ],
)
def test_what_is_not_well_must_be_explained(given: Given, errors: dict[str, list[str]]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        monitoring.judge(LINES, given, questionnaires.standard())
    assert refusal.value.errors == errors


def test_what_was_typed_is_shown_again_with_the_sentence(
    client: Client, office_people: OfficePeople
) -> None:
    half_years.make(office_people, count=30, seed=11)
    with clock.moved_to(JANUARY):
        client.force_login(office_people.kepala)
        page = "/laporan/pemantauan/2026/1/"
        answer = client.post(page, {"catatan_1": "Sudah kuketik", "penilaian_1": NOT_WELL})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "Sudah kuketik" in shown
    assert "Pilih putusan: tetap atau direvisi." in shown
    assert Monitoring.objects.count() == 0
