"""Signing in and out: on record, limited, and never a way to learn who exists."""

import datetime as dt
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from accounts_requests import audit, clock, demo, sign_ins
from accounts_requests.adapters import AccountAdapter
from accounts_requests.models import AuditEntry, User
from accounts_requests.states import Act

from .cases import MONDAY, OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]

HERE = "10.0.0.7"
TOKEN = re.compile(r'(?:content|value)="[A-Za-z0-9]{64}"')
# What settings.ACCOUNT_RATE_LIMITS allows within fifteen minutes, and for one name in an hour.
FOR_A_NAME_FROM_HERE = 5
FROM_HERE = 50
FOR_A_NAME = 30


@pytest.fixture(autouse=True)
def on_a_monday() -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield


def try_in(
    password: str, username: str = "kepala", *, address: str = HERE, client: Client | None = None
) -> HttpResponse:
    answer = {"username": username, "password": password}
    response = (client or Client()).post(reverse("account_login"), answer, REMOTE_ADDR=address)
    assert isinstance(response, HttpResponse)
    return response


def acts() -> list[tuple[Any, ...]]:
    return list(
        AuditEntry.objects.order_by("sequence").values_list(
            "act", "actor_name", "actor_role", "address"
        )
    )


def test_a_person_comes_in_and_goes_out_on_record(
    client: Client, office_people: OfficePeople
) -> None:
    inside = try_in("rahasia-contoh", client=client)
    outside = client.post(reverse("account_logout"), REMOTE_ADDR=HERE)
    left = client.get(outside.headers["Location"])

    assert inside.headers["Location"] == reverse("home")
    assert outside.headers["Location"] == reverse("account_login")
    assert "Anda telah keluar." in left.content.decode()
    assert acts() == [
        (Act.SIGN_IN, "Kepala Contoh", "Kepala LPSE", HERE),
        (Act.SIGN_OUT, "Kepala Contoh", "Kepala LPSE", HERE),
    ]


def test_a_name_is_known_however_its_letters_are_typed(office_people: OfficePeople) -> None:
    assert try_in("rahasia-contoh", username=" Kepala ").status_code == 302


def test_a_refused_attempt_keeps_only_a_keyed_hash_of_what_was_typed(
    office_people: OfficePeople,
) -> None:
    response = try_in("salah", username="Rahasia-Saya")

    entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor, entry.address) == (Act.SIGN_IN_FAILED, None, HERE)
    assert entry.changes == {"username": audit.hashed("rahasia-saya")}
    assert response.status_code == 200
    assert "tidak sesuai" in response.content.decode()


def test_a_wrong_password_an_unknown_name_and_a_suspended_person_get_one_answer(
    office_people: OfficePeople,
) -> None:
    office_people.biro.is_active = False
    office_people.biro.save()
    tried = [("kepala", "salah"), ("siapa", "salah"), ("biro", "rahasia-contoh")]

    answers = [try_in(password, username=name) for name, password in tried]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    said = {
        TOKEN.sub("", answer.content.decode()).replace(f'value="{name}"', "")
        for answer, (name, _password) in zip(answers, tried, strict=True)
    }
    assert len(said) == 1
    assert sign_ins.REFUSED in said.pop()
    assert [act for act, *_ in acts()] == [Act.SIGN_IN_FAILED] * 3


def counting(worked: list[str], work: str) -> Any:
    """That method of the hasher, as it is, with a note of each call."""
    original = getattr(Argon2PasswordHasher, work)

    def noted(*args: Any) -> Any:
        worked.append("hash")
        return original(*args)

    return noted


