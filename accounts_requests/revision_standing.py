"""Where a revision of the SOP stands: on its way, in force, or past. Reads only."""

import datetime as dt

from django.db.models import TextChoices

from accounts_requests import words
from accounts_requests.models import SopRevision
from accounts_requests.roles import Role


class Standing(TextChoices):
    """Where a revision stands on a day."""

    DRAFT = "draft", "Konsep"
    AWAITED = "awaited", "Disahkan, belum berlaku"
    IN_FORCE = "in_force", "Berlaku"
    FORMER = "former", "Tidak berlaku lagi"
    WITHDRAWN = "withdrawn", "Ditarik"


def standing_of(
    revision: SopRevision, on: dt.date, in_force: SopRevision | None = None
) -> Standing:
    """Where ``revision`` stands on ``on`` (a date in the office's zone).

    One query at most; none where the caller has the revision ``in_force`` on that day at hand.
    """
    if revision.withdrawn_at is not None:
        return Standing.WITHDRAWN
    if revision.in_force_from is None:
        return Standing.DRAFT
    if revision.in_force_from > on:
        return Standing.AWAITED
    present = in_force or SopRevision.in_force(on)
    return Standing.IN_FORCE if present == revision else Standing.FORMER


def draft() -> SopRevision | None:
    """The draft that somebody works on; there is one at most."""
    return SopRevision.objects.filter(is_draft=True, withdrawn_at__isnull=True).first()


def on_its_way(on: dt.date) -> SopRevision | None:
    """The draft, or the approved revision whose day has not come; there is one at most."""
    return draft() or SopRevision.approved().filter(in_force_from__gt=on).last()


def before(revision: SopRevision) -> SopRevision | None:
    """The revision that ``revision`` was drafted from: the last approved one before it."""
    return SopRevision.approved().filter(revision__lt=revision.revision).last()


def is_public(revision: SopRevision) -> bool:
    """Is, was or will it be in force?"""
    return not revision.is_draft and revision.withdrawn_at is None


def may_read(revision: SopRevision, held: frozenset[Role]) -> bool:
    """A revision on paper is everybody's; a draft or a withdrawn one is its makers' alone."""
    return is_public(revision) or not held.isdisjoint((Role.PENGELOLA_APLIKASI, Role.KEPALA_BIRO))


def label_of(revision: SopRevision) -> str:
    """How the trail names a revision as the object of an act."""
    return f"SOP revisi {revision.revision}"


def told_on_its_way(other: SopRevision) -> str:
    """Why another revision cannot be drafted now, in a sentence."""
    if other.is_draft:
        by = f" disusun oleh {other.drafted_by.titled_name}" if other.drafted_by else ""
        return (
            f"Revisi {other.revision} masih berupa konsep{by}. Lanjutkan atau tarik konsep itu "
            "dahulu; tidak ada yang berubah."
        )
    since = words.long_date(other.in_force_from) if other.in_force_from else ""
    return (
        f"Revisi {other.revision} sudah disahkan dan berlaku sejak {since}. Revisi berikutnya "
        "disusun dari revisi itu, sesudah berlaku; tidak ada yang berubah."
    )


def told_withdrawn(revision: SopRevision) -> str:
    """Who withdrew it, and when, in a sentence."""
    by = f" oleh {revision.withdrawn_by.titled_name}" if revision.withdrawn_by else ""
    when = words.instant(revision.withdrawn_at) if revision.withdrawn_at else ""
    return f"Revisi {revision.revision} sudah ditarik{by} pada {when}. Tidak ada yang berubah."


def told_approved(revision: SopRevision) -> str:
    """Why an approved revision cannot be edited, in a sentence."""
    by = f" oleh {revision.approved_by.titled_name}" if revision.approved_by else ""
    since = words.long_date(revision.in_force_from) if revision.in_force_from else ""
    return (
        f"Revisi {revision.revision} sudah disahkan{by} dan berlaku sejak {since}, sehingga tidak "
        "dapat diubah lagi. Susun revisi baru untuk mengubahnya."
    )
