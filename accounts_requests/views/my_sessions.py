"""Akun saya › Sesi: where one is signed in, and ending that."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts_requests import clock, user_sessions

from .support import actor, page


@require_safe
@page
def sessions(request: HttpRequest) -> HttpResponse:
    """The sessions of this person that go on."""
    listed = user_sessions.open_sessions(actor(request), request.session, clock.now())
    return render(
        request,
        "account/sessions.html",
        {"sessions": listed, "limits": user_sessions.office_limits()},
    )


@require_POST
@page
def end_session(request: HttpRequest, session: int) -> HttpResponse:
    """End one of them, which is not this one."""
    device = user_sessions.end_one(actor(request), session, request.session, at=clock.now())
    if device is None:
        messages.info(request, "Sesi itu sudah tidak ada. Tidak ada yang berubah.")
    else:
        messages.success(request, f"Sesi di {device} sudah diakhiri.")
    return redirect("usersessions_list")


@require_POST
@page
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all of them but this one."""
    count = user_sessions.end_others(actor(request), request.session, at=clock.now())
    if count:
        messages.success(request, f"{count} sesi lain sudah diakhiri.")
    else:
        messages.info(request, "Tidak ada sesi lain yang terbuka.")
    return redirect("usersessions_list")
