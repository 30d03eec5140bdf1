"""Typing over a draft of the SOP: the sheet beside its activities, and each activity."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts_requests import permissions, revision_content, revision_keeping, revision_standing
from accounts_requests.exceptions import AlreadyDone, InvalidInput
from accounts_requests.forms.revision import (
    SheetForm,
    StepForm,
    rearranged,
    requirement_fields,
    typed_requirements,
)
from accounts_requests.models import SopRevision
from accounts_requests.revision_content import ATTESTED_STEPS, MOST_REQUIREMENTS, STEPS

from .revisions import find, revision_page
from .support import actor, add_errors


@require_POST
@revision_page
def begin(request: HttpRequest) -> HttpResponse:
    """*Susun revisi*: a copy of the one in force; then straight to the comparison."""
    draft = revision_keeping.begin(actor=actor(request))
    messages.success(
        request,
        f"Konsep revisi {draft.revision} disusun sebagai salinan revisi yang berlaku. Ubah "
        "bagian-bagiannya; belum ada yang berlaku sebelum disahkan.",
    )
    return redirect("revision_compare", draft.revision)


@revision_page
def sheet(request: HttpRequest, revision: int) -> HttpResponse:
    """Everything beside the activities."""
    draft = _draft(request, revision)
    stored = revision_content.read(draft).sheet
    mark = revision_content.mark_of(stored)
    if request.method == "POST":
        form = SheetForm(request.POST, content=draft.content)
        if form.is_valid():
            try:
                changed = revision_keeping.save_sheet(
                    draft, form.words(), actor=actor(request), seen=form.cleaned_data["seen"]
                )
            except InvalidInput as error:
                add_errors(form, error)
            else:
                return _saved(request, draft, "Naskah di luar aktivitas", changed=changed)
        form.data = {**request.POST.dict(), "seen": mark}
    else:
        initial = {**SheetForm.initial_of(stored), "seen": mark}
        form = SheetForm(content=draft.content, initial=initial)
    context = {"revision": draft, "form": form, "keep": _key(draft, "naskah", mark)}
    return render(request, "sop/edit_sheet.html", context)


@revision_page
def step(request: HttpRequest, revision: int, step: int) -> HttpResponse:
    """One activity; its requirements are added, moved and removed on the page before saving."""
    draft = _draft(request, revision)
    if not 1 <= step <= STEPS:
        raise Http404
    stored = revision_content.read(draft).steps[step - 1]
    mark = revision_content.mark_of(stored)
    has_stray = bool(stored.stray) or "stray" in request.POST
    rearranging = request.POST.get("atur", "")
    if request.method == "POST" and rearranging:
        texts = rearranged(typed_requirements(request.POST), rearranging)
        typed = {
            name: value
            for name, value in request.POST.dict().items()
            if not name.startswith("requirement_")
        }
        form = StepForm(
            initial={**typed, **requirement_fields(texts)},
            requirements=len(texts),
            has_stray=has_stray,
        )
    elif request.method == "POST":
        count = len(typed_requirements(request.POST))
        form = StepForm(request.POST, requirements=count, has_stray=has_stray)
        if form.is_valid():
            try:
                changed = revision_keeping.save_step(
                    draft, form.words(step), actor=actor(request), seen=form.cleaned_data["seen"]
                )
            except InvalidInput as error:
                add_errors(form, error)
            else:
                return _saved(request, draft, f"Langkah {step}", changed=changed)
        form.data = {**request.POST.dict(), "seen": mark}
    else:
        form = StepForm(
            initial={**StepForm.initial_of(stored), "seen": mark},
            requirements=len(stored.requirements),
            has_stray=has_stray,
        )
    context = {
        "revision": draft,
        "form": form,
        "number": step,
        "steps": range(1, STEPS + 1),
        "takes_requirements": step in ATTESTED_STEPS,
        "may_add": len(form.requirement_rows()) < MOST_REQUIREMENTS,
        "is_rearranged": bool(rearranging),
        "keep": _key(draft, f"langkah-{step}", mark),
    }
    return render(request, "sop/edit_step.html", context)


def _draft(request: HttpRequest, revision: int) -> SopRevision:
    """The draft for whoever may type over it; another revision is refused in words."""
    permissions.require_keeper(actor(request))
    draft = find(request, revision)
    if draft.withdrawn_at is not None:
        raise AlreadyDone(revision_standing.told_withdrawn(draft))
    if not draft.is_draft:
        raise AlreadyDone(revision_standing.told_approved(draft))
    return draft


def _saved(request: HttpRequest, draft: SopRevision, what: str, *, changed: bool) -> HttpResponse:
    said = "disimpan" if changed else "tidak berubah"
    messages.success(request, f"{what} {said}. Yang berbeda dari revisi sebelumnya ada di bawah.")
    return redirect("revision_compare", draft.revision)


def _key(draft: SopRevision, part: str, mark: str) -> str:
    """Under which name the browser keeps what is typed; a saved part has another."""
    return f"sop-{draft.revision}-{part}-{mark[:12]}"
