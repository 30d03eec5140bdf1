"""One flipped byte in what is stored is found, and those concerned see it on every page."""

import datetime as dt
import hashlib

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models
from django.test import Client
from django.urls import reverse

from accounts_requests import clock, content_alarm, content_checks, stored_contents, verifying
from accounts_requests.exceptions import NotPermitted
from accounts_requests.models import (
    AccountRequest,
    AuditEntry,
    ContentCheck,
    ContentFault,
    ContentFaultSeen,
    Document,
    DocumentContent,
    Message,
    Monitoring,
)
from accounts_requests.states import Act, DocumentState, MessageKind
from accounts_requests.worker import Worker

from . import cases, monitoring_cases
from .cases import MONDAY, OfficePeople
from .query_counts import queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

DAY = dt.timedelta(days=1)
NIGHT = dt.datetime(2026, 7, 6, 18, 0, tzinfo=dt.UTC)  # 02.00 WITA of the 7th


@pytest.fixture
def case(office_people: OfficePeople) -> AccountRequest:
    """An archived case and a monitoring report: contents of every store."""
    with clock.moved_to(MONDAY):
        case = cases.archived(office_people, people=1)
        monitoring_cases.judged(office_people)
    return case


def flip(pk: int) -> bytes:
    """Flip the last bit of a stored paper; returns the paper as it was."""
    content = DocumentContent.objects.get(pk=pk)
    data = bytes(content.data)
    DocumentContent.objects.filter(pk=pk).update(data=data[:-1] + bytes([data[-1] ^ 1]))
    return data


def check(at: dt.datetime = NIGHT) -> ContentCheck:
    """A whole check at ``at``."""
    with clock.moved_to(at):
        one = content_checks.by_hand(clock.now())
        content_checks.go_on(one, clock.now())
    return one


def stored() -> int:
    return Document.objects.filter(state=DocumentState.STORED).count() + Monitoring.objects.count()


# -- what is looked at ----------------------------------------------------------------------------


def test_every_binary_column_is_looked_at_or_has_no_hash() -> None:
    columns = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("accounts_requests").get_models()
        for field in model._meta.fields
        if isinstance(field, models.BinaryField)
    }
    # Ciphertexts that die soon, files that were not accepted yet, a picture of the settings,
    # copies that wait until their package is whole.
    without = {
        "Credential.ciphertext",
        "StagedUpload.data",
        "Office.emblem",
        "EvidencePart.data",
    }
    looked_at = {
        "DocumentContent.data",
        "Monitoring.pdf",
        "DestructionMinutes.data",
        "SigningRequest.signed_pdf",
    }
    assert columns - without == looked_at
    assert [store.name for store in stored_contents.STORES] == [
        "document",
        "monitoring",
        "minutes",
        "signed",
    ]


def test_a_flipped_byte_in_any_stored_content_is_found(
    case: AccountRequest, without_guard_rails: None
) -> None:
    assert check().found == 0
    whole = stored()
    assert whole == 9
    for pk in DocumentContent.objects.values_list("pk", flat=True):
        flip(pk)
    report = Monitoring.objects.get()
    Monitoring.objects.update(pdf=bytes(report.pdf)[:-1])
    made = check(NIGHT + DAY)

    assert (made.checked, made.found) == (whole, whole)
    told = {fault.record: fault for fault in ContentFault.objects.all()}
    wanted = [f"document:{pk}" for pk in DocumentContent.objects.values_list("pk", flat=True)]
    assert sorted(told) == sorted([*wanted, f"monitoring:{report.pk}"])
    assert {fault.kind for fault in told.values()} == {"different"}
    one = told[wanted[0]]
    kept = DocumentContent.objects.get(pk=int(wanted[0].partition(":")[2]))
    assert one.met == hashlib.sha256(bytes(kept.data)).hexdigest()
    assert one.expected == Document.objects.get(pk=kept.pk).sha256
    assert told[f"monitoring:{report.pk}"].label == (
        "Laporan pemantauan 01-01-2026 s.d. 30-06-2026, versi 1"
    )
    # No name of a registrant in what the trail and the mail tell.
    [entry] = AuditEntry.objects.filter(act=Act.CHECK_CONTENTS)
    assert entry.summary.startswith("9 isi tersimpan tidak utuh: Konsep SK, permohonan P-2026-0001")
    assert "dan 4 lainnya" in entry.summary
    assert "Personel" not in entry.summary


