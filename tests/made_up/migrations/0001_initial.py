import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import tokku.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_municipalities_of_keihin"),
        ("evaluations", "0009_contents_of_sealed_versions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalVisit",
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
                ("name", tokku.fields.LineField(max_length=100, verbose_name="視察者")),
                (
                    "report",
                    tokku.fields.ProseField(blank=True, default="", verbose_name="視察の内容"),
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
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.municipality",
                        verbose_name="自治体",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 視察の受入れ",
                "verbose_name_plural": "historical 視察の受入れ",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Visit",
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
                ("name", tokku.fields.LineField(max_length=100, verbose_name="視察者")),
                (
                    "report",
                    tokku.fields.ProseField(blank=True, default="", verbose_name="視察の内容"),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="accounts.municipality",
                        verbose_name="自治体",
                    ),
                ),
            ],
            options={
                "verbose_name": "視察の受入れ",
                "verbose_name_plural": "視察の受入れ",
            },
        ),
    ]
