"""``manage.py grant_application``: let a PostgreSQL role that owns nothing run the application."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts_requests import database_roles


class Command(BaseCommand):
    """Run by the owner of the tables, after every migrate; safe to repeat."""

    help = (
        "Memberi peran PostgreSQL milik aplikasi hak yang diperlukannya dan tidak lebih. "
        "Jalankan sebagai pemilik tabel, setiap kali selesai migrate."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", help="nama peran yang dipakai web dan pekerja")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Grant, and say on how many tables."""
        try:
            tables = database_roles.grant(options["role"], connection)
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Peran {options['role']} kini dapat memakai {tables} tabel.")
