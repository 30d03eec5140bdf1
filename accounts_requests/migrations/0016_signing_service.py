"""What is handed to the office's e-sign service, and what comes back, are rows."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_requests", "0015_the_archive_as_records"),
    ]

    operations = [
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
                    ("amend_decree", "Mencatat ralat, perubahan, atau pencabutan SK"),
                    ("check_signature", "Memeriksa kembali tanda tangan SK"),
                    ("send_for_signing", "Mengirim Konsep ke layanan tanda tangan"),
                    ("withdraw_signing", "Menarik permintaan tanda tangan"),
                    ("answer_signing", "Menerima jawaban layanan tanda tangan"),
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
                    ("check_contents", "Memeriksa isi dokumen"),
                    ("describe_file", "Mengubah data kearsipan"),
                    ("move_file", "Memindahkan berkas"),
                    ("propose_destruction", "Mengusulkan pemusnahan berkas"),
                    ("decide_destruction", "Memutuskan usul musnah"),
                    ("record_bounce", "Mencatat pesan yang kembali"),
                    ("pass_deadline", "Mencatat tenggat terlewati"),
                    ("lift_lateness", "Mencatat tidak lagi melewati tenggat"),
                ],
                max_length=30,
                verbose_name="tindakan",
            ),
        ),
        migrations.CreateModel(
            name="SigningRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 Konsep")),
                ("service", models.CharField(max_length=120, verbose_name="layanan")),
                ("queued_at", models.DateTimeField(verbose_name="diantrekan")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Dalam antrean"),
                            ("sending", "Sedang dikirim"),
                            ("sent", "Menunggu tanda tangan"),
                            ("signed", "Sudah ditandatangani"),
                            ("refused", "Ditolak"),
                            ("failed", "Gagal"),
                            ("uncertain", "Tidak pasti"),
                            ("withdrawn", "Ditarik kembali"),
                            ("issued", "Diterbitkan sebagai SK"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="keadaan",
                    ),
                ),
                (
                    "reference",
                    models.CharField(blank=True, max_length=200, verbose_name="rujukan layanan"),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="dikirim")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="percobaan")),
                (
                    "next_try_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="percobaan berikutnya"
                    ),
                ),
                (
                    "claimed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="sedang dikerjakan sejak"
                    ),
                ),
                ("claimed_by", models.CharField(blank=True, max_length=80, verbose_name="pekerja")),
                ("answer", models.TextField(blank=True, verbose_name="jawaban terakhir")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="waktu jawaban"),
                ),
                ("signed_pdf", models.BinaryField(null=True, verbose_name="PDF yang kembali")),
                (
                    "signed_sha256",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="SHA-256 PDF yang kembali"
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="berakhir")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts_requests.document",
                    ),
                ),
                (
                    "queued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signing_requests",
                        to="accounts_requests.accountrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "permintaan tanda tangan",
                "verbose_name_plural": "permintaan tanda tangan",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "sent"])),
                        fields=["next_try_at", "id"],
                        name="due_signing_requests",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["queued", "sending", "sent", "signed", "uncertain"])
                        ),
                        fields=("request",),
                        name="one_open_signing_request_per_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signed_pdf__isnull", False), ("state", "signed")),
                            models.Q(
                                models.Q(("state", "signed"), _negated=True),
                                ("signed_pdf__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="signed_pdf_until_it_is_issued",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["sent", "signed", "issued"]), _negated=True),
                            models.Q(("reference", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="sent_signing_request_has_a_reference",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True),
                                ("state__in", ["queued", "sending", "sent", "signed", "uncertain"]),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state__in", ["refused", "failed", "withdrawn", "issued"]),
                            ),
                            _connector="OR",
                        ),
                        name="signing_request_ended_when_final",
                    ),
                ],
            },
        ),
    ]
