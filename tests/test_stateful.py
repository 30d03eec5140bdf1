"""Random acts by random people at random times, through the gate alone; the record stays whole.

The machine knows how to call every act, not when it is allowed: that is asked of the gate. What
must hold whatever happens is checked after each step.
"""

import contextlib
import datetime as dt
import functools
import io
import os
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any, ClassVar

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from PIL import Image

from accounts_requests import (
    clock,
    credentials,
    late_entry_rules,
    outbox,
    papers,
    permissions,
    verifying,
    workflow,
)
from accounts_requests.answers import Answer
from accounts_requests.exceptions import NotPermitted, WorkflowError
from accounts_requests.models import (
    Account,
    AccountRequest,
    AuditEntry,
    Credential,
    Deviation,
    Document,
    Message,
    Registrant,
    StageRun,
    StepRun,
    StepRunHolding,
    User,
)
from accounts_requests.outbox import Delivery
from accounts_requests.registrants import PersonData, person_data
from accounts_requests.roles import Role
from accounts_requests.states import (
    ABOUT_THE_DECREE,
    CLOSED_STATES,
    ON_THE_WAY,
    RUNNING_STEP,
    STEP4_SETTLED,
    UNSENT_MESSAGES,
    AccountState,
    Act,
    CaseState,
    DocumentKind,
    MessageKind,
    MessageState,
    SigningMethod,
    SmtpStage,
    Stage,
)
from accounts_requests.uploads import Upload
from accounts_requests.worker import Worker

from . import cases
from .cases import OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"

PEOPLE = ("kepala", "drafter", "admin1", "admin2", "biro", "inspector", "keeper", "nobody")
BEGINNINGS: dict[str, Callable[..., AccountRequest]] = {
    "draft": cases.draft,
    "paraf": cases.submitted,
    "issued": cases.issued,
    "ordered": cases.ordered,
    "claimed": cases.claimed,
    "recorded": cases.recorded,
    "sent": cases.sent,
    "e-mailed": cases.emailed,
    "archived": cases.archived,
}
STEPS = [
    dt.timedelta(0),
    dt.timedelta(minutes=1),
    dt.timedelta(minutes=20),
    dt.timedelta(hours=2),
    dt.timedelta(days=1),
    dt.timedelta(days=4),
    # Clocks are set back, too.
    -dt.timedelta(minutes=40),
    -dt.timedelta(days=1),
]
RETRY = Delivery(outcome="retry", stage=SmtpStage.ENVELOPE, code=450, answer="4.2.1 Sibuk")
DELIVERIES = {
    "accepted": cases.ACCEPTED,
    "failed": cases.REFUSED,
    "uncertain": cases.LOST,
    "retry": RETRY,
}

# The accounts whose password may wait, by the state of their case.
STEP_3 = {AccountState.PENDING, AccountState.CREATED, AccountState.REFUSED, AccountState.POSTPONED}
STEP_4 = {
    AccountState.CREATED,
    AccountState.QUEUED,
    AccountState.FAILED,
    AccountState.UNCERTAIN,
    AccountState.ACCEPTED,  # its message came back
}
PASSWORD_MAY_WAIT: dict[str, set[AccountState]] = {
    CaseState.DRAFT: set(),
    CaseState.DECREE_ISSUED: STEP_3,  # after a return
    CaseState.ORDERED: STEP_3,
    CaseState.ACCOUNTS_CREATED: STEP_4,
    CaseState.EMAIL_SENT: {AccountState.ACCEPTED},
    CaseState.ARCHIVED: {*ON_THE_WAY, *STEP4_SETTLED},
    CaseState.CANCELLED: set(),
}

REASON = "Alasan yang cukup panjang"
Rows = dict[str, list[tuple[Any, ...]]]


@functools.cache
def scan() -> Upload:
    target = io.BytesIO()
    Image.new("L", (8, 8), 255).save(target, "PNG")
    return Upload(file_name="pindai.png", data=target.getvalue())


