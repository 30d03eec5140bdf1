"""The pages of Penyimpangan: choosing, answering, judging, the register; and the whole way."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts_requests import clock, deviation_reminders, mail_texts, verifying, workflow
from accounts_requests.models import (
    AccountRequest,
    Deviation,
    DeviationAnswer,
    DeviationCause,
    DeviationJudgement,
    DeviationReminder,
    Document,
    Judge,
    Message,
    Office,
    Outage,
)
from accounts_requests.states import DocumentKind, MessageKind, Verdict

from . import accountability_cases as told
from . import cases
from .cases import OfficePeople
from .page_forms import form_on
from .query_counts import queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache", "quick_papers")]


@pytest.fixture
def case(office_people: OfficePeople) -> AccountRequest:
    return told.late_step3(office_people)


@pytest.fixture(autouse=True)
def wednesday(case: AccountRequest) -> Iterator[None]:
    with clock.moved_to(told.LATER):
        yield


def page(client: Client, name: str, *args: object, query: str = "") -> str:
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def press(client: Client, html: str, action: str, **typed: object) -> str:
    """Fill in the form of a page that takes ``typed`` and send it; the page that it leads to."""
    form = form_on(html, having=next(iter(typed)))
    response = client.post(form.action or action, {**form.fields, **typed}, follow=True)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def answer_through_the_pages(client: Client, **typed: object) -> str:
    """Choose all that waits and answer for it."""
    mine = page(client, "deviation_mine")
    keys = [str(pk) for pk in Deviation.objects.values_list("pk", flat=True)]
    query = "?" + "&".join(f"d={key}" for key in keys if f'value="{key}"' in mine)
    form = page(client, "deviation_answer", query=query)
    cause = DeviationCause.objects.order_by("position")[0]
    given = {
        "cause": cause.pk,
        "explanation": "SPSE tidak dapat dibuka.",
        "remedy": "Ditunggu sampai pulih.",
        "prevention": "Dilaporkan lebih awal.",
    }
    return press(client, form, reverse("deviation_answer"), **{**given, **typed})


# -- the whole way --------------------------------------------------------------------------------


def test_from_a_late_step_to_an_addition_to_the_archived_file(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    told.to_the_archive(case, office_people)
    file = Document.objects.get(kind=DocumentKind.ARCHIVE_FILE)
    admin, kepala = Client(), Client()
    admin.force_login(office_people.admin1)
    kepala.force_login(office_people.kepala)

    assert "menunggu pertanggungjawaban Anda" in page(admin, "home")
    shown = answer_through_the_pages(
        admin,
        evidence_1=SimpleUploadedFile("bukti.png", told.picture().data, "image/png"),
    )
    assert "Jawaban PJ-2026-0001 tersimpan dan menunggu penilaian." in shown
    assert "Menunggu penilaian Kepala LPSE" in shown

    assert "dijawab oleh pelaksana dan belum dinilai" in page(kepala, "home")
    url = reverse("deviation_detail", args=["PJ-2026-0001"])
    shown = press(
        kepala,
        page(kepala, "deviation_detail", "PJ-2026-0001"),
        url,
        verdict="returned",
        ground="Lampirkan pengumuman gangguannya.",
    )
    assert "Jawaban PJ-2026-0001 dinilai “Dikembalikan”." in shown
    assert "dikembalikan untuk dijawab lagi" in page(admin, "request_detail", case.number)

    shown = answer_through_the_pages(admin, explanation="SPSE terganggu, pengumuman terlampir.")
    assert "Jawaban PJ-2026-0002 tersimpan" in shown
    url = reverse("deviation_detail", args=["PJ-2026-0002"])
    shown = press(
        kepala, page(kepala, "deviation_detail", "PJ-2026-0002"), url, verdict="accepted", ground=""
    )
    assert "Jawaban PJ-2026-0002 dinilai “Diterima”." in shown
    cases.render_papers(case)

    shown = page(kepala, "request_detail", case.number)
    assert "Terdapat penyimpangan (1 dipertanggungjawabkan dan diterima)" in shown
    assert "Sesuai mutu baku" not in shown
    assert "tambahan berkas ke-2" in shown
    archive = page(kepala, "archive")
    sheet = Document.objects.get(kind=DocumentKind.ANSWER_SHEET)
    assert (
        "Tambahan ke-2: "
        f'<a href="{reverse("document", args=[sheet.public_id])}">'
        "Lembar Pertanggungjawaban Penyimpangan PJ-2026-0002</a>"
    ) in archive
    assert Document.objects.get(kind=DocumentKind.ARCHIVE_FILE).sha256 == file.sha256
    assert (page(admin, "home").count("pertanggungjawaban Anda"), sheet.addendum) == (0, 2)


# -- refusals on the pages ------------------------------------------------------------------------


def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_stays(
    client: Client, office_people: OfficePeople
) -> None:
    client.force_login(office_people.admin1)

    shown = answer_through_the_pages(client, cause="", remedy="ya", explanation="Listrik padam.")

    assert "Pilih sebab yang paling sesuai." in shown
    assert "Listrik padam." in shown
    assert not DeviationAnswer.objects.exists()
    shown = answer_through_the_pages(client, remedy="ya", explanation="Listrik padam.")
    assert "Yang sudah dilakukan diisi 5 sampai 4000 karakter." in shown


def test_nothing_chosen_leads_back_to_the_choice(
    client: Client, office_people: OfficePeople
) -> None:
    client.force_login(office_people.admin1)

    for query in ("", "?d=99999", "?d=x&d=" + "9" * 40):
        response = client.get(reverse("deviation_answer") + query)
        assert response.status_code == 409
        assert "Belum ada penyimpangan yang dipilih" in response.content.decode()


def test_who_is_not_the_one_to_answer_or_judge_is_refused_and_sees_no_form(
    client: Client, office_people: OfficePeople, case: AccountRequest
) -> None:
    answer = told.answered(case, actor=office_people.admin1)
    url = reverse("deviation_detail", args=[answer.number])
    client.force_login(office_people.admin2)
    asked = client.get(reverse("deviation_answer"), {"d": told.deviations_of(case)})
    shown = client.get(url)
    pressed = client.post(url, {"verdict": "accepted"})
    client.force_login(office_people.admin1)
    own = client.post(url, {"verdict": "accepted"})
    client.force_login(office_people.nobody)
    stranger = client.get(url)

    assert [one.status_code for one in (asked, shown, pressed, own, stranger)] == [
        403,
        200,
        403,
        403,
        403,
    ]
    assert "Simpan penilaian" not in shown.content.decode()
    assert not DeviationJudgement.objects.exists()


def test_the_second_press_on_a_judgement_meets_the_first(
    client: Client, office_people: OfficePeople, case: AccountRequest
) -> None:
    answer = told.answered(case, actor=office_people.admin1)
    url = reverse("deviation_detail", args=[answer.number])
    client.force_login(office_people.kepala)

    first = client.post(url, {"verdict": "accepted", "ground": ""})
    second = client.post(url, {"verdict": "returned", "ground": "Kurang jelas"})

    assert (first.status_code, second.status_code) == (302, 409)
    assert "sudah dinilai “Diterima” oleh Kepala Contoh" in second.content.decode()


def test_a_judgement_is_corrected_on_the_page_with_a_reason(
    client: Client, office_people: OfficePeople, case: AccountRequest
) -> None:
    answer = told.answered(case, actor=office_people.admin1)
    told.accepted(answer, actor=office_people.kepala)
    client.force_login(office_people.kepala)
    url = reverse("deviation_detail", args=[answer.number])
    html = page(client, "deviation_detail", answer.number)

    without = press(client, html, url, verdict="no_deviation", ground="")
    shown = press(client, html, url, verdict="no_deviation", ground="SPSE terganggu nasional.")

    assert "Tuliskan dasar mengapa ini bukan penyimpangan" in without
    assert "(koreksi penilaian sebelumnya)" in shown
    assert "1 bukan penyimpangan" in page(client, "request_list")
    assert "1 temuan dinilai bukan penyimpangan" in page(client, "request_detail", case.number)


def test_a_signed_judgement_from_outside_is_recorded_on_the_page(
    client: Client, office_people: OfficePeople, case: AccountRequest
) -> None:
    Office.objects.update(judge_of_admin_ppe=Judge.OUTSIDE)
    answer = told.answered(case, actor=office_people.admin1)
    client.force_login(office_people.drafter)
    url = reverse("deviation_detail", args=[answer.number])
    html = page(client, "deviation_detail", answer.number)
    given = {
        "verdict": "accepted",
        "ground": "",
        "judge_name": "Asisten Contoh",
        "judge_title": "Asisten Administrasi Umum",
        "paper_number": "800/7/2026",
        "paper_date": "2026-07-08",
    }

    without = press(client, html, url, **given)
    shown = press(
        client,
        html,
        url,
        **given,
        paper=SimpleUploadedFile("surat.png", told.picture().data, "image/png"),
    )

    assert "Unggah surat penilaian yang sudah ditandatangani." in without
    assert "surat nomor 800/7/2026 tanggal 8 Juli 2026" in shown


def test_who_may_not_read_people_sees_states_and_no_texts(
    client: Client, office_people: OfficePeople, case: AccountRequest
) -> None:
    answer = told.answered(case, actor=office_people.admin1)
    workflow.judge_answer(
        answer, actor=office_people.kepala, verdict=Verdict.RETURNED, ground="Tanyakan Personel 1"
    )
    client.force_login(office_people.keeper)

    shown = page(client, "deviation_detail", answer.number)

    assert "Dikembalikan" in shown
    for text in ("Tanyakan Personel 1", "SPSE tidak dapat dibuka selama satu jam."):
        assert text not in shown


# -- the register ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("?keadaan=terbuka", True),
        ("?keadaan=accepted", False),
        ("?keadaan=unanswered&aspek=waktu&langkah=3", True),
        ("?aspek=output", False),
        ("?langkah=4", False),
        ("?dari=2026-07-06&sampai=2026-07-06", True),
        ("?dari=2026-07-07", False),
        ("?sampai=2026-07-05", False),
        ("?keadaan=x&aspek=%00&langkah=99&orang=-1&dari=kemarin", True),
    ],
)
def test_the_register_finds_what_is_asked_for(
    query: str,
    found: bool,  # noqa: FBT001  a column of the table above
    client: Client,
    office_people: OfficePeople,
    case: AccountRequest,
) -> None:
    client.force_login(office_people.inspector)
    response = client.get(reverse("deviation_list") + query)

    if "%00" in query:  # a NUL never reaches a form
        assert response.status_code == 400
        return
    assert (case.number in response.content.decode()) is found


def test_the_register_is_found_by_person_and_turns_its_pages(
    client: Client,
    office_people: OfficePeople,
    case: AccountRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("accounts_requests.deviation_queues.PAGE_SIZE", 1)
    other = told.late_step3(office_people, number="000.3/2/B.PBJ-II/2026")
    client.force_login(office_people.inspector)

    newest = page(client, "deviation_list", query=f"?orang={office_people.admin1.pk}")
    older = Deviation.objects.order_by("-pk").values_list("pk", flat=True)[0]
    oldest = page(client, "deviation_list", query=f"?sebelum={older}")

    assert (other.number in newest, case.number in newest) == (True, False)
    assert (other.number in oldest, case.number in oldest) == (False, True)
    assert f"?orang={office_people.admin1.pk}&amp;sebelum={older}" in newest


QUERIES = {
    "deviation_list": 13,
    "deviation_mine": 11,
    "deviation_judging": 11,
    "deviation_answer": 14,
    "deviation_detail": 20,
}


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("count", [1, 3])
def test_no_page_asks_more_when_there_is_more(
    count: int, name: str, client: Client, office_people: OfficePeople, case: AccountRequest
) -> None:
    found = [case] + [
        told.late_step3(office_people, number=f"000.3/{number}/B.PBJ-II/2026")
        for number in range(2, count + 1)
    ]
    keys = told.deviations_of(*found)
    args: list[str] = []
    if name in {"deviation_judging", "deviation_detail"}:
        args = [told.answered(*found, actor=office_people.admin1).number]
    judges = name in {"deviation_judging", "deviation_detail"}
    client.force_login(office_people.kepala if judges else office_people.admin1)
    url = reverse(name, args=args if name == "deviation_detail" else [])
    given = {"d": keys} if name == "deviation_answer" else {}
    client.get(url, given)

    with queries() as counted:
        response = client.get(url, given)

    assert response.status_code == 200
    assert len(counted) == QUERIES[name], counted


# -- hints and reminders --------------------------------------------------------------------------


def test_what_overlapped_the_step_is_shown_and_a_cause_proposed(
    client: Client, office_people: OfficePeople, case: AccountRequest
) -> None:
    Outage.objects.create(
        subject=Outage.Subject.POWER,
        source=Outage.Source.DECLARED,
        since=cases.MONDAY + dt.timedelta(minutes=30),
        until=cases.MONDAY + dt.timedelta(minutes=50),
        recorded_at=told.LATER,
    )
    Outage.objects.create(
        subject=Outage.Subject.MAIL,
        source=Outage.Source.DECLARED,
        since=cases.MONDAY + dt.timedelta(days=1),
        recorded_at=told.LATER,
    )
    client.force_login(office_people.admin1)

    shown = page(client, "deviation_answer", query=f"?d={told.deviations_of(case)[0]}")

    assert (
        "Gangguan Listrik sejak Senin, 6 Juli 2026, 10.30 WITA sampai Senin, 6 Juli 2026, "
        "10.50 WITA (dinyatakan)."
    ) in shown
    assert "Gangguan Server e-mail" not in shown
    cause = DeviationCause.objects.get(label="Gangguan jaringan atau listrik kantor")
    assert f'<option value="{cause.pk}" selected>' in shown


def test_refused_mail_during_the_step_is_a_hint(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(cases.MONDAY + dt.timedelta(hours=4)):
        troubled = cases.sent(office_people, people=1, number="000.3/3/B.PBJ-II/2026")
        cases.settle(troubled, lambda _message: cases.REFUSED)
    client.force_login(office_people.admin1)
    keys = told.deviations_of(troubled)

    shown = page(client, "deviation_answer", query=f"?d={keys[-1]}")

    assert "1 pesan tidak langsung diterima server e-mail (catatan pengiriman)." in shown


def test_each_person_is_reminded_once_a_day_in_office_hours_with_counts_alone(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    other = told.late_step3(office_people, number="000.3/2/B.PBJ-II/2026")
    told.answered(other, actor=office_people.admin1)
    night = told.LATER - dt.timedelta(hours=8)
    saturday = told.LATER + dt.timedelta(days=3)

    told_people = [
        deviation_reminders.sweep(at)
        for at in (night, told.LATER, told.LATER + dt.timedelta(hours=1), saturday)
    ]
    told_people.append(deviation_reminders.sweep(told.LATER + dt.timedelta(days=1)))

    assert told_people == [0, 2, 0, 0, 2]
    sent = Message.objects.filter(kind=MessageKind.DEVIATION_REMINDER, queued_at=told.LATER)
    assert [(one.to_address, one.request, one.context) for one in sent.order_by("pk")] == [
        ("kepala@kantor.example", None, {"to_answer": 0, "to_judge": 1}),
        ("admin1@kantor.example", None, {"to_answer": 1, "to_judge": 0}),
    ]
    assert DeviationReminder.objects.count() == 2
    mail = mail_texts.compose(
        Message.objects.filter(to_address="admin1@kantor.example").latest("pk")
    )
    html = str(mail.alternatives[0][0])
    assert mail.subject == "Penyimpangan menunggu tindakan Bapak/Ibu/Saudara"
    for body in (str(mail.body), html):
        assert "Yth. Bapak/Ibu/Saudara Admin Contoh Satu" in body
        assert "/penyimpangan/" in body
        assert "Personel" not in body
    assert "Harus dijawab    : 1" in str(mail.body)
    assert verifying.verify().breaks == []


def test_nobody_is_reminded_while_nothing_waits(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    told.accepted(told.answered(case, actor=office_people.admin1), actor=office_people.kepala)

    assert deviation_reminders.sweep(told.LATER) == 0
    assert not DeviationReminder.objects.exists()


def test_of_two_workers_that_sweep_at_once_one_reminds(
    office_people: OfficePeople, case: AccountRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other_worker_was_first(day: dt.date) -> list[object]:
        DeviationReminder.objects.create(day=day, at=told.LATER, people=1)
        return []

    monkeypatch.setattr(deviation_reminders, "_waited_for", other_worker_was_first)

    assert deviation_reminders.sweep(told.LATER) == 0
    assert DeviationReminder.objects.get().people == 1


# -- who has left, and what the office sets --------------------------------------------------------


def test_the_superior_finds_what_somebody_left_unanswered_and_judges_none_of_it(
    client: Client, office_people: OfficePeople, case: AccountRequest
) -> None:
    office_people.admin1.is_active = False
    office_people.admin1.save()
    client.force_login(office_people.admin2)
    assert "Tidak ada penyimpangan yang harus Anda jawab" in page(client, "deviation_mine")
    client.force_login(office_people.kepala)
    assert "tidak lagi bertugas: dijawab oleh atasan" in page(client, "deviation_mine")

    shown = answer_through_the_pages(client)

    assert "Dijawab oleh Kepala LPSE karena Admin Contoh Satu tidak lagi bertugas." in shown
    assert "Menunggu penilaian Kepala Biro" in shown
    assert "Simpan penilaian" not in shown
    client.force_login(office_people.biro)
    assert "1 penyimpangan" in page(client, "deviation_judging")


def test_what_was_recorded_in_a_trial_period_waits_for_nobody(
    client: Client, office_people: OfficePeople
) -> None:
    Office.objects.update(trial_until=dt.date(2026, 7, 31))
    trial = told.late_step3(office_people, number="000.3/2/B.PBJ-II/2026")
    client.force_login(office_people.admin1)

    assert trial.reference not in page(client, "deviation_mine")
    assert "Masa uji coba: dicatat, tidak dinilai" in page(client, "request_detail", trial.number)


def test_pengelola_aplikasi_keeps_the_causes_and_deletes_none(
    client: Client, office_people: OfficePeople
) -> None:
    client.force_login(office_people.keeper)
    add = reverse("admin:accounts_requests_deviationcause_add")
    first = DeviationCause.objects.order_by("position")[0]
    delete = reverse("admin:accounts_requests_deviationcause_delete", args=[first.pk])

    added = client.post(add, {"label": "Banjir", "position": 20, "is_active": "on"})
    refused = client.post(delete, {"post": "yes"})

    assert (added.status_code, refused.status_code) == (302, 403)
    assert DeviationCause.objects.get(label="Banjir").is_active
