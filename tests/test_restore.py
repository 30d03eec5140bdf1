"""Restoring: all of the backup or none of it, nothing is sent again by itself, all on record."""

import datetime as dt
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import reverse

from accounts_requests import (
    backup_files,
    backups,
    clock,
    credentials,
    dumps,
    invitations,
    outbox,
    restoring,
    verifying,
    workflow,
)
from accounts_requests.checks import refuse_unsafe_start
from accounts_requests.dumps import contents, postgresql, sqlite
from accounts_requests.exceptions import BackupError
from accounts_requests.models import (
    Account,
    AccountRequest,
    AuditChain,
    AuditEntry,
    Backup,
    Deviation,
    Invitation,
    Message,
    User,
    WorkerHeartbeat,
)
from accounts_requests.states import (
    AccountState,
    Act,
    CaseState,
    MessageKind,
    MessageState,
    SmtpStage,
)
from accounts_requests.worker import Worker

from . import backup_cases, cases
from .backup_cases import back_up, files, halted, key_pair
from .cases import MONDAY, OfficePeople
from .smtp_fixtures import MailServer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quick_papers", "mended"),
]

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


@pytest.fixture
def mended(transactional_db: None) -> Iterator[None]:
    """Give the tests that follow a database, whatever this one left of it."""
    yield
    backup_cases.mend()


@pytest.fixture
def place(tmp_path: Path, settings: Any) -> Path:
    """The directory that the office has set aside for its backups; keys of this test alone."""
    folder = tmp_path / "cadangan"
    folder.mkdir()
    settings.BACKUP_DIR = folder
    settings.CREDENTIAL_KEYS_DIR = tmp_path / "kunci-password"
    settings.CREDENTIAL_KEYS_DIR.mkdir()
    return folder


@pytest.fixture
def staff(place: Path, office_people: OfficePeople) -> OfficePeople:
    return office_people


@pytest.fixture
def monday() -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield


def restore(path: Path, *options: str, capsys: Any = None) -> str:
    """Restore by the command; returns what it says."""
    call_command("restore", str(path), *options)
    return str(capsys.readouterr().out) if capsys else ""


def _work(**parts: Any) -> None:
    """Let a worker do all that is due, but for the mails that are new each day."""
    worker = Worker(anchor=lambda _at: None, remind=lambda _at: None, **parts)
    worker.drain()
    assert worker.failures == 0


# -- equal counts, whole chain ------------------------------------------------------------------


def _write_cases(staff: OfficePeople, stop: threading.Event, written: list[str]) -> None:
    """Make cases until told to stop, as one of several people at once."""
    try:
        with clock.moved_to(MONDAY):
            while not stop.is_set():
                written.append(cases.draft(staff, people=1).number)
    finally:
        connection.close()


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
def test_backed_up_under_load_wiped_and_restored_counts_are_equal_and_the_chain_is_whole(
    staff: OfficePeople, place: Path, settings: Any, capsys: Any, *, encrypted: bool
) -> None:
    recipient, identity = key_pair(place.parent)
    settings.BACKUP_RECIPIENTS = [recipient] if encrypted else []
    with clock.moved_to(MONDAY):
        cases.archived(staff)
    stop, written = threading.Event(), list[str]()
    writers = [threading.Thread(target=_write_cases, args=(staff, stop, written)) for _ in range(4)]
    for writer in writers:
        writer.start()
    while len(written) < 4:
        stop.wait(0.01)
    before = len(written)
    path = back_up(place)
    after = len(written)
    stop.set()
    for writer in writers:
        writer.join()
    assert after > before  # nobody waited for the backup

    manifest = backup_cases.read(path, identity)
    # One instant: a case without its first entry, or the other way round, would show here.
    assert before < manifest.counts["accounts_requests_accountrequest"] - 1 + 4
    assert manifest.counts["accounts_requests_auditentry"] == manifest.chain_count

    backup_cases.wipe()
    told = restore(path, *(["--identity", str(identity)] if encrypted else []), capsys=capsys)
    rows = dict(re.findall(r"^(\w+) +(\d+ +\d+)$", told, flags=re.MULTILINE))
    assert rows.keys() == manifest.counts.keys()
    assert {table: row.split() for table, row in rows.items()} == {
        table: [str(count), str(count)] for table, count in manifest.counts.items()
    }
    assert "BERBEDA" not in told
    assert "Utuh: tidak ditemukan perubahan maupun kehilangan." in told
    assert verifying.verify().breaks == []
    # The application goes on where the backup stood.
    with clock.moved_to(MONDAY + HOUR):
        cases.draft(staff)
    assert verifying.verify().breaks == []


