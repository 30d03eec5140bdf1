"""What one Formulir says, as a person typed it: before any rule, before the database."""

import dataclasses
import datetime as dt
import unicodedata
from typing import Final

from accounts_requests.grades import normalise_grade
from accounts_requests.identity_numbers import normalise_mobile, normalise_number
from accounts_requests.models import Registrant
from accounts_requests.states import RequestKind

FIELD_TITLES: Final[dict[str, str]] = {
    "account_kind": "Jenis akun",
    "request_kind": "Jenis permohonan",
    "full_name": "Nama lengkap",
    "title_before": "Gelar depan",
    "title_after": "Gelar belakang",
    "employment": "Status kepegawaian",
    "nip": "NIP/NI PPPK",
    "nik": "NIK",
    "rank": "Pangkat",
    "grade": "Golongan",
    "position": "Jabatan",
    "work_unit": "Unit kerja",
    "agency": "K/L/PD",
    "email": "E-mail",
    "mobile": "Nomor ponsel",
    "office_address": "Alamat kantor",
    "proposed_user_id": "Usulan user id",
    "valid_until": "Berlaku sampai dengan",
    "statement_date": "Tanggal pernyataan",
    "form_number": "Nomor Formulir",
}
"""The fields of the Formulir in its order, as forms, sheets and sentences name them."""

DATES: Final = ("valid_until", "statement_date")
"""The fields that hold a date; every other one holds text."""

# Invisible characters: control, format (zero-width, direction), lone surrogates.
_INVISIBLE: Final = {"Cc", "Cf", "Cs"}


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class PersonData:
    """One Formulir. Text that was not given is ""; a date that was not given is None.

    `nik` is plain text on its way in; the workflow encrypts it. On the way out (`person_data`) it
    is always "": an empty NIK leaves a stored one as it is.
    """

    account_kind: str = ""
    request_kind: str = RequestKind.NEW
    full_name: str = ""
    title_before: str = ""
    title_after: str = ""
    employment: str = ""
    nip: str = ""
    nik: str = ""
    rank: str = ""
    grade: str = ""
    position: str = ""
    work_unit: str = ""
    agency: str = ""
    email: str = ""
    mobile: str = ""
    office_address: str = ""
    proposed_user_id: str = ""
    valid_until: dt.date | None = None
    statement_date: dt.date | None = None
    form_number: str = ""


def normalise(data: PersonData) -> PersonData:
    """The same person with white space, grouping and spelling variants put in order.

    NIP and NIK lose spaces and dots; a mobile number becomes `+628…` where it is one; golongan
    gets its usual spelling; the domain of an e-mail address becomes lower case. What is wrong
    stays as it was typed, for the rules to name. Applying it twice changes nothing more.
    """
    texts = {name: clean_text(getattr(data, name)) for name in FIELD_TITLES if name not in DATES}
    texts["nip"] = normalise_number(texts["nip"])
    texts["nik"] = normalise_number(texts["nik"])
    texts["grade"] = normalise_grade(texts["grade"], texts["employment"])
    texts["mobile"] = _mobile(texts["mobile"])
    texts["email"] = normalise_address(texts["email"])
    return dataclasses.replace(data, **texts)  # type: ignore[arg-type]  # only text fields


def person_data(registrant: Registrant) -> PersonData:
    """What a stored Formulir says, without its NIK (see PersonData)."""
    values = {name: getattr(registrant, name) for name in FIELD_TITLES if name != "nik"}
    return PersonData(**values)


def clean_text(value: str) -> str:
    """One line: composed characters, single spaces, nothing invisible, nothing at the ends."""
    kept = (
        " " if letter.isspace() else letter
        for letter in unicodedata.normalize("NFC", value)
        if letter.isspace() or unicodedata.category(letter) not in _INVISIBLE
    )
    return " ".join("".join(kept).split())


def normalise_address(value: str) -> str:
    """An e-mail address with its domain in lower case; the part before it is the owner's."""
    local, at, domain = clean_text(value).rpartition("@")
    return f"{local}{at}{domain.lower()}" if at else domain


def _mobile(value: str) -> str:
    try:
        return normalise_mobile(value)
    except ValueError:
        return value
