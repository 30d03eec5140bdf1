"""Had the SOP been read otherwise: the same answer as walking through the year minute by minute."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest

from accounts_requests import clock, replay, timers, workflow
from accounts_requests.models import Reading, StepRun

from . import cases, replay_year
from .cases import MONDAY, OfficePeople
from .query_counts import queries
from .reading_cases import with_choices
from .replay_year import Fact, Wall

pytestmark = pytest.mark.django_db

SINCE = dt.datetime(2025, 7, 1, tzinfo=replay_year.WITA)
UNTIL = dt.datetime(2026, 8, 1, tzinfo=replay_year.WITA)
# Every choice, alone and together.
OTHERWISE: dict[str, dict[str, Any]] = {
    "as it is": {},
    "calendar days": {"step_1_unit": "calendar_days"},
    "clock minutes": {f"step_{step}_unit": "clock_minutes" for step in (3, 4, 5)},
    "from the claim": {f"step_{step}_start": "claimed" for step in (3, 4, 5)},
    "from the work": {f"step_{step}_start": "begun" for step in (3, 4, 5)},
    "for each person": {f"step_{step}_basis": "person" for step in (3, 4, 5)},
    "from a complete file": {"step1_start": "complete"},
    "until the signature": {"step1_end": "signed"},
    "until the queue": {"step4_end": "queued"},
    "everything": {
        "step_1_unit": "calendar_days",
        "step1_start": "complete",
        "step1_end": "signed",
        "step4_end": "queued",
        "step_3_start": "claimed",
        "step_3_basis": "person",
        "step_4_start": "begun",
        "step_4_unit": "clock_minutes",
        "step_5_basis": "person",
    },
}


@pytest.fixture
def year(office_people: OfficePeople) -> tuple[list[Fact], Wall]:
    wall = Wall()
    facts = replay_year.invented(seed=2026, cases=38)
    replay_year.put_on_record(facts, office_people.drafter, wall)
    return facts, wall


def content_with(choices: dict[str, Any]) -> dict[str, Any]:
    return with_choices(Reading.objects.get().content, **choices)


def recomputed(
    facts: list[Fact], wall: Wall, content: dict[str, Any]
) -> tuple[dict[int, tuple[int, int, int, int]], set[tuple[str, int, bool]]]:
    """For each step: judged, late, would be late, not judged; and what changes."""
    counts: dict[int, Counter[str]] = {}
    changed = set()
    present = Reading.objects.get().content
    for fact in facts:
        told = counts.setdefault(fact.step, Counter())
        would_be = replay_year.verdict(wall, fact, content)
        if would_be is None:
            told["unjudged"] += 1
            continue
        was = replay_year.verdict(wall, fact, present)
        told["judged"] += 1
        told["late"] += bool(was)
        told["would_be"] += would_be
        if was != would_be:
            changed.add((fact.number, fact.step, would_be))
    found = {
        step: (told["judged"], told["late"], told["would_be"], told["unjudged"])
        for step, told in counts.items()
    }
    return found, changed


@pytest.mark.parametrize("reading", OTHERWISE)
def test_a_year_replayed_is_the_year_recomputed_minute_by_minute(
    year: tuple[list[Fact], Wall], reading: str
) -> None:
    facts, wall = year
    assert StepRun.objects.count() == 152
    content = content_with(OTHERWISE[reading])

    found = replay.replay(content, Reading.objects.get().revision, since=SINCE, until=UNTIL)

    steps = {
        step.number: (step.judged, step.late, step.would_be_late, step.unjudged.total())
        for step in found.steps
    }
    changed = {(one.number, one.step, one.would_be_late) for one in found.changed}
    assert (steps, changed) == recomputed(facts, wall, content)


def test_the_made_up_year_has_something_of_everything(year: tuple[list[Fact], Wall]) -> None:
    facts, wall = year

    changes = {
        name: len(recomputed(facts, wall, content_with(choices))[1])
        for name, choices in OTHERWISE.items()
    }
    assert [name for name, count in changes.items() if not count] == [
        "as it is",
        "until the signature",
    ]
    assert {bool(fact.pauses) for fact in facts} == {True, False}


def test_what_the_record_does_not_tell_is_said_and_not_guessed(
    year: tuple[list[Fact], Wall],
) -> None:
    facts, _wall = year
    content = content_with(
        {"step1_start": "complete", "step_3_start": "claimed", "step_4_start": "begun"}
    )

    found = replay.replay(content, Reading.objects.get().revision, since=SINCE, until=UNTIL)

    def missing(step: int, name: str) -> int:
        return sum(fact.step == step and getattr(fact, name) is None for fact in facts)

    assert [dict(step.unjudged) for step in found.steps] == [
        {"waktu berkas lengkap tidak tercatat": missing(1, "complete")},
        {"waktu pengambilan tugas tidak tercatat": missing(3, "claimed")},
        {"waktu mulai dikerjakan tidak tercatat": missing(4, "opened")},
        {},
    ]
    assert [step.finished for step in found.steps] == [38, 38, 38, 38]


def test_an_sk_signed_outside_is_not_judged_by_a_signature_nobody_recorded(
    year: tuple[list[Fact], Wall],
) -> None:
    facts, _wall = year

    found = replay.replay(
        content_with({"step1_end": "signed"}),
        Reading.objects.get().revision,
        since=SINCE,
        until=UNTIL,
    )

    outside = sum(fact.step == 1 and fact.external for fact in facts)
    assert dict(found.steps[0].unjudged) == {"waktu tanda tangan tidak tercatat": outside}


def test_real_cases_replayed_under_their_own_reading_do_not_change(
    office_people: OfficePeople, quick_papers: None
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.claimed(office_people)
    with clock.moved_to(MONDAY + dt.timedelta(minutes=50)):
        workflow.return_to_head(case, actor=office_people.admin1, reason="Formulir keliru")
    with clock.moved_to(MONDAY + dt.timedelta(hours=4)):
        workflow.order_accounts(case, actor=office_people.kepala)
        cases.render_papers(case)
        for account in cases.accounts(case):
            cases.record_created(account, office_people.admin1)
    with clock.moved_to(MONDAY + dt.timedelta(hours=4, minutes=11)):
        workflow.record_accounts(case, actor=office_people.admin1, answers=cases.all_met(case))
    run = case.step_runs.get(step__number=3)
    assert run.late_seconds == 60
    reading = Reading.objects.get()

    with clock.moved_to(MONDAY + dt.timedelta(days=1)):
        same = replay.replay(reading.content, reading.revision)
        other = replay.replay(content_with({"step_3_basis": "person"}), reading.revision)

    assert same.changed == []
    assert [(step.number, step.judged, step.late) for step in same.steps] == [
        (1, 1, 0),
        (3, 1, 1),
        (4, 0, 0),
        (5, 0, 0),
    ]
    assert [(one.number, one.step, replay.said(one)) for one in other.changed] == [
        (case.number, 3, "terlambat menjadi tepat waktu")
    ]


def test_a_run_on_record_by_its_signature_is_judged_by_it_and_by_its_entry(
    year: tuple[list[Fact], Wall],
) -> None:
    reading = Reading.objects.get()
    run = StepRun.objects.filter(step__number=1, request__signing_method="ink")[0]
    signed = StepRun(
        **{
            field.attname: getattr(run, field.attname)
            for field in StepRun._meta.concrete_fields
            if field.attname not in {"id", "attempt", "measured_until"}
        },
        attempt=2,
        measured_until=run.offered_at,
    )
    signed.save()
    since = signed.finished_at
    assert since is not None
    until = since + dt.timedelta(minutes=1)

    by_signature, by_entry = (
        replay.replay(content, reading.revision, since=since, until=until).steps[0]
        for content in (content_with({"step1_end": "signed"}), reading.content)
    )

    assert (by_signature.judged, by_signature.would_be_late) == (1, 0)
    assert (by_entry.judged, by_entry.would_be_late) == (2, 2 * bool(run.late_seconds))


def test_only_the_period_is_replayed(year: tuple[list[Fact], Wall]) -> None:
    facts, _wall = year
    since = dt.datetime(2026, 1, 1, tzinfo=replay_year.WITA)
    until = dt.datetime(2026, 4, 1, tzinfo=replay_year.WITA)

    found = replay.replay(
        content_with({}), Reading.objects.get().revision, since=since, until=until
    )

    inside = sum(since <= fact.finished < until for fact in facts)
    assert sum(step.finished for step in found.steps) == inside
    assert inside > 10


def test_beyond_the_calendar_nothing_is_judged(
    year: tuple[list[Fact], Wall],
) -> None:
    last = timers.working_time().last_date
    late = dt.datetime.combine(last, dt.time(10), replay_year.WITA)
    fact = Fact(
        number="P-2026-9999",
        step=3,
        people=1,
        offered=late,
        finished=late + dt.timedelta(days=2),
        claimed=late,
        opened=late,
    )
    case = replay_year.case_of(
        fact, Reading.objects.get().requests.all()[0].created_by, Reading.objects.get()
    )
    row = StepRun.objects.filter(step__number=3)[0]
    row.pk, row.request, row.attempt = None, case, 1
    row.offered_at = row.started_at = fact.offered
    row.finished_at = fact.finished
    row._state.adding = True
    row.save(force_insert=True)

    found = replay.replay(
        content_with({"step_3_basis": "person"}),
        Reading.objects.get().revision,
        since=late,
        until=late + dt.timedelta(days=3),
    )

    assert [dict(step.unjudged) for step in found.steps] == [
        {},
        {"di luar kalender kerja": 1},
        {},
        {},
    ]


@pytest.mark.parametrize("count", [1, 12])
def test_the_number_of_queries_does_not_grow(office_people: OfficePeople, count: int) -> None:
    facts = replay_year.invented(seed=7, cases=count)
    replay_year.put_on_record(facts, office_people.drafter, Wall())
    reading = Reading.objects.select_related("revision").get()
    timers.working_time()

    with queries() as counted:
        replay.replay(reading.content, reading.revision, since=SINCE, until=UNTIL)

    assert len(counted) == 4
