"""One file with everything that papers tell: late and answered for, returned mail, its end.

Three people; admin1 is an hour late with step 3, which is answered for, returned, answered again
and accepted after the file was archived; one message came back; the file is described, examined,
reported on, and at last may be destroyed. Everybody in it is an example.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from accounts_requests import (
    archive_contents,
    archive_register,
    clock,
    documents,
    figures,
    monitoring,
    papers,
    questionnaires,
    workflow,
)
from accounts_requests.documents import (
    archive_lists,
    destruction_minutes,
    figures_paper,
    hand_over_paper,
    monitoring_paper,
    print_copy,
    reading_sheet,
    sop_sheet,
)
from accounts_requests.models import (
    AccountRequest,
    DestructionProposal,
    DeviationAnswer,
    EvidenceHandOver,
    EvidencePackage,
    FinalDisposition,
    Message,
    Monitoring,
    Office,
    Reading,
    SopRevision,
)
from accounts_requests.report_periods import half_year
from accounts_requests.states import DocumentKind, Verdict

from . import accountability_cases, archive_cases, cases, evidence_cases, monitoring_cases
from .cases import OfficePeople
from .paper_samples import with_template

PERIOD = half_year(dt.date(2026, 12, 31))
REPORTED = dt.datetime(2027, 1, 4, 2, 0, tzinfo=dt.UTC)
MINUTES = {"number": "045/9/B.PBJ-II/2032", "note": "Berkas kertas dimusnahkan dengan dicacah."}


@dataclass(frozen=True, kw_only=True)
class Story:
    """The rows of the story, in the order in which they came about; ``file`` as it was archived."""

    staff: OfficePeople
    case: AccountRequest
    file: tuple[str, bytes]
    answer: DeviationAnswer
    package: EvidencePackage
    report: Monitoring
    proposal: DestructionProposal
    again: Message


def happened(staff: OfficePeople) -> Story:
    """Let it happen, through the gate, until the file may be destroyed."""
    Office.objects.update(city="Samarinda")
    case = accountability_cases.late_step3(staff, people=3)
    case = accountability_cases.to_the_archive(case, staff)
    archived_at: Any = case.archived_at
    row = case.documents.get(kind=DocumentKind.ARCHIVE_FILE)
    file = with_template(
        lambda: (
            documents.render(row.kind, case, at=archived_at, document=row, read=papers.read).data
        )
    )
    with clock.moved_to(accountability_cases.LATER):
        account = cases.accounts(case)[0]
        workflow.record_bounce(
            account,
            Message.objects.get(account=account).pk,
            actor=staff.admin1,
            returned_at=clock.now() - dt.timedelta(hours=1),
            text="550 5.1.1 kotak surat tidak ada",
        )
        lateness = case.deviations.filter(aspect="waktu").values_list("pk", flat=True)
        first = workflow.answer_deviations(
            list(lateness),
            actor=staff.admin1,
            data=accountability_cases.data(),
            evidence=[],
        )
        workflow.judge_answer(
            first, actor=staff.kepala, verdict=Verdict.RETURNED, ground="Belum ada bukti."
        )
        answer = workflow.answer_deviations(
            list(lateness),
            actor=staff.admin1,
            data=accountability_cases.data("SPSE tidak dapat dibuka; tangkapan layar terlampir."),
            evidence=[accountability_cases.picture()],
        )
        accountability_cases.accepted(answer, actor=staff.kepala)
        cases.render_papers(case)
        package = evidence_cases.made(case, actor=staff.inspector)
        workflow.describe_file(
            case,
            actor=staff.admin1,
            data=replace(archive_cases.data(case), disposition=FinalDisposition.DESTROY),
            reason="Menurut Jadwal Retensi Arsip.",
        )
        again = _sent_again(staff, case)
    with clock.moved_to(REPORTED):
        report = _judged(staff)
    with clock.moved_to(archive_cases.RETENTION_OVER):
        proposal = archive_cases.proposed(staff, case)
    return Story(
        staff=staff,
        case=cases.fresh(case),
        file=file,
        answer=answer,
        package=package,
        report=report,
        proposal=proposal,
        again=again,
    )


def _sent_again(staff: OfficePeople, case: AccountRequest) -> Message:
    """The second person lost the password; the server accepts the new message."""
    account = cases.accounts(case)[1]
    workflow.new_password(account, actor=staff.admin1)
    workflow.resend(
        account,
        actor=staff.admin1,
        address=account.registered_email,
        reason="Personel kehilangan password",
        had_signed_in=True,
        changed_in_spse=True,
    )
    cases.settle(case)
    cases.render_papers(case)
    return account.messages.latest("pk")


def _judged(staff: OfficePeople) -> Monitoring:
    revision = monitoring.revision_for(PERIOD)
    lines = monitoring.prepare(figures.of(PERIOD, at=clock.now()), revision)
    return monitoring.drafted(
        PERIOD,
        revision,
        lines,
        monitoring_cases.all_well(lines),
        questionnaires.in_use(),
        actor=staff.kepala,
        role=monitoring.require_judge(staff.kepala),
        at=clock.now(),
    )


def told(story: Story) -> Iterator[tuple[str, str, bytes]]:
    """Every paper of the story that an ordinary case has not: name, template and bytes."""
    yield DocumentKind.ARCHIVE_FILE, *story.file
    for name, make in _made(story).items():
        yield name, *with_template(make)


def _made(story: Story) -> dict[str, Callable[[], bytes]]:
    case, staff, office = story.case, story.staff, Office.current()
    later = accountability_cases.LATER
    answered = case.documents.get(kind=DocumentKind.ANSWER_SHEET)
    returned = case.documents.get(kind=DocumentKind.BOUNCE_SHEET)
    resent = case.documents.get(kind=DocumentKind.RESEND_PROOF)
    line = archive_register.line_of(case, office, today=later.date())
    items = archive_contents.items(case, line.code, reads_people=True)
    content = EvidenceHandOver.objects.get(package=story.package).content
    proof = story.answer.documents.get(kind=DocumentKind.ANSWER_PROOF)
    return {
        answered.kind: lambda: (
            documents.render(answered.kind, case, at=later, document=answered).data
        ),
        returned.kind: lambda: (
            documents.render(
                returned.kind, case, at=later, document=returned, registrant=returned.registrant
            ).data
        ),
        resent.kind: lambda: (
            documents.render(
                resent.kind, case, at=later, document=resent, registrant=resent.registrant
            ).data
        ),
        "file_list": lambda: (
            archive_lists.render_register([line], "", at=later, by=staff.kepala).data
        ),
        "file_contents": lambda: (
            archive_lists.render_contents(line, items, at=later, by=staff.kepala).data
        ),
        "hand_over": lambda: hand_over_paper.render(story.package, content, at=later).data,
        "destruction_minutes": lambda: (
            destruction_minutes.render(
                story.proposal,
                actor=staff.biro,
                title="Kepala Biro",
                at=archive_cases.RETENTION_OVER,
                **MINUTES,
            ).data
        ),
        "figures": lambda: (
            figures_paper.render(figures.of(PERIOD, at=REPORTED), at=REPORTED, by=staff.kepala).data
        ),
        "monitoring": lambda: monitoring_paper.render(story.report).data,
        "sop_sheet": lambda: sop_sheet.render(SopRevision.objects.get(), at=later).data,
        "reading_sheet": lambda: reading_sheet.render(Reading.objects.get(), at=later).data,
        "scan_page": lambda: print_copy._picture_page(proof, papers.read(proof), later),
    }
