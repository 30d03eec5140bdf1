"""The office calendar to be looked at: its year, its months, its lists and its versions."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts_requests import (
    calendar_changes,
    calendar_content,
    calendar_keeping,
    calendar_pages,
    calendar_proposals,
    clock,
    permissions,
    timers,
    words,
)
from accounts_requests.models import CalendarVersion, DeadlineVersion
from accounts_requests.office_days import OfficeCalendar

from .support import actor, page

# So many versions are listed, the newest; so many of the deadlines that one of them moved.
VERSIONS_SHOWN = 100
MOVES_SHOWN = 300


@page
def year(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """Twelve small months; this year's without a number."""
    calendar = calendar_content.in_use()
    shown = require_year(calendar, year)
    months = calendar_pages.year_of(calendar, shown, clock.today())
    context = frame(request, calendar, here="year", year=shown) | {
        "months": months,
        "legend": calendar_pages.LEGEND,
        "tables": _table_lines(calendar_pages.tables_of(calendar, shown)),
        "working_days": sum(month.working_days for month in months),
        "estimates": any(cell.is_estimate for month in months for cell in month.days),
        "is_uncovered": any(cell.kind == "uncovered" for month in months for cell in month.days),
    }
    return render(request, "calendar/year.html", context)


@page
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """One month with the hours of each day."""
    calendar = calendar_content.in_use()
    shown = require_year(calendar, year)
    if not 1 <= month <= 12:
        raise Http404
    first = dt.date(shown, month, 1)
    neighbours = [first - dt.timedelta(days=1), first + dt.timedelta(days=31)]
    context = frame(request, calendar, here="month", year=shown) | {
        "month": calendar_pages.month_of(calendar, shown, month, clock.today()),
        "weekdays": words.WEEKDAYS,
        "legend": calendar_pages.LEGEND,
        "earlier": _named(neighbours[0], calendar),
        "later": _named(neighbours[1], calendar),
    }
    return render(request, "calendar/month.html", context)


@page
def holidays(request: HttpRequest, year: int) -> HttpResponse:
    """The holidays of a year, with what they rest on."""
    calendar = calendar_content.in_use()
    shown = require_year(calendar, year)
    context = frame(request, calendar, here="holidays", year=shown) | {
        "lines": calendar_pages.holidays_of(calendar, shown)
    }
    return render(request, "calendar/holidays.html", context)


@page
def hours(request: HttpRequest) -> HttpResponse:
    """The dated tables of office hours, the newest first."""
    calendar = calendar_content.in_use()
    today = clock.today()
    context = frame(request, calendar, here="hours", year=today.year) | {
        "tables": _table_lines(list(reversed(calendar.tables))),
        "today": today,
    }
    return render(request, "calendar/hours.html", context)


@page
def versions(request: HttpRequest) -> HttpResponse:
    """Every calendar that was taken into use, with its reason and what it moved."""
    calendar = calendar_content.in_use()
    rows = CalendarVersion.objects.select_related("adopted_by").defer("content")
    context = frame(request, calendar, here="versions", year=clock.today().year) | {
        "versions": rows[:VERSIONS_SHOWN],
        "in_use": timers.calendar_version(),
    }
    return render(request, "calendar/versions.html", context)


@page
def version(request: HttpRequest, version: int) -> HttpResponse:
    """What one version changed, why, and each deadline that it moved."""
    kept = get_object_or_404(CalendarVersion.objects.select_related("adopted_by"), number=version)
    moves = DeadlineVersion.objects.filter(
        cause=DeadlineVersion.Cause.CALENDAR,
        calendar_version=kept.version,
        at=kept.adopted_at,
    ).select_related("step_run__request", "step_run__step")
    ordered = moves.order_by("due_at", "pk")
    calendar = calendar_content.in_use()
    context = frame(request, calendar, here="versions", year=clock.today().year) | {
        "kept": kept,
        "is_in_use": kept.version == timers.calendar_version(),
        "changes": calendar_keeping.changes_in(kept),
        "moves": ordered[:MOVES_SHOWN] if actor(request).current_roles() else (),
        "moves_shown": MOVES_SHOWN,
    }
    return render(request, "calendar/version.html", context)


def frame(
    request: HttpRequest, calendar: OfficeCalendar, *, here: str, year: int
) -> dict[str, Any]:
    """What every page of the calendar shows: its tabs, its years, the reader's own draft."""
    user = actor(request)
    keeps = permissions.may_keep(user, user.current_roles())
    draft = calendar_proposals.draft_of(user) if keeps else calendar_proposals.Proposal()
    return {
        "here": here,
        "year": year,
        "years": calendar_pages.covered_years(calendar),
        "keeps": keeps,
        "drafted": calendar_changes.changes_of(draft, calendar),
        "drafted_days": set(draft.holidays),
        "drafted_tables": set(draft.tables),
    }


def require_year(calendar: OfficeCalendar, year: int | None) -> int:
    """The year to show; 404 for one of which the calendar says nothing, but for this year."""
    this = clock.today().year
    shown = this if year is None else year
    if shown != this and shown not in calendar_pages.covered_years(calendar):
        raise Http404
    return shown


def _table_lines(tables: list[Any]) -> list[dict[str, Any]]:
    return [
        {
            "table": table,
            "week": calendar_pages.week_in_words(table),
            "kind_words": calendar_changes.KIND_WORDS[table.kind],
            "certainty": calendar_changes.certainty(table.confirmed),
            "key": calendar_proposals.key_of(table),
        }
        for table in tables
    ]


def _named(day: dt.date, calendar: OfficeCalendar) -> dict[str, Any] | None:
    """The month of ``day`` as a link; None where the calendar says nothing of its year."""
    if day.year not in calendar_pages.covered_years(calendar):
        return None
    return {"year": day.year, "month": day.month, "name": words.MONTHS[day.month - 1]}
