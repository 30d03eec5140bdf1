"""Reads a list of people from an XLSX. Nothing is stored; a problem names its row and column."""

import datetime as dt
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import openpyxl

from accounts_requests import uploads
from accounts_requests.exceptions import InvalidInput
from accounts_requests.models import AccountRequest, Office
from accounts_requests.registrants import FIELD_TITLES, MAX_PEOPLE, PersonData, check_batch
from accounts_requests.spreadsheets.cells import (
    CellValue,
    UnreadableCell,
    is_blank,
    read_choice,
    read_date,
    read_text,
)
from accounts_requests.spreadsheets.columns import (
    EXAMPLE_MARK,
    SHEET_NAME,
    Column,
    key,
    people_columns,
)

HEADER_WITHIN: Final = 20
"""The titles stand in one of the first rows: offices like a heading above them."""
HEADER_NEEDS: Final = 3
"""A row with so many known titles is the header."""
LAST_COLUMN: Final = 60
LAST_ROW: Final = 50_000
"""What stands below is not looked at: nobody's list of people is so far down."""
MAX_FILLED: Final = 5_000
"""Rows with content that are looked at: a running number may go far beyond the people."""

_EXAMPLE: Final = re.compile(rf"\s*{EXAMPLE_MARK}\b")
_IGNORED_TITLES: Final = {"", "no", "nomor", "nomorurut", "nourut"}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong or odd in one cell. `row` as Excel shows it, `column` its title ("": none)."""

    row: int
    column: str
    sentence: str

    def __str__(self) -> str:
        place = f"Baris {self.row}, kolom {self.column}" if self.column else f"Baris {self.row}"
        return f"{place}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a list says: `people` in order, with their `rows` as Excel shows them.

    They may be imported when there are no `problems`; `warnings` do not stand in the way.
    """

    people: list[PersonData]
    problems: list[Problem]
    warnings: list[Problem]
    rows: list[int]


@dataclass(frozen=True, slots=True)
class _Content:
    """Rows that hold something, numbered as Excel shows them, and the workbook's epoch."""

    rows: list[tuple[int, tuple[CellValue, ...]]]
    epoch: dt.datetime


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    columns: dict[int, Column]


def read(
    data: bytes,
    *,
    office: Office,
    decree_valid_until: dt.date | None,
    today: dt.date,
    request: AccountRequest | None = None,
) -> Sheet:
    """Read and judge a list of people.

    `request` is the case the list is for, so that its own user ids are not held against it.
    Raises InvalidInput with one sentence when `data` is not a plain, intact workbook.
    """
    upload = uploads.Upload("yang diunggah", data)
    uploads.check_workbook(upload)
    try:
        # openpyxl warns of parts that a list of people does not need.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            content = _content(data)
    except Exception as error:
        raise InvalidInput(
            "Buku kerja yang diunggah tidak dapat dibaca. Salin baris-barisnya ke templat yang "
            "baru, lalu unggah kembali."
        ) from error
    header, problems, notes = _find_header(content, people_columns(office))
    if header is None or problems:
        return Sheet([], problems, notes, [])
    people, numbers, problems = _people(content, header)
    findings = check_batch(
        people,
        office=office,
        decree_valid_until=decree_valid_until,
        today=today,
        request=request,
        labels=[f"baris {number}" for number in numbers],
    )
    broken = {(problem.row, problem.column) for problem in problems}
    for number, found in zip(numbers, findings, strict=True):
        problems += [
            problem
            for problem in _problems(number, found.errors)
            if (number, problem.column) not in broken  # one sentence for an unreadable cell
        ]
        notes += _problems(number, found.warnings)
    problems.sort(key=lambda problem: problem.row)
    return Sheet(people, problems, notes, numbers)


def _content(data: bytes) -> _Content:
    """The first sheet, or the one named as the template names it."""
    book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        sheet: Any = next(
            (book[name] for name in book.sheetnames if key(name) == key(SHEET_NAME)),
            book.worksheets[0],
        )
        sheet.reset_dimensions()  # what the file claims about its size is not trusted
        return _Content(list(_filled(sheet)), book.epoch)
    finally:
        book.close()


def _filled(sheet: Any) -> Iterator[tuple[int, tuple[CellValue, ...]]]:
    """The rows with content, at most MAX_FILLED of them."""
    found = 0
    blank = (None,) * LAST_COLUMN
    for number, cells in enumerate(sheet.iter_rows(max_col=LAST_COLUMN, values_only=True), start=1):
        if number > LAST_ROW or found == MAX_FILLED:
            return
        if cells != blank and not all(is_blank(value) for value in cells):
            found += 1
            yield number, cells


