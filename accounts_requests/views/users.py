"""Pengguna: the people who sign in, as Pengelola Aplikasi sees and keeps them."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from accounts_requests import appointing, permissions, user_keeping, user_register, words
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.forms.base import SopForm
from accounts_requests.forms.reason import ReasonForm
from accounts_requests.forms.users import (
    AppointmentForm,
    EndForm,
    IdentityForm,
    InviteForm,
    UserFilterForm,
)
from accounts_requests.models import AuditEntry, User
from accounts_requests.states import Act
from accounts_requests.user_keeping import NewLink
from accounts_requests.user_register import UserState

from .errors import conflict
from .support import actor, add_errors, page

P = ParamSpec("P")

# How an act looks in the history (see templates/_timeline.html); any other is "open".
_LOOKS = {
    Act.SUSPEND: "cancelled",
    Act.REACTIVATE: "done",
    Act.ACCEPT_INVITATION: "done",
    Act.INVITE: "note",
    Act.APPOINT: "note",
}


def keeper_page(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page of Pengelola Aplikasi alone; a refusal of the service leads back to the person."""

    @page
    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        permissions.require_keeper(actor(request))
        try:
            return view(request, *args, **kwargs)
        except NotAllowedNow as error:
            pk = kwargs.get("pk")
            if pk is None:
                raise
            url = reverse("user_detail", args=[pk])
            return conflict(request, str(error), next_url=url, next_label="Lihat pengguna")

    return answer


@keeper_page
def user_list(request: HttpRequest) -> HttpResponse:
    """The people who match, by name."""
    form = UserFilterForm(request.GET)
    filters = form.filters()
    lines, there_are_more = user_register.find(filters)
    context = {
        "form": form,
        "filters": filters,
        "lines": lines,
        "there_are_more": there_are_more,
        "shown": user_register.SHOWN,
    }
    return render(request, "users/list.html", context)


@keeper_page
def user_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: identity, roles, ways in, and what the trail tells."""
    person = get_object_or_404(User, pk=pk)
    line = user_register.line_of(person)
    is_self = person == actor(request)
    held = list(person.held_requests.filter(archived_at=None, cancelled_at=None).order_by("pk"))
    context = {
        "person": person,
        "line": line,
        "appointments": user_register.appointments_of(person),
        "history": [_entry(entry) for entry in user_register.history_of(person)],
        "is_self": is_self,
        "held_cases": held,
        "is_invited": line.state == UserState.INVITED,
        "is_suspended": line.state == UserState.SUSPENDED,
        "suspend_form": _suspend_form(),
        "reset_form": _reset_form(),
    }
    return render(request, "users/detail.html", context)


@keeper_page
@sensitive_variables()
def user_invite(request: HttpRequest) -> HttpResponse:
    """A new person; the answer shows the link, once."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            link = user_keeping.invite(
                actor=actor(request),
                username=form.cleaned_data["username"],
                identity=form.identity(),
                appointment=form.appointment(),
            )
        except InvalidInput as error:
            add_errors(form, error)
        else:
            return _show_once(request, link)
    return render(request, "users/invite.html", {"form": form})


@require_POST
@keeper_page
@sensitive_variables()
def user_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link for somebody who has not come in yet."""
    person = get_object_or_404(User, pk=pk)
    return _show_once(request, user_keeping.reissue(person, actor=actor(request)))


@keeper_page
@sensitive_variables()
def user_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Password and second factor end; the answer shows the link, once."""
    person = get_object_or_404(User, pk=pk)
    form = _reset_form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            link = user_keeping.reset(person, actor=actor(request), reason=form.reason())
        except InvalidInput as error:
            add_errors(form, error)
        else:
            return _show_once(request, link)
    return _ask(request, "users/reset.html", person, form)


