"""*Daftar berkas*: the register of archived files in its official columns (Permendagri 83/2022).

Search, filters, a page by key, and the same lines for paper and spreadsheet.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum, Value, When

from accounts_requests import archive_standing as standings
from accounts_requests import archive_words, words
from accounts_requests.archive_contents import ITEMS
from accounts_requests.archive_rules import LABELS, Standing, said
from accounts_requests.archive_standing import FileState, FileTask
from accounts_requests.key_pages import page_of
from accounts_requests.models import AccountRequest, ArchiveDescription, Document, Office
from accounts_requests.states import DocumentKind

PAGE_SIZE = 50
STATES = [*FileState.choices, *FileTask.choices]


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the reader asked for; "" and None mean no filter. ``year`` is that of archiving.

    ``state`` is a value of FileState or FileTask.
    """

    text: str = ""
    year: int | None = None
    state: str = ""

    @property
    def are_set(self) -> bool:
        """Whether anything is filtered at all."""
        return self != Filters()

    def told(self) -> str:
        """The filters in words, for papers; "" without any."""
        parts = [f"diarsipkan tahun {self.year}"] if self.year else []
        if self.state:
            parts.append(f"keadaan {dict(STATES)[self.state].lower()}")
        if self.text:
            parts.append(f"memuat “{self.text}”")
        return ", ".join(parts)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One file. ``period`` is the *kurun waktu*, ``amount`` the *jumlah*; ``file`` its bundle,
    ``addenda`` what joined the file after its archiving, in the order of their numbers.

    ``remarks`` are the Keterangan: development, media, security, retention, fate, location, and
    what was recorded of the file since.
    """

    number: str
    case: AccountRequest
    code: str
    unit: str
    description: str
    period: str
    amount: str
    remarks: list[str]
    standing: Standing
    state: FileState
    file: Document | None
    addenda: list[Document]

    @property
    def place(self) -> str:
        """The *lokasi*."""
        return archive_words.place(self.standing.data)


@dataclass(frozen=True, kw_only=True)
class ArchivePage:
    """A page of the register with the keys of its neighbours (None at the ends)."""

    lines: list[Line]
    older: int | None
    newer: int | None


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many files wait for somebody, and how many there are."""

    every: int
    due_inactive: int
    to_hand_over: int
    may_be_destroyed: int
    to_review: int
    proposed: int


def find(filters: Filters, office: Office, *, today: dt.date) -> QuerySet[Any]:
    """The archived cases that match, unordered. ``today`` is a day of the office's zone."""
    cases = standings.described_by_latest(AccountRequest.objects.filter(archived_at__isnull=False))
    if filters.text:
        cases = cases.filter(_matching(filters.text))
    if filters.year:
        cases = cases.filter(
            archived_at__gte=dt.datetime(filters.year, 1, 1, tzinfo=words.ZONE),
            archived_at__lt=dt.datetime(filters.year + 1, 1, 1, tzinfo=words.ZONE),
        )
    if filters.state:
        cases = cases.filter(standings.in_state(filters.state, office, today))
    return cases


def page(
    cases: QuerySet[Any],
    office: Office,
    *,
    today: dt.date,
    before: int | None = None,
    after: int | None = None,
) -> ArchivePage:
    """A page of ``find``'s files, newest case first, in a fixed number of queries."""
    found = page_of(_with_papers(cases), size=PAGE_SIZE, before=before, after=after)
    lines = [_line(case, office, today) for case in found.rows]
    return ArchivePage(lines=lines, older=found.older, newer=found.newer)


def every_line(cases: QuerySet[Any], office: Office, *, today: dt.date) -> Iterator[Line]:
    """Every file of ``find``, oldest first: as a register that is printed is read."""
    for case in _with_papers(cases).order_by("pk").iterator(chunk_size=500):
        yield _line(case, office, today)


def line_of(case: AccountRequest, office: Office, *, today: dt.date) -> Line:
    """The line of one archived case."""
    found = _with_papers(AccountRequest.objects.filter(pk=case.pk)).get()
    return _line(found, office, today)


