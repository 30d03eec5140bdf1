"""The SOP page and its PDF: all printed words, the drawn flow, the office's reading beside them."""

import datetime as dt
import html
import re
import subprocess
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts_requests import clock, seeding, sop_sheet
from accounts_requests.limit_terms import LimitBasis, LimitStart, LimitUnit
from accounts_requests.models import SopRequirement, SopRevision, SopStep
from accounts_requests.roles import Role

from . import cases

pytestmark = pytest.mark.django_db

QUERIES = 10
"""Session, person, roles, clock, office, the revision and the reading in force, its steps with
requirements, and all revisions, once each."""


@pytest.fixture
def reader(client: Client) -> Client:
    seeding.seed()
    client.force_login(cases.make_person("tamu", "Tamu Contoh", None))
    return client


def printed_words() -> list[str]:
    """Every printed text of the sheet, one a cell."""
    sop = seeding.read_sop()
    header = [text for key, text in sop["header"].items() if key != "approver_label_printed"]
    flat = [*header, *sop["table"].values()]
    for cell in sop["identity"]:
        flat += [cell["label"], cell["items"]]
    for step in sop["step"]:
        flat += [step[key] for key in ("activity", "stray", "requirements", "flow_words")]
        flat += [step["printed_limit"], step["output"]]
    texts = [text for value in flat for text in (value if isinstance(value, list) else [value])]
    return [text for text in texts if text]


def reading_words() -> list[str]:
    reading = seeding.read_sop()["reading"]
    return [
        reading["intro"],
        *(note[key] for note in reading["note"] for key in ("subject", "text")),
    ]


