"""The certificates that the office trusts: put on its page, or into a directory of the server.

Which authorities an office believes is its own decision, so none comes with the application.
"""

import logging
from pathlib import Path
from typing import Final

from django.conf import settings

from accounts_requests.models import TrustAnchor

from .certificates import LARGEST, Anchor, NoCertificate, certificates_in

logger = logging.getLogger(__name__)

ENDINGS: Final = (".pem", ".crt", ".cer")


def installed() -> list[Anchor]:
    """The anchors that are in use now, by name: those of the page and of the server. One query."""
    found = {each.sha256: each for each in on_server()}
    for row in TrustAnchor.objects.filter(removed_at__isnull=True):
        found[row.sha256] = Anchor(
            name=row.name,
            issuer=row.issuer,
            sha256=row.sha256,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            is_authority=True,
            pem=row.pem,
        )
    return _by_name(found)


def on_server() -> list[Anchor]:
    """The anchors of the directory ``SIGNATURE_ANCHORS``, by name, as they lie there now.

    A file that holds none is passed over, logged.
    """
    found: dict[str, Anchor] = {}
    for path in _files():
        try:
            found |= {each.sha256: each for each in read(path)}
        except NoCertificate:
            logger.exception("%s among the trust anchors is no certificate", path.name)
    return _by_name(found)


def unreadable() -> list[str]:
    """What hinders: names of files that hold no certificate, or the directory that is not there."""
    folder = settings.SIGNATURE_ANCHORS
    if folder and not Path(folder).is_dir():
        return [str(folder)]
    hindering = []
    for path in _files():
        try:
            read(path)
        except NoCertificate:
            hindering.append(path.name)
    return hindering


def read(path: Path) -> list[Anchor]:
    """The certificates in a PEM or DER file. Raises NoCertificate."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST)
    except OSError as error:
        raise NoCertificate(path.name) from error
    return certificates_in(data)


def _by_name(found: dict[str, Anchor]) -> list[Anchor]:
    return sorted(found.values(), key=lambda each: (each.name, each.sha256))


def _files() -> list[Path]:
    folder = settings.SIGNATURE_ANCHORS
    if not folder or not Path(folder).is_dir():
        return []
    return sorted(each for each in Path(folder).iterdir() if each.suffix.lower() in ENDINGS)
