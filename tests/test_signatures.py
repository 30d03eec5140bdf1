"""Certified signatures of others: who, when, whole or not, and whether the paper says the same."""

import datetime as dt
import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject
from pytest_django import Settings

from accounts_requests import clock, signatures, trust_anchors
from accounts_requests.exceptions import InvalidInput
from accounts_requests.models import AccountRequest
from accounts_requests.signatures import comparison, examination
from accounts_requests.states import SignatureVerdict
from accounts_requests.uploads import Upload

from . import anchor_cases, cases, signing
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


# -- revocation, as the file itself tells of it ---------------------------------------------------

BEFORE, LATER, LATER_STILL = (AT + dt.timedelta(hours=hours) for hours in (-1, 1, 2))
GOOD = "Tidak dicabut pada waktu tanda tangan, menurut data pencabutan di dalam PDF."
UNUSABLE = (
    "Tidak diperiksa: data pencabutan di dalam PDF tidak dapat dipakai untuk menilai sertifikat "
    "ini."
)
REVOKED = "Sertifikat telah dicabut Senin, 6 Juli 2026, 08.30 WITA"
REVOKED_LATER = (
    "Sertifikat dicabut kemudian, Senin, 6 Juli 2026, 10.30 WITA, sesudah waktu tanda tangan."
)
UNPROVEN = (
    "Sertifikat dicabut Senin, 6 Juli 2026, 10.30 WITA; tanpa stempel waktu yang tepercaya tidak "
    "terbukti bahwa tanda tangan dibuat sebelumnya."
)


def carrying(*, stamped: bool = False, **evidence: Any) -> bytes:
    return signing.with_validation_data(signing.sign(blank(), at=AT, stamped=stamped), **evidence)


def told(data: bytes) -> tuple[str, list[str]]:
    found = examined(data)
    [signature] = found.signatures
    assert signatures.Signature.of(signature.stored()) == signature
    return signature.revocation, [doubt for _, doubt in found.doubts(LATER_STILL)]


def by_list(revoked_at: dt.datetime | None, at: dt.datetime = LATER_STILL) -> dict[str, Any]:
    revoked = [] if revoked_at is None else [(signing.official(), revoked_at)]
    return {"lists": [signing.revocation_list(*revoked, at=at)]}


def by_answer(revoked_at: dt.datetime | None, at: dt.datetime = LATER_STILL) -> dict[str, Any]:
    answer = signing.online_answer(signing.official(), at=at, revoked_at=revoked_at)
    return {"answers": [answer]}


@pytest.mark.parametrize("evidence", [by_list, by_answer])
def test_what_the_file_carries_says_whether_it_was_revoked_when_it_was_signed(
    anchored: Path, evidence: Any
) -> None:
    assert told(carrying(**evidence(None))) == (GOOD, [])
    assert told(carrying(**evidence(BEFORE))) == (
        f"{REVOKED}.",
        [f"{REVOKED}, sebelum waktu tanda tangan."],
    )
    assert told(carrying(**evidence(LATER))) == (REVOKED_LATER, [UNPROVEN])
    assert told(carrying(stamped=True, **evidence(LATER))) == (REVOKED_LATER, [])
    assert told(carrying(stamped=True, **evidence(BEFORE))) == (
        f"{REVOKED}.",
        [f"{REVOKED}, sebelum waktu tanda tangan."],
    )


@pytest.mark.parametrize("evidence", [by_list, by_answer])
def test_what_was_out_of_date_when_it_was_signed_proves_nothing(
    anchored: Path, evidence: Any
) -> None:
    assert told(carrying(**evidence(None, AT - dt.timedelta(days=10)))) == (UNUSABLE, [])


def test_what_others_say_of_a_revocation_proves_nothing(anchored: Path) -> None:
    stranger = signing.holder("Otoritas Lain", authority=True)
    forged = signing.revocation_list((signing.official(), BEFORE), at=LATER, by=stranger)
    about_another = signing.online_answer(
        signing.holder("Orang Lain", issuer=signing.authority()), at=LATER
    )
    assert told(carrying(lists=[forged])) == (UNUSABLE, [])
    assert told(carrying(answers=[about_another])) == (UNUSABLE, [])