def counts(office: Office, *, today: dt.date) -> Counts:
    """One query, whatever the number of files."""
    wanted: dict[str, str] = {
        "due_inactive": FileState.DUE_INACTIVE,
        "to_hand_over": FileTask.TO_HAND_OVER,
        "may_be_destroyed": FileTask.MAY_BE_DESTROYED,
        "to_review": FileTask.TO_REVIEW,
        "proposed": FileState.PROPOSED,
    }
    waits = Case(
        *(
            When(standings.in_state(state, office, today), then=Value(name))
            for name, state in wanted.items()
        ),
        default=Value(""),
    )
    cases = find(Filters(), office, today=today).annotate(waits=waits).order_by()
    found = dict(cases.values_list("waits").annotate(files=Count("pk")))
    return Counts(every=sum(found.values()), **{name: int(found.get(name, 0)) for name in wanted})


def years() -> list[int]:
    """The years in which files were archived, newest first."""
    archived = AccountRequest.objects.filter(archived_at__isnull=False)
    return [day.year for day in archived.dates("archived_at", "year", order="DESC")]


def _matching(text: str) -> Q:
    """Numbers, subject and place; people are not searched: a register of files names none."""
    place = ArchiveDescription.objects.filter(pk=OuterRef("description")).filter(
        Q(location__icontains=text)
        | Q(rack__iexact=text)
        | Q(box__iexact=text)
        | Q(code__istartswith=text)
    )
    return (
        Q(archive_number__icontains=text)
        | Q(number__icontains=text)
        | Q(decree_number__icontains=text)
        | Q(subject__icontains=text)
        | Q(archive_location__icontains=text)
        | Q(Exists(place))
    )


def _with_papers(cases: QuerySet[Any]) -> QuerySet[Any]:
    bundles = Document.objects.filter(
        Q(kind=DocumentKind.ARCHIVE_FILE, superseded_at__isnull=True) | Q(addendum__isnull=False)
    ).order_by("addendum")
    return standings.with_records(
        cases.annotate(
            papers=Count("documents", filter=ITEMS), pages=Sum("documents__pages", filter=ITEMS)
        ).prefetch_related(Prefetch("documents", queryset=bundles, to_attr="bundles"))
    )


def _line(case: Any, office: Office, today: dt.date) -> Line:
    found = standings.standing(case, office)
    state = standings.state_of(found, today)
    return Line(
        number=case.archive_number,
        case=case,
        code=found.data.code,
        unit=archive_words.unit(office),
        description=archive_words.description(case),
        period=archive_words.period(case, case.archived_at),
        amount=archive_words.file_amount(case.papers, case.pages or 0, found.data.amount),
        remarks=_remarks(found, state, case),
        standing=found,
        state=state,
        file=next((one for one in case.bundles if one.addendum is None), None),
        addenda=[one for one in case.bundles if one.addendum is not None],
    )


def _remarks(found: Standing, state: FileState, case: Any) -> list[str]:
    data = found.data
    remarks = [
        f"{said('development', data)}, {said('media', data).lower().replace('pdf', 'PDF')}",
        f"Keamanan: {said('security', data).lower()}",
        (
            f"Retensi: aktif {data.active_years} tahun (s.d. "
            f"{words.long_date(found.active_until)}), inaktif {data.inactive_years} tahun (s.d. "
            f"{words.long_date(found.inactive_until)})"
        ),
        f"{LABELS['disposition']}: {said('disposition', data).lower()}",
    ]
    if data.place:
        remarks.append(f"Lokasi: {data.place}")
    remarks += [
        f"{move.get_kind_display()} {words.long_date(move.moved_on)}, diterima {move.received_by}"
        for move in case.moved
    ]
    if state == FileState.APPROVED and found.destruction_approved:
        on = words.long_date(found.destruction_approved)
        remarks.append(f"Disetujui musnah pada {on} ({found.proposal})")
    elif state == FileState.PROPOSED:
        remarks.append(f"Diusulkan musnah ({found.proposal})")
    return remarks
