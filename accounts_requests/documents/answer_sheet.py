"""Lembar Pertanggungjawaban Penyimpangan: one answer, what it is about, and how it was judged.

What was answered before for the same deviations stands below, with the reason of its return.
"""

import datetime as dt

from accounts_requests import words
from accounts_requests.deviation_states import with_state
from accounts_requests.identity_numbers import format_nip
from accounts_requests.models import (
    Deviation,
    DeviationAnswer,
    DeviationJudgement,
    Document,
    Office,
)
from accounts_requests.roles import Role
from accounts_requests.states import Aspect, DocumentKind, Verdict

from .paper import Draft, file_name, office_context

TEMPLATE = "documents/answer_sheet.html"


def draft(answer: DeviationAnswer, *, at: dt.datetime, code: str, document: Document) -> Draft:
    """The sheet of ``answer`` as it stood at ``at``, the instant of its final judgement.

    ``document`` is the row that owes it: the case whose file it joins, and as which addition.
    """
    office = Office.current()
    deviations = list(
        with_state(
            Deviation.objects.filter(answered__answer=answer).select_related(
                "request", "step_run__step"
            ),
            at=at,
        ).order_by("pk")
    )
    judgements = list(answer.judgements.filter(at__lte=at).order_by("pk"))
    final = judgements[-1] if judgements else None
    case = document.request
    context = {
        **office_context(office),
        "answer": answer,
        "case": case,
        "role": Role(answer.role).label,
        "responsible": answer.responsible,
        "responsible_nip": format_nip(answer.responsible.nip) if answer.responsible.nip else "",
        "answered_at": words.instant(answer.at),
        "deviations": [
            _deviation(one, is_current=one.answer_pk == answer.pk) for one in deviations
        ],
        "evidence": [
            {"title": paper.title, "sha256": words.grouped(paper.sha256)}
            for paper in answer.documents.filter(kind=DocumentKind.ANSWER_PROOF).order_by("pk")
        ],
        "evidence_case": answer.request.number,
        "judgements": [_judgement(one) for one in judgements],
        "final": _judgement(final) if final else None,
        "former": [_former(one, at) for one in _former_answers(answer)],
        "addendum": document.addendum,
        "place_and_date": f"{office.city}, {words.long_date(at.astimezone(words.ZONE).date())}",
        "code": code,
    }
    added = f", tambahan ke-{document.addendum} berkas {case.archive_number}"
    return Draft(
        TEMPLATE,
        context,
        f"Lembar Pertanggungjawaban Penyimpangan {answer.number}"
        f"{added if document.addendum else ''}",
        file_name("Lembar-Pertanggungjawaban", answer.number, case.number),
    )


def _deviation(deviation: Deviation, *, is_current: bool) -> dict[str, object]:
    step = deviation.step_run.step
    return {
        "case": deviation.request.reference,
        "step": f"{step.number}. {step.short_name}",
        "aspect": Aspect(deviation.aspect).label,
        "norm": deviation.norm or "—",
        "actual": deviation.final_actual,
        "difference": deviation.final_difference,
        "recorded": words.instant(deviation.recorded_at),
        "is_current": is_current,
    }


def _judgement(judgement: DeviationJudgement) -> dict[str, object]:
    paper = ""
    if judgement.paper_date is not None:
        paper = (
            f"surat nomor {judgement.paper_number} tanggal {words.long_date(judgement.paper_date)}"
        )
    return {
        "verdict": Verdict(judgement.verdict).label,
        "ground": judgement.ground,
        "at": words.instant(judgement.at),
        "judge": judgement.judge_name,
        "title": judgement.title,
        "paper": paper,
        "recorded_by": judgement.recorded_by.titled_name if paper else "",
        "is_correction": judgement.corrects_id is not None,
    }


def _former_answers(answer: DeviationAnswer) -> list[DeviationAnswer]:
    """The answers that were given before to the same deviations, oldest first."""
    same = Deviation.objects.filter(answered__answer=answer)
    return list(
        DeviationAnswer.objects.filter(items__deviation__in=same, pk__lt=answer.pk)
        .distinct()
        .prefetch_related("judgements__recorded_by")
        .order_by("pk")
    )


def _former(answer: DeviationAnswer, at: dt.datetime) -> dict[str, object]:
    judged = [one for one in answer.judgements.all() if one.at <= at]
    return {
        "number": answer.number,
        "at": words.instant(answer.at),
        "cause": answer.cause_label,
        "explanation": answer.explanation,
        "judgement": _judgement(judged[-1]) if judged else None,
    }
