"""What the public learns of a paper, and what it does not."""

import datetime as dt
import hashlib
import io
import subprocess
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from accounts_requests import clock, document_codes, papers, verification, words, workflow
from accounts_requests.models import AccountRequest, Document, Office
from accounts_requests.states import DocumentKind, SigningMethod
from accounts_requests.uploads import Upload

from . import cases, signing
from .case_fixtures import EMPTY_PDF
from .cases import OfficePeople
from .query_counts import queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]

PAGE = "/verifikasi/"


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(cases.MONDAY):
        yield


@pytest.fixture
def opened(seeded: None) -> None:
    """The office has opened the page to the public, today."""
    Office.objects.update(verification_since=clock.today())


def paper(case: AccountRequest, kind: DocumentKind) -> Document:
    return case.documents.get(kind=kind, superseded_at__isnull=True)


def address(document: Document) -> str:
    code = document_codes.code_of(document.public_id)
    return reverse("verification_paper", args=[code])


def standing(response: Any) -> str:
    found = response.context["found"]
    return found.standing.value if found else "tidak dikenal"


def facts(response: Any) -> list[tuple[str, str]]:
    """What the answer tells, label by label."""
    text = response.content.decode()
    listed = text[text.index('<dl class="facts">') : text.index("</dl>")]
    pairs = [part.split("</dt><dd") for part in listed.split("<dt>")[1:]]
    return [(label, " ".join(strip_tags(f"<dd{value}").split())) for label, value in pairs]


def text_of(data: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True)
    return done.stdout.decode()


# -- open and closed ------------------------------------------------------------------------------


