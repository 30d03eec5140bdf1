"""The demonstration: every state, through the workflow, and nothing twice."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command

from accounts_requests import clock, demo, verifying
from accounts_requests.models import AccountRequest, AuditEntry, Deviation, StepRun, User
from accounts_requests.roles import Role
from accounts_requests.states import CaseState

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("seeded", "quick_papers"),
]

# A Sunday: nothing may depend on the day on which somebody tries the product.
SUNDAY = dt.datetime(2026, 11, 22, 4, 0, tzinfo=dt.UTC)


def run(*arguments: str) -> str:
    """What ``manage.py demo`` prints."""
    output = StringIO()
    call_command("demo", *arguments, stdout=output)
    return output.getvalue()


def test_it_shows_a_case_in_every_state_and_some_are_late() -> None:
    with clock.moved_to(SUNDAY):
        assert run() == "Peragaan diisi: 12 permohonan contoh.\n"
        overdue = [run for run in StepRun.objects.all() if run.is_overdue(clock.now())]
    assert {request.state for request in AccountRequest.objects.all()} == set(CaseState)
    assert len(overdue) >= 1
    assert set(Deviation.objects.values_list("aspect", flat=True)) == {
        "waktu",
        "perlengkapan",
        "output",
    }


def test_running_it_twice_adds_nothing() -> None:
    with clock.moved_to(SUNDAY):
        run()
        before = (AccountRequest.objects.count(), User.objects.count(), AuditEntry.objects.count())
        assert run() == "Peragaan sudah lengkap; tidak ada yang ditambahkan.\n"
    after = (AccountRequest.objects.count(), User.objects.count(), AuditEntry.objects.count())
    assert after == before


def test_everything_in_it_is_marked_as_an_example_and_went_through_the_gate() -> None:
    with clock.moved_to(SUNDAY):
        run()
    assert not AccountRequest.objects.filter(is_demo=False).exists()
    assert not User.objects.filter(is_demo=False).exists()
    for request in AccountRequest.objects.all():
        assert request.audit_entries.filter(act="create").count() == 1
        assert all("contoh" in row.full_name.lower() for row in request.registrants.all())
    assert verifying.verify().breaks == []


def test_the_sign_ins_of_each_role_are_printed_and_open_the_door() -> None:
    with clock.moved_to(SUNDAY):
        run()
    lines = run("--sign-ins").splitlines()
    assert len(lines) == len(demo.sign_ins())
    assert {sign_in.role for sign_in in demo.sign_ins()} == {role.label for role in Role}
    for sign_in in demo.sign_ins():
        user = User.objects.get(username=sign_in.username)
        assert user.check_password(sign_in.password)
