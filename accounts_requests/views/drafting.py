"""A new case, the data of its SK, and the SK as it would look."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts_requests import clock, decree_defaults, documents, permissions, words, workflow
from accounts_requests.decree_data import decree_data
from accounts_requests.exceptions import InvalidInput
from accounts_requests.forms.decree import DecreeForm
from accounts_requests.models import AccountRequest, Office, SopRevision
from accounts_requests.states import DECREED_STATES, Act, DocumentKind

from .downloads import PDF, file_answer
from .support import actor, add_errors, find_request, page
from .workspace import frame, guard

# How many earlier cases the list "salin dari SK sebelumnya" offers, newest first.
SOURCES_SHOWN = 50
KEEP_NEW = "permohonan-baru"


@page
def request_new(request: HttpRequest) -> HttpResponse:
    """The first part of a new case; ``?salin=<number>`` takes texts and people from another."""
    user = actor(request)
    permissions.require(Act.CREATE, user)
    source = source_of(request.GET.get("salin", ""))
    form_key = _form_key(request)
    if request.method == "POST":
        form = DecreeForm(request.POST)
        if form.is_valid():
            try:
                case = workflow.create_request(
                    actor=user, decree=form.decree(), copy_from=source, form_key=form_key
                )
            except InvalidInput as error:
                add_errors(form, error, {"number": "decree_number"})
            else:
                messages.success(
                    request, f"Permohonan {case.number} dibuat. Lengkapi daftar personelnya."
                )
                return redirect(f"{reverse('people', args=[case.number])}?tersimpan={KEEP_NEW}")
    else:
        form = DecreeForm(initial=_beginning(source))
    return render(
        request,
        "drafting/new.html",
        {
            "form": form,
            "form_key": form_key,
            "source": source,
            "copied_people": source.registrants.count() if source else 0,
            "sources": _sources(),
            # Copied words and words of one's own are kept apart.
            "keep": f"{KEEP_NEW}-{source.number}" if source else KEEP_NEW,
        },
    )


@page
def draft_edit(request: HttpRequest, number: str) -> HttpResponse:
    """Part 1 of a draft: the SK's data; read only while the concept is at paraf."""
    case = find_request(number)
    user = actor(request)
    guard(Act.EDIT, case, user)
    form: DecreeForm | None = None
    if request.method == "POST":
        form = DecreeForm(request.POST)
        if form.is_valid():
            try:
                workflow.edit_decree(
                    case, actor=user, decree=form.decree(), seen=request.POST.get("seen", "")
                )
            except InvalidInput as error:
                add_errors(form, error, {"number": "decree_number"})
            else:
                messages.success(request, "Data SK disimpan.")
                return redirect(f"{reverse('draft_edit', args=[number])}?tersimpan=1")
    elif case.people_locked_at is None:
        form = DecreeForm(request=case)
    context = {
        **frame(request, case, here="draft_edit"),
        "form": form,
        "seen": workflow.mark_of(decree_data(case)),
        "saved": request.GET.get("tersimpan", ""),
    }
    return render(request, "drafting/data.html", context)


@page
@require_GET
def decree_preview(request: HttpRequest, number: str) -> HttpResponse:
    """The Konsep SK as it would be rendered now (PDF, inline). It is stored nowhere."""
    case = find_request(number)
    guard(Act.EDIT, case, actor(request))
    paper = documents.render(DocumentKind.DECREE_CONCEPT, case, at=clock.now())
    return file_answer(paper.data, name=paper.file_name, media_type=PDF, shown=True)


def _form_key(request: HttpRequest) -> str:
    """The name of this filling-in of the form, kept while it is sent again with errors."""
    try:
        return str(uuid.UUID(request.POST.get("form_key", "")))
    except ValueError:
        return str(uuid.uuid4())


def source_of(number: str) -> AccountRequest | None:
    """The case that is to be copied: one whose SK was issued. 404 for any other."""
    if not number:
        return None
    source = AccountRequest.objects.filter(number=number, state__in=DECREED_STATES).first()
    if source is None:
        raise Http404
    return source


def _sources() -> list[Any]:
    return list(
        AccountRequest.objects.filter(state__in=DECREED_STATES)
        .annotate(people=Count("registrants"))
        .order_by("-id")[:SOURCES_SHOWN]
    )


def _beginning(source: AccountRequest | None) -> dict[str, Any]:
    """What a new form shows: the office's usual texts, or those of the case that is copied."""
    office = Office.current()
    texts: Any = source
    if source is None:
        revision = SopRevision.in_force(clock.today())
        if revision is None:
            raise Http404("No revision of the SOP is in force.")
        texts = decree_defaults.defaults(office, revision)
    names = ("subject", "considerations", "legal_bases", "noted", "copies_to")
    return {
        **{name: getattr(texts, name) for name in names},
        "received_at": _whole_minute(clock.now()),
        "signing_method": source.signing_method if source else office.default_signing_method,
    }


def _whole_minute(at: dt.datetime) -> dt.datetime:
    """``at`` in the office's zone without its seconds, as a form shows it."""
    return at.astimezone(words.ZONE).replace(second=0, microsecond=0)
