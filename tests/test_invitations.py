"""One-time links: what they open, for whom, for how long, and what nobody learns from them."""

import datetime as dt
import hashlib
import logging
import logging.config
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts_requests import clock, invitations, seeding, user_keeping
from accounts_requests.exceptions import InvalidInput
from accounts_requests.invitations import LinkDead
from accounts_requests.models import AuditEntry, Invitation, User
from accounts_requests.roles import Role
from accounts_requests.states import Act

from .cases import MONDAY, OfficePeople, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]

PASSWORD = "jalan-panjang-berbatu"
HOURS_72 = dt.timedelta(hours=72)
NEW = Invitation.Purpose.NEW


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield


@pytest.fixture
def siti(office_people: OfficePeople) -> User:
    """Somebody who was invited and has no password yet."""
    person = make_person("siti", "Siti Contoh", Role.ADMIN_PPE)
    person.set_unusable_password()
    person.save()
    return person


@pytest.fixture
def token(siti: User, office_people: OfficePeople) -> str:
    """The token of Siti's link."""
    return invitations.issue(siti, NEW, by=office_people.keeper, at=MONDAY)[1]


def page(token: str) -> str:
    return reverse("invitation", args=[token])


def send(client: Client, token: str, first: str = PASSWORD, second: str = PASSWORD) -> Any:
    return client.post(page(token), {"password": first, "repeated": second})


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


# -- tokens ----------------------------------------------------------------------------------------


def test_a_token_is_32_random_bytes_of_which_only_the_hash_is_kept(siti: User) -> None:
    tokens = [invitations.issue(siti, NEW, by=None, at=MONDAY)[1] for _ in range(20)]

    assert len(set(tokens)) == 20
    assert {len(token) for token in tokens} == {43}
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", token) for token in tokens)
    stored = set(Invitation.objects.values_list("token_hash", flat=True))
    assert stored == {hashlib.sha256(token.encode()).hexdigest() for token in tokens}


def test_a_person_has_one_open_link_whatever_happens(siti: User, token: str) -> None:
    row = Invitation.objects.get(person=siti)

    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            person=siti,
            purpose=NEW,
            token_hash="0" * 64,
            created_at=MONDAY,
            expires_at=MONDAY + HOURS_72,
        )

    invitations.issue(siti, NEW, by=None, at=MONDAY)
    row.refresh_from_db()
    assert row.revoked_at == MONDAY


@pytest.mark.parametrize(
    ("after", "usable"),
    [
        (dt.timedelta(0), True),
        (HOURS_72 - dt.timedelta(seconds=1), True),
        (HOURS_72, False),
        (dt.timedelta(days=30), False),
    ],
)
def test_a_link_lives_72_hours(token: str, after: dt.timedelta, *, usable: bool) -> None:
    assert (invitations.find(token, at=MONDAY + after) is not None) is usable


def test_setting_a_password_uses_the_link_up_and_is_on_record(siti: User, token: str) -> None:
    person = invitations.accept(token, PASSWORD, at=MONDAY)

    assert person == siti
    assert User.objects.get(pk=siti.pk).check_password(PASSWORD)
    assert invitations.find(token, at=MONDAY) is None
    entry = AuditEntry.objects.get(act=Act.ACCEPT_INVITATION)
    assert (entry.actor, entry.object_label, entry.summary, entry.changes) == (
        siti,
        f"pengguna {siti.pk}",
        "Siti Contoh menetapkan password sendiri melalui tautan masuk.",
        {"purpose": "new"},
    )
    with pytest.raises(LinkDead):
        invitations.accept(token, "lain-panjang-berbatu", at=MONDAY)
    assert User.objects.get(pk=siti.pk).check_password(PASSWORD)


def test_a_weak_password_leaves_the_link_as_it_was(siti: User, token: str) -> None:
    with pytest.raises(InvalidInput):
        invitations.accept(token, "siti-contoh", at=MONDAY)

    assert invitations.find(token, at=MONDAY) is not None
    assert not User.objects.get(pk=siti.pk).has_usable_password()
    assert not AuditEntry.objects.exists()


# -- the page --------------------------------------------------------------------------------------


def test_opening_the_page_says_for_whom_and_consumes_nothing(
    client: Client, siti: User, token: str
) -> None:
    before = list(Invitation.objects.values())

    texts = [text_of(client.get(page(token))) for _ in range(3)]
    head = client.head(page(token))

    assert head.status_code == 200
    assert all("Tautan ini untuk <strong>Siti Contoh</strong>" in text for text in texts)
    assert 'value="siti"' in texts[0]
    assert "sampai Kamis, 9 Juli 2026, 10.00 WITA" in texts[0]
    assert list(Invitation.objects.values()) == before
    assert not AuditEntry.objects.exists()


