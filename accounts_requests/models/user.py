"""The people who sign in. What they may do follows from their appointments (``office.py``)."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from accounts_requests import clock
from accounts_requests.roles import Capacity, Role


class User(AbstractUser):
    """A person with a sign-in: an executor of the SOP, a superior, or a keeper of the application.

    ``is_demo`` marks example people: production refuses to start while one can sign in.
    """

    full_name = models.CharField("nama lengkap", max_length=150)
    title_before = models.CharField("gelar depan", max_length=40, blank=True)
    title_after = models.CharField("gelar belakang", max_length=60, blank=True)
    nip = models.CharField("NIP", max_length=18, blank=True)
    rank = models.CharField("pangkat/golongan", max_length=80, blank=True)
    position = models.CharField("jabatan", max_length=150, blank=True)
    is_demo = models.BooleanField("contoh", default=False)

    REQUIRED_FIELDS = ["full_name", "email"]

    class Meta:
        verbose_name = "pengguna"
        verbose_name_plural = "pengguna"

    def __str__(self) -> str:
        return self.full_name or self.username

    @property
    def titled_name(self) -> str:
        """The name as letters print it: with titles before and after."""
        name = f"{self.title_before} {self.full_name}".strip()
        return f"{name}, {self.title_after}" if self.title_after else name

    def get_full_name(self) -> str:
        return self.full_name

    def current_roles(self) -> frozenset[Role]:
        """The roles this person holds today (office zone), acting ones included."""
        return frozenset(self.current_capacities())

    def current_capacities(self) -> dict[Role, Capacity]:
        """The roles held today (office zone), each with its capacity: definitive before acting."""
        if not self.is_active:
            return {}
        held = self.appointments.in_force(clock.today()).values_list("role", "capacity")
        # "definitive" comes first in the alphabet; the last one read for a role stays.
        return {Role(role): Capacity(capacity) for role, capacity in sorted(held, reverse=True)}

    def holds(self, *roles: Role) -> bool:
        """Does this person hold at least one of ``roles`` today?"""
        return not self.current_roles().isdisjoint(roles)
