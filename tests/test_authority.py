"""Authority in a case: one executor role each, acting officials within their dates, no keeper."""

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import (
    audit,
    clock,
    executor_roles,
    mail_texts,
    permissions,
    policies,
    work_queues,
    workflow,
)
from accounts_requests.acts.signer import signer_of_the_day
from accounts_requests.answers import Answer
from accounts_requests.documents import control_sheet, order
from accounts_requests.exceptions import NotAllowedNow, NotPermitted
from accounts_requests.models import (
    AccountRequest,
    Appointment,
    AuditEntry,
    Message,
    Office,
    User,
)
from accounts_requests.roles import Capacity, Role
from accounts_requests.states import Act, CaseState, DocumentKind, MessageKind, SigningMethod

from . import cases
from .cases import MONDAY, OfficePeople
from .test_gate_matrix import RULES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield


def also(person: User, role: Role, **changes: object) -> Appointment:
    """``person`` holds ``role`` as well."""
    dates = {"since": dt.date(2026, 1, 1), **changes}
    return Appointment.objects.create(person=person, role=role, **dates)


def allow_both() -> None:
    Office.objects.update(allows_both_executor_roles=True)


def given_back(staff: OfficePeople) -> AccountRequest:
    """A case that admin1 held and gave back to Kepala LPSE."""
    case = cases.claimed(staff)
    workflow.return_to_head(case, actor=staff.admin1, reason="Formulir kurang lengkap")
    return cases.fresh(case)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(NotAllowedNow) as raised:
        act()
    return str(raised.value)


ISSUED_THEREFORE_NO_ADMIN = (
    "Anda telah bertindak sebagai Kepala LPSE pada permohonan ini, sehingga tidak dapat bertindak "
    "pula sebagai Admin PPE. Minta Admin PPE lain melanjutkannya; bila tidak ada, Pengelola "
    "Aplikasi dapat mengizinkan perangkapan pada pengaturan Kantor."
)
HELD_THEREFORE_NO_HEAD = (
    "Anda telah bertindak sebagai Admin PPE pada permohonan ini, sehingga tidak dapat bertindak "
    "pula sebagai Kepala LPSE. Minta Plt. atau Plh. Kepala LPSE melanjutkannya; bila tidak ada, "
    "Pengelola Aplikasi dapat mengizinkan perangkapan pada pengaturan Kantor."
)


# -- nobody acts in both executor roles ------------------------------------------------------------


def test_every_act_of_one_executor_alone_is_under_the_rule() -> None:
    alone = {act: roles[0] for act, roles in permissions.MAY.items() if len(roles) == 1}
    executors = {Role.KEPALA_LPSE, Role.ADMIN_PPE}

    assert {act: role for act, role in alone.items() if role in executors} == executor_roles.ACTS
    assert set(executor_roles.ACTS.values()) == {Role.KEPALA_LPSE, Role.ADMIN_PPE}


def test_who_ordered_cannot_take_the_task(office_people: OfficePeople) -> None:
    case = cases.ordered(office_people)
    also(office_people.kepala, Role.ADMIN_PPE)

    said = refusal(lambda: workflow.claim(case, actor=office_people.kepala))

    assert said == ISSUED_THEREFORE_NO_ADMIN
    assert cases.fresh(case).assignee is None


def test_who_only_issued_cannot_take_it_over_either(office_people: OfficePeople) -> None:
    case = cases.issued(office_people)
    also(office_people.biro, Role.KEPALA_LPSE)
    workflow.order_accounts(case, actor=office_people.biro)
    workflow.claim(case, actor=office_people.admin1)
    also(office_people.kepala, Role.ADMIN_PPE)

    for who in (office_people.kepala, office_people.biro):
        also(who, Role.ADMIN_PPE)
        said = refusal(lambda: workflow.take_over(case, actor=who, reason="Cuti mendadak"))  # noqa: B023  called at once
        assert said == ISSUED_THEREFORE_NO_ADMIN


