"""The pulse: what lives, what waits, told to people on every page and to machines at /healthz."""

import datetime as dt

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts_requests import clock, health, outbox
from accounts_requests.models import Message, WorkerHeartbeat
from accounts_requests.states import MessageKind, MessageState

from . import mail_cases
from .cases import OfficePeople
from .mail_cases import NOW

pytestmark = pytest.mark.django_db

SECOND = dt.timedelta(seconds=1)
MINUTE = dt.timedelta(minutes=1)


def worker(name: str, *, beat: dt.timedelta, swept: dt.timedelta) -> None:
    """A worker that was seen and swept so long before NOW."""
    WorkerHeartbeat.objects.create(
        name=name, started_at=NOW - MINUTE * 600, beat_at=NOW - beat, swept_at=NOW - swept
    )


def notice(at: dt.datetime) -> Message:
    case = mail_cases.case(f"2026-{Message.objects.count():04d}")
    return outbox.queue_notice(
        MessageKind.RETURN_NOTICE,
        case,
        recipient=mail_cases.person(),
        by=None,
        at=at,
        context={},
    )


def accepted(message: Message, at: dt.datetime) -> None:
    Message.objects.filter(pk=message.pk).update(state=MessageState.ACCEPTED, settled_at=at)


def test_the_pulse_tells_of_sweeps_workers_and_mail_in_one_query() -> None:
    worker("satu", beat=10 * SECOND, swept=20 * SECOND)
    worker("dua", beat=3 * MINUTE, swept=3 * MINUTE)
    accepted(notice(NOW - 50 * MINUTE), NOW - 49 * MINUTE)
    accepted(notice(NOW - 45 * MINUTE), NOW - 44 * MINUTE)
    notice(NOW - 12 * MINUTE)
    notice(NOW - 5 * MINUTE)
    with CaptureQueriesContext(connection) as queries:
        felt = health.pulse(NOW)
    assert len(queries) == 1
    assert felt == health.Pulse(
        at=NOW,
        swept_at=NOW - 20 * SECOND,
        workers=1,
        last_mail_at=NOW - 44 * MINUTE,
        oldest_waiting_at=NOW - 12 * MINUTE,
    )
    assert (felt.alive, felt.mail_waits_long) == (True, False)
    assert health.engine_words(felt) == (
        "1 pekerja · e-mail tertua menunggu 12 menit · e-mail terakhir pukul 08.46 WITA"
    )


def test_an_installation_without_a_worker_has_no_pulse() -> None:
    felt = health.pulse(NOW)
    assert (felt.alive, felt.workers, felt.swept_at) == (False, 0, None)
    assert health.engine_words(felt) == "tidak ada pekerja · tidak ada e-mail tertunda"


@pytest.mark.parametrize(
    ("minutes", "waits_long"), [(30, False), (31, True)], ids=["patient", "too long"]
)
def test_mail_that_waits_longer_than_the_first_retries_is_marked(
    minutes: int, *, waits_long: bool
) -> None:
    worker("satu", beat=SECOND, swept=SECOND)
    notice(NOW - minutes * MINUTE)
    assert health.pulse(NOW).mail_waits_long is waits_long


# -- for machines -------------------------------------------------------------------------------


def test_a_machine_reads_that_the_clock_runs_without_signing_in(client: Client) -> None:
    worker("satu", beat=10 * SECOND, swept=20 * SECOND)
    notice(NOW - 90 * SECOND)
    with clock.moved_to(NOW):
        answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "workers": 1,
        "swept_seconds_ago": 20,
        "oldest_message_seconds": 90,
        "last_mail_seconds_ago": None,
        "damaged_contents": 0,
        "contents_checked_seconds_ago": None,
    }
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("silence", "status", "word"),
    [(2 * MINUTE, 200, "ok"), (2 * MINUTE + SECOND, 503, "clock stopped")],
    ids=["within two minutes", "beyond two minutes"],
)
def test_a_dead_worker_turns_the_sign_red_within_two_minutes(
    client: Client, silence: dt.timedelta, status: int, word: str
) -> None:
    worker("satu", beat=silence, swept=silence)
    with clock.moved_to(NOW):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (status, word)


def test_a_machine_reads_that_the_database_is_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_at: dt.datetime) -> health.Pulse:
        raise OperationalError("connection refused")

    monkeypatch.setattr(health, "pulse", away)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "database away"})


def test_a_monitor_on_this_machine_is_not_sent_to_https(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    worker("satu", beat=SECOND, swept=SECOND)
    with clock.moved_to(NOW):
        assert client.get("/healthz").status_code == 200
        assert client.get("/masuk/").status_code == 301


# -- for people -----------------------------------------------------------------------------------


def test_a_page_left_open_asks_for_the_pulse_again(
    client: Client, office_people: OfficePeople
) -> None:
    client.force_login(office_people.admin1)
    page = client.get(reverse("home")).content.decode()
    assert page.count('hx-get="/denyut/" hx-trigger="every 30s"') == 1
    worker("satu", beat=5 * MINUTE, swept=5 * MINUTE)
    with clock.moved_to(NOW):
        line = client.get(reverse("pulse")).content.decode()
    assert "Penghitungan tenggat berhenti · diperiksa 5 menit lalu" in line
    assert "tidak ada pekerja · tidak ada e-mail tertunda" in line
    assert "<html" not in line
