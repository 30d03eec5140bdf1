"""What Pengelola Aplikasi does about people: invite, correct, suspend, let in again.

Nobody is deleted, and nobody but a person themselves ever knows their password: it is set through a
one-time link (``invitations.py``). Every act here asks who acts, locks the person's row and stands
on the audit trail, in one transaction. Which roles somebody holds is ``appointing.py``'s matter.
"""

import dataclasses
import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts_requests import (
    appointing,
    audit,
    clock,
    invitations,
    keeping,
    permissions,
    second_factors,
    user_sessions,
)
from accounts_requests.appointing import AppointmentData
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.identity_numbers import normalise_number
from accounts_requests.models import Invitation, User
from accounts_requests.office_rules import check_official_number, check_username
from accounts_requests.person_data import clean_text, normalise_address
from accounts_requests.person_rules import check_email
from accounts_requests.roles import Role
from accounts_requests.states import Act

MIN_REASON = 10
"""Characters below which a reason explains nothing."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who somebody is, as letters print it; ``nip`` is a NIP or NI PPPK, or ""."""

    full_name: str
    email: str
    title_before: str = ""
    title_after: str = ""
    nip: str = ""
    rank: str = ""
    position: str = ""

    def tidied(self) -> "Identity":
        """Without stray spaces and the dots of a grouped NIP."""
        texts = {name: clean_text(value) for name, value in dataclasses.asdict(self).items()}
        texts["email"] = normalise_address(self.email)
        texts["nip"] = normalise_number(self.nip)
        return Identity(**texts)


@dataclass(frozen=True)
class NewLink:
    """A one-time link just made. ``url`` holds the token: show it once and store it nowhere."""

    person: User
    url: str
    expires_at: dt.datetime
    is_reset: bool


def identity_of(person: User) -> Identity:
    """The person's data as they are stored."""
    names = [field.name for field in dataclasses.fields(Identity)]
    return Identity(**{name: getattr(person, name) for name in names})


# -- inviting ------------------------------------------------------------------------------------


@sensitive_variables()
def invite(
    *,
    actor: User,
    username: str,
    identity: Identity,
    appointment: AppointmentData | None = None,
) -> NewLink:
    """A new person, with a link by which they set their own password, and their first role.

    Raises NotPermitted, or InvalidInput by the names of the fields.
    """
    permissions.require_keeper(actor)
    with transaction.atomic():
        person = _create(username, identity)
        link = _hand_over(person, Invitation.Purpose.NEW, by=actor, what="Diundang")
        if appointment is not None:
            appointing.appoint(person, actor=actor, data=appointment)
    return link


@sensitive_variables()
def invite_keeper(*, username: str, full_name: str = "", email: str = "") -> NewLink:
    """Let somebody in as Pengelola Aplikasi, by whoever installs the application.

    For the first one, and for an office whose last one can no longer sign in: who exists already
    gets a link to a new password, without the second factor. Raises InvalidInput.
    """
    with transaction.atomic():
        person = User.objects.filter(username=username).first()
        if person is None:
            identity = Identity(full_name=full_name, email=email)
            person = _create(username, identity)
            link = _hand_over(person, Invitation.Purpose.NEW, by=None, what="Diundang")
        else:
            person = _locked(person)
            if not person.is_active:
                _activate(person, by=None)
            link = _start_anew(person, by=None, what="Password lama dicabut oleh pemasang aplikasi")
        if not person.holds(Role.PENGELOLA_APLIKASI):
            appointing.appoint_keeper(person, at=clock.now())
    return link


@sensitive_variables()
def reissue(person: User, *, actor: User) -> NewLink:
    """A new link for somebody who was invited and has set no password; the old one is revoked."""
    permissions.require_keeper(actor)
    with transaction.atomic():
        fresh = _locked(person)
        _require_active(fresh)
        if fresh.has_usable_password():
            raise NotAllowedNow(
                f"{fresh.full_name} sudah menetapkan password, sehingga tautan baru tidak "
                "diperlukan. Bila password atau faktor kedua hilang, gunakan “Pulihkan akses”."
            )
        last = fresh.invitations.first()
        purpose = Invitation.Purpose(last.purpose) if last else Invitation.Purpose.NEW
        return _hand_over(fresh, purpose, by=actor, what="Tautan masuk baru dibuat")


