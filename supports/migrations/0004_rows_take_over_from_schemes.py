"""What a scheme was called goes to the rows of its years, and to their histories what it was called at each moment.

No year says anything else than before: all of them went by what the scheme was called last. Moments at which a scheme
was changed become versions of the rows that there were. What no row can keep, such as a scheme without any, is told in
words in the history of the scheme itself.
"""

from collections import defaultdict
from itertools import groupby, islice

from django.db import migrations
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

BATCH = 500
NAMES = ("category", "name")


def create(model, rows):
    """Create many rows. Those of relations in histories have the `id` 0, which nothing reads."""
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        model.objects.bulk_create(batch)


def copy_to_rows(apps, schema_editor):
    scheme, row = (apps.get_model("supports", name) for name in ("Scheme", "SchemeResult"))
    of_row = scheme.objects.filter(pk=OuterRef("scheme_id"))
    row.objects.update(**{name: Subquery(of_row.values(name)) for name in NAMES})
    owners = scheme.municipalities.through.objects.filter(scheme__schemeresult__isnull=False)
    through = row.municipalities.through
    create(
        through,
        (
            through(schemeresult_id=pk, municipality_id=municipality)
            for pk, municipality in list(
                owners.order_by("pk", "scheme__schemeresult").values_list(
                    "scheme__schemeresult", "municipality"
                )
            )
        ),
    )


def copy_to_histories(apps, schema_editor):
    """Each version of a row gets what its scheme was called at its moment."""
    scheme, history, of_scheme, owner, owner_of_scheme = _models(apps)
    versions = of_scheme.objects.filter(id=OuterRef("scheme_id"))
    of_then = versions.filter(history_date__lte=OuterRef("history_date")).order_by(
        "-history_date", "-history_id"
    )
    first = versions.order_by("history_date", "history_id")
    of_now = scheme.objects.filter(pk=OuterRef("scheme_id"))
    history.objects.update(
        **{
            name: Coalesce(
                *(Subquery(rows.values(name)[:1]) for rows in (of_then, first, of_now)), Value("")
            )
            for name in NAMES
        }
    )
    owners = defaultdict(list)
    for version, municipality in owner_of_scheme.objects.order_by("pk").values_list(
        "history_id", "municipality_id"
    ):
        owners[version].append(municipality)
    rows = history.objects.annotate(
        version=Coalesce(*(Subquery(rows.values("history_id")[:1]) for rows in (of_then, first)))
    )
    create(
        owner,
        (
            owner(id=0, history_id=pk, schemeresult_id=of, municipality_id=municipality)
            for pk, of, version in list(rows.values_list("history_id", "id", "version"))
            for municipality in owners[version]
        ),
    )


def add_versions(apps, schema_editor):
    """Each change of a scheme becomes a version of each row that it had at that moment."""
    _, history, of_scheme, owner, owner_of_scheme = _models(apps)
    target = apps.get_model("supports", "HistoricalSchemeResult_targets")
    owners, said = defaultdict(frozenset), {}
    for version, municipality in owner_of_scheme.objects.values_list(
        "history_id", "municipality_id"
    ):
        owners[version] |= {municipality}
    changes = defaultdict(list)
    for version in of_scheme.objects.order_by("id", "history_date", "history_id"):
        words = version.category, version.name, owners[version.history_id]
        if version.id in said and said[version.id] != words:
            changes[version.id].append(version)
        said[version.id] = words
    changed = iter(sorted(changes))
    while schemes := list(islice(changed, BATCH)):
        rows = history.objects.filter(scheme_id__in=schemes)
        new = []
        for _, group in groupby(rows.order_by("id", "history_date", "history_id"), lambda r: r.id):
            versions = list(group)
            for change in changes[versions[0].scheme_id]:
                earlier = [row for row in versions if row.history_date <= change.history_date]
                if earlier and earlier[-1].history_type != "-":
                    new.append((_version(history, earlier[-1], change), earlier[-1], change))
        history.objects.bulk_create([row for row, _, _ in new], batch_size=BATCH)
        create(
            owner,
            (
                owner(
                    id=0,
                    history_id=row.history_id,
                    schemeresult_id=row.id,
                    municipality_id=municipality,
                )
                for row, _, change in new
                for municipality in sorted(owners[change.history_id])
            ),
        )
        targets = defaultdict(list)
        of_rows = target.objects.filter(history__scheme_id__in=schemes).order_by("pk")
        for version, key in of_rows.values_list("history_id", "numerictarget_id"):
            targets[version].append(key)
        create(
            target,
            (
                target(
                    id=0, history_id=row.history_id, schemeresult_id=row.id, numerictarget_id=key
                )
                for row, source, _ in new
                for key in targets[source.history_id]
            ),
        )


