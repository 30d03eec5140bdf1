"""What every test stands on.

The environment is set before Django reads its settings: each run, and each xdist worker,
has a data directory of its own that is gone afterwards.
"""

import atexit
import gc
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

_data_dir = tempfile.mkdtemp(prefix="sopregistry-test-")
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
# The processes of pytest-xdist inherit the directory that they share from the one that starts them.
_begins_the_run = "SOPREGISTRY_TESTS_SHARED" not in os.environ
if _begins_the_run:
    os.environ["SOPREGISTRY_TESTS_SHARED"] = tempfile.mkdtemp(prefix="sopregistry-tests-")
os.environ.update(
    DJANGO_SETTINGS_MODULE="sopregistry.settings",
    SOPREGISTRY_MODE="test",
    DATA_DIR=_data_dir,
    # Playwright's synchronous interface runs an event loop in the test's thread, where
    # Django would refuse to touch the database.
    DJANGO_ALLOW_ASYNC_UNSAFE="true",
)
for _name in ("ALLOWED_HOSTS", "CREDENTIAL_KEYS_DIR", "DEBUG", "EMAIL_URL", "ENCRYPTION_KEYS"):
    os.environ.pop(_name, None)

import django  # noqa: E402  the environment comes first

# pytest-django would do this after the conftest files, which may want to import models.
django.setup()
# The processes of pytest-xdist inherit this environment, and pytest-django would load their
# settings before this file has given each of them a data directory of its own.
del os.environ["DJANGO_SETTINGS_MODULE"]

import pytest  # noqa: E402  the environment comes first
from django.core.cache import cache  # noqa: E402  the environment comes first
from django.db import connection  # noqa: E402  the environment comes first
from django.template import engines  # noqa: E402  the environment comes first
from django.template.base import FilterExpression  # noqa: E402  the environment comes first
from django.test import Client  # noqa: E402  the environment comes first
from hypothesis import HealthCheck, settings  # noqa: E402  the environment comes first
from pytest_django import DjangoDbBlocker  # noqa: E402  the environment comes first

from accounts_requests import clock, user_sessions  # noqa: E402  the environment comes first
from tests import flushing, prepared  # noqa: E402  the environment comes first

settings.register_profile(
    "default",
    max_examples=50,
    deadline=None,  # two shared cores: a slow example is no failure
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)
settings.register_profile("thorough", settings.get_profile("default"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

pytest_plugins = ["tests.case_fixtures", "tests.smtp_fixtures"]

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
LOOPBACK = {"127.0.0.1", "::1", "localhost", ""}


class UndefinedVariable(str):
    """Stands in for string_if_invalid: an undefined variable in our templates fails the test.

    Django formats it with the variable's name; the frame that does so knows the template.
    Templates of others (the admin, crispy forms) rely on undefined variables and may.
    """

    __slots__ = ()

    def __mod__(self, name: object) -> str:
        names = sys._getframe(1).f_locals
        context, expression = names["context"], names.get("self")
        origin = Path(str(context.render_context.template.origin.name))
        if origin.is_relative_to(TEMPLATES):
            raise AssertionError(f"Undefined variable in {origin.relative_to(TEMPLATES)}: {name}")
        if not isinstance(expression, FilterExpression):
            return ""
        engine = context.template.engine
        engine.string_if_invalid = ""
        try:
            return cast("str", expression.resolve(context))
        finally:
            engine.string_if_invalid = self


@pytest.fixture(autouse=True)
def undefined_template_variables_fail() -> None:
    """Make our own templates strict, also after a test that replaced the engine."""
    engine: Any = engines["django"]
    engine.engine.string_if_invalid = UndefinedVariable("%s")


@pytest.fixture(autouse=True)
def network_is_loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test reach beyond this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in LOOPBACK:
            raise AssertionError(f"A test tried to connect to {address}.")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def clock_is_the_machines() -> Iterator[None]:
    """Undo what a test left in the shared clock file."""
    yield
    from django.conf import settings as django_settings

    django_settings.CLOCK_FILE.unlink(missing_ok=True)
    assert clock.shared_offset().total_seconds() == 0


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays to the end: modules, tests, and their assertions.

    It walked all of it again and again, for a good part of the processor's time. What a test leaves
    is still collected, in larger heaps.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def pytest_unconfigure() -> None:
    """What the processes of the run shared goes with the one that began it."""
    if _begins_the_run:
        prepared.end()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """Migrate once for all processes of the run."""
    with prepared.once_migrated():
        yield


@pytest.fixture(scope="session", autouse=True)
def flush_passes_the_guard_rails() -> Iterator[None]:
    """Let the flush after a test with real transactions empty tables that nobody else may."""
    with flushing.past_the_guard_rails():
        yield


@pytest.fixture
def without_guard_rails(db: None) -> Iterator[None]:
    """No triggers: what whoever owns the database can do, and what constraints refuse alone."""
    from accounts_requests import guard_rails

    with guard_rails.lifted():
        yield


@pytest.fixture(autouse=True)
def sessions_of_force_login_have_no_age(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ``client.force_login`` hold wherever a test moves the clock, at no query more.

    What ages a session begins with a real sign-in; the tests of it make one.
    """
    force_login = Client.force_login

    def begun_in_the_far_future(self: Client, *args: Any, **kwargs: Any) -> None:
        force_login(self, *args, **kwargs)
        session = self.session
        session[user_sessions.BEGUN] = session[user_sessions.SEEN] = 1e11
        session.save()

    monkeypatch.setattr(Client, "force_login", begun_in_the_far_future)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """End what a live server's last request left open: PostgreSQL drops no database in use."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture
def empty_cache(db: None) -> None:
    """Start without counted sign-ins: the cache outlives a transaction's rollback elsewhere."""
    cache.clear()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start the system's Chromium, silent towards the network."""
    return {
        "executable_path": "/usr/bin/chromium",
        "args": [
            "--no-sandbox",  # tests may run as root, where Chromium's sandbox refuses to
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-default-apps",
            "--disable-domain-reliability",
            "--disable-sync",
            "--metrics-recording-only",
            "--no-first-run",
            "--no-pings",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """An office laptop, in Indonesian, in another zone than the office's to catch local time."""
    return {
        "viewport": {"width": 1366, "height": 768},
        "locale": "id-ID",
        "timezone_id": "Asia/Jakarta",
    }
