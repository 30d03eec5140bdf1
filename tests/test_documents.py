"""The papers, read back as text: what they say, in which order, and what they never say."""

import datetime as dt
import io
import re
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.template import engines
from django.template.loaders.locmem import Loader
from num2words import num2words
from PIL import Image

from accounts_requests import credentials, documents, papers
from accounts_requests.document_codes import code_of
from accounts_requests.documents import paper
from accounts_requests.documents.renderer import RenderedPdf, render_pdf
from accounts_requests.exceptions import RenderingFailed
from accounts_requests.models import AccountRequest, Document, Office
from accounts_requests.roles import Capacity, Role
from accounts_requests.states import DocumentKind, SigningMethod

from . import paper_cases as cases

pytestmark = pytest.mark.django_db


def text_of(data: bytes, *options: str) -> str:
    """What a reader sees, by page (form feeds between pages)."""
    done = subprocess.run(
        ["pdftotext", *options, "-", "-"], input=data, capture_output=True, check=True
    )
    return done.stdout.decode()


def flat(data: bytes, *options: str) -> str:
    """The text without its line breaks, in the order in which a reader meets it."""
    return " ".join(text_of(data, *options).split())


def assert_in_order(text: str, *parts: str) -> None:
    position = 0
    for part in parts:
        found = text.find(part, position)
        assert found >= 0, f"{part!r} does not follow in: {text[position : position + 600]}"
        position = found + len(part)


def made(kind: DocumentKind, request: AccountRequest, **values: Any) -> bytes:
    return documents.render(kind, request, **{"at": cases.ISSUED, **values}).data


def owed(kind: DocumentKind, request: AccountRequest, at: dt.datetime, **values: Any) -> Document:
    return papers.owe(request, kind, at=at, by=request.created_by, **values)


# -- the renderer -------------------------------------------------------------------------------


@contextmanager
def template(source: str) -> Iterator[str]:
    """Put ``source`` where templates are found; yields its name."""
    engine: Any = engines["django"]
    loaders = engine.engine.template_loaders
    engine.engine.template_loaders = [Loader(engine.engine, {"test.html": source}), *loaders]
    try:
        yield "test.html"
    finally:
        engine.engine.template_loaders = loaders


def page(body: str, **values: Any) -> RenderedPdf:
    """Render a body as a paper."""
    source = (
        '<html lang="id"><head><title>{{ title }}</title>'
        '<meta name="dcterms.created" content="{{ created_iso }}"></head>'
        f"<body>{body}</body></html>"
    )
    with template(source) as name:
        return render_pdf(
            name, {}, **{"title": "Uji", "identifier": "1", "created": cases.ISSUED, **values}
        )


def test_the_same_paper_of_the_same_instant_has_the_same_bytes() -> None:
    first = page("<p>Halo</p>")
    assert page("<p>Halo</p>") == first
    assert page("<p>Halo</p>", identifier="2") != first
    assert page("<p>Halo</p>", created=cases.ORDERED) != first


def test_a_paper_says_title_language_instant_and_that_it_is_tagged() -> None:
    with pikepdf.open(io.BytesIO(page("<p>Halo</p>").data)) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Uji"
        assert str(pdf.docinfo["/CreationDate"]) == "D:20260311013000Z"
        assert str(pdf.Root.Lang) == "id"
        assert bool(pdf.Root.MarkInfo.Marked)
        with pdf.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "3"
            assert metadata["pdfaid:conformance"] == "A"


@pytest.mark.parametrize(
    "body",
    [
        '<img src="file:///etc/passwd">',
        '<img src="http://127.0.0.1:9/picture.png">',
        '<img src="/etc/passwd">',
        '<link rel="stylesheet" href="file:///etc/passwd">',
        '<link rel="attachment" href="file:///etc/passwd">',
        "<style>@import url(file:///etc/passwd)</style>",
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
        '<img src="data:image/png;base64,AAAA">',
    ],
)
def test_what_must_not_or_cannot_be_fetched_is_an_error_not_a_hole(body: str) -> None:
    with pytest.raises(RenderingFailed, match="Dokumen “Uji” belum dapat disiapkan: "):
        page(body)


