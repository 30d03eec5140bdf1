"""Lembar Kendali: the SOP's own sheet, filled in. What the archive keeps of the case's course."""

import datetime as dt
from dataclasses import dataclass

from accounts_requests import (
    audit,
    deadline_basis,
    executor_roles,
    outage_register,
    password_links,
    reading_content,
    reading_sheet,
    readings,
    step_limits,
    time_shares,
    timers,
    words,
)
from accounts_requests.deviation_states import is_clean, state_of, verdict, with_state
from accounts_requests.limit_terms import LimitBasis, LimitUnit
from accounts_requests.models import (
    AccountRequest,
    AuditChain,
    Deviation,
    Document,
    LateEntry,
    Office,
    Reading,
    Registrant,
    SopStep,
    StageRun,
    StepRun,
    User,
)
from accounts_requests.roles import EXECUTORS, Role
from accounts_requests.sheet_flow import FlowCell, Status, draw_flow
from accounts_requests.states import (
    ABOUT_THE_DECREE,
    WITHOUT_ACCOUNT,
    AccountState,
    Aspect,
    DeviationState,
    DocumentKind,
    DocumentState,
    MessageKind,
)

from .paper import Draft, enumerated, file_name, kinds_of, office_context

TEMPLATE = "documents/control_sheet.html"

# Which papers are the output (or the companion) of which step.
_PAPERS: dict[int, tuple[DocumentKind, ...]] = {
    1: (DocumentKind.DECREE, *ABOUT_THE_DECREE),
    2: (DocumentKind.ORDER, DocumentKind.ORDER_MEMO),
    3: (DocumentKind.ACCOUNT_SHEET,),
    4: (DocumentKind.MAIL_PROOF, DocumentKind.HAND_OVER_PROOF, DocumentKind.OUTSIDE_PROOF),
    5: (),
}


@dataclass(frozen=True)
class _Record:
    """The rows of a case that the sheet is made of, read once."""

    request: AccountRequest
    steps: list[SopStep]
    runs: list[StepRun]
    deviations: list[Deviation]
    papers: list[Document]
    people: list[Registrant]
    opened_links: tuple[int, int]  # of how many links to passwords
    acting_titles: dict[tuple[int | None, dt.datetime], str]


def _read(request: AccountRequest, at: dt.datetime) -> _Record:
    return _Record(
        request=request,
        steps=list(request.sop_revision.steps.order_by("number").prefetch_related("requirements")),
        runs=list(
            request.step_runs.select_related(
                "step", "finished_by", "request__sop_revision", "request__reading"
            )
            .prefetch_related("attestations__requirement", "holdings__person", "pauses")
            .order_by("offered_at", "pk")
        ),
        deviations=list(
            with_state(request.deviations.select_related("step_run__step", "responsible"), at=at)
            .order_by("step_run__step__number", "recorded_at", "pk")
            .prefetch_related("shares__person")
        ),
        papers=list(
            request.documents.filter(superseded_at__isnull=True, state=DocumentState.STORED)
        ),
        people=list(request.registrants.select_related("account").order_by("position_in_list")),
        opened_links=password_links.opened_of(
            request.messages.filter(kind=MessageKind.CREDENTIALS), at
        ),
        acting_titles=audit.acting_titles(request),
    )


