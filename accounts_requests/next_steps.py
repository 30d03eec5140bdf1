"""Whose turn a case is, what is to be done, and the buttons that lead there.

One reading for the queues of Beranda and for the SOP sheet of a case. It decides nothing: whether
an act is allowed is asked of ``permissions`` and ``policies`` here, and again by the gate.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts_requests import policies, signing_policies
from accounts_requests.models import AccountRequest, User
from accounts_requests.roles import Role
from accounts_requests.states import (
    STEP4_NEEDS_A_PERSON,
    STEP4_SETTLED,
    WITHOUT_ACCOUNT,
    AccountState,
    Act,
    CaseState,
    Stage,
)

MAIL_SERVER = "server e-mail"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the people of a case are. ``unanswered`` messages wait for the mail server."""

    people: int = 0
    with_outcome: int = 0
    created: int = 0
    unanswered: int = 0
    in_doubt: int = 0
    settled: int = 0

    @classmethod
    def of(cls, people: int, states: Iterable[str]) -> "Progress":
        """Count the states of the accounts that exist as rows (from step 3 on)."""
        found = list(states)
        return cls(
            people=people,
            with_outcome=sum(state != AccountState.PENDING for state in found),
            created=sum(
                state != AccountState.PENDING and state not in WITHOUT_ACCOUNT for state in found
            ),
            unanswered=found.count(AccountState.QUEUED),
            in_doubt=sum(state in STEP4_NEEDS_A_PERSON for state in found),
            settled=sum(state in STEP4_SETTLED for state in found),
        )

    @property
    def is_sent(self) -> bool:
        """The messages of step 4 were queued at least once."""
        return bool(self.unanswered or self.in_doubt or self.settled)


