"""A scheme keeps nothing but what joins its years."""

import django.db.models.deletion
from django.db import migrations, models

HELP = "前年度までの評価書にも記載した支援措置であれば、選びます。空の場合は、新しい支援措置"
LABEL = "前年度までの支援措置"
THREAD, ROW = "年度を通じた支援措置", "地域独自の支援措置（別紙3）"


def names(model_name, label, prefix="", **options):
    return migrations.AlterModelOptions(
        model_name,
        {"verbose_name": prefix + label, "verbose_name_plural": prefix + label} | options,
    )


HISTORY = {
    "ordering": ("-history_date", "-history_id"),
    "get_latest_by": ("history_date", "history_id"),
}


class Migration(migrations.Migration):
    dependencies = [("supports", "0004_rows_take_over_from_schemes")]

    operations = [
        migrations.RemoveConstraint(model_name="scheme", name="scheme_is_named"),
        names("scheme", THREAD),
        names("historicalscheme", THREAD, "historical ", **HISTORY),
        names("schemeresult", ROW, ordering=["evaluation", "position", "pk"]),
        names("historicalschemeresult", ROW, "historical ", **HISTORY),
        migrations.DeleteModel(name="HistoricalScheme_municipalities"),
        *(
            migrations.RemoveField(model_name=model_name, name=name)
            for model_name, removed in (
                ("scheme", ("revision", "category", "name", "municipalities")),
                ("historicalscheme", ("revision", "category", "name")),
            )
            for name in removed
        ),
        migrations.AlterField(
            model_name="schemeresult",
            name="scheme",
            field=models.ForeignKey(
                blank=True,
                help_text=HELP,
                on_delete=django.db.models.deletion.PROTECT,
                to="supports.scheme",
                verbose_name=LABEL,
            ),
        ),
        migrations.AlterField(
            model_name="historicalschemeresult",
            name="scheme",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text=HELP,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="supports.scheme",
                verbose_name=LABEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="schemeresult",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", "該当なし"), _negated=True),
                name="scheme_result_is_named",
                violation_error_message="該当するものがないときは、行を追加せずに空のままにしてください。",
            ),
        ),
        migrations.AlterConstraint(
            model_name="schemeresult",
            name="scheme_result_once",
            constraint=models.UniqueConstraint(
                fields=("evaluation", "scheme"),
                name="scheme_result_once",
                violation_error_message="この支援措置は、この年度の評価書に既にあります。",
            ),
        ),
    ]