def draft(request: AccountRequest, *, at: dt.datetime, code: str) -> Draft:
    """The control sheet of ``request`` as the record stood at ``at`` (usually its archiving)."""
    office = Office.current()
    record = _read(request, at)
    people, runs, deviations = record.people, record.runs, record.deviations
    chain = AuditChain.objects.filter(pk=1).first()
    kinds = kinds_of(person.account_kind for person in people)
    context = {
        **office_context(office),
        "case": request,
        "sop": request.sop_revision,
        "people": len(people),
        "kinds": enumerated(
            [f"{sum(p.account_kind == kind for p in people)} {kind.label}" for kind in kinds]
        ),
        "lanes": [Role(role).label for role in EXECUTORS],
        "rows": _rows(record, at),
        "received": words.instant(request.received_at),
        "archived": words.instant(request.archived_at) if request.archived_at else "",
        "stages": [_stage(stage) for stage in request.stage_runs.select_related("finished_by")],
        "pauses": [
            {
                "step": run.step.number,
                "since": words.instant(pause.since),
                "until": words.instant(pause.until) if pause.until else "—",
                "reason": pause.reason,
            }
            for run in runs
            for pause in run.pauses.all()
        ],
        "deviations": [_deviation(deviation) for deviation in deviations],
        "notes": [
            {"at": words.instant(note.at), "by": note.by.titled_name, "text": note.text}
            for note in request.notes.select_related("by")
        ],
        "late_entries": [
            _late_entry(entry)
            for entry in request.late_entries.select_related(
                "evidence", "proposed_by", "decided_by"
            )
        ],
        "outages": outage_register.coinciding(runs, timers.working_time(), at=at),
        "readings": [_reading(step, request.reading) for step in record.steps],
        "reading_pinned": reading_sheet.pinned_words(request.reading),
        "bases": [basis for run in runs if (basis := deadline_basis.explain(run, at)) is not None],
        "unnumbered": [step.number for step in record.steps if not step.printed_number],
        "both_roles": [person.titled_name for person in executor_roles.people_in_both(request)],
        "verdict": verdict(deviations),
        "is_clean": is_clean(deviations),
        "calendars": sorted({run.calendar_version for run in runs}),
        "chain_count": chain.count if chain else 0,
        "chain_head": words.grouped(chain.head) if chain else "",
        "made_at": words.instant(at),
        "code": code,
        "signature": request.signature_checks.filter(at__lte=at).first(),
    }
    return Draft(
        TEMPLATE,
        context,
        f"Lembar Kendali ({request.reference})",
        file_name("Lembar-Kendali", request.decree_number or request.number),
    )


def _rows(record: _Record, at: dt.datetime) -> list[dict[str, object]]:
    finished = record.request.archived_at is not None
    flow = _flow(record.steps, record.runs, finished=finished)
    return [
        {
            "number": step.printed_number or step.number,
            "is_unnumbered": not step.printed_number,
            "step": step,
            "lanes": lanes,
            "requirements": _requirements(step, record.runs),
            "norm": readings.norm_words(step),
            "runs": [_run(record, run, at) for run in record.runs if run.step_id == step.pk],
            "output": step.output or "—",
            "results": _results(record, step.number),
            "deviations": [
                _deviation(deviation)
                for deviation in record.deviations
                if deviation.step_run.step_id == step.pk
            ],
        }
        for step, lanes in zip(record.steps, flow, strict=True)
    ]


def _flow(steps: list[SopStep], runs: list[StepRun], *, finished: bool) -> list[list[FlowCell]]:
    statuses: list[Status] = []
    for step in steps:
        own = [run for run in runs if run.step_id == step.pk]
        done = bool(own) and own[-1].finished_at is not None
        statuses.append("done" if done else "current" if own else "waiting")
    return draw_flow([step.executor for step in steps], statuses, EXECUTORS, finished=finished)


def _requirements(step: SopStep, runs: list[StepRun]) -> list[dict[str, object]]:
    answers = {
        attestation.requirement_id: attestation
        for run in runs
        if run.step_id == step.pk
        for attestation in run.attestations.all()
    }
    return [
        {"text": requirement.text, "answer": answers.get(requirement.pk)}
        for requirement in step.requirements.all()
    ]


def _run(record: _Record, run: StepRun, at: dt.datetime) -> dict[str, object]:
    measured = [
        ("Tunggu", run.waiting_seconds),
        ("Kerja", run.worked_seconds),
        ("Waktu kalender", run.wall_seconds),
    ]
    shares = time_shares.of(run, at)
    return {
        "attempt": run.attempt,
        "cell": readings.read(run, at),
        "since": _short(run.started_at or run.offered_at),
        "until": _short(run.finished_at) if run.finished_at else "",
        "due": _short(run.due_at) if run.due_at else "",
        "due_is_estimate": run.due_is_estimate,
        "measured": [
            f"{name}: {words.duration(seconds)}"
            for name, seconds in measured
            if seconds is not None
        ]
        + ([shares.said().capitalize()] if shares and len(shares.holders) > 1 else []),
        "holders": _holders(record, run),
    }


def _holders(record: _Record, run: StepRun) -> list[str]:
    """Who held the run and who finished it; acting officials with the title borne at that act."""
    acts = [(held.person, held.since) for held in run.holdings.all()]
    if run.finished_by is not None and run.finished_at is not None and not run.abandoned:
        acts.append((run.finished_by, run.finished_at))
    titles: dict[User, str] = {}
    for person, since in acts:
        titles[person] = record.acting_titles.get((person.pk, since)) or titles.get(person, "")
    return [f"{title} {person.titled_name}".strip() for person, title in titles.items()]


