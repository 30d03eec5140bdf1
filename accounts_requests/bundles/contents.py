"""What is in a bundle, file by file. No secret is: passwords and their keys are not read here."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from accounts_requests import (
    archive_rules,
    archive_standing,
    archive_words,
    papers,
    record_seals,
    words,
)
from accounts_requests.models import (
    AccountRequest,
    AuditAnchor,
    AuditEntry,
    CalendarVersion,
    Document,
    Message,
    Office,
    SopStep,
)
from accounts_requests.states import DocumentKind, DocumentState, MessageKind, MessageState

_ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_METADATA = (
    "No",
    "Kode klasifikasi",
    "Nomor berkas",
    "Jenis naskah",
    "Nomor naskah",
    "Uraian",
    "Tanggal",
    "Jumlah",
    "Tingkat perkembangan",
    "Media",
    "Klasifikasi keamanan",
    "Retensi aktif (tahun)",
    "Retensi inaktif (tahun)",
    "Nasib akhir",
    "Lokasi",
    "Nama berkas",
    "SHA-256",
)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One file: its path in the ZIP, what it is, its bytes."""

    path: str
    title: str
    data: bytes


def pieces(request: AccountRequest) -> Iterator[Piece]:
    """Every file of the bundle, papers first, each read when it is asked for.

    Raises PaperDamaged for a paper that is not as it was stored.
    """
    stored = _papers(request)
    paths = {document.pk: _path(number, document) for number, document in stored}
    for _number, document in stored:
        yield Piece(
            path=paths[document.pk],
            title=document.title + (" (sudah digantikan)" if document.superseded_at else ""),
            data=papers.read(document),
        )
    yield _json("catatan/permohonan.json", "Permohonan dan personelnya", _case(request))
    yield _lines("catatan/catatan.jsonl", "Catatan yang disegel", _records(request))
    yield _lines("catatan/jejak-audit.jsonl", "Jejak audit permohonan", _trail(request))
    yield _lines("catatan/tambatan.jsonl", "Tambatan harian jejak audit", _anchors())
    yield _lines("catatan/bukti-pengiriman.jsonl", "Bukti pengiriman e-mail", _mail(request))
    yield _json("dasar/sop.json", "Revisi SOP yang digunakan", _sop(request))
    yield _json("dasar/penafsiran.json", "Lembar Penafsiran yang digunakan", _reading(request))
    for calendar in _calendars(request):
        path = f"dasar/kalender-{calendar.version}.json"
        yield _json(path, f"Kalender kerja versi {calendar.number}", calendar.content)
    yield Piece(
        path="metadata-srikandi.csv",
        title="Metadata naskah untuk SRIKANDI",
        data=_metadata(request, stored, paths),
    )


# -- the papers -----------------------------------------------------------------------------------


def _papers(request: AccountRequest) -> list[tuple[int, Document]]:
    stored = request.documents.filter(state=DocumentState.STORED).select_related(
        "registrant", "request"
    )
    return list(enumerate(stored.order_by("created_at", "pk"), start=1))


def _path(number: int, document: Document) -> str:
    kind = DocumentKind(document.kind).value.replace("_", "-")
    person = f"-{document.registrant.position_in_list:03}" if document.registrant else ""
    ending = _ENDINGS.get(document.media_type, ".bin")
    return f"dokumen/{number:03}-{kind}{person}-v{document.version}{ending}"


