"""Cases for tests, made as people make them: through the workflow, step by step.

``Office people`` and each stage of a case are plain functions, so that a test reads as a story.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from accounts_requests import clock, outbox, papers, workflow
from accounts_requests.answers import Answer
from accounts_requests.decree_data import DecreeData
from accounts_requests.models import (
    Account,
    AccountRequest,
    Appointment,
    Document,
    Message,
    Outage,
    User,
)
from accounts_requests.outbox import Delivery
from accounts_requests.registrants import PersonData
from accounts_requests.roles import Role
from accounts_requests.states import (
    DocumentState,
    MessageKind,
    SigningMethod,
    SmtpStage,
)

PASSWORD = "rahasia-contoh"
"""Everybody's password in tests."""

# Thursday, 12 March 2026 is in Ramadan; a plain week serves better: Monday 6 July 2026, 10.00 WITA.
MONDAY = dt.datetime(2026, 7, 6, 2, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class OfficePeople:
    """One person for each role; ``admin2`` is a second Admin PPE, ``nobody`` holds no role."""

    kepala: User
    drafter: User
    admin1: User
    admin2: User
    biro: User
    inspector: User
    keeper: User
    nobody: User


def make_person(username: str, full_name: str, role: Role | None) -> User:
    """A user who holds ``role`` since 2023."""
    user = User.objects.create_user(
        username,
        f"{username}@kantor.example",
        PASSWORD,
        full_name=full_name,
        nip="197205282005021001",
        rank="Pembina (IV/a)",
        position=role.label if role else "",
    )
    if role is not None:
        Appointment.objects.create(person=user, role=role, since=dt.date(2023, 1, 1))
    return user


def make_office_people() -> OfficePeople:
    """The staff of the example office."""
    return OfficePeople(
        kepala=make_person("kepala", "Kepala Contoh", Role.KEPALA_LPSE),
        drafter=make_person("penyusun", "Penyusun Contoh", Role.PENYUSUN_KONSEP),
        admin1=make_person("admin1", "Admin Contoh Satu", Role.ADMIN_PPE),
        admin2=make_person("admin2", "Admin Contoh Dua", Role.ADMIN_PPE),
        biro=make_person("biro", "Biro Contoh", Role.KEPALA_BIRO),
        inspector=make_person("inspektur", "Inspektur Contoh", Role.INSPEKTORAT),
        keeper=make_person("pengelola", "Pengelola Contoh", Role.PENGELOLA_APLIKASI),
        nobody=make_person("tamu", "Tamu Contoh", None),
    )


def decree(**changes: object) -> DecreeData:
    """The data of an SK, received now."""
    data = DecreeData(
        subject="Akun Verifikator, Helpdesk, dan Admin Agency LPSE",
        considerations="bahwa diperlukan akun untuk melaksanakan tugas\n"
        "bahwa nama dalam lampiran memenuhi syarat",
        legal_bases="Peraturan Presiden Nomor 16 Tahun 2018\n"
        "Peraturan Pemerintah Nomor 71 Tahun 2019",
        noted="",
        copies_to="Kepala Biro Pengadaan Barang dan Jasa",
        valid_from=dt.date(2026, 7, 1),
        valid_until=dt.date(2027, 6, 30),
        received_at=clock.now(),
        signing_method=SigningMethod.IN_APP,
    )
    return replace(data, **changes)  # type: ignore[arg-type]


KINDS = ("verifikator", "helpdesk", "admin_agency")


def person(number: int, **changes: object) -> PersonData:
    """The Formulir of example person ``number`` (1, 2, …), each with a valid NIP of their own."""
    data = PersonData(
        account_kind=KINDS[(number - 1) % 3],
        full_name=f"Contoh Personel {number:03d}",
        title_after="S.Kom.",
        employment="pns",
        nip=f"1985010120100110{number:02d}" if number < 100 else f"198501012010011{number:03d}",
        rank="Penata",
        grade="III/c",
        position="Pengelola Pengadaan",
        work_unit="Biro Pengadaan Barang dan Jasa",
        agency="Pemerintah Provinsi Kalimantan Timur",
        email=f"personel{number:03d}@contoh.example",
        mobile="+628123456789",
        office_address="Jalan Contoh Nomor 1, Samarinda",
        proposed_user_id=f"personel.{number:03d}",
        valid_until=dt.date(2027, 6, 30),
        statement_date=clock.today(),
        form_number=f"F-{number:03d}",
    )
    return replace(data, **changes)  # type: ignore[arg-type]


def an_outage() -> Outage:
    """One on record that belongs to no case: the office was without power, and is still."""
    since = MONDAY - dt.timedelta(days=7)
    return Outage.objects.get_or_create(
        subject="power", source="declared", since=since, defaults={"recorded_at": since}
    )[0]


def fresh(request: AccountRequest) -> AccountRequest:
    """The case as it is in the database now (``refresh_from_db`` is unsafe with FSM fields)."""
    return AccountRequest.objects.get(pk=request.pk)


def render_papers(request: AccountRequest) -> None:
    """Do what the worker owes: render every paper of the case."""
    while (document := papers.claim_owed(clock.now())) is not None:
        papers.render_claimed(document, clock.now())
    left = Document.objects.filter(request=request, superseded_at__isnull=True).exclude(
        state=DocumentState.STORED
    )
    assert list(left.values_list("kind", "last_error")) == []


def draft(staff: OfficePeople, *, people: int = 2, **changes: object) -> AccountRequest:
    """A draft with some people, prepared by the Penyusun Konsep."""
    request = workflow.create_request(actor=staff.drafter, decree=decree(**changes))
    for number in range(1, people + 1):
        workflow.add_registrant(request, actor=staff.drafter, person=person(number))
    return fresh(request)


def submitted(staff: OfficePeople, *, people: int = 2, **changes: object) -> AccountRequest:
    """A case at paraf: people locked, Formulir rendered."""
    request = draft(staff, people=people, **changes)
    workflow.submit_for_initials(
        request, actor=staff.drafter, signing_method=SigningMethod(request.signing_method)
    )
    render_papers(request)
    return fresh(request)


def issued(
    staff: OfficePeople, *, people: int = 2, number: str = "000.3/1/B.PBJ-II/2026"
) -> AccountRequest:
    """A case whose SK Kepala LPSE has issued today."""
    request = submitted(staff, people=people)
    workflow.issue_decree(
        request, actor=staff.kepala, number=number, date=clock.today(), password=PASSWORD
    )
    return fresh(request)


def ordered(
    staff: OfficePeople, *, people: int = 2, number: str = "000.3/1/B.PBJ-II/2026"
) -> AccountRequest:
    """A case that Admin PPE is ordered to carry out."""
    request = issued(staff, people=people, number=number)
    workflow.order_accounts(request, actor=staff.kepala, order_number="094/1/B.PBJ-II/2026")
    render_papers(request)
    return fresh(request)


def claimed(
    staff: OfficePeople, *, people: int = 2, number: str = "000.3/1/B.PBJ-II/2026"
) -> AccountRequest:
    """A case that admin1 holds."""
    request = ordered(staff, people=people, number=number)
    workflow.claim(request, actor=staff.admin1)
    return fresh(request)


def accounts(request: AccountRequest) -> list[Account]:
    """The accounts of the case in the order of its people."""
    return list(
        Account.objects.filter(registrant__request=request)
        .select_related("registrant__request")
        .order_by("registrant__position_in_list")
    )


def record_created(account: Account, actor: User) -> None:
    """The account exists in SPSE just as its Formulir says."""
    workflow.record_created(
        account,
        actor=actor,
        user_id=account.registrant.proposed_user_id,
        registered_email=account.registrant.email,
        matches_form=True,
    )


def all_met(request: AccountRequest) -> dict[int, Answer]:
    """Every kelengkapan of the running step is met."""
    run = request.step_runs.filter(finished_at__isnull=True, paused_at__isnull=True).first()
    if run is None:
        return {}
    return {
        requirement.pk: Answer(met=True, explanation="")
        for requirement in run.step.requirements.all()
    }


def recorded(
    staff: OfficePeople,
    *,
    people: int = 2,
    refused: int = 0,
    number: str = "000.3/1/B.PBJ-II/2026",
) -> AccountRequest:
    """A case whose step 3 is done; the last ``refused`` accounts could not be created."""
    request = claimed(staff, people=people, number=number)
    rows = accounts(request)
    for account in rows[: people - refused]:
        record_created(account, staff.admin1)
    for account in rows[people - refused :]:
        workflow.record_refused(account, actor=staff.admin1, reason="NIP belum aktif di SPSE")
    workflow.record_accounts(request, actor=staff.admin1, answers=all_met(request))
    render_papers(request)
    return fresh(request)


def sent(
    staff: OfficePeople,
    *,
    people: int = 2,
    refused: int = 0,
    number: str = "000.3/1/B.PBJ-II/2026",
) -> AccountRequest:
    """A case whose messages are queued."""
    request = recorded(staff, people=people, refused=refused, number=number)
    workflow.send_accounts(request, actor=staff.admin1, answers=all_met(request))
    return fresh(request)


ACCEPTED = Delivery(outcome="accepted", stage=SmtpStage.ANSWERED, code=250, answer="2.0.0 Ok")
REFUSED = Delivery(
    outcome="failed", stage=SmtpStage.ENVELOPE, code=550, answer="5.1.1 No such user"
)
LOST = Delivery(outcome="uncertain", stage=SmtpStage.FINAL_DOT, code=None, answer="")


def settle(
    request: AccountRequest, answer: Callable[[Message], Delivery] = lambda _message: ACCEPTED
) -> None:
    """Let the mail server answer every message that is due: notices yes, accounts by ``answer``."""
    while (message := outbox.claim_next("tests", clock.now())) is not None:
        credentials = message.kind == MessageKind.CREDENTIALS and message.request == request
        delivery = answer(message) if credentials else ACCEPTED
        workflow.settle_message(message.pk, delivery, at=clock.now())


def emailed(
    staff: OfficePeople,
    *,
    people: int = 2,
    refused: int = 0,
    number: str = "000.3/1/B.PBJ-II/2026",
) -> AccountRequest:
    """A case whose every message was accepted by the mail server."""
    request = sent(staff, people=people, refused=refused, number=number)
    settle(request)
    render_papers(request)
    return fresh(request)


def archived(
    staff: OfficePeople,
    *,
    people: int = 2,
    refused: int = 0,
    number: str = "000.3/1/B.PBJ-II/2026",
) -> AccountRequest:
    """A case that went all the way."""
    request = emailed(staff, people=people, refused=refused, number=number)
    workflow.archive(
        request, actor=staff.admin1, answers=all_met(request), location="Rak 1, Boks 2"
    )
    render_papers(request)
    return fresh(request)
