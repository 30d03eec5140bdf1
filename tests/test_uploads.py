"""Files from outside: judged by what they are, refused with a sentence, never with a crash."""

import io
import sys
import zipfile
from collections.abc import Callable

import openpyxl
import pikepdf
import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from PIL import ImageFile
from pytest_django import Settings

from accounts_requests import uploads
from accounts_requests.exceptions import InvalidInput
from accounts_requests.office_rules import check_emblem
from accounts_requests.uploads import Upload, examination, receiving
from accounts_requests.uploads.receiving import BoundedUpload

from . import cases
from . import upload_samples as samples
from .cases import OfficePeople
from .upload_samples import (
    SHEET,
    flat_image,
    image_bytes,
    pdf_bytes,
    workbook_bytes,
    workbook_part,
    workbook_with,
    zip_bytes,
)


def refusal(check: Callable[[Upload], object], data: bytes, name: str = "berkas.bin") -> str:
    with pytest.raises(InvalidInput) as refused:
        check(Upload(name, data))
    assert list(refused.value.errors) == [""]
    return str(refused.value)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (pdf_bytes(), "application/pdf"),
        (image_bytes("JPEG"), "image/jpeg"),
        (image_bytes("PNG"), "image/png"),
    ],
)
def test_a_scan_is_what_its_content_says_whatever_it_is_called(
    data: bytes, media_type: str
) -> None:
    assert uploads.check_scan(Upload("laporan.exe", data)) == media_type


def test_the_pages_of_a_pdf_are_counted() -> None:
    assert uploads.check_pdf(Upload("sk.pdf", pdf_bytes(3))) == 3


def test_a_plain_workbook_passes() -> None:
    uploads.check_workbook(Upload("personel.xlsx", workbook_bytes()))


def test_an_empty_file_is_named() -> None:
    assert refusal(uploads.check_scan, b"", "sk.pdf") == (
        "Berkas sk.pdf kosong (0 byte). Periksa berkasnya, lalu unggah kembali."
    )


