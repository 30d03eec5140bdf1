"""Second factors: whose role demands one, what may be removed, and every change on record.

The factors themselves (TOTP, passkeys, recovery codes) are allauth's rows.
"""

import datetime as dt
from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts_requests import audit
from accounts_requests.models import Office, User
from accounts_requests.roles import Role
from accounts_requests.sign_ins import roles_of
from accounts_requests.states import Act

# Recovery codes replace a factor that is lost; alone they are none.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

NEEDED = (
    "Peran Anda mewajibkan faktor kedua, dan ini satu-satunya yang terpasang. Pasang dahulu "
    "penggantinya, lalu hapus yang ini."
)


def has_one(person: User) -> bool:
    """Is a second factor set up for ``person``?"""
    return bool(Authenticator.objects.filter(user=person, type__in=FACTORS).exists())


def people_with_one(people: Iterable[User]) -> set[int]:
    """The keys of those of ``people`` who have a second factor; one query."""
    rows = Authenticator.objects.filter(user__in=list(people), type__in=FACTORS)
    return set(rows.values_list("user_id", flat=True))


def demanding_roles(person: User, office: Office) -> list[Role]:
    """The roles that ``person`` holds today for which the office demands a second factor."""
    demanded = office.second_factor_roles
    if not demanded:
        return []
    return [role for role in Role if role in demanded and role in person.current_roles()]


def owes_one(person: User, office: Office) -> bool:
    """Must ``person`` set up a second factor before anything else?"""
    return bool(demanding_roles(person, office)) and not has_one(person)


def may_remove(authenticator: Authenticator, office: Office) -> bool:
    """May its owner remove this factor? Not the last one while a role demands one."""
    others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS).exclude(
        pk=authenticator.pk
    )
    return others.exists() or not demanding_roles(authenticator.user, office)


def unused_recovery_codes(person: User) -> int:
    """How many recovery codes of ``person`` are left."""
    row = Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(row.wrap().get_unused_codes()) if row else 0


def record(person: User, summary: str, *, at: dt.datetime) -> None:
    """Put a change that ``person`` made to their own factors on the trail, in its transaction."""
    with transaction.atomic():
        audit.record(Act.SECOND_FACTOR, actor=person, at=at, role=roles_of(person), summary=summary)


def remove(person: User) -> int:
    """Take every factor and every recovery code from ``person``; how many rows there were.

    For who lost them. The act that does so puts it on the trail.
    """
    count, _ = Authenticator.objects.filter(user=person).delete()
    return int(count)