def test_who_held_the_task_cannot_order_or_cancel_after_a_return(
    office_people: OfficePeople,
) -> None:
    case = given_back(office_people)
    also(office_people.admin1, Role.KEPALA_LPSE)

    said = [
        refusal(lambda: workflow.order_accounts(case, actor=office_people.admin1)),
        refusal(
            lambda: workflow.cancel(case, actor=office_people.admin1, reason="Tidak diperlukan")
        ),
    ]

    assert said == [HELD_THEREFORE_NO_HEAD] * 2
    workflow.order_accounts(case, actor=office_people.kepala)
    assert cases.fresh(case).state == CaseState.ORDERED


def test_who_held_it_before_a_take_over_has_acted_too(office_people: OfficePeople) -> None:
    case = cases.claimed(office_people)
    workflow.take_over(case, actor=office_people.admin2, reason="Cuti mendadak")
    workflow.return_to_head(case, actor=office_people.admin2, reason="Formulir kurang lengkap")
    also(office_people.admin1, Role.KEPALA_LPSE)

    said = refusal(lambda: workflow.order_accounts(case, actor=office_people.admin1))

    assert said == HELD_THEREFORE_NO_HEAD


def test_the_record_decides_not_todays_appointments(office_people: OfficePeople) -> None:
    case = cases.ordered(office_people)
    office_people.kepala.appointments.update(until=dt.date(2026, 7, 5))
    also(office_people.kepala, Role.ADMIN_PPE)

    said = refusal(lambda: workflow.claim(case, actor=office_people.kepala))

    assert said == ISSUED_THEREFORE_NO_ADMIN


def test_in_another_case_the_other_role_may_be_taken(office_people: OfficePeople) -> None:
    cases.claimed(office_people, number="000.3/1/X")
    other = cases.submitted(office_people)
    also(office_people.admin1, Role.KEPALA_LPSE)

    workflow.issue_decree(
        other,
        actor=office_people.admin1,
        number="000.3/2/X",
        date=clock.today(),
        password=cases.PASSWORD,
    )

    assert cases.fresh(other).state == CaseState.DECREE_ISSUED


def test_drafting_is_no_executors_role(office_people: OfficePeople) -> None:
    also(office_people.drafter, Role.ADMIN_PPE)
    case = cases.ordered(office_people)

    workflow.claim(case, actor=office_people.drafter)

    assert cases.fresh(case).assignee == office_people.drafter
    assert list(case.notes.all()) == []


def test_a_draft_of_kepala_lpse_alone_does_not_make_them_the_executor(
    office_people: OfficePeople,
) -> None:
    also(office_people.kepala, Role.ADMIN_PPE)
    also(office_people.biro, Role.KEPALA_LPSE)
    case = cases.submitted(office_people)
    workflow.complete_stage(case, actor=office_people.kepala)
    workflow.issue_decree(
        case,
        actor=office_people.biro,
        number="000.3/2/X",
        date=clock.today(),
        password=cases.PASSWORD,
    )
    workflow.order_accounts(case, actor=office_people.biro)

    workflow.claim(case, actor=office_people.kepala)

    assert cases.fresh(case).assignee == office_people.kepala


@pytest.mark.parametrize("allowed", [False, True])
@pytest.mark.parametrize("act", sorted(executor_roles.ACTS))
def test_every_act_of_the_second_role_waits_for_the_offices_consent(
    office_people: OfficePeople, *, act: Act, allowed: bool
) -> None:
    """admin1 held the case and is Kepala LPSE now; kepala issued it and is Admin PPE now."""
    case = given_back(office_people)
    also(office_people.admin1, Role.KEPALA_LPSE)
    also(office_people.kepala, Role.ADMIN_PPE)
    if allowed:
        allow_both()
    who = office_people.admin1
    if executor_roles.ACTS[act] == Role.ADMIN_PPE:
        workflow.order_accounts(case, actor=office_people.kepala)
        who = office_people.kepala

    texts = set()
    for state in policies.STATES[act]:
        case.__dict__["state"] = state  # whatever the state, the rule is the same
        try:
            policies.check(act, case, who)
        except NotAllowedNow as error:
            texts.add(str(error))

    said = {ISSUED_THEREFORE_NO_ADMIN, HELD_THEREFORE_NO_HEAD} & texts
    assert bool(said) is not allowed


