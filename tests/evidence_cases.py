"""Packages of evidence in tests: asked for as by a page, made as by the worker."""

from accounts_requests import clock, evidence_making, evidence_packages
from accounts_requests.evidence_packages import Letter
from accounts_requests.models import AccountRequest, EvidencePackage, User

from .cases import MONDAY

LETTER = Letter(
    number="700/12/Itda",
    date=MONDAY.date(),
    subject="Permintaan data pemeriksaan",
    requester="Inspektur Pembantu Wilayah I",
)


def asked(*cases: AccountRequest, actor: User) -> EvidencePackage:
    """A package of the cases that nobody has begun to make."""
    return evidence_packages.ask(LETTER, cases, actor=actor)


def made(*cases: AccountRequest, actor: User) -> EvidencePackage:
    """A package of the cases as the worker finishes it."""
    package = asked(*cases, actor=actor)
    work()
    return EvidencePackage.objects.get(pk=package.pk)


def work() -> list[bool]:
    """Make everything that is owed, a file at a time; which of them succeeded."""
    done = []
    while (item := evidence_making.claim_next(clock.now())) is not None:
        done.append(evidence_making.make_claimed(item, clock.now()))
    return done


def bytes_of(package: EvidencePackage) -> bytes:
    """The whole ZIP, as only a test reads it."""
    return b"".join(evidence_packages.chunks(package))
