"""*Sertifikat induk*: which authorities the office believes, kept by Pengelola Aplikasi.

A file is read first and waits; what was read counts only after each fingerprint was compared with
the authority's own publication (``add``). Nothing is deleted: what is taken out stays on record
with its reason, and checks of signatures keep the anchors that they were made with.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from accounts_requests import clock, keeping, permissions, signatures, staged_uploads, words
from accounts_requests.exceptions import AlreadyDone, InvalidInput, NotAllowedNow
from accounts_requests.models import Office, StagedUpload, TrustAnchor, User
from accounts_requests.signatures import Anchor
from accounts_requests.uploads import PEM, Upload

SHORTEST_NOTE: Final = 10
"""Characters below which an origin or a reason explains nothing to whoever reads it later."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the page tells: in use from the page, in use from the server's folder, taken out."""

    in_use: Sequence[TrustAnchor]
    on_server: Sequence[Anchor]
    taken_out: Sequence[TrustAnchor]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A certificate of a file that waits. ``is_there``: it is in use already."""

    anchor: Anchor
    is_there: bool


def standing() -> Standing:
    """Every anchor on record, and those of the server. One query."""
    rows = list(TrustAnchor.objects.select_related("added_by", "removed_by"))
    return Standing(
        in_use=[row for row in rows if row.removed_at is None],
        on_server=signatures.on_server(),
        taken_out=sorted(
            (row for row in rows if row.removed_at is not None),
            key=lambda row: row.removed_at or row.added_at,
            reverse=True,
        ),
    )


def waiting(actor: User) -> StagedUpload | None:
    """The certificates that wait for ``actor`` to compare them."""
    return staged_uploads.waiting(None, owner=actor, purpose=staged_uploads.TRUST_ANCHORS)


def take_in(upload: Upload, *, actor: User) -> StagedUpload:
    """Read a file and let its certificates wait, those alone: nothing else of it is kept.

    Raises NotPermitted, and InvalidInput (file) where one of them cannot be an anchor.
    """
    permissions.require_keeper(actor)
    found = _acceptable(upload, clock.now())
    certificates = "".join(each.anchor.pem for each in found)
    return staged_uploads.stage(
        None,
        owner=actor,
        purpose=staged_uploads.TRUST_ANCHORS,
        upload=Upload(upload.file_name, certificates.encode("ascii")),
        media_type=PEM,
    )


def candidates(staged: StagedUpload) -> list[Candidate]:
    """The certificates that wait, with what is in use as it is now."""
    there = {each.sha256 for each in signatures.installed()}
    return [
        Candidate(anchor=each, is_there=each.sha256 in there)
        for each in signatures.certificates_in(bytes(staged.data))
    ]


def discard(*, actor: User) -> None:
    """Let go of what waits."""
    staged_uploads.discard(None, owner=actor, purpose=staged_uploads.TRUST_ANCHORS)


def add(
    staged: StagedUpload, *, origin: str, compared: Collection[str], actor: User
) -> list[TrustAnchor]:
    """Put the certificates that wait into use, on record; returns them.

    ``origin``: where they were got and on what basis they are believed. ``compared``: the SHA-256
    of each whose fingerprint the actor has compared. Raises NotPermitted, AlreadyDone when the
    file waits no more, InvalidInput (origin, compared, file).
    """
    role = permissions.require_keeper(actor)
    origin = _required("origin", origin, "Asal dan dasar")
    at = clock.now()
    with transaction.atomic():
        # Two who put the same certificate here do it one after the other.
        Office.objects.select_for_update().get(pk=1)
        data = bytes(staged.data)
        if not staged_uploads.take(staged):
            raise AlreadyDone(
                "Sertifikat yang menunggu sudah dipasang atau dibuang. Lihat daftar sertifikat "
                "induk; Anda tidak perlu mengulanginya."
            )
        found = _acceptable(Upload(staged.file_name, data), at)
        new = [each.anchor for each in found if not each.is_there]
        _require_compared(new, compared)
        title = permissions.title_of(role, actor)
        rows = [_put(each, origin, at=at, by=actor, title=title) for each in new]
        keeping.record(
            actor,
            label="sertifikat induk",
            summary=f"Sertifikat induk dipasang: {'; '.join(row.name for row in rows)}. Asal dan "
            f"dasar: {origin}",
            changes={"sha256": [row.sha256 for row in rows]},
            at=at,
            rows=rows,
        )
    return rows


def take_out(anchor: TrustAnchor, *, reason: str, actor: User) -> None:
    """From now on nothing is judged by ``anchor``; it and every former check stay on record.

    Raises NotPermitted, AlreadyDone, InvalidInput (reason).
    """
    role = permissions.require_keeper(actor)
    reason = _required("reason", reason, "Alasan mengeluarkan")
    at = clock.now()
    with transaction.atomic():
        fresh = (
            TrustAnchor.objects.select_for_update(of=("self",))
            .select_related("removed_by")
            .get(pk=anchor.pk)
        )
        require_in_use(fresh)
        fresh.removed_by = actor
        fresh.removed_as = permissions.title_of(role, actor)
        fresh.removed_at = at
        fresh.removal_reason = reason
        fresh.save(update_fields=["removed_by", "removed_as", "removed_at", "removal_reason"])
        keeping.record(
            actor,
            label="sertifikat induk",
            summary=f"Sertifikat induk dikeluarkan: {fresh.name}. Alasan: {reason}",
            changes={"sha256": [fresh.sha256]},
            at=at,
            rows=[fresh],
        )


def require_in_use(anchor: TrustAnchor) -> None:
    """It was not taken out yet. Raises AlreadyDone with who did, and when."""
    if anchor.removed_at is None:
        return
    who = anchor.removed_by.titled_name if anchor.removed_by else ""
    raise AlreadyDone(
        f"Sertifikat induk {anchor.name} telah dikeluarkan oleh {who} "
        f"{words.short_instant(anchor.removed_at, now=clock.now())}. Anda tidak perlu "
        "mengulanginya."
    )


def require_same(staged: StagedUpload | None, public_id: str) -> StagedUpload:
    """The file that waits is the one that the page showed. Raises NotAllowedNow."""
    if staged is None or str(staged.public_id) != public_id:
        raise NotAllowedNow(
            "Berkas yang menunggu bukan lagi berkas pada halaman tadi, sehingga belum ada yang "
            "dipasang. Buka kembali halaman pemasangan, lalu bandingkan sertifikatnya."
        )
    return staged


def _require_compared(new: Sequence[Anchor], compared: Collection[str]) -> None:
    missing = "; ".join(each.name for each in new if each.sha256 not in compared)
    if missing:
        sentence = (
            "Bandingkan dahulu SHA-256 setiap sertifikat dengan terbitan penyelenggaranya, lalu "
            f"centang. Belum dicentang: {missing}. Belum ada yang dipasang."
        )
        raise InvalidInput({"compared": [sentence]})


def _acceptable(upload: Upload, at: dt.datetime) -> list[Candidate]:
    """The certificates of a file, where each may be an anchor and one is new.

    Raises InvalidInput (file).
    """
    try:
        found = signatures.certificates_of(upload)
    except InvalidInput as error:
        raise InvalidInput({"file": error.errors[""]}) from error
    for each in found:
        if sentence := _hindrance(each, at):
            raise InvalidInput({"file": [f"{sentence} Tidak ada yang disimpan dari berkas ini."]})
    there = {each.sha256 for each in signatures.on_server()}
    ours = set(TrustAnchor.objects.filter(removed_at__isnull=True).values_list("sha256", flat=True))
    if all(each.sha256 in there | ours for each in found):
        where = "di server" if all(each.sha256 in there for each in found) else "pada daftar"
        raise InvalidInput(
            {
                "file": [
                    (
                        f"Sertifikat {'; '.join(each.name for each in found)} sudah dipasang "
                        f"{where}. Anda tidak perlu memasangnya lagi."
                    )
                ]
            }
        )
    return [Candidate(anchor=each, is_there=each.sha256 in there | ours) for each in found]


def _hindrance(anchor: Anchor, at: dt.datetime) -> str:
    """Why the certificate cannot be an anchor; empty where it can."""
    if not anchor.is_authority:
        return (
            f"Sertifikat {anchor.name} bukan sertifikat penyelenggara (CA), sehingga tidak dapat "
            "menjadi sertifikat induk. Unggah sertifikat penyelenggaranya, bukan sertifikat "
            "penanda tangan."
        )
    if anchor.valid_until < at:
        return (
            f"Sertifikat {anchor.name} telah berakhir {words.instant(anchor.valid_until)}. Unduh "
            "sertifikat yang masih berlaku dari penyelenggaranya."
        )
    return ""


def _put(anchor: Anchor, origin: str, *, at: dt.datetime, by: User, title: str) -> TrustAnchor:
    return TrustAnchor.objects.create(
        name=anchor.name,
        issuer=anchor.issuer,
        sha256=anchor.sha256,
        valid_from=anchor.valid_from,
        valid_until=anchor.valid_until,
        pem=anchor.pem,
        origin=origin,
        added_by=by,
        added_as=title,
        added_at=at,
    )


def _required(name: str, text: str, label: str) -> str:
    text = text.strip()
    if len(text) < SHORTEST_NOTE:
        raise InvalidInput({name: [f"{label} wajib diisi, sedikitnya {SHORTEST_NOTE} karakter."]})
    return text
