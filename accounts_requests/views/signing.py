"""Signing through the office's e-sign service: what goes there, how it stands, taking it back.

Without a service these addresses do not exist.
"""

import uuid
from dataclasses import dataclass
from typing import Literal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts_requests import (
    clock,
    permissions,
    signing_policies,
    signing_queue,
    words,
    workflow,
)
from accounts_requests.models import AccountRequest, SigningRequest
from accounts_requests.signatures import service
from accounts_requests.states import Act

from .support import actor, find_request, page
from .workspace import frame, guard, papers_of

State = SigningRequest.State

# How a state looks (templates/_badge.html).
_LOOKS = {
    State.QUEUED: "waiting",
    State.SENDING: "waiting",
    State.SENT: "open",
    State.SIGNED: "done",
    State.REFUSED: "deviation",
    State.FAILED: "deviation",
    State.UNCERTAIN: "soon",
    State.WITHDRAWN: "cancelled",
    State.ISSUED: "done",
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one sending stands, as pages tell it; ``row`` is None before the first."""

    row: SigningRequest | None
    sentence: str
    look: str = "waiting"

    @property
    def kind(self) -> Literal["info", "warning"]:
        """How loud its notice is; a signature that came back is no success yet."""
        troubled = (State.REFUSED, State.FAILED, State.UNCERTAIN)
        return "warning" if self.row is not None and self.row.state in troubled else "info"


def standing(case: AccountRequest) -> Standing | None:
    """How the signing of ``case`` stands; None, unread, where no service concerns it."""
    if not signing_policies.is_offered(case):
        return None
    return _standing(signing_queue.latest(case))


@page
@require_GET
def signing(request: HttpRequest, number: str) -> HttpResponse:
    """What is sent and to whom, how it stands, what was sent before."""
    case = _offered(request, number)
    rows = signing_queue.of(case)
    latest = rows[0] if rows else None
    papers = papers_of(case)
    hindrance = signing_policies.lacks_number(case)
    context = {
        **frame(request, case, here="signing"),
        "standing": _standing(latest),
        "latest": latest,
        "earlier": [_standing(row) for row in rows[1:]],
        "service_name": service.name(),
        "may_send": (latest is None or not latest.is_open) and papers.is_complete and not hindrance,
        "waits_for_papers": not papers.is_complete,
        "hindrance": hindrance,
        "may_issue": permissions.may(Act.ISSUE_DECREE, actor(request)),
        "is_again": latest is not None,
    }
    return render(request, "deciding/signing.html", context)


@require_POST
@page
def signing_send(request: HttpRequest, number: str) -> HttpResponse:
    """Hand the Konsep over."""
    case = _offered(request, number)
    row = workflow.send_for_signing(case, actor=actor(request))
    messages.success(
        request,
        f"Konsep SK diantrekan untuk {row.service}. Penanda tangan membubuhkan tanda tangannya di "
        "aplikasi layanan itu.",
    )
    return redirect("signing", number)


@require_POST
@page
def signing_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take the sending that the page was about back."""
    case = _offered(request, number)
    try:
        seen = uuid.UUID(request.POST.get("seen", ""))
    except ValueError:
        seen = None
    workflow.withdraw_signing(case, actor=actor(request), seen=seen)
    messages.success(
        request,
        "Permintaan tanda tangan ditarik kembali di aplikasi ini. Layanan tidak diberi tahu: "
        "batalkan juga di sana.",
    )
    return redirect("signing", number)


def _offered(request: HttpRequest, number: str) -> AccountRequest:
    """The case, for those who may send it. Raises Http404 where the office has no service."""
    if not service.is_on():
        raise Http404
    case = find_request(number)
    guard(Act.SEND_FOR_SIGNING, case, actor(request))
    signing_policies.check_offered(case)
    return case


def _standing(row: SigningRequest | None) -> Standing:
    if row is None:
        return Standing(row=None, sentence="Konsep SK belum dikirim ke layanan tanda tangan.")
    return Standing(row=row, sentence=_sentence(row), look=_LOOKS[State(row.state)])


def _sentence(row: SigningRequest) -> str:
    now = clock.now()
    sent = words.short_instant(row.sent_at or row.queued_at, now=now)
    answered = words.short_instant(row.answered_at, now=now) if row.answered_at else ""
    said = f" Jawaban terakhir {answered}: {row.answer}" if row.answer and answered else ""
    later = ""
    if row.attempts and row.next_try_at:
        later = f" Dicoba lagi {words.short_instant(row.next_try_at, now=now)}."
    told = {
        State.QUEUED: f"Dalam antrean untuk {row.service} sejak {sent}.{said}{later}",
        State.SENDING: f"Sedang dikirim ke {row.service}.",
        State.SENT: f"Menunggu tanda tangan di {row.service} sejak {sent}.{said}",
        State.SIGNED: f"PDF yang ditandatangani diterima dari {row.service} {answered}. PDF itu "
        "menunggu diperiksa dan diterbitkan oleh Kepala LPSE; SK belum terbit.",
        State.REFUSED: f"Ditolak di {row.service} {answered}: {row.answer}",
        State.FAILED: f"Tidak berhasil melalui {row.service} {answered}: {row.answer}",
        State.UNCERTAIN: f"{row.answer} Konsep tidak dikirim lagi dengan sendirinya. Periksa di "
        f"{row.service}: bila sudah ada di sana, tandatangani di sana lalu unggah PDF-nya pada "
        "halaman penerbitan; bila tidak ada, tarik kembali lalu kirim ulang.",
    }
    return told.get(State(row.state), row.answer)
