"""``manage.py run_worker``: deliver mail, render papers and watch the clock until told to stop."""

import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts_requests.checks import refuse_unsafe_start
from accounts_requests.safe_start import fault_at_start
from accounts_requests.worker import Worker


class Command(BaseCommand):
    """Runs one worker in this process; any number may run at once, on several machines."""

    help = (
        "Mengirim e-mail, menyiapkan dokumen, dan memeriksa tenggat sampai dihentikan "
        "(SIGTERM atau Ctrl+C: pekerjaan yang sedang berjalan diselesaikan dahulu)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once",
            action="store_true",
            help="Selesaikan semua yang sudah waktunya, lalu berhenti.",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  Django's signature
        """Work; with ``--once``, raise CommandError when an item failed.

        A database that is away at the start is waited for, unless it is for ``--once``.
        """
        worker = Worker()

        def stop(_number: int, _frame: FrameType | None) -> None:
            worker.stop()

        previous = {
            number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            if options["once"]:
                refuse_unsafe_start()
                worker.drain()
            else:
                worker.wait_while(lambda: fault_at_start() is not None)
                worker.run()
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
        if options["once"] and worker.failures:
            raise CommandError(f"{worker.failures} pekerjaan gagal; lihat catatan di atas.")