def _metadata(
    request: AccountRequest, stored: list[tuple[int, Document]], paths: dict[int, str]
) -> bytes:
    """A row for each paper in force, quoted throughout; no cell is a formula."""
    office = Office.current()
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_METADATA)
    data = archive_standing.data_of(request, office)
    current = [document for _, document in stored if document.superseded_at is None]
    for number, document in enumerate(current, start=1):
        on = document.dated or document.created_at.astimezone(words.ZONE).date()
        row = (
            number,
            data.code,
            request.archive_number,
            DocumentKind(document.kind).label,
            document.number,
            document.title,
            on.isoformat(),
            archive_words.paper_amount(document.pages),
            archive_words.development_of(document),
            archive_words.media_of(document),
            archive_rules.said("security", data),
            data.active_years,
            data.inactive_years,
            archive_rules.said("disposition", data),
            archive_words.place(data),
            paths[document.pk],
            document.sha256,
        )
        writer.writerow([_harmless(str(cell)) for cell in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _harmless(cell: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


# -- the records ----------------------------------------------------------------------------------


def _case(request: AccountRequest) -> dict[str, Any]:
    """The case and its people as they stand; no column holds a secret."""
    left_out = {"id", "request", "nik"}
    people = [
        {
            field.name: _plain(getattr(person, field.attname))
            for field in person._meta.concrete_fields
            if field.name not in left_out
        }
        for person in request.registrants.order_by("position_in_list")
    ]
    fields = {
        field.name: _plain(getattr(request, field.attname))
        for field in request._meta.concrete_fields
    }
    return {"permohonan": fields, "personel": people}


def _records(request: AccountRequest) -> Iterator[dict[str, Any]]:
    yield from record_seals.contents_of(request.pk)


def _trail(request: AccountRequest) -> Iterator[dict[str, Any]]:
    """Each entry with everything that its hash is made of, and the hash."""
    for entry in AuditEntry.objects.filter(request=request).order_by("sequence").iterator(500):
        yield {
            "sequence": entry.sequence,
            "at": _plain(entry.at),
            "act": entry.act,
            "actor": entry.actor_id,
            "actor_name": entry.actor_name,
            "actor_role": entry.actor_role,
            "address": entry.address,
            "request": entry.request_id,
            "object": entry.object_label,
            "summary": entry.summary,
            "changes": entry.changes,
            "records": entry.records,
            "previous": entry.previous_hash,
            "hash": entry.hash,
        }


def _anchors() -> Iterator[dict[str, Any]]:
    for anchor in AuditAnchor.objects.order_by("day"):
        yield {"day": _plain(anchor.day), "sequence": anchor.sequence, "head": anchor.head}


def _mail(request: AccountRequest) -> Iterator[dict[str, Any]]:
    """What proves each message; a body is never stored."""
    found = Message.objects.filter(request=request).select_related("account__registrant")
    for message in found.order_by("pk"):
        person = message.account.registrant.position_in_list if message.account else None
        yield {
            "jenis": MessageKind(message.kind).label,
            "keadaan": MessageState(message.state).label,
            "personel": person,
            "alamat": message.to_address,
            "perihal": message.subject,
            "message_id": message.message_id,
            "diantrekan": _plain(message.queued_at),
            "diputuskan": _plain(message.settled_at),
            "percobaan": message.attempts,
            "kode_jawaban": message.answer_code,
            "jawaban_server": message.answer,
        }


# -- what the case rests on -----------------------------------------------------------------------


def _sop(request: AccountRequest) -> dict[str, Any]:
    revision = request.sop_revision
    steps = SopStep.objects.filter(revision=revision).prefetch_related("requirements")
    return {
        "nomor": revision.number,
        "revisi": revision.revision,
        "nama": revision.title,
        "berlaku_sejak": _plain(revision.in_force_from),
        "isi": revision.content,
        "langkah": [
            {
                "nomor": step.number,
                "aktivitas": step.activity,
                "pelaksana": step.executor,
                "waktu_tercetak": step.printed_limit,
                "batas": step.limit_amount,
                "satuan": step.limit_unit,
                "mulai": step.limit_start,
                "dasar": step.limit_basis,
                "output": step.output,
                "keterangan": step.remarks,
                "kelengkapan": [item.text for item in step.requirements.all()],
            }
            for step in steps.order_by("number")
        ],
    }


def _reading(request: AccountRequest) -> dict[str, Any]:
    reading = request.reading
    if reading is None:
        return {}
    return {
        "nomor": reading.number,
        "berlaku_sejak": _plain(reading.in_force_from),
        "disahkan": _plain(reading.approved_at),
        "isi": reading.content,
    }


def _calendars(request: AccountRequest) -> list[CalendarVersion]:
    """The calendars that measured the case's runs, each once."""
    used = request.step_runs.values_list("calendar_version", flat=True)
    kept = CalendarVersion.objects.filter(version__in=used.distinct()).order_by("number")
    return list({calendar.version: calendar for calendar in kept}.values())


# -- writing --------------------------------------------------------------------------------------


def _json(path: str, title: str, content: object) -> Piece:
    data = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    return Piece(path=path, title=title, data=data.encode())


def _lines(path: str, title: str, rows: Iterator[dict[str, Any]]) -> Piece:
    """One canonical JSON object a line: the very bytes that seals and hashes are made of."""
    data = "".join(f"{record_seals.canonical(row)}\n" for row in rows)
    return Piece(path=path, title=title, data=data.encode())


def _plain(value: Any) -> Any:
    return None if value is None else record_seals.plain(value)
