"""The figures of a period as XLSX: the summary, and every run that it was counted from."""

from collections.abc import Iterator, Sequence

from accounts_requests.figures import Figures
from accounts_requests.finished_runs import Measure, Run
from accounts_requests.spreadsheets.sheets import Cell, Sheet, fitting, workbook

Cells = Sequence[Cell]

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
    "Persentil ke-90",
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
    return workbook(f"Laporan Pelaksanaan SOP {found.period}", _sheets(found))


def _sheets(found: Figures) -> Iterator[Sheet]:
    yield _sheet("Permohonan", ("Uraian", "Jumlah"), _cases(found))
    yield _sheet("Langkah", _STEP_HEADS, _steps(found))
    yield _sheet(
        "Akun",
        ("Jenis", "Dibuat", "Tidak dapat dibuat", "Ditunda", "Diserahkan"),
        [(k.label, k.created, k.refused, k.postponed, k.delivered) for k in found.kinds],
    )
    numbers = [number for number, _ in found.by_aspect[0][1]]
    yield _sheet(
        "Penyimpangan",
        ("Aspek", *(f"Langkah {number}" for number in numbers), "Jumlah"),
        [
            (aspect.capitalize(), *(count for _, count in counts), total)
            for aspect, counts, total in found.by_aspect
        ],
    )
    yield _sheet("Pertanggungjawaban", ("Hitungan", "Uraian", "Jumlah"), _answered(found))
    yield _sheet("Per bulan", *_months(found))
    runs = [run for step in found.steps for run in step.runs]
    yield _sheet("Pelaksanaan", _RUN_HEADS, [_run(run) for run in runs])


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


def _sheet(name: str, heads: Sequence[str], rows: Sequence[Cells]) -> Sheet:
    return Sheet(name=name, columns=fitting(heads), rows=rows)
