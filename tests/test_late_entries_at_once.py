"""Two decisions on one late entry at the same moment: one counts, the other is told so kindly."""

import pytest
from django.urls import reverse

from accounts_requests import clock, verifying
from accounts_requests.models import AuditEntry, LateEntry
from accounts_requests.states import Act

from . import cases
from .cases import MONDAY, OfficePeople
from .test_late_entries import BACK, at, proposed
from .test_simultaneous_presses import Pair, pair

__all__ = ["pair"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quick_papers"),
]


def test_of_two_confirmations_at_once_one_carries_the_act_out(
    office_people: OfficePeople,
    pair: Pair,
) -> None:
    staff = office_people
    with clock.moved_to(MONDAY):
        request = cases.ordered(staff)
    with clock.moved_to(BACK):
        entry = proposed(request, staff.admin1, Act.CLAIM, at(10, 10))

    pair.press(
        Act.CONFIRM_LATE_ENTRY,
        (staff.kepala, staff.kepala),
        reverse("late_entry_decide", args=[request.number, entry.pk]),
        choose={"action": reverse("late_entry_confirm", args=[request.number, entry.pk])},
        typed={},
    )

    assert LateEntry.objects.get().state == LateEntry.State.CONFIRMED
    assert AuditEntry.objects.filter(act=Act.CLAIM).count() == 1
    assert cases.fresh(request).assignee == staff.admin1
    assert verifying.verify().breaks == []
