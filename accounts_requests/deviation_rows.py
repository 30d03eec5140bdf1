"""The deviations of the register with everything that was said of them, for a spreadsheet."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet

from accounts_requests.deviation_states import state_of
from accounts_requests.models import AnsweredDeviation, Deviation, DeviationAnswer
from accounts_requests.spreadsheets.deviations_export import Answered, DeviationRow, Judged
from accounts_requests.states import Aspect

# What the page says in place of a text that may name a registrant.
HIDDEN = "tidak ditampilkan bagi peran Anda"


def rows(found: "QuerySet[Any, Any]", *, reads_people: bool) -> Iterator[DeviationRow]:
    """Every deviation of ``deviation_queues.find``, newest first; four queries for 500 of them.

    Texts that people typed, and what befell an account, are told only to a reader of people.
    """
    items = AnsweredDeviation.objects.select_related("answer__answered_by").order_by("pk")
    full = found.prefetch_related(
        Prefetch("answered", items), "answered__answer__judgements"
    ).order_by("-pk")
    for deviation in full.iterator(chunk_size=500):
        yield _row(deviation, reads_people=reads_people)


def _row(deviation: Deviation, *, reads_people: bool) -> DeviationRow:
    is_open = reads_people or deviation.aspect == Aspect.TIME
    return DeviationRow(
        case=deviation.request.number,
        step=deviation.step_run.step.number,
        step_name=deviation.step_run.step.short_name,
        aspect=Aspect(deviation.aspect).label,
        norm=deviation.norm,
        actual=deviation.final_actual if is_open else HIDDEN,
        difference=deviation.final_difference,
        late_seconds=deviation.final_late_seconds,
        responsible=deviation.answerable_name,
        explanation=_told(deviation.explanation, reads_people=reads_people),
        recorded_at=deviation.recorded_at,
        state=state_of(deviation).label,
        trial_until=deviation.trial_until,
        answers=[
            _answered(item.answer, reads_people=reads_people) for item in deviation.answered.all()
        ],
    )


def _answered(answer: DeviationAnswer, *, reads_people: bool) -> Answered:
    return Answered(
        number=answer.number,
        at=answer.at,
        by=answer.answered_by.titled_name,
        title=answer.title,
        on_behalf=answer.on_behalf,
        cause=answer.cause_label,
        explanation=_told(answer.explanation, reads_people=reads_people),
        remedy=_told(answer.remedy, reads_people=reads_people),
        prevention=_told(answer.prevention, reads_people=reads_people),
        judgements=[
            Judged(
                verdict=judged.get_verdict_display(),
                at=judged.at,
                judge=judged.judge_name,
                title=judged.title,
                ground=_told(judged.ground, reads_people=reads_people),
                paper_number=judged.paper_number,
                paper_date=judged.paper_date,
                is_correction=judged.corrects_id is not None,
            )
            for judged in answer.judgements.all()
        ],
    )


def _told(text: str, *, reads_people: bool) -> str:
    return text if reads_people or not text else HIDDEN
