"""Paket bukti: several cases handed over in answer to one request letter.

Asked for here and made by the worker, one case at a time (``evidence_making``); what was handed
over stays on record for good, the bytes for a few weeks.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from accounts_requests import audit, case_register, clock, permissions
from accounts_requests.case_register import Filters
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.key_pages import KeyPage, page_of
from accounts_requests.models import (
    AccountRequest,
    AuditEntry,
    EvidenceItem,
    EvidencePackage,
    EvidencePart,
    User,
)
from accounts_requests.report_periods import Period
from accounts_requests.states import Act

# So many cases in one package: more is a copy of the office, for which there are backups.
MOST_CASES = 100
PAGE_SIZE = 25
# The bytes of a finished package are kept this long; a further one can always be made.
KEPT_FOR = dt.timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The letter that is answered, and who asked (an office, or a person in it)."""

    number: str
    date: dt.date
    subject: str
    requester: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """A package as people read it.

    ``total`` and ``stored`` count the cases; ``taken`` are the entries of those who took the ZIP,
    the first of them first; ``is_kept`` says whether its bytes are still there.
    """

    package: EvidencePackage
    cases: Sequence[EvidenceItem]
    total: int
    stored: int
    failed: int
    is_finished: bool
    is_kept: bool
    taken: Sequence[AuditEntry]

    @property
    def is_owed(self) -> bool:
        """Whether the worker still has something to do for it."""
        return not self.is_finished and not self.failed


def ask(letter: Letter, cases: Sequence[AccountRequest], *, actor: User) -> EvidencePackage:
    """Have the worker make a package of ``cases``, in their order; audited.

    Raises NotPermitted, and InvalidInput with sentences by field: ``number``, ``date``,
    ``subject``, ``requester``, ``cases``.
    """
    role = permissions.require_report_reader(actor)
    _require_sense(letter, cases)
    at = clock.now()
    package = EvidencePackage(
        letter_number=letter.number,
        letter_date=letter.date,
        subject=letter.subject,
        requester=letter.requester,
        asked_by=actor,
        asked_as=permissions.title_of(role, actor),
        asked_at=at,
    )
    with transaction.atomic():
        package.save(force_insert=True)
        EvidenceItem.objects.bulk_create(
            EvidenceItem(package=package, request=case, position=position)
            for position, case in enumerate([*cases, None], start=1)
        )
        audit.record(
            Act.ASK_EVIDENCE,
            actor=actor,
            at=at,
            role=package.asked_as[:60],
            label=name_of(package),
            summary=f"Paket bukti {len(cases)} permohonan diminta untuk menjawab surat "
            f"{letter.number}.",
            changes={
                "cases": [case.number for case in cases],
                "letter_date": letter.date.isoformat(),
                "requester": audit.hashed(letter.requester),
            },
            rows=[package],
        )
    return package


def _require_sense(letter: Letter, cases: Sequence[AccountRequest]) -> None:
    errors: dict[str, list[str]] = {}
    for name, text, what in (
        ("number", letter.number, "nomor surat"),
        ("subject", letter.subject, "perihal surat"),
        ("requester", letter.requester, "siapa yang meminta"),
    ):
        if not text.strip():
            errors[name] = [f"Tuliskan {what}."]
    if letter.date > clock.today():
        errors["date"] = ["Tanggal surat belum tiba. Periksa tanggal pada surat permintaan."]
    if not cases:
        errors["cases"] = ["Pilih sekurang-kurangnya satu permohonan."]
    elif len(cases) > MOST_CASES:
        errors["cases"] = [
            (
                f"Satu paket memuat paling banyak {MOST_CASES} permohonan; yang dipilih "
                f"{len(cases)}. Buat beberapa paket untuk surat yang sama."
            )
        ]
    if errors:
        raise InvalidInput(errors)


