"""The public page that tells whether a paper is genuine: no sign-in, no cookie, nothing of people.

A file is never sent here: the browser computes its SHA-256 and asks for that. Closed, the page
answers as one that does not exist.
"""

import re
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts_requests import clock, document_codes, verification
from accounts_requests.models import Office

from .errors import alone

ASK = "verification/ask.html"
ANSWER = "verification/answer.html"
_SHA256 = re.compile(r"[0-9a-f]{64}")
UNREADABLE_CODE = (
    "Kode dokumen terdiri atas 20 huruf dan angka, misalnya 7QK3-M9ZD-04XA-B2HT-96WE. Periksa "
    "kembali kode yang tercetak di kaki dokumen, lalu ketik kembali."
)
UNREADABLE_HASH = (
    "SHA-256 terdiri atas 64 angka 0–9 dan huruf a–f. Salin seluruhnya, lalu periksa kembali."
)


@require_safe
def verification_page(request: HttpRequest) -> HttpResponse:
    """Where a code is typed or a file is chosen; answers for the SHA-256 of a file."""
    office = Office.current()
    if not office.verifies_publicly(clock.today()):
        return _closed()
    if (typed := request.GET.get("kode")) is not None:
        if code := document_codes.read(typed):
            return redirect("verification_paper", code)
        return _page(request, office, ASK, typed=typed[:60], code_error=UNREADABLE_CODE)
    if (sha256 := request.GET.get("sha256")) is not None:
        return _answer_for_file(request, office, sha256)
    return _page(request, office, ASK)


@require_safe
def verification_paper(request: HttpRequest, code: str) -> HttpResponse:
    """What a QR code opens; with the SHA-256 of a file, also whether the file is that paper."""
    office = Office.current()
    if not office.verifies_publicly(clock.today()):
        return _closed()
    if _asked_too_often(request):
        return alone("errors/429.html", HTTPStatus.TOO_MANY_REQUESTS)
    read = document_codes.read(code)
    found = verification.by_code(read) if read else None
    typed = request.GET.get("sha256")
    sha256 = _read_hash(typed or "")
    return _page(
        request,
        office,
        ANSWER,
        found=found,
        code=read or code[:60],
        sha256=sha256,
        is_same=found is not None and found.sha256 == sha256,
        hash_error="" if sha256 or typed is None else UNREADABLE_HASH,
    )


def _answer_for_file(request: HttpRequest, office: Office, typed: str) -> HttpResponse:
    sha256 = _read_hash(typed)
    if not sha256:
        return _page(request, office, ASK, hash_error=UNREADABLE_HASH)
    if _asked_too_often(request):
        return alone("errors/429.html", HTTPStatus.TOO_MANY_REQUESTS)
    found = verification.by_hash(sha256)
    return _page(request, office, ANSWER, found=found, code="", sha256=sha256, is_same=True)


def _closed() -> HttpResponse:
    return alone("verification/closed.html", HTTPStatus.NOT_FOUND)


def _read_hash(typed: str) -> str:
    """The SHA-256 in small letters without the spaces that papers print it with, or ""."""
    bare = re.sub(r"\s+", "", typed).lower()
    return bare if _SHA256.fullmatch(bare) else ""


def _asked_too_often(request: HttpRequest) -> bool:
    return verification.asked_too_often(request.META.get("REMOTE_ADDR", ""), clock.now())


def _page(request: HttpRequest, office: Office, template: str, **said: object) -> HttpResponse:
    context = {"typed": "", "code_error": "", "hash_error": "", "office": office, **said}
    is_unknown = template == ANSWER and said["found"] is None
    status = HTTPStatus.NOT_FOUND if is_unknown else HTTPStatus.OK
    response = render(request, template, context, status=status)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
