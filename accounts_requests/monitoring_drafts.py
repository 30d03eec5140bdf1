"""What a judge has typed of a half year's judgement and not kept yet: saved, shown again, gone.

Nothing is judged by it and nobody else reads it, so it is not on the audit trail.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from accounts_requests.models import MonitoringDraft, User
from accounts_requests.questionnaires import Questions
from accounts_requests.report_periods import Period

# The fields that answer a question of the questionnaire: of no use under another version.
OF_THE_QUESTIONNAIRE = ("jawaban_", "alasan_")
AFTER_THEM = "alasan_putusan"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A saved draft. ``is_of_another``: its answers were left out, the questions are new ones."""

    typed: Mapping[str, str]
    saved_at: dt.datetime
    is_of_another: bool


def save(
    period: Period, typed: Mapping[str, str], asked: Questions, *, judge: User, at: dt.datetime
) -> None:
    """Keep ``typed``, field by field as it was sent, in place of what was kept before."""
    MonitoringDraft.objects.update_or_create(
        judge=judge,
        first=period.first,
        defaults={"typed": dict(typed), "questionnaire": asked.number, "saved_at": at},
    )


def load(period: Period, asked: Questions, *, judge: User) -> Kept | None:
    """What ``judge`` kept of the period, without the answers to other questions than ``asked``."""
    found = MonitoringDraft.objects.filter(judge=judge, first=period.first).first()
    if found is None:
        return None
    is_of_another = found.questionnaire != asked.number
    typed = without_answers(found.typed) if is_of_another else found.typed
    return Kept(typed=typed, saved_at=found.saved_at, is_of_another=is_of_another)


def forget(period: Period, *, judge: User) -> None:
    """The judgement is kept: its draft has done its work."""
    MonitoringDraft.objects.filter(judge=judge, first=period.first).delete()


def without_answers(typed: Mapping[str, str]) -> dict[str, str]:
    """``typed`` without what answers the questionnaire."""
    return {
        name: value
        for name, value in typed.items()
        if name == AFTER_THEM or not name.startswith(OF_THE_QUESTIONNAIRE)
    }
