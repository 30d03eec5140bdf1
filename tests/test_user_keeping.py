"""What Pengelola Aplikasi does about people and their roles: allowed, refused, on record."""

import datetime as dt
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts_requests import appointing, audit, clock, invitations, user_keeping, user_register
from accounts_requests.appointing import AppointmentData
from accounts_requests.exceptions import InvalidInput, NotAllowedNow, NotPermitted
from accounts_requests.models import Appointment, AuditEntry, Invitation, User
from accounts_requests.roles import Capacity, Role
from accounts_requests.states import Act
from accounts_requests.user_keeping import Identity
from accounts_requests.user_register import Filters, UserState

from . import cases
from .cases import MONDAY, OfficePeople
from .query_counts import queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]

TODAY = dt.date(2026, 7, 6)
DAY = dt.timedelta(days=1)
WHY = "Datang sendiri membawa kartu pegawai"
SITI = Identity(
    full_name="Siti Contoh",
    email="siti@kantor.example",
    title_after="S.Kom.",
    nip="198501012010011001",
    position="Pranata Komputer",
)


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield


def invite(staff: OfficePeople, **changes: Any) -> user_keeping.NewLink:
    """Invite Siti as Admin PPE."""
    given = {
        "username": "siti",
        "identity": SITI,
        "appointment": AppointmentData(role=Role.ADMIN_PPE, since=TODAY),
    }
    return user_keeping.invite(actor=staff.keeper, **{**given, **changes})


def second_keeper() -> User:
    return cases.make_person("pengelola2", "Pengelola Dua", Role.PENGELOLA_APLIKASI)


def errors_of(act: Callable[[], object]) -> dict[str, list[str]]:
    with pytest.raises(InvalidInput) as raised:
        act()
    return raised.value.errors


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(NotAllowedNow) as raised:
        act()
    return str(raised.value)


def last_entry() -> AuditEntry:
    return AuditEntry.objects.latest("sequence")


def sign_in(client: Client, person: User) -> None:
    """As people do it, so that the session is listed."""
    typed = {"username": person.username, "password": "rahasia-contoh"}
    client.post(reverse("account_login"), typed)
    assert client.get(reverse("home")).status_code == 200


def token_of(link: user_keeping.NewLink) -> str:
    return link.url.rstrip("/").rpartition("/")[2]


# -- who may ---------------------------------------------------------------------------------------

ACTS: dict[str, Callable[[User, User], object]] = {
    "invite": lambda actor, _person: user_keeping.invite(
        actor=actor, username="siti", identity=SITI
    ),
    "reissue": lambda actor, person: user_keeping.reissue(person, actor=actor),
    "reset": lambda actor, person: user_keeping.reset(person, actor=actor, reason=WHY),
    "suspend": lambda actor, person: user_keeping.suspend(person, actor=actor, reason=WHY),
    "reactivate": lambda actor, person: user_keeping.reactivate(person, actor=actor),
    "correct": lambda actor, person: user_keeping.correct_identity(
        person, actor=actor, identity=SITI
    ),
    "appoint": lambda actor, person: appointing.appoint(
        person, actor=actor, data=AppointmentData(role=Role.ADMIN_PPE, since=TODAY)
    ),
    "end": lambda actor, person: appointing.end(
        person.appointments.get(), actor=actor, until=TODAY
    ),
    "withdraw": lambda actor, person: appointing.withdraw(person.appointments.get(), actor=actor),
}


@pytest.mark.parametrize(
    "who", ["kepala", "drafter", "admin1", "biro", "inspector", "nobody", "superuser", "former"]
)
@pytest.mark.parametrize("act", ACTS)
def test_nobody_but_pengelola_aplikasi_keeps_people(
    office_people: OfficePeople, who: str, act: str
) -> None:
    if who == "superuser":
        actor = office_people.nobody
        actor.is_superuser = actor.is_staff = True
        actor.save()
    elif who == "former":
        actor = office_people.keeper
        actor.appointments.update(until=TODAY - DAY)
    else:
        actor = getattr(office_people, who)
    before = list(User.objects.order_by("pk").values())

    with pytest.raises(NotPermitted):
        ACTS[act](actor, office_people.admin2)

    assert list(User.objects.order_by("pk").values()) == before
    assert not AuditEntry.objects.exists()


