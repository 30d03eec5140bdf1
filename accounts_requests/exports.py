"""What people take away: on the audit trail, because nobody can see afterwards where it went.

A list taken as XLSX and a paper that is downloaded leave an entry. Reading a page or a paper in the
browser does not: an entry for every look would bury the ones that matter.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from typing import IO

from django.db import transaction

from accounts_requests import audit, bundles, papers
from accounts_requests.archive_contents import Item
from accounts_requests.archive_register import Line
from accounts_requests.bundles import Bundle
from accounts_requests.documents import archive_lists, print_copy
from accounts_requests.figures import Figures
from accounts_requests.keeping import INSTALLER
from accounts_requests.models import (
    AccountRequest,
    DestructionDecision,
    Document,
    EvidenceHandOver,
    User,
)
from accounts_requests.report_periods import Period
from accounts_requests.spreadsheets import (
    archive_export,
    deviations_export,
    figures_export,
    register_export,
)
from accounts_requests.spreadsheets.deviations_export import DeviationRow
from accounts_requests.spreadsheets.register_export import RegisterRow
from accounts_requests.states import Act, DocumentKind


def register(rows: Iterable[RegisterRow], *, actor: User, at: dt.datetime, query: str) -> bytes:
    """The register of cases as the bytes of an XLSX; ``query`` is what the list was filtered by."""
    taken = list(rows)
    data = register_export.build(taken)
    _record(
        actor,
        at,
        label="Daftar permohonan (XLSX)",
        summary=f"Daftar {len(taken)} permohonan diunduh sebagai XLSX.",
        changes={"rows": len(taken), "query": audit.hashed(query) if query else ""},
    )
    return data


def deviations(rows: Iterable[DeviationRow], *, actor: User, at: dt.datetime, query: str) -> bytes:
    """The register of deviations as the bytes of an XLSX; ``query`` as in ``register``."""
    taken = list(rows)
    data = deviations_export.build(taken)
    _record(
        actor,
        at,
        label="Daftar penyimpangan (XLSX)",
        summary=f"Daftar {len(taken)} penyimpangan diunduh sebagai XLSX.",
        changes={"rows": len(taken), "query": audit.hashed(query) if query else ""},
    )
    return data


def paper(document: Document, *, actor: User, at: dt.datetime) -> None:
    """Record that ``actor`` downloads a stored paper."""
    kind = DocumentKind(document.kind).label
    _record(
        actor,
        at,
        request=document.request,
        label=f"{kind} {document.public_id}",
        summary=f"Dokumen {kind} diunduh.",
        changes={"sha256": document.sha256},
    )


def copy_to_print(request: AccountRequest, *, actor: User, at: dt.datetime) -> tuple[bytes, str]:
    """The pages of the archived file of ``request`` as one PDF for the printer, and its name.

    Raises PaperNotReady before there is one, PaperDamaged where a paper in it is not as it was
    stored, RenderingFailed.
    """
    file = request.documents.filter(
        kind=DocumentKind.ARCHIVE_FILE, superseded_at__isnull=True
    ).first()
    if file is None:
        raise papers.PaperNotReady(
            "Berkas arsip ada setelah permohonan diarsipkan, sehingga salinan cetaknya belum ada."
        )
    made, name = print_copy.render(request, file, at=at, read=papers.read)
    _record(
        actor,
        at,
        request=request,
        label=f"Salinan cetak {file.public_id}",
        summary=f"Salinan cetak berkas arsip dibuat ({made.pages} halaman).",
        changes={"sha256": hashlib.sha256(made.data).hexdigest(), "pages": made.pages},
    )
    return made.data, name


def file_register(
    lines: Sequence[Line],
    *,
    actor: User,
    at: dt.datetime,
    query: str,
    filtered: str,
    as_pdf: bool = False,
) -> bytes:
    """The register of archived files as PDF or XLSX; ``filtered`` says of which, in words."""
    form = "PDF" if as_pdf else "XLSX"
    if as_pdf:
        data = archive_lists.render_register(lines, filtered, at=at, by=actor).data
    else:
        data = archive_export.register(lines)
    _record(
        actor,
        at,
        label=f"Daftar berkas ({form})",
        summary=f"Daftar {len(lines)} berkas diambil sebagai {form}.",
        changes={"rows": len(lines), "query": audit.hashed(query) if query else ""},
    )
    return data


def file_contents(
    line: Line, items: Sequence[Item], *, actor: User, at: dt.datetime, as_pdf: bool = False
) -> bytes:
    """The contents of one archived file as PDF or XLSX."""
    form = "PDF" if as_pdf else "XLSX"
    if as_pdf:
        data = archive_lists.render_contents(line, items, at=at, by=actor).data
    else:
        data = archive_export.contents(line, items)
    _record(
        actor,
        at,
        request=line.case,
        label=f"Daftar isi berkas {line.number} ({form})",
        summary=f"Daftar isi berkas {line.number} diambil sebagai {form}.",
        changes={"rows": len(items)},
    )
    return data


def destruction_minutes(decision: DestructionDecision, *, actor: User, at: dt.datetime) -> None:
    """Record that ``actor`` takes the minutes of an approved *usul musnah*."""
    _record(
        actor,
        at,
        label=f"Berita acara usul {decision.proposal.number}",
        summary=f"Berita acara usul musnah {decision.proposal.number} diambil.",
        changes={"sha256": decision.minutes_sha256},
    )


def concept(
    request: AccountRequest, form: str, data: bytes, *, actor: User, at: dt.datetime
) -> None:
    """Record that the Konsep SK was taken as ``form`` ("PDF", "DOCX") to be signed elsewhere."""
    _record(
        actor,
        at,
        request=request,
        label=f"Konsep SK {request.number} ({form})",
        summary=f"Konsep SK diambil sebagai {form} untuk ditandatangani di luar aplikasi.",
        changes={"sha256": hashlib.sha256(data).hexdigest()},
    )


def report(period: Period, form: str, *, actor: User, at: dt.datetime) -> None:
    """Record that the report of ``period`` was taken as ``form`` ("PDF", "XLSX")."""
    _record(
        actor,
        at,
        label=f"Laporan {period} ({form})",
        summary=f"Laporan {period.days()} diambil sebagai {form}.",
        changes={"first": period.first.isoformat(), "last": period.last.isoformat()},
    )


def figures_workbook(found: Figures, *, actor: User, at: dt.datetime) -> bytes:
    """The figures as the bytes of an XLSX."""
    data = figures_export.build(found)
    report(found.period, "XLSX", actor=actor, at=at)
    return data


def bundle(
    request: AccountRequest, file: IO[bytes], *, actor: User | None, at: dt.datetime, letter: str
) -> Bundle:
    """Write the evidence of a case into ``file`` and record its SHA-256 and the letter it answers.

    ``actor`` is None for whoever installs the application. Raises PaperDamaged.
    """
    made = bundles.write(request, file, at=at, by=actor, letter=letter)
    bundled(request, made, actor=actor, at=at, letter=letter)
    return made


def bundled(
    request: AccountRequest, made: Bundle, *, actor: User | None, at: dt.datetime, letter: str
) -> None:
    """Record that ``made`` was taken from the case, for ``letter``."""
    _record(
        actor,
        at,
        request=request,
        label=bundles.name_of(request),
        summary=f"Berkas bukti permohonan {request.number} diambil"
        f"{f' untuk menjawab surat {letter}' if letter else ''}.",
        changes={"sha256": made.sha256, "files": made.files, "letter": letter},
    )


def package(made: EvidenceHandOver, *, actor: User, at: dt.datetime) -> None:
    """Record that ``actor`` takes a finished paket bukti away."""
    _record(
        actor,
        at,
        label=made.file_name,
        summary=f"Paket bukti untuk surat {made.package.letter_number} diambil.",
        changes={"sha256": made.sha256},
    )


@transaction.atomic
def _record(
    actor: User | None,
    at: dt.datetime,
    *,
    label: str,
    summary: str,
    changes: dict[str, object],
    request: AccountRequest | None = None,
) -> None:
    held = actor.current_roles() if actor else ()
    roles = ", ".join(sorted(role.label for role in held)) if actor else INSTALLER
    audit.record(
        Act.EXPORT,
        actor=actor,
        at=at,
        role=roles[:60],
        request=request,
        label=label,
        summary=summary,
        changes=changes,
        rows=(),
    )
