"""What must be true of the database before production may serve anybody."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from accounts_requests import database_roles, guard_rails, restoring, signatures
from accounts_requests.signatures import service

START_TAG = "sopregistry_start"
"""Checks with this tag run at every start of the web server and of the worker."""


@register(START_TAG, Tags.database)
def no_demo_sign_ins(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001  Django's signature
    databases: Sequence[str] | None = None,
    **kwargs: Any,  # noqa: ARG001  Django's signature
) -> list[CheckMessage]:
    """Refuse production on a database in which sign-ins of the demo exist.

    Their passwords are printed for everyone to read. Returns one Error with their number; an
    empty list outside production, without a database to look at, or before the first migrate.
    """
    if not settings.PRODUCTION or not databases:
        return []
    users = get_user_model()
    if users._meta.db_table not in connections["default"].introspection.table_names():
        return []
    count = users._default_manager.filter(is_demo=True).count()
    if not count:
        return []
    return [
        Error(
            f"Basis data ini memuat {count} akun masuk demo yang sandinya diketahui umum.",
            hint="Gunakan basis data baru untuk mode production; jangan pakai basis data demo.",
            id="accounts_requests.E001",
        )
    ]


@register(START_TAG)
def trust_anchors_are_certificates(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001  Django's signature
    **kwargs: Any,  # noqa: ARG001  Django's signature
) -> list[CheckMessage]:
    """Refuse a directory of trust anchors that is not there or holds what is no certificate.

    Nobody should believe that signatures are judged by an anchor that was never read.
    """
    return [
        Error(
            f"Sertifikat induk tidak dapat dibaca: {name}.",
            hint="SIGNATURE_ANCHORS menunjuk folder berisi sertifikat PEM atau DER; perbaiki, atau "
            "kosongkan bila kantor belum memasangnya.",
            id="accounts_requests.E006",
        )
        for name in signatures.unreadable()
    ]


@register(START_TAG)
def signing_service_fits(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001  Django's signature
    **kwargs: Any,  # noqa: ARG001  Django's signature
) -> list[CheckMessage]:
    """Refuse an adapter to an e-sign service that cannot be loaded or is none.

    Nobody should press "Kirim" and learn from a failing worker that nothing is behind it.
    """
    fault = service.fault(settings.SIGNING_SERVICE)
    if not fault:
        return []
    return [
        Error(
            f"Layanan tanda tangan tidak dapat dipakai: {fault}",
            hint="SIGNING_SERVICE menunjuk kelas penghubung (docs/operations.md, “Signing "
            "service”); perbaiki, atau kosongkan bila kantor tidak memakainya.",
            id="accounts_requests.E007",
        )
    ]


@register(START_TAG, Tags.database)
def no_unfinished_restore(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001  Django's signature
    databases: Sequence[str] | None = None,
    **kwargs: Any,  # noqa: ARG001  Django's signature
) -> list[CheckMessage]:
    """Refuse a database whose restore was interrupted: what ends with a restore has not ended.

    Returns one Error, or an empty list; without a database to look at, an empty list.
    """
    if not databases or not restoring.is_unfinished():
        return []
    return [
        Error(
            "Pemulihan basis data ini terhenti sebelum selesai.",
            hint="Jalankan lagi perintah manage.py restore yang sama.",
            id="accounts_requests.E002",
        )
    ]


@register(START_TAG, Tags.database, deploy=True)
def record_is_guarded(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001  Django's signature
    databases: Sequence[str] | None = None,
    **kwargs: Any,  # noqa: ARG001  Django's signature
) -> list[CheckMessage]:
    """Refuse to start, in every mode, while a trigger that keeps the record append-only is missing.

    A deployment check, so that ``migrate``, which installs them, is not stopped by it.
    """
    missing = guard_rails.missing(connections["default"]) if databases else []
    if not missing:
        return []
    return [
        Error(
            f"Pelindung catatan (trigger) tidak lengkap pada tabel {', '.join(missing)}.",
            hint="Jalankan manage.py migrate sebagai pemilik basis data, lalu manage.py verify.",
            id="accounts_requests.E010",
        )
    ]


@register(START_TAG, Tags.database, deploy=True)
def role_owns_no_tables(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001  Django's signature
    databases: Sequence[str] | None = None,
    **kwargs: Any,  # noqa: ARG001  Django's signature
) -> list[CheckMessage]:
    """Refuse production on PostgreSQL under a role that could switch the triggers off.

    That is a superuser, and whoever owns the tables or is a member of the role that does.
    """
    if not settings.PRODUCTION or not databases:
        return []
    fault = database_roles.fault_of_current_role(connections["default"])
    if not fault:
        return []
    return [
        Error(
            fault,
            hint="Ikuti bagian “PostgreSQL roles” pada docs/operations.md.",
            id="accounts_requests.E011",
        )
    ]


def refuse_unsafe_start() -> None:
    """Run every check tagged START_TAG and raise ImproperlyConfigured when one of them fails.

    Called by wsgi.py and by the worker before they take any work.
    """
    problems = [
        message
        for message in run_checks(
            tags=[START_TAG], include_deployment_checks=True, databases=["default"]
        )
        if message.is_serious() and not message.is_silenced()
    ]
    if problems:
        raise ImproperlyConfigured("\n".join(str(message) for message in problems))
