"""Who may take which act, by role. Whether the record allows it now is ``policies.py``'s matter."""

from accounts_requests.exceptions import NotPermitted
from accounts_requests.models import User
from accounts_requests.roles import Capacity, Role, titled
from accounts_requests.states import Act

_DRAFTERS = (Role.PENYUSUN_KONSEP, Role.KEPALA_LPSE)

# Every act on a case and the roles that may take it. The SOP names two executors; the drafter
# prepares what Kepala LPSE issues. Pengelola Aplikasi has no power over cases.
MAY: dict[Act, tuple[Role, ...]] = {
    Act.CREATE: _DRAFTERS,
    Act.EDIT: _DRAFTERS,
    Act.ADD_REGISTRANT: _DRAFTERS,
    Act.EDIT_REGISTRANT: _DRAFTERS,
    Act.REMOVE_REGISTRANT: _DRAFTERS,
    Act.IMPORT_REGISTRANTS: _DRAFTERS,
    Act.ATTACH: (*_DRAFTERS, Role.ADMIN_PPE),
    Act.DETACH: _DRAFTERS,
    Act.DECLARE_COMPLETE: _DRAFTERS,
    Act.SUBMIT_FOR_INITIALS: _DRAFTERS,
    Act.UNLOCK: _DRAFTERS,
    Act.ADVANCE_STAGE: _DRAFTERS,
    Act.SET_NUMBER: _DRAFTERS,
    Act.SEND_FOR_SIGNING: _DRAFTERS,
    Act.WITHDRAW_SIGNING: _DRAFTERS,
    Act.MEND_REGISTRANT: _DRAFTERS,
    Act.ISSUE_DECREE: (Role.KEPALA_LPSE,),
    Act.AMEND_DECREE: (Role.KEPALA_LPSE,),
    Act.CHECK_SIGNATURE: (Role.KEPALA_LPSE, Role.ADMIN_PPE),
    Act.ORDER: (Role.KEPALA_LPSE,),
    Act.CANCEL: (Role.KEPALA_LPSE,),
    Act.CLAIM: (Role.ADMIN_PPE,),
    Act.TAKE_OVER: (Role.ADMIN_PPE,),
    Act.RETURN: (Role.ADMIN_PPE,),
    Act.REVEAL: (Role.ADMIN_PPE,),
    Act.NEW_PASSWORD: (Role.ADMIN_PPE,),
    Act.RECORD_ACCOUNT: (Role.ADMIN_PPE,),
    Act.RECORD_ACCOUNTS: (Role.ADMIN_PPE,),
    Act.SEND: (Role.ADMIN_PPE,),
    Act.RESEND: (Role.ADMIN_PPE,),
    Act.HAND_OVER: (Role.ADMIN_PPE,),
    Act.NOT_DELIVERED: (Role.ADMIN_PPE,),
    Act.SENT_OUTSIDE: (Role.ADMIN_PPE,),
    Act.RECORD_BOUNCE: (Role.ADMIN_PPE,),
    Act.ARCHIVE: (Role.ADMIN_PPE,),
    Act.PROPOSE_LATE_ENTRY: (Role.ADMIN_PPE,),
    Act.CONFIRM_LATE_ENTRY: (Role.KEPALA_LPSE,),
    Act.REFUSE_LATE_ENTRY: (Role.KEPALA_LPSE,),
    Act.RECORD_LATE_ENTRY: (Role.KEPALA_LPSE,),
    Act.DESCRIBE_FILE: (Role.ADMIN_PPE,),
    Act.MOVE_FILE: (Role.ADMIN_PPE,),
    Act.PROPOSE_DESTRUCTION: (Role.ADMIN_PPE,),
    Act.DECIDE_DESTRUCTION: (Role.KEPALA_BIRO,),
}

# Who may read the personal data of the people in a case. Pengelola Aplikasi keeps the
# application, not the cases (UU 27/2022: by role).
READS_PEOPLE = (
    Role.KEPALA_LPSE,
    Role.PENYUSUN_KONSEP,
    Role.ADMIN_PPE,
    Role.KEPALA_BIRO,
    Role.INSPEKTORAT,
)

# Who puts an outage on record: those whose work it stops, and who keeps the application running.
DECLARES_OUTAGES = (Role.ADMIN_PPE, Role.KEPALA_LPSE, Role.PENGELOLA_APLIKASI)


# Who drafts how the office reads the SOP; the pengesah approves it.
READING_DRAFTERS = (Role.KEPALA_LPSE, Role.PENGELOLA_APLIKASI)


def role_for(act: Act, user: User) -> Role | None:
    """The role in which ``user`` would take ``act`` today, or None."""
    held = user.current_roles()
    return next((role for role in MAY[act] if role in held), None)


def may(act: Act, user: User) -> bool:
    """May ``user`` take ``act`` on some case today?"""
    return role_for(act, user) is not None


def require(act: Act, user: User) -> Role:
    """The role in which ``user`` takes ``act``. Raises NotPermitted with a readable sentence."""
    role = role_for(act, user)
    if role is None:
        who = " atau ".join(allowed.label for allowed in MAY[act])
        raise NotPermitted(
            f"Tindakan “{act.label}” hanya dapat dilakukan oleh {who}. "
            "Tidak ada yang berubah pada permohonan ini."
        )
    return role


