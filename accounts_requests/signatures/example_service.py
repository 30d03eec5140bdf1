"""An e-sign service that is none: a folder in which several processes find the same submissions.

For the demo and the tests; refuses to be made anywhere else. In the demo it "signs" by itself after
a while, with a certificate that says CONTOH and whose key is made for that one signature and
forgotten. In the tests they play the official: ``sign``, ``refuse``, ``go_away``.
"""

import datetime as dt
import io
import json
import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar, Final

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from accounts_requests import clock

from .service import Answer, Refused, Rejected, Signed, Submission, Unreachable, Waiting

FOLDER: Final = "contoh-layanan-tanda-tangan"
AWAY: Final = "tidak-terjangkau"
"""While a file of this name lies in the folder, nobody reaches the service."""


class ExampleService:
    """The folder as a service. One file a submission: ``<reference>.json`` beside its PDFs."""

    name = "Layanan CONTOH (bukan layanan tanda tangan sungguhan)"
    signs_after: ClassVar[dt.timedelta | None] = dt.timedelta(seconds=20)
    """How long the example official takes; None: signs only when told."""

    def __init__(self) -> None:
        if settings.PRODUCTION:
            raise ImproperlyConfigured("layanan contoh hanya untuk demo dan pengujian")

    @property
    def folder(self) -> Path:
        """Where the submissions lie; every process of one installation has the same."""
        folder = Path(settings.DATA_DIR) / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    # -- what an adapter does -------------------------------------------------------------------

    def submit(self, submission: Submission) -> str:
        """As ``SigningService.submit``; keeps one line for each time that it was called."""
        self._require_there()
        reference = f"CONTOH-{secrets.token_hex(6)}"
        if not submission.signer_nip:
            raise Rejected("Penanda tangan tanpa NIP tidak dikenal oleh layanan.")
        (self.folder / f"{reference}.pdf").write_bytes(submission.data)
        told = {
            "title": submission.title,
            "signer_name": submission.signer_name,
            "signer_nip": submission.signer_nip,
            "our_reference": submission.our_reference,
            "at": clock.now().isoformat(),
        }
        self._write(f"{reference}.json", json.dumps(told).encode())
        with (self.folder / "diterima.txt").open("a") as ledger:
            ledger.write(f"{submission.our_reference} {reference}\n")
        return reference

    def ask(self, reference: str) -> Answer:
        """As ``SigningService.ask``; in the demo the official has signed after ``signs_after``."""
        self._require_there()
        told = self.told(reference)
        if (refusal := self.folder / f"{reference}.refused").exists():
            return Refused(refusal.read_text())
        signed = self.folder / f"{reference}.signed.pdf"
        if signed.exists():
            return Signed(signed.read_bytes())
        handed_in = dt.datetime.fromisoformat(told["at"])
        if self.signs_after is None or clock.now() < handed_in + self.signs_after:
            return Waiting()
        data = _sign((self.folder / f"{reference}.pdf").read_bytes(), told["signer_name"])
        self.sign(reference, data)
        return Signed(data)

    # -- what happens at the service's side -----------------------------------------------------

    def sign(self, reference: str, data: bytes) -> None:
        """The official has signed; ``data`` is what the service will give back."""
        self._write(f"{reference}.signed.pdf", data)

    def refuse(self, reference: str, reason: str) -> None:
        """The official will not sign."""
        self._write(f"{reference}.refused", reason.encode())

    def go_away(self, *, away: bool = True) -> None:
        """From now on nobody reaches the service, or everybody again."""
        if away:
            (self.folder / AWAY).touch()
        else:
            (self.folder / AWAY).unlink(missing_ok=True)

    def submissions(self) -> list[tuple[str, str]]:
        """(our reference, the service's) of each submission, in the order in which they came."""
        ledger = self.folder / "diterima.txt"
        lines = ledger.read_text().splitlines() if ledger.exists() else []
        return [(ours, theirs) for ours, _, theirs in (line.partition(" ") for line in lines)]

    def told(self, reference: str) -> dict[str, Any]:
        """What was said with a submission. Raises Rejected for one that never came."""
        try:
            found: dict[str, Any] = json.loads((self.folder / f"{reference}.json").read_bytes())
        except FileNotFoundError:
            raise Rejected("Layanan tidak mengenal nomor rujukan ini.") from None
        return found

    def _require_there(self) -> None:
        if (self.folder / AWAY).exists():
            raise Unreachable("Layanan tidak terjangkau.")

    def _write(self, name: str, data: bytes) -> None:
        """Whole or not at all: another process may be reading."""
        part = self.folder / f".{name}.{os.getpid()}"
        part.write_bytes(data)
        part.replace(self.folder / name)


def _sign(data: bytes, name: str) -> bytes:
    """``data`` with a signature of an example certificate; its key is gone when this returns."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"CONTOH {name}"[:64])])
    now = clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        signing_key=asn1_keys.PrivateKeyInfo.load(plain),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]  # the library's
    )
    out = io.BytesIO()
    made = signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name="CONTOH",
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
        ),
        signer=signer,
    )
    # In a thread of its own: pyHanko runs an event loop, which cannot be had within another.
    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(
            made.sign_pdf, IncrementalPdfFileWriter(io.BytesIO(data)), output=out
        ).result()
    return out.getvalue()
