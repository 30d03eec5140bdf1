"""Usul musnah: the proposals, making one, deciding it, its minutes."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts_requests import archive_register, clock, exports, permissions, workflow
from accounts_requests.archive_rules import MOST_FILES
from accounts_requests.archive_standing import FileTask
from accounts_requests.documents import destruction_minutes
from accounts_requests.exceptions import InvalidInput
from accounts_requests.forms.archive_keeping import DecisionForm, ProposalForm
from accounts_requests.key_pages import page_of
from accounts_requests.models import AccountRequest, DestructionProposal, Office
from accounts_requests.states import Act

from .downloads import PDF, file_answer
from .errors import conflict
from .lists import key, neighbours
from .support import actor, add_errors, page

_PAGE_SIZE = 25


@page
def destruction_list(request: HttpRequest) -> HttpResponse:
    """Every proposal with what was decided of it, newest first."""
    permissions.require_reader(actor(request))
    rows = DestructionProposal.objects.select_related("proposed_by", "decision").prefetch_related(
        "items"
    )
    found = page_of(
        rows, size=_PAGE_SIZE, before=key(request, "sebelum"), after=key(request, "sesudah")
    )
    context = {"rows": found.rows, "may_be_destroyed": FileTask.MAY_BE_DESTROYED.value} | (
        neighbours(request, older=found.older, newer=found.newer)
    )
    return render(request, "archive/proposals.html", context)


@page
def destruction_propose(request: HttpRequest) -> HttpResponse:
    """The form of a proposal for the files ``b`` of the address."""
    user = actor(request)
    permissions.require(Act.PROPOSE_DESTRUCTION, user)
    given = request.POST if request.method == "POST" else request.GET
    keys = [int(text) for text in given.getlist("b") if text.isdecimal() and len(text) < 19]
    office, today = Office.current(), clock.today()
    chosen = AccountRequest.objects.filter(pk__in=keys[: MOST_FILES + 1], archived_at__isnull=False)
    lines = list(archive_register.every_line(chosen, office, today=today))
    if not lines:
        way = f"{reverse('archive')}?keadaan={FileTask.MAY_BE_DESTROYED.value}"
        return conflict(
            request,
            "Belum ada berkas yang dipilih, sehingga tidak ada yang diusulkan. Pilih dari daftar "
            "berkas yang dapat diusulkan musnah.",
            next_url=way,
            next_label="Pilih berkas",
        )
    form = ProposalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            proposal = workflow.propose_destruction(
                [line.case for line in lines], actor=user, **form.cleaned_data
            )
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(request, f"Usul {proposal.number} tersimpan dan menunggu keputusan.")
            return redirect("destruction", proposal.number)
    return render(request, "archive/propose.html", {"form": form, "lines": lines})


@page
def destruction(request: HttpRequest, proposal: str) -> HttpResponse:
    """A proposal with its files and its decision; and the form to decide it."""
    user = actor(request)
    held = permissions.require_reader(user)
    found = _proposal(proposal)
    decision = found.decided
    may_decide = (
        Act.DECIDE_DESTRUCTION in permissions.acts_of(held)
        and decision is None
        and found.proposed_by != user
    )
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        permissions.require(Act.DECIDE_DESTRUCTION, user)
        if form.is_valid():
            try:
                decision = workflow.decide_destruction(found, actor=user, **form.cleaned_data)
            except InvalidInput as error:
                add_errors(form, error)
            else:
                said = decision.get_verdict_display().lower()
                messages.success(request, f"Usul {found.number} {said}.")
                return redirect("destruction", found.number)
    files = AccountRequest.objects.filter(destruction_items__proposal=found)
    context = {
        "proposal": found,
        "decision": decision,
        "lines": list(archive_register.every_line(files, Office.current(), today=clock.today())),
        "form": form if may_decide else None,
        "reads_people": permissions.reads_people(held),
    }
    return render(request, "archive/proposal.html", context)


@page
def destruction_paper(request: HttpRequest, proposal: str) -> HttpResponse:
    """The minutes of an approval as they were made; that they were taken is on the audit trail."""
    user = actor(request)
    permissions.require_reader(user)
    found = _proposal(proposal)
    decision = found.decided
    if decision is None or not decision.minutes_sha256:
        raise Http404(f"{proposal} has no minutes.")
    data = bytes(decision.minutes.data)
    exports.destruction_minutes(decision, actor=user, at=clock.now())
    return file_answer(data, name=destruction_minutes.name_of(found), media_type=PDF, shown=True)


def _proposal(number: str) -> DestructionProposal:
    rows = DestructionProposal.objects.select_related("proposed_by", "decision__decided_by")
    return get_object_or_404(rows, number=number)
