"""Salinan cetak: the pages of an archived file for the printer, each marked as a copy.

Made when somebody asks and never kept. It is not PDF/A and claims nothing: pages from outside are
among its own, and what proves anything is the archived file with the originals inside.
"""

import base64
import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from pikepdf import Name

from accounts_requests.models import AccountRequest, Document, Office
from accounts_requests.states import DocumentKind, DocumentState

from .archive_file import Read, originals_of
from .paper import file_name, office_context
from .renderer import RenderedPdf, render_pdf

SCAN_TEMPLATE = "documents/scan_page.html"
FRONT = "Lembar Kendali, daftar isi, dan kartu berkas"
MARK = "SALINAN CETAK"

_MM = 72 / 25.4
# Our own papers leave at least 8 mm empty at the top. A page from outside gets a strip of its own
# above it, so that nothing on it is covered: printers fit the larger sheet to the paper.
_BASELINE = 6.5 * _MM
_STRIP = 9 * _MM
_SIDE = 12 * _MM
_FONT = Name.SalinanCetak
_FONT_SIZE = 7.0
_SMALLEST = 0.5
_A4 = (0.0, 0.0, 595.0, 842.0)
# How wide a letter of Helvetica is at most on average, as a share of its size.
_LETTER = 0.58


@dataclass(frozen=True)
class _Part:
    """Pages that follow each other, under one bookmark."""

    title: str
    pdf: bytes
    is_ours: bool


def render(
    request: AccountRequest, file: Document, *, at: dt.datetime, read: Read
) -> tuple[RenderedPdf, str]:
    """The copy of ``file``, the stored archive file of ``request``, with its name.

    In the file's order: its own pages, the originals but the control sheet (which those pages
    begin with), then what joined later. ``read`` as for ``archive_file.render``; ``at`` (aware)
    dates the pages that pictures are set on. Raises whatever ``read`` raises, and RenderingFailed.
    """
    data = read(file)
    whole = pikepdf.new()
    with ExitStack() as stack:
        stack.enter_context(whole)
        starts: list[tuple[str, int]] = []
        ours: list[bool] = []
        for part in _parts(request, data, at=at, read=read):
            # Open until the whole is written: pages are read from their source only then.
            opened = stack.enter_context(pikepdf.open(BytesIO(part.pdf)))
            starts.append((part.title, len(whole.pages)))
            ours += [part.is_ours] * len(opened.pages)
            whole.pages.extend(opened.pages)
        with whole.open_outline() as outline:
            outline.root.extend(pikepdf.OutlineItem(title, start) for title, start in starts)
        _mark(whole, ours, request.archive_number)
        whole.docinfo["/Title"] = f"Salinan cetak {file.title}"
        whole.Root.Lang = pikepdf.String("id")
        written = BytesIO()
        # What came in packed stays packed: some of it would fill the machine.
        whole.save(written, stream_decode_level=pikepdf.StreamDecodeLevel.none)
        made = RenderedPdf(data=written.getvalue(), pages=len(whole.pages))
    return made, file_name("Salinan-Cetak", file.file_name.removesuffix(".pdf"))


def _parts(request: AccountRequest, data: bytes, *, at: dt.datetime, read: Read) -> Iterator[_Part]:
    yield _Part(FRONT, data, is_ours=True)
    if not _holds_the_pages(data):
        kept = [each for each in originals_of(request) if each.kind != DocumentKind.CONTROL_SHEET]
        yield from _set(kept, at, read)
    later = request.documents.filter(
        addendum__isnull=False, state=DocumentState.STORED, superseded_at__isnull=True
    )
    yield from _set(later.order_by("addendum"), at, read)


def _holds_the_pages(data: bytes) -> bool:
    """Whether the originals' pages are in the file already, as in files made before they were not.

    Merging took the tags away; a file that only carries attachments has its own.
    """
    with pikepdf.open(BytesIO(data)) as file:
        return Name.StructTreeRoot not in file.Root


def _set(papers: Iterable[Document], at: dt.datetime, read: Read) -> Iterator[_Part]:
    for paper in papers:
        data = read(paper)
        title = f"Tambahan ke-{paper.addendum}: {paper.title}" if paper.addendum else paper.title
        if paper.media_type == "application/pdf":
            yield _Part(title, data, is_ours=not paper.uploaded)
        else:
            yield _Part(title, _picture_page(paper, data, at), is_ours=True)


def _picture_page(paper: Document, data: bytes, at: dt.datetime) -> bytes:
    context = {
        **office_context(Office.current()),
        "picture": f"data:{paper.media_type};base64,{base64.b64encode(data).decode()}",
        "name": paper.title,
    }
    return render_pdf(
        SCAN_TEMPLATE, context, title=paper.title, identifier=str(paper.public_id), created=at
    ).data


