"""Proofs of a mail that was sent from another mailbox, as people make them."""

import pikepdf
import weasyprint
from pikepdf import Array, Dictionary, Name

from accounts_requests.uploads import Upload

from .upload_samples import flat_image, pdf_bytes


def picture(name: str = "bukti.png") -> Upload:
    """A screenshot in which the password is blacked out."""
    return Upload(name, flat_image("PNG", (640, 400)))


def page_saying(text: str) -> Upload:
    """A page of a letter program: one-byte letters, and a black box drawn over them."""

    def write(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        font = pdf.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        )
        page.Resources = Dictionary(Font=Dictionary(F1=font))
        drawn = f"BT /F1 12 Tf 60 800 Td ({text}) Tj ET 50 790 400 30 re f"
        page.Contents = pdf.make_stream(drawn.encode())

    return Upload("bukti.pdf", pdf_bytes(1, change=write))


def printed_page_saying(text: str) -> Upload:
    """What a browser prints: letters of an embedded font, with a table that tells what they are.

    Black on black, and broken where the line ends.
    """
    hidden = f'<b style="background:#000;color:#000">{text}</b>'
    html = f"<html lang=id><title>Bukti</title><p style='width:9em'>Password: {hidden}</p></html>"
    return Upload("bukti.pdf", weasyprint.HTML(string=html).write_pdf())


def page_with_remark(text: str) -> Upload:
    """A page on which somebody left a remark."""

    def write(pdf: pikepdf.Pdf) -> None:
        remark = Dictionary(
            Type=Name.Annot, Subtype=Name.Text, Rect=[10, 10, 30, 30], Contents=text
        )
        pdf.pages[0].Annots = Array([remark])

    return Upload("bukti.pdf", pdf_bytes(1, change=write))


def page_of_picture() -> Upload:
    """A page that holds a picture and no text."""
    return Upload("bukti.pdf", pdf_bytes(1))
