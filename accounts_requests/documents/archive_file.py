"""Berkas Arsip: one PDF/A-3a that carries the whole case.

Its own pages are the control sheet, the list of contents and the register entry. Every original is
attached, byte for byte, with its SHA-256 in the list; no page of theirs is merged into the file, so
it stays tagged and valid whatever came in, and a signature on an original stays valid too. For the
printer there is a copy of its own (``print_copy``).
"""

import datetime as dt
from collections.abc import Callable
from io import BytesIO

import pikepdf
from django.template.defaultfilters import filesizeformat

from accounts_requests import archive_standing, archive_words, words
from accounts_requests.archive_contents import ORDER
from accounts_requests.archive_rules import said
from accounts_requests.models import AccountRequest, Document, Office
from accounts_requests.states import DocumentKind, DocumentState

from . import control_sheet
from .paper import Draft, file_name
from .renderer import RenderedPdf, render_pdf

FRONT_TEMPLATE = "documents/archive_front.html"

Read = Callable[[Document], bytes]


def render(
    request: AccountRequest, *, at: dt.datetime, identifier: str, code: str, read: Read
) -> tuple[RenderedPdf, Draft]:
    """Bring the file of ``request`` together, archived at ``at`` (aware).

    ``read`` gives a document's bytes, checked against its SHA-256 (``papers.read``); one original
    at a time is read. Raises whatever ``read`` raises, and RenderingFailed.
    """
    originals = originals_of(request)
    draft = _front(request, originals, at, code)
    front = render_pdf(
        draft.template, draft.context, title=draft.title, identifier=identifier, created=at
    )
    return _with_originals(front, originals, read), draft


def attachment_name(number: int, document: Document) -> str:
    """What the original is called inside the file: its place in the list, then its own name."""
    return f"{number:03}-{document.file_name}"


def originals_of(request: AccountRequest) -> list[Document]:
    """The papers that the file carries, in its order."""
    current = request.documents.filter(
        superseded_at__isnull=True,
        state=DocumentState.STORED,
        kind__in=ORDER,
        addendum__isnull=True,  # what joins later is an addition to the file, not a part of it
    ).select_related("registrant", "request")
    return sorted(
        current,
        key=lambda document: (
            ORDER.index(DocumentKind(document.kind)),
            document.registrant.position_in_list if document.registrant else 0,
            document.pk,
        ),
    )


def _front(request: AccountRequest, originals: list[Document], at: dt.datetime, code: str) -> Draft:
    """The control sheet as the closed record has it, then the list and the register entry.

    The entry says what the *data kearsipan* say at the making, in the words of the register.
    """
    sheet = control_sheet.draft(request, at=at, code=code)
    office = Office.current()
    archived_at = request.archived_at or at
    data, days = archive_standing.record_of(request, office, archived_at)
    pages = sum(document.pages for document in originals)
    context = {
        **sheet.context,
        "file": {
            "kode": data.code,
            "period": archive_words.period(request, archived_at),
            "unit": archive_words.unit(office),
            "description": archive_words.description(request),
            "items": [
                _line(number, each, data.code) for number, each in enumerate(originals, start=1)
            ],
            "amount": archive_words.file_amount(len(originals), pages, data.amount),
            "security": said("security", data),
            "archived": words.instant(archived_at),
            "facts": archive_words.facts(data, days),
        },
    }
    return Draft(
        FRONT_TEMPLATE,
        context,
        f"Berkas Arsip {request.archive_number} ({request.reference})",
        file_name("Berkas-Arsip", data.code, request.archive_number or request.number),
    )


def _line(number: int, document: Document, kode: str) -> dict[str, object]:
    on = document.dated or document.created_at.astimezone(words.ZONE).date()
    return {
        "number": number,
        "kode": kode,
        "description": document.title,
        "attachment": attachment_name(number, document),
        "dated": f"{on:%d-%m-%Y}",
        "amount": archive_words.paper_amount(document.pages),
        "size": filesizeformat(document.size),
        "development": archive_words.development_of(document),
        "version": document.version,
        "sha256": document.sha256,
    }


def _with_originals(front: RenderedPdf, originals: list[Document], read: Read) -> RenderedPdf:
    """The front with every original attached; what it claims to be stays true.

    PDF/A-3 asks of an attachment that the file names it (AF), says what it is to the file and of
    which kind it is.
    """
    with pikepdf.open(BytesIO(front.data)) as whole:
        attached = pikepdf.Array()
        for number, document in enumerate(originals, start=1):
            stamp = f"D:{document.created_at.astimezone(dt.UTC):%Y%m%d%H%M%S}Z"
            name = attachment_name(number, document)
            whole.attachments[name] = pikepdf.AttachedFileSpec(
                whole,
                read(document),
                description=document.title,
                filename=name,
                mime_type=document.media_type,
                creation_date=stamp,
                mod_date=stamp,
            )
            specification = whole.attachments[name].obj
            specification.AFRelationship = pikepdf.Name.Source
            attached.append(specification)
        whole.Root.AF = attached
        written = BytesIO()
        # Papers and pictures are packed already: packing them again costs time and saves nothing,
        # and what came in packed is not unpacked, for some of it would fill the machine.
        whole.save(
            written,
            deterministic_id=True,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
        )
        return RenderedPdf(data=written.getvalue(), pages=len(whole.pages))
