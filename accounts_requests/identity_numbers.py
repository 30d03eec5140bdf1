"""NIP, NI PPPK, NIK, mobile numbers and role mailboxes: shape only, no look-up anywhere.

* NIP: 18 digits `YYYYMMDD YYYYMM S NNN`: date of birth, month of appointment, sex (1 man,
  2 woman), serial from 001. Written 8-6-1-3.
* NI PPPK: 18 digits as well, but digits 13–14 are a code, usually 21, and no month.
* NIK: 16 digits: area (6), `DDMMYY` with 40 added to the day for women, serial from 0001.

A check returns the normalised value with errors, which refuse it, and warnings, which a person
may pass over; both are Indonesian sentences for people. Nothing here reads the clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Sex = Literal["L", "P"]

YOUNGEST_APPOINTED: Final = 16
"""Years of age below which nobody is appointed."""
USUAL_APPOINTED: Final = 18
"""Years of age below which an appointment is unusual (UU ASN asks for 18)."""
OLDEST_USUAL: Final = 70
"""Years of age above which no official serves: rather a slip in the year."""

# Kode wilayah (Kementerian Dalam Negeri), first two digits of a NIK.
_PROVINCE: Final = re.compile(r"1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-6]")

_MASK: Final = "•"

# Words of which a mailbox of an office, not of a person, is made.
_ROLE: Final = re.compile(
    r"abuse|administrator|agency|bagian|bidang|biro|contact|dinas|email|hostmaster|humas|info"
    r"|informasi|kantor|kontak|layanan|mail|marketing|no-?reply|office|operator|pbj|pelayanan"
    r"|pengadaan|ppe|postmaster|seksi|service|setda|staff?|subbag|support|tatausaha|tu|ulp|umum"
    r"|user|verifikator|webmaster"
)
_ROLE_PREFIXES: Final = ("admin", "bpbj", "helpdesk", "lpse", "sekretariat", "ukpbj")


@dataclass(frozen=True, slots=True)
class Checked:
    """A number without spaces and dots, and what is wrong (errors) or odd (warnings) about it.

    `born` and `sex` are what the number says, where it can be read; a NIK never gives `born`,
    since it does not hold the century.
    """

    value: str
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    born: date | None = None
    sex: Sex | None = None

    @property
    def ok(self) -> bool:
        """Whether the number may be used: it has no errors."""
        return not self.errors


def normalise_number(value: str) -> str:
    """The value without white space and dots, as people write them between groups."""
    return re.sub(r"[\s.]", "", value)


def format_nip(value: str) -> str:
    """A NIP or NI PPPK as it is printed: `19720528 200502 1 001`.

    Anything else than 18 digits comes back normalised but ungrouped.
    """
    nip = normalise_number(value)
    if not _is_digits(nip, 18):
        return nip
    return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"


def mask_nik(value: str) -> str:
    """A NIK as it is shown to those who need not know it: `6472••••••••0001`.

    Anything else than 16 digits is hidden entirely.
    """
    nik = normalise_number(value)
    if not _is_digits(nik, 16):
        return _MASK * len(nik)
    return f"{nik[:4]}{_MASK * 8}{nik[-4:]}"


def check_nip(value: str, today: date) -> Checked:
    """A NIP, judged on the local date `today`."""
    nip = normalise_number(value)
    shape = _shape_error("NIP", nip, 18)
    if shape:
        return Checked(nip, errors=(shape,))
    born = _date(nip[:8])
    errors = list(_birth_errors("NIP", born, today))
    warnings = list(_age_warnings("NIP", born, today))
    year, month = int(nip[8:12]), int(nip[12:14])
    if not 1 <= month <= 12:
        errors.append(
            f"Bulan pengangkatan pada NIP (digit ke-13 dan ke-14) tertulis {nip[12:14]}; "
            "seharusnya 01 sampai dengan 12."
        )
    else:
        if (year, month) > (today.year, today.month):
            errors.append("Bulan pengangkatan pada NIP belum tiba.")
        if born is not None and born <= today:
            # By whole months: a birthday within the month of appointment counts as reached.
            age = (year * 12 + month - born.year * 12 - born.month) // 12
            _judge_age("NIP", age, errors, warnings)
    errors += _ending_errors("NIP", nip)
    return Checked(nip, tuple(errors), tuple(warnings), born, _SEXES.get(nip[14]))


def check_ni_pppk(value: str, today: date) -> Checked:
    """An NI PPPK, judged on the local date `today`."""
    number = normalise_number(value)
    shape = _shape_error("NI PPPK", number, 18)
    if shape:
        return Checked(number, errors=(shape,))
    born = _date(number[:8])
    errors = list(_birth_errors("NI PPPK", born, today))
    warnings = list(_age_warnings("NI PPPK", born, today))
    year = int(number[8:12])
    if year > today.year:
        errors.append("Tahun pengangkatan pada NI PPPK belum tiba.")
    if born is not None and born <= today:
        _judge_age("NI PPPK", year - born.year, errors, warnings)
    if number[12:14] != "21":
        warnings.append(
            f"Digit ke-13 dan ke-14 NI PPPK tertulis {number[12:14]}; biasanya 21. "
            "Periksa kembali nomor ini."
        )
    errors += _ending_errors("NI PPPK", number)
    return Checked(number, tuple(errors), tuple(warnings), born, _SEXES.get(number[14]))


def check_nik(value: str, nip: str | None = None) -> Checked:
    """A NIK, compared with the same person's NIP or NI PPPK when one is given."""
    nik = normalise_number(value)
    shape = _shape_error("NIK", nik, 16)
    if shape:
        return Checked(nik, errors=(shape,))
    errors: list[str] = []
    warnings: list[str] = []
    day, month, year = int(nik[6:8]), nik[8:10], nik[10:12]
    sex: Sex = "P" if day > 40 else "L"
    if sex == "P":
        day -= 40
    if not any(_date(f"{century}{year}{month}{day:02}") for century in (19, 20)):
        errors.append(
            "Tanggal lahir pada NIK (digit ke-7 sampai dengan ke-12) bukan tanggal yang ada."
        )
    if nik[12:] == "0000":
        errors.append("Nomor urut NIK (empat digit terakhir) tidak boleh 0000.")
    if not _PROVINCE.fullmatch(nik[:2]):
        warnings.append(f"Kode provinsi {nik[:2]} pada NIK tidak dikenal. Periksa kembali NIK.")
    other = normalise_number(nip or "")
    if _is_digits(other, 18):
        if other[2:8] != f"{year}{month}{day:02}":
            warnings.append("Tanggal lahir pada NIK berbeda dengan tanggal lahir pada NIP.")
        if _SEXES.get(other[14], sex) != sex:
            warnings.append("Jenis kelamin pada NIK berbeda dengan jenis kelamin pada NIP.")
    return Checked(nik, tuple(errors), tuple(warnings), sex=sex)


