"""``manage.py export_bundle CASE --to FILE.zip``: a case as evidence that checks itself."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from accounts_requests import clock, exports
from accounts_requests.exceptions import WorkflowError
from accounts_requests.models import AccountRequest


class Command(BaseCommand):
    """Writes the bundle and records that it was taken. Never writes over a file."""

    help = "Membuat berkas bukti (ZIP) dari satu permohonan, yang dapat diperiksa tanpa aplikasi."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("case", metavar="NOMOR", help="nomor permohonan, misalnya P-2026-0001")
        parser.add_argument("--to", type=Path, required=True, metavar="BERKAS.zip")
        parser.add_argument("--letter", default="", help="nomor dan tanggal surat permintaannya")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say where it is, how large, and its SHA-256."""
        request = AccountRequest.objects.filter(number=options["case"]).first()
        if request is None:
            raise CommandError(f"Permohonan {options['case']} tidak ada. Periksa nomornya.")
        target: Path = options["to"]
        try:
            with target.open("x+b") as file:
                target.chmod(0o600)
                bundle = exports.bundle(
                    request, file, actor=None, at=clock.now(), letter=options["letter"]
                )
        except FileExistsError as error:
            raise CommandError(f"Berkas {target} sudah ada dan tidak ditimpa.") from error
        except WorkflowError as error:
            target.unlink(missing_ok=True)
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Berkas {target} tidak dapat ditulis: {error.strerror}.") from error
        self.stdout.write(
            f"Berkas bukti dibuat: {target} ({filesizeformat(bundle.size)}, {bundle.files} berkas)."
        )
        self.stdout.write(f"SHA-256: {bundle.sha256}")
