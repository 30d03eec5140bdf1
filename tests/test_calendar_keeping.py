"""A change of the calendar is seen before it is made, and made as a whole; history stays."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts_requests import (
    audit_many,
    calendar_clock,
    calendar_content,
    calendar_keeping,
    clock,
    deadline_moves,
    office_days,
    seeding,
    timers,
    verifying,
    words,
    workflow,
)
from accounts_requests.audit_many import Told
from accounts_requests.calendar_proposals import Proposal
from accounts_requests.exceptions import AlreadyDone, InvalidInput, NotPermitted
from accounts_requests.limit_terms import LimitStart
from accounts_requests.models import (
    AccountRequest,
    AuditEntry,
    CalendarVersion,
    DeadlineVersion,
    Deviation,
    Holiday,
    HoursTable,
    Office,
    SopRevision,
    StepRun,
)
from accounts_requests.office_days import OfficeCalendar, days_from
from accounts_requests.states import Act, SigningMethod
from accounts_requests.words import ZONE
from accounts_requests.working_time import WorkingTime

from . import calendars, cases
from .calendars import adopted, day_off, days_off
from .cases import MONDAY, OfficePeople
from .query_counts import queries
from .reading_cases import read_otherwise

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

TUESDAY = dt.date(2026, 7, 7)
THURSDAY_EVENING = dt.datetime(2026, 7, 9, 16, tzinfo=ZONE)
FRIDAY_NOON = dt.datetime(2026, 7, 10, 11, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def on_a_monday() -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield


def running(case: AccountRequest) -> StepRun:
    """The run of the case that counts now."""
    return StepRun.objects.get(request=case, finished_at=None, paused_at=None)


def everything() -> dict[str, list[dict[str, object]]]:
    """Every row of the application."""
    models = apps.get_app_config("accounts_requests").get_models()
    return {
        model.__name__: list(model._default_manager.order_by("pk").values()) for model in models
    }


def refused(proposal: Proposal, staff: OfficePeople) -> list[str]:
    """Why it cannot be applied: the preview says the same, and nothing is written."""
    before = everything()
    with pytest.raises(InvalidInput) as caught:
        adopted(proposal, staff.keeper)
    assert calendar_keeping.preview(proposal).refusals == caught.value.errors[""]
    assert everything() == before
    return caught.value.errors[""]


# -- the calendar as data -------------------------------------------------------------------------


def test_the_calendar_survives_being_kept(seeded: None) -> None:
    calendar = calendar_content.in_use()

    kept = calendar_content.from_json(calendar_content.as_json(calendar))

    assert kept == calendar
    assert calendar_content.version_of(kept) == timers.calendar_version()


def test_a_calendar_bears_the_name_that_runs_of_the_first_release_carry() -> None:
    calendar = OfficeCalendar(
        tables=(calendars.table(dt.date(2026, 1, 1), dt.date(2026, 12, 31)),),
        holidays=(day_off(TUESDAY),),
    )

    assert calendar_content.version_of(calendar) == "02ea96657789"
    assert calendar_content.version_of(replace(calendar, holidays=())) != "02ea96657789"


def test_the_order_of_the_rows_does_not_matter() -> None:
    tables = [
        calendars.table(dt.date(2026, 1, 1), dt.date(2026, 6, 30)),
        calendars.table(dt.date(2026, 7, 1), dt.date(2026, 12, 31)),
    ]
    days = [day_off(TUESDAY), day_off(TUESDAY + dt.timedelta(days=1))]

    assert calendar_content.canonical(tables[::-1], days[::-1]) == OfficeCalendar(
        tuple(tables), tuple(days)
    )


def test_a_new_installation_has_its_first_version_with_a_reason(seeded: None) -> None:
    first = CalendarVersion.objects.get()

    assert (first.number, first.version, first.reason, first.adopted_by, first.moved) == (
        1,
        timers.calendar_version(),
        "Kalender awal aplikasi",
        None,
        0,
    )
    seeding.seed()
    assert CalendarVersion.objects.count() == 1


@pytest.mark.usefixtures("without_guard_rails")
def test_an_installation_older_than_the_versions_keeps_its_calendar_before_it_changes(
    office_people: OfficePeople,
) -> None:
    CalendarVersion.objects.all().delete()
    before = timers.calendar_version()

    adopted(days_off(TUESDAY), office_people.keeper)

    assert list(CalendarVersion.objects.order_by("number").values_list("number", "reason")) == [
        (1, "Kalender yang sudah dipakai sebelum versinya dicatat"),
        (2, "Keputusan bersama contoh"),
    ]
    assert timers.working_time(before).day(TUESDAY).spans == (calendars.OPEN,)


def test_a_former_calendar_still_explains_what_it_measured(office_people: OfficePeople) -> None:
    before = timers.calendar_version()
    adopted(days_off(TUESDAY), office_people.keeper)
    calendar_clock._ready.clear()  # another process has never seen either of them

    assert timers.working_time(before).day(TUESDAY).reason == "Jam kerja normal"
    assert timers.working_time().day(TUESDAY).reason == "Cuti bersama contoh"


def test_a_calendar_that_was_never_kept_is_not_made_up(seeded: None) -> None:
    with pytest.raises(timers.UnknownCalendar, match="calendar 000000000000 was not kept"):
        timers.working_time("000000000000")


def test_few_calendars_are_kept_ready_and_the_one_in_use_among_them(
    office_people: OfficePeople,
) -> None:
    calendar_clock._ready.clear()
    for offset in range(10):
        adopted(days_off(TUESDAY + dt.timedelta(days=offset)), office_people.keeper)
        timers.working_time()

    assert len(calendar_clock._ready) == 8
    assert timers.calendar_version() in calendar_clock._ready
    with queries() as asked:
        timers.working_time()
    assert len(asked) == 1


# -- what would happen ----------------------------------------------------------------------------


def test_a_preview_tells_each_deadline_from_and_to_and_writes_nothing(
    office_people: OfficePeople,
) -> None:
    late = cases.draft(office_people, people=0, received_at=MONDAY - dt.timedelta(days=7))
    plain = cases.draft(office_people, people=0)
    before = everything()

    seen = calendar_keeping.preview(days_off(TUESDAY))

    assert seen.refusals == []
    assert [change.sentence for change in seen.changes] == [
        (
            "Hari libur 7 Juli 2026 (Cuti bersama contoh) ditambahkan: cuti bersama; dasar hukum "
            "SKB 3 Menteri contoh; dipastikan."
        )
    ]
    assert [
        (move.run.request, move.former.due_at, move.deadline.due_at, move.is_overdue(MONDAY))
        for move in seen.foresight.shifts
    ] == [(plain, THURSDAY_EVENING, FRIDAY_NOON, False)]
    assert running(late).is_overdue(MONDAY)
    assert everything() == before


def test_a_preview_says_what_would_no_longer_be_late_and_what_would_become_so(
    office_people: OfficePeople,
) -> None:
    # Received on Wednesday, due on Monday 16.00; a holiday last Thursday gives until Tuesday.
    cases.draft(office_people, people=0, received_at=MONDAY - dt.timedelta(days=5))
    thursday = dt.date(2026, 7, 2)
    with clock.moved_to(dt.datetime(2026, 7, 7, 8, tzinfo=ZONE)):
        now = clock.now()
        (move,) = calendar_keeping.preview(days_off(thursday)).foresight.shifts
        assert (move.was_overdue(now), move.is_overdue(now)) == (True, False)
        adopted(days_off(thursday), office_people.keeper)
        (move,) = calendar_keeping.preview(Proposal({thursday: None})).foresight.shifts
        assert (move.was_overdue(now), move.is_overdue(now)) == (False, True)


def test_a_preview_costs_no_more_with_more_open_cases(office_people: OfficePeople) -> None:
    cases.draft(office_people, people=0)
    with queries() as one:
        calendar_keeping.preview(days_off(TUESDAY))
    for _ in range(4):
        cases.draft(office_people, people=0)
    with queries() as five:
        calendar_keeping.preview(days_off(TUESDAY))

    assert (len(one), len(five)) == (7, 7)


# -- what happens ---------------------------------------------------------------------------------


def test_a_change_moves_the_open_deadlines_and_each_case_tells_why(
    office_people: OfficePeople,
) -> None:
    case = cases.draft(office_people, people=0)
    before = timers.calendar_version()

    version = adopted(days_off(TUESDAY), office_people.keeper)

    run = running(case)
    assert (run.due_at, run.calendar_version) == (FRIDAY_NOON, version.version)
    kept = DeadlineVersion.objects.get(step_run=run)
    assert (kept.number, kept.cause, kept.former_due_at, kept.due_at, kept.reason, kept.by) == (
        1,
        DeadlineVersion.Cause.CALENDAR,
        THURSDAY_EVENING,
        FRIDAY_NOON,
        "Keputusan bersama contoh",
        office_people.keeper,
    )
    entry = AuditEntry.objects.get(act=Act.MOVE_DEADLINE)
    assert (entry.request, entry.actor, entry.actor_role, entry.object_label) == (
        case,
        office_people.keeper,
        "Pengelola Aplikasi",
        "Langkah 1",
    )
    assert entry.summary == (
        "Tenggat langkah 1 bergeser dari Kamis, 9 Juli 2026, 16.00 WITA menjadi Jumat, "
        "10 Juli 2026, 11.00 WITA karena kalender kerja versi 2. Alasan: Keputusan bersama contoh"
    )
    adoption = AuditEntry.objects.latest("sequence")
    assert (adoption.act, adoption.request, adoption.object_label) == (
        Act.ADOPT_CALENDAR,
        None,
        "kalender kerja versi 2",
    )
    assert adoption.summary == (
        "Kalender kerja versi 2 diberlakukan: Hari libur 7 Juli 2026 (Cuti bersama contoh) "
        "ditambahkan. 1 tenggat bergeser. Alasan: Keputusan bersama contoh"
    )
    assert (adoption.changes["former_version"], adoption.changes["version"]) == (
        before,
        version.version,
    )
    assert (version.number, version.moved, version.adopted_by) == (2, 1, office_people.keeper)
    assert Office.current().calendar_version == timers.calendar_version() == version.version
    assert verifying.verify().breaks == []


def test_the_case_goes_on_after_its_deadline_was_moved(office_people: OfficePeople) -> None:
    case = cases.draft(office_people)
    adopted(days_off(TUESDAY), office_people.keeper)

    workflow.submit_for_initials(
        case, actor=office_people.drafter, signing_method=SigningMethod.IN_APP
    )

    assert verifying.verify().breaks == []
    assert not AuditEntry.objects.filter(changes__has_key="changed_outside").exists()


def test_a_run_that_was_changed_behind_the_application_is_not_sealed_in_silence(
    office_people: OfficePeople,
) -> None:
    honest = cases.draft(office_people, people=0)
    case = cases.draft(office_people, people=0)
    StepRun.objects.filter(request=case).update(due_at=THURSDAY_EVENING + dt.timedelta(days=30))

    adopted(days_off(TUESDAY), office_people.keeper)

    told = AuditEntry.objects.filter(act=Act.MOVE_DEADLINE)
    assert "changed_outside" not in told.get(request=honest).changes
    assert told.get(request=case).changes["changed_outside"] == [
        f"step_run_open:{running(case).pk}"
    ]
    assert len(verifying.verify().breaks) == 1


def test_finished_and_paused_runs_stay_as_they_are(office_people: OfficePeople) -> None:
    case = cases.claimed(office_people)
    workflow.return_to_head(case, actor=office_people.admin1, reason="NIP pada SK keliru")
    closed = StepRun.objects.filter(request=case).exclude(
        pk=running(case).pk  # step 2 runs again, without a limit
    )
    before = list(closed.order_by("pk").values())
    assert {bool(row["finished_at"]) for row in before} == {True, False}

    adopted(days_off(TUESDAY), office_people.keeper)

    assert list(closed.order_by("pk").values()) == before
    assert not DeadlineVersion.objects.exists()


def test_a_paused_run_counts_again_by_the_new_calendar(office_people: OfficePeople) -> None:
    case = cases.claimed(office_people)
    workflow.return_to_head(case, actor=office_people.admin1, reason="NIP pada SK keliru")
    version = adopted(days_off(TUESDAY), office_people.keeper)

    with clock.moved_to(dt.datetime(2026, 7, 6, 15, 30, tzinfo=ZONE)):
        workflow.order_accounts(case, actor=office_people.kepala, order_number="094/2/B.PBJ")

    run = running(case)
    assert run.due_at == dt.datetime(2026, 7, 8, 8, tzinfo=ZONE)
    assert run.calendar_version == version.version


def test_what_finishes_is_measured_and_explained_by_the_calendar_in_use(
    office_people: OfficePeople,
) -> None:
    case = cases.issued(office_people)
    version = adopted(days_off(dt.date(2026, 12, 1)), office_people.keeper)
    run = running(case)
    assert run.calendar_version != version.version  # nothing moved: the run was left alone

    workflow.order_accounts(case, actor=office_people.kepala, order_number="094/1/B.PBJ")

    run = StepRun.objects.get(pk=run.pk)
    assert (run.finished_at, run.calendar_version) == (MONDAY, version.version)


def test_a_breach_on_record_stays_on_record(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY - dt.timedelta(days=7)):
        case = cases.submitted(office_people)
    with clock.moved_to(dt.datetime(2026, 7, 3, 8, tzinfo=ZONE)):
        workflow.issue_decree(
            case,
            actor=office_people.kepala,
            number="000.3/9/B.PBJ-II/2026",
            date=clock.today(),
            password=cases.PASSWORD,
        )
    before = list(Deviation.objects.values())
    assert [row["aspect"] for row in before] == ["waktu"]

    adopted(days_off(dt.date(2026, 6, 30)), office_people.keeper)  # it would have been in time

    assert list(Deviation.objects.values()) == before


def test_confirming_an_estimate_takes_the_mark_off_the_deadlines_that_rest_on_it(
    office_people: OfficePeople,
) -> None:
    estimate = day_off(TUESDAY, confirmed=False)
    adopted(Proposal({TUESDAY: estimate}), office_people.keeper)
    case = cases.draft(office_people, people=0)
    assert running(case).due_is_estimate

    proposal = Proposal({TUESDAY: replace(estimate, confirmed=True)})
    assert calendar_keeping.preview(proposal).foresight.shifts == []
    version = adopted(proposal, office_people.keeper)

    run = running(case)
    assert (run.due_at, run.due_is_estimate, version.moved) == (FRIDAY_NOON, False, 0)
    assert AuditEntry.objects.get(act=Act.MOVE_DEADLINE).summary == (
        "Tenggat langkah 1 tetap Jumat, 10 Juli 2026, 11.00 WITA dan kini tidak lagi perkiraan "
        "karena kalender kerja versi 3. Alasan: Keputusan bersama contoh"
    )


def test_a_limit_that_waits_to_be_shown_begins_later_too(office_people: OfficePeople) -> None:
    evening = dt.datetime(2026, 7, 6, 15, 30, tzinfo=ZONE)
    with clock.moved_to(evening):
        case = cases.emailed(office_people)
        run = running(case)
        assert (run.started_at, run.latest_start_at) == (None, evening + dt.timedelta(hours=16.5))

        adopted(days_off(TUESDAY), office_people.keeper)

    run = running(case)
    assert run.latest_start_at == dt.datetime(2026, 7, 8, 8, tzinfo=ZONE)
    assert run.due_at == dt.datetime(2026, 7, 8, 8, 10, tzinfo=ZONE)


def test_a_limit_that_has_not_begun_has_no_deadline_to_move(office_people: OfficePeople) -> None:
    read_otherwise(step_3_start=LimitStart.CLAIMED)
    case = cases.issued(office_people)
    workflow.order_accounts(case, actor=office_people.kepala, order_number="094/1/B.PBJ")

    adopted(days_off(TUESDAY), office_people.keeper)
    assert running(case).due_at is None

    with clock.moved_to(dt.datetime(2026, 7, 6, 15, 30, tzinfo=ZONE)):
        workflow.claim(case, actor=office_people.admin1)
    assert running(case).due_at == dt.datetime(2026, 7, 8, 8, tzinfo=ZONE)


def test_changed_hours_move_what_is_counted_in_minutes(office_people: OfficePeople) -> None:
    with clock.moved_to(dt.datetime(2026, 7, 6, 15, 30, tzinfo=ZONE)):
        case = cases.claimed(office_people)
        assert running(case).due_at == dt.datetime(2026, 7, 7, 8, tzinfo=ZONE)
        shorter = replace(
            ordinary_table(),
            week=(((dt.time(9), dt.time(12)), (dt.time(13), dt.time(16))),) * 5 + ((), ()),
        )
        adopted(Proposal().with_table(shorter), office_people.keeper)

    assert running(case).due_at == dt.datetime(2026, 7, 7, 9, 30, tzinfo=ZONE)


def ordinary_table() -> office_days.HoursTable:
    """The table of ordinary hours that is valid on the Monday."""
    return next(
        table
        for table in calendar_content.in_use().tables
        if table.kind == "normal" and table.valid_from <= MONDAY.date() <= table.valid_until
    )


# -- what is refused ------------------------------------------------------------------------------


def test_hours_without_a_day_in_between_are_refused(office_people: OfficePeople) -> None:
    table = ordinary_table()
    shorter = replace(table, valid_until=dt.date(2026, 7, 31))
    later = calendars.table(dt.date(2026, 8, 3), table.valid_until)

    assert refused(Proposal().with_table(shorter).with_table(later), office_people) == [
        (
            "Kalender kerja belum memuat tabel jam kerja untuk 1 Agustus 2026. Setiap hari di "
            "antara tabel pertama dan tabel terakhir memerlukan jam kerja; sesuaikan tanggal "
            "berlakunya."
        )
    ]


def test_two_tables_of_one_kind_at_once_are_refused(office_people: OfficePeople) -> None:
    table = ordinary_table()
    proposal = Proposal().with_table(
        calendars.table(dt.date(2026, 8, 1), table.valid_until, name="Jam kerja baru")
    )

    assert refused(proposal, office_people) == [
        (
            f"Tabel “{table.name}” dan “Jam kerja baru” sama-sama berjenis biasa dan berlaku pada "
            "1 Agustus 2026. Akhiri salah satunya sebelum yang lain mulai."
        )
    ]


def test_hours_of_a_day_that_overlap_are_refused(office_people: OfficePeople) -> None:
    table = ordinary_table()
    twice = ((dt.time(7, 30), dt.time(16)), (dt.time(15), dt.time(17)))

    proposal = Proposal().with_table(replace(table, week=(twice, *table.week[1:])))

    assert refused(proposal, office_people) == [
        f"Jam buka hari Senin pada tabel “{table.name}” bertumpuk: 07.30–16.00 dan 15.00–17.00."
    ]


def test_a_table_that_ends_before_it_begins_is_refused(office_people: OfficePeople) -> None:
    table = ordinary_table()
    backwards = replace(table, valid_until=table.valid_from - dt.timedelta(days=1))

    assert refused(Proposal().with_table(backwards), office_people) == [
        f"Tabel “{table.name}” berakhir sebelum mulai. Periksa kedua tanggalnya."
    ]


def test_a_calendar_without_hours_is_refused(office_people: OfficePeople) -> None:
    tables = calendar_content.in_use().tables
    proposal = Proposal(tables={(table.kind, table.valid_from): None for table in tables})

    assert refused(proposal, office_people) == [
        "Kalender kerja memerlukan sedikitnya satu tabel jam kerja."
    ]


def test_today_and_the_running_steps_must_stay_on_the_calendar(
    office_people: OfficePeople,
) -> None:
    cases.draft(office_people, people=0)
    calendar = calendar_content.in_use()
    ordinary = ordinary_table()
    only = Proposal(
        tables={(table.kind, table.valid_from): None for table in calendar.tables}
    ).with_table(replace(ordinary, valid_until=dt.date(2026, 7, 7)))

    assert refused(only, office_people) == [
        "Kalender kerja tidak memuat 9 Juli 2026, tenggat terakhir yang masih berjalan."
    ]
    assert refused(
        only.with_table(replace(ordinary, valid_until=dt.date(2026, 7, 5))), office_people
    ) == [
        "Kalender kerja tidak memuat 6 Juli 2026, hari ini.",
        "Kalender kerja tidak memuat 6 Juli 2026, awal langkah tertua yang masih berjalan.",
        "Kalender kerja tidak memuat 9 Juli 2026, tenggat terakhir yang masih berjalan.",
    ]


def test_a_deadline_that_the_new_calendar_does_not_reach_is_named(
    office_people: OfficePeople,
) -> None:
    case = cases.draft(office_people, people=0)
    calendar = calendar_content.in_use()
    ends_there = (
        Proposal(tables={(table.kind, table.valid_from): None for table in calendar.tables})
        .with_table(replace(ordinary_table(), valid_until=dt.date(2026, 7, 9)))
        .with_holiday(day_off(TUESDAY))
    )

    assert refused(ends_there, office_people) == [
        (
            f"Langkah 1 permohonan {case.number}: Tenggat melewati akhir kalender kerja, yaitu "
            "9 Juli 2026."
        )
    ]


def test_a_proposal_that_changes_nothing_makes_no_version(office_people: OfficePeople) -> None:
    (holiday, *_) = calendar_content.in_use().holidays

    with pytest.raises(InvalidInput, match="tidak mengubah apa pun"):
        adopted(Proposal({holiday.date: holiday}), office_people.keeper)

    assert CalendarVersion.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "   SKB    ", "x" * 9])
def test_a_reason_that_says_nothing_is_refused(office_people: OfficePeople, reason: str) -> None:
    before = everything()

    with pytest.raises(InvalidInput) as caught:
        adopted(days_off(TUESDAY), office_people.keeper, reason)

    assert caught.value.errors == {
        "reason": ["Alasan wajib diisi, sedikitnya 10 karakter agar dapat dipahami."]
    }
    assert everything() == before


@pytest.mark.parametrize("who", ["kepala", "drafter", "admin1", "biro", "inspector", "nobody"])
def test_nobody_but_pengelola_aplikasi_changes_the_calendar(
    office_people: OfficePeople, who: str
) -> None:
    with pytest.raises(NotPermitted):
        adopted(days_off(TUESDAY), getattr(office_people, who))

    assert CalendarVersion.objects.count() == 1


def test_who_comes_second_is_told_who_was_first_and_overwrites_nothing(
    office_people: OfficePeople,
) -> None:
    seen = timers.calendar_version()
    adopted(days_off(TUESDAY), office_people.keeper)
    before = everything()

    with pytest.raises(AlreadyDone) as caught:
        calendar_keeping.apply(
            days_off(dt.date(2026, 7, 8)),
            reason="Keputusan bersama lain",
            actor=office_people.keeper,
            expected_version=seen,
        )

    assert str(caught.value) == (
        "Kalender kerja telah diubah oleh Pengelola Contoh pukul 10.00 WITA sejak pratinjau ini "
        "dibuat, sehingga belum ada yang diberlakukan. Rancangan dan alasan Anda tetap tersimpan. "
        "Pratinjau di bawah sudah dihitung terhadap kalender yang baru; periksa, lalu berlakukan "
        "kembali."
    )
    assert everything() == before


# -- there and back -------------------------------------------------------------------------------

JULY = st.dates(dt.date(2026, 6, 22), dt.date(2026, 7, 31))
CHANGES: st.SearchStrategy[Callable[[OfficeCalendar], Proposal]] = st.one_of(
    st.sets(JULY, min_size=1, max_size=8).map(lambda days: lambda _calendar: days_off(*days)),
    st.tuples(st.integers(7, 11), st.integers(12, 18)).map(
        lambda hours: (
            lambda calendar: Proposal().with_table(
                replace(
                    next(
                        table
                        for table in calendar.tables
                        if table.valid_from.year == 2025 and table.kind == "normal"
                    ),
                    week=(((dt.time(hours[0]), dt.time(hours[1])),),) * 6 + ((),),
                )
            )
        )
    ),
)


@settings(max_examples=15)
@given(changes=st.lists(CHANGES, min_size=1, max_size=3))
def _there_and_back(
    changes: list[Callable[[OfficeCalendar], Proposal]], staff: OfficePeople
) -> None:
    columns = ("pk", "due_at", "due_is_estimate", "calendar_version")
    runs = StepRun.objects.order_by("pk")
    before, start = list(runs.values_list(*columns)), CalendarVersion.objects.get()
    with transaction.atomic():
        for change in changes:
            proposal = change(calendar_content.in_use())
            if calendar_keeping.preview(proposal).changes:
                adopted(proposal, staff.keeper)
        moved = {row.pk for row in runs if row.calendar_version != start.version}
        assert moved == set(DeadlineVersion.objects.values_list("step_run", flat=True))
        back = calendar_keeping.back_to(start)
        if calendar_keeping.preview(back).changes:
            adopted(back, staff.keeper)
        after = list(runs.values_list(*columns))
        assert [row[:3] for row in after] == [row[:3] for row in before]
        assert Office.current().calendar_version == start.version
        last = {row.step_run_id: row for row in DeadlineVersion.objects.order_by("number")}
        assert {pk: (row.due_at, row.due_is_estimate) for pk, row in last.items()} == {
            row[0]: row[1:3] for row in before if row[0] in last
        }
        transaction.set_rollback(True)


def test_a_change_that_is_undone_gives_every_deadline_back_as_a_further_version(
    office_people: OfficePeople,
) -> None:
    for days in range(9):
        cases.draft(office_people, people=0, received_at=MONDAY - dt.timedelta(days=days))
    cases.claimed(office_people)

    _there_and_back(staff=office_people)


# -- five hundred cases ---------------------------------------------------------------------------


def many_open_cases(count: int, staff: OfficePeople) -> None:
    """Drafts received on the Monday, without the way there."""
    revision = SopRevision.objects.get()
    made = AccountRequest.objects.bulk_create(
        AccountRequest(
            number=f"P-2026-{1000 + number}",
            sop_revision=revision,
            created_by=staff.drafter,
            created_at=MONDAY,
            received_at=MONDAY,
            subject="Akun contoh",
            signing_method="in_app",
        )
        for number in range(count)
    )
    step = revision.steps.get(number=1)
    runs = StepRun.objects.bulk_create(
        StepRun(
            request=case,
            step=step,
            limit_amount=3,
            limit_unit=step.limit_unit,
            limit_start=step.limit_start,
            limit_basis=step.limit_basis,
            offered_at=MONDAY,
            started_at=MONDAY,
            due_at=THURSDAY_EVENING,
            calendar_version=timers.calendar_version(),
        )
        for case in made
    )
    audit_many.record_many(
        [
            Told(request=run.request, label="", summary="Dibuat.", changes={}, rows=[run])
            for run in runs
        ],
        act=Act.CREATE,
        actor=staff.drafter,
        at=MONDAY,
    )


def test_five_hundred_open_deadlines_move_in_a_bounded_number_of_queries(
    office_people: OfficePeople,
) -> None:
    many_open_cases(500, office_people)

    with queries() as asked:
        version = adopted(days_off(TUESDAY), office_people.keeper)

    assert version.moved == 500
    assert set(StepRun.objects.values_list("due_at", flat=True)) == {FRIDAY_NOON}
    assert DeadlineVersion.objects.count() == 500
    told = AuditEntry.objects.filter(act=Act.MOVE_DEADLINE)
    assert told.values("request").distinct().count() == 500
    assert verifying.verify().breaks == []
    # SQLite takes fewer values in one statement than PostgreSQL does.
    assert len(asked) == {"sqlite": 58, "postgresql": 39}[connection.vendor]


# -- what other acts use --------------------------------------------------------------------------


def test_a_run_that_began_at_another_time_keeps_both_deadlines(office_people: OfficePeople) -> None:
    case = cases.draft(office_people, people=0)
    earlier = MONDAY - dt.timedelta(days=3)

    kept = deadline_moves.restart(
        running(case),
        earlier,
        cause=DeadlineVersion.Cause.RECEIPT,
        reason="Surat diterima hari Jumat",
        at=clock.now(),
        by=office_people.drafter,
    )

    assert kept is not None
    wednesday = dt.datetime(2026, 7, 8, 16, tzinfo=ZONE)
    assert (kept.number, kept.former_due_at, kept.due_at) == (1, THURSDAY_EVENING, wednesday)
    run = running(case)
    assert (run.offered_at, run.started_at, run.due_at) == (earlier, earlier, wednesday)


def test_a_start_that_changes_no_deadline_makes_no_version(office_people: OfficePeople) -> None:
    case = cases.draft(office_people, people=0)

    kept = deadline_moves.restart(
        running(case),
        MONDAY + dt.timedelta(hours=1),
        cause=DeadlineVersion.Cause.RECEIPT,
        reason="Jam pada buku agenda",
        at=clock.now(),
        by=office_people.drafter,
    )

    assert kept is None
    assert running(case).started_at == MONDAY + dt.timedelta(hours=1)


# -- rows and arithmetic agree --------------------------------------------------------------------


def test_the_rows_say_what_the_version_says(office_people: OfficePeople) -> None:
    version = adopted(days_off(TUESDAY), office_people.keeper)

    calendar = calendar_content.from_json(version.content)
    assert calendar == calendar_content.in_use()
    assert calendar_content.version_of(calendar) == version.version
    first, last = calendar.tables[0].valid_from, dt.date(2027, 12, 31)
    days = days_from(calendar.tables, calendar.holidays, first, last)
    assert timers.working_time().days == WorkingTime(days, words.ZONE).days


def test_only_what_changes_is_written(office_people: OfficePeople) -> None:
    days = dict(Holiday.objects.values_list("date", "pk"))
    tables = dict(HoursTable.objects.values_list("valid_from", "pk"))

    adopted(days_off(TUESDAY), office_people.keeper)

    assert days.items() <= dict(Holiday.objects.values_list("date", "pk")).items()
    assert dict(HoursTable.objects.values_list("valid_from", "pk")) == tables


def test_what_a_version_changed_can_be_read_from_the_versions_alone(
    office_people: OfficePeople,
) -> None:
    version = adopted(days_off(TUESDAY), office_people.keeper)

    assert [change.what for change in calendar_keeping.changes_in(version)] == [
        "Hari libur 7 Juli 2026 (Cuti bersama contoh)"
    ]
    assert calendar_keeping.changes_in(CalendarVersion.objects.get(number=1)) == []


def test_a_corrected_receipt_is_a_version_of_the_deadline(office_people: OfficePeople) -> None:
    case = cases.draft(office_people, people=0)
    friday = MONDAY - dt.timedelta(days=3)

    workflow.edit_decree(case, actor=office_people.drafter, decree=cases.decree(received_at=friday))

    kept = DeadlineVersion.objects.get()
    assert (kept.step_run, kept.cause, kept.reason, kept.by) == (
        running(case),
        DeadlineVersion.Cause.RECEIPT,
        (
            "Waktu penerimaan berkas diperbaiki dari Senin, 6 Juli 2026, 10.00 WITA menjadi Jumat, "
            "3 Juli 2026, 10.00 WITA."
        ),
        office_people.drafter,
    )
    assert verifying.verify().breaks == []
