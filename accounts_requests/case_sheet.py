"""The SOP sheet of one case, filled in: the view model of the case page.

A row for each step of the SOP revision that the case is pinned to: lanes, kelengkapan with their
answers, norm beside actual time, outputs as papers and counts, deviations in Keterangan, and the
button of whoever must act. Reads only.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from accounts_requests import readings, time_shares, words
from accounts_requests.case_record import CaseRecord
from accounts_requests.deviation_states import is_void, state_of
from accounts_requests.models import Document, LateEntry, SopStep, StepRun
from accounts_requests.next_steps import Button, Turn
from accounts_requests.readings import TimeCell
from accounts_requests.roles import EXECUTORS, Role
from accounts_requests.sheet_flow import FlowCell, Status, draw_flow
from accounts_requests.states import (
    ABOUT_THE_DECREE,
    Aspect,
    CaseState,
    DeviationState,
    DocumentKind,
    DocumentState,
)
from accounts_requests.working_time import WorkingTime

# Which papers stand in the Output cell of which step; Formulir are counted, not listed.
_PAPERS: dict[int, tuple[DocumentKind, ...]] = {
    1: (DocumentKind.DECREE, *ABOUT_THE_DECREE),
    2: (DocumentKind.ORDER, DocumentKind.ORDER_MEMO),
    3: (DocumentKind.ACCOUNT_SHEET,),
    4: (DocumentKind.MAIL_PROOF, DocumentKind.HAND_OVER_PROOF, DocumentKind.OUTSIDE_PROOF),
    5: (DocumentKind.CONTROL_SHEET, DocumentKind.ARCHIVE_FILE),
}


@dataclass(frozen=True, kw_only=True)
class Check:
    """One kelengkapan; ``status`` is "open" until somebody has answered for it."""

    text: str
    status: Literal["open", "met", "unmet"]
    explanation: str = ""


@dataclass(frozen=True, kw_only=True)
class Output:
    """One line of the Output cell: a paper (``document``), or several that are counted."""

    label: str
    document: Document | None = None
    preparing: bool = False
    failed: bool = False


@dataclass(frozen=True, kw_only=True)
class Count:
    """``7 dari 12 akun``, with its bar."""

    value: int
    total: int
    words: str


@dataclass(frozen=True, kw_only=True)
class StageLine:
    """One stage inside step 1: how long it took, or has taken so far."""

    name: str
    took: str
    by: str
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """One step of the sheet. ``deviations`` are the aspects (labels) recorded on it; ``shares``
    tells time in the queue and in hand apart.
    """

    number: int
    printed_number: str
    activity: str
    status: Status
    lanes: list[tuple[str, FlowCell]]
    checks: list[Check]
    time: TimeCell
    has_basis: bool
    shares: str
    output_name: str
    outputs: list[Output]
    count: Count | None
    done_by: str
    turn: str
    is_yours: bool
    button: Button | None
    is_late: bool
    stages: list[StageLine]
    deviations: list[str]
    remarks: list[str]
    is_clean: bool


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The whole sheet: lane labels in order, and a row for each step."""

    lanes: list[str]
    rows: list[Row]


def build(
    record: CaseRecord, *, at: dt.datetime, clock: WorkingTime, turn: Turn | None, is_yours: bool
) -> Sheet:
    """Fill in the sheet as the record stands at ``at`` (UTC); ``turn`` is whose turn it is now.

    ``clock`` is the calendar in use; ``is_yours`` says that the reader is the one to act.
    """
    lanes = _lanes(record.steps)
    statuses = [_status(record.latest_run(step)) for step in record.steps]
    flow = draw_flow(
        [Role(step.executor).label for step in record.steps],
        statuses,
        lanes,
        finished=record.case.state == CaseState.ARCHIVED,
    )
    rows = []
    for step, status, cells in zip(record.steps, statuses, flow, strict=True):
        run = record.latest_run(step)
        time = readings.read(run, at, clock) if run else readings.not_begun(step)
        is_current = status == "current" and turn is not None
        rows.append(
            Row(
                number=step.number,
                printed_number=step.printed_number,
                activity=step.activity,
                status=status,
                lanes=list(zip(lanes, cells, strict=True)),
                checks=_checks(record, step),
                time=time,
                has_basis=run is not None and run.limit_amount is not None and not run.abandoned,
                shares=_shares(run, at, clock),
                output_name=step.output,
                outputs=_outputs(record, step.number),
                count=_count(record, step.number),
                done_by=_done_by(record, run) if status == "done" else "",
                turn=turn.whose if is_current and turn else "",
                is_yours=is_current and is_yours,
                button=turn.button if is_current and is_yours and turn else None,
                is_late=time.state == "late",
                stages=_stages(record, at, clock) if step.number == 1 else [],
                deviations=_deviations(record, step),
                remarks=[*_remarks(record, step, run), *_found_void(record, step)],
                is_clean=status == "done" and not _deviations(record, step),
            )
        )
    return Sheet(lanes=lanes, rows=rows)


def _lanes(steps: Sequence[SopStep]) -> list[str]:
    """The SOP's two executors, then whoever else a revision names (an archivist, say)."""
    roles = dict.fromkeys([*EXECUTORS, *(Role(step.executor) for step in steps)])
    return [role.label for role in roles]


