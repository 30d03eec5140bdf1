"""Lists of people as offices send them, and the register as they take it away."""

import dataclasses
import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts_requests.exceptions import InvalidInput
from accounts_requests.models import Office
from accounts_requests.registrants import PersonData
from accounts_requests.spreadsheets import (
    people_reader,
    people_template,
    register_export,
    sheets,
)
from accounts_requests.spreadsheets.columns import people_columns
from accounts_requests.spreadsheets.people_reader import Problem, Sheet

from . import offices

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 3, 12)
DECREE_END = dt.date(2026, 12, 31)

PERSON: dict[str, Any] = {
    "Jenis akun": "Verifikator",
    "Nama lengkap": "Buyung Contoh",
    "Status kepegawaian": "PNS",
    "NIP/NI PPPK": "19720528 200502 1 001",
    "Golongan": "IV/b",
    "Jabatan": "Pengelola Pengadaan",
    "Unit kerja": "Biro Pengadaan Barang dan Jasa",
    "K/L/PD": "",
    "E-mail": "buyung@contoh.go.id",
    "Nomor ponsel": "0812 3456 7890",
    "Alamat kantor": "Jalan Gajah Mada 2, Samarinda",
    "Usulan user id": "buyung.contoh",
    "Tanggal pernyataan": "12-03-2026",
}
READ = PersonData(
    account_kind="verifikator",
    full_name="Buyung Contoh",
    employment="pns",
    nip="19720528 200502 1 001",
    grade="IV/b",
    position="Pengelola Pengadaan",
    work_unit="Biro Pengadaan Barang dan Jasa",
    email="buyung@contoh.go.id",
    mobile="0812 3456 7890",
    office_address="Jalan Gajah Mada 2, Samarinda",
    proposed_user_id="buyung.contoh",
    statement_date=TODAY,
)


def workbook(rows: Sequence[Sequence[Any]], name: str = "Personel") -> bytes:
    """Cells as Excel would keep them: text as text, numbers as numbers, dates as dates."""
    buffer = io.BytesIO()
    options = {**sheets.SAFE_OPTIONS, "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(name)
        date = book.add_format({"num_format": "dd/mm/yyyy"})
        for number, row in enumerate(rows):
            for index, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(number, index, value, date)
                elif value is not None:
                    sheet.write(number, index, value)
    return buffer.getvalue()


def listing(*people: dict[str, Any]) -> bytes:
    titles = list(PERSON)
    return workbook([titles, *([person[title] for title in titles] for person in people)])


def read(data: bytes, office: Office | None = None) -> Sheet:
    return people_reader.read(
        data, office=office or offices.office(), decree_valid_until=DECREE_END, today=TODAY
    )


def fill_template(office: Office, people: Sequence[dict[str, Any]]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(people_template.build(office)))
    sheet = book["Personel"]
    titles = [cell.value for cell in sheet[1]]
    for number, person in enumerate(people, start=3):
        for title, value in person.items():
            sheet.cell(number, titles.index(title) + 1).value = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# --- The template -------------------------------------------------------------------------------


def test_a_filled_template_comes_back_as_it_was_filled() -> None:
    second = {
        **PERSON,
        "Jenis akun": "Admin Agency",
        "Jenis permohonan": "Baru",
        "Nama lengkap": "Siti Contoh",
        "Gelar depan": "Dr.",
        "Gelar belakang": "M.Si.",
        "Status kepegawaian": "Non-ASN",
        "NIP/NI PPPK": "",
        "Golongan": "",
        "K/L/PD": "Dinas Contoh",
        "E-mail": "siti@contoh.go.id",
        "Usulan user id": "siti.contoh",
        "Berlaku sampai dengan": dt.datetime(2026, 6, 30),
        "Nomor Formulir": "F-2",
    }
    assert read(fill_template(offices.office(), [PERSON, second])) == Sheet(
        people=[
            READ,
            dataclasses.replace(
                READ,
                account_kind="admin_agency",
                full_name="Siti Contoh",
                title_before="Dr.",
                title_after="M.Si.",
                employment="non_asn",
                nip="",
                grade="",
                agency="Dinas Contoh",
                email="siti@contoh.go.id",
                proposed_user_id="siti.contoh",
                valid_until=dt.date(2026, 6, 30),
                form_number="F-2",
            ),
        ],
        problems=[],
        warnings=[],
        rows=[3, 4],
    )


def test_an_untouched_template_says_where_to_begin() -> None:
    assert read(people_template.build(offices.office())).problems == [
        Problem(
            2,
            "",
            "Daftar belum memuat satu pun personel. Isikan mulai baris di bawah judul kolom.",
        )
    ]


def test_the_template_asks_for_a_nik_only_where_the_office_collects_it() -> None:
    def titles(office: Office) -> list[Any]:
        book = openpyxl.load_workbook(io.BytesIO(people_template.build(office)))
        return [cell.value for cell in book["Personel"][1]]

    everything = [column.title for column in people_columns(offices.office(collects_nik=True))]
    assert titles(offices.office(collects_nik=True)) == everything
    assert titles(offices.office()) == [title for title in everything if title != "NIK"]


def test_the_template_offers_the_offices_kinds_and_keeps_digits_as_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(people_template.build(offices.office())))
    sheet = book["Personel"]
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert lists["A2:A202"] == '"Verifikator,Helpdesk,Admin Agency"'
    assert sheet["G2"].number_format == "@"
    assert sheet.column_dimensions["G"].width > 20
    assert book.sheetnames == ["Personel", "Petunjuk"]


