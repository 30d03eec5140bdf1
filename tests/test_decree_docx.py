"""The Konsep SK for Word and SRIKANDI: the words of the PDF, and nothing that acts."""

import io
import re
import zipfile
from collections import Counter

import docx
import pytest
from docx.table import Table

from accounts_requests import documents
from accounts_requests.documents.paper import DOTS
from accounts_requests.models import AccountRequest, Office
from accounts_requests.signatures.examination import words
from accounts_requests.states import DocumentKind, SigningMethod

from . import paper_cases as cases

pytestmark = pytest.mark.django_db

PLACEHOLDERS = {"${nomor_naskah}": DOTS, "${tanggal_naskah}": DOTS, "${ttd_pengirim}": ""}


def docx_of(case: AccountRequest) -> bytes:
    data, name = documents.render_docx(case, at=cases.RECEIVED)
    assert name.endswith(".docx")
    return data


def told(data: bytes) -> str:
    """Every word of a DOCX in the order in which a reader meets it."""
    found = []
    for part in docx.Document(io.BytesIO(data)).iter_inner_content():
        if isinstance(part, Table):
            found += [cell.text for row in part.rows for cell in row.cells]
        else:
            found.append(part.text)
    return "\n".join(found)


def of_pdf(case: AccountRequest) -> str:
    """The words of the PDF, without the numbers of its pages."""
    data = documents.render(DocumentKind.DECREE_CONCEPT, case, at=cases.RECEIVED).data
    return re.sub(r"– \d+ –", "", words(data) or "")


def closed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("numbered", [False, True], ids=["to be numbered", "numbered"])
def test_the_docx_says_what_the_pdf_says(*, numbered: bool) -> None:
    case = cases.make_draft(3, signing_method=SigningMethod.CERTIFIED, noted="Surat usulan")
    if numbered:
        case.decree_number, case.decree_date = "000.3/1/B.PBJ-II/2026", cases.ISSUED.date()
    text = told(docx_of(case))
    expected = (
        ["${ttd_pengirim}"]
        if numbered
        else ["${nomor_naskah}", "${tanggal_naskah}", "${ttd_pengirim}"]
    )
    assert sorted(set(re.findall(r"\$\{\w+\}", text))) == expected
    for placeholder, blank in PLACEHOLDERS.items():
        text = text.replace(placeholder, blank)
    # A PDF draws its labels first: so piece by piece, and no letter more or less.
    printed = closed(of_pdf(case))
    pieces = [closed(piece) for piece in re.split(r"[\n\t]", text)]
    assert [piece for piece in pieces if piece not in printed] == []
    assert Counter(closed(text)) == Counter(printed)


def test_what_people_typed_is_text_and_nothing_else() -> None:
    case = cases.make_draft(1, signing_method=SigningMethod.INK)
    case.subject = "Akun ${ttd_pengirim} \x07<w:fldSimple w:instr='DDE'/>\ufffe =cmd()"
    case.considerations = "{ MERGEFIELD nama }\nbahwa \ud800 perlu"
    case.noted = "surat ${nomor_naskah}"
    with zipfile.ZipFile(io.BytesIO(docx_of(case))) as package:
        names = package.namelist()
        body = package.read("word/document.xml").decode()
    assert [name for name in names if "vba" in name.lower() or "embed" in name.lower()] == []
    assert "<w:fldSimple" not in body
    assert "<w:instrText" not in body
    assert "&lt;W:FLDSIMPLE W:INSTR='DDE'/&gt; =CMD()" in body
    assert "surat $ {nomor_naskah}" in body
    # What the office itself puts in: heading and Lampiran, and both signatures.
    assert (body.count("${nomor_naskah}"), body.count("${ttd_pengirim}")) == (2, 2)
    assert "bahwa perlu" in body


def test_no_placeholder_can_be_typed_whichever_the_office_has_and_however_it_is_hidden() -> None:
    case = cases.make_draft(1, signing_method=SigningMethod.INK)
    Office.objects.update(placeholder_number="<<NOMOR>>", placeholder_signature="[[ttd]]")
    case.subject = "Akun <<nomor>> dan $\ufffe{tanggal_naskah}"
    case.noted = "surat [[ttd]] dan [\ufffe[ttd]]"
    text = told(docx_of(case))
    assert (text.count("<<NOMOR>>"), text.count("[[ttd]]")) == (2, 2)
    assert "surat [ [ttd]] dan [ [ttd]]" in text
    assert "AKUN < <NOMOR>> DAN $ {TANGGAL_NASKAH}" in text


def test_it_has_the_paper_and_the_type_of_the_office() -> None:
    case = cases.make_draft(1, signing_method=SigningMethod.INK)
    made = docx.Document(io.BytesIO(docx_of(case)))
    sides = [
        round(side.mm)
        for section in made.sections
        for side in (section.page_width, section.page_height)
        if side is not None
    ]
    assert sides == [215, 330, 330, 215]
    assert made.styles["Normal"].font.name == "URW Bookman"


def test_it_has_the_margins_of_the_office_and_the_lampiran_room_for_binding() -> None:
    case = cases.make_draft(1, signing_method=SigningMethod.INK)
    Office.objects.update(
        decree_margin_top=30,
        decree_margin_right=15,
        decree_margin_bottom=12,
        decree_margin_left=40,
    )
    made = docx.Document(io.BytesIO(docx_of(case)))
    sides = [
        round(side.mm)
        for section in made.sections
        for side in (
            section.top_margin,
            section.right_margin,
            section.bottom_margin,
            section.left_margin,
        )
        if side is not None
    ]
    assert sides == [30, 15, 12, 40, 18 + 15, 18, 20, 18]


@pytest.mark.parametrize(
    ("noted", "begins"),
    [
        ("Surat usulan", "Memperhatikan\t:\tSurat usulan."),
        ("Surat usulan\nNota", "Memperhatikan\t:\t1.\tSurat usulan;"),
    ],
    ids=["one", "two"],
)
def test_a_single_entry_bears_no_number(noted: str, begins: str) -> None:
    case = cases.make_draft(
        1, signing_method=SigningMethod.INK, noted=noted, considerations="bahwa", copies_to="Bupati"
    )
    text = told(docx_of(case))
    assert begins in text
    assert "Menimbang\t:\tbahwa." in text
    assert "Tembusan:\nBupati." in text
    case.copies_to = "Bupati\nInspektur"
    assert "Tembusan:\n1.\tBupati;\n2.\tInspektur." in told(docx_of(case))


def test_the_last_words_stay_with_the_signature() -> None:
    made = docx.Document(io.BytesIO(docx_of(cases.make_draft(4, signing_method=SigningMethod.INK))))
    kept = [part.text for part in made.paragraphs if part.paragraph_format.keep_with_next]
    assert any(text.startswith("KELIMA") for text in kept)
    rows = made.tables[0].rows
    assert [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in rows] == [
        False,
        False,
        False,
        True,
        True,
    ]
