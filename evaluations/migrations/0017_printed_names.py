from django.db import migrations, models
from django.db.models import deletion

import tokku.fields


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_bodies_of_kinds"),
        ("evaluations", "0016_authors_by_year"),
    ]

    operations = [
        migrations.AddField(
            model_name="zonemunicipality",
            name="printed_name",
            field=tokku.fields.LineField(
                blank=True,
                default="",
                help_text="登録の名称と違うときだけ入力します（本文の最初）。",
                max_length=60,
                verbose_name="評価書での名称",
            ),
        ),
        migrations.AddField(
            model_name="zonemunicipality",
            name="earlier_names",
            field=models.JSONField(
                blank=True, default=list, editable=False, verbose_name="以前の評価書での名称"
            ),
        ),
        migrations.AlterField(
            model_name="zonemunicipality",
            name="municipality",
            field=models.ForeignKey(
                on_delete=deletion.PROTECT,
                to="accounts.municipality",
                verbose_name="自治体・団体",
            ),
        ),
        migrations.AlterConstraint(
            model_name="zonemunicipality",
            name="zone_municipality_once",
            constraint=models.UniqueConstraint(
                fields=("zone", "municipality"),
                name="zone_municipality_once",
                violation_error_message="この自治体・団体は、既に作成主体に入っています。",
            ),
        ),
    ]