@pytest.mark.usefixtures("quick_papers")
def test_until_the_office_opens_it_the_page_is_as_one_that_does_not_exist(
    client: Client, office_people: OfficePeople
) -> None:
    decree = paper(cases.issued(office_people), DocumentKind.DECREE)
    Office.objects.update(verification_since=clock.today() + dt.timedelta(days=1))

    answers = [client.get(url) for url in (PAGE, address(decree), f"{PAGE}?sha256={decree.sha256}")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({answer.content for answer in answers}) == 1
    assert "verifikasi" not in answers[0].content.decode().lower()

    clock.advance(dt.timedelta(days=1))
    assert standing(client.get(address(decree))) == "asli"


@pytest.mark.usefixtures("quick_papers", "opened")
def test_a_visitor_gets_no_cookie_no_cache_and_no_search_engine(
    client: Client, office_people: OfficePeople
) -> None:
    decree = paper(cases.issued(office_people), DocumentKind.DECREE)

    for url in (PAGE, address(decree), f"{PAGE}?sha256={decree.sha256}", f"{PAGE}0000/"):
        answer = client.get(url)
        assert dict(answer.cookies) == {}
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
    assert client.post(PAGE).status_code == 405


# -- what is told ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("quick_papers", "opened")
def test_a_genuine_sk_is_told_by_number_date_signer_and_hash_and_names_nobody_else(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.issued(office_people)
    decree = paper(case, DocumentKind.DECREE)

    answer = client.get(address(decree))

    assert (answer.status_code, standing(answer)) == (200, "asli")
    assert facts(answer) == [
        ("Judul", "Dokumen decree"),
        ("Nomor", "000.3/1/B.PBJ-II/2026"),
        ("Tanggal", "6 Juli 2026"),
        ("Penanda tangan", "Kepala Contoh, KEPALA LPSE"),
        (
            "Cara penandatanganan",
            (
                "Disetujui di dalam aplikasi pada Senin, 6 Juli 2026, 10.00 WITA. Bukan tanda "
                "tangan elektronik tersertifikasi."
            ),
        ),
        ("Kode dokumen", document_codes.code_of(decree.public_id)),
        ("SHA-256 berkas", words.grouped(decree.sha256)),
    ]
    text = answer.content.decode()
    for person in case.registrants.all():
        assert person.full_name not in text
        assert person.nip not in text
    assert case.number not in text


@pytest.mark.usefixtures("quick_papers", "opened")
def test_a_code_is_found_however_it_is_typed(client: Client, office_people: OfficePeople) -> None:
    decree = paper(cases.issued(office_people), DocumentKind.DECREE)
    code = document_codes.code_of(decree.public_id)

    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    led = client.get(PAGE, {"kode": typed})
    unreadable = client.get(PAGE, {"kode": "7QK3"})

    assert led["Location"] == address(decree)
    assert client.get(f"{PAGE}{typed}/").context["found"].code == code
    assert unreadable.status_code == 200
    assert 'value="7QK3"' in unreadable.content.decode()
    assert "20 huruf dan angka, misalnya" in unreadable.content.decode()


@pytest.mark.usefixtures("quick_papers", "opened")
def test_what_is_not_for_the_public_is_as_unknown_as_what_never_existed(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.submitted(office_people)
    hidden = [*case.documents.all()]
    assert {one.kind for one in hidden} == {"form", "decree_concept"}
    never = reverse("verification_paper", args=["0000-0000-0000-0000-0000"])

    seen = []
    for url in (never, *(address(one) for one in hidden)):
        with queries() as asked:
            answer = client.get(url)
        code = answer.context["code"]
        said = answer.content.decode().replace(code, "…")
        seen.append((answer.status_code, said, len(asked)))

    assert seen == [seen[0]] * 4
    assert seen[0][0] == 404
    by_file = client.get(PAGE, {"sha256": hidden[0].sha256})
    assert (by_file.status_code, standing(by_file)) == (404, "tidak dikenal")


@pytest.mark.usefixtures("opened")
def test_a_file_is_the_stored_one_or_it_is_not(client: Client, office_people: OfficePeople) -> None:
    case = cases.submitted(office_people, signing_method=SigningMethod.INK)
    workflow.issue_decree(
        case,
        actor=office_people.kepala,
        number="1/2026",
        date=clock.today(),
        signed_file=Upload("sk.pdf", EMPTY_PDF),
    )
    decree = paper(case, DocumentKind.DECREE)
    right = hashlib.sha256(EMPTY_PDF).hexdigest()
    wrong = hashlib.sha256(EMPTY_PDF + b" ").hexdigest()

    same = client.get(address(decree), {"sha256": f" {words.grouped(right).upper()} "})
    other = client.get(address(decree), {"sha256": wrong})
    alone = client.get(PAGE, {"sha256": right})
    unknown = client.get(PAGE, {"sha256": wrong})
    nonsense = client.get(PAGE, {"sha256": "abc"})

    assert [same.context["is_same"], other.context["is_same"]] == [True, False]
    assert "Berkas sama." in same.content.decode()
    assert "BERKAS BERBEDA" in other.content.decode()
    assert (standing(alone), alone.context["found"].number) == ("asli", "1/2026")
    assert "Tanda tangan basah; yang tersimpan adalah hasil pindainya." in same.content.decode()
    assert (unknown.status_code, standing(unknown)) == (404, "tidak dikenal")
    assert "SHA-256 terdiri atas 64 angka" in nonsense.content.decode()


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("official", ["https://tte.komdigi.go.id/verifyPDF", ""])
def test_a_certified_signature_is_left_to_the_official_page(
    client: Client, office_people: OfficePeople, official: str
) -> None:
    Office.objects.update(official_verifier_url=official)
    case = cases.submitted(office_people, signing_method=SigningMethod.CERTIFIED)
    signed = Upload("sk.pdf", signing.sign(EMPTY_PDF, at=clock.now()))
    case.decree_number, case.decree_date = "1/2026", clock.today()
    unlike = workflow.look_at_signed(case, signed).differences  # an empty page names nobody
    workflow.issue_decree(
        case,
        actor=office_people.kepala,
        number=case.decree_number,
        date=case.decree_date,
        signed_file=signed,
        confirmed=[each.key for each in unlike],
    )

    text = client.get(address(paper(case, DocumentKind.DECREE))).content.decode()

    assert "Tanda tangan elektronik tersertifikasi (BSrE)." in text
    assert ("halaman verifikasi resmi" in text) == bool(official)
    assert "Disetujui di dalam aplikasi" not in text


# -- what is no longer in force -------------------------------------------------------------------


@pytest.mark.usefixtures("quick_papers", "opened")
def test_an_order_given_anew_replaces_the_one_before_and_a_cancelled_case_ends_it(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people)
    first = paper(case, DocumentKind.ORDER)
    workflow.return_to_head(case, actor=office_people.admin1, reason="Alamat tidak lengkap")
    workflow.order_accounts(case, actor=office_people.kepala, order_number="094/2/2026")
    cases.render_papers(case)
    second = paper(case, DocumentKind.ORDER)

    before = [client.get(address(one)) for one in (first, second)]
    workflow.cancel(case, actor=office_people.kepala, reason="Kegiatan ditiadakan")
    after = [client.get(address(one)) for one in (second, paper(case, DocumentKind.DECREE))]

    assert [standing(one) for one in before] == ["digantikan", "asli"]
    relation = ("Digantikan oleh", "Surat Perintah nomor 094/2/2026 tanggal 6 Juli 2026")
    assert relation in facts(before[0])
    assert ("Penanda tangan", "Kepala Contoh, Kepala LPSE") in facts(before[1])
    # An SK outlives its case: only a pencabutan ends it.
    assert [standing(one) for one in after] == ["dicabut", "asli"]


# -- how often ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("quick_papers", "opened")
def test_one_address_asks_a_limited_number_of_questions_and_others_go_on(
    client: Client, office_people: OfficePeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "QUESTIONS", 3)
    decree = paper(cases.issued(office_people), DocumentKind.DECREE)
    hash_url = f"{PAGE}?sha256={decree.sha256}"

    asked = [client.get(url).status_code for url in (address(decree), hash_url, f"{PAGE}abc/")]
    refused = [client.get(url).status_code for url in (address(decree), hash_url)]
    elsewhere = client.get(address(decree), REMOTE_ADDR="192.0.2.7").status_code
    form = client.get(PAGE).status_code
    clock.advance(verification.QUESTIONS_WINDOW)

    assert (asked, refused, elsewhere, form) == ([200, 200, 404], [429, 429], 200, 200)
    assert client.get(address(decree)).status_code == 200


@pytest.mark.usefixtures("quick_papers", "opened")
def test_an_answer_costs_the_same_few_queries_whoever_is_in_the_lampiran(
    client: Client, office_people: OfficePeople
) -> None:
    def asked(people: int, number: str) -> int:
        decree = paper(
            cases.issued(office_people, people=people, number=number), DocumentKind.DECREE
        )
        client.get(address(decree))
        with queries() as counted:
            client.get(address(decree))
        return len([sql for sql in counted if '"cache"' not in sql])

    # The office, the paper, and the papers of its case.
    assert [asked(1, "1/2026"), asked(4, "2/2026")] == [3, 3]


# -- what the paper carries -----------------------------------------------------------------------


def test_an_approved_paper_carries_the_mark_once_the_page_is_open(
    office_people: OfficePeople,
) -> None:
    def marks(document: Document) -> tuple[int, bool]:
        """How many QR codes its pages say they have, and whether the code is in their words."""
        data = papers.read(document)
        code = document_codes.code_of(document.public_id)
        with pikepdf.open(io.BytesIO(data)) as pdf:
            said = [
                str(item.Alt)
                for item in pdf.objects
                if isinstance(item, pikepdf.Dictionary) and "/Alt" in item
            ]
        wanted = f"Kode QR menuju halaman verifikasi dokumen dengan kode {code}"
        return said.count(wanted), code in text_of(data)

    closed = cases.ordered(office_people, people=1, number="1/2026")
    Office.objects.update(verification_since=clock.today())
    opened = cases.ordered(office_people, people=1, number="2/2026")

    decrees = [marks(paper(case, DocumentKind.DECREE)) for case in (closed, opened)]
    orders = [marks(paper(case, DocumentKind.ORDER)) for case in (closed, opened)]

    # The SK is signed twice: below its text and below its Lampiran.
    assert decrees == [(0, True), (2, True)]
    assert orders == [(0, True), (1, True)]
    text = text_of(papers.read(paper(opened, DocumentKind.DECREE)))
    assert "localhost:8000/verifikasi/" in " ".join(text.split())


@pytest.mark.parametrize(
    ("first", "second", "counted_together"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("", "unix:", False),
    ],
)
def test_the_limit_counts_a_subscribers_whole_ipv6_network_as_one_asker(
    first: str, second: str, *, counted_together: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "QUESTIONS", 2)
    assert not verification.asked_too_often(first, clock.now())
    assert verification.asked_too_often(second, clock.now()) is False
    assert verification.asked_too_often(second, clock.now()) is counted_together
