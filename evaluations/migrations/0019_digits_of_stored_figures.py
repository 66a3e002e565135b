"""Stored figures get the digits with which their form printed them; finer ones keep all of theirs."""

from decimal import Decimal

from django.db import migrations


def keep_printed_digits(apps, schema_editor):
    targets = dict(
        apps.get_model("evaluations", "NumericTarget").objects.values_list("pk", "decimals")
    )
    for name, fields in {
        "NumericTarget": ("total", "baseline"),
        "YearlyTarget": ("value",),
        "Actual": ("value",),
    }.items():
        for model in (
            apps.get_model("evaluations", name),
            apps.get_model("evaluations", f"Historical{name}"),
        ):
            _rewrite(model, fields, targets)


def _rewrite(model, fields, targets):
    changed = []
    for row in model.objects.iterator(chunk_size=2000):
        decimals = row.decimals if hasattr(row, "decimals") else targets.get(row.target_id, 0)
        for field in fields:
            if (figure := getattr(row, field)) is not None:
                setattr(row, field, _digits(figure.number, decimals))
        changed.append(row)
        if len(changed) == 1000:
            model.objects.bulk_update(changed, fields)
            changed = []
    model.objects.bulk_update(changed, fields)


def _digits(number, decimals):
    """The number with so many decimals, or with as many as it needs."""
    needed = len(f"{number:f}".rstrip("0").partition(".")[2])
    return number.quantize(Decimal(1).scaleb(-max(decimals, needed)))


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0018_figures_as_stated")]

    operations = [migrations.RunPython(keep_printed_digits, migrations.RunPython.noop)]
