"""The SPSE passwords while Admin PPE enters them: made, shown, made anew.

What ends them is elsewhere: ``sending`` (handed over), ``password_ends`` (opened, or too old).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Exists, OuterRef, QuerySet
from django.views.decorators.debug import sensitive_variables

from accounts_requests import (
    account_policies,
    audit,
    clock,
    credentials,
    deviations,
    password_links,
    permissions,
    policies,
    words,
)
from accounts_requests.credentials import SpareKey
from accounts_requests.exceptions import AlreadyDone, NotAllowedNow
from accounts_requests.models import Account, AccountRequest, Credential, User
from accounts_requests.states import STEP3_OUTCOMES, AccountState, Act, CaseState

from .after_archiving import came_after
from .gate import Acting, acting, fresh_account, mark_of, sending_run

# The accounts that may get a new password while the case is in this state: none that will never
# be handed to anybody, or its password would wait for ever.
_WHILE_STEP_3_RUNS = (AccountState.PENDING, *STEP3_OUTCOMES)
_BEFORE_SENDING = (AccountState.CREATED,)


MADE_ALREADY = (
    "Password baru sudah dibuat oleh {who} {when}, sesudah halaman ini Anda buka. Password itulah "
    "yang terbaru dan yang harus ada di SPSE; tidak ada yang diganti lagi. Tekan “tampilkan” pada "
    "halaman akun untuk melihatnya. Bila memang perlu yang lain, muat ulang halaman itu dahulu."
)


def password_mark(account: Account) -> str:
    """The mark of the account's newest password; pages carry it, so that two presses make one.

    It tells nothing of the password, and stays when the password is destroyed.
    """
    return mark_of(account.credentials.order_by("-pk").values_list("pk", flat=True).first())


@sensitive_variables()
def new_password(account: Account, *, actor: User, seen: str = "") -> str:
    """Make a new password for the account (the former one is destroyed) and show it once.

    ``seen`` is ``password_mark`` of the account as the page showed it. Raises AlreadyDone when a
    newer one was made since: somebody may have typed that one into SPSE already.

    While step 3 runs, an account that was recorded as created becomes pending again: SPSE still
    has the former password, so the new one must be entered there and the account recorded once
    more. Later the account exists: sending (again) asks whether SPSE has the new one. A link to
    the former password is closed.
    """
    with acting(Act.NEW_PASSWORD, account.registrant.request, actor=actor) as case:
        fresh = fresh_account(account, case.request)
        if case.request.state == CaseState.ORDERED:
            account_policies.check_account_state(fresh, _WHILE_STEP_3_RUNS, Act.NEW_PASSWORD)
        elif fresh.state not in _BEFORE_SENDING:
            account_policies.check_can_send_again(fresh, Act.NEW_PASSWORD, actor)
        if seen and seen != password_mark(fresh):
            _refuse_second(case, fresh)
        links = fresh.password_links.filter(password_links.expired(case.at))
        for link in links.select_related("message"):
            # The worker has not come round to it; what happened is on record all the same.
            if came_after(case.request, link.message):
                continue
            deviations.link_not_opened(
                sending_run(case.request), fresh, link_pk=link.pk, at=case.at
            )
        password_links.revoke(fresh, at=case.at)
        password = credentials.generate_password()
        credentials.keep(fresh, password, at=case.at)
        if fresh.state == AccountState.CREATED and case.request.state == CaseState.ORDERED:
            fresh.reopen()
            fresh.save()
        case.label = person_label(fresh)
        case.summary = f"Password baru dibuat untuk {case.label.lower()}."
        return password


@sensitive_variables()
def reveal_password(account: Account, *, actor: User) -> str:
    """Show the password for entry into SPSE; each reveal is in the audit trail.

    Once its link is with its person, the password is that person's alone.
    """
    with acting(Act.REVEAL, account.registrant.request, actor=actor) as case:
        fresh = fresh_account(account, case.request)
        if case.request.state in (CaseState.EMAIL_SENT, CaseState.ARCHIVED):
            account_policies.check_can_send_again(fresh, Act.REVEAL, actor)
        if password_links.has_live(fresh, case.at):
            raise NotAllowedNow(
                "Password ini menunggu dibuka oleh personelnya melalui tautan di dalam e-mail, "
                "sehingga tidak ditampilkan lagi di sini. Bila personel memerlukannya kembali, "
                "buat password baru, ganti di SPSE, lalu kirim ulang."
            )
        password = credentials.reveal(fresh)
        case.label = person_label(fresh)
        case.summary = f"Password {case.label.lower()} ditampilkan untuk dimasukkan ke SPSE."
        return password


def unmade(request: AccountRequest) -> QuerySet[Account]:
    """The accounts that are still to be created and have no password."""
    live = Credential.objects.filter(account=OuterRef("pk"), destroyed_at__isnull=True)
    pending = Account.objects.filter(registrant__request=request, state=AccountState.PENDING)
    return pending.filter(~Exists(live))


@contextmanager
def keys_for(request: AccountRequest, act: Act, actor: User) -> Iterator[list[SpareKey]]:
    """Keys for the passwords that ``act`` will make, written while nobody waits for the case.

    An act that would be refused gets none: whoever presses in vain makes no work.
    """
    will_pass = permissions.may(act, actor) and policies.allows(act, request, actor)
    with credentials.spare_keys(unmade(request).count() if will_pass else 0) as spare:
        yield spare


def _refuse_second(case: Acting, account: Account) -> None:
    """Say who made the newest password, and when. Raises AlreadyDone."""
    label = person_label(account)
    entry = audit.last_act(case.request, [Act.NEW_PASSWORD], label=label)
    newest = account.credentials.order_by("-pk").first()
    made_at = entry.at if entry else newest.created_at if newest else case.at
    name = entry.actor_name if entry else "petugas lain"
    who = "Anda sendiri" if entry and entry.actor_id == case.actor.pk else name
    when = words.short_instant(made_at, now=clock.now())
    raise AlreadyDone(MADE_ALREADY.format(who=who, when=when))


def person_label(account: Account) -> str:
    """How the trail names a person: by the place in the list, never by name."""
    return f"Personel nomor {account.registrant.position_in_list}"
