"""Sertifikat induk: read first, compared, put into use, taken out; never deleted, never a key."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts_requests import clock, signatures, trust_anchors, verifying
from accounts_requests.exceptions import AlreadyDone, InvalidInput, NotPermitted
from accounts_requests.models import AuditEntry, StagedUpload, TrustAnchor
from accounts_requests.states import Act
from accounts_requests.uploads import Upload
from accounts_requests.words import grouped

from . import anchor_cases, cases, signing
from .anchor_cases import ORIGIN
from .cases import OfficePeople
from .query_counts import queries

pytestmark = pytest.mark.django_db

LIST, ADD, DISCARD = (
    reverse(name) for name in ("trust_anchors", "trust_anchor_add", "trust_anchor_discard")
)


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(cases.MONDAY):
        yield


@pytest.fixture
def keeper(client: Client, office_people: OfficePeople) -> Client:
    client.force_login(office_people.keeper)
    return client


@pytest.fixture
def on_server(settings: Settings, tmp_path: Path) -> None:
    """The administrator of the server has installed the authority of these tests."""
    (tmp_path / "induk.pem").write_bytes(signing.authority().pem)
    settings.SIGNATURE_ANCHORS = str(tmp_path)


def fingerprint(holder: signing.Holder) -> str:
    [found] = signatures.certificates_in(holder.pem)
    return found.sha256


def sent(data: bytes, name: str = "induk.pem", origin: str = ORIGIN) -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, data), "origin": origin}


def waiting() -> str:
    return str(StagedUpload.objects.get().public_id)


def key_of(holder: signing.Holder) -> bytes:
    return holder.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


# -- putting one there ----------------------------------------------------------------------------


def test_a_certificate_counts_once_its_fingerprint_was_compared(
    keeper: Client, office_people: OfficePeople
) -> None:
    sha256 = fingerprint(signing.authority())
    read = keeper.post(ADD, sent(signing.authority().pem, "induk.crt"))
    page = read.content.decode()
    assert grouped(sha256) in page
    assert "induk.crt" in page
    assert (read.context["form"]["origin"].value(), TrustAnchor.objects.count()) == (ORIGIN, 0)
    assert signatures.installed() == []

    unticked = keeper.post(ADD, {"staged": waiting(), "origin": ORIGIN})
    assert unticked.context["form"].non_field_errors() == [
        (
            "Bandingkan dahulu SHA-256 setiap sertifikat dengan terbitan penyelenggaranya, lalu "
            "centang. Belum dicentang: Otoritas Uji. Belum ada yang dipasang."
        )
    ]
    put = keeper.post(ADD, {"staged": waiting(), "origin": ORIGIN, "compared": sha256})
    assert put["Location"] == LIST
    anchor = TrustAnchor.objects.get()
    assert (anchor.name, anchor.issuer, anchor.sha256, anchor.origin) == (
        "Otoritas Uji",
        "Otoritas Uji",
        sha256,
        ORIGIN,
    )
    assert (anchor.added_by, anchor.added_as, anchor.added_at) == (
        office_people.keeper,
        "Pengelola Aplikasi",
        cases.MONDAY,
    )
    assert [each.sha256 for each in signatures.installed()] == [sha256]
    assert not StagedUpload.objects.exists()
    entry = AuditEntry.objects.filter(act=Act.SETTINGS).latest("sequence")
    assert (entry.request, entry.summary, entry.changes) == (
        None,
        f"Sertifikat induk dipasang: Otoritas Uji. Asal dan dasar: {ORIGIN}",
        {"sha256": [sha256]},
    )
    assert sorted(entry.records) == [f"trust_anchor:{anchor.pk}"]
    told = keeper.get(LIST).content.decode()
    assert "Rabu, 1 Januari 2025, 08.00 WITA s.d. Selasa, 1 Januari 2036, 08.00 WITA" in told
    assert grouped(sha256) in told


def test_a_pem_with_several_certificates_is_put_there_as_a_whole(
    office_people: OfficePeople,
) -> None:
    both = signing.authority().pem + anchor_cases.other_authority().pem
    rows = anchor_cases.put(office_people.keeper, b"keterangan\n" + both)
    assert [row.name for row in rows] == ["Otoritas Uji", "Otoritas Contoh Lain"]


def test_of_several_those_that_are_there_are_not_put_there_again(
    keeper: Client, office_people: OfficePeople
) -> None:
    anchor_cases.put(office_people.keeper, signing.authority().pem)
    both = signing.authority().pem + anchor_cases.other_authority().pem
    read = keeper.post(ADD, sent(both))
    assert [(one.anchor.name, one.is_there) for one in read.context["candidates"]] == [
        ("Otoritas Uji", True),
        ("Otoritas Contoh Lain", False),
    ]
    other = fingerprint(anchor_cases.other_authority())
    keeper.post(ADD, {"staged": waiting(), "origin": ORIGIN, "compared": other})
    assert TrustAnchor.objects.count() == 2


def test_der_is_read_as_well(office_people: OfficePeople) -> None:
    der = signing.authority().certificate.public_bytes(Encoding.DER)
    staged = trust_anchors.take_in(Upload("induk.cer", der), actor=office_people.keeper)
    assert bytes(staged.data) == signing.authority().pem
    assert staged.file_name == "induk.cer"


# -- refusals -------------------------------------------------------------------------------------


def refused(data: bytes, keeper: Client, name: str = "berkas.pem") -> str:
    """Why the page does not take the file; nothing of it is kept."""
    response = keeper.post(ADD, sent(data, name))
    [sentence] = response.context["form"].errors["file"]
    assert response.context["form"]["origin"].value() == ORIGIN
    assert (StagedUpload.objects.count(), TrustAnchor.objects.count()) == (0, 0)
    return str(sentence)


NO_KEY = (
    "Berkas berkas.pem memuat kunci privat. Kunci privat tidak boleh dikirim kepada siapa pun; "
    "tidak ada yang disimpan dari berkas ini. Beri tahu pemilik kuncinya bahwa kunci itu telah "
    "terkirim, lalu unggah sertifikatnya saja."
)


def private_keys() -> dict[str, bytes]:
    one = signing.authority()
    locked = BestAvailableEncryption(b"rahasia")
    return {
        "beside its certificate": one.pem + key_of(one),
        "alone": key_of(one),
        "of the older kind": one.key.private_bytes(
            Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
        ),
        "locked": one.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked),
        "DER": one.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        "DER, locked": one.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, locked),
        "in a key store": pkcs12.serialize_key_and_certificates(
            b"uji",
            one.key,
            one.certificate,
            None,
            locked,
        ),
    }


@pytest.mark.parametrize("kind", sorted(private_keys()))
def test_a_private_key_is_refused_and_nothing_of_it_kept(keeper: Client, kind: str) -> None:
    assert refused(private_keys()[kind], keeper) == NO_KEY
    assert "PRIVATE KEY" not in keeper.get(ADD).content.decode()


def test_what_is_no_anchor_is_refused_with_what_to_do(keeper: Client) -> None:
    expired = signing.holder(
        "Otoritas Lama",
        authority=True,
        since=dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
        until=dt.datetime(2021, 1, 1, tzinfo=dt.UTC),
    )
    assert refused(b"bukan sertifikat", keeper) == (
        "Berkas berkas.pem tidak memuat sertifikat yang dapat dibaca. Unduh kembali dari "
        "penyelenggaranya sebagai PEM atau DER (.pem, .crt, .cer), lalu unggah."
    )
    assert refused(signing.official().pem, keeper) == (
        "Sertifikat Dra. Ratna Dewi bukan sertifikat penyelenggara (CA), sehingga tidak dapat "
        "menjadi sertifikat induk. Unggah sertifikat penyelenggaranya, bukan sertifikat penanda "
        "tangan. Tidak ada yang disimpan dari berkas ini."
    )
    assert refused(expired.pem, keeper) == (
        "Sertifikat Otoritas Lama telah berakhir Jumat, 1 Januari 2021, 08.00 WITA. Unduh "
        "sertifikat yang masih berlaku dari penyelenggaranya. Tidak ada yang disimpan dari berkas "
        "ini."
    )
    assert refused(b"-----BEGIN" + bytes(300_000), keeper).startswith(
        "Berkas berkas.pem terlalu besar untuk sebuah sertifikat: batasnya 256 KB."
    )
    assert refused(b"", keeper).startswith("Berkas berkas.pem tidak memuat sertifikat")


def test_too_many_certificates_at_once_are_refused(keeper: Client) -> None:
    many = b"".join(signing.holder(f"Otoritas {n}", authority=True).pem for n in range(21))
    assert refused(many, keeper) == (
        "Berkas berkas.pem memuat 21 sertifikat, sedangkan sekali unggah paling banyak 20. Pilih "
        "sertifikat induk yang memang dipercayai kantor."
    )


def test_one_that_is_on_the_server_is_there_already(keeper: Client, on_server: None) -> None:
    assert refused(signing.authority().pem, keeper) == (
        "Sertifikat Otoritas Uji sudah dipasang di server. Anda tidak perlu memasangnya lagi."
    )
    assert "dipasang di server" in keeper.get(LIST).content.decode()


def test_one_that_is_on_the_list_is_there_already(
    keeper: Client, office_people: OfficePeople
) -> None:
    anchor_cases.put(office_people.keeper, signing.authority().pem)
    response = keeper.post(ADD, sent(signing.authority().pem))
    assert response.context["form"].errors["file"] == [
        "Sertifikat Otoritas Uji sudah dipasang pada daftar. Anda tidak perlu memasangnya lagi."
    ]


def test_a_file_that_was_replaced_or_used_meanwhile_is_not_put_there(
    keeper: Client, office_people: OfficePeople
) -> None:
    keeper.post(ADD, sent(signing.authority().pem))
    former = StagedUpload.objects.get()
    keeper.post(ADD, sent(anchor_cases.other_authority().pem))
    sha256 = fingerprint(signing.authority())
    stale = {"staged": former.public_id, "origin": ORIGIN, "compared": sha256}
    assert keeper.post(ADD, stale).status_code == 409
    with pytest.raises(AlreadyDone):
        trust_anchors.add(former, origin=ORIGIN, compared=[sha256], actor=office_people.keeper)
    assert TrustAnchor.objects.count() == 0
    assert keeper.post(DISCARD)["Location"] == LIST
    assert not StagedUpload.objects.exists()


def test_nobody_but_the_keeper_sees_or_changes_the_list(
    client: Client, office_people: OfficePeople
) -> None:
    [anchor] = anchor_cases.put(office_people.keeper, signing.authority().pem)
    take_out = reverse("trust_anchor_take_out", args=[anchor.pk])
    client.force_login(office_people.kepala)
    answers = [
        client.get(LIST).status_code,
        client.get(ADD).status_code,
        client.post(ADD, sent(anchor_cases.other_authority().pem)).status_code,
        client.post(DISCARD).status_code,
        client.get(take_out).status_code,
        client.post(take_out, {"reason": "Tidak dipercayai lagi"}).status_code,
    ]
    assert answers == [403] * 6
    for act in (
        lambda: trust_anchors.take_in(Upload("a.pem", b""), actor=office_people.kepala),
        lambda: trust_anchors.add(
            StagedUpload(), origin=ORIGIN, compared=[], actor=office_people.kepala
        ),
        lambda: trust_anchors.take_out(anchor, reason="Alasan", actor=office_people.kepala),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_the_origin_must_say_something(office_people: OfficePeople) -> None:
    keeper = office_people.keeper
    staged = trust_anchors.take_in(Upload("induk.pem", signing.authority().pem), actor=keeper)
    with pytest.raises(InvalidInput, match="Asal dan dasar wajib diisi, sedikitnya 10 karakter"):
        trust_anchors.add(staged, origin=" BSrE ", compared=[], actor=keeper)
    assert StagedUpload.objects.get() == staged


# -- taking one out -------------------------------------------------------------------------------


def test_what_is_taken_out_stays_on_record_and_judges_nothing_any_more(
    keeper: Client, office_people: OfficePeople
) -> None:
    [anchor] = anchor_cases.put(office_people.keeper, signing.authority().pem)
    address = reverse("trust_anchor_take_out", args=[anchor.pk])
    assert grouped(anchor.sha256) in keeper.get(address).content.decode()
    short = keeper.post(address, {"reason": "usang"})
    assert list(short.context["form"].errors) == ["reason"]
    reason = "Penyelenggara mengganti sertifikat induknya"
    assert keeper.post(address, {"reason": reason})["Location"] == LIST
    gone = TrustAnchor.objects.get()
    assert (gone.removed_by, gone.removed_as, gone.removed_at, gone.removal_reason) == (
        office_people.keeper,
        "Pengelola Aplikasi",
        cases.MONDAY,
        reason,
    )
    assert signatures.installed() == []
    entry = AuditEntry.objects.filter(act=Act.SETTINGS).latest("sequence")
    assert entry.summary == f"Sertifikat induk dikeluarkan: Otoritas Uji. Alasan: {reason}"
    assert sorted(entry.records) == [f"trust_anchor_end:{gone.pk}"]
    page = keeper.get(LIST).content.decode()
    assert "Sudah dikeluarkan" in page
    assert reason in page
    assert keeper.post(address, {"reason": reason}).status_code == 409
    assert verifying.verify().breaks == []

    anchor_cases.put(office_people.keeper, signing.authority().pem)
    assert [each.sha256 for each in signatures.installed()] == [gone.sha256]
    assert TrustAnchor.objects.count() == 2


# -- the list -------------------------------------------------------------------------------------


def test_without_any_the_list_says_what_that_means(keeper: Client) -> None:
    page = keeper.get(LIST).content.decode()
    assert "Kantor belum memasang sertifikat induk" in page
    assert f'href="{LIST}"' in keeper.get(reverse("home")).content.decode()
    assert f'href="{LIST}"' in keeper.get(reverse("admin:index")).content.decode()


def test_the_list_costs_the_same_however_long_it_is(
    keeper: Client, office_people: OfficePeople
) -> None:
    counts = []
    for name in ("Otoritas A", "Otoritas B"):
        anchor_cases.put(office_people.keeper, signing.holder(name, authority=True).pem)
        keeper.get(LIST)
        with queries() as counted:
            keeper.get(LIST)
        counts.append(len(counted))
    assert counts == [9, 9]
