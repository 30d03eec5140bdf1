"""Pengelolaan: who may enter, what may be changed there, and what is said and recorded of it."""

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts_requests import audit, clock, seeding, timers
from accounts_requests.admin import site
from accounts_requests.models import (
    Appointment,
    AuditEntry,
    Holiday,
    HoursSpan,
    HoursTable,
    Office,
    User,
)
from accounts_requests.roles import Capacity, Role
from accounts_requests.states import Act

from . import cases
from .cases import MONDAY, OfficePeople

pytestmark = pytest.mark.django_db

PEOPLE = ("kepala", "drafter", "admin1", "biro", "inspector", "keeper", "nobody")
PASSWORD = "jalan-panjang-berbatu"


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

    assert answer.redirect_chain[-1] == (f"{reverse('sign_in')}?next=%2Fadmin%2F", 302)
    credentials = {"username": "pengelola", "password": "rahasia-contoh"}
    assert client.post(answer.redirect_chain[-1][0], credentials).headers["Location"] == "/admin/"


def test_a_role_that_has_ended_lets_nobody_in(client: Client, office_people: OfficePeople) -> None:
    office_people.keeper.appointments.update(until=dt.date(2026, 7, 5))
    client.force_login(office_people.keeper)

    assert client.get(reverse("admin:index")).status_code == 403


