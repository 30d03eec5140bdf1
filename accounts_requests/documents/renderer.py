"""From a template to a PDF/A-3a that is a PDF/UA-1: the only module that knows WeasyPrint.

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
import unicodedata
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts_requests.exceptions import RenderingFailed

from . import accessibility

logger = logging.getLogger(__name__)

VARIANT = "pdf/a-3a"  # tagged; WeasyPrint writes one variant at a time, see accessibility.py

UNKNOWN = "\ufffd"
"""Stands where somebody typed a sign that no font holds: a glyph of no meaning is forbidden."""
_MAX_ATTEMPTS = 3
_PRIVATE_USE = 0xE000  # from here on some machines show a sign where others have none


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
    """Make of ``template`` (its CSS sets paper, margins, fonts) a PDF/A-3a that is a PDF/UA-1.

    ``title`` becomes the document's title; ``identifier`` (any text that names this very paper,
    such as its public id and version) becomes the PDF's own identifier; ``created`` (aware) is
    the instant of the act, written as the creation date. The context gets ``title`` and
    ``created_iso`` beside what is given; dates are told in the office's zone and in Indonesian.

    May be called from any thread. Raises RenderingFailed, with the cause in its sentence, when
    the paper cannot be made; raises ValueError for a naive ``created``.
    """
    # Here, in the caller's thread: a lazy queryset in the context needs its connection.
    html = render_html(template, context, title=title, created=created)
    pdf_identifier = hashlib.sha256(identifier.encode()).digest()[:16]
    try:
        return _executor().submit(_write_pdf, html, pdf_identifier).result()
    except Exception as error:
        logger.exception("Rendering of %s failed", template)
        raise RenderingFailed(
            f"Dokumen “{title}” belum dapat disiapkan: {_cause(error)}. "
            "Tidak ada data yang berubah."
        ) from error


def render_html(
    template: str, context: Mapping[str, Any], *, title: str, created: dt.datetime
) -> str:
    """The page of which ``render_pdf`` makes a paper. Raises ValueError for a naive ``created``."""
    if created.tzinfo is None:
        raise ValueError(f"{created!r} has no time zone.")
    full_context = {
        **context,
        "title": title,
        "created_iso": created.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    with translation.override("id"), timezone.override(ZoneInfo(settings.TIME_ZONE)):
        return render_to_string(template, full_context)


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
    for _ in range(_MAX_ATTEMPTS):
        with _complaints() as complaints:
            try:
                document = HTML(string=html, url_fetcher=fetcher).render(
                    font_config=_configuration.fonts, **options
                )
                data = document.write_pdf(finisher=accessibility.finish, **options)
            except FatalURLFetchingError as error:  # a BaseException: nobody is to miss it
                raise ValueError(str(error)) from error.__cause__
        if complaints.texts:
            raise ValueError(complaints.texts[0])
        if not complaints.unknown:
            break
        html = html.translate({sign: _instead_of(sign) for sign in complaints.unknown})
    return RenderedPdf(data=data, pages=len(document.pages))


def _instead_of(sign: int) -> str:
    """What is printed for a character that no font holds: a space where it shows nothing."""
    shows_nothing = unicodedata.category(chr(sign))[0] in "CZ" and sign < _PRIVATE_USE
    return " " if shows_nothing else UNKNOWN


class _complaints(logging.Filter):  # noqa: N801  used as a context manager
    """Collects what WeasyPrint only logs: errors, such as an image that it could not read, and
    the characters (as numbers) that no font of this machine holds.

    Exact because one thread renders one paper at a time. Warnings go no further: they are about
    signs that are dealt with, and about CSS.
    """

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.unknown: set[int] = set()
        self._logger = logging.getLogger("weasyprint")
        self._level = self._logger.level

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno >= logging.ERROR:
            self.texts.append(record.getMessage())
            return True
        if str(record.msg).startswith(".notdef glyph") and isinstance(record.args, tuple):
            self.unknown.add(int(str(record.args[1])))
        return False

    def __enter__(self) -> Self:
        self._logger.setLevel(logging.WARNING)
        self._logger.addFilter(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeFilter(self)
        self._logger.setLevel(self._level)


def _cause(error: BaseException) -> str:
    """The innermost reason, in one line."""
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error) or type(error).__name__
