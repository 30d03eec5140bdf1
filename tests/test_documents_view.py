"""A document as it was stored: who may open it, how it is served, what a damaged one answers."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts_requests import clock, papers, workflow
from accounts_requests.models import AccountRequest, Document, DocumentContent
from accounts_requests.states import DocumentKind, SigningMethod
from accounts_requests.uploads import Upload

from . import cases
from .cases import MONDAY, OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]


@pytest.fixture
def decree(office_people: OfficePeople) -> Document:
    with clock.moved_to(MONDAY):
        case = cases.issued(office_people)
    return case.documents.get(kind=DocumentKind.DECREE)


def url(document: Document) -> str:
    return reverse("document", args=[document.public_id])


def test_a_pdf_is_shown_in_the_browser_as_it_was_stored(
    client: Client, office_people: OfficePeople, decree: Document
) -> None:
    client.force_login(office_people.inspector)

    with clock.moved_to(MONDAY):
        response = client.get(url(decree))

    assert response.content == papers.read(decree)
    assert {
        name: response.headers[name]
        for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options")
    } == {
        "Content-Type": "application/pdf",
        "Content-Disposition": f'inline; filename="{decree.file_name}"',
        "X-Content-Type-Options": "nosniff",
    }
    assert response.headers["Cache-Control"] == "private, no-store"


def test_a_download_is_an_attachment(
    client: Client, office_people: OfficePeople, decree: Document
) -> None:
    client.force_login(office_people.inspector)

    with clock.moved_to(MONDAY):
        response = client.get(url(decree), {"unduh": "1"})

    assert response.headers["Content-Disposition"].startswith("attachment; ")


@pytest.mark.parametrize("reader", ["keeper", "nobody"])
def test_who_may_not_read_people_may_not_open_their_papers(
    client: Client, office_people: OfficePeople, decree: Document, reader: str
) -> None:
    client.force_login(getattr(office_people, reader))

    with clock.moved_to(MONDAY):
        response = client.get(url(decree))

    assert response.status_code == 403


def test_bytes_that_changed_are_not_shown(
    client: Client, office_people: OfficePeople, decree: Document, without_guard_rails: None
) -> None:
    DocumentContent.objects.filter(document=decree).update(data=b"%PDF-1.4 lain")
    client.force_login(office_people.kepala)

    with clock.moved_to(MONDAY):
        response = client.get(url(decree))

    assert response.status_code == 409
    assert "SHA-256 berbeda" in response.content.decode()


def test_a_paper_that_is_still_being_made_says_so(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.draft(office_people, people=1)
        workflow.submit_for_initials(
            case, actor=office_people.drafter, signing_method=SigningMethod.IN_APP
        )
        form = case.documents.get(kind=DocumentKind.FORM)
        client.force_login(office_people.drafter)
        response = client.get(url(form))

    assert response.status_code == 409
    assert "masih disiapkan" in response.content.decode()


def test_what_a_browser_should_not_run_is_only_downloaded(
    client: Client, office_people: OfficePeople, decree: Document, without_guard_rails: None
) -> None:
    Document.objects.filter(pk=decree.pk).update(
        media_type="text/html", file_name='a"\r\nX: b.html'
    )
    client.force_login(office_people.kepala)

    with clock.moved_to(MONDAY):
        response = client.get(url(decree))

    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"] == 'attachment; filename="aX b.html"'


def test_a_scan_keeps_its_media_type(client: Client, office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = cases.draft(office_people)
        scan = _attach(case, office_people)
        client.force_login(office_people.drafter)
        response = client.get(url(scan))

    assert response.headers["Content-Type"] == "image/png"


def _attach(case: AccountRequest, people: OfficePeople) -> Document:
    scan = io.BytesIO()
    Image.new("L", (40, 40), 255).save(scan, "PNG")
    return workflow.attach_scan(
        case,
        actor=people.drafter,
        upload=Upload(file_name="pindai.png", data=scan.getvalue()),
        title="Disposisi",
    )
