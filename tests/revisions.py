"""Revisions of the SOP for tests, made as people make them: drafted, typed over, approved."""

import dataclasses
import datetime as dt
from typing import Any

from accounts_requests import clock, revision_content, revision_keeping
from accounts_requests.models import Reading, SopRevision
from accounts_requests.revision_content import SheetWords, StepWords

from .cases import OfficePeople

REASON = "Batas waktu disesuaikan dengan beban kerja."


def mark(revision: SopRevision) -> str:
    return revision_content.mark_of(revision_content.read(fresh(revision)))


def fresh(revision: SopRevision) -> SopRevision:
    return SopRevision.objects.get(pk=revision.pk)


def step_of(revision: SopRevision, number: int, **changes: Any) -> StepWords:
    """The words of one activity with some of them changed."""
    return dataclasses.replace(revision_content.read(revision).steps[number - 1], **changes)


def sheet_of(revision: SopRevision, **changes: Any) -> SheetWords:
    return dataclasses.replace(revision_content.read(revision).sheet, **changes)


def drafted(staff: OfficePeople) -> SopRevision:
    """A draft that gives step 3 ninety minutes instead of sixty."""
    draft = revision_keeping.begin(actor=staff.keeper)
    change_step(draft, staff, 3, printed_limit="90 Menit", amount=90)
    return fresh(draft)


def change_step(draft: SopRevision, staff: OfficePeople, number: int, **changes: Any) -> bool:
    seen = revision_content.mark_of(step_of(fresh(draft), number))
    words = step_of(fresh(draft), number, **changes)
    return revision_keeping.save_step(draft, words, actor=staff.keeper, seen=seen)


def change_facts(draft: SopRevision, staff: OfficePeople, **changes: str) -> bool:
    facts = {**revision_content.read(fresh(draft)).sheet.facts, **changes}
    return save_sheet(draft, staff, facts=facts)


def save_sheet(draft: SopRevision, staff: OfficePeople, **changes: Any) -> bool:
    seen = revision_content.mark_of(sheet_of(fresh(draft)))
    words = sheet_of(fresh(draft), **changes)
    return revision_keeping.save_sheet(draft, words, actor=staff.keeper, seen=seen)


def approve(draft: SopRevision, staff: OfficePeople, since: dt.date | None = None) -> Reading:
    return revision_keeping.approve(
        draft, actor=staff.biro, since=since or clock.today(), reason=REASON, seen=mark(draft)
    )
