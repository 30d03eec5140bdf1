"""The nightly re-check on a page: what is damaged, what to do, who has read of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts_requests import clock, content_alarm, permissions
from accounts_requests import content_checks as checks
from accounts_requests.roles import Role

from .support import actor, page


@page
def content_checks(request: HttpRequest) -> HttpResponse:
    """For Pengelola Aplikasi and Inspektorat."""
    user = actor(request)
    held = permissions.require_content_watcher(user)
    context = {
        "status": content_alarm.status(clock.now()),
        "faults": content_alarm.open_faults(),
        "past": content_alarm.past_faults(),
        "runs": content_alarm.runs(),
        "has_read": content_alarm.has_read(user),
        "keeps": Role.PENGELOLA_APLIKASI in held,
    }
    return render(request, "content_checks/checks.html", context)


@require_POST
@page
def acknowledge(request: HttpRequest) -> HttpResponse:
    """The reader has read of what is damaged; the alarm stays until it is good again."""
    checks.acknowledge(clock.now(), actor=actor(request))
    messages.success(request, "Tercatat bahwa Anda sudah membaca. Alarm tetap tampil sampai pulih.")
    return redirect("content_checks")


@require_POST
@page
def look_again(request: HttpRequest) -> HttpResponse:
    """Look at what is told as damaged once more, after it was restored."""
    good, bad = checks.look_again(clock.now(), actor=actor(request))
    if bad:
        messages.warning(request, f"{good} isi utuh kembali; {bad} isi masih tidak utuh.")
    else:
        messages.success(request, f"{good} isi utuh kembali. Tidak ada lagi isi yang rusak.")
    return redirect("content_checks")
