"""Every state × act × role: who may do what when, in one table that the code must equal."""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import transaction
from PIL import Image

from accounts_requests import clock, permissions, workflow
from accounts_requests.exceptions import (
    InvalidInput,
    NotAllowedNow,
    NotPermitted,
    SecretUnavailable,
)
from accounts_requests.models import (
    Account,
    AccountRequest,
    DestructionProposal,
    Document,
    LateEntry,
    Registrant,
    User,
)
from accounts_requests.roles import Role
from accounts_requests.states import Act, CaseState, DocumentKind, SigningMethod
from accounts_requests.uploads import Upload

from . import archive_cases, cases
from .cases import OfficePeople

pytestmark = pytest.mark.django_db

# Where a case can stand: the states, with a draft before and after it went for paraf.
DRAFT, PARAF, ISSUED, ORDERED, CREATED, QUEUED, EMAILED, ARCHIVED, CANCELLED = SITUATIONS = (
    "draft",
    "paraf",
    "issued",
    "ordered",
    "accounts created",
    "mail queued",
    "e-mail sent",
    "archived",
    "cancelled",
)

KEPALA, DRAFTER, ADMIN = Role.KEPALA_LPSE, Role.PENYUSUN_KONSEP, Role.ADMIN_PPE


def _pixel() -> bytes:
    target = io.BytesIO()
    Image.new("L", (8, 8), 255).save(target, "PNG")
    return target.getvalue()


PIXEL = _pixel()


@dataclass(frozen=True)
class Rule:
    """The situations and roles in which an act goes through, and how it is called."""

    situations: tuple[str, ...]
    roles: tuple[Role, ...]
    call: Callable[[AccountRequest, User], object]


def first(request: AccountRequest) -> Registrant:
    return request.registrants.order_by("position_in_list")[0]


def account(request: AccountRequest) -> Account:
    rows = cases.accounts(request)
    return rows[0] if rows else Account(registrant=first(request))


def finish_step_3(request: AccountRequest, user: User) -> None:
    for row in cases.accounts(request):
        cases.record_created(row, user)
    workflow.record_accounts(request, actor=user, answers=cases.all_met(request))


def propose_late(request: AccountRequest, user: User) -> None:
    """That the running step ended this very moment."""
    if request.state == CaseState.ORDERED:
        for row in cases.accounts(request):
            cases.record_created(row, user)
    workflow.propose_late_entry(
        request,
        actor=user,
        act=Act.ARCHIVE if request.state == CaseState.EMAIL_SENT else Act.RECORD_ACCOUNTS,
        happened_at=clock.now(),
        reason="Listrik padam",
        evidence=scan(),
        details=workflow.LateDetails(answers=cases.all_met(request)),
    )


def record_late(request: AccountRequest, user: User) -> None:
    workflow.record_late(
        request,
        actor=user,
        act=Act.ORDER if request.state == CaseState.DECREE_ISSUED else Act.ISSUE_DECREE,
        happened_at=clock.now(),
        reason="Listrik padam",
        evidence=scan(),
        details=workflow.LateDetails(
            number="000.3/79/2026", date=clock.today(), signed_file=scan()
        ),
    )


def propose_destruction(request: AccountRequest, user: User) -> None:
    """What is permanent or still kept cannot be proposed: for this table, that is not now."""
    try:
        workflow.propose_destruction(
            [request], actor=user, reason="Retensi berakhir", legal_basis="Jadwal Retensi Arsip"
        )
    except InvalidInput as error:
        raise NotAllowedNow(str(error)) from error


def came_back(request: AccountRequest, user: User) -> None:
    row = account(request)
    sent = row.messages.first() if row.pk else None
    workflow.record_bounce(
        row,
        sent.pk if sent else 0,
        actor=user,
        returned_at=clock.now(),
        text="550 kotak surat tidak ada",
    )


