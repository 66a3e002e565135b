"""Parts of the score that came back for a year."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import evaluations.models.evaluation
import tokku.fields


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0020_scores_as_announced"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalResultPart",
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
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="順序")),
                ("name", tokku.fields.LineField(max_length=100, verbose_name="内訳の名称")),
                (
                    "score",
                    evaluations.models.evaluation.ScoreField(max_length=20, verbose_name="評価点"),
                ),
                (
                    "weight",
                    evaluations.models.evaluation.WeightField(
                        default="1",
                        help_text="平均するときの割合（1:1:2 なら、1、1、2）",
                        max_length=20,
                        verbose_name="重み",
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
            ],
            options={
                "verbose_name": "historical 評価結果の内訳",
                "verbose_name_plural": "historical 評価結果の内訳",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="ResultPart",
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
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="順序")),
                ("name", tokku.fields.LineField(max_length=100, verbose_name="内訳の名称")),
                (
                    "score",
                    evaluations.models.evaluation.ScoreField(max_length=20, verbose_name="評価点"),
                ),
                (
                    "weight",
                    evaluations.models.evaluation.WeightField(
                        default="1",
                        help_text="平均するときの割合（1:1:2 なら、1、1、2）",
                        max_length=20,
                        verbose_name="重み",
                    ),
                ),
                (
                    "evaluation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="evaluations.evaluation",
                        verbose_name="評価書",
                    ),
                ),
            ],
            options={
                "verbose_name": "評価結果の内訳",
                "verbose_name_plural": "評価結果の内訳",
                "ordering": ["evaluation", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("evaluation", "name"),
                        name="result_part_once",
                        violation_error_message="同じ名称の内訳が既にあります。",
                    )
                ],
            },
        ),
    ]
