"""An SK that came back from BSrE and is entered late: looked at first, entered by a second press.

As on the issuing page (``signed_decree``), and with the same confirmations. Both files wait
meanwhile, the signed one and the evidence.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from accounts_requests import staged_uploads, uploads, workflow
from accounts_requests.exceptions import NotAllowedNow
from accounts_requests.forms.issue import IssueForm
from accounts_requests.forms.late_entry import LateEntryForm
from accounts_requests.models import AccountRequest, StagedUpload, User
from accounts_requests.states import Act, SigningMethod
from accounts_requests.uploads import Upload

from . import signed_decree

# What was typed of the late entry itself, to be shown again after the look.
_TYPED = ("happened_at", "late_reason", "outage")


@dataclass(frozen=True, kw_only=True)
class Held:
    """The files of one person that wait on a case; None for one that does not."""

    signed: signed_decree.WaitingFile | None = None
    evidence: StagedUpload | None = None

    def signed_upload(self) -> Upload | None:
        """The signed PDF that waits."""
        return None if self.signed is None else self.signed.upload

    def evidence_upload(self) -> Upload | None:
        """The evidence that waits."""
        held = self.evidence
        return None if held is None else Upload(held.file_name, bytes(held.data))


def looks_first(act: Act, case: AccountRequest) -> bool:
    """Is the act the issue of an SK with a certified signature, whose PDF is looked at first?"""
    return act == Act.ISSUE_DECREE and case.signing_method == SigningMethod.CERTIFIED


def waiting(act: Act, case: AccountRequest, user: User) -> Held:
    """What waits for ``user``; nothing where no PDF is looked at first."""
    if not looks_first(act, case):
        return Held()
    return Held(
        signed=signed_decree.waiting(case, user),
        evidence=staged_uploads.waiting(case, owner=user, purpose=staged_uploads.LATE_EVIDENCE),
    )


def take_in(case: AccountRequest, user: User, issue: IssueForm, late: LateEntryForm) -> bool:
    """Look at a signed PDF that has just come, and let it and the evidence wait.

    Both forms were asked whether they are valid. Returns whether a signed PDF came. Raises
    InvalidInput (signed_file).
    """
    if case.signing_method != SigningMethod.CERTIFIED:
        return False
    evidence = late.cleaned_data.get("evidence")
    if evidence is not None:
        staged_uploads.stage(
            case,
            owner=user,
            purpose=staged_uploads.LATE_EVIDENCE,
            upload=evidence,
            media_type=uploads.check_scan(evidence),
        )
    signed = issue.upload()
    if signed is not None:
        signed_decree.take_in(case, user, signed)
    return signed is not None


def typed(request: HttpRequest, case: AccountRequest, held: Held) -> dict[str, Any]:
    """What the late entry's form begins with after the look: as typed, else when it was signed."""
    initial: dict[str, Any] = {
        name: request.POST[name] for name in _TYPED if request.POST.get(name)
    }
    upload = held.signed_upload()
    if upload is not None and "happened_at" not in initial:
        found = workflow.look_at_signed(case, upload).examination.signed_at
        if found is not None:
            initial["happened_at"] = found
    return initial


def require_same(held: Held, posted: str) -> None:
    """The PDF that waits is the one that the page showed. Raises NotAllowedNow."""
    if held.signed is not None and str(held.signed.public_id) != posted:
        raise NotAllowedNow(
            "PDF yang menunggu bukan lagi PDF pada halaman tadi, sehingga belum ada yang dicatat. "
            "Buka kembali halaman Catat susulan, lalu periksa hasil pemeriksaannya."
        )


def let_go(case: AccountRequest, user: User) -> None:
    """Both files are on record now; part of the transaction that enters the act."""
    for purpose in (staged_uploads.SIGNED_DECREE, staged_uploads.LATE_EVIDENCE):
        staged_uploads.discard(case, owner=user, purpose=purpose)
