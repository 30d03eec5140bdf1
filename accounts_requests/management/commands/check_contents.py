"""``manage.py check_contents``: is every stored content as it was stored, now?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts_requests import clock, content_alarm, content_checks


class Command(BaseCommand):
    """Walks over everything at once; may run beside the application. Exit code 1 for damage."""

    help = (
        "Membandingkan isi setiap dokumen tersimpan dengan SHA-256-nya, seperti yang dilakukan "
        "run_worker setiap malam; yang terputus dilanjutkan. Jejak audit: lihat verify."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print what is damaged; raise CommandError when something is."""
        check = content_checks.by_hand(clock.now())
        content_checks.go_on(check, clock.now())
        if check.finished_at is None:
            raise CommandError("Pemeriksaan yang sama sedang berjalan pada proses lain.")
        self.stdout.write(f"{check.checked} isi diperiksa.")
        for line in content_alarm.open_faults():
            fault = line.fault
            self.stdout.write(f"RUSAK: {fault.label} ({fault.record}): {fault.get_kind_display()}.")
        if check.found:
            raise CommandError(f"{check.found} isi tidak utuh; pulihkan dari cadangan.")
        self.stdout.write("Utuh: setiap isi sama dengan saat disimpan.")
