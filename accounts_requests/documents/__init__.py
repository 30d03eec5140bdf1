"""The papers of a case, one module per kind; ``render`` makes any of them.

Rendering touches no row: it may be done before the transaction that stores the result
(``papers.store_rendered``) or by the worker (``papers.render_claimed``).
"""

import datetime as dt
import functools
import hashlib
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings

from accounts_requests import document_codes
from accounts_requests.models import AccountRequest, Document, Registrant, User
from accounts_requests.states import DocumentKind

from . import (
    account_sheet,
    answer_sheet,
    archive_file,
    bounce_sheet,
    control_sheet,
    decree,
    decree_docx,
    form,
    mail_proof,
    order,
    resend_proof,
)
from .paper import Draft, Rendered
from .renderer import render_html, render_pdf

__all__ = [
    "RENDERED_KINDS",
    "Rendered",
    "concept_on_screen",
    "form_number",
    "order_on_screen",
    "render",
    "render_docx",
    "template_version",
]

RENDERED_KINDS = frozenset(
    {
        DocumentKind.DECREE_CONCEPT,
        DocumentKind.DECREE,
        DocumentKind.FORM,
        DocumentKind.ORDER,
        DocumentKind.ORDER_MEMO,
        DocumentKind.ACCOUNT_SHEET,
        DocumentKind.MAIL_PROOF,
        DocumentKind.BOUNCE_SHEET,
        DocumentKind.RESEND_PROOF,
        DocumentKind.ANSWER_SHEET,
        DocumentKind.CONTROL_SHEET,
        DocumentKind.ARCHIVE_FILE,
    }
)
"""The others come in from outside and are stored as they are."""

form_number = form.number_of
render_docx = decree_docx.render


def render(
    kind: str,
    request: AccountRequest,
    *,
    at: dt.datetime,
    registrant: Registrant | None = None,
    document: Document | None = None,
    read: Callable[[Document], bytes] | None = None,
) -> Rendered:
    """Make the paper of ``kind`` for ``request`` as of ``at`` (aware: the instant of the act).

    ``registrant`` is the person of a FORM. ``document`` is the row that the paper is owed by, if
    there is one: the same row, record and ``at`` give the same bytes. ``read`` gives the bytes of
    stored papers and is needed for ARCHIVE_FILE alone. Writes nothing.

    Raises RenderingFailed when the paper cannot be made, ValueError for a kind that is not
    rendered here or that lacks what it needs.
    """
    public_id = document.public_id if document else uuid.uuid4()
    code = document_codes.code_of(public_id)
    identifier = f"{kind}:{public_id}"
    if kind == DocumentKind.ARCHIVE_FILE:
        if read is None:
            raise ValueError("The archive file needs the bytes of the stored papers.")
        pdf, draft = archive_file.render(
            request, at=at, identifier=identifier, code=code, read=read
        )
    else:
        draft = _draft(
            DocumentKind(kind), request, at, registrant=registrant, document=document, code=code
        )
        pdf = render_pdf(
            draft.template, draft.context, title=draft.title, identifier=identifier, created=at
        )
    return Rendered(
        data=pdf.data,
        pages=pdf.pages,
        title=draft.title,
        file_name=draft.file_name,
        template_version=template_version(),
        public_id=public_id,
    )


def concept_on_screen(
    request: AccountRequest,
    *,
    at: dt.datetime,
    notes: Sequence[str] = (),
    people: Sequence[Registrant] | None = None,
) -> str:
    """The Konsep SK of ``request``, whose values need not be stored, as a page of HTML.

    The same words from the same template as the paper, for a frame beside the form; ``notes``
    are sentences for the page that shows it. ``people`` are given where the case itself is not
    stored yet. Writes nothing.
    """
    draft = decree.draft(DocumentKind.DECREE_CONCEPT, request, at=at, code="", people=people)
    return _on_screen(draft, "decree", at=at, notes=notes)


def order_on_screen(
    kind: DocumentKind, request: AccountRequest, *, at: dt.datetime, signer: User
) -> str:
    """The order of ``request`` as ``signer`` would give it at ``at``, as a page of HTML.

    ``kind`` is ORDER or ORDER_MEMO. Like ``concept_on_screen``: nothing is written, and nothing
    on it says that it was approved.
    """
    draft = order.draft(kind, request, at=at, code="", document=None, signer=signer)
    draft.context["approved_at"] = ""
    return _on_screen(draft, "letter", at=at)


def _on_screen(draft: Draft, genre: str, *, at: dt.datetime, notes: Sequence[str] = ()) -> str:
    """``draft`` without its page breaks, on the paper and within the margins of its genre."""
    context = {
        **draft.context,
        "on_screen": True,
        "notes": notes,
        "screen_paper": draft.context[f"{genre}_paper"],
        "screen_margins": draft.context[f"{genre}_margins"],
    }
    return render_html(draft.template, context, title=draft.title, created=at)


# Papers on the case as a whole, as its record stands.
_SHEETS: dict[DocumentKind, Callable[..., Draft]] = {
    DocumentKind.ACCOUNT_SHEET: account_sheet.draft,
    DocumentKind.MAIL_PROOF: mail_proof.draft,
    DocumentKind.CONTROL_SHEET: control_sheet.draft,
}


# Papers on what became of the messages to one person, as additions to an archived file.
_ON_MESSAGES: dict[DocumentKind, Callable[..., Draft]] = {
    DocumentKind.BOUNCE_SHEET: bounce_sheet.draft,
    DocumentKind.RESEND_PROOF: resend_proof.draft,
}


def _draft(
    kind: DocumentKind,
    request: AccountRequest,
    at: dt.datetime,
    *,
    registrant: Registrant | None,
    document: Document | None,
    code: str,
) -> Draft:
    match kind:
        case DocumentKind.DECREE_CONCEPT | DocumentKind.DECREE:
            return decree.draft(kind, request, at=at, code=code)
        case DocumentKind.FORM:
            if registrant is None:
                raise ValueError("A Formulir is one person's.")
            return form.draft(registrant, at=at)
        case DocumentKind.ORDER | DocumentKind.ORDER_MEMO:
            return order.draft(kind, request, at=at, code=code, document=document)
        case DocumentKind.ACCOUNT_SHEET | DocumentKind.MAIL_PROOF | DocumentKind.CONTROL_SHEET:
            return _SHEETS[kind](request, at=at, code=code)
        case DocumentKind.BOUNCE_SHEET | DocumentKind.RESEND_PROOF:
            if document is None or registrant is None:
                raise ValueError(f"A paper of kind {kind} is about one person's messages.")
            return _ON_MESSAGES[kind](registrant, at=at, code=code, document=document)
        case DocumentKind.ANSWER_SHEET:
            if document is None or document.answer is None:
                raise ValueError("A Lembar Pertanggungjawaban is about one answer.")
            return answer_sheet.draft(document.answer, at=at, code=code, document=document)
        case _:
            raise ValueError(f"{kind} comes in from outside; it is never rendered.")


@functools.cache
def template_version() -> str:
    """A hash of all templates of papers: which wording and layout a stored paper had."""
    digest = hashlib.sha256()
    for folder in (Path(directory) for directory in settings.TEMPLATES[0]["DIRS"]):
        for path in sorted((folder / "documents").glob("*")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
