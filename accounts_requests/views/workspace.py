"""The workspace of a draft: what its pages share around their own matter.

Three parts (Data SK, Personel, Hasil pindai), the stages of the SK, the time left, the next act.
"""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from accounts_requests import clock, next_steps, permissions, policies, readings, words
from accounts_requests.models import AccountRequest, Office, StageRun, User
from accounts_requests.states import (
    RUNNING_STEP,
    Act,
    CaseState,
    DocumentKind,
    DocumentState,
    Stage,
)

from .support import actor

# Pages that belong to a part without being its first one.
_PART_OF = {"person_add": "people", "person_edit": "people", "people_upload": "people"}


@dataclass(frozen=True, kw_only=True)
class Part:
    """One of the three parts of a draft; ``count`` is None where nothing is counted."""

    number: int
    label: str
    url: str
    is_here: bool
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class StageLine:
    """One stage of the SK: done, running, or still to come; ``note`` says when and by whom."""

    label: str
    status: Literal["done", "open", "waiting"]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Papers:
    """The papers made at paraf: one Formulir a person, and the Konsep SK (its public id)."""

    forms_ready: int
    forms: int
    owed: int
    failed: int
    concept: UUID | None

    @property
    def is_complete(self) -> bool:
        """Every one of them, the Konsep SK included, is stored."""
        return not self.owed and not self.failed


def guard(act: Act, case: AccountRequest, user: User) -> None:
    """Refuse a page whose act would be refused: the gate's own questions, before anybody types.

    Raises NotPermitted, NotAllowedNow, AlreadyDone.
    """
    permissions.require(act, user)
    policies.check(act, case, user)


def frame(request: HttpRequest, case: AccountRequest, *, here: str) -> dict[str, Any]:
    """The context of ``drafting/_workspace.html``; ``here`` is the url name of the page shown."""
    user = actor(request)
    held = user.current_roles()
    acts = permissions.acts_of(held)
    people = case.registrants.count()
    locked = case.people_locked_at is not None
    is_draft = case.state == CaseState.DRAFT
    turn = next_steps.turn(case, next_steps.Progress(people=people)) if is_draft else None
    drafts = is_draft and Act.EDIT in acts
    is_yours = turn is not None and turn.is_for(user, held, case)
    return {
        "case": case,
        "is_draft": is_draft,
        # Others only add scans: the parts of the draft are not theirs to open.
        "drafts": drafts,
        "is_locked": locked,
        "may_edit": drafts and not locked,
        "may_unlock": is_draft and locked and Act.UNLOCK in acts,
        "may_declare_complete": Act.DECLARE_COMPLETE in acts and policies.awaits_completeness(case),
        "may_cancel": Act.CANCEL in acts and policies.allows(Act.CANCEL, case, user),
        "parts": _parts(case, people, here),
        "people_count": people,
        "stages": stage_lines(case),
        "turn": turn,
        "next_button": turn.button if turn is not None and is_yours else None,
        "here": here,
        # Whoever adds the first person is doing the act that the panel names.
        "here_part": _PART_OF.get(here, here),
        "time": time_cell(case),
        "papers": papers_of(case) if drafts and locked else None,
    }


def papers_of(case: AccountRequest) -> Papers:
    """How far the worker is with the papers of paraf."""
    rows = list(
        case.documents.filter(
            kind__in=(DocumentKind.FORM, DocumentKind.DECREE_CONCEPT), superseded_at__isnull=True
        ).values_list("kind", "state", "public_id")
    )
    forms = [state for kind, state, _public_id in rows if kind == DocumentKind.FORM]
    states = [state for _kind, state, _public_id in rows]
    stored_concepts = (
        public_id
        for kind, state, public_id in rows
        if kind == DocumentKind.DECREE_CONCEPT and state == DocumentState.STORED
    )
    return Papers(
        forms_ready=forms.count(DocumentState.STORED),
        forms=len(forms),
        owed=states.count(DocumentState.OWED),
        failed=states.count(DocumentState.FAILED),
        concept=next(stored_concepts, None),
    )


def stage_lines(case: AccountRequest) -> list[StageLine]:
    """The stages in the office's order, each as its latest run stands."""
    latest: dict[str, StageRun] = {
        run.stage: run for run in case.stage_runs.select_related("finished_by")
    }
    order = [Stage(name) for name in Office.current().stage_order]
    now_at = order.index(Stage(case.stage)) if case.state == CaseState.DRAFT else len(order)
    return [
        _stage_line(stage, latest.get(stage), index, now_at) for index, stage in enumerate(order)
    ]


def time_cell(case: AccountRequest) -> readings.TimeCell | None:
    """What is left of the step that is running; None once the case is closed."""
    number = RUNNING_STEP.get(case.state)
    if number is None:
        return None
    run = (
        case.step_runs.filter(step__number=number, finished_at__isnull=True, paused_at__isnull=True)
        .select_related("step")
        .prefetch_related("pauses")
        .first()
    )
    return readings.read(run, clock.now()) if run is not None else None


def number_pattern(case: AccountRequest, office: Office) -> str:
    """What the office's numbers look like, with … for the secretariat's own; "" without one."""
    if not office.decree_number_pattern:
        return ""
    year = clock.now().astimezone(words.ZONE).year
    known = {"klasifikasi": case.classification_code, "nomor": "…", "tahun": str(year)}
    text = office.decree_number_pattern
    for name, value in known.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _parts(case: AccountRequest, people: int, here: str) -> list[Part]:
    scans = case.documents.filter(kind=DocumentKind.SCAN, superseded_at__isnull=True).count()
    listed = (
        ("draft_edit", "Data SK", None),
        ("people", "Personel", people),
        ("attachments", "Hasil pindai", scans),
    )
    return [
        Part(
            number=number,
            label=label,
            url=reverse(name, args=[case.number]),
            is_here=name == _PART_OF.get(here, here),
            count=count,
        )
        for number, (name, label, count) in enumerate(listed, start=1)
    ]


def _stage_line(stage: Stage, run: StageRun | None, index: int, now_at: int) -> StageLine:
    if index > now_at or run is None:
        return StageLine(label=stage.label, status="waiting")
    if run.until is None:
        since = words.short_instant(run.since, now=clock.now())
        return StageLine(label=stage.label, status="open", note=f"sejak {since}")
    by = f" oleh {run.finished_by.titled_name}" if run.finished_by else ""
    until = words.short_instant(run.until, now=clock.now())
    return StageLine(label=stage.label, status="done", note=f"selesai {until}{by}")
