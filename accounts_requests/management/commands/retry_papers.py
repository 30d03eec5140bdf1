"""``manage.py retry_papers``: have the papers that could not be made tried again."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts_requests import paper_retries


class Command(BaseCommand):
    """Owes every failed paper to the worker once more; safe to repeat."""

    help = (
        "Menyerahkan kembali dokumen yang gagal disiapkan kepada run_worker, setelah penyebabnya "
        "diperbaiki."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say how many papers will be tried again."""
        count = paper_retries.retry(None)
        self.stdout.write(f"{count} dokumen akan disiapkan kembali oleh run_worker.")