def title_of(role: Role, user: User) -> str:
    """How ``user`` is styled in ``role`` today: ``Plh. Kepala LPSE`` for an acting official."""
    return titled(role.label, user.current_capacities().get(role, Capacity.DEFINITIVE))


def may_read_people(user: User) -> bool:
    """May ``user`` see names, numbers and addresses of registrants?"""
    return reads_people(user.current_roles())


def acts_of(held: frozenset[Role]) -> frozenset[Act]:
    """Every act that somebody with these roles may take. For pages that offer many buttons."""
    return frozenset(act for act, roles in MAY.items() if not held.isdisjoint(roles))


def reads_people(held: frozenset[Role]) -> bool:
    """``may_read_people`` for roles that are at hand."""
    return not held.isdisjoint(READS_PEOPLE)


def may_keep(user: User, held: frozenset[Role]) -> bool:
    """May ``user``, holding the roles ``held`` today, keep people and settings of the application?

    Pengelola Aplikasi alone; Django's superuser gains nothing here. The first one is invited by
    ``manage.py invite_keeper``.
    """
    return user.is_active and Role.PENGELOLA_APLIKASI in held


def require_keeper(user: User) -> Role:
    """The role in which ``user`` keeps the application. Raises NotPermitted with a sentence."""
    if not may_keep(user, user.current_roles()):
        raise NotPermitted(
            "Pengguna dan pengaturan dikelola oleh Pengelola Aplikasi. Tidak ada yang berubah."
        )
    return Role.PENGELOLA_APLIKASI


def drafts_readings(held: frozenset[Role]) -> bool:
    """May somebody with these roles draft a Lembar Penafsiran?"""
    return not held.isdisjoint(READING_DRAFTERS)


def require_reading_drafter(user: User) -> Role:
    """The role in which ``user`` drafts a Lembar Penafsiran. Raises NotPermitted."""
    held = user.current_roles()
    role = next((role for role in READING_DRAFTERS if role in held), None)
    if role is None:
        raise NotPermitted(
            "Lembar Penafsiran disusun oleh Kepala LPSE atau Pengelola Aplikasi. Tidak ada yang "
            "berubah."
        )
    return role


def declares_outages(held: frozenset[Role]) -> bool:
    """May somebody with these roles put outages on record?"""
    return not held.isdisjoint(DECLARES_OUTAGES)


def require_outage_declarer(user: User) -> Role:
    """The role in which ``user`` declares an outage. Raises NotPermitted with a sentence."""
    held = user.current_roles()
    role = next((role for role in DECLARES_OUTAGES if role in held), None)
    if role is None:
        raise NotPermitted(
            "Gangguan dicatat oleh Admin PPE, Kepala LPSE, atau Pengelola Aplikasi. Tidak ada yang "
            "berubah pada daftar gangguan."
        )
    return role


def require_approver(user: User) -> Role:
    """The role in which ``user`` approves readings and revisions of the SOP: the pengesah.

    Raises NotPermitted with a sentence.
    """
    if not user.is_active or Role.KEPALA_BIRO not in user.current_roles():
        raise NotPermitted(
            f"SOP dan penafsirannya disahkan oleh {Role.KEPALA_BIRO.label}. Tidak ada yang berubah."
        )
    return Role.KEPALA_BIRO


def require_reader(user: User) -> frozenset[Role]:
    """The roles under which ``user`` reads the register today. Raises NotPermitted without any."""
    held = user.current_roles()
    if not held:
        raise NotPermitted(
            "Anda tidak memegang peran yang berlaku hari ini, sehingga permohonan tidak dapat "
            "dibuka. Hubungi Pengelola Aplikasi bila penetapan peran Anda perlu diperbarui."
        )
    return held


# Whom a damaged content alarms: who can bring it back, and who examines what was kept.
WATCHES_CONTENTS = (Role.PENGELOLA_APLIKASI, Role.INSPEKTORAT)


def watches_contents(held: frozenset[Role]) -> bool:
    """Does the nightly re-check of stored contents concern somebody with these roles?"""
    return not held.isdisjoint(WATCHES_CONTENTS)


def require_content_watcher(user: User) -> frozenset[Role]:
    """The roles of ``user``, whom the re-check concerns. Raises NotPermitted with a sentence."""
    held = user.current_roles()
    if not watches_contents(held):
        raise NotPermitted(
            "Pemeriksaan isi dokumen dibaca oleh Pengelola Aplikasi dan Inspektorat. Tidak ada "
            "yang berubah."
        )
    return held


# Who answers for the SOP, judges it, or examines it.
READS_REPORTS = (Role.KEPALA_LPSE, Role.KEPALA_BIRO, Role.INSPEKTORAT)


def reads_reports(held: frozenset[Role]) -> bool:
    """May somebody with these roles read the reports?"""
    return not held.isdisjoint(READS_REPORTS)


def require_report_reader(user: User) -> Role:
    """The role in which ``user`` reads the reports today. Raises NotPermitted without one."""
    held = user.current_roles()
    role = next((role for role in READS_REPORTS if role in held), None)
    if role is None:
        raise NotPermitted(
            "Laporan dibaca oleh Kepala LPSE, Kepala Biro, dan Inspektorat. Hubungi salah seorang "
            "dari mereka bila Anda memerlukan angkanya."
        )
    return role
