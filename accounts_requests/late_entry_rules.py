"""What may be entered later than it happened (*pencatatan susulan*), and from when to when.

An outage keeps people from recording, not from working. An act that is allowed now may then be
entered with the time at which it happened, between the last thing that the case tells of its
present step and now. Who must confirm it is ``acts.late_entries``'s matter.
"""

import datetime as dt
from typing import NamedTuple

from django.db.models import Q

from accounts_requests import permissions, words
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.models import AccountRequest, Appointment, LateEntry, Outage, User
from accounts_requests.states import RUNNING_STEP, Act, CaseState

# Admin PPE's acts wait for Kepala LPSE's confirmation.
PROPOSED_ACTS = (Act.CLAIM, Act.RECORD_ACCOUNTS, Act.ARCHIVE)
# Kepala LPSE's own acts are entered by Kepala LPSE alone, and Kepala Biro is told.
OWN_ACTS = (Act.ISSUE_DECREE, Act.ORDER)
# Whose turn a case is while a late entry waits.
AWAITED = "keputusan Kepala LPSE atas pencatatan susulan"
_MINUTE = dt.timedelta(minutes=1)


class Earliest(NamedTuple):
    """The instant (UTC) before which the act cannot have happened, and what happened then."""

    at: dt.datetime
    what: str


def act_of(request: AccountRequest) -> Act | None:
    """The act that could be entered late in the present state of the case; None without one."""
    match request.state:
        case CaseState.DRAFT:
            return Act.ISSUE_DECREE
        case CaseState.DECREE_ISSUED:
            return Act.ORDER
        case CaseState.ORDERED:
            return Act.CLAIM if request.assignee_id is None else Act.RECORD_ACCOUNTS
        case CaseState.EMAIL_SENT:
            return Act.ARCHIVE
        case _:
            return None


def entering_act(act: Act) -> Act:
    """The act by which ``act`` is entered late: Kepala LPSE's own at once, others as a proposal."""
    return Act.RECORD_LATE_ENTRY if act in OWN_ACTS else Act.PROPOSE_LATE_ENTRY


def awaited(request: AccountRequest) -> LateEntry | None:
    """The late entry of the case that waits for Kepala LPSE's decision; there is one at most."""
    return request.late_entries.filter(state=LateEntry.State.PROPOSED).first()


def awaiting_words(entry: LateEntry) -> str:
    """Why the ordinary button of an act rests while its late entry is undecided."""
    return (
        f"Pencatatan susulan “{Act(entry.act).label}” (terjadi {words.instant(entry.happened_at)}) "
        "menunggu keputusan Kepala LPSE. Sebelum diputuskan, tindakan itu tidak dapat dilakukan "
        "dengan cara biasa."
    )


def check_none_awaited(request: AccountRequest) -> None:
    """One late entry waits at a time. Raises NotAllowedNow."""
    entry = awaited(request)
    if entry is not None:
        raise NotAllowedNow(awaiting_words(entry))


def check_not_awaited(act: Act, request: AccountRequest) -> None:
    """``act`` is not waiting for a decision on its late entry. Raises NotAllowedNow."""
    entry = awaited(request)
    if entry is not None and entry.act == act:
        raise NotAllowedNow(f"{awaiting_words(entry)} Tidak ada yang berubah pada permohonan ini.")


def earliest(request: AccountRequest) -> Earliest:
    """The latest instant that the case tells of its running step.

    Not what was done inside the step since (accounts that were recorded one by one, papers): that
    is entered when it can be, whenever it happened.
    """
    run = (
        request.step_runs.select_related("step")
        .prefetch_related("pauses", "holdings")
        .get(
            step__number=RUNNING_STEP[request.state],
            finished_at__isnull=True,
            paused_at__isnull=True,
        )
    )
    number = run.step.number
    known = [Earliest(run.offered_at, f"awal langkah {number}")]
    # Where a machine ended the step before, the limit begins later than the step.
    if run.started_at is not None and run.latest_start_at is None:
        known.append(Earliest(run.started_at, f"awal penghitungan waktu langkah {number}"))
    known += [Earliest(held.since, "pengambilan tugas") for held in run.holdings.all()]
    known += [
        Earliest(pause.until, f"akhir jeda langkah {number}")
        for pause in run.pauses.all()
        if pause.until is not None
    ]
    if request.state == CaseState.DRAFT:
        if request.people_locked_at is not None:
            known.append(Earliest(request.people_locked_at, "pengajuan paraf"))
        known += [
            Earliest(stage.since, f"awal tahap {stage.get_stage_display().lower()}")
            for stage in request.stage_runs.filter(until__isnull=True)
        ]
    return max(known, key=lambda one: one.at)


def outages_since(since: dt.datetime) -> list[Outage]:
    """The outages on record that went on at some time after ``since`` (UTC)."""
    ends = Q(until__isnull=True) | Q(until__gte=since)
    return list(Outage.objects.filter(ends).order_by("-since", "-pk"))


def to_the_minute(request: AccountRequest, typed: dt.datetime) -> dt.datetime:
    """What was typed, to the minute, as an instant (UTC): not before ``earliest`` in its minute."""
    bound = earliest(request).at
    return bound if typed < bound < typed + _MINUTE else typed


def check_instant(
    act: Act, request: AccountRequest, actor: User, happened_at: dt.datetime, *, now: dt.datetime
) -> None:
    """``act`` by ``actor`` can have happened at ``happened_at`` (UTC): in the present step, before
    ``now``, by somebody who held the role then. Raises InvalidInput (happened_at).
    """
    if sentence := _objection(act, request, actor, happened_at, now):
        raise InvalidInput({"happened_at": [sentence]})


def _objection(
    act: Act, request: AccountRequest, actor: User, happened_at: dt.datetime, now: dt.datetime
) -> str:
    if happened_at > now:
        return (
            f"Waktu kejadian belum tiba; sekarang {words.instant(now)}. Yang dicatat susulan hanya "
            "yang sudah terjadi."
        )
    bound = earliest(request)
    if happened_at < bound.at:
        return (
            f"Waktu kejadian mendahului {bound.what}, {words.instant(bound.at)}. Isilah waktu "
            "sesudahnya."
        )
    day = happened_at.astimezone(words.ZONE).date()
    roles = permissions.MAY[act]
    if not Appointment.objects.in_force(day).filter(person=actor, role__in=roles).exists():
        who = " atau ".join(role.label for role in roles)
        return (
            f"Pada {words.day_and_date(day)} pelaksananya tidak memegang peran {who}, sehingga "
            "tindakan ini tidak dapat dicatat pada hari itu."
        )
    return ""
