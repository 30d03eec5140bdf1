"""Scans of a case and of its people."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts_requests import permissions, policies, workflow
from accounts_requests.exceptions import InvalidInput
from accounts_requests.forms.scan import ScanForm
from accounts_requests.models import AccountRequest, Document
from accounts_requests.states import Act, DocumentKind

from .held_files import hold
from .support import actor, add_errors, find_request, page
from .workspace import frame, guard


@dataclass(frozen=True, kw_only=True)
class Group:
    """The scans of the case as a whole, or of one person."""

    title: str
    scans: list[Document]


@page
def attachments(request: HttpRequest, number: str) -> HttpResponse:
    """Part 3 of a draft, and the place for scans that come later."""
    case = find_request(number)
    user = actor(request)
    guard(Act.ATTACH, case, user)
    posted = request.method == "POST"
    form = ScanForm(
        request.POST if posted else None, request.FILES if posted else None, request=case
    )
    held = hold(request, form, case, owner=user, page="scan")
    if posted and form.is_valid():
        try:
            scan = workflow.attach_scan(
                case,
                actor=user,
                upload=form.upload(),
                title=form.cleaned_data["title"],
                registrant=form.registrant(),
            )
        except InvalidInput as error:
            add_errors(form, error, {"": "file"})
        else:
            held.release()
            messages.success(request, f"“{scan.title}” dilampirkan.")
            return redirect("attachments", number)
    held.keep()
    context = {
        **frame(request, case, here="attachments"),
        "form": form,
        "groups": _groups(case),
        "may_detach": permissions.may(Act.DETACH, user) and policies.allows(Act.DETACH, case, user),
    }
    return render(request, "drafting/attachments.html", context)


@page
@require_POST
def attachment_remove(request: HttpRequest, number: str, public_id: UUID) -> HttpResponse:
    """Take one scan off the draft."""
    case = find_request(number)
    scan = get_object_or_404(case.documents, public_id=public_id, kind=DocumentKind.SCAN)
    workflow.detach_scan(scan, actor=actor(request))
    messages.success(request, f"“{scan.title}” dilepas dari permohonan.")
    return redirect("attachments", number)


def _groups(case: AccountRequest) -> list[Group]:
    scans = (
        case.documents.filter(kind=DocumentKind.SCAN, superseded_at__isnull=True)
        .select_related("registrant", "created_by")
        .order_by("registrant__position_in_list", "created_at", "pk")
    )
    return [Group(title=title, scans=rows) for title, rows in _by_owner(scans).items()]


def _by_owner(scans: Iterable[Document]) -> dict[str, list[Document]]:
    """Those of the case first, then each person's in the order of the list."""
    found: dict[str, list[Document]] = {}
    ordered = sorted(scans, key=lambda scan: scan.registrant is not None)
    for scan in ordered:
        owner = scan.registrant
        title = f"{owner.position_in_list}. {owner.titled_name}" if owner else "Seluruh permohonan"
        found.setdefault(title, []).append(scan)
    return found
