"""Tables as sheets of a workbook: heads, rows, dates as dates, and text that stays text.

Every list that is given away goes through here; the template that people fill in has a form of its
own (``people_template``) and shares the options.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from accounts_requests import words

# User text never becomes a formula, a link or a number.
SAFE_OPTIONS: Final[dict[str, Any]] = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

# Instants are aware and written in the office's zone; "" and None leave the cell empty.
Cell = str | int | dt.date | None
HEAD: Final[dict[str, Any]] = {
    "bold": True,
    "text_wrap": True,
    "valign": "top",
    "bg_color": "#CFE3E1",
    "border": 1,
}


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table: the heads with the widths of their columns (in characters), then the rows.

    ``frozen`` columns stay in sight; ``filtered`` offers Excel's filter on the heads.
    """

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Cell]]
    frozen: int = 1
    filtered: bool = False


def fitting(heads: Iterable[str]) -> list[tuple[str, int]]:
    """Columns as wide as their heads, within what can be read."""
    return [(head, max(12, min(34, len(head) + 2))) for head in heads]


def workbook(title: str, sheets: Iterable[Sheet]) -> bytes:
    """The sheets as the bytes of an XLSX, each ready to be printed across one page."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, SAFE_OPTIONS) as book:
        book.set_properties({"title": title})
        look = _Look(book)
        for sheet in sheets:
            _write(book, sheet, look)
    return buffer.getvalue()


class _Look:
    """The formats of one workbook, made once."""

    def __init__(self, book: Any) -> None:
        self.head = book.add_format(HEAD)
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.date = book.add_format({"num_format": "dd-mm-yyyy", "valign": "top"})
        self.instant = book.add_format({"num_format": "dd-mm-yyyy hh.mm", "valign": "top"})


def _write(book: Any, table: Sheet, look: _Look) -> None:
    sheet = book.add_worksheet(table.name)
    for index, (head, width) in enumerate(table.columns):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, head, look.head)
    last = 0
    for last, row in enumerate(table.rows, start=1):
        for index, value in enumerate(row):
            _write_cell(sheet, last, index, value, look)
    if table.filtered:
        sheet.autofilter(0, 0, last, len(table.columns) - 1)
    sheet.freeze_panes(1, table.frozen)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)


def _write_cell(sheet: Any, line: int, column: int, value: Cell, look: _Look) -> None:
    if isinstance(value, dt.datetime):
        local = value.astimezone(words.ZONE).replace(tzinfo=None)
        sheet.write_datetime(line, column, local, look.instant)
    elif isinstance(value, dt.date):
        sheet.write_datetime(line, column, value, look.date)
    elif isinstance(value, int):
        sheet.write_number(line, column, value, look.text)
    elif value:
        sheet.write_string(line, column, value, look.text)
