"""The instant of an act: now, but never before what its case already tells.

A machine's clock may be set back: a repair, another machine, a wrong date put right. A step would
then end before it began, its durations would be negative, and the database would refuse the row.
So the record of a case stands still at its latest instant, a microsecond on for each act (some
rules ask which came first), until the clock has passed it. The catatan says so, once; every other
case goes on with the time as it is.
"""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Max

from accounts_requests import words
from accounts_requests.models import AccountRequest, AuditEntry, CaseNote, User

STEP = dt.timedelta(microseconds=1)
# Machines that share a database may differ by this much without anybody having to know.
TOLERANCE = dt.timedelta(minutes=1)
NOTE_BEGINS = "Jam server menunjukkan"


def instant_of_act(request: AccountRequest, now: dt.datetime) -> dt.datetime:
    """The instant (UTC) at which an act on the locked case is recorded; ``now`` as a rule."""
    return instant_of_acts([request.pk], now)


def instant_of_acts(keys: Sequence[int], now: dt.datetime) -> dt.datetime:
    """The one instant (UTC) of an act on the locked cases with these ``keys``."""
    told = AuditEntry.objects.filter(request__in=keys).aggregate(latest=Max("at"))
    latest: dt.datetime | None = told["latest"]
    if latest is None or latest <= now:
        return now
    return latest + STEP


def note_a_clock_set_back(
    request: AccountRequest, actor: User, *, at: dt.datetime, now: dt.datetime
) -> CaseNote | None:
    """Leave a catatan on the case when ``at`` (its recorded instant) is not the machine's ``now``.

    Once for each time that the clock was set back. Part of the act's transaction.
    """
    if at - now <= TOLERANCE:
        return None
    if request.notes.filter(text__startswith=NOTE_BEGINS, at__gt=now).exists():
        return None
    return CaseNote.objects.create(
        request=request,
        at=at,
        by=actor,
        text=f"{NOTE_BEGINS} {words.instant(now)}, lebih awal daripada catatan terakhir "
        f"permohonan ini. Sampai jam itu melewati {words.instant(at)}, setiap tindakan dicatat "
        "dengan waktu catatan terakhir; urutannya tetap benar. Pengelola Aplikasi perlu memeriksa "
        "jam server.",
    )