def test_the_superuser_of_a_new_installation_appoints_the_first_keeper(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeding.seed()
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command(
        "createsuperuser",
        "--noinput",
        username="pemasang",
        full_name="Contoh Pemasang",
        email="pemasang@kantor.example",
        verbosity=0,
    )
    assert client.login(username="pemasang", password=PASSWORD)
    url = address("user", "add")

    change(
        client,
        url,
        username="siti",
        full_name="Siti Contoh",
        email="siti@kantor.example",
        password1=PASSWORD,
        password2=PASSWORD,
        **{
            "appointments-TOTAL_FORMS": "1",
            "appointments-0-role": Role.PENGELOLA_APLIKASI,
            "appointments-0-capacity": Capacity.DEFINITIVE,
            "appointments-0-since": "06-07-2026",
        },
    )

    siti = User.objects.get(username="siti")
    assert siti.check_password(PASSWORD)
    assert siti.current_roles() == {Role.PENGELOLA_APLIKASI}
    client.force_login(siti)
    assert client.get(reverse("admin:index")).status_code == 200
    entry = AuditEntry.objects.get(act=Act.SETTINGS)
    assert (entry.actor_name, entry.actor_role) == ("Contoh Pemasang", "Pemasang aplikasi")
    assert entry.summary == "Pengguna “Siti Contoh” ditambahkan."


# -- what is there --------------------------------------------------------------------------------


def test_no_record_of_a_case_and_no_secret_can_be_reached() -> None:
    assert {model.__name__ for model in site._registry} == {
        "AuditEntry",
        "Holiday",
        "HoursTable",
        "Office",
        "User",
    }


@pytest.mark.parametrize("model", ["user", "office", "hourstable", "holiday", "auditentry"])
def test_every_list_opens_and_speaks_indonesian(keeper: Client, model: str) -> None:
    page = keeper.get(address(model, "changelist"), follow=True).content.decode()

    for word in ("Save", "Delete", "Filter by", "Home", "Log out", "Select "):
        assert word not in page
    assert 'lang="id"' in page


def test_nothing_can_be_done_to_many_rows_at_once(keeper: Client) -> None:
    chosen = {"action": "delete_selected", "_selected_action": ["1", "2"]}
    before = Holiday.objects.count()

    keeper.post(address("holiday", "changelist"), chosen)

    assert Holiday.objects.count() == before


# -- the calendar ---------------------------------------------------------------------------------


def test_a_new_holiday_is_taken_into_use_and_recorded(keeper: Client) -> None:
    before = timers.calendar_version()

    answer = change(
        keeper,
        address("holiday", "add"),
        date="07-07-2026",
        name="Hari jadi contoh",
        kind=Holiday.Kind.LOCAL,
        legal_basis="Keputusan Gubernur contoh",
        confirmed="on",
    )

    assert answer.status_code == 302
    holiday = Holiday.objects.get(name="Hari jadi contoh")
    assert timers.calendar_version() != before
    assert not timers.working_time().is_open(MONDAY + dt.timedelta(days=1))
    assert last_change() == (
        f"hari libur {holiday.pk}",
        "Hari libur “07-07-2026 Hari jadi contoh” ditambahkan.",
        {
            "date": "2026-07-07",
            "name": "Hari jadi contoh",
            "kind": "libur daerah",
            "legal_basis": "Keputusan Gubernur contoh",
            "confirmed": "True",
        },
    )
    assert audit.first_broken_entry() is None


def test_deleting_a_holiday_brings_the_former_calendar_back(keeper: Client) -> None:
    before = timers.calendar_version()
    holiday = Holiday.objects.create(
        date=dt.date(2026, 7, 7), name="Hari contoh", kind=Holiday.Kind.LOCAL
    )
    timers.adopt_calendar()

    keeper.post(address("holiday", "delete", holiday.pk), {"post": "yes"})

    assert timers.calendar_version() == before
    assert last_change()[1] == "Hari libur “07-07-2026 Hari contoh” dihapus."


def test_saving_without_a_change_leaves_no_entry(keeper: Client) -> None:
    holiday = Holiday.objects.first()
    assert holiday is not None
    before = AuditEntry.objects.count()

    answer = change(keeper, address("holiday", "change", holiday.pk))

    assert answer.status_code == 302
    assert AuditEntry.objects.count() == before


def ordinary_table() -> HoursTable:
    return HoursTable.objects.get(
        kind=HoursTable.Kind.NORMAL,
        valid_from__lte=MONDAY.date(),
        valid_until__gte=MONDAY.date(),
    )


def test_a_gap_in_the_hours_is_refused_and_nothing_is_saved(keeper: Client) -> None:
    table, version = ordinary_table(), timers.calendar_version()
    before = (table.valid_until, AuditEntry.objects.count())

    answer = change(
        keeper, address("hourstable", "change", table.pk), valid_until="31-07-2026", name="Lain"
    )

    assert answer.status_code == 200
    assert sentences(answer) == [
        (
            "Kalender kerja belum memuat tabel jam kerja untuk 1 Agustus 2026. Setiap hari di "
            "antara tabel pertama dan tabel terakhir memerlukan jam kerja; sesuaikan tanggal "
            "berlakunya."
        )
    ]
    assert "berhasil" not in answer.content.decode()
    table.refresh_from_db()
    assert (table.valid_until, AuditEntry.objects.count()) == before
    assert timers.calendar_version() == version
    assert timers.working_time().is_open(MONDAY)


def test_deleting_a_table_that_is_needed_is_refused(keeper: Client) -> None:
    table, version = ordinary_table(), timers.calendar_version()

    answer = keeper.post(address("hourstable", "delete", table.pk), {"post": "yes"}, follow=True)

    assert HoursTable.objects.filter(pk=table.pk).exists()
    assert table.spans.exists()
    assert timers.calendar_version() == version
    said = [str(message) for message in answer.context["messages"]]
    assert len(said) == 1
    assert said[0].startswith("Tidak ada yang dihapus. Kalender kerja belum memuat tabel jam kerja")


def test_a_new_table_may_end_the_one_in_force(keeper: Client) -> None:
    table = ordinary_table()
    until = table.valid_until

    def add(**changes: object) -> Any:
        return change(
            keeper,
            address("hourstable", "add"),
            name="Jam kerja baru",
            kind=HoursTable.Kind.NORMAL,
            valid_from="01-08-2026",
            valid_until=f"{until:%d-%m-%Y}",
            **{
                "spans-TOTAL_FORMS": "1",
                "spans-0-weekday": "0",
                "spans-0-opens": "08.00",
                "spans-0-closes": "16.30",
            },
            **changes,
        )

    assert sentences(add()) == [
        (
            f"Tabel “{table}” dan “Jam kerja baru” sama-sama berjenis biasa dan berlaku pada "
            "1 Agustus 2026. Akhiri salah satunya sebelum yang lain mulai."
        )
    ]
    assert not HoursTable.objects.filter(name="Jam kerja baru").exists()

    assert add(ends_running="on").status_code == 302
    table.refresh_from_db()
    assert table.valid_until == dt.date(2026, 7, 31)
    assert [
        entry.summary for entry in AuditEntry.objects.filter(act=Act.SETTINGS).order_by("sequence")
    ] == [
        f"Tabel jam kerja “{table}” diakhiri.",
        "Tabel jam kerja “Jam kerja baru” ditambahkan.",
    ]


def test_hours_of_a_day_may_not_overlap(keeper: Client) -> None:
    table = ordinary_table()
    count = table.spans.count()

    answer = change(
        keeper,
        address("hourstable", "change", table.pk),
        **{
            "spans-TOTAL_FORMS": str(count + 1),
            f"spans-{count}-table": str(table.pk),
            f"spans-{count}-weekday": "0",
            f"spans-{count}-opens": "15.00",
            f"spans-{count}-closes": "17.00",
        },
    )

    assert sentences(answer) == [
        f"Jam buka hari Senin pada tabel “{table}” bertumpuk: 07.30–16.00 dan 15.00–17.00."
    ]
    assert table.spans.count() == count


def test_hours_end_after_they_begin(keeper: Client) -> None:
    table = ordinary_table()

    answer = change(
        keeper, address("hourstable", "change", table.pk), **{"spans-0-closes": "07.30"}
    )

    assert sentences(answer) == ["Jam tutup harus sesudah jam buka."]


def test_changed_hours_are_recorded_with_their_table(keeper: Client) -> None:
    table = ordinary_table()
    span = table.spans.get(weekday=0)

    change(keeper, address("hourstable", "change", table.pk), **{"spans-0-opens": "08.00"})

    assert last_change() == (
        f"tabel jam kerja {table.pk}",
        f"Tabel jam kerja “{table}” diubah: jam buka {span.pk}.",
        {f"jam buka {span.pk}": {"opens": "08:00:00"}},
    )
    assert HoursSpan.objects.get(pk=span.pk).opens == dt.time(8, 0)


@pytest.mark.usefixtures("quick_papers")
def test_the_calendar_must_hold_the_running_steps(
    keeper: Client, office_people: OfficePeople
) -> None:
    request = cases.draft(office_people)
    HoursTable.objects.exclude(pk=ordinary_table().pk).delete()
    timers.adopt_calendar()
    table = ordinary_table()

    answer = change(keeper, address("hourstable", "change", table.pk), valid_until="07-07-2026")

    due = request.step_runs.get().due_at
    assert due is not None
    assert sentences(answer) == [
        "Kalender kerja tidak memuat 9 Juli 2026, tenggat terakhir yang masih berjalan."
    ]


# -- people ---------------------------------------------------------------------------------------


def test_a_change_of_a_person_is_recorded_without_what_was_typed(
    keeper: Client, office_people: OfficePeople
) -> None:
    person = office_people.drafter

    answer = change(
        keeper,
        address("user", "change", person.pk),
        nip="19850101 201001 1 001",
        **{"appointments-0-until": "31-12-2026"},
    )

    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.nip == "198501012010011001"
    appointment = person.appointments.get()
    assert last_change() == (
        f"pengguna {person.pk}",
        f"Pengguna “Penyusun Contoh” diubah: NIP, penetapan peran {appointment.pk}.",
        {
            "nip": audit.hashed("198501012010011001"),
            f"penetapan peran {appointment.pk}": {"until": "2026-12-31"},
        },
    )


def test_a_password_is_set_and_never_shown(keeper: Client, office_people: OfficePeople) -> None:
    person = office_people.drafter
    url = reverse("admin:auth_user_password_change", args=[person.pk])
    page = keeper.get(address("user", "change", person.pk)).content.decode()
    assert person.password not in page
    assert "md5" not in page

    answer = keeper.post(url, {"password1": PASSWORD, "password2": PASSWORD})

    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert last_change() == (
        f"pengguna {person.pk}",
        "Pengguna “Penyusun Contoh” diubah: password.",
        {"password": "diganti"},
    )


@pytest.mark.parametrize(("first", "second"), [("", ""), (PASSWORD, "lain"), ("pendek", "pendek")])
def test_a_password_that_will_not_do_is_refused(
    keeper: Client, office_people: OfficePeople, first: str, second: str
) -> None:
    person = office_people.drafter
    url = reverse("admin:auth_user_password_change", args=[person.pk])

    answer = keeper.post(url, {"password1": first, "password2": second})

    assert answer.status_code == 200
    person.refresh_from_db()
    assert person.check_password("rahasia-contoh")


def test_nobody_is_made_a_superuser_or_an_example_by_a_form(
    keeper: Client, office_people: OfficePeople
) -> None:
    person = office_people.drafter

    change(
        keeper,
        address("user", "change", person.pk),
        is_superuser="on",
        is_staff="on",
        is_demo="on",
        password="x",
        rank="Penata (III/c)",
    )

    person.refresh_from_db()
    assert (person.rank, person.is_superuser, person.is_staff, person.is_demo) == (
        "Penata (III/c)",
        False,
        False,
        False,
    )
    assert person.check_password("rahasia-contoh")


def test_nobody_is_deleted(keeper: Client, office_people: OfficePeople) -> None:
    url = address("user", "delete", office_people.nobody.pk)

    assert keeper.post(url, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=office_people.nobody.pk).exists()


def test_the_last_keeper_cannot_be_sent_away(keeper: Client, office_people: OfficePeople) -> None:
    url = address("user", "change", office_people.keeper.pk)

    answer = change(keeper, url, is_active=None)

    assert sentences(answer) == [
        (
            "Perubahan ini tidak menyisakan seorang pun Pengelola Aplikasi, sehingga pengaturan "
            "tidak dapat diubah lagi. Tetapkan dahulu penggantinya."
        )
    ]
    assert User.objects.get(pk=office_people.keeper.pk).is_active


@pytest.mark.parametrize(
    ("role", "capacity", "wrong"),
    [
        (Role.INSPEKTORAT, Capacity.DEFINITIVE, {"assignment_letter", "until"}),
        (Role.KEPALA_LPSE, Capacity.PLT, {"legal_basis", "until"}),
        (Role.ADMIN_PPE, Capacity.DEFINITIVE, set()),
    ],
)
def test_an_appointment_has_what_its_role_and_capacity_ask_for(
    keeper: Client,
    office_people: OfficePeople,
    role: Role,
    capacity: Capacity,
    wrong: set[str],
) -> None:
    person = office_people.nobody

    answer: Any = change(
        keeper,
        address("user", "change", person.pk),
        **{
            "appointments-TOTAL_FORMS": "1",
            "appointments-0-person": str(person.pk),
            "appointments-0-role": role,
            "appointments-0-capacity": capacity,
            "appointments-0-since": "01-07-2026",
        },
    )

    if wrong:
        formset = answer.context["inline_admin_formsets"][0].formset
        assert set(formset.forms[0].errors) == wrong
    assert Appointment.objects.filter(person=person).exists() == (not wrong)


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


def test_the_office_saved_as_it_stands_is_no_change(keeper: Client) -> None:
    assert change(keeper, address("office", "change", 1)).status_code == 302
    assert not AuditEntry.objects.filter(act=Act.SETTINGS).exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (
            "user_id_pattern",
            "[a-z",
            "Aturan ini tidak dapat dibaca sebagai pola. Pola bawaan: [a-z0-9._]{4,30}",
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
    assert audit.first_broken_entry() is None


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
