"""Calendar versions, moved deadlines and warnings, readings of the SOP, outages, late entries."""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def write_the_reading_down(apps, schema_editor):
    """What the steps of each revision hold becomes its first Lembar Penafsiran; cases keep it."""
    Revision = apps.get_model("accounts_requests", "SopRevision")
    Reading = apps.get_model("accounts_requests", "Reading")
    Case = apps.get_model("accounts_requests", "AccountRequest")
    for number, revision in enumerate(Revision.objects.order_by("revision"), start=1):
        steps = {
            str(step.number): {
                "amount": step.limit_amount,
                "unit": step.limit_unit,
                "start": step.limit_start,
                "basis": step.limit_basis,
                "warnings": _rungs(step),
            }
            for step in revision.steps.order_by("number")
        }
        since = datetime.datetime.combine(
            revision.in_force_from, datetime.time.min, datetime.timezone.utc
        )
        reading = Reading.objects.create(
            revision=revision,
            number=number,
            state="approved",
            content={
                "steps": steps,
                "step1_start": "received",
                "step1_end": "entered",
                "step4_end": "accepted",
                "notes": revision.content.get("reading", {}).get("note", []),
            },
            in_force_from=revision.in_force_from,
            drafted_at=since,
            approved_at=since,
        )
        Case.objects.filter(sop_revision=revision).update(reading=reading)


