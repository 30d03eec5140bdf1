"""The archived file carries every original untouched; the printer gets a copy that says so."""

import csv
import io
import re
import subprocess
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import (
    archive_contents,
    archive_register,
    archive_words,
    bundles,
    clock,
    papers,
    uploads,
    workflow,
)
from accounts_requests.documents import archive_file, archive_lists, print_copy
from accounts_requests.models import (
    AccountRequest,
    AuditEntry,
    Development,
    Document,
    FinalDisposition,
    Media,
    Office,
    SecurityClass,
)
from accounts_requests.states import Act, DocumentKind, DocumentState, SigningMethod
from accounts_requests.uploads import Upload

from . import archive_cases, archive_samples, cases
from .cases import MONDAY, OfficePeople

pytestmark = pytest.mark.django_db


def pages_of(data: bytes, *options: str) -> list[str]:
    """What a reader sees on each page, without line breaks."""
    done = subprocess.run(
        ["pdftotext", *options, "-", "-"], input=data, capture_output=True, check=True
    )
    return [" ".join(page.split()) for page in done.stdout.decode().split("\f")[:-1]]


def bookmarks(data: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_outline() as outline:
        return [str(item.title) for item in outline.root]


def originals(case: AccountRequest) -> list[Document]:
    """What the file must carry: every current paper but itself and the superseded concept."""
    return [
        paper
        for paper in case.documents.filter(superseded_at__isnull=True)
        if paper.kind not in (DocumentKind.ARCHIVE_FILE, DocumentKind.DECREE_CONCEPT)
    ]


# -- the file -------------------------------------------------------------------------------------


def test_the_archived_file_carries_every_original_byte_for_byte_and_merges_none() -> None:
    case, document = archive_samples.archived(with_foreign_pdf=True)
    assert document.file_name == "Berkas-Arsip-000.3.5-0001-2026.pdf"
    data = papers.read(document)
    kept = originals(case)

    with pikepdf.open(io.BytesIO(data)) as pdf:
        names = list(pdf.attachments)
        assert names == [
            "001-Lembar-Kendali-000.3-1-B.PBJ-II-2026.pdf",
            "002-SK-000.3-1-B.PBJ-II-2026.pdf",
            "003-Ralat-SK-1.pdf",
            "004-Formulir-001-Contoh-Satu-Verifikator.pdf",
            "005-Formulir-002-Contoh-Dua-Helpdesk.pdf",
            "006-Hasil-pindai-Pindai-JPEG.jpg",
            "007-Hasil-pindai-Pindai-PNG.png",
            "008-Surat-Perintah-000.3-101-B.PBJ-II-2026.pdf",
            "009-Lembar-Pembuatan-Akun-000.3-1-B.PBJ-II-2026.pdf",
            "010-Bukti-Pengiriman-E-mail-000.3-1-B.PBJ-II-2026.pdf",
        ]
        held = {name[4:]: told_of(pdf.attachments[name]) for name in names}
        assert held == {
            paper.file_name: (
                papers.read(paper),
                paper.title,
                paper.media_type,
                f"D:{paper.created_at:%Y%m%d%H%M%S}Z",
                "/Source",
            )
            for paper in kept
        }
        assert len(pdf.Root.AF) == len(kept)
        # Its own pages alone: the sheet, the list, the card.
        assert len(pdf.pages) == document.pages == 5
        assert bool(pdf.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in pdf.Root
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")


def told_of(attachment: Any) -> tuple[bytes, str, str, str, str]:
    """An attachment's bytes, description, kind, date, and what it is to the file."""
    file = attachment.get_file()
    assert file.creation_date == file.mod_date
    return (
        file.read_bytes(),
        attachment.description,
        file.mime_type,
        str(file.obj.Params.CreationDate),
        str(attachment.obj.AFRelationship),
    )


def test_its_pages_are_the_control_sheet_the_list_with_each_hash_and_the_register_entry() -> None:
    case, document = archive_samples.archived()
    *sheet, contents, card = pages_of(papers.read(document))

    assert "LEMBAR KENDALI" in sheet[0]
    assert "Halaman 1 dari 5" in sheet[0]
    assert "DAFTAR ISI BERKAS" in contents
    squeezed = contents.replace(" ", "")
    printed = [paper for paper in originals(case) if paper.sha256 in squeezed]
    assert printed == originals(case)
    assert len(re.findall(r"\d+ halaman", contents)) == len(printed) == 9
    assert "KARTU BERKAS ARSIP" in card
    for told in ("No. Berkas", "0001/2026", "000.3.5", "9 naskah, 13 halaman", "Terbatas"):
        assert told in card, told


def test_card_register_and_metadata_say_the_same_of_a_file_whose_data_were_corrected(
    office_people: OfficePeople,
) -> None:
    with clock.moved_to(MONDAY):
        case = archive_cases.archived(office_people)
        corrected = archive_cases.data(
            case,
            code="000.3.9",
            active_years=4,
            disposition=FinalDisposition.REVIEW,
            security=SecurityClass.SECRET,
            development=Development.BOTH,
            media=Media.PAPER,
            amount="1 map kertas",
            rack="7",
        )
        workflow.describe_file(
            case, actor=office_people.admin1, data=corrected, reason="Salah ketik"
        )
        Office.objects.update(security_class="Biasa", retention_active_years=1)
        case = cases.fresh(case)
        made, _ = archive_file.render(
            case, at=clock.now(), identifier="1", code="", read=papers.read
        )
        line = archive_register.line_of(case, Office.current(), today=clock.today())
        metadata = next(
            piece.data.decode("utf-8-sig")
            for piece in bundles.contents.pieces(case)
            if piece.path == "metadata-srikandi.csv"
        )
    *_, contents, card = pages_of(made.data)

    assert line.amount == "7 naskah, 12 halaman; 1 map kertas"
    told = dict(archive_lists.card(line))
    assert told.pop("Keadaan") == "Aktif"
    assert told["Klasifikasi keamanan"] == "Rahasia"
    assert told["Retensi"].startswith("aktif 4 tahun sampai dengan 31 Desember 2030, inaktif 3 ")
    # A narrow column breaks long words: compared without the gaps.
    squeezed = card.replace(" ", "")
    assert [text for text in told.values() if text.replace(" ", "") not in squeezed] == []

    items = archive_contents.items(case, line.code, reads_people=True)
    rows = {row["SHA-256"]: row for row in csv.DictReader(io.StringIO(metadata))}
    assert len(items) == 7
    for item in items:
        row = rows[item.document.sha256]
        assert (
            row["Kode klasifikasi"],
            row["Jumlah"],
            row["Tingkat perkembangan"],
            row["Media"],
            row["Klasifikasi keamanan"],
            row["Nasib akhir"],
            row["Lokasi"],
        ) == (
            "000.3.9",
            item.amount,
            item.development,
            item.media,
            "Rahasia",
            "Dinilai kembali",
            line.place,
        )
        assert item.amount in contents
    assert sum(item.pages for item in items) == 12


@pytest.mark.parametrize(
    ("kind", "uploaded", "method", "said"),
    [
        (DocumentKind.DECREE, False, SigningMethod.IN_APP, "Asli"),
        (DocumentKind.DECREE, True, SigningMethod.CERTIFIED, "Asli"),
        (DocumentKind.DECREE, True, SigningMethod.INK, "Salinan"),
        (DocumentKind.SCAN, True, SigningMethod.CERTIFIED, "Salinan"),
    ],
)
def test_a_signed_file_is_the_original_and_a_scan_of_paper_its_copy(
    kind: DocumentKind, *, uploaded: bool, method: SigningMethod, said: str
) -> None:
    paper = Document(kind=kind, uploaded=uploaded, request=AccountRequest(signing_method=method))
    assert archive_words.development_of(paper) == said


def test_the_same_record_gives_the_same_file() -> None:
    from accounts_requests import documents

    case, document = archive_samples.archived(1)

    def made() -> bytes:
        return documents.render(
            DocumentKind.ARCHIVE_FILE,
            case,
            at=document.created_at,
            document=document,
            read=papers.read,
        ).data

    assert made() == made()


# -- the copy for the printer ---------------------------------------------------------------------


def test_the_copy_has_every_page_in_the_files_order_and_says_on_each_that_it_is_one() -> None:
    case, document = archive_samples.archived(with_foreign_pdf=True)

    made, name = print_copy.render(case, document, at=MONDAY, read=papers.read)

    assert name == "Salinan-Cetak-Berkas-Arsip-000.3.5-0001-2026.pdf"
    titles = {paper.kind: paper.title for paper in originals(case)}
    assert bookmarks(made.data) == [
        "Lembar Kendali, daftar isi, dan kartu berkas",
        titles[DocumentKind.DECREE],
        "Ralat SK nomor 1",
        "Formulir 1: Contoh Satu (Verifikator)",
        "Formulir 2: Contoh Dua (Helpdesk)",
        "Pindai JPEG",
        "Pindai PNG",
        titles[DocumentKind.ORDER],
        titles[DocumentKind.ACCOUNT_SHEET],
        titles[DocumentKind.MAIL_PROOF],
    ]
    read = pages_of(made.data)
    # The control sheet stands in front already.
    sheet = case.documents.get(kind=DocumentKind.CONTROL_SHEET)
    total = document.pages + sum(paper.pages for paper in originals(case)) - sheet.pages
    assert len(read) == made.pages == total
    assert [
        page for number, page in enumerate(read, start=1) if not is_marked(page, number, total)
    ] == []
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        assert "/StructTreeRoot" not in pdf.Root
        assert "/Metadata" not in pdf.Root
        assert list(pdf.attachments) == []


def is_marked(page: str, number: int, total: int) -> bool:
    said = f"SALINAN CETAK · Berkas Arsip 0001/2026 · halaman {number} dari {total}"
    return page.count(said) == 1


@pytest.mark.parametrize(
    ("turned", "sheet"),
    [
        (0, [0, 0, 612, 817.51]),
        (90, [-25.51, 0, 612, 792]),
        (180, [0, -25.51, 612, 792]),
        (270, [0, 0, 637.51, 792]),
    ],
)
def test_a_page_from_outside_is_marked_above_itself_whichever_way_it_is_turned(
    turned: int, sheet: list[float]
) -> None:
    with pikepdf.open(io.BytesIO(archive_samples.foreign_pdf(rotate=turned))) as pdf:
        print_copy._mark(pdf, [False], "0001/2026")
        file = io.BytesIO()
        pdf.save(file)
        assert [float(side) for side in pdf.pages[0].mediabox] == pytest.approx(sheet, abs=0.01)
    done = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=file.getvalue(), capture_output=True, check=True
    ).stdout.decode()
    # As it is read: upright in the top left corner, above what was there.
    first = re.search(
        r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">SALINAN', done
    )
    assert first is not None
    left, top, right, bottom = map(float, first.groups())
    assert (round(left), round(right - left) > round(bottom - top)) == (34, True)
    assert 0 < top < bottom < 25.51


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("/Annots", b"[null]"),
        ("/Annots", b"[5 (x)]"),
        ("/Rotate", b"/Up"),
        ("/Resources", b"<< /Font 7 >>"),
        ("/CropBox", b"[0]"),
        ("/MediaBox", b"[612 792 0 0]"),
    ],
)
def test_a_strange_page_from_outside_does_not_keep_the_others_from_being_printed(
    entry: str, value: bytes
) -> None:
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(612, 792))
        page.obj[entry] = pikepdf.Object.parse(value)
        strange = io.BytesIO()
        pdf.save(strange)
    assert uploads.check_scan(Upload("aneh.pdf", strange.getvalue())) == uploads.PDF
    with pikepdf.open(strange) as pdf:
        print_copy._mark(pdf, [False], "0001/2026")
        file = io.BytesIO()
        pdf.save(file)
    done = subprocess.run(
        ["pdftotext", "-", "-"], input=file.getvalue(), capture_output=True, check=True
    ).stdout.decode()
    assert is_marked(" ".join(done.split()), 1, 1)


