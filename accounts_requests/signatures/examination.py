"""Has the signatures and the words of a foreign PDF looked at, each in a process of its own."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any, Final

from .certificates import Anchor

MEMORY: Final = 640 * 1024 * 1024
"""Bytes of address space for each of the two processes."""
SECONDS: Final = 20
"""Of work; an SK with 200 people and a signature takes one."""
MAX_SIGNATURES: Final = 20
MAX_TEXT: Final = 4 * 1024 * 1024
"""Bytes of text; a Lampiran with 200 people has 60,000."""

_TOO_MUCH: Final[dict[str, Any]] = {"verdict": "too-much"}
_HERE: Final = Path(__file__).parent
_KEPT: Final = 16
_known: OrderedDict[bytes, Any] = OrderedDict()
_lock = threading.Lock()


def look(data: bytes, anchors: list[Anchor]) -> dict[str, Any]:
    """What ``checker.py`` says of the signatures; "too-much" when it ended at one of its limits."""
    question = {
        "anchors": [each.pem for each in anchors],
        "limits": {
            "memory": MEMORY,
            "seconds": SECONDS,
            "signatures": MAX_SIGNATURES,
            "answer": MAX_TEXT,
        },
    }
    asked = json.dumps(question).encode() + b"\n"

    def ask() -> dict[str, Any]:
        answered = _run([str(_HERE / "checker.py")], asked + data)
        try:
            found: dict[str, Any] = json.loads(answered or b"")
        except ValueError:
            return _TOO_MUCH
        return found

    found: dict[str, Any] = _remembered(b"signatures" + asked, data, ask)
    return found


def words(data: bytes) -> str | None:
    """The words on the pages of a PDF, page by page; None where they cannot be read."""
    program = shutil.which("pdftotext")
    if program is None:
        return None
    limits = {"memory": MEMORY, "seconds": SECONDS, "bytes": MAX_TEXT, "program": program}

    def ask() -> str | None:
        answered = _run([str(_HERE / "words_reader.py"), json.dumps(limits)], data)
        return None if answered is None else answered.decode("utf-8", "replace")

    text: str | None = _remembered(b"words", data, ask)
    return text


def _run(command: list[str], data: bytes) -> bytes | None:
    """The standard output of one of our scripts; None when it failed or was ended."""
    # Nothing of the environment: it holds the application's secrets.
    libraries = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    # Files, not pipes: what is written is bounded by the process's own limit on files.
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(data)
        given.seek(0)
        try:
            done = subprocess.run(  # noqa: S603  our own files, with arguments of our own
                [sys.executable, "-I", *command],
                stdin=given,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env=libraries,
                timeout=SECONDS * 2,  # of waiting, on a machine that has much to do
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
        answer.seek(0)
        return answer.read() if done.returncode == 0 else None


def _remembered(question: bytes, data: bytes, ask: Any) -> Any:
    """The page looks at a file, and so does the gate behind it: the second time it is known.

    What ended at a limit is asked again: the next time the machine may have less to do.
    """
    key = hashlib.sha256(hashlib.sha256(question).digest() + data).digest()
    with _lock:
        if key in _known:
            _known.move_to_end(key)
            return _known[key]
    found = ask()
    if found in (None, _TOO_MUCH):
        return found
    with _lock:
        _known[key] = found
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return found
