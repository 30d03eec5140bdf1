"""Damaged files through the pages that take files: refused in words or taken whole, never a crash.

What was taken must also be bearable later: it is bound into an archive file.
"""

import io
from collections.abc import Iterator

import openpyxl
import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts_requests import clock, papers
from accounts_requests.documents import archive_file, print_copy
from accounts_requests.models import AccountRequest, Document, Office, StagedUpload
from accounts_requests.spreadsheets import people_template
from accounts_requests.states import DocumentKind

from . import cases
from .cases import OfficePeople
from .mutations import damaged, damaged_inside, seeded
from .upload_samples import image_bytes, pdf_bytes, signed_pdf, text_form

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(cases.MONDAY):
        yield


def filled_template() -> bytes:
    """The template of the application with three people in it."""
    book = openpyxl.load_workbook(io.BytesIO(people_template.build(Office.current())))
    sheet = book.worksheets[0]
    titles = [str(cell.value).strip(" *") for cell in sheet[1]]
    for number in range(1, 4):
        person = cases.person(number)
        known = {
            "Nama lengkap": person.full_name,
            "NIP/NI PPPK": person.nip,
            "E-mail": person.email,
            "Jabatan": person.position,
            "Unit kerja": person.work_unit,
        }
        for column, title in enumerate(titles, start=1):
            sheet.cell(row=number + 2, column=column, value=known.get(title, ""))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def scans() -> list[tuple[str, bytes]]:
    """Sound files of every kind that a scan may be."""
    return [
        ("sk.pdf", pdf_bytes(3)),
        ("isian.pdf", pdf_bytes(1, change=text_form)),
        ("bertanda-tangan.pdf", signed_pdf()),
        ("foto.jpg", image_bytes("JPEG", (160, 120))),
        ("bertahap.jpg", image_bytes("JPEG", (160, 120), progressive=True)),
        ("pindai.png", image_bytes("PNG", (90, 60))),
    ]


def upload_scans(people: OfficePeople, count: int) -> tuple[AccountRequest, list[bytes]]:
    """Send so many damaged scans to a draft; the case, and what was taken."""
    case = cases.draft(people, people=1)
    browser = Client()
    browser.force_login(people.drafter)
    url = reverse("attachments", args=[case.number])
    sound, taken = scans(), []
    for number in range(count):
        name, data = sound[number % len(sound)]
        sent = damaged(data, seeded("scan", number))
        answer = browser.post(url, {"file": SimpleUploadedFile(name, sent), "title": "Pindai"})
        assert answer.status_code in {200, 302}, number
        if answer.status_code == 302:
            taken.append(sent)
        else:
            assert "error-summary" in answer.content.decode(), number
    return case, taken


def check_what_was_taken(case: AccountRequest, taken: list[bytes]) -> None:
    """It is kept byte for byte, in the archived file as well, and can be printed from there."""
    kept = case.documents.filter(kind=DocumentKind.SCAN).order_by("pk")
    assert [papers.read(scan) for scan in kept] == taken
    case = cases.fresh(case)
    whole, _ = archive_file.render(case, at=clock.now(), identifier="1", code="", read=papers.read)
    with pikepdf.open(io.BytesIO(whole.data)) as pdf:
        assert [pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments] == taken
    file = Document(title="Berkas Arsip", file_name="Berkas-Arsip.pdf")
    printed, _ = print_copy.render(
        case,
        file,
        at=clock.now(),
        read=lambda paper: whole.data if paper is file else papers.read(paper),
    )
    assert printed.pages >= whole.pages + len(taken)


def upload_lists(people: OfficePeople, count: int) -> int:
    """Send so many damaged lists of people; how many could be read."""
    case = cases.draft(people, people=0)
    browser = Client()
    browser.force_login(people.drafter)
    url, sound, read = reverse("people_upload", args=[case.number]), filled_template(), 0
    for number in range(count):
        chance = seeded("list", number)
        sent = (damaged if number % 4 == 0 else damaged_inside)(sound, chance)
        answer = browser.post(url, {"file": SimpleUploadedFile("daftar.xlsx", sent)})
        assert answer.status_code in {200, 302}, number
        if answer.status_code == 302:
            read += 1
            assert bytes(StagedUpload.objects.get().data) == sent
            assert browser.get(url).status_code == 200
            taken_in = {"staged": str(StagedUpload.objects.get().public_id), "cara": "ganti"}
            answer = browser.post(reverse("people_import", args=[case.number]), taken_in)
            assert answer.status_code in {200, 302}, number
    return read


def test_damaged_scans_are_refused_in_words_or_taken_whole(office_people: OfficePeople) -> None:
    case, taken = upload_scans(office_people, 36)

    assert 0 < len(taken) < 36
    check_what_was_taken(case, taken)


def test_damaged_lists_are_refused_in_words_or_read(office_people: OfficePeople) -> None:
    assert 0 < upload_lists(office_people, 40) < 40
    assert Document.objects.count() == 0


@pytest.mark.slow
def test_three_hundred_damaged_scans(office_people: OfficePeople) -> None:
    case, taken = upload_scans(office_people, 300)

    assert 0 < len(taken) < 300
    check_what_was_taken(case, taken)


@pytest.mark.slow
def test_two_hundred_damaged_lists(office_people: OfficePeople) -> None:
    assert 0 < upload_lists(office_people, 200) < 200
