"""The frame around every act: lock, permission, policy, then the act, then save and audit.

Everything inside ``acting`` is one transaction. What must happen outside the database (mail,
rendering, destroying a key) happens afterwards, from rows that say so.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django_fsm import has_transition_perm

from accounts_requests import (
    audit,
    clock,
    executor_roles,
    late_entry_rules,
    permissions,
    policies,
    record_seals,
    timers,
    words,
)
from accounts_requests.exceptions import InvalidInput, NotAllowedNow, NotPermitted
from accounts_requests.models import (
    Account,
    AccountRequest,
    CaseNumber,
    Registrant,
    StepRun,
    User,
)
from accounts_requests.roles import Role
from accounts_requests.states import RUNNING_STEP, Act
from accounts_requests.working_time import OutsideCalendar

from .instants import instant_of_act, note_a_clock_set_back

# The state machine's transition behind an act; its own permission is asked here, because
# django-fsm never asks it by itself when the transition is called.
_TRANSITIONS = {
    Act.ISSUE_DECREE: "issue_decree",
    Act.ORDER: "order",
    Act.RECORD_ACCOUNTS: "record_accounts",
    Act.ARCHIVE: "archive",
    Act.RETURN: "return_to_head",
    Act.CANCEL: "cancel",
}


MIN_REASON = 5


@dataclass
class Acting:
    """An act in progress on a locked case. ``at`` (UTC) is the one instant of the whole act
    (``instants``: now, unless the clock was set back).

    ``recorded_at`` is the same, except in a *pencatatan susulan*: there ``at`` is when the act
    happened, for the steps and their clocks, and ``recorded_at`` when it was entered, for papers,
    messages, keys, deviations and the trail.

    ``title`` is how the actor is styled in ``role`` today (``Plh. Kepala LPSE``).
    The act sets ``summary`` (what the trail and the second presser read) and, where it applies,
    ``label`` and ``changes``.
    """

    request: AccountRequest
    actor: User
    role: Role
    title: str
    at: dt.datetime
    recorded_at: dt.datetime
    summary: str = ""
    label: str = ""
    changes: dict[str, Any] = field(default_factory=dict)

    def run(self) -> StepRun:
        """The step run that is open and counting in the present state of the case."""
        return open_run_of(self.request)


@contextmanager
def acting(
    act: Act,
    request: AccountRequest,
    *,
    actor: User,
    about: str = "",
    happened_at: dt.datetime | None = None,
) -> Iterator[Acting]:
    """Carry out ``act`` on ``request``; yields the locked, fresh case.

    ``about`` names the person of the case whom the act is about, as the trail does.
    ``happened_at`` (UTC) makes it a *pencatatan susulan*: only ``acts.late_acts`` may say so,
    which has seen to reason, evidence and confirmation. The trail then tells both instants.
    Raises InvalidInput for an instant at which it cannot have happened; NotPermitted,
    NotAllowedNow or AlreadyDone before anything is written. The caller's instance is not changed:
    read the case again afterwards (``request.refresh_from_db`` is unsafe with a protected state
    field).
    """
    role = permissions.require(act, actor)
    with calendar_must_reach(), transaction.atomic():
        fresh = locked(request.pk)
        acted: frozenset[Role] = frozenset()
        if act in executor_roles.ACTS:
            acted = executor_roles.acted_as(fresh, actor)
        policies.check(act, fresh, actor, acted=acted, about=about, late=happened_at is not None)
        name = _TRANSITIONS.get(act)
        if name is not None and not has_transition_perm(getattr(fresh, name), actor):
            raise NotPermitted(
                f"Tindakan “{act.label}” tidak diizinkan bagi peran Anda. "
                "Tidak ada yang berubah pada permohonan ini."
            )
        now = clock.now()
        title = permissions.title_of(role, actor)
        recorded_at = instant_of_act(fresh, now)
        if happened_at is not None:
            late_entry_rules.check_instant(act, fresh, actor, happened_at, now=recorded_at)
        case = Acting(
            fresh, actor, role, title, at=happened_at or recorded_at, recorded_at=recorded_at
        )
        yield case
        note_a_clock_set_back(fresh, actor, at=recorded_at, now=now)
        if other := executor_roles.begins_both(act, acted):
            _note_both_roles(case, other)
        if happened_at is not None:
            case.changes[audit.HAPPENED_AT] = happened_at.astimezone(dt.UTC).isoformat()
            case.summary += f" Dicatat susulan: terjadi {words.instant(happened_at)}."
        fresh.version += 1
        fresh.save()
        audit.record(
            act,
            actor=actor,
            at=recorded_at,
            role=case.title,
            request=fresh,
            label=case.label,
            summary=case.summary,
            changes=case.changes,
        )


def _note_both_roles(case: Acting, other: Role) -> None:
    """The office allows it and it happens: said once, for everybody who reads the case."""
    case.request.notes.create(
        at=case.recorded_at,
        by=case.actor,
        text=f"Merangkap: {case.actor.titled_name} bertindak sebagai {case.role.label} setelah "
        f"bertindak sebagai {other.label} pada permohonan ini. Kantor mengizinkan perangkapan.",
    )
    case.changes["both_executor_roles"] = True


@contextmanager
def calendar_must_reach() -> Iterator[None]:
    """A deadline beyond the office's calendar is a sentence for people, not a broken page."""
    try:
        yield
    except OutsideCalendar as error:
        raise NotAllowedNow(
            f"{error} Tidak ada yang berubah pada permohonan ini. Minta Pengelola Aplikasi "
            "melengkapi kalender kerja, lalu ulangi."
        ) from error