def test_the_test_above_tries_every_act() -> None:
    named = {
        name
        for module in (user_keeping, appointing)
        for name, value in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and "actor" in inspect.signature(value).parameters
    }

    assert {name.replace("correct_identity", "correct") for name in named} == set(ACTS)


# -- inviting --------------------------------------------------------------------------------------


def test_an_invited_person_has_no_password_and_a_first_role(office_people: OfficePeople) -> None:
    link = invite(office_people)

    siti = User.objects.get(username="siti")
    assert (siti.has_usable_password(), siti.is_active, siti.is_staff) == (False, True, False)
    assert user_register.state_of(siti) == UserState.INVITED
    assert siti.current_roles() == {Role.ADMIN_PPE}
    assert link.expires_at == MONDAY + dt.timedelta(hours=72)
    invitation = Invitation.objects.get(person=siti)
    assert (invitation.purpose, invitation.created_by) == ("new", office_people.keeper)
    assert invitations.find(token_of(link), at=MONDAY) == invitation


def test_an_invitation_is_on_record_and_its_token_nowhere(office_people: OfficePeople) -> None:
    link = invite(office_people)

    entries = list(AuditEntry.objects.order_by("sequence"))
    assert [(entry.act, entry.actor_role, entry.summary) for entry in entries] == [
        (Act.INVITE, "Pengelola Aplikasi", "Diundang: Siti Contoh."),
        (Act.APPOINT, "Pengelola Aplikasi", "Admin PPE: Siti Contoh, sejak 6 Juli 2026."),
    ]
    assert {entry.object_label for entry in entries} == {f"pengguna {link.person.pk}"}
    assert entries[0].changes == {"purpose": "new", "expires_at": "2026-07-09T02:00+00:00"}
    stored = str(list(Invitation.objects.values())) + str(list(AuditEntry.objects.values()))
    assert token_of(link) not in stored


def test_what_was_typed_is_tidied(office_people: OfficePeople) -> None:
    identity = Identity(
        full_name="  Siti   Contoh ", email=" Siti@KANTOR.example ", nip="19850101 201001 1 001"
    )

    person = invite(office_people, username=" SITI ", identity=identity).person

    assert (person.username, person.full_name, person.email, person.nip) == (
        "siti",
        "Siti Contoh",
        "Siti@kantor.example",
        "198501012010011001",
    )


