"""Opens cases for a journey, as a process of its own on the installation that runs.

Received today, last Friday and last Thursday: their three days are not over. One received a week
ago is late, one is cancelled: no calendar moves these.
"""

import datetime as dt

import django

django.setup()

from accounts_requests import clock, workflow  # noqa: E402  after the settings
from accounts_requests.models import User  # noqa: E402  after the settings
from tests import cases  # noqa: E402  after the settings

kepala, drafter = (User.objects.get(username=name) for name in ("kepala", "penyusun"))
for days in (0, 3, 4, 7, 0):
    received_at = clock.now() - dt.timedelta(days=days, minutes=5)
    case = workflow.create_request(actor=drafter, decree=cases.decree(received_at=received_at))
workflow.cancel(case, actor=kepala, reason="Permohonan ditarik oleh pemohon")
