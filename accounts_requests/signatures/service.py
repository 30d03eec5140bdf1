"""An office's e-sign service: what an adapter to it must be able to do.

SIGNING_SERVICE names the adapter's class by its dotted path; empty, there is no service and nothing
about one appears. The official signs in the service's own application: no passphrase, one-time code
or key of an official is an argument here, or is known to anything in this application. With what
the *application* signs in to the service is the adapter's business; it reads that from the
environment and logs none of it.
"""

import inspect
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

LONGEST_REFERENCE: Final = 200
LONGEST_NAME: Final = 120


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One PDF that is to be signed, and who is to sign it.

    ``our_reference`` (a UUID) is ours alone and the same however often a submission is tried: a
    service that knows it already should answer with the reference that it gave before.
    """

    data: bytes
    title: str
    signer_name: str
    signer_nip: str
    our_reference: str


@dataclass(frozen=True)
class Waiting:
    """The official has neither signed nor refused yet."""


@dataclass(frozen=True)
class Signed:
    """The PDF as the service gives it back, untouched. Whether it is an SK is judged elsewhere."""

    data: bytes


@dataclass(frozen=True)
class Refused:
    """It will not be signed; ``reason`` in words for people, as the official or the service put it.

    Also for what the service lets lapse, or what was withdrawn there.
    """

    reason: str


Answer = Waiting | Signed | Refused


class Unreachable(Exception):
    """The service has surely taken nothing in, or cannot tell now: it is tried again later.

    ``str(error)`` is a sentence for people, without addresses and without anything secret.
    """


class Rejected(Exception):
    """The service will never take this in, however often it is tried (wrong signer, too large).

    ``str(error)`` as for Unreachable.
    """


class SigningService(Protocol):
    """What an adapter does. It is made without arguments, once for each process.

    Every call ends by itself within a minute: the worker that makes it does nothing else meanwhile.
    """

    name: str
    """How people call the service, in at most 120 letters: ``Layanan e-Sign Diskominfo``."""

    def submit(self, submission: Submission) -> str:
        """Hand in a PDF; returns the service's reference (1 to 200 characters).

        Raises Unreachable only where the service surely has nothing of it (no connection, busy
        before it read), Rejected where it said no for good. Whatever else is raised (a connection
        that broke after the PDF had gone out, an answer that cannot be read) means that nobody
        knows: it is never sent again by itself, and a person decides.
        """

    def ask(self, reference: str) -> Answer:
        """What became of a submission. May be asked any number of times.

        Raises Unreachable where it cannot be told now, Rejected where the service does not know
        the reference and never will. Anything else that is raised counts as Unreachable.
        """


def is_on() -> bool:
    """Does the office sign through a service?"""
    return bool(settings.SIGNING_SERVICE)


def current() -> SigningService | None:
    """The adapter of the office; None without one.

    Raises ImportError or TypeError where the path is wrong; ``fault`` says it in words.
    """
    return _made(settings.SIGNING_SERVICE) if is_on() else None


def name() -> str:
    """What people call the office's service; "" without one."""
    service = current()
    return service.name[:LONGEST_NAME] if service is not None else ""


def fault(path: str) -> str:
    """Why the class at ``path`` cannot be the office's service, as a sentence; "" when it can."""
    if not path:
        return ""
    try:
        found = import_string(path)
    except Exception as error:  # noqa: BLE001  whatever a foreign module raises on import
        return f"{path} tidak dapat dimuat ({type(error).__name__})."
    if sentence := _unlike_a_service(path, found):
        return sentence
    try:
        called: object = getattr(_made(path), "name", None)
    except Exception as error:  # noqa: BLE001  whatever a foreign class raises when it is made
        return f"{path} tidak dapat disiapkan ({type(error).__name__}: {error})."
    if not isinstance(called, str) or not 0 < len(called) <= LONGEST_NAME:
        return f"{path} tidak menyebut nama layanannya (name, 1 sampai {LONGEST_NAME} huruf)."
    return ""


def _unlike_a_service(path: str, found: object) -> str:
    """Why what stands at ``path`` is no adapter, as a sentence; "" when it looks like one."""
    if not inspect.isclass(found):
        return f"{path} bukan kelas."
    for method, arguments in (("submit", ("submission",)), ("ask", ("reference",))):
        taken = getattr(found, method, None)
        if not callable(taken):
            return f"{path} tidak mempunyai metode {method}."
        try:
            inspect.signature(taken).bind(None, *arguments)
        except (TypeError, ValueError):
            return f"Metode {method} pada {path} harus menerima tepat satu argumen."
    return ""


@lru_cache(maxsize=4)
def _made(path: str) -> SigningService:
    return cast("SigningService", import_string(path)())
