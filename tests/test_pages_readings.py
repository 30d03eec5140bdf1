"""The Lembar Penafsiran in the browser: read by all, drafted and approved by those who may."""

import datetime as dt
import html
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import clock, reading_keeping, workflow
from accounts_requests.models import Reading, User
from accounts_requests.states import SigningMethod

from . import cases, upload_samples
from .cases import MONDAY, OfficePeople
from .page_forms import form_on
from .query_counts import queries
from .reading import html_of, url
from .reading_cases import read_otherwise

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

EVERYBODY = ("kepala", "drafter", "admin1", "biro", "inspector", "keeper")
REASON = "Hari kalender sesuai arahan pimpinan"


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def words_of(client: Client, address: str) -> str:
    """The page as it reads."""
    text = re.sub(r"<[^>]+>", " ", html_of(client, address))
    return " ".join(html.unescape(text).split())


def drafted(staff: OfficePeople, **choices: Any) -> Reading:
    draft = reading_keeping.begin_draft(actor=staff.keeper)
    return reading_keeping.edit_draft(
        draft,
        actor=staff.keeper,
        choices=choices or {"step_1_unit": "calendar_days"},
        reason=REASON,
        seen=reading_keeping.mark_of(draft),
    )


def saved(client: Client, **changes: Any) -> Any:
    """Send the form of the draft as the page has it, with these changes."""
    form = form_on(html_of(client, reverse("reading_draft")), having="reason")
    return client.post(reverse("reading_draft"), {**form.fields, **changes})


def approved(client: Client, **changes: Any) -> Any:
    form = form_on(html_of(client, reverse("reading_compare")), having="in_force_from")
    return client.post(reverse("reading_compare"), {**form.fields, **changes})


# -- the whole way --------------------------------------------------------------------------------


def test_from_the_draft_to_a_new_case_that_is_read_so_while_the_old_one_is_not(
    office_people: OfficePeople,
) -> None:
    old = cases.draft(office_people)
    keeper, biro = browser(office_people.keeper), browser(office_people.biro)

    begun = keeper.post(reverse("reading_begin"))
    assert begun["Location"] == reverse("reading_draft")
    answer = saved(keeper, step_1_unit="calendar_days", reason=REASON)
    assert answer["Location"] == reverse("reading_compare")
    shown = words_of(biro, reverse("reading_compare"))
    assert "1 pilihan berbeda" in shown
    assert "Konsep 1 Satuan hari kerja hari kalender 16 pilihan lain sama" in shown
    answer = approved(biro)
    assert answer["Location"] == reverse("reading_sheet", args=[2])
    new = cases.draft(office_people)

    told = words_of(biro, reverse("reading"))
    assert "Lembar Penafsiran 2 SOP" in told
    assert "Berlaku sejak 6 Juli 2026" in told
    assert "3 hari kalender, sejak permohonan diterima" in told
    reader = browser(office_people.kepala)
    assert "Lembar Penafsiran 1 , berlaku sejak 28 Februari 2023" in words_of(
        reader, url("request_detail", old)
    )
    assert "Lembar Penafsiran 2 , berlaku sejak 6 Juli 2026" in words_of(
        reader, url("request_detail", new)
    )
    due = [case.step_runs.get().due_at for case in (old, new)]
    assert due == [
        dt.datetime(2026, 7, 9, 8, tzinfo=dt.UTC),
        dt.datetime(2026, 7, 9, 15, 59, 59, tzinfo=dt.UTC),
    ]


# -- reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [*EVERYBODY, "nobody"])
def test_everybody_who_is_signed_in_reads_the_sheet_in_force(
    office_people: OfficePeople, who: str
) -> None:
    shown = words_of(browser(getattr(office_people, who)), reverse("reading"))

    assert "Lembar Penafsiran 1 SOP" in shown
    assert "Berlaku sejak 28 Februari 2023" in shown
    assert "belum disahkan oleh pengesah; dipakai sejak pemasangan" in shown
    assert (
        "3 · Membuat akun 60 Menit 60 menit jam kerja, sejak akhir langkah sebelumnya, untuk "
        "seluruh permohonan 50 %, 80 %, dan saat tenggat"
    ) in shown
    assert "2 · Memerintahkan pembuatan akun N/A tanpa batas waktu —" in shown


def test_who_is_not_signed_in_reads_nothing(office_people: OfficePeople) -> None:
    assert Client().get(reverse("reading")).status_code == 302