def test_a_file_over_the_limit_is_refused_with_both_sizes(settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 1024 * 1024
    sentence = (
        "Berkas sk.pdf terlalu besar: 1,5 MB, sedangkan batasnya 1 MB. Pindai ulang dengan "
        "resolusi lebih rendah atau bagi dokumennya, lalu unggah kembali."
    )
    assert refusal(uploads.check_scan, b"x" * 1_572_864, "sk.pdf") == sentence
    with pytest.raises(InvalidInput, match="terlalu besar"):
        uploads.read_upload(SimpleUploadedFile("sk.pdf", b"x" * 1_572_864))


def test_a_file_of_just_the_limit_passes(settings: Settings) -> None:
    data = image_bytes("PNG")
    settings.MAX_UPLOAD_BYTES = len(data)
    assert uploads.check_scan(Upload("a.png", data)) == "image/png"
    settings.MAX_UPLOAD_BYTES = len(data) - 1
    assert "terlalu besar" in refusal(uploads.check_scan, data)


def test_thirty_megabytes_are_refused_before_they_are_opened() -> None:
    assert "terlalu besar: 30,0 MB" in refusal(uploads.check_workbook, bytes(30 * 1024 * 1024))


def test_other_content_under_a_good_name_is_refused() -> None:
    assert refusal(uploads.check_scan, b"GIF89a" + bytes(50), "sk.pdf") == (
        "Berkas sk.pdf bukan PDF, JPEG, atau PNG, walaupun namanya mungkin demikian. Pindai ulang "
        "ke salah satu bentuk itu, lalu unggah kembali."
    )
    assert "bukan PDF," in refusal(uploads.check_pdf, image_bytes("PNG"), "sk.pdf")


@pytest.mark.parametrize(
    "encryption",
    [pikepdf.Encryption(owner="x", user="y"), pikepdf.Encryption(owner="x", user="")],
    ids=["to open", "to change"],
)
def test_a_pdf_with_a_password_is_refused(encryption: pikepdf.Encryption) -> None:
    assert refusal(uploads.check_scan, pdf_bytes(encryption=encryption), "sk.pdf") == (
        "PDF sk.pdf dilindungi sandi. Simpan tanpa sandi, lalu unggah kembali."
    )


def test_a_pdf_without_pages_is_refused() -> None:
    assert "memuat 0 halaman" in refusal(uploads.check_pdf, pdf_bytes(0))


@pytest.mark.parametrize(
    ("data", "kind"),
    [(pdf_bytes(), "PDF"), (image_bytes("JPEG"), "JPEG"), (image_bytes("PNG"), "PNG")],
)
def test_a_scan_cut_off_in_transit_is_refused_as_damaged(data: bytes, kind: str) -> None:
    assert f"Berkas {kind} sk rusak atau tidak lengkap." in refusal(
        uploads.check_scan, data[: len(data) * 2 // 3], "sk"
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("side", [9_000, 20_000], ids=["past our limit", "past Pillow's"])
def test_a_picture_of_too_many_pixels_is_never_decoded(kind: str, side: int) -> None:
    assert refusal(uploads.check_scan, flat_image(kind, (side, side)), "peta") == (
        "Gambar peta terlalu besar: paling banyak 50 juta piksel. Pindai ulang dengan "
        "resolusi 300 dpi, lalu unggah kembali."
    )


def test_a_picture_cut_off_is_refused_also_after_a_paper_was_rendered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # WeasyPrint switches this on for the whole process when it is imported.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    whole = image_bytes("JPEG", (300, 201))

    assert "rusak" in refusal(uploads.check_scan, whole[: len(whole) // 2])


def test_a_picture_of_endless_passes_is_refused_unread() -> None:
    whole = image_bytes("JPEG", progressive=True)
    start = whole.index(b"\xff\xda")
    one_pass = whole[start : whole.index(b"\xff\xda", start + 2)]

    assert "Berkas JPEG foto rusak" in refusal(
        uploads.check_scan, whole[:start] + one_pass * 100 + whole[start:], "foto"
    )


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (image_bytes("JPEG", comment=b"<html><script>alert(1)</script>"), "image/jpeg"),
        (image_bytes("JPEG") + b"<html><script>alert(1)</script>", "image/jpeg"),
        (image_bytes("JPEG") + zip_bytes({"a.class": b""}), "image/jpeg"),
    ],
    ids=["HTML inside", "HTML behind", "an archive behind"],
)
def test_a_picture_that_is_something_else_besides_is_a_picture(
    data: bytes, media_type: str
) -> None:
    assert uploads.check_scan(Upload("foto.jpg", data)) == media_type


@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script>\n" + pdf_bytes(),
        b"GIF89a" + pdf_bytes(),
        zip_bytes({"a": b"a"}) + pdf_bytes(),
        image_bytes("GIF"),
        image_bytes("BMP"),
        image_bytes("TIFF"),
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"MZ" + bytes(200),
    ],
    ids=["HTML first", "GIF first", "ZIP first", "GIF", "BMP", "TIFF", "SVG", "program"],
)
def test_what_begins_as_something_else_is_no_scan(data: bytes) -> None:
    assert "bukan PDF, JPEG, atau PNG" in refusal(uploads.check_scan, data, "sk.pdf")


def test_a_pdf_may_begin_with_a_byte_order_mark_or_an_empty_line() -> None:
    for before in (b"\xef\xbb\xbf", b"\r\n"):
        assert uploads.check_scan(Upload("sk", before + pdf_bytes())) == "application/pdf"


def test_an_emblem_is_a_png_of_bearable_size() -> None:
    check_emblem(Upload("lambang.png", flat_image("PNG", (2000, 2000))))
    assert refusal(check_emblem, flat_image("PNG", (2001, 10)), "lambang.png") == (
        "Lambang lambang.png berukuran 2001 × 10 piksel; paling besar 2000 × 2000. Perkecil "
        "gambarnya, lalu unggah kembali."
    )
    assert "bukan PNG" in refusal(check_emblem, image_bytes("JPEG"))
    assert "melebihi 500 KB" in refusal(check_emblem, image_bytes("PNG", (500, 400)))


# -- PDFs that do more than lie there ------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (samples.open_script, "memuat skrip"),
        (samples.named_script, "memuat skrip"),
        (samples.rendition_script, "memuat skrip"),
        (samples.form_of_adobe, "memuat skrip"),
        (samples.launch, "memuat perintah"),
        (samples.file_on_a_share, "memuat perintah"),
        (samples.submission, "memuat perintah"),
        (samples.embedded_program, "memuat berkas lain sebagai lampiran"),
    ],
)
def test_a_pdf_that_acts_by_itself_is_refused(
    change: Callable[[pikepdf.Pdf], object], what: str
) -> None:
    assert f"PDF sk.pdf {what}" in refusal(uploads.check_scan, pdf_bytes(change=change), "sk.pdf")


