"""The evaluation questionnaire: its versions, the draft, and taking it into use."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts_requests import permissions, questionnaires
from accounts_requests.exceptions import InvalidInput
from accounts_requests.forms.questionnaire import AdoptForm, QuestionnaireForm

from .support import actor, page


@page
def versions(request: HttpRequest) -> HttpResponse:
    """Every version, the latest first, down to the State's own; the keeper sees the draft too."""
    return _shown(request, AdoptForm())


@page
def edit(request: HttpRequest) -> HttpResponse:
    """Add questions, put them in another order, retire some: of the draft alone."""
    user = actor(request)
    permissions.require_keeper(user)
    draft = questionnaires.draft()
    present = draft.questions if draft else questionnaires.in_use().texts
    data = request.POST if request.method == "POST" else None
    form = QuestionnaireForm(data, questions=present)
    if data is not None and form.is_valid():
        try:
            questionnaires.edit(form.texts(), actor=user)
        except InvalidInput as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Konsep kuesioner disimpan. Belum ada yang berlaku.")
            return redirect("questionnaires")
    return render(request, "questionnaires/edit.html", {"form": form, "draft": draft})


@require_POST
@page
def adopt(request: HttpRequest, version: int) -> HttpResponse:
    """Take the draft into use."""
    user = actor(request)
    permissions.require_keeper(user)
    form = AdoptForm(request.POST)
    if not form.is_valid():
        return _shown(request, form)
    found = questionnaires.adopt(version, reason=form.cleaned_data["reason"], actor=user)
    messages.success(request, f"Kuesioner versi {found.number} berlaku untuk penilaian berikutnya.")
    return redirect("questionnaires")


def _shown(request: HttpRequest, form: AdoptForm) -> HttpResponse:
    user = actor(request)
    keeps = permissions.may_keep(user, permissions.require_reader(user))
    draft = questionnaires.draft() if keeps else None
    context = {
        "versions": list(questionnaires.adopted()),
        "standard": questionnaires.standard(),
        "keeps": keeps,
        "draft": draft,
        "changes": questionnaires.changes_of(draft) if draft else None,
        "form": form,
    }
    return render(request, "questionnaires/versions.html", context)
