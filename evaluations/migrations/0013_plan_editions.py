"""Editions of plans: the plan as it stands from a fiscal year on."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import tokku.fields


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0012_zone_members"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalPlanEdition",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "revision",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="版"),
                ),
                (
                    "first_year",
                    models.PositiveSmallIntegerField(
                        help_text="西暦。この年度の評価書から、この版の内容を記載します。",
                        verbose_name="適用する最初の年度",
                    ),
                ),
                (
                    "certified_on",
                    models.DateField(
                        blank=True,
                        help_text="変更認定を受けた日。当初の認定だけのときは、空のままにします（本文2③）。",
                        null=True,
                        verbose_name="最終認定日",
                    ),
                ),
                (
                    "reason",
                    tokku.fields.ProseField(
                        blank=True, default="", verbose_name="変更の内容と理由"
                    ),
                ),
                (
                    "overview",
                    tokku.fields.ProseField(
                        blank=True,
                        default="",
                        help_text="本文2①に記載します。",
                        verbose_name="総合特区計画の概要",
                    ),
                ),
                (
                    "goal",
                    tokku.fields.ProseField(
                        blank=True,
                        default="",
                        help_text="本文2②に記載します。",
                        verbose_name="総合特区計画の目指す目標",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 計画の版",
                "verbose_name_plural": "historical 計画の版",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="PlanEdition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "revision",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="版"),
                ),
                (
                    "first_year",
                    models.PositiveSmallIntegerField(
                        help_text="西暦。この年度の評価書から、この版の内容を記載します。",
                        verbose_name="適用する最初の年度",
                    ),
                ),
                (
                    "certified_on",
                    models.DateField(
                        blank=True,
                        help_text="変更認定を受けた日。当初の認定だけのときは、空のままにします（本文2③）。",
                        null=True,
                        verbose_name="最終認定日",
                    ),
                ),
                (
                    "reason",
                    tokku.fields.ProseField(
                        blank=True, default="", verbose_name="変更の内容と理由"
                    ),
                ),
                (
                    "overview",
                    tokku.fields.ProseField(
                        blank=True,
                        default="",
                        help_text="本文2①に記載します。",
                        verbose_name="総合特区計画の概要",
                    ),
                ),
                (
                    "goal",
                    tokku.fields.ProseField(
                        blank=True,
                        default="",
                        help_text="本文2②に記載します。",
                        verbose_name="総合特区計画の目指す目標",
                    ),
                ),
            ],
            options={
                "verbose_name": "計画の版",
                "verbose_name_plural": "計画の版",
                "ordering": ["plan", "first_year"],
            },
        ),
        migrations.AddField(
            model_name="historicalplanedition",
            name="history_user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalplanedition",
            name="plan",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="evaluations.plan",
                verbose_name="計画",
            ),
        ),
        migrations.AddField(
            model_name="planedition",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                to="evaluations.plan",
                verbose_name="計画",
            ),
        ),
        migrations.AddConstraint(
            model_name="planedition",
            constraint=models.UniqueConstraint(
                fields=("plan", "first_year"),
                name="plan_edition_once_a_year",
                violation_error_message="同じ年度からの版が既にあります。",
            ),
        ),
        migrations.AddField(
            model_name="numerictarget",
            name="thread",
            field=models.UUIDField(null=True, editable=False, verbose_name="版を通じた識別子"),
        ),
        migrations.AddField(
            model_name="historicalnumerictarget",
            name="thread",
            field=models.UUIDField(null=True, editable=False, verbose_name="版を通じた識別子"),
        ),
    ]
