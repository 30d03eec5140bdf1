"""``manage.py invite_keeper``: a one-time link for a Pengelola Aplikasi, above all the first."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts_requests import user_keeping, words
from accounts_requests.exceptions import InvalidInput


class Command(BaseCommand):
    """Prints the link once, on standard output; it is stored nowhere."""

    help = (
        "Mencetak tautan sekali pakai bagi Pengelola Aplikasi. Orang yang belum ada dibuat; orang "
        "yang sudah ada kehilangan password, faktor kedua, dan sesinya, lalu menetapkan yang baru."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", required=True, help="nama pengguna, misalnya siti.aminah")
        parser.add_argument("--name", default="", help="nama lengkap (wajib bagi orang baru)")
        parser.add_argument("--email", default="", help="alamat e-mail (wajib bagi orang baru)")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make the person where missing, and the link; CommandError says what to mend."""
        try:
            link = user_keeping.invite_keeper(
                username=options["username"], full_name=options["name"], email=options["email"]
            )
        except InvalidInput as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Tautan sekali pakai untuk {link.person} ({link.person.username}), berlaku sampai "
            f"{words.instant(link.expires_at)}:"
        )
        self.stdout.write(link.url)
        self.stdout.write("Serahkan langsung kepada yang bersangkutan; tautan tidak disimpan.")
