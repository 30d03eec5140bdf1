"""One open outage of the mail server at a time; accounts that were mailed from outside."""

import django_fsm
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_requests", "0006_sop_revisions_are_drafted_and_withdrawn"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="account",
            name="account_state_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="account",
            name="created_account_has_user_id_and_address",
        ),
        migrations.AddField(
            model_name="account",
            name="sent_from",
            field=models.EmailField(
                blank=True, max_length=254, verbose_name="dikirim dari kotak surat"
            ),
        ),
        migrations.AlterField(
            model_name="account",
            name="state",
            field=django_fsm.FSMField(
                choices=[
                    ("pending", "Belum dibuat"),
                    ("created", "Dibuat di SPSE"),
                    ("refused", "Tidak dapat dibuat"),
                    ("postponed", "Ditunda"),
                    ("queued", "E-mail dalam antrean"),
                    ("accepted", "Diterima server e-mail"),
                    ("failed", "E-mail ditolak"),
                    ("uncertain", "E-mail tidak pasti"),
                    ("handed_over", "Diserahkan dengan cara lain"),
                    ("not_delivered", "Tidak dapat diserahkan"),
                    ("sent_outside", "Dikirim dari luar sistem"),
                ],
                default="pending",
                max_length=50,
                protected=True,
                verbose_name="keadaan",
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
                ],
                max_length=20,
                verbose_name="jenis",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "pending",
                            "created",
                            "refused",
                            "postponed",
                            "queued",
                            "accepted",
                            "failed",
                            "uncertain",
                            "handed_over",
                            "not_delivered",
                            "sent_outside",
                        ],
                    )
                ),
                name="account_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "state__in",
                            (
                                "created",
                                "queued",
                                "accepted",
                                "failed",
                                "uncertain",
                                "handed_over",
                                "not_delivered",
                                "sent_outside",
                            ),
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        models.Q(("user_id", ""), _negated=True),
                        models.Q(("registered_email", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="created_account_has_user_id_and_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "sent_outside"), _negated=True),
                    models.Q(
                        models.Q(("reason", ""), _negated=True),
                        models.Q(("sent_from", ""), _negated=True),
                        ("delivered_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="account_sent_outside_says_how_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="outage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source", "mail_log"), ("until__isnull", True)),
                fields=("subject", "source"),
                name="one_open_outage_of_the_mail_server",
            ),
        ),
    ]
