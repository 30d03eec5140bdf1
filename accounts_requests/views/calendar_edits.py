"""Proposing changes of the calendar: every form puts its change into the keeper's own draft.

Nothing here changes the calendar itself: the draft's page does (``calendar_draft``).
"""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts_requests import (
    calendar_content,
    calendar_pages,
    calendar_pasting,
    calendar_proposals,
    clock,
    permissions,
)
from accounts_requests.calendar_proposals import Proposal, TableKey, by_date, by_key
from accounts_requests.forms.calendar import HolidayForm, HoursForm, PasteForm, date_from
from accounts_requests.models import User
from accounts_requests.office_days import HoursKind, HoursTable, OfficeCalendar
from accounts_requests.words import long_date

from .calendar import frame
from .support import actor, page


@page
def holiday_add(request: HttpRequest) -> HttpResponse:
    """A new day off; ``?tanggal=2026-07-07`` fills in the date."""
    user, proposal, calendar = _desk(request)
    keep = "kalender-libur-baru"
    form = HolidayForm(
        request.POST or None, initial={"date": date_from(request.GET.get("tanggal", ""))}
    )
    if request.method == "POST" and form.is_valid():
        holiday = form.holiday()
        there = by_date(calendar).get(holiday.date)
        if there is None:
            return _propose(user, proposal.with_holiday(holiday), form=keep)
        form.add_error("date", _taken(holiday.date, there.name))
    context = {"form": form, "date": None, "keep": keep}
    return _form_page(request, "calendar/holiday.html", context, here="holidays")


@page
def holiday_edit(request: HttpRequest, date: dt.date) -> HttpResponse:
    """A holiday that is there, or proposed; ``?pastikan`` ticks that it is confirmed."""
    user, proposal, calendar = _desk(request)
    keep = f"kalender-libur-{date}"
    there = by_date(calendar).get(date)
    if there is None:
        raise Http404
    initial = HolidayForm.initial_of(there)
    if "pastikan" in request.GET:
        initial["confirmed"] = True
    form = HolidayForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        holiday = form.holiday()
        other = by_date(calendar).get(holiday.date)
        if other is None or holiday.date == date:
            return _propose(user, proposal.with_holiday(holiday, former=date), form=keep)
        form.add_error("date", _taken(holiday.date, other.name))
    context = {"form": form, "date": date, "holiday": there, "keep": keep}
    return _form_page(request, "calendar/holiday.html", context, here="holidays", about=date)


@require_POST
@page
def holiday_remove(request: HttpRequest, date: dt.date) -> HttpResponse:
    """Propose that this day is no holiday."""
    user, proposal, calendar = _desk(request)
    if date not in by_date(calendar):
        raise Http404
    return _propose(user, proposal.without_holiday(date))


@page
def paste(request: HttpRequest) -> HttpResponse:
    """A table of holidays: looked through first, then taken into the draft."""
    user, proposal, calendar = _desk(request)
    keep = "kalender-tempel"
    form = PasteForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "keep": keep}
    if request.method == "POST" and form.is_valid():
        compared = calendar_pasting.compare(calendar, form.rows)
        broken = [line for line in compared if line.status == "keliru"]
        left_out = calendar_pasting.left_out(calendar, form.rows)
        if "ambil" in request.POST and not broken:
            chosen = {date_from(text) for text in request.POST.getlist("hapus")}
            dropped = [line.holiday.date for line in left_out if line.holiday.date in chosen]
            taken = calendar_pasting.taken_in(proposal, form.rows, dropped)
            return _propose(user, taken, form=keep)
        context |= {
            "compared": compared,
            "broken": len(broken),
            "changing": sum(line.status in {"baru", "berubah"} for line in compared),
            "left_out": left_out,
        }
    return _form_page(request, "calendar/paste.html", context, here="holidays")


