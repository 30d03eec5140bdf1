"""Admin PPE takes a task, takes it over, or gives the case back to Kepala LPSE."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts_requests import workflow
from accounts_requests.exceptions import InvalidInput
from accounts_requests.forms.reason import ReasonForm
from accounts_requests.models import AccountRequest
from accounts_requests.states import Act

from .execution import frame, guard, running_step, task_url
from .support import actor, add_errors, find_request, page


@require_POST
@page
def claim(request: HttpRequest, number: str) -> HttpResponse:
    """*Ambil tugas*; then straight to the work."""
    case = find_request(number)
    workflow.claim(case, actor=actor(request))
    messages.success(request, "Tugas ini sekarang Anda pegang.")
    return redirect(task_url(case))


@page
def take_over(request: HttpRequest, number: str) -> HttpResponse:
    """*Ambil alih*, with a reason."""
    case = find_request(number)
    user = actor(request)
    guard(Act.TAKE_OVER, case, user)
    form = ReasonForm(
        request.POST if request.method == "POST" else None, label="Alasan pengambilalihan"
    )
    if request.method == "POST" and form.is_valid():
        try:
            workflow.take_over(
                case, actor=user, reason=form.reason(), seen=request.POST.get("seen", "")
            )
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(
                request,
                "Tugas diambil alih dan sekarang Anda pegang. Isian yang ada tetap tersimpan.",
            )
            return redirect(task_url(case))
    return _reason_page(request, "executing/take_over.html", case, form)


@page
def return_to_head(request: HttpRequest, number: str) -> HttpResponse:
    """*Kembalikan* to Kepala LPSE, with a reason."""
    case = find_request(number)
    user = actor(request)
    guard(Act.RETURN, case, user)
    form = ReasonForm(
        request.POST if request.method == "POST" else None, label="Alasan pengembalian"
    )
    if request.method == "POST" and form.is_valid():
        try:
            workflow.return_to_head(case, actor=user, reason=form.reason())
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(
                request,
                "Permohonan dikembalikan kepada Kepala LPSE. Waktu langkah 3 dijeda; akun yang "
                "sudah dicatat tetap tersimpan.",
            )
            return redirect("request_detail", case.number)
    return _reason_page(request, "executing/return.html", case, form)


def _reason_page(
    request: HttpRequest, template: str, case: AccountRequest, form: ReasonForm
) -> HttpResponse:
    context: dict[str, Any] = frame(request, case, running_step(case)) | {"form": form}
    return render(request, template, context)
