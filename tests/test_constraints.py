"""The database itself refuses incoherent rows, whatever code writes them."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts_requests import clock
from accounts_requests.models import (
    Account,
    AccountRequest,
    Attestation,
    Credential,
    Document,
    Message,
    Office,
    Registrant,
    StepRun,
)
from accounts_requests.states import CaseState

from . import cases
from .cases import OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

AT = dt.datetime(2026, 7, 6, 2, 0, tzinfo=dt.UTC)


def is_refused(write: Callable[[], object]) -> bool:
    """Does the database refuse this write?"""
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize("state", [state for state in CaseState if state != CaseState.DRAFT])
def test_a_draft_cannot_be_put_into_another_state_by_hand(
    state: CaseState, office_people: OfficePeople
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.draft(office_people)
    rows = AccountRequest.objects.filter(pk=request.pk)
    assert is_refused(lambda: rows.update(state=state))


@pytest.mark.parametrize(
    "state", [*(state for state in CaseState if state != CaseState.ARCHIVED), "unknown"]
)
def test_an_archived_case_cannot_be_put_back_by_hand(
    state: str, office_people: OfficePeople
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.archived(office_people)
    rows = AccountRequest.objects.filter(pk=request.pk)
    assert is_refused(lambda: rows.update(state=state))


# What would make a sound record of an archived case incoherent.
INCOHERENT: dict[str, Callable[[], object]] = {
    "an archived case without a file number": lambda: AccountRequest.objects.update(
        archive_number=""
    ),
    "an issued SK without a number": lambda: AccountRequest.objects.update(decree_number=""),
    "an issued SK without a date": lambda: AccountRequest.objects.update(decree_date=None),
    "an issued SK with unlocked people": lambda: AccountRequest.objects.update(
        people_locked_at=None
    ),
    "accounts without a holder of the task": lambda: AccountRequest.objects.update(assignee=None),
    "a finished step without its measures": lambda: StepRun.objects.update(worked_seconds=None),
    "a step that ends before it begins": lambda: StepRun.objects.update(
        finished_at=F("offered_at") - dt.timedelta(seconds=1)
    ),
    "two running steps in one case": lambda: StepRun.objects.update(finished_at=None),
    "a due time without a limit": lambda: StepRun.objects.filter(step__number=2).update(due_at=AT),
    "a stored paper without its hash": lambda: Document.objects.update(sha256=""),
    "an accepted message that nobody settled": lambda: Message.objects.update(settled_at=None),
    "a created account without a user id": lambda: Account.objects.update(user_id=""),
    "two accounts with one user id": lambda: Account.objects.update(user_id="sama"),
    "an unknown account state": lambda: Account.objects.update(state="lenyap"),
    "a destroyed password with its ciphertext": lambda: Credential.objects.update(ciphertext=b"x"),
    "an unmet kelengkapan without an explanation": lambda: Attestation.objects.update(met=False),
    "an ASN without an NIP": lambda: Registrant.objects.update(nip=""),
    "a second office": lambda: Office.objects.bulk_create([Office(pk=2, name="Lain")]),
}


@pytest.mark.parametrize("what", INCOHERENT)
def test_the_database_refuses(
    what: str, office_people: OfficePeople, without_guard_rails: None
) -> None:
    with clock.moved_to(cases.MONDAY):
        cases.archived(office_people)
    assert is_refused(INCOHERENT[what])
