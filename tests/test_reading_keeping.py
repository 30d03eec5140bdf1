"""A Lembar Penafsiran from draft to force: who may, when, and that each act is on record."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts_requests import clock, reading_keeping, verifying, workflow
from accounts_requests.exceptions import AlreadyDone, InvalidInput, NotAllowedNow, NotPermitted
from accounts_requests.models import Appointment, AuditEntry, Reading, User
from accounts_requests.roles import Role
from accounts_requests.states import Act

from . import cases
from .cases import MONDAY, OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

TODAY = dt.date(2026, 7, 6)
REASON = "Hari kalender sesuai arahan pimpinan"


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield


def drafted(staff: OfficePeople, **choices: Any) -> Reading:
    """A draft by the keeper with these choices (calendar days, unless others are given)."""
    draft = reading_keeping.begin_draft(actor=staff.keeper)
    return reading_keeping.edit_draft(
        draft,
        actor=staff.keeper,
        choices=choices or {"step_1_unit": "calendar_days"},
        reason=REASON,
        seen=reading_keeping.mark_of(draft),
    )


def approved(staff: OfficePeople, on: dt.date = TODAY, **choices: Any) -> Reading:
    draft = drafted(staff, **choices)
    return reading_keeping.approve(
        draft, actor=staff.biro, in_force_from=on, seen=reading_keeping.mark_of(draft)
    )


def entries(*acts: Act) -> list[tuple[str, str, str, str]]:
    """Act, role, object and summary of the trail's entries about readings."""
    rows = AuditEntry.objects.filter(act__in=acts).order_by("sequence")
    return [(row.act, row.actor_role, row.object_label, row.summary) for row in rows]


def test_from_draft_to_force_and_the_trail_tells_it(office_people: OfficePeople) -> None:
    first = Reading.objects.get()
    reading = approved(office_people)

    assert (reading.number, reading.state, reading.in_force_from) == (2, "approved", TODAY)
    assert (reading.drafted_by, reading.approved_by) == (office_people.keeper, office_people.biro)
    assert reading_keeping.in_force() == reading
    assert reading_keeping.in_force(TODAY - dt.timedelta(days=1)) == first
    assert reading_keeping.draft_in_hand() is None
    assert entries(Act.DRAFT_READING, Act.APPROVE_READING) == [
        (
            "draft_reading",
            "Pengelola Aplikasi",
            "Lembar Penafsiran 2",
            "Lembar Penafsiran 2 disusun dari Lembar Penafsiran 1.",
        ),
        (
            "draft_reading",
            "Pengelola Aplikasi",
            "Lembar Penafsiran 2",
            "Konsep Lembar Penafsiran 2 disimpan.",
        ),
        (
            "approve_reading",
            "Kepala Biro",
            "Lembar Penafsiran 2",
            (
                "Lembar Penafsiran 2 disahkan, berlaku sejak 6 Juli 2026. "
                "Alasan: Hari kalender sesuai arahan pimpinan"
            ),
        ),
    ]
    assert AuditEntry.objects.get(act=Act.APPROVE_READING).changes["parts"] == [
        "Langkah 1, satuan: hari kerja menjadi hari kalender"
    ]
    assert verifying.verify().breaks == []


def test_a_running_case_keeps_its_sheet_and_a_new_one_takes_the_new(
    office_people: OfficePeople,
) -> None:
    old = cases.draft(office_people)
    approved(office_people)
    new = cases.draft(office_people)

    assert [str(case.reading) for case in (cases.fresh(old), new)] == [
        "Lembar Penafsiran 1",
        "Lembar Penafsiran 2",
    ]
    assert old.step_runs.get().due_at == dt.datetime(2026, 7, 9, 8, tzinfo=dt.UTC)
    assert new.step_runs.get().due_at == dt.datetime(2026, 7, 9, 15, 59, 59, tzinfo=dt.UTC)


def test_a_running_case_is_read_by_its_own_sheet_in_its_later_steps_too(
    office_people: OfficePeople,
) -> None:
    old = cases.issued(office_people)
    approved(office_people, step_3_basis="person")
    new = cases.issued(office_people, number="000.3/2/B.PBJ-II/2026")
    for case in (old, new):
        workflow.order_accounts(case, actor=office_people.kepala)

    assert [case.step_runs.get(step__number=3).limit_amount for case in (old, new)] == [60, 120]


@pytest.mark.parametrize(
    "change",
    [
        {"content": {}},
        {"in_force_from": dt.date(2026, 1, 1)},
        {"reason": "Lain"},
        {"state": "draft"},
        {"number": 7},
    ],
)
def test_an_approved_sheet_never_changes_whoever_writes_to_the_database(
    office_people: OfficePeople, change: dict[str, Any]
) -> None:
    reading = approved(office_people)

    with pytest.raises(IntegrityError, match="Catatan dilindungi"), transaction.atomic():
        Reading.objects.filter(pk=reading.pk).update(**change)


