"""*Daftar berkas* and *daftar isi berkas* as XLSX, in their official columns and a few more."""

import datetime as dt
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from accounts_requests.archive_contents import Item
from accounts_requests.archive_register import Line
from accounts_requests.archive_rules import said
from accounts_requests.spreadsheets.people_template import SAFE_OPTIONS

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
            line.standing.data.place,
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
        data.place,
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


def _book(title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]) -> bytes:
    """Text stays text, whatever it begins with; dates are dates."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, SAFE_OPTIONS) as book:
        book.set_properties({"title": title})
        sheet = book.add_worksheet("Daftar")
        head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#CFE3E1", "border": 1}
        )
        text = book.add_format({"text_wrap": True, "valign": "top"})
        date = book.add_format({"num_format": "dd-mm-yyyy", "valign": "top"})
        for index, (name, width) in enumerate(columns):
            sheet.set_column(index, index, width)
            sheet.write_string(0, index, name, head)
        last = 0
        for last, row in enumerate(rows, start=1):
            for index, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(last, index, value, date)
                elif isinstance(value, int):
                    sheet.write_number(last, index, value, text)
                elif value:
                    sheet.write_string(last, index, value, text)
        sheet.autofilter(0, 0, last, len(columns) - 1)
        sheet.freeze_panes(1, 3)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
    return buffer.getvalue()
