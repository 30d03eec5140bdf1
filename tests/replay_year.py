"""A year of finished cases, made up; and what each would have been late, reckoned by the minute.

The second reckoning reads the rows of hours and holidays and walks through the minutes: it shares
nothing with the product but the models. Instants are whole minutes, so that it is exact.
"""

import datetime as dt
import random
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from accounts_requests.models import (
    Account,
    AccountRequest,
    Holiday,
    HoursTable,
    Message,
    Reading,
    Registrant,
    StepRun,
    StepRunPause,
    User,
)

WITA = ZoneInfo("Asia/Makassar")
FIRST = dt.date(2025, 7, 1)
DAYS = 420
MINUTE = dt.timedelta(minutes=1)
# The more particular table goes first.
_KINDS = {"special": 0, "ramadan": 1, "normal": 2}
_BEGINNING = dt.datetime.combine(FIRST, dt.time.min, WITA)


@dataclass
class Fact:
    """One finished step as it happened; None for what nobody recorded."""

    number: str
    step: int
    people: int
    offered: dt.datetime
    finished: dt.datetime
    claimed: dt.datetime | None = None
    opened: dt.datetime | None = None
    complete: dt.datetime | None = None
    queued: dt.datetime | None = None
    external: bool = False
    by_machine: bool = False
    pauses: list[tuple[dt.datetime, dt.datetime]] = field(default_factory=list)


