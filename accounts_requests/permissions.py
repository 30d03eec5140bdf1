"""Who may take which act, by role. Whether the record allows it now is ``policies.py``'s matter."""

from accounts_requests.exceptions import NotPermitted
from accounts_requests.models import User
from accounts_requests.roles import Role
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
    Act.SUBMIT_FOR_INITIALS: _DRAFTERS,
    Act.UNLOCK: _DRAFTERS,
    Act.ADVANCE_STAGE: _DRAFTERS,
    Act.SET_NUMBER: _DRAFTERS,
    Act.MEND_REGISTRANT: _DRAFTERS,
    Act.ISSUE_DECREE: (Role.KEPALA_LPSE,),
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
    Act.ARCHIVE: (Role.ADMIN_PPE,),
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
    """May ``user``, holding the roles ``held`` today, change the settings of the application?

    Pengelola Aplikasi may; so may the superuser of the first installation, who appoints the first.
    """
    return user.is_active and (user.is_superuser or Role.PENGELOLA_APLIKASI in held)


def require_reader(user: User) -> frozenset[Role]:
    """The roles under which ``user`` reads the register today. Raises NotPermitted without any."""
    held = user.current_roles()
    if not held:
        raise NotPermitted(
            "Anda tidak memegang peran yang berlaku hari ini, sehingga permohonan tidak dapat "
            "dibuka. Hubungi Pengelola Aplikasi bila penetapan peran Anda perlu diperbarui."
        )
    return held
