"""Ralat, perubahan and pencabutan: papers beside an issued SK, which itself is never edited."""

import datetime as dt
from collections.abc import Iterator, Sequence

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts_requests import clock, document_codes, papers, workflow
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.models import AccountRequest, AuditEntry, Document, Office
from accounts_requests.states import Act, CaseState, DocumentKind
from accounts_requests.uploads import Upload

from . import cases
from .case_fixtures import EMPTY_PDF
from .cases import OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers", "empty_cache")]

RALAT = DocumentKind.DECREE_CORRECTION
PERUBAHAN = DocumentKind.DECREE_AMENDMENT
PENCABUTAN = DocumentKind.DECREE_REVOCATION
TODAY = cases.MONDAY.date()


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(cases.MONDAY):
        yield


def a_paper(
    kind: DocumentKind,
    number: str,
    positions: Sequence[int] = (),
    date: dt.date | None = TODAY,
) -> workflow.DecreePaper:
    upload = Upload("dokumen.pdf", EMPTY_PDF + number.encode())
    return workflow.DecreePaper(
        kind=kind, number=number, date=date, positions=positions, upload=upload
    )


def amended(
    case: AccountRequest,
    staff: OfficePeople,
    kind: DocumentKind,
    number: str,
    positions: Sequence[int] = (),
) -> Document:
    return workflow.amend_decree(
        case,
        actor=staff.kepala,
        paper=a_paper(kind, number, positions),
        reason="Keputusan pimpinan",
    )


def test_a_paper_about_people_stands_beside_the_sk_and_says_whom_it_is_about(
    office_people: OfficePeople,
) -> None:
    case = cases.issued(office_people, people=3)
    decree = case.documents.get(kind=DocumentKind.DECREE)
    before = papers.read(decree)

    stored = amended(case, office_people, PERUBAHAN, " 000.3/8/2026", [3, 1, 3])

    about = "mengenai personel nomor 1, 3 dalam Lampiran"
    assert (stored.number, stored.dated, stored.concerns, stored.addendum) == (
        "000.3/8/2026",
        dt.date(2026, 7, 6),
        [1, 3],
        None,
    )
    assert stored.title == f"Perubahan SK nomor 000.3/8/2026, {about}"
    assert papers.read(stored) == EMPTY_PDF + b" 000.3/8/2026"
    told = AuditEntry.objects.get(act=Act.AMEND_DECREE)
    assert told.changes == {
        "number": "000.3/8/2026",
        "concerns": [1, 3],
        "sha256": stored.sha256,
    }
    note = case.notes.get()
    assert note.text == f"Perubahan SK nomor 000.3/8/2026 dicatat, {about}: Keputusan pimpinan"
    fresh = Document.objects.get(pk=decree.pk)
    assert (papers.read(fresh), fresh.superseded_at) == (before, None)
    assert cases.fresh(case).state == CaseState.DECREE_ISSUED


def test_what_comes_after_the_archive_is_a_numbered_addition_to_the_file(
    office_people: OfficePeople,
) -> None:
    case = cases.archived(office_people)

    first = amended(case, office_people, RALAT, "1/R", [2])
    second = amended(case, office_people, PENCABUTAN, "2/C")

    assert [first.addendum, second.addendum] == [1, 2]
    assert cases.fresh(case).state == CaseState.ARCHIVED


def test_an_sk_outlives_its_cancelled_case_and_what_never_was_cannot_be_ended(
    office_people: OfficePeople,
) -> None:
    issued, drafted = cases.issued(office_people), cases.draft(office_people)
    for case in (issued, drafted):
        workflow.cancel(case, actor=office_people.kepala, reason="Kegiatan ditiadakan")

    assert amended(issued, office_people, PENCABUTAN, "2/C").concerns == []
    with pytest.raises(NotAllowedNow, match="dibatalkan sebelum SK-nya terbit"):
        amended(drafted, office_people, PENCABUTAN, "3/C")


def test_what_is_ended_as_a_whole_is_not_mended_any_more(office_people: OfficePeople) -> None:
    case = cases.issued(office_people)
    amended(case, office_people, PENCABUTAN, "1/C", [1])
    amended(case, office_people, PENCABUTAN, "2/C")

    with pytest.raises(NotAllowedNow, match="dicabut seluruhnya dengan dokumen nomor 2/C"):
        amended(case, office_people, RALAT, "3/R")


