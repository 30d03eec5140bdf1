"""Whether the record allows an act now. Each ``check_…`` raises a sentence that people can read.

Who may take it by role is ``permissions.py``'s matter.
"""

from accounts_requests import executor_roles, late_entry_rules, step_limits, words
from accounts_requests.account_policies import STATES_AFTER
from accounts_requests.exceptions import NotAllowedNow
from accounts_requests.models import (
    AccountRequest,
    DestructionDecision,
    Document,
    User,
)
from accounts_requests.repeats import refuse_repeated
from accounts_requests.roles import Role
from accounts_requests.states import (
    DECREED_STATES,
    OPEN_STATES,
    RUNNING_STEP,
    Act,
    CaseState,
    DocumentKind,
    DocumentState,
)

_DRAFT = (CaseState.DRAFT,)
_ORDERED = (CaseState.ORDERED,)
_SENDING = (CaseState.ACCOUNTS_CREATED,)
_ARCHIVED = (CaseState.ARCHIVED,)
# A message that was accepted may be followed by another, also when the file is archived.
_SENDING_AGAIN = (CaseState.ACCOUNTS_CREATED, CaseState.EMAIL_SENT, *_ARCHIVED)

# The states of the case in which each act is possible at all.
STATES: dict[Act, tuple[CaseState, ...]] = {
    Act.EDIT: _DRAFT,
    Act.ADD_REGISTRANT: _DRAFT,
    Act.EDIT_REGISTRANT: _DRAFT,
    Act.REMOVE_REGISTRANT: _DRAFT,
    Act.IMPORT_REGISTRANTS: _DRAFT,
    Act.ATTACH: OPEN_STATES,
    Act.DETACH: _DRAFT,
    Act.DECLARE_COMPLETE: _DRAFT,
    Act.SUBMIT_FOR_INITIALS: _DRAFT,
    Act.UNLOCK: _DRAFT,
    Act.ADVANCE_STAGE: _DRAFT,
    Act.SET_NUMBER: _DRAFT,
    Act.SEND_FOR_SIGNING: _DRAFT,
    Act.WITHDRAW_SIGNING: _DRAFT,
    Act.ISSUE_DECREE: _DRAFT,
    Act.MEND_REGISTRANT: (CaseState.DECREE_ISSUED,),
    Act.AMEND_DECREE: (*DECREED_STATES, CaseState.CANCELLED),  # an SK outlives its case
    Act.CHECK_SIGNATURE: (*DECREED_STATES, CaseState.CANCELLED),
    Act.ORDER: (CaseState.DECREE_ISSUED,),
    Act.RETURN: _ORDERED,
    Act.CANCEL: (CaseState.DRAFT, CaseState.DECREE_ISSUED, CaseState.ORDERED),
    Act.CLAIM: (CaseState.ORDERED, CaseState.ACCOUNTS_CREATED, CaseState.EMAIL_SENT),
    Act.TAKE_OVER: (CaseState.ORDERED, CaseState.ACCOUNTS_CREATED, CaseState.EMAIL_SENT),
    Act.REVEAL: (CaseState.ORDERED, *_SENDING_AGAIN),
    Act.NEW_PASSWORD: (CaseState.ORDERED, *_SENDING_AGAIN),
    Act.RECORD_ACCOUNT: _ORDERED,
    Act.RECORD_ACCOUNTS: _ORDERED,
    Act.SEND: _SENDING,
    Act.RESEND: _SENDING_AGAIN,
    Act.HAND_OVER: (*_SENDING, *_ARCHIVED),
    Act.NOT_DELIVERED: (*_SENDING, *_ARCHIVED),
    Act.SENT_OUTSIDE: _SENDING,
    Act.RECORD_BOUNCE: _SENDING_AGAIN,
    Act.ARCHIVE: (CaseState.EMAIL_SENT,),
    Act.PROPOSE_LATE_ENTRY: (CaseState.ORDERED, CaseState.EMAIL_SENT),
    Act.CONFIRM_LATE_ENTRY: OPEN_STATES,
    Act.REFUSE_LATE_ENTRY: tuple(CaseState),  # what can no longer be carried out is refused still
    Act.RECORD_LATE_ENTRY: (CaseState.DRAFT, CaseState.DECREE_ISSUED),
    Act.DESCRIBE_FILE: _ARCHIVED,
    Act.MOVE_FILE: _ARCHIVED,
    Act.PROPOSE_DESTRUCTION: _ARCHIVED,
    Act.DECIDE_DESTRUCTION: _ARCHIVED,
}