def test_where_the_office_allows_it_it_is_said_once_and_shown(
    client: Client, office_people: OfficePeople
) -> None:
    allow_both()
    case = cases.ordered(office_people)
    also(office_people.kepala, Role.ADMIN_PPE)

    workflow.claim(case, actor=office_people.kepala)
    for account in cases.accounts(case):
        cases.record_created(account, office_people.kepala)
    workflow.record_accounts(case, actor=office_people.kepala, answers=cases.all_met(case))

    assert [note.text for note in case.notes.all()] == [
        (
            "Merangkap: Kepala Contoh bertindak sebagai Admin PPE setelah bertindak sebagai Kepala "
            "LPSE pada permohonan ini. Kantor mengizinkan perangkapan."
        )
    ]
    client.force_login(office_people.inspector)
    page = client.get(reverse("request_detail", args=[case.number])).content.decode()
    assert "Merangkap: Kepala Contoh bertindak sebagai Admin PPE" in page
    sheet = control_sheet.draft(cases.fresh(case), at=clock.now(), code="x")
    assert sheet.context["both_roles"] == ["Kepala Contoh"]
    entries = AuditEntry.objects.filter(request=case, changes__both_executor_roles=True)
    assert [entry.act for entry in entries] == [Act.CLAIM]


def test_the_other_way_round_it_is_said_too(office_people: OfficePeople) -> None:
    allow_both()
    case = given_back(office_people)
    also(office_people.admin1, Role.KEPALA_LPSE)

    workflow.order_accounts(case, actor=office_people.admin1)

    texts = [note.text for note in case.notes.order_by("pk")]
    assert texts[1:] == [
        (
            "Merangkap: Admin Contoh Satu bertindak sebagai Kepala LPSE setelah bertindak sebagai "
            "Admin PPE pada permohonan ini. Kantor mengizinkan perangkapan."
        )
    ]


def test_a_case_of_two_people_names_nobody_as_holding_both(office_people: OfficePeople) -> None:
    case = cases.recorded(office_people)

    assert executor_roles.people_in_both(case) == []


