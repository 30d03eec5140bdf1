"""A password exists until it is handed over; after that nothing brings it back."""

import datetime as dt
import math
import os
import re
import stat
import uuid
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings as django_settings
from django.db import connection, transaction

from accounts_requests import clock, credentials, workflow
from accounts_requests.acts import gate
from accounts_requests.exceptions import AlreadyDone, NotPermitted, SecretUnavailable
from accounts_requests.models import Account, AccountRequest, Credential
from tests import cases, mail_cases
from tests.cases import OfficePeople
from tests.mail_cases import NOW

LATER = NOW + dt.timedelta(minutes=10)


@pytest.fixture
def keys(settings: Any, tmp_path: Path) -> Path:
    """Give the test an empty directory of key files."""
    directory = tmp_path / "keys"
    directory.mkdir(mode=0o700)
    settings.CREDENTIAL_KEYS_DIR = directory
    return directory


@pytest.fixture
def account(keys: Path, db: None) -> Account:
    return mail_cases.account(mail_cases.case())


def _names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def _live(account: Account) -> Credential:
    return account.credentials.get(destroyed_at__isnull=True)


def _database_bytes() -> bytes:
    """Return every byte of the database's files: the file, its journal, its shared memory."""
    path = Path(str(connection.settings_dict["NAME"]))
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))


# -- the generator ------------------------------------------------------------------------------


def test_a_password_is_six_syllables_each_with_a_digit() -> None:
    for _ in range(500):
        password = credentials.generate_password()
        assert re.fullmatch(r"(?:[A-Z][aeiu][a-z][2-9]-){5}[A-Z][aeiu][a-z][2-9]", password)
        assert not set(password) & set("lI1O0oQqxX|")


def test_a_password_has_eighty_bits() -> None:
    group = len(credentials.CONSONANTS) ** 2 * len(credentials.VOWELS) * len(credentials.DIGITS)
    assert credentials.GROUPS * math.log2(group) >= 80


def test_no_two_passwords_are_the_same() -> None:
    assert len({credentials.generate_password() for _ in range(2000)}) == 2000


def test_every_sign_of_the_alphabets_comes_up() -> None:
    text = "".join(credentials.generate_password() for _ in range(500))
    assert set(text) == set(
        credentials.CONSONANTS
        + credentials.CONSONANTS.upper()
        + credentials.VOWELS
        + credentials.DIGITS
        + "-"
    )


# -- keeping ------------------------------------------------------------------------------------


def test_what_is_kept_can_be_shown_until_it_is_destroyed(account: Account) -> None:
    credentials.keep(account, "Kab7-Ten4", at=NOW)
    assert credentials.has_live(account)
    assert credentials.reveal(account) == "Kab7-Ten4"


def test_a_key_file_belongs_to_this_user_alone(account: Account, keys: Path) -> None:
    (file,) = keys.iterdir()
    assert file.name == f"{_live(account).key_id}.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_neither_the_files_nor_the_database_alone_reveal_anything(
    account: Account, keys: Path
) -> None:
    ciphertext = bytes(_live(account).ciphertext)
    (file,) = keys.iterdir()
    with pytest.raises(ValueError):
        Fernet(file.read_bytes())
    for key in django_settings.ENCRYPTION_KEYS:
        with pytest.raises(InvalidToken):
            Fernet(key).decrypt(ciphertext)


