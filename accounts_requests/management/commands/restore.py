"""``manage.py restore``: put a backup in the place of the database, and verify it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts_requests import restoring, verifying, words
from accounts_requests.exceptions import BackupError
from accounts_requests.restoring import Restored


class Command(BaseCommand):
    """Restores one backup; web and worker are to be stopped meanwhile."""

    help = "Memulihkan basis data dari berkas cadangan. Hentikan web dan pekerja lebih dahulu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="BERKAS", help="berkas cadangan")
        parser.add_argument(
            "--identity", type=Path, metavar="KUNCI", help="berkas kunci rahasia age"
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="gantikan basis data yang tidak kosong; isinya disimpan lebih dahulu",
        )
        parser.add_argument(
            "--force", action="store_true", help="abaikan pekerja yang masih terlihat berjalan"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Tell each stage, the rows of each table beside the backup's, and what is left to do."""
        try:
            restored = restoring.restore(
                options["file"].resolve(),
                identity=options["identity"],
                replace=options["replace"],
                force=options["force"],
                tell=self.stdout.write,
            )
        except BackupError as error:
            raise CommandError(str(error)) from error
        self._tell_counts(restored)
        self._tell_rest(restored)
        self.stdout.write("\nMemverifikasi catatan …")
        report = verifying.verify()
        for line in report.lines():
            self.stdout.write(line)
        if not report.is_whole:
            raise CommandError(
                f"Basis data dipulihkan, tetapi {len(report.breaks)} kerusakan ditemukan di "
                "dalamnya."
            )

    def _tell_counts(self, restored: Restored) -> None:
        width = max(len(table) for table in restored.counts)
        self.stdout.write(f"\n{'Tabel':<{width}}  Cadangan  Dipulihkan")
        for table, wanted in restored.manifest.counts.items():
            found = restored.counts[table]
            mark = "" if found == wanted else "  BERBEDA"
            self.stdout.write(f"{table:<{width}}  {wanted:>8}  {found:>10}{mark}")

    def _tell_rest(self, restored: Restored) -> None:
        manifest = restored.manifest
        self.stdout.write(
            f"\nDipulihkan: keadaan {words.instant(manifest.made_at)}, jejak audit sampai urutan "
            f"{manifest.chain_count}."
        )
        self.stdout.write(restoring.told_lost(restored.lost))
        if restored.lost.through > restored.lost.restored_to:
            self.stdout.write("Catat kembali dari kertas dan e-mail apa yang terjadi sesudahnya.")
        if restored.copy is not None:
            self.stdout.write(f"Isi sebelumnya disimpan: {restored.copy}")
        self.stdout.write(
            f"{restored.uncertain} pesan menjadi tidak pasti dan tidak dikirim ulang dengan "
            "sendirinya; Admin PPE memutuskannya satu per satu."
        )
        if restored.unsettled:
            self.stdout.write(
                f"{restored.unsettled} pesan lain ditahan; pekerja menjadikannya tidak pasti dalam "
                "15 menit."
            )
        if restored.lost_keys:
            self.stdout.write(
                f"{restored.lost_keys} password SPSE tidak dapat dibuka lagi karena kuncinya tidak "
                "ada: Admin PPE membuat password baru."
            )
        self.stdout.write(
            "Semua sesi masuk diakhiri dan tautan masuk yang belum dipakai dicabut. Penonaktifan "
            "pengguna dan penggantian password sesudah waktu cadangan perlu diulang."
        )
        if manifest.engine == "postgresql":
            self.stdout.write(
                "Bila web dan pekerja memakai peran PostgreSQL sendiri, berikan kembali haknya: "
                "manage.py grant_application PERAN."
            )