def test_a_sheet_that_is_not_there_is_not_found(office_people: OfficePeople) -> None:
    client = browser(office_people.kepala)

    assert client.get(reverse("reading_sheet", args=[9])).status_code == 404
    Reading.objects.update(in_force_from=dt.date(2030, 1, 1))
    assert client.get(reverse("reading")).status_code == 404


def test_the_sop_page_shows_the_sheet_in_force_and_leads_to_it(
    office_people: OfficePeople,
) -> None:
    drafted(office_people, step_3_basis="person", step4_end="queued")
    approved(browser(office_people.biro))

    client = browser(office_people.admin1)
    shown = words_of(client, reverse("sop"))

    assert "Lembar Penafsiran 2 , berlaku sejak 6 Juli 2026; bukan bagian naskah SOP" in shown
    assert "60 menit jam kerja, sejak akhir langkah sebelumnya, untuk tiap personel" in shown
    assert "jadi dikalikan dengan banyaknya personel" in shown
    assert f'href="{reverse("reading_sheet", args=[2])}"' in html_of(client, reverse("sop"))


def test_the_pdf_holds_the_whole_sheet(office_people: OfficePeople) -> None:
    drafted(office_people)
    client = browser(office_people.biro)
    concept = pdf_words(client.get(reverse("reading_pdf", args=[2])).content)
    approved(client)

    response = client.get(reverse("reading_pdf", args=[2]))

    assert response["Content-Type"] == "application/pdf"
    assert "Lembar-Penafsiran-2-SOP-rev-1.pdf" in response["Content-Disposition"]
    told = pdf_words(response.content)
    assert "KONSEP, BELUM DISAHKAN" in concept
    assert "LEMBAR PENAFSIRAN SOP NOMOR 2" in told
    assert "Berlaku sejak 6 Juli 2026. Permohonan yang dimulai sejak tanggal itu" in told
    assert "3 hari kalender, sejak permohonan diterima" in told
    assert "Biro Contoh" in told
    assert REASON in told


def pdf_words(data: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
    )
    return " ".join(done.stdout.decode().split())


# -- drafting -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "answers"),
    [
        ("kepala", [302, 200, 200]),
        ("keeper", [302, 200, 200]),
        ("drafter", [403, 403, 200]),
        ("admin1", [403, 403, 200]),
        ("biro", [403, 403, 200]),
        ("inspector", [403, 403, 200]),
        ("nobody", [403, 403, 403]),
    ],
)
def test_who_may_begin_change_and_compare_a_draft(
    office_people: OfficePeople, who: str, answers: list[int]
) -> None:
    drafted(office_people)
    client = browser(getattr(office_people, who))

    assert [
        client.post(reverse("reading_begin")).status_code,
        client.get(reverse("reading_draft")).status_code,
        client.get(reverse("reading_compare")).status_code,
    ] == answers


def test_without_a_draft_its_pages_lead_to_the_sheet_in_force(
    office_people: OfficePeople,
) -> None:
    client = browser(office_people.keeper)

    answers = [client.get(reverse(name)) for name in ("reading_draft", "reading_compare")]

    assert [answer["Location"] for answer in answers] == [reverse("reading")] * 2


def test_the_form_holds_every_choice_of_the_draft_and_no_amount(
    office_people: OfficePeople,
) -> None:
    drafted(office_people)

    form = form_on(
        html_of(browser(office_people.keeper), reverse("reading_draft")), having="reason"
    )

    del form.fields["csrfmiddlewaretoken"], form.fields["seen"]
    form.fields["reason"] = form.fields["reason"].strip()
    assert form.fields == {
        "step1_start": "received",
        "step1_end": "entered",
        "step_1_unit": "calendar_days",
        "step_1_warnings": "50, 80, 100",
        "step_3_unit": "working_minutes",
        "step_3_start": "previous_end",
        "step_3_basis": "case",
        "step_3_warnings": "50, 80, 100",
        "step4_end": "accepted",
        "step_4_unit": "working_minutes",
        "step_4_start": "previous_end",
        "step_4_basis": "case",
        "step_4_warnings": "50, 80, 100",
        "step_5_unit": "working_minutes",
        "step_5_start": "previous_end",
        "step_5_basis": "case",
        "step_5_warnings": "80, 100",
        "reason": REASON,
    }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"step_3_warnings": "separuh"},
            "Tuliskan peringatan sebagai persen batas waktu, misalnya 50, 80, 100.",
        ),
        (
            {"step_3_warnings": "80; 50 % 100"},
            "Urutkan persen peringatan dari yang terkecil, masing-masing satu kali.",
        ),
        ({"step_3_unit": "calendar_days"}, "Pilih satuan dari daftar."),
        ({"step_3_start": "complete"}, "Pilih mulai dihitung dari daftar."),
        ({"step1_start": ""}, "Pilih awal langkah 1."),
        ({"step_5_warnings": ""}, "Tuliskan paling sedikit 100 (saat tenggat)."),
    ],
)
def test_what_breaks_a_rule_is_said_beside_it_and_what_was_typed_is_kept(
    office_people: OfficePeople, changes: dict[str, str], sentence: str
) -> None:
    draft = drafted(office_people)

    answer = saved(browser(office_people.keeper), reason="Alasan yang baru diketik", **changes)

    text = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in html.unescape(text)
    assert "Alasan yang baru diketik" in text
    assert Reading.objects.get(number=2).content == draft.content


