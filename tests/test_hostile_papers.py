"""Text that wants to be more than text: in every field that is printed, and in every cell."""

import io
import re
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pytest
from django.db.models import CharField, JSONField, Model, TextField
from openpyxl.utils.escape import unescape

from accounts_requests import documents, papers, seeding
from accounts_requests.documents import sop_sheet
from accounts_requests.models import (
    Account,
    AccountRequest,
    AnsweredDeviation,
    Attestation,
    Bounce,
    Deviation,
    DeviationAnswer,
    DeviationCause,
    Document,
    Message,
    Office,
    Registrant,
    SopRequirement,
    SopRevision,
    SopStep,
    User,
)
from accounts_requests.roles import Role
from accounts_requests.spreadsheets import people_template, register_export
from accounts_requests.spreadsheets.register_export import RegisterRow
from accounts_requests.states import DocumentKind

from . import paper_cases

pytestmark = pytest.mark.django_db

PROJECT = Path(__file__).resolve().parent.parent

# Short enough for the shortest of the fields, each in its turn.
TRICKS = (
    "<img src=file:///etc/passwd>",
    "<style>@import url(http://a.b)</style>",
    "</style><link rel=stylesheet href=//a.b>",
    "<svg><image href=file:///etc/passwd />",
    "url(file:///etc/passwd)",
    "{% include 'a' %}{{ office }}",
    "<!--<a rel=attachment href=/etc/passwd>",
    "\"'><object data=file:///etc/passwd>",
)
# What the database or the papers themselves bind to a few values is not free text.
BOUND = {
    "account_kind",
    "request_kind",
    "employment",
    "state",
    "stage",
    "signing_method",
    "kind",
    "aspect",
    "rule",
    "key",
    "number",
    "outcome",
    "default_signing_method",
    "order_document",
    "decree_paper",
    "letter_paper",
    "user_id_pattern",
    "decree_number_pattern",
    "username",
    "password",
    "email",
    "message_id",
    "executor",
    "limit_unit",
    "limit_start",
    "limit_basis",
    "nik",
    "user_id",
    "proposed_user_id",
}
PRINTED: tuple[type[Model], ...] = (
    Account,
    AccountRequest,
    Attestation,
    Deviation,
    Message,
    Office,
    Registrant,
    SopRequirement,
    SopRevision,
    SopStep,
    User,
)


def make_hostile() -> dict[str, str]:
    """Put a trick into every free text of the printed rows; returns them by "Model.field"."""
    put: dict[str, str] = {}
    for model in PRINTED:
        fields = [
            each
            for each in model._meta.concrete_fields
            if isinstance(each, CharField | TextField)
            and not isinstance(each, JSONField)
            and not each.choices
            and each.name not in BOUND
        ]
        changes: dict[str, Any] = {}
        for each in fields:
            trick = TRICKS[len(put) % len(TRICKS)]
            if each.max_length is None or len(trick) <= each.max_length:
                changes[each.name] = put[f"{model.__name__}.{each.name}"] = trick
        for row in model._default_manager.all():
            unique = {
                name: value
                for name, value in changes.items()
                if not model._meta.get_field(name).unique  # type: ignore[union-attr]  # concrete
            }
            model._default_manager.filter(pk=row.pk).update(**unique)
    return put


def embedded(data: bytes) -> list[str]:
    """What the PDF brings besides its pages: attachments and addresses of others."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = [f"attachment {name}" for name in pdf.attachments]
        found += [
            f"{key} {value}"
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary)
            for key, value in each.items()
            if key in {"/URI", "/JS", "/Launch"}
        ]
    return found


def words_of(data: bytes) -> str:
    """The text of a PDF without spaces and line ends, which its setting moves."""
    text = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    return re.sub(r"\s+", "", text)


def answered_for(case: AccountRequest) -> None:
    """One deviation of the case is answered for."""
    deviation = case.deviations.all()[0]
    assert deviation.responsible is not None
    cause = DeviationCause.objects.all()[0]
    answer = DeviationAnswer.objects.create(
        number="PJ-2026-0001",
        request=case,
        responsible=deviation.responsible,
        role=Role.ADMIN_PPE,
        answered_by=deviation.responsible,
        title="Admin PPE",
        at=paper_cases.ARCHIVED,
        cause=cause,
        cause_label=cause.label,
        explanation="contoh",
        remedy="contoh",
        prevention="contoh",
    )
    AnsweredDeviation.objects.create(
        answer=answer, deviation=deviation, request=case, at=paper_cases.ARCHIVED
    )


def came_back(case: AccountRequest) -> None:
    """The first person's message came back."""
    message = case.messages.get(account__registrant__position_in_list=1)
    assert message.account is not None
    Bounce.objects.create(
        message=message,
        account=message.account,
        request=case,
        returned_at=paper_cases.ARCHIVED,
        text="contoh",
        recorded_by=case.created_by,
        at=paper_cases.ARCHIVED,
    )


