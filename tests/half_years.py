"""A half year of cases as raw rows: what five hundred cases leave behind, in a second."""

import datetime as dt
import random

from accounts_requests import timers
from accounts_requests.limit_terms import LimitUnit
from accounts_requests.models import (
    Account,
    AccountRequest,
    AnsweredDeviation,
    Deviation,
    DeviationAnswer,
    DeviationCause,
    DeviationJudgement,
    LatenessEnd,
    Registrant,
    SopRevision,
    StepRun,
)
from accounts_requests.models.deviation import LIMIT_PASSED
from accounts_requests.roles import Role
from accounts_requests.states import AccountState, Aspect, CaseState, LatenessOutcome, Verdict

from .cases import KINDS, OfficePeople

BEGIN = dt.datetime(2025, 12, 1, 0, 0, tzinfo=dt.UTC)
ENDS = ("issued_at", "ordered_at", "accounts_created_at", "email_sent_at", "archived_at")
STATES = (
    CaseState.DRAFT,
    CaseState.DECREE_ISSUED,
    CaseState.ORDERED,
    CaseState.ACCOUNTS_CREATED,
    CaseState.EMAIL_SENT,
    CaseState.ARCHIVED,
)
UNHAPPY = (AccountState.REFUSED, AccountState.POSTPONED, AccountState.NOT_DELIVERED)
OUTCOMES = (
    AccountState.PENDING,
    AccountState.CREATED,
    AccountState.REFUSED,
    AccountState.POSTPONED,
    AccountState.ACCEPTED,
    AccountState.NOT_DELIVERED,
)


def make(staff: OfficePeople, *, count: int, seed: int, after: int = 0) -> None:
    """Write ``count`` cases received between December 2025 and July 2026, at any stage.

    Their numbers follow ``after``.
    The rows keep the database's rules and nothing else: what they say is chance.
    """
    chance = random.Random(seed)  # noqa: S311  repeatable, not secret
    revision = SopRevision.objects.get()
    steps = list(revision.steps.order_by("number"))
    version = timers.adopt_calendar()
    cases = [
        _case(staff, revision, chance, number) for number in range(after + 1, after + count + 1)
    ]
    AccountRequest.objects.bulk_create(cases)
    runs: list[StepRun] = []
    people: list[Registrant] = []
    for case in cases:
        since = case.received_at
        for step, name in zip(steps, ENDS, strict=True):
            ended = getattr(case, name)
            if ended is None:
                break
            late = chance.choice((0, 0, 0, 1, chance.randrange(40_000)))
            runs.append(
                StepRun(
                    request=case,
                    step=step,
                    limit_amount=step.limit_amount,
                    limit_unit=chance.choice((step.limit_unit, LimitUnit.CALENDAR_DAYS))
                    if step.number == 1
                    else step.limit_unit,
                    limit_start=step.limit_start,
                    limit_basis=step.limit_basis,
                    offered_at=since,
                    started_at=since,
                    finished_at=ended,
                    finished_by=staff.admin1,
                    waiting_seconds=chance.randrange(9_000),
                    worked_seconds=chance.randrange(9_000),
                    counted_seconds=chance.choice((0, 1800, 3600, chance.randrange(20_000))),
                    wall_seconds=int((ended - since).total_seconds()),
                    late_seconds=late,
                    calendar_version=version,
                )
            )
            since = ended
        if case.state == CaseState.CANCELLED:
            runs[-1].abandoned = True
        people += [_person(case, position, chance) for position in range(1, 4)]
    StepRun.objects.bulk_create(runs)
    Registrant.objects.bulk_create(people)
    Account.objects.bulk_create([_account(person, chance) for person in people])
    Deviation.objects.bulk_create(
        Deviation(
            request=run.request,
            step_run=run,
            aspect=chance.choice(Aspect.values),
            rule=chance.choice(("contoh", "contoh", LIMIT_PASSED)),
            key=f"contoh:{run.pk}",
            norm="contoh",
            actual="contoh",
            responsible=staff.admin1,
            recorded_at=run.finished_at + dt.timedelta(hours=chance.randrange(900)),
        )
        for run in runs
        if run.finished_at and chance.random() < 0.2
    )