def test_nobody_is_ordered_to_create_accounts_under_an_sk_that_was_revoked(
    office_people: OfficePeople,
) -> None:
    case = cases.issued(office_people, people=2)
    amended(case, office_people, PENCABUTAN, "000.3/8/2026", [2])
    other = cases.issued(office_people, people=2, number="000.3/2/B.PBJ-II/2026")
    amended(other, office_people, PENCABUTAN, "000.3/9/2026")

    workflow.order_accounts(case, actor=office_people.kepala)
    with pytest.raises(NotAllowedNow, match=r"nomor 000\.3/9/2026, sehingga tidak menjadi dasar"):
        workflow.order_accounts(other, actor=office_people.kepala)

    assert cases.fresh(case).state == CaseState.ORDERED
    assert cases.fresh(other).state == CaseState.DECREE_ISSUED


def test_no_account_is_recorded_for_whom_the_sk_was_revoked(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people, people=3)
    revoked, kept, created = cases.accounts(case)
    cases.record_created(created, office_people.admin1)
    amended(case, office_people, PENCABUTAN, "000.3/8/2026", [1, 3])

    with pytest.raises(NotAllowedNow) as refused:
        cases.record_created(revoked, office_people.admin1)
    cases.record_created(kept, office_people.admin1)
    cases.record_created(created, office_people.admin1)  # it exists: a correction
    workflow.record_refused(revoked, actor=office_people.admin1, reason="SK dicabut")

    assert str(refused.value) == (
        "SK bagi personel ini sudah dicabut dengan dokumen nomor 000.3/8/2026, sehingga akunnya "
        "tidak dibuat. Tidak ada yang tersimpan. Catat bahwa akun tidak dapat dibuat, dengan "
        "pencabutan itu sebagai alasannya."
    )
    assert [each.state for each in cases.accounts(case)] == ["refused", "created", "created"]
    client.force_login(office_people.admin1)
    told = [
        "SK dicabut bagi personel ini"
        in client.get(reverse("account_entry", args=[case.number, position])).content.decode()
        for position in (1, 2, 3)
    ]
    assert told == [True, False, True]