def normalise_mobile(value: str) -> str:
    """An Indonesian mobile number as `+628…`, typed as `+628…`, `628…`, `08…` or `8…`.

    In its national form, beginning with 08, it has 10 to 13 digits. Spaces, dots, hyphens and
    brackets are dropped. Raises ValueError with an Indonesian sentence.
    """
    typed = re.sub(r"[\s.()\-–]", "", value)
    match = re.fullmatch(r"(?:\+?62)?0?(8[0-9]*)", typed)
    if match is None:
        raise ValueError("Nomor ponsel harus diawali 08 atau +628 dan hanya berisi angka.")
    number = match[1]
    if not 10 <= len(number) + 1 <= 13:
        raise ValueError(
            "Nomor ponsel harus terdiri atas 10 sampai dengan 13 digit (dihitung dari 08…); "
            f"yang diisikan {len(number) + 1} digit."
        )
    return f"+62{number}"


def is_role_mailbox(address: str) -> bool:
    """Whether an e-mail address looks like an office's (info@, lpse.kaltim@), not a person's.

    Good for a warning, never for a refusal.
    """
    local = address.strip().lower().partition("@")[0].partition("+")[0]
    words = [word.strip("0123456789") for word in re.split(r"[._\-]", local)]
    return any(_ROLE.fullmatch(word) or word.startswith(_ROLE_PREFIXES) for word in (local, *words))


_SEXES: Final[dict[str, Sex]] = {"1": "L", "2": "P"}


def _is_digits(value: str, length: int) -> bool:
    return len(value) == length and value.isascii() and value.isdigit()


def _shape_error(name: str, value: str, length: int) -> str | None:
    if not value:
        return f"{name} belum diisi."
    if not (value.isascii() and value.isdigit()):
        return f"{name} hanya boleh berisi angka."
    if len(value) != length:
        return f"{name} harus terdiri atas {length} digit; yang diisikan {len(value)} digit."
    return None


def _date(digits: str) -> date | None:
    """YYYYMMDD as a date, None when there is no such day."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def _birth_errors(name: str, born: date | None, today: date) -> Iterator[str]:
    if born is None:
        yield f"Tanggal lahir pada {name} (delapan digit pertama) bukan tanggal yang ada."
    elif born > today:
        yield f"Tanggal lahir pada {name} belum tiba."


def _age_warnings(name: str, born: date | None, today: date) -> Iterator[str]:
    if born is not None and today.year - born.year > OLDEST_USUAL:
        yield (
            f"Menurut {name}, usia pemiliknya lebih dari {OLDEST_USUAL} tahun. "
            "Periksa kembali tahun lahir."
        )


def _judge_age(name: str, age: int, errors: list[str], warnings: list[str]) -> None:
    if age < YOUNGEST_APPOINTED:
        errors.append(
            f"Menurut {name}, pengangkatan terjadi sebelum usia {YOUNGEST_APPOINTED} tahun."
        )
    elif age < USUAL_APPOINTED:
        warnings.append(
            f"Menurut {name}, pengangkatan terjadi sebelum usia {USUAL_APPOINTED} tahun. "
            "Periksa kembali nomor ini."
        )


def _ending_errors(name: str, number: str) -> Iterator[str]:
    if number[14] not in _SEXES:
        yield (
            f"Kode jenis kelamin pada {name} (digit ke-15) tertulis {number[14]}; "
            "seharusnya 1 (laki-laki) atau 2 (perempuan)."
        )
    if number[15:] == "000":
        yield f"Nomor urut {name} (tiga digit terakhir) dimulai dari 001."
