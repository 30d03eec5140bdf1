"""Why a deadline falls where it does: stretch by stretch, by the calendar that measured the run."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import calendar_clock, clock, deadline_basis, timers, workflow
from accounts_requests.deadline_basis import Basis
from accounts_requests.models import (
    AccountRequest,
    CalendarVersion,
    DeadlineVersion,
    Holiday,
    StepRun,
)

from . import cases
from .cases import OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]


def wita(day: int, hour: int, minute: int, month: int = 7) -> dt.datetime:
    """An instant of 2026 (6 July is a Monday; the office closes at 16.00, Fridays 11.00)."""
    return dt.datetime(2026, month, day, hour, minute, tzinfo=timers.ZONE).astimezone(dt.UTC)


def basis_of(case: AccountRequest, step: int, at: dt.datetime) -> Basis:
    run = StepRun.objects.prefetch_related("pauses").get(request=case, step__number=step)
    basis = deadline_basis.explain(run, at)
    assert basis is not None
    return basis


def lines(basis: Basis) -> list[tuple[str, str, str]]:
    """When, why, and what it adds."""
    return [(piece.when, piece.reason, piece.adds) for piece in basis.pieces]


def test_sixty_minutes_begun_on_friday_skip_the_weekend(office_people: OfficePeople) -> None:
    at = wita(10, 10, 30)
    with clock.moved_to(at):
        case = cases.ordered(office_people)
    basis = basis_of(case, 3, at)
    assert (basis.due, basis.total) == ("Senin, 13 Juli 2026, 08.00 WITA", "60 menit jam kerja")
    counted = [(when, adds) for when, _, adds in lines(basis) if adds]
    assert counted == [
        ("Jumat, 10 Juli 2026, 10.30–11.00", "30 menit"),
        ("Senin, 13 Juli 2026, 07.30–08.00", "30 menit"),
    ]
    skipped = {reason for _, reason, adds in lines(basis) if not adds}
    assert skipped == {"Di luar jam kerja", "Sabtu", "Minggu"}


def test_three_days_name_each_day_and_leave_out_the_day_of_receipt(
    office_people: OfficePeople,
) -> None:
    at = wita(8, 10, 0)  # a Wednesday
    with clock.moved_to(at):
        case = cases.draft(office_people)
    basis = basis_of(case, 1, at)
    assert basis.due == "Senin, 13 Juli 2026, 16.00 WITA"
    assert lines(basis) == [
        ("Rabu, 8 Juli 2026", "Hari penerimaan, tidak dihitung", ""),
        ("Kamis, 9 Juli 2026", basis.pieces[1].reason, "1 hari"),
        ("Jumat, 10 Juli 2026", basis.pieces[2].reason, "1 hari"),
        ("Sabtu, 11 Juli 2026", "Sabtu", ""),
        ("Minggu, 12 Juli 2026", "Minggu", ""),
        ("Senin, 13 Juli 2026", basis.pieces[5].reason, "1 hari"),
    ]


def test_a_holiday_in_between_is_named_with_its_legal_basis(office_people: OfficePeople) -> None:
    holiday = Holiday.objects.filter(date__year=2026, date__month=8).get(date__day=17)
    at = wita(14, 10, 0, month=8)  # the Friday before
    with clock.moved_to(at):
        case = cases.draft(office_people)
    piece = next(
        piece for piece in basis_of(case, 1, at).pieces if piece.when == "Senin, 17 Agustus 2026"
    )
    assert (piece.reason, piece.legal_basis, piece.adds) == (
        holiday.name,
        holiday.legal_basis,
        "",
    )


def test_a_return_stands_between_the_stretches(office_people: OfficePeople) -> None:
    with clock.moved_to(wita(6, 10, 0)):
        case = cases.claimed(office_people)
    with clock.moved_to(wita(6, 10, 40)):
        workflow.return_to_head(case, actor=office_people.admin1, reason="NIP salah ketik")
    with clock.moved_to(wita(6, 11, 0)):
        workflow.order_accounts(
            cases.fresh(case), actor=office_people.kepala, order_number="094/2/B.PBJ-II/2026"
        )
    basis = basis_of(case, 3, wita(6, 11, 0))
    assert [(when, adds) for when, _, adds in lines(basis)] == [
        ("Senin, 6 Juli 2026, 10.00–10.40", "40 menit"),
        ("Senin, 6 Juli 2026, 10.40 WITA – Senin, 6 Juli 2026, 11.00 WITA", ""),
        ("Senin, 6 Juli 2026, 11.00–11.20", "20 menit"),
    ]
    assert basis.pieces[1].reason == "Dijeda karena dikembalikan: NIP salah ketik"


def test_the_sop_the_reading_and_the_calendar_are_named(office_people: OfficePeople) -> None:
    at = wita(6, 10, 0)
    with clock.moved_to(at):
        case = cases.ordered(office_people)
    calendar = CalendarVersion.objects.get()
    assert calendar.version == timers.calendar_version()
    assert basis_of(case, 3, at).sources[0] == "SOP 000-310624/BPLPSE/B.PBJ rev. 1"
    assert [source.partition(",")[0] for source in basis_of(case, 3, at).sources[1:]] == [
        "Lembar Penafsiran 1",
        "Kalender versi 1",
    ]
    assert basis_of(case, 3, at).sources[1].endswith("belum disahkan oleh pengesah")


def test_a_finished_run_is_explained_by_the_calendar_that_measured_it(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(wita(6, 15, 50)):
        case = cases.recorded(office_people)
    before = basis_of(case, 3, wita(6, 15, 50))
    # A day off is decreed afterwards, in the middle of what was counted.
    Holiday.objects.create(
        date=dt.date(2026, 7, 7), name="Cuti bersama", kind="cuti bersama", confirmed=True
    )
    calendar_clock.adopt_calendar()
    after = basis_of(case, 3, wita(20, 10, 0))
    assert lines(after) == lines(before)
    assert after.problem == ""


def test_a_calendar_that_was_never_kept_is_a_sentence_and_no_guess(
    office_people: OfficePeople,
) -> None:
    at = wita(6, 10, 0)
    with clock.moved_to(at):
        case = cases.ordered(office_people)
    run = StepRun.objects.get(request=case, step__number=3)
    run.calendar_version = "tidak-ada"
    basis = deadline_basis.explain(run, at)
    assert basis is not None
    assert (basis.pieces, basis.problem) == (
        [],
        (
            "Kalender yang dipakai saat tenggat ini dihitung tidak tersimpan, sehingga uraiannya "
            "tidak dapat ditampilkan. Tenggatnya sendiri tidak berubah."
        ),
    )


def test_a_moved_deadline_tells_from_what_to_what_and_why(
    client: Client, office_people: OfficePeople
) -> None:
    at = wita(6, 10, 0)
    with clock.moved_to(at):
        case = cases.draft(office_people)
    run = StepRun.objects.get(request=case)
    DeadlineVersion.objects.create(
        step_run=run,
        number=1,
        cause=DeadlineVersion.Cause.CALENDAR,
        former_due_at=wita(8, 16, 0),
        due_at=run.due_at,
        calendar_version=run.calendar_version,
        reason="Cuti bersama ditetapkan",
        at=at,
        by=office_people.keeper,
    )
    said = (
        "Senin, 6 Juli 2026, 10.00 WITA: Rabu, 8 Juli 2026, 16.00 WITA menjadi Kamis, 9 Juli 2026, "
        "16.00 WITA. Perubahan kalender kerja oleh Pengelola Contoh: Cuti bersama ditetapkan"
    )
    assert basis_of(case, 1, at).moved == [said]
    client.force_login(office_people.kepala)
    with clock.moved_to(at):
        page = client.get(reverse("request_basis", args=[case.number, 1])).content.decode()
    assert said in page


def test_a_deadline_on_an_estimate_names_the_day_that_is_not_confirmed(
    office_people: OfficePeople,
) -> None:
    Holiday.objects.create(
        date=dt.date(2026, 7, 8),
        name="Cuti bersama (perkiraan)",
        kind="cuti bersama",
        confirmed=False,
    )
    calendar_clock.adopt_calendar()
    at = wita(6, 10, 0)
    with clock.moved_to(at):
        case = cases.draft(office_people)
    basis = basis_of(case, 1, at)
    assert (basis.is_estimate, basis.unconfirmed) == (
        True,
        ["Rabu, 8 Juli 2026 (Cuti bersama (perkiraan))"],
    )


def test_a_finished_run_tells_what_was_used(office_people: OfficePeople) -> None:
    with clock.moved_to(wita(6, 10, 0)):
        case = cases.claimed(office_people)
    with clock.moved_to(wita(6, 11, 5)):
        for account in cases.accounts(case):
            cases.record_created(account, office_people.admin1)
        workflow.record_accounts(case, actor=office_people.admin1, answers=cases.all_met(case))
    assert basis_of(case, 3, wita(6, 12, 0)).used == (
        "Selesai Senin, 6 Juli 2026, 11.05 WITA; terhitung 1 jam 5 menit pada jam kerja, "
        "terlambat 5 menit."
    )
