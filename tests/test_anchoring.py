"""The daily anchor, and what only an anchor outside the database can betray."""

import datetime as dt
import threading
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from accounts_requests import anchoring, audit, clock, mail_texts, verifying
from accounts_requests.models import (
    Appointment,
    AuditAnchor,
    AuditChain,
    AuditEntry,
    Backup,
    Message,
    User,
)
from accounts_requests.roles import Role
from accounts_requests.states import Act, MessageKind, MessageState
from accounts_requests.verifying import Anchor
from accounts_requests.words import grouped
from accounts_requests.worker import Worker

from . import cases, trail_cases
from .cases import OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

DAY = dt.timedelta(days=1)


def anchor(sequence: int, source: str = "kertas") -> Anchor:
    """What was written down when this was the last entry."""
    return Anchor(sequence, AuditEntry.objects.get(sequence=sequence).hash, source)


# -- once a day -----------------------------------------------------------------------------------


def test_each_day_has_one_anchor_an_entry_and_a_mail_to_kepala_biro(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        cases.draft(office_people)
        last = AuditEntry.objects.latest("sequence")
        assert anchoring.anchor_of_the_day(clock.now())
        assert not anchoring.anchor_of_the_day(clock.now())
        clock.advance(DAY)
        assert anchoring.anchor_of_the_day(clock.now())
    first, second = AuditAnchor.objects.all()
    assert (first.day, first.at) == (dt.date(2026, 7, 6), cases.MONDAY)
    assert (first.sequence, first.head) == (last.sequence, last.hash)
    assert (second.day, second.sequence) == (dt.date(2026, 7, 7), last.sequence + 1)
    entry = AuditEntry.objects.get(sequence=last.sequence + 1)
    assert (entry.act, entry.actor_name, entry.object_label) == (Act.ANCHOR, "Sistem", "2026-07-06")
    assert entry.summary == (
        f"Jejak audit ditambatkan pada entri {last.sequence}; diberitahukan kepada 1 Kepala Biro."
    )
    assert entry.changes == {
        "day": "2026-07-06",
        "sequence": last.sequence,
        "head": last.hash,
    }
    mail, _ = Message.objects.filter(kind=MessageKind.ANCHOR_NOTICE)
    assert (mail.recipient, mail.request, mail.subject) == (
        office_people.biro,
        None,
        "Tambatan harian jejak audit",
    )
    assert verifying.verify().breaks == []


def test_the_day_is_the_offices(office_people: OfficePeople) -> None:
    late = dt.datetime(2026, 7, 6, 15, 59, tzinfo=dt.UTC)  # 23.59 WITA
    with clock.moved_to(late):
        cases.draft(office_people, received_at=cases.MONDAY)
        assert anchoring.anchor_of_the_day(clock.now())
        clock.advance(dt.timedelta(minutes=1))
        assert anchoring.anchor_of_the_day(clock.now())
    assert [row.day.day for row in AuditAnchor.objects.all()] == [6, 7]


def test_the_mail_tells_number_and_hash_and_how_they_are_compared(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(cases.MONDAY):
        cases.draft(office_people)
        anchoring.anchor_of_the_day(clock.now())
        mail = mail_texts.compose(Message.objects.get(kind=MessageKind.ANCHOR_NOTICE))
    made = AuditAnchor.objects.get()
    told = f"{made.sequence}:{grouped(made.head)}"
    text, html = str(mail.body), str(mail.alternatives[0][0])
    assert text.startswith("Yth. Bapak/Ibu/Saudara Biro Contoh,\n\n")
    assert f"    Nomor entri : {made.sequence}\n    Hash        : {grouped(made.head)}\n" in text
    assert f'manage.py verify --anchor "{told}"' in text
    assert "pada Senin, 6 Juli 2026." in text
    assert f"<td><code>{grouped(made.head)}</code></td>" in html
    assert verifying.verify([verifying.typed(told)]).breaks == []


def test_who_has_no_address_is_left_out_and_the_trail_says_so(office_people: OfficePeople) -> None:
    User.objects.filter(pk=office_people.biro.pk).update(email="")
    with clock.moved_to(cases.MONDAY):
        cases.draft(office_people)
        assert anchoring.anchor_of_the_day(clock.now())
    assert not Message.objects.filter(kind=MessageKind.ANCHOR_NOTICE).exists()
    assert AuditEntry.objects.latest("sequence").summary.endswith("kepada 0 Kepala Biro.")


def test_who_holds_the_role_twice_gets_one_mail(office_people: OfficePeople) -> None:
    Appointment.objects.create(
        person=office_people.biro, role=Role.KEPALA_BIRO, since=dt.date(2025, 1, 1)
    )
    with clock.moved_to(cases.MONDAY):
        cases.draft(office_people)
        anchoring.anchor_of_the_day(clock.now())
    assert Message.objects.filter(kind=MessageKind.ANCHOR_NOTICE).count() == 1


def test_an_empty_trail_is_not_anchored(office_people: OfficePeople) -> None:
    assert not anchoring.anchor_of_the_day(cases.MONDAY)
    assert not AuditAnchor.objects.exists()


def test_a_database_that_nobody_seeded_is_left_alone(db: None) -> None:
    assert not anchoring.anchor_of_the_day(cases.MONDAY)


def test_the_worker_anchors_and_sends_the_mail(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        cases.draft(office_people)
        Worker().drain()
        Worker().drain()
    assert AuditAnchor.objects.count() == 1
    mail = Message.objects.get(kind=MessageKind.ANCHOR_NOTICE)
    assert mail.state == MessageState.ACCEPTED


@pytest.mark.django_db(transaction=True)
def test_workers_that_ask_at_the_same_moment_make_one_anchor(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        cases.draft(office_people)
    together = threading.Barrier(4)
    done: list[bool] = []

    def ask() -> None:
        together.wait()
        done.append(anchoring.anchor_of_the_day(cases.MONDAY))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, False, False, True]
    assert AuditAnchor.objects.count() == 1
    assert verifying.verify().breaks == []


# -- what only an anchor betrays ------------------------------------------------------------------


@pytest.fixture
def story(office_people: OfficePeople) -> None:
    with clock.moved_to(cases.MONDAY):
        trail_cases.told_story(office_people)


def test_a_chain_that_was_hashed_anew_is_betrayed_by_what_is_on_paper(
    story: None, without_guard_rails: None
) -> None:
    early, paper = anchor(4), anchor(20)
    trail_cases.forge(12, summary="Tidak terjadi apa-apa.")
    AuditAnchor.objects.all().delete()  # its row, and what its entry says of it, the forger fits in
    entry = AuditEntry.objects.get(act=Act.ANCHOR)
    trail_cases.forge(entry.sequence, act=Act.SETTLE, changes={})
    assert verifying.verify().breaks == []
    assert verifying.verify([early, paper]).breaks == ["Kertas menyebut hash lain untuk entri 20."]


def test_a_tail_that_was_cut_with_its_head_is_betrayed_by_what_is_on_paper(
    office_people: OfficePeople, without_guard_rails: None
) -> None:
    with clock.moved_to(cases.MONDAY):
        cases.draft(office_people)  # two entries that seal nothing follow the first
    paper = anchor(3)
    AuditEntry.objects.get(sequence=3).delete()
    last = AuditEntry.objects.get(sequence=2)
    AuditChain.objects.update(head=last.hash, count=2)
    assert verifying.verify().breaks == []
    assert verifying.verify([paper]).breaks == [
        "Kertas menyebut entri 3, sedangkan rantai berakhir pada entri 2."
    ]


def test_the_anchors_own_rows_betray_a_forger_who_forgets_them(
    story: None, without_guard_rails: None
) -> None:
    row = AuditAnchor.objects.get()
    trail_cases.forge(2, summary="Tidak terjadi apa-apa.")
    assert verifying.verify().breaks == [
        f"Tambatan 6 Juli 2026 menyebut hash lain untuk entri {row.sequence}."
    ]


def test_the_file_beside_the_backups_and_the_backups_on_record_are_compared(
    story: None, without_guard_rails: None, settings: Settings, tmp_path: Path
) -> None:
    settings.BACKUP_DIR = tmp_path
    told = anchor(9)
    (tmp_path / "anchors.txt").write_text(
        f"2026-07-05 9 {told.head}\nbaris yang terpotong\n2026-07-06 9 {told.head}\n"
    )
    Backup.objects.create(
        started_at=cases.MONDAY,
        finished_at=cases.MONDAY,
        file_name="malam.tar",
        sha256="a" * 64,
        chain_count=9,
        chain_head=told.head,
    )
    assert verifying.verify().anchors == 4
    AuditAnchor.objects.all().delete()
    entry = AuditEntry.objects.get(act=Act.ANCHOR)
    trail_cases.forge(5, summary="Tidak terjadi apa-apa.")
    trail_cases.forge(entry.sequence, act=Act.SETTLE, changes={})
    assert verifying.verify().breaks == [
        "Cadangan malam.tar menyebut hash lain untuk entri 9.",
        "Berkas anchors.txt baris 1 (2026-07-05) menyebut hash lain untuk entri 9.",
        "Berkas anchors.txt baris 3 (2026-07-06) menyebut hash lain untuk entri 9.",
    ]


# -- after a restore ------------------------------------------------------------------------------


def test_what_a_restore_lost_is_explained_and_what_it_did_not_is_a_break(story: None) -> None:
    count = AuditChain.objects.get().count
    kept, other = anchor(count), "ab" * 32
    with clock.moved_to(cases.MONDAY + DAY):
        audit.record(
            Act.RESTORE,
            actor=None,
            at=clock.now(),
            summary="Basis data dipulihkan.",
            changes={"restored_to": count, "lost_through": count + 10},
        )
    report = verifying.verify(
        [
            kept,
            Anchor(count + 1, other, "e-mail 8 Juli"),
            Anchor(count + 10, other, "e-mail 9 Juli"),
            Anchor(count + 11, other, "e-mail 10 Juli"),
            Anchor(count, other, "e-mail 7 Juli"),
        ]
    )
    assert report.remarks == [
        (
            f"pada Selasa, 7 Juli 2026, 10.00 WITA basis data dipulihkan dari cadangan (entri "
            f"{count + 1}); entri {count + 1} sampai {count + 10} dari sebelum pemulihan hilang."
        ),
        f"E-mail 9 Juli (entri {count + 10}) hilang karena pemulihan pada entri {count + 1}.",
        f"E-mail 8 Juli (entri {count + 1}) hilang karena pemulihan pada entri {count + 1}.",
    ]
    assert report.breaks == [
        (
            f"E-mail 10 Juli menyebut entri {count + 11}, sedangkan rantai berakhir pada entri "
            f"{count + 1}."
        ),
        f"E-mail 7 Juli menyebut hash lain untuk entri {count}.",
    ]


def test_a_restore_that_lost_nothing_says_so(story: None) -> None:
    count = AuditChain.objects.get().count
    with clock.moved_to(cases.MONDAY + DAY):
        audit.record(
            Act.RESTORE,
            actor=None,
            at=clock.now(),
            summary="Basis data dipulihkan.",
            changes={"restored_to": count, "lost_through": count},
        )
    report = verifying.verify()
    assert report.lines()[2] == (
        "Keterangan: pada Selasa, 7 Juli 2026, 10.00 WITA basis data dipulihkan dari cadangan "
        f"(entri {count + 1}); tidak ada entri yang hilang."
    )
    assert report.is_whole


def test_a_restore_cannot_explain_what_it_could_not_know(story: None) -> None:
    count = AuditChain.objects.get().count
    with clock.moved_to(cases.MONDAY + DAY):
        audit.record(
            Act.RESTORE,
            actor=None,
            at=clock.now(),
            summary="Basis data dipulihkan.",
            changes={"restored_to": count + 5, "lost_through": count + 90},
        )
    assert verifying.verify().breaks == [
        (
            f"Entri {count + 1} mencatat pemulihan sampai entri {count + 5}, padahal entri itu "
            "belum ada saat itu."
        )
    ]
