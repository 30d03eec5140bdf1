"""One-time links by which people set their own password; nobody else ever knows it.

A token exists in the one answer that shows it and in the hands of whoever carries it; here only its
SHA-256 is kept. Reading the page consumes nothing, setting the password does. Who may hand a link
over is ``user_keeping.py``'s matter.
"""

import datetime as dt
import hashlib
import hmac
import secrets

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables

from accounts_requests import audit, keeping, sign_ins
from accounts_requests.exceptions import NotAllowedNow
from accounts_requests.models import Invitation, User
from accounts_requests.states import Act

TOKEN_BYTES = 32
"""256 bits from the operating system's generator: no limit on guesses has to protect them."""

LIFETIME = dt.timedelta(hours=72)

# Links that cannot be used (mistyped, used, guessed) which one address may ask for: it spares the
# server, the token protects itself. A link that can be used is shown whatever else came from there.
MISSES = 30
MISSES_WINDOW = dt.timedelta(minutes=15)


class LinkDead(NotAllowedNow):
    """The link is unknown, used, revoked or expired: nobody is told which."""

    def __init__(self) -> None:
        super().__init__(
            "Tautan ini tidak dapat dipakai (lagi). Tidak ada yang berubah. Minta tautan baru "
            "kepada Pengelola Aplikasi di kantor Anda."
        )


@sensitive_variables()
def issue(
    person: User, purpose: Invitation.Purpose, *, by: User | None, at: dt.datetime
) -> tuple[Invitation, str]:
    """A fresh link for ``person`` and its token; whatever link they had opens nothing any more.

    ``by`` is None for whoever installs the application; ``at`` is UTC. Part of the caller's
    transaction. Show the token once; store it nowhere.
    """
    revoke(person, at=at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation.objects.create(
        person=person,
        purpose=purpose,
        token_hash=_hashed(token),
        created_by=by,
        created_at=at,
        expires_at=at + LIFETIME,
    )
    return invitation, token


def revoke(person: User, *, at: dt.datetime) -> int:
    """Close the links of ``person`` that were never used, expired ones too; returns how many."""
    unused = Invitation.objects.filter(person=person, used_at=None, revoked_at=None)
    return unused.update(revoked_at=at)


@sensitive_variables()
def url_of(token: str) -> str:
    """The address that is handed over."""
    return f"{settings.PUBLIC_URL}{reverse('invitation', args=[token])}"


@sensitive_variables()
def find(token: str, *, at: dt.datetime) -> Invitation | None:
    """The link that ``token`` was made for while it can be used at ``at`` (UTC); None otherwise.

    Looked up by the token's hash, so that the time it takes tells nothing about other tokens.
    """
    wanted = _hashed(token)
    invitation = Invitation.objects.select_related("person").filter(token_hash=wanted).first()
    if (
        invitation is None
        or not hmac.compare_digest(invitation.token_hash, wanted)
        or invitation.used_at is not None
        or invitation.revoked_at is not None
        or invitation.expires_at <= at
        or not invitation.person.is_active
    ):
        return None
    return invitation


@sensitive_variables()
def accept(token: str, password: str, *, at: dt.datetime) -> User:
    """Set the password of the person whom the link is for, and use the link up. On record.

    Their sessions end with the old password. Raises LinkDead, or InvalidInput for a password that
    will not do; then the link stays as it was.
    """
    with transaction.atomic():
        invitation = find(token, at=at)
        if invitation is not None:
            # Whatever is done to somebody's links is done under the lock of their row.
            User.objects.select_for_update().get(pk=invitation.person_id)
            invitation = find(token, at=at)
        if invitation is None:
            raise LinkDead
        person = invitation.person
        sign_ins.require_strong(password, person)
        person.set_password(password)
        person.save(update_fields=["password"])
        invitation.used_at = at
        invitation.used_from = audit.origin.get()
        invitation.save(update_fields=["used_at", "used_from"])
        audit.record(
            Act.ACCEPT_INVITATION,
            actor=person,
            at=at,
            label=keeping.label_of(person),
            summary=f"{person.full_name} menetapkan password sendiri melalui tautan masuk.",
            changes={"purpose": invitation.purpose},
        )
    return person


def missed_too_often(address: str, at: dt.datetime) -> bool:
    """Count that ``address`` asked at ``at`` for a link that cannot be used; True beyond MISSES."""
    key = f"invitation-missed:{audit.hashed(address)}"
    count, since = cache.get(key) or (0, at)
    if at - since >= MISSES_WINDOW:
        count, since = 0, at
    if count < MISSES:
        cache.set(key, (count + 1, since), timeout=MISSES_WINDOW.total_seconds())
    return int(count) >= MISSES


@sensitive_variables()
def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
