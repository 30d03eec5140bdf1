"""``manage.py verify``: is the record whole, and if not, where is it broken?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts_requests import verifying
from accounts_requests.exceptions import InvalidInput


class Command(BaseCommand):
    """Reads only; may run beside the application. Exit code 1 when something is broken."""

    help = (
        "Memeriksa rantai jejak audit, segel setiap catatan, isi setiap dokumen, dan tambatan "
        "yang disimpan di luar; menyebutkan tempat yang rusak."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor",
            action="append",
            default=[],
            metavar="NOMOR:HASH",
            help="tambatan dari kertas atau e-mail, misalnya 812:0a1b2c3d4e5f6071; boleh berulang",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the report; raise CommandError when it tells of a break."""
        try:
            anchors = [verifying.typed(text) for text in options["anchor"]]
        except InvalidInput as error:
            raise CommandError(str(error)) from error
        report = verifying.verify(anchors)
        for line in report.lines():
            self.stdout.write(line)
        if not report.is_whole:
            raise CommandError(f"{len(report.breaks)} kerusakan ditemukan.")