def test_a_person_sets_a_password_and_signs_in(client: Client, siti: User, token: str) -> None:
    answer = client.post(
        page(token), {"password": PASSWORD, "repeated": PASSWORD}, REMOTE_ADDR="10.0.0.7"
    )

    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("account_login"))
    sign_in_page = text_of(client.get(reverse("account_login")))
    assert "Password Anda tersimpan dan tautannya sudah tidak berlaku. Silakan masuk." in (
        sign_in_page
    )
    assert Invitation.objects.get().used_from == "10.0.0.7"
    client.post(reverse("account_login"), {"username": "siti", "password": PASSWORD})
    assert client.get(reverse("home")).status_code in {200, 302}
    assert User.objects.get(pk=siti.pk).last_login is not None


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("", "", "Password baru wajib diisi."),
        (PASSWORD, "", "Ulangi password baru."),
        (PASSWORD, "jalan-pendek-berbatu", "Kedua password tidak sama. Ketik sekali lagi."),
        ("pendek", "pendek", "Password terlalu pendek. Gunakan sedikitnya 12 karakter."),
        ("195820184729", "195820184729", "Password tidak boleh terdiri dari angka saja."),
        ("siti-contoh-1", "siti-contoh-1", "Password terlalu mirip dengan data diri Anda."),
        ("qwertyuiop123", "qwertyuiop123", "Password ini terlalu lazim sehingga mudah ditebak."),
    ],
)
def test_a_password_that_will_not_do_is_refused_in_words(
    client: Client, token: str, first: str, second: str, said: str
) -> None:
    answer = send(client, token, first, second)

    assert answer.status_code == 200
    assert said in text_of(answer)
    assert "tautan masih berlaku" in text_of(answer)
    assert first == "" or f'value="{first}"' not in text_of(answer)
    assert invitations.find(token, at=MONDAY) is not None


def dead_links(office_people: OfficePeople) -> dict[str, str]:
    """A token for each way in which a link can be dead."""
    found = {"unknown": "x" * 43, "short": "x", "odd": "%00<script>"}
    for number, name in enumerate(("used", "revoked", "expired", "suspended")):
        person = make_person(f"orang{number}", "Orang Contoh", None)
        at = MONDAY - HOURS_72 if name == "expired" else MONDAY
        found[name] = invitations.issue(person, NEW, by=office_people.keeper, at=at)[1]
        if name == "used":
            invitations.accept(found[name], PASSWORD, at=MONDAY)
        elif name == "revoked":
            invitations.revoke(person, at=MONDAY)
        elif name == "suspended":
            User.objects.filter(pk=person.pk).update(is_active=False)
    return found


def test_dead_links_look_alike_and_change_nothing(office_people: OfficePeople) -> None:
    dead = dead_links(office_people)
    people, trail = list(User.objects.values()), AuditEntry.objects.count()

    answers = [
        answer
        for token in dead.values()
        for answer in (Client().get(page(token)), send(Client(), token))
    ]

    assert {answer.status_code for answer in answers} == {404}
    csrf = re.compile(r'content="[A-Za-z0-9]{64}"')
    assert len({csrf.sub("", text_of(answer)) for answer in answers}) == 1
    assert "minta tautan baru kepada Pengelola Aplikasi" in text_of(answers[0])
    assert (list(User.objects.values()), AuditEntry.objects.count()) == (people, trail)


def test_every_answer_stays_in_no_cache_and_tells_no_other_page(
    client: Client, office_people: OfficePeople, token: str
) -> None:
    answers = [
        client.get(page(token)),
        send(client, token, "x", "y"),
        send(client, token),
        client.get(page(token)),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 302, 404]
    assert {answer.headers["Referrer-Policy"] for answer in answers} == {"no-referrer"}
    assert all("no-store" in answer.headers["Cache-Control"] for answer in answers)


