"""The application as Django knows it."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate, pre_migrate


class AccountsRequestsConfig(AppConfig):
    """Registers the system checks once the models are loaded, and keeps the triggers installed."""

    name = "accounts_requests"
    verbose_name = "Registrasi akun SPSE"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what must hold before the application may serve."""
        # Importing registers the checks; they may be imported only once apps are ready.
        from accounts_requests import checks  # noqa: F401, PLC0415

        pre_migrate.connect(_take_down, sender=self)
        post_migrate.connect(_put_up, sender=self)


def _take_down(using: str, plan: list[Any], **_kwargs: Any) -> None:
    """Before tables change: a database refuses to drop a column that a trigger speaks of."""
    # Models can be imported only once apps are ready.
    from accounts_requests import guard_rails  # noqa: PLC0415

    if plan:
        guard_rails.remove(connections[using])


def _put_up(using: str, plan: list[Any] | None = None, **_kwargs: Any) -> None:
    """After every migrate: the triggers; and, when it brought the seals, the first seals."""
    # Models can be imported only once apps are ready.
    from accounts_requests import audit, clock, guard_rails  # noqa: PLC0415

    guard_rails.install(connections[using])
    if plan and using == "default" and _is_fully_migrated(using):
        audit.seal_what_stands(clock.now())


def _is_fully_migrated(using: str) -> bool:
    executor = MigrationExecutor(connections[using])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
