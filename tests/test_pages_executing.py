"""Taking a task, taking it over, and giving the case back: what Admin PPE's pages answer."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import clock, workflow
from accounts_requests.models import AccountRequest, User

from . import cases
from .cases import MONDAY, OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]


def url(name: str, case: AccountRequest, *args: int) -> str:
    return reverse(name, args=[case.number, *args])


def said(client: Client, user: User, address: str, data: dict[str, str] | None = None) -> str:
    """What a press meets that the gate refuses."""
    client.force_login(user)
    response = client.post(address, data or {})
    assert response.status_code == 409
    return " ".join(response.content.decode().split())


def test_taking_a_task_leads_straight_to_the_work(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.ordered(office_people)
    client.force_login(office_people.admin1)

    response = client.post(url("claim", case), follow=True)

    assert response.redirect_chain == [(url("accounts", case), 302)]
    assert cases.fresh(case).assignee == office_people.admin1
    assert "Tugas ini sekarang Anda pegang." in response.content.decode()


def test_a_task_is_taken_by_pressing_not_by_looking(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.ordered(office_people)
    client.force_login(office_people.admin1)

    assert client.get(url("claim", case)).status_code == 405
    assert cases.fresh(case).assignee is None


def test_the_second_admin_reads_who_took_the_task_and_when(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.claimed(office_people)
        html = said(client, office_people.admin2, url("claim", case))

    assert "Tugas ini telah diambil oleh Admin Contoh Satu pukul 10.00 WITA." in html


def test_only_admin_ppe_takes_a_task(client: Client, office_people: OfficePeople) -> None:
    case = cases.ordered(office_people)
    client.force_login(office_people.kepala)

    response = client.post(url("claim", case))

    assert response.status_code == 403
    assert "hanya dapat dilakukan oleh Admin PPE" in response.content.decode()


@pytest.mark.parametrize("name", ["claim", "take_over", "return_to_head", "accounts", "send"])
def test_nobody_acts_without_signing_in(
    client: Client, office_people: OfficePeople, name: str
) -> None:
    case = cases.ordered(office_people)

    response = client.post(url(name, case))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_a_task_is_taken_over_with_a_reason(client: Client, office_people: OfficePeople) -> None:
    case = cases.claimed(office_people)
    client.force_login(office_people.admin2)

    page = client.get(url("take_over", case)).content.decode()
    response = client.post(url("take_over", case), {"reason": "Pemegang tugas sedang dinas luar"})

    assert "Tugas ini sedang dipegang oleh Admin Contoh Satu." in page
    assert response["Location"] == url("accounts", case)
    assert cases.fresh(case).assignee == office_people.admin2


def test_taking_over_without_a_reason_changes_nothing(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people)
    client.force_login(office_people.admin2)

    response = client.post(url("take_over", case), {"reason": " "})

    assert response.status_code == 200
    assert "Alasan pengambilalihan wajib diisi." in response.content.decode()
    assert cases.fresh(case).assignee == office_people.admin1


def test_a_case_goes_back_to_the_head_with_a_reason(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people)
    client.force_login(office_people.admin1)

    assert client.get(url("return_to_head", case)).status_code == 200
    response = client.post(url("return_to_head", case), {"reason": "NIP personel nomor 2 keliru"})

    assert response["Location"] == url("request_detail", case)
    assert cases.fresh(case).state == "decree_issued"
    assert cases.fresh(case).return_reason == "NIP personel nomor 2 keliru"


def test_the_form_for_giving_back_keeps_what_was_typed(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people)
    client.force_login(office_people.admin1)

    response = client.post(url("return_to_head", case), {"reason": "keliru"})

    assert response.status_code == 200
    assert ">\nkeliru</textarea>" in response.content.decode()
    assert cases.fresh(case).state == "ordered"


def test_who_returns_a_second_time_reads_that_it_is_done(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.claimed(office_people)
        workflow.return_to_head(case, actor=office_people.admin1, reason="NIP nomor 2 keliru")
        html = said(client, office_people.admin1, url("return_to_head", case))

    assert "Langkah ini telah diselesaikan oleh Anda sendiri pukul 10.00 WITA" in html
    assert "Anda tidak perlu mengulanginya." in html