@pytest.mark.parametrize("change", [samples.link, samples.text_form])
def test_a_pdf_with_links_or_fields_passes(change: Callable[[pikepdf.Pdf], object]) -> None:
    assert uploads.check_pdf(Upload("surat.pdf", pdf_bytes(1, change=change))) == 1


def test_a_signed_pdf_passes_untouched() -> None:
    signed = samples.signed_pdf()
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        assert pdf.Root.AcroForm.Fields[0].V.SubFilter == "/ETSI.CAdES.detached"
    upload = Upload("SK bertanda tangan.pdf", signed)

    assert uploads.check_pdf(upload) == 1
    assert upload.data == signed


def test_a_pdf_of_too_many_pages_is_refused_by_their_number() -> None:
    assert "memuat 501 halaman" in refusal(uploads.check_pdf, pdf_bytes(501))
    assert "memuat 20000 halaman" in refusal(uploads.check_pdf, samples.one_page_many_times(20_000))


def test_a_pdf_whose_pages_double_and_double_is_refused() -> None:
    assert "rusak" in refusal(uploads.check_pdf, samples.pages_that_double(40))


def test_a_pdf_of_too_many_objects_is_refused() -> None:
    data = pdf_bytes(1, change=samples.many_objects(examination.MAX_OBJECTS))
    assert "memuat terlalu banyak bagian" in refusal(uploads.check_pdf, data)


def test_a_pdf_that_swells_is_refused_and_takes_no_memory_of_ours() -> None:
    data = samples.swelling_pdf(8_000_000)
    assert len(data) < 100_000
    assert refusal(uploads.check_pdf, data, "sk.pdf") == (
        "PDF sk.pdf memuat terlalu banyak bagian untuk diperiksa. Pindai ulang atau bagi "
        "dokumennya, lalu unggah kembali."
    )


def test_a_file_that_keeps_the_parser_busy_is_given_up_and_asked_again_the_next_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as busy:
        busy.setattr(sys, "executable", "/bin/yes")  # which never ends by itself
        busy.setattr(examination, "SECONDS", 0.05)

        assert "terlalu banyak bagian" in refusal(uploads.check_pdf, pdf_bytes(3))

    assert uploads.check_pdf(Upload("a.pdf", pdf_bytes(3))) == 3


def test_a_file_is_looked_into_once_and_the_answer_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = pdf_bytes(7)
    assert uploads.check_pdf(Upload("a.pdf", data)) == 7
    monkeypatch.setattr(sys, "executable", "/bin/false")

    assert uploads.check_pdf(Upload("b.pdf", data)) == 7


