"""Looks at the signatures of a foreign PDF, in a process of its own that cannot use much.

Run by its path, with the limits and the trust anchors as JSON for the first line of standard input
and the PDF's bytes after it; it writes one JSON object and imports nothing of the application.
It signs nothing, keeps nothing and reaches nobody: revocation is judged by what the file carries.
"""

import datetime as dt
import io
import json
import logging
import re
import resource
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

_LONGEST: Final = 200
"""Letters that are taken over of a name in a certificate."""
_REACHING_OUT: Final = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn")


def confine(memory: int, seconds: int, answer: int) -> None:
    """Bound this process: bytes of memory and answer, seconds of work, no network."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (answer, answer))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse_to_reach_out)


def _refuse_to_reach_out(event: str, _arguments: object) -> None:
    # An event loop makes itself a pair of sockets; what matters is that none is ever connected.
    if event.startswith(_REACHING_OUT) and event not in {"socket.__new__", "socket.gethostname"}:
        raise PermissionError(event)


def look(data: bytes, anchors: list[str], limits: dict[str, int]) -> dict[str, Any]:
    """``verdict`` (read, damaged, too-much) and the ``signatures``, in the order of the file."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415  it must be confined
    from pyhanko_certvalidator import CertificateValidator  # noqa: F401, PLC0415  loaded while quiet

    logging.disable(logging.CRITICAL)  # what a parser complains about is in the verdict
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=False)
        if reader.encrypted:
            return {"verdict": "damaged"}
        found = list(reader.embedded_regular_signatures)
        if len(found) > limits["signatures"]:
            return {"verdict": "too-much"}
        evidence = _Evidence(reader, [_certificate(each) for each in anchors])
        return {"verdict": "read", "signatures": [_judge(each, evidence) for each in found]}
    except MemoryError:
        return {"verdict": "too-much"}
    except Exception:  # noqa: BLE001  whatever a parser says of foreign bytes, they are damaged
        return {"verdict": "damaged"}


def _certificate(pem: str) -> Any:
    from asn1crypto import pem as armour  # noqa: PLC0415  as above
    from asn1crypto import x509  # noqa: PLC0415  as above

    return x509.Certificate.load(armour.unarmor(pem.encode("ascii"))[2])


class _Evidence:
    """What certificates are judged by: the anchors, and what the file itself carries."""

    def __init__(self, reader: Any, anchors: list[Any]) -> None:
        from pyhanko.sign.validation.dss import DocumentSecurityStore  # noqa: PLC0415  as above

        self.anchors = anchors
        self.others: list[Any] = []
        self.ocsps: list[Any] = []
        self.crls: list[Any] = []
        try:
            store = DocumentSecurityStore.read_dss(reader)
            context = store.as_validation_context({"trust_roots": [], "allow_fetching": False})
        except Exception:  # noqa: BLE001  most files have none, and a broken one proves nothing
            return
        self.others = list(store.load_certs())
        self.ocsps = list(context.ocsps)
        self.crls = list(context.crls)

    def context(self, signature: Any, moment: dt.datetime | None, *, strict: bool = False) -> Any:
        """The context in which the chain of ``signature`` is judged, as of ``moment``.

        Whether it leads to an anchor is one question; with ``strict`` it is another: whether the
        file itself tells that nothing in it was revoked, be it that the signer's certificate does
        not say who is to be asked.
        """
        from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415  as above
        from pyhanko_certvalidator.policy_decl import (  # noqa: PLC0415  as above
            CertRevTrustPolicy,
            RevocationCheckingPolicy,
            RevocationCheckingRule,
        )

        rules = RevocationCheckingRule
        policy = (
            RevocationCheckingPolicy(rules.CRL_OR_OCSP_REQUIRED, rules.CHECK_IF_DECLARED_SOFT)
            if strict
            else RevocationCheckingPolicy(rules.NO_CHECK, rules.NO_CHECK)
        )
        ocsps, crls = self.of(signature)
        return ValidationContext(
            trust_roots=self.anchors,
            other_certs=self.others,
            ocsps=ocsps,
            crls=crls,
            allow_fetching=False,
            revinfo_policy=CertRevTrustPolicy(policy, retroactive_revinfo=True),
            moment=moment,
        )

    def of(self, signature: Any) -> tuple[list[Any], list[Any]]:
        """The revocation answers that the file carries for ``signature``."""
        from pyhanko.sign.general import find_unique_cms_attribute  # noqa: PLC0415  as above

        try:
            carried = find_unique_cms_attribute(
                signature.signer_info["signed_attrs"], "adobe_revocation_info_archival"
            )
            ocsps, crls = list(carried["ocsp"] or ()), list(carried["crl"] or ())
        except Exception:  # noqa: BLE001  it carries none
            ocsps, crls = [], []
        return [*self.ocsps, *ocsps], [*self.crls, *crls]


