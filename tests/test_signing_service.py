"""Signing through the office's e-sign service: handed in, asked for, looked at, issued here."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts_requests import clock, content_checks, documents, papers, signing_queue, workflow
from accounts_requests.checks import START_TAG
from accounts_requests.exceptions import AlreadyDone, NotAllowedNow
from accounts_requests.models import (
    AccountRequest,
    AuditEntry,
    ContentFault,
    Document,
    SignatureCheck,
    SigningRequest,
)
from accounts_requests.signatures import service
from accounts_requests.signing_queue import BACK_OFF_MINUTES, MAX_ATTEMPTS, Told
from accounts_requests.states import Act, CaseState, DocumentKind, SigningMethod

from . import cases, signing, signing_service
from .query_counts import queries
from .signing_service import NAME, Service, row, work

pytestmark = pytest.mark.django_db

NUMBER = "000.3/1/B.PBJ-II/2026"
DECIDED = {"number": NUMBER, "date": "2026-07-06"}
State = SigningRequest.State


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(cases.MONDAY):
        yield


@pytest.fixture
def office_service(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Service:
    return signing_service.switched_on(settings, monkeypatch)


@pytest.fixture
def real_papers() -> None:
    """The papers of this test are no empty pages."""


@pytest.fixture
def case(office_people: cases.OfficePeople, request: pytest.FixtureRequest) -> AccountRequest:
    """A case at paraf that is to be signed electronically, with number and date."""
    if "real_papers" not in request.fixturenames:
        request.getfixturevalue("quick_papers")
    found = cases.submitted(office_people, signing_method=SigningMethod.CERTIFIED)
    workflow.set_decree_number(
        found, actor=office_people.drafter, number=NUMBER, date=clock.today()
    )
    return cases.fresh(found)


@pytest.fixture
def head(client: Client, office_people: cases.OfficePeople) -> Client:
    client.force_login(office_people.kepala)
    return client


@pytest.fixture
def drafter(office_people: cases.OfficePeople) -> Client:
    browser = Client()
    browser.force_login(office_people.drafter)
    return browser


@pytest.fixture
def sent(
    case: AccountRequest, office_people: cases.OfficePeople, office_service: Service
) -> AccountRequest:
    """The case when the service has its Konsep."""
    workflow.send_for_signing(case, actor=office_people.drafter)
    assert work() == 0
    assert row(case).state == State.SENT
    return cases.fresh(case)


def url(name: str, case: AccountRequest) -> str:
    return reverse(name, args=[case.number])


def later(minutes: float = 10) -> Any:
    return clock.moved_to(clock.now() + dt.timedelta(minutes=minutes))


def told_of(case: AccountRequest) -> list[tuple[str, str]]:
    """What the trail tells of the service's answers."""
    entries = AuditEntry.objects.filter(request=case, act=Act.ANSWER_SIGNING).order_by("sequence")
    return [(entry.actor_name, entry.summary) for entry in entries]


# -- the way through ------------------------------------------------------------------------------


