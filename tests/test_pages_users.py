"""The pages of Pengguna: what Pengelola Aplikasi sees, types and is answered."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts_requests import clock, invitations, user_keeping
from accounts_requests.models import Appointment, AuditEntry, Invitation, User
from accounts_requests.roles import Capacity, Role
from accounts_requests.states import Act
from accounts_requests.user_keeping import Identity

from . import cases
from .cases import MONDAY, OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]

TODAY = MONDAY.date()
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
REASON = "Datang sendiri membawa kartu pegawai"
LINK = re.compile(r"http://localhost:\d+/undangan/([A-Za-z0-9_-]{43})/")


@pytest.fixture(autouse=True)
def monday_morning(request: pytest.FixtureRequest) -> Iterator[None]:
    if "live_server" in request.fixturenames:  # a thread of its own, at the machine's time
        yield
        return
    with clock.moved_to(MONDAY):
        yield


@pytest.fixture
def keeper(client: Client, office_people: OfficePeople) -> Client:
    """A browser in which Pengelola Aplikasi is signed in."""
    client.force_login(office_people.keeper)
    return client


def url(name: str, person: User, *more: int) -> str:
    return reverse(name, args=[person.pk, *more])


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def invited(staff: OfficePeople) -> User:
    """Somebody who was invited and has not come in."""
    identity = Identity(full_name="Siti Contoh", email="siti@kantor.example")
    return user_keeping.invite(actor=staff.keeper, username="siti", identity=identity).person


TYPED = {
    "username": "siti",
    "full_name": "Siti Contoh",
    "email": "siti@kantor.example",
    "nip": "19850101 201001 1 001",
    "role": "kepala_lpse",
    "capacity": "plh",
    "since": "2026-07-06",
    "until": "2026-07-10",
    "legal_basis": "Surat Perintah contoh",
}


# -- the list --------------------------------------------------------------------------------------


def rows(html: str) -> list[str]:
    """The name of each line of the list."""
    return re.findall(r'<th scope="row" data-label="Nama"><span><a href="[^"]*">([^<]*)</a>', html)


def test_the_list_is_in_the_menu_of_keepers(client: Client, office_people: OfficePeople) -> None:
    shown = {}
    for who in ("kepala", "admin1", "inspector", "keeper", "nobody"):
        client.force_login(getattr(office_people, who))
        shown[who] = 'href="/pengguna/"' in client.get(reverse("home")).content.decode()

    assert [who for who, is_there in shown.items() if is_there] == ["keeper"]


def test_the_list_says_who_holds_what_and_can_be_narrowed(
    keeper: Client, office_people: OfficePeople
) -> None:
    Appointment.objects.create(
        person=office_people.biro,
        role=Role.KEPALA_LPSE,
        capacity=Capacity.PLH,
        since=TODAY,
        until=TODAY,
    )
    User.objects.filter(username="tamu").update(is_active=False)
    invited(office_people)

    whole = text_of(keeper.get(reverse("user_list")))
    found = text_of(keeper.get(reverse("user_list"), {"cari": "contoh", "peran": "kepala_lpse"}))

    assert rows(whole) == [
        "Admin Contoh Dua",
        "Admin Contoh Satu",
        "Biro Contoh",
        "Inspektur Contoh",
        "Kepala Contoh",
        "Pengelola Contoh",
        "Penyusun Contoh",
        "Siti Contoh",
        "Tamu Contoh",
    ]
    assert "Kepala Biro, Plh. Kepala LPSE" in whole
    assert "tautan berlaku sampai Kamis, 9 Juli 2026, 10.00 WITA" in whole
    assert rows(found) == ["Biro Contoh", "Kepala Contoh"]
    assert rows(text_of(keeper.get(reverse("user_list"), {"keadaan": "nonaktif"}))) == [
        "Tamu Contoh"
    ]
    nothing = text_of(keeper.get(reverse("user_list"), {"cari": "tidak ada"}))
    assert "Tidak ada pengguna yang cocok" in nothing


def test_no_page_about_people_shows_anything_of_a_password(
    keeper: Client, office_people: OfficePeople
) -> None:
    pages = text_of(keeper.get(reverse("user_list")))
    for name in ("user_detail", "user_identity", "user_appoint", "user_reset", "user_suspend"):
        pages += text_of(keeper.get(url(name, office_people.drafter)))

    assert office_people.drafter.password not in pages
    assert 'type="password"' not in pages
    assert "md5" not in pages


# -- inviting --------------------------------------------------------------------------------------


def test_an_invitation_shows_its_link_in_the_answer_itself_and_never_again(
    keeper: Client, office_people: OfficePeople
) -> None:
    answer = keeper.post(reverse("user_invite"), TYPED)

    page = text_of(answer)
    found = LINK.search(page)
    assert found is not None
    siti = User.objects.get(username="siti")
    opened = invitations.find(found[1], at=MONDAY)
    assert opened is not None
    assert opened.person == siti
    assert (answer.status_code, answer.headers["Referrer-Policy"]) == (200, "no-referrer")
    assert "no-store" in answer.headers["Cache-Control"]
    assert 'data-copy-from="#tautan"' in page
    assert siti.current_capacities() == {Role.KEPALA_LPSE: Capacity.PLH}
    later = [text_of(keeper.get(url("user_detail", siti))), text_of(keeper.get("/pengguna/"))]
    kept = [session.get_decoded() for session in Session.objects.all()]
    assert found[1] not in f"{later}{kept}{keeper.cookies}{list(Invitation.objects.values())}"


def test_an_invitation_may_leave_the_role_for_later(
    keeper: Client, office_people: OfficePeople
) -> None:
    keeper.post(reverse("user_invite"), {**TYPED, "role": "", "since": "", "until": ""})

    assert User.objects.get(username="siti").current_roles() == frozenset()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"username": ""}, "Nama pengguna wajib diisi."),
        ({"username": "KEPALA"}, "Nama pengguna “kepala” sudah dipakai."),
        ({"full_name": ""}, "Nama lengkap wajib diisi."),
        ({"nip": "1"}, "NIP"),
        ({"since": ""}, "Tanggal mulai wajib diisi."),
        ({"until": ""}, "Plh. berjangka waktu. Isi tanggal berakhirnya."),
        ({"legal_basis": ""}, "Plh. memerlukan dasar hukum."),
        ({"role": "direktur"}, "direktur"),
    ],
)
def test_what_is_wrong_with_an_invitation_stands_beside_what_was_typed(
    keeper: Client, changes: dict[str, str], said: str
) -> None:
    answer = keeper.post(reverse("user_invite"), {**TYPED, **changes})

    page = text_of(answer)
    assert answer.status_code == 200
    assert said in page
    assert LINK.search(page) is None
    assert 'value="siti@kantor.example"' in page
    assert not User.objects.filter(username="siti").exists()


def test_pressing_twice_invites_once(keeper: Client) -> None:
    answers = [text_of(keeper.post(reverse("user_invite"), TYPED)) for _ in range(2)]

    assert [bool(LINK.search(page)) for page in answers] == [True, False]
    assert "Nama pengguna “siti” sudah dipakai." in answers[1]
    assert Invitation.objects.count() == 1


def test_a_new_link_for_who_has_not_come_in(keeper: Client, office_people: OfficePeople) -> None:
    siti = invited(office_people)
    page = text_of(keeper.get(url("user_detail", siti)))
    assert "Buat tautan baru" in page
    assert "Pulihkan akses" not in page

    answer = keeper.post(url("user_link", siti))

    assert LINK.search(text_of(answer)) is not None
    assert Invitation.objects.filter(revoked_at=None).count() == 1


def test_an_expired_link_is_told_on_the_page(keeper: Client, office_people: OfficePeople) -> None:
    siti = invited(office_people)
    clock.advance(dt.timedelta(hours=73))

    page = text_of(keeper.get(url("user_detail", siti)))

    assert "tautan masuknya tidak berlaku lagi. Buat tautan baru." in page


# -- one person ------------------------------------------------------------------------------------


def test_a_person_is_shown_with_roles_access_and_history(
    keeper: Client, office_people: OfficePeople
) -> None:
    person = office_people.admin1
    user_keeping.suspend(person, actor=office_people.keeper, reason="Pindah tugas ke dinas lain")

    page = text_of(keeper.get(url("user_detail", person)))

    assert "19720528 200502 1 001" in page
    assert "admin1@kantor.example" in page
    assert "1 Januari 2023" in page
    assert "Aktifkan kembali" in page
    assert "Nonaktifkan …" not in page
    assert "dinonaktifkan dengan alasan: Pindah tugas ke dinas lain" in page


def test_oneself_is_shown_without_the_acts_that_others_must_do(
    keeper: Client, office_people: OfficePeople
) -> None:
    page = text_of(keeper.get(url("user_detail", office_people.keeper)))

    assert "Nonaktifkan …" not in page
    assert "Pulihkan akses" not in page
    assert f'href="{url("user_appoint", office_people.keeper)}"' not in page


@pytest.mark.usefixtures("quick_papers")
def test_the_tasks_that_somebody_holds_are_named(
    keeper: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people)

    page = text_of(keeper.get(url("user_detail", office_people.admin1)))

    assert f'Memegang tugas pada <a href="/permohonan/{case.number}/">' in page


def test_identity_is_corrected(keeper: Client, office_people: OfficePeople) -> None:
    person = office_people.drafter
    page = text_of(keeper.get(url("user_identity", person)))
    stored = vars(user_keeping.identity_of(person))
    assert all(f'value="{value}"' in page for value in stored.values() if value)

    answer = keeper.post(
        url("user_identity", person), {**stored, "rank": "Penata (III/c)"}, follow=True
    )

    person.refresh_from_db()
    assert (person.rank, person.full_name) == ("Penata (III/c)", "Penyusun Contoh")
    assert "Identitas disimpan. Dokumen yang sudah ada tidak berubah." in text_of(answer)


def test_nothing_beside_identity_can_be_sent_along(
    keeper: Client, office_people: OfficePeople
) -> None:
    person = office_people.drafter
    typed = {
        "full_name": "Penyusun Contoh",
        "email": person.email,
        "is_superuser": "on",
        "is_staff": "on",
        "is_demo": "on",
        "is_active": "",
        "username": "lain",
        "password": "x",
    }

    keeper.post(url("user_identity", person), typed)

    person.refresh_from_db()
    assert (person.is_superuser, person.is_staff, person.is_demo) == (False, False, False)
    assert (person.is_active, person.username) == (True, "penyusun")
    assert person.check_password("rahasia-contoh")


def test_access_is_given_back_by_a_link(keeper: Client, office_people: OfficePeople) -> None:
    person = office_people.admin1

    short = keeper.post(url("user_reset", person), {"reason": "lupa"})
    answer = keeper.post(url("user_reset", person), {"reason": REASON})

    assert "terlalu singkat" in text_of(short)
    assert LINK.search(text_of(answer)) is not None
    assert "Password lama, faktor kedua, dan semua sesinya sudah dicabut." in text_of(answer)
    assert not User.objects.get(pk=person.pk).has_usable_password()


def test_a_person_is_suspended_and_let_in_again(
    keeper: Client, office_people: OfficePeople
) -> None:
    person = office_people.admin1

    out = keeper.post(url("user_suspend", person), {"reason": REASON}, follow=True)
    again = keeper.post(url("user_suspend", person), {"reason": REASON})
    back = keeper.post(url("user_reactivate", person), follow=True)

    assert "Admin Contoh Satu dinonaktifkan; semua sesinya diakhiri." in text_of(out)
    assert again.status_code == 409
    assert "Admin Contoh Satu sudah nonaktif." in text_of(again)
    assert f'href="{url("user_detail", person)}"' in text_of(again)
    assert "Admin Contoh Satu diaktifkan kembali." in text_of(back)


def test_the_last_keeper_learns_why_they_stay(keeper: Client, office_people: OfficePeople) -> None:
    other = cases.make_person("pengelola2", "Pengelola Dua", Role.PENGELOLA_APLIKASI)
    User.objects.filter(pk=office_people.keeper.pk).update(password="!x")

    held = other.appointments.get()
    keeper.force_login(User.objects.get(pk=office_people.keeper.pk))
    answer = keeper.post(
        url("user_appointment_end", other, held.pk), {"until": f"{TODAY - dt.timedelta(days=1)}"}
    )

    assert "tidak menyisakan seorang pun Pengelola Aplikasi" in text_of(answer)
    assert other.appointments.get().until is None


def test_a_role_is_given_ended_and_taken_back(keeper: Client, office_people: OfficePeople) -> None:
    person = office_people.nobody
    wrong = keeper.post(
        url("user_appoint", person),
        {"role": "inspektorat", "capacity": "definitive", "since": "2026-07-06"},
    )
    for since in ("2026-07-06", "2026-09-01"):
        typed = {
            "role": "inspektorat",
            "capacity": "definitive",
            "since": since,
            "until": since.replace("-06", "-31").replace("-01", "-30"),
            "assignment_letter": "700/12",
        }
        assert keeper.post(url("user_appoint", person), typed).status_code == 302
    running, coming = person.appointments.order_by("since")
    page = text_of(keeper.get(url("user_detail", person)))

    keeper.post(url("user_appointment_end", person, running.pk), {"until": "2026-07-10"})
    keeper.post(url("user_appointment_withdraw", person, coming.pk))

    assert "Inspektorat membaca atas dasar surat tugas. Isi nomornya." in text_of(wrong)
    assert "surat tugas 700/12" in page
    assert page.count(">Akhiri<") == page.count(">Batalkan<") == 1
    assert [(held.since, held.until) for held in person.appointments.all()] == [
        (TODAY, dt.date(2026, 7, 10))
    ]


def test_a_role_of_somebody_else_is_not_reached_through_this_page(
    keeper: Client, office_people: OfficePeople
) -> None:
    other = office_people.kepala.appointments.get()

    answers = [
        keeper.post(url(name, office_people.nobody, other.pk), {"until": "2026-07-06"}).status_code
        for name in ("user_appointment_end", "user_appointment_withdraw")
    ]

    assert answers == [404, 404]
    assert office_people.kepala.appointments.get().until is None


def test_a_keeper_may_not_appoint_themselves(keeper: Client, office_people: OfficePeople) -> None:
    typed = {"role": "admin_ppe", "capacity": "definitive", "since": "2026-07-06"}

    answer = keeper.post(url("user_appoint", office_people.keeper), typed)

    assert answer.status_code == 409
    assert office_people.keeper.current_roles() == {Role.PENGELOLA_APLIKASI}
    assert not AuditEntry.objects.filter(act=Act.APPOINT).exists()


# -- in a browser ----------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_are_for_everybody_and_the_link_can_be_copied(
    live_server: LiveServer, page: Page, office_people: OfficePeople
) -> None:
    complaints: list[str] = []
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type == "error" else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    signed_in = Client()
    signed_in.force_login(office_people.keeper)
    cookie = signed_in.cookies["session"].value
    page.context.add_cookies([{"name": "session", "value": cookie, "url": live_server.url}])
    person = office_people.admin1
    held = person.appointments.get()

    def check(where: str) -> None:
        for size in ({"width": 1366, "height": 768}, {"width": 390, "height": 844}):
            page.set_viewport_size(size)  # type: ignore[arg-type]  # a ViewportSize
            found = Axe().run(page, options={"runOnly": WCAG})
            assert found.violations_count == 0, (where, size, found.generate_report())
            wider = page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
            assert not wider, (where, size)

    for address in (
        reverse("user_list"),
        url("user_detail", person),
        url("user_identity", person),
        url("user_appoint", person),
        url("user_reset", person),
        url("user_suspend", person),
        url("user_appointment_end", person, held.pk),
        reverse("user_invite"),
    ):
        page.goto(f"{live_server.url}{address}")
        check(address)

    page.get_by_label("Nama pengguna").fill("siti")
    page.get_by_label("Nama lengkap").fill("Siti Contoh")
    page.get_by_label("Alamat e-mail").fill("siti@kantor.example")
    page.get_by_role("button", name="Undang dan buat tautan").click()
    link = page.get_by_label("Tautan sekali pakai").input_value()
    check("the link")
    page.get_by_role("button", name="salin tautan").click()
    page.get_by_text("tersalin", exact=True).wait_for()
    token = LINK.fullmatch(link)
    assert token is not None
    kept = page.evaluate("JSON.stringify([sessionStorage, localStorage, history.state])")
    assert [word for word in (token[1], "Siti") if word in kept] == []
    assert token[1] not in page.url

    page.context.clear_cookies()
    page.goto(f"{live_server.url}/undangan/{token[1]}/")
    check("the public page")
    page.fill("[name=password]", "jalan-panjang-berbatu")
    page.fill("[name=repeated]", "jalan-panjang-berbatu")
    page.get_by_role("button", name="Simpan password").click()
    page.get_by_text("Password Anda tersimpan").wait_for()
    assert complaints == []
    page.goto(f"{live_server.url}/undangan/{token[1]}/")
    check("the page of a dead link")
    assert User.objects.get(username="siti").check_password("jalan-panjang-berbatu")
