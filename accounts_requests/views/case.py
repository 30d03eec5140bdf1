"""A case as the SOP sheet: the page, its live part, and the basis of a deadline."""

import dataclasses
import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts_requests import (
    case_record,
    case_sheet,
    clock,
    deadline_basis,
    next_steps,
    permissions,
    timers,
    words,
    workflow,
)
from accounts_requests.case_record import CaseRecord
from accounts_requests.documents.control_sheet import verdict
from accounts_requests.forms.reason import ReasonForm
from accounts_requests.models import AccountRequest, AuditEntry, StepRun, User
from accounts_requests.roles import Role
from accounts_requests.states import RUNNING_STEP, Act, CaseState, DocumentKind

from .support import actor, find_request, page

# So much of the history stands open; the rest unfolds.
NEWEST_ENTRIES = 10
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
    Act.NOT_DELIVERED: "deviation",
    Act.HAND_OVER: "note",
    Act.CANCEL: "cancelled",
}


@page
def request_detail(request: HttpRequest, number: str) -> HttpResponse:
    """The whole case on one page."""
    user = actor(request)
    held = permissions.require_reader(user)
    record = case_record.load(find_request(number))
    acts = permissions.acts_of(held)
    entries = case_record.history(record.case)
    context = _live(record, user, held, clock.now()) | {
        "newest_entries": [_entry(entry) for entry in entries[:NEWEST_ENTRIES]],
        "older_entries": [_entry(entry) for entry in entries[NEWEST_ENTRIES:]],
        "history_is_cut": len(entries) == case_record.HISTORY_SHOWN,
        "history_shown": case_record.HISTORY_SHOWN,
        "other_buttons": [
            (button, ReasonForm(auto_id=f"{button.url_name}_%s"))
            for button in next_steps.other_buttons(record.case, user, acts)
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
    return render(request, "requests/_live.html", _live(record, user, held, clock.now()))


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
    permissions.require_reader(actor(request))
    case = find_request(number)
    run = (
        case.step_runs.filter(step__number=step)
        .select_related("step")
        .prefetch_related("pauses")
        .order_by("-attempt")
        .first()
    )
    if run is None:
        raise Http404
    basis = deadline_basis.explain(run, clock.now())
    context = {"case": case, "run": run, "step": run.step, "basis": basis}
    return render(request, "requests/basis.html", context)


def _live(record: CaseRecord, user: User, held: frozenset[Role], at: dt.datetime) -> dict[str, Any]:
    case = record.case
    turn = next_steps.turn(case, record.progress)
    is_yours = turn is not None and turn.is_for(user, held, case)
    sheet = case_sheet.build(
        record, at=at, clock=timers.working_time(), turn=turn, is_yours=is_yours
    )
    acts = permissions.acts_of(held)
    return {
        "case": case,
        "record": record,
        "sheet": dataclasses.replace(sheet, rows=[_with_basis(case, row) for row in sheet.rows]),
        "turn": turn,
        "is_yours": is_yours,
        "reads_people": permissions.reads_people(held),
        "verdict": verdict(record.deviations) if record.is_closed or record.deviations else "",
        "failed_text": _failed_text(record),
        "seen_url": _seen_url(record, user, held),
        "may_mend": Act.MEND_REGISTRANT in acts and case.state == CaseState.DECREE_ISSUED,
        "may_deliver": is_yours and case.state == CaseState.ACCOUNTS_CREATED,
    }


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


def _entry(entry: AuditEntry) -> dict[str, Any]:
    who = f"{entry.actor_name} ({entry.actor_role})" if entry.actor_role else entry.actor_name
    return {
        "kind": _LOOKS.get(Act(entry.act), "open"),
        "what": Act(entry.act).label,
        "who": who,
        "when": words.instant(entry.at),
        "detail": entry.summary,
    }
