"""Who signs the SK: Kepala LPSE, or whoever acts as such on that day."""

import datetime as dt

from django.db.models import QuerySet

from accounts_requests import words
from accounts_requests.models import AccountRequest, Appointment, Office, User
from accounts_requests.roles import Capacity, Role, titled


def signer_of_the_day(at: dt.datetime) -> Appointment | None:
    """The appointment under which somebody signs as Kepala LPSE on the day of ``at``, or None.

    A definitive holder signs unless an acting one is appointed for the day.
    """
    held = list(_held(at))
    acting = [one for one in held if one.capacity != Capacity.DEFINITIVE]
    return next(iter([*acting, *held]), None)


def appointment_of(person: User, at: dt.datetime) -> Appointment | None:
    """The appointment under which ``person`` may sign on the day of ``at``, or None.

    A definitive one before an acting one, as ``User.current_capacities`` has it.
    """
    return _held(at).filter(person=person).order_by("capacity", "-since", "-pk").first()


def sign_with(request: AccountRequest, appointment: Appointment | None) -> None:
    """Put the signer's title, name, rank and NIP on the case; the caller saves it.

    Decrees name the signer without titles unless the office chose otherwise; an acting official's
    title bears "Plt." or "Plh.". Without an appointment only the office's title is known.
    """
    office = Office.current()
    request.signer_title = office.decree_signer_title
    if appointment is None:
        return
    request.signer_title = titled(office.decree_signer_title, appointment.capacity)
    signer = appointment.person
    request.signer_name = signer.titled_name if office.decree_names_titles else signer.full_name
    request.signer_rank = signer.rank
    request.signer_nip = signer.nip


def _held(at: dt.datetime) -> "QuerySet[Appointment]":
    return (
        Appointment.objects.in_force(at.astimezone(words.ZONE).date())
        .filter(role=Role.KEPALA_LPSE, person__is_active=True)
        .select_related("person")
        .order_by("-since", "-pk")
    )
