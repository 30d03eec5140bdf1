"""The pages of the SOP's revisions: begun, typed over, compared, approved, withdrawn."""

import datetime as dt
import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import clock, revision_content, revision_keeping
from accounts_requests.models import SopRevision, User

from . import cases, revisions
from .cases import OfficePeople
from .page_forms import Form, form_on
from .query_counts import queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

TODAY = dt.date(2026, 7, 6)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(cases.MONDAY):
        yield


def opened(client: Client, user: User, name: str, *args: object, status: int = 200) -> str:
    client.force_login(user)
    response = client.get(reverse(name, args=args))
    assert response.status_code == status
    return response.content.decode()


def text_of(page: str) -> str:
    """The page as it reads: tags gone, white space single."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", page)))


def form_to(page: str, name: str, *args: object) -> Form:
    """The form of the page that is sent to that address; "" for the page's own."""
    if not name:
        return form_on(page, having="seen")
    return form_on(page, action=reverse(name, args=args))


def press(
    client: Client, user: User, address: str, *args: object, **fields: Any
) -> tuple[int, str]:
    client.force_login(user)
    response = client.post(reverse(address, args=args), fields, follow=True)
    return response.status_code, text_of(response.content.decode())


def step_fields(client: Client, staff: OfficePeople, number: int = 3) -> dict[str, Any]:
    return form_to(opened(client, staff.keeper, "revision_step", 2, number), "").fields


# -- the list, and beginning --------------------------------------------------------------------


def test_the_keeper_begins_a_revision_with_one_press(
    client: Client, office_people: OfficePeople
) -> None:
    page = opened(client, office_people.keeper, "revisions")
    assert form_to(page, "revision_begin").fields.keys() == {"csrfmiddlewaretoken"}
    status, said = press(client, office_people.keeper, "revision_begin")
    assert (status, "Konsep revisi 2 disusun sebagai salinan revisi yang berlaku." in said) == (
        200,
        True,
    )
    assert "Banyaknya langkah tetap lima, dengan pelaksana dan urutan yang sama" in said
    status, said = press(client, office_people.keeper, "revision_begin")
    assert (status, "Revisi 2 masih berupa konsep disusun oleh Pengelola Contoh." in said) == (
        409,
        True,
    )


def test_the_list_tells_where_each_revision_stands(
    client: Client, office_people: OfficePeople
) -> None:
    draft = revisions.drafted(office_people)
    revision_keeping.withdraw(draft, actor=office_people.keeper, reason="Salah menyalin.")
    revisions.approve(revisions.drafted(office_people), office_people, TODAY + DAY)
    rows = re.findall(
        r"<tr>(.*?)</tr>", opened(client, office_people.keeper, "revisions"), re.DOTALL
    )[1:]
    assert [
        re.findall(r"Revisi (\d)<.*?shape-\w+[^>]*></span>([^<]+)<", row, re.DOTALL) for row in rows
    ] == [
        [("3", "Disahkan, belum berlaku")],
        [("2", "Ditarik")],
        [("1", "Berlaku")],
    ]
    # A withdrawn revision is nobody's business but its makers'.
    said = text_of(opened(client, office_people.inspector, "revisions"))
    assert ("Revisi 3" in said, "Revisi 2 " in said, "Susun revisi" in said) == (True, False, False)


def test_the_menu_knows_that_revisions_belong_to_the_sop(
    client: Client, office_people: OfficePeople
) -> None:
    page = opened(client, office_people.keeper, "revisions")
    assert re.findall(r'aria-current="page">([^<]+)</a>', page) == ["SOP"]


@pytest.mark.parametrize("who", ["kepala", "drafter", "admin1", "inspector", "nobody"])
def test_a_draft_is_not_there_for_anybody_else(
    client: Client, office_people: OfficePeople, who: str
) -> None:
    revisions.drafted(office_people)
    person = getattr(office_people, who)
    for name in ("sop", "revision_compare"):
        opened(client, person, name, 2, status=404)
    for name, args in (("revision_sheet", (2,)), ("revision_step", (2, 3))):
        opened(client, person, name, *args, status=403)


# -- typing over --------------------------------------------------------------------------------


def test_a_step_is_typed_over_and_the_comparison_shows_it(
    client: Client, office_people: OfficePeople
) -> None:
    revisions.drafted(office_people)
    fields = step_fields(client, office_people)
    assert (fields["printed_limit"], fields["amount"], fields["unit"]) == (
        "90 Menit",
        "90",
        "working_minutes",
    )
    fields |= {"printed_limit": "2 Jam", "amount": "120", "output": ""}
    status, said = press(client, office_people.keeper, "revision_step", 2, 3, **fields)
    assert (status, "Langkah 3 disimpan." in said) == (200, True)
    assert "dihapus: 60 Menit baru: 2 Jam" in said
    assert "menjadi kosong (—)" in said
    assert "Langkah 3: tercetak “2 Jam”, dihitung 120 menit jam kerja." in said