def _results(record: _Record, number: int) -> list[str]:
    request = record.request
    results = [_paper(paper) for paper in record.papers if paper.kind in _PAPERS.get(number, ())]
    states = [person.account.state for person in record.people if hasattr(person, "account")]
    created = sum(state not in WITHOUT_ACCOUNT for state in states)
    if number == 1:
        forms = sum(paper.kind == DocumentKind.FORM for paper in record.papers)
        results.append(f"{forms} Formulir")
    if number == 3 and request.accounts_created_at:
        results.append(f"{created} dari {len(states)} akun dibuat")
    if number == 4 and request.email_sent_at:
        accepted = states.count(AccountState.ACCEPTED)
        results.append(f"{accepted} dari {created} e-mail diterima server")
        if outside := states.count(AccountState.SENT_OUTSIDE):
            results.append(f"{outside} e-mail dikirim dari luar sistem")
        opened, links = record.opened_links
        if links:
            results.append(f"{opened} dari {links} tautan password dibuka")
    if number == 5 and request.archive_number:
        results.append(f"Berkas nomor {request.archive_number}")
    return results


def _paper(paper: Document) -> str:
    label = DocumentKind(paper.kind).label
    number = f" nomor {paper.number}" if paper.number else ""
    dated = f" tanggal {words.long_date(paper.dated)}" if paper.dated else ""
    return f"{label}{number}{dated}"


def _stage(stage: StageRun) -> dict[str, str]:
    since, until = stage.since, stage.until
    return {
        "name": stage.get_stage_display(),
        "since": words.instant(since),
        "until": words.instant(until) if until else "—",
        "took": words.duration(int((until - since).total_seconds())) if until else "—",
        "by": stage.finished_by.titled_name if stage.finished_by else "—",
        "note": stage.note,
    }


# How the sheet's own row names a deviation that is none, or was recorded in the trial period.
_NAMED = {
    DeviationState.NO_DEVIATION: "Bukan penyimpangan:",
    DeviationState.LIFTED: "Tidak lagi melewati tenggat:",
    DeviationState.TRIAL: "Masa uji coba: penyimpangan",
}


def _deviation(deviation: Deviation) -> dict[str, object]:
    state, number = state_of(deviation), getattr(deviation, "answer_number", None)
    return {
        "step": deviation.step_run.step.number,
        "aspect": Aspect(deviation.aspect).label,
        "norm": deviation.norm,
        "actual": deviation.final_actual,
        "difference": deviation.final_difference or "—",
        "responsible": deviation.answerable_name,
        "shares": [share.said() for share in deviation.shares.all()],
        "explanation": deviation.explanation or "Belum ada penjelasan",
        "named": _NAMED.get(state, "Penyimpangan"),
        "answered": f"{state.label}{f' ({number})' if number else ''}",
        "recorded": words.instant(deviation.recorded_at),
        "found_by": deviation.found_by,
    }


def _late_entry(entry: LateEntry) -> dict[str, object]:
    decided = entry.decided_by.titled_name if entry.decided_by else "—"
    return {
        "number": entry.number,
        "step": entry.step,
        "act": entry.act_label,
        "happened": words.instant(entry.happened_at),
        "recorded": words.instant(entry.decided_at) if entry.decided_at else "—",
        "reason": entry.reason,
        "proposed_by": entry.proposed_by.titled_name,
        "decision": f"{entry.get_state_display()}: {decided}",
        "note": entry.decision_note,
    }


def _reading(step: SopStep, reading: Reading | None) -> dict[str, object]:
    """How the step was counted in this case, by the sheet that the case is pinned to."""
    limit = step_limits.read_limit(step, reading)
    return {
        "number": step.number,
        "printed": step.printed_limit or "—",
        "limited": step.limit_amount is not None,
        "amount": step.limit_amount or "",
        "unit": LimitUnit(limit.unit).label,
        "start": reading_content.start_words(step.number, limit.start),
        "end": step_limits.end_words(step, reading),
        "basis": LimitBasis(limit.basis).label,
        "executor": Role(step.executor).label,
        "interpreted": step.executor_interpreted,
    }


def _short(at: dt.datetime) -> str:
    return f"{at.astimezone(words.ZONE):%d-%m-%Y %H.%M}"
