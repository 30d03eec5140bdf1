"""Second factors: set up, asked for, demanded of a role, lost; their secrets and their record."""

import base64
import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts_requests import clock, credentials, second_factors, sign_ins
from accounts_requests.adapters import WRONG_CODE
from accounts_requests.middleware import BACKGROUND
from accounts_requests.models import Appointment, AuditEntry, Office, User
from accounts_requests.roles import Role
from accounts_requests.states import Act

from . import cases, totp
from .cases import MONDAY, OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]

HERE = "10.0.0.7"
# settings.ACCOUNT_RATE_LIMITS: for one person's second factor, and from one address.
ATTEMPTS = 5
FROM_HERE = 50
BEFORE = 2  # entries on the trail for the sign-in and the setting up of the fixture `secret`


@pytest.fixture(autouse=True)
def machine() -> Iterator[time_machine.Traveller]:
    """Monday morning on the machine's clock, on which allauth counts too."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def sign_in(client: Client, username: str = "kepala") -> HttpResponse:
    given = {"username": username, "password": "rahasia-contoh"}
    response = client.post(reverse("account_login"), given, REMOTE_ADDR=HERE)
    assert isinstance(response, HttpResponse)
    return response


def refuse_many(count: int) -> None:
    """So many refused passwords from the address, each for another name."""
    for number in range(count):
        given = {"username": f"nama-{number}", "password": "salah"}
        Client().post(reverse("account_login"), given, REMOTE_ADDR=HERE)


def give(client: Client, code: str) -> Any:
    return client.post(reverse("mfa_authenticate"), {"code": code}, REMOTE_ADDR=HERE)


def set_up_totp(client: Client) -> str:
    """Set an authenticator up in a session that is fresh; its secret."""
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'id="kunci-autentikator">([A-Z2-7]{32})<', page)
    assert secret is not None
    typed = {"code": totp.code(secret[1], clock.now())}
    assert client.post(reverse("mfa_activate_totp"), typed).status_code == 302
    return secret[1]


def shown_codes(client: Client) -> list[str]:
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    return re.findall(r"\b[0-9]{8}\b", page.partition("<pre")[2].partition("</pre>")[0])


@pytest.fixture
def secret(office_people: OfficePeople, machine: time_machine.Traveller) -> str:
    """Kepala LPSE has an authenticator with this secret, set up some time ago."""
    client = Client()
    sign_in(client)
    made = set_up_totp(client)
    assert len(trail()) == BEFORE
    machine.shift(dt.timedelta(hours=2))
    return made


def trail() -> list[tuple[str, str, str]]:
    entries = AuditEntry.objects.order_by("sequence")
    return list(entries.values_list("act", "actor_name", "summary"))


def demand(*roles: Role) -> None:
    Office.objects.update(second_factor_roles=list(roles))


# -- an authenticator -----------------------------------------------------------------------------


def test_an_authenticator_is_set_up_and_the_recovery_codes_are_shown_once(
    client: Client, office_people: OfficePeople
) -> None:
    sign_in(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    set_up_totp(client)

    codes = shown_codes(client)
    again = shown_codes(client)

    assert '<img class="qr" src="data:image/svg+xml;base64,' in page
    assert len(set(codes)) == 10
    assert again == []
    assert trail()[1:] == [
        (Act.SECOND_FACTOR, "Kepala Contoh", "Memasang aplikasi autentikator."),
    ]


def test_a_wrong_first_code_sets_nothing_up(client: Client, office_people: OfficePeople) -> None:
    sign_in(client)
    client.get(reverse("mfa_activate_totp"))

    response = client.post(reverse("mfa_activate_totp"), {"code": "000000"})

    assert WRONG_CODE in response.content.decode()
    assert not Authenticator.objects.exists()
    assert [act for act, *_ in trail()] == [Act.SIGN_IN]


def test_the_code_is_asked_after_the_password_and_only_then_is_one_in(
    client: Client, secret: str
) -> None:
    first = sign_in(client)
    between = client.get(reverse("home"))
    inside = give(client, totp.code(secret, clock.now()))

    assert first.headers["Location"] == reverse("mfa_authenticate")
    assert between.headers["Location"] == f"{reverse('account_login')}?next=/"
    assert inside.headers["Location"] == reverse("home")
    assert client.get(reverse("home")).status_code == 200
    assert trail()[BEFORE:] == [
        (
            Act.SIGN_IN,
            "Kepala Contoh",
            "Masuk ke aplikasi dengan password dan aplikasi autentikator.",
        )
    ]


def test_the_page_that_was_wanted_is_reached_through_both_steps(
    client: Client, secret: str
) -> None:
    given = {"username": "kepala", "password": "rahasia-contoh", "next": reverse("sop")}
    client.post(reverse("account_login"), given)

    inside = give(client, totp.code(secret, clock.now()))

    assert inside.headers["Location"] == reverse("sop")


@pytest.mark.parametrize("seconds", [-30, 30])
def test_a_telephone_may_be_half_a_minute_off(client: Client, secret: str, seconds: int) -> None:
    sign_in(client)

    shown = totp.code(secret, clock.now() + dt.timedelta(seconds=seconds))

    assert give(client, shown).status_code == 302


@pytest.mark.parametrize("seconds", [0, 20, 45])
def test_a_code_that_was_used_is_refused_as_long_as_it_would_be_right(
    client: Client, secret: str, machine: time_machine.Traveller, seconds: int
) -> None:
    ahead = totp.code(secret, clock.now() + dt.timedelta(seconds=30))
    sign_in(client)
    first = give(client, ahead)
    machine.shift(dt.timedelta(seconds=seconds))
    other = Client()
    sign_in(other)

    second = give(other, ahead)

    assert first.status_code == 302
    assert second.status_code == 200
    assert WRONG_CODE in second.content.decode()


def test_wrong_codes_are_on_record_and_end_after_five(
    client: Client, secret: str, machine: time_machine.Traveller
) -> None:
    sign_in(client)
    wrong = [give(client, "000000").status_code for _ in range(ATTEMPTS)]
    locked = give(client, totp.code(secret, clock.now()))
    elsewhere = Client()
    sign_in(elsewhere)
    also_locked = elsewhere.post(
        reverse("mfa_authenticate"),
        {"code": totp.code(secret, clock.now())},
        REMOTE_ADDR="10.9.9.9",
    )
    machine.shift(dt.timedelta(minutes=15))
    sign_in(client)
    later = give(client, totp.code(secret, clock.now()))

    assert wrong == [200] * ATTEMPTS
    assert (locked.status_code, also_locked.status_code) == (429, 429)
    assert sign_ins.LOCKED in locked.content.decode()
    assert later.status_code == 302
    refused = (Act.SIGN_IN_FAILED, "Sistem", "Password sesuai, tetapi faktor kedua ditolak.")
    assert trail()[BEFORE:-1] == [refused] * ATTEMPTS
    assert AuditEntry.objects.order_by("sequence")[BEFORE].object_label == "Kepala Contoh"


def test_ones_own_success_clears_no_refusal_of_others_from_the_same_address(
    client: Client, secret: str, machine: time_machine.Traveller
) -> None:
    """Whoever has an account of their own cannot buy guesses at others with it."""
    refuse_many(FROM_HERE - ATTEMPTS)
    for _ in range(2):
        machine.shift(dt.timedelta(seconds=100))
        other = Client()
        sign_in(other)
        assert give(other, totp.code(secret, clock.now())).status_code == 302

    sign_in(client)
    wrong = [give(client, "000000").status_code for _ in range(ATTEMPTS)]
    locked = Client().post(
        reverse("account_login"),
        {"username": "admin1", "password": "rahasia-contoh"},
        REMOTE_ADDR=HERE,
    )
    elsewhere = Client().post(
        reverse("account_login"),
        {"username": "admin1", "password": "rahasia-contoh"},
        REMOTE_ADDR="10.0.0.8",
    )

    assert wrong == [200] * ATTEMPTS
    assert (locked.status_code, elsewhere.status_code) == (429, 302)


def test_right_second_factors_use_up_nothing_of_the_address(
    client: Client, secret: str, machine: time_machine.Traveller
) -> None:
    refuse_many(FROM_HERE - 1)

    answers = []
    for _ in range(3):
        machine.shift(dt.timedelta(seconds=100))
        other = Client()
        sign_in(other)
        answers.append(give(other, totp.code(secret, clock.now())).status_code)

    assert answers == [302] * 3


def test_one_can_turn_back_from_the_second_step(client: Client, secret: str) -> None:
    sign_in(client)
    led = client.get(reverse("account_login"))

    client.post(reverse("account_logout"))

    assert led.headers["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("account_login")).status_code == 200
    assert give(client, "000000").headers["Location"] == reverse("account_login")
    assert trail()[BEFORE:] == []


def test_who_is_suspended_between_the_two_steps_stays_outside(client: Client, secret: str) -> None:
    sign_in(client)
    User.objects.filter(username="kepala").update(is_active=False)

    response = give(client, totp.code(secret, clock.now()))

    assert response.headers["Location"] == reverse("account_login")
    assert client.get(reverse("home")).status_code == 302
    assert trail()[BEFORE:] == []


# -- recovery codes -------------------------------------------------------------------------------


def test_a_recovery_code_lets_in_once_and_is_on_record(
    client: Client, office_people: OfficePeople
) -> None:
    first = Client()
    sign_in(first)
    set_up_totp(first)
    codes = shown_codes(first)
    sign_in(client)
    inside = give(client, codes[3])
    other = Client()
    sign_in(other)

    again = give(other, codes[3])

    assert inside.headers["Location"] == reverse("home")
    assert again.status_code == 200
    assert trail()[2:4] == [
        (
            Act.SECOND_FACTOR,
            "Kepala Contoh",
            "Kode pemulihan dipakai untuk masuk; tersisa 9.",
        ),
        (Act.SIGN_IN, "Kepala Contoh", "Masuk ke aplikasi dengan password dan kode pemulihan."),
    ]
    assert "Tersisa 9 kode." in client.get(reverse("mfa_index")).content.decode()


def test_new_recovery_codes_end_the_old_ones(client: Client, office_people: OfficePeople) -> None:
    sign_in(client)
    set_up_totp(client)
    old = shown_codes(client)

    client.post(reverse("mfa_generate_recovery_codes"))
    new = shown_codes(client)

    assert len(new) == 10
    assert set(old).isdisjoint(new)
    assert trail()[-1][2] == "Membuat kode pemulihan baru; yang lama tidak berlaku lagi."
    other = Client()
    sign_in(other)
    assert give(other, old[0]).status_code == 200
    assert give(other, new[0]).status_code == 302


# -- at rest --------------------------------------------------------------------------------------


def test_no_secret_lies_readable_in_the_database(
    client: Client, office_people: OfficePeople, settings: Settings
) -> None:
    sign_in(client)
    client.get(reverse("mfa_activate_totp"))
    pending = client.session["mfa.totp.secret"]
    waiting = Session.objects.get()
    secret = set_up_totp(client)
    rows = {row.type: row.data for row in Authenticator.objects.all()}

    assert credentials.decrypt_field(rows["totp"]["secret"]) == secret
    assert len(credentials.decrypt_field(rows["recovery_codes"]["seed"])) == 80
    assert waiting.get_decoded()["mfa.totp.secret"] == pending
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert waiting.get_decoded() == {}


def test_a_factor_that_no_key_opens_is_told_and_not_taken_for_right(
    client: Client, secret: str, settings: Settings
) -> None:
    code = totp.code(secret, clock.now())
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    sign_in(client)

    response = give(client, code)

    assert response.status_code == 200
    assert credentials.FIELD_UNREADABLE in response.content.decode()


# -- demanded of a role ---------------------------------------------------------------------------


def test_who_owes_a_second_factor_can_only_set_it_up_or_leave(
    client: Client, office_people: OfficePeople
) -> None:
    demand(Role.KEPALA_LPSE)
    sign_in(client)
    case = cases.draft(office_people)

    led = client.get(reverse("home"))
    pressed = client.post(reverse("request_new"), {"subject": "x"})
    fragment = reverse("request_live", args=[case.number])
    opened = client.get(fragment, headers={"HX-Request": "true"})
    polled = client.get(fragment, headers={"HX-Request": "true", BACKGROUND: "1"})
    page = client.get(reverse("mfa_index")).content.decode()
    left = client.post(reverse("account_logout"))

    assert led.headers["Location"] == reverse("mfa_index")
    assert pressed.headers["Location"] == reverse("mfa_index")
    assert opened.headers["HX-Redirect"] == reverse("mfa_index")
    assert (polled.status_code, polled.content) == (204, b"")
    assert "Kantor mewajibkannya bagi Kepala LPSE." in page
    assert "belum tersimpan: pasang dahulu faktor kedua" in page
    assert left.headers["Location"] == reverse("account_login")


def test_everything_opens_once_the_factor_is_there(
    client: Client, office_people: OfficePeople
) -> None:
    demand(Role.KEPALA_LPSE)
    sign_in(client)
    set_up_totp(client)

    assert client.get(reverse("home")).status_code == 200


@pytest.mark.parametrize("username", ["penyusun", "biro", "tamu"])
def test_other_roles_are_asked_nothing(
    client: Client, office_people: OfficePeople, username: str
) -> None:
    demand(Role.KEPALA_LPSE, Role.ADMIN_PPE)
    sign_in(client, username)

    assert client.get(reverse("home")).status_code == 200


def test_the_demand_follows_the_role_of_the_day(
    client: Client, office_people: OfficePeople, machine: time_machine.Traveller
) -> None:
    demand(Role.KEPALA_LPSE)
    Appointment.objects.create(
        person=office_people.drafter,
        role=Role.KEPALA_LPSE,
        since=dt.date(2026, 7, 7),
        until=dt.date(2026, 7, 7),
    )
    seen = []
    for _ in range(3):
        browser = Client()
        sign_in(browser, "penyusun")
        seen.append(browser.get(reverse("home")).status_code)
        machine.shift(dt.timedelta(days=1))

    assert seen == [200, 302, 200]


def test_a_demand_that_begins_is_noticed_within_a_minute(
    client: Client, office_people: OfficePeople, machine: time_machine.Traveller
) -> None:
    sign_in(client)
    demand(Role.KEPALA_LPSE)
    machine.shift(dt.timedelta(minutes=1))

    client.get(reverse("home"))

    assert client.get(reverse("home")).headers["Location"] == reverse("mfa_index")


def test_the_last_factor_that_a_role_demands_stays(client: Client, secret: str) -> None:
    demand(Role.KEPALA_LPSE)
    sign_in(client)
    give(client, totp.code(secret, clock.now()))

    shown = client.get(reverse("mfa_deactivate_totp")).content.decode()
    client.post(reverse("mfa_deactivate_totp"))

    assert second_factors.NEEDED in shown
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()


def test_a_factor_that_nobody_demands_can_be_removed_and_its_codes_with_it(
    client: Client, secret: str
) -> None:
    sign_in(client)
    give(client, totp.code(secret, clock.now()))

    response = client.post(reverse("mfa_deactivate_totp"))

    assert response.headers["Location"] == reverse("mfa_index")
    assert not Authenticator.objects.exists()
    assert trail()[-1] == (Act.SECOND_FACTOR, "Kepala Contoh", "Menghapus aplikasi autentikator.")
    assert sign_in(Client()).headers["Location"] == reverse("home")


def test_factors_that_were_lost_can_be_taken_away(office_people: OfficePeople, secret: str) -> None:
    people = [office_people.kepala, office_people.biro]
    before = second_factors.people_with_one(people)

    counts = [second_factors.remove(office_people.kepala) for _ in range(2)]

    assert (before, counts) == ({office_people.kepala.pk}, [2, 0])
    assert second_factors.people_with_one(people) == set()
    assert sign_in(Client()).headers["Location"] == reverse("home")


# -- passkeys (the true ones are in tests/journeys) -----------------------------------------------


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


FORGED = json.dumps(
    {
        "id": "AAAA",
        "rawId": "AAAA",
        "type": "public-key",
        "response": {
            "clientDataJSON": encoded(
                b'{"type":"webauthn.get","challenge":"AAAA","origin":"https://testserver"}'
            ),
            "authenticatorData": encoded(bytes(37)),
            "signature": encoded(b"signed by nobody"),
        },
    }
)
"""Well-formed, but of a device that does not exist."""

ANSWERS = [
    "",
    "tidak terbaca",
    "[]",
    "{}",
    "7",
    '{"id": "x"}',
    json.dumps({"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}}),
    json.dumps(
        {
            "id": "AAAA",
            "rawId": "AAAA",
            "type": "public-key",
            "response": {"clientDataJSON": "AA", "attestationObject": "AA"},
        }
    ),
    FORGED,
]


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_made_up_answer_adds_no_passkey(
    client: Client, office_people: OfficePeople, answer: str
) -> None:
    sign_in(client)
    client.get(reverse("mfa_add_webauthn"))

    response = client.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": answer})

    assert response.status_code == 200
    assert "Passkey belum ditambahkan." in response.content.decode()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_made_up_answer_lets_nobody_in(client: Client, secret: str, answer: str) -> None:
    sign_in(client)
    client.get(reverse("mfa_authenticate"))

    response = client.post(reverse("mfa_authenticate"), {"credential": answer}, REMOTE_ADDR=HERE)

    assert response.status_code == 200
    assert client.get(reverse("home")).status_code == 302


def test_forged_answers_are_on_record_and_end_after_five(client: Client, secret: str) -> None:
    sign_in(client)

    answers = [
        client.post(reverse("mfa_authenticate"), {"credential": FORGED}, REMOTE_ADDR=HERE)
        for _ in range(ATTEMPTS + 1)
    ]

    assert [answer.status_code for answer in answers] == [200] * ATTEMPTS + [429]
    assert len(trail()[BEFORE:]) == ATTEMPTS


def test_nobody_removes_the_passkey_of_somebody_else(
    client: Client, office_people: OfficePeople
) -> None:
    row = Authenticator.objects.create(
        user=office_people.biro, type=Authenticator.Type.WEBAUTHN, data={"name": "Ponsel"}
    )
    sign_in(client)

    response = client.post(reverse("mfa_remove_webauthn", args=[row.pk]))

    assert response.status_code == 404
    assert Authenticator.objects.filter(pk=row.pk).exists()


def test_a_passkey_is_removed_unless_a_role_demands_it(
    client: Client, office_people: OfficePeople
) -> None:
    sign_in(client)
    row = Authenticator.objects.create(
        user=office_people.kepala, type=Authenticator.Type.WEBAUTHN, data={"name": "Ponsel"}
    )
    url = reverse("mfa_remove_webauthn", args=[row.pk])
    asked = client.get(url).content.decode()
    demand(Role.KEPALA_LPSE)
    refused = client.post(url, follow=True).content.decode()
    demand()
    client.post(url)

    assert "Hapus passkey “Ponsel”?" in asked
    assert second_factors.NEEDED in refused
    assert not Authenticator.objects.exists()
    assert trail()[-1][2] == "Menghapus passkey."
