"""*Daftar berkas* and *daftar isi berkas* as XLSX, in their official columns and a few more."""

from collections.abc import Iterable, Sequence
from typing import Final

from accounts_requests.archive_contents import Item
from accounts_requests.archive_register import Line
from accounts_requests.archive_rules import said
from accounts_requests.spreadsheets.sheets import Cell, Sheet, workbook

_REGISTER: Final = (
    ("No", 6),
    ("Kode", 12),
    ("No. Berkas", 14),
    ("Unit Pengolah", 28),
    ("Uraian", 60),
    ("Kurun Waktu", 30),
    ("Jumlah", 16),
    ("Keterangan", 60),
    ("Tingkat Perkembangan", 18),
    ("Media", 20),
    ("Klasifikasi Keamanan", 16),
    ("Aktif s.d.", 13),
    ("Inaktif s.d.", 13),
    ("Nasib Akhir", 16),
    ("Lokasi", 30),
    ("Keadaan", 24),
)
_CONTENTS: Final = (
    ("No. Item", 9),
    ("Kode", 12),
    ("Uraian", 50),
    ("Tanggal", 13),
    ("Jumlah", 14),
    ("Keterangan", 36),
    ("Tingkat Perkembangan", 20),
    ("Media", 20),
    ("Klasifikasi Keamanan", 16),
    ("Retensi", 34),
    ("Nasib Akhir", 16),
    ("Lokasi", 30),
    ("SHA-256", 68),
)


def register(lines: Iterable[Line]) -> bytes:
    """The register as the bytes of an XLSX, one row a file, in the order given."""
    rows = (
        (
            number,
            line.code,
            line.number,
            line.unit,
            line.description,
            line.period,
            line.amount,
            "; ".join(line.remarks),
            said("development", line.standing.data),
            said("media", line.standing.data),
            said("security", line.standing.data),
            line.standing.active_until,
            line.standing.inactive_until,
            said("disposition", line.standing.data),
            line.place,
            str(line.state.label),
        )
        for number, line in enumerate(lines, start=1)
    )
    return _book("Daftar berkas", _REGISTER, rows)


def contents(line: Line, items: Sequence[Item]) -> bytes:
    """The contents of one file as the bytes of an XLSX, one row an item."""
    data = line.standing.data
    of_file = (
        said("security", data),
        f"Aktif {data.active_years} tahun, inaktif {data.inactive_years} tahun",
        said("disposition", data),
        line.place,
    )
    rows = (
        (
            item.number,
            item.code,
            item.description,
            item.dated,
            item.amount,
            item.remarks,
            item.development,
            item.media,
            *of_file,
            item.document.sha256,
        )
        for item in items
    )
    return _book(f"Daftar isi berkas {line.number}", _CONTENTS, rows)


def _book(title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Cell]]) -> bytes:
    return workbook(
        title, [Sheet(name="Daftar", columns=columns, rows=rows, frozen=3, filtered=True)]
    )