def test_what_is_restored_is_what_was_backed_up_row_by_row(
    staff: OfficePeople, place: Path, monday: None
) -> None:
    case = cases.emailed(staff)
    people = list(case.registrants.order_by("pk").values())
    papers = [(paper.pk, bytes(paper.content.data)) for paper in case.documents.order_by("pk")]
    entries = list(AuditEntry.objects.order_by("pk").values())
    path = back_up(place)
    backup_cases.wipe()
    clock.advance(HOUR)
    restore(path)

    again = AccountRequest.objects.get(number=case.number)
    assert list(again.registrants.order_by("pk").values()) == people
    assert [
        (paper.pk, bytes(paper.content.data)) for paper in again.documents.order_by("pk")
    ] == papers
    assert list(AuditEntry.objects.order_by("pk").values())[: len(entries)] == entries


# -- messages -----------------------------------------------------------------------------------


def test_every_unaccepted_message_is_uncertain_and_none_is_sent_again(
    staff: OfficePeople, place: Path, smtp_server: MailServer, capsys: Any
) -> None:
    with clock.moved_to(MONDAY):
        cases.settle(cases.recorded(staff, people=3))  # the notices of the order
        case = AccountRequest.objects.get()
        workflow.send_accounts(case, actor=staff.admin1, answers=cases.all_met(case))
        accepted, sending, _queued = Message.objects.filter(kind=MessageKind.CREDENTIALS)
        workflow.settle_message(accepted.pk, cases.ACCEPTED, at=MONDAY)
        Message.objects.filter(pk=sending.pk).update(
            state=MessageState.SENDING, claimed_by="gone", claimed_at=MONDAY, answer="450 sibuk"
        )
        path = back_up(place)
        backup_cases.wipe()
        clock.advance(MINUTE)
        told = restore(path, capsys=capsys)
        assert "2 pesan menjadi tidak pasti dan tidak dikirim ulang" in told

        rows = Message.objects.filter(kind=MessageKind.CREDENTIALS).order_by("pk")
        assert list(rows.values_list("state", "stage", "settled_at")) == [
            (MessageState.ACCEPTED, SmtpStage.ANSWERED, MONDAY),
            (MessageState.UNCERTAIN, SmtpStage.NONE, MONDAY + MINUTE),
            (MessageState.UNCERTAIN, SmtpStage.NONE, MONDAY + MINUTE),
        ]
        assert [row.answer for row in rows[1:]] == [
            f"{restoring.UNCERTAIN} Jawaban sebelumnya: 450 sibuk",
            restoring.UNCERTAIN,
        ]
        # By the gate: account, deviation and entry go with the message, in its order.
        assert [account.state for account in cases.accounts(case)] == [
            AccountState.ACCEPTED,
            AccountState.UNCERTAIN,
            AccountState.UNCERTAIN,
        ]
        assert AccountRequest.objects.get().state == CaseState.ACCOUNTS_CREATED
        settled = AuditEntry.objects.filter(act=Act.SETTLE).order_by("sequence")
        assert [entry.changes["message_id"] for entry in settled] == [
            row.message_id for row in rows
        ]
        doubted = [cases.accounts(case)[1].pk, cases.accounts(case)[2].pk]
        assert [
            deviation.account_id
            for deviation in Deviation.objects.filter(account__isnull=False).order_by("pk")
        ] == doubted

        smtp_server.attempts.clear()
        for minutes in (0, 1, 10):  # before the first warning of step 4, a mail of its own
            clock.advance(minutes * MINUTE)
            _work()
        assert smtp_server.attempts == []
        assert verifying.verify().breaks == []


