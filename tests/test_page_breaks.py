"""Where a paper's pages break: two lines of text at least go along with a signature, no label or
number stands alone, and everything keeps within the margins that the office has set.

Each paper is made in a row of lengths around the one at which its signature no longer fits, and
read back from the positions of its words.
"""

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from accounts_requests import clock, documents, monitoring, papers, questionnaires
from accounts_requests.documents import monitoring_paper, paper
from accounts_requests.models import AccountRequest, DeviationAnswer, Document, Office
from accounts_requests.roles import Role
from accounts_requests.states import DocumentKind

from . import accountability_cases, monitoring_cases
from . import paper_cases as cases
from .cases import OfficePeople
from .paper_lines import Sheet, sheets_of

pytestmark = pytest.mark.django_db

MILLIMETRE = 72 / 25.4
FEET = (
    "Konsep, belum",
    "Disetujui di dalam aplikasi. ",
    "Lembar Pertanggungjawaban P",
    "Pemantauan penerapan",
)
NUMBER = re.compile(r"– \d+ –|\d+|")
ALONE = re.compile(
    r"(?:(?:Menimbang|Mengingat|Memperhatikan|Menetapkan|K[A-Z]+|Dasar|Kepada|Untuk|Tembusan) ?:?)?"
    r" ?(?:\d+\.|[a-z]\.)?|MEMUTUSKAN:|MEMERINTAHKAN:|[A-G]\. [A-Z]\w+"
)


def body_of(sheet: Sheet) -> list[str]:
    """What the page says, without its number and its foot."""
    texts = sheet.texts()
    if NUMBER.fullmatch(texts[0]):
        texts = texts[1:]
    return list(itertools.takewhile(lambda text: not text.startswith(FEET), texts))


def before(pdf: bytes, signature: str) -> int:
    """How many lines stand before ``signature`` on the last page that has it.

    Asserts that no page ends in a label or number without its words.
    """
    pages = [body_of(sheet) for sheet in sheets_of(pdf)]
    for page in pages[:-1]:
        assert ALONE.fullmatch(page[-1]) is None, page[-3:]
    signed = [page for page in pages if any(signature in line for line in page)]
    return next(n for n, line in enumerate(signed[-1]) if signature in line)


def sweep(make: Callable[[int], bytes], lengths: Iterable[int], signature: str) -> None:
    """Two lines stand before ``signature``, whatever the length; it was tried across a page."""
    made = {length: make(length) for length in lengths}
    pages = [len(sheets_of(pdf)) for pdf in made.values()]
    assert pages[-1] == pages[0] + 1, pages
    found = {length: before(pdf, signature) for length, pdf in made.items()}
    assert {length: lines for length, lines in found.items() if lines < 2} == {}


def lines(count: int, word: str = "kata") -> str:
    """A text of ``count`` paragraphs of one line each."""
    return "\n".join([word] * count)


@pytest.mark.parametrize(
    ("kind", "signature", "lengths"),
    [
        (DocumentKind.ORDER, "Dikeluarkan di", range(4, 12)),
        (DocumentKind.ORDER_MEMO, "Kepala LPSE,", range(10, 18)),
    ],
)
def test_a_letter_takes_two_lines_along_with_its_signature(
    kind: DocumentKind, signature: str, lengths: range
) -> None:
    case = cases.make_archived(1)
    row = papers.owe(case, kind, at=cases.ORDERED, by=case.created_by)

    def make(length: int) -> bytes:
        case.order_note = " ".join(["kata"] * 13 * length)
        return documents.render(kind, case, at=cases.ORDERED, document=row).data

    sweep(make, lengths, signature)


def test_an_order_to_many_leaves_neither_label_nor_number_alone() -> None:
    case = cases.make_archived(1)
    case.assignee = None  # the order names every Admin PPE
    row = papers.owe(case, DocumentKind.ORDER, at=cases.ORDERED, by=case.created_by)
    for number in range(1, 9):
        cases.make_user(
            f"Contoh Petugas {number}", Role.ADMIN_PPE, nip=f"19900101201503200{number}"
        )
        before(
            documents.render(DocumentKind.ORDER, case, at=cases.ORDERED, document=row).data,
            "Dikeluarkan di",
        )


def test_an_sk_takes_its_last_diktum_and_its_tembusan_along_with_its_signature() -> None:
    def make(length: int) -> bytes:
        case = draft_of(lines(length))
        return documents.render(DocumentKind.DECREE_CONCEPT, case, at=cases.ISSUED).data

    sweep(make, range(35, 40), "Ditetapkan di Samarinda")
    *_, last, _annex = sheets_of(make(39))
    assert body_of(last)[0].startswith("KELIMA :")
    assert body_of(last)[-3:] == ["Tembusan:", "1. Satu;", "2. Dua."]


def draft_of(considerations: str, **changes: Any) -> AccountRequest:
    """A draft whose SK is as long as its considerations are."""
    return cases.make_draft(
        1, considerations=considerations, legal_bases="satu\ndua", copies_to="Satu\nDua", **changes
    )


def test_a_lampiran_takes_two_people_along_with_its_signature() -> None:
    case = draft_of("a")
    case.registrants.update(position="Staf", title_before="", title_after="")
    found = {}
    for count in range(2, 12):
        cases.make_person(case, count, position="Staf", title_before="", title_after="")
        pdf = documents.render(DocumentKind.DECREE_CONCEPT, case, at=cases.ISSUED).data
        annex = [body_of(sheet) for sheet in sheets_of(pdf) if "Berlaku" in " ".join(sheet.texts())]
        before(pdf, "Ditetapkan di Samarinda")
        named = [line for line in annex[-1] if re.search(r"\b\d{8} \d{6} 1 \d{3}\b", line)]
        found[count] = (len(annex), len(named) - len(["the signer"]))
    assert {sheets for sheets, _people in found.values()} == {1, 2}
    assert {count: people for count, (_sheets, people) in found.items() if people < 2} == {}


