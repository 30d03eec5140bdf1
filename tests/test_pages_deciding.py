"""What Kepala LPSE decides: issue, order, cancel; and mending a Formulir afterwards."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts_requests import clock, papers, sign_ins, workflow
from accounts_requests.models import AccountRequest, AuditEntry, Document, Office, User
from accounts_requests.models.office import OrderDocument
from accounts_requests.states import Act, CaseState, DocumentKind, SigningMethod

from . import cases

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(cases.MONDAY):
        yield


@pytest.fixture
def head(client: Client, office_people: cases.OfficePeople) -> Client:
    client.force_login(office_people.kepala)
    return client


DECIDED = {
    "number": "000.3/1/B.PBJ-II/2026",
    "date": "2026-07-06",
    "password": cases.PASSWORD,
}


def url(name: str, case: AccountRequest, *more: object) -> str:
    return reverse(name, args=[case.number, *more])


def sentences(response: Any, form: str = "form") -> list[str]:
    """Every sentence that a form of a page shows."""
    errors = response.context[form].errors
    return sorted(str(text) for texts in errors.values() for text in texts)


def a_pdf() -> bytes:
    pdf, stream = pikepdf.new(), BytesIO()
    pdf.add_blank_page()
    pdf.save(stream)
    return stream.getvalue()


def file(data: bytes, name: str = "sk.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def typed_person(case: AccountRequest, position: int, **changes: str) -> dict[str, str]:
    """The Formulir as its page shows it, with some fields typed anew."""
    row = case.registrants.get(position_in_list=position)
    names = [
        "account_kind",
        "request_kind",
        "full_name",
        "title_before",
        "title_after",
        "employment",
        "nip",
        "rank",
        "grade",
        "position",
        "work_unit",
        "agency",
        "email",
        "mobile",
        "office_address",
        "proposed_user_id",
        "form_number",
    ]
    values = {name: str(getattr(row, name)) for name in names}
    dates = {
        name: value.isoformat() if (value := getattr(row, name)) else ""
        for name in ("valid_until", "statement_date")
    }
    return {**values, **dates, **changes}


# -- issuing ------------------------------------------------------------------------------------


def test_the_head_sees_everything_on_one_page_and_issues(
    head: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    case = cases.submitted(office_people, people=2)
    page = head.get(url("issue", case))
    assert [row.form.state for row in page.context["people"]] == ["stored", "stored"]
    assert "Bukan tanda tangan elektronik tersertifikasi." in page.content.decode()
    response = head.post(url("issue", case), DECIDED)
    assert response["Location"] == url("request_detail", case)
    fresh = cases.fresh(case)
    assert (fresh.state, fresh.decree_number) == (CaseState.DECREE_ISSUED, DECIDED["number"])
    assert fresh.documents.filter(kind=DocumentKind.DECREE).count() == 1


def refusals(person: User) -> int:
    entries = AuditEntry.objects.filter(act=Act.SIGN_IN_FAILED, actor=person)
    return entries.filter(summary="Password ditolak saat diminta kembali.").count()


@pytest.mark.usefixtures("quick_papers", "empty_cache")
def test_an_approval_asks_for_the_approvers_password_and_loses_nothing_over_a_wrong_one(
    head: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.submitted(office_people)

    missing = head.post(url("issue", case), {**DECIDED, "password": ""})
    wrong = head.post(url("issue", case), {**DECIDED, "password": "bukan-password-saya"})

    assert sentences(missing) == [sign_ins.TYPE_PASSWORD]
    assert sentences(wrong) == [sign_ins.WRONG_PASSWORD]
    kept = wrong.context["form"]
    assert (kept["number"].value(), kept["date"].value()) == (DECIDED["number"], DECIDED["date"])
    assert "bukan-password-saya" not in wrong.content.decode()
    assert (cases.fresh(case).state, refusals(office_people.kepala)) == (CaseState.DRAFT, 1)

    head.post(url("issue", case), DECIDED)
    assert cases.fresh(case).state == CaseState.DECREE_ISSUED
    told = AuditEntry.objects.get(act=Act.ISSUE_DECREE)
    assert told.changes["confirmed_by"] == "password"


@pytest.mark.usefixtures("quick_papers", "empty_cache")
def test_guessing_at_an_approval_ends_as_guessing_at_the_sign_in_does(
    head: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.submitted(office_people)
    guess = {**DECIDED, "password": "tebakan"}

    said = [sentences(head.post(url("issue", case), guess)) for _ in range(11)]
    with_the_right_one = sentences(head.post(url("issue", case), DECIDED))

    assert said == [*[[sign_ins.WRONG_PASSWORD]] * 10, [sign_ins.TOO_MANY_CONFIRMATIONS]]
    assert with_the_right_one == [sign_ins.TOO_MANY_CONFIRMATIONS]
    assert (cases.fresh(case).state, refusals(office_people.kepala)) == (CaseState.DRAFT, 10)


def test_a_second_press_learns_who_issued_and_when(
    head: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    case = cases.issued(office_people)
    for response in (head.get(url("issue", case)), head.post(url("issue", case), DECIDED)):
        assert response.status_code == 409
        assert (
            "Langkah ini telah diselesaikan oleh Anda sendiri pukul 10.00 WITA"
            in response.content.decode()
        )


def test_only_the_head_issues(
    client: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    case = cases.submitted(office_people)
    client.force_login(office_people.drafter)
    response = client.post(url("issue", case), DECIDED)
    assert response.status_code == 403
    assert "hanya dapat dilakukan oleh Kepala LPSE" in response.content.decode()
    assert cases.fresh(case).state == CaseState.DRAFT


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"number": ""}, "Nomor SK wajib diisi."),
        ({"date": ""}, "Tanggal SK wajib diisi."),
        (
            {"date": "2026-07-09"},
            "Tanggal SK 9 Juli 2026 belum tiba. Isikan tanggal yang tertulis pada SK.",
        ),
    ],
    ids=["no number", "no date", "a date to come"],
)
def test_what_is_missing_or_wrong_is_said_and_the_rest_stays(
    head: Client,
    office_people: cases.OfficePeople,
    quick_papers: None,
    typed: dict[str, str],
    said: str,
) -> None:
    case = cases.submitted(office_people)
    sent = {**DECIDED, **typed}
    response = head.post(url("issue", case), sent)
    assert sentences(response) == [said]
    form = response.context["form"]
    assert {name: form[name].value() for name in sent} == sent
    assert cases.PASSWORD not in response.content.decode()
    assert cases.fresh(case).state == CaseState.DRAFT


def test_a_number_that_is_taken_names_the_case_that_has_it(
    head: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    other = cases.issued(office_people, number=DECIDED["number"])
    case = cases.submitted(office_people)
    response = head.post(url("issue", case), DECIDED)
    assert sentences(response) == [
        (
            f"Nomor SK ini telah digunakan pada permohonan {other.number}. Isian Anda tersimpan "
            "pada formulir ini. Silakan perbaiki nomor SK, lalu simpan kembali."
        )
    ]
    assert response.context["form"]["number"].value() == DECIDED["number"]
    assert cases.fresh(case).state == CaseState.DRAFT


def test_issuing_waits_for_paraf_and_for_the_formulir(
    head: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    case = cases.draft(office_people)
    for early in (head.get(url("issue", case)), head.post(url("issue", case), DECIDED)):
        assert early.status_code == 409
        assert "Ajukan paraf terlebih dahulu" in early.content.decode()
    workflow.submit_for_initials(
        case, actor=office_people.drafter, signing_method=SigningMethod.IN_APP
    )
    assert "Formulir disiapkan 0/2" in head.get(url("issue", case)).content.decode()
    waiting = head.post(url("issue", case), DECIDED)
    assert waiting.status_code == 409
    assert "3 dokumen masih disiapkan" in waiting.content.decode()
    assert cases.fresh(case).state == CaseState.DRAFT


def test_signed_outside_the_file_that_comes_back_is_the_sk(
    head: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    case = cases.submitted(office_people, signing_method=SigningMethod.INK)
    page = head.get(url("issue", case)).content.decode()
    assert "bubuhkan tanda tangan" in page
    assert "bandingkan sendiri nomor, tanggal, nama, dan NIP" in page
    assert "Bukan tanda tangan elektronik" not in page
    data = a_pdf()
    head.post(url("issue", case), {**DECIDED, "signed_file": file(data)})
    decree = Document.objects.get(request=case, kind=DocumentKind.DECREE)
    assert papers.read(decree) == data


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "Unggah SK yang telah ditandatangani."),
        (b"bukan pdf", "bukan PDF"),
        (b"0" * (30 * 1024 * 1024), "terlalu besar"),
    ],
    ids=["nothing", "no pdf", "30 MB"],
)
def test_a_signed_file_that_is_none_keeps_the_number_and_the_date(
    head: Client,
    office_people: cases.OfficePeople,
    quick_papers: None,
    data: bytes | None,
    said: str,
) -> None:
    case = cases.submitted(office_people, signing_method=SigningMethod.CERTIFIED)
    sent: dict[str, Any] = {**DECIDED, **({"signed_file": file(data)} if data else {})}
    response = head.post(url("issue", case), sent)
    [sentence] = sentences(response)
    assert said in sentence
    assert response.context["form"]["number"].value() == DECIDED["number"]
    assert cases.fresh(case).state == CaseState.DRAFT


# -- ordering -----------------------------------------------------------------------------------


def test_the_head_orders_once(
    head: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    case = cases.issued(office_people)
    typed = {"order_number": "094/3/2026", "note": "Segera"}
    assert head.post(url("order", case), typed)["Location"] == url("request_detail", case)
    fresh = cases.fresh(case)
    assert (fresh.state, fresh.order_number, fresh.order_note) == (
        CaseState.ORDERED,
        "094/3/2026",
        "Segera",
    )
    again = head.post(url("order", case), typed)
    assert again.status_code == 409
    assert "telah diselesaikan oleh Anda sendiri" in again.content.decode()


@pytest.mark.parametrize(
    ("kind", "title"),
    [(OrderDocument.LETTER, "SURAT PERINTAH"), (OrderDocument.MEMO, "NOTA DINAS")],
)
def test_the_order_shows_its_paper_while_it_is_typed_and_orders_nothing(
    head: Client,
    office_people: cases.OfficePeople,
    kind: OrderDocument,
    title: str,
    quick_papers: None,
) -> None:
    Office.objects.update(
        order_document=kind, letter_margin_left=33, verification_since=clock.today()
    )
    case = cases.issued(office_people, people=2)
    page = head.get(url("order", case)).content.decode()
    assert f'data-paper-preview="{url("order_typed", case)}" data-paper-form="#perintah"' in page
    assert f'data-paper-title="Pratinjau {kind.label}"' in page
    typed = {"order_number": "000.3/9/B.PBJ", "note": "utamakan <Helpdesk>"}
    response = head.post(url("order_typed", case), typed)
    shown = response.content.decode()
    assert f"<h1>{title}</h1>" in shown
    assert "000.3/9/B.PBJ" in shown
    assert "utamakan &lt;Helpdesk&gt;" in shown
    assert "Admin Contoh Satu" in shown
    assert "padding: 18mm 20mm 20mm 33mm;" in shown
    assert "Disetujui di dalam aplikasi pada" not in shown
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert cases.fresh(case).state == CaseState.DECREE_ISSUED
    head.force_login(office_people.drafter)
    assert head.post(url("order_typed", case), typed).status_code == 403


def test_an_office_that_orders_without_a_paper_is_shown_none(
    head: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    Office.objects.update(order_document=OrderDocument.NONE)
    case = cases.issued(office_people)
    assert "data-paper-preview" not in head.get(url("order", case)).content.decode()
    assert head.post(url("order_typed", case), {}).status_code == 404


def test_ordering_before_the_sk_is_out_of_order(
    head: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people)
    response = head.post(url("order", case), {"order_number": "", "note": ""})
    assert response.status_code == 409
    assert "Selesaikan langkah itu dahulu" in response.content.decode()
    assert cases.fresh(case).state == CaseState.DRAFT


def returned(office_people: cases.OfficePeople) -> AccountRequest:
    case = cases.claimed(office_people)
    workflow.return_to_head(case, actor=office_people.admin1, reason="E-mail nomor 2 keliru")
    return cases.fresh(case)


def test_after_a_return_the_reason_comes_first_with_the_way_to_mend(
    head: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    case = returned(office_people)
    page = head.get(url("order", case)).content.decode()
    assert page.index("E-mail nomor 2 keliru") < page.index("Perintah kembali")
    assert url("mend", case, 2) in page


# -- mending ------------------------------------------------------------------------------------


def test_what_is_not_in_the_sk_is_mended_with_a_reason_alone(
    head: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    case = returned(office_people)
    typed = typed_person(case, 2, email="benar@contoh.example")
    silent = head.post(url("mend", case, 2), typed)
    assert sentences(silent, "reason_form") == ["Alasan perbaikan wajib diisi."]
    response = head.post(url("mend", case, 2), {**typed, "reason": "Alamat salah ketik"})
    assert response["Location"] == url("order", case)
    assert case.registrants.get(position_in_list=2).email == "benar@contoh.example"
    assert papers.owed(case) == 1


def test_what_is_in_the_sk_needs_a_ralat(
    head: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    case = returned(office_people)
    typed = {
        **typed_person(case, 1, full_name="Contoh Personel Satu"),
        "reason": "Nama salah ketik",
    }
    refused = head.post(url("mend", case, 1), typed)
    [sentence] = sentences(refused, "correction_form")
    assert "Lampirkan ralat SK" in sentence
    half = head.post(url("mend", case, 1), {**typed, "correction_number": "12/RALAT/2026"})
    assert sentences(half, "correction_form") == [
        "Berkas ralat wajib diisi bila SK diralat.",
        "Tanggal ralat wajib diisi bila SK diralat.",
    ]
    assert half.context["form"]["full_name"].value() == "Contoh Personel Satu"
    head.post(
        url("mend", case, 1),
        {
            **typed,
            "correction_number": "12/RALAT/2026",
            "correction_date": "2026-07-06",
            "correction_file": file(a_pdf()),
        },
    )
    assert case.registrants.get(position_in_list=1).full_name == "Contoh Personel Satu"
    correction = Document.objects.get(request=case, kind=DocumentKind.DECREE_CORRECTION)
    assert correction.number == "12/RALAT/2026"


# -- cancelling ---------------------------------------------------------------------------------


def test_cancelling_tells_its_consequences_and_takes_a_reason(
    head: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    case = cases.issued(office_people)
    page = head.get(url("cancel", case))
    assert page.context["consequences"][-1] == (
        f"SK nomor {case.decree_number} tetap ada sebagai dokumen. Pembatalan di sini tidak "
        "mencabutnya; pencabutan memerlukan SK tersendiri."
    )
    assert sentences(head.post(url("cancel", case), {"reason": " "})) == [
        "Alasan pembatalan wajib diisi."
    ]
    head.post(url("cancel", case), {"reason": "Permohonan ditarik oleh pemohon"})
    assert cases.fresh(case).state == CaseState.CANCELLED
    again = head.post(url("cancel", case), {"reason": "Permohonan ditarik oleh pemohon"})
    assert again.status_code == 409
    assert "Anda tidak perlu mengulanginya." in again.content.decode()


@pytest.mark.parametrize("people", [1, 3])
def test_the_pages_of_the_head_ask_no_more_for_more_people(
    head: Client,
    office_people: cases.OfficePeople,
    quick_papers: None,
    django_assert_num_queries: DjangoAssertNumQueries,
    people: int,
) -> None:
    case = cases.submitted(office_people, people=people)
    head.get(url("issue", case))
    with django_assert_num_queries(18):
        head.get(url("issue", case))
    issued = cases.issued(office_people, people=people)
    with django_assert_num_queries(18):
        head.get(url("order", issued))
