"""The empty list of people that offices fill in, as XLSX."""

from io import BytesIO
from typing import Any, Final

import xlsxwriter

from accounts_requests.grades import all_grades
from accounts_requests.models import Office
from accounts_requests.registrants import MAX_PEOPLE
from accounts_requests.spreadsheets.columns import (
    EXAMPLE_MARK,
    SHEET_NAME,
    Column,
    people_columns,
)
from accounts_requests.spreadsheets.sheets import HEAD, SAFE_OPTIONS
from accounts_requests.user_ids import rule_words

_HEADER_ROW: Final = 0
_EXAMPLE_ROW: Final = 1
_LAST_ROW: Final = _EXAMPLE_ROW + MAX_PEOPLE


def build(office: Office) -> bytes:
    """The template as the bytes of an XLSX: a sheet to fill in and a sheet of instructions.

    Row 1 holds the titles, row 2 an example marked CONTOH (skipped on reading), rows 3 to 202 are
    ready for MAX_PEOPLE people: cells of digits are text, choices are lists.
    """
    buffer = BytesIO()
    columns = people_columns(office)
    with xlsxwriter.Workbook(buffer, SAFE_OPTIONS) as book:
        book.set_properties({"title": "Daftar personel", "author": office.lpse_name})
        _people_sheet(book, columns)
        _instructions(book, columns, office)
    return buffer.getvalue()


def _people_sheet(book: Any, columns: tuple[Column, ...]) -> None:
    sheet = book.add_worksheet(SHEET_NAME)
    required = book.add_format(HEAD)
    optional = book.add_format({**HEAD, "bg_color": "#EFEDE6"})
    text = book.add_format({"num_format": "@"})
    date = book.add_format({"num_format": "dd-mm-yyyy"})
    example = book.add_format({"italic": True, "font_color": "#6B6B6B", "num_format": "@"})
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width, date if column.kind == "date" else text)
        sheet.write_string(
            _HEADER_ROW, index, column.title, required if column.must_exist else optional
        )
        sheet.write_comment(_HEADER_ROW, index, column.hint)
        sheet.write_string(_EXAMPLE_ROW, index, column.example, example)
        options = all_grades() if column.field == "grade" else column.options
        if options:
            sheet.data_validation(
                _EXAMPLE_ROW,
                index,
                _LAST_ROW,
                index,
                {
                    "validate": "list",
                    "source": list(options),
                    "error_title": column.title,
                    "error_message": "Pilih salah satu dari daftar.",
                },
            )
    sheet.freeze_panes(_HEADER_ROW + 1, 3)
    sheet.set_landscape()
    sheet.repeat_rows(_HEADER_ROW)
    sheet.fit_to_pages(1, 0)


def _instructions(book: Any, columns: tuple[Column, ...], office: Office) -> None:
    sheet = book.add_worksheet("Petunjuk")
    bold = book.add_format({"bold": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 10)
    sheet.set_column(2, 2, 90)
    lines = (
        (
            f"Isikan satu baris untuk satu akun pada lembar “{SHEET_NAME}”, mulai baris 3; paling "
            f"banyak {MAX_PEOPLE} baris."
        ),
        f"Baris yang namanya diawali {EXAMPLE_MARK} adalah contoh dan tidak dibaca.",
        "Jangan mengubah judul kolom. Urutan kolom boleh diubah; kolom lain diabaikan.",
        (
            f"{'NIP, NIK,' if office.collects_nik else 'NIP'} dan nomor ponsel ditulis dalam sel "
            "berformat Teks: Excel membulatkan angka yang lebih panjang dari 15 digit."
        ),
        "Tanggal ditulis dd-mm-yyyy atau sebagai tanggal Excel.",
        f"Usulan user id: {rule_words(office)}.",
        "Jangan menuliskan password di berkas ini.",
    )
    sheet.write_string(0, 0, "Petunjuk pengisian daftar personel", bold)
    for row, line in enumerate(lines, start=1):
        sheet.merge_range(row, 0, row, 2, line, wrap)
        sheet.set_row(row, 32)
    start = len(lines) + 2
    for index, title in enumerate(("Kolom", "Wajib", "Keterangan")):
        sheet.write_string(start, index, title, bold)
    for row, column in enumerate(columns, start=start + 1):
        sheet.write_string(row, 0, column.title, wrap)
        sheet.write_string(row, 1, "wajib" if column.must_exist else "—", wrap)
        options = f" Pilihan: {', '.join(column.options)}." if column.options else ""
        sheet.write_string(row, 2, f"{column.hint}{options}", wrap)