def test_an_account_has_one_live_password(
    account: Account, keys: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        credentials.keep(account, "yang pertama", at=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        second = credentials.keep(account, "yang kedua", at=LATER)
    assert credentials.reveal(account) == "yang kedua"
    assert _live(account) == second
    assert _names(keys) == [f"{second.key_id}.key"]
    former = account.credentials.filter(destroyed_at__isnull=False)
    assert {(bytes(row.ciphertext), row.destroyed_at) for row in former} == {
        (b"", NOW),
        (b"", LATER),
    }


def test_older_encryption_keys_still_open_what_they_closed(account: Account, settings: Any) -> None:
    password = credentials.reveal(account)
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]
    assert credentials.reveal(account) == password


def test_a_key_that_nothing_opens_says_whom_to_ask(account: Account, settings: Any) -> None:
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(credentials.KeyUnreadable) as refusal:
        credentials.reveal(account)
    assert str(refusal.value) == credentials.KEY_UNREADABLE


@pytest.mark.django_db(transaction=True)
def test_keys_lie_ready_before_a_task_is_locked(
    keys: Path, monkeypatch: pytest.MonkeyPatch, office_people: OfficePeople, quick_papers: None
) -> None:
    events: list[str] = []
    flush, lock = os.fsync, gate.locked

    def flushed(handle: int) -> None:
        flush(handle)
        events.append("directory" if stat.S_ISDIR(os.fstat(handle).st_mode) else "key")

    def locked(pk: int) -> AccountRequest:
        events.append("locked")
        return lock(pk)

    with clock.moved_to(cases.MONDAY):
        request = cases.ordered(office_people, people=5)
        monkeypatch.setattr(os, "fsync", flushed)
        monkeypatch.setattr(gate, "locked", locked)
        workflow.claim(request, actor=office_people.admin1)

    assert events == ["key"] * 5 + ["directory", "locked"]
    made = [credentials.reveal(account) for account in cases.accounts(request)]
    assert len(set(made)) == len(_names(keys)) == 5


def test_a_press_in_vain_leaves_no_key(
    keys: Path, office_people: OfficePeople, quick_papers: None
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = cases.ordered(office_people, people=2)
        for user in (office_people.kepala, office_people.nobody):
            with pytest.raises(NotPermitted):
                workflow.claim(request, actor=user)
        workflow.claim(request, actor=office_people.admin1)
        with pytest.raises(AlreadyDone):
            workflow.claim(request, actor=office_people.admin2)
    assert len(_names(keys)) == 2


def test_keys_that_nobody_took_are_removed(keys: Path, account: Account) -> None:
    live = _names(keys)
    with credentials.spare_keys(3) as spare:
        assert len(_names(keys)) == 4
        assert [repr(each) for each in spare] == [f"SpareKey({each.key_id})" for each in spare]
        credentials.keep_new([account], spare=spare, at=NOW)
    assert _names(keys) == live


def test_keys_are_made_where_there_are_too_few(keys: Path, db: None) -> None:
    case = mail_cases.case()
    people = [mail_cases.account(case, position) for position in (1, 2, 3)]
    Credential.objects.all().delete()
    with credentials.spare_keys(1) as spare:
        credentials.keep_new(people, spare=spare, at=NOW)
    assert len({credentials.reveal(account) for account in people}) == 3


# -- destroying ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_destroyed_password_is_gone_from_rows_files_and_every_copy(keys: Path) -> None:
    account = mail_cases.account(mail_cases.case())
    password = credentials.reveal(account)
    ciphertext = bytes(_live(account).ciphertext)
    if connection.vendor == "sqlite":
        backup = _database_bytes()
        assert ciphertext in backup
        assert password.encode() not in backup

    with clock.moved_to(LATER):
        credentials.destroy(account, at=LATER)
        assert not credentials.has_live(account)
        assert _names(keys) == []
        with pytest.raises(SecretUnavailable) as refusal:
            credentials.reveal(account)
        assert str(refusal.value) == credentials.GONE
        credentials.sweep_keys()

    (row,) = account.credentials.all()
    assert (bytes(row.ciphertext), row.destroyed_at) == (b"", LATER)
    if connection.vendor == "sqlite":
        now = _database_bytes()
        assert ciphertext not in now
        assert password.encode() not in now
    # The copy made before still holds the ciphertext; no key that is left opens it.
    for key in django_settings.ENCRYPTION_KEYS:
        with pytest.raises(InvalidToken):
            Fernet(key).decrypt(ciphertext)


@pytest.mark.django_db(transaction=True)
def test_a_restored_row_without_its_key_is_told_from_one_that_was_destroyed(keys: Path) -> None:
    account = mail_cases.account(mail_cases.case())
    (row,) = account.credentials.values()
    credentials.destroy(account, at=LATER)
    Credential.objects.filter(pk=row["id"]).update(**row)
    with pytest.raises(credentials.KeyLost) as refusal:
        credentials.reveal(account)
    assert str(refusal.value) == credentials.KEY_LOST


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_destruction_keeps_the_password(keys: Path) -> None:
    account = mail_cases.account(mail_cases.case())
    password = credentials.reveal(account)

    def destroy_and_fail() -> None:
        credentials.destroy(account, at=LATER)
        assert not credentials.has_live(account)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        transaction.atomic(destroy_and_fail)()
    assert credentials.reveal(account) == password
    assert _names(keys) == [f"{_live(account).key_id}.key"]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_new_password_leaves_the_former_one(keys: Path) -> None:
    account = mail_cases.account(mail_cases.case())
    password = credentials.reveal(account)

    def keep_and_fail() -> None:
        credentials.keep(account, "tidak jadi", at=LATER)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        transaction.atomic(keep_and_fail)()
    assert credentials.reveal(account) == password


@pytest.mark.django_db(transaction=True)
def test_a_key_is_overwritten_before_its_file_is_removed(keys: Path, tmp_path: Path) -> None:
    account = mail_cases.account(mail_cases.case())
    (file,) = keys.iterdir()
    before = file.read_bytes()
    same_bytes_on_disk = tmp_path / "hard-link"
    same_bytes_on_disk.hardlink_to(file)
    credentials.destroy(account, at=LATER)
    after = same_bytes_on_disk.read_bytes()
    assert len(after) == len(before)
    assert after != before


def test_destroying_what_is_not_there_does_nothing(account: Account) -> None:
    account.credentials.all().delete()
    credentials.destroy(account, at=LATER)
    assert list(account.credentials.all()) == []


# -- sweeping -----------------------------------------------------------------------------------


def test_the_sweep_removes_the_key_of_a_destroyed_password_at_once(
    account: Account, keys: Path
) -> None:
    _live(account)
    Credential.objects.update(ciphertext=b"", destroyed_at=NOW)
    assert credentials.sweep_keys() == 1
    assert _names(keys) == []


def test_the_sweep_leaves_a_key_whose_transaction_may_not_be_over(
    account: Account, keys: Path
) -> None:
    with clock.moved_to(NOW):
        stray = uuid.uuid4()
        credentials._write_key(stray, Fernet.generate_key(), clock.now())
        clock.advance(dt.timedelta(minutes=59))
        assert credentials.sweep_keys() == 0
        clock.advance(dt.timedelta(minutes=2))
        assert credentials.sweep_keys() == 1
    assert _names(keys) == [f"{_live(account).key_id}.key"]


def test_the_sweep_touches_neither_live_keys_nor_files_of_others(
    account: Account, keys: Path
) -> None:
    password = credentials.reveal(account)
    (keys / "catatan.key").write_text("bukan milik kita")
    with clock.moved_to(clock.now() + dt.timedelta(days=400)):
        assert credentials.sweep_keys() == 0
    assert credentials.reveal(account) == password
    assert (keys / "catatan.key").read_text() == "bukan milik kita"


# -- fields -------------------------------------------------------------------------------------


def test_a_field_comes_back_as_it_was(settings: Any) -> None:
    token = credentials.encrypt_field("6472010101010001")
    assert "6472" not in token
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]
    assert credentials.decrypt_field(token) == "6472010101010001"


def test_an_empty_field_stays_empty() -> None:
    assert (credentials.encrypt_field(""), credentials.decrypt_field("")) == ("", "")


def test_a_field_under_a_lost_key_says_so(settings: Any) -> None:
    token = credentials.encrypt_field("6472010101010001")
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(SecretUnavailable) as refusal:
        credentials.decrypt_field(token)
    assert str(refusal.value) == credentials.FIELD_UNREADABLE