# --- Titles -------------------------------------------------------------------------------------


def test_titles_are_known_by_their_words_in_any_order() -> None:
    titles = [f" {title.upper()} * " for title in PERSON]
    values = list(PERSON.values())
    data = workbook(
        [
            ["DAFTAR PERSONEL LPSE"],
            [],
            ["No.", *reversed(titles)],
            [1, *reversed(values)],
        ],
        name="Sheet1",
    )
    assert read(data) == Sheet([READ], [], [], [4])


def test_a_missing_column_is_named_once_and_nothing_is_read() -> None:
    titles = [title for title in PERSON if title not in {"NIP/NI PPPK", "E-mail"}]
    sheet = read(workbook([titles, [PERSON[title] for title in titles]]))
    assert sheet.people == []
    assert [(problem.row, problem.column) for problem in sheet.problems] == [
        (1, "NIP/NI PPPK"),
        (1, "E-mail"),
    ]
    assert str(sheet.problems[0]) == (
        "Baris 1, kolom NIP/NI PPPK: Kolom NIP/NI PPPK tidak ada. Tambahkan kolom dengan judul "
        "itu, atau salin daftar ke templat dari aplikasi ini."
    )


def test_a_column_twice_is_refused_and_an_unknown_one_ignored_aloud() -> None:
    titles = [*PERSON, "Nama", "Golongan darah"]
    sheet = read(workbook([titles, [*PERSON.values(), "x", "O"]]))
    assert sheet.problems == [
        Problem(1, "Nama lengkap", "Kolom Nama lengkap tercantum dua kali. Hapus salah satunya.")
    ]
    assert sheet.warnings == [
        Problem(1, "Golongan darah", "Kolom ini tidak dikenal dan diabaikan.")
    ]


def test_a_sheet_without_titles_is_told_apart() -> None:
    assert [
        problem.sentence for problem in read(workbook([["Budi", 1], ["Siti", 2]])).problems
    ] == [
        (
            "Judul kolom tidak ditemukan pada 20 baris pertama. Gunakan templat dari aplikasi ini, "
            "dengan judul kolom yang tidak diubah."
        )
    ]


def test_blank_rows_and_examples_are_no_people() -> None:
    example = {**PERSON, "Nama lengkap": "CONTOH: Budi Santoso", "Jenis akun": "?"}
    blank = dict.fromkeys(PERSON, "  ")
    sheet = read(listing(example, blank, PERSON, blank, blank))
    assert sheet == Sheet([READ], [], [], [4])


# --- Cells --------------------------------------------------------------------------------------


def cell(title: str, value: Any) -> Sheet:
    return read(listing({**PERSON, title: value}))


@pytest.mark.parametrize(
    ("title", "value", "field", "expected"),
    [
        ("Tanggal pernyataan", dt.date(2026, 3, 11), "statement_date", dt.date(2026, 3, 11)),
        ("Tanggal pernyataan", "11/03/2026", "statement_date", dt.date(2026, 3, 11)),
        ("Tanggal pernyataan", "1-3-2026", "statement_date", dt.date(2026, 3, 1)),
        ("Tanggal pernyataan", "2026-03-11", "statement_date", dt.date(2026, 3, 11)),
        ("Tanggal pernyataan", "11 Maret 2026", "statement_date", dt.date(2026, 3, 11)),
        ("Tanggal pernyataan", 46092, "statement_date", dt.date(2026, 3, 11)),
        ("Nomor ponsel", 81234567890, "mobile", "081234567890"),
        ("Nomor ponsel", "081234567890", "mobile", "081234567890"),
        ("Jenis akun", " helpdesk ", "account_kind", "helpdesk"),
        ("Status kepegawaian", "pns", "employment", "pns"),
        ("Usulan user id", 12345, "proposed_user_id", "12345"),
        ("Alamat kantor", "=1+1", "office_address", "=1+1"),
    ],
)
def test_a_cell_is_taken_as_it_was_meant(title: str, value: Any, field: str, expected: Any) -> None:
    sheet = cell(title, value)
    assert sheet.problems == []
    assert sheet.people == [dataclasses.replace(READ, **{field: expected})]


