"""The PDF that came back from BSrE: looked at first, issued by a second press.

Between the two it waits as a staged upload, so that no error asks for it again; or on the request
by which the office's e-sign service gave it back. Both take the same way.
"""

import copy
import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from accounts_requests import (
    clock,
    documents,
    exports,
    signatures,
    signing_policies,
    signing_queue,
    staged_uploads,
    workflow,
)
from accounts_requests.exceptions import NotAllowedNow
from accounts_requests.forms.issue import IssueForm
from accounts_requests.models import AccountRequest, SigningRequest, StagedUpload, User
from accounts_requests.signatures import Difference, Examination
from accounts_requests.states import EXTERNAL_SIGNING, Act, DocumentKind, SigningMethod
from accounts_requests.uploads import PDF, Upload

from .downloads import file_answer
from .support import actor, find_request, page
from .workspace import guard

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, kw_only=True)
class WaitingFile:
    """A signed PDF that is not issued yet: uploaded, or given back by ``service`` ("" if not)."""

    public_id: UUID
    upload: Upload
    since: dt.datetime
    service: str

    @property
    def file_name(self) -> str:
        return self.upload.file_name

    @classmethod
    def of_upload(cls, staged: StagedUpload) -> "WaitingFile":
        upload = Upload(staged.file_name, bytes(staged.data))
        return cls(public_id=staged.public_id, upload=upload, since=staged.created_at, service="")

    @classmethod
    def of_service(cls, row: SigningRequest) -> "WaitingFile":
        upload = Upload(workflow.RETURNED_NAME, bytes(row.signed_pdf or b""))
        since = row.answered_at or row.queued_at
        return cls(public_id=row.public_id, upload=upload, since=since, service=row.service)


@dataclass(frozen=True, kw_only=True)
class SignedPage:
    """What the issue page shows of the file that waits."""

    staged: WaitingFile
    examination: Examination
    differences: tuple[Difference, ...]
    confirmed: frozenset[str]
    no_anchors: str


def waiting(case: AccountRequest, user: User) -> WaitingFile | None:
    """The signed file that was looked at and is not issued yet: the newer one of what ``user``
    uploaded and what the service gave back. Raises papers.PaperDamaged.
    """
    if case.signing_method != SigningMethod.CERTIFIED:
        return None
    purpose = staged_uploads.SIGNED_DECREE
    staged = staged_uploads.waiting(case, owner=user, purpose=purpose)
    returned = signing_queue.returned(case) if signing_policies.is_offered(case) else None
    found = [WaitingFile.of_upload(staged)] if staged else []
    found += [WaitingFile.of_service(returned)] if returned else []
    return max(found, key=lambda each: each.since, default=None)


def take_in(case: AccountRequest, user: User, upload: Upload) -> WaitingFile:
    """Look at a file that has just come and let it wait. Raises InvalidInput (signed_file)."""
    workflow.look_at_signed(case, upload)
    return WaitingFile.of_upload(
        staged_uploads.stage(
            case,
            owner=user,
            purpose=staged_uploads.SIGNED_DECREE,
            upload=upload,
            media_type=PDF,
        )
    )


def issue(
    request: HttpRequest, case: AccountRequest, user: User, staged: WaitingFile, form: IssueForm
) -> None:
    """Issue the SK with the file that waits; raises what the gate raises."""
    if str(staged.public_id) != request.POST.get("staged"):
        raise NotAllowedNow(
            "PDF yang menunggu bukan lagi PDF pada halaman tadi, sehingga SK belum diterbitkan. "
            "Buka kembali halaman penerbitan, lalu periksa hasil pemeriksaannya."
        )
    with transaction.atomic():
        staged_uploads.discard(case, owner=user, purpose=staged_uploads.SIGNED_DECREE)
        workflow.issue_decree(
            case,
            actor=user,
            number=form.cleaned_data["number"],
            date=form.cleaned_data["date"],
            signed_file=staged.upload,
            signed_at=_to_the_second(form.signed_at(), case, staged.upload),
            confirmed=request.POST.getlist("confirmed"),
        )


def shown(request: HttpRequest, case: AccountRequest, staged: WaitingFile, form: Any) -> SignedPage:
    """The findings, compared with number and date as they stand in ``form``."""
    typed = copy.copy(case)
    typed.decree_number = str(form["number"].value() or "")
    typed.decree_date = _date(form["date"].value())
    found = workflow.look_at_signed(typed, staged.upload)
    return SignedPage(
        staged=staged,
        examination=found.examination,
        differences=found.differences,
        confirmed=frozenset(request.POST.getlist("confirmed")),
        no_anchors="" if found.examination.anchors else signatures.NO_ANCHORS,
    )


def proposed(case: AccountRequest, staged: WaitingFile, typed: Any) -> dict[str, Any]:
    """What the form begins with: as it was typed, else what the PDF itself says."""
    found = workflow.look_at_signed(case, staged.upload)
    paper = signatures.Paper.of(staged.upload.data)
    initial: dict[str, Any] = {}
    if number := typed.get("number") or case.decree_number or paper.number():
        initial["number"] = number
    if date := typed.get("date") or case.decree_date or paper.date():
        initial["date"] = date
    if signed_at := typed.get("signed_at") or found.examination.signed_at:
        initial["signed_at"] = signed_at
    return initial


def _to_the_second(
    typed: dt.datetime | None, case: AccountRequest, upload: Upload
) -> dt.datetime | None:
    """The time of the signature itself where it was left as proposed: a form knows minutes only."""
    if typed is None:
        return None
    told = workflow.look_at_signed(case, upload).examination.signed_at
    return told if told and told.replace(second=0, microsecond=0) == typed else typed


def _date(value: object) -> dt.date | None:
    if isinstance(value, dt.date):
        return value
    field = IssueForm.base_fields["date"]
    try:
        found: dt.date | None = field.to_python(value)
    except ValidationError:
        return None
    return found


@page
@require_GET
def for_signing(request: HttpRequest, number: str) -> HttpResponse:
    """The Konsep as the record stands, to be signed elsewhere: PDF, or DOCX (``bentuk=docx``).

    It bears no mark of ours and is stored nowhere; the trail tells who took it.
    """
    case = find_request(number)
    user = actor(request)
    guard(Act.EDIT, case, user)
    if case.signing_method not in EXTERNAL_SIGNING:
        raise NotAllowedNow(
            "SK permohonan ini disetujui di dalam aplikasi, sehingga tidak ada Konsep untuk "
            "ditandatangani di luar. Ubah dahulu cara penandatanganannya bila memang demikian."
        )
    at = clock.now()
    if request.GET.get("bentuk") == "docx":
        data, name = documents.render_docx(case, at=at)
        form, kind = "DOCX", DOCX
    else:
        paper = documents.render(DocumentKind.DECREE_CONCEPT, case, at=at)
        data, name, form, kind = paper.data, paper.file_name, "PDF", PDF
    exports.concept(case, form, data, actor=user, at=at)
    return file_answer(data, name=name, media_type=kind)
