"""Signing in and out: on record, limited, and never a way to learn who exists."""

import datetime as dt

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from accounts_requests import audit, clock, demo, sign_ins
from accounts_requests.models import AuditEntry
from accounts_requests.states import Act

from .cases import MONDAY, OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


def try_in(client: Client, password: str, username: str = "kepala") -> HttpResponse:
    answer = {"username": username, "password": password}
    response = client.post(reverse("sign_in"), answer, REMOTE_ADDR="10.0.0.7")
    assert isinstance(response, HttpResponse)
    return response


def test_a_person_comes_in_and_goes_out_on_record(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        inside = try_in(client, "rahasia-contoh")
        outside = client.post(reverse("sign_out"), REMOTE_ADDR="10.0.0.7")

    assert inside.headers["Location"] == reverse("home")
    assert outside.headers["Location"] == reverse("sign_in")
    assert list(AuditEntry.objects.values_list("act", "actor_name", "actor_role", "address")) == [
        (Act.SIGN_IN, "Kepala Contoh", "Kepala LPSE", "10.0.0.7"),
        (Act.SIGN_OUT, "Kepala Contoh", "Kepala LPSE", "10.0.0.7"),
    ]


def test_a_refused_attempt_keeps_only_a_keyed_hash_of_what_was_typed(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        response = try_in(client, "salah", username="Rahasia-Saya")

    entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor, entry.address) == (Act.SIGN_IN_FAILED, None, "10.0.0.7")
    assert entry.changes == {"username": audit.hashed("rahasia-saya")}
    assert response.status_code == 200
    assert "tidak sesuai" in response.content.decode()


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        wrong = try_in(client, "salah").content.decode()
        unknown = try_in(client, "salah", username="siapa").content.decode()

    assert "Nama pengguna atau password tidak sesuai" in wrong
    assert "Nama pengguna atau password tidak sesuai" in unknown


def test_after_five_failures_even_the_right_password_must_wait(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        for _ in range(sign_ins.PER_NAME):
            try_in(client, "salah")
        locked = try_in(client, "rahasia-contoh")
        other = try_in(Client(), "rahasia-contoh", username="biro")
        clock.advance(dt.timedelta(minutes=15))
        later = try_in(client, "rahasia-contoh")

    assert sign_ins.LOCKED in locked.content.decode()
    assert other.status_code == 302
    assert later.status_code == 302
    assert AuditEntry.objects.filter(act=Act.SIGN_IN_FAILED).count() == sign_ins.PER_NAME


def test_a_success_forgets_the_failures_before_it(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        for _ in range(sign_ins.PER_NAME - 1):
            try_in(client, "salah")
        try_in(client, "rahasia-contoh")
        client.post(reverse("sign_out"))
        try_in(client, "salah")

        assert try_in(client, "rahasia-contoh").status_code == 302


def test_signing_out_needs_a_post(client: Client, office_people: OfficePeople) -> None:
    client.force_login(office_people.kepala)

    assert client.get(reverse("sign_out")).status_code == 405


def test_an_inactive_person_stays_outside(client: Client, office_people: OfficePeople) -> None:
    office_people.kepala.is_active = False
    office_people.kepala.save()

    assert try_in(client, "rahasia-contoh").status_code == 200


def test_example_sign_ins_are_listed_in_a_demonstration_only(client: Client, seeded: None) -> None:
    plain = client.get(reverse("sign_in")).content.decode()
    with override_settings(DEMO=True):
        shown = client.get(reverse("sign_in")).content.decode()

    assert demo.PASSWORD not in plain
    assert shown.count(demo.PASSWORD) == len(demo.sign_ins())


def test_a_page_that_polls_after_the_session_ended_goes_to_the_sign_in(
    client: Client, seeded: None
) -> None:
    url = reverse("request_live", args=["P-2026-0001"])

    response = client.get(url, follow=True, headers={"HX-Request": "true"})

    assert response.headers["HX-Refresh"] == "true"
    assert response.content == b""


def test_pages_of_a_session_are_kept_by_no_cache(
    client: Client, office_people: OfficePeople
) -> None:
    client.force_login(office_people.kepala)

    with clock.moved_to(MONDAY):
        response = client.get(reverse("home"))

    assert response.headers["Cache-Control"] == "private, no-store"
