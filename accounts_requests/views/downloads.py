"""A file as an answer: shown only where a browser cannot be led astray by it, else downloaded."""

from collections.abc import Iterable
from typing import IO, Final, cast

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from accounts_requests.uploads import harmless_name

PDF: Final = "application/pdf"
SHOWN: Final = (PDF, "image/jpeg", "image/png")
"""What a browser may show in its window; anything else is only ever downloaded."""

# Whatever the bytes turn out to be for some browser, they are no page of ours: they load nothing,
# run nothing, send nothing.
_NOTHING: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def file_stream(file: IO[bytes], *, name: str) -> HttpResponse:
    """A large file as a download, sent piece by piece and closed at its end; in no cache."""
    answer = FileResponse(file, as_attachment=True, filename=harmless_name(name))
    answer.headers["Content-Security-Policy"] = f"{_NOTHING}; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    # Django's streaming answers are no HttpResponse, though whoever hands one on need not care.
    return cast(HttpResponse, answer)


def chunks_answer(
    chunks: Iterable[bytes], *, name: str, size: int, media_type: str
) -> HttpResponse:
    """A large file of ``size`` bytes as a download, sent a stretch at a time; in no cache."""
    answer = StreamingHttpResponse(chunks, content_type=media_type)
    answer.headers["Content-Length"] = str(size)
    answer.headers["Content-Disposition"] = (
        content_disposition_header(True, harmless_name(name)) or ""
    )
    answer.headers["Content-Security-Policy"] = f"{_NOTHING}; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return cast(HttpResponse, answer)  # as above


def file_answer(data: bytes, *, name: str, media_type: str, shown: bool = False) -> HttpResponse:
    """The bytes under ``name`` (RFC 5987 where it is not plain), in no cache and never guessed at.

    ``shown`` asks for the browser's window instead of a download; kinds outside SHOWN are
    downloaded all the same, as bytes of no kind unless they are ours to name.
    """
    shown = shown and media_type in SHOWN
    # Viewers of PDFs are programs of their own, which not every browser starts in a sandbox.
    policy = _NOTHING if shown and media_type == PDF else f"{_NOTHING}; sandbox"
    return HttpResponse(
        data,
        headers={
            "Content-Type": media_type,
            "Content-Disposition": content_disposition_header(not shown, harmless_name(name)) or "",
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
