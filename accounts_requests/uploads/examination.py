"""Has a foreign file looked into (``inspector.py``, ``mail_reader.py``), in a process of its own.

A few hundred kilobytes can unpack to gigabytes or keep a parser busy for hours; in the web server
that would end the work of everybody. It takes a fifth of a second, once for each file.
"""

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any, Final

MAX_PIXELS: Final = 50_000_000
"""An F4 page at 600 dpi has 40 million."""
MAX_PAGES: Final = 500
MAX_OBJECTS: Final = 100_000
"""A PDF of 500 pages from a word processor has some 20,000."""
MEMORY: Final = 640 * 1024 * 1024
"""Bytes of address space; a picture of MAX_PIXELS takes a third of it."""
MAX_TEXT: Final = 2_000_000
"""Letters that are read out of a PDF; its MAX_PAGES full of them have half as many."""
SECONDS: Final = 20
"""Of work; the largest files that may come in take two."""

_TOO_MUCH: Final[dict[str, Any]] = {"verdict": "too-much"}
_INSPECTOR: Final = Path(__file__).with_name("inspector.py")
_MAIL_READER: Final = Path(__file__).with_name("mail_reader.py")
_LIMITS: Final = {
    "memory": MEMORY,
    "seconds": SECONDS,
    "pages": MAX_PAGES,
    "objects": MAX_OBJECTS,
    "pixels": MAX_PIXELS,
    "text": MAX_TEXT,
}
# The form looks at a file, and so does the gate behind it: the second time the answer is known.
# What ended at a limit is asked again: the next time the machine may have less to do.
_KEPT: Final = 16
_known: OrderedDict[tuple[str, bytes], dict[str, Any]] = OrderedDict()
_lock = threading.Lock()


def examine(data: bytes, kind: str) -> dict[str, Any]:
    """What ``inspector.py`` says of ``data``; ``kind`` is PDF, JPEG or PNG.

    Its verdict is "too-much" when the process ended at one of its limits.
    """
    key = (kind, hashlib.sha256(data).digest())
    with _lock:
        if key in _known:
            _known.move_to_end(key)
            return _known[key]
    found = _ask(data, kind)
    if found == _TOO_MUCH:
        return found
    with _lock:
        _known[key] = found
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return found


def read_words(data: bytes) -> str | None:
    """The text layer of a PDF (``inspector.read_words``); None when it is too much to be read.

    Not remembered: it may hold what must not be kept anywhere.
    """
    found = _ask(data, "PDF-TEXT")
    text: str | None = found.get("text")
    return text


def read_mail(data: bytes) -> dict[str, Any]:
    """What ``mail_reader.py`` says of a mail; "too-much" when it ended at one of its limits.

    Not remembered: it may hold what must not be kept anywhere.
    """
    return _answer(data, str(_MAIL_READER))


def _ask(data: bytes, kind: str) -> dict[str, Any]:
    return _answer(data, str(_INSPECTOR), kind)


def _answer(data: bytes, *command: str) -> dict[str, Any]:
    # Nothing of the environment: it holds the application's secrets.
    libraries = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    try:
        answered = subprocess.run(  # noqa: S603  our own files, with arguments of our own
            [sys.executable, "-I", *command, json.dumps(_LIMITS)],
            input=data,
            capture_output=True,
            env=libraries,
            timeout=SECONDS * 2,  # of waiting, on a machine that has much to do
            check=False,
        )
        found: dict[str, Any] = json.loads(answered.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return _TOO_MUCH
    return found