def test_papers_asked_for_by_many_threads_are_all_made() -> None:
    results: list[RenderedPdf] = []

    def work() -> None:
        results.append(render_pdf(name, {}, title="Uji", identifier="1", created=cases.ISSUED))

    with template(
        '<html lang="id"><head><title>Uji</title></head><body>Halo</body></html>'
    ) as name:
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(results) == 8
    assert len({result.data for result in results}) == 1


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        page("<p>Halo</p>", created=dt.datetime(2026, 3, 11, 9))


# -- the SK -------------------------------------------------------------------------------------


def test_a_decree_says_everything_in_its_order() -> None:
    case = cases.make_archived(12)
    text = flat(made(DocumentKind.DECREE, case))
    assert_in_order(
        text,
        "PEMERINTAH PROVINSI KALIMANTAN TIMUR",
        "BIRO PENGADAAN BARANG DAN JASA",
        "KEPUTUSAN KEPALA LPSE PROVINSI KALIMANTAN TIMUR",
        "NOMOR 000.3/1/B.PBJ-II/2026",
        "TENTANG",
        "PEMBUATAN AKUN VERIFIKATOR, HELPDESK, DAN ADMIN AGENCY LPSE PADA APLIKASI SPSE",
        "KEPALA LPSE PROVINSI KALIMANTAN TIMUR,",
        "Menimbang",
        "a. bahwa untuk kelancaran layanan",
        "SPSE;",
        "b. bahwa berdasarkan pertimbangan",
        "pembuatan akun.",
        "Mengingat",
        "1. Undang-Undang Nomor 1 Tahun 2023",
        "2. Peraturan Pemerintah Nomor 71 Tahun 2019",
        "3. Peraturan Presiden Nomor 12 Tahun 2021",
        "MEMUTUSKAN:",
        "Menetapkan",
        "KESATU",
        "Verifikator, Helpdesk, dan Admin Agency",
        "KEDUA",
        "a. Verifikator: memeriksa",
        "b. Helpdesk: memberikan",
        "c. Admin Agency: mengelola",
        "KETIGA",
        "Memerintahkan Admin PPE",
        "KEEMPAT",
        "sampai dengan tanggal 31 Desember 2026",
        "KELIMA",
        "mulai berlaku pada tanggal ditetapkan",
        "Ditetapkan di Samarinda",
        "pada tanggal 11 Maret 2026",
        "CONTOH KEPALA",
        "Pembina Tk. I (IV/b)",
        "NIP 19720528 200502 1 001",
        "Tembusan:",
        "1. Gubernur Kalimantan Timur;",
        "2. Inspektur Provinsi Kalimantan Timur.",
        "LAMPIRAN",
        "NOMOR : 000.3/1/B.PBJ-II/2026",
        "TANGGAL : 11 MARET 2026",
        "CONTOH KEPALA",
    )
    assert "Memperhatikan" not in text


def test_the_annex_names_everyone_once_and_tells_no_contact() -> None:
    case = cases.make_archived(12)
    text = text_of(made(DocumentKind.DECREE, case), "-layout")
    for person in case.registrants.all():
        nip = person.nip
        printed = f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"
        assert text.count(printed) == 1
        assert person.email not in text
        assert person.mobile not in text
    numbers = [
        int(found) for found in re.findall(r"^ *(\d+) +(?:Dr\. Ir\. )?Contoh", text, re.MULTILINE)
    ]
    assert numbers == list(range(1, 13))


def test_two_hundred_people_repeat_the_head_and_leave_no_signature_alone() -> None:
    case = cases.make_draft(200)
    pages = text_of(made(DocumentKind.DECREE_CONCEPT, case), "-layout").split("\f")[:-1]
    annex = pages[next(n for n, page in enumerate(pages) if "LAMPIRAN" in page) :]
    assert len(annex) > 5
    for sheet in annex:
        assert sheet.count("Pangkat/Gol.") == 1
    signed = [number for number, sheet in enumerate(annex) if "Ditetapkan di" in sheet]
    assert signed == [len(annex) - 1]
    assert "Contoh Dua Ratus" in annex[-1]


