"""A ralat, perubahan or pencabutan is put beside an issued SK, which itself stays as it is."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts_requests import policies, workflow
from accounts_requests.exceptions import InvalidInput
from accounts_requests.forms.decree_paper import DecreePaperForm
from accounts_requests.states import ABOUT_THE_DECREE, Act

from .held_files import hold
from .support import actor, add_errors, find_request, page
from .workspace import guard


@page
def amend_decree(request: HttpRequest, number: str) -> HttpResponse:
    """What there is already, and the form of one more."""
    case = find_request(number)
    user = actor(request)
    guard(Act.AMEND_DECREE, case, user)
    policies.check_decree_in_force(case)
    posted = request.method == "POST"
    form = DecreePaperForm(
        request.POST if posted else None, request.FILES if posted else None, request=case
    )
    held = hold(request, form, case, owner=user, page="amend")
    if posted and form.is_valid():
        try:
            stored = workflow.amend_decree(
                case, actor=user, paper=form.paper(), reason=form.cleaned_data["reason"]
            )
        except InvalidInput as error:
            add_errors(form, error)
        else:
            held.release()
            messages.success(request, f"{stored.title}: dicatat. SK-nya tetap tersimpan.")
            return redirect("request_detail", number)
    held.keep()
    context = {
        "case": case,
        "time": None,
        "form": form,
        "recorded": case.documents.filter(kind__in=ABOUT_THE_DECREE).order_by("pk"),
    }
    return render(request, "deciding/amend.html", context)
