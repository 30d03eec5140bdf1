"""Step 5 as Admin PPE meets it: what goes into the file, and the act."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import clock
from accounts_requests.models import AccountRequest, Document
from accounts_requests.states import DocumentState

from . import cases
from .cases import MONDAY, OfficePeople
from .query_counts import queries
from .reading import html_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

QUERIES = 15
BY_HTMX = {"HX-Request": "true"}


def url(name: str, case: AccountRequest) -> str:
    return reverse(name, args=[case.number])


def met(case: AccountRequest) -> dict[str, str]:
    return {f"requirement_{key}": "ya" for key in cases.all_met(case)}


@pytest.fixture
def admin(client: Client, office_people: OfficePeople) -> Client:
    """The browser of the Admin PPE who holds the cases."""
    client.force_login(office_people.admin1)
    return client


@pytest.fixture
def preparing(office_people: OfficePeople) -> AccountRequest:
    """A case at step 5 whose Bukti Pengiriman E-mail is still being prepared."""
    case = cases.sent(office_people)
    cases.settle(case)
    return cases.fresh(case)


def test_the_file_is_listed_in_its_order_and_what_comes_afterwards_too(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.emailed(office_people)

    response = admin.get(url("archive_case", case))

    assert [paper.kind for paper in response.context["papers"]] == [
        "decree",
        "form",
        "form",
        "order",
        "account_sheet",
        "mail_proof",
    ]
    assert response.context["afterwards"] == ["Lembar Kendali", "Berkas Arsip"]


def test_the_file_is_archived_with_its_place(admin: Client, office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = cases.emailed(office_people)
        response = admin.post(
            url("archive_case", case), met(case) | {"location": "Rak 1, Boks 2"}, follow=True
        )

    archived = cases.fresh(case)
    assert response.redirect_chain == [(url("request_detail", case), 302)]
    assert "Berkas diarsipkan dengan nomor 0001/2026." in response.content.decode()
    assert (archived.state, archived.archive_location) == ("archived", "Rak 1, Boks 2")


def test_without_an_answer_nothing_is_archived_and_the_place_is_kept(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.emailed(office_people)

    response = admin.post(url("archive_case", case), {"location": "Rak 1, Boks 2"})

    assert response.status_code == 200
    assert 'value="Rak 1, Boks 2"' in response.content.decode()
    assert cases.fresh(case).state == "email_sent"


def test_the_page_waits_while_papers_are_being_prepared(
    admin: Client, preparing: AccountRequest
) -> None:
    polls = f'hx-get="{url("archive_papers", preparing)}" hx-trigger="every 3s"'

    before = html_of(admin, url("archive_case", preparing))
    part = admin.get(url("archive_papers", preparing), headers=BY_HTMX)
    cases.render_papers(preparing)
    after = html_of(admin, url("archive_case", preparing))
    last = admin.get(url("archive_papers", preparing), headers=BY_HTMX)

    assert "1 dokumen masih disiapkan." in before
    assert polls in before
    assert polls in part.content.decode()
    assert polls not in after
    assert last["HX-Refresh"] == "true"


def test_a_press_that_comes_too_early_keeps_what_was_typed(
    admin: Client, preparing: AccountRequest
) -> None:
    response = admin.post(
        url("archive_case", preparing), met(preparing) | {"location": "Rak 1, Boks 2"}
    )

    html = response.content.decode()
    assert response.status_code == 200
    assert "1 dokumen masih disiapkan. Tunggu sebentar, lalu ulangi" in html
    assert 'value="Rak 1, Boks 2"' in html
    assert cases.fresh(preparing).state == "email_sent"


def test_a_paper_that_failed_says_whom_to_tell(admin: Client, preparing: AccountRequest) -> None:
    Document.objects.filter(request=preparing, state=DocumentState.OWED).update(
        state=DocumentState.FAILED
    )

    html = html_of(admin, url("archive_case", preparing))

    assert "1 dokumen gagal disiapkan." in html
    assert "Beri tahu Pengelola Aplikasi" in html
    assert 'hx-get="/permohonan/' not in html


def test_the_second_press_reads_the_number_of_the_file(
    admin: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.archived(office_people)
        response = admin.post(url("archive_case", case))

    assert response.status_code == 409
    html = response.content.decode()
    assert "Langkah ini telah diselesaikan oleh Anda sendiri pukul 10.00 WITA" in html
    assert "Berkas diarsipkan dengan nomor 0001/2026." in html


def test_archiving_belongs_to_who_holds_the_task(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.emailed(office_people)

    client.force_login(office_people.admin2)
    assert client.get(url("archive_case", case)).status_code == 409
    client.force_login(office_people.biro)
    assert client.get(url("archive_case", case)).status_code == 403


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_asks_as_often_for_one_person_as_for_three(
    admin: Client, office_people: OfficePeople, people: int
) -> None:
    case = cases.emailed(office_people, people=people)

    with queries() as asked:
        admin.get(url("archive_case", case))

    assert len(asked) == QUERIES
