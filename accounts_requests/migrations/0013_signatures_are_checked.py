"""What is found of certified signatures is a record; a Konsep for Word has placeholders."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_requests", "0012_public_verification_and_papers_about_an_sk"),
    ]

    operations = [
        migrations.AddField(
            model_name="office",
            name="placeholder_date",
            field=models.CharField(
                blank=True,
                default="${tanggal_naskah}",
                max_length=60,
                verbose_name="penanda tanggal naskah",
            ),
        ),
        migrations.AddField(
            model_name="office",
            name="placeholder_number",
            field=models.CharField(
                blank=True,
                default="${nomor_naskah}",
                max_length=60,
                verbose_name="penanda nomor naskah",
            ),
        ),
        migrations.AddField(
            model_name="office",
            name="placeholder_signature",
            field=models.CharField(
                blank=True,
                default="${ttd_pengirim}",
                max_length=60,
                verbose_name="penanda tanda tangan",
            ),
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
                    ("check_signature", "Memeriksa kembali tanda tangan SK"),
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
                ],
                max_length=30,
                verbose_name="tindakan",
            ),
        ),
        migrations.CreateModel(
            name="SignatureCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="diperiksa")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("trusted", "Utuh dan tepercaya"),
                            ("unanchored", "Utuh; rantai sertifikat tidak dapat diperiksa"),
                            ("doubtful", "Utuh, dengan hal yang meragukan"),
                        ],
                        max_length=12,
                        verbose_name="hasil",
                    ),
                ),
                ("signatures", models.JSONField(verbose_name="tanda tangan")),
                (
                    "anchors",
                    models.JSONField(blank=True, default=list, verbose_name="sertifikat induk"),
                ),
                (
                    "differences",
                    models.JSONField(
                        blank=True, default=list, verbose_name="perbedaan yang dikonfirmasi"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signature_checks",
                        to="accounts_requests.document",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signature_checks",
                        to="accounts_requests.accountrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "pemeriksaan tanda tangan",
                "verbose_name_plural": "pemeriksaan tanda tangan",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["trusted", "unanchored", "doubtful"])),
                        name="signature_verdict_is_known",
                    )
                ],
            },
        ),
    ]