@pytest.mark.parametrize(
    ("username", "changes", "wrong"),
    [
        ("si", {}, "username"),
        ("siti aminah", {}, "username"),
        ("1siti", {}, "username"),
        ("Kepala", {}, "username"),
        ("siti", {"full_name": " "}, "full_name"),
        ("siti", {"email": ""}, "email"),
        ("siti", {"email": "siti@"}, "email"),
        ("siti", {"email": "KEPALA@kantor.example"}, "email"),
        ("siti", {"nip": "123"}, "nip"),
        ("siti", {"nip": "197205282005021001"}, "nip"),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_and_leaves_nothing(
    office_people: OfficePeople, username: str, changes: dict[str, str], wrong: str
) -> None:
    identity = Identity(**{**vars(SITI), **changes})
    people = User.objects.count()

    found = errors_of(lambda: invite(office_people, username=username, identity=identity))

    assert set(found) == {wrong}
    assert (User.objects.count(), Invitation.objects.count()) == (people, 0)
    assert not AuditEntry.objects.exists()


def test_one_person_has_one_sign_in(office_people: OfficePeople) -> None:
    identity = Identity(**{**vars(SITI), "nip": office_people.kepala.nip})

    assert errors_of(lambda: invite(office_people, identity=identity)) == {
        "nip": [
            (
                "NIP ini sudah dipakai oleh Kepala Contoh (kepala). Satu orang memakai satu nama "
                "pengguna; peran tambahan ditetapkan pada orang itu."
            )
        ]
    }


def test_a_first_role_that_cannot_be_undoes_the_invitation(office_people: OfficePeople) -> None:
    wrong = AppointmentData(role=Role.INSPEKTORAT, since=TODAY)

    found = errors_of(lambda: invite(office_people, appointment=wrong))

    assert set(found) == {"assignment_letter", "until"}
    assert not User.objects.filter(username="siti").exists()
    assert (Invitation.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_a_new_link_ends_the_old_one(office_people: OfficePeople) -> None:
    old = invite(office_people)
    clock.advance(dt.timedelta(hours=80))

    new = user_keeping.reissue(old.person, actor=office_people.keeper)

    now = clock.now()
    assert invitations.find(token_of(old), at=now) is None
    assert invitations.find(token_of(new), at=now) is not None
    assert new.expires_at == now + dt.timedelta(hours=72)
    assert list(Invitation.objects.order_by("pk").values_list("purpose", "revoked_at")) == [
        ("new", now),
        ("new", None),
    ]
    assert last_entry().summary == "Tautan masuk baru dibuat: Siti Contoh."


def test_who_has_a_password_gets_no_new_invitation(office_people: OfficePeople) -> None:
    said = refused(lambda: user_keeping.reissue(office_people.admin1, actor=office_people.keeper))

    assert said.startswith("Admin Contoh Satu sudah menetapkan password")
    assert not Invitation.objects.exists()


# -- giving back access ----------------------------------------------------------------------------


def test_a_reset_ends_password_factor_and_sessions(
    client: Client, office_people: OfficePeople
) -> None:
    person = office_people.admin1
    sign_in(client, person)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    Authenticator.objects.create(user=person, type="recovery_codes", data={"seed": "x"})

    link = user_keeping.reset(person, actor=office_people.keeper, reason=WHY)

    person.refresh_from_db()
    assert not person.has_usable_password()
    assert not Authenticator.objects.filter(user=person).exists()
    assert client.get(reverse("home")).status_code == 302
    assert link.is_reset
    entry = last_entry()
    assert (entry.act, entry.summary) == (
        Act.INVITE,
        f"Akses dipulihkan: Admin Contoh Satu dengan alasan: {WHY}",
    )
    invitations.accept(token_of(link), "jalan-panjang-berbatu", at=clock.now())
    assert User.objects.get(pk=person.pk).check_password("jalan-panjang-berbatu")


def test_nobody_resets_themselves(office_people: OfficePeople) -> None:
    keeper = office_people.keeper

    said = refused(lambda: user_keeping.reset(keeper, actor=keeper, reason=WHY))

    assert said == (
        "Password dan faktor kedua Anda sendiri diganti pada halaman Keamanan. Tidak ada yang "
        "berubah."
    )
    assert User.objects.get(pk=keeper.pk).has_usable_password()


@pytest.mark.parametrize("act", ["reset", "suspend"])
def test_a_reason_must_say_something(office_people: OfficePeople, act: str) -> None:
    call = getattr(user_keeping, act)

    found = errors_of(
        lambda: call(office_people.admin1, actor=office_people.keeper, reason="  lupa  ")
    )

    assert set(found) == {"reason"}
    assert User.objects.get(pk=office_people.admin1.pk).has_usable_password()


# -- suspending ------------------------------------------------------------------------------------


def test_a_suspended_person_is_out_at_once(client: Client, office_people: OfficePeople) -> None:
    person = office_people.admin1
    sign_in(client, person)

    user_keeping.suspend(person, actor=office_people.keeper, reason="Pindah tugas ke dinas lain")

    assert client.get(reverse("home")).status_code == 302
    again = Client()
    again.post(reverse("account_login"), {"username": "admin1", "password": "rahasia-contoh"})
    assert again.get(reverse("home")).status_code == 302
    person.refresh_from_db()
    assert (person.is_active, person.current_roles()) == (False, frozenset())
    assert person.appointments.count() == 1
    entry = AuditEntry.objects.get(act=Act.SUSPEND)
    assert entry.summary == (
        "Pengguna “Admin Contoh Satu” dinonaktifkan dengan alasan: Pindah tugas ke dinas lain"
    )


def test_a_session_that_was_ended_stays_ended_after_the_return(
    client: Client, office_people: OfficePeople
) -> None:
    person = office_people.admin1
    sign_in(client, person)
    user_keeping.suspend(person, actor=office_people.keeper, reason="Cuti di luar tanggungan")

    user_keeping.reactivate(person, actor=office_people.keeper)

    assert client.get(reverse("home")).status_code == 302
    assert User.objects.get(pk=person.pk).check_password("rahasia-contoh")
    assert last_entry().summary == "Pengguna “Admin Contoh Satu” diaktifkan kembali."


def test_a_suspension_closes_the_link_that_waits(office_people: OfficePeople) -> None:
    link = invite(office_people)

    user_keeping.suspend(link.person, actor=office_people.keeper, reason="Salah orang diundang")

    assert invitations.find(token_of(link), at=clock.now()) is None
    user_keeping.reactivate(link.person, actor=office_people.keeper)
    assert invitations.find(token_of(link), at=clock.now()) is None


def test_nobody_suspends_themselves(office_people: OfficePeople) -> None:
    keeper = office_people.keeper

    said = refused(lambda: user_keeping.suspend(keeper, actor=keeper, reason="Ingin istirahat"))

    assert said.startswith("Anda tidak dapat menonaktifkan diri sendiri.")
    assert User.objects.get(pk=keeper.pk).is_active


def test_a_keeper_who_cannot_sign_in_does_not_count_as_one_who_is_left(
    office_people: OfficePeople,
) -> None:
    other = second_keeper()
    User.objects.filter(pk=office_people.keeper.pk).update(password="!")

    found = errors_of(
        lambda: user_keeping.suspend(other, actor=office_people.keeper, reason="Pindah tugas lagi")
    )

    assert found[""][0].startswith("Perubahan ini tidak menyisakan seorang pun Pengelola Aplikasi")
    assert User.objects.get(pk=other.pk).is_active


def test_one_keeper_may_suspend_another(office_people: OfficePeople) -> None:
    other = second_keeper()

    user_keeping.suspend(other, actor=office_people.keeper, reason="Pindah tugas lagi")

    assert not User.objects.get(pk=other.pk).is_active


@pytest.mark.parametrize("act", ["reset", "suspend"])
def test_who_is_suspended_is_neither_suspended_again_nor_reset(
    office_people: OfficePeople, act: str
) -> None:
    User.objects.filter(pk=office_people.admin1.pk).update(is_active=False)
    call = getattr(user_keeping, act)

    said = refused(lambda: call(office_people.admin1, actor=office_people.keeper, reason=WHY))

    assert said.startswith("Admin Contoh Satu sudah nonaktif.")
    assert not AuditEntry.objects.exists()


def test_who_is_active_is_not_reactivated(office_people: OfficePeople) -> None:
    said = refused(
        lambda: user_keeping.reactivate(office_people.admin1, actor=office_people.keeper)
    )

    assert said == "Admin Contoh Satu tidak sedang nonaktif. Tidak ada yang berubah."


# -- who somebody is -------------------------------------------------------------------------------


def test_a_correction_is_recorded_without_what_was_typed(office_people: OfficePeople) -> None:
    person = office_people.drafter
    identity = Identity(
        **{
            **vars(user_keeping.identity_of(person)),
            "nip": "198501012010011001",
            "email": "penyusun.baru@kantor.example",
        }
    )

    user_keeping.correct_identity(person, actor=office_people.keeper, identity=identity)

    person.refresh_from_db()
    assert (person.nip, person.email) == ("198501012010011001", "penyusun.baru@kantor.example")
    entry = last_entry()
    assert (entry.act, entry.summary, entry.changes) == (
        Act.SETTINGS,
        "Pengguna “Penyusun Contoh” diubah: e-mail, NIP.",
        {
            "email": audit.hashed("penyusun.baru@kantor.example"),
            "nip": audit.hashed("198501012010011001"),
        },
    )


def test_a_correction_of_nothing_leaves_no_entry(office_people: OfficePeople) -> None:
    person = office_people.drafter

    user_keeping.correct_identity(
        person, actor=office_people.keeper, identity=user_keeping.identity_of(person)
    )

    assert not AuditEntry.objects.exists()


def test_a_correction_may_not_take_another_persons_number_or_address(
    office_people: OfficePeople,
) -> None:
    invite(office_people)
    stored = user_keeping.identity_of(office_people.drafter)
    identity = Identity(**{**vars(stored), "nip": SITI.nip, "email": SITI.email})

    found = errors_of(
        lambda: user_keeping.correct_identity(
            office_people.drafter, actor=office_people.keeper, identity=identity
        )
    )

    assert set(found) == {"nip", "email"}
    assert user_keeping.identity_of(User.objects.get(username="penyusun")) == stored


# -- roles -----------------------------------------------------------------------------------------


def appoint(staff: OfficePeople, person: User, **changes: Any) -> Appointment:
    data = {"role": Role.KEPALA_LPSE, "since": TODAY, **changes}
    return appointing.appoint(person, actor=staff.keeper, data=AppointmentData(**data))


def test_an_acting_head_is_appointed_with_dates_and_basis(office_people: OfficePeople) -> None:
    appoint(
        office_people,
        office_people.biro,
        capacity=Capacity.PLH,
        until=TODAY + 4 * DAY,
        legal_basis=" Surat Perintah  094/7 ",
    )

    assert office_people.biro.current_capacities() == {
        Role.KEPALA_BIRO: Capacity.DEFINITIVE,
        Role.KEPALA_LPSE: Capacity.PLH,
    }
    entry = last_entry()
    assert (entry.act, entry.object_label, entry.summary, entry.changes) == (
        Act.APPOINT,
        f"pengguna {office_people.biro.pk}",
        "Plh. Kepala LPSE: Biro Contoh, sejak 6 Juli 2026 sampai dengan 10 Juli 2026.",
        {
            "role": "kepala_lpse",
            "capacity": "plh",
            "since": "2026-07-06",
            "until": "2026-07-10",
            "legal_basis": "Surat Perintah 094/7",
            "assignment_letter": "",
        },
    )


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"role": Role.INSPEKTORAT}, {"assignment_letter", "until"}),
        ({"capacity": Capacity.PLT}, {"legal_basis", "until"}),
        ({"capacity": Capacity.PLH, "until": TODAY}, {"legal_basis"}),
        ({"until": TODAY - DAY}, {"until"}),
    ],
)
def test_an_appointment_has_what_its_role_and_capacity_ask_for(
    office_people: OfficePeople, changes: dict[str, Any], wrong: set[str]
) -> None:
    found = errors_of(lambda: appoint(office_people, office_people.nobody, **changes))

    assert set(found) == wrong
    assert not office_people.nobody.appointments.exists()


