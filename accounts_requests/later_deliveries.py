"""Accounts of archived cases that wait for somebody all the same: a message went once more.

They are on no step run and in no queue of steps; Beranda of Admin PPE shows them.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from accounts_requests import password_links
from accounts_requests.models import (
    Account,
    AccountRequest,
    Credential,
    DestructionDecision,
    PasswordLink,
    Registrant,
)
from accounts_requests.states import ON_THE_WAY, STEP4_NEEDS_A_PERSON, AccountState, CaseState

_APPROVED = DestructionDecision.Verdict.APPROVED


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One such account; ``word`` says what it waits for, ``needs_a_person`` if for Admin PPE."""

    case: AccountRequest
    person: Registrant
    word: str
    needs_a_person: bool


def waiting(at: dt.datetime) -> list[Delivery]:
    """Those that wait at ``at`` (UTC), who needs a person first. One query.

    A message is on its way or was not accepted, or a new password was made and has not been sent.
    Where the destruction of the file is approved, a password that is not sent is left to expire.
    """
    live = Credential.objects.filter(destroyed_at__isnull=True).values("account")
    with_its_person = PasswordLink.objects.filter(password_links.live(at), account=OuterRef("pk"))
    given_up = DestructionDecision.objects.filter(
        proposal__items__request=OuterRef("registrant__request"), verdict=_APPROVED
    )
    found = (
        Account.objects.filter(Q(state__in=ON_THE_WAY) | Q(pk__in=live))
        .filter(registrant__request__state=CaseState.ARCHIVED)
        .filter(Q(state__in=ON_THE_WAY) | (~Exists(with_its_person) & ~Exists(given_up)))
        .select_related("registrant__request")
        .order_by("registrant__request", "registrant__position_in_list")
    )
    lines = [
        Delivery(
            case=account.registrant.request,
            person=account.registrant,
            word=_word(account),
            needs_a_person=account.state != AccountState.QUEUED,
        )
        for account in found
    ]
    return sorted(lines, key=lambda line: not line.needs_a_person)


def _word(account: Account) -> str:
    if account.state == AccountState.QUEUED:
        return "pesan menunggu jawaban server e-mail"
    if account.state in STEP4_NEEDS_A_PERSON:
        return f"{AccountState(account.state).label.lower()}: perlu keputusan"
    return "password baru sudah dibuat dan belum dikirim"