def send_again(request: AccountRequest, user: User) -> None:
    row = account(request)
    with clock.moved_to(cases.MONDAY + dt.timedelta(minutes=1)):
        workflow.new_password(row, actor=user)
        workflow.resend(
            row,
            actor=user,
            address="baru@contoh.example",
            reason="Alamat salah",
            had_signed_in=False,
            changed_in_spse=True,
        )


def scan() -> Upload:
    return Upload(file_name="pindai.png", data=PIXEL)


# The table. ``call`` uses input that is right in every state where the act is allowed at all.
RULES: dict[Act, Rule] = {
    Act.EDIT: Rule(
        (DRAFT,),
        (KEPALA, DRAFTER),
        lambda r, u: workflow.edit_decree(r, actor=u, decree=cases.decree(subject="Baru")),
    ),
    Act.ADD_REGISTRANT: Rule(
        (DRAFT,),
        (KEPALA, DRAFTER),
        lambda r, u: workflow.add_registrant(r, actor=u, person=cases.person(9)),
    ),
    Act.EDIT_REGISTRANT: Rule(
        (DRAFT,),
        (KEPALA, DRAFTER),
        lambda r, u: workflow.edit_registrant(
            first(r), actor=u, person=cases.person(1, position="Kepala Bagian")
        ),
    ),
    Act.REMOVE_REGISTRANT: Rule(
        (DRAFT,), (KEPALA, DRAFTER), lambda r, u: workflow.remove_registrant(first(r), actor=u)
    ),
    Act.IMPORT_REGISTRANTS: Rule(
        (DRAFT,),
        (KEPALA, DRAFTER),
        lambda r, u: workflow.import_registrants(
            r, actor=u, people=[cases.person(8)], replace=False
        ),
    ),
    Act.ATTACH: Rule(
        (DRAFT, PARAF, ISSUED, ORDERED, CREATED, QUEUED, EMAILED),
        (KEPALA, DRAFTER, ADMIN),
        lambda r, u: workflow.attach_scan(r, actor=u, upload=scan(), title="Surat"),
    ),
    # Under the proposed reading step 1 begins with the receipt: there is nothing to declare.
    Act.DECLARE_COMPLETE: Rule(
        (), (KEPALA, DRAFTER), lambda r, u: workflow.declare_complete(r, actor=u)
    ),
    Act.SUBMIT_FOR_INITIALS: Rule(
        (DRAFT,),
        (KEPALA, DRAFTER),
        lambda r, u: workflow.submit_for_initials(r, actor=u, signing_method=SigningMethod.IN_APP),
    ),
    Act.UNLOCK: Rule(
        (PARAF,),
        (KEPALA, DRAFTER),
        lambda r, u: workflow.unlock_people(r, actor=u, reason="Ada personel yang kurang"),
    ),
    Act.ADVANCE_STAGE: Rule(
        (PARAF,), (KEPALA, DRAFTER), lambda r, u: workflow.complete_stage(r, actor=u)
    ),
    Act.SET_NUMBER: Rule(
        (DRAFT, PARAF),
        (KEPALA, DRAFTER),
        lambda r, u: workflow.set_decree_number(r, actor=u, number="000.3/77/2026", date=None),
    ),
    # Without the office's e-sign service, and approved in the application, nothing goes there.
    Act.SEND_FOR_SIGNING: Rule(
        (), (KEPALA, DRAFTER), lambda r, u: workflow.send_for_signing(r, actor=u)
    ),
    Act.WITHDRAW_SIGNING: Rule(
        (),
        (KEPALA, DRAFTER),
        lambda r, u: workflow.withdraw_signing(r, actor=u, seen=None),
    ),
    Act.ISSUE_DECREE: Rule(
        (PARAF,),
        (KEPALA,),
        lambda r, u: workflow.issue_decree(
            r, actor=u, number="000.3/78/2026", date=clock.today(), password=cases.PASSWORD
        ),
    ),
    Act.MEND_REGISTRANT: Rule(
        (ISSUED,),
        (KEPALA, DRAFTER),
        lambda r, u: workflow.mend_registrant(
            first(r),
            actor=u,
            person=cases.person(1, email="baru@contoh.example"),
            reason="Alamat salah ketik",
        ),
    ),
    Act.AMEND_DECREE: Rule(
        (ISSUED, ORDERED, CREATED, QUEUED, EMAILED, ARCHIVED, CANCELLED),
        (KEPALA,),
        lambda r, u: workflow.amend_decree(
            r,
            actor=u,
            paper=workflow.DecreePaper(
                kind=DocumentKind.DECREE_AMENDMENT,
                number="000.3/90/2026",
                date=clock.today(),
                positions=[1],
                upload=scan(),
            ),
            reason="Jabatan berubah",
        ),
    ),
    # Approved in the application, an SK has no certified signature to look at.
    Act.CHECK_SIGNATURE: Rule((), (KEPALA, ADMIN), lambda r, u: workflow.check_again(r, actor=u)),
    Act.ORDER: Rule((ISSUED,), (KEPALA,), lambda r, u: workflow.order_accounts(r, actor=u)),
    Act.CANCEL: Rule(
        (DRAFT, PARAF, ISSUED, ORDERED),
        (KEPALA,),
        lambda r, u: workflow.cancel(r, actor=u, reason="Tidak jadi diperlukan"),
    ),
    Act.RETURN: Rule(
        (ORDERED,),
        (ADMIN,),
        lambda r, u: workflow.return_to_head(r, actor=u, reason="Formulir kurang lengkap"),
    ),
    Act.CLAIM: Rule((), (ADMIN,), lambda r, u: workflow.claim(r, actor=u)),
    Act.TAKE_OVER: Rule(
        (),
        (ADMIN,),
        lambda r, u: workflow.take_over(r, actor=u, reason="Pemegangnya sendiri"),
    ),
    Act.REVEAL: Rule(
        (ORDERED, CREATED, QUEUED),
        (ADMIN,),
        lambda r, u: workflow.reveal_password(account(r), actor=u),
    ),
    Act.NEW_PASSWORD: Rule(
        (ORDERED, CREATED, ARCHIVED),
        (ADMIN,),
        lambda r, u: workflow.new_password(account(r), actor=u),
    ),
    Act.RECORD_ACCOUNT: Rule(
        (ORDERED,), (ADMIN,), lambda r, u: cases.record_created(account(r), u)
    ),
    Act.RECORD_ACCOUNTS: Rule(
        (ORDERED,),
        (ADMIN,),
        finish_step_3,
    ),
    Act.SEND: Rule(
        (CREATED,),
        (ADMIN,),
        lambda r, u: workflow.send_accounts(r, actor=u, answers=cases.all_met(r)),
    ),
    # Where nothing came back, an account that was accepted goes again when its case is archived.
    Act.RESEND: Rule((ARCHIVED,), (ADMIN,), send_again),
    Act.HAND_OVER: Rule(
        (), (ADMIN,), lambda r, u: workflow.hand_over(account(r), actor=u, note="Diantar langsung")
    ),
    Act.NOT_DELIVERED: Rule(
        (), (ADMIN,), lambda r, u: workflow.give_up(account(r), actor=u, reason="Pindah tugas")
    ),
    Act.SENT_OUTSIDE: Rule(
        (QUEUED,),
        (ADMIN,),
        lambda r, u: workflow.record_sent_outside(
            account(r),
            actor=u,
            sent_at=clock.now(),
            mailbox="lpse@contoh.example",
            reason="Server e-mail tidak terjangkau",
            proof=scan(),
            blacked_out=True,
        ),
    ),
    Act.RECORD_BOUNCE: Rule((EMAILED, ARCHIVED), (ADMIN,), came_back),
    Act.DETACH: Rule(
        (),
        (KEPALA, DRAFTER),
        lambda r, u: workflow.detach_scan(Document(request=r), actor=u),
    ),
    Act.ARCHIVE: Rule(
        (EMAILED,),
        (ADMIN,),
        lambda r, u: workflow.archive(r, actor=u, answers=cases.all_met(r)),
    ),
    Act.PROPOSE_LATE_ENTRY: Rule((ORDERED, EMAILED), (ADMIN,), propose_late),
    Act.RECORD_LATE_ENTRY: Rule((PARAF, ISSUED), (KEPALA,), record_late),
    # Where nothing was proposed, nothing can be decided.
    Act.CONFIRM_LATE_ENTRY: Rule(
        (),
        (KEPALA,),
        lambda r, u: workflow.confirm_late_entry(LateEntry(request=r), actor=u),
    ),
    Act.REFUSE_LATE_ENTRY: Rule(
        (),
        (KEPALA,),
        lambda r, u: workflow.refuse_late_entry(LateEntry(request=r), actor=u, note="Tidak ada"),
    ),
    Act.DESCRIBE_FILE: Rule(
        (ARCHIVED,),
        (ADMIN,),
        lambda r, u: workflow.describe_file(
            r, actor=u, data=archive_cases.data(r, rack="9"), reason="Pindah rak"
        ),
    ),
    # Nothing is due on the day of its archiving, and nothing was proposed.
    Act.MOVE_FILE: Rule(
        (), (ADMIN,), lambda r, u: workflow.move_file(r, actor=u, data=archive_cases.move())
    ),
    Act.PROPOSE_DESTRUCTION: Rule((), (ADMIN,), propose_destruction),
    Act.DECIDE_DESTRUCTION: Rule(
        (),
        (Role.KEPALA_BIRO,),
        lambda r, u: workflow.decide_destruction(
            DestructionProposal(request=r), actor=u, verdict="disetujui", minutes_number="1"
        ),
    ),
}


