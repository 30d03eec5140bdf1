"""Fill the demonstration: example people and cases in every state, through the workflow."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts_requests import demo


class Command(BaseCommand):
    """``manage.py demo``: idempotent; refused in production."""

    help = "Isi peragaan dengan orang dan permohonan contoh; tidak menambah apa pun bila lengkap."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add ``--sign-ins``."""
        parser.add_argument(
            "--sign-ins",
            action="store_true",
            help="hanya tampilkan nama masuk dan sandi contoh tiap peran",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make what is missing, or print the sign-ins."""
        if settings.PRODUCTION:
            raise CommandError("Peragaan tidak dijalankan pada mode production.")
        if options["sign_ins"]:
            for sign_in in demo.sign_ins():
                self.stdout.write(f"  {sign_in.role:<20} {sign_in.username:<12} {sign_in.password}")
            return
        made = demo.fill()
        if made:
            self.stdout.write(f"Peragaan diisi: {made} permohonan contoh.")
        else:
            self.stdout.write("Peragaan sudah lengkap; tidak ada yang ditambahkan.")
