"""What of the record is sealed: the parts of each row that judge a person, as data.

Every column of such a row is in one of its parts (a test compares them with the models).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet

from accounts_requests.models import (
    AnsweredDeviation,
    Attestation,
    CaseNote,
    DeadlineVersion,
    Deviation,
    DeviationAnswer,
    DeviationJudgement,
    Document,
    LateEntry,
    SignatureCheck,
    StageRun,
    StepRun,
    StepRunHolding,
    StepRunPause,
)
from accounts_requests.states import Act, DocumentState


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """What of a row is sealed together, under the record name ``name:pk``.

    ``columns`` go into the digest. A later one may be added at the end as long as it is NULL in
    older rows: NULLs are left out of the digest. ``when``: the lookups under which a row has this
    part. ``request``: the way to the case.

    Where the seal stands is known too: an honest entry has the instant that the row names
    (``instant``), or is one of ``acts``. A row that was slipped in cannot foresee that instant.

    A row may lose a part that ``lapses``: another part is sealed then. ``resealed``: sealed anew
    whenever it has changed.
    """

    name: str
    label: str
    model: type[Model]
    columns: tuple[str, ...]
    request: str = "request"
    when: Mapping[str, object] = field(default_factory=dict)
    instant: str = ""
    acts: tuple[Act, ...] = ()
    resealed: bool = False
    lapses: bool = False

    def applies(self, values: Mapping[str, Any]) -> bool:
        """Has a row with these values (those of ``when`` among them) this part?"""
        return all(
            (values[column] is None) is wanted if kind == "isnull" else values[column] == wanted
            for (column, _, kind), wanted in (
                (lookup.partition("__"), wanted) for lookup, wanted in self.when.items()
            )
        )

    def rows(self) -> QuerySet[Any]:
        """Every row that has this part."""
        return self.model._default_manager.filter(**self.when)

    def record(self, pk: object) -> str:
        """The name under which this part of the row ``pk`` is sealed."""
        return f"{self.name}:{pk}"


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
OF_STEP_RUN = "step_run__request"

PARTS: tuple[Part, ...] = (
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
    Part(
        name="deviation",
        label="penyimpangan",
        model=Deviation,
        columns=(
            "request_id",
            "step_run_id",
            "account_id",
            "attestation_id",
            "aspect",
            "rule",
            "key",
            "norm",
            "actual",
            "difference",
            "late_seconds",
            "responsible_id",
            "explanation",
            "recorded_at",
            "trial_until",
        ),
        instant="recorded_at",
    ),
    Part(
        name="deviation_answer",
        label="jawaban penyimpangan",
        model=DeviationAnswer,
        columns=(
            "number",
            "request_id",
            "responsible_id",
            "role",
            "answered_by_id",
            "title",
            "on_behalf",
            "at",
            "cause_id",
            "cause_label",
            "explanation",
            "remedy",
            "prevention",
        ),
        instant="at",
    ),
    Part(
        name="answered_deviation",
        label="penyimpangan yang dijawab",
        model=AnsweredDeviation,
        columns=("answer_id", "deviation_id", "request_id", "at"),
        instant="at",
    ),
    Part(
        name="deviation_judgement",
        label="penilaian penyimpangan",
        model=DeviationJudgement,
        columns=(
            "answer_id",
            "request_id",
            "verdict",
            "ground",
            "corrects_id",
            "at",
            "recorded_by_id",
            "judge_name",
            "title",
            "paper_id",
            "paper_number",
            "paper_date",
        ),
        instant="at",
    ),
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
        name="signature_check",
        label="pemeriksaan tanda tangan",
        model=SignatureCheck,
        columns=(
            "request_id",
            "document_id",
            "at",
            "by_id",
            "verdict",
            "signatures",
            "anchors",
            "differences",
        ),
        instant="at",
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
)
BY_NAME = {part.name: part for part in PARTS}
# A paper has lost its person only where it is on record that it had one.
ONLY_AFTER = {"document_freed": "document_person"}
