"""*Pencatatan susulan*: entering an act with the time at which it happened, and deciding on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts_requests import (
    account_policies,
    clock,
    late_effects,
    late_entry_rules,
    permissions,
    policies,
    workflow,
)
from accounts_requests.answers import answer_field, explanation_field
from accounts_requests.exceptions import AlreadyDone, InvalidInput, NotAllowedNow
from accounts_requests.forms.archive import ArchiveForm
from accounts_requests.forms.attestations import AttestationsForm
from accounts_requests.forms.base import InstantField, SopForm
from accounts_requests.forms.issue import IssueForm
from accounts_requests.forms.late_entry import ConfirmForm, LateEntryForm, RefuseForm
from accounts_requests.forms.order import OrderForm
from accounts_requests.models import AccountRequest, LateEntry, SopRequirement, User
from accounts_requests.states import EXTERNAL_SIGNING, LATE_STEP_OF, Act, CaseState, SigningMethod
from accounts_requests.workflow import LateDetails

from . import late_signed, signed_decree
from .execution import attestation_pairs, guard, requirements, running_step
from .held_files import hold
from .support import actor, add_errors, find_request, page
from .workspace import time_cell

# The gate's names of fields where the forms' differ.
_NAMES = {"reason": "late_reason", "decree_number": "number", "decree_date": "date"}


@dataclass(frozen=True, kw_only=True)
class _ActForm:
    """The act's own form and what it gives; ``asked``: the kelengkapan in it."""

    form: SopForm | None
    details: Callable[[], LateDetails]
    asked: list[SopRequirement]


@page
def late_entry(request: HttpRequest, number: str) -> HttpResponse:
    """When, why, evidence, and what the act itself needs; Kepala LPSE's own acts count at once."""
    case = find_request(number)
    user = actor(request)
    act = _guarded(case, user)
    posted = request.method == "POST"
    earliest = late_entry_rules.earliest(case)
    looks_first = late_signed.looks_first(act, case)
    held = late_signed.waiting(act, case, user)
    outages = late_entry_rules.outages_since(earliest.at)
    effect_url = reverse("late_entry_effect", args=[number])
    form = LateEntryForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        outages=outages,
        effect_url=effect_url,
        waiting=held.evidence is not None,
        initial=late_signed.typed(request, case, held),
    )
    evidence = hold(request, form, case, owner=user, page="late", waits=not looks_first)
    own = _act_form(act, case, request, held)
    valid = posted and form.is_valid()
    valid = (own.form is None or (posted and own.form.is_valid())) and valid
    looked = False
    if posted and isinstance(own.form, IssueForm):
        try:
            looked = late_signed.take_in(case, user, own.form, form)
        except InvalidInput as error:
            _say(form, own.form, error)
            valid = False
        held = late_signed.waiting(act, case, user)
    if looked:
        initial = late_signed.typed(request, case, held)
        form = LateEntryForm(
            outages=outages,
            effect_url=effect_url,
            waiting=held.evidence is not None,
            initial=initial,
        )
        own = _looked_at(case, request, held)
    elif valid:
        try:
            late_signed.require_same(held, request.POST.get("staged", ""))
            _enter(case, user, act, form, details=own.details(), held=held)
        except InvalidInput as error:
            _say(form, own.form, error)
        except NotAllowedNow as error:
            if isinstance(error, AlreadyDone):
                raise
            _guarded(find_request(number), user)  # a record that moved on is a page of its own
            form.add_error(None, str(error))
        else:
            evidence.release()
            messages.success(request, _entered(act))
            return redirect("request_detail", number)
    evidence.keep()
    context = {
        "case": case,
        "time": time_cell(case),
        "act": act.label,
        "act_name": act.value,
        "step": LATE_STEP_OF[act],
        "is_own": act in late_entry_rules.OWN_ACTS,
        "form": form,
        "act_form": own.form,
        "pairs": attestation_pairs(own.form, own.asked)
        if isinstance(own.form, AttestationsForm)
        else [],
        "other_fields": _other_fields(own),
        "earliest": earliest,
        "effect": _effect(case, act, user, request.POST.get("happened_at", "")),
        "held": held,
        "signed": signed_decree.shown(request, case, held.signed, own.form)
        if held.signed
        else None,
        "looks_first": looks_first,
        "people_count": case.registrants.count() if held.signed else 0,
    }
    return render(request, "late/enter.html", context)


