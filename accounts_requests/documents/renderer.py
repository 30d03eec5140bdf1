"""From a template to a PDF/A-3a: the only module that knows WeasyPrint.

What is certain here: the same template, context, title, identifier and instant give the same
bytes; nothing is fetched from the network or from the disk (pictures come as ``data:`` or not at
all); a picture that cannot be had is an error, not a hole in an official paper.
"""

import datetime as dt
import gc
import hashlib
import logging
import os
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts_requests.exceptions import RenderingFailed

logger = logging.getLogger(__name__)

VARIANT = "pdf/a-3a"  # tagged; WeasyPrint writes one variant at a time


@dataclass(frozen=True)
class RenderedPdf:
    """The bytes of a PDF and the number of its pages."""

    data: bytes
    pages: int


def render_pdf(
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    identifier: str,
    created: dt.datetime,
) -> RenderedPdf:
    """Render ``template`` (it sets paper, margins and fonts in its CSS) into a tagged PDF/A-3a.

    ``title`` becomes the document's title; ``identifier`` (any text that names this very paper,
    such as its public id and version) becomes the PDF's own identifier; ``created`` (aware) is
    the instant of the act, written as the creation date. The context gets ``title`` and
    ``created_iso`` beside what is given; dates are told in the office's zone and in Indonesian.

    May be called from any thread. Raises RenderingFailed, with the cause in its sentence, when
    the paper cannot be made; raises ValueError for a naive ``created``.
    """
    if created.tzinfo is None:
        raise ValueError(f"{created!r} has no time zone.")
    full_context = {
        **context,
        "title": title,
        "created_iso": created.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    # Here, in the caller's thread: a lazy queryset in the context needs its connection.
    with translation.override("id"), timezone.override(ZoneInfo(settings.TIME_ZONE)):
        html = render_to_string(template, full_context)
    pdf_identifier = hashlib.sha256(identifier.encode()).digest()[:16]
    try:
        return _executor().submit(_write_pdf, html, pdf_identifier).result()
    except Exception as error:
        logger.exception("Rendering of %s failed", template)
        raise RenderingFailed(
            f"Dokumen “{title}” belum dapat disiapkan: {_cause(error)}. "
            "Tidak ada data yang berubah."
        ) from error


# --- The one render thread ------------------------------------------------------------------
#
# A FontConfiguration shared between threads crashes the process, and a fresh one for each paper
# leaks 0.27 MB; rendering gains nothing from threads. So each process has one thread that owns
# one configuration. It starts with the first paper, never at import: a thread does not survive
# the fork of a web server's workers, hence the process id beside it.

_lock = threading.Lock()
_owner: tuple[int, ThreadPoolExecutor] | None = None
_configuration = threading.local()


def _executor() -> ThreadPoolExecutor:
    global _owner  # noqa: PLW0603  one thread for each process is the point
    with _lock:
        if _owner is None or _owner[0] != os.getpid():
            _owner = (os.getpid(), ThreadPoolExecutor(1, thread_name_prefix="render"))
        return _owner[1]


def _renew_lock_after_fork() -> None:
    global _lock  # noqa: PLW0603  a lock held by a thread that the fork left behind never opens
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_renew_lock_after_fork)


def _write_pdf(html: str, pdf_identifier: bytes) -> RenderedPdf:
    # Importing WeasyPrint takes 0.8 s: the start of the web server and of every command does
    # not wait for it, only the first paper does.
    from weasyprint import HTML  # noqa: PLC0415
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    from weasyprint.urls import FatalURLFetchingError, URLFetcher  # noqa: PLC0415

    if not hasattr(_configuration, "fonts"):
        _configuration.fonts = FontConfiguration()
        # What was imported stays for good. Out of the collector's sight, it is not walked again
        # and again while a paper makes its many small objects: a quarter less time for each.
        gc.collect()
        gc.freeze()
    fetcher = URLFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
    options = {"pdf_variant": VARIANT, "pdf_tags": True, "pdf_identifier": pdf_identifier}
    with _complaints() as complaints:
        try:
            document = HTML(string=html, url_fetcher=fetcher).render(
                font_config=_configuration.fonts, **options
            )
            data = document.write_pdf(**options)
        except FatalURLFetchingError as error:  # a BaseException: WeasyPrint lets nobody miss it
            raise ValueError(str(error)) from error.__cause__
    if complaints.texts:
        raise ValueError(complaints.texts[0])
    return RenderedPdf(data=data, pages=len(document.pages))


class _complaints(logging.Handler):  # noqa: N801  used as a context manager
    """Collects what WeasyPrint only logs as an error, such as an image it could not read.

    Exact because one thread renders one paper at a time.
    """

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())

    def __enter__(self) -> Self:
        logging.getLogger("weasyprint").addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("weasyprint").removeHandler(self)


def _cause(error: BaseException) -> str:
    """The innermost reason, in one line."""
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error) or type(error).__name__
