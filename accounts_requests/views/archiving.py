"""Step 5: what goes into the file, and its archiving."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts_requests import workflow
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.forms.archive import ArchiveForm
from accounts_requests.models import AccountRequest
from accounts_requests.states import ABOUT_THE_DECREE, Act, DocumentKind, DocumentState

from .execution import attestation_pairs, frame, guard, requirements, running_step, say_on_form
from .support import actor, add_errors, find_request, page

# What is made from the closed record, after the press on "Arsipkan".
_MADE_AFTERWARDS = (DocumentKind.CONTROL_SHEET, DocumentKind.ARCHIVE_FILE)
# The order of the file; a concept is no paper of the file once its SK exists.
_ORDER = (
    DocumentKind.DECREE,
    *ABOUT_THE_DECREE,
    DocumentKind.FORM,
    DocumentKind.SCAN,
    DocumentKind.ORDER,
    DocumentKind.ORDER_MEMO,
    DocumentKind.ACCOUNT_SHEET,
    DocumentKind.MAIL_PROOF,
    DocumentKind.HAND_OVER_PROOF,
    DocumentKind.OUTSIDE_PROOF,
    DocumentKind.LATE_EVIDENCE,
    DocumentKind.ANSWER_SHEET,
    DocumentKind.ANSWER_PROOF,
    DocumentKind.JUDGEMENT_PAPER,
)


@page
def archive_case(request: HttpRequest, number: str) -> HttpResponse:
    """The list of what goes into the file, its place, the kelengkapan, and the act."""
    case = find_request(number)
    user = actor(request)
    guard(Act.ARCHIVE, case, user)
    run = running_step(case)
    asked = requirements(run)
    form = ArchiveForm(request.POST if request.method == "POST" else None, requirements=asked)
    if request.method == "POST" and form.is_valid():
        try:
            place = form.place()
            workflow.archive(
                case,
                actor=user,
                answers=form.answers(),
                location=place["location"],
                rack=place["rack"],
                box=place["box"],
            )
        except InvalidInput as error:
            add_errors(form, error)
        except NotAllowedNow as error:
            say_on_form(form, error, Act.ARCHIVE, case, user)
        else:
            archived = find_request(number)
            messages.success(
                request,
                f"Berkas diarsipkan dengan nomor {archived.archive_number}. Lembar Kendali dan "
                "Berkas Arsip sedang disiapkan.",
            )
            return redirect("request_detail", number)
    context = (
        frame(request, case, run)
        | file_context(case)
        | {"form": form, "pairs": attestation_pairs(form, asked)}
    )
    return render(request, "executing/archive.html", context)


@page
def archive_papers(request: HttpRequest, number: str) -> HttpResponse:
    """The list alone, asked for again while papers are being prepared; then the whole page."""
    case = find_request(number)
    guard(Act.ARCHIVE, case, actor(request))
    context = file_context(case)
    if not context["preparing"]:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "executing/_file.html", context)


def file_context(case: AccountRequest) -> dict[str, Any]:
    """The papers of the file, in its order; the act waits for those in preparation or failed."""
    current = list(case.documents.filter(superseded_at__isnull=True).select_related("registrant"))
    states = [paper.state for paper in current]
    in_file = [paper for paper in current if paper.kind in _ORDER]
    in_file.sort(
        key=lambda paper: (
            _ORDER.index(DocumentKind(paper.kind)),
            paper.registrant.position_in_list if paper.registrant else 0,
            paper.pk,
        )
    )
    return {
        "case": case,
        "papers": in_file,
        "afterwards": [kind.label for kind in _MADE_AFTERWARDS],
        "ready": states.count(DocumentState.STORED),
        "total": len(states),
        "preparing": states.count(DocumentState.OWED),
        "failed": states.count(DocumentState.FAILED),
    }
