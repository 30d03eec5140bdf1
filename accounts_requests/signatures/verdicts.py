"""What was found of the signatures on a PDF, and what it means, in words for people.

Refused: a PDF without a signature, one that cannot be read, and one that is not as it was signed.
Told, and to be confirmed: what is doubtful about who signed. Told only: that no anchors are there.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from accounts_requests import words
from accounts_requests.exceptions import InvalidInput
from accounts_requests.identity_numbers import format_nip
from accounts_requests.states import SignatureVerdict
from accounts_requests.uploads import Upload

from . import examination
from .certificates import Anchor

NO_ANCHORS: Final = (
    "Rantai sertifikat tidak dapat diperiksa karena kantor belum memasang sertifikat induk."
)
_INSTANTS: Final = ("valid_from", "valid_until", "signed_at", "revoked_at")
# How much of the file a signature covers, and what came after it (pyHanko's names).
_WHOLE: Final = ("ENTIRE_FILE", "ENTIRE_REVISION")
_NOTHING_AFTER: Final = ("", "NONE", "LTA_UPDATES")
_MORE_SIGNATURES: Final = (*_NOTHING_AFTER, "FORM_FILLING")


@dataclass(frozen=True, kw_only=True)
class Signature:
    """One signature, as ``checker.py`` found it. Instants are aware (UTC)."""

    name: str
    nip: str
    organisation: str
    issuer: str
    serial: str
    certificate: str
    valid_from: dt.datetime
    valid_until: dt.datetime
    self_signed: bool
    signed_at: dt.datetime | None
    stamped: bool
    stamp_intact: bool
    stamp_trusted: bool
    intact: bool
    coverage: str
    modification: str
    permitted: bool
    trusted: bool
    revoked: bool
    revocation_carried: bool
    # Unknown (None) in checks from before it was told apart from what is merely carried.
    revocation_checked: bool | None = None
    revoked_at: dt.datetime | None = None

    @classmethod
    def of(cls, found: dict[str, Any]) -> "Signature":
        """From the checker's answer, or from what ``stored`` kept."""
        moments = {
            name: dt.datetime.fromisoformat(found[name]) if found.get(name) else None
            for name in _INSTANTS
        }
        return cls(**{**found, **moments})

    def stored(self) -> dict[str, Any]:
        """As a check keeps it: plain JSON."""
        return {
            name: value.isoformat()
            if isinstance(value, dt.datetime)
            else value or ""
            if name in _INSTANTS
            else value
            for name, value in asdict(self).items()
        }

    @property
    def by(self) -> str:
        """Who signed, as the certificate says: ``Dra. Ratna Dewi (NIP 19720528 200502 1 001)``."""
        name = self.name or "(sertifikat tanpa nama)"
        return f"{name} (NIP {format_nip(self.nip)})" if self.nip else name

    @property
    def time(self) -> str:
        """When, and on whose word."""
        if self.signed_at is None:
            return "Waktu tanda tangan tidak disebutkan."
        told = words.instant(self.signed_at)
        if not self.stamped:
            return f"{told}, menurut perangkat penanda tangan (tanpa stempel waktu)"
        if not self.stamp_intact:
            return f"{told}, menurut stempel waktu yang tidak utuh"
        return f"{told}, dengan stempel waktu"

    @property
    def extent(self) -> str:
        """How much of the file it covers."""
        if self.coverage == "ENTIRE_FILE":
            return "Utuh; mencakup seluruh berkas."
        if self.modification in _NOTHING_AFTER:
            return "Utuh; sesudahnya hanya ditambahkan data untuk pemeriksaan jangka panjang."
        return "Utuh; sesudahnya hanya ditambahkan tanda tangan lain, yang mencakup seluruh berkas."

    @property
    def is_proven_in_time(self) -> bool:
        """Its time rests on a time stamp that is whole and that the office believes."""
        return self.stamped and self.stamp_intact and self.stamp_trusted

    @property
    def revocation(self) -> str:
        """What is known of a revocation."""
        if self.revoked:
            since = f" {words.instant(self.revoked_at)}" if self.revoked_at else ""
            return f"Sertifikat telah dicabut{since}."
        if self.revoked_at is not None:
            return (
                f"Sertifikat dicabut kemudian, {words.instant(self.revoked_at)}, sesudah waktu "
                "tanda tangan."
            )
        if self.revocation_checked:
            return "Tidak dicabut pada waktu tanda tangan, menurut data pencabutan di dalam PDF."
        if self.revocation_carried and self.revocation_checked is None:
            return "Diperiksa dengan data pencabutan yang tertanam di dalam PDF."
        if self.revocation_carried:
            return (
                "Tidak diperiksa: data pencabutan di dalam PDF tidak dapat dipakai untuk menilai "
                "sertifikat ini."
            )
        return "Tidak diperiksa: PDF tidak membawa data pencabutan."

    def doubts(self, *, anchored: bool, now: dt.datetime) -> Iterator[str]:
        """What is doubtful about it: sentences, none where all is well."""
        at = self.signed_at
        if at is not None and at > now + dt.timedelta(minutes=5):
            yield f"Waktu tanda tangan {words.instant(at)} belum tiba."
        if not self.valid_from <= (at or now) <= self.valid_until:
            yield (
                "Sertifikat tidak berlaku pada waktu tanda tangan: berlaku "
                f"{words.instant(self.valid_from)} s.d. {words.instant(self.valid_until)}."
            )
        if self.revoked:
            yield f"{self.revocation[:-1]}, sebelum waktu tanda tangan."
        elif self.self_signed and not self.trusted:
            yield "Sertifikat diterbitkan oleh pemegangnya sendiri, bukan oleh penyelenggara."
        elif anchored and not self.trusted and self.valid_from <= (at or now) <= self.valid_until:
            yield "Rantai sertifikat tidak sampai ke sertifikat induk yang dipasang kantor."
        if self.revoked_at is not None and not self.revoked and not self.is_proven_in_time:
            yield (
                f"Sertifikat dicabut {words.instant(self.revoked_at)}; tanpa stempel waktu yang "
                "tepercaya tidak terbukti bahwa tanda tangan dibuat sebelumnya."
            )
        if self.stamped and not self.stamp_intact:
            yield "Stempel waktunya tidak utuh."
        elif anchored and self.stamped and not self.stamp_trusted:
            yield (
                "Rantai sertifikat stempel waktunya tidak sampai ke sertifikat induk yang dipasang "
                "kantor."
            )