@pytest.mark.usefixtures("real_papers")
def test_a_konsep_goes_out_by_one_press_and_comes_back_as_a_proposal_of_an_sk(
    head: Client, drafter: Client, case: AccountRequest, office_service: Service
) -> None:
    page = drafter.get(url("signing", case)).content.decode()
    assert "Konsep SK belum dikirim ke layanan tanda tangan." in page
    assert "Kirim ke layanan tanda tangan" in page
    assert drafter.post(url("signing_send", case))["Location"] == url("signing", case)
    assert row(case).state == State.QUEUED
    assert office_service.submissions() == []

    assert work() == 0
    [(ours, reference)] = office_service.submissions()
    request = row(case)
    assert (request.state, request.reference, ours) == (
        State.SENT,
        reference,
        str(request.public_id),
    )
    concept = Document.objects.get(pk=request.document_id)
    assert (concept.kind, concept.sha256) == (DocumentKind.DECREE_CONCEPT, request.sha256)
    handed_in = (office_service.folder / f"{reference}.pdf").read_bytes()
    assert handed_in == papers.read(concept)
    assert {
        name: office_service.told(reference)[name]
        for name in ("title", "signer_name", "signer_nip")
    } == {
        "title": f"SK nomor {NUMBER} tentang {case.subject}",
        "signer_name": case.signer_name,
        "signer_nip": case.signer_nip,
    }
    shown = drafter.get(url("signing", case)).content.decode()
    assert f"Menunggu tanda tangan di {NAME} sejak pukul 10.00 WITA." in shown

    data = office_service.signs(reference)
    with later():
        assert work() == 0
        assert row(case).state == State.SIGNED
        assert cases.fresh(case).state == CaseState.DRAFT
        to_issue = f'href="{url("issue", case)}">Periksa dan terbitkan SK'
        assert [
            to_issue in reader.get(url("signing", case)).content.decode()
            for reader in (drafter, head)
        ] == [False, True]
        looked = head.get(url("issue", case))
        words = looked.content.decode()
        assert "Dra. Ratna Dewi (NIP 19720528 200502 1 001)" in words
        assert f"diterima dari {NAME} (" in words
        assert looked.context["signed"].differences == ()
        form = {**DECIDED, "staged": str(request.public_id)}
        assert head.post(url("issue", case), form)["Location"] == url("request_detail", case)

    decree = Document.objects.get(request=case, kind=DocumentKind.DECREE)
    assert papers.read(decree) == data
    ended = row(case)
    assert (ended.state, ended.signed_pdf, ended.signed_sha256) == (
        State.ISSUED,
        None,
        decree.sha256,
    )
    assert SignatureCheck.objects.get().document == decree
    assert told_of(case) == [
        ("Sistem", "Layanan tanda tangan: menunggu tanda tangan."),
        ("Sistem", "Layanan tanda tangan: sudah ditandatangani."),
    ]


def test_while_the_official_takes_their_time_the_service_is_asked_less_and_less_often(
    sent: AccountRequest, office_service: Service
) -> None:
    waits = []
    for _ in range(7):
        due = row(sent).next_try_at
        assert due is not None
        waits.append((due - clock.now()).total_seconds())
        with clock.moved_to(due):
            assert work() == 0
            waits[-1] = (row(sent).next_try_at - due).total_seconds()  # type: ignore[operator]
    assert waits == [15, 30, 60, 120, 300, 300, 300]
    assert (row(sent).state, row(sent).answer) == (State.SENT, "Belum ditandatangani.")
    assert len(office_service.submissions()) == 1


def test_a_refusal_is_told_in_its_own_words_and_may_be_followed_by_another_sending(
    drafter: Client, sent: AccountRequest, office_service: Service
) -> None:
    [(_, first)] = office_service.submissions()
    office_service.refuse(first, "Pangkat penanda tangan keliru.")
    with later():
        assert work() == 0
        page = drafter.get(url("signing", sent)).content.decode()
        assert re.search(rf"Ditolak di {NAME} .*: Pangkat penanda tangan keliru\.", page)
        assert ">Kirim ulang</button>" in page
        drafter.post(url("signing_send", sent))
        assert work() == 0
    assert row(sent).state == State.SENT
    assert len(office_service.submissions()) == 2
    assert told_of(sent)[1] == ("Sistem", "Layanan tanda tangan: ditolak.")


