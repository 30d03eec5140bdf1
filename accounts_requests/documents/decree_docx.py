"""The Konsep SK as DOCX, for offices that finish and sign it in Word or SRIKANDI.

The same words as the PDF (``decree.draft``), with the office's placeholders where another program
fills in number, date and signature. What people typed goes in as plain text runs: it can become
neither a field nor a macro, and characters that XML does not know are left out.
"""

import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import docx
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from accounts_requests.models import AccountRequest
from accounts_requests.states import DocumentKind

from . import decree
from .paper import Margins, Paper, Signatory

_COLUMNS: Final = (
    ("No.", 9),
    ("Nama", 57),
    ("NIP", 46),
    ("Pangkat/Gol.", 34),
    ("Jabatan", 50),
    ("Peran", 25),
    ("Agency", 44),
    ("Berlaku s.d.", 23),
)
_CENTRED: Final = WD_ALIGN_PARAGRAPH.CENTER
_JUSTIFIED: Final = WD_ALIGN_PARAGRAPH.JUSTIFY
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# The bytes of a file do not tell when it was asked for.
_MADE: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001  a DOCX keeps it without a zone


def render(request: AccountRequest, *, at: dt.datetime) -> tuple[bytes, str]:
    """The bytes of the DOCX and its file name, from the record as it stands.

    ``at`` (aware) is the instant of asking. For decrees that are signed outside the application.
    """
    draft = decree.draft(DocumentKind.DECREE_CONCEPT, request, at=at, code="")
    return _Writer(draft.context).write(draft.title), draft.file_name.removesuffix("pdf") + "docx"


def cleaned(text: object) -> str:
    """Text as XML can hold it: one line, no control characters, no halves of characters."""
    return " ".join(_UNSEEN.sub("", str(text)).split())


def harmless(value: Any, placeholders: Sequence[str]) -> Any:
    """What people typed, such that no other program takes it for a placeholder to be filled in.

    ``placeholders`` are the office's own, beside SRIKANDI's way of writing them.
    """
    match value:
        case str():
            text = _UNSEEN.sub("", value).replace("${", "$ {")
            for each in placeholders:  # in capitals too: parts of the SK are set in them
                whole = f"({re.escape(each[0])})(?={re.escape(each[1:])})"
                text = re.sub(whole, r"\1 ", text, flags=re.IGNORECASE)
            return text
        case list() | tuple():
            return type(value)(harmless(each, placeholders) for each in value)
        case dict():
            return {name: harmless(each, placeholders) for name, each in value.items()}
        case decree.Row() | Signatory():
            return replace(value, **harmless(vars(value), placeholders))
        case _:
            return value


