"""The rules of what is recorded of an archived file: its data, moves, and proposals to destroy it.

A file is never deleted. What retention and *nasib akhir* allow follows the Jadwal Retensi Arsip of
the office (Permendagri 83/2022 for the codes), which the office keeps as its own data.
"""

import datetime as dt
from dataclasses import dataclass, fields

from accounts_requests import words
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.models import (
    AccountRequest,
    ArchiveDescription,
    ArchiveMove,
    DestructionDecision,
    Development,
    FinalDisposition,
    Media,
    RetentionTrigger,
    SecurityClass,
    User,
)
from accounts_requests.models.archive import place_of

MIN_TEXT = 5
MOST_YEARS = 99
# One paper lists them all.
MOST_FILES = 200


@dataclass(frozen=True, kw_only=True)
class FileData:
    """The *data kearsipan* as somebody writes them; years are whole years."""

    code: str
    counts_from: str
    active_years: int
    inactive_years: int
    disposition: str
    security: str
    development: str
    media: str
    amount: str = ""
    location: str = ""
    rack: str = ""
    box: str = ""

    @classmethod
    def of(cls, description: ArchiveDescription) -> "FileData":
        """What a stored version says."""
        return cls(**{field.name: getattr(description, field.name) for field in fields(cls)})

    @property
    def place(self) -> str:
        """Where the paper is, in words."""
        return place_of(self.location, self.rack, self.box)


@dataclass(frozen=True, kw_only=True)
class MoveData:
    """A move as somebody records it; ``kind`` is one of ``ArchiveMove.Kind``."""

    kind: str
    moved_on: dt.date
    place: str
    received_by: str
    paper_number: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the rules need to know of a file today."""

    data: FileData
    active_until: dt.date
    inactive_until: dt.date
    moves: frozenset[str] = frozenset()
    # The number of the *usul musnah* that waits, or was approved on ``destruction_approved``.
    proposal: str = ""
    destruction_approved: dt.date | None = None


LABELS = {
    "code": "Kode klasifikasi",
    "counts_from": "Awal retensi",
    "active_years": "Retensi aktif",
    "inactive_years": "Retensi inaktif",
    "disposition": "Nasib akhir",
    "security": "Klasifikasi keamanan",
    "development": "Tingkat perkembangan",
    "media": "Media",
    "amount": "Jumlah berkas kertas",
    "location": "Tempat simpan",
    "rack": "Rak",
    "box": "Boks",
}
_CHOICES = {
    "counts_from": RetentionTrigger,
    "disposition": FinalDisposition,
    "security": SecurityClass,
    "development": Development,
    "media": Media,
}


def check_data(data: FileData) -> None:
    """Raises InvalidInput with sentences by field."""
    errors: dict[str, list[str]] = {}
    if not data.code.strip():
        errors["code"] = ["Kode klasifikasi wajib diisi."]
    for name in ("active_years", "inactive_years"):
        if not 0 <= getattr(data, name) <= MOST_YEARS:
            errors[name] = [f"{LABELS[name]} diisi antara 0 dan {MOST_YEARS} tahun."]
    for name, choices in _CHOICES.items():
        if getattr(data, name) not in choices.values:
            errors[name] = [f"{LABELS[name]} tidak dikenal. Pilih dari daftar."]
    if errors:
        raise InvalidInput(errors)


def differences(before: FileData, after: FileData) -> list[str]:
    """The names of the fields in which the two differ."""
    return [
        field.name
        for field in fields(FileData)
        if getattr(before, field.name) != getattr(after, field.name)
    ]


def said(name: str, data: FileData) -> str:
    """The field's value in words; "—" for none."""
    value = getattr(data, name)
    if name in _CHOICES:
        return str(_CHOICES[name](value).label)
    return f"{value} tahun" if isinstance(value, int) else value or "—"


def check_can_describe(request: AccountRequest, standing: Standing) -> None:
    """While a file is proposed for destruction, and after its approval, its data stand still."""
    if standing.destruction_approved is not None:
        raise NotAllowedNow(
            f"Pemusnahan berkas {request.archive_number} telah disetujui pada "
            f"{words.long_date(standing.destruction_approved)}, sehingga data kearsipannya tidak "
            "diubah lagi. Tidak ada yang berubah."
        )
    if standing.proposal:
        raise NotAllowedNow(
            f"Berkas {request.archive_number} sedang diusulkan musnah ({standing.proposal}). "
            "Tunggu keputusan usul itu, lalu ulangi bila masih perlu. Tidak ada yang berubah."
        )


