"""Whether the record allows an act now. Each ``check_…`` raises a sentence that people can read.

Who may take it by role is ``permissions.py``'s matter.
"""

from accounts_requests import audit, clock, words
from accounts_requests.exceptions import AlreadyDone, NotAllowedNow
from accounts_requests.models import Account, AccountRequest, Registrant, User
from accounts_requests.states import (
    OPEN_STATES,
    RUNNING_STEP,
    STEP3_OUTCOMES,
    AccountState,
    Act,
    CaseState,
)

_DRAFT = (CaseState.DRAFT,)
_ORDERED = (CaseState.ORDERED,)
_SENDING = (CaseState.ACCOUNTS_CREATED,)

# The states of the case in which each act is possible at all.
STATES: dict[Act, tuple[CaseState, ...]] = {
    Act.EDIT: _DRAFT,
    Act.ADD_REGISTRANT: _DRAFT,
    Act.EDIT_REGISTRANT: _DRAFT,
    Act.REMOVE_REGISTRANT: _DRAFT,
    Act.IMPORT_REGISTRANTS: _DRAFT,
    Act.ATTACH: OPEN_STATES,
    Act.DETACH: _DRAFT,
    Act.SUBMIT_FOR_INITIALS: _DRAFT,
    Act.UNLOCK: _DRAFT,
    Act.ADVANCE_STAGE: _DRAFT,
    Act.SET_NUMBER: _DRAFT,
    Act.ISSUE_DECREE: _DRAFT,
    Act.MEND_REGISTRANT: (CaseState.DECREE_ISSUED,),
    Act.ORDER: (CaseState.DECREE_ISSUED,),
    Act.RETURN: _ORDERED,
    Act.CANCEL: (CaseState.DRAFT, CaseState.DECREE_ISSUED, CaseState.ORDERED),
    Act.CLAIM: (CaseState.ORDERED, CaseState.ACCOUNTS_CREATED, CaseState.EMAIL_SENT),
    Act.TAKE_OVER: (CaseState.ORDERED, CaseState.ACCOUNTS_CREATED, CaseState.EMAIL_SENT),
    Act.REVEAL: (CaseState.ORDERED, CaseState.ACCOUNTS_CREATED),
    Act.NEW_PASSWORD: (CaseState.ORDERED, CaseState.ACCOUNTS_CREATED),
    Act.RECORD_ACCOUNT: _ORDERED,
    Act.RECORD_ACCOUNTS: _ORDERED,
    Act.SEND: _SENDING,
    Act.RESEND: _SENDING,
    Act.HAND_OVER: _SENDING,
    Act.NOT_DELIVERED: _SENDING,
    Act.ARCHIVE: (CaseState.EMAIL_SENT,),
}

# Acts that happen once on the way through the SOP: a second press meets who did it and when.
_STEP_ACTS = (
    Act.SUBMIT_FOR_INITIALS,
    Act.ISSUE_DECREE,
    Act.ORDER,
    Act.CLAIM,
    Act.RECORD_ACCOUNTS,
    Act.SEND,
    Act.ARCHIVE,
    Act.RETURN,
    Act.CANCEL,
)

# Only the Admin PPE who holds the task may take these.
_HOLDERS_ACTS = (
    Act.RETURN,
    Act.REVEAL,
    Act.NEW_PASSWORD,
    Act.RECORD_ACCOUNT,
    Act.RECORD_ACCOUNTS,
    Act.SEND,
    Act.RESEND,
    Act.HAND_OVER,
    Act.NOT_DELIVERED,
    Act.ARCHIVE,
)

_PEOPLE_ACTS = (
    Act.ADD_REGISTRANT,
    Act.EDIT_REGISTRANT,
    Act.REMOVE_REGISTRANT,
    Act.IMPORT_REGISTRANTS,
)


def check(act: Act, request: AccountRequest, actor: User) -> None:
    """Raise NotAllowedNow (or AlreadyDone) unless the record allows ``act`` by ``actor`` now."""
    if request.state not in STATES[act]:
        _refuse_state(act, request)
    if act in _HOLDERS_ACTS:
        check_holder(request, actor)
    if act in _PEOPLE_ACTS and request.people_locked_at is not None:
        raise NotAllowedNow(
            "Daftar personel telah dikunci sejak pengajuan paraf. Buka kuncinya dengan alasan "
            "bila memang perlu diubah; Formulir akan disiapkan ulang."
        )


def allows(act: Act, request: AccountRequest, actor: User) -> bool:
    """Would ``check`` let it pass? For buttons; the gate asks again."""
    try:
        check(act, request, actor)
    except NotAllowedNow:
        return False
    return True