@sensitive_variables()
def reset(person: User, *, actor: User, reason: str) -> NewLink:
    """For somebody who lost the password or the second factor: both end, with all sessions.

    ``reason`` says how it is known who asked. Raises NotPermitted, NotAllowedNow, InvalidInput.
    """
    permissions.require_keeper(actor)
    reason = _required(reason, "bagaimana Anda memastikan bahwa yang meminta orangnya sendiri")
    with transaction.atomic():
        fresh = _locked(person)
        _require_another(
            fresh, actor, "Password dan faktor kedua Anda sendiri diganti pada halaman Keamanan."
        )
        _require_active(fresh)
        return _start_anew(fresh, by=actor, what="Akses dipulihkan", reason=reason)


# -- suspending ----------------------------------------------------------------------------------


def suspend(person: User, *, actor: User, reason: str) -> None:
    """Nobody by this name gets in any more: sessions end at once, links are revoked.

    What they did stays on record, and so do their roles. Refused for oneself and for the last
    Pengelola Aplikasi. Raises NotPermitted, NotAllowedNow, InvalidInput.
    """
    permissions.require_keeper(actor)
    reason = _required(reason, "penonaktifan")
    with transaction.atomic():
        fresh = _locked(person)
        _require_another(
            fresh, actor, "Anda tidak dapat menonaktifkan diri sendiri. Minta Pengelola lain."
        )
        _require_active(fresh)
        fresh.is_active = False
        fresh.save(update_fields=["is_active"])
        if fresh.appointments.filter(role=Role.PENGELOLA_APLIKASI).exists():
            keeping.require_a_keeper()
        invitations.revoke(fresh, at=clock.now())
        user_sessions.end_all(fresh)
        keeping.record(
            actor,
            act=Act.SUSPEND,
            label=keeping.label_of(fresh),
            summary=f"Pengguna “{fresh}” dinonaktifkan{audit.REASON}{reason}",
            changes={"is_active": "False"},
        )


def reactivate(person: User, *, actor: User) -> None:
    """Let somebody in again, with the password and the second factor that they had."""
    permissions.require_keeper(actor)
    with transaction.atomic():
        fresh = _locked(person)
        if fresh.is_active:
            raise NotAllowedNow(f"{fresh.full_name} tidak sedang nonaktif. Tidak ada yang berubah.")
        _activate(fresh, by=actor)


# -- who somebody is -----------------------------------------------------------------------------


def correct_identity(person: User, *, actor: User, identity: Identity) -> None:
    """Mend name, titles, NIP, rank, position or address. Papers that exist keep what they print.

    Raises NotPermitted, or InvalidInput by the names of the fields.
    """
    permissions.require_keeper(actor)
    identity = identity.tidied()
    with transaction.atomic():
        fresh = _locked(person)
        stored = identity_of(fresh)
        values = dataclasses.asdict(identity)
        changed = [name for name, value in values.items() if value != getattr(stored, name)]
        if errors := _check(identity, fresh):
            raise InvalidInput(errors)
        if not changed:
            return
        for name in changed:
            setattr(fresh, name, values[name])
        fresh.save(update_fields=changed)
        titles = {field.name: str(field.verbose_name) for field in User._meta.fields}
        named = ", ".join("e-mail" if name == "email" else titles[name] for name in changed)
        keeping.record(
            actor,
            label=keeping.label_of(fresh),
            summary=f"Pengguna “{fresh}” diubah: {named}.",
            changes=keeping.values_for_trail(fresh, changed),
        )


# -- the steps of these acts ---------------------------------------------------------------------


