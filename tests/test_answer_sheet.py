"""Lembar Pertanggungjawaban Penyimpangan as it is printed, and the papers that tell of it."""

import datetime as dt

import pytest

from accounts_requests import clock, documents, papers, workflow
from accounts_requests.models import AccountRequest, Document, Office
from accounts_requests.states import DocumentKind, DocumentState, Verdict

from . import accountability_cases as told
from . import cases
from .cases import OfficePeople
from .test_documents import flat

pytestmark = pytest.mark.django_db


def rendered(document: Document) -> str:
    """The words of a paper that the worker makes now."""
    while (claimed := papers.claim_owed(clock.now())) is not None:
        papers.render_claimed(claimed, clock.now())
    document = Document.objects.get(pk=document.pk)
    assert (document.state, document.last_error) == (DocumentState.STORED, "")
    return flat(papers.read(document))


@pytest.fixture
def case(office_people: OfficePeople) -> AccountRequest:
    return told.late_step3(office_people)


def test_the_sheet_tells_who_answered_what_and_how_it_was_judged_before_and_at_last(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    Office.objects.update(city="Samarinda")
    with clock.moved_to(told.LATER):
        first = told.answered(case, actor=office_people.admin1)
        workflow.judge_answer(
            first, actor=office_people.kepala, verdict=Verdict.RETURNED, ground="Belum ada bukti."
        )
        second = told.answered(case, actor=office_people.admin1, evidence=[told.picture()])
        told.accepted(second, actor=office_people.kepala)
        sheet = second.documents.get(kind=DocumentKind.ANSWER_SHEET)
        proof = second.documents.get(kind=DocumentKind.ANSWER_PROOF)
        text = rendered(sheet)

    for words in (
        "LEMBAR PERTANGGUNGJAWABAN PENYIMPANGAN Nomor PJ-2026-0002",
        "Admin Contoh Satu, NIP 19720528 200502 1 001, sebagai Admin PPE",
        "Admin Contoh Satu (Admin PPE), Rabu, 8 Juli 2026, 10.00 WITA",
        "terlambat 1 jam",
        "Gangguan aplikasi SPSE",
        "SPSE tidak dapat dibuka selama satu jam.",
        "Akun dibuat begitu SPSE pulih.",
        "Gangguan dilaporkan lebih awal.",
        f"Bukti 1 jawaban PJ-2026-0002, disimpan pada berkas permohonan {case.number}",
        proof.sha256[:8],
        "Diterima, oleh Kepala Contoh (Kepala LPSE).",
        "PJ-2026-0001, Rabu, 8 Juli 2026, 10.00 WITA: Gangguan aplikasi SPSE.",
        "Dikembalikan oleh Kepala Contoh, Rabu, 8 Juli 2026, 10.00 WITA: Belum ada bukti.",
        "Hasil penilaian: Diterima",
        "Samarinda, 8 Juli 2026",
        "Bukan tanda tangan elektronik tersertifikasi.",
    ):
        assert words in text
    assert "Tambahan ke-" not in text
    assert not first.documents.exists()


def test_a_sheet_after_archiving_bears_its_number_and_what_others_answered(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    case = told.to_the_archive(case, office_people)
    office_people.admin1.is_active = False
    office_people.admin1.save()
    with clock.moved_to(told.LATER):
        answer = told.answered(case, actor=office_people.kepala)
        workflow.judge_answer(
            answer,
            actor=office_people.biro,
            verdict=Verdict.NO_DEVIATION,
            ground="Jam kerja hari itu keliru.",
        )
        sheet = answer.documents.get(kind=DocumentKind.ANSWER_SHEET)
        text = rendered(sheet)

    assert f"Tambahan ke-1 pada berkas {case.archive_number}" in text
    assert "Dijawab oleh Kepala LPSE karena Admin Contoh Satu tidak lagi bertugas." in text
    assert "Hasil penilaian: Bukan penyimpangan" in text
    assert "Bukan penyimpangan, oleh Biro Contoh (Kepala Biro). Jam kerja hari itu keliru." in text


def test_the_control_sheet_tells_how_each_deviation_stood_when_it_was_archived(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    with clock.moved_to(cases.MONDAY + dt.timedelta(hours=2, minutes=1)):
        told.accepted(told.answered(case, actor=office_people.admin1), actor=office_people.kepala)
    case = told.to_the_archive(case, office_people)
    archived_at = case.archived_at
    assert archived_at is not None
    with clock.moved_to(told.LATER):
        answer = case.deviation_answers.get()
        workflow.judge_answer(
            answer,
            actor=office_people.kepala,
            verdict=Verdict.NO_DEVIATION,
            ground="Ternyata kalendernya keliru",
            corrects=answer.judgements.get().pk,
        )

    then = flat(documents.render(DocumentKind.CONTROL_SHEET, case, at=archived_at).data)
    now = flat(documents.render(DocumentKind.CONTROL_SHEET, case, at=told.LATER).data)

    assert "Terdapat penyimpangan (1 dipertanggungjawabkan dan diterima)" in then
    assert "Diterima (PJ-2026-0001)" in then
    assert "Sesuai mutu baku" not in then
    assert "Sesuai mutu baku; 1 dinilai bukan penyimpangan" in now
    assert "Bukan penyimpangan: waktu" in now


def test_a_sheet_belongs_to_an_answer(office_people: OfficePeople, case: AccountRequest) -> None:
    with pytest.raises(ValueError, match="about one answer"):
        documents.render(DocumentKind.ANSWER_SHEET, case, at=told.LATER)
