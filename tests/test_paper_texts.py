"""Each paper, read aloud from the first word to the last, is the text that was agreed.

What is read is the tree of tags, as a screen reader does, one line for each block and each row of
a table; page numbers and footers are no part of it. The texts are in tests/paper_texts;
KEEP_TEXTS=1 writes them anew, to be read before they go in.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from accounts_requests import documents, papers
from accounts_requests.models import Registrant
from accounts_requests.states import DocumentKind

from . import paper_cases as cases

pytestmark = pytest.mark.django_db

TEXTS = Path(__file__).parent / "paper_texts"
ROW_NUMBERS = re.compile(r"(?<=<contoh)-\d+-\d+(?=@)")
BLOCKS = {"Div", "P", "H1", "H2", "H3", "LI", "TR"}


def read_aloud(paper: bytes) -> str:
    """The text of a tagged PDF in the order of its tags."""
    told = subprocess.run(
        ["pdfinfo", "-struct-text", "-"], input=paper, capture_output=True, check=True
    )
    lines: list[list[str]] = [[]]
    for line in told.stdout.decode().splitlines():
        tag, _, text = line.strip().partition('"')
        if not tag:
            lines[-1].append(text.removesuffix('"').strip())
        elif tag.split(" ")[0] in BLOCKS:
            lines.append([])
    return "".join(f"{' '.join(filter(None, line))}\n" for line in lines if any(line))


def _papers() -> Iterator[tuple[DocumentKind, dict[str, Any]]]:
    case = cases.make_archived(3)
    person = Registrant.objects.get(request=case, position_in_list=1)
    for kind, at, values in (
        (DocumentKind.DECREE_CONCEPT, cases.RECEIVED, {}),
        (DocumentKind.DECREE, cases.ISSUED, {}),
        (DocumentKind.FORM, cases.RECEIVED, {"registrant": person}),
        (DocumentKind.ORDER, cases.ORDERED, {}),
        (DocumentKind.ORDER_MEMO, cases.ORDERED, {}),
        (DocumentKind.ACCOUNT_SHEET, cases.CREATED, {}),
        (DocumentKind.MAIL_PROOF, cases.SENT, {}),
        (DocumentKind.CONTROL_SHEET, cases.ARCHIVED, {}),
    ):
        of_the_act = kind in (DocumentKind.ORDER, DocumentKind.ORDER_MEMO)
        row = papers.owe(case, kind, at=at, by=case.created_by) if of_the_act else None
        yield kind, {"request": case, "at": at, "document": row, **values}


def test_every_paper_says_what_the_record_says_in_the_order_in_which_it_is_read() -> None:
    read, agreed = {}, {}
    for kind, values in _papers():
        paper = documents.render(kind, **values)
        read[kind] = ROW_NUMBERS.sub("", read_aloud(paper.data))
        path = TEXTS / f"{kind}.txt"
        if os.environ.get("KEEP_TEXTS"):
            path.write_text(read[kind], encoding="utf-8")
        agreed[kind] = path.read_text(encoding="utf-8")
    assert read == agreed
