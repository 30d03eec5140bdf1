"""Production does not start on a database of the demo."""

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from model_bakery import baker
from pytest_django import Settings

from accounts_requests import database_roles
from accounts_requests.checks import START_TAG, refuse_unsafe_start
from accounts_requests.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def role_that_owns_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests run as the owner of the tables, which production refuses (test_database_roles)."""
    monkeypatch.setattr(database_roles, "fault_of_current_role", lambda _connection: "")


SENTENCE = "Basis data ini memuat 2 akun masuk demo yang sandinya diketahui umum."


@pytest.fixture
def two_demo_sign_ins() -> None:
    baker.make(User, is_demo=True, _quantity=2)
    baker.make(User, is_demo=False)


def test_production_refuses_demo_sign_ins(two_demo_sign_ins: None, settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(ImproperlyConfigured, match=SENTENCE):
        refuse_unsafe_start()
    with pytest.raises(SystemCheckError, match=SENTENCE):
        call_command("check", databases=["default"])


def test_production_starts_without_them(settings: Settings) -> None:
    settings.PRODUCTION = True
    baker.make(User, is_demo=False)
    refuse_unsafe_start()


def test_a_demo_starts_with_them(two_demo_sign_ins: None) -> None:
    refuse_unsafe_start()


def test_a_check_without_a_database_asks_no_database(
    two_demo_sign_ins: None, settings: Settings
) -> None:
    settings.PRODUCTION = True
    assert run_checks(tags=[START_TAG]) == []
