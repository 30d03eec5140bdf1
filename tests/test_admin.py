"""Pengelolaan: who may enter, what may be changed there, and what is said and recorded of it."""

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts_requests import audit, clock, verifying
from accounts_requests.admin import site
from accounts_requests.models import (
    AuditEntry,
    Office,
)
from accounts_requests.states import Act

from .cases import MONDAY, OfficePeople

pytestmark = pytest.mark.django_db

PEOPLE = ("kepala", "drafter", "admin1", "biro", "inspector", "keeper", "nobody")


@pytest.fixture(autouse=True)
def on_a_monday() -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield


@pytest.fixture
def keeper(client: Client, office_people: OfficePeople) -> Client:
    """A browser in which Pengelola Aplikasi is signed in."""
    client.force_login(office_people.keeper)
    return client


def address(model: str, page: str, *args: object) -> str:
    return reverse(f"admin:accounts_requests_{model}_{page}", args=args)


def as_shown(response: Any, **changes: object) -> dict[str, Any]:
    """What a browser would send back from this page, with ``changes``."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data: dict[str, Any] = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False:
                continue
            if isinstance(value, list):
                data[bound.html_name] = value
            else:
                shown = bound.field.widget.format_value(value)
                data[bound.html_name] = "on" if value is True else shown
    return {name: value for name, value in {**data, **changes}.items() if value is not None}


def change(client: Client, url: str, **changes: object) -> Any:
    """Open the page, change some fields, save."""
    return client.post(url, as_shown(client.get(url), **changes))


def sentences(response: Any) -> list[str]:
    """Everything that the page says is wrong."""
    found = list(response.context["errors"])
    return [str(text) for errors in found for text in errors]


def last_change() -> tuple[str, str, dict[str, Any]]:
    entry = AuditEntry.objects.filter(act=Act.SETTINGS).latest("sequence")
    return entry.object_label, entry.summary, entry.changes


# -- who may enter --------------------------------------------------------------------------------


@pytest.mark.parametrize("who", PEOPLE)
def test_only_pengelola_aplikasi_may_enter(
    client: Client, office_people: OfficePeople, who: str
) -> None:
    client.force_login(getattr(office_people, who))

    status = client.get(reverse("admin:index")).status_code

    assert status == (200 if who == "keeper" else 403)


@pytest.mark.parametrize("who", PEOPLE)
def test_the_way_in_is_in_the_menu_of_those_who_may_enter(
    client: Client, office_people: OfficePeople, who: str
) -> None:
    client.force_login(getattr(office_people, who))

    page = client.get(reverse("home")).content.decode()

    assert ("Pengelolaan</a>" in page) == (who == "keeper")


def test_who_is_not_signed_in_is_asked_to_and_comes_back(
    client: Client, office_people: OfficePeople
) -> None:
    answer = client.get(reverse("admin:index"), follow=True)

    assert answer.redirect_chain[-1] == (f"{reverse('account_login')}?next=%2Fadmin%2F", 302)
    credentials = {"username": "pengelola", "password": "rahasia-contoh"}
    assert client.post(answer.redirect_chain[-1][0], credentials).headers["Location"] == "/admin/"


def test_a_role_that_has_ended_lets_nobody_in(client: Client, office_people: OfficePeople) -> None:
    office_people.keeper.appointments.update(until=dt.date(2026, 7, 5))
    client.force_login(office_people.keeper)

    assert client.get(reverse("admin:index")).status_code == 403


def test_a_superuser_without_a_role_is_let_into_nothing(
    client: Client, office_people: OfficePeople
) -> None:
    user = office_people.nobody
    user.is_superuser = user.is_staff = True
    user.save()
    client.force_login(user)

    assert client.get(reverse("admin:index")).status_code == 403


# -- what is there --------------------------------------------------------------------------------


LISTS = sorted(model._meta.model_name or "" for model in site._registry)


@pytest.mark.parametrize("model", LISTS)
def test_every_list_opens_and_speaks_indonesian(keeper: Client, model: str) -> None:
    page = keeper.get(address(model, "changelist"), follow=True).content.decode()

    for word in ("Save", "Delete", "Filter by", "Home", "Log out", "Select "):
        assert word not in page
    assert 'lang="id"' in page


def test_nothing_can_be_done_to_many_rows_at_once(keeper: Client) -> None:
    chosen = {"action": "delete_selected", "_selected_action": ["1", "2"]}
    audit.record(Act.SIGN_OUT, actor=None, at=MONDAY, summary="Keluar.")
    before = AuditEntry.objects.count()

    keeper.post(address("auditentry", "changelist"), chosen)

    assert AuditEntry.objects.count() == before


# -- the office -----------------------------------------------------------------------------------


def test_the_office_is_one_page_that_can_be_changed(keeper: Client) -> None:
    url = address("office", "change", 1)
    assert keeper.get(address("office", "changelist")).headers["Location"] == url
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    picture.seek(0)
    picture.name = "lambang.png"

    answer = change(
        keeper,
        url,
        phone="(0541) 123456",
        account_kinds=["verifikator", "auditor"],
        stage_order="concept,number,initials,signature",
        emblem_file=picture,
    )

    assert answer.status_code == 302
    office = Office.current()
    assert office.phone == "(0541) 123456"
    assert office.account_kinds == ["verifikator", "auditor"]
    assert office.stage_order == ["concept", "number", "initials", "signature"]
    assert bytes(office.emblem) == picture.getvalue()
    assert last_change()[2] == {
        "phone": "(0541) 123456",
        "account_kinds": "['verifikator', 'auditor']",
        "stage_order": "['concept', 'number', 'initials', 'signature']",
        "emblem_file": "diisi",
    }


def test_the_office_chooses_who_needs_a_second_factor_and_how_long_a_session_lasts(
    keeper: Client,
) -> None:
    answer = change(
        keeper,
        address("office", "change", 1),
        second_factor_roles=["kepala_lpse", "admin_ppe"],
        idle_minutes="30",
        session_hours="8",
    )

    assert answer.status_code == 302
    office = Office.current()
    assert office.second_factor_roles == ["kepala_lpse", "admin_ppe"]
    assert (office.idle_minutes, office.session_hours) == (30, 8)


def test_the_office_may_allow_both_executor_roles(keeper: Client) -> None:
    assert not Office.current().allows_both_executor_roles

    change(keeper, address("office", "change", 1), allows_both_executor_roles="on")

    assert Office.current().allows_both_executor_roles
    assert last_change()[2] == {"allows_both_executor_roles": "True"}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("idle_minutes", "4", "Isi antara 5 dan 1440 menit."),
        ("session_hours", "0", "Isi antara 1 dan 24 jam."),
        ("session_hours", "25", "Isi antara 1 dan 24 jam."),
    ],
)
def test_limits_of_a_session_that_nobody_could_live_with_are_refused(
    keeper: Client, field: str, value: str, sentence: str
) -> None:
    answer = change(keeper, address("office", "change", 1), **{field: value})

    assert sentences(answer) == [sentence]


def test_the_office_saved_as_it_stands_is_no_change(keeper: Client) -> None:
    assert change(keeper, address("office", "change", 1)).status_code == 302
    assert not AuditEntry.objects.filter(act=Act.SETTINGS).exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (
            "user_id_pattern",
            "[a-z",
            (
                "Aturan ini tidak dapat dipakai. Susun dari huruf, angka, dan golongan huruf "
                "seperti [a-z0-9._], dengan paling banyak 4 pengulangan seperti {4,30}, tanpa "
                "kurung dan tanda |. Pola bawaan: [a-z0-9._]{4,30}"
            ),
        ),
        (
            "decree_number_pattern",
            "{kode}/{nomor}",
            (
                "Pola memuat {nomor} dan hanya bagian yang dikenal, yaitu {klasifikasi}, {nomor}, "
                "{tahun}."
            ),
        ),
        (
            "decree_paper",
            "F4",
            "Ukuran kertas 'F4' bukan dua ukuran dalam mm, misalnya 215mm 330mm.",
        ),
        ("letter_margin_top", "9", "Isi antara 10 dan 60 mm."),
        ("decree_margin_bottom", "61", "Isi antara 10 dan 60 mm."),
        (
            "letter_paper",
            "144mm 297mm",
            (
                "Tepi kiri dan kanan menyisakan 99 mm untuk naskah pada kertas 144 mm; paling "
                "sedikit 100 mm. Kecilkan tepinya, atau periksa ukuran kertasnya."
            ),
        ),
        (
            "decree_paper",
            "215mm 190mm",
            (
                "Tepi atas dan bawah menyisakan 148 mm untuk naskah pada kertas 190 mm; paling "
                "sedikit 150 mm. Kecilkan tepinya, atau periksa ukuran kertasnya."
            ),
        ),
    ],
)
def test_what_the_papers_could_not_bear_is_refused(
    keeper: Client, field: str, value: str, sentence: str
) -> None:
    answer = change(keeper, address("office", "change", 1), **{field: value})

    assert sentences(answer) == [sentence]
    assert not AuditEntry.objects.filter(act=Act.SETTINGS).exists()


@pytest.mark.parametrize("page", ["add", "delete"])
def test_no_office_is_added_or_deleted(keeper: Client, page: str) -> None:
    url = address("office", page, *([1] if page == "delete" else []))

    assert keeper.post(url, {"post": "yes", "name": "Kantor lain"}).status_code == 403
    assert Office.objects.count() == 1


# -- the trail ------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["add", "change", "delete"])
def test_the_audit_trail_refuses_every_change(keeper: Client, page: str) -> None:
    change(keeper, address("office", "change", 1), phone="(0541) 123456")
    entry = AuditEntry.objects.latest("sequence")
    args = [] if page == "add" else [entry.pk]

    answer = keeper.post(address("auditentry", page, *args), {"post": "yes", "summary": "x"})

    assert answer.status_code == 403
    assert AuditEntry.objects.latest("sequence").summary == entry.summary
    assert verifying.verify().breaks == []


def test_what_became_of_a_row_is_read_on_the_trail(keeper: Client) -> None:
    change(keeper, address("office", "change", 1), phone="(0541) 123456")

    page = keeper.get(address("office", "history", 1), follow=True).content.decode()

    assert "Kantor “BIRO PENGADAAN BARANG DAN JASA” diubah: telepon." in page
    assert (
        keeper.get(
            address("auditentry", "change", AuditEntry.objects.latest("sequence").pk)
        ).status_code
        == 200
    )
