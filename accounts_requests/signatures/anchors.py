"""The certificates that the office trusts: files in one directory, none until somebody puts them.

Which authorities an office believes is its own decision, so none comes with the application.
"""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.conf import settings

logger = logging.getLogger(__name__)

ENDINGS: Final = (".pem", ".crt", ".cer")
_LARGEST: Final = 256 * 1024


class NoCertificate(ValueError):
    """A file among the trust anchors holds no certificate; its name is the argument."""


@dataclass(frozen=True)
class Anchor:
    """A trusted certificate: its common name, its SHA-256 (hex), itself as PEM."""

    name: str
    sha256: str
    pem: str

    def stored(self) -> dict[str, str]:
        """As a check keeps it."""
        return {"name": self.name, "sha256": self.sha256}


def installed() -> list[Anchor]:
    """The anchors as they lie there now, by name. A file that holds none is passed over, logged."""
    found: dict[str, Anchor] = {}
    for path in _files():
        try:
            found |= {each.sha256: each for each in read(path)}
        except NoCertificate:
            logger.exception("%s among the trust anchors is no certificate", path.name)
    return sorted(found.values(), key=lambda each: (each.name, each.sha256))


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
            data = file.read(_LARGEST)
        certificates = (
            x509.load_pem_x509_certificates(data)
            if b"-----BEGIN" in data
            else [x509.load_der_x509_certificate(data)]
        )
        return [_anchor(each) for each in certificates]
    except (OSError, ValueError) as error:
        raise NoCertificate(path.name) from error


def _files() -> list[Path]:
    folder = settings.SIGNATURE_ANCHORS
    if not folder or not Path(folder).is_dir():
        return []
    return sorted(each for each in Path(folder).iterdir() if each.suffix.lower() in ENDINGS)


def _anchor(certificate: x509.Certificate) -> Anchor:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    name = str(names[0].value) if names else certificate.subject.rfc4514_string()
    visible = " ".join("".join(each for each in name if each.isprintable()).split())
    return Anchor(
        name=visible[:200],
        sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        pem=certificate.public_bytes(Encoding.PEM).decode("ascii"),
    )
