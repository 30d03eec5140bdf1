"""The limit of a step in a case: the amount is the SOP's, how it is counted the case's reading.

Each case is pinned to the Lembar Penafsiran under which it began; a case from before there were
any falls back on what its SOP step holds. Nothing else decides a limit.
"""

from typing import NamedTuple

from accounts_requests.limit_terms import (
    LimitBasis,
    LimitStart,
    StepFourEnd,
    StepOneEnd,
    StepOneStart,
)
from accounts_requests.models import AccountRequest, Reading, SopStep


class Limit(NamedTuple):
    """How much time a step has in a case: ``amount`` in ``unit``, None without a limit.

    Where the basis is each person, ``amount`` is the limit of all of them together.
    """

    amount: int | None
    unit: str
    start: str
    basis: str


def limit_of(request: AccountRequest, step: SopStep) -> Limit:
    """The limit of ``step`` in ``request``, by the reading that the case is pinned to.

    One query, for the number of people, where the limit is meant for each of them; one more where
    the case's reading was not fetched with it.
    """
    limit = read_limit(step, request.reading)
    if limit.amount is None or limit.basis != LimitBasis.PERSON:
        return limit
    return limit._replace(amount=limit.amount * max(1, request.registrants.count()))


def read_limit(step: SopStep, reading: Reading | None) -> Limit:
    """``limit_of`` for one person, in any case under ``reading``."""
    content = reading.content if reading is not None else {}
    read = content.get("steps", {}).get(str(step.number), {})
    start = read.get("start", step.limit_start)
    if step.number == 1 and content.get("step1_start") == StepOneStart.COMPLETE:
        start = LimitStart.COMPLETE
    return Limit(
        amount=step.limit_amount,
        unit=read.get("unit", step.limit_unit),
        start=start,
        basis=read.get("basis", step.limit_basis),
    )


def end_words(step: SopStep, reading: Reading | None) -> str:
    """With what the time of ``step`` ends under ``reading``, where that is a choice; else ""."""
    content = reading.content if reading is not None else {}
    match step.number:
        case 1 if "step1_end" in content:
            return str(StepOneEnd(content["step1_end"]).label)
        case 4 if "step4_end" in content:
            return str(StepFourEnd(content["step4_end"]).label)
        case _:
            return ""


def starts_when_complete(request: AccountRequest) -> bool:
    """Does the time of step 1 begin only when the file is declared complete?"""
    return _choice(request, "step1_start") == StepOneStart.COMPLETE


def ends_when_signed(request: AccountRequest) -> bool:
    """Is the deadline of step 1 compared with the time of the signature?"""
    return _choice(request, "step1_end") == StepOneEnd.SIGNED


def ends_when_queued(request: AccountRequest) -> bool:
    """Is the time of step 4 measured until every message was queued?"""
    return _choice(request, "step4_end") == StepFourEnd.QUEUED


def _choice(request: AccountRequest, name: str) -> str:
    return str(request.reading.content.get(name, "")) if request.reading is not None else ""
