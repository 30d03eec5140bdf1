"""What is recorded of archived files: their data, moves, and proposals to destroy them."""

import datetime as dt
import hashlib
from dataclasses import replace

import pytest
from django.db import connection

from accounts_requests import archive_register, clock, retention, verifying, workflow
from accounts_requests.archive_register import Filters
from accounts_requests.archive_standing import FileState, FileTask
from accounts_requests.exceptions import AlreadyDone, InvalidInput, NotAllowedNow, NotPermitted
from accounts_requests.models import (
    AccountRequest,
    ArchiveDescription,
    ArchiveMove,
    AuditEntry,
    DestructionDecision,
    DestructionMinutes,
    DestructionProposal,
    FinalDisposition,
    Media,
    Office,
)

from . import archive_cases, cases
from .archive_cases import DUE_INACTIVE, RETENTION_OVER
from .cases import MONDAY, OfficePeople
from .query_counts import queries

# PostgreSQL takes the calendar's lock with a statement of its own; SQLite locks as a whole.
HOLDS_CALENDAR = 1 if connection.vendor == "postgresql" else 0
PROPOSE_QUERIES = APPROVE_QUERIES = 26 + HOLDS_CALENDAR

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]


def found(state: str) -> list[str]:
    """The numbers of the files that the register shows in that state today, oldest first."""
    office, today = Office.current(), clock.today()
    cases_found = archive_register.find(Filters(state=state), office, today=today)
    return [line.number for line in archive_register.every_line(cases_found, office, today=today)]


def states() -> dict[str, str]:
    """How each file stands today, by its number."""
    office, today = Office.current(), clock.today()
    every = archive_register.find(Filters(), office, today=today)
    return {
        line.number: str(line.state)
        for line in archive_register.every_line(every, office, today=today)
    }


def last_summary(case: AccountRequest) -> str:
    return AuditEntry.objects.filter(request=case).latest("sequence").summary


# -- data ---------------------------------------------------------------------------------------


