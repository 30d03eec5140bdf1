"""The figures of a period as XLSX: the summary, and every run that it was counted from."""

import datetime as dt
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from accounts_requests.figures import Figures
from accounts_requests.finished_runs import Measure, Run
from accounts_requests.spreadsheets.people_template import SAFE_OPTIONS

Cells = Sequence[str | int | dt.date]

_STEP_HEADS = (
    "Langkah",
    "Nama",
    "Batas waktu",
    "Selesai",
    "Dengan batas waktu",
    "Tepat waktu",
    "Terlambat",
    "% tepat waktu",
    "Median",
    "Persentil 90",
    "Terlama",
    "Permohonan terlama",
    "Median waktu antre",
    "Median waktu pengerjaan",
)
_RUN_HEADS = (
    "Permohonan",
    "Langkah",
    "Selesai (tanggal)",
    "Lama",
    "Satuan",
    "Batas waktu",
    "Terlambat (detik kerja)",
    "Antre (detik kerja)",
    "Dikerjakan (detik kerja)",
)


def build(found: Figures) -> bytes:
    """The bytes of an XLSX; text stays text, whatever it begins with."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, SAFE_OPTIONS) as book:
        book.set_properties({"title": f"Laporan Pelaksanaan SOP {found.period}"})
        _sheet(book, "Permohonan", ("Uraian", "Jumlah"), _cases(found))
        _sheet(book, "Langkah", _STEP_HEADS, _steps(found))
        _sheet(
            book,
            "Akun",
            ("Jenis", "Dibuat", "Tidak dapat dibuat", "Ditunda", "Diserahkan"),
            [(k.label, k.created, k.refused, k.postponed, k.delivered) for k in found.kinds],
        )
        numbers = [number for number, _ in found.by_aspect[0][1]]
        _sheet(
            book,
            "Penyimpangan",
            ("Aspek", *(f"Langkah {number}" for number in numbers), "Jumlah"),
            [
                (aspect.capitalize(), *(count for _, count in counts), total)
                for aspect, counts, total in found.by_aspect
            ],
        )
        _sheet(book, "Pertanggungjawaban", ("Hitungan", "Uraian", "Jumlah"), _answered(found))
        _sheet(book, "Per bulan", *_months(found))
        runs = [run for step in found.steps for run in step.runs]
        _sheet(book, "Pelaksanaan", _RUN_HEADS, [_run(run) for run in runs])
    return buffer.getvalue()


def _cases(found: Figures) -> list[Cells]:
    return [
        ("Masa laporan", found.period.days()),
        ("Diterima", found.cases.received),
        ("Diarsipkan", found.cases.archived),
        ("Dibatalkan", found.cases.cancelled),
        ("Masih terbuka pada akhir masa laporan", found.cases.still_open),
        ("Penyimpangan dicatat", found.deviated),
    ]


def _steps(found: Figures) -> list[Cells]:
    return [
        (
            step.number,
            step.name,
            step.limit_words,
            len(step.runs),
            len(step.limited),
            step.on_time,
            len(step.late),
            step.share,
            step.median.said(),
            step.ninth.said(),
            step.worst.said(),
            step.worst.case,
            step.waiting,
            step.worked,
        )
        for step in found.steps
    ]


def _answered(found: Figures) -> list[Cells]:
    tables = (
        ("Keadaan", found.answered.states),
        ("Sebab", found.answered.causes),
        ("Umur yang belum dipertanggungjawabkan", found.answered.ages),
    )
    return [(title, line.label, line.count) for title, lines in tables for line in lines]


def _months(found: Figures) -> tuple[tuple[str, ...], list[Cells]]:
    heads = ["Bulan", "Diterima", "Diarsipkan", "Penyimpangan"]
    limited = [step for step in found.steps if step.limited]
    for step in limited:
        heads += [f"Langkah {step.number} tepat waktu", f"Langkah {step.number} terlambat"]
    rows: list[Cells] = [
        (
            month.name,
            month.received,
            month.archived,
            month.deviations,
            *(count for step in limited for count in month.steps[step.key]),
        )
        for month in found.months
    ]
    return tuple(heads), rows


def _run(run: Run) -> Cells:
    in_days = run.measure is Measure.DAYS
    return (
        run.case,
        run.step,
        run.finished_on,
        run.value,
        "hari" if in_days else "detik",
        "" if run.limit is None else run.limit,
        run.late,
        run.waiting,
        run.worked,
    )


def _sheet(book: Any, name: str, heads: Sequence[str], rows: Iterable[Cells]) -> None:
    sheet = book.add_worksheet(name)
    title = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#CFE3E1", "border": 1}
    )
    text = book.add_format({"text_wrap": True, "valign": "top"})
    date = book.add_format({"num_format": "dd-mm-yyyy", "valign": "top"})
    for index, head in enumerate(heads):
        sheet.set_column(index, index, max(12, min(34, len(head) + 2)))
        sheet.write_string(0, index, head, title)
    for line, row in enumerate(rows, start=1):
        for index, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(line, index, value, date)
            elif isinstance(value, int):
                sheet.write_number(line, index, value, text)
            elif value:
                sheet.write_string(line, index, value, text)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