def locked(request_pk: int) -> AccountRequest:
    """The case, locked until the transaction ends (SQLite locks as a whole: IMMEDIATE).

    Its running records are compared with their seals; the act's audit entry tells of a difference.
    """
    timers.hold_calendar()
    # Locked first and read afterwards: whoever waited for the lock would get the case as it is now,
    # but joined to the rows as they were before (PostgreSQL, READ COMMITTED): no holder, say.
    AccountRequest.objects.select_for_update().only("pk").get(pk=request_pk)
    fresh = AccountRequest.objects.select_related("sop_revision", "reading", "assignee").get(
        pk=request_pk
    )
    fresh.changed_outside = record_seals.changed_outside(fresh.pk)
    return fresh


def locked_together(keys: Sequence[int]) -> list[AccountRequest]:
    """As ``locked``, of several cases in the order of their ``keys``: a fixed number of queries."""
    timers.hold_calendar()
    every = AccountRequest.objects.filter(pk__in=keys).order_by("pk")
    list(every.select_for_update().only("pk"))
    rows = list(every.select_related("sop_revision", "reading", "assignee"))
    # As a rule nothing was: which case it is about is asked only when something was.
    if record_seals.any_changed_outside(keys):
        for case in rows:
            case.changed_outside = record_seals.changed_outside(case.pk)
    return rows


def open_run_of(request: AccountRequest) -> StepRun:
    """The running step run of the case; exactly one exists while it is open."""
    return request.step_runs.select_related("step").get(
        step__number=RUNNING_STEP[request.state],
        finished_at__isnull=True,
        paused_at__isnull=True,
    )


def sending_run(request: AccountRequest) -> StepRun:
    """The run of step 4, which goes on until every created account is settled; it may be over."""
    return request.step_runs.select_related("step").filter(step__number=4).latest("attempt")


def fresh_registrant(registrant: Registrant, request: AccountRequest) -> Registrant:
    """The registrant again, inside the lock of its case. Raises NotAllowedNow once it is gone."""
    fresh = request.registrants.filter(pk=registrant.pk).first()
    if fresh is None:
        raise NotAllowedNow(
            "Personel ini sudah dihapus dari konsep, sehingga tidak ada yang diubah. Muat ulang "
            "daftar personel, lalu periksa kembali."
        )
    return fresh


def fresh_account(account: Account, request: AccountRequest) -> Account:
    """The account again, inside the lock of its case."""
    return Account.objects.select_related("registrant").get(
        pk=account.pk, registrant__request=request
    )


def mark_of(stored: object) -> str:
    """A mark of stored data, which a page carries while somebody types over it."""
    return audit.hashed(stored)


def require_unchanged(stored: object, seen: str) -> None:
    """What is about to be overwritten is what was shown; without a mark nothing was shown.

    Raises InvalidInput, so that the typed words come back beside the sentence.
    """
    if seen and seen != mark_of(stored):
        raise InvalidInput(
            "Data ini diubah oleh orang lain sejak halaman ini Anda buka, sehingga isian Anda "
            "belum disimpan. Periksa data yang tersimpan pada tab lain, lalu simpan sekali lagi "
            "bila isian di bawah inilah yang benar."
        )


def next_number(series: CaseNumber.Series, year: int) -> int:
    """The next number of the series in ``year``; gapless, taken under a lock."""
    CaseNumber.objects.get_or_create(series=series, year=year)
    counter = CaseNumber.objects.select_for_update().get(series=series, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def required_reason(reason: str, what: str) -> str:
    """The reason, stripped. Raises InvalidInput when it says nothing."""
    reason = reason.strip()
    if len(reason) < MIN_REASON:
        raise InvalidInput(
            {"reason": [f"Tuliskan alasan {what}, paling sedikit {MIN_REASON} huruf."]}
        )
    return reason