@pytest.mark.parametrize("name", ["kepala", "siapa", "biro"])
def test_each_refusal_costs_one_argon2_whether_the_name_exists_or_not(
    office_people: OfficePeople, settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    office_people.kepala.set_password("rahasia-contoh")
    office_people.kepala.save()
    office_people.biro.set_password("rahasia-contoh")
    office_people.biro.is_active = False
    office_people.biro.save()
    worked: list[str] = []
    for work in ("verify", "encode"):
        monkeypatch.setattr(Argon2PasswordHasher, work, counting(worked, work))

    try_in("salah", username=name)

    assert worked == ["hash"]


def test_somebody_suspended_is_out_with_the_next_request(
    client: Client, office_people: OfficePeople
) -> None:
    try_in("rahasia-contoh", client=client)
    User.objects.filter(username="kepala").update(is_active=False)

    response = client.get(reverse("home"))

    assert response.headers["Location"] == f"{reverse('account_login')}?next=/"


# -- the limits -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["kepala", "siapa"])
def test_after_five_failures_even_the_right_password_must_wait(
    office_people: OfficePeople, name: str
) -> None:
    with time_machine.travel(MONDAY, tick=False) as machine:
        failures = [try_in("salah", username=name) for _ in range(FOR_A_NAME_FROM_HERE)]
        locked = try_in("rahasia-contoh", username=name)
        other = try_in("rahasia-contoh", username="admin1")
        machine.shift(dt.timedelta(minutes=15))
        later = try_in("rahasia-contoh", username=name)

    assert [failure.status_code for failure in failures] == [200] * FOR_A_NAME_FROM_HERE
    assert locked.status_code == 429
    assert sign_ins.LOCKED in locked.content.decode()
    assert other.status_code == 302
    assert later.status_code == (302 if name == "kepala" else 200)
    refused = FOR_A_NAME_FROM_HERE + (0 if name == "kepala" else 1)
    assert AuditEntry.objects.filter(act=Act.SIGN_IN_FAILED).count() == refused


def test_a_lock_does_not_follow_its_owner_to_another_address(office_people: OfficePeople) -> None:
    for _ in range(FOR_A_NAME_FROM_HERE + 1):
        try_in("salah", address="198.51.100.7")

    assert try_in("rahasia-contoh", address=HERE).status_code == 302


def test_who_is_locked_out_does_not_lock_the_office_out(office_people: OfficePeople) -> None:
    for _ in range(FROM_HERE + FOR_A_NAME_FROM_HERE):
        try_in("salah", username="siapa")

    assert try_in("rahasia-contoh").status_code == 302


def test_guesses_at_many_names_from_one_address_end(office_people: OfficePeople) -> None:
    answers = [try_in("salah", username=f"nama-{number}") for number in range(FROM_HERE + 1)]

    assert [answer.status_code for answer in answers] == [200] * FROM_HERE + [429]
    assert try_in("rahasia-contoh", address="10.0.0.8").status_code == 302


def test_guesses_at_one_name_from_many_addresses_end(office_people: OfficePeople) -> None:
    answers = [try_in("salah", address=f"10.0.1.{number}") for number in range(FOR_A_NAME + 1)]

    assert [answer.status_code for answer in answers] == [200] * FOR_A_NAME + [429]
    assert try_in("rahasia-contoh", username="admin1").status_code == 302


def test_a_flood_of_sign_ins_is_answered_with_a_page_in_indonesian(
    office_people: OfficePeople, settings: Settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "1/m/ip"}

    answers = [try_in("rahasia-contoh") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 429]
    assert "Terlalu banyak percobaan" in answers[1].content.decode()


# -- what stays closed ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_email",
        "account_reset_password",
        "account_set_password",
        "account_inactive",
        "account_request_login_code",
        "mfa_login_webauthn",
        "socialaccount_signup",
    ],
)
def test_there_is_no_sign_up_and_no_password_by_mail(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)
    assert AccountAdapter().is_open_for_signup(HttpRequest()) is False


def test_signing_out_needs_a_post(client: Client, office_people: OfficePeople) -> None:
    client.force_login(office_people.kepala)

    assert client.get(reverse("account_logout")).status_code == 405


def test_example_sign_ins_are_listed_in_a_demonstration_only(client: Client, seeded: None) -> None:
    plain = client.get(reverse("account_login")).content.decode()
    with override_settings(DEMO=True):
        shown = client.get(reverse("account_login")).content.decode()

    assert demo.PASSWORD not in plain
    assert shown.count(demo.PASSWORD) == len(demo.sign_ins())


def test_pages_of_a_session_are_kept_by_no_cache(
    client: Client, office_people: OfficePeople
) -> None:
    client.force_login(office_people.kepala)

    assert client.get(reverse("home")).headers["Cache-Control"] == "private, no-store"


