"""The frame around an act on several cases at once: all locked, one transaction, one instant."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction

from accounts_requests import clock
from accounts_requests.models import AccountRequest, CaseNote, User

from .gate import calendar_must_reach, locked_together
from .instants import instant_of_acts, note_a_clock_set_back


@dataclass(frozen=True)
class Cases:
    """The locked cases of an act, in the order of their keys, and its one instant (UTC).

    ``notes``: the catatan of a clock that was set back, if it was.
    """

    rows: Sequence[AccountRequest]
    at: dt.datetime
    notes: Sequence[CaseNote]

    def of(self, pk: int) -> AccountRequest:
        return next(case for case in self.rows if case.pk == pk)


@contextmanager
def on_cases(keys: Sequence[int], actor: User) -> Iterator[Cases]:
    """The cases, locked in the order of their keys, in one transaction with one instant."""
    with calendar_must_reach(), transaction.atomic():
        rows = locked_together(keys)
        now = clock.now()
        at = instant_of_acts(keys, now)
        left = [note_a_clock_set_back(case, actor, at=at, now=now) for case in rows]
        yield Cases(rows, at, [note for note in left if note is not None])
