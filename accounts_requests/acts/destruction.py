"""*Usul musnah*: files are proposed for destruction, and the pengesah decides.

Nothing is ever deleted: an approved file carries "disetujui musnah" with the date of it and stays,
with its minutes (*berita acara*). Each file has its own audit entry, which seals what belongs to
it; the first one seals the proposal and the decision too.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence

from django.db.models import F, Model

from accounts_requests import archive_rules as rules
from accounts_requests import archive_standing as standings
from accounts_requests import audit, audit_many, clock, executor_roles, permissions, policies, words
from accounts_requests.documents import destruction_minutes
from accounts_requests.exceptions import AlreadyDone, InvalidInput, NotAllowedNow
from accounts_requests.models import (
    AccountRequest,
    CaseNote,
    CaseNumber,
    DestructionDecision,
    DestructionItem,
    DestructionMinutes,
    DestructionProposal,
    Office,
    StageRun,
    User,
)
from accounts_requests.states import Act

from .gate import next_number
from .several_cases import Cases, on_cases


def propose_destruction(
    requests: Iterable[AccountRequest], *, actor: User, reason: str, legal_basis: str
) -> DestructionProposal:
    """Propose that the files of ``requests`` be destroyed: their retention is over.

    Raises InvalidInput (with a sentence for every file that cannot be proposed), NotPermitted,
    NotAllowedNow; then nothing is recorded.
    """
    role = permissions.require(Act.PROPOSE_DESTRUCTION, actor)
    keys = sorted({request.pk for request in requests})
    with on_cases(keys, actor) as cases:
        acted = executor_roles.acted_as_in(keys, actor)
        for case in cases.rows:
            policies.check(
                Act.PROPOSE_DESTRUCTION, case, actor, acted=acted.get(case.pk, frozenset())
            )
        rules.check_proposal(len(keys), reason, legal_basis)
        _check_files(keys)
        title = permissions.title_of(role, actor)
        proposal = DestructionProposal.objects.create(
            number=_next(cases.at),
            request=cases.rows[0],
            reason=reason.strip(),
            legal_basis=legal_basis.strip(),
            proposed_by=actor,
            title=title,
            at=cases.at,
        )
        items = DestructionItem.objects.bulk_create(
            DestructionItem(proposal=proposal, request=case, at=cases.at) for case in cases.rows
        )
        _record(
            cases,
            Act.PROPOSE_DESTRUCTION,
            proposal,
            actor=actor,
            title=title,
            said=f"diusulkan musnah dengan usul {proposal.number}.",
            changes={"files": len(keys)},
            rows=[proposal, *items, *cases.notes],
        )
    return proposal


def decide_destruction(
    proposal: DestructionProposal,
    *,
    actor: User,
    verdict: str,
    ground: str = "",
    minutes_number: str = "",
) -> DestructionDecision:
    """Approve the proposal, which makes its minutes, or refuse it with a reason.

    Raises InvalidInput, NotPermitted, NotAllowedNow, AlreadyDone, or RenderingFailed where the
    minutes cannot be made; then nothing is recorded.
    """
    role = permissions.require(Act.DECIDE_DESTRUCTION, actor)
    approved = verdict == DestructionDecision.Verdict.APPROVED
    items = DestructionItem.objects.filter(proposal_id=proposal.pk).order_by()
    keys = sorted(items.values_list("request_id", flat=True))
    if not keys:
        raise NotAllowedNow("Usul musnah ini tidak ada, sehingga tidak ada yang diputuskan.")
    title = permissions.title_of(role, actor)
    _check_open(proposal, actor)
    rules.check_decides(actor, proposal.proposed_by)
    rules.check_decision(verdict, ground, minutes_number)
    # Before the cases are locked: setting a long list takes seconds.
    pdf = None
    if approved:
        pdf = destruction_minutes.render(
            proposal,
            number=minutes_number.strip(),
            note=ground.strip(),
            actor=actor,
            title=title,
            at=clock.now(),
        )
    with on_cases(keys, actor) as cases:
        fresh = DestructionProposal.objects.select_for_update().get(pk=proposal.pk)
        _check_open(fresh, actor)
        decision = DestructionDecision.objects.create(
            proposal=fresh,
            request=cases.rows[0],
            verdict=verdict,
            ground=ground.strip(),
            decided_by=actor,
            title=title,
            at=cases.at,
            minutes_number=minutes_number.strip() if pdf else "",
            minutes_pages=pdf.pages if pdf else 0,
            minutes_sha256=hashlib.sha256(pdf.data).hexdigest() if pdf else "",
        )
        if pdf:
            DestructionMinutes.objects.create(decision=decision, data=pdf.data)
        said = (
            f"disetujui musnah (usul {fresh.number}, berita acara nomor {minutes_number.strip()})."
        )
        if not pdf:
            said = f"tidak disetujui musnah (usul {fresh.number}){audit.REASON}{ground.strip()}"
        _record(
            cases,
            Act.DECIDE_DESTRUCTION,
            fresh,
            actor=actor,
            title=title,
            said=said,
            changes={"verdict": verdict, "sha256": decision.minutes_sha256},
            rows=[decision, *cases.notes],
        )
    return decision


def _check_files(keys: Sequence[int]) -> None:
    office, today = Office.current(), clock.today()
    found = standings.with_records(AccountRequest.objects.filter(pk__in=keys)).order_by("pk")
    sentences = [
        sentence
        for case in found
        if (
            sentence := rules.hindrance_of_destruction(
                case, standings.standing(case, office), today=today
            )
        )
    ]
    if sentences:
        raise InvalidInput({"": sentences})


def _check_open(proposal: DestructionProposal, actor: User) -> None:
    decided = DestructionDecision.objects.filter(proposal=proposal).select_related("decided_by")
    if (former := decided.first()) is not None:
        who = "Anda sendiri" if former.decided_by == actor else former.decided_by.titled_name
        raise AlreadyDone(
            f"Usul {proposal.number} telah diputuskan oleh {who} pada {words.instant(former.at)}: "
            f"{DestructionDecision.Verdict(former.verdict).label.lower()}. Anda tidak perlu "
            "mengulanginya."
        )


def _next(at: dt.datetime) -> str:
    year = at.astimezone(words.ZONE).year
    return f"UM-{year}-{next_number(CaseNumber.Series.DESTRUCTION, year):04d}"


def _record(
    cases: Cases,
    act: Act,
    proposal: DestructionProposal,
    *,
    actor: User,
    title: str,
    said: str,
    changes: dict[str, object],
    rows: Sequence[DestructionProposal | DestructionItem | DestructionDecision | CaseNote],
) -> None:
    """An entry for each file, which seals what of ``rows`` belongs to it.

    The number of statements grows with the batches that the database takes at once.
    """
    keys = [case.pk for case in cases.rows]
    AccountRequest.objects.filter(pk__in=keys).update(version=F("version") + 1)
    written: dict[int, list[Model]] = {pk: [] for pk in keys}
    for row in rows:
        written[row.request_id].append(row)
    for case in cases.rows:
        if case.changed_outside:  # told by the entry, and sealed anew with it, as by any other act
            written[case.pk] += StageRun.objects.filter(request=case)
            written[case.pk] += case.step_runs.all()
    told = [
        audit_many.Told(
            request=case,
            label=f"Usul {proposal.number}",
            summary=f"Berkas {case.archive_number} {said}",
            changes={"proposal": proposal.number, **changes},
            rows=written[case.pk],
        )
        for case in cases.rows
    ]
    audit_many.record_many(told, act=act, actor=actor, at=cases.at, role=title)