def test_no_password_reaches_the_log(
    office_people: OfficePeople, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(sign_ins, "signed_in", fail)
    caplog.set_level(logging.DEBUG)
    client = Client(raise_request_exception=False)

    response = try_in("rahasia-contoh", client=client)

    assert response.status_code == 500
    assert "broken on purpose" in caplog.text
    assert "rahasia-contoh" not in caplog.text


# -- the password again, and a new one ------------------------------------------------------------

NEW = "jembatan-mahakam-lama"


def change_password(client: Client, **typed: str) -> HttpResponse:
    given = {"oldpassword": "rahasia-contoh", "password1": NEW, "password2": NEW, **typed}
    response = client.post(reverse("account_change_password"), given, REMOTE_ADDR=HERE)
    assert isinstance(response, HttpResponse)
    return response


def test_a_new_password_ends_the_other_sessions_and_is_on_record(
    client: Client, office_people: OfficePeople
) -> None:
    other = Client()
    for browser in (client, other):
        try_in("rahasia-contoh", client=browser)

    changed = change_password(client)

    assert changed.headers["Location"] == reverse("mfa_index")
    assert client.get(reverse("home")).status_code == 200
    assert other.get(reverse("home")).status_code == 302
    assert [act for act, *_ in acts()] == [Act.SIGN_IN, Act.SIGN_IN, Act.CHANGE_PASSWORD]
    assert NEW not in str(list(AuditEntry.objects.values()))
    assert try_in("rahasia-contoh").status_code == 200
    assert try_in(NEW).status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"oldpassword": "salah"}, "Password yang sekarang tidak sesuai. Ketik kembali."),
        ({"password2": "lain"}, "Kedua password baru tidak sama. Ketik kembali keduanya."),
        (
            {"password1": "pendek7", "password2": "pendek7"},
            "Password terlalu pendek. Gunakan sedikitnya 12 karakter.",
        ),
        (
            {"password1": "918273645546", "password2": "918273645546"},
            "Password tidak boleh terdiri dari angka saja.",
        ),
        (
            {"password1": "administrator", "password2": "administrator"},
            "Password ini terlalu lazim sehingga mudah ditebak.",
        ),
        (
            {"password1": "kepala-contoh", "password2": "kepala-contoh"},
            "Password terlalu mirip dengan data diri Anda.",
        ),
        (
            {"password1": "rahasia-contoh", "password2": "rahasia-contoh"},
            "Password baru harus berbeda dari yang sekarang.",
        ),
    ],
)
def test_a_new_password_that_will_not_do_is_told_why(
    client: Client, office_people: OfficePeople, typed: dict[str, str], sentence: str
) -> None:
    client.force_login(office_people.kepala)

    page = change_password(client, **typed).content.decode()

    assert page.count(sentence) == 2  # in the summary and beside the field
    assert not AuditEntry.objects.exists()


def test_guesses_at_the_password_of_an_open_session_end(
    client: Client, office_people: OfficePeople
) -> None:
    client.force_login(office_people.kepala)

    answers = [change_password(client, oldpassword="salah").status_code for _ in range(11)]

    assert answers == [200] * 10 + [429]


def test_the_password_is_asked_again_before_the_second_factor_and_leads_on(
    client: Client, office_people: OfficePeople
) -> None:
    client.force_login(office_people.kepala)
    wanted = reverse("mfa_activate_totp")
    asked = client.get(wanted)
    confirm = reverse("account_reauthenticate")

    wrong = client.post(asked.headers["Location"], {"password": "salah"}, REMOTE_ADDR=HERE)
    right = client.post(asked.headers["Location"], {"password": "rahasia-contoh"})

    assert asked.headers["Location"] == f"{confirm}?next={wanted.replace('/', '%2F')}"
    assert "Password tidak sesuai. Ketik kembali password masuk Anda." in wrong.content.decode()
    assert acts() == [(Act.SIGN_IN_FAILED, "Kepala Contoh", "Kepala LPSE", HERE)]
    assert right.headers["Location"] == wanted
    assert client.get(wanted).status_code == 200


def test_a_password_given_a_while_ago_is_asked_again(
    client: Client, office_people: OfficePeople
) -> None:
    try_in("rahasia-contoh", client=client)
    wanted = reverse("mfa_activate_totp")

    at_once = client.get(wanted).status_code
    clock.advance(dt.timedelta(minutes=5))
    later = client.get(wanted)

    assert at_once == 200
    assert later.headers["Location"].startswith(reverse("account_reauthenticate"))
