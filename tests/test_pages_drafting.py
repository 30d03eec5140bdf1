"""What a Penyusun Konsep does with a draft: new case, data of the SK, stages."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts_requests import clock, workflow
from accounts_requests.models import AccountRequest, Office, Registrant
from accounts_requests.states import SigningMethod, Stage

from . import cases

pytestmark = pytest.mark.django_db

NEW_PAPER_QUERIES = 6


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(cases.MONDAY):
        yield


@pytest.fixture
def drafter(client: Client, office_people: cases.OfficePeople) -> Client:
    client.force_login(office_people.drafter)
    return client


TYPED = {
    "subject": "Akun Helpdesk LPSE",
    "received_at": "2026-07-06T09:30",
    "considerations": "bahwa diperlukan akun",
    "legal_bases": "Peraturan Presiden Nomor 16 Tahun 2018",
    "noted": "",
    "valid_from": "",
    "valid_until": "2027-06-30",
    "copies_to": "",
    "signing_method": "in_app",
    "decree_number": "",
    "decree_date": "",
}


def url(name: str, case: AccountRequest, *more: object) -> str:
    return reverse(name, args=[case.number, *more])


def sentences(response: object) -> list[str]:
    """Every sentence that the form of a page shows."""
    form = response.context["form"]  # type: ignore[attr-defined]
    return sorted(str(text) for texts in form.errors.values() for text in texts)


# -- a new case ---------------------------------------------------------------------------------


def test_a_new_case_begins_with_the_offices_usual_texts_and_the_present_time(
    drafter: Client,
) -> None:
    form = drafter.get(reverse("request_new")).context["form"]
    assert form["considerations"].value().startswith("bahwa ")
    assert 'value="2026-07-06T10:00"' in str(form["received_at"])
    assert form["signing_method"].value() == Office.current().default_signing_method


def test_a_new_case_leads_on_to_its_people(drafter: Client) -> None:
    response = drafter.post(reverse("request_new"), TYPED)
    case = AccountRequest.objects.get()
    assert response["Location"] == f"/permohonan/{case.number}/personel/?tersimpan=permohonan-baru"
    assert case.subject == "Akun Helpdesk LPSE"
    assert case.received_at == dt.datetime(2026, 7, 6, 1, 30, tzinfo=dt.UTC)
    page = drafter.get(response["Location"])
    assert 'data-keep-clear="permohonan-baru"' in page.content.decode()


def test_what_was_typed_stays_in_the_form_when_it_breaks_a_rule(drafter: Client) -> None:
    response = drafter.post(
        reverse("request_new"), {**TYPED, "decree_number": "1/2026", "decree_date": "2026-07-09"}
    )
    assert sentences(response) == [
        "Tanggal SK 9 Juli 2026 belum tiba. Isikan tanggal yang tertulis pada SK."
    ]
    assert response.context["form"]["decree_number"].value() == "1/2026"
    assert response.context["form"]["subject"].value() == "Akun Helpdesk LPSE"
    assert not AccountRequest.objects.exists()


def test_an_earlier_sk_lends_its_texts_and_its_people(
    drafter: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    source = cases.issued(office_people, people=3)
    page = drafter.get(reverse("request_new"), {"salin": source.number})
    assert page.context["form"]["subject"].value() == source.subject
    assert page.context["form"]["decree_number"].value() is None
    assert page.context["copied_people"] == 3
    drafter.post(f"{reverse('request_new')}?salin={source.number}", TYPED)
    copy = AccountRequest.objects.latest("id")
    assert copy.copied_from == source
    assert list(copy.registrants.values_list("full_name", "nip")) == list(
        source.registrants.values_list("full_name", "nip")
    )


def test_a_draft_cannot_be_copied_by_address(
    drafter: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people)
    assert drafter.get(reverse("request_new"), {"salin": case.number}).status_code == 404


def test_others_may_not_open_a_new_case(client: Client, office_people: cases.OfficePeople) -> None:
    client.force_login(office_people.admin1)
    response = client.get(reverse("request_new"))
    assert response.status_code == 403
    assert "hanya dapat dilakukan oleh Penyusun Konsep atau Kepala LPSE" in (
        response.content.decode()
    )


# -- the data of the SK -------------------------------------------------------------------------


def test_the_data_of_a_draft_can_be_changed(
    drafter: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people, people=1)
    response = drafter.post(url("draft_edit", case), {**TYPED, "subject": "Judul baru"})
    assert response["Location"] == f"{url('draft_edit', case)}?tersimpan=1"
    assert cases.fresh(case).subject == "Judul baru"


def test_a_number_that_another_case_has_is_refused_with_that_cases_number(
    drafter: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    other = cases.issued(office_people, people=1, number="000.3/7/B.PBJ-II/2026")
    case = cases.draft(office_people, people=1)
    typed = {**TYPED, "decree_number": "000.3/7/b.pbj-ii/2026"}
    response = drafter.post(url("draft_edit", case), typed)
    assert sentences(response) == [
        (
            f"Nomor SK ini telah digunakan pada permohonan {other.number}. Isian Anda tersimpan "
            "pada formulir ini. Silakan perbaiki nomor SK, lalu simpan kembali."
        )
    ]
    assert response.context["form"]["decree_number"].value() == "000.3/7/b.pbj-ii/2026"
    assert cases.fresh(case).decree_number == ""


def test_a_concept_at_paraf_is_shown_but_not_offered_for_editing(
    drafter: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    case = cases.submitted(office_people)
    page = drafter.get(url("draft_edit", case))
    assert page.context["form"] is None
    assert "Konsep sudah diajukan untuk paraf." in page.content.decode()
    late = drafter.post(url("draft_edit", case), TYPED)
    assert late.status_code == 409
    assert "isinya dikunci" in late.content.decode()


# WeasyPrint leaves its own colour profile open.
@pytest.mark.filterwarnings("ignore:unclosed file.*sRGB2014.icc:ResourceWarning")
def test_the_preview_is_a_pdf_that_is_stored_nowhere(
    drafter: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people, people=2)
    response = drafter.get(url("decree_preview", case))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline;")
    assert response["Cache-Control"] == "private, no-store"
    assert response.content.startswith(b"%PDF-")
    assert not case.documents.exists()


# -- paraf and number ---------------------------------------------------------------------------


def test_paraf_explains_the_ways_of_signing_and_takes_the_one_that_is_chosen(
    drafter: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    case = cases.draft(office_people)
    methods = drafter.get(url("submit_for_initials", case)).context["methods"]
    assert [(method.value, method.is_chosen) for method in methods] == [
        ("in_app", True),
        ("certified", False),
        ("ink", False),
    ]
    drafter.post(url("submit_for_initials", case), {"signing_method": "ink"})
    fresh = cases.fresh(case)
    assert (fresh.signing_method, fresh.stage) == (SigningMethod.INK, Stage.INITIALS)


def test_an_empty_lampiran_cannot_go_for_paraf(
    drafter: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people, people=0)
    for response in (
        drafter.get(url("submit_for_initials", case)),
        drafter.post(url("submit_for_initials", case), {"signing_method": "in_app"}),
    ):
        assert response.status_code == 409
        assert "Lampiran SK masih kosong" in response.content.decode()
    assert cases.fresh(case).people_locked_at is None


def test_a_second_press_on_paraf_learns_who_was_first(
    drafter: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    case = cases.submitted(office_people)
    response = drafter.post(url("submit_for_initials", case), {"signing_method": "in_app"})
    assert response.status_code == 409
    assert (
        "Langkah ini telah diselesaikan oleh Anda sendiri pukul 10.00 WITA"
        in response.content.decode()
    )


def test_the_progress_of_the_formulir_asks_again_until_all_are_there(
    drafter: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    case = cases.draft(office_people, people=3)
    workflow.submit_for_initials(
        case, actor=office_people.drafter, signing_method=SigningMethod.IN_APP
    )
    busy = drafter.get(url("papers_progress", case)).content.decode()
    assert "Formulir disiapkan 0/3" in busy
    assert 'hx-trigger="every 3s"' in busy
    cases.render_papers(case)
    ready = drafter.get(url("papers_progress", case)).content.decode()
    assert "Konsep SK dan 3 Formulir sudah siap." in ready
    assert "hx-trigger" not in ready


def test_paraf_and_number_follow_one_another(
    drafter: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    case = cases.submitted(office_people)
    drafter.post(url("stage_complete", case), {"note": "Diparaf Kasubbag"})
    assert cases.fresh(case).stage == Stage.NUMBER
    page = drafter.get(url("decree_number", case))
    assert page.context["pattern"] == "000.3.5/…/B.PBJ-II/2026"
    drafter.post(url("decree_number", case), {"number": "000.3/9/2026", "date": "2026-07-06"})
    fresh = cases.fresh(case)
    assert (fresh.decree_number, fresh.decree_date, fresh.stage) == (
        "000.3/9/2026",
        dt.date(2026, 7, 6),
        Stage.SIGNATURE,
    )


def test_a_number_that_is_taken_stays_in_the_form(
    drafter: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    other = cases.issued(office_people, people=1, number="000.3/7/2026")
    case = cases.submitted(office_people)
    response = drafter.post(url("decree_number", case), {"number": "000.3/7/2026", "date": ""})
    assert sentences(response) == [
        (
            f"Nomor SK ini telah digunakan pada permohonan {other.number}. Isian Anda tersimpan "
            "pada formulir ini. Silakan perbaiki nomor SK, lalu simpan kembali."
        )
    ]
    assert response.context["form"]["number"].value() == "000.3/7/2026"
    assert cases.fresh(case).decree_number == ""


def test_a_stage_out_of_order_by_address_is_refused_in_words(
    drafter: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people)
    for response in (
        drafter.get(url("stage_complete", case)),
        drafter.post(url("stage_complete", case), {"note": ""}),
    ):
        assert response.status_code == 409
        assert "Ajukan paraf terlebih dahulu" in response.content.decode()


def test_unlocking_takes_a_reason_and_goes_back_to_the_concept(
    drafter: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    case = cases.submitted(office_people)
    silent = drafter.post(url("unlock", case), {"reason": ""})
    assert sentences(silent) == ["Alasan membuka kunci wajib diisi."]
    assert cases.fresh(case).people_locked_at is not None
    drafter.post(url("unlock", case), {"reason": "NIP nomor 2 keliru"})
    assert cases.fresh(case).people_locked_at is None
    again = drafter.get(url("unlock", case))
    assert again.status_code == 409
    assert "telah diselesaikan oleh Anda sendiri" in again.content.decode()


def test_the_workspace_names_the_next_act_and_who_it_waits_for(
    client: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    case = cases.draft(office_people, people=0)
    client.force_login(office_people.drafter)
    assert client.get(url("draft_edit", case)).context["next_button"].label == "Isi personel"
    workflow.add_registrant(case, actor=office_people.drafter, person=cases.person(1))
    assert client.get(url("people", case)).context["next_button"].label == "Ajukan paraf"
    signing = cases.submitted(office_people)
    for _stage in (Stage.INITIALS, Stage.NUMBER):
        workflow.complete_stage(signing, actor=office_people.drafter)
    page = client.get(url("draft_edit", signing))
    assert page.context["next_button"] is None
    assert "Menunggu Kepala LPSE." in page.content.decode()
    assert [(line.label, line.status) for line in page.context["stages"]] == [
        ("Konsep", "done"),
        ("Paraf", "done"),
        ("Nomor", "done"),
        ("Tanda tangan", "open"),
    ]


@pytest.mark.parametrize("people", [1, 3])
def test_the_pages_of_a_draft_ask_no_more_for_more_people(
    drafter: Client,
    office_people: cases.OfficePeople,
    django_assert_num_queries: DjangoAssertNumQueries,
    people: int,
) -> None:
    case = cases.draft(office_people, people=people)
    assert Registrant.objects.count() == people
    pages = {"draft_edit": 15, "people": 19, "attachments": 18, "submit_for_initials": 20}
    for name, queries in pages.items():
        drafter.get(url(name, case))
        with django_assert_num_queries(queries):
            drafter.get(url(name, case))


# -- the paper beside the form ------------------------------------------------------------------


def test_the_paper_follows_what_is_typed_and_nothing_is_stored(
    drafter: Client,
    office_people: cases.OfficePeople,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    case = cases.draft(office_people, people=2)
    typed = {**TYPED, "subject": "Akun <Helpdesk> & Verifikator", "copies_to": "Inspektur"}
    with django_assert_num_queries(6):
        response = drafter.post(url("decree_typed", case), typed)
    shown = response.content.decode()
    assert "<h1>AKUN &lt;HELPDESK&gt; &amp; VERIFIKATOR</h1>" in shown
    assert "<p>bahwa diperlukan akun.</p>" in shown
    assert "Tembusan:<p>Inspektur.</p>" in shown
    assert shown.count("Contoh Personel 00") == 2
    assert '<meta name="note"' not in shown
    assert response["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin"
    )
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert cases.fresh(case).subject == case.subject


def test_half_typed_words_leave_the_paper_standing_and_it_says_which_part_is_old(
    drafter: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people, people=1)
    typed = {**TYPED, "subject": "", "valid_until": "2027-13"}
    shown = drafter.post(url("decree_typed", case), typed).content.decode()
    assert f"<h1>{case.subject.upper()}</h1>" in shown
    assert (
        '<meta name="note" content="Masih menurut simpanan terakhir: tentang, '
        'berlaku sampai dengan.">' in shown
    )


def test_the_paper_beside_the_form_is_for_those_who_may_edit_it(
    client: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people, people=1)
    client.force_login(office_people.inspector)
    assert client.post(url("decree_typed", case), TYPED).status_code == 403


def test_the_paper_beside_the_form_has_the_margins_of_the_office(
    drafter: Client, office_people: cases.OfficePeople
) -> None:
    Office.objects.update(decree_paper="210mm 297mm", decree_margin_left=41)
    case = cases.draft(office_people, people=1)
    shown = drafter.post(url("decree_typed", case), TYPED).content.decode()
    assert "width: 210mm; padding: 20mm 20mm 22mm 41mm;" in shown
    assert "margin: 14mm -20mm 0 -41mm;" in shown


def test_a_new_case_shows_its_paper_and_opens_nothing(
    drafter: Client,
    office_people: cases.OfficePeople,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    address = reverse("new_decree_typed")
    page = drafter.get(reverse("request_new")).content.decode()
    assert f'data-paper-preview="{address}" data-paper-form="#data-sk"' in page
    with django_assert_num_queries(NEW_PAPER_QUERIES):
        response = drafter.post(address, {**TYPED, "subject": "Akun <baru>", "valid_until": "x"})
    shown = response.content.decode()
    assert "<h1>AKUN &lt;BARU&gt;</h1>" in shown
    assert "KEPALA CONTOH" in shown, "who signs today"
    assert re.findall(r'<meta name="note" content="([^"]*)">', shown) == [
        "Belum dapat dibaca: berlaku sampai dengan.",
        "Jenis akun dan Lampiran menyusul dari daftar personel.",
    ]
    assert response["Content-Security-Policy"].endswith("sandbox allow-same-origin")
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert AccountRequest.objects.count() == 0


def test_a_copied_case_shows_the_people_who_come_along(
    drafter: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    source = cases.issued(office_people, people=2)
    page = drafter.get(reverse("request_new"), {"salin": source.number})
    address = f"{reverse('new_decree_typed')}?salin={source.number}"
    assert f'data-paper-preview="{address}"' in page.content.decode()
    shown = drafter.post(address, TYPED).content.decode()
    assert shown.count("Contoh Personel 00") == 2
    assert '<meta name="note"' not in shown
    assert drafter.post(f"{reverse('new_decree_typed')}?salin=P-0", TYPED).status_code == 404


def test_the_paper_of_a_new_case_is_for_those_who_may_open_one(
    client: Client, office_people: cases.OfficePeople
) -> None:
    client.force_login(office_people.admin1)
    may_open = client.get(reverse("request_new")).status_code
    assert client.post(reverse("new_decree_typed"), TYPED).status_code == may_open
    client.force_login(office_people.inspector)
    assert client.post(reverse("new_decree_typed"), TYPED).status_code == 403