@pytest.mark.parametrize(
    ("title", "value", "sentence"),
    [
        (
            "NIP/NI PPPK",
            197205282005021001,
            ("NIP/NI PPPK tersimpan sebagai angka, sehingga Excel telah menghilangkan digit "
            "terakhirnya. Ubah format kolom sebagai teks, lalu ketik ulang nomornya."),
        ),
        (
            "NIP/NI PPPK",
            1.97205282005021e17,
            ("NIP/NI PPPK tersimpan sebagai angka, sehingga Excel telah menghilangkan digit "
            "terakhirnya. Ubah format kolom sebagai teks, lalu ketik ulang nomornya."),
        ),
        ("NIP/NI PPPK", "123", "NIP harus terdiri atas 18 digit; yang diisikan 3 digit."),
        ("NIP/NI PPPK", "#N/A", ("NIP/NI PPPK berisi galat Excel #N/A. Perbaiki rumusnya, atau "
         "ketikkan isinya.")),
        (
            "Jenis akun",
            "Verifikasi",
            ("Jenis akun “Verifikasi” tidak dikenal. Isikan salah satu: Verifikator, Helpdesk, "
            "Admin Agency."),
        ),
        (
            "Jenis akun",
            "Auditor/Pemeriksa",
            ("Jenis akun “Auditor/Pemeriksa” tidak dilayani. Pilih salah satu: Verifikator, "
            "Helpdesk, Admin Agency."),
        ),
        ("Jenis akun", "", "Jenis akun wajib diisi."),
        (
            "Tanggal pernyataan",
            "31-02-2026",
            ("Tanggal pernyataan “31-02-2026” bukan tanggal yang dapat dibaca. Tuliskan seperti "
            "12-03-2026 atau 12/03/2026."),
        ),
        (
            "Tanggal pernyataan",
            7,
            ("Tanggal pernyataan “7” bukan tanggal yang dapat dibaca. Tuliskan seperti 12-03-2026 "
            "atau 12/03/2026."),
        ),
        (
            "Jabatan",
            dt.date(2026, 3, 12),
            ("Jabatan berisi tanggal atau waktu. Ubah format kolom menjadi Teks, lalu ketik ulang "
            "isinya."),
        ),
        ("Jabatan", True, "Jabatan berisi TRUE. Ketikkan isinya."),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_stand_is_named_by_row_and_title(
    title: str, value: Any, sentence: str
) -> None:
    sheet = cell(title, value)
    assert sheet.problems == [Problem(2, title, sentence)]


def test_a_formula_counts_by_its_result() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for index, (title, value) in enumerate(PERSON.items()):
            sheet.write_string(0, index, title)
            sheet.write_string(1, index, str(value))
        sheet.write_formula(1, 1, '="Buyung"&" Contoh"', value="Buyung Contoh")
    assert read(buffer.getvalue()).people == [READ]


def test_warnings_are_kept_apart_from_problems() -> None:
    sheet = cell("E-mail", "lpse@contoh.go.id")
    assert sheet.problems == []
    assert [(note.row, note.column) for note in sheet.warnings] == [(2, "E-mail")]


def test_the_rules_between_rows_name_rows() -> None:
    second = {**PERSON, "NIP/NI PPPK": "198501012010012002", "Usulan user id": "lain.lagi"}
    sheet = read(listing(PERSON, second))
    assert [str(problem) for problem in sheet.problems] == [
        (
            f"Baris {row}, kolom E-mail: E-mail buyung@contoh.go.id dipakai pula oleh orang lain "
            f"(baris {clash}). Satu alamat milik satu orang: isikan alamat milik masing-masing."
        )
        for row, clash in ((2, 3), (3, 2))
    ]


def crowd(size: int) -> bytes:
    return listing(
        *(
            {
                **PERSON,
                "NIP/NI PPPK": f"197205282005021{number:03}",
                "E-mail": f"p{number}@contoh.go.id",
                "Usulan user id": f"personel{number}",
            }
            for number in range(1, size + 1)
        )
    )


def test_two_hundred_people_pass_and_the_next_row_is_refused() -> None:
    full = read(crowd(200))
    assert (len(full.people), full.problems, full.warnings) == (200, [], [])
    over = read(crowd(230))
    assert len(over.people) == 200
    assert over.problems == [
        Problem(
            202,
            "",
            "Daftar memuat lebih dari 200 personel. Pindahkan baris ini dan selebihnya ke "
            "permohonan lain.",
        )
    ]


# --- Hostile files ------------------------------------------------------------------------------


def replace_part(data: bytes, name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in old.infolist():
            new.writestr(part, content if part.filename == name else old.read(part))
    return buffer.getvalue()


def test_a_sheet_with_declarations_of_its_own_is_refused_with_one_sentence() -> None:
    sheet = b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData>&a;</sheetData></worksheet>'
    with pytest.raises(InvalidInput, match="deklarasi yang tidak dibuat oleh Excel"):
        read(replace_part(listing(PERSON), "xl/worksheets/sheet1.xml", sheet))


def test_another_zip_is_refused_with_one_sentence() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    with pytest.raises(InvalidInput, match="bukan buku kerja Excel"):
        read(buffer.getvalue())


@pytest.mark.parametrize(
    "sheet",
    [
        b"<worksheet",
        (
            b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            b'<sheetData><row r="1"><c r="A1" t="s"><v>99999</v></c></row></sheetData></worksheet>'
        ),
    ],
    ids=["cut off", "dangling string"],
)
def test_a_sheet_that_is_no_sheet_is_refused_with_one_sentence(sheet: bytes) -> None:
    data = replace_part(listing(PERSON), "xl/worksheets/sheet1.xml", sheet)
    with pytest.raises(InvalidInput) as refused:
        read(data)
    assert refused.value.errors == {
        "": [
            ("Buku kerja yang diunggah tidak dapat dibaca. Salin baris-barisnya ke templat yang "
            "baru, lalu unggah kembali.")
        ]
    }  # fmt: skip


def test_rows_and_columns_at_the_end_of_the_world_are_left_there() -> None:
    content = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<dimension ref="A1:XFD1048576"/><sheetData>'
        b'<row r="1"><c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row>'
        b'<row r="99999999"><c r="A99999999" t="inlineStr"><is><t>x</t></is></c></row>'
        b"</sheetData></worksheet>"
    )
    data = replace_part(listing(PERSON), "xl/worksheets/sheet1.xml", content)
    assert [problem.row for problem in read(data).problems] == [1]


anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.dates(dt.date(1900, 1, 1), dt.date(9999, 12, 31)),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.sampled_from(list(PERSON.values())),
)


@settings(max_examples=60)
@given(st.lists(st.lists(anything, min_size=13, max_size=15), max_size=6))
def test_any_cells_are_read_without_a_crash(rows: list[list[Any]]) -> None:
    sheet = read(workbook([list(PERSON), *rows]))
    assert len(sheet.people) == len(sheet.rows)
    titles = {column.title for column in people_columns(offices.office())} | {""}
    for problem in sheet.problems:
        assert problem.row >= 1
        assert problem.column in titles
        assert problem.sentence.endswith(".")


# --- The register -------------------------------------------------------------------------------


def test_the_register_keeps_text_as_text_and_tells_local_time() -> None:
    row = register_export.RegisterRow(
        number="P-2026-0001",
        decree_number='=HYPERLINK("http://x","y")',
        decree_date=dt.date(2026, 3, 12),
        subject="+62 @SUM(A1)",
        state="Konsep",
        people=12,
        received_at=dt.datetime(2026, 3, 9, 2, 0, tzinfo=dt.UTC),
        due_at=None,
        holder="",
        deviations=0,
        unanswered=0,
        archived_at=None,
        archive_number="",
    )
    sheet = openpyxl.load_workbook(io.BytesIO(register_export.build([row, row]))).worksheets[0]
    values = [list(line) for line in sheet.iter_rows(values_only=True)]
    assert values[0][:4] == ["No.", "Nomor permohonan", "Nomor SK", "Tanggal SK"]
    assert values[1] == [
        1,
        "P-2026-0001",
        '=HYPERLINK("http://x","y")',
        dt.datetime(2026, 3, 12),
        "+62 @SUM(A1)",
        "Konsep",
        12,
        dt.datetime(2026, 3, 9, 10, 0),
        None,
        None,
        0,
        0,
        None,
        None,
    ]
    assert sheet["C2"].data_type == "s"
    assert sheet["E2"].data_type == "s"
    assert [line[0] for line in values] == ["No.", 1, 2]


def test_an_empty_register_has_its_titles() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(register_export.build([]))).worksheets[0]
    assert sheet.max_row == 1
