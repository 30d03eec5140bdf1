"""Berkas Arsip: the whole case in one PDF.

In front the register entry and the list of contents, then the pages of every current paper, with
a bookmark each. Every original is attached besides, byte for byte: pages that were merged are for
reading; a signature or a hash is checked on the attachment.
"""

import base64
import datetime as dt
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO

import pikepdf

from accounts_requests import words
from accounts_requests.models import AccountRequest, Document, Office
from accounts_requests.states import DocumentKind, DocumentState

from .paper import Draft, file_name, office_context
from .renderer import RenderedPdf, render_pdf

FRONT_TEMPLATE = "documents/archive_front.html"
SCAN_TEMPLATE = "documents/scan_page.html"

# The order of the file; a concept is no paper of the file once its SK exists.
ORDER = (
    DocumentKind.CONTROL_SHEET,
    DocumentKind.DECREE,
    DocumentKind.DECREE_CORRECTION,
    DocumentKind.FORM,
    DocumentKind.SCAN,
    DocumentKind.ORDER,
    DocumentKind.ORDER_MEMO,
    DocumentKind.ACCOUNT_SHEET,
    DocumentKind.MAIL_PROOF,
    DocumentKind.HAND_OVER_PROOF,
    DocumentKind.OUTSIDE_PROOF,
    DocumentKind.BOUNCE_PROOF,
    DocumentKind.LATE_EVIDENCE,
    DocumentKind.ANSWER_SHEET,
    DocumentKind.ANSWER_PROOF,
    DocumentKind.JUDGEMENT_PAPER,
)
Read = Callable[[Document], bytes]
_MAX_ROUNDS = 4  # the list's own length moves the page numbers that it prints


@dataclass
class _Item:
    document: Document
    original: bytes
    pdf: bytes
    pages: int
    first_page: int = 0

    @property
    def is_foreign(self) -> bool:
        """Whether its pages were made elsewhere: an uploaded PDF, not a picture set by us."""
        return self.document.uploaded and self.pdf is self.original


def render(
    request: AccountRequest, *, at: dt.datetime, identifier: str, code: str, read: Read
) -> tuple[RenderedPdf, Draft]:
    """Bring the file of ``request`` together, archived at ``at``.

    ``read`` gives a document's bytes, checked against its SHA-256 (``papers.read``). Raises
    whatever ``read`` raises, and RenderingFailed.
    """
    items = [_item(document, read(document), at) for document in _documents(request)]
    draft = _front(request, items, at, code)
    front = _set(draft, identifier, at)
    for _ in range(_MAX_ROUNDS):
        before = [item.first_page for item in items]
        page = front.pages + 1
        for item in items:
            item.first_page = page
            page += item.pages
        if before == [item.first_page for item in items]:
            break
        draft = _front(request, items, at, code)
        front = _set(draft, identifier, at)
    return _merged(front, items, at), draft


def _documents(request: AccountRequest) -> list[Document]:
    current = request.documents.filter(
        superseded_at__isnull=True,
        state=DocumentState.STORED,
        kind__in=ORDER,
        addendum__isnull=True,  # what joins later is an addition to the file, not a part of it
    ).select_related("registrant")
    return sorted(
        current,
        key=lambda document: (
            ORDER.index(DocumentKind(document.kind)),
            document.registrant.position_in_list if document.registrant else 0,
            document.pk,
        ),
    )


def _item(document: Document, data: bytes, at: dt.datetime) -> _Item:
    pdf = data
    if document.media_type != "application/pdf":
        picture = base64.b64encode(data).decode()
        context = {
            **office_context(Office.current()),
            "picture": f"data:{document.media_type};base64,{picture}",
            "name": document.title,
        }
        pdf = render_pdf(
            SCAN_TEMPLATE,
            context,
            title=document.title,
            identifier=str(document.public_id),
            created=at,
        ).data
    with pikepdf.open(BytesIO(pdf)) as opened:
        return _Item(document, data, pdf, len(opened.pages))


def _set(draft: Draft, identifier: str, at: dt.datetime) -> RenderedPdf:
    return render_pdf(
        draft.template, draft.context, title=draft.title, identifier=identifier, created=at
    )


