"""How deviations stand, derived in one query, and the words for it.

A state is never stored: the latest answer to a deviation decides, and that answer's latest
judgement; of a lateness that was recorded while its step ran, first of all its end. What was
recorded in the office's trial period is judged by nobody.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from accounts_requests.models import AnsweredDeviation, Deviation, DeviationJudgement
from accounts_requests.models.deviation import LIMIT_PASSED
from accounts_requests.states import (
    OPEN_DEVIATIONS,
    VOID_DEVIATIONS,
    DeviationState,
    LatenessOutcome,
)

CLEAN = "Sesuai mutu baku"

_IN_WORDS = {
    DeviationState.RUNNING: "masih berjalan",
    DeviationState.UNANSWERED: "belum dipertanggungjawabkan",
    DeviationState.WAITING: "menunggu penilaian",
    DeviationState.RETURNED: "dikembalikan untuk dijawab lagi",
    DeviationState.ACCEPTED: "dipertanggungjawabkan dan diterima",
}


def with_state(
    rows: "QuerySet[Deviation, Any] | None" = None, *, at: dt.datetime | None = None
) -> "QuerySet[Any, Any]":
    """``rows`` (all deviations) with ``state``, ``answer_pk`` and ``answer_number`` of the latest
    answer (None without one), and ``answerable_pk``, the key of who answers (``answerable``).

    ``at`` (UTC): as they stood then. No query more than ``rows`` alone.
    """
    until = {"at__lte": at} if at is not None else {}
    ended = {"end__at__lte": at} if at is not None else {"end__isnull": False}
    answers = AnsweredDeviation.objects.filter(deviation=OuterRef("pk"), **until).order_by("-pk")
    judged = DeviationJudgement.objects.filter(answer=OuterRef("answer_pk"), **until).order_by(
        "-pk"
    )
    found = Deviation.objects.all() if rows is None else rows
    return (
        found.select_related("end__responsible")
        .annotate(
            answerable_pk=Coalesce("end__responsible", "responsible"),
            answer_pk=Subquery(answers.values("answer")[:1]),
            answer_number=Subquery(answers.values("answer__number")[:1]),
            latest_verdict=Subquery(judged.values("verdict")[:1]),
        )
        .annotate(
            state=Case(
                When(
                    **ended,
                    end__outcome=LatenessOutcome.LIFTED,
                    then=Value(DeviationState.LIFTED.value),
                ),
                When(trial_until__isnull=False, then=Value(DeviationState.TRIAL.value)),
                When(
                    Q(rule=LIMIT_PASSED) & ~Q(**ended),
                    then=Value(DeviationState.RUNNING.value),
                ),
                When(answer_pk__isnull=True, then=Value(DeviationState.UNANSWERED.value)),
                When(latest_verdict__isnull=True, then=Value(DeviationState.WAITING.value)),
                default=F("latest_verdict"),
                output_field=CharField(),
            )
        )
    )


def state_of(deviation: Deviation) -> DeviationState:
    """How a deviation of ``with_state`` stands; any other counts as unanswered.

    A row that was read without its state is never told as clean.
    """
    return DeviationState(getattr(deviation, "state", DeviationState.UNANSWERED))


def is_clean(deviations: Iterable[Deviation]) -> bool:
    """Nothing departs from the norm: there is none, or each was found to be no deviation."""
    return all(is_void(one) for one in deviations)


def is_void(deviation: Deviation) -> bool:
    """It is on record, and turned out to be no deviation."""
    return state_of(deviation) in VOID_DEVIATIONS


def verdict(deviations: Iterable[Deviation]) -> str:
    """The sentence on a case with these deviations (of ``with_state``).

    Never clean while one stands. Accepted ones stay deviations; those that were found to be none
    are counted apart, and so are those of a trial period (Peringatan 2 of the SOP).
    """
    counts = Counter(state_of(one) for one in deviations)
    parts = [f"{counts[state]} {said}" for state, said in _IN_WORDS.items() if counts[state]]
    sentences = [f"Terdapat penyimpangan ({', '.join(parts)})"] if parts else []
    if trial := counts[DeviationState.TRIAL]:
        sentences.append(f"{trial} penyimpangan masa uji coba: dicatat, tidak dinilai")
    if not sentences:
        sentences.append(CLEAN)
    if none := counts[DeviationState.NO_DEVIATION]:
        sentences.append(f"{none} dinilai bukan penyimpangan")
    if lifted := counts[DeviationState.LIFTED]:
        sentences.append(f"{lifted} tidak lagi melewati tenggat")
    return "; ".join(sentences)


def open_ones(rows: "QuerySet[Deviation, Any] | None" = None) -> "QuerySet[Any, Any]":
    """Those of ``rows`` that are not answered for yet: nothing accepted, nothing found void.

    A lateness that still runs is among them.
    """
    return with_state(rows).filter(state__in=[str(state) for state in OPEN_DEVIATIONS])
