"""Who is told of a *pencatatan susulan*, and in what words: notices by mail, the catatan."""

import datetime as dt

from accounts_requests import clock, outbox, words
from accounts_requests.models import Appointment, LateEntry, User
from accounts_requests.roles import Role
from accounts_requests.states import LATE_STEP_OF, Act, MessageKind


def tell(
    kind: MessageKind, entry: LateEntry, role: Role, *, by: User, at: dt.datetime, title: str
) -> None:
    """Tell everybody who holds ``role`` today and can be reached; ``title`` styles who acted."""
    for held in (
        Appointment.objects.in_force(clock.today())
        .filter(role=role, person__is_active=True)
        .exclude(person__email="")
        .select_related("person")
        .order_by("person__username")
    ):
        outbox.queue_notice(
            kind, entry.request, recipient=held.person, by=by, at=at, context=_facts(entry, title)
        )


def tell_proposer(entry: LateEntry, *, by: User, at: dt.datetime, title: str) -> None:
    """Tell whoever proposed the entry what ``by`` (styled ``title``) decided."""
    decision = LateEntry.State(entry.state).label.lower()
    outbox.queue_notice(
        MessageKind.LATE_ENTRY_DECIDED,
        entry.request,
        recipient=entry.proposed_by,
        by=by,
        at=at,
        context={**_facts(entry, title), "decision": decision},
    )


def leave_note(entry: LateEntry, actor: User, at: dt.datetime, who: str) -> None:
    """The catatan that everybody reads who judges the case."""
    entry.request.notes.create(
        at=at,
        by=actor,
        text=f"{label(entry)}: {what(entry)}, dicatat {words.instant(at)}. Bukti nomor "
        f"{entry.number}. {who} Alasan: {entry.reason}",
    )


def label(entry: LateEntry) -> str:
    """``Pencatatan susulan PS-1``: by the number of its evidence."""
    return f"Pencatatan susulan {entry.number}"


def what(entry: LateEntry) -> str:
    """``langkah 3, Mengambil tugas, terjadi Senin, …``."""
    act = Act(entry.act)
    happened = words.instant(entry.happened_at)
    return f"langkah {LATE_STEP_OF[act]}, {act.label.lower()}, terjadi {happened}"


def _facts(entry: LateEntry, title: str) -> dict[str, str | int]:
    act = Act(entry.act)
    facts: dict[str, str | int] = {
        "step": LATE_STEP_OF[act],
        "act": act.label,
        "happened": words.instant(entry.happened_at),
        "by": title,
    }
    if differing := entry.details.get("differences"):
        facts["differences"] = len(differing)
    return facts
