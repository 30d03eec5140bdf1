"""Load what a new installation starts with: the SOP, the office, its calendar."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts_requests import seeding


class Command(BaseCommand):
    """``manage.py seed``: idempotent; what exists is never overwritten."""

    help = "Muat SOP revisi 1, data kantor dan kalender; yang sudah ada tidak diubah."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Add what is missing and say how much it was."""
        added = seeding.seed()
        self.stdout.write(
            f"Ditambahkan: {added.revisions} revisi SOP, {added.offices} kantor, "
            f"{added.hours_tables} tabel jam kerja, {added.holidays} hari libur."
        )