def check_move(
    request: AccountRequest, standing: Standing, data: MoveData, *, today: dt.date
) -> None:
    """Raises InvalidInput for what is missing, NotAllowedNow where the file may not go there."""
    errors: dict[str, list[str]] = {}
    for name, sentence in (
        ("place", "Isi tempat tujuannya."),
        ("received_by", "Isi nama atau jabatan yang menerima."),
        ("paper_number", "Isi nomor berita acaranya."),
    ):
        if not getattr(data, name).strip():
            errors[name] = [sentence]
    if data.moved_on > today:
        errors["moved_on"] = ["Tanggal ini belum tiba. Catat setelah berkas benar-benar pindah."]
    elif request.archived_at is not None and data.moved_on < _local(request.archived_at):
        errors["moved_on"] = ["Tanggal ini lebih awal daripada pengarsipan berkas."]
    elif (before := request.archive_moves.order_by("moved_on").last()) is not None and (
        data.moved_on < before.moved_on
    ):
        errors["moved_on"] = [
            (
                f"Tanggal ini lebih awal daripada {before.get_kind_display().lower()} pada "
                f"{words.long_date(before.moved_on)}."
            )
        ]
    if errors:
        raise InvalidInput(errors)
    if data.kind not in ArchiveMove.Kind.values:
        raise InvalidInput({"kind": ["Pilih jenis pemindahan dari daftar."]})
    if sentence := hindrance_of_move(request, standing, data.kind, today=data.moved_on):
        raise NotAllowedNow(f"{sentence} Tidak ada yang berubah.")


def hindrance_of_move(
    request: AccountRequest, standing: Standing, kind: str, *, today: dt.date
) -> str:
    """Why the file may not move in that way on the day ``today``; "" when it may."""
    file = f"Berkas {request.archive_number}"
    if sentence := _hindrance_of_both(file, standing):
        return sentence
    if kind == ArchiveMove.Kind.TO_ARCHIVES:
        if standing.data.disposition != FinalDisposition.PERMANENT:
            return f"{file} tidak bernasib akhir permanen; hanya arsip permanen yang diserahkan."
        return _hindrance_of_retention(file, standing, today)
    if kind in standing.moves:
        return f"{file} sudah dipindahkan ke penyimpanan inaktif."
    if today <= standing.active_until:
        return f"{file} masih aktif sampai dengan {words.long_date(standing.active_until)}."
    return ""


def hindrance_of_destruction(request: AccountRequest, standing: Standing, *, today: dt.date) -> str:
    """Why the file cannot be proposed for destruction, as a sentence; "" when it can."""
    file = f"Berkas {request.archive_number}"
    if sentence := _hindrance_of_both(file, standing):
        return sentence
    if standing.data.disposition == FinalDisposition.PERMANENT:
        return (
            f"{file} bernasib akhir permanen: berkas itu diserahkan ke lembaga kearsipan dan tidak "
            "dapat diusulkan musnah."
        )
    if standing.data.disposition == FinalDisposition.REVIEW:
        return f"{file} dinilai kembali: tetapkan dahulu nasib akhirnya pada data kearsipan."
    return _hindrance_of_retention(file, standing, today)


def _hindrance_of_both(file: str, standing: Standing) -> str:
    """What keeps a file from moving and from being proposed alike."""
    if standing.destruction_approved is not None:
        return f"{file} sudah disetujui musnah."
    if standing.proposal:
        return f"{file} sudah diusulkan musnah dengan usul {standing.proposal}."
    if ArchiveMove.Kind.TO_ARCHIVES in standing.moves:
        return f"{file} sudah diserahkan ke lembaga kearsipan."
    return ""


def _hindrance_of_retention(file: str, standing: Standing, today: dt.date) -> str:
    if today > standing.inactive_until:
        return ""
    return (
        f"{file} masih dalam masa retensi sampai dengan {words.long_date(standing.inactive_until)}."
    )


def check_proposal(count: int, reason: str, legal_basis: str) -> None:
    """A proposal names files, says why, and on which legal basis. Raises InvalidInput."""
    errors: dict[str, list[str]] = {}
    if not count:
        errors[""] = ["Pilih sedikitnya satu berkas."]
    if count > MOST_FILES:
        errors[""] = [f"Satu usul memuat paling banyak {MOST_FILES} berkas. Bagi menjadi beberapa."]
    if len(reason.strip()) < MIN_TEXT:
        errors["reason"] = [f"Tuliskan alasan pemusnahan, paling sedikit {MIN_TEXT} huruf."]
    if len(legal_basis.strip()) < MIN_TEXT:
        errors["legal_basis"] = [f"Tuliskan dasar hukumnya, paling sedikit {MIN_TEXT} huruf."]
    if errors:
        raise InvalidInput(errors)


def check_decision(verdict: str, ground: str, minutes_number: str) -> None:
    """An approval has minutes with a number, a refusal its reason. Raises InvalidInput."""
    if verdict not in DestructionDecision.Verdict.values:
        raise InvalidInput({"verdict": ["Pilih disetujui atau ditolak."]})
    approved = verdict == DestructionDecision.Verdict.APPROVED
    if approved and not minutes_number.strip():
        raise InvalidInput({"minutes_number": ["Isi nomor berita acaranya."]})
    if not approved and len(ground.strip()) < MIN_TEXT:
        raise InvalidInput(
            {"ground": [f"Tuliskan alasan penolakan, paling sedikit {MIN_TEXT} huruf."]}
        )


def check_decides(actor: User, proposer: User) -> None:
    """Nobody approves what they proposed themselves. Raises NotAllowedNow."""
    if actor.pk == proposer.pk:
        raise NotAllowedNow(
            "Usul musnah diputuskan oleh pejabat lain, bukan oleh pengusulnya sendiri. Tidak ada "
            "yang berubah."
        )


def _local(at: dt.datetime) -> dt.date:
    return at.astimezone(words.ZONE).date()
