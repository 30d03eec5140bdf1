"""The frame around every act: lock, permission, policy, then the act, then save and audit.

Everything inside ``acting`` is one transaction. What must happen outside the database (mail,
rendering, destroying a key) happens afterwards, from rows that say so.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django_fsm import has_transition_perm

from accounts_requests import audit, clock, permissions, policies
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
    """An act in progress on a locked case. ``at`` (UTC) is the one instant of the whole act.

    The act sets ``summary`` (what the trail and the second presser read) and, where it applies,
    ``label`` and ``changes``.
    """

    request: AccountRequest
    actor: User
    role: Role
    at: dt.datetime
    summary: str = ""
    label: str = ""
    changes: dict[str, Any] = field(default_factory=dict)

    def run(self) -> StepRun:
        """The step run that is open and counting in the present state of the case."""
        return open_run_of(self.request)


@contextmanager
def acting(act: Act, request: AccountRequest, *, actor: User) -> Iterator[Acting]:
    """Carry out ``act`` on ``request``; yields the locked, fresh case.

    Raises NotPermitted, NotAllowedNow or AlreadyDone before anything is written. The caller's
    instance is not changed: read the case again afterwards (``request.refresh_from_db`` is unsafe
    with a protected state field).
    """
    role = permissions.require(act, actor)
    with calendar_must_reach(), transaction.atomic():
        fresh = locked(request.pk)
        policies.check(act, fresh, actor)
        name = _TRANSITIONS.get(act)
        if name is not None and not has_transition_perm(getattr(fresh, name), actor):
            raise NotPermitted(
                f"Tindakan “{act.label}” tidak diizinkan bagi peran Anda. "
                "Tidak ada yang berubah pada permohonan ini."
            )
        case = Acting(request=fresh, actor=actor, role=role, at=clock.now())
        yield case
        fresh.version += 1
        fresh.save()
        audit.record(
            act,
            actor=actor,
            at=case.at,
            role=role.label,
            request=fresh,
            label=case.label,
            summary=case.summary,
            changes=case.changes,
        )


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
    """The case, locked until the transaction ends (SQLite locks as a whole: IMMEDIATE)."""
    return (
        AccountRequest.objects.select_for_update(of=("self",))
        .select_related("sop_revision", "assignee")
        .get(pk=request_pk)
    )


def open_run_of(request: AccountRequest) -> StepRun:
    """The running step run of the case; exactly one exists while it is open."""
    return request.step_runs.select_related("step").get(
        step__number=RUNNING_STEP[request.state],
        finished_at__isnull=True,
        paused_at__isnull=True,
    )


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
