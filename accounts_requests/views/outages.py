"""The register of outages: read by everybody, kept by those whose work an outage stops."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts_requests import clock, outage_register, outages, permissions, timers
from accounts_requests.exceptions import InvalidInput
from accounts_requests.forms.outage import CloseForm, DeclareForm, ExplainForm, OutageFilterForm
from accounts_requests.models import Outage

from .lists import key, neighbours
from .support import actor, add_errors, page

# The two acts on one outage, as the buttons name them.
CLOSE, EXPLAIN = "akhiri", "jelaskan"


@page
def outage_list(request: HttpRequest) -> HttpResponse:
    """The outages of a period, the last recorded first; it prints as a register."""
    held = permissions.require_reader(actor(request))
    form = OutageFilterForm(request.GET)
    period = form.period()
    found = outage_register.page(
        timers.working_time(),
        at=clock.now(),
        **period,
        before=key(request, "sebelum"),
        after=key(request, "sesudah"),
    )
    context = {
        "form": form,
        "is_filtered": any(period.values()),
        "lines": found.lines,
        "may_declare": permissions.declares_outages(held),
        **period,
        **neighbours(request, older=found.older, newer=found.newer),
    }
    return render(request, "outages/register.html", context)


@page
def outage_declare(request: HttpRequest) -> HttpResponse:
    """Put an outage on record."""
    user = actor(request)
    permissions.require_outage_declarer(user)
    form = DeclareForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            outage = outages.declare(actor=user, **form.cleaned_data)
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(request, "Gangguan tercatat.")
            return redirect("outage", outage.pk)
    return render(request, "outages/declare.html", {"form": form})


@page
def outage_detail(request: HttpRequest, outage_pk: int) -> HttpResponse:
    """One outage with what was said about it, and what may be added."""
    user = actor(request)
    held = permissions.require_reader(user)
    outage = get_object_or_404(Outage.objects.select_related("declared_by"), pk=outage_pk)
    act = request.POST.get("act", "")
    forms = {
        CLOSE: CloseForm(request.POST if act == CLOSE else None, auto_id="close_%s"),
        EXPLAIN: ExplainForm(request.POST if act == EXPLAIN else None, auto_id="explain_%s"),
    }
    if request.method == "POST":
        permissions.require_outage_declarer(user)
        if act not in forms:
            raise Http404
        form = forms[act]
        if form.is_valid():
            try:
                if act == CLOSE:
                    outages.close(outage, actor=user, **form.cleaned_data)
                else:
                    outages.explain(outage, actor=user, **form.cleaned_data)
            except InvalidInput as error:
                add_errors(form, error)
            else:
                done = "Akhir gangguan" if act == CLOSE else "Penjelasan"
                messages.success(request, f"{done} tercatat.")
                return redirect("outage", outage_pk)
    context = {
        "line": outage_register.line_of(outage, timers.working_time(), clock.now()),
        "outage": outage,
        "entries": outages.history_of(outage),
        "may_declare": permissions.declares_outages(held),
        "may_close": outage.until is None and outage.source == Outage.Source.DECLARED,
        "close_form": forms[CLOSE],
        "explain_form": forms[EXPLAIN],
        "opened": act,
    }
    return render(request, "outages/detail.html", context)
