"""What people take away: on the audit trail, because nobody can see afterwards where it went.

A list taken as XLSX and a paper that is downloaded leave an entry. Reading a page or a paper in the
browser does not: an entry for every look would bury the ones that matter.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import IO

from django.db import transaction

from accounts_requests import audit, bundles
from accounts_requests.bundles import Bundle
from accounts_requests.figures import Figures
from accounts_requests.keeping import INSTALLER
from accounts_requests.models import AccountRequest, Document, User
from accounts_requests.report_periods import Period
from accounts_requests.spreadsheets import figures_export, register_export
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
    _record(
        actor,
        at,
        request=request,
        label=bundles.name_of(request),
        summary=f"Berkas bukti permohonan {request.number} diambil"
        f"{f' untuk menjawab surat {letter}' if letter else ''}.",
        changes={"sha256": made.sha256, "files": made.files, "letter": letter},
    )
    return made


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
