"""The rules of what Pengelola Aplikasi types: people, appointments and the office's own data.

Every check returns sentences in Bahasa Indonesia; none of them means that all is well. Nothing here
reads the clock.
"""

import datetime as dt
import re
from typing import Final

from accounts_requests.exceptions import InvalidInput
from accounts_requests.identity_numbers import check_ni_pppk, check_nip
from accounts_requests.models import Appointment
from accounts_requests.roles import Capacity, Role
from accounts_requests.states import Stage
from accounts_requests.uploads import PNG, Upload, check_scan

STAGE_ORDERS: Final = (
    (Stage.CONCEPT, Stage.INITIALS, Stage.NUMBER, Stage.SIGNATURE),
    (Stage.CONCEPT, Stage.NUMBER, Stage.INITIALS, Stage.SIGNATURE),
)
"""The concept always comes first and the signature last: issuing the SK ends the last stage."""

NUMBER_PARTS: Final = ("klasifikasi", "nomor", "tahun")
"""What a pattern of SK numbers may name in braces."""

MAX_EMBLEM_BYTES: Final = 500 * 1024
"""The emblem is part of every paper; a larger one would swell each of them."""


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


def check_official_number(number: str, today: dt.date) -> list[str]:
    """The NIP (or NI PPPK) of somebody who signs in, judged on the local date ``today``."""
    as_nip = check_nip(number, today)
    if as_nip.ok or check_ni_pppk(number, today).ok:
        return []
    return list(as_nip.errors)


def check_user_id_pattern(pattern: str) -> list[str]:
    """A rule for user ids is a regular expression that can be read."""
    try:
        re.compile(pattern)
    except re.error:
        return [
            "Aturan ini tidak dapat dibaca sebagai pola. Pola bawaan: [a-z0-9._]{4,30}",
        ]
    return []


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
