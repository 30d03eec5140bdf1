"""The machine's clock jumps: back by an hour or a day, or forward by a day and back again."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import (
    clock,
    credentials,
    health,
    outbox,
    papers,
    reaping,
    verifying,
    workflow,
)
from accounts_requests.acts.instants import NOTE_BEGINS
from accounts_requests.models import (
    AccountRequest,
    AuditEntry,
    Deviation,
    Document,
    Message,
    StepRun,
    WorkerHeartbeat,
)
from accounts_requests.states import (
    AccountState,
    CaseState,
    MessageKind,
    MessageState,
    SmtpStage,
)
from accounts_requests.worker import Worker

from . import cases
from .cases import MONDAY, OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def from_step_2_to_the_end(case: AccountRequest, staff: OfficePeople) -> None:
    """Everything that follows the SK, one mail refused and sent again."""
    workflow.order_accounts(case, actor=staff.kepala)
    cases.render_papers(case)
    workflow.claim(case, actor=staff.admin1)
    workflow.return_to_head(case, actor=staff.admin1, reason="NIP nomor 2 keliru")
    workflow.order_accounts(case, actor=staff.kepala)
    cases.render_papers(case)
    workflow.take_over(case, actor=staff.admin2, reason="Pemegang tugas sakit")
    workflow.mark_opened(case, actor=staff.admin2)
    for account in cases.accounts(case):
        cases.record_created(account, staff.admin2)
    workflow.record_accounts(case, actor=staff.admin2, answers=cases.all_met(case))
    cases.render_papers(case)
    workflow.send_accounts(case, actor=staff.admin2, answers=cases.all_met(case))
    cases.settle(case, lambda _message: cases.REFUSED)
    first, second = cases.accounts(case)
    workflow.new_password(first, actor=staff.admin2)
    workflow.resend(
        first,
        actor=staff.admin2,
        address="benar@contoh.example",
        reason="Alamat salah tulis",
        had_signed_in=False,
        changed_in_spse=True,
    )
    workflow.hand_over(second, actor=staff.admin2, note="Diantar langsung")
    cases.settle(case)
    cases.render_papers(case)
    workflow.archive(case, actor=staff.admin2, answers=cases.all_met(case))
    cases.render_papers(case)


@pytest.mark.parametrize("jump", [MINUTE, HOUR, DAY], ids=str)
def test_a_case_goes_on_though_the_clock_was_set_back(
    office_people: OfficePeople, jump: dt.timedelta
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.issued(office_people)
        issued_at = clock.now()
    with clock.moved_to(MONDAY - jump):
        from_step_2_to_the_end(case, office_people)
    case = cases.fresh(case)
    assert case.state == CaseState.ARCHIVED
    # The record stands still at its latest instant, and keeps the order of the acts.
    told = list(
        AuditEntry.objects.filter(request=case, at__gte=issued_at, actor__isnull=False)
        .order_by("sequence")
        .values_list("at", flat=True)
    )
    assert told == sorted(told)
    assert told[-1] - issued_at < dt.timedelta(milliseconds=1)
    for run in StepRun.objects.filter(request=case):
        assert run.finished_at is not None
        assert run.finished_at >= run.offered_at
        assert (run.wall_seconds, run.late_seconds) == (0, 0)
    assert not Deviation.objects.filter(request=case, aspect="waktu").exists()
    assert verifying.verify().breaks == []


@pytest.mark.parametrize(
    ("jump", "notes"), [(dt.timedelta(seconds=59), 0), (MINUTE, 1), (DAY, 1)], ids=str
)
def test_the_case_tells_once_that_the_clock_was_set_back(
    office_people: OfficePeople, jump: dt.timedelta, notes: int
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.issued(office_people)
    with clock.moved_to(MONDAY - jump):
        from_step_2_to_the_end(case, office_people)
    texts = [note.text for note in case.notes.filter(text__startswith=NOTE_BEGINS)]
    assert len(texts) == notes
    if jump == DAY:
        assert texts[0] == (
            "Jam server menunjukkan Minggu, 5 Juli 2026, 10.00 WITA, lebih awal daripada catatan "
            "terakhir permohonan ini. Sampai jam itu melewati Senin, 6 Juli 2026, 10.00 WITA, "
            "setiap tindakan dicatat dengan waktu catatan terakhir; urutannya tetap benar. "
            "Pengelola Aplikasi perlu memeriksa jam server."
        )


def test_another_case_goes_on_with_the_time_as_it_is(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        cases.issued(office_people)
    with clock.moved_to(MONDAY - HOUR):
        case = cases.issued(office_people, number="000.3/2/B.PBJ-II/2026")
    assert (case.issued_at, case.notes.count()) == (MONDAY - HOUR, 0)


def test_every_page_says_that_the_clock_is_wrong_until_it_is_right(
    client: Client, office_people: OfficePeople
) -> None:
    client.force_login(office_people.admin1)
    with clock.moved_to(MONDAY):
        Worker(name="uji").sweep()
        case = cases.issued(office_people)

    def status_line(at: dt.datetime) -> str:
        with clock.moved_to(at):
            page = client.get(reverse("request_detail", args=[case.number]))
        assert page.status_code == 200
        return " ".join(page.content.decode().split())

    sentence = "Jam server lebih awal daripada catatan terakhir: beri tahu Pengelola Aplikasi"
    assert sentence in status_line(MONDAY - HOUR)
    assert sentence not in status_line(MONDAY - MINUTE)
    assert sentence not in status_line(MONDAY + MINUTE)


def test_a_worker_that_died_before_the_clock_was_set_back_does_not_pass_for_alive() -> None:
    with clock.moved_to(MONDAY):
        Worker(name="gugur").sweep()
    with clock.moved_to(MONDAY - HOUR):
        felt = health.pulse()
    assert (felt.alive, felt.workers) == (False, 0)


def test_the_worker_works_on_across_a_jump(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = cases.sent(office_people, people=1)
        worker = Worker(name="uji")
        worker.beat()
    for instant in (MONDAY + DAY, MONDAY - HOUR, MONDAY):
        with clock.moved_to(instant):
            worker.drain()
    assert worker.failures == 0
    assert cases.accounts(case)[0].state == AccountState.ACCEPTED
    assert WorkerHeartbeat.objects.get(name="uji").swept_at == MONDAY


# -- what waits must not hang ---------------------------------------------------------------------


@pytest.fixture
def waiting(office_people: OfficePeople) -> Iterator[Message]:
    """A message to a person, queued while the clock was a day ahead."""
    with clock.moved_to(MONDAY + DAY):
        case = cases.sent(office_people, people=1)
    with clock.moved_to(MONDAY):
        yield Message.objects.get(request=case, kind=MessageKind.CREDENTIALS)


def claim_of(message: Message) -> Message:
    found = outbox.claim_next("uji", clock.now())
    while found is not None and found != message:
        workflow.settle_message(found.pk, cases.ACCEPTED, at=clock.now())
        found = outbox.claim_next("uji", clock.now())
    assert found is not None
    return found


def test_a_message_from_a_clock_that_was_ahead_goes_at_once(waiting: Message) -> None:
    assert claim_of(waiting).attempts == 1


def test_a_message_waits_no_longer_than_its_back_off_whatever_the_clock_did(
    waiting: Message,
) -> None:
    ahead = MONDAY + DAY
    busy = outbox.Delivery("retry", SmtpStage.ENVELOPE, 450, "sibuk")
    outbox.retry_later(claim_of(waiting), busy, at=ahead)
    waiting.refresh_from_db()
    assert waiting.next_attempt_at == ahead + MINUTE
    assert claim_of(waiting).attempts == 2


def test_a_claim_from_a_clock_that_was_ahead_is_taken_back(waiting: Message) -> None:
    ahead = MONDAY + DAY
    Message.objects.filter(pk=waiting.pk).update(
        state=MessageState.SENDING, claimed_by="gugur", claimed_at=ahead, attempts=1
    )
    assert reaping.reap(clock.now()) == []
    waiting.refresh_from_db()
    assert (waiting.state, waiting.next_attempt_at) == (MessageState.QUEUED, MONDAY + MINUTE)


def test_a_claim_is_left_alone_where_clocks_differ_a_little(waiting: Message) -> None:
    Message.objects.filter(pk=waiting.pk).update(
        state=MessageState.SENDING,
        claimed_by="lain",
        claimed_at=MONDAY + outbox.STALE_AFTER,
        attempts=1,
    )
    reaping.reap(clock.now())
    waiting.refresh_from_db()
    assert waiting.state == MessageState.SENDING


def test_a_paper_from_a_clock_that_was_ahead_is_made_at_once(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY + DAY):
        case = cases.issued(office_people)
        workflow.order_accounts(case, actor=office_people.kepala)
        owed = Document.objects.get(request=case, state="owed")
    with clock.moved_to(MONDAY):
        claimed = papers.claim_owed(clock.now())
        assert claimed == owed
        Document.objects.filter(pk=owed.pk).update(claimed_at=MONDAY + DAY)
        assert papers.release_stale(clock.now()) == 1
        clock.advance(dt.timedelta(seconds=papers.BACK_OFF_SECONDS[0]))
        assert papers.claim_owed(clock.now()) == owed


def test_a_new_password_counts_as_newer_than_the_answer_it_follows(
    office_people: OfficePeople,
) -> None:
    """Both are told at the record's latest instant, and yet it is kept which came first."""
    with clock.moved_to(MONDAY):
        case = cases.sent(office_people, people=1)
        cases.settle(case, lambda _message: cases.REFUSED)
    with clock.moved_to(MONDAY - HOUR):
        (account,) = cases.accounts(case)
        workflow.new_password(account, actor=office_people.admin1)
        workflow.resend(
            account,
            actor=office_people.admin1,
            address="benar@contoh.example",
            reason="Alamat salah tulis",
            had_signed_in=False,
            changed_in_spse=True,
        )
    (account,) = cases.accounts(case)
    assert account.state == AccountState.QUEUED
    assert credentials.has_live(account)