@page
def hours_add(request: HttpRequest) -> HttpResponse:
    """A new table of hours, which begins with the week of the one that is in force."""
    user, proposal, calendar = _desk(request)
    keep = "kalender-jam-baru"
    form = HoursForm(request.POST or None, is_new=True, initial=_like_the_running(calendar))
    if request.method == "POST" and form.is_valid():
        table = form.table()
        there = by_key(calendar).get(calendar_proposals.key_of(table))
        if there is not None:
            form.add_error("valid_from", _begins_there(there))
        elif form.cleaned_data["ends_running"]:
            ended = calendar_proposals.ending_the_running_table(proposal, calendar, table)
            return _propose(user, ended, form=keep)
        else:
            return _propose(user, proposal.with_table(table), form=keep)
    context = {"form": form, "key": None, "keep": keep}
    return _form_page(request, "calendar/hours_form.html", context, here="hours")


@page
def hours_edit(request: HttpRequest, kind: str, date: dt.date) -> HttpResponse:
    """A table of hours that is there, or proposed; known by its kind and first day."""
    user, proposal, calendar = _desk(request)
    keep = f"kalender-jam-{kind}-{date}"
    key, there = _find_table(calendar, kind, date)
    form = HoursForm(request.POST or None, is_new=False, initial=HoursForm.initial_of(there))
    if request.method == "POST" and form.is_valid():
        table = form.table()
        new_key = calendar_proposals.key_of(table)
        other = by_key(calendar).get(new_key)
        if other is None or new_key == key:
            return _propose(user, proposal.with_table(table, former=key), form=keep)
        form.add_error("valid_from", _begins_there(other))
    context = {"form": form, "key": key, "table": there, "keep": keep}
    return _form_page(request, "calendar/hours_form.html", context, here="hours")


@require_POST
@page
def hours_remove(request: HttpRequest, kind: str, date: dt.date) -> HttpResponse:
    """Propose that there is no such table."""
    user, proposal, calendar = _desk(request)
    key, _there = _find_table(calendar, kind, date)
    return _propose(user, proposal.without_table(key))


def _desk(request: HttpRequest) -> tuple[User, Proposal, OfficeCalendar]:
    """The keeper, the draft, and the calendar with the draft over it. Raises NotPermitted."""
    user = actor(request)
    permissions.require_keeper(user)
    proposal = calendar_proposals.draft_of(user)
    return user, proposal, proposal.on(calendar_content.in_use())


def _propose(user: User, proposal: Proposal, *, form: str = "") -> HttpResponse:
    """Keep the draft and show what it would do; ``form`` is the key of the words now in it."""
    reduced = proposal.reduced_to_changes_of(calendar_content.in_use())
    calendar_proposals.keep_draft(user, reduced)
    return HttpResponseRedirect(f"{reverse('calendar_draft')}?{urlencode({'selesai': form})}")


def _form_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    here: str,
    about: dt.date | None = None,
) -> HttpResponse:
    """The page of a form; its tabs lead to the year of ``about``, where there is one."""
    calendar = calendar_content.in_use()
    year = clock.today().year
    if about is not None and about.year in calendar_pages.covered_years(calendar):
        year = about.year
    return render(request, template, frame(request, calendar, here=here, year=year) | context)


def _find_table(calendar: OfficeCalendar, kind: str, date: dt.date) -> tuple[TableKey, HoursTable]:
    if kind not in set(HoursKind):
        raise Http404
    key = (HoursKind(kind), date)
    table = by_key(calendar).get(key)
    if table is None:
        raise Http404
    return key, table


def _like_the_running(calendar: OfficeCalendar) -> dict[str, Any]:
    running = calendar_proposals.running_table(calendar, HoursKind.NORMAL, clock.today())
    if running is None:
        return {}
    initial = HoursForm.initial_of(running)
    return initial | {
        "valid_from": None,
        "legal_basis": "",
        "confirmed": False,
        "note": "",
        "ends_running": True,
    }


def _taken(day: dt.date, name: str) -> str:
    return (
        f"{long_date(day)} sudah tercatat sebagai {name}. Ubah hari libur itu, atau pilih tanggal "
        "lain."
    )


def _begins_there(table: HoursTable) -> str:
    return (
        f"Tabel “{table.name}” mulai pada tanggal yang sama. Ubah tabel itu, atau pilih tanggal "
        "lain."
    )
