"""The register of cases: search, filters, pages by key, XLSX."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts_requests import case_register, clock, exports, permissions
from accounts_requests.case_register import Filters
from accounts_requests.forms.register_filters import RegisterFilterForm
from accounts_requests.roles import Role

from .lists import key, neighbours, workbook
from .support import actor, page


@page
def request_list(request: HttpRequest) -> HttpResponse:
    """The cases that match, newest first."""
    form, filters, held = _asked(request)
    at = clock.now()
    cases = case_register.find(filters, at=at, reads_people=permissions.reads_people(held))
    found = case_register.page(
        cases, at=at, before=key(request, "sebelum"), after=key(request, "sesudah")
    )
    context = {
        "form": form,
        "filters": filters,
        "may_hand_over": permissions.reads_reports(held),
        "lines": found.lines,
        "query": request.GET.urlencode(),
        **neighbours(request, older=found.older, newer=found.newer),
    }
    return render(request, "requests/register.html", context)


@page
def request_export(request: HttpRequest) -> HttpResponse:
    """The same cases, all pages of them, as XLSX. Holds no personal data of registrants.

    That it was taken is on the audit trail.
    """
    _form, filters, held = _asked(request)
    at = clock.now()
    cases = case_register.find(filters, at=at, reads_people=permissions.reads_people(held))
    data = exports.register(
        case_register.export_rows(cases),
        actor=actor(request),
        at=at,
        query=request.GET.urlencode(),
    )
    return workbook(data, f"permohonan-{clock.today():%Y%m%d}.xlsx")


def _asked(request: HttpRequest) -> tuple[RegisterFilterForm, Filters, frozenset[Role]]:
    held = permissions.require_reader(actor(request))
    reads_people = permissions.reads_people(held)
    form = RegisterFilterForm(request.GET, years=case_register.years(), reads_people=reads_people)
    return form, form.filters(), held
