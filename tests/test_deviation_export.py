"""The register of deviations as XLSX: what it holds, for whom, and that it was taken."""

import io
from collections.abc import Iterator

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from openpyxl.worksheet.worksheet import Worksheet

from accounts_requests import clock, words, workflow
from accounts_requests.accountability_rules import AnswerData
from accounts_requests.models import AccountRequest, AuditEntry, DeviationCause, User
from accounts_requests.states import Act, Verdict

from . import accountability_cases as told
from .cases import OfficePeople
from .query_counts import queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache", "quick_papers")]

FORMULA = '=HYPERLINK("https://example.org";"buka")'


@pytest.fixture
def case(office_people: OfficePeople) -> AccountRequest:
    return told.late_step3(office_people)


@pytest.fixture(autouse=True)
def wednesday(case: AccountRequest) -> Iterator[None]:
    with clock.moved_to(told.LATER):
        yield


def taken(client: Client, query: str = "") -> list[Worksheet]:
    answer = client.get(reverse("deviation_export") + query)
    assert answer.status_code == 200
    return list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets)


def by_head(sheet: Worksheet, line: int = 2) -> dict[str, object]:
    """The cells of a line that are not empty, by the heads of their columns."""
    heads = [cell.value for cell in sheet[1]]
    found = zip(heads, (cell.value for cell in sheet[line]), strict=True)
    return {str(head): value for head, value in found if value is not None}


def test_each_deviation_bears_its_latest_answer_and_the_second_sheet_every_one(
    client: Client, office_people: OfficePeople, case: AccountRequest
) -> None:
    first = told.answered(case, actor=office_people.admin1)
    workflow.judge_answer(
        first, actor=office_people.kepala, verdict=Verdict.RETURNED, ground="Lampirkan suratnya"
    )
    second = told.answered(case, actor=office_people.admin1)
    told.accepted(second, actor=office_people.kepala)
    client.force_login(office_people.inspector)

    register, history = taken(client)

    when = told.LATER.astimezone(words.ZONE).replace(tzinfo=None)
    found = by_head(register)
    assert {name: found[name] for name in ("Nomor permohonan", "Langkah", "Aspek", "Keadaan")} == {
        "Nomor permohonan": case.number,
        "Langkah": 3,
        "Aspek": "Waktu",
        "Keadaan": "Diterima",
    }
    assert (found["Banyak jawaban"], found["Nomor jawaban"]) == (2, second.number)
    assert (found["Dijawab (WITA)"], found["Dinilai (WITA)"]) == (when, when)
    assert (found["Penilaian"], found["Penilai"]) == (
        "Diterima",
        office_people.kepala.titled_name,
    )
    assert found["Uraian sebab"] == "SPSE tidak dapat dibuka selama satu jam."
    assert register.max_row == 2
    assert [
        (row["Nomor jawaban"], row["Penilaian"], row.get("Alasan atau dasar"))
        for row in (by_head(history, 2), by_head(history, 3))
    ] == [
        (first.number, "Dikembalikan", "Lampirkan suratnya"),
        (second.number, "Diterima", None),
    ]


def test_nothing_that_was_typed_is_a_formula_and_dates_are_dates(
    client: Client, office_people: OfficePeople, case: AccountRequest
) -> None:
    User.objects.filter(pk=office_people.admin1.pk).update(
        full_name=FORMULA, title_before="", title_after=""
    )
    workflow.answer_deviations(
        told.deviations_of(case),
        actor=office_people.admin1,
        data=AnswerData(
            cause=DeviationCause.objects.order_by("position")[0].pk,
            explanation=FORMULA,
            remedy="+62 811 dihubungi untuk memastikan",
            prevention="@lpse diberi tahu lebih awal",
        ),
        evidence=(),
    )
    client.force_login(office_people.kepala)

    sheets = taken(client)

    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row]
    assert {cell.hyperlink for cell in cells} == {None}
    typed = [cell for cell in cells if cell.value == FORMULA]
    assert {cell.data_type for cell in typed} == {"s"}
    # Who is responsible, who answered and what was said; on the second sheet the latter two.
    assert len(typed) == 5
    heads = [cell.value for cell in sheets[0][1]]
    kinds = {
        head: sheets[0].cell(2, heads.index(head) + 1).data_type
        for head in ("Dicatat (WITA)", "Dijawab (WITA)", "Langkah", "Pencegahan")
    }
    assert kinds == {
        "Dicatat (WITA)": "d",
        "Dijawab (WITA)": "d",
        "Langkah": "n",
        "Pencegahan": "s",
    }


def test_it_holds_what_was_filtered_and_that_is_on_record(
    client: Client, office_people: OfficePeople, case: AccountRequest
) -> None:
    other = told.late_step3(office_people, number="000.3/2/B.PBJ-II/2026")
    told.answered(other, actor=office_people.admin1)
    client.force_login(office_people.biro)

    register, _history = taken(client, "?keadaan=unanswered")
    everything, _history = taken(client)

    assert [row[1].value for row in register.iter_rows(min_row=2)] == [case.number]
    assert [row[1].value for row in everything.iter_rows(min_row=2)] == [other.number, case.number]
    filtered, whole = AuditEntry.objects.filter(act=Act.EXPORT).order_by("sequence")
    assert (filtered.object_label, filtered.summary) == (
        "Daftar penyimpangan (XLSX)",
        "Daftar 1 penyimpangan diunduh sebagai XLSX.",
    )
    assert (filtered.changes["rows"], whole.changes) == (1, {"rows": 2, "query": ""})
    assert len(filtered.changes["query"]) == 16


def test_who_may_not_read_people_gets_no_texts(
    client: Client, office_people: OfficePeople, case: AccountRequest
) -> None:
    told.answered(case, actor=office_people.admin1)
    client.force_login(office_people.keeper)

    found = by_head(taken(client)[0])

    hidden = [name for name, value in found.items() if value == "tidak ditampilkan bagi peran Anda"]
    assert hidden == ["Uraian sebab", "Yang sudah dilakukan", "Pencegahan"]
    client.force_login(office_people.nobody)
    assert client.get(reverse("deviation_export")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_it_asks_no_more_when_there_is_more(
    count: int, client: Client, office_people: OfficePeople, case: AccountRequest
) -> None:
    told.answered(case, actor=office_people.admin1)
    for number in range(2, count + 1):
        told.answered(
            told.late_step3(office_people, number=f"000.3/{number}/B.PBJ-II/2026"),
            actor=office_people.admin1,
        )
    client.force_login(office_people.kepala)
    with queries() as counted:
        assert taken(client)[0].max_row == count + 1
    assert len(counted) == 13, counted
