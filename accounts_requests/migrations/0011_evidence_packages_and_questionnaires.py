"""Evidence in answer to a letter, the office's questionnaire, and seals of what belongs to no case."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_requests", "0010_deviations_while_steps_run"),
    ]

    operations = [
        migrations.AddField(
            model_name="monitoring",
            name="questionnaire",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="versi kuesioner"),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="act",
            field=models.CharField(
                choices=[
                    ("create", "Membuat permohonan"),
                    ("edit", "Mengubah data SK"),
                    ("add_registrant", "Menambah personel"),
                    ("edit_registrant", "Mengubah personel"),
                    ("remove_registrant", "Menghapus personel"),
                    ("import_registrants", "Mengambil personel dari XLSX"),
                    ("attach", "Melampirkan hasil pindai"),
                    ("detach", "Melepas lampiran"),
                    ("submit_for_initials", "Mengajukan paraf"),
                    ("unlock", "Membuka kunci personel"),
                    ("advance_stage", "Menyelesaikan tahap"),
                    ("set_number", "Mencatat nomor SK"),
                    ("issue_decree", "Menerbitkan SK"),
                    ("mend_registrant", "Memperbaiki data personel"),
                    ("order", "Memerintahkan pembuatan akun"),
                    ("return", "Mengembalikan"),
                    ("cancel", "Membatalkan"),
                    ("claim", "Mengambil tugas"),
                    ("take_over", "Mengambil alih"),
                    ("reveal", "Menampilkan password"),
                    ("new_password", "Membuat password baru"),
                    ("record_account", "Mencatat hasil akun"),
                    ("record_accounts", "Menyelesaikan pembuatan akun"),
                    ("send", "Mengantrekan e-mail"),
                    ("settle", "Menerima jawaban server e-mail"),
                    ("resend", "Mengirim ulang dengan password baru"),
                    ("hand_over", "Mencatat penyerahan dengan cara lain"),
                    ("not_delivered", "Mencatat tidak dapat diserahkan"),
                    ("complete_sending", "Menyelesaikan pengiriman e-mail"),
                    ("archive", "Mengarsipkan berkas"),
                    ("sign_in", "Masuk"),
                    ("sign_out", "Keluar"),
                    ("sign_in_failed", "Gagal masuk"),
                    ("settings", "Mengubah pengaturan"),
                    ("store_document", "Menyimpan dokumen"),
                    ("open_step", "Membuka langkah"),
                    ("open_link", "Membuka tautan sekali pakai"),
                    ("expire_password", "Memusnahkan password"),
                    ("export", "Mengunduh data"),
                    ("monitor", "Menilai penerapan SOP"),
                    ("invite", "Membuat tautan masuk"),
                    ("accept_invitation", "Memakai tautan masuk"),
                    ("suspend", "Menonaktifkan pengguna"),
                    ("reactivate", "Mengaktifkan pengguna kembali"),
                    ("appoint", "Menetapkan peran"),
                    ("second_factor", "Mengubah faktor kedua"),
                    ("change_password", "Mengganti password masuk"),
                    ("end_session", "Mengakhiri sesi"),
                    ("seal", "Menyegel catatan"),
                    ("anchor", "Menambatkan jejak audit"),
                    ("back_up", "Membuat cadangan"),
                    ("restore", "Memulihkan dari cadangan"),
                    ("adopt_calendar", "Memberlakukan kalender"),
                    ("move_deadline", "Menggeser tenggat"),
                    ("warn", "Memperingatkan tenggat"),
                    ("declare_complete", "Menyatakan berkas lengkap"),
                    ("draft_reading", "Menyusun lembar penafsiran"),
                    ("approve_reading", "Mengesahkan lembar penafsiran"),
                    ("withdraw_reading", "Menarik lembar penafsiran"),
                    ("draft_revision", "Menyusun revisi SOP"),
                    ("approve_revision", "Mengesahkan revisi SOP"),
                    ("withdraw_revision", "Menarik revisi SOP"),
                    ("declare_outage", "Mencatat gangguan"),
                    ("propose_late_entry", "Mengajukan pencatatan susulan"),
                    ("confirm_late_entry", "Mengonfirmasi pencatatan susulan"),
                    ("refuse_late_entry", "Menolak pencatatan susulan"),
                    ("record_late_entry", "Mencatat tindakan sendiri secara susulan"),
                    ("sent_outside", "Mencatat e-mail di luar sistem"),
                    ("answer_deviation", "Mempertanggungjawabkan penyimpangan"),
                    ("judge_deviation", "Menilai pertanggungjawaban"),
                    ("remind_deviations", "Mengingatkan penyimpangan"),
                    ("ask_evidence", "Meminta paket bukti"),
                    ("hand_over_evidence", "Menyusun paket bukti"),
                    ("edit_questionnaire", "Menyusun kuesioner evaluasi"),
                    ("adopt_questionnaire", "Memberlakukan kuesioner evaluasi"),
                ],
                max_length=30,
                verbose_name="tindakan",
            ),
        ),
        migrations.AlterField(
            model_name="recordseal",
            name="request",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="seals",
                to="accounts_requests.accountrequest",
            ),
        ),
        migrations.CreateModel(
            name="EvidencePackage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("letter_number", models.CharField(max_length=120, verbose_name="nomor surat")),
                ("letter_date", models.DateField(verbose_name="tanggal surat")),
                ("subject", models.CharField(max_length=250, verbose_name="perihal")),
                ("requester", models.CharField(max_length=200, verbose_name="peminta")),
                ("asked_as", models.CharField(max_length=150, verbose_name="sebagai")),
                ("asked_at", models.DateTimeField(verbose_name="disusun")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "paket bukti",
                "verbose_name_plural": "paket bukti",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="EvidenceItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="urutan")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("owed", "Sedang disiapkan"),
                            ("stored", "Siap"),
                            ("failed", "Gagal disiapkan"),
                        ],
                        default="owed",
                        max_length=10,
                        verbose_name="keadaan",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="percobaan")),
                (
                    "next_attempt_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="dicoba lagi"),
                ),
                (
                    "claimed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="dikerjakan sejak"),
                ),
                (
                    "last_error",
                    models.CharField(blank=True, max_length=250, verbose_name="kegagalan terakhir"),
                ),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="ukuran (byte)")),
                ("made_at", models.DateTimeField(blank=True, null=True, verbose_name="dibuat")),
                (
                    "request",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts_requests.accountrequest",
                    ),
                ),
                (
                    "package",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="accounts_requests.evidencepackage",
                    ),
                ),
            ],
            options={
                "verbose_name": "isi paket bukti",
                "verbose_name_plural": "isi paket bukti",
                "ordering": ["package", "position"],
            },
        ),
        migrations.CreateModel(
            name="EvidenceHandOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="selesai disusun")),
                ("file_name", models.CharField(max_length=120, verbose_name="nama berkas")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("size", models.PositiveBigIntegerField(verbose_name="ukuran (byte)")),
                ("content", models.JSONField(verbose_name="isi")),
                (
                    "package",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_over",
                        to="accounts_requests.evidencepackage",
                    ),
                ),
            ],
            options={
                "verbose_name": "penyerahan bukti",
                "verbose_name_plural": "penyerahan bukti",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="EvidencePart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="accounts_requests.evidenceitem",
                    ),
                ),
            ],
            options={
                "ordering": ["item", "position"],
            },
        ),
        migrations.CreateModel(
            name="MonitoringDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first", models.DateField()),
                ("questionnaire", models.PositiveSmallIntegerField()),
                ("typed", models.JSONField()),
                ("saved_at", models.DateTimeField()),
                (
                    "judge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="monitoring_drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Questionnaire",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(unique=True, verbose_name="versi")),
                ("questions", models.JSONField(verbose_name="pertanyaan")),
                ("changed_at", models.DateTimeField(verbose_name="diubah")),
                (
                    "reason",
                    models.CharField(blank=True, max_length=250, verbose_name="alasan perubahan"),
                ),
                (
                    "adopted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="diberlakukan"),
                ),
                (
                    "adopted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "kuesioner evaluasi",
                "verbose_name_plural": "kuesioner evaluasi",
                "ordering": ["-number"],
            },
        ),
        migrations.AddIndex(
            model_name="evidenceitem",
            index=models.Index(
                condition=models.Q(("state", "owed")),
                fields=["package", "position"],
                name="owed_evidence",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidenceitem",
            constraint=models.UniqueConstraint(
                fields=("package", "position"), name="evidence_item_has_its_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidenceitem",
            constraint=models.UniqueConstraint(
                fields=("package", "request"), name="case_once_in_an_evidence_package"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidenceitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "stored"), _negated=True),
                    models.Q(
                        ("claimed_at__isnull", True),
                        ("made_at__isnull", False),
                        models.Q(("sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="stored_evidence_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencepart",
            constraint=models.UniqueConstraint(
                fields=("item", "position"), name="evidence_part_has_its_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="monitoringdraft",
            constraint=models.UniqueConstraint(
                fields=("judge", "first"), name="one_monitoring_draft_each"
            ),
        ),
        migrations.AddConstraint(
            model_name="questionnaire",
            constraint=models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(("adopted_at__isnull", True)),
                name="one_draft_of_the_questionnaire",
            ),
        ),
        migrations.AddConstraint(
            model_name="questionnaire",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("adopted_at__isnull", True), ("adopted_by__isnull", True)),
                    models.Q(
                        ("adopted_at__isnull", False),
                        ("adopted_by__isnull", False),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="adopted_questionnaire_says_why",
            ),
        ),
    ]
