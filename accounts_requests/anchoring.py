"""The daily anchor: where the audit trail stands, told outside the database.

The row is the least of it. What counts is the mail to Kepala Biro, the line beside the backups
(``backups``) and the foot of each control sheet: nobody who owns the database reaches those.
"""

import datetime as dt

from django.db import transaction

from accounts_requests import audit, outbox, words
from accounts_requests.models import Appointment, AuditAnchor, AuditChain, User
from accounts_requests.roles import Role
from accounts_requests.states import Act, MessageKind


def anchor_of_the_day(at: dt.datetime) -> bool:
    """Anchor the trail once on the day of ``at`` (UTC; the day is the office zone's).

    Every day, quiet ones too: a day without the mail must mean that something is wrong. Returns
    whether this call did it; several workers may ask at once. Nothing is done before the trail
    has an entry.
    """
    day = at.astimezone(words.ZONE).date()
    if AuditAnchor.objects.filter(day=day).exists():
        return False
    with transaction.atomic():
        chain = AuditChain.objects.select_for_update().filter(pk=1).first()
        # Asked again behind the lock that every anchor needs.
        if chain is None or not chain.count or AuditAnchor.objects.filter(day=day).exists():
            return False
        anchor = AuditAnchor.objects.create(day=day, at=at, sequence=chain.count, head=chain.head)
        told = _superiors(day)
        for person in told:
            _tell(person, anchor, at)
        audit.record(
            Act.ANCHOR,
            actor=None,
            at=at,
            label=day.isoformat(),
            summary=f"Jejak audit ditambatkan pada entri {anchor.sequence}; "
            f"diberitahukan kepada {len(told)} Kepala Biro.",
            changes={"day": day.isoformat(), "sequence": anchor.sequence, "head": anchor.head},
        )
    return True


def _superiors(day: dt.date) -> list[User]:
    held = (
        Appointment.objects.in_force(day)
        .filter(role=Role.KEPALA_BIRO, person__is_active=True)
        .exclude(person__email="")
        .select_related("person")
        .order_by("person_id")
    )
    return list(dict.fromkeys(appointment.person for appointment in held))


def _tell(person: User, anchor: AuditAnchor, at: dt.datetime) -> None:
    outbox.queue_notice(
        MessageKind.ANCHOR_NOTICE,
        None,
        recipient=person,
        by=None,
        at=at,
        context={
            "day": words.day_and_date(anchor.day),
            "sequence": anchor.sequence,
            "head": words.grouped(anchor.head),
        },
    )
