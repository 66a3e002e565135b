"""Bodies of five kinds, of which local governments alone have a code. Those that are stored are of the kind of their code."""

from django.db import migrations, models

import tokku.fields
from tokku.municipality_code import (
    is_code_of_prefecture,
    is_code_of_union,
    validate_municipality_code,
)

PREFECTURE, MUNICIPALITY, UNION = "prefecture", "municipality", "union"


def kind_of(code):
    if is_code_of_prefecture(code):
        return PREFECTURE
    return UNION if is_code_of_union(code) else MUNICIPALITY


def set_kinds(apps, schema_editor):
    for row in apps.get_model("accounts", "Municipality").objects.all():
        row.kind, row.label = kind_of(row.code), row.name
        row.save()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_former_names")]

    operations = [
        migrations.AlterModelOptions(
            name="municipality",
            options={
                "ordering": [models.F("code").asc(nulls_last=True), "name"],
                "verbose_name": "自治体・団体",
                "verbose_name_plural": "自治体・団体",
            },
        ),
        migrations.AddField(
            model_name="municipality",
            name="kind",
            field=models.CharField(
                choices=[
                    ("prefecture", "都道府県"),
                    ("municipality", "市区町村"),
                    ("union", "一部事務組合・広域連合等"),
                    ("university", "大学・研究機関"),
                    ("company", "企業・団体"),
                ],
                default=MUNICIPALITY,
                max_length=20,
                verbose_name="種類",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="municipality",
            name="label",
            field=tokku.fields.LineField(
                default="", editable=False, max_length=60, verbose_name="表示名"
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="municipality",
            name="code",
            field=models.CharField(
                blank=True,
                help_text="検査数字を含む半角数字6桁（例：神奈川県 140007）",
                max_length=6,
                null=True,
                unique=True,
                validators=[validate_municipality_code],
                verbose_name="全国地方公共団体コード",
            ),
        ),
        migrations.AlterField(
            model_name="municipality",
            name="name",
            field=tokku.fields.LineField(max_length=50, verbose_name="名称"),
        ),
        migrations.AlterField(
            model_name="user",
            name="municipality",
            field=models.ForeignKey(
                blank=True,
                help_text="組合、大学、企業なども選べます。担当者には必ず指定します。指定のない閲覧者は、全ての特区を見られます。",
                null=True,
                on_delete=models.deletion.PROTECT,
                to="accounts.municipality",
                verbose_name="所属自治体",
            ),
        ),
        migrations.RunPython(set_kinds, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="municipality",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ("union", "university", "company")),
                    ("code__isnull", False),
                    _connector="OR",
                ),
                name="local_government_has_code",
                violation_error_message="都道府県と市区町村には、全国地方公共団体コードが必要です。",
            ),
        ),
        migrations.AddConstraint(
            model_name="municipality",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ("university", "company")), _negated=True),
                    ("code__isnull", True),
                    _connector="OR",
                ),
                name="only_local_governments_have_code",
                violation_error_message="大学・研究機関と企業・団体には、全国地方公共団体コードはありません。",
            ),
        ),
        migrations.AddConstraint(
            model_name="municipality",
            constraint=models.UniqueConstraint(
                condition=models.Q(("code__isnull", True)),
                fields=["name"],
                name="body_without_code_once",
                violation_error_message="この名称の団体は、既に登録されています。",
            ),
        ),
    ]
