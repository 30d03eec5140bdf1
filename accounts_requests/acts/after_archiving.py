"""What an account's message means once its case is archived: no step, no deviation, an addition.

The step is over, its times and deviations are told, and the archived file never changes. What is
done for a person afterwards is care beyond the SOP: it is a *catatan*, and its proof joins the file
as a numbered addition (``addenda``).
"""

import datetime as dt

from accounts_requests import papers
from accounts_requests.models import Account, AccountRequest, Message, User
from accounts_requests.states import CaseState, DocumentKind

from .gate import Acting


def is_archived(request: AccountRequest) -> bool:
    """Is the case archived, so that nothing of its steps changes any more?"""
    return bool(request.state == CaseState.ARCHIVED)


def came_after(request: AccountRequest, message: Message) -> bool:
    """Was ``message`` queued after its case was archived? Then it belongs to no step."""
    return request.archived_at is not None and message.queued_at > request.archived_at


def owe_proof(
    account: Account, request: AccountRequest, *, at: dt.datetime, by: User | None
) -> None:
    """Leave the proof of what became of a message at ``at`` (UTC) to the worker.

    Between the steps 4 and 5 the proof of the case is made anew; after archiving a proof of its own
    joins the file. While step 4 runs nothing is owed: its end makes the proof.
    """
    if request.state == CaseState.EMAIL_SENT:
        papers.owe(request, DocumentKind.MAIL_PROOF, at=at, by=by)
    elif is_archived(request):
        papers.owe(request, DocumentKind.RESEND_PROOF, at=at, by=by, registrant=account.registrant)


def leave_note(case: Acting, said: str) -> None:
    """Leave a *catatan* on the archived case; ``said`` goes on after the words on its archiving."""
    case.request.notes.create(at=case.at, by=case.actor, text=f"Setelah berkas diarsipkan, {said}")