def words_of(response: Any) -> str:
    """The page as it reads: tags gone, white space single."""
    text = re.sub(r"<[^>]*>", " ", response.content.decode())
    return squeezed(html.unescape(text))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def pdf_words(data: bytes) -> str:
    """The words of a PDF without any white space: line ends in cells are not spaces."""
    text = subprocess.run(
        ["pdftotext", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    return re.sub(r"\s+", "", text)


def revise(number: int) -> SopRevision:
    """A further revision: the steps of the first under another number."""
    first = SopRevision.objects.get(revision=1)
    revision = SopRevision.objects.create(
        number=f"{first.number} rev {number}",
        revision=number,
        title=first.title,
        content=first.content,
        in_force_from=dt.date(2026, 1, 1) + dt.timedelta(days=365 * (number - 2)),
    )
    for step in first.steps.order_by("number"):
        requirements = list(step.requirements.order_by("position"))
        step.pk, step.revision = None, revision
        step.save(force_insert=True)
        SopRequirement.objects.bulk_create(
            SopRequirement(step=step, position=row.position, text=row.text) for row in requirements
        )
    return revision


def test_the_page_shows_every_printed_word_and_every_reading(reader: Client) -> None:
    page = words_of(reader.get("/sop/"))

    assert [text for text in printed_words() + reading_words() if text not in page] == []


def test_the_page_draws_the_flow_from_mulai_to_selesai(reader: Client) -> None:
    page = reader.get("/sop/").content.decode()

    assert page.count('class="flow-box"') == 5
    assert re.findall(r'flow-capsule[^"]*">(\w+)<', page) == ["Mulai", "Selesai"]
    assert page.count("flow-side to-right") == 1
    assert page.count("flow-side into-left") == 1


def test_blank_cells_are_a_dash_and_nothing_is_invented(reader: Client) -> None:
    page = reader.get("/sop/").content.decode()

    assert re.findall(r"<dt>(TGL \w+)</dt><dd>(.*?)</dd>", page) == [
        ("TGL PEMBUATAN", "28 FEBRUARI 2023"),
        ("TGL REVISI", "—"),
        ("TGL PENGESAHAN", "—"),
    ]
    assert re.findall(r"<h2>PENCATATAN DAN PENDATAAN</h2>\s*<p>(.*?)</p>", page) == ["—"]
    assert re.findall(r'class="col-(\w+)"[^>]*><span>—</span>', page) == [
        "checks",
        "remarks",
        "checks",
        "output",
        "remarks",
        "remarks",
        "remarks",
        "remarks",
    ]


def test_the_row_without_a_number_and_the_stray_word_lead_to_their_readings(
    reader: Client,
) -> None:
    page = reader.get("/sop/").content.decode()

    assert re.findall(r'href="#penafsiran-(\w)"', page) == ["g", "h", "h"]
    assert page.count("lane-read") == 1


def test_the_note_on_validity_stands_beside_the_legal_bases_only_where_there_is_one(
    reader: Client,
) -> None:
    with_note = words_of(reader.get("/sop/"))
    SopRevision.objects.update(legal_note="")
    without = words_of(reader.get("/sop/"))

    assert with_note.count("Peraturan Presiden Nomor 46 Tahun 2025") == 1
    assert "Catatan keberlakuan" not in without


def test_the_revision_in_force_is_shown_and_any_other_can_be_chosen(reader: Client) -> None:
    revise(2)
    revise(3)  # in force from 2027 on

    with clock.moved_to(cases.MONDAY):
        assert reader.get("/sop/").context["sheet"].revision.revision == 2
        assert reader.get("/sop/1/").context["sheet"].revision.revision == 1
        links = re.findall(r'href="(/sop/\d/)"( aria-current="page")?', page_text(reader))

    assert links == [("/sop/1/", ""), ("/sop/2/", ' aria-current="page"'), ("/sop/3/", "")]


def page_text(reader: Client) -> str:
    response: HttpResponse = reader.get("/sop/")  # type: ignore[assignment]
    return response.content.decode()


@pytest.mark.parametrize("url", ["/sop/9/", "/sop/9/pdf/"])
def test_a_revision_that_is_not_there_is_not_found(reader: Client, url: str) -> None:
    assert reader.get(url).status_code == 404


def test_before_any_revision_is_in_force_there_is_no_page(reader: Client) -> None:
    with clock.moved_to(dt.datetime(2023, 2, 27, 2, tzinfo=dt.UTC)):
        assert SopRevision.in_force(clock.today()) is None


@pytest.mark.parametrize(("name", "args"), [("sop", []), ("sop", [1]), ("sop_pdf", [1])])
def test_the_sheet_is_for_people_who_are_signed_in(
    client: Client, name: str, args: list[int]
) -> None:
    seeding.seed()
    url = reverse(name, args=args)

    response = client.get(url)

    assert (response.status_code, response["Location"]) == (302, f"/masuk/?next={url}")


def test_the_page_costs_the_same_queries_with_one_revision_and_with_three(reader: Client) -> None:
    counts = []
    for more in (0, 2):
        for number in range(2, 2 + more):
            revise(number)
        with CaptureQueriesContext(connection) as queries:
            reader.get("/sop/1/")
        counts.append(len(queries))

    assert counts == [QUERIES, QUERIES]


@pytest.mark.filterwarnings("ignore:unclosed file.*sRGB2014.icc:ResourceWarning")  # WeasyPrint's
def test_the_pdf_holds_every_printed_word_and_every_reading(reader: Client) -> None:
    response = reader.get("/sop/1/pdf/")

    assert (response["Content-Type"], response["Content-Disposition"]) == (
        "application/pdf",
        'inline; filename="SOP-000-310624-BPLPSE-B.PBJ-rev-1.pdf"',
    )
    words = pdf_words(response.content)
    expected = [re.sub(r"\s+", "", text) for text in printed_words() + reading_words()]
    # The drawing puts a letter of reference and numbers between words, never inside them.
    assert [text for text in expected if text not in words] == []


@pytest.mark.filterwarnings("ignore:unclosed file.*sRGB2014.icc:ResourceWarning")  # WeasyPrint's
def test_the_pdf_lies_landscape_on_the_offices_paper(reader: Client) -> None:
    data = reader.get("/sop/1/pdf/").content

    info = subprocess.run(
        ["pdfinfo", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()

    assert re.findall(r"Pages:\s+(\d+)", info) == ["3"]
    width, height = re.findall(r"Page size:\s+([\d.]+) x ([\d.]+)", info)[0]
    assert (round(float(width) / 72 * 25.4), round(float(height) / 72 * 25.4)) == (330, 215)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (
            SopStep(number=1, limit_amount=3, limit_unit=LimitUnit.WORKING_DAYS),
            "3 hari kerja, sejak permohonan diterima, untuk seluruh permohonan",
        ),
        (
            SopStep(number=3, limit_amount=60),
            "60 menit jam kerja, sejak akhir langkah sebelumnya, untuk seluruh permohonan",
        ),
        (
            SopStep(
                number=3,
                limit_amount=5,
                limit_unit=LimitUnit.CLOCK_MINUTES,
                limit_start=LimitStart.CLAIMED,
                limit_basis=LimitBasis.PERSON,
            ),
            "5 menit jam dinding, sejak tugas diambil, untuk tiap personel",
        ),
        (SopStep(number=2, limit_amount=None), "tanpa batas waktu"),
    ],
)
def test_a_limit_is_told_as_the_office_counts_it(step: SopStep, words: str) -> None:
    assert sop_sheet.limit_reading(step) == words


def test_an_executor_of_a_later_revision_gets_a_lane_of_its_own(reader: Client) -> None:
    SopStep.objects.filter(number=5).update(executor=Role.PENYUSUN_KONSEP)

    sheet = sop_sheet.sheet_of(SopRevision.objects.get())

    assert sheet.lanes == ["Kepala LPSE", "Admin PPE", "Penyusun Konsep"]
    assert [flow.shape for _, flow in sheet.rows[4].lanes] == ["", "turn", "box"]
