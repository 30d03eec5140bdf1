"""A case with every kind of record that the audit trail covers, and hands that bend it."""

import datetime as dt
import io
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction
from PIL import Image

from accounts_requests import anchoring, audit, clock, deadline_moves, outages, workflow
from accounts_requests.accountability_rules import AnswerData
from accounts_requests.acts.gate import acting
from accounts_requests.answers import Answer
from accounts_requests.models import (
    AccountRequest,
    AuditChain,
    AuditEntry,
    DeadlineVersion,
    Deviation,
    DeviationCause,
    LateEntry,
    SignatureCheck,
)
from accounts_requests.states import (
    Act,
    DocumentKind,
    SignatureVerdict,
    SigningMethod,
    Verdict,
)
from accounts_requests.uploads import Upload

from . import cases
from .cases import OfficePeople

MINUTE = dt.timedelta(minutes=1)


def _scan(shade: int = 255) -> Upload:
    target = io.BytesIO()
    Image.new("L", (8, 8), shade).save(target, "PNG")
    return Upload(file_name="pindai.png", data=target.getvalue())


def look_at_signatures(request: AccountRequest, staff: OfficePeople) -> None:
    """A check on record, as if the SK had come back signed: what it found is not the matter."""
    with acting(Act.CHECK_SIGNATURE, request, actor=staff.kepala) as case:
        SignatureCheck.objects.create(
            request=request,
            document=request.documents.get(kind=DocumentKind.DECREE),
            at=case.recorded_at,
            by=staff.kepala,
            verdict=SignatureVerdict.UNANCHORED,
            signatures=[{"name": "Contoh"}],
        )


def told_story(staff: OfficePeople, *, last_paper_is_owed: bool = False) -> AccountRequest:
    """A case that is at step 5, with a record of every kind; call it inside ``clock.moved_to``.

    An outage that goes on, which belongs to no case. A deadline moved into the past and recorded as
    passed, a person removed with a Formulir, a return, a take-over, an unmet kelengkapan, an
    account that could not be created, a late entry refused and one confirmed, a message that
    came back, a paper superseded, and an anchor.
    """
    outages.declare(
        actor=staff.kepala,
        subject="network",
        since=clock.now(),
        until=None,
        explanation="Jaringan kantor terputus",
    )
    request = cases.draft(staff, people=3)
    clock.advance(MINUTE)
    with acting(Act.EDIT, request, actor=staff.drafter) as case:
        earlier = cases.MONDAY - dt.timedelta(days=7)
        deadline_moves.restart(
            case.run(),
            earlier,
            cause=DeadlineVersion.Cause.RECEIPT,
            reason="Salah baca stempel",
            at=case.at,
            by=staff.drafter,
        )
    for run in workflow.deadlines_due(clock.now()):
        workflow.look_at_deadline(run, at=clock.now())
    submit(request, staff)
    clock.advance(MINUTE)
    workflow.unlock_people(request, actor=staff.drafter, reason="Satu personel mundur")
    last = request.registrants.get(position_in_list=3)
    workflow.remove_registrant(last, actor=staff.drafter)
    workflow.attach_scan(request, actor=staff.drafter, upload=_scan(), title="Surat pengantar")
    clock.advance(MINUTE)
    submit(request, staff)
    workflow.issue_decree(
        request,
        actor=staff.kepala,
        number="000.3/1/B.PBJ-II/2026",
        date=clock.today(),
        password=cases.PASSWORD,
    )
    look_at_signatures(request, staff)
    workflow.order_accounts(request, actor=staff.kepala)
    cases.render_papers(request)
    workflow.claim(request, actor=staff.admin1)
    clock.advance(MINUTE)
    workflow.return_to_head(request, actor=staff.admin1, reason="Alamat tidak lengkap")
    clock.advance(MINUTE)
    workflow.order_accounts(request, actor=staff.kepala)
    cases.render_papers(request)
    clock.advance(MINUTE)
    workflow.take_over(request, actor=staff.admin2, reason="Rekan sedang sakit")
    first, second = cases.accounts(request)
    cases.record_created(first, staff.admin2)
    workflow.record_refused(second, actor=staff.admin2, reason="NIP belum aktif")
    clock.advance(MINUTE)
    answers = cases.all_met(request)
    unmet = next(iter(answers))
    answers[unmet] = Answer(met=False, explanation="Panduan belum terbit")
    refused, confirmed = (
        workflow.LateDetails(answers=given) for given in (cases.all_met(request), answers)
    )
    workflow.refuse_late_entry(
        ended_before(request, staff, refused), actor=staff.kepala, note="Tidak semua terpenuhi"
    )
    workflow.confirm_late_entry(ended_before(request, staff, confirmed), actor=staff.kepala)
    cases.render_papers(request)
    answer_and_return(request, staff)
    workflow.send_accounts(request, actor=staff.admin2, answers=cases.all_met(request))
    anchoring.anchor_of_the_day(clock.now())
    clock.advance(MINUTE)
    cases.settle(request)
    if not last_paper_is_owed:
        cases.render_papers(request)
    clock.advance(MINUTE)
    workflow.record_bounce(
        first,
        request.messages.get(account=first).pk,
        actor=staff.admin2,
        returned_at=clock.now() - MINUTE / 2,
        text="550 5.1.1 kotak surat tidak ada",
    )
    if not last_paper_is_owed:
        cases.render_papers(request)
    return cases.fresh(request)