def test_requirements_are_added_moved_and_removed_before_saving(
    client: Client, office_people: OfficePeople
) -> None:
    draft = revisions.drafted(office_people)
    client.force_login(office_people.keeper)
    address = reverse("revision_step", args=[2, 3])

    def arranged(order: str, fields: dict[str, Any]) -> dict[str, Any]:
        answer = client.post(address, {**fields, "atur": order})
        assert answer.status_code == 200
        page = answer.content.decode()
        assert "belum disimpan" in page
        return form_to(page, "").fields

    fields = step_fields(client, office_people) | {"remarks": "Belum disimpan."}
    first, second = fields["requirement_0"], fields["requirement_1"]
    fields = arranged("tambah", fields)
    fields["requirement_2"] = "Baru."
    fields = arranged("naik-2", fields)
    fields = arranged("hapus-0", fields)
    assert [fields[f"requirement_{place}"] for place in (0, 1)] == ["Baru.", second]
    assert ("requirement_2" in fields, fields["remarks"]) == (False, "Belum disimpan.")
    assert revisions.step_of(revisions.fresh(draft), 3).requirements == (first, second)
    client.post(address, fields)
    stored = revisions.step_of(revisions.fresh(draft), 3)
    assert (stored.requirements, stored.remarks) == (("Baru.", second), "Belum disimpan.")


@pytest.mark.parametrize("order", ["naik-0", "turun-1", "hapus-9", "naik-x", "ganti-1", "turun-²"])
def test_a_press_that_makes_no_sense_changes_nothing(
    client: Client, office_people: OfficePeople, order: str
) -> None:
    revisions.drafted(office_people)
    fields = step_fields(client, office_people)
    answer = client.post(reverse("revision_step", args=[2, 3]), {**fields, "atur": order})
    again = form_to(answer.content.decode(), "").fields
    assert {name: again[name] for name in fields if name != "csrfmiddlewaretoken"} == {
        name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"
    }


def test_what_is_refused_comes_back_as_it_was_typed(
    client: Client, office_people: OfficePeople
) -> None:
    draft = revisions.drafted(office_people)
    fields = step_fields(client, office_people) | {"activity": "", "remarks": "Tetap ada."}
    answer = client.post(reverse("revision_step", args=[2, 3]), fields)
    page = answer.content.decode()
    assert "Aktivitas wajib diisi. Banyaknya langkah tetap lima." in page
    assert form_to(page, "").fields["remarks"] == "Tetap ada."
    assert revisions.step_of(revisions.fresh(draft), 3).remarks == ""


def test_another_tab_is_noticed_and_the_second_press_goes_through(
    client: Client, office_people: OfficePeople
) -> None:
    draft = revisions.drafted(office_people)
    fields = step_fields(client, office_people) | {"remarks": "Dari tab ini."}
    revisions.change_step(draft, office_people, 3, remarks="Dari tab lain.")
    page = client.post(reverse("revision_step", args=[2, 3]), fields).content.decode()
    assert "Bagian ini diubah sejak halaman ini Anda buka" in page
    client.post(reverse("revision_step", args=[2, 3]), form_to(page, "").fields)
    assert revisions.step_of(revisions.fresh(draft), 3).remarks == "Dari tab ini."


def test_the_sheet_is_typed_over_and_blank_stays_blank(
    client: Client, office_people: OfficePeople
) -> None:
    draft = revisions.drafted(office_people)
    before = revision_content.read(draft).sheet
    fields = form_to(opened(client, office_people.keeper, "revision_sheet", 2), "").fields
    press(client, office_people.keeper, "revision_sheet", 2, **fields)
    assert revision_content.read(revisions.fresh(draft)).sheet == before
    fields |= {"revised": "1 JULI 2026", "cell_legal_bases": "Satu.\n\nDua.", "name": ""}
    status, said = press(client, office_people.keeper, "revision_sheet", 2, **fields)
    assert (status, "Nama SOP wajib diisi." in said) == (200, True)
    fields["name"] = "REGISTRASI AKUN"
    press(client, office_people.keeper, "revision_sheet", 2, **fields)
    after = revision_content.read(revisions.fresh(draft)).sheet
    assert (after.facts["revised"], after.facts["approved"], after.cells["legal_bases"]) == (
        "1 JULI 2026",
        "",
        ("Satu.", "Dua."),
    )
    assert revisions.fresh(draft).title == "REGISTRASI AKUN"


@pytest.mark.parametrize(("name", "args"), [("revision_sheet", (1,)), ("revision_step", (1, 3))])
def test_a_revision_in_force_is_not_typed_over(
    client: Client, office_people: OfficePeople, name: str, args: tuple[int, ...]
) -> None:
    page = text_of(opened(client, office_people.keeper, name, *args, status=409))
    assert "Revisi 1 sudah disahkan dan berlaku sejak 28 Februari 2023" in page


def test_there_are_five_steps(client: Client, office_people: OfficePeople) -> None:
    revisions.drafted(office_people)
    client.force_login(office_people.keeper)
    addresses = [reverse("revision_step", args=[2, number]) for number in range(7)]
    statuses = [client.get(address).status_code for address in addresses]
    assert statuses == [404, 200, 200, 200, 200, 200, 404]


# -- approving and withdrawing ------------------------------------------------------------------


