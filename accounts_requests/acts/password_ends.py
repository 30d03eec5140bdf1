"""What ends a password besides sending: its person opens the link, or its time is over.

Nobody who is signed in acts here. Each function locks the case first, as every act does, looks at
the record again under the lock and leaves an entry in the audit trail with the destruction.
"""

import datetime as dt
import logging
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.views.decorators.debug import sensitive_variables

from accounts_requests import audit, clock, credentials, deviations, outbox, password_links
from accounts_requests.exceptions import SecretUnavailable
from accounts_requests.models import (
    Account,
    AccountRequest,
    Credential,
    Message,
    Office,
    PasswordLink,
)
from accounts_requests.states import UNSENT_MESSAGES, AccountState, Act, MessageState

from .after_archiving import came_after, is_archived, owe_proof
from .gate import locked, sending_run
from .instants import instant_of_act
from .passwords import person_label
from .sending import complete_if_settled

logger = logging.getLogger(__name__)

HOLDER = "Pemegang tautan"
"""In whose role a link is opened: the trail cannot know more than that the token was presented."""


@dataclass(frozen=True)
class Opened:
    """What the opened page shows, once."""

    user_id: str
    password: str

    def __repr__(self) -> str:
        return "Opened(…)"


@sensitive_variables()
def open_link(token: str) -> Opened | None:
    """Show the password behind ``token`` once; None when the token opens nothing (any more).

    The password is destroyed and the receipt kept in the one transaction that reads it: of two
    presses exactly one gets an answer with the password, and an answer that is lost on the way is
    lost. Where the message was uncertain, it has arrived after all: the account is settled.
    """
    found = password_links.find(token)
    if found is None:
        return None
    with transaction.atomic():
        request = locked(found.account.registrant.request_id)
        now = clock.now()
        at = instant_of_act(request, now)
        link = (
            PasswordLink.objects.filter(password_links.live(now))
            .filter(pk=found.pk, token_hash=found.token_hash)
            .first()
        )
        if link is None:
            return None
        account = Account.objects.select_related("registrant").get(pk=link.account_id)
        try:
            password = credentials.reveal(account, made_by=link.created_at)
        except SecretUnavailable:
            # A restored backup, or keys that are not there: the link stays as it is.
            logger.error("password link %s has no password that can be read", link.pk)  # noqa: TRY400  the trace tells no more
            return None
        link.opened_at = at
        link.opened_from = audit.origin.get()[:45]
        link.save(update_fields=["opened_at", "opened_from"])
        credentials.destroy(account, at=at)
        if account.state == AccountState.UNCERTAIN:
            account.prove()
            account.delivered_at = account.delivered_at or at
            account.save()
            complete_if_settled(request, at=at, by_machine=True)
            if is_archived(request):
                owe_proof(account, request, at=at, by=None)
        _touch(request)
        audit.record(
            Act.OPEN_LINK,
            actor=None,
            at=at,
            role=HOLDER,
            request=request,
            label=person_label(account),
            summary=f"Tautan password {person_label(account).lower()} dibuka; password ditampilkan "
            "satu kali, lalu dimusnahkan.",
            changes={"link": str(link.public_id)},
        )
    return Opened(account.user_id, password)


def passwords_due(at: dt.datetime) -> list[int]:
    """The live passwords (keys of their rows) whose time is over at ``at`` (UTC)."""
    return list(_due(at).order_by("pk").values_list("pk", flat=True))


def expire_password(credential_pk: int, *, at: dt.datetime) -> bool:
    """Destroy a password whose time is over at ``at``; False when that is no longer so.

    A message that waits with it is withdrawn first, and its account needs a person. One that a
    worker has claimed is left alone until its answer is in. Safe to repeat.
    """
    with transaction.atomic():
        case_pk = Credential.objects.values_list("account__registrant__request", flat=True).get(
            pk=credential_pk
        )
        request = locked(case_pk)
        credential = _due(at).filter(pk=credential_pk).first()
        if credential is None:
            return False
        told = instant_of_act(request, at)
        account = Account.objects.select_related("registrant").get(pk=credential.account_id)
        ended = account.password_links.filter(_over(at), created_at__gte=credential.created_at)
        link = ended.select_related("message").first()
        label = person_label(account)
        if link is None:
            days = Office.current().password_keep_days
            why = f"Password {label.lower()} telah menunggu {days} hari"
            if not _take_back_message(request, account, days, told):
                return False
        else:
            why = f"Tautan password {label.lower()} tidak dibuka sampai masanya berakhir"
            if not credentials.has_key(credential):
                why = f"Kunci password {label.lower()} sudah tidak ada, mungkin tautannya dibuka"
            elif account.state == AccountState.ACCEPTED and not came_after(request, link.message):
                deviations.link_not_opened(sending_run(request), account, link_pk=link.pk, at=told)
        password_links.revoke(account, at=told)
        credentials.destroy(account, at=told)
        _touch(request)
        audit.record(
            Act.EXPIRE_PASSWORD,
            actor=None,
            at=told,
            request=request,
            label=label,
            summary=f"{why}; password dimusnahkan.",
        )
    return True


def _due(at: dt.datetime) -> QuerySet[Credential]:
    """Live passwords that have waited for longer than the office keeps them, or whose link ended.

    A password whose link is with its person has the link's time, not the office's.
    """
    own_message = Message.objects.filter(account=OuterRef("account"))
    own_link = PasswordLink.objects.filter(account=OuterRef("account"))
    office = Office.objects.first()
    if office is None:  # nothing is set up yet
        return Credential.objects.none()
    oldest = at - dt.timedelta(days=office.password_keep_days)
    too_old = Q(created_at__lte=oldest) & ~Exists(own_link.filter(password_links.live(at)))
    return Credential.objects.filter(destroyed_at__isnull=True).filter(
        (too_old & ~Exists(own_message.filter(state=MessageState.SENDING)))
        | Exists(own_link.filter(_over(at), created_at__gte=OuterRef("created_at")))
    )


def _over(at: dt.datetime) -> Q:
    """Links that ended unopened, once the answer to their message is in."""
    return password_links.expired(at) & ~Q(message__state__in=UNSENT_MESSAGES)


def _take_back_message(
    request: AccountRequest, account: Account, days: int, at: dt.datetime
) -> bool:
    """Withdraw the account's waiting message, if there is one; False when a worker has it."""
    message = account.messages.filter(state__in=UNSENT_MESSAGES).first()
    if message is None:
        return True
    because = f"Password dimusnahkan setelah {days} hari, sebelum pesan ini terkirim."
    if not outbox.withdraw(message, at, because=because):
        return False
    if account.state == AccountState.QUEUED:
        account.fail()
        account.save()
    if not came_after(request, message):
        deviations.not_accepted(
            sending_run(request),
            account,
            message_pk=message.pk,
            actual="pesan ditarik sebelum dikirim karena passwordnya dimusnahkan",
            at=at,
        )
    if is_archived(request):
        owe_proof(account, request, at=at, by=message.queued_by)
    return True


def _touch(request: AccountRequest) -> None:
    """Tell pages that are open on the case; an archived or cancelled one does not change."""
    if request.is_open:
        request.version += 1
        request.save()
