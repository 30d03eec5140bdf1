"""Archived files as records: their data in versions, moves, and proposals to destroy them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_requests", "0014_nightly_content_checks"),
    ]

    operations = [
        migrations.CreateModel(
            name="DestructionDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[("disetujui", "Disetujui"), ("ditolak", "Ditolak")],
                        max_length=10,
                        verbose_name="keputusan",
                    ),
                ),
                ("ground", models.TextField(blank=True, verbose_name="alasan keputusan")),
                ("title", models.CharField(max_length=60, verbose_name="jabatan pemutus")),
                ("at", models.DateTimeField(verbose_name="diputuskan")),
                (
                    "minutes_number",
                    models.CharField(blank=True, max_length=80, verbose_name="nomor berita acara"),
                ),
                (
                    "minutes_pages",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="halaman berita acara"
                    ),
                ),
                (
                    "minutes_sha256",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="SHA-256 berita acara"
                    ),
                ),
                (
                    "decided_by",
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
                        related_name="+",
                        to="accounts_requests.accountrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "keputusan usul musnah",
                "verbose_name_plural": "keputusan usul musnah",
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="office",
            name="retention_trigger",
            field=models.CharField(
                choices=[
                    ("akhir_tahun", "Akhir tahun pengarsipan"),
                    ("diarsipkan", "Tanggal pengarsipan"),
                ],
                default="akhir_tahun",
                max_length=12,
                verbose_name="retensi dihitung sejak",
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
                    ("describe_file", "Mengubah data kearsipan"),
                    ("move_file", "Memindahkan berkas"),
                    ("propose_destruction", "Mengusulkan pemusnahan berkas"),
                    ("decide_destruction", "Memutuskan usul musnah"),
                ],
                max_length=30,
                verbose_name="tindakan",
            ),
        ),
        migrations.AlterField(
            model_name="casenumber",
            name="series",
            field=models.CharField(
                choices=[
                    ("request", "Permohonan"),
                    ("archive", "Berkas arsip"),
                    ("answer", "Jawaban penyimpangan"),
                    ("destroy", "Usul musnah"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="DestructionMinutes",
            fields=[
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="minutes",
                        serialize=False,
                        to="accounts_requests.destructiondecision",
                    ),
                ),
                ("data", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="DestructionProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="nomor usul")),
                ("reason", models.TextField(verbose_name="alasan")),
                ("legal_basis", models.TextField(verbose_name="dasar hukum")),
                ("title", models.CharField(max_length=60, verbose_name="jabatan pengusul")),
                ("at", models.DateTimeField(verbose_name="diusulkan")),
                (
                    "proposed_by",
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
                        related_name="destruction_proposals",
                        to="accounts_requests.accountrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "usul musnah",
                "verbose_name_plural": "usul musnah",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="DestructionItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="diusulkan")),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="destruction_items",
                        to="accounts_requests.accountrequest",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="accounts_requests.destructionproposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "berkas yang diusulkan musnah",
                "verbose_name_plural": "berkas yang diusulkan musnah",
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="destructiondecision",
            name="proposal",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decision",
                to="accounts_requests.destructionproposal",
            ),
        ),
        migrations.CreateModel(
            name="ArchiveDescription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(verbose_name="versi")),
                ("code", models.CharField(max_length=30, verbose_name="kode klasifikasi")),
                (
                    "counts_from",
                    models.CharField(
                        choices=[
                            ("akhir_tahun", "Akhir tahun pengarsipan"),
                            ("diarsipkan", "Tanggal pengarsipan"),
                        ],
                        max_length=12,
                        verbose_name="retensi dihitung sejak",
                    ),
                ),
                (
                    "active_years",
                    models.PositiveSmallIntegerField(verbose_name="retensi aktif (tahun)"),
                ),
                (
                    "inactive_years",
                    models.PositiveSmallIntegerField(verbose_name="retensi inaktif (tahun)"),
                ),
                ("active_until", models.DateField(verbose_name="aktif sampai dengan")),
                ("inactive_until", models.DateField(verbose_name="inaktif sampai dengan")),
                (
                    "disposition",
                    models.CharField(
                        choices=[
                            ("permanen", "Permanen"),
                            ("musnah", "Musnah"),
                            ("dinilai", "Dinilai kembali"),
                        ],
                        max_length=10,
                        verbose_name="nasib akhir",
                    ),
                ),
                (
                    "security",
                    models.CharField(
                        choices=[
                            ("biasa", "Biasa"),
                            ("terbatas", "Terbatas"),
                            ("rahasia", "Rahasia"),
                        ],
                        max_length=10,
                        verbose_name="klasifikasi keamanan",
                    ),
                ),
                (
                    "development",
                    models.CharField(
                        choices=[
                            ("asli", "Asli"),
                            ("salinan", "Salinan"),
                            ("asli_salinan", "Asli dan salinan"),
                        ],
                        max_length=15,
                        verbose_name="tingkat perkembangan",
                    ),
                ),
                (
                    "media",
                    models.CharField(
                        choices=[
                            ("elektronik", "Elektronik (PDF)"),
                            ("kertas", "Kertas"),
                            ("elektronik_kertas", "Elektronik (PDF) dan kertas"),
                        ],
                        max_length=20,
                        verbose_name="media",
                    ),
                ),
                (
                    "amount",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="jumlah berkas kertas"
                    ),
                ),
                (
                    "location",
                    models.CharField(blank=True, max_length=200, verbose_name="tempat simpan"),
                ),
                ("rack", models.CharField(blank=True, max_length=30, verbose_name="rak")),
                ("box", models.CharField(blank=True, max_length=30, verbose_name="boks")),
                (
                    "reason",
                    models.CharField(blank=True, max_length=500, verbose_name="alasan perubahan"),
                ),
                ("at", models.DateTimeField(verbose_name="dicatat")),
                (
                    "by",
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
                        related_name="archive_descriptions",
                        to="accounts_requests.accountrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "data kearsipan",
                "verbose_name_plural": "data kearsipan",
                "ordering": ["request", "-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request", "version"), name="one_archive_description_per_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("counts_from__in", ["akhir_tahun", "diarsipkan"]),
                            ("development__in", ["asli", "salinan", "asli_salinan"]),
                            ("disposition__in", ["permanen", "musnah", "dinilai"]),
                            ("media__in", ["elektronik", "kertas", "elektronik_kertas"]),
                            ("security__in", ["biasa", "terbatas", "rahasia"]),
                        ),
                        name="archive_description_words_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("inactive_until__gte", models.F("active_until"))),
                        name="inactive_retention_follows_active",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("version", 1), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="changed_archive_description_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ArchiveMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pemindahan", "Pemindahan ke penyimpanan inaktif"),
                            ("penyerahan", "Penyerahan ke lembaga kearsipan"),
                        ],
                        max_length=12,
                        verbose_name="jenis",
                    ),
                ),
                ("moved_on", models.DateField(verbose_name="tanggal")),
                ("place", models.CharField(max_length=120, verbose_name="tempat")),
                ("received_by", models.CharField(max_length=150, verbose_name="diterima oleh")),
                (
                    "paper_number",
                    models.CharField(max_length=80, verbose_name="nomor berita acara"),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="catatan")),
                ("at", models.DateTimeField(verbose_name="dicatat")),
                (
                    "by",
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
                        related_name="archive_moves",
                        to="accounts_requests.accountrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "pemindahan berkas",
                "verbose_name_plural": "pemindahan berkas",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request", "kind"), name="a_file_moves_once_in_each_way"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["pemindahan", "penyerahan"])),
                        name="archive_move_is_known",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="destructionproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True),
                    models.Q(("legal_basis", ""), _negated=True),
                ),
                name="destruction_proposal_gives_reason_and_basis",
            ),
        ),
        migrations.AddConstraint(
            model_name="destructionitem",
            constraint=models.UniqueConstraint(
                fields=("proposal", "request"), name="file_once_in_a_destruction_proposal"
            ),
        ),
        migrations.AddConstraint(
            model_name="destructiondecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("minutes_number", ""),
                        ("minutes_sha256", ""),
                        ("verdict", "ditolak"),
                        models.Q(("ground", ""), _negated=True),
                    ),
                    models.Q(
                        ("verdict", "disetujui"),
                        models.Q(("minutes_number", ""), _negated=True),
                        models.Q(("minutes_sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="destruction_decision_has_ground_or_minutes",
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
                    ("amend_decree", "Mencatat ralat, perubahan, atau pencabutan SK"),
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
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(
                choices=[
                    ("decree_concept", "Konsep SK"),
                    ("decree", "SK"),
                    ("decree_correction", "Ralat SK"),
                    ("decree_amendment", "Perubahan SK"),
                    ("decree_revocation", "Pencabutan SK"),
                    ("form", "Formulir"),
                    ("order", "Surat Perintah"),
                    ("order_memo", "Nota Dinas"),
                    ("account_sheet", "Lembar Pembuatan Akun"),
                    ("mail_proof", "Bukti Pengiriman E-mail"),
                    ("control_sheet", "Lembar Kendali"),
                    ("archive_file", "Berkas Arsip"),
                    ("scan", "Hasil pindai"),
                    ("hand_over_proof", "Bukti penyerahan"),
                    ("outside_proof", "Bukti e-mail dari luar sistem"),
                    ("late_evidence", "Bukti pencatatan susulan"),
                    ("bounce_proof", "Bukti pesan kembali"),
                    ("bounce_sheet", "Catatan Pesan Kembali"),
                    ("answer_sheet", "Lembar Pertanggungjawaban Penyimpangan"),
                    ("answer_proof", "Bukti pertanggungjawaban"),
                    ("judgement_paper", "Surat penilaian"),
                ],
                max_length=20,
                verbose_name="jenis",
            ),
        ),
    ]