def test_a_lembar_pertanggungjawaban_takes_two_lines_along_with_its_signatures(
    office_people: OfficePeople, without_guard_rails: None
) -> None:
    case = accountability_cases.late_step3(office_people)
    with clock.moved_to(accountability_cases.LATER):
        answer = accountability_cases.answered(case, actor=office_people.admin1)
        accountability_cases.accepted(answer, actor=office_people.kepala)
        row = answer.documents.get(kind=DocumentKind.ANSWER_SHEET)

        def make(length: int) -> bytes:
            DeviationAnswer.objects.update(prevention=lines(length))
            fresh = Document.objects.get(pk=row.pk)
            return documents.render(
                DocumentKind.ANSWER_SHEET, case, at=clock.now(), document=fresh
            ).data

        sweep(make, range(8, 30), "Admin PPE,")


def test_a_monitoring_takes_two_lines_along_with_its_signature(office_people: OfficePeople) -> None:
    with clock.moved_to(dt.datetime(2026, 7, 31, 2, tzinfo=dt.UTC)):
        lines_of_table = monitoring_cases.prepared()
        report = monitoring.drafted(
            monitoring_cases.PERIOD,
            monitoring.revision_for(monitoring_cases.PERIOD),
            lines_of_table,
            monitoring_cases.all_well(lines_of_table),
            questionnaires.in_use(),
            actor=office_people.kepala,
            role=monitoring.require_judge(office_people.kepala),
            at=clock.now(),
        )

        def make(length: int) -> bytes:
            report.verdict_reason = lines(length)
            return monitoring_paper.render(report).data

        sweep(make, range(14, 30), "Kepala LPSE,")


# -- margins -------------------------------------------------------------------------------------


def edges(sheet: Sheet) -> tuple[float, float, float, float]:
    """How far the page's words stay from its upper, right, lower and left edge, in millimetres."""
    inner = [line for line in sheet.lines if line.text in body_of(sheet)]
    white = (
        min(line.top for line in inner),
        sheet.width - max(line.right for line in inner),
        sheet.height - max(line.bottom for line in inner),
        min(line.left for line in inner),
    )
    return tuple(round(side / MILLIMETRE, 1) for side in white)  # type: ignore[return-value]  # four


def widened(genre: str, *sides: int) -> None:
    """The office's margins of a genre, from the top clockwise."""
    named = zip(paper.SIDES, sides, strict=True)
    Office.objects.update(**{f"{genre}_margin_{side}": value for side, value in named})


def within(found: tuple[float, ...], margins: tuple[float, ...]) -> bool:
    """Do the words leave these margins? To a millimetre: justified lines are read back wider."""
    return all(white > margin - 1 for white, margin in zip(found, margins, strict=True))


def test_an_sk_keeps_within_the_widest_margins_and_its_lampiran_leaves_room_for_binding() -> None:
    case = draft_of(" ".join(["bahwa perlu"] * 200), subject="Akun " * 60)
    widened("decree", 60, 55, 60, 60)
    pdf = documents.render(DocumentKind.DECREE_CONCEPT, case, at=cases.ISSUED).data
    sheets = sheets_of(pdf)
    upright = [edges(sheet) for sheet in sheets if sheet.height > sheet.width]
    turned = [edges(sheet) for sheet in sheets if sheet.height < sheet.width]
    assert len(upright) > 4
    assert [white for white in upright if not within(white, (60, 55, 60, 60))] == []
    assert [white for white in turned if not within(white, (18 + 35, 18, 20, 18))] == []
    assert int(turned[0][0]) == 18 + 35, "what is left on top is left for the binding"


@pytest.mark.parametrize("kind", [DocumentKind.ORDER, DocumentKind.ORDER_MEMO])
def test_a_letter_keeps_within_the_margins_of_its_office(kind: DocumentKind) -> None:
    case = cases.make_archived(3, order_note=" ".join(["utamakan Helpdesk"] * 40))
    row = papers.owe(case, kind, at=cases.ORDERED, by=case.created_by)
    for margins in ((18, 20, 20, 25), (10, 10, 10, 10), (60, 50, 60, 60)):
        widened("letter", *margins)
        made = documents.render(kind, case, at=cases.ORDERED, document=row).data
        found = [edges(sheet) for sheet in sheets_of(made)]
        assert [white for white in found if not within(white, margins)] == []
        assert found[0][3] < margins[3] + 1, "the text begins at the margin"


def test_what_is_left_for_the_binding_of_letters_is_left_on_every_other_sheet() -> None:
    case = cases.make_archived(3)
    kinds = {DocumentKind.FORM: 3, DocumentKind.MAIL_PROOF: 3, DocumentKind.ACCOUNT_SHEET: 0}
    kinds[DocumentKind.CONTROL_SHEET] = 0
    found: dict[DocumentKind, list[float]] = {kind: [] for kind in kinds}
    for left in (20, 25, 40):
        widened("letter", 18, 20, 20, left)
        for kind, side in kinds.items():
            person = case.registrants.get(position_in_list=1)
            made = documents.render(kind, case, at=cases.ARCHIVED, registrant=person).data
            found[kind].append(edges(sheets_of(made)[0])[side])
    for kind, (narrow, usual, wide) in found.items():
        assert (narrow, round(wide - usual)) == (usual, 15), kind
