"""Columns for what each year calls a scheme, on the rows of years and on their histories."""

import django.db.models.deletion
import simple_history.models
from django.db import migrations, models

import tokku.fields

CATEGORIES = [
    ("fiscal", "財政支援措置"),
    ("tax", "税制支援措置"),
    ("loan", "金融支援措置"),
    ("relaxation", "規制緩和"),
    ("tightening", "規制強化"),
    ("other_rules", "規制緩和・強化等のその他"),
    ("other_projects", "特区の掲げる目標の達成に寄与したその他の事業"),
]


def columns(model_name):
    fields = {
        "category": models.CharField(
            choices=CATEGORIES, default="", max_length=20, verbose_name="区分"
        ),
        "name": tokku.fields.LineField(default="", max_length=300, verbose_name="事業名・取組"),
    }
    for name, field in fields.items():
        yield migrations.AddField(model_name, name, field, preserve_default=False)
    yield migrations.AddField(
        model_name,
        "other_bodies",
        tokku.fields.LineField(
            blank=True, default="", max_length=300, verbose_name="作成主体以外の自治体名等"
        ),
    )


def of_history(to, **options):
    return models.ForeignKey(
        blank=True,
        db_constraint=False,
        null=True,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to=to,
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("supports", "0002_instructions_in_the_catalogue"),
        ("evaluations", "0016_authors_by_year"),
        ("accounts", "0005_former_names"),
    ]

    operations = [
        *columns("schemeresult"),
        *columns("historicalschemeresult"),
        migrations.AddField(
            model_name="schemeresult",
            name="municipalities",
            field=models.ManyToManyField(
                blank=True, to="accounts.municipality", verbose_name="自治体名"
            ),
        ),
        migrations.CreateModel(
            name="HistoricalSchemeResult_municipalities",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="supports.historicalschemeresult",
                    ),
                ),
                ("municipality", of_history("accounts.municipality", db_tablespace="")),
                ("schemeresult", of_history("supports.schemeresult", db_tablespace="")),
            ],
            options={"verbose_name": "HistoricalSchemeResult_municipalities"},
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AlterField(
            model_name="historicalscheme",
            name="history_change_reason",
            field=models.TextField(null=True),
        ),
    ]
