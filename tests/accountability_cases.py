"""Deviations for tests, made as they come about; and the words with which they are answered."""

import datetime as dt
import io
from collections.abc import Sequence

from PIL import Image

from accounts_requests import clock, workflow
from accounts_requests.accountability_rules import AnswerData
from accounts_requests.models import (
    AccountRequest,
    Deviation,
    DeviationAnswer,
    DeviationCause,
    User,
)
from accounts_requests.states import Verdict
from accounts_requests.uploads import Upload

from . import cases
from .cases import OfficePeople

# Some days after the step was late; a Wednesday morning.
LATER = cases.MONDAY + dt.timedelta(days=2)


def late_step3(
    staff: OfficePeople,
    *,
    number: str = "000.3/1/B.PBJ-II/2026",
    people: int = 1,
    begun: dt.datetime = cases.MONDAY,
) -> AccountRequest:
    """A case whose step 3 ``admin1`` finished an hour late; ``begun`` is in the morning."""
    with clock.moved_to(begun):
        case = cases.claimed(staff, people=people, number=number)
    with clock.moved_to(begun + dt.timedelta(hours=2)):
        for account in cases.accounts(case):
            workflow.record_created(
                account,
                actor=staff.admin1,
                user_id=f"{account.registrant.proposed_user_id}.{case.pk}",
                registered_email=account.registrant.email,
                matches_form=True,
            )
        workflow.record_accounts(case, actor=staff.admin1, answers=cases.all_met(case))
        cases.render_papers(case)
    return cases.fresh(case)


def to_the_archive(
    case: AccountRequest, staff: OfficePeople, *, begun: dt.datetime = cases.MONDAY
) -> AccountRequest:
    """The same case, sent and archived right afterwards."""
    with clock.moved_to(begun + dt.timedelta(hours=2, minutes=5)):
        workflow.send_accounts(case, actor=staff.admin1, answers=cases.all_met(case))
        cases.settle(case)
        cases.render_papers(case)
        workflow.archive(case, actor=staff.admin1, answers=cases.all_met(case))
        cases.render_papers(case)
    return cases.fresh(case)


def deviations_of(*found: AccountRequest) -> list[int]:
    """The keys of the deviations of some cases."""
    rows = Deviation.objects.filter(request__in=found).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def data(explanation: str = "SPSE tidak dapat dibuka selama satu jam.") -> AnswerData:
    """What somebody answers, with the first cause of the office's list."""
    return AnswerData(
        cause=DeviationCause.objects.order_by("position")[0].pk,
        explanation=explanation,
        remedy="Akun dibuat begitu SPSE pulih.",
        prevention="Gangguan dilaporkan lebih awal.",
    )


def answered(
    *found: AccountRequest, actor: User, evidence: Sequence[Upload] = ()
) -> DeviationAnswer:
    """Every deviation of the cases, answered for by ``actor``."""
    return workflow.answer_deviations(
        deviations_of(*found), actor=actor, data=data(), evidence=evidence
    )


def accepted(answer: DeviationAnswer, *, actor: User) -> None:
    """The answer is accepted by ``actor``."""
    workflow.judge_answer(answer, actor=actor, verdict=Verdict.ACCEPTED)


def picture(name: str = "bukti.png") -> Upload:
    """A small picture, as a scan."""
    target = io.BytesIO()
    Image.new("L", (8, 8), 255).save(target, "PNG")
    return Upload(file_name=name, data=target.getvalue())
