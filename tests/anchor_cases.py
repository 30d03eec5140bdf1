"""Trust anchors as a keeper puts them there."""

import functools

from accounts_requests import trust_anchors
from accounts_requests.models import TrustAnchor, User
from accounts_requests.signatures import certificates_in
from accounts_requests.uploads import Upload

from . import signing

ORIGIN = "Situs penyelenggara contoh, diunduh 6 Juli 2026, Nota Dinas contoh nomor 1"


@functools.cache
def other_authority() -> signing.Holder:
    return signing.holder("Otoritas Contoh Lain", authority=True)


def put(actor: User, pem: bytes) -> list[TrustAnchor]:
    """Every certificate in ``pem`` compared and in use."""
    staged = trust_anchors.take_in(Upload("induk.pem", pem), actor=actor)
    compared = {each.sha256 for each in certificates_in(pem)}
    return trust_anchors.add(staged, origin=ORIGIN, compared=compared, actor=actor)


def in_use_and_taken_out(keeper: User) -> None:
    """One anchor in use, and one that was taken out."""
    put(keeper, signing.authority().pem)
    [other] = put(keeper, other_authority().pem)
    trust_anchors.take_out(other, reason="Penyelenggara berhenti beroperasi", actor=keeper)
