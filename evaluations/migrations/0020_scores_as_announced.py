"""Scores become the text that was announced. Stored ones had one decimal, which the form printed: 4.0."""

from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import Concat

import evaluations.models.evaluation

SCORES = {
    "previous_score": {"verbose_name": "前年度の評価点"},
    "score": {
        "verbose_name": "評価点",
        "help_text": "この評価書に対して返ってきた評価点。通知のとおりの桁又は評語（例：3.95、4.0、Ａ）",
    },
}


def with_their_decimal(apps, schema_editor):
    """Write 4.0 where SQLite, which keeps a number without zeros at its end, has made 4 of it."""
    for model in ("Evaluation", "HistoricalEvaluation"):
        rows = apps.get_model("evaluations", model).objects
        for name in SCORES:
            whole = rows.filter(**{f"{name}__isnull": False}).exclude(**{f"{name}__contains": "."})
            whole.update(**{name: Concat(F(name), Value(".0"))})


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0019_digits_of_stored_figures")]

    operations = [
        migrations.RemoveConstraint(
            model_name="evaluation", name="evaluation_previous_score_to_five"
        ),
        migrations.RemoveConstraint(model_name="evaluation", name="evaluation_score_to_five"),
        *(
            migrations.AlterField(
                model_name=model,
                name=name,
                field=evaluations.models.evaluation.ScoreField(
                    blank=True, max_length=20, null=True, **words
                ),
            )
            for model in ("evaluation", "historicalevaluation")
            for name, words in SCORES.items()
        ),
        migrations.RunPython(with_their_decimal, migrations.RunPython.noop),
    ]