def test_without_anchors_nothing_is_said_of_a_revocation() -> None:
    assert told(carrying(**by_answer(None))) == (UNUSABLE, [])


def test_a_check_from_before_tells_what_it_told_then(anchored: Path) -> None:
    [signature] = examined(carrying(**by_list(None))).signatures
    former = signature.stored()
    del former["revocation_checked"], former["revoked_at"]
    assert signatures.Signature.of(former).revocation == (
        "Diperiksa dengan data pencabutan yang tertanam di dalam PDF."
    )


def test_a_certificate_that_ended_after_it_was_used_leaves_no_doubt(anchored: Path) -> None:
    short = signing.holder(
        "Singkat", issuer=signing.authority(), until=AT + dt.timedelta(minutes=1)
    )
    found = examined(signing.sign(blank(), by=short, at=AT))
    assert (found.doubts(LATER_STILL), found.verdict(LATER_STILL)) == (
        [],
        SignatureVerdict.TRUSTED,
    )


def test_a_stamp_of_an_authority_that_is_not_believed_is_told(
    settings: Settings, tmp_path: Path
) -> None:
    official = signing.holder("Dra. Ratna Dewi", issuer=anchor_cases.other_authority())
    (tmp_path / "induk.pem").write_bytes(anchor_cases.other_authority().pem)
    settings.SIGNATURE_ANCHORS = str(tmp_path)
    assert doubts(signing.sign(blank(), by=official, at=AT, stamped=True)) == [
        (
            "Rantai sertifikat stempel waktunya tidak sampai ke sertifikat induk yang dipasang "
            "kantor."
        )
    ]


# -- the certificates that are believed -----------------------------------------------------------


def test_what_is_put_on_the_page_counts_beside_the_folder(
    settings: Settings, tmp_path: Path, office_people: cases.OfficePeople
) -> None:
    (tmp_path / "lain.pem").write_bytes(anchor_cases.other_authority().pem)
    settings.SIGNATURE_ANCHORS = str(tmp_path)
    data = signing.sign(blank(), at=AT)
    assert examined(data).verdict(NOW) == SignatureVerdict.DOUBTFUL
    [anchor] = anchor_cases.put(office_people.keeper, signing.authority().pem)
    found = examined(data)
    assert found.verdict(NOW) == SignatureVerdict.TRUSTED
    assert [each.name for each in found.anchors] == ["Otoritas Contoh Lain", "Otoritas Uji"]
    trust_anchors.take_out(anchor, reason="Tidak dipakai lagi", actor=office_people.keeper)
    assert examined(data).verdict(NOW) == SignatureVerdict.DOUBTFUL


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


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1. ALI, S.T. 19720528", True),
        ("1. Ali,\nS.T.", True),
        ("1. A l i, S. T.", True),
        ("1. Alimuddin, S.T.", False),
        ("diserahkan kembali; S.T. lain", False),
        ("1. Ali, S.Tr.", False),
    ],
)
def test_a_name_is_found_by_itself_and_not_inside_another(text: str, *, written: bool) -> None:
    assert signatures.Paper(text).names("Ali, S.T.") is written


def test_a_short_name_is_not_found_inside_other_words() -> None:
    paper = signatures.Paper("Mengingat kembali Lampiran: 1. Muhammad Alimuddin")
    assert (paper.names("Ali"), paper.names("Muhammad"), paper.names("Alimuddin")) == (
        False,
        True,
        True,
    )


def test_a_paper_full_of_foreign_numbers_is_told_in_few_lines_and_keeps_nobody_busy() -> None:
    numbers = [f"1972{number:014d}" for number in range(20_000)]
    text = "\n".join(
        f"Orang lain {each[:8]} {each[8:14]} {each[14]} {each[15:]}" for each in numbers
    )
    began = time.process_time()
    found = list(comparison._strangers(AccountRequest(), [], signatures.Paper(text)))
    assert time.process_time() - began < 5
    assert (len(found), found[0].paper, found[-1].paper) == (
        51,
        "Orang lain 19720000 000000 0 000",
        "19950 NIP lainnya",
    )
