"""Laporan: the figures of a period, their pictures, the cases behind each, PDF and XLSX."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts_requests import clock, exports, figure_rows, figures, permissions, pictures
from accounts_requests.documents import figures_paper
from accounts_requests.figure_rows import Rows, UnknownFigure
from accounts_requests.forms.report_period import ReportPeriodForm, usual
from accounts_requests.report_periods import Period

from .downloads import PDF, file_answer
from .lists import workbook
from .support import actor, page


@page
def figures_page(request: HttpRequest) -> HttpResponse:
    """Everything that is counted about the period, with pictures and ways to the cases."""
    form, period = _asked(request)
    found = figures.of(period, at=clock.now())
    today = clock.today()
    context = {
        "form": form,
        "period": period,
        "periods": [(each, query_of(each), each == period) for each in usual(today)],
        "figures": found,
        "pictures": pictures.of(found),
        "query": query_of(period),
        "today": today,
    }
    return render(request, "reports/figures.html", context)


@page
def figures_pdf(request: HttpRequest) -> HttpResponse:
    """The same on paper; that it was taken is on the audit trail."""
    _form, period = _asked(request)
    at = clock.now()
    paper = figures_paper.render(figures.of(period, at=at), at=at, by=actor(request))
    exports.report(period, "PDF", actor=actor(request), at=at)
    return file_answer(paper.data, name=figures_paper.name_of(period), media_type=PDF, shown=True)


@page
def figures_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as XLSX, with every run behind the figures; also on the audit trail."""
    _form, period = _asked(request)
    at = clock.now()
    data = exports.figures_workbook(figures.of(period, at=at), actor=actor(request), at=at)
    return workbook(data, f"laporan-{period.first:%Y%m%d}-{period.last:%Y%m%d}.xlsx")


@page
def case_rows(request: HttpRequest, which: str) -> HttpResponse:
    """The cases that one number counted."""
    return _rows(request, lambda period: figure_rows.of_cases(period, which))


@page
def step_rows(request: HttpRequest, key: str) -> HttpResponse:
    """The runs of one step, or the late ones among them."""
    late_only = request.GET.get("hanya") == "terlambat"
    return _rows(request, lambda period: figure_rows.of_step(period, key, late_only=late_only))


@page
def account_rows(request: HttpRequest, account_kind: str, outcome: str) -> HttpResponse:
    """The accounts of one kind with one outcome."""
    return _rows(request, lambda period: figure_rows.of_accounts(period, account_kind, outcome))


@page
def deviation_rows(request: HttpRequest) -> HttpResponse:
    """The deviations, of an aspect and a step where the address names them."""
    step = request.GET.get("langkah", "")
    number = int(step) if step.isdecimal() and len(step) < 3 else None
    aspect = request.GET.get("aspek", "")
    return _rows(request, lambda period: figure_rows.of_deviations(period, aspect, number))


def _asked(request: HttpRequest) -> tuple[ReportPeriodForm, Period]:
    permissions.require_report_reader(actor(request))
    form = ReportPeriodForm(request.GET or None)
    return form, form.period(clock.today())


def _rows(request: HttpRequest, find: Callable[[Period], Rows]) -> HttpResponse:
    _form, period = _asked(request)
    try:
        found = find(period)
    except UnknownFigure as error:
        raise Http404(str(error)) from error
    context = {"period": period, "found": found, "query": query_of(period)}
    return render(request, "reports/rows.html", context)


def query_of(period: Period) -> str:
    """The period as the part of an address behind the question mark."""
    return urlencode({"dari": period.first.isoformat(), "sampai": period.last.isoformat()})