def _judge(signature: Any, evidence: _Evidence) -> dict[str, Any]:
    """One signature: who, when, how much of the file, and whether the chain leads to an anchor."""
    certificate = signature.signer_cert
    stamped = _stamp(signature)
    moment = stamped or _aware(signature.self_reported_timestamp)
    status = _validated(signature, evidence, moment)
    told = _revocation(signature, evidence, moment) if any(evidence.of(signature)) else None
    stamp = status.timestamp_validity
    return {
        "name": _shown(certificate.subject.native.get("common_name", "")),
        "nip": _nip(certificate),
        "organisation": _shown(certificate.subject.native.get("organization_name", "")),
        "issuer": _shown(certificate.issuer.native.get("common_name", "")),
        "serial": format(certificate.serial_number, "x")[:64],
        "certificate": certificate.sha256.hex(),
        "valid_from": certificate.not_valid_before.isoformat(),
        "valid_until": certificate.not_valid_after.isoformat(),
        "self_signed": certificate.subject == certificate.issuer,
        "signed_at": moment.isoformat() if moment else "",
        "stamped": stamped is not None,
        "stamp_intact": bool(stamp and stamp.intact and stamp.valid),
        "stamp_trusted": bool(stamp and stamp.trusted),
        "intact": bool(status.intact and status.valid),
        "coverage": status.coverage.name if status.coverage else "",
        "modification": status.modification_level.name if status.modification_level else "",
        "permitted": status.docmdp_ok is not False,
        "trusted": bool(status.trusted),
        "revoked": bool(told and told.revoked),
        "revoked_at": told.revoked_at if told else "",
        "revocation_carried": told is not None,
        "revocation_checked": bool(told and told.checked),
    }


def _validated(
    signature: Any, evidence: _Evidence, moment: dt.datetime | None, *, strict: bool = False
) -> Any:
    """What pyHanko says of the signature as of ``moment``."""
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415  it must be confined
    from pyhanko.sign.validation.settings import KeyUsageConstraints  # noqa: PLC0415  as above

    # Either use is one of signing; certificates in the wild name the one or the other.
    uses = KeyUsageConstraints(
        key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
    )
    return validate_pdf_signature(
        signature,
        evidence.context(signature, moment, strict=strict),
        evidence.context(signature, moment),
        key_usage_settings=uses,
    )


class _Revocation(NamedTuple):
    """What the file itself proves: revoked as of the moment, not revoked (``checked``), or neither.

    ``revoked_at`` (ISO, "" for none) may lie after the moment.
    """

    revoked: bool
    checked: bool
    revoked_at: str


def _revocation(signature: Any, evidence: _Evidence, moment: dt.datetime | None) -> _Revocation:
    status = _validated(signature, evidence, moment, strict=True)
    if status.revoked:
        since = status.revocation_details.revocation_date
        return _Revocation(revoked=True, checked=False, revoked_at=since.isoformat())
    later = ""
    for claimed in sorted(_claimed(signature, evidence)):
        # Anybody can claim a revocation; it counts where the chain says so too, once it has come.
        after = claimed + dt.timedelta(seconds=2)
        if _validated(signature, evidence, after, strict=True).revoked:
            later = claimed.isoformat()
            break
    return _Revocation(revoked=False, checked=bool(status.trusted), revoked_at=later)


def _claimed(signature: Any, evidence: _Evidence) -> Iterator[dt.datetime]:
    """The times at which the file says that the signer's certificate was revoked."""
    serial = signature.signer_cert.serial_number
    ocsps, crls = evidence.of(signature)
    for one in crls:
        for entry in one["tbs_cert_list"]["revoked_certificates"]:
            if entry["user_certificate"].native == serial:
                yield entry["revocation_date"].native
    for one in ocsps:
        for entry in one.response_data["responses"]:
            status = entry["cert_status"]
            if entry["cert_id"]["serial_number"].native == serial and status.name == "revoked":
                yield status.chosen["revocation_time"].native


def _stamp(signature: Any) -> dt.datetime | None:
    """The time in the signature's time stamp; None where it has none."""
    from pyhanko.sign.general import find_unique_cms_attribute  # noqa: PLC0415  as above

    try:
        token = find_unique_cms_attribute(
            signature.signer_info["unsigned_attrs"], "signature_time_stamp_token"
        )
        stamp = token["content"]["encap_content_info"]["content"].parsed
        return _aware(stamp["gen_time"].native)
    except Exception:  # noqa: BLE001  a stamp that cannot be read proves no time
        return None


def _aware(moment: dt.datetime | None) -> dt.datetime | None:
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)


def _nip(certificate: Any) -> str:
    """The NIP, where the certificate's subject carries one. A NIK is never taken over."""
    for value in _words(certificate.subject.native):
        match = re.search(r"(?<!\d)\d{18}(?!\d)", value.replace(" ", ""))
        if match:
            return match[0]
    return ""


def _words(native: dict[str, Any]) -> Iterator[str]:
    for value in native.values():
        yield from (str(each) for each in (value if isinstance(value, list) else [value]))


def _shown(value: object) -> str:
    text = " ".join(str(each) for each in value) if isinstance(value, list) else str(value)
    visible = "".join(each for each in text if unicodedata.category(each)[0] != "C")
    return " ".join(visible.split())[:_LONGEST]


def main() -> None:
    """Read, look, answer."""
    asked, _, data = sys.stdin.buffer.read().partition(b"\n")
    question = json.loads(asked)
    limits = question["limits"]
    confine(limits["memory"], limits["seconds"], limits["answer"])
    sys.stdout.write(json.dumps(look(data, question["anchors"], limits)))


if __name__ == "__main__":
    main()
