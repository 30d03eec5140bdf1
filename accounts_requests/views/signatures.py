"""What was found of the certified signatures on an SK, look by look, and the button for another."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts_requests import permissions, workflow
from accounts_requests.exceptions import NotPermitted
from accounts_requests.models import SignatureCheck
from accounts_requests.signatures import NO_ANCHORS, Signature
from accounts_requests.states import Act

from .support import actor, page


@dataclass(frozen=True, kw_only=True)
class Look:
    """One check as its page tells it."""

    check: SignatureCheck
    signatures: list[Signature]
    chain: str


@page
def signature_checks(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Every look at the signatures of one SK; a press looks once more, with today's anchors."""
    user = actor(request)
    if not permissions.reads_people(permissions.require_reader(user)):
        raise NotPermitted(
            "Hasil pemeriksaan tanda tangan memuat data pribadi dan tidak termasuk kewenangan "
            "peran Anda. Keadaan permohonannya tetap dapat Anda lihat."
        )
    paper = get_object_or_404(
        workflow.certified_decrees().select_related("request"), public_id=public_id
    )
    if request.method == "POST":
        check = workflow.check_again(paper.request, actor=user)
        messages.success(request, f"Tanda tangan diperiksa: {check.get_verdict_display()}.")
        return redirect("signature_checks", public_id)
    looks = [_look(check) for check in paper.signature_checks.select_related("by")]
    context = {
        "paper": paper,
        "case": paper.request,
        "looks": looks,
        "may_check": permissions.may(Act.CHECK_SIGNATURE, user),
    }
    return render(request, "requests/signatures.html", context)


def _look(check: SignatureCheck) -> Look:
    names = ", ".join(each["name"] for each in check.anchors)
    return Look(
        check=check,
        signatures=[Signature.of(each) for each in check.signatures],
        chain=f"Sertifikat induk yang dipasang kantor saat itu: {names}." if names else NO_ANCHORS,
    )