def _create(username: str, identity: Identity) -> User:
    username, identity = username.strip().lower(), identity.tidied()
    errors = _check(identity, None)
    if sentences := check_username(username):
        errors["username"] = sentences
    elif User.objects.filter(username__iexact=username).exists():
        errors["username"] = [
            (
                f"Nama pengguna “{username}” sudah dipakai. Cari orangnya pada daftar Pengguna, "
                "atau pilih nama lain."
            )
        ]
    if errors:
        raise InvalidInput(errors)
    person = User(username=username, **dataclasses.asdict(identity))
    person.set_unusable_password()
    person.save(force_insert=True)
    return person


def _check(identity: Identity, person: User | None) -> dict[str, list[str]]:
    """Sentences by field about what is new compared with ``person``; one person has one sign-in."""
    stored = identity_of(person) if person else Identity(full_name="", email="")
    errors: dict[str, list[str]] = {}
    if not identity.full_name:
        errors["full_name"] = ["Nama lengkap wajib diisi."]
    others = User.objects.exclude(pk=person.pk) if person else User.objects.all()
    if sentences := check_email(identity.email, title="Alamat e-mail"):
        errors["email"] = sentences
    elif identity.email != stored.email:
        other = others.filter(email__iexact=identity.email).first()
        if other is not None:
            errors["email"] = [_taken("Alamat e-mail", other)]
    if identity.nip and identity.nip != stored.nip:
        other = others.filter(nip=identity.nip).first()
        if sentences := check_official_number(identity.nip, clock.today()):
            errors["nip"] = sentences
        elif other is not None:
            errors["nip"] = [_taken("NIP", other)]
    return errors


def _taken(what: str, other: User) -> str:
    return (
        f"{what} ini sudah dipakai oleh {other} ({other.username}). Satu orang memakai satu nama "
        "pengguna; peran tambahan ditetapkan pada orang itu."
    )


@sensitive_variables()
def _hand_over(
    person: User, purpose: Invitation.Purpose, *, by: User | None, what: str, reason: str = ""
) -> NewLink:
    """Make a link and put on record that it was made, never what it is."""
    invitation, token = invitations.issue(person, purpose, by=by, at=clock.now())
    keeping.record(
        by,
        act=Act.INVITE,
        label=keeping.label_of(person),
        summary=f"{what}: {person}" + (f"{audit.REASON}{reason}" if reason else "."),
        changes={
            "purpose": purpose.value,
            "expires_at": invitation.expires_at.isoformat(timespec="minutes"),
        },
    )
    is_reset = purpose == Invitation.Purpose.RESET
    return NewLink(person, invitations.url_of(token), invitation.expires_at, is_reset)


@sensitive_variables()
def _start_anew(person: User, *, by: User | None, what: str, reason: str = "") -> NewLink:
    """Password and second factor end, with every session; a link leads to new ones."""
    person.set_unusable_password()
    person.save(update_fields=["password"])
    user_sessions.end_all(person)
    second_factors.remove(person)
    return _hand_over(person, Invitation.Purpose.RESET, by=by, what=what, reason=reason)


def _activate(person: User, *, by: User | None) -> None:
    person.is_active = True
    person.save(update_fields=["is_active"])
    keeping.record(
        by,
        act=Act.REACTIVATE,
        label=keeping.label_of(person),
        summary=f"Pengguna “{person}” diaktifkan kembali.",
        changes={"is_active": "True"},
    )


def _locked(person: User) -> User:
    return User.objects.select_for_update().get(pk=person.pk)


def _require_another(person: User, actor: User, sentence: str) -> None:
    if person.pk == actor.pk:
        raise NotAllowedNow(f"{sentence} Tidak ada yang berubah.")


def _require_active(person: User) -> None:
    if not person.is_active:
        raise NotAllowedNow(
            f"{person.full_name} sudah nonaktif. Aktifkan kembali lebih dahulu bila memang perlu."
        )


def _required(reason: str, what: str) -> str:
    reason = reason.strip()
    if len(reason) < MIN_REASON:
        raise InvalidInput({"reason": [f"Tuliskan {what}, sedikitnya {MIN_REASON} karakter."]})
    return reason
