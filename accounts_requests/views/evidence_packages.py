"""Paket bukti: asking for one in answer to a letter, how far it is, and what was handed over."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts_requests import case_register, clock, evidence_packages, exports, permissions
from accounts_requests.evidence_packages import MOST_CASES, Told
from accounts_requests.exceptions import InvalidInput
from accounts_requests.forms.evidence import ChoiceFilterForm, LetterForm
from accounts_requests.models import AccountRequest

from .downloads import chunks_answer
from .lists import key, neighbours
from .support import actor, page


@page
def packages(request: HttpRequest) -> HttpResponse:
    """Everything that was handed over in answer to a letter, newest first."""
    permissions.require_report_reader(actor(request))
    found = evidence_packages.page(before=key(request, "sebelum"), after=key(request, "sesudah"))
    context = {
        "rows": evidence_packages.told(found.rows),
        **neighbours(request, older=found.older, newer=found.newer),
    }
    return render(request, "evidence/packages.html", context)


@page
def ask(request: HttpRequest) -> HttpResponse:
    """Search for cases, choose among them, and name the letter; the worker does the rest."""
    user = actor(request)
    permissions.require_report_reader(user)
    filter_form = ChoiceFilterForm(request.GET, years=case_register.years(), reads_people=True)
    filters, days = filter_form.filters(), filter_form.days()
    found = evidence_packages.choosable(filters, *days, at=clock.now())
    posted = request.method == "POST"
    form = LetterForm(request.POST if posted else None)
    chosen = set(request.POST.getlist("pilih")) if posted else {case.number for case in found}
    if posted and form.is_valid():
        cases = list(AccountRequest.objects.filter(number__in=chosen).order_by("pk"))
        try:
            package = evidence_packages.ask(form.letter(), cases, actor=user)
        except InvalidInput as error:
            form.add_sentences(error.errors)
        else:
            messages.success(request, "Paket bukti sedang disusun. Halaman ini memperbarui diri.")
            return redirect("report_package", package.public_id)
    context = {
        "form": form,
        "filter_form": filter_form,
        "is_asked": filters.are_set or any(days),
        "found": [(case, case.number in chosen) for case in found[:MOST_CASES]],
        "has_more": len(found) > MOST_CASES,
        "most": MOST_CASES,
        "query": request.GET.urlencode(),
    }
    return render(request, "evidence/ask.html", context)


@page
def detail(request: HttpRequest, package: uuid.UUID) -> HttpResponse:
    """One package: the letter, how far it is, what is in it, who took it."""
    return render(request, "evidence/package.html", _context(request, package))


@page
def progress(request: HttpRequest, package: uuid.UUID) -> HttpResponse:
    """The part of that page that the worker changes."""
    return render(request, "evidence/_package.html", _context(request, package))


@require_POST
@page
def download(request: HttpRequest, package: uuid.UUID) -> HttpResponse:
    """The ZIP; that it was taken is on the audit trail."""
    user = actor(request)
    permissions.require_report_reader(user)
    found = _find(package).package
    chunks = evidence_packages.chunks(found)
    made = found.hand_over
    exports.package(made, actor=user, at=clock.now())
    return chunks_answer(chunks, name=made.file_name, size=made.size, media_type="application/zip")


@require_POST
@page
def retry(request: HttpRequest, package: uuid.UUID) -> HttpResponse:
    """Hand what was given up to the worker again."""
    found = _find(package).package
    if evidence_packages.retry(found, actor=actor(request)):
        messages.success(request, "Paket bukti diserahkan kembali dan sedang disusun.")
    return redirect("report_package", found.public_id)


def _context(request: HttpRequest, public_id: uuid.UUID) -> dict[str, Any]:
    permissions.require_report_reader(actor(request))
    return {"one": _find(public_id), "kept_days": evidence_packages.KEPT_FOR.days}


def _find(public_id: uuid.UUID) -> Told:
    found = evidence_packages.find(public_id)
    if found is None:
        raise Http404("No such package.")
    return found
