"""Sertifikat induk: what the office believes, putting a certificate there, taking one out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts_requests import clock, permissions, trust_anchors
from accounts_requests.exceptions import InvalidInput
from accounts_requests.forms.reason import ReasonForm
from accounts_requests.forms.trust_anchor import TrustAnchorForm
from accounts_requests.models import TrustAnchor

from .support import actor, add_errors, page


@page
def anchors(request: HttpRequest) -> HttpResponse:
    """Everything that signatures are judged by, and what was taken out."""
    user = actor(request)
    permissions.require_keeper(user)
    context = {
        "standing": trust_anchors.standing(),
        "waits": trust_anchors.waiting(user),
        "now": clock.now(),
    }
    return render(request, "trust_anchors/list.html", context)


@page
def add(request: HttpRequest) -> HttpResponse:
    """A file is read and waits; the second press puts its certificates into use."""
    user = actor(request)
    permissions.require_keeper(user)
    staged = trust_anchors.waiting(user)
    posted = request.method == "POST"
    form = TrustAnchorForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        waiting=staged is not None,
    )
    compared = request.POST.getlist("compared")
    if posted:
        valid = form.is_valid()
        upload = form.upload()
        try:
            if upload is not None:
                staged = trust_anchors.take_in(upload, actor=user)
                typed = {"origin": request.POST.get("origin", "")}
                form, compared = TrustAnchorForm(waiting=True, initial=typed), []
            elif valid:
                waits = trust_anchors.require_same(staged, request.POST.get("staged", ""))
                origin = form.cleaned_data["origin"]
                rows = trust_anchors.add(waits, origin=origin, compared=compared, actor=user)
                messages.success(
                    request,
                    f"Sertifikat induk dipasang: {'; '.join(row.name for row in rows)}. Berlaku "
                    "mulai pemeriksaan berikutnya.",
                )
                return redirect("trust_anchors")
        except InvalidInput as error:
            add_errors(form, error)
    context = {
        "form": form,
        "staged": staged,
        "candidates": trust_anchors.candidates(staged) if staged else [],
        "compared": compared,
    }
    return render(request, "trust_anchors/add.html", context)


@require_POST
@page
def discard(request: HttpRequest) -> HttpResponse:
    """What waits is thrown away."""
    user = actor(request)
    permissions.require_keeper(user)
    trust_anchors.discard(actor=user)
    messages.info(request, "Sertifikat yang menunggu dibuang; tidak ada yang dipasang.")
    return redirect("trust_anchors")


@page
def take_out(request: HttpRequest, anchor: int) -> HttpResponse:
    """With a reason; the certificate and every former check stay on record."""
    user = actor(request)
    permissions.require_keeper(user)
    found = get_object_or_404(
        TrustAnchor.objects.select_related("added_by", "removed_by"), pk=anchor
    )
    trust_anchors.require_in_use(found)
    form = ReasonForm(
        request.POST if request.method == "POST" else None, label="Alasan mengeluarkan"
    )
    if request.method == "POST" and form.is_valid():
        try:
            trust_anchors.take_out(found, reason=form.reason(), actor=user)
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(
                request,
                f"Sertifikat induk {found.name} dikeluarkan. Pemeriksaan yang lalu tidak berubah.",
            )
            return redirect("trust_anchors")
    return render(request, "trust_anchors/take_out.html", {"anchor": found, "form": form})
