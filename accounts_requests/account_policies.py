"""Whether the record allows an act on an account or its message now; raises sentences for people.

What the case allows is ``policies.py``'s matter.
"""

from django.db.models import Exists, OuterRef

from accounts_requests.exceptions import NotAllowedNow
from accounts_requests.models import (
    Account,
    AccountRequest,
    Credential,
    Document,
    Message,
    Registrant,
    User,
)
from accounts_requests.repeats import refuse_repeated
from accounts_requests.states import (
    STEP3_OUTCOMES,
    STEP4_NEEDS_A_PERSON,
    STEP4_SETTLED,
    UNSENT_MESSAGES,
    AccountState,
    Act,
    CaseState,
    DocumentKind,
    MessageKind,
    MessageState,
)

# What an account is after an act on it that happens once for each message.
STATES_AFTER: dict[Act, tuple[AccountState, ...]] = {
    Act.RESEND: (AccountState.QUEUED, AccountState.ACCEPTED),
    Act.HAND_OVER: (AccountState.HANDED_OVER,),
    Act.NOT_DELIVERED: (AccountState.NOT_DELIVERED,),
    Act.SENT_OUTSIDE: (AccountState.SENT_OUTSIDE,),
}


def check_all_have_outcome(request: AccountRequest) -> None:
    """Step 3 closes when every person has an outcome."""
    left = (
        Account.objects.filter(registrant__request=request)
        .exclude(state__in=STEP3_OUTCOMES)
        .count()
    )
    if left:
        raise NotAllowedNow(
            f"{left} personel belum mempunyai hasil. Catat untuk tiap personel: akun dibuat, "
            "tidak dapat dibuat, atau ditunda; yang sudah dicatat tetap tersimpan."
        )


def check_not_revoked(account: Account) -> None:
    """No pencabutan took the account's person out of the SK; what exists already may be corrected.

    Raises NotAllowedNow. The SK is the ground of the account (activity 1 of the SOP).
    """
    paper = revocation_of(account)
    if paper is not None and account.state != AccountState.CREATED:
        raise NotAllowedNow(
            f"SK bagi personel ini sudah dicabut dengan dokumen nomor {paper.number}, sehingga "
            "akunnya tidak dibuat. Tidak ada yang tersimpan. Catat bahwa akun tidak dapat dibuat, "
            "dengan pencabutan itu sebagai alasannya."
        )


def revocation_of(account: Account) -> Document | None:
    """The pencabutan that took the account's person out of the SK, alone or with all others."""
    person = account.registrant
    found = person.request.documents.filter(kind=DocumentKind.DECREE_REVOCATION).order_by("pk")
    for paper in found:
        if not paper.concerns or person.position_in_list in paper.concerns:
            return paper
    return None


def check_account_state(
    account: Account, states: tuple[AccountState, ...], act: Act, actor: User | None = None
) -> None:
    """The account is in one of ``states``.

    AlreadyDone for ``actor`` (where it is given) when ``act`` itself took it out of them.
    """
    if account.state in states:
        return
    if actor is not None and account.state in STATES_AFTER.get(act, ()):
        person = account.registrant
        refuse_repeated(
            act,
            person.request,
            actor,
            label=f"Personel nomor {person.position_in_list}",
            what="Tindakan ini",
        )
    raise NotAllowedNow(
        f"Tindakan “{act.label}” tidak dapat dilakukan: akun ini berstatus "
        f"“{AccountState(account.state).label}”."
    )


def check_can_send_again(account: Account, act: Act, actor: User) -> None:
    """The account's message needs a person, came back after it was accepted, or carried a link:
    those are good for one look only. Once the case is archived, whatever became of the account:
    its person may have lost the password.

    A message that is on its way is waited for.
    """
    is_archived = account.registrant.request.state == CaseState.ARCHIVED
    if (is_archived and account.state in STEP4_SETTLED) or (
        account.state == AccountState.ACCEPTED and _may_follow(account)
    ):
        if account.messages.filter(state__in=UNSENT_MESSAGES).exists():
            person = account.registrant
            label = f"Personel nomor {person.position_in_list}"
            refuse_repeated(act, person.request, actor, label=label, what="Tindakan ini")
            raise NotAllowedNow(
                "Pesan kepada personel ini masih dalam antrean. Tunggu jawaban server e-mail, "
                "lalu ulangi bila masih perlu."
            )
        return
    check_account_state(account, STEP4_NEEDS_A_PERSON, act, actor)


def accepted_message(message: Message | None) -> Message:
    """``message``, which the mail server had accepted: only that can come back."""
    if message is None:
        raise NotAllowedNow(
            "Tidak ada pesan kepada personel ini yang diterima server e-mail, sehingga tidak ada "
            "yang dapat dicatat kembali."
        )
    if message.state != MessageState.ACCEPTED:
        raise NotAllowedNow(
            f"Pesan ini berstatus “{MessageState(message.state).label}”, bukan “Diterima server "
            "e-mail”, sehingga tidak dapat dicatat sebagai pesan kembali."
        )
    return message


def _may_follow(account: Account) -> bool:
    """An accepted message may be followed by another: it came back, or it carried a link.

    So may what followed it, unless the mail server accepted that.
    """
    if account.password_links.exists():
        return True
    sendings = account.messages.filter(kind=MessageKind.CREDENTIALS).order_by("-pk")
    last, *before = sendings.select_related("bounce")
    if hasattr(last, "bounce"):
        return True
    return last.state != MessageState.ACCEPTED and any(hasattr(one, "bounce") for one in before)


def check_passwords_ready(request: AccountRequest) -> None:
    """Every account that is to be mailed still has its password (old ones are destroyed)."""
    live = Credential.objects.filter(account=OuterRef("pk"), destroyed_at__isnull=True)
    positions = list(
        Account.objects.filter(registrant__request=request, state=AccountState.CREATED)
        .filter(~Exists(live))
        .order_by("registrant__position_in_list")
        .values_list("registrant__position_in_list", flat=True)
    )
    if positions:
        named = ", ".join(str(position) for position in positions)
        raise NotAllowedNow(
            f"Password personel nomor {named} telah dimusnahkan karena terlalu lama menunggu, "
            "sehingga belum ada pesan yang dikirim. Buat password baru untuk personel itu, ganti "
            "di SPSE, lalu kirim."
        )


def check_can_mend(registrant: Registrant) -> None:
    """A Formulir may be mended until its account exists in SPSE."""
    account = Account.objects.filter(registrant=registrant).first()
    if account is not None and account.state == AccountState.CREATED:
        raise NotAllowedNow(
            "Akun personel ini sudah dibuat di SPSE, sehingga Formulirnya tidak dapat diubah lagi."
        )
