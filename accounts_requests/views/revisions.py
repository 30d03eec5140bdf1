"""Revisions of the SOP: the list, what one changes, and the pengesah's word on it."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts_requests import (
    clock,
    permissions,
    revision_comparison,
    revision_content,
    revision_keeping,
    revision_standing,
    words,
)
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.forms.reason import ReasonForm
from accounts_requests.forms.revision import ApproveForm
from accounts_requests.models import SopRevision
from accounts_requests.revision_standing import Standing
from accounts_requests.roles import Role

from .errors import conflict
from .support import actor, add_errors, page

P = ParamSpec("P")


def revision_page(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page about revisions; a refusal leads back to their list."""

    @page
    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotAllowedNow as error:
            url = reverse("revisions")
            return conflict(request, str(error), next_url=url, next_label="Lihat revisi SOP")

    return answer


@revision_page
def revision_list(request: HttpRequest) -> HttpResponse:
    """Every revision and where it stands; drafts and withdrawn ones for their makers alone."""
    held = actor(request).current_roles()
    today = clock.today()
    in_force = SopRevision.in_force(today)
    rows = SopRevision.objects.select_related("approved_by", "drafted_by", "withdrawn_by")
    lines = [
        {
            "revision": revision,
            "standing": revision_standing.standing_of(revision, today, in_force),
            "reason": revision.withdrawal_reason or revision.reason,
        }
        for revision in rows.order_by("-revision")
        if revision_standing.may_read(revision, held)
    ]
    keeps = permissions.may_keep(actor(request), held)
    context = {
        "lines": lines,
        "keeps": keeps,
        "may_begin": keeps and revision_standing.on_its_way(today) is None,
    }
    return render(request, "sop/revisions.html", context)


@revision_page
def compare(request: HttpRequest, revision: int) -> HttpResponse:
    """What a revision changes in the one before it, and what may be done with it now."""
    return _show(request, find(request, revision))


@require_POST
@revision_page
def approve(request: HttpRequest, revision: int) -> HttpResponse:
    """Put the draft in force from a day on."""
    permissions.require_approver(actor(request))
    draft = find(request, revision)
    form = ApproveForm(request.POST)
    if form.is_valid():
        try:
            reading = revision_keeping.approve(
                draft,
                actor=actor(request),
                since=form.since_date(),
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"],
            )
        except InvalidInput as error:
            add_errors(form, error)
        else:
            since = words.long_date(form.since_date())
            messages.success(
                request,
                f"Revisi {draft.revision} disahkan dan berlaku sejak {since} untuk permohonan "
                f"baru, dengan {reading}. Permohonan yang berjalan tetap memakai revisinya.",
            )
            return redirect("revision_compare", draft.revision)
    return _show(request, draft, approve_form=form)


@require_POST
@revision_page
def withdraw(request: HttpRequest, revision: int) -> HttpResponse:
    """Take a revision back that is not in force yet."""
    found = find(request, revision)
    form = _withdraw_form(request.POST)
    if form.is_valid():
        try:
            revision_keeping.withdraw(found, actor=actor(request), reason=form.reason())
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(
                request, f"Revisi {found.revision} ditarik. Naskahnya tetap tersimpan."
            )
            return redirect("revisions")
    return _show(request, found, withdraw_form=form)


def find(request: HttpRequest, revision: int) -> SopRevision:
    """The revision; 404 for one that is not there or not for this reader."""
    related = SopRevision.objects.select_related("approved_by", "drafted_by", "withdrawn_by")
    found = get_object_or_404(related, revision=revision)
    if not revision_standing.may_read(found, actor(request).current_roles()):
        raise Http404
    return found


def _show(
    request: HttpRequest,
    revision: SopRevision,
    *,
    approve_form: ApproveForm | None = None,
    withdraw_form: ReasonForm | None = None,
) -> HttpResponse:
    user = actor(request)
    held = user.current_roles()
    standing = revision_standing.standing_of(revision, clock.today())
    base = revision_standing.before(revision)
    changes = revision_comparison.changes_between(base, revision) if base else []
    content = revision_content.read(revision)
    mark = revision_content.mark_of(content)
    is_draft = standing == Standing.DRAFT
    approves = Role.KEPALA_BIRO in held
    keeps = permissions.may_keep(user, held)
    if approve_form is not None and approve_form.is_bound:
        # What is shown now is what the next press approves.
        approve_form.data = {**request.POST.dict(), "seen": mark}
    context: dict[str, Any] = {
        "revision": revision,
        "standing": standing,
        "base": base,
        "changes": changes,
        "doubts": [doubt for step in content.steps for doubt in revision_content.doubts_of(step)],
        "steps": content.steps,
        "may_edit": is_draft and keeps,
        "may_approve": is_draft and approves and bool(changes),
        "may_withdraw": (is_draft and (keeps or approves))
        or (standing == Standing.AWAITED and approves),
        "approve_form": approve_form
        or ApproveForm(initial={"seen": mark, "since": _earliest(base)}),
        "withdraw_form": withdraw_form or _withdraw_form(),
    }
    return render(request, "sop/compare.html", context)


def _earliest(base: SopRevision | None) -> dt.date:
    """The first day from which a revision after ``base`` may be in force."""
    today = clock.today()
    if base is None or base.in_force_from is None:
        return today
    return max(today, base.in_force_from + dt.timedelta(days=1))


def _withdraw_form(data: Any = None) -> ReasonForm:
    return ReasonForm(data, label="Alasan penarikan", auto_id="tarik_%s")
