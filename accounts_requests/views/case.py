"""A case as the SOP sheet: the page, its live part, and the basis of a deadline."""

import dataclasses
import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts_requests import (
    audit,
    case_record,
    case_sheet,
    clock,
    deadline_basis,
    executor_roles,
    forecasts,
    late_entry_rules,
    next_steps,
    outage_register,
    permissions,
    policies,
    timers,
    words,
    workflow,
)
from accounts_requests.case_record import CaseRecord
from accounts_requests.deviation_states import is_clean, verdict
from accounts_requests.forms.reason import ReasonForm
from accounts_requests.models import AccountRequest, AuditEntry, StepRun, User
from accounts_requests.roles import Role
from accounts_requests.states import RUNNING_STEP, Act, CaseState, DocumentKind

from . import signing
from .support import actor, find_request, page

# So much of the history stands open; the rest unfolds.
NEWEST_ENTRIES = 10
# A case that is open for months may have met many; the register holds them all.
OUTAGES_SHOWN = 20
# How an act looks in the history (see templates/_timeline.html); any other is "open".
_LOOKS = {
    Act.ISSUE_DECREE: "done",
    Act.ORDER: "done",
    Act.RECORD_ACCOUNTS: "done",
    Act.COMPLETE_SENDING: "done",
    Act.ARCHIVE: "done",
    Act.RETURN: "note",
    Act.UNLOCK: "note",
    Act.TAKE_OVER: "note",
    Act.MEND_REGISTRANT: "note",
    Act.AMEND_DECREE: "note",
    Act.NOT_DELIVERED: "deviation",
    Act.HAND_OVER: "note",
    Act.SENT_OUTSIDE: "note",
    Act.RECORD_BOUNCE: "deviation",
    Act.PASS_DEADLINE: "deviation",
    Act.LIFT_LATENESS: "note",
    Act.CANCEL: "cancelled",
    Act.PROPOSE_LATE_ENTRY: "note",
    Act.CONFIRM_LATE_ENTRY: "note",
    Act.REFUSE_LATE_ENTRY: "note",
    Act.RECORD_LATE_ENTRY: "note",
}

LOST_PASSWORDS = (
    "Password {count} personel telah dimusnahkan dengan sendirinya karena terlalu lama menunggu. "
    "Buat password baru untuk tiap personel itu dan ganti di SPSE; yang lain tetap tersimpan."
)


@page
def request_detail(request: HttpRequest, number: str) -> HttpResponse:
    """The whole case on one page."""
    user = actor(request)
    held = permissions.require_reader(user)
    record = case_record.load(find_request(number))
    acts = permissions.acts_of(held)
    acted = executor_roles.acted_as(record.case, user)
    reads_people = permissions.reads_people(held)
    entries = [_entry(entry, reads_people) for entry in case_record.history(record.case)]
    context = _live(record, user, held, acted, clock.now()) | {
        "newest_entries": entries[:NEWEST_ENTRIES],
        "older_entries": entries[NEWEST_ENTRIES:],
        "history_is_cut": len(entries) == case_record.HISTORY_SHOWN,
        "history_shown": case_record.HISTORY_SHOWN,
        "takes_evidence": permissions.reads_reports(held),
        "other_buttons": [
            (button, ReasonForm(auto_id=f"{button.url_name}_%s"))
            for button in next_steps.other_buttons(
                record.case, user, acts, acted, is_revoked=record.decree_is_revoked
            )
        ],
    }
    return render(request, "requests/case.html", context)


@page
def request_live(request: HttpRequest, number: str) -> HttpResponse:
    """The part of the page that machines change; 204 while it is as the reader's page has it."""
    user = actor(request)
    held = permissions.require_reader(user)
    record = case_record.load(find_request(number))
    if request.GET.get("keadaan") == record.fingerprint:
        return HttpResponse(status=204)
    acted = executor_roles.acted_as(record.case, user)
    return render(request, "requests/_live.html", _live(record, user, held, acted, clock.now()))


@require_POST
@page
def request_seen(request: HttpRequest, number: str) -> HttpResponse:
    """The executor was shown the running step: the limit may begin. Safe to repeat."""
    user = actor(request)
    permissions.require_reader(user)
    workflow.mark_opened(find_request(number), actor=user)
    return HttpResponse(status=204)


@page
def request_basis(request: HttpRequest, number: str, step: int) -> HttpResponse:
    """Why the deadline of a step falls where it does."""
    held = permissions.require_reader(actor(request))
    case = find_request(number)
    run = (
        case.step_runs.filter(step__number=step)
        .select_related("step", "request__sop_revision", "request__reading")
        .prefetch_related("pauses")
        .order_by("-attempt")
        .first()
    )
    if run is None:
        raise Http404
    tells_reasons = permissions.reads_people(held)
    at = clock.now()
    context = {
        "case": case,
        "run": run,
        "step": run.step,
        "basis": deadline_basis.explain(run, at, tells_reasons=tells_reasons),
        "coinciding": outage_register.coinciding([run], timers.working_time(), at=at),
    }
    return render(request, "requests/basis.html", context)


