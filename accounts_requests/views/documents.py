"""A stored document as it was stored: its bytes, compared with their hash."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts_requests import papers, permissions
from accounts_requests.exceptions import NotPermitted
from accounts_requests.models import Document

from .errors import conflict
from .support import actor, page

# What a browser may show in its window; anything else is only ever downloaded.
SHOWN = ("application/pdf", "image/jpeg", "image/png")


@page
def document(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The document in the browser, or as a download with ``?unduh=1``.

    Every paper of a case names people, so it takes the right to read them.
    """
    if not permissions.reads_people(permissions.require_reader(actor(request))):
        raise NotPermitted(
            "Dokumen permohonan memuat data pribadi personel dan tidak termasuk kewenangan peran "
            "Anda. Keadaan permohonannya tetap dapat Anda lihat."
        )
    paper = get_object_or_404(Document.objects.select_related("request"), public_id=public_id)
    try:
        data = papers.read(paper)
    except (papers.PaperNotReady, papers.PaperDamaged) as error:
        return conflict(
            request,
            str(error),
            next_url=reverse("request_detail", args=[paper.request.number]),
            next_label="Lihat permohonan",
        )
    shown = paper.media_type in SHOWN
    how = "inline" if shown and not request.GET.get("unduh") else "attachment"
    response = HttpResponse(
        data, content_type=paper.media_type if shown else "application/octet-stream"
    )
    response["Content-Disposition"] = f'{how}; filename="{_plain(paper.file_name)}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _plain(name: str) -> str:
    """A file name that needs no quoting in a header."""
    kept = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "-_. ") else "-"
        for letter in name
    )
    return kept.strip() or "dokumen"