def _shares(run: StepRun | None, at: dt.datetime, clock: WorkingTime) -> str:
    """Where the step's time went; "" for steps 1 and 2, which nobody takes from a queue."""
    if run is None or run.step.executor != Role.ADMIN_PPE:
        return ""
    shares = time_shares.of(run, at, clock)
    return shares.said() if shares else ""


def _status(run: StepRun | None) -> Status:
    if run is None or run.abandoned or (run.paused_at and not run.finished_at):
        return "waiting"
    return "done" if run.finished_at else "current"


def _checks(record: CaseRecord, step: SopStep) -> list[Check]:
    answers = {
        answer.requirement_id: answer
        for run in record.runs
        if run.step_id == step.pk
        for answer in run.attestations.all()
    }
    checks = []
    for requirement in step.requirements.all():
        answer = answers.get(requirement.pk)
        if answer is None:
            checks.append(Check(text=requirement.text, status="open"))
        else:
            checks.append(
                Check(
                    text=requirement.text,
                    status="met" if answer.met else "unmet",
                    explanation=answer.explanation,
                )
            )
    return checks


def _outputs(record: CaseRecord, number: int) -> list[Output]:
    current = record.current_documents
    kinds = _PAPERS.get(number, ())
    if number == 1 and not any(paper.kind == DocumentKind.DECREE for paper in current):
        kinds = (DocumentKind.DECREE_CONCEPT,)
    outputs = [_output(paper) for paper in current if paper.kind in kinds]
    if number == 1:
        forms = [paper for paper in current if paper.kind == DocumentKind.FORM]
        ready = sum(paper.state == DocumentState.STORED for paper in forms)
        if forms:
            some = "" if ready == len(forms) else f"{ready} dari "
            outputs.append(
                Output(label=f"{some}{len(forms)} Formulir", preparing=ready != len(forms))
            )
    return outputs


def _output(paper: Document) -> Output:
    label = DocumentKind(paper.kind).label
    return Output(
        label=f"{label} {paper.number}".strip(),
        document=paper,
        preparing=paper.state == DocumentState.OWED,
        failed=paper.state == DocumentState.FAILED,
    )


def _count(record: CaseRecord, number: int) -> Count | None:
    progress = record.progress
    if number == 3 and record.accounts:
        total = progress.people
        return Count(
            value=progress.created, total=total, words=f"{progress.created} dari {total} akun"
        )
    if number == 4 and progress.is_sent:
        return Count(
            value=progress.settled,
            total=progress.created,
            words=f"{progress.settled} dari {progress.created} tersampaikan atau diputuskan",
        )
    return None


def _done_by(record: CaseRecord, run: StepRun | None) -> str:
    """Who finished the run and when; an acting official with the title borne at that instant."""
    if run is None or run.finished_at is None:
        return ""
    if run.finished_by is None:
        return words.instant(run.finished_at)
    title = record.acting_titles.get((run.finished_by_id, run.finished_at), "")
    by = f"{title} {run.finished_by.titled_name}".strip()
    return f"oleh {by}, {words.instant(run.finished_at)}"


def _stages(record: CaseRecord, at: dt.datetime, clock: WorkingTime) -> list[StageLine]:
    """The stages of the decree in working time; one begun anew is a line of its own."""
    return [
        StageLine(
            name=stage.get_stage_display(),
            took=words.duration(clock.seconds_between(stage.since, stage.until or at)),
            by=stage.finished_by.titled_name if stage.finished_by else "",
            is_open=stage.until is None,
        )
        for stage in record.stages
    ]


def _deviations(record: CaseRecord, step: SopStep) -> list[str]:
    found = [
        Aspect(deviation.aspect)
        for deviation in record.deviations
        if deviation.step_run.step_id == step.pk and not is_void(deviation)
    ]
    lines = []
    for aspect in dict.fromkeys(found):
        count = found.count(aspect)
        lines.append(aspect.label.lower() + (f" ({count})" if count > 1 else ""))
    return lines


_VOID_WORDS = {
    DeviationState.NO_DEVIATION: "temuan dinilai bukan penyimpangan",
    DeviationState.LIFTED: "catatan tidak lagi melewati tenggat",
}


def _found_void(record: CaseRecord, step: SopStep) -> list[str]:
    """What was recorded as a deviation and turned out to be none is counted apart."""
    counts = Counter(
        state_of(deviation)
        for deviation in record.deviations
        if deviation.step_run.step_id == step.pk
    )
    return [f"{counts[state]} {said}" for state, said in _VOID_WORDS.items() if counts[state]]


def _remarks(record: CaseRecord, step: SopStep, run: StepRun | None) -> list[str]:
    remarks = [step.remarks] if step.remarks else []
    remarks += [
        f"{entry.act_label.lower()}: dicatat susulan {words.instant(entry.decided_at)}"
        for entry in record.late_entries
        if entry.step == step.number
        and entry.state == LateEntry.State.CONFIRMED
        and entry.decided_at is not None
    ]
    if run is not None and run.attempt > 1:
        remarks.append(f"pelaksanaan ke-{run.attempt}, sesudah dikembalikan")
    if run is not None and run.paused_at and not run.finished_at:
        remarks.append("dijeda: dikembalikan kepada Kepala LPSE")
    if not step.printed_number:
        remarks.append("nomor langkah tidak tercetak pada SOP")
    if step.executor_interpreted:
        remarks.append("pelaksana ditafsirkan: kolomnya kosong pada SOP")
    return remarks
