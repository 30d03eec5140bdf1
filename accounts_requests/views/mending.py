"""Mending one Formulir after the SK was issued, usually after a return."""

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts_requests import account_policies, permissions, workflow
from accounts_requests.exceptions import InvalidInput
from accounts_requests.forms.correction import CorrectionForm
from accounts_requests.forms.reason import ReasonForm
from accounts_requests.states import Act

from .held_files import hold
from .people import find_person, person_form
from .support import actor, add_errors, find_request, page
from .workspace import guard, time_cell


@page
def mend(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """The Formulir, the reason, and the ralat where the SK itself is touched."""
    case = find_request(number)
    user = actor(request)
    guard(Act.MEND_REGISTRANT, case, user)
    person = find_person(case, position)
    account_policies.check_can_mend(person)
    posted = request.method == "POST"
    form = person_form(request, case, person)
    reason = ReasonForm(request.POST if posted else None, label="Alasan perbaikan")
    correction = CorrectionForm(request.POST if posted else None, request.FILES if posted else None)
    held = hold(request, correction, case, owner=user, page="mend")
    back = "order" if permissions.may(Act.ORDER, user) else "request_detail"
    # Each is asked, so that all of what is wrong is said at once.
    if posted and all([form.is_valid(), reason.is_valid(), correction.is_valid()]):
        try:
            workflow.mend_registrant(
                person,
                actor=user,
                person=form.person(),
                reason=reason.reason(),
                correction=correction.correction(),
            )
        except InvalidInput as error:
            _place(error, form, reason, correction)
        else:
            held.release()
            messages.success(
                request,
                f"Formulir {form.person().full_name} diperbaiki dan sedang disiapkan ulang.",
            )
            return redirect(back, number)
    held.keep()
    context = {
        "case": case,
        "time": time_cell(case),
        "person": person,
        "form": form,
        "reason_form": reason,
        "correction_form": correction,
        "back": back,
    }
    return render(request, "deciding/mend.html", context)


def _place(error: InvalidInput, *forms: BaseForm) -> None:
    """Each of the gate's sentences to the form that has its field, the rest to the first."""
    left = dict(error.errors)
    for form in forms[1:]:
        own = {name: left.pop(name) for name in list(left) if name in form.fields}
        if own:
            add_errors(form, InvalidInput(own))
    if left:
        add_errors(forms[0], InvalidInput(left))
