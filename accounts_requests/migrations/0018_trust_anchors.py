"""The certificates that the office believes, as its keeper puts them here."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_requests", "0017_margins_of_papers"),
    ]

    operations = [
        migrations.CreateModel(
            name="TrustAnchor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="nama")),
                ("issuer", models.CharField(max_length=200, verbose_name="penerbit")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("valid_from", models.DateTimeField(verbose_name="berlaku sejak")),
                ("valid_until", models.DateTimeField(verbose_name="berlaku sampai")),
                ("pem", models.TextField(verbose_name="sertifikat")),
                ("origin", models.TextField(verbose_name="asal dan dasar")),
                ("added_as", models.CharField(max_length=60, verbose_name="dipasang sebagai")),
                ("added_at", models.DateTimeField(verbose_name="dipasang")),
                (
                    "removed_as",
                    models.CharField(blank=True, max_length=60, verbose_name="dikeluarkan sebagai"),
                ),
                (
                    "removed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="dikeluarkan"),
                ),
                ("removal_reason", models.TextField(blank=True, verbose_name="alasan dikeluarkan")),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "removed_by",
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
                "verbose_name": "sertifikat induk",
                "verbose_name_plural": "sertifikat induk",
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=("sha256",),
                        name="trust_anchor_in_use_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("removal_reason", ""),
                                ("removed_as", ""),
                                ("removed_at__isnull", True),
                                ("removed_by__isnull", True),
                            ),
                            models.Q(
                                ("removed_at__isnull", False),
                                ("removed_by__isnull", False),
                                models.Q(("removal_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="trust_anchor_is_taken_out_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin", ""), _negated=True),
                        name="trust_anchor_has_an_origin",
                    ),
                ],
            },
        ),
    ]