def test_a_service_that_cannot_be_reached_is_tried_again_and_given_up_at_last(
    case: AccountRequest, office_people: cases.OfficePeople, office_service: Service
) -> None:
    office_service.go_away()
    workflow.send_for_signing(case, actor=office_people.drafter)
    at = clock.now()
    waits = []
    for _ in range(MAX_ATTEMPTS):
        with clock.moved_to(at):
            assert work() == 0
        tried = row(case)
        if tried.next_try_at is not None:
            waits.append(int((tried.next_try_at - at).total_seconds() // 60))
            assert (tried.state, tried.answer) == (State.QUEUED, "Layanan tidak terjangkau.")
            at = tried.next_try_at
    assert waits == list(BACK_OFF_MINUTES)
    assert row(case).state == State.FAILED
    assert row(case).answer == (
        f"Tidak berhasil setelah {MAX_ATTEMPTS} kali percobaan. Layanan tidak terjangkau."
    )
    assert office_service.submissions() == []


def test_a_service_that_comes_back_takes_the_same_konsep_in_once(
    case: AccountRequest, office_people: cases.OfficePeople, office_service: Service
) -> None:
    office_service.go_away()
    workflow.send_for_signing(case, actor=office_people.drafter)
    assert work() == 0
    office_service.go_away(away=False)
    assert work() == 0  # not due yet
    assert office_service.submissions() == []
    with later(2):
        assert work() == 0
    assert [ours for ours, _ in office_service.submissions()] == [str(row(case).public_id)]


def test_a_service_that_cannot_be_asked_is_asked_again_and_never_given_up(
    sent: AccountRequest, office_service: Service
) -> None:
    office_service.go_away()
    at = clock.now()
    for _ in range(2 * MAX_ATTEMPTS):
        at += dt.timedelta(minutes=6)
        with clock.moved_to(at):
            assert work() == 0
    assert (row(sent).state, row(sent).answer) == (State.SENT, "Layanan tidak terjangkau.")


@pytest.mark.parametrize(
    ("error", "end"),
    [
        (service.Rejected("Berkas terlalu besar."), (State.FAILED, "Berkas terlalu besar.")),
        (
            ConnectionResetError("what a library quotes"),
            (State.UNCERTAIN, signing_queue.BROKEN_OFF.format(kind="ConnectionResetError")),
        ),
    ],
)
def test_what_will_never_work_fails_and_what_nobody_knows_is_uncertain(
    error: Exception,
    end: tuple[str, str],
    case: AccountRequest,
    drafter: Client,
    office_service: Service,
) -> None:
    drafter.post(url("signing_send", case))
    Service.breaks = error
    assert work() == 0
    Service.breaks = None
    with later(120):
        assert work() == 0
        page = drafter.get(url("signing", case)).content.decode()
    assert (row(case).state, row(case).answer) == end
    assert end[1] in page
    assert office_service.submissions() == []


# -- what comes back ------------------------------------------------------------------------------


def of_another_case(case: AccountRequest) -> bytes:
    """An SK whose people bear other names."""
    case.registrants.update(full_name="Nama Yang Lain")
    other = documents.render(DocumentKind.DECREE_CONCEPT, cases.fresh(case), at=clock.now())
    case.registrants.filter(position_in_list=1).update(full_name="Contoh Personel 001")
    case.registrants.filter(position_in_list=2).update(full_name="Contoh Personel 002")
    return signing.sign(other.data, at=signing_service.SIGNED_AT)


def as_it_went(data: bytes) -> bytes:
    return data


def flipped(data: bytes) -> bytes:
    """Signed, and one byte of it bent afterwards."""
    whole = signing.sign(data, at=signing_service.SIGNED_AT)
    place = whole.index(b"%%EOF") + 2
    return whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]


@pytest.mark.parametrize(
    ("bent", "sentence"),
    [
        (as_it_went, "tidak memuat tanda tangan elektronik"),
        (lambda _data: b"<html>", "bukan PDF"),
        (lambda _data: b"", "kosong (0 byte)"),
        (flipped, "tidak diterima: isinya tidak s"),
    ],
    ids=["unsigned", "no PDF", "empty", "a flipped byte"],
)
def test_what_cannot_be_an_sk_fails_with_the_sentence_of_an_upload(
    bent: Callable[[bytes], bytes],
    sentence: str,
    head: Client,
    sent: AccountRequest,
    office_service: Service,
) -> None:
    [(_, reference)] = office_service.submissions()
    data = (office_service.folder / f"{reference}.pdf").read_bytes()
    office_service.sign(reference, bent(data))
    with later():
        assert work() == 0
        assert head.get(url("issue", sent)).context["signed"] is None
    failed = row(sent)
    assert (failed.state, failed.signed_pdf, failed.signed_sha256) == (State.FAILED, None, "")
    assert failed.answer.startswith("Yang dikembalikan layanan tidak dapat menjadi SK. ")
    assert sentence in failed.answer


@pytest.mark.usefixtures("real_papers")
def test_the_sk_of_another_case_is_told_line_by_line_and_issued_only_when_confirmed(
    head: Client, sent: AccountRequest, office_service: Service
) -> None:
    [(_, reference)] = office_service.submissions()
    office_service.sign(reference, of_another_case(sent))
    with later():
        assert work() == 0
        form = {**DECIDED, "staged": str(row(sent).public_id)}
        refused = head.post(url("issue", sent), form)
        differences = refused.context["signed"].differences
        assert [(each.label, each.paper) for each in differences] == [
            (f"No. {number}: nama", "Di depan NIP-nya tertulis: Nama Yang Lain, S.Kom.")
            for number in (1, 2)
        ]
        assert cases.fresh(sent).state == CaseState.DRAFT
        head.post(url("issue", sent), {**form, "confirmed": [each.key for each in differences]})
    assert cases.fresh(sent).state == CaseState.DECREE_ISSUED
    assert row(sent).state == State.ISSUED


@pytest.mark.usefixtures("real_papers")
def test_the_newer_one_waits_of_an_upload_and_what_the_service_gave_back(
    head: Client, sent: AccountRequest, office_service: Service
) -> None:
    [(_, reference)] = office_service.submissions()
    office_service.signs(reference)
    own = signing.sign(
        (office_service.folder / f"{reference}.pdf").read_bytes(), at=signing_service.SIGNED_AT
    )
    with later():
        assert work() == 0
    with later(20):
        looked = head.post(
            url("issue", sent), {"signed_file": SimpleUploadedFile("sendiri.pdf", own)}
        )
        staged = looked.context["signed"].staged
        assert (staged.file_name, staged.service) == ("sendiri.pdf", "")
        head.post(url("issue", sent), {**DECIDED, "staged": str(staged.public_id)})
    assert cases.fresh(sent).state == CaseState.DECREE_ISSUED
    ended = row(sent)
    assert (ended.state, ended.signed_pdf) == (State.WITHDRAWN, None)
    assert ended.answer == (
        "SK diterbitkan dengan PDF lain; permintaan ini tidak dipakai lagi. Layanan mungkin masih "
        "menyimpannya; batalkan juga di sana."
    )


def test_bytes_that_were_changed_here_are_found_at_night_and_never_issued(
    head: Client, sent: AccountRequest, office_service: Service
) -> None:
    [(_, reference)] = office_service.submissions()
    office_service.signs(reference)
    with later():
        assert work() == 0
        came = row(sent)
        SigningRequest.objects.filter(pk=came.pk).update(
            signed_pdf=bytes(came.signed_pdf or b"")[:-1]
        )
        assert head.get(url("issue", sent)).status_code == 409
        content_checks.go_on(content_checks.by_hand(clock.now()), clock.now())
    [fault] = ContentFault.objects.all()
    assert (fault.record, fault.kind, fault.label) == (
        f"signed:{came.pk}",
        "different",
        f"PDF dari layanan tanda tangan, permohonan {sent.number}",
    )


# -- taking back, and what makes it stale ---------------------------------------------------------


def test_what_is_taken_back_is_not_asked_for_again_and_says_what_the_service_may_hold(
    drafter: Client, sent: AccountRequest, office_service: Service
) -> None:
    seen = {"seen": str(row(sent).public_id)}
    assert drafter.post(url("signing_withdraw", sent), {"seen": "lain"}).status_code == 409
    assert drafter.post(url("signing_withdraw", sent), seen)["Location"] == url("signing", sent)
    again = drafter.post(url("signing_withdraw", sent), seen)
    assert (again.status_code, "sudah berakhir: ditarik kembali" in again.content.decode()) == (
        409,
        True,
    )
    [(_, reference)] = office_service.submissions()
    office_service.signs(reference)
    with later():
        assert work() == 0
    ended = row(sent)
    assert (ended.state, ended.reference, ended.signed_pdf) == (State.WITHDRAWN, reference, None)
    assert ended.answer.endswith("Layanan mungkin masih menyimpannya; batalkan juga di sana.")


def test_what_never_left_is_taken_back_whole(
    case: AccountRequest, office_people: cases.OfficePeople, office_service: Service
) -> None:
    request = workflow.send_for_signing(case, actor=office_people.drafter)
    workflow.withdraw_signing(case, actor=office_people.kepala, seen=request.public_id)
    assert work() == 0
    assert row(case).answer == (
        f"Ditarik kembali oleh {office_people.kepala.titled_name}. Konsep belum sampai di layanan."
    )
    assert office_service.submissions() == []


def test_an_answer_to_what_was_taken_back_meanwhile_keeps_only_its_reference(
    case: AccountRequest, office_people: cases.OfficePeople, office_service: Service
) -> None:
    request = workflow.send_for_signing(case, actor=office_people.drafter)
    claimed = signing_queue.claim_next("uji", clock.now())
    assert claimed is not None
    told = signing_queue.converse(claimed)
    workflow.withdraw_signing(case, actor=office_people.kepala, seen=request.public_id)
    workflow.settle_signing(claimed.pk, told, at=clock.now())
    ended = row(case)
    assert (ended.state, ended.reference) == (State.WITHDRAWN, told.reference)
    assert told_of(case) == []
    with pytest.raises(signing_queue.ClaimLost):
        signing_queue.try_later(claimed, Told(state=State.QUEUED), at=clock.now())


@pytest.mark.parametrize(
    ("act", "because"),
    [
        (
            lambda case, staff: workflow.unlock_people(
                case, actor=staff.drafter, reason="NIP nomor 2 keliru"
            ),
            "Kunci personel dibuka, sehingga isi Konsep dapat berubah.",
        ),
        (
            lambda case, staff: workflow.set_decree_number(
                case, actor=staff.drafter, number="000.3/2/2026", date=clock.today()
            ),
            "Nomor atau tanggal SK diubah setelah Konsep dikirim.",
        ),
        (
            lambda case, staff: workflow.cancel(
                case, actor=staff.kepala, reason="Tidak jadi dilaksanakan"
            ),
            "Permohonan dibatalkan.",
        ),
    ],
    ids=["unlocked", "another number", "cancelled"],
)
def test_what_changes_the_konsep_takes_it_back(
    act: Callable[[AccountRequest, cases.OfficePeople], None],
    because: str,
    sent: AccountRequest,
    office_people: cases.OfficePeople,
    office_service: Service,
) -> None:
    [(_, reference)] = office_service.submissions()
    office_service.signs(reference)
    with later():
        assert work() == 0
        act(cases.fresh(sent), office_people)
    ended = row(sent)
    assert (ended.state, ended.signed_pdf) == (State.WITHDRAWN, None)
    assert ended.answer == (f"{because} Layanan mungkin masih menyimpannya; batalkan juga di sana.")
    entry = AuditEntry.objects.filter(request=sent, actor__isnull=False).latest("sequence")
    assert entry.changes["signing_withdrawn"] == reference


def test_what_a_backup_holds_unsent_is_uncertain_after_the_restore(
    case: AccountRequest, office_people: cases.OfficePeople, office_service: Service
) -> None:
    workflow.send_for_signing(case, actor=office_people.drafter)
    assert signing_queue.doubt_unsent(clock.now()) == 1
    assert work() == 0
    assert (row(case).state, row(case).answer) == (State.UNCERTAIN, signing_queue.RESTORED)
    assert office_service.submissions() == []


def test_the_same_number_again_takes_nothing_back(
    sent: AccountRequest, office_people: cases.OfficePeople
) -> None:
    workflow.set_decree_number(sent, actor=office_people.drafter, number=NUMBER, date=clock.today())
    assert row(sent).state == State.SENT


# -- who may, and when ----------------------------------------------------------------------------


def test_nothing_is_sent_twice_nor_before_it_has_its_number(
    office_people: cases.OfficePeople, sent: AccountRequest
) -> None:
    with pytest.raises(AlreadyDone, match="telah dikirim ke layanan tanda tangan oleh"):
        workflow.send_for_signing(sent, actor=office_people.kepala)
    bare = cases.submitted(office_people, signing_method=SigningMethod.CERTIFIED)
    with pytest.raises(NotAllowedNow, match="Nomor atau tanggal SK belum dicatat"):
        workflow.send_for_signing(bare, actor=office_people.drafter)


@pytest.mark.parametrize("who", ["admin1", "biro", "inspector", "keeper"])
def test_only_those_who_prepare_the_sk_hand_it_in(
    who: str,
    client: Client,
    case: AccountRequest,
    office_people: cases.OfficePeople,
    office_service: Service,
) -> None:
    client.force_login(getattr(office_people, who))
    assert [
        client.get(url("signing", case)).status_code,
        client.post(url("signing_send", case)).status_code,
        client.post(url("signing_withdraw", case)).status_code,
    ] == [403, 403, 403]
    assert not SigningRequest.objects.exists()


def test_an_sk_that_is_approved_inside_does_not_know_the_service(
    head: Client,
    office_people: cases.OfficePeople,
    office_service: Service,
    quick_papers: None,
) -> None:
    inside = cases.submitted(office_people)
    assert head.get(url("signing", inside)).status_code == 409
    assert url("signing", inside) not in head.get(url("request_detail", inside)).content.decode()


def test_the_case_and_the_issuing_page_tell_how_it_stands(
    head: Client, sent: AccountRequest, office_people: cases.OfficePeople
) -> None:
    for name in ("request_detail", "issue"):
        page = head.get(url(name, sent)).content.decode()
        assert f"Menunggu tanda tangan di {NAME} sejak" in page
        assert url("signing", sent) in page


# -- off, and what is never asked -----------------------------------------------------------------


def test_without_a_service_there_is_nothing_of_it(
    head: Client, case: AccountRequest, office_people: cases.OfficePeople, settings: Settings
) -> None:
    settings.SIGNING_SERVICE = ""
    for name in ("request_detail", "issue", "draft_edit"):
        with queries() as asked:
            page = head.get(url(name, case)).content.decode()
        assert "ayanan tanda tangan" not in page
        assert "layanan-tanda-tangan" not in page
        assert [sql for sql in asked if "signingrequest" in sql] == []
    assert [
        head.get(url("signing", case)).status_code,
        head.post(url("signing_send", case)).status_code,
        head.post(url("signing_withdraw", case)).status_code,
    ] == [404, 404, 404]
    with pytest.raises(NotAllowedNow, match="tidak memakai layanan tanda tangan"):
        workflow.send_for_signing(case, actor=office_people.kepala)
    with queries() as asked:
        assert signing_queue.claim_next("uji", clock.now()) is None
        assert signing_queue.left_behind(clock.now()) == []
    assert asked == []


def test_no_form_asks_for_anything_that_an_official_signs_with(
    head: Client, sent: AccountRequest, office_service: Service
) -> None:
    [(_, reference)] = office_service.submissions()
    office_service.signs(reference)
    asked = re.compile(r'<(?:input|textarea|select)[^>]*\bname="([^"]+)"')
    fields: set[str] = set()
    for moment in (0, 10):
        with later(moment):
            assert work() == 0
            fields |= {
                field
                for name in ("signing", "issue")
                for field in asked.findall(head.get(url(name, sent)).content.decode())
            }
    assert fields - {"q", "cari"} == {
        "confirmed",
        "csrfmiddlewaretoken",
        "date",
        "number",
        "seen",
        "signed_file",
        "staged",
    }
    told = office_service.told(reference)
    assert set(told) == {"title", "signer_name", "signer_nip", "our_reference", "at"}
    page = head.get(url("signing", sent)).content.decode()
    assert "tidak pernah meminta, menerima, atau menyimpan sandi tanda tangan" in page


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("tests.tidak_ada.Layanan", "tidak dapat dimuat (ModuleNotFoundError)"),
        ("tests.signing_service.NAME", "bukan kelas"),
        ("accounts_requests.models.User", "tidak mempunyai metode submit"),
        ("tests.signing_service.Unasking", "Metode ask pada"),
        ("tests.signing_service.Unnamed", "tidak menyebut nama layanannya"),
    ],
)
def test_a_path_that_leads_to_no_service_stops_the_start_in_plain_words(
    path: str, sentence: str, settings: Settings
) -> None:
    settings.SIGNING_SERVICE = path
    [error] = run_checks(tags=[START_TAG])
    assert error.id == "accounts_requests.E007"
    assert error.msg.startswith("Layanan tanda tangan tidak dapat dipakai: ")
    assert sentence in error.msg


def test_the_example_is_no_service_for_production(settings: Settings) -> None:
    settings.SIGNING_SERVICE = signing_service.PATH
    assert run_checks(tags=[START_TAG]) == []
    service._made.cache_clear()
    settings.PRODUCTION = True
    [error] = run_checks(tags=[START_TAG])
    assert "layanan contoh hanya untuk demo dan pengujian" in error.msg


@pytest.mark.usefixtures("real_papers")
def test_the_example_of_the_demo_signs_by_itself_and_says_that_it_is_one(
    head: Client,
    case: AccountRequest,
    office_people: cases.OfficePeople,
    office_service: Service,
    settings: Settings,
) -> None:
    settings.SIGNING_SERVICE = "accounts_requests.signatures.example_service.ExampleService"
    workflow.send_for_signing(case, actor=office_people.drafter)
    assert work() == 0
    with later(1):
        assert work() == 0
        page = head.get(url("issue", case)).content.decode()
    assert row(case).state == State.SIGNED
    assert f"CONTOH {case.signer_name}" in page
    assert [
        path.name for path in office_service.folder.iterdir() if b"KEY" in path.read_bytes()
    ] == []
