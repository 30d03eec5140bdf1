"""The sentences of a Lembar Penafsiran that follow from its choices. Pure.

For the choices that the application proposes they are the sentences of ``data/sop.toml`` (a test
compares them); for any other choice they say what is then counted. Notes about what is no choice
(the stray word, the row without a number) are left as they stand.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from accounts_requests.limit_terms import (
    LimitBasis,
    LimitStart,
    LimitUnit,
    StepFourEnd,
    StepOneEnd,
    StepOneStart,
)
from accounts_requests.reading_content import DAYS, Content, Norm

_ORDINALS: Final = {1: "pertama", 2: "kedua", 3: "ketiga", 4: "keempat", 5: "kelima"}
_UNITS: Final = {
    LimitUnit.WORKING_DAYS: "dalam hari kerja",
    LimitUnit.CALENDAR_DAYS: "dalam hari kalender, hari libur dan akhir pekan ikut dihitung",
    LimitUnit.WORKING_MINUTES: "dalam menit pada jam kerja kantor",
    LimitUnit.CLOCK_MINUTES: "dalam menit jam dinding, malam dan hari libur ikut dihitung",
}
_STARTS: Final = {
    LimitStart.PREVIOUS_END: "sejak langkah sebelumnya selesai",
    LimitStart.CLAIMED: "sejak tugas diambil",
    LimitStart.BEGUN: "sejak pelaksana mulai mengerjakannya",
}
_BY_MACHINE: Final = (
    "Apabila langkah sebelumnya diselesaikan oleh mesin, penghitungan dimulai saat pelaksana "
    "pertama kali melihatnya, paling lambat satu jam kerja kemudian."
)


def following(content: Mapping[str, Any], norms: Sequence[Norm]) -> Content:
    """``content`` with its notes about choices saying what is chosen. A copy."""
    sentences = {
        "Awal dan akhir langkah 1": _step_one(content, norms),
        "Satuan waktu": _units(content, norms),
        "Awal penghitungan": _starts(content, norms),
        "Cakupan batas waktu": _bases(content, norms),
        "Akhir langkah 4": _step_four(content),
    }
    notes = [
        {**note, "text": sentences.get(note["subject"], note["text"])} for note in content["notes"]
    ]
    return {**content, "notes": notes}


def _step_one(content: Mapping[str, Any], norms: Sequence[Norm]) -> str:
    start, end = StepOneStart(content["step1_start"]), StepOneEnd(content["step1_end"])
    upto = "SK diterbitkan" if end == StepOneEnd.ENTERED else "SK ditandatangani"
    text = f"Waktu langkah 1 dihitung sejak {start.label} sampai dengan {upto}. "
    amount = next((norm.amount for norm in norms if norm.number == 1), None)
    unit = content["steps"]["1"]["unit"]
    if amount is None or unit not in DAYS:
        return text.strip()
    day = "Hari penerimaan" if start == StepOneStart.RECEIVED else "Hari berkas dinyatakan lengkap"
    nth = _ORDINALS.get(amount, f"ke-{amount}")
    closes = (
        f"pada jam tutup kantor hari kerja {nth}"
        if unit == LimitUnit.WORKING_DAYS
        else f"pada akhir hari kalender {nth}"
    )
    return f"{text}{day} tidak dihitung; batas waktu berakhir {closes}."


def _units(content: Mapping[str, Any], norms: Sequence[Norm]) -> str:
    limited = [norm for norm in norms if norm.is_limited]
    units = {content["steps"][str(norm.number)]["unit"] for norm in limited}
    if units <= {LimitUnit.WORKING_DAYS, LimitUnit.WORKING_MINUTES}:
        return (
            "“Hari” dibaca sebagai hari kerja dan “Menit” sebagai menit pada jam kerja kantor. "
            "Hari libur, cuti bersama, dan waktu di luar jam kerja tidak dihitung."
        )
    grouped = _grouped(content, limited, "unit")
    return " ".join(
        f"Batas waktu langkah {steps} dihitung {_UNITS[LimitUnit(unit)]}."
        for unit, steps in grouped.items()
    )


def _starts(content: Mapping[str, Any], norms: Sequence[Norm]) -> str:
    claimed = [norm for norm in norms if norm.is_limited and norm.is_claimed]
    grouped = _grouped(content, claimed, "start")
    if set(grouped) == {LimitStart.PREVIOUS_END}:
        return f"Waktu setiap langkah dihitung sejak langkah sebelumnya selesai. {_BY_MACHINE}"
    text = " ".join(
        f"Waktu langkah {steps} dihitung {_STARTS[LimitStart(start)]}."
        for start, steps in grouped.items()
    )
    return f"{text} {_BY_MACHINE}" if LimitStart.PREVIOUS_END in grouped else text


def _bases(content: Mapping[str, Any], norms: Sequence[Norm]) -> str:
    claimed = [norm for norm in norms if norm.is_limited and norm.is_claimed]
    grouped = _grouped(content, claimed, "basis")
    if set(grouped) == {LimitBasis.CASE}:
        return (
            "Batas waktu berlaku untuk seluruh personel dalam satu permohonan, bukan untuk tiap "
            "personel."
        )
    said = {
        LimitBasis.CASE: "berlaku untuk seluruh personel dalam satu permohonan",
        LimitBasis.PERSON: "berlaku untuk tiap personel, jadi dikalikan dengan banyaknya personel",
    }
    return " ".join(
        f"Batas waktu langkah {steps} {said[LimitBasis(basis)]}."
        for basis, steps in grouped.items()
    )


def _step_four(content: Mapping[str, Any]) -> str:
    not_read = "Diterima server tidak berarti telah dibaca oleh penerima."
    if content["step4_end"] == StepFourEnd.ACCEPTED:
        return (
            "Pengiriman dinyatakan selesai saat server e-mail menyatakan menerima setiap pesan, "
            f"bukan saat tombol ditekan. {not_read}"
        )
    return (
        "Waktu langkah 4 dihitung sampai pesan untuk setiap akun yang dibuat masuk antrean "
        "pengiriman. Langkahnya sendiri baru selesai setelah setiap pesan dijawab oleh server "
        f"e-mail atau diputuskan oleh orang. {not_read}"
    )


def _grouped(content: Mapping[str, Any], norms: Sequence[Norm], name: str) -> dict[str, str]:
    """The numbers of the steps (``3 dan 4``) by what they have chosen."""
    found: dict[str, list[str]] = {}
    for norm in norms:
        found.setdefault(content["steps"][str(norm.number)][name], []).append(str(norm.number))
    return {choice: " dan ".join(numbers) for choice, numbers in found.items()}
