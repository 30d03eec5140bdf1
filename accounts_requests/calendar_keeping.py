"""Changing the office's calendar: what a proposal would do, and taking it into use.

A change is seen before it is made (``preview``), and made as a whole (``apply``): rows, a new
calendar version with its reason, and every open deadline that it moves, in one transaction.
Closed runs keep the calendar that measured them, paused ones are reckoned when they count again,
and deviations on record are never touched.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Max, Min

from accounts_requests import (
    audit,
    calendar_changes,
    calendar_checks,
    calendar_content,
    clock,
    deadline_moves,
    permissions,
    timers,
    words,
)
from accounts_requests.calendar_changes import Change
from accounts_requests.calendar_proposals import Proposal
from accounts_requests.deadline_moves import Foresight
from accounts_requests.exceptions import AlreadyDone, InvalidInput
from accounts_requests.models import CalendarVersion, DeadlineVersion, Office, StepRun, User
from accounts_requests.office_days import OfficeCalendar, OutsideCalendar
from accounts_requests.states import Act

SHORTEST_REASON: Final = 10
"""Characters below which a reason explains nothing to whoever reads it in two years."""

FROM_THE_START: Final = "Kalender awal aplikasi"
FROM_BEFORE: Final = "Kalender yang sudah dipakai sebelum versinya dicatat"


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a proposal would do now. ``version`` is the calendar that it lies over.

    ``refusals`` are sentences; while there is one, nothing can be applied and no move is foreseen.
    """

    version: str
    changes: list[Change]
    refusals: list[str]
    foresight: Foresight


def preview(proposal: Proposal, at: dt.datetime | None = None) -> Preview:
    """What ``proposal`` changes, why it could not be taken into use, and which deadlines it moves.

    At ``at`` (UTC; now). Nothing is written; the number of queries does not grow with open cases.
    """
    at = at or clock.now()
    version = timers.calendar_version()  # before the rows: a change in between is noticed
    present = calendar_content.in_use()
    refusals, foresight = _judge(proposal.on(present), at)
    return Preview(
        version=version,
        changes=calendar_changes.changes_of(proposal, present),
        refusals=refusals,
        foresight=foresight,
    )


@transaction.atomic
def apply(
    proposal: Proposal, *, reason: str, actor: User, expected_version: str
) -> CalendarVersion:
    """Take the proposal into use with everything that follows from it; returns the new version.

    ``expected_version`` is the calendar that the proposal was shown over. Raises NotPermitted for
    anybody but Pengelola Aplikasi, AlreadyDone when another calendar was adopted meanwhile, and
    InvalidInput when the reason says nothing, the proposal changes nothing, or it is refused.
    """
    role = permissions.require_keeper(actor)
    reason = _required(reason)
    # No act on a case is under way while this lock is held (``timers.hold_calendar``).
    office = Office.objects.select_for_update().get(pk=1)
    if office.calendar_version != expected_version:
        raise AlreadyDone(_overtaken())
    record_present()
    at = clock.now()
    present = calendar_content.in_use()
    proposed = proposal.on(present)
    changes = calendar_changes.changes_of(proposal, present)
    if not changes:
        raise InvalidInput("Rancangan ini tidak mengubah apa pun pada kalender yang berlaku.")
    refusals, foresight = _judge(proposed, at)
    if refusals:
        raise InvalidInput({"": refusals})
    calendar_content.write(proposed)
    version = timers.adopt_calendar()
    kept = _keep(version, proposed, reason, at=at, by=actor, moved=len(foresight.shifts))
    title = permissions.title_of(role, actor)
    deadline_moves.carry_out(
        foresight.moves,
        cause=DeadlineVersion.Cause.CALENDAR,
        version=version,
        reason=reason,
        because=f"kalender kerja versi {kept.number}",
        at=at,
        by=actor,
        role=title,
    )
    audit.record(
        Act.ADOPT_CALENDAR,
        actor=actor,
        at=at,
        role=title,
        label=f"kalender kerja versi {kept.number}",
        summary=_summary(kept, changes),
        changes={
            "former_version": expected_version,
            "version": version,
            "parts": [change.sentence for change in changes],
            "moved": kept.moved,
        },
    )
    return kept


