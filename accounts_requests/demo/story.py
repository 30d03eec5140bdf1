"""One example case, told step by step: every step says how many working minutes ago it was."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from accounts_requests import clock, decree_defaults, outbox, papers, timers, workflow
from accounts_requests.accountability_rules import AnswerData
from accounts_requests.answers import Answer
from accounts_requests.decree_data import DecreeData
from accounts_requests.deviation_states import with_state
from accounts_requests.models import (
    Account,
    AccountRequest,
    DeviationCause,
    Message,
    Office,
    SopRevision,
    User,
)
from accounts_requests.outbox import Delivery
from accounts_requests.states import MessageKind, SigningMethod, Verdict

from .people import PASSWORD, registrant

DAY = 510
"""Working minutes of a long office day (07.30–16.00)."""


@dataclass
class Story:
    """One example case. Every step says how many working minutes ago it happened."""

    staff: dict[str, User]
    title: str
    seed: int

    @property
    def case(self) -> AccountRequest:
        return AccountRequest.objects.get(is_demo=True, subject=self.title)

    @property
    def admin(self) -> User:
        return self.case.assignee or self.staff["admin1"]

    @contextmanager
    def ago(self, minutes: int) -> Iterator[None]:
        """Stand ``minutes`` working minutes before now."""
        with clock.moved_to(_before(clock.now(), minutes)):
            yield

    def received(
        self, minutes: int, people: int, method: SigningMethod = SigningMethod.IN_APP
    ) -> None:
        """The office receives the file; the Penyusun Konsep prepares the case."""
        with self.ago(minutes):
            office = Office.current()
            texts = decree_defaults.defaults(office, SopRevision.approved().latest("revision"))
            request = workflow.create_request(
                actor=self.staff["penyusun"],
                decree=DecreeData(
                    subject=self.title,
                    considerations=texts.considerations,
                    legal_bases=texts.legal_bases,
                    noted=texts.noted,
                    copies_to=texts.copies_to,
                    valid_from=clock.today(),
                    valid_until=clock.today() + dt.timedelta(days=365),
                    received_at=clock.now(),
                    signing_method=method,
                ),
            )
            workflow.import_registrants(
                request,
                actor=self.staff["penyusun"],
                people=[registrant(self.seed, number) for number in range(1, people + 1)],
                replace=False,
            )

    def for_initials(self, minutes: int) -> None:
        """The concept goes for paraf; the Formulir are owed."""
        with self.ago(minutes):
            workflow.submit_for_initials(
                self.case,
                actor=self.staff["penyusun"],
                signing_method=SigningMethod(self.case.signing_method),
            )

    def numbered(self, minutes: int) -> None:
        """Paraf is done and the secretariat has given the number."""
        with self.ago(minutes):
            workflow.complete_stage(self.case, actor=self.staff["penyusun"])
            workflow.set_decree_number(
                self.case,
                actor=self.staff["penyusun"],
                number=self.number,
                date=clock.today(),
            )

    @property
    def number(self) -> str:
        return f"000.3/{100 + self.seed}/B.PBJ-II/{clock.today().year}"

    def issued(self, minutes: int) -> None:
        """Kepala LPSE issues the SK."""
        with self.ago(minutes):
            self.render_papers()
            workflow.issue_decree(
                self.case,
                actor=self.staff["kepala"],
                number=self.number,
                date=clock.today(),
                password=PASSWORD,
            )

    def ordered(self, minutes: int) -> None:
        """Kepala LPSE orders Admin PPE."""
        with self.ago(minutes):
            workflow.order_accounts(
                self.case,
                actor=self.staff["kepala"],
                order_number=f"094/{100 + self.seed}/B.PBJ-II/{clock.today().year}",
            )

    def claimed(self, minutes: int, by: str = "admin1") -> None:
        """An Admin PPE takes the task."""
        with self.ago(minutes):
            workflow.claim(self.case, actor=self.staff[by])

    def created(self, minutes: int, count: int, *, refused: int = 0) -> None:
        """The first ``count`` accounts are recorded; the last ``refused`` cannot be created."""
        with self.ago(minutes):
            accounts = list(
                Account.objects.filter(registrant__request=self.case)
                .select_related("registrant__request")
                .order_by("registrant__position_in_list")
            )
            for account in accounts[:count]:
                workflow.record_created(
                    account,
                    actor=self.admin,
                    user_id=account.registrant.proposed_user_id,
                    registered_email=account.registrant.email,
                    matches_form=True,
                )
            for account in accounts[len(accounts) - refused :]:
                workflow.record_refused(
                    account, actor=self.admin, reason="NIP belum terdaftar di SPSE (contoh)."
                )

    def step3_done(self, minutes: int) -> None:
        """Step 3 is closed, every kelengkapan met."""
        with self.ago(minutes):
            workflow.record_accounts(self.case, actor=self.admin, answers=self._all_met())

    def sent(self, minutes: int, *, answers: dict[int, Delivery] | None = None) -> None:
        """The messages are queued and the mail server answers; ``answers`` by position."""
        with self.ago(minutes):
            workflow.send_accounts(self.case, actor=self.admin, answers=self._all_met())
            self.deliver(answers or {})

    def archived(self, minutes: int, *, unmet: str = "") -> None:
        """The file is archived; ``unmet`` explains a kelengkapan that was not met."""
        with self.ago(minutes):
            answers = self._all_met()
            if unmet:
                answers = {pk: Answer(met=False, explanation=unmet) for pk in answers}
            self.render_papers()
            workflow.archive(
                self.case, actor=self.admin, answers=answers, location="Rak A1, Boks 3 (contoh)"
            )
            self.render_papers()

    def answered_for(self, minutes: int) -> None:
        """Admin PPE answers for all deviations of their own, and Kepala LPSE accepts."""
        with self.ago(minutes):
            own = with_state(self.case.deviations.all()).filter(answerable_pk=self.admin.pk)
            cause = DeviationCause.objects.filter(is_active=True)[0]
            answer = workflow.answer_deviations(
                own.values_list("pk", flat=True),
                actor=self.admin,
                data=AnswerData(
                    cause=cause.pk,
                    explanation="SPSE tidak dapat dibuka pada sore itu (contoh).",
                    remedy="Akun dibuat keesokan paginya begitu SPSE pulih (contoh).",
                    prevention="Gangguan dilaporkan kepada LKPP saat itu juga (contoh).",
                ),
            )
            workflow.judge_answer(answer, actor=self.staff["kepala"], verdict=Verdict.ACCEPTED)

    def render_papers(self) -> None:
        """Render what the next act waits for; what nobody waits for is left to the worker."""
        while (document := papers.claim_owed(clock.now(), request=self.case)) is not None:
            papers.render_claimed(document, clock.now())

    def _all_met(self) -> dict[int, Answer]:
        run = self.case.step_runs.get(finished_at__isnull=True, paused_at__isnull=True)
        return {item.pk: Answer(met=True) for item in run.step.requirements.all()}

    def deliver(self, answers: dict[int, Delivery]) -> None:
        """Send what is queued; the answers to some positions are scripted."""
        while (message := outbox.claim_next("peragaan", clock.now())) is not None:
            delivery = _scripted(message, answers) or outbox.deliver(message)
            workflow.settle_message(message.pk, delivery, at=clock.now())


def _scripted(message: Message, answers: dict[int, Delivery]) -> Delivery | None:
    if message.kind != MessageKind.CREDENTIALS or message.account is None:
        return None
    return answers.get(message.account.registrant.position_in_list)


def _before(now: dt.datetime, minutes: int) -> dt.datetime:
    """The last whole minute from which ``minutes`` working minutes had passed at ``now``."""
    calendar = timers.working_time()
    low, high = 0, 60 * 24 * 400
    while low < high:
        middle = (low + high) // 2
        if calendar.between(now - dt.timedelta(minutes=middle), now) >= minutes:
            high = middle
        else:
            low = middle + 1
    return (now - dt.timedelta(minutes=low)).replace(second=0, microsecond=0)