def test_a_warning_of_the_time_since_the_backup_is_not_sent_again(
    staff: OfficePeople, place: Path, smtp_server: MailServer
) -> None:
    with clock.moved_to(MONDAY):
        cases.settle(cases.claimed(staff))
        path = back_up(place)
        clock.advance(2 * HOUR)  # every warning of step 3 and its deadline
        _work()
        assert len(smtp_server.attempts) > 0
        smtp_server.attempts.clear()
        backup_cases.wipe()
        restore(path)
        _work()
    assert smtp_server.attempts == []
    assert set(Message.objects.values_list("state", flat=True)) == {
        MessageState.ACCEPTED,
        MessageState.UNCERTAIN,
    }


def test_a_message_that_cannot_be_settled_stays_on_hold_and_is_never_sent(
    staff: OfficePeople,
    place: Path,
    smtp_server: MailServer,
    capsys: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    with clock.moved_to(MONDAY):
        case = cases.sent(staff, people=1)
        path = back_up(place)
        backup_cases.wipe()
        with monkeypatch.context() as patch:
            patch.setattr(workflow, "settle_message", fail)
            told = restore(path, capsys=capsys)
        assert "pesan lain ditahan; pekerja menjadikannya tidak pasti dalam 15 menit." in told
        _work()
        assert smtp_server.attempts == []
    # The hold was taken by the database's own clock, which nobody moves.
    with clock.moved_to(dt.datetime.now(dt.UTC) + outbox.STALE_AFTER + HOUR):
        _work(sweep_warnings=lambda _at: None)
    assert smtp_server.attempts == []
    states = Message.objects.filter(request=case).values_list("state", flat=True)
    assert set(states) == {MessageState.UNCERTAIN}


# -- what ends with a restore, and what is on record --------------------------------------------


def test_sign_ins_and_open_links_end(
    staff: OfficePeople, place: Path, client: Client, monday: None
) -> None:
    client.force_login(staff.admin1)
    assert client.get(reverse("home")).status_code == 200
    _row, token = invitations.issue(
        staff.nobody, Invitation.Purpose.RESET, by=staff.keeper, at=MONDAY
    )
    path = back_up(place)
    clock.advance(HOUR)
    restore(path, "--replace")
    answer = client.get(reverse("home"))
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (
        302,
        resolve_url(settings.LOGIN_URL),
    )
    assert invitations.find(token, at=clock.now()) is None


def test_the_trail_tells_what_was_restored_and_what_is_lost(
    staff: OfficePeople, place: Path, monday: None
) -> None:
    path = back_up(place)
    count = AuditChain.objects.get().count  # with the entry of the backup itself
    cases.draft(staff, people=3)
    clock.advance(HOUR)
    lost = AuditChain.objects.get().count
    back_up(place)
    restore(path, "--replace")

    entry = AuditEntry.objects.get(act=Act.RESTORE)
    assert (entry.sequence, entry.object_label) == (count, path.name)
    # Two backups were recorded after the cases: the second, and the copy of what was there.
    assert entry.changes == {"restored_to": count - 1, "lost_through": lost + 2}
    report = verifying.verify()
    assert report.breaks == []
    assert f"entri {count} sampai {lost + 2} dari sebelum pemulihan hilang" in report.remarks[0]


def test_of_a_lost_database_the_file_of_anchors_tells_how_far_it_had_come(
    staff: OfficePeople, place: Path, monday: None
) -> None:
    path = back_up(place)
    cases.draft(staff, people=3)
    clock.advance(HOUR)
    told = AuditChain.objects.get().count
    back_up(place)
    backup_cases.wipe()
    restore(path)
    entry = AuditEntry.objects.get(act=Act.RESTORE)
    assert entry.changes == {
        "restored_to": backup_cases.read(path).chain_count,
        "lost_through": told,
    }
    assert verifying.verify().breaks == []


def test_with_nothing_told_outside_the_backup_itself_is_the_last_that_is_known(
    staff: OfficePeople, place: Path, tmp_path: Path, monday: None
) -> None:
    path = back_up(place)
    alone = tmp_path / "sendiri" / path.name
    alone.parent.mkdir()
    path.rename(alone)
    (place / "anchors.txt").unlink()
    backup_cases.wipe()
    restore(alone)
    count = backup_cases.read(alone).chain_count
    entry = AuditEntry.objects.get(act=Act.RESTORE)
    assert entry.changes == {"restored_to": count, "lost_through": count}


def test_the_attempt_at_the_restored_backup_is_complete_and_others_were_interrupted(
    staff: OfficePeople, place: Path, monday: None
) -> None:
    Backup.objects.create(started_at=MONDAY - HOUR)
    path = back_up(place)
    backup_cases.wipe()
    restore(path)
    interrupted, restored = Backup.objects.order_by("pk")
    assert (interrupted.error, restored.error) == (backups.INTERRUPTED, "")
    assert (restored.sha256, restored.finished_at) == (backup_files.sha256_of(path), MONDAY)


def test_a_password_whose_key_was_destroyed_since_stays_destroyed(
    staff: OfficePeople, place: Path, capsys: Any, monday: None
) -> None:
    case = cases.claimed(staff)
    path = back_up(place)
    first, second = cases.accounts(case)
    credentials.destroy(first, at=MONDAY)
    backup_cases.wipe()
    told = restore(path, capsys=capsys)
    assert "1 password SPSE tidak dapat dibuka lagi karena kuncinya tidak ada" in told
    with pytest.raises(credentials.KeyLost):
        credentials.reveal(Account.objects.get(pk=first.pk))
    assert credentials.reveal(Account.objects.get(pk=second.pk)) != ""


# -- refusals change nothing --------------------------------------------------------------------


def _refused(path: Path, *options: str) -> str:
    """The sentence of a restore that is refused; nothing was changed by it."""
    before, held = backup_cases.state(), files(path.parent)
    with pytest.raises(CommandError) as refusal:
        call_command("restore", str(path), *options)
    assert (backup_cases.state(), files(path.parent)) == (before, held)
    assert "Tidak ada yang diubah." in str(refusal.value)
    return str(refusal.value)


def test_a_database_that_holds_something_is_not_replaced_unasked(
    staff: OfficePeople, place: Path
) -> None:
    assert _refused(back_up(place)).startswith("Basis data ini tidak kosong.")


def test_beside_a_worker_nothing_is_restored(staff: OfficePeople, place: Path) -> None:
    path = back_up(place)
    with clock.moved_to(MONDAY):
        WorkerHeartbeat.objects.create(name="server-1", started_at=MONDAY, beat_at=MONDAY)
        clock.advance(restoring.WORKER_GONE_AFTER - dt.timedelta(seconds=1))
        assert _refused(path, "--replace").startswith(
            "Pekerja masih terlihat berjalan: server-1. Tidak ada yang diubah. Hentikan web dan"
        )
        restore(path, "--replace", "--force")
        WorkerHeartbeat.objects.create(name="server-1", started_at=MONDAY, beat_at=MONDAY)
        clock.advance(dt.timedelta(seconds=1))
        restore(path, "--replace")


def _with_manifest(path: Path, **changes: object) -> Path:
    """The same backup with another manifest, and hashes that are right."""
    with TemporaryDirectory() as work:
        manifest, dump = backup_files.read(path, identity=None, work=Path(work))
        changed = replace(manifest, **changes)  # type: ignore[arg-type]
        other = path.with_name(f"lain-{path.name}")
        backup_files.write(other, manifest=changed, dump=dump, recipients=[], work=Path(work))
    return other


def test_a_backup_of_the_other_engine_is_refused(staff: OfficePeople, place: Path) -> None:
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    path = _with_manifest(back_up(place), engine=other)
    assert _refused(path, "--replace").startswith("Cadangan ini berasal dari ")


def test_a_backup_of_a_newer_application_is_refused(staff: OfficePeople, place: Path) -> None:
    path = back_up(place)
    known = backup_cases.read(path).migrations
    newer = _with_manifest(path, migrations=[*known, "accounts_requests.9999_later"])
    assert _refused(newer, "--replace") == backup_files.NEWER


def test_a_dump_that_holds_other_rows_than_its_manifest_says_is_refused(
    staff: OfficePeople, place: Path
) -> None:
    path = back_up(place)
    counts = backup_cases.read(path).counts
    counts["accounts_requests_user"] += 1
    other = _with_manifest(path, counts=counts)
    before = backup_cases.state()[0]
    with pytest.raises(CommandError, match=r"Tidak ada yang diubah"):
        call_command("restore", str(other), "--replace")
    before["accounts_requests_backup"] += 1  # the copy that was made first
    before["accounts_requests_auditentry"] += 1
    assert backup_cases.state()[0] == before
    assert User.objects.filter(username="kepala").exists()


def test_a_damaged_file_is_refused_before_anything_is_touched(
    staff: OfficePeople, place: Path
) -> None:
    path = back_up(place)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert _refused(path, "--replace").startswith(f"Cadangan {path.name} rusak atau terpotong")
    assert _refused(place / "tiada.tar", "--replace").startswith("Berkas cadangan ")


def test_a_disk_that_is_full_while_a_backup_is_unpacked_changes_nothing(
    staff: OfficePeople, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    path = back_up(place)
    monkeypatch.setattr(shutil, "copyfileobj", fail)
    assert _refused(path, "--replace") == restoring.NOT_RESTORED


def test_the_wrong_key_is_refused(staff: OfficePeople, place: Path, settings: Any) -> None:
    settings.BACKUP_RECIPIENTS = [key_pair(place.parent)[0]]
    path = back_up(place)
    _recipient, other = key_pair(place.parent, "lain")
    assert _refused(path, "--replace").startswith(f"Cadangan {path.name} terenkripsi.")
    assert _refused(path, "--replace", "--identity", str(other)).startswith(f"Kunci pada {other}")


# -- replacing, and coming back -----------------------------------------------------------------


def test_what_is_replaced_is_kept_and_can_be_restored(
    staff: OfficePeople, place: Path, monday: None
) -> None:
    first = back_up(place)
    case = cases.draft(staff)
    clock.advance(HOUR)
    restore(first, "--replace")
    assert AccountRequest.objects.count() == 0
    (copy,) = place.glob("sopregistry-sebelum-pemulihan-*")
    clock.advance(HOUR)
    restore(copy, "--replace")
    assert AccountRequest.objects.get().number == case.number
    assert verifying.verify().breaks == []


@pytest.mark.slow
def test_an_installation_that_holds_nobody_may_be_restored_into(
    seeded: None, place: Path, staff: OfficePeople, monday: None
) -> None:
    path = back_up(place)
    backup_cases.wipe()
    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    call_command("seed")
    restore(path)
    assert User.objects.count() == 8


# -- interrupted --------------------------------------------------------------------------------

# In the middle of what replaces the database, before it is committed.
LOADING = {
    "sqlite": (
        "from accounts_requests.dumps import sqlite\n"
        "sqlite.PAGES_AT_ONCE = 20\n"
        "real = sqlite._open\n"
        "class Slow:\n"
        "    def __init__(self, made): self._made = made\n"
        "    def __getattr__(self, name): return getattr(self._made, name)\n"
        "    def backup(self, live, *, progress, **options):\n"
        "        seen = []\n"
        "        def slow(status, remaining, total):\n"
        "            seen.append(remaining)\n"
        "            if remaining < total // 2: halt()\n"
        "        self._made.backup(live._made, progress=slow, **options)\n"
        "sqlite._open = lambda path, **how: Slow(real(path, **how))\n"
    ),
    "postgresql": (
        "from accounts_requests.dumps import postgresql\n"
        "postgresql._require_counts = halt\n"  # everything is loaded, nothing is committed
    ),
}
LOADED = "from accounts_requests import restoring\nrestoring._finish = halt\n"
IN_ORDER = "from accounts_requests import restoring\nrestoring._doubt_unsent = halt\n"


def _environment(place: Path, settings: Any) -> dict[str, str]:
    return {"BACKUP_DIR": str(place), "CREDENTIAL_KEYS_DIR": str(settings.CREDENTIAL_KEYS_DIR)}


def test_killed_while_it_loads_the_database_is_the_old_one(
    staff: OfficePeople, place: Path, settings: Any, monday: None
) -> None:
    path = back_up(place)
    cases.draft(staff)
    before = backup_cases.state()[0]
    with halted(
        LOADING[connection.vendor],
        "restore",
        str(path),
        "--replace",
        **_environment(place, settings),
    ):
        pass
    before["accounts_requests_backup"] += 1  # of the copy that was made first
    before["accounts_requests_auditentry"] += 1
    assert backup_cases.state()[0] == before
    assert verifying.verify().breaks == []
    restoring_goes_on = backup_cases.state()
    assert not restoring.is_unfinished()
    restore(path, "--replace")
    assert AccountRequest.objects.count() == 0
    assert backup_cases.state() != restoring_goes_on


@pytest.mark.slow
def test_killed_while_it_loads_into_nothing_nothing_is_there(
    staff: OfficePeople, place: Path, settings: Any, monday: None
) -> None:
    path = back_up(place)
    backup_cases.wipe()
    with halted(LOADING[connection.vendor], "restore", str(path), **_environment(place, settings)):
        pass
    assert connection.introspection.table_names() == []
    restore(path)
    assert User.objects.count() == 8


@pytest.mark.slow
@pytest.mark.parametrize("moment", [LOADED, IN_ORDER], ids=["loaded", "in order"])
def test_killed_before_it_is_finished_nobody_starts_and_nothing_is_sent(
    staff: OfficePeople, place: Path, settings: Any, smtp_server: MailServer, moment: str
) -> None:
    clock.set_shared_offset(MONDAY - dt.datetime.now(dt.UTC))
    cases.sent(staff)
    path = back_up(place)
    backup_cases.wipe()
    with halted(moment, "restore", str(path), **_environment(place, settings)):
        pass

    assert restoring.is_unfinished()
    mail = f"smtp://{smtp_server.host}:{smtp_server.port}"
    worker = backup_cases.manage("run_worker", "--once", EMAIL_URL=mail)
    assert worker.returncode != 0
    assert "Pemulihan basis data ini terhenti sebelum selesai." in worker.stderr
    _work()  # even one that does not ask
    assert smtp_server.attempts == []

    # The same command again, without --replace: what was there before is kept already.
    clock.set_shared_offset(clock.shared_offset() + HOUR)
    restore(path)
    assert not restoring.is_unfinished()
    assert AuditEntry.objects.filter(act=Act.RESTORE).count() == 1
    unsettled = Message.objects.exclude(
        state__in=[MessageState.UNCERTAIN, MessageState.ACCEPTED, MessageState.FAILED]
    )
    assert unsettled.count() == 0
    _work()
    assert smtp_server.attempts == []


def test_web_and_worker_refuse_to_start_on_an_unfinished_restore(place: Path) -> None:
    refuse_unsafe_start()
    with connection.cursor() as cursor:
        cursor.execute(contents.holding()[0])
    with pytest.raises(ImproperlyConfigured, match="terhenti sebelum selesai"):
        refuse_unsafe_start()


def test_a_database_in_use_is_left_alone_with_a_sentence(
    staff: OfficePeople, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE", 2)
    monkeypatch.setattr(postgresql, "LOCK_SECONDS", 1)
    path = back_up(place)
    holds, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            User.objects.filter(username="kepala").update(rank="Pembina")
            holds.set()
            let_go.wait(60)
        connection.close()

    holder = threading.Thread(target=hold)
    with backups.working_directory() as work:
        manifest, dump = backup_files.read(path, identity=None, work=work)
        holder.start()
        holds.wait(60)
        try:
            with pytest.raises(BackupError, match="Hentikan web dan pekerja"):
                dumps.load(dump, manifest.counts)
        finally:
            let_go.set()
            holder.join()
    assert User.objects.get(username="kepala").rank == "Pembina"
    assert not restoring.is_unfinished()


# -- from an older application ------------------------------------------------------------------


@pytest.mark.slow
def test_an_older_backup_is_migrated(staff: OfficePeople, place: Path, settings: Any) -> None:
    call_command("migrate", "accounts_requests", "0002", verbosity=0)
    path = back_up(place)
    ours = [name for name in backup_cases.read(path).migrations if name.startswith("accounts_req")]
    assert [name[:22] for name in ours] == ["accounts_requests.0001", "accounts_requests.0002"]
    backup_cases.wipe()
    call_command("restore", str(path))
    assert verifying.verify().breaks == []
    assert User.objects.count() == 8