def test_what_joined_the_file_later_is_at_the_end_of_the_copy() -> None:
    case, document = archive_samples.archived(1)
    paper = papers.store_upload(
        case,
        DocumentKind.SCAN,
        Upload("tambahan.png", archive_samples.picture("PNG")),
        "image/png",
        at=MONDAY,
        by=case.created_by,
        title="Bukti gangguan",
    )
    added = Document(
        request=case,
        kind=DocumentKind.ANSWER_PROOF,
        state=DocumentState.STORED,
        title="Bukti gangguan",
        media_type="image/png",
        sha256=paper.sha256,
        pages=1,
        uploaded=True,
        addendum=1,
        created_at=MONDAY,
    )
    added.save()

    def read(asked: Document) -> bytes:
        return papers.read(paper if asked.pk == added.pk else asked)

    made, _ = print_copy.render(case, document, at=MONDAY, read=read)

    assert bookmarks(made.data)[-1] == "Tambahan ke-1: Bukti gangguan"


def test_a_file_that_was_merged_before_is_copied_as_it_stands() -> None:
    case, document = archive_samples.archived(1)
    with pikepdf.open(io.BytesIO(papers.read(document))) as pdf:
        del pdf.Root.StructTreeRoot
        merged = io.BytesIO()
        pdf.save(merged)

    made, _ = print_copy.render(case, document, at=MONDAY, read=lambda _: merged.getvalue())

    assert made.pages == document.pages
    assert bookmarks(made.data) == ["Lembar Kendali, daftar isi, dan kartu berkas"]


def test_who_reads_people_takes_a_copy_and_the_trail_says_so(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.archived(office_people, people=1)
        url = reverse("print_copy", args=[case.number])
        client.force_login(office_people.keeper)
        refused = client.get(url)
        client.force_login(office_people.admin1)
        shown = client.get(url)
        page = client.get(reverse("request_detail", args=[case.number])).content.decode()

    assert refused.status_code == 403
    assert (shown.status_code, shown["Content-Type"]) == (200, "application/pdf")
    assert shown.content.startswith(b"%PDF")
    entry = AuditEntry.objects.get(act=Act.EXPORT)
    assert entry.summary == f"Salinan cetak berkas arsip dibuat ({entry.changes['pages']} halaman)."
    assert (entry.request, entry.actor) == (case, office_people.admin1)
    assert f'href="{url}"' in page


def test_before_the_file_is_there_no_copy_can_be_made(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.emailed(office_people, people=1)
        client.force_login(office_people.admin1)
        answer = client.get(reverse("print_copy", args=[case.number]))

    assert answer.status_code == 409
    assert "Berkas arsip ada setelah permohonan diarsipkan" in answer.content.decode()
    assert not AuditEntry.objects.filter(act=Act.EXPORT).exists()