@pytest.mark.parametrize("count", [9, 10, 11, 23, 24])
def test_whatever_the_length_a_signature_follows_people_on_its_page(count: int) -> None:
    case = cases.make_draft(count)
    pages = text_of(made(DocumentKind.DECREE_CONCEPT, case), "-layout").split("\f")[:-1]
    assert "Ditetapkan di" in pages[-1]
    assert num2words(count, lang="id").title() in pages[-1]


def test_without_number_and_date_a_pen_finds_dotted_blanks() -> None:
    text = flat(made(DocumentKind.DECREE_CONCEPT, cases.make_draft(1)))
    assert f"NOMOR {paper.DOTS}" in text
    assert f"pada tanggal {paper.DOTS}" in text


def test_approval_in_the_application_says_what_it_is_not() -> None:
    case = cases.make_archived(1)
    rendered = documents.render(DocumentKind.DECREE, case, at=cases.ISSUED)
    text = flat(rendered.data)
    assert "Disetujui di dalam aplikasi pada Rabu, 11 Maret 2026, 09.30 WITA." in text
    assert "Bukan tanda tangan elektronik tersertifikasi." in text
    assert f"Kode dokumen {code_of(rendered.public_id)}" in text
    assert rendered.title.startswith("SK nomor 000.3/1/B.PBJ-II/2026 tentang Pembuatan")
    assert rendered.file_name == "SK-000.3-1-B.PBJ-II-2026.pdf"


@pytest.mark.parametrize("method", [SigningMethod.CERTIFIED, SigningMethod.INK])
def test_a_concept_to_be_signed_outside_bears_no_mark_of_ours(method: SigningMethod) -> None:
    case = cases.make_draft(1, signing_method=method)
    rendered = documents.render(DocumentKind.DECREE_CONCEPT, case, at=cases.RECEIVED)
    text = flat(rendered.data)
    assert "KONSEP" not in text
    assert "aplikasi pada" not in text
    assert code_of(rendered.public_id) not in text
    assert "Konsep" not in text
    assert rendered.title.startswith("Konsep SK tentang ")
    with pytest.raises(ValueError, match="never rendered"):
        documents.render(DocumentKind.DECREE, case, at=cases.ISSUED)


