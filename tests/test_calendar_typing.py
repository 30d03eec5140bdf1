"""What people type and paste about the calendar is read as they mean it, or said to be unclear."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts_requests.calendar_typing import PastedRow, parse_date, parse_hours, read_holidays
from accounts_requests.office_days import Holiday, HolidayKind

INDEPENDENCE = dt.date(2026, 8, 17)
HOLIDAY = Holiday(
    date=INDEPENDENCE,
    name="Hari Kemerdekaan",
    kind=HolidayKind.NATIONAL,
    legal_basis="SKB contoh",
    confirmed=True,
)


@pytest.mark.parametrize(
    "text",
    [
        "17 Agustus 2026",
        " 17  agustus  2026 ",
        "Senin, 17 Agustus 2026",
        "Senin 17 Agustus 2026",
        "17/08/2026",
        "17/8/2026",
        "17-08-2026",
        "17.08.2026",
        "2026-08-17",
        "17 Agu 2026",
        "17-Agu-26",
        "17/08/26",
        "17 Agt. 2026",
    ],
)
def test_a_date_is_read_however_it_is_written(text: str) -> None:
    assert parse_date(text) == INDEPENDENCE


@pytest.mark.parametrize(
    "text",
    ["", "17 August 2026", "08/17/2026", "31 Februari 2026", "17 Agustus", "17-08-1926", "besok"],
)
def test_what_is_no_date_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_date(text)
    assert str(caught.value) == (
        f"Tanggal “{text}” tidak dapat dibaca. Tulis misalnya 17 Agustus 2026 atau 17/08/2026."
    )


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("07.30-16.00", [(7, 30, 16, 0)]),
        ("7:30 – 16:00", [(7, 30, 16, 0)]),
        ("07.30 s.d. 12.00, 13.00-16.00", [(7, 30, 12, 0), (13, 0, 16, 0)]),
        ("13.00-16.00 dan 07.30-12.00", [(7, 30, 12, 0), (13, 0, 16, 0)]),
        ("07.30-12.00;12.00-16.00", [(7, 30, 12, 0), (12, 0, 16, 0)]),
        ("", []),
        ("tutup", []),
    ],
)
def test_the_hours_of_a_day_are_read(text: str, spans: list[tuple[int, int, int, int]]) -> None:
    expected = tuple((dt.time(h1, m1), dt.time(h2, m2)) for h1, m1, h2, m2 in spans)

    assert parse_hours(text) == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("pagi", "Jam “pagi” tidak dapat dibaca. Tulis misalnya 07.30-16.00."),
        ("07.30", "Jam “07.30” tidak dapat dibaca. Tulis misalnya 07.30-16.00."),
        ("07.30-24.30", "Jam “07.30-24.30” tidak dapat dibaca. Tulis misalnya 07.30-16.00."),
        ("16.00-07.30", "Jam tutup 07.30 harus sesudah jam buka 16.00."),
        ("07.30-07.30", "Jam tutup 07.30 harus sesudah jam buka 07.30."),
        (
            "07.30-12.00, 11.30-16.00",
            "Jam 11.30 bertumpuk dengan 07.30–12.00. Pisahkan kedua rentangnya.",
        ),
    ],
)
def test_hours_that_make_no_sense_are_refused(text: str, sentence: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_hours(text)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "text",
    [
        "17 Agustus 2026\tHari Kemerdekaan\tlibur nasional\tSKB contoh\tya",
        "17/08/2026;Hari Kemerdekaan;Nasional;SKB contoh;dipastikan",
        "\r\n2026-08-17\tHari  Kemerdekaan\tLIBUR NASIONAL\tSKB contoh\tx\r\n\r\n",
        (
            "Tanggal\tNama\tJenis\tDasar Hukum\tDipastikan\n"
            "17 Agustus 2026\tHari Kemerdekaan\tlibur nasional\tSKB contoh\tya"
        ),
        (
            "Jenis;Keterangan;Tgl;Status;Dasar\n"
            "libur nasional;Hari Kemerdekaan;17 Agustus 2026;pasti;SKB contoh"
        ),
        '17 Agustus 2026\t"Hari\nKemerdekaan"\tlibur nasional\tSKB contoh\t1',
    ],
)
def test_a_pasted_table_is_read(text: str) -> None:
    assert [(row.holiday, row.problems) for row in read_holidays(text)] == [(HOLIDAY, ())]


def test_what_is_left_out_is_an_estimate_without_a_legal_basis() -> None:
    (row,) = read_holidays("9 Maret 2027\tIdul Fitri\tlibur nasional")

    assert row.holiday == Holiday(
        dt.date(2027, 3, 9), "Idul Fitri", HolidayKind.NATIONAL, "", confirmed=False
    )


def test_every_row_says_what_is_wrong_with_it() -> None:
    text = (
        "17 Agustus 2026;Hari Kemerdekaan;libur nasional;SKB contoh;ya\n\n"
        "31 Juni 2026;;libur panjang;;mungkin\n"
        "17/08/2026;Sekali lagi;cuti bersama;;tidak\n"
        "tanpa kolom\n"
    )

    assert [(row.number, row.problems) for row in read_holidays(text)] == [
        (1, ()),
        (
            3,
            (
                (
                    "Tanggal “31 Juni 2026” tidak dapat dibaca. Tulis misalnya 17 Agustus 2026 "
                    "atau 17/08/2026."
                ),
                (
                    "Jenis “libur panjang” tidak dikenal. Isi libur nasional, cuti bersama, atau "
                    "libur daerah."
                ),
                "Nama hari libur kosong.",
                "Kolom dipastikan berisi “mungkin”. Isi ya atau tidak.",
            ),
        ),
        (4, ("Tanggal ini sudah ada pada baris 1.",)),
        (5, ("Kolom tidak terbaca. Pisahkan kolom dengan tab atau titik koma.",)),
    ]


def test_texts_that_no_row_could_hold_are_named() -> None:
    (row,) = read_holidays(f"17 Agustus 2026;{'a' * 201};cuti bersama;{'b' * 251};ya")

    assert row.problems == (
        "Nama hari libur melebihi 200 karakter.",
        "Dasar hukum melebihi 250 karakter.",
    )


def test_an_empty_paste_has_no_rows() -> None:
    assert read_holidays(" \n\t\n") == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1;2\n" * 401, "Tabel memuat 401 baris; paling banyak 400 baris sekaligus."),
        ("a" * 100_001, "Tabel terlalu panjang."),
    ],
)
def test_more_than_can_be_looked_through_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}"):
        read_holidays(text)


@given(st.text(alphabet=st.characters() | st.sampled_from('\t;"\n\r7/2026Agustus')))
def test_no_paste_is_too_odd_to_be_looked_at(text: str) -> None:
    said, rows = "Tabel terbaca", []
    try:
        rows = read_holidays(text)
    except ValueError as error:
        said = str(error)

    assert said.startswith("Tabel ")
    assert [(row.holiday is None) for row in rows] == [bool(row.problems) for row in rows]


def test_the_cells_come_back_as_they_were_written() -> None:
    assert read_holidays("besok;Libur;daerah;;") == [
        PastedRow(
            number=1,
            cells=("besok", "Libur", "daerah", "", ""),
            holiday=None,
            problems=(
                (
                    "Tanggal “besok” tidak dapat dibaca. Tulis misalnya 17 Agustus 2026 atau "
                    "17/08/2026."
                ),
            ),
        )
    ]


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("[]", ("[]", "—")),
        ("31-02-2026\tTanggal yang tidak ada", ("31-02-2026", "Tanggal yang tidak ada")),
    ],
)
def test_a_broken_line_is_shown_as_it_was_written_however_short(
    line: str, written: tuple[str, str]
) -> None:
    (row,) = read_holidays(line)
    assert (row.holiday, row.written) == (None, written)
