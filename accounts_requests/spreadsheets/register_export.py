"""The register of cases as XLSX: what the page shows, for those who work in Excel."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from accounts_requests import words
from accounts_requests.spreadsheets.people_template import SAFE_OPTIONS


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
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, SAFE_OPTIONS) as book:
        book.set_properties({"title": "Daftar permohonan"})
        sheet = book.add_worksheet("Daftar permohonan")
        title = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#CFE3E1", "border": 1}
        )
        text = book.add_format({"text_wrap": True, "valign": "top"})
        date = book.add_format({"num_format": "dd-mm-yyyy", "valign": "top"})
        instant = book.add_format({"num_format": "dd-mm-yyyy hh.mm", "valign": "top"})
        for index, (name, width) in enumerate(_COLUMNS):
            sheet.set_column(index, index, width)
            sheet.write_string(0, index, name, title)
        last = 0
        for last, row in enumerate(rows, start=1):
            for index, value in enumerate(_values(last, row)):
                if isinstance(value, dt.datetime):
                    local = value.astimezone(words.ZONE).replace(tzinfo=None)
                    sheet.write_datetime(last, index, local, instant)
                elif isinstance(value, dt.date):
                    sheet.write_datetime(last, index, value, date)
                elif isinstance(value, int):
                    sheet.write_number(last, index, value, text)
                elif value:
                    sheet.write_string(last, index, value, text)
        sheet.autofilter(0, 0, last, len(_COLUMNS) - 1)
        sheet.freeze_panes(1, 2)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
    return buffer.getvalue()


def _values(number: int, row: RegisterRow) -> tuple[Any, ...]:
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