class _Writer:
    """Writes one decree; ``context`` is that of the PDF's template."""

    def __init__(self, context: dict[str, Any]) -> None:
        self.office = context["office"]
        own = (
            self.office.placeholder_number,
            self.office.placeholder_date,
            self.office.placeholder_signature,
        )
        # One that is a plain word cannot be told from what people write.
        placeholders = [each for each in own if len(each) > 1 and not each[0].isalnum()]
        self.context = {
            name: harmless(value, placeholders)
            for name, value in context.items()
            if name != "office"
        }
        number, date = context["decree"].decree_number, context["decree"].decree_date
        self.number = self.context["number"] if number else self.office.placeholder_number
        self.number = self.number or context["number"]
        self.dated = context["dated"] if date else self.office.placeholder_date
        self.dated = self.dated or context["dated"]
        self.docx: Docx = docx.Document()

    def write(self, title: str) -> bytes:
        self._set_type()
        self._letterhead()
        self._heading()
        self._body()
        self._signature()
        self._copies()
        self._annex()
        properties = self.docx.core_properties
        properties.title, properties.author = cleaned(title), cleaned(self.office.name)
        properties.comments, properties.last_modified_by = "", ""
        properties.created = properties.modified = _MADE
        out = io.BytesIO()
        self.docx.save(out)
        return out.getvalue()

    def _set_type(self) -> None:
        style = self.docx.styles["Normal"]
        _font(style, _first(self.context["decree_font"]), 12)
        style.paragraph_format.space_after = Pt(0)
        paper: Paper = self.context["decree_paper"]
        margins: Margins = self.context["decree_margins"]
        section = self.docx.sections[0]
        section.page_width, section.page_height = Mm(paper.width), Mm(paper.height)
        self.room = paper.width - margins.left - margins.right
        section.top_margin, section.bottom_margin = Mm(margins.top), Mm(margins.bottom)
        section.left_margin, section.right_margin = Mm(margins.left), Mm(margins.right)

    def _say(
        self,
        text: object,
        *,
        bold: bool = False,
        align: Any = None,
        size: float | None = None,
        before: float = 0,
    ) -> Paragraph:
        paragraph = self.docx.add_paragraph()
        run = paragraph.add_run(cleaned(text))
        run.bold = bold
        if size is not None:
            run.font.size = Pt(size)
        paragraph.alignment = align
        paragraph.paragraph_format.space_before = Mm(before)
        return paragraph

    def _letterhead(self) -> None:
        office = self.office
        if office.emblem:
            picture = self.docx.add_paragraph()
            picture.alignment = _CENTRED
            picture.add_run().add_picture(io.BytesIO(bytes(office.emblem)), height=Mm(22))
        for text, size in (
            (office.government.upper(), 14),
            (office.secretariat.upper(), 14),
            (office.name.upper(), 16),
        ):
            if text:
                self._say(text, bold=True, align=_CENTRED, size=size)
        last = self.docx.paragraphs[-1]
        for text in (office.address, self.context["contact"]):
            if text:
                last = self._say(text, align=_CENTRED, size=9)
        _rule_below(last)

    def _heading(self) -> None:
        holder = self.context["holder"]
        self._say(f"KEPUTUSAN {holder}", bold=True, align=_CENTRED, before=6)
        self._say(f"NOMOR {self.number}", align=_CENTRED, before=1.6)
        self._say("TENTANG", align=_CENTRED, before=1.6)
        self._say(self.context["subject"].upper(), bold=True, align=_CENTRED, before=1.6)
        self._say(f"{holder},", align=_CENTRED, before=1.6)

    def _body(self) -> None:
        context, holder = self.context, self.context["holder"]
        self._part("Menimbang", context["considerations"], letters=True)
        self._part("Mengingat", context["legal_bases"], letters=False)
        if context["noted"]:
            self._part("Memperhatikan", context["noted"], letters=False)
        self._say("MEMUTUSKAN:", bold=True, align=_CENTRED, before=5)
        self._part(
            "Menetapkan", f"KEPUTUSAN {holder} TENTANG {context['subject'].upper()}.", letters=False
        )
        for ordinal, ruling in context["rulings"]:
            if isinstance(ruling, dict):
                self._part(ordinal, ruling["intro"], letters=True)
                self._items(ruling["items"], letters=True)
            else:
                self._part(ordinal, ruling, letters=False)
        last = self.docx.paragraphs[-1].paragraph_format  # goes along with the signature
        last.keep_together = last.keep_with_next = True

    def _part(self, label: str, content: str | list[str], *, letters: bool) -> None:
        """A label, a colon, and its words (or its items, numbered if several) beside it."""
        if not isinstance(content, str) and len(content) == 1:
            content = content[0]
        items = [content] if isinstance(content, str) else content
        for number, item in enumerate(items):
            words = cleaned(item)
            if not isinstance(content, str):
                words = f"{_mark(number, letters=letters)}\t{words}"
            start = f"{label}\t:\t" if number == 0 else "\t\t"
            paragraph = self.docx.add_paragraph(f"{start}{words}")
            self._indent(paragraph, listed=not isinstance(content, str))
            paragraph.paragraph_format.space_before = Mm(3 if number == 0 else 1.2)

    def _items(self, items: list[str], *, letters: bool) -> None:
        for number, item in enumerate(items):
            mark = _mark(number, letters=letters)
            paragraph = self.docx.add_paragraph(f"\t\t{mark}\t{cleaned(item)}")
            self._indent(paragraph, listed=True)

    def _indent(self, paragraph: Paragraph, *, listed: bool) -> None:
        layout = paragraph.paragraph_format
        words = 47 if listed else 39
        layout.left_indent, layout.first_line_indent = Mm(words), Mm(-words)
        for stop in (33, 39, 47) if listed else (33, 39):
            layout.tab_stops.add_tab_stop(Mm(stop))
        paragraph.alignment = _JUSTIFIED

    def _signature(self) -> None:
        """Place and date, the title, room for the signature, the name."""
        signatory: Signatory = self.context["signatory"]
        lines = [
            f"Ditetapkan di {self.office.city}",
            f"pada tanggal {self.dated}",
            *signatory.office_lines,
            self.office.placeholder_signature,
            signatory.name,
            signatory.rank,
            f"NIP {signatory.nip}" if signatory.nip else "",
        ]
        for number, line in enumerate(lines):
            if not line and number != 3:
                continue
            paragraph = self._say(line, before=6 if number == 0 else 0)
            paragraph.paragraph_format.left_indent = Mm(self.room - 85)
            paragraph.paragraph_format.keep_with_next = number < len(lines) - 1
            if line == self.office.placeholder_signature:
                paragraph.paragraph_format.space_before = Mm(8)
                paragraph.paragraph_format.space_after = Mm(8)

    def _copies(self) -> None:
        if not self.context["copies_to"]:
            return
        self._say("Tembusan:", size=10, before=6)
        if len(self.context["copies_to"]) == 1:
            self._say(self.context["copies_to"][0], size=10)
            return
        for number, item in enumerate(self.context["copies_to"], start=1):
            paragraph = self._say(f"{number}.", size=10)
            paragraph.add_run(f"\t{cleaned(item)}").font.size = Pt(10)
            paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(8))

    def _annex(self) -> None:
        section = self.docx.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        paper: Paper = self.context["decree_paper"]
        margins: Margins = self.context["decree_margins"]
        section.page_width, section.page_height = Mm(paper.height), Mm(paper.width)
        self.room = paper.height - 36
        section.left_margin = section.right_margin = Mm(18)
        section.top_margin, section.bottom_margin = Mm(18 + margins.binding), Mm(20)
        for line in (
            "LAMPIRAN",
            f"KEPUTUSAN {self.context['holder']}",
            f"NOMOR\t: {self.number}",
            f"TANGGAL\t: {self.dated.upper() if self._is_dated else self.dated}",
            f"TENTANG\t: {self.context['subject'].upper()}",
        ):
            head, tab, rest = line.partition("\t")
            paragraph = self._say(head, size=10.5)
            paragraph.paragraph_format.left_indent = Mm(self.room - 120)
            if tab:
                paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(self.room - 95))
                paragraph.add_run(f"\t{cleaned(rest)}").font.size = Pt(10.5)
        target = self.office.target_name.upper()
        self._say(
            f"DAFTAR PERSONEL PEMEGANG AKUN PADA APLIKASI {target}",
            bold=True,
            align=_CENTRED,
            before=5,
        )
        self._table()
        self._signature()

    @property
    def _is_dated(self) -> bool:
        return self.context["decree"].decree_date is not None

    def _table(self) -> None:
        table = self.docx.add_table(rows=1, cols=len(_COLUMNS), style="Table Grid")
        table.autofit = False
        for cell, (label, _) in zip(table.rows[0].cells, _COLUMNS, strict=True):
            _fill(cell, label, bold=True)
        _repeat(table.rows[0])
        for row in self.context["rows"]:
            values = (
                row.number,
                row.name,
                row.nip,
                row.rank,
                row.position,
                row.kind,
                row.agency,
                row.valid_until,
            )
            for cell, value in zip(table.add_row().cells, values, strict=True):
                _fill(cell, value)
        for row in table.rows[1:][-2:]:  # two people go along with the signature
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
        for column, (_, width) in zip(table.columns, _COLUMNS, strict=True):
            for cell in column.cells:
                cell.width = Mm(width)


def _mark(number: int, *, letters: bool) -> str:
    if letters and number < len(_LETTERS):
        return f"{_LETTERS[number]}."
    return f"{number + 1}."


def _fill(cell: Any, text: object, *, bold: bool = False) -> None:
    run = cell.paragraphs[0].add_run(cleaned(text))
    run.bold = bold
    run.font.size = Pt(9.5)


def _repeat(row: Any) -> None:
    """Print the heading of the table again on each page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001  python-docx has no name for it


def _rule_below(paragraph: Paragraph) -> None:
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "thickThinSmallGap"), ("sz", "18"), ("space", "4")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)  # noqa: SLF001  python-docx has no name for it


def _font(style: Any, name: str, size: float) -> None:
    style.font.name, style.font.size = name, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:cs", "w:hAnsi"):
        fonts.set(qn(script), name)


def _first(names: str) -> str:
    """The font that Word shall take: the first of a list as CSS has it."""
    return names.split(",", maxsplit=1)[0].strip() or "Bookman Old Style"