def answer(staff: OfficePeople, *, seed: int) -> None:
    """Let some of the deviations be answered for, once or twice, and some answers be judged.

    A lateness that was recorded while its step ran is answered for only after its end, if ever.
    """
    chance = random.Random(seed)  # noqa: S311  repeatable, not secret
    causes = list(DeviationCause.objects.order_by("position"))[:3]
    number = 0
    for deviation in Deviation.objects.order_by("pk"):
        at = deviation.recorded_at
        if deviation.rule == LIMIT_PASSED:
            outcome = chance.choice((None, *LatenessOutcome))
            at += dt.timedelta(days=chance.randrange(1, 40))
            if outcome is not None:
                _end(deviation, outcome, staff, at)
            if outcome != LatenessOutcome.ENDED:
                continue
        for _ in range(chance.choice((0, 1, 1, 2))):
            number += 1
            at += dt.timedelta(days=chance.randrange(1, 60))
            cause = chance.choice(causes)
            given = DeviationAnswer.objects.create(
                number=f"PJ-{number}",
                request=deviation.request,
                responsible=staff.admin1,
                role=Role.ADMIN_PPE,
                answered_by=staff.admin1,
                title="Admin PPE",
                at=at,
                cause=cause,
                cause_label=cause.label,
                explanation="contoh",
                remedy="contoh",
                prevention="contoh",
            )
            AnsweredDeviation.objects.create(
                answer=given, deviation=deviation, request=deviation.request, at=at
            )
            if chance.random() < 0.7:
                at += dt.timedelta(days=chance.randrange(1, 20))
                DeviationJudgement.objects.create(
                    answer=given,
                    request=deviation.request,
                    verdict=chance.choice(Verdict.values),
                    ground="contoh",
                    at=at,
                    recorded_by=staff.kepala,
                    judge_name="contoh",
                    title="Kepala LPSE",
                )


def _end(
    deviation: Deviation, outcome: LatenessOutcome, staff: OfficePeople, at: dt.datetime
) -> None:
    has_ended = outcome == LatenessOutcome.ENDED
    LatenessEnd.objects.create(
        deviation=deviation,
        request=deviation.request,
        outcome=outcome,
        actual="contoh",
        late_seconds=60 if has_ended else 0,
        responsible=staff.admin1,
        ground="" if has_ended else "contoh",
        at=at,
    )


def _case(
    staff: OfficePeople, revision: SopRevision, chance: random.Random, number: int
) -> AccountRequest:
    received = BEGIN + dt.timedelta(minutes=chance.randrange(230 * 24 * 60))
    reached = chance.randrange(len(STATES))
    cancelled = reached in {1, 2} and chance.random() < 0.3
    case = AccountRequest(
        number=f"P-2026-{number:04d}",
        state=CaseState.CANCELLED if cancelled else STATES[reached],
        sop_revision=revision,
        created_by=staff.drafter,
        created_at=received,
        received_at=received,
        subject=f"Contoh {number}",
        considerations="contoh",
        legal_bases="contoh",
        signing_method="in_app",
        signer_name="Contoh",
        signer_title="Contoh",
        decree_number=f"000/{number}" if reached else "",
        decree_date=received.date() if reached else None,
        people_locked_at=received if reached else None,
        assignee=staff.admin1 if reached >= 3 else None,
        archive_number=f"B-{number}" if reached == 5 else "",
    )
    at = received
    for name in ENDS[:reached]:
        at += dt.timedelta(minutes=chance.randrange(1, 9_000))
        setattr(case, name, at)
    if cancelled:
        case.cancelled_at = at + dt.timedelta(minutes=chance.randrange(9_000))
        case.cancel_reason = "contoh"
    return case


def _person(case: AccountRequest, position: int, chance: random.Random) -> Registrant:
    return Registrant(
        request=case,
        position_in_list=position,
        account_kind=chance.choice(KINDS),
        full_name="Contoh Personel",
        employment="non_asn",
        position="contoh",
        work_unit="contoh",
        agency="contoh",
        email=f"p{case.pk}.{position}@contoh.example",
        mobile="+628123456789",
        office_address="contoh",
        proposed_user_id=f"p{case.pk}.{position}",
        statement_date=case.received_at.date(),
    )


def _account(person: Registrant, chance: random.Random) -> Account:
    state = chance.choice(OUTCOMES)
    exists = state in {AccountState.CREATED, AccountState.ACCEPTED, AccountState.NOT_DELIVERED}
    recorded = person.request.received_at + dt.timedelta(minutes=chance.randrange(90_000))
    is_pending = state == AccountState.PENDING
    return Account(
        registrant=person,
        state=state,
        user_id=person.proposed_user_id if exists else "",
        registered_email=person.email if exists else "",
        reason="contoh" if state in UNHAPPY else "",
        recorded_at=None if is_pending else recorded,
        delivered_at=recorded + dt.timedelta(minutes=chance.randrange(9_000))
        if state == AccountState.ACCEPTED
        else None,
    )
