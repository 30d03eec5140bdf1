"""Backups: whole, from one instant, private, without passwords; or none, and the reason why."""

import datetime as dt
import fcntl
import os
import stat
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse
from model_bakery import baker

from accounts_requests import backup_files, backups, clock, credentials, nightly_backup
from accounts_requests.exceptions import BackupError
from accounts_requests.models import AuditChain, AuditEntry, Backup, StagedUpload
from accounts_requests.nightly_backup import NightlyBackup
from accounts_requests.states import Act
from accounts_requests.worker import Worker

from . import backup_cases, cases, processes
from .backup_cases import back_up, files, key_pair, needs_postgresql, read
from .cases import MONDAY, OfficePeople

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quick_papers"),
]


@pytest.fixture
def place(tmp_path: Path, settings: Any) -> Path:
    """The directory that the office has set aside for its backups."""
    folder = tmp_path / "cadangan"
    folder.mkdir()
    settings.BACKUP_DIR = folder
    return folder


@pytest.fixture
def monday() -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield


@pytest.fixture
def claimed(office_people: OfficePeople, monday: None, tmp_path: Path, settings: Any) -> Any:
    """A case whose passwords wait for their owners, with their keys in a directory of their own."""
    settings.CREDENTIAL_KEYS_DIR = tmp_path / "kunci-password"
    settings.CREDENTIAL_KEYS_DIR.mkdir()
    return cases.claimed(office_people)


# -- what is in it ------------------------------------------------------------------------------


def test_a_backup_tells_what_the_database_holds_and_where_the_trail_stands(
    claimed: Any, place: Path
) -> None:
    chain = AuditChain.objects.get(pk=1)
    counts = backup_cases.counts()
    path = back_up(place)
    manifest = read(path)

    counts["accounts_requests_backup"] += 1  # the attempt at this backup
    assert manifest.counts == counts
    assert (manifest.chain_count, manifest.chain_head) == (chain.count, chain.head)
    assert (manifest.engine, manifest.made_at) == (connection.vendor, MONDAY)
    applied = MigrationRecorder(connection).applied_migrations()
    assert sorted(manifest.migrations) == sorted(f"{app}.{name}" for app, name in applied)
    assert path.name == "sopregistry-20260706T020000Z.tar"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with tarfile.open(path) as archive:
        assert archive.getnames() == ["manifest.json", "manifest.sha256", manifest.dump_name]
    assert files(place) == [path.name]


def test_a_backup_is_on_record_and_anchors_the_trail_outside(claimed: Any, place: Path) -> None:
    chain = AuditChain.objects.get(pk=1)
    path = back_up(place)

    row = Backup.objects.get()
    assert (row.file_name, row.sha256, row.size, row.encrypted, row.error) == (
        path.name,
        backup_files.sha256_of(path),
        path.stat().st_size,
        False,
        "",
    )
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.act, entry.object_label, entry.actor_name) == (Act.BACK_UP, path.name, "Sistem")
    assert entry.changes == {
        "sha256": row.sha256,
        "size": row.size,
        "chain_count": chain.count,
        "chain_head": chain.head,
    }
    assert (place / "anchors.txt").read_text() == f"2026-07-06 {chain.count} {chain.head}\n"


def test_anchors_are_appended_on_a_line_of_their_own_also_after_a_cut_one(
    seeded: None, place: Path
) -> None:
    (place / "anchors.txt").write_text("2026-07-01 1")
    back_up(place)
    chain = AuditChain.objects.get(pk=1)
    first, second = (place / "anchors.txt").read_text().splitlines()
    assert first == "2026-07-01 1"
    assert second.endswith(f" {chain.count - 1} {AuditEntry.objects.get().previous_hash}")
    assert backups.told_outside() == chain.count - 1