def choosable(
    filters: Filters, since: dt.date | None, until: dt.date | None, *, at: dt.datetime
) -> list[Any]:
    """The cases to choose from, oldest first: one more than fits into a package at most.

    Those of the register that match and were received between the days ``since`` and ``until``
    (of the office, both included; None for no end). None at all while nothing is asked for.
    """
    if not filters.are_set and since is None and until is None:
        return []
    found = case_register.find(filters, at=at, reads_people=True)
    if since is not None:
        found = found.filter(received_at__gte=Period(since, since).begin)
    if until is not None:
        found = found.filter(received_at__lt=Period(until, until).end)
    return list(found.order_by("pk")[: MOST_CASES + 1])


def name_of(package: EvidencePackage) -> str:
    """The file's name: ``paket-bukti-0007.zip``."""
    return f"paket-bukti-{package.pk:04}.zip"


def page(*, before: int | None = None, after: int | None = None) -> KeyPage[Any]:
    """What was handed over and what is being made, newest first, for ``told``. Two queries."""
    return page_of(_rows(), size=PAGE_SIZE, before=before, after=after)


def find(public_id: object) -> Told | None:
    """The package with this identifier."""
    return next(iter(told(list(_rows().filter(public_id=public_id)))), None)


def _rows() -> "QuerySet[Any, Any]":
    cases = EvidenceItem.objects.filter(request__isnull=False).select_related("request")
    whole = Q(items__request__isnull=True)
    stored = Q(items__state=EvidenceItem.State.STORED)
    return (
        EvidencePackage.objects.select_related("asked_by", "hand_over")
        .prefetch_related(Prefetch("items", cases.order_by("position"), to_attr="cases"))
        .annotate(
            total=Count("items", filter=~whole, distinct=True),
            stored=Count("items", filter=~whole & stored, distinct=True),
            failed=Count("items", filter=Q(items__state=EvidenceItem.State.FAILED), distinct=True),
            is_kept=Exists(
                EvidencePart.objects.filter(
                    item__package=OuterRef("pk"), item__request__isnull=True
                )
            ),
        )
    )


def told(packages: Sequence[Any]) -> list[Told]:
    """The packages of ``page`` with who took them: one query for all."""
    taken: dict[str, list[AuditEntry]] = {}
    names = [name_of(package) for package in packages]
    entries = AuditEntry.objects.filter(
        request__isnull=True, act=Act.EXPORT, object_label__in=names
    )
    for entry in entries.order_by("sequence") if names else ():
        taken.setdefault(entry.object_label, []).append(entry)
    return [
        Told(
            package=package,
            cases=package.cases,
            total=package.total,
            stored=package.stored,
            failed=package.failed,
            is_finished=hasattr(package, "hand_over"),
            is_kept=package.is_kept,
            taken=taken.get(name_of(package), ()),
        )
        for package in packages
    ]


def retry(package: EvidencePackage, *, actor: User) -> int:
    """Hand what was given up to the worker again; returns how many files. Raises NotPermitted."""
    permissions.require_report_reader(actor)
    failed = package.items.filter(state=EvidenceItem.State.FAILED)
    return failed.update(
        state=EvidenceItem.State.OWED, attempts=0, next_attempt_at=None, last_error=""
    )


def chunks(package: EvidencePackage) -> Iterator[bytes]:
    """The bytes of a finished package, a stretch at a time.

    Raises NotAllowedNow before it is finished, and after its bytes were taken away.
    """
    item = package.items.get(request__isnull=True)
    if item.state != EvidenceItem.State.STORED:
        raise NotAllowedNow(
            "Paket bukti ini masih disiapkan. Muat ulang halaman beberapa saat lagi."
        )
    if not item.parts.exists():
        raise NotAllowedNow(
            f"Isi paket bukti dihapus {KEPT_FOR.days} hari setelah disusun. Daftar dan SHA-256-nya "
            "tetap tercatat. Buat paket baru bila isinya diperlukan lagi."
        )
    return parts_of(item)


def parts_of(item: EvidenceItem) -> Iterator[bytes]:
    """The stored bytes of one item, one stretch in memory at a time."""
    rows = EvidencePart.objects.filter(item=item).order_by("position")
    for pk in rows.values_list("pk", flat=True):
        yield bytes(EvidencePart.objects.values_list("data", flat=True).get(pk=pk))
