"""Files from outside: judged by what they are, refused with a sentence, never with a crash."""

import io
import random
import zipfile
from collections.abc import Callable

import pikepdf
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pytest_django import Settings

from accounts_requests import uploads
from accounts_requests.exceptions import InvalidInput
from accounts_requests.uploads import Upload


def pdf_bytes(pages: int = 2, encryption: pikepdf.Encryption | None = None) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595, 935))
        pdf.save(buffer, encryption=encryption)
    return buffer.getvalue()


def image_bytes(kind: str, size: tuple[int, int] = (320, 200)) -> bytes:
    buffer = io.BytesIO()
    noise = random.Random(20260312).randbytes(size[0] * size[1] * 3)  # noqa: S311  a picture
    Image.frombytes("RGB", size, noise).save(buffer, kind)
    return buffer.getvalue()


def workbook_bytes(extra: dict[str, bytes] | None = None) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet("Personel").write_row(0, 0, ["Nama lengkap", "NIP/NI PPPK"])
    if extra:
        with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
            for name, content in extra.items():
                archive.writestr(name, content)
    return buffer.getvalue()


def zip_bytes(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


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


def test_a_picture_of_too_many_pixels_is_never_decoded() -> None:
    buffer = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(buffer, "PNG")
    assert refusal(uploads.check_scan, buffer.getvalue(), "peta.png") == (
        "Gambar peta.png terlalu besar: paling banyak 50 juta piksel. Pindai ulang dengan "
        "resolusi 300 dpi, lalu unggah kembali."
    )
    buffer = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(buffer, "PNG")  # past Pillow's own limit, too
    assert "50 juta piksel" in refusal(uploads.check_scan, buffer.getvalue(), "peta.png")


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
    ],
)
def test_what_is_no_plain_workbook_is_refused(data: bytes, words: str) -> None:
    assert words in refusal(uploads.check_workbook, data, "personel.xlsx")


def test_a_part_packed_by_an_unusual_method_is_refused() -> None:
    buffer = io.BytesIO(workbook_bytes())
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/more.xml", b"<m/>")
    assert "rusak" in refusal(uploads.check_workbook, buffer.getvalue())


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("kind", ["PDF", "JPEG", "PNG", "XLSX"])
def test_damaged_files_are_refused_or_pass_but_never_crash(kind: str, seed: int) -> None:
    chance = random.Random(f"{kind}{seed}")  # noqa: S311  which bytes to damage
    makers: dict[str, Callable[[], bytes]] = {
        "PDF": pdf_bytes,
        "JPEG": lambda: image_bytes("JPEG"),
        "PNG": lambda: image_bytes("PNG"),
        "XLSX": workbook_bytes,
    }
    whole = makers[kind]()
    damaged = bytearray(whole[: chance.randrange(len(whole))] if seed % 2 else whole)
    for _ in range(chance.choice([0, 1, 8, 64]) if seed % 2 else chance.choice([1, 8, 64])):
        if damaged:
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    check: Callable[[Upload], object] = (
        uploads.check_workbook if kind == "XLSX" else uploads.check_scan
    )
    try:
        check(Upload("berkas", bytes(damaged)))
    except InvalidInput as refused:
        assert "berkas" in str(refused)  # noqa: PT017  passing is as good as a sentence


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
