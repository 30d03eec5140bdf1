"""The PDF that comes back from BSrE: looked at first, kept while errors are mended, then the SK."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts_requests import clock, documents, papers, signatures, workflow
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.models import (
    AccountRequest,
    AuditEntry,
    Document,
    LateEntry,
    Message,
    SignatureCheck,
    StagedUpload,
)
from accounts_requests.signatures.examination import words
from accounts_requests.states import Act, CaseState, DocumentKind, MessageKind, SigningMethod
from accounts_requests.uploads import Upload

from . import cases, signing
from .case_fixtures import EMPTY_PDF
from .reading_cases import read_otherwise

pytestmark = pytest.mark.django_db

NUMBER = "000.3/1/B.PBJ-II/2026"
DECIDED = {"number": NUMBER, "date": "2026-07-06"}
SIGNED_AT = dt.datetime(2026, 7, 6, 1, 30, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(cases.MONDAY):
        yield


@pytest.fixture
def head(client: Client, office_people: cases.OfficePeople) -> Client:
    client.force_login(office_people.kepala)
    return client


@pytest.fixture
def case(office_people: cases.OfficePeople) -> AccountRequest:
    """A case at its signature, with number and date."""
    found = cases.submitted(office_people, signing_method=SigningMethod.CERTIFIED)
    workflow.set_decree_number(
        found, actor=office_people.drafter, number=NUMBER, date=clock.today()
    )
    return cases.fresh(found)


def url(name: str, case: AccountRequest) -> str:
    return reverse(name, args=[case.number])


def returned(case: AccountRequest) -> bytes:
    """The Konsep of the case as BSrE gives it back."""
    concept = documents.render(DocumentKind.DECREE_CONCEPT, case, at=clock.now())
    return signing.sign(concept.data, at=SIGNED_AT)


def sent(data: bytes) -> dict[str, Any]:
    return {"signed_file": SimpleUploadedFile("sk.pdf", data)}


def waiting() -> dict[str, str]:
    return {"staged": str(StagedUpload.objects.get().public_id)}


def told(response: Any) -> list[tuple[str, str, str]]:
    return [
        (each.label, each.record, each.paper) for each in response.context["signed"].differences
    ]


def test_the_signatures_are_read_before_the_press_that_issues(
    head: Client, case: AccountRequest, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "induk.pem").write_bytes(signing.authority().pem)
    settings.SIGNATURE_ANCHORS = str(tmp_path)
    data = returned(case)
    looked = head.post(url("issue", case), sent(data))
    page = looked.content.decode()
    assert "Dra. Ratna Dewi (NIP 19720528 200502 1 001)" in page
    assert "Nomor, tanggal, nama, dan NIP 2 personel pada PDF sama dengan permohonan." in page
    assert told(looked) == []
    assert cases.fresh(case).state == CaseState.DRAFT

    issued = head.post(url("issue", case), {**DECIDED, **waiting()})
    assert issued["Location"] == url("request_detail", case)
    decree = Document.objects.get(request=case, kind=DocumentKind.DECREE)
    assert papers.read(decree) == data
    assert not StagedUpload.objects.exists()
    check = SignatureCheck.objects.get()
    assert (check.document, check.verdict, check.differences) == (decree, "trusted", [])
    assert [each["name"] for each in check.anchors] == ["Otoritas Uji"]
    entry = AuditEntry.objects.filter(act=Act.ISSUE_DECREE).latest("sequence")
    assert "Ratna" not in str(entry.changes)
    assert (entry.changes["signature_verdict"], entry.changes["signature_differences"]) == (
        "trusted",
        0,
    )


def test_each_difference_is_confirmed_or_nothing_is_issued(
    head: Client, case: AccountRequest
) -> None:
    data = returned(case)
    case.registrants.filter(position_in_list=1).update(
        full_name="Nama Yang Lain", nip="198501012010011009"
    )
    differing = [
        ("Nomor SK", "000.3/9/B.PBJ-II/2026", NUMBER),
        (
            "No. 1: nama",
            "Nama Yang Lain, S.Kom.",
            "Tidak ditemukan",
        ),
        ("No. 1: NIP", "19850101 201001 1 009", "Tidak ditemukan"),
        (
            "NIP lain",
            "Tidak ada dalam permohonan",
            "Contoh Personel 001, S.Kom. 19850101 201001 1 001",
        ),
    ]
    head.post(url("issue", case), sent(data))
    typed = {**DECIDED, "number": "000.3/9/B.PBJ-II/2026", **waiting()}
    refused = head.post(url("issue", case), typed)
    assert told(refused) == differing
    assert "berbeda dengan permohonan atau meragukan" in refused.content.decode()
    assert cases.fresh(case).state == CaseState.DRAFT
    assert StagedUpload.objects.count() == 1

    keys = [each.key for each in refused.context["signed"].differences]
    halfway = head.post(url("issue", case), {**typed, "confirmed": keys[:-1]})
    assert "(NIP lain)" in halfway.content.decode()
    head.post(url("issue", case), {**typed, "confirmed": keys})
    assert cases.fresh(case).state == CaseState.DECREE_ISSUED
    check = SignatureCheck.objects.get()
    assert [(each["label"], each["record"], each["paper"]) for each in check.differences] == (
        differing
    )


def test_errors_ask_for_no_file_again_and_the_paper_proposes_its_number(
    head: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.submitted(office_people, signing_method=SigningMethod.CERTIFIED)
    written = cases.fresh(case)
    written.decree_number, written.decree_date = NUMBER, clock.today()
    data = returned(written)
    looked = head.post(url("issue", case), sent(data))
    form = looked.context["form"]
    assert (form["number"].value(), form["date"].value()) == (NUMBER, clock.today())
    for response in (
        head.post(url("issue", case), {**DECIDED, "number": "", **waiting()}),
        head.get(url("issue", case)),
    ):
        assert response.context["signed"].staged.file_name == "sk.pdf"
        assert not response.context["form"].fields["signed_file"].required
    replaced = head.post(url("issue", case), {**DECIDED, "staged": "lain"})
    assert replaced.status_code == 409
    assert cases.fresh(case).state == CaseState.DRAFT


def test_what_is_not_signed_is_no_sk_and_waits_nowhere(
    head: Client, case: AccountRequest, office_people: cases.OfficePeople
) -> None:
    concept = documents.render(DocumentKind.DECREE_CONCEPT, case, at=clock.now())
    response = head.post(url("issue", case), {**DECIDED, **sent(concept.data)})
    [sentence] = response.context["form"].errors["signed_file"]
    assert sentence.startswith("PDF sk.pdf tidak memuat tanda tangan elektronik")
    assert response.context["form"]["number"].value() == NUMBER
    assert not StagedUpload.objects.exists()
    with pytest.raises(InvalidInput, match="tidak memuat tanda tangan elektronik"):
        workflow.issue_decree(
            case,
            actor=office_people.kepala,
            number=NUMBER,
            date=clock.today(),
            signed_file=Upload("sk.pdf", concept.data),
        )


def test_a_later_look_is_a_further_record(
    head: Client, case: AccountRequest, office_people: cases.OfficePeople
) -> None:
    with pytest.raises(NotAllowedNow, match="masih pada keadaan “Konsep”"):
        workflow.check_again(case, actor=office_people.kepala)
    head.post(url("issue", case), sent(returned(case)))
    head.post(url("issue", case), {**DECIDED, **waiting()})
    decree = Document.objects.get(request=case, kind=DocumentKind.DECREE)
    address = reverse("signature_checks", args=[decree.public_id])
    assert address in head.get(url("request_detail", case)).content.decode()
    head.force_login(office_people.admin1)
    assert head.post(address)["Location"] == address
    page = head.get(address).content.decode()
    assert page.count("Utuh; rantai sertifikat tidak dapat diperiksa") >= 2
    sheet = documents.render(DocumentKind.CONTROL_SHEET, cases.fresh(case), at=clock.now())
    assert (
        f"{NUMBER} (tanda tangan elektronik: Utuh; rantai sertifikat tidak dapat diperiksa)"
        in " ".join((words(sheet.data) or "").split())
    )
    head.force_login(office_people.keeper)
    assert head.get(address).status_code == 403
    assert [each.by for each in SignatureCheck.objects.order_by("id")] == [
        office_people.kepala,
        office_people.admin1,
    ]


@pytest.fixture
def measured(office_people: cases.OfficePeople) -> AccountRequest:
    """A case received at 10.00 WITA whose reading compares the deadline with the signature."""
    read_otherwise(step1_end="signed")
    found = cases.submitted(office_people, signing_method=SigningMethod.CERTIFIED)
    workflow.set_decree_number(
        found, actor=office_people.drafter, number=NUMBER, date=clock.today()
    )
    return cases.fresh(found)


def signed_at(case: AccountRequest, at: dt.datetime, *, stamped: bool = False) -> bytes:
    concept = documents.render(DocumentKind.DECREE_CONCEPT, case, at=clock.now())
    return signing.sign(concept.data, at=at, stamped=stamped)


@pytest.mark.parametrize("whose", ["the stamp's", "the signer's"])
def test_the_time_of_the_signature_is_proposed_in_wita_and_kept_to_the_second(
    head: Client, measured: AccountRequest, whose: str
) -> None:
    at = dt.datetime(2026, 7, 6, 3, 30, 20, tzinfo=dt.UTC)
    data = signed_at(measured, at, stamped=whose == "the stamp's")
    with clock.moved_to(cases.MONDAY + dt.timedelta(hours=3)):
        looked = head.post(url("issue", measured), sent(data))
        field = looked.context["form"]["signed_at"]
        assert 'value="2026-07-06T11:30"' in str(field)
        assert 'value="2026-07-06T11:30"' in head.get(url("issue", measured)).content.decode()
        issued = head.post(
            url("issue", measured), {**DECIDED, **waiting(), "signed_at": "2026-07-06T11:30"}
        )
    assert issued["Location"] == url("request_detail", measured)
    assert measured.step_runs.get(step__number=1).measured_until == at


def test_a_signature_from_before_the_receipt_or_from_the_future_is_told(
    head: Client, measured: AccountRequest
) -> None:
    before = head.post(url("issue", measured), sent(returned(measured)))
    assert 'value="2026-07-06T09:30"' in str(before.context["form"]["signed_at"])
    refused = head.post(
        url("issue", measured), {**DECIDED, **waiting(), "signed_at": "2026-07-06T09:30"}
    )
    assert refused.context["form"].errors["signed_at"] == [
        (
            "Waktu tanda tangan lebih awal daripada penerimaan berkas "
            "(Senin, 6 Juli 2026, 10.00 WITA)."
        )
    ]
    future = signed_at(measured, cases.MONDAY + dt.timedelta(hours=1))
    looked = head.post(url("issue", measured), sent(future))
    [doubt] = looked.context["signed"].differences
    assert (doubt.label, doubt.paper) == (
        "Tanda tangan",
        "Waktu tanda tangan Senin, 6 Juli 2026, 11.00 WITA belum tiba.",
    )
    refused = head.post(
        url("issue", measured),
        {**DECIDED, **waiting(), "signed_at": "2026-07-06T11:00", "confirmed": doubt.key},
    )
    assert refused.context["form"].errors["signed_at"] == [
        "Waktu tanda tangan belum tiba. Isi saat SK benar-benar ditandatangani."
    ]
    assert cases.fresh(measured).state == CaseState.DRAFT


# -- entered later than it happened ----------------------------------------------------------------

TYPED = {"happened_at": "2026-07-06T11:30", "late_reason": "Aplikasi tidak dapat dibuka"}


def test_an_sk_that_is_entered_late_is_looked_at_and_its_differences_confirmed(
    head: Client, case: AccountRequest, office_people: cases.OfficePeople
) -> None:
    other = "000.3/9/B.PBJ-II/2026"
    data = signed_at(case, dt.datetime(2026, 7, 6, 3, 30, tzinfo=dt.UTC))
    evidence = SimpleUploadedFile("bukti.pdf", EMPTY_PDF)
    with clock.moved_to(cases.MONDAY + dt.timedelta(hours=4)):
        looked = head.post(
            url("late_entry", case),
            {**sent(data), "number": other, "evidence": evidence},
        )
        assert told(looked) == [("Nomor SK", other, NUMBER)]
        page = looked.content.decode()
        assert "Dra. Ratna Dewi (NIP 19720528 200502 1 001)" in page
        assert 'value="2026-07-06T11:30"' in page
        assert "bukti.pdf" in page
        assert (cases.fresh(case).state, LateEntry.objects.count()) == (CaseState.DRAFT, 0)

        staged = StagedUpload.objects.get(purpose="signed_decree")
        typed = {**DECIDED, **TYPED, "number": other, "staged": str(staged.public_id)}
        refused = head.post(url("late_entry", case), typed)
        assert "(Nomor SK)" in refused.content.decode()
        [key] = [each.key for each in refused.context["signed"].differences]
        assert (LateEntry.objects.count(), StagedUpload.objects.count()) == (0, 2)

        # What is found is another thing now, so the confirmation of the former does not hold.
        changed = {**typed, "number": "000.3/8/B.PBJ-II/2026", "confirmed": key}
        asked_again = head.post(url("late_entry", case), changed)
        assert told(asked_again) == [("Nomor SK", "000.3/8/B.PBJ-II/2026", NUMBER)]
        assert LateEntry.objects.count() == 0

        entered = head.post(url("late_entry", case), {**typed, "confirmed": key})
    assert entered["Location"] == url("request_detail", case)
    fresh = cases.fresh(case)
    assert (fresh.state, fresh.decree_number, fresh.issued_at) == (
        CaseState.DECREE_ISSUED,
        other,
        dt.datetime(2026, 7, 6, 3, 30, tzinfo=dt.UTC),
    )
    assert not StagedUpload.objects.exists()
    assert papers.read(Document.objects.get(request=case, kind=DocumentKind.DECREE)) == data
    assert [each["label"] for each in SignatureCheck.objects.get().differences] == ["Nomor SK"]
    entry = LateEntry.objects.get()
    assert entry.details["differences"] == ["Nomor SK"]
    assert entry.evidence is not None
    assert papers.read(entry.evidence) == EMPTY_PDF
    [notice] = Message.objects.filter(kind=MessageKind.LATE_ENTRY_RECORDED)
    assert (notice.recipient, notice.context["differences"]) == (office_people.biro, 1)
    note = case.notes.latest("pk").text
    assert "PDF yang ditandatangani berbeda, dinyatakan tetap sah: Nomor SK." in note
    decided = head.get(reverse("late_entry_decide", args=[case.number, entry.pk]))
    assert "Dinyatakan tetap sah sebagai SK: Nomor SK." in decided.content.decode()


def test_a_late_sk_that_says_the_same_needs_no_confirmation(
    head: Client, case: AccountRequest
) -> None:
    data = signed_at(case, dt.datetime(2026, 7, 6, 3, 30, tzinfo=dt.UTC))
    with clock.moved_to(cases.MONDAY + dt.timedelta(hours=4)):
        looked = head.post(url("late_entry", case), {**sent(data), **TYPED})
        assert told(looked) == []
        assert looked.context["form"]["late_reason"].value() == TYPED["late_reason"]
        again = head.get(url("late_entry", case)).content.decode()
        assert "sudah diperiksa dan menunggu" in again
        evidence = {"evidence": SimpleUploadedFile("bukti.pdf", EMPTY_PDF)}
        stale = {**DECIDED, **TYPED, **evidence, "staged": "lain"}
        refused = head.post(url("late_entry", case), stale).content.decode()
        assert "PDF yang menunggu bukan lagi PDF pada halaman tadi" in refused
        assert LateEntry.objects.count() == 0
        staged = StagedUpload.objects.get(purpose="signed_decree")
        typed = {**DECIDED, **TYPED, "staged": str(staged.public_id)}
        entered = head.post(url("late_entry", case), typed)
    assert entered["Location"] == url("request_detail", case)
    assert "differences" not in LateEntry.objects.get().details


def test_what_is_not_signed_is_no_late_sk_either(head: Client, case: AccountRequest) -> None:
    concept = documents.render(DocumentKind.DECREE_CONCEPT, case, at=clock.now())
    response = head.post(url("late_entry", case), {**sent(concept.data), **TYPED})
    [sentence] = response.context["act_form"].errors["signed_file"]
    assert sentence.startswith("PDF sk.pdf tidak memuat tanda tangan elektronik")
    assert not StagedUpload.objects.exists()


@pytest.mark.parametrize(("form", "start"), [("pdf", b"%PDF-"), ("docx", b"PK")])
def test_the_konsep_is_taken_away_with_its_number_and_the_trail_says_so(
    head: Client, case: AccountRequest, form: str, start: bytes
) -> None:
    response = head.get(url("decree_for_signing", case), {"bentuk": form})
    assert response.content.startswith(start)
    assert response["Content-Disposition"].endswith(f'.{form}"')
    entry = AuditEntry.objects.filter(act=Act.EXPORT).latest("sequence")
    assert entry.object_label == f"Konsep SK {case.number} ({form.upper()})"


def test_an_sk_that_is_approved_inside_is_not_given_out_for_signing(
    head: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    inside = cases.submitted(office_people)
    assert head.get(url("decree_for_signing", inside)).status_code == 409


def test_a_later_look_keeps_nobody_waiting_for_the_case(
    head: Client,
    case: AccountRequest,
    office_people: cases.OfficePeople,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    head.post(url("issue", case), sent(returned(case)))
    head.post(url("issue", case), {**DECIDED, **waiting()})
    around, during, examine = len(connection.savepoint_ids), [], signatures.examine

    def examined(*arguments: Any) -> Any:
        during.append(len(connection.savepoint_ids))
        return examine(*arguments)

    monkeypatch.setattr(signatures, "examine", examined)
    workflow.check_again(cases.fresh(case), actor=office_people.kepala)
    assert during == [around]
