"""The columns of the list of people, shared by the template that is filled in and its reader."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from accounts_requests.models import Office
from accounts_requests.registrants import FIELD_TITLES, served_kinds
from accounts_requests.states import AccountKind, Employment, RequestKind

SHEET_NAME: Final = "Personel"
EXAMPLE_MARK: Final = "CONTOH"
"""A row whose name begins with this word is an example: it is never read as a person."""

Kind = Literal["text", "digits", "mobile", "date", "choice"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column: which field of the Formulir it holds, and how its cells are written.

    `must_exist`: the sheet is not read without it. `choices` maps what may stand in a cell (a
    `key`) to the field's value. `aliases` are other titles that offices use.
    """

    field: str
    kind: Kind = "text"
    must_exist: bool = False
    width: int = 18
    hint: str
    example: str
    choices: Mapping[str, str] | None = None
    options: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return FIELD_TITLES[self.field]


def key(text: str) -> str:
    """A title or choice without letter case, spaces and signs, for comparison."""
    return re.sub(r"[\W_]+", "", text.casefold())


def people_columns(office: Office) -> tuple[Column, ...]:
    """The columns of this office's list, in order; NIK only where the office collects it."""
    kinds = served_kinds(office)
    columns = (
        Column(
            field="account_kind",
            kind="choice",
            must_exist=True,
            hint="Pilih dari daftar. Satu baris untuk satu akun.",
            example=kinds[0].label if kinds else "",
            options=tuple(kind.label for kind in kinds),
            # Every kind is understood; one that is not served is refused by the rules.
            choices={key(name): kind.value for kind in AccountKind for name in (kind, kind.label)},
        ),
        Column(
            field="request_kind",
            kind="choice",
            hint="Kosong berarti Baru. Yang lain berada di luar SOP ini dan ditandai demikian.",
            example=RequestKind.NEW.label,
            options=tuple(RequestKind.labels),
            choices={
                key(name): kind.value
                for kind in RequestKind
                for name in (kind, kind.label, kind.label.partition(" (")[0])
            },
        ),
        Column(
            field="full_name",
            must_exist=True,
            width=30,
            hint="Tanpa gelar.",
            example=f"{EXAMPLE_MARK}: Budi Santoso",
            aliases=("Nama",),
        ),
        Column(field="title_before", width=12, hint="Misalnya Dr., Ir.", example="Ir."),
        Column(field="title_after", width=14, hint="Misalnya S.T., M.M.", example="S.T., M.M."),
        Column(
            field="employment",
            kind="choice",
            must_exist=True,
            hint="PNS, CPNS, PPPK, atau Non-ASN.",
            example=Employment.PNS.label,
            options=tuple(Employment.labels),
            choices={
                **{key(name): kind.value for kind in Employment for name in (kind, kind.label)},
                "p3k": Employment.PPPK,
            },
            aliases=("Status", "Kepegawaian"),
        ),
        Column(
            field="nip",
            kind="digits",
            must_exist=True,
            width=24,
            hint="18 digit, wajib untuk ASN; kosong untuk Non-ASN. Format sel: Teks.",
            example="19720528 200502 1 001",
            aliases=("NIP", "NI PPPK"),
        ),
        Column(
            field="nik",
            kind="digits",
            width=20,
            hint="16 digit, boleh kosong. Format sel: Teks. Disimpan tersandi.",
            example="",
        ),
        Column(field="rank", width=24, hint="Pangkat ASN.", example="Penata Tingkat I"),
        Column(
            field="grade",
            width=11,
            hint="PNS dan CPNS: I/a sampai dengan IV/e. PPPK: I sampai dengan XVII.",
            example="III/d",
            aliases=("Gol", "Gol/Ruang", "Golongan/Ruang"),
        ),
        Column(
            field="position",
            must_exist=True,
            width=28,
            hint="Jabatan pada unit kerja.",
            example="Pengelola Pengadaan Barang/Jasa",
        ),
        Column(
            field="work_unit",
            must_exist=True,
            width=30,
            hint="Unit kerja tempat bertugas.",
            example="Biro Pengadaan Barang dan Jasa",
        ),
        Column(
            field="agency",
            must_exist=True,
            width=30,
            hint="Instansi yang diwakili; wajib untuk Admin Agency.",
            example="Pemerintah Provinsi Kalimantan Timur",
            aliases=("Instansi", "Agency", "K/L/D/I", "KLPD"),
        ),
        Column(
            field="email",
            must_exist=True,
            width=32,
            hint="Alamat milik personel sendiri, bukan kotak surat bersama.",
            example="budi.santoso@contoh.go.id",
            aliases=("Surel", "Alamat e-mail"),
        ),
        Column(
            field="mobile",
            kind="mobile",
            must_exist=True,
            width=18,
            hint="Diawali 08 atau +628. Format sel: Teks.",
            example="0812 3456 7890",
            aliases=("Nomor HP", "No. HP", "HP", "Ponsel", "No. Ponsel", "Telepon"),
        ),
        Column(
            field="office_address",
            must_exist=True,
            width=36,
            hint="Alamat kantor tempat bertugas.",
            example="Jalan Gajah Mada Nomor 2, Samarinda",
            aliases=("Alamat",),
        ),
        Column(
            field="proposed_user_id",
            must_exist=True,
            width=20,
            hint="Berbeda untuk tiap baris.",
            example="budi.santoso",
            aliases=("User id", "Userid"),
        ),
        Column(
            field="valid_until",
            kind="date",
            width=20,
            hint="dd-mm-yyyy; kosong berarti mengikuti SK.",
            example="",
            aliases=("Berlaku s.d.", "Masa berlaku"),
        ),
        Column(
            field="statement_date",
            kind="date",
            must_exist=True,
            width=20,
            hint="dd-mm-yyyy: tanggal pernyataan pemohon ditandatangani.",
            example="12-03-2026",
        ),
        Column(
            field="form_number",
            width=22,
            hint="Nomor Formulir bila ada.",
            example="",
            aliases=("No. Formulir",),
        ),
    )
    return tuple(column for column in columns if column.field != "nik" or office.collects_nik)