@page
def late_entry_effect(request: HttpRequest, number: str) -> HttpResponse:
    """What the time that is being typed would bring about; a part of the page."""
    case = find_request(number)
    user = actor(request)
    act = _guarded(case, user)
    effect = _effect(case, act, user, request.GET.get("happened_at", ""))
    return render(request, "late/_effect.html", {"effect": effect})


@page
def late_entry_decide(request: HttpRequest, number: str, entry: int) -> HttpResponse:
    """Kepala LPSE sees what would be recorded, with its effect, before confirming."""
    permissions.require(Act.CONFIRM_LATE_ENTRY, actor(request))
    case = find_request(number)
    return _decision_page(request, case, _entry(case, entry), RefuseForm())


@require_POST
@page
def late_entry_confirm(request: HttpRequest, number: str, entry: int) -> HttpResponse:
    """The act is carried out as of when it happened."""
    permissions.require(Act.CONFIRM_LATE_ENTRY, actor(request))
    case = find_request(number)
    found = _entry(case, entry)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _decision_page(request, case, found, RefuseForm(), form)
    workflow.confirm_late_entry(found, actor=actor(request), note=form.cleaned_data["note"])
    messages.success(
        request, f"Pencatatan susulan {found.number} dikonfirmasi dan tindakannya dicatat."
    )
    return redirect("request_detail", number)


@require_POST
@page
def late_entry_refuse(request: HttpRequest, number: str, entry: int) -> HttpResponse:
    """The proposal is refused with a note."""
    permissions.require(Act.REFUSE_LATE_ENTRY, actor(request))
    case = find_request(number)
    found = _entry(case, entry)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _decision_page(request, case, found, form)
    workflow.refuse_late_entry(found, actor=actor(request), note=form.cleaned_data["refusal"])
    messages.success(
        request,
        f"Pencatatan susulan {found.number} ditolak. Tindakannya dapat dilakukan dengan cara "
        "biasa.",
    )
    return redirect("request_detail", number)


def _guarded(case: AccountRequest, user: User) -> Act:
    """The act that ``user`` may enter late now. Raises the gate's refusals before anybody types."""
    act = late_entry_rules.act_of(case)
    if act is None:
        guard(Act.PROPOSE_LATE_ENTRY, case, user)
        raise NotAllowedNow("Tidak ada tindakan yang dapat dicatat susulan pada permohonan ini.")
    guard(late_entry_rules.entering_act(act), case, user)
    policies.check(act, case, user, late=True)
    late_entry_rules.check_none_awaited(case)
    if act == Act.ISSUE_DECREE:
        policies.check_people_locked(case)
    if act == Act.RECORD_ACCOUNTS:
        account_policies.check_all_have_outcome(case)
    return act


def _act_form(
    act: Act, case: AccountRequest, request: HttpRequest, held: late_signed.Held
) -> _ActForm:
    data = request.POST if request.method == "POST" else None
    match act:
        case Act.RECORD_ACCOUNTS:
            asked = requirements(running_step(case))
            answers = AttestationsForm(data, requirements=asked)
            return _ActForm(
                form=answers, asked=asked, details=lambda: LateDetails(answers=answers.answers())
            )
        case Act.ARCHIVE:
            asked = requirements(running_step(case))
            archive = ArchiveForm(data, requirements=asked)
            return _ActForm(
                form=archive,
                asked=asked,
                details=lambda: LateDetails(answers=archive.answers(), location=archive.location()),
            )
        case Act.ORDER:
            order = OrderForm(data, initial={"order_number": case.order_number})
            return _ActForm(
                form=order,
                asked=[],
                details=lambda: LateDetails(
                    number=order.cleaned_data["order_number"], note=order.cleaned_data["note"]
                ),
            )
        case Act.ISSUE_DECREE:
            if case.signing_method not in EXTERNAL_SIGNING:
                case.signing_method = SigningMethod.INK  # as the act will record it
            if data is None and held.signed is not None:
                return _looked_at(case, request, held)
            issue = IssueForm(
                data, request.FILES or None, request=case, waiting=held.signed is not None
            )
            return _issuing(issue, request, held)
        case _:
            return _ActForm(form=None, asked=[], details=LateDetails)


def _looked_at(case: AccountRequest, request: HttpRequest, held: late_signed.Held) -> _ActForm:
    """The form of issuing while a signed PDF waits: as typed, else what the PDF itself says."""
    assert held.signed is not None  # noqa: S101  asked by the callers
    initial = signed_decree.proposed(case, held.signed, request.POST)
    return _issuing(IssueForm(request=case, waiting=True, initial=initial), request, held)


