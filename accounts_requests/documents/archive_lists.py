"""*Daftar berkas* and *daftar isi berkas* on paper: the registers of the archive as they stand.

They are made when somebody asks for them and are not stored. Each prints where the audit trail
stood, so that the records it was made from can be told from later ones.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from accounts_requests import archive_words, words
from accounts_requests.archive_contents import Item
from accounts_requests.archive_register import Line
from accounts_requests.models import AuditChain, Office, User
from accounts_requests.retention import Retention

from .paper import file_name, office_context
from .renderer import RenderedPdf, render_pdf


def render_register(
    lines: Sequence[Line], filtered: str, *, at: dt.datetime, by: User
) -> RenderedPdf:
    """The register as a PDF made at ``at`` (aware) for ``by``; ``filtered`` says of which files.

    Raises RenderingFailed.
    """
    return render_pdf(
        "documents/file_list.html",
        {**_common(at, by), "lines": lines, "filtered": filtered},
        title="Daftar Berkas",
        identifier=f"file_list:{filtered}:{at.isoformat()}",
        created=at,
    )


def render_contents(line: Line, items: Sequence[Item], *, at: dt.datetime, by: User) -> RenderedPdf:
    """The contents of one file as a PDF made at ``at`` (aware) for ``by``.

    Raises RenderingFailed.
    """
    return render_pdf(
        "documents/file_contents.html",
        {**_common(at, by), "line": line, "items": items, "card": card(line)},
        title=f"Daftar Isi Berkas {line.number}",
        identifier=f"file_contents:{line.case.pk}:{at.isoformat()}",
        created=at,
    )


def card(line: Line) -> list[tuple[str, str]]:
    """What is on record of the file as a whole, label and words, for paper and page."""
    found = line.standing
    days = Retention(found.active_until, found.inactive_until)
    return [
        ("Kode klasifikasi", line.code),
        ("Unit pengolah", line.unit),
        ("Uraian", line.description),
        ("Kurun waktu", line.period),
        ("Jumlah", line.amount),
        *archive_words.facts(found.data, days),
        ("Keadaan", str(line.state.label)),
    ]


def name_of_register(on: dt.date, ending: str) -> str:
    """``Daftar-Berkas-2026-07-06.pdf``."""
    return _named(file_name("Daftar-Berkas", str(on)), ending)


def name_of_contents(line: Line, ending: str) -> str:
    """``Daftar-Isi-Berkas-000.3.5-0001-2026.xlsx``."""
    return _named(file_name("Daftar-Isi-Berkas", line.code, line.number), ending)


def _named(name: str, ending: str) -> str:
    return f"{name.removesuffix('.pdf')}.{ending}"


def _common(at: dt.datetime, by: User) -> dict[str, Any]:
    chain = AuditChain.objects.filter(pk=1).first()
    return {
        **office_context(Office.current()),
        "made_at": words.instant(at),
        "made_by": by.titled_name,
        "chain_count": chain.count if chain else 0,
        "chain_head": words.grouped(chain.head) if chain else "",
    }