def test_nobody_appoints_themselves(office_people: OfficePeople) -> None:
    said = refused(lambda: appoint(office_people, office_people.keeper))

    assert said.startswith("Pengelola Aplikasi tidak menetapkan peran bagi dirinya sendiri")
    assert office_people.keeper.current_roles() == {Role.PENGELOLA_APLIKASI}


@pytest.mark.parametrize(
    ("since", "until", "clashes"),
    [
        (TODAY - 9 * DAY, TODAY - 6 * DAY, False),
        (TODAY - 9 * DAY, TODAY - 5 * DAY, True),
        (TODAY + 5 * DAY, TODAY + 9 * DAY, True),
        (TODAY + 6 * DAY, None, False),
        (TODAY - 9 * DAY, None, True),
    ],
)
def test_the_same_role_is_not_held_twice_on_one_day(
    office_people: OfficePeople, since: dt.date, until: dt.date | None, *, clashes: bool
) -> None:
    person = office_people.nobody
    Appointment.objects.create(
        person=person, role=Role.KEPALA_LPSE, since=TODAY - 5 * DAY, until=TODAY + 5 * DAY
    )

    if clashes:
        found = errors_of(lambda: appoint(office_people, person, since=since, until=until))
        assert found == {
            "since": [
                (
                    "Peran ini sudah dipegang sebagai Kepala LPSE sejak 1 Juli 2026 sampai dengan "
                    "11 Juli 2026. Akhiri dahulu penetapan itu, atau ubah tanggalnya."
                )
            ]
        }
    else:
        appoint(office_people, person, since=since, until=until)
    assert person.appointments.count() == (1 if clashes else 2)