def ended_before(
    request: AccountRequest, staff: OfficePeople, details: workflow.LateDetails
) -> LateEntry:
    """Step 3 is said to have ended half a minute ago, while the power was out."""
    return workflow.propose_late_entry(
        request,
        actor=staff.admin2,
        act=Act.RECORD_ACCOUNTS,
        happened_at=clock.now() - MINUTE / 2,
        reason="Listrik padam",
        evidence=_scan(64),
        details=details,
    )


def answer_and_return(request: AccountRequest, staff: OfficePeople) -> None:
    """The deviations of step 3 are answered for, and the answer is returned."""
    keys = Deviation.objects.filter(request=request, responsible=staff.admin2)
    cause = DeviationCause.objects.order_by("position")[0]
    answer = workflow.answer_deviations(
        keys.values_list("pk", flat=True),
        actor=staff.admin2,
        data=AnswerData(
            cause=cause.pk,
            explanation="Panduan belum terbit",
            remedy="Diminta kepada LKPP",
            prevention="Panduan diperiksa lebih awal",
        ),
    )
    workflow.judge_answer(
        answer, actor=staff.kepala, verdict=Verdict.RETURNED, ground="Lampirkan suratnya"
    )


def submit(request: AccountRequest, staff: OfficePeople) -> None:
    """Send the concept for paraf and have its papers rendered."""
    workflow.submit_for_initials(request, actor=staff.drafter, signing_method=SigningMethod.IN_APP)
    cases.render_papers(request)


def next_act(request: AccountRequest, staff: OfficePeople) -> None:
    """Whatever comes next on the case: an act that seals what it finds new."""
    workflow.attach_scan(request, actor=staff.admin2, upload=_scan(128), title="Lain-lain")


@contextmanager
def undone() -> Iterator[None]:
    """A stretch whose writes are all taken back, whatever foreign keys they would break."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def another(field: Any, value: Any) -> Any:
    """A value of the model field's type that is not ``value``."""
    if field.choices:
        return next(choice for choice, _label in field.flatchoices if choice != value)
    for kinds, change in _CHANGES:
        if isinstance(field, kinds):
            return change(value)
    longest = field.max_length or len(f"{value}x")
    return f"{value}x"[-longest:]


_CHANGES: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    ((models.ForeignKey, models.AutoField, models.IntegerField), lambda value: (value or 0) + 1000),
    (models.BooleanField, lambda value: not value),
    (models.DateTimeField, lambda value: (value or cases.MONDAY) + dt.timedelta(microseconds=1)),
    (models.DateField, lambda value: (value or cases.MONDAY.date()) + dt.timedelta(days=1)),
    (models.UUIDField, lambda _value: uuid.uuid4()),
    (models.JSONField, lambda v: {**v, "lain": 1} if isinstance(v, dict) else [*(v or []), 1]),
    (models.BinaryField, lambda value: bytes(value) + b"x"),
)


def forge(sequence: int, **changes: Any) -> None:
    """Change an entry and hash it and everything after it anew, as whoever owns the database can.

    The index of anchors follows, so that nothing inside the database tells of it.
    """
    previous = None
    for entry in AuditEntry.objects.filter(sequence__gte=sequence).order_by("sequence"):
        values: dict[str, Any] = changes if entry.sequence == sequence else {}
        for name, value in values.items():
            setattr(entry, name, value)
        if previous is not None:
            entry.previous_hash = previous
        entry.hash = audit.digest(entry)
        entry.save()
        previous = entry.hash
    AuditChain.objects.update(head=previous)