def all_rows() -> Rows:
    """Every row of the application's tables, as the database has it."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("accounts_requests").get_models():
            key = model._meta.pk.column
            cursor.execute(
                f'SELECT * FROM "{model._meta.db_table}" ORDER BY "{key}"'  # noqa: S608  our tables
            )
            found[model.__name__] = [
                tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
                for row in cursor.fetchall()
            ]
    return found


def values(model: Any, **conditions: Any) -> dict[int, dict[str, Any]]:
    """Rows by their key."""
    return {row["id"]: row for row in model.objects.filter(**conditions).values()}


class Office(RuleBasedStateMachine):
    """An office with one or two cases, and everything that can be tried on them."""

    staff: ClassVar[OfficePeople]

    def __init__(self) -> None:
        super().__init__()
        self.stack = contextlib.ExitStack()
        block: Any = transaction.atomic()
        # As Django's own TestCase does it: durable blocks inside are allowed.
        block._from_testcase = True
        self.stack.enter_context(block)
        self.stack.callback(transaction.set_rollback, True)
        self.stack.enter_context(clock.moved_to(cases.MONDAY))
        self.finished: dict[int, dict[str, Any]] = {}
        self.deviations: dict[int, dict[str, Any]] = {}
        self.archived: dict[int, dict[str, Any]] = {}

    def teardown(self) -> None:
        """What broke stays broken: the whole record is verified once, at the end."""
        try:
            assert verifying.verify().breaks == []
        finally:
            self.stack.close()

    # -- who, what, when -------------------------------------------------------------------------

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        """A case somewhere on its way. Whatever is chosen in a step hangs on the seed."""
        self.chance = Random(seed)  # noqa: S311  repeatable, not secret
        beginning = self.chance.choice(sorted(BEGINNINGS))
        BEGINNINGS[beginning](self.staff, people=self.chance.randint(1, 2))

    @rule()
    def somebody_acts(self) -> None:
        """Mostly whose turn it is, with what usually comes next; else anybody with anything."""
        case = self.some_case()
        if self.chance.random() < 0.25:
            who, act = self.chance.choice(PEOPLE), self.chance.choice(sorted(CALLS))
            self.try_act(getattr(self.staff, who), case, act)
            return
        act = self.chance.choice(usual_acts(case))
        other = self.chance.random() < 0.15
        self.try_act(self.whose_turn(Act(act), case, other=other), case, act)

    # A second name, so that half of the steps are acts of people.
    @rule()
    def somebody_else_acts(self) -> None:
        self.somebody_acts()

    def whose_turn(self, act: Act, case: AccountRequest, *, other: bool) -> User:
        """Somebody whose role it is; for Admin PPE the holder, or the ``other`` one."""
        if Role.ADMIN_PPE not in permissions.MAY[act] or act == Act.ATTACH:
            drafts = Role.PENYUSUN_KONSEP in permissions.MAY[act]
            return self.staff.drafter if drafts else self.staff.kepala
        holder = case.assignee or self.staff.admin1
        if other or act == Act.TAKE_OVER:
            return self.staff.admin2 if holder == self.staff.admin1 else self.staff.admin1
        return holder

    def some_case(self) -> AccountRequest:
        keys = list(AccountRequest.objects.order_by("pk").values_list("pk", flat=True))
        return cases_by_key(self.chance.choice(keys))

    def try_act(self, user: User, case: AccountRequest, act: str) -> None:
        """Carry the act to the gate: refused it leaves no trace, done it is on the trail."""
        call = CALLS[act](self.chance, case, user)
        if call is None:
            return  # there is no such person, scan or account in the case
        before = all_rows()
        refusal: WorkflowError | None = None
        try:
            call()
        except WorkflowError as error:
            refusal = error
        after = all_rows()
        if not permissions.may(Act(act), user):
            assert isinstance(refusal, NotPermitted)
        if refusal is not None:
            assert (after, str(refusal).strip() != "") == (before, True)
        else:
            entries = len(before["AuditEntry"])
            assert len(after["AuditEntry"]) > entries
            assert after["AuditEntry"][:entries] == before["AuditEntry"]

    # -- time and the worker ---------------------------------------------------------------------

    @rule()
    def time_passes_and_the_worker_works(self) -> None:
        self.chance.choice([self.time_passes, self.messages_are_answered, self.worker_sweeps])()

    def time_passes(self) -> None:
        now = clock.now() + self.chance.choice(STEPS)
        if cases.MONDAY - dt.timedelta(days=3) < now < cases.MONDAY + dt.timedelta(days=120):
            self.stack.enter_context(clock.moved_to(now))

    def messages_are_answered(self) -> None:
        """Every message that is due: the mail server is in one mood at a time."""
        outcome = self.chance.choice(["accepted", *DELIVERIES])
        while (message := outbox.claim_next("uji", clock.now())) is not None:
            delivery: Delivery | None = DELIVERIES[outcome]
            if delivery is RETRY:
                delivery = outbox.retry_later(message, delivery, at=clock.now())
            if delivery is not None:
                outbox.record_answer(message, delivery)
                workflow.settle_message(message.pk, delivery, at=clock.now())
                workflow.settle_message(message.pk, delivery, at=clock.now())

    def worker_sweeps(self) -> None:
        """And renders what is owed. Sometimes it is killed afterwards, with something in hand."""
        end = self.chance.choice(["", "", "message", "message after the dot", "paper"])
        worker = Worker(name="uji", claim_message=lambda _name, _at: None)
        worker.drain()
        assert worker.failures == 0
        if end == "paper":
            papers.claim_owed(clock.now())
        elif end and (message := outbox.claim_next("gugur", clock.now())) is not None:
            stage = SmtpStage.FINAL_DOT if end.endswith("dot") else SmtpStage.NONE
            Message.objects.filter(pk=message.pk).update(stage=stage)

    # -- what must hold --------------------------------------------------------------------------

    @invariant()
    def an_open_case_has_one_running_step_and_a_closed_one_none(self) -> None:
        for case in AccountRequest.objects.all():
            runs = case.step_runs.filter(finished_at__isnull=True)
            running = list(
                runs.filter(paused_at__isnull=True).values_list("step__number", flat=True)
            )
            expected = [] if case.state in CLOSED_STATES else [RUNNING_STEP[case.state]]
            assert running == expected
            if case.state in CLOSED_STATES:
                assert runs.count() == 0
                assert case.stage_runs.filter(until__isnull=True).count() == 0
                held = StepRunHolding.objects.filter(step_run__request=case, until__isnull=True)
                assert held.count() == 0

    @invariant()
    def instants_stand_in_the_order_of_the_steps(self) -> None:
        for case in AccountRequest.objects.all():
            instants = [
                instant
                for instant in (
                    case.received_at,
                    case.issued_at,
                    case.ordered_at,
                    case.accounts_created_at,
                    case.email_sent_at,
                    case.archived_at or case.cancelled_at,
                )
                if instant is not None
            ]
            assert instants == sorted(instants)
            told = AuditEntry.objects.filter(request=case).order_by("sequence")
            acts = [entry.at for entry in told if entry.actor_id is not None]
            assert acts == sorted(acts)
        for stage in StageRun.objects.filter(until__isnull=False):
            assert stage.until is not None
            assert stage.until >= stage.since
        for run in StepRun.objects.filter(finished_at__isnull=False).prefetch_related("pauses"):
            assert run.finished_at is not None
            assert run.finished_at >= run.offered_at
            pauses = [(pause.since, pause.until) for pause in run.pauses.all()]
            assert [until for since, until in pauses if until is None or until < since] == []

    @invariant()
    def deviations_never_shrink_or_change(self) -> None:
        now = values(Deviation)
        assert {key: now.get(key) for key in self.deviations} == self.deviations
        self.deviations = now

    @invariant()
    def finished_runs_never_change(self) -> None:
        now = values(StepRun, finished_at__isnull=False)
        assert {key: now.get(key) for key in self.finished} == self.finished
        self.finished = now

    @invariant()
    def an_archived_case_and_the_papers_of_its_file_never_change(self) -> None:
        """Whatever is sent afterwards: only additions join."""
        now = {}
        for key, case in values(AccountRequest, state=CaseState.ARCHIVED).items():
            papers_of_file = values(Document, request=key, addendum=None, state="stored")
            now[key] = {name: value for name, value in case.items() if name != "version"}
            for paper, row in papers_of_file.items():
                now[-paper] = row
        assert {key: now.get(key) for key in self.archived} == self.archived
        self.archived = now

    @invariant()
    def passwords_wait_only_where_they_are_needed_and_stand_nowhere(self) -> None:
        live = list(
            Credential.objects.filter(destroyed_at__isnull=True).select_related(
                "account__registrant__request"
            )
        )
        wrong = [
            (request.state, account.state)
            for account in (credential.account for credential in live)
            for request in (account.registrant.request,)
            if account.state not in PASSWORD_MAY_WAIT[request.state]
        ]
        assert wrong == []
        if live:
            everything = repr(all_rows())
            passwords = [credentials.reveal(credential.account) for credential in live]
            assert [password for password in passwords if password in everything] == []

    @invariant()
    def an_account_is_queued_as_long_as_its_message_is_unsent(self) -> None:
        """One that was accepted stays so when a further message goes before archiving."""
        unsent = Message.objects.filter(kind=MessageKind.CREDENTIALS, state__in=UNSENT_MESSAGES)
        waiting = dict(unsent.values_list("account", "account__state"))
        queued = set(Account.objects.filter(state=AccountState.QUEUED).values_list("pk", flat=True))
        assert queued <= set(waiting)
        others = {key for key, state in waiting.items() if state != AccountState.QUEUED}
        again = Account.objects.filter(
            pk__in=others, state=AccountState.ACCEPTED, messages__state=MessageState.ACCEPTED
        )
        assert set(again.values_list("pk", flat=True)) == others

    @invariant()
    def numbers_are_given_out_without_a_gap(self) -> None:
        numbers = AccountRequest.objects.order_by("pk").values_list("number", flat=True)
        assert list(numbers) == [f"P-2026-{place:04d}" for place in range(1, len(numbers) + 1)]
        files = AccountRequest.objects.exclude(archive_number="").order_by("archive_number")
        assert list(files.values_list("archive_number", "state")) == [
            (f"{place:04d}/2026", CaseState.ARCHIVED) for place in range(1, files.count() + 1)
        ]


# -- every act, with values that may or may not fit -----------------------------------------------

Call = Callable[[], object] | None


def cases_by_key(key: int) -> AccountRequest:
    return AccountRequest.objects.select_related("assignee").get(pk=key)


def drawn_person(chance: Random) -> PersonData:
    number = chance.randint(1, 4)
    return cases.person(number, position=chance.choice(["Analis", "Kepala Bagian"]))


def changed_person(chance: Random, registrant: Registrant) -> PersonData:
    """The person as stored, with another telephone number or, on the SK, another position."""
    changes = chance.choice([{"mobile": "+628111111111"}, {"position": "Analis"}, {"nip": "1"}])
    return replace(person_data(registrant), **changes)  # type: ignore[arg-type]


def drawn_registrant(chance: Random, case: AccountRequest) -> Registrant | None:
    people = list(case.registrants.order_by("position_in_list"))
    return chance.choice(people) if people else None


def drawn_account(chance: Random, case: AccountRequest) -> Account | None:
    rows = cases.accounts(case)
    return chance.choice(rows) if rows else None


def drawn_answers(chance: Random, case: AccountRequest) -> dict[int, Answer]:
    """Mostly all met; sometimes not met and explained, sometimes one is forgotten."""
    answers = cases.all_met(case)
    how = chance.choice(["met", "met", "met", "unmet", "forgotten"])
    if how == "unmet":
        answers = {key: Answer(met=False, explanation="Panduan diganti") for key in answers}
    elif how == "forgotten":
        answers.popitem() if answers else None
    return answers


def drawn_number(chance: Random) -> str:
    return f"000.3/{chance.randint(1, 3)}/B.PBJ-II/2026"


def drawn_day(chance: Random) -> dt.date:
    return clock.today() + dt.timedelta(days=chance.choice([0, 0, 0, -1, 1]))


def create(chance: Random, case: AccountRequest, user: User) -> Call:
    if AccountRequest.objects.count() >= 3:
        return None
    copied = chance.random() < 0.5 and case.issued_at is not None
    return lambda: workflow.create_request(
        actor=user, decree=cases.decree(), copy_from=case if copied else None
    )


def edit(chance: Random, case: AccountRequest, user: User) -> Call:
    subject = chance.choice(["Akun Verifikator", "Akun Helpdesk"])
    early = chance.choice([0, 0, 30, 60 * 24])
    received = clock.now() - dt.timedelta(minutes=early)
    return lambda: workflow.edit_decree(
        case, actor=user, decree=cases.decree(subject=subject, received_at=received)
    )


def add_registrant(chance: Random, case: AccountRequest, user: User) -> Call:
    person = drawn_person(chance)
    return lambda: workflow.add_registrant(case, actor=user, person=person)


def edit_registrant(chance: Random, case: AccountRequest, user: User) -> Call:
    registrant = drawn_registrant(chance, case)
    if registrant is None:
        return None
    person = changed_person(chance, registrant)
    return lambda: workflow.edit_registrant(registrant, actor=user, person=person)


def remove_registrant(chance: Random, case: AccountRequest, user: User) -> Call:
    registrant = drawn_registrant(chance, case)
    if registrant is None:
        return None
    return lambda: workflow.remove_registrant(registrant, actor=user)


def import_registrants(chance: Random, case: AccountRequest, user: User) -> Call:
    people, replace = [drawn_person(chance)], chance.random() < 0.5
    return lambda: workflow.import_registrants(case, actor=user, people=people, replace=replace)


def attach(_chance: Random, case: AccountRequest, user: User) -> Call:
    return lambda: workflow.attach_scan(case, actor=user, upload=scan(), title="Surat")


def detach(_chance: Random, case: AccountRequest, user: User) -> Call:
    document = case.documents.filter(kind=DocumentKind.SCAN).order_by("-pk").first()
    if document is None:
        return None
    return lambda: workflow.detach_scan(document, actor=user)


def declare_complete(_chance: Random, case: AccountRequest, user: User) -> Call:
    return lambda: workflow.declare_complete(case, actor=user)


def submit(chance: Random, case: AccountRequest, user: User) -> Call:
    method = chance.choice([SigningMethod.IN_APP, SigningMethod.INK])
    return lambda: workflow.submit_for_initials(case, actor=user, signing_method=method)


def unlock(_chance: Random, case: AccountRequest, user: User) -> Call:
    return lambda: workflow.unlock_people(case, actor=user, reason=REASON)


def advance(chance: Random, case: AccountRequest, user: User) -> Call:
    seen = chance.choice(["", "initials", "number"])
    return lambda: workflow.complete_stage(case, actor=user, seen=seen)


def set_number(chance: Random, case: AccountRequest, user: User) -> Call:
    number, day = drawn_number(chance), drawn_day(chance)
    return lambda: workflow.set_decree_number(case, actor=user, number=number, date=day)


def issue(chance: Random, case: AccountRequest, user: User) -> Call:
    number, day = drawn_number(chance), drawn_day(chance)
    signed = scan() if chance.random() < 0.5 else None
    return lambda: workflow.issue_decree(
        case, actor=user, number=number, date=day, signed_file=signed, password=cases.PASSWORD
    )


def mend(chance: Random, case: AccountRequest, user: User) -> Call:
    registrant = drawn_registrant(chance, case)
    if registrant is None:
        return None
    person = changed_person(chance, registrant)
    return lambda: workflow.mend_registrant(registrant, actor=user, person=person, reason=REASON)


def amend(chance: Random, case: AccountRequest, user: User) -> Call:
    paper = workflow.DecreePaper(
        kind=chance.choice(ABOUT_THE_DECREE),
        number=drawn_number(chance),
        date=drawn_day(chance),
        positions=chance.sample(range(1, 4), chance.randrange(3)),
        upload=scan(),
    )
    return lambda: workflow.amend_decree(case, actor=user, paper=paper, reason=REASON)


def order(_chance: Random, case: AccountRequest, user: User) -> Call:
    return lambda: workflow.order_accounts(case, actor=user, order_number="094/1/2026")


def return_to_head(_chance: Random, case: AccountRequest, user: User) -> Call:
    return lambda: workflow.return_to_head(case, actor=user, reason=REASON)


def cancel(_chance: Random, case: AccountRequest, user: User) -> Call:
    return lambda: workflow.cancel(case, actor=user, reason=REASON)


def claim(_chance: Random, case: AccountRequest, user: User) -> Call:
    return lambda: workflow.claim(case, actor=user)


def take_over(_chance: Random, case: AccountRequest, user: User) -> Call:
    return lambda: workflow.take_over(case, actor=user, reason=REASON)


def reveal(chance: Random, case: AccountRequest, user: User) -> Call:
    account = drawn_account(chance, case)
    return (lambda: workflow.reveal_password(account, actor=user)) if account else None


def new_password(chance: Random, case: AccountRequest, user: User) -> Call:
    account = drawn_account(chance, case)
    return (lambda: workflow.new_password(account, actor=user)) if account else None


def record_account(chance: Random, case: AccountRequest, user: User) -> Call:
    account = drawn_account(chance, case)
    if account is None:
        return None
    outcome = chance.choice(["created", "created", "refused", "postponed"])
    if outcome == "refused":
        return lambda: workflow.record_refused(account, actor=user, reason=REASON)
    if outcome == "postponed":
        return lambda: workflow.record_postponed(account, actor=user, reason=REASON)
    person = account.registrant
    user_id = chance.choice([person.proposed_user_id] * 3 + ["personel.001"])
    address = chance.choice([person.email, person.email, "lain@contoh.example"])
    matches = chance.random() < 0.5
    return lambda: workflow.record_created(
        account,
        actor=user,
        user_id=user_id,
        registered_email=address,
        matches_form=matches,
        difference="Alamat diganti atas permintaan personel",
    )


def record_accounts(chance: Random, case: AccountRequest, user: User) -> Call:
    answers = drawn_answers(chance, case)
    return lambda: workflow.record_accounts(case, actor=user, answers=answers)


def send(chance: Random, case: AccountRequest, user: User) -> Call:
    answers = drawn_answers(chance, case)
    return lambda: workflow.send_accounts(case, actor=user, answers=answers)


def resend(chance: Random, case: AccountRequest, user: User) -> Call:
    account = drawn_account(chance, case)
    if account is None:
        return None
    changed = chance.random() < 0.5
    return lambda: workflow.resend(
        account,
        actor=user,
        address="benar@contoh.example",
        reason=REASON,
        had_signed_in=False,
        changed_in_spse=changed,
    )


def hand_over(chance: Random, case: AccountRequest, user: User) -> Call:
    account = drawn_account(chance, case)
    proof = scan() if chance.random() < 0.5 else None
    if account is None:
        return None
    return lambda: workflow.hand_over(account, actor=user, note=REASON, proof=proof)


def give_up(chance: Random, case: AccountRequest, user: User) -> Call:
    account = drawn_account(chance, case)
    return (lambda: workflow.give_up(account, actor=user, reason=REASON)) if account else None


def sent_outside(chance: Random, case: AccountRequest, user: User) -> Call:
    account = drawn_account(chance, case)
    blacked_out = chance.random() < 0.8
    if account is None:
        return None
    return lambda: workflow.record_sent_outside(
        account,
        actor=user,
        sent_at=clock.now(),
        mailbox="lpse@contoh.example",
        reason=REASON,
        proof=scan(),
        blacked_out=blacked_out,
    )


def came_back(chance: Random, case: AccountRequest, user: User) -> Call:
    account = drawn_account(chance, case)
    sent = account.messages.last() if account else None
    if account is None or sent is None:
        return None
    return lambda: workflow.record_bounce(
        account, sent.pk, actor=user, returned_at=clock.now(), text="550 kotak surat penuh"
    )


def archive(chance: Random, case: AccountRequest, user: User) -> Call:
    answers = drawn_answers(chance, case)
    return lambda: workflow.archive(case, actor=user, answers=answers, location="Rak 1")


def drawn_late(chance: Random, case: AccountRequest, acts: tuple[Act, ...]) -> dict[str, Any]:
    """What a late entry of the act that comes next (or of one that does not) needs."""
    coming = late_entry_rules.act_of(case)
    return {
        "act": coming if coming in acts else chance.choice(acts),
        "happened_at": clock.now() - dt.timedelta(minutes=chance.choice([-5, 0, 1, 30, 3000])),
        "reason": REASON,
        "evidence": scan(),
        "details": workflow.LateDetails(
            answers=drawn_answers(chance, case),
            number=f"000.3/S{chance.randrange(10**6)}/2026",
            date=clock.today(),
            signed_file=scan(),
        ),
    }


def propose_late(chance: Random, case: AccountRequest, user: User) -> Call:
    drawn = drawn_late(chance, case, late_entry_rules.PROPOSED_ACTS)
    return lambda: workflow.propose_late_entry(case, actor=user, **drawn)


def record_late(chance: Random, case: AccountRequest, user: User) -> Call:
    drawn = drawn_late(chance, case, late_entry_rules.OWN_ACTS)
    return lambda: workflow.record_late(case, actor=user, **drawn)


def confirm_late(_chance: Random, case: AccountRequest, user: User) -> Call:
    entry = case.late_entries.last()
    return (lambda: workflow.confirm_late_entry(entry, actor=user)) if entry else None


def refuse_late(_chance: Random, case: AccountRequest, user: User) -> Call:
    entry = case.late_entries.last()
    return (lambda: workflow.refuse_late_entry(entry, actor=user, note=REASON)) if entry else None


CALLS: dict[str, Callable[[Random, AccountRequest, User], Call]] = {
    Act.CREATE: create,
    Act.EDIT: edit,
    Act.ADD_REGISTRANT: add_registrant,
    Act.EDIT_REGISTRANT: edit_registrant,
    Act.REMOVE_REGISTRANT: remove_registrant,
    Act.IMPORT_REGISTRANTS: import_registrants,
    Act.ATTACH: attach,
    Act.DETACH: detach,
    Act.DECLARE_COMPLETE: declare_complete,
    Act.SUBMIT_FOR_INITIALS: submit,
    Act.UNLOCK: unlock,
    Act.ADVANCE_STAGE: advance,
    Act.SET_NUMBER: set_number,
    Act.ISSUE_DECREE: issue,
    Act.MEND_REGISTRANT: mend,
    Act.AMEND_DECREE: amend,
    Act.ORDER: order,
    Act.RETURN: return_to_head,
    Act.CANCEL: cancel,
    Act.CLAIM: claim,
    Act.TAKE_OVER: take_over,
    Act.REVEAL: reveal,
    Act.NEW_PASSWORD: new_password,
    Act.RECORD_ACCOUNT: record_account,
    Act.RECORD_ACCOUNTS: record_accounts,
    Act.SEND: send,
    Act.RESEND: resend,
    Act.HAND_OVER: hand_over,
    Act.NOT_DELIVERED: give_up,
    Act.SENT_OUTSIDE: sent_outside,
    Act.RECORD_BOUNCE: came_back,
    Act.ARCHIVE: archive,
    Act.PROPOSE_LATE_ENTRY: propose_late,
    Act.CONFIRM_LATE_ENTRY: confirm_late,
    Act.REFUSE_LATE_ENTRY: refuse_late,
    Act.RECORD_LATE_ENTRY: record_late,
}


def usual_acts(case: AccountRequest) -> list[str]:
    """What people press on a case as it stands."""
    state = CaseState(case.state)
    if late_entry_rules.awaited(case) is not None:
        return [Act.CONFIRM_LATE_ENTRY, Act.CONFIRM_LATE_ENTRY, Act.REFUSE_LATE_ENTRY]
    if state == CaseState.DRAFT and case.people_locked_at is not None:
        on = {Stage.INITIALS: Act.ADVANCE_STAGE, Stage.NUMBER: Act.SET_NUMBER}
        return [on.get(Stage(case.stage), Act.ISSUE_DECREE), Act.ISSUE_DECREE, Act.UNLOCK]
    if state == CaseState.ORDERED and case.assignee is None:
        return [Act.CLAIM, Act.CLAIM, Act.PROPOSE_LATE_ENTRY]
    if state == CaseState.ACCOUNTS_CREATED and not case.messages.filter(account__isnull=False):
        return [Act.SEND, Act.SEND, Act.NEW_PASSWORD]
    return USUAL[state]


USUAL: dict[CaseState, list[str]] = {
    CaseState.DRAFT: [
        Act.SUBMIT_FOR_INITIALS,
        Act.ADD_REGISTRANT,
        Act.EDIT_REGISTRANT,
        Act.EDIT,
    ],
    CaseState.DECREE_ISSUED: [
        Act.ORDER,
        Act.ORDER,
        Act.RECORD_LATE_ENTRY,
        Act.MEND_REGISTRANT,
        Act.CANCEL,
    ],
    CaseState.ORDERED: [
        Act.RECORD_ACCOUNTS,
        Act.RECORD_ACCOUNT,
        Act.RECORD_ACCOUNT,
        Act.RECORD_ACCOUNT,
        Act.REVEAL,
        Act.NEW_PASSWORD,
        Act.TAKE_OVER,
        Act.RETURN,
        Act.CANCEL,
    ],
    CaseState.ACCOUNTS_CREATED: [
        Act.NEW_PASSWORD,
        Act.RESEND,
        Act.HAND_OVER,
        Act.NOT_DELIVERED,
        Act.SENT_OUTSIDE,
    ],
    CaseState.EMAIL_SENT: [Act.ARCHIVE, Act.RECORD_BOUNCE, Act.PROPOSE_LATE_ENTRY, Act.ATTACH],
    CaseState.ARCHIVED: [
        Act.ARCHIVE,
        Act.RECORD_BOUNCE,
        Act.CREATE,
        Act.AMEND_DECREE,
        Act.NEW_PASSWORD,
        Act.NEW_PASSWORD,
        Act.RESEND,
        Act.RESEND,
        Act.HAND_OVER,
        Act.NOT_DELIVERED,
    ],
    CaseState.CANCELLED: [Act.CANCEL, Act.CREATE],
}


# What happens to a file years after its case is over has tests of its own, and so have a certified
# signature, which no SK of this machine bears, and the service where one is made.
ELSEWHERE = {
    Act.CHECK_SIGNATURE,
    Act.SEND_FOR_SIGNING,
    Act.WITHDRAW_SIGNING,
    Act.DESCRIBE_FILE,
    Act.MOVE_FILE,
    Act.PROPOSE_DESTRUCTION,
    Act.DECIDE_DESTRUCTION,
}


def test_every_act_on_a_case_is_tried_here() -> None:
    assert set(CALLS) == set(permissions.MAY) - ELSEWHERE


def test_whatever_anybody_tries_the_record_stays_whole(office_people: OfficePeople) -> None:
    Office.staff = office_people
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=100 if THOROUGH else 20,
            stateful_step_count=40 if THOROUGH else 30,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            # A smaller seed is another story, not a simpler one: a failure is told as it was met.
            phases=[Phase.explicit, Phase.generate],
        ),
    )
