"""The rules of what Pengelola Aplikasi types: people, appointments and the office's own data.

Every check returns sentences in Bahasa Indonesia; none of them means that all is well. Nothing here
reads the clock.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Final

from accounts_requests.exceptions import InvalidInput
from accounts_requests.identity_numbers import check_ni_pppk, check_nip
from accounts_requests.models import Appointment
from accounts_requests.models.office import MARGIN_RANGE
from accounts_requests.roles import Capacity, Role
from accounts_requests.states import Stage
from accounts_requests.uploads import PNG, Upload, check_png, check_scan
from accounts_requests.user_ids import MAX_REPETITIONS, is_rule

STAGE_ORDERS: Final = (
    (Stage.CONCEPT, Stage.INITIALS, Stage.NUMBER, Stage.SIGNATURE),
    (Stage.CONCEPT, Stage.NUMBER, Stage.INITIALS, Stage.SIGNATURE),
)
"""The concept always comes first and the signature last: issuing the SK ends the last stage."""

NUMBER_PARTS: Final = ("klasifikasi", "nomor", "tahun")
"""What a pattern of SK numbers may name in braces."""

USERNAME: Final = re.compile(r"[a-z][a-z0-9._-]{2,39}")
"""What somebody signs in with."""

IDLE_MINUTES: Final = range(5, 24 * 60 + 1)
SESSION_HOURS: Final = range(1, 24 + 1)
"""The most is settings.SESSION_COOKIE_AGE."""

MAX_EMBLEM_BYTES: Final = 500 * 1024
"""The emblem is part of every paper; a larger one would swell each of them."""

MAX_EMBLEM_SIDE: Final = 2000
"""Pixels; it is printed two centimetres wide, and unpacked for every paper."""

TEXT_WIDTH: Final = 100
TEXT_HEIGHT: Final = 150
"""Millimetres that the margins leave for text at the least: a label, a colon and words beside them,
and a kop with more than a signature below it.
"""

PASSWORD_LINK_HOURS: Final = range(1, 14 * 24 + 1)
PASSWORD_KEEP_DAYS: Final = range(1, 90 + 1)
"""A password that nobody fetched must not live for ever; an hour is the least anybody can meet."""


def check_password_times(link_hours: int | None, keep_days: int | None) -> dict[str, list[str]]:
    """How long a link to an SPSE password is open, and how long one waits with Admin PPE."""
    found: dict[str, list[str]] = {}
    for name, value, allowed, unit in (
        ("password_link_hours", link_hours, PASSWORD_LINK_HOURS, "jam"),
        ("password_keep_days", keep_days, PASSWORD_KEEP_DAYS, "hari"),
    ):
        if value is not None and value not in allowed:
            found[name] = [f"Isi antara {allowed[0]} dan {allowed[-1]} {unit}."]
    return found


def check_session_limits(
    idle_minutes: int | None, session_hours: int | None
) -> dict[str, list[str]]:
    """How long somebody signed in may do nothing, and how long a session lasts at most."""
    found: dict[str, list[str]] = {}
    for name, value, allowed, unit in (
        ("idle_minutes", idle_minutes, IDLE_MINUTES, "menit"),
        ("session_hours", session_hours, SESSION_HOURS, "jam"),
    ):
        if value is not None and value not in allowed:
            found[name] = [f"Isi antara {allowed[0]} dan {allowed[-1]} {unit}."]
    return found


def check_margins(
    genre: str, paper: tuple[float, float] | None, sides: Mapping[str, int | None]
) -> dict[str, list[str]]:
    """The margins of one genre of papers, by the names of the office's fields.

    ``genre`` is how the fields begin (``decree``, ``letter``); ``paper`` the upright sheet's width
    and height in mm, None where that is not known; ``sides`` mm by top, right, bottom and left,
    None where none was understood.
    """
    least, most = MARGIN_RANGE
    found = {
        f"{genre}_margin_{side}": [f"Isi antara {least} dan {most} mm."]
        for side, value in sides.items()
        if value is not None and not least <= value <= most
    }
    if found or paper is None:
        return found
    for first, second, words, length, room in (
        ("left", "right", "Tepi kiri dan kanan", paper[0], TEXT_WIDTH),
        ("top", "bottom", "Tepi atas dan bawah", paper[1], TEXT_HEIGHT),
    ):
        one, other = sides[first], sides[second]
        if one is not None and other is not None and length - one - other < room:
            found[f"{genre}_margin_{first}"] = [
                (
                    f"{words} menyisakan {max(0, length - one - other):g} mm untuk naskah pada "
                    f"kertas {length:g} mm; paling sedikit {room} mm. Kecilkan tepinya, atau "
                    "periksa ukuran kertasnya."
                )
            ]
    return found


def check_period(first: dt.date | None, last: dt.date | None) -> list[str]:
    """A period may be open; it may not end before it begins."""
    if first and last and last < first:
        return ["Tanggal akhir mendahului tanggal awal. Periksa kedua tanggal itu."]
    return []


def check_appointment(appointment: Appointment) -> dict[str, list[str]]:
    """Sentences by field name about an appointment that is to be stored.

    Inspektorat reads under a *surat tugas* and for a time; acting officials (Plt., Plh.) hold an
    office between dates and on a legal basis.
    """
    wanted: dict[str, str] = {}
    if appointment.role == Role.INSPEKTORAT:
        wanted = {
            "assignment_letter": "Inspektorat membaca atas dasar surat tugas. Isi nomornya.",
            "until": "Penetapan Inspektorat berjangka waktu. Isi tanggal berakhirnya surat tugas.",
        }
    elif appointment.capacity in (Capacity.PLT, Capacity.PLH):
        label = Capacity(appointment.capacity).label
        wanted = {
            "legal_basis": f"{label} memerlukan dasar hukum. Isi surat perintah atau keputusannya.",
            "until": f"{label} berjangka waktu. Isi tanggal berakhirnya.",
        }
    found = {name: [text] for name, text in wanted.items() if not getattr(appointment, name)}
    if sentences := check_period(appointment.since, appointment.until):
        found["until"] = sentences
    return found


def check_username(name: str) -> list[str]:
    """A name to sign in with: small letters, so that nobody has to remember which were large."""
    if USERNAME.fullmatch(name):
        return []
    return [
        (
            "Nama pengguna terdiri atas 3 sampai 40 huruf kecil, angka, atau tanda . _ -, dan "
            "dimulai dengan huruf. Contohnya: siti.aminah"
        )
    ]


def check_official_number(number: str, today: dt.date) -> list[str]:
    """The NIP (or NI PPPK) of somebody who signs in, judged on the local date ``today``."""
    as_nip = check_nip(number, today)
    if as_nip.ok or check_ni_pppk(number, today).ok:
        return []
    return list(as_nip.errors)


def check_user_id_pattern(pattern: str) -> list[str]:
    """A rule for user ids is a plain regular expression (``user_ids.is_rule``)."""
    if is_rule(pattern):
        return []
    return [
        (
            "Aturan ini tidak dapat dipakai. Susun dari huruf, angka, dan golongan huruf seperti "
            f"[a-z0-9._], dengan paling banyak {MAX_REPETITIONS} pengulangan seperti {{4,30}}, "
            "tanpa kurung dan tanda |. Pola bawaan: [a-z0-9._]{4,30}"
        ),
    ]


def check_number_pattern(pattern: str) -> list[str]:
    """A pattern of SK numbers names only parts that are known, the number itself among them."""
    if not pattern:
        return []
    named = re.findall(r"\{([^{}]*)\}", pattern)
    unknown = [name for name in named if name not in NUMBER_PARTS]
    if unknown or "nomor" not in named or pattern.count("{") + pattern.count("}") != 2 * len(named):
        parts = ", ".join(f"{{{name}}}" for name in NUMBER_PARTS)
        return [f"Pola memuat {{nomor}} dan hanya bagian yang dikenal, yaitu {parts}."]
    return []


def check_emblem(upload: Upload) -> None:
    """Let an intact PNG of bearable size pass. Raises InvalidInput."""
    if check_scan(upload) != PNG:
        raise InvalidInput(f"Berkas {upload.file_name} bukan PNG. Simpan lambang sebagai PNG.")
    if len(upload.data) > MAX_EMBLEM_BYTES:
        raise InvalidInput(
            f"Lambang {upload.file_name} melebihi {MAX_EMBLEM_BYTES // 1024} KB, padahal dimuat "
            "pada setiap dokumen. Perkecil gambarnya, lalu unggah kembali."
        )
    width, height = check_png(upload)
    if max(width, height) > MAX_EMBLEM_SIDE:
        raise InvalidInput(
            f"Lambang {upload.file_name} berukuran {width} × {height} piksel; paling besar "
            f"{MAX_EMBLEM_SIDE} × {MAX_EMBLEM_SIDE}. Perkecil gambarnya, lalu unggah kembali."
        )
