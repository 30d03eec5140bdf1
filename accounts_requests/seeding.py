"""What a new installation starts with: the SOP, the office, its calendar, an empty audit chain.

Idempotent: what exists is never overwritten, so that edits made since stay.
"""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.db import transaction

from accounts_requests import (
    calendar_content,
    calendar_keeping,
    office_days,
    reading_succession,
    timers,
)
from accounts_requests.models import (
    AuditChain,
    DeviationCause,
    HoursTable,
    Office,
    SopRequirement,
    SopRevision,
    SopStep,
)

DATA: Final = Path(__file__).parent / "data"


class Seeded(NamedTuple):
    """How many rows of each kind were added."""

    revisions: int
    offices: int
    hours_tables: int
    holidays: int


@transaction.atomic
def seed() -> Seeded:
    """Add what is missing of the SOP's revision, the office, the calendar and the audit chain."""
    AuditChain.objects.get_or_create(pk=1)
    _seed_causes()
    added = Seeded(_seed_sop(), _seed_office(), *_seed_calendar())
    if added.hours_tables or added.holidays or not timers.calendar_version():
        timers.adopt_calendar()
    is_new = bool(added.hours_tables)
    calendar_keeping.record_present(
        calendar_keeping.FROM_THE_START if is_new else calendar_keeping.FROM_BEFORE
    )
    return added


def _seed_causes() -> None:
    """The causes of deviations, once: a label that the office has changed does not come back."""
    if DeviationCause.objects.exists():
        return
    content = tomllib.loads((DATA / "deviation_causes.toml").read_text(encoding="utf-8"))
    DeviationCause.objects.bulk_create(
        DeviationCause(label=label, position=position)
        for position, label in enumerate(content["labels"], start=1)
    )


def read_sop() -> dict[str, Any]:
    """The SOP's revision as ``data/sop.toml`` holds it."""
    return tomllib.loads((DATA / "sop.toml").read_text(encoding="utf-8"))


def _seed_sop() -> int:
    content = read_sop()
    if SopRevision.objects.filter(revision=content["revision"]).exists():
        return 0
    revision = SopRevision.objects.create(
        number=content["header"]["number"],
        revision=content["revision"],
        title=content["header"]["name"],
        content=_words_outside_the_steps(content),
        legal_note=content["legal_note"].strip(),
        in_force_from=content["in_force_from"],
    )
    for row in content["step"]:
        reading = row["reading"]
        step = SopStep.objects.create(
            revision=revision,
            number=row["number"],
            printed_number=row["printed_number"],
            short_name=row["short_name"],
            activity=row["activity"],
            executor=row["executor"],
            executor_interpreted=row["executor_interpreted"],
            printed_limit=row["printed_limit"],
            output=row["output"],
            remarks=row["remarks"],
            limit_amount=reading.get("limit_amount"),
            limit_unit=reading["limit_unit"],
            limit_start=reading["limit_start"],
            limit_basis=reading["limit_basis"],
        )
        SopRequirement.objects.bulk_create(
            SopRequirement(step=step, position=position, text=text)
            for position, text in enumerate(row["requirements"], start=1)
        )
    _seed_reading(revision, content)
    return 1


def _seed_reading(revision: SopRevision, content: dict[str, Any]) -> None:
    """The readings that the application proposes, in force with the revision.

    ``approved_by`` stays empty: pages say that no pengesah has put a name to them yet.
    """
    since: dt.date = content["in_force_from"]
    reading_succession.put_in_force(
        revision,
        {
            "steps": {str(row["number"]): _step_reading(row["reading"]) for row in content["step"]},
            **{key: content["reading"][key] for key in ("step1_start", "step1_end", "step4_end")},
            "notes": content["reading"]["note"],
        },
        since=since,
        at=dt.datetime.combine(since, dt.time.min, timers.ZONE),
    )


def _step_reading(reading: dict[str, Any]) -> dict[str, Any]:
    return {
        "amount": reading.get("limit_amount"),
        "unit": reading["limit_unit"],
        "start": reading["limit_start"],
        "basis": reading["limit_basis"],
        "warnings": reading["warnings"],
    }


def _words_outside_the_steps(content: dict[str, Any]) -> dict[str, Any]:
    """What the revision keeps beside its steps: sheet, table heads, readings, and stray words."""
    row_words = ("number_note", "stray", "flow_words")
    return {
        **{key: content[key] for key in ("header", "identity", "table", "reading")},
        "rows": {
            str(row["number"]): {key: row[key] for key in row_words} for row in content["step"]
        },
    }


def _seed_office() -> int:
    if Office.objects.exists():
        return 0
    Office.objects.create(**tomllib.loads((DATA / "office.toml").read_text(encoding="utf-8")))
    return 1


def _seed_calendar() -> tuple[int, int]:
    if HoursTable.objects.exists():
        return 0, 0
    calendar = office_days.read_calendar()
    calendar_content.write(calendar)
    return len(calendar.tables), len(calendar.holidays)