@pytest.mark.parametrize(
    ("until", "ends"),
    [
        (TODAY - 2 * DAY, False),
        (TODAY - DAY, True),
        (TODAY, True),
        (TODAY + 30 * DAY, True),
    ],
)
def test_a_role_ends_with_a_date_and_never_before_yesterday(
    office_people: OfficePeople, until: dt.date, *, ends: bool
) -> None:
    held = office_people.admin1.appointments.get()

    if ends:
        appointing.end(held, actor=office_people.keeper, until=until)
    else:
        found = errors_of(lambda: appointing.end(held, actor=office_people.keeper, until=until))
        assert found["until"][0].startswith("Peran ini sudah berlaku di aplikasi")

    assert office_people.admin1.appointments.get().until == (until if ends else None)
    assert (office_people.admin1.current_roles() == frozenset()) == (until == TODAY - DAY)


def test_the_end_of_a_role_is_on_record(office_people: OfficePeople) -> None:
    held = office_people.admin1.appointments.get()

    appointing.end(held, actor=office_people.keeper, until=TODAY)

    entry = last_entry()
    assert (entry.act, entry.summary, entry.changes) == (
        Act.APPOINT,
        "Admin PPE: Admin Contoh Satu, berakhir 6 Juli 2026.",
        {"until": "2026-07-06"},
    )