# -- the mark -------------------------------------------------------------------------------------


def _mark(whole: pikepdf.Pdf, ours: list[bool], archive_number: str) -> None:
    """Say on every page that it is a copy, of which file, and which page of how many."""
    font = whole.make_indirect(
        pikepdf.Dictionary(
            Type=Name.Font,
            Subtype=Name.Type1,
            BaseFont=Name.Helvetica,
            Encoding=Name.WinAnsiEncoding,
        )
    )
    for number, (page, is_ours) in enumerate(zip(whole.pages, ours, strict=True), start=1):
        _drop_tags(page)
        _require_fonts(page)
        page.add_resource(font, Name.Font, _FONT, replace_existing=True)
        said = f"{MARK} · Berkas Arsip {archive_number} · halaman {number} dari {len(ours)}"
        strip = 0 if is_ours else _STRIP
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(b"\nQ\n" + _drawn(page, said, strip))


def _drawn(page: pikepdf.Page, said: str, strip: float) -> bytes:
    """The mark at the top of the page as it is read, whichever way it is turned.

    A ``strip`` (points) is added to the sheet there first, and made white.
    """
    left, bottom, right, top = _sheet(page)
    width, height = right - left, top - bottom
    match _turned(page):
        case 90:
            added = (left - strip, bottom, left, top)
            box = (left - strip, bottom, right, top)
            turn, across = (0, 1, -1, 0), height
            start = (box[0] + _BASELINE, bottom + _SIDE)
        case 180:
            added = (left, bottom - strip, right, bottom)
            box = (left, bottom - strip, right, top)
            turn, across = (-1, 0, 0, -1), width
            start = (right - _SIDE, box[1] + _BASELINE)
        case 270:
            added = (right, bottom, right + strip, top)
            box = (left, bottom, right + strip, top)
            turn, across = (0, -1, 1, 0), height
            start = (box[2] - _BASELINE, top - _SIDE)
        case _:
            added = (left, top, right, top + strip)
            box = (left, bottom, right, top + strip)
            turn, across = (1, 0, 0, 1), width
            start = (left + _SIDE, box[3] - _BASELINE)
    drawn = ""
    if strip:
        page.mediabox = page.cropbox = pikepdf.Array(box)
        white = (added[0], added[1], added[2] - added[0], added[3] - added[1])
        drawn = f"q 1 g {_numbers(white)} re f Q "
    # On a narrow page in smaller letters rather than cut off.
    size = max(_SMALLEST, min(_FONT_SIZE, (across - 2 * _SIDE) / (len(said) * _LETTER)))
    matrix = _numbers((*turn, *start))
    text = f"q 0.25 g BT {_FONT} {size:.2f} Tf {matrix} Tm ({said}) Tj ET Q\n"
    return (drawn + text).encode("cp1252", "replace")


# What came in is as strange as it likes, as long as it opens (``uploads``): one page of it must not
# keep all the others from being printed.


def _sheet(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of what is seen of the page."""
    for box in (page.cropbox, page.mediabox):
        try:
            x1, y1, x2, y2 = (float(side) for side in box)
        except (TypeError, ValueError):
            continue
        if x1 != x2 and y1 != y2:
            return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
    return _A4


def _turned(page: pikepdf.Page) -> int:
    """By how many degrees the page is turned for its reader; 0 where it says no number."""
    try:
        return int(page.get(Name.Rotate, 0)) % 360
    except (TypeError, ValueError):
        return 0


def _require_fonts(page: pikepdf.Page) -> None:
    """Leave out fonts that are none: nothing on the page can be drawn with them."""
    resources = page.get(Name.Resources)
    if isinstance(resources, pikepdf.Dictionary) and not isinstance(
        resources.get(Name.Font, pikepdf.Dictionary()), pikepdf.Dictionary
    ):
        del resources[Name.Font]


def _numbers(values: Iterable[float]) -> str:
    return " ".join(f"{value:.2f}" for value in values)


def _drop_tags(page: pikepdf.Page) -> None:
    """Pages leave the tree of their tags behind when they change files: nothing may point to it."""
    for name in (Name.StructParents, Name.Tabs):
        if name in page:
            del page[name]
    annotations = page.get(Name.Annots)
    for annotation in annotations if isinstance(annotations, pikepdf.Array) else ():
        if isinstance(annotation, pikepdf.Dictionary) and Name.StructParent in annotation:
            del annotation[Name.StructParent]