def check_holder(request: AccountRequest, actor: User) -> None:
    """The task is held by ``actor``; otherwise the sentence says by whom and what to do."""
    holder = request.assignee
    if holder is None:
        raise NotAllowedNow("Tugas ini belum diambil. Tekan “Ambil tugas” terlebih dahulu.")
    if holder != actor:
        raise NotAllowedNow(
            f"Tugas ini sedang dipegang oleh {holder.titled_name}. "
            "Bila perlu melanjutkannya, tekan “Ambil alih” dan tuliskan alasannya."
        )


def check_can_submit(request: AccountRequest) -> None:
    """The draft is complete enough to go for paraf (domain: at least one Formulir)."""
    if request.people_locked_at is not None:
        _refuse_state(Act.SUBMIT_FOR_INITIALS, request)
    if not request.registrants.exists():
        raise NotAllowedNow(
            "Lampiran SK masih kosong: belum ada personel pada permohonan ini. "
            "Tambahkan paling sedikit satu personel, lalu ajukan paraf."
        )


def check_people_locked(request: AccountRequest) -> None:
    """Issuing comes after paraf: people are locked and their Formulir rendered."""
    if request.people_locked_at is None:
        raise NotAllowedNow(
            "SK belum dapat diterbitkan: konsep belum diajukan untuk paraf, sehingga Formulir "
            "belum disiapkan. Ajukan paraf terlebih dahulu."
        )


def check_papers_ready(owed: int, failed: int) -> None:
    """No paper of the case is still owed (``failed`` among them: those that were given up)."""
    if failed:
        raise NotAllowedNow(
            f"{failed} dokumen gagal disiapkan, sedangkan langkah ini memerlukannya. Minta "
            "Pengelola Aplikasi menyiapkannya kembali, lalu ulangi."
        )
    if owed:
        raise NotAllowedNow(
            f"{owed} dokumen masih disiapkan. Tunggu sebentar, lalu ulangi; "
            "isian Anda tidak hilang."
        )


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


def check_not_sent(request: AccountRequest) -> None:
    """The messages of step 4 are queued once."""
    if request.messages.filter(kind="credentials").exists():
        _refuse_state(Act.SEND, request)


def check_account_state(account: Account, states: tuple[AccountState, ...], act: Act) -> None:
    """The account is in one of ``states``."""
    if account.state not in states:
        raise NotAllowedNow(
            f"Tindakan “{act.label}” tidak dapat dilakukan: akun ini berstatus "
            f"“{AccountState(account.state).label}”."
        )


def check_can_mend(registrant: Registrant) -> None:
    """A Formulir may be mended until its account exists in SPSE."""
    account = Account.objects.filter(registrant=registrant).first()
    if account is not None and account.state == AccountState.CREATED:
        raise NotAllowedNow(
            "Akun personel ini sudah dibuat di SPSE, sehingga Formulirnya tidak dapat diubah lagi."
        )


def _refuse_state(act: Act, request: AccountRequest) -> None:
    """Say kindly why the state does not fit: done already (by whom, when), or not yet."""
    state = CaseState(request.state)
    if state == CaseState.CANCELLED and act != Act.CANCEL:
        raise NotAllowedNow(
            f"Permohonan ini telah dibatalkan dengan alasan: {request.cancel_reason}"
        )
    # A return is done as long as the case is back; an earlier one, mended since, is another story.
    is_done = act in _STEP_ACTS and (act != Act.RETURN or state == CaseState.DECREE_ISSUED)
    entry = audit.last_act(request, [act]) if is_done else None
    if entry is not None:
        raise AlreadyDone(
            f"Langkah ini telah diselesaikan oleh {entry.actor_name} "
            f"{words.short_instant(entry.at, now=clock.now())}: {entry.summary} "
            "Anda tidak perlu mengulanginya."
        )
    expected = min(RUNNING_STEP.get(allowed, 0) for allowed in STATES[act])
    if RUNNING_STEP.get(state, 6) < expected:
        raise NotAllowedNow(
            f"Tindakan “{act.label}” belum dapat dilakukan: permohonan ini masih pada keadaan "
            f"“{state.label}” (langkah {RUNNING_STEP[state]}). Selesaikan langkah itu dahulu."
        )
    raise NotAllowedNow(
        f"Tindakan “{act.label}” tidak dapat dilakukan lagi: permohonan ini sudah pada keadaan "
        f"“{state.label}”."
    )
