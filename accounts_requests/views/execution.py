"""What the pages of steps 3 to 5 share: whose they are, the running step, the time left.

The gate is asked before anybody types (``guard``); it is asked again when they press.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any

from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts_requests import clock, permissions, policies, readings
from accounts_requests.answers import answer_field, explanation_field
from accounts_requests.exceptions import AlreadyDone, NotAllowedNow
from accounts_requests.forms.attestations import AttestationsForm
from accounts_requests.models import (
    Account,
    AccountRequest,
    Document,
    Office,
    SopRequirement,
    StepRun,
    User,
)
from accounts_requests.states import RUNNING_STEP, Act, CaseState, DocumentKind

from .support import actor, find_request

# The page on which the executor goes on, for each state in which Admin PPE has a task.
TASK_PAGES: dict[str, str] = {
    CaseState.ORDERED: "accounts",
    CaseState.ACCOUNTS_CREATED: "send",
    CaseState.EMAIL_SENT: "archive_case",
}


def guard(act: Act, case: AccountRequest, user: User) -> None:
    """Refuse a page whose act would be refused, before anybody types.

    Raises NotPermitted, NotAllowedNow, AlreadyDone.
    """
    permissions.require(act, user)
    policies.check(act, case, user)


def say_on_form(
    form: BaseForm, error: NotAllowedNow, act: Act, case: AccountRequest, user: User
) -> None:
    """Show the gate's sentence on the form, which keeps what was typed, while ``act`` is open.

    Raises ``error`` again where the record has moved on: that is a page of its own.
    """
    fresh = find_request(case.number)
    if isinstance(error, AlreadyDone) or not policies.allows(act, fresh, user):
        raise error
    form.add_error(None, str(error))


def task_url(case: AccountRequest) -> str:
    """Where the executor goes on with the case; the case itself when there is no task."""
    return reverse(TASK_PAGES.get(case.state, "request_detail"), args=[case.number])


def running_step(case: AccountRequest) -> StepRun | None:
    """The run of the step that is going on; None once the case is closed."""
    number = RUNNING_STEP.get(case.state)
    if number is None:
        return None
    return (
        case.step_runs.filter(step__number=number, finished_at__isnull=True, paused_at__isnull=True)
        .select_related("step")
        .prefetch_related("pauses")
        .first()
    )


def requirements(run: StepRun | None) -> list[SopRequirement]:
    """The kelengkapan of a step, in the SOP's order."""
    return list(run.step.requirements.all()) if run is not None else []


def attestation_pairs(
    form: AttestationsForm, asked: Sequence[SopRequirement]
) -> list[tuple[BoundField, BoundField]]:
    """Each kelengkapan's answer with its explanation, as the page shows it."""
    return [
        (form[answer_field(requirement.pk)], form[explanation_field(requirement.pk)])
        for requirement in asked
    ]


def frame(request: HttpRequest, case: AccountRequest, run: StepRun | None) -> dict[str, Any]:
    """The context of ``executing/_frame.html`` around the page's own."""
    user = actor(request)
    may_return = permissions.may(Act.RETURN, user) and policies.allows(Act.RETURN, case, user)
    return {
        "case": case,
        "office": Office.current(),
        "time": _time(case, run),
        "seen_url": _seen_url(case, run, user),
        "may_return": may_return,
    }


def find_account(case: AccountRequest, position: int) -> Account:
    """The account of the person at ``position`` of the list, or a 404 page."""
    return get_object_or_404(
        Account.objects.select_related("registrant__request", "recorded_by"),
        registrant__request=case,
        registrant__position_in_list=position,
    )


def accounts_of(case: AccountRequest) -> list[Account]:
    """The accounts of the case in the order of its people."""
    return list(
        Account.objects.filter(registrant__request=case)
        .select_related("registrant")
        .order_by("registrant__position_in_list")
    )


def forms_of(case: AccountRequest) -> dict[int, Document]:
    """The current Formulir of each person, by the person's key."""
    papers = case.documents.filter(kind=DocumentKind.FORM, superseded_at__isnull=True)
    return {paper.registrant_id: paper for paper in papers if paper.registrant_id is not None}


def _time(case: AccountRequest, run: StepRun | None) -> readings.TimeCell | None:
    if run is None:
        return None
    cell = readings.read(run, clock.now())
    if run.limit_amount is None:
        return cell
    basis = reverse("request_basis", args=[case.number, run.step.number])
    return dataclasses.replace(cell, basis_url=basis)


def _seen_url(case: AccountRequest, run: StepRun | None, user: User) -> str:
    """Where the page reports, once, that its executor was shown the step; "" when told already."""
    if run is None or run.opened_at is not None or case.assignee != user:
        return ""
    return reverse("request_seen", args=[case.number])
