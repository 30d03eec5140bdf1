"""What the signatures on an SK say: told before it is issued, recorded with it, asked again later.

The rule's source: PP 71/2019 art. 60; the PDF that comes back signed is the SK, so it is an SK only
where it is signed, as it was signed, and about the people of the case.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts_requests import clock, papers, permissions, policies, signatures
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.models import AccountRequest, Document, SignatureCheck, User
from accounts_requests.signatures import Difference, Examination
from accounts_requests.states import Act, DocumentKind, SigningMethod
from accounts_requests.uploads import Upload

from .gate import Acting, acting


@dataclass(frozen=True)
class Found:
    """What a signed PDF says: who signed, and all that has to be confirmed before it is the SK."""

    examination: Examination
    differences: tuple[Difference, ...]


def look_at_signed(request: AccountRequest, upload: Upload) -> Found:
    """Compare a signed PDF with ``request`` (number and date as they stand on the instance).

    Writes nothing. Raises InvalidInput (signed_file) for what cannot be an SK at all.
    """
    try:
        examination = signatures.examine(upload, signatures.installed())
    except InvalidInput as error:
        raise InvalidInput({"signed_file": error.errors[""]}) from error
    doubts = [
        Difference("Tanda tangan", each.by, doubt)
        for each, doubt in examination.doubts(clock.now())
    ]
    return Found(examination, (*doubts, *signatures.differences(request, upload.data)))


def require_confirmed(found: Found, confirmed: Collection[str]) -> None:
    """Raises InvalidInput unless each difference is among the keys that were ``confirmed``."""
    open_ones = [each for each in found.differences if each.key not in confirmed]
    if open_ones:
        told = "; ".join(each.label for each in open_ones)
        raise InvalidInput(
            {
                "signed_file": [
                    (
                        "PDF yang ditandatangani berbeda dengan permohonan atau meragukan "
                        f"({told}). SK belum diterbitkan. Bandingkan hasil pemeriksaannya, lalu "
                        "nyatakan tiap perbedaan atau unggah PDF yang benar."
                    )
                ]
            }
        )


def keep(case: Acting, document: Document, found: Found) -> None:
    """Record what was found of ``document``; part of the act that stores it."""
    check = SignatureCheck.objects.create(
        request=case.request,
        document=document,
        at=case.recorded_at,
        by=case.actor,
        verdict=found.examination.verdict(case.recorded_at),
        differences=[each.stored() for each in found.differences],
        **found.examination.stored(),
    )
    case.changes["signature_verdict"] = check.verdict
    case.changes["signature_differences"] = len(found.differences)


def certified_decrees() -> QuerySet[Document]:
    """The SKs in force that came back with a certified signature, those from before checks too."""
    return Document.objects.filter(
        kind=DocumentKind.DECREE,
        uploaded=True,
        superseded_at__isnull=True,
        request__signing_method=SigningMethod.CERTIFIED,
    )


def check_again(request: AccountRequest, *, actor: User) -> SignatureCheck:
    """Look at the signatures of the SK once more, with the anchors of today; a further record.

    Raises NotAllowedNow where the SK was not signed electronically, PaperDamaged where its bytes
    are not the stored ones, InvalidInput where its signatures cannot be read any more.
    """
    permissions.require(Act.CHECK_SIGNATURE, actor)
    policies.check(Act.CHECK_SIGNATURE, request, actor)
    # Before the case is locked: a look takes a second, and a minute where somebody meant harm.
    document = certified_decrees().filter(request=request).last()
    if document is None:
        raise NotAllowedNow(
            "SK permohonan ini tidak diterbitkan dengan tanda tangan elektronik tersertifikasi, "
            "sehingga tidak ada tanda tangan yang dapat diperiksa."
        )
    upload = Upload(document.file_name, papers.read(document))
    examination = signatures.examine(upload, signatures.installed())
    with acting(Act.CHECK_SIGNATURE, request, actor=actor) as case:
        # Its bytes never change, and once it is issued no other SK takes its place.
        keep(case, document, Found(examination, ()))
        case.label = f"{DocumentKind.DECREE.label} {document.public_id}"
        case.summary = "Tanda tangan pada SK diperiksa kembali."
    return request.signature_checks.latest("id")
