"""What people type about the calendar: dates, the hours of a day, and holidays pasted as a table.

Pure. What cannot be read raises ValueError with a sentence in Bahasa Indonesia, or comes back as
the problem of its row.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from accounts_requests.office_days import MONTHS, WEEKDAYS, Holiday, HolidayKind, Span

MAX_ROWS: Final = 400
MAX_PASTED: Final = 100_000
"""Characters; a table of MAX_ROWS days with long legal bases."""

COLUMNS: Final = ("tanggal", "nama", "jenis", "dasar hukum", "dipastikan")
"""The columns of a pasted table, in their order where it has no heading."""

_OTHER_NAMES: Final = {
    "tgl": "tanggal",
    "hari libur": "nama",
    "nama hari libur": "nama",
    "keterangan": "nama",
    "dasar": "dasar hukum",
    "kepastian": "dipastikan",
    "status": "dipastikan",
}
_KINDS: Final = {
    **{kind.value: kind for kind in HolidayKind},
    "nasional": HolidayKind.NATIONAL,
    "cuti": HolidayKind.JOINT_LEAVE,
    "daerah": HolidayKind.LOCAL,
    "libur lokal": HolidayKind.LOCAL,
}
_YES: Final = frozenset({"ya", "y", "dipastikan", "pasti", "benar", "true", "1", "x", "v", "✓"})
_NO: Final = frozenset({"", "tidak", "t", "perkiraan", "belum", "salah", "false", "0", "-", "—"})
_MONTHS: Final = {
    **{name.casefold(): number for number, name in enumerate(MONTHS, start=1)},
    **{name[:3].casefold(): number for number, name in enumerate(MONTHS, start=1)},
    "agt": 8,
    "ags": 8,
    "nop": 11,
    "nopember": 11,
    "pebruari": 2,
    "peb": 2,
}
_YEARS: Final = range(2000, 2101)
_NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NAMED = re.compile(r"(\d{1,2})[\s-]+([A-Za-z]+)\.?[\s-]+(\d{4}|\d{2})")
_WEEKDAY = re.compile(rf"(?:{'|'.join(WEEKDAYS)}|jum'at|ahad)\s*,?\s+", re.IGNORECASE)
_HOURS = re.compile(r"(\d{1,2})[.:](\d{2})\s*(?:-|–|—|s\.?d\.?|sampai)\s*(\d{1,2})[.:](\d{2})")
_CLOSED: Final = frozenset({"", "tutup", "libur", "-", "—"})


def parse_date(text: str) -> dt.date:
    """A date as Indonesians and spreadsheets write it: ``17 Agustus 2026``, 17/08/2026, ISO.

    Day before month; two digits of a year mean this century. Raises ValueError with a sentence.
    """
    written = _WEEKDAY.sub("", text.strip(), count=1)
    try:
        day, month, year = _parts(written)
        if year not in _YEARS:
            raise ValueError(year)
        return dt.date(year, month, day)
    except ValueError:
        raise ValueError(
            f"Tanggal “{text.strip()}” tidak dapat dibaca. Tulis misalnya 17 Agustus 2026 atau "
            "17/08/2026."
        ) from None


def parse_hours(text: str) -> tuple[Span, ...]:
    """The open stretches of a day, such as ``07.30-12.00, 13.00-16.00``; none for "" or "tutup".

    Raises ValueError with a sentence, also where stretches overlap or run backwards.
    """
    if text.strip().casefold() in _CLOSED:
        return ()
    spans = sorted(_span(part) for part in re.split(r"[,;\n]|\bdan\b", text) if part.strip())
    for earlier, later in pairwise(spans):
        if later[0] < earlier[1]:
            raise ValueError(
                f"Jam {later[0]:%H.%M} bertumpuk dengan {earlier[0]:%H.%M}–{earlier[1]:%H.%M}. "
                "Pisahkan kedua rentangnya."
            )
    return tuple(spans)


@dataclass(frozen=True, kw_only=True)
class PastedRow:
    """One line of a pasted table: ``holiday`` when it can be read, otherwise its ``problems``.

    ``number`` counts the lines as they were pasted, from 1; ``cells`` are as they were written.
    """

    number: int
    cells: tuple[str, ...]
    holiday: Holiday | None
    problems: tuple[str, ...]

    @property
    def written(self) -> tuple[str, str]:
        """The first two cells as they were written; a line may have fewer."""
        date, name = (*self.cells, "", "")[:2]
        return date, name or "—"


def read_holidays(text: str) -> list[PastedRow]:
    """The rows of a table as it is copied from a spreadsheet; empty lines and a heading left out.

    Columns are separated by tabs, or by semicolons where there is no tab. Raises ValueError with a
    sentence for more than can be taken at once.
    """
    if len(text) > MAX_PASTED:
        raise ValueError("Tabel terlalu panjang. Tempelkan paling banyak beberapa tahun sekaligus.")
    lines = list(_lines(text))
    if len(lines) > MAX_ROWS:
        raise ValueError(
            f"Tabel memuat {len(lines)} baris; paling banyak {MAX_ROWS} baris sekaligus. "
            "Tempelkan per tahun."
        )
    order: Sequence[str] = COLUMNS
    if lines and (heading := _heading(lines[0][1])):
        order = heading
        del lines[0]
    rows: list[PastedRow] = []
    seen: dict[dt.date, int] = {}
    for number, cells in lines:
        row = _row(number, cells, order)
        if row.holiday is not None and row.holiday.date in seen:
            twice = f"Tanggal ini sudah ada pada baris {seen[row.holiday.date]}."
            row = PastedRow(number=number, cells=cells, holiday=None, problems=(twice,))
        elif row.holiday is not None:
            seen[row.holiday.date] = number
        rows.append(row)
    return rows


def _parts(written: str) -> tuple[int, int, int]:
    if found := _ISO.fullmatch(written):
        year, month, day = (int(part) for part in found.groups())
        return day, month, year
    if found := _NUMERIC.fullmatch(written):
        day, month = int(found[1]), int(found[2])
    elif found := _NAMED.fullmatch(written):
        day, month = int(found[1]), _MONTHS.get(found[2].casefold(), 0)
    else:
        raise ValueError(written)
    return day, month, int(found[3]) + (2000 if len(found[3]) == 2 else 0)


def _span(part: str) -> Span:
    sentence = f"Jam “{part.strip()}” tidak dapat dibaca. Tulis misalnya 07.30-16.00."
    found = _HOURS.fullmatch(part.strip())
    if found is None:
        raise ValueError(sentence)
    h1, m1, h2, m2 = (int(number) for number in found.groups())
    try:
        opens, closes = dt.time(h1, m1), dt.time(h2, m2)
    except ValueError:
        raise ValueError(sentence) from None
    if closes <= opens:
        raise ValueError(f"Jam tutup {closes:%H.%M} harus sesudah jam buka {opens:%H.%M}.")
    return opens, closes


def _lines(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each line that says something, with its number."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    reader = csv.reader(io.StringIO(text), delimiter="\t" if "\t" in text else ";")
    try:
        for cells in reader:
            plain = tuple(" ".join(cell.split()) for cell in cells)
            if any(plain):
                yield reader.line_num, plain
    except csv.Error:
        raise ValueError(
            f"Tabel tidak terbaca pada baris {reader.line_num}. Periksa tanda petiknya."
        ) from None


def _heading(cells: Sequence[str]) -> tuple[str, ...]:
    """The columns that a heading names, in its order; empty when the line is none."""
    names = [_OTHER_NAMES.get(cell.casefold(), cell.casefold()) for cell in cells]
    return tuple(names) if "tanggal" in names else ()


def _row(number: int, cells: tuple[str, ...], order: Sequence[str]) -> PastedRow:
    value = dict.fromkeys(COLUMNS, "") | dict(zip(order, cells, strict=False))
    problems: list[str] = []
    date = dt.date.min
    try:
        date = parse_date(value["tanggal"])
    except ValueError as error:
        problems.append(str(error))
    kind = _KINDS.get(value["jenis"].casefold())
    if kind is None:
        problems.append(
            f"Jenis “{value['jenis']}” tidak dikenal. Isi libur nasional, cuti bersama, atau "
            "libur daerah."
        )
    problems += _problems_of_words(value["nama"], value["dasar hukum"])
    certain = value["dipastikan"].casefold()
    if certain not in _YES | _NO:
        problems.append(f"Kolom dipastikan berisi “{value['dipastikan']}”. Isi ya atau tidak.")
    if len(cells) == 1:
        problems = ["Kolom tidak terbaca. Pisahkan kolom dengan tab atau titik koma."]
    if problems or kind is None:
        return PastedRow(number=number, cells=cells, holiday=None, problems=tuple(problems))
    holiday = Holiday(
        date=date,
        name=value["nama"],
        kind=kind,
        legal_basis=value["dasar hukum"],
        confirmed=certain in _YES,
    )
    return PastedRow(number=number, cells=cells, holiday=holiday, problems=())


def _problems_of_words(name: str, legal_basis: str) -> Iterator[str]:
    if not name:
        yield "Nama hari libur kosong."
    if len(name) > 200:
        yield "Nama hari libur melebihi 200 karakter."
    if len(legal_basis) > 250:
        yield "Dasar hukum melebihi 250 karakter."
