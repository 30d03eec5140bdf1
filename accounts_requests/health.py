"""Is the application alive: the last sweep, the last mail, what waits the longest, who works.

Read in one query, because every page of those who answer for the clock shows it.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q, Subquery

from accounts_requests import clock, words
from accounts_requests.models import AuditEntry, Message, WorkerHeartbeat
from accounts_requests.roles import Role
from accounts_requests.states import UNSENT_MESSAGES, MessageState

# A sweep is due every 30 seconds; after this long without one the clock counts as stopped, and a
# worker that was not seen for this long is not at work.
STOPPED_AFTER = dt.timedelta(minutes=2)
# A message that has waited this long is told of as late: the first retries are over by then.
MAIL_WAITS_LONG = dt.timedelta(minutes=30)

# Machines that share a database may differ by this much; a record further ahead was written before
# the clock of this machine was set back (or by one that was wrong).
CLOCKS_MAY_DIFFER = dt.timedelta(minutes=1)

# Who must know more than whether the clock runs.
WATCHERS = frozenset({Role.KEPALA_LPSE, Role.ADMIN_PPE, Role.PENGELOLA_APLIKASI})


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """The state of the engine at ``at``; instants are UTC, None where there is none yet.

    ``alive``: the deadlines were swept within STOPPED_AFTER. ``workers`` are those at work.
    ``is_set_back``: the last entry of the audit trail is later than ``at``.
    """

    at: dt.datetime
    swept_at: dt.datetime | None
    workers: int
    last_mail_at: dt.datetime | None
    oldest_waiting_at: dt.datetime | None
    is_set_back: bool = False

    @property
    def alive(self) -> bool:
        return self.swept_at is not None and self.at - self.swept_at <= STOPPED_AFTER

    @property
    def mail_waits_long(self) -> bool:
        return (
            self.oldest_waiting_at is not None
            and self.at - self.oldest_waiting_at > MAIL_WAITS_LONG
        )


def pulse(at: dt.datetime | None = None) -> Pulse:
    """Feel the pulse at ``at`` (UTC; now, if not given). One query.

    Without any worker's row the mail is not looked at: nothing is sent then either.
    """
    at = at or clock.now()
    accepted = (
        Message.objects.filter(state=MessageState.ACCEPTED)
        .order_by("-settled_at")
        .values("settled_at")[:1]
    )
    waiting = (
        Message.objects.filter(state__in=UNSENT_MESSAGES)
        .order_by("queued_at")
        .values("queued_at")[:1]
    )
    ahead = at + CLOCKS_MAY_DIFFER
    last_entry = AuditEntry.objects.order_by("-sequence").values("at")[:1]
    found = WorkerHeartbeat.objects.aggregate(
        swept=Max("swept_at", filter=Q(swept_at__lte=ahead)),
        workers=Count("pk", filter=Q(beat_at__range=(at - STOPPED_AFTER, ahead))),
        mailed=Max(Subquery(accepted)),
        waiting=Min(Subquery(waiting)),
        told=Max(Subquery(last_entry)),
    )
    return Pulse(
        at=at,
        swept_at=found["swept"],
        workers=found["workers"],
        last_mail_at=found["mailed"],
        oldest_waiting_at=found["waiting"],
        is_set_back=found["told"] is not None and found["told"] > ahead,
    )


def clock_words(felt: Pulse) -> str:
    """``Penghitungan tenggat aktif · diperiksa 12 detik lalu``."""
    if felt.is_set_back:
        return "Jam server lebih awal daripada catatan terakhir: beri tahu Pengelola Aplikasi"
    if felt.swept_at is None:
        return "Penghitungan tenggat belum berjalan"
    word = "aktif" if felt.alive else "berhenti"
    return f"Penghitungan tenggat {word} · diperiksa {_ago(felt.at - felt.swept_at)} lalu"


def engine_words(felt: Pulse) -> str:
    """The rest for those who must know: workers, the last mail, and what waits the longest."""
    workers = f"{felt.workers} pekerja" if felt.workers else "tidak ada pekerja"
    if felt.oldest_waiting_at is not None:
        mail = f"e-mail tertua menunggu {_ago(felt.at - felt.oldest_waiting_at)}"
    else:
        mail = "tidak ada e-mail tertunda"
    if felt.last_mail_at is None:
        return f"{workers} · {mail}"
    sent = words.short_instant(felt.last_mail_at, now=felt.at)
    return f"{workers} · {mail} · e-mail terakhir {sent}"


def _ago(age: dt.timedelta) -> str:
    seconds = max(0, int(age.total_seconds()))
    for size, word in ((24 * 3600, "hari"), (3600, "jam"), (60, "menit")):
        if seconds >= size:
            return f"{seconds // size} {word}"
    return f"{seconds} detik"
