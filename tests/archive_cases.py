"""Archived files whose retention is over, and what is recorded of them."""

import datetime as dt
from dataclasses import replace

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from accounts_requests import archive_standing, clock, workflow
from accounts_requests.archive_rules import FileData, MoveData
from accounts_requests.models import (
    Account,
    AccountRequest,
    ArchiveMove,
    DestructionProposal,
    FinalDisposition,
    Office,
)

from . import cases
from .cases import OfficePeople

# Archived 6 July 2026: active until 31 December 2028, inactive until 31 December 2031.
DUE_INACTIVE = dt.datetime(2029, 1, 2, 2, 0, tzinfo=dt.UTC)
RETENTION_OVER = dt.datetime(2032, 1, 5, 2, 0, tzinfo=dt.UTC)


def archived(staff: OfficePeople, number: int = 1) -> AccountRequest:
    """A file with two people; several may follow each other, each with a ``number`` of its own."""
    # Every case's people are the same examples: their user ids must be free again.
    former = Concat(Value("lama."), Cast("pk", CharField()))
    Account.objects.exclude(user_id="").update(user_id=former)
    return cases.archived(staff, number=f"000.3/{number}/B.PBJ-II/2026")


def data(case: AccountRequest, **changes: object) -> FileData:
    """The file's data as they stand, with ``changes``."""
    standing = archive_standing.data_of(case, Office.current())
    return replace(standing, **changes)  # type: ignore[arg-type]  # as each test says


def doomed(staff: OfficePeople, number: int = 1) -> AccountRequest:
    """A file that is not permanent."""
    case = archived(staff, number)
    workflow.describe_file(
        case,
        actor=staff.admin1,
        data=data(case, disposition=FinalDisposition.DESTROY),
        reason="Menurut Jadwal Retensi Arsip",
    )
    return cases.fresh(case)


def move(kind: str = ArchiveMove.Kind.TO_INACTIVE) -> MoveData:
    """A move of today."""
    return MoveData(
        kind=kind,
        moved_on=clock.today(),
        place="Depo arsip",
        received_by="Arsiparis Contoh",
        paper_number="045/1/2029",
    )


def proposed(staff: OfficePeople, *files: AccountRequest) -> DestructionProposal:
    """An usul musnah of admin1."""
    return workflow.propose_destruction(
        files,
        actor=staff.admin1,
        reason="Retensi telah berakhir",
        legal_basis="Jadwal Retensi Arsip Kantor Contoh",
    )


def destroyed(staff: OfficePeople) -> AccountRequest:
    """A file with every record that the archive keeps; call it inside ``clock.moved_to``."""
    with clock.moved_to(cases.MONDAY):
        case = doomed(staff, 99)
    with clock.moved_to(RETENTION_OVER):
        workflow.move_file(case, actor=staff.admin1, data=move())
        workflow.decide_destruction(
            proposed(staff, case), actor=staff.biro, verdict="disetujui", minutes_number="045/9"
        )
    return cases.fresh(case)