@dataclass(frozen=True, kw_only=True)
class Button:
    """A verb and the name of the address it leads to (argument: the case's number).

    ``post``: pressing it is the act itself, no page lies between. ``needs_reason``: the act is a
    small form with a reason; ``explain`` says what will happen; ``grave`` ends something.
    """

    label: str
    url_name: str
    post: bool = False
    needs_reason: bool = False
    explain: str = ""
    grave: bool = False


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What a case waits for: the task, who it waits for in words, and the button of that person.

    ``role`` is None while a machine is to answer; ``holder`` is who took the task (steps 3 to 5).
    """

    task: str
    whose: str
    role: Role | None
    button: Button | None
    holder: User | None = None

    def is_for(self, user: User, held: frozenset[Role], case: AccountRequest) -> bool:
        """Must ``user`` (holding the roles ``held`` today) act now? Unclaimed tasks included."""
        if self.role is None:
            return False
        if self.role == Role.PENYUSUN_KONSEP:
            drafts = Role.KEPALA_LPSE in held and case.created_by_id == user.pk
            return self.role in held or drafts
        return self.role in held and self.holder in (None, user)


def turn(case: AccountRequest, progress: Progress) -> Turn | None:
    """Whose turn the case is; None once it is archived or cancelled."""
    match case.state:
        case CaseState.DRAFT:
            return _drafting(case, progress)
        case CaseState.DECREE_ISSUED:
            returned = bool(case.return_reason)
            return Turn(
                task="Perbaiki, lalu perintahkan kembali" if returned else "Perintahkan Admin PPE",
                whose=Role.KEPALA_LPSE.label,
                role=Role.KEPALA_LPSE,
                button=Button(label="Perintahkan", url_name="order"),
            )
        case CaseState.ORDERED:
            begun = "Lanjutkan" if progress.with_outcome else "Buat akun"
            return _executing(case, "Buat akun", Button(label=begun, url_name="accounts"))
        case CaseState.ACCOUNTS_CREATED:
            return _sending(case, progress)
        case CaseState.EMAIL_SENT:
            return _executing(
                case, "Arsipkan berkas", Button(label="Arsipkan", url_name="archive_case")
            )
        case _:
            return None


def _drafting(case: AccountRequest, progress: Progress) -> Turn:
    if case.people_locked_at is not None and case.stage == Stage.SIGNATURE:
        return Turn(
            task="Terbitkan SK",
            whose=Role.KEPALA_LPSE.label,
            role=Role.KEPALA_LPSE,
            button=Button(label="Terbitkan SK", url_name="issue"),
        )
    if case.people_locked_at is None:
        task = "Susun konsep SK"
        button = (
            Button(label="Ajukan paraf", url_name="submit_for_initials")
            if progress.people
            else Button(label="Isi personel", url_name="people")
        )
    elif case.stage == Stage.NUMBER:
        task, button = "Catat nomor SK", Button(label="Catat nomor SK", url_name="decree_number")
    else:
        task, button = "Selesaikan paraf", Button(label="Catat paraf", url_name="stage_complete")
    role = Role.PENYUSUN_KONSEP
    return Turn(task=task, whose=role.label, role=role, button=button)


def _sending(case: AccountRequest, progress: Progress) -> Turn:
    if not progress.is_sent:
        return _executing(case, "Kirim e-mail", Button(label="Kirim", url_name="send"))
    if progress.in_doubt:
        return _executing(
            case, "Selesaikan pengiriman e-mail", Button(label="Lanjutkan", url_name="send")
        )
    return Turn(task="E-mail menunggu jawaban server", whose=MAIL_SERVER, role=None, button=None)


def _executing(case: AccountRequest, task: str, button: Button) -> Turn:
    holder = case.assignee
    if holder is None:
        button = Button(label="Ambil tugas", url_name="claim", post=True)
        whose = f"{Role.ADMIN_PPE.label} (belum diambil)"
    else:
        whose = f"{holder.titled_name} ({Role.ADMIN_PPE.label})"
    return Turn(task=task, whose=whose, role=Role.ADMIN_PPE, button=button, holder=holder)


def other_buttons(
    case: AccountRequest,
    user: User,
    acts: frozenset[Act],
    acted: frozenset[Role],
    *,
    is_revoked: bool = False,
) -> list[Button]:
    """What else ``user`` (who may take ``acts``) can do with the case now, beside the main button.

    ``acted``: the executor roles in which ``user`` has acted in the case. ``is_revoked``: a
    pencabutan has ended the whole SK, so that no further paper is about it. Plain ways first, then
    what needs a reason, then what ends the case.
    """
    locked = case.people_locked_at is not None
    ways: list[tuple[Act, bool, Button]] = [
        (Act.EDIT, not locked, Button(label="Ubah data SK", url_name="draft_edit")),
        (Act.DECLARE_COMPLETE, policies.awaits_completeness(case), DECLARE_COMPLETE),
        (Act.ADD_REGISTRANT, not locked, Button(label="Kelola personel", url_name="people")),
        (Act.ATTACH, True, Button(label="Hasil pindai", url_name="attachments")),
        (Act.EDIT, True, Button(label="Pratinjau SK", url_name="decree_preview")),
        (
            Act.SET_NUMBER,
            locked and case.stage != Stage.NUMBER,
            Button(label="Catat nomor SK", url_name="decree_number"),
        ),
        (
            Act.SEND_FOR_SIGNING,
            signing_policies.is_offered(case),
            Button(label="Layanan tanda tangan", url_name="signing"),
        ),
        (
            Act.ISSUE_DECREE,
            locked and case.stage != Stage.SIGNATURE,
            Button(label="Terbitkan SK", url_name="issue"),
        ),
        (
            Act.AMEND_DECREE,
            case.issued_at is not None and not is_revoked,
            Button(label="Ralat, perubahan, atau pencabutan SK", url_name="amend_decree"),
        ),
        (Act.UNLOCK, locked, UNLOCK),
        (Act.RETURN, True, RETURN),
        (Act.TAKE_OVER, case.assignee_id not in (None, user.pk), TAKE_OVER),
        (Act.CANCEL, True, CANCEL),
    ]
    return [
        button
        for act, fits, button in ways
        if fits
        and act in acts
        and case.state in policies.STATES[act]
        and policies.allows(act, case, user, acted=acted)
    ]


DECLARE_COMPLETE = Button(
    label="Nyatakan berkas lengkap",
    url_name="declare_complete",
    post=True,
    explain="Waktu langkah 1 mulai dihitung saat itu juga dan tidak dapat dimulai ulang.",
)
UNLOCK = Button(
    label="Buka kunci personel",
    url_name="unlock",
    needs_reason=True,
    explain="Konsep kembali ke tahap konsep; Formulir akan disiapkan ulang. Versi yang sudah "
    "dicetak tetap tersimpan.",
)
RETURN = Button(
    label="Kembalikan",
    url_name="return_to_head",
    needs_reason=True,
    explain="Permohonan kembali kepada Kepala LPSE dan waktu langkah 3 dijeda. Akun yang sudah "
    "dicatat tetap tersimpan. Pengembalian adalah catatan, bukan penyimpangan.",
)
TAKE_OVER = Button(
    label="Ambil alih",
    url_name="take_over",
    needs_reason=True,
    explain="Anda melanjutkan tugas ini. Bagian pemegang sebelumnya tetap tercatat, dan ia "
    "diberi tahu melalui e-mail.",
)
CANCEL = Button(
    label="Batalkan",
    url_name="cancel",
    needs_reason=True,
    grave=True,
    explain="Permohonan berakhir tanpa akun. Dokumen dan riwayatnya tetap tersimpan.",
)
