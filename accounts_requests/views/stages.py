"""The stages of an SK before its signature: paraf, number, and the way back to the concept."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts_requests import policies, workflow
from accounts_requests.exceptions import InvalidInput
from accounts_requests.forms.base import SopForm
from accounts_requests.forms.reason import ReasonForm
from accounts_requests.forms.stages import NumberForm, SigningForm, StageForm
from accounts_requests.models import AccountRequest, Office
from accounts_requests.states import Act, Stage

from .people import judged, troubled
from .support import actor, add_errors, find_request, page
from .workspace import frame, guard, number_pattern, papers_of


@page
def submit_for_initials(request: HttpRequest, number: str) -> HttpResponse:
    """Send the concept for paraf; the way of signing is chosen here."""
    case = find_request(number)
    user = actor(request)
    guard(Act.SUBMIT_FOR_INITIALS, case, user)
    policies.check_can_submit(case, user)
    if request.method == "POST":
        form = SigningForm(request.POST)
        if form.is_valid():
            try:
                workflow.submit_for_initials(case, actor=user, signing_method=form.method())
            except InvalidInput as error:
                add_errors(form, error)
            else:
                messages.success(
                    request, "Konsep SK diajukan untuk paraf. Formulir sedang disiapkan."
                )
                return redirect("draft_edit", number)
    else:
        form = SigningForm(initial={"signing_method": case.signing_method})
    context = {
        **frame(request, case, here="submit_for_initials"),
        "form": form,
        "methods": form.methods(),
        "troubled": troubled(judged(case)),
    }
    return render(request, "drafting/submit.html", context)


@page
@require_GET
def papers_progress(request: HttpRequest, number: str) -> HttpResponse:
    """How far the worker is with the papers of paraf; a fragment that asks again by itself."""
    case = find_request(number)
    guard(Act.EDIT, case, actor(request))
    context = {"case": case, "papers": papers_of(case)}
    return render(request, "drafting/_papers.html", context)


@require_POST
@page
def declare_complete(request: HttpRequest, number: str) -> HttpResponse:
    """The file is complete: the time of step 1 begins, where the office reads it so."""
    case = find_request(number)
    workflow.declare_complete(case, actor=actor(request))
    messages.success(request, "Berkas dinyatakan lengkap. Waktu langkah 1 mulai dihitung.")
    return redirect("draft_edit", number)


@page
def unlock(request: HttpRequest, number: str) -> HttpResponse:
    """Back to the concept, with a reason."""
    case = find_request(number)
    user = actor(request)
    guard(Act.UNLOCK, case, user)
    policies.check_locked(case, user)
    form = ReasonForm(
        request.POST if request.method == "POST" else None, label="Alasan membuka kunci"
    )
    if request.method == "POST" and form.is_valid():
        try:
            workflow.unlock_people(case, actor=user, reason=form.reason())
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(request, "Kunci dibuka. Konsep SK dan personel dapat diubah kembali.")
            return redirect("people", number)
    return _stage_page(
        request,
        case,
        here="unlock",
        form=form,
        heading="Buka kunci personel",
        label="Buka kunci",
        explain="Permohonan kembali ke tahap konsep. Konsep SK dan Formulir disiapkan ulang saat "
        "paraf diajukan lagi; yang sudah dicetak tetap tersimpan sebagai versi lama. Alasannya "
        "menjadi catatan, bukan penyimpangan.",
    )


@page
def stage_complete(request: HttpRequest, number: str) -> HttpResponse:
    """The stage that is on (paraf, nomor) is done."""
    case = find_request(number)
    user = actor(request)
    guard(Act.ADVANCE_STAGE, case, user)
    policies.check_people_locked(case)
    form = StageForm(request.POST if request.method == "POST" else None)
    stage = Stage(case.stage)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.complete_stage(
                case, actor=user, note=form.said(), seen=request.POST.get("seen", "")
            )
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(request, f"Tahap {stage.label.lower()} selesai.")
            return redirect("draft_edit", number)
    return _stage_page(
        request,
        case,
        here="stage_complete",
        form=form,
        heading=f"Selesaikan tahap {stage.label.lower()}",
        label="Catat paraf" if stage == Stage.INITIALS else "Selesaikan tahap",
        explain="Tekan tombol di bawah setelah konsep SK diparaf. Tahap berikutnya dimulai saat "
        "itu juga; waktu tiap tahap tercatat."
        if stage == Stage.INITIALS
        else "Tahap berikutnya dimulai saat itu juga; waktu tiap tahap tercatat.",
        seen=stage,
    )


@page
def decree_number(request: HttpRequest, number: str) -> HttpResponse:
    """The secretariat's number, and the date where it is known."""
    case = find_request(number)
    user = actor(request)
    guard(Act.SET_NUMBER, case, user)
    form = NumberForm(request.POST if request.method == "POST" else None, request=case)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            workflow.set_decree_number(
                case,
                actor=user,
                number=typed["number"],
                date=typed["date"],
                seen=request.POST.get("seen", ""),
            )
        except InvalidInput as error:
            add_errors(form, error, {"decree_number": "number"})
        else:
            messages.success(request, f"Nomor SK {typed['number']} dicatat.")
            return redirect("draft_edit", number)
    return _stage_page(
        request,
        case,
        here="decree_number",
        form=form,
        heading="Catat nomor SK",
        label="Catat nomor",
        explain="Nomor diberikan tata usaha dan dicatat apa adanya. Satu nomor untuk satu SK.",
        pattern=number_pattern(case, Office.current()),
        seen=workflow.number_mark(case),
    )


def _stage_page(
    request: HttpRequest,
    case: AccountRequest,
    *,
    here: str,
    form: SopForm,
    heading: str,
    label: str,
    explain: str,
    pattern: str = "",
    seen: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        **frame(request, case, here=here),
        "form": form,
        "heading": heading,
        "label": label,
        "explain": explain,
        "pattern": pattern,
        "seen": seen,
        "keep": f"{here}-{case.number}",
    }
    return render(request, "drafting/stage.html", context)