def _version(history, row, change):
    values = {field.attname: getattr(row, field.attname) for field in history._meta.fields}
    taken = ("history_date", "history_change_reason", "history_user_id", *NAMES)
    values |= {name: getattr(change, name) for name in taken}
    return history(**values | {"history_id": None, "history_type": "~"})


def tell_in_words(apps, schema_editor):
    """The history of each scheme tells in its reasons what the scheme was called."""
    _, _, of_scheme, _, owner_of_scheme = _models(apps)
    categories = dict(of_scheme._meta.get_field("category").flatchoices)
    names = dict(apps.get_model("accounts", "Municipality").objects.values_list("pk", "name"))
    owners = defaultdict(list)
    for version, municipality in owner_of_scheme.objects.order_by("pk").values_list(
        "history_id", "municipality_id"
    ):
        owners[version].append(names.get(municipality, "（削除済み）"))
    versions = list(of_scheme.objects.all())
    for version in versions:
        category = categories.get(version.category, version.category)
        words = (
            f"{category}「{version.name}」（{'、'.join(owners[version.history_id]) or '特区全体'}）"
        )
        version.history_change_reason = "　".join(
            filter(None, [version.history_change_reason, words])
        )
    of_scheme.objects.bulk_update(versions, ["history_change_reason"], batch_size=BATCH)


def rename_keys(apps, schema_editor):
    """Remarks, set-aside findings and what was handed in name the row of the year in place of its scheme."""
    _, history, *_ = _models(apps)
    row = apps.get_model("supports", "SchemeResult")
    keys = {
        (evaluation, f"supports.scheme/{scheme}"): f"supports.schemeresult/{pk}"
        for rows, primary_key in (
            (history.objects.order_by("history_id"), "id"),
            (row.objects, "pk"),
        )
        for evaluation, scheme, pk in rows.values_list("evaluation", "scheme", primary_key)
    }
    for name, column, evaluation in (
        ("Remark", "record", "submission__evaluation"),
        ("HistoricalRemark", "record", "submission__evaluation"),
        ("Waiver", "row", "evaluation"),
        ("HistoricalWaiver", "row", "evaluation"),
    ):
        model = apps.get_model("evaluations", name)
        of_schemes = model.objects.filter(**{f"{column}__startswith": "supports.scheme/"})
        renamed = []
        for stored in of_schemes.annotate(of=F(evaluation)):
            setattr(
                stored,
                column,
                keys.get((stored.of, getattr(stored, column)), getattr(stored, column)),
            )
            renamed.append(stored)
        model.objects.bulk_update(renamed, [column], batch_size=BATCH)
    change = apps.get_model("evaluations", "StatusChange")
    for stored in (
        change.objects.exclude(submission=None).only("evaluation", "snapshot").iterator(50)
    ):
        snapshot = {}
        for key, text in stored.snapshot.items():
            record, _, field = key.rpartition("/")
            snapshot[f"{keys.get((stored.evaluation_id, record), record)}/{field}"] = text
        if snapshot != stored.snapshot:
            change.objects.filter(pk=stored.pk).update(snapshot=snapshot)


def _models(apps):
    return [
        apps.get_model("supports", name)
        for name in (
            "Scheme",
            "HistoricalSchemeResult",
            "HistoricalScheme",
            "HistoricalSchemeResult_municipalities",
            "HistoricalScheme_municipalities",
        )
    ]


class Migration(migrations.Migration):
    dependencies = [("supports", "0003_rows_say_what_a_scheme_is")]

    operations = [
        migrations.RunPython(copy_to_rows),
        migrations.RunPython(copy_to_histories),
        migrations.RunPython(add_versions),
        migrations.RunPython(tell_in_words),
        migrations.RunPython(rename_keys),
    ]
