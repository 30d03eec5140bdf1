"""The example people: staff with their sign-ins, and the registrants of the example cases."""

import datetime as dt
from typing import NamedTuple

from django.contrib.auth.hashers import make_password

from accounts_requests import clock
from accounts_requests.models import Appointment, User
from accounts_requests.registrants import PersonData, propose_user_id
from accounts_requests.roles import Role
from accounts_requests.states import AccountKind, Employment

PASSWORD = "contoh-lpse-2026"  # noqa: S105  printed for everybody: these people are examples


class SignIn(NamedTuple):
    """One example sign-in, as it is printed."""

    role: str
    username: str
    password: str


class _Person(NamedTuple):
    username: str
    full_name: str
    role: Role
    nip: str
    rank: str
    position: str


_STAFF = (
    _Person(
        "kepala",
        "Contoh Kepala Lestari",
        Role.KEPALA_LPSE,
        "197803122003122001",
        "Pembina (IV/a)",
        "Kepala LPSE (contoh)",
    ),
    _Person(
        "penyusun",
        "Contoh Penyusun Wijaya",
        Role.PENYUSUN_KONSEP,
        "199005172014031002",
        "Penata Muda (III/a)",
        "Pengelola Administrasi (contoh)",
    ),
    _Person(
        "admin1",
        "Contoh Admin Rahmawati",
        Role.ADMIN_PPE,
        "198811232011012003",
        "Penata (III/c)",
        "Admin PPE (contoh)",
    ),
    _Person(
        "admin2",
        "Contoh Admin Nugroho",
        Role.ADMIN_PPE,
        "199102092015031004",
        "Penata Muda (III/a)",
        "Admin PPE (contoh)",
    ),
    _Person(
        "biro",
        "Contoh Kepala Biro Saputra",
        Role.KEPALA_BIRO,
        "197106181997031005",
        "Pembina Utama Muda (IV/c)",
        "Kepala Biro (contoh)",
    ),
    _Person(
        "inspektorat",
        "Contoh Inspektur Hasanah",
        Role.INSPEKTORAT,
        "198209302006042006",
        "Pembina (IV/a)",
        "Auditor Inspektorat (contoh)",
    ),
    _Person(
        "pengelola",
        "Contoh Pengelola Setiawan",
        Role.PENGELOLA_APLIKASI,
        "199307142018011007",
        "Penata Muda (III/a)",
        "Pranata Komputer (contoh)",
    ),
)

_NAMES = (
    "Aminah",
    "Bagus",
    "Citra",
    "Darma",
    "Eka",
    "Farida",
    "Gunawan",
    "Halimah",
    "Indra",
    "Joko",
    "Kartika",
    "Lukman",
)
_FAMILIES = (
    "Abadi",
    "Budiman",
    "Cahyono",
    "Damanik",
    "Effendi",
    "Firmansyah",
    "Ginting",
    "Hidayat",
    "Iskandar",
    "Jayadi",
    "Kusuma",
    "Lestari",
)
_UNITS = (
    ("Dinas Kesehatan", "Pemerintah Provinsi Kalimantan Timur"),
    ("Dinas Pekerjaan Umum", "Pemerintah Provinsi Kalimantan Timur"),
    ("Biro Pengadaan Barang dan Jasa", "Pemerintah Provinsi Kalimantan Timur"),
)


def sign_ins() -> list[SignIn]:
    """The example sign-ins of each role."""
    return [SignIn(person.role.label, person.username, PASSWORD) for person in _STAFF]


def make_staff() -> dict[str, User]:
    """The example staff by user name; who is missing is made."""
    staff = {}
    password = make_password(PASSWORD)  # one hash for all: each takes a good part of a second
    for person in _STAFF:
        user = User.objects.filter(username=person.username).first()
        if user is None:
            user = User.objects.create(
                username=person.username,
                email=f"{person.username}@lpse.example",
                password=password,
                full_name=person.full_name,
                nip=person.nip,
                rank=person.rank,
                position=person.position,
                is_demo=True,
            )
            examines = person.role == Role.INSPEKTORAT
            Appointment.objects.create(
                person=user,
                role=person.role,
                since=dt.date(2023, 3, 1),
                until=dt.date(clock.today().year + 1, 12, 31) if examines else None,
                legal_basis="Keputusan contoh untuk peragaan",
                assignment_letter="800/7/Itda (contoh)" if examines else "",
            )
        staff[person.username] = user
    return staff


_KINDS = (
    AccountKind.VERIFIKATOR,
    AccountKind.VERIFIKATOR,
    AccountKind.HELPDESK,
    AccountKind.ADMIN_AGENCY,
)


def registrant(seed: int, number: int) -> PersonData:
    """Example person ``number`` of the case ``seed``, with an NIP of their own."""
    unit, agency = _UNITS[(seed + number) % len(_UNITS)]
    given, family = _NAMES[(seed * 5 + number) % len(_NAMES)], _FAMILIES[seed % len(_FAMILIES)]
    user_id = propose_user_id(f"{given} {family}", ())
    woman = number % 2
    return PersonData(
        account_kind=_KINDS[(number - 1) % len(_KINDS)],
        full_name=f"Contoh {given} {family}",
        title_after="S.Kom." if number % 3 else "",
        employment=Employment.PNS,
        nip=f"19{80 + number % 15}0{1 + seed % 9}1{number % 9}20{10 + seed % 9}01{1 + woman}"
        f"{(seed * 17 + number) % 999 + 1:03d}",
        rank="Penata Muda",
        grade="III/a",
        position="Pengelola Pengadaan Barang/Jasa",
        work_unit=unit,
        agency=agency,
        email=f"{user_id}@contoh.example",
        mobile=f"+62812555{seed:02d}{number:03d}",
        office_address="Jalan Contoh Nomor 1, Samarinda",
        proposed_user_id=user_id,
        statement_date=clock.today(),
        form_number=f"F-{seed:02d}/{number:03d}",
    )