# Acts that happen once on the way through the SOP: a second press meets who did it and when.
_STEP_ACTS = (
    Act.DECLARE_COMPLETE,
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

# What makes a further message to somebody whose case is archived.
_NEW_MESSAGE_ACTS = (Act.REVEAL, Act.NEW_PASSWORD, Act.RESEND)

# Only the Admin PPE who holds the task may take these; when the case is archived there is no task
# any more, and every Admin PPE may.
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
    Act.SENT_OUTSIDE,
    Act.ARCHIVE,
)


_PEOPLE_ACTS = (
    Act.ADD_REGISTRANT,
    Act.EDIT_REGISTRANT,
    Act.REMOVE_REGISTRANT,
    Act.IMPORT_REGISTRANTS,
)


def check(
    act: Act,
    request: AccountRequest,
    actor: User,
    *,
    acted: frozenset[Role] | None = None,
    about: str = "",
    late: bool = False,
) -> None:
    """Raise NotAllowedNow (or AlreadyDone) unless the record allows ``act`` by ``actor`` now.

    ``acted`` is ``executor_roles.acted_as`` of the actor, where the caller has read it already;
    ``about`` names the person of the case whom the act is about, as the trail does. ``late``: it
    is asked for a *pencatatan susulan* of the act, which otherwise keeps the act waiting.
    """
    if request.state not in STATES[act]:
        if about and act in STATES_AFTER:
            refuse_repeated(act, request, actor, label=about, what="Tindakan ini")
        _refuse_state(act, request, actor)
    if act in executor_roles.ACTS:
        if acted is None:
            acted = executor_roles.acted_as(request, actor)
        if sentence := executor_roles.hindrance(executor_roles.ACTS[act], acted):
            raise NotAllowedNow(sentence)
    if act in _HOLDERS_ACTS and request.state != CaseState.ARCHIVED:
        check_holder(request, actor)
    if act in _NEW_MESSAGE_ACTS and request.state == CaseState.ARCHIVED:
        check_file_may_grow(request)
    if act in late_entry_rules.PROPOSED_ACTS and not late:
        late_entry_rules.check_not_awaited(act, request)
    if act in _PEOPLE_ACTS and request.people_locked_at is not None:
        raise NotAllowedNow(
            "Daftar personel telah dikunci sejak pengajuan paraf. Buka kuncinya dengan alasan "
            "bila memang perlu diubah; Formulir akan disiapkan ulang."
        )


def allows(
    act: Act,
    request: AccountRequest,
    actor: User,
    *,
    acted: frozenset[Role] | None = None,
    late: bool = False,
) -> bool:
    """Would ``check`` let it pass? For buttons; the gate asks again."""
    try:
        check(act, request, actor, acted=acted, late=late)
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


def check_file_may_grow(request: AccountRequest) -> None:
    """A further message adds to the archived file: it is there, and not given up to destruction."""
    approved = (
        DestructionDecision.objects.filter(
            proposal__items__request=request, verdict=DestructionDecision.Verdict.APPROVED
        )
        .order_by("pk")
        .last()
    )
    if approved is not None:
        raise NotAllowedNow(
            f"Pemusnahan berkas {request.archive_number} telah disetujui "
            f"{words.instant(approved.at)}, sehingga akunnya tidak dapat dikirim ulang dari "
            "permohonan ini. Tidak ada yang berubah. Bila personel masih memerlukan akunnya, "
            "ajukan melalui permohonan baru."
        )
    unmade = request.documents.filter(superseded_at__isnull=True, addendum__isnull=True)
    if unmade.exclude(state=DocumentState.STORED).exists():
        raise NotAllowedNow(
            f"Berkas {request.archive_number} masih disiapkan. Tunggu sampai tersimpan, supaya "
            "isinya tetap seperti saat diarsipkan, lalu ulangi. Bila gagal disiapkan, minta "
            "Pengelola Aplikasi menyiapkannya kembali."
        )


def check_can_declare_complete(request: AccountRequest, actor: User) -> None:
    """Step 1 of this case begins with a complete file, and nobody has declared it yet."""
    if not step_limits.starts_when_complete(request):
        raise NotAllowedNow(
            "Menurut Lembar Penafsiran permohonan ini, waktu langkah 1 dihitung sejak permohonan "
            "diterima, sehingga kelengkapan berkas tidak perlu dinyatakan. Tidak ada yang berubah."
        )
    if request.complete_at is not None:
        refuse_repeated(Act.DECLARE_COMPLETE, request, actor)
        _refuse_state(Act.DECLARE_COMPLETE, request, actor)


