"""Certified signatures of others: who, when, whole or not, and whether the paper says the same."""

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject
from pytest_django import Settings

from accounts_requests import clock, signatures
from accounts_requests.exceptions import InvalidInput
from accounts_requests.signatures import examination
from accounts_requests.states import SignatureVerdict
from accounts_requests.uploads import Upload

from . import cases, signing
from .upload_samples import signed_pdf

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 7, 6, 1, 30, tzinfo=dt.UTC)
NOW = cases.MONDAY


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(NOW):
        yield


@pytest.fixture
def anchored(settings: Settings, tmp_path: Path) -> Path:
    """The office has installed the authority of these tests."""
    (tmp_path / "induk.pem").write_bytes(signing.authority().pem)
    settings.SIGNATURE_ANCHORS = str(tmp_path)
    return tmp_path


def blank() -> bytes:
    stream = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(stream)
    return stream.getvalue()


def examined(data: bytes) -> signatures.Examination:
    return signatures.examine(Upload("sk.pdf", data), signatures.installed())


def doubts(data: bytes) -> list[str]:
    return [doubt for _, doubt in examined(data).doubts(NOW)]


def refused(data: bytes) -> str:
    with pytest.raises(InvalidInput) as error:
        examined(data)
    return str(error.value)


def with_another_page(data: bytes) -> bytes:
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(data))
    out = io.BytesIO()
    contents = writer.add_object(generic.StreamObject(stream_data=b""))
    page: Any = PageObject
    writer.insert_page(page(contents=contents, media_box=(0, 0, 100, 100)))
    writer.write(out)
    return out.getvalue()


def test_who_signed_when_and_how_far_is_told(anchored: Path) -> None:
    found = examined(signing.sign(blank(), at=AT))
    [signature] = found.signatures
    assert (signature.by, signature.time, signature.extent, signature.issuer) == (
        "Dra. Ratna Dewi (NIP 19720528 200502 1 001)",
        "Senin, 6 Juli 2026, 09.30 WITA, menurut perangkat penanda tangan (tanpa stempel waktu)",
        "Utuh; mencakup seluruh berkas.",
        "Otoritas Uji",
    )
    assert signature.revocation == "Tidak diperiksa: PDF tidak membawa data pencabutan."
    assert (found.verdict(NOW), found.signed_at) == (SignatureVerdict.TRUSTED, AT)
    assert signatures.Signature.of(signature.stored()) == signature


def test_without_anchors_the_chain_is_not_judged_and_nothing_fails() -> None:
    found = examined(signing.sign(blank(), at=AT))
    assert found.doubts(NOW) == []
    assert found.verdict(NOW) == SignatureVerdict.UNANCHORED


def test_a_time_stamp_says_when(anchored: Path) -> None:
    found = examined(signing.sign(blank(), at=AT, stamped=True))
    assert [each.time for each in found.signatures] == [
        "Senin, 6 Juli 2026, 09.30 WITA, dengan stempel waktu"
    ]
    assert found.verdict(NOW) == SignatureVerdict.TRUSTED


def test_two_signatures_are_both_told_and_the_last_one_covers_everything(anchored: Path) -> None:
    once = signing.sign(blank(), at=AT)
    twice = signing.sign(once, at=AT + dt.timedelta(minutes=9), field="Dua")
    found = examined(twice)
    assert [each.extent for each in found.signatures] == [
        "Utuh; sesudahnya hanya ditambahkan tanda tangan lain, yang mencakup seluruh berkas.",
        "Utuh; mencakup seluruh berkas.",
    ]
    assert found.signed_at == AT + dt.timedelta(minutes=9)


def test_what_is_not_signed_or_not_as_it_was_signed_is_refused() -> None:
    whole = signing.sign(blank(), at=AT)
    place = whole.index(b"MediaBox") + 12
    flipped = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
    assert refused(blank()).startswith("PDF sk.pdf tidak memuat tanda tangan elektronik")
    assert "isinya tidak sama dengan yang ditandatangani oleh Dra. Ratna Dewi" in refused(flipped)
    assert "isinya diubah setelah ditandatangani oleh Dra. Ratna Dewi" in refused(
        with_another_page(whole)
    )
    assert refused(signed_pdf()).startswith("Tanda tangan elektronik pada sk.pdf rusak")
    assert refused(b"%PDF-1.7\nbukan apa-apa").startswith("Tanda tangan elektronik pada sk.pdf rus")


def test_a_signature_over_a_part_of_the_file_is_refused() -> None:
    whole = signing.sign(blank(), at=AT)
    # The gap of the byte range is made wider than the signature's value, over bytes of the file.
    start = whole.index(b"/ByteRange")
    end = whole.index(b"]", start)
    numbers = [int(each) for each in whole[start:end].split(b"[")[1].split()]
    told = b"/ByteRange[%d %d %d %d" % (numbers[0], numbers[1], numbers[2] + 40, numbers[3] - 40)
    cut = whole[:start] + told.ljust(end - start) + whole[end:]
    assert "PDF sk.pdf tidak diterima" in refused(cut) or "rusak" in refused(cut)


def test_doubts_about_the_signer_are_told(anchored: Path) -> None:
    expired = signing.holder(
        "Lama",
        issuer=signing.authority(),
        since=dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
        until=dt.datetime(2021, 1, 1, tzinfo=dt.UTC),
    )
    stranger = signing.holder("Asing", issuer=signing.holder("Otoritas Lain", authority=True))
    assert doubts(signing.sign(blank(), by=expired, at=AT)) == [
        (
            "Sertifikat tidak berlaku pada waktu tanda tangan: berlaku Rabu, 1 Januari 2020, 08.00 "
            "WITA s.d. Jumat, 1 Januari 2021, 08.00 WITA."
        )
    ]
    assert doubts(signing.sign(blank(), by=signing.holder("Sendiri"), at=AT)) == [
        "Sertifikat diterbitkan oleh pemegangnya sendiri, bukan oleh penyelenggara."
    ]
    assert doubts(signing.sign(blank(), by=stranger, at=AT)) == [
        "Rantai sertifikat tidak sampai ke sertifikat induk yang dipasang kantor."
    ]
    assert doubts(signing.sign(blank(), at=NOW + dt.timedelta(hours=1))) == [
        "Waktu tanda tangan Senin, 6 Juli 2026, 11.00 WITA belum tiba."
    ]


def test_a_huge_signature_is_looked_at_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    huge = signing.sign(blank(), at=AT, bytes_reserved=4_000_000)
    assert [each.intact for each in examined(huge).signatures] == [True]
    monkeypatch.setattr(examination, "MEMORY", 48 * 1024 * 1024)
    assert refused(huge + b"\n").startswith("Tanda tangan elektronik pada sk.pdf rusak")


def test_a_file_that_is_no_certificate_is_named_and_hides_no_other(anchored: Path) -> None:
    (anchored / "salah.pem").write_text("bukan sertifikat")
    (anchored / "catatan.txt").write_text("diabaikan")
    assert signatures.unreadable() == ["salah.pem"]
    assert [each.name for each in signatures.installed()] == ["Otoritas Uji"]


def test_a_folder_that_is_not_there_is_named(settings: Settings) -> None:
    settings.SIGNATURE_ANCHORS = "/tidak/ada"
    assert signatures.unreadable() == ["/tidak/ada"]
    assert signatures.installed() == []
