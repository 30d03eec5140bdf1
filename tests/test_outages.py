"""The register of outages: what the machine notices by itself, and what people declare."""

import datetime as dt
from collections.abc import Callable, Iterator
from threading import Barrier, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, close_old_connections, connection

from accounts_requests import clock, outages, workflow
from accounts_requests import worker as worker_module
from accounts_requests.exceptions import InvalidInput, NotAllowedNow, NotPermitted
from accounts_requests.models import AccountRequest, AuditEntry, Message, Outage, WorkerHeartbeat
from accounts_requests.outages import SILENT_AFTER
from accounts_requests.outbox import BACK_OFF_MINUTES
from accounts_requests.states import Act, MessageState, SmtpStage
from accounts_requests.verifying import verify
from accounts_requests.worker import FORGET_AFTER, Worker

from . import cases
from .cases import MONDAY, OfficePeople
from .query_counts import queries
from .smtp_fixtures import Answer, MailServer, free_port

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

MINUTE = dt.timedelta(minutes=1)
SECOND = dt.timedelta(seconds=1)
DOWN = "Server e-mail sedang dipindahkan ke ruang lain"


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield


def told(**which: str) -> list[tuple[str, str, dt.datetime, dt.datetime | None]]:
    """Every outage on record, the oldest first."""
    rows = Outage.objects.filter(**which).order_by("since")
    return list(rows.values_list("subject", "source", "since", "until"))


def silence(since: dt.datetime, until: dt.datetime) -> tuple[str, str, dt.datetime, dt.datetime]:
    return ("application", "heartbeat", since, until)


def refusal(declare: Callable[[], object]) -> dict[str, list[str]]:
    with pytest.raises(InvalidInput) as refused:
        declare()
    return refused.value.errors


# -- silence ---------------------------------------------------------------------------------------


def test_the_first_worker_of_all_has_no_silence_to_tell_of(db: None) -> None:
    Worker(name="a").beat()
    assert told() == []


def test_a_worker_that_starts_after_a_silence_records_it_once(db: None) -> None:
    Worker(name="a").beat()
    back = clock.advance(dt.timedelta(hours=3))
    again = Worker(name="b")
    again.sweep()
    again.sweep()
    Worker(name="c").beat()
    assert told() == [silence(MONDAY, back)]


def test_a_silence_of_two_minutes_is_none(db: None) -> None:
    Worker(name="a").beat()
    clock.advance(SILENT_AFTER)
    Worker(name="b").beat()
    assert told() == []


def test_while_another_worker_is_at_work_nothing_was_away(db: None) -> None:
    Worker(name="a").beat()
    for _ in range(5):
        clock.advance(MINUTE)
        Worker(name="b").beat()
    Worker(name="a").beat()
    assert told() == []


def test_a_worker_that_was_stopped_for_a_while_records_its_own_pause(db: None) -> None:
    worker = Worker(name="a")
    worker.beat()
    back = clock.advance(dt.timedelta(minutes=10))
    worker.beat()
    assert told() == [silence(MONDAY, back)]


