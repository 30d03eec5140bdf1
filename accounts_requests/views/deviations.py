"""Penyimpangan: the register, what the reader has to answer for, and what waits to be judged."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts_requests import clock, deviation_queues, deviation_rows, exports, permissions
from accounts_requests.deviation_queues import Counts
from accounts_requests.forms.accountability import DeviationFilterForm
from accounts_requests.models import User
from accounts_requests.roles import Role

from .lists import key, neighbours, workbook
from .support import actor, page

# Longer lists are answered in several goes: one answer has one cause.
MOST_AT_ONCE = 200


@page
def deviation_list(request: HttpRequest) -> HttpResponse:
    """Every deviation that matches, newest first."""
    user = actor(request)
    held = permissions.require_reader(user)
    form = DeviationFilterForm(request.GET)
    filters = form.filters()
    found = deviation_queues.page(
        deviation_queues.find(filters),
        before=key(request, "sebelum"),
        after=key(request, "sesudah"),
    )
    context = tabs(user, held, "register") | {
        "form": form,
        "filters": filters,
        "rows": found.rows,
        "query": request.GET.urlencode(),
        **neighbours(request, older=found.older, newer=found.newer),
    }
    return render(request, "deviations/register.html", context)


@page
def deviation_export(request: HttpRequest) -> HttpResponse:
    """The same deviations, all pages of them, as XLSX. That it was taken is on the audit trail."""
    user = actor(request)
    reads_people = permissions.reads_people(permissions.require_reader(user))
    found = deviation_queues.find(DeviationFilterForm(request.GET).filters())
    data = exports.deviations(
        deviation_rows.rows(found, reads_people=reads_people),
        actor=user,
        at=clock.now(),
        query=request.GET.urlencode(),
    )
    return workbook(data, f"penyimpangan-{clock.today():%Y%m%d}.xlsx")


@page
def deviation_mine(request: HttpRequest) -> HttpResponse:
    """What the reader has to answer for: one or several are chosen, and answered together."""
    user = actor(request)
    held = permissions.require_reader(user)
    context = tabs(user, held, "mine") | {
        "rows": list(deviation_queues.to_answer(user, held)[:MOST_AT_ONCE])
    }
    return render(request, "deviations/mine.html", context)


@page
def deviation_judging(request: HttpRequest) -> HttpResponse:
    """The answers that wait for the reader's judgement."""
    user = actor(request)
    held = permissions.require_reader(user)
    rows = deviation_queues.to_judge(user, held)
    waiting = Counts(to_answer=deviation_queues.to_answer(user, held).count(), to_judge=len(rows))
    context = tabs(user, held, "judging", waiting) | {"rows": rows}
    return render(request, "deviations/judging.html", context)


def tabs(
    user: User, held: frozenset[Role], here: str, waiting: Counts | None = None
) -> dict[str, Any]:
    """What the pages of this menu share: the counts of their tabs, and who may read people."""
    return {
        "tab": here,
        "waiting": waiting or deviation_queues.counts(user, held),
        "reads_people": permissions.reads_people(held),
    }
