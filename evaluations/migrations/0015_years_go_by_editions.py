"""Indicators and evaluations refer to an edition, which has the primary key of the plan that they referred to."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0014_editions_of_stored_plans"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="indicator", name="indicator_number_once"),
        migrations.RemoveConstraint(model_name="zone", name="zone_last_certified_after_first"),
        migrations.RenameField(model_name="indicator", old_name="plan", new_name="edition"),
        migrations.AlterField(
            model_name="indicator",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                to="evaluations.planedition",
                verbose_name="計画の版",
            ),
        ),
        migrations.RenameField(
            model_name="historicalindicator", old_name="plan", new_name="edition"
        ),
        migrations.AlterField(
            model_name="historicalindicator",
            name="edition",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="evaluations.planedition",
                verbose_name="計画の版",
            ),
        ),
        migrations.RenameField(model_name="evaluation", old_name="plan", new_name="edition"),
        migrations.AlterField(
            model_name="evaluation",
            name="edition",
            field=models.ForeignKey(
                blank=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="evaluations.planedition",
                verbose_name="計画の版",
            ),
        ),
        migrations.RenameField(
            model_name="historicalevaluation", old_name="plan", new_name="edition"
        ),
        migrations.AlterField(
            model_name="historicalevaluation",
            name="edition",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="evaluations.planedition",
                verbose_name="計画の版",
            ),
        ),
        migrations.AlterModelOptions(
            name="indicator",
            options={
                "ordering": ["edition", "number"],
                "verbose_name": "評価指標",
                "verbose_name_plural": "評価指標",
            },
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.UniqueConstraint(
                fields=("edition", "number"),
                name="indicator_number_once",
                violation_error_message="同じ番号の評価指標が既にあります。",
            ),
        ),
        migrations.RemoveField(model_name="plan", name="goal"),
        migrations.RemoveField(model_name="plan", name="overview"),
        migrations.RemoveField(model_name="historicalplan", name="goal"),
        migrations.RemoveField(model_name="historicalplan", name="overview"),
        migrations.RemoveField(model_name="zone", name="last_certified_on"),
        migrations.RemoveField(model_name="historicalzone", name="last_certified_on"),
        migrations.AlterField(
            model_name="numerictarget",
            name="thread",
            field=models.UUIDField(
                db_index=True, default=uuid.uuid4, editable=False, verbose_name="版を通じた識別子"
            ),
        ),
        migrations.AlterField(
            model_name="historicalnumerictarget",
            name="thread",
            field=models.UUIDField(
                db_index=True, default=uuid.uuid4, editable=False, verbose_name="版を通じた識別子"
            ),
        ),
    ]