def test_what_one_may_not_take_is_not_offered_and_the_page_says_why(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.ordered(office_people)
    also(office_people.kepala, Role.ADMIN_PPE)
    client.force_login(office_people.kepala)

    page = client.get(reverse("request_detail", args=[case.number])).content.decode()
    home = client.get(reverse("home")).content.decode()

    assert "Ambil tugas" not in page
    assert ISSUED_THEREFORE_NO_ADMIN in page
    assert reverse("claim", args=[case.number]) not in home
    assert ISSUED_THEREFORE_NO_ADMIN in home
    held = office_people.kepala.current_roles()
    desk = work_queues.desk(office_people.kepala, held, clock.now())
    assert (desk.mine, desk.unclaimed, len(desk.others)) == ([], [], 1)


def test_a_returned_case_is_not_offered_to_who_held_it(
    client: Client, office_people: OfficePeople
) -> None:
    case = given_back(office_people)
    also(office_people.admin1, Role.KEPALA_LPSE)
    client.force_login(office_people.admin1)

    page = client.get(reverse("request_detail", args=[case.number])).content.decode()
    answer = client.get(reverse("order", args=[case.number]))

    assert reverse("order", args=[case.number]) not in page
    assert reverse("cancel", args=[case.number]) not in page
    assert (answer.status_code, HELD_THEREFORE_NO_HEAD in answer.content.decode()) == (409, True)


def test_a_look_by_who_may_not_act_does_not_start_the_clock(office_people: OfficePeople) -> None:
    case = cases.emailed(office_people)
    also(office_people.kepala, Role.ADMIN_PPE)
    AccountRequest.objects.filter(pk=case.pk).update(assignee=office_people.kepala)

    workflow.mark_opened(cases.fresh(case), actor=office_people.kepala)

    run = case.step_runs.get(step__number=5)
    assert (run.opened_at, run.started_at) == (None, None)


# -- acting officials ------------------------------------------------------------------------------

FIRST, LAST = dt.date(2026, 7, 8), dt.date(2026, 7, 10)
DAYS = {
    "the last minute before": (dt.datetime(2026, 7, 7, 23, 59), False),
    "the first minute": (dt.datetime(2026, 7, 8, 0, 0), True),
    "the last minute": (dt.datetime(2026, 7, 10, 23, 59), True),
    "the first minute after": (dt.datetime(2026, 7, 11, 0, 0), False),
}


def office_time(local: dt.datetime) -> dt.datetime:
    """Midnight of the office is 16.00 UTC of the day before."""
    return (local - dt.timedelta(hours=8)).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(("local", "in_force"), DAYS.values(), ids=DAYS)
@pytest.mark.parametrize("capacity", [Capacity.PLT, Capacity.PLH])
def test_an_acting_head_has_the_power_from_the_first_day_to_the_last(
    office_people: OfficePeople, capacity: Capacity, local: dt.datetime, *, in_force: bool
) -> None:
    case = cases.issued(office_people)
    also(office_people.biro, Role.KEPALA_LPSE, capacity=capacity, since=FIRST, until=LAST)

    with clock.moved_to(office_time(local)):
        may = permissions.may(Act.ORDER, office_people.biro)
        signer = signer_of_the_day(clock.now())
        if in_force:
            workflow.order_accounts(case, actor=office_people.biro)
        else:
            with pytest.raises(NotPermitted):
                workflow.order_accounts(case, actor=office_people.biro)

    assert may is in_force
    assert signer is not None
    assert (signer.person == office_people.biro) is in_force
    assert (cases.fresh(case).state == CaseState.ORDERED) is in_force


def acted_for(staff: OfficePeople) -> AccountRequest:
    """A case that the Kepala Biro issued and ordered as Plh. on the one day of the appointment."""
    also(
        staff.biro,
        Role.KEPALA_LPSE,
        capacity=Capacity.PLH,
        since=MONDAY.date(),
        until=MONDAY.date(),
        legal_basis="Surat Perintah contoh",
    )
    case = cases.submitted(staff)
    workflow.issue_decree(
        case, actor=staff.biro, number="000.3/9/X", date=clock.today(), password=cases.PASSWORD
    )
    workflow.order_accounts(case, actor=staff.biro, order_number="094/9/X")
    return cases.fresh(case)


def test_an_acting_official_is_named_so_for_ever_by_what_they_did(
    client: Client, office_people: OfficePeople
) -> None:
    case = acted_for(office_people)
    paper = case.documents.get(kind=DocumentKind.ORDER)

    clock.advance(dt.timedelta(days=7))

    assert office_people.biro.current_roles() == {Role.KEPALA_BIRO}
    assert (case.signer_title, case.signer_name) == ("Plh. KEPALA LPSE", "Biro Contoh")
    letter = order.draft(
        DocumentKind.ORDER, case, at=paper.created_at, code="x", document=paper
    ).context["signatory"]
    assert (letter.office_lines, letter.name) == (("Plh. Kepala LPSE,",), "Biro Contoh")
    sheet = control_sheet.draft(case, at=clock.now(), code="x")
    assert [row["runs"][0]["holders"] for row in sheet.context["rows"][:2]] == [
        ["Plh. Kepala LPSE Biro Contoh"],
        ["Plh. Kepala LPSE Biro Contoh"],
    ]
    acts = AuditEntry.objects.filter(request=case, act__in=[Act.ISSUE_DECREE, Act.ORDER])
    assert {entry.actor_role for entry in acts} == {"Plh. Kepala LPSE"}
    client.force_login(office_people.inspector)
    page = client.get(reverse("request_detail", args=[case.number])).content.decode()
    assert len(re.findall(r'done-by">oleh Plh\. Kepala LPSE Biro Contoh,', page)) == 2
    assert "Biro Contoh (Plh. Kepala LPSE)" in page


def test_mail_about_an_order_names_the_acting_official(office_people: OfficePeople) -> None:
    case = acted_for(office_people)
    message = Message.objects.filter(request=case, kind=MessageKind.ORDER_NOTICE).first()
    assert message is not None
    clock.advance(dt.timedelta(days=7))

    mail = composed(message)

    assert "Plh. Kepala LPSE telah memerintahkan pembuatan akun" in mail


def test_mail_about_a_definitive_heads_order_says_nothing_more(
    office_people: OfficePeople,
) -> None:
    case = cases.ordered(office_people)
    message = Message.objects.filter(request=case, kind=MessageKind.ORDER_NOTICE).first()
    assert message is not None

    assert "\nKepala LPSE telah memerintahkan pembuatan akun" in composed(message)


def test_screens_call_an_acting_official_so(client: Client, office_people: OfficePeople) -> None:
    also(office_people.biro, Role.KEPALA_LPSE, capacity=Capacity.PLT, until=dt.date(2026, 12, 31))
    case = cases.submitted(office_people)
    client.force_login(office_people.biro)

    home = client.get(reverse("home")).content.decode()
    page = client.get(reverse("issue", args=[case.number])).content.decode()

    assert "Plt. Kepala LPSE · Kepala Biro" in " ".join(home.split())
    assert "menerbitkan SK ini sebagai Plt. Kepala LPSE" in page


def test_who_holds_a_role_definitively_is_not_called_acting(office_people: OfficePeople) -> None:
    also(office_people.kepala, Role.KEPALA_LPSE, capacity=Capacity.PLT)

    assert office_people.kepala.current_capacities() == {Role.KEPALA_LPSE: Capacity.DEFINITIVE}
    assert permissions.title_of(Role.KEPALA_LPSE, office_people.kepala) == "Kepala LPSE"


def test_the_signer_is_pinned_to_the_case(office_people: OfficePeople) -> None:
    case = acted_for(office_people)
    person = office_people.biro
    person.full_name, person.nip = "Nama Lain", "198501012010011001"
    person.save()

    assert cases.fresh(case).signer_name == "Biro Contoh"
    assert cases.fresh(case).signer_nip == "197205282005021001"


# -- Pengelola Aplikasi ----------------------------------------------------------------------------


@pytest.mark.parametrize("make", [cases.draft, cases.issued, cases.claimed, cases.emailed])
def test_a_superuser_gains_nothing(
    client: Client, office_people: OfficePeople, make: Callable[[OfficePeople], AccountRequest]
) -> None:
    case = make(office_people)
    user = office_people.nobody
    user.is_superuser = user.is_staff = True
    user.save()
    client.force_login(user)

    for act, rule in RULES.items():
        with pytest.raises(NotPermitted):
            rule.call(cases.fresh(case), user)
        assert not permissions.may(act, user)

    names = ("request_detail", "request_live", "draft_edit", "people", "accounts", "send", "order")
    asked = [reverse(name, args=[case.number]) for name in names]
    asked += [reverse(name) for name in ("request_list", "archive", "user_list", "admin:index")]
    assert {client.get(url).status_code for url in asked} == {403}


REASON = "Budi Rahasia menolak"


def composed(message: Message) -> str:
    """The plain text of a mail as it would go out now."""
    return str(mail_texts.compose(message).body)


def none_met(case: AccountRequest) -> dict[int, Answer]:
    return {pk: Answer(met=False, explanation=REASON) for pk in cases.all_met(case)}


def busy_case(staff: OfficePeople) -> AccountRequest:
    """A case with a typed reason wherever one can be typed, closed in the end."""
    case = cases.submitted(staff)
    workflow.unlock_people(case, actor=staff.drafter, reason=REASON)
    workflow.submit_for_initials(case, actor=staff.drafter, signing_method=SigningMethod.IN_APP)
    cases.render_papers(case)
    workflow.issue_decree(
        case, actor=staff.kepala, number="000.3/7/X", date=clock.today(), password=cases.PASSWORD
    )
    workflow.order_accounts(case, actor=staff.kepala, note=REASON)
    workflow.claim(case, actor=staff.admin1)
    workflow.take_over(case, actor=staff.admin2, reason=REASON)
    workflow.return_to_head(case, actor=staff.admin2, reason=REASON)
    person = case.registrants.get(position_in_list=1)
    changed = cases.person(1, email="lain@contoh.example")
    workflow.mend_registrant(person, actor=staff.kepala, person=changed, reason=REASON)
    return cases.fresh(case)


def test_what_a_keeper_reads_of_a_case_names_no_registrant_and_tells_no_reason(
    client: Client, office_people: OfficePeople
) -> None:
    returned = busy_case(office_people)
    cancelled = busy_cancelled(office_people)
    finished = busy_finished(office_people)
    client.force_login(office_people.keeper)

    found = []
    for case in (returned, cancelled, finished):
        private = private_words(case)
        for url in keepers_pages(case):
            answer = client.get(url)
            page = answer.content.decode()
            if answer.status_code == 200:
                found += [(url, word) for word in private if word in page]

    assert found == []


def test_an_inspector_reads_the_same_reasons(client: Client, office_people: OfficePeople) -> None:
    case = busy_case(office_people)
    client.force_login(office_people.inspector)

    page = client.get(reverse("request_detail", args=[case.number])).content.decode()

    # The return's notice; notes and history of unlocking, take-over, return and mending.
    assert page.count(REASON) == 9


def test_an_act_whose_reason_is_hidden_stays_visible(
    client: Client, office_people: OfficePeople
) -> None:
    case = busy_case(office_people)
    client.force_login(office_people.keeper)

    page = client.get(reverse("request_detail", args=[case.number])).content.decode()

    assert (
        "Tugas diambil alih dari Admin Contoh Satu (alasannya tidak ditampilkan bagi peran Anda)."
    ) in page


def test_every_summary_that_tells_a_reason_can_be_told_without_it(
    office_people: OfficePeople,
) -> None:
    for case in (busy_case(office_people), busy_cancelled(office_people)):
        summaries = [entry.summary for entry in case.audit_entries.all()]

        assert any(REASON in summary for summary in summaries)
        assert [text for text in map(audit.without_reason, summaries) if REASON in text] == []


def busy_cancelled(staff: OfficePeople) -> AccountRequest:
    case = cases.draft(staff)
    workflow.cancel(case, actor=staff.kepala, reason=REASON)
    return cases.fresh(case)


def busy_finished(staff: OfficePeople) -> AccountRequest:
    """Archived, with a difference, a refusal, an unmet kelengkapan and a hand-over explained."""
    case = cases.claimed(staff, people=3, number="000.3/8/X")
    first, second, third = cases.accounts(case)
    workflow.record_created(
        first,
        actor=staff.admin1,
        user_id="pengguna.satu",
        registered_email="lain@contoh.example",
        matches_form=False,
        difference=REASON,
    )
    cases.record_created(second, staff.admin1)
    workflow.record_refused(third, actor=staff.admin1, reason=REASON)
    workflow.record_accounts(case, actor=staff.admin1, answers=none_met(case))
    workflow.send_accounts(case, actor=staff.admin1, answers=cases.all_met(case))
    cases.settle(case, lambda _message: cases.REFUSED)
    first, second, _ = cases.accounts(case)
    workflow.hand_over(first, actor=staff.admin1, note=REASON)
    workflow.give_up(second, actor=staff.admin1, reason=REASON)
    cases.render_papers(case)
    workflow.archive(case, actor=staff.admin1, answers=cases.all_met(case), location="Rak 1")
    return cases.fresh(case)


def private_words(case: AccountRequest) -> list[str]:
    """Names, numbers, addresses, telephones and user ids of the people, and what was typed."""
    found = [REASON, "lain@contoh.example", "pengguna.satu"]
    for person in case.registrants.all():
        nip = person.nip
        found += [person.full_name, nip, f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"]
        found += [person.email, person.mobile, person.proposed_user_id, person.position]
    return [word for word in found if word]


def keepers_pages(case: AccountRequest) -> list[str]:
    """Every page on which a keeper meets this case."""
    names = ("request_detail", "request_live", "send_board", "people", "accounts", "attachments")
    found = [reverse(name, args=[case.number]) for name in names]
    found += [reverse("request_basis", args=[case.number, step]) for step in range(1, 6)]
    found += [reverse(name) for name in ("home", "request_list", "archive")]
    for model in ("accountrequest", "steprun", "deviation", "message", "document", "auditentry"):
        found.append(reverse(f"admin:accounts_requests_{model}_changelist"))
    for entry in case.audit_entries.all():
        found.append(reverse("admin:accounts_requests_auditentry_change", args=[entry.pk]))
    for model, rows in (
        ("steprun", case.step_runs),
        ("deviation", case.deviations),
        ("message", case.messages),
        ("document", case.documents),
    ):
        found += [
            reverse(f"admin:accounts_requests_{model}_change", args=[row.pk]) for row in rows.all()
        ]
    return [*found, reverse("admin:accounts_requests_accountrequest_change", args=[case.pk])]
