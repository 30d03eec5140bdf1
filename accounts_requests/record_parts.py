"""What of the record is sealed: the parts of each row that judge a person, as data.

Every column of such a row is in one of its parts (a test compares them with the models).
"""

from accounts_requests.archive_parts import ARCHIVE_PARTS
from accounts_requests.deviation_parts import DEVIATION_PARTS
from accounts_requests.models import (
    Attestation,
    CaseNote,
    DeadlineVersion,
    Document,
    LateEntry,
    StageRun,
    StepRun,
    StepRunHolding,
    StepRunPause,
)
from accounts_requests.office_parts import OF_THE_OFFICE
from accounts_requests.sealed_part import OF_STEP_RUN, Part
from accounts_requests.states import Act, DocumentState

_STEP_RUN = (
    "request_id",
    "step_id",
    "attempt",
    "limit_amount",
    "limit_unit",
    "limit_start",
    "limit_basis",
    "offered_at",
    "started_at",
    "latest_start_at",
    "due_at",
    "due_is_estimate",
    "claimed_at",
    "opened_at",
    "paused_at",
    "used_before_pause",
    "finished_at",
    "finished_by_id",
    "abandoned",
    "waiting_seconds",
    "worked_seconds",
    "counted_seconds",
    "wall_seconds",
    "late_seconds",
    "calendar_version",
    "measured_until",  # since readings that end a limit before its step
)

# What acts on a case seal; the rest is sealed by the entry that names its rows.
OF_A_CASE: tuple[Part, ...] = (
    Part(
        name="step_run_open",
        label="pelaksanaan langkah yang berjalan",
        model=StepRun,
        columns=_STEP_RUN,
        when={"finished_at__isnull": True},
        resealed=True,
        lapses=True,
    ),
    Part(
        name="step_run",
        label="pelaksanaan langkah",
        model=StepRun,
        columns=_STEP_RUN,
        when={"finished_at__isnull": False},
        instant="finished_at",
    ),
    Part(
        name="stage_run",
        label="tahap SK",
        model=StageRun,
        columns=("request_id", "stage", "since", "until", "finished_by_id", "note"),
        resealed=True,
    ),
    Part(
        name="pause",
        label="jeda",
        model=StepRunPause,
        columns=("step_run_id", "since", "reason"),
        request=OF_STEP_RUN,
        instant="since",
    ),
    Part(
        name="pause_end",
        label="akhir jeda",
        model=StepRunPause,
        columns=("until",),
        request=OF_STEP_RUN,
        when={"until__isnull": False},
        instant="until",
    ),
    Part(
        name="holding",
        label="pemegang langkah",
        model=StepRunHolding,
        columns=("step_run_id", "person_id", "since", "reason"),
        request=OF_STEP_RUN,
        instant="since",
        acts=(Act.ISSUE_DECREE,),  # who issues has held step 1 since its receipt
    ),
    Part(
        name="holding_end",
        label="akhir pemegangan langkah",
        model=StepRunHolding,
        columns=("until",),
        request=OF_STEP_RUN,
        when={"until__isnull": False},
        instant="until",
    ),
    Part(
        name="attestation",
        label="jawaban kelengkapan",
        model=Attestation,
        columns=("step_run_id", "requirement_id", "met", "explanation", "by_id", "at"),
        request=OF_STEP_RUN,
        instant="at",
    ),
    Part(
        name="deadline_version",
        label="versi tenggat",
        model=DeadlineVersion,
        columns=(
            "step_run_id",
            "number",
            "cause",
            "former_due_at",
            "due_at",
            "due_is_estimate",
            "calendar_version",
            "reason",
            "at",
            "by_id",
        ),
        request=OF_STEP_RUN,
        instant="at",
    ),
    *DEVIATION_PARTS,
    Part(
        name="note",
        label="catatan",
        model=CaseNote,
        columns=("request_id", "at", "by_id", "text"),
        instant="at",
    ),
    Part(
        name="document",
        label="dokumen",
        model=Document,
        columns=(
            "public_id",
            "request_id",
            "kind",
            "version",
            "number",
            "dated",
            "uploaded",
            "created_by_id",
            "created_at",
            "answer_id",
            "addendum",
            "concerns",  # since papers about an SK name whom they are about
        ),
        instant="created_at",
    ),
    Part(
        name="document_content",
        label="isi dokumen",
        model=Document,
        columns=(
            "state",
            "title",
            "file_name",
            "media_type",
            "sha256",
            "size",
            "pages",
            "template_version",
            "attempts",
            "next_attempt_at",
            "claimed_at",
            "last_error",
        ),
        when={"state": DocumentState.STORED.value},
        instant="created_at",
        acts=(Act.STORE_DOCUMENT,),
    ),
    Part(
        name="document_person",
        label="personel dokumen",
        model=Document,
        columns=("registrant_id",),
        when={"registrant_id__isnull": False},
        instant="created_at",
        lapses=True,
    ),
    Part(
        name="document_freed",
        label="dokumen personel yang dihapus dari konsep",
        model=Document,
        columns=(),
        when={"registrant_id__isnull": True},
        acts=(Act.REMOVE_REGISTRANT, Act.IMPORT_REGISTRANTS),
    ),
    Part(
        name="document_end",
        label="akhir berlaku dokumen",
        model=Document,
        columns=("superseded_at",),
        when={"superseded_at__isnull": False},
        instant="superseded_at",
    ),
    Part(
        name="late_entry",
        label="pencatatan susulan",
        model=LateEntry,
        columns=(
            "request_id",
            "act",
            "happened_at",
            "details",
            "reason",
            "outage_id",
            "evidence_id",
            "proposed_by_id",
            "proposed_at",
        ),
        instant="proposed_at",
    ),
    Part(
        name="late_entry_decision",
        label="keputusan pencatatan susulan",
        model=LateEntry,
        columns=("state", "decided_by_id", "decided_at", "decision_note"),
        when={"decided_at__isnull": False},
        instant="decided_at",
    ),
    *ARCHIVE_PARTS,
)
PARTS = (*OF_A_CASE, *OF_THE_OFFICE)
BY_NAME = {part.name: part for part in PARTS}
# A paper has lost its person only where it is on record that it had one.
ONLY_AFTER = {"document_freed": "document_person"}

__all__ = ["BY_NAME", "OF_A_CASE", "OF_STEP_RUN", "OF_THE_OFFICE", "ONLY_AFTER", "PARTS", "Part"]