def test_a_content_that_is_gone_is_found_as_well(
    case: AccountRequest, without_guard_rails: None
) -> None:
    first = Document.objects.filter(state=DocumentState.STORED).order_by("pk")[0]
    DocumentContent.objects.filter(pk=first.pk).delete()

    assert check().found == 1
    assert [(fault.record, fault.kind, fault.met) for fault in ContentFault.objects.all()] == [
        (f"document:{first.pk}", "missing", "")
    ]


# -- every night, in slices -----------------------------------------------------------------------


def test_the_worker_checks_once_a_night_and_goes_on_where_it_was_cut_off(
    case: AccountRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_checks, "SLICE_SECONDS", 0.0)  # one content a slice
    with clock.moved_to(NIGHT - dt.timedelta(minutes=1)):
        Worker().drain()
    assert not ContentCheck.objects.exists()

    whole, walked = stored(), []
    for _ in range(whole + 1):
        with clock.moved_to(NIGHT):
            Worker().drain()
        one = ContentCheck.objects.get()
        walked.append((one.checked, one.finished_at is not None))
    assert walked == [(number, False) for number in range(1, whole + 1)] + [(whole, True)]
    assert one.night == dt.date(2026, 7, 7)

    with clock.moved_to(NIGHT + dt.timedelta(hours=1)):
        Worker().drain()
    assert ContentCheck.objects.count() == 1
    with clock.moved_to(NIGHT + DAY):
        Worker().drain()
    assert ContentCheck.objects.count() == 2


def test_two_workers_do_not_look_at_the_same(case: AccountRequest) -> None:
    one = ContentCheck.objects.create(started_at=NIGHT, night=NIGHT.date(), claimed_at=NIGHT)
    later = NIGHT + content_checks.STALE_AFTER

    with clock.moved_to(later):
        assert content_checks.look_after(later - dt.timedelta(seconds=1)) == 0
        # The other one is gone: what it held is taken over.
        assert content_checks.look_after(later) == stored()
    one.refresh_from_db()
    assert (one.finished_at, one.claimed_at) == (later, None)


def test_each_content_is_read_alone_and_costs_one_query(
    case: AccountRequest, office_people: OfficePeople
) -> None:
    with queries() as few:
        check(NIGHT)
    whole = stored()
    with clock.moved_to(MONDAY):
        cases.issued(office_people, people=2, number="000.3/2/X")
    with queries() as more:
        check(NIGHT + DAY)

    assert stored() - whole == 4
    assert len(more) == len(few) + 4


# -- the alarm ------------------------------------------------------------------------------------


def test_a_damaged_paper_alarms_every_page_of_those_concerned_until_it_is_good_again(
    client: Client,
    case: AccountRequest,
    office_people: OfficePeople,
    without_guard_rails: None,
) -> None:
    paper = case.documents.filter(state=DocumentState.STORED)[0]
    good = flip(paper.pk)
    check()
    with clock.moved_to(NIGHT + dt.timedelta(hours=6)):
        pages = {
            who: [shown(client, getattr(office_people, who), url) for url in urls]
            for who, urls in {
                "keeper": ["home", "user_list", "archive", "admin:index"],
                "inspector": ["home", "request_list", "report"],
                "kepala": ["home", "archive"],
                "admin1": ["home"],
            }.items()
        }
        said = "Alarm: 1 isi dokumen tidak sama dengan saat disimpan."
        assert {who: [page.count(said) for page in each] for who, each in pages.items()} == {
            "keeper": [1, 1, 1, 1],
            "inspector": [1, 1, 1],
            "kepala": [0, 0],
            "admin1": [0],
        }
        assert "1 isi tidak utuh. Pemeriksaan isi terakhir selesai" in pages["keeper"][0]
        assert machines(client) == (1, 6 * 3600)

        page = shown(client, office_people.inspector, "content_checks")
        for told in (paper.sha256, "Isi berbeda", "belum ada", "manage.py restore"):
            assert told in page, told
        assert reverse("content_faults_again") not in page
        page = press(client, "content_faults_read")
        assert "Inspektur Contoh" in page
        assert said in page

        client.force_login(office_people.keeper)
        page = press(client, "content_faults_again")
        assert "0 isi utuh kembali; 1 isi masih tidak utuh." in page
        DocumentContent.objects.filter(pk=paper.pk).update(data=good)
        page = press(client, "content_faults_again")
        assert "1 isi utuh kembali. Tidak ada lagi isi yang rusak." in page
        assert said not in page
        assert machines(client) == (0, 6 * 3600)

    [seen] = ContentFaultSeen.objects.all()
    assert (seen.person, seen.fault.label) == (
        office_people.inspector,
        "Konsep SK, permohonan P-2026-0001",
    )
    assert [entry.summary for entry in AuditEntry.objects.filter(act=Act.CHECK_CONTENTS)] == [
        "1 isi tersimpan tidak utuh: Konsep SK, permohonan P-2026-0001.",
        "1 isi tersimpan utuh kembali: Konsep SK, permohonan P-2026-0001.",
    ]
    assert verifying.verify().breaks == []