def test_a_backup_elsewhere_anchors_in_both_places(
    seeded: None, place: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "lain"
    elsewhere.mkdir()
    back_up(elsewhere)
    assert (elsewhere / "anchors.txt").read_text() == (place / "anchors.txt").read_text()


def test_nobodys_sign_in_is_in_a_backup(
    office_people: OfficePeople, place: Path, client: Client
) -> None:
    client.force_login(office_people.kepala)
    key = str(client.session.session_key)
    path = back_up(place)
    assert read(path).counts["django_session"] == 0
    assert key.encode() not in backup_cases.words_of(path)


def test_a_plain_backup_gives_no_spse_password_away_even_with_the_application_keys(
    claimed: Any, place: Path, settings: Any
) -> None:
    passwords = [credentials.reveal(account).encode() for account in cases.accounts(claimed)]
    destroyed, live = passwords
    with clock.moved_to(MONDAY):
        credentials.destroy(cases.accounts(claimed)[0], at=MONDAY)
    words = backup_cases.words_of(back_up(place))
    opened = backup_cases.opened_with_the_application_keys(words)

    assert [word for word in (destroyed, live) if word in words] == []
    assert [text for text in opened if destroyed in text or live in text] == []
    # What would be needed lies outside: one key file, and nothing of it is in the backup.
    (key,) = Path(settings.CREDENTIAL_KEYS_DIR).glob("*.key")
    assert key.read_bytes() not in words
    assert credentials.reveal(cases.accounts(claimed)[1]).encode() == live


# -- encrypted ----------------------------------------------------------------------------------


def test_an_encrypted_backup_shows_nothing_and_opens_with_its_key(
    claimed: Any, place: Path, settings: Any
) -> None:
    recipient, identity = key_pair(place.parent)
    known = [
        word.encode()
        for account in cases.accounts(claimed)
        for word in (
            account.registrant.full_name,
            account.registrant.nip,
            account.registrant.email,
        )
    ]
    plain = back_up(place)
    assert [word for word in known if word not in backup_cases.words_of(plain)] == []

    settings.BACKUP_RECIPIENTS = [recipient]
    clock.advance(dt.timedelta(seconds=1))
    path = back_up(place)
    sealed = path.read_bytes()
    assert path.name == "sopregistry-20260706T020001Z.tar.age"
    assert sealed.startswith(b"age-encryption.org/v1\n")
    assert [word for word in [*known, b"manifest", b"SQLite format"] if word in sealed] == []
    manifest = read(path, identity)
    assert manifest.counts["accounts_requests_registrant"] == 2
    words = backup_cases.words_of(path, identity)
    assert [word for word in known if word not in words] == []
    assert Backup.objects.get(file_name=path.name).encrypted is True


def test_any_of_several_recipients_opens_it(seeded: None, place: Path, settings: Any) -> None:
    first, second = key_pair(place.parent, "satu"), key_pair(place.parent, "dua")
    settings.BACKUP_RECIPIENTS = [first[0], second[0]]
    path = back_up(place)
    assert read(path, first[1]) == read(path, second[1])


def test_without_its_key_an_encrypted_backup_stays_closed(
    seeded: None, place: Path, settings: Any
) -> None:
    settings.BACKUP_RECIPIENTS = [key_pair(place.parent)[0]]
    path = back_up(place)
    other = key_pair(place.parent, "lain")[1]
    empty = place.parent / "kosong.txt"
    empty.write_text("# bukan kunci\n")
    refusals = {
        None: "terenkripsi. Tidak ada yang diubah. Sebutkan berkas kunci rahasianya",
        other: "tidak membuka cadangan",
        empty: "tidak memuat kunci rahasia age",
        place.parent / "tiada.txt": "tidak memuat kunci rahasia age",
    }
    for identity, sentence in refusals.items():
        with pytest.raises(BackupError, match=sentence):
            read(path, identity)


def test_production_without_recipients_is_warned_and_served(
    seeded: None, place: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.PRODUCTION = True
    call_command("backup")
    assert "PERINGATAN: cadangan ini TIDAK terenkripsi" in capsys.readouterr().err
    assert nightly_backup.status(clock.now()).label == "Tidak terenkripsi"
    settings.BACKUP_RECIPIENTS = [key_pair(place.parent)[0]]
    call_command("backup")
    assert capsys.readouterr().err == ""


# -- damaged files ------------------------------------------------------------------------------


def _verdict(path: Path, identity: Path | None, whole: backup_files.Manifest) -> str:
    try:
        return "as it was" if read(path, identity) == whole else "changed"
    except BackupError as refusal:
        return "refused" if "Tidak ada yang diubah." in str(refusal) else str(refusal)


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
def test_no_flipped_byte_passes_unnoticed(
    claimed: Any, place: Path, settings: Any, *, encrypted: bool
) -> None:
    recipient, identity = key_pair(place.parent)
    settings.BACKUP_RECIPIENTS = [recipient] if encrypted else []
    path = back_up(place)
    whole, content = read(path, identity), path.read_bytes()
    size = len(content)
    # The first kilobytes hold headers and manifest; then here and there through the whole dump.
    places = [*range(0, 4096, 97), *range(4096, size, size // 40), size - 1]
    verdicts = {}
    for at in places:
        damaged = bytearray(content)
        damaged[at] ^= 0x40
        path.write_bytes(damaged)
        verdicts[at] = _verdict(path, identity, whole)
    path.write_bytes(content)

    assert [at for at, verdict in verdicts.items() if verdict == "changed"] == []
    if encrypted:
        assert set(verdicts.values()) == {"refused"}
    else:
        # Only what carries nothing may differ: names of owners, and what fills up a tar's blocks.
        with tarfile.open(path) as archive:
            data = [(member.offset_data, member.size) for member in archive]
        inside = [
            at for at in places if any(start <= at < start + length for start, length in data)
        ]
        assert {verdicts[at] for at in inside} == {"refused"}
    assert _verdict(path, identity, whole) == "as it was"


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
def test_no_truncated_file_passes_for_a_whole_one(
    claimed: Any, place: Path, settings: Any, *, encrypted: bool
) -> None:
    recipient, identity = key_pair(place.parent)
    settings.BACKUP_RECIPIENTS = [recipient] if encrypted else []
    path = back_up(place)
    whole, content = read(path, identity), path.read_bytes()
    end = len(content)
    if not encrypted:  # what follows the last member is nothing but zeros
        with tarfile.open(path) as archive:
            last = archive.getmembers()[-1]
        end = last.offset_data + last.size
    verdicts = {}
    for length in (0, 1, 20, 511, 512, 2000, end // 2, end - 65536, end - 1):
        path.write_bytes(content[:length])
        verdicts[length] = _verdict(path, identity, whole)
    assert set(verdicts.values()) == {"refused"}


# -- when it cannot be made ---------------------------------------------------------------------


def test_without_a_place_nothing_is_made(seeded: None, settings: Any) -> None:
    with pytest.raises(CommandError, match=r"^Tempat cadangan belum ditentukan\."):
        call_command("backup")
    assert [row.error for row in Backup.objects.all()] == [backups.NO_PLACE]


def test_a_share_that_is_not_mounted_does_not_become_a_local_directory(
    seeded: None, settings: Any, tmp_path: Path
) -> None:
    settings.BACKUP_DIR = tmp_path / "tidak-terpasang"
    with pytest.raises(CommandError, match="tidak ada"):
        call_command("backup")
    assert not settings.BACKUP_DIR.exists()


def test_a_disk_that_takes_no_more_leaves_no_file_and_the_old_ones(
    seeded: None, place: Path
) -> None:
    before = back_up(place)
    _fill(4_000_000)
    # A file may have three million bytes: enough for the journal, not for the dump.
    command = 'ulimit -f 3000; exec "$0" manage.py backup'
    result = subprocess.run(
        ["bash", "-c", command, sys.executable],
        cwd=processes.ROOT,
        env=processes.environment(BACKUP_DIR=str(place)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert files(place) == [before.name]
    good, failed = Backup.objects.order_by("pk")
    sentence = {
        "sqlite": "Disk tidak dapat dibaca atau ditulis ketika basis data disalin (SQLITE_IOERR",
        "postgresql": "Basis data PostgreSQL tidak dapat disalin (pg_dump berhenti dengan kode ",
    }[connection.vendor]
    assert (good.error, failed.sha256) == ("", "")
    assert failed.error.startswith(sentence)
    assert f"CommandError: {failed.error}" in result.stderr
    assert AuditEntry.objects.filter(act=Act.BACK_UP).count() == 1
    assert not (Path(settings.DATA_DIR) / "backup-work").exists()


def _fill(size: int) -> None:
    """Let the database hold ``size`` bytes that cannot be compressed."""
    baker.make(StagedUpload, data=os.urandom(size))


BEFORE_THE_DUMP = "from accounts_requests import dumps; dumps.make = halt"
DUMPED = "from accounts_requests import backup_files; backup_files.sha256_of = halt"
WRITTEN = "from accounts_requests import backup_files; backup_files.os.fsync = halt"
NAMED = "from accounts_requests import backups; backups._made = halt"


@pytest.mark.slow
@pytest.mark.parametrize(
    "moment",
    [BEFORE_THE_DUMP, DUMPED, WRITTEN, NAMED],
    ids=["before the dump", "dumped", "written", "named"],
)
def test_killed_it_leaves_no_half_file_and_the_next_one_tidies_up(
    seeded: None, place: Path, moment: str
) -> None:
    with backup_cases.halted(moment, "backup", BACKUP_DIR=str(place)):
        pass
    named = [name for name in files(place) if not name.startswith(".")]
    assert len(named) == (1 if moment == NAMED else 0)
    for name in named:
        read(place / name)
    assert Backup.objects.get().finished_at is None

    again = backup_cases.manage("backup", BACKUP_DIR=str(place))
    assert (again.returncode, again.stderr) == (0, "")
    assert [name for name in files(place) if name.startswith(".")] == []
    assert len(files(place)) == len(named) + 1
    assert not (Path(settings.DATA_DIR) / "backup-work").exists()


def test_told_to_end_it_says_that_it_was_interrupted(seeded: None, place: Path) -> None:
    with backup_cases.halted(DUMPED, "backup", BACKUP_DIR=str(place)) as process:
        process.terminate()
        assert process.wait(timeout=60) == 143
    assert (Backup.objects.get().error, files(place)) == (backups.INTERRUPTED, [])


def test_a_second_backup_within_the_same_second_waits_for_a_name_of_its_own(
    claimed: Any, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pass_time(seconds: float) -> None:
        clock.advance(dt.timedelta(seconds=seconds))

    monkeypatch.setattr("accounts_requests.backups.time.sleep", pass_time)
    first = back_up(place)
    second = back_up(place)
    assert (first.name, second.name) == (
        f"sopregistry-{MONDAY:%Y%m%dT%H%M%SZ}.tar",
        f"sopregistry-{MONDAY + dt.timedelta(seconds=1):%Y%m%dT%H%M%SZ}.tar",
    )
    assert read(second).made_at == MONDAY + dt.timedelta(seconds=1)


def test_none_is_ever_written_over_though_the_clock_stands_still(
    claimed: Any, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts_requests.backups._PAUSE_SECONDS", 0)
    first = back_up(place)
    before = first.read_bytes()
    with pytest.raises(CommandError) as refusal:
        back_up(place)
    assert str(refusal.value) == (
        f"Berkas {first.name} sudah ada dan tidak ditimpa. Ulangi sebentar lagi."
    )
    assert first.read_bytes() == before


def test_two_backups_at_once_are_one(seeded: None, place: Path, settings: Any) -> None:
    with (Path(settings.DATA_DIR) / "backup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CommandError) as refusal:
            call_command("backup")
    assert str(refusal.value) == backups.BUSY
    assert files(place) == []


def test_the_newest_are_kept_and_only_backups_are_deleted(
    seeded: None, place: Path, settings: Any
) -> None:
    settings.BACKUP_KEEP = 3
    old = [f"sopregistry-2026010{day}T000000Z.tar" for day in range(1, 6)]
    others = [
        "sopregistry-sebelum-pemulihan-20260101T000000Z.tar",
        "sopregistry-20260101T000000Z.tar.salinan",
        "laporan.pdf",
    ]
    for name in [*old, *others]:
        (place / name).touch()
    newest = backups.make(place).path.name
    assert files(place) == sorted([*others, *old[-2:], newest])

    settings.BACKUP_KEEP = 0  # the last one is never deleted
    with clock.moved_to(clock.now() + HOUR):
        newest = backups.make(place).path.name
    assert files(place) == sorted([*others, newest])


def test_a_backup_that_fails_deletes_no_older_one(
    seeded: None, place: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BACKUP_KEEP = 1
    before = back_up(place)

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup_files, "write", fail)
    with pytest.raises(CommandError, match=r"^Ruang disk tidak cukup"):
        call_command("backup")
    assert files(place) == [before.name]


# -- PostgreSQL's programs ----------------------------------------------------------------------


@needs_postgresql
def test_a_missing_program_is_named_with_its_package(
    seeded: None, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(place))
    with pytest.raises(CommandError) as refusal:
        call_command("backup")
    assert str(refusal.value) == (
        "Program pg_dump tidak ditemukan. Tidak ada yang diubah. Pasang paket Debian "
        "postgresql-client (versi yang sama dengan server atau lebih baru), lalu ulangi."
    )


def _stand_in(folder: Path, program: str, script: str) -> None:
    file = folder / program
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


@needs_postgresql
def test_a_program_older_than_the_server_is_refused(
    seeded: None, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stand_in(tmp_path, "pg_dump", "echo 'pg_dump (PostgreSQL) 9.6.24'")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(CommandError, match=r"^Program pg_dump versi 9 lebih tua daripada server"):
        call_command("backup")


@needs_postgresql
def test_the_list_of_processes_shows_neither_server_nor_password(
    seeded: None, place: Path, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stand_in(
        tmp_path,
        "pg_dump",
        f'[ "$1" = --version ] && exec echo "pg_dump (PostgreSQL) 99.0"\n'
        f'echo "$@" >{tmp_path}/arguments; env >{tmp_path}/environment; exit 3',
    )
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "rahasia-server")
    with pytest.raises(CommandError, match=r"pg_dump berhenti dengan kode 3"):
        call_command("backup")
    arguments = (tmp_path / "arguments").read_text()
    environment = (tmp_path / "environment").read_text().splitlines()
    host = connection.settings_dict["HOST"]
    assert [word for word in ("rahasia-server", host) if word in arguments] == []
    assert {"PGPASSWORD=rahasia-server", f"PGHOST={host}"} <= set(environment)
    assert AuditEntry.objects.filter(act=Act.BACK_UP).count() == 0


# -- the night ----------------------------------------------------------------------------------

ONE_O_CLOCK = dt.datetime(2026, 7, 6, 17, 0, tzinfo=dt.UTC)  # 01.00 WITA of 7 July
HOUR = dt.timedelta(hours=1)


def test_the_night_is_owed_from_one_o_clock_on_until_it_is_made(seeded: None, place: Path) -> None:
    assert not nightly_backup.is_due(ONE_O_CLOCK - dt.timedelta(seconds=1))
    assert nightly_backup.is_due(ONE_O_CLOCK)
    assert nightly_backup.is_due(ONE_O_CLOCK + 12 * HOUR)  # nobody was there at night
    with clock.moved_to(ONE_O_CLOCK):
        call_command("backup", "--nightly")
        call_command("backup", "--nightly")
    assert files(place) == ["sopregistry-20260706T170000Z.tar"]
    assert Backup.objects.get().night == dt.date(2026, 7, 7)
    assert not nightly_backup.is_due(ONE_O_CLOCK + 22 * HOUR)
    assert nightly_backup.is_due(ONE_O_CLOCK + 24 * HOUR)


def test_one_made_by_hand_does_not_spare_the_night(seeded: None, place: Path) -> None:
    with clock.moved_to(ONE_O_CLOCK):
        back_up(place)
    assert nightly_backup.is_due(ONE_O_CLOCK)


def test_without_a_place_no_night_is_ever_owed(
    seeded: None, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert not nightly_backup.is_due(ONE_O_CLOCK)
        assert nightly_backup.claim(ONE_O_CLOCK) is None


def test_two_workers_claim_one_night(seeded: None, place: Path) -> None:
    ready = threading.Barrier(4)
    claimed: list[Backup | None] = []

    def claim() -> None:
        try:
            ready.wait()
            claimed.append(nightly_backup.claim(ONE_O_CLOCK))
        finally:
            connection.close()

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([attempt for attempt in claimed if attempt is not None]) == 1
    assert (len(claimed), Backup.objects.count()) == (4, 1)


def test_a_night_that_failed_is_tried_again_after_an_hour_and_both_are_on_record(
    seeded: None, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.rmdir()
    with clock.moved_to(ONE_O_CLOCK), pytest.raises(CommandError):
        call_command("backup", "--nightly")
    assert not nightly_backup.is_due(ONE_O_CLOCK + HOUR - dt.timedelta(seconds=1))
    place.mkdir()
    with clock.moved_to(ONE_O_CLOCK + HOUR):
        call_command("backup", "--nightly")
    failed, good = Backup.objects.order_by("pk")
    assert (failed.night, good.night) == (None, dt.date(2026, 7, 7))
    assert (failed.error[:20], good.error) == ("Direktori cadangan /", "")


def test_a_night_whose_maker_was_killed_is_made_by_another(seeded: None, place: Path) -> None:
    assert nightly_backup.claim(ONE_O_CLOCK) is not None
    assert nightly_backup.claim(ONE_O_CLOCK + 3 * HOUR - dt.timedelta(seconds=1)) is None
    with clock.moved_to(ONE_O_CLOCK + 3 * HOUR):
        call_command("backup", "--nightly")
    killed, good = Backup.objects.order_by("pk")
    assert (killed.error, good.error, len(files(place))) == (backups.INTERRUPTED, "", 1)


def test_the_worker_does_not_wait_for_the_backup_and_ends_it_when_it_ends(
    seeded: None, place: Path
) -> None:
    sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
    with clock.moved_to(ONE_O_CLOCK):
        worker = Worker(nightly=NightlyBackup(command=sleep))
        worker.sweep()
        process = worker.nightly._process
        worker.sweep()
        assert process is not None
        assert (worker.nightly._process, process.poll()) == (process, None)
        worker.stop()
        worker.run()
    assert process.returncode == -15
    assert worker.failures == 0


def test_a_backup_that_cannot_even_start_is_not_started_at_every_sweep(
    seeded: None, place: Path
) -> None:
    nightly = NightlyBackup(command=[sys.executable, "-c", "raise SystemExit(1)"])
    nightly.look_after(ONE_O_CLOCK)
    first = nightly._process
    nightly.wait()
    nightly.look_after(ONE_O_CLOCK + dt.timedelta(seconds=30))
    assert nightly._process is None
    nightly.look_after(ONE_O_CLOCK + HOUR)
    assert nightly._process is not first
    nightly.wait()


@pytest.mark.slow
def test_the_worker_makes_the_night_in_a_process_of_its_own(
    seeded: None, place: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in processes.environment(BACKUP_DIR=str(place)).items():
        monkeypatch.setenv(name, value)
    clock.set_shared_offset(ONE_O_CLOCK - dt.datetime.now(dt.UTC))
    worker = Worker()
    worker.drain()
    row = Backup.objects.get()
    assert (row.night, row.error, files(place)) == (dt.date(2026, 7, 7), "", [row.file_name])
    assert worker.failures == 0


# -- on the page --------------------------------------------------------------------------------


def test_the_page_tells_the_age_of_the_last_good_backup(
    seeded: None, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert nightly_backup.status(MONDAY).text == "Belum ada cadangan."
    with clock.moved_to(MONDAY):
        back_up(place)

    def status(age: dt.timedelta) -> tuple[str, str, str]:
        found = nightly_backup.status(MONDAY + age)
        return found.kind, found.label, found.text.split(", ", 3)[3].partition(" (")[0]

    assert status(dt.timedelta(0)) == ("done", "Ada", "kurang dari 1 jam lalu")
    assert status(26 * HOUR) == ("done", "Ada", "26 jam lalu")
    late = 26 * HOUR + dt.timedelta(seconds=1)
    assert status(late) == ("late", "Terlambat", "26 jam lalu")
    assert status(72 * HOUR) == ("late", "Terlambat", "3 hari lalu")

    place.rename(place.parent / "pindah")
    with clock.moved_to(MONDAY + HOUR), pytest.raises(CommandError):
        call_command("backup")
    failed = nightly_backup.status(MONDAY + HOUR)
    assert (failed.kind, failed.label) == ("late", "Gagal")
    assert "Senin, 6 Juli 2026, 10.00 WITA, 1 jam lalu" in failed.text
    assert f"Percobaan terakhir gagal: Direktori cadangan {place} tidak ada." in failed.text


def test_pengelola_aplikasi_reads_it_on_beranda_and_nobody_else(
    office_people: OfficePeople, place: Path, client: Client, monday: None
) -> None:
    back_up(place)

    def page(user: Any) -> str:
        client.force_login(user)
        return client.get(reverse("home")).content.decode()

    assert "Cadangan terakhir: Senin, 6 Juli 2026, 10.00 WITA, kurang dari 1 jam lalu" in page(
        office_people.keeper
    )
    assert "Cadangan terakhir" not in page(office_people.kepala)


def test_where_no_backup_is_set_up_the_page_says_so(
    office_people: OfficePeople, client: Client, settings: Any
) -> None:
    assert nightly_backup.status(MONDAY).kind == "waiting"
    settings.PRODUCTION = True
    assert nightly_backup.status(MONDAY) == nightly_backup.NOT_SET_UP
    assert nightly_backup.NOT_SET_UP.text.startswith("Cadangan belum diatur")


def test_one_that_is_made_by_cron_elsewhere_is_told_as_well(
    seeded: None, tmp_path: Path, django_assert_num_queries: Any
) -> None:
    with clock.moved_to(MONDAY):
        back_up(tmp_path)
        with django_assert_num_queries(1):
            assert nightly_backup.status(MONDAY).label == "Ada"