class Wall:
    """Every minute of the year: is the office open in it?"""

    @cached_property
    def open_minutes(self) -> list[bool]:
        holidays = set(Holiday.objects.values_list("date", flat=True))
        tables = list(HoursTable.objects.prefetch_related("spans"))
        found = []
        for number in range(DAYS):
            day = FIRST + dt.timedelta(days=number)
            held = [table for table in tables if table.valid_from <= day <= table.valid_until]
            table = min(held, key=lambda one: _KINDS[one.kind])
            minutes = [False] * 1440
            for span in table.spans.all():
                if span.weekday == day.weekday() and day not in holidays:
                    first = span.opens.hour * 60 + span.opens.minute
                    last = span.closes.hour * 60 + span.closes.minute
                    minutes[first:last] = [True] * (last - first)
            found += minutes
        return found

    def is_open(self, at: dt.datetime) -> bool:
        return self.open_minutes[int((at - _BEGINNING) / MINUTE)]

    def after_working_minutes(self, at: dt.datetime, minutes: int) -> dt.datetime:
        while minutes:
            minutes -= self.is_open(at)
            at += MINUTE
        return at

    def close_of_day_after(self, at: dt.datetime, days: int) -> dt.datetime:
        """Closing time of the n-th day with hours after the day of ``at``."""
        day = at.astimezone(WITA).date()
        while True:
            day += dt.timedelta(days=1)
            minutes = [
                dt.datetime.combine(day, dt.time(number // 60, number % 60), WITA)
                for number in range(1440)
            ]
            held = [one for one in minutes if self.is_open(one)]
            days -= bool(held)
            if not days:
                return held[-1] + MINUTE


def due_of(wall: Wall, fact: Fact, read: dict[str, Any], start: dt.datetime) -> dt.datetime:
    """When the step would have been due, by walking."""
    amount = read["amount"] * (fact.people if read["basis"] == "person" else 1)
    if read["unit"] == "calendar_days":
        day = start.astimezone(WITA).date() + dt.timedelta(days=amount)
        return dt.datetime.combine(day, dt.time(23, 59, 59), WITA)
    if read["unit"] == "working_days":
        return wall.close_of_day_after(start, amount)
    at = start
    while amount:
        paused = any(since <= at < until for since, until in fact.pauses)
        counts = read["unit"] == "clock_minutes" or wall.is_open(at)
        amount -= counts and not paused
        at += MINUTE
    return at


def start_of(
    wall: Wall, fact: Fact, content: dict[str, Any], read: dict[str, Any]
) -> dt.datetime | None:
    """From when the step would have counted; None when nobody recorded it."""
    if fact.step == 1:
        return fact.complete if content["step1_start"] == "complete" else fact.offered
    if read["start"] == "claimed":
        return fact.claimed
    if read["start"] == "begun":
        return fact.opened
    if fact.by_machine:
        latest = wall.after_working_minutes(fact.offered, 60)
        return min(fact.opened or fact.finished, latest)
    return fact.offered


def end_of(fact: Fact, content: dict[str, Any]) -> dt.datetime | None:
    """What the deadline would have been compared with; None when nobody recorded it."""
    if fact.step == 1 and content["step1_end"] == "signed" and fact.external:
        return None
    if fact.step == 4 and content["step4_end"] == "queued":
        return fact.queued or fact.finished
    return fact.finished


def verdict(wall: Wall, fact: Fact, content: dict[str, Any]) -> bool | None:
    """Late, in time, or not to be judged (None)."""
    read = content["steps"][str(fact.step)]
    start, end = start_of(wall, fact, content, read), end_of(fact, content)
    if start is None or end is None:
        return None
    return end > due_of(wall, fact, read, start)


def invented(seed: int, cases: int) -> list[Fact]:
    """The steps of so many cases, spread over a year."""
    chance = random.Random(seed)  # noqa: S311  made-up cases, the same ones each time
    facts = []
    for index in range(cases):
        number = f"P-2026-{index + 1:04d}"
        people = chance.randint(1, 4)
        at = _BEGINNING + MINUTE * chance.randint(0, 330 * 1440)
        received, at = at, at + MINUTE * chance.randint(60, 7 * 1440)
        facts.append(
            Fact(
                number=number,
                step=1,
                people=people,
                offered=received,
                finished=at,
                complete=received + (at - received) // MINUTE // 2 * MINUTE
                if chance.random() < 0.7
                else None,
                external=chance.random() < 0.4,
            )
        )
        by_machine = False
        for step, longest in ((3, 200), (4, 90), (5, 150)):
            if chance.random() < 0.6:  # by day; otherwise over night or a weekend
                at = at.astimezone(WITA).replace(hour=chance.randint(8, 12))
                at = max(at, facts[-1].finished)
            at = max(at, facts[-1].finished)
            offered = at
            took = chance.choice([longest // 4, longest // 2, longest, longest * 12])
            finished = offered + MINUTE * chance.randint(2, max(3, took))
            length = (finished - offered) // MINUTE
            claimed = offered + MINUTE * chance.randint(0, length // 2)
            opened = claimed + MINUTE * chance.randint(0, length // 3)
            fact = Fact(
                number=number,
                step=step,
                people=people,
                offered=offered,
                finished=finished,
                claimed=claimed if chance.random() < 0.85 else None,
                opened=opened if chance.random() < 0.85 else None,
                by_machine=by_machine,
            )
            if step == 3 and chance.random() < 0.3:
                since = opened + MINUTE * chance.randint(0, length // 12)
                until = since + MINUTE * chance.randint(1, 3000)
                fact.pauses = [(since, until)]
                fact.finished += until - since
            if step == 4:
                by_machine = chance.random() < 0.6
                if chance.random() < 0.9:
                    fact.queued = offered + MINUTE * chance.randint(0, length)
                else:
                    by_machine = False
            facts.append(fact)
            at = fact.finished
    return facts


def put_on_record(facts: list[Fact], actor: User, wall: Wall) -> None:
    """The rows of these steps, measured by the sheet in force."""
    reading = Reading.objects.get()
    steps = {step.number: step for step in reading.revision.steps.all()}
    cases: dict[str, AccountRequest] = {}
    for fact in facts:
        if fact.number not in cases:
            cases[fact.number] = case_of(fact, actor, reading)
        step = steps[fact.step]
        read = reading.content["steps"][str(fact.step)]
        start = start_of(wall, fact, reading.content, read)
        late = verdict(wall, fact, reading.content)
        run = StepRun.objects.create(
            request=cases[fact.number],
            step=step,
            limit_amount=step.limit_amount,
            limit_unit=step.limit_unit,
            limit_start=step.limit_start,
            limit_basis=step.limit_basis,
            offered_at=fact.offered,
            started_at=start,
            claimed_at=fact.claimed,
            opened_at=fact.opened,
            finished_at=fact.finished,
            waiting_seconds=0,
            worked_seconds=0,
            counted_seconds=0,
            wall_seconds=0,
            late_seconds=int(bool(late)),
            calendar_version="dulu",
        )
        for since, until in fact.pauses:
            StepRunPause.objects.create(step_run=run, since=since, until=until, reason="Contoh")
    for fact in facts:
        if fact.step == 4 and fact.queued is not None:
            by_machine = any(
                one.by_machine for one in facts if (one.number, one.step) == (fact.number, 5)
            )
            _message(cases[fact.number], fact, by_machine=by_machine)


def case_of(fact: Fact, actor: User, reading: Reading) -> AccountRequest:
    case = AccountRequest.objects.create(
        number=fact.number,
        sop_revision=reading.revision,
        reading=reading,
        created_by=actor,
        created_at=fact.offered,
        received_at=fact.offered,
        complete_at=fact.complete,
        subject="Contoh",
        considerations="Contoh",
        legal_bases="Contoh",
        signing_method="ink" if fact.external else "in_app",
        signer_name="Kepala Contoh",
        signer_title="Kepala LPSE",
    )
    Registrant.objects.bulk_create(
        Registrant(
            request=case,
            position_in_list=position,
            account_kind="helpdesk",
            employment="non_asn",
            full_name=f"Contoh {position}",
            proposed_user_id=f"contoh.{position}",
            email=f"contoh{position}@contoh.example",
            statement_date=FIRST,
        )
        for position in range(1, fact.people + 1)
    )
    return case


def _message(case: AccountRequest, fact: Fact, *, by_machine: bool) -> None:
    account = Account.objects.create(registrant=case.registrants.earliest("position_in_list"))
    assert fact.queued is not None
    Message.objects.create(
        request=case,
        account=account,
        kind="credentials",
        state="accepted",
        to_address="contoh@contoh.example",
        subject="Contoh",
        message_id=f"<{case.number}@contoh.example>",
        queued_at=fact.queued,
        settled_at=fact.finished if by_machine else fact.finished - dt.timedelta(seconds=1),
    )
