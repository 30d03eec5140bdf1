"""Pengelolaan's records: read and never written, without secrets and without registrants."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.admin.utils import flatten_fieldsets, label_for_field
from django.db.models import Model
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from accounts_requests import audit, clock, invitations, user_keeping, workflow
from accounts_requests.admin import RecordAdmin, site
from accounts_requests.models import (
    AccountRequest,
    AuditAnchor,
    AuditEntry,
    Backup,
    Deviation,
    DeviationCause,
    Document,
    Invitation,
    Message,
    Office,
    StepRun,
    WorkerHeartbeat,
)
from accounts_requests.user_keeping import Identity

from . import cases
from .cases import MONDAY, OfficePeople

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

SETTINGS = (Office, DeviationCause)
RECORDS = {model: admin for model, admin in site._registry.items() if model not in SETTINGS}
REASON = "Budi Rahasia menolak"

# What of a record nobody is shown in Pengelolaan: secrets, people, and what was typed about them.
NEVER: dict[type[Model], set[str]] = {
    AccountRequest: {
        "subject",
        "considerations",
        "legal_bases",
        "noted",
        "copies_to",
        "signer_name",
        "signer_nip",
        "order_note",
        "cancel_reason",
        "return_reason",
        "archive_location",
    },
    StepRun: set(),
    Deviation: {"account", "attestation", "actual", "difference", "explanation", "key"},
    Message: {"account", "recipient", "to_address", "subject", "context", "message_id", "answer"},
    Document: {"registrant", "title", "file_name", "last_error", "public_id"},
    Invitation: {"token_hash"},
    AuditEntry: {"summary"},
    AuditAnchor: set(),
    Backup: set(),
    WorkerHeartbeat: set(),
}


@pytest.fixture(autouse=True)
def on_a_monday() -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield


@pytest.fixture
def keeper(client: Client, office_people: OfficePeople) -> Client:
    """A browser in which Pengelola Aplikasi is signed in."""
    client.force_login(office_people.keeper)
    return client


def address(model: type[Model], page: str, *args: object) -> str:
    name = model._meta.model_name
    return reverse(f"admin:accounts_requests_{name}_{page}", args=args)


def fill(staff: OfficePeople) -> AccountRequest:
    """At least one row of every record, with a reason wherever one is typed."""
    case = cases.claimed(staff)
    workflow.take_over(case, actor=staff.admin2, reason=REASON)
    workflow.return_to_head(case, actor=staff.admin2, reason=REASON)
    workflow.order_accounts(case, actor=staff.kepala, note=REASON)
    for account in cases.accounts(case):
        workflow.record_refused(account, actor=staff.admin2, reason=REASON)
    workflow.record_accounts(case, actor=staff.admin2, answers=cases.all_met(case))
    cases.sent(staff, number="000.3/2/X")
    user_keeping.invite(
        actor=staff.keeper,
        username="siti",
        identity=Identity(full_name="Siti Contoh", email="siti@kantor.example"),
    )
    Backup.objects.create(started_at=MONDAY, error="Ruang penuh")
    AuditAnchor.objects.create(day=MONDAY.date(), at=MONDAY, sequence=1, head="0" * 64)
    WorkerHeartbeat.objects.create(name="pekerja-1", started_at=MONDAY, beat_at=MONDAY)
    Authenticator.objects.create(user=staff.kepala, type="totp", data={"secret": "rahasia-totp"})
    return case


# -- what is registered ----------------------------------------------------------------------------


def test_only_settings_and_records_are_here() -> None:
    assert set(RECORDS) == set(NEVER)
    assert all(isinstance(admin, RecordAdmin) for admin in RECORDS.values())


def test_djangos_own_checks_find_nothing() -> None:
    assert [problem for admin in site._registry.values() for problem in admin.check()] == []


def test_people_are_not_kept_here() -> None:
    names = {model._meta.model_name for model in site._registry}

    assert (
        names & {"user", "appointment", "credential", "registrant", "account", "session"} == set()
    )


@pytest.mark.parametrize("model", NEVER, ids=lambda model: model.__name__)
def test_what_is_kept_to_itself_is_in_no_list_form_search_or_filter(model: type[Model]) -> None:
    admin = RECORDS[model]
    request = HttpRequest()
    shown = {
        *flatten_fieldsets(admin.get_fieldsets(request)),
        *admin.get_list_display(request),
        *admin.get_list_filter(request),
        *admin.get_search_fields(request),
    }
    columns = {field.name for field in model._meta.get_fields() if not field.auto_created}

    assert NEVER[model] <= columns, "a column that is gone needs no mention"
    names = {str(getattr(name, "__name__", name)).partition("__")[0] for name in shown}
    assert names & NEVER[model] == set()
    assert names & columns, "what is shown are columns"


def test_every_column_has_a_name_in_indonesian() -> None:
    request = HttpRequest()
    plain = {
        (model.__name__, name)
        for model, admin in RECORDS.items()
        for name in (
            *admin.get_list_display(request),
            *flatten_fieldsets(admin.get_fieldsets(request)),
        )
        if str(label_for_field(name, model, admin)).lower() == str(name).replace("_", " ").lower()
    }

    assert plain == {("AuditEntry", "hash")}


# -- read, never written ---------------------------------------------------------------------------


READ_ONLY = {
    ("changelist", "get"): 200,
    ("changelist", "post"): 200,
    ("add", "get"): 403,
    ("add", "post"): 403,
    ("change", "get"): 200,
    ("change", "post"): 403,
    ("delete", "get"): 403,
    ("delete", "post"): 403,
    ("history", "get"): 302,
    ("history", "post"): 302,
}


def test_every_record_is_read_and_nothing_can_be_done_to_it(
    keeper: Client, office_people: OfficePeople
) -> None:
    fill(office_people)
    found = {}
    for model in RECORDS:
        rows = model._default_manager.order_by("pk")
        before = list(rows.values())
        key = before[0][model._meta.pk.attname]
        sent = {"post": "yes", "_save": "1", "action": "delete_selected", "_selected_action": [key]}
        found[model] = {
            (page, method): getattr(keeper, method)(
                address(model, page, *([] if page in {"changelist", "add"} else [key])), sent
            ).status_code
            for page, method in READ_ONLY
            if (page, method) != ("changelist", "get")
        }
        found[model]["changelist", "get"] = keeper.get(address(model, "changelist")).status_code
        assert list(rows.values()) == before

    assert found == dict.fromkeys(RECORDS, READ_ONLY)


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_a_filter_in_the_address_tells_nothing_that_the_page_hides(
    keeper: Client, model: type[Model]
) -> None:
    admin = RECORDS[model]
    open_to_all = {*admin.list_filter, *getattr(admin, "lookups", ())}
    columns = [field.name for field in model._meta.concrete_fields]

    answers = {
        name: keeper.get(address(model, "changelist"), {f"{name}__isnull": "0"}).status_code
        for name in columns
    }

    assert answers == {name: 200 if name in open_to_all else 400 for name in columns}


@pytest.mark.parametrize(
    "asked",
    [
        "request__return_reason__contains=Budi",
        "summary__contains=Budi",
        "request__registrants__full_name__startswith=Contoh",
        "actor__password__startswith=md5",
    ],
)
def test_nothing_behind_an_entry_can_be_asked_for(keeper: Client, asked: str) -> None:
    assert keeper.get(f"{address(AuditEntry, 'changelist')}?{asked}").status_code == 400


def test_the_search_of_the_trail_does_not_reach_reasons(
    keeper: Client, office_people: OfficePeople
) -> None:
    fill(office_people)

    page = keeper.get(address(AuditEntry, "changelist"), {"q": "Rahasia"}).content.decode()

    assert "0 jejak audit" in page


# -- no secret, nobody of a case -------------------------------------------------------------------


def secrets() -> dict[str, str]:
    """Everything in the database that opens something, by where it stands."""
    found = {}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.name in {"password", "token_hash", "ciphertext", "key_id", "session_key"}:
                for value in model._default_manager.values_list(field.name, flat=True):
                    if value:
                        found[f"{model.__name__}.{field.name} {value!r}"] = str(value)
    return found


def personal(case: AccountRequest) -> list[str]:
    found = [REASON, "rahasia-totp", *case.messages.values_list("subject", flat=True)]
    for person in case.registrants.all():
        found += [person.full_name, person.nip, person.email, person.mobile]
    return found


def test_no_page_of_pengelolaan_shows_a_secret_or_a_registrant(
    keeper: Client, office_people: OfficePeople
) -> None:
    case = fill(office_people)
    token = invitations.issue(
        office_people.nobody, Invitation.Purpose.RESET, by=office_people.keeper, at=MONDAY
    )[1]
    pages: dict[str, str] = {}
    urls = [reverse("admin:index")]
    for model in site._registry:
        urls.append(address(model, "changelist"))
        urls += [address(model, "change", row.pk) for row in model._default_manager.all()]
    for url in urls:
        answer: Any = keeper.get(url, follow=True)
        assert answer.status_code == 200
        pages[url] = answer.content.decode()

    hidden = [*secrets().values(), *personal(case), token]
    assert len(hidden) > 30
    assert [(url, word) for url, page in pages.items() for word in hidden if word in page] == []


def test_an_entry_of_a_case_is_told_without_the_reason_and_one_about_people_with_it(
    keeper: Client, office_people: OfficePeople
) -> None:
    fill(office_people)
    user_keeping.suspend(office_people.nobody, actor=office_people.keeper, reason="Pindah ke dinas")

    page = keeper.get(address(AuditEntry, "changelist")).content.decode()

    assert "dikembalikan kepada Kepala LPSE (alasannya tidak ditampilkan bagi peran Anda)." in page
    assert f"dinonaktifkan{audit.REASON}Pindah ke dinas" in page
