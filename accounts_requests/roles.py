"""The roles of the people who use the application. Imports nothing of ours.

The recipients of accounts (Verifikator, Helpdesk, Admin Agency) have no sign-in here; those words
are account kinds (see ``states.AccountKind``), never roles.
"""

from django.db.models import TextChoices


class Role(TextChoices):
    """What a person is to the SOP; held by appointment, from when to when."""

    KEPALA_LPSE = "kepala_lpse", "Kepala LPSE"
    PENYUSUN_KONSEP = "penyusun_konsep", "Penyusun Konsep"
    ADMIN_PPE = "admin_ppe", "Admin PPE"
    KEPALA_BIRO = "kepala_biro", "Kepala Biro"
    INSPEKTORAT = "inspektorat", "Inspektorat"
    PENGELOLA_APLIKASI = "pengelola_aplikasi", "Pengelola Aplikasi"


class Capacity(TextChoices):
    """How somebody holds an office: documents print the prefix before the title."""

    DEFINITIVE = "definitive", "Definitif"
    PLT = "plt", "Plt."
    PLH = "plh", "Plh."


# The SOP's own two executors, in the order of its lanes.
EXECUTORS = (Role.KEPALA_LPSE, Role.ADMIN_PPE)


def titled(title: str, capacity: str) -> str:
    """``Plt. Kepala LPSE`` for an acting official; the title as it is for a definitive holder."""
    if capacity == Capacity.DEFINITIVE:
        return title
    return f"{Capacity(capacity).label} {title}"
