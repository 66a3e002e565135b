"""Each stored plan gets one edition, which says what plan and zone have said so far."""

from uuid import NAMESPACE_OID, uuid5

from django.core.management.color import no_style
from django.db import migrations


def make_editions(apps, schema_editor):
    """An edition has the primary key of its plan, so that indicators and evaluations need not be changed."""
    plan, edition, history = (
        apps.get_model("evaluations", name)
        for name in ("Plan", "PlanEdition", "HistoricalPlanEdition")
    )
    if not plan.objects.exists():
        return
    edition.objects.bulk_create(
        edition(
            pk=row.pk,
            revision=row.revision,
            plan=row,
            first_year=row.first_year,
            certified_on=row.zone.last_certified_on,
            overview=row.overview,
            goal=row.goal,
        )
        for row in plan.objects.select_related("zone")
    )
    for row in plan.objects.all():
        history.objects.bulk_create(versions(apps, row))
    for statement in schema_editor.connection.ops.sequence_reset_sql(no_style(), [edition]):
        schema_editor.execute(statement)


def versions(apps, plan):
    """The history of the edition: that of the plan's texts, and of the day that the zone had."""
    history, *sources = (
        apps.get_model("evaluations", name)
        for name in ("HistoricalPlanEdition", "HistoricalPlan", "HistoricalZone")
    )
    of_plan, of_zone = (
        source.objects.filter(id=pk)
        for source, pk in zip(sources, (plan.pk, plan.zone_id), strict=True)
    )
    values = {"id": plan.pk, "plan_id": plan.pk, "first_year": plan.first_year, "history_type": "+"}
    said = None
    for version in sorted([*of_plan, *of_zone], key=lambda version: version.history_date):
        values |= {
            name: getattr(version, name)
            for name in ("overview", "goal", "revision")
            if hasattr(version, "goal")
        }
        if hasattr(version, "last_certified_on"):
            values["certified_on"] = version.last_certified_on
        if "goal" not in values or values == said:
            continue
        yield history(
            **values,
            history_date=version.history_date,
            history_change_reason=version.history_change_reason,
            history_user_id=version.history_user_id,
        )
        values["history_type"] = "~"
        said = {**values}


def make_threads(apps, schema_editor):
    """Made of the primary key, so that a backup becomes the same wherever it is restored and migrated."""
    target, history = (
        apps.get_model("evaluations", name) for name in ("NumericTarget", "HistoricalNumericTarget")
    )
    for pk in {
        *history.objects.values_list("id", flat=True),
        *target.objects.values_list("pk", flat=True),
    }:
        thread = uuid5(NAMESPACE_OID, f"evaluations.numerictarget {pk}")
        target.objects.filter(pk=pk).update(thread=thread)
        history.objects.filter(id=pk).update(thread=thread)


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0013_plan_editions"),
    ]

    operations = [
        migrations.RunPython(make_editions),
        migrations.RunPython(make_threads),
    ]