def test_an_end_is_not_moved_further_out(office_people: OfficePeople) -> None:
    held = office_people.admin1.appointments.get()
    Appointment.objects.filter(pk=held.pk).update(until=TODAY + DAY)

    found = errors_of(
        lambda: appointing.end(held, actor=office_people.keeper, until=TODAY + 2 * DAY)
    )

    assert found["until"][0].startswith("Penetapan ini sudah berakhir pada 7 Juli 2026.")


def test_what_has_ended_is_not_ended_again(office_people: OfficePeople) -> None:
    held = office_people.admin1.appointments.get()
    Appointment.objects.filter(pk=held.pk).update(until=TODAY - 3 * DAY)

    said = refused(lambda: appointing.end(held, actor=office_people.keeper, until=TODAY - DAY))

    assert said == "Penetapan ini sudah berakhir pada 3 Juli 2026. Tidak ada yang berubah."


@pytest.mark.parametrize("until", [TODAY - DAY, TODAY, TODAY + 30 * DAY])
def test_the_last_keepers_role_does_not_end_without_a_successor(
    office_people: OfficePeople, until: dt.date
) -> None:
    held = office_people.keeper.appointments.get()

    found = errors_of(lambda: appointing.end(held, actor=office_people.keeper, until=until))
    assert found[""][0].startswith("Perubahan ini tidak menyisakan seorang pun Pengelola Aplikasi")
    assert office_people.keeper.appointments.get().until is None

    second_keeper()
    appointing.end(held, actor=office_people.keeper, until=until)
    assert office_people.keeper.appointments.get().until == until


