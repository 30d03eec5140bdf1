"""A stored document as it was stored, compared with its hash; an archived file for the printer."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts_requests import clock, content_checks, exports, papers, permissions
from accounts_requests.exceptions import NotPermitted
from accounts_requests.models import Document

from .downloads import PDF, SHOWN, file_answer
from .errors import conflict
from .support import actor, find_request, page


@page
def document(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The document in the browser, or as a download with ``?unduh=1``.

    Every paper of a case names people, so it takes the right to read them. A download is on the
    audit trail.
    """
    _require_people_reader(request)
    paper = get_object_or_404(Document.objects.select_related("request"), public_id=public_id)
    try:
        data = papers.read(paper)
    except (papers.PaperNotReady, papers.PaperDamaged) as error:
        if isinstance(error, papers.PaperDamaged):
            content_checks.met_when_opened(paper, clock.now())
        return conflict(
            request,
            str(error),
            next_url=reverse("request_detail", args=[paper.request.number]),
            next_label="Lihat permohonan",
        )
    kind = paper.media_type if paper.media_type in SHOWN else "application/octet-stream"
    shown = not request.GET.get("unduh")
    if not shown or kind not in SHOWN:
        exports.paper(paper, actor=actor(request), at=clock.now())
    return file_answer(data, name=paper.file_name, media_type=kind, shown=shown)


@page
def print_copy(request: HttpRequest, number: str) -> HttpResponse:
    """The pages of the archived file for the printer, made for this answer and put on the trail."""
    _require_people_reader(request)
    data, name = exports.copy_to_print(find_request(number), actor=actor(request), at=clock.now())
    return file_answer(data, name=name, media_type=PDF, shown=True)


def _require_people_reader(request: HttpRequest) -> None:
    if not permissions.reads_people(permissions.require_reader(actor(request))):
        raise NotPermitted(
            "Dokumen permohonan memuat data pribadi personel dan tidak termasuk kewenangan peran "
            "Anda. Keadaan permohonannya tetap dapat Anda lihat."
        )