def _front(request: AccountRequest, items: list[_Item], at: dt.datetime, code: str) -> Draft:
    office = Office.current()
    kode = request.classification_code or office.classification_code
    first = request.received_at.astimezone(words.ZONE).date()
    last = (request.archived_at or at).astimezone(words.ZONE).date()
    pages = sum(item.pages for item in items)
    context = {
        **office_context(office),
        "case": request,
        "kode": kode,
        "period": f"{words.long_date(first)} s.d. {words.long_date(last)}",
        "unit": office.unit_name or office.name,
        "description": f"Permohonan {request.number}: {request.subject.strip().rstrip('.')}",
        "items": [_line(number, item, kode) for number, item in enumerate(items, start=1)],
        "pages": pages,
        "archived": words.instant(request.archived_at or at),
        "location": request.archive_location or "Arsip elektronik pada aplikasi",
        "code": code,
    }
    name = file_name("Berkas-Arsip", kode, request.archive_number or request.number)
    return Draft(
        FRONT_TEMPLATE,
        context,
        f"Berkas Arsip {request.archive_number} ({request.reference})",
        name,
    )


def _line(number: int, item: _Item, kode: str) -> dict[str, object]:
    document = item.document
    on = document.dated or document.created_at.astimezone(words.ZONE).date()
    return {
        "number": number,
        "kode": kode,
        "description": document.title,
        "dated": f"{on:%d-%m-%Y}",
        "pages": item.pages,
        "development": "Salinan (unggahan)" if document.uploaded else "Asli",
        "version": document.version,
        "first_page": item.first_page,
        "sha256": document.sha256,
    }


def _merged(front: RenderedPdf, items: list[_Item], at: dt.datetime) -> RenderedPdf:
    with ExitStack() as stack:
        whole = stack.enter_context(pikepdf.open(BytesIO(front.data)))
        starts = []
        for item in items:
            # Open until the whole is written: pages are read from their source only then.
            opened = stack.enter_context(pikepdf.open(BytesIO(item.pdf)))
            starts.append(len(whole.pages))
            whole.pages.extend(opened.pages)
        with whole.open_outline() as outline:
            outline.root[:] = [pikepdf.OutlineItem("Kartu dan daftar isi berkas", 0)]
            for item, start in zip(items, starts, strict=True):
                outline.root.append(pikepdf.OutlineItem(item.document.title, start))
        _drop_tags(whole)
        _claim(whole, foreign=any(item.is_foreign for item in items))
        _attach(whole, items, at)
        written = BytesIO()
        # What came in packed stays packed: some of it would fill the machine.
        whole.save(
            written, deterministic_id=True, stream_decode_level=pikepdf.StreamDecodeLevel.none
        )
        return RenderedPdf(data=written.getvalue(), pages=len(whole.pages))


def _drop_tags(whole: pikepdf.Pdf) -> None:
    """Pages leave the tree of their tags behind when they change files: nothing may point to it."""
    for name in ("/StructTreeRoot", "/MarkInfo"):
        if name in whole.Root:
            del whole.Root[name]
    for page in whole.pages:
        for name in ("/StructParents", "/Tabs"):
            if name in page:
                del page[name]
        for annotation in page.get("/Annots", []):
            if "/StructParent" in annotation:
                del annotation["/StructParent"]


def _claim(whole: pikepdf.Pdf, *, foreign: bool) -> None:
    """Claim PDF/A-3b, or nothing when pages came from outside, which may break it."""
    with whole.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        if foreign:
            for name in ("pdfaid:part", "pdfaid:conformance"):
                del metadata[name]
        else:
            metadata["pdfaid:conformance"] = "B"


def _attach(whole: pikepdf.Pdf, items: list[_Item], at: dt.datetime) -> None:
    stamp = f"D:{at.astimezone(dt.UTC):%Y%m%d%H%M%S}Z"
    attached = pikepdf.Array()
    for number, item in enumerate(items, start=1):
        name = f"{number:03}-{item.document.file_name}"
        whole.attachments[name] = pikepdf.AttachedFileSpec(
            whole,
            item.original,
            description=item.document.title,
            filename=name,
            mime_type=item.document.media_type,
            creation_date=stamp,
            mod_date=stamp,
        )
        specification = whole.attachments[name].obj
        specification.AFRelationship = pikepdf.Name.Source
        attached.append(specification)
    whole.Root.AF = attached