def record_present(reason: str = FROM_BEFORE) -> None:
    """Keep the calendar in use as a version, unless it is one: what measured runs stays readable.

    For new installations (``seeding``), and for those that are older than the versions. Idempotent.
    """
    version = timers.calendar_version()
    if CalendarVersion.objects.filter(version=version).exists():
        return
    calendar = calendar_content.in_use()
    if calendar_content.version_of(calendar) == version:
        _keep(version, calendar, reason, at=clock.now(), by=None, moved=0)


def back_to(version: CalendarVersion) -> Proposal:
    """The proposal that brings the calendar of a former version back."""
    former = calendar_content.from_json(version.content)
    return Proposal.between(calendar_content.in_use(), former)


def changes_in(version: CalendarVersion) -> list[Change]:
    """What a version changed in the one before it; nothing for the first one."""
    before = CalendarVersion.objects.filter(number__lt=version.number).order_by("-number").first()
    if before is None:
        return []
    former = calendar_content.from_json(before.content)
    after = calendar_content.from_json(version.content)
    return calendar_changes.changes_of(Proposal.between(former, after), former)


def _judge(calendar: OfficeCalendar, at: dt.datetime) -> tuple[list[str], Foresight]:
    """Why the calendar cannot be taken into use, and what it would move if it can."""
    nothing = Foresight(moves=[], unreachable=[])
    if faults := calendar_checks.faults_of(calendar):
        return faults, nothing
    try:
        arithmetic = calendar_content.working_time_of(calendar)
    except OutsideCalendar as error:
        return [calendar_checks.without_hours(error)], nothing
    unfinished = StepRun.objects.filter(finished_at__isnull=True).aggregate(
        first=Min("offered_at"), last=Max("due_at")
    )
    needed = (
        ("hari ini", at),
        ("awal langkah tertua yang masih berjalan", unfinished["first"]),
        ("tenggat terakhir yang masih berjalan", unfinished["last"]),
    )
    if sentences := calendar_checks.outside(arithmetic, needed):
        return sentences, nothing
    foresight = deadline_moves.foresee(arithmetic, at)
    return foresight.unreachable, foresight


def _keep(
    version: str,
    calendar: OfficeCalendar,
    reason: str,
    *,
    at: dt.datetime,
    by: User | None,
    moved: int,
) -> CalendarVersion:
    last = CalendarVersion.objects.aggregate(last=Max("number"))["last"] or 0
    return CalendarVersion.objects.create(
        number=last + 1,
        version=version,
        content=calendar_content.as_json(calendar),
        reason=reason,
        adopted_at=at,
        adopted_by=by,
        moved=moved,
    )


def _required(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        sentence = f"Alasan wajib diisi, sedikitnya {SHORTEST_REASON} karakter agar dapat dipahami."
        raise InvalidInput({"reason": [sentence]})
    return reason


def _overtaken() -> str:
    """Who adopted another calendar meanwhile, when, and what became of the proposal."""
    kept = CalendarVersion.objects.select_related("adopted_by").first()
    by = f" oleh {kept.adopted_by.titled_name}" if kept and kept.adopted_by else ""
    when = f" {words.short_instant(kept.adopted_at, now=clock.now())}" if kept else ""
    return (
        f"Kalender kerja telah diubah{by}{when} sejak pratinjau ini dibuat, sehingga belum ada "
        "yang diberlakukan. Rancangan dan alasan Anda tetap tersimpan. Pratinjau di bawah sudah "
        "dihitung terhadap kalender yang baru; periksa, lalu berlakukan kembali."
    )


def _summary(kept: CalendarVersion, changes: list[Change]) -> str:
    parts = "; ".join(f"{change.what} {change.verb}" for change in changes[:5])
    more = f"; dan {len(changes) - 5} perubahan lain" if len(changes) > 5 else ""
    return (
        f"Kalender kerja versi {kept.number} diberlakukan: {parts}{more}. "
        f"{kept.moved} tenggat bergeser. Alasan: {kept.reason}"
    )
