"""Reminders of deviations that wait: one mail a day to each person, with counts alone.

On working days, once the office has opened. The day's row is the claim: many workers may sweep.
"""

import datetime as dt

from django.db import IntegrityError, transaction

from accounts_requests import audit, deviation_queues, outbox, timers, words
from accounts_requests.deviation_queues import Counts
from accounts_requests.deviation_states import open_ones
from accounts_requests.models import (
    Appointment,
    DeviationReminder,
    User,
)
from accounts_requests.states import Act, DeviationState, MessageKind
from accounts_requests.working_time import OutsideCalendar


def sweep(at: dt.datetime) -> int:
    """Queue the reminders of the day of ``at`` (UTC); returns how many people were told.

    0 when it was done already, outside office hours, and while nothing waits.
    """
    day = at.astimezone(words.ZONE).date()
    owed = open_ones().exclude(state=DeviationState.RUNNING)  # that one waits for its step
    if DeviationReminder.objects.filter(day=day).exists() or not owed.exists():
        return 0
    if not _is_open(at):
        return 0
    told = _waited_for(day)
    try:
        with transaction.atomic():
            DeviationReminder.objects.create(day=day, at=at, people=len(told))
            for person, waiting in told:
                outbox.queue_notice(
                    MessageKind.DEVIATION_REMINDER,
                    None,
                    recipient=person,
                    by=None,
                    at=at,
                    context={"to_answer": waiting.to_answer, "to_judge": waiting.to_judge},
                )
            audit.record(
                Act.REMIND_DEVIATIONS,
                actor=None,
                at=at,
                label=day.isoformat(),
                summary=f"{len(told)} orang diingatkan akan penyimpangan yang menunggu.",
            )
    except IntegrityError:  # another worker was first
        return 0
    return len(told)


def _is_open(at: dt.datetime) -> bool:
    """Within office hours; a calendar that does not reach holds nobody's reminder back."""
    try:
        return timers.working_time().is_open(at)
    except OutsideCalendar:
        return True


def _waited_for(day: dt.date) -> list[tuple[User, Counts]]:
    """Everybody for whom something waits, who can be told by mail, in the order of their keys."""
    appointed = Appointment.objects.in_force(day).filter(person__is_active=True)
    candidates = User.objects.filter(
        pk__in=appointed.exclude(person__email="").values("person")
    ).order_by("pk")
    found = []
    for person in candidates:
        waiting = deviation_queues.counts(person, person.current_roles())
        if waiting.to_answer or waiting.to_judge:
            found.append((person, waiting))
    return found