def test_archiving_leaves_the_offices_settings_of_the_day(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = cases.emailed(office_people, people=1)
        workflow.archive(
            case,
            actor=office_people.admin1,
            answers=cases.all_met(case),
            location="Ruang arsip",
            rack="1",
            box="Boks 2",
        )
    Office.objects.update(retention_active_years=9)

    written = ArchiveDescription.objects.get(request=case)
    assert (written.version, written.code, written.reason) == (1, "000.3.5", "")
    assert (written.security, written.disposition) == ("terbatas", "permanen")
    assert (written.active_until, written.inactive_until) == (
        dt.date(2028, 12, 31),
        dt.date(2031, 12, 31),
    )
    assert written.media == Media.BOTH
    assert cases.fresh(case).archive_location == written.place == "Ruang arsip, Rak 1, Boks 2"


def test_retention_may_count_from_the_day_of_archiving(office_people: OfficePeople) -> None:
    Office.objects.update(retention_trigger="diarsipkan")
    with clock.moved_to(MONDAY):
        case = archive_cases.archived(office_people)

    written = ArchiveDescription.objects.get(request=case)
    assert (written.active_until, written.inactive_until) == (
        dt.date(2028, 7, 6),
        dt.date(2031, 7, 6),
    )


def test_a_change_is_a_further_version_and_a_catatan(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = archive_cases.archived(office_people)
        clock.advance(dt.timedelta(minutes=1))
        workflow.describe_file(
            case,
            actor=office_people.admin2,
            data=archive_cases.data(case, security="rahasia", rack="3", active_years=5),
            reason="Salah pilih",
        )

    first, second = ArchiveDescription.objects.filter(request=case).order_by("version")
    assert (first.security, first.rack, first.active_until.year) == ("terbatas", "", 2028)
    assert (second.security, second.rack, second.active_until.year) == ("rahasia", "3", 2031)
    assert case.notes.latest("pk").text == (
        "Data kearsipan berkas 0001/2026 diubah: Retensi aktif dari 2 tahun menjadi 5 tahun; "
        "Klasifikasi keamanan dari Terbatas menjadi Rahasia; Rak dari — menjadi 3. Salah pilih"
    )
    assert last_summary(case) == (
        "Data kearsipan berkas 0001/2026 diubah (retensi aktif, klasifikasi keamanan, rak)."
    )
    assert verifying.verify().breaks == []


def test_what_changes_nothing_or_says_no_reason_is_not_kept(office_people: OfficePeople) -> None:
    admin = office_people.admin1
    with clock.moved_to(MONDAY):
        case = archive_cases.archived(office_people)
        same = archive_cases.data(case)
        with pytest.raises(InvalidInput, match="Tidak ada yang berbeda"):
            workflow.describe_file(case, actor=admin, data=same, reason="Salah pilih")
        with pytest.raises(InvalidInput, match="Tuliskan alasan perubahan"):
            workflow.describe_file(
                case, actor=admin, data=archive_cases.data(case, box="4"), reason=" "
            )
        with pytest.raises(InvalidInput, match="Nasib akhir tidak dikenal"):
            workflow.describe_file(
                case, actor=admin, data=archive_cases.data(case, disposition="x"), reason="Salah"
            )
        seen = workflow.file_mark(same)
        changed = archive_cases.data(case, box="4")
        workflow.describe_file(case, actor=admin, data=changed, reason="Pindah boks", seen=seen)
        with pytest.raises(InvalidInput, match="diubah oleh orang lain"):
            workflow.describe_file(case, actor=admin, data=same, reason="Kembali", seen=seen)

    assert ArchiveDescription.objects.filter(request=case).count() == 2


# -- how a file stands ----------------------------------------------------------------------------


@pytest.mark.parametrize("described", [True, False])
@pytest.mark.parametrize("trigger", ["akhir_tahun", "diarsipkan"])
def test_the_database_and_the_rules_agree_on_every_day_that_matters(
    *, office_people: OfficePeople, trigger: str, described: bool, without_guard_rails: None
) -> None:
    """A file from before data were kept stands by the office's settings, on the same days."""
    Office.objects.update(retention_trigger=trigger)
    with clock.moved_to(MONDAY):
        archive_cases.archived(office_people)
    if not described:
        ArchiveDescription.objects.all()._raw_delete("default")
    told = []
    for year, month, day in (
        (2028, 7, 6),
        (2028, 7, 7),
        (2028, 12, 31),
        (2029, 1, 1),
        (2031, 7, 6),
        (2031, 7, 7),
        (2031, 12, 31),
        (2032, 1, 1),
    ):
        with clock.moved_to(dt.datetime(year, month, day, 2, 0, tzinfo=dt.UTC)):
            shown = [str(state) for state in FileState if found(state) == ["0001/2026"]]
            assert shown == [states()["0001/2026"]]
            told += shown
    first, second = 3 if trigger == "akhir_tahun" else 1, 7 if trigger == "akhir_tahun" else 5
    assert told == (
        ["aktif"] * first
        + ["jatuh-tempo-inaktif"] * (second - first)
        + ["jatuh-tempo-penilaian"] * (8 - second)
    )


@pytest.mark.parametrize("from_year_end", [True, False])
def test_years_are_counted_alike_forwards_and_backwards(*, from_year_end: bool) -> None:
    """29 February on either end included."""
    day = dt.timedelta(days=1)
    archived = [dt.date(2028, 2, 27) + number * day for number in range(4)]
    todays = [
        dt.date(year, 2, 27) + number * day for year in (2030, 2031, 2032) for number in range(4)
    ]
    for years in (2, 3, 4):
        for on in archived:
            kept = retention.of(
                on, active_years=years, inactive_years=0, from_year_end=from_year_end
            )
            for today in todays:
                before = retention.archived_before(today, years=years, from_year_end=from_year_end)
                assert (on < before) == (kept.active_until < today), (on, today, years)


def test_what_waits_is_counted_and_listed_by_its_fate(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        permanent = archive_cases.archived(office_people, 1)
        doomed = archive_cases.doomed(office_people, 2)
        review = archive_cases.archived(office_people, 3)
        workflow.describe_file(
            review,
            actor=office_people.admin1,
            data=archive_cases.data(review, disposition=FinalDisposition.REVIEW),
            reason="Belum ditetapkan",
        )
    office = Office.current()
    with clock.moved_to(DUE_INACTIVE):
        workflow.move_file(doomed, actor=office_people.admin1, data=archive_cases.move())
        assert found(FileState.DUE_INACTIVE) == ["0001/2026", "0003/2026"]
        assert found(FileState.INACTIVE) == ["0002/2026"]
        assert archive_register.counts(office, today=clock.today()) == archive_register.Counts(
            every=3, due_inactive=2, to_hand_over=0, may_be_destroyed=0, to_review=0, proposed=0
        )
    with clock.moved_to(RETENTION_OVER):
        assert found(FileTask.TO_HAND_OVER) == [permanent.archive_number]
        assert found(FileTask.MAY_BE_DESTROYED) == [doomed.archive_number]
        assert found(FileTask.TO_REVIEW) == [review.archive_number]
        archive_cases.proposed(office_people, doomed)
        assert archive_register.counts(office, today=clock.today()) == archive_register.Counts(
            every=3, due_inactive=0, to_hand_over=1, may_be_destroyed=0, to_review=1, proposed=1
        )


# -- moves ----------------------------------------------------------------------------------------


def test_a_file_goes_to_inactive_storage_and_then_to_the_archive_office(
    office_people: OfficePeople,
) -> None:
    admin = office_people.admin1
    to_archives = archive_cases.move(ArchiveMove.Kind.TO_ARCHIVES)
    with clock.moved_to(MONDAY):
        case = archive_cases.archived(office_people)
        with pytest.raises(NotAllowedNow, match="masih aktif sampai dengan 31 Desember 2028"):
            workflow.move_file(case, actor=admin, data=archive_cases.move())
    with clock.moved_to(DUE_INACTIVE):
        move = workflow.move_file(case, actor=admin, data=archive_cases.move())
        with pytest.raises(NotAllowedNow, match="sudah dipindahkan ke penyimpanan inaktif"):
            workflow.move_file(case, actor=admin, data=archive_cases.move())
    with clock.moved_to(RETENTION_OVER):
        with pytest.raises(InvalidInput, match="Tanggal ini belum tiba"):
            workflow.move_file(
                case,
                actor=admin,
                data=replace(to_archives, moved_on=dt.date(2032, 1, 6)),
            )
        with pytest.raises(InvalidInput) as earlier:
            workflow.move_file(
                case, actor=admin, data=replace(to_archives, moved_on=dt.date(2029, 1, 1))
            )
        assert earlier.value.errors == {
            "moved_on": [
                (
                    "Tanggal ini lebih awal daripada pemindahan ke penyimpanan inaktif pada "
                    "2 Januari 2029."
                )
            ]
        }
        handed = replace(to_archives, moved_on=clock.today(), place="Dinas Arsip")
        workflow.move_file(case, actor=admin, data=handed)
        assert states() == {"0001/2026": "diserahkan"}

    assert move.moved_on == dt.date(2029, 1, 2)
    assert [one.place for one in case.archive_descriptions.order_by("version")] == [
        "Rak 1, Boks 2",
        "Depo arsip",
        "Dinas Arsip",
    ]
    assert case.notes.latest("pk").text == (
        "Penyerahan ke lembaga kearsipan dengan berita acara nomor 045/1/2029: berkas 0001/2026 "
        "berada di Dinas Arsip sejak 5 Januari 2032, diterima oleh Arsiparis Contoh."
    )
    assert verifying.verify().breaks == []


# -- usul musnah ----------------------------------------------------------------------------------


def test_permanent_files_and_those_still_kept_cannot_be_proposed(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(MONDAY):
        permanent = archive_cases.archived(office_people, 1)
        doomed = archive_cases.doomed(office_people, 2)
        with pytest.raises(InvalidInput) as early:
            archive_cases.proposed(office_people, doomed)
    with clock.moved_to(RETENTION_OVER), pytest.raises(InvalidInput) as both:
        archive_cases.proposed(office_people, permanent, doomed)

    assert early.value.errors == {
        "": ["Berkas 0002/2026 masih dalam masa retensi sampai dengan 31 Desember 2031."]
    }
    assert both.value.errors == {
        "": [
            (
                "Berkas 0001/2026 bernasib akhir permanen: berkas itu diserahkan ke lembaga "
                "kearsipan dan tidak dapat diusulkan musnah."
            )
        ]
    }
    assert DestructionProposal.objects.count() == 0


def test_an_approval_makes_minutes_and_deletes_nothing(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        first = archive_cases.doomed(office_people, 1)
        second = archive_cases.doomed(office_people, 2)
    papers = first.documents.count()
    with clock.moved_to(RETENTION_OVER):
        proposal = archive_cases.proposed(office_people, second, first)
        assert states() == {"0001/2026": "diusulkan-musnah", "0002/2026": "diusulkan-musnah"}
        with pytest.raises(NotAllowedNow, match=r"sedang diusulkan musnah \(UM-2032-0001\)"):
            workflow.describe_file(
                first,
                actor=office_people.admin1,
                data=archive_cases.data(first, box="9"),
                reason="Pindah boks",
            )
        with pytest.raises(NotPermitted):
            workflow.decide_destruction(
                proposal, actor=office_people.kepala, verdict="disetujui", minutes_number="1"
            )
        with pytest.raises(InvalidInput, match="Isi nomor berita acaranya"):
            workflow.decide_destruction(proposal, actor=office_people.biro, verdict="disetujui")
        decision = workflow.decide_destruction(
            proposal, actor=office_people.biro, verdict="disetujui", minutes_number="045/9/2032"
        )
        with pytest.raises(AlreadyDone, match="telah diputuskan oleh Anda sendiri"):
            workflow.decide_destruction(
                proposal, actor=office_people.biro, verdict="ditolak", ground="Berubah pikiran"
            )
        office, today = Office.current(), clock.today()
        line = archive_register.line_of(first, office, today=today)
        assert states() == {"0001/2026": "disetujui-musnah", "0002/2026": "disetujui-musnah"}

    assert proposal.number == "UM-2032-0001"
    assert line.remarks[-1] == "Disetujui musnah pada 5 Januari 2032 (UM-2032-0001)"
    assert first.documents.count() == papers
    minutes = bytes(DestructionMinutes.objects.get(decision=decision).data)
    assert minutes.startswith(b"%PDF")
    assert hashlib.sha256(minutes).hexdigest() == decision.minutes_sha256
    for case in (first, second):
        assert last_summary(case) == (
            f"Berkas {case.archive_number} disetujui musnah (usul UM-2032-0001, berita acara nomor "
            "045/9/2032)."
        )
    assert verifying.verify().breaks == []


@pytest.mark.parametrize("files", [1, 3])
def test_a_proposal_asks_as_often_for_one_file_as_for_three(
    office_people: OfficePeople, files: int
) -> None:
    with clock.moved_to(MONDAY):
        doomed = [archive_cases.doomed(office_people, number) for number in range(1, files + 1)]
    with clock.moved_to(RETENTION_OVER):
        with queries() as proposing:
            proposal = archive_cases.proposed(office_people, *doomed)
        with queries() as approving:
            workflow.decide_destruction(
                proposal, actor=office_people.biro, verdict="disetujui", minutes_number="045/9"
            )
    assert (len(proposing), len(approving)) == (PROPOSE_QUERIES, APPROVE_QUERIES)
    assert verifying.verify().breaks == []


def test_a_refused_proposal_may_be_made_anew(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = archive_cases.doomed(office_people)
    with clock.moved_to(RETENTION_OVER):
        proposal = archive_cases.proposed(office_people, case)
        with pytest.raises(InvalidInput, match="Tuliskan alasan penolakan"):
            workflow.decide_destruction(proposal, actor=office_people.biro, verdict="ditolak")
        decision = workflow.decide_destruction(
            proposal, actor=office_people.biro, verdict="ditolak", ground="Masih dipakai audit"
        )
        assert states() == {"0001/2026": "jatuh-tempo-penilaian"}
        assert archive_cases.proposed(office_people, case).number == "UM-2032-0002"

    assert (decision.verdict, decision.minutes_sha256) == (DestructionDecision.Verdict.REFUSED, "")
    assert DestructionMinutes.objects.count() == 0


def test_nobody_decides_what_they_proposed(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = archive_cases.doomed(office_people)
    office_people.admin1.appointments.create(role="kepala_biro", since=dt.date(2023, 1, 1))
    with clock.moved_to(RETENTION_OVER):
        proposal = archive_cases.proposed(office_people, case)
        with pytest.raises(NotAllowedNow, match="bukan oleh pengusulnya sendiri"):
            workflow.decide_destruction(
                proposal, actor=office_people.admin1, verdict="disetujui", minutes_number="1"
            )


def test_bent_minutes_are_found(office_people: OfficePeople, without_guard_rails: None) -> None:
    with clock.moved_to(RETENTION_OVER):
        archive_cases.destroyed(office_people)
    DestructionMinutes.objects.update(data=b"%PDF-lain")
    assert verifying.verify().breaks == [
        "Berita acara usul UM-2032-0001 tidak sama dengan SHA-256-nya."
    ]
    DestructionMinutes.objects.all()._raw_delete("default")
    assert verifying.verify().breaks == ["Berita acara usul UM-2032-0001 tidak ada lagi."]
