"""Pemantauan: the half years with their judgements, judging one, and its paper."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts_requests import (
    clock,
    exports,
    figures,
    monitoring,
    monitoring_drafts,
    permissions,
    questionnaires,
    words,
)
from accounts_requests.documents import monitoring_paper
from accounts_requests.exceptions import InvalidInput
from accounts_requests.forms.monitoring import MonitoringForm
from accounts_requests.models import Monitoring
from accounts_requests.report_periods import Period, half_year, half_year_before

from .downloads import PDF, file_answer
from .reports import query_of
from .support import actor, page

_SHOWN = 6


@page
def reports(request: HttpRequest) -> HttpResponse:
    """The last half years, newest first, with what was judged of each; and who may judge."""
    user = actor(request)
    permissions.require_report_reader(user)
    today = clock.today()
    periods = [half_year(today)]
    while len(periods) < _SHOWN:
        periods.append(half_year_before(periods[-1]))
    kept: dict[tuple[object, object], list[Monitoring]] = {}
    for report in Monitoring.objects.select_related("judged_by").defer("pdf"):
        kept.setdefault((report.first, report.last), []).append(report)
    may_judge = not user.current_roles().isdisjoint(monitoring.JUDGES)
    rows = [
        {
            "period": period,
            "query": query_of(period),
            "half": 1 if period.first.month == 1 else 2,
            "reports": kept.get((period.first, period.last), []),
            "has_ended": period.last < today,
        }
        for period in periods
    ]
    return render(request, "monitoring/list.html", {"rows": rows, "may_judge": may_judge})


@page
def judge(request: HttpRequest, year: int, half: int) -> HttpResponse:
    """The table with the facts filled in, the questionnaire and the verdict; then the paper.

    What is typed can be saved in between; it waits for its judge alone.
    """
    user = actor(request)
    role = monitoring.require_judge(user)
    period = _half_year(year, half)
    monitoring.require_ended(period, clock.today())
    revision = monitoring.revision_for(period)
    prepared = monitoring.prepare(figures.of(period, at=clock.now()), revision)
    asked = questionnaires.in_use()
    kept = monitoring_drafts.load(period, asked, judge=user)
    data, is_former = _sent(request, asked.number)
    form = MonitoringForm(
        data, lines=prepared, asked=asked, initial=dict(kept.typed) if kept else None
    )
    if data is not None and "draf" in data:
        at = clock.now()
        monitoring_drafts.save(period, form.typed(data), asked, judge=user, at=at)
        messages.success(request, f"Draf tersimpan {words.instant(at)}. Belum ada yang dinilai.")
        return redirect(f"{request.path}#{_anchor(data['draf'])}")
    if is_former:
        form.refuse_former()
    if data is not None and form.is_valid():
        try:
            drafted = monitoring.drafted(
                period,
                revision,
                prepared,
                form.given(),
                asked,
                actor=user,
                role=role,
                at=clock.now(),
            )
            paper = monitoring_paper.render(drafted)
            monitoring.keep(drafted, paper, actor=user, role=role)
        except InvalidInput as error:
            form.add_sentences(error)
        else:
            messages.success(request, f"Penilaian {period} disimpan sebagai dokumen.")
            return redirect("report_monitoring")
    context = {
        "form": form,
        "period": period,
        "revision": revision,
        "kept": kept if data is None else None,
        "asked": asked,
        "query": query_of(period),
        "version": monitoring.next_version(period),
    }
    return render(request, "monitoring/judge.html", context)


@page
def paper(request: HttpRequest, report: uuid.UUID) -> HttpResponse:
    """The paper of a judgement as it was made; that it was taken is on the audit trail."""
    user = actor(request)
    permissions.require_report_reader(user)
    found = get_object_or_404(Monitoring, public_id=report)
    period = Period(found.first, found.last)
    exports.report(period, f"pemantauan versi {found.version}", actor=user, at=clock.now())
    return file_answer(
        bytes(found.pdf), name=monitoring_paper.name_of(found), media_type=PDF, shown=True
    )


def _sent(request: HttpRequest, asked: int) -> tuple[dict[str, str] | None, bool]:
    """What was pressed, and whether it answers questions that are asked no more.

    Those answers are left out then, and the form is one of the questions of today.
    """
    if request.method != "POST":
        return None, False
    data = {name: str(value) for name, value in request.POST.items()}
    if data.get("kuesioner", str(asked)) == str(asked):
        return data, False
    return {**monitoring_drafts.without_answers(data), "kuesioner": str(asked)}, True


def _anchor(text: str) -> str:
    """The section from which a draft was saved: back to where its judge was."""
    return text if text.isascii() and text.replace("-", "").isalnum() else "isi"


def _half_year(year: int, half: int) -> Period:
    if half not in {1, 2} or not 2000 <= year <= 2200:
        raise Http404("No such half year.")
    return half_year(clock.today().replace(year=year, month=1 if half == 1 else 7, day=1))
