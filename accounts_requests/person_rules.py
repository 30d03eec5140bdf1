"""The rules of the Formulir (domain: "The Formulir") for one person by itself.

Errors refuse; warnings are shown and may be passed over. Every sentence names its field, says what
is wrong and what to do. No rule here reads the clock: `today` is the office's date.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts_requests import grades, words
from accounts_requests.identity_numbers import (
    check_ni_pppk,
    check_nik,
    check_nip,
    is_role_mailbox,
    normalise_mobile,
)
from accounts_requests.models import Office, Registrant
from accounts_requests.person_data import FIELD_TITLES, PersonData, normalise
from accounts_requests.states import ASN, AccountKind, Employment, RequestKind
from accounts_requests.user_ids import check_user_id, propose_user_id

_REQUIRED: Final = (
    "full_name",
    "position",
    "work_unit",
    "mobile",
    "office_address",
    "statement_date",
)


@dataclass(frozen=True, slots=True)
class Findings:
    """What the rules say about one Formulir, by field name ("" for the whole batch)."""

    errors: dict[str, list[str]] = field(default_factory=dict)
    warnings: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, name: str, sentence: str) -> None:
        """Add an error on field `name`."""
        self.errors.setdefault(name, []).append(sentence)

    def warn(self, name: str, sentence: str) -> None:
        """Add a warning on field `name`."""
        self.warnings.setdefault(name, []).append(sentence)


def served_kinds(office: Office) -> list[AccountKind]:
    """The kinds of account that the office serves; what it names and nobody knows is left out."""
    return [kind for kind in AccountKind if kind in office.account_kinds]


def missing(name: str) -> str:
    """The sentence for a required field that is empty."""
    return f"{FIELD_TITLES[name]} wajib diisi."


def max_length(name: str) -> int | None:
    """How many characters a field holds; None for dates and the NIK."""
    length: int | None = getattr(Registrant._meta.get_field(name), "max_length", None)
    return length


def check_person(
    data: PersonData, *, office: Office, decree_valid_until: dt.date | None, today: dt.date
) -> Findings:
    """Judge one Formulir by itself. `decree_valid_until` is the SK's own end, None when open."""
    data = normalise(data)
    found = Findings()
    for name in _REQUIRED:
        if not getattr(data, name):
            found.refuse(name, missing(name))
    for name, title in FIELD_TITLES.items():
        limit, value = max_length(name), getattr(data, name)
        if limit is not None and len(value) > limit:
            found.refuse(
                name,
                f"{title} paling panjang {limit} karakter; yang diisikan {len(value)}. "
                "Persingkat isian ini.",
            )
    _check_kinds(data, office, found)
    _check_name(data, found)
    _check_numbers(data, office, today, found)
    _check_grade(data, found)
    _check_contact(data, found)
    _check_user_id(data, office, found)
    _check_dates(data, decree_valid_until, today, found)
    return found


def _check_kinds(data: PersonData, office: Office, found: Findings) -> None:
    offered = served_kinds(office)
    if not data.account_kind:
        found.refuse("account_kind", missing("account_kind"))
    elif data.account_kind not in offered:
        found.refuse(
            "account_kind",
            f"Jenis akun “{_label(AccountKind, data.account_kind)}” tidak dilayani. "
            f"Pilih salah satu: {', '.join(kind.label for kind in offered)}.",
        )
    elif data.account_kind == AccountKind.ADMIN_AGENCY and not data.agency:
        found.refuse(
            "agency", "K/L/PD wajib diisi untuk Admin Agency. Isikan nama instansi yang diwakili."
        )
    if data.request_kind not in RequestKind.values:
        found.refuse(
            "request_kind",
            f"Jenis permohonan “{data.request_kind}” tidak dikenal. "
            f"Pilih salah satu: {', '.join(RequestKind.labels)}.",
        )
    elif data.request_kind != RequestKind.NEW:
        found.warn(
            "request_kind",
            f"Jenis permohonan “{RequestKind(data.request_kind).label}”: SOP ini hanya mengatur "
            "pembuatan akun baru. Formulir dan daftar akan menandainya demikian.",
        )


def _check_name(data: PersonData, found: Findings) -> None:
    if data.full_name and not any(letter.isalpha() for letter in data.full_name):
        found.refuse("full_name", "Nama lengkap harus memuat huruf. Periksa kembali isian ini.")
    elif re.search(r"[,0-9]", data.full_name):
        found.warn(
            "full_name",
            "Nama lengkap memuat koma atau angka. Tuliskan gelar pada isian gelar depan dan "
            "gelar belakang, terpisah dari nama.",
        )


