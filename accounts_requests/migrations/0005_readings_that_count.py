"""Readings that count: their withdrawal, a file declared complete, limits that end before a step."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_requests", "0004_monitoring"),
    ]

    operations = [
        migrations.AddField(
            model_name="reading",
            name="withdrawal_reason",
            field=models.TextField(blank=True, verbose_name="alasan penarikan"),
        ),
        migrations.AddField(
            model_name="reading",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="ditarik"),
        ),
        migrations.AddField(
            model_name="reading",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="steprun",
            name="measured_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="diukur sampai"),
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
                    ("adopt_calendar", "Memberlakukan kalender"),
                    ("move_deadline", "Menggeser tenggat"),
                    ("warn", "Memperingatkan tenggat"),
                    ("declare_complete", "Menyatakan berkas lengkap"),
                    ("draft_reading", "Menyusun lembar penafsiran"),
                    ("approve_reading", "Mengesahkan lembar penafsiran"),
                    ("withdraw_reading", "Menarik lembar penafsiran"),
                    ("draft_revision", "Menyusun revisi SOP"),
                    ("approve_revision", "Mengesahkan revisi SOP"),
                    ("declare_outage", "Mencatat gangguan"),
                    ("propose_late_entry", "Mengajukan pencatatan susulan"),
                    ("confirm_late_entry", "Mengonfirmasi pencatatan susulan"),
                    ("refuse_late_entry", "Menolak pencatatan susulan"),
                    ("sent_outside", "Mencatat e-mail di luar sistem"),
                ],
                max_length=30,
                verbose_name="tindakan",
            ),
        ),
        migrations.AlterField(
            model_name="sopstep",
            name="limit_start",
            field=models.CharField(
                choices=[
                    ("previous_end", "akhir langkah sebelumnya"),
                    ("claimed", "saat tugas diambil"),
                    ("begun", "saat mulai dikerjakan"),
                    ("complete", "berkas dinyatakan lengkap"),
                ],
                default="previous_end",
                max_length=20,
                verbose_name="mulai dihitung",
            ),
        ),
        migrations.AlterField(
            model_name="steprun",
            name="limit_start",
            field=models.CharField(
                choices=[
                    ("previous_end", "akhir langkah sebelumnya"),
                    ("claimed", "saat tugas diambil"),
                    ("begun", "saat mulai dikerjakan"),
                    ("complete", "berkas dinyatakan lengkap"),
                ],
                max_length=20,
                verbose_name="mulai dihitung",
            ),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")),
                fields=("revision",),
                name="one_draft_reading_per_revision",
            ),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), ("withdrawn_at__isnull", False)),
                    models.Q(
                        models.Q(("state", "withdrawn"), _negated=True),
                        ("withdrawn_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="withdrawn_reading_has_its_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="steprun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("measured_until__isnull", True),
                    models.Q(
                        ("finished_at__isnull", True),
                        ("measured_until__gte", models.F("offered_at")),
                    ),
                    models.Q(
                        ("finished_at__gte", models.F("measured_until")),
                        ("measured_until__gte", models.F("offered_at")),
                    ),
                    _connector="OR",
                ),
                name="step_run_is_measured_within_itself",
            ),
        ),
    ]
