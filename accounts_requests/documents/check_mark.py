"""What a paper that was approved in the application carries: its code, and the way to check it.

The QR code names the paper; a paper cannot contain its own hash, the check page has it. It is a
picture, never drawing instructions of the page itself, which PDF/UA refuses.
"""

import datetime as dt
from dataclasses import dataclass

import segno
from django.conf import settings
from django.urls import reverse

from accounts_requests.models import Office


@dataclass(frozen=True)
class CheckMark:
    """``picture`` is a ``data:`` address of the QR code; ``page`` is what people type."""

    code: str
    page: str
    picture: str


def check_mark(office: Office, code: str, on: dt.date) -> CheckMark | None:
    """The mark of the paper with ``code`` approved on the day ``on`` (in the office's zone).

    None as long as the office has not opened the public page: a code that leads nowhere would
    make a genuine paper look false. The code itself stands in the foot of the paper all the same.
    """
    if not office.verifies_publicly(on):
        return None
    address = f"{settings.PUBLIC_URL}{reverse('verification_paper', args=[code])}"
    picture = segno.make(address, error="m", micro=False).svg_data_uri(border=4, dark="#000")
    page = f"{settings.PUBLIC_URL}{reverse('verification')}".partition("://")[2]
    return CheckMark(code=code, page=page, picture=picture)
