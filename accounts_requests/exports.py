"""What people take away: on the audit trail, because nobody can see afterwards where it went.

A list taken as XLSX and a paper that is downloaded leave an entry. Reading a page or a paper in the
browser does not: an entry for every look would bury the ones that matter.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import IO

from django.db import transaction

from accounts_requests import audit, bundles
from accounts_requests.archive_contents import Item
from accounts_requests.archive_register import Line
from accounts_requests.bundles import Bundle
from accounts_requests.documents import archive_lists
from accounts_requests.figures import Figures
from accounts_requests.keeping import INSTALLER
from accounts_requests.models import AccountRequest, DestructionDecision, Document, User
from accounts_requests.report_periods import Period
from accounts_requests.spreadsheets import archive_export, figures_export, register_export
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
