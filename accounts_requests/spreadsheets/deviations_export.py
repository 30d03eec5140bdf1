"""The register of deviations as XLSX: each with what was last said of it, and everything said."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from accounts_requests.spreadsheets.sheets import Cell, Sheet, workbook


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """What a superior said of an answer. The instant is aware."""

    verdict: str
    at: dt.datetime
    judge: str
    title: str
    ground: str
    paper_number: str
    paper_date: dt.date | None
    is_correction: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """An account of the deviation, with its judgements in the order in which they were given."""

    number: str
    at: dt.datetime
    by: str
    title: str
    on_behalf: str
    cause: str
    explanation: str
    remedy: str
    prevention: str
    judgements: Sequence[Judged]


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviationRow:
    """One deviation in the words of the page, with its answers, the first of them first."""

    case: str
    step: int
    step_name: str
    aspect: str
    norm: str
    actual: str
    difference: str
    late_seconds: int
    responsible: str
    explanation: str
    recorded_at: dt.datetime
    state: str
    trial_until: dt.date | None
    answers: Sequence[Answered]


_FACTS: Final = (
    ("No.", 6),
    ("Nomor permohonan", 18),
    ("Langkah", 9),
    ("Nama langkah", 24),
    ("Aspek", 14),
    ("Mutu baku", 34),
    ("Kenyataan", 40),
    ("Selisih", 24),
    ("Terlambat (detik kerja)", 12),
    ("Penanggung jawab", 28),
    ("Dicatat (WITA)", 17),
    ("Penjelasan awal", 40),
    ("Keadaan", 22),
    ("Masa uji coba sampai", 14),
    ("Banyak jawaban", 10),
)
_ANSWER: Final = (
    ("Nomor jawaban", 16),
    ("Dijawab (WITA)", 17),
    ("Dijawab oleh", 28),
    ("Jabatan saat menjawab", 20),
    ("Alasan dijawab atasan", 28),
    ("Sebab", 24),
    ("Uraian sebab", 44),
    ("Yang sudah dilakukan", 44),
    ("Pencegahan", 44),
)
_JUDGEMENT: Final = (
    ("Penilaian", 20),
    ("Dinilai (WITA)", 17),
    ("Penilai", 28),
    ("Jabatan penilai", 20),
    ("Alasan atau dasar", 44),
    ("Nomor surat penilaian", 24),
    ("Tanggal surat penilaian", 13),
)


def build(rows: Iterable[DeviationRow]) -> bytes:
    """The register as the bytes of an XLSX, in the order given.

    The first sheet has a row a deviation with its latest answer and judgement, the second one a
    row for every answer and every judgement of it.
    """
    taken = list(rows)
    register = Sheet(
        name="Daftar penyimpangan",
        columns=[*_FACTS, *_ANSWER, *_JUDGEMENT],
        rows=(_register_row(number, row) for number, row in enumerate(taken, start=1)),
        frozen=2,
        filtered=True,
    )
    history = Sheet(
        name="Jawaban dan penilaian",
        columns=[
            ("No. penyimpangan", 14),
            _FACTS[1],
            *_ANSWER,
            *_JUDGEMENT,
            ("Koreksi penilaian", 10),
        ],
        rows=_history(taken),
        frozen=2,
        filtered=True,
    )
    return workbook("Daftar penyimpangan", [register, history])


def _register_row(number: int, row: DeviationRow) -> list[Cell]:
    facts: list[Cell] = [
        number,
        row.case,
        row.step,
        row.step_name,
        row.aspect,
        row.norm,
        row.actual,
        row.difference,
        row.late_seconds,
        row.responsible,
        row.recorded_at,
        row.explanation,
        row.state,
        row.trial_until,
        len(row.answers),
    ]
    if not row.answers:
        return facts
    latest = row.answers[-1]
    judged = _judgement(latest.judgements[-1]) if latest.judgements else []
    return [*facts, *_answer(latest), *judged]


def _history(rows: Iterable[DeviationRow]) -> Iterator[list[Cell]]:
    for number, row in enumerate(rows, start=1):
        for answer in row.answers:
            said: list[Cell] = [number, row.case, *_answer(answer)]
            if not answer.judgements:
                yield said
            for judged in answer.judgements:
                yield [*said, *_judgement(judged), "ya" if judged.is_correction else ""]


def _answer(answer: Answered) -> list[Cell]:
    return [
        answer.number,
        answer.at,
        answer.by,
        answer.title,
        answer.on_behalf,
        answer.cause,
        answer.explanation,
        answer.remedy,
        answer.prevention,
    ]


def _judgement(judged: Judged) -> list[Cell]:
    return [
        judged.verdict,
        judged.at,
        judged.judge,
        judged.title,
        judged.ground,
        judged.paper_number,
        judged.paper_date,
    ]