def test_a_draft_that_somebody_else_changed_is_answered_kindly(
    office_people: OfficePeople,
) -> None:
    drafted(office_people)
    keeper = browser(office_people.keeper)
    form = form_on(html_of(keeper, reverse("reading_draft")), having="reason")
    saved(browser(office_people.kepala), step_3_basis="person")

    answer = keeper.post(reverse("reading_draft"), form.fields)

    assert answer.status_code == 409
    assert "diubah oleh orang lain sejak halaman ini Anda buka" in answer.content.decode()


# -- comparing and approving ----------------------------------------------------------------------


def test_the_comparison_tells_what_the_past_year_would_have_been(
    office_people: OfficePeople,
) -> None:
    case = cases.claimed(office_people)
    with clock.moved_to(MONDAY + dt.timedelta(minutes=90)):
        for account in cases.accounts(case):
            cases.record_created(account, office_people.admin1)
        workflow.record_accounts(case, actor=office_people.admin1, answers=cases.all_met(case))
    drafted(office_people, step_3_basis="person")

    with clock.moved_to(MONDAY + dt.timedelta(hours=3)):
        client = browser(office_people.biro)
        shown = words_of(client, reverse("reading_compare"))
        page = html_of(client, reverse("reading_compare"))

    assert "Andai dibaca begini" in shown
    assert "3 · Membuat akun 1 1 0 —" in shown
    assert "1 langkah akan dinilai lain" in shown
    assert "terlambat menjadi tepat waktu" in shown
    assert f'href="{url("request_detail", case)}"' in page


@pytest.mark.parametrize("who", ["kepala", "keeper", "inspector"])
def test_others_see_no_button_of_approval_and_their_press_is_refused(
    office_people: OfficePeople, who: str
) -> None:
    draft = drafted(office_people)
    client = browser(getattr(office_people, who))

    assert "Sahkan lembar ini" not in html_of(client, reverse("reading_compare"))
    answer = client.post(
        reverse("reading_compare"),
        {"in_force_from": "2026-07-06", "seen": reading_keeping.mark_of(draft)},
    )

    assert answer.status_code == 403
    assert Reading.objects.get(number=2).state == "draft"


def test_a_date_that_has_passed_is_refused_beside_its_field(office_people: OfficePeople) -> None:
    drafted(office_people)

    answer = approved(browser(office_people.biro), in_force_from="2026-07-05")

    assert answer.status_code == 200
    assert "Tanggal berlaku sudah lewat." in answer.content.decode()
    assert Reading.objects.get(number=2).state == "draft"


def test_the_second_press_of_the_approval_meets_a_kind_answer(
    office_people: OfficePeople,
) -> None:
    drafted(office_people)
    client = browser(office_people.biro)
    form = form_on(html_of(client, reverse("reading_compare")), having="in_force_from")
    first = client.post(reverse("reading_compare"), form.fields)

    second = client.post(reverse("reading_compare"), form.fields, follow=True)

    assert first.status_code == 302
    assert "mungkin baru saja disahkan" in second.content.decode()


def test_a_draft_over_a_sheet_that_is_still_to_come_says_so(office_people: OfficePeople) -> None:
    drafted(office_people)
    approved(browser(office_people.biro), in_force_from="2026-08-01")
    drafted(office_people, step_3_basis="person")

    shown = words_of(browser(office_people.biro), reverse("reading_compare"))

    assert "Lembar Penafsiran 2 sudah disahkan dan berlaku sejak 1 Agustus 2026." in shown