def test_a_withdrawn_sheet_never_comes_back(office_people: OfficePeople) -> None:
    reading = approved(office_people, TODAY + dt.timedelta(days=1))
    reading_keeping.withdraw(reading, actor=office_people.biro, reason="Keliru disahkan")

    with pytest.raises(IntegrityError, match="yang sudah ditarik"), transaction.atomic():
        Reading.objects.filter(pk=reading.pk).update(state="approved", withdrawn_at=None)


def test_a_sheet_of_a_later_date_waits_for_it(office_people: OfficePeople) -> None:
    reading = approved(office_people, TODAY + dt.timedelta(days=7))

    assert str(reading_keeping.in_force()) == "Lembar Penafsiran 1"
    with clock.moved_to(MONDAY + dt.timedelta(days=7)):
        assert reading_keeping.in_force() == reading


def test_there_is_one_draft_and_whoever_begins_again_gets_it(office_people: OfficePeople) -> None:
    draft = drafted(office_people)

    assert reading_keeping.begin_draft(actor=office_people.kepala) == draft
    assert len(entries(Act.DRAFT_READING)) == 2


@pytest.mark.parametrize("who", ["drafter", "admin1", "biro", "inspector", "nobody"])
def test_only_kepala_lpse_and_the_keeper_draft(office_people: OfficePeople, who: str) -> None:
    person: User = getattr(office_people, who)
    draft = drafted(office_people)

    with pytest.raises(NotPermitted, match="Kepala LPSE atau Pengelola Aplikasi"):
        reading_keeping.begin_draft(actor=person)
    with pytest.raises(NotPermitted, match="Kepala LPSE atau Pengelola Aplikasi"):
        reading_keeping.edit_draft(
            draft, actor=person, choices={}, reason="", seen=reading_keeping.mark_of(draft)
        )


@pytest.mark.parametrize("who", ["kepala", "drafter", "admin1", "inspector", "keeper", "nobody"])
def test_only_the_pengesah_approves(office_people: OfficePeople, who: str) -> None:
    draft = drafted(office_people)

    with pytest.raises(NotPermitted, match="SOP dan penafsirannya disahkan oleh Kepala Biro"):
        reading_keeping.approve(
            draft,
            actor=getattr(office_people, who),
            in_force_from=TODAY,
            seen=reading_keeping.mark_of(draft),
        )

    assert Reading.objects.get(number=2).state == "draft"


@pytest.mark.parametrize("role", [Role.PENGELOLA_APLIKASI, Role.KEPALA_LPSE])
def test_nobody_approves_what_they_helped_to_draft_but_the_one_head_of_both(
    office_people: OfficePeople, role: Role
) -> None:
    Appointment.objects.create(person=office_people.biro, role=role, since=dt.date(2026, 1, 1))
    draft = reading_keeping.begin_draft(actor=office_people.biro)
    draft = reading_keeping.edit_draft(
        draft,
        actor=office_people.kepala,
        choices={"step_1_unit": "calendar_days"},
        reason=REASON,
        seen=reading_keeping.mark_of(draft),
    )

    def approve() -> Reading:
        return reading_keeping.approve(
            draft,
            actor=office_people.biro,
            in_force_from=TODAY,
            seen=reading_keeping.mark_of(draft),
        )

    if role == Role.KEPALA_LPSE:
        assert approve().approved_by == office_people.biro
    else:
        with pytest.raises(NotPermitted, match="Anda ikut menyusun konsep Lembar Penafsiran 2"):
            approve()


def test_what_breaks_a_rule_is_not_saved(office_people: OfficePeople) -> None:
    draft = drafted(office_people)

    with pytest.raises(InvalidInput) as refused:
        reading_keeping.edit_draft(
            draft,
            actor=office_people.keeper,
            choices={"step_3_unit": "calendar_days", "step_3_warnings": [50]},
            reason=REASON,
            seen=reading_keeping.mark_of(draft),
        )

    assert list(refused.value.errors) == ["step_3_unit", "step_3_warnings"]
    assert Reading.objects.get(number=2).content == draft.content


def test_what_somebody_else_changed_meanwhile_is_neither_overwritten_nor_approved_unread(
    office_people: OfficePeople,
) -> None:
    draft = drafted(office_people)
    seen = reading_keeping.mark_of(draft)
    reading_keeping.edit_draft(
        draft,
        actor=office_people.kepala,
        choices={"step_3_basis": "person"},
        reason=REASON,
        seen=seen,
    )

    with pytest.raises(NotAllowedNow, match="diubah oleh orang lain"):
        reading_keeping.edit_draft(
            draft, actor=office_people.keeper, choices={}, reason=REASON, seen=seen
        )
    with pytest.raises(NotAllowedNow, match="diubah oleh orang lain"):
        reading_keeping.approve(draft, actor=office_people.biro, in_force_from=TODAY, seen=seen)


