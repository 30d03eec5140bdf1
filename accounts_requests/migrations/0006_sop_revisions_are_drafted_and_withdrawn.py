"""A draft of the SOP has no date yet; a revision that was withdrawn stays on record."""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Under the former models every revision with a date that has come is in force.
NEVER = datetime.date(9999, 12, 31)


def take_the_date_from_drafts(apps, schema_editor):
    """A draft is never in force."""
    apps.get_model("accounts_requests", "SopRevision").objects.filter(is_draft=True).update(
        in_force_from=None
    )


def give_drafts_a_date_that_never_comes(apps, schema_editor):
    """What is not in force must not become so by going back."""
    Revision = apps.get_model("accounts_requests", "SopRevision")
    Revision.objects.filter(withdrawn_at__isnull=False).update(is_draft=True, in_force_from=NEVER)
    Revision.objects.filter(is_draft=True).update(in_force_from=NEVER)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_requests", "0005_readings_that_count"),
    ]

    operations = [
        migrations.AddField(
            model_name="soprevision",
            name="withdrawal_reason",
            field=models.TextField(blank=True, verbose_name="alasan penarikan"),
        ),
        migrations.AddField(
            model_name="soprevision",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="ditarik"),
        ),
        migrations.AddField(
            model_name="soprevision",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
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
                    ("draft_revision", "Menyusun revisi SOP"),
                    ("approve_revision", "Mengesahkan revisi SOP"),
                    ("withdraw_revision", "Menarik revisi SOP"),
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
            model_name="soprevision",
            name="in_force_from",
            field=models.DateField(blank=True, null=True, verbose_name="berlaku sejak"),
        ),
        migrations.RunPython(take_the_date_from_drafts, give_drafts_a_date_that_never_comes),
        migrations.AddConstraint(
            model_name="soprevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("in_force_from__isnull", True), ("is_draft", True)),
                    models.Q(("in_force_from__isnull", False), ("is_draft", False)),
                    _connector="OR",
                ),
                name="sop_revision_has_a_date_once_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="soprevision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("in_force_from",),
                name="one_sop_revision_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="soprevision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_draft", True), ("withdrawn_at__isnull", True)),
                fields=("is_draft",),
                name="one_sop_draft",
            ),
        ),
    ]