def awaits_completeness(request: AccountRequest) -> bool:
    """Would declaring the file complete begin the time of step 1? For buttons."""
    return (
        request.state == CaseState.DRAFT
        and request.complete_at is None
        and step_limits.starts_when_complete(request)
    )


def check_can_submit(request: AccountRequest, actor: User) -> None:
    """The draft is complete enough to go for paraf (domain: at least one Formulir)."""
    if request.people_locked_at is not None:
        _refuse_state(Act.SUBMIT_FOR_INITIALS, request, actor)
    if not request.registrants.exists():
        raise NotAllowedNow(
            "Lampiran SK masih kosong: belum ada personel pada permohonan ini. "
            "Tambahkan paling sedikit satu personel, lalu ajukan paraf."
        )


def check_locked(request: AccountRequest, actor: User) -> None:
    """The people are locked, so that there is something to unlock."""
    if request.people_locked_at is None:
        refuse_repeated(Act.UNLOCK, request, actor)
        raise NotAllowedNow("Daftar personel tidak sedang dikunci.")


def check_people_locked(request: AccountRequest) -> None:
    """Issuing comes after paraf: people are locked and their Formulir rendered."""
    if request.people_locked_at is None:
        raise NotAllowedNow(
            "SK belum dapat diterbitkan: konsep belum diajukan untuk paraf, sehingga Formulir "
            "belum disiapkan. Ajukan paraf terlebih dahulu."
        )


def check_decree_in_force(request: AccountRequest) -> None:
    """There is an SK, and no pencabutan has ended the whole of it."""
    if request.issued_at is None:
        raise NotAllowedNow(
            "Permohonan ini dibatalkan sebelum SK-nya terbit, sehingga tidak ada SK yang dapat "
            "diralat, diubah, atau dicabut."
        )
    check_not_revoked(request)


def check_not_revoked(request: AccountRequest) -> None:
    """No pencabutan has ended the whole SK. Raises NotAllowedNow."""
    ended = _revocation_of(request)
    if ended is not None:
        raise NotAllowedNow(
            f"SK ini sudah dicabut seluruhnya dengan dokumen nomor {ended.number}. "
            "Tidak ada yang perlu dicatat lagi."
        )


def check_decree_orders(request: AccountRequest) -> None:
    """Nobody is ordered to create accounts under an SK that was revoked as a whole."""
    ended = _revocation_of(request)
    if ended is not None:
        raise NotAllowedNow(
            f"SK ini sudah dicabut seluruhnya dengan dokumen nomor {ended.number}, sehingga tidak "
            "menjadi dasar pembuatan akun lagi. Tidak ada yang diperintahkan. Batalkan permohonan "
            "ini, atau buat permohonan baru bila akunnya tetap diperlukan."
        )


def _revocation_of(request: AccountRequest) -> Document | None:
    """The pencabutan of the whole SK, if there is one."""
    return request.documents.filter(kind=DocumentKind.DECREE_REVOCATION, concerns=[]).first()


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


def check_not_sent(request: AccountRequest, actor: User) -> None:
    """The messages of step 4 are queued once."""
    if request.messages.filter(kind="credentials").exists():
        _refuse_state(Act.SEND, request, actor)


def _refuse_state(act: Act, request: AccountRequest, actor: User) -> None:
    """Say kindly why the state does not fit: done already (by whom, when), or not yet."""
    state = CaseState(request.state)
    if state == CaseState.CANCELLED and act != Act.CANCEL:
        raise NotAllowedNow(
            f"Permohonan ini telah dibatalkan dengan alasan: {request.cancel_reason}"
        )
    # A return is done as long as the case is back; an earlier one, mended since, is another story.
    if act in _STEP_ACTS and (act != Act.RETURN or state == CaseState.DECREE_ISSUED):
        refuse_repeated(act, request, actor)
    # What is done to an archived file comes after the last step.
    expected = min(RUNNING_STEP.get(allowed, 6) for allowed in STATES[act])
    if RUNNING_STEP.get(state, 6) < expected:
        raise NotAllowedNow(
            f"Tindakan “{act.label}” belum dapat dilakukan: permohonan ini masih pada keadaan "
            f"“{state.label}” (langkah {RUNNING_STEP[state]}). Selesaikan langkah itu dahulu."
        )
    raise NotAllowedNow(
        f"Tindakan “{act.label}” tidak dapat dilakukan lagi: permohonan ini sudah pada keadaan "
        f"“{state.label}”."
    )