def test_what_has_not_begun_is_taken_back(office_people: OfficePeople) -> None:
    held = appoint(office_people, office_people.nobody, since=TODAY + DAY)

    appointing.withdraw(held, actor=office_people.keeper)

    assert not Appointment.objects.filter(pk=held.pk).exists()
    assert last_entry().summary == "Kepala LPSE: Tamu Contoh, dibatalkan sebelum berlaku."


def test_what_has_begun_is_never_deleted(office_people: OfficePeople) -> None:
    held = appoint(office_people, office_people.nobody, since=TODAY)

    said = refused(lambda: appointing.withdraw(held, actor=office_people.keeper))

    assert said.startswith("Penetapan ini sudah mulai berlaku, sehingga tidak dihapus")
    assert Appointment.objects.filter(pk=held.pk).exists()


# -- the list --------------------------------------------------------------------------------------


def names(**asked: str) -> list[str]:
    lines, _ = user_register.find(Filters(**asked))
    return [line.person.username for line in lines]


def test_people_are_found_by_what_is_known_of_them(office_people: OfficePeople) -> None:
    siti = invite(office_people).person
    User.objects.filter(username="tamu").update(is_active=False)

    assert names(text="admin contoh") == ["admin2", "admin1"]
    assert names(text="siti@kantor") == ["siti"]
    assert names(text="19850101 201001 1 001") == ["siti"]
    assert names(text="tidak ada") == []
    assert names(role=Role.ADMIN_PPE) == ["admin2", "admin1", "siti"]
    assert names(state="diundang") == ["siti"]
    assert names(state="nonaktif") == ["tamu"]
    assert "siti" not in names(state="aktif")
    siti.appointments.update(until=TODAY - DAY, since=TODAY - DAY)
    assert names(role=Role.ADMIN_PPE) == ["admin2", "admin1"]


def test_the_list_tells_roles_of_today_state_and_second_factor(
    office_people: OfficePeople,
) -> None:
    invite(office_people)
    appoint(
        office_people,
        office_people.biro,
        capacity=Capacity.PLT,
        until=TODAY,
        legal_basis="SP contoh",
    )
    Authenticator.objects.create(user=office_people.biro, type="totp", data={"secret": "x"})
    Authenticator.objects.create(user=office_people.admin1, type="recovery_codes", data={})

    found = {line.person.username: line for line in user_register.find(Filters())[0]}

    assert found["biro"].titles == ["Kepala Biro", "Plt. Kepala LPSE"]
    assert [name for name, line in found.items() if line.has_second_factor] == ["biro"]
    assert (found["siti"].state, found["siti"].link_until) == (
        UserState.INVITED,
        MONDAY + dt.timedelta(hours=72),
    )
    assert found["biro"].link_until is None


def test_the_list_costs_the_same_for_any_number_of_people(office_people: OfficePeople) -> None:
    with queries() as few:
        user_register.find(Filters())
    for number in range(5):
        cases.make_person(f"lain{number}", "Orang Lain", Role.ADMIN_PPE)
    with queries() as many:
        user_register.find(Filters())

    assert (len(few), len(many)) == (4, 4)


def test_a_list_that_is_too_long_says_so(
    office_people: OfficePeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(user_register, "SHOWN", 3)

    lines, there_are_more = user_register.find(Filters())

    assert (len(lines), there_are_more) == (3, True)


def test_the_history_of_a_person_holds_what_others_and_they_did(
    office_people: OfficePeople,
) -> None:
    link = invite(office_people)
    invitations.accept(token_of(link), "jalan-panjang-berbatu", at=clock.now())
    user_keeping.suspend(link.person, actor=office_people.keeper, reason="Pindah tugas lagi")
    user_keeping.suspend(
        office_people.admin2, actor=office_people.keeper, reason="Pindah tugas juga"
    )

    acts = [entry.act for entry in user_register.history_of(link.person)]

    assert acts == [Act.SUSPEND, Act.ACCEPT_INVITATION, Act.APPOINT, Act.INVITE]