@dataclass(frozen=True)
class Examination:
    """What is known of a signed PDF that is not refused, judged with ``anchors``."""

    signatures: tuple[Signature, ...]
    anchors: tuple[Anchor, ...]

    @property
    def signed_at(self) -> dt.datetime | None:
        """When the last signature was made: the PDF is what it is since then."""
        return max((each.signed_at for each in self.signatures if each.signed_at), default=None)

    @property
    def signers(self) -> str:
        """Everybody who signed, in the order of the file."""
        return "; ".join(each.by for each in self.signatures)

    def doubts(self, now: dt.datetime) -> list[tuple[Signature, str]]:
        """What is doubtful, signature by signature."""
        anchored = bool(self.anchors)
        return [
            (each, doubt)
            for each in self.signatures
            for doubt in each.doubts(anchored=anchored, now=now)
        ]

    def verdict(self, now: dt.datetime) -> SignatureVerdict:
        """In one word, as a check keeps it."""
        if self.doubts(now):
            return SignatureVerdict.DOUBTFUL
        return SignatureVerdict.TRUSTED if self.anchors else SignatureVerdict.UNANCHORED

    def stored(self) -> dict[str, Any]:
        """The signatures and the anchors, as a check keeps them."""
        return {
            "signatures": [each.stored() for each in self.signatures],
            "anchors": [each.stored() for each in self.anchors],
        }


def examine(upload: Upload, anchors: Sequence[Anchor]) -> Examination:
    """What is known of the signatures on ``upload``, a PDF that ``uploads`` found to be one.

    Raises InvalidInput, with a sentence that names the file, where it is not signed, cannot be
    read, or is not as it was signed. Takes about a second the first time.
    """
    found = examination.look(upload.data, list(anchors))
    name = upload.file_name
    if found["verdict"] != "read":
        raise InvalidInput(
            f"Tanda tangan elektronik pada {name} rusak atau tidak dapat dibaca. Unduh kembali PDF "
            "bertanda tangan dari layanan tanda tangan, tanpa membuka dan menyimpannya dengan "
            "program lain, lalu unggah."
        )
    signatures = tuple(Signature.of(each) for each in found["signatures"])
    if not signatures:
        raise InvalidInput(
            f"PDF {name} tidak memuat tanda tangan elektronik, padahal permohonan ini memilih "
            "tanda tangan elektronik tersertifikasi. Unggah PDF yang kembali dari BSrE, bukan "
            "konsepnya atau hasil cetak ulangnya."
        )
    if sentence := _broken(signatures):
        raise InvalidInput(
            f"PDF {name} tidak diterima: {sentence} Unduh kembali PDF bertanda tangan dari layanan "
            "tanda tangan, lalu unggah tanpa mengubahnya."
        )
    return Examination(signatures, tuple(anchors))


def _broken(signatures: Sequence[Signature]) -> str:
    """Why the file is not as it was signed; empty where it is."""
    for each in signatures:
        if not each.intact:
            return f"isinya tidak sama dengan yang ditandatangani oleh {each.by}."
        if each.coverage not in _WHOLE:
            return f"tanda tangan {each.by} hanya mencakup sebagian berkas."
        if not each.permitted or each.modification not in _MORE_SIGNATURES:
            return f"isinya diubah setelah ditandatangani oleh {each.by}."
    if not any(
        each.coverage == "ENTIRE_FILE" or each.modification in _NOTHING_AFTER for each in signatures
    ):
        return "ada yang ditambahkan setelah tanda tangan terakhir."
    return ""
