"""What the trail covers, how people enter, how a password is handed over, and the backups."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


def forget_messages_without_a_case(apps, schema_editor):
    """On the way back only: the former table knows no message that belongs to no case."""
    apps.get_model("accounts_requests", "Message").objects.filter(request__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_requests", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditAnchor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True, verbose_name="tanggal")),
                ("at", models.DateTimeField(verbose_name="waktu")),
                ("sequence", models.PositiveBigIntegerField(verbose_name="urutan")),
                ("head", models.CharField(max_length=64, verbose_name="hash")),
            ],
            options={
                "verbose_name": "tambatan jejak audit",
                "verbose_name_plural": "tambatan jejak audit",
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="Backup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="mulai")),
                (
                    "night",
                    models.DateField(blank=True, null=True, unique=True, verbose_name="malam"),
                ),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="selesai"),
                ),
                (
                    "file_name",
                    models.CharField(blank=True, max_length=120, verbose_name="nama berkas"),
                ),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="ukuran (byte)")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                ("encrypted", models.BooleanField(default=False, verbose_name="terenkripsi")),
                (
                    "chain_count",
                    models.PositiveBigIntegerField(default=0, verbose_name="urutan jejak audit"),
                ),
                (
                    "chain_head",
                    models.CharField(blank=True, max_length=64, verbose_name="hash jejak audit"),
                ),
                ("error", models.CharField(blank=True, max_length=250, verbose_name="galat")),
            ],
            options={
                "verbose_name": "cadangan",
                "verbose_name_plural": "cadangan",
                "ordering": ["-started_at"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[("new", "Pengguna baru"), ("reset", "Penggantian password")],
                        max_length=10,
                        verbose_name="keperluan",
                    ),
                ),
                (
                    "token_hash",
                    models.CharField(max_length=64, unique=True, verbose_name="hash tautan"),
                ),
                ("created_at", models.DateTimeField(verbose_name="dibuat")),
                ("expires_at", models.DateTimeField(verbose_name="berlaku sampai")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="dipakai")),
                (
                    "used_from",
                    models.CharField(blank=True, max_length=45, verbose_name="dipakai dari"),
                ),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="dicabut")),
            ],
            options={
                "verbose_name": "tautan masuk",
                "verbose_name_plural": "tautan masuk",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="PasswordLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "token_hash",
                    models.CharField(blank=True, max_length=64, verbose_name="hash tautan"),
                ),
                ("created_at", models.DateTimeField(verbose_name="dibuat")),
                (
                    "expires_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="berlaku sampai"),
                ),
                ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="dibuka")),
                (
                    "opened_from",
                    models.CharField(blank=True, max_length=45, verbose_name="dibuka dari"),
                ),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="dicabut")),
            ],
            options={
                "verbose_name": "tautan password",
                "verbose_name_plural": "tautan password",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="RecordSeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record", models.CharField(max_length=60, unique=True, verbose_name="catatan")),
                ("digest", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("sequence", models.PositiveBigIntegerField(verbose_name="entri jejak audit")),
            ],
            options={
                "verbose_name": "segel catatan",
                "verbose_name_plural": "segel catatan",
            },
        ),
        migrations.AddField(
            model_name="auditentry",
            name="records",
            field=models.JSONField(blank=True, default=dict, verbose_name="catatan tersegel"),
        ),
        migrations.AddField(
            model_name="office",
            name="allows_both_executor_roles",
            field=models.BooleanField(
                default=False,
                verbose_name="satu orang boleh menjadi Kepala LPSE dan Admin PPE dalam satu permohonan",
            ),
        ),
        migrations.AddField(
            model_name="office",
            name="idle_minutes",
            field=models.PositiveSmallIntegerField(default=60, verbose_name="batas diam (menit)"),
        ),
        migrations.AddField(
            model_name="office",
            name="password_delivery",
            field=models.CharField(
                choices=[
                    ("mail", "Ditulis di dalam e-mail"),
                    ("link", "Melalui tautan sekali pakai di dalam e-mail"),
                ],
                default="mail",
                max_length=10,
                verbose_name="cara menyampaikan password",
            ),
        ),
        migrations.AddField(
            model_name="office",
            name="password_keep_days",
            field=models.PositiveSmallIntegerField(
                default=14, verbose_name="password dimusnahkan paling lambat setelah (hari)"
            ),
        ),
        migrations.AddField(
            model_name="office",
            name="password_link_hours",
            field=models.PositiveSmallIntegerField(
                default=72, verbose_name="masa berlaku tautan password (jam)"
            ),
        ),
        migrations.AddField(
            model_name="office",
            name="second_factor_roles",
            field=models.JSONField(
                blank=True, default=list, verbose_name="peran yang wajib memakai faktor kedua"
            ),
        ),
        migrations.AddField(
            model_name="office",
            name="session_hours",
            field=models.PositiveSmallIntegerField(default=10, verbose_name="batas sesi (jam)"),
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
                ],
                max_length=30,
                verbose_name="tindakan",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[
                    ("credentials", "Informasi akun"),
                    ("order_notice", "Pemberitahuan perintah"),
                    ("take_over_notice", "Pemberitahuan pengambilalihan"),
                    ("return_notice", "Pemberitahuan pengembalian"),
                    ("completion_notice", "Pemberitahuan penyelesaian"),
                    ("anchor_notice", "Tambatan jejak audit"),
                ],
                max_length=20,
                verbose_name="jenis",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="request",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="accounts_requests.accountrequest",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_messages_without_a_case),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "anchor_notice"), ("request__isnull", True)),
                    models.Q(
                        models.Q(("kind", "anchor_notice"), _negated=True),
                        ("request__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="message_belongs_to_a_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="office",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("idle_minutes__gte", 5),
                    ("password_keep_days__gte", 1),
                    ("password_link_hours__gte", 1),
                    ("session_hours__range", (1, 24)),
                ),
                name="office_time_limits_are_sensible",
            ),
        ),
        migrations.AddConstraint(
            model_name="backup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("finished_at__isnull", True),
                    models.Q(("error", ""), _negated=True),
                    models.Q(("sha256", ""), _negated=True),
                    _connector="OR",
                ),
                name="good_backup_has_a_hash",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invitations",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="passwordlink",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="password_links",
                to="accounts_requests.account",
            ),
        ),
        migrations.AddField(
            model_name="passwordlink",
            name="message",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="password_link",
                to="accounts_requests.message",
            ),
        ),
        migrations.AddField(
            model_name="recordseal",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="seals",
                to="accounts_requests.accountrequest",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("created_at"))),
                name="invitation_expires",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True), ("used_at__isnull", True)),
                fields=("person",),
                name="one_open_invitation_per_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="passwordlink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("token_hash", ""), _negated=True),
                fields=("token_hash",),
                name="password_link_token_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="passwordlink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("token_hash", ""), ("expires_at__isnull", False), _connector="OR"
                ),
                name="password_link_expires",
            ),
        ),
        migrations.AddConstraint(
            model_name="passwordlink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opened_at__isnull", True), ("revoked_at__isnull", True), _connector="OR"
                ),
                name="password_link_opened_or_revoked",
            ),
        ),
    ]
