"""Figures of earlier years that turn out otherwise are told as corrections."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import tokku.fields


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_bodies_of_kinds"),
        ("evaluations", "0021_parts_of_a_result"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalCorrection",
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
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="修正する年度")),
                (
                    "value",
                    tokku.fields.FigureField(
                        error_messages={"null": "修正後の実績値を入力してください。"},
                        verbose_name="修正後の実績値",
                    ),
                ),
                (
                    "reason",
                    tokku.fields.ProseField(blank=True, default="", verbose_name="修正の理由"),
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
                (
                    "evaluation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="evaluations.evaluation",
                        verbose_name="評価書",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="空の場合は、特区全体の実績値",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.municipality",
                        verbose_name="自治体",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="evaluations.numerictarget",
                        verbose_name="数値目標",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 実績値の修正",
                "verbose_name_plural": "historical 実績値の修正",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Correction",
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
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="修正する年度")),
                (
                    "value",
                    tokku.fields.FigureField(
                        error_messages={"null": "修正後の実績値を入力してください。"},
                        verbose_name="修正後の実績値",
                    ),
                ),
                (
                    "reason",
                    tokku.fields.ProseField(blank=True, default="", verbose_name="修正の理由"),
                ),
                (
                    "evaluation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="evaluations.evaluation",
                        verbose_name="評価書",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        help_text="空の場合は、特区全体の実績値",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="accounts.municipality",
                        verbose_name="自治体",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="evaluations.numerictarget",
                        verbose_name="数値目標",
                    ),
                ),
            ],
            options={
                "verbose_name": "実績値の修正",
                "verbose_name_plural": "実績値の修正",
                "ordering": ["evaluation", "target", "fiscal_year", "municipality"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("evaluation", "target", "fiscal_year", "municipality"),
                        name="correction_once_an_evaluation_by_municipality",
                        violation_error_message="この年度・自治体の実績値の修正は、この評価書に既にあります。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("municipality__isnull", True)),
                        fields=("evaluation", "target", "fiscal_year"),
                        name="correction_once_an_evaluation_for_zone",
                        violation_error_message="この年度の特区全体の実績値の修正は、この評価書に既にあります。",
                    ),
                ],
            },
        ),
    ]
