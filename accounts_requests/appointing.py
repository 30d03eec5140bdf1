"""Who holds which role from when to when: appointing, ending, taking back what has not begun.

What was held is never deleted and never made shorter than it was used: an appointment ends with a
date. Pengelola Aplikasi appoints others, never themselves: keeping gives no power over cases.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from accounts_requests import clock, keeping, permissions, words
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.models import Appointment, User
from accounts_requests.office_rules import check_appointment
from accounts_requests.person_data import clean_text
from accounts_requests.roles import Capacity, Role, titled
from accounts_requests.states import Act

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class AppointmentData:
    """A role as it is to be held; both dates are of the office's zone and included."""

    role: Role
    since: dt.date
    capacity: Capacity = Capacity.DEFINITIVE
    until: dt.date | None = None
    legal_basis: str = ""
    assignment_letter: str = ""


def title_of(appointment: Appointment) -> str:
    """``Plt. Kepala LPSE``."""
    return titled(Role(appointment.role).label, appointment.capacity)


def appoint(person: User, *, actor: User, data: AppointmentData) -> Appointment:
    """``person`` holds a role from ``data.since`` on.

    Raises NotPermitted, NotAllowedNow for oneself, or InvalidInput by the names of the fields.
    """
    permissions.require_keeper(actor)
    if person.pk == actor.pk:
        raise NotAllowedNow(
            "Pengelola Aplikasi tidak menetapkan peran bagi dirinya sendiri, agar pengelolaan "
            "tidak menjadi wewenang atas permohonan. Minta Pengelola Aplikasi lain melakukannya. "
            "Tidak ada yang berubah."
        )
    return _store(person, data, by=actor)


def appoint_keeper(person: User, *, at: dt.datetime) -> Appointment:
    """``person`` is Pengelola Aplikasi from the day of ``at`` on, by whoever installs."""
    data = AppointmentData(
        role=Role.PENGELOLA_APLIKASI,
        since=at.astimezone(words.ZONE).date(),
        legal_basis=keeping.INSTALLER,
    )
    return _store(person, data, by=None)


def end(appointment: Appointment, *, actor: User, until: dt.date) -> None:
    """``until`` is the last day on which the role is held; earlier than what was said before.

    Not before yesterday: up to then the application honoured the role. Raises NotPermitted,
    NotAllowedNow, InvalidInput ("until").
    """
    permissions.require_keeper(actor)
    today = clock.today()
    with transaction.atomic():
        fresh = _locked(appointment)
        if fresh.until is not None and fresh.until < today:
            raise NotAllowedNow(
                f"Penetapan ini sudah berakhir pada {words.long_date(fresh.until)}. "
                "Tidak ada yang berubah."
            )
        if sentence := _ends_wrongly(fresh, until, today):
            raise InvalidInput({"until": [sentence]})
        fresh.until = until
        fresh.save(update_fields=["until"])
        _require_a_keeper_after(fresh, until)
        _record(fresh, by=actor, done=f"berakhir {words.long_date(until)}", until=str(until))


def _ends_wrongly(appointment: Appointment, until: dt.date, today: dt.date) -> str:
    """Why ``until`` cannot be the last day of ``appointment``; "" where it can."""
    earliest = max(appointment.since, today - DAY)
    if until < earliest:
        return (
            "Peran ini sudah berlaku di aplikasi, sehingga berakhir paling cepat "
            f"{words.long_date(earliest)}. Untuk menghentikan seketika, nonaktifkan orangnya."
        )
    if appointment.until is not None and until >= appointment.until:
        return (
            f"Penetapan ini sudah berakhir pada {words.long_date(appointment.until)}. "
            "Perpanjangan dicatat sebagai penetapan baru dengan dasar hukumnya."
        )
    return ""


def withdraw(appointment: Appointment, *, actor: User) -> None:
    """Take back an appointment that has not begun: nobody ever held the role by it.

    Raises NotPermitted, NotAllowedNow.
    """
    permissions.require_keeper(actor)
    with transaction.atomic():
        fresh = _locked(appointment)
        if fresh.since <= clock.today():
            raise NotAllowedNow(
                "Penetapan ini sudah mulai berlaku, sehingga tidak dihapus melainkan diakhiri. "
                "Tidak ada yang berubah."
            )
        _record(fresh, by=actor, done="dibatalkan sebelum berlaku", withdrawn="True")
        fresh.delete()


def _store(person: User, data: AppointmentData, *, by: User | None) -> Appointment:
    appointment = Appointment(
        person=person,
        role=data.role,
        capacity=data.capacity,
        since=data.since,
        until=data.until,
        legal_basis=clean_text(data.legal_basis),
        assignment_letter=clean_text(data.assignment_letter),
    )
    if errors := check_appointment(appointment):
        raise InvalidInput(errors)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        if clash := _clash(appointment):
            raise InvalidInput({"since": [clash]})
        appointment.save(force_insert=True)
        until = f" sampai dengan {words.long_date(data.until)}" if data.until else ""
        _record(
            appointment,
            by=by,
            done=f"sejak {words.long_date(data.since)}{until}",
            role=data.role.value,
            capacity=data.capacity.value,
            since=str(data.since),
            until=str(data.until or ""),
            legal_basis=appointment.legal_basis,
            assignment_letter=appointment.assignment_letter,
        )
    return appointment


def _clash(appointment: Appointment) -> str:
    """Nobody holds the same role twice on one day: which of the two would letters print?"""
    same = Appointment.objects.filter(person=appointment.person_id, role=appointment.role).filter(
        Q(until__isnull=True) | Q(until__gte=appointment.since)
    )
    if appointment.until is not None:
        same = same.filter(since__lte=appointment.until)
    other = same.first()
    if other is None:
        return ""
    until = f" sampai dengan {words.long_date(other.until)}" if other.until else ""
    return (
        f"Peran ini sudah dipegang sebagai {title_of(other)} sejak {words.long_date(other.since)}"
        f"{until}. Akhiri dahulu penetapan itu, atau ubah tanggalnya."
    )


def _require_a_keeper_after(appointment: Appointment, until: dt.date) -> None:
    if appointment.role == Role.PENGELOLA_APLIKASI:
        keeping.require_a_keeper(max(until + DAY, clock.today()))


def _record(appointment: Appointment, *, by: User | None, done: str, **changes: str) -> None:
    person = appointment.person
    keeping.record(
        by,
        act=Act.APPOINT,
        label=keeping.label_of(person),
        summary=f"{title_of(appointment)}: {person}, {done}.",
        changes=changes,
    )


def _locked(appointment: Appointment) -> Appointment:
    """The appointment again, under the lock of its person's row."""
    User.objects.select_for_update().get(pk=appointment.person_id)
    return Appointment.objects.select_related("person").get(pk=appointment.pk)