def _check_numbers(data: PersonData, office: Office, today: dt.date, found: Findings) -> None:
    if not data.employment:
        found.refuse("employment", missing("employment"))
    elif data.employment not in Employment.values:
        found.refuse(
            "employment",
            f"Status kepegawaian “{data.employment}” tidak dikenal. "
            f"Pilih salah satu: {', '.join(Employment.labels)}.",
        )
    elif data.employment in ASN and not data.nip:
        number = "NI PPPK" if data.employment == Employment.PPPK else "NIP"
        found.refuse(
            "nip", f"{number} wajib diisi untuk {Employment(data.employment).label}: 18 digit."
        )
    elif data.employment in ASN:
        check = check_ni_pppk if data.employment == Employment.PPPK else check_nip
        checked = check(data.nip, today)
        for sentence in checked.errors:
            found.refuse("nip", sentence)
        for sentence in checked.warnings:
            found.warn("nip", sentence)
    elif data.nip:
        found.refuse(
            "nip",
            "NIP/NI PPPK hanya untuk ASN. Kosongkan isian ini, atau perbaiki status kepegawaian.",
        )
    if data.nik:
        _check_nik(data, office, found)


def _check_nik(data: PersonData, office: Office, found: Findings) -> None:
    if not office.collects_nik:
        found.refuse(
            "nik",
            "NIK tidak dikumpulkan oleh kantor ini (UU 27/2022: tidak lebih dari yang diperlukan). "
            "Kosongkan isian ini.",
        )
        return
    checked = check_nik(data.nik, data.nip or None)
    for sentence in checked.errors:
        found.refuse("nik", sentence)
    for sentence in checked.warnings:
        found.warn("nik", sentence)


def _check_grade(data: PersonData, found: Findings) -> None:
    if data.employment not in Employment.values:
        return
    label = Employment(data.employment).label
    known = grades.grades_for(data.employment)
    if data.employment == Employment.NON_ASN:
        if data.grade:
            found.refuse(
                "grade",
                "Golongan hanya untuk ASN. Kosongkan isian ini, atau perbaiki status kepegawaian.",
            )
    elif not data.grade:
        found.warn(
            "grade",
            f"Golongan belum diisi, padahal {label} mempunyainya. Lampiran SK mencetak “—”.",
        )
    elif data.grade not in known:
        found.refuse(
            "grade",
            f"Golongan “{data.grade}” tidak dikenal untuk {label}. "
            f"Isikan {known[0]} sampai dengan {known[-1]}.",
        )
    elif data.rank and not grades.same_rank(
        data.rank, grades.civil_grades().get(data.grade, data.rank)
    ):
        found.warn(
            "rank",
            f"Pangkat “{data.rank}” bukan pangkat golongan {data.grade}, yaitu "
            f"{grades.civil_grades()[data.grade]}. Periksa kembali keduanya.",
        )


def check_email(address: str, *, title: str = "E-mail") -> list[str]:
    """Sentences about an e-mail address that is missing or not one; `title` names the field."""
    if not address:
        return [f"{title} wajib diisi."]
    try:
        validate_email(address)
    except ValidationError:
        return [
            f"{title} “{address}” bukan alamat yang lengkap. Tuliskan seperti nama@instansi.go.id."
        ]
    return []


def _check_contact(data: PersonData, found: Findings) -> None:
    for sentence in check_email(data.email):
        found.refuse("email", sentence)
    if "email" not in found.errors and is_role_mailbox(data.email):
        found.warn(
            "email",
            f"E-mail {data.email} tampaknya kotak surat bersama. Password dikirim ke alamat ini: "
            "gunakan alamat milik personel sendiri.",
        )
    if data.mobile:
        try:
            normalise_mobile(data.mobile)
        except ValueError as error:
            found.refuse("mobile", str(error))


def _check_user_id(data: PersonData, office: Office, found: Findings) -> None:
    if not data.proposed_user_id:
        found.refuse(
            "proposed_user_id",
            f"{missing('proposed_user_id')} Misalnya {propose_user_id(data.full_name, ())}.",
        )
        return
    for sentence in check_user_id(data.proposed_user_id, office=office, title="Usulan user id"):
        found.refuse("proposed_user_id", sentence)


def _check_dates(
    data: PersonData, decree_valid_until: dt.date | None, today: dt.date, found: Findings
) -> None:
    until = data.valid_until
    if until is not None and until < today:
        found.refuse(
            "valid_until",
            f"Berlaku sampai dengan {words.long_date(until)} sudah lewat. Isikan tanggal yang "
            "akan datang, atau kosongkan untuk mengikuti masa berlaku SK.",
        )
    if until is not None and decree_valid_until is not None and until > decree_valid_until:
        found.refuse(
            "valid_until",
            f"Berlaku sampai dengan {words.long_date(until)} melewati masa berlaku SK, yaitu "
            f"{words.long_date(decree_valid_until)}. Isikan tanggal yang tidak melewatinya, atau "
            "kosongkan untuk mengikuti masa berlaku SK.",
        )
    if data.statement_date is not None and data.statement_date > today:
        found.refuse(
            "statement_date",
            f"Tanggal pernyataan {words.long_date(data.statement_date)} belum tiba. Isikan "
            "tanggal pernyataan itu ditandatangani.",
        )


def _label(kinds: type[AccountKind], value: str) -> str:
    return kinds(value).label if value in kinds.values else value