def test_withdrawing_what_is_still_to_come(office_people: OfficePeople) -> None:
    drafted(office_people)
    biro = browser(office_people.biro)
    approved(biro, in_force_from="2026-08-01")
    address = reverse("reading_withdraw", args=[2])

    assert browser(office_people.keeper).post(address, {"reason": ""}).status_code == 403
    short = biro.post(address, {"reason": "x"})
    assert "terlalu singkat" in short.content.decode()
    done = biro.post(address, {"reason": "Keliru disahkan hari ini"}, follow=True)

    assert "Lembar Penafsiran 2 ditarik. Isinya tetap tersimpan." in done.content.decode()
    assert "Ditarik sebelum berlaku" in words_of(biro, reverse("reading_sheet", args=[2]))


def test_what_is_in_force_has_no_button_to_withdraw_it(office_people: OfficePeople) -> None:
    biro = browser(office_people.biro)

    assert "Tarik lembar ini" not in html_of(biro, reverse("reading"))
    answer = biro.post(reverse("reading_withdraw", args=[1]), {"reason": "Keliru disahkan dulu"})
    assert answer.status_code == 409


# -- the case -------------------------------------------------------------------------------------


def test_a_draft_under_a_reading_from_a_complete_file_has_the_button(
    office_people: OfficePeople,
) -> None:
    plain = cases.draft(office_people)
    read_otherwise(step1_start="complete")
    case = cases.draft(office_people)
    client = browser(office_people.drafter)
    address = url("declare_complete", case)

    for name in ("request_detail", "draft_edit"):
        assert f'action="{address}"' in html_of(client, url(name, case))
    answer = client.post(address)
    assert answer["Location"] == url("draft_edit", case)
    assert cases.fresh(case).complete_at == MONDAY

    assert f'action="{address}"' not in html_of(client, url("draft_edit", case))
    again = client.post(address)
    assert (again.status_code, "Anda tidak perlu mengulanginya" in again.content.decode()) == (
        409,
        True,
    )
    assert plain.reading == case.reading


def test_without_that_reading_there_is_no_such_button(office_people: OfficePeople) -> None:
    case = cases.draft(office_people)
    client = browser(office_people.drafter)

    for name in ("request_detail", "draft_edit"):
        assert "Nyatakan berkas lengkap" not in html_of(client, url(name, case))


def test_issuing_asks_for_the_time_of_the_signature_only_where_it_counts(
    office_people: OfficePeople,
) -> None:
    client = browser(office_people.kepala)
    plain = cases.submitted(office_people, signing_method=SigningMethod.INK)
    assert 'name="signed_at"' not in html_of(client, url("issue", plain))
    read_otherwise(step1_end="signed")
    case = cases.submitted(office_people, signing_method=SigningMethod.INK)
    in_app = cases.submitted(office_people)
    assert 'name="signed_at"' not in html_of(client, url("issue", in_app))
    assert 'name="signed_at"' in html_of(client, url("issue", case))

    def issued(signed_at: str) -> Any:
        from django.core.files.uploadedfile import SimpleUploadedFile

        scan = SimpleUploadedFile("sk.pdf", upload_samples.pdf_bytes(), "application/pdf")
        return client.post(
            url("issue", case),
            {
                "number": "000.3/7/B.PBJ-II/2026",
                "date": "2026-07-06",
                "signed_file": scan,
                "signed_at": signed_at,
            },
        )

    with clock.moved_to(MONDAY + dt.timedelta(hours=3)):
        early = issued("2026-07-06T09:00")
        assert "Waktu tanda tangan lebih awal daripada penerimaan" in early.content.decode()
        done = issued("2026-07-06T11:30")

    assert done.status_code == 302
    run = case.step_runs.get(step__number=1)
    assert run.measured_until == dt.datetime(2026, 7, 6, 3, 30, tzinfo=dt.UTC)


# -- cost -----------------------------------------------------------------------------------------


def test_the_comparison_costs_the_same_with_one_case_and_with_three(
    office_people: OfficePeople,
) -> None:
    client = browser(office_people.biro)
    drafted(office_people, step_3_basis="person")
    counts = []
    for number in range(1, 4):
        cases.ordered(office_people, number=f"000.3/{number}/B.PBJ-II/2026")
        with clock.moved_to(MONDAY + dt.timedelta(hours=1)), queries() as counted:
            client.get(reverse("reading_compare"))
        counts.append(len(counted))

    assert counts == [16, 16, 16]
