"""Each paper, read aloud from the first word to the last, is the text that was agreed.

What is read is the tree of tags, as a screen reader does, one line for each block and each row of
a table; page numbers, footers and heads that come again overleaf are no part of it. The texts are
in tests/paper_texts; KEEP_TEXTS=1 writes them anew, to be read before they go in. Beside them
stands the record: what a paper prints in tables is made of its rows once more and must be equal.
"""

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from accounts_requests import documents, papers
from accounts_requests.documents import RENDERED_KINDS
from accounts_requests.models import AccountRequest, Registrant
from accounts_requests.states import DocumentKind

from . import paper_cases, paper_story, recorded_facts
from .cases import OfficePeople
from .conftest import TEMPLATES
from .paper_reading import Tag, aloud, tables
from .paper_reading import read as tags_of
from .paper_samples import with_template
from .test_documents import page

TEXTS = Path(__file__).parent / "paper_texts"

# Which template sets which text; a kind of a case's papers is named as it is.
OF_A_CASE = {
    "decree_concept": "decree.html",
    "decree": "decree.html",
    "form": "form.html",
    "order": "order.html",
    "order_memo": "order_memo.html",
    "account_sheet": "account_sheet.html",
    "mail_proof": "mail_proof.html",
    "control_sheet": "control_sheet.html",
}
OF_THE_FILE = {
    "archive_file": "archive_front.html",
    "answer_sheet": "answer_sheet.html",
    "bounce_sheet": "bounce_sheet.html",
    "resend_proof": "resend_proof.html",
    "file_list": "file_list.html",
    "file_contents": "file_contents.html",
    "hand_over": "hand_over.html",
    "destruction_minutes": "destruction_minutes.html",
    "figures": "figures.html",
    "monitoring": "monitoring.html",
    "sop_sheet": "sop_sheet.html",
    "reading_sheet": "reading_sheet.html",
    "scan_page": "scan_page.html",
}

# What differs from run to run, and what a text has in its place.
CHANCE = (
    (re.compile(r"(?<=<contoh)-\d+-\d+(?=@)"), ""),
    (re.compile(r"<[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}@"), "<contoh@"),
    (re.compile(r"(?<=entri )\d+(: )[0-9a-f ]{71}"), r"…\1…"),
    (re.compile(r"(?<=SHA-256 )[0-9a-f ]{71}"), "…"),
    (re.compile(r"\b[0-9a-f]{18,54} [0-9a-f]{10,46}\b"), "…"),
    (re.compile(r"\d+,\d KB"), "… KB"),
    (re.compile(r"(?<=User ID : personel\.\d{3}\.)\d+"), "1"),
    (re.compile(r"(?<=kalender versi )[0-9a-f]{12}"), "…"),
)


def agreed(name: str, read: str) -> str:
    path = TEXTS / f"{name}.txt"
    if os.environ.get("KEEP_TEXTS"):
        path.write_text(read, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def read_aloud(paper: Tag) -> str:
    text = aloud(paper)
    for pattern, instead in CHANCE:
        text = pattern.sub(instead, text)
    return text


def test_a_kind_or_template_of_papers_without_an_agreed_text_is_noticed() -> None:
    ours = {path.name for path in (TEMPLATES / "documents").glob("[!_]*.html")}
    texts = {**OF_A_CASE, **OF_THE_FILE}
    assert set(texts.values()) == ours
    assert {path.stem for path in TEXTS.iterdir()} == set(texts)
    assert {kind.value for kind in RENDERED_KINDS} == set(texts) & set(DocumentKind)


def _of_a_case(case: AccountRequest) -> Iterator[tuple[DocumentKind, dict[str, Any]]]:
    person = Registrant.objects.get(request=case, position_in_list=1)
    for kind, at, values in (
        (DocumentKind.DECREE_CONCEPT, paper_cases.RECEIVED, {}),
        (DocumentKind.DECREE, paper_cases.ISSUED, {}),
        (DocumentKind.FORM, paper_cases.RECEIVED, {"registrant": person}),
        (DocumentKind.ORDER, paper_cases.ORDERED, {}),
        (DocumentKind.ORDER_MEMO, paper_cases.ORDERED, {}),
        (DocumentKind.ACCOUNT_SHEET, paper_cases.CREATED, {}),
        (DocumentKind.MAIL_PROOF, paper_cases.SENT, {}),
        (DocumentKind.CONTROL_SHEET, paper_cases.ARCHIVED, {}),
    ):
        of_the_act = kind in (DocumentKind.ORDER, DocumentKind.ORDER_MEMO)
        row = papers.owe(case, kind, at=at, by=case.created_by) if of_the_act else None
        yield kind, {"request": case, "at": at, "document": row, **values}


@pytest.mark.django_db
def test_the_papers_of_a_case_are_read_as_agreed_and_equal_its_record() -> None:
    case = paper_cases.make_archived(3)
    read, texts, printed, templates = {}, {}, {}, {}
    for kind, values in _of_a_case(case):
        templates[kind.value], data = with_template(
            lambda k=kind, v=values: documents.render(k, **v).data  # type: ignore[misc]
        )
        paper = tags_of(data)
        read[kind.value] = read_aloud(paper)
        texts[kind.value] = agreed(kind.value, read[kind.value])
        printed[kind.value] = recorded_facts.printed(kind, paper)
        if kind == DocumentKind.MAIL_PROOF:
            told = [line for line in aloud(paper).splitlines() if not line.startswith("Yth.")]
    assert templates == OF_A_CASE
    assert read == texts
    given = paper_cases.ORDERED.date()
    assert printed == {
        "decree_concept": recorded_facts.decree(case),
        "decree": recorded_facts.decree(case),
        "form": recorded_facts.form(case.registrants.get(position_in_list=1)),
        "order": recorded_facts.order(case),
        "order_memo": recorded_facts.order_memo(case, given),
        "account_sheet": recorded_facts.account_sheet(case),
        "mail_proof": recorded_facts.mail_proof(case),
        "control_sheet": recorded_facts.control_sheet(case),
    }
    first = next(number for number, line in enumerate(told) if line.startswith("1. "))
    assert recorded_facts.squeezed([told[first:]]) == recorded_facts.squeezed(
        [recorded_facts.mails(case)]
    )


@pytest.mark.django_db
def test_what_is_told_of_a_file_afterwards_is_read_as_agreed_and_equals_the_record(
    office_people: OfficePeople,
) -> None:
    story = paper_story.happened(office_people)
    read, texts, printed, templates = {}, {}, {}, {}
    for name, template, data in paper_story.told(story):
        paper = tags_of(data)
        templates[name] = template
        read[name] = read_aloud(paper)
        texts[name] = agreed(name, read[name])
        printed[name] = recorded_facts.printed(name, paper)
    assert templates == OF_THE_FILE
    assert read == texts
    assert printed == recorded_facts.of_the_file(story)


def test_a_table_over_several_pages_is_one_table_whose_head_is_read_once() -> None:
    rows = "".join(f"<tr><td>{number}</td><td>Contoh</td></tr>" for number in range(1, 121))
    head = "<tr><th scope='col'>No.</th><th scope='col'>Nama</th></tr>"
    paper = page(f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>").data
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        assert len(pdf.pages) > 2
    read = tags_of(paper)
    assert tables(read) == [[[str(number), "Contoh"] for number in range(1, 121)]]
    assert aloud(read).count("No. Nama") == 1