def test_the_button_goes_with_the_sk_and_so_does_every_further_ralat(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.issued(office_people)
    address = reverse("amend_decree", args=[case.number])
    client.force_login(office_people.kepala)

    def buttons() -> int:
        page = client.get(reverse("request_detail", args=[case.number])).content.decode()
        return page.count(f'href="{address}"')

    amended(case, office_people, RALAT, "1/R")
    amended(case, office_people, PERUBAHAN, "2/P")
    amended(case, office_people, PENCABUTAN, "3/C", [1])
    assert (buttons(), client.get(address).status_code) == (1, 200)
    amended(case, office_people, PENCABUTAN, "4/C")
    assert (buttons(), client.get(address).status_code) == (0, 409)

    correction = workflow.DecreeCorrection("5/R", TODAY, Upload("ralat.pdf", EMPTY_PDF))
    with pytest.raises(InvalidInput) as refused:
        workflow.mend_registrant(
            case.registrants.get(position_in_list=1),
            actor=office_people.drafter,
            person=cases.person(1, full_name="Contoh Personel Satu"),
            reason="Nama salah ketik",
            correction=correction,
        )
    assert refused.value.errors == {
        "correction_number": [
            (
                "SK ini sudah dicabut seluruhnya dengan dokumen nomor 4/C. Tidak ada yang perlu "
                "dicatat lagi."
            )
        ]
    }


@pytest.mark.parametrize(
    ("paper", "field", "said"),
    [
        (a_paper(RALAT, "  "), "number", "Isi nomor dokumen"),
        (a_paper(RALAT, "000.3/1/B.PBJ-II/2026"), "number", "nomor SK-nya sendiri"),
        (a_paper(PERUBAHAN, "1/R"), "number", "sudah tercatat pada permohonan ini"),
        (a_paper(RALAT, "2/R", date=None), "date", "Isi tanggal"),
        (a_paper(RALAT, "2/R", date=dt.date(2026, 7, 7)), "date", "belum tiba"),
        (a_paper(RALAT, "2/R", date=dt.date(2026, 7, 5)), "date", "mendahului SK-nya"),
        (a_paper(RALAT, "2/R", [1, 9]), "positions", "tidak ada dalam Lampiran"),
        (a_paper(DocumentKind.FORM, "2/R"), "kind", "Pilih ralat"),
    ],
    ids=["no number", "the SK's own", "taken", "no date", "to come", "before the SK", "a stranger",
         "no such paper"],
)  # fmt: skip
def test_what_is_wrong_with_a_paper_is_said_beside_its_field(
    office_people: OfficePeople, paper: workflow.DecreePaper, field: str, said: str
) -> None:
    case = cases.issued(office_people)
    amended(case, office_people, RALAT, "1/R")

    with pytest.raises(InvalidInput) as refused:
        workflow.amend_decree(case, actor=office_people.kepala, paper=paper, reason="Salah ketik")

    assert list(refused.value.errors) == [field]
    assert said in refused.value.errors[field][0]
    assert case.documents.filter(kind__in=[RALAT, PERUBAHAN]).count() == 1


def test_the_head_finds_the_page_and_loses_nothing_over_a_mistake(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.issued(office_people)
    url = reverse("amend_decree", args=[case.number])
    client.force_login(office_people.kepala)
    assert url in client.get(reverse("request_detail", args=[case.number])).content.decode()
    typed = {
        "kind": PENCABUTAN.value,
        "number": "5/C",
        "date": "2026-07-06",
        "scope": "tertentu",
        "reason": "Pindah tugas ke kantor lain",
    }

    def sent(**changes: object) -> dict[str, object]:
        return {**typed, "file": SimpleUploadedFile("c.pdf", EMPTY_PDF), **changes}

    nobody = client.post(url, sent())
    both = client.post(url, sent(scope="seluruh", positions=["2"]))
    done = client.post(url, sent(positions=["2"]))

    assert nobody.context["form"].errors == {"positions": ["Pilih paling sedikit satu personel."]}
    assert nobody.context["form"]["number"].value() == "5/C"
    assert list(both.context["form"].errors) == ["positions"]
    assert done["Location"] == reverse("request_detail", args=[case.number])
    page = client.get(url).content.decode()
    assert "Pencabutan SK nomor 5/C, mengenai personel nomor 2 dalam Lampiran" in page


# -- what the public is told -----------------------------------------------------------------------


def asked(client: Client, document: Document) -> tuple[str, list[tuple[str, str]]]:
    """How the public page says the paper stands, and the papers it leads to."""
    code = document_codes.code_of(document.public_id)
    found = client.get(reverse("verification_paper", args=[code])).context["found"]
    return found.standing.value, [(one.joint, one.number) for one in found.relations]


def test_the_public_page_of_each_paper_leads_to_the_other(
    client: Client, office_people: OfficePeople
) -> None:
    Office.objects.update(verification_since=clock.today())
    case = cases.issued(office_people)
    decree = case.documents.get(kind=DocumentKind.DECREE)
    back = case.decree_number
    workflow.mend_registrant(
        case.registrants.get(position_in_list=1),
        actor=office_people.kepala,
        person=cases.person(1, position="Kepala Bagian"),
        reason="Jabatan salah ketik",
        correction=workflow.DecreeCorrection(
            number="1/R", date=clock.today(), upload=Upload("r.pdf", EMPTY_PDF)
        ),
    )
    changed = amended(case, office_people, PERUBAHAN, "2/P")
    partly = amended(case, office_people, PENCABUTAN, "3/C", [2])
    told = [
        ("Diralat untuk sebagian personel dengan", "1/R"),
        ("Diubah dengan", "2/P"),
        ("Dicabut untuk sebagian personel dengan", "3/C"),
    ]

    assert asked(client, decree) == ("asli", told)
    assert asked(client, changed) == ("asli", [("Perubahan atas", back)])
    assert asked(client, partly) == ("asli", [("Pencabutan atas", back)])

    ended = amended(case, office_people, PENCABUTAN, "4/C")
    assert asked(client, decree) == ("dicabut", [*told, ("Dicabut dengan", "4/C")])
    assert asked(client, ended) == ("asli", [("Pencabutan atas", back)])