def _people(
    content: _Content, header: _Header
) -> tuple[list[PersonData], list[int], list[Problem]]:
    """The people below the header, their rows, and what could not be read."""
    people: list[PersonData] = []
    numbers: list[int] = []
    problems: list[Problem] = []
    for number, cells in content.rows:
        if number <= header.row or _is_example(header, cells) or not _says_anything(header, cells):
            continue
        if len(people) == MAX_PEOPLE:
            sentence = (
                f"Daftar memuat lebih dari {MAX_PEOPLE} personel. Pindahkan baris ini dan "
                "selebihnya ke permohonan lain."
            )
            problems.append(Problem(number, "", sentence))
            break
        person, unreadable = _person(header, number, cells, content.epoch)
        people.append(person)
        numbers.append(number)
        problems += unreadable
    if not people:
        sentence = "Daftar belum memuat satu pun personel. Isikan mulai baris di bawah judul kolom."
        problems.append(Problem(header.row + 1, "", sentence))
    return people, numbers, problems


def _problems(number: int, sentences: Mapping[str, Sequence[str]]) -> list[Problem]:
    return [
        Problem(number, FIELD_TITLES.get(name, ""), sentence)
        for name, texts in sentences.items()
        for sentence in texts
    ]


def _find_header(
    content: _Content, columns: Sequence[Column]
) -> tuple[_Header | None, list[Problem], list[Problem]]:
    """The header with problems (missing or doubled columns) and notes (unknown ones)."""
    titles = {key(name): column for column in columns for name in (column.title, *column.aliases)}
    for number, cells in content.rows:
        if number > HEADER_WITHIN:
            break
        known = [titles.get(key(str(value or ""))) for value in cells]
        if sum(column is not None for column in known) >= HEADER_NEEDS:
            return _header(number, cells, known, columns)
    sentence = (
        f"Judul kolom tidak ditemukan pada {HEADER_WITHIN} baris pertama. Gunakan templat dari "
        "aplikasi ini, dengan judul kolom yang tidak diubah."
    )
    return None, [Problem(1, "", sentence)], []


def _header(
    number: int,
    cells: Sequence[CellValue],
    known: Sequence[Column | None],
    columns: Sequence[Column],
) -> tuple[_Header, list[Problem], list[Problem]]:
    placed: dict[int, Column] = {}
    problems: list[Problem] = []
    notes: list[Problem] = []
    for index, (value, column) in enumerate(zip(cells, known, strict=True)):
        title = str(value or "").strip()
        if column is None:
            if key(title) not in _IGNORED_TITLES:
                notes.append(Problem(number, title[:60], "Kolom ini tidak dikenal dan diabaikan."))
        elif column in placed.values():
            sentence = f"Kolom {column.title} tercantum dua kali. Hapus salah satunya."
            problems.append(Problem(number, column.title, sentence))
        else:
            placed[index] = column
    for column in columns:
        if column.must_exist and column not in placed.values():
            sentence = (
                f"Kolom {column.title} tidak ada. Tambahkan kolom dengan judul itu, atau salin "
                "daftar ke templat dari aplikasi ini."
            )
            problems.append(Problem(number, column.title, sentence))
    return _Header(number, placed), problems, notes


def _person(
    header: _Header, number: int, cells: Sequence[CellValue], epoch: dt.datetime
) -> tuple[PersonData, list[Problem]]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for index, column in header.columns.items():
        value = cells[index] if index < len(cells) else None
        try:
            if column.kind == "date":
                values[column.field] = read_date(column, value, epoch=epoch)
            elif column.kind == "choice":
                chosen = read_choice(column, value)
                if chosen:
                    values[column.field] = chosen
            else:
                values[column.field] = read_text(column, value)
        except UnreadableCell as error:
            problems.append(Problem(number, column.title, str(error)))
    return PersonData(**values), problems


def _is_example(header: _Header, cells: Sequence[CellValue]) -> bool:
    return any(
        column.field == "full_name" and index < len(cells) and _EXAMPLE.match(str(cells[index]))
        for index, column in header.columns.items()
    )


def _says_anything(header: _Header, cells: Sequence[CellValue]) -> bool:
    """Whether one of our own columns is filled; a running number alone is no person."""
    return any(index < len(cells) and not is_blank(cells[index]) for index in header.columns)
