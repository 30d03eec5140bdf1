"""Papers as rows: versions, claims, failures, and bytes that cannot change unseen."""

import datetime as dt
import hashlib
import logging
from typing import Any

import pytest

from accounts_requests import documents, papers
from accounts_requests.exceptions import RenderingFailed
from accounts_requests.models import AccountRequest, Document, DocumentContent
from accounts_requests.states import DocumentKind, DocumentState
from accounts_requests.uploads import Upload

from . import paper_cases as cases

pytestmark = pytest.mark.django_db

NOW = cases.ISSUED
PDF = "application/pdf"


@pytest.fixture
def case() -> AccountRequest:
    return cases.make_draft(2)


def owe(case: AccountRequest, kind: DocumentKind, **values: Any) -> Document:
    return papers.owe(case, kind, **{"at": NOW, "by": case.created_by, **values})


def upload(case: AccountRequest, kind: DocumentKind, **values: Any) -> Document:
    return papers.store_upload(
        case,
        kind,
        Upload("ä/b c.png", b"bytes"),
        "image/png",
        **{"at": NOW, "by": case.created_by, "title": "Pindai Ä, 1", **values},
    )


def claimed(at: dt.datetime = NOW) -> Document:
    document = papers.claim_owed(at)
    assert document is not None
    return document


def test_an_owed_paper_is_rendered_once_and_stored_with_its_hash(case: AccountRequest) -> None:
    document = owe(case, DocumentKind.DECREE_CONCEPT)
    assert papers.owed(case) == 1
    assert papers.render_claimed(claimed(), NOW)
    document.refresh_from_db()
    data = papers.read(document)
    assert document.state == DocumentState.STORED
    assert document.sha256 == hashlib.sha256(data).hexdigest()
    assert document.size == len(data)
    assert document.pages == 3
    assert document.template_version == documents.template_version()
    assert document.file_name == "Konsep-SK-P-0001-2026.pdf"
    assert document.title.startswith("Konsep SK tentang ")
    assert (document.attempts, document.claimed_at, document.next_attempt_at) == (1, None, None)
    assert papers.owed(case) == 0
    assert papers.claim_owed(NOW) is None


def test_a_paper_tells_the_instant_of_its_act_whenever_it_is_rendered(
    case: AccountRequest,
) -> None:
    document = owe(case, DocumentKind.DECREE_CONCEPT)
    rendered = documents.render(document.kind, case, at=NOW, document=document)
    assert papers.render_claimed(claimed(), NOW + dt.timedelta(days=3))
    document.refresh_from_db()
    assert papers.read(document) == rendered.data


def test_a_new_version_supersedes_the_one_before_and_both_are_kept(case: AccountRequest) -> None:
    first = owe(case, DocumentKind.DECREE_CONCEPT)
    assert papers.render_claimed(claimed(), NOW)
    later = NOW + dt.timedelta(minutes=1)
    second = owe(case, DocumentKind.DECREE_CONCEPT, at=later)
    first.refresh_from_db()
    assert (first.version, first.superseded_at) == (1, later)
    assert (second.version, second.superseded_at) == (2, None)
    assert papers.read(first).startswith(b"%PDF")


def test_each_person_has_versions_of_their_own(case: AccountRequest) -> None:
    one, two = case.registrants.all()
    assert owe(case, DocumentKind.FORM, registrant=one).version == 1
    assert owe(case, DocumentKind.FORM, registrant=two).version == 1
    again = owe(case, DocumentKind.FORM, registrant=one)
    assert (again.version, again.number) == (2, f"F-001/{case.number}")
    assert papers.owed(case) == 2


def test_a_paper_superseded_while_it_is_made_is_not_stored(case: AccountRequest) -> None:
    owe(case, DocumentKind.DECREE_CONCEPT)
    held = claimed()
    assert papers.supersede(case, [DocumentKind.DECREE_CONCEPT], at=NOW) == 1
    papers.render_claimed(held, NOW)
    assert Document.objects.get(pk=held.pk).state == DocumentState.OWED
    assert not DocumentContent.objects.filter(document=held).exists()
    assert papers.owed(case) == 0
    assert papers.claim_owed(NOW) is None


def test_a_cancelled_case_keeps_what_is_stored_and_owes_nothing(case: AccountRequest) -> None:
    stored = upload(case, DocumentKind.SCAN)
    owe(case, DocumentKind.DECREE_CONCEPT)
    assert papers.release(case, at=NOW) == 1
    assert papers.owed(case) == 0
    stored.refresh_from_db()
    assert stored.superseded_at is None


def test_rendered_before_the_transaction_it_keeps_the_identity_it_prints() -> None:
    case = cases.make_archived(1)
    rendered = documents.render(DocumentKind.DECREE, case, at=NOW)
    document = papers.store_rendered(
        case,
        DocumentKind.DECREE,
        rendered,
        at=NOW,
        by=case.created_by,
        number=case.decree_number,
        dated=case.decree_date,
    )
    assert document.public_id == rendered.public_id
    assert papers.read(document) == rendered.data
    assert (document.number, document.dated) == ("000.3/1/B.PBJ-II/2026", dt.date(2026, 3, 11))


