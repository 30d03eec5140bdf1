"""The papers of a case as rows: owed, rendered once, stored with their SHA-256, never changed.

An owed row is the worker's job. A newer version supersedes the one before; both are kept.
"""

import datetime as dt
import hashlib
import logging
from collections.abc import Iterable

from django.db import DatabaseError, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from accounts_requests import addenda, audit, documents
from accounts_requests.documents import Rendered
from accounts_requests.documents.paper import file_name
from accounts_requests.exceptions import WorkflowError
from accounts_requests.models import (
    AccountRequest,
    DeviationAnswer,
    Document,
    DocumentContent,
    Registrant,
    User,
)
from accounts_requests.states import ABOUT_THE_DECREE, Act, DocumentKind, DocumentState
from accounts_requests.uploads import PDF, Upload, pages_of

logger = logging.getLogger(__name__)

# Seconds until the next try, after the first, second, … failure; after the last one: FAILED.
BACK_OFF_SECONDS = (30, 2 * 60, 10 * 60, 60 * 60)
MAX_ATTEMPTS = len(BACK_OFF_SECONDS) + 1
# A claim older than this belongs to a worker that is gone: 200 people take half a minute.
STALE_AFTER = dt.timedelta(minutes=10)

# Several of these stand side by side; every other kind has one current version.
_SIDE_BY_SIDE = (
    *ABOUT_THE_DECREE,
    DocumentKind.SCAN,
    DocumentKind.HAND_OVER_PROOF,
    DocumentKind.OUTSIDE_PROOF,
    DocumentKind.LATE_EVIDENCE,
    DocumentKind.BOUNCE_PROOF,
    DocumentKind.RESEND_PROOF,
    DocumentKind.ANSWER_PROOF,
    DocumentKind.JUDGEMENT_PAPER,
)
_SUFFIXES = {PDF: ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


class PaperDamaged(WorkflowError):
    """The stored bytes are not the ones that were stored."""


class PaperNotReady(WorkflowError):
    """The paper is owed still, or could not be made."""


# -- what is there ------------------------------------------------------------------------------


def owed(request: AccountRequest) -> int:
    """How many current papers of the case are not there yet, those that failed included."""
    return _current(request).exclude(state=DocumentState.STORED).count()


def failed(request: AccountRequest) -> int:
    """How many current papers of the case were given up: a person must see to them."""
    return _current(request).filter(state=DocumentState.FAILED).count()


def read(document: Document) -> bytes:
    """The bytes of a stored paper, compared with their SHA-256.

    Raises PaperNotReady before it is stored, PaperDamaged when the bytes are gone or differ.
    """
    if document.state != DocumentState.STORED:
        raise PaperNotReady(
            f"Dokumen “{document.title}” masih disiapkan. Muat ulang halaman beberapa saat lagi."
        )
    contents = DocumentContent.objects.filter(document_id=document.pk)
    data = contents.values_list("data", flat=True).first()
    if data is None or hashlib.sha256(bytes(data)).hexdigest() != document.sha256:
        logger.error("document %s differs from its SHA-256", document.pk)
        raise PaperDamaged(
            f"Isi dokumen “{document.title}” tidak sama dengan saat disimpan (SHA-256 berbeda), "
            "sehingga tidak ditampilkan. Laporkan kepada Pengelola Aplikasi."
        )
    return bytes(data)


def _current(request: AccountRequest) -> QuerySet[Document]:
    return request.documents.filter(superseded_at__isnull=True)


# -- what is owed and stored; each part of the caller's transaction ------------------------------


def owe(
    request: AccountRequest,
    kind: str,
    *,
    at: dt.datetime,
    by: User | None,
    registrant: Registrant | None = None,
    answer: DeviationAnswer | None = None,
    number: str = "",
    dated: dt.date | None = None,
) -> Document:
    """Leave a paper to the worker: a new version of ``kind`` for the case, the person, the answer.

    ``at`` (UTC) is the instant of the act and what the paper will tell; ``by`` whoever acted.
    Raises ValueError for a kind that is never rendered.
    """
    if kind not in documents.RENDERED_KINDS:
        raise ValueError(f"{kind} is never rendered.")
    if kind == DocumentKind.FORM and registrant is not None:
        number = number or documents.form_number(registrant)
    label = DocumentKind(kind).label
    title = f"{label} {registrant.full_name}" if registrant else f"{label} {request.reference}"
    if answer is not None:
        number, title = answer.number, f"{label} {answer.number}"
    return Document.objects.create(
        request=request,
        registrant=registrant,
        answer=answer,
        addendum=addenda.next_number(request, kind, answer),
        kind=kind,
        version=_next_version(request, kind, registrant, at, answer),
        title=title[:250],
        number=number,
        dated=dated,
        created_by=by,
        created_at=at,
        next_attempt_at=at,
    )


def store_rendered(
    request: AccountRequest,
    kind: str,
    rendered: Rendered,
    *,
    at: dt.datetime,
    by: User | None,
    registrant: Registrant | None = None,
    number: str = "",
    dated: dt.date | None = None,
) -> Document:
    """Store a paper that was rendered before the transaction, as the current version."""
    document = Document(
        request=request,
        registrant=registrant,
        kind=kind,
        public_id=rendered.public_id,
        version=_next_version(request, kind, registrant, at),
        number=number,
        dated=dated,
        created_by=by,
        created_at=at,
    )
    _fill(document, rendered)
    document.save(force_insert=True)
    DocumentContent.objects.create(document=document, data=rendered.data)
    return document


def store_upload(
    request: AccountRequest,
    kind: str,
    upload: Upload,
    media_type: str,
    *,
    at: dt.datetime,
    by: User | None,
    title: str,
    registrant: Registrant | None = None,
    answer: DeviationAnswer | None = None,
    number: str = "",
    dated: dt.date | None = None,
    concerns: list[int] | None = None,
) -> Document:
    """Store a file that came in, its bytes untouched; ``media_type`` is what its content is.

    The caller has had it checked (``uploads``). Corrections, scans and proofs stand beside each
    other; any other kind supersedes its former version. ``concerns`` as the model tells it.
    """
    stem = file_name(DocumentKind(kind).label, number or title).removesuffix(".pdf")
    document = Document(
        request=request,
        registrant=registrant,
        answer=answer,
        addendum=addenda.next_number(request, kind, answer),
        concerns=concerns,
        kind=kind,
        version=_next_version(request, kind, registrant, at, answer),
        state=DocumentState.STORED,
        title=title[:250],
        number=number,
        dated=dated,
        file_name=f"{stem}{_SUFFIXES[media_type]}",
        media_type=media_type,
        sha256=hashlib.sha256(upload.data).hexdigest(),
        size=len(upload.data),
        pages=pages_of(upload.data) if media_type == PDF else 1,
        uploaded=True,
        created_by=by,
        created_at=at,
    )
    document.save(force_insert=True)
    DocumentContent.objects.create(document=document, data=upload.data)
    return document


def supersede(request: AccountRequest, kinds: Iterable[str], *, at: dt.datetime) -> int:
    """Take the current papers of ``kinds`` out of force without a successor; returns how many.

    What was owed of them is owed no more; what was stored stays readable.
    """
    return _current(request).filter(kind__in=list(kinds)).update(superseded_at=at)


def release(request: AccountRequest, *, at: dt.datetime) -> int:
    """Drop what is still owed (the case was cancelled); stored papers stay. Returns how many."""
    return _current(request).exclude(state=DocumentState.STORED).update(superseded_at=at)


def _next_version(
    request: AccountRequest,
    kind: str,
    registrant: Registrant | None,
    at: dt.datetime,
    answer: DeviationAnswer | None = None,
) -> int:
    """The version that comes next; the current one, if there is one, is superseded at ``at``."""
    if kind in _SIDE_BY_SIDE:
        return 1
    same = request.documents.filter(kind=kind, registrant=registrant, answer=answer)
    last = same.aggregate(last=Max("version"))["last"] or 0
    same.filter(superseded_at__isnull=True).update(superseded_at=at)
    return int(last) + 1


def _fill(document: Document, rendered: Rendered) -> None:
    document.state = DocumentState.STORED
    document.title = rendered.title[:250]
    document.file_name = rendered.file_name
    document.sha256 = hashlib.sha256(rendered.data).hexdigest()
    document.size = len(rendered.data)
    document.pages = rendered.pages
    document.template_version = rendered.template_version


# -- the worker's part --------------------------------------------------------------------------


def claim_owed(at: dt.datetime, *, request: AccountRequest | None = None) -> Document | None:
    """Claim the owed paper (of ``request`` alone, if given) due the longest; None when none is.

    The archive file is due only when every other current paper of its case is there. One
    conditional UPDATE decides: two workers never hold the same paper.
    """
    missing = (
        Document.objects.filter(request=OuterRef("request"), superseded_at__isnull=True)
        .exclude(state=DocumentState.STORED)
        .exclude(kind=DocumentKind.ARCHIVE_FILE)
        .exclude(addendum__isnull=False)
    )
    due = (
        Document.objects.filter(
            state=DocumentState.OWED,
            superseded_at__isnull=True,
            claimed_at__isnull=True,
        )
        .filter(_is_due(at))
        .filter(~Q(kind=DocumentKind.ARCHIVE_FILE) | ~Exists(missing))
        .order_by("next_attempt_at", "pk")
    )
    if request is not None:
        due = due.filter(request=request)
    while (pk := due.values_list("pk", flat=True).first()) is not None:
        claimed = Document.objects.filter(
            pk=pk,
            state=DocumentState.OWED,
            superseded_at__isnull=True,
            claimed_at__isnull=True,
        ).update(claimed_at=at)
        if claimed:
            return Document.objects.select_related(
                "request__sop_revision",
                "request__assignee",
                "registrant",
                "created_by",
                "answer",
            ).get(pk=pk)
    return None


def _is_due(at: dt.datetime) -> Q:
    """What never failed goes at once, what waits when its time has come.

    A time beyond the longest back-off was written by a clock that has been set back since.
    """
    longest = dt.timedelta(seconds=max(BACK_OFF_SECONDS))
    return Q(attempts=0) | Q(next_attempt_at__lte=at) | Q(next_attempt_at__gt=at + longest)


def render_claimed(document: Document, at: dt.datetime) -> bool:
    """Render a claimed paper outside any transaction, then store it. False when it failed.

    The paper tells the instant of its act (``created_at``), not ``at``. A failure is logged and
    tried again after BACK_OFF_SECONDS; after MAX_ATTEMPTS the paper is FAILED and a person must
    see to it. Nothing is stored when the paper was superseded, or the claim lost, meanwhile.
    The audit trail tells of what was stored, with its SHA-256.
    """
    try:
        rendered = documents.render(
            document.kind,
            document.request,
            at=document.created_at,
            registrant=document.registrant,
            document=document,
            read=read,
        )
    except Exception as error:
        logger.exception("document %s (%s) could not be rendered", document.pk, document.kind)
        # What a database quotes is not kept: it may be about people.
        told = "" if isinstance(error, DatabaseError) else str(error)
        _put_back(document, at, told or type(error).__name__)
        return False
    with transaction.atomic():
        # Conditional, as the claim was: the row itself decides between two who think they hold it.
        held = Document.objects.filter(
            pk=document.pk,
            state=DocumentState.OWED,
            claimed_at=document.claimed_at,
            superseded_at__isnull=True,
        )
        _fill(document, rendered)
        stored = held.update(
            state=document.state,
            title=document.title,
            file_name=document.file_name,
            sha256=document.sha256,
            size=document.size,
            pages=document.pages,
            template_version=document.template_version,
            attempts=F("attempts") + 1,
            claimed_at=None,
            next_attempt_at=None,
            last_error="",
        )
        if stored:
            DocumentContent.objects.create(document=document, data=rendered.data)
            audit.record(
                Act.STORE_DOCUMENT,
                actor=None,
                at=at,
                request=document.request,
                label=f"{DocumentKind(document.kind).label} {document.public_id}",
                summary=f"{DocumentKind(document.kind).label} disiapkan dan disimpan.",
                changes={"sha256": document.sha256},
                rows=[document],
            )
    return True


def release_stale(at: dt.datetime) -> int:
    """Take papers back from workers that are gone; returns how many.

    It counts as an attempt: a paper that brings down whoever renders it must not go round for
    ever.
    """
    stale = Document.objects.filter(
        # Further ahead than clocks may differ: the clock was set back since.
        Q(claimed_at__lte=at - STALE_AFTER) | Q(claimed_at__gt=at + STALE_AFTER),
        state=DocumentState.OWED,
        superseded_at__isnull=True,
    )
    taken = [_put_back(document, at, "Penyiapan terhenti di tengah jalan.") for document in stale]
    return sum(taken)


def _put_back(document: Document, at: dt.datetime, error: str) -> bool:
    attempts = document.attempts + 1
    failed = attempts >= MAX_ATTEMPTS
    wait = dt.timedelta(seconds=0 if failed else BACK_OFF_SECONDS[attempts - 1])
    return bool(
        Document.objects.filter(
            pk=document.pk, state=DocumentState.OWED, claimed_at=document.claimed_at
        ).update(
            state=DocumentState.FAILED if failed else DocumentState.OWED,
            attempts=attempts,
            claimed_at=None,
            next_attempt_at=None if failed else at + wait,
            last_error=error[:250],
        )
    )
