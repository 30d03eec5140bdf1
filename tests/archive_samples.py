"""A whole archived file with every kind of original in it, for whoever judges its bytes."""

import datetime as dt
import io

import pikepdf
from PIL import Image

from accounts_requests import papers
from accounts_requests.models import AccountRequest, Document
from accounts_requests.states import DocumentKind
from accounts_requests.uploads import Upload

from . import paper_cases as cases


def picture(ending: str) -> bytes:
    """A grey scan as ``JPEG`` or ``PNG``."""
    file = io.BytesIO()
    Image.new("RGB", (300, 500), "grey").save(file, ending)
    return file.getvalue()


def foreign_pdf(pages: int = 1, *, rotate: int = 0) -> bytes:
    """Pages made elsewhere: letter paper, neither tagged nor PDF/A, turned by ``rotate``."""
    file = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(612, 792)).rotate(rotate, relative=False)
        pdf.save(file)
    return file.getvalue()


def archived(people: int = 2, *, with_foreign_pdf: bool = False) -> tuple[AccountRequest, Document]:
    """An archived case with all its papers rendered, two scans among them; and its archived file.

    ``with_foreign_pdf`` adds a Ralat SK that was uploaded as a PDF of another program.
    """
    case = cases.make_archived(people)
    for person in case.registrants.all():
        _owe(case, DocumentKind.FORM, cases.RECEIVED, registrant=person)
    for kind, at in (
        (DocumentKind.DECREE_CONCEPT, cases.RECEIVED),
        (DocumentKind.DECREE, cases.ISSUED),
        (DocumentKind.ORDER, cases.ORDERED),
        (DocumentKind.ACCOUNT_SHEET, cases.CREATED),
        (DocumentKind.MAIL_PROOF, cases.SENT),
        (DocumentKind.CONTROL_SHEET, cases.ARCHIVED),
    ):
        _owe(case, kind, at)
    for ending, media_type in (("JPEG", "image/jpeg"), ("PNG", "image/png")):
        papers.store_upload(
            case,
            DocumentKind.SCAN,
            Upload(f"pindai.{ending}", picture(ending)),
            media_type,
            at=cases.RECEIVED,
            by=case.created_by,
            title=f"Pindai {ending}",
        )
    if with_foreign_pdf:
        # It came before the archiving: what comes later is an addition to the file.
        case.archived_at, archived_at = None, case.archived_at
        papers.store_upload(
            case,
            DocumentKind.DECREE_CORRECTION,
            Upload("ralat.pdf", foreign_pdf()),
            "application/pdf",
            at=cases.ORDERED,
            by=case.created_by,
            title="Ralat SK nomor 1",
            number="1",
        )
        case.archived_at = archived_at
    document = _owe(case, DocumentKind.ARCHIVE_FILE, cases.ARCHIVED)
    while (owed := papers.claim_owed(cases.ARCHIVED)) is not None:
        assert papers.render_claimed(owed, cases.ARCHIVED)
    document.refresh_from_db()
    return case, document


def archive_file() -> bytes:
    """The bytes of an archived file that carries papers of ours, pictures and a foreign PDF."""
    return papers.read(archived(with_foreign_pdf=True)[1])


def _owe(case: AccountRequest, kind: DocumentKind, at: dt.datetime, **values: object) -> Document:
    return papers.owe(case, kind, at=at, by=case.created_by, **values)  # type: ignore[arg-type]  # keywords of owe
