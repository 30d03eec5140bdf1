"""Judging a half year in tests, by the rules and without a page."""

import datetime as dt

from accounts_requests import clock, figures, monitoring, questionnaires
from accounts_requests.models import Monitoring, Questionnaire
from accounts_requests.models.monitoring import Conclusion
from accounts_requests.monitoring import NOT_RUN, WELL, Given, Paper, Prepared
from accounts_requests.report_periods import half_year

from .cases import OfficePeople

PERIOD = half_year(dt.date(2026, 6, 30))


def other_questions(staff: OfficePeople) -> Questionnaire:
    """The office asks two questions of its own from now on."""
    draft = questionnaires.edit(
        ["SOP mudah dipahami", "Waktu yang ditetapkan cukup"], actor=staff.keeper
    )
    return questionnaires.adopt(draft.number, reason="Disederhanakan", actor=staff.keeper)


def prepared() -> list[Prepared]:
    """The lines of the first half of 2026."""
    return monitoring.prepare(figures.of(PERIOD, at=clock.now()), monitoring.revision_for(PERIOD))


def all_well(lines: list[Prepared]) -> Given:
    """Everything ran well, or not at all; the SOP is kept."""
    return Given(
        lines={line.step: (WELL if line.was_run else NOT_RUN, "", "") for line in lines},
        answers=[(True, "")] * len(questionnaires.in_use().texts),
        verdict=Conclusion.KEPT,
        verdict_reason="Berjalan sebagaimana mestinya",
    )


def judged(staff: OfficePeople) -> Monitoring:
    """The first half of 2026 as Kepala LPSE judges it, with a paper of a few bytes."""
    role = monitoring.require_judge(staff.kepala)
    lines = prepared()
    drafted = monitoring.drafted(
        PERIOD,
        monitoring.revision_for(PERIOD),
        lines,
        all_well(lines),
        questionnaires.in_use(),
        actor=staff.kepala,
        role=role,
        at=clock.now(),
    )
    paper = Paper(data=b"%PDF-contoh", pages=1)
    return monitoring.keep(drafted, paper, actor=staff.kepala, role=role)