def _rungs(step):
    """Shares of the limit at which a warning fires; a limit of minutes has no time for three."""
    if step.limit_amount is None:
        return []
    short = step.limit_unit.endswith("minutes") and step.limit_amount <= 15
    return [80, 100] if short else [50, 80, 100]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_requests", "0002_trail_sessions_links_and_backups"),
    ]

    operations = [
        migrations.AddField(
            model_name="accountrequest",
            name="complete_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="berkas lengkap"),
        ),
        migrations.AddField(
            model_name="soprevision",
            name="approved_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="disahkan"),
        ),
        migrations.AddField(
            model_name="soprevision",
            name="approved_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="soprevision",
            name="drafted_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="disusun"),
        ),
        migrations.AddField(
            model_name="soprevision",
            name="drafted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="soprevision",
            name="is_draft",
            field=models.BooleanField(default=False, verbose_name="konsep"),
        ),
        migrations.AddField(
            model_name="soprevision",
            name="reason",
            field=models.TextField(blank=True, verbose_name="alasan revisi"),
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
                    ("deadline_warning", "Peringatan tenggat"),
                    ("deadline_passed", "Tenggat terlewati"),
                ],
                max_length=20,
                verbose_name="jenis",
            ),
        ),
        migrations.CreateModel(
            name="CalendarDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", models.JSONField(verbose_name="isi")),
                ("saved_at", models.DateTimeField(verbose_name="disimpan")),
                (
                    "owner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calendar_draft",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "rancangan kalender",
                "verbose_name_plural": "rancangan kalender",
            },
        ),
        migrations.CreateModel(
            name="CalendarVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True, verbose_name="nomor")),
                ("version", models.CharField(db_index=True, max_length=16, verbose_name="versi")),
                ("content", models.JSONField(verbose_name="isi")),
                ("reason", models.TextField(verbose_name="alasan")),
                ("adopted_at", models.DateTimeField(verbose_name="dipakai sejak")),
                (
                    "moved",
                    models.PositiveIntegerField(default=0, verbose_name="tenggat yang bergeser"),
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
            ],
            options={
                "verbose_name": "versi kalender",
                "verbose_name_plural": "versi kalender",
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Outage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("application", "Aplikasi ini"),
                            ("mail", "Server e-mail"),
                            ("target", "Aplikasi SPSE"),
                            ("network", "Jaringan kantor"),
                            ("power", "Listrik"),
                            ("other", "Lainnya"),
                        ],
                        max_length=12,
                        verbose_name="yang terganggu",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("heartbeat", "Terlihat dari detak aplikasi"),
                            ("mail_log", "Terlihat dari pengiriman e-mail"),
                            ("declared", "Dinyatakan"),
                        ],
                        max_length=12,
                        verbose_name="diketahui dari",
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="sejak")),
                ("until", models.DateTimeField(blank=True, null=True, verbose_name="sampai")),
                ("explanation", models.TextField(blank=True, verbose_name="keterangan")),
                ("recorded_at", models.DateTimeField(verbose_name="dicatat")),
                (
                    "declared_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "gangguan",
                "verbose_name_plural": "gangguan",
                "ordering": ["-since", "-id"],
            },
        ),
        migrations.CreateModel(
            name="LateEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("act", models.CharField(max_length=30, verbose_name="tindakan")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Menunggu konfirmasi"),
                            ("confirmed", "Dikonfirmasi"),
                            ("refused", "Ditolak"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="keadaan",
                    ),
                ),
                ("happened_at", models.DateTimeField(verbose_name="terjadi")),
                ("details", models.JSONField(blank=True, default=dict, verbose_name="rincian")),
                ("reason", models.TextField(verbose_name="alasan")),
                ("proposed_at", models.DateTimeField(verbose_name="diajukan")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="diputuskan"),
                ),
                ("decision_note", models.TextField(blank=True, verbose_name="catatan keputusan")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="late_entries",
                        to="accounts_requests.document",
                    ),
                ),
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
                        related_name="late_entries",
                        to="accounts_requests.accountrequest",
                    ),
                ),
                (
                    "outage",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="late_entries",
                        to="accounts_requests.outage",
                    ),
                ),
            ],
            options={
                "verbose_name": "pencatatan susulan",
                "verbose_name_plural": "pencatatan susulan",
                "ordering": ["proposed_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(unique=True, verbose_name="nomor")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Konsep"),
                            ("approved", "Disahkan"),
                            ("withdrawn", "Ditarik"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="keadaan",
                    ),
                ),
                ("content", models.JSONField(verbose_name="isi")),
                ("reason", models.TextField(blank=True, verbose_name="alasan")),
                (
                    "in_force_from",
                    models.DateField(blank=True, null=True, verbose_name="berlaku sejak"),
                ),
                ("drafted_at", models.DateTimeField(verbose_name="disusun")),
                (
                    "approved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="disahkan"),
                ),
                (
                    "approved_by",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="accounts_requests.soprevision",
                    ),
                ),
            ],
            options={
                "verbose_name": "lembar penafsiran",
                "verbose_name_plural": "lembar penafsiran",
                "ordering": ["number"],
            },
        ),
        migrations.AddField(
            model_name="accountrequest",
            name="reading",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests",
                to="accounts_requests.reading",
            ),
        ),
        migrations.CreateModel(
            name="DeadlineVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="nomor")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("calendar", "Perubahan kalender kerja"),
                            ("receipt", "Perbaikan waktu penerimaan"),
                            ("late_entry", "Pencatatan susulan"),
                        ],
                        max_length=12,
                        verbose_name="penyebab",
                    ),
                ),
                (
                    "former_due_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="tenggat semula"),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="tenggat")),
                (
                    "due_is_estimate",
                    models.BooleanField(default=False, verbose_name="bersandar pada perkiraan"),
                ),
                (
                    "calendar_version",
                    models.CharField(max_length=16, verbose_name="versi kalender"),
                ),
                ("reason", models.TextField(verbose_name="alasan")),
                ("at", models.DateTimeField(verbose_name="waktu")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "step_run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadline_versions",
                        to="accounts_requests.steprun",
                    ),
                ),
            ],
            options={
                "verbose_name": "versi tenggat",
                "verbose_name_plural": "versi tenggat",
                "ordering": ["step_run", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("step_run", "number"), name="deadline_version_number_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeadlineWarning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField(verbose_name="persen batas waktu")),
                ("planned_at", models.DateTimeField(verbose_name="seharusnya")),
                ("fired_at", models.DateTimeField(verbose_name="diberikan")),
                ("due_at", models.DateTimeField(verbose_name="tenggat saat itu")),
                ("is_late", models.BooleanField(default=False, verbose_name="terlambat diberikan")),
                (
                    "step_run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="warnings",
                        to="accounts_requests.steprun",
                    ),
                ),
            ],
            options={
                "verbose_name": "peringatan tenggat",
                "verbose_name_plural": "peringatan tenggat",
                "ordering": ["fired_at", "percent"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("step_run", "percent"), name="one_warning_per_run_and_rung"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="outage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="outage_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="outage",
            constraint=models.UniqueConstraint(
                fields=("subject", "source", "since"), name="one_outage_row_per_beginning"
            ),
        ),
        migrations.AddConstraint(
            model_name="lateentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")),
                fields=("request",),
                name="one_proposed_late_entry_per_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="lateentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("happened_at__lte", models.F("proposed_at"))),
                name="late_entry_is_of_the_past",
            ),
        ),
        migrations.AddConstraint(
            model_name="lateentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state", "proposed")),
                    models.Q(
                        models.Q(("state", "proposed"), _negated=True),
                        ("decided_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="late_entry_decided_or_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True),
                    models.Q(("approved_at__isnull", False), ("in_force_from__isnull", False)),
                    _connector="OR",
                ),
                name="approved_reading_has_its_dates",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "accepted")),
                fields=["-settled_at"],
                name="accepted_messages",
            ),
        ),
        migrations.RunPython(write_the_reading_down, migrations.RunPython.noop),
    ]
