"""A certificate authority and signers of the tests' own; the product never signs."""

import datetime as dt
import functools
import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import time_machine
from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

NIP = "197205282005021001"


@dataclass(frozen=True)
class Holder:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def asn1(self) -> tuple[asn1_x509.Certificate, asn1_keys.PrivateKeyInfo]:
        der = self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return (
            asn1_x509.Certificate.load(self.certificate.public_bytes(Encoding.DER)),
            asn1_keys.PrivateKeyInfo.load(der),
        )


def holder(
    name: str,
    *,
    issuer: Holder | None = None,
    nip: str = "",
    since: dt.datetime = dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
    until: dt.datetime = dt.datetime(2036, 1, 1, tzinfo=dt.UTC),
    authority: bool = False,
    stamps: bool = False,
    answers: bool = False,
) -> Holder:
    """A certificate for ``name``, signed by ``issuer`` or by itself.

    ``answers``: it names an address at which its status can be asked.
    """
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = (
        rsa.generate_private_key(65537, 2048) if stamps else ec.generate_private_key(ec.SECP256R1())
    )
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
    if nip:
        parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, nip))
    subject = x509.Name(parts)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not authority,
                content_commitment=not authority,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=authority,
                crl_sign=authority,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if stamps:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    if answers:
        address = x509.UniformResourceIdentifier("http://status.contoh.example")
        told = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, address)
        builder = builder.add_extension(x509.AuthorityInformationAccess([told]), critical=False)
    signed = builder.sign((issuer.key if issuer else key), hashes.SHA256())
    return Holder(signed, key)


@functools.cache
def authority() -> Holder:
    return holder("Otoritas Uji", authority=True)


@functools.cache
def official() -> Holder:
    return holder("Dra. Ratna Dewi", issuer=authority(), nip=NIP, answers=True)


@functools.cache
def clock_of_others() -> Holder:
    return holder("Stempel Waktu Uji", issuer=authority(), stamps=True)


def sign(
    data: bytes,
    *,
    by: Holder | None = None,
    at: dt.datetime,
    stamped: bool = False,
    field: str = "TandaTangan",
    bytes_reserved: int | None = None,
) -> bytes:
    """``data`` with a signature appended, as certified providers do it."""
    signer = by or official()
    certificate, key = signer.asn1()
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # the library's own
    store.register(authority().asn1()[0])
    stamper = None
    if stamped:
        stamp_certificate, stamp_key = clock_of_others().asn1()
        stamper = DummyTimeStamper(stamp_certificate, stamp_key, fixed_dt=at)
    out = io.BytesIO()
    made = signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED
        ),
        signer=signers.SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=store),
        timestamper=stamper,
    )
    # In a thread of its own: pyHanko runs an event loop, and so does a browser in the test's.
    with time_machine.travel(at, tick=False), ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(
            made.sign_pdf,
            IncrementalPdfFileWriter(io.BytesIO(data)),
            output=out,
            bytes_reserved=bytes_reserved,
        ).result()
    return out.getvalue()


# -- what a provider tells of revocation, and how a file carries it -------------------------------


def revocation_list(
    *revoked: tuple[Holder, dt.datetime], at: dt.datetime, by: Holder | None = None
) -> x509.CertificateRevocationList:
    """The authority's list as of ``at``, valid for a day."""
    issuer = by or authority()
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(at)
        .next_update(at + dt.timedelta(days=1))
    )
    for whose, since in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(whose.certificate.serial_number)
            .revocation_date(since)
            .build()
        )
    return builder.sign(issuer.key, hashes.SHA256())


def online_answer(
    whose: Holder, *, at: dt.datetime, revoked_at: dt.datetime | None = None
) -> ocsp.OCSPResponse:
    """The authority's own OCSP answer of ``at`` about one certificate, valid for a day."""
    status = ocsp.OCSPCertStatus.GOOD if revoked_at is None else ocsp.OCSPCertStatus.REVOKED
    return (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert=whose.certificate,
            issuer=authority().certificate,
            algorithm=hashes.SHA1(),  # noqa: S303  what OCSP names certificates by
            cert_status=status,
            this_update=at,
            next_update=at + dt.timedelta(days=1),
            revocation_time=revoked_at,
            revocation_reason=None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.NAME, authority().certificate)
        .sign(authority().key, hashes.SHA256())
    )


def with_validation_data(
    data: bytes,
    *,
    lists: Sequence[x509.CertificateRevocationList] = (),
    answers: Sequence[ocsp.OCSPResponse] = (),
) -> bytes:
    """``data`` with a DSS appended, as providers of long-term validation add it."""
    stream = io.BytesIO(data)
    signature = PdfFileReader(stream).embedded_signatures[0]
    DocumentSecurityStore.add_dss(
        stream,
        sig_contents=signature.pkcs7_content,
        certs=[authority().asn1()[0]],
        crls=[asn1_crl.CertificateList.load(each.public_bytes(Encoding.DER)) for each in lists],
        ocsps=[asn1_ocsp.OCSPResponse.load(each.public_bytes(Encoding.DER)) for each in answers],
    )
    return stream.getvalue()