def shown(client: Client, who: object, url_name: str) -> str:
    client.force_login(who)  # type: ignore[arg-type]  # a User
    return str(client.get(reverse(url_name)).content.decode())


def press(client: Client, url_name: str) -> str:
    return str(client.post(reverse(url_name), follow=True).content.decode())


def machines(client: Client) -> tuple[int, int]:
    told = client.get(reverse("healthz")).json()
    return told["damaged_contents"], told["contents_checked_seconds_ago"]


def test_the_next_night_calms_what_was_restored_meanwhile_and_tells_nothing_twice(
    case: AccountRequest, office_people: OfficePeople, without_guard_rails: None
) -> None:
    paper = case.documents.filter(state=DocumentState.STORED)[0]
    good = flip(paper.pk)
    check()
    check(NIGHT + DAY)
    assert [(each.recipient, each.context["named"]) for each in alarms()] == [
        (office_people.keeper, "Konsep SK, permohonan P-2026-0001")
    ]
    DocumentContent.objects.filter(pk=paper.pk).update(data=good)
    assert content_alarm.standing() is not None
    check(NIGHT + 2 * DAY)

    assert content_alarm.standing() is None
    assert [fault.good_again_at for fault in ContentFault.objects.all()] == [NIGHT + 2 * DAY]
    flip(paper.pk)
    check(NIGHT + 3 * DAY)
    assert len(alarms()) == 2


def alarms() -> list[Message]:
    return list(Message.objects.filter(kind=MessageKind.CONTENT_ALARM))


def test_a_damaged_paper_is_found_when_it_is_opened_and_the_alarm_does_not_wait_for_the_night(
    client: Client,
    case: AccountRequest,
    office_people: OfficePeople,
    without_guard_rails: None,
) -> None:
    paper = case.documents.filter(state=DocumentState.STORED)[0]
    flip(paper.pk)
    client.force_login(office_people.admin1)
    with clock.moved_to(NIGHT):
        url = reverse("document", args=[paper.public_id])
        answers = [client.get(url) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "tidak sama dengan saat disimpan" in answers[0].content.decode()
    [fault] = ContentFault.objects.all()
    assert (fault.check_run, fault.record) == (None, f"document:{paper.pk}")
    assert len(alarms()) == 1


def test_only_those_concerned_read_of_it_and_only_the_keeper_looks_again(
    client: Client, office_people: OfficePeople
) -> None:
    for who in (office_people.kepala, office_people.admin1, office_people.biro):
        client.force_login(who)
        assert client.get(reverse("content_checks")).status_code == 403
        with pytest.raises(NotPermitted, match="Pengelola Aplikasi dan Inspektorat"):
            content_checks.acknowledge(NIGHT, actor=who)
    with pytest.raises(NotPermitted, match="dikelola oleh Pengelola Aplikasi"):
        content_checks.look_again(NIGHT, actor=office_people.inspector)


def test_the_keeper_reads_how_old_the_last_check_is(case: AccountRequest) -> None:
    assert content_alarm.status(NIGHT).label == "Belum ada"
    check()
    labels = [content_alarm.status(NIGHT + age).label for age in (DAY, 2 * DAY)]
    assert labels == ["Utuh", "Terlambat"]


# -- by hand --------------------------------------------------------------------------------------


def test_the_command_names_what_is_damaged_and_ends_with_an_error(
    case: AccountRequest, without_guard_rails: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check_contents")
    assert capsys.readouterr().out == (
        "9 isi diperiksa.\nUtuh: setiap isi sama dengan saat disimpan.\n"
    )
    first = DocumentContent.objects.order_by("pk")[0]
    flip(first.pk)
    with pytest.raises(CommandError, match="1 isi tidak utuh; pulihkan dari cadangan"):
        call_command("check_contents")
    assert capsys.readouterr().out == (
        "9 isi diperiksa.\n"
        f"RUSAK: Konsep SK, permohonan P-2026-0001 (document:{first.pk}): Isi berbeda.\n"
    )
