"""The register of cases as XLSX: what the page shows, for those who work in Excel."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from accounts_requests.spreadsheets.sheets import Cell, Sheet, workbook


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterRow:
    """One case. Instants are aware; texts are what the page shows (state: its label)."""

    number: str
    decree_number: str
    decree_date: dt.date | None
    subject: str
    state: str
    people: int
    received_at: dt.datetime
    due_at: dt.datetime | None
    holder: str
    deviations: int
    unanswered: int
    archived_at: dt.datetime | None
    archive_number: str


_COLUMNS: Final = (
    ("No.", 6),
    ("Nomor permohonan", 18),
    ("Nomor SK", 30),
    ("Tanggal SK", 13),
    ("Tentang", 60),
    ("Keadaan", 16),
    ("Personel", 10),
    ("Berkas diterima (WITA)", 20),
    ("Tenggat langkah berjalan (WITA)", 20),
    ("Pemegang tugas", 28),
    ("Penyimpangan", 14),
    ("Belum dipertanggungjawabkan", 18),
    ("Diarsipkan (WITA)", 20),
    ("Nomor berkas", 18),
)


def build(rows: Iterable[RegisterRow]) -> bytes:
    """The register as the bytes of an XLSX, one row a case, in the order given.

    Instants are written in the office's zone; text stays text, whatever it begins with.
    """
    sheet = Sheet(
        name="Daftar permohonan",
        columns=_COLUMNS,
        rows=(_values(number, row) for number, row in enumerate(rows, start=1)),
        frozen=2,
        filtered=True,
    )
    return workbook("Daftar permohonan", [sheet])


def _values(number: int, row: RegisterRow) -> tuple[Cell, ...]:
    return (
        number,
        row.number,
        row.decree_number,
        row.decree_date,
        row.subject,
        row.state,
        row.people,
        row.received_at,
        row.due_at,
        row.holder,
        row.deviations,
        row.unanswered,
        row.archived_at,
        row.archive_number,
    )
