"""Beranda: what needs the reader now, and the state of the office for those who answer for it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts_requests import (
    clock,
    content_alarm,
    deviation_queues,
    later_deliveries,
    nightly_backup,
    overview,
    paper_retries,
    permissions,
    revision_standing,
    work_queues,
)
from accounts_requests.deviation_queues import Counts
from accounts_requests.roles import Role
from accounts_requests.states import Act

from .support import actor, page

# Who is shown the state of the office, and who that of the application.
OVERSEERS = frozenset({Role.KEPALA_LPSE, Role.KEPALA_BIRO, Role.INSPEKTORAT})
DOERS = frozenset({Role.KEPALA_LPSE, Role.PENYUSUN_KONSEP, Role.ADMIN_PPE})
# Open cases that wait for others: so many lines here, the rest in the register.
OTHERS_SHOWN = 30


@page
def home(request: HttpRequest) -> HttpResponse:
    """The page that everybody begins with, put together from the roles held today."""
    user = actor(request)
    held = user.current_roles()
    at = clock.now()
    keeps = Role.PENGELOLA_APLIKASI in held
    oversees = not held.isdisjoint(OVERSEERS)
    examines = Role.INSPEKTORAT in held
    judging = overview.judging(user, held, at)
    context: dict[str, object] = {
        "at": at,
        "held": held,
        "does": not held.isdisjoint(DOERS),
        "may_create": Act.CREATE in permissions.acts_of(held),
        "may_claim": Act.CLAIM in permissions.acts_of(held),
        "desk": work_queues.desk(user, held, at) if held else work_queues.Desk(),
        "others_shown": OTHERS_SHOWN,
        "later": later_deliveries.waiting(at) if Act.RESEND in permissions.acts_of(held) else (),
        "waiting": Counts(
            to_answer=deviation_queues.to_answer(user, held).count(), to_judge=len(judging)
        ),
        "judging": judging,
        "glance": work_queues.glance(at) if oversees else None,
        "standing": overview.standing(at) if oversees else None,
        "assignment": overview.assignment(user, clock.today()) if examines else None,
        "taken": overview.taken_by(user) if examines else (),
        "examines": examines,
        "engine": work_queues.engine(at) if keeps else None,
        "backup": nightly_backup.status(at) if keeps else None,
        "contents": content_alarm.status(at) if keeps else None,
        "drafted": revision_standing.draft() if Role.KEPALA_BIRO in held else None,
    }
    return render(request, "home/home.html", context)


@require_POST
@page
def retry_papers(request: HttpRequest) -> HttpResponse:
    """Hand the papers that were given up to the worker again."""
    count = paper_retries.retry(actor(request))
    if count:
        messages.success(request, f"{count} dokumen diserahkan kembali dan sedang disiapkan.")
    else:
        messages.info(request, "Tidak ada lagi dokumen yang gagal disiapkan.")
    return redirect("home")