def test_a_page_without_referrer_can_send_its_form(token: str, siti: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    typed = {"password": PASSWORD, "repeated": PASSWORD}

    answer = browser.post(page(token), typed, headers={"Origin": "null"})

    assert answer.status_code == 302
    assert User.objects.get(pk=siti.pk).check_password(PASSWORD)


def test_who_asks_for_dead_links_again_and_again_is_asked_to_wait(
    client: Client, token: str
) -> None:
    codes = [client.get(page("x" * 43)).status_code for _ in range(invitations.MISSES + 2)]

    assert codes == [404] * invitations.MISSES + [429] * 2
    assert "Tunggu 15 menit" in text_of(client.get(page("x" * 43)))
    assert client.get(page(token)).status_code == 200
    assert Client().get(page("x" * 43), REMOTE_ADDR="10.0.0.9").status_code == 404
    clock.advance(invitations.MISSES_WINDOW)
    assert client.get(page("x" * 43)).status_code == 404


def test_the_token_is_in_no_log_line(
    client: Client,
    token: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    line = logging.config.dictConfigClass(settings.LOGGING).configure_formatter(
        dict(settings.LOGGING["formatters"]["line"])
    )

    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(invitations, "find", fail)
    client.raise_request_exception = False

    assert client.get(page(token)).status_code == 500
    assert [token in record.getMessage() for record in caplog.records] == [True]
    assert [token in line.format(record) for record in caplog.records] == [False]


# -- the first keeper ------------------------------------------------------------------------------


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("invite_keeper", *arguments, stdout=out)
    return out.getvalue()


def token_in(text: str) -> str:
    found = re.search(r"/undangan/([A-Za-z0-9_-]{43})/", text)
    assert found is not None
    return found[1]


def test_the_first_keeper_of_a_new_installation_comes_in_by_a_link(client: Client) -> None:
    seeding.seed()

    said = run("--username", "siti", "--name", "Siti Contoh", "--email", "siti@kantor.example")

    siti = User.objects.get(username="siti")
    assert said.splitlines()[0] == (
        "Tautan sekali pakai untuk Siti Contoh (siti), berlaku sampai Kamis, 9 Juli 2026, "
        "10.00 WITA:"
    )
    assert siti.current_roles() == {Role.PENGELOLA_APLIKASI}
    assert (siti.is_superuser, siti.is_staff) == (False, False)
    assert send(client, token_in(said)).status_code == 302
    client.force_login(User.objects.get(pk=siti.pk))
    assert client.get(reverse("user_list")).status_code == 200
    acts = AuditEntry.objects.order_by("sequence").values_list("act", "actor_name", "actor_role")
    assert list(acts) == [
        (Act.INVITE, "Sistem", "Pemasang aplikasi"),
        (Act.APPOINT, "Sistem", "Pemasang aplikasi"),
        (Act.ACCEPT_INVITATION, "Siti Contoh", ""),
    ]


def test_an_office_whose_keeper_cannot_come_in_is_helped_by_the_installer(
    client: Client, office_people: OfficePeople
) -> None:
    keeper = office_people.keeper
    User.objects.filter(pk=keeper.pk).update(is_active=False)
    keeper.appointments.update(until=dt.date(2026, 7, 1))

    said = run("--username", "pengelola")

    fresh = User.objects.get(pk=keeper.pk)
    assert (fresh.is_active, fresh.has_usable_password()) == (True, False)
    assert fresh.current_roles() == {Role.PENGELOLA_APLIKASI}
    assert send(client, token_in(said)).status_code == 302
    entries = AuditEntry.objects.exclude(act=Act.ACCEPT_INVITATION).order_by("sequence")
    assert [(entry.act, entry.actor_role) for entry in entries] == [
        (Act.REACTIVATE, "Pemasang aplikasi"),
        (Act.INVITE, "Pemasang aplikasi"),
        (Act.APPOINT, "Pemasang aplikasi"),
    ]


def test_a_keeper_who_is_invited_twice_keeps_one_role_and_the_last_link(
    office_people: OfficePeople,
) -> None:
    first, second = (run("--username", "pengelola") for _ in range(2))

    assert office_people.keeper.appointments.count() == 1
    assert invitations.find(token_in(first), at=MONDAY) is None
    assert invitations.find(token_in(second), at=MONDAY) is not None


@pytest.mark.parametrize("given", [[], ["--name", "Siti Contoh"], ["--email", "bukan alamat"]])
def test_a_new_keeper_needs_a_name_and_an_address(seeded: None, given: list[str]) -> None:
    with pytest.raises(CommandError):
        run("--username", "siti", *given)

    assert not User.objects.exists()
    assert not Invitation.objects.exists()


def test_the_link_bears_the_address_that_people_reach(seeded: None, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://akun.contoh.go.id"

    link = user_keeping.invite_keeper(
        username="siti", full_name="Siti Contoh", email="siti@kantor.example"
    )

    assert link.url.startswith("https://akun.contoh.go.id/undangan/")
