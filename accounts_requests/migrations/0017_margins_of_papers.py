"""What stays white around decrees and letters: the office's settings, in millimetres."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_requests", "0016_signing_service"),
    ]

    operations = [
        migrations.AddField(
            model_name="office",
            name="decree_margin_bottom",
            field=models.PositiveSmallIntegerField(default=22, verbose_name="SK: tepi bawah (mm)"),
        ),
        migrations.AddField(
            model_name="office",
            name="decree_margin_left",
            field=models.PositiveSmallIntegerField(default=25, verbose_name="SK: tepi kiri (mm)"),
        ),
        migrations.AddField(
            model_name="office",
            name="decree_margin_right",
            field=models.PositiveSmallIntegerField(default=20, verbose_name="SK: tepi kanan (mm)"),
        ),
        migrations.AddField(
            model_name="office",
            name="decree_margin_top",
            field=models.PositiveSmallIntegerField(default=20, verbose_name="SK: tepi atas (mm)"),
        ),
        migrations.AddField(
            model_name="office",
            name="letter_margin_bottom",
            field=models.PositiveSmallIntegerField(
                default=20, verbose_name="surat: tepi bawah (mm)"
            ),
        ),
        migrations.AddField(
            model_name="office",
            name="letter_margin_left",
            field=models.PositiveSmallIntegerField(
                default=25, verbose_name="surat: tepi kiri (mm)"
            ),
        ),
        migrations.AddField(
            model_name="office",
            name="letter_margin_right",
            field=models.PositiveSmallIntegerField(
                default=20, verbose_name="surat: tepi kanan (mm)"
            ),
        ),
        migrations.AddField(
            model_name="office",
            name="letter_margin_top",
            field=models.PositiveSmallIntegerField(
                default=18, verbose_name="surat: tepi atas (mm)"
            ),
        ),
        migrations.AddConstraint(
            model_name="office",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decree_margin_bottom__range", (10, 60)),
                    ("decree_margin_left__range", (10, 60)),
                    ("decree_margin_right__range", (10, 60)),
                    ("decree_margin_top__range", (10, 60)),
                    ("letter_margin_bottom__range", (10, 60)),
                    ("letter_margin_left__range", (10, 60)),
                    ("letter_margin_right__range", (10, 60)),
                    ("letter_margin_top__range", (10, 60)),
                ),
                name="office_margins_are_sensible",
            ),
        ),
    ]
