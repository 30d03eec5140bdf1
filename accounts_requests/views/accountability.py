"""One answer to deviations: giving it, reading it, judging it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts_requests import (
    accountability_rules,
    cause_hints,
    permissions,
    workflow,
)
from accounts_requests.accountability_rules import Way
from accounts_requests.deviation_states import with_state
from accounts_requests.exceptions import InvalidInput
from accounts_requests.forms.accountability import EVIDENCE, AnswerForm, JudgeForm, OutsideJudgeForm
from accounts_requests.models import (
    Deviation,
    DeviationAnswer,
    DeviationCause,
    DeviationJudgement,
    Office,
    User,
)
from accounts_requests.roles import Role
from accounts_requests.states import OWED_DEVIATIONS

from .deviations import MOST_AT_ONCE, tabs
from .errors import conflict
from .held_files import hold
from .support import actor, add_errors, page


@page
def deviation_answer(request: HttpRequest) -> HttpResponse:
    """The form of an answer to the deviations ``d`` of the address, and what it leads to."""
    user = actor(request)
    held = permissions.require_reader(user)
    given = request.POST if request.method == "POST" else request.GET
    keys = [int(text) for text in given.getlist("d") if text.isdecimal() and len(text) < 19]
    rows = _chosen(keys[:MOST_AT_ONCE])
    try:
        standing = accountability_rules.check_may_answer(user, rows)
    except InvalidInput as error:
        return conflict(
            request, str(error), next_url=reverse("deviation_mine"), next_label="Pilih ulang"
        )
    causes = list(DeviationCause.objects.filter(is_active=True))
    hints = cause_hints.of(rows)
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        causes=causes,
        initial={"cause": cause_hints.proposed(hints, causes)},
    )
    held_files = hold(request, form, None, owner=user, page="answer")
    if request.method == "POST" and form.is_valid():
        try:
            answer = workflow.answer_deviations(
                [one.pk for one in rows],
                actor=user,
                data=form.answer_data(),
                evidence=form.evidence(),
                seen=request.POST.get("seen", ""),
            )
        except InvalidInput as error:
            add_errors(form, error, {"": EVIDENCE[0]})
        else:
            held_files.release()
            messages.success(
                request,
                f"Jawaban {answer.number} tersimpan dan menunggu penilaian.",
            )
            return redirect("deviation_detail", answer.number)
    held_files.keep()
    context = tabs(user, held, "mine") | {
        "form": form,
        "rows": rows,
        "hints": hints,
        "standing": standing,
        "seen": request.POST.get("seen", "") or workflow.answers_mark(rows),
        "replaces": sorted(
            {one.answer_number for one in rows if one.state not in OWED_DEVIATIONS} - {None}
        ),
    }
    return render(request, "deviations/answer.html", context)


@page
def deviation_detail(request: HttpRequest, answer: str) -> HttpResponse:
    """An answer with its deviations, evidence and judgements; and the form to judge it."""
    user = actor(request)
    held = permissions.require_reader(user)
    found = _answer(answer)
    latest = found.judgements.order_by("-pk").first()
    way = _way(found, user, held)
    form: JudgeForm | None = None
    if way:
        form = _judge_form(request, way)
        held_files = hold(request, form, found.request, owner=user, page="judge")
        if request.method == "POST" and form.is_valid() and _judged(request, found, form, user):
            held_files.release()
            return redirect("deviation_detail", found.number)
        held_files.keep()
    elif request.method == "POST":
        accountability_rules.check_may_judge(user, found)
    rows = list(
        with_state(
            Deviation.objects.filter(answered__answer=found).select_related(
                "request", "responsible", "step_run__step"
            )
        ).order_by("pk")
    )
    counts_for = [one for one in rows if one.answer_pk == found.pk]
    context = tabs(user, held, "") | {
        "answer": found,
        "role": Role(found.role).label,
        "rows": rows,
        "judgements": list(found.judgements.select_related("paper", "recorded_by").order_by("pk")),
        "latest": latest,
        "papers": list(
            found.documents.select_related("registrant", "created_by", "request").order_by("pk")
        ),
        "form": form if counts_for else None,
        "by_paper": way == Way.BY_PAPER,
        "opened": request.method == "POST",
        "awaits": "" if latest or not counts_for else _awaits(found),
        "may_correct": found.answered_by == user and latest is None and bool(counts_for),
    }
    return render(request, "deviations/detail.html", context)


def _chosen(keys: list[int]) -> list[Any]:
    return list(
        with_state(
            Deviation.objects.filter(pk__in=keys).select_related(
                "request", "responsible", "step_run__step"
            )
        ).order_by("pk")
    )


def _answer(number: str) -> DeviationAnswer:
    return get_object_or_404(
        DeviationAnswer.objects.select_related("responsible", "answered_by", "request"),
        number=number,
    )


def _way(answer: DeviationAnswer, user: User, held: frozenset[Role]) -> Way:
    return accountability_rules.way_of(
        answer,
        user,
        roles=held,
        office=Office.current(),
        held=accountability_rules.holders(),
    )


def _awaits(answer: DeviationAnswer) -> str:
    """Whose judgement is awaited, in words."""
    judge = accountability_rules.judge_of(answer, Office.current())
    if accountability_rules.needs_outside(answer, judge, accountability_rules.holders()):
        return "surat penilaian dari pejabat di luar aplikasi"
    return f"penilaian {judge.label if judge else ''}".strip()


def _judge_form(request: HttpRequest, way: Way) -> JudgeForm:
    kind = OutsideJudgeForm if way == Way.BY_PAPER else JudgeForm
    if request.method != "POST":
        return kind()
    return kind(request.POST, request.FILES)


def _judged(
    request: HttpRequest, answer: DeviationAnswer, form: JudgeForm, user: User
) -> DeviationJudgement | None:
    """Carry the judgement to the gate; None with the gate's sentences on the form."""
    corrects = request.POST.get("corrects", "")
    given: dict[str, Any] = {
        "actor": user,
        "verdict": form.verdict_given(),
        "ground": form.cleaned_data["ground"],
        "corrects": int(corrects) if corrects.isdecimal() and len(corrects) < 19 else None,
    }
    data = form.cleaned_data
    try:
        if isinstance(form, OutsideJudgeForm):
            judgement = workflow.record_outside_judgement(
                answer,
                outside=workflow.OutsideJudge(
                    name=data["judge_name"],
                    title=data["judge_title"],
                    paper=data["paper"],
                    number=data["paper_number"],
                    date=data["paper_date"],
                ),
                **given,
            )
        else:
            judgement = workflow.judge_answer(answer, **given)
    except InvalidInput as error:
        add_errors(form, error, {"": "paper"})
        return None
    messages.success(
        request, f"Jawaban {answer.number} dinilai “{judgement.get_verdict_display()}”."
    )
    return judgement
