"""What the tests themselves rest on: tables that are empty, under triggers that are there."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError

from accounts_requests import guard_rails, seeding
from accounts_requests.models import AuditEntry

from . import cases
from .cases import OfficePeople

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quick_papers")]


def test_a_flush_empties_every_table_and_leaves_every_guard_rail(
    office_people: OfficePeople,
) -> None:
    cases.emailed(office_people)

    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)

    models = apps.get_models(include_auto_created=True)
    assert [model.__name__ for model in models if model._default_manager.exists()] == []
    assert guard_rails.missing() == []


def test_after_a_flush_the_record_is_guarded_as_before(office_people: OfficePeople) -> None:
    call_command("flush", interactive=False, verbosity=0)
    seeding.seed()
    cases.draft(cases.make_office_people())

    with pytest.raises(IntegrityError, match=guard_rails.MARK):
        AuditEntry.objects.all().delete()