def test_the_pengesah_reads_the_comparison_and_approves(
    client: Client, office_people: OfficePeople
) -> None:
    draft = revisions.drafted(office_people)
    page = opened(client, office_people.biro, "revision_compare", 2)
    form = form_to(page, "revision_approve", 2)
    assert form.fields["since"] == "2026-07-06"
    fields = form.fields | {"since": "2026-07-05", "reason": revisions.REASON}
    status, said = press(client, office_people.biro, "revision_approve", 2, **fields)
    assert (status, "Tanggal berlaku tidak boleh di masa lalu" in said) == (200, True)
    fields["since"] = "2026-07-07"
    status, said = press(client, office_people.biro, "revision_approve", 2, **fields)
    assert (status, "dengan Lembar Penafsiran 2. Permohonan yang berjalan" in said) == (200, True)
    assert revisions.fresh(draft).in_force_from == TODAY + DAY
    status, _ = press(client, office_people.biro, "revision_approve", 2, **fields)
    assert status == 409


def test_the_pengesah_finds_the_draft_on_the_first_page_until_it_is_approved(
    client: Client, office_people: OfficePeople
) -> None:
    said = "Konsep revisi 2 menunggu pengesahan Kepala Biro."
    draft = revisions.drafted(office_people)
    told = {
        who: said in opened(client, getattr(office_people, who), "home")
        for who in ("biro", "kepala")
    }
    revisions.approve(draft, office_people)
    told["later"] = said in opened(client, office_people.biro, "home")
    assert told == {"biro": True, "kepala": False, "later": False}


def test_who_approves_is_offered_it_and_nobody_else(
    client: Client, office_people: OfficePeople
) -> None:
    revisions.drafted(office_people)
    offered = {}
    for who in ("keeper", "biro"):
        page = opened(client, getattr(office_people, who), "revision_compare", 2)
        offered[who] = [
            f'action="{reverse(name, args=[2])}"' in page
            for name in ("revision_approve", "revision_withdraw")
        ]
    assert offered == {"keeper": [False, True], "biro": [True, True]}
    for who in ("keeper", "kepala", "admin1"):
        client.force_login(getattr(office_people, who))
        assert client.post(reverse("revision_approve", args=[2])).status_code == 403


def test_a_revision_is_withdrawn_with_a_reason(client: Client, office_people: OfficePeople) -> None:
    draft = revisions.drafted(office_people)
    page = opened(client, office_people.keeper, "revision_compare", 2)
    fields = form_to(page, "revision_withdraw", 2).fields
    status, said = press(
        client, office_people.keeper, "revision_withdraw", 2, **fields | {"reason": "Salah"}
    )
    assert (status, "Alasan penarikan terlalu singkat." in said) == (200, True)
    status, said = press(
        client,
        office_people.keeper,
        "revision_withdraw",
        2,
        **fields | {"reason": "Salah menyalin."},
    )
    assert (status, "Revisi 2 ditarik. Naskahnya tetap tersimpan." in said) == (200, True)
    assert revisions.fresh(draft).withdrawn_by == office_people.keeper


# -- reading ------------------------------------------------------------------------------------


def test_every_revision_stays_readable_and_says_where_it_stands(
    client: Client, office_people: OfficePeople
) -> None:
    revisions.approve(revisions.drafted(office_people), office_people)
    assert "90 Menit" in opened(client, office_people.inspector, "sop")
    former = opened(client, office_people.inspector, "sop", 1)
    assert ("60 Menit" in former, "Revisi ini tidak berlaku lagi" in former) == (True, True)
    client.force_login(office_people.inspector)
    for revision in (1, 2):
        answer = client.get(reverse("sop_pdf", args=[revision]))
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")


def test_a_draft_looks_like_the_sheet_says_that_it_is_one_and_has_no_paper(
    client: Client, office_people: OfficePeople
) -> None:
    revisions.drafted(office_people)
    page = opened(client, office_people.biro, "sop", 2)
    assert ("90 Menit" in page, "Ini konsep revisi." in page) == (True, True)
    assert client.get(reverse("sop_pdf", args=[2])).status_code == 404


def test_the_comparison_costs_no_more_for_more_changes(
    client: Client, office_people: OfficePeople
) -> None:
    draft = revisions.drafted(office_people)
    address = reverse("revision_compare", args=[2])
    client.force_login(office_people.biro)
    with queries() as few:
        client.get(address)
    for number in range(1, 6):
        revisions.change_step(draft, office_people, number, remarks=f"Catatan {number}.")
    with queries() as more:
        client.get(address)
    assert (len(few), len(more)) == (15, 15)


def test_a_new_case_cites_the_number_of_the_revision_in_force(
    client: Client, office_people: OfficePeople
) -> None:
    draft = revisions.drafted(office_people)
    revisions.change_facts(draft, office_people, number="000.8/12/B.PBJ")
    revisions.approve(draft, office_people)
    page = opened(client, office_people.drafter, "request_new")
    assert "Standar Operasional Prosedur Nomor 000.8/12/B.PBJ" in page
    assert SopRevision.in_force(TODAY) == draft
