"""Kepala LPSE decides: issue the SK, order the accounts, cancel the case."""

import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from accounts_requests import clock, forecasts, permissions, policies, workflow
from accounts_requests.exceptions import InvalidInput
from accounts_requests.forms.issue import IssueForm
from accounts_requests.forms.order import OrderForm
from accounts_requests.forms.reason import ReasonForm
from accounts_requests.models import (
    AccountRequest,
    Document,
    Office,
    Registrant,
    User,
)
from accounts_requests.models.office import OrderDocument
from accounts_requests.roles import Role
from accounts_requests.states import EXTERNAL_SIGNING, Act, CaseState, SigningMethod

from . import signed_decree, signing
from .held_files import hold
from .people import current_forms
from .support import actor, add_errors, find_request, page
from .workspace import guard, number_pattern, papers_of, time_cell


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of the Lampiran with the Formulir that stands behind it."""

    person: Registrant
    until: dt.date | None
    form: Document | None


@sensitive_post_parameters("password")
@page
@sensitive_variables()
def issue(request: HttpRequest, number: str) -> HttpResponse:
    """Step 1 ends here: summary, Lampiran and Formulir on one side, the decision on the other."""
    case = find_request(number)
    user = actor(request)
    guard(Act.ISSUE_DECREE, case, user)
    policies.check_people_locked(case)
    staged = signed_decree.waiting(case, user)
    form = _issue_form(request, case, waiting=staged is not None)
    certified = case.signing_method == SigningMethod.CERTIFIED
    held = None if certified else hold(request, form, case, owner=user, page="issue")
    if request.method == "POST":
        valid = form.is_valid()
        upload = form.upload()
        try:
            if upload is not None and certified:
                staged = signed_decree.take_in(case, user, upload)
                form = IssueForm(
                    request=case,
                    waiting=True,
                    initial=signed_decree.proposed(case, staged, request.POST),
                )
            elif valid:
                _issue(request, case, user, staged, form)
                if held is not None:
                    held.release()
                messages.success(
                    request,
                    f"SK nomor {form.cleaned_data['number']} diterbitkan. Berikutnya: perintahkan "
                    "Admin PPE.",
                )
                return redirect("request_detail", number)
        except InvalidInput as error:
            add_errors(form, error, {"decree_number": "number"})
    elif staged is not None:
        form = IssueForm(
            request=case, waiting=True, initial=signed_decree.proposed(case, staged, {})
        )
    if held is not None:
        held.keep()
    external = case.signing_method in EXTERNAL_SIGNING
    context = {
        "case": case,
        "time": time_cell(case),
        "papers": papers_of(case),
        "people": _lampiran(case),
        "form": form,
        "external": external,
        "signed": None if staged is None else signed_decree.shown(request, case, staged, form),
        "signing": signing.standing(case),
        "pattern": number_pattern(case, Office.current()),
        "signer": user.titled_name,
        "signer_title": permissions.title_of(Role.KEPALA_LPSE, user),
        "may_unlock": permissions.may(Act.UNLOCK, user),
        "may_cancel": permissions.may(Act.CANCEL, user),
    }
    return render(request, "deciding/issue.html", context)


def _issue_form(request: HttpRequest, case: AccountRequest, *, waiting: bool) -> IssueForm:
    posted = request.method == "POST"
    return IssueForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        request=case,
        waiting=waiting,
    )


def _issue(
    request: HttpRequest,
    case: AccountRequest,
    user: User,
    staged: signed_decree.WaitingFile | None,
    form: IssueForm,
) -> None:
    if staged is not None:
        signed_decree.issue(request, case, user, staged, form)
        return
    workflow.issue_decree(
        case,
        actor=user,
        number=form.cleaned_data["number"],
        date=form.cleaned_data["date"],
        password=form.cleaned_data.get("password", ""),
        signed_file=form.upload(),
        signed_at=form.signed_at(),
    )


@page
def order(request: HttpRequest, number: str) -> HttpResponse:
    """Step 2; after a return its reason comes first, with the ways to mend."""
    case = find_request(number)
    user = actor(request)
    guard(Act.ORDER, case, user)
    form = OrderForm(
        request.POST if request.method == "POST" else None,
        initial={"order_number": case.order_number},
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            workflow.order_accounts(
                case, actor=user, order_number=typed["order_number"], note=typed["note"]
            )
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(request, "Admin PPE diperintahkan membuat akun dan diberi tahu.")
            return redirect("request_detail", number)
    kind = OrderDocument(Office.current().order_document)
    context = {
        "case": case,
        "time": time_cell(case),
        "people": list(case.registrants.order_by("position_in_list")),
        "form": form,
        "order_label": "" if kind == OrderDocument.NONE else kind.label,
        "may_mend": permissions.may(Act.MEND_REGISTRANT, user),
        "may_cancel": permissions.may(Act.CANCEL, user),
        "forecast": forecasts.before(Act.ORDER, case, clock.now()),
    }
    return render(request, "deciding/order.html", context)


@page
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """The case ends without accounts, with a reason."""
    case = find_request(number)
    user = actor(request)
    guard(Act.CANCEL, case, user)
    form = ReasonForm(request.POST if request.method == "POST" else None, label="Alasan pembatalan")
    if request.method == "POST" and form.is_valid():
        try:
            workflow.cancel(case, actor=user, reason=form.reason())
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(request, "Permohonan dibatalkan. Dokumen dan riwayatnya tersimpan.")
            return redirect("request_detail", number)
    context = {
        "case": case,
        "time": time_cell(case),
        "form": form,
        "consequences": _consequences(case),
    }
    return render(request, "deciding/cancel.html", context)


def _lampiran(case: AccountRequest) -> list[Row]:
    forms = current_forms(case)
    return [
        Row(person=person, until=person.valid_until or case.valid_until, form=forms.get(person.pk))
        for person in case.registrants.order_by("position_in_list")
    ]


def _consequences(case: AccountRequest) -> list[str]:
    """What cancelling does, in the state the case is in."""
    sentences = [
        "Permohonan berakhir tanpa akun dan tidak dapat dibuka kembali.",
        "Dokumen, personel, dan riwayatnya tetap tersimpan dan dapat dibaca.",
        "Langkah yang sedang berjalan dihentikan; keterlambatan yang sudah terjadi tetap tercatat.",
    ]
    if case.state == CaseState.DRAFT:
        sentences.append("Nomor SK yang sudah dicatat dapat dipakai pada permohonan lain.")
    else:
        sentences.append(
            f"SK nomor {case.decree_number} tetap ada sebagai dokumen. Pembatalan di sini tidak "
            "mencabutnya; pencabutan memerlukan SK tersendiri."
        )
    if case.state == CaseState.ORDERED:
        sentences.append("Perintah kepada Admin PPE tidak berlaku lagi.")
    return sentences
