"""One-time links to SPSE passwords: which state one is in, and what anybody may know of its token.

A link is made with its message and gets its token when the mail is composed for sending, a new one
at each attempt. The token goes into that one mail; here only its SHA-256 is kept. Reading the page
consumes nothing (mail scanners read links); the press does. What opening and expiry mean for a case
is the gate's (``acts/password_ends.py``).
"""

import datetime as dt
import enum
import hashlib
import secrets

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables

from accounts_requests import attempts, words
from accounts_requests.models import Account, Message, Office, PasswordLink

TOKEN_BYTES = 32
"""256 bits from the operating system's generator: no limit on guesses has to protect them."""

# Links that are not open (mistyped, used, guessed) which one address may ask for. A whole office
# may stand behind an address: a link that is open is shown whatever else came from there.
MISSES = 60
MISSES_WINDOW = dt.timedelta(minutes=15)


class LinkState(enum.Enum):
    """What became of a link; only one that is LIVE shows its password."""

    UNSENT = "tautan belum dikirim"
    LIVE = "tautan belum dibuka"
    OPENED = "tautan dibuka"
    EXPIRED = "tautan kedaluwarsa tanpa dibuka"
    REVOKED = "tautan dicabut tanpa dibuka"


def prepare(message: Message, account: Account, *, at: dt.datetime) -> PasswordLink:
    """Decide that ``message`` carries a link instead of the password; it has no token yet."""
    return PasswordLink.objects.create(account=account, message=message, created_at=at)


def of_message(message: Message) -> PasswordLink | None:
    """The link that ``message`` carries, None where it carries the password itself."""
    return getattr(message, "password_link", None)


@sensitive_variables()
def issue(link: PasswordLink, *, at: dt.datetime) -> str:
    """Give ``link`` a new token, for the office's hours from ``at`` (UTC); returns the token.

    A token of an earlier attempt opens nothing any more. Part of the caller's transaction.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link.token_hash = _hashed(token)
    link.expires_at = at + dt.timedelta(hours=Office.current().password_link_hours)
    link.save(update_fields=["token_hash", "expires_at"])
    return token


@sensitive_variables()
def url_of(token: str) -> str:
    """The address that the mail carries."""
    return f"{settings.PUBLIC_URL}{reverse('password_link', args=[token])}"


@sensitive_variables()
def find(token: str) -> PasswordLink | None:
    """The link that ``token`` was made for, in whatever state; None for any other text."""
    return (
        PasswordLink.objects.filter(token_hash=_hashed(token))
        .select_related("account__registrant")
        .first()
    )


def live(at: dt.datetime) -> Q:
    """What selects the links that show their password at ``at`` (UTC)."""
    return ~Q(token_hash="") & Q(opened_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at)


def expired(at: dt.datetime) -> Q:
    """What selects the links whose time ended at or before ``at`` (UTC) without being opened."""
    return ~Q(token_hash="") & Q(
        opened_at__isnull=True, revoked_at__isnull=True, expires_at__lte=at
    )


def has_live(account: Account, at: dt.datetime) -> bool:
    """Does a link wait for the person of ``account`` at ``at``?"""
    return account.password_links.filter(live(at)).exists()


def state_of(link: PasswordLink, at: dt.datetime) -> LinkState:
    """What ``link`` was at ``at`` (UTC); what happened later is left out."""
    if link.opened_at is not None and link.opened_at <= at:
        return LinkState.OPENED
    if link.revoked_at is not None and link.revoked_at <= at:
        return LinkState.REVOKED
    if link.expires_at is None:
        return LinkState.UNSENT
    return LinkState.LIVE if at < link.expires_at else LinkState.EXPIRED


def words_of(link: PasswordLink, at: dt.datetime) -> str:
    """``tautan belum dibuka, berlaku sampai Kamis, 9 Juli 2026, 10.00 WITA``."""
    state = state_of(link, at)
    instant = {
        LinkState.LIVE: link.expires_at,
        LinkState.OPENED: link.opened_at,
        LinkState.EXPIRED: link.expires_at,
        LinkState.REVOKED: link.revoked_at,
        LinkState.UNSENT: None,
    }[state]
    if instant is None:
        return state.value
    joint = ", berlaku sampai" if state == LinkState.LIVE else " pada"
    return f"{state.value}{joint} {words.instant(instant)}"


def revoke(account: Account, *, at: dt.datetime) -> int:
    """Close the links of ``account`` that could still show a password; returns how many.

    For when the password they stand for is replaced or handed over. Those whose time has ended
    stay "expired": that is what happened to them.
    """
    return (
        account.password_links.filter(opened_at__isnull=True, revoked_at__isnull=True)
        .exclude(expired(at))
        .update(revoked_at=at)
    )


def opened_of(messages: "QuerySet[Message]", at: dt.datetime) -> tuple[int, int]:
    """How many of the links that ``messages`` carry were opened by ``at``, and how many there are.

    Of several messages to one account the last counts.
    """
    last: dict[int, LinkState] = {}
    for message in messages.select_related("password_link").order_by("pk"):
        link = of_message(message)
        if link is None:
            last.pop(message.account_id or 0, None)
        else:
            last[link.account_id] = state_of(link, at)
    return list(last.values()).count(LinkState.OPENED), len(last)


def missed_too_often(address: str, at: dt.datetime) -> bool:
    """Count that ``address`` asked at ``at`` for a link that is not open; True beyond MISSES."""
    return attempts.too_many(
        "password-link-missed", address, at, limit=MISSES, window=MISSES_WINDOW
    )


@sensitive_variables()
def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
