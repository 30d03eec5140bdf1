"""The register of archived files in its official columns (Permendagri 83/2022)."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q

from accounts_requests import words
from accounts_requests.key_pages import page_of
from accounts_requests.models import AccountRequest, Document, Office
from accounts_requests.states import DocumentKind, DocumentState

PAGE_SIZE = 50


@dataclass(frozen=True, kw_only=True)
class Line:
    """One file. ``period`` is the *kurun waktu*, ``amount`` the *jumlah*; ``file`` its bundle,
    ``addenda`` what joined the file after its archiving, in the order of their numbers.

    ``remarks`` are the Keterangan: development, media, security, retention, fate, location.
    """

    number: str
    case: AccountRequest
    code: str
    unit: str
    description: str
    period: str
    amount: str
    remarks: list[str]
    file: Document | None
    addenda: list[Document]


@dataclass(frozen=True, kw_only=True)
class ArchivePage:
    """A page of the register with the keys of its neighbours (None at the ends)."""

    lines: list[Line]
    older: int | None
    newer: int | None


def page(
    office: Office, *, year: int | None = None, before: int | None = None, after: int | None = None
) -> ArchivePage:
    """The files archived in ``year`` (office zone; None: all), newest case first."""
    cases = AccountRequest.objects.filter(archived_at__isnull=False)
    if year:
        cases = cases.filter(
            archived_at__gte=dt.datetime(year, 1, 1, tzinfo=words.ZONE),
            archived_at__lt=dt.datetime(year + 1, 1, 1, tzinfo=words.ZONE),
        )
    bundles = Document.objects.filter(
        Q(kind=DocumentKind.ARCHIVE_FILE, superseded_at__isnull=True) | Q(addendum__isnull=False)
    ).order_by("addendum")
    kept = Q(documents__superseded_at__isnull=True, documents__state=DocumentState.STORED) & ~Q(
        documents__kind=DocumentKind.ARCHIVE_FILE
    )
    cases = cases.annotate(papers=Count("documents", filter=kept)).prefetch_related(
        Prefetch("documents", queryset=bundles, to_attr="bundles")
    )
    found = page_of(cases, size=PAGE_SIZE, before=before, after=after)
    lines = [
        Line(
            number=case.archive_number,
            case=case,
            code=case.classification_code,
            unit=office.unit_name or office.name,
            description=f"Registrasi akun SPSE: {case.subject}. SK nomor {case.decree_number}",
            period=_period(case),
            amount=f"{case.papers} dokumen",
            remarks=_remarks(case, office),
            file=next((one for one in case.bundles if one.addendum is None), None),
            addenda=[one for one in case.bundles if one.addendum is not None],
        )
        for case in found.rows
    ]
    return ArchivePage(lines=lines, older=found.older, newer=found.newer)


def years() -> list[int]:
    """The years in which files were archived, newest first."""
    archived = AccountRequest.objects.filter(archived_at__isnull=False)
    return [day.year for day in archived.dates("archived_at", "year", order="DESC")]


def _period(case: AccountRequest) -> str:
    """From the receipt to the archiving, as the file's own card says it."""
    if case.archived_at is None:
        return "—"
    first = words.long_date(case.received_at.astimezone(words.ZONE).date())
    last = words.long_date(case.archived_at.astimezone(words.ZONE).date())
    return first if first == last else f"{first} s.d. {last}"


def _remarks(case: AccountRequest, office: Office) -> list[str]:
    remarks = [
        "Asli, elektronik (PDF)",
        f"Keamanan: {office.security_class}",
        (
            f"Retensi: aktif {office.retention_active_years} tahun, "
            f"inaktif {office.retention_inactive_years} tahun; {office.final_disposition.lower()}"
        ),
    ]
    if case.archive_location:
        remarks.append(f"Lokasi: {case.archive_location}")
    return remarks