def test_an_uploaded_decree_is_kept_byte_for_byte_and_supersedes(case: AccountRequest) -> None:
    first = upload(case, DocumentKind.DECREE, number="000.3/1")
    second = upload(case, DocumentKind.DECREE, number="000.3/1")
    first.refresh_from_db()
    assert first.superseded_at == NOW
    assert second.version == 2
    assert second.uploaded
    assert papers.read(second) == b"bytes"
    assert second.file_name == "SK-000.3-1.png"
    assert second.pages == 1


def test_scans_stand_beside_each_other_under_tidy_names(case: AccountRequest) -> None:
    first, second = upload(case, DocumentKind.SCAN), upload(case, DocumentKind.SCAN)
    assert [first.version, second.version] == [1, 1]
    assert case.documents.filter(superseded_at__isnull=True).count() == 2
    assert first.file_name == "Hasil-pindai-Pindai-A-1.png"


def test_changed_bytes_are_refused_with_a_sentence(
    case: AccountRequest, caplog: pytest.LogCaptureFixture, without_guard_rails: None
) -> None:
    document = upload(case, DocumentKind.SCAN)
    DocumentContent.objects.filter(document=document).update(data=b"other")
    with caplog.at_level(logging.ERROR), pytest.raises(papers.PaperDamaged, match="SHA-256"):
        papers.read(document)
    DocumentContent.objects.filter(document=document).delete()
    with pytest.raises(papers.PaperDamaged, match="Laporkan kepada Pengelola Aplikasi"):
        papers.read(document)


def test_a_paper_that_is_owed_still_cannot_be_read(case: AccountRequest) -> None:
    with pytest.raises(papers.PaperNotReady, match="masih disiapkan"):
        papers.read(owe(case, DocumentKind.DECREE_CONCEPT))


def test_only_what_can_be_rendered_can_be_owed(case: AccountRequest) -> None:
    with pytest.raises(ValueError, match="never rendered"):
        owe(case, DocumentKind.SCAN)


def test_two_workers_never_hold_the_same_paper(case: AccountRequest) -> None:
    first = owe(case, DocumentKind.DECREE_CONCEPT)
    second = owe(case, DocumentKind.FORM, registrant=case.registrants.first())
    assert [claimed().pk, claimed().pk] == [first.pk, second.pk]
    assert papers.claim_owed(NOW) is None


def test_the_archive_file_waits_for_every_other_paper(case: AccountRequest) -> None:
    archive = owe(case, DocumentKind.ARCHIVE_FILE, at=NOW - dt.timedelta(hours=1))
    sheet = owe(case, DocumentKind.CONTROL_SHEET)
    held = claimed()
    assert held.pk == sheet.pk
    assert papers.claim_owed(NOW) is None
    Document.objects.filter(pk=sheet.pk).update(state=DocumentState.FAILED)
    assert papers.claim_owed(NOW) is None
    papers.supersede(case, [DocumentKind.CONTROL_SHEET], at=NOW)
    assert claimed().pk == archive.pk


def test_a_failing_paper_is_tried_again_later_and_given_up_at_last(
    case: AccountRequest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RenderingFailed("Dokumen belum dapat disiapkan: contoh.")

    monkeypatch.setattr(documents, "render", fail)
    caplog.set_level(logging.CRITICAL)
    document = owe(case, DocumentKind.DECREE_CONCEPT)
    at = NOW
    for attempt, wait in enumerate(papers.BACK_OFF_SECONDS, start=1):
        assert not papers.render_claimed(claimed(at), at)
        document.refresh_from_db()
        assert (document.state, document.attempts) == (DocumentState.OWED, attempt)
        assert document.next_attempt_at == at + dt.timedelta(seconds=wait)
        assert papers.claim_owed(at + dt.timedelta(seconds=wait - 1)) is None
        at += dt.timedelta(seconds=wait)
    assert not papers.render_claimed(claimed(at), at)
    document.refresh_from_db()
    assert document.state == DocumentState.FAILED
    assert document.last_error == "Dokumen belum dapat disiapkan: contoh."
    assert papers.claim_owed(at + dt.timedelta(days=1)) is None
    assert papers.owed(case) == 1


def test_a_given_up_paper_can_be_owed_anew(case: AccountRequest) -> None:
    document = owe(case, DocumentKind.DECREE_CONCEPT)
    Document.objects.filter(pk=document.pk).update(state=DocumentState.FAILED)
    assert owe(case, DocumentKind.DECREE_CONCEPT).version == 2
    assert papers.render_claimed(claimed(), NOW)
    assert papers.owed(case) == 0


def test_a_paper_whose_worker_is_gone_comes_back_and_counts_as_tried(
    case: AccountRequest,
) -> None:
    document = owe(case, DocumentKind.DECREE_CONCEPT)
    gone = claimed()
    assert papers.release_stale(NOW + papers.STALE_AFTER - dt.timedelta(seconds=1)) == 0
    late = NOW + papers.STALE_AFTER
    assert papers.release_stale(late) == 1
    document.refresh_from_db()
    assert (document.claimed_at, document.attempts) == (None, 1)
    # Whoever was thought to be gone may not store over the one who took it up.
    papers.render_claimed(gone, late)
    document.refresh_from_db()
    assert document.state == DocumentState.OWED
    assert papers.render_claimed(claimed(late + dt.timedelta(minutes=1)), late)
    document.refresh_from_db()
    assert document.state == DocumentState.STORED
