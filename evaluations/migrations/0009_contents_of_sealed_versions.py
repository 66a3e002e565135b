"""What the versions that are sealed already say, as data."""

import hashlib
from dataclasses import replace

from django.db import migrations

# The code of this release and no copy of it: it knows the headings by which documents were sealed up to now. A later
# release may read some of them no more; so this one is installed, and its migrations run, before such a release.
from evaluations.form import interpret
from evaluations.form.contents import Contents, NumericTarget
from evaluations.form.printed_figures import parse_percent
from evaluations.keys import TargetKey
from evaluations.sealed.contents import PrintedProgress, SealedContents, write
from tokku.document import json
from tokku.japanese import fiscal_year_name


def fill(apps, schema_editor):
    """Version by version, because documents are large. One that cannot be read stays without, and is told."""
    versions = apps.get_model("evaluations", "SealedVersion").objects
    for pk in list(versions.filter(contents="").order_by("pk").values_list("pk", flat=True)):
        version = versions.select_related("evaluation__zone").defer("findings").get(pk=pk)
        try:
            contents = write(_sealed_contents(apps, version))
        except ValueError as error:
            evaluation, reason = version.evaluation, str(error).replace("\n", " ")
            print(
                f"\n  {evaluation.zone.name} {fiscal_year_name(evaluation.fiscal_year)} 第{version.number}版は、"
                f"データとして読み取れません。{reason}"
            )
            continue
        versions.filter(pk=pk).update(contents=contents, contents_sha256=_sha256(contents))


def _sealed_contents(apps, version) -> SealedContents:
    """What the document says, with what it does not print as it was then. ValueError when it cannot be read."""
    if _sha256(version.document) != version.sha256:
        raise ValueError("確定した時の内容と違います（SHA-256 が一致しません）。")
    read = interpret(json.read(version.document))
    progress = {
        (one.key, one.year): PrintedProgress(
            of=one.key, year=one.year, percent=parse_percent(one.text)
        )
        for one in read.printed
        if one.text
    }
    return SealedContents(
        contents=_with_unprinted(apps, version, read.contents), progress=tuple(progress.values())
    )


def _with_unprinted(apps, version, contents: Contents) -> Contents:
    """With the term of the plan, and how progress and the zone's actuals were computed."""
    plan_id, moment = version.evaluation.plan_id, version.sealed_at
    plan = _as_of(apps, "Plan", moment, id=plan_id)[plan_id]
    indicators = _as_of(apps, "Indicator", moment, plan=plan_id)
    targets = _as_of(apps, "NumericTarget", moment, indicator__in=list(indicators))
    rows = {
        TargetKey(indicators[row.indicator_id].number, row.number): row
        # Of two with the same number the one that had it then.
        for row in sorted(targets.values(), key=_has_history)
    }

    def of_then(key: TargetKey, target: NumericTarget) -> NumericTarget:
        if not (row := rows.get(key)):
            return target
        if target.nature == "flow":  # A level prints its baseline.
            target = replace(target, baseline=row.baseline, baseline_year=row.baseline_year)
        return replace(target, formula=row.formula, aggregation=row.aggregation)

    return replace(
        contents,
        plan=replace(contents.plan, term=plan.term),
        indicators=tuple(
            replace(
                indicator,
                targets=tuple(
                    of_then(TargetKey(indicator.number, target.number), target)
                    for target in indicator.targets
                ),
            )
            for indicator in contents.indicators
        ),
    )


def _as_of(apps, model: str, moment, **of) -> dict:
    """The rows by primary key as they were at the moment; as they are now where no history tells."""
    rows = apps.get_model("evaluations", model).objects.filter(**of).in_bulk()
    history = apps.get_model("evaluations", f"Historical{model}").objects
    saves = history.filter(history_date__lte=moment, **of)
    rows |= {save.id: save for save in saves.order_by("history_date", "history_id")}
    return {pk: row for pk, row in rows.items() if not _has_history(row) or row.history_type != "-"}


def _has_history(row) -> bool:
    return hasattr(row, "history_type")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0008_sealed_contents")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