def test_work_that_took_ten_minutes_was_no_silence_and_a_pause_after_it_is_one(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone_by = 0.0  # seconds, as the machine itself counts them
    monkeypatch.setattr(worker_module, "time", SimpleNamespace(monotonic=lambda: gone_by))

    class Packer(Worker):
        def work_once(self) -> bool:
            nonlocal gone_by
            clock.advance(dt.timedelta(minutes=10))
            gone_by += 600
            self.stop()
            return True

    worker = Packer(name="a")
    worker.run()
    worker.beat()
    assert told() == []

    since = clock.now()
    back = clock.advance(dt.timedelta(minutes=3))
    worker.beat()
    assert told() == [silence(since, back)]


def test_a_silence_is_told_though_the_rows_of_its_workers_are_forgotten(db: None) -> None:
    Worker(name="a").beat()
    back = clock.advance(FORGET_AFTER + MINUTE)
    Worker(name="b").beat()
    assert told() == [silence(MONDAY, back)]
    assert list(WorkerHeartbeat.objects.values_list("name", flat=True)) == ["b"]


def test_a_beat_from_a_clock_that_ran_ahead_hides_no_silence(db: None) -> None:
    Worker(name="a").beat()
    with clock.moved_to(MONDAY + dt.timedelta(days=30)):
        WorkerHeartbeat.objects.create(
            name="ahead", started_at=clock.now(), beat_at=clock.now(), swept_at=None
        )
    back = clock.advance(dt.timedelta(minutes=10))
    Worker(name="b").beat()
    assert told() == [silence(MONDAY, back)]


def test_a_silence_that_cannot_be_recorded_leaves_no_beat_behind(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    Worker(name="a").beat()
    back = clock.advance(dt.timedelta(minutes=10))
    late = Worker(name="b")

    def fail(_at: dt.datetime) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(outages, "note_silence", fail)
        late.beat()
    assert (late.failures, WorkerHeartbeat.objects.get().name) == (1, "a")
    late.beat()
    assert told() == [silence(MONDAY, back)]


def test_a_worker_that_has_just_beaten_asks_for_no_silence(db: None) -> None:
    worker = Worker(name="a")
    with queries() as first:
        worker.beat()
    clock.advance(SECOND * 5)
    with queries() as next_one:
        worker.beat()
    asked = [sum("MAX(" in sql for sql in found) for found in (first, next_one)]
    assert asked == [1, 0]


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_start_at_once_record_one_silence() -> None:
    Worker(name="a").beat()
    back = MONDAY + dt.timedelta(hours=1)
    ready = Barrier(2)
    workers = [Worker(name=name) for name in ("b", "c")]

    def start(worker: Worker) -> None:
        with clock.moved_to(back):
            ready.wait()
            worker.beat()
        connection.close()

    threads = [Thread(target=start, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()
    assert [worker.failures for worker in workers] == [0, 0]
    assert told() == [silence(MONDAY, back)]


# -- the mail server -------------------------------------------------------------------------------


@pytest.fixture
def mail_settings(smtp_server: MailServer, settings: Any) -> Callable[[bool], None]:
    """Takes the mail server away, and gives it back."""
    nobody = free_port()

    def reachable(yes: bool) -> None:  # noqa: FBT001  the whole point of it
        settings.EMAIL_PORT = smtp_server.port if yes else nobody

    return reachable


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_is_away_is_told_of_from_the_first_retry_to_the_next_mail(
    office_people: OfficePeople, mail_settings: Callable[[bool], None]
) -> None:
    cases.sent(office_people, people=2)
    mail_settings(False)
    worker = Worker()
    worker.drain()
    worker.sweep()
    assert told(subject="mail") == []
    retried = clock.advance(MINUTE)
    worker.drain()
    worker.sweep()
    worker.sweep()
    assert told(subject="mail") == [("mail", "mail_log", retried, None)]
    clock.advance(5 * MINUTE)
    worker.drain()
    worker.sweep()
    assert told(subject="mail") == [("mail", "mail_log", retried, None)]
    mail_settings(True)
    back = clock.advance(15 * MINUTE)
    worker.drain()
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.ACCEPTED}
    worker.sweep()
    worker.sweep()
    assert told(subject="mail") == [("mail", "mail_log", retried, back)]
    assert worker.failures == 0


def waiting(case: AccountRequest, position: int, *, failed_at: dt.datetime, attempts: int) -> None:
    """The message of that person waits after it failed at the mail server's door."""
    Message.objects.filter(account__registrant__position_in_list=position).update(
        state=MessageState.QUEUED,
        stage=SmtpStage.CONNECT,
        attempts=attempts,
        next_attempt_at=failed_at + dt.timedelta(minutes=BACK_OFF_MINUTES[attempts - 1]),
        settled_at=None,
    )


def test_a_message_that_waits_since_an_outage_that_is_over_hides_no_new_one(
    office_people: OfficePeople,
) -> None:
    case = cases.sent(office_people, people=3)
    waiting(case, 1, failed_at=MONDAY, attempts=6)
    outages.follow_mail(MONDAY + MINUTE)
    message = case.messages.get(account__registrant__position_in_list=2)
    workflow.settle_message(message.pk, cases.ACCEPTED, at=MONDAY + 10 * MINUTE)
    for _ in range(2):
        outages.follow_mail(MONDAY + 11 * MINUTE)
    over = ("mail", "mail_log", MONDAY, MONDAY + 10 * MINUTE)
    assert told(subject="mail") == [over]
    again = MONDAY + 20 * MINUTE
    waiting(case, 3, failed_at=again, attempts=2)
    outages.follow_mail(again + MINUTE)
    assert told(subject="mail") == [over, ("mail", "mail_log", again, None)]


@pytest.mark.django_db(transaction=True)
def test_a_mailbox_that_defers_is_no_outage_of_the_server(
    office_people: OfficePeople, smtp_server: MailServer
) -> None:
    smtp_server.always("personel001@contoh.example", Answer.DEFER)
    cases.sent(office_people, people=1)
    worker = Worker()
    for _ in range(3):
        worker.drain()
        worker.sweep()
        clock.advance(15 * MINUTE)
    assert told(subject="mail") == []


def test_of_two_workers_that_notice_the_mail_server_at_once_one_records_it(
    office_people: OfficePeople,
) -> None:
    Outage.objects.create(subject="mail", source="mail_log", since=MONDAY, recorded_at=MONDAY)
    with pytest.raises(IntegrityError):
        Outage.objects.create(
            subject="mail", source="mail_log", since=MONDAY + SECOND, recorded_at=MONDAY
        )


# -- declared --------------------------------------------------------------------------------------


def declared(staff: OfficePeople, **changes: Any) -> Outage:
    values = {
        "actor": staff.admin1,
        "subject": "target",
        "since": MONDAY - dt.timedelta(hours=2),
        "until": None,
        "explanation": "SPSE tidak dapat dibuka dari kantor",
    }
    return outages.declare(**{**values, **changes})


def test_whose_work_an_outage_stops_declares_and_ends_it(office_people: OfficePeople) -> None:
    outage = declared(office_people)
    clock.advance(MINUTE)
    outages.close(outage, actor=office_people.kepala, until=MONDAY)
    clock.advance(MINUTE)
    outages.explain(
        outage, actor=office_people.keeper, explanation="Pusat data mengumumkan pemeliharaan"
    )
    since = MONDAY - dt.timedelta(hours=2)
    assert told() == [("target", "declared", since, MONDAY)]
    entries = [(entry.act, entry.actor_role, entry.summary) for entry in outages.history_of(outage)]
    assert entries == [
        (
            Act.DECLARE_OUTAGE,
            "Admin PPE",
            (
                "Gangguan “Aplikasi SPSE” dinyatakan sejak Senin, 6 Juli 2026, 08.00 WITA, belum "
                "berakhir. Keterangan: SPSE tidak dapat dibuka dari kantor"
            ),
        ),
        (
            Act.DECLARE_OUTAGE,
            "Kepala LPSE",
            "Gangguan “Aplikasi SPSE” dinyatakan berakhir Senin, 6 Juli 2026, 10.00 WITA.",
        ),
        (
            Act.DECLARE_OUTAGE,
            "Pengelola Aplikasi",
            "Penjelasan ditambahkan: Pusat data mengumumkan pemeliharaan",
        ),
    ]
    assert verify().is_whole


@pytest.mark.parametrize("who", ["drafter", "biro", "inspector", "nobody"])
def test_others_declare_end_and_explain_nothing(office_people: OfficePeople, who: str) -> None:
    user = getattr(office_people, who)
    outage = declared(office_people)
    before = AuditEntry.objects.count()
    for act in (
        lambda: declared(office_people, actor=user, subject="power"),
        lambda: outages.close(outage, actor=user, until=MONDAY),
        lambda: outages.explain(outage, actor=user, explanation="Penjelasan yang cukup panjang"),
    ):
        with pytest.raises(NotPermitted, match="Gangguan dicatat oleh Admin PPE, Kepala LPSE"):
            act()
    assert (Outage.objects.count(), AuditEntry.objects.count()) == (1, before)


def test_an_outage_is_of_the_past_in_the_right_order_and_explained(
    office_people: OfficePeople,
) -> None:
    said = refusal(
        lambda: declared(
            office_people,
            subject="listrik",
            since=MONDAY + MINUTE,
            until=MONDAY,
            explanation=" mati ",
        )
    )
    assert said == {
        "subject": ["Pilih apa yang terganggu dari daftar."],
        "since": ["Waktu mulai belum tiba: sekarang Senin, 6 Juli 2026, 10.00 WITA."],
        "until": [
            "Waktu berakhir mendahului waktu mulai, yaitu Senin, 6 Juli 2026, 10.01 WITA.",
        ],
        "explanation": ["Tuliskan sedikitnya 10 karakter, agar dapat dipahami kemudian."],
    }
    assert refusal(lambda: declared(office_people, until=MONDAY + MINUTE)) == {
        "until": [
            (
                "Waktu berakhir belum tiba: sekarang Senin, 6 Juli 2026, 10.00 WITA. Bila masih "
                "berlangsung, kosongkan dahulu."
            )
        ]
    }
    assert told() == []


def test_the_same_outage_is_declared_once(office_people: OfficePeople) -> None:
    declared(office_people)
    assert refusal(lambda: declared(office_people, actor=office_people.kepala)) == {
        "since": [
            (
                "Gangguan yang sama dengan waktu mulai yang sama sudah tercatat. Buka catatan itu, "
                "lalu akhiri atau tambahkan penjelasannya di sana."
            )
        ]
    }


def test_an_outage_ends_once_and_the_machine_ends_its_own(office_people: OfficePeople) -> None:
    outage = declared(office_people)
    outages.close(outage, actor=office_people.admin1, until=MONDAY)
    with pytest.raises(NotAllowedNow, match=r"sudah berakhir pada Senin, 6 Juli 2026, 10\.00 WITA"):
        outages.close(outage, actor=office_people.admin2, until=MONDAY)
    followed = Outage.objects.create(
        subject="mail", source="mail_log", since=MONDAY, recorded_at=MONDAY
    )
    with pytest.raises(NotAllowedNow, match="berakhir dengan sendirinya"):
        outages.close(followed, actor=office_people.admin1, until=MONDAY)


def test_what_the_machine_noticed_can_be_explained_too(office_people: OfficePeople) -> None:
    Worker(name="a").beat()
    clock.advance(dt.timedelta(hours=1))
    Worker(name="b").beat()
    outage = Outage.objects.get()
    outages.explain(outage, actor=office_people.keeper, explanation=DOWN)
    assert [entry.summary for entry in outages.history_of(outage)] == [
        f"Penjelasan ditambahkan: {DOWN}"
    ]