@keeper_page
def user_suspend(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody by this name gets in any more."""
    person = get_object_or_404(User, pk=pk)
    form = _suspend_form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            user_keeping.suspend(person, actor=actor(request), reason=form.reason())
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(request, f"{person} dinonaktifkan; semua sesinya diakhiri.")
            return redirect("user_detail", pk)
    return _ask(request, "users/suspend.html", person, form)


@require_POST
@keeper_page
def user_reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Let in again."""
    person = get_object_or_404(User, pk=pk)
    user_keeping.reactivate(person, actor=actor(request))
    messages.success(request, f"{person} diaktifkan kembali.")
    return redirect("user_detail", pk)


@keeper_page
def user_identity(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend who somebody is."""
    person = get_object_or_404(User, pk=pk)
    stored = user_keeping.identity_of(person)
    posted = request.POST if request.method == "POST" else None
    form = IdentityForm(posted, initial=vars(stored))
    if posted is not None and form.is_valid():
        try:
            user_keeping.correct_identity(person, actor=actor(request), identity=form.identity())
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(request, "Identitas disimpan. Dokumen yang sudah ada tidak berubah.")
            return redirect("user_detail", pk)
    return _ask(request, "users/identity.html", person, form)


@keeper_page
def user_appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """One more role."""
    person = get_object_or_404(User, pk=pk)
    form = AppointmentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            appointing.appoint(person, actor=actor(request), data=form.appointment())
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(request, "Penetapan peran dicatat.")
            return redirect("user_detail", pk)
    return _ask(request, "users/appoint.html", person, form)


@keeper_page
def user_appointment_end(request: HttpRequest, pk: int, appointment: int) -> HttpResponse:
    """The last day of a role."""
    person = get_object_or_404(User, pk=pk)
    held = get_object_or_404(person.appointments, pk=appointment)
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            appointing.end(held, actor=actor(request), until=form.until_day())
        except InvalidInput as error:
            add_errors(form, error)
        else:
            day = words.long_date(form.until_day())
            messages.success(request, f"Penetapan peran berakhir sesudah {day}.")
            return redirect("user_detail", pk)
    context = {"title": appointing.title_of(held), "appointment": held}
    return _ask(request, "users/end.html", person, form, **context)


@require_POST
@keeper_page
def user_appointment_withdraw(request: HttpRequest, pk: int, appointment: int) -> HttpResponse:
    """Take back a role that has not begun."""
    person = get_object_or_404(User, pk=pk)
    held = get_object_or_404(person.appointments, pk=appointment)
    appointing.withdraw(held, actor=actor(request))
    messages.success(request, "Penetapan yang belum berlaku dibatalkan.")
    return redirect("user_detail", pk)


@sensitive_variables()
def _show_once(request: HttpRequest, link: NewLink) -> HttpResponse:
    """The link in the answer to the press itself: no address, session or log ever holds it."""
    context = {
        "person": link.person,
        "url": link.url,
        "expires_at": link.expires_at,
        "is_reset": link.is_reset,
    }
    response = render(request, "users/link.html", context, status=HTTPStatus.OK)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _ask(
    request: HttpRequest, template: str, person: User, form: SopForm, **more: Any
) -> HttpResponse:
    """A page with one form about ``person``."""
    return render(request, template, {"person": person, "form": form, **more})


def _suspend_form(data: Any = None) -> ReasonForm:
    return ReasonForm(data, label="Alasan penonaktifan", auto_id="suspend_%s")


def _reset_form(data: Any = None) -> ReasonForm:
    return ReasonForm(
        data,
        label="Cara memastikan orangnya",
        help_text="Misalnya: datang sendiri membawa kartu pegawai.",
        auto_id="reset_%s",
    )


def _entry(entry: AuditEntry) -> dict[str, Any]:
    who = f"{entry.actor_name} ({entry.actor_role})" if entry.actor_role else entry.actor_name
    return {
        "kind": _LOOKS.get(Act(entry.act), "open"),
        "what": Act(entry.act).label,
        "who": who,
        "when": words.instant(entry.at),
        "detail": entry.summary,
    }