def _live(
    record: CaseRecord,
    user: User,
    held: frozenset[Role],
    acted: frozenset[Role],
    at: dt.datetime,
) -> dict[str, Any]:
    """``acted``: the executor roles in which the reader has acted in this case."""
    case = record.case
    turn = next_steps.turn(case, record.progress)
    is_for_reader = turn is not None and turn.is_for(user, held, case)
    hindrance = executor_roles.hindrance(turn.role, acted) if turn and is_for_reader else ""
    if turn is not None and record.awaited is not None:
        turn = dataclasses.replace(turn, whose=late_entry_rules.AWAITED)
    is_yours = is_for_reader and not hindrance and record.awaited is None
    working_time = timers.working_time()
    sheet = case_sheet.build(record, at=at, clock=working_time, turn=turn, is_yours=is_yours)
    coinciding = outage_register.coinciding(record.runs, working_time, at=at)
    run = _running(record)
    acts = permissions.acts_of(held)
    return {
        "case": case,
        "record": record,
        "sheet": dataclasses.replace(sheet, rows=[_with_basis(case, row) for row in sheet.rows]),
        "turn": turn,
        "is_yours": is_yours,
        "signing": signing.standing(case),
        "hindrance": hindrance,
        "forecast": forecasts.of_run(run, at, working_time) if run and is_yours else "",
        "reads_people": permissions.reads_people(held),
        "verdict": verdict(record.deviations) if record.is_closed or record.deviations else "",
        "is_clean": is_clean(record.deviations),
        "failed_text": _failed_text(record),
        "lost_passwords_text": LOST_PASSWORDS.format(count=record.lost_passwords),
        "coinciding": coinciding[:OUTAGES_SHOWN],
        "more_coinciding": max(0, len(coinciding) - OUTAGES_SHOWN),
        "seen_url": "" if hindrance else _seen_url(record, user, held),
        "may_mend": Act.MEND_REGISTRANT in acts and case.state == CaseState.DECREE_ISSUED,
        "may_enter_late": _may_enter_late(record, user, acts, acted),
        "awaited_text": late_entry_rules.awaiting_words(record.awaited) if record.awaited else "",
        "may_decide_late": Act.CONFIRM_LATE_ENTRY in acts,
        "may_record_bounce": not held.isdisjoint(permissions.MAY[Act.RECORD_BOUNCE])
        and case.state in (CaseState.EMAIL_SENT, CaseState.ARCHIVED),
        "may_send_again": Act.RESEND in acts and case.state == CaseState.ARCHIVED,
        "may_deliver": is_yours and case.state == CaseState.ACCOUNTS_CREATED,
    }


def _may_enter_late(
    record: CaseRecord, user: User, acts: frozenset[Act], acted: frozenset[Role]
) -> bool:
    """Could the reader enter the present act later than it happened?"""
    case = record.case
    act = late_entry_rules.act_of(case)
    if act is None or record.awaited is not None:
        return False
    if act == Act.ISSUE_DECREE and case.people_locked_at is None:
        return False
    if act == Act.RECORD_ACCOUNTS and record.progress.with_outcome < record.progress.people:
        return False
    entering = late_entry_rules.entering_act(act)
    return (
        entering in acts
        and act in acts
        and policies.allows(act, case, user, acted=acted, late=True)
    )


def _failed_text(record: CaseRecord) -> str:
    titles = "; ".join(DocumentKind(paper.kind).label for paper in record.failed_papers)
    return (
        f"Dokumen berikut gagal disiapkan: {titles}. Langkah berikutnya menunggu dokumen itu. "
        "Beri tahu Pengelola Aplikasi; yang sudah tersimpan tetap utuh."
    )


def _with_basis(case: AccountRequest, row: case_sheet.Row) -> case_sheet.Row:
    if not row.has_basis:
        return row
    url = reverse("request_basis", args=[case.number, row.number])
    return dataclasses.replace(row, time=dataclasses.replace(row.time, basis_url=url))


def _seen_url(record: CaseRecord, user: User, held: frozenset[Role]) -> str:
    """Where the page reports that Admin PPE was shown the running step; "" when told already."""
    case = record.case
    if Role.ADMIN_PPE not in held or case.assignee_id not in (None, user.pk):
        return ""
    run = _running(record)
    if run is None or run.opened_at is not None or run.step.executor != Role.ADMIN_PPE:
        return ""
    return reverse("request_seen", args=[case.number])


def _running(record: CaseRecord) -> StepRun | None:
    number = RUNNING_STEP.get(record.case.state)
    return next(
        (
            run
            for run in record.runs
            if run.step.number == number and run.finished_at is None and run.paused_at is None
        ),
        None,
    )


def _entry(entry: AuditEntry, reads_people: bool) -> dict[str, Any]:  # noqa: FBT001  one of two readers
    who = f"{entry.actor_name} ({entry.actor_role})" if entry.actor_role else entry.actor_name
    return {
        "kind": _LOOKS.get(Act(entry.act), "open"),
        "what": Act(entry.act).label,
        "who": who,
        "when": words.instant(entry.at),
        "detail": entry.summary if reads_people else audit.without_reason(entry.summary),
    }