def _issuing(issue: IssueForm, request: HttpRequest, held: late_signed.Held) -> _ActForm:
    # When it was signed is when it happened, which the late entry asks for itself.
    issue.fields.pop("signed_at", None)
    issue.arrange()
    return _ActForm(
        form=issue,
        asked=[],
        details=lambda: LateDetails(
            number=issue.cleaned_data["number"],
            date=issue.cleaned_data["date"],
            signed_file=issue.upload() or held.signed_upload(),
            confirmed=request.POST.getlist("confirmed"),
        ),
    )


def _other_fields(own: _ActForm) -> list[Any]:
    """The fields of the act's form that are no kelengkapan."""
    if own.form is None:
        return []
    answered = {
        name
        for requirement in own.asked
        for name in (answer_field(requirement.pk), explanation_field(requirement.pk))
    }
    return [own.form[name] for name in own.form.fields if name not in answered]


def _enter(
    case: AccountRequest,
    user: User,
    act: Act,
    form: LateEntryForm,
    *,
    details: LateDetails,
    held: late_signed.Held,
) -> None:
    enter = (
        workflow.record_late if act in late_entry_rules.OWN_ACTS else workflow.propose_late_entry
    )
    evidence = form.upload() or held.evidence_upload()
    assert evidence is not None  # noqa: S101  the form asks for it where none waits
    with transaction.atomic():
        if held.signed is not None:
            late_signed.let_go(case, user)
        enter(
            case,
            actor=user,
            act=act,
            happened_at=form.happened(),
            reason=form.cleaned_data["late_reason"],
            evidence=evidence,
            details=details,
            outage=form.cause(),
        )


def _entered(act: Act) -> str:
    if act in late_entry_rules.OWN_ACTS:
        return "Tindakan Anda dicatat susulan. Kepala Biro diberi tahu."
    return (
        "Pencatatan susulan diajukan. Kepala LPSE diberi tahu; tindakannya dicatat begitu "
        "dikonfirmasi."
    )


def _say(form: LateEntryForm, own: SopForm | None, error: InvalidInput) -> None:
    """Put each sentence beside its field, in whichever of the two forms that is."""
    for name, sentences in error.errors.items():
        field = _NAMES.get(name, name)
        target = own if own is not None and field in own.fields else form
        add_errors(target, InvalidInput({field: sentences}))


def _effect(case: AccountRequest, act: Act, user: User, typed: str) -> dict[str, Any]:
    """The effect of a typed time: sentences, or what stands against it; empty for no time."""
    try:
        happened_at = InstantField(required=False).clean(typed)
    except ValidationError:
        happened_at = None
    if happened_at is None:
        return {"objection": "", "sentences": []}
    now = clock.now()
    happened_at = late_entry_rules.to_the_minute(case, happened_at)
    try:
        late_entry_rules.check_instant(act, case, user, happened_at, now=now)
    except InvalidInput as error:
        return {"objection": str(error), "sentences": []}
    return {
        "objection": "",
        "sentences": late_effects.foretell(act, case, happened_at, now),
    }


def _entry(case: AccountRequest, pk: int) -> LateEntry:
    return get_object_or_404(
        case.late_entries.select_related("evidence", "outage", "proposed_by", "decided_by"), pk=pk
    )


def _decision_page(
    request: HttpRequest,
    case: AccountRequest,
    entry: LateEntry,
    refuse: RefuseForm,
    confirm: ConfirmForm | None = None,
) -> HttpResponse:
    act = Act(entry.act)
    waits = entry.state == LateEntry.State.PROPOSED
    sentences = late_effects.foretell(act, case, entry.happened_at, clock.now()) if waits else []
    context = {
        "case": case,
        "time": time_cell(case),
        "entry": entry,
        "waits": waits,
        "is_open": case.state not in (CaseState.CANCELLED, CaseState.ARCHIVED),
        "sentences": sentences,
        "answers": _answers(case, entry),
        "differences": entry.details.get("differences", []),
        "location": entry.details.get("location", ""),
        "confirm": confirm or ConfirmForm(),
        "refuse": refuse,
    }
    return render(request, "late/decide.html", context)


def _answers(case: AccountRequest, entry: LateEntry) -> list[dict[str, Any]]:
    """The proposer's answers to the kelengkapan, with their words."""
    given = entry.details.get("answers", {})
    asked = SopRequirement.objects.filter(
        step__revision_id=case.sop_revision_id, pk__in=[int(key) for key in given]
    ).order_by("position")
    return [{"text": requirement.text, **given[str(requirement.pk)]} for requirement in asked]
