"""``manage.py backup``: one file with the whole database, made while the application runs."""

import signal
import sys
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from accounts_requests import backups, clock, nightly_backup
from accounts_requests.exceptions import BackupError

PLAIN = (
    "PERINGATAN: cadangan ini TIDAK terenkripsi dan memuat data pribadi. Isi BACKUP_RECIPIENTS "
    "dengan kunci publik age, dan simpan kunci rahasianya di tempat lain."
)


class Command(BaseCommand):
    """Makes one backup; with ``--nightly`` only when the night's is owed and nobody makes it."""

    help = "Membuat cadangan basis data dalam satu berkas; aplikasi boleh tetap berjalan."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to", type=Path, metavar="DIREKTORI", help="direktori tujuan (bawaan: BACKUP_DIR)"
        )
        parser.add_argument(
            "--nightly",
            action="store_true",
            help="hanya bila cadangan malam ini belum ada (dijalankan sendiri oleh run_worker)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say which file was made, how large it is and where the audit trail stands in it."""
        attempt = nightly_backup.claim(clock.now()) if options["nightly"] else None
        if options["nightly"] and attempt is None:
            self.stdout.write("Cadangan malam ini sudah ada atau sedang dibuat.")
            return
        # Told to end, it records so and leaves no half file behind.
        previous = signal.signal(signal.SIGTERM, _end)
        try:
            made = backups.make(options["to"], attempt=attempt)
        except BackupError as error:
            raise CommandError(str(error)) from error
        finally:
            signal.signal(signal.SIGTERM, previous)
        self.stdout.write(
            f"Cadangan dibuat: {made.path} ({filesizeformat(made.size)}, "
            f"jejak audit sampai urutan {made.chain_count})."
        )
        if settings.PRODUCTION and not made.encrypted:
            self.stderr.write(self.style.ERROR(PLAIN))


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signal.SIGTERM)
