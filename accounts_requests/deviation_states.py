"""How deviations stand, derived in one query, and the words for it.

A state is never stored: the latest answer to a deviation decides, and that answer's latest
judgement. What was recorded in the office's trial period is judged by nobody.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, QuerySet, Subquery, Value, When

from accounts_requests.models import AnsweredDeviation, Deviation, DeviationJudgement
from accounts_requests.states import OPEN_DEVIATIONS, DeviationState

CLEAN = "Sesuai mutu baku"

_IN_WORDS = {
    DeviationState.UNANSWERED: "belum dipertanggungjawabkan",
    DeviationState.WAITING: "menunggu penilaian",
    DeviationState.RETURNED: "dikembalikan untuk dijawab lagi",
    DeviationState.ACCEPTED: "dipertanggungjawabkan dan diterima",
}


def with_state(
    rows: "QuerySet[Deviation, Any] | None" = None, *, at: dt.datetime | None = None
) -> "QuerySet[Any, Any]":
    """``rows`` (all deviations) with ``state``, and ``answer_pk`` and ``answer_number`` of the
    latest answer (None without one).

    ``at`` (UTC): as they stood then. No query more than ``rows`` alone.
    """
    until = {"at__lte": at} if at is not None else {}
    answers = AnsweredDeviation.objects.filter(deviation=OuterRef("pk"), **until).order_by("-pk")
    judged = DeviationJudgement.objects.filter(answer=OuterRef("answer_pk"), **until).order_by(
        "-pk"
    )
    found = Deviation.objects.all() if rows is None else rows
    return found.annotate(
        answer_pk=Subquery(answers.values("answer")[:1]),
        answer_number=Subquery(answers.values("answer__number")[:1]),
        latest_verdict=Subquery(judged.values("verdict")[:1]),
    ).annotate(
        state=Case(
            When(trial_until__isnull=False, then=Value(DeviationState.TRIAL.value)),
            When(answer_pk__isnull=True, then=Value(DeviationState.UNANSWERED.value)),
            When(latest_verdict__isnull=True, then=Value(DeviationState.WAITING.value)),
            default=F("latest_verdict"),
            output_field=CharField(),
        )
    )


def state_of(deviation: Deviation) -> DeviationState:
    """How a deviation of ``with_state`` stands; any other counts as unanswered.

    A row that was read without its state is never told as clean.
    """
    return DeviationState(getattr(deviation, "state", DeviationState.UNANSWERED))


def is_clean(deviations: Iterable[Deviation]) -> bool:
    """Nothing departs from the norm: there is none, or each was found to be no deviation."""
    return all(state_of(one) == DeviationState.NO_DEVIATION for one in deviations)


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
    return "; ".join(sentences)


def open_ones(rows: "QuerySet[Deviation, Any] | None" = None) -> "QuerySet[Any, Any]":
    """Those of ``rows`` that are not answered for yet: nothing accepted, nothing found void."""
    return with_state(rows).filter(state__in=[str(state) for state in OPEN_DEVIATIONS])
