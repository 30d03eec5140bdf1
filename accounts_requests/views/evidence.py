"""Berkas bukti of a case: who took one before, for which letter, and the ZIP itself."""

from contextlib import ExitStack
from io import BytesIO
from tempfile import TemporaryFile

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts_requests import bundles, clock, exports, permissions
from accounts_requests.forms.evidence import EvidenceForm
from accounts_requests.models import AccountRequest, AuditEntry
from accounts_requests.states import Act

from .downloads import file_answer, file_stream
from .support import actor, find_request, page

# A bundle of larger papers is made on disk and sent piece by piece.
_IN_MEMORY = 8 * 1024 * 1024


@page
def evidence(request: HttpRequest, number: str) -> HttpResponse:
    """What the bundle holds and who took it before; a press makes one and sends it."""
    user = actor(request)
    permissions.require_report_reader(user)
    case = find_request(number)
    form = EvidenceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        # On disk beyond a few megabytes: a case of many scans is large.
        name = bundles.name_of(case)
        with ExitStack() as stack:
            large = _bytes_of(case) > _IN_MEMORY
            file = stack.enter_context(TemporaryFile()) if large else BytesIO()
            exports.bundle(case, file, actor=user, at=clock.now(), letter=form.letter())
            if isinstance(file, BytesIO):
                return file_answer(file.getvalue(), name=name, media_type="application/zip")
            stack.pop_all()  # from here on the answer closes it
            return file_stream(file, name=name)
    taken = AuditEntry.objects.filter(
        request=case, act=Act.EXPORT, object_label=bundles.name_of(case)
    )
    context = {"case": case, "form": form, "taken": taken.order_by("-sequence")[:50]}
    return render(request, "requests/evidence.html", context)


def _bytes_of(case: AccountRequest) -> int:
    """How large the papers of the case are together."""
    return case.documents.aggregate(size=Sum("size"))["size"] or 0
