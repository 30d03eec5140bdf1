"""Reads certificates out of PEM and DER bytes, and notices what must never lie beside them."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_der_private_key
from cryptography.x509.oid import NameOID

from accounts_requests.exceptions import InvalidInput
from accounts_requests.uploads import Upload

LARGEST: Final = 256 * 1024
"""Bytes; a certificate has two thousand."""
MOST: Final = 20
"""Certificates in one file that is uploaded."""

_PRIVATE_KEY: Final = re.compile(rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----")
# How a PKCS#12 store (.p12, .pfx) begins: a sequence of version 3 and its content.
_KEY_STORE: Final = re.compile(
    rb"0.{1,5}\x02\x01\x030.{1,5}\x06\x09\x2a\x86\x48\x86\xf7", re.DOTALL
)


class NoCertificate(ValueError):
    """Some bytes hold no certificate."""


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """A certificate to be trusted: common names, validity (UTC), SHA-256 (hex), itself as PEM.

    ``is_authority``: it says of itself that it may issue certificates.
    """

    name: str
    issuer: str
    sha256: str
    valid_from: dt.datetime
    valid_until: dt.datetime
    is_authority: bool
    pem: str

    def stored(self) -> dict[str, str]:
        """As a check keeps it."""
        return {"name": self.name, "sha256": self.sha256}


def certificates_in(data: bytes) -> list[Anchor]:
    """The certificates in PEM (several perhaps) or DER bytes. Raises NoCertificate."""
    try:
        certificates = (
            x509.load_pem_x509_certificates(data)
            if b"-----BEGIN" in data
            else [x509.load_der_x509_certificate(data)]
        )
        return [_anchor(each) for each in certificates]
    except (ValueError, UnsupportedAlgorithm) as error:
        raise NoCertificate from error


def holds_private_key(data: bytes) -> bool:
    """Do the bytes hold a private key, be it locked with a passphrase: PEM, DER or PKCS#12?"""
    if _PRIVATE_KEY.search(data) or _KEY_STORE.match(data):
        return True
    try:
        load_der_private_key(data, password=None)
    except TypeError:  # locked with a passphrase
        return True
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True


def certificates_of(upload: Upload) -> list[Anchor]:
    """The certificates in an uploaded file, each once. Raises InvalidInput with one sentence."""
    name = upload.file_name
    if len(upload.data) > LARGEST:
        raise InvalidInput(
            f"Berkas {name} terlalu besar untuk sebuah sertifikat: batasnya {LARGEST // 1024} KB. "
            "Pilih berkas sertifikat (PEM atau DER), lalu unggah kembali."
        )
    if holds_private_key(upload.data):
        raise InvalidInput(
            f"Berkas {name} memuat kunci privat. Kunci privat tidak boleh dikirim kepada siapa "
            "pun; tidak ada yang disimpan dari berkas ini. Beri tahu pemilik kuncinya bahwa kunci "
            "itu telah terkirim, lalu unggah sertifikatnya saja."
        )
    try:
        found = {each.sha256: each for each in certificates_in(upload.data)}
    except NoCertificate:
        raise InvalidInput(
            f"Berkas {name} tidak memuat sertifikat yang dapat dibaca. Unduh kembali dari "
            "penyelenggaranya sebagai PEM atau DER (.pem, .crt, .cer), lalu unggah."
        ) from None
    if len(found) > MOST:
        raise InvalidInput(
            f"Berkas {name} memuat {len(found)} sertifikat, sedangkan sekali unggah paling banyak "
            f"{MOST}. Pilih sertifikat induk yang memang dipercayai kantor."
        )
    return list(found.values())


def _anchor(certificate: x509.Certificate) -> Anchor:
    return Anchor(
        name=_name(certificate.subject),
        issuer=_name(certificate.issuer),
        sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
        is_authority=_is_authority(certificate),
        pem=certificate.public_bytes(Encoding.PEM).decode("ascii"),
    )


def _name(whose: x509.Name) -> str:
    names = whose.get_attributes_for_oid(NameOID.COMMON_NAME)
    name = str(names[0].value) if names else whose.rfc4514_string()
    return " ".join("".join(each for each in name if each.isprintable()).split())[:200]


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        says = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension):
        return False
    return says.ca
