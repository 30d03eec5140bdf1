"""One cell of a list of people: from what Excel kept to what the Formulir holds.

Excel rounds numbers to 15 digits, drops leading zeros and turns dates into numbers; where that has
happened the sentence says so.
"""

import datetime as dt
import re
from typing import Final

from openpyxl.utils.datetime import CALENDAR_WINDOWS_1900, from_excel

from accounts_requests import words
from accounts_requests.spreadsheets.columns import Column, key

CellValue = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None

_EXACT_DIGITS: Final = 15
"""How many digits of a number Excel keeps."""
_ERROR: Final = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|NUM!|NULL!|DIV/0!|SPILL!|CALC!)")
_DATE: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_ISO_DATE: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_WRITTEN_DATE: Final = re.compile(r"(\d{1,2})\s+([a-z]+)\s+(\d{4})", re.IGNORECASE)
# Serial numbers of 1950 and 2149: any other number is not meant as a date.
_SERIALS: Final = range(18_264, 91_312)


class UnreadableCell(Exception):
    """A cell that cannot be taken over. `str(error)` is the sentence, naming the column."""


def is_blank(value: CellValue) -> bool:
    """Whether a cell holds nothing that one could see."""
    return value is None or (isinstance(value, str) and not value.strip())


def read_text(column: Column, value: CellValue) -> str:
    """The text of a cell of kind text, digits, mobile or choice. Raises UnreadableCell."""
    if is_blank(value):
        return ""
    if isinstance(value, str):
        if _ERROR.fullmatch(value.strip()):
            raise UnreadableCell(
                f"{column.title} berisi galat Excel {value.strip()}. Perbaiki rumusnya, atau "
                "ketikkan isinya."
            )
        return value
    if isinstance(value, bool):
        raise UnreadableCell(
            f"{column.title} berisi {'TRUE' if value else 'FALSE'}. Ketikkan isinya."
        )
    if isinstance(value, int | float):
        return _number(column, value)
    raise UnreadableCell(
        f"{column.title} berisi tanggal atau waktu. Ubah format kolom menjadi Teks, lalu ketik "
        "ulang isinya."
    )


def read_choice(column: Column, value: CellValue) -> str:
    """The field's value for what was chosen. Raises UnreadableCell naming the choices."""
    text = read_text(column, value)
    if not text:
        return ""
    found = (column.choices or {}).get(key(text))
    if found is None:
        raise UnreadableCell(
            f"{column.title} “{_short(text)}” tidak dikenal. "
            f"Isikan salah satu: {', '.join(column.options)}."
        )
    return found


def read_date(
    column: Column, value: CellValue, *, epoch: dt.datetime = CALENDAR_WINDOWS_1900
) -> dt.date | None:
    """The date of a cell: an Excel date, dd-mm-yyyy or dd/mm/yyyy. Raises UnreadableCell.

    `epoch` is the workbook's, for a date whose cell lost its format and shows a number.
    """
    if is_blank(value):
        return None
    found: dt.date | None = None
    if isinstance(value, dt.datetime):
        found = value.date()
    elif isinstance(value, dt.date):
        found = value
    elif isinstance(value, str):
        found = _written_date(value)
    elif isinstance(value, int | float) and not isinstance(value, bool) and value in _SERIALS:
        serial = from_excel(value, epoch)
        found = serial.date() if isinstance(serial, dt.datetime) else None
    if found is None or not 1900 <= found.year <= 2200:
        raise UnreadableCell(
            f"{column.title} “{_short(str(value))}” bukan tanggal yang dapat dibaca. Tuliskan "
            "seperti 12-03-2026 atau 12/03/2026."
        )
    return found


def _number(column: Column, value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124  NaN
        raise UnreadableCell(f"{column.title} berisi angka yang tidak sah. Ketikkan isinya.")
    if column.kind in {"digits", "mobile"} and abs(value) >= 10**_EXACT_DIGITS:
        raise UnreadableCell(
            f"{column.title} tersimpan sebagai angka, sehingga Excel telah menghilangkan digit "
            "terakhirnya. Ubah format kolom sebagai teks, lalu ketik ulang nomornya."
        )
    text = str(int(value)) if float(value).is_integer() else str(value)
    if column.kind == "mobile" and text.startswith("8"):
        return f"0{text}"  # Excel dropped the zero of 08…
    return text


def _written_date(text: str) -> dt.date | None:
    text = text.strip()
    if match := _DATE.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    elif match := _ISO_DATE.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif (match := _WRITTEN_DATE.fullmatch(text)) and match[2].capitalize() in words.MONTHS:
        day, month, year = (
            int(match[1]),
            words.MONTHS.index(match[2].capitalize()) + 1,
            int(match[3]),
        )
    else:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else f"{text[:39]}…"