def greys(data: bytes) -> list[bool]:
    """For each page whether the pale letters of KONSEP are drawn behind its text."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "paper.pdf"
        source.write_bytes(data)
        subprocess.run(["pdftoppm", "-r", "10", "-gray", source, Path(folder) / "page"], check=True)
        pages = sorted(Path(folder).glob("page*.pgm"))
        return [Image.open(page).histogram()[0xE3] > 100 for page in pages]


def test_a_concept_for_approval_inside_is_marked_on_every_page_and_the_sk_on_none() -> None:
    case = cases.make_archived(12)
    concept = made(DocumentKind.DECREE_CONCEPT, case)
    text = flat(concept)
    assert "KONSEP" not in text, "drawn, not written: nobody hears it in the middle of a sentence"
    assert text.count("Konsep, belum berlaku sebagai Keputusan") == 4
    assert "Disetujui" not in text
    assert greys(concept) == [True] * 4
    assert greys(made(DocumentKind.DECREE, case)) == [False] * 4
    case.signing_method = SigningMethod.INK
    assert greys(made(DocumentKind.DECREE_CONCEPT, case)) == [False] * 4


def test_an_acting_head_signs_for_his_superior() -> None:
    cases.make_office(decree_signer_on_behalf="Kepala Biro Pengadaan Barang dan Jasa")
    case = cases.make_draft(1, signer_title="Plt. Kepala LPSE")
    text = flat(made(DocumentKind.DECREE_CONCEPT, case))
    assert_in_order(
        text,
        "KEPUTUSAN KEPALA BIRO PENGADAAN BARANG DAN JASA NOMOR",
        "a.n. KEPALA BIRO PENGADAAN BARANG DAN JASA",
        "Plt. KEPALA LPSE,",
        "CONTOH KEPALA",
    )


def test_an_office_may_name_its_signer_with_titles() -> None:
    cases.make_office(decree_names_titles=True)
    case = cases.make_draft(1, signer_name="Contoh Kepala, S.T., M.M.")
    assert "Contoh Kepala, S.T., M.M." in flat(made(DocumentKind.DECREE_CONCEPT, case))


def test_duties_are_told_for_the_kinds_that_occur_only() -> None:
    text = flat(made(DocumentKind.DECREE_CONCEPT, cases.make_draft(1, noted="Surat usulan")))
    assert "mempunyai tugas memeriksa dan memverifikasi" in text
    assert "Helpdesk: " not in text
    assert_in_order(text, "Mengingat", "Memperhatikan", ": Surat usulan.", "MEMUTUSKAN")


def test_only_several_entries_are_numbered() -> None:
    fields = ("considerations", "legal_bases", "noted", "copies_to")
    one = cases.make_draft(1, **dict.fromkeys(fields, "satu"))
    text = flat(made(DocumentKind.DECREE_CONCEPT, one)).partition("LAMPIRAN")[0]
    assert re.findall(r"\b(?:\d{1,2}|[a-z])\. \w+", text) == []
    several = cases.make_draft(1, **dict.fromkeys(fields, "satu\ndua"))
    text = flat(made(DocumentKind.DECREE_CONCEPT, several)).partition("LAMPIRAN")[0]
    assert re.findall(r"\b(?:\d{1,2}|[a-z])\. \w+[;.]", text) == [
        *("a. satu;", "b. dua."),
        *("1. satu;", "2. dua.") * 3,
    ]


def test_the_decree_is_set_in_its_own_type_on_its_own_paper() -> None:
    data = made(DocumentKind.DECREE_CONCEPT, cases.make_draft(1))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        width, height = (float(side) / 72 * 25.4 for side in pdf.pages[0].mediabox[2:])
        assert (round(width), round(height)) == (215, 330)
        fonts = _fonts(pdf)
    assert any("URW-Bookman" in name for name in fonts)
    assert all(fonts.values()), fonts


def _fonts(pdf: pikepdf.Pdf) -> dict[str, bool]:
    """Every font of the file and whether its program is embedded."""
    embedded = {}
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
            program = {"/FontFile", "/FontFile2", "/FontFile3"} & set(item.keys())
            embedded[str(item.FontName)] = bool(program)
    return embedded


# -- the other papers ---------------------------------------------------------------------------


def test_a_form_has_its_sections_and_neither_password_field_nor_decree() -> None:
    case = cases.make_archived(2)
    person = case.registrants.get(position_in_list=1)
    rendered = documents.render(DocumentKind.FORM, case, at=cases.RECEIVED, registrant=person)
    text = flat(rendered.data)
    assert rendered.pages == 1
    assert rendered.file_name == "Formulir-001-Contoh-Satu-Verifikator.pdf"
    assert_in_order(
        text,
        "FORMULIR PERMOHONAN PEMBUATAN AKUN VERIFIKATOR/HELPDESK/ADMIN AGENCY LPSE",
        f"Nomor: F-001/{case.number}",
        "A. Identitas",
        "Contoh Satu",
        "B. Kepegawaian",
        "☑ PNS ☐ CPNS ☐ PPPK ☐ Non-ASN",
        "19850215 201002 1 001",
        "Penata Tingkat I (III/d)",
        "C. Kontak",
        "contoh.1@contoh.go.id",
        "+628110000001",
        "D. Akun",
        "☑ Verifikator ☐ Helpdesk ☐ Admin Agency",
        "E. Pernyataan",
        "F. Tanda tangan",
        "Samarinda, 9 Maret 2026",
        "Dr. Ir. Contoh Satu, S.T., M.Eng.",
    )
    assert re.search(r"password\s*:", text, re.IGNORECASE) is None
    assert case.decree_number not in text


def test_a_form_hides_most_of_a_nik() -> None:
    case = cases.make_draft(1)
    person = case.registrants.get()
    person.nik = credentials.encrypt_field("6472010101850001")
    person.save()
    text = flat(made(DocumentKind.FORM, case, registrant=person))
    assert "6472••••••••0001" in text
    assert "6472010101850001" not in text


def test_a_form_bears_the_number_that_the_office_gave_it() -> None:
    case = cases.make_draft(1)
    person = case.registrants.get()
    person.form_number = '12/F"\\ORM</style>'
    person.save()
    assert "Nomor: 12/F" in flat(made(DocumentKind.FORM, case, registrant=person))


def test_an_order_letter_names_basis_addressee_and_task() -> None:
    case = cases.make_archived(12)
    document = owed(DocumentKind.ORDER, case, cases.ORDERED)
    text = flat(made(DocumentKind.ORDER, case, at=cases.ORDERED, document=document), "-raw")
    assert_in_order(
        text,
        "SURAT PERINTAH",
        "NOMOR 000.3/101/B.PBJ-II/2026",
        "Dasar",
        "Keputusan Kepala LPSE Provinsi Kalimantan Timur Nomor 000.3/1/",
        "tanggal 11 Maret 2026",
        "12 (dua belas) Formulir",
        "MEMERINTAHKAN:",
        "Kepada",
        "Contoh Petugas, S.Kom.",
        "19900101 201503 1 002",
        "12 (dua belas) orang (6 Verifikator, 3 Helpdesk, dan 3 Admin Agency)",
        "Dikeluarkan di Samarinda",
        "pada tanggal 11 Maret 2026",
        "Kepala LPSE,",
        "Disetujui di dalam aplikasi pada Rabu, 11 Maret 2026, 10.00 WITA.",
        "Contoh Kepala, S.T., M.M.",
        "NIP 19720528 200502 1 001",
    )


def test_an_unclaimed_order_goes_to_every_admin_ppe_and_an_acting_head_signs_as_such() -> None:
    case = cases.make_archived(
        1,
        assignee=None,
        state="ordered",
        accounts_created_at=None,
        email_sent_at=None,
        archived_at=None,
        archive_number="",
        order_number="",
        order_note="utamakan Helpdesk",
    )
    cases.make_user("Contoh Kedua", Role.ADMIN_PPE)
    case.created_by.appointments.update(capacity=Capacity.PLH)
    document = owed(DocumentKind.ORDER_MEMO, case, cases.ORDERED)
    text = flat(made(DocumentKind.ORDER_MEMO, case, at=cases.ORDERED, document=document), "-raw")
    assert_in_order(
        text,
        "NOTA DINAS",
        "Yth. : Contoh Kedua (Admin PPE) Contoh Petugas, S.Kom. (Admin PPE)",
        "Dari : Plh. Kepala LPSE",
        "Tembusan : —",
        "Tanggal : 11 Maret 2026",
        f"Nomor : {paper.DOTS}",
        "Sifat : Segera",
        "Lampiran : 1 (satu) SK dan 1 (satu) Formulir",
        "Hal : Perintah pembuatan akun Verifikator",
        "Catatan: utamakan Helpdesk",
        "Plh. Kepala LPSE,",
    )


def test_the_account_sheet_tells_results_and_attestations_but_no_password() -> None:
    case = cases.make_archived(3)
    account = case.registrants.get(position_in_list=1).account
    password = credentials.generate_password()
    credentials.keep(account, password, at=cases.CREATED)
    text = flat(made(DocumentKind.ACCOUNT_SHEET, case, at=cases.CREATED))
    assert_in_order(
        text,
        "LEMBAR PEMBUATAN AKUN",
        "2 dari 3 akun dibuat; langkah 3 selesai Rabu, 11 Maret 2026, 11.10 WITA",
        "Dibuat di SPSE",
        "Tidak dapat dibuat: NIP",
        "☑ Data yang dimasukkan pada aplikasi SPSE",
        "☑ Tata cara pembuatan akun",
        "Contoh Petugas, S.Kom.",
    )
    assert password not in text


def test_the_mail_proof_keeps_the_servers_words_and_no_password() -> None:
    case = cases.make_archived(3)
    account = case.registrants.get(position_in_list=1).account
    password = credentials.generate_password()
    credentials.keep(account, password, at=cases.CREATED)
    text = flat(made(DocumentKind.MAIL_PROOF, case, at=cases.SENT), "-raw")
    assert_in_order(
        text,
        "2 dari 2 pesan diterima server e-mail",
        "1. Dr. Ir. Contoh Satu",
        "contoh.1@contoh.go.id",
        "Message-ID : <contoh-",
        "Diantrekan : Rabu, 11 Maret 2026, 11.10 WITA, oleh Contoh Petugas, S.Kom.",
        "Diterima server : Rabu, 11 Maret 2026, 13.00 WITA",
        "250 2.0.0 Ok: queued as 4F1C0",
        "User ID : contoh.1",
        "Password : ••••",
        "WAJIB MENGUBAH PASSWORD",
        "2. Contoh Dua",
    )
    assert password not in text


def test_the_control_sheet_is_the_sop_sheet_filled_in() -> None:
    case = cases.make_archived(12)
    case.notes.create(at=cases.ORDERED, by=case.created_by, text="Catatan contoh")
    text = flat(made(DocumentKind.CONTROL_SHEET, case, at=cases.ARCHIVED))
    for words in (
        "REGISTRASI VERIFIKATOR/HELPDESK/ADMIN AGENCY LPSE",
        "000-310624/BPLPSE/B.PBJ (rev. 0)",
        "12 (6 Verifikator, 3 Helpdesk, dan 3 Admin Agency)",
        "3 Hari",
        "N/A",
        "1 hari 2 jam, tepat waktu",
        "30 menit, tanpa batas waktu",
        "1 jam 10 menit, terlambat 10 menit",
        "Mulai",
        "Selesai",
        "5*",
        "* Nomor tidak tercetak pada SOP",
        "11 dari 12 akun dibuat",
        "11 dari 11 e-mail diterima server",
        "Berkas nomor 0001/2026",
        "Pelaksana ditafsirkan",
        "Terdapat penyimpangan (1 belum dipertanggungjawabkan)",
        "Belum ada penjelasan",
        "Tanda tangan Rabu, 11 Maret 2026, 09.00 WITA",
        "Catatan contoh",
        "60 menit jam kerja akhir langkah sebelumnya seluruh permohonan",
        "Jejak audit ketika itu berada pada entri 41: abababab abababab",
    ):
        assert words in text
    assert text.count("☑") == 5


def test_an_unmet_requirement_shows_its_explanation_and_a_blank_one_says_so(
    without_guard_rails: None,
) -> None:
    case = cases.make_archived(1)
    run = case.step_runs.get(step__number=5)
    run.attestations.update(met=False, explanation="Hasil belum lengkap")
    case.step_runs.get(step__number=4).attestations.all().delete()
    text = flat(made(DocumentKind.CONTROL_SHEET, case, at=cases.ARCHIVED))
    assert "☐ Hasil pembuatan akun Tidak terpenuhi: Hasil belum lengkap" in text
    assert text.count("(belum dijawab)") == 2


def test_a_case_without_deviation_is_clean(without_guard_rails: None) -> None:
    case = cases.make_archived(1)
    case.deviations.all().delete()
    text = flat(made(DocumentKind.CONTROL_SHEET, case, at=cases.ARCHIVED))
    assert "Sesuai mutu baku" in text
    assert "penyimpangan" not in text.lower().replace("bukan penyimpangan", "")


def test_a_paper_that_comes_in_from_outside_is_never_rendered() -> None:
    with pytest.raises(ValueError, match="comes in from outside"):
        documents.render(DocumentKind.SCAN, cases.make_draft(1), at=cases.ISSUED)
    with pytest.raises(ValueError, match="one person's"):
        documents.render(DocumentKind.FORM, cases.make_draft(1), at=cases.ISSUED)
    with pytest.raises(ValueError, match="bytes of the stored papers"):
        documents.render(DocumentKind.ARCHIVE_FILE, cases.make_draft(1), at=cases.ISSUED)


def test_an_office_without_a_paper_size_is_told_so() -> None:
    Office.objects.filter(pk=cases.make_office().pk).update(decree_paper="F4")
    with pytest.raises(ValueError, match="215mm 330mm"):
        made(DocumentKind.DECREE_CONCEPT, cases.make_draft(1))


def test_the_template_version_changes_with_a_template(settings: Any, tmp_path: Path) -> None:
    before = documents.template_version()
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "decree.html").write_text("other")
    documents.template_version.cache_clear()
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    try:
        assert documents.template_version() != before
    finally:
        documents.template_version.cache_clear()