OF_ONE_PERSON = (DocumentKind.FORM, DocumentKind.BOUNCE_SHEET, DocumentKind.RESEND_PROOF)


@pytest.mark.usefixtures("without_guard_rails")
def test_whatever_is_typed_is_printed_as_it_was_typed_and_fetches_nothing() -> None:
    case = paper_cases.make_archived(2)
    seeding.seed()  # the SOP with all its particulars, for its own sheet
    answered_for(case)
    came_back(case)
    put = make_hostile()
    case = AccountRequest.objects.get(pk=case.pk)
    answer = case.deviation_answers.get()
    person = case.registrants.get(position_in_list=1)
    seeded = SopRevision.objects.exclude(pk=case.sop_revision_id).get()
    printed = {}
    for kind in documents.RENDERED_KINDS:
        document = Document(request=case, kind=kind, version=1, created_at=paper_cases.ARCHIVED)
        if kind == DocumentKind.ANSWER_SHEET:
            document.answer = answer
        rendered = documents.render(
            kind,
            case,
            at=paper_cases.ARCHIVED,
            registrant=person if kind in OF_ONE_PERSON else None,
            document=document,
            read=papers.read,
        )
        printed[str(kind)] = rendered.data
    printed["sop_sheet"] = sop_sheet.render(seeded, at=paper_cases.ARCHIVED).data

    assert len(put) > 60
    brought = {kind: embedded(data) for kind, data in printed.items()}
    assert {kind for kind, found in brought.items() if found} == set()
    texts = {kind: words_of(data) for kind, data in printed.items()}
    assert {kind for kind, text in texts.items() if "root:x:0:0" in text} == set()
    tricks = [re.sub(r"\s+", "", trick) for trick in TRICKS]
    told = {kind: sum(trick in text for trick in tricks) for kind, text in texts.items()}
    assert {kind for kind, count in told.items() if count == 0} == set()


# -- spreadsheets --------------------------------------------------------------------------------

FORMULAS = (
    "=1+1",
    '=HYPERLINK("https://evil.example","Klik")',
    "+62811",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "=cmd|'/C calc'!A0",
    "{=1+1}",
    "https://evil.example",
    "mailto:a@evil.example",
    "0011",
    "'=1+1",
    "a\x0bb\x1f",
    "＝1+1",
)


def cells_of(data: bytes) -> list[Any]:
    """Every filled cell of a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [
        cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value
    ]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_in_the_register_stays_a_text(text: str) -> None:
    row = RegisterRow(
        number=text,
        decree_number=text,
        decree_date=None,
        subject=text,
        state=text,
        people=1,
        received_at=paper_cases.RECEIVED,
        due_at=None,
        holder=text,
        deviations=0,
        unanswered=0,
        archived_at=None,
        archive_number=text,
    )

    cells = cells_of(register_export.build([row]))

    typed = [cell for cell in cells if cell.row == 2 and cell.column in {2, 3, 5, 6, 10, 14}]
    assert len(typed) == 6
    assert {cell.data_type for cell in typed} == {"s"}
    assert {cell.hyperlink for cell in cells} == {None}
    # Characters that XML cannot hold are written as the format says (ISO/IEC 29500, 22.4.2.4).
    assert {unescape(cell.value) for cell in typed} == {text}


def test_the_offices_own_words_in_the_template_are_no_formulas() -> None:
    office = Office(lpse_name="=1+1", user_id_pattern="a", account_kinds=["verifikator"])

    cells = cells_of(people_template.build(office))

    assert {cell.data_type for cell in cells} <= {"s", "d", "n"}
    assert {cell.hyperlink for cell in cells} == {None}


def test_lists_are_given_away_as_workbooks_and_the_one_csv_goes_to_a_machine() -> None:
    written = [
        path.name
        for path in (PROJECT / "accounts_requests").rglob("*.py")
        if re.search(r"csv\.(Dict)?[Ww]riter|text/csv", path.read_text("utf-8"))
    ]

    # The metadata for SRIKANDI in a berkas bukti, where a formula is made text.
    assert written == ["contents.py"]