def in_situation(situation: str, staff: OfficePeople) -> AccountRequest:
    """A case in that situation, held by admin1 once it is ordered."""
    builders: dict[str, Callable[[OfficePeople], AccountRequest]] = {
        DRAFT: cases.draft,
        PARAF: cases.submitted,
        ISSUED: cases.issued,
        ORDERED: cases.claimed,
        CREATED: cases.recorded,
        QUEUED: cases.sent,
        EMAILED: cases.emailed,
        ARCHIVED: cases.archived,
    }
    if situation != CANCELLED:
        return builders[situation](staff)
    request = cases.issued(staff)
    workflow.cancel(request, actor=staff.kepala, reason="Tidak jadi diperlukan")
    return cases.fresh(request)


def outcome(rule: Rule, request: AccountRequest, user: User) -> str:
    """What the gate makes of it; whatever was done is undone again."""
    try:
        with transaction.atomic():
            rule.call(cases.fresh(request), user)
            transaction.set_rollback(True)
    except NotPermitted:
        return "not permitted"
    except (NotAllowedNow, SecretUnavailable):  # no password waits: none can be shown
        return "not now"
    return "done"


def expected(rule: Rule, situation: str, role: Role | None) -> str:
    if role not in rule.roles:
        return "not permitted"
    return "done" if situation in rule.situations else "not now"


STAFF_FIELD: dict[Role | None, str] = {
    Role.KEPALA_LPSE: "kepala",
    Role.PENYUSUN_KONSEP: "drafter",
    Role.ADMIN_PPE: "admin1",
    Role.KEPALA_BIRO: "biro",
    Role.INSPEKTORAT: "inspector",
    Role.PENGELOLA_APLIKASI: "keeper",
    None: "nobody",
}


def test_every_act_on_a_case_has_a_rule_here() -> None:
    assert set(RULES) == set(permissions.MAY) - {Act.CREATE}


def test_every_role_is_tried() -> None:
    assert set(STAFF_FIELD) == {*Role, None}


@pytest.mark.parametrize("role", STAFF_FIELD)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_act_in_this_situation_by_this_role(
    situation: str, role: Role | None, office_people: OfficePeople, quick_papers: None
) -> None:
    with clock.moved_to(cases.MONDAY):
        request = in_situation(situation, office_people)
        user = getattr(office_people, STAFF_FIELD[role])
        found = {act: outcome(rule, request, user) for act, rule in RULES.items()}
    assert found == {act: expected(rule, situation, role) for act, rule in RULES.items()}
