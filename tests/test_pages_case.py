"""The case page: the SOP sheet filled in, for whoever reads it."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import clock, workflow
from accounts_requests.models import AccountRequest, AuditEntry, StepRun, User
from accounts_requests.states import SigningMethod

from . import cases
from .cases import MONDAY, OfficePeople
from .query_counts import queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

QUERIES = 26


def show(client: Client, user: User, case: AccountRequest, name: str = "request_detail") -> str:
    client.force_login(user)
    response = client.get(reverse(name, args=[case.number]))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def row(html: str, number: int) -> str:
    found = re.search(rf'<tr class="[^"]*" id="langkah-{number}".*?</tr>', html)
    assert found is not None
    return found[0]


def test_each_step_of_the_sop_is_a_row_and_only_the_running_one_waits(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.ordered(office_people)
        html = show(client, office_people.inspector, case)

    classes = re.findall(r'<tr class="([^"]*)" id="langkah-(\d)"', html)
    assert classes == [
        ("step step-done", "1"),
        ("step step-done", "2"),
        ("step step-current", "3"),
        ("step step-waiting", "4"),
        ("step step-waiting", "5"),
    ]
    assert "menunggu Admin PPE (belum diambil)" in row(html, 3)
    assert "menunggu tindakan Anda" not in html


def test_the_header_counts_the_people_by_kind(client: Client, office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = cases.draft(office_people, people=4)
        html = show(client, office_people.drafter, case)

    assert "4 personel: 2 Verifikator, 1 Helpdesk, dan 1 Admin Agency" in html


@pytest.mark.parametrize(
    ("make", "reader", "step", "button"),
    [
        (cases.draft, "drafter", 1, "Ajukan paraf"),
        (cases.submitted, "drafter", 1, "Catat paraf"),
        (cases.issued, "kepala", 2, "Perintahkan"),
        (cases.ordered, "admin1", 3, "Ambil tugas"),
        (cases.claimed, "admin1", 3, "Buat akun"),
        (cases.recorded, "admin1", 4, "Kirim"),
        (cases.emailed, "admin1", 5, "Arsipkan"),
    ],
)
def test_the_one_whose_turn_it_is_finds_one_main_button_on_the_row(
    client: Client,
    office_people: OfficePeople,
    *,
    make: Callable[[OfficePeople], AccountRequest],
    reader: str,
    step: int,
    button: str,
) -> None:
    with clock.moved_to(MONDAY):
        case = make(office_people)
        html = show(client, getattr(office_people, reader), case)
        others = show(client, office_people.inspector, case)

    assert re.findall(r'class="btn btn-primary"[^>]*>([^<]*)<', row(html, step)) == [button]
    assert "menunggu tindakan Anda" in row(html, step)
    assert 'class="btn btn-primary"' not in others.split("<main")[1]


def test_a_colleague_may_take_over_but_has_no_main_button(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.claimed(office_people)
        html = show(client, office_people.admin2, case)

    assert "menunggu Admin Contoh Satu (Admin PPE)" in row(html, 3)
    assert "Ambil alih …" in html
    assert "Kembalikan …" not in html


def test_names_are_shown_by_role(client: Client, office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = cases.ordered(office_people)
        read = show(client, office_people.inspector, case)
        hidden = show(client, office_people.keeper, case)

    assert "Contoh Personel 001, S.Kom." in read
    assert "19850101 201001 1 001" in read
    assert "Contoh Personel" not in hidden
    assert "19850101" not in hidden
    assert "personel001@" not in hidden
    assert reverse("document", args=[case.documents.all()[0].public_id]) not in hidden


def test_without_a_role_nothing_is_shown(client: Client, office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = cases.draft(office_people)
        client.force_login(office_people.nobody)
        response = client.get(reverse("request_detail", args=[case.number]))

    assert response.status_code == 403


def test_a_visitor_is_asked_to_sign_in(client: Client, office_people: OfficePeople) -> None:
    url = reverse("request_detail", args=["P-2026-0001"])

    response = client.get(url)

    assert response.headers["Location"] == f"{reverse('account_login')}?next={url}"


def test_a_clean_case_is_called_clean_only_when_it_is_closed(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.emailed(office_people)
        html_open = show(client, office_people.kepala, case)
        workflow.archive(case, actor=office_people.admin1, answers=cases.all_met(case))
        html_closed = show(client, office_people.kepala, cases.fresh(case))

    assert "Sesuai mutu baku" not in html_open
    assert "Sesuai mutu baku" in html_closed
    assert html_closed.count('<p class="remark">sesuai</p>') == 5


def test_a_deviation_stands_on_its_row_and_in_the_verdict(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.recorded(office_people, people=3, refused=2)
        html = show(client, office_people.kepala, case)

    assert "Terdapat penyimpangan (2 belum dipertanggungjawabkan)" in html
    assert "Penyimpangan output (2)" in row(html, 3)
    assert "sesuai</p>" not in row(html, 3)


def test_a_returned_case_shows_the_reason_and_pauses_step_3(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.claimed(office_people)
        workflow.return_to_head(case, actor=office_people.admin1, reason="Alamat e-mail keliru")
        html = show(client, office_people.kepala, cases.fresh(case))

    assert "Dikembalikan oleh Admin PPE: Alamat e-mail keliru" in html
    assert "dijeda karena dikembalikan" in row(html, 3)
    assert "pelaksanaan ke-2, sesudah dikembalikan" in row(html, 2)
    assert 'href="#catatan"' in html


def test_the_stages_of_the_decree_are_timed_under_row_1(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.draft(office_people)
        clock.advance(dt.timedelta(minutes=20))
        workflow.submit_for_initials(
            case, actor=office_people.drafter, signing_method=SigningMethod.IN_APP
        )
        clock.advance(dt.timedelta(minutes=5))
        html = show(client, office_people.drafter, case)

    assert "<span>Konsep</span> <span>20 menit</span>" in row(html, 1)
    assert "<span>Paraf</span> <span>5 menit</span>" in row(html, 1)


def test_the_page_asks_again_only_while_a_machine_owes_something(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.draft(office_people)
        before = show(client, office_people.drafter, case)
        workflow.submit_for_initials(
            case, actor=office_people.drafter, signing_method=SigningMethod.IN_APP
        )
        owed = show(client, office_people.drafter, case)
        again = re.search(r'hx-get="(/permohonan/[^"]*)"', owed)
        assert again is not None
        same = client.get(again[1])
        cases.render_papers(case)
        changed = client.get(again[1])

    assert 'hx-get="/permohonan/' not in before
    assert "<strong>0 dari 3 dokumen siap</strong>" in owed
    assert (
        '<progress class="line-bar" max="3" value="0" aria-label="Dokumen yang siap"></progress>'
    ) in owed
    assert "Anda boleh meninggalkan halaman ini" in owed
    assert same.status_code == 204
    assert changed.status_code == 200
    assert 'hx-get="/permohonan/' not in changed.content.decode()


def test_only_admin_ppe_reports_that_the_step_was_shown(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.emailed(office_people)
        seen = reverse("request_seen", args=[case.number])
        assert "data-seen-url" not in show(client, office_people.kepala, case)
        client.post(seen)
        run = StepRun.objects.get(request=case, step__number=5)
        assert run.opened_at is None
        assert f'data-seen-url="{seen}"' in show(client, office_people.admin1, case)
        assert client.get(seen).status_code == 405
        assert client.post(seen).status_code == 204
        run = StepRun.objects.get(request=case, step__number=5)
        assert (run.opened_at, run.started_at) == (MONDAY, MONDAY)
        assert "data-seen-url" not in show(client, office_people.admin1, case)


def test_looking_at_a_case_writes_nothing(client: Client, office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = cases.claimed(office_people)
        before = (case.version, AuditEntry.objects.count())
        show(client, office_people.admin1, case)

        assert (cases.fresh(case).version, AuditEntry.objects.count()) == before


def test_the_basis_of_a_deadline_names_the_days_that_count(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.draft(office_people)
        client.force_login(office_people.kepala)
        html = client.get(reverse("request_basis", args=[case.number, 1])).content.decode()

    pieces = re.findall(r"<li( class=\"skipped\")?><span>([^<·]*) · ([^<]*?)<", html)
    assert [(bool(skipped), when.strip()) for skipped, when, _why in pieces] == [
        (True, "Senin, 6 Juli 2026"),
        (False, "Selasa, 7 Juli 2026"),
        (False, "Rabu, 8 Juli 2026"),
        (False, "Kamis, 9 Juli 2026"),
    ]
    assert "Hari penerimaan, tidak dihitung" in html
    assert "Kamis, 9 Juli 2026, 16.00 WITA" in html


def test_the_basis_of_minutes_goes_over_the_closing_time(
    client: Client, office_people: OfficePeople
) -> None:
    friday = dt.datetime(2026, 7, 10, 2, 30, tzinfo=dt.UTC)
    with clock.moved_to(friday):
        case = cases.ordered(office_people)
        client.force_login(office_people.kepala)
        html = client.get(reverse("request_basis", args=[case.number, 3])).content.decode()

    assert "Jumat, 10 Juli 2026, 10.30–11.00" in html
    assert "Sabtu" in html
    assert "Senin, 13 Juli 2026, 08.00 WITA" in html


def test_a_step_without_a_limit_has_no_deadline_to_explain(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.issued(office_people)
        html = show(client, office_people.kepala, case)
        client.force_login(office_people.kepala)
        basis = client.get(reverse("request_basis", args=[case.number, 2]))
        missing = client.get(reverse("request_basis", args=[case.number, 4]))

    assert "Dasar perhitungan tenggat" not in row(html, 2)
    assert "tanpa batas waktu" in basis.content.decode()
    assert missing.status_code == 404


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_costs_the_same_for_one_person_as_for_three(
    client: Client, office_people: OfficePeople, people: int
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.archived(office_people, people=people, refused=1 if people > 1 else 0)
        client.force_login(office_people.admin1)
        with queries() as counted:
            client.get(reverse("request_detail", args=[case.number]))

    # What was refused is a deviation, and whoever reads of one reads whose shares it was, too.
    assert len(counted) == QUERIES + (people > 1), counted
