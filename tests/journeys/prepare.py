"""Prepares the database of a journey, as a process of its own: what is seeded, and the staff."""

import django

django.setup()

from accounts_requests import seeding  # noqa: E402  after the settings
from tests import cases  # noqa: E402  after the settings

seeding.seed()
cases.make_office_people()