@pytest.mark.parametrize(
    ("choices", "reason", "days", "errors"),
    [
        (
            {"step_1_unit": "calendar_days"},
            REASON,
            -1,
            {
                "in_force_from": "Tanggal berlaku sudah lewat. Pilih hari ini atau sesudahnya: "
                "permohonan yang sudah dimulai tetap memakai lembarnya sendiri."
            },
        ),
        (
            {"step_1_unit": "calendar_days"},
            "sebab",
            0,
            {
                "": "Alasan konsep ini belum ditulis (sedikitnya 10 karakter). Minta penyusunnya "
                "melengkapi."
            },
        ),
        (
            {},
            REASON,
            0,
            {
                "": "Konsep ini tidak mengubah satu pun pilihan pada lembar yang berlaku pada "
                "tanggal itu."
            },
        ),
    ],
)
def test_what_cannot_be_approved_says_why(
    office_people: OfficePeople,
    choices: dict[str, str],
    reason: str,
    days: int,
    errors: dict[str, str],
) -> None:
    draft = reading_keeping.begin_draft(actor=office_people.keeper)
    draft = reading_keeping.edit_draft(
        draft,
        actor=office_people.keeper,
        choices=choices,
        reason=reason,
        seen=reading_keeping.mark_of(draft),
    )

    with pytest.raises(InvalidInput) as refused:
        reading_keeping.approve(
            draft,
            actor=office_people.biro,
            in_force_from=TODAY + dt.timedelta(days=days),
            seen=reading_keeping.mark_of(draft),
        )

    assert refused.value.errors == {name: [sentence] for name, sentence in errors.items()}


def test_the_second_press_meets_who_was_first(office_people: OfficePeople) -> None:
    draft = drafted(office_people)
    seen = reading_keeping.mark_of(draft)
    reading_keeping.approve(draft, actor=office_people.biro, in_force_from=TODAY, seen=seen)

    with pytest.raises(AlreadyDone) as refused:
        reading_keeping.approve(draft, actor=office_people.biro, in_force_from=TODAY, seen=seen)

    assert str(refused.value) == (
        "Lembar Penafsiran 2 telah disahkan oleh Biro Contoh pukul 10.00 WITA. "
        "Anda tidak perlu mengulanginya."
    )


def test_what_is_not_in_force_yet_can_be_withdrawn_with_a_reason(
    office_people: OfficePeople,
) -> None:
    reading = approved(office_people, TODAY + dt.timedelta(days=1))
    with pytest.raises(InvalidInput, match="Tuliskan alasan penarikan"):
        reading_keeping.withdraw(reading, actor=office_people.biro, reason="batal")
    with pytest.raises(NotPermitted, match="disahkan oleh Kepala Biro"):
        reading_keeping.withdraw(reading, actor=office_people.keeper, reason="Keliru disahkan")

    reading_keeping.withdraw(reading, actor=office_people.biro, reason="Keliru disahkan")

    with clock.moved_to(MONDAY + dt.timedelta(days=2)):
        assert str(reading_keeping.in_force()) == "Lembar Penafsiran 1"
    with pytest.raises(AlreadyDone, match="telah ditarik oleh Biro Contoh"):
        reading_keeping.withdraw(reading, actor=office_people.biro, reason="Keliru disahkan")
    assert entries(Act.WITHDRAW_READING) == [
        (
            "withdraw_reading",
            "Kepala Biro",
            "Lembar Penafsiran 2",
            "Lembar Penafsiran 2 ditarik sebelum berlaku. Alasan: Keliru disahkan",
        )
    ]


def test_what_is_in_force_is_never_withdrawn(office_people: OfficePeople) -> None:
    reading = approved(office_people)

    with pytest.raises(NotAllowedNow, match="sudah berlaku, sehingga tidak dapat ditarik"):
        reading_keeping.withdraw(reading, actor=office_people.biro, reason="Keliru disahkan")


def test_a_draft_is_withdrawn_by_its_drafters_and_its_number_is_not_given_again(
    office_people: OfficePeople,
) -> None:
    draft = drafted(office_people)
    reading_keeping.withdraw(draft, actor=office_people.kepala, reason="Tidak jadi diperlukan")

    assert reading_keeping.begin_draft(actor=office_people.keeper).number == 3
    with pytest.raises(AlreadyDone, match="telah ditarik oleh Kepala Contoh"):
        reading_keeping.approve(
            draft,
            actor=office_people.biro,
            in_force_from=TODAY,
            seen=reading_keeping.mark_of(draft),
        )


def test_without_a_sheet_in_force_there_is_nothing_to_draft_from(
    office_people: OfficePeople,
) -> None:
    Reading.objects.update(in_force_from=dt.date(2030, 1, 1))

    with pytest.raises(NotAllowedNow, match="Belum ada Lembar Penafsiran yang berlaku"):
        reading_keeping.begin_draft(actor=office_people.keeper)
