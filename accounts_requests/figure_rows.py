"""The cases behind a number of the report: each figure leads here, and here to each case."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from accounts_requests import finished_runs, words
from accounts_requests.finished_runs import Measure, Run
from accounts_requests.models import Account, AccountRequest, Deviation
from accounts_requests.report_periods import Period
from accounts_requests.states import NOT_CREATED, AccountKind, AccountState, Aspect

CASES = {
    "diterima": ("Permohonan diterima", "received_at"),
    "diarsipkan": ("Permohonan diarsipkan", "archived_at"),
    "dibatalkan": ("Permohonan dibatalkan", "cancelled_at"),
}
STILL_OPEN = "terbuka"
OUTCOMES = {
    "dibuat": "dibuat",
    "ditolak": "tidak dapat dibuat",
    "ditunda": "ditunda",
    "diserahkan": "diserahkan",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing that was counted: in which case, when (UTC), and what there is to say of it."""

    case: str
    at: dt.datetime
    text: str
    is_late: bool = False


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What a figure counted, in the order in which it happened; the figure is their number."""

    title: str
    rows: Sequence[Row]


class UnknownFigure(LookupError):
    """No figure has this name."""


def of_cases(period: Period, which: str) -> Rows:
    """The cases received, archived or cancelled in the period, or open as it ended."""
    if which == STILL_OPEN:
        cases = AccountRequest.objects.filter(received_at__lt=period.end).exclude(
            Q(archived_at__lt=period.end) | Q(cancelled_at__lt=period.end)
        )
        title, name = "Permohonan yang masih terbuka pada akhir masa laporan", "received_at"
    elif which in CASES:
        title, name = CASES[which]
        cases = AccountRequest.objects.filter(period.holds(name))
    else:
        raise UnknownFigure(which)
    found = cases.order_by(name, "pk").values_list("number", name, "subject")
    return Rows(title=title, rows=[Row(case=no, at=at, text=text) for no, at, text in found])


def of_step(period: Period, key: str, *, late_only: bool) -> Rows:
    """The finished runs of the step and measure that ``key`` names (``3-detik``)."""
    number, _, measure = key.partition("-")
    if not number.isdecimal() or measure not in set(Measure):
        raise UnknownFigure(key)
    runs = [
        run
        for run in finished_runs.finished_runs(period)
        if run.key == key and (run.late or not late_only)
    ]
    title = f"Langkah {number}: {'yang melewati batas waktu' if late_only else 'yang selesai'}"
    return Rows(title=title, rows=[_row_of(run) for run in runs])


def of_accounts(period: Period, kind: str, outcome: str) -> Rows:
    """The accounts of one kind with this outcome in the period; people are named by number."""
    if kind not in AccountKind.values or outcome not in OUTCOMES:
        raise UnknownFigure(kind)
    name = "delivered_at" if outcome == "diserahkan" else "recorded_at"
    accounts = Account.objects.filter(period.holds(name), registrant__account_kind=kind)
    accounts = _with_outcome(accounts, outcome)
    found = accounts.order_by(name, "pk").values_list(
        "registrant__request__number", name, "registrant__position_in_list", "state"
    )
    label = AccountKind(kind).label
    return Rows(
        title=f"Akun {label} yang {OUTCOMES[outcome]}",
        rows=[
            Row(case=no, at=at, text=f"Personel nomor {position}: {AccountState(state).label}")
            for no, at, position, state in found
        ],
    )


def of_deviations(period: Period, aspect: str, step: int | None) -> Rows:
    """The deviations of an aspect ("" for all three), of one step or of all."""
    if aspect and aspect not in Aspect.values:
        raise UnknownFigure(aspect)
    found = Deviation.objects.filter(period.holds("recorded_at"))
    title = "Penyimpangan"
    if aspect:
        found = found.filter(aspect=aspect)
        title += f" {Aspect(aspect).label.lower()}"
    if step is not None:
        found = found.filter(step_run__step__number=step)
        title += f" pada langkah {step}"
    rows = found.order_by("recorded_at", "pk").values_list(
        "request__number",
        "recorded_at",
        Coalesce("end__actual", "actual"),
        Coalesce("end__difference", "difference"),
    )
    return Rows(
        title=title,
        rows=[
            Row(case=no, at=at, text=f"{actual} ({difference})" if difference else actual)
            for no, at, actual, difference in rows
        ],
    )


def _row_of(run: Run) -> Row:
    text = run.said()
    if run.late:
        text += f", terlambat {words.duration(run.late)}"
    return Row(case=run.case, at=run.finished_at, text=text, is_late=bool(run.late))


def _with_outcome(accounts: "QuerySet[Account]", outcome: str) -> "QuerySet[Account]":
    if outcome == "diserahkan":
        return accounts
    one = {"ditolak": AccountState.REFUSED, "ditunda": AccountState.POSTPONED}.get(outcome)
    if one is not None:
        return accounts.filter(state=one)
    return accounts.exclude(state__in=NOT_CREATED)