# -- workbooks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"nama;nip\nBudi;1972", "bukan buku kerja Excel (.xlsx)"),
        (zip_bytes({"word/document.xml": b"<w/>", "[Content_Types].xml": b"<Types/>"}), "bukan"),
        (zip_bytes({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "bukan"),
        (zip_bytes({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<x/>"}), "bukan"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "Excel lama (.xls) atau dilindungi"),
        (workbook_bytes({"xl/vbaProject.bin": b"macro"}), "memuat makro"),
        (workbook_bytes({"xl/macrosheets/sheet1.xml": b"<m/>"}), "memuat makro"),
        (workbook_bytes({f"xl/media/{n}": b"" for n in range(501)}), "jauh lebih banyak isi"),
        (workbook_bytes({"xl/media/big": bytes(51 * 1024 * 1024)}), "jauh lebih banyak isi"),
        (workbook_bytes({"xl/media/big": bytes(11 * 1024 * 1024)}), "jauh lebih banyak isi"),
        (
            workbook_with(SHEET, workbook_part(SHEET) + b" " * (8 * 1024 * 1024)),
            "jauh lebih banyak isi",
        ),
        (workbook_with("xl/styles.xml", b"<xf/>" * 250_000), "jauh lebih banyak isi"),
        (workbook_with(SHEET, b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>"), "Excel"),
        (workbook_with(SHEET, "<!DOCTYPE a>".encode("utf-16")), "deklarasi yang tidak dibuat"),
        (
            samples.lying_zip(workbook_with(SHEET, bytes(9_000_000)), SHEET, 1000),
            "rusak atau tidak lengkap",
        ),
    ],
    ids=[
        "CSV",
        "Word",
        "OpenDocument",
        "hollow",
        "old or encrypted",
        "macros",
        "macro sheet",
        "parts",
        "bomb by size",
        "bomb by ratio",
        "endless sheet",
        "endless styles",
        "entity",
        "document type in UTF-16",
        "false size",
    ],
)
def test_what_is_no_plain_workbook_is_refused(data: bytes, words: str) -> None:
    assert words in refusal(uploads.check_workbook, data, "personel.xlsx")


def test_a_workbook_with_links_to_others_is_read_without_them() -> None:
    target = b"<externalLink xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'/>"
    uploads.check_workbook(
        Upload("a.xlsx", workbook_bytes({"xl/externalLinks/externalLink1.xml": target}))
    )


def test_a_picture_in_a_workbook_may_be_large() -> None:
    picture = image_bytes("PNG", (800, 600))
    assert len(picture) > 1024 * 1024
    data = workbook_bytes({"xl/media/image1.png": picture})

    uploads.check_workbook(Upload("a.xlsx", data))
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == ["Personel"]


def test_a_part_packed_by_an_unusual_method_is_refused() -> None:
    buffer = io.BytesIO(workbook_bytes())
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/more.xml", b"<m/>")
    assert "rusak" in refusal(uploads.check_workbook, buffer.getvalue())


@pytest.mark.parametrize(
    ("name", "harmless"),
    [
        ("SK Verifikator.pdf", "SK Verifikator.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\budi\\SK.pdf", "SK.pdf"),
        ("sk\u202efdp.exe", "skfdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("", "berkas"),
        ("...", "berkas"),
        ("..\\..\\", "berkas"),
        ("\x00\x1b[31m\u200b\ufeff", "[31m"),
        ("\ud800.pdf", "pdf"),
        ("a\u2028b\u0085c.pdf", "a bc.pdf"),
        (".htaccess", "htaccess"),
        ("Sūrat 決定 😀.pdf", "Sūrat 決定 😀.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("x" * 300, "x" * 150),
        ("a." + "x" * 300, ("a." + "x" * 300)[:150]),
    ],
)
def test_a_file_name_is_made_harmless(name: str, harmless: str) -> None:
    assert Upload(name, b"").file_name == harmless


def test_a_kept_file_is_named_after_its_content() -> None:
    assert Upload("sk.exe", b"").name_for("application/pdf") == "sk.exe.pdf"
    assert Upload("sk.PDF", b"").name_for("application/pdf") == "sk.PDF"
    assert Upload("foto.jpeg", b"").name_for("image/jpeg") == "foto.jpeg"
    assert len(Upload("x" * 150, b"").name_for("image/png")) == 150


def test_a_form_file_is_read_from_its_beginning() -> None:
    uploaded = SimpleUploadedFile("SK.pdf", b"content")
    uploaded.read()
    assert uploads.read_upload(uploaded) == Upload("SK.pdf", b"content")


# -- on their way in -----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1_500_000, 4_000_000], ids=["in memory", "on disk"])
def test_a_file_over_the_limit_is_named_with_its_size_and_kept_nowhere(
    client: Client, office_people: OfficePeople, settings: Settings, size: int
) -> None:
    settings.MAX_UPLOAD_BYTES = 1024 * 1024
    case = cases.draft(office_people, people=0)
    client.force_login(office_people.drafter)
    file = SimpleUploadedFile("pindai.pdf", b"%PDF-" + bytes(size))

    answer = client.post(reverse("attachments", args=[case.number]), {"file": file, "title": "a"})

    told = f"{(size + 5) / 1024 / 1024:.1f}".replace(".", ",")
    assert (
        f"Berkas pindai.pdf terlalu besar: {told} MB, sedangkan batasnya 1 MB."
        in answer.content.decode()
    )


def test_a_request_that_announces_too_much_is_not_read(rf: RequestFactory) -> None:
    handler = BoundedUpload(rf.post("/"))

    handler.handle_raw_input(None, {}, receiving.MAX_BODY, "a")
    with pytest.raises(RequestDataTooBig):
        handler.handle_raw_input(None, {}, receiving.MAX_BODY + 1, "a")


@pytest.mark.django_db
def test_more_files_than_any_form_asks_for_are_refused(client: Client) -> None:
    files = {f"file{number}": SimpleUploadedFile("a", b"a") for number in range(11)}

    answer = client.post(reverse("account_login"), files)

    assert answer.status_code == 413
    assert "Berkas terlalu besar" in answer.content.decode()
